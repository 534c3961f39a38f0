//! Thresholds: goldens, the test of the search, the interval of the cut.

use approx::assert_relative_eq;
use satindex::Confidence;
use satindex::monitoring::loyalty::{Criterion, Cut, Pairs, ThresholdSearch};
use satindex::survey::Proportion;

use super::{counted, golden, message, survey};

/// scipy's `chi2_contingency` (without Yates' correction) at every cut that leaves a tenth on either side.
#[test]
fn the_best_cut_agrees_with_scipy() {
    let (golden, pairs) = (golden(), &survey()[0]);
    let search = ThresholdSearch::new().replicates(0).test_replicates(0);
    // Of 80 respondents 36 say yes: the deviance of a level curve.
    let null = -2.0 * (36.0 * (36.0_f64 / 80.0).ln() + 44.0 * (44.0_f64 / 80.0).ln());
    for (criterion, key, scale) in
        [(Criterion::Variance, "chi2", 80.0), (Criterion::Likelihood, "g2", null), (Criterion::Youden, "J", 1.0)]
    {
        let found = search.clone().criterion(criterion).fit(pairs).unwrap();
        let expected = &golden["cuts"][key];
        assert_eq!(found.cuts()[0].value(), expected["cut"].as_f64().unwrap());
        let value = expected[key].as_f64().unwrap() / scale;
        assert_relative_eq!(found.value(), value, epsilon = 0.0, max_relative = 1e-12);
    }
    let approximate = search.fit(pairs).unwrap().approximate_p_value().unwrap();
    assert_relative_eq!(approximate, golden["miller_siegmund"].as_f64().unwrap(), epsilon = 0.0, max_relative = 1e-12);
}

/// Three plateaus of 0.1, 0.5 and 0.9, ten respondents at each of 30 satisfactions.
#[test]
fn two_cuts_part_three_plateaus() {
    let groups: Vec<(f64, u32, u32)> = (0..30).map(|at| (f64::from(at) * 3.0, 1 + 4 * (at / 10), 10)).collect();
    let pairs = counted(&groups);
    for criterion in [Criterion::Variance, Criterion::Likelihood] {
        let search = ThresholdSearch::new().cuts(2).criterion(criterion).replicates(200).test_replicates(99).seed(2);
        let found = search.fit(&pairs).unwrap();
        assert_eq!(found.cuts().iter().map(Cut::value).collect::<Vec<_>>(), [28.5, 58.5]);
        assert_eq!(found.segments().iter().map(Proportion::share).collect::<Vec<_>>(), [0.1, 0.5, 0.9]);
        assert_eq!((found.p_value(), found.approximate_p_value(), found.failed()), (Some(0.01), None, 0));
        for cut in found.cuts() {
            let interval = cut.interval().unwrap();
            assert!(interval.contains(cut.value()) && interval.upper() - interval.lower() < 10.0);
        }
        let bands = found.bands(["low", "middle", "high"]).unwrap();
        assert_eq!(bands.shares(&pairs).band("high").unwrap().proportion(), Some(found.segments()[2]));
    }
}

#[test]
fn cuts_at_multiples_of_a_step() {
    let groups: Vec<(f64, u32, u32)> = (0..200).map(|at| (f64::from(at) * 0.5, u32::from(at >= 123), 1)).collect();
    let search = ThresholdSearch::new().replicates(0).test_replicates(0);
    assert_eq!(search.clone().fit(&counted(&groups)).unwrap().cuts()[0].value(), 61.25);
    assert_eq!(search.clone().step(5.0).fit(&counted(&groups)).unwrap().cuts()[0].value(), 60.0);
    // 61.5 is a multiple of 0.1, but 61.5/0.1 is 614.9999….
    assert_relative_eq!(search.step(0.1).fit(&counted(&groups)).unwrap().cuts()[0].value(), 61.5, max_relative = 1e-15);
}

/// Under no effect the p-values of the search are those of a fair test, and the two agree; the naive test of the best cut
/// would be far off. 200 surveys of 100 respondents whose intention is a coin (a linear congruential generator's).
#[test]
fn the_search_is_not_taken_in_by_chance() {
    let mut state = 1_u64;
    let mut coin = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 63 == 1
    };
    let (mut rejected, mut naive, mut difference) = (0, 0, 0.0);
    let surveys = 200;
    for seed in 0..surveys {
        let pairs = Pairs::new((0..100).map(f64::from), (0..100).map(|_| coin())).unwrap();
        let found = ThresholdSearch::new().replicates(0).test_replicates(199).seed(seed).fit(&pairs).unwrap();
        let (p, approximate) = (found.p_value().unwrap(), found.approximate_p_value().unwrap());
        rejected += u32::from(p <= 0.05);
        // 3.841 is the 95 % quantile of χ² with one degree of freedom.
        naive += u32::from(100.0 * found.value() > 3.841);
        difference += (p - approximate).abs() / surveys as f64;
    }
    // 5 % of 200 are 10, with a standard deviation of 3.1.
    assert!((1..=20).contains(&rejected), "{rejected}");
    assert!(naive > 60, "{naive}");
    assert!(difference < 0.06, "{difference}");
}

#[test]
fn what_cannot_be_searched_is_said() {
    let search = ThresholdSearch::new().replicates(0).test_replicates(0);
    let pairs = counted(&[(10.0, 1, 5), (20.0, 4, 5)]);
    assert_eq!(message(search.clone().cuts(0).fit(&pairs)), "the number of cuts is 0; expected 1 or more");
    assert_eq!(
        message(search.clone().cuts(2).criterion(Criterion::Youden).fit(&pairs)),
        "the number of cuts is 2; expected 1 for Youden's index"
    );
    assert_eq!(
        message(search.clone().least_share(0.6).fit(&pairs)),
        "the least share of a segment is 0.6; expected above 0, and at most 1/2"
    );
    assert_eq!(
        message(search.clone().cuts(2).fit(&pairs)),
        "the threshold: 2 distinct values of satisfaction do not part into 3 segments with 10 % of the respondents or more \
         in each"
    );
    assert_eq!(
        message(search.clone().fit(&counted(&[(10.0, 5, 5), (20.0, 5, 5)]))),
        "the threshold: everybody has the same intention"
    );
    assert!(search.clone().step(0.0).fit(&pairs).is_err() && search.clone().step(f64::NAN).fit(&pairs).is_err());
    assert!(search.clone().least_share(f64::NAN).fit(&pairs).is_err());
    assert!(search.clone().cuts(usize::MAX).fit(&pairs).is_err());
    assert!(search.replicates(usize::MAX).fit(&pairs).is_err());
}

#[test]
fn the_table_tells_the_cut_its_interval_and_the_tests() {
    let groups: Vec<(f64, u32, u32)> =
        (0..20).map(|at| (f64::from(at) * 5.0, if at < 12 { 1 } else { 4 }, 5)).collect();
    let found = ThresholdSearch::new().test_replicates(99).confidence(Confidence::P90).fit(&counted(&groups)).unwrap();
    let text = found.to_string();
    let cut = found.cuts()[0];
    assert_eq!(cut.value(), 57.5);
    assert!(text.contains(&format!("57.5  {:.1}", cut.interval().unwrap())), "{text}");
    // (60·0.24² + 40·0.36²)/(100·0.44·0.56)
    assert!(text.contains("share of the variance between the segments: 0.351"), "{text}");
    assert!(text.contains("test of the search (permutations): p = 0.0100"), "{text}");
    assert!(text.contains("test of the search (Miller & Siegmund): p < 0.0001"), "{text}");
}
