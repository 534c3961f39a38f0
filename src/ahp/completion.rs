//! The completion of incomplete judgements that is most consistent: its principal eigenvalue is the least possible.
//!
//! λ is convex in the logarithms of the unknown cells, and where ∂λ/∂ln aᵢⱼ = vᵢaᵢⱼwⱼ − vⱼaⱼᵢwᵢ is 0, with w and v the right
//! and left eigenvectors, aᵢⱼ is zᵢ/zⱼ with z = √(w/v). So n numbers describe the minimum, however many cells are unknown,
//! and Newton's method finds them; the second derivative is that of a Markov chain's asymptotic variance.
//!
//! S. Bozóki, J. Fülöp & L. Rónyai (2010), Mathematical and Computer Modelling 52, doi:10.1016/j.mcm.2010.02.047.

use nalgebra::{DMatrix, DVector};

use crate::ahp::excess::excess;
use crate::ahp::incomplete::{equal_confidence, level, log_least_squares};
use crate::ahp::judgement::{Judgements, index_pairs};
use crate::ahp::perron::Pair;
use crate::error::{ErrorKind, Result};
use crate::numeric::linalg;

/// Steps of Newton's method; five or so are usual.
const STEPS: usize = 200;

/// Halvings of one step.
const HALVINGS: usize = 60;

/// The slope of ln λ at which it counts as least; what is left in ln λ is its square.
const SLOPE: f64 = 1e-14;

/// The slope that is accepted where rounding hides every further descent.
const ROUGH_SLOPE: f64 = 1e-9;

/// The most consistent completion.
pub(super) struct Completion {
    /// The eigenvector of the completed judgements.
    pub(super) weights: Vec<f64>,
    /// Unknown cells are zᵢ/zⱼ.
    pub(super) z: Vec<f64>,
    /// n(λ − n).
    pub(super) excess: f64,
}

/// Completes connected judgements.
pub(super) fn complete(judgements: &Judgements) -> Result<Completion> {
    let start = log_least_squares(judgements, &equal_confidence(judgements))?;
    let unknown = Unknown::of(judgements);
    let mut point = Point::at(judgements, start)?;
    for _ in 0..STEPS {
        let gradient = point.gradient(&unknown);
        let slope = gradient.amax();
        if slope <= SLOPE {
            return point.finish(judgements);
        }
        let direction = point.direction(&unknown, &gradient)?;
        match point.descend(judgements, &direction, gradient.dot(&direction)) {
            Some(next) => point = next,
            None if slope <= ROUGH_SLOPE => return point.finish(judgements),
            None => break,
        }
    }
    let change = point.gradient(&unknown).amax();
    let what = "the most consistent completion of the judgements".into();
    Err(ErrorKind::NotConverged { what, iterations: STEPS, change }.into())
}

/// Which cells are unknown, as a symmetric matrix of ones and zeros.
struct Unknown(DMatrix<f64>);

impl Unknown {
    fn of(judgements: &Judgements) -> Self {
        let n = judgements.len();
        let mut unknown = DMatrix::zeros(n, n);
        for ((i, j), ratio) in index_pairs(n).zip(judgements.raw_upper()) {
            let one = f64::from(*ratio == 0.0);
            unknown[(i, j)] = one;
            unknown[(j, i)] = one;
        }
        Self(unknown)
    }
}

/// ln z, and the matrix completed by it, all scaled by z: cᵢⱼ = aᵢⱼzⱼ/zᵢ, so that unknown cells are 1.
struct Point {
    z: Vec<f64>,
    matrix: Vec<f64>,
    pair: Pair,
    excess: f64,
}

impl Point {
    fn at(judgements: &Judgements, z: Vec<f64>) -> Result<Self> {
        let n = judgements.len();
        let scaled = |((i, j), ratio): ((usize, usize), &f64)| {
            if *ratio > 0.0 { (ratio.ln() - z[i] + z[j]).exp() } else { 1.0 }
        };
        let upper: Vec<f64> = index_pairs(n).zip(judgements.raw_upper()).map(scaled).collect();
        if !upper.iter().all(|ratio| ratio.is_normal() && ratio.recip().is_normal()) {
            let reason = "the completed ratios span more than 1e300".into();
            return Err(ErrorKind::Degenerate { place: "the judgements".into(), reason }.into());
        }
        let mut matrix = vec![1.0; n * n];
        for ((i, j), ratio) in index_pairs(n).zip(&upper) {
            matrix[i * n + j] = *ratio;
            matrix[j * n + i] = 1.0 / ratio;
        }
        let pair = Pair::of(&matrix, n)?;
        let excess = excess(&upper, &pair.right);
        Ok(Self { z, matrix, pair, excess })
    }

    fn log_lambda(&self) -> f64 {
        let n = self.z.len() as f64;
        (n + self.excess / n).ln()
    }

    /// The flow φᵢⱼ: the stationary Markov chain that moves from i to j with pᵢⱼ = cᵢⱼwⱼ/(λwᵢ).
    fn flow(&self) -> DMatrix<f64> {
        let n = self.z.len();
        DMatrix::from_fn(n, n, |i, j| self.pair.flow(i, j, self.matrix[i * n + j]))
    }

    /// ∂ln λ / ∂ln zᵢ = Σⱼ (φᵢⱼ − φⱼᵢ).
    fn gradient(&self, unknown: &Unknown) -> DVector<f64> {
        let flow = self.flow().component_mul(&unknown.0);
        flow.column_sum() - flow.row_sum_tr()
    }

    /// Newton's direction, or half the way to √(w/v) where it does not descend.
    ///
    /// Along e = dᵢ − dⱼ the second derivative of ln λ is Σφe² + 2sᵀZq − 3(gᵀd)², where q are the means of e in the rows
    /// of the chain, s its flow into the columns, g the gradient, and Z = (I − P + 1πᵀ)⁻¹ the fundamental matrix.
    fn direction(&self, unknown: &Unknown, gradient: &DVector<f64>) -> Result<DVector<f64>> {
        let n = self.z.len();
        let flow = self.flow();
        let stationary = flow.column_sum();
        let chain = DMatrix::from_fn(n, n, |i, j| flow[(i, j)] / stationary[i]);
        let flow = flow.component_mul(&unknown.0);
        let (out, into) = (flow.column_sum(), flow.row_sum_tr());
        let means = chain.component_mul(&unknown.0);
        let q = DMatrix::from_diagonal(&means.column_sum()) - &means;
        let s = flow.transpose() - DMatrix::from_diagonal(&into);
        let fundamental = DMatrix::identity(n, n) - &chain + DMatrix::from_fn(n, n, |_, j| stationary[j]);
        let zq = linalg::solve(fundamental, &q, "the chain of the judgements")?;
        let cross = s.transpose() * zq;
        let mut hessian = DMatrix::from_diagonal(&(&out + &into)) - &flow - flow.transpose() + &cross;
        hessian += cross.transpose();
        hessian -= 3.0 * gradient * gradient.transpose();
        // The level of z is free, also within things that have no unknown cell between them.
        let scale = hessian.trace() / n as f64;
        for i in 0..n {
            hessian[(i, i)] += 1e-9 * scale;
        }
        let newton = linalg::cholesky(&hessian).ok().map(|factor| {
            let uphill = linalg::cholesky_solve(&factor, gradient.as_slice());
            -DVector::from_vec(uphill)
        });
        let fixed_point = || DVector::from_fn(n, |i, _| 0.5 * (self.pair.right[i] / self.pair.left[i]).ln());
        Ok(newton.filter(|step| step.dot(gradient) < 0.0).unwrap_or_else(fixed_point))
    }

    /// A point along the direction at which λ is less, if there is one.
    fn descend(&self, judgements: &Judgements, direction: &DVector<f64>, slope: f64) -> Option<Self> {
        let before = self.log_lambda();
        let rounding = 4.0 * f64::EPSILON * before;
        let mut step = 1.0;
        for _ in 0..HALVINGS {
            let z: Vec<f64> = self.z.iter().zip(direction).map(|(z, d)| z + step * d).collect();
            let next = level(judgements, z).and_then(|z| Self::at(judgements, z)).ok();
            let enough = before + rounding + 1e-4 * step * slope.min(0.0);
            if let Some(next) = next.filter(|next| next.log_lambda() <= enough) {
                return Some(next);
            }
            step *= 0.5;
        }
        None
    }

    fn finish(self, judgements: &Judgements) -> Result<Completion> {
        let log_weights = self.z.iter().zip(&self.pair.right).map(|(z, w)| z + w.ln()).collect();
        let weights = level(judgements, log_weights)?.iter().map(|u| u.exp()).collect();
        Ok(Completion { weights, z: self.z.iter().map(|z| z.exp()).collect(), excess: self.excess })
    }
}
