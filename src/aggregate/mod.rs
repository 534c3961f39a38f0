//! From the indices of organisations to those of industries, sectors and a nation; from period to period.
//!
//! A [`Structure`] says who belongs where and with which weight; an [`Aggregation`] combines the indices of its entities,
//! wherever they come from (a structural model, a weighted hierarchy, a mean), and the result is [`Aggregated`].
//!
//! Within a period a [`Comparison`] says who differs from whom ([`Pairs`]) and from the average ([`Deviations`]) and where
//! one stands ([`Benchmark`]), a [`Ranking`] which ranks are possible. From one period to the next a [`Comparison`] says
//! what changed and how sure that is, a [`Decomposition`] why, and over many periods a [`Chain`] gives a series that the
//! coming and going of entities does not disturb.
//!
//! A [`Programme`] does the whole way, from the interviews of many entities on.

mod aggregated;
mod aggregation;
mod among;
mod benchmark;
mod chain;
mod chained_series;
mod change;
mod comparison;
pub mod cube;
mod decomposition;
mod deviations;
mod linear;
mod link;
mod matched;
mod pairs;
mod programme;
mod rank_intervals;
mod ranking;
mod structure;
mod tally;

pub use aggregated::Aggregated;
pub use aggregation::Aggregation;
pub use among::Among;
pub use benchmark::{Benchmark, Gap};
pub use chain::Chain;
pub use chained_series::{ChainedSeries, Point};
pub use change::{Change, Changes};
pub use comparison::{Comparison, Difference};
pub use decomposition::{Decomposition, Effects};
pub use deviations::{Deviation, Deviations};
pub use link::Link;
pub use pairs::Pairs;
pub use programme::{Checkpoint, EntityReport, Estimate, Interviews, Programme, Progress, Wave};
pub use rank_intervals::RankMethod;
pub use ranking::{Ranked, Ranking, Standing};
pub use structure::{GroupWeight, Structure, StructureBuilder};
