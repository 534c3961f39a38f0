//! What the benchmarks share: full size on request, times, memory.
#![allow(dead_code, clippy::print_stdout, reason = "no benchmark needs all of it; they print")]

use std::time::{Duration, Instant};

/// Is this a run for the record (`cargo bench`)? Otherwise it only shows that the benchmark works.
pub(crate) fn full() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// The times of several runs of one thing.
#[derive(Debug, Clone)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn shortest(&self) -> Duration {
        self.0.iter().min().copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }

    /// Prints the shortest and the median time of one of the `count` things that a run does.
    pub(crate) fn print(&self, what: &str, count: u32) {
        let (shortest, median) = (self.shortest() / count, self.median() / count);
        println!("{what:<58} {shortest:>10.2?} shortest {median:>10.2?} median of {} runs", self.0.len());
    }
}

fn once(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Runs a thing so many times, after one run that does not count.
pub(crate) fn time(runs: usize, mut run: impl FnMut()) -> Times {
    run();
    Times((0..runs).map(|_| once(&mut run)).collect())
}

/// Runs two things by turns, so that what disturbs the machine disturbs both.
pub(crate) fn by_turns(runs: usize, mut first: impl FnMut(), mut second: impl FnMut()) -> (Times, Times) {
    first();
    second();
    let (firsts, seconds) = (0..runs).map(|_| (once(&mut first), once(&mut second))).unzip();
    (Times(firsts), Times(seconds))
}

/// The largest resident size of this process so far in bytes, where the system tells.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
