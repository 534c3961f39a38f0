//! The batch run: many entities, one model, from interviews to the indices of all levels.

mod checkpoint;
mod fingerprint;
mod interviews;
mod wave;

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::aggregation::Aggregation;
use crate::aggregate::structure::Structure;
use crate::aggregate::tally::Tally;
use crate::error::{ErrorKind, Faults, Result};
use crate::inference::{Bootstrap, Quantity};
use crate::numeric::{check, parallel};
use crate::structural::{Fit, Model, Pls};

use fingerprint::mixed;
use interviews::Answers;
use wave::Outcome;

pub use checkpoint::{Checkpoint, Progress};
pub use interviews::Interviews;
pub use wave::{EntityReport, Estimate, Wave};

/// How many entities are estimated at a time, unless asked otherwise.
const BATCH: usize = 64;

/// One model estimated for every entity of a structure, and the indices of one of its constructs carried up the levels.
///
/// Each entity's model is fitted, its index bootstrapped and its fit verified; an entity that cannot be fitted is reported
/// with the reason, and the rest goes on without it. Interviews come from an iterator, a batch at a time, and are let go
/// of once they are estimated: what is kept of an entity is its report, of a group its sums of replicates.
///
/// [`Programme::run`] does it all. [`Programme::start`], [`Programme::advance`] and [`Programme::finish`] do it in steps,
/// between which a [`Checkpoint`] holds all that was done: it can be stored and taken up again, or merged with that of
/// another machine that had other entities.
///
/// # Numerical notes
///
/// The resamples of an entity are drawn from the bootstrap's seed and the entity's name. They do not depend on the other
/// entities, on their order, on the threads, or on where a run was interrupted: a run that was taken up again gives the
/// same bits as one that was not. (Entities in another order, or merged, add up the groups' replicates in another order,
/// with other rounding in the last digits.) A second period takes another seed.
///
/// # Examples
///
/// ```
/// use satindex::aggregate::{Programme, Structure};
/// use satindex::inference::Bootstrap;
/// use satindex::structural::template;
///
/// let nation = Structure::builder("nation")
///     .group("retail", "nation", 0.6)
///     .group("banks", "nation", 0.4)
///     .entity("Acme", "retail", 120.0)
///     .entity("Corner", "retail", 80.0)
///     .entity("Trust", "banks", 50.0)
///     .build()?;
/// let survey = template::acsi();
/// let population = survey.population().build()?;
/// let interviews = ["Acme", "Corner", "Trust"].into_iter().zip(1..).map(|(name, seed)| {
///     (name, population.likert(&survey.likert(), 250, seed))
/// });
///
/// let programme = Programme::new(survey.model(), "Satisfaction", nation)?.bootstrap(Bootstrap::new(200).seed(7));
/// let wave = programme.run(interviews)?;
/// assert_eq!(wave.failures().count(), 0);
/// println!("{}", wave.aggregated());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct Programme {
    model: Model,
    /// Other models, by the group whose entities have them.
    others: Vec<(String, Model)>,
    construct: String,
    structure: Structure,
    estimator: Pls,
    bootstrap: Option<Bootstrap>,
    aggregation: Aggregation,
    batch: usize,
}

checked_when_read!(Programme);

impl Programme {
    /// The index of one construct of a model for every entity; with the default estimator, 1,000 bootstrap resamples of
    /// each, and 95 % intervals.
    ///
    /// # Errors
    ///
    /// A construct that the model does not have.
    pub fn new(model: Model, construct: impl Into<String>, structure: Structure) -> Result<Self> {
        let construct = construct.into();
        model.position(&construct)?;
        let bootstrap = Some(Bootstrap::new(1000));
        let (estimator, aggregation) = (Pls::new(), Aggregation::new());
        Ok(Self { model, others: Vec::new(), construct, structure, estimator, bootstrap, aggregation, batch: BATCH })
    }

    /// Another model, with the same construct, for the entities of a group and the groups in it: for public services, say,
    /// that have no price. Of several that hold for an entity, the one given last counts.
    #[must_use]
    pub fn model_in(mut self, group: impl Into<String>, model: Model) -> Self {
        self.others.push((group.into(), model));
        self
    }

    /// How each model is estimated.
    #[must_use]
    pub fn estimator(self, estimator: Pls) -> Self {
        Self { estimator, ..self }
    }

    /// How each index is bootstrapped. Of the run only the index is kept, so reliability and validity are left out.
    #[must_use]
    pub fn bootstrap(self, bootstrap: Bootstrap) -> Self {
        Self { bootstrap: Some(bootstrap), ..self }
    }

    /// No bootstrap: standard errors are those of a mean with known weights, see
    /// [`Fit::index`](crate::structural::Fit::index).
    #[must_use]
    pub fn without_bootstrap(self) -> Self {
        Self { bootstrap: None, ..self }
    }

    /// How indices are combined.
    #[must_use]
    pub fn aggregation(self, aggregation: Aggregation) -> Self {
        Self { aggregation, ..self }
    }

    /// How many entities are estimated at a time: 64, unless asked otherwise. Their interviews are in memory together. It
    /// has no influence on the result.
    #[must_use]
    pub fn batch(self, entities: usize) -> Self {
        Self { batch: entities, ..self }
    }

    /// All of it: from the interviews of the entities, each a name with answers or moments, to the indices of all levels.
    ///
    /// # Errors
    ///
    /// An option that makes no sense, as for [`Programme::start`]; no entity at all that could be estimated, saying why for
    /// the first ones.
    pub fn run<I: Into<Interviews>>(&self, interviews: impl IntoIterator<Item = I>) -> Result<Wave> {
        let done = self.advance(self.start()?, interviews, |_| ControlFlow::Continue(()))?;
        self.finish(done)
    }

    /// A run in which nothing is done yet.
    ///
    /// # Errors
    ///
    /// All that is wrong with the options: an unknown group with a model of its own, a model without the construct, no entity
    /// at a time, a minimum coverage that is not from 0 to 1, more resamples than fit in memory.
    pub fn start(&self) -> Result<Checkpoint> {
        self.check()?;
        let tally = Tally::new(&self.structure, self.resamples())?;
        Ok(Checkpoint { programme: self.fingerprint(), reports: Vec::new(), tally })
    }

    /// Checks the options.
    fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        faults.check(self.model.position(&self.construct));
        for (group, model) in &self.others {
            faults.check(self.structure.group_at(group));
            let place = || format!("the model of group `{group}`");
            faults.check(model.position(&self.construct).map_err(|fault| fault.within(place())));
        }
        faults.check(check::domain(self.batch as f64, self.batch > 0, || "the size of a batch".into(), "at least 1"));
        faults.check(self.aggregation.check());
        faults.or(())
    }

    /// Takes a run up where it stands. Entities that it has done already are passed over. `progress` is called after each
    /// batch and may look at what was done, store the checkpoint, or end the run by answering `Break`; what was done until
    /// then is given back.
    ///
    /// # Errors
    ///
    /// A checkpoint of another programme.
    pub fn advance<I: Into<Interviews>>(
        &self,
        mut run: Checkpoint,
        interviews: impl IntoIterator<Item = I>,
        mut progress: impl FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Checkpoint> {
        self.check_run(&run)?;
        let before: HashSet<String> = run.reports.iter().map(|report| report.name().into()).collect();
        let mut seen: HashSet<String> = HashSet::new();
        let mut interviews =
            interviews.into_iter().map(Into::into).filter(|one: &Interviews| !before.contains(&one.entity));
        loop {
            let batch: Vec<Interviews> = interviews.by_ref().take(self.batch).collect();
            if batch.is_empty() {
                return Ok(run);
            }
            let outcomes = parallel::map(batch.len(), |at| self.estimate(&batch[at]));
            for (Interviews { entity, .. }, outcome) in batch.into_iter().zip(outcomes) {
                let twice = || ErrorKind::Duplicate { what: "interviews of", name: entity.clone() }.into();
                let outcome = if seen.contains(&entity) { Err(twice()) } else { outcome };
                seen.insert(entity.clone());
                run.add(&self.structure, entity, outcome);
            }
            if progress(Progress { run: &run, of: self.structure.entities().len() }).is_break() {
                return Ok(run);
            }
        }
    }

    /// Combines what was done into the indices of all levels.
    ///
    /// # Errors
    ///
    /// A checkpoint of another programme; no entity at all that could be estimated, saying why for the first ones.
    pub fn finish(&self, run: Checkpoint) -> Result<Wave> {
        self.check_run(&run)?;
        let failed = run.tally.indices.iter().all(Option::is_none);
        if let (true, Some(reasons)) = (failed, wave::reasons(&run.reports)) {
            return Err(reasons);
        }
        let aggregated = Aggregated::new(self.structure.clone(), self.aggregation, run.tally)?;
        Ok(Wave::new(aggregated, run.reports))
    }

    fn resamples(&self) -> usize {
        self.bootstrap.as_ref().map_or(0, Bootstrap::replicates_in_use)
    }

    /// One entity, from its answers to its index.
    fn estimate(&self, interviews: &Interviews) -> Result<Outcome> {
        let model = self.model_of(self.structure.entity_at(&interviews.entity)?);
        match interviews.answers.as_ref().map_err(Clone::clone)? {
            Answers::Responses(responses) => {
                let fit = self.estimator.fit(model, responses)?;
                let Some(bootstrap) = &self.bootstrap else { return self.plain(&fit) };
                let seed = mixed(bootstrap.seed_in_use(), interviews.entity.as_bytes());
                let boot = bootstrap.clone().seed(seed).of_index_alone().run(&fit, responses)?;
                let index = boot.index(&self.construct)?;
                let quantity = Quantity::Index { construct: self.construct.clone() };
                let replicates = boot.get(&quantity)?.draws().to_vec();
                let estimate = Estimate::new(&fit, index, boot.replicates() - replicates.len());
                Ok(Outcome { estimate, replicates })
            }
            Answers::Moments(moments) => {
                if self.bootstrap.is_some() {
                    let reason = "moments cannot be resampled; give the answers, or leave the bootstrap out".into();
                    let place = "the bootstrap".into();
                    return Err(ErrorKind::Unsupported { place, reason }.into());
                }
                self.plain(&self.estimator.fit(model, moments.as_ref())?)
            }
        }
    }

    fn model_of(&self, entity: usize) -> &Model {
        let within = |group: &str| {
            let Ok(group) = self.structure.group_at(group) else { return false };
            let range = group..self.structure.tree.end(group);
            self.structure.places_of(entity).any(|(place, _)| range.contains(&place))
        };
        let other = self.others.iter().rev().find(|(group, _)| within(group));
        other.map_or(&self.model, |(_, model)| model)
    }

    fn plain(&self, fit: &Fit) -> Result<Outcome> {
        let index = fit.index(&self.construct)?.with_normal_interval(self.aggregation.confidence_in_use())?;
        Ok(Outcome { estimate: Estimate::new(fit, index, 0), replicates: Vec::new() })
    }

    fn check_run(&self, run: &Checkpoint) -> Result<()> {
        let Structure { entities, groups, .. } = &self.structure;
        let size = (entities.len(), self.resamples(), groups.len() * self.resamples());
        if run.programme == self.fingerprint()
            && (run.tally.indices.len(), run.tally.resamples, run.tally.sums.len()) == size
        {
            return Ok(());
        }
        let place = "the checkpoint".into();
        let reason =
            "it is of another programme (the model, the construct, the estimator, the bootstrap or the structure differs)"
                .into();
        Err(ErrorKind::Mismatch { place, reason }.into())
    }

    /// What a checkpoint must share with a programme to be taken up by it: every setting that has an influence on the
    /// result.
    fn fingerprint(&self) -> u64 {
        let settings = (&self.model, &self.others, &self.construct, &self.estimator, &self.bootstrap, &self.structure);
        fingerprint::fingerprint(&settings)
    }
}
