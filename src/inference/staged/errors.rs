//! The measurement errors that a stage knows from the one before, in each resample.

use crate::inference::resample::Solving;
use crate::inference::staged::{Linear, Step};
use crate::numeric::number::Number;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::stage::Column;
use crate::structural::stages::product_errors::Scores;

/// Where an error that the plan of a stage knows comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// It is as the plan has it.
    Plan,
    /// From an error of the stage before.
    Kept(usize),
    /// From the reliability of a construct in the stage before.
    Score(usize),
    /// From those in the scores of two products, these two columns.
    Products([usize; 2]),
}

/// The errors of a stage.
#[derive(Debug, Clone, Default)]
pub(super) struct Errors {
    sources: Vec<Source>,
    /// The columns that are scores of the constructs of the stage before.
    scores: Vec<Option<usize>>,
    /// Have moments of products another divisor than variances?
    pub(super) mixed: bool,
}

impl Errors {
    pub(super) fn new(plan: &Plan, columns: &[Linear], before: Option<&Step>, mixed: bool) -> Self {
        let source = |indicators: [usize; 2]| match columns[indicators[0]].column {
            Column::ScoreProduct(..) => Source::Products(indicators),
            Column::Score(construct) => Source::Score(construct),
            Column::Indicator(at) => {
                let errors = before.map(|step| step.plan.errors.as_slice()).unwrap_or_default();
                let kept = errors.iter().position(|error| error.indicators == [at, at]);
                kept.map_or(Source::Plan, Source::Kept)
            }
            Column::IndicatorProduct(..) | Column::Residual(..) => Source::Plan,
        };
        let constructs = before.map_or(0, |step| step.plan.blocks.len());
        let score = |construct| columns.iter().position(|column| column.column == Column::Score(construct));
        Self {
            sources: plan.errors.iter().map(|error| source(error.indicators)).collect(),
            scores: (0..constructs).map(score).collect(),
            mixed: mixed && columns.iter().any(|column| matches!(column.column, Column::ScoreProduct(..))),
        }
    }

    /// Puts the errors of a resample in the place of those of the sample.
    #[inline(always)]
    pub(super) fn carry<N: Number>(&self, columns: &[Linear], n: N, before: &Solving<N>, solving: &mut Solving<N>) {
        let whole = n.one();
        let share = (n - whole) / n;
        let between = if self.mixed { share } else { whole };
        for (at, source) in self.sources.iter().enumerate() {
            solving.work.shares[at] = match *source {
                Source::Plan => continue,
                Source::Kept(from) => before.work.shares[from],
                Source::Score(construct) => whole - before.work.reliabilities[construct] / between,
                Source::Products([one, other]) => {
                    let (square, product) = if self.mixed { (share, share) } else { (whole, whole / share) };
                    let units = &solving.resample.units;
                    let deviation = |at: usize| units[at] * solving.resample.divisors[at];
                    let moment = |one: usize, other: usize| match (self.scores[one], self.scores[other]) {
                        (Some(row), Some(column)) if row != column => {
                            between * solving.matrix[column * units.len() + row] / (units[row] * units[column])
                        }
                        _ => whole,
                    };
                    let error = |at: usize| whole - before.work.reliabilities[at];
                    let scores = Scores { moment, error, square };
                    let error = scores.error_of_products(pair(&columns[one]), pair(&columns[other]));
                    error / (product * deviation(one) * deviation(other))
                }
            };
        }
    }
}

/// The constructs of a product.
#[inline(always)]
fn pair(linear: &Linear) -> (usize, usize) {
    match linear.column {
        Column::ScoreProduct(one, other) => (one, other),
        _ => (0, 0),
    }
}
