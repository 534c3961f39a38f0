//! The heterotrait-monotrait ratio of two constructs.

use std::ops::Range;

use crate::inference::quantity::{Facts, Form, Quantity, pairs};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;

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
        let [first, second] = [self.0, self.1].map(|at| replicate.plan.blocks[at].indicators.clone());
        let mut sum = replicate.work.zero;
        for row in first.clone() {
            for column in second.clone() {
                sum += replicate.correlation(row, column);
            }
        }
        let mean = sum / replicate.work.zero.splat((first.len() * second.len()) as f64);
        // The root of a negative mean is NaN, as the ratio is to be: with two of them there is none either.
        (mean / (mean_within(replicate, &first).sqrt() * mean_within(replicate, &second).sqrt())).abs()
    }
}

/// The mean correlation between the indicators of a construct; 1 for a single one.
#[inline(always)]
fn mean_within<N: Number>(replicate: &Replicate<'_, N>, block: &Range<usize>) -> N {
    if block.len() == 1 {
        return replicate.work.one;
    }
    replicate.correlations_within(block) / replicate.work.zero.splat((block.len() * (block.len() - 1) / 2) as f64)
}
