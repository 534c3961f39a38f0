//! What a programme gives: the indices of all levels, and a report on every entity.

use std::fmt;

use crate::aggregate::aggregated::Aggregated;
use crate::error::{Error, ErrorKind, Faults, Result};
use crate::index::Index;
use crate::structural::{Finding, Fit};
use crate::table::{Column, Table};

/// One entity's estimate, and the replicates of its index.
pub(super) struct Outcome {
    pub(super) estimate: Estimate,
    pub(super) replicates: Vec<f64>,
}

/// What is kept of an entity that could be estimated.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Estimate {
    index: Index,
    respondents: usize,
    respondents_dropped: usize,
    failed_replicates: usize,
    findings: Vec<Finding>,
}

impl Estimate {
    pub(super) fn new(fit: &Fit, index: Index, failed_replicates: usize) -> Self {
        Self {
            index,
            respondents: fit.moments().rows(),
            respondents_dropped: fit.moments().rows_dropped(),
            failed_replicates,
            findings: fit.verify().into_findings(),
        }
    }

    /// The index, with its standard error and interval.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// How many respondents the estimate is from.
    pub fn respondents(&self) -> usize {
        self.respondents
    }

    /// How many more there were, left out for a missing answer.
    pub fn respondents_dropped(&self) -> usize {
        self.respondents_dropped
    }

    /// How many bootstrap replicates gave no estimate.
    pub fn failed_replicates(&self) -> usize {
        self.failed_replicates
    }

    /// What [`Fit::verify`](crate::structural::Fit::verify) found.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// What became of one entity.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::Report", into = "raw::Report")
)]
pub struct EntityReport {
    name: String,
    /// The estimate, or why there is none.
    outcome: Result<Estimate, String>,
}

impl EntityReport {
    pub(super) fn new(name: String, outcome: Result<Estimate>) -> Self {
        Self { name, outcome: outcome.map_err(|reason| reason.to_string()) }
    }

    /// The name of the entity.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its estimate, if it has one.
    pub fn estimate(&self) -> Option<&Estimate> {
        self.outcome.as_ref().ok()
    }

    /// Why it has none.
    pub fn failure(&self) -> Option<&str> {
        self.outcome.as_ref().err().map(String::as_str)
    }
}

/// Why nothing could be estimated.
pub(super) fn reasons(reports: &[EntityReport]) -> Option<Error> {
    let mut faults = Faults::default();
    for report in reports {
        let reason = || report.failure().unwrap_or_default().to_owned();
        faults.note(|| ErrorKind::Degenerate { place: format!("`{}`", report.name), reason: reason() });
    }
    faults.or(()).err()
}

/// One run of a [`Programme`](super::Programme): the indices of all levels, and a report on every entity that came.
///
/// `Display` prints the table of the groups, and of the entities that could not be estimated.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "raw::Wave"))]
pub struct Wave {
    aggregated: Aggregated,
    reports: Vec<EntityReport>,
}

impl Wave {
    pub(super) fn new(aggregated: Aggregated, reports: Vec<EntityReport>) -> Self {
        Self { aggregated, reports }
    }

    /// The indices of all groups and entities.
    pub fn aggregated(&self) -> &Aggregated {
        &self.aggregated
    }

    /// The entities in the order in which they came.
    pub fn reports(&self) -> &[EntityReport] {
        &self.reports
    }

    /// The names of the entities that could not be estimated, with the reasons.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.reports.iter().filter_map(|report| Some((report.name(), report.failure()?)))
    }

    /// The findings of all entities' fits, with the entity's name.
    pub fn findings(&self) -> impl Iterator<Item = (&str, &Finding)> {
        let estimates = self.reports.iter().filter_map(|report| Some((report.name(), report.estimate()?)));
        estimates.flat_map(|(name, estimate)| estimate.findings().iter().map(move |finding| (name, finding)))
    }

    /// The entities that could not be estimated.
    pub fn failure_table(&self) -> Table {
        let failures: Vec<_> = self.failures().collect();
        Table::new("Without an estimate")
            .column(Column::text("", failures.iter().map(|(name, _)| name)))
            .column(Column::text("reason", failures.iter().map(|(_, reason)| reason)))
    }

    /// What the fits should be looked at for.
    pub fn finding_table(&self) -> Table {
        let findings: Vec<_> = self.findings().collect();
        Table::new("Verification")
            .column(Column::text("", findings.iter().map(|(name, _)| name)))
            .column(Column::text("finding", findings.iter().map(|(_, finding)| finding)))
            .column(Column::text("what to do", findings.iter().map(|(_, finding)| finding.advice())))
    }
}

impl fmt::Display for Wave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.aggregated.fmt(f)?;
        if self.failures().next().is_some() {
            write!(f, "\n{}", self.failure_table())?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
mod raw {
    use super::{Aggregated, EntityReport, Error, ErrorKind, Estimate, Faults, Result};

    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Report {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        estimate: Option<Estimate>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<String>,
    }

    impl From<EntityReport> for Report {
        fn from(EntityReport { name, outcome }: EntityReport) -> Self {
            let (estimate, failure) = match outcome {
                Ok(estimate) => (Some(estimate), None),
                Err(failure) => (None, Some(failure)),
            };
            Self { name, estimate, failure }
        }
    }

    impl TryFrom<Report> for EntityReport {
        type Error = Error;

        fn try_from(Report { name, estimate, failure }: Report) -> Result<Self> {
            match (estimate, failure) {
                (Some(estimate), None) => Ok(Self { name, outcome: Ok(estimate) }),
                (None, Some(failure)) => Ok(Self { name, outcome: Err(failure) }),
                _ => Err(ErrorKind::Specification {
                    what: "report of",
                    name,
                    problem: "must have an estimate or a failure, and not both".into(),
                }
                .into()),
            }
        }
    }

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Wave {
        aggregated: Aggregated,
        reports: Vec<EntityReport>,
    }

    impl TryFrom<Wave> for super::Wave {
        type Error = Error;

        fn try_from(Wave { aggregated, reports }: Wave) -> Result<Self> {
            let mut faults = Faults::default();
            for report in &reports {
                let Some(estimate) = report.estimate() else { continue };
                if aggregated.index(report.name()).ok() != Some(estimate.index()) {
                    let reason = "its index is not the one that was aggregated".into();
                    faults.note(|| ErrorKind::Mismatch { place: format!("the report of `{}`", report.name()), reason });
                }
            }
            faults.or(Self { aggregated, reports })
        }
    }
}
