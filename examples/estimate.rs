//! From survey answers to a satisfaction index through a structural model.
//!
//! ```text
//! estimate                         the mobile-phone survey of Tenenhaus et al. (2005), carried in here
//! estimate DATA.csv MODEL.txt [--scheme centroid|factorial|path] [--mode CONSTRUCT=A|B|unit]...
//!          [--metric standardised|raw] [--tolerance T] [--max-iterations N] [--scale MIN,MAX]
//!          [--missing listwise|mean|pairwise|em|reject] [--allow-few-respondents]
//!          [--bootstrap N] [--seed S] [--json]
//! ```
//!
//! The model file is in lavaan syntax: `Satisfaction =~ sat1 + sat2`, `Loyalty ~ Satisfaction`. Of the data file only
//! the model's indicators are read. Without `--scale` there is no 0-100 index: an index needs the ends of the scale.

#![allow(clippy::print_stderr, reason = "a program's errors")]

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::ops::ControlFlow;
use std::process::ExitCode;

use indicatif::ProgressBar;
use satindex::inference::{Bootstrap, Bootstrapped};
use satindex::structural::{Fit, Metric, Mode, Model, Pls, Scheme, template};
use satindex::survey::{Csv, Missing, Responses, Scale};

#[path = "data/mobile.rs"]
mod mobile;

type Outcome<T> = Result<T, Box<dyn Error>>;

const USAGE: &str = "usage: estimate [DATA.csv MODEL.txt] [--scheme centroid|factorial|path] \
    [--mode CONSTRUCT=A|B|unit]... [--metric standardised|raw] [--tolerance T] [--max-iterations N] \
    [--scale MIN,MAX] [--missing listwise|mean|pairwise|em|reject] [--allow-few-respondents] [--bootstrap N] \
    [--seed S] [--json]";

/// What the command line asks for.
#[derive(Default)]
struct Request {
    files: Vec<String>,
    pls: Pls,
    scale: Option<Scale>,
    resamples: Option<usize>,
    seed: u64,
    json: bool,
}

impl Request {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut request = Self::default();
        while let Some(argument) = arguments.next() {
            if !argument.starts_with("--") {
                request.files.push(argument);
                continue;
            }
            match argument.as_str() {
                "--json" => request.json = true,
                "--allow-few-respondents" => request.pls = request.pls.allow_few_respondents(),
                option => {
                    let value = arguments.next().ok_or_else(|| format!("{option} needs a value\n{USAGE}"))?;
                    request.set(option, &value)?;
                }
            }
        }
        Ok(request)
    }

    fn set(&mut self, option: &str, value: &str) -> Outcome<()> {
        let pls = std::mem::take(&mut self.pls);
        self.pls = match option {
            "--scheme" => pls.scheme(choice(
                option,
                value,
                &[("centroid", Scheme::Centroid), ("factorial", Scheme::Factorial), ("path", Scheme::Path)],
            )?),
            "--metric" => {
                pls.metric(choice(option, value, &[("standardised", Metric::Standardised), ("raw", Metric::Raw)])?)
            }
            "--missing" => pls.missing(choice(
                option,
                value,
                &[
                    ("listwise", Missing::Listwise),
                    ("mean", Missing::Mean),
                    ("pairwise", Missing::Pairwise),
                    ("em", Missing::em()),
                    ("reject", Missing::Reject),
                ],
            )?),
            "--mode" => {
                let (construct, mode) = value.rsplit_once('=').ok_or("--mode takes CONSTRUCT=A|B|unit")?;
                pls.mode(construct, choice(option, mode, &[("A", Mode::A), ("B", Mode::B), ("unit", Mode::Unit)])?)
            }
            "--tolerance" => pls.tolerance(number(option, value)?),
            "--max-iterations" => pls.max_iterations(number(option, value)?),
            "--scale" => {
                let (lower, upper) = value.split_once(',').ok_or("--scale takes MIN,MAX")?;
                self.scale = Some(Scale::new(number(option, lower)?, number(option, upper)?)?);
                pls
            }
            "--bootstrap" => {
                self.resamples = Some(number(option, value)?);
                pls
            }
            "--seed" => {
                self.seed = number(option, value)?;
                pls
            }
            _ => return Err(format!("unknown option {option}\n{USAGE}").into()),
        };
        Ok(())
    }
}

fn choice<T: Copy>(option: &str, value: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let found = choices.iter().find(|(name, _)| *name == value);
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        format!("{option}: `{value}` is none of {}", names.join(", "))
    })
}

fn number<T: std::str::FromStr>(option: &str, value: &str) -> Result<T, String> {
    value.trim().parse().map_err(|_| format!("{option}: `{value}` is not a number that it takes"))
}

/// Fits the model in the second file to the data in the first.
fn estimate(request: &Request, data: &str, model: &str) -> Outcome<(Fit, Option<Bootstrapped>)> {
    let text = fs::read_to_string(model).map_err(|error| format!("{model}: {error}"))?;
    let model: Model = text.parse().map_err(|error| format!("{model}: {error}"))?;
    let file = File::open(data).map_err(|error| format!("{data}: {error}"))?;
    let fit = || {
        let answers = Csv::new().columns(model.indicators()).read(file)?;
        let answers = match request.scale {
            Some(scale) => answers.with_scale(scale)?,
            None => answers,
        };
        let fit = request.pls.fit(&model, &answers)?;
        let boot = bootstrap(request, &fit, &answers)?;
        Ok::<_, satindex::Error>((fit, boot))
    };
    Ok(fit().map_err(|error| format!("{data}: {error}"))?)
}

/// The bootstrap, if one is asked for, with a bar on standard error where that is a terminal.
fn bootstrap(request: &Request, fit: &Fit, answers: &Responses) -> satindex::Result<Option<Bootstrapped>> {
    let Some(resamples) = request.resamples else { return Ok(None) };
    let bar = ProgressBar::new(resamples as u64);
    let boot = Bootstrap::new(resamples).seed(request.seed).run_with(fit, answers, |done, _| {
        bar.set_position(done as u64);
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    boot.map(Some)
}

/// The fit as one object, with what the bootstrap says of it.
fn json(fit: &Fit, boot: Option<&Bootstrapped>) -> Outcome<String> {
    let mut object = serde_json::to_value(fit)?;
    if let Some(boot) = boot {
        object["bootstrap"] = serde_json::to_value(boot)?;
    }
    Ok(serde_json::to_string_pretty(&object)?)
}

fn report() -> Outcome<String> {
    let request = Request::parse(std::env::args().skip(1))?;
    let (fit, boot) = match request.files.as_slice() {
        [] if request.resamples.is_some() => {
            return Err(
                "--bootstrap resamples answers, and the survey carried in here is figures only: name a data file"
                    .into(),
            );
        }
        [] => (request.pls.fit(&template::ecsi_mobile().model(), &mobile::moments()?)?, None),
        [data, model] => estimate(&request, data, model)?,
        _ => return Err(USAGE.into()),
    };
    if request.json {
        return Ok(json(&fit, boot.as_ref())? + "\n");
    }
    let source = if request.files.is_empty() { format!("{}\n\n", mobile::SOURCE) } else { String::new() };
    Ok(source + &fit.to_string() + &boot.map(|boot| boot.to_string()).unwrap_or_default())
}

fn main() -> ExitCode {
    match report() {
        // A reader that has seen enough (`| head`) is no failure.
        Ok(text) => match std::io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        },
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
