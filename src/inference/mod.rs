//! How far every number of a fit is known: bootstrap, jackknife, permutation, the test of exact fit.
//!
//! | question | type |
//! |---|---|
//! | How far is each number of a fit known? | [`Bootstrap`] → [`Bootstrapped`] |
//! | … by which interval? | [`Distribution`], [`IntervalType`] |
//! | … of which number? | [`Quantity`] |
//! | What if a construct points the other way in a replicate? | [`Signs`] |
//! | How biased is it, and how much hangs on each respondent? | [`Jackknife`] |
//! | Do groups differ? | [`Permutation`] → [`Permuted`], [`Difference`] |
//! | Does the model fit the population exactly? | [`ExactFitTest`] → [`ExactFit`], by [`Distance`] |
//!
//! All of them resample respondents: a row whose frequency is k stands for k of them.

mod batch;
mod bootstrap;
mod cause;
mod draw;
mod engine;
mod exact_fit;
mod interval;
mod jackknife;
mod layout;
mod marks;
mod permutation;
mod products;
mod quantity;
mod refit;
mod resample;
mod result;
mod run;
mod sample;
mod staged;

pub use bootstrap::{Bootstrap, Signs};
pub use exact_fit::{Distance, ExactFit, ExactFitTest};
pub use interval::{Distribution, IntervalType};
pub use jackknife::Jackknife;
pub use permutation::{Difference, Permutation, Permuted};
pub use quantity::Quantity;
pub use result::{Bootstrapped, Summary};
