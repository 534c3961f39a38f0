//! Weights, eigenvalues and indices of whole matrices against 50-digit arithmetic.

use approx::assert_relative_eq;
use satindex::ahp::{Consistency, Judgements, Method, Priorities, RandomIndex};
use serde_json::Value;

use super::{number, numbers};
use crate::reference;

fn judgements(entry: &Value) -> Judgements {
    let upper: Vec<&str> =
        entry["upper_triangle"].as_array().unwrap().iter().map(|cell| cell.as_str().unwrap()).collect();
    let n = entry["n"].as_u64().unwrap();
    Judgements::from_text((0..n).map(|i| format!("c{i}")), &upper).unwrap()
}

const METHODS: [(Method, &str); 4] = [
    (Method::Eigenvector, "weights_eigenvector"),
    (Method::LeftEigenvector, "weights_inverse_left_eigenvector"),
    (Method::GeometricMean, "weights_row_geometric_mean"),
    (Method::NormalisedColumnMean, "weights_normalised_column_mean"),
];

const TABLES: [(RandomIndex, &str); 5] = [
    (RandomIndex::Saaty1980, "saaty1980"),
    (RandomIndex::Saaty, "saaty2005"),
    (RandomIndex::AlonsoLamata, "alonso_lamata_2006_table"),
    (RandomIndex::DoneganDodd, "donegan_dodd"),
    (RandomIndex::TummalaLing, "tummala_ling_1998"),
];

fn check_weights(expected: &Value, judgements: &Judgements) {
    for (method, key) in METHODS {
        let priorities = judgements.priorities(method).unwrap();
        for (found, expected) in priorities.weights().values().iter().zip(numbers(&expected[key])) {
            assert_relative_eq!(*found, expected, epsilon = 0.0, max_relative = 1e-13);
        }
        assert_relative_eq!(priorities.lambda_max(), number(&expected["lambda_max"]), max_relative = 1e-14);
    }
}

fn check_consistency(expected: &Value, priorities: &Priorities) {
    let consistency: Consistency = priorities.consistency().unwrap();
    let n = consistency.n();
    // λ − n loses digits there, not here: an absolute 1e-14 is the rounding of the λ that they print.
    assert_relative_eq!(consistency.ci(), number(&expected["CI"]), epsilon = 2e-15 * n as f64, max_relative = 1e-13);
    for (table, key) in TABLES {
        let cr = number(&expected["CR"][key]);
        assert_relative_eq!(consistency.cr(table), cr, epsilon = 4e-15 * n as f64, max_relative = 1e-13);
    }
    let cr = number(&expected["CR_alonso_lamata_regression"]);
    assert_relative_eq!(consistency.cr(RandomIndex::Regression), cr, epsilon = 4e-15 * n as f64, max_relative = 1e-13);
    // What is exactly 0 is rounding there, up to 1e-15 of the entries.
    let close = |found: f64, expected: &Value| {
        assert_relative_eq!(found, number(expected), epsilon = 1e-14, max_relative = 1e-12);
    };
    close(consistency.gci(), &expected["GCI"]);
    close(consistency.koczkodaj(), &expected["koczkodaj"]);
    close(consistency.pelaez_lamata(), &expected["pelaez_lamata_CI_star"]);
    close(consistency.hci().unwrap(), &expected["HCI"]);
    close(consistency.golden_wang().unwrap(), &expected["golden_wang_GW"]);
    close(consistency.relative_error(), &expected["relative_error_RE"]);
    if expected["HCR"].is_number() {
        close(consistency.hcr().unwrap(), &expected["HCR"]);
    }
    let triad = expected["koczkodaj_worst_triad_0based"].as_array();
    let triad: Option<Vec<String>> = triad.map(|triad| triad.iter().map(|at| format!("c{at}")).collect());
    assert_eq!(consistency.worst_triad().map(|triad| triad.to_vec()), triad);
}

fn check(entry: &Value) {
    let judgements = judgements(entry);
    let expected = &entry["expected"];
    check_weights(expected, &judgements);
    check_consistency(expected, &judgements.priorities(Method::Eigenvector).unwrap());
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn every_matrix_of_the_reference() {
    let reference = reference::json("ahp/matrices.json");
    let matrices = reference["matrices"].as_array().unwrap();
    assert_eq!(matrices.len(), 61);
    matrices.iter().for_each(check);
}
