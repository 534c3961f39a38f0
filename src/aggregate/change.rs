//! From one period to the next: which indices rose.

use std::fmt;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::comparison::{Comparison, Difference, Form};
use crate::aggregate::structure::Node;
use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::table::{Column, Table};

/// The change of one group or entity.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Change {
    name: String,
    /// Levels below the whole; an entity has none.
    depth: Option<usize>,
    earlier: Index,
    later: Index,
    difference: Difference,
}

impl Change {
    /// Of which group or entity.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The index in the earlier period.
    pub fn earlier(&self) -> &Index {
        &self.earlier
    }

    /// The index in the later period.
    pub fn later(&self) -> &Index {
        &self.later
    }

    /// Later minus earlier.
    pub fn difference(&self) -> &Difference {
        &self.difference
    }
}

/// The changes of all groups and entities that have an index in both periods.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Changes {
    changes: Vec<Change>,
}

impl Comparison {
    /// The change of every group and entity from one period to a later one; they are found by name, so the structure
    /// may have changed too.
    ///
    /// The groups of each depth are a family of comparisons, and the entities are one.
    ///
    /// # Errors
    ///
    /// Periods that have no group or entity with an index in common.
    pub fn changes(self, earlier: &Aggregated, later: &Aggregated) -> Result<Changes> {
        let structure = later.structure();
        let groups = (0..structure.groups.len()).map(Node::Group);
        let nodes = groups.chain((0..structure.entities().len()).map(Node::Entity));
        let mut changes = Vec::new();
        for now in nodes {
            let name = structure.name(now);
            let Ok(then) = earlier.structure().node(name) else { continue };
            let (Some(before), Some(after)) = (earlier.index_of(then), later.index_of(now)) else { continue };
            let depth = match (then, now) {
                (Node::Group(_), Node::Group(at)) => Some(structure.groups[at].depth),
                (Node::Entity(_), Node::Entity(_)) => None,
                _ => continue,
            };
            let difference = match now {
                // A form has a place for each entity; for one entity by itself two numbers do.
                Node::Entity(_) => self.difference_of(before, after)?,
                Node::Group(_) => {
                    let mut form = Form::new(earlier, later);
                    earlier.add_coefficients(then, -1.0, &mut form.earlier);
                    later.add_coefficients(now, 1.0, &mut form.later);
                    self.difference(after.value() - before.value(), (earlier, later), &form)?
                }
            };
            changes.push(Change {
                name: name.into(),
                depth,
                earlier: before.clone(),
                later: after.clone(),
                difference,
            });
        }
        if changes.is_empty() {
            return Err(ErrorKind::Empty { place: "the list of indices that both periods have".into() }.into());
        }
        let deepest = changes.iter().filter_map(|change| change.depth).max().unwrap_or(0);
        for family in (0..=deepest).map(Some).chain([None]) {
            let members = changes.iter_mut().filter(|change| change.depth == family);
            self.adjust(members.map(|change| &mut change.difference))?;
        }
        Ok(Changes { changes })
    }

    /// The difference of one entity's two indices.
    fn difference_of(self, earlier: &Index, later: &Index) -> Result<Difference> {
        let errors = earlier.std_error().zip(later.std_error());
        let variance = errors.map(|(one, other)| one * one + other * other - 2.0 * self.correlation * one * other);
        let std_error = variance.map(|variance| variance.max(0.0).sqrt());
        Difference::new(later.value() - earlier.value(), std_error, self.confidence)
    }
}

impl Changes {
    /// The change of a group or an entity.
    ///
    /// # Errors
    ///
    /// A name without an index in both periods.
    pub fn get(&self, name: &str) -> Result<&Change> {
        let found = self.changes.iter().find(|change| change.name == name);
        found.ok_or_else(|| ErrorKind::Missing { what: "change", name: name.into() }.into())
    }

    /// The changes of the groups, the whole first, each before the groups in it.
    pub fn groups(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.depth.is_some())
    }

    /// The changes of the entities.
    pub fn entities(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.depth.is_none())
    }

    /// The changes of the groups.
    pub fn table(&self) -> Table {
        table("Changes of the groups", &self.groups().collect::<Vec<_>>())
    }

    /// The changes of the entities, the largest rise first.
    pub fn entity_table(&self) -> Table {
        let mut changes: Vec<&Change> = self.entities().collect();
        changes.sort_by(|one, other| other.difference.value().total_cmp(&one.difference.value()));
        table("Changes of the entities", &changes)
    }
}

fn table(title: &str, changes: &[&Change]) -> Table {
    let table = Table::new(title)
        .column(Column::tree("", changes.iter().map(|change| (change.depth.unwrap_or(0), change.name.as_str()))))
        .column(Column::number("earlier", changes.iter().map(|change| change.earlier.value())).decimals(2))
        .column(Column::number("later", changes.iter().map(|change| change.later.value())).decimals(2));
    Difference::columns(table, "change", &changes.iter().map(|change| &change.difference).collect::<Vec<_>>())
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
