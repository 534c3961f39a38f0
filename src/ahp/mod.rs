//! The analytic hierarchy process: weights from experts' judgements, and how far to trust them.
//!
//! Experts compare things pair by pair ([`Judgements`]); a [`Method`] turns their ratios into weights ([`Priorities`]).
//!
//! | question | answer |
//! |---|---|
//! | What do words like "strong" mean as ratios? | [`Grade`], [`Scale`] |
//! | Do the judgements contradict each other? | [`Consistency`], with a [`RandomIndex`] or a [`Simulation`] of one's own |
//! | Which judgements, and what would agree with the rest? | [`Misfit`] |
//! | How little must change? | [`Revision`] |
//! | What if some pairs were never compared? | [`Method::Eigenvector`], [`Method::GeometricMean`], [`Method::MinimalEigenvalue`] |
//! | What do several experts say together? | [`GroupJudgements`] |
//! | And ten thousand respondents? | [`Batch`] |
//! | What if judges give ranges? | [`FuzzyJudgements`] |
//! | Which alternative is best? | [`Decision`], [`Alternatives`], [`Ratings`] |
//! | What would turn the order? | [`Sensitivity`], [`Reversal`], [`Noise`] |

mod alternatives;
mod batch;
mod completion;
mod consistency;
mod decision;
mod excess;
mod fuzzy;
mod geometric;
mod group;
mod incomplete;
mod judgement;
mod misfit;
mod noise;
mod perron;
mod priority;
mod random_index;
mod ratings;
mod revision;
mod scale;
mod sensitivity;

pub use alternatives::{Alternatives, Mode, Synthesis};
pub use batch::{Batch, BatchPriorities};
pub use consistency::{Consistency, Verdict};
pub use decision::{Decision, DecisionConsistency, NodeConsistency};
pub use fuzzy::{Defuzzification, FuzzyJudgements, FuzzyMethod, FuzzyNumber, FuzzyPriorities, PossibilityWeights};
pub use group::{Cluster, Consensus, Deviation, Dispersion, GroupJudgements, GroupPriorities};
pub use judgement::{Judgements, RATIOS, Reciprocity};
pub use misfit::Misfit;
pub use noise::{Noise, Spread};
pub use priority::{Method, Priorities};
pub use random_index::{RandomIndex, Simulation};
pub use ratings::Ratings;
pub use revision::{Change, LeastChange, Revision};
pub use scale::{Grade, Scale};
pub use sensitivity::{Flip, Reversal, Sensitivity};
