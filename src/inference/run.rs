//! The run: tiles of replicates, what they gave put together.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::error::{ErrorKind, Result};
use crate::inference::draw::Draw;
use crate::inference::engine::{Engine, Memory};
use crate::inference::jackknife::{Powers, accelerations};
use crate::inference::layout::Layout;
use crate::inference::marks::Marks;
use crate::inference::products::TILE;
use crate::inference::refit::Refit;
use crate::inference::result::{Bootstrapped, Outcome};
use crate::inference::sample::Sample;
use crate::inference::size;
use crate::inference::staged::Staged;
use crate::inference::{Bootstrap, Cause, IntervalType};
use crate::numeric::parallel;
use crate::structural::pls::Fit;
use crate::survey::Responses;

/// Tiles that a thread does in one go, with one set of memory.
pub(super) const TILES: usize = 16;

pub(super) type Progress<'a> = &'a (dyn Fn(usize, usize) -> ControlFlow<()> + Sync);

/// Replicates in their order: quantities × replicates, and what became of each replicate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Batch {
    pub(super) values: Vec<f64>,
    pub(super) causes: Vec<Option<Cause>>,
    pub(super) mixed: Vec<bool>,
    /// Own standard errors: quantities × replicates.
    pub(super) errors: Vec<f64>,
    /// In how many replicates with an estimate each mark holds.
    pub(super) marks: Vec<usize>,
    /// How many of these have inadmissible estimates.
    pub(super) inadmissible: usize,
}

impl Batch {
    pub(super) fn new(quantities: usize, marks: usize, count: usize) -> Self {
        Self {
            values: vec![0.0; quantities * count],
            causes: vec![None; count],
            mixed: vec![false; count],
            errors: Vec::new(),
            marks: vec![0; marks],
            inadmissible: 0,
        }
    }

    /// Counts the marks of some replicates, and leaves out the inadmissible ones if asked to.
    pub(super) fn count<M: AsRef<[bool]>>(
        &mut self,
        replicates: Range<usize>,
        marks: &Marks,
        held: impl IntoIterator<Item = M>,
        leave_out: bool,
    ) {
        let causes = &mut self.causes[replicates];
        let mut inadmissible = vec![false; causes.len()];
        for ((mark, held), count) in marks.all().iter().zip(held).zip(&mut self.marks) {
            for ((cause, held), inadmissible) in causes.iter().zip(held.as_ref()).zip(&mut inadmissible) {
                if cause.is_none() && *held {
                    *count += 1;
                    *inadmissible |= mark.is_inadmissible();
                }
            }
        }
        for (cause, _) in causes.iter_mut().zip(inadmissible).filter(|(_, inadmissible)| *inadmissible) {
            self.inadmissible += 1;
            if leave_out {
                *cause = Some(Cause::Inadmissible);
            }
        }
    }
}

pub(super) fn bootstrap(
    options: &Bootstrap,
    fit: &Fit,
    responses: &Responses,
    progress: Progress<'_>,
) -> Result<Bootstrapped> {
    options.check()?;
    let replicates = options.replicates();
    let sample = Sample::new(fit, responses)?;
    if let (Some(reason), IntervalType::Bca) = (sample.obstacle(), options.interval) {
        let place = "a BCa interval needs the jackknife, which".into();
        let reason = format!("{reason}, or ask for another type of interval");
        return Err(ErrorKind::Unsupported { place, reason }.into());
    }
    let clusters = options.clusters.as_deref().map(|group| sample.clusters(group)).transpose()?;
    let draw = sample.draw(options, clusters.as_ref())?;
    let layout = Layout::new(&sample, options.assessment);
    size::check(replicates, layout.quantities.len() * if options.inner.is_some() { 2 } else { 1 })?;
    let leave_out = !options.inadmissible;
    let (original, batches, accelerations) = if sample.refit {
        let refit = Refit::new(&sample, &layout, clusters.as_ref(), options.signs)?;
        let batches = batches(replicates, progress, |range| refit.batch(&draw, leave_out, range))?;
        (refit.original, batches, None)
    } else {
        let products = sample.products(clusters.as_ref());
        let mut engine = Engine::new(&sample, &products, &layout);
        engine.frequencies = sample.frequencies.as_deref().filter(|_| clusters.is_none());
        let (original, weights) = in_sample(&engine);
        (engine.original, engine.weights) = (&original, &weights);
        engine.signs = options.signs;
        engine.stop = fit.estimator().stop_of_replicates();
        let inner = options.inner.map(|inner| (inner, options.seed));
        let batches = batches(replicates, progress, |range| batch(&engine, &draw, inner, leave_out, range))?;
        let accelerations = options.acceleration.then(|| accelerations(&engine));
        (original.clone(), batches, accelerations)
    };
    let degrees = clusters.map_or(fit.n(), |clusters| clusters.count as f64) - 1.0;
    let marks = layout.marks.all().to_vec();
    let outcome = Outcome { quantities: layout.quantities, marks, original, batches, accelerations, degrees };
    Bootstrapped::new(&sample.models, outcome, fit.n(), options)
}

/// The replicates batch by batch, unless `progress` ends it.
fn batches(
    replicates: usize,
    progress: Progress<'_>,
    work: impl Fn(Range<usize>) -> Batch + Sync + Send,
) -> Result<Vec<Batch>> {
    let cancelled = AtomicBool::new(false);
    let done = AtomicUsize::new(0);
    let size = TILES * TILE;
    let batches = parallel::map(replicates.div_ceil(size), |task| {
        if cancelled.load(Ordering::Relaxed) {
            return Batch::new(0, 0, 0);
        }
        let range = task * size..replicates.min((task + 1) * size);
        let count = range.len();
        let batch = work(range);
        let finished = done.fetch_add(count, Ordering::Relaxed) + count;
        if progress(finished, replicates).is_break() {
            cancelled.store(true, Ordering::Relaxed);
        }
        batch
    });
    if cancelled.load(Ordering::Relaxed) {
        return Err(ErrorKind::Cancelled { done: done.load(Ordering::Relaxed), of: replicates }.into());
    }
    Ok(batches)
}

/// The quantities in the sample, a replicate in which every respondent is once, and the standardised weights of each
/// earlier stage.
pub(super) fn in_sample(engine: &Engine<'_>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut memory = Memory::new(engine);
    memory.count_sample(engine.frequencies);
    engine.tile(&mut memory, true);
    let weights = memory.stages.as_ref().map_or_else(Vec::new, Staged::weights);
    (memory.tile.values.chunks_exact(TILE).map(|values| values[0]).collect(), weights)
}

pub(super) fn batch(
    engine: &Engine<'_>,
    draw: &Draw,
    inner: Option<(usize, u64)>,
    leave_out: bool,
    range: Range<usize>,
) -> Batch {
    let mut memory = Memory::new(engine);
    let (quantities, marks, count) = (engine.layout.quantities.len(), &engine.layout.marks, range.len());
    let mut batch = Batch::new(quantities, marks.all().len(), count);
    for first in range.clone().step_by(TILE) {
        let here = TILE.min(range.end - first);
        memory.counts.fill(0.0);
        for column in 0..TILE {
            // A last tile that is not full repeats its last replicate in the lanes left over.
            draw.count(first + column.min(here - 1), column, &mut memory.counts);
        }
        engine.tile(&mut memory, true);
        let from = first - range.start;
        for (values, tile) in batch.values.chunks_exact_mut(count).zip(memory.tile.values.chunks_exact(TILE)) {
            values[from..from + here].copy_from_slice(&tile[..here]);
        }
        batch.causes[from..from + here].copy_from_slice(&memory.tile.causes[..here]);
        batch.mixed[from..from + here].copy_from_slice(&memory.tile.mixed[..here]);
        batch.count(from..from + here, marks, &memory.tile.marks, leave_out);
    }
    if let Some((resamples, seed)) = inner {
        batch.errors = vec![0.0; quantities * count];
        for (at, replicate) in range.enumerate() {
            let errors = own_errors(engine, draw, (replicate, resamples, seed), &mut memory);
            errors.iter().enumerate().for_each(|(quantity, error)| batch.errors[quantity * count + at] = *error);
        }
    }
    batch
}

/// The standard errors of one replicate's quantities, from resamples of that replicate.
fn own_errors(
    engine: &Engine<'_>,
    draw: &Draw,
    (replicate, resamples, seed): (usize, usize, u64),
    memory: &mut Memory,
) -> Vec<f64> {
    let inner = draw.within(replicate, resamples, seed);
    let mut powers = vec![Powers::default(); engine.layout.quantities.len()];
    for first in (0..resamples).step_by(TILE) {
        let here = TILE.min(resamples - first);
        memory.counts.fill(0.0);
        for column in 0..TILE {
            inner.count(first + column.min(here - 1), column, &mut memory.counts);
        }
        engine.tile(memory, true);
        for ((powers, values), original) in
            powers.iter_mut().zip(memory.tile.values.chunks_exact(TILE)).zip(engine.original)
        {
            for column in (0..here).filter(|column| memory.tile.causes[*column].is_none()) {
                if values[column].is_finite() {
                    powers.add(values[column] - original, 1.0);
                }
            }
        }
    }
    powers.iter().map(|powers| powers.variance().sqrt()).collect()
}
