//! Why an answer is missing.

/// Why there is no answer: what a questionnaire tells apart, and means and moments do not.
///
/// # Examples
///
/// ```
/// use satindex::survey::{Csv, NoAnswer};
///
/// let csv = Csv::new().dont_know_codes(["98"]).not_asked_codes(["."]);
/// let responses = csv.read("q1,q2\n98,7\n,.\n".as_bytes())?;
/// assert_eq!(responses.no_answer(0, 0), Some(NoAnswer::DontKnow));
/// assert_eq!(responses.no_answer(1, 0), Some(NoAnswer::NotAnswered));
/// assert_eq!(responses.no_answer(1, 1), Some(NoAnswer::NotAsked));
/// assert_eq!(responses.count("q1", NoAnswer::DontKnow)?, 1);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("item nonresponse", "missing code", "filter question"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum NoAnswer {
    /// The question was asked and left out.
    #[default]
    NotAnswered,
    /// The respondent said that they do not know, or that it does not apply.
    DontKnow,
    /// The question was not put, as a filter question ruled it out.
    NotAsked,
}

impl NoAnswer {
    /// A NaN that holds the reason: answers are kept as numbers, and its lowest bits are free.
    #[cfg(any(test, feature = "csv", feature = "serde"))]
    pub(super) fn number(self) -> f64 {
        f64::from_bits(f64::NAN.to_bits() | self as u64)
    }

    /// The reason that a NaN holds; a number is an answer.
    pub(super) fn of(answer: f64) -> Option<Self> {
        answer.is_nan().then(|| match answer.to_bits() & 3 {
            1 => Self::DontKnow,
            2 => Self::NotAsked,
            _ => Self::NotAnswered,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_kept_in_numbers() {
        for reason in [NoAnswer::NotAnswered, NoAnswer::DontKnow, NoAnswer::NotAsked] {
            assert!(reason.number().is_nan());
            assert_eq!(NoAnswer::of(reason.number()), Some(reason));
        }
        assert_eq!((NoAnswer::of(7.0), NoAnswer::of(f64::NAN)), (None, Some(NoAnswer::NotAnswered)));
    }
}
