//! The inner step: how much each neighbour counts in a construct's inner proxy.

use crate::numeric::number::{Number, factor, factor_indefinite, solve, solve_indefinite};
use crate::numeric::rounding::PIVOT;
use crate::structural::pls::algorithm::plan::Block;
use crate::structural::pls::params::Scheme;

/// Working memory for the regression of one construct on its predecessors.
#[derive(Debug, Clone)]
pub(super) struct Regression<N: Number> {
    matrix: Vec<N>,
    pub(super) coefficients: Vec<N>,
}

impl<N: Number> Regression<N> {
    pub(super) fn new(predecessors: usize, zero: N) -> Self {
        Self { matrix: vec![zero; predecessors * predecessors], coefficients: vec![zero; predecessors] }
    }

    /// Regresses construct `target` on its predecessors, given the covariances of all constructs (unit variances).
    /// Gives the lanes whose predecessors are not collinear.
    #[inline(always)]
    pub(super) fn run(&mut self, block: &Block, target: usize, covariance: &[N], constructs: usize) -> N::Mask {
        let size = self.load(block, target, covariance, constructs);
        let sound = factor(&mut self.matrix[..size * size], size, PIVOT);
        solve(&self.matrix[..size * size], size, &mut self.coefficients[..size]);
        sound
    }

    /// The same for correlations that were corrected for attenuation and need not be positive definite.
    #[inline(always)]
    pub(super) fn run_indefinite(
        &mut self,
        block: &Block,
        target: usize,
        covariance: &[N],
        constructs: usize,
    ) -> N::Mask {
        let size = self.load(block, target, covariance, constructs);
        let sound = factor_indefinite(&mut self.matrix[..size * size], size, PIVOT);
        solve_indefinite(&self.matrix[..size * size], size, &mut self.coefficients[..size]);
        sound
    }

    /// Sets up the equations: R b = r.
    #[inline(always)]
    fn load(&mut self, block: &Block, target: usize, covariance: &[N], constructs: usize) -> usize {
        let size = block.predecessors;
        let predecessors = &block.neighbours[..size];
        for (column, predecessor) in predecessors.iter().enumerate() {
            self.coefficients[column] = covariance[target * constructs + predecessor];
            for (row, other) in predecessors.iter().enumerate().skip(column) {
                self.matrix[column * size + row] = covariance[predecessor * constructs + other];
            }
        }
        size
    }
}

/// The inner weights of a construct's neighbours, in the order of the block's neighbours.
///
/// Centroid: the sign of the correlation; factorial: the correlation; path: the regression coefficient of a
/// predecessor, the correlation with a successor (Lohmöller 1989, ch. 2; Tenenhaus et al. 2005, sec. 3.2).
#[inline(always)]
pub(super) fn inner_weights<N: Number>(
    scheme: Scheme,
    (block, target): (&Block, usize),
    (covariance, constructs): (&[N], usize),
    regression: &mut Regression<N>,
    weights: &mut [N],
) -> N::Mask {
    for (weight, neighbour) in weights.iter_mut().zip(&block.neighbours) {
        let correlation = covariance[target * constructs + neighbour];
        *weight = if scheme == Scheme::Centroid { correlation.signum() } else { correlation };
    }
    if scheme == Scheme::Path && block.predecessors > 1 {
        let sound = regression.run(block, target, covariance, constructs);
        weights[..block.predecessors].copy_from_slice(&regression.coefficients[..block.predecessors]);
        return sound;
    }
    let one = covariance[0].one();
    one.greater(one.zero())
}
