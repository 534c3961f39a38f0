//! From survey answers to a satisfaction index through a structural model.
//!
//! ```text
//! estimate                         the mobile-phone survey of Tenenhaus et al. (2005), carried in here
//! estimate DATA.csv MODEL.txt …    a model fitted to the answers in a file
//! ```
//!
//! The model file is in lavaan syntax: `Satisfaction =~ sat1 + sat2`, `Loyalty ~ Satisfaction`. Of the data file only
//! the model's indicators are read. Without a scale there is no 0-100 index: an index needs the ends of the scale.
//!
//! `request.rs` reads the command line, `report.rs` writes what is found; the calls of the library stand here.

use std::fs::{self, File};
use std::io::Write;
use std::ops::ControlFlow;
use std::process::ExitCode;

use common::Outcome;
use indicatif::ProgressBar;
use report::{Findings, Group};
use request::Request;
use satindex::inference::{Bootstrap, Bootstrapped, Permutation};
use satindex::structural::{Fit, Model, template};
use satindex::survey::{Questionnaire, Responses};

#[path = "../common/mod.rs"]
mod common;
#[path = "../data/mobile.rs"]
mod mobile;
mod report;
mod request;

fn main() -> ExitCode {
    common::main(request::USAGE, run)
}

pub(crate) fn run(arguments: &[String], output: &mut dyn Write) -> Outcome {
    let request = Request::parse(arguments)?;
    let findings = match &request.files {
        None => carried_in(&request)?,
        Some((data, model)) => from_files(&request, data, model)?,
    };
    report::write(&findings, &request, output)
}

/// The survey that is carried in here is figures only: means and correlations.
fn carried_in(request: &Request) -> Outcome<Findings> {
    if let Some(option) = request.needs_answers() {
        return Err(format!(
            "{option} needs answers, and the survey carried in here is figures only: name a data file"
        )
        .into());
    }
    let fit = request.pls.fit(&template::ecsi_mobile().model(), &mobile::moments()?)?;
    Ok(Findings {
        source: Some(mobile::SOURCE),
        fit,
        questionnaire: None,
        first: None,
        boot: None,
        groups: vec![],
        permuted: None,
    })
}

fn from_files(request: &Request, data: &str, model: &str) -> Outcome<Findings> {
    let text = fs::read_to_string(model).map_err(|error| format!("{model}: {error}"))?;
    let model: Model = text.parse().map_err(|error| format!("{model}: {error}"))?;
    let questionnaire = request.questionnaire.as_deref().map(questionnaire).transpose()?;
    let file = File::open(data).map_err(|error| format!("{data}: {error}"))?;

    let mut csv = request.csv.clone().columns(model.indicators());
    if let Some(questionnaire) = &questionnaire {
        csv = csv.questionnaire(questionnaire.clone());
    }
    let answers = csv.read(file).map_err(|error| format!("{data}: {error}"))?;
    Ok(estimate(request, &model, &answers, questionnaire).map_err(|error| format!("{data}: {error}"))?)
}

/// Fits the model to the answers, and to those of each group, and says how sure the figures are.
fn estimate(
    request: &Request,
    model: &Model,
    answers: &Responses,
    questionnaire: Option<Questionnaire>,
) -> satindex::Result<Findings> {
    let fit = request.pls.fit(model, answers)?;
    let first = request.pls.first_stage(model, answers)?;
    let boot = request.bootstrap.as_ref().map(|bootstrap| resample(bootstrap, &fit, answers)).transpose()?;
    let (mut groups, mut permuted) = (Vec::new(), None);
    if let Some(column) = &request.group {
        for (level, part) in answers.split(column)? {
            let fit = request.pls.fit(model, &part);
            groups.push(Group { level, fit });
        }
        if let Some(permutations) = request.permutations {
            permuted = Some(Permutation::new(permutations).seed(request.seed).run(&fit, answers, column)?);
        }
    }
    Ok(Findings { source: None, fit, questionnaire, first, boot, groups, permuted })
}

/// The bootstrap, with a bar on standard error where that is a terminal.
fn resample(bootstrap: &Bootstrap, fit: &Fit, answers: &Responses) -> satindex::Result<Bootstrapped> {
    let bar = ProgressBar::no_length();
    let boot = bootstrap.run_with(fit, answers, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    boot
}

/// A questionnaire from a JSON file: a list of `{"name": …, "wording": …, "scale": {"lower": 1, "upper": 10,
/// "direction": "lower_is_better"}}`, where only the name has to be there.
fn questionnaire(path: &str) -> Outcome<Questionnaire> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| format!("{path}: {error}"))?)
}
