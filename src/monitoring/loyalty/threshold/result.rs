//! The cuts that were found.

use std::fmt;

use crate::error::Result;
use crate::index::Interval;
use crate::monitoring::loyalty::bands::Bands;
use crate::monitoring::loyalty::threshold::Criterion;
use crate::monitoring::loyalty::{curve, trend};
use crate::survey::Proportion;
use crate::table::{Column, Table};

/// A cut in satisfaction: who is at it or above belongs to the segment above.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Cut {
    pub(super) value: f64,
    pub(super) interval: Option<Interval>,
}

impl Cut {
    /// Where the cut is, on 0–100.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The percentile interval of the bootstrap, if two or more of its samples could be divided.
    pub fn interval(&self) -> Option<Interval> {
        self.interval
    }
}

/// The cuts that separate best, and how far to trust them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Thresholds {
    pub(super) cuts: Vec<Cut>,
    pub(super) segments: Vec<Proportion>,
    pub(super) criterion: Criterion,
    pub(super) value: f64,
    pub(super) p_value: Option<f64>,
    pub(super) approximate_p_value: Option<f64>,
    pub(super) failed: usize,
    pub(super) dropped: usize,
}

impl Thresholds {
    /// The cuts, the lowest first.
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// The share of those who say yes in each segment between the cuts, the lowest first. The intervals of these shares
    /// would take the cuts as given, which they are not.
    pub fn segments(&self) -> &[Proportion] {
        &self.segments
    }

    /// The cuts as bands with these names, the lowest first.
    ///
    /// # Errors
    ///
    /// As for [`Bands::new`].
    pub fn bands<S: Into<String>>(&self, names: impl IntoIterator<Item = S>) -> Result<Bands> {
        Bands::new(names, self.cuts.iter().map(Cut::value))
    }

    /// The criterion, as a share of what a perfect separation would reach: the share of the variance that lies between
    /// the segments, the share of the deviance that they explain, or Youden's index.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The p-value of the search by permutations, if there were any.
    pub fn p_value(&self) -> Option<f64> {
        self.p_value
    }

    /// The p-value of the search by the approximation of Miller & Siegmund: for one cut by [`Criterion::Variance`].
    pub fn approximate_p_value(&self) -> Option<f64> {
        self.approximate_p_value
    }

    /// How many bootstrap samples could not be divided.
    pub fn failed(&self) -> usize {
        self.failed
    }

    /// The segments and the cuts between them as a table.
    pub fn table(&self) -> Table {
        let from = std::iter::once(None).chain(self.cuts.iter().map(|cut| Some(cut.value)));
        let interval = |cut: &Cut| cut.interval.map_or_else(String::new, |interval| format!("{interval:.1}"));
        let intervals = std::iter::once(String::new()).chain(self.cuts.iter().map(interval));
        let criterion = match self.criterion {
            Criterion::Variance => "share of the variance between the segments",
            Criterion::Likelihood => "share of the deviance explained by the segments",
            Criterion::Youden => "Youden's index",
        };
        let table = Table::new("Thresholds of satisfaction")
            .column(Column::number("from", from).decimals(1))
            .column(Column::text("interval of the cut", intervals))
            .column(curve::numbers("n", self.segments.iter().map(|share| Some(share.n()))))
            .column(Column::number("share", self.segments.iter().map(Proportion::share)))
            .note(format!("{criterion}: {:.3}", self.value));
        let tests = [("permutations", self.p_value), ("Miller & Siegmund", self.approximate_p_value)];
        let table = tests.into_iter().fold(table, |table, (name, p_value)| match p_value {
            Some(p) => table.note(format!("test of the search ({name}): {}", trend::shown(p))),
            None => table,
        });
        if self.dropped == 0 { table } else { table.note(format!("{} rows left out", self.dropped)) }
    }
}

impl fmt::Display for Thresholds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
