//! Is the model any good? The figures by which measurement, structure and fit are judged.
//!
//! Every figure is a function of plain numbers — correlations, weights, loadings, paths — so that it can be had for a
//! resample as well; the methods of [`Fit`](crate::structural::Fit) put the names to them.

mod blindfolding;
pub(crate) mod distance;
pub(crate) mod estimates;
pub(crate) mod figures;
pub(crate) mod fit;
pub(crate) mod implied;
pub(crate) mod mediation;
pub(crate) mod paths;
pub(crate) mod regression;
pub(crate) mod reliability;
pub(crate) mod validity;

pub use blindfolding::Blindfolding;
pub use figures::Figures;
pub use fit::{FitMeasures, Gfi, Logarithm, ModelFit};
pub use implied::ResidualVariance;
pub use mediation::{Mediation, MediationKind};
pub use paths::ScoresWithout;
pub use reliability::{Reliability, RhoA, ScoreVariance, ScoreWeights};
pub use validity::{FornellLarcker, Htmt};
