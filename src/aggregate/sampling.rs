//! How far the indices of one period err, alone and together.

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::structure::{Node, Structure};
use crate::error::Result;
use crate::index::Index;
use crate::numeric::check;

/// The sampling error of a linear function of the entities' indices, Σ cₑ Iₑ: for each entity that counts its cₑ SEₑ, in
/// the order of the entities.
///
/// Sparse, because there may be as many of these as there are entities.
#[derive(Debug, Clone)]
pub(super) struct SamplingError {
    terms: Vec<(usize, f64)>,
}

/// Above this the squares of standard errors overflow.
const LARGEST: f64 = 1e150;

/// A coefficient times the standard error of an entity's index; `None` where that is not known.
pub(super) fn term(structure: &Structure, entity: usize, index: &Index, coefficient: f64) -> Result<Option<f64>> {
    let Some(error) = index.std_error() else { return Ok(None) };
    let term = coefficient * error;
    let place = || format!("the standard error of `{}`", structure.entities()[entity]);
    check::domain(term, term.abs() < LARGEST, place, "a number below 1e150").map(Some)
}

impl SamplingError {
    /// That of a sum of nodes' indices, each times a factor; `None` where an entity that counts has no standard error.
    ///
    /// `coefficients` is all 0, by entity, and is left so.
    fn new(period: &Aggregated, sum: &[(Node, f64)], coefficients: &mut [f64]) -> Result<Option<Self>> {
        let structure = period.structure();
        let mut touched = Vec::new();
        for (node, factor) in sum {
            period.add_coefficients(*node, *factor, coefficients);
            match *node {
                Node::Entity(at) => touched.push(at),
                Node::Group(at) => {
                    touched.extend(structure.places[structure.places_below(at)].iter().map(|place| place.entity));
                }
            }
        }
        touched.sort_unstable();
        touched.dedup();
        let mut known = Some(Vec::with_capacity(touched.len()));
        for entity in touched {
            let coefficient = std::mem::take(&mut coefficients[entity]);
            let Some(index) = period.index_of(Node::Entity(entity)).filter(|_| coefficient != 0.0) else { continue };
            let term = term(structure, entity, index, coefficient)?;
            known = known.zip(term).map(|(mut terms, term)| {
                terms.push((entity, term));
                terms
            });
        }
        Ok(known.map(|terms| Self { terms }))
    }

    /// That of each node's index.
    pub(super) fn each(period: &Aggregated, nodes: &[Node]) -> Result<Vec<Option<Self>>> {
        let mut coefficients = vec![0.0; period.structure().entities().len()];
        nodes.iter().map(|node| Self::new(period, &[(*node, 1.0)], &mut coefficients)).collect()
    }

    /// That of the simple mean of the nodes' indices.
    pub(super) fn of_mean(period: &Aggregated, nodes: &[Node]) -> Result<Option<Self>> {
        let sum: Vec<(Node, f64)> = nodes.iter().map(|node| (*node, 1.0 / nodes.len() as f64)).collect();
        Self::new(period, &sum, &mut vec![0.0; period.structure().entities().len()])
    }

    /// By entity, cₑ SEₑ.
    pub(super) fn terms(&self) -> &[(usize, f64)] {
        &self.terms
    }

    /// √(Σ cₑ² SEₑ²).
    pub(super) fn std_error(&self) -> f64 {
        self.terms.iter().map(|(_, term)| term * term).sum::<f64>().sqrt()
    }

    /// The standard error of the difference of two such functions, √(Σ (cₑ − dₑ)² SEₑ²): summed as it stands, since
    /// variances less covariances would lose the digits of what two indices do not share.
    pub(super) fn of_difference(&self, other: &Self) -> f64 {
        let (mut here, mut there) = (self.terms.as_slice(), other.terms.as_slice());
        let mut variance = 0.0;
        while let (Some((one, mine)), Some((two, theirs))) = (here.first(), there.first()) {
            let mut rest = 0.0;
            if one <= two {
                rest += mine;
                here = &here[1..];
            }
            if two <= one {
                rest -= theirs;
                there = &there[1..];
            }
            variance += rest * rest;
        }
        variance += here.iter().chain(there).map(|(_, term)| term * term).sum::<f64>();
        variance.sqrt()
    }
}
