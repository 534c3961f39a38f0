//! The estimates of a model without their names: what every figure of an assessment is computed from.

use nalgebra::DMatrix;

use crate::structural::model::Shape;

/// The estimates of a model without their names, in standardised terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Estimates<'a> {
    pub(crate) shape: &'a Shape,
    /// The correlations of the indicators, S.
    pub(crate) indicators: &'a DMatrix<f64>,
    /// The weights of standardised indicators.
    pub(crate) weights: &'a [f64],
    /// Each indicator's loading on its own construct.
    pub(crate) loadings: &'a [f64],
    /// The correlations of the constructs.
    pub(crate) constructs: &'a DMatrix<f64>,
    /// Path coefficients: row acted on, column cause.
    pub(crate) paths: &'a DMatrix<f64>,
}
