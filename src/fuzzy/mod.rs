//! Fuzzy comprehensive evaluation: opinions in grades, carried through weights to a grade and a score.

mod evaluation;
mod function;
mod grade;
mod importance;
mod membership;
mod operator;
mod plan;
mod ranking;
mod reading;

pub use evaluation::{Evaluation, FuzzyEvaluation};
pub use function::{MembershipFunction, Partition};
pub use grade::Grades;
pub use importance::Importance;
pub use membership::Membership;
pub use operator::Operator;
pub use plan::Plan;
pub use ranking::Ranking;
pub use reading::{GradeVector, Maximum};
