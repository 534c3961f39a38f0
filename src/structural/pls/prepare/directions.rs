//! The directions in which the scales of a construct's indicators point.

use crate::structural::model::Model;
use crate::structural::pls::Pls;
use crate::structural::pls::algorithm::plan::Plan;
use crate::survey::{Direction, Scale};

/// −1 for an indicator on whose scale low answers are good, where the same construct has others on whose scales they are
/// not; 1 for all others.
///
/// A construct whose scales all point one way is called by what they measure: complaints are not turned into their absence.
pub(crate) fn signs(model: &Model, scales: impl IntoIterator<Item = Option<Scale>>) -> Vec<f64> {
    let sign = |scale: Option<Scale>| scale.map_or(Direction::HigherIsBetter, Scale::direction).sign();
    let mut signs: Vec<f64> = scales.into_iter().map(sign).collect();
    let mut rest = signs.as_mut_slice();
    for construct in model.constructs() {
        let (block, after) = rest.split_at_mut(construct.indicators().len());
        if block.iter().all(|sign| *sign < 0.0) {
            block.fill(1.0);
        }
        rest = after;
    }
    signs
}

impl Pls {
    /// Lets the iteration start from answers that point the same way within each construct, unless it was told where to
    /// start; so does a sum score add them up.
    pub(crate) fn orient(&self, plan: &mut Plan, model: &Model, scales: impl IntoIterator<Item = Option<Scale>>) {
        let signs = signs(model, scales);
        for (block, construct) in plan.blocks.iter().zip(model.constructs()) {
            if self.start.iter().all(|(name, _)| name != construct.name()) {
                let block = block.indicators.clone();
                plan.start[block.clone()].iter_mut().zip(&signs[block]).for_each(|(start, sign)| *start *= sign);
            }
        }
    }
}
