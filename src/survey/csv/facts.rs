//! Cells that hold no scores: choices, keys, dates.

use std::borrow::Cow;

use super::cell::Codes;
#[cfg(feature = "dates")]
use crate::survey::Date;
use crate::survey::fact::{Fact, FactKind, OTHER, no_option, option};
use crate::survey::fact_column::FactValue;

/// A question whose answers are no scores, and the columns in which they stand.
#[derive(Debug)]
pub(super) struct FactPlace {
    pub(super) fact: Fact,
    pub(super) columns: Vec<usize>,
}

/// The text of a cell, if it is one.
fn text(field: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(super::cell::trimmed(field)).map_err(|_| "it is not valid UTF-8".into())
}

impl FactPlace {
    /// What the question is answered with before its cells have been read.
    pub(super) fn blank(&self) -> FactValue {
        match self.fact.kind() {
            FactKind::Choices { .. } => FactValue::Chosen(None),
            #[cfg(feature = "dates")]
            FactKind::Date { .. } => FactValue::Date(None),
            FactKind::Choice { .. } | FactKind::Key => FactValue::Key(String::new()),
        }
    }

    /// Reads a cell of one of the columns into the answer, or says why it is none.
    pub(super) fn read(&self, column: usize, field: &[u8], codes: &Codes, value: &mut FactValue) -> Result<(), String> {
        let missing = codes.is_missing(field);
        match (self.fact.kind(), value) {
            (FactKind::Choices { columns, .. }, FactValue::Chosen(chosen)) if !columns.is_empty() => {
                let Some(at) = self.columns.iter().position(|place| *place == column) else { return Ok(()) };
                if missing {
                    return Ok(());
                }
                let bit = match super::cell::trimmed(field) {
                    b"1" => 1_u64 << at,
                    b"0" => 0,
                    _ => return Err("expected 1 where the option was chosen, else 0".into()),
                };
                *chosen = Some(chosen.unwrap_or_default() | bit);
            }
            (FactKind::Choices { options, separator, .. }, FactValue::Chosen(chosen)) => {
                *chosen = if missing { None } else { Some(several(options, *separator, text(field)?)?) };
            }
            #[cfg(feature = "dates")]
            (FactKind::Date { pattern }, FactValue::Date(date)) => {
                *date = if missing { None } else { Some(day(pattern.as_deref(), text(field)?)?) };
            }
            (FactKind::Key, FactValue::Key(key)) => {
                key.clear();
                if !missing {
                    key.push_str(text(field)?);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Puts a column back to what it is before its cells have been read: several columns add up.
    pub(super) fn reset(&self, value: &mut FactValue) {
        if self.columns.len() > 1 {
            *value = self.blank();
        }
    }
}

/// The bits of several choices.
fn several(options: &[String], separator: char, text: &str) -> Result<u64, String> {
    let mut chosen = 0;
    for choice in text.split(separator).map(str::trim).filter(|choice| !choice.is_empty()) {
        let at = option(options, choice).ok_or_else(|| no_option(options, choice))?;
        chosen |= 1_u64 << at;
    }
    Ok(chosen)
}

#[cfg(feature = "dates")]
fn day(pattern: Option<&str>, text: &str) -> Result<Date, String> {
    let (date, written) = match pattern {
        Some(pattern) => (Date::parse(pattern, text), pattern),
        None => (text.parse(), "2026-07-31"),
    };
    date.map_err(|_| format!("it is no day of the calendar written as {written}"))
}

/// The label that a cell gives in a division of the respondents: one of the options, if there are any.
pub(super) fn label<'a>(fact: Option<&'a Fact>, field: &'a [u8]) -> Result<Cow<'a, str>, String> {
    let text = text(field)?;
    match fact.map(Fact::kind) {
        Some(FactKind::Choice { options, other }) if !options.is_empty() => match option(options, text) {
            Some(at) => Ok(options[at].as_str().into()),
            None if *other => Ok(OTHER.into()),
            None => Err(no_option(options, text)),
        },
        _ => Ok(text.into()),
    }
}
