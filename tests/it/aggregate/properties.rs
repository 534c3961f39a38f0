//! What holds for every structure.

use approx::assert_relative_eq;
use proptest::prelude::*;
use satindex::Index;
use satindex::aggregate::{Aggregated, Aggregation, Among, Comparison, Decomposition, GroupWeight, Structure};

use super::{aggregate, index};

/// A nation of three levels; some groups by weights of their own, some entities in two industries.
#[derive(Debug, Clone)]
pub(super) struct Nation {
    sectors: Vec<Option<f64>>,
    /// The sector of each industry and its own weight.
    industries: Vec<(usize, Option<f64>)>,
    /// The industries of each organisation and its weight in both.
    pub(super) organisations: Vec<(usize, usize, f64)>,
}

pub(super) fn nations() -> impl Strategy<Value = Nation> {
    let own = || prop::option::of(0.1..10.0_f64);
    let sectors = prop::collection::vec(own(), 1..4);
    let industries = prop::collection::vec((0..100_usize, own()), 1..6);
    let organisations = prop::collection::vec((0..100_usize, 0..100_usize, 0.01..100.0_f64), 6..14);
    (sectors, industries, organisations).prop_map(|(sectors, mut industries, mut organisations)| {
        // Every sector has an industry, every industry an organisation.
        while industries.len() < sectors.len() {
            industries.push((0, None));
        }
        let (s, i) = (sectors.len(), industries.len());
        industries.iter_mut().enumerate().for_each(|(at, industry)| {
            industry.0 = if at < s { at } else { industry.0 % s };
        });
        organisations.iter_mut().enumerate().for_each(|(at, organisation)| {
            organisation.0 = if at < i { at } else { organisation.0 % i };
            organisation.1 %= i;
        });
        Nation { sectors, industries, organisations }
    })
}

impl Nation {
    /// The structure, its members named and in an order as given.
    fn structure(&self, name: impl Fn(&str, usize) -> String, backwards: bool) -> Structure {
        let rule = |own: Option<f64>| own.map_or(GroupWeight::Members, GroupWeight::Given);
        let order =
            |count: usize| -> Vec<usize> { if backwards { (0..count).rev().collect() } else { (0..count).collect() } };
        let mut builder = Structure::builder("nation");
        for at in order(self.sectors.len()) {
            builder = builder.group(name("sector", at), "nation", rule(self.sectors[at]));
        }
        for at in order(self.industries.len()) {
            let (sector, own) = self.industries[at];
            builder = builder.group(name("industry", at), name("sector", sector), rule(own));
        }
        for at in order(self.organisations.len()) {
            let (one, other, weight) = self.organisations[at];
            builder = builder.entity(name("organisation", at), name("industry", one), weight);
            if other != one {
                builder = builder.entity(name("organisation", at), name("industry", other), weight / 2.0);
            }
        }
        builder.build().unwrap()
    }

    fn plain(&self) -> Structure {
        self.structure(plain, false)
    }

    pub(super) fn aggregate(&self, values: &[f64]) -> Aggregated {
        let names: Vec<String> = (0..self.organisations.len()).map(|at| plain("organisation", at)).collect();
        aggregate(&self.plain(), names.iter().zip(values).map(|(name, value)| (name.as_str(), index(*value, 1.0))))
    }
}

fn plain(what: &str, at: usize) -> String {
    format!("{what} {at}")
}

pub(super) fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..=100.0_f64, 20)
}

proptest! {
    #[test]
    fn an_aggregate_lies_between_its_members(nation in nations(), values in values()) {
        let result = nation.aggregate(&values);
        for group in result.structure().groups() {
            let of_members = result.members(group).unwrap();
            let lowest = of_members.iter().map(|(_, index, _)| index.value()).fold(f64::INFINITY, f64::min);
            let highest = of_members.iter().map(|(_, index, _)| index.value()).fold(0.0, f64::max);
            prop_assert!((lowest..=highest).contains(&result.index(group).unwrap().value()));
            let shares: f64 = of_members.iter().map(|(.., share)| share).sum();
            prop_assert!((shares - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn nested_is_flattened(nation in nations(), values in values()) {
        let result = nation.aggregate(&values);
        for group in result.structure().groups() {
            let weights = result.entity_weights(group).unwrap();
            let value: f64 = weights.iter().map(|(name, weight)| weight * result.index(name).unwrap().value()).sum();
            let error = weights.values().iter().map(|weight| weight * weight).sum::<f64>().sqrt();
            let found = result.index(group).unwrap();
            // Sums of up to 28 products of up to three shares.
            assert_relative_eq!(found.value(), value, max_relative = 1e-13, epsilon = 1e-13);
            assert_relative_eq!(found.std_error().unwrap(), error, max_relative = 1e-13, epsilon = 0.0);
        }
    }

    #[test]
    fn other_names_in_another_order_change_nothing(nation in nations(), values in values()) {
        let result = nation.aggregate(&values);
        let strange = |what: &str, at: usize| format!("{:x}{what}", 97 * at + 13);
        let structure = nation.structure(strange, true);
        let names: Vec<String> = (0..nation.organisations.len()).map(|at| strange("organisation", at)).collect();
        let other = aggregate(&structure, names.iter().zip(&values).map(|(name, value)| (name.as_str(), index(*value, 1.0))));
        let pairs = (0..nation.sectors.len()).map(|at| ("sector", at));
        for (what, at) in pairs.chain((0..nation.industries.len()).map(|at| ("industry", at))) {
            let (one, other) = (result.index(&plain(what, at)).unwrap(), other.index(&strange(what, at)).unwrap());
            // The sums run the other way round.
            assert_relative_eq!(one.value(), other.value(), max_relative = 1e-13, epsilon = 1e-13);
            assert_relative_eq!(one.std_error().unwrap(), other.std_error().unwrap(), max_relative = 1e-13, epsilon = 0.0);
        }
    }

    #[test]
    fn equal_members_give_their_value(nation in nations(), value in 0.0..=100.0_f64) {
        let result = nation.aggregate(&[value; 20]);
        for group in result.structure().groups() {
            prop_assert_eq!(result.index(group).unwrap().value(), value);
        }
    }

    /// With members and their weights changing from one period to the next.
    #[test]
    fn effects_sum_to_the_change(before in nations(), after in nations(), one in values(), other in values()) {
        let (earlier, later) = (before.aggregate(&one), after.aggregate(&other));
        let changes = Comparison::new().changes(&earlier, &later).unwrap();
        for change in changes.groups() {
            let parts = Decomposition::between(&earlier, &later, change.name()).unwrap();
            let expected = change.later().value() - change.earlier().value();
            // Differences of numbers up to 100.
            prop_assert!((parts.total().total() - expected).abs() < 1e-12);
            let levels: f64 = parts.levels().iter().map(satindex::aggregate::results::Effects::total).sum();
            prop_assert!((levels - expected).abs() < 1e-12);
            prop_assert_eq!(change.difference().value(), expected);
        }
    }

    /// The same structure twice: of the score effects alone.
    #[test]
    fn without_other_weights_there_is_no_weight_effect(nation in nations(), one in values(), other in values()) {
        let parts = Decomposition::between(&nation.aggregate(&one), &nation.aggregate(&other), "nation").unwrap();
        for effects in parts.members().map(|(_, effects)| effects).chain(parts.levels()) {
            prop_assert_eq!((effects.weight, effects.entry, effects.exit), (0.0, 0.0, 0.0));
        }
        prop_assert_eq!(parts.levels().iter().filter(|effects| effects.score != 0.0).count() <= 1, true);
    }

    /// An entity left out is an entity of no weight, in its group.
    #[test]
    fn a_missing_member_is_one_without_weight(mut nation in nations(), values in values()) {
        let last = nation.organisations.len() - 1;
        nation.sectors.iter_mut().for_each(|own| *own = own.or(Some(2.0)));
        nation.industries.iter_mut().for_each(|(_, own)| *own = own.or(Some(3.0)));
        let mut without = nation.clone();
        without.organisations[last].2 = 0.0;
        // Where it is the only one of an industry, no weight is left.
        let industries = |at: usize| [without.organisations[at].0, without.organisations[at].1];
        prop_assume!((0..nation.industries.len()).all(|industry| (0..last).any(|at| industries(at).contains(&industry))));
        let names: Vec<String> = (0..last).map(|at| plain("organisation", at)).collect();
        let missing = aggregate(&nation.plain(), names.iter().zip(&values).map(|(name, value)| (name.as_str(), index(*value, 1.0))));
        let weightless = without.aggregate(&values);
        for group in missing.structure().groups() {
            let (one, other) = (missing.index(group).unwrap(), weightless.index(group).unwrap());
            assert_relative_eq!(one.value(), other.value(), max_relative = 1e-13, epsilon = 1e-13);
            assert_relative_eq!(one.std_error().unwrap(), other.std_error().unwrap(), max_relative = 1e-13, epsilon = 0.0);
            prop_assert!(missing.coverage(group).unwrap() <= 1.0);
        }
        prop_assert_eq!(missing.absent().count(), 1);
    }

    /// The mean of the members' b-th replicates.
    #[test]
    fn replicates_are_carried_up_like_values(nation in nations(), values in values()) {
        let structure = nation.plain();
        let names: Vec<String> = (0..nation.organisations.len()).map(|at| plain("organisation", at)).collect();
        let entities = names.iter().zip(&values).map(|(name, value)| (name.as_str(), index(*value, 1.0), [*value, 100.0 - value, 50.0]));
        let result = Aggregation::new().bootstrap(&structure, 3, entities).unwrap();
        for group in structure.groups() {
            let value = result.index(group).unwrap().value();
            let found = result.replicates(group).unwrap();
            for (found, expected) in found.iter().zip([value, 100.0 - value, 50.0]) {
                assert_relative_eq!(*found, expected, max_relative = 1e-12, epsilon = 1e-12);
            }
        }
    }
}

/// Organisations with four times the answers have half the standard error, and so has the nation.
#[test]
fn intervals_shrink_with_the_root_of_n() {
    let structure = Structure::builder("nation").entity("a", "nation", 2.0).entity("b", "nation", 1.0).build().unwrap();
    let width = |error: f64| {
        let result = aggregate(&structure, [("a", index(70.0, error)), ("b", index(60.0, error))]);
        let interval = result.total().unwrap().interval().unwrap();
        interval.upper() - interval.lower()
    };
    assert_relative_eq!(width(1.0), 2.0 * width(0.5), max_relative = 1e-14, epsilon = 0.0);
}

#[test]
fn coverage_and_what_is_left_out() {
    let structure = Structure::builder("nation")
        .group("s", "nation", 1.0)
        .group("t", "nation", 3.0)
        .entity("a", "s", 30.0)
        .entity("b", "s", 70.0)
        .entity("c", "t", 1.0)
        .build()
        .unwrap();
    let indices = || [("a", index(80.0, 1.0)), ("c", index(60.0, 1.0))];
    let result = aggregate(&structure, indices());
    assert_eq!((result.coverage("s").unwrap(), result.coverage("nation").unwrap()), (0.3, (0.3 + 3.0) / 4.0));
    assert_eq!(result.total().unwrap().value(), 65.0);
    let strict = Aggregation::new().minimum_coverage(0.5).aggregate(&structure, indices()).unwrap();
    assert_eq!(strict.index("s").unwrap_err().to_string(), "no index for `s`");
    assert_eq!((strict.total().unwrap().value(), strict.coverage("nation").unwrap()), (60.0, 0.75));
    assert_eq!(strict.absent().collect::<Vec<_>>(), ["b"]);
}

#[test]
fn an_unknown_error_is_not_taken_for_none() {
    let structure = Structure::builder("nation").entity("a", "nation", 2.0).entity("b", "nation", 1.0).build().unwrap();
    let plain = Index::new(60.0, 10.0, "given").unwrap();
    let result = aggregate(&structure, [("a", index(70.0, 1.0)), ("b", plain)]);
    assert_eq!((result.total().unwrap().std_error(), result.total().unwrap().interval()), (None, None));
    let changes = Comparison::new().changes(&result, &result).unwrap();
    assert_eq!(changes.get("nation").unwrap().difference().p_value(), None);
    assert!(changes.get("a").unwrap().difference().p_value().is_some());
}

#[test]
fn hostile_input_is_named() {
    let structure = Structure::builder("n").entity("a", "n", 1.0).build().unwrap();
    let error =
        |indices: Vec<(&str, Index)>| Aggregation::new().aggregate(&structure, indices).unwrap_err().to_string();
    assert_eq!(error(vec![]), "the list of indices of `n` is empty");
    assert_eq!(
        error(vec![("a", index(1.0, 1.0)), ("a", index(1.0, 1.0)), ("b", index(1.0, 1.0)), ("n", index(1.0, 1.0))]),
        "duplicate index of `a`; unknown entity `b`; unknown entity `n`"
    );
    let replicates = |values: Vec<f64>| {
        Aggregation::new().bootstrap(&structure, 2, [("a", index(1.0, 1.0), values)]).unwrap_err().to_string()
    };
    assert_eq!(replicates(vec![]), "no bootstrap replicate for `a`");
    assert_eq!(replicates(vec![1.0, f64::NAN]), "a bootstrap replicate of `a` is NaN; expected a finite number");
    for resamples in [usize::MAX, usize::MAX / 64] {
        let given = [("a", index(1.0, 1.0), [1.0])];
        let error = Aggregation::new().bootstrap(&structure, resamples, given).unwrap_err();
        assert!(error.to_string().ends_with("so that all can be kept in memory"), "{error}");
    }
    let one = || [("a", index(1.0, 1.0))];
    let strict = Aggregation::new().minimum_coverage(1.5).aggregate(&structure, one()).unwrap_err();
    assert_eq!(strict.to_string(), "the minimum coverage is 1.5; expected a number from 0 to 1");
    let period = Aggregation::new().aggregate(&structure, one()).unwrap();
    let comparison = Comparison::new().correlation(-1.5);
    for error in [
        comparison.changes(&period, &period).unwrap_err(),
        comparison.pairs(&period, Among::Entities).unwrap_err(),
        comparison.deviations(&period, Among::Entities).unwrap_err(),
        comparison.benchmark(&period, "a", Among::Entities).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), "the correlation between the periods is -1.5; expected a number from -1 to 1");
    }
    let huge = index(1.0, 1e300);
    assert_eq!(error(vec![("a", huge)]), "the standard error of the index is inf; expected a finite number");
}

/// A panel: what both periods share cancels.
#[test]
fn the_same_people_in_both_periods() {
    let structure = Structure::builder("n").entity("a", "n", 1.0).entity("b", "n", 1.0).build().unwrap();
    let period = |a, b| aggregate(&structure, [("a", index(a, 2.0)), ("b", index(b, 1.0))]);
    let (before, after) = (period(70.0, 60.0), period(71.0, 60.0));
    let error = |correlation| {
        let changes = Comparison::new().correlation(correlation).changes(&before, &after).unwrap();
        let error = |name| changes.get(name).unwrap().difference().std_error().unwrap();
        (error("n"), error("a"))
    };
    // Var(Δ) = 2(1 − ρ)(4 + 1)/4 for the whole, 2(1 − ρ)·4 for the first.
    for (correlation, nation, entity) in [(0.0, 2.5_f64, 8.0_f64), (0.6, 1.0, 3.2), (1.0, 0.0, 0.0)] {
        let (n, a) = error(correlation);
        assert_relative_eq!(n, nation.sqrt(), max_relative = 1e-14, epsilon = 1e-14);
        assert_relative_eq!(a, entity.sqrt(), max_relative = 1e-14, epsilon = 1e-14);
    }
}

/// Three industries that rise by as many standard errors each: 2.2, 1.8 and 0.
#[test]
fn each_level_is_a_family() {
    let builder = Structure::builder("n").group("s", "n", 1.0).group("t", "n", 1.0).group("u", "n", 1.0);
    let structure = builder.entity("a", "s", 1.0).entity("b", "t", 1.0).entity("c", "u", 1.0).build().unwrap();
    let error = 1.0 / 2.0_f64.sqrt();
    let period =
        |a, b, c| aggregate(&structure, [("a", index(a, error)), ("b", index(b, error)), ("c", index(c, error))]);
    let changes = Comparison::new().changes(&period(50.0, 50.0, 50.0), &period(52.2, 51.8, 50.0)).unwrap();
    let p = |name| changes.get(name).unwrap().difference().p_value().unwrap();
    let adjusted = |name| changes.get(name).unwrap().difference().adjusted_p_value().unwrap();
    // 2Φ(−2.2) and 2Φ(−1.8) from a table of the normal distribution.
    assert_relative_eq!(p("s"), 0.02781, max_relative = 2e-4, epsilon = 0.0);
    assert_relative_eq!(p("t"), 0.07186, max_relative = 2e-4, epsilon = 0.0);
    assert_eq!((adjusted("s"), adjusted("t"), adjusted("u")), (3.0 * p("s"), 2.0 * p("t"), 1.0));
    assert_eq!(adjusted("n"), p("n"));
}

#[cfg(feature = "serde")]
#[test]
fn a_stored_period_reads_back() {
    let structure = Structure::builder("nation")
        .group("s", "nation", GroupWeight::Members)
        .entity("b", "s", 1.0)
        .entity("a", "nation", 2.0)
        .entity("c", "s", 1.0)
        .build()
        .unwrap();
    let entities = [("a", index(70.0, 1.0), [69.0, 71.5]), ("b", index(60.0, 1.0), [61.0, 58.25])];
    let result = Aggregation::new().bootstrap(&structure, 2, entities).unwrap();
    let text = serde_json::to_string(&result).unwrap();
    assert_eq!(serde_json::from_str::<Aggregated>(&text).unwrap(), result);
    assert!(serde_json::from_str::<Aggregated>(&text.replace("70.0", "170.0")).is_err());
    assert!(serde_json::from_str::<Aggregated>(&text.replace("\"resamples\":2", "\"resamples\":3")).is_err());
}
