//! The effect of one construct on another over one route.

use crate::inference::quantity::{Facts, Form, Quantity};
use crate::inference::resample::Replicate;
use crate::inference::sample::Sample;
use crate::numeric::number::Number;
use crate::structural::model::effects;

pub(super) const FACTS: Facts =
    Facts { kind: "specific_indirect_effects", form: Form::Route, signed: true, undefined: None, assessment: false };

/// The paths along the route.
pub(in crate::inference) struct Read(Vec<usize>);

pub(super) fn entries(sample: &Sample<'_>) -> Vec<(Quantity, Read)> {
    // A model with too many routes has no effects route by route, in a fit or here.
    let routes = effects::indirect_routes(sample.fit.model()).unwrap_or_default();
    let entry = |route: Vec<usize>| {
        let paths = route.windows(2).filter_map(|step| sample.path(step[0], step[1])).collect();
        (Quantity::SpecificEffect { route: route.iter().map(|at| sample.name(*at)).collect() }, Read(paths))
    };
    routes.into_iter().map(entry).collect()
}

impl Read {
    #[inline(always)]
    pub(super) fn read<N: Number>(&self, replicate: &Replicate<'_, N>) -> N {
        let paths = &replicate.plan.paths;
        let ends = (paths[self.0[0]].0, paths[self.0[self.0.len() - 1]].1);
        let mut product = replicate.work.one;
        for path in &self.0 {
            product = product * replicate.work.paths[*path];
        }
        replicate.turned(ends.0, ends.1, product)
    }
}
