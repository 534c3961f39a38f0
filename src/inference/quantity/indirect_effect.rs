//! The effect of one construct on another over all routes of two paths or more.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::model::effects;

pub(super) const FACTS: Facts =
    Facts { kind: "indirect_effects", form: Form::Effect, signed: true, undefined: None, assessment: false };

/// The cause, the construct acted on, and the path between them if there is one.
pub(in crate::inference) struct Read(usize, usize, Option<usize>);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    let pairs = effects::indirect_pairs(sample.fit.model()).into_iter();
    let quantity = |from, to| Quantity::IndirectEffect { from: sample.name(from), to: sample.name(to) };
    pairs.map(|(from, to)| (quantity(from, to), Read(from, to, sample.path(from, to)))).collect()
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        let direct = self.2.map_or(replicate.work.zero, |path| replicate.work.paths[path]);
        replicate.turned(self.0, self.1, effects::indirect(replicate.total_effect(self.0, self.1), direct))
    }
}
