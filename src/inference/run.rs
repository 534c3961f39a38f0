//! The run: rows in use, tiles of replicates, what they gave put together.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::error::{ErrorKind, Result};
use crate::inference::draw::{self, Draw};
use crate::inference::engine::{Engine, LANES, Memory};
use crate::inference::jackknife::{Powers, accelerations};
use crate::inference::layout::{Ends, Layout};
use crate::inference::products::{Products, TILE};
use crate::inference::refit::Refit;
use crate::inference::result::{Bootstrapped, Outcome};
use crate::inference::staged::{MOST_PAIRS, Staged};
use crate::inference::{Bootstrap, Cause};
use crate::numeric::parallel;
use crate::structural::interaction::Interaction;
use crate::structural::model::Model;
use crate::structural::plan::Plan;
use crate::structural::pls::params::Metric;
use crate::structural::pls::{Fit, columns};
use crate::structural::stages::{Column, Stage};
use crate::survey::{Missing, Responses, Scale};

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

impl Batch {
    pub(super) fn new(quantities: usize, count: usize) -> Self {
        Self {
            values: vec![0.0; quantities * count],
            causes: vec![None; count],
            mixed: vec![false; count],
            errors: Vec::new(),
        }
    }
}

/// A fit and the answers behind it, made ready for resampling.
pub(super) struct Sample<'a> {
    pub(super) fit: &'a Fit,
    pub(super) responses: &'a Responses,
    /// Of the last stage, if there are several.
    pub(super) plan: Plan,
    pub(super) staged: Option<Staged>,
    /// The models of all stages.
    pub(super) models: Vec<Model>,
    /// Where the indicators that were asked for stand, what is taken from the answers to each and by what the rest is
    /// divided.
    columns: Vec<usize>,
    centres: Vec<f64>,
    scales: Vec<f64>,
    /// The respondents in use, in terms of the rows of the responses.
    pub(super) rows: Vec<usize>,
    /// Is there an answer missing that the policy of the fit fills in each time?
    incomplete: bool,
    /// Has a replicate to be estimated from its answers, for that reason or for something that is not linear in them?
    pub(super) refit: bool,
}

/// The plans of all stages, given the scales of the answers. Scores between stages point the way that they came out.
fn plans(stages: &[Stage], mut scales: Vec<Option<Scale>>, fit: &Fit) -> Result<Vec<Plan>> {
    let mut plans = Vec::with_capacity(stages.len());
    for (number, stage) in stages.iter().enumerate() {
        let scale = |column: &Column| match column {
            Column::Indicator(at) => scales[*at],
            _ => None,
        };
        let last = number + 1 == stages.len();
        scales = if last { fit.scales().collect() } else { stage.columns.iter().map(scale).collect() };
        let (mut plan, _) = stage.pls.plan(&stage.model)?;
        stage.pls.orient(&mut plan, &stage.model, scales.iter().copied());
        plans.push(plan);
    }
    Ok(plans)
}

impl<'a> Sample<'a> {
    pub(super) fn new(fit: &'a Fit, responses: &'a Responses) -> Result<Self> {
        let (mut plan, _) = fit.estimator().plan(fit.model())?;
        fit.estimator().orient(&mut plan, fit.model(), fit.scales());
        let columns = columns(fit.specification().map_or(fit.model(), |(_, model)| model), responses)?;
        let answered = |row: usize| columns.iter().all(|column| !responses.answers_to(*column)[row].is_nan());
        let counts = |row: usize| responses.weights().is_none_or(|weights| weights[row] > 0.0);
        let complete: Vec<usize> = (0..responses.rows()).filter(|row| answered(*row) && counts(*row)).collect();
        let drops = matches!(fit.estimator().policy_in_use(), Missing::Reject | Missing::Listwise);
        let incomplete = !drops && complete.len() < responses.rows();
        let rows = if incomplete { (0..responses.rows()).collect() } else { complete };
        if !incomplete && rows.len() != fit.moments().rows() {
            let place = "the responses".into();
            let found = rows.len();
            let reason = format!("have {found} usable rows; the fit is of {}", fit.moments().rows());
            return Err(ErrorKind::Mismatch { place, reason }.into());
        }
        fit.check_same(responses)?;
        let (centres, deviations) = if fit.specification().is_none() {
            (fit.means("a bootstrap")?.to_vec(), fit.deviations().to_vec())
        } else {
            let moments = responses.moments_of(&columns, fit.estimator().policy_in_use())?;
            (moments.means().unwrap_or_default().to_vec(), moments.standard_deviations()?)
        };
        let scales = match fit.estimator().metric_in_use() {
            Metric::Standardised => deviations,
            Metric::Raw => vec![1.0; columns.len()],
        };
        let models = vec![fit.model().clone()];
        let (staged, refit) = (None, incomplete);
        let mut sample =
            Self { fit, responses, plan, staged, models, columns, centres, scales, rows, incomplete, refit };
        if let (Some((pls, model)), false) = (fit.specification(), incomplete) {
            let mixed = pls.interaction_in_use() == Interaction::SequentialMoments;
            if let Some(stages) = pls.stages(model, responses)? {
                let asked: Vec<Option<Scale>> =
                    sample.columns.iter().map(|column| responses.indicators()[*column].scale()).collect();
                let plans = plans(&stages, asked, fit)?;
                sample.staged = Staged::new(&stages, plans, sample.ends(), mixed);
                sample.models = stages.into_iter().map(|stage| stage.model).collect();
            }
            sample.refit = sample.staged.is_none();
        }
        Ok(sample)
    }

    /// The ends of the scales of the indicators that were asked for, in the units of the answers.
    fn ends(&self) -> Vec<Ends<LANES>> {
        let scale = |column: &usize| self.responses.indicators()[*column].scale();
        let units = self.centres.iter().zip(&self.scales);
        self.columns.iter().zip(units).map(|(column, (centre, unit))| Ends::of(scale(column), *centre, *unit)).collect()
    }

    /// The answers and their products.
    pub(super) fn products(&self) -> Products {
        let pairs = self.staged.as_ref().map_or(&[][..], |staged| &staged.pairs);
        Products::new(self.responses, &self.rows, &self.columns, (&self.centres, &self.scales), pairs)
    }

    /// As [`Sample::new`], for what works on complete answers only.
    pub(super) fn complete(fit: &'a Fit, responses: &'a Responses, purpose: &str) -> Result<Self> {
        let sample = Self::new(fit, responses)?;
        if sample.refit {
            let reason = if sample.incomplete {
                "takes complete answers; fit with listwise deletion".into()
            } else {
                format!("takes products of at most {MOST_PAIRS} pairs of indicators")
            };
            return Err(ErrorKind::Unsupported { place: purpose.into(), reason }.into());
        }
        Ok(sample)
    }

    /// What is taken from an indicator of the last stage, and by what the rest is divided: nothing, by 1, unless it is one
    /// that was asked for.
    pub(super) fn units(&self) -> (Vec<f64>, Vec<f64>) {
        let asked = self.fit.specification().map_or(self.fit.model(), |(_, model)| model);
        let places: HashMap<&str, usize> = asked.indicators().enumerate().map(|(at, name)| (name, at)).collect();
        let unit = |name| places.get(name).map_or((0.0, 1.0), |at| (self.centres[*at], self.scales[*at]));
        self.fit.model().indicators().map(unit).unzip()
    }

    pub(super) fn codes(&self, group: &str) -> Result<(Vec<usize>, &'a [String])> {
        let group = self.responses.group(group)?;
        let codes: Option<Vec<usize>> = self.rows.iter().map(|row| group.codes()[*row]).collect();
        let Some(codes) = codes else {
            let count = self.rows.iter().filter(|row| group.codes()[**row].is_none()).count();
            let reason = format!("{count} respondents have no label; `Responses::labelled` leaves them out");
            return Err(ErrorKind::Unsupported { place: format!("group `{}`", group.name()), reason }.into());
        };
        Ok((codes, group.levels()))
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
            return Err(ErrorKind::Mismatch { place, reason }.into());
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
    let layout = Layout::new(&sample, options.assessment);
    let outcome = if sample.refit {
        let refit = Refit::new(&sample, &layout, clusters.as_ref(), options.signs)?;
        let batches = batches(replicates, progress, |range| refit.batch(&draw, range))?;
        Outcome { quantities: layout.quantities.clone(), original: refit.original, batches, jackknife: None }
    } else {
        let products = match &clusters {
            Some((codes, count)) => sample.products().clustered(codes, *count),
            None => sample.products(),
        };
        let mut engine = Engine::new(&sample, &products, &layout);
        let (original, loadings) = in_sample(&engine);
        (engine.original, engine.loadings) = (&original, &loadings);
        engine.signs = options.signs;
        engine.stop = fit.estimator().stop_of_replicates();
        let inner = options.inner.map(|inner| (inner, options.seed));
        let batches = batches(replicates, progress, |range| batch(&engine, &draw, inner, range))?;
        let jackknife = options.acceleration.then(|| accelerations(&engine));
        Outcome { quantities: layout.quantities.clone(), original: original.clone(), batches, jackknife }
    };
    Bootstrapped::new(&sample.models, outcome, fit.n(), options.confidence, options.interval)
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
            return Batch::new(0, 0);
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

/// The quantities in the sample, a replicate in which every row is once, and the loadings of each earlier stage.
pub(super) fn in_sample(engine: &Engine<'_>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut memory = Memory::new(engine);
    memory.counts.fill(1.0);
    engine.tile(&mut memory, true);
    let stages = engine.staged.zip(memory.stages.as_ref());
    let loadings = stages.map_or_else(Vec::new, |(staged, memory)| staged.loadings(memory));
    (memory.tile.values.chunks_exact(TILE).map(|values| values[0]).collect(), loadings)
}

pub(super) fn batch(engine: &Engine<'_>, draw: &Draw, inner: Option<(usize, u64)>, range: Range<usize>) -> Batch {
    let mut memory = Memory::new(engine);
    let (quantities, count) = (engine.layout.quantities.len(), range.len());
    let mut batch = Batch::new(quantities, count);
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
                    powers.add(values[column] - original);
                }
            }
        }
    }
    powers.iter().map(|powers| powers.variance().sqrt()).collect()
}
