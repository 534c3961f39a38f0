//! Rankings of alternatives from a [`DecisionMatrix`] and [`Weights`], and what the weights and values say beside them.
//!
//! | question | answer |
//! |---|---|
//! | Which alternative is nearest to the ideal one and farthest from the worst? | [`DecisionMatrix::topsis`] |
//! | Which is the compromise between the benefit of all criteria and the regret of one? | [`DecisionMatrix::vikor`] |
//! | Which is preferred to the others, pair by pair? | [`Promethee`] |
//! | Which runs most alike to the best values, in few data? | [`DecisionMatrix::grey_relation`] |
//! | Which has the best ranks, and which class is it in? | [`DecisionMatrix::rank_sum_ratio`] |
//! | Which criteria keep an alternative from the best? | [`DecisionMatrix::obstacles`] |
//! | Do two or more systems of criteria develop together? | [`DecisionMatrix::coupling`] |
//!
//! The methods answer different questions, so that their orders may differ. A column that is constant up to rounding tells
//! no alternative from another; where a method divides by its range, it is an error that names it.

mod coupling;
mod grey;
mod obstacle;
mod promethee;
mod rank_sum_ratio;
mod topsis;
mod vikor;

pub use coupling::Coupling;
pub use grey::GreyRelation;
pub use obstacle::Obstacles;
pub use promethee::{OutrankingFlows, Preference, Promethee};
pub use rank_sum_ratio::{RankKind, RankSumLine, RankSumRatio};
pub use topsis::{Topsis, TopsisScaling};
pub use vikor::Vikor;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::{check, rounding};
use crate::table::{Column, Table};
use crate::weights::{DecisionMatrix, Weights};

impl DecisionMatrix {
    /// The weights in the order of the criteria.
    fn weigh(&self, weights: &Weights) -> Result<Vec<f64>> {
        let names: Vec<&str> = self.criteria().iter().map(String::as_str).collect();
        Ok(weights.in_order_of(&names, "criterion")?.values().to_vec())
    }

    /// Every column scaled to [0, 1], 1 the best; an error that names the constant ones.
    fn scaled_columns(&self) -> Result<Vec<Vec<f64>>> {
        let mut faults = Faults::default();
        let columns = (0..self.criteria().len()).map(|at| {
            self.scaled(at).unwrap_or_else(|| {
                let place = format!("column `{}`", self.criteria()[at]);
                let reason = "is constant and tells no alternative from another; leave it out".into();
                faults.push(ErrorKind::Degenerate { place, reason });
                Vec::new()
            })
        });
        let columns = columns.collect();
        faults.or(columns)
    }
}

/// Ranks from 1, the highest value first; values that are equal up to rounding share the best rank.
fn ranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let mut ranks = vec![0; values.len()];
    let mut above = 0;
    for tied in order.chunk_by(|a, b| rounding::is_zero(values[*a] - values[*b], size(values))) {
        for at in tied {
            ranks[*at] = above + 1;
        }
        above += tied.len();
    }
    ranks
}

/// The size of the numbers that values were made of: at least that of weights and of columns scaled to [0, 1].
fn size(values: &[f64]) -> f64 {
    values.iter().fold(1.0, |size, value| size.max(value.abs()))
}

/// The value at the place of a name.
fn value_of(names: &[String], values: &[f64], name: &str) -> Result<f64> {
    check::position(names, name, "alternative").map(|at| values[at])
}

/// A table of the alternatives, each with some figures and its rank.
fn table(title: &str, names: &[String], figures: &[(&str, &[f64])], ranks: &[usize]) -> Table {
    let table = Table::new(title).column(Column::text("", names));
    let table = figures.iter().fold(table, |table, (heading, values)| {
        table.column(Column::number(*heading, values.iter().copied()).decimals(4))
    });
    table.column(Column::count("rank", ranks.iter().copied()))
}

/// Checks that there are names and, for each, one finite figure in every list.
fn check_figures(names: &[String], lists: &[&[f64]]) -> Result<()> {
    check::names(names, "alternative")?;
    for list in lists {
        check::length(list.len(), names.len(), || "a list of figures".into())?;
        for (name, value) in names.iter().zip(*list) {
            check::finite(*value, || format!("a figure of `{name}`"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_the_best_rank() {
        assert_eq!(ranks(&[0.3, 0.5, 0.1 + 0.2, 0.1]), [2, 1, 2, 4]);
        assert_eq!(ranks(&[0.0, -1e-17, 1e-17]), [1, 1, 1]);
    }
}
