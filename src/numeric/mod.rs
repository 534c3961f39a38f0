//! Arithmetic that every room needs and no user sees; the only room that touches raw linear algebra.

#![allow(dead_code, reason = "the rooms that use these are being built")]

pub(crate) mod check;
pub(crate) mod gram;
pub(crate) mod lane;
pub(crate) mod linalg;
pub(crate) mod minimise;
pub(crate) mod moments;
pub(crate) mod pairwise;
pub(crate) mod parallel;
pub(crate) mod random;
