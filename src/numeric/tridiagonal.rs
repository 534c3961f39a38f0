//! Eigenvalues of large symmetric matrices, without eigenvectors.
//!
//! Householder reflections make the matrix tridiagonal, in panels: the rest of the matrix is read once for each reflection
//! and written once for each panel (Dongarra, Sorensen & Hammarling 1989, <https://doi.org/10.1016/0377-0427(89)90367-1>).
//! nalgebra goes through it several times for each reflection, and beyond the size of the cache that is all the time there
//! is: `model_fit` of 2,000 indicators took 44 s with it and takes 9 s. Implicit QL finds the eigenvalues of what is left (Wilkinson & Reinsch 1971,
//! <https://doi.org/10.1007/978-3-662-39778-7>).

use std::ops::Range;

use nalgebra::DMatrix;

/// Reflections that change the rest of the matrix together.
const PANEL: usize = 32;

/// Rounds of QL for one eigenvalue; two or three are usual.
const ROUNDS: usize = 100;

/// The eigenvalues of a symmetric matrix in descending order, of which the lower triangle is read; `None` if they are not
/// found.
pub(crate) fn eigenvalues(mut matrix: DMatrix<f64>) -> Option<Vec<f64>> {
    let (size, largest) = (matrix.nrows(), matrix.amax());
    if largest == 0.0 {
        return Some(vec![0.0; size]);
    }
    // Squares neither overflow nor vanish.
    matrix /= largest;
    let (mut diagonal, below) = tridiagonal(matrix.as_mut_slice(), size);
    ql(&mut diagonal, below)?;
    for value in &mut diagonal {
        *value *= largest;
    }
    diagonal.sort_by(|a, b| b.total_cmp(a));
    Some(diagonal)
}

/// The reflections I − 2vv′ of a panel, and the vectors w by which they change the matrix: A − Σ(vw′ + wv′).
struct Panel {
    size: usize,
    v: Vec<f64>,
    w: Vec<f64>,
}

impl Panel {
    /// Takes what some reflections change from a column, which starts at its diagonal.
    fn update(&self, column: &mut [f64], at: usize, reflections: Range<usize>) {
        for k in reflections {
            let here = k * self.size + at..(k + 1) * self.size;
            let (v, w) = (&self.v[here.clone()], &self.w[here]);
            let (first_v, first_w) = (v[0], w[0]);
            column.iter_mut().zip(v).zip(w).for_each(|((entry, v), w)| *entry -= v * first_w + w * first_v);
        }
    }

    /// Makes the next reflection, from a column that is up to date, of a matrix that is as it was before the panel. Gives
    /// what it leaves beside the diagonal.
    fn reflect(&mut self, matrix: &[f64], at: usize, k: usize) -> f64 {
        let (size, next) = (self.size, at + 1);
        let (earlier_v, v) = self.v.split_at_mut(k * size);
        let (earlier_w, w) = self.w.split_at_mut(k * size);
        let (v, w) = (&mut v[next..size], &mut w[next..size]);
        v.copy_from_slice(&matrix[at * size + next..next * size]);
        let beside = reflection(v);
        for (from, x) in v.iter().enumerate() {
            let column = next + from;
            let entries = &matrix[column * size + column..(column + 1) * size];
            w[from] += dot(entries, &v[from..]);
            add(&mut w[from + 1..], *x, &entries[1..]);
        }
        for (earlier_v, earlier_w) in earlier_v.chunks_exact(size).zip(earlier_w.chunks_exact(size)) {
            let (earlier_v, earlier_w) = (&earlier_v[next..], &earlier_w[next..]);
            let (along_v, along_w) = (dot(earlier_v, v), dot(earlier_w, v));
            add(w, -along_w, earlier_v);
            add(w, -along_v, earlier_w);
        }
        let inner = dot(v, w);
        w.iter_mut().zip(v).for_each(|(w, v)| *w = 2.0 * (*w - inner * *v));
        beside
    }
}

/// The diagonal, and what is below it, of a tridiagonal matrix with the same eigenvalues. The matrix is used up.
fn tridiagonal(matrix: &mut [f64], size: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut diagonal, mut below) = (Vec::with_capacity(size), Vec::with_capacity(size));
    for start in (0..size).step_by(PANEL) {
        let end = size.min(start + PANEL);
        let mut panel = Panel { size, v: vec![0.0; PANEL * size], w: vec![0.0; PANEL * size] };
        for at in start..end {
            panel.update(&mut matrix[at * size + at..(at + 1) * size], at, 0..at - start);
            diagonal.push(matrix[at * (size + 1)]);
            if at + 1 < size {
                below.push(panel.reflect(matrix, at, at - start));
            }
        }
        for column in end..size {
            panel.update(&mut matrix[column * size + column..(column + 1) * size], column, 0..end - start);
        }
    }
    (diagonal, below)
}

/// Makes of x the unit vector v of the reflection (I − 2vv′)x to the first axis, or 0 where x lies on it. Gives the first
/// entry of the reflected x.
fn reflection(x: &mut [f64]) -> f64 {
    let rest = dot(&x[1..], &x[1..]);
    let first = x[0];
    if rest == 0.0 {
        x[0] = 0.0;
        return first;
    }
    let reflected = -(first * first + rest).sqrt().copysign(first);
    x[0] -= reflected;
    let length = (x[0] * x[0] + rest).sqrt();
    for x in x.iter_mut() {
        *x /= length;
    }
    reflected
}

/// The eigenvalues of a tridiagonal matrix, in the place of its diagonal.
fn ql(diagonal: &mut [f64], mut below: Vec<f64>) -> Option<()> {
    below.push(0.0);
    for first in 0..diagonal.len() {
        let found = (0..ROUNDS).any(|_| {
            let last = block_end(diagonal, &below, first);
            if last > first {
                sweep(diagonal, &mut below, first, last);
            }
            last == first
        });
        found.then_some(())?;
    }
    Some(())
}

/// The last row of the block that starts here: beyond it the entry below the diagonal is rounding.
fn block_end(diagonal: &[f64], below: &[f64], first: usize) -> usize {
    let is_split = |at: &usize| below[*at].abs() <= f64::EPSILON * (diagonal[*at].abs() + diagonal[at + 1].abs());
    (first..diagonal.len() - 1).find(is_split).unwrap_or(diagonal.len() - 1)
}

/// One implicit QL step with Wilkinson's shift, from the last row of a block up.
fn sweep(diagonal: &mut [f64], below: &mut [f64], first: usize, last: usize) {
    let half = (diagonal[first + 1] - diagonal[first]) / (2.0 * below[first]);
    let shift = below[first] / (half + half.hypot(1.0).copysign(half));
    let mut bulge = diagonal[last] - diagonal[first] + shift;
    let (mut sine, mut cosine, mut taken) = (1.0, 1.0, 0.0);
    for at in (first..last).rev() {
        let (f, b) = (sine * below[at], cosine * below[at]);
        let length = f.hypot(bulge);
        below[at + 1] = length;
        if length == 0.0 {
            // The block has come apart here.
            diagonal[at + 1] -= taken;
            below[last] = 0.0;
            return;
        }
        (sine, cosine) = (f / length, bulge / length);
        let rest = diagonal[at + 1] - taken;
        let mixed = (diagonal[at] - rest) * sine + 2.0 * cosine * b;
        taken = sine * mixed;
        diagonal[at + 1] = rest + taken;
        bulge = cosine * mixed - b;
    }
    diagonal[first] -= taken;
    below[first] = bulge;
    below[last] = 0.0;
}

/// Σ aᵢbᵢ in eight sums side by side, as registers hold them.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a, b) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += a * b);
    }
    sums.iter().sum::<f64>() + rest
}

/// Adds a multiple of x.
fn add(to: &mut [f64], factor: f64, x: &[f64]) {
    to.iter_mut().zip(x).for_each(|(to, x)| *to += factor * x);
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_abs_diff_eq;

    /// The matrix with 2 on the diagonal and 1 beside it, reflected: it has the eigenvalues 2 + 2cos(kπ/(n + 1)).
    #[test]
    fn eigenvalues_known_in_closed_form() {
        for size in [1, 2, 3, 31, 32, 33, 65, 150] {
            let beside = |row: usize, column: usize| [2.0, 1.0, 0.0][row.abs_diff(column).min(2)];
            let matrix = DMatrix::from_fn(size, size, beside);
            let axis = DMatrix::from_fn(size, 1, |row, _| ((row * row + 1) as f64).sin()).normalize();
            let reflection = DMatrix::identity(size, size) - 2.0 * &axis * axis.transpose();
            let found = eigenvalues(&reflection * matrix * &reflection).unwrap();
            for (k, found) in (1_u32..).zip(found) {
                let angle = f64::from(k) * std::f64::consts::PI / (size + 1) as f64;
                assert_abs_diff_eq!(found, 2.0 + 2.0 * angle.cos(), epsilon = 1e-13);
            }
        }
    }

    #[test]
    fn matrices_that_are_diagonal_or_of_low_rank() {
        assert_eq!(eigenvalues(DMatrix::zeros(3, 3)), Some(vec![0.0; 3]));
        let diagonal = DMatrix::from_diagonal(&nalgebra::DVector::from_vec(vec![1.0, -3.0, 2.0, 2.0]));
        assert_eq!(eigenvalues(diagonal), Some(vec![2.0, 2.0, 1.0, -3.0]));
        let found = eigenvalues(DMatrix::from_element(40, 40, 1e300)).unwrap();
        assert_abs_diff_eq!(found[0] / 40e300, 1.0, epsilon = 1e-14);
        assert!(found[1..].iter().all(|value| value.abs() < 1e287));
    }
}
