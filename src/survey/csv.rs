//! Answers from CSV files.

mod cell;
mod dialect;
mod facts;
mod layout;
mod pieces;
mod records;

use std::io::Read;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::moments::Block;
use crate::numeric::parallel;
use crate::survey::fact_column::FactColumn;
use crate::survey::group::Builder;
use crate::survey::indicator::{self, Indicator};
use crate::survey::missing::Intake;
use crate::survey::{Fact, Group, Missing, Moments, NoAnswer, Questionnaire, Responses, Scale};
use crate::text;
use cell::{Codes, Decimal};
use dialect::Dialect;
use layout::{GroupPlace, Layout};
use pieces::{Piece, Pieces};
use records::Reading;

/// How answers are read from a CSV file: a header with the names, then a row for each respondent.
///
/// The text is UTF-8, with or without a byte order mark, or UTF-16. Fields are separated by the comma, semicolon, tab or
/// bar that divides the header best, as a line `sep=;` before it says, or as [`Csv::delimiter`] says; they may be quoted,
/// and blanks around them do not count. Decimals stand behind a point; where the comma does not separate fields, or by
/// [`Csv::decimal_comma`], behind a comma. Empty lines are skipped. Columns that are not asked for may hold anything, and
/// have any heading.
///
/// Row 1 in a message is the first row under the header; the line is that of the file.
///
/// # Errors
///
/// What is wrong with the cells is reported all at once (beyond ten faults, only their number): rows with more or fewer
/// fields than the header, cells that are not numbers, and answers outside their scale. Before that: an input that is
/// empty or ends with its header, and columns asked for that are not there or there twice; the message says what a file
/// looks like that is not divided into fields, and which heading differs from a name by what cannot be seen.
///
/// # Examples
///
/// ```
/// use satindex::survey::{Csv, Missing, Scale};
///
/// let file = "\
/// CUSA1,CUSA2,weight,region
/// 7,8,1.5,north
/// 9,-99,0.5,south
/// 4,6,1,north
/// ";
/// let csv = Csv::new().missing_codes(["-99"]).weight("weight").group("region").scale(Scale::ONE_TO_TEN);
/// let responses = csv.read(file.as_bytes())?;
/// assert_eq!(responses.get(1, 1), None);
/// assert_eq!(responses.group("region")?.levels(), ["north", "south"]);
/// let moments = csv.moments(file.as_bytes(), Missing::Listwise)?;
/// assert_eq!((moments.rows(), moments.n()), (2, 2.5));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default, deny_unknown_fields))]
#[must_use = "nothing is read until `read` or `moments`"]
pub struct Csv {
    delimiter: Option<u8>,
    decimal_comma: bool,
    codes: Vec<(String, NoAnswer)>,
    weight: Option<String>,
    groups: Vec<String>,
    columns: Option<Vec<String>>,
    asked: Asked,
}

/// What is known of the questions.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
enum Asked {
    Nothing,
    Scale(Scale),
    Questionnaire(Questionnaire),
}

impl Default for Csv {
    fn default() -> Self {
        Self::new()
    }
}

impl Csv {
    /// The delimiter as found, missing answers empty or `NA`, and answers in all columns.
    pub fn new() -> Self {
        Self {
            delimiter: None,
            decimal_comma: false,
            codes: Vec::new(),
            weight: None,
            groups: Vec::new(),
            columns: None,
            asked: Asked::Nothing,
        }
    }

    /// What stands between two fields: `b';'`, `b'\t'`.
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Decimals stand behind a comma, and never behind a point: `12,500` is 12.5.
    pub fn decimal_comma(mut self) -> Self {
        self.decimal_comma = true;
        self
    }

    /// Further codes that stand for a missing answer, beside nothing and `NA`. A code that is a number stands for that
    /// number however it is written.
    pub fn missing_codes<S: Into<String>>(self, codes: impl IntoIterator<Item = S>) -> Self {
        self.codes(codes, NoAnswer::NotAnswered)
    }

    /// Codes that stand for "don't know" or "does not apply": see [`NoAnswer`].
    pub fn dont_know_codes<S: Into<String>>(self, codes: impl IntoIterator<Item = S>) -> Self {
        self.codes(codes, NoAnswer::DontKnow)
    }

    /// Codes that stand for a question that was not put: see [`NoAnswer`].
    pub fn not_asked_codes<S: Into<String>>(self, codes: impl IntoIterator<Item = S>) -> Self {
        self.codes(codes, NoAnswer::NotAsked)
    }

    fn codes<S: Into<String>>(mut self, codes: impl IntoIterator<Item = S>, reason: NoAnswer) -> Self {
        self.codes.extend(codes.into_iter().map(|code| (code.into(), reason)));
        self
    }

    /// The column with the case weights.
    pub fn weight(mut self, column: impl Into<String>) -> Self {
        self.weight = Some(column.into());
        self
    }

    /// One more column with the labels of groups.
    pub fn group(mut self, column: impl Into<String>) -> Self {
        self.groups.push(column.into());
        self
    }

    /// The columns with answers, in this order; others may hold anything. Without this call and a questionnaire, all
    /// columns hold answers but those of weights and groups.
    pub fn columns<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.columns = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// The scale of all answers; takes the place of a questionnaire.
    pub fn scale(mut self, scale: Scale) -> Self {
        self.asked = Asked::Scale(scale);
        self
    }

    /// The questionnaire whose indicators are read, or which has at least those of [`Csv::columns`]; takes the place of
    /// a scale.
    pub fn questionnaire(mut self, questionnaire: Questionnaire) -> Self {
        self.asked = Asked::Questionnaire(questionnaire);
        self
    }

    /// Reads the answers of all respondents.
    ///
    /// # Errors
    ///
    /// See [`Csv`]; furthermore a group named twice and weights without a positive sum.
    pub fn read(&self, input: impl Read) -> Result<Responses> {
        let (reading, mut pieces) = self.open(input)?;
        let mut all = Sheet::new(&reading);
        let mut faults = Faults::default();
        for_each_batch(
            &reading,
            &mut pieces,
            |piece, text| Sheet::read(&reading, piece, text),
            |sheet, part| {
                all.append(sheet);
                faults.append(part);
            },
        )?;
        faults.or(())?;
        let group = |(group, place): (Builder, &GroupPlace)| group.finish().in_order_of(place.options());
        let groups: Vec<Group> = all.groups.into_iter().zip(&reading.layout.groups).map(group).collect();
        let responses = Responses::from_columns(reading.layout.indicators, all.columns)?;
        let responses = responses.with_groups(groups)?.with_facts(all.facts)?;
        if self.weight.is_some() { responses.with_weights(all.weights) } else { Ok(responses) }
    }

    /// Reads the answers into moments, in memory that does not grow with the number of respondents.
    ///
    /// # Errors
    ///
    /// See [`Csv`] and [`Responses::moments`].
    pub fn moments(&self, input: impl Read, missing: Missing) -> Result<Moments> {
        let (reading, mut pieces) = self.open(input)?;
        let indicators = reading.layout.indicators.as_slice();
        let mut whole: Option<Intake<'_>> = None;
        let mut faults = Faults::default();
        for_each_batch(
            &reading,
            &mut pieces,
            |piece, text| intake(&reading, piece, text, missing),
            |part, more| {
                whole = Some(match whole.take() {
                    Some(whole) => whole.merge(part),
                    None => part,
                });
                faults.append(more);
            },
        )?;
        faults.or(())?;
        whole.unwrap_or_else(|| Intake::new(indicators, missing)).finish()
    }

    /// Looks at the beginning of a file, and finds the columns in its header.
    fn open<R: Read>(&self, input: R) -> Result<(Reading, Pieces<text::Rest<R>>)> {
        self.delimiter.map_or(Ok(()), Dialect::check)?;
        let (look, input) = text::open(input, "the input")?;
        let mut pieces = Pieces::new(input, look.skipped);
        let dialect = Dialect::of(pieces.head()?, self.delimiter, &look, &self.wanted());
        let header = pieces.header(dialect)?.ok_or_else(|| ErrorKind::Empty { place: "the input".into() })?;
        let layout = Layout::new(self, &header, dialect)?;
        let decimal = match (self.decimal_comma, dialect.delimiter) {
            (true, _) => Decimal::Comma,
            (false, b',') => Decimal::Point,
            (false, _) => Decimal::Either,
        };
        // What is declared goes before what is usual.
        let declared = self.codes.iter().map(|(code, reason)| (code.as_str(), *reason));
        let codes = Codes::new(declared.chain(["", "NA"].map(|code| (code, NoAnswer::NotAnswered))), decimal);
        Ok((Reading { layout, codes, dialect }, pieces))
    }

    /// The questions whose answers are no scores.
    fn facts(&self) -> &[Fact] {
        match &self.asked {
            Asked::Questionnaire(questionnaire) => questionnaire.facts(),
            _ => &[],
        }
    }

    /// The names of columns that are asked for.
    fn wanted(&self) -> Vec<&str> {
        let columns = self.columns.iter().flatten().map(String::as_str);
        let asked: Vec<&str> = match &self.asked {
            Asked::Questionnaire(questionnaire) if self.columns.is_none() => questionnaire.names().collect(),
            _ => Vec::new(),
        };
        let facts = self.facts().iter().flat_map(Fact::columns).map(String::as_str);
        columns
            .chain(asked)
            .chain(facts)
            .chain(self.weight.as_deref())
            .chain(self.groups.iter().map(String::as_str))
            .collect()
    }

    /// Does every column that is nothing else hold answers?
    fn reads_all_columns(&self) -> bool {
        self.columns.is_none() && !matches!(self.asked, Asked::Questionnaire(_))
    }

    /// The indicators that are to be read from a file with these headings.
    fn indicators(&self, headings: &[String]) -> Result<Vec<Indicator>> {
        let names = match (&self.columns, &self.asked) {
            (Some(columns), _) => columns.clone(),
            (None, Asked::Questionnaire(questionnaire)) => return Ok(questionnaire.indicators().to_vec()),
            (None, _) => {
                let others: Vec<&str> = self.weight.iter().chain(&self.groups).map(|name| name.trim()).collect();
                headings.iter().filter(|heading| !others.contains(&heading.as_str())).cloned().collect()
            }
        };
        let indicators = indicator::named(names)?;
        Ok(match &self.asked {
            Asked::Nothing => indicators,
            Asked::Scale(scale) => indicators.into_iter().map(|indicator| indicator.with_scale(*scale)).collect(),
            Asked::Questionnaire(questionnaire) => questionnaire.find(indicators.iter().map(Indicator::name))?,
        })
    }
}

/// Reads the pieces of a file, as many at a time as there are threads, and gives what became of each in their order.
fn for_each_batch<R: Read, T: Send + Sync>(
    reading: &Reading,
    pieces: &mut Pieces<R>,
    read: impl Fn(Piece, &[u8]) -> (T, Faults) + Sync + Send,
    mut take: impl FnMut(T, Faults),
) -> Result<()> {
    loop {
        let batch = pieces.next_batch(reading.dialect)?;
        if batch.is_empty() {
            break;
        }
        let texts: Vec<(Piece, &[u8])> = batch.iter().map(|piece| (*piece, pieces.text(*piece))).collect();
        let parts = parallel::map(texts.len(), |at| read(texts[at].0, texts[at].1));
        for (part, faults) in parts {
            take(part, faults);
        }
    }
    if pieces.rows() == 0 {
        return Err(ErrorKind::Empty { place: "the table of answers under the header".into() }.into());
    }
    Ok(())
}

/// A piece of a file as moments, by the same blocks as [`Responses::moments`] takes.
fn intake<'a>(reading: &'a Reading, piece: Piece, text: &[u8], missing: Missing) -> (Intake<'a>, Faults) {
    let indicators = reading.layout.indicators.as_slice();
    let mut intake = Intake::new(indicators, missing);
    let mut block = Block::new(indicators.len());
    let mut first = piece.first_row;
    let faults = reading.each(text, piece.first_row, piece.first_line, |row| {
        block.push(&row.answers, row.weight);
        if block.is_full() {
            let rows = block.rows();
            intake.take(&mut block, first, true);
            first += rows;
            block.clear();
        }
    });
    intake.take(&mut block, first, true);
    (intake, faults)
}

/// Rows as they are read, column by column.
struct Sheet {
    columns: Vec<Vec<f64>>,
    weights: Vec<f64>,
    groups: Vec<Builder>,
    facts: Vec<FactColumn>,
}

impl Sheet {
    fn new(reading: &Reading) -> Self {
        let layout = &reading.layout;
        Self {
            columns: vec![Vec::new(); layout.indicators.len()],
            weights: Vec::new(),
            groups: layout.groups.iter().map(|group| Builder::new(group.name.clone())).collect(),
            facts: layout.facts.iter().filter_map(|place| FactColumn::new(&place.fact)).collect(),
        }
    }

    fn read(reading: &Reading, piece: Piece, text: &[u8]) -> (Self, Faults) {
        let mut sheet = Self::new(reading);
        let faults = reading.each(text, piece.first_row, piece.first_line, |row| {
            sheet.columns.iter_mut().zip(&row.answers).for_each(|(column, answer)| column.push(*answer));
            sheet.weights.push(row.weight);
            sheet.groups.iter_mut().zip(&row.labels).for_each(|(group, label)| group.push(label));
            sheet.facts.iter_mut().zip(&row.facts).for_each(|(column, value)| column.push(value));
        });
        (sheet, faults)
    }

    /// Adds the rows that follow.
    fn append(&mut self, other: Self) {
        self.columns.iter_mut().zip(other.columns).for_each(|(column, more)| column.extend(more));
        self.weights.extend(other.weights);
        self.facts.iter_mut().zip(other.facts).for_each(|(column, more)| column.append(more));
        for (group, more) in self.groups.iter_mut().zip(other.groups) {
            more.finish().labels().for_each(|label| group.push(label.unwrap_or_default()));
        }
    }
}
