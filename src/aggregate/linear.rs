//! Linear functions of the entities' indices: every index, difference and change is one, and all have one variance.

use std::cmp::Ordering;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::structure::{Node, Structure};
use crate::error::Result;
use crate::numeric::check;

/// A linear function of the entities' indices in one period, Σ cₑ Iₑ.
///
/// Entities are measured independently of each other, so its variance is Σ cₑ² SEₑ². Differences of two such functions are
/// taken entity by entity, Σ (cₑ − dₑ)² SEₑ², never as variances less covariances: what two indices share would take the
/// digits of what they do not. Sparse, because there may be as many of these as there are entities.
#[derive(Debug, Clone, Default)]
pub(super) struct LinearForm {
    /// In the order of the entities; none has a coefficient of 0.
    terms: Vec<Term>,
}

#[derive(Debug, Clone, Copy)]
struct Term {
    entity: usize,
    coefficient: f64,
    std_error: Option<f64>,
}

impl Term {
    fn error(&self) -> Option<f64> {
        Some(self.coefficient * self.std_error?)
    }

    fn times(self, factor: f64) -> Self {
        Self { coefficient: factor * self.coefficient, ..self }
    }
}

/// Above this the squares of standard errors overflow.
const LARGEST: f64 = 1e150;

impl LinearForm {
    /// The form with these coefficients, in the order of the entities. Entities without an index count for nothing.
    ///
    /// # Errors
    ///
    /// A standard error whose square would overflow.
    pub(super) fn new(period: &Aggregated, coefficients: impl IntoIterator<Item = (usize, f64)>) -> Result<Self> {
        let mut terms = Vec::new();
        for (entity, coefficient) in coefficients.into_iter().filter(|(_, coefficient)| *coefficient != 0.0) {
            let Some(index) = period.index_of(Node::Entity(entity)) else { continue };
            let term = Term { entity, coefficient, std_error: index.std_error() };
            let place = || format!("the standard error of `{}`", period.structure().entities()[entity]);
            let error = term.error().unwrap_or(0.0);
            check::domain(error, error.abs() < LARGEST, place, "a number below 1e150")?;
            terms.push(term);
        }
        Ok(Self { terms })
    }

    /// The sum of nodes' indices, each times a factor. `coefficients` is all 0, by entity, and is left so.
    fn of_sum(period: &Aggregated, sum: &[(Node, f64)], coefficients: &mut [f64]) -> Result<Self> {
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
        Self::new(period, touched.into_iter().map(|entity| (entity, std::mem::take(&mut coefficients[entity]))))
    }

    /// Each node's index.
    pub(super) fn each(period: &Aggregated, nodes: &[Node]) -> Result<Vec<Self>> {
        let mut coefficients = vec![0.0; period.structure().entities().len()];
        nodes.iter().map(|node| Self::of_sum(period, &[(*node, 1.0)], &mut coefficients)).collect()
    }

    /// The simple mean of the nodes' indices.
    pub(super) fn of_mean(period: &Aggregated, nodes: &[Node]) -> Result<Self> {
        let sum: Vec<(Node, f64)> = nodes.iter().map(|node| (*node, 1.0 / nodes.len() as f64)).collect();
        Self::of_sum(period, &sum, &mut vec![0.0; period.structure().entities().len()])
    }

    /// This form plus another of the same period times a factor.
    pub(super) fn plus(&self, factor: f64, other: &Self) -> Self {
        Self { terms: self.merged(factor, other).collect() }
    }

    /// The terms of this form plus another times a factor, entity by entity.
    fn merged<'a>(&'a self, factor: f64, other: &'a Self) -> impl Iterator<Item = Term> + 'a {
        let (mut here, mut there) = (self.terms.as_slice(), other.terms.as_slice());
        let next = move || match (here.split_first(), there.split_first()) {
            (Some((one, left)), Some((two, right))) => match one.entity.cmp(&two.entity) {
                Ordering::Less => {
                    here = left;
                    Some(*one)
                }
                Ordering::Greater => {
                    there = right;
                    Some(two.times(factor))
                }
                Ordering::Equal => {
                    (here, there) = (left, right);
                    Some(Term { coefficient: one.coefficient + factor * two.coefficient, ..*one })
                }
            },
            (Some((one, left)), None) => {
                here = left;
                Some(*one)
            }
            (None, Some((two, right))) => {
                there = right;
                Some(two.times(factor))
            }
            (None, None) => None,
        };
        std::iter::from_fn(next).filter(|term| term.coefficient != 0.0)
    }

    /// By entity that counts, its coefficient times its standard error; `None` where one is not known.
    pub(super) fn errors(&self) -> Option<Vec<(usize, f64)>> {
        self.terms.iter().map(|term| Some((term.entity, term.error()?))).collect()
    }

    /// Σ cₑ² SEₑ²; `None` where an entity that counts has no standard error.
    pub(super) fn variance(&self) -> Option<f64> {
        variance(self.terms.iter().copied())
    }

    /// √(Σ cₑ² SEₑ²).
    pub(super) fn std_error(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// √(Σ (cₑ − dₑ)² SEₑ²), the standard error of this form less another of the same period.
    pub(super) fn std_error_of_difference(&self, other: &Self) -> Option<f64> {
        variance(self.merged(-1.0, other)).map(f64::sqrt)
    }

    /// The standard error of this form less one of an earlier period, in which the estimates of an entity are correlated
    /// with those of now: √(Σ cₑ² SEₑ² + Σ dₑ² SEₑ² − 2ρ Σ cₑ dₑ SEₑ SEₑ′).
    pub(super) fn std_error_of_change(
        &self,
        earlier: &Self,
        correlation: f64,
        (then, now): (&Structure, &Structure),
    ) -> Option<f64> {
        let squares = variance(earlier.terms.iter().chain(&self.terms).copied())?;
        if correlation == 0.0 {
            return Some(squares.sqrt());
        }
        let before = |term: &Term| {
            let entity = then.entity_at(&now.entities()[term.entity]).ok()?;
            earlier.terms.binary_search_by_key(&entity, |term| term.entity).ok().map(|at| earlier.terms[at])
        };
        let common: f64 = self.terms.iter().filter_map(|term| Some(term.error()? * before(term)?.error()?)).sum();
        Some((squares - 2.0 * correlation * common).max(0.0).sqrt())
    }
}

fn variance(mut terms: impl Iterator<Item = Term>) -> Option<f64> {
    terms.try_fold(0.0, |sum, term| {
        let error = term.error()?;
        Some(sum + error * error)
    })
}
