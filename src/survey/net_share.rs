//! The share of good answers less that of bad ones: net promoter scores and their kin.

use std::fmt;

use crate::error::Result;
use crate::index::{Confidence, Index, Interval};
#[cfg(feature = "serde")]
use crate::numeric::check;

/// The share of good answers less the share of bad ones, from −1 to 1: see [`Counts::net`](super::Counts::net).
///
/// Value, standard error and intervals are shares, and printed as such; [`NetShare::points`] is the value from −100 to 100,
/// as net promoter scores are published.
///
/// # Formula
///
/// With the shares g and b, the value is g − b and its standard error √((g + b − (g − b)²)/n).
///
/// # References
///
/// Rocks, B. (2016). Interval estimation for the "Net Promoter Score". *The American Statistician*, 70(4), 365–372.
/// <https://doi.org/10.1080/00031305.2016.1198276>
#[doc(alias("NPS", "net promoter score", "net satisfaction"))]
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Raw"))]
pub struct NetShare {
    pub(super) good: f64,
    pub(super) bad: f64,
    pub(super) effective_n: f64,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    good: f64,
    bad: f64,
    effective_n: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for NetShare {
    type Error = crate::Error;

    fn try_from(Raw { good, bad, effective_n }: Raw) -> Result<Self> {
        check::unit(good, || "the share of good answers".into())?;
        check::unit(bad, || "the share of bad answers".into())?;
        // Shares that sum to 1 may do so up to rounding.
        let possible = good + bad <= 1.0 + 4.0 * f64::EPSILON;
        check::domain(good + bad, possible, || "the share of good and bad answers".into(), "at most 1")?;
        check::positive(effective_n, || "the effective number of answers".into())?;
        Ok(Self { good, bad, effective_n })
    }
}

impl NetShare {
    /// g − b.
    pub fn value(&self) -> f64 {
        self.good - self.bad
    }

    /// 100·(g − b), the net promoter score in points.
    pub fn points(&self) -> f64 {
        100.0 * self.value()
    }

    /// The share of good answers.
    pub fn good(&self) -> f64 {
        self.good
    }

    /// The share of bad answers.
    pub fn bad(&self) -> f64 {
        self.bad
    }

    /// √((g + b − (g − b)²)/n).
    pub fn std_error(&self) -> f64 {
        (self.variance() / self.effective_n).sqrt()
    }

    fn variance(&self) -> f64 {
        (self.good + self.bad - self.value().powi(2)).max(0.0)
    }

    /// The adjusted Wald interval, cut off at −1 and 1: with three more answers, ¾ good, ¾ bad and 1½ neither. It keeps a
    /// width when all answers are good (Rocks 2016).
    pub fn interval(&self, confidence: Confidence) -> Interval {
        let n = self.effective_n;
        let more = |share: f64| (share * n + 0.75) / (n + 3.0);
        let adjusted = Self { good: more(self.good), bad: more(self.bad), effective_n: n + 3.0 };
        adjusted.wald(confidence)
    }

    /// The Wald interval, value ± z standard errors, cut off at −1 and 1: for comparison with reports that have it.
    pub fn wald(&self, confidence: Confidence) -> Interval {
        let reach = confidence.z() * self.std_error();
        let (lower, upper) = (self.value() - reach, self.value() + reach);
        Interval::in_order(lower.max(-1.0), upper.min(1.0), confidence)
    }

    /// The value as an index from 0 to 100, 50·(1 + g − b), with standard error and 95 % interval.
    ///
    /// # Errors
    ///
    /// None: shares of answers are what they are.
    pub fn index(&self) -> Result<Index> {
        let scaled = |value: f64| (50.0 * (1.0 + value)).clamp(0.0, 100.0);
        let interval = self.interval(Confidence::P95);
        let interval = Interval::new(scaled(interval.lower()), scaled(interval.upper()), Confidence::P95)?;
        let index = Index::new(scaled(self.value()), self.effective_n, "net share")?;
        Ok(index.with_std_error(50.0 * self.std_error())?.with_interval(interval))
    }
}

impl fmt::Display for NetShare {
    /// The value to three decimals, or to the precision asked for, with the 95 % interval.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(3);
        write!(f, "{:.digits$} {:.digits$}", self.value(), self.interval(Confidence::P95))
    }
}
