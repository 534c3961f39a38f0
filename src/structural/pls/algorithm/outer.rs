//! The outer step: from the covariances of the indicators with the scores to new outer weights.

use std::ops::Range;

use crate::numeric::number::{Number, dot, solve};
use crate::structural::pls::algorithm::plan::{Block, Plan, Rule};

/// How many rows are summed at a time.
const ROWS: usize = 8;

/// The covariances of every indicator (row) with every construct's weighted sum (column): S_·j w_j for each block j.
#[inline(always)]
pub(super) fn multiply<N: Number>(plan: &Plan, matrix: &[N], weights: &[N], zero: N, products: &mut [N]) {
    for (block, product) in plan.blocks.iter().zip(products.chunks_exact_mut(plan.size())) {
        multiply_rows(block, 0..plan.size(), matrix, weights, zero, product);
    }
}

/// Those of them that an iteration needs: of the indicators of each construct and of the constructs that it is linked with.
/// With 200 constructs in a chain that is one part in sixty.
#[inline(always)]
pub(super) fn multiply_linked<N: Number>(plan: &Plan, matrix: &[N], weights: &[N], zero: N, products: &mut [N]) {
    for (block, product) in plan.blocks.iter().zip(products.chunks_exact_mut(plan.size())) {
        for rows in &block.linked {
            multiply_rows(block, rows.clone(), matrix, weights, zero, product);
        }
    }
}

#[inline(always)]
fn multiply_rows<N: Number>(
    block: &Block,
    rows: Range<usize>,
    matrix: &[N],
    weights: &[N],
    zero: N,
    product: &mut [N],
) {
    let (size, range) = (product.len(), block.indicators.clone());
    let weights = &weights[range.clone()];
    // One problem: sums of eight rows stay in registers, side by side for the compiler to vectorise. Several problems:
    // each sum does. The terms have the same order, so the sums the same bits.
    let whole = if N::LANES == 1 { rows.len() - rows.len() % ROWS } else { 0 };
    let (eights, rest) = product[rows.clone()].split_at_mut(whole);
    for (at, eight) in eights.chunks_exact_mut(ROWS).enumerate() {
        let mut sums = [zero; ROWS];
        for (column, weight) in range.clone().zip(weights) {
            let entries = &matrix[column * size + rows.start + at * ROWS..][..ROWS];
            for row in 0..ROWS {
                sums[row] += *weight * entries[row];
            }
        }
        eight.copy_from_slice(&sums);
    }
    for (product, row) in rest.iter_mut().zip(matrix.chunks_exact(size).skip(rows.start + whole)) {
        *product = dot(zero, &row[range.clone()], weights);
    }
}

/// Turns the covariances of a block's indicators with the inner proxy into weights, up to their scale:
/// w ∝ c (mode A) or w ∝ S⁻¹c (mode B), given the factor of S.
#[inline(always)]
pub(super) fn outer_weights<N: Number>(block: &Block, factors: &[N], weights: &mut [N]) {
    if let Rule::Regression(at) = block.rule {
        let length = weights.len();
        solve(&factors[at..at + length * length], length, weights);
    }
}
