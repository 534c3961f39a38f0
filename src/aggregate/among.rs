//! Which groups or entities are compared with each other.

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::structure::{Node, Structure};
use crate::error::{ErrorKind, Result};

/// The groups or entities that are compared with each other; those without an index are left out.
///
/// # Examples
///
/// ```
/// use satindex::Index;
/// use satindex::aggregate::{Aggregation, Among, Comparison, Structure};
///
/// let structure = Structure::builder("n").group("s", "n", 1.0).entity("a", "s", 1.0).entity("b", "n", 1.0).build()?;
/// let index = |value| Index::new(value, 250.0, "mean");
/// let result = Aggregation::new().aggregate(&structure, [("a", index(70.0)?), ("b", index(80.0)?)])?;
///
/// let pairs = |among| Comparison::new().pairs(&result, among);
/// assert_eq!(pairs(Among::Members("n"))?.get("s", "b")?.value(), -10.0);
/// assert_eq!(pairs(Among::Entities)?.get("a", "b")?.value(), -10.0);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among<'a> {
    /// The groups and entities that lie right in a group: the companies of an industry, the industries of a sector.
    Members(&'a str),
    /// The entities in a group and in all groups within it: the companies of a sector.
    EntitiesOf(&'a str),
    /// All groups this many levels below the whole: all industries of a nation.
    Depth(usize),
    /// All entities.
    Entities,
}

impl Among<'_> {
    /// The group that they all lie in.
    pub(super) fn group(self, structure: &Structure) -> Result<usize> {
        match self {
            Self::Members(group) | Self::EntitiesOf(group) => structure.group_at(group),
            Self::Depth(_) | Self::Entities => Ok(0),
        }
    }

    /// Those that have an index; at least one.
    pub(super) fn nodes(self, period: &Aggregated) -> Result<Vec<Node>> {
        let structure = period.structure();
        let group = self.group(structure)?;
        let mut nodes: Vec<Node> = match self {
            Self::Members(_) => structure.members(group).map(|(node, _)| node).collect(),
            Self::EntitiesOf(_) => structure.entities_below(group).into_iter().map(Node::Entity).collect(),
            Self::Depth(depth) => {
                let groups = 0..structure.tree.len();
                groups.filter(|at| structure.tree.depth(*at) == depth).map(Node::Group).collect()
            }
            Self::Entities => (0..structure.entities.len()).map(Node::Entity).collect(),
        };
        nodes.retain(|node| period.index_of(*node).is_some());
        if nodes.is_empty() {
            let place = match self {
                Self::Members(group) => format!("the list of members of `{group}` with an index"),
                Self::EntitiesOf(group) => format!("the list of entities of `{group}` with an index"),
                Self::Depth(depth) => format!("the list of groups at depth {depth} with an index"),
                Self::Entities => "the list of entities with an index".into(),
            };
            return Err(ErrorKind::Empty { place }.into());
        }
        Ok(nodes)
    }
}
