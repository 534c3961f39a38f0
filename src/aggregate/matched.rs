//! A group's index made of some of its entities only.

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::structure::{Node, Structure};

/// By entity: does it count in the group's index?
///
/// An entity of weight 0 does; one that lies only in groups that have no index does not.
pub(super) fn present(period: &Aggregated, group: usize) -> Vec<bool> {
    let structure = period.structure();
    let mut present = vec![false; structure.entities().len()];
    let mut at = group;
    while at < structure.tree.end(group) {
        if period.index_of(Node::Group(at)).is_none() {
            at = structure.tree.end(at);
            continue;
        }
        for place in &structure.places[structure.groups[at].places.clone()] {
            present[place.entity] = period.index_of(Node::Entity(place.entity)).is_some();
        }
        at += 1;
    }
    present
}

/// By entity: the coefficients of the group's index when it is made of the `kept` entities alone, each of which has an
/// index. `None` when they have no weight.
///
/// The groups keep their own weights. A group without an index stays out; how much of the others was measured is not asked
/// again, since what is left out here was.
pub(super) fn coefficients(period: &Aggregated, group: usize, kept: &[bool]) -> Option<Vec<f64>> {
    let structure = period.structure();
    let mut sums = vec![0.0; structure.tree.end(group) - group];
    for at in (0..sums.len()).rev() {
        if period.index_of(Node::Group(group + at)).is_some() {
            sums[at] = counting(structure, (group, at), kept, &sums).iter().map(|(_, weight)| weight).sum();
        }
    }
    if sums[0] <= 0.0 {
        return None;
    }
    let mut factors = vec![0.0; sums.len()];
    factors[0] = 1.0;
    let mut coefficients = vec![0.0; kept.len()];
    for at in (0..sums.len()).filter(|at| sums[*at] > 0.0) {
        for (member, weight) in counting(structure, (group, at), kept, &sums) {
            let coefficient = factors[at] * (weight / sums[at]);
            match member {
                Node::Group(child) => factors[child - group] = coefficient,
                Node::Entity(entity) => coefficients[entity] += coefficient,
            }
        }
    }
    Some(coefficients)
}

/// The members that count of the group that lies `at` places after the first.
fn counting(structure: &Structure, (first, at): (usize, usize), kept: &[bool], sums: &[f64]) -> Vec<(Node, f64)> {
    let counts = |member: &Node| match member {
        Node::Group(child) => sums[child - first] > 0.0,
        Node::Entity(entity) => kept[*entity],
    };
    structure.members(first + at).filter(|(member, _)| counts(member)).collect()
}
