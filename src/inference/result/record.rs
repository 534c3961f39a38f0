//! The result as lists by kind of quantity.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::inference::{Bootstrapped, Distribution, Quantity};

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
    Route { from: &'a str, to: &'a str, through: &'a [String] },
    Construct { construct: &'a str },
}

impl<'a> From<&'a Quantity> for Names<'a> {
    fn from(quantity: &'a Quantity) -> Self {
        match quantity {
            Quantity::Weight { construct, indicator } | Quantity::Loading { construct, indicator } => {
                Self::Indicator { construct, indicator }
            }
            Quantity::Path { from, to }
            | Quantity::TotalEffect { from, to }
            | Quantity::IndirectEffect { from, to }
            | Quantity::Correlation { first: from, second: to }
            | Quantity::Htmt { first: from, second: to } => Self::Effect { from, to },
            Quantity::ProductEffect { first, second, to } => Self::Product { first, second, to },
            Quantity::SpecificEffect { route } => {
                let last = route.len() - 1;
                Self::Route { from: &route[0], to: &route[last], through: &route[1..last] }
            }
            Quantity::RSquared { construct }
            | Quantity::Index { construct }
            | Quantity::Alpha { construct }
            | Quantity::RhoA { construct }
            | Quantity::RhoC { construct }
            | Quantity::AverageVarianceExtracted { construct } => Self::Construct { construct },
        }
    }
}

impl Serialize for Bootstrapped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kinds = self.kinds();
        let mut map = serializer.serialize_map(Some(kinds.len()))?;
        for (kind, pairs) in &kinds {
            let records: Vec<Record<'_>> = pairs
                .iter()
                .map(|(quantity, distribution)| {
                    let interval = distribution.interval(self.settings.confidence, self.settings.interval).ok();
                    Record::new(quantity, distribution, interval)
                })
                .collect();
            map.serialize_entry(kind, &records)?;
        }
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
            p: distribution.p(),
            lower: interval.map(|interval| interval.lower()),
            upper: interval.map(|interval| interval.upper()),
        }
    }
}
