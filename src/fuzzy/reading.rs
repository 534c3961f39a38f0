//! Reading a membership vector: which grade, what score, how sure.

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::fuzzy::Grades;
use crate::numeric::check;

/// Two degrees that differ by less than this share of the larger are the same degree, summed in another order.
pub(crate) const TIE: f64 = 1e-12;

/// A membership vector b over grades, ready to be read.
///
/// Every reading but the values themselves goes by the shares pⱼ = bⱼ / Σₖ bₖ, so that it is the same for vectors which
/// are not normalised.
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::{GradeVector, Grades};
///
/// let grades = Grades::scored([("excellent", 95.0), ("good", 80.0), ("fair", 60.0), ("fail", 35.0)])?;
/// let vector = GradeVector::new("service", &grades, &[0.4, 0.4, 0.2, 0.0])?;
/// assert_eq!(vector.maximum()?.grades(), ["excellent", "good"]);
/// assert_eq!(vector.score()?, 82.0);
/// assert_eq!(vector.at_confidence(0.7)?, "good");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GradeVector<'a> {
    name: &'a str,
    grades: &'a Grades,
    values: &'a [f64],
}

/// The grade or grades of the largest membership.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Maximum<'a> {
    grades: Vec<&'a str>,
    degree: f64,
    effectiveness: f64,
}

impl<'a> Maximum<'a> {
    /// The grade; all of them where several share the largest membership (to a relative 10⁻¹²).
    pub fn grades(&self) -> &[&'a str] {
        &self.grades
    }

    /// Do several grades share it?
    pub fn is_tie(&self) -> bool {
        self.grades.len() > 1
    }

    /// The largest membership, as it is.
    pub fn degree(&self) -> f64 {
        self.degree
    }

    /// How far the principle of maximum membership is to be trusted: at least 1 very well, ½ to 1 fairly, less than
    /// ½ little, 0 not at all; infinite where no other grade has any membership.
    ///
    /// # Formula
    ///
    /// α = (nβ − 1) / (2γ(n − 1)), with β and γ the largest and the second largest share of n grades.
    pub fn effectiveness(&self) -> f64 {
        self.effectiveness
    }
}

impl<'a> GradeVector<'a> {
    /// The membership of a named thing in each grade.
    ///
    /// # Errors
    ///
    /// A vector of the wrong length; a degree outside \[0, 1\].
    pub fn new(name: &'a str, grades: &'a Grades, values: &'a [f64]) -> Result<Self> {
        check::length(values.len(), grades.len(), || format!("the membership of `{name}`"))?;
        let mut faults = Faults::default();
        for (grade, value) in grades.names().iter().zip(values) {
            faults.check(check::unit(*value, || format!("the membership of `{name}` in `{grade}`")));
        }
        faults.or(Self { name, grades, values })
    }

    /// A vector known to be valid.
    pub(crate) fn trusted(name: &'a str, grades: &'a Grades, values: &'a [f64]) -> Self {
        Self { name, grades, values }
    }

    /// The name of the thing that the membership is of.
    pub fn name(self) -> &'a str {
        self.name
    }

    /// The membership in each grade.
    pub fn values(self) -> &'a [f64] {
        self.values
    }

    /// Each grade with its membership.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (&'a str, f64)> {
        self.grades.names().iter().map(String::as_str).zip(self.values.iter().copied())
    }

    /// The membership in a grade.
    ///
    /// # Errors
    ///
    /// When there is no such grade.
    pub fn get(self, grade: &str) -> Result<f64> {
        check::position(self.grades.names(), grade, "grade").map(|at| self.values[at])
    }

    fn sum(self) -> Result<f64> {
        let sum: f64 = self.values.iter().sum();
        if sum > 0.0 {
            return Ok(sum);
        }
        let reason = "it belongs to no grade".into();
        Err(ErrorKind::Degenerate { place: self.place(), reason }.into())
    }

    fn place(self) -> String {
        format!("node `{}`", self.name)
    }

    /// The membership divided by its sum.
    ///
    /// # Errors
    ///
    /// When it is 0 in every grade.
    pub fn shares(self) -> Result<Vec<f64>> {
        let sum = self.sum()?;
        Ok(self.values.iter().map(|value| value / sum).collect())
    }

    /// The principle of maximum membership, with all ties.
    ///
    /// # Errors
    ///
    /// When the membership is 0 in every grade.
    pub fn maximum(self) -> Result<Maximum<'a>> {
        let sum = self.sum()?;
        let degree = self.values.iter().copied().fold(0.0, f64::max);
        let top = |value: f64| value >= degree * (1.0 - TIE);
        let grades: Vec<&str> = self.iter().filter(|(_, value)| top(*value)).map(|(grade, _)| grade).collect();
        let below = self.values.iter().copied().filter(|value| !top(*value)).fold(0.0, f64::max);
        let second = if grades.len() > 1 { degree } else { below };
        let n = self.values.len() as f64;
        let effectiveness = (n * (degree / sum) - 1.0).max(0.0) / (2.0 * (second / sum) * (n - 1.0));
        Ok(Maximum { grades, degree, effectiveness })
    }

    /// The weighted score s̄ = Σⱼ pⱼsⱼ.
    ///
    /// # Errors
    ///
    /// Grades without scores; a membership of 0 in every grade.
    pub fn score(self) -> Result<f64> {
        let scores = self.grades.require_scores().map_err(|fault| self.within(&fault))?;
        self.mean(scores.iter().copied())
    }

    /// The variance of the score, Σⱼ pⱼ(sⱼ − s̄)²: how far opinions differ.
    ///
    /// # Errors
    ///
    /// As for [`GradeVector::score`]; a variance beyond the range of numbers.
    pub fn score_variance(self) -> Result<f64> {
        let mean = self.score()?;
        let scores = self.grades.require_scores()?;
        self.mean(scores.iter().map(|score| (score - mean) * (score - mean)))
    }

    /// The weighted mean position Σⱼ bⱼᵏ·j / Σⱼ bⱼᵏ of the grades counted from 1; the usual powers are k = 1 and k = 2.
    ///
    /// # Errors
    ///
    /// A power that is not positive and finite; a membership of 0 in every grade.
    pub fn mean_position(self, power: f64) -> Result<f64> {
        check::positive(power, || "the power".into())?;
        self.sum()?;
        let largest = self.values.iter().copied().fold(0.0, f64::max);
        // Relative to the largest, no power makes all of them vanish.
        let weights = self.values.iter().map(|value| (value / largest).powf(power));
        let (weighted, total) = weights.zip(1_u32..).fold((0.0, 0.0), |(weighted, total), (weight, position)| {
            (weighted + weight * f64::from(position), total + weight)
        });
        Ok(weighted / total)
    }

    /// The shares summed up from the first grade on.
    ///
    /// # Errors
    ///
    /// When the membership is 0 in every grade.
    pub fn cumulative(self) -> Result<Vec<f64>> {
        let sum = self.sum()?;
        let running = self.values.iter().scan(0.0, |total, value| {
            *total += value;
            Some(*total / sum)
        });
        Ok(running.collect())
    }

    /// The first grade by which the summed shares reach a confidence degree λ: "at least this good, with confidence λ"
    /// where the grades run from best to worst. Usual are 0.6 and 0.7; λ = ½ gives the median grade.
    ///
    /// # Errors
    ///
    /// A λ outside (0, 1]; a membership of 0 in every grade.
    ///
    /// # References
    ///
    /// Cheng, Q. (1997), Attribute recognition theoretical model with application, *Acta Scientiarum Naturalium
    /// Universitatis Pekinensis* 33(1), 12–20.
    pub fn at_confidence(self, confidence: f64) -> Result<&'a str> {
        let inside = confidence > 0.0 && confidence <= 1.0;
        let place = || "the confidence degree".into();
        check::domain(confidence, inside, place, "a number above 0 and at most 1")?;
        let cumulative = self.cumulative()?;
        let reached = cumulative.iter().position(|share| *share >= confidence * (1.0 - TIE));
        // The last share is a sum divided by itself.
        Ok(&self.grades.names()[reached.unwrap_or(cumulative.len() - 1)])
    }

    fn mean(self, values: impl Iterator<Item = f64>) -> Result<f64> {
        let sum = self.sum()?;
        let mean = self.values.iter().zip(values).map(|(share, value)| share / sum * value).sum();
        check::finite(mean, || format!("the score of `{}`", self.name))
    }

    fn within(self, fault: &Error) -> Error {
        fault.clone().within(self.place())
    }
}
