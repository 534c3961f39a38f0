//! Fuzzy comprehensive evaluation: opinions in grades, carried through weights to a grade and a score.
//!
//! | question | answer |
//! |---|---|
//! | Which grades are there, and what are they worth? | [`Grades`] |
//! | How far does each indicator belong to each grade? | [`Membership`]: from counts of raters, answers, measured numbers |
//! | What does a number mean in each grade? | [`Partition`] of [`MembershipFunction`]s, or of bounds |
//! | How are weights and membership composed? | [`Operator`], [`Importance`] |
//! | What comes out at every node of a hierarchy? | [`FuzzyEvaluation`], whose result is an [`Evaluation`] |
//! | Which grade, which score, how sure? | [`GradeVector`], [`Maximum`] |
//! | How are many objects evaluated? | [`Plan`] |
//! | Which object is best? | [`Ranking`] |

mod evaluation;
mod function;
mod grade;
mod graded;
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
