//! What is written can be read, and nothing else can.

use satindex::aggregate::{Aggregated, Aggregation, Checkpoint, Programme, Structure, Wave};
use satindex::monitoring::loyalty::{Bands, Isotonic, ThresholdSearch, TopBoxes};
use satindex::structural::{Model, Pls};
use satindex::survey::Scale;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{aggregate, index, sharing};

/// Reads back what it wrote; refuses it with a further field in any of its objects, naming that field.
fn strict<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let written = serde_json::to_value(value).unwrap();
    assert_eq!(&serde_json::from_value::<T>(written.clone()).unwrap(), value);
    let mut objects = Vec::new();
    collect(&written, "", &mut objects);
    assert!(!objects.is_empty());
    for place in objects {
        let mut spoilt = written.clone();
        spoilt.pointer_mut(&place).unwrap()["unheard-of"] = json!(1);
        let error = serde_json::from_value::<T>(spoilt).unwrap_err().to_string();
        assert!(error.contains("unknown field `unheard-of`"), "{place}: {error}");
    }
}

fn collect(value: &Value, place: &str, objects: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            objects.push(place.into());
            fields.iter().for_each(|(name, value)| collect(value, &format!("{place}/{name}"), objects));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| collect(value, &format!("{place}/{at}"), objects));
        }
        _ => {}
    }
}

/// Two entities, of which one cannot be estimated.
fn run() -> (Programme, Checkpoint) {
    let model: Model = "A =~ a1 + a2; B =~ b1; B ~ A".parse().unwrap();
    let structure = Structure::builder("n").entity("x", "n", 1.0).entity("y", "n", 1.0).build().unwrap();
    let programme = Programme::new(model, "A", structure).unwrap().estimator(Pls::new()).without_bootstrap();
    let rows = [[1.0, 2.0, 2.0], [4.0, 3.0, 5.0], [5.0, 5.0, 4.0], [2.0, 1.0, 3.0], [3.0, 5.0, 3.0]];
    let answers = |rows: &[[f64; 3]]| {
        let rows = rows.iter().map(|row| row.map(Some));
        satindex::survey::Responses::from_rows(["a1", "a2", "b1"], rows)
            .unwrap()
            .with_scale(Scale::ONE_TO_FIVE)
            .unwrap()
    };
    let interviews = vec![("x", answers(&rows)), ("y", answers(&rows[..2]))];
    let go_on = |_: satindex::aggregate::results::Progress<'_>| std::ops::ControlFlow::Continue(());
    let run = programme.advance(programme.start().unwrap(), interviews, go_on).unwrap();
    (programme, run)
}

#[test]
fn further_fields_are_errors() {
    strict(&sharing(2.0));
    strict(&Aggregation::new().minimum_coverage(0.25));
    strict(&aggregate(&sharing(1.0), [("x", index(70.0, 1.0))]));
    strict(&Bands::new(["low", "high"], [60.0]).unwrap());
    strict(&TopBoxes::new(Scale::ONE_TO_TEN, 2).unwrap());
    strict(&Isotonic::new().points([20.0, 40.0]).seed(3));
    strict(&ThresholdSearch::new().cuts(2).step(0.5));
    let (programme, run) = run();
    strict(&run);
    strict(&programme.finish(run).unwrap());
}

#[test]
fn options_are_checked_when_they_are_read() {
    let read = |text: &str| serde_json::from_str::<ThresholdSearch>(text).map(drop).map_err(|error| error.to_string());
    assert_eq!(read("{}"), Ok(()));
    assert_eq!(read(r#"{"cuts":0}"#).unwrap_err(), "the number of cuts is 0; expected 1 or more");
    let error = read(r#"{"replicates":18446744073709551615}"#).unwrap_err();
    assert!(error.ends_with("so that all can be kept in memory"), "{error}");
    let error = serde_json::from_str::<Isotonic>(r#"{"points":[101]}"#).unwrap_err().to_string();
    assert_eq!(error, "a point of the curve is 101; expected from 0 to 100");
    let error = serde_json::from_str::<Aggregation>(r#"{"confidence":0.95,"minimum_coverage":2}"#).unwrap_err();
    assert_eq!(error.to_string(), "the minimum coverage is 2; expected a number from 0 to 1");
}

#[test]
fn a_report_has_an_estimate_or_a_reason() {
    let (programme, run) = run();
    let wave = serde_json::to_value(programme.finish(run.clone()).unwrap()).unwrap();
    let read = |change: fn(&mut Value)| {
        let mut changed = wave.clone();
        change(&mut changed);
        serde_json::from_value::<Wave>(changed).unwrap_err().to_string()
    };
    let both = read(|wave| wave["reports"][0]["failure"] = json!("none"));
    assert_eq!(both, "report of `x` must have an estimate or a failure, and not both");
    let other = read(|wave| wave["reports"][0]["estimate"]["index"]["value"] = json!(1.0));
    assert!(other.starts_with("the report of `x`: its index is not the one that was aggregated"), "{other}");
    let mut twice = serde_json::to_value(&run).unwrap();
    let report = twice["reports"][0].clone();
    twice["reports"].as_array_mut().unwrap().push(report);
    assert_eq!(serde_json::from_value::<Checkpoint>(twice).unwrap_err().to_string(), "duplicate report of `x`");
    let mut aggregated = wave["aggregated"].clone();
    aggregated["resamples"] = json!(u64::MAX);
    assert!(serde_json::from_value::<Aggregated>(aggregated).is_err());
}

/// A file with a group without members: that it is empty is enough, and zero has no sign.
#[test]
fn an_empty_group_is_named_once() {
    let text = r#"{"whole": "n", "groups": [{"name": "g", "within": "n", "weight": null}], "entities": []}"#;
    assert_eq!(serde_json::from_str::<Structure>(text).unwrap_err().to_string(), "group `g` is empty");
}
