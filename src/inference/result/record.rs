//! The result as lists by kind of quantity.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::inference::quantity::{Form, Quantity};
use crate::inference::{Distribution, Summary};

/// One line of the result: what it is, and what is known of it.
#[derive(Serialize)]
struct Record<'a> {
    #[serde(flatten)]
    quantity: Names<'a>,
    estimate: f64,
    mean: f64,
    bias: f64,
    std_error: f64,
    t: Option<f64>,
    p: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
}

/// The names in a quantity, without its kind.
#[derive(Serialize)]
#[serde(untagged)]
enum Names<'a> {
    Indicator { construct: &'a str, indicator: &'a str },
    Effect { from: &'a str, to: &'a str },
    Product { first: &'a str, second: &'a str, to: &'a str },
    Route { from: &'a str, to: &'a str, through: Vec<&'a str> },
    Construct { construct: &'a str },
}

impl<'a> From<&'a Quantity> for Names<'a> {
    fn from(quantity: &'a Quantity) -> Self {
        let names = quantity.names();
        let last = names.len() - 1;
        match quantity.facts().form {
            Form::Construct => Self::Construct { construct: names[0] },
            Form::Indicator => Self::Indicator { construct: names[0], indicator: names[1] },
            Form::Effect | Form::Pair => Self::Effect { from: names[0], to: names[1] },
            Form::Product => Self::Product { first: names[0], second: names[1], to: names[2] },
            Form::Route => Self::Route { from: names[0], to: names[last], through: names[1..last].to_vec() },
        }
    }
}

/// A quantity without a value.
#[derive(Serialize)]
struct Undefined<'a> {
    quantity: &'a Quantity,
    reason: &'a str,
}

impl Serialize for Summary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let boot = self.0;
        let mut map = serializer.serialize_map(None)?;
        for (kind, pairs) in &boot.kinds() {
            let records: Vec<Record<'_>> = pairs
                .iter()
                .map(|(quantity, distribution)| {
                    let interval = distribution.interval(boot.settings.confidence, boot.settings.interval).ok();
                    Record::new(quantity, distribution, interval)
                })
                .collect();
            map.serialize_entry(kind, &records)?;
        }
        let undefined = boot.undefined().map(|(quantity, reason)| Undefined { quantity, reason });
        map.serialize_entry("undefined", &undefined.collect::<Vec<_>>())?;
        map.serialize_entry("settings", &boot.settings)?;
        map.serialize_entry("failures", &boot.failures)?;
        map.serialize_entry("mixed_index_weights", &boot.mixed)?;
        map.serialize_entry("reversed", &boot.reversed)?;
        map.serialize_entry("inadmissible", &boot.inadmissible)?;
        map.serialize_entry("inadmissible_replicates", &boot.inadmissible_replicates)?;
        map.end()
    }
}

impl<'a> Record<'a> {
    fn new(quantity: &'a Quantity, distribution: &Distribution, interval: Option<crate::index::Interval>) -> Self {
        Self {
            quantity: quantity.into(),
            estimate: distribution.estimate(),
            mean: distribution.mean(),
            bias: distribution.bias(),
            std_error: distribution.std_error(),
            t: distribution.t(),
            p: distribution.p_value(),
            lower: interval.map(|interval| interval.lower()),
            upper: interval.map(|interval| interval.upper()),
        }
    }
}
