//! What holds of all pairs.

use proptest::collection::vec;
use proptest::prelude::*;
use satindex::Confidence;
use satindex::monitoring::loyalty::{Bands, Isotonic, LogisticCurve, Pairs, ThresholdSearch, TrendScores};

/// Satisfaction on few distinct values, intention, frequency.
fn rows() -> impl Strategy<Value = Vec<(f64, bool, u32)>> {
    vec(((0_u8..12).prop_map(|value| f64::from(value) * 8.0), any::<bool>(), 1_u32..4), 1..40)
}

fn pairs(rows: &[(f64, bool, u32)]) -> Pairs {
    let pairs = Pairs::new(rows.iter().map(|row| row.0), rows.iter().map(|row| row.1)).unwrap();
    pairs.with_frequencies(rows.iter().map(|row| row.2)).unwrap()
}

/// All that can be said of the pairs, as text to the last digit.
fn everything(pairs: &Pairs) -> String {
    let shares = Bands::new(["low", "middle", "high"], [30.0, 60.0]).unwrap().shares(pairs);
    let threshold = ThresholdSearch::new().replicates(20).test_replicates(19).seed(3).fit(pairs);
    let isotonic = Isotonic::new().replicates(20).seed(4).fit(pairs);
    let logistic = LogisticCurve::fit(pairs);
    format!("{shares:?} {:?} {threshold:?} {isotonic:?} {logistic:?}", shares.trend(&TrendScores::Numbers))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn neither_the_order_of_rows_nor_their_repetition_matters(rows in rows(), turn in 0_usize..40) {
        let expected = everything(&pairs(&rows));
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        turned.reverse();
        prop_assert_eq!(&everything(&pairs(&turned)), &expected);
        let repeated: Vec<(f64, bool, u32)> =
            rows.iter().flat_map(|(value, yes, times)| (0..*times).map(|_| (*value, *yes, 1))).collect();
        prop_assert_eq!(&everything(&pairs(&repeated)), &expected);
    }

    #[test]
    fn the_order_of_rows_with_sampling_weights_does_not_matter(rows in rows()) {
        let weighted = |rows: &[(f64, bool, u32)]| {
            let weights: Vec<f64> = rows.iter().map(|row| 0.3 * f64::from(row.2)).collect();
            pairs(rows).with_sampling_weights(weights).unwrap()
        };
        let mut turned = rows.clone();
        turned.reverse();
        prop_assert_eq!(everything(&weighted(&turned)), everything(&weighted(&rows)));
    }

    /// The level at i is the greatest, over j ≤ i, of the least mean of j to k over k ≥ i.
    #[test]
    fn isotonic_levels_are_greatest_least_means(rows in rows()) {
        let mut cells = [(0.0, 0.0); 12];
        for (value, yes, times) in &rows {
            let cell = cells.iter_mut().enumerate().find(|(at, _)| *at as f64 * 8.0 == *value).unwrap().1;
            cell.0 += if *yes { f64::from(*times) } else { 0.0 };
            cell.1 += f64::from(*times);
        }
        let cells: Vec<(usize, (f64, f64))> = cells.into_iter().enumerate().filter(|(_, cell)| cell.1 > 0.0).collect();
        let mean = |from: usize, to: usize| {
            let sums = cells[from..=to].iter().fold((0.0, 0.0), |sum, (_, cell)| (sum.0 + cell.0, sum.1 + cell.1));
            sums.0 / sums.1
        };
        let curve = Isotonic::new().replicates(2).fit(&pairs(&rows)).unwrap();
        for (i, (value, _)) in cells.iter().enumerate() {
            let least = |j: usize| (i..cells.len()).map(|k| mean(j, k)).fold(f64::INFINITY, f64::min);
            let expected = (0..=i).map(least).fold(0.0, f64::max);
            let found = curve.share_at(*value as f64 * 8.0).unwrap();
            prop_assert!((found - expected).abs() < 1e-14, "{} {}", found, expected);
        }
        prop_assert!(curve.levels().windows(2).all(|pair| pair[0].share() < pair[1].share()));
    }

    /// At the maximum the residuals sum to 0, alone and times satisfaction.
    #[test]
    fn the_likelihood_of_a_logistic_curve_is_level_at_its_maximum(rows in rows()) {
        let Ok(curve) = LogisticCurve::fit(&pairs(&rows)) else { return Ok(()) };
        let (mut sum, mut moment, mut n) = (0.0, 0.0, 0.0);
        for (value, yes, times) in &rows {
            let share = curve.point(*value, Confidence::P95).unwrap().share();
            let residual = f64::from(*times) * (f64::from(u8::from(*yes)) - share);
            sum += residual;
            moment += residual * value / 100.0;
            n += f64::from(*times);
        }
        prop_assert!(sum.abs() < 1e-12 * n && moment.abs() < 1e-12 * n, "{sum} {moment}");
    }

    /// The same as a whole, turned round: those who say no fall as those who say yes rise.
    #[test]
    fn no_is_yes_turned_round(rows in rows()) {
        let turned: Vec<(f64, bool, u32)> = rows.iter().map(|(value, yes, times)| (*value, !yes, *times)).collect();
        let (one, other) = (LogisticCurve::fit(&pairs(&rows)), LogisticCurve::fit(&pairs(&turned)));
        prop_assert_eq!(one.is_ok(), other.is_ok());
        if let (Ok(one), Ok(other)) = (one, other) {
            prop_assert!((one.slope() + other.slope()).abs() <= 1e-11 * (1.0 + one.slope().abs()));
            prop_assert!((one.slope_std_error() - other.slope_std_error()).abs() <= 1e-9 * one.slope_std_error());
        }
    }
}
