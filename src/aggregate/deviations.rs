//! Each one against the average: who is above it, and how surely.

use std::fmt;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::among::Among;
use crate::aggregate::comparison::{Comparison, Difference};
use crate::aggregate::linear::LinearForm;
use crate::aggregate::structure::Node;
use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::table::{Column, Table};

/// How far one group or entity lies above the average, or below it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Deviation {
    name: String,
    index: Index,
    difference: Difference,
}

impl Deviation {
    /// Of which group or entity.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Its index minus the average.
    pub fn difference(&self) -> &Difference {
        &self.difference
    }
}

/// The deviations of groups or entities from the index of the group that they lie in: one family of comparisons.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Deviations {
    group: String,
    average: Index,
    /// In the order of the structure.
    members: Vec<Deviation>,
}

impl Comparison {
    /// The deviation of each from the index of the group that they lie in, which is their weighted mean: the group that
    /// [`Among`] names, or the whole.
    ///
    /// The mean contains the member, so the two err together: the variance of I − Ī with Ī = Σ cₑ Iₑ is, for an entity of
    /// share c, (1 − c)² SE² + Σ cₑ² SEₑ² over the others; for a group it is taken entity by entity in the same way.
    ///
    /// # Errors
    ///
    /// An unknown group, or one without an index.
    pub fn deviations(self, period: &Aggregated, among: Among<'_>) -> Result<Deviations> {
        self.check()?;
        let structure = period.structure();
        let mut nodes = among.nodes(period)?;
        let group = among.group(structure)?;
        let average = period.index(structure.name(Node::Group(group)))?;
        // The average stands last, so that its form is made in the same pass.
        nodes.push(Node::Group(group));
        let mut forms = LinearForm::each(period, &nodes)?;
        let of_average = forms.pop().unwrap_or_default();
        let mut deviations = Vec::with_capacity(forms.len());
        for (node, form) in nodes.iter().zip(&forms) {
            let Some(index) = period.index_of(*node) else { continue };
            let std_error = form.std_error_of_difference(&of_average);
            deviations.push(Deviation {
                name: structure.name(*node).into(),
                index: index.clone(),
                difference: Difference::new(index.value() - average.value(), std_error, self.confidence)?,
            });
        }
        self.adjust(deviations.iter_mut().map(|deviation| &mut deviation.difference))?;
        Ok(Deviations {
            group: structure.name(Node::Group(group)).into(),
            average: average.clone(),
            members: deviations,
        })
    }
}

impl Deviations {
    /// The group whose index is the average.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// The average.
    pub fn average(&self) -> &Index {
        &self.average
    }

    /// The deviations, in the order of the structure.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Deviation> {
        self.members.iter()
    }

    /// The deviation of a group or entity.
    ///
    /// # Errors
    ///
    /// A name that was not compared.
    pub fn get(&self, name: &str) -> Result<&Deviation> {
        let found = self.members.iter().find(|deviation| deviation.name == name);
        found.ok_or_else(|| ErrorKind::Missing { what: "deviation", name: name.into() }.into())
    }

    /// The deviations, the highest first.
    pub fn table(&self) -> Table {
        let mut deviations: Vec<&Deviation> = self.members.iter().collect();
        deviations.sort_by(|one, other| other.difference.value().total_cmp(&one.difference.value()));
        let table = Table::new(format!("Deviations from {}: {:.2}", self.group, self.average.value()))
            .column(Column::text("", deviations.iter().map(|deviation| &deviation.name)))
            .column(Column::number("index", deviations.iter().map(|deviation| deviation.index.value())).decimals(2));
        let differences: Vec<&Difference> = deviations.iter().map(|deviation| &deviation.difference).collect();
        Difference::columns(table, "deviation", &differences)
    }
}

impl fmt::Display for Deviations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
