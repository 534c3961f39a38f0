//! The scale of an answer: its anchors and which end is good.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use crate::numeric::check;

/// Which end of a [`Scale`] is the good one.
#[doc(alias = "reverse coding")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Direction {
    /// The upper anchor: satisfaction, agreement.
    #[default]
    HigherIsBetter,
    /// The lower anchor: complaints, waiting time, school grades in some countries.
    LowerIsBetter,
}

impl Direction {
    /// 1 where higher is better, −1 where lower is.
    pub(crate) fn sign(self) -> f64 {
        match self {
            Self::HigherIsBetter => 1.0,
            Self::LowerIsBetter => -1.0,
        }
    }
}

/// The scale on which an answer is given: a lower and an upper anchor, and which of them is the good end.
///
/// # Formula
///
/// The position from 0 (worst) to 100 (best) of an answer x between the anchors a and b is
/// 100·(x − a)/(b − a), or 100·(b − x)/(b − a) where lower is better.
///
/// # Examples
///
/// ```
/// use satindex::survey::Scale;
///
/// assert_eq!(Scale::ONE_TO_TEN.to_hundred(5.5), 50.0);
/// assert_eq!(Scale::ONE_TO_FIVE.reversed().to_hundred(1.0), 100.0);
/// assert_eq!(Scale::ONE_TO_FIVE.from_hundred(25.0), 2.0);
/// assert_eq!("1,10".parse::<Scale>()?, Scale::ONE_TO_TEN);
/// assert!(Scale::new(10.0, 1.0).is_err());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawScale"))]
pub struct Scale {
    lower: f64,
    upper: f64,
    direction: Direction,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScale {
    lower: f64,
    upper: f64,
    #[serde(default)]
    direction: Direction,
}

#[cfg(feature = "serde")]
impl TryFrom<RawScale> for Scale {
    type Error = Error;

    fn try_from(raw: RawScale) -> Result<Self> {
        Ok(Self { direction: raw.direction, ..Self::new(raw.lower, raw.upper)? })
    }
}

impl Scale {
    /// 1 to 10, as in the ACSI and ECSI questionnaires.
    pub const ONE_TO_TEN: Self = Self::ready(1.0, 10.0);
    /// 1 to 5.
    pub const ONE_TO_FIVE: Self = Self::ready(1.0, 5.0);
    /// 1 to 7.
    pub const ONE_TO_SEVEN: Self = Self::ready(1.0, 7.0);
    /// 0 to 10, as in the question whether one would recommend.
    pub const ZERO_TO_TEN: Self = Self::ready(0.0, 10.0);
    /// 0 to 100.
    pub const ZERO_TO_HUNDRED: Self = Self::ready(0.0, 100.0);

    pub(crate) const fn ready(lower: f64, upper: f64) -> Self {
        Self { lower, upper, direction: Direction::HigherIsBetter }
    }

    /// A scale between two anchors, higher being better.
    ///
    /// # Errors
    ///
    /// An anchor that is not finite, a lower anchor that is not below the upper one, or anchors too far apart for
    /// their distance to be a finite number.
    pub fn new(lower: f64, upper: f64) -> Result<Self> {
        check::finite(lower, || "the lower anchor of the scale".into())?;
        let inside = upper > lower;
        let expected = format!("a number above the lower anchor {lower}");
        check::domain(upper, inside, || "the upper anchor of the scale".into(), &expected)?;
        check::finite(upper - lower, || "the range of the scale".into())?;
        Ok(Self::ready(lower, upper))
    }

    /// The same anchors with the other end as the good one.
    #[must_use]
    pub const fn reversed(self) -> Self {
        let direction = match self.direction {
            Direction::HigherIsBetter => Direction::LowerIsBetter,
            Direction::LowerIsBetter => Direction::HigherIsBetter,
        };
        Self { direction, ..self }
    }

    /// The lower anchor.
    pub fn lower(self) -> f64 {
        self.lower
    }

    /// The upper anchor.
    pub fn upper(self) -> f64 {
        self.upper
    }

    /// The distance between the anchors.
    pub fn range(self) -> f64 {
        self.upper - self.lower
    }

    /// Which end is the good one.
    pub fn direction(self) -> Direction {
        self.direction
    }

    /// Does the number lie between the anchors, these included? NaN does not.
    pub fn contains(self, x: f64) -> bool {
        (self.lower..=self.upper).contains(&x)
    }

    /// The position of an answer from 0 (worst) to 100 (best). A straight line: what lies outside the anchors comes
    /// out below 0 or above 100.
    pub fn to_hundred(self, x: f64) -> f64 {
        let share = match self.direction {
            Direction::HigherIsBetter => (x - self.lower) / self.range(),
            Direction::LowerIsBetter => (self.upper - x) / self.range(),
        };
        100.0 * share
    }

    /// The answer at a position from 0 (worst) to 100 (best): the inverse of [`Scale::to_hundred`].
    pub fn from_hundred(self, position: f64) -> f64 {
        let distance = position / 100.0 * self.range();
        match self.direction {
            Direction::HigherIsBetter => self.lower + distance,
            Direction::LowerIsBetter => self.upper - distance,
        }
    }
}

/// What [`Scale`] prints after the anchors where the lower one is the good one.
const REVERSED: &str = " (lower is better)";

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let note = if self.direction == Direction::LowerIsBetter { REVERSED } else { "" };
        write!(f, "{}-{}{note}", self.lower, self.upper)
    }
}

impl FromStr for Scale {
    type Err = Error;

    /// Two anchors with a comma, a hyphen or a dash between them: `1,10`, `1-10`, `1–10`; what [`Display`](fmt::Display)
    /// prints is read back.
    fn from_str(text: &str) -> Result<Self> {
        let (anchors, reversed) = match text.trim().strip_suffix(REVERSED) {
            Some(anchors) => (anchors, true),
            None => (text.trim(), false),
        };
        let pair = anchors.split_once([',', '–']).or_else(|| {
            // A hyphen in front is the sign of the lower anchor.
            let (at, _) = anchors.char_indices().skip(1).find(|(_, character)| *character == '-')?;
            Some((&anchors[..at], &anchors[at + 1..]))
        });
        let pair = pair.and_then(|(lower, upper)| Some((lower.trim().parse().ok()?, upper.trim().parse().ok()?)));
        let Some((lower, upper)) = pair else {
            let reason = "expected two anchors such as `1,10`".into();
            return Err(ErrorKind::Unreadable { place: format!("the scale `{text}`"), reason }.into());
        };
        let scale = Self::new(lower, upper)?;
        Ok(if reversed { scale.reversed() } else { scale })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    const READY: [Scale; 5] =
        [Scale::ONE_TO_TEN, Scale::ONE_TO_FIVE, Scale::ONE_TO_SEVEN, Scale::ZERO_TO_TEN, Scale::ZERO_TO_HUNDRED];

    #[test]
    fn the_anchors_are_exactly_0_and_100() {
        for scale in READY.into_iter().chain([Scale::new(0.1, 0.7).unwrap()]) {
            assert_eq!((scale.to_hundred(scale.lower()), scale.to_hundred(scale.upper())), (0.0, 100.0));
            let reversed = scale.reversed();
            assert_eq!((reversed.to_hundred(scale.lower()), reversed.to_hundred(scale.upper())), (100.0, 0.0));
            assert_eq!(reversed.reversed(), scale);
        }
    }

    #[test]
    fn bad_anchors_are_named() {
        let message = |lower, upper| Scale::new(lower, upper).unwrap_err().to_string();
        assert_eq!(message(f64::NAN, 1.0), "the lower anchor of the scale is NaN; expected a finite number");
        assert_eq!(message(1.0, f64::INFINITY), "the upper anchor of the scale is inf; expected a finite number");
        assert_eq!(message(5.0, 5.0), "the upper anchor of the scale is 5; expected a number above the lower anchor 5");
        assert_eq!(message(-1e308, 1e308), "the range of the scale is inf; expected a finite number");
    }

    #[test]
    fn text_is_read_and_read_back() {
        for text in ["1,10", "1-10", "1–10", " 1 , 10 "] {
            assert_eq!(text.parse(), Ok(Scale::ONE_TO_TEN));
        }
        assert_eq!("-3--1".parse(), Scale::new(-3.0, -1.0));
        assert_eq!(
            "ten".parse::<Scale>().unwrap_err().to_string(),
            "the scale `ten` cannot be read: expected two anchors such as `1,10`"
        );
        for text in ["", "-", "1", "1,2,3", "–", "5-1", "1-NaN", "é-é"] {
            assert!(text.parse::<Scale>().is_err(), "{text}");
        }
    }

    #[test]
    fn nan_lies_nowhere() {
        assert!(!Scale::ONE_TO_TEN.contains(f64::NAN));
        assert!(Scale::ONE_TO_TEN.contains(1.0) && Scale::ONE_TO_TEN.contains(10.0));
        assert!(!Scale::ONE_TO_TEN.contains(10.5));
    }

    proptest! {
        #[test]
        fn hundred_and_back(lower in -1e6..1e6, range in 1e-3..1e6, share in 0.0..1.0, reversed: bool) {
            let scale = Scale::new(lower, lower + range).unwrap();
            let scale = if reversed { scale.reversed() } else { scale };
            let x = lower + share * range;
            // Two roundings of a number of the size of the anchors.
            let error = (scale.from_hundred(scale.to_hundred(x)) - x).abs();
            prop_assert!(error <= 4.0 * f64::EPSILON * (lower.abs() + range), "{error}");
            prop_assert_eq!(scale.to_string().parse::<Scale>().unwrap(), scale);
        }
    }

    #[test]
    fn positions_between_the_anchors() {
        assert_relative_eq!(Scale::ONE_TO_TEN.to_hundred(8.0), 700.0 / 9.0, epsilon = 0.0, max_relative = 1e-15);
        assert_eq!(Scale::ONE_TO_FIVE.to_hundred(6.0), 125.0);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        for scale in [Scale::ONE_TO_TEN, Scale::ONE_TO_TEN.reversed()] {
            let text = serde_json::to_string(&scale).unwrap();
            assert_eq!(serde_json::from_str::<Scale>(&text).unwrap(), scale);
        }
        assert_eq!(serde_json::from_str::<Scale>(r#"{"lower":1,"upper":10}"#).unwrap(), Scale::ONE_TO_TEN);
        assert!(serde_json::from_str::<Scale>(r#"{"lower":10,"upper":1}"#).is_err());
        // A misspelt direction would otherwise turn the index round.
        let misspelt = serde_json::from_str::<Scale>(r#"{"lower": 1, "upper": 5, "dir": "lower_is_better"}"#);
        let message = misspelt.unwrap_err().to_string();
        assert!(message.starts_with("unknown field `dir`, expected one of `lower`, `upper`, `direction`"), "{message}");
    }
}
