//! A whole decision as it was judged: criteria against each other, and alternatives under each criterion.

use std::fmt;

use crate::ahp::alternatives::Alternatives;
use crate::ahp::consistency::Consistency;
use crate::ahp::judgement::Judgements;
use crate::ahp::priority::{Method, Priorities};
use crate::ahp::random_index::RandomIndex;
use crate::error::{Faults, Result};
use crate::numeric::check;
use crate::survey::{Hierarchy, Node};
use crate::table::{Column, Table};

/// Judgements at every node of a hierarchy.
///
/// # Examples
///
/// ```
/// use satindex::ahp::{Decision, Judgements, Method, Mode, RandomIndex};
///
/// let places = |upper: &[f64]| Judgements::from_upper(["north", "south", "west"], upper);
/// let decision = Decision::new("place to live", Judgements::from_upper(["rent", "quiet"], &[2.0])?)
///     .compare("rent", places(&[3.0, 5.0, 2.0])?)
///     .compare("quiet", places(&[0.25, 0.5, 2.0])?);
/// let best = decision.alternatives(Method::Eigenvector)?.synthesise(Mode::Distributive)?;
/// assert_eq!(best.ranking()[0], "north");
/// assert!(decision.consistency(Method::Eigenvector)?.cr(RandomIndex::Saaty) < 0.01);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[doc(alias = "hierarchy")]
#[must_use = "a decision is a specification: ask it for its hierarchy or its alternatives"]
pub struct Decision {
    goal: String,
    judgements: Judgements,
    divisions: Vec<(String, Judgements)>,
    comparisons: Vec<(String, Judgements)>,
}

impl Decision {
    /// Begins with the goal and the judgements of its criteria.
    pub fn new(goal: impl Into<String>, judgements: Judgements) -> Self {
        Self { goal: goal.into(), judgements, divisions: Vec::new(), comparisons: Vec::new() }
    }

    /// Divides a criterion into others, the labels of the judgements.
    pub fn divide(mut self, criterion: impl Into<String>, judgements: Judgements) -> Self {
        self.divisions.push((criterion.into(), judgements));
        self
    }

    /// Compares the alternatives, the labels of the judgements, under a criterion that is not divided.
    pub fn compare(mut self, criterion: impl Into<String>, alternatives: Judgements) -> Self {
        self.comparisons.push((criterion.into(), alternatives));
        self
    }

    /// Every judgement put through `change`, with the number of its node: the goal's 0, then in the order of the calls.
    pub(super) fn map(&self, mut change: impl FnMut(&Judgements) -> Judgements) -> Self {
        let judgements = change(&self.judgements);
        let mut each = |parts: &[(String, Judgements)]| -> Vec<(String, Judgements)> {
            parts.iter().map(|(name, judgements)| (name.clone(), change(judgements))).collect()
        };
        let (divisions, comparisons) = (each(&self.divisions), each(&self.comparisons));
        Self { goal: self.goal.clone(), judgements, divisions, comparisons }
    }

    /// The criteria with their weights by a method.
    ///
    /// # Errors
    ///
    /// As for [`Judgements::priorities`], naming the node; names that are no tree, as for
    /// [`HierarchyBuilder::build`](crate::survey::hierarchy::HierarchyBuilder::build).
    pub fn hierarchy(&self, method: Method) -> Result<Hierarchy> {
        let weights = |node: &str, judgements: &Judgements| Ok(solve(node, judgements, method)?.weights().clone());
        let mut builder = Hierarchy::builder(&self.goal, weights(&self.goal, &self.judgements)?);
        let mut faults = Faults::default();
        for (node, judgements) in &self.divisions {
            if let Some(weights) = faults.check(weights(node, judgements)) {
                builder = builder.divide(node, weights);
            }
        }
        faults.or(())?;
        builder.build()
    }

    /// The alternatives with their weights under each criterion by a method.
    ///
    /// # Errors
    ///
    /// As for [`Decision::hierarchy`] and [`Alternatives::new`].
    pub fn alternatives(&self, method: Method) -> Result<Alternatives> {
        let hierarchy = self.hierarchy(method)?;
        let mut faults = Faults::default();
        let mut local = Vec::with_capacity(self.comparisons.len());
        for (node, judgements) in &self.comparisons {
            if let Some(priorities) = faults.check(solve(node, judgements, method)) {
                local.push((node.clone(), priorities.weights().clone()));
            }
        }
        faults.or(())?;
        Alternatives::new(hierarchy, local)
    }

    /// How consistent the judgements of every node are, and all together, the weights by a method.
    ///
    /// # Errors
    ///
    /// As for [`Decision::hierarchy`]; a comparison under a criterion that is not there.
    pub fn consistency(&self, method: Method) -> Result<DecisionConsistency> {
        let hierarchy = self.hierarchy(method)?;
        let goal = [(self.goal.clone(), self.judgements.clone())];
        let mut nodes = Vec::new();
        let mut faults = Faults::default();
        for (node, judgements) in goal.iter().chain(&self.divisions).chain(&self.comparisons) {
            let consistency = judgements.consistency().map_err(|fault| fault.within(place(node)));
            let weight = hierarchy.node(node).map(Node::global_weight);
            if let (Some(consistency), Some(weight)) = (faults.check(consistency), faults.check(weight)) {
                nodes.push(NodeConsistency { node: node.clone(), weight, consistency });
            }
        }
        faults.or(DecisionConsistency { nodes })
    }
}

fn place(node: &str) -> String {
    format!("node `{node}`")
}

fn solve(node: &str, judgements: &Judgements, method: Method) -> Result<Priorities> {
    judgements.priorities(method).map_err(|fault| fault.within(place(node)))
}

/// How consistent the judgements of one node are.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct NodeConsistency {
    node: String,
    weight: f64,
    consistency: Consistency,
}

checked_when_read!(NodeConsistency);

impl NodeConsistency {
    /// The goal or criterion under which was compared.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Its global weight.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// The consistency of its judgements.
    pub fn consistency(&self) -> &Consistency {
        &self.consistency
    }

    fn check(&self) -> Result<()> {
        check::unit(self.weight, || format!("the weight of `{}`", self.node)).map(|_| ())
    }
}

/// How consistent a whole decision is.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DecisionConsistency {
    nodes: Vec<NodeConsistency>,
}

impl DecisionConsistency {
    /// Every node with judgements: the goal, the divided criteria, the criteria under which alternatives were compared.
    pub fn nodes(&self) -> &[NodeConsistency] {
        &self.nodes
    }

    /// The consistency ratio of the hierarchy CRH = Σ gₖCIₖ / Σ gₖRIₖ over the nodes with judgements, gₖ their global
    /// weights (Saaty 1980, chapter 4).
    pub fn cr(&self, table: RandomIndex) -> f64 {
        let sum = |part: fn(&Consistency, RandomIndex) -> f64| -> f64 {
            self.nodes.iter().map(|node| node.weight * part(&node.consistency, table)).sum()
        };
        let random = sum(|consistency, table| table.value_with_gaps(consistency.n(), consistency.unknown()));
        if random > 0.0 { sum(|consistency, _| consistency.ci()) / random } else { 0.0 }
    }

    /// CI and CR of every node as a table, with CRH below.
    pub fn table(&self, table: RandomIndex) -> Table {
        let nodes = || self.nodes.iter();
        Table::new(format!("Consistency (random index: {table})"))
            .column(Column::text("node", nodes().map(|node| &node.node)))
            .column(Column::number("global weight", nodes().map(|node| node.weight)).decimals(4))
            .column(Column::count("n", nodes().map(|node| node.consistency.n())))
            .column(Column::number("CI", nodes().map(|node| node.consistency.ci())).decimals(4))
            .column(Column::number("CR", nodes().map(|node| node.consistency.cr(table))).decimals(4))
            .note(format!("CR of the hierarchy {:.4}", self.cr(table)))
    }
}

impl fmt::Display for DecisionConsistency {
    /// The table with [`RandomIndex::Saaty`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(RandomIndex::default()).fmt(f)
    }
}
