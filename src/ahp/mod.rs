//! The analytic hierarchy process: weights from experts' judgements, and how far to trust them.
//!
//! Experts compare things pair by pair ([`Judgements`]); a [`Method`] turns their ratios into weights ([`Priorities`]).
//! Several experts make a group ([`GroupJudgements`]); who would rather give ranges gives fuzzy numbers
//! ([`FuzzyJudgements`]).

#![allow(dead_code, reason = "the rest of the room is being built")]

mod alternatives;
mod batch;
mod completion;
mod consistency;
mod decision;
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
