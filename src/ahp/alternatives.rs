//! Alternatives under the criteria of a hierarchy, and which is best.

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::{check, rounding};
use crate::serial;
use crate::survey::{Hierarchy, Node};
use crate::table::{Column, Table};
use crate::weights::{Origin, Weights};

/// How the weights of the alternatives under each criterion become scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Mode {
    /// Sₐ = Σₖ gₖwₖₐ. A copy of an alternative may reverse the order of others (Belton & Gear 1983).
    #[default]
    Distributive,
    /// Sₐ = Σₖ gₖwₖₐ / maxᵦ wₖᵦ: each criterion's best counts as 1, and copies change nothing (Saaty 1994).
    Ideal,
    /// Sₐ = ∏ₖ wₖₐ^gₖ, the weighted product (Lootsma 1993): adding or leaving out alternatives reverses no order.
    Product,
}

named!(Mode, "mode", { Distributive => "distributive", Ideal => "ideal", Product => "product" });

/// Alternatives with weights under every criterion at the end of a branch of a hierarchy.
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
/// let synthesis = alternatives.synthesise(Mode::Distributive)?;
/// assert_eq!(synthesis.ranking(), ["B", "A"]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawAlternatives"))]
pub struct Alternatives {
    hierarchy: Hierarchy,
    /// For each leaf of the hierarchy, in its order, the weights of the alternatives, all in the order of the first.
    local: Vec<Weights>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlternatives {
    hierarchy: Hierarchy,
    local: Vec<Weights>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawAlternatives> for Alternatives {
    type Error = crate::error::Error;

    fn try_from(raw: RawAlternatives) -> Result<Self> {
        let leaves: Vec<String> = raw.hierarchy.leaves().map(|leaf| leaf.name().to_owned()).collect();
        check::length(raw.local.len(), leaves.len(), || "the list of local weights".into())?;
        Self::new(raw.hierarchy, leaves.into_iter().zip(raw.local))
    }
}

impl Alternatives {
    /// For each criterion that is not divided, the weights of the alternatives.
    ///
    /// The order of the alternatives is that of the first criterion of the hierarchy.
    ///
    /// # Errors
    ///
    /// A criterion without weights, given twice, divided or unknown; criteria whose weights are of other alternatives.
    pub fn new<S: Into<String>>(hierarchy: Hierarchy, local: impl IntoIterator<Item = (S, Weights)>) -> Result<Self> {
        let (names, given): (Vec<String>, Vec<Weights>) =
            local.into_iter().map(|(criterion, weights)| (criterion.into(), weights)).unzip();
        let leaves: Vec<&str> = hierarchy.leaves().map(Node::name).collect();
        check::names(&names, "criterion")?;
        let order = check::matching(&names, &leaves, "weights of the alternatives", "criterion")?;
        let alternatives: Vec<&str> = given[order[0]].names().iter().map(String::as_str).collect();
        let mut faults = Faults::default();
        let mut ordered = Vec::with_capacity(order.len());
        for at in &order {
            let weights = given[*at].in_order_of(&alternatives, "alternative");
            ordered.extend(faults.check(weights.map_err(|fault| fault.within(format!("criterion `{}`", names[*at])))));
        }
        faults.or(Self { hierarchy, local: ordered })
    }

    /// The criteria.
    pub fn hierarchy(&self) -> &Hierarchy {
        &self.hierarchy
    }

    /// The alternatives.
    pub fn names(&self) -> &[String] {
        self.local[0].names()
    }

    /// The weights of the alternatives under a criterion that is not divided.
    ///
    /// # Errors
    ///
    /// When there is no such criterion.
    pub fn local(&self, criterion: &str) -> Result<&Weights> {
        let leaf = self.hierarchy.leaves().zip(&self.local).find(|(leaf, _)| leaf.name() == criterion);
        leaf.map(|(_, weights)| weights).ok_or_else(|| check::unknown(criterion, "criterion"))
    }

    /// The scores of the alternatives under the goal.
    ///
    /// # Errors
    ///
    /// In [`Mode::Product`], when every alternative has weight 0 under some criterion that counts.
    pub fn synthesise(&self, mode: Mode) -> Result<Synthesis> {
        let mut scores = vec![if mode == Mode::Product { 1.0 } else { 0.0 }; self.names().len()];
        for (leaf, values) in self.hierarchy.leaves().zip(self.values(mode)) {
            for (score, value) in scores.iter_mut().zip(values) {
                match mode {
                    Mode::Product => *score *= f64::powf(value, leaf.global_weight()),
                    Mode::Distributive | Mode::Ideal => *score += leaf.global_weight() * value,
                }
            }
        }
        Synthesis::new(self.names(), scores, &mode.to_string())
    }

    /// The values that enter the scores for each leaf: the weights, or those over the greatest.
    pub(super) fn values(&self, mode: Mode) -> impl Iterator<Item = Vec<f64>> {
        self.local.iter().map(move |weights| {
            let unit = match mode {
                Mode::Ideal => weights.values().iter().copied().fold(0.0, f64::max),
                Mode::Distributive | Mode::Product => 1.0,
            };
            weights.values().iter().map(|weight| weight / unit).collect()
        })
    }
}

/// The scores of alternatives: see [`Alternatives::synthesise`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Synthesis {
    scores: Vec<f64>,
    weights: Weights,
}

checked_when_read!(Synthesis);

impl Synthesis {
    pub(super) fn new(names: &[String], scores: Vec<f64>, mode: &str) -> Result<Self> {
        let weights = Weights::normalised(names.iter().cloned(), scores.iter().copied()).map_err(|_| {
            let reason = "every alternative has weight 0 under some criterion".into();
            ErrorKind::Degenerate { place: "the synthesis".into(), reason }
        })?;
        Ok(Self { scores, weights: weights.with_origin(Origin::Combined(format!("{mode} synthesis"))) })
    }

    /// The scores as the mode has them.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// The scores divided by their sum.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The alternatives from best to worst; of those that are equal up to rounding the first comes first.
    pub fn ranking(&self) -> Vec<&str> {
        let mut order: Vec<usize> = (0..self.scores.len()).collect();
        order.sort_by(|a, b| self.scores[*b].total_cmp(&self.scores[*a]));
        let same = |a: &usize, b: &usize| rounding::equal(self.scores[*a], self.scores[*b]);
        for tied in order.chunk_by_mut(same) {
            tied.sort_unstable();
        }
        order.into_iter().map(|at| self.weights.names()[at].as_str()).collect()
    }

    /// The scores as a table.
    pub fn table(&self) -> Table {
        Table::new(format!("Alternatives ({})", self.weights.origin()))
            .column(Column::text("", self.weights.names()))
            .column(Column::number("score", self.scores.iter().copied()).decimals(4))
            .column(Column::number("share", self.weights.values().iter().copied()).decimals(4))
    }

    fn check(&self) -> Result<()> {
        check::length(self.scores.len(), self.weights.len(), || "the list of scores".into())?;
        serial::not_negative("a score", &self.scores)
    }
}

impl fmt::Display for Synthesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
