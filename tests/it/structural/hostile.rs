//! Input that has no estimate: each an error that says what is wrong and where.

use nalgebra::DMatrix;
use satindex::structural::{Fit, IndexWeights, Metric, Mode, Model, Pls, Scheme};
use satindex::survey::{Missing, Moments, Responses, Scale};

const NAMES: [&str; 6] = ["a1", "a2", "a3", "b1", "b2", "c"];

fn model() -> Model {
    "A =~ a1 + a2 + a3; B <~ b1 + b2; C =~ c; B ~ A; C ~ A + B".parse().unwrap()
}

/// Numbers of no pattern, the same in every run; all indicators are positively correlated.
fn answers(n: usize) -> DMatrix<f64> {
    DMatrix::from_fn(n, 6, |row, column| {
        let (row, column) = (row as f64 + 1.0, column as f64 + 1.0);
        (row * 0.7).sin() + (row * (1.3 + 0.37 * column)).cos()
    })
}

fn responses(answers: DMatrix<f64>) -> Responses {
    Responses::from_matrix(NAMES, answers).unwrap()
}

fn fit(pls: &Pls, answers: DMatrix<f64>) -> satindex::Result<Fit> {
    pls.fit(&model(), &responses(answers))
}

#[track_caller]
fn refused<T>(result: satindex::Result<T>, expected: &str) {
    match result {
        Ok(_) => panic!("not refused"),
        Err(error) => assert_eq!(error.to_string(), expected),
    }
}

#[test]
fn indicators_that_say_nothing_or_the_same_are_named() {
    let with = |column: usize, values: &dyn Fn(usize) -> f64| {
        let mut answers = answers(50);
        (0..50).for_each(|row| answers[(row, column)] = values(row));
        fit(&Pls::new(), answers)
    };
    for constant in [3.0, 0.0, 0.1, 1e300, -1e-300] {
        refused(with(1, &|_| constant), "indicator `a2`: all answers are the same");
    }
    // The same to rounding: one unit of the last place up and down.
    refused(with(1, &|row| 1e9 + 1e-7 * (row % 2) as f64), "indicator `a2`: all answers are the same");
    let given = answers(50);
    for (factor, shift) in [(1.0, 0.0), (-2.0, 100.0), (1e-9, 3.0)] {
        refused(
            with(3, &|row| given[(row, 0)] * factor + shift),
            "indicators `a1` and `b1` are identical up to their units: their correlation is ±1",
        );
    }
}

#[test]
fn too_few_respondents() {
    let pls = Pls::new();
    let few = pls.clone().allow_few_respondents();
    for n in [2, 4, 6] {
        let expected = format!(
            "{n} respondents for 6 indicators; expected more respondents than indicators \
             (`allow_few_respondents` estimates all the same)"
        );
        refused(fit(&pls, answers(n)), &expected);
    }
    refused(
        fit(&few, answers(2)),
        "the number of respondents is 2; expected 3 or more: the correlations of two are all 1 or -1",
    );
    refused(fit(&few, answers(1)), "the number of respondents is 1; expected a number above 1");
    for n in 3..=7 {
        let fit = fit(&few, answers(n)).unwrap();
        let explained = fit.r_squared("C").unwrap().unwrap();
        assert!((0.0..=1.0 + 1e-12).contains(&explained), "{explained}");
        // Two predecessors and the mean leave n - 3 respondents to adjust by.
        assert_eq!(fit.adjusted_r_squared("C").unwrap().is_some(), n > 3);
    }
    let pair = DMatrix::from_row_slice(2, 6, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
    let weighted = responses(pair).with_weights([50.0, 50.0]).unwrap();
    assert!(few.fit(&model(), &weighted).is_err());
    let weightless = responses(answers(50)).with_weights([1.0 / 64.0; 50]).unwrap();
    refused(
        pls.fit(&model(), &weightless),
        "the sum of the case weights of 50 respondents is 0.78125; expected more than 1, as a weight of k is k \
         respondents (multiply weights that sum to 1 by 50)",
    );
}

/// A weight of k is the row k times, whether that makes enough respondents or too few.
#[test]
fn counted_rows_are_as_many_respondents_as_they_count() {
    let all = answers(50);
    for (rows, counts) in [(5, vec![3_u32, 1, 2, 4, 2]), (6, vec![1, 2, 1, 1, 1, 1])] {
        let distinct = all.rows(0, rows).into_owned();
        let each = counts.iter().enumerate().flat_map(|(row, count)| vec![row; *count as usize]);
        let repeated = all.select_rows(&each.collect::<Vec<_>>());
        let counted = responses(distinct).with_weights(counts.into_iter().map(f64::from)).unwrap();
        let (counted, repeated) = (Pls::new().fit(&model(), &counted).unwrap(), fit(&Pls::new(), repeated).unwrap());
        for (found, expected) in counted.direct_effects().iter().zip(repeated.direct_effects()) {
            // The iteration stops within 1e-10 of the fixed point.
            approx::assert_relative_eq!(found.estimate(), expected.estimate(), epsilon = 1e-9, max_relative = 1e-9);
        }
    }
    let halves = responses(answers(12)).with_weights([0.5; 12]).unwrap();
    refused(
        Pls::new().fit(&model(), &halves),
        "6 respondents for 6 indicators; expected more respondents than indicators (`allow_few_respondents` estimates all \
         the same)",
    );
}

#[test]
fn more_indicators_than_respondents_by_far_is_no_trouble_if_allowed() {
    let names: Vec<String> = (0..400).map(|at| format!("x{at}")).collect();
    // A permutation polynomial keeps the columns apart.
    let data = DMatrix::from_fn(20, 400, |row, column| {
        let at = (row * 400 + column) as u64;
        row as f64 + (at * at * 48_271 + at * 16_807).rem_euclid(65_537) as f64 / 16_384.0
    });
    let model = Model::builder().reflective("X", &names[..200]).reflective("Y", &names[200..]).path("X", "Y");
    let (model, data) = (model.build().unwrap(), Responses::from_matrix(names.clone(), data).unwrap());
    let pls = Pls::new().allow_few_respondents();
    let fit = pls.fit(&model, &data).unwrap();
    assert!((0.0..=1.0 + 1e-12).contains(&fit.r_squared("Y").unwrap().unwrap()));
    // Twenty respondents span 19 dimensions about their mean.
    refused(
        pls.mode("X", Mode::B).fit(&model, &data),
        "the covariance matrix of construct `X` is singular: indicator `x19` is a linear combination of the 19 before it",
    );
}

#[test]
fn missing_answers() {
    let row_17 = |columns: &[usize]| {
        let given = answers(20);
        let answer = |row, column: usize| (row != 16 || !columns.contains(&column)).then(|| given[(row, column)]);
        let rows = (0..20).map(|row| (0..6).map(|column| answer(row, column)).collect::<Vec<_>>());
        Responses::from_rows(NAMES, rows).unwrap()
    };
    let pls = Pls::new();
    let listwise = pls.fit(&model(), &row_17(&[0, 1, 2, 3, 4, 5])).unwrap();
    assert_eq!((listwise.n(), listwise.moments().rows_dropped()), (19.0, 1));
    assert_eq!(listwise.scores(&row_17(&[3])).unwrap().get(16, 1), None);
    assert!(listwise.scores(&row_17(&[3])).unwrap().get(16, 0).is_some());
    refused(
        pls.clone().missing(Missing::Reject).fit(&model(), &row_17(&[1, 3])),
        "the answer of row 17 to `a2` is missing; the answer of row 17 to `b1` is missing",
    );

    let none = Responses::from_rows(["a1", "a2", "b"], vec![vec![Some(1.0), None, Some(2.0)]; 9]).unwrap();
    let model: Model = "A =~ a1 + a2; B =~ b; B ~ A".parse().unwrap();
    for missing in [Missing::Listwise, Missing::Mean] {
        refused(pls.clone().missing(missing).fit(&model, &none), "indicator `a2`: every answer is missing");
    }
    let mut nan = answers(20);
    nan.row_mut(16).fill(f64::NAN);
    let place = |name: &&str| format!("the answer of row 17 to `{name}` is NaN; expected a finite number");
    refused(Responses::from_matrix(NAMES, nan), &NAMES.iter().map(place).collect::<Vec<_>>().join("; "));
}

#[test]
fn names_that_do_not_fit_together() {
    let pls = Pls::new();
    let other = Responses::from_matrix(["a1", "a2", "a3", "b1", "x", "y"], answers(50)).unwrap();
    let expected = "the data: unknown indicator `b2`; unknown indicator `c`";
    refused(pls.fit(&model(), &other), expected);
    refused(pls.fit(&model(), &other.moments(Missing::Reject).unwrap()), expected);
    assert!(pls.fit(&model(), &other).unwrap_err().is_unknown_name());
    refused(
        pls.clone().mode("X", Mode::A).mode("a1", Mode::B).start_weights("Y", [1.0]).fit(&model(), &other),
        "unknown construct `X`; unknown construct `a1`; unknown construct `Y`",
    );
    refused(Responses::from_matrix(["a1", "a2", "a3", "b1", "a1", "c"], answers(50)), "duplicate indicator `a1`");

    let fit = fit(&pls, answers(50)).unwrap();
    refused(fit.weight("A"), "unknown indicator `A`");
    refused(fit.cross_loading("a1", "a1"), "unknown construct `a1`");
    refused(fit.path("C", "A"), "unknown path `C -> A`");
    refused(fit.total_effect("A", "Z"), "unknown construct `Z`");
    refused(fit.index("Z"), "unknown construct `Z`");
    refused(fit.scores(&other), "unknown indicator `b2`; unknown indicator `c`");
}

#[test]
fn models_that_cannot_be() {
    for (text, expected) in [
        ("", "the model is empty"),
        ("A =~ a1 + a1; B =~ b; B ~ A", "indicator `a1` is given twice for construct `A`"),
        ("A =~ a1; B =~ a1; B ~ A", "indicator `a1` belongs to both `A` and `B`"),
        ("A =~ a; B =~ b; C =~ c; B ~ A", "construct `C` has no path to or from another"),
        ("A =~ a; B =~ b; A ~ A; B ~ A", "construct `A` has a path to itself"),
        ("A =~ a; B =~ b; B ~ A + A", "duplicate path `A -> B`"),
        ("A =~ a; B =~ b; A ~ B; B ~ A", "the paths form a cycle: A -> B -> A"),
        ("A =~ a; B =~ b; B ~ A + D", "construct `D` is in a path but is never measured"),
    ] {
        refused(text.parse::<Model>(), expected);
    }
}

#[test]
fn options_out_of_their_range() {
    let refused = |pls: &Pls, expected: &str| refused(fit(pls, answers(50)), expected);
    let pls = Pls::new();
    for (tolerance, expected) in [
        (0.0, "the tolerance is 0; expected a positive number"),
        (-1e-7, "the tolerance is -1e-7; expected a positive number"),
        (f64::NAN, "the tolerance is NaN; expected a finite number"),
        (f64::INFINITY, "the tolerance is inf; expected a finite number"),
    ] {
        refused(&pls.clone().tolerance(tolerance), expected);
    }
    refused(&pls.clone().max_iterations(0), "the limit of iterations is 0; expected at least 1");
    refused(
        &pls.clone().tolerance(1e-12).max_iterations(2),
        "the PLS algorithm did not converge in 2 iterations (last change 1.5e-2)",
    );
    refused(
        &pls.clone().start_weights("A", [1.0]).start_weights("B", [f64::NAN, 1.0]).start_weights("C", [0.0]),
        "the list of start weights of `A` has length 1; expected 3; a start weight of `B` is NaN; expected a finite \
         number; the largest start weight of `C` is 0; expected a positive number",
    );
    // Start weights count to within a common factor, however large or small.
    let start = |size: f64| fit(&pls.clone().start_weights("A", [size, -size, 0.5 * size]), answers(50)).unwrap();
    let weights = |size| NAMES.map(|name| start(size).weight(name).unwrap());
    assert_eq!(weights(1e300), weights(1.0));
    assert_eq!(weights(1e-300), weights(1.0));
}

#[test]
fn linear_dependence_names_what_depends_on_what() {
    let mut sum = answers(50);
    (0..50).for_each(|row| sum[(row, 5)] = sum[(row, 3)] + sum[(row, 4)]);
    let data = responses(sum);
    let mode_b: Model = "P <~ b1 + b2 + c; S =~ a1 + a2; S ~ P".parse().unwrap();
    refused(
        Pls::new().fit(&mode_b, &data),
        "the covariance matrix of construct `P` is singular: indicator `c` is a linear combination of `b1`, `b2`",
    );
    assert!(Pls::new().mode("P", Mode::A).fit(&mode_b, &data).is_ok());
    let predecessors: Model = "P =~ b1; Q =~ b2; R =~ c; S =~ a1 + a2; S ~ P + Q + R".parse().unwrap();
    for scheme in [Scheme::Centroid, Scheme::Factorial, Scheme::Path] {
        refused(
            Pls::new().scheme(scheme).fit(&predecessors, &data),
            "the correlation matrix of the predecessors of construct `S` is singular: \
             construct `R` is a linear combination of `P`, `Q`",
        );
    }
}

#[test]
fn matrices_that_leave_the_weights_open() {
    let fit = |matrix: &DMatrix<f64>, scheme| {
        Pls::new().scheme(scheme).fit(&model(), &Moments::from_covariance(NAMES, matrix, 100.0).unwrap())
    };
    let mut cancelling = DMatrix::from_element(6, 6, -0.9);
    cancelling.fill_diagonal(1.0);
    for scheme in [Scheme::Centroid, Scheme::Factorial, Scheme::Path] {
        refused(
            fit(&DMatrix::identity(6, 6), scheme),
            "construct `A`: its indicators are uncorrelated with its inner proxy, the sum of its neighbours, and get no weights",
        );
        // No correlation matrix of data: three variables cannot all be so negatively correlated.
        refused(
            fit(&cancelling, scheme),
            "construct `A`: its score has no positive variance: the matrix is not one of covariances, or the weights cancel",
        );
    }
}

#[test]
fn an_index_without_scales_means_or_positive_weights() {
    let mut turned = answers(50);
    turned.column_mut(1).neg_mut();
    let given = responses(turned.add_scalar(5.0));
    let pls = Pls::new();
    let unscaled = pls.fit(&model(), &given).unwrap();
    let no_scale = |name: &str| format!("indicator `{name}` has no scale; an index needs its lower and upper end");
    refused(unscaled.index("A"), &["a1", "a2", "a3"].map(no_scale).join("; "));

    let scaled = pls.fit(&model(), &given.clone().with_scale(Scale::ONE_TO_TEN).unwrap()).unwrap();
    for weights in [IndexWeights::Unstandardised, IndexWeights::Standardised] {
        let expected = "construct `A` has no meaningful index: the weight of `a2` is negative";
        refused(scaled.assess().index("A", weights), expected);
        refused(scaled.index_scores("A", weights, &given), expected);
    }
    assert!(scaled.assess().index("A", IndexWeights::Equal).is_ok());
    assert!(scaled.index("C").is_ok());

    // Two weights that cancel to the last digit leave nothing to divide by.
    let pair: Model = "X =~ x1 + x2; Y =~ y; Y ~ X".parse().unwrap();
    let matrix = DMatrix::from_row_slice(3, 3, &[1.0, 0.0, 0.5, 0.0, 1.0, -0.5, 0.5, -0.5, 1.0]);
    let moments = Moments::from_covariance(pair.indicators(), &matrix, 50.0).unwrap().with_means([5.0; 3]).unwrap();
    let start = pls.clone().start_weights("X", [1.0, -1.0]);
    let cancelling = start.fit(&pair, &moments.with_scale(Scale::ONE_TO_TEN).unwrap()).unwrap();
    refused(cancelling.index("X"), "construct `X` has no meaningful index: the weight of `x2` is negative");

    let covariance = given.moments(Missing::Reject).unwrap().covariance().unwrap();
    let moments = Moments::from_covariance(NAMES, &covariance, 50.0).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
    let centred = pls.fit(&model(), &moments).unwrap();
    refused(centred.index("C"), "an index needs the indicators' means: the data are covariances without means");
    refused(centred.scores(&given), "a score needs the indicators' means: the data are covariances without means");
}

/// Answers of any size are estimated alike, or refused by name where their squares leave the range of an `f64`.
#[test]
fn absurd_magnitudes() {
    let expected = NAMES.map(|name| fit(&Pls::new(), answers(50)).unwrap().weight(name).unwrap());
    for metric in [Metric::Standardised, Metric::Raw] {
        let pls = Pls::new().metric(metric);
        let expected = NAMES.map(|name| fit(&pls, answers(50)).unwrap().weight(name).unwrap());
        for power in [-450, -300, 300, 500] {
            let fit = fit(&pls, answers(50) * 2.0_f64.powi(power)).unwrap();
            // Powers of two change no digit.
            assert_eq!(NAMES.map(|name| fit.weight(name).unwrap()), expected);
        }
        let large = |name: &str| format!("the sum of squares of `{name}` is inf; expected a finite number");
        refused(fit(&pls, answers(50) * 1e300), &NAMES.map(large).join("; "));
        let small = |name: &str| format!("indicator `{name}`: all answers are the same");
        refused(fit(&pls, answers(50) * 1e-300), &NAMES.map(small).join("; "));
    }
    // One indicator in other units than the rest.
    for unit in [1e140, 1e-130] {
        let mut data = answers(50);
        data.column_mut(2).scale_mut(unit);
        let fit = fit(&Pls::new(), data).unwrap();
        for (name, expected) in NAMES.iter().zip(expected) {
            approx::assert_relative_eq!(fit.weight(name).unwrap(), expected, epsilon = 0.0, max_relative = 1e-13);
        }
    }
}

#[test]
fn a_solver_checks_its_matrix() {
    let mut solver = Pls::new().solver(&model()).unwrap();
    let good = responses(answers(50)).moments(Missing::Reject).unwrap().correlation().unwrap();
    let with = |row: usize, column: usize, value: f64| {
        let mut matrix = good.clone();
        matrix[(row, column)] = value;
        matrix
    };
    let mut refused = |matrix: &DMatrix<f64>, expected: &str| refused(solver.solve(matrix), expected);
    refused(&DMatrix::identity(5, 6), "a column of the covariance matrix has length 5; expected 6");
    refused(&DMatrix::identity(6, 7), "a row of the covariance matrix has length 7; expected 6");
    refused(&with(1, 1, 0.0), "the variance of `a2` is 0; expected a positive number");
    refused(&with(1, 1, f64::NAN), "the variance of `a2` is NaN; expected a finite number");
    refused(&with(5, 2, f64::NAN), "the correlation of `a3` and `c` is NaN; expected a finite number");
    refused(&with(5, 2, 1.5), "the correlation of `a3` and `c` is 1.5; expected a number from -1 to 1");
    refused(&with(5, 2, -1.0), "indicators `a3` and `c` are identical up to their units: their correlation is ±1");
    // A fault leaves nothing behind.
    let expected: Vec<f64> = Pls::new().solver(&model()).unwrap().solve(&good).unwrap().weights().collect();
    assert_eq!(solver.solve(&good).unwrap().weights().collect::<Vec<_>>(), expected);
}
