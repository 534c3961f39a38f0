//! Indices of a whole matrix.

use crate::ahp::judgement::{Judgements, index_pairs};
use crate::ahp::priority::column_sums;

/// The residuals of the geometric mean in logs.
pub(super) struct Residuals {
    known: usize,
    /// Σ ln²(aᵢⱼwⱼ/wᵢ) over the known pairs.
    rest: f64,
    /// Σ ln² aᵢⱼ.
    total: f64,
}

impl Residuals {
    pub(super) fn of(judgements: &Judgements, w: &[f64]) -> Self {
        let mut sums = Self { known: 0, rest: 0.0, total: 0.0 };
        for ((i, j), ratio) in index_pairs(w.len()).zip(judgements.upper()) {
            if let Some(ratio) = ratio {
                sums.known += 1;
                sums.rest += (ratio * (w[j] / w[i])).ln().powi(2);
                sums.total += ratio.ln().powi(2);
            }
        }
        sums
    }

    /// The residual variance: n − 1 weights are fitted to the known pairs.
    pub(super) fn geometric_consistency_index(&self, n: usize) -> f64 {
        let freedom = (self.known + 1).saturating_sub(n);
        if freedom == 0 { 0.0 } else { self.rest / freedom as f64 }
    }

    pub(super) fn relative_error(&self) -> f64 {
        if self.total > 0.0 { self.rest / self.total } else { 0.0 }
    }
}

pub(super) fn harmonic(matrix: &[f64], n: usize) -> f64 {
    if n < 3 {
        return 0.0;
    }
    let size = n as f64;
    let harmonic_mean = size / column_sums(matrix, n).iter().map(|sum| 1.0 / sum).sum::<f64>();
    // HM ≥ n (Stein & Mizzi); what falls below is rounding.
    (harmonic_mean - size).max(0.0) * (size + 1.0) / (size * (size - 1.0))
}

pub(super) fn golden_wang(matrix: &[f64], w: &[f64]) -> f64 {
    let n = w.len();
    let sums = column_sums(matrix, n);
    let deviation = |(row, w): (&[f64], &f64)| row.iter().zip(&sums).map(|(a, sum)| (a / sum - w).abs()).sum::<f64>();
    matrix.chunks_exact(n).zip(w).map(deviation).sum::<f64>() / n as f64
}

pub(super) fn salo_hamalainen(matrix: &[f64], n: usize) -> f64 {
    if n < 3 {
        return 0.0;
    }
    let mut sum = 0.0;
    for (i, j) in index_pairs(n) {
        let through = |k: usize| matrix[i * n + k] * matrix[k * n + j];
        let (least, greatest) =
            (0..n).map(through).fold((f64::INFINITY, 0.0_f64), |(least, most), r| (least.min(r), most.max(r)));
        // (r̄ − r̲)/((1 + r̄)(1 + r̲)), in a form whose factors stay in range.
        sum += (greatest - least) / (1.0 + greatest) / (1.0 + least);
    }
    2.0 * sum / (n * (n - 1)) as f64
}
