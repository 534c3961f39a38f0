//! The only caller of matrix decompositions.
//!
//! nalgebra's iterative decompositions may hang or panic on NaN and infinity, and its inverse accepts
//! matrices that are singular to rounding. Here the input is checked first and the iterations are capped.
#![allow(clippy::disallowed_methods, reason = "this is the room that they are kept in")]

use std::ops::Range;

use nalgebra::{DMatrix, DVector};

use crate::error::{Error, ErrorKind, Result};
use crate::numeric::{check, parallel, rounding, tridiagonal};

/// Iterations of an eigenvalue decomposition; each eigenvalue takes two or three in practice.
const SWEEPS: usize = 10_000;

fn gate(matrix: &DMatrix<f64>, place: &str) -> Result<()> {
    for value in matrix {
        check::finite(*value, || format!("an entry of {place}"))?;
    }
    Ok(())
}

/// Σ aᵢbᵢ.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn not_converged(place: &str) -> Error {
    let what = format!("the eigenvalue decomposition of {place}");
    ErrorKind::NotConverged { what, iterations: SWEEPS, change: f64::NAN }.into()
}

/// Eigenvalues in descending order, with the unit eigenvectors as columns in the same order.
pub(crate) fn symmetric_eigen(matrix: DMatrix<f64>, place: &str) -> Result<(DVector<f64>, DMatrix<f64>)> {
    gate(&matrix, place)?;
    let size = matrix.nrows();
    let eigen = matrix.try_symmetric_eigen(f64::EPSILON, SWEEPS).ok_or_else(|| not_converged(place))?;
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let values = DVector::from_fn(size, |row, _| eigen.eigenvalues[order[row]]);
    let vectors = DMatrix::from_fn(size, size, |row, column| eigen.eigenvectors[(row, order[column])]);
    Ok((values, vectors))
}

/// Eigenvalues in descending order, without the eigenvectors, which take several times as long.
pub(crate) fn symmetric_eigenvalues(matrix: DMatrix<f64>, place: &str) -> Result<Vec<f64>> {
    gate(&matrix, place)?;
    tridiagonal::eigenvalues(matrix).ok_or_else(|| not_converged(place))
}

/// The lower Cholesky factor of a positive definite matrix.
///
/// Column by column, as the matrix lies in memory, and in panels that stay in the cache: each panel is factored and then
/// taken out of all columns after it.
///
/// `Err` holds the number of the first row that depends on the rows before it.
pub(crate) fn cholesky(matrix: &DMatrix<f64>) -> std::result::Result<DMatrix<f64>, usize> {
    let size = matrix.nrows();
    let mut factor = matrix.lower_triangle();
    let columns = factor.as_mut_slice();
    for panel in (0..size).step_by(PANEL) {
        let end = size.min(panel + PANEL);
        for column in panel..end {
            let left = take_out(columns, size, column, panel..column);
            let pivot = left[0];
            if rounding::is_dependent(pivot, matrix[(column, column)]) {
                return Err(column);
            }
            let root = pivot.sqrt();
            left[0] = root;
            left[1..].iter_mut().for_each(|entry| *entry /= root);
        }
        for column in end..size {
            take_out(columns, size, column, panel..end);
        }
    }
    Ok(factor)
}

/// Columns of a panel: 64 of 2,000 rows are a megabyte, which stays in a core's second-level cache.
const PANEL: usize = 64;

/// Columns that are taken out in one pass over a column.
const TOGETHER: usize = 4;

/// Takes out of a column, from its diagonal on, what earlier columns of the factor account for; gives what is left.
fn take_out(columns: &mut [f64], size: usize, column: usize, earlier: Range<usize>) -> &mut [f64] {
    let (done, rest) = columns.split_at_mut(column * size);
    let left = &mut rest[column..size];
    let below = |k: usize| &done[k * size + column..(k + 1) * size];
    let mut k = earlier.start;
    while k + TOGETHER <= earlier.end {
        let others = [below(k), below(k + 1), below(k + 2), below(k + 3)];
        let factors = others.map(|other| other[0]);
        for (at, entry) in left.iter_mut().enumerate() {
            // One after the other, as without passes in common: the same bits.
            let mut value = *entry;
            for (other, factor) in others.iter().zip(factors) {
                value -= other[at] * factor;
            }
            *entry = value;
        }
        k += TOGETHER;
    }
    for other in (k..earlier.end).map(below) {
        let factor = other[0];
        left.iter_mut().zip(other).for_each(|(entry, other)| *entry -= other * factor);
    }
    left
}

/// Solves (L Lᵀ) x = b for the lower Cholesky factor L.
pub(crate) fn cholesky_solve(factor: &DMatrix<f64>, right: &[f64]) -> Vec<f64> {
    let size = right.len();
    let mut x = right.to_vec();
    for row in 0..size {
        let known: f64 = (0..row).map(|k| factor[(row, k)] * x[k]).sum();
        x[row] = (x[row] - known) / factor[(row, row)];
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|k| factor[(k, row)] * x[k]).sum();
        x[row] = (x[row] - known) / factor[(row, row)];
    }
    x
}

/// L⁻¹ of a lower triangular matrix without zeros on its diagonal.
pub(crate) fn triangular_inverse(factor: &DMatrix<f64>) -> DMatrix<f64> {
    let size = factor.nrows();
    let blocks = parallel::map(size.div_ceil(BLOCK), |block| {
        inverse_columns(factor, block * BLOCK..size.min((block + 1) * BLOCK))
    });
    DMatrix::from_vec(size, size, blocks.concat())
}

/// Columns of an inverse that are solved for together, each column of the factor being read once for all of them.
const BLOCK: usize = 32;

/// Some columns of the inverse of a lower triangular matrix.
fn inverse_columns(factor: &DMatrix<f64>, columns: Range<usize>) -> Vec<f64> {
    let size = factor.nrows();
    let mut inverse = vec![0.0; columns.len() * size];
    for row in columns.start..size {
        let (pivot, below) = (factor[(row, row)], &factor.as_slice()[row * size + row + 1..(row + 1) * size]);
        for (column, solution) in columns.clone().zip(inverse.chunks_exact_mut(size)).take(row + 1 - columns.start) {
            // So far the row holds what the rows above it put into it.
            let value = if row == column { 1.0 / pivot } else { -solution[row] / pivot };
            solution[row] = value;
            solution[row + 1..].iter_mut().zip(below).for_each(|(sum, entry)| *sum += entry * value);
        }
    }
    inverse
}

/// The inverse of a symmetric matrix, positive definite or not; `None` when it is singular to rounding.
pub(crate) fn symmetric_inverse(matrix: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    if let Ok(factor) = cholesky(matrix) {
        let inverse = triangular_inverse(&factor);
        return Some(inverse.transpose() * inverse);
    }
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return None;
    }
    let decomposed = matrix.clone().lu();
    let pivots = decomposed.u().diagonal();
    let sound = pivots.iter().all(|pivot| !rounding::is_dependent(pivot.abs(), matrix.amax()));
    let inverse = if sound { decomposed.try_inverse() } else { None };
    inverse.filter(|inverse| inverse.iter().all(|entry| entry.is_finite()))
}

/// Solves AX = B for a square matrix A by elimination with partial pivoting.
pub(crate) fn solve(matrix: DMatrix<f64>, right: &DMatrix<f64>, place: &str) -> Result<DMatrix<f64>> {
    gate(&matrix, place)?;
    let solution = matrix.lu().solve(right).filter(|solution| solution.iter().all(|value| value.is_finite()));
    let reason = "a row is a combination of others";
    solution.ok_or_else(|| ErrorKind::Singular { place: place.into(), reason: reason.into() }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn eigenvalues_come_in_order_and_rebuild_the_matrix() {
        let matrix = DMatrix::from_row_slice(3, 3, &[2.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 4.0]);
        let (values, vectors) = symmetric_eigen(matrix.clone(), "m").unwrap();
        assert!(values[0] > values[1] && values[1] > values[2]);
        let rebuilt = &vectors * DMatrix::from_diagonal(&values) * vectors.transpose();
        assert_relative_eq!(rebuilt, matrix, epsilon = 1e-14);
    }

    #[test]
    fn eigenvalues_alone_are_the_same() {
        for size in [1, 2, 3, 65] {
            let (values, _) = symmetric_eigen(large(size), "m").unwrap();
            let alone = symmetric_eigenvalues(large(size), "m").unwrap();
            assert_relative_eq!(*alone, *values.as_slice(), epsilon = 1e-13);
        }
        let huge = DMatrix::from_row_slice(2, 2, &[2e300, 1e300, 1e300, 2e300]);
        let found = symmetric_eigenvalues(huge, "m").unwrap();
        assert_relative_eq!(*found, [3e300, 1e300], max_relative = 1e-15);
        assert!(symmetric_eigenvalues(DMatrix::from_element(2, 2, f64::INFINITY), "m").is_err());
    }

    #[test]
    fn nan_is_an_error_and_no_hang() {
        let error = symmetric_eigen(DMatrix::from_element(2, 2, f64::NAN), "m").unwrap_err();
        assert_eq!(error.to_string(), "an entry of m is NaN; expected a finite number");
    }

    #[test]
    fn equations_are_solved() {
        let matrix = DMatrix::from_row_slice(2, 2, &[4.0, 2.0, 2.0, 5.0]);
        let x = cholesky_solve(&cholesky(&matrix).unwrap(), &[10.0, 17.0]);
        assert_relative_eq!(x.as_slice(), [1.0, 3.0].as_slice(), epsilon = 1e-15);
        let right = DMatrix::from_column_slice(2, 1, &[10.0, 17.0]);
        assert_relative_eq!(solve(matrix, &right, "m").unwrap().as_slice(), x.as_slice(), epsilon = 1e-15);
        assert!(solve(DMatrix::zeros(2, 2), &right, "m").unwrap_err().is_degenerate());
    }

    #[test]
    fn indefinite_matrices_have_inverses_and_singular_ones_have_none() {
        let definite = DMatrix::from_row_slice(2, 2, &[4.0, 2.0, 2.0, 5.0]);
        let indefinite = DMatrix::from_row_slice(3, 3, &[1.0, 0.9, 0.1, 0.9, 1.0, 0.9, 0.1, 0.9, 1.0]);
        for matrix in [definite, indefinite] {
            let product = symmetric_inverse(&matrix).unwrap() * &matrix;
            assert_relative_eq!(product, DMatrix::identity(matrix.nrows(), matrix.nrows()), epsilon = 1e-14);
        }
        assert_eq!(symmetric_inverse(&DMatrix::from_element(2, 2, 1.0)), None);
        assert_eq!(symmetric_inverse(&DMatrix::from_element(2, 2, f64::NAN)), None);
    }

    /// A positive definite matrix of no pattern, larger than a panel.
    fn large(size: usize) -> DMatrix<f64> {
        let entry = |row: usize, column: usize| {
            let (low, high) = (row.min(column), row.max(column));
            ((low * 31 + high * 17) as f64).sin() / size as f64 + if row == column { 2.0 } else { 0.0 }
        };
        DMatrix::from_fn(size, size, entry)
    }

    #[test]
    fn panels_make_no_difference() {
        for size in [1, 3, 63, 64, 65, 150] {
            let matrix = large(size);
            let factor = cholesky(&matrix).unwrap();
            // The definition, entry by entry in the same order.
            let mut expected = DMatrix::zeros(size, size);
            for column in 0..size {
                for row in column..size {
                    let entry = (0..column)
                        .fold(matrix[(row, column)], |entry, k| entry - expected[(row, k)] * expected[(column, k)]);
                    expected[(row, column)] =
                        if row == column { f64::sqrt(entry) } else { entry / expected[(column, column)] };
                }
            }
            assert_eq!(factor, expected);
            let product = &factor * triangular_inverse(&factor);
            assert_relative_eq!(product, DMatrix::identity(size, size), epsilon = 1e-14);
        }
        let mut dependent = large(150);
        let copy = dependent.column(20).into_owned();
        dependent.set_column(140, &copy);
        dependent.set_row(140, &copy.transpose());
        dependent[(140, 140)] = dependent[(20, 20)];
        assert_eq!(cholesky(&dependent), Err(140));
    }

    #[test]
    fn cholesky_names_the_dependent_row() {
        let matrix = DMatrix::from_row_slice(3, 3, &[4.0, 2.0, 2.0, 2.0, 5.0, 5.0, 2.0, 5.0, 5.0]);
        assert_eq!(cholesky(&matrix), Err(2));
        assert_eq!(cholesky(&DMatrix::from_element(1, 1, f64::NAN)), Err(0));
        let factor = cholesky(&matrix.view((0, 0), (2, 2)).into_owned()).unwrap();
        assert_relative_eq!(&factor * factor.transpose(), matrix.view((0, 0), (2, 2)).into_owned(), epsilon = 1e-15);
    }
}
