//! From 100,000 interviews to a national index, and from one period to the next.
//!
//! ```text
//! cargo run --release --example national_index
//! ```
//!
//! 400 organisations of 46 industries in 10 sectors, 250 simulated interviews with the customers of each, in two periods:
//! the ACSI model is estimated for each organisation and its index bootstrapped 1,000 times, 800,800 estimations in all.

#![allow(clippy::print_stdout, reason = "an example prints")]

#[path = "data/nation.rs"]
mod nation;

use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use nation::Nation;
use satindex::aggregate::{Aggregated, Among, Comparison, Decomposition, Programme, Ranking, Wave};
use satindex::structural::Bootstrap;
use satindex::{Column, Index, Result, Table};

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let nation = Nation::new(400)?;
    let before = wave(&nation, 0)?;
    let after = wave(&nation, 1)?;

    println!("{after}");
    let organisations = by_index(after.aggregated());
    println!("{}", list("The ten best organisations", organisations.iter().take(10)));
    println!("{}", list("The ten worst organisations", organisations.iter().rev().take(10)));

    println!("{}", Ranking::new().rank(after.aggregated(), Among::Depth(1))?);
    let pairs = Comparison::new().pairs(after.aggregated(), Among::Members("Retail trade"))?;
    println!("{pairs}");

    let changes = Comparison::new().changes(before.aggregated(), after.aggregated())?;
    println!("{changes}");
    let moved = changes.entities().filter(|change| change.difference().adjusted_p().is_some_and(|p| p < 0.05)).count();
    println!("{moved} of {} organisations changed (Holm, 5 %)\n", changes.entities().count());
    println!("{}", Decomposition::new(before.aggregated(), after.aggregated(), "Nation")?);

    println!("Findings in {} fits: {}", after.reports().len(), after.findings().count());
    if let Some((name, finding)) = after.findings().next() {
        println!("the first, {name}: {finding}");
    }
    let (index, percentiles) = (after.aggregated().total()?, after.aggregated().percentile_interval("Nation")?);
    println!("National index: {index:.2}, by the percentiles of its bootstrap {percentiles:.2}");
    Ok(())
}

/// One period.
fn wave(nation: &Nation, period: usize) -> Result<Wave> {
    // A period has a seed of its own: its interviews are other people's.
    let bootstrap = Bootstrap::new(1000).seed(2026 + period as u64);
    let programme =
        Programme::new(nation.survey.model(), "Satisfaction", nation.structure.clone())?.bootstrap(bootstrap);
    let bar = ProgressBar::new(nation.structure.entities().len() as u64).with_style(style());
    bar.set_message(format!("period {}", period + 1));
    let done = programme.advance(programme.start(), nation.interviews(period), |progress| {
        bar.set_position(progress.done() as u64);
        ControlFlow::Continue(())
    })?;
    bar.finish_and_clear();
    programme.finish(done)
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
