//! Judgements with gaps: Harker, least squares in logs, least eigenvalue.

use approx::assert_relative_eq;
use satindex::ahp::{Judgements, Method, Priorities};
use serde_json::Value;

use super::{golden, number, numbers};

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
fn gaps_are_bridged_as_elsewhere() {
    golden("incomplete").iter().for_each(check);
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn every_gap_of_the_reference() {
    let reference = crate::reference::json("ahp/incomplete.json");
    let examples = reference["examples"].as_array().unwrap();
    assert_eq!(examples.len(), 5);
    examples.iter().for_each(check);
}

fn message<T: std::fmt::Debug>(result: satindex::Result<T>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn what_is_not_connected_is_named() {
    let upper = [Some(2.0), None, None, None, None, Some(3.0)];
    let judgements = Judgements::from_upper(["a", "b", "c", "d"], &upper).unwrap();
    for method in [Method::Eigenvector, Method::GeometricMean, Method::MinimalEigenvalue] {
        let error = judgements.priorities(method).unwrap_err();
        assert_eq!(error.to_string(), "no judgement connects {`a`, `b`} with {`c`, `d`}");
        assert!(error.is_degenerate());
    }
    let message = message(judgements.priorities(Method::RowSum));
    assert!(message.starts_with("not judged: `a` against `c`, `a` against `d`, `b` against `c`, `b` against `d`; "));
}

#[test]
fn confidences_are_checked() {
    let judgements = Judgements::from_upper(["a", "b", "c"], &[Some(2.0), None, Some(3.0)]).unwrap();
    let weigh = |confidence: &[f64]| judgements.priorities_with_confidence(confidence);
    assert_relative_eq!(weigh(&[1.0, 0.0, 9.0]).unwrap().weights().get("a").unwrap(), 0.6, max_relative = 1e-15);
    assert_eq!(message(weigh(&[1.0, 1.0])), "the list of confidences has length 2; expected 3");
    assert_eq!(
        message(weigh(&[-1.0, 0.0, f64::NAN])),
        "the confidence in `a` against `b` is -1; expected a number that is not negative; \
         the confidence in `b` against `c` is NaN; expected a finite number"
    );
    assert!(message(weigh(&[1.0, 1.0, 1.0])).starts_with("not judged: `a` against `c`"));
    assert_eq!(message(weigh(&[1.0, 0.0, 0.0])), "no judgement connects {`a`, `b`} with {`c`}");
}

/// A chain of a hundred tenfold preferences: 1 to 10⁻¹⁰⁰ fits into f64; a chain of four hundred does not.
#[test]
fn long_chains_are_weighed_or_refused() {
    let chain = |n: usize| {
        let labels: Vec<String> = (0..n).map(|i| format!("c{i}")).collect();
        let pairs: Vec<(String, String, f64)> =
            labels.windows(2).map(|pair| (pair[0].clone(), pair[1].clone(), 10.0)).collect();
        Judgements::from_pairs(labels, pairs).unwrap()
    };
    for method in [Method::Eigenvector, Method::GeometricMean, Method::MinimalEigenvalue] {
        let priorities = chain(101).priorities(method).unwrap();
        let w = priorities.weights().values();
        assert_relative_eq!(w[0] / w[100], 1e100, max_relative = 1e-11);
        assert_relative_eq!(priorities.ci(), 0.0, epsilon = 1e-20);
        let error = chain(400).priorities(method).unwrap_err();
        assert_eq!(error.to_string(), "the judgements: `c0` comes out over 1e280 times `c399`");
    }
}
