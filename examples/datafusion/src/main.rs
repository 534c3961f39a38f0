//! A survey of 40 organisations in 6 Parquet files: DataFusion sums the answers up, `satindex` fits an ACSI model for each
//! organisation from the sums and compares with a fit from the rows themselves.

use std::io::Write;
use std::process::ExitCode;

use common::Outcome;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use satindex::structural::Pls;
use satindex::structural::template::{self, Template};
use satindex::survey::Responses;
use satindex::{Column, Table};
use satindex_datafusion::{AnswerMoments, greatest_difference, moments_by_entity, write_partitions};

#[path = "../../common/mod.rs"]
mod common;

const USAGE: &str = "\
usage: cargo run

Writes the answers of 40 simulated organisations to 6 Parquet files, has DataFusion sum them up, fits a model for each
organisation from the sums, and compares with a fit from the rows.";

const ORGANISATIONS: usize = 40;
const RESPONDENTS: usize = 250;
const FILES: usize = 6;
const INDEX: &str = "Satisfaction";

fn main() -> ExitCode {
    common::main(USAGE, |arguments, output| {
        common::no_arguments(arguments, USAGE)?;
        survey(output)
    })
}

#[tokio::main]
async fn survey(output: &mut dyn Write) -> Outcome {
    let acsi = template::acsi();
    let model = acsi.model();
    let organisations: Vec<(String, Responses)> =
        (0..ORGANISATIONS).map(|number| organisation(&acsi, number)).collect::<Result<_, _>>()?;
    let folder = tempfile::tempdir()?;
    write_partitions(folder.path(), &organisations, FILES)?;

    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(FILES));
    let path = folder.path().display().to_string();
    let answers = context.read_parquet(path, ParquetReadOptions::default()).await?;
    let moments = moments_by_entity(answers, AnswerMoments::new(model.indicators())).await?;

    let (mut values, mut dropped, mut difference) = (Vec::new(), Vec::new(), 0.0_f64);
    for (name, responses) in &organisations {
        let moments = moments[name].clone().with_questionnaire(&acsi.questionnaire())?;
        dropped.push(moments.rows_dropped());
        let fit = Pls::new().fit(&model, &moments)?;
        let reference = Pls::new().fit(&model, responses)?;
        values.push(fit.index(INDEX)?.value());
        difference = difference.max(greatest_difference(&fit, &reference, INDEX)?);
    }
    let table = Table::new("Organisations")
        .column(Column::text("organisation", organisations.iter().map(|(name, _)| name)))
        .column(Column::count("respondents", organisations.iter().map(|(_, responses)| responses.rows())))
        .column(Column::count("left out", dropped))
        .column(Column::number("index", values).decimals(2))
        .note(format!("{FILES} files; the greatest difference to fits from the rows is {difference:.1e}"));
    writeln!(output, "{table}")?;
    Ok(())
}

/// Simulated answers to the questions of a model; one answer in a hundred is missing.
fn organisation(template: &Template, number: usize) -> satindex::Result<(String, Responses)> {
    let points = f64::from(u32::try_from(number % 21).unwrap_or(0)) - 10.0;
    let likert = template.likert().shifted(points)?;
    let complete = template.population().build()?.likert(&likert, RESPONDENTS, number as u64)?;
    let indicators = complete.indicators().len();
    let answer = |row, column| complete.get(row, column).filter(|_| (row * indicators + column) % 101 > 0);
    let rows = (0..RESPONDENTS).map(|row| (0..indicators).map(|column| answer(row, column)).collect::<Vec<_>>());
    let responses = Responses::from_rows(complete.names(), rows)?.with_questionnaire(&template.questionnaire())?;
    Ok((format!("organisation {:02}", number + 1), responses))
}
