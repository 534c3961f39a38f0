//! The regression of a construct on its predecessors, from the correlations of the constructs.

use nalgebra::DMatrix;

use crate::numeric::{linalg, rounding};

/// One structural equation, solved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Regression {
    /// One for each predecessor.
    pub(crate) coefficients: Vec<f64>,
    pub(crate) r_squared: f64,
    /// The inverse of the predecessors' correlation matrix.
    inverse: DMatrix<f64>,
    definite: bool,
}

/// The correlations of some constructs.
pub(crate) fn among(correlations: &DMatrix<f64>, constructs: &[usize]) -> DMatrix<f64> {
    let size = constructs.len();
    DMatrix::from_fn(size, size, |row, column| correlations[(constructs[row], constructs[column])])
}

/// b = R⁻¹r and R² = b′r for the correlations R of the predecessors and r of the target with them.
///
/// Correlations corrected for attenuation need not be positive definite; there are coefficients all the same, unless R is
/// singular: `None`.
pub(crate) fn regress(correlations: &DMatrix<f64>, predecessors: &[usize], target: usize) -> Option<Regression> {
    let matrix = among(correlations, predecessors);
    let inverse = linalg::symmetric_inverse(&matrix)?;
    let definite = linalg::cholesky(&matrix).is_ok();
    let with_target: Vec<f64> = predecessors.iter().map(|at| correlations[(*at, target)]).collect();
    let coefficient = |row: usize| (0..predecessors.len()).map(|at| inverse[(row, at)] * with_target[at]).sum();
    let coefficients: Vec<f64> = (0..predecessors.len()).map(coefficient).collect();
    let r_squared = coefficients.iter().zip(&with_target).map(|(b, r)| b * r).sum();
    Some(Regression { coefficients, r_squared, inverse, definite })
}

impl Regression {
    /// The variance inflation factor of a predecessor: 1/(1 − R²) of its regression on the others, which is a diagonal
    /// entry of R⁻¹. `None` when R is not positive definite.
    pub(crate) fn vif(&self, predecessor: usize) -> Option<f64> {
        // 1 to rounding, for a predecessor that has nothing to do with the others.
        self.definite.then(|| self.inverse[(predecessor, predecessor)].max(1.0))
    }

    /// f² = (R² − R² without the predecessor)/(1 − R²); `None` when nothing is left unexplained.
    ///
    /// Leaving a regressor out lowers R² by b²/(R⁻¹)ᵢᵢ.
    pub(crate) fn f_squared(&self, predecessor: usize) -> Option<f64> {
        let drop = self.coefficients[predecessor].powi(2) / self.inverse[(predecessor, predecessor)];
        effect_size(drop, self.r_squared)
    }
}

/// A drop in explained variance relative to the variance left unexplained; `None` when nothing is.
pub(crate) fn effect_size(drop: f64, r_squared: f64) -> Option<f64> {
    let left = unexplained(r_squared).filter(|left| *left > 0.0)?;
    Some(rounding::settled(drop, r_squared) / left).filter(|size| size.is_finite())
}

/// 1 − R²; `None` when it is rounding. What is corrected for attenuation may be negative.
pub(crate) fn unexplained(r_squared: f64) -> Option<f64> {
    Some(1.0 - r_squared).filter(|left| !rounding::is_zero(*left, 1.0))
}

/// The diagonal of the inverse of a correlation matrix: the variance inflation factor of each variable among the others.
pub(crate) fn inflation(correlations: &DMatrix<f64>) -> Option<Vec<f64>> {
    let factor = linalg::cholesky(correlations).ok()?;
    let inverse = linalg::triangular_inverse(&factor);
    Some(inverse.column_iter().map(|column| column.norm_squared().max(1.0)).collect())
}
