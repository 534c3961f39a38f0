//! Figures as they are stored.

use nalgebra::DMatrix;

use super::Figures;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::check;

/// What rows and columns may be called by.
const WHAT: [&str; 4] = ["construct", "indicator", "figure", "criterion"];

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    title: String,
    rows: Names,
    columns: Names,
    /// Row by row.
    values: Vec<Vec<Option<f64>>>,
    /// Does a table show the lower triangle alone?
    triangular: bool,
    notes: Vec<String>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    what: String,
    names: Vec<String>,
}

impl From<Figures> for Saved {
    fn from(figures: Figures) -> Self {
        let values = figures.values.row_iter().map(|row| row.iter().copied().collect()).collect();
        let [row, column] = figures.what.map(str::to_owned);
        Self {
            title: figures.title,
            rows: Names { what: row, names: figures.rows },
            columns: Names { what: column, names: figures.columns },
            values,
            triangular: figures.triangular,
            notes: figures.notes,
        }
    }
}

impl Names {
    fn check(self) -> Result<(&'static str, Vec<String>)> {
        let what = WHAT[check::position(&WHAT, &self.what, "kind of row or column")?];
        if !self.names.is_empty() {
            check::names(&self.names, what)?;
        }
        Ok((what, self.names))
    }
}

impl TryFrom<Saved> for Figures {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let ((row, rows), (column, columns)) = (saved.rows.check()?, saved.columns.check()?);
        check::length(saved.values.len(), rows.len(), || format!("the figures of `{}`", saved.title))?;
        for (name, values) in rows.iter().zip(&saved.values) {
            check::length(values.len(), columns.len(), || format!("the row of `{name}`"))?;
            let known = columns.iter().zip(values).filter_map(|(column, value)| value.map(|value| (column, value)));
            for (column, value) in known {
                check::finite(value, || format!("the figure of `{name}` and `{column}`"))?;
            }
        }
        let values = DMatrix::from_fn(rows.len(), columns.len(), |row, column| saved.values[row][column]);
        if saved.triangular && rows != columns {
            let reason = "a triangle has the same names in rows and columns".into();
            return Err(ErrorKind::Unsupported { place: format!("the figures of `{}`", saved.title), reason }.into());
        }
        Ok(Self {
            title: saved.title,
            what: [row, column],
            rows,
            columns,
            values,
            triangular: saved.triangular,
            notes: saved.notes,
        })
    }
}

impl Figures {
    /// These figures, checked to have the columns that are asked for by name.
    pub(in crate::structural::assess) fn with_columns(self, columns: &[&str]) -> Result<Self> {
        check::length(self.columns.len(), columns.len(), || format!("the list of columns of `{}`", self.title))?;
        columns.iter().try_for_each(|column| check::position(&self.columns, column, "column").map(|_| ()))?;
        Ok(self)
    }
}
