//! 10,000 respondents' judgements to weights and consistency ratios, 7 × 7 and 15 × 15.
//!
//! `cargo bench --bench ahp` prints a table; with `--json` after `--` one line of JSON per figure, in seconds, which is what
//! `benches/peers/ahp.py` reads. Each figure is the least of many runs: what the machine needs when nothing else disturbs
//! it. Two kinds of judgements: consistent ones with an error of 30 % in each, as careful people make them, and grades
//! drawn at random from Saaty's scale, as bad as it gets.
#![allow(clippy::print_stdout, reason = "a program's output")]

use std::hint::black_box;
use std::time::Instant;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use satindex::ahp::{Batch, Judgements, Method, RandomIndex};

/// Respondents in full, and in a run that only checks that the benchmark runs.
const RESPONDENTS: [usize; 2] = [10_000, 20];

/// Runs of which the least counts.
const RUNS: [usize; 2] = [100, 1];

fn main() -> satindex::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let given = |name: &str| arguments.iter().any(|argument| argument == name);
    let (quick, json) = (usize::from(!given("--bench")), given("--json"));
    for n in [7, 15] {
        for (kind, judgements) in
            [("careful", careful(n, RESPONDENTS[quick])?), ("random", random(n, RESPONDENTS[quick])?)]
        {
            for (what, batch) in [
                ("eigenvector with CR", Batch::new(Method::Eigenvector)),
                ("geometric mean with CR", Batch::new(Method::GeometricMean)),
                ("geometric mean", Batch::new(Method::GeometricMean).without_consistency()),
            ] {
                for threads in [1, 0] {
                    let seconds = on(threads, || time(batch, &judgements, RUNS[quick]))?;
                    let threads = if threads == 1 { "one thread" } else { "all threads" };
                    if json {
                        println!(
                            r#"{{"n":{n},"kind":"{kind}","what":"{what}","threads":"{threads}","seconds":{seconds}}}"#
                        );
                    } else {
                        println!("{n:2} x {n:2}  {kind:8}  {what:23}  {threads:11}  {:8.3} ms", 1e3 * seconds);
                    }
                }
            }
        }
    }
    Ok(())
}

/// The least time of a batch with its consistency ratios.
fn time(batch: Batch, judgements: &[Judgements], runs: usize) -> satindex::Result<f64> {
    let mut least = f64::INFINITY;
    for _ in 0..runs {
        let start = Instant::now();
        let found = batch.run(black_box(judgements))?;
        black_box(found.cr(RandomIndex::Saaty));
        least = least.min(start.elapsed().as_secs_f64());
        black_box(found);
    }
    Ok(least)
}

/// Runs on a number of threads; 0 is all.
#[cfg(feature = "parallel")]
fn on(threads: usize, work: impl FnOnce() -> satindex::Result<f64> + Send) -> satindex::Result<f64> {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

#[cfg(not(feature = "parallel"))]
fn on(_: usize, work: impl FnOnce() -> satindex::Result<f64>) -> satindex::Result<f64> {
    work()
}

fn blank(n: usize) -> satindex::Result<Judgements> {
    Judgements::new((1..=n).map(|i| format!("criterion {i}")))
}

fn careful(n: usize, count: usize) -> satindex::Result<Vec<Judgements>> {
    let blank = blank(n)?;
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let one = |_| {
        let u: Vec<f64> = (0..n).map(|_| 0.7 * normal()).collect();
        let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
        let ratio = |(i, j): (usize, usize)| {
            let ratio = (u[i] - u[j] + 0.3 * normal()).exp();
            // To the grades of Saaty's scale.
            if ratio < 1.0 { 1.0 / (1.0 / ratio).round().min(9.0) } else { ratio.round().min(9.0) }
        };
        blank.with_upper(&pairs.map(ratio).collect::<Vec<f64>>())
    };
    (0..count).map(one).collect()
}

fn random(n: usize, count: usize) -> satindex::Result<Vec<Judgements>> {
    let blank = blank(n)?;
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut grade = || {
        let grade: i32 = random.random_range(-8..=8);
        let step = f64::from(grade.abs() + 1);
        if grade < 0 { 1.0 / step } else { step }
    };
    (0..count).map(|_| blank.with_upper(&(0..n * (n - 1) / 2).map(|_| grade()).collect::<Vec<f64>>())).collect()
}
