//! The serialised form of [`Responses`], checked when read.

use serde::{Deserialize, Serialize};

use super::Responses;
use crate::error::{Error, Faults, Result};
use crate::numeric::check;
use crate::survey::answer::not_finite;
use crate::survey::fact_column::FactColumn;
use crate::survey::indicator::{self, Indicator};
use crate::survey::{Group, NoAnswer};

/// Answers indicator by indicator, a missing one as null.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawResponses {
    indicators: Vec<Indicator>,
    answers: Vec<Vec<Answer>>,
    #[serde(default)]
    weights: Option<Vec<f64>>,
    #[serde(default)]
    groups: Vec<Group>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    facts: Vec<FactColumn>,
}

/// A number, null where the question was not answered, or the reason why there is no answer.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
enum Answer {
    Number(f64),
    Reason(NoAnswer),
    NotAnswered(()),
}

impl Answer {
    fn of(answer: f64) -> Self {
        match NoAnswer::of(answer) {
            None => Self::Number(answer),
            Some(NoAnswer::NotAnswered) => Self::NotAnswered(()),
            Some(reason) => Self::Reason(reason),
        }
    }

    fn number(self) -> f64 {
        match self {
            Self::Number(number) => number,
            Self::Reason(reason) => reason.number(),
            Self::NotAnswered(()) => f64::NAN,
        }
    }
}

impl From<Responses> for RawResponses {
    fn from(responses: Responses) -> Self {
        let column = |at| responses.answers_to(at).iter().map(|answer| Answer::of(*answer)).collect();
        Self {
            answers: (0..responses.indicators().len()).map(column).collect(),
            weights: responses.weights().map(Into::into),
            groups: responses.groups().to_vec(),
            facts: responses.facts().to_vec(),
            indicators: responses.indicators().to_vec(),
        }
    }
}

impl TryFrom<RawResponses> for Responses {
    type Error = Error;

    fn try_from(raw: RawResponses) -> Result<Self> {
        let indicators = indicator::distinct(raw.indicators)?;
        check::length(raw.answers.len(), indicators.len(), || "the list of columns of answers".into())?;
        let rows = raw.answers.first().map_or(0, Vec::len);
        let mut faults = Faults::default();
        for (indicator, column) in indicators.iter().zip(&raw.answers) {
            let name = indicator.name();
            faults.check(check::length(column.len(), rows, || format!("the list of answers to `{name}`")));
            for (at, answer) in column.iter().enumerate() {
                if let Answer::Number(value) = *answer
                    && !value.is_finite()
                {
                    faults.note(|| not_finite(at, indicator, value));
                }
            }
        }
        faults.or(())?;
        let column = |answers: Vec<Answer>| answers.into_iter().map(Answer::number).collect();
        let columns = raw.answers.into_iter().map(column).collect();
        let mut responses = Self::from_columns(indicators, columns)?.on_scale()?;
        responses = responses.with_groups(raw.groups)?.with_facts(raw.facts)?;
        match raw.weights {
            Some(weights) => responses.with_weights(weights),
            None => Ok(responses),
        }
    }
}
