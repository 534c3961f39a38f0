//! A run of a programme as far as it has come.

use std::collections::HashSet;

use crate::aggregate::programme::wave::{EntityReport, Outcome};
use crate::aggregate::structure::Structure;
use crate::aggregate::tally::Tally;
use crate::error::{ErrorKind, Faults, Result};

/// What a run of a [`Programme`](super::Programme) has done so far: to be stored, taken up again, or merged.
///
/// A format that keeps every bit of a number (binary ones, JSON read with `serde_json`'s feature `float_roundtrip`) makes
/// a run that was stored and taken up again the same to the last bit.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Raw"))]
pub struct Checkpoint {
    /// Of which programme.
    pub(super) programme: u64,
    pub(super) reports: Vec<EntityReport>,
    pub(super) tally: Tally,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    programme: u64,
    reports: Vec<EntityReport>,
    tally: Tally,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for Checkpoint {
    type Error = crate::Error;

    fn try_from(Raw { programme, reports, tally }: Raw) -> Result<Self> {
        tally.verify()?;
        let mut estimated = HashSet::new();
        let mut faults = Faults::default();
        for name in reports.iter().filter(|report| report.estimate().is_some()).map(EntityReport::name) {
            if !estimated.insert(name) {
                faults.note(|| ErrorKind::Duplicate { what: "report of", name: name.into() });
            }
        }
        faults.or(())?;
        Ok(Self { programme, reports, tally })
    }
}

impl Checkpoint {
    /// The entities that were done, in the order in which they came: with their estimates, or why there is none.
    pub fn reports(&self) -> &[EntityReport] {
        &self.reports
    }

    /// The same run without the entities that had no estimate, so that they are tried again.
    #[must_use]
    pub fn without_failures(mut self) -> Self {
        self.reports.retain(|report| report.estimate().is_some());
        self
    }

    pub(super) fn add(&mut self, structure: &Structure, entity: String, outcome: Result<Outcome>) {
        let added = outcome.and_then(|outcome| {
            let at = structure.entity_at(&entity)?;
            self.tally.check(structure, at, &outcome.replicates)?;
            self.tally.add(structure, at, outcome.estimate.index().clone(), &outcome.replicates);
            Ok(outcome.estimate)
        });
        self.reports.push(EntityReport::new(entity, added));
    }

    /// This run and one of other entities of the same programme, done elsewhere, together.
    ///
    /// # Errors
    ///
    /// A run of another programme; entities that were estimated in both.
    pub fn merge(mut self, other: Self) -> Result<Self> {
        if self.programme != other.programme {
            let (one, other) = (format!("{:016x}", self.programme), format!("{:016x}", other.programme));
            return Err(ErrorKind::Conflict { place: "the programme of the checkpoints".into(), one, other }.into());
        }
        let mut faults = Faults::default();
        let estimated = |report: &&EntityReport| report.estimate().is_some();
        let own: HashSet<&str> = self.reports.iter().filter(estimated).map(EntityReport::name).collect();
        for name in other.reports.iter().filter(estimated).map(EntityReport::name).filter(|name| own.contains(name)) {
            faults.note(|| ErrorKind::Duplicate { what: "interviews of", name: name.into() });
        }
        faults.or(())?;
        self.tally.merge(other.tally);
        self.reports.extend(other.reports);
        Ok(self)
    }
}

/// How far a run has come: see [`Programme::advance`](super::Programme::advance).
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    pub(super) run: &'a Checkpoint,
    pub(super) of: usize,
}

impl<'a> Progress<'a> {
    /// How many entities were done, whether or not with an estimate.
    pub fn done(&self) -> usize {
        self.run.reports.len()
    }

    /// How many entities the structure has.
    pub fn of(&self) -> usize {
        self.of
    }

    /// All that was done: its serialised form can be taken up again.
    pub fn checkpoint(&self) -> &'a Checkpoint {
        self.run
    }
}
