//! Satisfaction index models: survey answers in; a 0–100 index, its weights and its uncertainty out.

pub mod ahp;
mod error;
pub mod fuzzy;
mod index;
mod numeric;
pub mod structural;
pub mod survey;
mod table;
pub mod weights;

pub use error::{Error, ErrorKind, Result};
pub use index::{Confidence, Index, Interval};
pub use table::{Column, Table};
pub use weights::Weights;
