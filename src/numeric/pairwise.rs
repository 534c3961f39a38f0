//! Sums over the rows that answer both of two variables, for rows with missing answers.

use nalgebra::DMatrix;

use crate::numeric::moments::CentredSums;
use crate::numeric::rounding;

/// For each pair of variables the weight, the sums and the cross-products of the rows that have both.
///
/// The answers z = x − o are taken from an origin o for each variable: a mean known by then, or else the first answer.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::Raw", into = "raw::Raw")
)]
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
    /// Σw zᵢ² over the rows with both i and j
    squares: DMatrix<f64>,
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
            products: zeros.clone(),
            squares: zeros,
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
                self.squares[(i, j)] += weight * (left * left);
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
        self.add(&other.weights, &other.sums, [&other.products, &other.squares], &distances);
        self.total += other.total;
    }

    /// These rows and complete ones.
    pub(crate) fn with_complete(mut self, complete: &CentredSums) -> Self {
        if complete.weight == 0.0 {
            return self;
        }
        let means = complete.means.iter().zip(&complete.remainders);
        let distances: Vec<f64> = means
            .zip(&mut self.origins)
            .map(|((mean, rest), origin)| (mean - *origin.get_or_insert(*mean)) + rest)
            .collect();
        let size = distances.len();
        let weights = DMatrix::from_element(size, size, complete.weight);
        let squares = DMatrix::from_fn(size, size, |i, _| complete.products[(i, i)]);
        self.add(&weights, &DMatrix::zeros(size, size), [&complete.products, &squares], &distances);
        self.total += complete.weight;
        self
    }

    /// Adds sums taken from origins that lie at these distances from the present ones.
    fn add(
        &mut self,
        weights: &DMatrix<f64>,
        sums: &DMatrix<f64>,
        [products, squares]: [&DMatrix<f64>; 2],
        distances: &[f64],
    ) {
        for (j, right) in distances.iter().enumerate() {
            for (i, left) in distances.iter().enumerate() {
                let weight = weights[(i, j)];
                self.weights[(i, j)] += weight;
                self.sums[(i, j)] += sums[(i, j)] + weight * left;
                self.products[(i, j)] +=
                    products[(i, j)] + (left * sums[(j, i)] + right * sums[(i, j)]) + weight * (left * right);
                self.squares[(i, j)] += squares[(i, j)] + 2.0 * left * sums[(i, j)] + weight * (left * left);
            }
        }
    }

    /// How many variables there are.
    #[cfg(feature = "serde")]
    pub(crate) fn len(&self) -> usize {
        self.origins.len()
    }

    /// Σw of the rows with a variable.
    pub(crate) fn weight(&self, at: usize) -> f64 {
        self.weights[(at, at)]
    }

    /// Have any rows both of two variables?
    pub(crate) fn meet(&self, i: usize, j: usize) -> bool {
        self.weights[(i, j)] > 0.0
    }

    /// The origin of a variable, and how far from it the mean of its answers lies.
    pub(crate) fn mean(&self, at: usize) -> (f64, f64) {
        (self.origins[at].unwrap_or(0.0), self.sums[(at, at)] / self.weights[(at, at)])
    }

    /// Σw(xᵢ − x̄ᵢ)² over the rows with both i and j, about their own mean; 0 where that is rounding.
    fn square(&self, i: usize, j: usize) -> f64 {
        let square = self.squares[(i, j)] - self.sums[(i, j)] * (self.sums[(i, j)] / self.weights[(i, j)]);
        if square < 0.0 { 0.0 } else { rounding::settled(square, self.squares[(i, j)]) }
    }

    /// The variance of the answers to a variable, divisor their weight less 1; 0 if that is not positive.
    pub(crate) fn variance(&self, at: usize) -> f64 {
        let degrees = self.weights[(at, at)] - 1.0;
        if degrees > 0.0 { self.square(at, at) / degrees } else { 0.0 }
    }

    /// The correlation of two variables in the rows with both; none if one of them does not vary there.
    pub(crate) fn correlation(&self, i: usize, j: usize) -> Option<f64> {
        let (left, right) = (self.square(i, j), self.square(j, i));
        let product = self.products[(i, j)] - self.sums[(i, j)] * (self.sums[(j, i)] / self.weights[(i, j)]);
        (left > 0.0 && right > 0.0).then(|| (product / left.sqrt() / right.sqrt()).clamp(-1.0, 1.0))
    }

    /// Sums about the means with the variance of all answers to each variable, and with the correlation of each two
    /// variables in the rows that have both. The places of the correlations that there are not are noted.
    pub(crate) fn paired(&self, mut note: impl FnMut(usize, usize)) -> CentredSums {
        let size = self.origins.len();
        let mut sums = CentredSums::new(size);
        sums.weight = self.total;
        let degrees = self.total - 1.0;
        let deviations: Vec<f64> = (0..size).map(|at| self.variance(at).sqrt()).collect();
        for j in 0..size {
            let (origin, distance) = self.mean(j);
            sums.set_mean(j, origin, distance);
            sums.products[(j, j)] = self.variance(j) * degrees;
            for i in (0..j).filter(|i| deviations[*i] > 0.0 && deviations[j] > 0.0) {
                if let Some(correlation) = self.correlation(i, j) {
                    let product = correlation * deviations[i] * deviations[j] * degrees;
                    sums.products[(i, j)] = product;
                    sums.products[(j, i)] = product;
                } else {
                    note(i, j);
                }
            }
        }
        sums
    }

    /// The sums about the means with each missing answer in the place of the mean answer to the same variable: it adds
    /// weight and no deviation. Every variable has been answered.
    pub(crate) fn filled_with_means(&self) -> CentredSums {
        let mut filled = CentredSums::new(self.origins.len());
        filled.weight = self.total;
        let means: Vec<f64> = (0..self.origins.len()).map(|at| self.mean(at).1).collect();
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

/// The form in which the sums are written: matrices as lists, column by column.
#[cfg(feature = "serde")]
mod raw {
    use nalgebra::DMatrix;

    use super::PairwiseSums;
    use crate::error::{Error, Result};
    use crate::numeric::check;

    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Raw {
        total: f64,
        origins: Vec<Option<f64>>,
        weights: Vec<f64>,
        sums: Vec<f64>,
        products: Vec<f64>,
        squares: Vec<f64>,
    }

    impl From<PairwiseSums> for Raw {
        fn from(sums: PairwiseSums) -> Self {
            let list = |matrix: DMatrix<f64>| Vec::from(matrix.data);
            Self {
                total: sums.total,
                origins: sums.origins,
                weights: list(sums.weights),
                sums: list(sums.sums),
                products: list(sums.products),
                squares: list(sums.squares),
            }
        }
    }

    impl TryFrom<Raw> for PairwiseSums {
        type Error = Error;

        fn try_from(raw: Raw) -> Result<Self> {
            let size = raw.origins.len();
            let matrix = |list: Vec<f64>, what: &str| {
                let expected = size.saturating_mul(size);
                check::length(list.len(), expected, || format!("the matrix of {what}"))?;
                list.iter().try_for_each(|value| check::finite(*value, || format!("one of the {what}")).map(drop))?;
                Ok::<_, Error>(DMatrix::from_vec(size, size, list))
            };
            for weight in raw.weights.iter().chain(&raw.squares).chain([&raw.total]) {
                check::non_negative(*weight, || "a weight or a square".into())?;
            }
            for origin in raw.origins.iter().flatten() {
                check::finite(*origin, || "an origin".into())?;
            }
            Ok(Self {
                total: raw.total,
                weights: matrix(raw.weights, "weights")?,
                sums: matrix(raw.sums, "sums")?,
                products: matrix(raw.products, "cross-products")?,
                squares: matrix(raw.squares, "squares")?,
                origins: raw.origins,
            })
        }
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
