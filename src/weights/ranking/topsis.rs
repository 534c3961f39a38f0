//! TOPSIS: nearness to the ideal alternative.

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::table::Table;
use crate::weights::decision_matrix::extremes;
use crate::weights::ranking::{check_figures, ranks, table, value_of};
use crate::weights::{DecisionMatrix, Direction, Weights};

/// How the columns become comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum TopsisScaling {
    /// rᵢⱼ = xᵢⱼ / √Σᵢ xᵢⱼ², the vector of length 1 (Hwang & Yoon 1981).
    #[default]
    Vector,
    /// From 0, the worst value, to 1, the best.
    MinMax,
}

named!(TopsisScaling, "scaling", { Vector => "vector", MinMax => "min_max" });

/// The nearness of each alternative to the ideal one, by [`DecisionMatrix::topsis`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Topsis {
    alternatives: Vec<String>,
    to_best: Vec<f64>,
    to_worst: Vec<f64>,
}

checked_when_read!(Topsis);

impl DecisionMatrix {
    /// TOPSIS, the technique for order preference by similarity to the ideal solution.
    ///
    /// # Formula
    ///
    /// vᵢⱼ = wⱼrᵢⱼ; the ideal alternative has the best vᵢⱼ of every column, the anti-ideal one the worst. With the Euclidean
    /// distances dᵢ⁺ and dᵢ⁻ to them the closeness is Cᵢ = dᵢ⁻/(dᵢ⁺ + dᵢ⁻), from 0 to 1.
    ///
    /// # Errors
    ///
    /// Weights of other names; a column of zeros, or with [`TopsisScaling::MinMax`] one that is constant; alternatives that
    /// are all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Weights;
    /// use satindex::weights::DecisionMatrix;
    /// use satindex::weights::ranking::TopsisScaling;
    ///
    /// let shops = DecisionMatrix::new(["quality", "waiting"], [[82.0, 3.2], [78.0, 2.1], [70.0, 4.0]])?
    ///     .with_alternatives(["north", "south", "west"])?
    ///     .with_costs(["waiting"])?;
    /// let weights = Weights::new(["quality", "waiting"], [0.6, 0.4])?;
    /// let topsis = shops.topsis(&weights, TopsisScaling::Vector)?;
    /// assert_eq!(topsis.get("west")?, 0.0); // the worst in both
    /// assert_eq!(topsis.ranks(), [2, 1, 3]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Hwang & Yoon (1981), Multiple Attribute Decision Making, doi:10.1007/978-3-642-48318-9.
    #[doc(alias = "TOPSIS")]
    pub fn topsis(&self, weights: &Weights, scaling: TopsisScaling) -> Result<Topsis> {
        let weights = self.weigh(weights)?;
        let columns = match scaling {
            TopsisScaling::Vector => self.unit_columns()?,
            TopsisScaling::MinMax => self.scaled_columns()?,
        };
        let count = self.alternatives().len();
        let (mut to_best, mut to_worst) = (vec![0.0; count], vec![0.0; count]);
        for (column, weight) in columns.iter().zip(weights) {
            let (least, greatest) = extremes(column);
            for (at, value) in column.iter().enumerate() {
                to_best[at] += (weight * (greatest - value)).powi(2);
                to_worst[at] += (weight * (value - least)).powi(2);
            }
        }
        let root = |squares: Vec<f64>| squares.into_iter().map(f64::sqrt).collect::<Vec<f64>>();
        let topsis =
            Topsis { alternatives: self.alternatives().to_vec(), to_best: root(to_best), to_worst: root(to_worst) };
        topsis.check()?;
        Ok(topsis)
    }

    /// Every column divided by its length, costs with the opposite sign, so that more is better.
    fn unit_columns(&self) -> Result<Vec<Vec<f64>>> {
        let mut faults = Faults::default();
        let mut columns = Vec::with_capacity(self.criteria().len());
        for (at, (name, direction)) in self.criteria().iter().zip(self.directions()).enumerate() {
            let column = self.column(at);
            let largest = column.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
            faults.check(check::positive(largest, || format!("the greatest size in column `{name}`")));
            // Relative to the largest, so that no square overflows.
            let length = column.iter().map(|value| (value / largest).powi(2)).sum::<f64>().sqrt();
            let sign = if *direction == Direction::Cost { -1.0 } else { 1.0 };
            columns.push(column.iter().map(|value| sign * (value / largest) / length).collect());
        }
        faults.or(columns)
    }
}

impl Topsis {
    /// The alternatives.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The closeness Cᵢ of each alternative to the ideal one.
    pub fn closeness(&self) -> Vec<f64> {
        self.to_best.iter().zip(&self.to_worst).map(|(best, worst)| worst / (best + worst)).collect()
    }

    /// The closeness of an alternative.
    ///
    /// # Errors
    ///
    /// An unknown alternative.
    pub fn get(&self, alternative: &str) -> Result<f64> {
        value_of(&self.alternatives, &self.closeness(), alternative)
    }

    /// The distance dᵢ⁺ of each alternative to the ideal one.
    pub fn distances_to_ideal(&self) -> &[f64] {
        &self.to_best
    }

    /// The distance dᵢ⁻ of each alternative to the anti-ideal one.
    pub fn distances_to_anti_ideal(&self) -> &[f64] {
        &self.to_worst
    }

    /// The rank of each alternative, 1 the closest; equal ones share the best rank.
    pub fn ranks(&self) -> Vec<usize> {
        ranks(&self.closeness())
    }

    /// Distances, closeness and rank of each alternative.
    pub fn table(&self) -> Table {
        let closeness = self.closeness();
        let figures = [("d+", self.to_best.as_slice()), ("d-", &self.to_worst), ("closeness", &closeness)];
        table("TOPSIS", &self.alternatives, &figures, &self.ranks())
    }

    fn check(&self) -> Result<()> {
        check_figures(&self.alternatives, &[&self.to_best, &self.to_worst])?;
        for (best, worst) in self.to_best.iter().zip(&self.to_worst) {
            check::non_negative(*best, || "a distance".into())?;
            check::non_negative(*worst, || "a distance".into())?;
            if best + worst == 0.0 {
                let reason = "all are the same under the criteria that count".into();
                return Err(ErrorKind::Degenerate { place: "the alternatives".into(), reason }.into());
            }
        }
        Ok(())
    }
}

impl fmt::Display for Topsis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
