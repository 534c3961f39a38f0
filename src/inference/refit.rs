//! Replicates estimated from their answers, one by one: for what moments do not tell.

use std::ops::Range;

use crate::error::Result;
use crate::inference::batch::Batch;
use crate::inference::bootstrap::Signs;
use crate::inference::cause::Cause;
use crate::inference::draw::{Clusters, Draw};
use crate::inference::layout::Layout;
use crate::inference::marks::{Marks, directions_of};
use crate::inference::quantity::Facts;
use crate::inference::resample::Resample;
use crate::inference::sample::Sample;
use crate::structural::linear_index::Ends;
use crate::structural::pls::algorithm::workspace::Workspace;
use crate::structural::pls::columns;
use crate::structural::stages::{Directed, Run};
use crate::survey::{Moments, Responses, Scale};

/// What replicates that are estimated anew have in common.
pub(super) struct Refit<'a> {
    sample: &'a Sample<'a>,
    layout: &'a Layout,
    /// The rows of the responses in each cluster, if clusters are resampled.
    clusters: Option<Vec<Vec<usize>>>,
    signs: Signs,
    /// The quantities in the sample itself.
    pub(super) original: Vec<f64>,
    /// The standardised weights of each earlier stage there.
    weights: Vec<Vec<f64>>,
}

/// What the answers of a replicate gave.
struct Estimated {
    values: Vec<f64>,
    cause: Option<Cause>,
    mixed: bool,
    marks: Vec<[bool; 1]>,
    /// Of each earlier stage.
    weights: Vec<Vec<f64>>,
}

impl<'a> Refit<'a> {
    pub(super) fn new(
        sample: &'a Sample<'a>,
        layout: &'a Layout,
        clusters: Option<&Clusters>,
        signs: Signs,
    ) -> Result<Self> {
        let clusters = clusters.map(|clusters| {
            let mut members = vec![Vec::new(); clusters.count];
            clusters.codes.iter().zip(&sample.rows).for_each(|(cluster, row)| members[*cluster].push(*row));
            members
        });
        let (original, weights) = (Vec::new(), Vec::new());
        let mut refit = Self { sample, layout, clusters, signs: Signs::AsEstimated, original, weights };
        let estimated = refit.estimate(sample.responses)?;
        (refit.original, refit.weights) = (estimated.values, estimated.weights);
        refit.signs = signs;
        Ok(refit)
    }

    fn moments(&self, answers: &Responses) -> Result<Moments> {
        let fit = self.sample.fit;
        answers.moments_of(&columns(fit.model(), answers)?, fit.estimator().missing_in_use())
    }

    /// The quantities in some answers.
    fn estimate(&self, answers: &Responses) -> Result<Estimated> {
        let (fit, layout) = (self.sample.fit, self.layout);
        let (mut before, mut weights) = (Vec::new(), Vec::new());
        let mut last = None;
        if let Some(staged) = fit.staged() {
            let sample = Directed { weights: &self.weights, turn: self.signs == Signs::Construct };
            let mut run = Run::directed(&staged.pls, &staged.model, &staged.stages, answers, sample)?;
            (before, weights) = (std::mem::take(&mut run.directions), std::mem::take(&mut run.weights));
            last = run.into_last();
        }
        let (pls, moments) = match last {
            Some(last) => last,
            None => (fit.estimator().clone(), self.moments(answers)?),
        };
        // Reliabilities that come from an earlier stage are those of the resample.
        let (mut plan, _) = pls.plan(fit.model())?;
        pls.orient(&mut plan, fit.model(), fit.scales());
        let plan = &plan;
        let problem = pls.problem(&moments)?;
        let mut work = Workspace::new(plan, 0.0);
        work.solve(plan, pls.stop(), &problem.matrix, &problem.units);
        let means = moments.means().unwrap_or_default();
        let own = |at: usize| (means[at] - layout.centres[at]) / layout.scales[at];
        let divisor = |at: usize| problem.deviations[at] / problem.units[at] / layout.scales[at];
        let resample = Resample {
            n: moments.n(),
            means: (0..means.len()).map(own).collect(),
            divisors: (0..means.len()).map(divisor).collect(),
            units: problem.units,
            ends: (0..means.len()).map(|at| self.ends(at, moments.indicators()[at].scale())).collect(),
        };
        let constructs = plan.blocks.len();
        let (mut directions, mut flips) = (vec![1.0; constructs], vec![1.0; constructs]);
        directions_of(plan, &work, &resample.units, &self.original, &mut directions);
        self.signs.flips(&directions, &mut flips);
        let mut common = layout.common(plan, 0.0);
        let mut values = vec![0.0; layout.quantities.len()];
        let mixed = layout.read(plan, (&problem.matrix, &work), &resample, &flips, &mut common, &mut values);
        let turn = |(at, value): (usize, &f64)| self.signs.turn(layout.facts[at].signed, *value, self.original.get(at));
        let values: Vec<f64> = values.iter().enumerate().map(turn).collect();
        let lacks = |(value, facts): (&f64, &&Facts)| !value.is_finite() && facts.undefined.is_none();
        let absurd = values.iter().zip(&layout.facts).any(lacks).then_some(Cause::NotFinite);
        let failure = work.failure[0].map(|failure| Cause::Failure(self.sample.models.len() - 1, failure));
        let mut room = vec![0.0; Marks::room(plan)];
        let marks = layout.marks.all().iter();
        let marks =
            marks.map(|mark| [mark.holds(plan, (&work, &resample.units), (&directions, &before), &mut room)]).collect();
        Ok(Estimated { values, cause: failure.or(absurd), mixed, marks, weights })
    }

    /// A score whose weights go against each other here, and not in the sample, is on no scale: then on that of the sample,
    /// which counts as mixed.
    fn ends(&self, at: usize, scale: Option<Scale>) -> Ends<f64> {
        let answered_on = self.layout.answered_on[at];
        let ends: Ends<f64> = self.layout.ends(at, scale.or(answered_on));
        let mixed = scale.is_none() && answered_on.is_some();
        if mixed { Ends { extent: f64::INFINITY, ..ends } } else { ends }
    }

    /// The answers of a replicate.
    fn answers(&self, draw: &Draw, replicate: usize) -> Result<Responses> {
        let Sample { responses, rows, frequencies, .. } = self.sample;
        let Some(clusters) = &self.clusters else {
            return draw.answers(replicate, responses, rows, frequencies.is_some());
        };
        let mut rows = Vec::with_capacity(rows.len());
        draw.each(replicate, |cluster, _| rows.extend_from_slice(&clusters[cluster]));
        responses.subset(&rows)
    }

    pub(super) fn batch(&self, draw: &Draw, leave_out: bool, range: Range<usize>) -> Batch {
        let (count, marks) = (range.len(), &self.layout.marks);
        let mut batch = Batch::new(self.layout.quantities.len(), marks.all().len(), count);
        for (at, replicate) in range.enumerate() {
            match self.answers(draw, replicate).and_then(|answers| self.estimate(&answers)) {
                Ok(estimated) => {
                    let places = batch.values.chunks_exact_mut(count).zip(estimated.values);
                    places.for_each(|(places, value)| places[at] = value);
                    batch.causes[at] = estimated.cause;
                    batch.mixed[at] = estimated.mixed;
                    batch.count(at..at + 1, marks, estimated.marks, leave_out);
                }
                Err(_) => batch.causes[at] = Some(Cause::Answers),
            }
        }
        batch
    }
}
