//! The house itself: its layers, its names, the traits of its types, and their serialised forms.

mod grammar;
mod imports;
mod papers;
#[cfg(feature = "serde")]
mod samples;
#[cfg(feature = "serde")]
mod serialised;
mod source;
#[cfg(feature = "serde")]
mod traits;
