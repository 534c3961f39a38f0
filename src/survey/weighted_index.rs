//! The weighted index: answers carried up a hierarchy of given weights.

use std::collections::HashMap;
use std::fmt;

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Faults, Result};
use crate::index::{Confidence, Index, Interval};
use crate::numeric::check;
use crate::survey::{Hierarchy, Indicator, Moments, Node, Responses, Scale};
use crate::table::{Column, Table};

/// The index of every node of a hierarchy whose leaves are indicators.
///
/// # Formula
///
/// The index of a leaf is the position of its mean answer on its scale, from 0 (worst) to 100 (best):
/// I = 100·(x̄ − a)/(b − a), or the reverse where lower is better. The index of an inner node is the mean of those of
/// its children, weighted with their weights. Hence the ACSI score Σᵢ wᵢ(x̄ᵢ − 1)/9 · 100.
///
/// With the covariance matrix S of the n respondents' answers in units of the index, and the global weights g of the
/// leaves below a node relative to the node, the standard error is √(g'Sg/n): that of a simple random sample, with the
/// weights taken as known. The 95 % interval is that of the normal distribution, cut off at 0 and 100.
///
/// # References
///
/// Fornell, C. et al. (1996), The American Customer Satisfaction Index, *Journal of Marketing* 60(4), 7–18,
/// doi:10.2307/1251898.
///
/// # Examples
///
/// ```
/// use satindex::Weights;
/// use satindex::survey::{Hierarchy, Missing, Responses, Scale, ThousandPoints};
///
/// let service = Hierarchy::builder("service", Weights::new(["speed", "skill"], [0.75, 0.25])?).build()?;
/// let responses = Responses::from_rows(["speed", "skill"], [
///     [Some(10.0), Some(1.0)],
///     [Some(7.0), Some(7.0)],
/// ])?
/// .with_scale(Scale::ONE_TO_TEN)?;
/// let group = service.score(&responses.moments(Missing::Listwise)?)?;
/// assert_eq!(format!("{:.2}", group.goal().value()), "70.83");
/// assert_eq!(format!("{:.1}", ThousandPoints::HundredfoldMean.of(group.goal())), "737.5");
/// let each = service.score_each(&responses)?;
/// assert_eq!(each[0], Some(75.0));
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("ACSI", "CSI", "satisfaction index"))]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Raw"))]
pub struct WeightedIndex {
    nodes: Vec<NodeIndex>,
}

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
struct NodeIndex {
    name: String,
    depth: usize,
    weight: f64,
    index: Index,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    nodes: Vec<NodeIndex>,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for WeightedIndex {
    type Error = crate::Error;

    fn try_from(Raw { nodes }: Raw) -> Result<Self> {
        let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
        check::names(&names, "node")?;
        let mut faults = Faults::default();
        let mut above = None;
        for node in &nodes {
            // In preorder the goal is the only root, and a node lies at most one level below the one before it.
            let deepest = above.map_or(0, |depth| depth + 1);
            let inside = node.depth <= deepest && (node.depth > 0 || above.is_none());
            let place = || format!("the depth of node `{}`", node.name);
            let expected = format!("a depth from {} to {deepest}", usize::from(above.is_some()));
            faults.check(check::domain(node.depth as f64, inside, place, &expected));
            faults.check(check::unit(node.weight, || format!("the weight of node `{}`", node.name)));
            above = Some(node.depth);
        }
        faults.or(Self { nodes })
    }
}

/// The two ways in which an index is published out of 1000 points.
///
/// They differ by up to 100 points at the lower end, so a figure means nothing without its convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ThousandPoints {
    /// From 0 to 1000: ten times the index, (x̄ − 1)/9 · 1000 on a scale from 1 to 10.
    Rescaled,
    /// From 100 to 1000: a hundred times the mean on a scale from 1 to 10, to which other scales are moved.
    HundredfoldMean,
}

impl ThousandPoints {
    /// An index in points.
    pub fn of(self, index: &Index) -> f64 {
        match self {
            Self::Rescaled => 10.0 * index.value(),
            Self::HundredfoldMean => 100.0 + 9.0 * index.value(),
        }
    }

    /// The value from 0 to 100 of so many points: the inverse of [`ThousandPoints::of`].
    pub fn to_hundred(self, points: f64) -> f64 {
        match self {
            Self::Rescaled => points / 10.0,
            Self::HundredfoldMean => (points - 100.0) / 9.0,
        }
    }
}

/// A leaf of a hierarchy with the answers to its indicator.
struct Leaf {
    column: usize,
    scale: Scale,
}

/// The leaves in order, each found among the indicators.
fn leaves(hierarchy: &Hierarchy, indicators: &[Indicator]) -> Result<Vec<Leaf>> {
    let columns: HashMap<&str, usize> = indicators.iter().map(Indicator::name).zip(0..).collect();
    let mut faults = Faults::default();
    let mut leaves = Vec::new();
    for name in hierarchy.leaves().map(Node::name) {
        let column = columns.get(name).copied().ok_or_else(|| check::unknown(name, "indicator"));
        let Some(column) = faults.check(column) else { continue };
        match indicators[column].scale() {
            Some(scale) => leaves.push(Leaf { column, scale }),
            None => faults.push(ErrorKind::Missing { what: "scale", name: name.into() }),
        }
    }
    faults.or(leaves)
}

/// The index of every node, in preorder.
fn values(hierarchy: &Hierarchy, leaves: &[Leaf], means: &[f64]) -> Vec<f64> {
    let mut values = vec![0.0; hierarchy.nodes().len()];
    for (node, leaf) in hierarchy.leaves().zip(leaves) {
        values[node.position()] = leaf.scale.to_hundred(means[leaf.column]);
    }
    for node in hierarchy.nodes().rev().filter(|node| !node.is_leaf()) {
        let (sum, weight) = node.children().fold((0.0, 0.0), |(sum, weight), child| {
            (sum + child.weight() * values[child.position()], weight + child.weight())
        });
        // Free of the tolerance that the sum of weights has, the mean stays between its parts.
        values[node.position()] = sum / weight;
    }
    values
}

/// The variance of every node's index, in preorder, from the covariances of the answers.
fn variances(hierarchy: &Hierarchy, leaves: &[Leaf], covariance: &DMatrix<f64>) -> Vec<f64> {
    // How much the index of the node that was reached last moves with each leaf below it.
    let slope = |scale: Scale| (scale.to_hundred(scale.upper()) - scale.to_hundred(scale.lower())) / scale.range();
    let mut slopes: Vec<f64> = leaves.iter().map(|leaf| slope(leaf.scale)).collect();
    let mut variances = vec![0.0; hierarchy.nodes().len()];
    for node in hierarchy.nodes().rev() {
        for child in node.children() {
            slopes[child.leaf_range()].iter_mut().for_each(|slope| *slope *= child.weight());
        }
        let below = node.leaf_range();
        let row = |i: usize| -> f64 {
            let entry = |j: usize| slopes[j] * covariance[(leaves[i].column, leaves[j].column)];
            below.clone().map(entry).sum()
        };
        let variance: f64 = below.clone().map(|i| slopes[i] * row(i)).sum();
        variances[node.position()] = variance.max(0.0);
    }
    variances
}

impl Hierarchy {
    /// The index of every node for a group, from the means of its answers; with standard errors and 95 % intervals where
    /// there are two respondents or more.
    ///
    /// # Errors
    ///
    /// A leaf that is no indicator of the moments, or one without a scale; means that are unknown, or outside their
    /// scale.
    pub fn score(&self, moments: &Moments) -> Result<WeightedIndex> {
        let leaves = leaves(self, moments.indicators())?;
        let unknown = || ErrorKind::Unsupported { place: "the moments".into(), reason: "the means are unknown".into() };
        let values = values(self, &leaves, moments.means().ok_or_else(unknown)?);
        let variances = moments.covariance().ok().map(|covariance| variances(self, &leaves, &covariance));
        let mut faults = Faults::default();
        let mut nodes = Vec::with_capacity(values.len());
        for (node, value) in self.nodes().zip(values) {
            let mut index = Index::new(value, moments.n(), "weighted mean down the hierarchy");
            if let Some(variances) = &variances {
                let std_error = (variances[node.position()] / moments.n()).sqrt();
                index = index.and_then(|index| index.with_std_error(std_error)?.with_normal_interval(Confidence::P95));
            }
            let (name, depth, weight) = (node.name().to_owned(), node.depth(), node.weight());
            if let Some(index) = faults.check(index.map_err(|fault| fault.within(format!("node `{name}`")))) {
                nodes.push(NodeIndex { name, depth, weight, index });
            }
        }
        faults.or(WeightedIndex { nodes })
    }

    /// The index of each respondent at the goal; `None` where an answer is missing.
    ///
    /// # Errors
    ///
    /// A leaf that is no indicator of the responses, or one without a scale.
    pub fn score_each(&self, responses: &Responses) -> Result<Vec<Option<f64>>> {
        let leaves = leaves(self, responses.indicators())?;
        let weights = self.leaf_weights();
        let index = |row: usize| {
            let (sum, weight) =
                leaves.iter().zip(weights.values()).try_fold((0.0, 0.0), |(sum, weight), (leaf, w)| {
                    let position = leaf.scale.to_hundred(responses.get(row, leaf.column)?);
                    Some((sum + w * position, weight + w))
                })?;
            Some((sum / weight).clamp(0.0, 100.0))
        };
        Ok((0..responses.rows()).map(index).collect())
    }
}

impl WeightedIndex {
    /// The index of the goal.
    pub fn goal(&self) -> &Index {
        &self.nodes[0].index
    }

    /// The index of a node.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn get(&self, name: &str) -> Result<&Index> {
        let node = self.nodes.iter().find(|node| node.name == name);
        node.map(|node| &node.index).ok_or_else(|| check::unknown(name, "node"))
    }

    /// Every node with its index, in preorder: the goal first, each node before its children.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Index)> {
        self.nodes.iter().map(|node| (node.name.as_str(), &node.index))
    }

    fn bounds(&self, bound: fn(&Interval) -> f64) -> impl Iterator<Item = Option<f64>> {
        self.nodes.iter().map(move |node| node.index.interval().as_ref().map(bound))
    }

    /// The index of every node as a table.
    pub fn table(&self) -> Table {
        Table::new("Weighted index")
            .column(Column::tree("node", self.nodes.iter().map(|node| (node.depth, node.name.as_str()))))
            .column(Column::number("weight", self.nodes.iter().map(|node| node.weight)).decimals(4))
            .column(Column::number("index", self.nodes.iter().map(|node| node.index.value())).decimals(2))
            .column(Column::number("std. error", self.nodes.iter().map(|node| node.index.std_error())).decimals(2))
            .column(Column::number("lower", self.bounds(Interval::lower)).decimals(2))
            .column(Column::number("upper", self.bounds(Interval::upper)).decimals(2))
            .note("lower, upper: 95 % interval")
    }
}

impl fmt::Display for WeightedIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Weights;
    use crate::survey::Missing;

    fn two() -> Hierarchy {
        Hierarchy::builder("goal", Weights::new(["a", "b"], [0.5, 0.5]).unwrap()).build().unwrap()
    }

    fn moments(rows: &[[f64; 2]]) -> Moments {
        let mut moments = Moments::new(["b", "a"]).unwrap();
        for row in rows {
            moments.push(row, 1.0).unwrap();
        }
        moments
    }

    #[test]
    fn errors_name_leaf_and_node() {
        let fault = |moments: &Moments| two().score(moments).unwrap_err().to_string();
        assert_eq!(fault(&moments(&[[1.0, 1.0]])), "no scale for `a`; no scale for `b`");
        assert_eq!(fault(&Moments::new(["x"]).unwrap()), "unknown indicator `a`; unknown indicator `b`");
        let none = Moments::new(["a", "b"]).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
        assert_eq!(fault(&none), "the moments: the means are unknown");
    }

    #[test]
    fn the_standard_error_is_that_of_the_mean_of_the_respondents() {
        let rows = [[1.0, 4.0], [10.0, 7.0], [4.0, 1.0], [7.0, 7.0]];
        let moments = moments(&rows).with_scale(Scale::ONE_TO_TEN).unwrap();
        let group = two().score(&moments).unwrap();
        // Each respondent's index is 100·((a + b)/2 − 1)/9.
        let each = rows.map(|[b, a]| 100.0 * (f64::midpoint(a, b) - 1.0) / 9.0);
        let mean = each.iter().sum::<f64>() / 4.0;
        let variance = each.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 3.0;
        approx::assert_relative_eq!(group.goal().value(), mean, epsilon = 0.0, max_relative = 1e-15);
        let std_error = group.goal().std_error().unwrap();
        approx::assert_relative_eq!(std_error, (variance / 4.0).sqrt(), epsilon = 0.0, max_relative = 1e-15);
        assert_eq!(group.goal().n(), 4.0);
        // 1.959963984540054 is the normal quantile.
        let interval = group.goal().interval().unwrap();
        let reach = 1.959963984540054 * std_error;
        approx::assert_relative_eq!(interval.lower(), mean - reach, epsilon = 0.0, max_relative = 1e-13);
        approx::assert_relative_eq!(interval.upper(), mean + reach, epsilon = 0.0, max_relative = 1e-13);
    }

    #[test]
    fn points_go_there_and_back() {
        for convention in [ThousandPoints::Rescaled, ThousandPoints::HundredfoldMean] {
            let points = [0.0, 100.0].map(|value| convention.of(&Index::new(value, 1.0, "m").unwrap()));
            assert_eq!(points.map(|points| convention.to_hundred(points)), [0.0, 100.0]);
        }
        assert_eq!(ThousandPoints::Rescaled.to_hundred(854.0), 85.4);
        // A mean of 8.54 on a scale from 1 to 10.
        assert_eq!(ThousandPoints::HundredfoldMean.to_hundred(854.0), 754.0 / 9.0);
    }

    #[test]
    fn a_scale_that_runs_the_other_way() {
        let complaints = [Some(2.0), Some(9.0)];
        let indicators = [
            Indicator::new("a").unwrap().with_scale(Scale::ZERO_TO_TEN.reversed()),
            Indicator::new("b").unwrap().with_scale(Scale::ZERO_TO_TEN),
        ];
        let questionnaire = crate::survey::Questionnaire::new(indicators).unwrap();
        let responses =
            Responses::from_rows(["a", "b"], [complaints]).unwrap().with_questionnaire(&questionnaire).unwrap();
        let index = two().score(&responses.moments(Missing::Reject).unwrap()).unwrap();
        assert_eq!((index.get("a").unwrap().value(), index.get("b").unwrap().value()), (80.0, 90.0));
        assert_eq!((index.goal().value(), index.goal().std_error()), (85.0, None));
        assert_eq!(two().score_each(&responses).unwrap(), [Some(85.0)]);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn written_and_read() {
        let moments = moments(&[[1.0, 4.0], [10.0, 7.0]]).with_scale(Scale::ONE_TO_TEN).unwrap();
        let index = two().score(&moments).unwrap();
        let text = serde_json::to_string(&index).unwrap();
        assert_eq!(serde_json::from_str::<WeightedIndex>(&text).unwrap(), index);
        for (from, to) in [("\"depth\":1", "\"depth\":0"), ("\"depth\":1", "\"depth\":3"), ("\"a\"", "\"b\"")] {
            assert!(serde_json::from_str::<WeightedIndex>(&text.replacen(from, to, 1)).is_err(), "{to}");
        }
        assert!(serde_json::from_str::<WeightedIndex>(r#"{"nodes":[]}"#).is_err());
    }
}
