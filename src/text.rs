//! What a delimited text file looks like before it is read: its encoding, its first line, what stands between its fields.

mod decoded;

use std::io::{Chain, Cursor, Read};

use crate::error::{Error, ErrorKind, Result};
use decoded::Decoded;

/// Bytes that are looked at; a header of thousands of names fits in.
const LOOK: usize = 1 << 16;

/// What may stand between two fields.
pub(crate) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Commas and semicolons of other scripts, which separate nothing.
const FOREIGN: [(char, &str); 4] = [
    ('，', "a full-width comma"),
    ('；', "a full-width semicolon"),
    ('、', "an ideographic comma"),
    ('،', "an Arabic comma"),
];

/// What the beginning of a file shows.
pub(crate) struct Look {
    /// What stands between two fields: as a line `sep=;` says, or the candidate that is most frequent in the first line;
    /// none if there is none.
    pub(crate) delimiter: Option<u8>,
    /// The first line that holds fields, cut where it is long.
    pub(crate) first_line: String,
    /// How many lines stand before it: 1 with a line `sep=;`, else 0.
    pub(crate) skipped: u64,
}

/// What is left to read of a file.
pub(crate) type Rest<R> = Chain<Cursor<Vec<u8>>, Decoded<R>>;

/// Looks at the beginning of a file, `place` in messages; what is left to read is UTF-8, and has neither a byte order mark
/// nor a line `sep=;`.
pub(crate) fn open<R: Read>(mut input: R, place: &str) -> Result<(Look, Rest<R>)> {
    let unreadable = |reason: String| Error::from(ErrorKind::Unreadable { place: place.into(), reason });
    let look = |input: &mut dyn Read| {
        let mut start = Vec::new();
        let read = input.take(LOOK as u64).read_to_end(&mut start);
        read.map(|_| start).map_err(|error| unreadable(error.to_string()))
    };
    let raw = look(&mut input)?;
    let mut input = Decoded::new(raw, input);
    let start = look(&mut input)?;
    is_text(&start).map_err(|reason| unreadable(reason.into()))?;
    let mut skip = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let declared = declared(line(&start[skip..]));
    if declared.is_some() {
        let rest = &start[skip..];
        let end = line(rest).len();
        skip += end + if rest[end..].starts_with(b"\r\n") { 2 } else { rest[end..].len().min(1) };
    }
    let lead = start[skip..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let first = line(&start[skip + lead..]);
    let look = Look {
        delimiter: declared.or_else(|| most_frequent(first)),
        first_line: excerpt(&String::from_utf8_lossy(first)),
        skipped: u64::from(declared.is_some()),
    };
    let mut cursor = Cursor::new(start);
    cursor.set_position(skip as u64);
    Ok((look, cursor.chain(input)))
}

impl Look {
    /// The reason why a file whose first line holds no delimiter has no fields.
    pub(crate) fn no_delimiter(&self) -> String {
        let line = &self.first_line;
        let hint = foreign(line).map_or_else(String::new, |(mark, name)| format!("; `{mark}` is {name}"));
        format!("its first line, `{line}`, has no comma, semicolon, tab or bar between fields{hint}")
    }
}

/// A comma or semicolon of another script that a text holds, with its name and article.
pub(crate) fn foreign(text: &str) -> Option<(char, &'static str)> {
    FOREIGN.into_iter().find(|(mark, _)| text.contains(*mark))
}

/// A text as a message shows it: on one line, and cut where it is long.
pub(crate) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    let shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() { shown + "…" } else { shown }
}

/// The bytes up to the end of the first line.
fn line(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len())]
}

/// Why these bytes are no text, where that can be told from the beginning.
fn is_text(start: &[u8]) -> std::result::Result<(), &'static str> {
    if start.starts_with(b"PK\x03\x04") {
        Err("it is a compressed file, as workbooks are (.xlsx, .ods): save the sheet as CSV")
    } else if start.starts_with(b"\xd0\xcf\x11\xe0") {
        Err("it is a workbook (.xls): save the sheet as CSV")
    } else if start.contains(&0) {
        Err("there are NUL bytes in it; it is no text file")
    } else {
        Ok(())
    }
}

/// The delimiter that a line such as `sep=;` declares, as spreadsheets write it.
fn declared(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (key, value) = line.split_at_checked(4)?;
    let value = if value == b"\t" { value } else { value.trim_ascii_end() };
    match value {
        [delimiter] if key.eq_ignore_ascii_case(b"sep=") => Some(*delimiter),
        _ => None,
    }
}

/// The candidate that is most frequent outside quotes; the first of equally frequent ones.
fn most_frequent(line: &[u8]) -> Option<u8> {
    let mut counts = [0; DELIMITERS.len()];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == b'"';
        if let Some(at) = DELIMITERS.iter().position(|delimiter| delimiter == byte && !quoted) {
            counts[at] += 1;
        }
    }
    let most = counts.into_iter().max()?;
    counts.iter().position(|count| *count == most && most > 0).map(|at| DELIMITERS[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(bytes: &[u8]) -> (Look, String) {
        let (look, mut rest) = open(bytes, "it").unwrap();
        let mut text = String::new();
        rest.read_to_string(&mut text).unwrap();
        (look, text)
    }

    #[test]
    fn the_delimiter_is_found() {
        for (text, delimiter) in [
            ("a,b\n1,2", Some(b',')),
            ("a;b\n0,5;1", Some(b';')),
            ("a;\"b,c,d\"", Some(b';')),
            ("\ta\tb", Some(b'\t')),
            ("a|b", Some(b'|')),
            ("a", None),
            ("", None),
        ] {
            let (found, rest) = look(text.as_bytes());
            assert_eq!((found.delimiter, rest.as_str(), found.skipped), (delimiter, text, 0));
        }
    }

    #[test]
    fn marks_and_declarations_are_no_fields() {
        assert_eq!(look(b"\xef\xbb\xbfa,b").1, "a,b");
        let utf16: Vec<u8> = "sep=;\na;b\n1;2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(look(&utf16).1, "a;b\n1;2\n");
        for text in ["sep=;\na,b;c", "SEP=;\r\na,b;c", "\"sep=;\"\ra,b;c", "\u{feff}sep=; \na,b;c"] {
            let (found, rest) = look(text.as_bytes());
            assert_eq!((found.delimiter, rest.as_str(), found.skipped), (Some(b';'), "a,b;c", 1));
        }
        assert_eq!(look(b"sep=\t\na").0.delimiter, Some(b'\t'));
        assert_eq!(look(b"sep=,").1, "");
        assert_eq!(look(b"separate,b").1, "separate,b");
        let (found, rest) = look(b"\r\n\na;b");
        assert_eq!((found.delimiter, found.first_line.as_str(), rest.as_str()), (Some(b';'), "a;b", "\r\n\na;b"));
    }

    #[test]
    fn what_is_no_text_is_said() {
        let message = |bytes: &[u8]| open(bytes, "the file").err().unwrap().to_string();
        assert!(message(b"PK\x03\x04\x14\x00").contains("save the sheet as CSV"));
        assert!(message(b"a,b\n1,\x002\n34,5\n").ends_with("there are NUL bytes in it; it is no text file"));
        let (found, _) = look("，快，慢\n快，1，1/3".as_bytes());
        assert_eq!(
            found.no_delimiter(),
            "its first line, `，快，慢`, has no comma, semicolon, tab or bar between fields; `，` is a full-width comma"
        );
        assert_eq!(excerpt(&"x\n".repeat(1000)).chars().count(), 61);
    }
}
