//! Coupling coordination: do systems of criteria develop together?

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::table::{Column, Table};
use crate::weights::ranking::check_figures;
use crate::weights::{DecisionMatrix, Weights};

/// The coupling and coordination of systems of criteria for each alternative (or period), by [`DecisionMatrix::coupling`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Coupling {
    alternatives: Vec<String>,
    systems: Vec<String>,
    /// The development of each system, one row for each alternative.
    development: Vec<Vec<f64>>,
}

checked_when_read!(Coupling);

impl DecisionMatrix {
    /// The coupling coordination of two or more systems of criteria; criteria in no system do not count.
    ///
    /// # Formula
    ///
    /// The development uₛ of a system is the mean of its values scaled to [0, 1] by their weights. The coupling of k systems
    /// is C = (Πuₛ)^(1/k) / (Σuₛ/k), from 0 to 1; with T the mean of all uₛ the coordination is D = √(C·T).
    ///
    /// # Errors
    ///
    /// Weights of other names; a constant column; fewer than two systems, one without criteria or without weight; a
    /// criterion that is unknown or in two systems.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Weights;
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let years = DecisionMatrix::new(["quality", "waiting"], [[70.0, 4.0], [76.0, 3.0], [82.0, 2.0]])?
    ///     .with_alternatives(["2023", "2024", "2025"])?
    ///     .with_costs(["waiting"])?;
    /// let weights = Weights::equal(["quality", "waiting"])?;
    /// let coupling = years.coupling(&weights, [("product", ["quality"]), ("service", ["waiting"])])?;
    /// assert_eq!(coupling.coupling(), [0.0, 1.0, 1.0]);
    /// assert_eq!(coupling.get("2024")?, 0.5_f64.sqrt());
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[doc(alias = "coupling coordination degree")]
    pub fn coupling<S: Into<String>, C: AsRef<str>>(
        &self,
        weights: &Weights,
        systems: impl IntoIterator<Item = (S, impl IntoIterator<Item = C>)>,
    ) -> Result<Coupling> {
        let weights = self.weigh(weights)?;
        let columns = self.scaled_columns()?;
        let mut taken = vec![false; self.criteria().len()];
        let mut faults = Faults::default();
        let (mut names, mut parts) = (Vec::new(), Vec::new());
        for (name, criteria) in systems {
            let name: String = name.into();
            let mut members = Vec::new();
            for criterion in criteria {
                let criterion = criterion.as_ref();
                let Some(at) = faults.check(check::position(self.criteria(), criterion, "criterion")) else { continue };
                if std::mem::replace(&mut taken[at], true) {
                    faults.push(ErrorKind::Duplicate { what: "criterion", name: criterion.into() });
                }
                members.push(at);
            }
            let total: f64 = members.iter().map(|at| weights[*at]).sum();
            faults.check(check::positive(total, || format!("the weight of system `{name}`")));
            names.push(name);
            parts.push((members, total));
        }
        faults.check(check::names(&names, "system"));
        faults.or(())?;
        let development = |at: usize| -> Vec<f64> {
            let one = |(members, total): &(Vec<usize>, f64)| {
                members.iter().map(|j| weights[*j] / total * columns[*j][at]).sum()
            };
            parts.iter().map(one).collect()
        };
        let development = (0..self.alternatives().len()).map(development).collect();
        let coupling = Coupling { alternatives: self.alternatives().to_vec(), systems: names, development };
        coupling.check()?;
        Ok(coupling)
    }
}

impl Coupling {
    /// The alternatives.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The systems.
    pub fn systems(&self) -> &[String] {
        &self.systems
    }

    /// Each alternative with the development uₛ of every system, from 0 to 1.
    pub fn development(&self) -> impl ExactSizeIterator<Item = (&str, &[f64])> {
        self.alternatives.iter().map(String::as_str).zip(self.development.iter().map(Vec::as_slice))
    }

    /// The coupling C of each alternative, 1 where all systems are equally developed, 0 where one is not at all.
    pub fn coupling(&self) -> Vec<f64> {
        let coupling = |row: &Vec<f64>| {
            let (count, total) = (row.len() as f64, mean(row));
            // A power of each factor, so that no product underflows.
            let geometric: f64 = row.iter().map(|u| u.powf(1.0 / count)).product();
            if total > 0.0 { (geometric / total).min(1.0) } else { 0.0 }
        };
        self.development.iter().map(coupling).collect()
    }

    /// The overall development T of each alternative, the mean over the systems.
    pub fn overall(&self) -> Vec<f64> {
        self.development.iter().map(|row| mean(row)).collect()
    }

    /// The coordination D = √(C·T) of each alternative.
    pub fn coordination(&self) -> Vec<f64> {
        self.coupling().iter().zip(self.overall()).map(|(coupling, overall)| (coupling * overall).sqrt()).collect()
    }

    /// The coordination of an alternative.
    ///
    /// # Errors
    ///
    /// An unknown alternative.
    pub fn get(&self, alternative: &str) -> Result<f64> {
        check::position(&self.alternatives, alternative, "alternative").map(|at| self.coordination()[at])
    }

    /// Development, coupling and coordination of each alternative.
    pub fn table(&self) -> Table {
        let table = Table::new("Coupling coordination").column(Column::text("", &self.alternatives));
        let table = self.systems.iter().enumerate().fold(table, |table, (at, name)| {
            table.column(Column::number(name, self.development.iter().map(|row| row[at])).decimals(4))
        });
        table
            .column(Column::number("coupling", self.coupling()).decimals(4))
            .column(Column::number("overall", self.overall()).decimals(4))
            .column(Column::number("coordination", self.coordination()).decimals(4))
    }

    fn check(&self) -> Result<()> {
        check::names(&self.alternatives, "alternative")?;
        check::names(&self.systems, "system")?;
        let place = || "the number of systems".into();
        check::domain(self.systems.len() as f64, self.systems.len() > 1, place, "at least 2")?;
        check::length(self.development.len(), self.alternatives.len(), || "the list of developments".into())?;
        for row in &self.development {
            check_figures(&self.systems, &[row])?;
            // A weighted mean of numbers up to 1 may pass 1 by its rounding.
            let inside = row.iter().all(|u| (0.0..=1.0 + crate::numeric::rounding::ROUNDING).contains(u));
            check::domain(row[0], inside, || "a development".into(), "a number from 0 to 1")?;
        }
        Ok(())
    }
}

fn mean(row: &[f64]) -> f64 {
    row.iter().sum::<f64>() / row.len() as f64
}

impl fmt::Display for Coupling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
