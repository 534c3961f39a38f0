//! What is known of the entities while they come in.

use crate::aggregate::structure::Structure;
use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::numeric::check;

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
