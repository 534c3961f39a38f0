//! Loyalty curves against statsmodels and scikit-learn.

use approx::assert_relative_eq;
use satindex::Confidence;
use satindex::monitoring::loyalty::{CurvePoint, Isotonic, LogisticCurve, Pairs};

use super::{counted, golden, message, numbers, survey};

/// statsmodels iterates until the deviance changes by less than 1e-14, which leaves about its root in the estimates.
const STATSMODELS: f64 = 1e-9;

#[test]
fn logistic_curves_agree_with_statsmodels() {
    let golden = golden();
    for (pairs, key) in survey().iter().zip(["plain", "frequencies_fit", "weights_fit"]) {
        let (expected, curve) = (&golden[key], LogisticCurve::fit(pairs).unwrap());
        let figures = [
            ("intercept", curve.intercept()),
            ("slope", curve.slope()),
            ("intercept_se", curve.intercept_std_error()),
            ("slope_se", curve.slope_std_error()),
        ];
        for (name, found) in figures {
            assert_relative_eq!(found, expected[name].as_f64().unwrap(), epsilon = 0.0, max_relative = STATSMODELS);
        }
        for expected in expected["points"].as_array().unwrap() {
            let expected = numbers(expected);
            let point = curve.point(expected[0], Confidence::P95).unwrap();
            let found = [point.satisfaction(), point.share(), point.interval().lower(), point.interval().upper()];
            for (found, expected) in found.iter().zip(expected) {
                assert_relative_eq!(*found, expected, epsilon = 0.0, max_relative = STATSMODELS);
            }
        }
    }
    let (expected, curve) = (&golden["plain"], LogisticCurve::fit(&survey()[0]).unwrap());
    let explained = 1.0 - expected["llf"].as_f64().unwrap() / expected["llnull"].as_f64().unwrap();
    assert_relative_eq!(curve.deviance_explained(), explained, epsilon = 0.0, max_relative = 1e-12);
}

/// Two satisfactions: the curve goes through both shares, logits −ln 3 and ln 3 at 40 and 60, each of variance
/// 1/5 + 1/15.
#[test]
fn a_curve_through_two_points() {
    let curve = LogisticCurve::fit(&counted(&[(40.0, 5, 20), (60.0, 15, 20)])).unwrap();
    let (logit, variance) = (3.0_f64.ln(), 1.0 / 5.0 + 1.0 / 15.0);
    assert_relative_eq!(curve.slope(), logit / 10.0, epsilon = 0.0, max_relative = 1e-14);
    assert_relative_eq!(
        curve.slope_std_error(),
        (2.0_f64 * variance).sqrt() / 20.0,
        epsilon = 0.0,
        max_relative = 1e-14
    );
    let point = curve.point(60.0, Confidence::P90).unwrap();
    assert_relative_eq!(point.share(), 0.75, epsilon = 0.0, max_relative = 1e-14);
    // z = 1.6448536 at 90 %.
    let lower = 1.0 / (1.0 + (-(logit - 1.644_853_627 * variance.sqrt())).exp());
    assert_relative_eq!(point.interval().lower(), lower, epsilon = 0.0, max_relative = 1e-9);
    let (needed, _) = curve.satisfaction_for(0.5, Confidence::P95).unwrap();
    assert_relative_eq!(needed, 50.0, epsilon = 0.0, max_relative = 1e-14);
}

/// At the ends of Fieller's interval the logit is z standard errors away: the interval on the share there ends at the
/// share that was asked for.
#[test]
fn the_satisfaction_for_a_share_has_fiellers_interval() {
    let curve = LogisticCurve::fit(&survey()[0]).unwrap();
    let confidence = Confidence::P90;
    let (needed, interval) = curve.satisfaction_for(0.45, confidence).unwrap();
    let interval = interval.unwrap();
    assert!(interval.contains(needed));
    let at = |x: f64| curve.point(x, confidence).unwrap().interval();
    assert_relative_eq!(at(interval.lower()).upper(), 0.45, epsilon = 0.0, max_relative = 1e-12);
    assert_relative_eq!(at(interval.upper()).lower(), 0.45, epsilon = 0.0, max_relative = 1e-12);
    // A slope that may be 0 bounds nothing.
    let flat = LogisticCurve::fit(&counted(&[(40.0, 9, 20), (60.0, 11, 20)])).unwrap();
    assert!(flat.p_value() > 0.5 && flat.slope_interval(Confidence::P95).contains(0.0));
    assert_eq!(flat.satisfaction_for(0.5, Confidence::P95).unwrap().1, None);
    let level = LogisticCurve::fit(&counted(&[(40.0, 10, 20), (60.0, 10, 20)])).unwrap();
    assert!(level.satisfaction_for(0.8, Confidence::P95).is_err());
    assert_eq!(message(curve.satisfaction_for(1.0, confidence)), "the share is 1; expected a number between 0 and 1");
}

#[test]
fn separation_is_an_error_that_says_where() {
    let complete = LogisticCurve::fit(&counted(&[(20.0, 0, 5), (60.0, 0, 5), (65.0, 5, 5)]));
    assert_eq!(
        message(complete.clone()),
        "satisfaction separates the intentions: all who say no are at 60 or below, all who say yes at 65 or above; a \
         logistic curve has no finite slope"
    );
    assert!(complete.unwrap_err().is_degenerate());
    // Overlap at a single value is none.
    let nearly = message(LogisticCurve::fit(&counted(&[(20.0, 5, 5), (60.0, 2, 5), (65.0, 0, 5)])));
    assert!(nearly.contains("all who say yes are at 60 or below, all who say no at 60 or above"));
    assert!(LogisticCurve::fit(&counted(&[(20.0, 0, 5), (60.0, 2, 5), (65.0, 5, 5), (10.0, 1, 5)])).is_ok());
    let constant = LogisticCurve::fit(&counted(&[(60.0, 2, 5)]));
    assert_eq!(message(constant), "the loyalty curve: everybody has the same satisfaction");
    let same = LogisticCurve::fit(&counted(&[(60.0, 5, 5), (70.0, 5, 5)]));
    assert_eq!(message(same), "the loyalty curve: everybody has the same intention");
}

#[test]
fn isotonic_curves_agree_with_scikit_learn() {
    let golden = golden();
    for (pairs, key) in survey().iter().zip(["isotonic", "isotonic_frequencies", "isotonic_weights"]) {
        let curve = Isotonic::new().replicates(2).fit(pairs).unwrap();
        for expected in golden[key].as_array().unwrap() {
            let expected = numbers(expected);
            let found = curve.share_at(expected[0]).unwrap();
            assert_relative_eq!(found, expected[1], epsilon = 1e-15, max_relative = 1e-14);
        }
    }
}

#[test]
fn an_isotonic_curve_by_hand() {
    // The shares 0.5, 0.25, 0.6 and 1: the first two are one level of (2 + 1)/(4 + 4).
    let pairs = counted(&[(10.0, 2, 4), (30.0, 1, 4), (50.0, 3, 5), (80.0, 2, 2)]);
    let curve = Isotonic::new().points([0.0, 10.0, 45.0, 80.0, 81.0]).replicates(200).seed(3).fit(&pairs).unwrap();
    let levels: Vec<_> =
        curve.levels().iter().map(|level| (level.from(), level.to(), level.share(), level.n())).collect();
    assert_eq!(levels, [(10.0, 30.0, 0.375, 8.0), (50.0, 50.0, 0.6, 5.0), (80.0, 80.0, 1.0, 2.0)]);
    assert_eq!(
        [9.9, 10.0, 49.9, 50.0, 80.0, 80.1].map(|x| curve.share_at(x)),
        [None, Some(0.375), Some(0.375), Some(0.6), Some(1.0), None]
    );
    // Points outside the range are left out; every interval holds its share.
    let points: Vec<f64> = curve.points().iter().map(CurvePoint::satisfaction).collect();
    assert_eq!(points, [10.0, 45.0, 80.0]);
    assert!(curve.points().iter().all(|point| point.interval().contains(point.share())));
}

/// All 10 below say no and all 10 above say yes, in every sample; Wilson's bounds of 0/10 and 10/10 are z²/(10 + z²) off.
#[test]
fn unanimity_is_no_certainty() {
    let curve = Isotonic::new().seed(1).fit(&counted(&[(20.0, 0, 10), (80.0, 10, 10)])).unwrap();
    let (first, last) = (curve.points()[0].interval(), curve.points()[curve.points().len() - 1].interval());
    let off = 3.841_458_8 / 13.841_458_8;
    assert_eq!((first.lower(), last.upper()), (0.0, 1.0));
    assert_relative_eq!(first.upper(), off, epsilon = 0.0, max_relative = 1e-7);
    assert_relative_eq!(1.0 - last.lower(), off, epsilon = 0.0, max_relative = 1e-7);
}

/// With one satisfaction the curve is the share, whose bootstrap is binomial: of 40 at 0.3 the quantiles at 2.5 % and
/// 97.5 % are 7/40 and 18/40 (scipy.stats.binom.ppf), give or take one in 40 for 4,000 samples.
#[test]
fn the_bootstrap_draws_as_many_respondents() {
    let curve = Isotonic::new().replicates(4000).seed(5).fit(&counted(&[(50.0, 12, 40)])).unwrap();
    let interval = curve.points()[0].interval();
    assert!((interval.lower() - 7.0 / 40.0).abs() <= 1.0 / 40.0 + 1e-12, "{interval}");
    assert!((interval.upper() - 18.0 / 40.0).abs() <= 1.0 / 40.0 + 1e-12, "{interval}");
    // The same respondents one by one with equal sampling weights: other draws from the same distribution.
    let rows = Pairs::new([50.0; 40], (0..40).map(|at| at < 12)).unwrap().with_sampling_weights([2.5; 40]).unwrap();
    let other = Isotonic::new().replicates(4000).seed(5).fit(&rows).unwrap().points()[0].interval();
    assert!((interval.lower() - other.lower()).abs() <= 1.0 / 40.0 + 1e-12);
    assert!((interval.upper() - other.upper()).abs() <= 1.0 / 40.0 + 1e-12);
}

/// By hand: the logits at 35 and 60 are ∓ln 3 with variances 4/15; that at 50 is 0.2·ln 3 with (0.4² + 0.6²)·4/15.
#[test]
fn curves_are_shown_over_the_observed_range() {
    let pairs = counted(&[(35.0, 5, 20), (60.0, 15, 20)]);
    let curve = LogisticCurve::fit(&pairs).unwrap();
    assert_eq!(
        curve.to_string(),
        "\
Loyalty curve (logistic)
satisfaction  share  95 % interval
------------  -----  --------------
        35.0  0.250  [0.108, 0.478]
        40.0  0.341  [0.183, 0.544]
        50.0  0.555  [0.375, 0.721]
        60.0  0.750  [0.522, 0.892]
slope of the logit: 0.0879 [0.0306, 0.1451]
"
    );
    let isotonic = Isotonic::new().seed(1).confidence(Confidence::P90).fit(&pairs).unwrap();
    assert!(isotonic.to_string().contains("satisfaction  share  90 % interval"));
}
