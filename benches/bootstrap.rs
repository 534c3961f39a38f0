//! The bootstrap against its bound: `cargo bench --bench bootstrap`.
//!
//! 10,000 resamples of the mobile-phone model (250 respondents × 24 indicators, 7 constructs, 12 paths): weights,
//! loadings, paths, R², all effects, construct correlations and indices of each. The bound is the product that no
//! bootstrap of covariances can do without: 10,000 × 250 counts with 250 × 300 products of answers, done by nalgebra's
//! (matrixmultiply's) kernel.
//!
//! What was tried, on two cores with AVX-512:
//!
//! - one problem at a time: solving takes 3.7 µs for each replicate; eight side by side in vector lanes 0.8 µs;
//! - forming only the blocks of S w that linked constructs need: some 190 inner loops of three or four terms in an
//!   iteration, 0.8 µs; whole columns, and the scale of the weights taken from the next product, 0.35 µs;
//! - closures handed to the dispatcher are compiled for the baseline; a type with an inlined `with_simd` is not;
//! - counts and products multiplied in tiles of 16 replicates whose counts (32 KB) and sums stay in the first two levels
//!   of the cache, six sums by two vectors in registers.
//!
//! Then the same for models that are estimated in stages, every stage anew in each resample: with a product of constructs of
//! five and three indicators (two-stage), whose 15 pairs of indicators make the product of counts and answers 2.6 times as
//! wide, and with a construct of higher order of three (disjoint two-stage), which takes no more sums. There, copying the
//! covariances of answers instead of multiplying them by unit vectors took a tenth off.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod common;

use std::hint::black_box;

use nalgebra::DMatrix;
use satindex::inference::Bootstrap;
use satindex::structural::{Construct, Fit, Model, Pls, template};
use satindex::survey::Responses;

fn main() {
    let survey = template::ecsi_mobile();
    let responses = survey.population().build().unwrap().likert(&survey.likert(), 250, 1).unwrap();
    let fit = Pls::new().fit(&survey.model(), &responses).unwrap();
    let (runs, resamples) = if common::full() { (40, 10_000) } else { (1, 100) };

    let counts = DMatrix::from_fn(resamples, 250, |row, column| f64::from(u8::from((row + column) % 3 == 0)));
    let products = DMatrix::from_fn(250, 300, |row, column| ((row * 7 + column * 3) % 11) as f64);
    let mut sums = DMatrix::zeros(resamples, 300);
    let bootstrap = Bootstrap::new(resamples).seed(1).without_assessment();
    let (bound, one) = common::by_turns(
        runs,
        || {
            sums.gemm(1.0, black_box(&counts), black_box(&products), 0.0);
            black_box(&sums);
        },
        || on_one_thread(|| run(&bootstrap, &fit, &responses)),
    );
    let all = common::time(runs, || run(&bootstrap, &fit, &responses));
    let complete = Bootstrap::new(resamples).seed(1);
    let complete = common::time(runs, || on_one_thread(|| run(&complete, &fit, &responses)));
    bound.print("the product alone, one thread", 1);
    one.print("bootstrap, one thread", 1);
    all.print("bootstrap, all threads", 1);
    complete.print("bootstrap with reliability and validity, one thread", 1);
    for (what, model) in staged() {
        let fit = Pls::new().fit(&model, &responses).unwrap();
        let complete = common::time(runs, || on_one_thread(|| run(&bootstrap, &fit, &responses)));
        complete.print(&format!("{what}, one thread"), 1);
    }
    println!(
        "bootstrap over product, one thread: {:.2} (shortest), {:.2} (median)",
        one.shortest().as_secs_f64() / bound.shortest().as_secs_f64(),
        one.median().as_secs_f64() / bound.median().as_secs_f64()
    );
    println!(
        "one thread over all: {:.2} (shortest), {:.2} (median)",
        one.shortest().as_secs_f64() / all.shortest().as_secs_f64(),
        one.median().as_secs_f64() / all.median().as_secs_f64()
    );
}

/// The model with a product of constructs of five and three indicators, and with a construct of higher order in place of
/// three constructs.
fn staged() -> [(&'static str, Model); 2] {
    let model = template::ecsi_mobile().model();
    let measures = |construct: &Construct| format!("{} =~ {}", construct.name(), construct.indicators().join(" + "));
    let measured = model.constructs().iter().map(measures).collect::<Vec<_>>().join("; ");
    let higher = format!(
        "{measured}; Overall =~ Expectation + Quality + Value; Overall ~ Image; Satisfaction ~ Overall + Image
         Complaints ~ Satisfaction; Loyalty ~ Image + Satisfaction + Complaints"
    );
    [
        ("bootstrap with a product of two constructs", format!("{model}Loyalty ~ Image:Satisfaction").parse().unwrap()),
        ("bootstrap with a construct of higher order", higher.parse().unwrap()),
    ]
}

fn run(bootstrap: &Bootstrap, fit: &Fit, responses: &Responses) {
    black_box(bootstrap.run(fit, responses).unwrap());
}

#[cfg(feature = "parallel")]
fn on_one_thread(work: impl FnOnce() + Send) {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(work);
}

#[cfg(not(feature = "parallel"))]
fn on_one_thread(work: impl FnOnce()) {
    work();
}
