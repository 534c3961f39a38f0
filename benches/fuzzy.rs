//! Many objects through one hierarchy, against the time that reading their memberships once takes.
//!
//! `cargo bench --bench fuzzy`: 1,000,000 objects × 20 indicators × 5 grades (800 MB) over a tree of three levels below
//! its goal, by turns with reading those memberships once (at most 3 times as long). Both use all cores; the reading is the
//! sum of all numbers.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod common;

use std::hint::black_box;

use satindex::fuzzy::{FuzzyEvaluation, Grades, Operator, Plan};
use satindex::survey::Hierarchy;
use satindex::{Result, Weights};

const LEAVES: usize = 20;
const GRADES: usize = 5;

/// 2 fields × 2 criteria × 5 indicators.
fn hierarchy() -> Result<Hierarchy> {
    let below = |node: &str, count: usize| {
        Weights::normalised((1..=count).map(|at| format!("{node}.{at}")), (1..=count).map(|at| at as f64))
    };
    let mut builder = Hierarchy::builder("goal", below("goal", 2)?);
    for field in ["goal.1", "goal.2"] {
        builder = builder.divide(field, below(field, 2)?);
        for criterion in 1..=2 {
            let criterion = format!("{field}.{criterion}");
            builder = builder.divide(&criterion, below(&criterion, LEAVES / 4)?);
        }
    }
    builder.build()
}

/// Rows that sum to 1, different for each object.
fn memberships(objects: usize) -> Vec<f64> {
    let mut state = 1_u64;
    let mut memberships = Vec::with_capacity(objects * LEAVES * GRADES);
    for _ in 0..objects * LEAVES {
        // A linear congruential generator is random enough to keep the values apart.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let counts: [f64; GRADES] = std::array::from_fn(|grade| ((state >> (16 + 8 * grade)) & 7) as f64 + 1.0);
        let raters: f64 = counts.iter().sum();
        memberships.extend(counts.iter().map(|count| count / raters));
    }
    memberships
}

#[cfg(feature = "parallel")]
fn read(memberships: &[f64]) -> f64 {
    use rayon::prelude::*;
    memberships.par_chunks(1 << 17).map(sum).sum()
}

#[cfg(not(feature = "parallel"))]
fn read(memberships: &[f64]) -> f64 {
    sum(memberships)
}

/// Eight sums side by side, so that the memory is what is waited for.
fn sum(numbers: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let eights = numbers.chunks_exact(8);
    let rest: f64 = eights.remainder().iter().sum();
    for eight in eights {
        for (sum, number) in sums.iter_mut().zip(eight) {
            *sum += number;
        }
    }
    sums.iter().sum::<f64>() + rest
}

fn main() {
    let (runs, objects) = if common::full() { (7, 1_000_000) } else { (1, 1_000) };
    let memberships = memberships(objects);
    let hierarchy = hierarchy().unwrap();
    println!("{objects} objects x {LEAVES} indicators x {GRADES} grades");
    let report = |what: &str, evaluate: &mut dyn FnMut()| {
        let read = || {
            black_box(read(&memberships));
        };
        let (read, evaluated) = common::by_turns(runs, read, evaluate);
        let [read, evaluated] = [read, evaluated].map(|times| times.shortest().as_secs_f64());
        let speed = size_of_val(memberships.as_slice()) as f64 / read / 1e9;
        println!(
            "{what:<30} {:>7.1} ms, {:>5.2} times reading once ({:.1} ms, {speed:.1} GB/s)",
            evaluated * 1e3,
            evaluated / read,
            read * 1e3
        );
    };
    let plan = |operator| -> Plan {
        let grades = Grades::new((1..=GRADES).map(|grade| format!("g{grade}"))).unwrap();
        FuzzyEvaluation::new(grades, operator).plan(&hierarchy).unwrap()
    };
    let mut goals = vec![0.0; objects * GRADES];
    for operator in Operator::ALL {
        let plan = plan(operator);
        report(&format!("goal, {operator}"), &mut || plan.evaluate_into(&memberships, &mut goals).unwrap());
    }
    let plan = plan(Operator::WeightedAverage);
    let mut nodes = vec![0.0; objects * plan.nodes().len() * GRADES];
    report(&format!("every node, {}", plan.operator()), &mut || {
        plan.evaluate_nodes_into(&memberships, &mut nodes).unwrap();
    });
    assert!(goals.iter().chain(&nodes).all(|degree| (0.0..=1.0).contains(degree)));
}
