//! Replicates at the cost of their multiplications: counts × products, then several solves side by side.

use pulp::{Simd, WithSimd};

use crate::inference::bootstrap::Signs;
use crate::inference::cause::Cause;
use crate::inference::layout::Layout;
use crate::inference::marks::{Marks, directions_of};
use crate::inference::products::Products;
use crate::inference::resample::{CONSTANT, LANES, Solving, TILE};
use crate::inference::sample::Sample;
use crate::inference::staged::{Staged, Stages, Terms};
use crate::numeric::lane::Lane;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::workspace::Stop;
use crate::structural::pls::params::Metric;

/// What all replicates have in common.
pub(super) struct Engine<'a> {
    /// Of the last stage, if there are several.
    pub(super) plan: &'a Plan,
    pub(super) staged: Option<&'a Staged>,
    pub(super) stop: Stop,
    pub(super) metric: Metric,
    pub(super) products: &'a Products,
    pub(super) layout: &'a Layout,
    pub(super) signs: Signs,
    /// How many respondents each row stands for, if not all stand for one.
    pub(super) frequencies: Option<&'a [u64]>,
    /// The quantities in the sample itself.
    pub(super) original: &'a [f64],
    /// The standardised weights of each earlier stage there.
    pub(super) weights: &'a [Vec<f64>],
}

/// What a tile of replicates gave.
#[derive(Clone)]
pub(super) struct Tile {
    /// Quantities × `TILE` replicates.
    pub(super) values: Vec<f64>,
    pub(super) causes: [Option<Cause>; TILE],
    /// Replicates in which some index has weights of both signs.
    pub(super) mixed: [bool; TILE],
    /// For each mark the replicates that have it.
    pub(super) marks: Vec<[bool; TILE]>,
}

/// Memory that a thread keeps from tile to tile.
pub(super) struct Memory {
    /// How often each row is in each replicate: rows × `TILE`.
    pub(super) counts: Vec<f64>,
    /// Products of some rows, where they are formed anew.
    pub(super) products: Vec<f64>,
    /// Sums of products: products × `TILE`.
    pub(super) sums: Vec<f64>,
    pub(super) stages: Option<Stages>,
    last: Solving<LANES>,
    directions: Vec<Lane<LANES>>,
    flips: Vec<Lane<LANES>>,
    room: Vec<Lane<LANES>>,
    effects: Vec<Lane<LANES>>,
    values: Vec<Lane<LANES>>,
    pub(super) tile: Tile,
}

impl Memory {
    pub(super) fn new(engine: &Engine<'_>) -> Self {
        let constructs = engine.plan.blocks.len();
        let mut last = Solving::new(engine.plan);
        for (at, ends) in last.resample.ends.iter_mut().enumerate() {
            *ends = engine.layout.ends(at, engine.layout.answered_on[at]);
        }
        Self {
            counts: vec![0.0; engine.products.rows() * TILE],
            products: Vec::new(),
            sums: vec![0.0; engine.products.width() * TILE],
            stages: engine.staged.map(Staged::memory),
            last,
            directions: vec![Lane::ONE; constructs],
            flips: vec![Lane::ONE; constructs],
            room: vec![Lane::ZERO; Marks::room(engine.plan)],
            effects: vec![Lane::ZERO; constructs * constructs],
            values: vec![Lane::ZERO; engine.layout.quantities.len()],
            tile: Tile {
                values: vec![0.0; engine.layout.quantities.len() * TILE],
                causes: [None; TILE],
                mixed: [false; TILE],
                marks: vec![[false; TILE]; engine.layout.marks.all().len()],
            },
        }
    }

    /// Every respondent of the sample once, in all replicates of the tile.
    pub(super) fn count_sample(&mut self, frequencies: Option<&[u64]>) {
        match frequencies {
            None => self.counts.fill(1.0),
            Some(frequencies) => {
                let rows = self.counts.chunks_exact_mut(TILE).zip(frequencies);
                rows.for_each(|(counts, frequency)| counts.fill(*frequency as f64));
            }
        }
    }
}

/// A tile to be done in whichever instructions the machine has.
struct Run<'a, 'b> {
    engine: &'a Engine<'b>,
    memory: &'a mut Memory,
    multiply: bool,
}

impl WithSimd for Run<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Run { engine, memory, multiply } = self;
        if multiply {
            let Memory { counts, products, sums, .. } = &mut *memory;
            engine.products.accumulate(simd, counts, products, sums);
        }
        for first in (0..TILE).step_by(LANES) {
            let causes = engine.prepare(memory, first);
            let Solving { matrix, resample, work, .. } = &mut memory.last;
            work.solve(engine.plan, engine.stop, matrix, &resample.units);
            let Memory { directions, flips, .. } = memory;
            directions_of(engine.plan, work, &resample.units, engine.original, directions);
            engine.signs.flips(directions, flips);
            engine.record(memory, first, causes);
        }
    }
}

impl<'a> Engine<'a> {
    /// Replicates of a sample under the options of its fit, as estimated.
    pub(super) fn new(sample: &'a Sample<'_>, products: &'a Products, layout: &'a Layout) -> Self {
        let pls = sample.fit.estimator();
        Self {
            plan: &sample.plan,
            staged: sample.staged.as_ref(),
            stop: pls.stop(),
            metric: pls.metric_in_use(),
            products,
            layout,
            signs: Signs::AsEstimated,
            frequencies: None,
            original: &[],
            weights: &[],
        }
    }
}

impl Engine<'_> {
    /// Does a tile: from its counts if these are to be multiplied, else from the sums that are there already.
    ///
    /// Not inlined: what is behind this door is compiled once for each instruction set, not once more for each caller.
    #[inline(never)]
    pub(super) fn tile(&self, memory: &mut Memory, multiply: bool) {
        pulp::Arch::new().dispatch(Run { engine: self, memory, multiply });
    }

    /// The quantities in the sample, a replicate in which every respondent is once, and the standardised weights of each
    /// earlier stage.
    pub(super) fn in_sample(&self) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mut memory = Memory::new(self);
        memory.count_sample(self.frequencies);
        self.tile(&mut memory, true);
        let weights = memory.stages.as_ref().map_or_else(Vec::new, Staged::weights);
        (memory.tile.values.chunks_exact(TILE).map(|values| values[0]).collect(), weights)
    }

    /// From sums of products to the matrices of the last stage, for `LANES` of the tile's replicates. Gives the reason why
    /// there is none in each.
    #[inline(always)]
    fn prepare(&self, memory: &mut Memory, first: usize) -> [Option<Cause>; LANES] {
        let size = self.products.size();
        let sums = Sums { all: &memory.sums, first, size };
        memory.last.resample.n = sums.at(0);
        if let (Some(staged), Some(stages)) = (self.staged, &mut memory.stages) {
            let constant = sums.moments(&mut stages.means, &mut stages.covariance);
            for column in 0..size {
                for row in column + 1..size {
                    stages.covariance[row * size + column] = stages.covariance[column * size + row];
                }
            }
            let Self { stop, metric, signs, weights, .. } = *self;
            return staged.run(Terms { stop, metric, signs, weights }, constant, stages, &mut memory.last);
        }
        let last = &mut memory.last;
        let constant = sums.moments(&mut last.resample.means, &mut last.matrix);
        last.standardise(self.metric);
        constant.map(|constant| constant.map(|at| Cause::Constant(0, at)))
    }

    #[inline(always)]
    fn record(&self, memory: &mut Memory, first: usize, causes: [Option<Cause>; LANES]) {
        let Memory { last, directions, flips, room, effects, values, tile, .. } = memory;
        let Solving { matrix, resample, work, .. } = last;
        let stage = self.staged.map_or(0, Staged::last);
        let mixed = self.layout.read(self.plan, (matrix, work), resample, flips, effects, values);
        let mut finite = [true; LANES];
        for (at, (value, kept)) in values.iter().zip(tile.values.chunks_exact_mut(TILE)).enumerate() {
            let value = self.signs.turn(self.layout.facts[at].signed, *value, self.original.get(at));
            if self.layout.facts[at].undefined.is_none() {
                for lane in 0..LANES {
                    finite[lane] &= value.0[lane].is_finite();
                }
            }
            kept[first..first + LANES].copy_from_slice(&value.0);
        }
        for lane in 0..LANES {
            let failure = work.failure[lane].map(|failure| Cause::Failure(stage, failure));
            let absurd = (!finite[lane]).then_some(Cause::NotFinite);
            tile.causes[first + lane] = causes[lane].or(failure).or(absurd);
            tile.mixed[first + lane] = mixed[lane];
        }
        let mut marks = tile.marks.iter_mut();
        self.layout.marks.read(self.plan, (work, &resample.units), directions, room, |mask| {
            if let Some(mark) = marks.next() {
                mark[first..first + LANES].copy_from_slice(&mask);
            }
        });
    }
}

/// The sums of `LANES` of a tile's replicates.
struct Sums<'a> {
    all: &'a [f64],
    first: usize,
    size: usize,
}

impl Sums<'_> {
    #[inline(always)]
    fn at(&self, product: usize) -> Lane<LANES> {
        let mut lanes = Lane::ZERO;
        lanes.0.copy_from_slice(&self.all[product * TILE + self.first..product * TILE + self.first + LANES]);
        lanes
    }

    /// Means, and covariances as the lower triangle by columns. Gives the first indicator that is constant in each.
    #[inline(always)]
    fn moments(&self, means: &mut [Lane<LANES>], matrix: &mut [Lane<LANES>]) -> [Option<usize>; LANES] {
        let size = self.size;
        let n = self.at(0);
        let share = Lane::ONE / n;
        let degrees = Lane::ONE / (n - Lane::ONE);
        for (at, mean) in means.iter_mut().enumerate() {
            *mean = self.at(1 + at) * share;
        }
        let triangle = |row: usize, column: usize| 1 + size + row * (row + 1) / 2 + column;
        let mut constant = [None; LANES];
        for row in 0..size {
            let squares = self.at(triangle(row, row));
            let variance = (squares - n * means[row] * means[row]) * degrees;
            let moving = variance.greater(Lane([CONSTANT; LANES]) * squares * share);
            for lane in 0..LANES {
                if !moving[lane] && constant[lane].is_none() {
                    constant[lane] = Some(row);
                }
            }
            let whole = n * means[row];
            for column in 0..row {
                matrix[column * size + row] = (self.at(triangle(row, column)) - whole * means[column]) * degrees;
            }
            matrix[row * (size + 1)] = variance;
        }
        constant
    }
}
