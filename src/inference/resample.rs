//! What several resamples side by side are like, and what was solved in them.

use std::ops::Range;

use crate::numeric::number::Number;
use crate::numeric::square::Square;
use crate::structural::linear_index::{Ends, IndexSums};
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::workspace::Workspace;
use crate::structural::pls::params::Metric;

/// How many replicates are multiplied at a time: two vectors of the widest registers in use.
pub(super) const TILE: usize = 16;

/// Tiles that a thread does in one go, with one set of memory.
pub(super) const TILES: usize = 16;

/// What resamples are like, in the units in which the answers were centred and scaled.
pub(super) struct Resample<N: Number> {
    /// How many respondents there are.
    pub(super) n: N,
    /// The indicators' means.
    pub(super) means: Vec<N>,
    /// Their standard deviations in the matrix that was solved on: 1 in the standardised metric.
    pub(super) units: Vec<N>,
    /// What the weights have still to be divided by to hold for the answers: 1 in the raw metric.
    pub(super) divisors: Vec<N>,
    pub(super) ends: Vec<Ends<N>>,
}

impl<N: Number> Resample<N> {
    /// The index over some indicators, by their unstandardised weights.
    #[inline(always)]
    pub(super) fn index(&self, indicators: &Range<usize>, weights: &[N]) -> IndexSums<N> {
        let mut sums = IndexSums::new(self.n.zero());
        for at in indicators.clone() {
            sums.add(weights[at] / self.divisors[at], self.means[at], self.ends[at]);
        }
        sums
    }
}

/// A matrix to be solved on, and its solution.
pub(super) struct Solving<N: Number> {
    pub(super) matrix: Vec<N>,
    pub(super) resample: Resample<N>,
    pub(super) work: Workspace<N>,
    inverses: Vec<N>,
}

impl<N: Number> Solving<N> {
    pub(super) fn new(plan: &Plan, zero: N) -> Self {
        let ones = || vec![zero.one(); plan.size()];
        Self {
            matrix: vec![zero; plan.size() * plan.size()],
            resample: Resample {
                n: zero.one(),
                means: ones(),
                units: ones(),
                divisors: ones(),
                ends: vec![Ends::NONE.splat(zero); plan.size()],
            },
            work: Workspace::new(plan, zero),
            inverses: ones(),
        }
    }

    /// From covariances, of which the lower triangle is read, to the units of the metric.
    #[inline(always)]
    pub(super) fn standardise(&mut self, metric: Metric) {
        let Resample { units, divisors, .. } = &mut self.resample;
        let size = units.len();
        for at in 0..size {
            let deviation = self.matrix[at * (size + 1)].sqrt();
            match metric {
                Metric::Standardised => {
                    divisors[at] = deviation;
                    self.inverses[at] = deviation.one() / deviation;
                }
                Metric::Raw => units[at] = deviation,
            }
        }
        for column in 0..size {
            self.matrix[column * (size + 1)] = units[column] * units[column];
            for row in column + 1..size {
                let entry = self.matrix[column * size + row] * (self.inverses[column] * self.inverses[row]);
                self.matrix[column * size + row] = entry;
                self.matrix[row * size + column] = entry;
            }
        }
    }
}

/// What several quantities of solved replicates are made of.
pub(super) struct Common<N> {
    /// Total effects of every construct (column) on every construct (row).
    pub(super) effects: Vec<N>,
    pub(super) sizes: Vec<N>,
    /// The loading of each indicator on its construct, as estimated.
    pub(super) loadings: Vec<N>,
    /// The same in the direction that the scales of its construct have.
    pub(super) directed: Vec<N>,
    /// The standard deviations of the indicators.
    pub(super) deviations: Vec<N>,
    /// The correlations of the indicators in that direction; empty if no quantity is read from them.
    pub(super) correlations: Vec<N>,
}

impl<N: Number> Common<N> {
    pub(super) fn new(plan: &Plan, assess: bool, zero: N) -> Self {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        let zeros = |length: usize| vec![zero; length];
        Self {
            effects: zeros(constructs * constructs),
            sizes: zeros(constructs * constructs),
            loadings: zeros(size),
            directed: zeros(size),
            deviations: zeros(size),
            correlations: zeros(if assess { size * size } else { 0 }),
        }
    }

    /// `scales` holds by what the answers to each indicator were divided, `signs` −1 for indicators whose scales point the
    /// other way than others of their construct.
    #[inline(always)]
    pub(super) fn measure(
        &mut self,
        plan: &Plan,
        (matrix, cross): (&[N], &[N]),
        resample: &Resample<N>,
        (scales, signs): (&[f64], &[f64]),
    ) {
        let (size, n) = (plan.size(), resample.n);
        for (construct, block) in plan.blocks.iter().enumerate() {
            for at in block.indicators.clone() {
                self.loadings[at] = cross[construct * size + at] / resample.units[at];
                self.directed[at] = self.loadings[at] * n.splat(signs[at]);
                self.deviations[at] = resample.units[at] * resample.divisors[at] * n.splat(scales[at]);
            }
        }
        if self.correlations.is_empty() {
            return;
        }
        for column in 0..size {
            self.correlations[column * size + column] = n.one();
            for row in column + 1..size {
                let covariance = matrix[column * size + row] * n.splat(signs[row] * signs[column]);
                let correlation = covariance / (resample.units[row] * resample.units[column]);
                self.correlations[column * size + row] = correlation;
                self.correlations[row * size + column] = correlation;
            }
        }
    }
}

/// Solved replicates, from which quantities are read.
///
/// Methods and not closures do the arithmetic: only what is surely inlined gets the instructions of a register.
pub(super) struct Replicate<'a, N: Number> {
    /// Of the last stage, if there are several.
    pub(super) plan: &'a Plan,
    pub(super) matrix: Square<'a, N>,
    pub(super) work: &'a Workspace<N>,
    pub(super) resample: &'a Resample<N>,
    /// What each construct is multiplied by: −1 where its sign is to be changed.
    pub(super) flips: &'a [N],
    pub(super) common: &'a Common<N>,
}

impl<N: Number> Replicate<'_, N> {
    /// An effect of one construct on another, with the signs that they are to have.
    #[inline(always)]
    pub(super) fn turned(&self, from: usize, to: usize, value: N) -> N {
        value * self.flips[from] * self.flips[to]
    }

    #[inline(always)]
    pub(super) fn total_effect(&self, from: usize, to: usize) -> N {
        self.common.effects[to * self.plan.blocks.len() + from]
    }

    /// The correlations of the indicators in the direction that the scales of their constructs have.
    #[inline(always)]
    pub(super) fn correlations(&self) -> Square<'_, N> {
        Square::new(&self.common.correlations, self.plan.size())
    }
}
