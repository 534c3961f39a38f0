//! A path coefficient.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;

pub(super) const FACTS: Facts =
    Facts { kind: "path_coefficients", form: Form::Effect, signed: true, undefined: None, assessment: false };

/// The number of the path.
pub(in crate::inference) struct Read(usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    let paths = sample.plan.paths.iter().enumerate();
    paths.map(|(at, &(from, to))| (Quantity::Path { from: sample.name(from), to: sample.name(to) }, Read(at))).collect()
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        let (from, to) = replicate.plan.paths[self.0];
        replicate.turned(from, to, replicate.work.paths[self.0])
    }
}
