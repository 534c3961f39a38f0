//! Tokens put together to statements.

use std::fmt;

use crate::error::{Error, Faults, Result};
use crate::structural::model::name::written;
use crate::structural::model::sign;
use crate::structural::syntax::token::{Operator, Token, TokenKind};

/// `left + left operator right + right`
pub(super) struct Statement<'a> {
    pub(super) left: Vec<Token<'a>>,
    pub(super) kind: Operator,
    pub(super) operator: Token<'a>,
    pub(super) right: Vec<Term<'a>>,
}

/// What stands between two `+`: a name, or several factors with signs between them.
#[derive(Clone)]
pub(super) struct Term<'a> {
    pub(super) factors: Vec<Token<'a>>,
    pub(super) signs: Vec<Token<'a>>,
}

impl<'a> Term<'a> {
    pub(super) fn first(&self) -> &Token<'a> {
        &self.factors[0]
    }

    /// The name, of a term without a sign.
    pub(super) fn single(&self) -> Option<Token<'a>> {
        if self.signs.is_empty() { Some(self.factors[0]) } else { None }
    }

    /// Does it begin with `something *`: two constructs and their product, or in lavaan a label or a value?
    pub(super) fn is_starred(&self) -> bool {
        self.signs.first().is_some_and(|sign| sign.kind == TokenKind::Star)
    }

    pub(super) fn is_fixed(&self) -> bool {
        self.is_starred() && self.first().kind == TokenKind::Number
    }

    /// What is wrong with the term, at its beginning.
    pub(super) fn fault(&self, message: &str) -> Error {
        self.first().fault(format!("`{self}`: {message}"))
    }
}

impl fmt::Display for Term<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |token: &Token| if token.is_name() { written(token.text).into_owned() } else { token.text.into() };
        f.write_str(&shown(self.first()))?;
        self.signs
            .iter()
            .zip(&self.factors[1..])
            .try_for_each(|(sign, factor)| write!(f, "{}{}", sign.text, shown(factor)))
    }
}

pub(super) const LABELS: &str = "labels are not supported; a product needs two constructs";
pub(super) const THREE: &str = "a product of more than two constructs is not supported";
const FIXED: &str = "fixed values are not supported";
const MEASURED: &str = "labels are not supported";
const ELSEWHERE: &str = "a product stands on the right of `~`";

/// The statement that the tokens make; there is at least one token.
pub(super) fn statement<'a>(tokens: &[Token<'a>]) -> Result<Statement<'a>> {
    known(tokens)?;
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
    let (left, right) = (terms(&tokens[..at], &operator, "before")?, terms(&tokens[at + 1..], &operator, "after")?);
    let mut faults = Faults::default();
    left.iter().filter(|term| !term.signs.is_empty()).for_each(|term| faults.push(term.fault(ELSEWHERE)));
    for term in right.iter().filter(|term| !term.signs.is_empty()) {
        match kind {
            _ if term.is_fixed() => faults.push(term.fault(FIXED)),
            Operator::Regress => {}
            Operator::Measure(_) => faults.push(term.fault(if term.is_starred() { MEASURED } else { ELSEWHERE })),
        }
    }
    faults.or(Statement { left: left.iter().map(|term| *term.first()).collect(), kind, operator, right })
}

/// Checks that every token is of this syntax.
fn known(tokens: &[Token]) -> Result<()> {
    let unknown = || tokens.iter().filter(|token| token.kind == TokenKind::Unknown);
    // `=～` is a mistaken sign, and not an equals sign out of place.
    if let Some(token) = unknown().find(|token| sign::is_mistaken(token.text)) {
        return Err(token.fault(sign::unexpected(token.text)));
    }
    for token in tokens {
        match token.kind {
            TokenKind::Foreign(meaning) => {
                return Err(token.fault(format!("`{}` ({meaning}) is not supported", token.text)));
            }
            TokenKind::Unknown => return Err(token.fault(sign::unexpected(token.text))),
            _ => {}
        }
    }
    Ok(())
}

/// The terms in `term + term + …`, the side of a statement that stands before or after its operator.
fn terms<'a>(tokens: &[Token<'a>], operator: &Token, side: &str) -> Result<Vec<Term<'a>>> {
    let Some(last) = tokens.last() else {
        return Err(operator.fault(format!("expected a name {side} `{}`", operator.text)));
    };
    let mut terms = Vec::with_capacity(tokens.len() / 2 + 1);
    let mut rest = tokens;
    while !rest.is_empty() {
        let term = term(rest, operator)?;
        rest = &rest[term.factors.len() + term.signs.len()..];
        terms.push(term);
        match rest {
            [plus, after @ ..] if plus.kind == TokenKind::Plus => rest = after,
            [other, ..] => return Err(unfit(other, "`+`", operator)),
            [] => {}
        }
    }
    if last.kind == TokenKind::Plus { Err(last.fault("expected a name after `+`")) } else { Ok(terms) }
}

/// The term that the tokens begin with.
fn term<'a>(tokens: &[Token<'a>], operator: &Token) -> Result<Term<'a>> {
    let is_factor = |token: &Token| matches!(token.kind, TokenKind::Name | TokenKind::Number);
    let Some(first) = tokens.first().filter(|first| is_factor(first)) else {
        let first = &tokens[0];
        return Err(if first.multiplies() { one_sided(first) } else { unfit(first, "a name", operator) });
    };
    let mut term = Term { factors: vec![*first], signs: Vec::new() };
    let mut rest = &tokens[1..];
    while let [sign, after @ ..] = rest {
        if !sign.multiplies() {
            break;
        }
        let [factor, after @ ..] = after else { return Err(one_sided(sign)) };
        if !factor.is_name() {
            return Err(one_sided(sign));
        }
        term.signs.push(*sign);
        term.factors.push(*factor);
        rest = after;
    }
    if first.is_name() || term.is_fixed() { Ok(term) } else { Err(unfit(first, "a name", operator)) }
}

fn one_sided(sign: &Token) -> Error {
    sign.fault(format!("expected a construct on each side of `{}`", sign.text))
}

fn unfit(token: &Token, expected: &str, operator: &Token) -> Error {
    if token.kind == TokenKind::Number && operator.kind == TokenKind::Operator(Operator::Regress) {
        let message = format!("expected {expected}, found the number `{}`; intercepts are not supported", token.text);
        return token.fault(message);
    }
    token.fault(format!("expected {expected}, found `{}`", token.text))
}
