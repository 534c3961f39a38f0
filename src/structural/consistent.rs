//! Consistent partial least squares: the correction for attenuation by ρ_A.
//!
//! Everything here is in the metric in which a model was solved: a matrix S of correlations or covariances, and weights
//! that give each construct unit variance in it.

use std::ops::Range;

use nalgebra::DMatrix;

use crate::structural::pls::params::Mode;

/// What an indicator's loading is proportional to under a mode, by which the weights came about.
///
/// Weights of mode A are covariances with the inner proxy and so proportional to the loadings, w ∝ λ; weights of mode B
/// are S⁻¹ times such covariances, Sw ∝ λ; unit weights say that all loadings are equal, as Cronbach's α does.
fn direction(matrix: &DMatrix<f64>, block: &Range<usize>, weights: &[f64], mode: Mode, indicator: usize) -> f64 {
    match mode {
        Mode::A | Mode::Unit => weights[indicator],
        Mode::B => block.clone().map(|other| matrix[(indicator, other)] * weights[other]).sum(),
    }
}

/// How a reflective construct's weights translate into loadings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Attenuation {
    /// ρ_A: the squared correlation of the construct with its score.
    pub(crate) reliability: f64,
    /// c: what turns directions into loadings, in the metric of the matrix.
    factor: f64,
    mode: Mode,
}

impl Attenuation {
    /// Dijkstra and Henseler's ρ_A = c²(w′d)², where c² brings c²dd′ as close to S as can be off the diagonal of the
    /// block: c² = Σ_{i≠j} dᵢSᵢⱼdⱼ / Σ_{i≠j} (dᵢdⱼ)². A single indicator is its construct: 1.
    ///
    /// `None` when c² is not positive: the indicators do not correlate as those of one common factor.
    pub(crate) fn of(matrix: &DMatrix<f64>, block: &Range<usize>, weights: &[f64], mode: Mode) -> Option<Self> {
        if block.len() == 1 {
            // The score is ±x/s, so that w = ±1/s, and the loading ±1 is s²w/s.
            return Some(Self { reliability: 1.0, factor: matrix[(block.start, block.start)], mode: Mode::A });
        }
        let direction = |indicator| direction(matrix, block, weights, mode, indicator);
        let (mut fitted, mut squares, mut product) = (0.0, 0.0, 0.0);
        for row in block.clone() {
            let own = direction(row);
            product += weights[row] * own;
            for column in (block.start..row).chain(row + 1..block.end) {
                let pair = own * direction(column);
                fitted += matrix[(row, column)] * pair;
                squares += pair * pair;
            }
        }
        let square = fitted / squares;
        let sound = square.is_finite() && square > 0.0;
        sound.then(|| Self { reliability: square * product * product, factor: square.sqrt(), mode })
    }

    /// The standardised loading of an indicator.
    pub(crate) fn loading(
        &self,
        matrix: &DMatrix<f64>,
        block: &Range<usize>,
        weights: &[f64],
        indicator: usize,
    ) -> f64 {
        self.factor * direction(matrix, block, weights, self.mode, indicator) / matrix[(indicator, indicator)].sqrt()
    }
}

/// Correlations of scores made correlations of constructs: rᵢⱼ/√(ρᵢρⱼ), with 1 on the diagonal.
pub(crate) fn disattenuate(correlations: &mut DMatrix<f64>, reliabilities: &[f64]) {
    for column in 0..reliabilities.len() {
        for row in (0..reliabilities.len()).filter(|row| *row != column) {
            correlations[(row, column)] /= (reliabilities[row] * reliabilities[column]).sqrt();
        }
    }
}
