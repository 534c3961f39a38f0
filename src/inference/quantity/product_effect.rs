//! The effect of the product of two constructs in units of their standard deviations.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::pls::Interaction;
use crate::structural::stages::interaction::{product_effect, unit_of_constructs};

pub(super) const FACTS: Facts =
    Facts { kind: "product_effects", form: Form::Product, signed: true, undefined: None, assessment: false };

/// The product of two constructs that acts on a third, as numbers of the last stage.
pub(in crate::inference) struct Read {
    construct: usize,
    path: usize,
    /// Its factors, if it is corrected for attenuation.
    corrected: Option<[usize; 2]>,
    /// Have moments of products another divisor than variances?
    mixed: bool,
}

/// The products of a fit that is the last of several stages.
pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    let fit = sample.fit;
    let Some(staged) = fit.staged() else { return Vec::new() };
    let mixed = fit.estimator().interaction_in_use() == Interaction::SequentialMoments;
    let known = |at: usize| staged.model.constructs()[at].name().to_owned();
    let effect = |&(first, second, to): &(usize, usize, usize)| {
        let position = |name: &str| fit.model().position(name).ok();
        let construct = staged.product(first, second)?;
        let (first, second, to) = (known(first), known(second), known(to));
        let path = sample.path(construct, position(&to)?)?;
        let factors = || Some([position(&first)?, position(&second)?]);
        let corrected = if fit.corrects_product(construct) { factors() } else { None };
        Some((Quantity::ProductEffect { first, second, to }, Read { construct, path, corrected, mixed }))
    };
    staged.model.products().iter().filter_map(effect).collect()
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        let Replicate { plan, work, resample, common, .. } = replicate;
        let (from, to) = plan.paths[self.path];
        let block = plan.blocks[self.construct].indicators.clone();
        let mut unit = work.one;
        if let Some(factors) = self.corrected {
            let known = &work.reliabilities;
            let n = self.mixed.then_some(resample.n);
            unit = unit_of_constructs(known[self.construct], [known[factors[0]], known[factors[1]]], n);
        }
        let (deviations, loadings) = (&common.deviations[block.clone()], &common.loadings[block]);
        replicate.turned(from, to, product_effect(work.paths[self.path], deviations, loadings, unit))
    }
}
