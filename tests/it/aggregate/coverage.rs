//! How often the interval of a national index holds the truth.
#![allow(clippy::print_stdout, reason = "a study prints what it found")]

use nalgebra::DMatrix;
use satindex::aggregate::{Aggregation, GroupWeight, Programme, Structure};
use satindex::inference::Bootstrap;
use satindex::structural::{Pls, template};
use satindex::survey::{Moments, Responses, Scale};

const ORGANISATIONS: usize = 20;
const INTERVIEWS: usize = 100;
const NATIONS: usize = 1000;
const DEVIATION: f64 = 7.0;

/// Of three sectors and six industries; one organisation in two of them.
fn structure(names: &[String]) -> Structure {
    let mut builder = Structure::builder("nation");
    for (sector, share) in [("s0", 0.5), ("s1", 0.3), ("s2", 0.2)] {
        builder = builder.group(sector, "nation", share);
    }
    for industry in 0..6 {
        builder = builder.group(format!("i{industry}"), format!("s{}", industry % 3), GroupWeight::Members);
    }
    for (at, name) in names.iter().enumerate() {
        builder = builder.entity(name, format!("i{}", at % 6), (1 + at % 5) as f64);
    }
    builder.entity(&names[0], "i4", 2.0).build().unwrap()
}

/// The mean of all answers to an organisation, from 46 to 54 on a scale from 0 to 100 of which normal answers with a
/// standard deviation of 7 never reach the ends (6.5 standard deviations).
fn level(organisation: usize) -> f64 {
    46.0 + 8.0 * organisation as f64 / (ORGANISATIONS - 1) as f64
}

/// 1,000 nations, each from 20 organisations × 100 interviews × 200 resamples. The truth is the index that the population
/// itself has: the model estimated from the population's covariance matrix, whose weights and index are exact.
///
/// With a coverage of 95 % in truth, 1,000 nations give 95 ± 0.7 %; the bounds are ± 2.9 standard errors.
#[test]
#[ignore = "a study: 4,000,000 estimations"]
fn the_national_interval_covers_the_truth() {
    let survey = template::acsi();
    let (model, population) = (survey.model(), survey.population().build().unwrap());
    let scale = Scale::new(0.0, 100.0).unwrap();
    let names: Vec<String> = (0..ORGANISATIONS).map(|at| format!("organisation {at}")).collect();
    let structure = structure(&names);
    let indicators: Vec<String> = model.indicators().map(String::from).collect();

    let truth = |at: usize| {
        let covariance = population.sigma() * DEVIATION.powi(2);
        let moments = Moments::from_covariance(indicators.clone(), &covariance, 1e6).unwrap();
        let moments = moments.with_means(vec![level(at); indicators.len()]).unwrap().with_scale(scale).unwrap();
        Pls::new().fit(&model, &moments).unwrap().index("Satisfaction").unwrap()
    };
    let truths = names.iter().enumerate().map(|(at, name)| (name, truth(at)));
    let truths = Aggregation::new().aggregate(&structure, truths).unwrap();

    let groups: Vec<&str> = structure.groups().collect();
    let mut covered = vec![0; groups.len()];
    let mut by_percentiles = 0;
    let mut errors = Vec::new();
    for nation in 0..NATIONS {
        let bootstrap = Bootstrap::new(200).seed(nation as u64);
        let programme = Programme::new(model.clone(), "Satisfaction", structure.clone()).unwrap().bootstrap(bootstrap);
        let interviews = names.iter().enumerate().map(|(at, name)| {
            let normal = population.simulate(INTERVIEWS, (nation * ORGANISATIONS + at) as u64).unwrap();
            let answers: DMatrix<f64> = normal.map(|value| level(at) + DEVIATION * value);
            let responses = Responses::from_matrix(indicators.clone(), answers).unwrap();
            (name.as_str(), responses.with_scale(scale))
        });
        let wave = programme.run(interviews).unwrap();
        assert_eq!(wave.failures().count(), 0);
        let result = wave.aggregated();
        for (group, covered) in groups.iter().zip(&mut covered) {
            let truth = truths.index(group).unwrap().value();
            *covered += usize::from(result.index(group).unwrap().interval().unwrap().contains(truth));
        }
        let truth = truths.total().unwrap().value();
        by_percentiles += usize::from(result.percentile_interval("nation").unwrap().contains(truth));
        errors.push(result.total().unwrap().value() - truth);
    }
    let percent = |count: usize| 100.0 * count as f64 / NATIONS as f64;
    for (group, covered) in groups.iter().zip(&covered) {
        println!("{group}: {:.1} %", percent(*covered));
        assert!((93.0..=97.0).contains(&percent(*covered)), "{group}: {} %", percent(*covered));
    }
    println!("nation, percentiles of the replicates: {:.1} %", percent(by_percentiles));
    assert!((93.0..=97.0).contains(&percent(by_percentiles)), "{} %", percent(by_percentiles));
    let mean = errors.iter().sum::<f64>() / NATIONS as f64;
    let spread = (errors.iter().map(|error| (error - mean).powi(2)).sum::<f64>() / (NATIONS - 1) as f64).sqrt();
    // No bias beyond what 1,000 nations can tell.
    assert!(mean.abs() < 3.5 * spread / (NATIONS as f64).sqrt(), "{mean} with {spread}");
}
