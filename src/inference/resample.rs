//! What several resamples side by side are like, and what was solved in them.

use std::ops::Range;

use crate::numeric::lane::{Lane, Mask};
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::workspace::Workspace;
use crate::structural::pls::params::Metric;
use crate::survey::Scale;

/// How many replicates are solved side by side: one vector of the widest registers in use.
pub(super) const LANES: usize = 8;

/// How many replicates are multiplied at a time: two vectors of the widest registers in use.
pub(super) const TILE: usize = 16;

/// Tiles that a thread does in one go, with one set of memory.
pub(super) const TILES: usize = 16;

/// What `L` resamples are like, in the units in which the answers were centred and scaled.
pub(super) struct Resample<const L: usize> {
    /// How many respondents there are.
    pub(super) n: Lane<L>,
    /// The indicators' means.
    pub(super) means: Vec<Lane<L>>,
    /// Their standard deviations in the matrix that was solved on: 1 in the standardised metric.
    pub(super) units: Vec<Lane<L>>,
    /// What the weights have still to be divided by to hold for the answers: 1 in the raw metric.
    pub(super) divisors: Vec<Lane<L>>,
    pub(super) ends: Vec<Ends<L>>,
}

/// The ends of an indicator's scale, in the units of the answers; all 0 where there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends<const L: usize> {
    pub(super) worst: Lane<L>,
    /// From the worst to the best: negative where low answers are good.
    pub(super) range: Lane<L>,
    /// The same of the answers that it is made of, each for itself: more where their weights go against each other.
    pub(super) extent: Lane<L>,
}

impl<const L: usize> Ends<L> {
    pub(super) const NONE: Self = Self { worst: Lane::ZERO, range: Lane::ZERO, extent: Lane::ZERO };

    /// Of answers that were centred and scaled.
    pub(super) fn of(scale: Option<Scale>, centre: f64, unit: f64) -> Self {
        let Some(scale) = scale else { return Self::NONE };
        let (worst, best) = (scale.from_hundred(0.0), scale.from_hundred(100.0));
        let range = Lane([(best - worst) / unit; L]);
        Self { worst: Lane([(worst - centre) / unit; L]), range, extent: range.abs() }
    }
}

impl<const L: usize> Resample<L> {
    /// 100 Σ wᵢ(x̄ᵢ − worstᵢ) / Σ wᵢ rangeᵢ with unstandardised weights over some indicators; and where the terms below have
    /// both signs.
    #[inline(always)]
    pub(super) fn index(&self, indicators: &Range<usize>, weights: &[Lane<L>]) -> (Lane<L>, Mask<L>) {
        let mut above = Lane::ZERO;
        let mut whole = Lane::ZERO;
        let mut sizes = Lane::ZERO;
        for at in indicators.clone() {
            let (weight, ends) = (weights[at] / self.divisors[at], self.ends[at]);
            above += weight * (self.means[at] - ends.worst);
            whole += weight * ends.range;
            sizes += weight.abs() * ends.extent;
        }
        let slack = sizes.map(|size| size * (1.0 - 1e-12));
        (above * Lane([100.0; L]) / whole, slack.greater(whole.abs()))
    }
}

/// A resample's variance below this share of the sample's is a constant indicator and rounding.
pub(super) const CONSTANT: f64 = 1e-12;

/// A matrix to be solved on, and its solution.
pub(super) struct Solving<const L: usize> {
    pub(super) matrix: Vec<Lane<L>>,
    pub(super) resample: Resample<L>,
    pub(super) work: Workspace<L>,
    inverses: Vec<Lane<L>>,
}

impl<const L: usize> Solving<L> {
    pub(super) fn new(plan: &Plan) -> Self {
        let ones = || vec![Lane::ONE; plan.size()];
        Self {
            matrix: vec![Lane::ZERO; plan.size() * plan.size()],
            resample: Resample {
                n: Lane::ONE,
                means: ones(),
                units: ones(),
                divisors: ones(),
                ends: vec![Ends::NONE; plan.size()],
            },
            work: Workspace::new(plan),
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
                    self.inverses[at] = Lane::ONE / deviation;
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

/// `L` solved replicates, from which quantities are read.
pub(super) struct Replicate<'a, const L: usize> {
    /// Of the last stage, if there are several.
    pub(super) plan: &'a Plan,
    pub(super) matrix: &'a [Lane<L>],
    pub(super) work: &'a Workspace<L>,
    pub(super) resample: &'a Resample<L>,
    /// What each construct is multiplied by: −1 where its sign is to be changed.
    pub(super) flips: &'a [Lane<L>],
    /// Total effects of every construct (column) on every construct (row).
    pub(super) effects: &'a [Lane<L>],
    /// By what the answers to each indicator were divided.
    pub(super) scales: &'a [f64],
    /// −1 for indicators whose scales point the other way than others of their construct.
    pub(super) signs: &'a [f64],
}

impl<const L: usize> Replicate<'_, L> {
    /// An effect of one construct on another, with the signs that they are to have.
    #[inline(always)]
    pub(super) fn turned(&self, from: usize, to: usize, value: Lane<L>) -> Lane<L> {
        value * self.flips[from] * self.flips[to]
    }

    #[inline(always)]
    pub(super) fn total_effect(&self, from: usize, to: usize) -> Lane<L> {
        self.effects[to * self.plan.blocks.len() + from]
    }

    /// The loading of an indicator on a construct, as estimated.
    #[inline(always)]
    pub(super) fn loading(&self, construct: usize, indicator: usize) -> Lane<L> {
        self.work.cross[construct * self.plan.size() + indicator] / self.resample.units[indicator]
    }

    /// The same of the indicator in the direction that the scales of its construct have.
    #[inline(always)]
    pub(super) fn directed_loading(&self, construct: usize, indicator: usize) -> Lane<L> {
        let product = self.work.cross[construct * self.plan.size() + indicator] * Lane([self.signs[indicator]; L]);
        product / self.resample.units[indicator]
    }

    /// The correlation of two indicators in that direction.
    #[inline(always)]
    pub(super) fn correlation(&self, row: usize, column: usize) -> Lane<L> {
        let sign = |at: usize| Lane([self.signs[at]; L]);
        self.matrix[column * self.plan.size() + row] * sign(row) * sign(column)
            / (self.resample.units[row] * self.resample.units[column])
    }

    /// The sum of the correlations of some indicators, each pair once.
    #[inline(always)]
    pub(super) fn correlations_within(&self, block: &Range<usize>) -> Lane<L> {
        let mut sum = Lane::ZERO;
        for row in block.clone() {
            for column in block.start..row {
                sum += self.correlation(row, column);
            }
        }
        sum
    }
}
