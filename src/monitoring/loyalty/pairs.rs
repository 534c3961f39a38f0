//! What the links are drawn from: satisfaction and a yes or no of each respondent.

use crate::error::{ErrorKind, Faults, Result};
use crate::monitoring::loyalty::cells::{Cells, Resampler};
use crate::numeric::check;

/// The satisfaction of each respondent, from 0 to 100, and the intention to stay, or the fact.
///
/// A respondent of whom either is missing is left out. Rows may count by frequencies or by sampling weights:
///
/// - A frequency of k ([`Pairs::with_frequencies`]) is the row k times, as everywhere in this crate.
/// - A sampling weight ([`Pairs::with_sampling_weights`]) says how many of the population a respondent stands for.
///   Shares are weighted; intervals and tests go by Kish's effective number of respondents (Σw)²/Σw², so that the size
///   of the population does not pass for a size of the sample.
///
/// # Examples
///
/// ```
/// use satindex::monitoring::loyalty::Pairs;
///
/// let satisfaction = [Some(90.0), Some(35.0), None, Some(70.0)];
/// let again = [Some(true), Some(false), Some(true), None];
/// let pairs = Pairs::new(satisfaction, again)?;
/// assert_eq!((pairs.respondents(), pairs.dropped()), (2, 2));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct Pairs {
    rows: Vec<Option<(f64, bool)>>,
    counts: Counts,
}

/// How much each row counts.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
enum Counts {
    Frequencies(Vec<u32>),
    Weights(Vec<f64>),
}

/// How far past an end of the scale rounding may carry the index of a respondent who is at it.
const ROUNDING: f64 = 1e-9;

checked_when_read!(Pairs);

impl Pairs {
    fn check(&self) -> Result<()> {
        let (satisfaction, intention): (Vec<Option<f64>>, Vec<Option<bool>>) =
            self.rows.iter().map(|row| (row.map(|(value, _)| value), row.map(|(_, yes)| yes))).unzip();
        let pairs = Self::new(satisfaction, intention)?;
        match &self.counts {
            Counts::Frequencies(frequencies) => pairs.with_frequencies(frequencies.iter().copied()),
            Counts::Weights(weights) => pairs.with_sampling_weights(weights.iter().copied()),
        }
        .map(drop)
    }

    /// The pairs of respondents in the same order, each counting once.
    ///
    /// # Errors
    ///
    /// Lists of different lengths, a satisfaction that is not on 0–100, or nobody with both.
    pub fn new<S: Into<Option<f64>>, I: Into<Option<bool>>>(
        satisfaction: impl IntoIterator<Item = S>,
        intention: impl IntoIterator<Item = I>,
    ) -> Result<Self> {
        let satisfaction: Vec<Option<f64>> = satisfaction.into_iter().map(Into::into).collect();
        let intention: Vec<Option<bool>> = intention.into_iter().map(Into::into).collect();
        check::length(intention.len(), satisfaction.len(), || "the list of intentions".into())?;
        let mut faults = Faults::default();
        for (at, value) in satisfaction.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?))) {
            let place = || format!("the satisfaction of row {}", at + 1);
            let inside = (-ROUNDING..=100.0 + ROUNDING).contains(&value);
            if let Err(fault) = check::domain(value, inside, place, "a number from 0 to 100") {
                faults.note(|| fault);
            }
        }
        faults.or(())?;
        // A zero is a zero, whatever its sign.
        let pair = |(value, yes): (Option<f64>, Option<bool>)| Some((value?.clamp(0.0, 100.0) + 0.0, yes?));
        let rows: Vec<Option<(f64, bool)>> = satisfaction.into_iter().zip(intention).map(pair).collect();
        let counts = Counts::Frequencies(vec![1; rows.len()]);
        Self { rows, counts }.with_somebody()
    }

    /// The same pairs, each counting as many times as said.
    ///
    /// # Errors
    ///
    /// A list of another length than that of the rows, or nobody who counts.
    pub fn with_frequencies(self, frequencies: impl IntoIterator<Item = u32>) -> Result<Self> {
        let frequencies: Vec<u32> = frequencies.into_iter().collect();
        check::length(frequencies.len(), self.rows.len(), || "the list of frequencies".into())?;
        Self { counts: Counts::Frequencies(frequencies), ..self }.with_somebody()
    }

    /// The same pairs, each standing for as many of the population as said, in any unit.
    ///
    /// # Errors
    ///
    /// A list of another length than that of the rows, a weight that is negative or not finite, or nobody who counts.
    pub fn with_sampling_weights(self, weights: impl IntoIterator<Item = f64>) -> Result<Self> {
        let weights: Vec<f64> = weights.into_iter().collect();
        check::length(weights.len(), self.rows.len(), || "the list of sampling weights".into())?;
        let mut faults = Faults::default();
        for (at, weight) in weights.iter().enumerate() {
            if let Err(fault) = check::non_negative(*weight, || format!("the sampling weight of row {}", at + 1)) {
                faults.note(|| fault);
            }
        }
        faults.or(())?;
        check::finite(weights.iter().sum(), || "the sum of the sampling weights".into())?;
        Self { counts: Counts::Weights(weights), ..self }.with_somebody()
    }

    fn with_somebody(self) -> Result<Self> {
        if self.respondents() == 0 {
            let reason = format!("none of the {} rows has a satisfaction, an intention and a weight", self.rows.len());
            return Err(ErrorKind::Degenerate { place: "the pairs".into(), reason }.into());
        }
        Ok(self)
    }

    /// Each row that counts: satisfaction, intention and where it stands.
    fn used(&self) -> impl Iterator<Item = (f64, bool, usize)> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(at, _)| self.counts(*at)).filter_map(|(at, pair)| pair.map(|(value, yes)| (value, yes, at)))
    }

    fn counts(&self, row: usize) -> bool {
        match &self.counts {
            Counts::Frequencies(frequencies) => frequencies[row] > 0,
            Counts::Weights(weights) => weights[row] > 0.0,
        }
    }

    /// How many rows are used: those with a satisfaction, an intention and a positive frequency or weight.
    pub fn respondents(&self) -> usize {
        self.used().count()
    }

    /// How many rows are left out because one of the two is missing.
    pub fn dropped(&self) -> usize {
        (0..self.rows.len()).filter(|row| self.rows[*row].is_none() && self.counts(*row)).count()
    }

    /// The pairs as a table of distinct values.
    pub(super) fn cells(&self) -> Cells {
        self.resampler().cells()
    }

    /// The pairs in an order of their own, from which further samples can be drawn.
    pub(super) fn resampler(&self) -> Resampler {
        match &self.counts {
            Counts::Frequencies(frequencies) => {
                Resampler::of_frequencies(self.used().map(|(value, yes, row)| (value, yes, frequencies[row])))
            }
            Counts::Weights(weights) => {
                Resampler::of_weights(self.used().map(|(value, yes, row)| (value, yes, weights[row])))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn errors_name_the_row() {
        let nobody = message(Pairs::new([Some(1.0), None], [None, Some(true)]));
        assert_eq!(nobody, "the pairs: none of the 2 rows has a satisfaction, an intention and a weight");
        let none: [f64; 0] = [];
        assert!(Pairs::new(none, [true; 0]).unwrap_err().is_degenerate());
        assert_eq!(message(Pairs::new([1.0], [true, false])), "the list of intentions has length 2; expected 1");
        assert_eq!(
            message(Pairs::new([1.0, f64::NAN, 101.0], [true; 3])),
            "the satisfaction of row 2 is NaN; expected a finite number; the satisfaction of row 3 is 101; expected a \
             number from 0 to 100"
        );
        let pairs = Pairs::new([1.0, 2.0], [true; 2]).unwrap();
        assert_eq!(
            message(pairs.clone().with_sampling_weights([1.0, -1.0])),
            "the sampling weight of row 2 is -1; expected a number that is not negative"
        );
        assert!(message(pairs.clone().with_frequencies([0, 0])).starts_with("the pairs: none of the 2"));
        assert_eq!(message(pairs.with_frequencies([1])), "the list of frequencies has length 1; expected 2");
    }

    #[test]
    fn the_best_index_there_is_may_be_rounded_up() {
        assert_eq!(Pairs::new([100.0 + 1e-12], [true]), Pairs::new([100.0], [true]));
        assert_eq!(Pairs::new([-1e-12], [true]), Pairs::new([0.0], [true]));
    }

    #[test]
    fn rows_without_weight_are_nobody() {
        let pairs = Pairs::new([Some(1.0), Some(2.0), None], [true; 3]).unwrap();
        let pairs = pairs.with_sampling_weights([0.0, 1e300, 0.0]).unwrap();
        assert_eq!((pairs.respondents(), pairs.dropped()), (1, 0));
    }
}
