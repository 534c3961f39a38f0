//! Replicates estimated from their answers, one by one: for what moments do not tell.

use std::ops::Range;

use crate::error::Result;
use crate::inference::draw::Draw;
use crate::inference::layout::{Ends, Layout, Resample};
use crate::inference::quantity::Quantity;
use crate::inference::run::{Batch, Sample};
use crate::inference::{Cause, Signs};
use crate::numeric::lane::Lane;
use crate::structural::pls::columns;
use crate::structural::pls::solve::Workspace;
use crate::survey::{Moments, Responses, Scale};

/// What replicates that are estimated anew have in common.
pub(super) struct Refit<'a> {
    sample: &'a Sample<'a>,
    layout: &'a Layout,
    /// The rows of the responses that each unit of resampling stands for.
    members: Vec<Vec<usize>>,
    signs: Signs,
    /// The quantities in the sample itself.
    pub(super) original: Vec<f64>,
}

impl<'a> Refit<'a> {
    pub(super) fn new(
        sample: &'a Sample<'a>,
        layout: &'a Layout,
        clusters: Option<&(Vec<usize>, usize)>,
        signs: Signs,
    ) -> Result<Self> {
        let members = match clusters {
            None => sample.rows.iter().map(|row| vec![*row]).collect(),
            Some((codes, count)) => {
                let mut members = vec![Vec::new(); *count];
                codes.iter().zip(&sample.rows).for_each(|(cluster, row)| members[*cluster].push(*row));
                members
            }
        };
        let mut refit = Self { sample, layout, members, signs: Signs::AsEstimated, original: Vec::new() };
        (refit.original, ..) = refit.estimate(sample.responses)?;
        refit.signs = signs;
        Ok(refit)
    }

    fn moments(&self, answers: &Responses) -> Result<Moments> {
        let fit = self.sample.fit;
        answers.moments_of(&columns(fit.model(), answers)?, fit.estimator().policy_in_use())
    }

    /// The quantities in some answers.
    fn estimate(&self, answers: &Responses) -> Result<(Vec<f64>, Option<Cause>, bool)> {
        let (fit, layout) = (self.sample.fit, self.layout);
        let (pls, moments) = match fit.specification() {
            None => (fit.estimator().clone(), self.moments(answers)?),
            Some((specified, model)) => {
                let (pls, _, answers) = specified.first_order(model, answers)?;
                (pls, self.moments(&answers)?)
            }
        };
        // Reliabilities that come from an earlier stage are those of the resample.
        let (mut plan, _) = pls.plan(fit.model())?;
        pls.orient(&mut plan, fit.model(), fit.scales());
        let plan = &plan;
        let problem = pls.problem(&moments)?;
        let mut work = Workspace::<1>::new(plan);
        work.solve(plan, pls.stop(), &problem.matrix, &problem.units);
        let means = moments.means().unwrap_or_default();
        let own = |at: usize| (means[at] - layout.centres[at]) / layout.scales[at];
        let divisor = |at: usize| problem.deviations[at] / problem.units[at].0[0] / layout.scales[at];
        let resample = Resample {
            n: Lane([moments.n()]),
            means: (0..means.len()).map(|at| Lane([own(at)])).collect(),
            divisors: (0..means.len()).map(|at| Lane([divisor(at)])).collect(),
            units: problem.units,
            ends: (0..means.len()).map(|at| self.ends(at, moments.indicators()[at].scale())).collect(),
        };
        let constructs = plan.blocks.len();
        let mut flips = vec![Lane::ONE; constructs];
        let loadings = self.original.get(plan.size()..).unwrap_or_default();
        self.signs.flips(plan, &work, &resample.units, loadings, &mut flips);
        let mut effects = vec![Lane::ZERO; constructs * constructs];
        let mut values = vec![Lane::<1>::ZERO; layout.quantities.len()];
        let mixed = layout.read(plan, (&problem.matrix, &work), &resample, &flips, &mut effects, &mut values);
        let turn = |(at, value): (usize, &Lane<1>)| {
            self.signs.turn(&layout.quantities[at], *value, self.original.get(at)).0[0]
        };
        let values: Vec<f64> = values.iter().enumerate().map(turn).collect();
        let lacks = |(value, quantity): (&f64, &Quantity)| !value.is_finite() && !quantity.can_lack();
        let absurd = values.iter().zip(&layout.quantities).any(lacks).then_some(Cause::NotFinite);
        let failure = work.failure[0].map(|failure| Cause::Failure(self.sample.models.len() - 1, failure));
        Ok((values, failure.or(absurd), mixed[0]))
    }

    /// A score whose weights go against each other here, and not in the sample, is on no scale: then on that of the sample,
    /// which counts as mixed.
    fn ends(&self, at: usize, scale: Option<Scale>) -> Ends<1> {
        let answered_on = self.layout.answered_on[at];
        let ends: Ends<1> = self.layout.ends(at, scale.or(answered_on));
        let mixed = scale.is_none() && answered_on.is_some();
        if mixed { Ends { extent: Lane([f64::INFINITY]), ..ends } } else { ends }
    }

    pub(super) fn batch(&self, draw: &Draw, range: Range<usize>) -> Batch {
        let count = range.len();
        let mut batch = Batch::new(self.layout.quantities.len(), count);
        for (at, replicate) in range.enumerate() {
            let mut rows = Vec::with_capacity(self.sample.rows.len());
            draw.each(replicate, |unit| rows.extend_from_slice(&self.members[unit]));
            match self.sample.responses.subset(&rows).and_then(|answers| self.estimate(&answers)) {
                Ok((values, cause, mixed)) => {
                    let places = batch.values.chunks_exact_mut(count).zip(values);
                    places.for_each(|(places, value)| places[at] = value);
                    batch.causes[at] = cause;
                    batch.mixed[at] = mixed;
                }
                Err(_) => batch.causes[at] = Some(Cause::Answers),
            }
        }
        batch
    }
}
