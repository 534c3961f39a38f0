//! Judgements from CSV.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::ahp::judgement::text::NotARatio;
use crate::ahp::judgement::{Judgements, ROUNDING, index_pairs, matrix, text};
use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::text::{Look, excerpt, open};

const PLACE: &str = "the matrix of judgements";

impl Judgements {
    /// A matrix with the names in its first row and its first column; the corner may hold anything.
    ///
    /// Cells are numbers or fractions such as `1/3`. A cell below the diagonal may be empty, or repeat its counterpart:
    /// then it is the reciprocal as far as its decimals show, so that 0.33 goes with 3 and 0.13 with 8. Where both are
    /// empty, the pair was not judged.
    ///
    /// Fields are separated by the comma, semicolon, tab or bar that is most frequent in the first line, or as a line
    /// `sep=;` before it says. Where that is not the comma, decimals may have one (`0,5`). The text is UTF-8, with or
    /// without a byte order mark.
    ///
    /// ```
    /// use satindex::ahp::Judgements;
    ///
    /// let judgements = Judgements::from_csv("\
    /// ,speed,skill,attitude
    /// speed,1,1/3,
    /// skill,,1,2
    /// attitude,,0.5,1
    /// ".as_bytes())?;
    /// assert_eq!(judgements.get("skill", "speed")?, Some(3.0));
    /// assert_eq!(judgements.unknown().collect::<Vec<_>>(), [("speed", "attitude")]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or whose first line has no delimiter; names missing, given twice, or different in the
    /// first row and the first column; a cell that is neither a number nor a fraction, or outside
    /// [`RATIOS`](crate::ahp::RATIOS); a diagonal other than 1; two triangles that contradict each other, naming the pair
    /// and both values.
    pub fn from_csv(reader: impl std::io::Read) -> Result<Self> {
        let sheet = Sheet::read(reader)?;
        let (blank, n) = (&sheet.blank, sheet.blank.len());
        let mut faults = Faults::default();
        let mut cell = |row: usize, column: usize| faults.check(sheet.cell(row, column)).unwrap_or_default();
        let cells: Vec<Cell> = (0..n * n).map(|at| cell(at / n, at % n)).collect();
        for row in 0..n {
            faults.check(blank.diagonal(row, cells[row * n + row].ratio));
        }
        let mut upper = Vec::with_capacity(blank.upper.len());
        for (row, column) in index_pairs(n) {
            let (given, reverse) = (cells[row * n + column], cells[column * n + row]);
            let one = |a: f64, b: f64| reciprocal(given, reverse).then(|| matrix::larger(a, b));
            upper.push(faults.check(blank.reconcile(row, column, given.ratio, reverse.ratio, one)).flatten());
        }
        faults.or(())?;
        blank.with_upper(&upper)
    }
}

/// A judgement, and how far rounding to the decimals of its text may have carried it.
#[derive(Clone, Copy, Default)]
struct Cell {
    ratio: Option<f64>,
    rounding: f64,
}

/// Can the two be reciprocal, each true value as far from the written one as its decimals allow?
fn reciprocal(a: Cell, b: Cell) -> bool {
    let product = |sign: f64| {
        let value = |cell: Cell| (cell.ratio.unwrap_or_default() + sign * cell.rounding).max(0.0);
        value(a) * value(b)
    };
    product(-1.0) <= 1.0 + ROUNDING && product(1.0) >= 1.0 - ROUNDING
}

/// A file as a matrix of texts.
struct Sheet {
    blank: Judgements,
    /// The rows with their names in front.
    rows: Vec<StringRecord>,
    /// Whether decimals may have a comma: where fields have another delimiter.
    decimal_comma: bool,
}

fn unreadable(reason: String) -> Error {
    ErrorKind::Unreadable { place: PLACE.into(), reason }.into()
}

impl Sheet {
    fn read(reader: impl std::io::Read) -> Result<Self> {
        let (look, rest) = open(reader, PLACE)?;
        if look.first_line.is_empty() {
            return Err(ErrorKind::Empty { place: PLACE.into() }.into());
        }
        let delimiter = look.delimiter.ok_or_else(|| unreadable(look.no_delimiter()))?;
        let mut csv = ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(Trim::All).from_reader(rest);
        let header = csv.headers().map_err(|error| unreadable(error.to_string()))?.clone();
        let records = csv.records().collect::<std::result::Result<Vec<_>, _>>();
        let mut rows = records.map_err(|error| unreadable(error.to_string()))?;
        rows.retain(|row| without_padding(row).count() > 0);
        let blank = labels(&header, &rows).map_err(|fault| nameless(&header, &rows, &look).unwrap_or(fault))?;
        Ok(Self { blank, rows, decimal_comma: delimiter != b',' })
    }

    fn cell(&self, row: usize, column: usize) -> Result<Cell> {
        let written = self.rows[row].get(column + 1).unwrap_or_default();
        let text = if self.decimal_comma { Cow::from(written.replace(',', ".")) } else { written.into() };
        let ratio = text::ratio(&text).map_err(|NotARatio| self.blank.not_a_ratio(row, column, written))?;
        Ok(Cell { ratio, rounding: half_unit(&text) })
    }
}

/// The labels of a matrix, which stand before its rows in the same order.
fn labels(header: &StringRecord, rows: &[StringRecord]) -> Result<Judgements> {
    let blank = Judgements::new(without_padding(header).skip(1))?;
    for row in rows {
        let cells = without_padding(row).count().saturating_sub(1);
        let place = || format!("the row of `{}`", excerpt(row.get(0).unwrap_or_default()));
        check::length(cells.max(blank.len()), blank.len(), place)?;
    }
    check::length(rows.len(), blank.len(), || "the list of rows".into())?;
    for (row, label) in rows.iter().zip(blank.labels()) {
        let name = row.get(0).unwrap_or_default();
        if name != label {
            let name = excerpt(name);
            return Err(unreadable(format!("the row of `{name}` stands where `{label}` is expected")));
        }
    }
    Ok(blank)
}

/// The error for a matrix without names in its first row or column: it has numbers where they are expected.
fn nameless(header: &StringRecord, rows: &[StringRecord], look: &Look) -> Option<Error> {
    let is_number = |cell: &str| matches!(text::ratio(cell), Ok(Some(_)));
    let is_label = |cell: &str| header.iter().skip(1).any(|label| label == cell);
    let names = "the first row and column hold the names";
    if without_padding(header).all(is_number) {
        return Some(unreadable(format!("its first line, `{}`, holds numbers; {names}", look.first_line)));
    }
    let no_name = |name: &str| name.is_empty() || is_number(name) && !is_label(name);
    let unnamed = rows.iter().position(|row| row.get(0).is_none_or(no_name))?;
    let name = excerpt(rows[unnamed].get(0).unwrap_or_default());
    Some(unreadable(format!("row {} begins with `{name}` and not with a name; {names}", unnamed + 1)))
}

/// The cells up to the last that is not empty: spreadsheets pad their lines.
fn without_padding(row: &StringRecord) -> impl Iterator<Item = &str> {
    let length = (0..row.len()).rev().find(|at| !row[*at].is_empty()).map_or(0, |last| last + 1);
    row.iter().take(length)
}

/// Half a unit of the last decimal of a text. Whole numbers and fractions are exact.
fn half_unit(text: &str) -> f64 {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let decimals = text.split_once('.').filter(|_| plain).map_or(0, |(_, decimals)| decimals.len());
    if decimals > 0 { 0.5 * 0.1_f64.powf(decimals as f64) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(result: &Result<Judgements>) -> String {
        result.as_ref().unwrap_err().to_string()
    }

    #[test]
    fn csv_says_where_it_is_wrong() {
        let read = |text: &str| Judgements::from_csv(text.as_bytes());
        let good = read(",a,b\na,1,0.33\nb,3,1\n").unwrap();
        assert_eq!(good.at(0, 1), Some(1.0 / 3.0));
        assert_eq!(read("x,a,b,\na,,,\nb,1/7,,\n,,,\n").unwrap().at(0, 1), Some(7.0));
        assert_eq!(read(",a,b\na,,7\n\"b\"\n").unwrap().at(1, 0), Some(1.0 / 7.0));
        assert_eq!(message(&read(",a,b\na,1,0.33\nb,4,1\n")), "`a` against `b` is 0.33, but `b` against `a` is 4");
        assert_eq!(message(&read(",a,b\na,1,3\nb,3,1\n")), "`a` against `b` is 3, but `b` against `a` is 3");
        assert_eq!(
            message(&read(",a,b\nb,1,3\na,3,1\n")),
            "the matrix of judgements cannot be read: the row of `b` stands where `a` is expected"
        );
        assert_eq!(message(&read(",a,b\na,1,3\n")), "the list of rows has length 1; expected 2");
        assert_eq!(message(&read(",a,b\na,1,3,4\nb,,1\n")), "the row of `a` has length 3; expected 2");
        assert_eq!(
            message(&read(",a,b\na,2,three\nb,,1\n")),
            "`a` against `b` is `three`; expected a number, a fraction such as 1/3, or nothing where the pair was not judged; \
             `a` against `a` is 2; expected 1"
        );
        assert_eq!(message(&read("")), "the matrix of judgements is empty");
        assert!(read(",a\na,\n").is_ok());
        assert_eq!(
            message(&read("1,3\n1/3,1\n")),
            "the matrix of judgements cannot be read: its first line, `1,3`, holds numbers; the first row and column hold \
             the names"
        );
        for (text, name) in [("a,b\n1,3\n1/3,1\n", "1"), (",a,b\n,1,3\n,,1\n", ""), (",a,b\n1,1,3\n2,,1\n", "1")] {
            assert_eq!(
                message(&read(text)),
                format!(
                    "the matrix of judgements cannot be read: row 1 begins with `{name}` and not with a name; the first \
                     row and column hold the names"
                )
            );
        }
        assert!(read(",2024,2025\n2024,1,3\n2025,,1\n").is_ok());
        assert_eq!(message(&read(",a,,b\na,1,3,2\n")), "name 2 in the list of labels is empty");
        // What stands where does not make a message longer than a page.
        let long = "x".repeat(1_000_000);
        assert!(message(&read(&format!(",a,b\na,1,{long}\nb,,1\n"))).len() < 300);
        assert!(message(&read(&format!(",a,b\na,1,3\n{long},,1\n"))).len() < 300);
    }

    #[test]
    fn rounded_reciprocals_fit_their_decimals() {
        let pair = |a: &str, b: &str| Judgements::from_csv(format!(",a,b\na,1,{a}\nb,{b},1\n").as_bytes());
        for (a, b, kept) in [
            ("8", "0.13", 8.0),
            ("8.00", "0.13", 8.0),
            ("8", "0.12", 8.0),
            ("16", "0.063", 16.0),
            ("9", "0.11", 9.0),
            ("7", "0.1", 7.0),
            ("0.0625", "16", 1.0 / 16.0),
            ("6.7", "0.15", 6.7),
        ] {
            assert_eq!(pair(a, b).unwrap().at(0, 1), Some(kept), "{a} {b}");
        }
        for (a, b) in [("8", "0.14"), ("8", "0.126"), ("8", "1/7"), ("3", "3"), ("0.01", "0.01"), ("8", "0.1300")] {
            assert!(pair(a, b).is_err(), "{a} {b}");
        }
    }
}
