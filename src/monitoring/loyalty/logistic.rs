//! The loyalty curve as a logistic one.

use std::fmt;

use statrs::distribution::{ContinuousCDF, Normal};

use crate::error::{ErrorKind, Result};
use crate::index::{Confidence, Interval};
use crate::monitoring::loyalty::Pairs;
use crate::monitoring::loyalty::cells::Cells;
use crate::monitoring::loyalty::curve::{self, CurvePoint};
use crate::numeric::check;
use crate::table::Table;

/// Logistic regression of intention on satisfaction.
///
/// # Formula
///
/// ln(p/(1 − p)) = a + bx at a satisfaction x, by maximum likelihood (iteratively reweighted least squares, that is
/// Newton's method). With the covariance matrix V of (a, b), the interval at x is that of the logit,
/// a + bx ± z√(v₁₁ + 2xv₁₂ + x²v₂₂), taken back to shares. V is the inverse of the information; under sampling weights it
/// is I⁻¹(Σw²(y − p)²xx′)I⁻¹ (Binder 1983), in which the unit of the weights does not matter.
///
/// # References
///
/// - `McCullagh`, P., Nelder, J. A. (1989). *Generalized Linear Models*, 2nd ed., chapter 4.
/// - Albert, A., Anderson, J. A. (1984). On the existence of maximum likelihood estimates in logistic regression models.
///   *Biometrika*, 71, 1–10. <https://doi.org/10.1093/biomet/71.1.1>
/// - Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex surveys. *International
///   Statistical Review*, 51, 279–292. <https://doi.org/10.2307/1402588>
/// - Fieller, E. C. (1954). Some problems in interval estimation. *Journal of the Royal Statistical Society B*, 16,
///   175–185. <https://doi.org/10.1111/j.2517-6161.1954.tb00159.x>
///
/// # Examples
///
/// ```
/// use satindex::Confidence;
/// use satindex::monitoring::loyalty::{LogisticCurve, Pairs};
///
/// let satisfaction: Vec<f64> = (0..=100).map(f64::from).collect();
/// let again: Vec<bool> = (0..=100).map(|x| (x > 50) != (x % 4 == 0)).collect();
/// let curve = LogisticCurve::fit(&Pairs::new(satisfaction, again)?)?;
/// let point = curve.point(90.0, Confidence::P95)?;
/// assert_eq!(format!("{:.2} {}", point.share(), point.interval()), "0.77 [0.61, 0.88]");
/// let (needed, interval) = curve.satisfaction_for(0.8, Confidence::P95)?;
/// assert_eq!(format!("{needed:.0} {:.0}", interval.unwrap()), "95 [76, 145]");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LogisticCurve {
    intercept: f64,
    slope: f64,
    /// The variance of the intercept, the covariance, the variance of the slope.
    covariance: [f64; 3],
    /// Where the curve was fitted from: all variances are least about here.
    centre: f64,
    deviance_explained: f64,
    range: (f64, f64),
    dropped: usize,
}

/// Newton steps; where a maximum exists a few dozen reach it, however close to separation.
const STEPS: usize = 200;

impl LogisticCurve {
    /// The curve of these pairs.
    ///
    /// # Errors
    ///
    /// Everybody of one intention or of one satisfaction; a satisfaction that parts those who say yes from those who say
    /// no ([`ErrorKind::Separated`]), so that the likelihood has no maximum.
    pub fn fit(pairs: &Pairs) -> Result<Self> {
        let cells = pairs.cells();
        exists(&cells)?;
        let total: f64 = cells.weights.iter().sum();
        let centre = cells.values.iter().zip(&cells.weights).map(|(value, weight)| value * weight).sum::<f64>() / total;
        // In units of the range, squares neither vanish nor overflow.
        let scale = cells.values[cells.len() - 1] - cells.values[0];
        let unit: Vec<f64> = cells.values.iter().map(|value| (value - centre) / scale).collect();
        let line = maximum(&unit, &cells)?;
        let [intercept, slope] = line;
        let [v11, v12, v22] = covariance(line, &unit, &cells);

        check::finite(v22 / (scale * scale), || "the variance of the slope of the loyalty curve".into())?;
        let share = cells.yes.iter().sum::<f64>() / total;
        let null = total * (share * share.ln() + (1.0 - share) * (1.0 - share).ln());
        Ok(Self {
            intercept,
            slope: slope / scale,
            covariance: [v11, v12 / scale, v22 / (scale * scale)],
            centre,
            deviance_explained: 1.0 - log_likelihood(line, &unit, &cells) / null,
            range: (cells.values[0], cells.values[cells.len() - 1]),
            dropped: pairs.dropped(),
        })
    }

    /// a: the logit at a satisfaction of 0.
    pub fn intercept(&self) -> f64 {
        self.intercept - self.slope * self.centre
    }

    /// b: by how much the logit rises with each point of satisfaction. The odds are multiplied by eᵇ.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// The standard error of a.
    pub fn intercept_std_error(&self) -> f64 {
        self.std_error(0.0)
    }

    /// The standard error of b.
    pub fn slope_std_error(&self) -> f64 {
        self.covariance[2].sqrt()
    }

    /// b ± z·se.
    pub fn slope_interval(&self, confidence: Confidence) -> Interval {
        let half = confidence.z() * self.slope_std_error();
        Interval::in_order(self.slope - half, self.slope + half, confidence)
    }

    /// The two-sided p-value of Wald's test of b = 0.
    pub fn p_value(&self) -> f64 {
        2.0 * Normal::standard().sf((self.slope / self.slope_std_error()).abs())
    }

    /// The share of the deviance of a level curve that this one explains, 1 − ln L/ln L₀ (McFadden 1974): 0 to 1.
    pub fn deviance_explained(&self) -> f64 {
        self.deviance_explained
    }

    fn logit(&self, satisfaction: f64) -> f64 {
        self.intercept + self.slope * (satisfaction - self.centre)
    }

    /// The standard error of the logit.
    fn std_error(&self, satisfaction: f64) -> f64 {
        let ([v11, v12, v22], x) = (self.covariance, satisfaction - self.centre);
        (v11 + 2.0 * x * v12 + x * x * v22).max(0.0).sqrt()
    }

    /// The share at a satisfaction with its pointwise interval.
    ///
    /// # Errors
    ///
    /// A satisfaction that is not on 0–100.
    pub fn point(&self, satisfaction: f64, confidence: Confidence) -> Result<CurvePoint> {
        let inside = (0.0..=100.0).contains(&satisfaction);
        check::domain(satisfaction, inside, || "the satisfaction".into(), "a number from 0 to 100")?;
        Ok(self.at(satisfaction, confidence))
    }

    fn at(&self, satisfaction: f64, confidence: Confidence) -> CurvePoint {
        let (logit, half) = (self.logit(satisfaction), confidence.z() * self.std_error(satisfaction));
        // What is infinite either way (a range of satisfaction next to nothing, far away) is not known at all.
        let bound = |logit: f64, unknown: f64| if logit.is_nan() { unknown } else { expit(logit) };
        let interval = Interval::in_order(bound(logit - half, 0.0), bound(logit + half, 1.0), confidence);
        CurvePoint { satisfaction, share: expit(logit), interval }
    }

    /// The satisfaction at which the curve reaches a share, with Fieller's interval: all satisfactions at which the share
    /// is compatible with the data, |a + bx − ln(p/(1 − p))| ≤ z√(v₁₁ + 2xv₁₂ + x²v₂₂). There is no bounded interval
    /// (`None`) where b is not significant at the level. Neither the satisfaction nor the interval need be on 0–100: the
    /// curve may not reach the share there.
    ///
    /// # Errors
    ///
    /// A share that is not between 0 and 1, or a slope of 0.
    pub fn satisfaction_for(&self, share: f64, confidence: Confidence) -> Result<(f64, Option<Interval>)> {
        check::domain(share, share > 0.0 && share < 1.0, || "the share".into(), "a number between 0 and 1")?;
        let distance = (share / (1.0 - share)).ln() - self.intercept;
        let x = distance / self.slope;
        if !x.is_finite() {
            let reason = "it is level, and reaches no other share than its own".into();
            return Err(ErrorKind::Degenerate { place: "the loyalty curve".into(), reason }.into());
        }
        Ok((self.centre + x, self.fieller(distance, confidence)))
    }

    /// The roots of (bx − d)² = z²(v₁₁ + 2xv₁₂ + x²v₂₂), as A x² − 2Bx + C = 0.
    fn fieller(&self, distance: f64, confidence: Confidence) -> Option<Interval> {
        let ([v11, v12, v22], z) = (self.covariance, confidence.z());
        let a = self.slope * self.slope - z * z * v22;
        let b = self.slope * distance + z * z * v12;
        let c = distance * distance - z * z * v11;
        let root = (b * b - a * c).max(0.0).sqrt();
        let bounds = [(b - root) / a, (b + root) / a].map(|x| self.centre + x);
        let bounded = a > 0.0 && bounds.iter().all(|bound| bound.is_finite());
        bounded.then(|| Interval::in_order(bounds[0], bounds[1], confidence))
    }

    /// How many rows were left out because satisfaction or intention is missing.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// The curve at the ends of the observed range and the tens between them, with intervals of 95 %.
    pub fn table(&self) -> Table {
        let points = curve::grid(self.range.0, self.range.1);
        let points: Vec<CurvePoint> = points.into_iter().map(|point| self.at(point, Confidence::P95)).collect();
        let slope = format!("{:.4} {:.4}", self.slope, self.slope_interval(Confidence::P95));
        let table = curve::table("Loyalty curve (logistic)", &points).note(format!("slope of the logit: {slope}"));
        if self.dropped == 0 { table } else { table.note(format!("{} rows left out", self.dropped)) }
    }
}

impl fmt::Display for LogisticCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

/// 1/(1 + e⁻ˣ)
fn expit(x: f64) -> f64 {
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

/// ln(1 + eˣ)
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Nothing, if the likelihood has a maximum: it has where yes and no overlap (Albert & Anderson 1984).
fn exists(cells: &Cells) -> Result<()> {
    let degenerate =
        |reason: &str| Err(ErrorKind::Degenerate { place: "the loyalty curve".into(), reason: reason.into() }.into());
    let some = |says: fn(f64, f64) -> bool| {
        let at = (0..cells.len()).filter(move |at| says(cells.yes[*at], cells.weights[*at]));
        let values: Vec<f64> = at.map(|at| cells.values[at]).collect();
        Some((*values.first()?, *values.last()?))
    };
    let (yes, no) = (some(|yes, _| yes > 0.0), some(|yes, weight| yes < weight));
    let (Some((least_yes, most_yes)), Some((least_no, most_no))) = (yes, no) else {
        return degenerate("everybody has the same intention");
    };
    if cells.len() == 1 {
        return degenerate("everybody has the same satisfaction");
    }
    if most_no <= least_yes {
        return Err(ErrorKind::Separated { below: "no", above: "yes", from: most_no, to: least_yes }.into());
    }
    if most_yes <= least_no {
        return Err(ErrorKind::Separated { below: "yes", above: "no", from: most_yes, to: least_no }.into());
    }
    Ok(())
}

fn log_likelihood([a, b]: [f64; 2], unit: &[f64], cells: &Cells) -> f64 {
    let term = |(x, (yes, weight)): (&f64, (&f64, &f64))| yes * (a + b * x) - weight * softplus(a + b * x);
    unit.iter().zip(cells.yes.iter().zip(&cells.weights)).map(term).sum()
}

/// The sums of a symmetric 2 × 2 matrix of weights in (1, x).
fn information(unit: &[f64], weight: impl Fn(usize) -> f64) -> [f64; 3] {
    unit.iter().enumerate().fold([0.0; 3], |[s, sx, sxx], (at, x)| {
        let weight = weight(at);
        [s + weight, sx + weight * x, sxx + weight * x * x]
    })
}

/// The inverse of a symmetric 2 × 2 matrix.
fn inverse([a, b, c]: [f64; 3]) -> [f64; 3] {
    let determinant = a * c - b * b;
    [c / determinant, -b / determinant, a / determinant]
}

/// The line of logits that is likeliest, by Newton's method with halved steps.
fn maximum(unit: &[f64], cells: &Cells) -> Result<[f64; 2]> {
    let mut line = [0.0; 2];
    let mut value = log_likelihood(line, unit, cells);
    let mut change = f64::INFINITY;
    for _ in 0..STEPS {
        let [v11, v12, v22] = inverse(information(unit, |at| cells.weights[at] * both(line, unit[at])));
        let [g, gx, _] = information(unit, |at| {
            // y − wp, without cancellation where p is close to 1.
            let logit = line[0] + line[1] * unit[at];
            cells.yes[at] * expit(-logit) - (cells.weights[at] - cells.yes[at]) * expit(logit)
        });
        let step = [v11 * g + v12 * gx, v12 * g + v22 * gx];
        if !step.iter().all(|step| step.is_finite()) {
            break;
        }
        change = step[0].abs().max(step[1].abs());
        let mut length = 1.0;
        let mut next = [line[0] + step[0], line[1] + step[1]];
        let mut reached = log_likelihood(next, unit, cells);
        // Close to the maximum rounding decides which of two values is greater.
        while reached < value - 1e-12 * value.abs() && length > 1e-9 {
            length /= 2.0;
            next = [line[0] + length * step[0], line[1] + length * step[1]];
            reached = log_likelihood(next, unit, cells);
        }
        (line, value) = (next, reached);
        if change <= 1e-12 * (1.0 + line[0].abs() + line[1].abs()) {
            return Ok(line);
        }
    }
    Err(ErrorKind::NotConverged { what: "the loyalty curve".into(), iterations: STEPS, change }.into())
}

/// p(1 − p), without cancellation where p is close to 1.
fn both([a, b]: [f64; 2], x: f64) -> f64 {
    expit(a + b * x) * expit(-a - b * x)
}

/// The covariance matrix of intercept and slope.
fn covariance(line: [f64; 2], unit: &[f64], cells: &Cells) -> [f64; 3] {
    let bread = inverse(information(unit, |at| cells.weights[at] * both(line, unit[at])));
    let Some(squares) = &cells.squares else { return bread };
    let [m11, m12, m22] = information(unit, |at| {
        let logit = line[0] + line[1] * unit[at];
        squares[at][0] * expit(logit).powi(2) + squares[at][1] * expit(-logit).powi(2)
    });
    let [b11, b12, b22] = bread;
    // BMB, row by row.
    let top = [b11 * m11 + b12 * m12, b11 * m12 + b12 * m22];
    let bottom = [b12 * m11 + b22 * m12, b12 * m12 + b22 * m22];
    [top[0] * b11 + top[1] * b12, top[0] * b12 + top[1] * b22, bottom[0] * b12 + bottom[1] * b22]
}
