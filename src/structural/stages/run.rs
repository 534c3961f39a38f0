//! A model in stages in a sample: through all of them but the last, for which everything is made ready.

use crate::error::Result;
use crate::structural::model::Model;
use crate::structural::pls::stage::{Column, Formula, Stage, Staged};
use crate::structural::pls::{Fit, Pls};
use crate::structural::stages::columns::{Before, Table};
use crate::structural::stages::expanded::Expanded;
use crate::survey::{Missing, Moments, Responses};

/// What the stages are in a sample.
pub(crate) struct Run {
    /// The options of each stage with the reliabilities that the one before gave.
    estimated: Vec<Pls>,
    formulas: Vec<Vec<Formula>>,
    /// Of the answers that were asked for.
    asked: Moments,
    /// Of the indicators of each stage.
    moments: Vec<Moments>,
    /// The standardised weights of each stage but the last; none where the next one takes no scores.
    pub(crate) weights: Vec<Vec<f64>>,
    /// −1 for each construct of these stages that points the other way than in the sample.
    pub(crate) directions: Vec<Vec<f64>>,
}

/// The sample that a resample is drawn from.
#[derive(Clone, Copy, Default)]
pub(crate) struct Directed<'a> {
    /// The standardised weights of each stage there, as far as they are known.
    pub(crate) weights: &'a [Vec<f64>],
    /// Are the scores of a stage to point as they do there?
    pub(crate) turn: bool,
}

impl Directed<'_> {
    /// −1 for each construct of a stage whose score correlates negatively with the one that the weights of the sample give.
    fn directions(self, stage: usize, fit: &Fit) -> Vec<f64> {
        let loadings = fit.loading_matrix();
        let direction = |construct: usize| {
            let weights = self.weights.get(stage).into_iter().flatten();
            let common: f64 = fit
                .model()
                .block(construct)
                .zip(weights.skip(fit.model().block(construct).start))
                .map(|(at, weight)| weight * loadings[(at, construct)])
                .sum();
            if common < 0.0 { -1.0 } else { 1.0 }
        };
        (0..fit.model().constructs().len()).map(direction).collect()
    }
}

impl Run {
    /// Missing answers are dealt with once, before the first stage.
    pub(crate) fn new(pls: &Pls, model: &Model, stages: &[Stage], responses: &Responses) -> Result<Self> {
        Self::directed(pls, model, stages, responses, Directed::default())
    }

    /// The same in a resample of a sample.
    pub(crate) fn directed(
        pls: &Pls,
        model: &Model,
        stages: &[Stage],
        responses: &Responses,
        sample: Directed<'_>,
    ) -> Result<Self> {
        let answers = responses.select(model.indicators()).map_err(|fault| fault.within("the data"))?;
        let policy = pls.missing_in_use();
        let asked = answers.moments(policy)?;
        let filled = if policy == Missing::Mean { asked.answers_filled() } else { 0 };
        let mut table = match policy {
            Missing::Mean if filled > 0 => Table::Answers(answers.filled_with(asked.means().unwrap_or_default())?),
            Missing::Pairwise | Missing::Em { .. } if answers.missing() > 0 => {
                Table::Moments(Expanded::new(&answers, asked.clone(), stages, policy)?)
            }
            _ => Table::Answers(answers),
        };
        let (mut run, mut before) = Self::start(model, asked, policy);
        for (at, stage) in stages.iter().enumerate() {
            let (next, formulas) = before.table_of(&table, stage)?;
            let moments = next.moments(policy)?.with_answers_filled(filled);
            before = run.take(&before, stage, stages.get(at + 1), formulas, moments)?;
            run.direct(&mut before, sample);
            table = next;
        }
        Ok(run)
    }

    /// Before the first stage.
    pub(super) fn start(model: &Model, asked: Moments, policy: Missing) -> (Self, Before<'_>) {
        let before = Before { model, columns: &[], moments: asked.clone(), fit: None, turned: Vec::new(), policy };
        let (estimated, formulas, moments) = (Vec::new(), Vec::new(), Vec::new());
        (Self { estimated, formulas, asked, moments, weights: Vec::new(), directions: Vec::new() }, before)
    }

    /// Takes a stage, with the numbers of its columns and the moments of its indicators.
    pub(super) fn take<'a>(
        &mut self,
        before: &Before<'_>,
        stage: &'a Stage,
        next: Option<&Stage>,
        formulas: Vec<Formula>,
        moments: Moments,
    ) -> Result<Before<'a>> {
        let pls = stage.pls.carried(stage, self.estimated.last(), before, &moments)?;
        let fit = match next {
            Some(next) if next.takes_scores() => Some(pls.fit_moments(&stage.model, || Ok(moments.clone()))?),
            // Its indicators are to be standardised.
            Some(_) => pls.problem(&moments).map(|_| None)?,
            None => None,
        };
        self.estimated.push(pls);
        self.formulas.push(formulas);
        self.moments.push(moments.clone());
        Ok(Before {
            model: &stage.model,
            columns: &stage.columns,
            moments,
            fit,
            turned: Vec::new(),
            policy: before.policy,
        })
    }

    /// Compares the directions of a stage's constructs with those in the sample, and turns its scores if it is asked to.
    fn direct(&mut self, stage: &mut Before<'_>, sample: Directed<'_>) {
        let weights = stage.fit.as_ref().map(Fit::standardised_weights).unwrap_or_default();
        let directions = stage.fit.as_ref().map(|fit| sample.directions(self.weights.len(), fit)).unwrap_or_default();
        if sample.turn {
            stage.turned.clone_from(&directions);
        }
        self.weights.push(weights);
        self.directions.push(directions);
    }

    /// The options of the last stage, and the moments of its indicators.
    pub(crate) fn into_last(mut self) -> Option<(Pls, Moments)> {
        self.estimated.pop().zip(self.moments.pop())
    }

    /// What the fit of the last stage keeps.
    pub(super) fn keep(self, pls: &Pls, model: &Model, stages: Vec<Stage>) -> Staged {
        let Self { estimated, formulas, asked, moments, .. } = self;
        Staged { pls: pls.clone(), model: model.clone(), stages, estimated, formulas, asked, moments }
    }
}

impl Staged {
    /// The fit of the last stage.
    pub(super) fn fit(self) -> Result<Fit> {
        let fit = self.last_options().fit_moments(&self.last().model, || Ok(self.last_moments().clone()))?;
        Ok(fit.with_stages(self))
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
