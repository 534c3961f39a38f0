//! What a cell holds: a number, a code for a missing answer, or text.

use crate::survey::NoAnswer;

/// What stands for a missing answer.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    texts: Vec<(Vec<u8>, NoAnswer)>,
    numbers: Vec<(f64, NoAnswer)>,
    /// What stands before decimals, apart from the point.
    decimal: Decimal,
}

/// Whether decimals may stand behind a comma.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decimal {
    Point,
    Comma,
    /// A point, or a comma where it cannot divide thousands: not in `12,500`.
    Either,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Missing(NoAnswer),
    Number(f64),
    Text,
}

impl Codes {
    pub(super) fn new<'a>(codes: impl Iterator<Item = (&'a str, NoAnswer)>, decimal: Decimal) -> Self {
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        for (code, reason) in codes.map(|(code, reason)| (code.trim(), reason)) {
            texts.push((code.as_bytes().to_vec(), reason));
            numbers.extend(code.parse::<f64>().ok().map(|number| (number, reason)));
        }
        Self { texts, numbers, decimal }
    }

    /// Reads a cell.
    pub(super) fn parse(&self, cell: &[u8]) -> Cell {
        let cell = trimmed(cell);
        if let Some((_, reason)) = self.texts.iter().find(|(code, _)| code == cell) {
            return Cell::Missing(*reason);
        }
        self.number(cell).map_or(Cell::Text, |number| self.known(number))
    }

    /// Is this text a number where a comma stands before decimals?
    pub(super) fn would_read_comma(&self, cell: &[u8]) -> bool {
        let comma = Self { decimal: Decimal::Comma, ..self.clone() };
        self.decimal != Decimal::Comma && matches!(comma.parse(cell), Cell::Number(_))
    }

    /// A number, unless it stands for a missing answer.
    #[inline]
    pub(super) fn known(&self, number: f64) -> Cell {
        match self.numbers.iter().find(|(code, _)| *code == number) {
            Some((_, reason)) => Cell::Missing(*reason),
            None => Cell::Number(number),
        }
    }

    /// Does a cell stand for a missing answer?
    pub(super) fn is_missing(&self, cell: &[u8]) -> bool {
        matches!(self.parse(cell), Cell::Missing(_))
    }

    fn number(&self, cell: &[u8]) -> Option<f64> {
        match cell.iter().position(|byte| *byte == b',') {
            None if self.decimal == Decimal::Comma && cell.contains(&b'.') => None,
            None => decimal(cell).or_else(|| parsed(cell)),
            Some(comma) => self.with_comma(cell, comma),
        }
    }

    fn with_comma(&self, cell: &[u8], comma: usize) -> Option<f64> {
        let (whole, decimals) = (&cell[..comma], &cell[comma + 1..]);
        let thousands = decimals.len() == 3 && whole.iter().any(|byte| matches!(byte, b'1'..=b'9'));
        let read = match self.decimal {
            Decimal::Point => false,
            Decimal::Comma => true,
            Decimal::Either => !thousands,
        };
        if !read || cell.contains(&b'.') {
            return None;
        }
        let mut point = cell.to_vec();
        point[comma] = b'.';
        parsed(&point)
    }
}

fn parsed(cell: &[u8]) -> Option<f64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}

/// The cell without blanks of any script and invisible characters around it.
pub(super) fn trimmed(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    let ascii = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii);
    if ascii(cell.first()) && ascii(cell.last()) {
        return cell;
    }
    std::str::from_utf8(cell).map_or(cell, |text| text.trim_matches(is_invisible).as_bytes())
}

/// Does a character take no ink: blanks, no-break ones included, marks of direction, joiners and byte order marks?
pub(super) fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// Powers of ten that are exact.
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The number that is written with up to 15 digits, a sign and a point at most.
///
/// Nearly all answers are such numbers, and `str::parse` takes several times as long. Both the digits and the power of
/// ten are exact, so that their quotient is the nearest number (Clinger 1990).
fn decimal(cell: &[u8]) -> Option<f64> {
    let (negative, digits) = match cell {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 16 {
        return None;
    }
    let (mut value, mut count, mut point) = (0_u64, 0, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = 10 * value + u64::from(byte - b'0');
                count += 1;
            }
            b'.' if point.is_none() => point = Some(count),
            _ => return None,
        }
    }
    if !(1..=15).contains(&count) {
        return None;
    }
    let number = value as f64 / POWERS[point.map_or(0, |point| count - point)];
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn commas_before_decimals() {
        let read = |decimal, cell: &str| Codes::new([].into_iter(), decimal).parse(cell.as_bytes());
        for (cell, point, comma, either) in [
            ("7,5", None, Some(7.5), Some(7.5)),
            ("7.5", Some(7.5), None, Some(7.5)),
            ("12,500", None, Some(12.5), None),
            ("0,125", None, Some(0.125), Some(0.125)),
            ("-0,5", None, Some(-0.5), Some(-0.5)),
            ("1.234,5", None, None, None),
            ("1,234,5", None, None, None),
            ("8", Some(8.0), Some(8.0), Some(8.0)),
        ] {
            let expected = |number: Option<f64>| number.map_or(Cell::Text, Cell::Number);
            assert_eq!(read(Decimal::Point, cell), expected(point), "{cell}");
            assert_eq!(read(Decimal::Comma, cell), expected(comma), "{cell}");
            assert_eq!(read(Decimal::Either, cell), expected(either), "{cell}");
        }
    }

    #[test]
    fn blanks_and_invisible_characters_around_do_not_count() {
        for cell in ["7", " 7 ", "\u{A0}7", "7\u{3000}", "\u{FEFF}7\u{200B}", "\u{202F} 7"] {
            assert_eq!(
                Codes::new([].into_iter(), Decimal::Point).parse(cell.as_bytes()),
                Cell::Number(7.0),
                "{cell:?}"
            );
        }
        assert_eq!(Codes::new([("", NoAnswer::DontKnow)].into_iter(), Decimal::Point).parse("\u{A0}".as_bytes()), {
            Cell::Missing(NoAnswer::DontKnow)
        });
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_standard_library(text in "-?[0-9]{0,16}\\.?[0-9]{0,16}") {
            let expected = text.parse::<f64>().ok().map(f64::to_bits);
            let found = decimal(text.as_bytes()).map(f64::to_bits);
            prop_assert!(found.is_none() || found == expected, "{}", text);
            let whole = match Codes::new([].into_iter(), Decimal::Point).parse(text.as_bytes()) {
                Cell::Number(number) => Some(number.to_bits()),
                _ => None,
            };
            prop_assert_eq!(whole, expected);
        }
    }
}
