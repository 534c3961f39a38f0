//! The outer step: from the covariances of the indicators with the scores to new outer weights.

use std::ops::Range;

use crate::numeric::lane::{Lane, dot, solve};
use crate::structural::pls::algorithm::plan::{Block, Plan, Rule};

/// How many rows are summed at a time.
const ROWS: usize = 8;

/// The covariances of every indicator (row) with every construct's weighted sum (column): S_·j w_j for each block j.
#[inline(always)]
pub(super) fn multiply<const L: usize>(plan: &Plan, matrix: &[Lane<L>], weights: &[Lane<L>], products: &mut [Lane<L>]) {
    for (block, product) in plan.blocks.iter().zip(products.chunks_exact_mut(plan.size())) {
        multiply_rows(block, 0..plan.size(), matrix, weights, product);
    }
}

/// Those of them that an iteration needs: of the indicators of each construct and of the constructs that it is linked with.
/// With 200 constructs in a chain that is one part in sixty.
#[inline(always)]
pub(super) fn multiply_linked<const L: usize>(
    plan: &Plan,
    matrix: &[Lane<L>],
    weights: &[Lane<L>],
    products: &mut [Lane<L>],
) {
    for (block, product) in plan.blocks.iter().zip(products.chunks_exact_mut(plan.size())) {
        for rows in &block.linked {
            multiply_rows(block, rows.clone(), matrix, weights, product);
        }
    }
}

#[inline(always)]
fn multiply_rows<const L: usize>(
    block: &Block,
    rows: Range<usize>,
    matrix: &[Lane<L>],
    weights: &[Lane<L>],
    product: &mut [Lane<L>],
) {
    let (size, range) = (product.len(), block.indicators.clone());
    let weights = &weights[range.clone()];
    // One problem: sums of eight rows stay in registers, side by side for the compiler to vectorise. Several problems:
    // each sum does. The terms have the same order, so the sums the same bits.
    let whole = if L == 1 { rows.len() - rows.len() % ROWS } else { 0 };
    let (eights, rest) = product[rows.clone()].split_at_mut(whole);
    for (at, eight) in eights.chunks_exact_mut(ROWS).enumerate() {
        let mut sums = [Lane::ZERO; ROWS];
        for (column, weight) in range.clone().zip(weights) {
            let entries = &matrix[column * size + rows.start + at * ROWS..][..ROWS];
            for row in 0..ROWS {
                sums[row] += *weight * entries[row];
            }
        }
        eight.copy_from_slice(&sums);
    }
    for (product, row) in rest.iter_mut().zip(matrix.chunks_exact(size).skip(rows.start + whole)) {
        *product = dot(&row[range.clone()], weights);
    }
}

/// Turns the covariances of a block's indicators with the inner proxy into weights, up to their scale:
/// w ∝ c (mode A) or w ∝ S⁻¹c (mode B), given the factor of S.
#[inline(always)]
pub(super) fn outer_weights<const L: usize>(block: &Block, factors: &[Lane<L>], weights: &mut [Lane<L>]) {
    if let Rule::Regression(at) = block.rule {
        let length = weights.len();
        solve(&factors[at..at + length * length], length, weights);
    }
}
