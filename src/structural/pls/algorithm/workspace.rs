//! Memory for the algorithm, in which its solutions are found.

use crate::numeric::number::{Mask, Number};
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

/// Memory for problems of one plan side by side, and their solutions.
#[derive(Debug, Clone)]
pub(crate) struct Workspace<N: Number> {
    /// Outer weights, one for each indicator.
    pub(crate) weights: Vec<N>,
    /// Covariances of every indicator (row) with every construct (column).
    pub(crate) cross: Vec<N>,
    /// Correlations of the constructs.
    pub(crate) covariance: Vec<N>,
    /// The squared correlation of each construct with its score: 1 where nothing is corrected for attenuation.
    pub(crate) reliabilities: Vec<N>,
    /// The known errors of the plan, as shares of the indicators' standard deviations.
    pub(crate) shares: Vec<N>,
    /// Path coefficients in the order of the model's paths.
    pub(crate) paths: Vec<N>,
    /// R² of each construct; 0 without predecessors.
    pub(crate) r_squared: Vec<N>,
    /// Of each lane.
    pub(crate) failure: Vec<Option<Failure>>,
    /// Until the last lane was done.
    pub(crate) iterations: usize,
    pub(crate) change: N,
    /// The lanes without a failure.
    pub(super) sound: N::Mask,
    pub(crate) zero: N,
    pub(crate) one: N,
    /// What scales each construct's weights to unit variance.
    pub(super) scales: Vec<N>,
    /// Σ|wᵢ|sᵢ of each construct: the size of what a covariance with its score is summed up from, in standard deviations of
    /// the other variable. Covariances below the rounding of that are 0.
    pub(super) sizes: Vec<N>,
    /// The weights of the next iteration, not yet scaled.
    pub(super) candidate: Vec<N>,
    pub(super) inner: Vec<N>,
    pub(super) factors: Vec<N>,
    pub(super) regression: Regression<N>,
}

impl<N: Number> Workspace<N> {
    /// `zero` is 0 in the numbers to be used.
    pub(crate) fn new(plan: &Plan, zero: N) -> Self {
        let predecessors = plan.blocks.iter().map(|block| block.predecessors).max().unwrap_or(0);
        let neighbours = plan.blocks.iter().map(|block| block.neighbours.len()).max().unwrap_or(0);
        let constructs = plan.blocks.len();
        let one = zero.one();
        let zeros = |length| vec![zero; length];
        Self {
            weights: zeros(plan.size()),
            cross: zeros(plan.size() * constructs),
            covariance: zeros(constructs * constructs),
            reliabilities: vec![one; constructs],
            shares: plan.errors.iter().map(|error| zero.splat(error.share)).collect(),
            paths: zeros(plan.paths.len()),
            r_squared: zeros(constructs),
            failure: vec![None; N::LANES],
            iterations: 0,
            change: zero,
            sound: one.greater(zero),
            zero,
            one,
            scales: zeros(constructs),
            sizes: zeros(constructs),
            candidate: zeros(plan.size()),
            inner: zeros(neighbours),
            factors: zeros(plan.factors),
            regression: Regression::new(predecessors, zero),
        }
    }

    #[inline(always)]
    pub(crate) fn fail(&mut self, sound: N::Mask, failure: Failure) {
        if sound.all() {
            return;
        }
        self.sound = self.sound & sound;
        for (lane, known) in self.failure.iter_mut().enumerate() {
            if !sound.lane(lane) && known.is_none() {
                *known = Some(failure);
            }
        }
    }
}
