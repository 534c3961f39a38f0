//! A failure of the solver in terms of the caller's names.

use crate::error::{Error, ErrorKind};
use crate::numeric::number::factor;
use crate::numeric::rounding::PIVOT;
use crate::structural::model::Model;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::problem::Problem;
use crate::structural::pls::algorithm::workspace::{Failure, Workspace};

impl Failure {
    pub(crate) fn explain(self, model: &Model, plan: &Plan, problem: &Problem, work: &Workspace<f64>) -> Error {
        let constructs = model.constructs();
        let name = |at: usize| format!("construct `{}`", constructs[at].name());
        match self {
            Self::NoVariance(at) => {
                let mut weights = work.candidate[plan.blocks[at].indicators.clone()].iter();
                let reason = if weights.all(|weight| *weight == 0.0) {
                    "its indicators are uncorrelated with its inner proxy, the sum of its neighbours, and get no weights"
                } else {
                    "its score has no positive variance: the matrix is not one of covariances, or the weights cancel"
                };
                ErrorKind::Degenerate { place: name(at), reason: reason.into() }
            }
            Self::DependentIndicators(at) => {
                let (block, size) = (&plan.blocks[at].indicators, plan.size());
                let entry = |row, column| problem.matrix[(block.start + column) * size + block.start + row];
                let names: Vec<&str> = constructs[at].indicators().iter().map(String::as_str).collect();
                dependent(format!("the covariance matrix of {}", name(at)), "indicator", &names, entry)
            }
            Self::DependentPredecessors(at) => {
                let block = &plan.blocks[at];
                let before = &block.neighbours[..block.predecessors];
                let entry = |row: usize, column: usize| work.covariance[before[row] * constructs.len() + before[column]];
                let names: Vec<&str> = before.iter().map(|before| constructs[*before].name()).collect();
                let place = format!("the correlation matrix of the predecessors of {}", name(at));
                dependent(place, "construct", &names, entry)
            }
            Self::NoReliability(at) if plan.blocks[at].known => {
                let reason = "the measurement error that is known of its indicators leaves nothing of its score";
                ErrorKind::Degenerate { place: name(at), reason: reason.into() }
            }
            Self::NoReliability(at) => {
                let reason = "ρ_A is undefined, so nothing can be corrected for attenuation: its indicators do not \
                              correlate as those of one common factor";
                ErrorKind::Degenerate { place: name(at), reason: reason.into() }
            }
            Self::NotConverged => ErrorKind::NotConverged {
                what: "the PLS algorithm".into(),
                iterations: work.iterations,
                change: work.change,
            },
        }
        .into()
    }
}

/// Names the first variable that the ones before it determine.
fn dependent(place: String, what: &str, names: &[&str], entry: impl Fn(usize, usize) -> f64) -> ErrorKind {
    let size = names.len();
    let mut factors: Vec<f64> = (0..size * size).map(|at| entry(at % size, at / size)).collect();
    factor(&mut factors, size, PIVOT);
    // The diagonal holds 1/√pivot; below a pivot that is not positive nothing means anything.
    let share = |at: usize| factors[at * (size + 1)].powi(2) * entry(at, at);
    let mut culprit = 0;
    for at in 1..size {
        if share(at) > share(culprit) || share(at).is_nan() {
            culprit = at;
        }
        if !share(at).is_finite() {
            break;
        }
    }
    let others: Vec<String> = names[..culprit].iter().map(|name| format!("`{name}`")).collect();
    let others = if culprit > 5 { format!("the {culprit} before it") } else { others.join(", ") };
    let reason = format!("{what} `{}` is a linear combination of {others}", names[culprit]);
    ErrorKind::Singular { place, reason }
}
