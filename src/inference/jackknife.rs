//! Every respondent left out in turn.

use std::fmt;
use std::ops::Range;

use crate::error::{ErrorKind, Result};
use crate::inference::engine::{Engine, Memory};
use crate::inference::layout::Layout;
use crate::inference::quantity::Quantity;
use crate::inference::resample::{TILE, TILES};
use crate::inference::sample::Sample;
use crate::numeric::{check, parallel};
use crate::structural::pls::Fit;
use crate::survey::Responses;
use crate::table::{Column, Table};

/// Sums over leave-one-out values d = θ₍ᵢ₎ − θ̂ of each quantity, from which their acceleration follows.
#[derive(Clone, Copy, Default)]
pub(super) struct Powers {
    count: f64,
    first: f64,
    second: f64,
    third: f64,
}

impl Powers {
    /// Adds a value that comes so many times.
    pub(super) fn add(&mut self, d: f64, times: f64) {
        self.count += times;
        self.first += times * d;
        self.second += times * (d * d);
        self.third += times * (d * d * d);
    }

    /// The variance, divisor count − 1.
    pub(super) fn variance(&self) -> f64 {
        ((self.second - self.first * self.first / self.count) / (self.count - 1.0)).max(0.0)
    }

    /// Σ(m − d)³ / 6(Σ(m − d)²)^{3/2} with the mean m.
    fn acceleration(&self) -> f64 {
        let mean = self.first / self.count;
        let squares = self.second - self.count * mean * mean;
        let cubes = self.third - 3.0 * mean * self.second + 2.0 * self.count * mean.powi(3);
        if squares > 0.0 { -cubes / (6.0 * squares.powf(1.5)) } else { 0.0 }
    }
}

/// What becomes of each quantity when one respondent of a row is left out, for some rows.
struct LeftOut {
    rows: Range<usize>,
    /// Quantities × rows; NaN where there is no value.
    values: Vec<f64>,
    failed: Vec<bool>,
}

/// How many numbers are in memory at a time before they are taken in.
const WINDOW: usize = 1 << 22;

/// Goes through the rows in order, each with one of its respondents left out: the sums of the whole less that respondent.
fn leave_one_out(engine: &Engine<'_>, mut take: impl FnMut(LeftOut)) {
    let mut memory = Memory::new(engine);
    memory.count_sample(engine.frequencies);
    engine.tile(&mut memory, true);
    let whole: Vec<f64> = memory.sums.chunks_exact(TILE).map(|sums| sums[0]).collect();
    // Some pieces for each thread, of no more numbers than a share of the window.
    let (rows, threads, quantities) = (engine.products.rows(), parallel::threads(), engine.layout.quantities.len());
    let most = (WINDOW / (TILE * threads * quantities.max(1))).clamp(1, TILES);
    let size = TILE * rows.div_ceil(4 * TILE * threads).clamp(1, most);
    let pieces = (WINDOW / (size * quantities.max(1))).max(threads);
    for start in (0..rows).step_by(pieces * size) {
        let end = rows.min(start + pieces * size);
        let piece = |piece: usize| {
            let first = start + piece * size;
            without_each(engine, &whole, first..end.min(first + size))
        };
        parallel::map((end - start).div_ceil(size), piece).into_iter().for_each(&mut take);
    }
}

/// Some rows, tile by tile.
fn without_each(engine: &Engine<'_>, whole: &[f64], rows: Range<usize>) -> LeftOut {
    let mut memory = Memory::new(engine);
    let (count, mut room) = (rows.len(), Vec::new());
    let mut values = vec![f64::NAN; engine.layout.quantities.len() * count];
    let mut failed = vec![false; count];
    for first in rows.clone().step_by(TILE) {
        let here = TILE.min(rows.end - first);
        let products = engine.products.block(first..first + here, &mut room);
        for (at, (sums, whole)) in memory.sums.chunks_exact_mut(TILE).zip(whole).enumerate() {
            for (column, sum) in sums.iter_mut().enumerate() {
                *sum = whole - products[column.min(here - 1) * engine.products.width() + at];
            }
        }
        engine.tile(&mut memory, false);
        let from = first - rows.start;
        for (column, cause) in memory.tile.causes[..here].iter().enumerate().filter(|(_, cause)| cause.is_some()) {
            failed[from + column] = cause.is_some();
        }
        for (values, tile) in values.chunks_exact_mut(count).zip(memory.tile.values.chunks_exact(TILE)) {
            for column in (0..here).filter(|column| !failed[from + column]) {
                values[from + column] = tile[column];
            }
        }
    }
    LeftOut { rows, values, failed }
}

/// The acceleration of each quantity.
pub(super) fn accelerations(engine: &Engine<'_>) -> Vec<f64> {
    let mut powers = vec![Powers::default(); engine.layout.quantities.len()];
    leave_one_out(engine, |left_out| {
        let lists = left_out.values.chunks_exact(left_out.rows.len());
        for ((powers, values), original) in powers.iter_mut().zip(lists).zip(engine.original) {
            for (value, row) in values.iter().zip(left_out.rows.clone()).filter(|(value, _)| value.is_finite()) {
                powers.add(value - original, times(engine.frequencies, row));
            }
        }
    });
    powers.iter().map(Powers::acceleration).collect()
}

/// How many respondents a row stands for.
fn times(frequencies: Option<&[u64]>, row: usize) -> f64 {
    frequencies.map_or(1.0, |frequencies| frequencies[row] as f64)
}

/// The jackknife: every number of a fit with each respondent left out in turn.
///
/// # Formula
///
/// With the n leave-one-out values θ₍ᵢ₎ and their mean θ̄: bias (n − 1)(θ̄ − θ̂), standard error
/// √((n − 1)/n · Σ(θ₍ᵢ₎ − θ̄)²). A row of frequency k stands for k respondents, whose values are the same.
///
/// # References
///
/// Efron, B., Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, ch. 11.
///
/// # Examples
///
/// ```
/// use satindex::inference::{Jackknife, Quantity};
/// use satindex::structural::{Pls, template};
///
/// let survey = template::acsi();
/// let responses = survey.population().build()?.likert(&survey.likert(), 100, 1)?;
/// let fit = Pls::new().fit(&survey.model(), &responses)?;
/// let jackknife = Jackknife::run(&fit, &responses)?;
/// let index = Quantity::Index { construct: "Satisfaction".into() };
/// assert_eq!(jackknife.values(&index)?.len(), 100);
/// assert!(jackknife.std_error(&index)? > 0.0);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
#[doc(alias = "leave-one-out")]
#[doc(alias = "influence")]
pub struct Jackknife {
    quantities: Vec<Quantity>,
    original: Vec<f64>,
    /// For each quantity the values that there are, by rows.
    values: Vec<Vec<f64>>,
    /// For each quantity how many respondents each value is of, if not all are of one.
    frequencies: Option<Vec<Vec<f64>>>,
    failed: usize,
}

impl Jackknife {
    /// Leaves each respondent out in turn.
    ///
    /// # Errors
    ///
    /// Responses other than those of the fit, or with missing answers that the fit's policy fills in; case weights that are
    /// not whole; a model with products of more than 400 pairs of indicators; more values than can be kept.
    pub fn run(fit: &Fit, responses: &Responses) -> Result<Self> {
        let sample = Sample::complete(fit, responses, "the jackknife")?;
        let (products, layout) = (sample.products(None), Layout::new(&sample, true));
        check::replicates(sample.rows.len(), layout.quantities.len(), "rows")?;
        let mut engine = Engine::new(&sample, &products, &layout);
        engine.frequencies = sample.frequencies.as_deref();
        let (original, _) = engine.in_sample();
        engine.original = &original;
        let mut values = vec![Vec::with_capacity(sample.rows.len()); layout.quantities.len()];
        let mut frequencies = vec![Vec::new(); if engine.frequencies.is_some() { values.len() } else { 0 }];
        let mut failed = 0.0;
        leave_one_out(&engine, |left_out| {
            let failures = left_out.rows.clone().zip(&left_out.failed).filter(|(_, failed)| **failed);
            failed += failures.map(|(row, _)| times(engine.frequencies, row)).sum::<f64>();
            for (at, list) in left_out.values.chunks_exact(left_out.rows.len()).enumerate() {
                for (value, row) in list.iter().zip(left_out.rows.clone()).filter(|(value, _)| value.is_finite()) {
                    values[at].push(*value);
                    if let Some(frequencies) = frequencies.get_mut(at) {
                        frequencies.push(times(engine.frequencies, row));
                    }
                }
            }
        });
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a sum of whole numbers")]
        let failed = failed as usize;
        let mut jackknife =
            Self { quantities: Vec::new(), original: Vec::new(), values: Vec::new(), frequencies: None, failed };
        let mut kept = Vec::new();
        for (at, (quantity, values)) in layout.quantities.iter().zip(values).enumerate() {
            // What is undefined in the sample has no bias.
            if original[at].is_finite() {
                jackknife.quantities.push(quantity.clone());
                jackknife.original.push(original[at]);
                jackknife.values.push(values);
                kept.extend(frequencies.get_mut(at).map(std::mem::take));
            }
        }
        jackknife.frequencies = engine.frequencies.map(|_| kept);
        Ok(jackknife)
    }

    /// Checks what was read.
    #[cfg_attr(not(feature = "serde"), allow(dead_code, reason = "nothing is read"))]
    fn check(&self) -> Result<()> {
        let count = self.quantities.len();
        check::length(self.original.len(), count, || "the list of estimates".into())?;
        check::length(self.values.len(), count, || "the list of values".into())?;
        if let Some(frequencies) = &self.frequencies {
            check::length(frequencies.len(), count, || "the list of frequencies".into())?;
            for (frequencies, values) in frequencies.iter().zip(&self.values) {
                check::length(frequencies.len(), values.len(), || "the frequencies of a quantity".into())?;
                let whole = frequencies.iter().find(|one| !(**one >= 1.0 && one.fract() == 0.0));
                let expected = "a whole number above 0";
                whole.map_or(Ok(1.0), |one| check::domain(*one, false, || "a frequency".into(), expected))?;
            }
        }
        let mut numbers = self.values.iter().flatten().chain(&self.original);
        numbers.try_for_each(|value| check::finite(*value, || "a value".into()).map(drop))
    }

    fn position(&self, quantity: &Quantity) -> Result<usize> {
        let found = self.quantities.iter().position(|known| known == quantity);
        found.ok_or_else(|| check::unknown(&quantity.to_string(), "quantity"))
    }

    /// The values of a quantity with each respondent left out: one for each row in use that gives a value, in their order.
    ///
    /// # Errors
    ///
    /// A quantity that the fit does not have.
    pub fn values(&self, quantity: &Quantity) -> Result<&[f64]> {
        self.position(quantity).map(|at| self.values[at].as_slice())
    }

    /// How many respondents each of the [values](Jackknife::values) is of; `None` where each is of one.
    ///
    /// # Errors
    ///
    /// A quantity that the fit does not have.
    pub fn frequencies(&self, quantity: &Quantity) -> Result<Option<&[f64]>> {
        let at = self.position(quantity)?;
        Ok(self.frequencies.as_ref().map(|frequencies| frequencies[at].as_slice()))
    }

    /// How many values there are, their mean, and the sum of their squared deviations from it.
    fn spread(&self, at: usize) -> Result<(f64, f64, f64)> {
        let values = &self.values[at];
        let times = |place: usize| self.frequencies.as_ref().map_or(1.0, |frequencies| frequencies[at][place]);
        let sum = |term: &dyn Fn(f64) -> f64| -> f64 {
            values.iter().enumerate().map(|(place, value)| times(place) * term(*value)).sum()
        };
        let count = sum(&|_| 1.0);
        if count < 2.0 {
            let place = "the number of leave-one-out values is".into();
            return Err(ErrorKind::Domain { place, value: count, expected: "at least 2".into() }.into());
        }
        let mean = sum(&|value| value) / count;
        Ok((count, mean, sum(&|value| (value - mean).powi(2))))
    }

    /// The jackknife's estimate of the bias of a quantity.
    ///
    /// # Errors
    ///
    /// As for [`Jackknife::values`]; fewer than two values.
    pub fn bias(&self, quantity: &Quantity) -> Result<f64> {
        let at = self.position(quantity)?;
        let (count, mean, _) = self.spread(at)?;
        Ok((count - 1.0) * (mean - self.original[at]))
    }

    /// The jackknife's estimate of the standard error of a quantity.
    ///
    /// # Errors
    ///
    /// As for [`Jackknife::bias`].
    pub fn std_error(&self, quantity: &Quantity) -> Result<f64> {
        let (count, _, squares) = self.spread(self.position(quantity)?)?;
        Ok(((count - 1.0) / count * squares).sqrt())
    }

    /// The quantities, in order.
    pub fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    /// How many respondents could not be left out, because the others gave no estimate.
    pub fn failed(&self) -> usize {
        self.failed
    }
}

impl Jackknife {
    /// Estimate, bias and standard error of every quantity; those of which there are fewer than two values are empty.
    pub fn table(&self) -> Table {
        let all = |number: fn(&Self, &Quantity) -> Result<f64>| {
            self.quantities.iter().map(move |quantity| number(self, quantity).ok())
        };
        Table::new("Jackknife")
            .column(Column::text("", &self.quantities))
            .column(Column::number("estimate", self.original.iter().copied()).decimals(4))
            .column(Column::number("bias", all(Self::bias)).decimals(4))
            .column(Column::number("std. error", all(Self::std_error)).decimals(4))
            .note(format!("{} respondents could not be left out", self.failed))
    }
}

impl fmt::Display for Jackknife {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

checked_when_read!(Jackknife);
