//! The model syntax: text to tokens, tokens to statements, statements to a [`ModelBuilder`].

use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::structural::model::{ConstructKind, Model, ModelBuilder};

/// Does the syntax read this text back as one name?
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_character) && !is_number(text)
}

/// Letters, digits and marks of any script, `_` and `.`: of ASCII nothing else, and no blanks.
fn is_name_character(character: char) -> bool {
    if character.is_ascii() {
        character.is_ascii_alphanumeric() || matches!(character, '_' | '.')
    } else {
        !character.is_whitespace() && !character.is_control() && character != BYTE_ORDER_MARK
    }
}

/// A number, as opposed to a name such as `inf` or `Q1`.
fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit() || first == '.') && word.parse::<f64>().is_ok()
}

/// What some editors put at the beginning of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
    line: usize,
    column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum TokenKind {
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
enum Operator {
    Measure(ConstructKind),
    Regress,
}

/// The symbols; one that begins with another comes before it.
const SYMBOLS: [(&str, TokenKind); 17] = [
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
    ("\"", TokenKind::Foreign("names in quotes")),
    ("'", TokenKind::Foreign("names in quotes")),
];

impl TokenKind {
    /// What the sign of a product means in lavaan where it joins no two constructs.
    fn meaning_elsewhere(self) -> Option<&'static str> {
        match self {
            Self::Star => Some("fixed values, labels and interactions"),
            Self::Colon => Some("interactions and blocks"),
            _ => None,
        }
    }
}

impl Token<'_> {
    fn is_name(&self) -> bool {
        self.kind == TokenKind::Name
    }

    fn multiplies(&self) -> bool {
        matches!(self.kind, TokenKind::Colon | TokenKind::Star)
    }

    fn fault(&self, message: impl Into<String>) -> Error {
        ErrorKind::Syntax { line: self.line, column: self.column, message: message.into() }.into()
    }

    /// Does a statement go on over the end of a line next to this token?
    fn joins(&self) -> bool {
        matches!(
            self.kind,
            TokenKind::Plus | TokenKind::Colon | TokenKind::Star | TokenKind::Operator(_) | TokenKind::Foreign(_)
        )
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut tokens = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let mut rest = text.split(['#', '!']).next().unwrap_or_default();
        let mut column = 1;
        while let Some(first) = rest.chars().next() {
            let (kind, length) = first_token(rest, first);
            let (text, after) = rest.split_at(length);
            if let Some(kind) = kind {
                tokens.push(Token { kind, text, line, column });
            }
            column += text.chars().count();
            rest = after;
        }
    }
    tokens
}

/// The token that the text begins with, none for a blank, and its length in bytes.
fn first_token(text: &str, first: char) -> (Option<TokenKind>, usize) {
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    if is_name_character(first) {
        let length = text.find(|character| !is_name_character(character)).unwrap_or(text.len());
        let kind = if is_number(&text[..length]) { TokenKind::Number } else { TokenKind::Name };
        return (Some(kind), length);
    }
    let symbol = SYMBOLS.iter().find(|(symbol, _)| text.starts_with(symbol));
    symbol.map_or((Some(TokenKind::Unknown), first.len_utf8()), |(symbol, kind)| (Some(*kind), symbol.len()))
}

/// `left + left operator right + right`
struct Statement<'a> {
    left: Vec<Token<'a>>,
    kind: Operator,
    operator: Token<'a>,
    right: Vec<Token<'a>>,
    products: Vec<[Token<'a>; 2]>,
}

/// The statement that the tokens make; there is at least one token.
fn statement<'a>(tokens: &[Token<'a>]) -> Result<Statement<'a>> {
    for token in tokens {
        match token.kind {
            TokenKind::Foreign(meaning) => {
                return Err(token.fault(format!("`{}` ({meaning}) is not supported", token.text)));
            }
            TokenKind::Unknown => return Err(token.fault(format!("unexpected `{}`", token.text))),
            _ => {}
        }
    }
    let mut operators = tokens.iter().enumerate().filter_map(|(at, token)| match token.kind {
        TokenKind::Operator(kind) => Some((at, kind, *token)),
        _ => None,
    });
    let Some((at, kind, operator)) = operators.next() else {
        return Err(tokens[0].fault(format!("expected `=~`, `<~` or `~` in the statement of `{}`", tokens[0].text)));
    };
    if let Some((.., second)) = operators.next() {
        return Err(second.fault(format!("a second operator `{}` in one statement", second.text)));
    }
    let left = names(&tokens[..at], &operator, "before")?;
    let (right, products) = match kind {
        Operator::Regress => terms(&tokens[at + 1..], &operator)?,
        Operator::Measure(_) => (names(&tokens[at + 1..], &operator, "after")?, Vec::new()),
    };
    Ok(Statement { left, kind, operator, right, products })
}

/// The names and the products in `name + name:name + name*name + …`, the right side of a regression. A name that stands in
/// a `*` is given once, whether or not it also stands alone.
#[allow(clippy::type_complexity, reason = "two lists")]
fn terms<'a>(tokens: &[Token<'a>], operator: &Token) -> Result<(Vec<Token<'a>>, Vec<[Token<'a>; 2]>)> {
    let mut alone = Vec::with_capacity(tokens.len());
    let mut products = Vec::new();
    let mut crossed = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at..] {
            [first, sign, second, ..] if sign.multiplies() && first.is_name() && second.is_name() => {
                products.push([first, second]);
                if sign.kind == TokenKind::Star {
                    crossed.extend([first, second]);
                }
                // What stands for the product where only the `+` between terms are looked at.
                alone.push((first, false));
                at += 3;
            }
            [sign, ..] if sign.multiplies() => {
                return Err(sign.fault(format!("expected a construct on each side of `{}` and no third", sign.text)));
            }
            [token, ..] => {
                alone.push((token, true));
                at += 1;
            }
            [] => break,
        }
    }
    let all: Vec<Token> = alone.iter().map(|(token, _)| *token).collect();
    names(&all, operator, "after")?;
    let single = alone.into_iter().filter(|(token, alone)| *alone && token.is_name());
    let mut single: Vec<Token> = single.map(|(token, _)| token).collect();
    for name in crossed {
        if single.iter().all(|known| known.text != name.text) {
            single.push(name);
        }
    }
    Ok((single, products))
}

/// The names in `name + name + …`, the side of a statement that stands before or after its operator.
fn names<'a>(tokens: &[Token<'a>], operator: &Token, side: &str) -> Result<Vec<Token<'a>>> {
    for token in tokens {
        if let Some(meaning) = token.kind.meaning_elsewhere() {
            return Err(token.fault(format!("`{}` ({meaning}) is not supported", token.text)));
        }
    }
    let mut names = Vec::with_capacity(tokens.len() / 2 + 1);
    for (place, token) in tokens.iter().enumerate() {
        let expected = if place % 2 == 0 { "a name" } else { "`+`" };
        match (place % 2, token.kind) {
            (0, TokenKind::Name) => names.push(*token),
            (1, TokenKind::Plus) => {}
            (_, TokenKind::Number) if operator.kind == TokenKind::Operator(Operator::Regress) => {
                let message =
                    format!("expected {expected}, found the number `{}`; intercepts are not supported", token.text);
                return Err(token.fault(message));
            }
            _ => return Err(token.fault(format!("expected {expected}, found `{}`", token.text))),
        }
    }
    match tokens.last() {
        None => Err(operator.fault(format!("expected a name {side} `{}`", operator.text))),
        Some(last) if last.kind == TokenKind::Plus => Err(last.fault("expected a name after `+`")),
        Some(_) => Ok(names),
    }
}

/// What the statements say, together.
#[derive(Default)]
struct Content<'a> {
    declarations: Vec<Declaration<'a>>,
    /// Where each construct stands among the declarations.
    positions: HashMap<&'a str, usize>,
    /// From and to.
    paths: Vec<(&'a str, &'a str)>,
    /// Factor, factor, to.
    products: Vec<[&'a str; 3]>,
}

/// A construct as far as the statements have declared it.
struct Declaration<'a> {
    kind: ConstructKind,
    first: Token<'a>,
    indicators: Vec<&'a str>,
}

impl<'a> Content<'a> {
    fn add(&mut self, statement: &Statement<'a>) -> Result<()> {
        let right = statement.right.iter().map(|token| token.text);
        match statement.kind {
            Operator::Measure(kind) => {
                let at = self.declared(statement, kind)?;
                self.declarations[at].indicators.extend(right);
            }
            Operator::Regress => {
                for to in &statement.left {
                    self.paths.extend(right.clone().map(|from| (from, to.text)));
                    let products = statement.products.iter();
                    self.products.extend(products.map(|[first, second]| [first.text, second.text, to.text]));
                }
            }
        }
        Ok(())
    }

    /// Where the construct that the statement measures stands, now if not before.
    fn declared(&mut self, statement: &Statement<'a>, kind: ConstructKind) -> Result<usize> {
        let (first, operator) = (statement.left[0], statement.operator);
        if let Some(second) = statement.left.get(1) {
            return Err(second.fault(format!("a second construct `{}` before `{}`", second.text, operator.text)));
        }
        let at = *self.positions.entry(first.text).or_insert(self.declarations.len());
        match self.declarations.get(at) {
            None => self.declarations.push(Declaration { kind, first, indicators: Vec::new() }),
            Some(known) if known.kind == kind => {}
            Some(Declaration { kind, first: Token { text, line, .. }, .. }) => {
                let message = format!("`{text}` is declared with `{}` on line {line}", kind.operator());
                return Err(operator.fault(message));
            }
        }
        Ok(at)
    }

    fn builder(self) -> ModelBuilder {
        let builder = self.paths.into_iter().fold(Model::builder(), |builder, (from, to)| builder.path(from, to));
        let products = self.products.into_iter();
        let builder = products.fold(builder, |builder, [first, second, to]| builder.product(first, second, to));
        let declarations = self.declarations.into_iter();
        declarations.fold(builder, |builder, declaration| {
            builder.construct(declaration.kind, declaration.first.text, declaration.indicators)
        })
    }
}

/// The content of the text, or every fault of its syntax; whether the content makes a model is the builder's to say.
pub(crate) fn parse(text: &str) -> Result<ModelBuilder> {
    let tokens = tokens(text);
    let statements = tokens
        .split(|token| token.kind == TokenKind::End)
        .flat_map(|tokens| tokens.chunk_by(|a, b| a.line == b.line || a.joins() || b.joins()));
    let mut faults = Faults::default();
    let mut content = Content::default();
    for tokens in statements {
        if let Err(fault) = statement(tokens).and_then(|statement| content.add(&statement)) {
            // A file that is no model at all has a fault on every line.
            faults.note(|| fault.kind().clone());
        }
    }
    faults.or(content.builder())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "A =~ a1 + a2\nB <~ b1\nC =~ c1\nB ~ A\nC ~ A + B\n";

    #[test]
    fn every_layout_makes_the_same_model() {
        for text in [
            PLAIN,
            "A=~a1+a2;B<~b1;C=~c1;B~A;C~A+B",
            "C ~ B + A; B ~ A; A =~ a1 + a2; B <~ b1; C =~ c1",
            "A =~ a1 +\r\n\r\n # a comment\r\n a2\r\nB <~ b1; ;C\r\n  =~\r\nc1; B + C ~ A ! another ; A ~~ B\r\nC ~ B;",
            "A =~ a1\n   + # more\n   a2\nB <~ b1\n\n\nC =~ c1\nB + C ~\nA\nC ~ B",
            "\u{feff}A =~ a1; B <~ b1; A =~ a2 # declared in two statements\nC\u{a0}=~\tc1\nB~A\nC~A\nC~B\n\n",
        ] {
            let model: Model = text.parse().unwrap();
            assert_eq!(model.to_string(), PLAIN);
        }
    }

    #[test]
    fn products_stand_beside_the_paths_of_their_factors() {
        let plain = "A =~ a\nB =~ b\nC =~ c\nC ~ A + B + A:A + A:B\n";
        for products in [
            "A + B + A:B + A:A",
            "B * A + A:A",
            "A*B + A*A",
            "A * B + A + A:A + B",
            "A:A + A *\n B",
            "A:B + A:A + B\n + A",
        ] {
            let model: Model = format!("A =~ a; B =~ b; C =~ c; C ~ {products}").parse().unwrap();
            assert_eq!(model.to_string(), plain, "{products}");
            assert_eq!(model.products(), [(0, 0, 2), (0, 1, 2)]);
        }
    }

    #[test]
    fn a_product_that_cannot_be_is_named() {
        let measured = "A =~ a; B =~ b; C =~ c";
        let apart = "product `A:B` acts on `C`, but `B` has no path of its own to it";
        faults(&format!("{measured}; B ~ A; C ~ A + A:B"), &[apart]);
        faults(&format!("{measured}; C ~ A * B; C ~ B:A"), &["duplicate product `B:A -> C`"]);
        faults(
            &format!("{measured}; C ~ A:B:A"),
            &["line 1, column 32: expected a construct on each side of `:` and no third"],
        );
        faults(
            &format!("{measured}; C ~ A:"),
            &["line 1, column 30: expected a construct on each side of `:` and no third"],
        );
        faults(
            &format!("{measured}; C ~ A * + B"),
            &["line 1, column 31: expected a construct on each side of `*` and no third"],
        );
    }

    #[test]
    fn names_of_every_script() {
        let text = "满意度 =~ 问题1 + Q_2.b\nQualité <~ 1er_choix + .x + ひらがな\n满意度 ~ Qualité\n";
        assert_eq!(text.parse::<Model>().unwrap().to_string(), text);
    }

    #[test]
    fn a_name_is_what_the_lexer_reads_back() {
        for name in ["A", "_", ".", "1a", "inf", "NaN", "e5", "满意度", "नमस्ते", "１２"] {
            assert!(is_name(name), "{name}");
        }
        for name in
            ["", " ", "a b", "1", "1e5", ".5", "1.", "a-b", "a~", "a#", "a!", "a;b", "a\u{a0}b", "\u{feff}a", "a\0"]
        {
            assert!(!is_name(name), "{name}");
        }
    }

    #[track_caller]
    fn faults(text: &str, expected: &[&str]) {
        let error = text.parse::<Model>().unwrap_err();
        let faults: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
        assert_eq!(faults, expected);
    }

    #[test]
    fn what_lavaan_has_and_this_syntax_lacks_is_named_where_it_stands() {
        let values = "fixed values, labels and interactions";
        faults(
            &format!("{PLAIN}A ~~ B\nindirect := a * b\nA =~ 1*a1; B ~ 2*A\na1 ~ 1\nA | t1\n满意度 ~*~ B; a == b"),
            &[
                "line 6, column 3: `~~` (covariances) is not supported",
                "line 7, column 10: `:=` (defined parameters) is not supported",
                &format!("line 8, column 7: `*` ({values}) is not supported"),
                "line 8, column 17: expected a construct on each side of `*` and no third",
                "line 9, column 6: expected a name, found the number `1`; intercepts are not supported",
                "line 10, column 3: `|` (thresholds) is not supported",
                "line 11, column 5: `~*~` (scaling factors) is not supported",
                "line 11, column 14: `==` (constraints) is not supported",
            ],
        );
        faults("C =~ A:B", &["line 1, column 7: `:` (interactions and blocks) is not supported"]);
        faults("A:B ~ C", &["line 1, column 2: `:` (interactions and blocks) is not supported"]);
        faults("C ~ start(0)*A", &["line 1, column 10: `(` (function calls) is not supported"]);
        faults("\"my C\" ~ A", &["line 1, column 1: `\"` (names in quotes) is not supported"]);
    }

    #[test]
    fn every_slip_is_named_where_it_stands() {
        faults(
            "A =~ a1 +; ~ A\nB =~\n\nC\n\nA B =~ a\nA =~ a b; A = b; C =~ + c; C =~ 2\nD =~ d +\nE =~ e",
            &[
                "line 1, column 9: expected a name after `+`",
                "line 1, column 12: expected a name before `~`",
                "line 6, column 3: expected `+`, found `B`",
                "line 7, column 8: expected `+`, found `b`",
                "line 7, column 13: unexpected `=`",
                "line 7, column 23: expected a name, found `+`",
                "line 7, column 33: expected a name, found `2`",
                "line 9, column 3: a second operator `=~` in one statement",
            ],
        );
        faults("A =~", &["line 1, column 3: expected a name after `=~`"]);
        faults("Loyalty", &["line 1, column 1: expected `=~`, `<~` or `~` in the statement of `Loyalty`"]);
        faults("A + B =~ x", &["line 1, column 5: a second construct `B` before `=~`"]);
        faults("A =~ x\nA <~ y", &["line 2, column 3: `A` is declared with `=~` on line 1"]);
    }

    #[test]
    fn a_file_that_is_no_model_is_no_flood() {
        let error = "7,7,6\n".repeat(1000).parse::<Model>().unwrap_err();
        assert_eq!(error.faults().len(), 11);
        assert_eq!(error.faults()[0].to_string(), "line 1, column 2: unexpected `,`");
    }

    #[test]
    fn a_text_without_statements_is_no_model() {
        for text in ["", "\n \r\n", "# A =~ a1", ";;"] {
            faults(text, &["the model is empty"]);
        }
    }
}
