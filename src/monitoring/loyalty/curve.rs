//! What the curves have in common.

use crate::index::{Confidence, Interval};
use crate::table::{Column, Table};

/// A point of a loyalty curve.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct CurvePoint {
    pub(super) satisfaction: f64,
    pub(super) share: f64,
    pub(super) interval: Interval,
}

impl CurvePoint {
    /// The satisfaction, from 0 to 100.
    pub fn satisfaction(&self) -> f64 {
        self.satisfaction
    }

    /// The share of those who say yes at this satisfaction.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// The pointwise interval on the share.
    pub fn interval(&self) -> Interval {
        self.interval
    }
}

/// Points at which a curve is shown: the ends of the observed range and the tens between them.
pub(super) fn grid(lowest: f64, highest: f64) -> Vec<f64> {
    let tens = (0..=10_u8).map(|ten| 10.0 * f64::from(ten)).filter(|ten| lowest < *ten && *ten < highest);
    let mut points: Vec<f64> = std::iter::once(lowest).chain(tens).chain([highest]).collect();
    points.dedup();
    points
}

/// The points of a curve as a table.
pub(super) fn table(title: &str, points: &[CurvePoint]) -> Table {
    let level = points.first().map_or(Confidence::P95, |point| point.interval.confidence()).level();
    Table::new(title)
        .column(Column::number("satisfaction", points.iter().map(CurvePoint::satisfaction)).decimals(1))
        .column(Column::number("share", points.iter().map(CurvePoint::share)))
        .column(Column::text(
            format!("{} % interval", 100.0 * level),
            points.iter().map(|point| format!("{:.3}", point.interval)),
        ))
}

/// A column of numbers of respondents, which are whole unless they are sums of weights.
pub(super) fn numbers(heading: &str, numbers: impl Iterator<Item = Option<f64>>) -> Column {
    let numbers: Vec<Option<f64>> = numbers.collect();
    let whole = numbers.iter().flatten().all(|number| number.fract() == 0.0);
    let column = Column::number(heading, numbers);
    if whole { column.decimals(0) } else { column.significant(4) }
}
