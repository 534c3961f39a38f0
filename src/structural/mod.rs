//! Cause and effect between constructs: the structural model behind a satisfaction index.
//!
//! [`Model`] is the specification, [`Pls`] the estimator, [`Fit`] the result.

mod assess;
mod bootstrap;
mod consistent;
mod effects;
mod first_order;
mod higher_order;
mod index;
mod interaction;
mod likert;
mod model;
mod plan;
mod pls;
mod population;
mod product_errors;
mod report;
mod simulate;
mod stages;
mod syntax;
pub mod template;
mod verify;

pub use assess::{
    Blindfolding, Distance, ExactFit, ExactFitTest, Figures, FitMeasures, FornellLarcker, Gfi, Htmt, Logarithm,
    Mediation, MediationKind, ModelFit, Reliability, ResidualVariance, RhoA, ScoreVariance, ScoreWeights,
    ScoresWithout,
};
pub use bootstrap::{
    Bootstrap, Bootstrapped, Difference, Distribution, IntervalType, Jackknife, Permutation, Permuted, Quantity, Signs,
};
pub use higher_order::HigherOrder;
pub use index::{IndexWeights, Scores};
pub use interaction::Interaction;
pub use likert::Likert;
pub use model::{Construct, ConstructKind, Model, ModelBuilder};
pub use pls::{Data, Effect, Fit, Metric, Mode, Pls, Scheme, Solution, Solver};
pub use population::{Population, PopulationBuilder};
pub use report::Report;
pub use verify::{Finding, Verification};
