//! Shares of yes-or-no answers, and how far they are known.

use std::fmt;

use statrs::function::beta::beta_reg;

use crate::error::Result;
use crate::index::{Confidence, Interval};
use crate::numeric::check;

/// The way to an interval on a proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ProportionInterval {
    /// The shares that a score test does not reject (Wilson 1927); near its level at every n and p.
    #[default]
    Wilson,
    /// Wald's about Wilson's centre (Agresti & Coull 1998), cut off at 0 and 1.
    AgrestiCoull,
    /// The shares that neither binomial tail rejects (Clopper & Pearson 1934): at its level or above, hence wide.
    ClopperPearson,
    /// p ± z√(p(1 − p)/n), cut off at 0 and 1: for comparison with reports that have it; too narrow near 0 and 1.
    Wald,
}

/// A share of yes-or-no answers with the number of answers behind it.
///
/// # Formula
///
/// p = y/n of n answers. Under sampling weights w the share is Σw·y/Σw, and the intervals take Kish's effective number
/// (Σw)²/Σw² for n: the size of a simple random sample that would tell as much, if the weights have nothing to do with
/// the answers.
///
/// # References
///
/// - Newcombe, R. G. (1998). Two-sided confidence intervals for the single proportion. *Statistics in Medicine*, 17,
///   857–872.
/// - Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions. *Statistics in
///   Medicine*, 17, 873–890. Method 10.
/// - Kish, L. (1965). *Survey Sampling*, section 11.7.
///
/// # Examples
///
/// ```
/// use satindex::Confidence;
/// use satindex::survey::{Proportion, ProportionInterval};
///
/// let again = Proportion::new(56, 70)?;
/// let interval = again.interval(ProportionInterval::Wilson, Confidence::P95);
/// assert_eq!(format!("{:.3} {interval:.3}", again.share()), "0.800 [0.692, 0.877]");
/// assert_eq!(again.to_string(), "0.800 [0.692, 0.877]");
/// let difference = again.difference(&Proportion::new(48, 80)?, Confidence::P95);
/// assert_eq!(format!("{difference:.4}"), "[0.0524, 0.3339]");
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("binomial", "Wilson interval", "percentage"))]
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Raw"))]
pub struct Proportion {
    share: f64,
    n: f64,
    effective_n: f64,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    share: f64,
    n: f64,
    effective_n: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for Proportion {
    type Error = crate::error::Error;

    fn try_from(raw: Raw) -> Result<Self> {
        check::unit(raw.share, || "the share".into())?;
        check::positive(raw.n, || "the number of answers".into())?;
        check::positive(raw.effective_n, || "the effective number of answers".into())?;
        Ok(Self { share: raw.share, n: raw.n, effective_n: raw.effective_n })
    }
}

impl Proportion {
    /// So many of so many answers.
    ///
    /// # Errors
    ///
    /// No answer, or more of them than there are.
    pub fn new(yes: u64, n: u64) -> Result<Self> {
        let all = n as f64;
        check::positive(all, || "the number of answers".into())?;
        let expected = format!("at most the {n} answers");
        check::domain(yes as f64, yes <= n, || "the number of answers that count".into(), &expected)?;
        Ok(Self { share: yes as f64 / all, n: all, effective_n: all })
    }

    /// A share of weighted answers: of this sum of weights, and as good as this many answers.
    pub(crate) fn of_weights(share: f64, weight: f64, effective_n: f64) -> Self {
        Self { share: share.clamp(0.0, 1.0), n: weight, effective_n }
    }

    /// The share, from 0 to 1.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// The number of answers, or the sum of their weights.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// The number of answers that intervals go by.
    pub fn effective_n(&self) -> f64 {
        self.effective_n
    }

    /// The interval on the share, within 0 and 1.
    pub fn interval(&self, kind: ProportionInterval, confidence: Confidence) -> Interval {
        let (z, n, p) = (confidence.z(), self.effective_n, self.share);
        let (lower, upper) = match kind {
            ProportionInterval::Wilson => {
                let half = z * (n * p * (1.0 - p) + z * z / 4.0).sqrt() / (n + z * z);
                around(self.centre(z), half)
            }
            ProportionInterval::AgrestiCoull => {
                let centre = self.centre(z);
                around(centre, z * (centre * (1.0 - centre) / (n + z * z)).sqrt())
            }
            ProportionInterval::ClopperPearson => clopper_pearson(p, n, confidence.tail()),
            ProportionInterval::Wald => around(p, z * (p * (1.0 - p) / n).sqrt()),
        };
        // Rounding must not shut the share itself out: where it is 0 or 1 it is a bound of Wilson's interval.
        let agresti = kind == ProportionInterval::AgrestiCoull;
        let (lower, upper) = if agresti { (lower, upper) } else { (lower.min(p), upper.max(p)) };
        Interval::in_order(lower.max(0.0), upper.min(1.0), confidence)
    }

    /// (np + z²/2)/(n + z²)
    fn centre(&self, z: f64) -> f64 {
        (self.effective_n * self.share + z * z / 2.0) / (self.effective_n + z * z)
    }

    /// The interval on this share less another of different answerers, from both Wilson intervals:
    /// d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²).
    pub fn difference(&self, other: &Self, confidence: Confidence) -> Interval {
        let [one, two] = [self, other].map(|share| share.interval(ProportionInterval::Wilson, confidence));
        let distance = self.share - other.share;
        let below = (self.share - one.lower()).hypot(two.upper() - other.share);
        let above = (one.upper() - self.share).hypot(other.share - two.lower());
        Interval::in_order((distance - below).max(-1.0), (distance + above).min(1.0), confidence)
    }
}

impl fmt::Display for Proportion {
    /// The share to three decimals, or to the precision asked for, with Wilson's 95 % interval.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(3);
        write!(f, "{:.digits$} {:.digits$}", self.share, self.interval(ProportionInterval::Wilson, Confidence::P95))
    }
}

fn around(centre: f64, half: f64) -> (f64, f64) {
    (centre - half, centre + half)
}

/// The shares at which each binomial tail is as likely as `tail`.
fn clopper_pearson(share: f64, n: f64, tail: f64) -> (f64, f64) {
    let (yes, no) = (share * n, (1.0 - share) * n);
    // P(Y ≥ y) = I_p(y, n − y + 1), P(Y ≤ y) = 1 − I_p(y + 1, n − y): both are monotone in p.
    let lower = if yes > 0.0 { bisect(|p| beta_reg(yes, no + 1.0, p) > tail) } else { 0.0 };
    let upper = if no > 0.0 { bisect(|p| beta_reg(yes + 1.0, no, p) > 1.0 - tail) } else { 1.0 };
    (lower, upper)
}

/// The least number from 0 to 1 from which `above` holds, to the last bit.
fn bisect(above: impl Fn(f64) -> bool) -> f64 {
    let (mut lower, mut upper) = (0.0, 1.0);
    loop {
        let middle = f64::midpoint(lower, upper);
        if middle <= lower || middle >= upper {
            return upper;
        }
        if above(middle) { upper = middle } else { lower = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::ProportionInterval::{AgrestiCoull, ClopperPearson, Wald, Wilson};
    use super::*;
    use approx::assert_abs_diff_eq;
    use proptest::prelude::*;

    fn bounds(interval: Interval) -> [f64; 2] {
        [interval.lower(), interval.upper()]
    }

    /// statsmodels 0.15.0, `proportion_confint`, its bounds cut off at 0 and 1 (the first four are Newcombe's).
    #[test]
    fn intervals_agree_with_statsmodels() {
        let cases = [
            (Wilson, 81, 263, [0.2552885198782742, 0.36620957698280004]),
            (AgrestiCoull, 81, 263, [0.25522066518999675, 0.3662774316710775]),
            (ClopperPearson, 81, 263, [0.25273674558527126, 0.3676219226013514]),
            (Wald, 81, 263, [0.2521901262131072, 0.36377945553594226]),
            (Wilson, 15, 148, [0.06238639953073628, 0.16048724172330803]),
            (ClopperPearson, 15, 148, [0.05784401008344857, 0.161650490349479]),
            (Wilson, 0, 20, [0.0, 0.1611251580528194]),
            (AgrestiCoull, 0, 20, [0.0, 0.18980956054248888]),
            (ClopperPearson, 0, 20, [0.0, 0.16843347098308534]),
            (Wald, 0, 20, [0.0, 0.0]),
            (Wilson, 1, 29, [0.006113214292762667, 0.17175521879320294]),
            (AgrestiCoull, 1, 29, [0.0, 0.18628650856170612]),
            (ClopperPearson, 1, 29, [0.000872646883579922, 0.17764429548872293]),
            (Wilson, 29, 29, [0.8830302015002592, 1.0]),
            (ClopperPearson, 29, 29, [0.8805551309304973, 1.0]),
        ];
        for (kind, yes, n, expected) in cases {
            let found = bounds(Proportion::new(yes, n).unwrap().interval(kind, Confidence::P95));
            for (found, expected) in found.iter().zip(expected) {
                // The incomplete beta function is good to about 1e-14.
                assert_abs_diff_eq!(*found, expected, epsilon = 1e-13);
            }
        }
        let ninety = Proportion::new(15, 148).unwrap().interval(Wilson, Confidence::P90);
        assert_abs_diff_eq!(ninety.lower(), 0.06744326224687144, epsilon = 1e-14);
    }

    /// Newcombe (1998), table II, method 10.
    #[test]
    fn differences_agree_with_print() {
        let cases = [
            ((56, 70), (48, 80), [0.0524, 0.3339]),
            ((9, 10), (3, 10), [0.1705, 0.8090]),
            ((6, 7), (2, 7), [0.0582, 0.8062]),
            ((5, 56), (0, 29), [-0.0381, 0.1926]),
            ((0, 10), (0, 20), [-0.1611, 0.2775]),
            ((0, 10), (0, 10), [-0.2775, 0.2775]),
            ((10, 10), (0, 20), [0.6791, 1.0]),
            ((10, 10), (0, 10), [0.6075, 1.0]),
        ];
        for ((a, m), (b, n), expected) in cases {
            let (one, other) = (Proportion::new(a, m).unwrap(), Proportion::new(b, n).unwrap());
            for (found, expected) in bounds(one.difference(&other, Confidence::P95)).iter().zip(expected) {
                assert_abs_diff_eq!(*found, expected, epsilon = 5e-5);
            }
        }
    }

    #[test]
    fn only_shares_of_something() {
        assert_eq!(
            Proportion::new(0, 0).unwrap_err().to_string(),
            "the number of answers is 0; expected a positive number"
        );
        let message = Proportion::new(3, 2).unwrap_err().to_string();
        assert_eq!(message, "the number of answers that count is 3; expected at most the 2 answers");
    }

    proptest! {
        #[test]
        fn intervals_hold_the_share_and_turn_round_with_it(n in 1_u64..100_000, share in 0.0..=1.0) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let yes = (share * n as f64) as u64;
            let (some, rest) = (Proportion::new(yes, n).unwrap(), Proportion::new(n - yes, n).unwrap());
            for kind in [Wilson, AgrestiCoull, ClopperPearson, Wald] {
                let [lower, upper] = bounds(some.interval(kind, Confidence::P95));
                let [below, above] = bounds(rest.interval(kind, Confidence::P95));
                prop_assert!(0.0 <= lower && lower <= some.share() && some.share() <= upper && upper <= 1.0);
                prop_assert!((lower - (1.0 - above)).abs() < 1e-12 && (upper - (1.0 - below)).abs() < 1e-12);
            }
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let share = Proportion::new(1, 3).unwrap();
        let text = serde_json::to_string(&share).unwrap();
        assert_eq!(serde_json::from_str::<Proportion>(&text).unwrap(), share);
        assert!(serde_json::from_str::<Proportion>(&text.replace("3.0", "0.0")).is_err());
    }
}
