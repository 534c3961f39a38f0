//! A national programme: `cargo bench --bench programme`.
//!
//! Two periods of 400 organisations in 46 industries of 10 sectors: 250 simulated interviews each, the ACSI model, 1,000
//! bootstrap resamples: 800,800 estimations; then the same with ten times the organisations. Times are of the whole run,
//! the simulation of the interviews included; memory is the peak of the process up to then.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod common;
#[path = "../examples/data/nation.rs"]
mod nation;

use std::hint::black_box;
use std::time::{Duration, Instant};

use nation::Nation;
use satindex::aggregate::{Comparison, Programme, Wave};
use satindex::inference::Bootstrap;

fn main() {
    let (organisations, resamples, runs) = if common::full() { (400, 1000, 3) } else { (46, 20, 1) };
    let simulation = (0..runs).map(|_| time(|| simulate(organisations))).min().unwrap();
    let once = (0..runs).map(|_| time(|| national(organisations, resamples))).min().unwrap();
    report(organisations, resamples, once);
    println!("of which the simulation of the interviews, on one thread: {simulation:.2?}");
    let more = time(|| national(10 * organisations, resamples));
    report(10 * organisations, resamples, more);
    println!("time for ten times the organisations: {:.2} times", more.as_secs_f64() / once.as_secs_f64());
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn report(organisations: usize, resamples: usize, time: Duration) {
    let fits = 2 * organisations * (resamples + 1);
    let memory = common::peak_memory().map_or(f64::NAN, |bytes| bytes as f64 / f64::from(1 << 20));
    println!("{organisations} organisations, two periods, {fits} estimations: {time:.2?}, peak {memory:.0} MiB");
}

fn simulate(organisations: usize) {
    let nation = Nation::new(organisations).unwrap();
    for period in 0..2 {
        nation.interviews(period).for_each(|interviews| drop(black_box(interviews)));
    }
}

fn national(organisations: usize, resamples: usize) {
    let nation = Nation::new(organisations).unwrap();
    let wave = |period: usize| -> Wave {
        let bootstrap = Bootstrap::new(resamples).seed(period as u64);
        let programme = Programme::new(nation.survey.model(), "Satisfaction", nation.structure.clone()).unwrap();
        programme.bootstrap(bootstrap).run(nation.interviews(period)).unwrap()
    };
    let (before, after) = (wave(0), wave(1));
    assert_eq!((before.failures().count(), after.failures().count()), (0, 0));
    black_box(Comparison::new().changes(before.aggregated(), after.aggregated()).unwrap());
}
