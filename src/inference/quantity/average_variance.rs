//! The average variance extracted of a construct.

use crate::inference::quantity::{Facts, Form, Quantity, of_several};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::assess::reliability::average_variance_extracted;

pub(super) const FACTS: Facts =
    Facts { kind: "average_variance_extracted", form: Form::Construct, signed: false, undefined: None, assessment: true };

/// The construct.
pub(in crate::inference) struct Read(usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    of_several(sample, |construct| Quantity::AverageVarianceExtracted { construct }, Read)
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        average_variance_extracted(&replicate.common.loadings[replicate.plan.blocks[self.0].indicators.clone()])
    }
}
