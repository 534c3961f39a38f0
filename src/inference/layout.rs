//! What is estimated anew in each replicate, and where it is kept.

use crate::inference::marks::Marks;
use crate::inference::quantity::{self, Entry, Facts, Quantity, Read};
use crate::inference::resample::{Common, Replicate, Resample};
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::numeric::square::Square;
use crate::structural::linear_index::Ends;
use crate::structural::model::effects::Causes;
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
    causes: Causes,
    /// Are there figures of reliability and validity?
    assess: bool,
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
        let entries = quantity::entries(sample, assess);
        let (quantities, reads): (Vec<Quantity>, _) =
            entries.into_iter().map(|Entry { quantity, read }| (quantity, read)).unzip();
        Self {
            facts: quantities.iter().map(Quantity::facts).collect(),
            quantities,
            unavailable: quantity::unavailable_indices(sample),
            reads,
            marks: Marks::new(&sample.plan, sample.fit.staged().map_or(&[], |staged| &staged.stages)),
            causes: Causes::of(sample.fit.model()),
            assess,
            answered_on: sample.fit.moments().indicators().iter().map(Indicator::scale).collect(),
            signs: sample.fit.signs(),
            centres,
            scales,
        }
    }

    /// Memory for what several quantities are made of.
    pub(super) fn common<N: Number>(&self, plan: &Plan, zero: N) -> Common<N> {
        Common::new(plan, self.assess, zero)
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
        common: &mut Common<N>,
        values: &mut [N],
    ) -> N::Mask {
        self.causes.total_effects(&work.paths, &mut common.effects, &mut common.sizes);
        common.measure(plan, (matrix, &work.cross), resample, (&self.scales, &self.signs));
        let matrix = Square::new(matrix, plan.size());
        let replicate = Replicate { plan, matrix, work, resample, flips, common };
        let mut mixed = work.zero.greater(work.zero);
        for (read, value) in self.reads.iter().zip(values) {
            *value = read.read(&replicate);
            if let Read::Index(index) = read {
                mixed = mixed | index.sums(&replicate).is_mixed();
            }
        }
        mixed
    }

    /// The anchors of an indicator's scale, in the units in which it was centred and scaled.
    pub(super) fn ends(&self, at: usize, scale: Option<Scale>) -> Ends<f64> {
        Ends::of(scale, self.centres[at], self.scales[at])
    }
}
