//! What was asked, and what was answered.

mod hierarchy;

pub use hierarchy::{Hierarchy, HierarchyBuilder, Node};
