//! Indices of entities combined into indices of groups, level by level.

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::structure::Structure;
use crate::error::{ErrorKind, Faults, Result};
use crate::index::{Confidence, Index};
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

    /// The indices of all groups from those of the entities, by name and in any order.
    ///
    /// # Errors
    ///
    /// Names that are no entities of the structure, or come twice; no index at all; a minimum coverage that is not from 0
    /// to 1.
    pub fn aggregate<S: AsRef<str>>(
        self,
        structure: &Structure,
        indices: impl IntoIterator<Item = (S, Index)>,
    ) -> Result<Aggregated> {
        let none: [f64; 0] = [];
        self.collect(structure, indices.into_iter().map(|(name, index)| (name, index, none)), 0)
    }

    /// The same with the bootstrap replicates of each entity's index (those that gave one; at least one), which give
    /// each group `resamples` replicates of its index: the b-th is the weighted mean of the members' b-th. An entity
    /// with fewer starts again at its first; any two entities' replicates are independent, so how they are paired does
    /// not matter.
    ///
    /// # Errors
    ///
    /// As for [`Aggregation::aggregate`]; an entity without replicates; a replicate that is not finite; more resamples than
    /// fit in memory.
    pub fn bootstrap<S: AsRef<str>, R: AsRef<[f64]>>(
        self,
        structure: &Structure,
        resamples: usize,
        indices: impl IntoIterator<Item = (S, Index, R)>,
    ) -> Result<Aggregated> {
        self.collect(structure, indices, resamples)
    }

    fn collect<S: AsRef<str>, R: AsRef<[f64]>>(
        self,
        structure: &Structure,
        indices: impl IntoIterator<Item = (S, Index, R)>,
        resamples: usize,
    ) -> Result<Aggregated> {
        self.check()?;
        let mut tally = Tally::new(structure, resamples)?;
        let mut faults = Faults::default();
        for (name, index, replicates) in indices {
            let name = name.as_ref();
            let added =
                structure.entity_at(name).and_then(|entity| tally.check(structure, entity, replicates.as_ref()));
            match added {
                Ok(entity) => tally.add(structure, entity, index, replicates.as_ref()),
                Err(fault) => faults.note(|| fault),
            }
        }
        faults.or(())?;
        Aggregated::new(structure.clone(), self, tally)
    }
}

/// What is known of the entities so far. Its size is that of the structure and the resamples, not of the answers.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Tally {
    /// By entity.
    pub(super) indices: Vec<Option<Index>>,
    /// By group, `resamples` sums Σ wₑ xₑ over the entities right in the group.
    pub(super) sums: Vec<f64>,
    pub(super) resamples: usize,
}

impl Tally {
    /// # Errors
    ///
    /// More resamples than fit in memory.
    pub(super) fn new(structure: &Structure, resamples: usize) -> Result<Self> {
        check::replicates(resamples, structure.groups.len(), "resamples")?;
        let sums = vec![0.0; structure.groups.len() * resamples];
        Ok(Self { indices: vec![None; structure.entities.len()], sums, resamples })
    }

    /// The entity, if it has not come before and its replicates can be used.
    pub(super) fn check(&self, structure: &Structure, entity: usize, replicates: &[f64]) -> Result<usize> {
        let name = &structure.entities[entity];
        if self.indices[entity].is_some() {
            return Err(ErrorKind::Duplicate { what: "index of", name: name.clone() }.into());
        }
        if self.resamples > 0 && replicates.is_empty() {
            return Err(ErrorKind::Missing { what: "bootstrap replicate", name: name.clone() }.into());
        }
        for value in replicates.iter().filter(|value| !value.is_finite()) {
            check::finite(*value, || format!("a bootstrap replicate of `{name}`"))?;
        }
        Ok(entity)
    }

    /// Adds a checked entity.
    pub(super) fn add(&mut self, structure: &Structure, entity: usize, index: Index, replicates: &[f64]) {
        self.indices[entity] = Some(index);
        for (group, weight) in structure.places_of(entity) {
            let sums = &mut self.sums[group * self.resamples..][..self.resamples];
            for (sum, value) in sums.iter_mut().zip(replicates.iter().cycle()) {
                *sum += weight * value;
            }
        }
    }

    /// Nothing, if the sums are numbers.
    #[cfg(feature = "serde")]
    pub(super) fn verify(&self) -> Result<()> {
        self.sums.iter().try_for_each(|sum| check::finite(*sum, || "a sum of replicates".into()).map(|_| ()))
    }

    /// Adds what was found of other entities of the same structure.
    pub(super) fn merge(&mut self, other: Self) {
        for (own, index) in self.indices.iter_mut().zip(other.indices) {
            *own = own.take().or(index);
        }
        self.sums.iter_mut().zip(other.sums).for_each(|(sum, other)| *sum += other);
    }
}
