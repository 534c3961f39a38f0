//! The assessment of a fit: `cargo bench --bench assess`.
//!
//! The mobile-phone model (24 indicators, 7 constructs, 12 paths; 250 respondents): every figure of the report, resampling
//! aside, within 1 ms; and what resampling takes. Then what many indicators cost: verification and model fit of chains of
//! constructs with ten indicators each.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod common;

use std::hint::black_box;

use nalgebra::DMatrix;
use satindex::inference::ExactFitTest;
use satindex::structural::{Fit, FornellLarcker, Htmt, Model, Pls, ResidualVariance, RhoA, ScoresWithout, template};
use satindex::survey::Moments;

type Part = (&'static str, fn(&Fit));

/// The figures, room by room.
const PARTS: [Part; 8] = [
    ("reliability", |fit| {
        black_box(fit.assess().reliability(RhoA::CommonFactors));
        black_box(fit.assess().unidimensionality().unwrap());
        black_box(fit.assess().communality());
    }),
    ("validity", |fit| {
        black_box((
            fit.assess().htmt(Htmt::Signed),
            fit.assess().htmt(Htmt::Geometric),
            fit.assess().fornell_larcker(FornellLarcker::Squared),
            fit.assess().cross_loadings(),
            fit.assess().outer_vif(),
        ));
    }),
    ("paths: VIF, f², redundancy, GoF", |fit| {
        black_box((
            fit.assess().inner_vif(),
            fit.assess().full_collinearity_vif(),
            fit.assess().f_squared(ScoresWithout::Held).unwrap(),
        ));
        black_box((fit.assess().redundancy(), fit.assess().goodness_of_fit()));
    }),
    ("f², scores estimated anew", |fit| {
        black_box(fit.assess().f_squared(ScoresWithout::Reestimated).unwrap());
    }),
    ("information criteria", |fit| {
        black_box(fit.assess().information_criteria());
    }),
    ("mediation", |fit| {
        black_box(fit.assess().mediation().unwrap());
    }),
    ("model fit, saturated and estimated", |fit| {
        black_box(fit.assess().model_fit(ResidualVariance::Observed));
    }),
    ("verification", |fit| {
        black_box(fit.verify());
    }),
];

fn main() {
    let survey = template::ecsi_mobile();
    let model = survey.model();
    let responses = survey.population().build().unwrap().likert(&survey.likert(), 250, 1).unwrap();
    let (runs, batch) = if common::full() { (300, 10) } else { (1, 1) };
    for (what, pls) in [("scores", Pls::new()), ("corrected for attenuation", Pls::new().consistent())] {
        let fit = pls.fit(&model, &responses).unwrap();
        println!("{what}");
        let measure = |what: &str, ask: &dyn Fn()| {
            common::time(runs, || (0..batch).for_each(|_| ask())).print(what, batch);
        };
        measure("the fit itself", &|| drop(black_box(pls.fit(&model, black_box(&responses)).unwrap())));
        for (part, ask) in PARTS {
            measure(part, &|| ask(&fit));
        }
        measure("all of it", &|| PARTS.iter().for_each(|(_, ask)| ask(&fit)));
        measure("the report, printed", &|| drop(black_box(fit.report().to_string())));
        let slow = |what: &str, ask: &dyn Fn()| common::time(runs / 60, ask).print(what, 1);
        slow("blindfolding, omission distance 7", &|| {
            let _ = black_box(fit.assess().blindfolding(&responses, 7).unwrap());
        });
        let test = ExactFitTest::new(if common::full() { 499 } else { 9 });
        slow("test of exact fit, 499 resamples", &|| {
            drop(black_box(test.clone().keep_inadmissible().run(&fit, &responses).unwrap()));
        });
    }
    for constructs in if common::full() { vec![50, 100, 200] } else { vec![3] } {
        let fit = chain(constructs);
        println!("{} indicators", 10 * constructs);
        let measure = |what: &str, ask: &dyn Fn()| common::time(1, ask).print(what, 1);
        measure("verification", &|| drop(black_box(fit.verify())));
        measure("model fit, saturated and estimated", &|| {
            let _ = black_box(fit.assess().model_fit(ResidualVariance::Observed));
        });
    }
}

/// Constructs each of which acts on the next, with correlations of indicators that are not quite those implied.
fn chain(constructs: usize) -> Fit {
    let name = |at: usize| format!("x{at}");
    let mut model = Model::builder();
    for at in 0..constructs {
        model = model.reflective(format!("C{at}"), (10 * at..10 * at + 10).map(name));
    }
    let model = (1..constructs).fold(model, |model, at| model.path(format!("C{}", at - 1), format!("C{at}")));
    let correlation = |row: usize, column: usize| {
        let noise = 0.01 * ((row.min(column) * 31 + row.max(column) * 17) as f64).sin();
        let apart = (row / 10).abs_diff(column / 10);
        if row == column { 1.0 } else { 0.5 * 0.5_f64.powi(i32::try_from(apart).unwrap()) + noise / constructs as f64 }
    };
    let size = 10 * constructs;
    let correlations = DMatrix::from_fn(size, size, correlation);
    let moments = Moments::from_covariance((0..size).map(name), &correlations, 10_000.0).unwrap();
    Pls::new().fit(&model.build().unwrap(), &moments).unwrap()
}
