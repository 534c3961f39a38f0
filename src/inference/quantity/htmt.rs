//! The heterotrait-monotrait ratio of two constructs.

use crate::inference::quantity::{Facts, Form, Quantity, pairs};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::lane::Lane;

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
    pub(super) fn read<const L: usize>(&self, replicate: &Replicate<'_, L>) -> Lane<L> {
        let [first, second] = [self.0, self.1].map(|at| replicate.plan.blocks[at].indicators.clone());
        let mut sum = Lane::ZERO;
        for row in first.clone() {
            for column in second.clone() {
                sum += replicate.correlation(row, column);
            }
        }
        let mean = sum / Lane([(first.len() * second.len()) as f64; L]);
        let within = |block: &std::ops::Range<usize>| {
            if block.len() == 1 {
                return Lane::ONE;
            }
            replicate.correlations_within(block) / Lane([(block.len() * (block.len() - 1) / 2) as f64; L])
        };
        // The root of a negative mean is NaN, as the ratio is to be: with two of them there is none either.
        (mean / (within(&first).sqrt() * within(&second).sqrt())).abs()
    }
}
