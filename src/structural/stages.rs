//! The stages in which a model with products or constructs of higher order is estimated, as what each is made of.
//!
//! [`Pls::first_order`] goes through them on answers; the replicates of a bootstrap go through them on moments.

use std::collections::HashMap;

use crate::error::Result;
use crate::structural::higher_order::HigherOrder;
use crate::structural::interaction::{Interaction, name, pairs};
use crate::structural::model::Model;
use crate::structural::pls::Pls;
use crate::survey::Responses;

/// A model of plain constructs and paths, and its indicators in terms of the stage before.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) pls: Pls,
    pub(crate) model: Model,
    /// One for each indicator of the model.
    pub(crate) columns: Vec<Column>,
}

/// What an indicator is, in terms of the constructs and indicators of the stage before; in the first stage, of the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    Indicator(usize),
    Score(usize),
    ScoreProduct(usize, usize),
    /// Of standardised indicators.
    IndicatorProduct(usize, usize),
    /// What such a product has that these indicators do not explain.
    Residual((usize, usize), Vec<usize>),
}

/// Stages as they are added, and the columns that the next one may have, by name.
struct Sequence {
    stages: Vec<Stage>,
    known: HashMap<String, Column>,
}

impl Sequence {
    /// `None` for a model with an indicator of another make.
    fn push(&mut self, pls: Pls, model: Model) -> Option<()> {
        let columns: Option<Vec<Column>> = model.indicators().map(|name| self.known.get(name).cloned()).collect();
        let indicators = model.indicators().enumerate().map(|(at, name)| (name.to_owned(), Column::Indicator(at)));
        let constructs = model.constructs().iter().enumerate();
        let scores = constructs.map(|(at, construct)| (format!("{}.score", construct.name()), Column::Score(at)));
        self.known = indicators.chain(scores).collect();
        self.stages.push(Stage { pls, model, columns: columns? });
        Some(())
    }

    /// Makes the products of a model known that is to come after the last stage.
    fn multiply(&mut self, model: &Model, interaction: Interaction) {
        let first = |at: usize| model.constructs()[..at].iter().map(|construct| construct.indicators().len()).sum();
        let block = |at: usize| {
            let start: usize = first(at);
            (start..).zip(model.constructs()[at].indicators())
        };
        if !matches!(interaction, Interaction::Sequential | Interaction::SequentialMoments) {
            // No construct is at its score, and an indicator may be called as one would be.
            let indicators = model.indicators().enumerate();
            self.known.extend(indicators.map(|(at, name)| (name.to_owned(), Column::Indicator(at))));
        }
        for (one, other) in pairs(model) {
            if interaction.has_stages() {
                self.known.insert(format!("{}.score", name(model, one, other)), Column::ScoreProduct(one, other));
                continue;
            }
            let mut factors: Vec<usize> = block(one).chain(block(other)).map(|(at, _)| at).collect();
            factors.sort_unstable();
            factors.dedup();
            for (left, left_name) in block(one) {
                for (right, right_name) in block(other) {
                    let product = match interaction {
                        Interaction::Orthogonal => Column::Residual((left, right), factors.clone()),
                        _ => Column::IndicatorProduct(left, right),
                    };
                    self.known.insert(format!("{left_name}.{right_name}"), product);
                }
            }
        }
    }
}

impl Pls {
    /// The stages of a model that is not of first order; `None` if it has a column that is not among [`Column`]s.
    ///
    /// # Errors
    ///
    /// Those of [`Pls::first_order`].
    pub(crate) fn stages(&self, model: &Model, responses: &Responses) -> Result<Option<Vec<Stage>>> {
        let answers = responses.select(model.indicators())?;
        let known = model.indicators().enumerate().map(|(at, name)| (name.to_owned(), Column::Indicator(at))).collect();
        let mut sequence = Sequence { stages: Vec::new(), known };
        let mut complete = true;
        if model.higher().next().is_some() {
            let approach = self.higher_order_in_use();
            if matches!(approach, HigherOrder::RepeatedIndicators | HigherOrder::EmbeddedTwoStage) {
                for construct in model.higher() {
                    for dimension in construct.dimensions() {
                        for indicator in model.construct(dimension)?.indicators() {
                            let copied = sequence.known.get(indicator).cloned();
                            let copy = format!("{}.{indicator}", construct.name());
                            sequence.known.extend(copied.map(|column| (copy, column)));
                        }
                    }
                }
            }
            if approach != HigherOrder::RepeatedIndicators {
                let (first, _) = self.stage_of_dimensions(model, &answers)?;
                complete &= sequence.push(first.estimator().clone(), first.model().clone()).is_some();
            }
        }
        let (pls, single, answers) = self.with_dimensions(model, answers)?;
        if single.products().is_empty() {
            complete &= sequence.push(pls, single).is_some();
        } else {
            let main = single.main_effects();
            complete &= sequence.push(pls.restricted_to(&main), main).is_some();
            sequence.multiply(&single, self.interaction_in_use());
            let (pls, last, _) = pls.with_products(&single, answers)?;
            complete &= sequence.push(pls, last).is_some();
        }
        Ok(complete.then_some(sequence.stages))
    }
}
