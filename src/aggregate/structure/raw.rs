//! The form in which a structure is written and read.

use super::{GroupWeight, Structure, StructureBuilder};
use crate::error::{Error, Result};

/// The form in which a structure is written: a group without a weight counts as much as its members.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    whole: String,
    groups: Vec<RawMember<Option<f64>>>,
    entities: Vec<RawMember<f64>>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMember<W> {
    name: String,
    within: String,
    weight: W,
}

impl TryFrom<Raw> for Structure {
    type Error = Error;

    fn try_from(raw: Raw) -> Result<Self> {
        let rule = |weight: Option<f64>| weight.map_or(GroupWeight::Members, GroupWeight::Given);
        let groups = raw.groups.into_iter().map(|group| (group.name, group.within, rule(group.weight))).collect();
        let entities = raw.entities.into_iter().map(|entity| (entity.name, entity.within, entity.weight)).collect();
        StructureBuilder { whole: raw.whole, groups, entities }.build()
    }
}

impl From<Structure> for Raw {
    fn from(structure: Structure) -> Self {
        let given = |rule: GroupWeight| match rule {
            GroupWeight::Members => None,
            GroupWeight::Given(weight) => Some(weight),
        };
        let tree = &structure.tree;
        let group = |at: usize| {
            let within = tree.name(tree.parent(at)?).into();
            Some(RawMember { name: tree.name(at).into(), within, weight: given(structure.groups[at].rule) })
        };
        // Entities in the order in which they were named, so that it survives.
        let mut entities: Vec<(usize, RawMember<f64>)> = Vec::with_capacity(structure.places.len());
        for (group, within) in structure.groups.iter().zip(tree.names()) {
            entities.extend(structure.places[group.places.clone()].iter().map(|place| {
                let name = structure.entities[place.entity].clone();
                (place.entity, RawMember { name, within: within.into(), weight: place.weight })
            }));
        }
        entities.sort_by_key(|(at, _)| *at);
        Self {
            whole: structure.whole().into(),
            groups: (0..tree.len()).filter_map(group).collect(),
            entities: entities.into_iter().map(|(_, entity)| entity).collect(),
        }
    }
}
