//! The electrical field-service evaluation: what the example prints, against print and exact fractions.

use satindex::ahp::Method;
use satindex::fuzzy::Evaluation;

#[path = "../../../examples/field_service.rs"]
#[allow(dead_code, reason = "the example's own `main`")]
mod example;

fn evaluation() -> Evaluation {
    example::evaluate(Method::RowSum).unwrap().1
}

#[test]
fn every_printed_digit() {
    let evaluation = evaluation();
    for (node, printed) in [
        ("response speed", ["0.155", "0.501", "0.344", "0.000"]),
        ("technical ability", ["0.300", "0.700", "0.000", "0.000"]),
        ("attitude", ["0.000", "1.000", "0.000", "0.000"]),
        ("field service", ["0.221", "0.669", "0.110", "0.000"]),
    ] {
        let vector = evaluation.node(node).unwrap();
        assert_eq!(vector.values().iter().map(|degree| format!("{degree:.3}")).collect::<Vec<_>>(), printed);
    }
    assert_eq!(format!("{:.3}", evaluation.goal().score().unwrap()), "81.107");
}

#[test]
fn exact_fractions() {
    let evaluation = evaluation();
    for (degree, numerator) in evaluation.goal().values().iter().zip([14598.0, 44209.0, 7290.0, 0.0]) {
        // Two levels of three products of numbers below 1.
        assert!((degree - numerator / 66097.0).abs() < 2.3e-16, "{degree}");
    }
    let score = evaluation.goal().score().unwrap();
    assert!((score - 5_360_930.0 / 66_097.0).abs() < 3e-14, "{score}");
}

/// The print has λ = 3.055 for the criteria, which contradicts its own CI of 0.003: 3.005 is meant.
#[test]
fn consistency_as_printed() {
    let (judged, _) = example::evaluate(Method::RowSum).unwrap();
    let expected = "\
Consistency of the judgements
children of            λ     CI     CR
-----------------  -----  -----  -----
field service      3.005  0.003  0.005
response speed     3.025  0.013  0.022
technical ability  2.000  0.000  0.000
";
    assert_eq!(example::consistency(&judged).to_string(), expected);
    // Row sums of the judgements 1/2, 3, 5 are in proportion 135 : 240 : 46, of 1/2, 3, 4 in proportion 54 : 84 : 19.
    for ((_, priorities), sums) in judged.iter().zip([[135.0, 240.0, 46.0], [54.0, 84.0, 19.0]]) {
        for (weight, sum) in priorities.weights().values().iter().zip(sums) {
            assert!((weight - sum / sums.iter().sum::<f64>()).abs() < 1.2e-16);
        }
    }
}

#[test]
fn prints_the_tree() {
    let expected = "\
Fuzzy comprehensive evaluation (weighted average)
node                 weight  excellent    good    fair    fail   score  grade
-------------------  ------  ---------  ------  ------  ------  ------  -----
field service        1.0000     0.2209  0.6689  0.1103  0.0000  81.107  good
  response speed     0.3207     0.1554  0.5006  0.3439  0.0000  75.452  good
    2-hour response  0.3439     0.0000  0.0000  1.0000  0.0000  60.000  fair
    24-hour arrival  0.5350     0.2000  0.8000  0.0000  0.0000  83.000  good
    spare parts      0.1210     0.4000  0.6000  0.0000  0.0000  86.000  good
  technical ability  0.5701     0.3000  0.7000  0.0000  0.0000  84.500  good
    first-time fix   0.5000     0.2000  0.8000  0.0000  0.0000  83.000  good
    no recurrence    0.5000     0.4000  0.6000  0.0000  0.0000  86.000  good
  attitude           0.1093     0.0000  1.0000  0.0000  0.0000  80.000  good
";
    assert_eq!(evaluation().to_string(), expected);
}
