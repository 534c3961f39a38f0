//! Yes or no from an answer on a scale.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::{Direction, Scale};

/// The best answers of a scale with steps of 1, which count as a yes: of `1-10`, the top two boxes are 9 and 10.
///
/// # Examples
///
/// ```
/// use satindex::monitoring::loyalty::TopBoxes;
/// use satindex::survey::Scale;
///
/// let likely = TopBoxes::new(Scale::ONE_TO_TEN, 2)?;
/// assert_eq!(likely.read([Some(9.0), Some(8.0), None])?, [Some(true), Some(false), None]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Raw"))]
pub struct TopBoxes {
    scale: Scale,
    boxes: u32,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    scale: Scale,
    boxes: u32,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for TopBoxes {
    type Error = crate::error::Error;

    fn try_from(raw: Raw) -> Result<Self> {
        Self::new(raw.scale, raw.boxes)
    }
}

impl TopBoxes {
    /// The best `boxes` answers of a scale.
    ///
    /// # Errors
    ///
    /// No box, or so many that no other answer is left.
    pub fn new(scale: Scale, boxes: u32) -> Result<Self> {
        let inside = boxes >= 1 && f64::from(boxes) <= scale.range();
        let expected = format!("1 or more, with an answer of the scale {scale} left over");
        check::domain(f64::from(boxes), inside, || "the number of top boxes".into(), &expected)?;
        Ok(Self { scale, boxes })
    }

    /// The scale.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// How many answers count as a yes.
    pub fn boxes(&self) -> u32 {
        self.boxes
    }

    /// Whether each answer is among the best; a missing one stays missing.
    ///
    /// # Errors
    ///
    /// An answer outside the scale.
    pub fn read(&self, answers: impl IntoIterator<Item = Option<f64>>) -> Result<Vec<Option<bool>>> {
        let depth = f64::from(self.boxes - 1);
        let among = |answer: f64| match self.scale.direction() {
            Direction::HigherIsBetter => answer >= self.scale.upper() - depth,
            Direction::LowerIsBetter => answer <= self.scale.lower() + depth,
        };
        let expected = format!("a number from {} to {}", self.scale.lower(), self.scale.upper());
        let mut faults = Faults::default();
        let mut read = Vec::new();
        for (at, answer) in answers.into_iter().enumerate() {
            if let Some(value) = answer.filter(|value| !self.scale.contains(*value)) {
                let place = format!("the answer of row {} is", at + 1);
                faults.note(|| ErrorKind::Domain { place, value, expected: expected.clone() });
            }
            read.push(answer.map(among));
        }
        faults.or(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_good_end_counts() {
        let complaints = TopBoxes::new(Scale::ONE_TO_FIVE.reversed(), 2).unwrap();
        let answers = [1.0, 2.0, 3.0, 5.0].map(Some);
        assert_eq!(complaints.read(answers).unwrap(), [true, true, false, false].map(Some));
    }

    #[test]
    fn errors_name_row_and_scale() {
        let message = |boxes| TopBoxes::new(Scale::ONE_TO_FIVE, boxes).unwrap_err().to_string();
        let expected = "expected 1 or more, with an answer of the scale 1-5 left over";
        assert_eq!(message(0), format!("the number of top boxes is 0; {expected}"));
        assert_eq!(message(5), format!("the number of top boxes is 5; {expected}"));
        let outside = TopBoxes::new(Scale::ONE_TO_FIVE, 4).unwrap().read([Some(2.0), Some(6.0), Some(f64::NAN)]);
        assert_eq!(
            outside.unwrap_err().to_string(),
            "the answer of row 2 is 6; expected a number from 1 to 5; the answer of row 3 is NaN; expected a number \
             from 1 to 5"
        );
    }
}
