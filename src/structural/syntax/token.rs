//! The text of a model cut into tokens.

use crate::error::{Error, ErrorKind};
use crate::structural::model::ConstructKind;
use crate::structural::model::name::{QUOTES, is_line_end, is_name_character, is_number};

/// What some editors put at the beginning of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    /// Of a name in quotes, what stands in them.
    pub(super) text: &'a str,
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TokenKind {
    Name,
    Number,
    Plus,
    /// The product of two constructs alone.
    Colon,
    /// Two constructs and their product; elsewhere something else of lavaan's.
    Star,
    Operator(Operator),
    /// The end of a statement that ends before its line does.
    End,
    /// Something that lavaan understands, and its name there.
    Foreign(&'static str),
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operator {
    Measure(ConstructKind),
    Regress,
}

/// The symbols; one that begins with another comes before it.
const SYMBOLS: [(&str, TokenKind); 15] = [
    ("~*~", TokenKind::Foreign("scaling factors")),
    ("=~", TokenKind::Operator(Operator::Measure(ConstructKind::Reflective))),
    ("<~", TokenKind::Operator(Operator::Measure(ConstructKind::Composite))),
    ("~~", TokenKind::Foreign("covariances")),
    (":=", TokenKind::Foreign("defined parameters")),
    ("==", TokenKind::Foreign("constraints")),
    ("~", TokenKind::Operator(Operator::Regress)),
    ("+", TokenKind::Plus),
    (";", TokenKind::End),
    ("*", TokenKind::Star),
    (":", TokenKind::Colon),
    ("|", TokenKind::Foreign("thresholds")),
    ("<", TokenKind::Foreign("constraints")),
    (">", TokenKind::Foreign("constraints")),
    ("(", TokenKind::Foreign("function calls")),
];

impl Token<'_> {
    pub(super) fn is_name(&self) -> bool {
        self.kind == TokenKind::Name
    }

    pub(super) fn multiplies(&self) -> bool {
        matches!(self.kind, TokenKind::Colon | TokenKind::Star)
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> Error {
        ErrorKind::Syntax { line: self.line, column: self.column, message: message.into() }.into()
    }

    /// Does a statement go on over the end of a line next to this token?
    pub(super) fn joins(&self) -> bool {
        matches!(
            self.kind,
            TokenKind::Plus | TokenKind::Colon | TokenKind::Star | TokenKind::Operator(_) | TokenKind::Foreign(_)
        )
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(is_line_end) else {
            rest = None;
            return Some(text);
        };
        let (line, after) = text.split_at(end);
        let both = after.strip_prefix("\r\n");
        rest = both.or_else(|| after.strip_prefix(is_line_end));
        Some(line)
    })
}

pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut tokens = Vec::new();
    for (line, mut rest) in (1..).zip(lines(text)) {
        let mut column = 1;
        while let Some(first) = rest.chars().next().filter(|first| !matches!(first, '#' | '!')) {
            let (found, length) = first_token(rest, first);
            if let Some((kind, text)) = found {
                tokens.push(Token { kind, text, line, column });
            }
            let (read, after) = rest.split_at(length);
            column += read.chars().count();
            rest = after;
        }
    }
    tokens
}

/// The token that the text begins with, none for a blank, and the length in bytes of what was read.
fn first_token(text: &str, first: char) -> (Option<(TokenKind, &str)>, usize) {
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    if QUOTES.contains(&first) {
        let Some(length) = text[1..].find(first) else { return (Some((TokenKind::Unknown, &text[..1])), text.len()) };
        return (Some((TokenKind::Name, &text[1..=length])), length + 2);
    }
    let (kind, length) = if is_name_character(first) {
        let length = text.find(|character| !is_name_character(character)).unwrap_or(text.len());
        (if is_number(&text[..length]) { TokenKind::Number } else { TokenKind::Name }, length)
    } else {
        let symbol = SYMBOLS.iter().find(|(symbol, _)| text.starts_with(symbol));
        symbol.map_or((TokenKind::Unknown, first.len_utf8()), |(symbol, kind)| (*kind, symbol.len()))
    };
    (Some((kind, &text[..length])), length)
}
