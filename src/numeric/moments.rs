//! Weighted count, means and centred cross-products of nameless variables.

use nalgebra::DMatrix;

use crate::numeric::gram::{STEP, gram};

/// Rows of a [`Block`]: 24 columns of 256 answers are 48 kB, which stay in a core's second-level cache between the
/// steps that go over them.
pub(crate) const BLOCK: usize = 256;

/// From one column of a block to the next: not a power of two, or the columns would share a few places of the cache.
const STRIDE: usize = BLOCK + STEP;

/// Weighted sums about the means.
///
/// Two of them make one by the update of Chan, Golub & `LeVeque` (1983, doi:10.1080/00031305.1983.10483115),
/// C = A + B + v·w/(v + w)·δδ' with δ the difference of the means and v, w the weights: nothing is subtracted from a
/// large sum, so no digits are lost. A mean is the unevaluated sum of two numbers, its rounded value and what the
/// rounding took off. Where the variables vary little about a large mean, δ would otherwise be made of rounding errors.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CentredSums {
    /// Σw
    pub(crate) weight: f64,
    /// x̄, rounded
    pub(crate) means: Vec<f64>,
    /// x̄ − its rounded value
    pub(crate) remainders: Vec<f64>,
    /// Σw(x − x̄)(x − x̄)'
    pub(crate) products: DMatrix<f64>,
}

impl CentredSums {
    /// The sums of no row.
    pub(crate) fn new(variables: usize) -> Self {
        Self {
            weight: 0.0,
            means: vec![0.0; variables],
            remainders: vec![0.0; variables],
            products: DMatrix::zeros(variables, variables),
        }
    }

    /// Sets a mean that lies at a distance from an origin.
    pub(crate) fn set_mean(&mut self, at: usize, origin: f64, distance: f64) {
        (self.means[at], self.remainders[at]) = two_sum(origin, distance);
    }

    /// The sums of these variables, in this order.
    pub(crate) fn select(&self, variables: &[usize]) -> Self {
        Self {
            weight: self.weight,
            means: variables.iter().map(|at| self.means[*at]).collect(),
            remainders: variables.iter().map(|at| self.remainders[*at]).collect(),
            products: self.products.select_rows(variables).select_columns(variables),
        }
    }

    /// Takes in one row.
    pub(crate) fn push(&mut self, row: &[f64], weight: f64) {
        with_buffer(row.len(), |deviations| {
            let means = self.means.iter().zip(&self.remainders);
            for ((deviation, x), (mean, rest)) in deviations.iter_mut().zip(row).zip(means) {
                *deviation = x - mean - rest;
            }
            self.shift(deviations, weight);
        });
    }

    /// √(v·w/(v + w)): the scale of the deviations of a further row of weight w from the means of the others.
    pub(crate) fn scale_of(&self, weight: f64) -> f64 {
        (self.weight * (weight / (self.weight + weight))).sqrt()
    }

    /// The sum of squares of a variable that a further value would make, in a row of this [scale](Self::scale_of).
    pub(crate) fn square_with(&self, at: usize, value: f64, scale: f64) -> f64 {
        let deviation = scale * (value - self.means[at] - self.remainders[at]);
        self.products[(at, at)] + deviation * deviation
    }

    /// Takes in the sums of other rows.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.weight == 0.0 {
            self.clone_from(other);
        } else if other.weight > 0.0 {
            self.products += &other.products;
            let mut difference: Vec<f64> = (0..self.means.len())
                .map(|at| (other.means[at] - self.means[at]) + (other.remainders[at] - self.remainders[at]))
                .collect();
            self.shift(&mut difference, other.weight);
        }
    }

    /// Adds what a further `weight`, whose mean lies at `difference` from the present one, adds to the sums by lying
    /// there.
    fn shift(&mut self, difference: &mut [f64], weight: f64) {
        let total = self.weight + weight;
        let share = weight / total;
        for ((mean, rest), difference) in self.means.iter_mut().zip(&mut self.remainders).zip(difference.iter()) {
            (*mean, *rest) = two_sum(*mean, *rest + share * difference);
        }
        // √(v·w/(v + w)) goes to each side of the product, which is then symmetric to the last bit.
        let scale = (self.weight * share).sqrt();
        for difference in difference.iter_mut() {
            *difference *= scale;
        }
        for (mut column, right) in self.products.column_iter_mut().zip(difference.iter()) {
            for (product, left) in column.iter_mut().zip(difference.iter()) {
                *product += left * right;
            }
        }
        self.weight = total;
    }

    /// Takes in a block of complete rows, which is centred and weighted in place.
    pub(crate) fn push_block(&mut self, block: &mut Block) {
        if block.rows > 0 {
            let mut part = block.centre();
            let rows = block.pad();
            gram(block.values.as_slice(), STRIDE, rows, part.products.as_mut_slice());
            self.merge(&part);
        }
    }
}

/// Numbers that are kept on the stack: those of one row of most questionnaires.
const STACK: usize = 64;

/// What `work` makes of this many zeros. A row at a time, an allocation would cost as much as the arithmetic.
pub(crate) fn with_buffer<T>(length: usize, work: impl FnOnce(&mut [f64]) -> T) -> T {
    if length <= STACK { work(&mut [0.0; STACK][..length]) } else { work(&mut vec![0.0; length]) }
}

/// The sum of two numbers and the error of its rounding (Knuth).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_in = sum - a;
    (sum, (a - (sum - b_in)) + (b - b_in))
}

/// Up to [`BLOCK`] rows, column by column; a missing answer is NaN.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    values: DMatrix<f64>,
    weights: Vec<f64>,
    rows: usize,
}

impl Block {
    /// A block without rows.
    pub(crate) fn new(variables: usize) -> Self {
        Self { values: DMatrix::zeros(STRIDE, variables), weights: vec![1.0; BLOCK], rows: 0 }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    #[cfg(feature = "csv")]
    pub(crate) fn is_full(&self) -> bool {
        self.rows == BLOCK
    }

    pub(crate) fn clear(&mut self) {
        self.rows = 0;
    }

    /// Fills the block with rows, at most [`BLOCK`], of columns of equal length and their weights.
    pub(crate) fn fill<'a>(&mut self, columns: impl Iterator<Item = &'a [f64]>, weights: Option<&[f64]>) {
        for (to, from) in self.values.as_mut_slice().chunks_exact_mut(STRIDE).zip(columns) {
            self.rows = from.len();
            to[..from.len()].copy_from_slice(from);
        }
        match weights {
            Some(weights) => self.weights[..self.rows].copy_from_slice(weights),
            None => self.weights[..self.rows].fill(1.0),
        }
    }

    /// Fills the block with rows, at most [`BLOCK`], that stand one after the other; their weights stand in these places.
    pub(crate) fn fill_rows(&mut self, answers: &[f64], weights: Option<&[f64]>, rows: &[u32]) {
        self.rows = rows.len();
        let width = self.values.ncols();
        for (at, to) in self.values.as_mut_slice().chunks_exact_mut(STRIDE).enumerate() {
            let column = answers[at..].iter().step_by(width);
            to[..rows.len()].iter_mut().zip(column).for_each(|(to, answer)| *to = *answer);
        }
        match weights {
            Some(from) => self.weights.iter_mut().zip(rows).for_each(|(to, row)| *to = from[*row as usize]),
            None => self.weights[..self.rows].fill(1.0),
        }
    }

    /// The columns, as far as they hold rows.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &[f64]> {
        self.values.as_slice().chunks_exact(STRIDE).map(|column| &column[..self.rows])
    }

    /// Adds a row to a block that is not full.
    pub(crate) fn push(&mut self, row: &[f64], weight: f64) {
        for (at, value) in row.iter().enumerate() {
            self.values[(self.rows, at)] = *value;
        }
        self.weights[self.rows] = weight;
        self.rows += 1;
    }

    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights[row]
    }

    /// The values of a row.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = f64> {
        self.values.row(row).into_iter().copied()
    }

    /// Which rows have a weight and no missing answer.
    pub(crate) fn complete(&self) -> [bool; BLOCK] {
        let mut complete = [false; BLOCK];
        for (complete, weight) in complete.iter_mut().zip(&self.weights[..self.rows]) {
            *complete = *weight > 0.0;
        }
        for column in self.values.as_slice().chunks_exact(STRIDE) {
            for (complete, value) in complete.iter_mut().zip(&column[..self.rows]) {
                *complete &= !value.is_nan();
            }
        }
        complete
    }

    /// Takes out the rows that are not to be kept.
    pub(crate) fn retain(&mut self, keep: &[bool; BLOCK]) {
        let kept: Vec<usize> = (0..self.rows).filter(|row| keep[*row]).collect();
        for column in self.values.as_mut_slice().chunks_exact_mut(STRIDE) {
            kept.iter().enumerate().for_each(|(to, from)| column[to] = column[*from]);
        }
        kept.iter().enumerate().for_each(|(to, from)| self.weights[to] = self.weights[*from]);
        self.rows = kept.len();
    }

    /// Adds rows of zeros up to the next multiple of [`STEP`], which is returned.
    fn pad(&mut self) -> usize {
        let rows = self.rows.next_multiple_of(STEP);
        for column in self.values.as_mut_slice().chunks_exact_mut(STRIDE) {
            column[self.rows..rows].fill(0.0);
        }
        rows
    }

    /// The weight and the means of the rows; the values become √w(x − x̄).
    fn centre(&mut self) -> CentredSums {
        let weights = &mut self.weights[..self.rows];
        let mut sums = CentredSums::new(self.values.ncols());
        let equal = weights.iter().all(|weight| *weight == 1.0);
        sums.weight = weights.iter().sum();
        let columns = self.values.as_mut_slice().chunks_exact_mut(STRIDE);
        for (at, column) in columns.enumerate() {
            let column = &mut column[..self.rows];
            // The distances from one of the answers are exact where the answers lie close together.
            let origin = column[0];
            let mean = subtract(column, origin, weights) / sums.weight;
            for value in column.iter_mut() {
                *value -= mean;
            }
            sums.set_mean(at, origin, mean);
        }
        if !equal {
            for weight in weights.iter_mut() {
                *weight = weight.sqrt();
            }
            for column in self.values.as_mut_slice().chunks_exact_mut(STRIDE) {
                column.iter_mut().zip(weights.iter()).for_each(|(value, root)| *value *= root);
            }
        }
        sums
    }
}

/// Partial sums that the compiler can keep in vector registers.
const LANES: usize = 8;

/// Subtracts the origin from the values, and gives their weighted sum.
fn subtract(values: &mut [f64], origin: f64, weights: &[f64]) -> f64 {
    let (lanes, rest) = values.as_chunks_mut::<LANES>();
    let (heavy, weights) = weights.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (lane, heavy) in lanes.iter_mut().zip(heavy) {
        for ((sum, value), weight) in sums.iter_mut().zip(lane).zip(heavy) {
            *value -= origin;
            *sum += *value * weight;
        }
    }
    for ((sum, value), weight) in sums.iter_mut().zip(rest).zip(weights) {
        *value -= origin;
        *sum += *value * weight;
    }
    sums.iter().sum()
}
