//! From 100,000 interviews to a national index, and from one period to the next.
//!
//! ```text
//! cargo run --release --example national_index -- [--organisations N] [--checkpoint FOLDER]
//! ```
//!
//! 400 organisations of 46 industries in 10 sectors, 250 simulated interviews with the customers of each, in two periods:
//! the ACSI model is estimated for each organisation and its index bootstrapped 1,000 times, 800,800 estimations in all.
//! With a folder for checkpoints, a run that was killed goes on where it was when it is started again, to the same figures.

use std::fs::File;
use std::io::{BufReader, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use common::Outcome;
use indicatif::{ProgressBar, ProgressStyle};
use nation::Nation;
use satindex::aggregate::{Aggregated, Among, Checkpoint, Comparison, Decomposition, Programme, Ranking, Wave};
use satindex::inference::Bootstrap;
use satindex::{Column, Index, Table};

mod common;
#[path = "data/nation.rs"]
mod nation;

const USAGE: &str = "\
usage: national_index [--organisations N] [--checkpoint FOLDER]

Fits the ACSI model to the simulated interviews of N organisations (400 unless told otherwise) in two periods, and prints
the indices of industries, sectors and the nation, their ranks and their changes.

  --organisations N    how many organisations there are
  --checkpoint FOLDER  store the state there, and go on from the one that is there";

fn main() -> ExitCode {
    common::main(USAGE, run)
}

fn run(arguments: &[String], output: &mut dyn Write) -> Outcome {
    let (mut organisations, mut folder) = (400, None);
    let mut arguments = arguments.iter();
    while let Some(option) = arguments.next() {
        match (option.as_str(), arguments.next()) {
            ("--organisations", Some(number)) => {
                organisations = number.parse().map_err(|_| format!("--organisations: `{number}` is not a count"))?;
            }
            ("--checkpoint", Some(path)) => folder = Some(PathBuf::from(path)),
            ("--organisations" | "--checkpoint", None) => return Err(format!("{option} needs a value\n{USAGE}").into()),
            _ => return Err(format!("unknown argument `{option}`\n{USAGE}").into()),
        }
    }
    let nation = Nation::new(organisations)?;
    let before = wave(&nation, 0, folder.as_deref())?;
    let after = wave(&nation, 1, folder.as_deref())?;

    writeln!(output, "{after}")?;
    let organisations = by_index(after.aggregated());
    writeln!(output, "{}", list("The ten best organisations", organisations.iter().take(10)))?;
    writeln!(output, "{}", list("The ten worst organisations", organisations.iter().rev().take(10)))?;

    writeln!(output, "{}", Ranking::new().rank(after.aggregated(), Among::Depth(1))?)?;
    let pairs = Comparison::new().pairs(after.aggregated(), Among::Members("Retail trade"))?;
    writeln!(output, "{pairs}")?;

    let changes = Comparison::new().changes(before.aggregated(), after.aggregated())?;
    writeln!(output, "{changes}")?;
    let moved =
        changes.entities().filter(|change| change.difference().adjusted_p_value().is_some_and(|p| p < 0.05)).count();
    writeln!(output, "{moved} of {} organisations changed (Holm, 5 %)\n", changes.entities().count())?;
    writeln!(output, "{}", Decomposition::between(before.aggregated(), after.aggregated(), "Nation")?)?;

    writeln!(output, "Findings in {} fits: {}", after.reports().len(), after.findings().count())?;
    if let Some((name, finding)) = after.findings().next() {
        writeln!(output, "the first, {name}: {finding}")?;
    }
    let (index, percentiles) = (after.aggregated().total()?, after.aggregated().percentile_interval("Nation")?);
    writeln!(output, "National index: {index:.2}, by the percentiles of its bootstrap {percentiles:.2}")?;
    Ok(())
}

/// One period, taken up where its checkpoint left it.
fn wave(nation: &Nation, period: usize, folder: Option<&Path>) -> Outcome<Wave> {
    // A period has a seed of its own: its interviews are other people's.
    let bootstrap = Bootstrap::new(1000).seed(2026 + period as u64);
    let programme =
        Programme::new(nation.survey.model(), "Satisfaction", nation.structure.clone())?.bootstrap(bootstrap);
    let file = folder.map(|folder| folder.join(format!("period-{}.json", period + 1)));
    let start = match &file {
        Some(file) if file.exists() => serde_json::from_reader(BufReader::new(File::open(file)?))?,
        _ => programme.start()?,
    };
    let bar = ProgressBar::new(nation.structure.entities().len() as u64).with_style(style());
    bar.set_message(format!("period {}", period + 1));
    let mut stored = Ok(());
    let done = programme.advance(start, nation.interviews(period), |progress| {
        bar.set_position(progress.done() as u64);
        stored = file.as_ref().map_or(Ok(()), |file| store(progress.checkpoint(), file));
        if stored.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    stored?;
    bar.finish_and_clear();
    Ok(programme.finish(done)?)
}

/// Writes beside the old checkpoint first, so that there is a whole one at any time.
fn store(checkpoint: &Checkpoint, file: &Path) -> Outcome {
    let new = file.with_extension("new");
    std::fs::write(&new, serde_json::to_vec(checkpoint)?)?;
    Ok(std::fs::rename(new, file)?)
}

fn style() -> ProgressStyle {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} organisations, {eta} left");
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// The organisations, the best first.
fn by_index(aggregated: &Aggregated) -> Vec<(&str, &Index)> {
    let named = |name: &'_ String| aggregated.index(name).ok();
    let entities = aggregated.structure().entities().iter();
    let mut entities: Vec<_> = entities.filter_map(|name| Some((name.as_str(), named(name)?))).collect();
    entities.sort_by(|one, other| other.1.value().total_cmp(&one.1.value()));
    entities
}

fn list<'a>(title: &str, entities: impl Iterator<Item = &'a (&'a str, &'a Index)>) -> Table {
    let entities: Vec<_> = entities.collect();
    Table::new(title)
        .column(Column::text("", entities.iter().map(|(name, _)| name)))
        .column(Column::text("index", entities.iter().map(|(_, index)| format!("{index:.1}"))))
}
