//! The assessment of a fit: `cargo bench --bench assess`.
//!
//! The mobile-phone model (24 indicators, 7 constructs, 12 paths; 250 respondents): every figure of the report, resampling
//! aside, within 1 ms; and what resampling takes.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod common;

use std::hint::black_box;

use satindex::inference::ExactFitTest;
use satindex::structural::{Fit, Pls, ScoresWithout, template};

type Part = (&'static str, fn(&Fit));

/// The figures, room by room.
const PARTS: [Part; 8] = [
    ("reliability", |fit| {
        black_box(fit.reliability());
        black_box(fit.unidimensionality().unwrap());
        black_box(fit.communality());
    }),
    ("validity", |fit| {
        black_box((fit.htmt(), fit.htmt2(), fit.fornell_larcker(), fit.cross_loadings(), fit.outer_vif()));
    }),
    ("paths: VIF, f², redundancy, GoF", |fit| {
        black_box((fit.inner_vif(), fit.full_collinearity_vif(), fit.f_squared()));
        black_box((fit.redundancy(), fit.goodness_of_fit()));
    }),
    ("f², scores estimated anew", |fit| {
        black_box(fit.f_squared_by(ScoresWithout::Reestimated).unwrap());
    }),
    ("information criteria", |fit| {
        black_box(fit.information_criteria());
    }),
    ("mediation", |fit| {
        black_box(fit.mediation().unwrap());
    }),
    ("model fit, saturated and estimated", |fit| {
        black_box(fit.model_fit());
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
        slow("blindfolding, omission distance 7", &|| drop(black_box(fit.blindfolding(&responses, 7).unwrap())));
        let test = ExactFitTest::new(if common::full() { 499 } else { 9 });
        slow("test of exact fit, 499 resamples", &|| {
            drop(black_box(test.clone().keep_inadmissible().run(&fit, &responses).unwrap()));
        });
    }
}
