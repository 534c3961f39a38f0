//! Serialised forms: nothing unknown is passed over, and nothing is accepted that cannot be written and read again.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Map, Number, Value, json};

use super::samples::{self, Sample};
use super::traits;

/// Objects whose keys are the words of an answer, so that any key is known: a scale of grades, and where it stands.
fn is_map(sample: &Sample, place: &str) -> bool {
    place.ends_with("/grades") || place.is_empty() && sample.id.ends_with("::GradedScale")
}

#[test]
fn every_type_that_is_read_has_a_sample() {
    let sampled: BTreeSet<&str> = samples::all().iter().map(|sample| sample.id).collect();
    let missing: Vec<&str> = traits::all().iter().filter(|entry| entry.is_read()).map(|entry| entry.id).collect();
    let missing: Vec<&&str> = missing.iter().filter(|id| !sampled.contains(**id)).collect();
    assert!(missing.is_empty(), "types without a sample: {missing:#?}");
}

#[test]
fn samples_are_read_back() {
    for sample in samples::all() {
        (sample.read)(&sample.text).unwrap_or_else(|error| panic!("{}: {error}: {}", sample.id, sample.text));
    }
}

#[test]
fn unknown_fields_are_errors() {
    let mut accepted = Vec::new();
    for sample in samples::all() {
        let value: Value = serde_json::from_str(&sample.text).unwrap();
        for place in objects(&value, "") {
            let mut changed = value.clone();
            changed.pointer_mut(&place).unwrap()["unknown_field"] = json!(1);
            if !is_map(&sample, &place) && (sample.read)(&changed.to_string()).is_ok() {
                accepted.push(format!("{} at `{}`", sample.id, generic(&place)));
            }
        }
    }
    accepted.sort();
    accepted.dedup();
    assert!(accepted.is_empty(), "unknown fields are passed over:\n{}", accepted.join("\n"));
}

/// Where the objects in a value stand, as JSON pointers.
fn objects(value: &Value, place: &str) -> Vec<String> {
    let mut found = Vec::new();
    match value {
        Value::Object(fields) => {
            found.push(place.to_owned());
            for (name, field) in fields {
                found.extend(objects(field, &format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))));
            }
        }
        Value::Array(values) => {
            let parts = values.iter().enumerate();
            found.extend(parts.flat_map(|(at, value)| objects(value, &format!("{place}/{at}"))));
        }
        _ => {}
    }
    found
}

/// A place with the positions in lists left out.
fn generic(place: &str) -> String {
    let parts = place.split('/').map(|part| if part.parse::<usize>().is_ok() { "#" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}

/// How often each sample is changed in either way.
const ROUNDS: usize = 60;

#[test]
fn changed_values_are_refused_or_read_back() {
    fuzz(1, |sample, random| {
        let mut value: Value = serde_json::from_str(&sample.text).unwrap();
        for _ in 0..=random.below(2) {
            change(&mut value, random);
        }
        value.to_string().into_bytes()
    });
}

#[test]
fn changed_bytes_are_refused_or_read_back() {
    fuzz(2, |sample, random| {
        let mut bytes = sample.text.clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = b"0123456789.-+eE{}[]\",: ntf\\\x00\xff"[random.below(29)],
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, b"09-e{[\",]}"[random.below(10)]),
                _ => bytes.truncate(at + 1),
            }
            if bytes.is_empty() {
                break;
            }
        }
        bytes
    });
}

/// Reads changed samples; the reader of a sample fails where something is accepted that is not written and read again.
fn fuzz(seed: u64, change: impl Fn(&Sample, &mut Random) -> Vec<u8>) {
    let mut failed = Vec::new();
    for sample in samples::all() {
        let mut random = Random(seed);
        for _ in 0..ROUNDS {
            let Ok(text) = String::from_utf8(change(&sample, &mut random)) else { continue };
            if let Err(reason) = catch_unwind(AssertUnwindSafe(|| (sample.read)(&text))) {
                let reason = reason.downcast_ref::<String>().map_or("a panic", String::as_str);
                failed.push(format!("{}: {} from {text}", sample.id, reason.lines().next().unwrap_or_default()));
                break;
            }
        }
    }
    assert!(failed.is_empty(), "{} types:\n{}", failed.len(), failed.join("\n\n"));
}

/// Changes one place of a value.
fn change(value: &mut Value, random: &mut Random) {
    let places = places(value, "");
    let place = places[random.below(places.len())].clone();
    let target = value.pointer_mut(&place).unwrap();
    match (target, random.below(4)) {
        (Value::Array(values), 0) if !values.is_empty() => drop(values.remove(random.below(values.len()))),
        (Value::Array(values), 1) if !values.is_empty() => values.push(values[random.below(values.len())].clone()),
        (Value::Object(fields), 0) if !fields.is_empty() => remove(fields, random),
        (Value::Number(number), 0 | 1) => *number = nearby(number, random),
        (target, _) => *target = strange(random),
    }
}

fn remove(fields: &mut Map<String, Value>, random: &mut Random) {
    let name = fields.keys().nth(random.below(fields.len())).unwrap().clone();
    fields.remove(&name);
}

fn nearby(number: &Number, random: &mut Random) -> Number {
    let x = number.as_f64().unwrap();
    let y = [-x, x + 1.0, x - 1.0, x * 1e300, x / 1e300, x.trunc()][random.below(6)];
    Number::from_f64(y).unwrap_or_else(|| 0.into())
}

fn strange(random: &mut Random) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(0.5),
        json!(1e308),
        json!(-1e308),
        json!(5e-324),
        json!(u64::MAX),
        json!(9_223_372_036_854_775_808_u64),
        json!(i64::MIN),
        json!(""),
        json!(" "),
        json!("speed"),
        json!("A.B"),
        json!("\u{0}"),
        json!([]),
        json!([1, 2]),
        json!([[1.0], [2.0, 3.0]]),
        json!({}),
    ];
    values[random.below(values.len())].clone()
}

/// Where everything in a value stands.
fn places(value: &Value, place: &str) -> Vec<String> {
    let mut found = vec![place.to_owned()];
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            found.extend(places(field, &format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))));
        }),
        Value::Array(values) => values.iter().enumerate().for_each(|(at, value)| {
            found.extend(places(value, &format!("{place}/{at}")));
        }),
        _ => {}
    }
    found
}
