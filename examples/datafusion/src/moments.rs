//! The aggregate function.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{Accumulator, AggregateUDFImpl, Signature, Volatility};
use datafusion::scalar::ScalarValue;
use satindex::survey::Moments;

use crate::external;

/// An aggregate function from answers to their [`Moments`], as JSON.
///
/// Its arguments are the indicators, one column for each, and the case weights if there are any. A null is a missing
/// answer; a respondent with one is left out and counted, as under `Missing::Listwise`. JSON keeps every digit: numbers are
/// written in the shortest form that is read back as the same number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AnswerMoments {
    indicators: Arc<[String]>,
    weight: Option<String>,
    signature: Signature,
}

impl AnswerMoments {
    /// The moments of these indicators.
    pub fn new<S: Into<String>>(indicators: impl IntoIterator<Item = S>) -> Self {
        let indicators: Arc<[String]> = indicators.into_iter().map(Into::into).collect();
        Self { signature: numbers(indicators.len()), indicators, weight: None }
    }

    /// With the case weights of this column.
    #[must_use]
    pub fn weighted_by(self, column: impl Into<String>) -> Self {
        Self { signature: numbers(self.indicators.len() + 1), weight: Some(column.into()), ..self }
    }

    /// The columns that are the arguments, in order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.indicators.iter().chain(&self.weight).map(String::as_str)
    }
}

fn numbers(count: usize) -> Signature {
    Signature::uniform(count, vec![DataType::Float64], Volatility::Immutable)
}

impl AggregateUDFImpl for AnswerMoments {
    fn name(&self) -> &'static str {
        "answer_moments"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    // The state has the type of the result: both are JSON.
    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if arguments.is_distinct {
            return plan_err!("{} counts every respondent; DISTINCT would not", self.name());
        }
        let moments = Moments::new(self.indicators.iter().cloned()).map_err(external)?;
        Ok(Box::new(MomentsAccumulator { answers: Vec::with_capacity(self.indicators.len()), moments }))
    }
}

/// The moments so far of one entity in one partition.
#[derive(Debug)]
struct MomentsAccumulator {
    moments: Moments,
    /// The row that is being taken in: room that is used again.
    answers: Vec<Option<f64>>,
}

impl MomentsAccumulator {
    fn json(&self) -> Result<ScalarValue> {
        serde_json::to_string(&self.moments).map(ScalarValue::from).map_err(external)
    }
}

impl Accumulator for MomentsAccumulator {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let (columns, weights) = columns.split_at(self.moments.indicators().len());
        let columns: Vec<_> = columns.iter().map(AsArray::as_primitive::<Float64Type>).collect();
        let weights = weights.first().map(AsArray::as_primitive::<Float64Type>);
        if weights.is_some_and(|weights| weights.null_count() > 0) {
            return exec_err!("a respondent has no case weight");
        }
        for row in 0..columns[0].len() {
            self.answers.clear();
            self.answers.extend(columns.iter().map(|column| column.is_valid(row).then(|| column.value(row))));
            let weight = weights.map_or(1.0, |weights| weights.value(row));
            self.moments.push_answers(&self.answers, weight).map_err(external)?;
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.json()?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for text in states[0].as_string::<i32>().iter().flatten() {
            let part: Moments = serde_json::from_str(text).map_err(external)?;
            self.moments.merge(&part).map_err(external)?;
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.json()
    }

    fn size(&self) -> usize {
        // The cross-products are what grows; names and means go with the first power of the number of indicators.
        let indicators = self.moments.indicators().len();
        size_of_val(self) + indicators * (indicators + 16) * size_of::<f64>()
    }
}
