//! The 0–100 index of a construct.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::index::IndexWeights;
use crate::structural::linear_index::IndexSums;

pub(super) const FACTS: Facts =
    Facts { kind: "index", form: Form::Construct, signed: false, undefined: None, assessment: false };

/// The construct.
pub(in crate::inference) struct Read(usize);

/// The constructs with an index in the fit.
pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    let has = |at: &usize| sample.fit.linear_index(*at, IndexWeights::Unstandardised).is_ok();
    let constructs = (0..sample.plan.blocks.len()).filter(has);
    constructs.map(|at| (Quantity::Index { construct: sample.name(at) }, Read(at))).collect()
}

/// The others, and why they have none.
pub(in crate::inference) fn unavailable(sample: &Sample<'_>) -> Vec<(Quantity, String)> {
    let reason = |at: usize| {
        let reason = sample.fit.linear_index(at, IndexWeights::Unstandardised).err()?;
        Some((Quantity::Index { construct: sample.name(at) }, reason.to_string()))
    };
    (0..sample.plan.blocks.len()).filter_map(reason).collect()
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        self.sums(replicate).index()
    }

    #[inline(always)]
    pub(in crate::inference) fn sums<N: Number>(&self, replicate: &Replicate<'_, N>) -> IndexSums<N> {
        replicate.resample.index(&replicate.plan.blocks[self.0].indicators, &replicate.work.weights)
    }
}
