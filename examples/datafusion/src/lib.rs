//! Satisfaction index models on data that are too large for one machine, or already elsewhere: DataFusion reads them and
//! sums them up entity by entity, `satindex` fits the models from the sums.
//!
//! What the estimation of a model needs of the answers is their [`Moments`], and those of parts merge into those of the
//! whole. So an aggregate function, [`AnswerMoments`], is all that an engine has to be taught.

mod agreement;
mod moments;
mod partitions;

pub use agreement::greatest_difference;
pub use moments::AnswerMoments;
pub use partitions::write_partitions;

use std::collections::BTreeMap;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::exec_datafusion_err;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::AggregateUDF;
use datafusion::prelude::{DataFrame, cast, ident};
use satindex::survey::Moments;

/// A column of answers that stands for its entity.
pub const ENTITY: &str = "entity";

/// The plan that sums up the answers of each entity: a row for each, with its name and the [`Moments`] as JSON.
///
/// # Errors
///
/// A column that is not there, or one of text where numbers are needed.
pub fn plan(answers: DataFrame, function: AnswerMoments) -> Result<DataFrame> {
    let columns = function.columns().map(ident).collect();
    let moments = AggregateUDF::from(function).call(columns).alias(MOMENTS);
    let entity = cast(ident(ENTITY), DataType::Utf8).alias(ENTITY);
    answers.aggregate(vec![entity], vec![moments])
}

const MOMENTS: &str = "moments";

/// The moments of the answers of each entity.
///
/// # Errors
///
/// Those of [`plan`], and those of the run: unreadable data, an answer that is not finite, a negative weight.
pub async fn moments_by_entity(answers: DataFrame, function: AnswerMoments) -> Result<BTreeMap<String, Moments>> {
    let mut entities = BTreeMap::new();
    for batch in plan(answers, function)?.collect().await? {
        let names = batch.column(0).as_string::<i32>();
        let texts = batch.column(1).as_string::<i32>();
        for (name, text) in names.iter().zip(texts) {
            let name = name.ok_or_else(|| exec_datafusion_err!("a row of answers has no entity"))?;
            let moments = serde_json::from_str(text.unwrap_or_default()).map_err(external)?;
            entities.insert(name.to_owned(), moments);
        }
    }
    Ok(entities)
}

/// An error of another library as one of the engine.
fn external(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
