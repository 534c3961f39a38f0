//! Who belongs where, and with which weight: entities in groups, groups in groups, up to the whole.

#[cfg(feature = "serde")]
mod raw;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::tree::Tree;

/// The weight of a group among the members of the group that it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum GroupWeight {
    /// The sum of the weights of its members: an industry counts as much as the revenue of its companies.
    #[default]
    Members,
    /// A weight of its own: a sector's share of the gross domestic product, a region's population, 1 for all.
    Given(f64),
}

impl From<f64> for GroupWeight {
    fn from(weight: f64) -> Self {
        Self::Given(weight)
    }
}

/// The groups over any number of levels, the entities in them, and the weights of all.
///
/// A group lies in one group. An entity may lie in several, as a company that is active in two industries does, with a
/// weight in each. Weights are on any scale that the members of one group share (revenue, population, 1 for all): only
/// their ratios within a group count.
///
/// # Examples
///
/// Companies by revenue, sectors by their share of the gross domestic product:
///
/// ```
/// use satindex::aggregate::{GroupWeight, Structure};
///
/// let nation = Structure::builder("nation")
///     .group("retail", "nation", 0.6)
///     .group("supermarkets", "retail", GroupWeight::Members)
///     .group("banks", "nation", 0.4)
///     .entity("Acme", "supermarkets", 120.0)
///     .entity("Corner", "supermarkets", 80.0)
///     .entity("Trust", "banks", 50.0)
///     .build()?;
/// assert_eq!(nation.groups().collect::<Vec<_>>(), ["nation", "retail", "supermarkets", "banks"]);
/// assert_eq!(nation.entities().len(), 3);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::Raw", into = "raw::Raw")
)]
pub struct Structure {
    /// The groups: the whole is the root.
    pub(super) tree: Tree,
    /// In the order of the tree.
    pub(super) groups: Vec<Group>,
    pub(super) entities: Vec<String>,
    entity_places: BTreeMap<String, usize>,
    /// In the order of the groups.
    pub(super) places: Vec<Place>,
    /// The same places in the order of the entities.
    by_entity: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) rule: GroupWeight,
    /// By the rule; on the scale of the members of the group it lies in.
    pub(super) weight: f64,
    /// The places of its own entities, without those of the groups in it.
    pub(super) places: Range<usize>,
}

/// An entity in a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) entity: usize,
    group: usize,
    pub(super) weight: f64,
}

/// No economy has more levels; work and stack grow with their number.
const DEEPEST: usize = 100;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Group(usize),
    Entity(usize),
}

/// A structure as it is put together: see [`Structure::builder`]. The order of the calls gives the order of the members.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct StructureBuilder {
    whole: String,
    groups: Vec<(String, String, GroupWeight)>,
    entities: Vec<(String, String, f64)>,
}

impl StructureBuilder {
    /// A group that lies in another one, or in the whole.
    pub fn group(mut self, name: impl Into<String>, within: impl Into<String>, weight: impl Into<GroupWeight>) -> Self {
        self.groups.push((name.into(), within.into(), weight.into()));
        self
    }

    /// An entity in a group; once for each group that it lies in.
    pub fn entity(mut self, name: impl Into<String>, within: impl Into<String>, weight: f64) -> Self {
        self.entities.push((name.into(), within.into(), weight));
        self
    }

    /// The structure.
    ///
    /// # Errors
    ///
    /// All that is wrong with it: blank names; a name that two groups, or a group and an entity, share; an entity twice
    /// in one group; a group within an unknown one or within itself, or more than 100 levels deep; a group without members;
    /// weights that are negative, not finite, or all 0 in a group.
    pub fn build(self) -> Result<Structure> {
        let mut faults = Faults::default();
        self.check(&mut faults);
        faults.or(())?;
        let mut structure = self.lay_out()?;
        structure.weigh()?;
        Ok(structure)
    }

    fn check(&self, faults: &mut Faults) {
        let groups = || std::iter::once(&self.whole).chain(self.groups.iter().map(|(name, ..)| name));
        faults.check(check::names(&groups().collect::<Vec<_>>(), "group"));
        let known: std::collections::HashSet<&String> = groups().collect();
        let mut placed = std::collections::HashSet::with_capacity(self.entities.len());
        for (name, within, weight) in &self.groups {
            if !known.contains(within) {
                faults.note(|| check::unknown(within, "group"));
            }
            if let GroupWeight::Given(weight) = weight {
                faults.check(check::non_negative(*weight, || format!("the weight of `{name}` in `{within}`")));
            }
        }
        for (name, within, weight) in &self.entities {
            if name.trim().is_empty() {
                faults.note(|| ErrorKind::Empty { place: "a name in the list of entities".into() });
            }
            if known.contains(name) {
                faults.note(|| ErrorKind::Duplicate { what: "name of a group and an entity", name: name.clone() });
            }
            if !known.contains(within) {
                faults.note(|| check::unknown(within, "group"));
            }
            if !placed.insert((name, within)) {
                faults.note(|| {
                    Error::from(ErrorKind::Duplicate { what: "entity", name: name.clone() })
                        .within(format!("group `{within}`"))
                });
            }
            if !(weight.is_finite() && *weight >= 0.0) {
                let place = || format!("the weight of `{name}` in `{within}`");
                faults.check(check::non_negative(*weight, place));
            }
        }
    }

    /// Groups in preorder, places in the order of the groups.
    fn lay_out(self) -> Result<Structure> {
        let (tree, groups) = self.grow()?;
        let (entities, entity_places, places) = Self::place(self.entities, &tree);
        let mut structure =
            Structure { tree, groups, entities, entity_places, places: Vec::new(), by_entity: Vec::new() };
        structure.places = Vec::with_capacity(places.iter().map(Vec::len).sum());
        for (group, held) in structure.groups.iter_mut().zip(places) {
            group.places = structure.places.len()..structure.places.len() + held.len();
            structure.places.extend(held);
        }
        structure.by_entity = (0..structure.places.len()).collect();
        structure.by_entity.sort_by_key(|at| structure.places[*at].entity);
        Ok(structure)
    }

    /// The tree of the groups, and what each brings along.
    fn grow(&self) -> Result<(Tree, Vec<Group>)> {
        let mut children: HashMap<&str, Vec<String>> = HashMap::new();
        for (name, within, _) in &self.groups {
            children.entry(within).or_default().push(name.clone());
        }
        let (tree, _) = Tree::grow(self.whole.clone(), |name| children.remove(name).unwrap_or_default());
        let mut faults = Faults::default();
        for (name, within, _) in self.groups.iter().filter(|(name, ..)| tree.position(name).is_none()) {
            let problem = format!("lies in `{within}`, which lies in it");
            faults.note(|| ErrorKind::Specification { what: "group", name: name.clone(), problem });
        }
        for at in (0..tree.len()).filter(|at| tree.depth(*at) > DEEPEST) {
            let problem = format!("lies more than {DEEPEST} levels deep");
            faults.note(|| ErrorKind::Specification { what: "group", name: tree.name(at).into(), problem });
        }
        faults.or(())?;
        let mut groups = vec![Group { rule: GroupWeight::Members, weight: 1.0, places: 0..0 }; tree.len()];
        for (name, _, rule) in &self.groups {
            if let Some(at) = tree.position(name) {
                groups[at].rule = *rule;
            }
        }
        Ok((tree, groups))
    }

    /// The entities, where each stands, and by group the places in it.
    fn place(
        given: Vec<(String, String, f64)>,
        tree: &Tree,
    ) -> (Vec<String>, BTreeMap<String, usize>, Vec<Vec<Place>>) {
        let (mut entities, mut numbers) = (Vec::new(), BTreeMap::new());
        let mut places: Vec<Vec<Place>> = vec![Vec::new(); tree.len()];
        for (name, within, weight) in given {
            let Some(group) = tree.position(&within) else { continue };
            let entity = *numbers.entry(name).or_insert_with_key(|name: &String| {
                entities.push(name.clone());
                entities.len() - 1
            });
            places[group].push(Place { entity, group, weight });
        }
        for held in &mut places {
            held.sort_by_key(|place| place.entity);
        }
        (entities, numbers, places)
    }
}

impl Structure {
    /// Begins a structure with the name of the whole.
    pub fn builder(whole: impl Into<String>) -> StructureBuilder {
        StructureBuilder { whole: whole.into(), groups: Vec::new(), entities: Vec::new() }
    }

    /// The weight of each group, from those of its members.
    fn weigh(&mut self) -> Result<()> {
        let mut faults = Faults::default();
        let mut known = vec![true; self.groups.len()];
        for at in (0..self.groups.len()).rev() {
            let sum: f64 = self.members(at).map(|(_, weight)| weight).sum();
            // A fault of a group is not said again of the groups above it.
            let checked =
                self.children(at).all(|child| known[child]) && faults.check(self.check_sum(at, sum)).is_some();
            (self.groups[at].weight, known[at]) = match self.groups[at].rule {
                GroupWeight::Given(weight) => (weight, true),
                GroupWeight::Members => (sum, checked),
            };
        }
        faults.or(())
    }

    /// Checks that a group has members, and that their weights have a sum to divide by.
    fn check_sum(&self, group: usize, sum: f64) -> Result<()> {
        let name = self.tree.name(group);
        if self.members(group).next().is_none() {
            return Err(ErrorKind::Empty { place: format!("group `{name}`") }.into());
        }
        check::positive(sum, || format!("the sum of the weights in `{name}`")).map(drop)
    }

    /// The members of a group with their weights: groups first, then entities.
    pub(super) fn members(&self, group: usize) -> impl Iterator<Item = (Node, f64)> {
        let entities = self.places[self.groups[group].places.clone()].iter();
        self.children(group)
            .map(|child| (Node::Group(child), self.groups[child].weight))
            .chain(entities.map(|place| (Node::Entity(place.entity), place.weight)))
    }

    /// The groups that lie right in a group.
    pub(super) fn children(&self, group: usize) -> impl Iterator<Item = usize> {
        self.tree.children(group)
    }

    /// The places of all entities in a group and in the groups in it.
    pub(super) fn places_below(&self, group: usize) -> Range<usize> {
        self.groups[group].places.start..self.groups[self.tree.end(group) - 1].places.end
    }

    /// The entities in a group and in the groups in it, in order, each once.
    pub(super) fn entities_below(&self, group: usize) -> Vec<usize> {
        let mut entities: Vec<usize> = self.places[self.places_below(group)].iter().map(|place| place.entity).collect();
        entities.sort_unstable();
        entities.dedup();
        entities
    }

    /// The name of the whole.
    pub fn whole(&self) -> &str {
        self.tree.name(0)
    }

    /// The names of the groups, the whole first, each before the groups in it.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tree.names()
    }

    /// The names of the entities, in the order in which they were first named.
    pub fn entities(&self) -> &[String] {
        &self.entities
    }

    /// How many levels of groups lie between the whole (0) and a group.
    ///
    /// # Errors
    ///
    /// An unknown group.
    pub fn depth(&self, group: &str) -> Result<usize> {
        Ok(self.tree.depth(self.group_at(group)?))
    }

    /// The names of the groups and entities that lie right in a group.
    ///
    /// # Errors
    ///
    /// An unknown group.
    pub fn members_of(&self, group: &str) -> Result<Vec<&str>> {
        let at = self.group_at(group)?;
        Ok(self.members(at).map(|(node, _)| self.name(node)).collect())
    }

    /// The names of the groups that a group or an entity lies right in: one for a group, none for the whole.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn groups_of(&self, name: &str) -> Result<Vec<&str>> {
        let groups: Vec<usize> = match self.node(name)? {
            Node::Group(at) => self.tree.parent(at).into_iter().collect(),
            Node::Entity(at) => self.places_of(at).map(|(group, _)| group).collect(),
        };
        Ok(groups.into_iter().map(|at| self.tree.name(at)).collect())
    }

    /// The groups that an entity lies in, with its weight in each.
    pub(super) fn places_of(&self, entity: usize) -> impl Iterator<Item = (usize, f64)> {
        let owner = |at: &usize| self.places[*at].entity;
        let start = self.by_entity.partition_point(|at| owner(at) < entity);
        let own = self.by_entity[start..].iter().take_while(move |at| owner(at) == entity);
        own.map(|at| (self.places[*at].group, self.places[*at].weight))
    }

    pub(super) fn name(&self, node: Node) -> &str {
        match node {
            Node::Group(at) => self.tree.name(at),
            Node::Entity(at) => &self.entities[at],
        }
    }

    pub(super) fn node(&self, name: &str) -> Result<Node> {
        let group = self.tree.position(name).map(Node::Group);
        let node = group.or_else(|| self.entity_places.get(name).copied().map(Node::Entity));
        node.ok_or_else(|| check::unknown(name, "group or entity"))
    }

    pub(super) fn group_at(&self, name: &str) -> Result<usize> {
        self.tree.position(name).ok_or_else(|| check::unknown(name, "group"))
    }

    pub(super) fn entity_at(&self, name: &str) -> Result<usize> {
        self.entity_places.get(name).copied().ok_or_else(|| check::unknown(name, "entity"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_told_at_once() {
        let error = Structure::builder("n")
            .group("a", "n", -1.0)
            .group("b", "nowhere", 1.0)
            .entity("x", "a", 1.0)
            .entity("x", "a", 1.0)
            .entity("b", "a", f64::NAN)
            .build()
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "the weight of `a` in `n` is -1; expected a number that is not negative; unknown group `nowhere`; \
             group `a`: duplicate entity `x`; duplicate name of a group and an entity `b`; \
             the weight of `b` in `a` is NaN; expected a finite number"
        );
    }

    #[test]
    fn groups_have_members_and_no_cycles() {
        let error = Structure::builder("n").group("a", "n", 1.0).build().unwrap_err();
        assert_eq!(error.to_string(), "group `a` is empty");
        // What an empty group does to the sums above it is not said, nor is the sign of a zero.
        let builder = Structure::builder("n").group("a", "n", GroupWeight::Members);
        assert_eq!(builder.clone().build().unwrap_err().to_string(), "group `a` is empty");
        let deeper = builder.group("b", "a", GroupWeight::Members).group("c", "b", GroupWeight::Members);
        assert_eq!(deeper.build().unwrap_err().to_string(), "group `c` is empty");
        let cycle = Structure::builder("n").group("a", "b", 1.0).group("b", "a", 1.0).entity("x", "n", 1.0);
        assert_eq!(
            cycle.build().unwrap_err().to_string(),
            "group `a` lies in `b`, which lies in it; group `b` lies in `a`, which lies in it"
        );
        let chain = (1..1000).fold(Structure::builder("0").entity("x", "999", 1.0), |builder, at| {
            builder.group(at.to_string(), (at - 1).to_string(), 1.0)
        });
        let error = chain.build().unwrap_err();
        assert!(error.to_string().starts_with("group `101` lies more than 100 levels deep; "), "{error}");
        let error = Structure::builder("n").entity("x", "n", 0.0).build().unwrap_err();
        assert_eq!(error.to_string(), "the sum of the weights in `n` is 0; expected a positive number");
        let error = Structure::builder("n").entity("x", "n", 1e308).entity("y", "n", 1e308).build().unwrap_err();
        assert_eq!(error.to_string(), "the sum of the weights in `n` is inf; expected a finite number");
    }

    #[test]
    fn laid_out_in_preorder_whatever_the_order_of_the_calls() {
        let structure = Structure::builder("n")
            .group("aa", "a", GroupWeight::Members)
            .group("a", "n", GroupWeight::Members)
            .group("b", "n", 2.0)
            .group("ab", "a", 5.0)
            .entity("x", "ab", 3.0)
            .entity("y", "b", 1.0)
            .entity("x", "aa", 4.0)
            .entity("z", "a", 1.0)
            .build()
            .unwrap();
        assert_eq!(structure.groups().collect::<Vec<_>>(), ["n", "a", "aa", "ab", "b"]);
        assert_eq!(structure.groups.iter().map(|group| group.weight).collect::<Vec<_>>(), [12.0, 10.0, 4.0, 5.0, 2.0]);
        assert_eq!(structure.members_of("a").unwrap(), ["aa", "ab", "z"]);
        assert_eq!(structure.children(0).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(structure.places_below(1), 0..3);
        assert_eq!(structure.depth("ab").unwrap(), 2);
        assert_eq!(
            (structure.groups_of("x").unwrap(), structure.groups_of("ab").unwrap()),
            (vec!["aa", "ab"], vec!["a"])
        );
        assert_eq!(structure.groups_of("n").unwrap(), [""; 0]);
        assert_eq!(structure.depth("x").unwrap_err().to_string(), "unknown group `x`");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn written_and_read_back() {
        let structure = Structure::builder("n")
            .group("a", "n", GroupWeight::Members)
            .group("b", "n", 2.0)
            .entity("x", "a", 4.0)
            .entity("y", "b", 1.0)
            .entity("x", "b", 3.0)
            .build()
            .unwrap();
        let text = serde_json::to_string(&structure).unwrap();
        assert_eq!(serde_json::from_str::<Structure>(&text).unwrap(), structure);
        assert!(serde_json::from_str::<Structure>(&text.replace("2.0", "-2.0")).is_err());
    }
}
