//! How far the correlations that a model implies are from those observed.

use nalgebra::DMatrix;

use crate::numeric::{linalg, rounding};

/// What is needed of the observed correlations S, again and again: `None` in place of what a singular S has not.
#[derive(Debug, Clone)]
pub(crate) struct Observed<'a> {
    pub(super) indicators: &'a DMatrix<f64>,
    /// The inverse of the Cholesky factor of S.
    pub(super) whitening: Option<DMatrix<f64>>,
    pub(super) log_determinant: Option<f64>,
}

fn log_determinant(factor: &DMatrix<f64>) -> f64 {
    2.0 * factor.diagonal().iter().map(|pivot| pivot.ln()).sum::<f64>()
}

impl<'a> Observed<'a> {
    pub(crate) fn new(indicators: &'a DMatrix<f64>) -> Self {
        let factor = linalg::cholesky(indicators).ok();
        let log_determinant = factor.as_ref().map(log_determinant);
        Self { indicators, whitening: factor.as_ref().map(linalg::triangular_inverse), log_determinant }
    }
}

/// Four distances of the implied correlations from those observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Distances {
    pub(crate) srmr: f64,
    pub(crate) d_uls: f64,
    /// With natural logarithms.
    pub(crate) d_g: Option<f64>,
    pub(crate) d_ml: Option<f64>,
}

impl Distances {
    pub(crate) fn new(observed: &Observed<'_>, implied: &DMatrix<f64>) -> Self {
        Self::with_inverse(observed, implied, Inverse::new(implied).as_ref())
    }

    pub(super) fn with_inverse(observed: &Observed<'_>, implied: &DMatrix<f64>, inverse: Option<&Inverse>) -> Self {
        let size = implied.nrows() as f64;
        // Off the diagonal every pair comes twice; on it both matrices have 1.
        let squares: f64 = observed.indicators.iter().zip(implied).map(|(s, sigma)| (s - sigma) * (s - sigma)).sum();
        let d_ml = inverse.zip(observed.log_determinant).map(|(inverse, log_determinant)| {
            let trace = inverse.matrix.dot(observed.indicators);
            rounding::sum([trace, -size, inverse.log_determinant, -log_determinant])
        });
        Self {
            srmr: (squares / (size * (size + 1.0))).sqrt(),
            d_uls: 0.5 * squares,
            d_g: geodesic(observed, implied),
            // 0 for a perfect fit, whatever the rounding.
            d_ml: d_ml.map(|distance| distance.max(0.0)),
        }
    }
}

/// ½Σ(ln φ)² over the eigenvalues φ of S⁻¹Σ̂, which are those of L⁻¹Σ̂L⁻′ for S = LL′.
fn geodesic(observed: &Observed<'_>, implied: &DMatrix<f64>) -> Option<f64> {
    let whitening = observed.whitening.as_ref()?;
    let relative = whitening * implied * whitening.transpose();
    let (values, _) = linalg::symmetric_eigen(relative, "the implied correlations").ok()?;
    let positive = values.iter().all(|value| !rounding::is_dependent(*value, values[0]));
    positive.then(|| 0.5 * values.iter().map(|value| value.ln().powi(2)).sum::<f64>())
}

/// The inverse of a positive definite Σ̂.
pub(super) struct Inverse {
    pub(super) matrix: DMatrix<f64>,
    pub(super) log_determinant: f64,
}

impl Inverse {
    pub(super) fn new(implied: &DMatrix<f64>) -> Option<Self> {
        let factor = linalg::cholesky(implied).ok()?;
        let inverse = linalg::triangular_inverse(&factor);
        Some(Self { matrix: inverse.transpose() * inverse, log_determinant: log_determinant(&factor) })
    }
}
