//! Cause and effect between constructs: the structural model behind a satisfaction index.

mod model;
mod population;
mod simulate;
mod syntax;

pub use model::{Construct, ConstructKind, Model, ModelBuilder};
pub use population::{Population, PopulationBuilder};
