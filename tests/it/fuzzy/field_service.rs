//! The electrical field-service evaluation, with its weights as exact fractions.
//!
//! Print gives three decimals of everything; the fractions follow from the judgements (criteria 1/2, 3, 5; response speed
//! 1/2, 3, 4; technical ability 1) by normalised row sums. Its λ of 3.055 at the top contradicts its own CI of 0.003:
//! 3.005 is meant.

use satindex::Weights;
use satindex::fuzzy::{Evaluation, FuzzyEvaluation, Grades, Membership, Operator};
use satindex::survey::Hierarchy;

fn evaluation() -> Evaluation {
    let service = ["response speed", "technical ability", "attitude"];
    let speed = ["2-hour response", "24-hour arrival", "spare parts"];
    let hierarchy = Hierarchy::builder("service", Weights::normalised(service, [135.0, 240.0, 46.0]).unwrap())
        .divide("response speed", Weights::normalised(speed, [54.0, 84.0, 19.0]).unwrap())
        .divide("technical ability", Weights::equal(["first-time fix", "no recurrence"]).unwrap())
        .build()
        .unwrap();
    let grades = Grades::scored([("excellent", 95.0), ("good", 80.0), ("fair", 60.0), ("fail", 35.0)]).unwrap();
    let membership = Membership::from_counts(
        &grades,
        [
            ("2-hour response", [0, 0, 5, 0]),
            ("24-hour arrival", [1, 4, 0, 0]),
            ("spare parts", [2, 3, 0, 0]),
            ("first-time fix", [1, 4, 0, 0]),
            ("no recurrence", [2, 3, 0, 0]),
            ("attitude", [0, 5, 0, 0]),
        ],
    );
    FuzzyEvaluation::new(grades, Operator::WeightedAverage).evaluate(&hierarchy, &membership.unwrap()).unwrap()
}

#[test]
fn every_printed_digit() {
    let evaluation = evaluation();
    for (node, printed) in [
        ("response speed", ["0.155", "0.501", "0.344", "0.000"]),
        ("technical ability", ["0.300", "0.700", "0.000", "0.000"]),
        ("attitude", ["0.000", "1.000", "0.000", "0.000"]),
        ("service", ["0.221", "0.669", "0.110", "0.000"]),
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

#[test]
fn prints_the_tree() {
    let expected = "\
Fuzzy comprehensive evaluation (weighted average)
node                 weight  excellent    good    fair    fail   score  grade
-------------------  ------  ---------  ------  ------  ------  ------  -----
service              1.0000     0.2209  0.6689  0.1103  0.0000  81.107  good
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
