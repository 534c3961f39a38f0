//! The average variance extracted of a construct.

use crate::inference::quantity::{Facts, Form, Quantity, of_several};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;

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
        let block = replicate.plan.blocks[self.0].indicators.clone();
        let mut squares = replicate.work.zero;
        for indicator in block.clone() {
            let loading = replicate.directed_loading(self.0, indicator);
            squares += loading * loading;
        }
        squares / replicate.work.zero.splat(block.len() as f64)
    }
}
