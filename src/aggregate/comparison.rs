//! What is compared with what, and how sure one can be of a difference.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::adjustment::Adjustment;
use crate::error::Result;
use crate::index::{Confidence, Interval};
use crate::numeric::check;
use crate::table::{Column, Table};

/// How indices are compared: two periods ([`changes`](Self::changes)), or in one period each with each other
/// ([`pairs`](Self::pairs)), each with their average ([`deviations`](Self::deviations)), one with all
/// ([`benchmark`](Self::benchmark)).
///
/// # Formula
///
/// Every index is a linear function of those of the entities, so a difference is one too: D = Σ uₑ Iₑ over the entities
/// of both periods. With entities measured independently, its standard error is √(Σ uₑ² SEₑ²). With a correlation ρ
/// between the two estimates of one entity (a panel, or samples that overlap), 2ρ uₑ uₑ′ SEₑ SEₑ′ is added for each
/// entity of both periods. The p value is that of z = D/SE under the standard normal distribution, two-sided.
///
/// # Examples
///
/// ```
/// use satindex::{Adjustment, Index};
/// use satindex::aggregate::{Aggregation, Comparison, Structure};
///
/// let industry = Structure::builder("banks").entity("A", "banks", 2.0).entity("B", "banks", 1.0).build()?;
/// let period = |a: f64, b: f64| {
///     let index = |value| Index::new(value, 250.0, "mean")?.with_std_error(0.8);
///     Aggregation::new().aggregate(&industry, [("A", index(a)?), ("B", index(b)?)])
/// };
/// let (before, after) = (period(70.0, 75.0)?, period(73.0, 75.0)?);
///
/// let changes = Comparison::new().adjustment(Adjustment::Holm).changes(&before, &after)?;
/// let banks = changes.get("banks")?;
/// assert!((banks.difference().value() - 2.0).abs() < 1e-9);
/// assert!(banks.difference().p_value().is_some_and(|p| p < 0.05));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct Comparison {
    pub(super) confidence: Confidence,
    pub(super) adjustment: Adjustment,
    pub(super) correlation: f64,
}

checked_when_read!(Comparison, Difference);

impl Default for Comparison {
    fn default() -> Self {
        Self::new()
    }
}

impl Comparison {
    /// 95 % intervals, p values adjusted by Holm's method, independent samples in the two periods.
    pub fn new() -> Self {
        Self { confidence: Confidence::P95, adjustment: Adjustment::Holm, correlation: 0.0 }
    }

    /// The confidence level of the intervals, each for itself.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// How p values are adjusted for the number of comparisons in a family.
    #[must_use]
    pub fn adjustment(self, adjustment: Adjustment) -> Self {
        Self { adjustment, ..self }
    }

    /// The correlation, from −1 to 1, between the estimates of one entity in two periods: above 0 when the same people are
    /// asked again.
    #[must_use]
    pub fn correlation(self, correlation: f64) -> Self {
        Self { correlation, ..self }
    }

    /// The confidence level that is asked for.
    pub fn confidence_in_use(&self) -> Confidence {
        self.confidence
    }

    /// The adjustment that is asked for.
    pub fn adjustment_in_use(&self) -> Adjustment {
        self.adjustment
    }

    /// The correlation that is asked for.
    pub fn correlation_in_use(&self) -> f64 {
        self.correlation
    }

    /// Checks the options.
    pub(super) fn check(&self) -> Result<()> {
        let inside = (-1.0..=1.0).contains(&self.correlation);
        let place = || "the correlation between the periods".into();
        check::domain(self.correlation, inside, place, "a number from -1 to 1").map(drop)
    }

    /// Gives the differences of one family their adjusted p values.
    pub(super) fn adjust<'a>(self, family: impl Iterator<Item = &'a mut Difference>) -> Result<()> {
        let mut tested: Vec<&mut Difference> = family.filter(|difference| difference.p_value.is_some()).collect();
        let p: Vec<f64> = tested.iter().filter_map(|difference| difference.p_value).collect();
        for (difference, adjusted) in tested.iter_mut().zip(self.adjustment.adjust(&p)?) {
            difference.adjusted_p_value = Some(adjusted);
        }
        Ok(())
    }
}

/// A difference between two indices, in points of the scale from 0 to 100 unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct Difference {
    value: f64,
    std_error: Option<f64>,
    interval: Option<Interval>,
    p_value: Option<f64>,
    adjusted_p_value: Option<f64>,
}

impl Difference {
    pub(super) fn new(value: f64, std_error: Option<f64>, confidence: Confidence) -> Result<Self> {
        let value = check::finite(value, || "the difference".into())?;
        let reach = |error| confidence.z() * error;
        let interval = std_error.map(|error| Interval::new(value - reach(error), value + reach(error), confidence));
        let p_value = std_error.map(|error| {
            if error > 0.0 { 2.0 * Normal::standard().cdf(-(value / error).abs()) } else { f64::from(value == 0.0) }
        });
        Ok(Self { value, std_error, interval: interval.transpose()?, p_value, adjusted_p_value: p_value })
    }

    /// Checks that the figures are those of a difference.
    fn check(&self) -> Result<()> {
        check::finite(self.value, || "the difference".into())?;
        if let Some(error) = self.std_error {
            check::non_negative(error, || "the standard error of the difference".into())?;
        }
        for p in [self.p_value, self.adjusted_p_value].into_iter().flatten() {
            check::unit(p, || "a p value".into())?;
        }
        Ok(())
    }

    /// The same two with the second first.
    pub(super) fn reversed(self) -> Result<Self> {
        let around = |interval: Interval| Interval::new(-interval.upper(), -interval.lower(), interval.confidence());
        Ok(Self { value: -self.value, interval: self.interval.map(around).transpose()?, ..self })
    }

    /// The table with what differences say: their values under a heading, standard errors, bounds and p values.
    pub(super) fn columns(table: Table, heading: &str, differences: &[&Self]) -> Table {
        let column = |heading: &str, part: fn(&Self) -> Option<f64>, decimals| {
            Column::number(heading, differences.iter().map(|difference| part(difference))).decimals(decimals)
        };
        table
            .column(column(heading, |difference| Some(difference.value), 2))
            .column(column("std. error", Self::std_error, 2))
            .column(column("lower", |difference| Some(difference.interval?.lower()), 2))
            .column(column("upper", |difference| Some(difference.interval?.upper()), 2))
            .column(Column::p_value("p", differences.iter().map(|difference| difference.p_value())))
            .column(Column::p_value("adjusted p", differences.iter().map(|difference| difference.adjusted_p_value())))
    }

    /// The difference.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its standard error, where those of the indices are known.
    pub fn std_error(&self) -> Option<f64> {
        self.std_error
    }

    /// Its interval.
    pub fn interval(&self) -> Option<Interval> {
        self.interval
    }

    /// The two-sided p value of no difference.
    pub fn p_value(&self) -> Option<f64> {
        self.p_value
    }

    /// The p value adjusted for the number of comparisons in the family.
    pub fn adjusted_p_value(&self) -> Option<f64> {
        self.adjusted_p_value
    }
}
