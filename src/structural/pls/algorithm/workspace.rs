//! Memory for the algorithm, in which its solutions are found.

use crate::numeric::lane::{Lane, Mask};
use crate::structural::pls::algorithm::inner::Regression;
use crate::structural::pls::algorithm::plan::Plan;

/// When the iteration ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stop {
    pub(crate) tolerance: f64,
    pub(crate) max_iterations: usize,
}

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A construct's weights became undefined: its score, or its inner proxy, has no variance.
    NoVariance(usize),
    /// The indicators of a construct of mode B are linearly dependent.
    DependentIndicators(usize),
    /// The predecessors of a construct are linearly dependent.
    DependentPredecessors(usize),
    /// The indicators of a reflective construct do not correlate as those of one common factor: no ρ_A. Or: known
    /// measurement error is all that there is in a score.
    NoReliability(usize),
    /// The weights still changed after the last iteration.
    NotConverged,
}

/// Memory for `L` problems of one plan, and their solutions.
#[derive(Debug, Clone)]
pub(crate) struct Workspace<const L: usize> {
    /// Outer weights, one for each indicator.
    pub(crate) weights: Vec<Lane<L>>,
    /// Covariances of every indicator (row) with every construct (column).
    pub(crate) cross: Vec<Lane<L>>,
    /// Correlations of the constructs.
    pub(crate) covariance: Vec<Lane<L>>,
    /// The squared correlation of each construct with its score: 1 where nothing is corrected for attenuation.
    pub(crate) reliabilities: Vec<Lane<L>>,
    /// The known errors of the plan, as shares of the indicators' standard deviations.
    pub(crate) shares: Vec<Lane<L>>,
    /// Path coefficients in the order of the model's paths.
    pub(crate) paths: Vec<Lane<L>>,
    /// R² of each construct; 0 without predecessors.
    pub(crate) r_squared: Vec<Lane<L>>,
    pub(crate) failure: [Option<Failure>; L],
    pub(crate) iterations: [usize; L],
    pub(crate) change: Lane<L>,
    /// What scales each construct's weights to unit variance.
    pub(super) scales: Vec<Lane<L>>,
    /// Σ|wᵢ|sᵢ of each construct: the size of what a covariance with its score is summed up from, in standard deviations of
    /// the other variable. Covariances below the rounding of that are 0.
    pub(super) sizes: Vec<Lane<L>>,
    /// The weights of the next iteration, not yet scaled.
    pub(super) candidate: Vec<Lane<L>>,
    pub(super) inner: Vec<Lane<L>>,
    pub(super) factors: Vec<Lane<L>>,
    pub(super) regression: Regression<L>,
}

impl<const L: usize> Workspace<L> {
    pub(crate) fn new(plan: &Plan) -> Self {
        let predecessors = plan.blocks.iter().map(|block| block.predecessors).max().unwrap_or(0);
        let neighbours = plan.blocks.iter().map(|block| block.neighbours.len()).max().unwrap_or(0);
        let constructs = plan.blocks.len();
        let zeros = |length| vec![Lane::ZERO; length];
        Self {
            weights: zeros(plan.size()),
            cross: zeros(plan.size() * constructs),
            covariance: zeros(constructs * constructs),
            reliabilities: vec![Lane::ONE; constructs],
            shares: plan.errors.iter().map(|error| Lane([error.share; L])).collect(),
            paths: zeros(plan.paths.len()),
            r_squared: zeros(constructs),
            failure: [None; L],
            iterations: [0; L],
            change: Lane::ZERO,
            scales: zeros(constructs),
            sizes: zeros(constructs),
            candidate: zeros(plan.size()),
            inner: zeros(neighbours),
            factors: zeros(plan.factors),
            regression: Regression::new(predecessors),
        }
    }

    #[inline(always)]
    pub(crate) fn fail(&mut self, sound: Mask<L>, failure: Failure) {
        for lane in 0..L {
            if !sound[lane] && self.failure[lane].is_none() {
                self.failure[lane] = Some(failure);
            }
        }
    }
}
