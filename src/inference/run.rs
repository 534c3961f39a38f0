//! The run of a bootstrap: batches of replicates, on all threads.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::error::{ErrorKind, Result};
use crate::inference::batch::{Batch, batch};
use crate::inference::bootstrap::Bootstrap;
use crate::inference::engine::Engine;
use crate::inference::interval::IntervalType;
use crate::inference::jackknife::accelerations;
use crate::inference::layout::Layout;
use crate::inference::refit::Refit;
use crate::inference::resample::{TILE, TILES};
use crate::inference::result::{Bootstrapped, Outcome};
use crate::inference::sample::Sample;
use crate::numeric::{check, parallel};
use crate::structural::pls::Fit;
use crate::survey::Responses;

type Progress<'a> = &'a (dyn Fn(usize, usize) -> ControlFlow<()> + Sync);

impl Bootstrap {
    /// Resamples the respondents that a model was fitted to.
    ///
    /// # Errors
    ///
    /// Fewer than two replicates, or more than can be kept (about a thousand million numbers in all); a type of interval
    /// that needs what is left out, or cannot be had under the fit's policy for missing answers; a row out of range, or a
    /// given replicate with too few respondents for the model; an unknown grouping column, or one in which a row in use has
    /// no label; a stratum or a data set of one respondent or cluster; case weights that are not whole; responses other than
    /// those of the fit; fewer than two replicates with a result.
    pub fn run(&self, fit: &Fit, responses: &Responses) -> Result<Bootstrapped> {
        self.run_with(fit, responses, |_, _| ControlFlow::Continue(()))
    }

    /// As [`Bootstrap::run`], telling `progress` now and then how many replicates of how many are done. It is called
    /// from whichever thread did the work, and ends the run by answering `Break`.
    ///
    /// # Errors
    ///
    /// As for [`Bootstrap::run`]; [`ErrorKind::Cancelled`] when `progress` ended the run.
    pub fn run_with(
        &self,
        fit: &Fit,
        responses: &Responses,
        progress: impl Fn(usize, usize) -> ControlFlow<()> + Sync,
    ) -> Result<Bootstrapped> {
        bootstrap(self, fit, responses, &progress)
    }
}

fn bootstrap(options: &Bootstrap, fit: &Fit, responses: &Responses, progress: Progress<'_>) -> Result<Bootstrapped> {
    options.check()?;
    let replicates = options.replicates_in_use();
    let sample = Sample::new(fit, responses)?;
    if let (Some(reason), IntervalType::Bca) = (sample.obstacle(), options.interval) {
        let place = "a BCa interval needs the jackknife, which".into();
        let reason = format!("{reason}, or ask for another type of interval");
        return Err(ErrorKind::Unsupported { place, reason }.into());
    }
    let clusters = options.clusters.as_deref().map(|group| sample.clusters(group)).transpose()?;
    let draw = sample.draw(options, clusters.as_ref())?;
    let layout = Layout::new(&sample, options.assessment);
    let width = layout.quantities.len() * if options.inner.is_some() { 2 } else { 1 };
    check::replicates(replicates, width, "replicates")?;
    let leave_out = !options.inadmissible;
    let (original, batches, accelerations) = if sample.refit {
        let refit = Refit::new(&sample, &layout, clusters.as_ref(), options.signs)?;
        let batches = batches(replicates, progress, |range| refit.batch(&draw, leave_out, range))?;
        (refit.original, batches, None)
    } else {
        let products = sample.products(clusters.as_ref());
        let mut engine = Engine::new(&sample, &products, &layout);
        engine.frequencies = sample.frequencies.as_deref().filter(|_| clusters.is_none());
        let (original, weights) = engine.in_sample();
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
    let (quantities, unavailable) = (layout.quantities, layout.unavailable);
    let outcome = Outcome { quantities, unavailable, original, marks, batches, accelerations, degrees };
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
