//! The measurement error in products of scores, from that in the scores.

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Result};
use crate::structural::interaction::{Interaction, name, pairs};
use crate::structural::model::Model;
use crate::structural::pls::{Fit, Pls};
use crate::survey::{Moments, Responses};

/// Moments of scores xᵢ = √ρᵢ ηᵢ + eᵢ with unit variance and independent normal errors.
struct Scores {
    /// E xᵢxⱼ.
    moments: DMatrix<f64>,
    /// E eᵢ².
    errors: Vec<f64>,
    /// The mean that a square had taken from it.
    square: f64,
    /// The variances of products.
    products: Vec<f64>,
}

impl Scores {
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

    fn error(&self, first: usize, second: usize) -> f64 {
        if first == second { self.errors[first] } else { 0.0 }
    }

    /// E xᵢxⱼ·E xₖxₗ less the same of what is true in the scores.
    fn paired(&self, one: (usize, usize), other: (usize, usize)) -> f64 {
        let (first, second) = (self.error(one.0, one.1), self.error(other.0, other.1));
        first * self.moments[other] + second * self.moments[one] - first * second
    }

    fn mean(&self, pair: (usize, usize)) -> f64 {
        if pair.0 == pair.1 { self.square } else { self.moments[pair] }
    }

    /// The covariance of two products of scores less that of the products of what is true in them.
    ///
    /// By Isserlis' theorem E xᵢxⱼxₖxₗ exceeds the moment of the true parts by the sum of [`Scores::paired`] over the
    /// three ways to make two pairs of four; what is in the means of the products leaves with them.
    fn error_of_products(&self, one: (usize, usize), other: (usize, usize)) -> f64 {
        self.paired((one.0, other.0), (one.1, other.1))
            + self.paired((one.0, other.1), (one.1, other.0))
            + self.moments[one] * self.moments[other]
            - self.mean(one) * self.mean(other)
    }
}

impl Pls {
    /// These options with the reliabilities of the scores that stand for constructs, and of their products.
    ///
    /// The correction of Dijkstra and Schermelleh-Engel (2014). E xᵢxⱼ, E xᵢxⱼxₖ and, of different scores, E xᵢxⱼxₖxₗ are
    /// those of the constructs times the root of each score's reliability; where a score comes twice among four, its
    /// normal error adds what is taken out here. Among three it adds nothing, as scores have no mean.
    pub(super) fn with_errors_of_products(self, model: &Model, fit: &Fit, answers: &Responses) -> Result<Self> {
        let mixed = self.interaction_in_use() == Interaction::SequentialMoments;
        if !mixed && fit.score_reliabilities().iter().all(|reliability| *reliability == 1.0) {
            return Ok(self);
        }
        let pairs = pairs(model);
        let score = |name: &str| format!("{name}.score");
        let singles: Vec<String> = fit.construct_names().map(score).collect();
        let products: Vec<String> = pairs.iter().map(|&(first, second)| score(&name(model, first, second))).collect();
        let moments = answers.select(singles.iter().chain(&products))?.moments(self.policy_in_use())?;
        let scores = Scores::new(fit, &pairs, &moments, mixed)?;
        // Correlations that are less by (n − 1)/n are those of scores that are as much more reliable.
        let more = if mixed { moments.n() / (moments.n() - 1.0) } else { 1.0 };
        let mut pls = self;
        for (score, reliability) in singles.into_iter().zip(fit.score_reliabilities()) {
            pls = pls.reliability(score, reliability * more);
        }
        for (one, pair) in pairs.iter().enumerate() {
            for (other, second) in pairs[..one].iter().enumerate() {
                let unit = (scores.products[one] * scores.products[other]).sqrt();
                let share = scores.error_of_products(*pair, *second) / unit;
                pls = pls.shared_error(&products[one], &products[other], share);
            }
            let reliability = 1.0 - scores.error_of_products(*pair, *pair) / scores.products[one];
            if !(reliability > 0.0 && reliability.is_finite()) {
                let place = format!("product `{}`", name(model, pair.0, pair.1));
                let reason = "it varies less than the measurement error in its scores makes it".into();
                return Err(ErrorKind::Degenerate { place, reason }.into());
            }
            pls = pls.reliability(&products[one], reliability);
        }
        Ok(pls)
    }
}
