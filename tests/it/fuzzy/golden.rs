//! Figures from print and from exact rational arithmetic.

use satindex::Weights;
use satindex::fuzzy::{FuzzyEvaluation, GradeVector, Importance, Membership, Operator, Partition, Ranking};
use satindex::survey::{Hierarchy, Moments, Scale, ThousandPoints};
use serde_json::Value;

use super::{factors, grades, membership};

fn golden() -> Value {
    serde_json::from_str(include_str!("../golden/fuzzy.json")).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

/// The reference has decimals; a sum of five products of numbers up to 1 is off by a few units of 2⁻⁵³.
fn assert_close(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 5e-16, "{what}: {found} instead of {expected}");
    }
}

fn operator_named(name: &str) -> Operator {
    match name {
        "min_max" => Operator::MinMax,
        "product_max" => Operator::ProductMax,
        "min_bounded_sum" => Operator::MinBoundedSum,
        "product_bounded_sum" => Operator::ProductBoundedSum,
        "balanced" => Operator::Balanced,
        name => panic!("no operator `{name}`"),
    }
}

#[test]
fn one_level_under_every_operator() {
    for case in golden()["one_level"].as_array().unwrap() {
        let degrees = numbers(&case["importance"]);
        let importance = Importance::new(factors(degrees.len()), degrees.iter().copied()).unwrap();
        let membership = membership(&rows(&case["membership"]));
        let check = |operator: Operator, expected: &Value| {
            let what = format!("{} under {operator}", case["name"]);
            let result = operator.compose(&importance, &membership).unwrap();
            assert_close(&result, &numbers(&expected["result"]), &what);
            let vector = GradeVector::new("b", membership.grades(), &result).unwrap();
            assert_close(&vector.shares().unwrap(), &numbers(&expected["shares"]), &what);
            let names = membership.grades().names();
            let tops = expected["maximum"].as_array().unwrap().iter();
            let tops: Vec<&str> =
                tops.map(|at| names[usize::try_from(at.as_u64().unwrap()).unwrap()].as_str()).collect();
            assert_eq!(vector.maximum().unwrap().grades(), tops, "{what}");
        };
        for (operator, expected) in case["expected"].as_object().unwrap() {
            check(operator_named(operator), expected);
        }
        if (degrees.iter().sum::<f64>() - 1.0).abs() < 1e-12 {
            check(Operator::WeightedAverage, &case["expected"]["product_bounded_sum"]);
        } else {
            assert!(Operator::WeightedAverage.compose(&importance, &membership).is_err());
        }
    }
}

#[test]
fn farming_schemes_from_measurements_to_scores() {
    let golden = &golden()["farming"];
    let weights = numbers(&golden["weights"]);
    let partitions: Vec<Partition> =
        rows(&golden["knots"]).into_iter().map(|knots| Partition::linear(knots).unwrap()).collect();
    let grades = grades(4).with_scores(numbers(&golden["scores"])).unwrap();
    let scheme = Hierarchy::builder("scheme", Weights::new(factors(5), weights).unwrap()).build().unwrap();
    let evaluator = FuzzyEvaluation::new(grades.clone(), Operator::WeightedAverage);
    let mut evaluations = Vec::new();
    for (name, expected) in golden["expected"].as_object().unwrap() {
        let values = numbers(&golden["values"][name]);
        let rows_in = factors(5).zip(values).zip(&partitions).map(|((factor, value), by)| (factor, value, by));
        let membership = Membership::from_values(&grades, rows_in).unwrap();
        assert_close(membership.degrees(), &rows(&expected["R"]).concat(), name);
        let evaluation = evaluator.evaluate(&scheme, &membership).unwrap();
        assert_close(evaluation.goal().values(), &numbers(&expected["B"]), name);
        // Scores of two digits before the point: sixty times the error of a degree.
        assert!((evaluation.goal().score().unwrap() - number(&expected["score"])).abs() < 3e-14);
        evaluations.push((name, evaluation));
    }
    let ranking = Ranking::by_score(evaluations.iter().map(|(name, evaluation)| (*name, evaluation))).unwrap();
    let order: Vec<&str> = ranking.iter().map(|(_, name, _)| name).collect();
    assert_eq!(order, ["bing", "yi", "jia"]);
}

#[test]
fn staff_appraisal_on_two_levels() {
    let golden = &golden()["staff"];
    let groups = golden["membership"].as_array().unwrap();
    let leaf = |group: usize, factor: usize| format!("g{group}.{factor}");
    let mut builder = Hierarchy::builder("staff", Weights::new(factors(4), numbers(&golden["weights"])).unwrap());
    let mut degrees = Vec::new();
    for (group, weights) in rows(&golden["sub_weights"]).into_iter().enumerate() {
        let names: Vec<String> = (0..weights.len()).map(|factor| leaf(group, factor)).collect();
        degrees.extend(names.iter().cloned().zip(rows(&groups[group])));
        builder = builder.divide(format!("f{}", group + 1), Weights::new(names, weights).unwrap());
    }
    let staff = builder.build().unwrap();
    let membership = Membership::new(&grades(5), degrees).unwrap().stochastic().unwrap();
    for (operator, expected) in
        [(Operator::WeightedAverage, &golden["expected"]), (Operator::MinMax, &golden["expected"]["min_max_two_level"])]
    {
        let evaluation = FuzzyEvaluation::new(grades(5), operator).evaluate(&staff, &membership).unwrap();
        assert_close(evaluation.goal().values(), &numbers(&expected["B"]), "goal");
        for (factor, expected) in factors(4).zip(rows(&expected["B_sub"])) {
            assert_close(evaluation.node(&factor).unwrap().values(), &expected, &factor);
        }
    }
}

#[test]
fn readings_of_one_vector() {
    let golden = &golden()["reading"];
    let (values, expected) = (numbers(&golden["inputs"]["B"]), &golden["expected"]);
    let grades = grades(4).with_scores(numbers(&golden["inputs"]["scores"])).unwrap();
    let vector = GradeVector::new("b", &grades, &values).unwrap();
    let close = |found: f64, expected: &Value| {
        let expected = number(expected);
        // A dozen roundings.
        assert!((found - expected).abs() <= 1e-15 * expected.abs() * 6.0, "{found} instead of {expected}");
    };
    let maximum = vector.maximum().unwrap();
    assert_eq!((maximum.grades(), maximum.is_tie()), (["g2"].as_slice(), false));
    close(maximum.effectiveness(), &expected["alpha_effectiveness"]);
    close(vector.score().unwrap(), &expected["weighted_mean"]);
    // The reference takes the mean of the squares less the square of the mean, which costs it two digits: the exact
    // variance is 404483904450/4368813409.
    let variance = vector.score_variance().unwrap();
    assert!((variance - 404_483_904_450.0 / 4_368_813_409.0).abs() < 5e-14);
    assert!((variance - number(&expected["variance_of_score"])).abs() < 3e-12);
    close(vector.mean_position(1.0).unwrap(), &expected["power_rank_k1"]);
    close(vector.mean_position(2.0).unwrap(), &expected["power_rank_k2"]);
    assert_close(&vector.cumulative().unwrap(), &numbers(&expected["cumulative"]), "cumulative");
    // The reference counts grades from 0.
    assert_eq!(vector.at_confidence(0.5).unwrap(), grades.names()[1]);
    assert_eq!(expected["median_grade"], 1);
    let tie = numbers(&expected["tie_example"]["B"]);
    let tie = GradeVector::new("b", &grades, &tie).unwrap().maximum().unwrap();
    assert_eq!((tie.grades(), tie.is_tie()), (["g1", "g2"].as_slice(), true));
}

#[test]
fn weighted_index_in_points() {
    let golden = &golden()["index"];
    let acsi = &golden["inputs"]["acsi"];
    // The means of a group enter as one respondent's answers.
    let moments = |means: &[f64]| {
        let mut moments = Moments::new(factors(means.len())).unwrap();
        moments.push(means, 1.0).unwrap();
        moments.with_scale(Scale::ONE_TO_TEN).unwrap()
    };
    let three = Hierarchy::builder("acsi", Weights::new(factors(3), numbers(&acsi["W"])).unwrap()).build().unwrap();
    let index = three.score(&moments(&numbers(&acsi["X"]))).unwrap();
    // Four roundings of numbers up to 100.
    let close =
        |found: f64, expected: f64| assert!((found - expected).abs() <= 3e-16 * expected, "{found}, {expected}");
    close(index.goal().value(), number(&golden["expected"]["acsi"]));
    assert_eq!(three.score(&moments(&[1.0; 3])).unwrap().goal().value(), 0.0);
    assert_eq!(three.score(&moments(&[10.0; 3])).unwrap().goal().value(), 100.0);

    let groups = golden["inputs"]["jd"].as_array().unwrap();
    let weights = groups.iter().map(|group| number(&group["weight"]));
    let groups: Vec<Vec<Vec<f64>>> = groups.iter().map(|group| rows(&group["attr"])).collect();
    let names: Vec<String> = (1..=groups.len()).map(|group| format!("group {group}")).collect();
    let mut builder = Hierarchy::builder("index", Weights::new(names.clone(), weights).unwrap());
    let (mut means, mut leaves) = (Vec::new(), factors(6));
    for (name, attributes) in names.iter().zip(&groups) {
        let weights = Weights::new(leaves.by_ref().take(attributes.len()), attributes.iter().map(|pair| pair[0]));
        builder = builder.divide(name, weights.unwrap());
        means.extend(attributes.iter().map(|pair| pair[1]));
    }
    let index = builder.build().unwrap().score(&moments(&means)).unwrap();
    for (name, mean) in names.iter().zip(numbers(&golden["expected"]["jd_factor_means_10"])) {
        close(Scale::ONE_TO_TEN.from_hundred(index.get(name).unwrap().value()), mean);
    }
    let points = |key: &str| number(&golden["expected"][key][0]);
    close(ThousandPoints::HundredfoldMean.of(index.goal()), points("jd_index_1000_linear100"));
    close(ThousandPoints::Rescaled.of(index.goal()), points("jd_index_1000_rescaled_1to10"));
}
