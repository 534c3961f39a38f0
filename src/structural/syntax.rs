//! The model syntax: text to tokens, tokens to statements, statements to a [`ModelBuilder`].

mod statement;
mod token;

use std::collections::HashMap;

use crate::error::{Error, Faults, Result};
use crate::structural::model::{ConstructKind, Model, ModelBuilder};
use crate::structural::syntax::statement::{LABELS, Statement, THREE, Term, statement};
use crate::structural::syntax::token::{Operator, Token, TokenKind, tokens};

/// What the statements say, together.
#[derive(Default)]
struct Content<'a> {
    declarations: Vec<Declaration<'a>>,
    /// Where each construct stands among the declarations.
    positions: HashMap<&'a str, usize>,
    /// From and to.
    paths: Vec<(&'a str, &'a str)>,
    /// What multiplies, and the constructs that it acts on.
    products: Vec<(Term<'a>, Vec<&'a str>)>,
}

/// A construct as far as the statements have declared it.
struct Declaration<'a> {
    kind: ConstructKind,
    first: Token<'a>,
    indicators: Vec<&'a str>,
}

impl<'a> Content<'a> {
    fn add(&mut self, statement: Statement<'a>) -> Result<()> {
        match statement.kind {
            Operator::Measure(kind) => {
                let at = self.declared(&statement, kind)?;
                self.declarations[at].indicators.extend(statement.right.iter().map(|term| term.first().text));
            }
            Operator::Regress => {
                let to: Vec<&str> = statement.left.iter().map(|token| token.text).collect();
                for from in causes(&statement.right) {
                    self.paths.extend(to.iter().map(|to| (from, *to)));
                }
                let products = statement.right.into_iter().filter(|term| !term.signs.is_empty());
                self.products.extend(products.map(|term| (term, to.clone())));
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

    /// Checks that what multiplies is two constructs, now that all of them are known.
    fn check_products(&self, faults: &mut Faults) {
        let is_construct = |token: &Token| self.positions.contains_key(token.text);
        for (term, _) in &self.products {
            // A misspelt construct is one as well; what stands before a construct and is none is a label of lavaan's.
            if term.is_starred() && !is_construct(term.first()) && is_construct(&term.factors[1]) {
                faults.push(term.fault(LABELS));
            } else if term.factors.len() > 2 {
                faults.push(term.fault(THREE));
            }
        }
    }

    fn builder(self) -> ModelBuilder {
        let mut builder = self.paths.into_iter().fold(Model::builder(), |builder, (from, to)| builder.path(from, to));
        for (term, to) in self.products {
            for to in to {
                builder = builder.product(term.factors[0].text, term.factors[1].text, to);
            }
        }
        let declarations = self.declarations.into_iter();
        declarations.fold(builder, |builder, declaration| {
            builder.construct(declaration.kind, declaration.first.text, declaration.indicators)
        })
    }
}

/// The constructs that act by themselves: those that stand alone, and the factors of a `*` that do not.
fn causes<'a>(terms: &[Term<'a>]) -> Vec<&'a str> {
    let mut causes: Vec<&str> = terms.iter().filter_map(Term::single).map(|token| token.text).collect();
    let starred = terms.iter().filter(|term| term.signs.iter().any(|sign| sign.kind == TokenKind::Star));
    for factor in starred.flat_map(|term| &term.factors) {
        if !causes.contains(&factor.text) {
            causes.push(factor.text);
        }
    }
    causes
}

/// The content of the text, or every fault of its syntax; whether the content makes a model is the builder's to say.
fn parse(text: &str) -> Result<ModelBuilder> {
    let tokens = tokens(text);
    let statements = tokens
        .split(|token| token.kind == TokenKind::End)
        .flat_map(|tokens| tokens.chunk_by(|a, b| a.line == b.line || a.joins() || b.joins()));
    let mut faults = Faults::default();
    let mut content = Content::default();
    for tokens in statements {
        if let Err(fault) = statement(tokens).and_then(|statement| content.add(statement)) {
            // A file that is no model at all has a fault on every line.
            faults.note(|| fault);
        }
    }
    content.check_products(&mut faults);
    faults.or(content.builder())
}

impl std::str::FromStr for Model {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse(text)?.build()
    }
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
        for product in ["A:B:A", "A*B*C", "A*B:C"] {
            let three = "a product of more than two constructs is not supported";
            faults(&format!("{measured}; C ~ {product}"), &[&format!("line 1, column 29: `{product}`: {three}")]);
        }
        faults(&format!("{measured}; C ~ A:"), &["line 1, column 30: expected a construct on each side of `:`"]);
        faults(&format!("{measured}; C ~ A * + B"), &["line 1, column 31: expected a construct on each side of `*`"]);
        faults(&format!("{measured}; C ~ *B"), &["line 1, column 29: expected a construct on each side of `*`"]);
        faults(&format!("{measured}; A:B ~ C"), &["line 1, column 25: `A:B`: a product stands on the right of `~`"]);
        // The fault is that nothing measures it.
        let unmeasured = "construct `Z` is in a product but is never measured";
        faults(&format!("{measured}; B ~ A; C ~ A + A:Z"), &[unmeasured]);
        faults(&format!("{measured}; B ~ A; C ~ A*Z"), &["construct `Z` is in a path but is never measured"]);
    }

    #[test]
    fn names_of_every_script() {
        let text = "满意度 =~ 问题1 + Q_2.b\nQualité <~ 1er_choix + .x + ひらがな\n满意度 ~ Qualité\n";
        assert_eq!(text.parse::<Model>().unwrap().to_string(), text);
    }

    #[test]
    fn a_plain_name_is_what_the_lexer_reads_back() {
        use crate::structural::model::name::is_plain_name as is_name;
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
        faults(
            &format!("{PLAIN}A ~~ B\nindirect := a * b\nA =~ 1*a1; B ~ 2*A\na1 ~ 1\nA | t1\n满意度 ~*~ B; a == b"),
            &[
                "line 6, column 3: `~~` (covariances) is not supported",
                "line 7, column 10: `:=` (defined parameters) is not supported",
                "line 8, column 6: `1*a1`: fixed values are not supported",
                "line 8, column 16: `2*A`: fixed values are not supported",
                "line 9, column 6: expected a name, found the number `1`; intercepts are not supported",
                "line 10, column 3: `|` (thresholds) is not supported",
                "line 11, column 5: `~*~` (scaling factors) is not supported",
                "line 11, column 14: `==` (constraints) is not supported",
            ],
        );
        faults("C =~ A:B", &["line 1, column 6: `A:B`: a product stands on the right of `~`"]);
        faults("C ~ start(0)*A", &["line 1, column 10: `(` (function calls) is not supported"]);
    }

    #[test]
    fn every_end_of_line_is_one() {
        for end in ["\n", "\r", "\r\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
            let text = PLAIN.replace('\n', &format!(" # a comment{end}{end}"));
            assert_eq!(text.parse::<Model>().unwrap().to_string(), PLAIN, "{end:?}");
            faults(&format!("A =~ a{end}{end}B = b"), &["line 3, column 3: unexpected `=`"]);
        }
    }

    #[test]
    fn names_in_quotes() {
        let text = "\"Q # 1\" =~ \"speed (s)\" + 'say \"ah\"'\nB <~ \"1\" + b-1\nB ~ \"Q # 1\"\n";
        let model: Model = text.replace("b-1", "\"b-1\" # \"").parse().unwrap();
        assert_eq!(model.to_string(), text.replace("b-1", "\"b-1\""));
        assert_eq!(model.indicators().collect::<Vec<_>>(), ["speed (s)", "say \"ah\"", "1", "b-1"]);
        let same: Model = text.replace("b-1", "'b-1'").replace("B ~ \"", "'B'~\"").parse().unwrap();
        assert_eq!(same, model);
        let product = "\"A a\" =~ a\nB =~ b\nC =~ c\nC ~ \"A a\" + B + \"A a\":B\n";
        assert_eq!(product.replace(" + B + \"A a\":B", " * B").parse::<Model>().unwrap().to_string(), product);
        faults("A =~ \"a b", &["line 1, column 6: the quotation mark `\"` is not closed on its line"]);
        faults("A =~ '' + b; B =~ c; B ~ A", &["the name of an indicator of construct `A` is empty"]);
        faults("A =~ “a b”", &["line 1, column 6: unexpected `“`; a name in quotes has straight ones (`\"`)"]);
        faults("A =~ ＂a＂", &["line 1, column 6: unexpected `＂`; a name in quotes has straight ones (`\"`)"]);
        let quotes = "a name with such a sign stands in quotes (`\"`)";
        faults("A =~ b-1 + c", &[&format!("line 1, column 7: unexpected `-`; {quotes}")]);
        faults("A =~ b（1）", &[&format!("line 1, column 7: unexpected `（`; {quotes}")]);
    }

    #[test]
    fn signs_of_other_scripts_are_told_from_names() {
        let like = |mistaken: char, plain: char| {
            format!("`{mistaken}` looks like `{plain}` and is another character; write `{plain}`")
        };
        faults("A =~ a1＋a2", &[&format!("line 1, column 8: {}", like('＋', '+'))]);
        faults("A =～ a1", &[&format!("line 1, column 4: {}", like('～', '~'))]);
        faults("A ＝~ a1", &[&format!("line 1, column 3: {}", like('＝', '='))]);
        faults("A =~ a；B =~ b", &[&format!("line 1, column 7: {}", like('；', ';'))]);
        faults("C ~ A × B", &[&format!("line 1, column 7: {}", like('×', '*'))]);
        faults("C ~ A：B", &[&format!("line 1, column 6: {}", like('：', ':'))]);
        faults("A =~ a＿1", &[&format!("line 1, column 7: {}", like('＿', '_'))]);
        faults("A =~ a ＃ one", &[&format!("line 1, column 8: {}", like('＃', '#'))]);
        for comma in ["，", "、"] {
            faults(
                &format!("A =~ a3{comma}a4"),
                &[&format!("line 1, column 8: unexpected `{comma}`; names are joined by `+`")],
            );
        }
        faults("A =~ a\u{200b}1", &["line 1, column 7: an invisible character (U+200B) stands here; take it out"]);
        // Letters and digits of any width are names.
        assert!("Ａ =~ ａ１ + 々 + ー; B =~ می\u{200c}خواهم; B ~ Ａ".parse::<Model>().is_ok());
    }

    #[test]
    fn a_label_is_told_from_a_product() {
        let measured = "Quality =~ q1; Value =~ v1; Satisfaction =~ s1";
        let labels = "labels are not supported; a product needs two constructs";
        faults(
            &format!("{measured}\nSatisfaction ~ b1*Quality + b2*Value\nValue ~ a1*Quality"),
            &[
                &format!("line 2, column 16: `b1*Quality`: {labels}"),
                &format!("line 2, column 29: `b2*Value`: {labels}"),
                &format!("line 3, column 9: `a1*Quality`: {labels}"),
            ],
        );
        faults(
            &format!("{measured}; Satisfaction + Value ~ \"b 1\" * Quality"),
            &[&format!("line 1, column 72: `\"b 1\"*Quality`: {labels}")],
        );
        faults(
            &format!("{measured}; Satisfaction ~ m*Quality:Value"),
            &[&format!("line 1, column 64: `m*Quality:Value`: {labels}")],
        );
        faults(
            "Quality =~ l1*q1 + 1*q2 + q3",
            &[
                "line 1, column 12: `l1*q1`: labels are not supported",
                "line 1, column 20: `1*q2`: fixed values are not supported",
            ],
        );
        // Neither is measured: that is the fault.
        let missing = "construct `A` is in a path but is never measured";
        faults("Quality =~ q1; Quality ~ A*B", &[missing, &missing.replace('A', "B")]);
    }

    #[test]
    fn a_construct_does_not_measure_itself() {
        let itself = "construct `member` is measured by itself; give one of the two another name";
        for right in ["member", "member + m2", "m1 + member"] {
            faults(&format!("member =~ {right}; B =~ b; B ~ member"), &[itself]);
        }
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
