//! The house itself: its layers, its names, the traits of its types, their serialised forms, and what its papers say.

mod grammar;
mod imports;
mod source;
#[cfg(feature = "serde")]
mod traits;
