//! Ranks and the ranks that are possible.

use std::ops::RangeInclusive;

use proptest::prelude::*;
use rand_distr::{Distribution, StandardNormal};
use satindex::aggregate::{Aggregated, Among, RankMethod, Ranking, Structure};
use satindex::{Confidence, Index};
use serde_json::Value;

use super::{aggregate, index, sharing};

/// Members of equal weight.
fn group<S: AsRef<str>>(members: impl IntoIterator<Item = (S, Index)>) -> Aggregated {
    let members: Vec<(S, Index)> = members.into_iter().collect();
    let add = |builder: satindex::aggregate::StructureBuilder, (name, _): &(S, Index)| {
        builder.entity(name.as_ref(), "g", 1.0)
    };
    let structure = members.iter().fold(Structure::builder("g"), add).build().unwrap();
    aggregate(&structure, members.iter().map(|(name, index)| (name.as_ref(), index.clone())))
}

fn numbered(members: &[(f64, f64)]) -> Aggregated {
    group(members.iter().enumerate().map(|(at, (value, error))| (at.to_string(), index(*value, *error))))
}

fn intervals(ranking: Ranking, result: &Aggregated) -> Vec<RangeInclusive<usize>> {
    let ranked = ranking.rank(result, Among::Entities).unwrap();
    result.structure().entities().iter().map(|name| ranked.get(name).unwrap().interval().unwrap()).collect()
}

const METHODS: [RankMethod; 4] =
    [RankMethod::Sidak, RankMethod::Bonferroni, RankMethod::Tests, RankMethod::Simulation { replicates: 99, seed: 5 }];

/// The example of the paper that the joint region comes from. There, rank 1 is the lowest.
#[test]
fn travel_times_of_the_states() {
    let golden: Value = serde_json::from_str(include_str!("../golden/ranking.json")).unwrap();
    let list = |key: &str| golden[key].as_array().unwrap().iter();
    let numbers = |key: &str| list(key).map(|number| number.as_f64().unwrap()).collect::<Vec<_>>();
    let indices = numbers("minutes").into_iter().zip(numbers("std_errors")).map(|(value, error)| index(value, error));
    let result = group(list("states").map(|name| name.as_str().unwrap()).zip(indices));
    for (method, key) in
        [(RankMethod::Sidak, "sidak"), (RankMethod::Bonferroni, "bonferroni"), (RankMethod::Tests, "tests")]
    {
        let found = intervals(Ranking::new().confidence(Confidence::P90).method(method), &result);
        let expected = list(key).map(|pair| {
            let bound = |at: usize| 52 - usize::try_from(pair[at].as_u64().unwrap()).unwrap();
            bound(1)..=bound(0)
        });
        assert_eq!(found, expected.collect::<Vec<_>>(), "{key}");
    }
    let ranked = Ranking::new().rank(&result, Among::Entities).unwrap();
    assert_eq!(
        ranked.iter().map(satindex::aggregate::results::Standing::rank).collect::<Vec<_>>(),
        (1..=51).collect::<Vec<_>>()
    );
    assert_eq!(ranked.iter().next().unwrap().name(), "Maryland");
}

/// Two of three at level 0.95 by hand. The factor for three is 2.388 (Šidák) and 2.394 (Bonferroni): with errors of 1, the
/// intervals of values 4.78 apart part from the former only.
#[test]
fn joint_by_hand() {
    let ranks = |method| intervals(Ranking::new().method(method), &numbered(&[(50.0, 1.0), (54.78, 1.0), (40.0, 1.0)]));
    assert_eq!(ranks(RankMethod::Sidak), [2..=2, 1..=1, 3..=3]);
    assert_eq!(ranks(RankMethod::Bonferroni), [1..=2, 1..=2, 3..=3]);
}

/// Errors of 1/√2, so that differences come in standard errors. Each of three has 4 one-sided hypotheses; Holm's first two
/// bounds are 0.05/4 (z = 2.2414) and 0.05/3 (z = 2.1280). The middle one is 2.3 below the first, which passes, and 2.0
/// above the last, which fails the second bound; 2.2 passes that, but would not have passed the first.
#[test]
fn tests_by_hand() {
    let error = 0.5_f64.sqrt();
    let ranks = |last: f64| {
        let values = [(50.0, error), (52.3, error), (50.0 - last, error)];
        intervals(Ranking::new().method(RankMethod::Tests), &numbered(&values))
    };
    assert_eq!(ranks(2.0), [2..=3, 1..=1, 2..=3]);
    assert_eq!(ranks(2.2), [2..=2, 1..=1, 3..=3]);
}

#[test]
fn equal_values_share_the_best_rank() {
    let result = numbered(&[(60.0, 0.0), (70.0, 0.0), (60.0, 0.0), (50.0, 0.0)]);
    let ranked = Ranking::new().rank(&result, Among::Members("g")).unwrap();
    let ranks: Vec<_> = ["0", "1", "2", "3"].map(|name| ranked.get(name).unwrap().rank()).into();
    assert_eq!(ranks, [2, 1, 2, 4]);
    // Known without error, they are equal in truth: both places are theirs.
    for method in [RankMethod::Sidak, RankMethod::Bonferroni, RankMethod::Tests] {
        assert_eq!(intervals(Ranking::new().method(method), &result), [2..=3, 1..=1, 2..=3, 4..=4]);
    }
    let simulated = Ranking::new().method(RankMethod::Simulation { replicates: 50, seed: 1 });
    assert_eq!(intervals(simulated, &result), [2..=2, 1..=1, 2..=2, 4..=4]);
}

/// Both groups are half the same company, whose index is hardly known; they differ by the other half, which is known.
#[test]
fn what_two_share_does_not_blur_their_order() {
    let result = aggregate(&sharing(1.0), [("x", index(50.0, 10.0)), ("y", index(61.0, 0.1)), ("z", index(60.0, 0.1))]);
    let interval = |method| {
        let ranked = Ranking::new().method(method).rank(&result, Among::Depth(1)).unwrap();
        ["s", "t"].map(|name| ranked.get(name).unwrap().interval().unwrap())
    };
    assert_eq!(interval(RankMethod::Tests), [1..=1, 2..=2]);
    assert_eq!(interval(RankMethod::Simulation { replicates: 2000, seed: 9 }), [1..=1, 2..=2]);
    assert_eq!(interval(RankMethod::Sidak), [1..=2, 1..=2]);
}

/// Of two, the higher is first in a draw with the probability Φ(d/√2): 0.9861 at d = 3.11, 0.9650 at d = 2.5625. The 95 %
/// interval leaves the second place to it in the latter case only; both are over 5 standard deviations of 10,000 draws
/// from 0.975.
#[test]
fn percentiles_of_simulated_ranks() {
    let of = |distance: f64| {
        let simulated = Ranking::new().method(RankMethod::Simulation { replicates: 10_000, seed: 3 });
        intervals(simulated, &numbered(&[(50.0, 1.0), (50.0 + distance, 1.0)]))
    };
    assert_eq!(of(3.11), [2..=2, 1..=1]);
    assert_eq!(of(2.5625), [1..=2, 1..=2]);
}

#[test]
fn one_alone_and_an_unknown_error() {
    for method in METHODS {
        assert_eq!(intervals(Ranking::new().method(method), &numbered(&[(50.0, 3.0)])), [1..=1]);
    }
    let plain = Index::new(60.0, 10.0, "given").unwrap();
    let result = group([("a", index(50.0, 1.0)), ("b", plain)]);
    let ranked = Ranking::new().rank(&result, Among::Entities).unwrap();
    assert_eq!(
        ranked.iter().map(|standing| (standing.rank(), standing.interval())).collect::<Vec<_>>(),
        [(1, None), (2, None)]
    );
}

#[test]
fn hostile_input_is_named() {
    let result = numbered(&[(50.0, 1.0), (60.0, 1.0)]);
    let error = |draws| {
        Ranking::new().method(RankMethod::Simulation { replicates: draws, seed: 1 }).rank(&result, Among::Entities)
    };
    assert_eq!(error(0).unwrap_err().to_string(), "the number of replicates is 0; expected at least 1");
    let ranked = error(1).unwrap();
    assert_eq!(ranked.get("2").unwrap_err().to_string(), "no rank for `2`");
    let unknown = Ranking::new().rank(&result, Among::Members("h")).unwrap_err();
    assert_eq!(unknown.to_string(), "unknown group `h`");
}

#[test]
fn as_a_table() {
    let result = numbered(&[(50.0, 1.0), (60.0, 1.0)]);
    assert_eq!(
        Ranking::new().rank(&result, Among::Entities).unwrap().to_string(),
        "Ranks (95 % intervals, all at once)\n\
         rank     index  std. error  best  worst\n\
         ----  -  -----  ----------  ----  -----\n   \
            1  1  60.00        1.00     1      1\n   \
            2  0  50.00        1.00     2      2\n"
    );
}

/// The intervals at level 0.9 of each of so many samples, with errors of 1.
fn samples(truth: &[f64], method: RankMethod, times: usize) -> Vec<Vec<RangeInclusive<usize>>> {
    use rand_chacha::rand_core::SeedableRng;

    let mut generator = rand_chacha::ChaCha8Rng::seed_from_u64(17);
    let mut estimate = |value: &f64| {
        let normal: f64 = StandardNormal.sample(&mut generator);
        (value + normal, 1.0)
    };
    let mut sample = || truth.iter().map(&mut estimate).collect::<Vec<_>>();
    let ranking = Ranking::new().confidence(Confidence::P90).method(method);
    (0..times).map(|_| intervals(ranking, &numbered(&sample()))).collect()
}

/// The share of samples in which something holds.
fn share(samples: &[Vec<RangeInclusive<usize>>], holds: impl Fn(&[RangeInclusive<usize>]) -> bool) -> f64 {
    samples.iter().filter(|intervals| holds(intervals)).count() as f64 / samples.len() as f64
}

/// 0.9, less three standard deviations of the simulation.
fn least(samples: &[Vec<RangeInclusive<usize>>]) -> f64 {
    0.9 - 3.0 * (0.9 * 0.1 / samples.len() as f64).sqrt()
}

/// Ten, two of them equal and the others close: all true ranks lie in their intervals at once.
#[test]
fn the_joint_region_covers() {
    let truth = [70.0, 70.0, 70.5, 71.0, 71.2, 72.0, 73.0, 74.5, 74.6, 80.0];
    let rank = |at: usize| 1 + truth.iter().filter(|value| **value > truth[at]).count();
    let all = |intervals: &[RangeInclusive<usize>]| (0..10).all(|at| intervals[at].contains(&rank(at)));
    for method in [RankMethod::Sidak, RankMethod::Bonferroni] {
        let samples = samples(&truth, method, 1000);
        assert!(share(&samples, all) >= least(&samples), "{method:?}");
    }
    let alone = samples(&truth, RankMethod::Simulation { replicates: 200, seed: 2 }, 200);
    assert!(share(&alone, all) < least(&alone));
}

/// Ten that are nearly equal: tests keep their level for the one that is truly first, simulated ranks do not.
#[test]
fn where_simulated_ranks_fail() {
    let truth: Vec<f64> = (0..10).map(|at| 70.0 - 0.01 * f64::from(at)).collect();
    let first = |intervals: &[RangeInclusive<usize>]| intervals[0].contains(&1);
    let tested = samples(&truth, RankMethod::Tests, 400);
    assert!(share(&tested, first) >= least(&tested));
    let simulated = samples(&truth, RankMethod::Simulation { replicates: 200, seed: 2 }, 400);
    assert!(share(&simulated, first) < 0.7);
}

fn members() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((40.0..60.0_f64, 0.0..5.0_f64), 1..12)
}

proptest! {
    #[test]
    fn an_interval_holds_the_observed_rank_and_widens_with_confidence(members in members()) {
        let result = numbered(&members);
        for method in [RankMethod::Sidak, RankMethod::Bonferroni, RankMethod::Tests] {
            let of = |confidence| intervals(Ranking::new().method(method).confidence(confidence), &result);
            let (narrow, wide) = (of(Confidence::new(0.5).unwrap()), of(Confidence::P99));
            let ranked = Ranking::new().rank(&result, Among::Entities).unwrap();
            for (at, (narrow, wide)) in narrow.iter().zip(&wide).enumerate() {
                prop_assert!(narrow.contains(&ranked.get(&at.to_string()).unwrap().rank()));
                prop_assert!(wide.start() <= narrow.start() && narrow.end() <= wide.end());
                prop_assert!(*wide.start() >= 1 && *wide.end() <= members.len());
            }
        }
    }

    /// Without error all ranks are known, whichever way.
    #[test]
    fn without_error_a_rank_is_a_rank(members in members()) {
        let known: Vec<(f64, f64)> = members.iter().map(|(value, _)| (*value, 0.0)).collect();
        prop_assume!((1..known.len()).all(|at| known[..at].iter().all(|other| other.0 != known[at].0)));
        for method in METHODS {
            let result = numbered(&known);
            let ranked = Ranking::new().method(method).rank(&result, Among::Entities).unwrap();
            for standing in ranked.iter() {
                prop_assert_eq!(standing.interval(), Some(standing.rank()..=standing.rank()));
            }
        }
    }

    /// Listed the other way round. (The draws of a simulation fall to entities in their order.)
    #[test]
    fn the_order_of_the_members_changes_nothing(members in members()) {
        let backwards: Vec<(f64, f64)> = members.iter().rev().copied().collect();
        for method in [RankMethod::Sidak, RankMethod::Bonferroni, RankMethod::Tests] {
            let of = |members: &[(f64, f64)]| intervals(Ranking::new().method(method), &numbered(members));
            let mut found = of(&backwards);
            found.reverse();
            prop_assert_eq!(found, of(&members));
        }
    }

    /// Šidák's factor is the smaller one, so its intervals lie within Bonferroni's.
    #[test]
    fn sidak_within_bonferroni(members in members()) {
        let of = |method| intervals(Ranking::new().method(method), &numbered(&members));
        for (inner, outer) in of(RankMethod::Sidak).iter().zip(of(RankMethod::Bonferroni)) {
            prop_assert!(outer.start() <= inner.start() && inner.end() <= outer.end());
        }
    }
}
