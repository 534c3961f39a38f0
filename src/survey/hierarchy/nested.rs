//! The nested form in which a hierarchy is written and read.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::error::Error;

use super::{ErrorKind, Faults, Hierarchy, HierarchyBuilder, Node, Origin, Result, Weights, check};

/// The most levels of the nested form. It has two brackets a level, and readers such as `serde_json` stop at 128: what is
/// written can be read back, inside other values too.
const DEEPEST: usize = 50;

/// The weights of the children of a node: a deeper hierarchy is written as a list of them.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Division {
    node: String,
    weights: Weights,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a node with a name, weights and children")]
pub(super) struct Raw {
    name: String,
    #[serde(default)]
    weights: Vec<f64>,
    #[serde(default)]
    origin: Origin,
    #[serde(default)]
    children: Vec<Child>,
    #[serde(default)]
    divisions: Vec<Division>,
}

struct Child(Raw);

impl<'de> Deserialize<'de> for Child {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(ChildVisitor)
    }
}

struct ChildVisitor;

impl<'de> Visitor<'de> for ChildVisitor {
    type Value = Child;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a leaf, or a node with a name, weights and children")
    }

    fn visit_str<E>(self, name: &str) -> std::result::Result<Child, E> {
        Ok(Child(Raw {
            name: name.into(),
            weights: vec![],
            origin: Origin::Given,
            children: vec![],
            divisions: vec![],
        }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Child, A::Error> {
        Raw::deserialize(MapAccessDeserializer::new(map)).map(Child)
    }
}

/// The weights of a node, checked against its children.
fn weights(raw: &Raw) -> Result<Weights> {
    if raw.weights.is_empty() {
        return Err(ErrorKind::Missing { what: "weights", name: raw.name.clone() }.into());
    }
    let names = raw.children.iter().map(|child| child.0.name.as_str());
    Weights::new(names, raw.weights.iter().copied())
        .map(|weights| weights.with_origin(raw.origin.clone()))
        .map_err(|fault| fault.within(format!("node `{}`", raw.name)))
}

/// Checks that a node has no list of divisions, which only the goal may have.
fn no_divisions(node: &Raw) -> Result<()> {
    check::length(node.divisions.len(), 0, || format!("the list of divisions of `{}`", node.name))
}

/// The hierarchy of a goal with a list of divisions, and nothing else.
fn divided(raw: Raw) -> Result<Hierarchy> {
    let beside = raw.children.len() + raw.weights.len();
    check::length(beside, 0, || format!("the list of children and weights of `{}` beside its divisions", raw.name))?;
    let divisions = raw.divisions.into_iter().map(|division| (division.node, division.weights)).collect();
    HierarchyBuilder { goal: raw.name, divisions }.build()
}

impl TryFrom<Raw> for Hierarchy {
    type Error = Error;

    fn try_from(raw: Raw) -> Result<Self> {
        if !raw.divisions.is_empty() {
            return divided(raw);
        }
        let mut faults = Faults::default();
        if raw.children.is_empty() {
            faults.push(ErrorKind::Missing { what: "children", name: raw.name.clone() });
        }
        let mut builder = HierarchyBuilder { goal: raw.name.clone(), divisions: vec![] };
        let mut names = vec![];
        let mut waiting = vec![raw];
        while let Some(node) = waiting.pop() {
            names.push(node.name.clone());
            faults.check(no_divisions(&node));
            if node.children.is_empty() {
                let place = || format!("the list of weights of the leaf `{}`", node.name);
                faults.check(check::length(node.weights.len(), 0, place));
            } else if let Some(weights) = faults.check(weights(&node)) {
                builder = builder.divide(node.name, weights);
            }
            waiting.extend(node.children.into_iter().map(|child| child.0));
        }
        faults.check(check::names(&names, "node"));
        faults.or(())?;
        builder.build()
    }
}

impl Serialize for Hierarchy {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if self.nodes().all(|node| node.depth() <= DEEPEST) {
            return self.goal().serialize(serializer);
        }
        let division = |node: Node<'_>| Some(Division { node: node.name().into(), weights: node.weights()?.clone() });
        let divisions: Vec<Division> = self.nodes().filter_map(division).collect();
        let mut form = serializer.serialize_struct("Hierarchy", 2)?;
        form.serialize_field("name", self.goal().name())?;
        form.serialize_field("divisions", &divisions)?;
        form.end()
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Some(weights) = self.weights() else {
            return serializer.serialize_str(self.name());
        };
        let given = *weights.origin() == Origin::Given;
        let mut form = serializer.serialize_struct("Node", if given { 3 } else { 4 })?;
        form.serialize_field("name", self.name())?;
        form.serialize_field("weights", weights.values())?;
        if !given {
            form.serialize_field("origin", weights.origin())?;
        }
        form.serialize_field("children", &self.children().collect::<Vec<_>>())?;
        form.end()
    }
}
