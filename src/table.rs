//! The one way that a result becomes text.

use std::fmt;

use unicode_width::UnicodeWidthStr;

/// Named columns of text and numbers, printed aligned or as Markdown.
///
/// Widths are display widths, so that names in Chinese or with accents keep the columns straight.
///
/// # Examples
///
/// ```
/// use satindex::{Column, Table};
///
/// let table = Table::new("Paths")
///     .column(Column::text("to", ["满意度", "Loyalty"]))
///     .column(Column::number("estimate", [0.5049, -0.0512]).decimals(3));
/// assert_eq!(table.to_string(), "\
/// Paths
/// to       estimate
/// -------  --------
/// 满意度      0.505
/// Loyalty    -0.051
/// ");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Table {
    title: String,
    columns: Vec<Column>,
    notes: Vec<String>,
}

/// One column of a [`Table`]: a heading over cells of one type.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Column {
    heading: String,
    cells: Cells,
}

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
enum Cells {
    Text(Vec<String>),
    Number(Vec<Option<f64>>, Digits),
}

/// The deepest level that is still indented further: a page has no room for more.
const INDENTED: usize = 32;

/// How many digits of a number are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
enum Digits {
    Decimals(usize),
    Significant(usize),
}

impl Column {
    /// A column of text, aligned to the left.
    pub fn text<S: ToString>(heading: impl Into<String>, cells: impl IntoIterator<Item = S>) -> Self {
        let cells = cells.into_iter().map(|cell| cell.to_string()).collect();
        Self { heading: heading.into(), cells: Cells::Text(cells) }
    }

    /// A column of names in a tree, each indented by its depth below the root.
    pub fn tree<S: Into<String>>(heading: impl Into<String>, cells: impl IntoIterator<Item = (usize, S)>) -> Self {
        let indented = |(depth, name): (usize, S)| "  ".repeat(depth.min(INDENTED)) + &name.into();
        Self::text(heading, cells.into_iter().map(indented))
    }

    /// A column of numbers, aligned to the right; `None` leaves its cell empty. Three decimals unless told otherwise.
    pub fn number<N: Into<Option<f64>>>(heading: impl Into<String>, cells: impl IntoIterator<Item = N>) -> Self {
        let cells = cells.into_iter().map(Into::into).collect();
        Self { heading: heading.into(), cells: Cells::Number(cells, Digits::Decimals(3)) }
    }

    /// A column of whole numbers.
    pub fn count(heading: impl Into<String>, cells: impl IntoIterator<Item = usize>) -> Self {
        Self::number(heading, cells.into_iter().map(|count| count as f64)).decimals(0)
    }

    /// Numbers with this many decimals.
    #[must_use]
    pub fn decimals(self, decimals: usize) -> Self {
        self.digits(Digits::Decimals(decimals))
    }

    /// Numbers with this many significant digits: the column has the decimals that its largest number needs.
    #[must_use]
    pub fn significant(self, digits: usize) -> Self {
        self.digits(Digits::Significant(digits))
    }

    fn digits(mut self, digits: Digits) -> Self {
        if let Cells::Number(_, shown) = &mut self.cells {
            *shown = digits;
        }
        self
    }

    fn len(&self) -> usize {
        match &self.cells {
            Cells::Text(cells) => cells.len(),
            Cells::Number(cells, _) => cells.len(),
        }
    }

    fn is_number(&self) -> bool {
        matches!(self.cells, Cells::Number(..))
    }

    /// The cells as text, one for each of `rows` rows.
    fn format(&self, rows: usize) -> Vec<String> {
        let mut cells: Vec<String> = match &self.cells {
            Cells::Text(cells) => cells.clone(),
            Cells::Number(cells, digits) => {
                let decimals = decimals(cells, *digits);
                cells.iter().map(|cell| cell.map_or_else(String::new, |value| number(value, decimals))).collect()
            }
        };
        cells.resize(rows, String::new());
        cells
    }
}

fn decimals(cells: &[Option<f64>], digits: Digits) -> usize {
    let significant = match digits {
        Digits::Decimals(decimals) => return decimals,
        Digits::Significant(significant) => significant.max(1),
    };
    let sizes = cells.iter().flatten().map(|value| value.abs()).filter(|size| size.is_finite() && *size > 0.0);
    let largest = sizes.fold(0.0, f64::max);
    // The scientific form knows the exponent after rounding: 9.996 to three digits is 1.00e1.
    let scientific = format!("{largest:.*e}", significant - 1);
    let exponent: i64 = scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    // Beyond 17 decimals an f64 of a table's usual size has nothing to say.
    usize::try_from((significant as i64 - 1 - exponent).clamp(0, 17)).unwrap_or(0)
}

fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    // A rounded -0.0004 is no more negative than 0 is.
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

impl Table {
    /// An empty table under a title; the title may be empty.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// The table with one more column to the right. A column shorter than the others ends in empty cells.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// The table with one more line under it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The number of rows, headings aside.
    pub fn rows(&self) -> usize {
        self.columns.iter().map(Column::len).max().unwrap_or(0)
    }

    /// Each column's heading, whether it holds numbers, and its cells as text.
    fn formatted(&self) -> Vec<(&str, bool, Vec<String>)> {
        let rows = self.rows();
        self.columns.iter().map(|column| (column.heading.as_str(), column.is_number(), column.format(rows))).collect()
    }

    /// The table in GitHub's Markdown, the title in bold.
    ///
    /// ```
    /// use satindex::{Column, Table};
    ///
    /// let table = Table::new("").column(Column::text("a|b", ["x"])).column(Column::number("n", [1.5]).decimals(1));
    /// assert_eq!(table.markdown(), "| a\\|b | n |\n|:---|---:|\n| x | 1.5 |\n");
    /// ```
    pub fn markdown(&self) -> String {
        let columns = self.formatted();
        let escape = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = String::new();
        if !self.title.is_empty() {
            text += &format!("**{}**\n\n", self.title);
        }
        text += &line(columns.iter().map(|(heading, ..)| escape(heading)).collect());
        let rules: Vec<&str> = columns.iter().map(|(_, number, _)| if *number { "---:" } else { ":---" }).collect();
        text += &format!("|{}|\n", rules.join("|"));
        for row in 0..self.rows() {
            text += &line(columns.iter().map(|(.., cells)| escape(&cells[row])).collect());
        }
        for note in &self.notes {
            text += &format!("\n{note}\n");
        }
        text
    }
}

/// The text within its width, numbers to the right.
fn pad(text: &str, width: usize, right: bool) -> String {
    let space = " ".repeat(width.saturating_sub(text.width()));
    if right { space + text } else { text.to_owned() + &space }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.title.is_empty() {
            writeln!(f, "{}", self.title)?;
        }
        let columns = self.formatted();
        let widths: Vec<usize> = columns
            .iter()
            .map(|(heading, _, cells)| {
                cells.iter().map(String::as_str).chain([*heading]).map(UnicodeWidthStr::width).max().unwrap_or(0)
            })
            .collect();
        let mut line = |cells: Vec<&str>| {
            let padded: Vec<String> = cells
                .iter()
                .zip(&columns)
                .zip(&widths)
                .map(|((cell, column), width)| pad(cell, *width, column.1))
                .collect();
            writeln!(f, "{}", padded.join("  ").trim_end())
        };
        let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        line(columns.iter().map(|(heading, ..)| *heading).collect())?;
        line(rules.iter().map(String::as_str).collect())?;
        for row in 0..self.rows() {
            line(columns.iter().map(|(.., cells)| cells[row].as_str()).collect())?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(column: &Column) -> Vec<String> {
        column.format(column.len())
    }

    #[test]
    fn significant_digits_follow_the_largest_number() {
        assert_eq!(shown(&Column::number("", [123.456, 1.0]).significant(4)), ["123.5", "1.0"]);
        assert_eq!(shown(&Column::number("", [0.001_234_5]).significant(3)), ["0.00123"]);
        assert_eq!(shown(&Column::number("", [9.996]).significant(3)), ["10.0"]);
        assert_eq!(shown(&Column::number("", [12_345.0]).significant(2)), ["12345"]);
        assert_eq!(shown(&Column::number("", [0.0]).significant(3)), ["0.00"]);
    }

    #[test]
    fn odd_numbers_have_odd_cells() {
        let cells = [Some(f64::NAN), Some(f64::INFINITY), None, Some(-0.0004)];
        assert_eq!(shown(&Column::number("", cells)), ["NaN", "inf", "", "0.000"]);
        assert_eq!(shown(&Column::number("", [f64::NAN]).significant(3)), ["NaN"]);
    }

    #[test]
    fn short_columns_and_empty_tables() {
        let table = Table::new("t").column(Column::text("a", ["x", "y"])).column(Column::count("n", [3]));
        assert_eq!(table.to_string(), "t\na  n\n-  -\nx  3\ny\n");
        assert_eq!(Table::new("t").note("none").to_string(), "t\n\n\nnone\n");
    }
}
