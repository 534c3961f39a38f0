//! Why a node's index changed: the scores of its indicators, or their weights.

use std::collections::HashMap;
use std::fmt;

use crate::aggregate::cube::cell::{CubeCell, NodeEstimate};
use crate::aggregate::decomposition::Effects;
use crate::error::{ErrorKind, Result};
use crate::table::{Column, Table};

/// The change of a node's index between two cells, in parts that add up to it: the twin of
/// [`Decomposition`](crate::aggregate::Decomposition), down the tree of indicators instead of that of places.
///
/// # Formula
///
/// Bennet's decomposition, as there: with the shares g⁰, g¹ of an indicator in the node in the two cells, and its indices
/// I⁰, I¹, the effect of its score is ½(g⁰ + g¹)(I¹ − I⁰) and that of its weight (g¹ − g⁰)(½(I⁰ + I¹) − Ī), with Ī the mean of
/// the node's two indices. An indicator that only one cell has enters or exits. The parts sum to the change exactly.
///
/// # References
///
/// Bennet, T. L. (1920). The theory of measurement of changes in cost of living. *Journal of the Royal Statistical
/// Society*, 83(3), 455–462. <https://doi.org/10.2307/2340960>
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct NodeDecomposition {
    node: String,
    change: f64,
    children: Vec<(String, Effects)>,
    indicators: Vec<(String, Effects)>,
}

impl NodeDecomposition {
    /// Takes the change of a node from one cell to another apart. The cells may be of two periods or two places, of one
    /// cube or of two with other weights.
    ///
    /// # Errors
    ///
    /// A node that is unknown, or has no index, in one of the cells.
    pub fn between(earlier: &CubeCell, later: &CubeCell, node: &str) -> Result<Self> {
        let (before, after) = (earlier.index(node)?.value(), later.index(node)?.value());
        let mean = f64::midpoint(before, after);
        let effects = |shares: [Vec<(&str, f64, f64)>; 2]| {
            let [then, now] = shares;
            let mut left: HashMap<&str, (f64, f64)> =
                then.iter().map(|(name, w, value)| (*name, (*w, *value))).collect();
            let mut effects: Vec<(String, Effects)> = now
                .into_iter()
                .map(|(name, w, value)| (name.to_owned(), Effects::of(left.remove(name), Some((w, value)), mean)))
                .collect();
            let gone = then.into_iter().filter(|(name, ..)| left.contains_key(name));
            effects.extend(gone.map(|(name, w, value)| (name.to_owned(), Effects::of(Some((w, value)), None, mean))));
            effects
        };
        Ok(Self {
            node: node.into(),
            change: after - before,
            children: effects([earlier, later].map(|cell| cell.shares(node, false))),
            indicators: effects([earlier, later].map(|cell| cell.shares(node, true))),
        })
    }

    /// The node.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// The later index less the earlier one: the sum of all parts.
    pub fn change(&self) -> f64 {
        self.change
    }

    /// The effects of the nodes right below.
    pub fn children(&self) -> impl ExactSizeIterator<Item = (&str, &Effects)> {
        self.children.iter().map(|(name, effects)| (name.as_str(), effects))
    }

    /// The effects of the indicators below.
    pub fn indicators(&self) -> impl ExactSizeIterator<Item = (&str, &Effects)> {
        self.indicators.iter().map(|(name, effects)| (name.as_str(), effects))
    }

    /// The effects of one of the nodes right below, or of one of the indicators.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn get(&self, name: &str) -> Result<&Effects> {
        let found = self.children.iter().chain(&self.indicators).find(|(known, _)| known == name);
        found.map(|(_, effects)| effects).ok_or_else(|| ErrorKind::Unknown { what: "node", name: name.into() }.into())
    }

    /// The effects of the indicators, the largest in either direction first, and their sum.
    pub fn table(&self) -> Table {
        let mut rows: Vec<(&str, Effects)> = self.indicators().map(|(name, effects)| (name, *effects)).collect();
        rows.sort_by(|one, other| other.1.total().abs().total_cmp(&one.1.total().abs()));
        let mut sum = Effects::default();
        self.indicators.iter().for_each(|(_, effects)| sum += *effects);
        rows.push(("sum", sum));
        let column = |heading: &str, part: fn(&Effects) -> f64| {
            Column::number(heading, rows.iter().map(|(_, effects)| part(effects)).collect::<Vec<_>>()).decimals(3)
        };
        Table::new(format!("Change of {} in parts", self.node))
            .column(Column::text("", rows.iter().map(|(name, _)| name)))
            .column(column("score", |effects| effects.score))
            .column(column("weight", |effects| effects.weight))
            .column(column("entry", |effects| effects.entry))
            .column(column("exit", |effects| effects.exit))
            .column(column("total", Effects::total))
    }
}

impl fmt::Display for NodeDecomposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

impl CubeCell {
    /// The nodes right below a node, or the indicators below it (the node itself, if it is one), with their shares in it,
    /// which sum to 1, and their values.
    fn shares(&self, node: &str, indicators: bool) -> Vec<(&str, f64, f64)> {
        let mut found: Vec<(&NodeEstimate, f64)> = Vec::new();
        let mut waiting: Vec<(&NodeEstimate, f64)> =
            self.nodes.iter().filter(|known| known.name == node).map(|node| (node, 1.0)).collect();
        while let Some((parent, share)) = waiting.pop() {
            let children = self.nodes.iter().rev();
            let children: Vec<(&NodeEstimate, f64)> =
                children.filter_map(|child| Some((child, share * child.weight_under(&parent.name)?))).collect();
            if children.is_empty() || (!indicators && parent.name != node) {
                found.push((parent, share));
            } else {
                waiting.extend(children);
            }
        }
        let sum: f64 = found.iter().map(|(_, share)| share).sum();
        let part = |(node, share): (&'_ NodeEstimate, f64)| Some((share / sum, node.index.as_ref()?.value()));
        let parts = found.into_iter().filter_map(|(node, share)| Some((node.name.as_str(), part((node, share))?)));
        parts.map(|(name, (share, value))| (name, share, value)).collect()
    }
}
