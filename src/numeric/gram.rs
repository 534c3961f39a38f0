//! Cross-products of the columns of a block, with the widest vector instructions that the machine has.

#![allow(clippy::inline_always, reason = "only what is inlined into a dispatched call gets its instructions")]

use pulp::{Arch, Simd, WithSimd};

/// Columns on each side of a tile: nine sums stay in registers while six columns stream past.
const TILE: usize = 3;

/// The columns are cut where a vector register ends: a multiple of every register's length.
pub(crate) const STEP: usize = 8;

/// Z'Z, column by column, of the columns of Z, each of `rows` numbers (a multiple of [`STEP`]) at the beginning of a
/// piece of `stride`. Both triangles are written.
pub(crate) fn gram(columns: &[f64], stride: usize, rows: usize, products: &mut [f64]) {
    Arch::new().dispatch(Gram { columns, stride, rows, products });
}

struct Gram<'a> {
    columns: &'a [f64],
    stride: usize,
    rows: usize,
    products: &'a mut [f64],
}

impl WithSimd for Gram<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let size = self.columns.len() / self.stride;
        // Beyond the last column its tile repeats it.
        let column = |at: usize| {
            let start = at.min(size - 1) * self.stride;
            S::as_simd_f64s(&self.columns[start..start + self.rows]).0
        };
        let columns = |at: usize| [column(at), column(at + 1), column(at + 2)];
        for i in (0..size).step_by(TILE) {
            for j in (0..=i).step_by(TILE) {
                let tile = tile(simd, columns(i), columns(j));
                for (a, row) in tile.iter().enumerate() {
                    for (b, product) in row.iter().enumerate() {
                        if i + a < size && j + b < size {
                            self.products[(j + b) * size + i + a] = *product;
                            self.products[(i + a) * size + j + b] = *product;
                        }
                    }
                }
            }
        }
    }
}

/// The nine products of two times three columns.
#[inline(always)]
fn tile<S: Simd>(simd: S, left: [&[S::f64s]; TILE], right: [&[S::f64s]; TILE]) -> [[f64; TILE]; TILE] {
    let mut sums = [[simd.splat_f64s(0.0); TILE]; TILE];
    let length = left[0].len();
    let left = left.map(|column| &column[..length]);
    let right = right.map(|column| &column[..length]);
    for at in 0..length {
        let right = [right[0][at], right[1][at], right[2][at]];
        for a in 0..TILE {
            let left = left[a][at];
            for b in 0..TILE {
                sums[a][b] = simd.mul_add_e_f64s(left, right[b], sums[a][b]);
            }
        }
    }
    // Loops, not `map`: a closure is not always inlined here, and then each instruction becomes a call.
    let mut products = [[0.0; TILE]; TILE];
    for a in 0..TILE {
        for b in 0..TILE {
            products[a][b] = simd.reduce_sum_f64s(sums[a][b]);
        }
    }
    products
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_and_tile() {
        for size in 1..=10 {
            for rows in [0, 8, 16, 40] {
                let stride = 48;
                // Whole numbers: the products are exact in any order. What lies beyond the rows does not count.
                let number =
                    |at: usize| if at % stride < rows { ((at * 7 + at / 5) % 11) as f64 - 5.0 } else { f64::NAN };
                let columns: Vec<f64> = (0..size * stride).map(number).collect();
                let mut products = vec![f64::NAN; size * size];
                gram(&columns, stride, rows, &mut products);
                for (at, product) in products.iter().enumerate() {
                    let column = |at: usize| &columns[at * stride..at * stride + rows];
                    let pairs = column(at / size).iter().zip(column(at % size));
                    assert_eq!(*product, pairs.map(|(a, b)| a * b).sum::<f64>());
                }
            }
        }
    }
}
