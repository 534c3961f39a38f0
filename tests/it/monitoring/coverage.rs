//! How often intervals hold the truth: a study over simulated surveys of 400 respondents.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use satindex::Confidence;
use satindex::monitoring::loyalty::{Isotonic, LogisticCurve, Pairs, ThresholdSearch};

const SURVEYS: u64 = 400;

/// Surveys whose share of yes runs with satisfaction as given.
fn surveys(share: fn(f64) -> f64) -> impl Iterator<Item = Pairs> {
    (0..SURVEYS).map(move |seed| {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        let satisfaction: Vec<f64> = (0..400).map(|_| 100.0 * generator.random::<f64>()).collect();
        let yes: Vec<bool> = satisfaction.iter().map(|x| generator.random::<f64>() < share(*x)).collect();
        Pairs::new(satisfaction, yes).unwrap()
    })
}

/// Of 95 %: the curves at five satisfactions, 2,000 intervals in all. The standard error of a coverage of 95 % is 0.5 %,
/// and more as those of one survey go together.
#[test]
#[ignore = "slow: a study"]
fn curves_hold_the_truth() {
    let truth = |x: f64| 1.0 / (1.0 + (-(x - 50.0) / 15.0).exp());
    let (mut isotonic, mut logistic, mut all) = (0_u32, 0_u32, 0_u32);
    for pairs in surveys(truth) {
        let curve = Isotonic::new().points([20.0, 35.0, 50.0, 65.0, 80.0]).replicates(400).fit(&pairs).unwrap();
        let smooth = LogisticCurve::fit(&pairs).unwrap();
        for point in curve.points() {
            let (x, expected) = (point.satisfaction(), truth(point.satisfaction()));
            isotonic += u32::from(point.interval().contains(expected));
            logistic += u32::from(smooth.point(x, Confidence::P95).unwrap().interval().contains(expected));
            all += 1;
        }
    }
    let [isotonic, logistic] = [isotonic, logistic].map(|held| f64::from(held) / f64::from(all));
    assert!((0.93..0.97).contains(&logistic), "{logistic}");
    // The bootstrap of a monotone estimate falls a little short.
    assert!((0.91..0.96).contains(&isotonic), "{isotonic}");
}

/// A share of 35 % below 60 and 75 % from there on.
#[test]
#[ignore = "slow: a study"]
fn cuts_hold_a_jump() {
    let jump = |x: f64| if x >= 60.0 { 0.75 } else { 0.35 };
    let held = surveys(jump).filter(|pairs| {
        let found = ThresholdSearch::new().replicates(400).test_replicates(0).fit(pairs).unwrap();
        found.cuts()[0].interval().unwrap().contains(60.0)
    });
    let held = held.count() as f64 / SURVEYS as f64;
    assert!((0.92..0.99).contains(&held), "{held}");
}
