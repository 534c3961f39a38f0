//! Scores as they are stored.

use nalgebra::DMatrix;

use super::Scores;
use crate::error::{Error, Result};
use crate::numeric::check;

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    constructs: Vec<String>,
    /// Respondent by respondent; `None` where an answer is missing.
    values: Vec<Vec<Option<f64>>>,
}

impl From<Scores> for Saved {
    fn from(scores: Scores) -> Self {
        let row = |at: usize| (0..scores.constructs.len()).map(|construct| scores.get(at, construct)).collect();
        Self { values: (0..scores.rows()).map(row).collect(), constructs: scores.constructs }
    }
}

impl TryFrom<Saved> for Scores {
    type Error = Error;

    fn try_from(Saved { constructs, values }: Saved) -> Result<Self> {
        check::names(&constructs, "construct")?;
        for (row, scores) in values.iter().enumerate() {
            check::length(scores.len(), constructs.len(), || format!("the scores of row {}", row + 1))?;
            for (construct, score) in constructs.iter().zip(scores) {
                check::finite(score.unwrap_or_default(), || format!("the score of row {} on `{construct}`", row + 1))?;
            }
        }
        let score = |row: usize, construct: usize| values[row][construct].unwrap_or(f64::NAN);
        let values = DMatrix::from_fn(values.len(), constructs.len(), score);
        Ok(Self { constructs, values })
    }
}
