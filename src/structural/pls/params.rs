//! The choices that the estimator has.

/// How a construct's outer weights are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Mode {
    /// Correlation weights: each indicator's covariance with the inner proxy.
    A,
    /// Regression weights: the coefficients of the inner proxy's regression on the indicators.
    B,
    /// The same weight for every (standardised, or in the raw metric raw) indicator: a sum score.
    #[cfg_attr(feature = "serde", serde(rename = "unit"))]
    Unit,
}

/// How much each neighbour counts in a construct's inner proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Scheme {
    /// The sign of the correlation (Wold 1982).
    Centroid,
    /// The correlation (Lohmöller 1989).
    Factorial,
    /// The regression coefficient of a predecessor, the correlation with a successor (Lohmöller 1989).
    #[default]
    Path,
}

/// The units in which indicators enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Metric {
    /// Each indicator has unit variance: the correlation matrix.
    #[default]
    Standardised,
    /// Each indicator keeps its units: the covariance matrix. For indicators on one common scale.
    Raw,
}
