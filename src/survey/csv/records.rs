//! The rows of a piece of text, one after the other in the same memory.

use std::borrow::Cow;

use memchr::memchr_iter;

use super::cell::{Cell, Codes, trimmed};
use super::dialect::Dialect;
use super::facts::{self, FactPlace};
use super::layout::{Layout, Use};
use crate::error::{Error, ErrorKind, Faults};
use crate::survey::GradedScale;
use crate::survey::answer::{case_weight, outside_scale};
use crate::survey::fact_column::FactValue;
use crate::text::excerpt;

/// What is needed to read a row.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) layout: Layout,
    pub(super) codes: Codes,
    pub(super) dialect: Dialect,
}

/// What a row holds.
#[derive(Debug)]
pub(super) struct Row {
    /// A missing answer is NaN.
    pub(super) answers: Vec<f64>,
    pub(super) weight: f64,
    pub(super) labels: Vec<String>,
    pub(super) facts: Vec<FactValue>,
}

/// The place of the row that is being read.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a [u8],
    start: usize,
    record: &'a [u8],
    first_line: u64,
    terminator: u8,
    row: usize,
}

impl Place<'_> {
    fn line(&self) -> u64 {
        self.first_line + memchr_iter(self.terminator, &self.text[..self.start]).count() as u64
    }
}

impl Reading {
    /// Reads the rows of a text, whose first one has this number and this line, and gives each to `take`.
    pub(super) fn each(&self, text: &[u8], first_row: usize, first_line: u64, mut take: impl FnMut(&Row)) -> Faults {
        let mut faults = Faults::default();
        let layout = &self.layout;
        let mut row = Row {
            answers: vec![f64::NAN; layout.indicators.len()],
            weight: 1.0,
            labels: vec![String::new(); layout.groups.len()],
            facts: layout.facts.iter().map(FactPlace::blank).collect(),
        };
        let terminator = self.dialect.terminator;
        let mut place = Place { text, start: 0, record: text, first_line, terminator, row: first_row };
        while place.start < text.len() {
            let end = self.dialect.record_end(text, place.start).unwrap_or(text.len());
            let record = self.dialect.trim_end(&text[place.start..end]);
            place.record = record;
            if !record.is_empty() {
                row.facts.iter_mut().zip(&layout.facts).for_each(|(value, fact)| fact.reset(value));
                let quoted = memchr::memchr(b'"', record).is_some();
                let found = if quoted {
                    self.parse_quoted(record, &mut row, place, &mut faults)
                } else {
                    self.parse_plain(record, &mut row, place, &mut faults)
                };
                let expected = layout.headings.len();
                if found == expected {
                    take(&row);
                } else {
                    let (row, line) = (place.row, place.line());
                    faults.note(|| ErrorKind::Ragged { row, line, found, expected });
                }
                place.row += 1;
            }
            place.start = end;
        }
        faults
    }

    /// Reads a record without quotes; gives the number of its fields.
    #[inline]
    fn parse_plain(&self, record: &[u8], row: &mut Row, place: Place<'_>, faults: &mut Faults) -> usize {
        let delimiter = self.dialect.delimiter;
        let uses = &self.layout.uses;
        let (mut at, mut column) = (0, 0);
        loop {
            let start = at;
            let mut whole = 0_u32;
            // Nearly all answers are a few digits: they are read on the way to the delimiter.
            while let Some(digit) = record.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
                whole = whole.wrapping_mul(10).wrapping_add(u32::from(digit));
                at += 1;
            }
            let ended = record.get(at).is_none_or(|byte| *byte == delimiter);
            let plain = ended && (1..=8).contains(&(at - start));
            if !ended {
                at += record[at..].iter().take_while(|byte| **byte != delimiter).count();
            }
            match uses.get(column) {
                Some(Use::Answer(indicator)) => {
                    let field = &record[start..at];
                    let cell = if plain { self.codes.known(f64::from(whole)) } else { self.codes.parse(field) };
                    row.answers[*indicator] = self.answer(cell, *indicator, field, place, faults);
                }
                Some(Use::Other) => self.field(column, &record[start..at], row, place, faults),
                None | Some(Use::Nothing) => {}
            }
            column += 1;
            if at == record.len() {
                return column;
            }
            at += 1;
        }
    }

    /// Reads a record with quotes; gives the number of its fields.
    #[cold]
    fn parse_quoted(&self, record: &[u8], row: &mut Row, place: Place<'_>, faults: &mut Faults) -> usize {
        let mut count = 0;
        for (column, field) in self.dialect.fields(record).enumerate() {
            if self.layout.uses.get(column).is_some_and(|used| *used != Use::Nothing) {
                self.field(column, &field, row, place, faults);
            }
            count = column + 1;
        }
        count
    }

    /// Reads a field as what its column is.
    fn field(&self, column: usize, field: &[u8], row: &mut Row, place: Place<'_>, faults: &mut Faults) {
        for indicator in (0..row.answers.len()).filter(|at| self.layout.answers[*at] == column) {
            let grades = self.layout.indicators[indicator].grades();
            let cell = grades.map_or_else(|| self.codes.parse(field), |grades| self.graded(grades, field));
            row.answers[indicator] = self.answer(cell, indicator, field, place, faults);
        }
        if self.layout.weight == Some(column) {
            row.weight = match self.codes.parse(field) {
                Cell::Number(weight) => weight,
                Cell::Missing(_) | Cell::Text => self.not_a_number(column, field, place, faults),
            };
            if let Err(fault) = case_weight(row.weight, place.row) {
                self.note(faults, place, || fault);
            }
        }
        for (label, group) in row.labels.iter_mut().zip(&self.layout.groups).filter(|(_, group)| group.column == column)
        {
            label.clear();
            // Without a question, a label such as NA is a name like any other.
            if field.is_empty() || (group.fact.is_some() && self.codes.is_missing(field)) {
                continue;
            }
            match facts::label(group.fact.as_ref(), field) {
                Ok(text) => label.push_str(&text),
                Err(reason) => self.no_answer(column, field, reason, place, faults),
            }
        }
        for (value, fact) in
            row.facts.iter_mut().zip(&self.layout.facts).filter(|(_, fact)| fact.columns.contains(&column))
        {
            if let Err(reason) = fact.read(column, field, &self.codes, value) {
                self.no_answer(column, field, reason, place, faults);
            }
        }
    }

    /// Reads a cell that holds a grade, a code for a missing answer, or a score.
    fn graded(&self, grades: &GradedScale, field: &[u8]) -> Cell {
        let word = std::str::from_utf8(trimmed(field)).ok().and_then(|word| grades.find(word));
        word.map_or_else(|| self.codes.parse(field), Cell::Number)
    }

    /// Notes a cell that is no answer to its question.
    #[cold]
    fn no_answer(&self, column: usize, field: &[u8], reason: String, place: Place<'_>, faults: &mut Faults) {
        self.note(faults, place, || {
            let text = excerpt(&String::from_utf8_lossy(field.trim_ascii()));
            let column = self.layout.headings[column].clone();
            ErrorKind::NotAnAnswer { row: place.row, line: place.line(), column, text, reason }
        });
    }

    /// The answer that a cell gives to an indicator, NaN if it is missing.
    #[inline]
    fn answer(&self, cell: Cell, indicator: usize, field: &[u8], place: Place<'_>, faults: &mut Faults) -> f64 {
        match cell {
            Cell::Missing(reason) => reason.number(),
            Cell::Number(value) => {
                let scale = self.layout.indicators[indicator].scale();
                if !value.is_finite() || scale.is_some_and(|scale| !scale.contains(value)) {
                    self.impossible(value, indicator, place, faults);
                }
                value
            }
            Cell::Text => self.no_score(indicator, field, place, faults),
        }
    }

    /// Notes a cell that is no score; gives a number that stands for it until the fault is reported.
    #[cold]
    fn no_score(&self, indicator: usize, field: &[u8], place: Place<'_>, faults: &mut Faults) -> f64 {
        let column = self.layout.answers[indicator];
        let Some(grades) = self.layout.indicators[indicator].grades() else {
            return self.not_a_number(column, field, place, faults);
        };
        let word = String::from_utf8_lossy(trimmed(field));
        self.no_answer(column, field, grades.no_grade(&word), place, faults);
        1.0
    }

    #[cold]
    fn impossible(&self, value: f64, indicator: usize, place: Place<'_>, faults: &mut Faults) {
        if !value.is_finite() {
            let cell = self.cell(self.layout.answers[indicator], place);
            self.note(faults, place, || ErrorKind::NotFinite { place: cell, value });
        } else if let Some(scale) = self.layout.indicators[indicator].scale() {
            let name = self.layout.indicators[indicator].name();
            self.note(faults, place, || outside_scale(place.row - 1, name, scale, value, 1));
        }
    }

    /// Notes a cell that is not a number; gives one that stands for it until the fault is reported.
    #[cold]
    fn not_a_number(&self, column: usize, field: &[u8], place: Place<'_>, faults: &mut Faults) -> f64 {
        self.note(faults, place, || {
            let text: Cow<'_, str> = String::from_utf8_lossy(field.trim_ascii());
            let hint = if self.codes.would_read_comma(field) { " (`decimal_comma` reads it)" } else { "" };
            let column = self.layout.headings[column].clone();
            ErrorKind::NotANumber { row: place.row, line: place.line(), column, text: text.into_owned(), hint }
        });
        1.0
    }

    /// Notes a fault of a cell, unless its row has too many or too few fields: that is reported then, and nothing else.
    #[cold]
    fn note<E: Into<Error>>(&self, faults: &mut Faults, place: Place<'_>, fault: impl FnOnce() -> E) {
        if self.dialect.fields(place.record).count() == self.layout.headings.len() {
            faults.note(fault);
        }
    }

    /// Where a cell of the present row stands.
    fn cell(&self, column: usize, place: Place<'_>) -> String {
        format!("row {} (line {}), column `{}`", place.row, place.line(), self.layout.headings[column])
    }
}
