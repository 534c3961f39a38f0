//! The analytic hierarchy process: weights from experts' judgements, and how far to trust them.
//!
//! Experts compare things pair by pair ([`Judgements`]); a [`Method`] makes weights of their ratios ([`Priorities`]).
//!
//! | question | answer |
//! |---|---|
//! | How do judgements come in: as a matrix, pairs, text, a file? | [`Judgements`], with [`Reciprocity`] for a full matrix |
//! | What do words like "strong" mean as ratios? | [`Grade`], [`Scale`] |
//! | Which method makes weights of them? | [`Method`] |
//! | Do the judgements contradict each other? | [`Consistency`], with a [`RandomIndex`] or a [simulated](random_index::Simulation) one |
//! | Which judgements do so, and what would agree with the rest? | [`Misfit`] |
//! | How little must change? | [`Revision`] by [`LeastChange`] |
//! | What if some pairs were never compared? | [`Method::Eigenvector`], [`Method::GeometricMean`], [`Method::MinimalEigenvalue`] |
//! | What do several experts say together, and do they agree? | [`GroupJudgements`], [`group`] |
//! | What do ten thousand respondents say? | [`Batch`] |
//! | What if experts give ranges? | [`FuzzyJudgements`] of [`FuzzyNumber`]s, [`fuzzy`] |
//! | Which alternative is best? | [`Decision`], [`Alternatives`] under a [`Mode`], [`Ratings`] |
//! | What would change the order? | [`Sensitivity`], [`Alternatives::reversals`], [`Noise`] |
//!
//! The results of these are in the submodules.

pub mod alternatives;
pub mod batch;
mod completion;
pub mod consistency;
pub mod decision;
mod excess;
pub mod fuzzy;
mod geometric;
pub mod group;
mod incomplete;
mod judgement;
mod misfit;
pub mod noise;
mod perron;
mod priority;
pub mod random_index;
mod ratings;
pub mod revision;
mod scale;
pub mod sensitivity;

pub use alternatives::{Alternatives, Mode};
pub use batch::Batch;
pub use consistency::Consistency;
pub use decision::Decision;
pub use fuzzy::{FuzzyJudgements, FuzzyNumber};
pub use group::GroupJudgements;
pub use judgement::{Judgements, RATIOS, Reciprocity};
pub use misfit::Misfit;
pub use noise::Noise;
pub use priority::{Method, Priorities};
pub use random_index::RandomIndex;
pub use ratings::Ratings;
pub use revision::{LeastChange, Revision};
pub use scale::{Grade, Scale};
pub use sensitivity::Sensitivity;
