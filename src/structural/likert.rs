//! Simulated answers on the scales of a questionnaire.

use crate::error::{Faults, Result};
use crate::numeric::check;
use crate::structural::population::Population;
use crate::survey::{Direction, Indicator, Questionnaire, Responses, Scale};

/// How the normal values of a [`Population`] become answers: for each indicator a scale, a mean and a standard deviation.
///
/// # Formula
///
/// With z the indicator's value in the population (mean 0, variance 1), μ its mean and σ its standard deviation here, the
/// answer is μ + σz, taken to the nearest of the steps a, a + 1, a + 2, … from the lower anchor a, and to the nearer
/// anchor where it lies outside the scale.
///
/// # Numerical notes
///
/// μ, σ and the correlations Σ are those before rounding. Rounding to steps of 1 adds about 1/12 to each variance
/// (Sheppard), so the correlation of two indicators with the same σ shrinks by about the factor 1/(1 + 1/(12σ²)): 0.98
/// for σ = 2, 0.92 for σ = 1. Answers that pile up at an anchor pull the mean away from it and shrink variances and
/// correlations further.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Likert, Model, Population};
/// use satindex::survey::Scale;
///
/// let model: Model = "Satisfaction =~ s1 + s2; Loyalty =~ l1 + l2; Loyalty ~ Satisfaction".parse()?;
/// let population = Population::builder(model)
///     .loadings("Satisfaction", [0.9, 0.8])
///     .loadings("Loyalty", [0.8, 0.8])
///     .path("Satisfaction", "Loyalty", 0.6)
///     .build()?;
/// let likert = Likert::new(Scale::ONE_TO_TEN, 7.0, 2.0)?.with_indicator("l2", Scale::ONE_TO_FIVE, 3.0, 1.0)?;
/// let responses = population.likert(&likert, 250, 42)?;
/// assert_eq!(responses.rows(), 250);
/// assert!(responses.column("l2")?.flatten().all(|answer| [1.0, 2.0, 3.0, 4.0, 5.0].contains(&answer)));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "rating scale")]
#[doc(alias = "simulated answers")]
#[doc(alias = "synthetic data")]
pub struct Likert {
    usual: Answer,
    special: Vec<(String, Answer)>,
}

/// One indicator's answers.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Answer {
    scale: Scale,
    mean: f64,
    deviation: f64,
}

impl Answer {
    fn new(scale: Scale, mean: f64, deviation: f64) -> Result<Self> {
        check::finite(mean, || "the mean of the answers".into())?;
        check::non_negative(deviation, || "the standard deviation of the answers".into())?;
        Ok(Self { scale, mean, deviation })
    }

    /// The answer that a standard normal value becomes.
    fn of(self, value: f64) -> f64 {
        let (lower, upper) = (self.scale.lower(), self.scale.upper());
        let steps = (self.mean + self.deviation * value - lower).round();
        (lower + steps).clamp(lower, upper)
    }

    fn shifted(self, points: f64) -> Result<Self> {
        let distance = points / 100.0 * self.scale.range();
        let mean = match self.scale.direction() {
            Direction::HigherIsBetter => self.mean + distance,
            Direction::LowerIsBetter => self.mean - distance,
        };
        Self::new(self.scale, mean, self.deviation)
    }
}

impl Likert {
    /// The same scale, mean and standard deviation for every indicator, in the units of the scale.
    ///
    /// # Errors
    ///
    /// A mean that is not finite; a standard deviation that is negative or not finite.
    pub fn new(scale: Scale, mean: f64, deviation: f64) -> Result<Self> {
        Answer::new(scale, mean, deviation).map(Self::usual)
    }

    /// 7 ± 2 on a scale from 1 to 10.
    pub(crate) fn seven_of_ten() -> Self {
        Self::usual(Answer { scale: Scale::ONE_TO_TEN, mean: 7.0, deviation: 2.0 })
    }

    fn usual(usual: Answer) -> Self {
        Self { usual, special: Vec::new() }
    }

    /// The same for all but one indicator.
    ///
    /// # Errors
    ///
    /// As for [`Likert::new`].
    pub fn with_indicator(
        mut self,
        indicator: impl Into<String>,
        scale: Scale,
        mean: f64,
        deviation: f64,
    ) -> Result<Self> {
        self.special.push((indicator.into(), Answer::new(scale, mean, deviation)?));
        Ok(self)
    }

    /// The same for all but one indicator, which is 1 or 0: yes of about one respondent in four.
    pub(crate) fn with_incident(mut self, indicator: &str, scale: Scale) -> Self {
        self.special.push((indicator.into(), Answer { scale, mean: 0.2, deviation: 0.4 }));
        self
    }

    /// The same with every mean better by so many points of 100, worse where they are negative.
    ///
    /// # Errors
    ///
    /// When a mean is no longer finite.
    pub fn shifted(mut self, points: f64) -> Result<Self> {
        self.usual = self.usual.shifted(points)?;
        for (_, answer) in &mut self.special {
            *answer = answer.shifted(points)?;
        }
        Ok(self)
    }

    /// The answers to an indicator; of several given for it, the last.
    fn answer(&self, indicator: &str) -> Answer {
        let special = self.special.iter().rev().find(|(name, _)| name == indicator);
        special.map_or(self.usual, |(_, answer)| *answer)
    }
}

impl Population {
    /// Draws respondents as [`simulate`](Self::simulate) does and has them answer on scales, as [`Likert`] says.
    ///
    /// # Errors
    ///
    /// As for [`simulate`](Self::simulate); an indicator in the [`Likert`] that the model lacks.
    ///
    /// # Examples
    ///
    /// See [`Likert`].
    pub fn likert(&self, likert: &Likert, n: usize, seed: u64) -> Result<Responses> {
        let names: Vec<&str> = self.model().indicators().collect();
        let mut faults = Faults::default();
        for (name, _) in &likert.special {
            faults.check(check::position(&names, name, "indicator"));
        }
        faults.or(())?;
        let mut data = self.simulate(n, seed)?;
        let mut indicators = Vec::with_capacity(names.len());
        for (name, mut column) in names.iter().zip(data.column_iter_mut()) {
            let answer = likert.answer(name);
            column.apply(|value| *value = answer.of(*value));
            indicators.push(Indicator::new(*name)?.with_scale(answer.scale));
        }
        Responses::from_matrix(names, data)?.with_questionnaire(&Questionnaire::new(indicators)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_the_nearest_steps_of_the_scale() {
        let answer = Answer::new(Scale::ONE_TO_TEN, 7.0, 2.0).unwrap();
        let values = [0.0, 0.24, 0.26, -0.26, 1.5, 9.0, -9.0, 1e308, f64::MAX, f64::MIN];
        assert_eq!(values.map(|value| answer.of(value)), [7.0, 7.0, 8.0, 6.0, 10.0, 10.0, 1.0, 10.0, 10.0, 1.0]);
        let answer = Answer::new(Scale::new(0.5, 2.0).unwrap(), 1.0, 1.0).unwrap();
        assert_eq!([-1.0, -0.1, 0.2, 5.0].map(|value| answer.of(value)), [0.5, 0.5, 1.5, 2.0]);
    }

    #[test]
    fn a_shift_is_to_the_better() {
        let scale = Scale::ONE_TO_FIVE;
        let likert = Likert::new(scale, 3.0, 1.0).unwrap().with_indicator("x", scale.reversed(), 3.0, 1.0).unwrap();
        let likert = likert.shifted(25.0).unwrap();
        assert_eq!((likert.answer("y").mean, likert.answer("x").mean), (4.0, 2.0));
    }

    #[test]
    fn bad_means_and_deviations_are_named() {
        let message = |mean, deviation| Likert::new(Scale::ONE_TO_TEN, mean, deviation).unwrap_err().to_string();
        assert_eq!(message(f64::NAN, 1.0), "the mean of the answers is NaN; expected a finite number");
        assert_eq!(
            message(1.0, -1.0),
            "the standard deviation of the answers is -1; expected a number that is not negative"
        );
        assert!(Likert::new(Scale::ONE_TO_TEN, 7.0, 2.0).unwrap().shifted(f64::INFINITY).is_err());
    }
}
