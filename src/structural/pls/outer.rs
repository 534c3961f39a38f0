//! The outer step: from the covariances of the indicators with the scores to new outer weights.

use crate::numeric::lane::{Lane, add_scaled, dot, solve};
use crate::structural::plan::{Block, Plan, Rule};

/// The covariances of every indicator (row) with every construct's weighted sum (column): S_·j w_j for each block j.
#[inline(always)]
pub(super) fn multiply<const L: usize>(plan: &Plan, matrix: &[Lane<L>], weights: &[Lane<L>], products: &mut [Lane<L>]) {
    let size = plan.size();
    for (block, product) in plan.blocks.iter().zip(products.chunks_exact_mut(size)) {
        let range = block.indicators.clone();
        let weights = &weights[range.clone()];
        if L == 1 {
            // One problem: whole columns are what the compiler can vectorise.
            product.fill(Lane::ZERO);
            for (column, weight) in range.zip(weights) {
                add_scaled(product, *weight, &matrix[column * size..(column + 1) * size]);
            }
        } else {
            // Several problems: each sum stays in a register. The sums have the same order, so the same bits.
            for (product, row) in product.iter_mut().zip(matrix.chunks_exact(size)) {
                *product = dot(&row[range.clone()], weights);
            }
        }
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
