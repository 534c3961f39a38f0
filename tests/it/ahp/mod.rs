//! Judgements to weights, one file per idea.

use serde_json::Value;

#[cfg(feature = "csv")]
mod files;
mod fuzzy;
mod group;
mod hierarchy;
mod incomplete;
mod priorities;
mod properties;
mod revision;
#[cfg(feature = "serde")]
mod written;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// Figures from other software and from print.
fn golden_file() -> Value {
    serde_json::from_str(include_str!("../golden/judgements.json")).unwrap()
}

/// One list of them.
fn golden(key: &str) -> Vec<Value> {
    golden_file()[key].as_array().unwrap().clone()
}
