//! Stages on moments, where a policy for missing answers gives these and no answers.
//!
//! Every column of every stage is linear in the answers and in products of two answers. So its moments are in theirs, which
//! the policy gives once: pair by pair, or as they are expected given the answers that there are.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Result};
use crate::numeric::linalg;
use crate::structural::pls::stage::{Column, Factor, Formula, Stage, Term};
use crate::survey::{Indicator, Missing, Moments, Responses};

/// Standardised answers and products of pairs of them.
struct Base {
    answers: Moments,
    /// Where the product of two answers stands behind them.
    places: HashMap<(usize, usize), usize>,
    /// The mean of each product.
    means: Vec<f64>,
    covariance: DMatrix<f64>,
}

/// The indicators of a stage as linear forms.
pub(super) struct Expanded {
    base: Rc<Base>,
    indicators: Vec<Indicator>,
    means: Vec<f64>,
    /// Indicators × (standardised answers, products).
    forms: DMatrix<f64>,
}

impl Expanded {
    /// The answers to the indicators that were asked for, and the products that the stages take of them.
    pub(super) fn new(answers: &Responses, moments: Moments, stages: &[Stage], policy: Missing) -> Result<Self> {
        let pairs = pairs(answers.indicators().len(), stages);
        let sample = Sample::new(answers, &moments, &pairs)?;
        let (means, covariance) = match policy {
            _ if pairs.is_empty() => (Vec::new(), sample.correlations.clone()),
            Missing::Pairwise => sample.pair_by_pair()?,
            _ => sample.expected()?,
        };
        let size = moments.indicators().len();
        let forms =
            DMatrix::from_fn(
                size,
                covariance.ncols(),
                |row, column| {
                    if row == column { sample.deviations[row] } else { 0.0 }
                },
            );
        let places = pairs.iter().enumerate().map(|(at, pair)| (*pair, size + at)).collect();
        let own = moments.means().unwrap_or_default().to_vec();
        let indicators = moments.indicators().to_vec();
        let base = Rc::new(Base { answers: moments, places, means, covariance });
        Ok(Self { base, indicators, means: own, forms })
    }

    pub(super) fn next(&self, indicators: Vec<Indicator>, formulas: &[Formula]) -> Self {
        let mut next = Self {
            base: Rc::clone(&self.base),
            indicators,
            means: vec![0.0; formulas.len()],
            forms: DMatrix::zeros(formulas.len(), self.forms.ncols()),
        };
        for (at, formula) in formulas.iter().enumerate() {
            let (mean, form) = match formula {
                Formula::Indicator(from) => (self.means[*from], self.forms.row(*from).into_owned()),
                Formula::Score(terms) => (0.0, self.sum(terms)),
                Formula::Product(one, other) => self.product(one, other),
                Formula::Residual { factors: [one, other], mean, explained } => {
                    let (own, form) = self.product(one, other);
                    (own - mean, form - self.sum(explained))
                }
            };
            next.means[at] = mean;
            next.forms.set_row(at, &form);
        }
        next
    }

    pub(super) fn moments(&self) -> Result<Moments> {
        let covariance = &self.forms * &self.base.covariance * self.forms.transpose();
        self.base.answers.transformed(self.indicators.clone(), &self.means, &covariance)
    }

    /// Terms are about the means of their indicators.
    fn sum(&self, terms: &[Term]) -> Form {
        let zero = Form::zeros(self.forms.ncols());
        terms.iter().fold(zero, |sum, term| sum + self.forms.row(term.from) * term.weight)
    }

    fn factor(&self, factor: &Factor) -> Form {
        match factor {
            Factor::Score(terms) => self.sum(terms),
            Factor::Standardised { from, deviation, .. } => self.forms.row(*from) / *deviation,
        }
    }

    /// The mean and the form of a product of two forms in answers alone.
    fn product(&self, one: &Factor, other: &Factor) -> (f64, Form) {
        let (one, other) = (self.factor(one), self.factor(other));
        let (mut mean, mut form) = (0.0, Form::zeros(self.forms.ncols()));
        let size = self.base.answers.indicators().len();
        for (pair, place) in &self.base.places {
            let mut coefficient = one[pair.0] * other[pair.1];
            if pair.0 != pair.1 {
                coefficient += one[pair.1] * other[pair.0];
            }
            form[*place] = coefficient;
        }
        for (product, own) in self.base.means.iter().enumerate() {
            mean += form[size + product] * own;
        }
        (mean, form)
    }
}

type Form = nalgebra::RowDVector<f64>;

/// The pairs of answers whose products the stages take, the lower one first.
fn pairs(answers: usize, stages: &[Stage]) -> Vec<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    let mut before: Vec<BTreeSet<usize>> = (0..answers).map(|at| BTreeSet::from([at])).collect();
    let mut blocks = Vec::new();
    for stage in stages {
        let score = |construct: usize| -> BTreeSet<usize> {
            let block: &std::ops::Range<usize> = &blocks[construct];
            before[block.clone()].iter().flatten().copied().collect()
        };
        let mut multiply = |one: &BTreeSet<usize>, other: &BTreeSet<usize>| {
            pairs.extend(one.iter().flat_map(|one| other.iter().map(|other| (*one.min(other), *one.max(other)))));
            BTreeSet::new()
        };
        let support = |column: &Column| match column {
            Column::Indicator(from) => before[*from].clone(),
            Column::Score(construct) => score(*construct),
            Column::ScoreProduct(one, other) => multiply(&score(*one), &score(*other)),
            Column::IndicatorProduct(one, other) | Column::Residual((one, other), _) => {
                multiply(&before[*one], &before[*other])
            }
        };
        let supports = stage.columns.iter().map(support).collect();
        blocks.clone_from(&stage.model.shape().blocks);
        before = supports;
    }
    pairs.into_iter().collect()
}

/// Standardised answers with gaps.
struct Sample<'a> {
    answers: &'a Responses,
    moments: &'a Moments,
    pairs: &'a [(usize, usize)],
    deviations: Vec<f64>,
    correlations: DMatrix<f64>,
}

impl<'a> Sample<'a> {
    fn new(answers: &'a Responses, moments: &'a Moments, pairs: &'a [(usize, usize)]) -> Result<Self> {
        let covariance = moments.covariance()?;
        let deviations: Vec<f64> = covariance.diagonal().iter().map(|variance| variance.sqrt()).collect();
        let correlations = DMatrix::from_fn(deviations.len(), deviations.len(), |row, column| {
            if row == column { 1.0 } else { covariance[(row, column)] / (deviations[row] * deviations[column]) }
        });
        Ok(Self { answers, moments, pairs, deviations, correlations })
    }

    /// The standardised answers to each indicator; NaN where there is none.
    fn standardised(&self) -> Vec<Vec<f64>> {
        let means = self.moments.means().unwrap_or_default();
        let column = |at: usize| {
            self.answers.answers_to(at).iter().map(|answer| (answer - means[at]) / self.deviations[at]).collect()
        };
        (0..self.deviations.len()).map(column).collect()
    }

    /// Each moment from the respondents who gave all the answers that it takes.
    fn pair_by_pair(&self) -> Result<(Vec<f64>, DMatrix<f64>)> {
        let mut columns = self.standardised();
        let mut indicators = self.answers.indicators().to_vec();
        for &(one, other) in self.pairs {
            columns.push(columns[one].iter().zip(&columns[other]).map(|(one, other)| one * other).collect());
            let [one, other] = [one, other].map(|at| self.answers.indicators()[at].name());
            indicators.push(Indicator::new(format!("{one} times {other}"))?);
        }
        let moments = self.answers.with_table(indicators, columns)?.moments(Missing::Pairwise)?;
        let means = moments.means().unwrap_or_default()[self.deviations.len()..].to_vec();
        Ok((means, self.with_correlations(moments.covariance()?)))
    }

    fn with_correlations(&self, mut covariance: DMatrix<f64>) -> DMatrix<f64> {
        let size = self.deviations.len();
        covariance.view_mut((0, 0), (size, size)).copy_from(&self.correlations);
        covariance
    }

    /// The moments that are expected given the answers that there are, of normal answers with the means and covariances of
    /// the EM algorithm.
    fn expected(&self) -> Result<(Vec<f64>, DMatrix<f64>)> {
        let (n, columns) = (self.moments.n(), self.standardised());
        let factors: Vec<Vec<usize>> = (0..columns.len())
            .map(|at| vec![at])
            .chain(self.pairs.iter().map(|&(one, other)| vec![one, other]))
            .collect();
        let size = factors.len();
        let (mut first, mut second) = (vec![0.0; size], DMatrix::zeros(size, size));
        // Maximum likelihood has the divisor n.
        let covariance = &self.correlations * ((n - 1.0) / n);
        let mut known: HashMap<Vec<usize>, Gaps> = HashMap::new();
        for row in 0..self.answers.rows() {
            let weight = self.answers.weights().map_or(1.0, |weights| weights[row]);
            let answers: Vec<f64> = columns.iter().map(|column| column[row]).collect();
            let missing: Vec<usize> = (0..answers.len()).filter(|at| answers[*at].is_nan()).collect();
            if weight == 0.0 || missing.len() == answers.len() {
                continue;
            }
            if !known.contains_key(&missing) {
                known.insert(missing.clone(), Gaps::new(&missing, &covariance)?);
            }
            let gaps = &known[&missing];
            let answers = gaps.filled(answers);
            let values: Vec<f64> = factors.iter().map(|own| gaps.expectation(&answers, own)).collect();
            for (one, own) in factors.iter().enumerate() {
                first[one] += weight * values[one];
                for (other, others) in factors[..=one].iter().enumerate().filter(|_| one >= columns.len()) {
                    let joint = if missing.is_empty() {
                        values[one] * values[other]
                    } else {
                        gaps.expectation(&answers, &[own.as_slice(), others].concat())
                    };
                    second[(one, other)] += weight * joint;
                }
            }
        }
        for sum in &mut first {
            *sum /= n;
        }
        for one in columns.len()..size {
            for other in 0..=one {
                let entry = (second[(one, other)] / n - first[one] * first[other]) * (n / (n - 1.0));
                second[(one, other)] = entry;
                second[(other, one)] = entry;
            }
        }
        let means = first.split_off(columns.len());
        Ok((means, self.with_correlations(second)))
    }
}

/// Which answers of a respondent are missing, and their distribution given the others.
struct Gaps {
    answered: Vec<usize>,
    missing: Vec<usize>,
    /// Missing × answered.
    slopes: DMatrix<f64>,
    /// The covariances that are left, of all answers: 0 where one of the two is known.
    left: DMatrix<f64>,
}

impl Gaps {
    fn new(missing: &[usize], covariance: &DMatrix<f64>) -> Result<Self> {
        let answered: Vec<usize> = (0..covariance.nrows()).filter(|at| !missing.contains(at)).collect();
        let part = |rows: &[usize], columns: &[usize]| covariance.select_rows(rows).select_columns(columns);
        let factor = linalg::cholesky(&part(&answered, &answered)).map_err(|_| {
            let place = "the covariance matrix of the EM algorithm".into();
            ErrorKind::Singular { place, reason: "indicators are linear combinations of each other".into() }
        })?;
        let mut slopes = part(missing, &answered);
        for mut row in slopes.row_iter_mut() {
            let right: Vec<f64> = row.iter().copied().collect();
            row.iter_mut().zip(linalg::cholesky_solve(&factor, &right)).for_each(|(slope, value)| *slope = value);
        }
        let rest = part(missing, missing) - &slopes * part(&answered, missing);
        let mut left = DMatrix::zeros(covariance.nrows(), covariance.nrows());
        for (row, one) in missing.iter().enumerate() {
            for (column, other) in missing.iter().enumerate() {
                left[(*one, *other)] = rest[(row, column)];
            }
        }
        Ok(Self { answered, missing: missing.to_vec(), slopes, left })
    }

    /// The answers with those missing as expected.
    fn filled(&self, mut answers: Vec<f64>) -> Vec<f64> {
        for (at, slopes) in self.missing.iter().zip(self.slopes.row_iter()) {
            answers[*at] = self.answered.iter().zip(slopes.iter()).map(|(from, slope)| slope * answers[*from]).sum();
        }
        answers
    }

    /// The expectation of a product of answers: E x f = E x E f + Σ cov(x, y) E ∂f/∂y of normal ones (Isserlis 1918).
    fn expectation(&self, means: &[f64], factors: &[usize]) -> f64 {
        let [first, rest @ ..] = factors else { return 1.0 };
        let mut sum = means[*first] * self.expectation(means, rest);
        for (at, other) in rest.iter().enumerate().filter(|_| !self.missing.is_empty()) {
            let covariance = self.left[(*first, *other)];
            if covariance != 0.0 {
                let others = [&rest[..at], &rest[at + 1..]].concat();
                sum += covariance * self.expectation(means, &others);
            }
        }
        sum
    }
}
