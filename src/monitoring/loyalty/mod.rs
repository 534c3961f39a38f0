//! Satisfaction–retention links: how the share of those who intend to stay, or do, goes with satisfaction.
//!
//! [`Pairs`] hold each respondent's satisfaction from 0 to 100 and a yes or no: an intention, a purchase, an answer among
//! the [`TopBoxes`] of its scale. Three questions can be put to them:
//!
//! | question | specification | result |
//! |---|---|---|
//! | What is the share in each band of satisfaction, and does it rise? | [`Bands`] | [`BandShares`] |
//! | Where is the threshold between those who stay and those who do not? | [`ThresholdSearch`] | [`Thresholds`] |
//! | How does the share run with satisfaction? | [`Isotonic`] | [`IsotonicCurve`] |
//! | … and how much satisfaction does a share need? | | [`LogisticCurve`] |
//!
//! All of them describe who is satisfied and who stays; that the satisfied stay *because* they are satisfied, they cannot
//! say.

mod bands;
mod cells;
mod curve;
mod isotonic;
mod logistic;
mod pairs;
mod threshold;
mod top_boxes;
mod trend;

pub use bands::{BandDifference, BandShare, BandShares, Bands, TrendScores};
pub use curve::CurvePoint;
pub use isotonic::{Isotonic, IsotonicCurve, Level};
pub use logistic::LogisticCurve;
pub use pairs::Pairs;
pub use threshold::{Criterion, Cut, ThresholdSearch, Thresholds};
pub use top_boxes::TopBoxes;
pub use trend::Trend;
