//! A model without its names: the one form in which everything numeric takes it.

use std::ops::Range;

use crate::structural::model::{Construct, ConstructKind};

/// A model without its names. Indicators stand in the order of the constructs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The indicators of each construct.
    pub(crate) blocks: Vec<Range<usize>>,
    /// The construct of each indicator.
    pub(crate) owners: Vec<usize>,
    pub(crate) kinds: Vec<ConstructKind>,
    /// The constructs that act on each construct, ascending.
    pub(crate) predecessors: Vec<Vec<usize>>,
    /// Every construct after all that act on it.
    pub(crate) order: Vec<usize>,
}

impl Shape {
    /// `order` has every construct after all that act on it; the paths are sorted by the construct that they lead to.
    pub(super) fn new(constructs: &[Construct], paths: &[(usize, usize)], order: Vec<usize>) -> Self {
        let mut blocks: Vec<Range<usize>> = Vec::with_capacity(constructs.len());
        let mut owners = Vec::new();
        for (owner, construct) in constructs.iter().enumerate() {
            blocks.push(owners.len()..owners.len() + construct.indicators().len());
            owners.resize(owners.len() + construct.indicators().len(), owner);
        }
        let mut predecessors = vec![Vec::new(); constructs.len()];
        for &(from, to) in paths {
            predecessors[to].push(from);
        }
        Self { blocks, owners, kinds: constructs.iter().map(Construct::kind).collect(), predecessors, order }
    }

    /// The constructs that others act on.
    pub(crate) fn endogenous(&self) -> impl Iterator<Item = usize> {
        (0..self.blocks.len()).filter(|at| !self.predecessors[*at].is_empty())
    }

    /// The number of constructs that no other acts on.
    pub(crate) fn exogenous(&self) -> usize {
        self.blocks.len() - self.endogenous().count()
    }

    /// The number of paths.
    pub(crate) fn paths(&self) -> usize {
        self.predecessors.iter().map(Vec::len).sum()
    }

    /// Do two indicators belong to the same composite, in which indicators correlate as they like?
    pub(crate) fn in_composite(&self, first: usize, second: usize) -> bool {
        let owner = self.owners[first];
        owner == self.owners[second] && self.kinds[owner] == ConstructKind::Composite
    }
}
