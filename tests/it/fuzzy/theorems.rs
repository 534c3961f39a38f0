//! What holds for all memberships and weights, and what does not.

use proptest::prelude::*;
use satindex::Weights;
use satindex::fuzzy::{Evaluation, FuzzyEvaluation, GradeVector, Importance, Membership, Operator};
use satindex::survey::{Hierarchy, Node};

use super::strategies::{Case, case, row, stochastic_case};
use super::{factors, grades, membership};

fn evaluate(case: &Case, operator: Operator) -> Evaluation {
    FuzzyEvaluation::new(case.grades(), operator).evaluate(&case.hierarchy, &case.membership()).unwrap()
}

fn below(lower: &[f64], upper: &[f64]) -> bool {
    lower.iter().zip(upper).all(|(lower, upper)| lower <= upper)
}

/// Is one evaluation at most another at every node and in every grade? Exactly: rounding keeps the order of sums and
/// products whose parts are in order.
fn everywhere_below(lower: &Evaluation, upper: &Evaluation) -> bool {
    lower.nodes().zip(upper.nodes()).all(|(lower, upper)| below(lower.values(), upper.values()))
}

/// Two ways through the same dozen sums and products of numbers up to 1.
fn close(one: &[f64], other: &[f64]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| (one - other).abs() <= 4e-15)
}

/// One level, and two rows of importance of which the second is nowhere less.
fn importances() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>, Vec<f64>)> {
    (1..6_usize, 2..5_usize).prop_flat_map(|(factors, grades)| {
        (prop::collection::vec(row(grades), factors), row(factors), row(factors)).prop_map(|(rows, one, other)| {
            let larger = one.iter().zip(&other).map(|(one, other)| one.max(*other)).collect();
            (rows, one, larger)
        })
    })
}

proptest! {
    #[test]
    fn an_average_of_shares_is_shares_between_the_extremes(case in stochastic_case()) {
        let evaluation = evaluate(&case, Operator::WeightedAverage);
        for vector in evaluation.nodes() {
            prop_assert!((vector.values().iter().sum::<f64>() - 1.0).abs() < 1e-14);
        }
        for (grade, degree) in evaluation.goal().values().iter().enumerate() {
            let column = || case.rows.iter().map(|row| row[grade]);
            let (least, most) = (column().fold(1.0, f64::min), column().fold(0.0, f64::max));
            prop_assert!((least - 1e-14..=most + 1e-14).contains(degree), "{degree} in {least}..{most}");
        }
    }

    /// M(·,∨) ≤ M(∧,∨) ≤ M(∧,⊕) and M(·,∨) ≤ M(·,+) ≤ M(∧,⊕), at every node: the weights sum to 1, and each of these
    /// operators is monotone, so that what holds at the children carries over to their parent.
    #[test]
    fn the_operators_are_in_order_at_every_node(case in case()) {
        let [product_max, min_max, bounded, average] =
            [Operator::ProductMax, Operator::MinMax, Operator::MinBoundedSum, Operator::WeightedAverage]
                .map(|operator| evaluate(&case, operator));
        prop_assert!(everywhere_below(&product_max, &min_max));
        prop_assert!(everywhere_below(&min_max, &bounded));
        prop_assert!(everywhere_below(&product_max, &average));
        prop_assert!(everywhere_below(&average, &bounded));
    }

    /// With importance of any sum the same holds with M(·,⊕) in the place of M(·,+).
    #[test]
    fn the_operators_are_in_order_for_any_importance((rows, degrees, _) in importances()) {
        let importance = Importance::new(factors(degrees.len()), degrees).unwrap();
        let compose = |operator: Operator| operator.compose(&importance, &membership(&rows)).unwrap();
        let [product_max, min_max, bounded, products] =
            [Operator::ProductMax, Operator::MinMax, Operator::MinBoundedSum, Operator::ProductBoundedSum].map(compose);
        prop_assert!(below(&product_max, &min_max) && below(&min_max, &bounded));
        prop_assert!(below(&product_max, &products) && below(&products, &bounded));
    }

    #[test]
    fn more_membership_never_lowers_a_result(case in case(), raised in prop::collection::vec(0.0..1.0_f64, 60)) {
        let mut more = case.clone();
        for (degree, raised) in more.rows.iter_mut().flatten().zip(raised) {
            *degree = degree.max(raised);
        }
        for operator in Operator::ALL.into_iter().filter(|operator| *operator != Operator::Balanced) {
            prop_assert!(everywhere_below(&evaluate(&case, operator), &evaluate(&more, operator)), "{operator}");
        }
    }

    /// Weights that sum to 1 cannot all grow; under the weighted average there is nothing to compare.
    #[test]
    fn more_importance_never_lowers_a_result((rows, less, more) in importances()) {
        let (count, membership) = (less.len(), membership(&rows));
        let [less, more] = [less, more].map(|degrees| Importance::new(factors(count), degrees).unwrap());
        for operator in Operator::ALL.into_iter().filter(|operator| *operator != Operator::WeightedAverage) {
            let compose = |importance: &Importance| operator.compose(importance, &membership).unwrap();
            prop_assert!(below(&compose(&less), &compose(&more)), "{operator}");
        }
    }

    #[test]
    fn levels_flatten(case in case()) {
        let flat = Hierarchy::builder("n0", case.hierarchy.leaf_weights()).build().unwrap();
        let flat = Case { hierarchy: flat, rows: case.rows.clone() };
        for operator in [Operator::WeightedAverage, Operator::ProductMax] {
            let (deep, flat) = (evaluate(&case, operator), evaluate(&flat, operator));
            prop_assert!(close(deep.goal().values(), flat.goal().values()), "{operator}");
        }
        let narrowest = |leaf: Node<'_>| {
            std::iter::successors(Some(leaf), |node| node.parent()).map(Node::weight).fold(1.0, f64::min)
        };
        let degrees: Vec<f64> = case.hierarchy.leaves().map(narrowest).collect();
        let importance = Importance::new(case.leaves(), degrees).unwrap();
        let flat = Operator::MinMax.compose(&importance, &case.membership()).unwrap();
        // Minima and maxima do not round.
        let deep = evaluate(&case, Operator::MinMax);
        prop_assert_eq!(deep.goal().values(), flat);
    }

    #[test]
    fn one_level_is_the_operator(rows in prop::collection::vec(row(3), 1..6), normalising: bool) {
        let weights = Weights::normalised(factors(rows.len()), (1..=rows.len()).map(|at| at as f64)).unwrap();
        let hierarchy = Hierarchy::builder("goal", weights.clone()).build().unwrap();
        let membership = membership(&rows);
        for operator in Operator::ALL {
            let mut flat = operator.compose(&(&weights).into(), &membership).unwrap();
            let mut evaluation = FuzzyEvaluation::new(grades(3), operator);
            if normalising {
                evaluation = evaluation.normalising_levels();
                flat = GradeVector::new("", &grades(3), &flat).unwrap().shares().unwrap();
            }
            let evaluation = evaluation.evaluate(&hierarchy, &membership).unwrap();
            prop_assert_eq!(evaluation.goal().values(), flat);
        }
    }

    #[test]
    fn the_score_is_affine_in_the_scores(case in case(), scale in -5.0..5.0_f64, shift in -50.0..50.0_f64) {
        let scores: Vec<f64> = (0..case.rows[0].len()).map(|grade| 10.0 * grade as f64).collect();
        let other: Vec<f64> = scores.iter().map(|score| scale * score + shift).collect();
        let score = |scores: Vec<f64>| {
            let grades = case.grades().with_scores(scores).unwrap();
            let evaluation = FuzzyEvaluation::new(grades, Operator::MinMax);
            evaluation.evaluate(&case.hierarchy, &case.membership()).unwrap().goal().score().unwrap()
        };
        // Scores up to 250.
        prop_assert!((score(other) - (scale * score(scores) + shift)).abs() < 1e-12);
    }

    #[test]
    fn order_does_not_matter(case in case()) {
        let mut grades_back: Vec<String> = case.grades().names().to_vec();
        grades_back.reverse();
        let grades_back = satindex::fuzzy::Grades::new(grades_back).unwrap();
        let back = |row: &Vec<f64>| row.iter().rev().copied().collect::<Vec<f64>>();
        let rows = case.leaves().into_iter().zip(case.rows.iter().map(back)).rev();
        let reordered = Membership::new(&grades_back, rows).unwrap();
        for operator in Operator::ALL {
            let straight = evaluate(&case, operator);
            let columns = FuzzyEvaluation::new(grades_back.clone(), operator).evaluate(&case.hierarchy, &reordered);
            for (one, other) in straight.nodes().zip(columns.unwrap().nodes()) {
                prop_assert_eq!(one.values(), back(&other.values().to_vec()));
            }
            // The membership names its grades and factors: in another order it is the same membership.
            let same = FuzzyEvaluation::new(case.grades(), operator).evaluate(&case.hierarchy, &reordered).unwrap();
            prop_assert_eq!(&same, &straight);
            // The same children in another order are summed in another order.
            let weights = Weights::normalised(case.leaves(), (1..=case.rows.len()).map(|at| at as f64)).unwrap();
            let turned = Weights::normalised(
                case.leaves().into_iter().rev(),
                (1..=case.rows.len()).rev().map(|at| at as f64),
            ).unwrap();
            let [one, other] =
                [weights, turned].map(|weights| operator.compose(&(&weights).into(), &case.membership()).unwrap());
            prop_assert!(close(&one, &other));
        }
    }

    #[test]
    fn many_objects_are_evaluated_as_each_alone(cases in case().prop_flat_map(|case| {
        let (leaves, grades) = (case.rows.len(), case.rows[0].len());
        let objects = prop::collection::vec(prop::collection::vec(row(grades), leaves), 1..6);
        objects.prop_map(move |objects| (case.clone(), objects))
    }), normalising: bool) {
        let (case, objects) = cases;
        let flat: Vec<f64> = objects.iter().flatten().flatten().copied().collect();
        for operator in Operator::ALL {
            let mut evaluation = FuzzyEvaluation::new(case.grades(), operator);
            if normalising {
                evaluation = evaluation.normalising_levels();
            }
            let plan = evaluation.plan(&case.hierarchy).unwrap();
            let alone: Vec<Evaluation> = objects
                .iter()
                .map(|rows| evaluation.evaluate(&case.hierarchy, &case.with_rows(rows.clone()).membership()).unwrap())
                .collect();
            let width = plan.nodes().len() * case.rows[0].len();
            let mut nodes = vec![f64::NAN; objects.len() * width];
            plan.evaluate_nodes_into(&flat, &mut nodes).unwrap();
            let goals = plan.evaluate(&flat).unwrap();
            for (at, evaluation) in alone.iter().enumerate() {
                let values: Vec<f64> = evaluation.nodes().flat_map(|vector| vector.values().to_vec()).collect();
                prop_assert_eq!(&nodes[at * width..][..width], values);
                let goal = &goals[at * case.rows[0].len()..][..case.rows[0].len()];
                prop_assert!(close(goal, evaluation.goal().values()));
            }
        }
    }
}

#[test]
fn the_average_needs_weights_that_sum_to_1_to_stay_below_the_bounded_sum() {
    // M(·,+) of a = (1, 1) and r = (1, 1) is 2, above M(∧,⊕) = 1; so the weighted average does not take this a.
    let importance = Importance::new(factors(2), [1.0, 1.0]).unwrap();
    let membership = membership(&[vec![1.0, 0.5], vec![1.0, 0.5]]);
    assert_eq!(Operator::MinBoundedSum.compose(&importance, &membership).unwrap(), [1.0, 1.0]);
    assert_eq!(Operator::ProductBoundedSum.compose(&importance, &membership).unwrap(), [1.0, 1.0]);
    assert_eq!(
        Operator::WeightedAverage.compose(&importance, &membership).unwrap_err().to_string(),
        "the sum of importance under the weighted average is 2; expected 1"
    );
}

#[test]
fn normalised_levels_are_not_in_order() {
    // Vectors of sum 1 that are in order element by element are equal; these are not.
    let rows = [vec![0.2, 0.5, 0.2, 0.1], vec![0.7, 0.2, 0.1, 0.0], vec![0.0, 0.4, 0.5, 0.1], vec![0.2, 0.3, 0.5, 0.0]];
    let weights = Weights::new(factors(4), [0.1, 0.2, 0.3, 0.4]).unwrap();
    let hierarchy = Hierarchy::builder("goal", weights).build().unwrap();
    let [min_max, bounded] = [Operator::MinMax, Operator::MinBoundedSum].map(|operator| {
        let evaluation = FuzzyEvaluation::new(grades(4), operator).normalising_levels();
        evaluation.evaluate(&hierarchy, &membership(&rows)).unwrap()
    });
    assert!(min_max.goal().values()[2] > bounded.goal().values()[2]);
}

#[test]
fn the_balanced_operator_is_not_monotone_in_memberships() {
    // a = (½, ½): equal columns give ½ + ½; the raised one has shares ⅔ and ⅓, which give ½ + ⅓.
    let importance = Importance::new(factors(2), [0.5, 0.5]).unwrap();
    let compose = |rows: [Vec<f64>; 2]| Operator::Balanced.compose(&importance, &membership(&rows)).unwrap();
    let (before, after) = (compose([vec![0.4, 0.2], vec![0.4, 0.2]]), compose([vec![0.8, 0.2], vec![0.4, 0.2]]));
    assert_eq!(before, [1.0, 1.0]);
    assert!((after[0] - 5.0 / 6.0).abs() < 1e-15 && after[1] == 1.0);
}
