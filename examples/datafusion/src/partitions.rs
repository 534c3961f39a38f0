//! Answers of several entities, spread over Parquet files.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, StringArray};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::error::Result;
use datafusion::parquet::arrow::ArrowWriter;
use satindex::survey::Responses;

use crate::{ENTITY, external};

/// Writes the answers of named entities to this many Parquet files in a folder. Each entity's respondents go round the
/// files like dealt cards, so every file has a part of every entity. The indicators of the first entity are those of all.
///
/// Columns: the entity, each indicator (a missing answer is null), and `weight` where the first entity has case weights.
///
/// # Errors
///
/// A file that cannot be written, or an entity that lacks an indicator.
pub fn write_partitions(folder: &Path, entities: &[(String, Responses)], files: usize) -> Result<()> {
    for file in 0..files {
        let batch = partition(entities, file, files)?;
        let output = File::create(folder.join(format!("answers_{file}.parquet")))?;
        let mut writer = ArrowWriter::try_new(output, batch.schema(), None)?;
        writer.write(&batch)?;
        writer.close()?;
    }
    Ok(())
}

/// The rows of one file.
fn partition(entities: &[(String, Responses)], file: usize, files: usize) -> Result<RecordBatch> {
    let dealt = |rows: usize| (file..rows).step_by(files);
    let names = entities.iter().flat_map(|(name, responses)| dealt(responses.rows()).map(move |_| name.as_str()));
    let names: Vec<&str> = names.collect();
    let mut columns: Vec<(String, ArrayRef, bool)> = vec![(ENTITY.into(), Arc::new(StringArray::from(names)), false)];
    let Some((_, first)) = entities.first() else { return Ok(RecordBatch::try_from_iter_with_nullable(columns)?) };
    for indicator in first.names() {
        let mut answers = Vec::new();
        for (_, responses) in entities {
            let column: Vec<Option<f64>> = responses.column(indicator).map_err(external)?.collect();
            answers.extend(dealt(column.len()).map(|row| column[row]));
        }
        columns.push((indicator.into(), Arc::new(Float64Array::from(answers)), true));
    }
    if first.weights().is_some() {
        let weight = |responses: &Responses, row: usize| responses.weights().map_or(1.0, |weights| weights[row]);
        let weights =
            entities.iter().flat_map(|(_, responses)| dealt(responses.rows()).map(|row| weight(responses, row)));
        columns.push(("weight".into(), Arc::new(Float64Array::from(weights.collect::<Vec<f64>>())), false));
    }
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}
