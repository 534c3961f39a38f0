//! Cronbach's α of a construct's standardised indicators.

use crate::inference::quantity::{Facts, Form, Quantity, of_several};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::assess::reliability::alpha;

pub(super) const FACTS: Facts = Facts {
    kind: "alpha",
    form: Form::Construct,
    signed: false,
    undefined: Some("the sum of the indicators has no variance"),
    assessment: true,
};

/// The construct.
pub(in crate::inference) struct Read(usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    of_several(sample, |construct| Quantity::Alpha { construct }, Read)
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        alpha(replicate.correlations(), &replicate.plan.blocks[self.0].indicators)
    }
}
