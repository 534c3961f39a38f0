//! The estimates of a fit, corrected for attenuation.

use super::Fit;
use crate::error::{ErrorKind, Faults, Result};
use crate::structural::assess::regression::regress;
use crate::structural::consistent::{Attenuation, disattenuate};
use crate::structural::model::ConstructKind;

impl Fit {
    /// Takes the estimates of the scores' relations to those of the constructs' (PLSc).
    pub(in crate::structural::pls) fn consistent(mut self) -> Result<Self> {
        let (shape, matrix, weights) = (self.shape(), self.metric_matrix(), self.metric_weights());
        let mut faults = Faults::default();
        for (at, block) in shape.blocks.iter().enumerate() {
            if shape.kinds[at] == ConstructKind::Composite {
                continue;
            }
            let Some(attenuation) = Attenuation::of(&matrix, block, &weights, self.modes[at]) else {
                faults.push(ErrorKind::Degenerate {
                    place: format!("construct `{}`", self.model.constructs()[at].name()),
                    reason: "ρ_A is undefined, so nothing can be corrected for attenuation: its indicators do not \
                             correlate as those of a common factor do"
                        .into(),
                });
                continue;
            };
            self.reliabilities[at] = attenuation.reliability;
            self.cross_loadings.column_mut(at).unscale_mut(attenuation.reliability.sqrt());
            for indicator in block.clone() {
                self.cross_loadings[(indicator, at)] = attenuation.loading(&matrix, block, &weights, indicator);
            }
        }
        faults.or(())?;
        disattenuate(&mut self.correlations, &self.reliabilities);
        let mut faults = Faults::default();
        for to in shape.endogenous() {
            let Some(regression) = regress(&self.correlations, &shape.predecessors[to], to) else {
                faults.push(self.dependent_predecessors(to));
                continue;
            };
            for (from, coefficient) in shape.predecessors[to].iter().zip(&regression.coefficients) {
                self.paths[(to, *from)] = *coefficient;
            }
            self.r_squared[to] = Some(regression.r_squared);
        }
        faults.or(self)
    }

    fn dependent_predecessors(&self, at: usize) -> ErrorKind {
        ErrorKind::Singular {
            place: format!("the corrected correlation matrix of the predecessors of construct `{}`", self.name(at)),
            reason: "one of them is a linear combination of the others".into(),
        }
    }
}
