//! A value of every public type that can be written, small and whole.

mod aggregate;
mod evaluation;
mod structural;
mod survey;

use std::any::type_name;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value as text, with the way to read it.
pub(super) struct Sample {
    /// The type, with its path.
    pub(super) id: &'static str,
    pub(super) text: String,
    /// Reads a text; what is accepted is written and read again, to the same value. The error is the refusal.
    pub(super) read: fn(&str) -> Result<(), String>,
}

/// A value that may be written and read, or only one of them.
struct Written<'a, T>(&'a T);

/// Chosen by method lookup for types that can be written and read.
trait ReadBack {
    fn sample(&self) -> Option<Sample>;
}

/// Chosen for all others.
trait WriteOnly {
    fn sample(&self) -> Option<Sample>;
}

impl<T: Serialize + DeserializeOwned + PartialEq + Debug> ReadBack for &Written<'_, T> {
    fn sample(&self) -> Option<Sample> {
        Some(Sample { id: type_name::<T>(), text: serde_json::to_string(self.0).unwrap(), read: read::<T> })
    }
}

impl<T> WriteOnly for Written<'_, T> {
    fn sample(&self) -> Option<Sample> {
        None
    }
}

fn read<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) -> Result<(), String> {
    let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let name = type_name::<T>();
    let again =
        serde_json::to_string(&value).unwrap_or_else(|error| panic!("{name} from {text} is not written: {error}"));
    let back: T = serde_json::from_str(&again)
        .unwrap_or_else(|error| panic!("{name} from {text} is written as {again}, which is refused: {error}"));
    assert_eq!(back, value, "{name} from {text}");
    Ok(())
}

/// Adds values to the samples.
macro_rules! add {
    ($samples:expr; $($value:expr),+ $(,)?) => {
        $({
            #[allow(unused_imports, reason = "a type takes one of the two ways")]
            use super::{ReadBack as _, WriteOnly as _};
            let value = $value;
            $samples.extend((&&super::Written(&value)).sample());
        })+
    };
}
use add;

pub(super) fn all() -> Vec<Sample> {
    let mut samples = Vec::new();
    survey::add_to(&mut samples);
    evaluation::add_to(&mut samples);
    structural::add_to(&mut samples);
    aggregate::add_to(&mut samples);
    samples
}
