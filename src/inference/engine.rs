//! Replicates at the cost of their multiplications: counts × products, then several solves side by side.

use pulp::{Arch, Simd, WithSimd};

use crate::inference::bootstrap::Signs;
use crate::inference::cause::Cause;
use crate::inference::layout::Layout;
use crate::inference::marks::{Marks, directions_of};
use crate::inference::products::Products;
use crate::inference::resample::{Common, Solving, TILE};
use crate::inference::sample::Sample;
use crate::inference::staged::{Staged, Stages, Terms};
use crate::numeric::number::{Mask, Number, Register};
use crate::numeric::rounding::ROUNDING;
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
    pub(super) tile: Tile,
    kernel: Box<dyn Kernel>,
}

impl Memory {
    pub(super) fn new(engine: &Engine<'_>) -> Self {
        Self {
            counts: vec![0.0; engine.products.rows() * TILE],
            products: Vec::new(),
            sums: vec![0.0; engine.products.width() * TILE],
            tile: Tile {
                values: vec![0.0; engine.layout.quantities.len() * TILE],
                causes: [None; TILE],
                mixed: [false; TILE],
                marks: vec![[false; TILE]; engine.layout.marks.all().len()],
            },
            kernel: Arch::new().dispatch(Build { engine }),
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

/// What works on a tile, in the instructions that the machine has.
trait Kernel {
    fn tile(
        &mut self,
        engine: &Engine<'_>,
        multiply: bool,
        counts: &[f64],
        products: &mut Vec<f64>,
        sums: &mut [f64],
        tile: &mut Tile,
    );

    fn weights(&self) -> Vec<Vec<f64>>;
}

/// Makes the kernel for the machine.
struct Build<'a, 'b> {
    engine: &'a Engine<'b>,
}

impl WithSimd for Build<'_, '_> {
    type Output = Box<dyn Kernel>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        if S::F64_LANES == 1 {
            return Box::new(Plain(Lanes::new(self.engine, 0.0)));
        }
        Box::new(Vectors { simd, lanes: Lanes::new(self.engine, Register::zeros(simd)) })
    }
}

/// One replicate at a time, by the solver that fits have: for machines without vector instructions worth the name.
struct Plain(Lanes<f64>);

impl Kernel for Plain {
    fn tile(
        &mut self,
        engine: &Engine<'_>,
        multiply: bool,
        counts: &[f64],
        products: &mut Vec<f64>,
        sums: &mut [f64],
        tile: &mut Tile,
    ) {
        Run { engine, multiply, counts, products, sums, tile, lanes: &mut self.0 }.with_simd(pulp::Scalar);
    }

    fn weights(&self) -> Vec<Vec<f64>> {
        self.0.weights()
    }
}

/// As many replicates side by side as a register has lanes.
struct Vectors<S: Simd> {
    simd: S,
    lanes: Lanes<Register<S>>,
}

impl<S: Simd> Kernel for Vectors<S> {
    fn tile(
        &mut self,
        engine: &Engine<'_>,
        multiply: bool,
        counts: &[f64],
        products: &mut Vec<f64>,
        sums: &mut [f64],
        tile: &mut Tile,
    ) {
        self.simd.vectorize(Run { engine, multiply, counts, products, sums, tile, lanes: &mut self.lanes });
    }

    fn weights(&self) -> Vec<Vec<f64>> {
        self.lanes.weights()
    }
}

/// Replicates that are solved side by side.
struct Lanes<N: Number> {
    stages: Option<Stages<N>>,
    last: Solving<N>,
    /// The first indicator that is constant in each.
    constant: Vec<Option<usize>>,
    directions: Vec<N>,
    flips: Vec<N>,
    room: Vec<N>,
    common: Common<N>,
    values: Vec<N>,
}

impl<N: Number> Lanes<N> {
    fn new(engine: &Engine<'_>, zero: N) -> Self {
        let constructs = engine.plan.blocks.len();
        let mut last = Solving::new(engine.plan, zero);
        for (at, ends) in last.resample.ends.iter_mut().enumerate() {
            *ends = engine.layout.ends(at, engine.layout.answered_on[at]).splat(zero);
        }
        Self {
            stages: engine.staged.map(|staged| staged.memory(zero)),
            last,
            constant: vec![None; N::LANES],
            directions: vec![zero.one(); constructs],
            flips: vec![zero.one(); constructs],
            room: vec![zero; Marks::room(engine.plan)],
            common: engine.layout.common(engine.plan, zero),
            values: vec![zero; engine.layout.quantities.len()],
        }
    }

    fn weights(&self) -> Vec<Vec<f64>> {
        self.stages.as_ref().map_or_else(Vec::new, Staged::weights)
    }
}

/// A tile to be done.
struct Run<'a, 'b, N: Number> {
    engine: &'a Engine<'b>,
    multiply: bool,
    counts: &'a [f64],
    products: &'a mut Vec<f64>,
    sums: &'a mut [f64],
    tile: &'a mut Tile,
    lanes: &'a mut Lanes<N>,
}

impl<N: Number> WithSimd for Run<'_, '_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Run { engine, multiply, counts, products, sums, tile, lanes } = self;
        if multiply {
            engine.products.accumulate(simd, counts, products, sums);
        }
        for first in (0..TILE).step_by(N::LANES) {
            let causes = &mut tile.causes[first..first + N::LANES];
            causes.fill(None);
            engine.prepare(sums, first, lanes, causes);
            let Lanes { last: Solving { matrix, resample, work, .. }, directions, flips, .. } = &mut *lanes;
            work.solve(engine.plan, engine.stop, matrix, &resample.units);
            directions_of(engine.plan, work, &resample.units, engine.original, directions);
            engine.signs.flips(directions, flips);
            engine.record(lanes, tile, first);
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
    pub(super) fn tile(&self, memory: &mut Memory, multiply: bool) {
        let Memory { counts, products, sums, tile, kernel } = memory;
        kernel.tile(self, multiply, counts, products, sums, tile);
    }

    /// The quantities in the sample, a replicate in which every respondent is once, and the standardised weights of each
    /// earlier stage.
    pub(super) fn in_sample(&self) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mut memory = Memory::new(self);
        memory.count_sample(self.frequencies);
        self.tile(&mut memory, true);
        let weights = memory.kernel.weights();
        (memory.tile.values.chunks_exact(TILE).map(|values| values[0]).collect(), weights)
    }

    /// From sums of products to the matrices of the last stage, for the replicates of the tile from `first` on. Gives the
    /// reason why there is none in each.
    #[inline(always)]
    fn prepare<N: Number>(&self, sums: &[f64], first: usize, lanes: &mut Lanes<N>, causes: &mut [Option<Cause>]) {
        let size = self.products.size();
        let Lanes { stages, last, constant, .. } = lanes;
        let sums = Sums { all: sums, first, size, zero: last.work.zero };
        last.resample.n = sums.at(0);
        if let (Some(staged), Some(stages)) = (self.staged, stages) {
            sums.moments(&mut stages.means, &mut stages.covariance, constant);
            for column in 0..size {
                for row in column + 1..size {
                    stages.covariance[row * size + column] = stages.covariance[column * size + row];
                }
            }
            let Self { stop, metric, signs, weights, .. } = *self;
            staged.run(Terms { stop, metric, signs, weights }, constant, stages, last, causes);
            return;
        }
        sums.moments(&mut last.resample.means, &mut last.matrix, constant);
        last.standardise(self.metric);
        for (cause, constant) in causes.iter_mut().zip(constant) {
            *cause = constant.map(|at| Cause::Constant(0, at));
        }
    }

    #[inline(always)]
    fn record<N: Number>(&self, lanes: &mut Lanes<N>, tile: &mut Tile, first: usize) {
        let Lanes { stages, last, directions, flips, room, common, values, .. } = lanes;
        let Solving { matrix, resample, work, .. } = last;
        let stage = self.staged.map_or(0, Staged::last);
        let mixed = self.layout.read(self.plan, (matrix, work), resample, flips, common, values);
        let infinity = work.zero.splat(f64::INFINITY);
        let mut finite = infinity.greater(work.zero);
        for (at, (value, kept)) in values.iter().zip(tile.values.chunks_exact_mut(TILE)).enumerate() {
            let value = self.signs.turn(self.layout.facts[at].signed, *value, self.original.get(at));
            if self.layout.facts[at].undefined.is_none() {
                finite = finite & infinity.greater(value.abs());
            }
            kept[first..first + N::LANES].copy_from_slice(value.lanes());
        }
        for lane in 0..N::LANES {
            let failure = work.failure[lane].map(|failure| Cause::Failure(stage, failure));
            let absurd = (!finite.lane(lane)).then_some(Cause::NotFinite);
            tile.causes[first + lane] = tile.causes[first + lane].or(failure).or(absurd);
        }
        mixed.write(&mut tile.mixed[first..first + N::LANES]);
        let before = stages.as_ref().map_or(&[][..], |stages| &stages.directions);
        for (mark, kept) in self.layout.marks.all().iter().zip(&mut tile.marks) {
            let holds = mark.holds(self.plan, (work, &resample.units), (directions, before), room);
            holds.write(&mut kept[first..first + N::LANES]);
        }
    }
}

/// The sums of a tile's replicates from `first` on, as many as there are lanes.
struct Sums<'a, N> {
    all: &'a [f64],
    first: usize,
    size: usize,
    zero: N,
}

impl<N: Number> Sums<'_, N> {
    #[inline(always)]
    fn at(&self, product: usize) -> N {
        self.zero.load(&self.all[product * TILE + self.first..][..N::LANES])
    }

    /// Means, and covariances as the lower triangle by columns. Tells the first indicator that is constant in each.
    #[inline(always)]
    fn moments(&self, means: &mut [N], matrix: &mut [N], constant: &mut [Option<usize>]) {
        let (size, one) = (self.size, self.zero.one());
        let n = self.at(0);
        let share = one / n;
        let degrees = one / (n - one);
        for (at, mean) in means.iter_mut().enumerate() {
            *mean = self.at(1 + at) * share;
        }
        let triangle = |row: usize, column: usize| 1 + size + row * (row + 1) / 2 + column;
        constant.fill(None);
        for row in 0..size {
            let squares = self.at(triangle(row, row));
            let variance = (squares - n * means[row] * means[row]) * degrees;
            let moving = variance.greater(one.splat(ROUNDING) * squares * share);
            if !moving.all() {
                let still = constant.iter_mut().enumerate().filter(|(lane, _)| !moving.lane(*lane));
                still.for_each(|(_, constant)| *constant = constant.or(Some(row)));
            }
            let whole = n * means[row];
            for column in 0..row {
                matrix[column * size + row] = (self.at(triangle(row, column)) - whole * means[column]) * degrees;
            }
            matrix[row * (size + 1)] = variance;
        }
    }
}
