//! Judgements with gaps: what the known pairs say about things that were never compared directly.

use std::collections::VecDeque;

use nalgebra::DMatrix;

use crate::ahp::judgement::{Judgements, cell, index_pairs};
use crate::ahp::perron::{self, Momentum};
use crate::error::{ErrorKind, Result};
use crate::numeric::linalg;

/// The natural logarithm of how far apart two weights may be: they and their ratios must be numbers.
const SPREAD: f64 = 650.0;

/// A walk over everything that the pairs with a positive `confidence` connect: each thing with the one it was reached
/// from, in the order of the walk; a thing without predecessor begins a component.
fn walk(n: usize, confidence: &[f64]) -> Vec<(usize, Option<usize>)> {
    let mut order = Vec::with_capacity(n);
    let mut seen = vec![false; n];
    for start in 0..n {
        let mut queue = VecDeque::new();
        if !std::mem::replace(&mut seen[start], true) {
            queue.push_back((start, None));
        }
        while let Some((at, from)) = queue.pop_front() {
            order.push((at, from));
            for next in (0..n).filter(|&next| next != at && confidence[cell(n, at.min(next), at.max(next))] > 0.0) {
                if !std::mem::replace(&mut seen[next], true) {
                    queue.push_back((next, Some(at)));
                }
            }
        }
    }
    order
}

/// The walk, if it reaches everything from the first thing.
fn connected(judgements: &Judgements, confidence: &[f64]) -> Result<Vec<(usize, Option<usize>)>> {
    let order = walk(judgements.len(), confidence);
    let mut components: Vec<Vec<String>> = Vec::new();
    for (at, from) in &order {
        let name = judgements.labels()[*at].clone();
        match components.last_mut().filter(|_| from.is_some()) {
            Some(component) => component.push(name),
            None => components.push(vec![name]),
        }
    }
    if components.len() == 1 { Ok(order) } else { Err(ErrorKind::Disconnected { components }.into()) }
}

/// How much each judgement counts where all count alike: 1 if known, else 0.
pub(super) fn equal_confidence(judgements: &Judgements) -> Vec<f64> {
    judgements.raw_upper().iter().map(|ratio| f64::from(*ratio > 0.0)).collect()
}

/// The logarithms u of the weights that minimise Σ cᵢⱼ (ln aᵢⱼ − uᵢ + uⱼ)² over the judgements with confidence cᵢⱼ.
///
/// The normal equations have the Laplacian of the graph of comparisons as their matrix. They are solved for what is
/// left after weights read off a spanning tree, so that judgements without circles are met exactly.
pub(super) fn log_least_squares(judgements: &Judgements, confidence: &[f64]) -> Result<Vec<f64>> {
    let n = judgements.len();
    let order = connected(judgements, confidence)?;
    let mut u = vec![0.0; n];
    for (at, from) in &order {
        if let Some(from) = from {
            u[*at] = u[*from] + judgements.at(*at, *from).map_or(0.0, f64::ln);
        }
    }
    let mut laplacian = DMatrix::<f64>::zeros(n, n);
    let mut right = vec![0.0; n];
    for (((i, j), ratio), c) in index_pairs(n).zip(judgements.raw_upper()).zip(confidence).filter(|(_, c)| **c > 0.0) {
        laplacian[(i, j)] -= c;
        laplacian[(j, i)] -= c;
        laplacian[(i, i)] += c;
        laplacian[(j, j)] += c;
        let rest = c * (ratio.ln() - u[i] + u[j]);
        right[i] += rest;
        right[j] -= rest;
    }
    // The level is free: the first thing keeps its own.
    let reduced = laplacian.view((1, 1), (n - 1, n - 1)).into_owned();
    let factor = linalg::cholesky(&reduced).map_err(|row| ErrorKind::Singular {
        place: "the graph of the judgements".into(),
        reason: format!("`{}` is connected by too little confidence", judgements.labels()[row + 1]),
    })?;
    let corrections = linalg::cholesky_solve(&factor, &right[1..]);
    u[1..].iter_mut().zip(corrections).for_each(|(u, correction)| *u += correction);
    level(judgements, u)
}

/// The same logarithms with a mean of 0, if the weights and their ratios are numbers.
pub(super) fn level(judgements: &Judgements, mut u: Vec<f64>) -> Result<Vec<f64>> {
    let mean = u.iter().sum::<f64>() / u.len() as f64;
    for u in &mut u {
        *u -= mean;
    }
    let (low, high) = u.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), u| (low.min(*u), high.max(*u)));
    if (high - low).is_finite() && high - low <= SPREAD {
        return Ok(u);
    }
    let name = |end: f64| u.iter().position(|u| *u == end).map_or("", |place| &judgements.labels()[place]);
    let reason = format!("`{}` comes out over 1e280 times `{}`", name(high), name(low));
    Err(ErrorKind::Degenerate { place: "the judgements".into(), reason }.into())
}

/// Harker's eigenvector: unknown cells are 0, and each adds 1 to the diagonal, as if it were wᵢ/wⱼ.
pub(super) fn harker(judgements: &Judgements) -> Result<Vec<f64>> {
    let n = judgements.len();
    let start = log_least_squares(judgements, &equal_confidence(judgements))?;
    let mut matrix = judgements.matrix();
    for (i, row) in matrix.chunks_exact_mut(n).enumerate() {
        row[i] += row.iter().filter(|ratio| **ratio == 0.0).count() as f64;
    }
    let start: Vec<f64> = start.iter().map(|u| u.exp()).collect();
    perron::vector(&matrix, Momentum::Plain, &start, "the eigenvector of the incomplete judgements")
}
