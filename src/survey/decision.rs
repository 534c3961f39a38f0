//! Answers as a decision matrix: respondents in rows, indicators in columns.

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::survey::{Direction, Indicator, Responses};
use crate::weights::DecisionMatrix;

/// Respondents as the alternatives 1, 2, …, indicators as the criteria. An indicator on a scale on which lower is better is
/// a cost.
///
/// # Errors
///
/// A missing answer; case weights, which a decision matrix does not have; fewer than two respondents.
///
/// # Examples
///
/// ```
/// use satindex::survey::Responses;
/// use satindex::weights::DecisionMatrix;
///
/// let answers = [[9.0, 4.0], [5.0, 4.5], [1.0, 5.0]].map(|row| row.map(Some));
/// let responses = Responses::from_rows(["speed", "skill"], answers)?;
/// let weights = DecisionMatrix::try_from(&responses)?.coefficient_of_variation()?;
/// assert!(weights.get("speed")? > weights.get("skill")?);
/// # Ok::<(), satindex::Error>(())
/// ```
impl TryFrom<&Responses> for DecisionMatrix {
    type Error = Error;

    fn try_from(responses: &Responses) -> Result<Self> {
        if responses.weights().is_some() {
            let place = "the decision matrix".into();
            let reason = "its rows all count the same, but the responses have case weights".into();
            return Err(ErrorKind::Unsupported { place, reason }.into());
        }
        let names: Vec<&str> = responses.names().collect();
        let mut faults = Faults::default();
        let mut rows = Vec::with_capacity(responses.rows());
        for row in 0..responses.rows() {
            let answers = names.iter().enumerate().map(|(column, name)| {
                responses.get(row, column).unwrap_or_else(|| {
                    faults.note(|| ErrorKind::MissingAnswer { row: row + 1, indicator: (*name).into() });
                    0.0
                })
            });
            rows.push(answers.collect::<Vec<f64>>());
        }
        faults.or(())?;
        let reversed = responses
            .indicators()
            .iter()
            .filter(|indicator| indicator.scale().is_some_and(|scale| scale.direction() == Direction::LowerIsBetter));
        let costs: Vec<&str> = reversed.map(Indicator::name).collect();
        Self::new(names, rows)?.with_costs(costs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::Scale;

    #[test]
    fn gaps_and_case_weights_are_refused() {
        let responses = Responses::from_rows(["a", "b"], [[Some(1.0), None], [Some(2.0), Some(3.0)]]).unwrap();
        let message = |responses: &Responses| DecisionMatrix::try_from(responses).unwrap_err().to_string();
        assert_eq!(message(&responses), "the answer of row 1 to `b` is missing");
        let weighted = responses.with_weights([1.0, 2.0]).unwrap();
        assert!(message(&weighted).contains("case weights"));
    }

    #[test]
    fn a_scale_on_which_lower_is_better_is_a_cost() {
        let responses = Responses::from_rows(["a"], [[Some(1.0)], [Some(2.0)]]).unwrap();
        let scale = Scale::new(1.0, 5.0).unwrap().reversed();
        let matrix = DecisionMatrix::try_from(&responses.with_scale(scale).unwrap()).unwrap();
        assert_eq!(matrix.directions(), [crate::weights::Direction::Cost]);
        assert_eq!(matrix.get("2", "a").unwrap(), 2.0);
    }
}
