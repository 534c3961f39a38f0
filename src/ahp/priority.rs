//! Judgements to weights.

use std::fmt;

use nalgebra::DMatrix;

use crate::ahp::completion::{self, Completion};
use crate::ahp::excess::excess;
use crate::ahp::judgement::{Judgements, index_pairs};
use crate::ahp::perron::{self, Momentum};
use crate::ahp::{geometric, incomplete};
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::linalg::{self, dot};
use crate::serial;
use crate::table::Table;
use crate::weights::{Origin, Weights};

/// How judgements A = (aᵢⱼ) become weights w.
///
/// All agree on consistent judgements, aᵢⱼ = wᵢ / wⱼ. [`Method::Eigenvector`], [`Method::GeometricMean`] and
/// [`Method::MinimalEigenvalue`] also take judgements with gaps, as long as the known pairs connect everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Method {
    /// Aw = λw with the largest λ (Saaty 1977, doi:10.1016/0022-2496(77)90033-5).
    ///
    /// With gaps Harker's (1987, doi:10.1016/0270-0255(87)90503-3): an unknown aᵢⱼ is taken as wᵢ/wⱼ, which adds 1 to the
    /// diagonal of a matrix with 0 in its place.
    #[doc(alias = "Saaty")]
    #[doc(alias = "Harker")]
    #[doc(alias = "principal eigenvector")]
    #[doc(alias = "EVM")]
    #[default]
    Eigenvector,
    /// wᵢ ∝ 1/vᵢ with Aᵀv = λv: the eigenvector of the reversed preferences. It differs from
    /// [`Method::Eigenvector`] and may rank otherwise (Johnson, Beine & Wang 1979, Journal of Mathematical
    /// Psychology 19, 61–64).
    LeftEigenvector,
    /// wᵢ ∝ (∏ⱼ aᵢⱼ)^(1/n): the least squares in logs (Crawford & Williams 1985, doi:10.1016/0022-2496(85)90002-1).
    ///
    /// With gaps still the least squares in logs, over the known pairs.
    #[doc(alias = "LLSM")]
    #[doc(alias = "RGMM")]
    #[doc(alias = "logarithmic least squares")]
    GeometricMean,
    /// wᵢ = (1/n) Σⱼ aᵢⱼ / Σₖ aₖⱼ: the spreadsheet's approximation of the eigenvector.
    #[doc(alias = "additive normalisation")]
    NormalisedColumnMean,
    /// wᵢ ∝ Σⱼ aᵢⱼ.
    RowSum,
    /// Σ (aᵢⱼwⱼ − wᵢ)² is least: least squares weighted by the weights themselves (Chu, Kalaba & Spingarn 1979, Journal of
    /// Optimization Theory and Applications 27, 531–538). For logs and weights of one's own see
    /// [`Judgements::priorities_with_confidence`].
    WeightedLeastSquares,
    /// wᵢ ∝ uᵢ + 1/vᵢ with the first singular vectors, of length 1, of the matrix A
    /// (Gass & Rapcsák 2004, doi:10.1016/S0377-2217(02)00755-5).
    SingularValue,
    /// The eigenvector of the judgements completed so that λ is the least possible
    /// (Bozóki, Fülöp & Rónyai 2010, doi:10.1016/j.mcm.2010.02.047); without gaps [`Method::Eigenvector`].
    MinimalEigenvalue,
}

named!(Method, "method", {
    Eigenvector => "eigenvector",
    LeftEigenvector => "left_eigenvector",
    GeometricMean => "geometric_mean",
    NormalisedColumnMean => "normalised_column_mean",
    RowSum => "row_sum",
    WeightedLeastSquares => "weighted_least_squares",
    SingularValue => "singular_value",
    MinimalEigenvalue => "minimal_eigenvalue",
});

/// Weights from judgements, with what is needed to tell how far to trust them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Priorities {
    judgements: Judgements,
    method: Method,
    weights: Weights,
    lambda_max: f64,
    mean_ratio: f64,
    ci: f64,
    /// Unknown cells are zᵢ/zⱼ.
    z: Vec<f64>,
}

checked_when_read!(Priorities);

impl Priorities {
    /// The weights, summing to 1.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The method of the weights.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The judgements behind them.
    pub fn judgements(&self) -> &Judgements {
        &self.judgements
    }

    /// λ, the principal eigenvalue of the judgements, whatever the method of the weights: never below n, and n only
    /// if the judgements are consistent. With gaps it is Harker's, and the least possible for
    /// [`Method::MinimalEigenvalue`].
    pub fn lambda_max(&self) -> f64 {
        self.lambda_max
    }

    /// (1/n) Σᵢ (Aw)ᵢ / wᵢ, the stand-in for λ that many printed studies use with weights other than the eigenvector;
    /// λ itself for the eigenvector.
    pub fn mean_ratio(&self) -> f64 {
        self.mean_ratio
    }

    /// CI = (λ − n) / (n − 1), without the cancellation of that difference; 0 for n < 3.
    pub fn ci(&self) -> f64 {
        self.ci
    }

    /// The judgements with every gap filled: by wᵢ/wⱼ, or so that λ is least for [`Method::MinimalEigenvalue`].
    ///
    /// # Errors
    ///
    /// A filled ratio outside [`RATIOS`](crate::ahp::RATIOS).
    pub fn completed(&self) -> Result<Judgements> {
        let fill = |((i, j), known): ((usize, usize), Option<f64>)| known.unwrap_or(self.z[i] / self.z[j]);
        let upper: Vec<f64> = index_pairs(self.judgements.len()).zip(self.judgements.upper()).map(fill).collect();
        self.judgements.with_upper(&upper)
    }

    /// The weights with λ and CI as a table.
    pub fn table(&self) -> Table {
        self.weights.table().note(format!("λ = {:.4}, CI = {:.4}", self.lambda_max, self.ci))
    }

    fn check(&self) -> Result<()> {
        if self.weights.names() != self.judgements.labels() {
            let reason = "the weights are not those of the labels, in their order".into();
            return Err(ErrorKind::Mismatch { place: "the priorities".into(), reason }.into());
        }
        check::length(self.z.len(), self.weights.len(), || "the list z".into())?;
        self.z.iter().try_for_each(|z| check::positive(*z, || "an element of z".into()).map(|_| ()))?;
        serial::not_negative("a figure", &[self.lambda_max, self.mean_ratio, self.ci])
    }
}

impl fmt::Display for Priorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

impl Judgements {
    /// The weights that the judgements give by a method.
    ///
    /// # Errors
    ///
    /// Pairs that were not judged, where the method needs all; judgements with gaps that leave parts unconnected,
    /// naming them, or that put two weights over 10²⁸⁰ apart; an eigenvector that did not converge.
    pub fn priorities(&self, method: Method) -> Result<Priorities> {
        let values = self.weights_by(method)?;
        self.settle(method, origin(method, self.unknown().count()), values)
    }

    /// The least squares in logs where some judgements count more than others: the weights that minimise
    /// Σ cᵢⱼ (ln aᵢⱼ − ln wᵢ + ln wⱼ)².
    ///
    /// `confidence` has the order of the upper triangle, row by row. A judgement with confidence 0 does not count.
    ///
    /// # Errors
    ///
    /// Confidences of another number, negative or not finite; a confidence in a pair that was not judged; counting
    /// judgements that leave parts unconnected.
    pub fn priorities_with_confidence(&self, confidence: &[f64]) -> Result<Priorities> {
        check::length(confidence.len(), self.raw_upper().len(), || "the list of confidences".into())?;
        let mut faults = Faults::default();
        for ((row, column, ratio), c) in self.pairs().zip(confidence) {
            let place = || format!("the confidence in `{row}` against `{column}`");
            faults.check(check::non_negative(*c, place));
            if ratio.is_none() && *c > 0.0 {
                faults.push(ErrorKind::Unjudged { pairs: vec![(row.into(), column.into())] });
            }
        }
        faults.or(())?;
        // Relative to the largest, so that no sum overflows.
        let largest = confidence.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let relative: Vec<f64> = confidence.iter().map(|c| c / largest).collect();
        let values = exp(&incomplete::log_least_squares(self, &relative)?);
        let origin = Origin::Judgements(format!("{}, with confidences", Method::GeometricMean));
        self.settle(Method::GeometricMean, origin, values.into())
    }

    fn weights_by(&self, method: Method) -> Result<Values> {
        if self.is_complete() {
            return complete_weights(self, method).map(Values::from);
        }
        match method {
            Method::Eigenvector => incomplete::harker(self).map(Values::from),
            Method::GeometricMean => {
                let confidence = incomplete::equal_confidence(self);
                Ok(exp(&incomplete::log_least_squares(self, &confidence)?).into())
            }
            Method::MinimalEigenvalue => {
                let Completion { weights, z, excess } = completion::complete(self)?;
                Ok(Values { weights, z: Some(z), excess: Some(excess) })
            }
            _ => Err(self.require_complete().err().unwrap_or_else(|| check::unknown(&method.to_string(), "method"))),
        }
    }

    /// Adds to the weights what is told about every method's.
    fn settle(&self, method: Method, origin: Origin, values: Values) -> Result<Priorities> {
        for (label, weight) in self.labels().iter().zip(&values.weights) {
            if !(weight.is_finite() && *weight > 0.0) {
                let reason = format!("the {method} leaves `{label}` no positive weight");
                return Err(ErrorKind::Degenerate { place: "the judgements".into(), reason }.into());
            }
        }
        let n = self.len() as f64;
        let own = values.excess.unwrap_or_else(|| excess(self.raw_upper(), &values.weights));
        let eigenvalue = match method {
            Method::Eigenvector | Method::MinimalEigenvalue => own,
            _ => excess(self.raw_upper(), &self.weights_by(Method::Eigenvector)?.weights),
        };
        let weights = Weights::normalised(self.labels().iter().cloned(), values.weights)?.with_origin(origin);
        Ok(Priorities {
            judgements: self.clone(),
            method,
            lambda_max: n + eigenvalue / n,
            mean_ratio: n + own / n,
            ci: if n < 3.0 { 0.0 } else { eigenvalue / (n * (n - 1.0)) },
            z: values.z.unwrap_or_else(|| weights.values().to_vec()),
            weights,
        })
    }
}

/// The origin of weights by a method, with the number of gaps.
pub(super) fn origin(method: Method, unknown: usize) -> Origin {
    Origin::Judgements(match unknown {
        0 => method.to_string(),
        1 => format!("{method}, 1 pair not judged"),
        _ => format!("{method}, {unknown} pairs not judged"),
    })
}

/// Weights, not yet named, and what came with them.
struct Values {
    weights: Vec<f64>,
    z: Option<Vec<f64>>,
    excess: Option<f64>,
}

impl From<Vec<f64>> for Values {
    fn from(weights: Vec<f64>) -> Self {
        Self { weights, z: None, excess: None }
    }
}

fn exp(logs: &[f64]) -> Vec<f64> {
    logs.iter().map(|log| log.exp()).collect()
}

/// The weights where every pair was judged.
fn complete_weights(judgements: &Judgements, method: Method) -> Result<Vec<f64>> {
    let (matrix, n) = (judgements.matrix(), judgements.len());
    match method {
        Method::Eigenvector | Method::MinimalEigenvalue => eigenvector(&matrix, n),
        Method::LeftEigenvector => left_eigenvector(&matrix, n),
        Method::GeometricMean => Ok(geometric::means(judgements.raw_upper(), n)),
        Method::NormalisedColumnMean => Ok(normalised_column_mean(&matrix, n)),
        Method::RowSum => Ok(row_sum(&matrix, n)),
        Method::WeightedLeastSquares => weighted_least_squares(&matrix, n),
        Method::SingularValue => singular_value(&matrix, n),
    }
}

/// The principal eigenvector of a matrix of judgements, summing to 1.
pub(super) fn eigenvector(matrix: &[f64], n: usize) -> Result<Vec<f64>> {
    // For consistent judgements the reciprocal column sums are the eigenvector.
    let start: Vec<f64> = column_sums(matrix, n).iter().map(|sum| 1.0 / sum).collect();
    perron::vector(matrix, Momentum::Reciprocal, &start, "the eigenvector of the judgements")
}

fn left_eigenvector(matrix: &[f64], n: usize) -> Result<Vec<f64>> {
    let left = eigenvector(&perron::transposed(matrix, n), n)?;
    Ok(left.iter().map(|v| 1.0 / v).collect())
}

fn normalised_column_mean(matrix: &[f64], n: usize) -> Vec<f64> {
    let sums = column_sums(matrix, n);
    let mean = |row: &[f64]| row.iter().zip(&sums).map(|(a, sum)| a / sum).sum::<f64>() / n as f64;
    matrix.chunks_exact(n).map(mean).collect()
}

fn row_sum(matrix: &[f64], n: usize) -> Vec<f64> {
    matrix.chunks_exact(n).map(|row| row.iter().sum()).collect()
}

/// The minimum under Σ w = 1 by Lagrange: Bw = μ1 with bᵢᵢ = Σⱼ (aⱼᵢ² + 1) and bᵢⱼ = −(aᵢⱼ + aⱼᵢ) over j ≠ i.
///
/// B is singular for consistent judgements, with the border it is not. Its rows and columns are scaled to a diagonal of
/// 1, or entries of very different size would drown each other.
fn weighted_least_squares(matrix: &[f64], n: usize) -> Result<Vec<f64>> {
    let scale: Vec<f64> = (0..n)
        .map(|i| {
            (0..n).filter(|j| *j != i).map(|j| matrix[j * n + i].powi(2) + 1.0).sum::<f64>().max(1.0).sqrt().recip()
        })
        .collect();
    let largest = scale.iter().copied().fold(0.0, f64::max);
    let mut bordered = DMatrix::zeros(n + 1, n + 1);
    for i in 0..n {
        bordered[(i, i)] = if n > 1 { 1.0 } else { 0.0 };
        bordered[(i, n)] = scale[i] / largest;
        bordered[(n, i)] = scale[i] / largest;
        for j in (0..n).filter(|j| *j != i) {
            bordered[(i, j)] = -(matrix[i * n + j] * scale[i] * scale[j] + matrix[j * n + i] * scale[i] * scale[j]);
        }
    }
    let mut right = DMatrix::zeros(n + 1, 1);
    right[(n, 0)] = 1.0;
    let solution = linalg::solve(bordered, &right, "the normal equations of the judgements")?;
    Ok(scale.iter().zip(solution.iter()).map(|(scale, z)| scale * z).collect())
}

fn singular_value(matrix: &[f64], n: usize) -> Result<Vec<f64>> {
    let columns = perron::transposed(matrix, n);
    let mut gram = vec![0.0; n * n];
    for (row, a) in gram.chunks_exact_mut(n).zip(columns.chunks_exact(n)) {
        for (entry, b) in row.iter_mut().zip(columns.chunks_exact(n)) {
            *entry = dot(a, b);
        }
    }
    let right = perron::vector(&gram, Momentum::Plain, &vec![1.0; n], "the singular vector of the judgements")?;
    let left: Vec<f64> = matrix.chunks_exact(n).map(|row| dot(row, &right)).collect();
    let length = |x: &[f64]| dot(x, x).sqrt();
    let (left_length, right_length) = (length(&left), length(&right));
    Ok(left.iter().zip(&right).map(|(u, v)| u / left_length + right_length / v).collect())
}

pub(super) fn column_sums(matrix: &[f64], n: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n];
    for row in matrix.chunks_exact(n) {
        sums.iter_mut().zip(row).for_each(|(sum, a)| *sum += a);
    }
    sums
}
