//! Models that are estimated in stages, compiled to linear forms.
//!
//! Every indicator of every stage is linear in the answers and the products of two answers, with coefficients that a
//! resample determines. So are its covariances in theirs, which are sums over the rows like all others: no row has to be
//! gone through again.

mod lanes;

use std::collections::HashMap;

pub(super) use lanes::{Stages, Terms};

use crate::structural::plan::Plan;
use crate::structural::stages::{Column, Stage};

/// The stages of a model compiled.
#[derive(Debug, Clone)]
pub(super) struct Staged {
    /// The pairs of answers whose products stand behind the answers.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Where they stand: answers × answers.
    places: Vec<usize>,
    answers: usize,
    steps: Vec<Step>,
}

/// One stage.
#[derive(Debug, Clone)]
struct Step {
    plan: Plan,
    columns: Vec<Linear>,
    /// What the errors that the plan knows are in a resample.
    errors: Vec<KnownError>,
    /// Does the next stage take its scores?
    scored: bool,
}

/// The measurement error of an indicator in a resample.
#[derive(Debug, Clone, Copy)]
enum KnownError {
    /// As the plan has it.
    Fixed,
    /// That of an error of the stage before.
    Kept(usize),
    /// What the reliability of a construct in the stage before leaves.
    Score(usize),
}

/// An indicator as a linear form.
#[derive(Debug, Clone)]
struct Linear {
    column: Column,
    /// What it is made of.
    support: Vec<usize>,
    /// What the factors of a product are made of.
    factors: [Vec<usize>; 2],
}

fn union<'a>(lists: impl IntoIterator<Item = &'a Vec<usize>>) -> Vec<usize> {
    let mut all: Vec<usize> = lists.into_iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Where the known errors of a stage come from; `None` if from moments of scores.
fn known_errors(plan: &Plan, columns: &[Linear], before: Option<&Step>) -> Option<Vec<KnownError>> {
    let source = |indicators: [usize; 2]| {
        let [row, column] = indicators;
        match columns[row].column {
            _ if row != column => None,
            Column::Score(construct) => Some(KnownError::Score(construct)),
            Column::Indicator(at) => {
                let kept =
                    before.and_then(|step| step.plan.errors.iter().position(|error| error.indicators == [at, at]));
                Some(kept.map_or(KnownError::Fixed, KnownError::Kept))
            }
            _ => None,
        }
    };
    plan.errors.iter().map(|error| source(error.indicators)).collect()
}

impl Staged {
    /// `None` if products are taken of products, or are corrected for attenuation.
    pub(super) fn new(stages: &[Stage], plans: Vec<Plan>, answers: usize) -> Option<Self> {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        let mut numbers = HashMap::new();
        let mut before: Vec<Vec<usize>> = (0..answers).map(|at| vec![at]).collect();
        let mut steps: Vec<Step> = Vec::new();
        for (stage, plan) in stages.iter().zip(plans) {
            let score = |construct: usize| {
                let block = steps.last().map_or(0..0, |step: &Step| step.plan.blocks[construct].indicators.clone());
                union(&before[block])
            };
            let mut columns = Vec::with_capacity(stage.columns.len());
            for column in &stage.columns {
                let factors = match column {
                    Column::Indicator(_) | Column::Score(_) => [Vec::new(), Vec::new()],
                    Column::ScoreProduct(one, other) => [score(*one), score(*other)],
                    Column::IndicatorProduct(one, other) | Column::Residual((one, other), _) => {
                        [before[*one].clone(), before[*other].clone()]
                    }
                };
                if factors.iter().flatten().any(|at| *at >= answers) {
                    return None;
                }
                let mut products = Vec::new();
                for (one, other) in factors[0].iter().flat_map(|one| factors[1].iter().map(move |other| (one, other))) {
                    let pair = (*one.min(other), *one.max(other));
                    products.push(*numbers.entry(pair).or_insert_with(|| {
                        pairs.push(pair);
                        answers + pairs.len() - 1
                    }));
                }
                let own = match column {
                    Column::Indicator(at) => before[*at].clone(),
                    Column::Score(at) => score(*at),
                    Column::Residual(_, explaining) => union(explaining.iter().map(|at| &before[*at])),
                    Column::ScoreProduct(..) | Column::IndicatorProduct(..) => Vec::new(),
                };
                let support = union([&own, &products, &factors[0], &factors[1]]);
                columns.push(Linear { column: column.clone(), support, factors });
            }
            before = columns.iter().map(|column| column.support.clone()).collect();
            let takes = |column: &Column| matches!(column, Column::Score(_) | Column::ScoreProduct(..));
            let errors = known_errors(&plan, &columns, steps.last())?;
            if let Some(last) = steps.last_mut() {
                last.scored = stage.columns.iter().any(takes);
            }
            steps.push(Step { plan, columns, errors, scored: false });
        }
        let mut places = vec![0; answers * answers];
        for (&(one, other), number) in &numbers {
            places[one * answers + other] = *number;
            places[other * answers + one] = *number;
        }
        Some(Self { pairs, places, answers, steps })
    }

    /// The number of the last stage.
    pub(super) fn last(&self) -> usize {
        self.steps.len() - 1
    }

    /// How many answers and products there are.
    fn size(&self) -> usize {
        self.answers + self.pairs.len()
    }
}
