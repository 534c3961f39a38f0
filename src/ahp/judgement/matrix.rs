//! Judgements from a full matrix, whose two triangles may not agree.

use crate::ahp::judgement::{Judgements, agree, index_pairs};
use crate::error::{Faults, Result};
use crate::numeric::check;

/// What to do about the two triangles of a full matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reciprocity {
    /// aᵢⱼ·aⱼᵢ may differ from 1 by this much. Of the two the larger is kept: where 0.33 stands beside 3, it is the
    /// rounded one.
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
            upper.push(faults.check(blank.reconcile(row, column, given, reverse, reciprocity)).flatten());
        }
        faults.or(())?;
        blank.with_upper(&upper)
    }

    /// One ratio out of aᵢⱼ and aⱼᵢ.
    pub(super) fn reconcile(
        &self,
        row: usize,
        column: usize,
        given: Option<f64>,
        reverse: Option<f64>,
        reciprocity: Reciprocity,
    ) -> Result<Option<f64>> {
        let reverse = if reciprocity == Reciprocity::Upper { None } else { reverse };
        let given = given.map(|ratio| self.checked(row, column, ratio)).transpose()?;
        let reverse = reverse.map(|ratio| self.checked(column, row, ratio)).transpose()?;
        let (Some(a), Some(b)) = (given, reverse) else {
            return Ok(given.or(reverse.map(|ratio| 1.0 / ratio)));
        };
        match reciprocity {
            Reciprocity::Within(tolerance) if !agree(a, b, tolerance) => {
                Err(self.contradiction(row, column, a, true, b))
            }
            Reciprocity::Within(_) | Reciprocity::Upper => Ok(Some(larger(a, b))),
            Reciprocity::Mean => Ok(Some((a / b).sqrt())),
        }
    }
}

/// aᵢⱼ by the larger of aᵢⱼ and aⱼᵢ.
fn larger(given: f64, reverse: f64) -> f64 {
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
