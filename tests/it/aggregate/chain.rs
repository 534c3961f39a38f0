//! Series over periods whose members change.

use approx::assert_relative_eq;
use proptest::prelude::*;
use satindex::Index;
use satindex::aggregate::results::ChainedSeries;
use satindex::aggregate::{Aggregated, Aggregation, Chain, GroupWeight, Link, Structure};
use serde_json::Value;

use super::properties::{nations, values};
use super::{aggregate, index};

/// Companies by their weight, index and standard error.
fn banks(companies: &[(&str, f64, f64, f64)]) -> Aggregated {
    let add = |builder: satindex::aggregate::StructureBuilder, (name, weight, ..): &(&str, f64, f64, f64)| {
        builder.entity(*name, "banks", *weight)
    };
    let structure = companies.iter().fold(Structure::builder("banks"), add).build().unwrap();
    aggregate(&structure, companies.iter().map(|(name, _, value, error)| (*name, index(*value, *error))))
}

/// C enters, A leaves; weights change all the time.
fn three() -> [Aggregated; 3] {
    [
        banks(&[("A", 2.0, 70.0, 0.5), ("B", 1.0, 76.0, 0.7)]),
        banks(&[("A", 1.0, 72.0, 0.6), ("B", 1.0, 78.0, 0.9), ("C", 2.0, 60.0, 1.2)]),
        banks(&[("B", 1.0, 80.0, 0.8), ("C", 3.0, 63.0, 1.0)]),
    ]
}

fn labelled(periods: &[Aggregated]) -> impl DoubleEndedIterator<Item = (String, &Aggregated)> {
    periods.iter().enumerate().map(|(at, period)| (format!("Q{}", at + 1), period))
}

fn levels(series: &ChainedSeries) -> Vec<f64> {
    series.points().iter().map(satindex::aggregate::results::Point::level).collect()
}

/// Published: 72, (72 + 78 + 2·60)/4 = 67.5 and (80 + 3·63)/4 = 67.25.
///
/// Matched A and B: (2·70 + 76)/3 = 72 becomes (72 + 78)/2 = 75. Matched B and C: (78 + 2·60)/3 = 66 becomes 67.25.
#[test]
fn levels_by_hand() {
    let periods = three();
    let difference = Chain::new(Link::Difference).series("banks", labelled(&periods)).unwrap();
    let published: Vec<f64> = difference.points().iter().map(|point| point.published().value()).collect();
    assert_eq!(published, [72.0, 67.5, 67.25]);
    // The matched values are sums of thirds.
    assert_relative_eq!(levels(&difference)[..], [72.0, 75.0, 76.25][..], max_relative = 1e-15, epsilon = 0.0);
    let ratio = Chain::new(Link::Ratio).series("banks", labelled(&periods)).unwrap();
    let expected = [72.0, 75.0, 75.0 * 67.25 / 66.0];
    assert_relative_eq!(levels(&ratio)[..], expected[..], max_relative = 1e-15, epsilon = 0.0);
    let matched: Vec<_> = ratio.points().iter().map(satindex::aggregate::results::Point::matched).collect();
    assert_eq!(matched, [None, Some(2), Some(2)]);
    let change = ratio.change("Q1", "Q3").unwrap();
    assert_relative_eq!(
        change.value(),
        100.0 * (75.0 / 72.0 * 67.25 / 66.0 - 1.0),
        max_relative = 1e-13,
        epsilon = 0.0
    );
    assert_eq!(difference.change("Q3", "Q1").unwrap().value(), 72.0 - levels(&difference)[2]);
}

/// The chain starts from the published index of the first period, made of the very companies that are matched, so those
/// estimates cancel. From the second period come A/2 + B/2 with the link into it and −B/3 − 2C/3 with the link out of it:
/// A/2 + B/6 − 2C/3; from the third B/4 + 3C/4. The variance is (0.3)² + (0.15)² + (0.8)² + (0.2)² + (0.75)² = 1.355.
///
/// For ratios each part is divided by the value that it enters with: 75, 66 and 67.25.
#[test]
fn errors_by_hand() {
    let periods = three();
    let series = |link| Chain::new(link).series("banks", labelled(&periods)).unwrap();
    let error = |link, label: &str| series(link).get(label).unwrap().std_error().unwrap();
    let close = |found: f64, expected: f64| assert_relative_eq!(found, expected, max_relative = 1e-14, epsilon = 0.0);
    close(error(Link::Difference, "Q1"), ((2.0_f64 / 3.0 * 0.5).powi(2) + (0.7_f64 / 3.0).powi(2)).sqrt());
    close(error(Link::Difference, "Q2"), (0.3_f64.powi(2) + 0.45_f64.powi(2)).sqrt());
    close(error(Link::Difference, "Q3"), 1.355_f64.sqrt());
    let level = 75.0 * 67.25 / 66.0;
    let parts = [
        0.6 * 0.5 / 75.0,
        0.9 * (0.5 / 75.0 - 1.0 / 3.0 / 66.0),
        1.2 * (2.0 / 3.0 / 66.0),
        0.8 * (0.25 / 67.25),
        1.0 * (0.75 / 67.25),
    ];
    let relative = parts.iter().map(|part: &f64| part * part).sum::<f64>().sqrt();
    close(error(Link::Ratio, "Q3"), level * relative);
    // A change starts from the matched companies' indices instead.
    let first = [0.5 * (2.0 / 3.0) / 72.0, 0.7 * (1.0 / 3.0) / 72.0].iter().map(|part: &f64| part * part).sum::<f64>();
    let change = series(Link::Ratio).change("Q1", "Q3").unwrap();
    close(change.std_error().unwrap(), 100.0 * level / 72.0 * (relative * relative + first).sqrt());
    let interval = series(Link::Ratio).get("Q3").unwrap().interval().unwrap();
    close((interval.upper() - interval.lower()) / 2.0, 1.959_963_984_540_054 * level * relative);
}

/// Every derivative of the last level by differences, instead of the bookkeeping of links: a nation in which one company
/// belongs to two industries, others come and go, and the weights of industries change.
#[test]
fn errors_follow_from_the_derivatives() {
    type Members = [(&'static str, f64, f64)];
    let nation = |share: f64, members: &Members, moved: Option<(usize, f64)>| {
        let mut builder = Structure::builder("n").group("s", "n", share).group("t", "n", GroupWeight::Members);
        for (at, (name, ..)) in members.iter().enumerate() {
            builder = builder.entity(*name, if at % 2 == 0 { "s" } else { "t" }, 1.0 + at as f64);
        }
        builder = builder.entity(members[0].0, "t", 2.0);
        let moved = |at: usize| moved.filter(|(which, _)| *which == at).map_or(0.0, |(_, by)| by);
        let indices =
            members.iter().enumerate().map(|(at, (name, value, error))| (*name, index(value + moved(at), *error)));
        aggregate(&builder.build().unwrap(), indices)
    };
    let members: [&Members; 4] = [
        &[("a", 70.0, 0.5), ("b", 60.0, 0.8), ("c", 75.0, 1.1), ("d", 66.0, 0.4)],
        &[("a", 71.0, 0.6), ("b", 63.0, 0.7), ("e", 78.0, 1.3), ("d", 61.0, 0.9)],
        &[("e", 79.0, 0.6), ("a", 68.0, 0.7), ("b", 70.0, 0.5), ("f", 55.0, 1.2)],
        &[("f", 58.0, 1.0), ("a", 69.5, 0.5), ("c", 77.0, 0.7), ("e", 76.0, 1.4)],
    ];
    let run = |chain: &Chain, moved: Option<(usize, usize, f64)>| {
        let periods: Vec<Aggregated> = (0..4)
            .map(|at| {
                let moved = moved.filter(|(period, ..)| *period == at).map(|(_, which, by)| (which, by));
                nation(3.0 + at as f64, members[at], moved)
            })
            .collect();
        chain.series("n", labelled(&periods)).unwrap()
    };
    let chains = [Link::Ratio, Link::Difference].into_iter().flat_map(|link| {
        let plain = Chain::new(link);
        let given = plain.clone().level(100.0);
        [plain.clone(), plain.base("Q3"), given.clone(), given.base("Q2")]
    });
    for chain in chains {
        let series = run(&chain, None);
        let mut variances = [0.0; 4];
        let mut of_change = 0.0;
        let change = |series: &ChainedSeries| series.change("Q4", "Q2").unwrap().value();
        for (period, which) in (0..4).flat_map(|period| (0..4).map(move |which| (period, which))) {
            let [up, down] = [1e-3, -1e-3].map(|by| run(&chain, Some((period, which, by))));
            let error = members[period][which].2 / 2e-3;
            for (at, variance) in variances.iter_mut().enumerate() {
                *variance += (error * (levels(&up)[at] - levels(&down)[at])).powi(2);
            }
            of_change += (error * (change(&up) - change(&down))).powi(2);
        }
        for (point, variance) in series.points().iter().zip(variances) {
            // Differences of 1e-3 in numbers near 100 keep 10 digits; the third derivative takes 1e-10 of the slope.
            assert_relative_eq!(point.std_error().unwrap(), variance.sqrt(), max_relative = 1e-8, epsilon = 1e-9);
        }
        let found = series.change("Q4", "Q2").unwrap().std_error().unwrap();
        assert_relative_eq!(found, of_change.sqrt(), max_relative = 1e-8, epsilon = 0.0);
    }
}

#[test]
fn rebased() {
    let periods = three();
    for link in [Link::Ratio, Link::Difference] {
        let chain = |base: &str| Chain::new(link).base(base).level(100.0).series("banks", labelled(&periods)).unwrap();
        let plain = Chain::new(link).series("banks", labelled(&periods)).unwrap();
        for base in ["Q1", "Q2", "Q3"] {
            let series = chain(base);
            assert_eq!((series.base(), series.get(base).unwrap().level()), (base, 100.0));
            assert_eq!(series.get(base).unwrap().std_error(), Some(0.0));
            for point in series.points() {
                let (here, from) = (plain.get(point.label()).unwrap().level(), plain.get(base).unwrap().level());
                let expected = if link == Link::Ratio { 100.0 * here / from } else { 100.0 + here - from };
                assert_relative_eq!(point.level(), expected, max_relative = 1e-14, epsilon = 0.0);
                // From 100, what is left is the error of the change.
                let change = series.change(base, point.label()).unwrap();
                assert_relative_eq!(
                    change.std_error().unwrap(),
                    point.std_error().unwrap(),
                    max_relative = 1e-14,
                    epsilon = 0.0
                );
                assert_relative_eq!(change.value(), point.level() - 100.0, max_relative = 1e-12, epsilon = 1e-12);
            }
        }
    }
}

/// Press releases of the ACSI print a score and its change; the score before follows.
#[test]
fn changes_as_published() {
    let golden: Value = serde_json::from_str(include_str!("../golden/aggregate.json")).unwrap();
    let (inputs, expected) = (&golden["series"]["inputs"], &golden["series"]["expected"]);
    for quarter in ["Q1 2013", "Q3 2013"] {
        let number = |value: &Value| value.as_f64().unwrap();
        let before = number(&expected["previous_implied"][quarter]);
        let periods = [before, number(&inputs["values"][quarter])].map(|value| banks(&[("all", 1.0, value, 0.1)]));
        let series =
            Chain::new(Link::Ratio).series("banks", [("before", &periods[0]), (quarter, &periods[1])]).unwrap();
        let change = series.change("before", quarter).unwrap();
        // A ratio near 1 less 1 keeps 13 digits.
        assert_relative_eq!(
            change.value(),
            number(&inputs["pct_change"][quarter]),
            max_relative = 1e-12,
            epsilon = 0.0
        );
    }
}

#[test]
fn as_a_table() {
    let periods = three();
    let table = Chain::new(Link::Difference).series("banks", labelled(&periods)).unwrap().to_string();
    let expected = "banks, chained (95 % intervals)\n\
                    period  published  chained  std. error  lower  upper  change  matched\n\
                    ------  ---------  -------  ----------  -----  -----  ------  -------\n\
                    Q1          72.00    72.00        0.41  71.20  72.80\n\
                    Q2          67.50    75.00        0.54  73.94  76.06    3.00        2\n\
                    Q3          67.25    76.25        1.16  73.97  78.53    1.25        2\n";
    assert_eq!(table, expected);
}

#[test]
fn one_period_is_a_series_too() {
    let period = banks(&[("A", 1.0, 70.0, 1.0)]);
    let series = Chain::new(Link::Ratio).series("banks", [("Q1", &period)]).unwrap();
    assert_eq!((levels(&series), series.get("Q1").unwrap().std_error()), (vec![70.0], Some(1.0)));
    let itself = series.change("Q1", "Q1").unwrap();
    assert_eq!((itself.value(), itself.std_error(), itself.p_value()), (0.0, Some(0.0), Some(1.0)));
}

/// B's error in the middle period is unknown: only what rests on it is.
#[test]
fn an_unknown_error_is_unknown_where_it_counts() {
    let structure = Structure::builder("banks").entity("A", "banks", 1.0).entity("B", "banks", 1.0).build().unwrap();
    let period = |b: Index| aggregate(&structure, [("A", index(70.0, 1.0)), ("B", b)]);
    let known = || index(80.0, 1.0);
    let periods = [period(known()), period(Index::new(80.0, 9.0, "given").unwrap()), period(known()), period(known())];
    let series = Chain::new(Link::Difference).level(0.0).series("banks", labelled(&periods)).unwrap();
    let errors: Vec<bool> = series.points().iter().map(|point| point.std_error().is_some()).collect();
    // With the same members, an estimate in the middle cancels from what follows it.
    assert_eq!(errors, [true, false, true, true]);
    assert_eq!(series.change("Q1", "Q2").unwrap().p_value(), None);
    assert!(series.change("Q3", "Q4").unwrap().p_value().is_some());
}

/// In the second period too little of industry s is measured for an index of its own: its company a is not matched, although
/// it has an index in all three.
#[test]
fn what_does_not_count_is_not_matched() {
    let structure = Structure::builder("n").group("s", "n", 1.0).entity("a", "s", 1.0).entity("b", "s", 3.0);
    let structure = structure.entity("c", "n", 1.0).build().unwrap();
    let period = |indices: &[(&str, f64)]| {
        let indices = indices.iter().map(|(name, value)| (*name, index(*value, 1.0)));
        Aggregation::new().minimum_coverage(0.5).aggregate(&structure, indices).unwrap()
    };
    let full = || period(&[("a", 60.0), ("b", 60.0), ("c", 80.0)]);
    let periods = [full(), period(&[("a", 0.0), ("c", 81.0)]), full()];
    let series = Chain::new(Link::Difference).series("n", labelled(&periods)).unwrap();
    assert_eq!(levels(&series), [70.0, 71.0, 70.0]);
    assert_eq!(series.get("Q2").unwrap().matched(), Some(1));
}

#[test]
fn hostile_input_is_named() {
    let none: [(&str, &Aggregated); 0] = [];
    let chain = || Chain::new(Link::Ratio);
    assert_eq!(chain().series("banks", none).unwrap_err().to_string(), "the list of periods is empty");
    let [first, second, _] = three();
    let error = |chain: Chain, group: &str, labels: [&str; 2]| {
        chain.series(group, [(labels[0], &first), (labels[1], &second)]).unwrap_err().to_string()
    };
    assert_eq!(error(chain(), "banks", ["Q", "Q"]), "duplicate period `Q`");
    assert_eq!(error(chain().base("R"), "banks", ["P", "Q"]), "unknown period `R`");
    assert_eq!(
        error(chain(), "shops", ["P", "Q"]),
        "period `P`: unknown group `shops`; period `Q`: unknown group `shops`"
    );
    let other = banks(&[("Z", 1.0, 70.0, 1.0)]);
    let error = |chain: Chain, other: &Aggregated| chain.series("banks", [("P", &first), ("Q", other)]).unwrap_err();
    let fault = error(chain(), &other);
    assert_eq!(fault.to_string(), "the link from `P` to `Q`: no entity of `banks` has an index in both");
    assert!(fault.is_mismatch());
    let weightless = banks(&[("A", 0.0, 70.0, 1.0), ("Z", 1.0, 70.0, 1.0)]);
    assert_eq!(
        error(chain(), &weightless).to_string(),
        "the link from `P` to `Q`: period `Q`: the entities of both periods have no weight"
    );
    let zero = banks(&[("A", 1.0, 0.0, 1.0)]);
    assert_eq!(
        error(chain(), &zero).to_string(),
        "the link from `P` to `Q`: the index of `banks` in `Q` from the entities of both periods is 0; \
         expected more than 1e-9, to be linked by ratios"
    );
    let from_zero = chain().series("banks", [("P", &zero)]).unwrap_err().to_string();
    assert_eq!(from_zero, "the index of `banks` in `P` is 0; expected more than 1e-9, to be linked by ratios");
    assert!(Chain::new(Link::Difference).series("banks", [("P", &zero)]).is_ok());
    let level = |link, level| {
        let series = Chain::new(link).level(level).series("banks", [("P", &zero)]);
        series.map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(level(Link::Ratio, 0.0), Err("the level of the base period is 0; expected a positive number".into()));
    assert_eq!(
        level(Link::Difference, f64::NAN),
        Err("the level of the base period is NaN; expected a finite number".into())
    );
    let [first, second, third] = three();
    let periods = [("P", &first), ("Q", &second), ("R", &third)];
    let huge = Chain::new(Link::Ratio).level(1.79e308).series("banks", periods).unwrap_err();
    assert_eq!(huge.to_string(), "the level of `Q` is inf; expected a finite number");
    let series = Chain::new(Link::Ratio).series("banks", periods).unwrap();
    assert_eq!(series.change("P", "S").unwrap_err().to_string(), "unknown period `S`");
}

#[cfg(feature = "serde")]
#[test]
fn links_read_back() {
    for link in [Link::Ratio, Link::Difference] {
        let text = serde_json::to_string(&link).unwrap();
        assert_eq!(serde_json::from_str::<Link>(&text).unwrap(), link);
    }
    assert!(serde_json::from_str::<Link>("\"product\"").is_err());
    let series = Chain::new(Link::Ratio).series("banks", labelled(&three())).unwrap();
    assert_eq!(serde_json::to_value(&series).unwrap()["points"][1]["matched"], 2);
}

proptest! {
    /// The same members all the time, with other weights: nothing to be adjusted for.
    #[test]
    fn without_a_change_of_membership_it_is_the_plain_series(
        nation in nations(), one in values(), two in values(), three in values(), factors in prop::collection::vec(0.1..10.0_f64, 20)
    ) {
        let mut later = nation.clone();
        later.organisations.iter_mut().zip(&factors).for_each(|(organisation, factor)| organisation.2 *= factor);
        let shift = |values: &[f64]| values.iter().map(|value| 1.0 + 0.99 * value).collect::<Vec<_>>();
        let periods = [nation.aggregate(&shift(&one)), later.aggregate(&shift(&two)), nation.aggregate(&shift(&three))];
        for link in [Link::Ratio, Link::Difference] {
            for base in ["Q1", "Q3"] {
                let series = Chain::new(link).base(base).series("nation", labelled(&periods)).unwrap();
                for point in series.points() {
                    let published = point.published();
                    assert_relative_eq!(point.level(), published.value(), max_relative = 1e-12, epsilon = 0.0);
                    // What enters and leaves the periods between cancels to rounding.
                    assert_relative_eq!(point.std_error().unwrap(), published.std_error().unwrap(), max_relative = 1e-11, epsilon = 0.0);
                }
            }
        }
    }

    /// Run backwards, ratio links give the inverse and difference links the negative.
    #[test]
    fn backwards_is_the_inverse(one in nations(), two in nations(), three in nations(), values in values()) {
        let values: Vec<f64> = values.iter().map(|value| 1.0 + 0.99 * value).collect();
        let periods = [one.aggregate(&values), two.aggregate(&values[3..]), three.aggregate(&values[1..])];
        let both = |link| {
            let chain = Chain::new(link).level(1.0);
            let forwards = chain.series("nation", labelled(&periods)).unwrap();
            let backwards = chain.series("nation", labelled(&periods).rev()).unwrap();
            (levels(&forwards)[2], levels(&backwards)[2])
        };
        let (there, back) = both(Link::Ratio);
        assert_relative_eq!(there * back, 1.0, max_relative = 1e-14, epsilon = 0.0);
        let (there, back) = both(Link::Difference);
        // Sums of differences of numbers up to 100.
        prop_assert!((there - 1.0 + (back - 1.0)).abs() < 1e-12);
    }

    #[test]
    fn names_do_not_matter(values in prop::collection::vec((1.0..100.0_f64, 0.1..5.0_f64, 0.5..2.0_f64), 9)) {
        let series = |names: [&str; 4]| {
            let period = |at: usize, members: &[usize]| {
                let company = |(of, which): (usize, &usize)| {
                    let (value, error, weight) = values[3 * at + of];
                    (names[*which], weight, value, error)
                };
                banks(&members.iter().enumerate().map(company).collect::<Vec<_>>())
            };
            let periods = [period(0, &[0, 1, 2]), period(1, &[3, 1, 0]), period(2, &[2, 0, 3])];
            Chain::new(Link::Ratio).series("banks", labelled(&periods)).unwrap()
        };
        prop_assert_eq!(series(["A", "B", "C", "D"]), series(["zulu", "yankee", "xray", "whisky"]));
    }
}
