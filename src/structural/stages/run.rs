//! A model in stages in a sample: through all of them but the last, for which everything is made ready.

use crate::error::Result;
use crate::structural::model::Model;
use crate::structural::pls::Pls;
use crate::structural::pls::stage::{Column, Formula, Stage, Staged};
use crate::structural::stages::columns::{Before, Table};
use crate::structural::stages::expanded::Expanded;
use crate::survey::{Indicator, Missing, Moments, Responses, Scale};

/// What the stages are in a sample.
pub(crate) struct Run {
    /// The options of each stage with the reliabilities that the one before gave.
    estimated: Vec<Pls>,
    formulas: Vec<Vec<Formula>>,
    /// Of the answers that were asked for.
    asked: Moments,
    /// The scales of the indicators of each stage.
    scales: Vec<Vec<Option<Scale>>>,
    /// Of the indicators of the last stage.
    moments: Moments,
}

impl Run {
    /// Missing answers are dealt with once, before the first stage.
    pub(crate) fn new(pls: &Pls, model: &Model, stages: &[Stage], responses: &Responses) -> Result<Self> {
        let answers = responses.select(model.indicators()).map_err(|fault| fault.within("the data"))?;
        let policy = pls.missing_in_use();
        let asked = answers.moments(policy)?;
        let filled = if policy == Missing::Mean { asked.answers_filled() } else { 0 };
        let table = match policy {
            Missing::Mean if filled > 0 => Table::Answers(answers.filled_with(asked.means().unwrap_or_default())?),
            Missing::Pairwise | Missing::Em { .. } if answers.missing() > 0 => {
                Table::Moments(Expanded::new(&answers, asked.clone(), stages, policy)?)
            }
            _ => Table::Answers(answers),
        };
        let mut before = Before { model, columns: &[], table, moments: asked.clone(), fit: None, policy };
        let (mut estimated, mut formulas, mut scales): (Vec<Pls>, _, _) = (Vec::new(), Vec::new(), Vec::new());
        for (at, stage) in stages.iter().enumerate() {
            let (table, own) = before.table_of(stage)?;
            let moments = table.moments(policy)?.with_answers_filled(filled);
            let pls = stage.pls.carried(stage, estimated.last(), &before, &moments)?;
            let fit = match stages.get(at + 1) {
                Some(next) if next.takes_scores() => Some(pls.fit_moments(&stage.model, || Ok(moments.clone()))?),
                // Its indicators are to be standardised.
                Some(_) => pls.problem(&moments).map(|_| None)?,
                None => None,
            };
            estimated.push(pls);
            formulas.push(own);
            scales.push(moments.indicators().iter().map(Indicator::scale).collect());
            before = Before { model: &stage.model, columns: &stage.columns, table, moments, fit, policy };
        }
        Ok(Self { estimated, formulas, asked, scales, moments: before.moments })
    }

    /// The options of the last stage, and the moments of its indicators.
    pub(crate) fn into_last(mut self) -> Option<(Pls, Moments)> {
        self.estimated.pop().map(|pls| (pls, self.moments))
    }

    /// What the fit of the last stage keeps, and the moments that it is made from.
    pub(super) fn keep(self, pls: &Pls, model: &Model, stages: Vec<Stage>) -> (Staged, Moments) {
        let Self { estimated, formulas, asked, scales, moments } = self;
        (Staged { pls: pls.clone(), model: model.clone(), stages, estimated, formulas, asked, scales }, moments)
    }
}

impl Pls {
    /// These options with what the stage before tells of the errors in the indicators of this one.
    fn carried(&self, stage: &Stage, earlier: Option<&Self>, before: &Before<'_>, moments: &Moments) -> Result<Self> {
        let names: Vec<&str> = before.model.indicators().collect();
        let mut pls = self.clone();
        for (name, column) in stage.model.indicators().zip(&stage.columns) {
            let reliability = match column {
                Column::Indicator(from) if pls.reliability_of(name).is_none() => {
                    earlier.and_then(|pls| pls.reliability_of(names[*from]))
                }
                Column::Score(construct) => before.reliability(*construct).filter(|reliability| *reliability != 1.0),
                _ => None,
            };
            if let Some(reliability) = reliability {
                pls = pls.reliability(name, reliability);
            }
        }
        let pairs = stage.pairs();
        match &before.fit {
            Some(fit) if self.interaction_in_use().is_sequential() && !pairs.is_empty() => {
                pls.with_errors_of_products(&pairs, fit, moments)
            }
            _ => Ok(pls),
        }
    }
}
