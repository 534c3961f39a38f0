//! The electrical field-service evaluation: from experts' judgements and raters' grades to one score.
//!
//! Three criteria with six indicators, judged pair by pair; five raters give each indicator a grade (excellent 95, good
//! 80, fair 60, fail 35). The printed study takes weights from row sums and λ from the mean of (Aw)ᵢ/wᵢ, the shortcuts of a
//! pocket calculator; beside it stands the same case with Saaty's eigenvector, so that one sees what they cost.
//!
//! Every digit of the print comes out again but one: its λ of 3.055 for the criteria contradicts its own CI of 0.003, since
//! CI = (λ − 3)/2. It is a misprint of 3.005.

use std::io::Write;
use std::process::ExitCode;

use satindex::ahp::{Judgements, Method, Priorities, RandomIndex};
use satindex::fuzzy::{Evaluation, FuzzyEvaluation, Grades, Membership, Operator};
use satindex::survey::Hierarchy;
use satindex::{Column, Result, Table};

mod common;

const USAGE: &str = "\
usage: field_service

Evaluates an electrical field service from judgements and grades: as printed, by row sums, and by Saaty's eigenvector.";

/// What was judged, by the node whose children were compared.
fn judgements() -> Result<[(&'static str, Judgements); 3]> {
    let criteria = ["response speed", "technical ability", "attitude"];
    let speed = ["2-hour response", "24-hour arrival", "spare parts"];
    let ability = ["first-time fix", "no recurrence"];
    Ok([
        ("field service", Judgements::from_text(criteria, &["1/2", "3", "5"])?),
        ("response speed", Judgements::from_text(speed, &["1/2", "3", "4"])?),
        ("technical ability", Judgements::from_text(ability, &["1"])?),
    ])
}

/// Which grades the five raters gave: excellent, good, fair, fail.
fn membership(grades: &Grades) -> Result<Membership> {
    Membership::from_counts(
        grades,
        [
            ("2-hour response", [0, 0, 5, 0]),
            ("24-hour arrival", [1, 4, 0, 0]),
            ("spare parts", [2, 3, 0, 0]),
            ("first-time fix", [1, 4, 0, 0]),
            ("no recurrence", [2, 3, 0, 0]),
            ("attitude", [0, 5, 0, 0]),
        ],
    )
}

/// The whole case with weights by a method.
pub(crate) fn evaluate(method: Method) -> Result<(Vec<(&'static str, Priorities)>, Evaluation)> {
    let judged: Vec<(&str, Priorities)> = judgements()?
        .into_iter()
        .map(|(node, judgements)| Ok((node, judgements.priorities(method)?)))
        .collect::<Result<_>>()?;
    let weights = |at: usize| judged[at].1.weights().clone();
    let hierarchy = Hierarchy::builder(judged[0].0, weights(0))
        .divide(judged[1].0, weights(1))
        .divide(judged[2].0, weights(2))
        .build()?;
    let grades = Grades::scored([("excellent", 95.0), ("good", 80.0), ("fair", 60.0), ("fail", 35.0)])?;
    let membership = membership(&grades)?;
    let evaluation = FuzzyEvaluation::new(grades, Operator::WeightedAverage).evaluate(&hierarchy, &membership)?;
    Ok((judged, evaluation))
}

/// λ, CI and CR of every judgement matrix, λ as the mean of (Aw)ᵢ/wᵢ (for the eigenvector, the eigenvalue itself).
pub(crate) fn consistency(judged: &[(&str, Priorities)]) -> Table {
    let size = |priorities: &Priorities| priorities.weights().len();
    let index = |priorities: &Priorities| {
        let n = size(priorities) as f64;
        (priorities.mean_ratio() - n) / (n - 1.0)
    };
    let ratio = |priorities: &Priorities| {
        // The study's random index for three things is 0.58, from Saaty's first table; two cannot be inconsistent.
        let random = RandomIndex::Saaty1980.value(size(priorities));
        if random > 0.0 { index(priorities) / random } else { 0.0 }
    };
    let column = |heading: &str, number: &dyn Fn(&Priorities) -> f64| {
        Column::number(heading, judged.iter().map(|(_, priorities)| number(priorities)))
    };
    Table::new("Consistency of the judgements")
        .column(Column::text("children of", judged.iter().map(|(node, _)| node)))
        .column(column("λ", &Priorities::mean_ratio))
        .column(column("CI", &index))
        .column(column("CR", &ratio))
}

fn main() -> ExitCode {
    common::main(USAGE, |arguments, output| {
        common::no_arguments(arguments, USAGE)?;
        compare(output)
    })
}

/// Prints the case by both methods.
fn compare(output: &mut dyn Write) -> common::Outcome {
    let (by_sums, printed) = evaluate(Method::RowSum)?;
    writeln!(output, "== As printed: weights from row sums ==\n")?;
    writeln!(
        output,
        "{}",
        consistency(&by_sums).note("(the print has λ = 3.055 for the criteria: a misprint of 3.005)")
    )?;
    writeln!(output, "{printed}")?;
    let (by_eigenvector, exact) = evaluate(Method::Eigenvector)?;
    writeln!(output, "== Weights from the eigenvector ==\n")?;
    writeln!(output, "{}\n{exact}", consistency(&by_eigenvector))?;
    let (shortcut, proper) = (printed.goal().score()?, exact.goal().score()?);
    writeln!(output, "Score by row sums {shortcut:.3} (exactly 5360930/66097), by the eigenvector {proper:.3}:")?;
    writeln!(output, "the shortcut costs {:.3} points.", (shortcut - proper).abs())?;
    Ok(())
}
