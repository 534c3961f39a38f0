//! Answers from CSV files.

use std::io::Read;

use ::csv::{ByteRecord, Reader, ReaderBuilder};

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::Block;
use crate::survey::group::Builder;
use crate::survey::indicator::{self, Indicator, Questionnaire};
use crate::survey::missing::Intake;
use crate::survey::responses::{case_weight, outside_scale};
use crate::survey::{Missing, Moments, Responses, Scale};

/// How answers are read from a CSV file: a header with the names, then a row for each respondent.
///
/// The text is UTF-8, with or without a byte order mark. Fields may be quoted; the space around them does not count.
/// Numbers have a decimal point. Empty lines are skipped.
///
/// Row 1 in a message is the first row under the header; the line is that of the file.
///
/// # Errors
///
/// What is wrong with the cells is reported all at once (beyond ten faults, only their number): rows with more or fewer
/// fields than the header, cells that are not numbers, and answers outside their scale. Before that: an input that is
/// empty or ends with its header, a heading that is there twice, and columns asked for that are not there.
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
pub struct Csv {
    delimiter: u8,
    missing_codes: Vec<String>,
    weight: Option<String>,
    groups: Vec<String>,
    columns: Option<Vec<String>>,
    asked: Asked,
}

/// What is known of the questions.
#[derive(Debug, Clone, PartialEq)]
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
    /// Commas between the fields, missing answers empty or `NA`, and answers in all columns.
    pub fn new() -> Self {
        Self {
            delimiter: b',',
            missing_codes: vec![String::new(), "NA".into()],
            weight: None,
            groups: Vec::new(),
            columns: None,
            asked: Asked::Nothing,
        }
    }

    /// What stands between two fields: `b';'`, `b'\t'`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// What stands for a missing answer, in place of nothing and `NA`. A code that is a number stands for that number
    /// however it is written.
    #[must_use]
    pub fn missing_codes<S: Into<String>>(mut self, codes: impl IntoIterator<Item = S>) -> Self {
        self.missing_codes = codes.into_iter().map(Into::into).collect();
        self
    }

    /// The column with the case weights.
    #[must_use]
    pub fn weight(mut self, column: impl Into<String>) -> Self {
        self.weight = Some(column.into());
        self
    }

    /// One more column with the labels of groups.
    #[must_use]
    pub fn group(mut self, column: impl Into<String>) -> Self {
        self.groups.push(column.into());
        self
    }

    /// The columns with answers, in this order; others may hold anything. Without this call and a questionnaire, all
    /// columns hold answers but those of weights and groups.
    #[must_use]
    pub fn columns<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.columns = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// The scale of all answers; takes the place of a questionnaire.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.asked = Asked::Scale(scale);
        self
    }

    /// The questionnaire whose indicators are read, or which has at least those of [`Csv::columns`]; takes the place of
    /// a scale.
    #[must_use]
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
        let mut rows = Rows::new(self, input)?;
        let mut columns = vec![Vec::new(); rows.layout.answers.len()];
        let mut weights = Vec::new();
        let mut groups: Vec<Builder> = self.groups.iter().map(|name| Builder::new(name.clone())).collect();
        while rows.next()? {
            columns.iter_mut().zip(&rows.answers).for_each(|(column, answer)| column.push(*answer));
            if self.weight.is_some() {
                weights.push(rows.weight);
            }
            for (group, place) in groups.iter_mut().zip(&rows.layout.groups) {
                group.push(&label(&rows.record[*place], &rows.place(*place))?);
            }
        }
        rows.faults.or(())?;
        let responses = Responses::from_columns(rows.layout.indicators, columns)?;
        let responses = responses.with_groups(groups.into_iter().map(Builder::finish))?;
        if self.weight.is_some() { responses.with_weights(weights) } else { Ok(responses) }
    }

    /// Reads the answers into moments, in memory that does not grow with the number of respondents.
    ///
    /// # Errors
    ///
    /// See [`Csv`] and [`Responses::moments`].
    pub fn moments(&self, input: impl Read, missing: Missing) -> Result<Moments> {
        let mut rows = Rows::new(self, input)?;
        let indicators = rows.layout.indicators.clone();
        let mut intake = Intake::new(&indicators, missing);
        let mut block = Block::new(indicators.len());
        let mut first = 1;
        while rows.next()? {
            block.push(&rows.answers, rows.weight);
            if block.is_full() {
                intake.take(&mut block, first, true);
                block.clear();
                first = rows.number + 1;
            }
        }
        rows.faults.or(())?;
        intake.take(&mut block, first, true);
        intake.finish()
    }
}

/// Where in a row what is to be found.
#[derive(Debug)]
struct Layout {
    headings: Vec<String>,
    indicators: Vec<Indicator>,
    answers: Vec<usize>,
    weight: Option<usize>,
    groups: Vec<usize>,
}

impl Layout {
    fn new(options: &Csv, headings: Vec<String>) -> Result<Self> {
        let place = |name: &String| check::position(&headings, name, "column");
        let mut faults = Faults::default();
        let named: Vec<&String> = headings.iter().filter(|heading| !heading.is_empty()).collect();
        faults.check(check::names(&named, "column"));
        let weight = options.weight.as_ref().and_then(|name| faults.check(place(name)));
        let groups: Vec<usize> = options.groups.iter().filter_map(|name| faults.check(place(name))).collect();
        let indicators = faults.check(options.indicators(&headings)).unwrap_or_default();
        let names: Vec<&str> = indicators.iter().map(Indicator::name).collect();
        let answers = faults.check(check::positions(&headings, &names, "column")).unwrap_or_default();
        faults.or(())?;
        Ok(Self { headings, indicators, answers, weight, groups })
    }
}

impl Csv {
    /// The indicators that are to be read from a file with these headings.
    fn indicators(&self, headings: &[String]) -> Result<Vec<Indicator>> {
        let names = match (&self.columns, &self.asked) {
            (Some(columns), _) => columns.clone(),
            (None, Asked::Questionnaire(questionnaire)) => return Ok(questionnaire.indicators().to_vec()),
            (None, _) => {
                let others = [self.weight.as_slice(), &self.groups].concat();
                headings.iter().filter(|heading| !others.contains(heading)).cloned().collect()
            }
        };
        let indicators = indicator::named(names)?;
        Ok(match &self.asked {
            Asked::Nothing => indicators,
            Asked::Scale(scale) => indicators.into_iter().map(|indicator| indicator.with_scale(*scale)).collect(),
            Asked::Questionnaire(questionnaire) => {
                let places = indicator::positions(questionnaire.indicators(), indicators.iter().map(Indicator::name))?;
                places.into_iter().map(|place| questionnaire.indicators()[place].clone()).collect()
            }
        })
    }
}

/// The rows of a file, one after the other in the same memory.
struct Rows<R> {
    layout: Layout,
    codes: Codes,
    reader: Reader<R>,
    record: ByteRecord,
    number: usize,
    answers: Vec<f64>,
    weight: f64,
    faults: Faults,
}

impl<R: Read> Rows<R> {
    fn new(options: &Csv, input: R) -> Result<Self> {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(options.delimiter).has_headers(false).flexible(true);
        let mut reader = builder.from_reader(input);
        let mut record = ByteRecord::new();
        if !read(&mut reader, &mut record)? {
            return Err(ErrorKind::Empty { place: "the input".into() }.into());
        }
        let headings: Result<Vec<String>> = record.iter().map(|field| label(field, "the header")).collect();
        let layout = Layout::new(options, headings?)?;
        let (codes, answers) = (Codes::new(&options.missing_codes), Vec::with_capacity(layout.answers.len()));
        Ok(Self { layout, codes, reader, record, number: 0, answers, weight: 1.0, faults: Faults::default() })
    }

    /// Goes on to the next row, if there is one; a row with another number of fields is noted as a fault and passed.
    fn next(&mut self) -> Result<bool> {
        while read(&mut self.reader, &mut self.record)? {
            self.number += 1;
            let (found, expected) = (self.record.len(), self.layout.headings.len());
            if found == expected {
                self.parse();
                return Ok(true);
            }
            let (row, line) = (self.number, self.line());
            self.faults.note(|| ErrorKind::Ragged { row, line, found, expected });
        }
        if self.number == 0 {
            return Err(ErrorKind::Empty { place: "the table of answers under the header".into() }.into());
        }
        Ok(false)
    }

    /// Takes the answers and the weight from the present record.
    fn parse(&mut self) {
        self.answers.clear();
        for at in 0..self.layout.answers.len() {
            let column = self.layout.answers[at];
            let answer = match self.codes.parse(&self.record[column]) {
                Cell::Missing => f64::NAN,
                Cell::Number(value) => {
                    self.check(at, value);
                    value
                }
                Cell::Text => self.not_a_number(column),
            };
            self.answers.push(answer);
        }
        if let Some(column) = self.layout.weight {
            self.weight = match self.codes.parse(&self.record[column]) {
                Cell::Number(weight) => weight,
                Cell::Missing | Cell::Text => self.not_a_number(column),
            };
            if let Err(fault) = case_weight(self.weight, self.number) {
                self.faults.note(|| fault);
            }
        }
    }

    /// Notes an answer that cannot be one to the indicator at this place.
    fn check(&mut self, at: usize, value: f64) {
        let indicator = &self.layout.indicators[at];
        if !value.is_finite() {
            let place = self.place(self.layout.answers[at]);
            self.faults.note(|| ErrorKind::NotFinite { place, value });
        } else if let Some(scale) = indicator.scale().filter(|scale| !scale.contains(value)) {
            let row = self.number - 1;
            self.faults.note(|| outside_scale(row, indicator.name(), scale, value, 1));
        }
    }

    /// Notes a cell that is not a number; gives one that stands for it until the fault is reported.
    fn not_a_number(&mut self, column: usize) -> f64 {
        let (row, line) = (self.number, self.line());
        let text = || String::from_utf8_lossy(self.record[column].trim_ascii()).into_owned();
        let column = || self.layout.headings[column].clone();
        self.faults.note(|| ErrorKind::NotANumber { row, line, column: column(), text: text() });
        1.0
    }

    fn line(&self) -> u64 {
        self.record.position().map_or(0, ::csv::Position::line)
    }

    /// Where a cell of the present row stands.
    fn place(&self, column: usize) -> String {
        format!("row {} (line {}), column `{}`", self.number, self.line(), self.layout.headings[column])
    }
}

/// Reads the next record, if there is one.
fn read<R: Read>(reader: &mut Reader<R>, record: &mut ByteRecord) -> Result<bool> {
    reader.read_byte_record(record).map_err(|error| unreadable("the input".into(), error.to_string()))
}

fn unreadable(place: String, reason: String) -> Error {
    ErrorKind::Unreadable { place, reason }.into()
}

/// The text of a field.
fn label(field: &[u8], place: &str) -> Result<String> {
    let text = std::str::from_utf8(field).map_err(|_| unreadable(place.into(), "it is not valid UTF-8".into()))?;
    Ok(text.trim().to_owned())
}

/// What stands for a missing answer.
struct Codes {
    texts: Vec<Vec<u8>>,
    numbers: Vec<f64>,
}

/// What a cell holds.
enum Cell {
    Missing,
    Number(f64),
    Text,
}

impl Codes {
    fn new(codes: &[String]) -> Self {
        let codes = codes.iter().map(|code| code.trim());
        Self {
            texts: codes.clone().map(|code| code.as_bytes().to_vec()).collect(),
            numbers: codes.filter_map(|code| code.parse().ok()).collect(),
        }
    }

    fn parse(&self, cell: &[u8]) -> Cell {
        let cell = cell.trim_ascii();
        if self.texts.iter().any(|code| code == cell) {
            return Cell::Missing;
        }
        let number = digits(cell).or_else(|| std::str::from_utf8(cell).ok()?.parse().ok());
        match number {
            Some(number) if self.numbers.contains(&number) => Cell::Missing,
            Some(number) => Cell::Number(number),
            None => Cell::Text,
        }
    }
}

/// The number that is written with a few digits and nothing else.
///
/// Nearly all answers to a survey are such numbers, and `str::parse` takes several times as long.
fn digits(cell: &[u8]) -> Option<f64> {
    if !(1..=8).contains(&cell.len()) {
        return None;
    }
    let digit = |value: u32, byte: &u8| byte.is_ascii_digit().then(|| 10 * value + u32::from(byte - b'0'));
    cell.iter().try_fold(0, digit).map(f64::from)
}
