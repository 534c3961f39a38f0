//! The positive eigenvector of a non-negative matrix and its proof.
//!
//! Collatz and Wielandt: for any x > 0 the principal eigenvalue lies between the least and the greatest of (Ax)ᵢ / xᵢ.
//! A vector is accepted when all these ratios agree, so the residual is proven entry by entry, small entries included.

use crate::error::{ErrorKind, Result};
use crate::numeric::lane::{Lane, Mask};
use crate::numeric::linalg::dot;

/// How far the ratios (Ax)ᵢ / xᵢ of an accepted vector may lie from the eigenvalue, relative to it.
const RESIDUAL: f64 = 1e-14;

/// Steps of the power iteration. Judgements that people make need ten to forty; what needs more goes on in [`noda`].
const STEPS: usize = 128;

/// Steps towards the neighbourhood in which Noda's iteration is quick.
const DAMPED_STEPS: usize = 100;

/// Steps of Noda's iteration, which converges quadratically.
const NODA_STEPS: usize = 100;

/// The residual asked for: [`RESIDUAL`], or what the rounding of a sum of n terms leaves of it.
fn tolerance(n: usize) -> f64 {
    RESIDUAL.max(n as f64 * f64::EPSILON / 4.0)
}

/// Steps of the plain power iteration before [`Momentum`] knows enough of λ.
const PLAIN_STEPS: usize = 3;

/// Acceleration of the power iteration on reciprocal matrices: x ← Ax + sx + γx₋.
///
/// There tr A = n and tr A² = n², so the other eigenvalues have the mean −CI and the mean square −(λ² − n²)/(n − 1): they
/// lie about a piece of the line Re = −CI. The shift s = CI centres them, and the three terms form Chebyshev polynomials
/// on that piece when γ is a quarter of the square of its half-length, which is taken as twice the root mean square.
/// Judgements drawn at random need half as many steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Momentum {
    /// For matrices of judgements without gaps.
    Reciprocal,
    /// For other matrices: the plain power iteration.
    Plain,
}

/// Power iteration on `L` matrices of the same size side by side, one to a lane, from vectors that sum to 1.
///
/// Entry (i, j) is `matrix[i * n + j]`; `work` has twice the length of x. A lane that has converged is left as it is, so
/// that its bits do not depend on its neighbours. Returns which lanes converged.
#[inline(always)]
#[allow(clippy::inline_always, reason = "inlined into code compiled for the processor at hand")]
pub(super) fn power<const L: usize>(
    matrix: &[Lane<L>],
    momentum: Momentum,
    x: &mut [Lane<L>],
    work: &mut [Lane<L>],
) -> Mask<L> {
    let n = x.len();
    let tolerance = tolerance(n);
    let (y, before) = work.split_at_mut(n);
    let (mut shift, mut pull, mut growth) = (Lane::ZERO, Lane::ZERO, Lane::ONE);
    let mut done = [false; L];
    for step in 0..STEPS {
        product(matrix, x, y);
        let mut lambda = Lane::ZERO;
        for y in y.iter() {
            lambda += *y;
        }
        // Positive where some ratio lies too far from λ.
        let mut over = Lane([f64::NEG_INFINITY; L]);
        for (y, x) in y.iter().zip(x.iter()) {
            let image = lambda * *x;
            over = ((*y - image).abs() - image.map(|image| tolerance * image)).max(over);
        }
        let mut all = true;
        for lane in 0..L {
            // With an infinity about, no excess compares as greater.
            done[lane] |= over.0[lane] <= 0.0 && lambda.0[lane] < f64::INFINITY;
            all &= done[lane];
        }
        if all {
            break;
        }
        if step == PLAIN_STEPS && momentum == Momentum::Reciprocal {
            let size = n as f64;
            shift = lambda.map(|lambda| ((lambda - size) / (size - 1.0)).max(0.0));
            pull = lambda.map(|lambda| ((lambda * lambda - size * size) / (size - 1.0)).max(0.0));
        }
        let pull = pull / growth;
        growth = Lane::ZERO;
        for ((y, x), before) in y.iter_mut().zip(x.iter()).zip(before.iter()) {
            *y = *y + shift * *x + pull * *before;
            growth += *y;
        }
        let scale = Lane::ONE / growth;
        for ((y, x), before) in y.iter().zip(x.iter_mut()).zip(before.iter_mut()) {
            *before = *x;
            *x = x.where_else(done, *y * scale);
        }
    }
    done
}

/// y = Ax, four rows at a time.
#[inline(always)]
#[allow(clippy::inline_always, reason = "inlined into code compiled for the processor at hand")]
fn product<const L: usize>(matrix: &[Lane<L>], x: &[Lane<L>], y: &mut [Lane<L>]) {
    let n = x.len();
    let whole = n - n % 4;
    for (y, rows) in y.chunks_exact_mut(4).zip(matrix.chunks_exact(4 * n)) {
        sums::<L, 4>(rows, x, y);
    }
    let (y, rows) = (&mut y[whole..], &matrix[whole * n..]);
    match n % 4 {
        3 => sums::<L, 3>(rows, x, y),
        2 => sums::<L, 2>(rows, x, y),
        1 => sums::<L, 1>(rows, x, y),
        _ => {}
    }
}

/// The product of some rows: their sums grow side by side, so that no addition waits for the one before.
#[inline(always)]
#[allow(clippy::inline_always, reason = "inlined into code compiled for the processor at hand")]
fn sums<const L: usize, const ROWS: usize>(rows: &[Lane<L>], x: &[Lane<L>], y: &mut [Lane<L>]) {
    let n = x.len();
    let rows: [&[Lane<L>]; ROWS] = std::array::from_fn(|row| &rows[row * n..(row + 1) * n]);
    let mut sums = [Lane::ZERO; ROWS];
    for (column, x) in x.iter().enumerate() {
        for row in 0..ROWS {
            sums[row] += rows[row][column] * *x;
        }
    }
    y[..ROWS].copy_from_slice(&sums);
}

/// The positive eigenvector, summing to 1, of an irreducible non-negative matrix given row by row.
///
/// `start` is any positive vector; the nearer to the eigenvector, the fewer steps.
pub(super) fn vector(matrix: &[f64], momentum: Momentum, start: &[f64], what: &str) -> Result<Vec<f64>> {
    let sum: f64 = start.iter().sum();
    let mut x: Vec<Lane<1>> = start.iter().map(|start| Lane([start / sum])).collect();
    let mut work = vec![Lane::ZERO; 2 * x.len()];
    let lanes: Vec<Lane<1>> = matrix.iter().map(|entry| Lane([*entry])).collect();
    let [done] = power(&lanes, momentum, &mut x, &mut work);
    if done {
        return Ok(x.iter().map(|x| x.0[0]).collect());
    }
    noda(matrix, damped(matrix, start.to_vec()), what)
}

/// The right and the left eigenvector of a matrix, and the flow between them.
pub(super) struct Pair {
    pub(super) right: Vec<f64>,
    pub(super) left: Vec<f64>,
    /// 1/Σ vᵢaᵢⱼwⱼ.
    scale: f64,
}

impl Pair {
    /// Both eigenvectors of a matrix of judgements, the greatest entry of each 1.
    pub(super) fn of(matrix: &[f64], n: usize) -> Result<Self> {
        let what = "the eigenvector of the judgements";
        let ones = vec![1.0; n];
        let unit = |x: Vec<f64>| {
            let greatest = x.iter().copied().fold(0.0, f64::max);
            x.iter().map(|x| x / greatest).collect::<Vec<_>>()
        };
        let right = unit(vector(matrix, Momentum::Reciprocal, &ones, what)?);
        let left = unit(vector(&transposed(matrix, n), Momentum::Reciprocal, &ones, what)?);
        let mut pair = Self { right, left, scale: 1.0 };
        pair.scale = 1.0 / (0..n * n).map(|at| pair.flow(at / n, at % n, matrix[at])).sum::<f64>();
        Ok(pair)
    }

    /// φᵢⱼ = vᵢaᵢⱼwⱼ/Σ: what ∂ln λ/∂ln aᵢⱼ is. All together are 1; those out of a thing are as many as those into it.
    pub(super) fn flow(&self, i: usize, j: usize, entry: f64) -> f64 {
        self.left[i] * entry * self.right[j] * self.scale
    }
}

/// The matrix with rows for columns.
pub(super) fn transposed(matrix: &[f64], n: usize) -> Vec<f64> {
    (0..n * n).map(|at| matrix[at % n * n + at / n]).collect()
}

/// x ← √(x · Ax), entry by entry: ratios that are hundreds of orders of magnitude apart come together, for their logs
/// are halved at every step and circles are damped.
fn damped(matrix: &[f64], mut x: Vec<f64>) -> Vec<f64> {
    for _ in 0..DAMPED_STEPS {
        let image: Vec<f64> = matrix.chunks_exact(x.len()).map(|row| dot(row, &x).sqrt()).collect();
        x.iter_mut().zip(image).for_each(|(x, image)| *x = x.sqrt() * image);
        let greatest = x.iter().copied().fold(0.0, f64::max);
        for x in &mut x {
            *x /= greatest;
        }
    }
    x
}

/// Noda's inverse iteration: x ← (μI − A)⁻¹x with μ = max (Ax)ᵢ / xᵢ, from a positive vector.
///
/// μ falls to the principal eigenvalue from every start and in the end quadratically, however close the other
/// eigenvalues come, which is where the power iteration crawls: judgements that go in circles.
///
/// T. Noda (1971), Numerische Mathematik 17, 382–386.
fn noda(matrix: &[f64], mut x: Vec<f64>, what: &str) -> Result<Vec<f64>> {
    let n = x.len();
    let tolerance = tolerance(n);
    let mut spread = f64::INFINITY;
    let mut scaled = vec![0.0; n * n];
    for _ in 0..NODA_STEPS {
        for (i, row) in scaled.chunks_exact_mut(n).enumerate() {
            for (j, entry) in row.iter_mut().enumerate() {
                *entry = matrix[i * n + j] * (x[j] / x[i]);
            }
        }
        let ratios: Vec<f64> = scaled.chunks_exact(n).map(|row| row.iter().sum()).collect();
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = ratios.iter().copied().fold(0.0, f64::max);
        spread = (greatest - least) / greatest;
        if spread <= tolerance {
            return Ok(x);
        }
        let slack = ratios.iter().map(|ratio| greatest - ratio).collect();
        let factors = solve_m_matrix(&mut scaled, slack);
        let sum: f64 = x.iter().zip(&factors).map(|(x, factor)| x * factor).sum();
        x.iter_mut().zip(&factors).for_each(|(x, factor)| *x = *x * factor / sum);
        if !x.iter().all(|x| x.is_normal()) {
            break;
        }
    }
    Err(ErrorKind::NotConverged { what: what.into(), iterations: STEPS + DAMPED_STEPS + NODA_STEPS, change: spread }
        .into())
}

/// Solves My = 1 for the M-matrix whose off-diagonal entries are −`off` and whose row sums are `slack` ≥ 0.
///
/// Elimination in the form of Grassmann, Taksar and Heyman: the diagonal is the sum of what stays beside it, nothing is
/// ever subtracted, and every entry of the solution has full relative accuracy.
fn solve_m_matrix(off: &mut [f64], mut slack: Vec<f64>) -> Vec<f64> {
    let n = slack.len();
    let mut right = vec![1.0; n];
    let mut pivots = vec![0.0; n];
    for k in (0..n).rev() {
        let (above, from) = off.split_at_mut(k * n);
        let last = &from[..k];
        pivots[k] = last.iter().sum::<f64>() + slack[k];
        for (i, row) in above.chunks_exact_mut(n).enumerate() {
            let share = row[k] / pivots[k];
            row[..k].iter_mut().zip(last).for_each(|(entry, passed)| *entry += share * passed);
            slack[i] += share * slack[k];
            right[i] += share * right[k];
        }
    }
    for k in 0..n {
        let known: f64 = off[k * n..k * n + k].iter().zip(&right[..k]).map(|(entry, y)| entry * y).sum();
        right[k] = (right[k] + known) / pivots[k];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    fn ratios(matrix: &[f64], x: &[f64]) -> Vec<f64> {
        let rows = matrix.chunks_exact(x.len()).zip(x);
        rows.map(|(row, x_i)| row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>() / x_i).collect()
    }

    #[test]
    fn the_m_matrix_is_solved() {
        let y = solve_m_matrix(&mut [0.0, 1.0, 1.0, 2.0, 0.0, 1.0, 1.0, 1.0, 0.0], vec![1.0, 2.0, 0.0]);
        let m = [3.0, -1.0, -1.0, -2.0, 5.0, -1.0, -1.0, -1.0, 2.0];
        for row in m.chunks_exact(3) {
            assert_relative_eq!(row.iter().zip(&y).map(|(m, y)| m * y).sum::<f64>(), 1.0, epsilon = 1e-15);
        }
    }

    /// Two circles of almost the same strength, barely connected: λ₂/λ₁ lies within 10⁻⁷ of 1.
    #[test]
    fn circles_on_circles_converge() {
        let (n, strong) = (6, [1e9, 1e9 * (1.0 + 1e-7)]);
        let mut matrix = vec![1.0; n * n];
        for (block, ratio) in strong.into_iter().enumerate() {
            for (i, j) in [(0, 1), (1, 2), (2, 0)] {
                let (i, j) = (3 * block + i, 3 * block + j);
                matrix[i * n + j] = ratio;
                matrix[j * n + i] = 1.0 / ratio;
            }
        }
        let x = vector(&matrix, Momentum::Reciprocal, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "it").unwrap();
        let ratios = ratios(&matrix, &x);
        for ratio in &ratios {
            assert_relative_eq!(*ratio, ratios[0], epsilon = 0.0, max_relative = 2e-14);
        }
        assert!(x.iter().all(|x| *x > 0.0));
        assert_relative_eq!(x[3], x[5], epsilon = 0.0, max_relative = 1e-6);
        assert!(x[5] > 10.0 * x[2]);
    }
}
