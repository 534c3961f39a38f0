//! The rows of a CSV file, one after the other in the same memory.

use std::io::{Chain, Cursor, Read};

use ::csv::{ByteRecord, Reader, ReaderBuilder};

use super::Csv;
use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::Indicator;
use crate::survey::responses::{case_weight, outside_scale};

/// Where in a row what is to be found.
pub(super) struct Layout {
    headings: Vec<String>,
    pub(super) indicators: Vec<Indicator>,
    pub(super) answers: Vec<usize>,
    weight: Option<usize>,
    pub(super) groups: Vec<usize>,
}

impl Layout {
    fn new(options: &Csv, headings: Vec<String>) -> Result<Self> {
        let named: Vec<&String> = headings.iter().filter(|heading| !heading.is_empty()).collect();
        check::names(&named, "column")?;
        let place = |name: &String| check::position(&headings, name, "column");
        let mut faults = Faults::default();
        let weight = options.weight.as_ref().and_then(|name| faults.check(place(name)));
        let groups: Vec<usize> = options.groups.iter().filter_map(|name| faults.check(place(name))).collect();
        let indicators = faults.check(options.indicators(&headings)).unwrap_or_default();
        let names: Vec<&str> = indicators.iter().map(Indicator::name).collect();
        let answers = faults.check(check::positions(&headings, &names, "column")).unwrap_or_default();
        faults.or(())?;
        Ok(Self { headings, indicators, answers, weight, groups })
    }
}

/// The rows of a file and what the present one holds.
pub(super) struct Rows<R> {
    pub(super) layout: Layout,
    codes: Codes,
    records: Records<R>,
    pub(super) number: usize,
    pub(super) answers: Vec<f64>,
    pub(super) weight: f64,
    pub(super) faults: Faults,
}

impl<R: Read> Rows<R> {
    pub(super) fn new(options: &Csv, input: R) -> Result<Self> {
        let mut records = Records::new(options.delimiter, input)?;
        if !records.next()? {
            return Err(ErrorKind::Empty { place: "the input".into() }.into());
        }
        let heading = |field| label(field, || "the header".into()).map(Into::into);
        let headings: Result<Vec<String>> = records.record.iter().map(heading).collect();
        let layout = Layout::new(options, headings?)?;
        let (codes, answers) = (Codes::new(&options.missing_codes), Vec::with_capacity(layout.answers.len()));
        Ok(Self { layout, codes, records, number: 0, answers, weight: 1.0, faults: Faults::default() })
    }

    /// Goes on to the next row, if there is one; a row with another number of fields is noted as a fault and passed.
    pub(super) fn next(&mut self) -> Result<bool> {
        while self.records.next()? {
            self.number += 1;
            let (found, expected) = (self.records.record.len(), self.layout.headings.len());
            if found == expected {
                self.parse();
                return Ok(true);
            }
            let (row, line) = (self.number, self.records.line);
            self.faults.note(|| ErrorKind::Ragged { row, line, found, expected });
        }
        if self.number == 0 {
            return Err(ErrorKind::Empty { place: "the table of answers under the header".into() }.into());
        }
        Ok(false)
    }

    /// The text of a cell of the present row.
    pub(super) fn label(&self, column: usize) -> Result<&str> {
        label(self.field(column), || self.place(column))
    }

    fn field(&self, column: usize) -> &[u8] {
        &self.records.record[column]
    }

    /// Takes the answers and the weight from the present record.
    fn parse(&mut self) {
        self.answers.clear();
        for at in 0..self.layout.answers.len() {
            let column = self.layout.answers[at];
            let answer = match self.codes.parse(self.field(column)) {
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
            self.weight = match self.codes.parse(self.field(column)) {
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
        let (row, line) = (self.number, self.records.line);
        let field = self.records.record[column].trim_ascii();
        let column = &self.layout.headings[column];
        self.faults.note(|| {
            let text = String::from_utf8_lossy(field).into_owned();
            ErrorKind::NotANumber { row, line, column: column.clone(), text }
        });
        1.0
    }

    /// Where a cell of the present row stands.
    fn place(&self, column: usize) -> String {
        format!("row {} (line {}), column `{}`", self.number, self.records.line, self.layout.headings[column])
    }
}

/// The records of a file, and where they begin.
struct Records<R> {
    reader: Reader<Chain<Cursor<Vec<u8>>, R>>,
    record: ByteRecord,
    line: u64,
    /// The line ends within the record.
    inside: u64,
}

/// What some programs put in front of UTF-8. The csv reader knows it too, but only if it comes in one piece.
const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

impl<R: Read> Records<R> {
    fn new(delimiter: u8, mut input: R) -> Result<Self> {
        let mut start = Vec::with_capacity(BYTE_ORDER_MARK.len());
        let read = input.by_ref().take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut start);
        read.map_err(|error| unreadable("the input".into(), error.to_string()))?;
        if start == BYTE_ORDER_MARK {
            start.clear();
        }
        let mut builder = ReaderBuilder::new();
        let reader = builder.delimiter(delimiter).has_headers(false).flexible(true);
        let reader = reader.from_reader(Cursor::new(start).chain(input));
        Ok(Self { reader, record: ByteRecord::new(), line: 0, inside: 0 })
    }

    /// Goes on to the next record, if there is one.
    fn next(&mut self) -> Result<bool> {
        let before = self.reader.position().line();
        let read = self.reader.read_byte_record(&mut self.record);
        let found = read.map_err(|error| unreadable("the input".into(), error.to_string()))?;
        // The reader's own count is late by one where lines end with two characters, and does not say where the empty
        // lines before a record end. Of the line ends that it has passed one belongs to a record as such.
        let passed = self.reader.position().line() - before;
        self.line += 1 + self.inside;
        self.inside = self.record.as_slice().iter().map(|byte| u64::from(*byte == b'\n')).sum();
        self.line += passed.saturating_sub(self.inside + 1);
        Ok(found)
    }
}

fn unreadable(place: String, reason: String) -> Error {
    ErrorKind::Unreadable { place, reason }.into()
}

/// The text of a field.
fn label(field: &[u8], place: impl FnOnce() -> String) -> Result<&str> {
    let text = std::str::from_utf8(field).map_err(|_| unreadable(place(), "it is not valid UTF-8".into()))?;
    Ok(text.trim())
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
