//! The rank-sum ratio (RSR): mean ranks, their distribution and classes.

use std::fmt;

use statrs::distribution::{ContinuousCDF, Normal};

use crate::error::{ErrorKind, Result};
use crate::numeric::{check, rounding};
use crate::table::{Column, Table};
use crate::weights::ranking::{check_figures, ranks, value_of};
use crate::weights::{DecisionMatrix, Weights};

/// How values become ranks, from 1 for the worst to n for the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum RankKind {
    /// The place in the order; values that are equal up to rounding share the mean of their places.
    #[default]
    Place,
    /// 1 + (n − 1)z with z the value scaled to [0, 1]: distances between the values are kept (the non-integer RSR).
    Proportional,
}

named!(RankKind, "kind of rank", { Place => "place", Proportional => "proportional" });

/// The rank-sum ratio of each alternative, by [`DecisionMatrix::rank_sum_ratio`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct RankSumRatio {
    alternatives: Vec<String>,
    criteria: Vec<String>,
    /// One row for each alternative.
    ranks: Vec<Vec<f64>>,
    values: Vec<f64>,
}

checked_when_read!(RankSumRatio);

/// A line through the distribution: RSR = intercept + slope · probit.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct RankSumLine {
    intercept: f64,
    slope: f64,
    r_squared: f64,
}

/// Alternatives of one RSR value among all.
struct Group {
    value: f64,
    members: Vec<usize>,
    probit: f64,
}

impl DecisionMatrix {
    /// The rank-sum ratio of each alternative: its weighted mean rank over the number of alternatives.
    ///
    /// # Formula
    ///
    /// RSRᵢ = Σⱼ wⱼRᵢⱼ / n with the ranks Rᵢⱼ from 1 (worst) to n (best). In the distribution the alternatives of one value
    /// have the cumulative share p of their mean rank over n (1 − 1/(4n) for the last), and the probit 5 + Φ⁻¹(p). A straight
    /// line of RSR on probit, one point for each value, gives the fitted RSR and the classes.
    ///
    /// # Errors
    ///
    /// Weights of other names; with [`RankKind::Proportional`] a constant column.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Weights;
    /// use satindex::weights::DecisionMatrix;
    /// use satindex::weights::ranking::RankKind;
    ///
    /// let shops = DecisionMatrix::new(["quality", "waiting"], [[82.0, 3.2], [78.0, 2.1], [70.0, 4.0]])?
    ///     .with_alternatives(["north", "south", "west"])?
    ///     .with_costs(["waiting"])?;
    /// let ratio = shops.rank_sum_ratio(&Weights::equal(["quality", "waiting"])?, RankKind::Place)?;
    /// assert_eq!(ratio.get("north")?, (3.0 + 2.0) / 2.0 / 3.0);
    /// assert_eq!(ratio.ranks(), [1, 1, 3]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Tian (1993), Rank-sum ratio and its application, Chinese Journal of Public Health.
    #[doc(alias = "RSR")]
    pub fn rank_sum_ratio(&self, weights: &Weights, kind: RankKind) -> Result<RankSumRatio> {
        let weights = self.weigh(weights)?;
        let count = self.alternatives().len();
        let columns: Vec<Vec<f64>> = match kind {
            RankKind::Place => (0..weights.len()).map(|at| places(self.scaled(at).as_deref(), count)).collect(),
            RankKind::Proportional => {
                let rank = |z: &f64| 1.0 + (count - 1) as f64 * z;
                self.scaled_columns()?.iter().map(|column| column.iter().map(rank).collect()).collect()
            }
        };
        let row = |at: usize| -> Vec<f64> { columns.iter().map(|column| column[at]).collect() };
        let ranks: Vec<Vec<f64>> = (0..count).map(row).collect();
        let ratio = |row: &Vec<f64>| row.iter().zip(&weights).map(|(rank, w)| w * rank).sum::<f64>() / count as f64;
        let values = ranks.iter().map(ratio).collect();
        let (alternatives, criteria) = (self.alternatives().to_vec(), self.criteria().to_vec());
        Ok(RankSumRatio { alternatives, criteria, ranks, values })
    }
}

/// Ranks from 1, the least, with the mean for equal values; all the same for a constant column.
fn places(column: Option<&[f64]>, count: usize) -> Vec<f64> {
    let level = vec![0.0; count];
    let values = column.unwrap_or(&level);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut places = vec![0.0; count];
    let mut below = 0;
    for tied in order.chunk_by(|a, b| rounding::is_zero(values[*a] - values[*b], 1.0)) {
        for at in tied {
            places[*at] = below as f64 + f64::midpoint(tied.len() as f64, 1.0);
        }
        below += tied.len();
    }
    places
}

impl RankSumRatio {
    /// The alternatives.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The RSR of each alternative, from 1/n to 1.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The RSR of an alternative.
    ///
    /// # Errors
    ///
    /// An unknown alternative.
    pub fn get(&self, alternative: &str) -> Result<f64> {
        value_of(&self.alternatives, &self.values, alternative)
    }

    /// Each alternative with its rank under every criterion, in the order of the criteria, n the best.
    pub fn ranks_by_criterion(&self) -> impl ExactSizeIterator<Item = (&str, &[f64])> {
        self.alternatives.iter().map(String::as_str).zip(self.ranks.iter().map(Vec::as_slice))
    }

    /// The rank of each alternative by its RSR, 1 the best; equal ones share the best rank.
    pub fn ranks(&self) -> Vec<usize> {
        ranks(&self.values)
    }

    /// The probit of each alternative in the distribution of the RSR.
    pub fn probits(&self) -> Vec<f64> {
        let mut probits = vec![0.0; self.values.len()];
        for group in self.groups() {
            group.members.iter().for_each(|at| probits[*at] = group.probit);
        }
        probits
    }

    /// The line of RSR on probit.
    ///
    /// # Errors
    ///
    /// When all alternatives have the same RSR.
    pub fn line(&self) -> Result<RankSumLine> {
        let groups = self.groups();
        if groups.len() < 2 {
            let reason = "all alternatives have the same, which gives no line".into();
            return Err(ErrorKind::Degenerate { place: "the rank-sum ratio".into(), reason }.into());
        }
        let mean = |each: fn(&Group) -> f64| groups.iter().map(each).sum::<f64>() / groups.len() as f64;
        let (x, y) = (mean(|group| group.probit), mean(|group| group.value));
        let sum = |each: &dyn Fn(f64, f64) -> f64| groups.iter().map(|g| each(g.probit - x, g.value - y)).sum::<f64>();
        let (xx, xy, yy) = (sum(&|dx, _| dx * dx), sum(&|dx, dy| dx * dy), sum(&|_, dy| dy * dy));
        let slope = xy / xx;
        Ok(RankSumLine { intercept: y - slope * x, slope, r_squared: xy * xy / (xx * yy) })
    }

    /// The RSR of each alternative on the line.
    ///
    /// # Errors
    ///
    /// As for [`RankSumRatio::line`].
    pub fn fitted(&self) -> Result<Vec<f64>> {
        let line = self.line()?;
        Ok(self.probits().into_iter().map(|probit| line.at(probit)).collect())
    }

    /// The class of each alternative, 1 the lowest: a class ends where the line reaches the next of the `cuts`, which are
    /// probits in ascending order (4 and 6 for three classes by custom).
    ///
    /// # Errors
    ///
    /// As for [`RankSumRatio::line`]; cuts that are not finite or not ascending.
    pub fn classes(&self, cuts: &[f64]) -> Result<Vec<usize>> {
        for (at, cut) in cuts.iter().enumerate() {
            let ascending = at == 0 || cuts[at - 1] < *cut;
            check::domain(*cut, ascending, || format!("cut {}", at + 1), "more than the cut before it")?;
        }
        let line = self.line()?;
        let class = |fitted: f64| 1 + cuts.iter().filter(|cut| fitted > line.at(**cut)).count();
        Ok(self.fitted()?.into_iter().map(class).collect())
    }

    /// The alternatives by their values, the least first.
    fn groups(&self) -> Vec<Group> {
        let count = self.values.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|a, b| self.values[*a].total_cmp(&self.values[*b]));
        let mut below = 0;
        let groups = order.chunk_by(|a, b| rounding::equal(self.values[*a], self.values[*b])).map(|members| {
            let mean_rank = below as f64 + f64::midpoint(members.len() as f64, 1.0);
            below += members.len();
            let share = if below == count { 1.0 - 0.25 / count as f64 } else { mean_rank / count as f64 };
            let probit = 5.0 + Normal::standard().inverse_cdf(share);
            Group { value: self.values[members[0]], members: members.to_vec(), probit }
        });
        groups.collect()
    }

    /// Ranks, RSR, probit and rank of each alternative.
    pub fn table(&self) -> Table {
        let table = Table::new("Rank-sum ratio").column(Column::text("", &self.alternatives));
        let table = self.criteria.iter().enumerate().fold(table, |table, (at, name)| {
            table.column(Column::number(name, self.ranks.iter().map(|row| row[at])).decimals(1))
        });
        table
            .column(Column::number("RSR", self.values.iter().copied()).decimals(4))
            .column(Column::number("probit", self.probits()).decimals(4))
            .column(Column::count("rank", self.ranks()))
    }

    fn check(&self) -> Result<()> {
        check_figures(&self.alternatives, &[&self.values])?;
        check::names(&self.criteria, "criterion")?;
        check::length(self.ranks.len(), self.alternatives.len(), || "the list of ranks".into())?;
        self.ranks.iter().try_for_each(|row| check_figures(&self.criteria, &[row]))
    }
}

impl fmt::Display for RankSumRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

impl RankSumLine {
    /// The RSR at a probit of 0.
    pub fn intercept(self) -> f64 {
        self.intercept
    }

    /// The rise of the RSR for one unit of the probit.
    pub fn slope(self) -> f64 {
        self.slope
    }

    /// The share of the variance of the RSR that the line explains.
    pub fn r_squared(self) -> f64 {
        self.r_squared
    }

    /// The RSR on the line at a probit.
    pub fn at(self, probit: f64) -> f64 {
        self.intercept + self.slope * probit
    }
}
