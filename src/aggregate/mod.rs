//! From the indices of organisations to those of industries, sectors and a nation; from period to period.
//!
//! A [`Structure`] says who belongs where and with which weight; an [`Aggregation`] combines the indices of its entities,
//! wherever they come from (a structural model, a weighted hierarchy, a mean), and the result is [`Aggregated`]. A
//! [`Comparison`] of two periods says what changed and how sure that is, a [`Decomposition`] why.
//!
//! A [`Programme`] does the whole way, from the interviews of many entities on.

mod aggregated;
mod aggregation;
mod change;
mod comparison;
mod decomposition;
mod programme;
mod structure;

pub use aggregated::Aggregated;
pub use aggregation::Aggregation;
pub use change::{Change, Changes};
pub use comparison::{Comparison, Difference};
pub use decomposition::{Decomposition, Effects};
pub use programme::{Checkpoint, EntityReport, Estimate, Interviews, Programme, Progress, Wave};
pub use structure::{GroupWeight, Structure, StructureBuilder};
