//! The numbers of a fit without their names, for the rooms that ask further.

use nalgebra::DMatrix;

use super::Fit;
use crate::numeric::rounding;
use crate::structural::model::{Construct, Model, Shape};
use crate::structural::pls::Pls;
use crate::structural::pls::params::{Metric, Mode};
use crate::structural::pls::prepare::directions;
use crate::structural::pls::stage::Staged;
use crate::survey::{Indicator, Scale};

impl Fit {
    /// The fit as the last of several stages.
    pub(crate) fn with_stages(mut self, staged: Staged) -> Self {
        self.staged = Some(Box::new(staged));
        self
    }

    /// What stands behind the fit, where it is the last of several stages.
    pub(crate) fn staged(&self) -> Option<&Staged> {
        self.staged.as_deref()
    }

    /// The options and the model that were asked for, where the fit is the last of several stages.
    pub(crate) fn specification(&self) -> Option<(&Pls, &Model)> {
        self.staged().map(|staged| (&staged.pls, &staged.model))
    }

    /// The name of the construct at a position.
    pub(crate) fn name(&self, construct: usize) -> &str {
        self.model.constructs()[construct].name()
    }

    pub(crate) fn construct_names(&self) -> impl Iterator<Item = &str> {
        self.model.constructs().iter().map(Construct::name)
    }

    pub(crate) fn shape(&self) -> &Shape {
        self.model.shape()
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

    /// The correlations of the indicators, 0 where they are rounding.
    pub(crate) fn indicator_correlations(&self) -> DMatrix<f64> {
        let products = self.moments.cross_products();
        let lengths: Vec<f64> = products.diagonal().iter().map(|square| square.sqrt()).collect();
        DMatrix::from_fn(lengths.len(), lengths.len(), |row, column| {
            let correlation = products[(row, column)] / (lengths[row] * lengths[column]);
            if row == column { 1.0 } else { rounding::settled(correlation, 1.0) }
        })
    }

    /// The scale of each indicator.
    pub(crate) fn scales(&self) -> impl Iterator<Item = Option<Scale>> {
        self.moments.indicators().iter().map(Indicator::scale)
    }

    /// −1 for an indicator whose scale points the other way than others of its construct.
    pub(crate) fn signs(&self) -> Vec<f64> {
        directions::signs(&self.model, self.scales())
    }

    /// A matrix of the indicators once those of each construct point the same way.
    pub(crate) fn aligned(&self, mut matrix: DMatrix<f64>) -> DMatrix<f64> {
        let signs = self.signs();
        for (mut column, sign) in matrix.column_iter_mut().zip(&signs) {
            column.iter_mut().zip(&signs).for_each(|(entry, other)| *entry *= sign * other);
        }
        matrix
    }

    /// Each indicator's loading on its own construct once those of each construct point the same way.
    pub(crate) fn aligned_loadings(&self) -> Vec<f64> {
        self.own_loadings().iter().zip(self.signs()).map(|(loading, sign)| loading * sign).collect()
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
}
