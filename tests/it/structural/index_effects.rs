//! Effects in points: slopes between the indices of respondents.

use approx::assert_relative_eq;
use satindex::structural::{IndexWeights, Model, Pls, template};
use satindex::survey::{Responses, Scale};

/// The means of products of deviations of each pair of columns.
fn covariances(columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let centred: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| {
            let mean = column.iter().sum::<f64>() / column.len() as f64;
            column.iter().map(|value| value - mean).collect()
        })
        .collect();
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / a.len() as f64;
    centred.iter().map(|a| centred.iter().map(|b| product(a, b)).collect()).collect()
}

/// Respondents' indices in the ACSI model, with one reversed question and two kinds of scale.
#[test]
fn direct_effects_are_the_slopes_of_a_regression_between_indices() {
    let acsi = template::acsi();
    let answers = acsi.population().build().unwrap().likert(&acsi.likert(), 300, 5).unwrap();
    let model: Model = "Satisfaction =~ SAT1 + SAT2; Quality <~ QUA1; Loyalty =~ LOY1; \
        Loyalty ~ Satisfaction + Quality; Satisfaction ~ Quality"
        .parse()
        .unwrap();
    let pick = |name: &str| answers.column(name).unwrap().collect::<Vec<_>>();
    let sat1 = pick("SAT1");
    let turned = pick("SAT2").into_iter().map(|answer| answer.map(|answer| 11.0 - answer)).collect();
    let halved = pick("LOY1").into_iter().map(|answer| answer.map(|answer| answer / 2.0)).collect();
    let columns = [("SAT1", sat1), ("SAT2", turned), ("QUA1", pick("QUA1")), ("LOY1", halved)];
    let questionnaire = [
        ("SAT1", Scale::ONE_TO_TEN),
        ("SAT2", Scale::ONE_TO_TEN.reversed()),
        ("QUA1", Scale::ONE_TO_TEN),
        ("LOY1", Scale::new(0.5, 5.0).unwrap()),
    ];
    let answers = responses(&columns, &questionnaire);
    let fit = Pls::new().fit(&model, &answers).unwrap();

    let index = |construct: &str| -> Vec<f64> {
        let scores = fit.index_scores(construct, IndexWeights::Unstandardised, &answers).unwrap();
        scores.into_iter().map(Option::unwrap).collect()
    };
    let s = covariances(&[index("Satisfaction"), index("Quality"), index("Loyalty")]);
    let effect = |from: &str, to: &str| {
        let effects = fit.direct_effects();
        fit.index_effect(effects.iter().find(|effect| (effect.from(), effect.to()) == (from, to)).unwrap()).unwrap()
    };
    let determinant = s[0][0] * s[1][1] - s[0][1] * s[0][1];
    // Two covariance matrices from 300 answers: a few hundred roundings.
    let close = 1e-11;
    assert_relative_eq!(effect("Quality", "Satisfaction"), s[0][1] / s[1][1], epsilon = 0.0, max_relative = close);
    let on_loyalty = (s[0][2] * s[1][1] - s[1][2] * s[0][1]) / determinant;
    assert_relative_eq!(effect("Satisfaction", "Loyalty"), on_loyalty, epsilon = 0.0, max_relative = close);
    let on_loyalty = (s[1][2] * s[0][0] - s[0][2] * s[0][1]) / determinant;
    assert_relative_eq!(effect("Quality", "Loyalty"), on_loyalty, epsilon = 0.0, max_relative = close);
    let table = fit.index_effect_table().to_string();
    assert!(table.contains("Satisfaction  Loyalty"), "{table}");
}

fn responses(columns: &[(&str, Vec<Option<f64>>)], scales: &[(&str, Scale)]) -> Responses {
    let rows: Vec<Vec<Option<f64>>> =
        (0..columns[0].1.len()).map(|row| columns.iter().map(|(_, column)| column[row]).collect()).collect();
    let indicators =
        scales.iter().map(|(name, scale)| satindex::survey::Indicator::new(*name).unwrap().with_scale(*scale));
    let questionnaire = satindex::survey::Questionnaire::new(indicators).unwrap();
    let names = columns.iter().map(|(name, _)| *name);
    Responses::from_rows(names, &rows).unwrap().with_questionnaire(&questionnaire).unwrap()
}

/// Consistent estimates recover the effect between the constructs of a population, in their points.
#[test]
fn consistent_effects_are_those_between_the_constructs() {
    use satindex::structural::Population;
    use satindex::survey::Moments;
    let model: Model = "A =~ a1 + a2; B =~ b1 + b2 + b3; B ~ A".parse().unwrap();
    let population = Population::builder(model.clone())
        .loadings("A", [0.8, 0.8])
        .loadings("B", [0.7, 0.7, 0.7])
        .path("A", "B", 0.5)
        .build()
        .unwrap();
    let moments = Moments::from_covariance(model.indicators(), population.sigma(), 500.0).unwrap();
    let moments = moments.with_means([5.0; 5]).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
    let fit = Pls::new().consistent().fit(&model, &moments).unwrap();
    // Equal loadings, equal weights: the index is the mean question, in which one standard deviation of the construct is
    // λ answers, that is 100λ/9 points.
    let points = fit.index_effect(&fit.direct_effects()[0]).unwrap();
    // As far as the iteration converges.
    assert_relative_eq!(points, 0.5 * 0.7 / 0.8, epsilon = 0.0, max_relative = 1e-9);
}

#[test]
fn without_a_scale_there_are_no_points() {
    let model: Model = "A =~ a; B =~ b; B ~ A".parse().unwrap();
    let rows = [[1.0, 2.0], [2.0, 4.0], [3.0, 3.0], [4.0, 5.0]].map(|row| row.map(Some));
    let fit = Pls::new().fit(&model, &Responses::from_rows(["a", "b"], rows).unwrap()).unwrap();
    let error = fit.index_effect(&fit.direct_effects()[0]).unwrap_err();
    assert!(error.to_string().contains("`b`"), "{error}");
    assert_eq!(fit.index_effect_table().rows(), 0);
}
