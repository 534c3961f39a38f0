//! The order in which every path leads forward.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::error::{ErrorKind, Result};
use crate::structural::model::Construct;

/// Every construct after all that act on it, or the cycle that makes this impossible.
pub(super) fn topological_order(constructs: &[Construct], paths: &[(usize, usize)]) -> Result<Vec<usize>> {
    let mut successors = vec![Vec::new(); constructs.len()];
    let mut waiting_for = vec![0_usize; constructs.len()];
    for &(from, to) in paths {
        successors[from].push(to);
        waiting_for[to] += 1;
    }
    let mut ready: BinaryHeap<_> = (0..constructs.len()).filter(|&at| waiting_for[at] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(constructs.len());
    while let Some(Reverse(at)) = ready.pop() {
        order.push(at);
        for &next in &successors[at] {
            waiting_for[next] -= 1;
            if waiting_for[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    match (0..constructs.len()).find(|&at| waiting_for[at] > 0) {
        None => Ok(order),
        Some(start) => {
            let cycle = cycle(start, paths, &waiting_for);
            Err(ErrorKind::Cycle { constructs: cycle.iter().map(|&at| constructs[at].name.clone()).collect() }.into())
        }
    }
}

/// A cycle among the constructs that still wait, its first construct repeated at the end.
///
/// Each of them waits for another, so going backwards must come to one that was passed before.
fn cycle(start: usize, paths: &[(usize, usize)], waiting_for: &[usize]) -> Vec<usize> {
    let mut cause = vec![None; waiting_for.len()];
    for &(from, to) in paths.iter().rev().filter(|path| waiting_for[path.0] > 0) {
        cause[to] = Some(from);
    }
    let mut passed = vec![false; waiting_for.len()];
    let mut walk = Vec::new();
    let mut next = Some(start);
    while let Some(at) = next.filter(|&at| !passed[at]) {
        passed[at] = true;
        walk.push(at);
        next = cause[at];
    }
    let first = walk.iter().position(|&at| Some(at) == next).unwrap_or(0);
    let mut cycle: Vec<usize> = walk.drain(first..).rev().collect();
    let least = cycle.iter().enumerate().min_by_key(|(_, at)| **at).map_or(0, |(place, _)| place);
    cycle.rotate_left(least);
    cycle.extend(cycle.first().copied());
    cycle
}

#[cfg(test)]
mod tests {
    use crate::structural::model::Model;

    #[test]
    fn a_cycle_is_named_in_the_order_of_its_paths() {
        let build = |paths: &[(&str, &str)]| {
            let builder = ["A", "B", "C", "D", "E"]
                .iter()
                .fold(Model::builder(), |builder, name| builder.reflective(*name, [name.to_lowercase()]));
            paths.iter().fold(builder, |builder, (from, to)| builder.path(*from, *to)).build()
        };
        // D hangs on the cycle and E leads to it; neither is part of it.
        let error = build(&[("C", "A"), ("E", "B"), ("B", "C"), ("C", "D"), ("A", "B")]).unwrap_err();
        assert_eq!(error.to_string(), "the paths form a cycle: A -> B -> C -> A");
        let error = build(&[("A", "B"), ("A", "C"), ("D", "E"), ("E", "D")]).unwrap_err();
        assert_eq!(error.to_string(), "the paths form a cycle: D -> E -> D");
    }

    #[test]
    fn the_order_follows_the_paths_and_then_the_declaration() {
        let model: Model = "A =~ a; B =~ b; C =~ c; D =~ d; A ~ C + D; C ~ D; D ~ B".parse().unwrap();
        assert_eq!(model.order(), [1, 3, 2, 0]);
        assert_eq!(model.paths(), [(2, 0), (3, 0), (3, 2), (1, 3)]);
        assert_eq!(model.predecessors(0).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(model.successors(3).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(model.named_paths().next(), Some(("C", "A")));
    }
}
