//! Answers, moments, merged shards, a CSV file, a covariance or a correlation matrix: one estimate.

use nalgebra::DMatrix;
use proptest::prelude::*;
use satindex::structural::{Fit, Metric, Mode, Model, Pls, template};
use satindex::survey::{Missing, Moments, Responses};

use super::agreement::tight;

/// Simulated answers to the ACSI's questionnaire, with its scales.
fn survey(n: usize) -> (Model, Responses) {
    let acsi = template::acsi();
    (acsi.model(), acsi.population().build().unwrap().likert(&acsi.likert(), n, 11).unwrap())
}

/// Rounding of sums of some hundred answers, through a few iterations.
const ROUNDING: f64 = 1e-12;

#[track_caller]
fn same(found: &Fit, expected: &Fit) {
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < ROUNDING, "{found:e} {expected:e}");
    let (model, n) = (expected.model(), expected.n());
    assert_eq!((found.model(), found.n(), found.iterations()), (model, n, expected.iterations()));
    for name in model.indicators() {
        close(found.weight(name).unwrap(), expected.weight(name).unwrap());
        for construct in model.constructs() {
            let loading = |fit: &Fit| fit.cross_loading(name, construct.name()).unwrap();
            close(loading(found), loading(expected));
        }
    }
    for (found, expected) in found.total_effects().iter().zip(expected.total_effects()) {
        close(found.estimate(), expected.estimate());
    }
    for construct in model.constructs() {
        let explained = |fit: &Fit| fit.r_squared(construct.name()).unwrap();
        assert_eq!(explained(found).is_some(), explained(expected).is_some());
        close(explained(found).unwrap_or(0.0), explained(expected).unwrap_or(0.0));
        for other in model.constructs() {
            let correlation = |fit: &Fit| fit.construct_correlation(construct.name(), other.name()).unwrap();
            close(correlation(found), correlation(expected));
        }
    }
}

#[track_caller]
fn same_index(found: &Fit, expected: &Fit) {
    for construct in expected.model().constructs() {
        match (found.index(construct.name()), expected.index(construct.name())) {
            (Ok(found), Ok(expected)) => assert!((found.value() - expected.value()).abs() < 100.0 * ROUNDING),
            (found, expected) => assert_eq!(found, expected),
        }
    }
}

fn estimators(model: &Model) -> Vec<Pls> {
    let all = |mode| model.constructs().iter().fold(tight(), |pls, construct| pls.mode(construct.name(), mode));
    vec![tight(), all(Mode::B), all(Mode::Unit)]
}

#[test]
fn one_estimate_by_every_way_in() {
    let (model, responses) = survey(300);
    let moments = responses.moments(Missing::Reject).unwrap();
    let (means, deviations) = (moments.means().unwrap().to_vec(), moments.standard_deviations().unwrap());
    let matrix = |matrix: DMatrix<f64>| Moments::from_covariance(moments.names(), &matrix, 300.0).unwrap();
    for pls in estimators(&model) {
        let expected = pls.fit(&model, &responses).unwrap();
        let found = pls.fit(&model, &moments).unwrap();
        same(&found, &expected);
        same_index(&found, &expected);

        same(&pls.fit(&model, &matrix(moments.correlation().unwrap())).unwrap(), &expected);
        same(&pls.fit(&model, &matrix(moments.covariance().unwrap())).unwrap(), &expected);
        let known = matrix(moments.correlation().unwrap()).with_standard_deviations(deviations.clone()).unwrap();
        let known = known.with_means(means.clone()).unwrap();
        let questionnaire = template::acsi().questionnaire();
        let found = pls.fit(&model, &known.clone().with_questionnaire(&questionnaire).unwrap()).unwrap();
        same(&found, &expected);
        same_index(&found, &expected);
        // The raw metric needs the standard deviations, and is then as good from them as from the answers.
        let raw = pls.clone().metric(Metric::Raw);
        same(&raw.fit(&model, &known).unwrap(), &raw.fit(&model, &responses).unwrap());

        let mut solver = pls.solver(&model).unwrap();
        let solution = solver.solve(&moments.covariance().unwrap()).unwrap();
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < ROUNDING);
        for (name, (weight, loading)) in model.indicators().zip(solution.weights().zip(solution.loadings())) {
            close(weight, expected.weight(name).unwrap());
            close(loading, expected.loading(name).unwrap());
        }
        for (path, effect) in solution.paths().zip(expected.direct_effects()) {
            close(path, effect.estimate());
        }
        for (explained, construct) in solution.r_squared().zip(model.constructs()) {
            assert_eq!(explained.is_some(), expected.r_squared(construct.name()).unwrap().is_some());
            close(explained.unwrap_or(0.0), expected.r_squared(construct.name()).unwrap().unwrap_or(0.0));
        }
    }
}

/// More columns than the model asks for, in another order, change nothing.
#[test]
fn a_model_takes_its_own_indicators() {
    let (model, responses) = survey(100);
    let mut names: Vec<&str> = responses.names().collect();
    names.reverse();
    let part: Model = "Q =~ QUA1 + QUA2 + QUA3; S =~ SAT3 + SAT1 + SAT2; S ~ Q".parse().unwrap();
    for model in [model, part] {
        let expected = tight().fit(&model, &responses).unwrap();
        let turned = responses.select(&names).unwrap();
        same(&tight().fit(&model, &turned).unwrap(), &expected);
        same(&tight().fit(&model, &turned.moments(Missing::Reject).unwrap()).unwrap(), &expected);
    }
}

/// A case weight counts respondents.
#[test]
fn a_weight_of_two_is_two_respondents() {
    let (model, responses) = survey(100);
    let rows: Vec<usize> = (0..100).chain(0..30).collect();
    let weights = (0..100).map(|row| if row < 30 { 2.0 } else { 1.0 });
    let weighted = responses.clone().with_weights(weights).unwrap();
    same(&tight().fit(&model, &weighted).unwrap(), &tight().fit(&model, &responses.subset(&rows).unwrap()).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn shards_in_any_split_are_the_whole(parts in proptest::collection::vec(0_usize..5, 200)) {
        let (model, responses) = survey(200);
        let expected = tight().fit(&model, &responses).unwrap();
        let shard = |part| {
            let rows: Vec<usize> = (0..200).filter(|row| parts[*row] == part).collect();
            responses.subset(&rows).unwrap().moments(Missing::Reject).unwrap()
        };
        let there = (0..5).filter(|part| parts.contains(part));
        let merged = Moments::sum(&there.map(shard).collect::<Vec<_>>()).unwrap();
        same(&tight().fit(&model, &merged).unwrap(), &expected);
        same_index(&tight().fit(&model, &merged).unwrap(), &expected);
    }
}

#[cfg(feature = "csv")]
mod csv {
    use satindex::survey::{Csv, Missing, Responses};

    use super::{same, same_index, survey, tight};

    fn file(responses: &Responses) -> String {
        let mut text = responses.names().collect::<Vec<_>>().join(",");
        for row in 0..responses.rows() {
            let cells = (0..responses.names().len()).map(|column| responses.get(row, column).unwrap().to_string());
            text += &("\n".to_owned() + &cells.collect::<Vec<_>>().join(","));
        }
        text
    }

    #[test]
    fn a_file_read_or_streamed() {
        let (model, responses) = survey(300);
        let expected = tight().fit(&model, &responses).unwrap();
        let csv = Csv::new().questionnaire(satindex::structural::template::acsi().questionnaire());
        let text = file(&responses);
        let read = tight().fit(&model, &csv.read(text.as_bytes()).unwrap()).unwrap();
        let streamed = tight().fit(&model, &csv.moments(text.as_bytes(), Missing::Reject).unwrap()).unwrap();
        for found in [read, streamed] {
            same(&found, &expected);
            same_index(&found, &expected);
        }
    }

    /// A batch holds some ten thousand rows for each thread, so both files are many batches long.
    #[test]
    fn streaming_takes_the_same_memory_whatever_the_length() {
        let peak = |rows| {
            let text = "q1,q2\n".to_owned() + &"7,8\n3,5\n".repeat(rows / 2);
            let mut found = 0;
            let counted = allocation_counter::measure(|| {
                found = Csv::new().moments(text.as_bytes(), Missing::Listwise).unwrap().rows();
            });
            assert_eq!(found, rows);
            counted.bytes_max
        };
        // What is read beyond the last piece varies; the text itself is four times as long.
        let (short, long) = (peak(200_000), peak(800_000));
        assert!(4 * long < 5 * short, "{long} bytes against {short}");
    }
}
