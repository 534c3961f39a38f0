//! What was asked and answered.

mod cases;
#[cfg(feature = "csv")]
mod csv;
mod missing;
mod moments;
#[cfg(all(feature = "csv", feature = "dates"))]
mod questions;
mod reference;
mod responses;

use satindex::Result;

/// The message of what must be an error.
fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}
