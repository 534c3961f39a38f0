//! The example that evaluates a file: its sample, and what it says of mistakes.

use serde_json::Value;

#[path = "../../../examples/evaluate.rs"]
#[allow(dead_code, reason = "the example's own `main`")]
mod example;

const SAMPLE: &str = include_str!("../../../examples/data/field_service.json");

/// What is said of the sample with one thing changed.
fn faults(right: &str, wrong: &str) -> String {
    assert!(SAMPLE.contains(right), "{right}");
    example::evaluate(&SAMPLE.replace(right, wrong)).err().unwrap().join("\n")
}

#[test]
fn the_sample_is_the_field_service_case() {
    let report = example::evaluate(SAMPLE).unwrap();
    let table = report.table().to_string();
    assert!(table.contains("field service        1.0000     0.2209  0.6689  0.1103  0.0000  81.107  good   0.004\n"));
    assert!(table.contains("  attitude           0.1093     0.0000  1.0000  0.0000  0.0000  80.000  good\n"));
    let json: Value = report.json().unwrap();
    let goal = &json["nodes"][0];
    assert_eq!((&goal["name"], &goal["grade"][0]), (&"field service".into(), &"good".into()));
    assert!((goal["score"].as_f64().unwrap() - 5_360_930.0 / 66_097.0).abs() < 3e-14);
    // By the eigenvalue 3.00369459806364 and Saaty's random index of 0.52.
    assert!((goal["cr"].as_f64().unwrap() - 0.003_694_598_063_64 / 2.0 / 0.52).abs() < 1e-14);
    assert_eq!(json["nodes"].as_array().unwrap().len(), 9);
    assert!(json["nodes"][2]["cr"].is_null());
}

#[test]
fn without_scores_there_is_no_score() {
    let report = example::evaluate(&SAMPLE.replace(", \"scores\": [95, 80, 60, 35]", "")).unwrap();
    assert!(!report.table().to_string().contains("score"));
    assert!(report.json().unwrap()["nodes"][0]["score"].is_null());
}

#[test]
fn mistakes_are_named() {
    for (right, wrong, said) in [
        (
            "[2, 3, 0, 0]",
            "[2, -3, 0, 0]",
            "the count of `good` for `spare parts` is -3; expected a number that is not negative",
        ),
        ("[2, 3, 0, 0]", "[0, 0, 0, 0]", "the row of `spare parts`: no rater gave a grade"),
        ("[2, 3, 0, 0]", "[2, 3]", "the row of `spare parts` has length 2; expected 4"),
        ("[0.4, 0.6, 0, 0]", "[0.4, 0.5, 0, 0]", "the row of `no recurrence` sums to 0.9; expected 1"),
        (
            "[0.5, 0.5]",
            "[0.5, 0.6]",
            "node `technical ability`: the weights sum to 1.1; expected 1 (`normalised` divides them by their sum); `\"divide_weights\": true` divides them by it",
        ),
        ("[\"1/2\", 3, 5]", "[\"1/2\", 3]", "node `field service`: the upper triangle has length 2; expected 3"),
        (
            "\"weights\": [0.5, 0.5],",
            "",
            "node `technical ability`: it has children; give either `weights` or `judgements` of them",
        ),
        (
            "\"counts\": [0, 5, 0, 0]",
            "\"children\": []",
            "node `attitude`: it has no children; give one of `counts`, `shares` and `membership`",
        ),
        (
            "\"counts\": [0, 5, 0, 0]",
            "\"counts\": [0, 5, 0, 0], \"weights\": [1]",
            "node `attitude`: it has no children; leave out `weights` and `judgements`",
        ),
        ("\"spare parts\"", "\"attitude\"", "duplicate node `attitude`"),
    ] {
        assert_eq!(faults(right, wrong), said);
    }
    assert!(faults("\"counts\": [2", "\"count\": [2").starts_with("unknown field `count`"));
    let operators = "unknown operator `average`; expected one of `min_max`, `product_max`, `min_bounded_sum`, ";
    assert!(faults("\"weighted_average\"", "\"average\"").starts_with(operators));
    let methods = "unknown method `rows`; expected one of `eigenvector`, `left_eigenvector`, `geometric_mean`, ";
    assert!(faults("\"row_sum\"", "\"rows\"").starts_with(methods));
    // Names are read in any case and with anything between their words.
    for name in ["row-sum", "Row Sum", "rowsum"] {
        assert!(example::evaluate(&SAMPLE.replace("row_sum", name)).is_ok());
    }
    let twice = SAMPLE.replace("[2, 3, 0, 0]", "[2]").replace("[0.5, 0.5]", "[0.5]");
    let said = "the row of `spare parts` has length 1; expected 4\n\
        node `technical ability`: the list of weights has length 1; expected 2";
    assert_eq!(example::evaluate(&twice).err().unwrap().join("\n"), said);
}

/// Weights as a report prints them, with four decimals.
const ROUNDED: &str = r#"{"grades": {"names": ["good", "fair", "bad"], "scores": [90, 70, 40]},
 "hierarchy": {"name": "service", "weights": [0.6333, 0.1061, 0.2604], "children": [
   {"name": "speed", "counts": [3, 1, 1]}, {"name": "skill", "counts": [1, 2, 2]}, {"name": "attitude", "counts": [0, 4, 1]}]}}"#;

#[test]
fn rounded_weights_are_divided_on_request_and_the_result_says_so() {
    let refused = example::evaluate(ROUNDED).err().unwrap().join("\n");
    assert!(refused.contains("the weights sum to 0.9998") && refused.contains("divide_weights"), "{refused}");

    let report = example::evaluate(&ROUNDED.replacen('{', "{\"divide_weights\": true, ", 1)).unwrap();
    let json = report.json().unwrap();
    // (0.6333, 0.1061, 0.2604) / 0.9998 times the shares of the grades.
    let sum = 0.6333 + 0.1061 + 0.2604;
    let good = (0.6333 * 0.6 + 0.1061 * 0.2) / sum;
    assert!((json["nodes"][0]["membership"][0].as_f64().unwrap() - good).abs() < 1e-15);
    assert!((json["nodes"][0]["score"].as_f64().unwrap() - 71.388_878).abs() < 5e-7);
    assert!((json["weights_divided_by"]["service"].as_f64().unwrap() - 0.9998).abs() < 1e-15);
    assert!(report.table().to_string().contains("divided by their sum, 0.9998"));
}

#[test]
fn a_list_of_grades_has_no_scores() {
    let scored = ROUNDED.replacen('{', "{\"divide_weights\": true, ", 1);
    let grades = r#"{"names": ["good", "fair", "bad"], "scores": [90, 70, 40]}"#;
    let json = |spec: &str| example::evaluate(spec).unwrap().json().unwrap()["nodes"][0].clone();
    let list = json(&scored.replace(grades, r#"["good", "fair", "bad"]"#));
    assert_eq!(list["membership"], json(&scored)["membership"]);
    assert!(list["score"].is_null());
    let error = example::evaluate(&scored.replace(grades, "\"good\"")).err().unwrap();
    assert!(error[0].contains("expected grades: an object with `names`"), "{error:?}");
}

#[test]
fn thousands_of_faults_are_counted() {
    let children: Vec<String> = (0..5000).map(|at| format!(r#"{{"name": "c{at}", "counts": [-1, 1]}}"#)).collect();
    let weights = vec!["0.0002"; 5000].join(",");
    let spec = format!(
        r#"{{"grades": ["good", "bad"], "hierarchy": {{"name": "g", "weights": [{weights}], "children": [{}]}}}}"#,
        children.join(",")
    );
    let faults = example::evaluate(&spec).err().unwrap();
    assert_eq!((faults.len(), faults[20].as_str()), (21, "and 4980 more"));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    let spec = r#"{"grades": {"names": ["good", "bad"]}, "hierarchy": {"name": "service", "weights": [0.5, 0.5],
        "children": [{"name": "speed", "counts": [3, 1]}, {"name": "skill", "counts": [1, 3]}]}}"#;
    let json = example::evaluate(&format!("\u{feff}{spec}")).unwrap().json().unwrap();
    assert_eq!(json, example::evaluate(spec).unwrap().json().unwrap());
    assert_eq!(json["nodes"][0]["membership"], serde_json::json!([0.5, 0.5]));
}
