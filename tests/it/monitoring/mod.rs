//! What the index does.

mod bands;
mod coverage;
mod curve;
mod hostile;
mod properties;
mod threshold;

use satindex::monitoring::loyalty::Pairs;
use serde_json::Value;

/// Simulated answers with the results of other software; the file says which.
fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/loyalty.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The answers of the golden file, each counting once, by frequencies, by sampling weights.
fn survey() -> [Pairs; 3] {
    let golden = golden();
    let intention = numbers(&golden["intention"]).into_iter().map(|yes| yes == 1.0);
    let pairs = Pairs::new(numbers(&golden["satisfaction"]), intention).unwrap();
    let frequencies = golden["frequencies"].as_array().unwrap().iter();
    let frequencies = frequencies.map(|number| u32::try_from(number.as_u64().unwrap()).unwrap());
    let weighted = pairs.clone().with_sampling_weights(numbers(&golden["weights"])).unwrap();
    [pairs.clone(), pairs.with_frequencies(frequencies).unwrap(), weighted]
}

/// So many who say yes among so many of each satisfaction.
fn counted(groups: &[(f64, u32, u32)]) -> Pairs {
    let rows = groups.iter().flat_map(|(value, yes, n)| [(*value, true, *yes), (*value, false, n - yes)]);
    let rows: Vec<(f64, bool, u32)> = rows.collect();
    let pairs = Pairs::new(rows.iter().map(|row| row.0), rows.iter().map(|row| row.1)).unwrap();
    pairs.with_frequencies(rows.iter().map(|row| row.2)).unwrap()
}

fn message<T: std::fmt::Debug>(result: satindex::Result<T>) -> String {
    result.unwrap_err().to_string()
}
