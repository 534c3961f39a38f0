//! The one way that a result becomes text.

mod column;

use std::fmt;

use unicode_width::UnicodeWidthStr;

pub use column::Column;

/// Named columns of text and numbers, printed aligned or as Markdown.
///
/// Widths are display widths, so that names in Chinese or with accents keep the columns straight. Line breaks and other
/// control characters in names are printed as blanks.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Table {
    title: String,
    columns: Vec<Column>,
    notes: Vec<String>,
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

    /// The columns from left to right.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The lines under the table.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Each column's heading, whether it holds numbers, and its cells as text.
    fn formatted(&self) -> Vec<(String, bool, Vec<String>)> {
        let rows = self.rows();
        let text = |column: &Column| {
            let mut cells: Vec<String> = column.cells().iter().map(|cell| on_one_line(cell)).collect();
            cells.resize(rows, String::new());
            (on_one_line(column.heading()), column.is_number(), cells)
        };
        self.columns.iter().map(text).collect()
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
        let escape = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|");
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = String::new();
        if !self.title.is_empty() {
            text += &format!("**{}**\n\n", on_one_line(&self.title));
        }
        text += &line(columns.iter().map(|(heading, ..)| escape(heading)).collect());
        let rules: Vec<&str> = columns.iter().map(|(_, number, _)| if *number { "---:" } else { ":---" }).collect();
        text += &format!("|{}|\n", rules.join("|"));
        for row in 0..self.rows() {
            text += &line(columns.iter().map(|(.., cells)| escape(&cells[row])).collect());
        }
        for note in &self.notes {
            text += &format!("\n{}\n", on_one_line(note));
        }
        text
    }
}

/// The text without line breaks and other characters that would move what is printed after it.
fn on_one_line(text: &str) -> String {
    text.replace(|character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}'), " ")
}

/// Blanks behind numbers with fewer decimals than others, so that the decimal points stand under each other.
fn align(cells: &mut [String]) {
    let behind = |cell: &str| cell.find('.').map_or(0, |point| cell.len() - point);
    let most = cells.iter().map(|cell| behind(cell)).max().unwrap_or(0);
    for cell in cells.iter_mut().filter(|cell| cell.starts_with(|first: char| first == '-' || first.is_ascii_digit())) {
        *cell += &" ".repeat(most - behind(cell));
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
            writeln!(f, "{}", on_one_line(&self.title))?;
        }
        let mut columns = self.formatted();
        columns.iter_mut().filter(|(_, number, _)| *number).for_each(|(.., cells)| align(cells));
        let widths: Vec<usize> = columns
            .iter()
            .map(|(heading, _, cells)| {
                cells
                    .iter()
                    .map(String::as_str)
                    .chain([heading.as_str()])
                    .map(UnicodeWidthStr::width)
                    .max()
                    .unwrap_or(0)
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
        line(columns.iter().map(|(heading, ..)| heading.as_str()).collect())?;
        line(rules.iter().map(String::as_str).collect())?;
        for row in 0..self.rows() {
            line(columns.iter().map(|(.., cells)| cells[row].as_str()).collect())?;
        }
        for note in &self.notes {
            writeln!(f, "{}", on_one_line(note))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_columns_and_empty_tables() {
        let table = Table::new("t").column(Column::text("a", ["x", "y"])).column(Column::count("n", [3]));
        assert_eq!(table.to_string(), "t\na  n\n-  -\nx  3\ny\n");
        assert_eq!(Table::new("t").note("none").to_string(), "t\n\n\nnone\n");
    }

    #[test]
    fn decimal_points_stand_under_each_other() {
        let column = Column::number("mean", [43_210.0, 2.13, -0.5, f64::NAN]).significant(3);
        let table = Table::new("").column(Column::text("", ["a", "b", "c", "d"])).column(column);
        let lines = ["        mean", "-  ---------", "a  43210", "b      2.13", "c     -0.500", "d        NaN", ""];
        assert_eq!(table.to_string(), lines.join("\n"));
    }

    #[test]
    fn line_breaks_in_names_break_no_table() {
        for name in ["a\nb", "a\rb", "a\tb", "a\u{2028}b", "a\u{85}b", "a\u{1b}b", "a\u{b}b"] {
            let table = Table::new(name).column(Column::text(name, [name])).note(name);
            assert_eq!(table.to_string(), "a b\na b\n---\na b\na b\n", "{name:?}");
            assert_eq!(table.markdown(), "**a b**\n\n| a b |\n|:---|\n| a b |\n\na b\n", "{name:?}");
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn written_and_read() {
        let numbers = Column::number("n", [Some(1.5), None]).significant(3).precision([0.1, 0.2]);
        let table = Table::new("t").column(Column::text("a", ["x"])).column(numbers).note("z");
        let table = table.column(Column::p_value("p", [0.2])).column(Column::count("k", [1]));
        let text = serde_json::to_string(&table).unwrap();
        assert_eq!(serde_json::from_str::<Table>(&text).unwrap(), table);
        assert!(serde_json::from_str::<Table>(&text.replace("notes", "nots")).is_err());
        assert!(serde_json::from_str::<Table>(&text.replace("heading", "head")).is_err());
        // No number of decimals makes printing fail.
        let many = serde_json::from_str::<Table>(&text.replace("\"significant\":3", "\"significant\":99999999999"));
        assert!(many.unwrap().to_string().contains("1.5"));
    }
}
