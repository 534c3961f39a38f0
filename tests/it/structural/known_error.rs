//! Measurement error that is known: given by the user, or carried from one stage to the next. Designs in which every
//! combination of a few independent values comes up are populations, so what is true of them is estimated exactly.

use approx::assert_relative_eq;
use nalgebra::DMatrix;
use satindex::structural::{Fit, HigherOrder, Interaction, Metric, Mode, Model, Pls, ResidualVariance};
use satindex::survey::{Moments, Responses};

use super::agreement::tight;

/// Values of mean 0 and variance 1, each with how often it comes up.
type Levels<'a> = &'a [(f64, f64)];

const TWO: Levels<'_> = &[(-1.0, 1.0), (1.0, 1.0)];
/// With the moments of a normal variable up to the fifth.
const NORMAL: Levels<'_> = &[(-1.732_050_807_568_877_2, 1.0), (0.0, 4.0), (1.732_050_807_568_877_2, 1.0)];
const SKEWED: Levels<'_> = &[(-1.0, 2.0), (0.0, 3.0), (2.0, 1.0)];

/// Answers in which the sources take all combinations of their values.
fn design(names: &[&str], sources: &[Levels<'_>], answer: impl Fn(&[f64]) -> Vec<f64>) -> Responses {
    let (mut rows, mut weights) = (Vec::new(), Vec::new());
    let count = sources.iter().map(|levels| levels.len()).product::<usize>();
    for number in 0..count {
        let (mut left, mut weight, mut values) = (number, 1.0, Vec::new());
        for levels in sources {
            let (value, frequency) = levels[left % levels.len()];
            values.push(value);
            weight *= frequency;
            left /= levels.len();
        }
        rows.push(answer(&values).into_iter().map(Some).collect::<Vec<_>>());
        weights.push(weight);
    }
    Responses::from_rows(names.iter().copied(), &rows).unwrap().with_weights(weights).unwrap()
}

/// An indicator with this loading.
fn indicator(loading: f64, construct: f64, error: f64) -> f64 {
    loading * construct + (1.0 - loading * loading).sqrt() * error
}

/// Rounding of a long sum, and the last change of the weights.
fn close(found: f64, expected: f64) {
    assert_relative_eq!(found, expected, epsilon = 0.0, max_relative = 1e-10);
}

/// Dijkstra and Schermelleh-Engel (2014): products of scores, corrected, give what products of the constructs would have
/// given; two of them share a factor, and with it its error.
#[test]
fn effects_of_products_are_those_of_the_constructs() {
    let names = ["a1", "a2", "b1", "b2", "y", "a", "b"];
    let sources = [NORMAL, SKEWED, NORMAL, NORMAL, NORMAL, NORMAL, NORMAL];
    let data = design(&names, &sources, |source| {
        let (a, b) = (source[0], 0.5 * source[0] + 0.75_f64.sqrt() * source[1]);
        let y = 0.3 * a + 0.4 * b - 0.25 * a * b + 0.15 * a * a + 0.1 * b * b + 0.4 * source[2];
        let first = [indicator(0.9, a, source[3]), indicator(0.7, a, source[4])];
        let second = [indicator(0.8, b, source[5]), indicator(0.6, b, source[6])];
        [&first[..], &second, &[y, a, b]].concat()
    });
    let equation = "Y ~ A + B + A:B + A:A + B:B";
    let measured: Model = format!("A =~ a1 + a2; B =~ b1 + b2; Y =~ y; {equation}").parse().unwrap();
    let known: Model = format!("A =~ a; B =~ b; Y =~ y; {equation}").parse().unwrap();
    let pls = tight().interaction(Interaction::Sequential);
    let expected = pls.fit(&known, &data).unwrap();
    let fit = pls.clone().consistent().fit(&measured, &data).unwrap();
    for from in ["A", "B", "A.B", "A.A", "B.B"] {
        close(fit.path(from, "Y").unwrap(), expected.path(from, "Y").unwrap());
    }
    for (first, second) in [("A", "B"), ("A", "A"), ("B", "B")] {
        let effect = |fit: &Fit| fit.product_effect(first, second, "Y").unwrap();
        close(effect(&fit), effect(&expected));
    }
    close(fit.r_squared("Y").unwrap().unwrap(), expected.r_squared("Y").unwrap().unwrap());
    // The scores alone are far off.
    let scores = pls.fit(&measured, &data).unwrap();
    assert!(
        scores.product_effect("A", "B", "Y").unwrap().abs()
            < 0.9 * expected.product_effect("A", "B", "Y").unwrap().abs()
    );
    // cSEM's divisors differ from these by shares of 1/n.
    let moments = pls.consistent().interaction(Interaction::SequentialMoments).fit(&measured, &data).unwrap();
    let n = moments.n();
    for from in ["A", "B", "A.B", "A.A", "B.B"] {
        let (found, expected) = (moments.path(from, "Y").unwrap(), expected.path(from, "Y").unwrap());
        assert!((found - expected).abs() < 10.0 / n, "{from}: {found} {expected}");
    }
}

#[test]
fn a_common_factor_of_common_factors_is_recovered() {
    let loadings = [[0.9, 0.7], [0.8, 0.6], [0.85, 0.75]];
    let second = [0.9, 0.8, 0.7];
    let names = ["x", "d11", "d12", "d21", "d22", "d31", "d32", "y"];
    let data = design(&names, &[TWO; 12], |source| {
        let whole = 0.6 * source[0] + 0.8 * source[1];
        let dimension = |at: usize| indicator(second[at], whole, source[2 + at]);
        let answer =
            |at: usize, which: usize| indicator(loadings[at][which], dimension(at), source[5 + 2 * at + which]);
        let mut answers = vec![source[0]];
        answers.extend((0..6).map(|at| answer(at / 2, at % 2)));
        answers.push(indicator(0.5, whole, source[11]));
        answers
    });
    let model: Model = "X =~ x; D1 =~ d11 + d12; D2 =~ d21 + d22; D3 =~ d31 + d32; Y =~ y; \
                        Whole =~ D1 + D2 + D3; Whole ~ X; Y ~ Whole"
        .parse()
        .unwrap();
    for approach in [HigherOrder::DisjointTwoStage, HigherOrder::SaturatedTwoStage] {
        let fit = tight().consistent().higher_order(approach).fit(&model, &data).unwrap();
        close(fit.path("X", "Whole").unwrap(), 0.6);
        close(fit.path("Whole", "Y").unwrap(), 0.5);
        for (name, expected) in ["D1.score", "D2.score", "D3.score"].iter().zip(second) {
            close(fit.disattenuated_loading(name).unwrap(), expected);
        }
        let first = tight().consistent().higher_order(approach).first_stage(&model, &data).unwrap().unwrap();
        let both = fit.assess().model_fit_of_stages(&first, ResidualVariance::Implied).unwrap();
        assert!(both.d_uls() < 1e-18);
        // 28 correlations; 8 loadings of indicators, 3 of dimensions, 2 paths.
        assert_eq!(both.degrees_of_freedom(), 15);
    }
}

/// Van Riel et al. (2017).
#[test]
fn a_composite_of_common_factors_is_recovered() {
    let names = ["x1", "x2", "d11", "d12", "d21", "d22", "y"];
    let data = design(&names, &[TWO; 10], |source| {
        let dimension = |at: usize| indicator(0.6, source[0], source[1 + at]);
        let (first, second) = (dimension(0), dimension(1));
        let y = 0.4 * (first + second) + source[3];
        let mut answers = vec![indicator(0.9, source[0], source[4]), indicator(0.7, source[0], source[5])];
        answers.extend((0..4).map(|at| indicator(0.8, if at < 2 { first } else { second }, source[6 + at])));
        answers.push(y);
        answers
    });
    let model: Model = "X =~ x1 + x2; D1 =~ d11 + d12; D2 =~ d21 + d22; Y =~ y; Whole <~ D1 + D2; Whole ~ X; Y ~ Whole"
        .parse()
        .unwrap();
    // The dimensions correlate by 0.6², so their sum has the variance 2.72.
    let deviation = 2.72_f64.sqrt();
    for approach in [HigherOrder::DisjointTwoStage, HigherOrder::EmbeddedTwoStage, HigherOrder::SaturatedTwoStage] {
        for mode in [Mode::A, Mode::B] {
            let pls = tight().consistent().higher_order(approach).mode("Whole", mode);
            let fit = pls.fit(&model, &data).unwrap();
            let first = pls.first_stage(&model, &data).unwrap().unwrap();
            let both = fit.assess().model_fit_of_stages(&first, ResidualVariance::Implied).unwrap();
            assert!(both.d_uls() < 1e-18);
            // 21 correlations; 7 loadings, a correlation and a weight in the composite, 2 paths.
            assert_eq!(both.degrees_of_freedom(), 10);
            close(fit.path("X", "Whole").unwrap(), 1.2 / deviation);
            close(fit.path("Whole", "Y").unwrap(), 0.4 * deviation / (0.16 * 2.72 + 1.0_f64).sqrt());
        }
    }
}

fn plain() -> (Model, Moments) {
    let model: Model = "A <~ a1 + a2; B =~ b; B ~ A".parse().unwrap();
    let correlations = DMatrix::from_row_slice(3, 3, &[1.0, 0.4, 0.3, 0.4, 1.0, 0.25, 0.3, 0.25, 1.0]);
    let moments = Moments::from_covariance(["a1", "a2", "b"], &correlations, 100.0).unwrap();
    (model, moments.with_standard_deviations([2.0, 3.0, 0.5]).unwrap())
}

#[test]
fn reliabilities_of_indicators_correct_what_they_are_in() {
    let (model, moments) = plain();
    for metric in [Metric::Standardised, Metric::Raw] {
        let pls = tight().metric(metric);
        let without = pls.fit(&model, &moments).unwrap();
        let fit = pls.reliability("a1", 0.8).reliability("b", 0.5).reliability("b", 0.7).fit(&model, &moments).unwrap();
        assert_eq!(fit.weight("a1").unwrap(), without.weight("a1").unwrap());
        let weight = fit.weight("a1").unwrap();
        // The score's variance of 1 less the error in it.
        let reliability = 1.0 - 0.2 * weight * weight;
        let expected = without.path("A", "B").unwrap() / (reliability * 0.7).sqrt();
        assert_relative_eq!(fit.path("A", "B").unwrap(), expected, max_relative = 1e-14);
        assert_relative_eq!(fit.construct_correlation("A", "B").unwrap(), expected, max_relative = 1e-14);
        let scores = without.construct_correlation("A", "B").unwrap();
        assert_relative_eq!(fit.score_correlation("A", "B").unwrap(), scores, max_relative = 1e-14);
        assert_relative_eq!(fit.loading("b").unwrap(), 0.7_f64.sqrt(), max_relative = 1e-14);
        assert_relative_eq!(fit.disattenuated_loading("b").unwrap(), 1.0, max_relative = 1e-14);
        let loading =
            |weight: f64, error: f64, name| (without.loading(name).unwrap() - weight * error) / reliability.sqrt();
        assert_relative_eq!(fit.loading("a1").unwrap(), loading(weight, 0.2, "a1"), max_relative = 1e-14);
        assert_relative_eq!(fit.loading("a2").unwrap(), loading(0.0, 0.0, "a2"), max_relative = 1e-14);
        assert!(fit.is_consistent() && !without.is_consistent());
    }
}

#[test]
fn every_slip_is_named() {
    let (model, moments) = plain();
    let message = |pls: Pls| pls.fit(&model, &moments).unwrap_err().to_string();
    assert_eq!(message(Pls::new().reliability("c", 0.5)), "unknown indicator `c`");
    assert_eq!(
        message(Pls::new().reliability("a1", 0.0).reliability("b", f64::NAN)),
        "the reliability of `a1` is 0; expected a positive number; the reliability of `b` is NaN; expected a finite number"
    );
    assert_eq!(
        message(Pls::new().mode("A", Mode::A).reliability("a1", 1e-9).reliability("a2", 1e-9).reliability("b", 1e-20)),
        "construct `B`: the measurement error that is known of its indicators leaves nothing of its score"
    );
}

#[test]
fn a_model_of_one_stage_has_no_first() {
    let (model, _) = plain();
    let data = design(&["a1", "a2", "b"], &[TWO; 4], |source| {
        vec![indicator(0.8, source[0], source[1]), indicator(0.7, source[0], source[2]), source[0] + source[3]]
    });
    assert_eq!(Pls::new().first_stage(&model, &data).unwrap(), None);
    let squared: Model = format!("{model} B ~ A:A").parse().unwrap();
    for interaction in [Interaction::ProductIndicators, Interaction::Orthogonal] {
        assert_eq!(Pls::new().interaction(interaction).first_stage(&squared, &data).unwrap(), None);
    }
    let first = Pls::new().first_stage(&squared, &data).unwrap();
    assert_eq!(first, Some(Pls::new().fit(&model, &data).unwrap()));
}
