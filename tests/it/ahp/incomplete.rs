//! Judgements with gaps: Harker, least squares in logs, least eigenvalue.

use approx::assert_relative_eq;
use satindex::ahp::{Judgements, Method, Priorities};
use serde_json::Value;

use super::{number, numbers};

fn judgements(entry: &Value) -> Judgements {
    let rows: Vec<Vec<Option<f64>>> = entry["matrix"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_array().unwrap().iter().map(Value::as_f64).collect())
        .collect();
    let labels = (0..rows.len()).map(|i| format!("c{i}"));
    Judgements::from_matrix(labels, &rows, satindex::ahp::Reciprocity::Within(1e-15)).unwrap()
}

fn check_weights(priorities: &Priorities, expected: &Value) {
    for (found, expected) in priorities.weights().values().iter().zip(numbers(expected)) {
        // Their minimum has a slope of 3e-16 left and their Laplacian was inverted in doubles.
        assert_relative_eq!(*found, expected, epsilon = 0.0, max_relative = 1e-12);
    }
}

fn check_filled(priorities: &Priorities, expected: &Value) {
    let completed = priorities.completed().unwrap();
    for (pair, ratio) in expected.as_object().unwrap() {
        let (row, column) = pair.split_once(',').unwrap();
        let found = completed.get(&format!("c{row}"), &format!("c{column}")).unwrap().unwrap();
        assert_relative_eq!(found, number(ratio), epsilon = 0.0, max_relative = 1e-11);
    }
}

fn check(entry: &Value) {
    let judgements = judgements(entry);
    let harker = judgements.priorities(Method::Eigenvector).unwrap();
    check_weights(&harker, &entry["harker"]["weights"]);
    assert_relative_eq!(harker.lambda_max(), number(&entry["harker"]["lambda_max"]), max_relative = 1e-14);
    let logs = judgements.priorities(Method::GeometricMean).unwrap();
    check_weights(&logs, &entry["llsm_laplacian"]["weights"]);
    check_filled(&logs, &entry["llsm_laplacian"]["filled"]);
    let minimal = judgements.priorities(Method::MinimalEigenvalue).unwrap();
    let expected = &entry["lambda_min_completion"];
    check_weights(&minimal, &expected["weights"]);
    check_filled(&minimal, &expected["values"]);
    assert_relative_eq!(minimal.lambda_max(), number(&expected["lambda_max"]), max_relative = 1e-14);
    assert_relative_eq!(minimal.ci(), number(&expected["CI"]), epsilon = 1e-15, max_relative = 1e-13);
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn every_gap_of_the_reference() {
    let reference = crate::reference::json("ahp/incomplete.json");
    let examples = reference["examples"].as_array().unwrap();
    assert_eq!(examples.len(), 5);
    examples.iter().for_each(check);
}
