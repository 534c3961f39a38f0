//! Dijkstra and Henseler's ρ_A of a `=~` construct.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::pls::algorithm::consistent::rho_a;
use crate::structural::pls::params::Direction;
use crate::structural::model::ConstructKind;

pub(super) const FACTS: Facts = Facts {
    kind: "rho_a",
    form: Form::Construct,
    signed: false,
    undefined: Some("the indicators do not correlate as those of one common factor"),
    assessment: true,
};

/// The construct, and what its loadings are proportional to.
pub(in crate::inference) struct Read(usize, Direction);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    let constructs = sample.fit.model().constructs();
    let factor = |at: &usize| {
        sample.plan.blocks[*at].indicators.len() > 1 && constructs[*at].kind() == ConstructKind::Reflective
    };
    let read = |at: usize| Read(at, Direction::of(sample.fit.modes()[at]));
    let factors = (0..constructs.len()).filter(factor);
    factors.map(|at| (Quantity::RhoA { construct: sample.name(at) }, read(at))).collect()
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        let Replicate { plan, matrix, work, .. } = replicate;
        let block = &plan.blocks[self.0];
        if block.correction.is_some() {
            return work.reliabilities[self.0];
        }
        let (size, range) = (plan.size(), &block.indicators);
        let weights = &work.weights[range.clone()];
        let direction = match self.1 {
            Direction::Weights => weights,
            Direction::Products => &work.cross[self.0 * size + range.start..self.0 * size + range.end],
        };
        rho_a(*matrix, range, weights, direction)
    }
}
