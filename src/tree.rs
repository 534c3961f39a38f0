//! Trees of named nodes: what a hierarchy of criteria and a structure of groups have in common.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Nodes with names of their own, in preorder: the root first, each node before those below it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    /// In the order of the names, so that equal trees are printed alike: a programme tells its checkpoints by that.
    places: BTreeMap<String, usize>,
}

#[derive(Debug, Clone, PartialEq)]
struct Node {
    name: String,
    parent: Option<usize>,
    depth: usize,
    /// Where the subtree ends; the first child, if any, stands right behind its parent.
    end: usize,
}

impl Tree {
    /// Grows a tree from its root. `children` is asked once for each node, in preorder, for the names right below it.
    ///
    /// A name that is met again is not taken in a second time, so that no cycle can lead into a loop: such names are given
    /// back beside the tree.
    pub(crate) fn grow(root: String, mut children: impl FnMut(&str) -> Vec<String>) -> (Self, Vec<String>) {
        let (mut tree, mut repeated) = (Self { nodes: Vec::new(), places: BTreeMap::new() }, Vec::new());
        let mut waiting = vec![(root, None)];
        while let Some((name, parent)) = waiting.pop() {
            let at = tree.nodes.len();
            match tree.places.entry(name.clone()) {
                Entry::Occupied(_) => {
                    repeated.push(name);
                    continue;
                }
                Entry::Vacant(place) => place.insert(at),
            };
            waiting.extend(children(&name).into_iter().rev().map(|child| (child, Some(at))));
            let depth = parent.map_or(0, |parent: usize| tree.nodes[parent].depth + 1);
            tree.nodes.push(Node { name, parent, depth, end: at + 1 });
        }
        for at in (0..tree.nodes.len()).rev() {
            if let Some(parent) = tree.nodes[at].parent {
                tree.nodes[parent].end = tree.nodes[parent].end.max(tree.nodes[at].end);
            }
        }
        (tree, repeated)
    }

    /// How many nodes there are; at least the root.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The names, in preorder.
    pub(crate) fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_str())
    }

    /// Where a name stands.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// The name of a node.
    pub(crate) fn name(&self, at: usize) -> &str {
        &self.nodes[at].name
    }

    /// The node above; the root has none.
    pub(crate) fn parent(&self, at: usize) -> Option<usize> {
        self.nodes[at].parent
    }

    /// How many levels below the root a node stands.
    pub(crate) fn depth(&self, at: usize) -> usize {
        self.nodes[at].depth
    }

    /// Where the subtree of a node ends, which begins with the node.
    pub(crate) fn end(&self, at: usize) -> usize {
        self.nodes[at].end
    }

    /// The nodes right below, in order.
    pub(crate) fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        let inside = move |child: usize| (child < self.nodes[at].end).then_some(child);
        std::iter::successors(inside(at + 1), move |child| inside(self.nodes[*child].end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree from pairs of a node and its children.
    fn tree(children: &[(&str, &[&str])]) -> (Tree, Vec<String>) {
        let below = |name: &str| children.iter().find(|(node, _)| *node == name).map_or(&[][..], |(_, below)| *below);
        Tree::grow(children[0].0.into(), |name| below(name).iter().map(|child| (*child).to_owned()).collect())
    }

    #[test]
    fn stands_in_preorder() {
        let (tree, repeated) = tree(&[("a", &["b", "e"]), ("b", &["c", "d"])]);
        assert!(repeated.is_empty());
        assert_eq!(tree.names().collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
        assert_eq!((0..5).map(|at| tree.depth(at)).collect::<Vec<_>>(), [0, 1, 2, 2, 1]);
        assert_eq!((0..5).map(|at| tree.end(at)).collect::<Vec<_>>(), [5, 4, 3, 4, 5]);
        assert_eq!((tree.children(0).collect::<Vec<_>>(), tree.children(2).count()), (vec![1, 4], 0));
        assert_eq!((tree.parent(3), tree.parent(0)), (Some(1), None));
        assert_eq!((tree.position("d"), tree.position("x")), (Some(3), None));
    }

    #[test]
    fn a_cycle_ends_where_it_closes() {
        let (tree, repeated) = tree(&[("a", &["b", "b"]), ("b", &["c"]), ("c", &["a"])]);
        assert_eq!(tree.names().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(repeated, ["a", "b"]);
    }
}
