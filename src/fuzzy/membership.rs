//! Membership: how far each factor belongs to each grade.

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::fuzzy::{Grades, Partition};
use crate::numeric::check;
use crate::survey::Responses;
use crate::table::{Column, Table};

/// How far a row sum may be from 1 for the row to count as shares: the rounding of a sum.
const SUM_TOLERANCE: f64 = 1e-9;

/// The fuzzy relation R of factors (rows) and grades (columns): degrees in \[0, 1\], no row all zeros.
///
/// Rows need not sum to 1, and nothing is normalised unless asked for: [`Membership::stochastic`] demands it,
/// [`Membership::normalised`] brings it about.
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::{Grades, Membership};
///
/// let grades = Grades::new(["excellent", "good", "fair", "fail"])?;
/// let asked = Membership::from_counts(&grades, [("response", [1, 4, 0, 0]), ("arrival", [2, 3, 0, 0])])?;
/// assert_eq!(asked.row("arrival")?, [0.4, 0.6, 0.0, 0.0]);
///
/// let error = Membership::new(&grades, [("response", [1.0, 0.0, -0.5, 0.0])]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the membership of `response` in `fair` is -0.5; expected a number from 0 to 1"
/// );
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawMembership"))]
pub struct Membership {
    grades: Grades,
    factors: Vec<String>,
    /// Row after row.
    degrees: Vec<f64>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMembership {
    grades: Grades,
    factors: Vec<String>,
    degrees: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawMembership> for Membership {
    type Error = crate::error::Error;

    fn try_from(raw: RawMembership) -> Result<Self> {
        let expected = raw.factors.len() * raw.grades.len();
        check::length(raw.degrees.len(), expected, || "the list of degrees".into())?;
        let rows = raw.degrees.chunks_exact(raw.grades.len());
        Self::new(&raw.grades, raw.factors.into_iter().zip(rows))
    }
}

impl Membership {
    /// A row of degrees for each factor, in the order of the grades.
    ///
    /// # Errors
    ///
    /// Factors missing, blank or given twice; a row of the wrong length or all zeros; a degree outside \[0, 1\].
    pub fn new<S: Into<String>, R: AsRef<[f64]>>(
        grades: &Grades,
        rows: impl IntoIterator<Item = (S, R)>,
    ) -> Result<Self> {
        let degree = |factor: &str, grade: &str, degree: f64| {
            check::unit(degree, || format!("the membership of `{factor}` in `{grade}`"))
        };
        Self::from_rows(grades, rows, "all grades have degree 0", degree)
    }

    /// From how many raters gave each grade: degrees are shares of the raters.
    ///
    /// Counts may be fractional, so that raters may carry weights.
    ///
    /// # Formula
    ///
    /// rᵢⱼ = nᵢⱼ / Σₖ nᵢₖ
    ///
    /// # Errors
    ///
    /// Factors missing, blank or given twice; a row of the wrong length or without a rater; a count negative or not
    /// finite.
    pub fn from_counts<S: Into<String>, N: Into<f64> + Copy, R: AsRef<[N]>>(
        grades: &Grades,
        rows: impl IntoIterator<Item = (S, R)>,
    ) -> Result<Self> {
        let rows = rows.into_iter().map(|(factor, counts)| {
            let counts: Vec<f64> = counts.as_ref().iter().map(|count| (*count).into()).collect();
            (factor, counts)
        });
        let count = |factor: &str, grade: &str, count: f64| {
            check::non_negative(count, || format!("the count of `{grade}` for `{factor}`"))
        };
        Self::from_rows(grades, rows, "no rater gave a grade", count).map(Self::normalised)
    }

    /// From a measured number for each factor, through the factor's membership functions.
    ///
    /// # Errors
    ///
    /// Factors missing, blank or given twice; a number that is not finite; a partition that has not one function for
    /// each grade, or that leaves the number without a grade.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::fuzzy::{Grades, Membership, Partition};
    ///
    /// let grades = Grades::new(["low", "middle", "high"])?;
    /// let yields = Partition::linear([350.0, 450.0, 550.0])?;
    /// let membership = Membership::from_values(&grades, [("yield", 529.0, &yields)])?;
    /// assert_eq!(membership.row("yield")?, [0.0, 0.20999999999999996, 0.79]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn from_values<'a, S: Into<String>>(
        grades: &Grades,
        values: impl IntoIterator<Item = (S, f64, &'a Partition)>,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        let mut rows = Vec::new();
        for (factor, value, partition) in values {
            let factor = factor.into();
            let degrees =
                check::finite(value, || format!("the value of `{factor}`")).and_then(|value| partition.degrees(value));
            let degrees = faults.check(degrees);
            rows.push((factor, degrees.unwrap_or_default()));
        }
        faults.or(())?;
        Self::new(grades, rows)
    }

    /// From what a group answered: degrees are the shares of the answers, each answer counting in the grades that its
    /// indicator's partition puts it in.
    ///
    /// # Formula
    ///
    /// rᵢⱼ = Σₛ wₛ μᵢⱼ(xₛᵢ) / Σₛ wₛ over the respondents s who answered indicator i, with case weights w. For a scale of
    /// as many points as there are grades, [`Partition::linear`] with the points as knots counts the answers to each.
    ///
    /// # Errors
    ///
    /// No indicator, one that is unknown or given twice; a partition that has not one part for each grade; an indicator
    /// that nobody (of positive weight) answered, or whose answers belong to no grade.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::fuzzy::{Grades, Membership, Partition};
    /// use satindex::survey::Responses;
    ///
    /// let responses = Responses::from_rows(["speed", "skill"], [
    ///     [Some(9.0), Some(4.0)],
    ///     [Some(8.0), None],
    /// ])?;
    /// let grades = Grades::new(["good", "fair", "bad"])?;
    /// let answers = Partition::at_least([9.0, 7.0])?;
    /// let membership = Membership::from_responses(&grades, &responses, ["speed", "skill"].map(|name| (name, &answers)))?;
    /// assert_eq!(membership.row("speed")?, [0.5, 0.5, 0.0]);
    /// assert_eq!(membership.row("skill")?, [0.0, 0.0, 1.0]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn from_responses<'a, S: Into<String>>(
        grades: &Grades,
        responses: &Responses,
        indicators: impl IntoIterator<Item = (S, &'a Partition)>,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        let mut rows = Vec::new();
        for (indicator, partition) in indicators {
            let indicator = indicator.into();
            let row = faults.check(shares(&indicator, responses, partition, grades.len()));
            rows.push((indicator, row.unwrap_or_default()));
        }
        faults.or(())?;
        Self::new(grades, rows)
    }

    /// Gathers the rows, each entry through `check`; `empty` says what a row of zeros means.
    fn from_rows<S: Into<String>, R: AsRef<[f64]>>(
        grades: &Grades,
        rows: impl IntoIterator<Item = (S, R)>,
        empty: &str,
        check: impl Fn(&str, &str, f64) -> Result<f64>,
    ) -> Result<Self> {
        let mut faults = Faults::default();
        let mut factors = Vec::new();
        let mut degrees = Vec::new();
        for (factor, row) in rows {
            let (factor, row) = (factor.into(), row.as_ref());
            let place = || format!("the row of `{factor}`");
            faults.check(check::length(row.len(), grades.len(), place));
            for (grade, degree) in grades.names().iter().zip(row) {
                faults.check(check(&factor, grade, *degree));
            }
            if row.iter().all(|degree| *degree == 0.0) && !row.is_empty() {
                faults.push(ErrorKind::Degenerate { place: place(), reason: empty.into() });
            }
            degrees.extend_from_slice(row);
            factors.push(factor);
        }
        faults.check(check::names(&factors, "factor"));
        faults.or(Self { grades: grades.clone(), factors, degrees })
    }

    /// The same degrees, if every row sums to 1.
    ///
    /// # Errors
    ///
    /// A row sum that differs from 1 by more than 10⁻⁹.
    pub fn stochastic(self) -> Result<Self> {
        let mut faults = Faults::default();
        for (factor, row) in self.rows() {
            let sum: f64 = row.iter().sum();
            if (sum - 1.0).abs() > SUM_TOLERANCE {
                let place = format!("the row of `{factor}` sums to");
                faults.push(ErrorKind::Domain { place, value: sum, expected: "1".into() });
            }
        }
        faults.or(self)
    }

    /// Every row divided by its sum.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        for row in self.degrees.chunks_exact_mut(self.grades.len()) {
            normalise(row);
        }
        self
    }

    /// The grades of the columns.
    pub fn grades(&self) -> &Grades {
        &self.grades
    }

    /// The factors of the rows.
    pub fn factors(&self) -> &[String] {
        &self.factors
    }

    /// The degrees, row after row.
    pub fn degrees(&self) -> &[f64] {
        &self.degrees
    }

    /// Each factor with its degrees.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (&str, &[f64])> {
        self.factors.iter().map(String::as_str).zip(self.degrees.chunks_exact(self.grades.len()))
    }

    /// The degrees of a factor.
    ///
    /// # Errors
    ///
    /// When there is no such factor.
    pub fn row(&self, factor: &str) -> Result<&[f64]> {
        check::position(&self.factors, factor, "factor").map(|at| self.row_at(at))
    }

    pub(crate) fn row_at(&self, at: usize) -> &[f64] {
        &self.degrees[at * self.grades.len()..][..self.grades.len()]
    }

    /// The degrees as a table.
    pub fn table(&self) -> Table {
        let table = Table::new("Membership").column(Column::text("factor", &self.factors));
        self.grades.names().iter().enumerate().fold(table, |table, (grade, name)| {
            table.column(Column::number(name, self.rows().map(|(_, row)| row[grade])).decimals(4))
        })
    }
}

impl fmt::Display for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

/// The mean degree of the answers to an indicator in each grade.
fn shares(indicator: &str, responses: &Responses, partition: &Partition, grades: usize) -> Result<Vec<f64>> {
    check::length(partition.len(), grades, || format!("the partition of `{indicator}`"))?;
    let mut sums = vec![0.0; grades];
    let mut total = 0.0;
    for (respondent, answer) in responses.column(indicator)?.enumerate() {
        let weight = responses.weights().map_or(1.0, |weights| weights[respondent]);
        let Some(answer) = answer.filter(|_| weight > 0.0) else { continue };
        for (grade, sum) in sums.iter_mut().enumerate() {
            *sum += weight * partition.degree(answer, grade)?;
        }
        total += weight;
    }
    if total > 0.0 {
        // The mean of degrees up to 1 may pass 1 by its rounding.
        return Ok(sums.into_iter().map(|sum| (sum / total).min(1.0)).collect());
    }
    let reason = "nobody answered it".into();
    Err(ErrorKind::Degenerate { place: format!("indicator `{indicator}`"), reason }.into())
}

/// Divides non-negative numbers by their sum; false if that is 0.
pub(crate) fn normalise(row: &mut [f64]) -> bool {
    let divide = |row: &mut [f64], by: f64| {
        for degree in row {
            *degree /= by;
        }
    };
    if row.iter().sum::<f64>().is_infinite() {
        // Counts near the end of the range.
        divide(row, f64::MAX);
    }
    let sum: f64 = row.iter().sum();
    let divisible = sum > 0.0;
    if divisible {
        divide(row, sum);
    }
    divisible
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grades() -> Grades {
        Grades::new(["good", "fair", "bad"]).unwrap()
    }

    fn fault(rows: &[(&str, &[f64])]) -> String {
        Membership::new(&grades(), rows.iter().copied()).unwrap_err().to_string()
    }

    #[test]
    fn errors_name_factor_and_grade() {
        assert_eq!(
            fault(&[("a", &[0.5, f64::NAN, 1.5]), ("b", &[0.0, 0.0, 0.0])]),
            "the membership of `a` in `fair` is NaN; expected a finite number; \
             the membership of `a` in `bad` is 1.5; expected a number from 0 to 1; \
             the row of `b`: all grades have degree 0"
        );
        assert_eq!(fault(&[("a", &[0.5])]), "the row of `a` has length 1; expected 3");
        assert_eq!(fault(&[]), "the list of factors is empty");
        assert_eq!(fault(&[("a", &[1.0, 0.0, 0.0]), ("a", &[1.0, 0.0, 0.0])]), "duplicate factor `a`");
    }

    #[test]
    fn counts_need_raters() {
        let counts = |row: [f64; 3]| Membership::from_counts(&grades(), [("a", row)]);
        assert_eq!(counts([3.0, 1.0, 0.0]).unwrap().degrees(), [0.75, 0.25, 0.0]);
        assert_eq!(counts([1e308, 1e308, 1e308]).unwrap().degrees(), [1.0 / 3.0; 3]);
        assert_eq!(counts([0.0; 3]).unwrap_err().to_string(), "the row of `a`: no rater gave a grade");
        assert_eq!(
            counts([1.0, -1.0, 0.0]).unwrap_err().to_string(),
            "the count of `fair` for `a` is -1; expected a number that is not negative"
        );
    }

    #[test]
    fn values_need_a_function_for_each_grade() {
        let two = Partition::linear([0.0, 1.0]).unwrap();
        let error = Membership::from_values(&grades(), [("a", 0.5, &two)]).unwrap_err();
        assert_eq!(error.to_string(), "the row of `a` has length 2; expected 3");
        let error = Membership::from_values(&grades(), [("a", f64::NAN, &two)]).unwrap_err();
        assert_eq!(error.to_string(), "the value of `a` is NaN; expected a finite number");
    }

    #[test]
    fn responses_are_counted_with_their_weights() {
        let rows = [[Some(1.0), None], [Some(2.0), Some(3.0)], [Some(2.0), Some(1.0)], [None, Some(2.0)]];
        let responses = Responses::from_rows(["a", "b"], rows).unwrap().with_weights([2.0, 1.0, 1.0, 0.0]).unwrap();
        let scale = Partition::linear([1.0, 2.0, 3.0]).unwrap();
        let asked = |names: &[&'static str]| {
            Membership::from_responses(&grades(), &responses, names.iter().map(|name| (*name, &scale)))
        };
        assert_eq!(asked(&["b", "a"]).unwrap().degrees(), [0.5, 0.0, 0.5, 0.5, 0.5, 0.0]);
        assert_eq!(asked(&["c"]).unwrap_err().to_string(), "unknown indicator `c`");
        let two = Partition::at_least([2.0]).unwrap();
        let error = Membership::from_responses(&grades(), &responses, [("a", &two)]).unwrap_err();
        assert_eq!(error.to_string(), "the partition of `a` has length 2; expected 3");
        let last = responses.subset(&[0, 3]).unwrap();
        let error = Membership::from_responses(&grades(), &last, [("b", &scale)]).unwrap_err();
        assert_eq!(error.to_string(), "indicator `b`: nobody answered it");
    }

    #[test]
    fn row_sums_matter_only_on_request() {
        let rows = [("a", [0.5, 0.5, 0.0]), ("b", [0.5, 0.25, 0.0])];
        let membership = Membership::new(&grades(), rows).unwrap();
        assert_eq!(membership.row("b").unwrap(), [0.5, 0.25, 0.0]);
        assert_eq!(membership.clone().stochastic().unwrap_err().to_string(), "the row of `b` sums to 0.75; expected 1");
        let normalised = membership.normalised();
        assert_eq!(normalised.row("b").unwrap(), [0.5 / 0.75, 0.25 / 0.75, 0.0]);
        assert!(normalised.stochastic().is_ok());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let membership = Membership::new(&grades(), [("a", [0.5, 0.25, 0.25])]).unwrap();
        let text = serde_json::to_string(&membership).unwrap();
        assert_eq!(serde_json::from_str::<Membership>(&text).unwrap(), membership);
        assert!(serde_json::from_str::<Membership>(&text.replace("0.5,", "1.5,")).is_err());
        assert!(serde_json::from_str::<Membership>(&text.replace("0.5,", "")).is_err());
    }
}
