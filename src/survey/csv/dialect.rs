//! How the fields and records of a text are told apart.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::error::{ErrorKind, Result};
use crate::text::{DELIMITERS, Look};

/// What stands between fields and behind records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// A line feed, perhaps with a carriage return before it; or a carriage return alone.
    pub(super) terminator: u8,
}

impl Dialect {
    /// The dialect of a text by its beginning. The delimiter is the one asked for or declared; else the one that finds
    /// most of the columns asked for, then the one that divides the first two lines alike, then into most fields.
    pub(super) fn of(head: &[u8], delimiter: Option<u8>, look: &Look, wanted: &[&str]) -> Self {
        let lead = head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let head = &head[lead..];
        let terminator = terminator(head);
        let declared = if look.skipped > 0 { look.delimiter } else { None };
        let with = |delimiter| Self { delimiter, terminator };
        let rank = |delimiter: u8| {
            let dialect = with(delimiter);
            let (first, second) = dialect.two_records(head);
            let headings: Vec<Cow<'_, [u8]>> = dialect.fields(first).collect();
            let found =
                wanted.iter().filter(|name| headings.iter().any(|heading| heading.trim_ascii() == name.as_bytes()));
            let alike = headings.len() > 1 && (second.is_empty() || dialect.fields(second).count() == headings.len());
            (found.count(), alike, headings.len())
        };
        // Of equals the last one wins.
        let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| rank(*delimiter)).unwrap_or(b',');
        with(delimiter.or(declared).unwrap_or(best))
    }

    /// Checks that the delimiter can stand between numbers and quoted texts.
    pub(super) fn check(delimiter: u8) -> Result<()> {
        if delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() && !b"\"\r\n.+-".contains(&delimiter) {
            return Ok(());
        }
        let shown = char::from(delimiter).escape_default();
        let place = format!("the delimiter `{shown}`");
        let reason = "expected a comma, semicolon, tab, bar or another ASCII sign that is no part of a number".into();
        Err(ErrorKind::Unsupported { place, reason }.into())
    }

    /// The first two records that are not empty.
    fn two_records(self, head: &[u8]) -> (&[u8], &[u8]) {
        let mut records = [[].as_slice(); 2];
        let mut start = 0;
        for place in &mut records {
            while start < head.len() && place.is_empty() {
                let end = self.record_end(head, start).unwrap_or(head.len());
                *place = self.trim_end(&head[start..end]);
                start = end;
            }
        }
        (records[0], records[1])
    }

    /// Where the record that begins here ends, its terminator included; `None` if the text ends before.
    pub(super) fn record_end(self, text: &[u8], start: usize) -> Option<usize> {
        let at = start + memchr2(self.terminator, b'"', &text[start..])?;
        if text[at] == self.terminator { Some(at + 1) } else { self.quoted_record_end(text, start) }
    }

    /// The same for a record that holds a quote, which counts at the beginning of a field only.
    #[cold]
    fn quoted_record_end(self, text: &[u8], start: usize) -> Option<usize> {
        let mut at = start;
        loop {
            at += text[at..].iter().take_while(|byte| self.is_blank(**byte)).count();
            if text.get(at) == Some(&b'"') {
                at = quoted_end(text, at)?;
            }
            at += memchr2(self.delimiter, self.terminator, &text[at..])? + 1;
            if text[at - 1] == self.terminator {
                return Some(at);
            }
        }
    }

    /// Blanks before an opening quote do not count.
    fn is_blank(self, byte: u8) -> bool {
        byte == b' ' || (byte == b'\t' && self.delimiter != b'\t')
    }

    /// The record without its terminator.
    pub(super) fn trim_end(self, record: &[u8]) -> &[u8] {
        let record = record.strip_suffix(&[self.terminator]).unwrap_or(record);
        if self.terminator == b'\n' { record.strip_suffix(b"\r").unwrap_or(record) } else { record }
    }

    /// The fields of a record without its terminator.
    pub(super) fn fields(self, record: &[u8]) -> Fields<'_> {
        Fields { dialect: self, rest: Some(record) }
    }
}

/// Behind a quoted text that begins here, where its closing quote ends.
fn quoted_end(text: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr(b'"', &text[at..])? + 1;
        if text.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// What the first record ends with.
fn terminator(head: &[u8]) -> u8 {
    let mut quoted = false;
    for (at, byte) in head.iter().enumerate() {
        quoted ^= *byte == b'"';
        match byte {
            b'\n' if !quoted => return b'\n',
            // Where the look at the text ends, a line feed may follow.
            b'\r' if !quoted && head.get(at + 1).is_some_and(|next| *next != b'\n') => return b'\r',
            _ => {}
        }
    }
    if head.ends_with(b"\r") { b'\r' } else { b'\n' }
}

/// The fields of a record, one after the other, without quotes.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    dialect: Dialect,
    /// What is left, until the last field has been given.
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Cow<'a, [u8]>;

    fn next(&mut self) -> Option<Cow<'a, [u8]>> {
        let rest = self.rest?;
        let blanks = rest.iter().take_while(|byte| self.dialect.is_blank(**byte)).count();
        let quoted = rest.get(blanks) == Some(&b'"');
        let closed = if quoted { quoted_end(rest, blanks).unwrap_or(rest.len()) } else { 0 };
        let end = memchr(self.dialect.delimiter, &rest[closed..]).map(|at| closed + at);
        self.rest = end.map(|end| &rest[end + 1..]);
        let field = &rest[..end.unwrap_or(rest.len())];
        Some(if quoted { unquoted(&field[blanks..], closed - blanks) } else { Cow::Borrowed(field) })
    }
}

/// The content of a field that begins with a quote, and whose closing quote, if it has one, ends here.
fn unquoted(field: &[u8], closed: usize) -> Cow<'_, [u8]> {
    let (text, behind) = field.split_at(closed);
    let text = text[1..].strip_suffix(b"\"").unwrap_or(&text[1..]);
    if behind.is_empty() && memchr(b'"', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(field.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        plain.push(*byte);
        if *byte == b'"' {
            bytes.next();
        }
    }
    plain.extend(behind);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', terminator: b'\n' };

    fn fields(record: &str) -> Vec<String> {
        COMMA.fields(record.as_bytes()).map(|field| String::from_utf8(field.into_owned()).unwrap()).collect()
    }

    #[test]
    fn quotes_are_taken_off() {
        assert_eq!(fields("a,b,"), ["a", "b", ""]);
        assert_eq!(fields(""), [""]);
        assert_eq!(fields("\"a,b\",\"c \"\"d\"\"\", \"e\n\""), ["a,b", "c \"d\"", "e\n"]);
        // A quote within a text is a quote; what follows a closed one belongs to the field.
        assert_eq!(fields("5\" screen,\"a\"b,\"open"), ["5\" screen", "ab", "open"]);
        assert_eq!(fields("\"\",\"\"\"\""), ["", "\""]);
    }

    #[test]
    fn records_end_outside_quotes() {
        let ends = |text: &str| {
            let next = |end: &usize| COMMA.record_end(text.as_bytes(), *end);
            std::iter::successors(next(&0), |end| next(end)).collect::<Vec<_>>()
        };
        assert_eq!(ends("a,b\nc\n\nd"), [4, 6, 7]);
        assert_eq!(ends("a,\"b\nc\"\nd\n"), [8, 10]);
        assert_eq!(ends("5\" and 6\"\n\"a\"\"\n\"\n"), [10, 17]);
        assert_eq!(ends("\"a\n"), [0; 0]);
    }

    #[test]
    fn the_delimiter_that_fits() {
        let of = |text: &str, wanted: &[&str]| {
            let (look, _) = crate::text::open(text.as_bytes(), "it").unwrap();
            Dialect::of(text.as_bytes(), None, &look, wanted)
        };
        assert_eq!(of("a;b, c\n7;8\n", &[]).delimiter, b';');
        assert_eq!(of("a;b\n7,5;8,5\n", &[]).delimiter, b';');
        assert_eq!(of("a, b|c\n7|8\n", &["c"]).delimiter, b'|');
        assert_eq!(of("a\n7,5\n", &[]).delimiter, b',');
        assert_eq!(of("a\tb\r1\t2\r", &[]), Dialect { delimiter: b'\t', terminator: b'\r' });
        assert_eq!(of("\"a\rb\",c\r\n", &[]), COMMA);
    }
}
