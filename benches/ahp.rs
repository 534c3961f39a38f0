//! 10,000 respondents' judgements to weights and consistency ratios: `cargo bench --bench ahp`.
//!
//! Matrices of 7 × 7 and 15 × 15, one thread and all; two kinds of respondents: careful ones, consistent but for an error
//! of 30 % in each judgement, and random ones who draw from Saaty's scale. For the eigenvector the bound is the work that
//! no power iteration can do without, the products of each matrix with a vector (15 for careful respondents, 25 for random
//! ones, as many as a residual of 10⁻¹⁴ takes for 15 × 15), done by nalgebra's kernel as products of large matrices; for
//! the geometric mean it is a logarithm and an exponential for each weight. With `--json` one line of JSON per figure,
//! for `benches/peers/ahp.py`.
//!
//! What was tried, on two cores with AVX2, microseconds for a random 15 × 15 matrix with the machine busy:
//!
//! - eight matrices side by side by a closure handed to the dispatcher, compiled for the baseline: 5.5; by a type with an
//!   inlined `with_simd`: 2.6;
//! - momentum (see `Momentum` in `src/ahp/perron.rs`): 41 steps become 26;
//! - the sums of four rows growing side by side instead of one after the other: 0.8;
//! - asking each matrix whether it is complete with a loop that may end early took a fifth of the time of a batch.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and fails by panicking")]

mod common;

use std::hint::black_box;

use nalgebra::DMatrix;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use satindex::ahp::{Batch, Judgements, Method, RandomIndex};

fn main() {
    let (runs, respondents) = if common::full() { (100, 10_000) } else { (1, 20) };
    let json = std::env::args().any(|argument| argument == "--json");
    for n in [7, 15] {
        for (kind, steps, judgements) in
            [("careful", 15, careful(n, respondents)), ("random", 25, random(n, respondents))]
        {
            let report = |what: &str, threads: &str, times: &common::Times| {
                if json {
                    let seconds = times.shortest().as_secs_f64();
                    println!(
                        r#"{{"n":{n},"kind":"{kind}","what":"{what}","threads":"{threads}","seconds":{seconds:e}}}"#
                    );
                } else {
                    times.print(&format!("{n} x {n}, {kind}: {what}, {threads}"), 1);
                }
            };
            let time = |work: &(dyn Fn() + Sync)| common::time(runs, || on_one_thread(work));
            report("bound of the eigenvector", "one thread", &time(&products(n, respondents, steps)));
            report("bound of the geometric mean", "one thread", &time(&|| roots(n * respondents)));
            for (what, batch) in [
                ("eigenvector with CR", Batch::new(Method::Eigenvector)),
                ("geometric mean with CR", Batch::new(Method::GeometricMean)),
                ("geometric mean", Batch::new(Method::GeometricMean).without_consistency()),
            ] {
                let work = || {
                    black_box(batch.run(black_box(&judgements)).unwrap().cr(RandomIndex::Saaty));
                };
                report(what, "one thread", &time(&work));
                report(what, "all threads", &common::time(runs, work));
            }
        }
    }
}

/// As many multiplications and additions as `steps` products of every respondent's matrix with a vector.
fn products(n: usize, respondents: usize, steps: usize) -> impl Fn() + Sync {
    let left = DMatrix::from_element(respondents, n, 1.5);
    let right = DMatrix::from_element(n, n * steps, 0.5);
    move || {
        black_box(black_box(&left) * black_box(&right));
    }
}

fn roots(count: usize) {
    let sum: f64 = (1..=count).map(|at| (black_box(at as f64).log2() / 15.0).exp2()).sum();
    black_box(sum);
}

#[cfg(feature = "parallel")]
fn on_one_thread(work: &(dyn Fn() + Sync)) {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(work);
}

#[cfg(not(feature = "parallel"))]
fn on_one_thread(work: &(dyn Fn() + Sync)) {
    work();
}

fn blank(n: usize) -> Judgements {
    Judgements::new((1..=n).map(|i| format!("criterion {i}"))).unwrap()
}

/// Ratios of weights with an error of 30 % each, to the grades of Saaty's scale.
fn careful(n: usize, count: usize) -> Vec<Judgements> {
    let blank = blank(n);
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let mut one = || {
        let logs: Vec<f64> = (0..n).map(|_| 0.7 * normal()).collect();
        let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
        let ratio = |(i, j): (usize, usize)| {
            let ratio = (logs[i] - logs[j] + 0.3 * normal()).exp();
            if ratio < 1.0 { 1.0 / (1.0 / ratio).round().min(9.0) } else { ratio.round().min(9.0) }
        };
        blank.with_upper(&pairs.map(ratio).collect::<Vec<f64>>()).unwrap()
    };
    (0..count).map(|_| one()).collect()
}

fn random(n: usize, count: usize) -> Vec<Judgements> {
    let blank = blank(n);
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut grade = || {
        let grade: i32 = random.random_range(-8..=8);
        let step = f64::from(grade.abs() + 1);
        if grade < 0 { 1.0 / step } else { step }
    };
    let mut one = || blank.with_upper(&(0..n * (n - 1) / 2).map(|_| grade()).collect::<Vec<f64>>()).unwrap();
    (0..count).map(|_| one()).collect()
}
