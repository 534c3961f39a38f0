//! Arithmetic that every room needs and no user sees; the only room that touches raw linear algebra.

pub(crate) mod check;
pub(crate) mod describe;
pub(crate) mod em;
pub(crate) mod gram;
pub(crate) mod lane;
pub(crate) mod linalg;
pub(crate) mod minimise;
pub(crate) mod moments;
pub(crate) mod nearest;
pub(crate) mod number;
pub(crate) mod pairwise;
pub(crate) mod parallel;
pub(crate) mod random;
pub(crate) mod rounding;
pub(crate) mod square;
mod tridiagonal;
