//! Missing answers in models with stages: dealt with once, before the first stage. Everything is computed here again in
//! plain code.

use approx::assert_relative_eq;
use nalgebra::DMatrix;
use satindex::inference::Bootstrap;
use satindex::structural::{Fit, HigherOrder, Interaction, Model, Pls, Population};
use satindex::survey::{Missing, Moments, Responses};

const MEASURED: &str = "A =~ a1 + a2; B =~ b1 + b2; C =~ c1 + c2; D =~ d1 + d2; ";
const PLAIN: &str = "C ~ A + B; D ~ C";
const NAMES: [&str; 8] = ["a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2"];
const ROWS: usize = 200;

fn model(rest: &str) -> Model {
    format!("{MEASURED}{rest}").parse().unwrap()
}

fn tight() -> Pls {
    Pls::new().tolerance(1e-13).max_iterations(2000)
}

/// Every fifth respondent or so leaves out one answer, to any of the first `among` questions.
fn answers(among: usize) -> Vec<[Option<f64>; 8]> {
    let population = Population::builder(model(PLAIN))
        .loadings("A", [0.9, 0.8])
        .loadings("B", [0.9, 0.85])
        .loadings("C", [0.9, 0.8])
        .loadings("D", [0.85, 0.8])
        .path("A", "C", 0.4)
        .path("B", "C", 0.4)
        .path("C", "D", 0.5)
        .correlation("A", "B", 0.5)
        .build()
        .unwrap();
    let answers = population.simulate(ROWS, 3).unwrap();
    let given = |row: usize, column: usize| row % 5 != 2 || column != (row / 5) % among;
    (0..ROWS)
        .map(|row| std::array::from_fn(|column| given(row, column).then(|| 5.0 + answers[(row, column)])))
        .collect()
}

fn responses(answers: &[[Option<f64>; 8]]) -> Responses {
    Responses::from_rows(NAMES, answers).unwrap()
}

/// The fit has the paths of another, whose constructs have the same names.
fn assert_same_paths(found: &Fit, expected: &Fit, tolerance: f64) {
    for effect in expected.direct_effects() {
        let path = found.path(effect.from(), effect.to()).unwrap();
        assert_relative_eq!(path, effect.estimate(), epsilon = tolerance, max_relative = tolerance);
    }
}

#[test]
fn means_are_put_in_before_the_first_stage() {
    let gapped = answers(8);
    let mean = |column: usize| {
        let given: Vec<f64> = gapped.iter().filter_map(|row| row[column]).collect();
        given.iter().sum::<f64>() / given.len() as f64
    };
    let filled: Vec<[Option<f64>; 8]> =
        gapped.iter().map(|row| std::array::from_fn(|column| row[column].or(Some(mean(column))))).collect();
    let higher = ["Whole =~ A + B; C ~ Whole; D ~ C", "Whole <~ A + B; C ~ Whole; D ~ C * Whole"];
    for order in [
        HigherOrder::RepeatedIndicators,
        HigherOrder::EmbeddedTwoStage,
        HigherOrder::SaturatedTwoStage,
        HigherOrder::DisjointTwoStage,
    ] {
        for rest in higher {
            both(&tight().higher_order(order), &model(rest), &gapped, &filled);
            both(&tight().higher_order(order).consistent(), &model(higher[0]), &gapped, &filled);
        }
    }
    for interaction in [
        Interaction::ProductIndicators,
        Interaction::Orthogonal,
        Interaction::TwoStage,
        Interaction::Sequential,
        Interaction::SequentialMoments,
    ] {
        both(&tight().interaction(interaction), &model("C ~ A * B + A:A; D ~ C"), &gapped, &filled);
    }
}

/// Filled by the library or beforehand, everything is the same.
fn both(pls: &Pls, model: &Model, gapped: &[[Option<f64>; 8]], filled: &[[Option<f64>; 8]]) {
    let found = pls.clone().missing(Missing::Mean).fit(model, &responses(gapped)).unwrap();
    let expected = pls.fit(model, &responses(filled)).unwrap();
    assert_eq!(found.model(), expected.model());
    assert_eq!(found.n(), ROWS as f64);
    assert_eq!(found.moments().answers_filled(), 40);
    assert_eq!(found.moments().rows_dropped(), 0);
    // The means are the same up to rounding.
    assert_same_paths(&found, &expected, 1e-11);
    for indicator in expected.model().indicators() {
        let weight = expected.weight(indicator).unwrap();
        assert_relative_eq!(found.weight(indicator).unwrap(), weight, epsilon = 1e-11, max_relative = 1e-11);
    }
    let (mine, theirs) = (found.scores(&responses(gapped)).unwrap(), expected.scores(&responses(filled)).unwrap());
    for (row, at) in (0..ROWS).flat_map(|row| (0..expected.model().constructs().len()).map(move |at| (row, at))) {
        let score = theirs.get(row, at).unwrap();
        assert_relative_eq!(mine.get(row, at).unwrap(), score, epsilon = 1e-10, max_relative = 1e-10);
    }
}

/// Means and standard deviations of what there is.
fn moments(column: &[Option<f64>]) -> (f64, f64) {
    let given: Vec<f64> = column.iter().flatten().copied().collect();
    let mean = given.iter().sum::<f64>() / given.len() as f64;
    let square: f64 = given.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, (square / (given.len() as f64 - 1.0)).sqrt())
}

/// As R's `cor(use = "pairwise.complete.obs")`, with the variance of all that there is.
fn pairwise(columns: &[Vec<Option<f64>>]) -> DMatrix<f64> {
    let deviations: Vec<f64> = columns.iter().map(|column| moments(column).1).collect();
    DMatrix::from_fn(columns.len(), columns.len(), |i, j| {
        let pairs = columns[i].iter().zip(&columns[j]).filter(|(one, other)| one.is_some() && other.is_some());
        let (one, other): (Vec<_>, Vec<_>) = pairs.map(|(one, other)| (*one, *other)).unzip();
        let ((one_mean, one_deviation), (other_mean, other_deviation)) = (moments(&one), moments(&other));
        let product: f64 =
            one.iter().flatten().zip(other.iter().flatten()).map(|(x, y)| (x - one_mean) * (y - other_mean)).sum();
        let covariance = product / (one.len() as f64 - 1.0);
        covariance / (one_deviation * other_deviation) * deviations[i] * deviations[j]
    })
}

fn columns(answers: &[[Option<f64>; 8]]) -> Vec<Vec<Option<f64>>> {
    let column = |at: usize| {
        let own: Vec<Option<f64>> = answers.iter().map(|row| row[at]).collect();
        let (mean, deviation) = moments(&own);
        own.iter().map(|x| x.map(|x| (x - mean) / deviation)).collect()
    };
    (0..8).map(column).collect()
}

/// The second stage of a model in which `A` and `B` measure a whole, by hand: scores are linear in the answers.
fn second_stage(covariance: &DMatrix<f64>) -> Fit {
    let first = Moments::from_covariance(NAMES, covariance, ROWS as f64).unwrap();
    let first = tight().fit(&model("C ~ A + B; D ~ C"), &first).unwrap();
    let weight = |name: &str| first.unstandardised_weight(name).unwrap();
    let mut forms = DMatrix::<f64>::zeros(6, 8);
    for (at, name) in NAMES.iter().enumerate() {
        match at {
            0..4 => forms[(at / 2, at)] = weight(name),
            _ => forms[(at - 2, at)] = 1.0,
        }
    }
    let names = ["sa", "sb", "c1", "c2", "d1", "d2"];
    let covariance = &forms * covariance * forms.transpose();
    let second = Moments::from_covariance(names, &covariance, ROWS as f64).unwrap();
    let model: Model = "Whole =~ sa + sb; C =~ c1 + c2; D =~ d1 + d2; C ~ Whole; D ~ C".parse().unwrap();
    tight().fit(&model, &second).unwrap()
}

#[test]
fn scores_have_the_covariances_that_the_answers_have_pair_by_pair() {
    let gapped = answers(8);
    let expected = second_stage(&pairwise(&columns(&gapped)));
    let whole = model("Whole =~ A + B; C ~ Whole; D ~ C");
    let found = tight().missing(Missing::Pairwise).fit(&whole, &responses(&gapped)).unwrap();
    assert_same_paths(&found, &expected, 1e-11);
    assert_eq!((found.n(), found.moments().answers_passed_over()), (ROWS as f64, 40));
}

#[test]
fn scores_have_the_covariances_that_the_em_algorithm_gives() {
    let gapped = answers(8);
    let em = Missing::Em { tolerance: 1e-13, max_iterations: 10_000 };
    let covariance = responses(&gapped).moments(em).unwrap().covariance().unwrap();
    let expected = second_stage(&covariance);
    let whole = model("Whole =~ A + B; C ~ Whole; D ~ C");
    let found = tight().missing(em).fit(&whole, &responses(&gapped)).unwrap();
    assert_same_paths(&found, &expected, 1e-10);
    assert_eq!((found.n(), found.moments().answers_filled()), (ROWS as f64, 40));
}

/// The stage with the product of the scores of `A` and `B` and the square of that of `A`, from the covariances of standardised
/// answers and the products of two of them, in the order of `pairs`.
fn stage_of_products(covariance: &DMatrix<f64>, pairs: &[(usize, usize)]) -> Fit {
    let correlations = covariance.view((0, 0), (8, 8)).into_owned();
    let first = Moments::from_covariance(NAMES, &correlations, ROWS as f64).unwrap();
    let first = tight().fit(&model(PLAIN), &first).unwrap();
    let weight = |at: usize| first.unstandardised_weight(NAMES[at]).unwrap();
    let form = |at: usize, pair: (usize, usize)| match (at, pair) {
        (8, (0 | 1, 0 | 1)) => weight(pair.0) * weight(pair.1) * if pair.0 == pair.1 { 1.0 } else { 2.0 },
        (9, (0 | 1, 2 | 3)) => weight(pair.0) * weight(pair.1),
        _ => 0.0,
    };
    let forms = DMatrix::from_fn(10, 8 + pairs.len(), |row, column| match column {
        0..8 => f64::from(u8::from(row == column)),
        _ => form(row, pairs[column - 8]),
    });
    let names = NAMES.into_iter().chain(["aa", "ab"]);
    let covariance = &forms * covariance * forms.transpose();
    let last = Moments::from_covariance(names, &covariance, ROWS as f64).unwrap();
    let rest = "A.A <~ aa; A.B <~ ab; C ~ A + B + A.A + A.B; D ~ C";
    tight().fit(&model(rest), &last).unwrap()
}

/// The products of the answers to `A` with each other and with those to `B`.
const PAIRS: [(usize, usize); 7] = [(0, 0), (0, 1), (1, 1), (0, 2), (0, 3), (1, 2), (1, 3)];

#[test]
fn products_of_scores_have_the_covariances_of_products_of_answers_pair_by_pair() {
    let gapped = answers(8);
    let mut table = columns(&gapped);
    for (one, other) in PAIRS {
        table.push(table[one].iter().zip(&table[other]).map(|(x, y)| Some((*x)? * (*y)?)).collect());
    }
    let expected = stage_of_products(&pairwise(&table), &PAIRS);
    let moderated = model("C ~ A * B + A:A; D ~ C");
    let found = tight().missing(Missing::Pairwise).fit(&moderated, &responses(&gapped)).unwrap();
    assert_same_paths(&found, &expected, 1e-10);
}

/// A polynomial in the one answer that is missing, x.
type Polynomial = [f64; 5];

fn times(one: &Polynomial, other: &Polynomial) -> Polynomial {
    let mut product = [0.0; 5];
    for (i, a) in one.iter().enumerate() {
        for (j, b) in other.iter().enumerate().filter(|(j, _)| i + j < 5) {
            product[i + j] += a * b;
        }
    }
    product
}

/// Its expectation where x is normal.
fn expectation(polynomial: &Polynomial, mean: f64, variance: f64) -> f64 {
    let square = mean * mean;
    let powers = [
        1.0,
        mean,
        square + variance,
        mean * (square + 3.0 * variance),
        square * square + 6.0 * square * variance + 3.0 * variance * variance,
    ];
    polynomial.iter().zip(powers).map(|(coefficient, power)| coefficient * power).sum()
}

/// Moments of products up to the fourth power of a missing answer, as the normal distribution given the others has them.
#[allow(clippy::disallowed_methods, reason = "by other means than the library")]
#[test]
fn products_of_scores_are_as_normal_answers_let_expect() {
    let gapped = answers(2);
    let em = Missing::Em { tolerance: 1e-13, max_iterations: 10_000 };
    let estimated = responses(&gapped).moments(em).unwrap();
    let (means, deviations) = (estimated.means().unwrap(), estimated.standard_deviations().unwrap());
    let correlations = estimated.correlation().unwrap();
    let n = ROWS as f64;
    let likely = &correlations * ((n - 1.0) / n);
    let size = 8 + PAIRS.len();
    let (mut first, mut second) = (vec![0.0; size], DMatrix::<f64>::zeros(size, size));
    for row in &gapped {
        let z: Vec<Option<f64>> = (0..8).map(|at| row[at].map(|x| (x - means[at]) / deviations[at])).collect();
        let missing = z.iter().position(Option::is_none);
        let (mut mean, mut variance) = (0.0, 0.0);
        if let Some(missing) = missing {
            let others: Vec<usize> = (0..8).filter(|at| *at != missing).collect();
            let known = likely.select_rows(&others).select_columns(&others).try_inverse().unwrap();
            let across = likely.select_rows(&others).column(missing).into_owned();
            let slopes = known * &across;
            mean = others.iter().zip(slopes.iter()).map(|(at, slope)| slope * z[*at].unwrap()).sum();
            variance = likely[(missing, missing)] - slopes.dot(&across);
        }
        let variable = |at: usize| z[at].map_or([0.0, 1.0, 0.0, 0.0, 0.0], |z| [z, 0.0, 0.0, 0.0, 0.0]);
        let mut all: Vec<Polynomial> = (0..8).map(variable).collect();
        all.extend(PAIRS.iter().map(|(one, other)| times(&variable(*one), &variable(*other))));
        for (i, one) in all.iter().enumerate() {
            first[i] += expectation(one, mean, variance) / n;
            for (j, other) in all.iter().enumerate() {
                second[(i, j)] += expectation(&times(one, other), mean, variance) / n;
            }
        }
    }
    let covariance = DMatrix::from_fn(size, size, |i, j| (second[(i, j)] - first[i] * first[j]) * (n / (n - 1.0)));
    // At its fixed point the EM algorithm expects what it has estimated.
    for (i, j) in (0..8).flat_map(|i| (0..8).map(move |j| (i, j))) {
        assert_relative_eq!(covariance[(i, j)], correlations[(i, j)], epsilon = 1e-11);
    }
    let expected = stage_of_products(&covariance, &PAIRS);
    let moderated = model("C ~ A * B + A:A; D ~ C");
    let found = tight().missing(em).fit(&moderated, &responses(&gapped)).unwrap();
    assert_same_paths(&found, &expected, 1e-9);
}

/// Where no respondent in use has left out an answer, moments give what the answers give.
#[test]
fn moments_of_complete_answers_are_those_of_the_answers() {
    let mut complete = answers(8);
    for row in &mut complete {
        *row = row.map(|answer| answer.or(Some(5.5)));
    }
    // A respondent who answered nothing is left out, and sends the stages to the moments.
    let mut with_none = complete.clone();
    with_none.push([None; 8]);
    let rests =
        ["C ~ A * B + A:A; D ~ C", "Whole =~ A + B; C ~ Whole; D ~ C", "Whole <~ A + B; C ~ Whole; D ~ C * Whole"];
    let mut compared = 0;
    for rest in rests {
        for interaction in
            [Interaction::ProductIndicators, Interaction::Orthogonal, Interaction::TwoStage, Interaction::Sequential]
        {
            for pls in [tight().interaction(interaction), tight().interaction(interaction).consistent()] {
                // Product indicators need not correlate as those of a common factor.
                let Ok(expected) = pls.fit(&model(rest), &responses(&complete)) else { continue };
                compared += 1;
                for policy in [Missing::Pairwise, Missing::em(), Missing::Mean] {
                    let found = pls.clone().missing(policy).fit(&model(rest), &responses(&with_none)).unwrap();
                    assert_same_paths(&found, &expected, 1e-8);
                    assert_eq!(found.moments().rows_dropped(), 1);
                }
            }
        }
    }
    assert!(compared > 18, "{compared}");
}

/// Each replicate deals with its own missing answers, and goes through the stages then.
#[test]
fn a_replicate_fills_its_own_resample() {
    let gapped = responses(&answers(8));
    let resamples: Vec<Vec<usize>> =
        (0..4).map(|replicate| (0..ROWS).map(|row| (row * row + 7 * row + replicate * 31) % ROWS).collect()).collect();
    for rest in ["C ~ A * B; D ~ C", "Whole =~ A + B; C ~ Whole; D ~ C"] {
        for policy in [Missing::Mean, Missing::Pairwise, Missing::em()] {
            let (pls, model) = (tight().missing(policy).consistent().interaction(Interaction::Sequential), model(rest));
            let fit = pls.fit(&model, &gapped).unwrap();
            let boot = Bootstrap::with_draws(resamples.clone()).without_jackknife().run(&fit, &gapped).unwrap();
            let fits: Vec<Fit> =
                resamples.iter().map(|rows| pls.fit(&model, &gapped.subset(rows).unwrap()).unwrap()).collect();
            let path = boot.path("C", "D").unwrap();
            for (draw, fit) in path.draws().iter().zip(&fits) {
                assert_relative_eq!(*draw, fit.path("C", "D").unwrap(), epsilon = 0.0, max_relative = 1e-12);
            }
            assert_eq!(path.draws().len(), fits.len());
        }
    }
}
