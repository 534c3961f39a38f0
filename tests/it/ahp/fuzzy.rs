//! Fuzzy judgements: golden figures, theorems, hostile input.

use approx::assert_relative_eq;
use proptest::prelude::*;
use satindex::ahp::{
    FuzzyJudgements, FuzzyNumber, Judgements, Method, fuzzy::Defuzzification, fuzzy::FuzzyMethod,
    fuzzy::FuzzyPriorities,
};
use serde_json::Value;

use crate::ahp::numbers;

const METHODS: [FuzzyMethod; 4] =
    [FuzzyMethod::GeometricMean, FuzzyMethod::Extent, FuzzyMethod::NormalisedExtent, FuzzyMethod::Constrained];

fn golden() -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("../golden/fuzzy_judgements.json")).unwrap();
    golden["examples"].as_array().unwrap().clone()
}

fn triangles(value: &Value) -> Vec<[f64; 3]> {
    value.as_array().unwrap().iter().map(|row| numbers(row).try_into().unwrap()).collect()
}

fn labels(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("c{i}")).collect()
}

fn judgements(entry: &Value) -> FuzzyJudgements {
    let upper: Vec<FuzzyNumber> =
        triangles(&entry["upper"]).iter().map(|[l, m, u]| FuzzyNumber::triangular(*l, *m, *u).unwrap()).collect();
    FuzzyJudgements::from_upper(labels(usize::try_from(entry["size"].as_u64().unwrap()).unwrap()), &upper).unwrap()
}

/// Rounding of a few dozen operations on numbers of one size; print of 15 digits.
fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_relative_eq!(found, expected, epsilon = 0.0, max_relative = 1e-13);
    }
}

fn assert_triangles(found: &FuzzyPriorities, expected: &Value) {
    for (found, [l, m, u]) in found.numbers().iter().zip(triangles(expected)) {
        assert_close(&found.corners(), &[l, m, m, u]);
    }
}

#[test]
fn chang_agrees_with_the_formulas_and_print() {
    for entry in golden() {
        let (found, expected) = (judgements(&entry).priorities(FuzzyMethod::Extent).unwrap(), &entry["chang"]);
        assert_triangles(&found, &expected["extents"]);
        for (row, number) in expected["possibility"].as_array().unwrap().iter().zip(found.numbers()) {
            for (degree, other) in row.as_array().unwrap().iter().zip(found.numbers()) {
                // The diagonal is not given there.
                let degree = degree.as_f64().unwrap_or(1.0);
                assert_relative_eq!(number.possibility_at_least(*other), degree, epsilon = 0.0, max_relative = 1e-13);
            }
        }
        let possibility = found.possibility().unwrap();
        assert_close(possibility.degrees(), &numbers(&expected["degrees"]));
        assert_close(possibility.weights().values(), &numbers(&expected["weights"]));
        if let Some(published) = entry.get("published") {
            for (found, printed) in possibility.weights().values().iter().zip(numbers(&published["weights"])) {
                // Two decimals of figures rounded to two decimals on the way.
                assert_relative_eq!(*found, printed, epsilon = 8e-3);
            }
        }
    }
}

#[test]
fn the_zeros_of_the_possibility_degree_are_flagged() {
    let entry = &golden()[1];
    let weights = judgements(entry).priorities(FuzzyMethod::Extent).unwrap().possibility().unwrap();
    assert_eq!(weights.zeros().collect::<Vec<_>>(), ["c1", "c2", "c3"]);
    assert!(weights.to_string().ends_with("weight 0 by the possibility degree, though judged to count: c1, c2, c3\n"));
}

#[test]
fn buckley_agrees_with_the_formulas_and_packages() {
    for entry in golden() {
        let (found, expected) = (judgements(&entry).priorities(FuzzyMethod::GeometricMean).unwrap(), &entry["buckley"]);
        assert_triangles(&found, &expected["fuzzy_weights"]);
        let centroids: Vec<f64> =
            found.numbers().iter().map(|number| number.defuzzified(Defuzzification::Centroid).unwrap()).collect();
        assert_close(&centroids, &numbers(&expected["centroids"]));
        let weights = found.weights(Defuzzification::Centroid).unwrap();
        assert_close(weights.values(), &numbers(&expected["weights"]));
        assert_close(found.possibility().unwrap().weights().values(), &numbers(&entry["buckley_possibility"]));
    }
}

#[test]
fn wang_agrees_with_the_package() {
    for entry in golden() {
        let (found, expected) = (judgements(&entry).priorities(FuzzyMethod::NormalisedExtent).unwrap(), &entry["wang"]);
        assert_triangles(&found, &expected["fuzzy_weights"]);
        assert_close(found.possibility().unwrap().weights().values(), &numbers(&expected["weights"]));
    }
}

/// `FuzzyAHP` looks at two of the reciprocal matrices only, all lower and all upper bounds above the diagonal; from n = 4 on
/// that can miss the ends. So its range must lie inside the exact one, and be it for n = 3.
#[test]
fn krejci_agrees_with_the_package_where_the_package_is_exact() {
    for entry in golden() {
        let found = judgements(&entry).priorities(FuzzyMethod::Constrained).unwrap();
        if found.labels().len() == 3 {
            assert_triangles(&found, &entry["krejci"]);
            continue;
        }
        for (at, (found, [l, m, u])) in found.numbers().iter().zip(triangles(&entry["krejci"])).enumerate() {
            let [a, b, c, d] = found.corners();
            assert_close(&[b, c], &[m, m]);
            if matches!(at, 1 | 2) {
                assert_close(&[a, d], &[l, u]);
            } else {
                assert!(a < l - 1e-4 && d > u + 1e-4, "{found} {l} {u}");
            }
        }
    }
}

/// Two matrices between the bounds of the package's example, with weights of the first thing outside the package's range.
#[test]
fn the_package_misses_possible_weights() {
    let entry = &golden()[1];
    let weight = |upper: [f64; 6]| {
        for (value, [l, _, u]) in upper.iter().zip(triangles(&entry["upper"])) {
            assert!((l..=u).contains(value));
        }
        let judgements = Judgements::from_upper(labels(4), &upper).unwrap();
        judgements.priorities(Method::GeometricMean).unwrap().weights().values()[0]
    };
    let [l, _, u] = triangles(&entry["krejci"])[0];
    let found = judgements(entry).priorities(FuzzyMethod::Constrained).unwrap().numbers()[0].corners();
    let least = weight([4.0, 3.0, 6.0, 1.0 / 3.0, 4.0, 4.0]);
    assert!(least < l - 1e-2);
    assert_relative_eq!(least, found[0], epsilon = 0.0, max_relative = 1e-14);
    let greater = weight([6.0, 5.0, 8.0, 1.0, 2.0, 2.0]);
    assert!(greater > u + 7e-3);
    assert_relative_eq!(greater, found[3], epsilon = 0.0, max_relative = 1e-14);
}

// ---- theorems ----

/// Bounds of a judgement: logs of a scale's reach.
fn ratio() -> impl Strategy<Value = FuzzyNumber> {
    prop::array::uniform4(-2.2..2.2_f64).prop_map(|mut logs| {
        logs.sort_by(f64::total_cmp);
        FuzzyNumber::try_from(logs.map(f64::exp)).unwrap()
    })
}

fn judged(sizes: std::ops::Range<usize>) -> impl Strategy<Value = FuzzyJudgements> {
    sizes.prop_flat_map(|n| {
        prop::collection::vec(ratio(), n * (n - 1) / 2)
            .prop_map(move |upper| FuzzyJudgements::from_upper(labels(n), &upper).unwrap())
    })
}

fn full(judgements: &FuzzyJudgements) -> Vec<Vec<[f64; 4]>> {
    let names = judgements.labels();
    names
        .iter()
        .map(|row| names.iter().map(|column| judgements.get(row, column).unwrap().corners()).collect())
        .collect()
}

/// The row geometric means of a reciprocal matrix between bounds, `share` of the way through each in logs.
fn geometric_means(bounds: &[Vec<[f64; 4]>], share: &dyn Fn(usize, usize) -> f64) -> Vec<f64> {
    let n = bounds.len();
    let mut logs = vec![0.0; n];
    for row in 0..n {
        for column in row + 1..n {
            let [a, .., d] = bounds[row][column];
            let log = a.ln() + share(row, column) * (d.ln() - a.ln());
            logs[row] += log / n as f64;
            logs[column] -= log / n as f64;
        }
    }
    logs.into_iter().map(f64::exp).collect()
}

proptest! {
    #[test]
    fn no_matrix_between_the_bounds_leaves_the_constrained_range(
        judgements in judged(1..6),
        shares in prop::collection::vec(0.0..=1.0_f64, 25),
    ) {
        let found = judgements.priorities(FuzzyMethod::Constrained).unwrap();
        let means = geometric_means(&full(&judgements), &|row, column| shares[row * 5 + column]);
        let sum: f64 = means.iter().sum();
        for (mean, number) in means.iter().zip(found.numbers()) {
            let [a, .., d] = number.corners();
            prop_assert!((a * (1.0 - 1e-13)..=d * (1.0 + 1e-13)).contains(&(mean / sum)));
        }
    }

    /// The least weight is that of a vertex, found among all 2⁶; the greatest is found by making the other rows as equal as
    /// the bounds allow, pair by pair.
    #[test]
    fn the_ends_of_the_constrained_range_are_reached(judgements in judged(4..5)) {
        let found = judgements.priorities(FuzzyMethod::Constrained).unwrap();
        let bounds = full(&judgements);
        let weights = |share: &dyn Fn(usize, usize) -> f64| {
            let means = geometric_means(&bounds, share);
            let sum: f64 = means.iter().sum();
            means.into_iter().map(|mean| mean / sum).collect::<Vec<_>>()
        };
        let place = |row: usize, column: usize| row * (7 - row) / 2 + column - row - 1;
        for (i, number) in found.numbers().iter().enumerate() {
            let vertices = (0..64_u32).map(|bits| {
                weights(&|row, column| f64::from(bits >> place(row, column) & 1))[i]
            });
            let least = vertices.fold(f64::INFINITY, f64::min);
            assert_relative_eq!(number.corners()[0], least, epsilon = 0.0, max_relative = 1e-13);

            let mut shares = [0.0_f64; 6];
            for other in 0..4 {
                let (row, column) = (i.min(other), i.max(other));
                if row < column {
                    shares[place(row, column)] = if row == i { 1.0 } else { 0.0 };
                }
            }
            for _ in 0..200 {
                for row in 0..4 {
                    for column in (row + 1..4).filter(|column| row != i && *column != i) {
                        let means = geometric_means(&bounds, &|row, column| shares[place(row, column)]);
                        let [a, .., d] = bounds[row][column];
                        let step = 2.0 * (means[column] / means[row]).ln() / (d / a).ln();
                        let share = &mut shares[place(row, column)];
                        *share = (*share + step).clamp(0.0, 1.0);
                    }
                }
            }
            let greatest = weights(&|row, column| shares[place(row, column)])[i];
            assert_relative_eq!(number.corners()[3], greatest, epsilon = 0.0, max_relative = 1e-12);
        }
    }

    /// Operations that know of the same number in two places give no wider results than those that do not.
    #[test]
    fn constraints_only_narrow(judgements in judged(1..7)) {
        let by = |method| judgements.priorities(method).unwrap();
        for (narrow, wide) in [
            (by(FuzzyMethod::Constrained), by(FuzzyMethod::GeometricMean)),
            (by(FuzzyMethod::NormalisedExtent), by(FuzzyMethod::Extent)),
        ] {
            for (narrow, wide) in narrow.numbers().iter().zip(wide.numbers()) {
                let ([a, b, c, d], [p, q, r, s]) = (narrow.corners(), wide.corners());
                let slack = 1.0 + 1e-13;
                prop_assert!(p <= a * slack && q <= b * slack && c <= r * slack && d <= s * slack);
            }
        }
    }

    #[test]
    fn plain_consistent_judgements_give_their_weights_back(values in prop::collection::vec(0.1..1.0_f64, 1..7)) {
        let sum: f64 = values.iter().sum();
        let n = values.len();
        let pairs = (0..n).flat_map(|row| (row + 1..n).map(move |column| (row, column)));
        let upper: Vec<FuzzyNumber> =
            pairs.map(|(row, column)| FuzzyNumber::crisp(values[row] / values[column]).unwrap()).collect();
        let judgements = FuzzyJudgements::from_upper(labels(n), &upper).unwrap();
        for method in METHODS {
            let weights = judgements.priorities(method).unwrap().weights(Defuzzification::Centroid).unwrap();
            for (found, value) in weights.values().iter().zip(&values) {
                assert_relative_eq!(*found, value / sum, epsilon = 0.0, max_relative = 1e-13);
            }
        }
    }

    #[test]
    fn another_order_of_the_labels_changes_nothing(judgements in judged(2..6)) {
        let names: Vec<String> = judgements.labels().iter().rev().cloned().collect();
        let pairs = (0..names.len()).flat_map(|row| (row + 1..names.len()).map(move |column| (row, column)));
        let upper: Vec<FuzzyNumber> =
            pairs.map(|(row, column)| judgements.get(&names[row], &names[column]).unwrap()).collect();
        let turned = FuzzyJudgements::from_upper(names.clone(), &upper).unwrap();
        for method in METHODS {
            let (before, after) = (judgements.priorities(method).unwrap(), turned.priorities(method).unwrap());
            for name in &names {
                let (before, after) = (before.get(name).unwrap(), after.get(name).unwrap());
                for (before, after) in before.corners().iter().zip(after.corners()) {
                    assert_relative_eq!(*before, after, epsilon = 0.0, max_relative = 1e-12);
                }
            }
        }
    }

    /// V(x ≥ y) is the supremum over all pairs of values, here over a grid.
    #[test]
    fn possibility_is_the_best_pair_of_values(x in ratio(), y in ratio()) {
        let membership = |number: FuzzyNumber, value: f64| {
            let [a, b, c, d] = number.corners();
            let rising = if value >= b { 1.0 } else { (value - a) / (b - a) };
            let falling = if value <= c { 1.0 } else { (d - value) / (d - c) };
            rising.min(falling).max(0.0)
        };
        // The best pair has equal values, or lies in both cores.
        let best = if x.corners()[2] >= y.corners()[1] {
            1.0
        } else {
            (0..=100_000).map(|step| 10.0 * f64::from(step) / 1e5)
                .map(|value| membership(x, value).min(membership(y, value)))
                .fold(0.0, f64::max)
        };
        // The grid misses the best value by up to 5e-5, times the steeper flank.
        let [[_, _, c, d], [a, b, ..]] = [x.corners(), y.corners()];
        let slope = 1.0 / (d - c).min(b - a);
        prop_assert!((x.possibility_at_least(y) - best).abs() <= 1e-4 * slope + 1e-12);
    }

    #[test]
    fn any_numbers_give_an_error_or_weights(
        corners in prop::collection::vec(
            prop::array::uniform4(prop_oneof![
                any::<f64>(),
                prop::sample::select(vec![0.0, 1.0, 1e-100, 1e100, 1e-300, 1e300, -1.0, f64::MAX, 5e-324]),
            ]),
            6,
        ),
        sorted in any::<bool>(),
        optimism in any::<f64>(),
    ) {
        let numbers: Vec<FuzzyNumber> = corners
            .into_iter()
            .filter_map(|mut corners| {
                if sorted {
                    corners.sort_by(f64::total_cmp);
                }
                FuzzyNumber::try_from(corners).ok()
            })
            .collect();
        for number in &numbers {
            for method in [Defuzzification::Centroid, Defuzzification::MeanOfMaxima, Defuzzification::GradedMean] {
                let (value, [a, .., d]) = (number.defuzzified(method).unwrap(), number.corners());
                let slack = 1e-15 * a.abs().max(d.abs());
                prop_assert!((a - slack..=d + slack).contains(&value), "{number:?} {value}");
            }
            let total = number.defuzzified(Defuzzification::TotalIntegral(optimism));
            prop_assert_eq!(total.is_ok(), (0.0..=1.0).contains(&optimism));
            for other in &numbers {
                prop_assert!((0.0..=1.0).contains(&number.possibility_at_least(*other)));
            }
        }
        let Ok(judgements) = FuzzyJudgements::from_upper(labels(4), &numbers) else { return Ok(()) };
        for method in METHODS {
            let priorities = judgements.priorities(method).unwrap();
            prop_assert!(priorities.weights(Defuzzification::Centroid).is_ok() && priorities.possibility().is_ok());
        }
    }
}

/// Judgements at both ends of what is allowed, and as many as are.
#[test]
fn the_widest_judgements_have_finite_weights() {
    let widest = FuzzyNumber::triangular(1e-100, 1.0, 1e100).unwrap();
    for n in [1, 2, 3, 9, 16, 400] {
        let judgements = FuzzyJudgements::from_upper(labels(n), &vec![widest; n * (n - 1) / 2]).unwrap();
        for method in METHODS {
            let priorities = judgements.priorities(method);
            if n > 16 && method == FuzzyMethod::Constrained {
                let error = priorities.unwrap_err().to_string();
                assert_eq!(error, "the number of labels is 400; expected at most 16 for constrained weights");
                continue;
            }
            let priorities = priorities.unwrap();
            let weights = priorities.weights(Defuzzification::Centroid).unwrap();
            for weight in weights.values() {
                assert_relative_eq!(*weight, 1.0 / n as f64, epsilon = 0.0, max_relative = 1e-11);
            }
            assert_eq!(priorities.possibility().unwrap().zeros().count(), 0);
        }
    }
}

#[test]
fn defuzzification_by_hand() {
    let number = FuzzyNumber::trapezoidal(0.0, 1.0, 2.0, 4.0).unwrap();
    let by = |method| number.defuzzified(method).unwrap();
    // (c² + cd + d² − a² − ab − b²) / (3 (c + d − a − b)) = 27/15.
    assert_close(&[by(Defuzzification::Centroid)], &[1.8]);
    assert_eq!(by(Defuzzification::MeanOfMaxima), 1.5);
    assert_close(&[by(Defuzzification::GradedMean)], &[10.0 / 6.0]);
    assert_eq!(by(Defuzzification::TotalIntegral(0.25)), 0.75 * 0.5 + 0.25 * 3.0);
    let interval = FuzzyNumber::trapezoidal(1.0, 1.0, 3.0, 3.0).unwrap();
    assert_eq!(interval.defuzzified(Defuzzification::Centroid).unwrap(), 2.0);
    assert_eq!(FuzzyNumber::crisp(7.0).unwrap().defuzzified(Defuzzification::Centroid).unwrap(), 7.0);
}

#[test]
fn errors_name_the_corner_and_the_pair() {
    let message = |corners: [f64; 4]| FuzzyNumber::try_from(corners).unwrap_err().to_string();
    assert_eq!(
        message([1.0, f64::NAN, f64::INFINITY, 4.0]),
        "the second corner of a fuzzy number is NaN; expected a finite number; \
         the third corner of a fuzzy number is inf; expected a finite number"
    );
    assert_eq!(
        message([1.0, 3.0, 2.0, 4.0]),
        "the third corner of a fuzzy number is 2; expected at least 3, the corner before"
    );
    assert!(message([0.0, 0.0, 0.0, 1e301]).ends_with("; expected a number from -1e300 to 1e300"));
    let number = FuzzyNumber::triangular(0.0, 1.0, 2.0).unwrap();
    let error = FuzzyJudgements::from_upper(["a", "b"], &[number]).unwrap_err();
    assert_eq!(error.to_string(), "the least value of `a` against `b` is 0; expected a ratio from 1e-100 to 1e100");
    let error = FuzzyJudgements::from_upper(["a", "b", "c"], &[number]).unwrap_err();
    assert_eq!(error.to_string(), "the upper triangle has length 1; expected 3");
    let error = number.cut(1.5).unwrap_err();
    assert_eq!(error.to_string(), "the level of a cut is 1.5; expected a number from 0 to 1");
}

#[test]
fn the_core_is_a_plain_matrix() {
    let number = FuzzyNumber::trapezoidal(1.0, 2.0, 8.0, 9.0).unwrap();
    let judgements = FuzzyJudgements::from_upper(["a", "b"], &[number]).unwrap();
    assert_eq!(judgements.modal().unwrap().get("a", "b").unwrap(), Some(4.0));
    assert_eq!(judgements.get("b", "a").unwrap().corners(), [1.0 / 9.0, 0.125, 0.5, 1.0]);
    assert!(judgements.get("a", "c").unwrap_err().is_unknown_name());
    assert!(judgements.to_string().contains("(1.00, 2.00, 8.00, 9.00)"));
}

#[cfg(feature = "serde")]
#[test]
fn nothing_invalid_is_read_back() {
    let number = FuzzyNumber::triangular(1.0, 2.5, 3.0).unwrap();
    let judgements = FuzzyJudgements::from_upper(["a", "b"], &[number]).unwrap();
    let text = serde_json::to_string(&judgements).unwrap();
    assert_eq!(serde_json::from_str::<FuzzyJudgements>(&text).unwrap(), judgements);
    for (valid, invalid) in [("1.0,2.5", "0.0,2.5"), ("2.5,2.5", "2.5,2.0"), (r#""a""#, r#""b""#)] {
        assert!(text.contains(valid));
        assert!(serde_json::from_str::<FuzzyJudgements>(&text.replace(valid, invalid)).is_err());
    }
}
