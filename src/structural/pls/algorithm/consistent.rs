//! Consistent partial least squares: the correction for attenuation by ρ_A.
//!
//! Everything here is in the metric in which a model is solved: a matrix S of correlations or covariances, and weights
//! that give each construct unit variance in it.

use std::ops::Range;

use nalgebra::DMatrix;

use crate::numeric::number::{Number, dot};
use crate::numeric::rounding::{CONVERGED, PIVOT};
use crate::numeric::square::Square;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::workspace::{Failure, Workspace};
use crate::structural::pls::params::Direction;

/// c² = Σ_{i≠j} dᵢSᵢⱼdⱼ / Σ_{i≠j} (dᵢdⱼ)²: what brings c²dd′ as close to a block of S as can be off its diagonal.
///
/// NaN where all but one of d are as small as what an iteration leaves of 0: the quotient would be of such remains.
#[inline(always)]
fn squared_factor<N: Number>(matrix: Square<'_, N>, block: &Range<usize>, direction: &[N]) -> N {
    let zero = matrix.zero();
    let (mut fitted, mut squares) = (zero, zero);
    for row in 1..direction.len() {
        for column in 0..row {
            let pair = direction[row] * direction[column];
            fitted += matrix.at(block.start + row, block.start + column) * pair;
            squares += pair * pair;
        }
    }
    let remains = dot(zero, direction, direction) * zero.splat(CONVERGED);
    (fitted / squares).only_where(squares.greater(remains * remains))
}

/// Dijkstra and Henseler's ρ_A = c²(w′d)² of a block with weights w and loadings proportional to d: the squared correlation
/// of a common factor with its score.
///
/// NaN where it is not above rounding, and so for a single indicator: the indicators do not correlate as those of one
/// common factor.
#[inline(always)]
pub(crate) fn rho_a<N: Number>(matrix: Square<'_, N>, block: &Range<usize>, weights: &[N], direction: &[N]) -> N {
    let product = dot(matrix.zero(), weights, direction);
    let rho = squared_factor(matrix, block, direction) * product * product;
    rho.only_where(rho.greater(rho.splat(PIVOT)))
}

/// ρ_A of a block of a fit: 1 for a single indicator, which is its construct; `None` where there is none.
pub(crate) fn rho_a_of_block(
    matrix: &DMatrix<f64>,
    block: &Range<usize>,
    weights: &[f64],
    direction: Direction,
) -> Option<f64> {
    if block.len() == 1 {
        return Some(1.0);
    }
    let (matrix, weights) = (Square::of(matrix), &weights[block.clone()]);
    let product = |row: usize| block.clone().zip(weights).map(|(column, weight)| matrix.at(row, column) * weight).sum();
    let direction: Vec<f64> = match direction {
        Direction::Weights => weights.to_vec(),
        Direction::Products => block.clone().map(product).collect(),
    };
    Some(rho_a(matrix, block, weights, &direction)).filter(|rho| rho.is_finite())
}

/// Takes the estimates in a workspace from scores to constructs: loadings λ = cd, and correlations over √(ρᵢρⱼ).
#[inline(always)]
pub(crate) fn correct<N: Number>(plan: &Plan, matrix: &[N], units: &[N], work: &mut Workspace<N>) {
    take_out_errors(plan, units, work);
    correct_by_rho_a(plan, matrix, work);
}

/// Takes known measurement errors out of all covariances with scores. What is left of a score's variance is its
/// reliability.
#[inline(always)]
fn take_out_errors<N: Number>(plan: &Plan, units: &[N], work: &mut Workspace<N>) {
    let (size, constructs) = (plan.size(), plan.blocks.len());
    for (at, error) in plan.errors.iter().enumerate() {
        let ([row, column], [first, second]) = (error.indicators, error.blocks);
        let covariance = work.shares[at] * units[row] * units[column];
        let product = covariance * work.weights[row] * work.weights[column];
        work.cross[second * size + row] -= covariance * work.weights[column];
        work.covariance[first * constructs + second] -= product;
        if row != column {
            work.cross[first * size + column] -= covariance * work.weights[row];
            work.covariance[second * constructs + first] -= product;
        }
    }
    for (number, _) in plan.blocks.iter().enumerate().filter(|(_, block)| block.known) {
        let reliability = work.covariance[number * (constructs + 1)];
        let root = reliability.sqrt();
        for covariance in &mut work.cross[number * size..(number + 1) * size] {
            *covariance = *covariance / root;
        }
        for other in (0..constructs).filter(|other| *other != number) {
            for at in [number * constructs + other, other * constructs + number] {
                work.covariance[at] = work.covariance[at] / root;
            }
        }
        work.covariance[number * (constructs + 1)] = reliability.one();
        work.reliabilities[number] = reliability;
        work.fail(reliability.greater(reliability.splat(PIVOT)), Failure::NoReliability(number));
        work.fail(reliability.splat(f64::MAX).greater(reliability), Failure::NoReliability(number));
    }
}

#[inline(always)]
fn correct_by_rho_a<N: Number>(plan: &Plan, matrix: &[N], work: &mut Workspace<N>) {
    let (size, constructs) = (plan.size(), plan.blocks.len());
    for (number, block) in plan.blocks.iter().enumerate() {
        let Some(direction) = block.correction else { continue };
        let range = block.indicators.clone();
        let cross = &mut work.cross[number * size..(number + 1) * size];
        let own = &mut cross[range.clone()];
        let weights = &work.weights[range.clone()];
        if direction == Direction::Weights {
            own.copy_from_slice(weights);
        }
        let square = squared_factor(Square::new(matrix, size), &range, own);
        let product = dot(weights[0].zero(), weights, own);
        let factor = square.sqrt();
        let root = factor * product;
        for (indicator, covariance) in cross.iter_mut().enumerate() {
            *covariance = if range.contains(&indicator) { *covariance * factor } else { *covariance / root };
        }
        for other in (0..constructs).filter(|other| *other != number) {
            for at in [number * constructs + other, other * constructs + number] {
                work.covariance[at] = work.covariance[at] / root;
            }
        }
        work.reliabilities[number] = root * root;
        // False for NaN. Infinity is what is left of weights too small for their squares.
        let enough = work.reliabilities[number].greater(factor.splat(PIVOT));
        let bounded = factor.splat(f64::MAX).greater(factor);
        work.fail(enough & bounded, Failure::NoReliability(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn what_an_iteration_leaves_of_a_weight_gives_no_reliability() {
        let matrix = [1.0, 0.5, 0.5, 1.0];
        let rho = |weights: [f64; 2]| rho_a(Square::new(&matrix, 2), &(0..2), &weights, &weights);
        // s₁₂ (w′w)²/(w₁w₂).
        assert_relative_eq!(rho([1.0, 0.25]), 0.5 * 1.0625_f64.powi(2) / 0.25, epsilon = 0.0, max_relative = 1e-15);
        assert!(rho([1.0, 1e-8]).is_finite() && rho([1.0, 6e-11]).is_nan() && rho([1.0, 0.0]).is_nan());
    }
}
