//! Weights from expert judgements, and how far to trust them.
//!
//! `ahp MATRIX.csv [--method METHOD] [--ri TABLE] [--json]` reads a matrix of pairwise judgements and prints its weights,
//! λ, CI and CR, and the judgements that fit the others least. The names stand in the first row and the first column;
//! cells are numbers or fractions such as 1/3; below the diagonal they may be empty, and everywhere for unknown.
//!
//! Without arguments: a choice between three schools (Saaty 1980) with its hierarchy and its sensitivity.

use std::fs::File;
use std::io::Write;
use std::process::ExitCode;

use common::Outcome;
use satindex::ahp::{Decision, Judgements, LeastChange, Method, Misfit, Mode, Noise, RandomIndex};
use satindex::{Column, Table};
use serde_json::{Map, Value, json};

mod common;

const USAGE: &str = "\
usage: ahp [MATRIX.csv] [--method METHOD] [--ri TABLE] [--json]

Reads a matrix of pairwise judgements and prints its weights, their consistency, and the judgements that fit the others
least. Without arguments: a choice between three schools (Saaty 1980).

  --method METHOD  eigenvector (default), geometric_mean, normalised_column_mean, row_sum, left_eigenvector,
                   weighted_least_squares, singular_value or minimal_eigenvalue
  --ri TABLE       random indices: saaty (default), saaty_1980, alonso_lamata, regression, donegan_dodd, tummala_ling,
                   exact or simulated
  --json           one JSON object";

/// How many of the judgements that fit least are listed.
const WORST: usize = 3;

fn main() -> ExitCode {
    common::main(
        USAGE,
        |arguments, output| if arguments.is_empty() { school(output) } else { analyse(arguments, output) },
    )
}

/// What was asked for on the command line.
struct Task {
    file: String,
    method: Method,
    table: RandomIndex,
    json: bool,
}

impl Task {
    fn parse(arguments: &[String]) -> Outcome<Self> {
        let (mut file, mut method, mut table, mut json) = (None, Method::default(), RandomIndex::default(), false);
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value\n{USAGE}"));
            match argument.as_str() {
                "--method" => method = value()?.parse()?,
                "--ri" => table = value()?.parse()?,
                "--json" => json = true,
                option if option.starts_with("--") => return Err(format!("unknown option {option}\n{USAGE}").into()),
                _ if file.is_none() => file = Some(argument.clone()),
                _ => return Err(format!("one matrix at a time\n{USAGE}").into()),
            }
        }
        let file = file.ok_or_else(|| format!("no matrix given\n{USAGE}"))?;
        Ok(Self { file, method, table, json })
    }
}

fn analyse(arguments: &[String], output: &mut dyn Write) -> Outcome {
    let task = Task::parse(arguments)?;
    let file = File::open(&task.file).map_err(|error| format!("{}: {error}", task.file))?;
    let judgements = Judgements::from_csv(file).map_err(|error| format!("{}: {error}", task.file))?;
    if task.json {
        writeln!(output, "{:#}", report(&judgements, &task)?)?;
    } else {
        print(&judgements, &task, output)?;
    }
    Ok(())
}

fn report(judgements: &Judgements, task: &Task) -> satindex::Result<Value> {
    let priorities = judgements.priorities(task.method)?;
    let consistency = priorities.consistency()?;
    let weights: Map<String, Value> =
        priorities.weights().iter().map(|(name, weight)| (name.to_owned(), weight.into())).collect();
    let misfits = judgements.misfits(WORST)?;
    let worst = misfits.iter().map(|misfit| {
        json!({
            "row": misfit.row(),
            "column": misfit.column(),
            "given": misfit.given(),
            "suggested": misfit.suggested(),
            "cr": misfit.cr(task.table),
        })
    });
    Ok(json!({
        "weights": weights,
        "lambda_max": consistency.lambda_max(),
        "ci": consistency.ci(),
        "cr": consistency.cr(task.table),
        "ri_table": task.table.to_string(),
        "gci": consistency.gci(),
        "koczkodaj": consistency.koczkodaj(),
        "worst": worst.collect::<Vec<Value>>(),
    }))
}

fn print(judgements: &Judgements, task: &Task, output: &mut dyn Write) -> Outcome {
    let priorities = judgements.priorities(task.method)?;
    writeln!(output, "{}", priorities.weights())?;
    writeln!(output, "{}", priorities.consistency()?.table(task.table))?;
    let misfits = judgements.misfits(WORST)?;
    if misfits.is_empty() {
        writeln!(output, "every judgement fits the others")?;
        return Ok(());
    }
    let table = Table::new("The judgements that fit the others least")
        .column(Column::text("row", misfits.iter().map(Misfit::row)))
        .column(Column::text("column", misfits.iter().map(Misfit::column)))
        .column(Column::number("given", misfits.iter().map(Misfit::given)).significant(4))
        .column(Column::number("suggested", misfits.iter().map(Misfit::suggested)).significant(4))
        .column(Column::number("CR then", misfits.iter().map(|misfit| misfit.cr(task.table))).decimals(4));
    writeln!(output, "{table}")?;
    Ok(())
}

/// Saaty (1980), The Analytic Hierarchy Process, chapter 1: which school for a son?
fn school(output: &mut dyn Write) -> Outcome {
    let criteria = Judgements::from_text(
        ["learning", "friends", "school life", "vocational training", "college preparation", "music classes"],
        &["4", "3", "1", "3", "4", "7", "3", "1/5", "1", "1/5", "1/5", "1/6", "1", "1/3", "3"],
    )?;
    let schools = |upper: [&str; 3]| Judgements::from_text(["A", "B", "C"], &upper);
    let decision = Decision::new("school", criteria.clone())
        .compare("learning", schools(["1/3", "1/2", "3"])?)
        .compare("friends", schools(["1", "1", "1"])?)
        .compare("school life", schools(["5", "1", "1/5"])?)
        .compare("vocational training", schools(["9", "7", "1/5"])?)
        .compare("college preparation", schools(["1/2", "1", "2"])?)
        .compare("music classes", schools(["6", "4", "1/3"])?);

    writeln!(output, "{}", decision.hierarchy(Method::Eigenvector)?)?;
    writeln!(output, "{}", decision.consistency(Method::Eigenvector)?)?;
    writeln!(output, "{}", criteria.revised(0.1, RandomIndex::Saaty, LeastChange::Cells)?)?;

    let alternatives = decision.alternatives(Method::Eigenvector)?;
    for mode in [Mode::Distributive, Mode::Ideal] {
        writeln!(output, "{}", alternatives.synthesise(mode)?)?;
    }
    writeln!(output, "{}", alternatives.sensitivity("learning", Mode::Distributive)?)?;
    writeln!(output, "{}", Noise::new(0.2).seed(1).run_decision(&decision, Method::Eigenvector, Mode::Distributive)?)?;
    Ok(())
}
