//! The gates through which an answer and its weight enter.

use crate::error::{ErrorKind, Result};
use crate::numeric::check;
use crate::survey::{Indicator, Scale};

/// Checks the case weight of a row, counted from 1.
pub(super) fn case_weight(weight: f64, row: usize) -> Result<f64> {
    check::weight(weight, || format!("the case weight of row {row}"))
}

/// The fault of an answer that is no number; `row` counts from 0.
pub(super) fn not_finite(row: usize, indicator: &Indicator, value: f64) -> ErrorKind {
    ErrorKind::NotFinite { place: format!("the answer of row {} to `{}`", row + 1, indicator.name()), value }
}

/// The fault of an answer outside its scale; `row` counts from 0, `count` such answers were given.
pub(crate) fn outside_scale(row: usize, indicator: &str, scale: Scale, value: f64, count: usize) -> ErrorKind {
    let place = format!("the answer of row {} to `{indicator}` is", row + 1);
    let others = if count > 1 { format!(" ({count} such answers)") } else { String::new() };
    let expected = format!("a number from {} to {}{others}", scale.lower(), scale.upper());
    ErrorKind::Domain { place, value, expected }
}
