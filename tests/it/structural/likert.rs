use proptest::prelude::*;
use satindex::structural::{Likert, Model, Population};
use satindex::survey::Scale;

use super::strategies;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_answer_is_on_its_scale(
        population in strategies::population(),
        mean in prop_oneof![-20.0..20.0, any::<f64>()],
        deviation in prop_oneof![0.0..10.0, any::<f64>()],
        seed: u64,
    ) {
        if let Ok(likert) = Likert::new(Scale::ONE_TO_SEVEN, mean, deviation) {
            let responses = population.likert(&likert, 20, seed).unwrap();
            for name in responses.names() {
                for answer in responses.column(name).unwrap().flatten() {
                    prop_assert!((1..=7).any(|step| f64::from(step) == answer), "{answer}");
                }
            }
        }
    }
}

/// Sheppard's correction: rounding to steps of 1 adds 1/12 to a variance and nothing to a covariance.
#[test]
fn rounding_shrinks_a_correlation_as_sheppard_says() {
    let model: Model = "A =~ a; B =~ b; B ~ A".parse().unwrap();
    let population =
        Population::builder(model).loadings("A", [1.0]).loadings("B", [1.0]).path("A", "B", 0.8).build().unwrap();
    let n = 100_000;
    let likert = Likert::new(Scale::ZERO_TO_HUNDRED, 50.0, 1.0).unwrap();
    let responses = population.likert(&likert, n, 3).unwrap();
    let [a, b] = ["a", "b"].map(|name| responses.column(name).unwrap().map(|answer| answer.unwrap() - 50.0));
    let (mut aa, mut ab, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.zip(b) {
        aa += a * a;
        ab += a * b;
        bb += b * b;
    }
    // The standard error of a correlation is at most n^-1/2 = 0.0032; 0.8 unshrunk would be 0.062 away.
    assert!((ab / (aa * bb).sqrt() - 0.8 / (1.0 + 1.0 / 12.0)).abs() < 0.01);
}

#[test]
fn indicators_that_the_model_lacks_are_named() {
    let model: Model = "A =~ a; B =~ b; B ~ A".parse().unwrap();
    let population =
        Population::builder(model).loadings("A", [1.0]).loadings("B", [1.0]).path("A", "B", 0.8).build().unwrap();
    let scale = Scale::ONE_TO_TEN;
    let likert = Likert::new(scale, 7.0, 2.0).unwrap().with_indicator("c", scale, 7.0, 2.0).unwrap();
    let error = population.likert(&likert.with_indicator("A", scale, 7.0, 2.0).unwrap(), 10, 1).unwrap_err();
    assert_eq!(error.to_string(), "unknown indicator `c`; unknown indicator `A`");
}
