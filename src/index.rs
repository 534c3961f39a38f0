//! The index: what a satisfaction study is published as.

use std::fmt;

use statrs::distribution::{ContinuousCDF, Normal};

use crate::error::{Error, Result};
use crate::numeric::check;

/// The share of repeated studies whose interval would hold the true value: between 0 and 1.
///
/// # Examples
///
/// ```
/// use satindex::Confidence;
///
/// assert_eq!(Confidence::P95.level(), 0.95);
/// assert!(Confidence::new(95.0).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "f64", into = "f64"))]
pub struct Confidence(f64);

impl Confidence {
    /// 90 %.
    pub const P90: Self = Self(0.90);
    /// 95 %.
    pub const P95: Self = Self(0.95);
    /// 99 %.
    pub const P99: Self = Self(0.99);

    /// A level strictly between 0 and 1.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub fn new(level: f64) -> Result<Self> {
        let inside = level > 0.0 && level < 1.0;
        check::domain(level, inside, || "the confidence level".into(), "a number between 0 and 1").map(Self)
    }

    /// The level.
    pub fn level(self) -> f64 {
        self.0
    }

    /// The probability left in each tail, (1 − level) / 2.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// The quantile of the standard normal distribution with this probability on either side of 0.
    pub(crate) fn z(self) -> f64 {
        -Normal::standard().inverse_cdf(self.tail())
    }
}

impl TryFrom<f64> for Confidence {
    type Error = Error;

    fn try_from(level: f64) -> Result<Self> {
        Self::new(level)
    }
}

impl From<Confidence> for f64 {
    fn from(confidence: Confidence) -> Self {
        confidence.0
    }
}

/// The bounds between which a value is held to lie, at a confidence level.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawInterval"))]
pub struct Interval {
    lower: f64,
    upper: f64,
    confidence: Confidence,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInterval {
    lower: f64,
    upper: f64,
    confidence: Confidence,
}

#[cfg(feature = "serde")]
impl TryFrom<RawInterval> for Interval {
    type Error = Error;

    fn try_from(raw: RawInterval) -> Result<Self> {
        Self::new(raw.lower, raw.upper, raw.confidence)
    }
}

impl Interval {
    /// Finite bounds, the lower first.
    ///
    /// # Errors
    ///
    /// When a bound is not finite, or the lower lies above the upper.
    pub fn new(lower: f64, upper: f64, confidence: Confidence) -> Result<Self> {
        check::finite(upper, || "the upper bound".into())?;
        check::domain(lower, lower <= upper, || "the lower bound".into(), "at most the upper bound")?;
        Ok(Self { lower, upper, confidence })
    }

    /// Bounds that are known to be finite, the lower first.
    pub(crate) fn in_order(lower: f64, upper: f64, confidence: Confidence) -> Self {
        Self { lower, upper, confidence }
    }

    /// The lower bound.
    pub fn lower(&self) -> f64 {
        self.lower
    }

    /// The upper bound.
    pub fn upper(&self) -> f64 {
        self.upper
    }

    /// The confidence level.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Does a value lie between the bounds, or on one?
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        write!(f, "[{:.digits$}, {:.digits$}]", self.lower, self.upper)
    }
}

/// A value on 0–100, with how far it is known and how it came about.
///
/// # Examples
///
/// ```
/// use satindex::Index;
///
/// let index = Index::new(71.5, 250.0, "mean of three questions")?;
/// assert_eq!(index.to_string(), "71.50");
/// assert!(Index::new(171.5, 250.0, "a slip").is_err());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawIndex"))]
pub struct Index {
    value: f64,
    std_error: Option<f64>,
    interval: Option<Interval>,
    n: f64,
    method: String,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIndex {
    value: f64,
    std_error: Option<f64>,
    interval: Option<Interval>,
    n: f64,
    method: String,
}

#[cfg(feature = "serde")]
impl TryFrom<RawIndex> for Index {
    type Error = Error;

    fn try_from(raw: RawIndex) -> Result<Self> {
        let index = Self::new(raw.value, raw.n, raw.method)?;
        let index = raw.std_error.map_or(Ok(index.clone()), |error| index.with_std_error(error))?;
        Ok(Self { interval: raw.interval, ..index })
    }
}

/// How far past an end of the scale rounding may carry a mean of values that lie on it.
const ROUNDING: f64 = 1e-9;

impl Index {
    /// A value on 0–100 from `n` answers (the sum of the case weights), and the name of its method.
    ///
    /// # Errors
    ///
    /// When the value is not on the scale, or `n` is negative; NaN is neither.
    pub fn new(value: f64, n: f64, method: impl Into<String>) -> Result<Self> {
        let inside = (-ROUNDING..=100.0 + ROUNDING).contains(&value);
        let value = check::domain(value, inside, || "the index".into(), "a number from 0 to 100")?;
        check::non_negative(n, || "the number of answers behind the index".into())?;
        Ok(Self { value: value.clamp(0.0, 100.0), std_error: None, interval: None, n, method: method.into() })
    }

    /// The same value with its standard error.
    ///
    /// # Errors
    ///
    /// When the standard error is negative or not finite.
    pub fn with_std_error(mut self, std_error: f64) -> Result<Self> {
        self.std_error = Some(check::non_negative(std_error, || "the standard error of the index".into())?);
        Ok(self)
    }

    /// The same value with the interval that its standard error and the normal distribution give, cut off at 0 and 100;
    /// without a standard error, as it is.
    pub(crate) fn with_normal_interval(self, confidence: Confidence) -> Result<Self> {
        let Some(std_error) = self.std_error else { return Ok(self) };
        let reach = confidence.z() * std_error;
        let interval = Interval::new((self.value - reach).max(0.0), (self.value + reach).min(100.0), confidence)?;
        Ok(self.with_interval(interval))
    }

    /// The same value with its interval.
    #[must_use]
    pub fn with_interval(mut self, interval: Interval) -> Self {
        self.interval = Some(interval);
        self
    }

    /// The value, from 0 to 100.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The standard error, where one is known.
    pub fn std_error(&self) -> Option<f64> {
        self.std_error
    }

    /// The interval, where one is known.
    pub fn interval(&self) -> Option<Interval> {
        self.interval
    }

    /// How many answers stand behind the value: the sum of the case weights.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// How the value came about.
    pub fn method(&self) -> &str {
        &self.method
    }
}

impl fmt::Display for Index {
    /// The value to two decimals, or to the precision asked for, followed by the interval where there is one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        write!(f, "{:.digits$}", self.value)?;
        match &self.interval {
            Some(interval) => write!(f, " {interval:.digits$}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_on_the_scale() {
        for value in [f64::NAN, f64::INFINITY, -0.1, 100.1] {
            assert!(Index::new(value, 1.0, "m").is_err());
        }
        assert_eq!(Index::new(100.0 + 1e-12, 1.0, "m").unwrap().value(), 100.0);
        assert!(Index::new(50.0, f64::NAN, "m").is_err());
        assert!(Index::new(50.0, 1.0, "m").unwrap().with_std_error(-1.0).is_err());
    }

    #[test]
    fn shows_its_interval() {
        let interval = Interval::new(70.0, 73.0, Confidence::P95).unwrap();
        let index = Index::new(71.5, 250.0, "m").unwrap().with_interval(interval);
        assert_eq!(format!("{index:.1}"), "71.5 [70.0, 73.0]");
        assert!(Interval::new(2.0, 1.0, Confidence::P95).is_err());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let index = Index::new(71.5, 250.0, "m").unwrap().with_std_error(0.9).unwrap();
        let text = serde_json::to_string(&index).unwrap();
        assert_eq!(serde_json::from_str::<Index>(&text).unwrap(), index);
        assert!(serde_json::from_str::<Index>(&text.replace("71.5", "171.5")).is_err());
        assert!(serde_json::from_str::<Confidence>("1.5").is_err());
    }
}
