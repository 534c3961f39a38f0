//! What was asked, and what was answered.
//!
//! | question | answer |
//! |---|---|
//! | What does a survey ask? | [`Questionnaire`]: [`Indicator`]s, answered by a score on a [`Scale`] with a [`Direction`], or by the words of a [`GradedScale`]; and [`Fact`]s, answered by choices, keys or dates |
//! | How does a file come in? | [`Csv`], into [`Responses`] or straight into [`Moments`] |
//! | What did each respondent answer? | [`Responses`], with case weights and [`Group`]s |
//! | Why is an answer missing, and what becomes of it? | [`NoAnswer`], [`Missing`] |
//! | What do models need of the answers? | [`Moments`]: means and centred cross-products, which stream and merge |
//! | How often was each answer given? | [`Counts`]: mean, top boxes as a [`Proportion`], net promoter score as a [`NetShare`] |
//! | What is measured, and with which weights? | [`Hierarchy`], a tree of [`Node`]s; ready ones in [`template`] |
//! | What is the index of each node? | [`Hierarchy::score`] gives a [`WeightedIndex`], to be published in [`ThousandPoints`] too |
//! | When was it asked? | [`Date`], [`Period`]: year, half, quarter, month, week, wave |
//! | How many were asked, and how many answered? | [`accounting`] |

pub mod accounting;
mod answer;
mod counts;
#[cfg(feature = "csv")]
mod csv;
#[cfg(feature = "dates")]
mod date;
mod decision;
pub mod fact;
mod fact_column;
mod grades;
mod group;
pub mod hierarchy;
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
pub mod template;
mod weighted_index;
mod words;

pub(crate) use answer::outside_scale;
pub use counts::Counts;
#[cfg(feature = "csv")]
pub use csv::Csv;
#[cfg(feature = "dates")]
pub use date::Date;
pub use fact::Fact;
pub use grades::GradedScale;
pub use group::Group;
pub use hierarchy::{Hierarchy, Node};
pub use indicator::Indicator;
pub use missing::Missing;
pub use moments::Moments;
pub use net_share::NetShare;
pub use no_answer::NoAnswer;
pub use period::Period;
pub use proportion::{Proportion, ProportionInterval};
pub use questionnaire::Questionnaire;
pub use responses::Responses;
pub use scale::{Direction, Scale};
pub use weighted_index::{ThousandPoints, WeightedIndex};
