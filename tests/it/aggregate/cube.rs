//! Every node in every place, period and channel, against sums over the respondents themselves.

use approx::assert_relative_eq;
use satindex::Weights;
use satindex::aggregate::cube::{
    Answered, CaseWeights, Cube, CubeCell, CubeSpec, DriverSearch, Level, NodeDecomposition, Pooling, Region,
};
use satindex::aggregate::{Aggregation, Among, Comparison, GroupWeight, Ranking, Structure};
use satindex::survey::{Hierarchy, Indicator, Missing, Period, Questionnaire, Responses, Scale};

/// One respondent.
#[derive(Debug, Clone)]
struct Person {
    shop: &'static str,
    quarter: &'static str,
    channel: &'static str,
    answers: [Option<f64>; 4],
    weight: f64,
}

const LEAVES: [&str; 4] = ["speed", "waiting", "skill", "price"];
const SHOPS: [&str; 5] = ["a1", "a2", "b1", "b2", "c1"];
const QUARTERS: [&str; 3] = ["2025Q4", "2026Q1", "2026Q2"];
const CHANNELS: [&str; 2] = ["own", "third party"];

/// Shares of the leaves in each node, from the weights of the tree.
const NODES: [(&str, [f64; 4]); 7] = [
    ("total", [0.42, 0.18, 0.1, 0.3]),
    ("service", [0.42 / 0.7, 0.18 / 0.7, 0.1 / 0.7, 0.0]),
    ("time", [0.7, 0.3, 0.0, 0.0]),
    ("speed", [1.0, 0.0, 0.0, 0.0]),
    ("waiting", [0.0, 1.0, 0.0, 0.0]),
    ("skill", [0.0, 0.0, 1.0, 0.0]),
    ("price", [0.0, 0.0, 0.0, 1.0]),
];

/// service (speed and waiting under time, skill) and price.
fn tree() -> Hierarchy {
    let weights = |names: [&str; 2], first: f64| Weights::normalised(names, [first, 1.0 - first]).unwrap();
    Hierarchy::builder("total", weights(["service", "price"], 0.7))
        .divide("service", weights(["time", "skill"], 6.0 / 7.0))
        .divide("time", weights(["speed", "waiting"], 0.7))
        .build()
        .unwrap()
}

/// A scale from 1 to 10, waiting reversed, one from 0 to 100 as grades in words have, and one from 1 to 5.
fn scales() -> [Scale; 4] {
    [Scale::ONE_TO_TEN, Scale::ONE_TO_FIVE.reversed(), Scale::new(0.0, 100.0).unwrap(), Scale::ONE_TO_FIVE]
}

fn questionnaire() -> Questionnaire {
    let questions = LEAVES.into_iter().zip(scales());
    Questionnaire::new(questions.map(|(name, scale)| Indicator::new(name).unwrap().with_scale(scale))).unwrap()
}

/// Cities a and b in the north, c in the south.
fn places() -> Structure {
    let builder = Structure::builder("all").group("north", "all", 3.0).group("south", "all", 1.0);
    let builder = builder.group("a", "north", GroupWeight::Members).group("b", "north", 2.0).group("c", "south", 1.0);
    SHOPS
        .iter()
        .zip(1..)
        .fold(builder, |builder, (shop, weight)| builder.entity(*shop, &shop[..1], f64::from(weight)))
        .build()
        .unwrap()
}

fn spec() -> CubeSpec {
    CubeSpec::new(tree(), questionnaire(), places())
        .place("shop")
        .period("quarter")
        .by("channel")
        .region(Region::new("coast", ["a2", "b", "c1"]).unwrap())
        .region(Region::new("just a", ["a"]).unwrap())
}

/// A fixed sequence of numbers from 0 to 1 (Lehmer, 48271).
fn people(count: usize, missing: bool) -> Vec<Person> {
    let mut state = 20_261_128_u64;
    let mut pick = move |count: usize| {
        state = state * 48_271 % 2_147_483_647;
        usize::try_from(state * count as u64 / 2_147_483_647).unwrap()
    };
    let grades = [100.0, 80.0, 60.0, 35.0, 0.0];
    (0..count)
        .map(|_| {
            let mood = pick(4) as f64;
            let mut answers = [
                Some(1.0 + mood + pick(7) as f64),
                Some(1.0 + pick(5) as f64),
                Some(grades[pick(5)]),
                Some(1.0 + (mood + pick(2) as f64).min(4.0)),
            ];
            for answer in &mut answers {
                *answer = answer.filter(|_| !missing || pick(6) > 0);
            }
            Person {
                shop: SHOPS[pick(5)],
                quarter: QUARTERS[pick(3)],
                channel: CHANNELS[pick(2)],
                answers,
                weight: 1.0 + pick(3) as f64,
            }
        })
        .collect()
}

fn responses(people: &[Person]) -> Responses {
    Responses::from_rows(LEAVES, people.iter().map(|person| person.answers))
        .unwrap()
        .with_weights(people.iter().map(|person| person.weight))
        .unwrap()
        .with_group("shop", people.iter().map(|person| person.shop))
        .unwrap()
        .with_group("quarter", people.iter().map(|person| person.quarter))
        .unwrap()
        .with_group("channel", people.iter().map(|person| person.channel))
        .unwrap()
}

/// Value, n, effective n, and the covariance of two nodes, from the definition: person by person.
struct Direct {
    values: [Option<f64>; 7],
    n: [f64; 7],
    effective_n: [f64; 7],
    covariance: [[f64; 7]; 7],
}

fn direct(people: &[&Person], answered: Answered, weights: CaseWeights) -> Direct {
    let complete = |person: &&&Person| answered == Answered::Any || person.answers.iter().all(Option::is_some);
    let people: Vec<&Person> = people.iter().filter(complete).copied().collect();
    let position = |person: &Person, leaf: usize| Some(scales()[leaf].to_hundred(person.answers[leaf]?));
    let mean = |leaf: usize| {
        let answers = people.iter().filter_map(|person| Some((person.weight, position(person, leaf)?)));
        let (weight, sum) = answers.fold((0.0, 0.0), |(weight, sum), (w, x)| (weight + w, sum + w * x));
        (weight, sum / weight)
    };
    let means = [mean(0), mean(1), mean(2), mean(3)];
    let mut found = Direct { values: [None; 7], n: [0.0; 7], effective_n: [0.0; 7], covariance: [[0.0; 7]; 7] };
    // How much each person moves each node's index, and the factor from the number of respondents.
    let mut pulls = vec![[0.0; 7]; people.len()];
    let mut factors = [0.0; 7];
    for (node, (_, shares)) in NODES.iter().enumerate() {
        let leaves: Vec<usize> = (0..4).filter(|leaf| shares[*leaf] > 0.0).collect();
        if leaves.iter().all(|leaf| means[*leaf].0 > 0.0) {
            found.values[node] = Some(leaves.iter().map(|leaf| shares[*leaf] * means[*leaf].1).sum());
        }
        let mine = |person: &&&Person| leaves.iter().any(|leaf| person.answers[*leaf].is_some());
        let weight: f64 = people.iter().filter(mine).map(|person| person.weight).sum();
        let squares: f64 = people.iter().filter(mine).map(|person| person.weight.powi(2)).sum();
        let effective = if weights == CaseWeights::Frequencies { weight } else { weight * weight / squares };
        (found.n[node], found.effective_n[node]) = (weight, effective);
        factors[node] = weight / (effective - 1.0);
        for (pull, person) in pulls.iter_mut().zip(&people) {
            let terms = leaves
                .iter()
                .filter_map(|leaf| Some(shares[*leaf] * (position(person, *leaf)? - means[*leaf].1) / means[*leaf].0));
            pull[node] = terms.sum();
        }
    }
    for (one, row) in found.covariance.iter_mut().enumerate() {
        for (other, covariance) in row.iter_mut().enumerate() {
            let products = pulls.iter().zip(&people).map(|(pull, person)| person.weight * pull[one] * pull[other]);
            *covariance = products.sum::<f64>() * (factors[one] * factors[other]).sqrt();
        }
    }
    found
}

fn agree(cell: &CubeCell, people: &[&Person], answered: Answered, weights: CaseWeights) {
    let direct = direct(people, answered, weights);
    for (at, (name, _)) in NODES.iter().enumerate() {
        let node = cell.get(name).unwrap();
        let Some(value) = direct.values[at] else {
            assert!(node.index().is_none() && cell.index(name).unwrap_err().is_missing());
            continue;
        };
        let index = node.index().unwrap();
        assert_relative_eq!(index.value(), value, max_relative = 1e-12, epsilon = 0.0);
        assert_relative_eq!(index.n(), direct.n[at], max_relative = 1e-14, epsilon = 0.0);
        assert_relative_eq!(node.effective_n(), direct.effective_n[at], max_relative = 1e-14, epsilon = 0.0);
        // 1e-12 of what the products are of; a variance may be 0 where all answered alike.
        let variance = direct.covariance[at][at];
        assert_relative_eq!(index.std_error().unwrap().powi(2), variance, max_relative = 1e-12, epsilon = 1e-20);
        for (other, (second, _)) in NODES.iter().enumerate() {
            if direct.values[other].is_some() {
                let size = (variance * direct.covariance[other][other]).sqrt();
                let covariance = cell.covariance(name, second).unwrap().unwrap();
                assert!((covariance - direct.covariance[at][other]).abs() <= 1e-12 * size + 1e-20, "{name}, {second}");
            }
        }
    }
}

#[test]
fn every_node_in_every_cell() {
    let people = people(900, true);
    for (answered, weights) in [
        (Answered::All, CaseWeights::Frequencies),
        (Answered::Any, CaseWeights::Frequencies),
        (Answered::All, CaseWeights::Sampling),
        (Answered::Any, CaseWeights::Sampling),
    ] {
        let cube = spec().answered(answered).weights(weights).collect(&responses(&people)).unwrap();
        let inside = |place: &str, shop: &str| match place {
            "all" => true,
            "north" => shop.starts_with(['a', 'b']),
            "coast" => shop == "a2" || shop.starts_with(['b', 'c']),
            "just a" => shop.starts_with('a'),
            "south" => shop.starts_with('c'),
            place => shop.starts_with(place),
        };
        for place in ["all", "north", "south", "a", "b", "c", "coast", "just a", "a1", "b2"] {
            for quarter in QUARTERS {
                for channel in [None, Some("own")] {
                    let selection = cube.select().place(place).period(quarter.parse().unwrap());
                    let selection = channel.into_iter().fold(selection, |cells, label| cells.label("channel", label));
                    let asked = people.iter().filter(|person| {
                        inside(place, person.shop)
                            && person.quarter == quarter
                            && channel.is_none_or(|channel| person.channel == channel)
                    });
                    agree(&selection.cell().unwrap(), &asked.collect::<Vec<_>>(), answered, weights);
                }
            }
        }
        agree(&cube.select().cell().unwrap(), &people.iter().collect::<Vec<_>>(), answered, weights);
        let incomplete = people.iter().filter(|person| person.answers.contains(&None)).count();
        assert!(incomplete > 300);
        if answered == Answered::All {
            assert_eq!((cube.rows(), cube.rows_left_out()), (900 - incomplete, incomplete));
        }
    }
}

/// The one pass over all levels gives what the selections give, cell by cell, to rounding.
#[test]
fn the_grid_is_what_selections_give() {
    for pooling in [Pooling::Respondents, Pooling::Places] {
        let cube = spec().answered(Answered::Any).pooling(pooling).collect(&responses(&people(700, true))).unwrap();
        let (mut figures, mut levels) = (0, Vec::new());
        cube.cells(|key, node, index| {
            let selection = cube.select().place(key.place()).period(key.period().unwrap().clone());
            let label = key.labels().next().unwrap();
            let selection = label.into_iter().fold(selection, |cells, label| cells.label("channel", label));
            let expected = selection.cell().unwrap();
            let expected = expected.index(node).unwrap();
            assert_relative_eq!(index.value(), expected.value(), max_relative = 1e-12, epsilon = 0.0);
            assert_eq!(index.std_error().is_some(), expected.std_error().is_some());
            let errors = [index.std_error(), expected.std_error()].map(|error| error.unwrap_or(0.0));
            assert_relative_eq!(errors[0], errors[1], max_relative = 1e-11, epsilon = 1e-11);
            figures += 1;
            levels.push(key.level());
        })
        .unwrap();
        // 12 places (5 shops, 3 cities, 2 regions, the whole, 2 of names) less one by 3 quarters, 2 channels and both, 7 nodes.
        assert_eq!(figures, 13 * 3 * 3 * 7);
        for level in [Level::Group(0), Level::Group(2), Level::Entity, Level::Region] {
            assert!(levels.contains(&level));
        }
    }
}

/// The same cells, with sums that went another way: rounding in the last digits.
fn same(one: &Cube, other: &Cube) {
    assert_eq!(one.rows(), other.rows());
    let mut cells = Vec::new();
    one.cells(|key, node, index| cells.push((key.clone(), node.to_owned(), *index))).unwrap();
    let (mut at, mut count) = (cells.iter(), 0);
    other
        .cells(|key, node, index| {
            let (place, name, expected) = at.next().unwrap();
            assert_eq!((place.place(), place.period(), name.as_str()), (key.place(), key.period(), node));
            assert_relative_eq!(index.value(), expected.value(), max_relative = 1e-13, epsilon = 0.0);
            let errors = [index, expected].map(|index| index.std_error().unwrap_or(0.0));
            assert_relative_eq!(errors[0], errors[1], max_relative = 1e-11, epsilon = 1e-11);
            count += 1;
        })
        .unwrap();
    assert_eq!(count, cells.len());
}

#[test]
fn parts_make_the_whole_in_any_split_and_order() {
    let people = people(600, true);
    let spec = spec().answered(Answered::Any);
    let whole = spec.collect(&responses(&people)).unwrap();
    for cut in [1, 77, 300, 599] {
        let mut first = spec.collect(&responses(&people[..cut])).unwrap();
        first.merge(&spec.collect(&responses(&people[cut..])).unwrap()).unwrap();
        // Labels in the order in which they came: the same, as the first part has them first.
        same(&whole, &first);
    }
    let mut streamed = spec.start().unwrap();
    for person in &people {
        let period: Period = person.quarter.parse().unwrap();
        streamed.push(person.shop, Some(&period), &[person.channel], &person.answers, person.weight).unwrap();
    }
    same(&whole, &streamed);
    let mut turned = people.clone();
    turned[2..].reverse();
    same(&whole, &spec.collect(&responses(&turned)).unwrap());
}

#[test]
fn pooled_parents_are_their_pooled_children() {
    let people = people(500, false);
    let cube = spec().collect(&responses(&people)).unwrap();
    let cell = |place: &str| cube.select().place(place).cell().unwrap();
    for (parent, children) in [("all", vec!["north", "south"]), ("north", vec!["a", "b"]), ("a", vec!["a1", "a2"])] {
        for (node, _) in NODES {
            let parts: Vec<(f64, f64)> = children
                .iter()
                .map(|child| {
                    let cell = cell(child);
                    let index = cell.index(node).unwrap();
                    (index.n(), index.value())
                })
                .collect();
            let n: f64 = parts.iter().map(|(n, _)| n).sum();
            let mean = parts.iter().map(|(n, value)| n * value).sum::<f64>() / n;
            assert_relative_eq!(cell(parent).index(node).unwrap().value(), mean, max_relative = 1e-13, epsilon = 0.0);
        }
    }
}

#[test]
fn a_region_of_one_city_is_that_city() {
    for pooling in [Pooling::Respondents, Pooling::Places] {
        let cube = spec().pooling(pooling).collect(&responses(&people(500, false))).unwrap();
        let [region, city] = ["just a", "a"].map(|place| cube.select().place(place).cell().unwrap());
        for (node, _) in NODES {
            let [one, other] = [&region, &city].map(|cell| cell.index(node).unwrap());
            assert_relative_eq!(one.value(), other.value(), max_relative = 1e-14, epsilon = 0.0);
            let errors = [one, other].map(|index| index.std_error().unwrap());
            assert_relative_eq!(errors[0], errors[1], max_relative = 1e-13, epsilon = 0.0);
        }
    }
}

#[test]
fn a_slice_is_the_aggregation_of_its_indices() {
    let cube = spec().answered(Answered::Any).collect(&responses(&people(700, true))).unwrap();
    let selection = cube.select().period("2026Q1".parse().unwrap()).label("channel", "own");
    let slice = selection.aggregated("service", Aggregation::new()).unwrap();
    let indices =
        SHOPS.map(|shop| (shop, selection.clone().place(shop).cell().unwrap().index("service").unwrap().clone()));
    assert_eq!(slice, Aggregation::new().aggregate(&places(), indices).unwrap());
    assert!(Ranking::new().rank(&slice, Among::Entities).is_ok());
    assert!(Comparison::new().pairs(&slice, Among::Depth(1)).is_ok());
    // Averaged places are the groups of that aggregation.
    let averaged =
        spec().answered(Answered::Any).pooling(Pooling::Places).collect(&responses(&people(700, true))).unwrap();
    let cell =
        averaged.select().period("2026Q1".parse().unwrap()).label("channel", "own").place("north").cell().unwrap();
    let (one, other) = (cell.index("service").unwrap(), slice.index("north").unwrap());
    assert_relative_eq!(one.value(), other.value(), max_relative = 1e-14, epsilon = 0.0);
    assert_relative_eq!(one.std_error().unwrap(), other.std_error().unwrap(), max_relative = 1e-13, epsilon = 0.0);
}

#[test]
fn effects_sum_to_the_change() {
    let people = people(600, false);
    let cube = spec().collect(&responses(&people)).unwrap();
    let cell = |cube: &Cube, quarter: &str| cube.select().period(quarter.parse().unwrap()).cell().unwrap();
    // Later with other weights, and without an indicator.
    let other = tree().with_weights("time", &Weights::new(["speed", "waiting"], [0.2, 0.8]).unwrap()).unwrap();
    let cut = other.restrict(["speed", "waiting", "price"]).unwrap();
    for later in [tree(), other, cut] {
        let later = CubeSpec::new(later, questionnaire(), places()).place("shop").period("quarter");
        let later = later.collect(&responses(&people)).unwrap();
        let (before, after) = (cell(&cube, "2025Q4"), cell(&later, "2026Q2"));
        for node in ["total", "service", "time", "price"] {
            let parts = NodeDecomposition::between(&before, &after, node).unwrap();
            let change = after.index(node).unwrap().value() - before.index(node).unwrap().value();
            let sum = |effects: Vec<f64>| effects.iter().sum::<f64>();
            for total in [
                sum(parts.indicators().map(|(_, effects)| effects.total()).collect()),
                sum(parts.children().map(|(_, effects)| effects.total()).collect()),
                parts.change(),
            ] {
                // Rounding of numbers up to 100.
                assert!((total - change).abs() < 1e-12, "{node}: {total} {change}");
            }
        }
    }
    let unchanged = NodeDecomposition::between(&cell(&cube, "2025Q4"), &cell(&cube, "2026Q1"), "total").unwrap();
    assert!(unchanged.indicators().all(|(_, effects)| effects.weight.abs() < 1e-13 && effects.entry == 0.0));
}

#[test]
fn series_tables_and_files() {
    let cube = spec().collect(&responses(&people(400, false))).unwrap();
    let series = cube.series("service", "north").unwrap();
    let periods: Vec<String> = series.points().iter().map(|(period, _)| period.to_string()).collect();
    assert_eq!(periods, QUARTERS);
    assert!(series.gaps().unwrap().is_empty());
    let expected = cube.select().place("north").period("2026Q1".parse().unwrap()).cell().unwrap();
    assert_eq!(&series.points()[1].1, expected.index("service").unwrap());

    let table = cube.cross_table("total").unwrap();
    assert_eq!((table.rows(), table.columns().len()), (13, 4));
    let (mut long, mut wide) = (Vec::new(), Vec::new());
    cube.write_long(&mut long).unwrap();
    cube.write_wide(&mut wide).unwrap();
    let (long, wide) = (String::from_utf8(long).unwrap(), String::from_utf8(wide).unwrap());
    assert!(
        long.starts_with("period,place,level,channel,node,index,std_error,n\n2025Q4,all,group 0,own,total,"),
        "{long}"
    );
    assert_eq!((long.lines().count(), wide.lines().count()), (1 + 13 * 9 * 7, 1 + 13 * 9));
    assert!(wide.starts_with("period,place,level,channel,total,service,time,speed,waiting,skill,price\n"));
    let of_total = |line: &str| line.split(',').nth(4).unwrap().parse::<f64>().unwrap();
    let all = wide.lines().find(|line| line.starts_with("2026Q1,north,group 1,all,")).unwrap();
    assert_eq!(of_total(all), expected.index("total").unwrap().value());
}

#[test]
fn counts_and_moments_of_a_cell() {
    let people = people(400, false);
    let cube = spec().counts(true).collect(&responses(&people)).unwrap();
    let cells = cube.select().place("b").period("2026Q1".parse().unwrap());
    let inside: Vec<Person> =
        people.iter().filter(|person| person.shop.starts_with('b') && person.quarter == "2026Q1").cloned().collect();
    let own = responses(&inside).with_questionnaire(&questionnaire()).unwrap();
    assert_eq!(cells.counts("price").unwrap(), satindex::survey::Counts::of(&own, "price").unwrap());
    let (moments, direct) = (cells.moments().unwrap(), own.moments(Missing::Reject).unwrap());
    assert_eq!((moments.rows(), moments.n()), (direct.rows(), direct.n()));
    let names: Vec<&str> = cube.indicators().collect();
    let direct = direct.select(&names).unwrap();
    for (one, other) in moments.means().unwrap().iter().zip(direct.means().unwrap()) {
        assert_relative_eq!(one, other, max_relative = 1e-14, epsilon = 0.0);
    }
    let plain = spec().collect(&responses(&people)).unwrap();
    assert!(plain.select().counts("price").unwrap_err().is_unsupported());
}

/// Least squares by normal equations on the respondents' own indices.
#[test]
fn drivers_are_least_squares() {
    let people: Vec<Person> = people(900, false).into_iter().map(|person| Person { weight: 1.0, ..person }).collect();
    let cube = spec().collect(&responses(&people)).unwrap();
    let drivers = DriverSearch::new("price", ["time", "skill"]).fit(&cube, ["north", "c1"]).unwrap();
    let mut expected = Vec::new();
    for quarter in QUARTERS {
        let inside = people.iter().filter(|person| !person.shop.starts_with('c') && person.quarter == quarter);
        let index = |person: &Person, leaf: usize| scales()[leaf].to_hundred(person.answers[leaf].unwrap());
        let rows: Vec<[f64; 3]> = inside
            .map(|person| [index(person, 3), 0.7 * index(person, 0) + 0.3 * index(person, 1), index(person, 2)])
            .collect();
        let n = rows.len() as f64;
        let mean = |at: usize| rows.iter().map(|row| row[at]).sum::<f64>() / n;
        let means = [mean(0), mean(1), mean(2)];
        let s = |i: usize, j: usize| rows.iter().map(|row| (row[i] - means[i]) * (row[j] - means[j])).sum::<f64>();
        let det = s(1, 1) * s(2, 2) - s(1, 2) * s(1, 2);
        let b = [(s(2, 2) * s(1, 0) - s(1, 2) * s(2, 0)) / det, (s(1, 1) * s(2, 0) - s(1, 2) * s(1, 0)) / det];
        let residual = (s(0, 0) - b[0] * s(1, 0) - b[1] * s(2, 0)) / (n - 3.0);
        expected.push((b, [(residual * s(2, 2) / det).sqrt(), (residual * s(1, 1) / det).sqrt()]));
    }
    for (at, quarter) in QUARTERS.iter().enumerate() {
        let cell = drivers.get("north", Some(&quarter.parse().unwrap())).unwrap();
        let (coefficients, errors) = &expected[at];
        for (driver, (coefficient, error)) in cell.drivers().iter().zip(coefficients.iter().zip(errors)) {
            // Solved by other eliminations.
            assert_relative_eq!(driver.coefficient().value(), *coefficient, max_relative = 1e-9, epsilon = 1e-12);
            assert_relative_eq!(driver.coefficient().std_error().unwrap(), *error, max_relative = 1e-9, epsilon = 0.0);
        }
        let change = cell.drivers()[0].change();
        assert_eq!(change.is_some(), at > 0);
        if let (Some(change), true) = (change, at > 0) {
            let before = &expected[at - 1];
            assert_relative_eq!(change.value(), coefficients[0] - before.0[0], max_relative = 1e-7, epsilon = 1e-10);
            let error = errors[0].hypot(before.1[0]);
            assert_relative_eq!(change.std_error().unwrap(), error, max_relative = 1e-9, epsilon = 0.0);
        }
    }
    let small = DriverSearch::new("price", ["time"]).minimum(500).fit(&cube, ["c1"]).unwrap();
    assert_eq!((small.cells().len(), small.without().count()), (0, 3));
    let (place, _, reason) = small.without().next().unwrap();
    assert!(place == "c1" && reason.starts_with("the number of respondents of c1, 2025Q4 is "), "{reason}");
    assert!(DriverSearch::new("price", ["price"]).fit(&cube, ["c1"]).is_err());
}

#[cfg(feature = "serde")]
#[test]
fn written_and_read_again() {
    for spec in [spec().counts(true), spec().answered(Answered::Any).pooling(Pooling::Places)] {
        let cube = spec.collect(&responses(&people(300, true))).unwrap();
        let text = serde_json::to_string(&cube).unwrap();
        let read: Cube = serde_json::from_str(&text).unwrap();
        assert_eq!(read, cube);
        let cell = cube.select().cell().unwrap();
        assert_eq!(serde_json::from_str::<CubeCell>(&serde_json::to_string(&cell).unwrap()).unwrap(), cell);
        for (from, to) in [
            ("\"unplaced\":0", "\"unplaced\":0,\"more\":1"),
            ("\"place\":\"a1\",\"labels\"", "\"place\":\"x1\",\"labels\""),
            ("\"complete_rows\":", "\"complete_rows\":1"),
        ] {
            assert!(
                text.contains(from) && serde_json::from_str::<Cube>(&text.replacen(from, to, 1)).is_err(),
                "{from}"
            );
        }
    }
}

#[test]
fn what_is_wrong_is_named() {
    let people = people(20, false);
    let fault = |spec: CubeSpec, responses: &Responses| spec.collect(responses).unwrap_err().to_string();
    let with = |change: fn(&mut Person)| {
        let mut people = people.clone();
        change(&mut people[6]);
        responses(&people)
    };
    assert_eq!(fault(spec(), &with(|person| person.shop = "z9")), "row 7, column `shop`: unknown place `z9`");
    let error = fault(spec(), &with(|person| person.quarter = "2026Q5"));
    assert!(error.starts_with("row 7, column `quarter`: "), "{error}");
    let error = fault(spec(), &with(|person| person.quarter = "soon"));
    assert!(error.starts_with("row 7, column `quarter`: the period `soon` cannot be read"), "{error}");
    let mixed = fault(spec(), &with(|person| person.quarter = "2026"));
    assert!(mixed.contains("have no order in time"), "{mixed}");
    let error = fault(spec(), &with(|person| person.answers[2] = Some(101.0)));
    assert_eq!(error, "the answer of row 7 to `skill` is 101; expected a number from 0 to 100");
    assert_eq!(fault(spec().by("brand"), &responses(&people)), "unknown group `brand`");
    let few = Questionnaire::new([Indicator::new("speed").unwrap().with_scale(Scale::ONE_TO_TEN)]).unwrap();
    let error = CubeSpec::new(tree(), few, places()).start().unwrap_err().to_string();
    assert!(error.starts_with("node `waiting` is a leaf without a question in the questionnaire; "), "{error}");
    let clash = spec().region(Region::new("north", ["a"]).unwrap()).region(Region::new("x", ["nowhere"]).unwrap());
    assert_eq!(clash.start().unwrap_err().to_string(), "duplicate place `north`; region `x`: unknown place `nowhere`");
    assert_eq!(
        spec().tree(tree()).start().unwrap_err().to_string(),
        "duplicate node of two trees `total`; duplicate node of two trees `service`; duplicate node of two trees `time`"
    );

    let cube = spec().collect(&responses(&people)).unwrap();
    let unknown = |error: satindex::Error| assert!(error.is_unknown_name(), "{error}");
    unknown(cube.select().place("z9").cell().unwrap_err());
    unknown(cube.select().period("2030Q1".parse().unwrap()).cell().unwrap_err());
    unknown(cube.select().label("channel", "fax").cell().unwrap_err());
    unknown(cube.select().label("brand", "fax").cell().unwrap_err());
    unknown(cube.select().cell().unwrap().index("joy").map(drop).unwrap_err());
    let one = spec().collect(&responses(&people[..1])).unwrap();
    let other = SHOPS.iter().find(|shop| **shop != people[0].shop).unwrap();
    let error = one.select().place(*other).cell().unwrap_err().to_string();
    assert_eq!(error, format!("the cell of {other} is empty"));

    let mut cube = one.clone();
    let period: Period = "2026Q1".parse().unwrap();
    let answers = people[0].answers;
    for (place, period, labels, answers, weight) in [
        ("north", Some(&period), &["own"][..], answers, 1.0),
        ("a1", None, &["own"], answers, 1.0),
        ("a1", Some(&"2026".parse().unwrap()), &["own"], answers, 1.0),
        ("a1", Some(&period), &[], answers, 1.0),
        ("a1", Some(&period), &[" "], answers, 1.0),
        ("a1", Some(&period), &["own"], [Some(11.0), None, None, None], 1.0),
        ("a1", Some(&period), &["own"], answers, 0.0),
        ("a1", Some(&period), &["own"], answers, f64::NAN),
    ] {
        assert!(cube.push(place, period, labels, &answers, weight).is_err());
    }
    assert_eq!(cube, one);
    let elsewhere =
        CubeSpec::new(tree(), questionnaire(), places()).place("shop").collect(&responses(&people)).unwrap();
    assert!(cube.merge(&elsewhere).unwrap_err().is_mismatch());

    // A blank place is no place: counted, and in no cell.
    let blank = spec().collect(&with(|person| person.shop = " ")).unwrap();
    assert_eq!((blank.rows(), blank.rows_unplaced()), (19, 1));
}
