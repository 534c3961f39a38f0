//! The composite reliability ρ_C of a construct.

use crate::inference::quantity::{Facts, Form, Quantity, of_several};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::assess::reliability::composite_reliability;

pub(super) const FACTS: Facts =
    Facts { kind: "rho_c", form: Form::Construct, signed: false, undefined: None, assessment: true };

/// The construct.
pub(in crate::inference) struct Read(usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    of_several(sample, |construct| Quantity::RhoC { construct }, Read)
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        composite_reliability(&replicate.common.directed[replicate.plan.blocks[self.0].indicators.clone()])
    }
}
