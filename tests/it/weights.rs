//! Weights from ranks, best–worst judgements, data and other weights: golden figures, theorems, hostile input.

use approx::assert_relative_eq;
use proptest::prelude::*;
use satindex::Weights;
use satindex::weights::{BestWorst, Critic, DecisionMatrix, Entropy, RankMethod};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/weights.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn matrix(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("c{i}")).collect()
}

/// Rounding of a few dozen operations on numbers of one size.
fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_relative_eq!(found, expected, epsilon = 0.0, max_relative = 1e-13);
    }
}

fn best_worst(entry: &Value) -> BestWorst {
    let (from_best, to_worst) = (numbers(&entry["best_to_others"]), numbers(&entry["others_to_worst"]));
    let names = names(from_best.len());
    let name = |key: &str| names[usize::try_from(entry[key].as_u64().unwrap()).unwrap()].clone();
    BestWorst::new(names.clone(), (&name("best"), &from_best), (&name("worst"), &to_worst)).unwrap()
}

// ---- best–worst ----

#[test]
fn best_worst_agrees_with_linear_programs_and_roots() {
    for entry in golden()["best_worst"].as_array().unwrap() {
        let judgements = best_worst(entry);
        let number = |value: &Value| value.as_f64().unwrap();
        let linear = judgements.linear().unwrap();
        assert_close(linear.weights().values(), &numbers(&entry["linear"]["weights"]));
        // Their linear programs leave 1e-16 in a ξ of 0.04.
        assert_relative_eq!(linear.xi(), number(&entry["linear"]["xi"]), epsilon = 1e-15, max_relative = 1e-13);
        let nonlinear = judgements.nonlinear().unwrap();
        // ξ* = 0 came out as 6e-60 there.
        assert_relative_eq!(nonlinear.xi(), number(&entry["nonlinear"]["xi"]), epsilon = 1e-50, max_relative = 1e-14);
        let index = number(&entry["nonlinear"]["consistency_index"]);
        assert_relative_eq!(nonlinear.consistency_index(), index, epsilon = 0.0, max_relative = 1e-14);
        let ratio = number(&entry["nonlinear"]["consistency_ratio"]);
        assert_relative_eq!(nonlinear.consistency_ratio(), ratio, epsilon = 1e-50, max_relative = 1e-14);
        let ratio = number(&entry["input_consistency_ratio"]);
        assert_relative_eq!(judgements.input_consistency_ratio(), ratio, epsilon = 0.0, max_relative = 1e-14);
    }
}

/// Rezaei (2015), example 1, in closed form: ξ* = 4 − √14, w = (1, 1 + √14, 12 − √14) / 14.
#[test]
fn a_single_solution_is_its_own_interval() {
    let judgements =
        BestWorst::new(["load", "access", "cost"], ("cost", &[8.0, 2.0, 1.0]), ("load", &[1.0, 5.0, 8.0])).unwrap();
    let result = judgements.nonlinear().unwrap();
    let root = 14_f64.sqrt();
    let weights = [1.0 / 14.0, (1.0 + root) / 14.0, (12.0 - root) / 14.0];
    assert_close(result.weights().values(), &weights);
    assert_relative_eq!(result.xi(), 4.0 - root, epsilon = 0.0, max_relative = 1e-14);
    for ((least, greatest), weight) in result.intervals().iter().zip(weights) {
        assert_close(&[*least, *greatest], &[weight, weight]);
    }
}

/// By hand: ξ* = 1 forces `w_B/w_W` = 9; then safety varies from 2.25 to 3, quality from 3 to 5 times the weight of style,
/// and comfort is 3 times it.
#[test]
fn the_intervals_of_many_solutions_are_exact() {
    let judgements = BestWorst::new(
        ["quality", "price", "comfort", "safety", "style"],
        ("price", &[2.0, 1.0, 4.0, 3.0, 8.0]),
        ("style", &[4.0, 8.0, 4.0, 2.0, 1.0]),
    );
    let result = judgements.unwrap().nonlinear().unwrap();
    let (least, greatest): (Vec<f64>, Vec<f64>) = result.intervals().iter().copied().unzip();
    assert_close(&least, &[3.0 / 19.0, 9.0 / 21.0, 3.0 / 21.0, 2.25 / 20.25, 1.0 / 21.0]);
    assert_close(&greatest, &[5.0 / 20.25, 9.0 / 18.25, 3.0 / 18.25, 3.0 / 19.0, 1.0 / 18.25]);
}

/// Preferences as a respondent gives them: 1 to 9, the worst the farthest from the best.
fn judged() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (1_u8..=9, 2_usize..8).prop_flat_map(|(direct, count)| {
        let preferences = prop::collection::vec(1..=direct, count);
        (preferences.clone(), preferences).prop_map(move |(mut from_best, mut to_worst)| {
            (from_best[0], to_worst[0]) = (1, direct);
            (from_best[count - 1], to_worst[count - 1]) = (direct, 1);
            let numbers = |list: Vec<u8>| list.into_iter().map(f64::from).collect();
            (numbers(from_best), numbers(to_worst))
        })
    })
}

fn first_best_last_worst(from_best: &[f64], to_worst: &[f64]) -> BestWorst {
    let names = names(from_best.len());
    BestWorst::new(names.clone(), (&names[0], from_best), (&names[names.len() - 1], to_worst)).unwrap()
}

fn greatest_deviation(
    weights: &[f64],
    from_best: &[f64],
    to_worst: &[f64],
    deviation: impl Fn(f64, f64, f64) -> f64,
) -> f64 {
    let (best, worst) = (weights[0], weights[weights.len() - 1]);
    let judgements = weights.iter().zip(from_best.iter().zip(to_worst));
    judgements
        .map(|(&weight, (&a, &b))| deviation(best, weight, a).max(deviation(weight, worst, b)))
        .fold(0.0, f64::max)
}

proptest! {
    /// The programs are (quasi-)convex: weights that no step, small or large, improves are optimal.
    #[test]
    fn no_other_weights_deviate_less(
        (from_best, to_worst) in judged(),
        steps in prop::collection::vec((prop::collection::vec(-1.0..1.0_f64, 8), -12..0_i32), 50),
    ) {
        let judgements = first_best_last_worst(&from_best, &to_worst);
        let (linear, nonlinear) = (judgements.linear().unwrap(), judgements.nonlinear().unwrap());
        let deviation = |winner: f64, loser: f64, a: f64| (winner - a * loser).abs();
        let least = greatest_deviation(linear.weights().values(), &from_best, &to_worst, deviation);
        assert_relative_eq!(least, linear.xi(), epsilon = 1e-15, max_relative = 1e-12);
        for (step, power) in steps {
            let size = 10_f64.powi(power);
            let moved = |weights: &Weights| {
                let values = weights.values().iter().zip(&step).map(|(weight, step)| weight * (1.0 + size * step));
                Weights::normalised(weights.names(), values).unwrap()
            };
            let other = greatest_deviation(moved(linear.weights()).values(), &from_best, &to_worst, deviation);
            prop_assert!(other >= linear.xi() - 1e-15);
            let ratio = |winner: f64, loser: f64, a: f64| (winner / loser - a).abs();
            let other = greatest_deviation(moved(nonlinear.weights()).values(), &from_best, &to_worst, ratio);
            prop_assert!(other >= nonlinear.xi() - 1e-13);
        }
    }

    #[test]
    fn consistent_judgements_give_their_weights_back(
        weights in prop::collection::vec(1.0..9.0_f64, 1..10)
    ) {
        let weights = Weights::normalised(names(weights.len()), weights).unwrap();
        let values = weights.values();
        let by = |a: &usize, b: &usize| values[*a].total_cmp(&values[*b]);
        let (best, worst) = ((0..values.len()).max_by(by).unwrap(), (0..values.len()).min_by(by).unwrap());
        let from_best: Vec<f64> = values.iter().map(|weight| values[best] / weight).collect();
        let to_worst: Vec<f64> = values.iter().map(|weight| weight / values[worst]).collect();
        let names = weights.names();
        let judgements = BestWorst::new(names, (&names[best], &from_best), (&names[worst], &to_worst)).unwrap();
        let (linear, nonlinear) = (judgements.linear().unwrap(), judgements.nonlinear().unwrap());
        for found in [linear.weights(), nonlinear.weights()] {
            for (found, expected) in found.values().iter().zip(values) {
                assert_relative_eq!(found, expected, epsilon = 0.0, max_relative = 1e-13);
            }
        }
        prop_assert!(linear.xi() < 1e-14 && nonlinear.xi() < 1e-13 && judgements.input_consistency_ratio() < 1e-11);
    }
}

proptest! {
    /// As far from a scale as is allowed, and as near to contradiction.
    #[test]
    fn any_preferences_give_an_error_or_finite_weights(
        direct in prop_oneof![
            any::<f64>(),
            prop::sample::select(vec![0.0, 1.0, 1.0 + f64::EPSILON, 1.5, 9.0, 1e6, 1e7]),
        ],
        shares in prop::collection::vec((0.0..=1.0_f64, 0.0..=1.0_f64), 0..8),
        rough in any::<bool>(),
    ) {
        let share = |share: f64| if rough { share.round() } else { share };
        let between = |at: f64| if at == 1.0 { direct } else { 1.0 + at * (direct - 1.0) };
        let mut from_best = vec![1.0];
        let mut to_worst = vec![direct];
        for (a, b) in shares {
            from_best.push(between(share(a)));
            to_worst.push(between(share(b)));
        }
        from_best.push(direct);
        to_worst.push(1.0);
        let names = names(from_best.len());
        let judgements = BestWorst::new(names.clone(), (&names[0], &from_best), (&names[names.len() - 1], &to_worst));
        prop_assert_eq!(judgements.is_ok(), (1.0..=1e6).contains(&direct));
        let Ok(judgements) = judgements else { return Ok(()) };
        let (linear, nonlinear) = (judgements.linear().unwrap(), judgements.nonlinear().unwrap());
        prop_assert!((0.0..=1.0).contains(&linear.xi()));
        prop_assert!((0.0..=direct).contains(&nonlinear.xi()) && nonlinear.consistency_ratio().is_finite());
        prop_assert!((0.0..=1.0 + 1e-9).contains(&judgements.input_consistency_ratio()));
        for ((least, greatest), weight) in nonlinear.intervals().iter().zip(nonlinear.weights().values()) {
            prop_assert!(0.0 < *least && least <= greatest && *greatest < 1.0 && *weight > 0.0);
        }
        prop_assert!(linear.weights().values().iter().all(|weight| *weight > 0.0));
    }
}

#[test]
fn best_worst_errors_name_the_pair() {
    let error = |best: &str, from_best: &[f64], to_worst: &[f64]| {
        BestWorst::new(["a", "b", "c"], (best, from_best), ("c", to_worst)).unwrap_err().to_string()
    };
    assert_eq!(
        error("a", &[1.0, 9.0, 8.0], &[7.0, f64::NAN, 2.0]),
        "the preference of `a` over `c` is 7; expected 8, as in the preferences of the best; \
         the preference of `a` over `b` is 9; expected a number from 1 to 8, the best over the worst; \
         the preference of `b` over `c` is NaN; expected a finite number; \
         the preference of `c` over `c` is 2; expected 1"
    );
    assert_eq!(
        error("a", &[1.0, 1.0, 0.5], &[0.5, 1.0, 1.0]),
        "the preference of `a` over `c` is 0.5; expected a number from 1 to 1e6"
    );
    assert_eq!(
        error("c", &[3.0, 2.0, 1.0], &[3.0, 2.0, 1.0]),
        "criterion `c` is given as the best and as the worst; the worst is another one, unless all count the same"
    );
    assert!(BestWorst::new(["a", "b"], ("a", &[1.0; 2]), ("a", &[1.0; 2])).is_ok());
    assert_eq!(error("d", &[1.0; 3], &[1.0; 3]), "unknown criterion `d`");
    assert_eq!(error("a", &[1.0; 2], &[1.0; 3]), "the list of preferences of the best has length 2; expected 3");
}

// ---- data ----

#[test]
fn data_weights_agree_with_peers_and_print() {
    for entry in golden()["data"].as_array().unwrap() {
        let values = matrix(&entry["matrix"]);
        let names = names(values[0].len());
        let costs = numbers(&entry["types"]).into_iter().zip(&names).filter(|(sign, _)| *sign < 0.0);
        let costs: Vec<&String> = costs.map(|(_, name)| name).collect();
        let data = DecisionMatrix::new(names.clone(), values).unwrap().with_costs(costs).unwrap();
        if let Some(expected) = entry.get("entropy") {
            let found = data.entropy().unwrap();
            assert_close(&found.entropies(), &numbers(&expected["entropies"]));
            // 1 − E there has lost up to three digits of its sixteen.
            for (found, expected) in found.weights().values().iter().zip(numbers(&expected["weights"])) {
                assert_relative_eq!(*found, expected, epsilon = 0.0, max_relative = 1e-12);
            }
        }
        if let Some(expected) = entry.get("critic") {
            let found = data.critic().unwrap();
            assert_close(found.weights().values(), &numbers(&expected["weights"]));
            assert_close(&found.information(), &numbers(&expected["information"]));
            for ((_, row), expected) in found.correlations().zip(matrix(&expected["correlation"])) {
                assert_relative_eq!(*row, expected[..], epsilon = 1e-14);
            }
            assert_close(data.standard_deviation().unwrap().values(), &numbers(&expected["std_weights"]));
        }
        // Print has three decimals at the coarsest (Tuş & Adalı).
        for (method, figures) in entry["published"].as_object().unwrap() {
            let found = match method.as_str() {
                "entropy" => data.entropy().unwrap().into_weights(),
                "critic" => data.critic().unwrap().into_weights(),
                _ => continue,
            };
            for (found, printed) in found.values().iter().zip(numbers(figures)) {
                assert_relative_eq!(*found, printed, epsilon = 5e-4);
            }
        }
    }
}

/// The divergence of (1 − δ, 1 + δ) is δ² / (2 ln 2) to first order, which 1 − E in f64 does not see.
#[test]
fn entropy_keeps_its_digits_on_columns_that_vary_little() {
    let data = DecisionMatrix::new(["a", "b"], [[1.0 - 1e-9, 1.0 - 2e-9], [1.0 + 1e-9, 1.0 + 2e-9]]).unwrap();
    let entropy = data.entropy().unwrap();
    // The columns themselves hold 1e-9 to seven digits.
    assert_relative_eq!(entropy.divergences()[0], 1e-18 / 2.0 / 2_f64.ln(), epsilon = 0.0, max_relative = 1e-6);
    assert_relative_eq!(entropy.weights().values()[0], 0.2, epsilon = 0.0, max_relative = 1e-6);
}

#[test]
fn data_errors_name_the_cell() {
    let message = |rows: &[&[f64]]| DecisionMatrix::new(["a", "b"], rows).unwrap_err().to_string();
    assert_eq!(
        message(&[&[1.0, f64::NAN], &[f64::INFINITY, 1.0]]),
        "row `1` of column `b` is NaN; expected a finite number; row `2` of column `a` is inf; expected a finite number"
    );
    assert_eq!(message(&[&[1.0, 2.0]]), "the decision matrix: needs at least two rows and has 1");
    assert_eq!(
        message(&[&[0.0; 2], &[0.0; 3], &[0.0]]),
        "row `2` has length 3; expected 2; row `3` has length 1; expected 2"
    );
    let data = |rows: &[[f64; 2]]| DecisionMatrix::new(["a", "b"], rows).unwrap();
    assert_eq!(
        data(&[[-1.0, 0.0], [1.0, 0.0]]).entropy().unwrap_err().to_string(),
        "row `1` of column `a` is -1; expected a number that is not negative; \
         the greatest value of column `b` is 0; expected a positive number"
    );
    let constant = data(&[[1.0, 2.0], [1.0, 2.0]]);
    assert_eq!(constant.critic().unwrap_err().to_string(), "column `a`: is constant; column `b`: is constant");
    assert_eq!(constant.entropy().unwrap_err().to_string(), "the decision matrix: every column is constant");
    assert!(constant.standard_deviation().unwrap_err().is_degenerate());
    let parallel = data(&[[0.1, 1.3], [0.2, 1.6], [0.7, 3.1]]);
    assert_eq!(parallel.critic().unwrap_err().to_string(), "the decision matrix: all columns are perfectly correlated");
    assert_eq!(constant.clone().with_costs(["c"]).unwrap_err().to_string(), "unknown column `c`");
    assert_eq!(constant.clone().with_alternatives(["x", "x"]).unwrap_err().to_string(), "duplicate row `x`");
    let named = data(&[[1.0, -2.0], [3.0, 4.0]]).with_alternatives(["north", "south"]).unwrap();
    assert_eq!(named.get("south", "a").unwrap(), 3.0);
    assert_eq!(
        named.entropy().unwrap_err().to_string(),
        "row `north` of column `b` is -2; expected a number that is not negative"
    );
}

/// Far more faults than anybody reads: a few are listed, the others counted.
#[test]
fn lists_of_faults_are_short() {
    let rows = vec![[f64::NAN; 100]; 1000];
    let error = DecisionMatrix::new(names(100), rows).unwrap_err();
    assert_eq!(error.faults().len(), 11);
    assert!(error.to_string().ends_with("; 99990 more"));
    let error = Weights::new(names(10_000), vec![-1.0; 10_000]).unwrap_err();
    assert!(error.to_string().len() < 2_000);
}

/// The column `flat` holds 0.1 + 0.2 once and 0.3 else: its spread of 5.6e-17 is the rounding of that sum.
#[test]
fn rounding_is_no_information() {
    let rows = [[1.0, 4.0, 0.1 + 0.2], [2.0, 3.0, 0.3], [3.0, 1.0, 0.3], [5.0, 2.0, 0.3]];
    let data = DecisionMatrix::new(["price", "waiting", "flat"], rows).unwrap();
    assert_eq!(data.critic().unwrap_err().to_string(), "column `flat`: is constant");
    let exact = DecisionMatrix::new(["price", "waiting", "flat"], rows.map(|[a, b, _]| [a, b, 0.3])).unwrap();
    let weights = data.standard_deviation().unwrap();
    assert_eq!(weights, exact.standard_deviation().unwrap());
    for (weight, expected) in weights.values().iter().zip([0.4980, 0.5020, 0.0]) {
        assert_relative_eq!(*weight, expected, epsilon = 5e-5);
    }
    assert_eq!(data.entropy().unwrap(), exact.entropy().unwrap());
    // Nothing but rounding: seven tenths added up in two orders.
    let sums = [0.1 + 0.2 + 0.4, 0.7, 0.4 + 0.2 + 0.1, 0.7];
    assert!(sums.iter().any(|sum| *sum != sums[0]));
    let noise = DecisionMatrix::new(["a"], sums.map(|sum| [sum])).unwrap();
    for weights in all_weights(&noise) {
        assert!(weights.unwrap_err().is_degenerate());
    }
}

/// 2⁶³ × 2 rows multiply to 0 cells in 64 bits: a reader that does not check its sizes ends in a segmentation fault.
#[cfg(feature = "serde")]
#[test]
fn no_matrix_of_impossible_size_is_read() {
    let text = r#"{"criteria": ["a", "b"], "directions": ["benefit", "cost"], "values": [[], 9223372036854775808, 2]}"#;
    assert!(serde_json::from_str::<DecisionMatrix>(text).is_err());
    for rows in ["[[], 9223372036854775808, 2]", "[[], []]", "[]", "[[1, 2], [3]]"] {
        let text = format!(
            r#"{{"alternatives": ["x", "y"], "criteria": ["a", "b"], "directions": ["benefit", "cost"], "rows": {rows}}}"#
        );
        assert!(serde_json::from_str::<DecisionMatrix>(&text).is_err());
    }
}

#[cfg(feature = "serde")]
#[test]
fn results_are_written_and_read_again() {
    let data = DecisionMatrix::new(["a", "b"], [[1.0, 2.0], [3.0, 4.5], [2.0, 9.0]]).unwrap();
    let critic = data.critic().unwrap();
    let text = serde_json::to_string(&critic).unwrap();
    assert_eq!(serde_json::from_str::<Critic>(&text).unwrap(), critic);
    assert!(serde_json::from_str::<Critic>(&text.replacen("\"conflicts\":[", "\"conflicts\":[1.0,", 1)).is_err());
    let entropy = data.entropy().unwrap();
    let text = serde_json::to_string(&entropy).unwrap();
    assert_eq!(serde_json::from_str::<Entropy>(&text).unwrap(), entropy);
    let judgements = BestWorst::new(["a", "b"], ("b", &[3.5, 1.0]), ("a", &[1.0, 3.5])).unwrap();
    let (linear, nonlinear) = (judgements.linear().unwrap(), judgements.nonlinear().unwrap());
    let text = serde_json::to_string(&linear).unwrap();
    assert_eq!(serde_json::from_str::<satindex::weights::LinearBestWorst>(&text).unwrap(), linear);
    let text = serde_json::to_string(&nonlinear).unwrap();
    assert_eq!(serde_json::from_str::<satindex::weights::NonlinearBestWorst>(&text).unwrap(), nonlinear);
}

#[test]
fn a_single_criterion_has_all_the_weight() {
    let data = DecisionMatrix::new(["a"], [[1.0], [2.0]]).unwrap();
    assert_eq!(data.critic().unwrap().weights().values(), [1.0]);
    assert_eq!(data.entropy().unwrap().weights().values(), [1.0]);
    assert_eq!(data.standard_deviation().unwrap().values(), [1.0]);
}

/// Rows of numbers, all of one length.
fn table(value: impl Strategy<Value = f64> + Clone + 'static) -> impl Strategy<Value = Vec<Vec<f64>>> {
    (2_usize..9, 1_usize..6).prop_flat_map(move |(rows, columns)| {
        prop::collection::vec(prop::collection::vec(value.clone(), columns), rows)
    })
}

/// The three methods' weights; an error where a method has none.
fn all_weights(data: &DecisionMatrix) -> [satindex::Result<Weights>; 3] {
    [data.entropy().map(Entropy::into_weights), data.critic().map(Critic::into_weights), data.standard_deviation()]
}

proptest! {
    #[test]
    fn entropy_does_not_see_the_scale_of_a_column(
        values in table(0.1..10.0_f64),
        scales in prop::collection::vec(1e-6..1e6_f64, 6),
    ) {
        let names = names(values[0].len());
        let scaled = values.iter().map(|row| row.iter().zip(&scales).map(|(x, scale)| x * scale).collect::<Vec<f64>>());
        let scaled: Vec<Vec<f64>> = scaled.collect();
        let before = DecisionMatrix::new(names.clone(), values).unwrap().entropy().unwrap();
        let after = DecisionMatrix::new(names, scaled).unwrap().entropy().unwrap();
        for (before, after) in before.weights().values().iter().zip(after.weights().values()) {
            assert_relative_eq!(before, after, epsilon = 1e-13, max_relative = 1e-11);
        }
    }

    /// A falling map turns a benefit into a cost.
    #[test]
    fn critic_does_not_see_affine_maps(
        values in table(0.0..1.0_f64),
        maps in prop::collection::vec((0.1..10.0_f64, -10.0..10.0_f64, any::<bool>()), 6),
    ) {
        let names = names(values[0].len());
        let map = |(slope, shift, falls): (f64, f64, bool), value: f64| shift + if falls { -slope } else { slope } * value;
        let mapped = values.iter().map(|row| maps.iter().zip(row).map(|(by, x)| map(*by, *x)).collect::<Vec<f64>>());
        let mapped: Vec<Vec<f64>> = mapped.collect();
        let falling: Vec<&String> = names.iter().zip(&maps).filter(|(_, map)| map.2).map(|(name, _)| name).collect();
        let before = DecisionMatrix::new(names.clone(), values.clone()).unwrap();
        let after = DecisionMatrix::new(names.clone(), mapped).unwrap().with_costs(falling).unwrap();
        for (before, after) in [
            (before.critic().map(Critic::into_weights), after.critic().map(Critic::into_weights)),
            (before.standard_deviation(), after.standard_deviation()),
        ] {
            // Near-constant columns magnify the rounding of the map; with two rows all columns may be parallel.
            let column = |at: usize| values.iter().map(move |row| row[at]);
            let range = |at: usize| column(at).fold(f64::MIN, f64::max) - column(at).fold(f64::MAX, f64::min);
            prop_assume!((0..names.len()).all(|at| range(at) >= 1e-3) && values.len() > 2);
            let (before, after) = (before.unwrap(), after.unwrap());
            for (before, after) in before.values().iter().zip(after.values()) {
                assert_relative_eq!(before, after, epsilon = 1e-9, max_relative = 1e-9);
            }
        }
    }

    #[test]
    fn columns_and_rows_in_another_order_change_nothing(values in table(0.1..10.0_f64)) {
        let names = names(values[0].len());
        let turned = values.iter().rev().map(|row| row.iter().rev().copied().collect::<Vec<f64>>());
        let turned: Vec<Vec<f64>> = turned.collect();
        let before = DecisionMatrix::new(names.clone(), values).unwrap();
        let after = DecisionMatrix::new(names.iter().rev().cloned(), turned).unwrap();
        for (before, after) in all_weights(&before).into_iter().zip(all_weights(&after)) {
            prop_assert_eq!(before.is_ok(), after.is_ok());
            let (Ok(before), Ok(after)) = (before, after) else { continue };
            for (name, weight) in before.iter() {
                assert_relative_eq!(weight, after.get(name).unwrap(), epsilon = 1e-13, max_relative = 1e-11);
            }
        }
    }

    #[test]
    fn any_data_give_an_error_or_weights(values in table(prop_oneof![
        any::<f64>(),
        prop::sample::select(vec![0.0, -0.0, 1.0, 1e300, -1e300, 1e-300, f64::MAX, f64::MIN, 5e-324]),
    ])) {
        let Ok(data) = DecisionMatrix::new(names(values[0].len()), values) else { return Ok(()) };
        for weights in all_weights(&data).into_iter().flatten() {
            prop_assert!((weights.values().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}

// ---- ranks and ratings ----

/// Barron & Barrett (1996), table 1, and the formulas by hand.
#[test]
fn rank_weights_are_those_of_the_tables() {
    let by = |method| Weights::ranked(["a", "b", "c", "d"], method).unwrap();
    assert_close(by(RankMethod::Centroid).values(), &[25.0 / 48.0, 13.0 / 48.0, 7.0 / 48.0, 3.0 / 48.0]);
    assert_close(by(RankMethod::Sum).values(), &[0.4, 0.3, 0.2, 0.1]);
    assert_close(by(RankMethod::Reciprocal).values(), &[0.48, 0.24, 0.16, 0.12]);
    assert_close(by(RankMethod::Exponent(2.0)).values(), &[16.0 / 30.0, 9.0 / 30.0, 4.0 / 30.0, 1.0 / 30.0]);
    assert_close(by(RankMethod::Exponent(0.0)).values(), &[0.25; 4]);
    assert_eq!(by(RankMethod::Exponent(1e300)).values(), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(by(RankMethod::Sum).origin().to_string(), "judgements, rank sum");
}

#[test]
fn ties_share_the_weights_of_their_places() {
    let weights = Weights::from_ranks(["a", "b", "c", "d"], &[2.0, 7.5, 2.0, 1.0], RankMethod::Sum).unwrap();
    assert_close(weights.values(), &[0.25, 0.1, 0.25, 0.4]);
    let error = Weights::from_ranks(["a", "b"], &[1.0, f64::NAN], RankMethod::Exponent(-1.0)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the rank of `b` is NaN; expected a finite number; \
         the rank exponent is -1; expected a number that is not negative"
    );
    assert!(Weights::ranked(Vec::<String>::new(), RankMethod::Sum).unwrap_err().is_invalid_value());
}

#[test]
fn ratings_keep_their_proportions() {
    let weights = Weights::rated(["a", "b"], [100.0, 25.0]).unwrap();
    assert_eq!(weights.values(), [0.8, 0.2]);
    assert_eq!(weights.origin().to_string(), "judgements, direct rating");
}

// ---- combinations ----

#[test]
fn combinations_agree_with_their_definitions() {
    let golden = &golden()["combination"];
    let weights = |key: &str| Weights::new(names(4), numbers(&golden[key])).unwrap();
    let (experts, data) = (weights("subjective"), weights("objective"));
    let parts = [(&experts, 0.5), (&data, 0.5)];
    assert_close(Weights::additive(&parts).unwrap().values(), &numbers(&golden["additive_05"]));
    assert_close(Weights::multiplicative(&[&experts, &data]).unwrap().values(), &numbers(&golden["multiplicative"]));
    assert_close(Weights::minimum_relative_entropy(&parts).unwrap().values(), &numbers(&golden["geometric"]));
}

#[test]
fn sets_of_weights_meet_by_name() {
    let a = Weights::new(["x", "y"], [1.0, 0.0]).unwrap();
    let b = Weights::new(["y", "x"], [1.0, 0.0]).unwrap();
    assert_eq!(Weights::additive(&[(&a, 1.0), (&b, 3.0)]).unwrap().values(), [0.25, 0.75]);
    let error = Weights::multiplicative(&[&a, &b]).unwrap_err();
    assert_eq!(error.to_string(), "the combined weights: every name has the weight 0 in one of the sets");
    // A share of 0 takes its set out.
    assert_eq!(Weights::minimum_relative_entropy(&[(&a, 1.0), (&b, 0.0)]).unwrap().values(), [1.0, 0.0]);
    let c = Weights::equal(["x", "z", "u"]).unwrap();
    assert_eq!(
        Weights::additive(&[(&a, 1.0), (&c, 1.0)]).unwrap_err().to_string(),
        "set 2: no weight for `y`; unknown weight `z`; unknown weight `u`"
    );
    assert_eq!(Weights::additive(&[]).unwrap_err().to_string(), "the list of weights to combine is empty");
    assert!(Weights::additive(&[(&a, f64::NAN)]).unwrap_err().is_invalid_value());
}

fn relative_entropy(weights: &[f64], reference: &Weights) -> f64 {
    weights.iter().zip(reference.values()).map(|(weight, value)| weight * (weight / value).ln()).sum()
}

proptest! {
    #[test]
    fn nothing_is_nearer_in_relative_entropy(
        sets in prop::collection::vec((prop::collection::vec(0.01..1.0_f64, 4), 0.1..1.0_f64), 1..5),
        step in prop::collection::vec(-0.5..0.5_f64, 4),
    ) {
        let total: f64 = sets.iter().map(|(_, share)| share).sum();
        let sets: Vec<(Weights, f64)> = sets
            .into_iter()
            .map(|(values, share)| (Weights::normalised(names(4), values).unwrap(), share / total))
            .collect();
        let parts: Vec<(&Weights, f64)> = sets.iter().map(|(set, share)| (set, *share)).collect();
        let distance = |weights: &Weights| -> f64 {
            sets.iter().map(|(set, share)| share * relative_entropy(weights.values(), set)).sum()
        };
        let nearest = Weights::minimum_relative_entropy(&parts).unwrap();
        let moved = nearest.values().iter().zip(step).map(|(value, step)| value * (1.0 + step));
        let moved = Weights::normalised(names(4), moved).unwrap();
        prop_assert!(distance(&moved) >= distance(&nearest) - 1e-14);
    }
}
