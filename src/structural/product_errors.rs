//! The measurement error in products of scores, from that in the scores.

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Result};
use crate::structural::interaction::{name, pairs};
use crate::structural::model::Model;
use crate::structural::pls::{Fit, Pls};
use crate::survey::Responses;

/// Which divisors the moments of scores have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Divisors {
    /// One and the same.
    Same,
    /// Those of cSEM: n for means of products, n − 1 for the scores' unit variance.
    Mixed,
}

/// Second moments of scores xᵢ = √ρᵢ ηᵢ + eᵢ with unit variance and independent normal errors.
struct Scores {
    /// E xᵢxⱼ.
    moments: DMatrix<f64>,
    /// E eᵢ².
    errors: Vec<f64>,
    /// The mean that a product had taken from it.
    square: f64,
}

impl Scores {
    fn error(&self, first: usize, second: usize) -> f64 {
        if first == second { self.errors[first] } else { 0.0 }
    }

    /// What two pairs of scores contribute by the error in them: E xᵢxⱼ·E xₖxₗ less the same of what is true in the scores.
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
    /// three ways to make two pairs of four; that of the products themselves is in their means.
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
    /// The correction of Dijkstra and Schermelleh-Engel (2014): of xᵢ with reliability ρᵢ, E xᵢxⱼ, E xᵢxⱼxₖ and, unless a
    /// score comes twice, E xᵢxⱼxₖxₗ are √ρ … times those of the constructs; where one comes twice, normal errors add what
    /// is taken out here. A third moment takes nothing, as errors have none and scores no mean.
    pub(super) fn with_errors_of_products(
        self,
        model: &Model,
        fit: &Fit,
        answers: &Responses,
        divisors: Divisors,
    ) -> Result<Self> {
        if divisors == Divisors::Same && fit.score_reliabilities().iter().all(|reliability| *reliability == 1.0) {
            return Ok(self);
        }
        let score = |at: usize| format!("{}.score", model.constructs()[at].name());
        let pairs = pairs(model);
        let singles = 0..model.constructs().len();
        let names: Vec<String> = singles
            .clone()
            .map(score)
            .chain(pairs.iter().map(|&(a, b)| format!("{}.score", name(model, a, b))))
            .collect();
        let moments = answers.select(&names)?.moments(self.policy_in_use())?;
        let (covariance, n) = (moments.covariance()?, moments.n());
        let share = (n - 1.0) / n;
        let deviation = |at: usize| covariance[(at, at)].sqrt();
        let (between, square, product) = match divisors {
            Divisors::Same => (1.0, 1.0, 1.0 / share),
            Divisors::Mixed => (share, share, share),
        };
        let correlation = |row: usize, column: usize| {
            if row == column { 1.0 } else { between * covariance[(row, column)] / (deviation(row) * deviation(column)) }
        };
        let scores = Scores {
            moments: DMatrix::from_fn(singles.len(), singles.len(), correlation),
            errors: fit.score_reliabilities().iter().map(|reliability| 1.0 - reliability).collect(),
            square,
        };
        let mut pls = self;
        for (at, reliability) in singles.zip(fit.score_reliabilities()) {
            pls = pls.reliability(score(at), reliability / between);
        }
        // The variance of a product of scores with unit variance.
        let variance = |at: usize| {
            let (first, second) = pairs[at];
            let unit = deviation(first) * deviation(second);
            let at = scores.errors.len() + at;
            covariance[(at, at)] * product / (unit * unit)
        };
        for (one, pair) in pairs.iter().enumerate() {
            let label = |at: usize| names[scores.errors.len() + at].as_str();
            for (other, second) in pairs[..one].iter().enumerate() {
                let error = scores.error_of_products(*pair, *second);
                pls = pls.shared_error(label(one), label(other), error / (variance(one) * variance(other)).sqrt());
            }
            let reliability = 1.0 - scores.error_of_products(*pair, *pair) / variance(one);
            if !(reliability > 0.0 && reliability.is_finite()) {
                let place = format!("product `{}`", name(model, pair.0, pair.1));
                let reason = "it varies less than the measurement error in its scores makes it".into();
                return Err(ErrorKind::Degenerate { place, reason }.into());
            }
            pls = pls.reliability(label(one), reliability);
        }
        Ok(pls)
    }
}
