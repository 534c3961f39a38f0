//! Bad input is named; any input gives an error or a finite result.

use proptest::prelude::*;
use satindex::fuzzy::{Evaluation, FuzzyEvaluation, GradeVector, Grades, Importance, Membership, Operator, Ranking};
use satindex::survey::Hierarchy;
use satindex::{Error, Result, Weights};

use super::grades;
use super::strategies::case;

fn hierarchy() -> Hierarchy {
    Hierarchy::builder("service", Weights::new(["speed", "skill"], [0.5, 0.5]).unwrap())
        .divide("speed", Weights::new(["response", "arrival"], [0.5, 0.5]).unwrap())
        .build()
        .unwrap()
}

fn quality() -> Grades {
    Grades::new(["good", "bad"]).unwrap()
}

fn evaluate(rows: &[(&str, [f64; 2])]) -> Result<Evaluation> {
    let membership = Membership::new(&quality(), rows.iter().copied())?;
    FuzzyEvaluation::new(quality(), Operator::WeightedAverage).evaluate(&hierarchy(), &membership)
}

const ROWS: [(&str, [f64; 2]); 3] = [("response", [1.0, 0.0]), ("arrival", [0.5, 0.5]), ("skill", [0.0, 1.0])];

fn text<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn leaves_without_membership_and_strangers_are_named() {
    let error = evaluate(&[ROWS[0], ("speed", [1.0, 0.0])]).unwrap_err();
    assert_eq!(error.to_string(), "no membership for `arrival`; no membership for `skill`; unknown leaf `speed`");
    assert!(error.is_missing() && error.is_unknown_name());
    let membership = Membership::new(&Grades::new(["good", "poor"]).unwrap(), ROWS).unwrap();
    let error = FuzzyEvaluation::new(quality(), Operator::MinMax).evaluate(&hierarchy(), &membership);
    assert_eq!(text(error), "no membership for `bad`; unknown grade `poor`");
}

#[test]
fn a_score_needs_scores() {
    let evaluation = evaluate(&ROWS).unwrap();
    let error = evaluation.node("speed").unwrap().score().unwrap_err();
    assert_eq!(error.to_string(), "node `speed`: no score for `good`; no score for `bad`");
    assert!(error.is_missing());
    assert_eq!(text(evaluation.node("price")), "unknown node `price`");
    assert_eq!(text(evaluation.goal().get("fair")), "unknown grade `fair`");
}

#[test]
fn importance_must_fit_the_node_and_the_operator() {
    let with = |operator, node: &str, names: [&str; 2], degrees| {
        let evaluation = FuzzyEvaluation::new(quality(), operator);
        evaluation.importance(node, Importance::new(names, degrees).unwrap()).plan(&hierarchy()).map(|_| ())
    };
    assert_eq!(
        text(with(Operator::WeightedAverage, "speed", ["response", "arrival"], [1.0, 0.5])),
        "node `speed`: the sum of importance under the weighted average is 1.5; expected 1"
    );
    assert_eq!(
        text(with(Operator::MinMax, "speed", ["response", "skill"], [1.0, 0.5])),
        "node `speed`: no importance for `arrival`; unknown child `skill`"
    );
    assert_eq!(text(with(Operator::MinMax, "price", ["a", "b"], [1.0, 0.5])), "unknown node `price`");
    assert!(with(Operator::WeightedAverage, "speed", ["arrival", "response"], [0.75, 0.25]).is_ok());
    let importance = Importance::new(["response", "arrival"], [1.0, 0.5]).unwrap();
    let twice = FuzzyEvaluation::new(quality(), Operator::MinMax)
        .importance("speed", importance.clone())
        .importance("speed", importance);
    assert_eq!(text(twice.plan(&hierarchy()).map(|_| ())), "duplicate node with importance `speed`");
}

#[test]
fn importance_stands_in_for_weights() {
    let importance = Importance::new(["arrival", "response"], [0.25, 1.0]).unwrap();
    let membership = Membership::new(&quality(), ROWS).unwrap();
    let evaluation = FuzzyEvaluation::new(quality(), Operator::ProductMax).importance("speed", importance);
    let evaluation = evaluation.evaluate(&hierarchy(), &membership).unwrap();
    assert_eq!(evaluation.node("speed").unwrap().values(), [1.0, 0.125]);
    assert_eq!(evaluation.goal().values(), [0.5, 0.5]);
}

#[test]
fn the_first_object_at_fault_is_named() {
    let plan = FuzzyEvaluation::new(quality(), Operator::WeightedAverage).plan(&hierarchy()).unwrap();
    let objects = 5000;
    let mut memberships = vec![0.5; objects * 6];
    assert!(plan.evaluate(&memberships).is_ok());
    memberships[4999 * 6] = -1.0;
    memberships[3000 * 6 + 3] = f64::NAN;
    assert_eq!(
        text(plan.evaluate(&memberships)),
        "object 3001: the membership of `arrival` in `bad` is NaN; expected a finite number"
    );
    memberships[2047 * 6 + 4..2048 * 6].fill(0.0);
    let error = plan.evaluate(&memberships).unwrap_err();
    assert_eq!(error.to_string(), "object 2048: the row of `skill`: all grades have degree 0");
    assert!(error.is_degenerate());
    assert_eq!(text(plan.evaluate(&memberships[1..])), "the list of memberships has length 29999; expected 29994");
    assert_eq!(text(plan.evaluate_into(&[0.5; 6], &mut [0.0; 3])), "the list of results has length 3; expected 2");
    assert!(plan.evaluate(&[]).unwrap().is_empty());
}

#[test]
fn many_scores_and_their_ranking() {
    let grades = quality().with_scores([100.0, 0.0]).unwrap();
    let plan = FuzzyEvaluation::new(grades, Operator::WeightedAverage).plan(&hierarchy()).unwrap();
    let results = [0.25, 0.75, 1.0, 0.0, 0.5, 0.5];
    let mut scores = [0.0; 3];
    plan.scores_into(&results, &mut scores).unwrap();
    assert_eq!(scores, [25.0, 100.0, 50.0]);
    let ranking = Ranking::highest_first(["a", "b", "c"], scores).unwrap();
    assert_eq!(ranking.iter().map(|(_, name, _)| name).collect::<Vec<_>>(), ["b", "c", "a"]);
    assert_eq!(text(plan.scores_into(&results, &mut [0.0; 2])), "the list of results has length 6; expected 4");
    assert_eq!(
        text(plan.scores_into(&[0.5, 0.5, 0.0, 0.0], &mut [0.0; 2])),
        "object 2: node `service`: it belongs to no grade"
    );
}

#[test]
fn objects_without_scores_are_ranked_by_position() {
    let [worst, best] = [[0.0, 1.0], [0.5, 0.5]].map(|skill| evaluate(&[ROWS[0], ROWS[1], ("skill", skill)]).unwrap());
    let ranking = Ranking::by_position([("worst", &worst), ("best", &best)]).unwrap();
    assert_eq!((ranking.rank("best").unwrap(), ranking.rank("worst").unwrap()), (1, 2));
    assert_eq!(
        text(Ranking::by_score([("a", &best), ("b", &worst)])),
        "object `a`: node `service`: no score for `good`; no score for `bad`; \
         object `b`: node `service`: no score for `good`; no score for `bad`"
    );
}

#[test]
fn a_level_without_membership_cannot_be_normalised() {
    // The only leaf that counts has degrees whose products are below the smallest number.
    let tiny = Weights::normalised(["a", "b"], [1e-320, 1.0]).unwrap();
    let hierarchy = Hierarchy::builder("goal", tiny).build().unwrap();
    let importance = Importance::new(["a", "b"], [1e-200, 0.0]).unwrap();
    let evaluation =
        FuzzyEvaluation::new(quality(), Operator::ProductMax).importance("goal", importance).normalising_levels();
    let membership = Membership::new(&quality(), [("a", [1e-200, 0.0]), ("b", [1.0, 0.0])]).unwrap();
    assert_eq!(text(evaluation.evaluate(&hierarchy, &membership)), "node `goal`: all grades have degree 0");
    let plan = evaluation.plan(&hierarchy).unwrap();
    assert_eq!(text(plan.evaluate(membership.degrees())), "object 1: node `goal`: all grades have degree 0");
}

#[test]
fn readings_say_what_they_cannot_read() {
    let grades = quality().with_scores([f64::MAX, f64::MIN]).unwrap();
    let zeros = GradeVector::new("goal", &grades, &[0.0, 0.0]).unwrap();
    assert_eq!(text(zeros.maximum()), "node `goal`: it belongs to no grade");
    assert_eq!(text(zeros.score()), "node `goal`: it belongs to no grade");
    let vector = GradeVector::new("goal", &grades, &[0.5, 0.5]).unwrap();
    assert_eq!(vector.score().unwrap(), 0.0);
    assert!(vector.score_variance().is_err());
    assert_eq!(text(vector.at_confidence(0.0)), "the confidence degree is 0; expected a number above 0 and at most 1");
    assert_eq!(text(vector.mean_position(f64::NAN)), "the power is NaN; expected a finite number");
    assert_eq!(vector.mean_position(1e308).unwrap(), 1.5);
    assert_eq!(
        GradeVector::new("goal", &grades, &[0.0, 1.0]).unwrap().maximum().unwrap().effectiveness(),
        f64::INFINITY
    );
    assert_eq!(
        text(GradeVector::new("goal", &grades, &[0.5, 1.5])),
        "the membership of `goal` in `bad` is 1.5; expected a number from 0 to 1"
    );
    assert_eq!(text(GradeVector::new("goal", &grades, &[0.5])), "the membership of `goal` has length 1; expected 2");
}

#[test]
fn a_hundred_thousand_levels() {
    let name = |level: usize| format!("n{level}");
    let mut builder = Hierarchy::builder(name(0), Weights::equal([name(1)]).unwrap());
    for level in 1..100_000 {
        builder = builder.divide(name(level), Weights::equal([name(level + 1)]).unwrap());
    }
    let hierarchy = builder.build().unwrap();
    let membership = Membership::new(&quality(), [(name(100_000), [0.25, 0.75])]).unwrap();
    for operator in Operator::ALL.into_iter().filter(|operator| *operator != Operator::Balanced) {
        let evaluation = FuzzyEvaluation::new(quality(), operator).evaluate(&hierarchy, &membership).unwrap();
        assert_eq!(evaluation.goal().values(), [0.25, 0.75]);
    }
}

#[cfg(feature = "parallel")]
#[test]
fn the_same_bits_on_any_number_of_threads() {
    let plan = FuzzyEvaluation::new(quality(), Operator::ProductBoundedSum).plan(&hierarchy()).unwrap();
    let memberships: Vec<f64> = (0..60_000).map(|at| f64::from(at % 997 + 1) / 1000.0).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| plan.evaluate(&memberships).unwrap())
    };
    assert_eq!(on(1), on(4));
}

#[cfg(feature = "serde")]
#[test]
fn nothing_invalid_is_read_back() {
    let evaluation = evaluate(&ROWS).unwrap();
    let text = serde_json::to_string(&evaluation).unwrap();
    assert_eq!(serde_json::from_str::<Evaluation>(&text).unwrap(), evaluation);
    for (valid, invalid) in [
        ("0.75", "1.75"),
        ("\"depth\":1", "\"depth\":7"),
        ("\"arrival\"", "\"response\""),
        ("\"weight\":0.5", "\"weight\":-0.5"),
        ("[\"good\",\"bad\"]", "[\"good\"]"),
    ] {
        assert!(text.contains(valid));
        assert!(serde_json::from_str::<Evaluation>(&text.replacen(valid, invalid, 1)).is_err(), "{invalid}");
    }
    let evaluator = FuzzyEvaluation::new(quality(), Operator::MinMax)
        .importance("speed", Importance::new(["response", "arrival"], [1.0, 0.5]).unwrap())
        .normalising_levels();
    let text = serde_json::to_string(&evaluator).unwrap();
    assert_eq!(serde_json::from_str::<FuzzyEvaluation>(&text).unwrap(), evaluator);
    assert!(serde_json::from_str::<FuzzyEvaluation>(&text.replace("0.5", "1.5")).is_err());
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        0.0..=1.0,
        any::<f64>(),
        prop::sample::select(vec![0.0, 1.0, -0.0, f64::NAN, f64::INFINITY, 1e300, 1e-300, f64::MIN_POSITIVE, 5e-324]),
    ]
}

/// Nothing but finite numbers in every reading.
fn finite(vector: GradeVector<'_>) -> Result<(), Error> {
    let maximum = vector.maximum()?;
    assert!(!maximum.effectiveness().is_nan() && maximum.degree().is_finite() && !maximum.grades().is_empty());
    let mut readings = vec![vector.mean_position(1.0)?, vector.mean_position(2.0)?];
    readings.extend(vector.cumulative()?);
    readings.extend(vector.shares()?);
    readings.push(vector.score()?);
    assert!(readings.iter().all(|reading| reading.is_finite()));
    assert!(vector.score_variance()?.is_finite());
    vector.at_confidence(1.0).map(|_| ())
}

proptest! {
    #[test]
    fn any_numbers_give_errors_or_finite_results(
        case in case(),
        numbers in prop::collection::vec(any_number(), 60),
        scores in prop::collection::vec(any_number(), 5),
        counts: bool,
        normalising: bool,
    ) {
        let width = case.rows[0].len();
        let rows = case.leaves().into_iter().zip(numbers.chunks(width));
        let membership =
            if counts { Membership::from_counts(&case.grades(), rows) } else { Membership::new(&case.grades(), rows) };
        let Ok(membership) = membership else { return Ok(()) };
        prop_assert!(membership.degrees().iter().all(|degree| (0.0..=1.0).contains(degree)));
        let grades = grades(width).with_scores(scores[..width].to_vec()).unwrap_or_else(|_| grades(width));
        for operator in Operator::ALL {
            let mut evaluation = FuzzyEvaluation::new(grades.clone(), operator);
            if normalising {
                evaluation = evaluation.normalising_levels();
            }
            let Ok(evaluation) = evaluation.evaluate(&case.hierarchy, &membership) else { continue };
            for vector in evaluation.nodes() {
                prop_assert!(vector.values().iter().all(|degree| (0.0..=1.0).contains(degree)));
                let _ = finite(vector);
            }
            let _ = evaluation.to_string();
        }
    }
}
