//! The loading of an indicator.

use crate::inference::quantity::{Facts, Form, Quantity, indicators};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;

pub(super) const FACTS: Facts =
    Facts { kind: "loadings", form: Form::Indicator, signed: true, undefined: None, assessment: false };

/// Construct and indicator.
pub(in crate::inference) struct Read(usize, usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    indicators(sample, |construct, indicator| Quantity::Loading { construct, indicator }, Read)
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        replicate.common.loadings[self.1] * replicate.flips[self.0]
    }
}
