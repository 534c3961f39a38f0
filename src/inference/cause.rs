//! Why a replicate gave nothing.

use crate::structural::model::Model;
use crate::structural::pls::algorithm::workspace::Failure;

/// Why a replicate gave nothing, in the numbers of a stage (0 if there is one) and of its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// An indicator does not vary.
    Constant(usize, usize),
    /// What a product is made orthogonal to is linearly dependent.
    Orthogonal(usize, usize),
    Failure(usize, Failure),
    /// Some quantity, such as an index whose weights cancel, is not finite.
    NotFinite,
    /// The answers of the resample could not be used at all.
    Answers,
    /// No population could have the estimates, and such replicates were to be left out.
    Inadmissible,
}

impl Cause {
    /// The reason in the names of the models of all stages.
    pub(super) fn text(self, models: &[Model]) -> String {
        let construct = |stage: usize, at: usize| models[stage].constructs()[at].name();
        let indicator = |stage: usize, at: usize| models[stage].indicators().nth(at).unwrap_or_default();
        let (stage, reason) = match self {
            Self::NotFinite => return "a result was beyond all bounds".into(),
            Self::Answers => return "the answers of the resample could not be used".into(),
            Self::Inadmissible => return "the estimates were inadmissible".into(),
            Self::Constant(stage, at) => (stage, format!("indicator `{}` was constant", indicator(stage, at))),
            Self::Orthogonal(stage, at) => {
                let name = indicator(stage, at);
                (stage, format!("the indicators that `{name}` is made orthogonal to were linearly dependent"))
            }
            Self::Failure(stage, failure) => {
                let reason = match failure {
                    Failure::NoVariance(at) => format!("construct `{}` had no variance", construct(stage, at)),
                    Failure::DependentIndicators(at) => {
                        format!("the indicators of construct `{}` were linearly dependent", construct(stage, at))
                    }
                    Failure::DependentPredecessors(at) => {
                        format!("the predecessors of construct `{}` were linearly dependent", construct(stage, at))
                    }
                    Failure::NoReliability(at) => format!("construct `{}` had no ρ_A", construct(stage, at)),
                    Failure::NotConverged => "the algorithm did not converge".into(),
                };
                (stage, reason)
            }
        };
        match models.len() {
            1 => reason,
            count => format!("{reason} in stage {} of {count}", stage + 1),
        }
    }
}
