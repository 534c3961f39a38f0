//! Cause and effect between constructs: the structural model behind a satisfaction index.
//!
//! [`Model`] is the specification, [`Pls`] the estimator, [`Fit`] the result.

pub(crate) mod assess;
pub(crate) mod index;
mod index_effects;
mod likert;
pub(crate) mod linear_index;
pub(crate) mod model;
pub(crate) mod pls;
pub(crate) mod population;
mod report;
mod simulate;
pub(crate) mod stages;
mod syntax;
pub mod template;
mod verify;

pub use assess::{
    Assessment, Blindfolding, Figures, FitMeasures, FornellLarcker, Gfi, Htmt, Logarithm, Mediation, MediationKind,
    ModelFit, Reliability, ResidualVariance, RhoA, ScoreVariance, ScoreWeights, ScoresWithout,
};
pub use index::{IndexWeights, Scores};
pub use likert::Likert;
pub use model::{Construct, ConstructKind, Model, ModelBuilder};
pub use pls::{Data, Effect, Fit, HigherOrder, Interaction, Metric, Mode, Pls, Scheme, Solution, Solver};
pub use population::{Population, PopulationBuilder};
pub use report::Report;
pub use verify::{Finding, Verification};
