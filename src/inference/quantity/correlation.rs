//! The correlation of two constructs.

use crate::inference::quantity::{Facts, Form, Quantity, pairs};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;

pub(super) const FACTS: Facts =
    Facts { kind: "construct_correlations", form: Form::Pair, signed: true, undefined: None, assessment: false };

/// The constructs.
pub(in crate::inference) struct Read(usize, usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    pairs(sample, |first, second| Quantity::Correlation { first, second }, Read)
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        let constructs = replicate.plan.blocks.len();
        replicate.turned(self.0, self.1, replicate.work.covariance[self.0 * constructs + self.1])
    }
}
