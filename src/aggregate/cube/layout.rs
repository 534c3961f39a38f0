//! A specification worked out: the columns that are summed, and each node as a linear form of their means.

use std::collections::{HashMap, HashSet};

use crate::aggregate::cube::spec::CubeSpec;
use crate::aggregate::structure::Node;
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::{self, Hierarchy, Indicator, Scale};

/// What a cube needs of its specification.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) spec: CubeSpec,
    /// The indicators that are summed: the leaves of all trees, each once.
    pub(super) indicators: Vec<Indicator>,
    pub(super) scales: Vec<Scale>,
    /// The nodes of all trees, each name once: a leaf that two trees share stands in the first.
    pub(super) nodes: Vec<NodeForm>,
    /// Of each region, the entities in it.
    pub(super) regions: Vec<Vec<usize>>,
}

/// The index of a node as a weighted mean of those of indicators.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NodeForm {
    pub(super) name: String,
    pub(super) tree: usize,
    pub(super) depth: usize,
    /// The nodes above, one for each tree that it stands in, with its weight among the children of each.
    pub(super) parents: Vec<(String, f64)>,
    /// Columns with their shares, which sum to 1.
    pub(super) terms: Vec<(usize, f64)>,
}

/// A place: an entity, a group, or a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Entity(usize),
    Group(usize),
    Region(usize),
}

impl CubeSpec {
    fn check(&self) -> Result<()> {
        Layout::new(self.clone()).map(drop)
    }
}

checked_when_read!(CubeSpec);

impl Layout {
    /// # Errors
    ///
    /// All that is wrong with the specification: an indicator that the questionnaire lacks, or one without a scale; a node
    /// in two trees; a column that is named twice; a region with an unknown member, or with the name of another place.
    pub(super) fn new(spec: CubeSpec) -> Result<Self> {
        let mut faults = Faults::default();
        if spec.trees.is_empty() {
            faults.push(ErrorKind::Empty { place: "the list of trees".into() });
        }
        let mut columns = vec![&spec.place];
        columns.extend(&spec.period);
        columns.extend(&spec.groupings);
        faults.check(check::names(&columns, "column"));
        let (indicators, scales) = leaves(&spec, &mut faults);
        let nodes = nodes(&spec, &indicators, &mut faults);
        let regions = regions(&spec, &mut faults);
        faults.or(())?;
        Ok(Self { spec, indicators, scales, nodes, regions })
    }

    /// Where a node stands.
    pub(super) fn node(&self, name: &str) -> Result<usize> {
        self.nodes.iter().position(|node| node.name == name).ok_or_else(|| check::unknown(name, "node"))
    }

    /// The place of a name.
    pub(super) fn place(&self, name: &str) -> Result<Place> {
        if let Some(at) = self.spec.regions.iter().position(|region| region.name() == name) {
            return Ok(Place::Region(at));
        }
        match self.spec.places.node(name) {
            Ok(Node::Entity(at)) => Ok(Place::Entity(at)),
            Ok(Node::Group(at)) => Ok(Place::Group(at)),
            Err(_) => Err(check::unknown(name, "place")),
        }
    }

    /// The entities in a place, in order, each once.
    pub(super) fn entities(&self, place: Place) -> Vec<usize> {
        match place {
            Place::Entity(at) => vec![at],
            Place::Group(at) => self.spec.places.entities_below(at),
            Place::Region(at) => self.regions[at].clone(),
        }
    }

    /// The name of a place.
    pub(super) fn place_name(&self, place: Place) -> &str {
        match place {
            Place::Entity(at) => self.spec.places.name(Node::Entity(at)),
            Place::Group(at) => self.spec.places.name(Node::Group(at)),
            Place::Region(at) => self.spec.regions[at].name(),
        }
    }
}

/// The leaves of all trees with their scales.
fn leaves(spec: &CubeSpec, faults: &mut Faults) -> (Vec<Indicator>, Vec<Scale>) {
    let (mut indicators, mut scales) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for leaf in spec.trees.iter().flat_map(Hierarchy::leaves).filter(|leaf| seen.insert(leaf.name())) {
        let Ok(indicator) = spec.questionnaire.get(leaf.name()) else {
            let problem = "is a leaf without a question in the questionnaire".into();
            faults.note(|| ErrorKind::Specification { what: "node", name: leaf.name().into(), problem });
            continue;
        };
        match indicator.scale() {
            Some(scale) => {
                indicators.push(indicator.clone());
                scales.push(scale);
            }
            None => faults.note(|| ErrorKind::NoScale { indicator: leaf.name().into() }),
        }
    }
    (indicators, scales)
}

fn nodes(spec: &CubeSpec, indicators: &[Indicator], faults: &mut Faults) -> Vec<NodeForm> {
    let columns: HashMap<&str, usize> = indicators.iter().map(Indicator::name).zip(0..).collect();
    let mut inner: HashSet<&str> = HashSet::new();
    let mut leaves: HashSet<&str> = HashSet::new();
    let mut nodes = Vec::new();
    for (at, tree) in spec.trees.iter().enumerate() {
        for node in tree.nodes() {
            let name = node.name();
            let shared = node.is_leaf() && leaves.contains(name);
            if !shared && (inner.contains(name) || leaves.contains(name)) {
                faults.note(|| ErrorKind::Duplicate { what: "node of two trees", name: name.into() });
            }
            if node.is_leaf() {
                leaves.insert(name)
            } else {
                inner.insert(name)
            };
            if shared {
                let known = nodes.iter_mut().find(|known: &&mut NodeForm| known.name == name);
                if let Some(known) = known {
                    known.parents.extend(parents(node));
                }
            } else {
                nodes.push(form(at, node, &columns));
            }
        }
    }
    nodes
}

fn form(tree: usize, node: survey::Node<'_>, columns: &HashMap<&str, usize>) -> NodeForm {
    let below = node.leaves_below();
    let sum: f64 = below.iter().map(|(_, weight)| weight).sum();
    // Free of the tolerance that the sum of weights has.
    let term = |(name, weight): &(&str, f64)| Some((*columns.get(name)?, weight / sum));
    NodeForm {
        name: node.name().into(),
        tree,
        depth: node.depth(),
        parents: parents(node).collect(),
        terms: below.iter().filter_map(term).collect(),
    }
}

fn parents(node: survey::Node<'_>) -> impl Iterator<Item = (String, f64)> {
    node.parent().map(|parent| (parent.name().to_owned(), node.weight())).into_iter()
}

fn regions(spec: &CubeSpec, faults: &mut Faults) -> Vec<Vec<usize>> {
    let mut names = HashSet::new();
    let mut regions = Vec::new();
    for region in &spec.regions {
        if !names.insert(region.name()) || spec.places.node(region.name()).is_ok() {
            faults.note(|| ErrorKind::Duplicate { what: "place", name: region.name().into() });
        }
        let mut entities = Vec::new();
        for member in region.members() {
            match spec.places.node(member) {
                Ok(Node::Entity(at)) => entities.push(at),
                Ok(Node::Group(at)) => entities.extend(spec.places.entities_below(at)),
                Err(_) => {
                    faults.note(|| check::unknown(member, "place").within(format!("region `{}`", region.name())));
                }
            }
        }
        entities.sort_unstable();
        entities.dedup();
        regions.push(entities);
    }
    regions
}
