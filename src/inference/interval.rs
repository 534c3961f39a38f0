//! From the values of a quantity in the replicates to its bias, standard error, test and intervals.

use std::fmt;

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::error::{ErrorKind, Result};
use crate::index::{Confidence, Interval};
use crate::numeric::{check, describe, rounding};

/// How an interval is made from replicates.
///
/// # Examples
///
/// ```
/// use satindex::Confidence;
/// use satindex::inference::{Distribution, IntervalType};
///
/// let draws: Vec<f64> = (0..=100).map(|k| f64::from(k * k) / 10_000.0).collect();
/// let distribution = Distribution::new(0.25, draws)?;
/// let [percentile, basic] = [IntervalType::Percentile, IntervalType::Basic]
///     .map(|kind| distribution.interval(Confidence::P90, kind).unwrap());
/// // A basic interval is a percentile interval mirrored at the estimate.
/// assert!((basic.lower() - (0.5 - percentile.upper())).abs() < 1e-12);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[doc(alias = "BCa")]
#[doc(alias = "bias-corrected and accelerated")]
#[doc(alias = "percentile interval")]
#[doc(alias = "confidence interval")]
#[doc(alias = "bootstrap-t")]
pub enum IntervalType {
    /// θ̂ ± z·se, with quantiles z of the normal distribution.
    StandardNormal,
    /// θ̂ ± t·se, with quantiles t of Student's distribution with n − 1 degrees of freedom.
    StudentT,
    /// The quantiles of the replicates.
    #[default]
    Percentile,
    /// The percentile interval reflected at the estimate: 2θ̂ minus the quantiles.
    Basic,
    /// The percentile interval at levels corrected for median bias.
    BiasCorrected,
    /// The bias-corrected interval at levels corrected for acceleration too, from the jackknife (Efron 1987).
    Bca,
    /// θ̂ minus the quantiles of (θ* − θ̂)/se* times se, with each replicate's own standard error se*.
    Studentised,
}

/// A quantity with its values in the replicates.
///
/// # Numerical notes
///
/// Quantiles interpolate between order statistics (type 7, the default of R, cSEM and seminr). The standard error is
/// the standard deviation of the replicates with divisor B − 1. cSEM centres its standard normal, Student t, basic and
/// studentised intervals on 2θ̂ − θ̄* unless told otherwise; [`Distribution::debiased`] gives those.
///
/// # References
///
/// Efron, B. (1987). Better bootstrap confidence intervals. *Journal of the American Statistical Association*, 82,
/// 171–185. <https://doi.org/10.1080/01621459.1987.10478410>
/// Davison, A. C., Hinkley, D. V. (1997). *Bootstrap Methods and their Application*, ch. 5.
///
/// # Examples
///
/// ```
/// use satindex::Confidence;
/// use satindex::inference::{Distribution, IntervalType};
///
/// let draws: Vec<f64> = (0..=100).map(|k| f64::from(k) / 100.0).collect();
/// let distribution = Distribution::new(0.5, draws)?;
/// let interval = distribution.interval(Confidence::P90, IntervalType::Percentile)?;
/// assert!((interval.lower() - 0.05).abs() < 1e-12 && (interval.upper() - 0.95).abs() < 1e-12);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
#[doc(alias = "bootstrap distribution")]
#[doc(alias = "bias")]
#[doc(alias = "p-value")]
pub struct Distribution {
    estimate: f64,
    centre: f64,
    draws: Vec<f64>,
    /// Each replicate's own standard error, where known.
    errors: Option<Vec<f64>>,
    acceleration: Option<f64>,
    degrees: Option<f64>,
}

impl Distribution {
    /// An estimate and its values in two replicates or more.
    ///
    /// # Errors
    ///
    /// Fewer than two replicates; a number that is not finite.
    pub fn new(estimate: f64, draws: impl Into<Vec<f64>>) -> Result<Self> {
        let draws = draws.into();
        check::finite(estimate, || "the estimate".into())?;
        if draws.len() < 2 {
            let place = "the number of replicates is".into();
            let expected = "at least 2".into();
            return Err(ErrorKind::Domain { place, value: draws.len() as f64, expected }.into());
        }
        for (number, draw) in draws.iter().enumerate() {
            check::finite(*draw, || format!("replicate {}", number + 1))?;
        }
        Ok(Self { estimate, centre: estimate, draws, errors: None, acceleration: None, degrees: None })
    }

    /// With the leave-one-out values from which a [`IntervalType::Bca`] interval takes its acceleration
    /// a = Σ(θ̄ − θ₍ᵢ₎)³ / 6(Σ(θ̄ − θ₍ᵢ₎)²)^{3/2}; their number less one gives the degrees of freedom of
    /// [`IntervalType::StudentT`].
    ///
    /// # Errors
    ///
    /// Fewer than two values, or one that is not finite.
    pub fn with_jackknife(self, values: &[f64]) -> Result<Self> {
        let spread = Self::new(self.estimate, values)?;
        let mean = spread.mean();
        let power = |power: i32| values.iter().map(|value| (mean - value).powi(power)).sum::<f64>();
        let squares = power(2);
        let acceleration = if squares > 0.0 { power(3) / (6.0 * squares.powf(1.5)) } else { 0.0 };
        Ok(Self { acceleration: Some(acceleration), degrees: Some(values.len() as f64 - 1.0), ..self })
    }

    /// With each replicate's own standard error, for a [`IntervalType::Studentised`] interval.
    ///
    /// # Errors
    ///
    /// Another number of them than of replicates; one that is not positive.
    pub fn with_std_errors(self, errors: impl Into<Vec<f64>>) -> Result<Self> {
        let errors = errors.into();
        check::length(errors.len(), self.draws.len(), || "the list of standard errors".into())?;
        for (number, error) in errors.iter().enumerate() {
            check::positive(*error, || format!("the standard error of replicate {}", number + 1))?;
        }
        Ok(Self { errors: Some(errors), ..self })
    }

    /// Checks what was read.
    #[cfg_attr(not(feature = "serde"), allow(dead_code, reason = "nothing is read"))]
    fn check(&self) -> Result<()> {
        Self::new(self.estimate, self.draws.as_slice())?;
        for number in [Some(self.centre), self.acceleration, self.degrees].into_iter().flatten() {
            check::finite(number, || "a number of the distribution".into())?;
        }
        let Some(errors) = &self.errors else { return Ok(()) };
        check::length(errors.len(), self.draws.len(), || "the list of standard errors".into())?;
        errors.iter().try_for_each(|error| check::non_negative(*error, || "a standard error".into()).map(drop))
    }

    pub(super) fn resampled(self, degrees: f64, acceleration: Option<f64>) -> Self {
        Self { acceleration, degrees: Some(degrees), ..self }
    }

    pub(super) fn with_own_errors(self, errors: Vec<f64>) -> Self {
        Self { errors: Some(errors), ..self }
    }

    /// The same distribution, with intervals centred on the estimate less its bias, 2θ̂ − θ̄*, as cSEM has them.
    /// Percentile, bias-corrected and BCa intervals have no centre and stay as they are.
    #[must_use]
    pub fn debiased(self) -> Self {
        Self { centre: 2.0 * self.estimate - self.mean(), ..self }
    }

    /// The estimate in the sample itself.
    pub fn estimate(&self) -> f64 {
        self.estimate
    }

    /// The values in the replicates that gave one, in the order of the replicates.
    pub fn draws(&self) -> &[f64] {
        &self.draws
    }

    /// The mean of the replicates.
    pub fn mean(&self) -> f64 {
        describe::mean(&self.draws)
    }

    /// The mean of the replicates less the estimate.
    pub fn bias(&self) -> f64 {
        self.mean() - self.estimate
    }

    /// The standard deviation of the replicates, divisor B − 1.
    pub fn std_error(&self) -> f64 {
        describe::variance(&self.draws, 1.0).sqrt()
    }

    /// The estimate in standard errors; `None` where the replicates do not vary.
    pub fn t(&self) -> Option<f64> {
        let error = self.std_error();
        // A weight that is 1 by definition varies by rounding only.
        (error > 1e-12 * self.estimate.abs()).then(|| self.estimate / error)
    }

    /// The two-sided probability of a t this large under a normal distribution around 0.
    pub fn p_value(&self) -> Option<f64> {
        self.t().map(|t| 2.0 * Normal::standard().sf(t.abs()))
    }

    /// The acceleration of the BCa interval, where leave-one-out values are known.
    pub fn acceleration(&self) -> Option<f64> {
        self.acceleration
    }

    /// An interval of one of the types in use.
    ///
    /// # Errors
    ///
    /// A BCa interval, or Student's degrees of freedom, without leave-one-out values; a studentised interval without
    /// standard errors of the replicates; a bias-corrected interval when all replicates lie on one side of the estimate.
    pub fn interval(&self, confidence: Confidence, kind: IntervalType) -> Result<Interval> {
        let tails = [confidence.tail(), 1.0 - confidence.tail()];
        let [lower, upper] = match kind {
            IntervalType::StandardNormal => tails.map(|p| self.centre + normal_quantile(p) * self.std_error()),
            IntervalType::StudentT => {
                let degrees = self.degrees.ok_or_else(|| needs("a Student t interval", "leave-one-out values"))?;
                let student = StudentsT::new(0.0, 1.0, degrees)
                    .map_err(|_| needs("a Student t interval", "more than one respondent"))?;
                tails.map(|p| self.centre + student.inverse_cdf(p) * self.std_error())
            }
            IntervalType::Percentile => self.quantiles(tails),
            IntervalType::Basic => {
                let [lower, upper] = self.quantiles(tails);
                [2.0 * self.centre - upper, 2.0 * self.centre - lower]
            }
            IntervalType::BiasCorrected => self.corrected(tails, 0.0)?,
            IntervalType::Bca => {
                let needed = || needs("a BCa interval", "leave-one-out values");
                self.corrected(tails, self.acceleration.ok_or_else(needed)?)?
            }
            IntervalType::Studentised => {
                let needed = || needs("a studentised interval", "each replicate's own standard error");
                let errors = self.errors.as_ref().ok_or_else(needed)?;
                let pivot = |(draw, error): (&f64, &f64)| (draw - self.estimate) / error;
                let mut pivots: Vec<f64> = self.draws.iter().zip(errors).map(pivot).collect();
                let [lower, upper] = tails.map(|p| describe::quantile(&mut pivots, p));
                [self.centre - upper * self.std_error(), self.centre - lower * self.std_error()]
            }
        };
        Interval::new(lower, upper, confidence)
    }

    fn quantiles(&self, levels: [f64; 2]) -> [f64; 2] {
        let mut draws = self.draws.clone();
        levels.map(|level| describe::quantile(&mut draws, level))
    }

    /// Quantiles at Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))), with z₀ from the share of replicates not above the estimate.
    fn corrected(&self, levels: [f64; 2], acceleration: f64) -> Result<[f64; 2]> {
        let not_above = |draw: f64| draw <= self.estimate || rounding::equal(draw, self.estimate);
        let below = self.draws.iter().filter(|draw| not_above(**draw)).count();
        let share = below as f64 / self.draws.len() as f64;
        if below == 0 || below == self.draws.len() {
            if self.t().is_none() {
                return Ok([self.estimate; 2]);
            }
            let place = "a bias-corrected interval".into();
            let reason = "needs replicates on both sides of the estimate".into();
            return Err(ErrorKind::Degenerate { place, reason }.into());
        }
        let bias = normal_quantile(share);
        Ok(self.quantiles(levels.map(|level| {
            let z = bias + normal_quantile(level);
            Normal::standard().cdf(bias + z / (1.0 - acceleration * z))
        })))
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (estimate, error) = (self.estimate, self.std_error());
        write!(f, "{estimate:.4} (std. error {error:.4} from {} replicates)", self.draws.len())
    }
}

checked_when_read!(Distribution);

fn needs(what: &str, needed: &str) -> ErrorKind {
    ErrorKind::Unsupported { place: what.into(), reason: format!("needs {needed}") }
}

fn normal_quantile(level: f64) -> f64 {
    Normal::standard().inverse_cdf(level)
}
