//! Moments: numerical care, merging, weights, published matrices.

use approx::assert_relative_eq;
use nalgebra::DMatrix;
use proptest::prelude::*;
use satindex::survey::{Indicator, Missing, Moments, Questionnaire, Responses, Scale};

use super::message;

fn names(columns: usize) -> Vec<String> {
    (1..=columns).map(|column| format!("x{column}")).collect()
}

fn of(matrix: &DMatrix<f64>) -> Moments {
    Responses::from_matrix(names(matrix.ncols()), matrix.clone()).unwrap().moments(Missing::Reject).unwrap()
}

fn pushed(matrix: &DMatrix<f64>) -> Moments {
    let mut moments = Moments::new(names(matrix.ncols())).unwrap();
    for row in matrix.row_iter() {
        moments.push(row.transpose().as_slice(), 1.0).unwrap();
    }
    moments
}

/// The largest difference between covariances, relative to the standard deviations.
fn distance(one: &Moments, other: &Moments) -> f64 {
    let (a, b) = (one.covariance().unwrap(), other.covariance().unwrap());
    let scale = other.standard_deviations().unwrap();
    let entries = (0..scale.len()).flat_map(|i| (0..scale.len()).map(move |j| (i, j)));
    entries.map(|(i, j)| (a[(i, j)] - b[(i, j)]).abs() / (scale[i] * scale[j])).fold(0.0, f64::max)
}

/// Answers from 1 to 10 of no pattern, the same in every run.
fn survey(rows: usize, columns: usize) -> DMatrix<f64> {
    let mut state = 1_u64;
    DMatrix::from_fn(rows, columns, |_, _| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % 10 + 1) as f64
    })
}

/// The covariances of whole numbers: (nΣxy − ΣxΣy)/n(n − 1), exact but for the division.
fn exact(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let n = matrix.nrows() as f64;
    let sums = matrix.row_sum();
    (matrix.transpose() * matrix * n - sums.transpose() * &sums) / (n * (n - 1.0))
}

#[test]
fn agrees_with_exact_arithmetic() {
    for rows in [2, 3, 255, 256, 257, 1000, 40_000] {
        let matrix = survey(rows, 5);
        for moments in [of(&matrix), pushed(&matrix)] {
            // n roundings of sums of squares up to 9², half of them up and half of them down.
            let rounding = f64::EPSILON * (rows as f64).sqrt() * 81.0;
            assert_relative_eq!(moments.covariance().unwrap(), exact(&matrix), epsilon = rounding, max_relative = 0.0);
            let correlation = moments.correlation().unwrap();
            assert_eq!(correlation, correlation.transpose());
            for (mean, expected) in moments.means().unwrap().iter().zip(&matrix.row_mean()) {
                assert_relative_eq!(mean, expected, epsilon = 0.0, max_relative = 1e-15);
            }
        }
    }
}

/// The certified values of the NIST Statistical Reference Datasets, univariate summary statistics:
/// `NumAcc1` (lower level of difficulty) to `NumAcc4` (higher).
#[test]
fn nist_numerical_accuracy() {
    let alternating = |centre: f64, count: usize| {
        DMatrix::from_fn(count, 1, |row, _| match row {
            0 => centre + 0.2,
            row if row % 2 == 1 => centre + 0.1,
            _ => centre + 0.3,
        })
    };
    // What can be reached is limited by the rounding of the data on entry: half a unit in the last place of the centre,
    // relative to the deviations of 0.1.
    for (data, mean, deviation, rounding) in [
        (DMatrix::from_column_slice(3, 1, &[10_000_001.0, 10_000_003.0, 10_000_002.0]), 10_000_002.0, 1.0, 1e-15),
        (alternating(1.0, 1001), 1.2, 0.1, 1e-14),
        (alternating(1_000_000.0, 1001), 1_000_000.2, 0.1, 1e-9),
        (alternating(10_000_000.0, 1001), 10_000_000.2, 0.1, 1e-8),
    ] {
        for moments in [of(&data), pushed(&data)] {
            assert_relative_eq!(moments.means().unwrap()[0], mean, epsilon = 0.0, max_relative = 1e-15);
            let found = moments.standard_deviations().unwrap()[0];
            assert_relative_eq!(found, deviation, epsilon = 0.0, max_relative = rounding);
        }
    }
}

/// Answers that vary by a few units about 10⁹ give the covariances of those about 0: the shifted answers are exact, so
/// only lost digits could make a difference.
#[test]
fn a_large_offset_costs_no_digits() {
    let plain = survey(50_000, 4);
    let shifted = plain.map(|x| x + 1e9);
    let expected = of(&plain);
    // Rounding of sums of 50 000 terms; the textbook formula would be wrong in the first digit.
    assert!(distance(&of(&shifted), &expected) < 1e-13);
    assert!(distance(&pushed(&shifted), &expected) < 1e-12);
    let parts = (0..50).map(|part| of(&shifted.rows(part * 1000, 1000).into_owned()));
    let merged = Moments::sum(&parts.collect::<Vec<_>>()).unwrap();
    assert!(distance(&merged, &expected) < 1e-13);
    // So do answers that differ in size by 10¹² from one indicator to the other.
    let scaled =
        DMatrix::from_fn(plain.nrows(), 4, |i, j| plain[(i, j)] * [1e-6, 1.0, 1e3, 1e6][j] + [0.0, 1e9, -1e9, 1e6][j]);
    assert_relative_eq!(of(&scaled).correlation().unwrap(), expected.correlation().unwrap(), epsilon = 1e-12);
}

#[test]
fn equal_answers_have_no_variance_however_they_come() {
    // 0.1 is no binary fraction: sums of it are rounded, and their n-th part is not 0.1.
    for rows in [1, 3, 10, 256, 1000, 20_000] {
        let matrix = DMatrix::from_fn(rows, 2, |row, column| if column == 0 { row as f64 } else { 0.1 });
        let weights = (0..rows).map(|row| 0.1 + (row % 7) as f64);
        let weighted = Responses::from_matrix(names(2), matrix.clone()).unwrap().with_weights(weights).unwrap();
        let halves = [(0, rows.div_ceil(2)), (rows / 2, rows - rows / 2)];
        let halves = Moments::sum(&halves.map(|(start, count)| of(&matrix.rows(start, count).into_owned())));
        for moments in [of(&matrix), pushed(&matrix), weighted.moments(Missing::Mean).unwrap(), halves.unwrap()] {
            assert_eq!(moments.means().unwrap()[1], 0.1);
            if rows > 1 {
                assert_eq!(message(moments.correlation()), "indicator `x2`: all answers are the same");
            }
            if moments.n() > 1.0 {
                assert_eq!(moments.standard_deviations().unwrap()[1], 0.0);
            }
        }
    }
}

#[test]
fn one_respondent_has_no_covariances() {
    let one = pushed(&DMatrix::from_row_slice(1, 2, &[3.0, 4.0]));
    assert_eq!(one.means(), Some([3.0, 4.0].as_slice()));
    assert_eq!(message(one.covariance()), "the number of respondents is 1; expected a number above 1");
    assert_eq!(message(one.standard_deviations()), "the number of respondents is 1; expected a number above 1");
    assert_eq!(message(one.correlation()), "the number of respondents is 1; expected 2 or more");
    let none = Moments::new(["a"]).unwrap();
    assert_eq!((none.means(), none.rows(), none.n()), (None, 0, 0.0));
    assert_eq!(message(none.correlation()), "the number of respondents is 0; expected 2 or more");
    let light = Responses::from_matrix(["a"], DMatrix::from_column_slice(2, 1, &[1.0, 2.0])).unwrap();
    let light = light.with_weights([0.5, 0.5]).unwrap().moments(Missing::Listwise).unwrap();
    assert!(
        message(light.covariance()).starts_with("the sum of the case weights of 2 respondents is 1; expected more")
    );
    // A correlation does not need the divisor.
    assert!(light.correlation().is_ok());
}

#[test]
fn sums_beyond_the_largest_number_are_named() {
    let huge = DMatrix::from_row_slice(2, 2, &[1.0, 1e200, 2.0, -1e200]);
    let expected = "the sum of squares of `x2` is inf; expected a finite number";
    assert_eq!(message(Responses::from_matrix(names(2), huge).unwrap().moments(Missing::Listwise)), expected);
    let mut moments = Moments::new(names(2)).unwrap();
    moments.push(&[1.0, 1e200], 1.0).unwrap();
    let before = moments.clone();
    assert_eq!(message(moments.push(&[2.0, -1e200], 1.0)), expected);
    assert_eq!(moments, before);
    let mut other = Moments::new(names(2)).unwrap();
    other.push(&[1.0, -1e200], 1.0).unwrap();
    assert_eq!(message(moments.merge(&other)), expected);
}

#[test]
fn bad_rows_leave_the_moments_as_they_were() {
    let mut moments = Moments::new(["a", "b"]).unwrap();
    moments.push(&[5.0, 5.0], 0.0).unwrap();
    assert_eq!(moments, Moments::new(["a", "b"]).unwrap());
    moments.push(&[1.0, 2.0], 1.0).unwrap();
    let before = moments.clone();
    assert_eq!(message(moments.push(&[1.0], 1.0)), "row 2 has length 1; expected 2");
    assert_eq!(
        message(moments.push(&[1.0, f64::NAN], 1.0)),
        "the answer of row 2 to `b` is NaN; expected a finite number"
    );
    assert_eq!(
        message(moments.push(&[1.0, 2.0], -1.0)),
        "the case weight of row 2 is -1; expected a number that is not negative"
    );
    moments.push(&[5.0, 5.0], 0.0).unwrap();
    assert_eq!(moments, before);
}

#[test]
fn a_respondent_who_left_out_a_question_is_counted_and_not_used() {
    let rows = [
        [Some(1.0), Some(2.0)],
        [None, Some(4.0)],
        [Some(3.0), Some(1.0)],
        [Some(5.0), None],
        [None, None],
        [Some(2.0), Some(7.0)],
    ];
    let weights = [1.0, 2.0, 0.5, 0.0, 1.0, 3.0];
    let mut moments = Moments::new(["a", "b"]).unwrap();
    for (row, weight) in rows.iter().zip(weights) {
        moments.push_answers(row, weight).unwrap();
    }
    assert_eq!((moments.rows(), moments.rows_dropped(), moments.n()), (3, 2, 4.5));
    let responses = Responses::from_rows(["a", "b"], rows).unwrap().with_weights(weights).unwrap();
    let listwise = responses.moments(Missing::Listwise).unwrap();
    assert_eq!((listwise.rows(), listwise.rows_dropped()), (3, 2));
    assert_relative_eq!(
        moments.covariance().unwrap(),
        listwise.covariance().unwrap(),
        epsilon = 0.0,
        max_relative = 1e-14
    );

    let before = moments.clone();
    let nan = message(moments.push_answers(&[None, Some(f64::NAN)], 1.0));
    assert_eq!(nan, "the answer of row 6 to `b` is NaN; expected a finite number");
    assert_eq!(message(moments.push_answers(&[None], 1.0)), "row 6 has length 1; expected 2");
    let negative = message(moments.push_answers(&[None, None], -1.0));
    assert_eq!(negative, "the case weight of row 6 is -1; expected a number that is not negative");
    assert_eq!(moments, before);
}

#[test]
fn parts_in_which_nobody_answered_everything_merge() {
    let mut nobody = Moments::new(["a", "b"]).unwrap();
    nobody.push_answers(&[None, Some(1.0)], 1.0).unwrap();
    let mut somebody = Moments::new(["a", "b"]).unwrap();
    somebody.push_answers(&[Some(3.0), Some(1.0)], 1.0).unwrap();
    for both in [[&nobody, &somebody], [&somebody, &nobody]].map(|parts| Moments::sum(parts).unwrap()) {
        assert_eq!((both.rows(), both.rows_dropped(), both.means()), (1, 1, somebody.means()));
    }
    let none = Moments::sum([&nobody, &nobody]).unwrap();
    assert_eq!((none.rows(), none.rows_dropped(), none.means()), (0, 2, None));
}

#[cfg(feature = "serde")]
#[test]
fn moments_of_nobody_are_read_back() {
    let mut nobody = Moments::new(["a", "b"]).unwrap();
    nobody.push_answers(&[None, Some(1.0)], 1.0).unwrap();
    let text = serde_json::to_string(&nobody).unwrap();
    assert_eq!(serde_json::from_str::<Moments>(&text).unwrap(), nobody);
}

#[test]
fn taking_in_a_row_allocates_nothing() {
    let mut moments = Moments::new(names(24)).unwrap();
    let row: Vec<Option<f64>> = (0..24).map(|x| Some(f64::from(x))).collect();
    moments.push_answers(&row, 1.0).unwrap();
    let taken = allocation_counter::measure(|| {
        moments.push_answers(&row, 2.0).unwrap();
        moments.push_answers(&[None; 24], 1.0).unwrap();
    });
    assert_eq!(taken.count_total, 0);
}

#[test]
fn many_rows_at_once_are_the_rows_one_by_one() {
    for rows in [1, 255, 256, 257, 2000] {
        let matrix = survey(rows, 5);
        let transposed = matrix.transpose();
        let weights: Vec<f64> = (0..rows).map(|row| (row % 4) as f64).collect();
        let mut one_by_one = Moments::new(names(5)).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
        let (mut together, mut weighted) = (one_by_one.clone(), one_by_one.clone());
        let mut weighted_together = one_by_one.clone();
        for (row, weight) in transposed.column_iter().zip(&weights) {
            one_by_one.push(row.as_slice(), 1.0).unwrap();
            weighted.push(row.as_slice(), *weight).unwrap();
        }
        // In two goes, so that a part is added to another.
        let (first, second) = transposed.as_slice().split_at(rows / 2 * 5);
        together.extend(first.chunks_exact(5)).unwrap();
        together.extend(second.chunks_exact(5)).unwrap();
        let columns: Vec<&[f64]> = matrix.as_slice().chunks_exact(rows).collect();
        weighted_together.extend_columns(&columns, Some(&weights)).unwrap();
        for (one, other) in [(&one_by_one, &together), (&weighted, &weighted_together)] {
            assert_eq!((one.rows(), one.n()), (other.rows(), other.n()));
            if other.n() > 1.0 {
                assert!(distance(one, other) < 1e-13);
            }
        }
        let plain = Responses::from_matrix(names(5), matrix.clone()).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
        let mut columns_together = Moments::new(names(5)).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
        columns_together.extend_columns(&columns, None).unwrap();
        assert_eq!(columns_together, plain.moments(Missing::Reject).unwrap());
    }
}

#[test]
fn impossible_answers_are_refused_at_every_door() {
    let mut moments = Moments::new(["a", "b"]).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
    moments.push(&[7.0, 8.0], 1.0).unwrap();
    let before = moments.clone();
    let expected = "the answer of row 2 to `b` is 11; expected a number from 1 to 10";
    assert_eq!(message(moments.push(&[7.0, 11.0], 1.0)), expected);
    assert_eq!(message(moments.push_answers(&[None, Some(11.0)], 1.0)), expected);
    assert_eq!(message(moments.extend([[7.0, 11.0]])), expected);
    assert_eq!(message(moments.extend_columns(&[&[7.0], &[11.0]], None)), expected);
    let far = "the answer of row 302 to `a` is -99; expected a number from 1 to 10";
    assert_eq!(message(moments.extend((0..400).map(|row| [if row == 300 { -99.0 } else { 5.0 }, 5.0]))), far);
    assert_eq!(
        message(moments.extend([[f64::NAN, 1.0]])),
        "the answer of row 2 to `a` is NaN; expected a finite number"
    );
    assert_eq!(message(moments.extend([vec![1.0]])), "row 2 has length 1; expected 2");
    assert_eq!(
        message(moments.extend_columns(&[&[1.0]], None)),
        "the list of columns of answers has length 1; expected 2"
    );
    let ragged = moments.extend_columns(&[&[1.0], &[1.0, 2.0]], Some(&[1.0, 1.0]));
    assert_eq!(
        message(ragged),
        "the list of answers to `b` has length 2; expected 1; the list of case weights has length 2; expected 1"
    );
    assert_eq!(
        message(moments.extend_columns(&[&[1.0], &[2.0]], Some(&[-1.0]))),
        "the case weight of row 2 is -1; expected a number that is not negative"
    );
    assert_eq!(moments, before);
    // A part without scales brings answers that the other's scale does not allow: -99 stands for "not answered".
    let mut unscaled = Moments::new(["a", "b"]).unwrap();
    unscaled.extend([[-99.0, 8.0], [7.0, 8.0]]).unwrap();
    let fault = message(moments.merge(&unscaled));
    let mean = "the mean of `a` is -46; expected a number from 1 to 10; the standard deviation of `a` is 74.95";
    assert!(fault.starts_with(mean) && fault.ends_with("; expected at most 6.3640 on the scale 1-10"), "{fault}");
    assert_eq!(moments, before);
    // Two scales are not one.
    let other = "the scale of `a` is 1-10 in one part and 1-5 in the other";
    assert!(message(moments.clone().with_scale(Scale::ONE_TO_FIVE)).starts_with(other));
    let responses = Responses::from_rows(["a"], [[Some(2.0)]]).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
    assert_eq!(message(responses.with_scale(Scale::ONE_TO_FIVE)), other);
}

/// 40 respondents whose weights sum to 1, up to rounding: the message speaks of the weights, and of the way out.
#[test]
fn weights_that_sum_to_1_are_no_frequencies() {
    let responses = Responses::from_matrix(names(2), survey(40, 2)).unwrap().with_weights([1.0 / 40.0; 40]).unwrap();
    let moments = responses.moments(Missing::Listwise).unwrap();
    let expected = "the sum of the case weights of 40 respondents is 1; expected more than 1, as a weight of k is k \
                    respondents (multiply weights that sum to 1 by 40)";
    assert_eq!(message(moments.covariance()), expected);
    assert_eq!(message(moments.standard_deviations()), expected);
    let mut one = Moments::new(["a"]).unwrap();
    one.push(&[1.0], 1.0).unwrap();
    assert_eq!(message(one.covariance()), "the number of respondents is 1; expected a number above 1");
}

#[test]
fn merging_asks_for_the_same_survey() {
    let one = of(&survey(10, 2));
    let mut renamed = Moments::new(["x1", "y"]).unwrap();
    renamed.push(&[1.0, 2.0], 1.0).unwrap();
    assert_eq!(message(one.clone().merge(&renamed)), "unknown indicator `x2`");
    assert_eq!(
        message(one.clone().merge(&of(&survey(10, 3)))),
        "the list of indicators to be merged has length 3; expected 2"
    );
    let ten = one.clone().with_scale(Scale::ONE_TO_TEN).unwrap();
    let hundred = one.clone().with_scale(Scale::ZERO_TO_HUNDRED).unwrap();
    assert_eq!(
        message(ten.clone().merge(&hundred)),
        "the scale of `x1` is 1-10 in one part and 0-100 in the other; \
         the scale of `x2` is 1-10 in one part and 0-100 in the other"
    );
    assert_eq!(Moments::sum([&one, &ten]).unwrap().indicators()[0].scale(), Some(Scale::ONE_TO_TEN));
    let published = Moments::from_covariance(["x1", "x2"], &DMatrix::identity(2, 2), 10.0).unwrap();
    assert_eq!(message(one.clone().merge(&published)), "the moments: the means are unknown");
    assert_eq!(message(published.clone().merge(&one)), "the moments: the means are unknown");
    // The order of the indicators does not matter, and nothing added changes nothing.
    let turned = one.select(["x2", "x1"]).unwrap();
    let both = Moments::sum([&one, &turned]).unwrap();
    assert_eq!((both.rows(), both.means()), (20, one.means()));
    let none = Moments::new(["x2", "x1"]).unwrap();
    assert_eq!(Moments::sum([&one, &none]).unwrap(), one);
    assert_eq!(Moments::sum([&none, &one]).unwrap(), turned);
    let none = Moments::new(["x1", "x2"]).unwrap();
    assert_eq!(Moments::sum([&none, &published]).unwrap(), published);
}

#[test]
fn published_matrices_are_taken_as_they_are() {
    let correlation = DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 0.5, 1.0]);
    let moments = Moments::from_covariance(["a", "b"], &correlation, 250.0).unwrap();
    assert_eq!((moments.rows(), moments.n(), moments.means()), (250, 250.0, None));
    assert_relative_eq!(moments.correlation().unwrap(), correlation, epsilon = 0.0, max_relative = 1e-15);
    let moments = moments.with_standard_deviations([2.0, 3.0]).unwrap().with_means([7.0, 8.0]).unwrap();
    let covariance = DMatrix::from_row_slice(2, 2, &[4.0, 3.0, 3.0, 9.0]);
    assert_relative_eq!(moments.covariance().unwrap(), covariance, epsilon = 0.0, max_relative = 1e-15);
    assert_eq!(moments.means(), Some([7.0, 8.0].as_slice()));
    assert_eq!(message(moments.with_scale(Scale::ONE_TO_SEVEN)), "the mean of `b` is 8; expected a number from 1 to 7");
}

#[test]
fn matrices_that_are_no_covariances_are_refused() {
    let of = |size: usize, entries: &[f64], n| {
        message(Moments::from_covariance(["a", "b"], &DMatrix::from_row_slice(size, entries.len() / size, entries), n))
    };
    assert_eq!(of(1, &[1.0, 0.0], 10.0), "a column of the covariance matrix has length 1; expected 2");
    assert_eq!(of(2, &[1.0; 6], 10.0), "a row of the covariance matrix has length 3; expected 2");
    assert_eq!(
        of(2, &[0.0, 0.0, 0.0, f64::NAN], 10.0),
        "the variance of `a` is 0; expected a positive number; the variance of `b` is NaN; expected a finite number"
    );
    assert_eq!(
        of(2, &[1.0, 0.5, 0.4, 1.0], 10.0),
        "the covariance of `b` and `a` is 0.4; expected 0.5, its mirror image"
    );
    assert_eq!(
        of(2, &[1.0, 2.0, 2.0, 1.0], 10.0),
        "the correlation of `b` and `a` is 2; expected a number from -1 to 1"
    );
    assert_eq!(
        of(2, &[1.0, f64::INFINITY, f64::INFINITY, 1.0], 10.0),
        "the covariance of `b` and `a` is inf; expected a finite number"
    );
    assert_eq!(
        of(2, &[1.0, f64::NAN, 0.5, 1.0], 10.0),
        "the covariance of `b` and `a` is NaN; expected a finite number"
    );
    let identity = [1.0, 0.0, 0.0, 1.0];
    for n in [1.0, 0.0, -5.0] {
        assert_eq!(of(2, &identity, n), format!("the number of respondents is {n}; expected a number above 1"));
    }
    assert_eq!(of(2, &identity, f64::NAN), "the number of respondents is NaN; expected a finite number");
    assert_eq!(of(2, &[1e308, 0.0, 0.0, 1.0], 1e3), "the sum of squares of `a` is inf; expected a finite number");

    let moments = || Moments::from_covariance(["a", "b"], &DMatrix::identity(2, 2), 10.0).unwrap();
    assert_eq!(message(moments().with_means([1.0])), "the list of means has length 1; expected 2");
    assert_eq!(message(moments().with_means([1.0, f64::NAN])), "the mean of `b` is NaN; expected a finite number");
    assert_eq!(
        message(moments().with_standard_deviations([1.0, 0.0])),
        "the standard deviation of `b` is 0; expected a positive number"
    );
    assert_eq!(
        message(Moments::from_covariance(["a", "a"], &DMatrix::identity(2, 2), 10.0)),
        "duplicate indicator `a`"
    );
    let questionnaire = Questionnaire::new([Indicator::new("a").unwrap()]).unwrap();
    assert_eq!(message(moments().with_questionnaire(&questionnaire)), "unknown indicator `b`");
}

#[test]
fn prints_means_and_deviations() {
    let rows = [[Some(7.0), Some(8.0)], [Some(9.0), None], [Some(4.0), Some(6.0)]];
    let moments = Responses::from_rows(["满意度", "b"], rows).unwrap().moments(Missing::Listwise).unwrap();
    assert_eq!(
        moments.to_string(),
        "\
Answers
indicator    mean  standard deviation
---------  ------  ------------------
满意度     5.5000              2.1213
b          7.0000              1.4142
2 respondents, n = 2
1 respondents left out, 0 answers filled
"
    );
}

/// What a policy means, done by hand.
fn by_hand(rows: &[Vec<Option<f64>>], missing: Missing) -> Option<DMatrix<f64>> {
    let columns = rows[0].len();
    let answered = |row: &&Vec<Option<f64>>| row.iter().any(Option::is_some);
    let rows: Vec<&Vec<Option<f64>>> = match missing {
        Missing::Mean => rows.iter().filter(answered).collect(),
        _ => rows.iter().filter(|row| row.iter().all(Option::is_some)).collect(),
    };
    let mean = |column: usize| {
        let answers: Vec<f64> = rows.iter().filter_map(|row| row[column]).collect();
        (!answers.is_empty()).then(|| answers.iter().sum::<f64>() / answers.len() as f64)
    };
    let means: Vec<f64> = (0..columns).map(mean).collect::<Option<_>>()?;
    Some(DMatrix::from_fn(rows.len(), columns, |row, column| rows[row][column].unwrap_or(means[column])))
}

fn answers() -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let answer = || prop_oneof![4 => (1..=10).prop_map(|x| Some(f64::from(x))), 1 => Just(None)];
    (1..6_usize)
        .prop_flat_map(move |columns| proptest::collection::vec(proptest::collection::vec(answer(), columns), 2..40))
}

fn matrix() -> impl Strategy<Value = DMatrix<f64>> {
    (2..600_usize, 1..8_usize, -1e6..1e6).prop_flat_map(|(rows, columns, offset)| {
        proptest::collection::vec(-10.0..10.0, rows * columns)
            .prop_map(move |values| DMatrix::from_vec(rows, columns, values).map(|x: f64| x + offset))
    })
}

proptest! {
    /// Chan, Golub & LeVeque's update: whatever the parts, the whole. Each of the at most 600 additions rounds by at most
    /// half a unit, deviations being taken from means near the data, whatever the offset.
    #[test]
    fn merging_in_any_split_equals_one_pass(matrix in matrix(), cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..5)) {
        let whole = of(&matrix);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(matrix.nrows())).collect();
        cuts.extend([0, matrix.nrows()]);
        cuts.sort_unstable();
        let parts: Vec<Moments> = cuts
            .windows(2)
            .map(|cut| matrix.rows(cut[0], cut[1] - cut[0]).into_owned())
            .map(|part| if part.nrows() % 2 == 0 { pushed(&part) } else { of(&part) })
            .collect();
        let none = || Moments::new(names(matrix.ncols())).unwrap();
        let forwards = Moments::sum([none()].iter().chain(&parts)).unwrap();
        let backwards = Moments::sum([none()].iter().chain(parts.iter().rev())).unwrap();
        for merged in [forwards, backwards] {
            prop_assert_eq!((merged.rows(), merged.n()), (whole.rows(), whole.n()));
            for (a, b) in merged.means().unwrap().iter().zip(whole.means().unwrap()) {
                prop_assert!((a - b).abs() <= 1e-14 * (10.0 + b.abs()), "{} {}", a, b);
            }
            prop_assert!(distance(&merged, &whole) < 600.0 * f64::EPSILON);
        }
    }

    /// A respondent of weight k is k respondents; one of weight 0 is none.
    #[test]
    fn a_weight_counts_respondents(rows in answers(), weights in proptest::collection::vec(0..4_u32, 40)) {
        let names = names(rows[0].len());
        let repeated = rows.iter().zip(&weights).flat_map(|(row, weight)| std::iter::repeat_n(row, *weight as usize));
        let Ok(repeated) = Responses::from_rows(&names, repeated) else { return Ok(()) };
        let weighted = Responses::from_rows(&names, &rows).unwrap().with_weights(weights.iter().take(rows.len()).map(|x| f64::from(*x)));
        let weighted = weighted.unwrap();
        for missing in [Missing::Listwise, Missing::Mean] {
            match (repeated.moments(missing), weighted.moments(missing)) {
                (Ok(one), Ok(other)) => {
                    prop_assert_eq!(one.n(), other.n());
                    for (a, b) in one.means().unwrap().iter().zip(other.means().unwrap()) {
                        prop_assert!((a - b).abs() <= 1e-14 * 10.0);
                    }
                    if one.n() > 1.0 {
                        // Deviations of at most 9, at most 117 of them.
                        let difference = one.covariance().unwrap() - other.covariance().unwrap();
                        prop_assert!(difference.amax() < 81.0 * 117.0 * f64::EPSILON);
                    }
                }
                (one, other) => prop_assert!(one.is_err() && other.is_err()),
            }
        }
    }

    #[test]
    fn policies_do_what_is_done_by_hand(rows in answers()) {
        let responses = Responses::from_rows(names(rows[0].len()), &rows).unwrap();
        for missing in [Missing::Listwise, Missing::Mean] {
            match (responses.moments(missing), by_hand(&rows, missing)) {
                (Ok(moments), Some(matrix)) => {
                    prop_assert_eq!(moments.rows(), matrix.nrows());
                    prop_assert_eq!(moments.rows() + moments.rows_dropped(), rows.len());
                    let expected = of(&matrix);
                    for (a, b) in moments.means().unwrap().iter().zip(expected.means().unwrap()) {
                        prop_assert!((a - b).abs() <= 1e-14 * 10.0);
                    }
                    if matrix.nrows() > 1 {
                        let difference = moments.covariance().unwrap() - expected.covariance().unwrap();
                        prop_assert!(difference.amax() < 81.0 * 40.0 * f64::EPSILON);
                    }
                }
                (Err(_), by_hand) => prop_assert!(by_hand.is_none_or(|matrix| matrix.nrows() == 0)),
                (Ok(_), None) => prop_assert!(false),
            }
        }
    }
}

/// Filling with the mean across the pieces that threads take, about a large offset.
#[test]
fn the_mean_is_that_of_all_pieces() {
    let plain = survey(40_000, 3);
    let rows: Vec<Vec<Option<f64>>> = (0..plain.nrows())
        .map(|i| {
            (0..3).map(|j| ((i * 7 + j * 13) % 41 != 0).then(|| plain[(i, j)] + (i / 10_000) as f64 + 1e6)).collect()
        })
        .collect();
    let moments = Responses::from_rows(names(3), &rows).unwrap().moments(Missing::Mean).unwrap();
    let expected = of(&by_hand(&rows, Missing::Mean).unwrap());
    assert_eq!(moments.answers_filled(), rows.iter().flatten().filter(|answer| answer.is_none()).count());
    // The filled means are rounded at 10⁶, by 10⁻¹⁰ in the units of the answers.
    assert!(distance(&moments, &expected) < 1e-11);
}

#[cfg(feature = "serde")]
#[test]
fn nothing_invalid_is_read_back() {
    let moments = pushed(&DMatrix::from_row_slice(3, 2, &[1.0, 0.1, 2.0, 0.7, 4.0, 0.2]));
    let text = serde_json::to_string(&moments).unwrap();
    let back = |text: &str| serde_json::from_str::<Moments>(text);
    assert_eq!(back(&text).unwrap(), moments);
    let published = Moments::from_covariance(["a", "b"], &DMatrix::identity(2, 2), 10.0).unwrap();
    assert_eq!(back(&serde_json::to_string(&published).unwrap()).unwrap(), published);
    let none = Moments::new(["a"]).unwrap();
    assert_eq!(back(&serde_json::to_string(&none).unwrap()).unwrap(), none);

    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let changed = |key: &str, to: serde_json::Value| {
        let mut value = value.clone();
        assert!(value.get(key).is_some(), "{key}");
        value[key] = to;
        serde_json::from_value::<Moments>(value).unwrap_err().to_string()
    };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(changed("n", json("-3.0")), "n is -3; expected a number that is not negative");
    assert_eq!(changed("n", json("0.0")), "n is 0; expected above 0, as rows were used");
    assert_eq!(changed("rows", json("0")), "n is 3; expected 0, as no row was used");
    assert_eq!(changed("means", json("[1.0]")), "the list of means has length 1; expected 2");
    assert_eq!(changed("cross_products", json("[1.0, 0.0]")), "the list of cross-products has length 2; expected 3");
    assert_eq!(
        changed("cross_products", json("[1.0, 1.0, 0.5]")),
        "the cross-product of `x2` and `x1` is 1; expected what answers can give"
    );
    assert_eq!(
        changed("cross_products", json("[-1.0, 0.0, 0.5]")),
        "the cross-product of `x1` and `x1` is -1; expected what answers can give"
    );
    assert_eq!(changed("indicators", json(r#"[{"name": "a"}, {"name": "a"}]"#)), "duplicate indicator `a`");
    let scaled = json(r#"[{"name": "a"}, {"name": "b", "scale": {"lower": 1.0, "upper": 5.0}}]"#);
    assert!(changed("indicators", scaled).starts_with("the mean of `b` is 0.33"));
}
