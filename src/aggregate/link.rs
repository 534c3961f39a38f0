//! What carries a chained level from one period to the next.

/// What carries the level from one period to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Link {
    /// The ratio of the matched members' indices, as price indices are linked.
    Ratio,
    /// Their difference, in points. Without a change of membership the chained series is the plain one.
    Difference,
}

impl Link {
    /// The level after a link.
    pub(super) fn carry(self, level: f64, (from, to): (f64, f64)) -> f64 {
        match self {
            Self::Ratio => level * (to / from),
            Self::Difference => level + (to - from),
        }
    }

    /// What a form is multiplied with: the derivative of ln x, or of x.
    pub(super) fn scale(self, value: f64) -> f64 {
        match self {
            Self::Ratio => 1.0 / value,
            Self::Difference => 1.0,
        }
    }
}
