//! Judgements from CSV.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::ahp::judgement::{Judgements, ROUNDING, Reciprocity, index_pairs, text};
use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;

impl Judgements {
    /// A matrix with the names in its first row and its first column; what stands in the corner does not matter.
    ///
    /// Cells are numbers or fractions such as `1/3`. A cell below the diagonal may be empty, or repeat its counterpart:
    /// then it is the reciprocal as far as its decimals show, so that 0.33 goes with 3. Where both are empty, the pair
    /// was not judged.
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
    /// A file that cannot be read; names missing, given twice, or different in the first row and the first column;
    /// a cell that is neither a number nor a fraction, or outside [`RATIOS`](crate::ahp::RATIOS); a diagonal other than 1; two
    /// triangles that contradict each other, naming the pair and both values.
    pub fn from_csv(reader: impl std::io::Read) -> Result<Self> {
        let (blank, rows) = read(reader)?;
        let n = blank.len();
        let mut faults = Faults::default();
        let mut ratio = |row: usize, column: usize| {
            faults.check(text::ratio(written(&rows, row, column), || blank.place(row, column))).flatten()
        };
        let ratios: Vec<Option<f64>> = (0..n * n).map(|at| ratio(at / n, at % n)).collect();
        for row in 0..n {
            faults.check(blank.diagonal(row, ratios[row * n + row]));
        }
        let mut upper = Vec::with_capacity(blank.upper.len());
        for (row, column) in index_pairs(n) {
            let (given, reverse) = (ratios[row * n + column], ratios[column * n + row]);
            let rounding = |row, column, ratio: Option<f64>| {
                ratio.map_or(0.0, |ratio| rounding(written(&rows, row, column), ratio))
            };
            let tolerance = rounding(row, column, given).max(rounding(column, row, reverse)).max(ROUNDING);
            let ratio = blank.reconcile(row, column, given, reverse, Reciprocity::Within(tolerance));
            upper.push(faults.check(ratio).flatten());
        }
        faults.or(())?;
        blank.with_upper(&upper)
    }
}

fn unreadable(reason: String) -> Error {
    ErrorKind::Unreadable { place: "the matrix of judgements".into(), reason }.into()
}

/// The labels of a matrix, and its rows with their names in front.
fn read(reader: impl std::io::Read) -> Result<(Judgements, Vec<StringRecord>)> {
    let mut csv = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(reader);
    let header = csv.headers().map_err(|error| unreadable(error.to_string()))?;
    let blank = Judgements::new(without_padding(header).skip(1))?;
    let mut rows = Vec::with_capacity(blank.len());
    for row in csv.records() {
        let row = row.map_err(|error| unreadable(error.to_string()))?;
        let cells = without_padding(&row).count();
        if cells > blank.len() + 1 {
            let name = row.get(0).unwrap_or_default();
            check::length(cells - 1, blank.len(), || format!("the row of `{name}`"))?;
        }
        if cells > 0 {
            rows.push(row);
        }
    }
    check::length(rows.len(), blank.len(), || "the list of rows".into())?;
    for (row, label) in rows.iter().zip(blank.labels()) {
        let name = row.get(0).unwrap_or_default();
        if name != label {
            return Err(unreadable(format!("the row of `{name}` stands where `{label}` is expected")));
        }
    }
    Ok((blank, rows))
}

/// The cells up to the last that is not empty: spreadsheets pad their lines.
fn without_padding(row: &StringRecord) -> impl Iterator<Item = &str> {
    let length = (0..row.len()).rev().find(|at| !row[*at].is_empty()).map_or(0, |last| last + 1);
    row.iter().take(length)
}

/// The text of a cell.
fn written(rows: &[StringRecord], row: usize, column: usize) -> &str {
    rows[row].get(column + 1).unwrap_or_default()
}

/// How far rounding to the decimals of a text may have carried the product with its reciprocal from 1: the true value
/// lies within half a unit of the last decimal. Whole numbers and fractions are exact.
fn rounding(text: &str, value: f64) -> f64 {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let decimals = text.split_once('.').filter(|_| plain).map_or(0, |(_, decimals)| decimals.len());
    let half_unit = 0.5 * 0.1_f64.powf(decimals as f64);
    if decimals > 0 && half_unit < value { half_unit / (value - half_unit) } else { 0.0 }
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
            "`a` against `b` is `three`; expected a number or a fraction such as 1/3; `a` against `a` is 2; expected 1"
        );
        assert_eq!(message(&read("")), "the list of labels is empty");
        assert!(read(",a\na,\n").is_ok());
    }
}
