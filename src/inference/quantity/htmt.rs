//! The heterotrait-monotrait ratio of two constructs.

use crate::inference::quantity::{Facts, Form, Quantity, pairs};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::assess::validity::{Htmt, htmt};

pub(super) const FACTS: Facts = Facts {
    kind: "htmt",
    form: Form::Pair,
    signed: false,
    undefined: Some("the indicators of one of the constructs do not correlate positively on average"),
    assessment: true,
};

/// The constructs.
pub(in crate::inference) struct Read(usize, usize);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    pairs(sample, |first, second| Quantity::Htmt { first, second }, Read)
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        let [first, second] = [self.0, self.1].map(|at| &replicate.plan.blocks[at].indicators);
        htmt(replicate.correlations(), first, second, Htmt::Signed)
    }
}
