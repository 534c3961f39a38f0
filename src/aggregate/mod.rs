//! From the indices of organisations to those of industries, sectors and a nation; from period to period.
//!
//! | question | specification | result |
//! |---|---|---|
//! | What is the index of each group, from those of the entities in it? | [`Structure`], [`Aggregation`] | [`Aggregated`] |
//! | The same for many entities, from the interviews on? | [`Programme`] | [`Wave`] |
//! | What is the index of each indicator in each place, period and channel? | [`cube::CubeSpec`] | [`cube::Cube`] |
//! | What changed from one period to the next, and how sure is that? | [`Comparison::changes`] | [`results::Changes`] |
//! | Who differs from whom? | [`Comparison::pairs`] | [`results::Pairs`] |
//! | Who lies above the average? | [`Comparison::deviations`] | [`results::Deviations`] |
//! | Where does one stand among the others? | [`Comparison::benchmark`] | [`results::Benchmark`] |
//! | Who is first, and which ranks are possible? | [`Ranking`], [`RankMethod`] | [`results::Ranked`] |
//! | Why did a group change: scores, weights, who came and went? | [`Decomposition::between`] | [`Decomposition`] |
//! | A series that the coming and going of entities does not disturb? | [`Chain`], [`Link`] | [`results::ChainedSeries`] |

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
pub mod results;
mod structure;
mod tally;

pub use aggregated::Aggregated;
pub use aggregation::Aggregation;
pub use among::Among;
pub use chain::Chain;
pub use comparison::Comparison;
pub use decomposition::Decomposition;
pub use link::Link;
pub use programme::{Checkpoint, Interviews, Programme, Wave};
pub use rank_intervals::RankMethod;
pub use ranking::Ranking;
pub use structure::{GroupWeight, Structure, StructureBuilder};
