//! Sums over the rows that answer both of two variables, for rows with missing answers.

use nalgebra::DMatrix;

use crate::numeric::moments::CentredSums;

/// For each pair of variables the weight, the sums and the cross-products of the rows that have both.
///
/// The answers z = x − o are taken from an origin o for each variable: a mean known by then, or else the first answer.
#[derive(Debug, Clone)]
pub(crate) struct PairwiseSums {
    /// Σw over all rows
    total: f64,
    /// o, from the first answer on
    origins: Vec<Option<f64>>,
    /// Σw over the rows with both i and j
    weights: DMatrix<f64>,
    /// Σw zᵢ over the rows with both i and j
    sums: DMatrix<f64>,
    /// Σw zᵢzⱼ over the rows with both i and j
    products: DMatrix<f64>,
}

impl PairwiseSums {
    /// The sums of no row.
    pub(crate) fn new(variables: usize) -> Self {
        let zeros = DMatrix::zeros(variables, variables);
        Self {
            total: 0.0,
            origins: vec![None; variables],
            weights: zeros.clone(),
            sums: zeros.clone(),
            products: zeros,
        }
    }

    /// Takes in a row; a missing answer is NaN. The means of `known` rows, if there are any, are good origins.
    pub(crate) fn push(&mut self, row: &[f64], weight: f64, known: &CentredSums) {
        let mut answered = Vec::with_capacity(row.len());
        for (at, value) in row.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            let first = if known.weight > 0.0 { known.means[at] } else { *value };
            answered.push((at, value - *self.origins[at].get_or_insert(first)));
        }
        for &(j, right) in &answered {
            for &(i, left) in &answered {
                self.weights[(i, j)] += weight;
                self.sums[(i, j)] += weight * left;
                self.products[(i, j)] += weight * (left * right);
            }
        }
        self.total += weight;
    }

    /// Takes in the sums of other rows.
    pub(crate) fn merge(&mut self, other: &Self) {
        let origins = self.origins.iter_mut().zip(&other.origins);
        // An origin that only one of the two has is no distance from itself.
        let distances: Vec<f64> =
            origins.map(|(mine, theirs)| theirs.map_or(0.0, |origin| origin - *mine.get_or_insert(origin))).collect();
        self.add(&other.weights, &other.sums, &other.products, &distances);
        self.total += other.total;
    }

    /// Takes in complete rows.
    fn merge_complete(&mut self, complete: &CentredSums) {
        let means = complete.means.iter().zip(&complete.remainders);
        let distances: Vec<f64> = means
            .zip(&mut self.origins)
            .map(|((mean, rest), origin)| (mean - *origin.get_or_insert(*mean)) + rest)
            .collect();
        let size = distances.len();
        let weights = DMatrix::from_element(size, size, complete.weight);
        self.add(&weights, &DMatrix::zeros(size, size), &complete.products, &distances);
        self.total += complete.weight;
    }

    /// Adds sums taken from origins that lie at these distances from the present ones.
    fn add(&mut self, weights: &DMatrix<f64>, sums: &DMatrix<f64>, products: &DMatrix<f64>, distances: &[f64]) {
        for (j, right) in distances.iter().enumerate() {
            for (i, left) in distances.iter().enumerate() {
                let weight = weights[(i, j)];
                self.weights[(i, j)] += weight;
                self.sums[(i, j)] += sums[(i, j)] + weight * left;
                self.products[(i, j)] +=
                    products[(i, j)] + (left * sums[(j, i)] + right * sums[(i, j)]) + weight * (left * right);
            }
        }
    }

    /// The sums about the means, of these rows and complete ones, with each missing answer in the place of the mean
    /// answer to the same variable: it adds weight and no deviation. Every variable has been answered.
    pub(crate) fn filled_with_means(mut self, complete: &CentredSums) -> CentredSums {
        if complete.weight > 0.0 {
            self.merge_complete(complete);
        }
        let mut filled = CentredSums::new(self.origins.len());
        filled.weight = self.total;
        let means: Vec<f64> = (0..self.origins.len()).map(|at| self.sums[(at, at)] / self.weights[(at, at)]).collect();
        for (j, right) in means.iter().enumerate() {
            for (i, left) in means.iter().enumerate() {
                filled.products[(i, j)] = self.products[(i, j)]
                    - (left * self.sums[(j, i)] + right * self.sums[(i, j)])
                    + self.weights[(i, j)] * (left * right);
            }
            filled.set_mean(j, self.origins[j].unwrap_or(0.0), *right);
        }
        // Rounding must not make a variance negative, nor a correlation larger than 1.
        let squares = filled.products.diagonal();
        let most = squares.map(|square| if square < 0.0 { 0.0 } else { square.sqrt() });
        for ((i, j), product) in places(self.origins.len()).zip(filled.products.iter_mut()) {
            *product = within(*product, most[i] * most[j]);
        }
        filled
    }
}

/// The places in a square matrix, column by column.
fn places(size: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..size).flat_map(move |j| (0..size).map(move |i| (i, j)))
}

/// The number, or the nearest one whose size is not above `most`; NaN stays NaN, to be found out later.
fn within(number: f64, most: f64) -> f64 {
    if number > most {
        most
    } else if number < -most {
        -most
    } else {
        number
    }
}
