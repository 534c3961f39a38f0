//! The measurement errors that a stage knows from the one before, in each resample.

use crate::numeric::lane::Lane;
use crate::structural::bootstrap::engine::{LANES, Solving};
use crate::structural::bootstrap::staged::{Linear, Step};
use crate::structural::plan::Plan;
use crate::structural::stages::Column;

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
    pub(super) fn carry(
        &self,
        columns: &[Linear],
        n: Lane<LANES>,
        before: &Solving<LANES>,
        solving: &mut Solving<LANES>,
    ) {
        let share = (n - Lane::ONE) / n;
        let between = if self.mixed { share } else { Lane::ONE };
        for (at, source) in self.sources.iter().enumerate() {
            solving.work.shares[at] = match *source {
                Source::Plan => continue,
                Source::Kept(from) => before.work.shares[from],
                Source::Score(construct) => Lane::ONE - before.work.reliabilities[construct] / between,
                Source::Products([one, other]) => {
                    let (square, product) = if self.mixed { (share, share) } else { (Lane::ONE, Lane::ONE / share) };
                    let scores = Scores { errors: self, between, square, before, solving };
                    let error = scores.error_of_products(pair(&columns[one]), pair(&columns[other]));
                    error / (product * scores.deviation(one) * scores.deviation(other))
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

/// Second moments of scores with unit variance: what `product_errors` says of one sample, and by its formulas.
struct Scores<'a> {
    errors: &'a Errors,
    between: Lane<LANES>,
    square: Lane<LANES>,
    before: &'a Solving<LANES>,
    solving: &'a Solving<LANES>,
}

impl Scores<'_> {
    #[inline(always)]
    fn deviation(&self, column: usize) -> Lane<LANES> {
        self.solving.resample.units[column] * self.solving.resample.divisors[column]
    }

    #[inline(always)]
    fn moment(&self, (one, other): (usize, usize)) -> Lane<LANES> {
        match (self.errors.scores[one], self.errors.scores[other]) {
            (Some(row), Some(column)) if row != column => {
                let units = &self.solving.resample.units;
                self.between * self.solving.matrix[column * units.len() + row] / (units[row] * units[column])
            }
            _ => Lane::ONE,
        }
    }

    #[inline(always)]
    fn error(&self, one: usize, other: usize) -> Lane<LANES> {
        if one == other { Lane::ONE - self.before.work.reliabilities[one] } else { Lane::ZERO }
    }

    #[inline(always)]
    fn mean(&self, pair: (usize, usize)) -> Lane<LANES> {
        if pair.0 == pair.1 { self.square } else { self.moment(pair) }
    }

    #[inline(always)]
    fn paired(&self, one: (usize, usize), other: (usize, usize)) -> Lane<LANES> {
        let (first, second) = (self.error(one.0, one.1), self.error(other.0, other.1));
        first * self.moment(other) + second * self.moment(one) - first * second
    }

    #[inline(always)]
    fn error_of_products(&self, one: (usize, usize), other: (usize, usize)) -> Lane<LANES> {
        self.paired((one.0, other.0), (one.1, other.1))
            + self.paired((one.0, other.1), (one.1, other.0))
            + self.moment(one) * self.moment(other)
            - self.mean(one) * self.mean(other)
    }
}
