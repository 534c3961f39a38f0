//! Cause and effect between constructs: the structural model behind a satisfaction index.

mod model;
mod syntax;

pub use model::{Construct, ConstructKind, Model, ModelBuilder};
