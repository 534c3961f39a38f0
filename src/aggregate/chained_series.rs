//! The index of a group over many periods, chained.

use std::fmt;

use crate::aggregate::comparison::Difference;
use crate::aggregate::link::Link;
use crate::error::{ErrorKind, Result};
use crate::index::{Confidence, Index, Interval};
use crate::numeric::check;
use crate::table::{Column, Table};

/// What the indices of one period add to the variance of a change over links: `None` where a standard error is unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct PeriodErrors {
    /// With the link into it alone: it is the last.
    pub(super) incoming: Option<f64>,
    /// With the link out of it alone: it is the first.
    pub(super) outgoing: Option<f64>,
    /// With both: it lies between.
    pub(super) through: Option<f64>,
}

impl PeriodErrors {
    pub(super) fn none() -> Self {
        Self { incoming: Some(0.0), outgoing: Some(0.0), through: Some(0.0) }
    }
}

/// One period of a [`ChainedSeries`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Point {
    label: String,
    published: Index,
    level: f64,
    std_error: Option<f64>,
    interval: Option<Interval>,
    matched: Option<usize>,
}

impl Point {
    pub(super) fn new(
        label: String,
        published: Index,
        (level, std_error, confidence): (f64, Option<f64>, Confidence),
        matched: Option<usize>,
    ) -> Result<Self> {
        let reach = std_error.map(|error| confidence.z() * error);
        let interval = reach.map(|reach| Interval::new(level - reach, level + reach, confidence)).transpose()?;
        Ok(Self { label, published, level, std_error, interval, matched })
    }

    /// Its label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The group's index in this period as it was published: with all members of the period.
    pub fn published(&self) -> &Index {
        &self.published
    }

    /// The chained level, on the scale of the base period's; not cut off at 100.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Its standard error, where those of the entities are known.
    pub fn std_error(&self) -> Option<f64> {
        self.std_error
    }

    /// Its interval.
    pub fn interval(&self) -> Option<Interval> {
        self.interval
    }

    /// How many entities link it to the period before; the first period has none before it.
    pub fn matched(&self) -> Option<usize> {
        self.matched
    }
}

/// The index of a group over periods, as published and chained: the result of a [`Chain`](super::Chain).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct ChainedSeries {
    group: String,
    link: Link,
    confidence: Confidence,
    base: usize,
    points: Vec<Point>,
    errors: Vec<PeriodErrors>,
}

checked_when_read!(ChainedSeries);

impl ChainedSeries {
    fn check(&self) -> Result<()> {
        check::names(&self.points.iter().map(Point::label).collect::<Vec<_>>(), "period")?;
        check::length(self.errors.len(), self.points.len(), || "the list of errors of the periods".into())?;
        let place = || "the number of the base period".into();
        check::domain(self.base as f64, self.base < self.points.len(), place, "that of a period").map(drop)
    }

    pub(super) fn new(
        group: String,
        link: Link,
        confidence: Confidence,
        base: usize,
        points: Vec<Point>,
        errors: Vec<PeriodErrors>,
    ) -> Self {
        Self { group, link, confidence, base, points, errors }
    }

    /// Of which group.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// The label of the base period.
    pub fn base(&self) -> &str {
        &self.points[self.base].label
    }

    /// The periods in their order.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// One period.
    ///
    /// # Errors
    ///
    /// An unknown label.
    pub fn get(&self, label: &str) -> Result<&Point> {
        Ok(&self.points[self.place(label)?])
    }

    fn place(&self, label: &str) -> Result<usize> {
        let place = self.points.iter().position(|point| point.label == label);
        place.ok_or_else(|| ErrorKind::Unknown { what: "period", name: label.into() }.into())
    }

    /// The change from one period to another: in percent for [`Link::Ratio`], in points for [`Link::Difference`]. Neither
    /// depends on the base period or its level.
    ///
    /// # Errors
    ///
    /// An unknown label.
    pub fn change(&self, from: &str, to: &str) -> Result<Difference> {
        self.change_between(self.place(from)?, self.place(to)?)
    }

    fn change_between(&self, from: usize, to: usize) -> Result<Difference> {
        let (value, scale) = match self.link {
            Link::Ratio => {
                let ratio = self.points[to].level / self.points[from].level;
                (100.0 * (ratio - 1.0), 100.0 * ratio)
            }
            Link::Difference => (self.points[to].level - self.points[from].level, 1.0),
        };
        let (first, last) = (from.min(to), from.max(to));
        let ends = [self.errors[first].outgoing, self.errors[last].incoming];
        let parts = self.errors[first..last].iter().skip(1).map(|errors| errors.through).chain(ends);
        let variance = if first == last { Some(0.0) } else { parts.sum::<Option<f64>>() };
        Difference::new(value, variance.map(|variance| scale * variance.sqrt()), self.confidence)
    }

    /// The periods with the published index, the chained level, its error and interval, and the change from the period
    /// before.
    pub fn table(&self) -> Table {
        let points = || self.points.iter();
        let percent = 100.0 * self.confidence.level();
        let unit = if self.link == Link::Ratio { "change, %" } else { "change" };
        let change = |at: usize| Some(self.change_between(at.checked_sub(1)?, at).ok()?.value());
        let bound = |bound: fn(&Interval) -> f64| points().map(move |point| point.interval.as_ref().map(bound));
        Table::new(format!("{}, chained ({percent} % intervals)", self.group))
            .column(Column::text("period", points().map(|point| &point.label)))
            .column(Column::number("published", points().map(|point| point.published.value())).decimals(2))
            .column(Column::number("chained", points().map(|point| point.level)).decimals(2))
            .column(Column::number("std. error", points().map(|point| point.std_error)).decimals(2))
            .column(Column::number("lower", bound(Interval::lower)).decimals(2))
            .column(Column::number("upper", bound(Interval::upper)).decimals(2))
            .column(Column::number(unit, (0..self.points.len()).map(change)).decimals(2))
            .column(
                Column::number("matched", points().map(|point| point.matched.map(|count| count as f64))).decimals(0),
            )
    }
}

impl fmt::Display for ChainedSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
