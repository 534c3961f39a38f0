//! Changes of weights that would change the order of the alternatives.

use std::fmt;

use crate::ahp::alternatives::{Alternatives, Mode};
use crate::error::{ErrorKind, Result};
use crate::numeric::{check, rounding};
use crate::survey::Node;
use crate::table::{Column, Table};

/// The scores of the alternatives as the weight of one criterion goes from 0 to 1 and its siblings share the rest in
/// proportion.
///
/// The scores, or their logs in [`Mode::Product`], are straight lines in the weight, so everything here is exact.
///
/// # Examples
///
/// ```
/// use satindex::ahp::{Alternatives, Mode};
/// use satindex::{Weights, survey::Hierarchy};
///
/// let criteria = Hierarchy::builder("school", Weights::new(["learning", "friends"], [0.6, 0.4])?).build()?;
/// let schools = |a, b| Weights::new(["A", "B"], [a, b]);
/// let alternatives = Alternatives::new(criteria, [("learning", schools(0.2, 0.8)?), ("friends", schools(0.7, 0.3)?)])?;
/// let sensitivity = alternatives.sensitivity("friends", Mode::Distributive)?;
/// let flip = &sensitivity.flips()[0];
/// assert!((flip.weight() - 0.6).abs() < 1e-15);
/// assert_eq!((flip.below(), flip.above()), ("B", "A"));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Sensitivity {
    node: String,
    weight: f64,
    mode: Mode,
    alternatives: Vec<String>,
    /// Scores, or their logs, at the weights 0 and 1.
    #[cfg_attr(feature = "serde", serde(with = "crate::serial::logs"))]
    none: Vec<f64>,
    #[cfg_attr(feature = "serde", serde(with = "crate::serial::logs"))]
    all: Vec<f64>,
}

checked_when_read!(Sensitivity);

/// The weight at which two alternatives change places.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Flip {
    weight: f64,
    below: String,
    above: String,
}

checked_when_read!(Flip);

impl Flip {
    /// The weight of the criterion at which both have the same score.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// The alternative that is ahead below that weight.
    pub fn below(&self) -> &str {
        &self.below
    }

    /// The alternative that is ahead above it.
    pub fn above(&self) -> &str {
        &self.above
    }

    fn check(&self) -> Result<()> {
        check::unit(self.weight, || format!("the weight at which `{}` passes `{}`", self.above, self.below)).map(|_| ())
    }
}

impl Sensitivity {
    /// The criterion whose weight moves.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// Its weight among its siblings as it is.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// The alternatives.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The scores at a weight of the criterion, summing to 1.
    ///
    /// # Errors
    ///
    /// A weight that is not from 0 to 1.
    pub fn at(&self, weight: f64) -> Result<Vec<f64>> {
        check::unit(weight, || format!("the weight of `{}`", self.node))?;
        Ok(self.shares(weight))
    }

    /// How fast the scores, summing to 1, change with the weight of the criterion where it is now.
    pub fn gradient(&self) -> Vec<f64> {
        let shares = self.shares(self.weight);
        let slopes = || self.all.iter().zip(&self.none).map(|(all, none)| all - none);
        if self.mode == Mode::Product {
            // In logs: p′ = p (l′ − Σ p l′). An alternative at 0 stays there.
            let relative: Vec<f64> = slopes().map(|slope| if slope.is_finite() { slope } else { 0.0 }).collect();
            let mean: f64 = shares.iter().zip(&relative).map(|(share, slope)| share * slope).sum();
            return shares.iter().zip(&relative).map(|(share, slope)| share * (slope - mean)).collect();
        }
        let total: f64 = self.raw(self.weight).sum();
        let drift: f64 = slopes().sum();
        shares.iter().zip(slopes()).map(|(share, slope)| (slope - share * drift) / total).collect()
    }

    /// Every weight from 0 to 1 at which two alternatives change places, in ascending order.
    pub fn flips(&self) -> Vec<Flip> {
        let count = self.alternatives.len();
        let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
        let mut flips: Vec<Flip> = pairs
            .filter_map(|(a, b)| {
                let (from, to) = (difference(self.none[a], self.none[b]), difference(self.all[a], self.all[b]));
                // The sign changes between the ends, and both ends are numbers.
                let crosses = from.is_finite() && to.is_finite() && from * to < 0.0;
                let (below, above) = if from > 0.0 { (a, b) } else { (b, a) };
                crosses.then(|| Flip {
                    weight: from / (from - to),
                    below: self.alternatives[below].clone(),
                    above: self.alternatives[above].clone(),
                })
            })
            .collect();
        flips.sort_by(|a, b| a.weight.total_cmp(&b.weight));
        flips
    }

    /// The scores at `points` weights from 0 to 1 in equal steps, as a table: one row for each weight.
    ///
    /// ```
    /// # use satindex::ahp::{Alternatives, Mode};
    /// # use satindex::{Weights, survey::Hierarchy};
    /// # let criteria = Hierarchy::builder("school", Weights::new(["learning", "friends"], [0.6, 0.4])?).build()?;
    /// # let schools = |a, b| Weights::new(["A", "B"], [a, b]);
    /// # let alternatives = Alternatives::new(criteria, [("learning", schools(0.2, 0.8)?), ("friends", schools(0.7, 0.3)?)])?;
    /// let curve = alternatives.sensitivity("friends", Mode::Distributive)?.curve(3)?;
    /// assert_eq!(curve.to_string(), "\
    /// Scores by the weight of `friends`, now 0.4000
    /// weight       A       B
    /// ------  ------  ------
    /// 0.0000  0.2000  0.8000
    /// 0.5000  0.4500  0.5500
    /// 1.0000  0.7000  0.3000
    /// ");
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fewer than 2 points, or more than 10,000.
    pub fn curve(&self, points: usize) -> Result<Table> {
        let inside = (2..=10_000).contains(&points);
        check::domain(points as f64, inside, || "the number of points".into(), "a number from 2 to 10000")?;
        Ok(self.curve_at(points))
    }

    fn curve_at(&self, points: usize) -> Table {
        let weights: Vec<f64> = (0..points).map(|at| at as f64 / (points - 1) as f64).collect();
        let shares: Vec<Vec<f64>> = weights.iter().map(|weight| self.shares(*weight)).collect();
        let title = format!("Scores by the weight of `{}`, now {:.4}", self.node, self.weight);
        let table = Table::new(title).column(Column::number("weight", weights).decimals(4));
        self.alternatives.iter().enumerate().fold(table, |table, (at, name)| {
            table.column(Column::number(name, shares.iter().map(|shares| shares[at])).decimals(4))
        })
    }

    /// Scores, or their logs.
    fn raw(&self, weight: f64) -> impl Iterator<Item = f64> {
        let between = move |(none, all): (&f64, &f64)| match weight {
            // 0 times the log of 0 is not a number.
            0.0 => *none,
            1.0 => *all,
            _ => (1.0 - weight) * none + weight * all,
        };
        self.none.iter().zip(&self.all).map(between)
    }

    fn shares(&self, weight: f64) -> Vec<f64> {
        let mut scores: Vec<f64> = self.raw(weight).collect();
        if self.mode == Mode::Product {
            let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for score in &mut scores {
                *score = if greatest.is_finite() { (*score - greatest).exp() } else { 1.0 };
            }
        }
        let total: f64 = scores.iter().sum();
        scores.iter().map(|score| score / total).collect()
    }

    fn check(&self) -> Result<()> {
        check::unit(self.weight, || format!("the weight of `{}`", self.node))?;
        check::names(&self.alternatives, "alternative")?;
        for list in [&self.none, &self.all] {
            check::length(list.len(), self.alternatives.len(), || "the list of scores".into())?;
        }
        Ok(())
    }
}

/// a − b, which is 0 where the two are equal up to rounding: alternatives that are level do not change places.
fn difference(a: f64, b: f64) -> f64 {
    if rounding::equal(a, b) { 0.0 } else { a - b }
}

impl fmt::Display for Sensitivity {
    /// The curve at 11 weights.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.curve_at(11);
        let note = |flip: &Flip| format!("`{}` passes `{}` at {:.4}", flip.above, flip.below, flip.weight);
        self.flips().iter().fold(table, |table, flip| table.note(note(flip))).fmt(f)
    }
}

/// By how much the weight of one criterion alone would have to fall for two alternatives to change places.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Reversal {
    criterion: String,
    first: String,
    second: String,
    change: f64,
    weight: f64,
}

checked_when_read!(Reversal);

impl Reversal {
    /// The criterion whose weight changes.
    pub fn criterion(&self) -> &str {
        &self.criterion
    }

    /// One of the alternatives.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// The other.
    pub fn second(&self) -> &str {
        &self.second
    }

    /// δ, the fall of the criterion's global weight at which both are level; negative for a rise.
    pub fn change(&self) -> f64 {
        self.change
    }

    /// δ/g, the fall as a share of the criterion's global weight g; infinite where that is 0.
    pub fn relative(&self) -> f64 {
        self.change / self.weight
    }

    /// Can the weight fall so far?
    pub fn is_feasible(&self) -> bool {
        self.change <= self.weight
    }

    fn check(&self) -> Result<()> {
        check::finite(self.change, || format!("the change of `{}`", self.criterion))?;
        check::unit(self.weight, || format!("the weight of `{}`", self.criterion)).map(|_| ())
    }
}

impl Alternatives {
    /// The scores as the weight of a criterion among its siblings moves.
    ///
    /// Siblings that have no weight to share the rest by share it equally.
    ///
    /// # Errors
    ///
    /// An unknown criterion; one without siblings, the goal among them.
    pub fn sensitivity(&self, criterion: &str, mode: Mode) -> Result<Sensitivity> {
        let node = self.hierarchy().node(criterion)?;
        let siblings: Vec<Node<'_>> = node.parent().into_iter().flat_map(Node::children).collect();
        if siblings.len() < 2 {
            let reason = "nothing stands beside it to take up its weight".into();
            return Err(ErrorKind::Unsupported { place: format!("criterion `{criterion}`"), reason }.into());
        }
        let siblings: Vec<Node<'_>> =
            siblings.into_iter().filter(|sibling| sibling.position() != node.position()).collect();
        let rest: f64 = siblings.iter().map(|sibling| sibling.weight()).sum();
        let share = |sibling: &Node<'_>| if rest > 0.0 { sibling.weight() / rest } else { 1.0 / siblings.len() as f64 };
        let level = node.parent().map_or(1.0, Node::global_weight);
        let mut none = vec![0.0; self.names().len()];
        let mut all = none.clone();
        for (leaf, values) in self.hierarchy().leaves().zip(self.values(mode)) {
            let (without, with) = match branch(leaf, node.parent()) {
                None => (leaf.global_weight(), leaf.global_weight()),
                Some(child) => {
                    let inside = level * weight_below(leaf, child);
                    if child.position() == node.position() { (0.0, inside) } else { (inside * share(&child), 0.0) }
                }
            };
            for ((none, all), value) in none.iter_mut().zip(&mut all).zip(values) {
                let value = if mode == Mode::Product { value.ln() } else { value };
                *none += term(without, value);
                *all += term(with, value);
            }
        }
        let alternatives = self.names().to_vec();
        Ok(Sensitivity { node: criterion.to_owned(), weight: node.weight(), mode, alternatives, none, all })
    }

    /// For each pair of alternatives and each criterion at the end of a branch, the fall of its global weight, all other
    /// weights staying as they are, at which the two would change places: δ = (S₂ − S₁)/(v₂ − v₁), with S the scores and v
    /// what the criterion adds to them per unit of weight. Pairs that a criterion does not tell apart are left out.
    ///
    /// # References
    ///
    /// Triantaphyllou, E. & Sánchez, A. (1997), Decision Sciences 28, 151–194, doi:10.1111/j.1540-5915.1997.tb01306.x.
    #[doc(alias = "Triantaphyllou")]
    pub fn reversals(&self, mode: Mode) -> Vec<Reversal> {
        let values: Vec<Vec<f64>> = self.values(mode).map(|values| in_terms_of(mode, values)).collect();
        let leaves = || self.hierarchy().leaves();
        let score =
            |at: usize| leaves().zip(&values).map(|(leaf, values)| term(leaf.global_weight(), values[at])).sum();
        let scores: Vec<f64> = (0..self.names().len()).map(score).collect();
        let mut reversals = Vec::new();
        for (a, first) in self.names().iter().enumerate() {
            for (b, second) in self.names().iter().enumerate().skip(a + 1) {
                for (leaf, values) in leaves().zip(&values) {
                    let change = difference(scores[b], scores[a]) / difference(values[b], values[a]);
                    if change.is_finite() {
                        let (criterion, weight) = (leaf.name().to_owned(), leaf.global_weight());
                        reversals.push(Reversal {
                            criterion,
                            first: first.clone(),
                            second: second.clone(),
                            change,
                            weight,
                        });
                    }
                }
            }
        }
        reversals
    }
}

fn in_terms_of(mode: Mode, values: Vec<f64>) -> Vec<f64> {
    if mode == Mode::Product { values.into_iter().map(f64::ln).collect() } else { values }
}

/// weight × value, where a weight of 0 takes even the log of 0 out.
fn term(weight: f64, value: f64) -> f64 {
    if weight == 0.0 { 0.0 } else { weight * value }
}

/// The child of `parent` under which a leaf stands, the leaf itself perhaps.
fn branch<'a>(leaf: Node<'a>, parent: Option<Node<'a>>) -> Option<Node<'a>> {
    let parent = parent?.position();
    std::iter::successors(Some(leaf), |node| node.parent())
        .find(|node| node.parent().is_some_and(|above| above.position() == parent))
}

/// The weight of a leaf under a node above it: the product of the local weights on the way.
fn weight_below(leaf: Node<'_>, node: Node<'_>) -> f64 {
    let up = std::iter::successors(Some(leaf), |below| below.parent());
    up.take_while(|below| below.position() != node.position()).map(Node::weight).product()
}
