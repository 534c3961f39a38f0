//! Rankings, objective weights, obstacles and coupling: golden figures, theorems, hostile input.

use approx::assert_relative_eq;
use proptest::prelude::*;
use satindex::Weights;
use satindex::weights::ranking::{Preference, Promethee, RankKind, TopsisScaling};
use satindex::weights::{Critic, DecisionMatrix, Entropy};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/mcdm.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn names(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

/// A few dozen operations on numbers of one size, there and here.
fn assert_close(found: &[f64], expected: &Value) {
    assert_relative_eq!(*found, numbers(expected)[..], epsilon = 1e-13, max_relative = 1e-12);
}

/// A matrix with its costs.
fn matrix(criteria: Vec<String>, values: &Value, types: &Value) -> DecisionMatrix {
    let costs: Vec<String> =
        criteria.iter().zip(numbers(types)).filter(|(_, sign)| *sign < 0.0).map(|(name, _)| name.clone()).collect();
    DecisionMatrix::new(criteria, rows(values)).unwrap().with_costs(costs).unwrap()
}

/// Every pack with its data, its two sets of weights and what is expected.
fn packs() -> Vec<(DecisionMatrix, Weights, Weights, Value)> {
    let golden = golden();
    let pack = |pack: &Value| {
        let inputs = &pack["inputs"];
        let criteria = names(&inputs["criteria"]);
        let weights = |key: &str| Weights::new(criteria.clone(), numbers(&inputs[key])).unwrap();
        let data = matrix(criteria.clone(), &inputs["matrix"], &inputs["types"]);
        (data, weights("weights"), weights("second_weights"), pack["expected"].clone())
    };
    golden["packs"].as_array().unwrap().iter().map(pack).collect()
}

#[test]
fn topsis_agrees_with_pydecision_and_pymcdm() {
    for (data, weights, _, expected) in packs() {
        let topsis = data.topsis(&weights, TopsisScaling::Vector).unwrap();
        let expected_vector = &expected["topsis_vector"];
        assert_close(topsis.distances_to_ideal(), &expected_vector["d_plus"]);
        assert_close(topsis.distances_to_anti_ideal(), &expected_vector["d_minus"]);
        assert_close(&topsis.closeness(), &expected_vector["closeness"]);
        assert_eq!(serde_json::json!(topsis.ranks()), expected_vector["rank"]);
        let topsis = data.topsis(&weights, TopsisScaling::MinMax).unwrap();
        assert_close(&topsis.closeness(), &expected["topsis_minmax"]["closeness"]);
    }
    let jmcdm = &golden()["topsis_jmcdm"];
    let criteria: Vec<String> = (0..numbers(&jmcdm["weights"]).len()).map(|at| format!("c{at}")).collect();
    let data = matrix(criteria.clone(), &jmcdm["matrix"], &jmcdm["types"]);
    let weights = Weights::new(criteria, numbers(&jmcdm["weights"])).unwrap();
    let topsis = data.topsis(&weights, TopsisScaling::Vector).unwrap();
    assert_close(&topsis.closeness(), &jmcdm["scores"]);
    // Printed with seven digits.
    assert_relative_eq!(*topsis.closeness(), numbers(&jmcdm["published"])[..], epsilon = 1e-6);
}

#[test]
fn vikor_agrees_with_pymcdm() {
    for (data, weights, _, expected) in packs() {
        let expected = &expected["vikor"];
        let vikor = data.vikor(&weights, expected["v"].as_f64().unwrap()).unwrap();
        assert_close(vikor.group(), &expected["S"]);
        assert_close(vikor.regret(), &expected["R"]);
        assert_close(vikor.compromise(), &expected["Q"]);
        assert_eq!(vikor.has_acceptable_advantage(), expected["acceptable_advantage"]);
        assert_eq!(vikor.is_stable(), expected["acceptable_stability"]);
        let name = |at: &f64| format!("{}", at + 1.0);
        assert_eq!(vikor.compromise_set(), numbers(&expected["compromise_set"]).iter().map(name).collect::<Vec<_>>());
    }
}

#[test]
fn promethee_agrees_with_pymcdm() {
    for (data, weights, _, expected) in packs() {
        let expected = &expected["promethee_ii_usual"];
        let flows = Promethee::new().rank(&data, &weights).unwrap();
        assert_close(flows.leaving(), &expected["leaving"]);
        assert_close(flows.entering(), &expected["entering"]);
        assert_close(&flows.net(), &expected["net"]);
        // Net flows of -0.12 that differ by their rounding are ranked 4 and 5 there, and share the rank 4 here.
        let shared = expected["rank"].as_array().unwrap().iter().zip(numbers(&expected["net"]));
        let four = Value::from(4);
        let shared: Vec<&Value> =
            shared.map(|(rank, net)| if (net + 0.12).abs() < 1e-12 { &four } else { rank }).collect();
        assert_eq!(serde_json::json!(flows.ranks()), serde_json::json!(shared));
    }
}

#[test]
fn grey_relation_agrees_with_its_formula() {
    for (data, weights, _, expected) in packs() {
        let expected = &expected["gra"];
        let grey = data.grey_relation(&weights, expected["rho"].as_f64().unwrap()).unwrap();
        for ((_, found), expected) in grey.coefficients().zip(expected["coefficients"].as_array().unwrap()) {
            assert_close(found, expected);
        }
        assert_close(grey.grades(), &expected["grade"]);
        assert_eq!(serde_json::json!(grey.ranks()), expected["rank"]);
        let equal = Weights::equal(data.criteria().to_vec()).unwrap();
        assert_close(data.grey_relation(&equal, 0.5).unwrap().grades(), &expected["grade_equal_weights"]);
    }
}

#[test]
fn rank_sum_ratio_agrees_with_scipy() {
    for (data, weights, _, expected) in packs() {
        let expected = &expected["rsr"];
        let ratio = data.rank_sum_ratio(&weights, RankKind::Place).unwrap();
        for ((_, found), expected) in ratio.ranks_by_criterion().zip(expected["ranks"].as_array().unwrap()) {
            assert_close(found, expected);
        }
        assert_close(ratio.values(), &expected["weighted_rsr"]);
        let line = ratio.line().unwrap();
        for (found, key) in [(line.intercept(), "intercept"), (line.slope(), "slope"), (line.r_squared(), "r2")] {
            assert_relative_eq!(
                found,
                expected["regression"][key].as_f64().unwrap(),
                epsilon = 1e-12,
                max_relative = 1e-11
            );
        }
        assert_relative_eq!(*ratio.fitted().unwrap(), numbers(&expected["fitted"])[..], max_relative = 1e-11);
        let classes = ratio.classes(&[4.0, 6.0]).unwrap();
        assert_eq!(serde_json::json!(classes), expected["three_grades_by_probit_4_and_6"]);
        let mut probits = ratio.probits();
        probits.sort_by(f64::total_cmp);
        probits.dedup();
        assert_relative_eq!(*probits, numbers(&expected["distribution"]["probit"])[..], max_relative = 1e-11);
        let equal = Weights::equal(data.criteria().to_vec()).unwrap();
        assert_close(data.rank_sum_ratio(&equal, RankKind::Place).unwrap().values(), &expected["rsr"]);
        let proportional = data.rank_sum_ratio(&weights, RankKind::Proportional).unwrap();
        for ((_, found), expected) in proportional.ranks_by_criterion().zip(rows(&expected["non_integer_ranks"])) {
            assert_relative_eq!(*found, expected[..], max_relative = 1e-12);
        }
        assert_close(proportional.values(), &expected["non_integer_weighted_rsr"]);
    }
}

#[test]
fn objective_weights_agree_with_crispyn_pymcdm_and_print() {
    for (data, _, _, expected) in packs() {
        assert_close(data.coefficient_of_variation().unwrap().values(), &expected["cv_weights"]["weights"]);
        // Multiple correlations of 0.997: three digits go in 1 − R².
        let independence = data.independence().unwrap();
        let expected_weights = numbers(&expected["independence_weights"]["weights"]);
        assert_relative_eq!(*independence.values(), expected_weights[..], max_relative = 1e-11);
        let components = data.principal_components().unwrap();
        assert_relative_eq!(
            *components.values(),
            numbers(&expected["pca_weights"]["weights"])[..],
            max_relative = 1e-11
        );
        assert_close(data.critic().map(Critic::into_weights).unwrap().values(), &expected["critic_weights"]);
        let entropy = data.entropy().map(Entropy::into_weights).unwrap();
        // 1 − E there has lost three digits.
        assert_relative_eq!(
            *entropy.values(),
            numbers(&expected["entropy_weights"]["weights"])[..],
            max_relative = 1e-11
        );
    }
    let golden = golden();
    let data = |entry: &Value| {
        let criteria = (0..numbers(&entry["types"]).len()).map(|at| format!("c{at}")).collect();
        matrix(criteria, &entry["matrix"], &entry["types"])
    };
    let merec = data(&golden["merec2021"]).merec().unwrap();
    assert_close(merec.values(), &golden["merec2021"]["merec"]);
    let losses = &golden["cilos_idocriw2016"];
    let cilos = data(losses).cilos().unwrap();
    assert_close(cilos.values(), &losses["cilos_pymcdm"]);
    // IDOCRIW is the product with the entropy weights.
    let entropy = data(losses).entropy().unwrap().into_weights();
    assert_close(
        Weights::multiplicative(&[&cilos, &entropy]).unwrap().values(),
        &losses["idocriw_product_combination"],
    );
}

#[test]
fn combinations_and_charts_agree_with_their_equations() {
    for (_, first, second, expected) in packs() {
        let combination = &expected["combination"];
        let game = Weights::game_theory(&[&first, &second]).unwrap();
        assert_close(game.values(), &combination["game_theory"]["weights"]);
        assert_close(Weights::multiplicative(&[&first, &second]).unwrap().values(), &combination["multiplicative"]);
        let parts = [(&first, 1.0), (&second, 1.0)];
        assert_close(Weights::additive(&parts).unwrap().values(), &combination["mean"]);
        assert_close(Weights::minimum_relative_entropy(&parts).unwrap().values(), &combination["geometric"]);
        let chart = rows(&expected["precedence_chart"]["chart"]);
        let weights = Weights::from_precedence(first.names().to_vec(), &chart).unwrap();
        assert_close(weights.values(), &expected["precedence_chart"]["weights"]);
    }
}

#[test]
fn obstacles_and_coupling_agree_with_their_formulas() {
    for (data, weights, _, expected) in packs() {
        let obstacles = data.obstacles(&weights).unwrap();
        let expected_degrees = expected["obstacle"]["degree"].as_array().unwrap();
        for (name, (degrees, largest)) in
            data.alternatives().iter().zip(expected_degrees.iter().zip(names(&expected["obstacle"]["largest"])))
        {
            assert_close(obstacles.get(name).unwrap().unwrap(), degrees);
            assert_eq!(obstacles.largest(name).unwrap(), Some(largest.as_str()));
        }
        let expected = &expected["coupling_coordination"];
        let systems: Vec<Vec<String>> = expected["systems"].as_array().unwrap().iter().map(names).collect();
        let coupling = data.coupling(&weights, ["one", "other"].into_iter().zip(systems)).unwrap();
        for (at, key) in ["u1", "u2"].into_iter().enumerate() {
            let developments: Vec<f64> = coupling.development().map(|(_, row)| row[at]).collect();
            assert_close(&developments, &expected[key]);
        }
        assert_close(&coupling.coupling(), &expected["coupling"]);
        assert_close(&coupling.overall(), &expected["T"]);
        assert_close(&coupling.coordination(), &expected["coordination"]);
    }
}

/// By hand: d = 4 between 8 and 4.
#[test]
fn preference_functions_follow_their_table() {
    let data = DecisionMatrix::new(["a"], [[8.0], [4.0]]).unwrap();
    let weights = Weights::equal(["a"]).unwrap();
    let leaving = |preference| Promethee::new().preference("a", preference).rank(&data, &weights).unwrap().leaving()[0];
    assert_eq!(leaving(Preference::Usual), 1.0);
    assert_eq!(leaving(Preference::Threshold { indifference: 4.0 }), 0.0);
    assert_eq!(leaving(Preference::Threshold { indifference: 3.0 }), 1.0);
    assert_eq!(leaving(Preference::Linear { indifference: 2.0, preference: 10.0 }), 0.25);
    assert_eq!(leaving(Preference::Level { indifference: 2.0, preference: 4.0 }), 0.5);
    assert_relative_eq!(leaving(Preference::Gaussian { spread: 4.0 }), 1.0 - (-0.5_f64).exp(), max_relative = 1e-15);
    let refused = |promethee: Promethee| promethee.rank(&data, &weights).unwrap_err().to_string();
    let wrong = Preference::Linear { indifference: 2.0, preference: 2.0 };
    assert_eq!(
        refused(
            Promethee::new()
                .preference("a", wrong)
                .preference("b", Preference::Usual)
                .preference("a", Preference::Usual)
        ),
        "the preference of `a` is 2; expected more than the indifference, 2; unknown criterion `b`; \
         duplicate preference function of `a`"
    );
}

#[test]
fn what_is_undefined_is_an_error_that_names_it() {
    let data = DecisionMatrix::new(["a", "flat"], [[1.0, 0.1 + 0.2], [2.0, 0.3], [4.0, 0.3]]).unwrap();
    let weights = Weights::equal(["a", "flat"]).unwrap();
    let constant = "column `flat`: is constant and tells no alternative from another; leave it out";
    for message in [
        data.topsis(&weights, TopsisScaling::MinMax).unwrap_err().to_string(),
        data.vikor(&weights, 0.5).unwrap_err().to_string(),
        data.grey_relation(&weights, 0.5).unwrap_err().to_string(),
        data.rank_sum_ratio(&weights, RankKind::Proportional).unwrap_err().to_string(),
        data.obstacles(&weights).unwrap_err().to_string(),
        data.coupling(&weights, [("x", ["a"]), ("y", ["flat"])]).unwrap_err().to_string(),
    ] {
        assert_eq!(message, constant);
    }
    // Where no range is divided by, the constant column just does not count.
    assert_eq!(data.topsis(&weights, TopsisScaling::Vector).unwrap().ranks(), [3, 2, 1]);
    assert_eq!(data.rank_sum_ratio(&weights, RankKind::Place).unwrap().ranks(), [3, 2, 1]);
    assert_eq!(Promethee::new().rank(&data, &weights).unwrap().net(), [-0.5, 0.0, 0.5]);
    assert_eq!(data.coefficient_of_variation().unwrap().get("flat").unwrap(), 0.0);
    assert_eq!(data.merec().unwrap().get("flat").unwrap(), 0.0);
    let other = Weights::equal(["a", "b"]).unwrap();
    assert_eq!(
        data.topsis(&other, TopsisScaling::Vector).unwrap_err().to_string(),
        "no weight for `flat`; unknown criterion `b`"
    );
    assert!(data.vikor(&weights, 1.5).is_err() && data.grey_relation(&weights, 0.0).is_err());
    let same = DecisionMatrix::new(["a"], [[2.0], [2.0]]).unwrap();
    let one = Weights::equal(["a"]).unwrap();
    assert!(same.topsis(&one, TopsisScaling::Vector).unwrap_err().is_degenerate());
    assert!(same.rank_sum_ratio(&one, RankKind::Place).unwrap().line().unwrap_err().is_degenerate());
    let systems = |systems: &[(&str, &[&str])]| {
        let data = DecisionMatrix::new(["a", "b"], [[1.0, 2.0], [2.0, 1.0]]).unwrap();
        data.coupling(&other, systems.iter().map(|(name, criteria)| (*name, criteria.iter()))).unwrap_err().to_string()
    };
    assert_eq!(systems(&[("x", &["a"]), ("y", &["a"])]), "duplicate criterion `a`");
    assert_eq!(systems(&[("x", &["a"]), ("y", &[])]), "the weight of system `y` is 0; expected a positive number");
    assert_eq!(systems(&[("x", &["a", "b"])]), "the number of systems is 1; expected at least 2");
    let twice = Weights::game_theory(&[&other, &other]).unwrap_err().to_string();
    assert_eq!(twice, "the sets of weights: set 2 is a combination of those before it");
    let chart = Weights::from_precedence(["a", "b"], &[[0.5, 1.0], [1.0, 0.5]]).unwrap_err().to_string();
    assert_eq!(chart, "`a` against `b` is 1; expected 0, what its opposite leaves of 1");
    let zero = DecisionMatrix::new(["a"], [[1.0], [-1.0]]).unwrap().coefficient_of_variation().unwrap_err();
    assert_eq!(zero.to_string(), "column `a`: has the mean 0, relative to which nothing varies");
}

#[cfg(feature = "serde")]
#[test]
fn results_are_written_and_read_again() {
    fn again<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug + ToString>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value);
        assert!(serde_json::from_str::<T>(&text.replacen('{', "{\"stray\": 1, ", 1)).is_err());
        assert!(serde_json::from_str::<T>(&text.replacen("\"1\"", "\"2\"", 1)).is_err());
        assert!(value.to_string().lines().count() > 3);
    }
    let (data, weights, ..) = packs().remove(0);
    again(&data.topsis(&weights, TopsisScaling::Vector).unwrap());
    again(&data.vikor(&weights, 0.5).unwrap());
    again(&Promethee::new().rank(&data, &weights).unwrap());
    again(&data.grey_relation(&weights, 0.5).unwrap());
    again(&data.rank_sum_ratio(&weights, RankKind::Place).unwrap());
    again(&data.obstacles(&weights).unwrap());
    again(&data.coupling(&weights, [("x", vec!["quality"]), ("y", vec!["service", "waiting"])]).unwrap());
}

type Ranks = fn(&DecisionMatrix, &Weights) -> satindex::Result<Vec<usize>>;

proptest! {
    /// The order of the rows changes no figure and no rank; one that is better everywhere is never behind.
    #[test]
    fn better_everywhere_is_never_behind(
        values in prop::collection::vec(prop::collection::vec(1..20_i32, 3), 3..7),
        shares in prop::collection::vec(1..9_i32, 3),
    ) {
        let mut rows: Vec<Vec<f64>> = values.iter().map(|row| row.iter().map(|x| f64::from(*x)).collect()).collect();
        let best: Vec<f64> = (0..3).map(|j| rows.iter().map(|row| row[j]).fold(0.0, f64::max) + 1.0).collect();
        rows.insert(1, best);
        let criteria = ["a", "b", "c"];
        let weights = Weights::normalised(criteria, shares.iter().map(|share| f64::from(*share))).unwrap();
        let data = DecisionMatrix::new(criteria, &rows).unwrap();
        let count = rows.len();
        let name = |at: usize| format!("r{at}");
        let data = data.with_alternatives((0..count).map(name)).unwrap();
        let back = DecisionMatrix::new(criteria, rows.iter().rev()).unwrap();
        let back = back.with_alternatives((0..count).rev().map(name)).unwrap();
        let methods: [Ranks; 6] = [
            |data, weights| data.topsis(weights, TopsisScaling::Vector).map(|result| result.ranks()),
            |data, weights| data.topsis(weights, TopsisScaling::MinMax).map(|result| result.ranks()),
            |data, weights| data.vikor(weights, 0.5).map(|result| result.ranks()),
            |data, weights| Promethee::new().rank(data, weights).map(|result| result.ranks()),
            |data, weights| data.grey_relation(weights, 0.5).map(|result| result.ranks()),
            |data, weights| data.rank_sum_ratio(weights, RankKind::Place).map(|result| result.ranks()),
        ];
        for ranks in methods {
            let (forth, mut reversed) = (ranks(&data, &weights).unwrap(), ranks(&back, &weights).unwrap());
            reversed.reverse();
            prop_assert_eq!(&forth, &reversed);
            prop_assert_eq!(forth[1], 1);
            prop_assert_eq!(forth.iter().filter(|rank| **rank == 1).count(), 1);
        }
    }

    #[test]
    fn any_data_give_an_error_or_numbers(values in prop::collection::vec(prop_oneof![
        any::<f64>(),
        prop::sample::select(vec![0.0, -0.0, 1.0, 2.0, 1e300, -1e300, 1e-300, f64::MAX, f64::MIN, 5e-324]),
    ], 6)) {
        let Ok(data) = DecisionMatrix::new(["a", "b"], values.chunks(2)) else { return Ok(()) };
        let weights = Weights::equal(["a", "b"]).unwrap();
        let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
        prop_assert!(data.topsis(&weights, TopsisScaling::Vector).map_or(true, |r| finite(&r.closeness())));
        prop_assert!(data.topsis(&weights, TopsisScaling::MinMax).map_or(true, |r| finite(&r.closeness())));
        prop_assert!(data.vikor(&weights, 0.5).map_or(true, |r| finite(r.compromise())));
        prop_assert!(Promethee::new().rank(&data, &weights).map_or(true, |r| finite(&r.net())));
        prop_assert!(data.grey_relation(&weights, 0.5).map_or(true, |r| finite(r.grades())));
        prop_assert!(data.rank_sum_ratio(&weights, RankKind::Place).map_or(true, |r| finite(&r.probits())));
        prop_assert!(data.coupling(&weights, [("x", ["a"]), ("y", ["b"])]).map_or(true, |r| finite(&r.coordination())));
        for weights in [
            data.coefficient_of_variation(),
            data.independence(),
            data.principal_components(),
            data.merec(),
            data.cilos(),
        ] {
            prop_assert!(weights.map_or(true, |weights| finite(weights.values())));
        }
    }
}
