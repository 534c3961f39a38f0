//! Every respondent left out in turn.

use crate::error::Result;
use crate::inference::engine::{Engine, Memory};
use crate::inference::interval::Distribution;
use crate::inference::layout::Layout;
use crate::inference::products::TILE;
use crate::inference::quantity::Quantity;
use crate::inference::run::{Sample, in_sample};
use crate::numeric::check;
use crate::structural::pls::Fit;
use crate::survey::Responses;

/// Sums over leave-one-out values d = θ₍ᵢ₎ − θ̂ of each quantity, from which their acceleration follows.
#[derive(Clone, Copy, Default)]
pub(super) struct Powers {
    count: f64,
    first: f64,
    second: f64,
    third: f64,
}

impl Powers {
    pub(super) fn add(&mut self, d: f64) {
        self.count += 1.0;
        self.first += d;
        self.second += d * d;
        self.third += d * d * d;
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

/// The leave-one-out sums of every row: the whole less that row.
fn leave_one_out(engine: &Engine<'_>, take: &mut dyn FnMut(usize, &Memory)) {
    let mut memory = Memory::new(engine);
    memory.counts.fill(1.0);
    engine.tile(&mut memory, true);
    let whole: Vec<f64> = memory.sums.chunks_exact(TILE).map(|sums| sums[0]).collect();
    let rows = engine.products.rows();
    for first in (0..rows).step_by(TILE) {
        let here = TILE.min(rows - first);
        let products = engine.products.block(first..first + here);
        for column in 0..TILE {
            let row = &products[column.min(here - 1) * whole.len()..][..whole.len()];
            for ((sum, whole), product) in memory.sums.chunks_exact_mut(TILE).zip(&whole).zip(row) {
                sum[column] = whole - product;
            }
        }
        engine.tile(&mut memory, false);
        take(here, &memory);
    }
}

/// For each quantity its acceleration, and the degrees of freedom.
pub(super) fn accelerations(engine: &Engine<'_>) -> (Vec<f64>, f64) {
    let mut powers = vec![Powers::default(); engine.layout.quantities.len()];
    leave_one_out(engine, &mut |here, memory| {
        for ((powers, values), original) in
            powers.iter_mut().zip(memory.tile.values.chunks_exact(TILE)).zip(engine.original)
        {
            for column in (0..here).filter(|column| memory.tile.causes[*column].is_none()) {
                if values[column].is_finite() {
                    powers.add(values[column] - original);
                }
            }
        }
    });
    (powers.iter().map(Powers::acceleration).collect(), engine.products.rows() as f64 - 1.0)
}

/// The jackknife: every number of a fit with each respondent left out in turn.
///
/// # Formula
///
/// With the leave-one-out values θ₍ᵢ₎ and their mean θ̄: bias (n − 1)(θ̄ − θ̂), standard error
/// √((n − 1)/n · Σ(θ₍ᵢ₎ − θ̄)²).
///
/// # References
///
/// Efron, B., Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, ch. 11.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    quantities: Vec<Quantity>,
    original: Vec<f64>,
    values: Vec<Vec<f64>>,
    failed: usize,
}

impl Jackknife {
    /// Leaves each respondent out in turn.
    ///
    /// # Errors
    ///
    /// Responses other than those of the fit, or with missing answers that the fit's policy fills in; a model with
    /// products of more than 400 pairs of indicators.
    pub fn run(fit: &Fit, responses: &Responses) -> Result<Self> {
        let sample = Sample::complete(fit, responses, "the jackknife")?;
        let (products, layout) = (sample.products(), Layout::new(&sample, true));
        let mut engine = Engine::new(&sample, &products, &layout);
        let (original, _) = in_sample(&engine);
        engine.original = &original;
        let mut values = vec![Vec::with_capacity(sample.rows.len()); layout.quantities.len()];
        let mut failed = 0;
        leave_one_out(&engine, &mut |here, memory| {
            for column in 0..here {
                if memory.tile.causes[column].is_some() {
                    failed += 1;
                    continue;
                }
                for (values, tile) in values.iter_mut().zip(memory.tile.values.chunks_exact(TILE)) {
                    values.extend(Some(tile[column]).filter(|value| value.is_finite()));
                }
            }
        });
        Ok(Self { quantities: layout.quantities.clone(), original: original.clone(), values, failed })
    }

    fn position(&self, quantity: &Quantity) -> Result<usize> {
        let found = self.quantities.iter().position(|known| known == quantity);
        found.ok_or_else(|| check::unknown(&format!("{quantity:?}"), "quantity"))
    }

    /// The values of a quantity with each respondent left out, in the order of the respondents in use.
    ///
    /// # Errors
    ///
    /// A quantity that the fit does not have.
    pub fn values(&self, quantity: &Quantity) -> Result<&[f64]> {
        self.position(quantity).map(|at| self.values[at].as_slice())
    }

    /// The jackknife's estimate of the bias of a quantity.
    ///
    /// # Errors
    ///
    /// As for [`Jackknife::values`]; fewer than two values.
    pub fn bias(&self, quantity: &Quantity) -> Result<f64> {
        let at = self.position(quantity)?;
        let spread = Distribution::new(self.original[at], self.values[at].clone())?;
        Ok((self.values[at].len() as f64 - 1.0) * spread.bias())
    }

    /// The jackknife's estimate of the standard error of a quantity.
    ///
    /// # Errors
    ///
    /// As for [`Jackknife::bias`].
    pub fn std_error(&self, quantity: &Quantity) -> Result<f64> {
        let at = self.position(quantity)?;
        let n = self.values[at].len() as f64;
        Ok(Distribution::new(self.original[at], self.values[at].clone())?.std_error() * (n - 1.0) / n.sqrt())
    }

    /// The quantities, in order.
    pub fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    /// How many leave-one-out samples gave no estimate.
    pub fn failed(&self) -> usize {
        self.failed
    }
}
