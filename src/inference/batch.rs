//! Replicates by tiles, and what they gave.

use std::ops::Range;

use crate::inference::cause::Cause;
use crate::inference::draw::Draw;
use crate::inference::engine::{Engine, Memory};
use crate::inference::jackknife::Powers;
use crate::inference::marks::Marks;
use crate::inference::resample::TILE;

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
