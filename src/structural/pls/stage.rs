//! One of the stages in which a model is estimated: what each of its indicators is.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::structural::model::Model;
use crate::structural::pls::Pls;
use crate::structural::pls::algorithm::plan::Plan;
use crate::survey::{Indicator, Missing, Moments, Responses};

/// A model of plain constructs and paths, with its indicators in terms of the stage before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stage {
    pub(crate) pls: Pls,
    pub(crate) model: Model,
    /// One for each indicator of the model.
    pub(crate) columns: Vec<Column>,
}

impl Stage {
    /// Does this stage take scores of the constructs of the one before?
    pub(crate) fn takes_scores(&self) -> bool {
        !self.scores().is_empty()
    }

    /// The constructs of the stage before whose scores it takes, by themselves or in products.
    pub(crate) fn scores(&self) -> BTreeSet<usize> {
        let scores = |column: &Column| match column {
            Column::Score(construct) => vec![*construct],
            Column::ScoreProduct(one, other) => vec![*one, *other],
            _ => Vec::new(),
        };
        self.columns.iter().flat_map(scores).collect()
    }

    /// The constructs of the stage before whose scores are multiplied.
    pub(crate) fn pairs(&self) -> Vec<(usize, usize)> {
        let pair = |column: &Column| match column {
            Column::ScoreProduct(one, other) => Some((*one, *other)),
            _ => None,
        };
        self.columns.iter().filter_map(pair).collect()
    }
}

/// What an indicator is, in terms of the constructs and indicators of the stage before; in the first stage, of the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    /// An indicator as it is. Where two columns are the same one, the second repeats it for a construct of higher order.
    Indicator(usize),
    Score(usize),
    ScoreProduct(usize, usize),
    /// Of standardised indicators.
    IndicatorProduct(usize, usize),
    /// A product of standardised indicators less the part that these indicators explain.
    Residual((usize, usize), Vec<usize>),
}

/// An indicator of the stage before less its mean, times a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Term {
    pub(crate) from: usize,
    pub(crate) mean: f64,
    pub(crate) weight: f64,
}

impl Term {
    fn at(&self, row: usize, table: &[&[f64]]) -> f64 {
        self.weight * (table[self.from][row] - self.mean)
    }
}

/// A factor of a product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Factor {
    Score(Vec<Term>),
    Standardised { from: usize, mean: f64, deviation: f64 },
}

impl Factor {
    fn at(&self, row: usize, table: &[&[f64]]) -> f64 {
        match self {
            Self::Score(terms) => sum(terms, row, table),
            Self::Standardised { from, mean, deviation } => (table[*from][row] - mean) / deviation,
        }
    }
}

/// A [`Column`] with the numbers that a sample gave it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Formula {
    Indicator(usize),
    Score(Vec<Term>),
    Product(Factor, Factor),
    /// The product of two factors less its mean and less these terms.
    Residual {
        factors: [Factor; 2],
        mean: f64,
        explained: Vec<Term>,
    },
}

fn sum(terms: &[Term], row: usize, table: &[&[f64]]) -> f64 {
    terms.iter().fold(0.0, |sum, term| sum + term.at(row, table))
}

impl Formula {
    /// The values of the column for each respondent, from the columns of the stage before; NaN where one of them is.
    pub(crate) fn values(&self, rows: usize, table: &[&[f64]]) -> Vec<f64> {
        let value = |row: usize| match self {
            Self::Indicator(from) => table[*from][row],
            Self::Score(terms) => sum(terms, row, table),
            Self::Product(one, other) => one.at(row, table) * other.at(row, table),
            Self::Residual { factors: [one, other], mean, explained } => {
                let deviation = one.at(row, table) * other.at(row, table) - mean;
                explained.iter().fold(deviation, |rest, term| rest - term.at(row, table))
            }
        };
        (0..rows).map(value).collect()
    }
}

/// What stands behind a fit that is the last of several stages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Staged {
    /// The options and the model that were asked for.
    pub(crate) pls: Pls,
    pub(crate) model: Model,
    /// All stages, the last included.
    pub(crate) stages: Vec<Stage>,
    /// The options of each stage with the reliabilities that the one before gave.
    pub(crate) estimated: Vec<Pls>,
    /// The columns of each stage with their numbers.
    pub(crate) formulas: Vec<Vec<Formula>>,
    /// The moments of the answers that were asked for.
    pub(crate) asked: Moments,
    /// The moments of the indicators of each stage.
    pub(crate) moments: Vec<Moments>,
}

impl Staged {
    /// The columns of the last stage for each respondent, from the answers to the indicators that were asked for; NaN marks a
    /// missing one, which [`Missing::Mean`] takes to be the mean of the fit.
    fn columns(&self, mut table: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        if self.pls.missing_in_use() == Missing::Mean {
            fill(&mut table, self.asked.means().unwrap_or_default());
        }
        let rows = table.first().map_or(0, Vec::len);
        for formulas in &self.formulas {
            let before: Vec<&[f64]> = table.iter().map(Vec::as_slice).collect();
            table = formulas.iter().map(|formula| formula.values(rows, &before)).collect();
        }
        table
    }

    /// The same from responses that have these indicators, in their order.
    pub(crate) fn columns_of(&self, answers: &Responses) -> Vec<Vec<f64>> {
        let table = (0..answers.indicators().len()).map(|at| answers.answers_to(at).to_vec()).collect();
        self.columns(table)
    }

    /// The answer that a column of the last stage is.
    pub(crate) fn answer(&self, column: usize) -> Option<usize> {
        self.stages.iter().rev().try_fold(column, |at, stage| match stage.columns[at] {
            Column::Indicator(from) => Some(from),
            _ => None,
        })
    }

    /// The construct of an earlier stage whose score a column of the last stage is.
    pub(crate) fn score(&self, mut column: usize) -> Option<&str> {
        for (number, stage) in self.stages.iter().enumerate().rev() {
            match stage.columns[column] {
                Column::Indicator(from) => column = from,
                Column::Score(construct) => {
                    return Some(self.stages[number.checked_sub(1)?].model.constructs()[construct].name());
                }
                _ => return None,
            }
        }
        None
    }

    /// The plans of all stages as the sample was estimated by them.
    pub(crate) fn plans(&self) -> Result<Vec<Plan>> {
        let stages = self.stages.iter().zip(&self.estimated).zip(&self.moments);
        let plan = |((stage, pls), moments): ((&Stage, &Pls), &Moments)| {
            let (mut plan, _) = pls.plan(&stage.model)?;
            pls.orient(&mut plan, &stage.model, moments.indicators().iter().map(Indicator::scale));
            Ok(plan)
        };
        stages.map(plan).collect()
    }

    /// The last stage.
    pub(crate) fn last(&self) -> &Stage {
        &self.stages[self.stages.len() - 1]
    }

    /// The options under which the last stage is estimated.
    pub(crate) fn last_options(&self) -> &Pls {
        &self.estimated[self.estimated.len() - 1]
    }

    /// The moments of the indicators of the last stage.
    pub(crate) fn last_moments(&self) -> &Moments {
        &self.moments[self.moments.len() - 1]
    }

    /// The product of two constructs that was asked for, as a construct of the last stage.
    pub(crate) fn product(&self, first: usize, second: usize) -> Option<usize> {
        let pairs = self.model.factors();
        let place = pairs.iter().position(|pair| *pair == (first.min(second), first.max(second)))?;
        Some(self.last().model.constructs().len() - pairs.len() + place)
    }
}

/// Puts the means in the place of missing answers of the respondents who have any answer.
fn fill(table: &mut [Vec<f64>], means: &[f64]) {
    let rows = table.first().map_or(0, Vec::len);
    for row in 0..rows {
        if table.iter().any(|column| !column[row].is_nan()) {
            for (column, mean) in table.iter_mut().zip(means).filter(|(column, _)| column[row].is_nan()) {
                column[row] = *mean;
            }
        }
    }
}
