//! One among the others.

use approx::assert_relative_eq;
use proptest::prelude::*;
use satindex::Index;
use satindex::aggregate::results::{Benchmark, Gap};
use satindex::aggregate::{Aggregated, Aggregation, Among, Comparison, Structure};

use super::properties::{nations, values};
use super::{aggregate, index};

/// Weights ½, ⅛, ⅛ and ¼; errors 1, 2, 2 and 4.
fn banks() -> Aggregated {
    let structure = Structure::builder("banks")
        .entity("A", "banks", 4.0)
        .entity("B", "banks", 1.0)
        .entity("C", "banks", 1.0)
        .entity("D", "banks", 2.0)
        .build()
        .unwrap();
    let indices = [("A", index(70.0, 1.0)), ("B", index(80.0, 2.0)), ("C", index(74.0, 2.0)), ("D", index(62.0, 4.0))];
    aggregate(&structure, indices)
}

fn of(result: &Aggregated, name: &str) -> Benchmark {
    Comparison::new().benchmark(result, name, Among::Entities).unwrap()
}

/// The weighted average is 35 + 10 + 9.25 + 15.5 = 69.75, the simple one 71.5.
///
/// A − B has the variance 1 + 4, A − D 1 + 16. A − weighted = A/2 − B/8 − C/8 − D/4: 1/4 + 1/16 + 1/16 + 1. A − simple =
/// ¾A − ¼(B + C + D): 9/16 + 4/16 + 4/16 + 16/16.
#[test]
fn gaps_by_hand() {
    let position = of(&banks(), "A");
    let check = |gap: &Gap, name: &str, value: f64, variance: f64| {
        assert_eq!((gap.name(), gap.value(), gap.difference().value()), (name, value, 70.0 - value));
        let std_error = gap.difference().std_error().unwrap();
        assert_relative_eq!(std_error, variance.sqrt(), max_relative = 1e-15, epsilon = 0.0);
    };
    check(position.best(), "B", 80.0, 5.0);
    check(position.worst(), "D", 62.0, 17.0);
    check(position.weighted_average().unwrap(), "banks", 69.75, 22.0 / 16.0);
    check(position.simple_average(), "simple average", 71.5, 33.0 / 16.0);
    // One below and half of itself, of four. The quartiles are 68, 72 and 75.5.
    assert_eq!((position.rank(), position.count(), position.percentile(), position.quartile()), (3, 4, 37.5, 3));
    assert_eq!(["A", "B", "C", "D"].map(|name| of(&banks(), name).quartile()), [3, 1, 2, 4]);
}

#[test]
fn the_best_is_no_distance_from_itself() {
    let itself = *of(&banks(), "B").best().difference();
    assert_eq!((itself.value(), itself.std_error(), itself.p_value()), (0.0, Some(0.0), Some(1.0)));
}

#[test]
fn as_a_table() {
    let table = of(&banks(), "A").to_string();
    let mut lines = table.lines();
    assert_eq!((lines.next(), lines.next_back()), (Some("A: 70.00"), Some("rank 3 of 4, quartile 3, percentile 38")));
    let rows: Vec<Vec<&str>> = lines.skip(2).map(|line| line.split_whitespace().take(4).collect()).collect();
    let expected = [
        ["best", "B", "80.00", "-10.00"],
        ["weighted", "average", "banks", "69.75"],
        ["simple", "average", "71.50", "-1.50"],
        ["worst", "D", "62.00", "8.00"],
    ];
    assert_eq!(rows, expected);
}

#[test]
fn one_alone_and_all_equal() {
    let position = Comparison::new().benchmark(&banks(), "banks", Among::Depth(0)).unwrap();
    assert_eq!((position.rank(), position.count(), position.percentile(), position.quartile()), (1, 1, 50.0, 1));
    assert_eq!((position.best().name(), position.worst().name()), ("banks", "banks"));
    let structure = Structure::builder("g").entity("a", "g", 1.0).entity("b", "g", 1.0).build().unwrap();
    let equal = aggregate(&structure, [("a", index(70.1, 1.0)), ("b", index(70.1, 1.0))]);
    for name in ["a", "b"] {
        let position = of(&equal, name);
        assert_eq!((position.rank(), position.percentile(), position.quartile()), (1, 50.0, 1));
        assert_eq!((position.best().name(), position.worst().name()), ("a", "a"));
        assert_eq!(position.simple_average().value(), 70.1);
    }
}

#[test]
fn unknown_errors_and_averages() {
    let structure = Structure::builder("g").entity("a", "g", 1.0).entity("b", "g", 3.0).build().unwrap();
    let plain = Index::new(60.0, 10.0, "given").unwrap();
    let position = of(&aggregate(&structure, [("a", index(70.0, 1.0)), ("b", plain)]), "a");
    assert_eq!(position.best().difference().std_error(), Some(0.0));
    assert_eq!(position.worst().difference().interval(), None);
    assert_eq!(position.simple_average().difference().std_error(), None);
    // A quarter is not enough for an average.
    let strict = Aggregation::new().minimum_coverage(0.5).aggregate(&structure, [("a", index(70.0, 1.0))]);
    let strict = strict.unwrap();
    assert_eq!(of(&strict, "a").weighted_average(), None);
    assert_eq!(of(&strict, "a").table().rows(), 3);
}

#[test]
fn hostile_input_is_named() {
    let structure = Structure::builder("n").group("s", "n", 1.0).entity("a", "s", 1.0).entity("b", "n", 1.0);
    let result =
        aggregate(&structure.entity("c", "n", 1.0).build().unwrap(), [("a", index(1.0, 1.0)), ("b", index(2.0, 1.0))]);
    let error = |name, among| Comparison::new().benchmark(&result, name, among).unwrap_err().to_string();
    assert_eq!(error("d", Among::Entities), "unknown group or entity `d`");
    assert_eq!(error("c", Among::Entities), "no index for `c`");
    assert_eq!(error("a", Among::Members("n")), "unknown member `a`");
    assert_eq!(error("a", Among::Members("t")), "unknown group `t`");
}

proptest! {
    /// The gaps of all members are those of their pairs and deviations, and the simple gaps cancel.
    #[test]
    fn agrees_with_pairs_and_deviations(nation in nations(), values in values()) {
        let result = nation.aggregate(&values);
        let pairs = Comparison::new().pairs(&result, Among::Entities).unwrap();
        let deviations = Comparison::new().deviations(&result, Among::Entities).unwrap();
        let mut sum = 0.0;
        for name in result.structure().entities() {
            let position = of(&result, name);
            sum += position.simple_average().difference().value();
            let weighted = position.weighted_average().unwrap().difference();
            let deviation = deviations.get(name).unwrap().difference();
            prop_assert_eq!((weighted.value(), weighted.std_error()), (deviation.value(), deviation.std_error()));
            for gap in [position.best(), position.worst()].into_iter().filter(|gap| gap.name() != name) {
                let pair = pairs.get(name, gap.name()).unwrap();
                prop_assert_eq!((gap.difference().value(), gap.difference().p_value()), (pair.value(), pair.p_value()));
            }
            prop_assert!(position.best().difference().value() <= 0.0 && position.worst().difference().value() >= 0.0);
            prop_assert_eq!(position.quartile() == 1 || position.rank() > 1, true);
        }
        prop_assert!(sum.abs() < 1e-10);
    }
}
