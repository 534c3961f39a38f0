//! Fuzzy numbers.

use std::fmt;

use crate::error::{Faults, Result};
use crate::numeric::check;

/// A trapezoidal fuzzy number (a, b, c, d): surely from b to c (the core), possibly from a to d (the support), with
/// straight flanks. With b = c it is triangular.
///
/// # Examples
///
/// ```
/// use satindex::ahp::{fuzzy::Defuzzification, FuzzyNumber};
///
/// let about_three = FuzzyNumber::triangular(2.0, 3.0, 5.0)?;
/// assert_eq!(about_three.cut(0.5)?, (2.5, 4.0));
/// assert_eq!(about_three.defuzzified(Defuzzification::MeanOfMaxima)?, 3.0);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias = "TFN")]
#[doc(alias = "triangular fuzzy number")]
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "[f64; 4]", into = "[f64; 4]"))]
pub struct FuzzyNumber([f64; 4]);

/// How a fuzzy number (a, b, c, d) becomes a plain one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Defuzzification {
    /// The centre of the area under the membership function; (a + b + d) / 3 for a triangle.
    #[default]
    Centroid,
    /// (b + c) / 2.
    MeanOfMaxima,
    /// (a + 2b + 2c + d) / 6, the graded mean integration (Chen & Hsieh 1999).
    GradedMean,
    /// λ (c + d) / 2 + (1 − λ)(a + b) / 2 with the optimism λ from 0 to 1 (Liou & Wang 1992,
    /// doi:10.1016/0165-0114(92)90223-Q).
    TotalIntegral(f64),
}

impl Defuzzification {
    fn checked(self) -> Result<Self> {
        if let Self::TotalIntegral(optimism) = self {
            check::unit(optimism, || "the optimism".into())?;
        }
        Ok(self)
    }
}

/// No sum of corners overflows below this.
const GREATEST: f64 = 1e300;

impl fmt::Display for Defuzzification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Centroid => f.write_str("centroid"),
            Self::MeanOfMaxima => f.write_str("mean of maxima"),
            Self::GradedMean => f.write_str("graded mean"),
            Self::TotalIntegral(optimism) => write!(f, "total integral, optimism {optimism}"),
        }
    }
}

impl FuzzyNumber {
    /// A triangular number: least possible, most likely, greatest possible.
    ///
    /// # Errors
    ///
    /// A value not finite or beyond ±10³⁰⁰; values out of order.
    pub fn triangular(least: f64, likeliest: f64, greatest: f64) -> Result<Self> {
        Self::trapezoidal(least, likeliest, likeliest, greatest)
    }

    /// A trapezoidal number by the corners a ≤ b ≤ c ≤ d of its membership function.
    ///
    /// # Errors
    ///
    /// A value not finite or beyond ±10³⁰⁰; values out of order.
    pub fn trapezoidal(a: f64, b: f64, c: f64, d: f64) -> Result<Self> {
        let corners = [a, b, c, d];
        let mut faults = Faults::default();
        for (value, place) in corners.into_iter().zip(["first", "second", "third", "last"]) {
            let place = || format!("the {place} corner of a fuzzy number");
            faults.check(check::domain(value, value.abs() <= GREATEST, place, "a number from -1e300 to 1e300"));
        }
        faults.or(())?;
        for (pair, place) in corners.windows(2).zip(["second", "third", "last"]) {
            let place = || format!("the {place} corner of a fuzzy number");
            check::domain(pair[1], pair[0] <= pair[1], place, &format!("at least {}, the corner before", pair[0]))?;
        }
        Ok(Self(corners))
    }

    /// A plain number.
    ///
    /// # Errors
    ///
    /// When it is not finite or beyond ±10³⁰⁰.
    pub fn crisp(value: f64) -> Result<Self> {
        Self::triangular(value, value, value)
    }

    /// The corners a, b, c, d.
    pub fn corners(self) -> [f64; 4] {
        self.0
    }

    /// The least and the greatest value at least as possible as `alpha`: the support at 0, the core at 1.
    ///
    /// # Errors
    ///
    /// When `alpha` is not from 0 to 1.
    pub fn cut(self, alpha: f64) -> Result<(f64, f64)> {
        let [a, b, c, d] = self.0;
        check::unit(alpha, || "the level of a cut".into())?;
        Ok((a + alpha * (b - a), d + alpha * (c - d)))
    }

    /// The plain number.
    ///
    /// # Errors
    ///
    /// When the optimism of [`Defuzzification::TotalIntegral`] is not from 0 to 1.
    pub fn defuzzified(self, method: Defuzzification) -> Result<f64> {
        let [a, b, c, d] = self.0;
        Ok(match method.checked()? {
            Defuzzification::Centroid => self.centroid(),
            Defuzzification::MeanOfMaxima => f64::midpoint(b, c),
            Defuzzification::GradedMean => (a + 2.0 * (b + c) + d) / 6.0,
            Defuzzification::TotalIntegral(optimism) => {
                optimism * f64::midpoint(c, d) + (1.0 - optimism) * f64::midpoint(a, b)
            }
        })
    }

    /// The degree to which this number may be at least the other, sup over x ≥ y of min(μ(x), μ'(y)), from 0 to 1.
    ///
    /// # References
    ///
    /// Dubois & Prade (1983), doi:10.1016/0020-0255(83)90025-7.
    pub fn possibility_at_least(self, other: Self) -> f64 {
        let ([_, _, c, d], [a, b, _, _]) = (self.0, other.0);
        if c >= b {
            return 1.0;
        }
        if a >= d {
            return 0.0;
        }
        // Where the falling flank of this number meets the rising one of the other.
        (d - a) / ((d - c) + (b - a))
    }

    /// 1 / x, for positive corners.
    pub(super) fn reciprocal(self) -> Self {
        let [a, b, c, d] = self.0;
        Self([1.0 / d, 1.0 / c, 1.0 / b, 1.0 / a])
    }

    /// Corners that are in order up to rounding.
    pub(super) fn ordered(mut corners: [f64; 4]) -> Self {
        for at in 1..corners.len() {
            corners[at] = corners[at].max(corners[at - 1]);
        }
        Self(corners)
    }

    fn centroid(self) -> f64 {
        let [a, b, c, d] = self.0;
        let range = d - a;
        if range == 0.0 {
            return a;
        }
        // In units of the support from its lower end, so that nothing cancels.
        let (p, q) = ((b - a) / range, (c - a) / range);
        a + range * ((q * q + q + 1.0 - p * p) / (3.0 * (q + 1.0 - p)))
    }
}

impl TryFrom<[f64; 4]> for FuzzyNumber {
    type Error = crate::error::Error;

    fn try_from([a, b, c, d]: [f64; 4]) -> Result<Self> {
        Self::trapezoidal(a, b, c, d)
    }
}

impl From<FuzzyNumber> for [f64; 4] {
    fn from(number: FuzzyNumber) -> Self {
        number.0
    }
}

impl fmt::Display for FuzzyNumber {
    /// The corners, to the precision asked for; three for a triangular number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0;
        let digits = f.precision().unwrap_or(4);
        write!(f, "({a:.digits$}, {b:.digits$}, ")?;
        if b != c {
            write!(f, "{c:.digits$}, ")?;
        }
        write!(f, "{d:.digits$})")
    }
}
