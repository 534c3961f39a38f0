//! What was asked, and what was answered.
//!
//! A [`Questionnaire`] lists the [`Indicator`]s, each with its [`Scale`]; [`Responses`] hold what the respondents
//! answered, with what they left out ([`Missing`]), how much each of them counts and the groups that they belong to.
//! [`Moments`] are what the estimation of a model needs of them: means and centred cross-products, in one pass.
//!
//! A [`Hierarchy`] orders indicators under criteria and a goal, with weights at every level; the [`WeightedIndex`] carries
//! answers up to its goal. [`Counts`] of the answers to one question give the plain metrics: mean, top boxes, net shares.

mod answer;
mod counts;
#[cfg(feature = "csv")]
mod csv;
#[cfg(feature = "dates")]
mod date;
mod decision;
mod fact;
mod fact_column;
mod grades;
mod group;
mod hierarchy;
mod indicator;
mod missing;
mod moments;
mod net_share;
mod no_answer;
pub mod period;
mod proportion;
mod questionnaire;
#[cfg(feature = "serde")]
mod raw_question;
mod responses;
mod scale;
mod weighted_index;
mod words;

pub(crate) use answer::outside_scale;
pub use counts::Counts;
#[cfg(feature = "csv")]
pub use csv::Csv;
#[cfg(feature = "dates")]
pub use date::Date;
pub use fact::{Choices, Fact, FactKind};
pub use grades::GradedScale;
pub use group::Group;
pub use hierarchy::{Hierarchy, HierarchyBuilder, Node};
pub use indicator::Indicator;
pub use missing::Missing;
pub use moments::Moments;
pub use net_share::NetShare;
pub use no_answer::NoAnswer;
pub use period::{Period, PeriodKind};
pub use proportion::{Proportion, ProportionInterval};
pub use questionnaire::Questionnaire;
pub use responses::Responses;
pub use scale::{Direction, Scale};
pub use weighted_index::{ThousandPoints, WeightedIndex};
