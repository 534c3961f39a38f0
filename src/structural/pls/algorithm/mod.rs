//! The algorithm on numbers: a plan, a covariance matrix, memory that the caller keeps.

pub(crate) mod consistent;
mod explain;
mod inner;
mod outer;
pub(crate) mod plan;
pub(crate) mod problem;
pub(crate) mod solve;
pub(crate) mod workspace;
