//! Figures under two names: that of a row and that of a column.

#[cfg(feature = "serde")]
mod saved;

use std::fmt;

use nalgebra::DMatrix;

use crate::error::Result;
use crate::numeric::check;
use crate::table::{Column, Table};

/// Figures of a fitted model in rows and columns with names; what is undefined or does not apply has no value.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Htmt, Model, Pls, Population};
/// use satindex::survey::Moments;
///
/// let model: Model = "A =~ a1 + a2; B =~ b1 + b2; B ~ A".parse()?;
/// let population = Population::builder(model.clone())
///     .loadings("A", [0.8, 0.8])
///     .loadings("B", [0.9, 0.7])
///     .path("A", "B", 0.5)
///     .build()?;
/// let moments = Moments::from_covariance(model.indicators(), population.sigma(), 500.0)?;
/// let fit = Pls::new().fit(&model, &moments)?;
///
/// let htmt = fit.assess().htmt(Htmt::default());
/// assert_eq!(htmt.get("A", "B")?, htmt.get("B", "A")?);
/// assert_eq!(htmt.get("A", "C").unwrap_err().to_string(), "unknown construct `C`");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "saved::Saved", into = "saved::Saved")
)]
pub struct Figures {
    title: String,
    /// What rows and columns are called by: "construct", "indicator", ….
    what: [&'static str; 2],
    rows: Vec<String>,
    columns: Vec<String>,
    values: DMatrix<Option<f64>>,
    triangular: bool,
    notes: Vec<String>,
}

impl Figures {
    /// The figure that `cell` gives for each row and column.
    pub(crate) fn new<'a>(
        title: &str,
        (row, rows): (&'static str, impl IntoIterator<Item = &'a str>),
        (column, columns): (&'static str, impl IntoIterator<Item = &'a str>),
        cell: impl Fn(usize, usize) -> Option<f64>,
    ) -> Self {
        let owned = |name: &str| name.to_owned();
        let rows: Vec<String> = rows.into_iter().map(owned).collect();
        let columns: Vec<String> = columns.into_iter().map(owned).collect();
        let finite = |row, column| cell(row, column).filter(|value| value.is_finite());
        Self {
            title: title.to_owned(),
            what: [row, column],
            values: DMatrix::from_fn(rows.len(), columns.len(), finite),
            rows,
            columns,
            triangular: false,
            notes: Vec::new(),
        }
    }

    /// The same, of a symmetric matrix, of which a table shows the lower triangle.
    pub(crate) fn triangular(mut self) -> Self {
        self.triangular = true;
        self
    }

    /// With a line under the table.
    pub(crate) fn note(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }

    /// The names of the rows.
    pub fn rows(&self) -> &[String] {
        &self.rows
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The figure in a row and a column; `None` where it is undefined or does not apply.
    ///
    /// # Errors
    ///
    /// A name that is not there.
    pub fn get(&self, row: &str, column: &str) -> Result<Option<f64>> {
        let row = check::position(&self.rows, row, self.what[0])?;
        let column = check::position(&self.columns, column, self.what[1])?;
        Ok(self.at(row, column))
    }

    /// The figure at a position, which must be there.
    pub(crate) fn at(&self, row: usize, column: usize) -> Option<f64> {
        self.values[(row, column)]
    }

    /// The figures as a table.
    pub fn table(&self) -> Table {
        let heading = if self.triangular { "" } else { self.what[0] };
        let table = Table::new(&self.title).column(Column::text(heading, &self.rows));
        let table = self.columns.iter().enumerate().fold(table, |table, (column, name)| {
            let shown = |row: usize| if self.triangular && row < column { None } else { self.at(row, column) };
            table.column(Column::number(name, (0..self.rows.len()).map(shown)).decimals(4))
        });
        self.notes.iter().fold(table, Table::note)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
