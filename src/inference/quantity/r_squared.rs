//! The explained variance of a construct.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;

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
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        replicate.work.r_squared[self.0]
    }
}
