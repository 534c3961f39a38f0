//! Judgements to weights.

use std::fmt;
use std::str::FromStr;

use crate::ahp::judgement::{Judgements, index_pairs};
use crate::ahp::perron;
use crate::error::{Error, Result};
use crate::numeric::check;
use crate::weights::{Origin, Weights};

/// How judgements A = (aᵢⱼ) become weights w.
///
/// All agree on consistent judgements, aᵢⱼ = wᵢ / wⱼ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Method {
    /// Aw = λw with the largest λ (Saaty 1977, doi:10.1016/0022-2496(77)90033-5).
    #[default]
    Eigenvector,
    /// wᵢ ∝ 1/vᵢ with Aᵀv = λv: the eigenvector of the preferences turned round. It differs from
    /// [`Method::Eigenvector`] and may rank otherwise (Johnson, Beine & Wang 1979, doi:10.1016/0022-2496(79)90033-9).
    LeftEigenvector,
    /// wᵢ ∝ (∏ⱼ aᵢⱼ)^(1/n): the least squares in logs (Crawford & Williams 1985, doi:10.1016/0022-2496(85)90002-1).
    GeometricMean,
    /// wᵢ = (1/n) Σⱼ aᵢⱼ / Σₖ aₖⱼ: the spreadsheet's approximation of the eigenvector.
    NormalisedColumnMean,
    /// wᵢ ∝ Σⱼ aᵢⱼ.
    RowSum,
    /// wᵢ ∝ uᵢ + 1/vᵢ with the first singular vectors, of length 1, of the matrix A
    /// (Gass & Rapcsák 2004, doi:10.1016/S0377-2217(02)00755-5).
    SingularValue,
}

impl Method {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Eigenvector, "eigenvector"),
        (Self::LeftEigenvector, "left-eigenvector"),
        (Self::GeometricMean, "geometric-mean"),
        (Self::NormalisedColumnMean, "normalised-column-mean"),
        (Self::RowSum, "row-sum"),
        (Self::SingularValue, "singular-value"),
    ];
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(method, _)| method == self).map_or("", |(_, name)| name);
        f.pad(name)
    }
}

impl FromStr for Method {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text);
        found.map(|(method, _)| *method).ok_or_else(|| check::unknown(text, "method"))
    }
}

/// Weights from judgements, with what is needed to tell how far to trust them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Priorities {
    judgements: Judgements,
    method: Method,
    weights: Weights,
    /// Σ (ε − 1)²/ε over the judgements with ε = aᵢⱼwⱼ/wᵢ, for the eigenvector and for these weights.
    eigenvector_excess: f64,
    excess: f64,
}

impl Priorities {
    /// The weights, summing to 1.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// How the weights were found.
    pub fn method(&self) -> Method {
        self.method
    }

    /// What they were found from.
    pub fn judgements(&self) -> &Judgements {
        &self.judgements
    }

    /// λ, the principal eigenvalue of the judgements, whatever the method of the weights: never below n, and n only
    /// if the judgements are consistent.
    pub fn lambda_max(&self) -> f64 {
        self.lambda(self.eigenvector_excess)
    }

    /// (1/n) Σᵢ (Aw)ᵢ / wᵢ, the stand-in for λ that many printed studies use with weights other than the eigenvector;
    /// λ itself for the eigenvector.
    pub fn mean_ratio(&self) -> f64 {
        self.lambda(self.excess)
    }

    fn lambda(&self, excess: f64) -> f64 {
        let n = self.judgements.len() as f64;
        n + excess / n
    }
}

impl Judgements {
    /// The weights that the judgements give by a method.
    ///
    /// # Errors
    ///
    /// Pairs that were not judged, where the method needs all.
    pub fn priorities(&self, method: Method) -> Result<Priorities> {
        self.require_complete()?;
        let matrix = self.matrix();
        let eigenvector = eigenvector(&matrix, self.len())?;
        let values = match method {
            Method::Eigenvector => eigenvector.clone(),
            Method::LeftEigenvector => left_eigenvector(&matrix, self.len())?,
            Method::GeometricMean => geometric_mean(&matrix, self.len()),
            Method::NormalisedColumnMean => normalised_column_mean(&matrix, self.len()),
            Method::RowSum => row_sum(&matrix, self.len()),
            Method::SingularValue => singular_value(&matrix, self.len())?,
        };
        let excess = |w: &[f64]| excess(self.raw_upper(), w);
        let (eigenvector_excess, excess) = (excess(&eigenvector), excess(&values));
        let origin = Origin::Judgements(method.to_string());
        let weights = Weights::normalised(self.labels().iter().cloned(), values)?.with_origin(origin);
        Ok(Priorities { judgements: self.clone(), method, weights, eigenvector_excess, excess })
    }
}

/// The principal eigenvector of a matrix of judgements, summing to 1.
pub(super) fn eigenvector(matrix: &[f64], n: usize) -> Result<Vec<f64>> {
    // For consistent judgements the reciprocal column sums are the eigenvector.
    let start: Vec<f64> = column_sums(matrix, n).iter().map(|sum| 1.0 / sum).collect();
    perron::vector(matrix, &start, "the eigenvector of the judgements")
}

fn left_eigenvector(matrix: &[f64], n: usize) -> Result<Vec<f64>> {
    let left = eigenvector(&transposed(matrix, n), n)?;
    Ok(left.iter().map(|v| 1.0 / v).collect())
}

/// Row geometric means.
pub(super) fn geometric_mean(matrix: &[f64], n: usize) -> Vec<f64> {
    matrix.chunks_exact(n).map(|row| (row.iter().map(|a| a.ln()).sum::<f64>() / n as f64).exp()).collect()
}

fn normalised_column_mean(matrix: &[f64], n: usize) -> Vec<f64> {
    let sums = column_sums(matrix, n);
    let mean = |row: &[f64]| row.iter().zip(&sums).map(|(a, sum)| a / sum).sum::<f64>() / n as f64;
    matrix.chunks_exact(n).map(mean).collect()
}

fn row_sum(matrix: &[f64], n: usize) -> Vec<f64> {
    matrix.chunks_exact(n).map(|row| row.iter().sum()).collect()
}

fn singular_value(matrix: &[f64], n: usize) -> Result<Vec<f64>> {
    let columns = transposed(matrix, n);
    let mut gram = vec![0.0; n * n];
    for (row, a) in gram.chunks_exact_mut(n).zip(columns.chunks_exact(n)) {
        for (entry, b) in row.iter_mut().zip(columns.chunks_exact(n)) {
            *entry = dot(a, b);
        }
    }
    let right = perron::vector(&gram, &vec![1.0; n], "the singular vector of the judgements")?;
    let left: Vec<f64> = matrix.chunks_exact(n).map(|row| dot(row, &right)).collect();
    let length = |x: &[f64]| dot(x, x).sqrt();
    let (left_length, right_length) = (length(&left), length(&right));
    Ok(left.iter().zip(&right).map(|(u, v)| u / left_length + right_length / v).collect())
}

fn column_sums(matrix: &[f64], n: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n];
    for row in matrix.chunks_exact(n) {
        sums.iter_mut().zip(row).for_each(|(sum, a)| *sum += a);
    }
    sums
}

fn transposed(matrix: &[f64], n: usize) -> Vec<f64> {
    (0..n * n).map(|at| matrix[at % n * n + at / n]).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Σ (ε − 1)²/ε with ε = aᵢⱼwⱼ/wᵢ over the judged pairs: n times how far (1/n) Σᵢ (Aw)ᵢ/wᵢ lies above n.
///
/// Since aⱼᵢ = 1/aᵢⱼ the ratios sum to n² + Σ (ε + 1/ε − 2). Summed like this no term is negative and nothing cancels, so
/// that consistency is never less than perfect by rounding.
pub(super) fn excess(upper: &[f64], w: &[f64]) -> f64 {
    let terms = index_pairs(w.len()).zip(upper).filter(|(_, ratio)| **ratio > 0.0).map(|((i, j), ratio)| {
        let error = ratio * (w[j] / w[i]);
        (error - 1.0) * (1.0 - 1.0 / error)
    });
    terms.sum()
}
