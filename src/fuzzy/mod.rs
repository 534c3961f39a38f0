//! Fuzzy comprehensive evaluation: opinions in grades, carried through weights to a grade and a score.
//!
//! [`Membership`] says how far each indicator belongs to each of the [`Grades`]: by counts of raters, by the answers to a
//! survey, or by measured numbers through a [`Partition`] of [`MembershipFunction`]s. A [`FuzzyEvaluation`] carries it up a
//! [`Hierarchy`](crate::survey::Hierarchy) by an [`Operator`]; its [`Evaluation`] holds a [`GradeVector`] for every node,
//! to be read as a grade or a score. For many objects there are the [`Plan`] and the [`Ranking`].

mod evaluation;
mod function;
mod grade;
mod importance;
mod membership;
mod operator;
mod partition;
mod plan;
mod ranking;
mod reading;

pub use evaluation::{Evaluation, FuzzyEvaluation};
pub use function::MembershipFunction;
pub use grade::Grades;
pub use importance::Importance;
pub use membership::Membership;
pub use operator::Operator;
pub use partition::Partition;
pub use plan::Plan;
pub use ranking::Ranking;
pub use reading::{GradeVector, Maximum};
