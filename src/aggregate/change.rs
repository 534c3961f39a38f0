//! From one period to the next: which indices rose.

use std::fmt;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::comparison::{Comparison, Difference};
use crate::aggregate::linear::LinearForm;
use crate::aggregate::structure::Node;
use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::table::{Column, Table};

/// The change of one group or entity.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
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
    /// Periods that have no group or entity with an index in common; a correlation that is not from −1 to 1.
    pub fn changes(self, earlier: &Aggregated, later: &Aggregated) -> Result<Changes> {
        self.check()?;
        let (then, now): (Vec<Node>, Vec<Node>) = common(earlier, later).unzip();
        let forms = LinearForm::each(earlier, &then)?.into_iter().zip(LinearForm::each(later, &now)?);
        let structures = (earlier.structure(), later.structure());
        let mut changes = Vec::with_capacity(now.len());
        for ((then, now), (before, after)) in then.into_iter().zip(now).zip(forms) {
            let (Some(earlier), Some(later)) = (earlier.index_of(then), later.index_of(now)) else { continue };
            let std_error = after.std_error_of_change(&before, self.correlation, structures);
            changes.push(Change {
                name: structures.1.name(now).into(),
                depth: match now {
                    Node::Group(at) => Some(structures.1.tree.depth(at)),
                    Node::Entity(_) => None,
                },
                earlier: earlier.clone(),
                later: later.clone(),
                difference: Difference::new(later.value() - earlier.value(), std_error, self.confidence)?,
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
}

/// The groups, then the entities, that have an index in both periods, as they stand in each.
fn common(earlier: &Aggregated, later: &Aggregated) -> impl Iterator<Item = (Node, Node)> {
    let structure = later.structure();
    let groups = (0..structure.tree.len()).map(Node::Group);
    let nodes = groups.chain((0..structure.entities().len()).map(Node::Entity));
    nodes.filter_map(|now| {
        let then = earlier.structure().node(structure.name(now)).ok()?;
        let alike = matches!((then, now), (Node::Group(_), Node::Group(_)) | (Node::Entity(_), Node::Entity(_)));
        (alike && earlier.index_of(then).is_some() && later.index_of(now).is_some()).then_some((then, now))
    })
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
