//! What several resamples side by side are like, and what was solved in them.

use std::ops::Range;

use crate::numeric::number::Number;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::workspace::Workspace;
use crate::structural::pls::params::Metric;
use crate::survey::Scale;

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

/// The ends of an indicator's scale, in the units of the answers; all 0 where there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends<N> {
    pub(super) worst: N,
    /// From the worst to the best: negative where low answers are good.
    pub(super) range: N,
    /// The same of the answers that it is made of, each for itself: more where their weights go against each other.
    pub(super) extent: N,
}

impl Ends<f64> {
    pub(super) const NONE: Self = Self { worst: 0.0, range: 0.0, extent: 0.0 };

    /// The same in every lane.
    #[inline(always)]
    pub(super) fn splat<N: Number>(self, zero: N) -> Ends<N> {
        Ends { worst: zero.splat(self.worst), range: zero.splat(self.range), extent: zero.splat(self.extent) }
    }

    /// Of answers that were centred and scaled.
    pub(super) fn of(scale: Option<Scale>, centre: f64, unit: f64) -> Self {
        let Some(scale) = scale else { return Self::NONE };
        let (worst, best) = (scale.from_hundred(0.0), scale.from_hundred(100.0));
        let range = (best - worst) / unit;
        Self { worst: (worst - centre) / unit, range, extent: range.abs() }
    }
}

impl<N: Number> Resample<N> {
    /// 100 Σ wᵢ(x̄ᵢ − worstᵢ) / Σ wᵢ rangeᵢ with unstandardised weights over some indicators; and where the terms below have
    /// both signs.
    #[inline(always)]
    pub(super) fn index(&self, indicators: &Range<usize>, weights: &[N]) -> (N, N::Mask) {
        let zero = self.n.zero();
        let (mut above, mut whole, mut sizes) = (zero, zero, zero);
        for at in indicators.clone() {
            let (weight, ends) = (weights[at] / self.divisors[at], self.ends[at]);
            above += weight * (self.means[at] - ends.worst);
            whole += weight * ends.range;
            sizes += weight.abs() * ends.extent;
        }
        let slack = sizes * zero.splat(1.0 - 1e-12);
        (above * zero.splat(100.0) / whole, slack.greater(whole.abs()))
    }
}

/// A resample's variance below this share of the sample's is a constant indicator and rounding.
pub(super) const CONSTANT: f64 = 1e-12;

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

/// Solved replicates, from which quantities are read.
///
/// Methods and not closures do the arithmetic: only what is surely inlined gets the instructions of a register.
pub(super) struct Replicate<'a, N: Number> {
    /// Of the last stage, if there are several.
    pub(super) plan: &'a Plan,
    pub(super) matrix: &'a [N],
    pub(super) work: &'a Workspace<N>,
    pub(super) resample: &'a Resample<N>,
    /// What each construct is multiplied by: −1 where its sign is to be changed.
    pub(super) flips: &'a [N],
    /// Total effects of every construct (column) on every construct (row).
    pub(super) effects: &'a [N],
    /// By what the answers to each indicator were divided.
    pub(super) scales: &'a [f64],
    /// −1 for indicators whose scales point the other way than others of their construct.
    pub(super) signs: &'a [f64],
}

impl<N: Number> Replicate<'_, N> {
    /// An effect of one construct on another, with the signs that they are to have.
    #[inline(always)]
    pub(super) fn turned(&self, from: usize, to: usize, value: N) -> N {
        value * self.flips[from] * self.flips[to]
    }

    #[inline(always)]
    pub(super) fn total_effect(&self, from: usize, to: usize) -> N {
        self.effects[to * self.plan.blocks.len() + from]
    }

    /// The loading of an indicator on a construct, as estimated.
    #[inline(always)]
    pub(super) fn loading(&self, construct: usize, indicator: usize) -> N {
        self.work.cross[construct * self.plan.size() + indicator] / self.resample.units[indicator]
    }

    #[inline(always)]
    fn sign(&self, indicator: usize) -> N {
        self.work.zero.splat(self.signs[indicator])
    }

    /// The same of the indicator in the direction that the scales of its construct have.
    #[inline(always)]
    pub(super) fn directed_loading(&self, construct: usize, indicator: usize) -> N {
        let product = self.work.cross[construct * self.plan.size() + indicator] * self.sign(indicator);
        product / self.resample.units[indicator]
    }

    /// The correlation of two indicators in that direction.
    #[inline(always)]
    pub(super) fn correlation(&self, row: usize, column: usize) -> N {
        self.matrix[column * self.plan.size() + row] * self.sign(row) * self.sign(column)
            / (self.resample.units[row] * self.resample.units[column])
    }

    /// The sum of the correlations of some indicators, each pair once.
    #[inline(always)]
    pub(super) fn correlations_within(&self, block: &Range<usize>) -> N {
        let mut sum = self.work.zero;
        for row in block.clone() {
            for column in block.start..row {
                sum += self.correlation(row, column);
            }
        }
        sum
    }
}
