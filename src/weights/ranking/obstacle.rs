//! The obstacle degree: the criteria that keep an alternative from the best.

use std::fmt;

use crate::error::Result;
use crate::numeric::{check, rounding};
use crate::table::{Column, Table};
use crate::weights::ranking::check_figures;
use crate::weights::{DecisionMatrix, Weights};

/// The share of each criterion in an alternative's distance from the best, by [`DecisionMatrix::obstacles`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Obstacles {
    alternatives: Vec<String>,
    criteria: Vec<String>,
    degrees: Vec<Option<Vec<f64>>>,
}

checked_when_read!(Obstacles);

impl DecisionMatrix {
    /// The obstacle degrees of the criteria for each alternative.
    ///
    /// # Formula
    ///
    /// Oᵢⱼ = wⱼ(1 − zᵢⱼ) / Σₖ wₖ(1 − zᵢₖ) with zᵢⱼ the value scaled to [0, 1], 1 the best of its column.
    ///
    /// # Errors
    ///
    /// Weights of other names; a constant column.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Weights;
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let shops = DecisionMatrix::new(["quality", "waiting"], [[82.0, 3.0], [76.0, 2.0], [70.0, 4.0]])?
    ///     .with_alternatives(["north", "south", "west"])?
    ///     .with_costs(["waiting"])?;
    /// let obstacles = shops.obstacles(&Weights::new(["quality", "waiting"], [0.6, 0.4])?)?;
    /// assert_eq!(obstacles.get("north")?, Some([0.0, 1.0].as_slice()));
    /// assert_eq!(obstacles.largest("west")?, Some("quality"));
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[doc(alias = "obstacle degree")]
    pub fn obstacles(&self, weights: &Weights) -> Result<Obstacles> {
        let weights = self.weigh(weights)?;
        let columns = self.scaled_columns()?;
        let degrees = (0..self.alternatives().len()).map(|at| {
            let row = columns.iter().zip(&weights).map(|(column, weight)| weight * (1.0 - column[at]));
            let row: Vec<f64> = row.collect();
            let sum: f64 = row.iter().sum();
            (!rounding::is_zero(sum, 1.0)).then(|| row.iter().map(|share| share / sum).collect())
        });
        let degrees = degrees.collect();
        Ok(Obstacles { alternatives: self.alternatives().to_vec(), criteria: self.criteria().to_vec(), degrees })
    }
}

impl Obstacles {
    /// The alternatives.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The criteria.
    pub fn criteria(&self) -> &[String] {
        &self.criteria
    }

    /// The degrees of an alternative, in the order of the criteria, summing to 1; `None` where nothing stands in its way,
    /// because it is the best under every criterion that counts.
    ///
    /// # Errors
    ///
    /// An unknown alternative.
    pub fn get(&self, alternative: &str) -> Result<Option<&[f64]>> {
        check::position(&self.alternatives, alternative, "alternative").map(|at| self.degrees[at].as_deref())
    }

    /// The criterion with the largest degree for an alternative; the first of equal ones.
    ///
    /// # Errors
    ///
    /// An unknown alternative.
    pub fn largest(&self, alternative: &str) -> Result<Option<&str>> {
        Ok(self.get(alternative)?.map(|degrees| {
            let largest = degrees.iter().copied().fold(0.0, f64::max);
            let at = degrees.iter().position(|degree| rounding::equal(*degree, largest)).unwrap_or_default();
            self.criteria[at].as_str()
        }))
    }

    /// The degrees as a table, one row for each alternative.
    pub fn table(&self) -> Table {
        let table = Table::new("Obstacle degrees").column(Column::text("", &self.alternatives));
        self.criteria.iter().enumerate().fold(table, |table, (at, name)| {
            let degree = |row: &Option<Vec<f64>>| row.as_ref().map(|row| row[at]);
            table.column(Column::number(name, self.degrees.iter().map(degree)).decimals(4))
        })
    }

    fn check(&self) -> Result<()> {
        check::names(&self.alternatives, "alternative")?;
        check::names(&self.criteria, "criterion")?;
        check::length(self.degrees.len(), self.alternatives.len(), || "the list of degrees".into())?;
        self.degrees.iter().flatten().try_for_each(|row| check_figures(&self.criteria, &[row]))
    }
}

impl fmt::Display for Obstacles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
