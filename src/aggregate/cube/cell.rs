//! The indices of one cell.

use std::fmt;

use crate::aggregate::cube::figures::NodeFigures;
use crate::aggregate::cube::layout::Layout;
use crate::aggregate::cube::sums::Settled;
use crate::error::{ErrorKind, Faults, Result};
use crate::index::Index;
use crate::numeric::check;
use crate::table::{Column, Table};

/// One node in one cell.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct NodeEstimate {
    pub(super) name: String,
    pub(super) depth: usize,
    /// The nodes above with its weight among their children: one for each tree that it stands in.
    pub(super) parents: Vec<(String, f64)>,
    pub(super) index: Option<Index>,
    pub(super) effective_n: f64,
}

impl NodeEstimate {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many levels below the goal of its tree it stands.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The nodes above, each with its weight among the children there: none for the goal of a tree, and more than one for
    /// an indicator that several trees share.
    pub fn parents(&self) -> impl ExactSizeIterator<Item = (&str, f64)> {
        self.parents.iter().map(|(name, weight)| (name.as_str(), *weight))
    }

    /// Its weight under a node above it.
    pub(super) fn weight_under(&self, parent: &str) -> Option<f64> {
        self.parents.iter().find(|(name, _)| name == parent).map(|(_, weight)| *weight)
    }

    /// Its index; `None` where an indicator below it has no answer.
    pub fn index(&self) -> Option<&Index> {
        self.index.as_ref()
    }

    /// The number of respondents that its standard error goes by.
    pub fn effective_n(&self) -> f64 {
        self.effective_n
    }
}

/// The index of every node of the trees in one cell, or in several that are taken together, with the covariances between
/// them: what a [`Selection`](super::Selection) gives.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct CubeCell {
    pub(super) title: String,
    pub(super) nodes: Vec<NodeEstimate>,
    /// The lower triangle, row by row.
    pub(super) covariance: Vec<Option<f64>>,
}

impl CubeCell {
    pub(super) fn of(title: String, layout: &Layout, settled: &Settled<'_>) -> Result<Self> {
        let figures: Vec<_> =
            (0..layout.nodes.len()).map(|at| (settled.figures(at), settled.effective_n(at))).collect();
        Self::new(title, layout, &figures, |one, other| settled.covariance(one, other))
    }

    /// A cell from the value, standard error and n of each node that has an index, and its effective n.
    pub(super) fn new(
        title: String,
        layout: &Layout,
        figures: &[(Option<NodeFigures>, f64)],
        covariance: impl Fn(usize, usize) -> Option<f64>,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        let mut nodes = Vec::with_capacity(layout.nodes.len());
        for (form, (figures, effective_n)) in layout.nodes.iter().zip(figures) {
            let index = figures
                .map(|figures| figures.index())
                .transpose()
                .map_err(|fault| fault.within(format!("node `{}`", form.name)));
            let Some(index) = faults.check(index) else { continue };
            nodes.push(NodeEstimate {
                name: form.name.clone(),
                depth: form.depth,
                parents: form.parents.clone(),
                index,
                effective_n: *effective_n,
            });
        }
        let pairs = (0..layout.nodes.len()).flat_map(|one| (0..=one).map(move |other| (one, other)));
        let covariance = pairs.map(|(one, other)| covariance(one, other)).collect();
        faults.or(Self { title, nodes, covariance })
    }

    fn check(&self) -> Result<()> {
        let names: Vec<&str> = self.nodes.iter().map(NodeEstimate::name).collect();
        check::names(&names, "node")?;
        let pairs = names.len() * (names.len() + 1) / 2;
        check::length(self.covariance.len(), pairs, || "the triangle of covariances".into())?;
        for node in &self.nodes {
            for (parent, weight) in &node.parents {
                check::non_negative(*weight, || format!("the weight of node `{}` in `{parent}`", node.name))?;
            }
            check::non_negative(node.effective_n, || format!("the effective n of node `{}`", node.name))?;
        }
        self.covariance.iter().flatten().try_for_each(|value| check::finite(*value, || "a covariance".into()).map(drop))
    }

    /// Which cell: its period, place and labels, in words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// All nodes, tree by tree, each before those below it.
    pub fn nodes(&self) -> &[NodeEstimate] {
        &self.nodes
    }

    /// One node.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn get(&self, node: &str) -> Result<&NodeEstimate> {
        Ok(&self.nodes[self.position(node)?])
    }

    fn position(&self, node: &str) -> Result<usize> {
        self.nodes.iter().position(|known| known.name == node).ok_or_else(|| check::unknown(node, "node"))
    }

    /// The index of a node.
    ///
    /// # Errors
    ///
    /// An unknown name; a node below which an indicator has no answer.
    pub fn index(&self, node: &str) -> Result<&Index> {
        let missing = || ErrorKind::Missing { what: "index", name: node.into() };
        self.get(node)?.index().ok_or_else(|| crate::Error::from(missing()).within(self.title.clone()))
    }

    /// The covariance of the indices of two nodes: of a node with itself, its variance. `None` where one of them has no
    /// standard error.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn covariance(&self, one: &str, other: &str) -> Result<Option<f64>> {
        let (one, other) = (self.position(one)?, self.position(other)?);
        let (high, low) = (one.max(other), one.min(other));
        Ok(self.covariance[high * (high + 1) / 2 + low])
    }

    /// The nodes with their weights, indices and standard errors.
    pub fn table(&self) -> Table {
        let nodes = || self.nodes.iter();
        Table::new(self.title.clone())
            .column(Column::tree("node", nodes().map(|node| (node.depth, node.name.as_str()))))
            .column(Column::number("weight", nodes().map(|node| Some(node.parents.first()?.1))).decimals(4))
            .column(Column::number("index", nodes().map(|node| node.index.as_ref().map(Index::value))).decimals(2))
            .column(Column::number("std. error", nodes().map(|node| node.index.as_ref()?.std_error())).decimals(2))
            .column(Column::number("n", nodes().map(|node| node.index.as_ref().map(Index::n))).decimals(0))
    }
}

checked_when_read!(CubeCell);

impl fmt::Display for CubeCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
