//! Judgements from a full matrix, whose two triangles may not agree.

use crate::ahp::judgement::{Judgements, agree, index_pairs};
use crate::error::{Faults, Result};
use crate::numeric::check;

/// How the two triangles of a full matrix become one.
///
/// # Examples
///
/// ```
/// use satindex::ahp::{Judgements, Reciprocity};
///
/// let rows = [[1.0, 3.0], [0.33, 1.0]]; // 1/3 to two decimals
/// let judgements = Judgements::from_matrix(["speed", "skill"], &rows, Reciprocity::Within(0.045))?;
/// assert_eq!(judgements.get("speed", "skill")?, Some(3.0));
/// assert!(Judgements::from_matrix(["speed", "skill"], &rows, Reciprocity::Within(1e-9)).is_err());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Reciprocity {
    /// aᵢⱼ·aⱼᵢ may differ from 1 by this much. Of the two the larger is kept: where 0.33 stands beside 3, it is the
    /// rounded one.
    ///
    /// | matrix | tolerance |
    /// |---|---|
    /// | reciprocals computed, or written as fractions | 1e-9 |
    /// | ratios up to 9, reciprocals rounded to three decimals (8 beside 0.125, 9 beside 0.111) | 0.0045 |
    /// | ratios up to 9, reciprocals rounded to two decimals (3 beside 0.33, 8 beside 0.13) | 0.045 |
    /// | ratios up to g, reciprocals rounded to d decimals | ½·10⁻ᵈ·g |
    ///
    /// A reciprocal that was rounded to d decimals is off by at most ½·10⁻ᵈ, and the product by g times as much. A CSV file
    /// shows its decimals, so that [`Judgements::from_csv`] needs no tolerance.
    Within(f64),
    /// The triangle above the diagonal counts, the other is not looked at.
    Upper,
    /// Both count equally: √(aᵢⱼ / aⱼᵢ).
    Mean,
}

impl Judgements {
    /// A full matrix, row by row; the cells are `f64`, or `Option<f64>` where some were not judged.
    ///
    /// Where only one of aᵢⱼ and aⱼᵢ is known, it counts.
    ///
    /// # Errors
    ///
    /// As for [`Judgements::from_upper`]; a matrix that is not n × n; a diagonal other than 1; two triangles that
    /// contradict each other, naming the pair and both values.
    pub fn from_matrix<S: Into<String>, R: AsRef<[C]>, C: Copy + Into<Option<f64>>>(
        labels: impl IntoIterator<Item = S>,
        rows: &[R],
        reciprocity: Reciprocity,
    ) -> Result<Self> {
        let blank = Self::new(labels)?;
        let n = blank.len();
        check::length(rows.len(), n, || "the list of rows".into())?;
        for (row, label) in rows.iter().zip(blank.labels()) {
            check::length(row.as_ref().len(), n, || format!("the row of `{label}`"))?;
        }
        if let Reciprocity::Within(tolerance) = reciprocity {
            check::non_negative(tolerance, || "the tolerance of reciprocity".into())?;
        }
        let cell = |row: usize, column: usize| rows[row].as_ref()[column].into();
        let mut faults = Faults::default();
        for row in 0..n {
            faults.check(blank.diagonal(row, cell(row, row)));
        }
        let mut upper = Vec::with_capacity(blank.upper.len());
        for (row, column) in index_pairs(n) {
            let (given, reverse) = (cell(row, column), cell(column, row));
            let reverse = if reciprocity == Reciprocity::Upper { None } else { reverse };
            let one = |a: f64, b: f64| match reciprocity {
                Reciprocity::Within(tolerance) => agree(a, b, tolerance).then(|| larger(a, b)),
                Reciprocity::Upper => Some(a),
                Reciprocity::Mean => Some((a / b).sqrt()),
            };
            upper.push(faults.check(blank.reconcile(row, column, given, reverse, one)).flatten());
        }
        faults.or(())?;
        blank.with_upper(&upper)
    }

    /// One ratio out of aᵢⱼ and aⱼᵢ: where both are known, what `one` makes of them, or a contradiction.
    pub(super) fn reconcile(
        &self,
        row: usize,
        column: usize,
        given: Option<f64>,
        reverse: Option<f64>,
        one: impl Fn(f64, f64) -> Option<f64>,
    ) -> Result<Option<f64>> {
        let given = given.map(|ratio| self.checked(row, column, ratio)).transpose()?;
        let reverse = reverse.map(|ratio| self.checked(column, row, ratio)).transpose()?;
        let (Some(a), Some(b)) = (given, reverse) else {
            return Ok(given.or(reverse.map(|ratio| 1.0 / ratio)));
        };
        one(a, b).map(Some).ok_or_else(|| self.contradiction(row, column, a, true, b))
    }
}

/// aᵢⱼ by the larger of aᵢⱼ and aⱼᵢ.
pub(super) fn larger(given: f64, reverse: f64) -> f64 {
    if given >= reverse { given } else { 1.0 / reverse }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_full_matrix_is_checked_or_enforced() {
        let rows = [[1.0, 0.33], [3.0, 1.0]];
        let build = |reciprocity| Judgements::from_matrix(["a", "b"], &rows, reciprocity);
        assert_eq!(message(build(Reciprocity::Within(1e-9))), "`a` against `b` is 0.33, but `b` against `a` is 3");
        // 0.33 is the rounded one: 3 is kept.
        assert_eq!(build(Reciprocity::Within(0.02)).unwrap().at(0, 1), Some(1.0 / 3.0));
        assert_eq!(build(Reciprocity::Upper).unwrap().at(0, 1), Some(0.33));
        assert_eq!(build(Reciprocity::Mean).unwrap().at(0, 1), Some((0.33_f64 / 3.0).sqrt()));
        assert_eq!(
            message(build(Reciprocity::Within(f64::NAN))),
            "the tolerance of reciprocity is NaN; expected a finite number"
        );
        let other = |rows: &[&[f64]]| message(Judgements::from_matrix(["a", "b"], rows, Reciprocity::Upper));
        assert_eq!(other(&[&[1.0, 2.0], &[0.5, 2.0]]), "`b` against `b` is 2; expected 1");
        assert_eq!(other(&[&[1.0, 2.0], &[0.5]]), "the row of `b` has length 1; expected 2");
        assert_eq!(other(&[&[1.0, 2.0]]), "the list of rows has length 1; expected 2");
    }

    /// The tolerances of the table, each at its edge: no reciprocal that was rounded so is refused.
    #[test]
    fn rounded_reciprocals_lie_within_their_tolerance() {
        for (decimals, tolerance) in [(2, 0.045), (3, 0.0045)] {
            for ratio in 2..=9 {
                let ratio = f64::from(ratio);
                let unit = 10_f64.powi(decimals);
                for reciprocal in [(unit / ratio).round() / unit, (unit / ratio - 0.5).ceil() / unit] {
                    let rows = [[1.0, ratio], [reciprocal, 1.0]];
                    let build = |by| Judgements::from_matrix(["a", "b"], &rows, Reciprocity::Within(by));
                    assert_eq!(build(tolerance).unwrap().at(0, 1), Some(ratio));
                    assert!(build(0.01 * tolerance).is_err() || (ratio * reciprocal - 1.0).abs() < 1e-12);
                }
            }
        }
        let at_the_edge =
            |a: f64, b: f64, by| Judgements::from_matrix(["a", "b"], &[[1.0, a], [b, 1.0]], Reciprocity::Within(by));
        assert!(at_the_edge(9.0, 0.11, 0.01).is_ok() && at_the_edge(9.0, 0.11, 0.009).is_err());
        assert!(at_the_edge(8.0, 0.13, 0.04).is_ok() && at_the_edge(16.0, 0.063, 0.008).is_ok());
    }

    #[test]
    fn zero_is_not_nothing() {
        let rows = [[1.0, 3.0], [0.0, 1.0]];
        let error = message(Judgements::from_matrix(["a", "b"], &rows, Reciprocity::Within(1e-9)));
        assert_eq!(
            error,
            "`b` against `a` is 0; expected a ratio from 1e-100 to 1e100, or nothing (`None`, an empty cell) where the pair \
             was not judged"
        );
        assert!(Judgements::from_matrix(["a", "b"], &rows, Reciprocity::Upper).is_ok());
    }

    #[test]
    fn half_known_pairs_count() {
        let rows = [[None, None, None], [Some(4.0), None, None], [None, None, None]];
        let judgements = Judgements::from_matrix(["a", "b", "c"], &rows, Reciprocity::Within(0.0)).unwrap();
        assert_eq!(judgements.at(0, 1), Some(0.25));
        assert_eq!(judgements.unknown().collect::<Vec<_>>(), [("a", "c"), ("b", "c")]);
        assert_eq!(
            message(judgements.require_complete()),
            "not judged: `a` against `c`, `b` against `c`; a method for judgements with gaps is needed"
        );
    }
}
