//! Who is first, second, third, and how sure that is.

use std::fmt;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::among::Among;
use crate::aggregate::linear::LinearForm;
use crate::aggregate::rank_intervals::{self, RankMethod, Ranks};
use crate::error::{ErrorKind, Result};
use crate::index::{Confidence, Index};
use crate::numeric::check;
use crate::table::{Column, Table};

/// How groups or entities are ranked: 1 for the highest index; equal ones share the best rank.
///
/// A league table without intervals claims more than it knows: the ranks of members whose indices are close are mostly
/// chance. [`RankMethod`] has the ways to say which ranks are possible.
///
/// # Examples
///
/// ```
/// use satindex::Index;
/// use satindex::aggregate::{Aggregation, Among, Ranking, Structure};
///
/// let builder = Structure::builder("banks").entity("A", "banks", 2.0).entity("B", "banks", 1.0);
/// let structure = builder.entity("C", "banks", 1.0).build()?;
/// let index = |value| Index::new(value, 250.0, "mean")?.with_std_error(0.8);
/// let banks = Aggregation::new().aggregate(&structure, [("A", index(70.0)?), ("B", index(79.0)?), ("C", index(71.0)?)])?;
///
/// let ranked = Ranking::new().rank(&banks, Among::Members("banks"))?;
/// assert_eq!(ranked.get("B")?.interval(), Some(1..=1));
/// assert_eq!((ranked.get("C")?.rank(), ranked.get("C")?.interval()), (2, Some(2..=3)));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Ranking {
    confidence: Confidence,
    method: RankMethod,
}

impl Default for Ranking {
    fn default() -> Self {
        Self::new()
    }
}

impl Ranking {
    /// Intervals that hold for all ranks at once with 95 % confidence.
    pub fn new() -> Self {
        Self { confidence: Confidence::P95, method: RankMethod::default() }
    }

    /// The confidence level of the intervals.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// How the intervals come about.
    #[must_use]
    pub fn method(self, method: RankMethod) -> Self {
        Self { method, ..self }
    }

    /// The ranks in one period. There are no intervals when a standard error is unknown.
    ///
    /// # Errors
    ///
    /// An unknown group; nothing with an index among them; a simulation without replicates, or with more than fit in memory.
    pub fn rank(self, period: &Aggregated, among: Among<'_>) -> Result<Ranked> {
        let nodes = among.nodes(period)?;
        let indices: Vec<&Index> = nodes.iter().filter_map(|node| period.index_of(*node)).collect();
        let values: Vec<f64> = indices.iter().map(|index| index.value()).collect();
        let forms = LinearForm::each(period, &nodes)?;
        let known = forms.iter().all(|form| form.variance().is_some());
        let intervals = known.then(|| self.intervals(&values, &forms)).transpose()?;
        let names = nodes.iter().map(|node| period.structure().name(*node));
        let ranks = rank_intervals::ranks(&values);
        let mut standings: Vec<Standing> = names
            .zip(indices)
            .zip(ranks)
            .enumerate()
            .map(|(at, ((name, index), rank))| {
                let interval = intervals.as_ref().map(|intervals| intervals[at].clone());
                Standing { name: name.into(), index: index.clone(), rank, interval }
            })
            .collect();
        standings.sort_by_key(|standing| standing.rank);
        Ok(Ranked { confidence: self.confidence, method: self.method, standings })
    }

    fn intervals(self, values: &[f64], errors: &[LinearForm]) -> Result<Vec<Ranks>> {
        Ok(match self.method {
            RankMethod::Sidak | RankMethod::Bonferroni => {
                let critical = rank_intervals::critical(self.method, self.confidence, values.len());
                rank_intervals::joint(values, errors, critical)
            }
            RankMethod::Tests => rank_intervals::tested(values, errors, self.confidence),
            RankMethod::Simulation { replicates, seed } => {
                let place = || "the number of replicates".into();
                check::domain(replicates as f64, replicates > 0, place, "at least 1")?;
                check::replicates(replicates, values.len(), "replicates")?;
                rank_intervals::simulated(values, errors, self.confidence, (replicates, seed))
            }
        })
    }
}

/// The rank of one group or entity.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Standing {
    name: String,
    index: Index,
    rank: usize,
    interval: Option<Ranks>,
}

impl Standing {
    /// Whose rank.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Its rank: 1 more than how many have a higher index.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The ranks that it may truly have, where the standard errors are known.
    pub fn interval(&self) -> Option<Ranks> {
        self.interval.clone()
    }
}

/// Groups or entities in the order of their ranks.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Ranked {
    confidence: Confidence,
    method: RankMethod,
    standings: Vec<Standing>,
}

impl Ranked {
    /// The confidence level of the intervals.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// How the intervals came about.
    pub fn method(&self) -> RankMethod {
        self.method
    }

    /// All of them, the first rank first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Standing> {
        self.standings.iter()
    }

    /// The rank of one.
    ///
    /// # Errors
    ///
    /// A name that was not ranked.
    pub fn get(&self, name: &str) -> Result<&Standing> {
        let found = self.standings.iter().find(|standing| standing.name == name);
        found.ok_or_else(|| ErrorKind::Missing { what: "rank", name: name.into() }.into())
    }

    /// The ranks with their intervals, the first rank first.
    pub fn table(&self) -> Table {
        let all = || self.standings.iter();
        let bound = |bound: fn(&Ranks) -> usize| {
            let cells = all().map(move |standing| standing.interval.as_ref().map(|interval| bound(interval) as f64));
            cells.collect::<Vec<_>>()
        };
        let percent = 100.0 * self.confidence.level();
        let scope = match self.method {
            RankMethod::Sidak | RankMethod::Bonferroni => "all at once",
            RankMethod::Tests | RankMethod::Simulation { .. } => "each for itself",
        };
        Table::new(format!("Ranks ({percent} % intervals, {scope})"))
            .column(Column::count("rank", all().map(|standing| standing.rank)))
            .column(Column::text("", all().map(|standing| &standing.name)))
            .column(Column::number("index", all().map(|standing| standing.index.value())).decimals(2))
            .column(Column::number("std. error", all().map(|standing| standing.index.std_error())).decimals(2))
            .column(Column::number("best", bound(|ranks| *ranks.start())).decimals(0))
            .column(Column::number("worst", bound(|ranks| *ranks.end())).decimals(0))
    }
}

impl fmt::Display for Ranked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
