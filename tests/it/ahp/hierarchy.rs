//! Alternatives under a hierarchy, sensitivity, scales of grades.

use approx::assert_relative_eq;
use satindex::ahp::{Alternatives, Decision, Grade, Judgements, Method, Mode, Noise, RandomIndex, Ratings, Scale};
use satindex::survey::Hierarchy;
use satindex::{Confidence, Weights};
use serde_json::Value;

use super::{golden, golden_file, number, numbers};

fn alternatives(entry: &Value) -> Alternatives {
    let weights = numbers(&entry["criteria_weights"]);
    let criteria: Vec<String> = (0..weights.len()).map(|k| format!("k{k}")).collect();
    let names: Vec<&str> =
        entry["alternatives"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let hierarchy = Hierarchy::builder("goal", Weights::new(criteria.clone(), weights).unwrap()).build().unwrap();
    let local = entry["local_weights"].as_array().unwrap().iter();
    let local = local.map(|local| Weights::new(names.clone(), numbers(local)).unwrap());
    Alternatives::new(hierarchy, criteria.into_iter().zip(local)).unwrap()
}

fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        // Sums of a few products of numbers below 1.
        assert_relative_eq!(found, expected, epsilon = 0.0, max_relative = 1e-14);
    }
}

fn check(entry: &Value) {
    let alternatives = alternatives(entry);
    let synthesise = |mode| alternatives.synthesise(mode).unwrap();
    close(synthesise(Mode::Distributive).scores(), &numbers(&entry["distributive"]));
    close(synthesise(Mode::Ideal).scores(), &numbers(&entry["ideal_unnormalised"]));
    close(synthesise(Mode::Ideal).weights().values(), &numbers(&entry["ideal_normalised"]));
    close(synthesise(Mode::Product).scores(), &numbers(&entry["weighted_product_unnormalised"]));
    close(synthesise(Mode::Product).weights().values(), &numbers(&entry["weighted_product_normalised"]));
}

#[test]
fn scores_agree_with_other_software() {
    let examples = golden("hierarchy");
    assert_eq!(examples.len(), 11);
    examples.iter().for_each(check);
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn every_hierarchy_of_the_reference() {
    let reference = crate::reference::json("ahp/hierarchy.json");
    reference["examples"].as_array().unwrap().iter().for_each(check);
}

/// Belton & Gear (1983): a copy of B turns A and B round in distributive mode, and in no other.
#[test]
fn a_copy_turns_the_order_in_distributive_mode_only() {
    let examples = golden("hierarchy");
    let example = |id: &str| alternatives(examples.iter().find(|entry| entry["id"] == id).unwrap());
    let (before, after) = (example("belton_gear_before"), example("belton_gear_after_copy"));
    for (mode, first) in [(Mode::Distributive, "A"), (Mode::Ideal, "B"), (Mode::Product, "B")] {
        assert_eq!(before.synthesise(mode).unwrap().ranking()[0], "B");
        assert_eq!(after.synthesise(mode).unwrap().ranking()[0], first);
    }
}

fn school() -> Decision {
    let criteria = ["learning", "friends", "school life", "vocational", "college", "music"];
    let upper = ["4", "3", "1", "3", "4", "7", "3", "1/5", "1", "1/5", "1/5", "1/6", "1", "1/3", "3"];
    let schools = |upper: [&str; 3]| Judgements::from_text(["A", "B", "C"], &upper).unwrap();
    Decision::new("school", Judgements::from_text(criteria, &upper).unwrap())
        .compare("learning", schools(["1/3", "1/2", "3"]))
        .compare("friends", schools(["1", "1", "1"]))
        .compare("school life", schools(["5", "1", "1/5"]))
        .compare("vocational", schools(["9", "7", "1/5"]))
        .compare("college", schools(["1/2", "1", "2"]))
        .compare("music", schools(["6", "4", "1/3"]))
}

/// Saaty's school from its judgements: the weights are those of 50-digit arithmetic.
#[test]
fn a_decision_is_judged_weighed_and_synthesised() {
    let examples = golden("hierarchy");
    let expected = examples.iter().find(|entry| entry["id"] == "saaty1980_school").unwrap();
    let alternatives = school().alternatives(Method::Eigenvector).unwrap();
    close(alternatives.hierarchy().leaf_weights().values(), &numbers(&expected["criteria_weights"]));
    let found = alternatives.synthesise(Mode::Distributive).unwrap();
    close(found.scores(), &numbers(&expected["distributive"]));
}

#[cfg(feature = "serde")]
#[test]
fn alternatives_are_read_back() {
    let alternatives = school().alternatives(Method::Eigenvector).unwrap();
    let text = serde_json::to_string(&alternatives).unwrap();
    assert_eq!(serde_json::from_str::<Alternatives>(&text).unwrap(), alternatives);
}

/// CRH by hand from the CI of each matrix; a hierarchy of one matrix has that matrix's CR.
#[test]
fn the_hierarchy_is_as_consistent_as_its_parts_together() {
    let consistency = school().consistency(Method::Eigenvector).unwrap();
    let parts: Vec<(f64, f64, usize)> = consistency
        .nodes()
        .iter()
        .map(|node| (node.weight(), node.consistency().ci(), node.consistency().n()))
        .collect();
    assert_eq!(parts.len(), 7);
    let [above, below] = [
        |part: &(f64, f64, usize)| part.0 * part.1,
        |part: &(f64, f64, usize)| part.0 * if part.2 == 6 { 1.25 } else { 0.52 },
    ]
    .map(|term| parts.iter().map(term).sum::<f64>());
    assert_relative_eq!(consistency.cr(RandomIndex::Saaty), above / below, max_relative = 1e-15);
    let one = Decision::new("goal", Judgements::from_text(["a", "b", "c"], &["2", "5", "9"]).unwrap());
    let alone = one.consistency(Method::Eigenvector).unwrap();
    let cr = alone.nodes()[0].consistency().cr(RandomIndex::Saaty);
    assert_relative_eq!(alone.cr(RandomIndex::Saaty), cr, max_relative = 1e-15);
    let two = Decision::new("goal", Judgements::from_upper(["a", "b"], &[2.0]).unwrap());
    assert_eq!(two.consistency(Method::Eigenvector).unwrap().cr(RandomIndex::Saaty), 0.0);
}

#[test]
fn decisions_name_the_node_at_fault() {
    let two = |a: &str, b: &str| Judgements::from_upper([a, b], &[2.0]).unwrap();
    let message = |decision: Decision| decision.alternatives(Method::RowSum).unwrap_err().to_string();
    let decision = Decision::new("goal", two("cost", "quality"));
    assert_eq!(
        message(decision.clone().compare("cost", two("A", "B")).compare("price", two("A", "B"))),
        "no weights of the alternatives for `quality`; unknown criterion `price`"
    );
    assert_eq!(
        message(decision.clone().compare("cost", two("A", "B")).compare("quality", two("A", "C"))),
        "criterion `quality`: no weight for `B`; unknown alternative `C`"
    );
    let gap = Judgements::from_upper(["A", "B", "C"], &[Some(2.0), None, Some(3.0)]).unwrap();
    assert_eq!(
        message(decision.compare("cost", gap)),
        "node `cost`: not judged: `A` against `C`; a method for judgements with gaps is needed"
    );
}

/// Ratings of the best grade everywhere score 1, whatever the weights of the criteria.
#[test]
fn ratings_are_relative_to_the_best_grade() {
    let criteria = Hierarchy::builder("goal", Weights::new(["a", "b"], [0.7, 0.3]).unwrap())
        .divide("b", Weights::new(["b1", "b2"], [0.5, 0.5]).unwrap())
        .build()
        .unwrap();
    let grades = Judgements::from_text(["good", "fair", "poor"], &["3", "9", "3"]).unwrap();
    let grades = grades.priorities(Method::Eigenvector).unwrap().weights().clone();
    let ratings = Ratings::new(criteria, ["a", "b1", "b2"].map(|leaf| (leaf, grades.clone()))).unwrap();
    let message = |result: satindex::Result<Ratings>| result.unwrap_err().to_string();
    assert_eq!(ratings.synthesise().unwrap_err().to_string(), "the list of alternatives is empty");
    assert_eq!(
        message(ratings.clone().rate("X", [("a", "good"), ("b1", "bad"), ("b2", "good")])),
        "alternative `X`: criterion `b1`: unknown grade `bad`"
    );
    assert_eq!(
        message(ratings.clone().rate("X", [("a", "good"), ("b1", "good")])),
        "alternative `X`: no grade for `b2`"
    );
    let ratings = ratings
        .rate("X", [("a", "good"), ("b1", "good"), ("b2", "good")])
        .and_then(|ratings| ratings.rate("Y", [("b2", "fair"), ("b1", "poor"), ("a", "fair")]))
        .unwrap();
    close(ratings.synthesise().unwrap().scores(), &[1.0, 0.7 / 3.0 + 0.15 / 9.0 + 0.15 / 3.0]);
    assert_eq!(
        message(ratings.rate("X", [("a", "good"), ("b1", "good"), ("b2", "good")])),
        "duplicate alternative `X`"
    );
}

/// Triantaphyllou & Sánchez's changes for the Wikipedia example of the leader.
#[test]
fn reversals_agree_with_print() {
    let file = golden_file();
    let leader = file["hierarchy"].as_array().unwrap().iter().find(|entry| entry["id"] == "wiki_leader").unwrap();
    let alternatives = alternatives(leader);
    let reversals = alternatives.reversals(Mode::Distributive);
    let expected = file["sensitivity"]["rows"].as_array().unwrap();
    assert_eq!(reversals.len(), expected.len());
    for row in expected {
        let criterion = format!("k{}", row["criterion"]);
        let name = |key: &str| &alternatives.names()[usize::try_from(row[key].as_u64().unwrap()).unwrap()];
        let found = reversals.iter().find(|reversal| {
            reversal.criterion() == criterion && reversal.first() == name("i") && reversal.second() == name("j")
        });
        let found = found.unwrap();
        assert_relative_eq!(found.change(), number(&row["delta_abs"]), max_relative = 1e-13);
        assert_relative_eq!(100.0 * found.relative(), number(&row["delta_rel_percent"]), max_relative = 1e-13);
        assert_eq!(Some(found.is_feasible()), row["feasible"].as_bool());
    }
}

/// The straight line of the scores against scores that are worked out anew at other weights, two levels down.
#[test]
fn sensitivity_is_what_other_weights_would_give() {
    let names = ["A", "B", "C"];
    let criteria = Hierarchy::builder("goal", Weights::new(["a", "b", "c"], [0.5, 0.3, 0.2]).unwrap())
        .divide("b", Weights::new(["b1", "b2", "b3"], [0.6, 0.3, 0.1]).unwrap())
        .build()
        .unwrap();
    let local = [
        ("a", [0.5, 0.3, 0.2]),
        ("b1", [0.1, 0.7, 0.2]),
        ("b2", [0.2, 0.2, 0.6]),
        ("b3", [0.4, 0.35, 0.25]),
        ("c", [0.6, 0.1, 0.3]),
    ];
    let local = local.map(|(leaf, weights)| (leaf, Weights::new(names, weights).unwrap()));
    let alternatives = Alternatives::new(criteria.clone(), local.clone()).unwrap();
    for mode in [Mode::Distributive, Mode::Ideal, Mode::Product] {
        let at = |weight: f64| {
            let rest = (1.0 - weight) / 0.7;
            let moved = Weights::new(["b1", "b2", "b3"], [0.6 * rest, weight, 0.1 * rest]).unwrap();
            let moved = Alternatives::new(criteria.clone().with_weights("b", &moved).unwrap(), local.clone()).unwrap();
            moved.synthesise(mode).unwrap().weights().values().to_vec()
        };
        let sensitivity = alternatives.sensitivity("b2", mode).unwrap();
        assert_eq!(sensitivity.weight(), 0.3);
        for weight in [0.0, 0.1, 0.3, 0.8, 1.0] {
            close(&sensitivity.at(weight).unwrap(), &at(weight));
        }
        let step = 1e-6;
        for (found, (above, below)) in sensitivity.gradient().iter().zip(at(0.3 + step).iter().zip(at(0.3 - step))) {
            // A central difference loses the square of the step and ten digits of the scores.
            assert_relative_eq!(*found, (above - below) / (2.0 * step), epsilon = 1e-9, max_relative = 1e-8);
        }
        for flip in sensitivity.flips() {
            let scores = sensitivity.at(flip.weight()).unwrap();
            let score = |name: &str| scores[names.iter().position(|known| *known == name).unwrap()];
            assert_relative_eq!(score(flip.above()), score(flip.below()), max_relative = 1e-14);
            let above = sensitivity.at((flip.weight() + 1e-6).min(1.0)).unwrap();
            let at = |name: &str| above[names.iter().position(|known| *known == name).unwrap()];
            assert!(at(flip.above()) > at(flip.below()));
        }
    }
    let error = alternatives.sensitivity("goal", Mode::Ideal).unwrap_err();
    assert_eq!(error.to_string(), "criterion `goal`: nothing stands beside it to take up its weight");
    assert!(alternatives.sensitivity("d", Mode::Ideal).is_err());
}

#[test]
fn noise_is_repeatable_and_centred() {
    let decision = school();
    let noise = Noise::new(0.1).replicates(400).seed(3);
    let spread = noise.run_decision(&decision, Method::GeometricMean, Mode::Distributive).unwrap();
    assert_eq!(spread, noise.run_decision(&decision, Method::GeometricMean, Mode::Distributive).unwrap());
    assert_ne!(spread, noise.seed(4).run_decision(&decision, Method::GeometricMean, Mode::Distributive).unwrap());
    for (name, point) in spread.point().iter() {
        let interval = spread.interval(name, Confidence::P99).unwrap();
        assert!(interval.contains(point));
        assert_relative_eq!(spread.ranks(name).unwrap().iter().sum::<f64>(), 1.0, max_relative = 1e-12);
    }
    let shares = spread.ahead("A", "B").unwrap() + spread.ahead("B", "A").unwrap();
    assert_relative_eq!(shares, 1.0, max_relative = 1e-15);
    // Without noise every replicate is the point.
    let still = Noise::new(0.0).replicates(3).run_decision(&decision, Method::Eigenvector, Mode::Ideal).unwrap();
    assert!(still.values().all(|values| values == still.point().values()));
    let wild = Noise::new(f64::MAX).replicates(20);
    let judgements = Judgements::from_upper(["a", "b", "c"], &[2.0, 5.0, 3.0]).unwrap();
    assert!(wild.run(&judgements, Method::GeometricMean).unwrap().values().flatten().all(|w| w.is_finite()));
    let message = |noise: Noise| noise.run(&judgements, Method::RowSum).unwrap_err().to_string();
    assert_eq!(
        message(Noise::new(f64::NAN).replicates(0)),
        "the deviation of the judgements is NaN; expected a finite number; \
         the number of replicates is 0; expected at least 1"
    );
    assert!(message(Noise::new(0.1).replicates(usize::MAX)).ends_with("expected at most 16666666"));
}

/// For the geometric mean of n things with noise σ, ln wᵢ − ln wⱼ has the variance 2σ²/n.
#[test]
fn noise_spreads_the_geometric_mean_as_computed() {
    let judgements = Judgements::consistent(["a", "b", "c", "d"], &[8.0, 4.0, 2.0, 1.0]).unwrap();
    let spread = Noise::new(0.3).replicates(4_000).seed(1).run(&judgements, Method::GeometricMean).unwrap();
    let logs: Vec<f64> = spread.values().map(|w| (w[0] / w[3]).ln()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (logs.len() - 1) as f64;
    // The standard error of a variance from 4,000 normal numbers is 2.2 % of it.
    assert_relative_eq!(variance, 2.0 * 0.09 / 4.0, max_relative = 0.08);
    assert_relative_eq!(mean, 8.0_f64.ln(), epsilon = 4.0 * (0.045_f64 / 4_000.0).sqrt());
}

#[test]
fn scales_agree_with_their_collector() {
    let scales = [
        Scale::Linear,
        Scale::Logarithmic,
        Scale::Root,
        Scale::InverseLinear,
        Scale::Balanced,
        Scale::BalancedN,
        Scale::AdaptiveBalanced,
        Scale::Adaptive,
        Scale::Power,
        Scale::Geometric,
        Scale::Lootsma,
    ];
    let check = |scale: Scale, n: usize, expected: &Value| {
        for (grade, expected) in Grade::all().zip(numbers(expected)) {
            assert_relative_eq!(scale.ratio(grade, n).unwrap(), expected, epsilon = 0.0, max_relative = 4e-15);
        }
    };
    for (scale, entry) in scales.into_iter().zip(golden("scales")) {
        match entry["values_x1_to_9"].as_object() {
            Some(sizes) => sizes.iter().for_each(|(n, values)| check(scale, n.parse().unwrap(), values)),
            None => check(scale, 4, &entry["values_x1_to_9"]),
        }
    }
}

/// 0.1 + 0.2 and 0.3: the ranking keeps the order of the names, and no weight reverses what is level.
#[test]
fn alternatives_that_are_level_stay_level() {
    let copied = Weights::normalised(["A", "B"], [0.1 + 0.2, 0.3]).unwrap();
    assert_ne!(copied.values()[0], copied.values()[1]);
    let even = Hierarchy::builder("goal", Weights::equal(["c1", "c2"]).unwrap()).build().unwrap();
    let reversed = Weights::normalised(["A", "B"], [0.3, 0.1 + 0.2]).unwrap();
    let level = Alternatives::new(even, [("c1", copied), ("c2", reversed)]).unwrap();
    for mode in Mode::ALL {
        assert_eq!(level.synthesise(mode).unwrap().ranking(), ["A", "B"]);
        assert!(level.sensitivity("c1", mode).unwrap().flips().is_empty());
        assert!(level.reversals(mode).is_empty());
    }
}
