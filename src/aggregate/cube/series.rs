//! One node in one place over the periods.

use std::fmt;

use crate::error::{Faults, Result};
use crate::index::{Index, Interval};
use crate::numeric::check;
use crate::survey::Period;
use crate::table::{Column, Table};

/// The index of a node in a place over the periods, in order of time: what [`Cube::series`](super::Cube::series) gives.
#[doc(alias = "time series")]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct CubeSeries {
    node: String,
    place: String,
    points: Vec<(Period, Index)>,
}

impl CubeSeries {
    pub(super) fn new(node: String, place: String, points: Vec<(Period, Index)>) -> Self {
        Self { node, place, points }
    }

    fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        let periods = Period::in_order(self.points.iter().map(|(period, _)| period))?;
        faults.check(check::length(periods.len(), self.points.len(), || "the list of distinct periods".into()));
        faults.or(())
    }

    /// The node.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// The place.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The periods in which the node has an index, in order of time.
    pub fn points(&self) -> &[(Period, Index)] {
        &self.points
    }

    /// The periods between the first and the last in which it has none.
    ///
    /// # Errors
    ///
    /// As for [`Period::gaps`].
    pub fn gaps(&self) -> Result<Vec<Period>> {
        Period::gaps(&self.points.iter().map(|(period, _)| period.clone()).collect::<Vec<_>>())
    }

    /// The periods with index, standard error and interval.
    pub fn table(&self) -> Table {
        let indices = || self.points.iter().map(|(_, index)| index);
        let bound = |bound: fn(&Interval) -> f64| indices().map(move |index| index.interval().as_ref().map(bound));
        Table::new(format!("{}, {}", self.node, self.place))
            .column(Column::text("period", self.points.iter().map(|(period, _)| period)))
            .column(Column::number("index", indices().map(Index::value)).decimals(2))
            .column(Column::number("std. error", indices().map(Index::std_error)).decimals(2))
            .column(Column::number("lower", bound(Interval::lower)).decimals(2))
            .column(Column::number("upper", bound(Interval::upper)).decimals(2))
            .column(Column::number("n", indices().map(Index::n)).decimals(0))
    }
}

checked_when_read!(CubeSeries);

impl fmt::Display for CubeSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
