//! Fuzzy comprehensive evaluation: golden figures, theorems, hostile input.

use satindex::fuzzy::{Grades, Membership};

#[cfg(feature = "serde")]
mod evaluate;
mod field_service;
mod golden;
mod hostile;
mod strategies;
mod theorems;

fn grades(count: usize) -> Grades {
    Grades::new((1..=count).map(|grade| format!("g{grade}"))).unwrap()
}

fn factors(count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(|factor| format!("f{factor}"))
}

fn membership(rows: &[Vec<f64>]) -> Membership {
    Membership::new(&grades(rows[0].len()), factors(rows.len()).zip(rows)).unwrap()
}
