//! The explained variance of a construct.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::lane::Lane;

pub(super) const FACTS: Facts =
    Facts { kind: "r_squared", form: Form::Construct, signed: false, undefined: None, assessment: false };

/// The construct.
pub(in crate::inference) struct Read(usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    let explained = (0..sample.plan.blocks.len()).filter(|at| sample.plan.blocks[*at].predecessors > 0);
    explained.map(|at| (Quantity::RSquared { construct: sample.name(at) }, Read(at))).collect()
}

impl Read {
    #[inline(always)]
    pub(super) fn read<const L: usize>(&self, replicate: &Replicate<'_, L>) -> Lane<L> {
        replicate.work.r_squared[self.0]
    }
}
