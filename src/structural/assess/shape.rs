//! A model without its names, and a fit without its data: what every figure of an assessment is computed from.

use std::ops::Range;

use nalgebra::DMatrix;

use crate::structural::model::{Construct, ConstructKind, Model};

/// A model without its names. Indicators stand in the order of the constructs.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// The indicators of each construct.
    pub(crate) blocks: Vec<Range<usize>>,
    /// The construct of each indicator.
    pub(crate) owners: Vec<usize>,
    pub(crate) kinds: Vec<ConstructKind>,
    /// The constructs that act on each construct, ascending.
    pub(crate) predecessors: Vec<Vec<usize>>,
    /// Every construct after all that act on it.
    pub(crate) order: Vec<usize>,
}

impl Shape {
    pub(crate) fn new(model: &Model) -> Self {
        let mut blocks: Vec<Range<usize>> = Vec::new();
        let mut owners = Vec::new();
        for (owner, construct) in model.constructs().iter().enumerate() {
            blocks.push(owners.len()..owners.len() + construct.indicators().len());
            owners.resize(owners.len() + construct.indicators().len(), owner);
        }
        Self {
            blocks,
            owners,
            kinds: model.constructs().iter().map(Construct::kind).collect(),
            predecessors: (0..model.constructs().len()).map(|at| model.predecessors(at).collect()).collect(),
            order: model.order().to_vec(),
        }
    }

    /// The constructs that others act on.
    pub(crate) fn endogenous(&self) -> impl Iterator<Item = usize> {
        (0..self.blocks.len()).filter(|at| !self.predecessors[*at].is_empty())
    }

    /// The number of constructs that no other acts on.
    pub(crate) fn exogenous(&self) -> usize {
        self.blocks.len() - self.endogenous().count()
    }

    /// The number of paths.
    pub(crate) fn paths(&self) -> usize {
        self.predecessors.iter().map(Vec::len).sum()
    }

    /// Do two indicators belong to the same composite, in which indicators correlate as they like?
    pub(crate) fn in_composite(&self, first: usize, second: usize) -> bool {
        let owner = self.owners[first];
        owner == self.owners[second] && self.kinds[owner] == ConstructKind::Composite
    }
}

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
