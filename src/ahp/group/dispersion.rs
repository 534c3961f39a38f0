//! How far apart the respondents are on each pair.

use crate::ahp::group::{Cell, GroupJudgements};
use crate::error::Result;
use crate::serial;
use crate::table::{Column, Table};

/// The judgements of a group on one pair: their mean and how far apart they are.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Dispersion {
    row: String,
    column: String,
    count: usize,
    mean: f64,
    deviation: f64,
    least: f64,
    greatest: f64,
}

checked_when_read!(Dispersion);

impl GroupJudgements {
    /// The dispersion of the judgements of each pair, row by row; pairs that nobody judged are left out.
    ///
    /// Respondents with the weight 0 do not count.
    pub fn dispersions(&self) -> Vec<Dispersion> {
        let labels = self.labels();
        let judged = self.cells().filter_map(|((row, column), cell)| {
            cell.mean().map(|mean| Dispersion::new(&labels[row], &labels[column], mean, &cell))
        });
        judged.collect()
    }
}

impl Dispersion {
    fn new(row: &str, column: &str, mean: f64, cell: &Cell) -> Self {
        let centre = cell.log_mean();
        let squares = cell.0.iter().map(|said| said.weight * (said.ratio.ln() - centre).powi(2)).sum::<f64>();
        let (least, greatest) = cell.extremes();
        let deviation = (squares / cell.weight()).sqrt().exp();
        Self { row: row.into(), column: column.into(), count: cell.0.len(), mean, deviation, least, greatest }
    }

    /// The first of the pair, which counts `mean` times as much as the second.
    pub fn row(&self) -> &str {
        &self.row
    }

    /// The second of the pair.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// How many respondents judged the pair.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The weighted geometric mean g.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The geometric standard deviation, exp √(Σₖ λₖ ln²(aₖ / g)) with the weights λ of those who judged summing to 1: 1 when
    /// all say the same, 2 when the judgements typically lie a factor of 2 from the mean.
    pub fn deviation(&self) -> f64 {
        self.deviation
    }

    /// The least and the greatest judgement.
    pub fn range(&self) -> (f64, f64) {
        (self.least, self.greatest)
    }

    fn check(&self) -> Result<()> {
        let figures = [self.mean, self.deviation, self.least, self.greatest];
        serial::not_negative("a figure", &figures)
    }
}

pub(super) fn table(dispersions: &[Dispersion]) -> Table {
    let number = |value: fn(&Dispersion) -> f64| dispersions.iter().map(value);
    Table::new("Judgements of the group")
        .column(Column::text("", dispersions.iter().map(Dispersion::row)))
        .column(Column::text("against", dispersions.iter().map(Dispersion::column)))
        .column(Column::count("n", dispersions.iter().map(Dispersion::count)))
        .column(Column::number("mean", number(Dispersion::mean)).significant(4))
        .column(Column::number("deviation", number(Dispersion::deviation)).significant(4))
        .column(Column::number("least", number(|dispersion| dispersion.least)).significant(4))
        .column(Column::number("greatest", number(|dispersion| dispersion.greatest)).significant(4))
}
