//! The way of answers into moments: `cargo bench --bench survey`.
//!
//! - 1,000,000 × 24 answers in memory: `Responses::moments`, by turns with `Moments::extend`, `Moments::extend_columns`
//!   (to take no longer on one thread) and `Moments::push`, a row at a time.
//! - A CSV file of as many: into moments (to stay below 0.3 s on two cores and 64 MiB), into responses, and for comparison
//!   its bytes read and its separators found, which is the least that a parser does.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod common;

use std::hint::black_box;

use satindex::survey::{Missing, Moments, Responses};

const COLUMNS: usize = 24;

fn main() {
    let rows = if common::full() { 1_000_000 } else { 1000 };
    #[cfg(feature = "csv")]
    files(rows);
    memory(rows);
}

/// Answers from 1 to 10 around one that the respondent has in common, row by row.
fn answers(rows: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut random = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from((state >> 33) % end).unwrap()
    };
    (0..rows)
        .flat_map(|_| {
            let common = 1 + random(6);
            [(); COLUMNS].map(|()| common + random(5))
        })
        .collect()
}

fn names() -> impl Iterator<Item = String> {
    (1..=COLUMNS).map(|at| format!("q{at}"))
}

fn memory(rows: usize) {
    let runs = if common::full() { 5 } else { 1 };
    let by_row: Vec<f64> = answers(rows).into_iter().map(f64::from).collect();
    let matrix = nalgebra::DMatrix::from_row_slice(rows, COLUMNS, &by_row);
    let columns: Vec<&[f64]> = matrix.as_slice().chunks_exact(rows).collect();
    let responses = Responses::from_matrix(names(), matrix.clone()).unwrap();
    let new = || Moments::new(names()).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let (whole, extended) = common::by_turns(
        runs,
        || drop(black_box(pool.install(|| responses.moments(Missing::Reject).unwrap()))),
        || {
            let mut moments = new();
            moments.extend(by_row.chunks_exact(COLUMNS)).unwrap();
            black_box(moments);
        },
    );
    let (columnwise, pushed) = common::by_turns(
        runs,
        || {
            let mut moments = new();
            moments.extend_columns(&columns, None).unwrap();
            black_box(moments);
        },
        || {
            let mut moments = new();
            by_row.chunks_exact(COLUMNS).for_each(|row| moments.push(row, 1.0).unwrap());
            black_box(moments);
        },
    );
    println!("{rows} × {COLUMNS} answers in memory, one thread");
    for (what, times) in [
        ("Responses::moments", &whole),
        ("Moments::extend, row by row", &extended),
        ("Moments::extend_columns", &columnwise),
        ("Moments::push", &pushed),
    ] {
        times.print(what, 1);
        println!("    {:.2} of Responses::moments", times.median().as_secs_f64() / whole.median().as_secs_f64());
    }
}

#[cfg(feature = "csv")]
fn files(rows: usize) {
    use std::fs::File;
    use std::io::{BufWriter, Read, Write};

    use satindex::survey::{Csv, Scale};

    let runs = if common::full() { 7 } else { 1 };
    let path = std::env::temp_dir().join(format!("satindex-bench-{}.csv", std::process::id()));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    writeln!(file, "{}", names().collect::<Vec<_>>().join(",")).unwrap();
    // A thousand rows again and again: what is not in memory does not count as the reader's.
    let block: Vec<u8> = answers(1000)
        .chunks_exact(COLUMNS)
        .flat_map(|row| (row.iter().map(ToString::to_string).collect::<Vec<_>>().join(",") + "\n").into_bytes())
        .collect();
    (0..rows / 1000).for_each(|_| file.write_all(&block).unwrap());
    drop(file);
    let megabytes = std::fs::metadata(&path).unwrap().len() as f64 / 1e6;

    let csv = Csv::new().scale(Scale::ONE_TO_TEN);
    let before = common::peak_memory();
    let mut found = 0;
    let (moments, separators) = common::by_turns(
        runs,
        || assert_eq!(csv.moments(File::open(&path).unwrap(), Missing::Reject).unwrap().rows(), rows),
        || {
            let mut file = File::open(&path).unwrap();
            let mut chunk = vec![0; 1 << 18];
            found = 0;
            while let count @ 1.. = file.read(&mut chunk).unwrap() {
                found += memchr::memchr2_iter(b',', b'\n', &chunk[..count]).count();
            }
        },
    );
    assert_eq!(found, (rows + 1) * COLUMNS);
    let after = common::peak_memory();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let alone = common::time(runs, || {
        drop(black_box(pool.install(|| csv.moments(File::open(&path).unwrap(), Missing::Reject).unwrap())));
    });
    let responses = common::time(runs, || drop(black_box(csv.read(File::open(&path).unwrap()).unwrap())));
    std::fs::remove_file(&path).unwrap();
    println!("a CSV file of {rows} × {COLUMNS} answers, {megabytes:.1} MB");
    moments.print("Csv::moments, all threads", 1);
    alone.print("Csv::moments, one thread", 1);
    responses.print("Csv::read, all threads", 1);
    separators.print("bytes read and separators found, one thread", 1);
    if let (Some(before), Some(after)) = (before, after) {
        let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        println!("largest memory: {:.1} MiB, {:.1} before", mebibytes(after), mebibytes(before));
    }
}
