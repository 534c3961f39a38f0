//! Several numbers side by side: one for each problem that is solved at the same time.
//!
//! A kernel written once over `Lane<L>` solves one problem with `L = 1` and eight with `L = 8`; the compiler
//! turns the latter into vector instructions. Every lane goes through the same operations in the same order
//! whatever `L` is, so a result does not depend on its neighbours.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// `L` numbers that do not know of each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lane<const L: usize>(pub(crate) [f64; L]);

/// One truth value for each lane.
pub(crate) type Mask<const L: usize> = [bool; L];

impl<const L: usize> Lane<L> {
    pub(crate) const ZERO: Self = Self([0.0; L]);
    pub(crate) const ONE: Self = Self([1.0; L]);

    #[inline(always)]
    fn zip(self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        // Indices, not iterators: the compiler makes vector instructions of these and not of an array's `zip`.
        let mut result = self;
        for lane in 0..L {
            result.0[lane] = operation(self.0[lane], other.0[lane]);
        }
        result
    }

    #[inline(always)]
    pub(crate) fn map(self, operation: impl Fn(f64) -> f64) -> Self {
        let mut result = self;
        for lane in 0..L {
            result.0[lane] = operation(self.0[lane]);
        }
        result
    }

    #[inline(always)]
    pub(crate) fn sqrt(self) -> Self {
        self.map(f64::sqrt)
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        self.map(f64::abs)
    }

    /// The sign of each number; the sign of 0 is 0.
    #[inline(always)]
    pub(crate) fn signum(self) -> Self {
        self.map(|value| f64::from(i8::from(value > 0.0) - i8::from(value < 0.0)))
    }

    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }

    /// Where this number is greater; false for NaN.
    #[inline(always)]
    pub(crate) fn greater(self, other: Self) -> Mask<L> {
        let mut mask = [false; L];
        for lane in 0..L {
            mask[lane] = self.0[lane] > other.0[lane];
        }
        mask
    }

    /// This number where the mask is set, the other one elsewhere.
    #[inline(always)]
    pub(crate) fn where_else(self, mask: Mask<L>, other: Self) -> Self {
        let mut result = other;
        for lane in 0..L {
            result.0[lane] = if mask[lane] { self.0[lane] } else { other.0[lane] };
        }
        result
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident),*) => {$(
        impl<const L: usize> $trait for Lane<L> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                self.zip(other, $trait::$method)
            }
        }
    )*};
}
operators!(Add add, Sub sub, Mul mul, Div div);

impl<const L: usize> Neg for Lane<L> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        self.map(f64::neg)
    }
}

impl<const L: usize> AddAssign for Lane<L> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const L: usize> SubAssign for Lane<L> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

/// Σ aᵢbᵢ.
#[inline(always)]
pub(crate) fn dot<const L: usize>(a: &[Lane<L>], b: &[Lane<L>]) -> Lane<L> {
    let mut sum = Lane::ZERO;
    for (a, b) in a.iter().zip(b) {
        sum += *a * *b;
    }
    sum
}

/// y += a x.
#[inline(always)]
pub(crate) fn add_scaled<const L: usize>(y: &mut [Lane<L>], a: Lane<L>, x: &[Lane<L>]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * *x;
    }
}

/// Replaces the lower triangle of a positive definite matrix (columns of `size`) by its Cholesky factor, with the
/// reciprocals of the pivots on the diagonal; gives the lanes that are positive definite to working precision.
#[inline(always)]
pub(crate) fn factor<const L: usize>(matrix: &mut [Lane<L>], size: usize, pivot: f64) -> Mask<L> {
    let mut sound = [true; L];
    for column in 0..size {
        let whole = matrix[column * size + column];
        let mut left = whole;
        for k in 0..column {
            let entry = matrix[k * size + column];
            left -= entry * entry;
        }
        let enough = left.greater(whole.map(|whole| pivot * whole));
        for lane in 0..L {
            sound[lane] &= enough[lane];
        }
        let scale = Lane::ONE / left.sqrt();
        matrix[column * size + column] = scale;
        for row in column + 1..size {
            let mut entry = matrix[column * size + row];
            for k in 0..column {
                entry -= matrix[k * size + row] * matrix[k * size + column];
            }
            matrix[column * size + row] = entry * scale;
        }
    }
    sound
}

/// Solves A x = b in place, given what [`factor`] made of A.
#[inline(always)]
pub(crate) fn solve<const L: usize>(factor: &[Lane<L>], size: usize, x: &mut [Lane<L>]) {
    for row in 0..size {
        let mut value = x[row];
        for k in 0..row {
            value -= factor[k * size + row] * x[k];
        }
        x[row] = value * factor[row * size + row];
    }
    for row in (0..size).rev() {
        let mut value = x[row];
        for k in row + 1..size {
            value -= factor[row * size + k] * x[k];
        }
        x[row] = value * factor[row * size + row];
    }
}

/// Replaces the lower triangle of a symmetric matrix (columns of `size`) by L and D of LDL′ = A, with the reciprocals of D
/// on the diagonal and L below it; gives the lanes in which no pivot is rounding. The matrix need not be positive definite.
#[inline(always)]
pub(crate) fn factor_indefinite<const L: usize>(matrix: &mut [Lane<L>], size: usize, pivot: f64) -> Mask<L> {
    let mut sound = [true; L];
    for column in 0..size {
        let whole = matrix[column * size + column];
        let mut left = whole;
        for k in 0..column {
            let entry = matrix[k * size + column];
            left -= entry * entry / matrix[k * size + k];
        }
        let enough = left.abs().greater(whole.map(|whole| pivot * whole));
        for lane in 0..L {
            sound[lane] &= enough[lane];
        }
        // Until its row is done, an entry below the diagonal holds L times D.
        for row in column + 1..size {
            let mut entry = matrix[column * size + row];
            for k in 0..column {
                entry -= matrix[k * size + row] * matrix[k * size + column] / matrix[k * size + k];
            }
            matrix[column * size + row] = entry;
        }
        matrix[column * size + column] = left;
    }
    for column in 0..size {
        let scale = Lane::ONE / matrix[column * size + column];
        matrix[column * size + column] = scale;
        for row in column + 1..size {
            matrix[column * size + row] = matrix[column * size + row] * scale;
        }
    }
    sound
}

/// Solves A x = b in place, given what [`factor_indefinite`] made of A.
#[inline(always)]
pub(crate) fn solve_indefinite<const L: usize>(factor: &[Lane<L>], size: usize, x: &mut [Lane<L>]) {
    for row in 0..size {
        for k in 0..row {
            let known = factor[k * size + row] * x[k];
            x[row] -= known;
        }
    }
    for row in (0..size).rev() {
        x[row] = x[row] * factor[row * size + row];
        for k in row + 1..size {
            let known = factor[row * size + k] * x[k];
            x[row] -= known;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn each_lane_has_its_own_system() {
        // Columns of two matrices side by side: [[4,2],[2,3]] and [[1,1],[1,1]]; the second has no inverse.
        let mut matrix = [[4.0, 1.0], [2.0, 1.0], [2.0, 1.0], [3.0, 1.0]].map(Lane);
        assert_eq!(factor(&mut matrix, 2, 1e-12), [true, false]);
        let mut x = [[8.0, 0.0], [7.0, 0.0]].map(Lane);
        solve(&matrix, 2, &mut x);
        assert_relative_eq!(x[0].0[0], 1.25, epsilon = 0.0, max_relative = 1e-15);
        assert_relative_eq!(x[1].0[0], 1.5, epsilon = 0.0, max_relative = 1e-15);
    }

    #[test]
    fn an_indefinite_system_has_its_solution() {
        // [[1, 2, 0], [2, 1, 1], [0, 1, -1]] with the solution (1, 2, 3); its second leading minor is -3. And a singular one.
        let mut matrix =
            [[1.0, 1.0], [2.0, 1.0], [0.0, 1.0], [2.0, 1.0], [1.0, 1.0], [1.0, 1.0], [0.0, 1.0], [1.0, 1.0]];
        let mut matrix: Vec<Lane<2>> = matrix.iter_mut().map(|lanes| Lane(*lanes)).chain([Lane([-1.0, 1.0])]).collect();
        assert_eq!(factor_indefinite(&mut matrix, 3, 1e-12), [true, false]);
        let mut x = [[5.0, 0.0], [7.0, 0.0], [-1.0, 0.0]].map(Lane);
        solve_indefinite(&matrix, 3, &mut x);
        for (found, expected) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert_relative_eq!(found.0[0], expected, epsilon = 0.0, max_relative = 1e-15);
        }
    }

    #[test]
    fn nan_is_neither_greater_nor_sound() {
        let nan = Lane([f64::NAN]);
        assert_eq!(nan.greater(Lane::ZERO), [false]);
        assert_eq!(Lane::<1>::ZERO.signum(), Lane::ZERO);
        assert_eq!(factor(&mut [nan], 1, 1e-12), [false]);
    }
}
