//! Indices of entities combined into indices of groups, level by level.

use crate::error::Result;
use crate::index::Confidence;
use crate::numeric::check;

/// How the indices of entities become those of groups.
///
/// # Formula
///
/// The index of a group is the weighted mean of those of its members, Iᴳ = Σ aₘ Iₘ with aₘ = wₘ / Σ w. From the
/// entities' point of view Iᴳ = Σ cₑ Iₑ, where cₑ is the product of the shares a on the way down, summed over the ways
/// when there are several. Entities are measured independently of each other, so the standard error of Iᴳ is
/// √(Σ cₑ² SEₑ²), and its interval Iᴳ ± z · SE, cut off at 0 and 100. Nothing is rounded on the way up.
///
/// A member without an index is left out and its weight spread over the other members of its group in proportion; the
/// group keeps its own weight. The coverage of a group says how much of its weight was measured; a group of which less
/// is measured than [`Aggregation::minimum_coverage`] asks for has no index and is left out in turn. A group with an
/// entity that has no standard error has none.
///
/// # References
///
/// Fornell, C., Johnson, M. D., Anderson, E. W., Cha, J., Bryant, B. E. (1996). The American Customer Satisfaction
/// Index: nature, purpose, and findings. *Journal of Marketing*, 60(4), 7–18.
/// <https://doi.org/10.1177/002224299606000403> (companies by revenue, industries by revenue, sectors by their
/// contribution to the gross domestic product). The variance is that of stratified sampling: Cochran, W. G. (1977).
/// *Sampling Techniques*, 3rd ed., Wiley, section 5.3.
///
/// # Examples
///
/// ```
/// use satindex::Index;
/// use satindex::aggregate::{Aggregation, Structure};
///
/// let nation = Structure::builder("nation")
///     .group("retail", "nation", 0.6)
///     .group("banks", "nation", 0.4)
///     .entity("Acme", "retail", 120.0)
///     .entity("Corner", "retail", 80.0)
///     .entity("Trust", "banks", 50.0)
///     .build()?;
/// let index = |value, error| Index::new(value, 250.0, "mean")?.with_std_error(error);
/// let result = Aggregation::new().aggregate(&nation, [
///     ("Acme", index(78.0, 0.9)?),
///     ("Corner", index(73.0, 1.1)?),
///     ("Trust", index(70.0, 0.8)?),
/// ])?;
/// assert_eq!(result.index("retail")?.value(), 76.0);
/// assert_eq!(format!("{:.1}", result.total()?), "73.6 [72.6, 74.6]");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Raw"))]
pub struct Aggregation {
    confidence: Confidence,
    minimum_coverage: f64,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    confidence: Confidence,
    minimum_coverage: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for Aggregation {
    type Error = crate::Error;

    fn try_from(raw: Raw) -> Result<Self> {
        let aggregation = Self { confidence: raw.confidence, minimum_coverage: raw.minimum_coverage };
        aggregation.check()?;
        Ok(aggregation)
    }
}

impl Default for Aggregation {
    fn default() -> Self {
        Self::new()
    }
}

impl Aggregation {
    /// 95 % intervals; a group has an index as soon as one of its members has.
    pub fn new() -> Self {
        Self { confidence: Confidence::P95, minimum_coverage: 0.0 }
    }

    /// The confidence level of the intervals.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// The share of a group's weight, from 0 to 1, that must be measured for the group to have an index.
    #[must_use]
    pub fn minimum_coverage(self, share: f64) -> Self {
        Self { minimum_coverage: share, ..self }
    }

    /// The confidence level that is asked for.
    pub fn confidence_in_use(&self) -> Confidence {
        self.confidence
    }

    /// The minimum coverage that is asked for.
    pub fn minimum_coverage_in_use(&self) -> f64 {
        self.minimum_coverage
    }

    /// Checks the options.
    pub(super) fn check(&self) -> Result<()> {
        check::unit(self.minimum_coverage, || "the minimum coverage".into()).map(drop)
    }
}
