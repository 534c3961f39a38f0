//! Pairwise and EM moments of answers with gaps.

use approx::{assert_abs_diff_eq, assert_relative_eq};
use nalgebra::DMatrix;
use proptest::prelude::*;
use satindex::inference::Bootstrap;
use satindex::structural::{Model, Pls};
use satindex::survey::{Missing, Moments, Responses};

/// Runs until nothing moves but the last digits.
const TIGHT: Missing = Missing::Em { tolerance: 1e-14, max_iterations: 100_000 };

/// Little & Rubin (2002), table 7.1, after Snedecor & Cochran: the size of the crop of 18 apple trees in hundreds of
/// fruits, and of 12 of them 100 times the share of wormy fruits.
const SIZE: [f64; 18] =
    [8.0, 6.0, 11.0, 22.0, 14.0, 17.0, 18.0, 24.0, 19.0, 23.0, 26.0, 40.0, 4.0, 4.0, 5.0, 6.0, 8.0, 10.0];
const WORMY: [f64; 12] = [59.0, 58.0, 56.0, 53.0, 50.0, 45.0, 43.0, 42.0, 39.0, 38.0, 30.0, 27.0];

fn apples() -> Responses {
    let rows = SIZE.iter().enumerate().map(|(tree, size)| [Some(*size), WORMY.get(tree).copied()]);
    Responses::from_rows(["size", "wormy"], rows).unwrap()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Σ(x − x̄)(y − ȳ)/n.
fn covariance(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (mean(x), mean(y));
    x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / x.len() as f64
}

/// μ₁, μ₂, σ₁₁, σ₁₂, σ₂₂ with divisor n.
fn figures(moments: &Moments) -> [f64; 5] {
    let (means, covariance) = (moments.means().unwrap(), moments.covariance().unwrap());
    let share = (moments.n() - 1.0) / moments.n();
    [means[0], means[1], covariance[(0, 0)] * share, covariance[(0, 1)] * share, covariance[(1, 1)] * share]
}

#[test]
fn em_finds_the_closed_form_of_a_monotone_pattern() {
    let moments = apples().moments(TIGHT).unwrap();
    let counted = &SIZE[..12];
    // Anderson (1957); Little & Rubin (2002), section 7.2.1: the regression of what has gaps on what has none, carried
    // over to everybody.
    let slope = covariance(counted, &WORMY) / covariance(counted, counted);
    let variance = covariance(&SIZE, &SIZE);
    let expected = [
        mean(&SIZE),
        mean(&WORMY) + slope * (mean(&SIZE) - mean(counted)),
        variance,
        slope * variance,
        covariance(&WORMY, &WORMY) + slope * slope * (variance - covariance(counted, counted)),
    ];
    // A last change of 1e-14 with a rate of convergence of a third.
    assert_relative_eq!(figures(&moments).as_slice(), expected.as_slice(), epsilon = 0.0, max_relative = 1e-13);
    // As printed.
    for (found, printed) in expected.iter().zip([14.7222, 49.3333, 89.5340, -90.6967, 114.6950]) {
        assert_abs_diff_eq!(*found, printed, epsilon = 0.5e-4);
    }
    assert_eq!((moments.rows(), moments.rows_dropped(), moments.answers_filled()), (18, 0, 6));
    assert_eq!(moments.answers_passed_over(), 0);
}

#[test]
fn pairwise_takes_every_number_from_the_answers_that_bear_on_it() {
    let moments = apples().moments(Missing::Pairwise).unwrap();
    let correlation =
        covariance(&SIZE[..12], &WORMY) / (covariance(&SIZE[..12], &SIZE[..12]) * covariance(&WORMY, &WORMY)).sqrt();
    let deviation =
        |values: &[f64]| (covariance(values, values) * values.len() as f64 / (values.len() as f64 - 1.0)).sqrt();
    assert_relative_eq!(moments.correlation().unwrap()[(0, 1)], correlation, epsilon = 0.0, max_relative = 1e-14);
    let deviations = moments.standard_deviations().unwrap();
    assert_relative_eq!(deviations[0], deviation(&SIZE), epsilon = 0.0, max_relative = 1e-14);
    assert_relative_eq!(deviations[1], deviation(&WORMY), epsilon = 0.0, max_relative = 1e-14);
    assert_relative_eq!(moments.means().unwrap()[1], 45.0, epsilon = 0.0, max_relative = 1e-14);
    assert_eq!((moments.n(), moments.answers_filled(), moments.answers_passed_over()), (18.0, 0, 6));
    let text = moments.to_string();
    assert!(text.contains("0 respondents left out, 0 answers filled, 6 missing answers passed over"), "{text}");
}

/// Three gaps in no order, among them a row in which only one answer is left.
fn gapped() -> Vec<[Option<f64>; 3]> {
    let mut rows: Vec<[Option<f64>; 3]> = (0..12)
        .map(|row| {
            let x = f64::from(row);
            [Some((x * 0.7).sin() * 3.0 + x * 0.3), Some((x * 1.3).cos() * 2.0 + x * 0.4), Some((x * 2.1).sin() - x)]
        })
        .collect();
    rows[1][0] = None;
    rows[4][1] = None;
    rows[5][1] = None;
    rows[7][2] = None;
    rows[9] = [None, None, rows[9][2]];
    rows
}

fn responses(rows: &[[Option<f64>; 3]]) -> Responses {
    Responses::from_rows(["a", "b", "c"], rows).unwrap()
}

#[track_caller]
fn assert_same(one: &Moments, other: &Moments, tolerance: f64) {
    assert_relative_eq!(one.n(), other.n(), epsilon = 0.0, max_relative = 1e-15);
    let [left, right] = [one, other].map(|moments| moments.covariance().unwrap());
    assert_relative_eq!(left, right, epsilon = tolerance, max_relative = tolerance);
    let [left, right] = [one, other].map(|moments| moments.means().unwrap().to_vec());
    assert_relative_eq!(left.as_slice(), right.as_slice(), epsilon = tolerance, max_relative = tolerance);
}

/// The gradient of the observed-data likelihood of N(μ, Σ), by rows: Σ₀₀⁻¹(x₀ − μ₀), and Σ₀₀⁻¹((x₀ − μ₀)(x₀ − μ₀)' −
/// Σ₀₀)Σ₀₀⁻¹.
#[allow(clippy::disallowed_methods, reason = "by other means than the library")]
fn gradient(rows: &[[Option<f64>; 3]], means: &[f64], covariance: &DMatrix<f64>) -> (Vec<f64>, DMatrix<f64>) {
    let (mut first, mut second) = (vec![0.0; 3], DMatrix::zeros(3, 3));
    for row in rows {
        let seen: Vec<usize> = (0..3).filter(|at| row[*at].is_some()).collect();
        let block = covariance.select_rows(&seen).select_columns(&seen);
        let z = DMatrix::from_fn(seen.len(), 1, |at, _| row[seen[at]].unwrap() - means[seen[at]]);
        let pull = block.clone().lu().solve(&z).unwrap();
        let inverse = block.lu().solve(&DMatrix::identity(seen.len(), seen.len())).unwrap();
        let spread = &pull * pull.transpose() - inverse;
        for (i, to) in seen.iter().enumerate() {
            first[*to] += pull[i];
            for (j, other) in seen.iter().enumerate() {
                second[(*to, *other)] += spread[(i, j)];
            }
        }
    }
    (first, second)
}

#[test]
fn em_ends_where_the_likelihood_is_level() {
    let rows = gapped();
    let moments = responses(&rows).moments(TIGHT).unwrap();
    let share = (moments.n() - 1.0) / moments.n();
    let (first, second) = gradient(&rows, moments.means().unwrap(), &(moments.covariance().unwrap() * share));
    // Sums of twelve terms of the size of 1.
    assert_abs_diff_eq!(first.as_slice(), [0.0; 3].as_slice(), epsilon = 1e-10);
    assert_abs_diff_eq!(second, DMatrix::zeros(3, 3), epsilon = 1e-10);
}

#[test]
fn a_case_weight_is_as_many_rows() {
    let rows = gapped();
    let weights = [1, 3, 2, 0, 1, 4, 1, 2, 1, 2, 5, 1_usize];
    let weighted = responses(&rows).with_weights(weights.map(|weight| weight as f64)).unwrap();
    let repeated: Vec<_> = rows.iter().zip(weights).flat_map(|(row, weight)| vec![*row; weight]).collect();
    for policy in [Missing::Mean, Missing::Pairwise, TIGHT] {
        let expected = responses(&repeated).moments(policy).unwrap();
        assert_same(&weighted.moments(policy).unwrap(), &expected, 1e-11);
    }
}

#[test]
fn without_gaps_every_policy_is_the_same() {
    let rows: Vec<_> = gapped().into_iter().filter(|row| row.iter().all(Option::is_some)).collect();
    let plain = responses(&rows).moments(Missing::Reject).unwrap();
    for policy in [Missing::Mean, Missing::Pairwise, Missing::em()] {
        assert_eq!(responses(&rows).moments(policy).unwrap(), plain);
    }
}

#[test]
fn a_change_of_units_changes_nothing_else() {
    let rows = gapped();
    for policy in [Missing::Pairwise, TIGHT] {
        let plain = responses(&rows).moments(policy).unwrap();
        for (factor, shift) in [(1e-100, 0.0), (1e100, 0.0), (-3.0, 1e6)] {
            let moved: Vec<_> = rows.iter().map(|row| row.map(|x| x.map(|x| x * factor + shift))).collect();
            let moved = responses(&moved).moments(policy).unwrap();
            // The shift costs six digits.
            let [left, right] = [&plain, &moved].map(|moments| moments.correlation().unwrap());
            assert_relative_eq!(left, right, epsilon = 1e-9, max_relative = 1e-9);
        }
    }
}

#[test]
fn what_the_answers_do_not_tell_is_an_error() {
    let message = |rows: &[[Option<f64>; 2]], policy| {
        Responses::from_rows(["a", "b"], rows).unwrap().moments(policy).unwrap_err().to_string()
    };
    let apart = [[Some(1.0), None], [Some(2.0), None], [None, Some(1.0)], [None, Some(3.0)]];
    for policy in [Missing::Pairwise, Missing::em()] {
        assert_eq!(message(&apart, policy), "indicators `a` and `b`: no respondent answered both");
    }
    let flat = [[Some(1.0), Some(2.0)], [Some(1.0), Some(3.0)], [Some(2.0), None]];
    assert_eq!(
        message(&flat, Missing::Pairwise),
        "indicators `a` and `b`: they are not correlated in the respondents who answered both: one does not vary"
    );
    let constant = [[Some(1.0), Some(2.0)], [Some(1.0), Some(3.0)], [Some(1.0), None]];
    assert_eq!(message(&constant, Missing::em()), "indicator `a`: all answers are the same");
    assert_eq!(
        message(&flat, Missing::Em { tolerance: 1e-9, max_iterations: 3 }).split(" (").next().unwrap(),
        "the EM algorithm for missing answers did not converge in 3 iterations"
    );
    assert_eq!(
        message(&flat, Missing::Em { tolerance: 0.0, max_iterations: 3 }),
        "the tolerance of the EM algorithm is 0; expected a positive number"
    );
    let huge = [[Some(1e300), Some(2.0)], [Some(-1e300), Some(3.0)], [Some(1.0), None]];
    assert_eq!(message(&huge, Missing::em()), "the variance of `a` is inf; expected a finite number");
}

#[test]
fn a_model_is_fitted_and_resampled_from_answers_with_gaps() {
    let model: Model = "A =~ a; B =~ b; C =~ c; C ~ A + B".parse().unwrap();
    let rows: Vec<_> = gapped().into_iter().cycle().take(36).collect();
    let data = responses(&rows);
    for policy in [Missing::Pairwise, Missing::em()] {
        let pls = Pls::new().missing(policy);
        let fit = pls.fit(&model, &data).unwrap();
        let from_moments = pls.fit(&model, &data.moments(policy).unwrap()).unwrap();
        assert_eq!(fit.path("A", "C").unwrap(), from_moments.path("A", "C").unwrap());
        let run = Bootstrap::new(50).seed(1).run(&fit, &data).unwrap();
        let own = run.path("A", "C").unwrap();
        assert_relative_eq!(own.estimate(), fit.path("A", "C").unwrap(), epsilon = 0.0, max_relative = 1e-12);
        assert!(own.std_error() > 0.0);
        // The same as the model fitted to the rows of one resample.
        let drawn: Vec<usize> = (0..36).map(|row| (row * 7) % 29).collect();
        let given = Bootstrap::with_draws(vec![drawn.clone(), drawn.clone()]).run(&fit, &data).unwrap();
        let expected = pls.fit(&model, &data.subset(&drawn).unwrap()).unwrap().path("A", "C").unwrap();
        assert_relative_eq!(given.path("A", "C").unwrap().draws()[0], expected, epsilon = 0.0, max_relative = 1e-12);
    }
}

proptest! {
    #[test]
    fn any_gaps_give_moments_or_an_error(
        cells in proptest::collection::vec(proptest::option::weighted(0.7, -1e3..1e3_f64), 30),
        em in any::<bool>(),
    ) {
        let rows: Vec<[Option<f64>; 3]> = cells.chunks_exact(3).map(|row| [row[0], row[1], row[2]]).collect();
        let policy = if em { Missing::Em { tolerance: 1e-6, max_iterations: 200 } } else { Missing::Pairwise };
        if let Ok(moments) = responses(&rows).moments(policy) {
            let covariance = moments.covariance().unwrap();
            prop_assert!(covariance.iter().chain(moments.means().unwrap()).all(|x| x.is_finite()));
            prop_assert_eq!(&covariance, &covariance.transpose());
            prop_assert_eq!(moments.rows() + moments.rows_dropped(), 10);
            if em {
                let least = covariance.symmetric_eigenvalues().min();
                prop_assert!(least > -1e-9 * covariance.trace(), "{}", least);
            }
        }
    }
}
