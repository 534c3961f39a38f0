//! Input that nobody should give.

use satindex::Confidence;
use satindex::monitoring::loyalty::{Bands, Criterion, Isotonic, LogisticCurve, Pairs, ThresholdSearch, TrendScores};
use satindex::survey::{Proportion, ProportionInterval};

fn ask_everything(pairs: &Pairs) {
    let shares = Bands::new(["low", "high"], [50.0]).unwrap().shares(pairs);
    for band in shares.bands() {
        let Some(share) = band.proportion() else { continue };
        assert!((0.0..=1.0).contains(&share.share()) && share.n() > 0.0 && share.effective_n() >= 1.0, "{share:?}");
        for kind in [ProportionInterval::Wilson, ProportionInterval::ClopperPearson] {
            let interval = share.interval(kind, Confidence::P99);
            assert!(interval.lower() <= interval.upper() && interval.upper() <= 1.0, "{interval}");
        }
    }
    if let Ok(trend) = shares.trend(&TrendScores::Numbers) {
        assert!(trend.z().is_finite());
    }
    for criterion in [Criterion::Variance, Criterion::Likelihood, Criterion::Youden] {
        let search = ThresholdSearch::new().criterion(criterion).replicates(20).test_replicates(20);
        if let Ok(found) = search.fit(pairs) {
            assert!(found.value().is_finite() && found.cuts()[0].value().is_finite());
        }
    }
    let curve = Isotonic::new().replicates(20).fit(pairs).unwrap();
    assert!(curve.points().iter().all(|point| (0.0..=1.0).contains(&point.share())));
    if let Ok(curve) = LogisticCurve::fit(pairs) {
        let point = curve.point(50.0, Confidence::P95).unwrap();
        assert!(curve.slope().is_finite() && curve.slope_std_error().is_finite() && point.share().is_finite());
        assert!(point.interval().contains(point.share()), "{point:?}");
        assert!(curve.satisfaction_for(0.5, Confidence::P99).is_ok_and(|(needed, _)| needed.is_finite()));
    }
    let _ = format!("{shares} {curve}");
}

#[test]
fn nothing_panics_and_nothing_is_nan() {
    let alternate = |n: usize| (0..n).map(|at| at % 3 == 0).collect::<Vec<_>>();
    let lists: [Vec<f64>; 8] = [
        vec![50.0],
        vec![0.0, 100.0],
        vec![50.0; 400],
        (0..400).map(|at| f64::from(at % 7)).collect(),
        (0..400).map(|at| 50.0 + f64::from(at % 50) * 1e-14).collect(),
        (0..40).map(|at| f64::from(at % 20) * 1e-300).collect(),
        (0..40).map(|at| f64::from(at % 20) * 5e-324).collect(),
        vec![-0.0, 0.0, 100.0, 1e-308],
    ];
    for values in lists {
        let n = values.len();
        let pairs = Pairs::new(values, alternate(n)).unwrap();
        ask_everything(&pairs);
        ask_everything(
            &pairs.clone().with_frequencies((0..n).map(|at| if at % 2 == 0 { u32::MAX } else { 1 })).unwrap(),
        );
        for unit in [1e300, 1.0, 1e-300] {
            for other in [1e-3, 1e-300] {
                let weights = (0..n).map(|at| if at % 2 == 0 { unit } else { other });
                ask_everything(&pairs.clone().with_sampling_weights(weights).unwrap());
            }
        }
    }
    let all = Pairs::new((0..50).map(f64::from), [true; 50]).unwrap();
    ask_everything(&all);
}

#[test]
fn weights_whose_sum_is_too_large_are_refused() {
    let pairs = Pairs::new([1.0, 2.0], [true, false]).unwrap();
    let refused = super::message(pairs.with_sampling_weights([f64::MAX, f64::MAX]));
    assert_eq!(refused, "the sum of the sampling weights is inf; expected a finite number");
}

#[test]
fn shares_of_very_many_have_intervals() {
    for (yes, n) in [(0, u64::MAX), (1, u64::MAX), (u64::MAX / 3, u64::MAX), (u64::MAX, u64::MAX)] {
        let share = Proportion::new(yes, n).unwrap();
        for kind in [ProportionInterval::Wilson, ProportionInterval::AgrestiCoull, ProportionInterval::Wald] {
            let interval = share.interval(kind, Confidence::P95);
            assert!(interval.upper() - interval.lower() < 1e-8, "{interval:?}");
        }
        let interval = share.interval(ProportionInterval::ClopperPearson, Confidence::P95);
        assert!(interval.contains(share.share()));
    }
}

#[cfg(feature = "serde")]
#[test]
fn specifications_are_checked_when_read() {
    use satindex::monitoring::loyalty::TopBoxes;
    use satindex::survey::Scale;

    let search = ThresholdSearch::new().cuts(2).step(0.5);
    let text = serde_json::to_string(&search).unwrap();
    assert_eq!(serde_json::from_str::<ThresholdSearch>(&text).unwrap(), search);
    assert_eq!(serde_json::from_str::<ThresholdSearch>(r#"{"cuts":2,"step":0.5}"#).unwrap(), search);
    let bands = Bands::new(["low", "high"], [50.0]).unwrap();
    let text = serde_json::to_string(&bands).unwrap();
    assert_eq!(serde_json::from_str::<Bands>(&text).unwrap(), bands);
    assert!(serde_json::from_str::<Bands>(&text.replace("50.0", "150.0")).is_err());
    let boxes = TopBoxes::new(Scale::ONE_TO_TEN, 2).unwrap();
    let text = serde_json::to_string(&boxes).unwrap();
    assert_eq!(serde_json::from_str::<TopBoxes>(&text).unwrap(), boxes);
    assert!(serde_json::from_str::<TopBoxes>(&text.replace("\"boxes\":2", "\"boxes\":10")).is_err());
    let isotonic = Isotonic::new().points([10.0]);
    let text = serde_json::to_string(&isotonic).unwrap();
    assert_eq!(serde_json::from_str::<Isotonic>(&text).unwrap(), isotonic);
}
