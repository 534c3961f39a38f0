//! Judgements as people write them.

use crate::ahp::judgement::{Judgements, index_pairs};
use crate::error::{Faults, Result};
use crate::numeric::check;

impl Judgements {
    /// The triangle above the diagonal as text: numbers, fractions such as `1/3`, or nothing where not judged.
    ///
    /// ```
    /// use satindex::ahp::Judgements;
    ///
    /// let judgements = Judgements::from_text(["speed", "skill", "attitude"], &["1/3", "", "2.5"])?;
    /// assert_eq!(judgements.get("speed", "skill")?, Some(1.0 / 3.0));
    /// assert_eq!(judgements.get("speed", "attitude")?, None);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Judgements::from_upper`]; a text that is neither a number nor a fraction.
    pub fn from_text<S: Into<String>, T: AsRef<str>>(labels: impl IntoIterator<Item = S>, upper: &[T]) -> Result<Self> {
        let blank = Self::new(labels)?;
        check::length(upper.len(), blank.upper.len(), || "the upper triangle".into())?;
        let mut faults = Faults::default();
        let mut ratios = Vec::with_capacity(upper.len());
        for ((row, column), text) in index_pairs(blank.len()).zip(upper) {
            let text = text.as_ref().trim();
            ratios.push(faults.check(ratio(text).map_err(|NotARatio| blank.not_a_ratio(row, column, text))).flatten());
        }
        faults.or(())?;
        blank.with_upper(&ratios)
    }
}

/// A text that is neither a number nor a fraction.
pub(super) struct NotARatio;

/// A number or a fraction, or nothing where nothing is written.
pub(super) fn ratio(text: &str) -> Result<Option<f64>, NotARatio> {
    if text.is_empty() {
        return Ok(None);
    }
    // `NaN` is how some programs write that there is nothing.
    let decimal = |text: &str| text.trim().parse::<f64>().ok().filter(|number| !number.is_nan());
    let parsed = match text.split_once('/') {
        Some((above, below)) => decimal(above).zip(decimal(below)).map(|(above, below)| above / below),
        None => decimal(text),
    };
    parsed.map(Some).ok_or(NotARatio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_a_number_or_a_fraction() {
        let judgements = Judgements::from_text(["a", "b", "c"], &["1/3", "", " 0.25 "]).unwrap();
        assert_eq!(judgements.upper().collect::<Vec<_>>(), [Some(1.0 / 3.0), None, Some(0.25)]);
        assert_eq!(
            message(&Judgements::from_text(["a", "b", "c"], &["1/3/3", "NA", "1/0"])),
            "`a` against `b` is `1/3/3`; expected a number, a fraction such as 1/3, or nothing where the pair was not \
             judged; `a` against `c` is `NA`; expected a number, a fraction such as 1/3, or nothing where the pair was not \
             judged"
        );
        assert_eq!(
            message(&Judgements::from_text(["a", "b"], &["NaN"])),
            "`a` against `b` is `NaN`; expected a number, a fraction such as 1/3, or nothing where the pair was not judged"
        );
        assert_eq!(
            message(&Judgements::from_text(["a", "b"], &["1/0"])),
            "`a` against `b` is inf; expected a finite number"
        );
        assert_eq!(
            message(&Judgements::from_text(["a", "b"], &["-1/3"])),
            "`a` against `b` is -0.3333333333333333; expected a ratio from 1e-100 to 1e100"
        );
    }

    fn message(result: &Result<Judgements>) -> String {
        result.as_ref().unwrap_err().to_string()
    }
}
