//! The command line.

use std::fmt::Debug;
use std::str::FromStr;

use satindex::inference::Bootstrap;
use satindex::structural::Pls;
use satindex::survey::{Csv, Missing, Scale};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::common::Outcome;

pub(crate) const USAGE: &str = "\
usage: estimate [DATA.csv MODEL.txt] [OPTION]...

Fits a structural model to survey answers and prints weights, paths, effects, the 0-100 index of every construct, and how
far to trust them. Without files: the mobile-phone survey of Tenenhaus et al. (2005).

The data
  --delimiter CHARACTER       what stands between two fields: `;`, tab, ...; found by itself unless given
  --decimal-comma             numbers are written 3,5
  --missing-code CODE         a missing answer, beside an empty cell and NA; may be repeated
  --missing POLICY            what is done about missing answers: listwise (default), mean, pairwise, em, reject
  --weights COLUMN            how many times each row counts
  --scale MIN,MAX             the scale of all answers
  --questionnaire FILE.json   the scale of each question, which end of it is good, and its wording:
                              [{\"name\": \"q1\", \"wording\": \"...\",
                                \"scale\": {\"lower\": 1, \"upper\": 5, \"direction\": \"lower_is_better\"}}, ...]

The estimation
  --scheme SCHEME             path (default), centroid, factorial
  --mode CONSTRUCT=MODE       A, B or unit; may be repeated
  --metric METRIC             standardised (default), raw
  --consistent                correct `=~` constructs for attenuation (PLSc)
  --interaction APPROACH      two_stage (default), product_indicators, orthogonal, sequential, sequential_moments
  --higher-order APPROACH     disjoint_two_stage (default), embedded_two_stage, saturated_two_stage, repeated_indicators
  --tolerance T, --max-iterations N
  --allow-few-respondents     even with no more respondents than indicators

How sure
  --bootstrap N               standard errors and intervals from N resamples
  --no-jackknife              without what BCa and Student t intervals need
  --without-inadmissible      without replicates whose estimates no population could have
  --group COLUMN              fit each group too
  --permutations N            test the differences between groups by N permutations
  --seed S                    of bootstrap and permutations (default 0)

The output
  --brief                     the estimates alone, without their assessment
  --json                      one JSON object";

/// What the command line asks for.
#[derive(Default)]
pub(crate) struct Request {
    /// The data and the model.
    pub(crate) files: Option<(String, String)>,
    pub(crate) csv: Csv,
    pub(crate) questionnaire: Option<String>,
    pub(crate) pls: Pls,
    pub(crate) bootstrap: Option<Bootstrap>,
    pub(crate) group: Option<String>,
    pub(crate) permutations: Option<usize>,
    pub(crate) seed: u64,
    pub(crate) brief: bool,
    pub(crate) json: bool,
}

/// What is put together when every argument has been read.
#[derive(Default)]
struct Pieces {
    files: Vec<String>,
    missing_codes: Vec<String>,
    scale: Option<Scale>,
    resamples: Option<usize>,
    no_jackknife: bool,
    without_inadmissible: bool,
}

impl Request {
    pub(crate) fn parse(arguments: &[String]) -> Outcome<Self> {
        let (mut request, mut pieces) = (Self::default(), Pieces::default());
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if !argument.starts_with("--") {
                pieces.files.push(argument.clone());
            } else if !request.flag(argument, &mut pieces) {
                let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value; see --help"));
                request.set(argument, &mut value, &mut pieces)?;
            }
        }
        request.finish(pieces)
    }

    /// Sets an option without a value, if it is one.
    fn flag(&mut self, option: &str, pieces: &mut Pieces) -> bool {
        match option {
            "--json" => self.json = true,
            "--brief" => self.brief = true,
            "--no-jackknife" => pieces.no_jackknife = true,
            "--without-inadmissible" => pieces.without_inadmissible = true,
            "--consistent" => self.estimate(Pls::consistent),
            "--allow-few-respondents" => self.estimate(Pls::allow_few_respondents),
            "--decimal-comma" => self.read(Csv::decimal_comma),
            _ => return false,
        }
        true
    }

    fn set<'a>(
        &mut self,
        option: &str,
        value: &mut dyn FnMut() -> Result<&'a String, String>,
        pieces: &mut Pieces,
    ) -> Outcome {
        match option {
            "--delimiter" => {
                let delimiter = delimiter(value()?)?;
                self.read(|csv| csv.delimiter(delimiter));
            }
            "--missing-code" => pieces.missing_codes.push(value()?.clone()),
            "--weights" => {
                let column = value()?;
                self.read(|csv| csv.weight(column));
            }
            "--group" => {
                let column = value()?;
                self.group = Some(column.clone());
                self.read(|csv| csv.group(column));
            }
            "--questionnaire" => self.questionnaire = Some(value()?.clone()),
            "--scale" => pieces.scale = Some(value()?.parse()?),
            "--bootstrap" => pieces.resamples = Some(number(option, value()?)?),
            "--permutations" => self.permutations = Some(number(option, value()?)?),
            "--seed" => self.seed = number(option, value()?)?,
            "--tolerance" => {
                let tolerance = number(option, value()?)?;
                self.estimate(|pls| pls.tolerance(tolerance));
            }
            "--max-iterations" => {
                let iterations = number(option, value()?)?;
                self.estimate(|pls| pls.max_iterations(iterations));
            }
            "--mode" => {
                let (construct, mode) = value()?.rsplit_once('=').ok_or("--mode takes CONSTRUCT=A|B|unit")?;
                let mode = choice(option, mode)?;
                self.estimate(|pls| pls.mode(construct, mode));
            }
            "--scheme" => {
                let scheme = choice(option, value()?)?;
                self.estimate(|pls| pls.scheme(scheme));
            }
            "--metric" => {
                let metric = choice(option, value()?)?;
                self.estimate(|pls| pls.metric(metric));
            }
            "--missing" => {
                let policy = policy(value()?)?;
                self.estimate(|pls| pls.missing(policy));
            }
            "--interaction" => {
                let approach = choice(option, value()?)?;
                self.estimate(|pls| pls.interaction(approach));
            }
            "--higher-order" => {
                let approach = choice(option, value()?)?;
                self.estimate(|pls| pls.higher_order(approach));
            }
            _ => return Err(format!("unknown option {option}\n\n{USAGE}").into()),
        }
        Ok(())
    }

    /// Changes how the model is estimated.
    fn estimate(&mut self, change: impl FnOnce(Pls) -> Pls) {
        self.pls = change(std::mem::take(&mut self.pls));
    }

    /// Changes how the data are read.
    fn read(&mut self, change: impl FnOnce(Csv) -> Csv) {
        self.csv = change(std::mem::take(&mut self.csv));
    }

    fn finish(mut self, pieces: Pieces) -> Outcome<Self> {
        self.files = match pieces.files.as_slice() {
            [] => None,
            [data, model] => Some((data.clone(), model.clone())),
            _ => return Err(format!("a data file and a model file are needed, or none\n\n{USAGE}").into()),
        };
        if let Some(scale) = pieces.scale {
            if self.questionnaire.is_some() {
                return Err("--scale and --questionnaire both say on which scale answers are: give one".into());
            }
            self.read(|csv| csv.scale(scale));
        }
        if self.permutations.is_some() && self.group.is_none() {
            return Err("--permutations tests the differences between groups: name their column by --group".into());
        }
        if !pieces.missing_codes.is_empty() {
            self.read(|csv| csv.missing_codes(pieces.missing_codes));
        }
        self.bootstrap = pieces.resamples.map(|resamples| {
            let bootstrap = Bootstrap::new(resamples).seed(self.seed);
            let bootstrap = if pieces.no_jackknife { bootstrap.without_jackknife() } else { bootstrap };
            if pieces.without_inadmissible { bootstrap.without_inadmissible() } else { bootstrap }
        });
        Ok(self)
    }

    /// An option that was given and needs a data file.
    pub(crate) fn needs_answers(&self) -> Option<&'static str> {
        let given = [
            ("--bootstrap", self.bootstrap.is_some()),
            ("--group", self.group.is_some()),
            ("--questionnaire", self.questionnaire.is_some()),
        ];
        given.into_iter().find_map(|(option, given)| given.then_some(option))
    }
}

/// One of the names under which a choice is written.
fn choice<T: DeserializeOwned>(option: &str, value: &str) -> Result<T, String> {
    serde_json::from_value(Value::String(value.into())).map_err(|error| format!("{option}: {error}"))
}

fn policy(value: &str) -> Result<Missing, String> {
    if value == "em" { Ok(Missing::em()) } else { choice("--missing", value) }
}

fn delimiter(value: &str) -> Result<u8, String> {
    match value.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => Err(format!("--delimiter: `{value}` is neither one ASCII character nor `tab`")),
    }
}

fn number<T: FromStr<Err: Debug>>(option: &str, value: &str) -> Result<T, String> {
    value.trim().parse().map_err(|_| format!("{option}: `{value}` is not a number that it takes"))
}
