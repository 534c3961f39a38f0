//! The effect of one construct on another over all routes.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::model::effects;

pub(super) const FACTS: Facts =
    Facts { kind: "total_effects", form: Form::Effect, signed: true, undefined: None, assessment: false };

/// The cause and the construct acted on.
pub(in crate::inference) struct Read(usize, usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    let pairs = effects::joined_pairs(sample.fit.model()).into_iter();
    let quantity = |from, to| Quantity::TotalEffect { from: sample.name(from), to: sample.name(to) };
    pairs.map(|(from, to)| (quantity(from, to), Read(from, to))).collect()
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        replicate.turned(self.0, self.1, replicate.total_effect(self.0, self.1))
    }
}
