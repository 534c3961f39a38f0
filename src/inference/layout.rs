//! What is estimated anew in each replicate, and where it is kept.

use crate::inference::marks::Marks;
use crate::inference::quantity::{self, Entry, Facts, Quantity, Read};
use crate::inference::resample::{Ends, Replicate, Resample};
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::workspace::Workspace;
use crate::survey::{Indicator, Scale};

/// The quantities of a model in the order in which they are kept.
pub(super) struct Layout {
    pub(super) quantities: Vec<Quantity>,
    /// Quantities that a fit of other answers might have, and why there are none here.
    pub(super) unavailable: Vec<(Quantity, String)>,
    pub(super) facts: Vec<&'static Facts>,
    reads: Vec<Read>,
    /// What is counted of replicates besides.
    pub(super) marks: Marks,
    /// Constructs in causal order, each with its predecessors and the paths from them.
    order: Vec<(usize, Vec<(usize, usize)>)>,
    /// How each indicator was centred and scaled.
    pub(super) centres: Vec<f64>,
    pub(super) scales: Vec<f64>,
    /// The scale of each indicator in the sample.
    pub(super) answered_on: Vec<Option<Scale>>,
    signs: Vec<f64>,
}

impl Layout {
    pub(super) fn new(sample: &Sample<'_>, assess: bool) -> Self {
        let (centres, scales) = sample.units();
        let model = sample.fit.model();
        let before =
            |to: usize| model.predecessors(to).filter_map(|from| Some((from, sample.path(from, to)?))).collect();
        let entries = quantity::entries(sample, assess);
        let (quantities, reads): (Vec<Quantity>, _) =
            entries.into_iter().map(|Entry { quantity, read }| (quantity, read)).unzip();
        Self {
            facts: quantities.iter().map(Quantity::facts).collect(),
            quantities,
            unavailable: quantity::unavailable_indices(sample),
            reads,
            marks: Marks::new(&sample.plan),
            order: model.order().iter().map(|&to| (to, before(to))).collect(),
            answered_on: sample.fit.moments().indicators().iter().map(Indicator::scale).collect(),
            signs: sample.fit.signs(),
            centres,
            scales,
        }
    }

    /// Writes the quantities of solved replicates, in order. `flips` holds −1 for a construct whose sign is changed.
    /// Gives the replicates in which some index has weights of both signs.
    #[inline(always)]
    pub(super) fn read<N: Number>(
        &self,
        plan: &Plan,
        (matrix, work): (&[N], &Workspace<N>),
        resample: &Resample<N>,
        flips: &[N],
        effects: &mut [N],
        values: &mut [N],
    ) -> N::Mask {
        self.total_effects(work, effects, plan.blocks.len());
        let (scales, signs) = (self.scales.as_slice(), self.signs.as_slice());
        let replicate = Replicate { plan, matrix, work, resample, flips, effects, scales, signs };
        let mut mixed = work.zero.greater(work.zero);
        for (read, value) in self.reads.iter().zip(values) {
            *value = read.read(&replicate);
            if let Read::Index(index) = read {
                let (_, both) = index.with_signs(&replicate);
                mixed = mixed | both;
            }
        }
        mixed
    }

    /// The ends of an indicator's scale, in the units in which it was centred and scaled.
    pub(super) fn ends(&self, at: usize, scale: Option<Scale>) -> Ends<f64> {
        Ends::of(scale, self.centres[at], self.scales[at])
    }

    /// Total effects of every construct (column) on every construct (row), along the order of causes.
    #[inline(always)]
    fn total_effects<N: Number>(&self, work: &Workspace<N>, effects: &mut [N], constructs: usize) {
        effects.fill(work.zero);
        for (to, before) in &self.order {
            for &(through, path) in before {
                for from in 0..constructs {
                    let onward = effects[through * constructs + from];
                    effects[to * constructs + from] += work.paths[path] * onward;
                }
                effects[to * constructs + through] += work.paths[path];
            }
        }
    }
}
