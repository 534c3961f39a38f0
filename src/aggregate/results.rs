//! What comparisons, rankings, chains and programmes give, and the parts of it.

pub use crate::aggregate::benchmark::{Benchmark, Gap};
pub use crate::aggregate::chained_series::{ChainedSeries, Point};
pub use crate::aggregate::change::{Change, Changes};
pub use crate::aggregate::comparison::Difference;
pub use crate::aggregate::decomposition::Effects;
pub use crate::aggregate::deviations::{Deviation, Deviations};
pub use crate::aggregate::pairs::Pairs;
pub use crate::aggregate::programme::{EntityReport, Estimate, Progress};
pub use crate::aggregate::ranking::{Ranked, Standing};
