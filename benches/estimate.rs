//! From answers to a fitted model: `cargo bench --bench estimate`.
//!
//! - The mobile-phone model (24 indicators, 7 constructs, 12 paths; 250 respondents): one solve on its correlation matrix
//!   in a kept workspace (to stay below 5 µs), and a complete fit (below 20 µs).
//! - 1,000,000 × 24 answers to a fit, by turns with one plain matrix product X'X on the same answers (at most 3 times as
//!   long).
//! - The largest memory that a CSV file of 1,000,000 rows takes on its way into a fit (below 64 MiB).
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod common;
#[path = "../examples/data/mobile.rs"]
#[allow(dead_code, reason = "the example needs more of it")]
mod mobile;

use std::hint::black_box;

use satindex::structural::{Model, Pls, template};
use satindex::survey::Responses;

fn main() {
    let model = template::ecsi_mobile().model();
    // First, while nothing large is in memory: the peak is that of the whole process so far.
    #[cfg(feature = "csv")]
    stream(&model);
    solve(&model);
    million(&model);
}

fn solve(model: &Model) {
    // A batch is short enough to end before another process takes the core away.
    let (runs, batch) = if common::full() { (3000, 100) } else { (1, 1) };
    let moments = mobile::moments().unwrap();
    let correlation = moments.correlation().unwrap();
    for tolerance in [1e-7, 1e-10, 1e-12] {
        let pls = Pls::new().tolerance(tolerance);
        let mut solver = pls.solver(model).unwrap();
        let times = common::time(runs, || {
            for _ in 0..batch {
                black_box(solver.solve(black_box(&correlation)).unwrap());
            }
        });
        let iterations = solver.solve(&correlation).unwrap().iterations();
        times.print(&format!("solve, tolerance {tolerance:e} ({iterations} iterations)"), batch);
    }
    for (what, pls) in [("default", Pls::new()), ("tolerance 1e-10", Pls::new().tolerance(1e-10))] {
        let times = common::time(runs, || {
            for _ in 0..batch {
                black_box(pls.fit(model, black_box(&moments)).unwrap());
            }
        });
        times.print(&format!("complete fit from moments, {what}"), batch);
    }
}

fn million(model: &Model) {
    let (runs, rows) = if common::full() { (7, 1_000_000) } else { (1, 1000) };
    let template = template::ecsi_mobile();
    let responses = template.population().build().unwrap().likert(&template.likert(), rows, 1).unwrap();
    let (matrix, transposed) = (matrix(&responses), matrix(&responses).transpose());
    let pls = Pls::new();
    let (fits, products) = common::by_turns(
        runs,
        || drop(black_box(pls.fit(model, black_box(&responses)).unwrap())),
        || drop(black_box(black_box(&transposed) * &matrix)),
    );
    fits.print(&format!("{rows} answers to 24 questions to a fit"), 1);
    products.print("one product X'X of the same answers", 1);
    println!("ratio of the medians: {:.2}", fits.median().as_secs_f64() / products.median().as_secs_f64());
}

fn matrix(responses: &Responses) -> nalgebra::DMatrix<f64> {
    let columns = responses.names().flat_map(|name| responses.column(name).unwrap().map(Option::unwrap));
    nalgebra::DMatrix::from_iterator(responses.rows(), responses.names().len(), columns)
}

#[cfg(feature = "csv")]
fn stream(model: &Model) {
    use satindex::survey::{Csv, Missing, Scale};

    let (runs, rows) = if common::full() { (3, 1_000_000) } else { (1, 1000) };
    let csv = Csv::new().scale(Scale::ONE_TO_TEN);
    let before = common::peak_memory();
    let times = common::time(runs, || {
        let moments = csv.moments(Survey::new(model, rows), Missing::Reject).unwrap();
        assert_eq!(moments.rows(), rows);
        black_box(Pls::new().fit(model, &moments).unwrap());
    });
    times.print(&format!("a CSV file of {rows} rows to a fit"), 1);
    if let (Some(before), Some(after)) = (before, common::peak_memory()) {
        let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        println!("largest memory: {:.1} MiB, {:.1} before", mebibytes(after), mebibytes(before));
    }
}

/// A CSV file that is no file: the same thousand rows again and again, which take neither disk nor memory.
#[cfg(feature = "csv")]
struct Survey {
    /// What is being read: the header, then the rows.
    current: Vec<u8>,
    taken: usize,
    rows: Vec<u8>,
    /// How many parts are still to be read, this one included.
    left: usize,
}

#[cfg(feature = "csv")]
impl Survey {
    fn new(model: &Model, rows: usize) -> Self {
        const BLOCK: usize = 1000;
        let names: Vec<&str> = model.indicators().collect();
        // A linear congruential generator: answers from 1 to 10 around one that the respondent has in common.
        let mut state = 1_u64;
        let mut random = |end: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % end
        };
        let mut line = |_| {
            let common = 1 + random(6);
            names.iter().map(|_| (common + random(5)).to_string()).collect::<Vec<_>>().join(",") + "\n"
        };
        let block: String = (0..BLOCK).map(&mut line).collect();
        Self {
            current: (names.join(",") + "\n").into_bytes(),
            taken: 0,
            rows: block.into_bytes(),
            left: rows / BLOCK + 1,
        }
    }
}

#[cfg(feature = "csv")]
impl std::io::Read for Survey {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let count = (&self.current[self.taken..]).read(buffer)?;
        self.taken += count;
        if self.taken == self.current.len() {
            self.left -= 1;
            self.taken = 0;
            self.current.clone_from(&self.rows);
        }
        Ok(count)
    }
}
