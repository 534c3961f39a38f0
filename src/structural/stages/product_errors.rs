//! The measurement error in products of scores, from that in the scores.

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Result};
use crate::numeric::number::Number;
use crate::structural::pls::{Fit, Interaction, Pls};
use crate::structural::stages::interaction::written;
use crate::survey::Moments;

/// Moments of scores xᵢ = √ρᵢ ηᵢ + eᵢ with unit variance and independent normal errors, in one sample or in several.
pub(crate) struct Scores<N, M, E> {
    /// E xᵢxⱼ.
    pub(crate) moment: M,
    /// E eᵢ².
    pub(crate) error: E,
    /// The mean that a square had taken from it.
    pub(crate) square: N,
}

impl<N: Number, M: Fn(usize, usize) -> N, E: Fn(usize) -> N> Scores<N, M, E> {
    #[inline(always)]
    fn common_error(&self, first: usize, second: usize) -> N {
        if first == second { (self.error)(first) } else { self.square.zero() }
    }

    /// E xᵢxⱼ·E xₖxₗ less the same of what is true in the scores.
    #[inline(always)]
    fn paired(&self, one: (usize, usize), other: (usize, usize)) -> N {
        let (first, second) = (self.common_error(one.0, one.1), self.common_error(other.0, other.1));
        first * (self.moment)(other.0, other.1) + second * (self.moment)(one.0, one.1) - first * second
    }

    #[inline(always)]
    fn mean(&self, pair: (usize, usize)) -> N {
        if pair.0 == pair.1 { self.square } else { (self.moment)(pair.0, pair.1) }
    }

    /// The covariance of two products of scores less that of the products of what is true in them.
    ///
    /// By Isserlis' theorem E xᵢxⱼxₖxₗ exceeds the moment of the true parts by the sum of [`Scores::paired`] over the
    /// three ways to make two pairs of four; what is in the means of the products leaves with them.
    #[inline(always)]
    pub(crate) fn error_of_products(&self, one: (usize, usize), other: (usize, usize)) -> N {
        self.paired((one.0, other.0), (one.1, other.1))
            + self.paired((one.0, other.1), (one.1, other.0))
            + (self.moment)(one.0, one.1) * (self.moment)(other.0, other.1)
            - self.mean(one) * self.mean(other)
    }
}

/// The moments of a sample.
struct Sample {
    moments: DMatrix<f64>,
    errors: Vec<f64>,
    square: f64,
    /// The variances of products.
    products: Vec<f64>,
}

impl Sample {
    /// From the moments of the scores of a fit, and then of the products of pairs of them; `mixed` as in
    /// [`Interaction::SequentialMoments`].
    fn new(fit: &Fit, pairs: &[(usize, usize)], moments: &Moments, mixed: bool) -> Result<Self> {
        let (covariance, share) = (moments.covariance()?, (moments.n() - 1.0) / moments.n());
        let (between, square, product) = if mixed { (share, share, share) } else { (1.0, 1.0, 1.0 / share) };
        let count = fit.score_reliabilities().len();
        let deviation = |at: usize| covariance[(at, at)].sqrt();
        let moment = |row: usize, column: usize| {
            if row == column { 1.0 } else { between * covariance[(row, column)] / (deviation(row) * deviation(column)) }
        };
        let variance = |(at, pair): (usize, &(usize, usize))| {
            let unit = deviation(pair.0) * deviation(pair.1);
            product * covariance[(count + at, count + at)] / (unit * unit)
        };
        Ok(Self {
            moments: DMatrix::from_fn(count, count, moment),
            errors: fit.score_reliabilities().iter().map(|reliability| 1.0 - reliability).collect(),
            square,
            products: pairs.iter().enumerate().map(variance).collect(),
        })
    }

    fn error_of_products(&self, one: (usize, usize), other: (usize, usize)) -> f64 {
        let moment = |first: usize, second: usize| self.moments[(first, second)];
        let scores = Scores { moment, error: |at: usize| self.errors[at], square: self.square };
        scores.error_of_products(one, other)
    }
}

impl Pls {
    /// These options with the reliabilities of the scores that stand for constructs, and of their products.
    ///
    /// The correction of Dijkstra and Schermelleh-Engel (2014). E xᵢxⱼ, E xᵢxⱼxₖ and, of different scores, E xᵢxⱼxₖxₗ are
    /// those of the constructs times the root of each score's reliability; where a score comes twice among four, its
    /// normal error adds what is taken out here. Among three it adds nothing, as scores have no mean.
    ///
    /// `fit` is that of the model without products; `moments` are those of its scores and then of the products of `pairs`.
    pub(super) fn with_errors_of_products(
        self,
        pairs: &[(usize, usize)],
        fit: &Fit,
        moments: &Moments,
    ) -> Result<Self> {
        let mixed = self.interaction_in_use() == Interaction::SequentialMoments;
        let reliabilities = fit.score_reliabilities();
        if !mixed && reliabilities.iter().all(|reliability| *reliability == 1.0) {
            return Ok(self);
        }
        let names: Vec<&str> = moments.names().collect();
        let (singles, products) = names.split_at(reliabilities.len());
        let scores = Sample::new(fit, pairs, moments, mixed)?;
        // Correlations that are less by (n − 1)/n are those of scores that are as much more reliable.
        let more = if mixed { moments.n() / (moments.n() - 1.0) } else { 1.0 };
        let mut pls = self;
        for (score, reliability) in singles.iter().zip(reliabilities) {
            pls = pls.reliability(*score, reliability * more);
        }
        for (one, pair) in pairs.iter().enumerate() {
            for (other, second) in pairs[..one].iter().enumerate() {
                let unit = (scores.products[one] * scores.products[other]).sqrt();
                let share = scores.error_of_products(*pair, *second) / unit;
                pls = pls.shared_error(products[one], products[other], share);
            }
            let reliability = 1.0 - scores.error_of_products(*pair, *pair) / scores.products[one];
            if !(reliability > 0.0 && reliability.is_finite()) {
                let reason = "it varies less than the measurement error in its scores makes it".into();
                return Err(ErrorKind::Degenerate { place: written(fit.model(), *pair), reason }.into());
            }
            pls = pls.reliability(products[one], reliability);
        }
        Ok(pls)
    }
}
