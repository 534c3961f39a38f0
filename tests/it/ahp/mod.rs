//! Judgements to weights, one file per idea.

use serde_json::Value;

mod fuzzy;
mod group;
mod incomplete;
mod priorities;
mod revision;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}
