//! Weights from data: what tells the alternatives apart counts more.

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::weights::{Origin, Weights};

/// Whether more of a criterion is better or worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Direction {
    /// More is better.
    #[default]
    Benefit,
    /// Less is better.
    Cost,
}

/// Alternatives (or respondents, or periods) in rows, named criteria in columns: finite numbers, at least two rows.
///
/// # Examples
///
/// ```
/// use nalgebra::DMatrix;
/// use satindex::weights::DecisionMatrix;
///
/// let values = DMatrix::from_row_slice(3, 2, &[3.0, 100.0, 2.5, 80.0, 1.8, 50.0]);
/// let data = DecisionMatrix::new(["range", "price"], values)?.with_costs(["price"])?;
/// let weights = data.critic()?.into_weights();
/// assert_eq!(weights.names(), ["range", "price"]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawDecisionMatrix"))]
pub struct DecisionMatrix {
    criteria: Vec<String>,
    directions: Vec<Direction>,
    values: DMatrix<f64>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct RawDecisionMatrix {
    criteria: Vec<String>,
    directions: Vec<Direction>,
    values: DMatrix<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawDecisionMatrix> for DecisionMatrix {
    type Error = crate::error::Error;

    fn try_from(raw: RawDecisionMatrix) -> Result<Self> {
        check::length(raw.directions.len(), raw.criteria.len(), || "the list of directions".into())?;
        Ok(Self { directions: raw.directions, ..Self::new(raw.criteria, raw.values)? })
    }
}

impl DecisionMatrix {
    /// Values with one column for each criterion; more is better for all, until [`DecisionMatrix::with_costs`] says
    /// otherwise.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice, or not one for each column; fewer than two rows; a value that is not finite.
    pub fn new<S: Into<String>>(criteria: impl IntoIterator<Item = S>, values: DMatrix<f64>) -> Result<Self> {
        let criteria: Vec<String> = criteria.into_iter().map(Into::into).collect();
        check::names(&criteria, "column")?;
        check::length(values.ncols(), criteria.len(), || "a row of the decision matrix".into())?;
        if values.nrows() < 2 {
            let reason = format!("needs at least two rows and has {}", values.nrows());
            return Err(ErrorKind::Degenerate { place: "the decision matrix".into(), reason }.into());
        }
        let mut faults = Faults::default();
        for (name, column) in criteria.iter().zip(values.column_iter()) {
            for (row, value) in column.iter().enumerate() {
                if !value.is_finite() {
                    let place = format!("row {} of column `{name}`", row + 1);
                    faults.note(|| ErrorKind::NotFinite { place, value: *value });
                }
            }
        }
        let directions = vec![Direction::Benefit; criteria.len()];
        faults.or(Self { criteria, directions, values })
    }

    /// The same values, with these criteria as costs: less of them is better.
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

    /// The names of the columns.
    pub fn criteria(&self) -> &[String] {
        &self.criteria
    }

    /// Whether more is better, for each column.
    pub fn directions(&self) -> &[Direction] {
        &self.directions
    }

    /// The values.
    pub fn values(&self) -> &DMatrix<f64> {
        &self.values
    }

    /// Weights in proportion to the standard deviations of the columns scaled to [0, 1] by their least and greatest value.
    ///
    /// A column of one value has the weight 0. Neither the divisor of the variance (n or n − 1) nor the direction of a
    /// criterion makes a difference.
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

    /// The deviations from its mean of a column scaled to [0, 1], 1 the best; none for a constant column.
    pub(super) fn centred(&self, column: usize) -> Option<Vec<f64>> {
        let values = self.values.column(column);
        let (least, greatest) = (values.min(), values.max());
        if least == greatest {
            return None;
        }
        // Halves, so that the difference of two huge numbers does not overflow.
        let range = greatest / 2.0 - least / 2.0;
        let scaled: Vec<f64> = match self.directions[column] {
            Direction::Benefit => values.iter().map(|value| (value / 2.0 - least / 2.0) / range).collect(),
            Direction::Cost => values.iter().map(|value| (greatest / 2.0 - value / 2.0) / range).collect(),
        };
        let mean = scaled.iter().sum::<f64>() / scaled.len() as f64;
        Some(scaled.into_iter().map(|value| value - mean).collect())
    }

    /// The weights in proportion to how much each column tells, unless none tells anything.
    pub(super) fn weights(&self, information: Vec<f64>, method: &str) -> Result<Weights> {
        if information.iter().all(|value| *value == 0.0) {
            let reason = "every column is constant".into();
            return Err(ErrorKind::Degenerate { place: "the decision matrix".into(), reason }.into());
        }
        Ok(Weights::normalised(self.criteria.iter().cloned(), information)?.with_origin(Origin::Data(method.into())))
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn nothing_invalid_is_read_back() {
        let values = DMatrix::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.5]);
        let data = DecisionMatrix::new(["a", "b"], values).unwrap().with_costs(["b"]).unwrap();
        let text = serde_json::to_string(&data).unwrap();
        assert_eq!(serde_json::from_str::<DecisionMatrix>(&text).unwrap(), data);
        for (valid, invalid) in [(r#""a""#, r#""b""#), (r#""benefit","#, ""), ("4.5", "1e999"), ("4.5]", "4.5,1.0]")] {
            assert!(text.contains(valid));
            assert!(serde_json::from_str::<DecisionMatrix>(&text.replace(valid, invalid)).is_err());
        }
    }
}
