//! The numbers of a fit without their names, for the rooms that ask further.

use std::collections::HashSet;

use nalgebra::DMatrix;

use super::Fit;
use crate::error::{ErrorKind, Result};
use crate::structural::assess::shape::Shape;
use crate::structural::model::{Construct, Model};
use crate::structural::pls::Pls;
use crate::structural::pls::params::{Metric, Mode};
use crate::survey::{Missing, Moments, Responses};

impl Fit {
    /// The fit as that of a model with products or constructs of higher order, of which it is the last stage.
    pub(crate) fn specified_by(mut self, pls: &Pls, model: &Model) -> Self {
        self.specification = Some(Box::new((pls.clone(), model.clone())));
        self
    }

    /// The options and the model that were asked for, where the fit is the last of several stages.
    pub(crate) fn specification(&self) -> Option<(&Pls, &Model)> {
        self.specification.as_deref().map(|(pls, model)| (pls, model))
    }

    /// The name of the construct at a position.
    pub(crate) fn name(&self, construct: usize) -> &str {
        self.model.constructs()[construct].name()
    }

    pub(crate) fn construct_names(&self) -> impl Iterator<Item = &str> {
        self.model.constructs().iter().map(Construct::name)
    }

    pub(crate) fn shape(&self) -> Shape {
        Shape::new(&self.model)
    }

    pub(crate) fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// The weights of the standardised indicators.
    pub(crate) fn standardised_weights(&self) -> Vec<f64> {
        self.weights.iter().zip(&self.deviations).map(|(weight, deviation)| weight * deviation).collect()
    }

    /// Each indicator's loading on its own construct.
    pub(crate) fn own_loadings(&self) -> Vec<f64> {
        self.owners.iter().enumerate().map(|(at, owner)| self.cross_loadings[(at, *owner)]).collect()
    }

    /// Indicators × constructs.
    pub(crate) fn loading_matrix(&self) -> &DMatrix<f64> {
        &self.cross_loadings
    }

    /// The correlations of the constructs: of their scores, or corrected for attenuation.
    pub(crate) fn correlations(&self) -> &DMatrix<f64> {
        &self.correlations
    }

    /// The squared correlation of each construct with its score: 1 where nothing was corrected for attenuation.
    pub(crate) fn score_reliabilities(&self) -> &[f64] {
        &self.reliabilities
    }

    /// Path coefficients: row acted on, column cause.
    pub(crate) fn path_matrix(&self) -> &DMatrix<f64> {
        &self.paths
    }

    /// R² of each construct that has predecessors.
    pub(crate) fn r_squareds(&self) -> &[Option<f64>] {
        &self.r_squared
    }

    /// The covariances of the indicators up to a common factor, which cancels from every figure that is taken of it.
    pub(crate) fn cross_products(&self) -> &DMatrix<f64> {
        self.moments.cross_products()
    }

    /// The correlations of the indicators.
    pub(crate) fn indicator_correlations(&self) -> DMatrix<f64> {
        let products = self.moments.cross_products();
        let lengths: Vec<f64> = products.diagonal().iter().map(|square| square.sqrt()).collect();
        DMatrix::from_fn(lengths.len(), lengths.len(), |row, column| {
            if row == column { 1.0 } else { products[(row, column)] / (lengths[row] * lengths[column]) }
        })
    }

    /// The matrix that the model was solved on: correlations or covariances.
    pub(crate) fn metric_matrix(&self) -> DMatrix<f64> {
        let correlations = self.indicator_correlations();
        match self.pls.metric {
            Metric::Standardised => correlations,
            Metric::Raw => DMatrix::from_fn(correlations.nrows(), correlations.ncols(), |row, column| {
                correlations[(row, column)] * self.deviations[row] * self.deviations[column]
            }),
        }
    }

    /// The weights by which scores of unit variance are made in the metric of that matrix.
    pub(crate) fn metric_weights(&self) -> Vec<f64> {
        match self.pls.metric {
            Metric::Standardised => self.standardised_weights(),
            Metric::Raw => self.weights.clone(),
        }
    }

    /// The answers to the indicators of the fitted model. What earlier stages make of the answers that were asked for is
    /// made of them again.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack; where there are earlier stages, answers other than those of the fit.
    pub(crate) fn answers(&self, responses: &Responses) -> Result<Responses> {
        let names: Vec<&str> = self.model.indicators().collect();
        let known: HashSet<&str> = responses.names().collect();
        let Some((pls, model)) = self.specification().filter(|_| names.iter().any(|name| !known.contains(name))) else {
            return responses.select(&names);
        };
        let (_, _, answers) = pls.first_order(model, responses)?;
        let answers = answers.select(&names)?;
        if same(&answers.moments(self.pls.missing)?, &self.moments) {
            return Ok(answers);
        }
        let reason = "are not those of the fit, in which its products and scores were formed".into();
        Err(ErrorKind::Mismatch { place: "the responses".into(), reason }.into())
    }

    /// The complete answers that a fit was made from, indicator by indicator in the order of the model.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack; answers other than those of the fit, or a fit from incomplete ones.
    pub(crate) fn complete_answers(&self, responses: &Responses) -> Result<Responses> {
        let names: Vec<&str> = self.model.indicators().collect();
        let answers = self.answers(responses)?;
        let complete = |row: &usize| (0..names.len()).all(|column| answers.get(*row, column).is_some());
        let weight = |row: usize| answers.weights().map_or(1.0, |weights| weights[row]);
        let rows: Vec<usize> = (0..answers.rows()).filter(complete).filter(|row| weight(*row) > 0.0).collect();
        let answers = answers.subset(&rows)?;
        let moments = answers.moments(Missing::Reject)?;
        if same(&moments, &self.moments) {
            return Ok(answers);
        }
        let reason = "are not the complete answers that the fit was made from".into();
        Err(ErrorKind::Mismatch { place: "the responses".into(), reason }.into())
    }
}

/// How far two sums of the same products may differ.
const SAME: f64 = 1e-9;

/// Are these the moments of the same answers, in whatever order they were summed?
fn same(one: &Moments, other: &Moments) -> bool {
    let (mine, theirs) = (one.cross_products(), other.cross_products());
    let close = |(at, product): (usize, &f64)| {
        let (row, column) = (at % mine.nrows(), at / mine.nrows());
        (product - theirs.as_slice()[at]).abs() <= SAME * (theirs[(row, row)] * theirs[(column, column)]).sqrt()
    };
    one.n() == other.n() && mine.iter().enumerate().all(close)
}
