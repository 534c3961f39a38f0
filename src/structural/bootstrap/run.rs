//! The run: rows in use, tiles of replicates, what they gave put together.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::error::{ErrorKind, Result};
use crate::numeric::lane::Lane;
use crate::numeric::parallel;
use crate::structural::bootstrap::draw::{self, Draw};
use crate::structural::bootstrap::engine::{Engine, Memory, Run};
use crate::structural::bootstrap::jackknife::{Powers, accelerations};
use crate::structural::bootstrap::products::{Products, TILE, complete_rows};
use crate::structural::bootstrap::quantity::{Layout, Quantity, Resample};
use crate::structural::bootstrap::result::{Bootstrapped, Outcome};
use crate::structural::bootstrap::{Bootstrap, Cause};
use crate::structural::plan::Plan;
use crate::structural::pls::solve::Workspace;
use crate::structural::pls::{Fit, Pls, columns};
use crate::survey::{Missing, Responses};

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
}

/// A fit and the answers behind it, made ready for resampling.
pub(super) struct Sample<'a> {
    fit: &'a Fit,
    responses: &'a Responses,
    pub(super) plan: Plan,
    /// The respondents in use, in terms of the rows of the responses.
    pub(super) rows: Vec<usize>,
    /// Is there an answer missing that the policy of the fit has to fill in each replicate?
    pub(super) incomplete: bool,
}

impl<'a> Sample<'a> {
    pub(super) fn new(fit: &'a Fit, responses: &'a Responses) -> Result<Self> {
        let (plan, _) = fit.estimator().plan(fit.model())?;
        let complete = complete_rows(fit.model(), responses)?;
        let drops = matches!(fit.estimator().policy_in_use(), Missing::Reject | Missing::Listwise);
        let incomplete = !drops && complete.len() < responses.rows();
        let rows = if incomplete { (0..responses.rows()).collect() } else { complete };
        if !incomplete && rows.len() != fit.moments().rows() {
            let place = "the responses".into();
            let found = rows.len();
            let reason = format!("have {found} usable rows; the fit is of {}", fit.moments().rows());
            return Err(ErrorKind::Degenerate { place, reason }.into());
        }
        Ok(Self { fit, responses, plan, rows, incomplete })
    }

    /// As [`Sample::new`], for what works on complete answers only.
    pub(super) fn complete(fit: &'a Fit, responses: &'a Responses, purpose: &str) -> Result<Self> {
        let sample = Self::new(fit, responses)?;
        if sample.incomplete {
            let reason = "takes complete answers; fit with listwise deletion".into();
            return Err(ErrorKind::Degenerate { place: purpose.into(), reason }.into());
        }
        Ok(sample)
    }

    pub(super) fn codes(&self, group: &str) -> Result<(Vec<usize>, &'a [String])> {
        let group = self.responses.group(group)?;
        Ok((self.rows.iter().map(|row| group.codes()[*row]).collect(), group.levels()))
    }

    /// Which cluster each row belongs to, numbering only the clusters in use.
    fn clusters(&self, group: &str) -> Result<(Vec<usize>, usize)> {
        let (mut codes, levels) = self.codes(group)?;
        let mut numbers = vec![None; levels.len()];
        let mut count = 0;
        for code in &mut codes {
            *code = *numbers[*code].get_or_insert_with(|| {
                count += 1;
                count - 1
            });
        }
        Ok((codes, count))
    }

    fn draw(&self, options: &Bootstrap, clusters: Option<&(Vec<usize>, usize)>) -> Result<Draw> {
        if let Some(given) = &options.given {
            let mut places = vec![None; self.responses.rows()];
            self.rows.iter().enumerate().for_each(|(place, row)| places[*row] = Some(place));
            return draw::given(given, &places);
        }
        let units = clusters.map_or(self.rows.len(), |(_, count)| *count);
        if units < 2 {
            let place = "the number of respondents or clusters to resample is".into();
            return Err(ErrorKind::Domain { place, value: units as f64, expected: "at least 2".into() }.into());
        }
        let strata = match &options.strata {
            None => vec![(0..u32::try_from(units).unwrap_or(u32::MAX)).collect()],
            Some(group) => {
                let (codes, levels) = self.codes(group)?;
                let codes = match clusters {
                    None => codes,
                    Some((clusters, count)) => stratum_of_cluster(&codes, clusters, *count, group)?,
                };
                draw::strata(&codes, levels, group)?
            }
        };
        Ok(Draw::Strata { strata, seed: options.seed })
    }
}

fn stratum_of_cluster(codes: &[usize], clusters: &[usize], count: usize, group: &str) -> Result<Vec<usize>> {
    let mut strata = vec![None; count];
    for (code, cluster) in codes.iter().zip(clusters) {
        if *strata[*cluster].get_or_insert(*code) != *code {
            let place = format!("a cluster lies in two strata of `{group}`");
            let reason = "clusters are resampled whole, within one stratum".into();
            return Err(ErrorKind::Degenerate { place, reason }.into());
        }
    }
    Ok(strata.into_iter().flatten().collect())
}

pub(super) fn bootstrap(
    options: &Bootstrap,
    fit: &Fit,
    responses: &Responses,
    progress: Progress<'_>,
) -> Result<Bootstrapped> {
    let replicates = options.given.as_ref().map_or(options.resamples, Vec::len);
    if replicates < 2 {
        let place = "the number of resamples is".into();
        return Err(ErrorKind::Domain { place, value: replicates as f64, expected: "at least 2".into() }.into());
    }
    let sample = Sample::new(fit, responses)?;
    let clusters = options.clusters.as_deref().map(|group| sample.clusters(group)).transpose()?;
    let draw = sample.draw(options, clusters.as_ref())?;
    let products = Products::new(fit, responses, &sample.rows)?;
    let layout = Layout::new(fit, &sample.plan, (&products.centres, &products.scales), options.assessment);
    let products = match &clusters {
        Some((codes, count)) => products.clustered(codes, *count),
        None => products,
    };
    let mut engine = Engine::new(fit, &sample.plan, &products, &layout);
    let original = if sample.incomplete { anew(&sample, &layout, &engine, None)?.0 } else { in_sample(&engine) };
    engine.original = &original;
    engine.signs = options.signs;
    engine.stop = fit.estimator().stop_of_replicates();
    let cancelled = AtomicBool::new(false);
    let done = AtomicUsize::new(0);
    let size = TILES * TILE;
    let batches = parallel::map(replicates.div_ceil(size), |task| {
        if cancelled.load(Ordering::Relaxed) {
            return Batch { values: Vec::new(), causes: Vec::new(), mixed: Vec::new(), errors: Vec::new() };
        }
        let range = task * size..replicates.min((task + 1) * size);
        let count = range.len();
        let batch = if sample.incomplete {
            slow_batch(&sample, &layout, &engine, clusters.as_ref(), &draw, range)
        } else {
            batch(&engine, &draw, options.inner.map(|inner| (inner, options.seed)), range)
        };
        let finished = done.fetch_add(count, Ordering::Relaxed) + count;
        if progress(finished, replicates).is_break() {
            cancelled.store(true, Ordering::Relaxed);
        }
        batch
    });
    if cancelled.load(Ordering::Relaxed) {
        return Err(ErrorKind::Cancelled { done: done.load(Ordering::Relaxed), of: replicates }.into());
    }
    let jackknife = (options.acceleration && !sample.incomplete).then(|| accelerations(&engine));
    let quantities = layout.quantities.clone();
    let outcome = Outcome { quantities, original: original.clone(), batches, jackknife };
    Bootstrapped::new(fit.model(), outcome, fit.n(), options.confidence, options.interval)
}

/// The quantities in the sample: a replicate in which every row is once.
pub(super) fn in_sample(engine: &Engine<'_>) -> Vec<f64> {
    let mut memory = Memory::new(engine);
    memory.counts.fill(1.0);
    pulp::Arch::new().dispatch(Run { engine, memory: &mut memory, multiply: true });
    memory.tile.values.chunks_exact(TILE).map(|values| values[0]).collect()
}

pub(super) fn batch(
    engine: &Engine<'_>,
    draw: &Draw,
    inner: Option<(usize, u64)>,
    range: std::ops::Range<usize>,
) -> Batch {
    let arch = pulp::Arch::new();
    let mut memory = Memory::new(engine);
    let (quantities, count) = (engine.layout.quantities.len(), range.len());
    let mut batch = Batch {
        values: vec![0.0; quantities * count],
        causes: vec![None; count],
        mixed: vec![false; count],
        errors: Vec::new(),
    };
    for first in range.clone().step_by(TILE) {
        let here = TILE.min(range.end - first);
        memory.counts.fill(0.0);
        for column in 0..TILE {
            // A last tile that is not full repeats its last replicate in the lanes left over.
            draw.count(first + column.min(here - 1), column, &mut memory.counts);
        }
        arch.dispatch(Run { engine, memory: &mut memory, multiply: true });
        let from = first - range.start;
        for (values, tile) in batch.values.chunks_exact_mut(count).zip(memory.tile.values.chunks_exact(TILE)) {
            values[from..from + here].copy_from_slice(&tile[..here]);
        }
        batch.causes[from..from + here].copy_from_slice(&memory.tile.causes[..here]);
        batch.mixed[from..from + here].copy_from_slice(&memory.tile.mixed[..here]);
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
        pulp::Arch::new().dispatch(Run { engine, memory, multiply: true });
        for ((powers, values), original) in
            powers.iter_mut().zip(memory.tile.values.chunks_exact(TILE)).zip(engine.original)
        {
            for column in (0..here).filter(|column| memory.tile.causes[*column].is_none()) {
                if values[column].is_finite() {
                    powers.add(values[column] - original);
                }
            }
        }
    }
    powers.iter().map(|powers| powers.variance().sqrt()).collect()
}

/// A replicate estimated from its answers, one by one: for answers that are filled in anew each time.
/// Without rows, the sample itself.
fn anew(
    sample: &Sample<'_>,
    layout: &Layout,
    engine: &Engine<'_>,
    rows: Option<&[usize]>,
) -> Result<(Vec<f64>, Option<Cause>, bool)> {
    let pls: &Pls = sample.fit.estimator();
    let columns = columns(sample.fit.model(), sample.responses)?;
    let moments = match rows {
        Some(rows) => sample.responses.subset(rows)?.moments_of(&columns, pls.policy_in_use())?,
        None => sample.responses.moments_of(&columns, pls.policy_in_use())?,
    };
    let problem = pls.problem(&moments)?;
    let mut work = Workspace::<1>::new(&sample.plan);
    work.solve(&sample.plan, pls.stop(), &problem.matrix, &problem.units);
    let means = moments.means().unwrap_or_default();
    let own = |at: usize| (means[at] - engine.products.centres[at]) / engine.products.scales[at];
    let resample = Resample {
        means: (0..means.len()).map(|at| Lane([own(at)])).collect(),
        divisors: (0..means.len())
            .map(|at| Lane([problem.deviations[at] / problem.units[at].0[0] / engine.products.scales[at]]))
            .collect(),
        units: problem.units,
    };
    let constructs = sample.plan.blocks.len();
    let mut flips = vec![Lane::ONE; constructs];
    engine.signs.flips(&sample.plan, &work, &resample.units, engine.original, &mut flips);
    let mut effects = vec![Lane::ZERO; constructs * constructs];
    let mut values = vec![Lane::<1>::ZERO; layout.quantities.len()];
    let mixed = layout.read(&sample.plan, (&problem.matrix, &work), &resample, &flips, &mut effects, &mut values);
    let turn = |(at, value): (usize, &Lane<1>)| {
        engine.signs.turn(&layout.quantities[at], *value, engine.original.get(at)).0[0]
    };
    let values: Vec<f64> = values.iter().enumerate().map(turn).collect();
    let lacks = |(value, quantity): (&f64, &Quantity)| !value.is_finite() && !quantity.can_lack();
    let absurd = values.iter().zip(&layout.quantities).any(lacks).then_some(Cause::NotFinite);
    Ok((values, work.failure[0].map(Cause::Failure).or(absurd), mixed[0]))
}

fn slow_batch(
    sample: &Sample<'_>,
    layout: &Layout,
    engine: &Engine<'_>,
    clusters: Option<&(Vec<usize>, usize)>,
    draw: &Draw,
    range: std::ops::Range<usize>,
) -> Batch {
    let (quantities, count) = (layout.quantities.len(), range.len());
    let mut batch = Batch {
        values: vec![0.0; quantities * count],
        causes: vec![None; count],
        mixed: vec![false; count],
        errors: Vec::new(),
    };
    let mut members = vec![Vec::new(); clusters.map_or(0, |(_, count)| *count)];
    if let Some((codes, _)) = clusters {
        codes.iter().enumerate().for_each(|(place, cluster)| members[*cluster].push(sample.rows[place]));
    }
    for (at, replicate) in range.enumerate() {
        let mut rows = Vec::with_capacity(sample.rows.len());
        draw.each(replicate, |unit| match clusters {
            None => rows.push(sample.rows[unit]),
            Some(_) => rows.extend_from_slice(&members[unit]),
        });
        match anew(sample, layout, engine, Some(&rows)) {
            Ok((values, cause, mixed)) => {
                values.iter().enumerate().for_each(|(quantity, value)| batch.values[quantity * count + at] = *value);
                batch.causes[at] = cause;
                batch.mixed[at] = mixed;
            }
            Err(_) => batch.causes[at] = Some(Cause::Answers),
        }
    }
    batch
}
