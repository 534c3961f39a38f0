//! Each against each other, and against the average.

use approx::assert_relative_eq;
use proptest::prelude::*;
use satindex::aggregate::{Aggregated, Among, Comparison, Structure};
use satindex::{Adjustment, Index};

use super::properties::{nations, values};
use super::{aggregate, index, sharing};

/// Companies by the index and its standard error, all of weight 1 but the first, of weight 2.
fn banks(companies: &[(&str, f64, f64)]) -> Aggregated {
    let builder = companies.iter().enumerate().fold(Structure::builder("banks"), |builder, (at, (name, ..))| {
        builder.entity(*name, "banks", if at == 0 { 2.0 } else { 1.0 })
    });
    aggregate(&builder.build().unwrap(), companies.iter().map(|(name, value, error)| (*name, index(*value, *error))))
}

/// Iₛ = (x + y)/2 and Iₜ = (x + 3z)/4, so Iₛ − Iₜ = x/4 + y/2 − 3z/4: with errors of 2, 1 and 1 its variance is
/// 1/4 + 1/4 + 9/16 = 17/16, not the 5/4 + 13/16 of two that share nothing.
fn shared() -> Aggregated {
    aggregate(&sharing(3.0), [("x", index(60.0, 2.0)), ("y", index(70.0, 1.0)), ("z", index(80.0, 1.0))])
}

#[test]
fn what_two_share_is_allowed_for() {
    let pairs = Comparison::new().pairs(&shared(), Among::Depth(1)).unwrap();
    assert_eq!(pairs.names(), ["t", "s"]);
    let difference = pairs.get("s", "t").unwrap();
    assert_eq!(difference.value(), 65.0 - 75.0);
    assert_relative_eq!(difference.std_error().unwrap(), (17.0_f64 / 16.0).sqrt(), max_relative = 1e-15, epsilon = 0.0);
    let whole = Comparison::new().deviations(&shared(), Among::Members("n")).unwrap();
    // I = (Iₛ + Iₜ)/2, so Iₛ − I is half the difference.
    let half = whole.get("s").unwrap().difference().std_error().unwrap();
    assert_relative_eq!(half, (17.0_f64 / 64.0).sqrt(), max_relative = 1e-15, epsilon = 0.0);
}

/// Weights ½, ¼ and ¼, errors 1, 2 and 2: A − mean = A/2 − B/4 − C/4 has the variance (1 + 1 + 1)/4, and B − mean =
/// −A/2 + 3B/4 − C/4 has 1/4 + 9/4 + 1/4.
#[test]
fn against_the_average() {
    let banks = banks(&[("A", 70.0, 1.0), ("B", 76.0, 2.0), ("C", 64.0, 2.0)]);
    let deviations = Comparison::new().adjustment(Adjustment::Bonferroni).deviations(&banks, Among::Members("banks"));
    let deviations = deviations.unwrap();
    assert_eq!((deviations.group(), deviations.average().value()), ("banks", 70.0));
    for (name, value, variance) in [("A", 0.0, 0.75_f64), ("B", 6.0, 2.75), ("C", -6.0, 2.75)] {
        let difference = *deviations.get(name).unwrap().difference();
        assert_eq!(difference.value(), value);
        assert_relative_eq!(difference.std_error().unwrap(), variance.sqrt(), max_relative = 1e-15, epsilon = 0.0);
        assert_eq!(difference.adjusted_p_value().unwrap(), (3.0 * difference.p_value().unwrap()).min(1.0));
    }
    let table = deviations.to_string();
    let rows: Vec<&str> = table.lines().skip(3).filter_map(|row| row.split_whitespace().next()).collect();
    assert_eq!((table.lines().next(), &rows[..]), (Some("Deviations from banks: 70.00"), &["B", "A", "C"][..]));
}

/// z = 6/√2, 3/√2 and 3/√2: the surest first, and of the two that are equally sure the one that comes first.
#[test]
fn one_family_surest_first() {
    let banks = banks(&[("A", 70.0, 1.0), ("B", 76.0, 1.0), ("C", 73.0, 1.0)]);
    let pairs = Comparison::new().pairs(&banks, Among::Entities).unwrap();
    let listed: Vec<_> = pairs.iter().map(|(first, second, difference)| (first, second, difference.value())).collect();
    assert_eq!(listed, [("B", "C", 3.0), ("B", "A", 6.0), ("C", "A", 3.0)]);
    let (p, adjusted) = (
        |a, b| pairs.get(a, b).unwrap().p_value().unwrap(),
        |a, b| pairs.get(a, b).unwrap().adjusted_p_value().unwrap(),
    );
    // 2Φ(−2.1213) from a table of the normal distribution.
    assert_relative_eq!(p("C", "A"), 0.03389, max_relative = 2e-4, epsilon = 0.0);
    assert_eq!((adjusted("B", "A"), adjusted("C", "A")), (3.0 * p("B", "A"), 2.0 * p("C", "A")));
    let table = pairs.to_string();
    let rows: Vec<Vec<&str>> = table.lines().skip(3).map(|row| row.split_whitespace().take(2).collect()).collect();
    assert_eq!(rows, [["B", "A"], ["B", "C"], ["C", "A"]]);
}

#[test]
fn one_alone_and_all_equal() {
    let alone = banks(&[("A", 70.0, 1.0)]);
    let pairs = Comparison::new().pairs(&alone, Among::Entities).unwrap();
    assert_eq!((pairs.names().len(), pairs.iter().count()), (1, 0));
    let deviations = Comparison::new().deviations(&alone, Among::Entities).unwrap();
    let itself = deviations.get("A").unwrap().difference();
    assert_eq!((itself.value(), itself.std_error(), itself.p_value()), (0.0, Some(0.0), Some(1.0)));
    let equal = banks(&[("A", 70.0, 0.0), ("B", 70.0, 0.0)]);
    assert_eq!(Comparison::new().pairs(&equal, Among::Entities).unwrap().get("B", "A").unwrap().p_value(), Some(1.0));
}

#[test]
fn an_unknown_error_is_unknown_where_it_counts() {
    let builder = Structure::builder("n").entity("a", "n", 1.0).entity("b", "n", 1.0).entity("c", "n", 1.0);
    let plain = Index::new(60.0, 10.0, "given").unwrap();
    let result = aggregate(&builder.build().unwrap(), [("a", index(70.0, 1.0)), ("b", plain), ("c", index(72.0, 1.0))]);
    let pairs = Comparison::new().pairs(&result, Among::Entities).unwrap();
    assert_eq!((pairs.get("a", "b").unwrap().p_value(), pairs.get("a", "b").unwrap().interval()), (None, None));
    // The only test of the family.
    let known = pairs.get("c", "a").unwrap();
    assert!(known.p_value().is_some() && known.p_value() == known.adjusted_p_value());
    let deviations = Comparison::new().deviations(&result, Among::Entities).unwrap();
    assert!(deviations.iter().all(|deviation| deviation.difference().std_error().is_none()));
}

#[test]
fn hostile_input_is_named() {
    let result = shared();
    let error = |among| Comparison::new().pairs(&result, among).unwrap_err().to_string();
    assert_eq!(error(Among::Members("u")), "unknown group `u`");
    assert_eq!(error(Among::EntitiesOf("x")), "unknown group `x`");
    assert_eq!(error(Among::Depth(2)), "the list of groups at depth 2 with an index is empty");
    let pairs = Comparison::new().pairs(&result, Among::EntitiesOf("s")).unwrap();
    assert_eq!(pairs.names(), ["y", "x"]);
    assert_eq!(pairs.get("x", "z").unwrap_err().to_string(), "unknown member `z`");
    assert_eq!(pairs.get("x", "x").unwrap_err().to_string(), "duplicate member of the pair `x`");
    let deviations = Comparison::new().deviations(&result, Among::Members("s")).unwrap();
    assert_eq!(deviations.get("z").unwrap_err().to_string(), "no deviation for `z`");

    let structure = Structure::builder("n").group("s", "n", 1.0).entity("a", "s", 1.0).entity("b", "n", 1.0);
    let structure = structure.build().unwrap();
    let one = aggregate(&structure, [("b", index(50.0, 1.0))]);
    let error = |among| Comparison::new().pairs(&one, among).unwrap_err().to_string();
    assert_eq!(error(Among::Members("s")), "the list of members of `s` with an index is empty");
    assert_eq!(error(Among::EntitiesOf("s")), "the list of entities of `s` with an index is empty");
    let light = Structure::builder("n").entity("a", "n", 1.0).entity("b", "n", 0.0).build().unwrap();
    let huge = aggregate(&light, [("a", index(50.0, 1.0)), ("b", index(50.0, 1e200))]);
    assert_eq!(
        Comparison::new().pairs(&huge, Among::Entities).unwrap_err().to_string(),
        "the standard error of `b` is 1e200; expected a number below 1e150"
    );
}

proptest! {
    /// Var(I − J) = Σ (a − b)² SE² over the weights of the entities, for groups of any overlap.
    #[test]
    fn errors_follow_from_the_flattened_weights(nation in nations(), values in values()) {
        let result = nation.aggregate(&values);
        let weight = |group: &str, entity: &String| {
            result.entity_weights(group).unwrap().iter().find(|(name, _)| name == entity).map_or(0.0, |(_, weight)| weight)
        };
        let groups: Vec<&str> = result.structure().groups().collect();
        let pairs = Comparison::new().pairs(&result, Among::Depth(2)).unwrap();
        for (first, second, difference) in pairs.iter() {
            let variance: f64 = result.structure().entities().iter().map(|entity| {
                (weight(first, entity) - weight(second, entity)).powi(2)
            }).sum();
            // The weights are normalised once more: equal ones may differ in their last place.
            assert_relative_eq!(difference.std_error().unwrap(), variance.sqrt(), max_relative = 1e-12, epsilon = 1e-14);
            prop_assert!(difference.value() >= 0.0);
            let (one, other) = (pairs.get(first, second).unwrap(), pairs.get(second, first).unwrap());
            prop_assert_eq!(&one, difference);
            prop_assert_eq!((one.value(), one.p_value(), one.std_error()), (-other.value(), other.p_value(), other.std_error()));
            prop_assert_eq!(one.interval().unwrap().upper(), -other.interval().unwrap().lower());
        }
        for group in groups {
            let deviations = Comparison::new().deviations(&result, Among::Members(group)).unwrap();
            let sum: f64 = result.members(group).unwrap().iter().map(|(name, _, share)| {
                share * deviations.get(name).unwrap().difference().value()
            }).sum();
            // Weighted deviations cancel.
            prop_assert!(sum.abs() < 1e-12);
        }
    }
}
