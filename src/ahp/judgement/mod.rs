//! What was judged: how many times one thing counts as much as another, pair by pair.

#[cfg(feature = "csv")]
mod csv;
mod matrix;
mod text;

use std::fmt;
use std::sync::Arc;

pub use matrix::Reciprocity;

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::table::{Column, Table};

/// The ratios that a judgement may state: 10⁻¹⁰⁰ to 10¹⁰⁰.
///
/// Far beyond any scale in use, and narrow enough that the product of three of them, and with it every index of
/// consistency, is a finite number.
pub const RATIOS: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// Labels that can be compared with each other: their matrix takes 32 MB.
const MOST: usize = 2000;

/// Marks a cell that was not judged; no ratio is 0.
const UNKNOWN: f64 = 0.0;

/// Pairwise judgements: `a` counts aᵢⱼ times as much as `b`.
///
/// Only the triangle above the diagonal is kept, so that aⱼᵢ = 1/aᵢⱼ and aᵢᵢ = 1 hold by construction. Each of its
/// n(n − 1)/2 cells is known or not. Every ratio lies in [`RATIOS`].
///
/// # Examples
///
/// ```
/// use satindex::ahp::{Judgements, Method};
///
/// let judgements = Judgements::from_upper(["speed", "skill", "attitude"], &[2.0, 5.0, 3.0])?;
/// assert_eq!(judgements.get("attitude", "skill")?, Some(1.0 / 3.0));
///
/// let priorities = judgements.priorities(Method::Eigenvector)?;
/// assert_eq!(format!("{:.3}", priorities.weights().get("speed")?), "0.582");
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias = "pairwise comparison matrix")]
#[doc(alias = "PCM")]
#[derive(Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RawJudgements", into = "RawJudgements"))]
pub struct Judgements {
    /// Shared, so that the judgements of many respondents keep one list.
    labels: Arc<[String]>,
    /// Row by row above the diagonal.
    upper: Vec<f64>,
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawJudgements {
    labels: Vec<String>,
    upper: Vec<Option<f64>>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawJudgements> for Judgements {
    type Error = Error;

    fn try_from(raw: RawJudgements) -> Result<Self> {
        Self::from_upper(raw.labels, &raw.upper)
    }
}

#[cfg(feature = "serde")]
impl From<Judgements> for RawJudgements {
    fn from(judgements: Judgements) -> Self {
        Self { upper: judgements.upper().collect(), labels: judgements.labels.to_vec() }
    }
}

impl Judgements {
    /// Nothing judged yet: the start for [`Judgements::with`].
    ///
    /// # Errors
    ///
    /// Labels missing, blank or given twice; more than 2000 labels.
    pub fn new<S: Into<String>>(labels: impl IntoIterator<Item = S>) -> Result<Self> {
        let labels: Vec<String> = labels.into_iter().map(Into::into).collect();
        check::names(&labels, "label")?;
        let place = || "the number of labels".into();
        check::domain(labels.len() as f64, labels.len() <= MOST, place, &format!("at most {MOST}"))?;
        let upper = vec![UNKNOWN; cells(labels.len())];
        Ok(Self { labels: labels.into(), upper })
    }

    /// The triangle above the diagonal, row by row: a₁₂, a₁₃, …, a₂₃, ….
    ///
    /// The cells are `f64`, or `Option<f64>` where some were not judged.
    ///
    /// # Errors
    ///
    /// Labels missing, blank or given twice; a triangle of another length than n(n − 1)/2; a ratio outside [`RATIOS`].
    pub fn from_upper<S: Into<String>, C: Copy + Into<Option<f64>>>(
        labels: impl IntoIterator<Item = S>,
        upper: &[C],
    ) -> Result<Self> {
        Self::new(labels)?.with_upper(upper)
    }

    /// Judgements pair by pair: (row, column, how many times the row counts as much as the column).
    ///
    /// A pair may come in either order, and twice if it says the same.
    ///
    /// ```
    /// use satindex::ahp::Judgements;
    ///
    /// let judgements = Judgements::from_pairs(["speed", "skill"], [("skill", "speed", 3.0)])?;
    /// assert_eq!(judgements.get("speed", "skill")?, Some(1.0 / 3.0));
    ///
    /// let error = Judgements::from_pairs(["speed", "skill"], [("speed", "skill", 3.0), ("skill", "speed", 3.0)]);
    /// assert_eq!(error.unwrap_err().to_string(), "`speed` against `skill` is 3, but `skill` against `speed` is 3");
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Labels missing, blank or given twice; a pair with an unknown label; a ratio outside [`RATIOS`]; two values for
    /// a pair, naming it and both.
    pub fn from_pairs<S: Into<String>, P: AsRef<str>>(
        labels: impl IntoIterator<Item = S>,
        pairs: impl IntoIterator<Item = (P, P, f64)>,
    ) -> Result<Self> {
        let mut judgements = Self::new(labels)?;
        let mut first = vec![None; judgements.upper.len()];
        let mut faults = Faults::default();
        for (row, column, ratio) in pairs {
            faults.check(judgements.add(row.as_ref(), column.as_ref(), ratio, &mut first));
        }
        faults.or(judgements)
    }

    /// Notes a judgement; `first` holds, for each pair, how it was given first.
    fn add(&mut self, row: &str, column: &str, ratio: f64, first: &mut [Option<(usize, f64)>]) -> Result<()> {
        let (i, j) = (self.position(row)?, self.position(column)?);
        if i == j {
            return self.diagonal(i, Some(ratio));
        }
        let ratio = self.checked(i, j, ratio)?;
        let pair = cell(self.len(), i.min(j), i.max(j));
        if let Some((row, earlier)) = first[pair] {
            let reversed = row != i;
            let reciprocal = if reversed { ratio } else { 1.0 / ratio };
            let (first, second) = if reversed { (j, i) } else { (i, j) };
            let fault = || self.contradiction(first, second, earlier, reversed, ratio);
            return if agree(earlier, reciprocal, ROUNDING) { Ok(()) } else { Err(fault()) };
        }
        first[pair] = Some((i, ratio));
        self.set(i, j, ratio);
        Ok(())
    }

    /// The judgements that weights imply: aᵢⱼ = wᵢ / wⱼ, wholly consistent.
    ///
    /// # Errors
    ///
    /// Labels missing, blank or given twice; a weight that is not positive; a ratio outside [`RATIOS`].
    pub fn consistent<S: Into<String>>(labels: impl IntoIterator<Item = S>, weights: &[f64]) -> Result<Self> {
        let blank = Self::new(labels)?;
        check::length(weights.len(), blank.len(), || "the list of weights".into())?;
        for (label, weight) in blank.labels().iter().zip(weights) {
            check::positive(*weight, || format!("the weight of `{label}`"))?;
        }
        let upper: Vec<f64> = index_pairs(blank.len()).map(|(row, column)| weights[row] / weights[column]).collect();
        blank.with_upper(&upper)
    }

    /// Other judgements of the same things; the list of labels is shared, as suits many respondents.
    ///
    /// # Errors
    ///
    /// A triangle of another length than n(n − 1)/2; a ratio outside [`RATIOS`].
    pub fn with_upper<C: Copy + Into<Option<f64>>>(&self, upper: &[C]) -> Result<Self> {
        check::length(upper.len(), self.upper.len(), || "the upper triangle".into())?;
        let mut faults = Faults::default();
        let mut ratios = Vec::with_capacity(upper.len());
        for ((row, column), cell) in index_pairs(self.len()).zip(upper) {
            let ratio = (*cell).into().map(|ratio| self.checked(row, column, ratio));
            ratios.push(ratio.and_then(|ratio| faults.check(ratio)).unwrap_or(UNKNOWN));
        }
        faults.or(Self { labels: Arc::clone(&self.labels), upper: ratios })
    }

    /// The same judgements with this one in place of what was there.
    ///
    /// # Errors
    ///
    /// An unknown label; a ratio outside [`RATIOS`]; a thing against itself at other than 1.
    pub fn with(&self, row: &str, column: &str, ratio: f64) -> Result<Self> {
        let (i, j) = (self.position(row)?, self.position(column)?);
        let mut judgements = self.clone();
        if i == j {
            self.diagonal(i, Some(ratio))?;
        } else {
            judgements.set(i, j, self.checked(i, j, ratio)?);
        }
        Ok(judgements)
    }

    /// The same judgements without this one.
    ///
    /// # Errors
    ///
    /// An unknown label.
    pub fn without(&self, row: &str, column: &str) -> Result<Self> {
        let (i, j) = (self.position(row)?, self.position(column)?);
        let mut judgements = self.clone();
        if i != j {
            judgements.set(i, j, UNKNOWN);
        }
        Ok(judgements)
    }

    /// Every preference reversed: the transposed matrix.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let reverse = |cell: &f64| if *cell == UNKNOWN { UNKNOWN } else { 1.0 / cell };
        Self { labels: Arc::clone(&self.labels), upper: self.upper.iter().map(reverse).collect() }
    }

    /// The things compared.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// How many things were compared: n, never 0.
    #[allow(clippy::len_without_is_empty, reason = "there is always a label")]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// How many times `row` counts as much as `column`; `None` where that was not judged.
    ///
    /// # Errors
    ///
    /// An unknown label.
    pub fn get(&self, row: &str, column: &str) -> Result<Option<f64>> {
        Ok(self.at(self.position(row)?, self.position(column)?))
    }

    /// The triangle above the diagonal, row by row.
    pub fn upper(&self) -> impl ExactSizeIterator<Item = Option<f64>> {
        self.upper.iter().map(|cell| known(*cell))
    }

    /// Each pair once, row before column, with its ratio where known.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str, Option<f64>)> {
        index_pairs(self.len())
            .zip(&self.upper)
            .map(|((row, column), cell)| (self.labels[row].as_str(), self.labels[column].as_str(), known(*cell)))
    }

    /// The pairs that were not judged.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs().filter(|(.., ratio)| ratio.is_none()).map(|(row, column, _)| (row, column))
    }

    /// Was every pair judged?
    pub fn is_complete(&self) -> bool {
        // The least cell, not the first unknown: a loop without an early end runs in vector instructions, and a batch
        // has to ask this of everybody.
        self.upper.iter().fold(f64::INFINITY, |least, cell| if *cell < least { *cell } else { least }) > UNKNOWN
    }

    /// The judgements as a table: the full matrix, empty where not judged.
    pub fn table(&self) -> Table {
        let names = Table::new("Judgements").column(Column::text("", self.labels()));
        (0..self.len()).fold(names, |table, column| {
            let cells = (0..self.len()).map(|row| self.at(row, column));
            table.column(Column::number(&self.labels[column], cells).significant(4))
        })
    }

    /// The ratio of two things by their place in the list.
    pub(crate) fn at(&self, row: usize, column: usize) -> Option<f64> {
        let n = self.len();
        match row.cmp(&column) {
            std::cmp::Ordering::Less => known(self.upper[cell(n, row, column)]),
            std::cmp::Ordering::Equal => Some(1.0),
            std::cmp::Ordering::Greater => known(self.upper[cell(n, column, row)]).map(|ratio| 1.0 / ratio),
        }
    }

    /// The triangle above the diagonal with 0 where not judged.
    pub(crate) fn raw_upper(&self) -> &[f64] {
        &self.upper
    }

    /// The full matrix, row by row, with 0 where not judged.
    pub(crate) fn matrix(&self) -> Vec<f64> {
        let n = self.len();
        let mut matrix = vec![1.0; n * n];
        for ((row, column), ratio) in index_pairs(n).zip(&self.upper) {
            matrix[row * n + column] = *ratio;
            matrix[column * n + row] = if *ratio == UNKNOWN { UNKNOWN } else { 1.0 / ratio };
        }
        matrix
    }

    /// The same labels with a triangle that is known to be valid.
    pub(crate) fn replaced(&self, upper: Vec<f64>) -> Self {
        Self { labels: Arc::clone(&self.labels), upper }
    }

    /// Are these judgements on the same things, in the same order?
    pub(crate) fn same_labels(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.labels, &other.labels) || self.labels == other.labels
    }

    /// Checks that every pair was judged; the error lists those that were not.
    pub(crate) fn require_complete(&self) -> Result<()> {
        if self.is_complete() {
            return Ok(());
        }
        let pairs = self.unknown().map(|(row, column)| (row.to_owned(), column.to_owned())).collect();
        Err(ErrorKind::Unjudged { pairs }.into())
    }

    fn set(&mut self, row: usize, column: usize, ratio: f64) {
        let n = self.len();
        let reverse = if ratio == UNKNOWN { UNKNOWN } else { 1.0 / ratio };
        if row < column {
            self.upper[cell(n, row, column)] = ratio;
        } else {
            self.upper[cell(n, column, row)] = reverse;
        }
    }

    fn position(&self, label: &str) -> Result<usize> {
        check::position(&self.labels, label, "label")
    }

    fn place(&self, row: usize, column: usize) -> String {
        format!("`{}` against `{}`", self.labels[row], self.labels[column])
    }

    fn not_a_ratio(&self, row: usize, column: usize, text: &str) -> Error {
        // A cell may hold a whole file.
        let text = text.chars().take(60).collect();
        ErrorKind::NotARatio { place: self.place(row, column), text }.into()
    }

    fn checked(&self, row: usize, column: usize, ratio: f64) -> Result<f64> {
        let expected = match ratio {
            0.0 => "a ratio from 1e-100 to 1e100, or nothing (`None`, an empty cell) where the pair was not judged",
            _ => "a ratio from 1e-100 to 1e100",
        };
        check::domain(ratio, RATIOS.contains(&ratio), || self.place(row, column), expected)
    }

    fn diagonal(&self, at: usize, ratio: Option<f64>) -> Result<()> {
        let ratio = ratio.unwrap_or(1.0);
        check::domain(ratio, ratio == 1.0, || self.place(at, at), "1")?;
        Ok(())
    }

    fn contradiction(&self, row: usize, column: usize, given: f64, reversed: bool, other: f64) -> Error {
        let (row, column) = (self.labels[row].clone(), self.labels[column].clone());
        ErrorKind::Contradiction { row, column, given, reversed, other }.into()
    }
}

/// Room for the rounding of a reciprocal that was computed.
const ROUNDING: f64 = 1e-12;

/// Room for the rounding of a·b, and of the tolerance itself: 9 × 0.11 lies within 0.01 of 1.
const ROOM: f64 = 4.0 * f64::EPSILON;

/// Are a and b reciprocal, to a tolerance on a·b?
fn agree(a: f64, b: f64, tolerance: f64) -> bool {
    (a * b - 1.0).abs() <= tolerance + ROOM
}

fn known(cell: f64) -> Option<f64> {
    (cell != UNKNOWN).then_some(cell)
}

/// How many cells there are above the diagonal.
pub(crate) fn cells(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}

/// Where a cell above the diagonal stands in the triangle.
pub(crate) fn cell(n: usize, row: usize, column: usize) -> usize {
    row * (2 * n - row - 1) / 2 + column - row - 1
}

/// The cells above the diagonal, row by row.
pub(crate) fn index_pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |row| (row + 1..n).map(move |column| (row, column)))
}

impl fmt::Display for Judgements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

impl fmt::Debug for Judgements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let upper: Vec<Option<f64>> = self.upper().collect();
        f.debug_struct("Judgements").field("labels", &self.labels).field("upper", &upper).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: fmt::Debug>(result: Result<T>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn cells_are_numbered_row_by_row() {
        for n in 0..7 {
            let numbers: Vec<usize> = index_pairs(n).map(|(row, column)| cell(n, row, column)).collect();
            assert_eq!(numbers, (0..cells(n)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn ratios_are_checked_and_every_culprit_is_named() {
        let error = Judgements::from_upper(["a", "b", "c"], &[-1.0, f64::NAN, 0.0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`a` against `b` is -1; expected a ratio from 1e-100 to 1e100; \
             `a` against `c` is NaN; expected a finite number; \
             `b` against `c` is 0; expected a ratio from 1e-100 to 1e100, or nothing (`None`, an empty cell) where the pair \
             was not judged"
        );
        assert!(error.is_invalid_value());
        for ratio in [1e-300, 1e300, f64::INFINITY, -0.0] {
            assert!(Judgements::from_upper(["a", "b"], &[ratio]).is_err());
        }
        assert_eq!(
            message(Judgements::from_upper(["a", "b"], &[1.0, 2.0])),
            "the upper triangle has length 2; expected 1"
        );
        assert_eq!(message(Judgements::new::<&str>([])), "the list of labels is empty");
    }

    #[test]
    fn pairs_may_repeat_but_not_contradict() {
        let build =
            |pairs: &[(&'static str, &'static str, f64)]| Judgements::from_pairs(["a", "b"], pairs.iter().copied());
        assert_eq!(build(&[("a", "b", 3.0), ("b", "a", 1.0 / 3.0), ("a", "a", 1.0)]).unwrap().at(0, 1), Some(3.0));
        assert_eq!(
            message(build(&[("a", "b", 3.0), ("a", "b", 2.0)])),
            "`a` against `b` is 3, but `a` against `b` is 2"
        );
        assert_eq!(
            message(build(&[("b", "a", 49.0), ("a", "b", 49.0)])),
            "`b` against `a` is 49, but `a` against `b` is 49"
        );
        assert_eq!(
            message(build(&[("a", "x", 3.0), ("b", "b", 3.0)])),
            "unknown label `x`; `b` against `b` is 3; expected 1"
        );
    }

    #[test]
    fn one_judgement_is_replaced_or_dropped() {
        let judgements = Judgements::consistent(["a", "b", "c"], &[4.0, 2.0, 1.0]).unwrap();
        assert_eq!(judgements.with("c", "a", 0.5).unwrap().upper, [2.0, 2.0, 2.0]);
        assert_eq!(judgements.without("c", "a").unwrap().upper, [2.0, UNKNOWN, 2.0]);
        assert_eq!(judgements.reversed().upper, [0.5, 0.25, 0.5]);
        assert!(judgements.with("a", "a", 2.0).is_err());
        assert!(Judgements::consistent(["a", "b"], &[1.0, 0.0]).is_err());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let judgements = Judgements::from_text(["a", "b", "c"], &["1/3", "", "9"]).unwrap();
        let text = serde_json::to_string(&judgements).unwrap();
        assert_eq!(serde_json::from_str::<Judgements>(&text).unwrap(), judgements);
        assert!(serde_json::from_str::<Judgements>(&text.replace("9.0", "-9.0")).is_err());
    }
}
