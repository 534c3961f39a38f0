//! Replicates at the cost of their multiplications: counts × products, then several solves side by side.

use pulp::{Simd, WithSimd};

use crate::numeric::lane::Lane;
use crate::structural::bootstrap::products::{Products, TILE};
use crate::structural::bootstrap::quantity::{Layout, Quantity, Resample};
use crate::structural::bootstrap::{Cause, Signs};
use crate::structural::plan::Plan;
use crate::structural::pls::Fit;
use crate::structural::pls::params::Metric;
use crate::structural::pls::solve::{Stop, Workspace};

/// How many replicates are solved side by side: one vector of the widest registers in use.
pub(super) const LANES: usize = 8;

/// A resample's variance below this share of the sample's is a constant indicator and rounding.
const CONSTANT: f64 = 1e-12;

/// What all replicates have in common.
pub(super) struct Engine<'a> {
    pub(super) plan: &'a Plan,
    pub(super) stop: Stop,
    pub(super) metric: Metric,
    pub(super) products: &'a Products,
    pub(super) layout: &'a Layout,
    pub(super) signs: Signs,
    /// The quantities in the sample itself.
    pub(super) original: &'a [f64],
}

/// What a tile of replicates gave.
#[derive(Clone)]
pub(super) struct Tile {
    /// Quantities × `TILE` replicates.
    pub(super) values: Vec<f64>,
    pub(super) causes: [Option<Cause>; TILE],
    /// Replicates in which some index has weights of both signs.
    pub(super) mixed: [bool; TILE],
}

/// Memory that a thread keeps from tile to tile.
pub(super) struct Memory {
    /// How often each row is in each replicate: rows × `TILE`.
    pub(super) counts: Vec<f64>,
    /// Sums of products: products × `TILE`.
    pub(super) sums: Vec<f64>,
    matrix: Vec<Lane<LANES>>,
    resample: Resample<LANES>,
    work: Workspace<LANES>,
    flips: Vec<Lane<LANES>>,
    effects: Vec<Lane<LANES>>,
    values: Vec<Lane<LANES>>,
    pub(super) tile: Tile,
}

impl Memory {
    pub(super) fn new(engine: &Engine<'_>) -> Self {
        let (size, constructs) = (engine.products.size(), engine.plan.blocks.len());
        let ones = || vec![Lane::ONE; size];
        Self {
            counts: vec![0.0; engine.products.rows() * TILE],
            sums: vec![0.0; engine.products.width() * TILE],
            matrix: vec![Lane::ZERO; size * size],
            resample: Resample { means: ones(), units: ones(), divisors: ones() },
            work: Workspace::new(engine.plan),
            flips: vec![Lane::ONE; constructs],
            effects: vec![Lane::ZERO; constructs * constructs],
            values: vec![Lane::ZERO; engine.layout.quantities.len()],
            tile: Tile {
                values: vec![0.0; engine.layout.quantities.len() * TILE],
                causes: [None; TILE],
                mixed: [false; TILE],
            },
        }
    }
}

/// A tile to be done in whichever instructions the machine has.
pub(super) struct Run<'a, 'b> {
    pub(super) engine: &'a Engine<'b>,
    pub(super) memory: &'a mut Memory,
    /// Are the sums to be formed from the counts, or are they there already?
    pub(super) multiply: bool,
}

impl WithSimd for Run<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Run { engine, memory, multiply } = self;
        if multiply {
            engine.products.accumulate(simd, &memory.counts, &mut memory.sums);
        }
        for first in (0..TILE).step_by(LANES) {
            let constant = engine.prepare(memory, first);
            memory.work.solve(engine.plan, engine.stop, &memory.matrix, &memory.resample.units);
            engine.signs.flips(engine.plan, &memory.work, &memory.resample.units, engine.original, &mut memory.flips);
            engine.record(memory, first, constant);
        }
    }
}

impl<'a> Engine<'a> {
    /// Replicates of a fit under its own options, as estimated.
    pub(super) fn new(fit: &Fit, plan: &'a Plan, products: &'a Products, layout: &'a Layout) -> Self {
        let (stop, metric) = (fit.estimator().stop(), fit.estimator().metric_in_use());
        Self { plan, stop, metric, products, layout, signs: Signs::AsEstimated, original: &[] }
    }
}

impl Engine<'_> {
    /// From sums of products to covariance or correlation matrices, for `LANES` of the tile's replicates.
    /// Gives the first indicator that is constant in each.
    #[inline(always)]
    fn prepare(&self, memory: &mut Memory, first: usize) -> [Option<usize>; LANES] {
        let size = self.products.size();
        let sum = |at: usize| {
            let mut lanes = Lane::ZERO;
            lanes.0.copy_from_slice(&memory.sums[at * TILE + first..at * TILE + first + LANES]);
            lanes
        };
        let n = sum(0);
        let share = Lane::ONE / n;
        let degrees = Lane::ONE / (n - Lane::ONE);
        let means = &mut memory.resample.means;
        for (at, mean) in means.iter_mut().enumerate() {
            *mean = sum(1 + at) * share;
        }
        let triangle = |row: usize, column: usize| 1 + size + row * (row + 1) / 2 + column;
        let mut constant = [None; LANES];
        for row in 0..size {
            let squares = sum(triangle(row, row));
            let variance = (squares - n * means[row] * means[row]) * degrees;
            let moving = variance.greater(Lane([CONSTANT; LANES]) * squares * share);
            for lane in 0..LANES {
                if !moving[lane] && constant[lane].is_none() {
                    constant[lane] = Some(row);
                }
            }
            let deviation = variance.sqrt();
            let (unit, divisor) = match self.metric {
                Metric::Standardised => (Lane::ONE, deviation),
                Metric::Raw => (deviation, Lane::ONE),
            };
            memory.resample.units[row] = unit;
            memory.resample.divisors[row] = divisor;
            let scale = degrees / divisor;
            for column in 0..row {
                let product = sum(triangle(row, column)) - n * means[row] * means[column];
                let entry = product * (scale / memory.resample.divisors[column]);
                memory.matrix[row * size + column] = entry;
                memory.matrix[column * size + row] = entry;
            }
            memory.matrix[row * size + row] = unit * unit;
        }
        constant
    }

    #[inline(always)]
    fn record(&self, memory: &mut Memory, first: usize, constant: [Option<usize>; LANES]) {
        let Memory { matrix, resample, work, flips, effects, values, tile, .. } = memory;
        let mixed = self.layout.read(self.plan, (matrix, work), resample, flips, effects, values);
        let mut finite = [true; LANES];
        for (at, (value, kept)) in values.iter().zip(tile.values.chunks_exact_mut(TILE)).enumerate() {
            let value = self.signs.turn(&self.layout.quantities[at], *value, self.original.get(at));
            if !self.layout.quantities[at].can_lack() {
                for lane in 0..LANES {
                    finite[lane] &= value.0[lane].is_finite();
                }
            }
            kept[first..first + LANES].copy_from_slice(&value.0);
        }
        for lane in 0..LANES {
            let failure = work.failure[lane].map(Cause::Failure);
            let absurd = (!finite[lane]).then_some(Cause::NotFinite);
            tile.causes[first + lane] = constant[lane].map(Cause::Constant).or(failure).or(absurd);
            tile.mixed[first + lane] = mixed[lane];
        }
    }
}

impl Signs {
    /// Which constructs are to be turned round: those whose loadings resemble the sample's more with the other sign.
    #[inline(always)]
    pub(super) fn flips<const L: usize>(
        self,
        plan: &Plan,
        work: &Workspace<L>,
        units: &[Lane<L>],
        original: &[f64],
        flips: &mut [Lane<L>],
    ) {
        if self != Self::Construct {
            return;
        }
        let size = plan.size();
        for (construct, block) in plan.blocks.iter().enumerate() {
            let (mut here, mut there) = (Lane::ZERO, 0.0);
            for indicator in block.indicators.clone() {
                here += work.cross[construct * size + indicator] / units[indicator];
                // The loadings stand behind the weights.
                there += original[size + indicator];
            }
            let there = Lane([there; L]);
            let worse = (here - there).abs().greater((here + there).abs());
            flips[construct] = (-Lane::ONE).where_else(worse, Lane::ONE);
        }
    }

    /// A value with the sign that it has in the sample, if each is to have it.
    #[inline(always)]
    pub(super) fn turn<const L: usize>(self, quantity: &Quantity, value: Lane<L>, original: Option<&f64>) -> Lane<L> {
        match original {
            Some(original) if self == Self::Individual && quantity.has_sign() => {
                value.abs() * Lane([original.signum(); L])
            }
            _ => value,
        }
    }
}
