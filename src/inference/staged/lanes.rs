//! The stages in several resamples side by side.

use crate::inference::bootstrap::Signs;
use crate::inference::cause::Cause;
use crate::inference::marks::directions_of;
use crate::inference::resample::{Resample, Solving};
use crate::inference::staged::{Linear, Staged, Step};
use crate::numeric::number::{Mask, Number, add_scaled, factor, solve};
use crate::numeric::rounding::{PIVOT, ROUNDING};
use crate::structural::linear_index::Ends;
use crate::structural::pls::algorithm::workspace::Stop;
use crate::structural::pls::params::Metric;
use crate::structural::pls::stage::Column;

/// Memory for the stages, kept from replicate to replicate.
pub(crate) struct Stages<N: Number> {
    /// Of the answers and their products.
    pub(crate) means: Vec<N>,
    pub(crate) covariance: Vec<N>,
    /// The stages before the last.
    pub(crate) earlier: Vec<Solving<N>>,
    /// The coefficients of each stage's indicators: indicators × answers and products.
    forms: Vec<Vec<N>>,
    /// Below this the variance of an indicator of the stage at hand is rounding.
    floors: Vec<N>,
    factors: [Vec<N>; 2],
    across: Vec<N>,
    /// −1 for a construct of an earlier stage that points the other way than in the sample.
    pub(crate) directions: Vec<Vec<N>>,
    flips: Vec<N>,
    system: Vec<N>,
    slopes: Vec<N>,
}

/// What the estimation of a stage is under.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) stop: Stop,
    pub(crate) metric: Metric,
    pub(crate) signs: Signs,
    /// The standardised weights of each earlier stage in the sample.
    pub(crate) weights: &'a [Vec<f64>],
}

/// Notes why the replicates that are not sound have no estimate, if there is no reason yet.
#[inline(always)]
fn note<M: Mask>(causes: &mut [Option<Cause>], sound: M, cause: Cause) {
    if !sound.all() {
        let failed = causes.iter_mut().enumerate().filter(|(lane, _)| !sound.lane(*lane));
        failed.for_each(|(_, known)| *known = known.or(Some(cause)));
    }
}

impl Staged {
    /// The standardised weights of each stage before the last, in the first of the replicates at hand.
    pub(crate) fn weights<N: Number>(memory: &Stages<N>) -> Vec<Vec<f64>> {
        let of_stage = |solving: &Solving<N>| {
            let pairs = solving.work.weights.iter().zip(&solving.resample.units);
            pairs.map(|(weight, unit)| (*weight * *unit).lanes()[0]).collect()
        };
        memory.earlier.iter().map(of_stage).collect()
    }

    pub(crate) fn memory<N: Number>(&self, zero: N) -> Stages<N> {
        let size = self.size();
        let zeros = |length: usize| vec![zero; length];
        let before = &self.steps[..self.steps.len() - 1];
        let most = |count: fn(&Step) -> usize| self.steps.iter().map(count).max().unwrap_or(0);
        let columns = most(|step| step.columns.len());
        let mut forms: Vec<Vec<N>> = self.steps.iter().map(|step| zeros(step.columns.len() * size)).collect();
        // The first stage has nothing but answers.
        for (form, column) in forms[0].chunks_exact_mut(size).zip(&self.steps[0].columns) {
            column.support.iter().for_each(|at| form[*at] = zero.one());
        }
        Stages {
            means: zeros(size),
            covariance: zeros(size * size),
            earlier: before.iter().map(|step| Solving::new(&step.plan, zero)).collect(),
            forms,
            floors: zeros(columns),
            factors: [zeros(size), zeros(size)],
            across: zeros(size),
            directions: before.iter().map(|step| vec![zero.one(); step.plan.blocks.len()]).collect(),
            flips: vec![zero.one(); most(|step| step.plan.blocks.len())],
            system: zeros(columns * columns),
            slopes: zeros(columns),
        }
    }

    /// Solves all stages but the last, for which it makes the matrix ready.
    #[inline(always)]
    pub(crate) fn run<N: Number>(
        &self,
        terms: Terms<'_>,
        constant: &[Option<usize>],
        memory: &mut Stages<N>,
        last: &mut Solving<N>,
        causes: &mut [Option<Cause>],
    ) {
        let (zero, n) = (last.work.zero, last.resample.n);
        for (number, step) in self.steps.iter().enumerate() {
            memory.floors.fill(zero);
            if number == 0 {
                for (at, column) in step.columns.iter().enumerate() {
                    for (cause, constant) in causes.iter_mut().zip(constant) {
                        if constant.is_some_and(|constant| column.support.contains(&constant)) {
                            *cause = cause.or(Some(Cause::Constant(0, at)));
                        }
                    }
                }
            } else {
                self.form(number, memory, zero, causes);
            }
            let is_last = number + 1 == self.steps.len();
            let (before, own) = memory.earlier.split_at_mut(number);
            let (before, solving) = (before.last(), own.first_mut().unwrap_or(&mut *last));
            let size = self.size();
            covariances(
                step,
                (&memory.covariance, size),
                &memory.forms[number],
                &mut memory.across,
                &mut solving.matrix,
            );
            let columns = step.columns.len();
            for at in 0..columns {
                let moving = solving.matrix[at * (columns + 1)].greater(memory.floors[at]);
                note(causes, moving, Cause::Constant(number, at));
            }
            solving.standardise(terms.metric);
            if let Some(before) = before {
                step.errors.carry(&step.columns, n, before, solving);
            }
            if is_last {
                self.means_and_ends(step, &memory.forms[number], &memory.means, &mut last.resample);
            } else if step.scored {
                solving.work.solve(&step.plan, terms.stop, &solving.matrix, &solving.resample.units);
                for (cause, failure) in causes.iter_mut().zip(&solving.work.failure) {
                    *cause = cause.or(failure.map(|failure| Cause::Failure(number, failure)));
                }
                if let Some(weights) = terms.weights.get(number) {
                    let directions = &mut memory.directions[number];
                    directions_of(&step.plan, &solving.work, &solving.resample.units, weights, directions);
                    terms.signs.flips(directions, &mut memory.flips[..step.plan.blocks.len()]);
                }
            }
        }
    }

    /// The means of a stage's indicators and the anchors of their scales, for the indices. A product has none.
    #[inline(always)]
    fn means_and_ends<N: Number>(&self, step: &Step, forms: &[N], means: &[N], resample: &mut Resample<N>) {
        let zero = resample.n.zero();
        let answers = |linear: &Linear| linear.support.iter().all(|from| *from < self.answers);
        let indicators = step.columns.iter().zip(forms.chunks_exact(self.size())).enumerate();
        for (at, (column, form)) in indicators.filter(|(_, (column, _))| answers(column)) {
            if let Some(answer) = column.answer {
                resample.means[at] = means[answer];
                resample.ends[at] = self.ends[answer].splat(zero);
                continue;
            }
            resample.means[at] = sparse(zero, &column.support, form, means);
            let mut ends = Ends::NONE.splat(zero);
            for from in &column.support {
                let own = self.ends[*from].splat(zero);
                ends.worst += form[*from] * own.worst;
                ends.range += form[*from] * own.range;
                ends.extent += form[*from].abs() * own.extent;
            }
            resample.ends[at] = ends;
        }
    }

    /// The coefficients of a stage's indicators.
    #[inline(always)]
    fn form<N: Number>(&self, number: usize, memory: &mut Stages<N>, zero: N, causes: &mut [Option<Cause>]) {
        let size = self.size();
        let (done, rest) = memory.forms.split_at_mut(number);
        let (before, step) = (&self.steps[number - 1], &self.steps[number]);
        let before = Before { step: before, forms: &done[number - 1], solving: &memory.earlier[number - 1], size };
        let mut factored: Option<&Vec<usize>> = None;
        let [one, other] = &mut memory.factors;
        for (at, (linear, form)) in step.columns.iter().zip(rest[0].chunks_exact_mut(size)).enumerate() {
            let [ones, others] = &linear.factors;
            match &linear.column {
                Column::Indicator(from) => copy(before.form(*from), &linear.support, zero.one(), form),
                Column::Score(construct) => before.score(*construct, &memory.flips, &linear.support, form),
                Column::ScoreProduct(first, second) => {
                    before.score(*first, &memory.flips, ones, one);
                    before.score(*second, &memory.flips, others, other);
                }
                Column::IndicatorProduct(first, second) | Column::Residual((first, second), _) => {
                    copy(before.form(*first), ones, zero.one() / before.deviation(*first), one);
                    copy(before.form(*second), others, zero.one() / before.deviation(*second), other);
                }
            }
            if !ones.is_empty() {
                self.multiply(linear, (one, other), &memory.means, form);
                // Standardised indicators and scores have products of the order of 1.
                memory.floors[at] = zero.splat(ROUNDING);
            }
            if let Column::Residual(_, explaining) = &linear.column {
                let known = &mut memory.slopes[..explaining.len()];
                let system = &mut memory.system[..explaining.len() * explaining.len()];
                if factored != Some(explaining) {
                    note(causes, before.factor(explaining, system), Cause::Orthogonal(number, at));
                    factored = Some(explaining);
                }
                multiplied(&memory.covariance, size, &linear.support, form, &mut memory.across);
                memory.floors[at] = zero.splat(ROUNDING) * sparse(zero, &linear.support, form, &memory.across);
                before.take_out(explaining, (system, known), &memory.across, form);
            }
        }
    }

    /// The product of two linear forms about their means, less its constant.
    #[inline(always)]
    fn multiply<N: Number>(&self, linear: &Linear, (one, other): (&[N], &[N]), means: &[N], form: &mut [N]) {
        let [ones, others] = &linear.factors;
        let zero = means[0].zero();
        linear.support.iter().for_each(|at| form[*at] = zero);
        let (one_mean, other_mean) = (sparse(zero, ones, one, means), sparse(zero, others, other, means));
        for left in ones {
            form[*left] -= other_mean * one[*left];
            for right in others {
                form[self.places[left * self.answers + right]] += one[*left] * other[*right];
            }
        }
        for right in others {
            form[*right] -= one_mean * other[*right];
        }
    }
}

/// The stage before, solved.
struct Before<'a, N: Number> {
    step: &'a Step,
    forms: &'a [N],
    solving: &'a Solving<N>,
    size: usize,
}

impl<N: Number> Before<'_, N> {
    #[inline(always)]
    fn form(&self, at: usize) -> &[N] {
        &self.forms[at * self.size..(at + 1) * self.size]
    }

    #[inline(always)]
    fn deviation(&self, at: usize) -> N {
        self.solving.resample.units[at] * self.solving.resample.divisors[at]
    }

    /// The factor of the matrix of some indicators.
    #[inline(always)]
    fn factor(&self, indicators: &[usize], system: &mut [N]) -> N::Mask {
        let columns = self.step.columns.len();
        for (left, column) in indicators.iter().zip(system.chunks_exact_mut(indicators.len())) {
            for (right, entry) in indicators.iter().zip(column) {
                *entry = self.solving.matrix[left * columns + right];
            }
        }
        factor(system, indicators.len(), PIVOT)
    }

    /// Takes from a linear form what some indicators explain of it, given the factor of their matrix and the covariances of
    /// everything with the form.
    #[inline(always)]
    fn take_out(&self, indicators: &[usize], (factor, slopes): (&[N], &mut [N]), across: &[N], form: &mut [N]) {
        let divisors = &self.solving.resample.divisors;
        for (slope, at) in slopes.iter_mut().zip(indicators) {
            *slope = sparse(across[0].zero(), &self.step.columns[*at].support, self.form(*at), across) / divisors[*at];
        }
        solve(factor, indicators.len(), slopes);
        for (slope, at) in slopes.iter().zip(indicators) {
            let slope = *slope / divisors[*at];
            for from in &self.step.columns[*at].support {
                form[*from] -= slope * self.form(*at)[*from];
            }
        }
    }

    /// The score of a construct, with the opposite sign where `flips` holds −1.
    #[inline(always)]
    fn score(&self, construct: usize, flips: &[N], support: &[usize], form: &mut [N]) {
        let zero = self.solving.work.zero;
        for at in support {
            form[*at] = zero;
        }
        for at in self.step.plan.blocks[construct].indicators.clone() {
            let weight = self.solving.work.weights[at] / self.solving.resample.divisors[at] * flips[construct];
            for from in &self.step.columns[at].support {
                form[*from] += weight * self.form(at)[*from];
            }
        }
    }
}

#[inline(always)]
fn copy<N: Number>(from: &[N], support: &[usize], scale: N, form: &mut [N]) {
    for at in support {
        form[*at] = from[*at] * scale;
    }
}

/// Σ over a support, added to `sum`.
#[inline(always)]
fn sparse<N: Number>(mut sum: N, support: &[usize], one: &[N], other: &[N]) -> N {
    for at in support {
        sum += one[*at] * other[*at];
    }
    sum
}

/// The covariances of everything with a linear form.
#[inline(always)]
fn multiplied<N: Number>(covariance: &[N], size: usize, support: &[usize], form: &[N], across: &mut [N]) {
    across.fill(across[0].zero());
    for at in support {
        add_scaled(across, form[*at], &covariance[at * size..(at + 1) * size]);
    }
}

/// The covariances of a stage's indicators, lower triangle by columns. Those of answers are there.
#[inline(always)]
fn covariances<N: Number>(
    step: &Step,
    (covariance, size): (&[N], usize),
    forms: &[N],
    across: &mut [N],
    matrix: &mut [N],
) {
    let columns = step.columns.len();
    for (column, own) in step.columns.iter().enumerate() {
        if let Some(answer) = own.answer {
            let column_of_all = &covariance[answer * size..(answer + 1) * size];
            for (row, other) in step.columns.iter().enumerate().skip(column) {
                if let Some(answer) = other.answer {
                    matrix[column * columns + row] = column_of_all[answer];
                }
            }
            continue;
        }
        multiplied(covariance, size, &own.support, &forms[column * size..(column + 1) * size], across);
        for (row, other) in step.columns.iter().enumerate() {
            let place = column.min(row) * columns + column.max(row);
            match other.answer {
                Some(answer) => matrix[place] = across[answer],
                None if row < column => {}
                None => {
                    matrix[place] =
                        sparse(across[0].zero(), &other.support, &forms[row * size..(row + 1) * size], across);
                }
            }
        }
    }
}
