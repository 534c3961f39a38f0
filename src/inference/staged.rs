//! Models that are estimated in stages, compiled to linear forms.
//!
//! Every indicator of every stage is linear in the answers and the products of two answers, with coefficients that a
//! resample determines. So are its covariances in theirs, which are sums over the rows like all others: no row has to be
//! gone through again.

mod errors;
mod lanes;

use std::collections::HashMap;

pub(super) use lanes::{Stages, Terms};

use crate::inference::staged::errors::Errors;
use crate::structural::linear_index::Ends;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::stage::{Column, Stage};

/// With more pairs of answers than this their sums cost more than to estimate each replicate from its answers.
pub(super) const MOST_PAIRS: usize = 400;

/// The stages of a model compiled.
#[derive(Debug, Clone)]
pub(super) struct Staged {
    /// The pairs of answers whose products stand behind the answers.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Where they stand: answers × answers.
    places: Vec<usize>,
    answers: usize,
    /// The anchors of their scales.
    ends: Vec<Ends<f64>>,
    steps: Vec<Step>,
}

/// One stage.
#[derive(Debug, Clone)]
struct Step {
    plan: Plan,
    columns: Vec<Linear>,
    errors: Errors,
    /// Does the next stage take its scores?
    scored: bool,
}

/// An indicator as a linear form.
#[derive(Debug, Clone)]
struct Linear {
    column: Column,
    /// The answer that it is.
    answer: Option<usize>,
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

/// The pairs of answers whose products are needed, numbered as they come.
struct Pairs {
    answers: usize,
    known: Vec<(usize, usize)>,
    numbers: HashMap<(usize, usize), usize>,
}

impl Pairs {
    fn number(&mut self, one: usize, other: usize) -> usize {
        let pair = (one.min(other), one.max(other));
        *self.numbers.entry(pair).or_insert_with(|| {
            self.known.push(pair);
            self.answers + self.known.len() - 1
        })
    }

    /// An indicator in terms of answers and pairs; `None` for a product of products. `before` holds the indicators of the
    /// stage before, which is `step`.
    fn linear(&mut self, column: &Column, before: &[Linear], step: Option<&Step>) -> Option<Linear> {
        let indicator = |at: usize| before[at].support.clone();
        let score = |construct: usize| {
            let block = step.map_or(0..0, |step| step.plan.blocks[construct].indicators.clone());
            union(before[block].iter().map(|linear| &linear.support))
        };
        let (mut support, mut answer) = (Vec::new(), None);
        let mut factors = [Vec::new(), Vec::new()];
        match column {
            Column::Indicator(at) => (support, answer) = (indicator(*at), before[*at].answer),
            Column::Score(at) => support = score(*at),
            Column::ScoreProduct(one, other) => factors = [score(*one), score(*other)],
            Column::IndicatorProduct(one, other) => factors = [indicator(*one), indicator(*other)],
            Column::Residual((one, other), explaining) => {
                factors = [indicator(*one), indicator(*other)];
                support = union(explaining.iter().map(|at| &before[*at].support));
            }
        }
        if factors.iter().flatten().any(|at| *at >= self.answers) {
            return None;
        }
        let both = factors[0].iter().flat_map(|one| factors[1].iter().map(move |other| (*one, *other)));
        let products = both.map(|(one, other)| self.number(one, other)).collect();
        support = union([&support, &products, &factors[0], &factors[1]]);
        Some(Linear { column: column.clone(), answer, support, factors })
    }
}

impl Staged {
    /// `mixed` is whether moments of products have another divisor than variances. `None` if products are taken of products,
    /// or of too many pairs.
    pub(super) fn new(stages: &[Stage], plans: Vec<Plan>, ends: Vec<Ends<f64>>, mixed: bool) -> Option<Self> {
        let answers = ends.len();
        let mut pairs = Pairs { answers, known: Vec::new(), numbers: HashMap::new() };
        let own = |at| Linear {
            column: Column::Indicator(at),
            answer: Some(at),
            support: vec![at],
            factors: [Vec::new(), Vec::new()],
        };
        let asked: Vec<Linear> = (0..answers).map(own).collect();
        let mut steps: Vec<Step> = Vec::new();
        for (stage, plan) in stages.iter().zip(plans) {
            let before = steps.last();
            let indicators = before.map_or(&asked, |step| &step.columns);
            let columns = stage.columns.iter().map(|column| pairs.linear(column, indicators, before));
            let columns = columns.collect::<Option<Vec<_>>>()?;
            let errors = Errors::new(&plan, &columns, before, mixed);
            let takes = |column: &Column| matches!(column, Column::Score(_) | Column::ScoreProduct(..));
            if let Some(last) = steps.last_mut() {
                last.scored = stage.columns.iter().any(takes);
            }
            steps.push(Step { plan, columns, errors, scored: false });
        }
        if pairs.known.len() > MOST_PAIRS {
            return None;
        }
        let mut places = vec![0; answers * answers];
        for (&(one, other), number) in &pairs.numbers {
            places[one * answers + other] = *number;
            places[other * answers + one] = *number;
        }
        Some(Self { pairs: pairs.known, places, answers, ends, steps })
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
