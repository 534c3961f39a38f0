//! From words to ratios and back.

use std::fmt;
use std::str::FromStr;

use crate::ahp::judgement::Judgements;
use crate::error::{Error, Result};
use crate::numeric::check;
use crate::serial;

/// How strongly one thing is preferred, in Saaty's nine verbal grades: 1 is equal, 9 is extreme.
///
/// ```
/// use satindex::ahp::{Grade, Scale};
///
/// let grade: Grade = "strong".parse()?;
/// assert_eq!(Scale::Linear.ratio(grade, 4)?, 5.0);
/// assert_eq!(Scale::Geometric.ratio(grade, 4)?, 16.0);
/// assert_eq!(Scale::Geometric.grade(15.0, 4)?.to_string(), "strong");
/// # Ok::<(), satindex::Error>(())
/// ```
///
/// # References
///
/// Saaty, T. L. (2008), International Journal of Services Sciences 1, table 1, doi:10.1504/IJSSCI.2008.017590.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "u8", into = "u8"))]
pub struct Grade(u8);

impl Grade {
    const NAMES: [&'static str; 9] = [
        "equal",
        "weak",
        "moderate",
        "moderate plus",
        "strong",
        "strong plus",
        "very strong",
        "very, very strong",
        "extreme",
    ];

    /// A grade by its number.
    ///
    /// # Errors
    ///
    /// When it is not from 1 to 9.
    pub fn new(number: u8) -> Result<Self> {
        let inside = (1..=9).contains(&number);
        check::domain(f64::from(number), inside, || "the grade".into(), "a number from 1 to 9")?;
        Ok(Self(number))
    }

    /// Its number, from 1 to 9.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Every grade, from equal to extreme.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        [1, 2, 3, 4, 5, 6, 7, 8, 9].into_iter().map(Self)
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Self::NAMES[usize::from(self.0) - 1])
    }
}

impl FromStr for Grade {
    type Err = Error;

    /// A grade by its name.
    fn from_str(name: &str) -> Result<Self> {
        let at = serial::find(name, "grade", &Self::NAMES)?;
        Ok(Self::all().nth(at).unwrap_or(Self(1)))
    }
}

impl TryFrom<u8> for Grade {
    type Error = Error;

    fn try_from(number: u8) -> Result<Self> {
        Self::new(number)
    }
}

impl From<Grade> for u8 {
    fn from(grade: Grade) -> Self {
        grade.0
    }
}

impl From<Grade> for f64 {
    fn from(grade: Grade) -> Self {
        Self::from(grade.0)
    }
}

/// How a grade x from 1 to 9 becomes a ratio c; the reverse preference is 1/c.
///
/// Some scales depend on the number n of things compared.
///
/// # References
///
/// The formulas, apart from the last two, as collected by Goepel, K. D. (2019), International Journal of Information
/// Technology & Decision Making 18, 445–463, doi:10.1142/S0219622019500044.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Scale {
    /// c = x (Saaty 1977).
    #[default]
    Linear,
    /// c = x² (Harker & Vargas 1987).
    Power,
    /// c = √x (Harker & Vargas 1987).
    Root,
    /// c = 2^(x − 1) (Lootsma 1989).
    Geometric,
    /// c = 9/(10 − x) (Ma & Zheng 1991).
    InverseLinear,
    /// c = (9 + x)/(11 − x): two things get weights in equal steps from 0.5 to 0.9 (Salo & Hämäläinen 1997).
    Balanced,
    /// c = (9 + (n − 1)x)/(9 + n − x): the balanced scale for n things, up to c = 9 (Goepel 2019).
    BalancedN,
    /// The balanced scale whose greatest weight is 0.9 for every n: c = (n − 1)w/(1 − w) with w in equal steps from 1/n to
    /// 0.9 (Goepel 2019).
    AdaptiveBalanced,
    /// c = x^(1 + ln(n − 1)/ln 9): the greatest weight is 0.9 for every n (Goepel 2019).
    Adaptive,
    /// c = log₂(x + 1) (Ishizaka, Balkenborg & Kaplan 2011).
    Logarithmic,
    /// c = exp(artanh(√3(x − 1)/14)), which would be infinite at x = 9.08; 8 times 8 makes 9 (Donegan, Dodd & McMaster 1992,
    /// The Statistician 41, 295–302). Tables that print 0 to 0.76 under this name have tanh.
    Asymptotical,
    /// c = exp(½(x − 1)) (Lootsma 1993, Journal of Multi-Criteria Decision Analysis 2, 87–110).
    Lootsma,
}

named!(Scale, "scale", {
    Linear => "linear",
    Power => "power",
    Root => "root",
    Geometric => "geometric",
    InverseLinear => "inverse_linear",
    Balanced => "balanced",
    BalancedN => "balanced_n",
    AdaptiveBalanced => "adaptive_balanced",
    Adaptive => "adaptive",
    Logarithmic => "logarithmic",
    Asymptotical => "asymptotical",
    Lootsma => "lootsma",
});

/// Where the asymptotical scale has its horizon, counted from 1: 14/√3.
const HORIZON: f64 = 8.082_903_768_654_76;

impl Scale {
    /// The ratio for a grade from 1 to 9, between whole grades too, where `n` things are compared.
    ///
    /// # Errors
    ///
    /// A grade that is not from 1 to 9.
    pub fn ratio(self, grade: impl Into<f64>, n: usize) -> Result<f64> {
        let grade = grade.into();
        check::domain(grade, (1.0..=9.0).contains(&grade), || "the grade".into(), "a number from 1 to 9")?;
        Ok(self.at(grade, n))
    }

    /// The grade nearest to a ratio of at least 1, where `n` things are compared.
    ///
    /// # Errors
    ///
    /// A ratio below 1, or above the scale's ratio for 9.
    pub fn grade(self, ratio: f64, n: usize) -> Result<Grade> {
        let greatest = self.at(9.0, n);
        // The greatest ratio itself may have been rounded.
        let inside = (1.0..=greatest * (1.0 + 1e-12)).contains(&ratio);
        check::domain(ratio, inside, || "the ratio".into(), &format!("a number from 1 to {greatest}"))?;
        let distance = |grade: &Grade| (self.grade_at(ratio, n) - f64::from(*grade)).abs();
        let nearest = Grade::all().min_by(|a, b| distance(a).total_cmp(&distance(b)));
        Ok(nearest.unwrap_or(Grade(1)))
    }

    fn at(self, x: f64, n: usize) -> f64 {
        let n = n.max(2) as f64;
        match self {
            Self::Linear => x,
            Self::Power => x * x,
            Self::Root => x.sqrt(),
            Self::Geometric => (x - 1.0).exp2(),
            Self::InverseLinear => 9.0 / (10.0 - x),
            Self::Balanced => (9.0 + x) / (11.0 - x),
            Self::BalancedN => (9.0 + (n - 1.0) * x) / (9.0 + n - x),
            Self::AdaptiveBalanced => {
                let w = 1.0 / n + (0.9 - 1.0 / n) * (x - 1.0) / 8.0;
                (n - 1.0) * w / (1.0 - w)
            }
            Self::Adaptive => x.powf(adaptive_power(n)),
            Self::Logarithmic => (x + 1.0).log2(),
            Self::Asymptotical => ((x - 1.0) / HORIZON).atanh().exp(),
            Self::Lootsma => (0.5 * (x - 1.0)).exp(),
        }
    }

    /// The inverse of [`Scale::at`].
    fn grade_at(self, c: f64, n: usize) -> f64 {
        let n = n.max(2) as f64;
        match self {
            Self::Linear => c,
            Self::Power => c.sqrt(),
            Self::Root => c * c,
            Self::Geometric => 1.0 + c.log2(),
            Self::InverseLinear => 10.0 - 9.0 / c,
            Self::Balanced => (11.0 * c - 9.0) / (1.0 + c),
            Self::BalancedN => ((9.0 + n) * c - 9.0) / (n - 1.0 + c),
            Self::AdaptiveBalanced => 1.0 + 8.0 * (c / (n - 1.0 + c) - 1.0 / n) / (0.9 - 1.0 / n),
            Self::Adaptive => c.powf(1.0 / adaptive_power(n)),
            Self::Logarithmic => c.exp2() - 1.0,
            Self::Asymptotical => 1.0 + HORIZON * c.ln().tanh(),
            Self::Lootsma => 1.0 + 2.0 * c.ln(),
        }
    }
}

fn adaptive_power(n: f64) -> f64 {
    1.0 + (n - 1.0).ln() / 9.0_f64.ln()
}

impl Judgements {
    /// Judgements given as grades 1 to 9, and 1/9 to 1 for the reverse, as ratios of another scale.
    ///
    /// ```
    /// use satindex::ahp::{Judgements, Scale};
    ///
    /// let grades = Judgements::from_text(["a", "b", "c"], &["3", "5", "1/2"])?;
    /// let ratios = grades.rescaled(Scale::Power)?;
    /// assert_eq!(ratios.upper().collect::<Vec<_>>(), [Some(9.0), Some(25.0), Some(0.25)]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A judgement that is not from 1/9 to 9, naming the pair.
    pub fn rescaled(&self, scale: Scale) -> Result<Self> {
        let n = self.len();
        let mut faults = crate::error::Faults::default();
        let mut upper = Vec::with_capacity(self.raw_upper().len());
        for (row, column, ratio) in self.pairs() {
            let rescaled = ratio.map(|ratio| {
                let grade = ratio.max(1.0 / ratio);
                let place = || format!("the grade of `{row}` against `{column}`");
                // 1/(1/9) and its like may lie a rounding above 9.
                let inside = grade <= 9.0 + 1e-12;
                check::domain(ratio, inside, place, "a number from 1/9 to 9")?;
                let c = scale.at(grade.min(9.0), n);
                Ok(if ratio < 1.0 { 1.0 / c } else { c })
            });
            upper.push(rescaled.and_then(|ratio| faults.check(ratio)));
        }
        faults.or(())?;
        self.with_upper(&upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn equal_is_1_and_every_grade_comes_back() {
        for scale in Scale::ALL {
            for n in [0, 2, 3, 9] {
                assert_relative_eq!(scale.ratio(1.0, n).unwrap(), 1.0, max_relative = 1e-15);
                let mut last = 0.0;
                for grade in Grade::all() {
                    let ratio = scale.ratio(grade, n).unwrap();
                    assert!(ratio > last);
                    last = ratio;
                    assert_relative_eq!(scale.grade_at(ratio, n), f64::from(grade), max_relative = 1e-13);
                    assert_eq!(scale.grade(ratio.max(1.0), n).unwrap(), grade);
                }
            }
        }
    }

    /// The composition for which Donegan, Dodd and `McMaster` placed the horizon: 8 times 8 makes 9, (2 + √3)².
    #[test]
    fn the_asymptotical_scale_composes_8_and_8_to_9() {
        let ratio = |grade: f64| Scale::Asymptotical.ratio(grade, 2).unwrap();
        assert_relative_eq!(ratio(8.0), 2.0 + 3.0_f64.sqrt(), max_relative = 1e-14);
        assert_relative_eq!(ratio(8.0).powi(2), ratio(9.0), max_relative = 1e-13);
    }

    /// Goepel: the greatest weight, n − 1 equal things against one preferred at 9, is 0.9 on both adaptive scales.
    #[test]
    fn adaptive_scales_reach_the_same_weight_for_every_n() {
        for scale in [Scale::Adaptive, Scale::AdaptiveBalanced] {
            for n in 2..20 {
                let c = scale.ratio(9.0, n).unwrap();
                assert_relative_eq!(c / (c + n as f64 - 1.0), 0.9, max_relative = 1e-14);
            }
        }
    }

    #[test]
    fn what_is_off_the_scale_is_refused() {
        let message = |result: Result<f64>| result.unwrap_err().to_string();
        assert_eq!(message(Scale::Linear.ratio(0.5, 3)), "the grade is 0.5; expected a number from 1 to 9");
        assert_eq!(message(Scale::Linear.ratio(f64::NAN, 3)), "the grade is NaN; expected a finite number");
        assert!(Scale::Root.grade(3.1, 3).is_err());
        assert!(Grade::new(0).is_err() && Grade::new(10).is_err());
        assert_eq!("Very Strong".parse::<Grade>().unwrap().number(), 7);
        assert!(
            "mild"
                .parse::<Grade>()
                .unwrap_err()
                .to_string()
                .starts_with("unknown grade `mild`; expected one of `equal`, `weak`, `moderate`, ")
        );
        let error = Judgements::from_upper(["a", "b"], &[0.1]).unwrap().rescaled(Scale::Root).unwrap_err();
        assert_eq!(error.to_string(), "the grade of `a` against `b` is 0.1; expected a number from 1/9 to 9");
    }
}
