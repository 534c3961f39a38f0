//! The tree of what is measured: goal, criteria, indicators, and the weights of each under its parent.

#[cfg(feature = "serde")]
mod nested;
mod restrict;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::ops::Range;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::table::{Column, Table};
use crate::tree::Tree;
use crate::weights::{Origin, Weights};

/// A goal, its criteria, theirs in turn, and at the end of every branch an indicator.
///
/// Every node has a name of its own, and every inner node has [`Weights`] over its children.
///
/// # Formula
///
/// A node's local weight w is its weight among the children of its parent (1 for the goal). Its global weight is the
/// product of the local weights on the way down from the goal. The global weights of the leaves sum to 1.
///
/// # Serialised form
///
/// Nested; `weights` stand in the order of `children`, and a child that is only a string is a leaf. `origin` is
/// optional. A hierarchy of more than 50 levels is written as the list of its divisions, which is read at any depth:
/// `{"name": "goal", "divisions": [{"node": "goal", "weights": {"names": ["speed"], "values": [1.0]}}]}`.
///
/// ```json
/// {"name": "service", "weights": [0.6, 0.4], "children": [
///     {"name": "speed", "weights": [0.5, 0.5], "origin": "equal", "children": ["response", "arrival"]},
///     "attitude"
/// ]}
/// ```
///
/// # References
///
/// Saaty, T. L. (1980), *The Analytic Hierarchy Process*, McGraw-Hill, chapter 3.
///
/// # Examples
///
/// ```
/// use satindex::{Weights, survey::Hierarchy};
///
/// let service = Hierarchy::builder("service", Weights::new(["speed", "attitude"], [0.6, 0.4])?)
///     .divide("speed", Weights::equal(["response", "arrival"])?)
///     .build()?;
/// assert_eq!(service.node("arrival")?.weight(), 0.5);
/// assert_eq!(service.node("arrival")?.global_weight(), 0.3);
/// assert_eq!(service.leaf_weights().names(), ["response", "arrival", "attitude"]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("tree", "indicator system", "criteria"))]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize), serde(try_from = "nested::Raw"))]
pub struct Hierarchy {
    tree: Tree,
    /// In the order of the tree.
    slots: Vec<Slot>,
    /// How many leaves there are.
    leaves: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct Slot {
    /// How many leaves stand before the subtree.
    leaves_before: usize,
    local: f64,
    global: f64,
    /// The weights of the children; a leaf has none.
    weights: Option<Weights>,
}

/// A hierarchy as it is put together: see [`Hierarchy::builder`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct HierarchyBuilder {
    goal: String,
    divisions: Vec<(String, Weights)>,
}

impl HierarchyBuilder {
    /// Divides a node into children, the names of the weights. The order of the calls does not matter.
    pub fn divide(mut self, node: impl Into<String>, weights: Weights) -> Self {
        self.divisions.push((node.into(), weights));
        self
    }

    /// The hierarchy.
    ///
    /// # Errors
    ///
    /// A blank name; a name that two nodes share, or that is its own descendant's; a node divided twice; a division of
    /// a node that is not there.
    pub fn build(self) -> Result<Hierarchy> {
        let mut faults = Faults::default();
        let mut divisions = HashMap::with_capacity(self.divisions.len());
        for (node, weights) in self.divisions {
            match divisions.entry(node) {
                Entry::Occupied(before) => {
                    faults.push(ErrorKind::Duplicate { what: "division of node", name: before.key().clone() });
                }
                Entry::Vacant(free) => {
                    free.insert(weights);
                }
            }
        }
        let hierarchy = Hierarchy::grow(self.goal, &mut divisions, &mut faults);
        let mut strays: Vec<String> = divisions.into_keys().collect();
        strays.sort_unstable();
        for name in strays {
            faults.push(check::unknown(&name, "node"));
        }
        faults.or(hierarchy)
    }
}

impl Hierarchy {
    /// Begins a hierarchy with its goal and the weights of the goal's children.
    pub fn builder(goal: impl Into<String>, weights: Weights) -> HierarchyBuilder {
        let goal = goal.into();
        HierarchyBuilder { divisions: vec![(goal.clone(), weights)], goal }
    }

    /// Lays the tree out in preorder, taking each node's weights out of the divisions: what is left was not reached.
    fn grow(goal: String, divisions: &mut HashMap<String, Weights>, faults: &mut Faults) -> Self {
        let mut given = Vec::with_capacity(divisions.len() * 2);
        let (tree, repeated) = Tree::grow(goal, |name| {
            given.push(divisions.remove(name));
            given[given.len() - 1].as_ref().map_or_else(Vec::new, |weights| weights.names().to_vec())
        });
        for _ in tree.names().filter(|name| name.trim().is_empty()) {
            faults.push(ErrorKind::Empty { place: "the name of a node".into() });
        }
        for name in repeated {
            faults.note(|| ErrorKind::Duplicate { what: "node", name });
        }
        let mut leaves = 0;
        let slot = |weights: Option<Weights>| {
            let leaves_before = leaves;
            leaves += usize::from(weights.is_none());
            Slot { leaves_before, local: 1.0, global: 1.0, weights }
        };
        let slots = given.into_iter().map(slot).collect();
        let mut hierarchy = Self { tree, slots, leaves };
        (0..hierarchy.slots.len()).for_each(|at| hierarchy.hand_down(at));
        hierarchy.multiply_down();
        hierarchy
    }

    /// Gives the children of a node their local weights.
    fn hand_down(&mut self, at: usize) {
        let Some(weights) = &self.slots[at].weights else { return };
        let children: Vec<(usize, f64)> = self.tree.children(at).zip(weights.values().iter().copied()).collect();
        for (child, weight) in children {
            self.slots[child].local = weight;
        }
    }

    /// Global weights from local ones; in preorder a parent is done before its children.
    fn multiply_down(&mut self) {
        for at in 0..self.slots.len() {
            let above = self.tree.parent(at).map_or(1.0, |parent| self.slots[parent].global);
            self.slots[at].global = above * self.slots[at].local;
        }
    }

    /// The same tree with other weights for the children of one node, in any order.
    ///
    /// # Errors
    ///
    /// An unknown node; a child without a weight; a weight that belongs to no child.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::{Weights, survey::Hierarchy};
    ///
    /// let service = Hierarchy::builder("service", Weights::equal(["speed", "attitude"])?).build()?;
    /// let service = service.with_weights("service", &Weights::new(["attitude", "speed"], [0.4, 0.6])?)?;
    /// assert_eq!(service.goal().weights().unwrap().values(), [0.6, 0.4]);
    ///
    /// let error = service.with_weights("service", &Weights::equal(["speed", "skill"])?).unwrap_err();
    /// assert_eq!(error.to_string(), "node `service`: no weight for `attitude`; unknown child `skill`");
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn with_weights(mut self, node: &str, weights: &Weights) -> Result<Self> {
        let at = self.place(node)?;
        let names: Vec<&str> = self.tree.children(at).map(|child| self.tree.name(child)).collect();
        let weights = weights.in_order_of(&names, "child").map_err(|fault| fault.within(format!("node `{node}`")))?;
        self.slots[at].weights = Some(weights);
        self.hand_down(at);
        self.multiply_down();
        Ok(self)
    }

    /// The root of the tree.
    pub fn goal(&self) -> Node<'_> {
        Node { hierarchy: self, at: 0 }
    }

    /// The node of a name.
    ///
    /// # Errors
    ///
    /// When there is no such node.
    pub fn node(&self, name: &str) -> Result<Node<'_>> {
        self.place(name).map(|at| Node { hierarchy: self, at })
    }

    /// Every node in preorder: the goal first, each node before its children.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node<'_>> + DoubleEndedIterator {
        (0..self.slots.len()).map(|at| Node { hierarchy: self, at })
    }

    /// The nodes without children, the indicators, from first to last.
    pub fn leaves(&self) -> impl Iterator<Item = Node<'_>> {
        self.nodes().filter(Node::is_leaf)
    }

    /// The global weights of the leaves, in their order.
    ///
    /// # Numerical notes
    ///
    /// The products as they are, where they sum to 1 as closely as [`Weights::new`] demands; divided by their sum
    /// where the tolerances of many levels have added up to more.
    pub fn leaf_weights(&self) -> Weights {
        let (names, values) = self.leaves().map(|leaf| (leaf.name().to_owned(), leaf.global_weight())).unzip();
        Weights::settled(names, values, Origin::Combined("product down the hierarchy".into()))
    }

    fn place(&self, name: &str) -> Result<usize> {
        self.tree.position(name).ok_or_else(|| check::unknown(name, "node"))
    }

    /// The tree as a table, each name indented by its depth.
    pub fn table(&self) -> Table {
        let origin = |node: Node<'_>| node.weights().map_or_else(String::new, |weights| weights.origin().to_string());
        Table::new("")
            .column(Column::tree("node", self.nodes().map(|node| (node.depth(), node.name()))))
            .column(Column::number("weight", self.nodes().map(Node::weight)).decimals(4))
            .column(Column::number("global weight", self.nodes().map(Node::global_weight)).decimals(4))
            .column(Column::text("weights of children", self.nodes().map(origin)))
    }
}

impl fmt::Display for Hierarchy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

/// One node of a [`Hierarchy`].
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    hierarchy: &'a Hierarchy,
    at: usize,
}

impl<'a> Node<'a> {
    fn slot(self) -> &'a Slot {
        &self.hierarchy.slots[self.at]
    }

    /// Its name.
    pub fn name(self) -> &'a str {
        self.hierarchy.tree.name(self.at)
    }

    /// Its place in preorder, from 0: the order of [`Hierarchy::nodes`].
    pub fn position(self) -> usize {
        self.at
    }

    /// How many levels below the goal it stands.
    pub fn depth(self) -> usize {
        self.hierarchy.tree.depth(self.at)
    }

    /// Is it an indicator?
    pub fn is_leaf(&self) -> bool {
        self.slot().weights.is_none()
    }

    /// The node above; the goal has none.
    pub fn parent(self) -> Option<Self> {
        self.hierarchy.tree.parent(self.at).map(|at| Self { at, ..self })
    }

    /// The nodes right below, in order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.hierarchy.tree.children(self.at).map(move |at| Self { at, ..self })
    }

    /// Its weight among the children of its parent; 1 for the goal.
    pub fn weight(self) -> f64 {
        self.slot().local
    }

    /// Its share in the goal: the product of the weights on the way down to it.
    pub fn global_weight(self) -> f64 {
        self.slot().global
    }

    /// The leaves at or below it, as numbers in the order of [`Hierarchy::leaves`].
    pub(crate) fn leaf_range(self) -> Range<usize> {
        let next = self.hierarchy.slots.get(self.hierarchy.tree.end(self.at));
        self.slot().leaves_before..next.map_or(self.hierarchy.leaves, |next| next.leaves_before)
    }

    /// The leaves at or below it with their weights relative to it: the products of the weights on the way down from it.
    pub(crate) fn leaves_below(self) -> Vec<(&'a str, f64)> {
        let mut leaves = Vec::new();
        let mut waiting = vec![(self, 1.0)];
        while let Some((node, weight)) = waiting.pop() {
            if node.is_leaf() {
                leaves.push((node.name(), weight));
            }
            let children: Vec<_> = node.children().map(|child| (child, weight * child.weight())).collect();
            waiting.extend(children.into_iter().rev());
        }
        leaves
    }

    /// The weights of its children, in their order; a leaf has none.
    pub fn weights(self) -> Option<&'a Weights> {
        self.slot().weights.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(names: &[&str], values: &[f64]) -> Weights {
        Weights::new(names.iter().copied(), values.iter().copied()).unwrap()
    }

    fn service() -> Hierarchy {
        Hierarchy::builder("service", weights(&["speed", "skill", "attitude"], &[0.25, 0.25, 0.5]))
            .divide("skill", weights(&["first-time fix", "no recurrence"], &[0.5, 0.5]))
            .divide("speed", weights(&["response", "arrival", "parts"], &[0.5, 0.25, 0.25]))
            .divide("arrival", weights(&["on time"], &[1.0]))
            .build()
            .unwrap()
    }

    #[test]
    fn lies_in_preorder_with_products_of_weights() {
        let service = service();
        let names: Vec<&str> = service.nodes().map(Node::name).collect();
        assert_eq!(
            names,
            [
                "service",
                "speed",
                "response",
                "arrival",
                "on time",
                "parts",
                "skill",
                "first-time fix",
                "no recurrence",
                "attitude"
            ]
        );
        assert_eq!(service.leaf_weights().values(), [0.125, 0.0625, 0.0625, 0.125, 0.125, 0.5]);
        let arrival = service.node("arrival").unwrap();
        assert_eq!((arrival.weight(), arrival.global_weight(), arrival.depth()), (0.25, 0.0625, 2));
        assert_eq!(arrival.parent().unwrap().name(), "speed");
        assert!(service.goal().parent().is_none() && !arrival.is_leaf());
        let children: Vec<&str> = service.goal().children().map(Node::name).collect();
        assert_eq!(children, ["speed", "skill", "attitude"]);
        assert_eq!(service.node("attitude").unwrap().children().count(), 0);
        assert_eq!(service.node("x").unwrap_err().to_string(), "unknown node `x`");
    }

    #[test]
    fn new_weights_reach_down_to_the_leaves() {
        let origin = Origin::Judgements("row sum".into());
        let new = weights(&["skill", "attitude", "speed"], &[0.0, 0.0, 1.0]).with_origin(origin.clone());
        let service = service().with_weights("service", &new).unwrap();
        assert_eq!(service.leaf_weights().values(), [0.5, 0.25, 0.25, 0.0, 0.0, 0.0]);
        assert_eq!(service.goal().weights().unwrap().names(), ["speed", "skill", "attitude"]);
        assert_eq!(service.goal().weights().unwrap().origin(), &origin);
    }

    #[test]
    fn weights_must_be_those_of_the_children() {
        let error = service().with_weights("skill", &weights(&["first-time fix", "x"], &[0.5, 0.5])).unwrap_err();
        assert_eq!(error.to_string(), "node `skill`: no weight for `no recurrence`; unknown child `x`");
        assert!(error.is_missing() && error.is_unknown_name());
        let error = service().with_weights("attitude", &weights(&["x"], &[1.0])).unwrap_err();
        assert_eq!(error.to_string(), "node `attitude`: unknown child `x`");
        let error = service().with_weights("x", &weights(&["x"], &[1.0])).unwrap_err();
        assert_eq!(error.to_string(), "unknown node `x`");
    }

    #[test]
    fn loops_doubles_and_strays_are_named() {
        let one = |child: &str| weights(&[child], &[1.0]);
        let fault = |builder: HierarchyBuilder| builder.build().unwrap_err().to_string();
        assert_eq!(fault(Hierarchy::builder("a", one("a"))), "duplicate node `a`");
        assert_eq!(fault(Hierarchy::builder("a", one("b")).divide("b", one("a"))), "duplicate node `a`");
        assert_eq!(
            fault(Hierarchy::builder("a", one("b")).divide("c", one("d")).divide("d", one("c"))),
            "unknown node `c`; unknown node `d`"
        );
        assert_eq!(
            fault(Hierarchy::builder("a", one("b")).divide("b", one("c")).divide("b", one("d"))),
            "duplicate division of node `b`"
        );
        assert_eq!(fault(Hierarchy::builder(" ", one("b"))), "the name of a node is empty");
    }

    #[test]
    fn a_hundred_thousand_levels() {
        let levels = 100_000;
        let name = |level: usize| format!("n{level}");
        let mut builder = Hierarchy::builder(name(0), Weights::equal([name(1)]).unwrap());
        for level in 1..levels {
            builder = builder.divide(name(level), Weights::equal([name(level + 1)]).unwrap());
        }
        let chain = builder.build().unwrap();
        assert_eq!(chain.leaves().next().unwrap().depth(), levels);
        assert_eq!(chain.leaf_weights().values(), [1.0]);
        let again = Weights::equal([name(1)]).unwrap();
        assert_eq!(chain.clone().with_weights("n0", &again).unwrap(), chain);
        assert!(chain.to_string().len() < 200 * levels);
        #[cfg(feature = "serde")]
        {
            let text = serde_json::to_string(&chain).unwrap();
            assert_eq!(serde_json::from_str::<Hierarchy>(&text).unwrap(), chain);
        }
    }

    #[test]
    fn prints_indented() {
        let tree = Hierarchy::builder("a", weights(&["b", "c"], &[0.25, 0.75]))
            .divide("c", Weights::equal(["d", "e"]).unwrap())
            .build()
            .unwrap();
        assert_eq!(
            tree.to_string(),
            "\
node   weight  global weight  weights of children
-----  ------  -------------  -------------------
a      1.0000         1.0000  given
  b    0.2500         0.2500
  c    0.7500         0.7500  equal
    d  0.5000         0.3750
    e  0.5000         0.3750
"
        );
    }

    #[cfg(feature = "serde")]
    mod serde {
        use super::*;

        const TREE: &str = r#"{"name":"a","weights":[0.25,0.75],"children":["b",{"name":"c","weights":[0.5,0.5],"origin":"equal","children":["d","e"]}]}"#;

        fn fault(text: &str) -> String {
            serde_json::from_str::<Hierarchy>(text).unwrap_err().to_string()
        }

        #[test]
        fn the_nested_form_comes_back() {
            let tree: Hierarchy = serde_json::from_str(TREE).unwrap();
            assert_eq!(tree.leaf_weights().names(), ["b", "d", "e"]);
            assert_eq!(tree.node("c").unwrap().weights().unwrap().origin(), &Origin::Equal);
            assert_eq!(serde_json::to_string(&tree).unwrap(), TREE);
            let deep = service();
            let text = serde_json::to_string(&deep).unwrap();
            assert_eq!(serde_json::from_str::<Hierarchy>(&text).unwrap(), deep);
        }

        #[test]
        fn nothing_invalid_is_read_back() {
            assert_eq!(fault(&TREE.replace("\"e\"", "\"b\"")), "duplicate node `b`");
            assert_eq!(
                fault(&TREE.replace("0.5,0.5", "0.5").replace("0.25,", "0.3,")),
                "node `a`: the weights sum to 1.05; expected 1 (`normalised` divides them by their sum); \
                 node `c`: the list of weights has length 1; expected 2"
            );
            assert_eq!(fault(&TREE.replace("\"weights\":[0.5,0.5],", "")), "no weights for `c`");
            assert_eq!(fault(r#"{"name":"a"}"#), "no children for `a`");
            let leaf = TREE.replace("\"b\"", r#"{"name":"b","weights":[1]}"#);
            assert_eq!(fault(&leaf), "the list of weights of the leaf `b` has length 1; expected 0");
            assert!(fault(&TREE.replace("\"b\"", "7")).contains("expected the name of a leaf, or a node"));
            assert!(fault(&TREE.replace("origin", "source")).contains("unknown field `source`"));
        }

        #[test]
        fn what_is_written_can_be_read() {
            let chain = |levels: usize| {
                let name = |level: usize| format!("n{level}");
                let mut builder = Hierarchy::builder(name(0), Weights::equal([name(1)]).unwrap());
                for level in 1..levels {
                    builder = builder.divide(name(level), Weights::equal([name(level + 1)]).unwrap());
                }
                builder.build().unwrap()
            };
            for levels in [1, 50, 51, 5000] {
                let text = serde_json::to_string(&chain(levels)).unwrap();
                assert_eq!(serde_json::from_str::<Hierarchy>(&text).unwrap(), chain(levels));
            }
            let text = serde_json::to_string(&chain(51)).unwrap();
            let beside = text.replacen(r#""divisions""#, r#""children":["x"],"divisions""#, 1);
            assert_eq!(fault(&beside), {
                "the list of children and weights of `n0` beside its divisions has length 1; expected 0"
            });
            assert!(fault(&text.replacen(r#""node":"n7""#, r#""node":"n8""#, 1)).contains("duplicate division"));
            let inside = r#"{"name":"a","weights":[1],"children":[{"name":"b","divisions":[
                {"node":"b","weights":{"names":["c"],"values":[1]}}]}]}"#;
            assert_eq!(fault(inside), "the list of divisions of `b` has length 1; expected 0");
        }
    }
}
