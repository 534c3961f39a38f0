//! Random specifications for the properties of this room.

use proptest::collection::vec;
use proptest::prelude::*;
use satindex::structural::{ConstructKind, Model, Population};

/// What random models look like: so many constructs, so many indicators each.
const CONSTRUCTS: std::ops::RangeInclusive<usize> = 2..=6;
const INDICATORS: std::ops::RangeInclusive<usize> = 1..=4;

/// Prefixes of names: every kind of script and sign that a name may have.
const PREFIXES: [&str; 5] = ["C", "满意度", "Qualité_", "e.", "9x"];

/// The name of the construct with this number; its indicators are `name_1`, `name_2`, ….
fn name(at: usize) -> String {
    format!("{}{at}", PREFIXES[at % PREFIXES.len()])
}

/// An acyclic model: constructs of random kind and size, declared in an order that is not that of the paths.
pub(crate) fn model() -> impl Strategy<Value = Model> {
    model_of(any::<bool>())
}

fn model_of(reflective: impl Strategy<Value = bool>) -> impl Strategy<Value = Model> {
    vec((reflective, INDICATORS), CONSTRUCTS).prop_flat_map(|blocks| {
        let size = blocks.len();
        let rank = Just((0..size).collect::<Vec<_>>()).prop_shuffle();
        (Just(blocks), rank, vec(any::<bool>(), size * size)).prop_map(|(blocks, rank, wanted)| {
            let mut builder = Model::builder();
            for (at, (reflective, indicators)) in blocks.iter().enumerate() {
                let kind = if *reflective { ConstructKind::Reflective } else { ConstructKind::Composite };
                builder = builder.construct(kind, name(at), (1..=*indicators).map(|i| format!("{}_{i}", name(at))));
            }
            for (from, to) in acyclic_paths(&rank, &wanted) {
                builder = builder.path(name(from), name(to));
            }
            builder.build().unwrap()
        })
    })
}

/// The wanted paths that lead up in rank, and one more for each construct left without: to or from its neighbour.
fn acyclic_paths(rank: &[usize], wanted: &[bool]) -> Vec<(usize, usize)> {
    let size = rank.len();
    let up = |a: usize, b: usize| if rank[a] < rank[b] { (a, b) } else { (b, a) };
    let mut paths: Vec<_> = (0..size)
        .flat_map(|a| (a + 1..size).map(move |b| (a, b)))
        .filter(|(a, b)| wanted[a * size + b])
        .map(|(a, b)| up(a, b))
        .collect();
    for at in 0..size {
        if !paths.iter().any(|(from, to)| [*from, *to].contains(&at)) {
            paths.push(up(at, (at + 1) % size));
        }
    }
    paths
}

/// An acyclic model with admissible parameters: no loading, weight or path is near 0, and no explained variance near 1.
pub(crate) fn population() -> impl Strategy<Value = Population> {
    population_of(model())
}

/// The same with nothing but composites.
pub(crate) fn composite_population() -> impl Strategy<Value = Population> {
    population_of(model_of(Just(false)))
}

fn population_of(model: impl Strategy<Value = Model>) -> impl Strategy<Value = Population> {
    model.prop_flat_map(|model| {
        let indicators = model.indicators().count();
        let paths = model.paths().len();
        (Just(model), vec(0.5..0.95, indicators), vec(0.3..1.0, paths)).prop_map(|(model, values, shares)| {
            let mut values = values.into_iter();
            let mut builder = Population::builder(model.clone());
            for construct in model.constructs() {
                let size = construct.indicators().len();
                let values: Vec<f64> = values.by_ref().take(size).collect();
                builder = match construct.kind() {
                    ConstructKind::Reflective => builder.loadings(construct.name(), values),
                    ConstructKind::Composite => {
                        builder.weights(construct.name(), values, vec![0.3; size * (size - 1) / 2])
                    }
                };
            }
            for (share, &(from, to)) in shares.iter().zip(model.paths()) {
                // The absolute coefficients of one construct sum to less than 0.9, and so explain less than 0.81.
                let coefficient = 0.9 * share / model.predecessors(to).count() as f64;
                builder = builder.path(model.constructs()[from].name(), model.constructs()[to].name(), coefficient);
            }
            builder.build().unwrap()
        })
    })
}
