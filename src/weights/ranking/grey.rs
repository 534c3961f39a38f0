//! Grey relational analysis: likeness to the best values.

use std::fmt;

use crate::error::Result;
use crate::numeric::check;
use crate::table::{Column, Table};
use crate::weights::ranking::{check_figures, ranks, value_of};
use crate::weights::{DecisionMatrix, Weights};

/// The likeness of each alternative to the best values, by [`DecisionMatrix::grey_relation`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct GreyRelation {
    alternatives: Vec<String>,
    criteria: Vec<String>,
    coefficients: Vec<Vec<f64>>,
    grades: Vec<f64>,
}

checked_when_read!(GreyRelation);

impl DecisionMatrix {
    /// Grey relational analysis against the best value of each criterion; `distinction` is the coefficient ρ, ½ by custom.
    ///
    /// # Formula
    ///
    /// Δᵢⱼ is how far a value lies below the best of its column when the column is scaled to [0, 1]. The coefficient is
    /// ξᵢⱼ = (min Δ + ρ max Δ)/(Δᵢⱼ + ρ max Δ) with the least and the greatest Δ of all (0 and 1), the grade γᵢ = Σⱼ wⱼξᵢⱼ.
    ///
    /// # Errors
    ///
    /// Weights of other names; a constant column; ρ not above 0, or above 1.
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
    /// let grey = shops.grey_relation(&Weights::new(["quality", "waiting"], [0.6, 0.4])?, 0.5)?;
    /// assert_eq!(grey.get("north")?, 0.6 + 0.4 * 0.5);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Deng (1989), Introduction to grey system theory, The Journal of Grey System 1, 1–24.
    #[doc(alias = "GRA")]
    pub fn grey_relation(&self, weights: &Weights, distinction: f64) -> Result<GreyRelation> {
        let inside = distinction > 0.0 && distinction <= 1.0;
        let place = || "the distinguishing coefficient".into();
        check::domain(distinction, inside, place, "a number above 0 and at most 1")?;
        let weights = self.weigh(weights)?;
        let columns = self.scaled_columns()?;
        let coefficient = |value: &f64| distinction / (1.0 - value + distinction);
        let row = |at: usize| -> Vec<f64> { columns.iter().map(|column| coefficient(&column[at])).collect() };
        let coefficients: Vec<Vec<f64>> = (0..self.alternatives().len()).map(row).collect();
        let grade = |row: &Vec<f64>| row.iter().zip(&weights).map(|(xi, weight)| weight * xi).sum();
        let grades = coefficients.iter().map(grade).collect();
        let (alternatives, criteria) = (self.alternatives().to_vec(), self.criteria().to_vec());
        Ok(GreyRelation { alternatives, criteria, coefficients, grades })
    }
}

impl GreyRelation {
    /// The alternatives.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The grade γᵢ of each alternative, 1 where it is the best under every criterion that counts.
    pub fn grades(&self) -> &[f64] {
        &self.grades
    }

    /// The grade of an alternative.
    ///
    /// # Errors
    ///
    /// An unknown alternative.
    pub fn get(&self, alternative: &str) -> Result<f64> {
        value_of(&self.alternatives, &self.grades, alternative)
    }

    /// Each alternative with its coefficients ξᵢⱼ, in the order of the criteria.
    pub fn coefficients(&self) -> impl ExactSizeIterator<Item = (&str, &[f64])> {
        self.alternatives.iter().map(String::as_str).zip(self.coefficients.iter().map(Vec::as_slice))
    }

    /// The rank of each alternative by its grade, 1 the best; equal ones share the best rank.
    pub fn ranks(&self) -> Vec<usize> {
        ranks(&self.grades)
    }

    /// Coefficients, grade and rank of each alternative.
    pub fn table(&self) -> Table {
        let table = Table::new("Grey relational analysis").column(Column::text("", &self.alternatives));
        let table = self.criteria.iter().enumerate().fold(table, |table, (at, name)| {
            table.column(Column::number(name, self.coefficients.iter().map(|row| row[at])).decimals(4))
        });
        table
            .column(Column::number("grade", self.grades.iter().copied()).decimals(4))
            .column(Column::count("rank", self.ranks()))
    }

    fn check(&self) -> Result<()> {
        check_figures(&self.alternatives, &[&self.grades])?;
        check::names(&self.criteria, "criterion")?;
        check::length(self.coefficients.len(), self.alternatives.len(), || "the list of coefficients".into())?;
        self.coefficients.iter().try_for_each(|row| check_figures(&self.criteria, &[row]))
    }
}

impl fmt::Display for GreyRelation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
