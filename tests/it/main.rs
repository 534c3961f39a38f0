//! Everything that is tested from outside, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]
#![allow(clippy::duplicate_mod, reason = "programs are tested as they stand, with what they share")]

mod aggregate;
mod ahp;
mod fuzzy;
mod house;
mod inference;
mod monitoring;
mod ranking;
mod reference;
mod structural;
mod survey;
mod weights;
