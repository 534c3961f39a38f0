//! Weights from data: a criterion that tells the alternatives apart counts more.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::{check, rounding};
use crate::weights::{Origin, Weights};

/// Whether more of a criterion is better or worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// More is better.
    #[default]
    Benefit,
    /// Less is better.
    Cost,
}

named!(Direction, "direction", { Benefit => "benefit", Cost => "cost" });

/// Alternatives (or respondents, or periods) in rows, named criteria in columns: finite numbers, at least two rows.
///
/// # Examples
///
/// ```
/// use satindex::weights::DecisionMatrix;
///
/// let cars = [[3.0, 100.0], [2.5, 80.0], [1.8, 50.0]];
/// let data = DecisionMatrix::new(["range", "price"], cars)?.with_costs(["price"])?;
/// let weights = data.critic()?.into_weights();
/// assert_eq!(weights.names(), ["range", "price"]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct DecisionMatrix {
    alternatives: Vec<String>,
    criteria: Vec<String>,
    directions: Vec<Direction>,
    rows: Vec<Vec<f64>>,
}

checked_when_read!(DecisionMatrix);

impl DecisionMatrix {
    /// One row of values for each alternative, one value for each criterion.
    ///
    /// The alternatives are called 1, 2, … until [`DecisionMatrix::with_alternatives`] names them, and more is better for
    /// every criterion until [`DecisionMatrix::with_costs`] says otherwise.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; fewer than two rows; a row that has not one value for each criterion; a value
    /// that is not finite.
    pub fn new<S: Into<String>, R: AsRef<[f64]>>(
        criteria: impl IntoIterator<Item = S>,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<Self> {
        let criteria: Vec<String> = criteria.into_iter().map(Into::into).collect();
        let rows: Vec<Vec<f64>> = rows.into_iter().map(|row| row.as_ref().to_vec()).collect();
        let alternatives = (1..=rows.len()).map(|number| number.to_string()).collect();
        let directions = vec![Direction::Benefit; criteria.len()];
        let matrix = Self { alternatives, criteria, directions, rows };
        matrix.check()?;
        Ok(matrix)
    }

    fn check(&self) -> Result<()> {
        check::names(&self.criteria, "column")?;
        check::length(self.directions.len(), self.criteria.len(), || "the list of directions".into())?;
        if self.rows.len() < 2 {
            let reason = format!("needs at least two rows and has {}", self.rows.len());
            return Err(ErrorKind::Degenerate { place: "the decision matrix".into(), reason }.into());
        }
        check::names(&self.alternatives, "row")?;
        check::length(self.rows.len(), self.alternatives.len(), || "the list of rows".into())?;
        let mut faults = Faults::default();
        for (alternative, row) in self.rows() {
            if let Err(fault) = check::length(row.len(), self.criteria.len(), || format!("row `{alternative}`")) {
                faults.note(|| fault);
            }
            for (criterion, value) in self.criteria.iter().zip(row).filter(|(_, value)| !value.is_finite()) {
                let place = || format!("row `{alternative}` of column `{criterion}`");
                faults.note(|| ErrorKind::NotFinite { place: place(), value: *value });
            }
        }
        faults.or(())
    }

    /// The same values with names for the alternatives, in the order of the rows.
    ///
    /// # Errors
    ///
    /// Names blank or given twice, or not one for each row.
    pub fn with_alternatives<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        check::length(names.len(), self.rows.len(), || "the list of alternatives".into())?;
        check::names(&names, "row")?;
        self.alternatives = names;
        Ok(self)
    }

    /// The same values with these criteria as costs: less of them is better.
    ///
    /// # Errors
    ///
    /// A name that is no criterion.
    pub fn with_costs<S: AsRef<str>>(mut self, costs: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut faults = Faults::default();
        for name in costs {
            if let Some(at) = faults.check(check::position(&self.criteria, name.as_ref(), "column")) {
                self.directions[at] = Direction::Cost;
            }
        }
        faults.or(self)
    }

    /// The names of the rows.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The names of the columns.
    pub fn criteria(&self) -> &[String] {
        &self.criteria
    }

    /// Whether more is better, for each column.
    pub fn directions(&self) -> &[Direction] {
        &self.directions
    }

    /// Each alternative with its values, in the order of the criteria.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (&str, &[f64])> {
        self.alternatives.iter().map(String::as_str).zip(self.rows.iter().map(Vec::as_slice))
    }

    /// The value of an alternative under a criterion.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn get(&self, alternative: &str, criterion: &str) -> Result<f64> {
        let row = check::position(&self.alternatives, alternative, "row")?;
        check::position(&self.criteria, criterion, "column").map(|column| self.rows[row][column])
    }

    /// The values under the criterion at this place.
    pub(super) fn column(&self, at: usize) -> Vec<f64> {
        self.rows.iter().map(|row| row[at]).collect()
    }

    /// Weights in proportion to the standard deviations of the columns scaled to [0, 1] by their least and greatest value.
    ///
    /// A column that is constant up to rounding has the weight 0. Neither the divisor of the variance (n or n − 1) nor the
    /// direction of a criterion makes a difference.
    ///
    /// # Errors
    ///
    /// When every column is constant.
    pub fn standard_deviation(&self) -> Result<Weights> {
        let deviations: Vec<f64> = (0..self.criteria.len())
            .map(|column| self.centred(column).map_or(0.0, |centred| centred.iter().map(|d| d * d).sum::<f64>().sqrt()))
            .collect();
        self.weights(deviations, "standard deviation")
    }

    /// A column scaled to [0, 1], 1 the best; none for a constant column.
    pub(super) fn scaled(&self, column: usize) -> Option<Vec<f64>> {
        let values = self.column(column);
        if is_constant(&values) {
            return None;
        }
        let (least, greatest) = extremes(&values);
        // Halves, so that the difference of two huge numbers does not overflow.
        let range = greatest / 2.0 - least / 2.0;
        Some(match self.directions[column] {
            Direction::Benefit => values.iter().map(|value| (value / 2.0 - least / 2.0) / range).collect(),
            Direction::Cost => values.iter().map(|value| (greatest / 2.0 - value / 2.0) / range).collect(),
        })
    }

    /// The deviations from its mean of a column scaled to [0, 1]; none for a constant column.
    pub(super) fn centred(&self, column: usize) -> Option<Vec<f64>> {
        let scaled = self.scaled(column)?;
        let mean = scaled.iter().sum::<f64>() / scaled.len() as f64;
        Some(scaled.into_iter().map(|value| value - mean).collect())
    }

    /// The weights in proportion to how much each column tells; an error where none tells anything.
    pub(super) fn weights(&self, information: Vec<f64>, method: &str) -> Result<Weights> {
        if information.iter().all(|value| *value == 0.0) {
            let reason = "every column is constant".into();
            return Err(ErrorKind::Degenerate { place: "the decision matrix".into(), reason }.into());
        }
        Ok(Weights::normalised(self.criteria.iter().cloned(), information)?.with_origin(Origin::Data(method.into())))
    }
}

/// The least and the greatest of some numbers.
pub(super) fn extremes(values: &[f64]) -> (f64, f64) {
    let range = (f64::INFINITY, f64::NEG_INFINITY);
    values.iter().fold(range, |(least, greatest), value| (least.min(*value), greatest.max(*value)))
}

/// Are these numbers the same up to their rounding?
pub(super) fn is_constant(values: &[f64]) -> bool {
    let (least, greatest) = extremes(values);
    rounding::is_constant(greatest / 2.0 - least / 2.0, greatest.abs().max(least.abs()) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_is_constant_up_to_rounding() {
        assert!(is_constant(&[0.1 + 0.2, 0.3, 0.3]));
        assert!(is_constant(&[-1e300, -1e300]) && is_constant(&[0.0, -0.0]));
        assert!(
            !is_constant(&[1.0, 1.0 + 1e-11]) && !is_constant(&[0.0, 1e-300]) && !is_constant(&[f64::MIN, f64::MAX])
        );
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let data = DecisionMatrix::new(["a", "b"], [[1.0, 2.0], [3.0, 4.5]]).unwrap().with_costs(["b"]).unwrap();
        let text = serde_json::to_string(&data).unwrap();
        assert_eq!(
            text,
            r#"{"alternatives":["1","2"],"criteria":["a","b"],"directions":["benefit","cost"],"rows":[[1.0,2.0],[3.0,4.5]]}"#
        );
        assert_eq!(serde_json::from_str::<DecisionMatrix>(&text).unwrap(), data);
        for (valid, invalid) in [
            (r#""a""#, r#""b""#),
            (r#""benefit","#, ""),
            (r#""benefit""#, r#""benifit""#),
            ("4.5", "1e999"),
            ("4.5]", "4.5,1.0]"),
            (r#""1","2""#, r#""1""#),
            (r#""rows""#, r#""values""#),
        ] {
            assert!(text.contains(valid));
            assert!(serde_json::from_str::<DecisionMatrix>(&text.replace(valid, invalid)).is_err());
        }
    }
}
