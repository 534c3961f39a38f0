//! Predictive relevance by blindfolding.

use nalgebra::DMatrix;
use satindex::structural::{Blindfolding, Model, Pls, Population};
use satindex::survey::Responses;

fn population(path: f64) -> Population {
    let model: Model =
        "A =~ a1 + a2 + a3; B =~ b1 + b2; C =~ c1 + c2 + c3; D =~ d; B ~ A; C ~ A + B; D ~ C".parse().unwrap();
    Population::builder(model)
        .loadings("A", [0.9, 0.8, 0.9])
        .loadings("B", [0.8, 0.9])
        .loadings("C", [0.8, 0.9, 0.8])
        .loadings("D", [1.0])
        .path("A", "B", path)
        .path("A", "C", path)
        .path("B", "C", path)
        .path("C", "D", path)
        .build()
        .unwrap()
}

fn responses(model: &Model, data: DMatrix<f64>) -> Responses {
    Responses::from_matrix(model.indicators(), data).unwrap()
}

/// With many respondents and few answers left out at a time, nothing is lost by leaving them out: what the predecessors
/// predict is the mean redundancy.
#[test]
fn of_many_answers_it_is_the_redundancy() {
    let population = population(0.5);
    let data = responses(population.model(), population.exact(1999, 4).unwrap());
    let fit = Pls::new().fit(population.model(), &data).unwrap();
    let (redundancy, blind) = (fit.assess().redundancy(), fit.assess().blindfolding(&data, 40).unwrap());
    for construct in ["B", "C", "D"] {
        let expected = redundancy.get(construct, "redundancy").unwrap().unwrap();
        let found = blind.redundancy(construct).unwrap().unwrap();
        // A fortieth of the answers is the mean in each round; what is lost of the correlations is less than that.
        assert!(found < expected && found > expected * (1.0 - 1.0 / 40.0), "{construct}: {found}, {expected}");
    }
    assert_eq!(blind.redundancy("A").unwrap(), None);
    assert_eq!(blind.communality("D").unwrap(), None);
    // A's own indicators tell more of one another than B tells of A, and less than they tell of their score.
    let communality = blind.communality("A").unwrap().unwrap();
    assert!(communality > 0.4 && communality < redundancy.get("A", "communality").unwrap().unwrap());
    let sizes = blind.effect_sizes();
    assert!(sizes.get("C", "A").unwrap().unwrap() > 0.05);
    // A single predecessor explains all: q² = Q²/(1 - Q²).
    let q = blind.redundancy("D").unwrap().unwrap();
    approx::assert_relative_eq!(sizes.get("D", "C").unwrap().unwrap(), q / (1.0 - q), max_relative = 1e-14);
    // The correction for attenuation changes nothing that can be observed.
    let consistent = Pls::new().consistent().fit(population.model(), &data).unwrap();
    assert_eq!(consistent.assess().blindfolding(&data, 40).unwrap(), blind);
}

#[test]
fn constructs_that_have_nothing_to_do_with_each_other_predict_nothing() {
    let population = population(0.0);
    let data = responses(population.model(), population.simulate(501, 2).unwrap());
    let fit = Pls::new().fit(population.model(), &data).unwrap();
    let blind = fit.assess().blindfolding(&data, 7).unwrap();
    for construct in ["B", "C", "D"] {
        assert!(blind.redundancy(construct).unwrap().unwrap() < 0.02);
    }
}

/// The definition, step by step, for one construct.
#[test]
fn it_is_what_its_definition_says() {
    let population = population(0.4);
    let model = population.model();
    let (rows, distance) = (50, 7);
    let data = population.simulate(rows, 9).unwrap();
    let fit = Pls::new().fit(model, &responses(model, data.clone())).unwrap();
    let block = 3..5;
    let deviation = |column: usize| {
        let column = data.column(column);
        (column.variance() * rows as f64 / (rows as f64 - 1.0)).sqrt()
    };
    let (mut observed, mut redundancy, mut communality) = (0.0, 0.0, 0.0);
    for round in 0..distance {
        let mut filled = data.clone();
        let mut hidden = Vec::new();
        let mut place = 0;
        for column in block.clone() {
            let mut left_out = Vec::new();
            for row in 0..rows {
                if place % distance == round {
                    left_out.push(row);
                }
                place += 1;
            }
            let seen: Vec<f64> =
                (0..rows).filter(|row| !left_out.contains(row)).map(|row| data[(row, column)]).collect();
            let mean = seen.iter().sum::<f64>() / seen.len() as f64;
            for row in left_out {
                filled[(row, column)] = mean;
                hidden.push((row, column, mean));
            }
        }
        let filled = responses(model, filled);
        let again = Pls::new().fit(model, &filled).unwrap();
        let scores = again.scores(&filled).unwrap();
        for (row, column, mean) in hidden {
            let indicator = ["b1", "b2"][column - 3];
            // The slope of the indicator on its score, whose variance is 1.
            let answers: Vec<f64> = filled.column(indicator).unwrap().flatten().collect();
            let average = answers.iter().sum::<f64>() / rows as f64;
            let slope: f64 = (0..rows).map(|at| (answers[at] - average) * scores.get(at, 1).unwrap()).sum::<f64>()
                / (rows as f64 - 1.0);
            let error = data[(row, column)] - mean;
            observed += (error / deviation(column)).powi(2);
            let predicted = again.path("A", "B").unwrap() * scores.get(row, 0).unwrap();
            redundancy += ((error - slope * predicted) / deviation(column)).powi(2);
            communality += ((error - slope * scores.get(row, 1).unwrap()) / deviation(column)).powi(2);
        }
    }
    let blind = fit.assess().blindfolding(&responses(model, data.clone()), distance).unwrap();
    let close = |found: Option<f64>, expected: f64| {
        approx::assert_relative_eq!(found.unwrap(), expected, epsilon = 0.0, max_relative = 1e-10);
    };
    close(blind.redundancy("B").unwrap(), 1.0 - redundancy / observed);
    close(blind.communality("B").unwrap(), 1.0 - communality / observed);
}

#[test]
fn a_case_weight_counts_respondents() {
    let population = population(0.5);
    let data = population.simulate(41, 3).unwrap();
    let weights: Vec<f64> = (0..41).map(|row| f64::from(row % 3)).collect();
    let weighted = responses(population.model(), data.clone()).with_weights(weights.clone()).unwrap();
    let fit = Pls::new().fit(population.model(), &weighted).unwrap();
    let rows = (0..41).flat_map(|row| std::iter::repeat_n(row, row % 3));
    let repeated = data.select_rows(&rows.collect::<Vec<usize>>());
    let repeated = responses(population.model(), repeated);
    let again = Pls::new().fit(population.model(), &repeated).unwrap();
    let counted = fit.assess().blindfolding(&weighted, 7).unwrap();
    let expected = again.assess().blindfolding(&repeated, 7).unwrap();
    for construct in ["A", "B"] {
        let figures = [Blindfolding::redundancy, Blindfolding::communality];
        for figure in figures {
            let (found, expected) = (figure(&counted, construct).unwrap(), figure(&expected, construct).unwrap());
            assert_eq!(found.is_some(), expected.is_some());
            // Both fits stop where nothing changes by more than 1e-10.
            let apart = found.zip(expected).map_or(0.0, |(found, expected)| (found - expected).abs());
            assert!(apart < 1e-8, "{construct}: {apart}");
        }
    }
    let unweighted = fit.assess().blindfolding(&responses(population.model(), data), 7).unwrap_err();
    assert_eq!(
        unweighted.to_string(),
        "the responses: are not those that the fit was made from: there are 41 of them, and 40 in the fit"
    );
}

#[test]
fn distances_that_hide_whole_respondents_are_errors() {
    let population = population(0.5);
    let data = responses(population.model(), population.simulate(60, 1).unwrap());
    let fit = Pls::new().fit(population.model(), &data).unwrap();
    for distance in [0, 1, 5, 60, 61] {
        assert_eq!(
            fit.assess().blindfolding(&data, distance).unwrap_err().to_string(),
            format!(
                "the omission distance is {distance}; expected 2 or more, fewer than the 60 respondents, and no divisor \
                 of their number"
            )
        );
    }
    assert!(fit.assess().blindfolding(&data, 7).is_ok());
}
