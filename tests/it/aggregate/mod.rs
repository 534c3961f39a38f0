//! From organisations to a nation.

mod benchmark;
mod chain;
mod coverage;
mod cube;
mod golden;
mod pairs;
mod programme;
mod properties;
mod ranking;
#[cfg(feature = "serde")]
mod written;

use satindex::Index;
use satindex::aggregate::{Aggregated, Aggregation, Structure};

/// An index with a standard error.
fn index(value: f64, std_error: f64) -> Index {
    Index::new(value, 250.0, "given").unwrap().with_std_error(std_error).unwrap()
}

fn aggregate<'a>(structure: &Structure, indices: impl IntoIterator<Item = (&'a str, Index)>) -> Aggregated {
    Aggregation::new().aggregate(structure, indices).unwrap()
}

/// x lies in both industries.
fn sharing(weight_of_z: f64) -> Structure {
    Structure::builder("n")
        .group("s", "n", 1.0)
        .group("t", "n", 1.0)
        .entity("x", "s", 1.0)
        .entity("y", "s", 1.0)
        .entity("x", "t", 1.0)
        .entity("z", "t", weight_of_z)
        .build()
        .unwrap()
}
