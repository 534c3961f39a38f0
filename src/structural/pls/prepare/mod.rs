//! A model and moments made ready to be solved, once it is known that there is something to solve.

pub(crate) mod directions;
mod known_error;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::{check, rounding};
use crate::structural::model::{ConstructKind, Model};
use crate::structural::pls::Pls;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::problem::Problem;
use crate::structural::pls::params::Mode;
use crate::survey::Moments;

impl Pls {
    /// The model compiled under these options, with each construct's mode.
    pub(crate) fn plan(&self, model: &Model) -> Result<(Plan, Vec<Mode>)> {
        model.need_first_order(
            "takes the answers themselves; covariances do not tell it",
            "is of higher order, which takes the answers themselves",
        )?;
        self.check()?;
        let mut faults = Faults::default();
        let mut modes: Vec<Mode> = model.constructs().iter().map(|construct| default_mode(construct.kind())).collect();
        for (name, mode) in &self.modes {
            if let Some(at) = faults.check(model.position(name)) {
                modes[at] = *mode;
            }
        }
        let start = self.start_vector(model, &mut faults);
        faults.or(())?;
        let plan = Plan::new(model, &modes, self.scheme, start);
        let plan = if self.consistent { plan.corrected(model, &modes) } else { plan };
        Ok((self.with_known_errors(plan, model)?, modes))
    }

    /// Checks the options that no model is needed for.
    pub(crate) fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        faults.check(check::positive(self.stop().tolerance, || "the tolerance".into()));
        if self.max_iterations == 0 {
            faults.push(ErrorKind::Domain {
                place: "the limit of iterations is".into(),
                value: 0.0,
                expected: "at least 1".into(),
            });
        }
        faults.or(())
    }

    fn start_vector(&self, model: &Model, faults: &mut Faults) -> Vec<f64> {
        let mut start: Vec<Vec<f64>> =
            model.constructs().iter().map(|construct| vec![1.0; construct.indicators().len()]).collect();
        for (name, weights) in &self.start {
            let Some(at) = faults.check(model.position(name)) else { continue };
            let place = || format!("the list of start weights of `{name}`");
            if faults.check(check::length(weights.len(), start[at].len(), place)).is_none() {
                continue;
            }
            for weight in weights {
                faults.check(check::finite(*weight, || format!("a start weight of `{name}`")));
            }
            // Weights count to within a common factor, so no square of them need overflow or vanish.
            let largest = weights.iter().fold(0.0, |largest: f64, weight| largest.max(weight.abs()));
            if let Some(largest) =
                faults.check(check::positive(largest, || format!("the largest start weight of `{name}`")))
            {
                start[at] = weights.iter().map(|weight| weight / largest).collect();
            }
        }
        start.concat()
    }

    /// The matrix to solve on, once it is known that there is something to solve.
    pub(crate) fn problem(&self, moments: &Moments) -> Result<Problem> {
        let names: Vec<&str> = moments.names().collect();
        let size = names.len();
        let covariance = moments.covariance()?;
        let mut faults = Faults::default();
        for (at, name) in names.iter().enumerate() {
            let mean = moments.means().map_or(0.0, |means| means[at].abs());
            if rounding::is_constant(covariance[(at, at)].sqrt(), mean) {
                let place = format!("indicator `{name}`");
                faults.note(|| ErrorKind::Degenerate { place, reason: "all answers are the same".into() });
            }
        }
        faults.or(())?;
        // A weight of k is k respondents.
        let n = moments.n();
        if n <= size as f64 && !self.allow_few_respondents {
            let respondents = (1..=size).filter(|count| *count as f64 <= n).count();
            return Err(ErrorKind::TooFewRespondents { respondents, indicators: size }.into());
        }
        if n < 3.0 {
            let place = "the number of respondents is".into();
            let expected = "3 or more: the correlations of two are all 1 or -1".into();
            return Err(ErrorKind::Domain { place, value: n, expected }.into());
        }
        let mut problem = Problem::new(size);
        problem.load(&covariance, self.metric, || names, |one, other| self.repeats(one, other))?;
        Ok(problem)
    }
}

fn default_mode(kind: ConstructKind) -> Mode {
    match kind {
        ConstructKind::Reflective => Mode::A,
        ConstructKind::Composite => Mode::B,
    }
}
