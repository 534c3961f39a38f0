//! Data drawn from a [`Population`].

use nalgebra::DMatrix;
use rand_distr::{Distribution, StandardNormal};

use crate::error::{ErrorKind, Result};
use crate::numeric::random;
use crate::structural::population::Population;

/// How often a column is freed of the columns before it: after the second time only rounding is left.
const PASSES: usize = 2;

impl Population {
    /// Draws respondents from the multivariate normal distribution with mean 0 and covariance Σ.
    ///
    /// # Shapes
    ///
    /// n × p: a row for each respondent, a column for each of [`Model::indicators`](super::Model::indicators). The same
    /// seed with a larger n gives the same respondents first.
    ///
    /// # Errors
    ///
    /// When n is 0 or the data do not fit in memory.
    ///
    /// # Examples
    ///
    /// See [`Population`].
    pub fn simulate(&self, n: usize, seed: u64) -> Result<DMatrix<f64>> {
        let mut data = self.normal(n, seed)?;
        self.colour(&mut data);
        Ok(data)
    }

    /// Draws respondents whose sample means are 0 and whose sample covariance matrix is Σ, to rounding.
    ///
    /// An estimator that recovers the parameters from Σ recovers them from such data, whatever the seed.
    ///
    /// # Shapes
    ///
    /// As for [`simulate`](Self::simulate), with n > p.
    ///
    /// # Numerical notes
    ///
    /// The covariance has the divisor n − 1. Independent normal columns are centred, made orthogonal by Gram–Schmidt in
    /// two passes, scaled to variance 1, and multiplied by the Cholesky factor of Σ.
    ///
    /// # Errors
    ///
    /// When n is not above p, or the data do not fit in memory.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::structural::{Model, Population};
    ///
    /// let model: Model = "A =~ a1 + a2; B =~ b1 + b2; B ~ A".parse()?;
    /// let population = Population::builder(model)
    ///     .loadings("A", [0.9, 0.8])
    ///     .loadings("B", [0.7, 0.8])
    ///     .path("A", "B", 0.5)
    ///     .build()?;
    /// let data = population.exact(20, 1)?;
    /// let covariance = data.transpose() * &data / 19.0;
    /// assert!((covariance - population.sigma()).amax() < 1e-14);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn exact(&self, n: usize, seed: u64) -> Result<DMatrix<f64>> {
        let p = self.sigma().nrows();
        if n <= p {
            return Err(too_few_or_many(n, format!("more than the {p} indicators")));
        }
        let mut data = self.normal(n, seed)?;
        whiten(&mut data);
        self.colour(&mut data);
        Ok(data)
    }

    /// Independent standard normal numbers, n × p, drawn respondent by respondent.
    fn normal(&self, n: usize, seed: u64) -> Result<DMatrix<f64>> {
        let p = self.sigma().nrows();
        if n == 0 {
            return Err(too_few_or_many(n, "at least 1".into()));
        }
        let mut values: Vec<f64> = Vec::new();
        let size = n.checked_mul(p).filter(|size| values.try_reserve_exact(*size).is_ok());
        let size = size.ok_or_else(|| too_few_or_many(n, "as many as fit in memory".into()))?;
        values.resize(size, 0.0);
        let mut data = DMatrix::from_vec(n, p, values);
        let mut generator = random::stream(seed, 0);
        for mut row in data.row_iter_mut() {
            row.iter_mut().for_each(|value| *value = StandardNormal.sample(&mut generator));
        }
        Ok(data)
    }

    /// Gives uncorrelated columns of variance 1 the covariance Σ: each row x becomes Lx, where LL′ = Σ.
    fn colour(&self, data: &mut DMatrix<f64>) {
        let factor = self.factor();
        let mut coloured = vec![0.0; factor.nrows()];
        for mut row in data.row_iter_mut() {
            coloured.fill(0.0);
            for (k, value) in row.iter().enumerate() {
                let column = &factor.as_slice()[k * factor.nrows()..][..factor.nrows()];
                coloured[k..].iter_mut().zip(&column[k..]).for_each(|(sum, entry)| *sum += entry * value);
            }
            row.copy_from_slice(&coloured);
        }
    }
}

fn too_few_or_many(n: usize, expected: String) -> crate::error::Error {
    ErrorKind::Domain { place: "the number of respondents is".into(), value: n as f64, expected }.into()
}

/// Makes the columns centred, orthogonal, and of sample variance 1.
fn whiten(data: &mut DMatrix<f64>) {
    let degrees = (data.nrows() - 1) as f64;
    for at in 0..data.ncols() {
        let (before, mut rest) = data.columns_range_pair_mut(..at, at..);
        let mut column = rest.column_mut(0);
        for _ in 0..PASSES {
            let mean = column.mean();
            column.add_scalar_mut(-mean);
            for other in before.column_iter() {
                let share = other.dot(&column) / degrees;
                column.axpy(-share, &other, 1.0);
            }
        }
        let deviation = (column.norm_squared() / degrees).sqrt();
        column /= deviation;
    }
}
