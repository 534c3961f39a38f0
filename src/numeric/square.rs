//! Square matrices as kernels see them: a slice that holds column after column.

use nalgebra::DMatrix;

use crate::numeric::number::Number;

/// A square matrix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Square<'a, N> {
    entries: &'a [N],
    size: usize,
}

impl<'a> Square<'a, f64> {
    /// The same matrix.
    pub(crate) fn of(matrix: &'a DMatrix<f64>) -> Self {
        Self { entries: matrix.as_slice(), size: matrix.nrows() }
    }
}

impl<'a, N: Number> Square<'a, N> {
    #[inline(always)]
    pub(crate) fn new(entries: &'a [N], size: usize) -> Self {
        Self { entries, size }
    }

    #[inline(always)]
    pub(crate) fn at(self, row: usize, column: usize) -> N {
        self.entries[column * self.size + row]
    }

    /// 0 in the numbers of the matrix, which is not empty.
    #[inline(always)]
    pub(crate) fn zero(self) -> N {
        self.entries[0].zero()
    }
}
