//! The bootstrap test of exact fit.

use satindex::inference::{Distance, ExactFitTest};
use satindex::structural::{Fit, Mode, Model, Pls, Population, PopulationBuilder};
use satindex::survey::{Missing, Responses};
use serde_json::Value;

use crate::reference;
use crate::structural::estimates;
use crate::structural::peers::responses;

const DISTANCES: [(Distance, &str); 4] =
    [(Distance::DG, "dG"), (Distance::Srmr, "SRMR"), (Distance::DUls, "dL"), (Distance::DMl, "dML")];

/// cSEM's statistics to 1e-8, and its critical values from 199 resamples as closely as so few tell them.
fn agrees(file: &str, fit: &Fit, data: &Responses) {
    let golden = reference::json(&format!("pls/{file}"));
    let test = ExactFitTest::new(499).seed(1).run(fit, data).unwrap();
    assert_eq!(test.used(), 499);
    for (distance, name) in DISTANCES {
        let expected = golden["statistic"][name].as_f64().unwrap();
        approx::assert_relative_eq!(test.statistic(distance), expected, epsilon = 0.0, max_relative = 1e-8);
        let critical = &golden["critical_values"];
        let row = critical["rows"].as_array().unwrap().iter().position(|row| row == name).unwrap();
        for (level, expected) in [0.05, 0.1].into_iter().zip(critical["values"][row].as_array().unwrap()[1..].iter()) {
            // The distances vary by about a tenth of their size; a quantile of 199 of them by a third of that.
            let found = test.critical_value(distance, level).unwrap();
            approx::assert_relative_eq!(found, expected.as_f64().unwrap(), max_relative = 0.12);
        }
        // Both reject at every level.
        assert_eq!(golden["decision_not_rejected"]["values"][row], Value::from(vec![false; 3]));
        assert_eq!(test.p_value(distance), 1.0 / 500.0);
    }
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn csem_rejects_its_models_and_so_does_this() {
    let data = responses("data/mobi.csv");
    let specification = reference::json("pls/csem_ecsi_mobi_modeB_path.json");
    let model: Model = specification["model"]["syntax"].as_str().unwrap().parse().unwrap();
    // cSEM's own tolerance: its statistics are those of its default.
    let regression = Pls::new().tolerance(1e-5);
    agrees("csem_ecsi_mobi_testOMF_composite_modeB.json", &regression.fit(&model, &data).unwrap(), &data);
    let satisfaction: Model = estimates::golden()["data"]["satisfaction"]["model"].as_str().unwrap().parse().unwrap();
    let composites: Model = satisfaction.to_string().replace("=~", "<~").parse().unwrap();
    let answers = responses("data/satisfaction.csv");
    let fit = regression.fit(&composites, &answers).unwrap();
    agrees("csem_satisfaction_testOMF_composite_modeB.json", &fit, &answers);
    let correlation = model.constructs().iter().fold(regression, |pls, construct| pls.mode(construct.name(), Mode::A));
    agrees("csem_ecsi_mobi_testOMF_composite_modeA.json", &correlation.fit(&model, &data).unwrap(), &data);
}

fn population() -> Population {
    let model: Model = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; C =~ c1 + c2 + c3; B ~ A; C ~ B".parse().unwrap();
    measured(model).path("A", "B", 0.6).path("B", "C", 0.6).build().unwrap()
}

fn measured(model: Model) -> PopulationBuilder {
    Population::builder(model)
        .loadings("A", [0.75, 0.7, 0.7])
        .loadings("B", [0.7, 0.75, 0.7])
        .loadings("C", [0.7, 0.7, 0.75])
}

fn sample(population: &Population, n: usize, seed: u64) -> Responses {
    Responses::from_matrix(population.model().indicators(), population.simulate(n, seed).unwrap()).unwrap()
}

#[test]
fn a_true_model_is_rejected_as_often_as_the_level_says() {
    let population = population();
    let test = ExactFitTest::new(39);
    let samples = 40;
    let rejected = (0..samples).filter(|seed| {
        let data = sample(&population, 200, *seed);
        let fit = Pls::new().consistent().fit(population.model(), &data).unwrap();
        test.clone().seed(*seed).run(&fit, &data).unwrap().p_value(Distance::DUls) <= 0.2
    });
    // 20 % of 40, give or take three standard errors of 2.5.
    let rejected = rejected.count();
    assert!((1..=15).contains(&rejected), "{rejected} of {samples}");
}

#[test]
fn a_false_model_is_rejected() {
    // A acts on C past B.
    let right = population().model().to_string().replace("C ~ B", "C ~ A + B");
    let population =
        measured(right.parse().unwrap()).path("A", "B", 0.5).path("A", "C", 0.6).path("B", "C", 0.1).build().unwrap();
    let data = sample(&population, 400, 3);
    let fit = Pls::new().consistent().fit(self::population().model(), &data).unwrap();
    let test = ExactFitTest::new(99);
    assert!(test.run(&fit, &data).unwrap().p_value(Distance::Srmr) <= 0.02);
    // The measurement is right, and is not.
    assert!(test.clone().saturated().run(&fit, &data).unwrap().p_value(Distance::Srmr) > 0.05);
}

#[test]
fn the_seed_decides() {
    let population = population();
    let data = sample(&population, 100, 1);
    let fit = Pls::new().fit(population.model(), &data).unwrap();
    let run = |seed| ExactFitTest::new(20).seed(seed).run(&fit, &data).unwrap();
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

#[test]
fn what_cannot_be_tested_is_an_error() {
    let population = population();
    let data = sample(&population, 100, 1);
    let fit = Pls::new().fit(population.model(), &data).unwrap();
    let message = |test: &ExactFitTest, data: &Responses| test.run(&fit, data).unwrap_err().to_string();
    assert_eq!(message(&ExactFitTest::new(0), &data), "the number of replicates is 0; expected at least 1");
    let others = message(&ExactFitTest::new(9), &sample(&population, 100, 2));
    assert!(
        others.starts_with("the responses: are not those that the fit was made from: the mean of `a1` is "),
        "{others}"
    );
    let few = data.select(["a1", "a2"]).unwrap();
    assert!(ExactFitTest::new(9).run(&fit, &few).unwrap_err().is_unknown_name());
    let level = ExactFitTest::new(9).run(&fit, &data).unwrap().critical_value(Distance::DG, f64::NAN);
    assert_eq!(level.unwrap_err().to_string(), "the level of significance is NaN; expected a finite number");
    // Missing answers: the complete ones are tested where only they were used.
    let holes = sample(&population, 100, 1);
    let mut rows: Vec<Vec<Option<f64>>> =
        (0..100).map(|row| (0..9).map(|column| holes.get(row, column)).collect()).collect();
    rows[7][3] = None;
    let holes = Responses::from_rows(population.model().indicators(), rows).unwrap();
    let listwise = Pls::new().fit(population.model(), &holes).unwrap();
    assert!(ExactFitTest::new(9).run(&listwise, &holes).is_ok());
    let filled = Pls::new().missing(Missing::Mean).fit(population.model(), &holes).unwrap();
    assert!(ExactFitTest::new(9).run(&filled, &holes).unwrap_err().is_unsupported());
}
