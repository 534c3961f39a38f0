//! Theorems about judgements, and what any input may lead to.

use approx::assert_relative_eq;
use proptest::prelude::*;
use satindex::ahp::{Batch, Judgements, LeastChange, Method, RandomIndex, Reciprocity};

const ALL: [Method; 8] = [
    Method::Eigenvector,
    Method::LeftEigenvector,
    Method::GeometricMean,
    Method::NormalisedColumnMean,
    Method::RowSum,
    Method::WeightedLeastSquares,
    Method::SingularValue,
    Method::MinimalEigenvalue,
];

fn labels(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("c{i}")).collect()
}

/// On Saaty's scale, 1/9 to 9.
fn grade() -> impl Strategy<Value = f64> {
    (-8_i32..=8).prop_map(|grade| if grade < 0 { 1.0 / f64::from(1 - grade) } else { f64::from(1 + grade) })
}

fn judgements(sizes: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Judgements> {
    let upper = |n: usize| prop::collection::vec(grade(), n * (n - 1) / 2);
    sizes.prop_flat_map(move |n| upper(n).prop_map(move |upper| Judgements::from_upper(labels(n), &upper).unwrap()))
}

/// Weights over a hundredfold range.
fn weights(n: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.1..10.0_f64, n)
}

fn values(judgements: &Judgements, method: Method) -> Vec<f64> {
    judgements.priorities(method).unwrap().weights().values().to_vec()
}

fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    let sum: f64 = expected.iter().sum();
    for (found, expected) in found.iter().zip(expected) {
        assert_relative_eq!(*found, expected / sum, epsilon = 0.0, max_relative = tolerance);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_method_recovers_consistent_weights(w in (1_usize..=9).prop_flat_map(weights)) {
        let judgements = Judgements::consistent(labels(w.len()), &w).unwrap();
        for method in ALL {
            // The condition of the singular vectors' and the least squares' equations costs two digits.
            close(&values(&judgements, method), &w, 1e-13);
        }
        let consistency = judgements.consistency().unwrap();
        assert_relative_eq!(consistency.lambda_max(), w.len() as f64, max_relative = 1e-15);
        prop_assert!(consistency.ci() < 1e-28 && consistency.gci() < 1e-28);
        prop_assert!(consistency.koczkodaj() < 1e-14 && consistency.pelaez_lamata() < 1e-28);
        prop_assert!(judgements.misfits(9).unwrap().is_empty());
    }

    #[test]
    fn the_eigenvalue_is_at_least_n_and_that_of_the_transpose(judgements in judgements(2..=9)) {
        let n = judgements.len() as f64;
        let lambda = |judgements: &Judgements| judgements.consistency().unwrap().lambda_max();
        let found = lambda(&judgements);
        prop_assert!(found >= n);
        assert_relative_eq!(lambda(&judgements.reversed()), found, max_relative = 1e-14);
        // Consistent are those that the geometric mean meets.
        let gci = judgements.consistency().unwrap().gci();
        prop_assert_eq!(found - n > 1e-12, gci > 1e-13);
    }

    /// Aw = λw entry by entry, which is how the residual is promised.
    #[test]
    fn the_eigenvector_has_a_small_residual(judgements in judgements(2..=12)) {
        let priorities = judgements.priorities(Method::Eigenvector).unwrap();
        let w = priorities.weights();
        for (row, weight) in w.iter() {
            let image: f64 = w.iter().map(|(column, w)| judgements.get(row, column).unwrap().unwrap() * w).sum();
            // 1e-14 of the iteration and the rounding of this sum.
            assert_relative_eq!(image / weight, priorities.lambda_max(), epsilon = 0.0, max_relative = 1.3e-14);
        }
    }

    #[test]
    fn of_three_everything_is_known(judgements in judgements(3..=3)) {
        let upper: Vec<f64> = judgements.upper().flatten().collect();
        let d = upper[1] / (upper[0] * upper[2]);
        close(&values(&judgements, Method::Eigenvector), &values(&judgements, Method::GeometricMean), 1e-13);
        let consistency = judgements.consistency().unwrap();
        assert_relative_eq!(consistency.lambda_max(), 1.0 + d.cbrt() + 1.0 / d.cbrt(), max_relative = 1e-14);
        // Where d is 1 up to rounding, both sides are.
        assert_relative_eq!(consistency.gci(), d.ln().powi(2) / 3.0, epsilon = 1e-28, max_relative = 1e-12);
        assert_relative_eq!(consistency.koczkodaj(), 1.0 - d.min(1.0 / d), epsilon = 1e-15, max_relative = 1e-14);
        assert_relative_eq!(consistency.pelaez_lamata(), d + 1.0 / d - 2.0, epsilon = 1e-15, max_relative = 1e-12);
    }

    #[test]
    fn the_geometric_mean_is_inversion_symmetric_and_optimal(
        judgements in judgements(2..=8),
        shift in prop::collection::vec(-0.5..0.5_f64, 8),
    ) {
        let w = values(&judgements, Method::GeometricMean);
        let turned: Vec<f64> = values(&judgements.reversed(), Method::GeometricMean).iter().map(|w| 1.0 / w).collect();
        close(&w, &turned, 1e-14);
        let squares = |w: &[f64]| -> f64 {
            let pairs = (0..w.len()).flat_map(|i| (i + 1..w.len()).map(move |j| (i, j)));
            pairs.zip(judgements.upper()).map(|((i, j), ratio)| (ratio.unwrap() * w[j] / w[i]).ln().powi(2)).sum()
        };
        let moved: Vec<f64> = w.iter().zip(&shift).map(|(w, shift)| w * shift.exp()).collect();
        prop_assert!(squares(&w) <= squares(&moved) * (1.0 + 1e-14) + 1e-28);
    }

    /// D A D⁻¹ is the same opinion in other units.
    #[test]
    fn units_scale_the_weights_and_leave_consistency_alone(
        (judgements, d) in judgements(3..=8).prop_flat_map(|judgements| {
            let n = judgements.len();
            (Just(judgements), weights(n))
        }),
    ) {
        let pairs = (0..d.len()).flat_map(|i| (i + 1..d.len()).map(move |j| (i, j)));
        let upper: Vec<f64> = pairs.zip(judgements.upper()).map(|((i, j), ratio)| ratio.unwrap() * d[i] / d[j]).collect();
        let scaled = judgements.with_upper(&upper).unwrap();
        for method in [Method::Eigenvector, Method::LeftEigenvector, Method::GeometricMean] {
            let expected: Vec<f64> = values(&judgements, method).iter().zip(&d).map(|(w, d)| w * d).collect();
            // The eigenvalues may lie close: a residual of 1e-14 becomes ten times as much in the vector.
            close(&values(&scaled, method), &expected, 1e-12);
        }
        let (before, after) = (judgements.consistency().unwrap(), scaled.consistency().unwrap());
        assert_relative_eq!(after.ci(), before.ci(), epsilon = 1e-28, max_relative = 1e-12);
        assert_relative_eq!(after.gci(), before.gci(), epsilon = 1e-28, max_relative = 1e-12);
        assert_relative_eq!(after.koczkodaj(), before.koczkodaj(), epsilon = 1e-14, max_relative = 1e-13);
        assert_relative_eq!(after.pelaez_lamata(), before.pelaez_lamata(), epsilon = 1e-28, max_relative = 1e-12);
    }

    #[test]
    fn names_may_come_in_any_order(
        (judgements, order) in judgements(2..=7).prop_flat_map(|judgements| {
            let order: Vec<usize> = (0..judgements.len()).collect();
            (Just(judgements), Just(order).prop_shuffle())
        }),
    ) {
        let names: Vec<&String> = order.iter().map(|at| &judgements.labels()[*at]).collect();
        let pairs = judgements.pairs().map(|(row, column, ratio)| (row.to_owned(), column.to_owned(), ratio.unwrap()));
        let shuffled = Judgements::from_pairs(names.iter().map(|name| name.as_str()), pairs).unwrap();
        for method in ALL {
            let (weights, other) = (judgements.priorities(method).unwrap(), shuffled.priorities(method).unwrap());
            for (name, weight) in weights.weights().iter() {
                assert_relative_eq!(other.weights().get(name).unwrap(), weight, epsilon = 0.0, max_relative = 1e-11);
            }
        }
        let (before, after) = (judgements.consistency().unwrap(), shuffled.consistency().unwrap());
        assert_relative_eq!(after.gci(), before.gci(), epsilon = 1e-28, max_relative = 1e-12);
        assert_relative_eq!(
            after.salo_hamalainen().unwrap(),
            before.salo_hamalainen().unwrap(),
            epsilon = 1e-15,
            max_relative = 1e-12
        );
        prop_assert_eq!(after.circular_triads(), before.circular_triads());
        prop_assert_eq!(after.intransitive_triads(), before.intransitive_triads());
    }

    /// Each thing is compared with one before it, as the tree says; nothing else is known.
    #[test]
    fn a_tree_is_met_exactly(
        (w, tree) in (2_usize..=12).prop_flat_map(|n| (weights(n), prop::collection::vec(any::<prop::sample::Index>(), n - 1))),
    ) {
        let names = labels(w.len());
        let pairs = tree.iter().enumerate().map(|(at, before)| {
            let (i, j) = (before.index(at + 1), at + 1);
            (names[i].clone(), names[j].clone(), w[i] / w[j])
        });
        let judgements = Judgements::from_pairs(names.clone(), pairs).unwrap();
        for method in [Method::Eigenvector, Method::GeometricMean, Method::MinimalEigenvalue] {
            let priorities = judgements.priorities(method).unwrap();
            close(priorities.weights().values(), &w, 1e-13);
            prop_assert!(priorities.ci() < 1e-26);
            let consistency = priorities.consistency().unwrap();
            prop_assert_eq!(consistency.gci(), 0.0);
            prop_assert!(consistency.cr(RandomIndex::Saaty) < 1e-20);
            let completed = priorities.completed().unwrap();
            close(&values(&completed, Method::RowSum), &w, 1e-12);
        }
    }

    /// The completion has the least λ of all; Harker's and the least squares' completions are no better.
    #[test]
    fn no_completion_is_more_consistent(judgements in judgements(3..=7), gaps in prop::collection::vec(any::<bool>(), 21)) {
        let mut cells: Vec<Option<f64>> = judgements.upper().collect();
        // The comparisons with the first stay, so that everything is connected.
        for (cell, gap) in cells.iter_mut().skip(judgements.len() - 1).zip(gaps) {
            *cell = cell.filter(|_| gap);
        }
        let judgements = judgements.with_upper(&cells).unwrap();
        let minimal = judgements.priorities(Method::MinimalEigenvalue).unwrap();
        let lambda = |judgements: &Judgements| judgements.consistency().unwrap().lambda_max();
        let least = lambda(&minimal.completed().unwrap());
        assert_relative_eq!(least, minimal.lambda_max(), max_relative = 1e-13);
        for method in [Method::Eigenvector, Method::GeometricMean] {
            let other = judgements.priorities(method).unwrap().completed().unwrap();
            prop_assert!(lambda(&other) >= least * (1.0 - 1e-13));
        }
        for (row, column) in judgements.unknown() {
            for factor in [0.99, 1.01] {
                let completed = minimal.completed().unwrap();
                let ratio = completed.get(row, column).unwrap().unwrap() * factor;
                prop_assert!(lambda(&completed.with(row, column, ratio).unwrap()) >= least * (1.0 - 1e-14));
            }
        }
    }

    #[test]
    fn misfits_never_suggest_worse(judgements in judgements(3..=6)) {
        let ci = judgements.consistency().unwrap().ci();
        let misfits = judgements.misfits(usize::MAX).unwrap();
        for misfit in &misfits {
            let revised = judgements.with(misfit.row(), misfit.column(), misfit.suggested()).unwrap();
            let found = revised.consistency().unwrap().ci();
            assert_relative_eq!(found, misfit.ci(), epsilon = 1e-15, max_relative = 1e-11);
            prop_assert!(found <= ci + 1e-15);
        }
        prop_assert!(misfits.windows(2).all(|pair| pair[0].error() >= pair[1].error()));
    }

    #[test]
    fn batches_are_the_same_bit_for_bit(
        (n, uppers) in (1_usize..=8).prop_flat_map(|n| {
            let upper = prop::collection::vec(prop::option::weighted(0.98, grade()), n * (n - 1) / 2);
            (Just(n), prop::collection::vec(upper, 1..20))
        }),
        consistency in any::<bool>(),
    ) {
        let blank = Judgements::new(labels(n)).unwrap();
        let all: Vec<Judgements> = uppers.iter().map(|upper| blank.with_upper(upper).unwrap()).collect();
        for method in [Method::Eigenvector, Method::GeometricMean, Method::RowSum] {
            let batch = if consistency { Batch::new(method) } else { Batch::new(method).without_consistency() };
            let alone: Vec<_> = all.iter().map(|judgements| judgements.priorities(method)).collect();
            match batch.run(&all) {
                Err(error) => {
                    let first = alone.iter().position(Result::is_err).unwrap();
                    let place = format!("respondent {}: ", first + 1);
                    prop_assert!(error.to_string().starts_with(&place));
                }
                Ok(found) => {
                    prop_assert_eq!(found.len(), all.len());
                    for (at, alone) in alone.iter().enumerate() {
                        let alone = alone.as_ref().unwrap();
                        prop_assert_eq!(&found.weights(at).unwrap(), alone.weights());
                        if consistency {
                            prop_assert_eq!(found.ci()[at], alone.ci());
                            let cr = alone.consistency().unwrap().cr(RandomIndex::Saaty);
                            prop_assert_eq!(found.cr(RandomIndex::Saaty)[at], cr);
                        }
                    }
                }
            }
        }
    }
}

/// Anything that an f64 can be.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => grade(),
        2 => (-100.0..100.0_f64).prop_map(|power| 10.0_f64.powf(power)),
        2 => prop::sample::select(vec![1e-100, 1e100, 1.0, 1e-50]),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, 0.0, -1.0, 1e-300, 1e300, f64::MIN_POSITIVE, f64::MAX]),
        1 => any::<f64>(),
    ]
}

/// Ratios as far apart as they may be.
fn extreme() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-100.0..100.0_f64).prop_map(|power| 10.0_f64.powf(power)),
        prop::sample::select(vec![1e-100, 1e100, 1.0])
    ]
}

fn finite_or_typed(judgements: &Judgements) {
    for method in ALL {
        match judgements.priorities(method) {
            Err(error) => {
                assert!(error.is_degenerate() || error.is_missing() || error.is_not_converged(), "{method}: {error}");
            }
            Ok(priorities) => {
                assert!(priorities.lambda_max() >= judgements.len() as f64 && priorities.lambda_max().is_finite());
                assert!(priorities.mean_ratio().is_finite() && priorities.ci() >= 0.0);
                let consistency = priorities.consistency().unwrap();
                let numbers = [
                    consistency.cr(RandomIndex::Saaty),
                    consistency.gci(),
                    consistency.koczkodaj(),
                    consistency.pelaez_lamata(),
                    consistency.relative_error(),
                    consistency.hci().unwrap_or(0.0),
                    consistency.hcr().unwrap_or(0.0),
                    consistency.salo_hamalainen().unwrap_or(0.0),
                    consistency.golden_wang().unwrap_or(0.0),
                    consistency.zeta().unwrap_or(0.0),
                ];
                assert!(numbers.iter().all(|number| number.is_finite() && *number >= 0.0), "{numbers:?}");
                assert!(priorities.violations().is_finite());
                assert!(!priorities.to_string().is_empty() && !consistency.to_string().is_empty());
            }
        }
    }
    if let Ok(misfits) = judgements.misfits(2) {
        assert!(misfits.iter().all(|misfit| misfit.error() >= 1.0 && misfit.suggested() > 0.0 && misfit.ci() >= 0.0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_upper_triangle_is_an_error_or_finite(
        (n, upper) in (0_usize..=6).prop_flat_map(|n| {
            (Just(n), prop::collection::vec(prop::option::weighted(0.9, wild()), n * n.saturating_sub(1) / 2))
        }),
    ) {
        match Judgements::from_upper(labels(n), &upper) {
            Err(error) => prop_assert!(error.is_invalid_value()),
            Ok(judgements) => finite_or_typed(&judgements),
        }
    }

    #[test]
    fn extreme_ratios_have_finite_weights(
        (n, upper) in (2_usize..=7).prop_flat_map(|n| (Just(n), prop::collection::vec(extreme(), n * (n - 1) / 2))),
    ) {
        let judgements = Judgements::from_upper(labels(n), &upper).unwrap();
        for method in [Method::Eigenvector, Method::LeftEigenvector, Method::GeometricMean, Method::RowSum] {
            let w = values(&judgements, method);
            prop_assert!(w.iter().all(|w| w.is_finite()));
        }
        finite_or_typed(&judgements);
    }

    #[test]
    fn any_matrix_is_an_error_or_finite(
        (n, cells) in (0_usize..=4).prop_flat_map(|n| (Just(n), prop::collection::vec(wild(), n * n))),
        tolerance in wild(),
        choice in 0..3_usize,
    ) {
        let rows: Vec<&[f64]> = cells.chunks(n.max(1)).collect();
        let reciprocity = [Reciprocity::Within(tolerance), Reciprocity::Upper, Reciprocity::Mean][choice];
        match Judgements::from_matrix(labels(n), &rows, reciprocity) {
            Err(error) => prop_assert!(error.is_invalid_value()),
            Ok(judgements) => finite_or_typed(&judgements),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in prop::collection::vec("[-0-9./e ]{0,6}|inf|nan|x", 3)) {
        if let Ok(judgements) = Judgements::from_text(labels(3), &text) {
            finite_or_typed(&judgements);
        }
    }

    #[cfg(feature = "csv")]
    #[test]
    fn any_csv_is_read_or_refused(text in "[ab,1-9/.\n\"]{0,40}") {
        if let Ok(judgements) = Judgements::from_csv(text.as_bytes()) {
            finite_or_typed(&judgements);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn a_revision_never_raises_cr_and_reaches_its_target(
        judgements in judgements(3..=5),
        target in prop::sample::select(vec![0.0, 0.02, 0.1, 0.5]),
    ) {
        let before = judgements.consistency().unwrap().cr(RandomIndex::Saaty);
        let revise = |least| judgements.revised(target, RandomIndex::Saaty, least).unwrap();
        let (logs, cells) = (revise(LeastChange::Logs), revise(LeastChange::Cells));
        for revision in [&logs, &cells] {
            prop_assert!(revision.cr_after() <= target + 1e-11);
            prop_assert!(revision.cr_after() <= before);
            prop_assert_eq!(revision.changes().is_empty(), before <= target);
            let found = revision.judgements().consistency().unwrap().cr(RandomIndex::Saaty);
            assert_relative_eq!(found, revision.cr_after(), epsilon = 1e-15, max_relative = 1e-12);
            // What is not listed has not changed.
            let changed = revision.judgements().upper().zip(judgements.upper()).filter(|(new, old)| new != old).count();
            prop_assert_eq!(changed, revision.changes().len());
        }
        prop_assert!(logs.distance() <= cells.distance() * (1.0 + 1e-6) + 1e-9);
        prop_assert!(cells.changes().len() <= logs.changes().len().max(1));
    }

    #[test]
    fn extreme_judgements_are_revised_or_refused(
        (n, upper) in (3_usize..=4).prop_flat_map(|n| (Just(n), prop::collection::vec(extreme(), n * (n - 1) / 2))),
    ) {
        let judgements = Judgements::from_upper(labels(n), &upper).unwrap();
        for least in [LeastChange::Logs, LeastChange::Cells] {
            if let Ok(revision) = judgements.revised(0.1, RandomIndex::Saaty, least) {
                prop_assert!(revision.cr_after() <= 0.1 + 1e-9);
            }
        }
    }
}

/// One or two things are never inconsistent.
#[test]
fn one_and_two_things_have_no_inconsistency() {
    for judgements in [
        Judgements::new(["a"]).unwrap(),
        Judgements::from_upper(["a", "b"], &[7.0]).unwrap(),
        Judgements::from_upper(["a", "b"], &[1e100]).unwrap(),
    ] {
        let consistency = judgements.consistency().unwrap();
        for table in [RandomIndex::Saaty, RandomIndex::Regression, RandomIndex::DoneganDodd, RandomIndex::Exact] {
            assert_eq!((consistency.ci(), consistency.cr(table)), (0.0, 0.0));
        }
        assert_eq!(
            (consistency.hci(), consistency.hcr(), consistency.salo_hamalainen()),
            (Some(0.0), Some(0.0), Some(0.0))
        );
        finite_or_typed(&judgements);
        let revision = judgements.revised(0.0, RandomIndex::Saaty, LeastChange::Cells).unwrap();
        assert!(revision.changes().is_empty());
    }
}

/// Large matrices of the most extreme ratios: circles upon circles of strength 10¹⁰⁰.
#[test]
fn many_extreme_ratios_have_an_eigenvector() {
    for (n, step) in [(10, 7), (25, 11), (40, 3)] {
        let ratio = |at: usize| [1e100, 1e-100, 1e100, 1.0, 1e-30, 1e60][(at * step + at / 3) % 6];
        let upper: Vec<f64> = (0..n * (n - 1) / 2).map(ratio).collect();
        let judgements = Judgements::from_upper(labels(n), &upper).unwrap();
        let priorities = judgements.priorities(Method::Eigenvector).unwrap();
        let w = priorities.weights();
        for (row, weight) in w.iter().filter(|(_, weight)| *weight > 1e-150) {
            let image: f64 = w.iter().map(|(column, w)| judgements.get(row, column).unwrap().unwrap() * w).sum();
            assert_relative_eq!(image / weight, priorities.lambda_max(), epsilon = 0.0, max_relative = 2e-14);
        }
    }
}

/// Sizes at which peers' tables end, or their loops.
#[test]
fn sixteen_and_more_things_are_judged() {
    for n in [16, 100] {
        let upper: Vec<f64> = (0..n * (n - 1) / 2).map(|at| [3.0, 0.2, 1.0, 7.0, 0.5][at * at % 5]).collect();
        let judgements = Judgements::from_upper(labels(n), &upper).unwrap();
        for method in [Method::Eigenvector, Method::GeometricMean, Method::SingularValue] {
            let priorities = judgements.priorities(method).unwrap();
            assert!(priorities.weights().values().iter().all(|w| *w > 0.0));
        }
        let cr = judgements.consistency().unwrap().cr(RandomIndex::Saaty);
        assert!(cr > 0.1 && cr < 2.0);
    }
    let upper: Vec<f64> = (0..400 * 399 / 2).map(|at| [3.0, 0.2, 1.0, 7.0, 0.5][at * at % 5]).collect();
    let priorities = Judgements::from_upper(labels(400), &upper).unwrap().priorities(Method::Eigenvector).unwrap();
    assert!(priorities.weights().values().iter().all(|w| *w > 0.0) && priorities.ci() > 0.0);
}
