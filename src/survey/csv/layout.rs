//! Which column of a file holds what.

use super::Csv;
use super::cell::is_invisible;
use super::dialect::Dialect;
use super::facts::FactPlace;
use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::Indicator;
use crate::survey::fact::{Fact, FactKind};
use crate::text::{DELIMITERS, excerpt};

/// What a column is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It may hold anything.
    Nothing,
    /// The answers to the indicator in this place, and nothing else.
    Answer(usize),
    /// A weight, labels, or more than one thing.
    Other,
}

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) headings: Vec<String>,
    pub(super) indicators: Vec<Indicator>,
    pub(super) uses: Vec<Use>,
    /// Where the answers, the weight and the groups stand.
    pub(super) answers: Vec<usize>,
    pub(super) weight: Option<usize>,
    pub(super) groups: Vec<GroupPlace>,
    pub(super) facts: Vec<FactPlace>,
}

/// A division of the respondents, and the column with its labels.
#[derive(Debug)]
pub(super) struct GroupPlace {
    pub(super) column: usize,
    pub(super) name: String,
    /// The question with its choices, if the questionnaire has one.
    pub(super) fact: Option<Fact>,
}

impl GroupPlace {
    /// The labels that there may be, in their order; without a question none are known.
    pub(super) fn options(&self) -> &[String] {
        match self.fact.as_ref().map(Fact::kind) {
            Some(FactKind::Choice { options, .. }) => options,
            _ => &[],
        }
    }
}

impl Layout {
    pub(super) fn new(options: &Csv, record: &[u8], dialect: Dialect) -> Result<Self> {
        let fields: Vec<_> = dialect.fields(record).collect();
        let headings: Vec<String> = fields.iter().map(|field| heading(field)).collect();
        let searcher = Searcher { headings: &headings, record, dialect };
        let mut faults = Faults::default();
        let weight = options.weight.as_ref().and_then(|name| faults.check(searcher.place(name)));
        let (mut groups, mut facts) = (Vec::new(), Vec::new());
        let asked = options.facts();
        for name in &options.groups {
            let fact = asked.iter().find(|fact| fact.name() == name).cloned();
            let column = faults.check(searcher.place(name));
            groups.extend(column.map(|column| GroupPlace { column, name: headings[column].clone(), fact }));
        }
        for fact in asked.iter().filter(|fact| !options.groups.iter().any(|name| name == fact.name())) {
            let places = fact.columns().iter().map(|name| faults.check(searcher.place(name)));
            let Some(columns) = places.collect::<Option<Vec<usize>>>() else { continue };
            let (name, fact) = (fact.name().to_owned(), fact.clone());
            match fact.kind() {
                FactKind::Choice { .. } => groups.push(GroupPlace { column: columns[0], name, fact: Some(fact) }),
                _ => facts.push(FactPlace { fact, columns }),
            }
        }
        if options.reads_all_columns() {
            all_named(&fields, &headings)?;
        }
        let indicators = faults.check(options.indicators(&headings)).unwrap_or_default();
        let mut answers = Vec::with_capacity(indicators.len());
        for indicator in &indicators {
            answers.extend(faults.check(searcher.place(indicator.name())));
        }
        searcher.explain(faults)?;
        let mut uses = vec![Use::Nothing; headings.len()];
        answers.iter().zip(0..).for_each(|(column, at)| uses[*column] = Use::Answer(at));
        // Words are looked up before numbers: a grade may be called 5.
        let graded = answers.iter().zip(&indicators).filter(|(_, indicator)| indicator.grades().is_some());
        let others = groups.iter().map(|group| &group.column).chain(facts.iter().flat_map(|fact| &fact.columns));
        for column in weight.iter().chain(others).chain(graded.map(|(column, _)| column)) {
            uses[*column] = Use::Other;
        }
        Ok(Self { headings, indicators, uses, answers, weight, groups, facts })
    }
}

/// The text of a heading, without blanks and invisible characters around it.
fn heading(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim_matches(is_invisible).to_owned()
}

/// Checks that all columns of a file are named once in valid text, where all of them are read.
fn all_named(fields: &[std::borrow::Cow<'_, [u8]>], headings: &[String]) -> Result<()> {
    if fields.iter().any(|field| std::str::from_utf8(field).is_err()) {
        return Err(unreadable("it is not valid UTF-8".into()));
    }
    let named: Vec<&String> = headings.iter().filter(|heading| !heading.is_empty()).collect();
    check::names(&named, "column")
}

fn unreadable(reason: String) -> Error {
    ErrorKind::Unreadable { place: "the header".into(), reason }.into()
}

/// Looks for columns by their names.
struct Searcher<'a> {
    headings: &'a [String],
    record: &'a [u8],
    dialect: Dialect,
}

impl Searcher<'_> {
    /// Where the column of this name stands, if there is exactly one.
    fn place(&self, name: &str) -> Result<usize> {
        let mut places = (0..self.headings.len()).filter(|at| self.headings[*at] == name.trim());
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => Err(ErrorKind::Duplicate { what: "column", name: name.into() }.into()),
            (None, _) => Err(self.unknown(name)),
        }
    }

    /// The error for a column that is not there, with the heading that looks like its name.
    fn unknown(&self, name: &str) -> Error {
        let same = self.headings.iter().find(|heading| visible(heading) == visible(name));
        if let Some(heading) = same {
            let hidden = shown(heading);
            return unreadable(format!(
                "the heading `{hidden}` differs from `{name}` by blanks or invisible characters"
            ));
        }
        let composed = self.headings.iter().find(|heading| alike(heading, name));
        if let Some(heading) = composed {
            return unreadable(format!(
                "the heading `{heading}` is `{name}` in another Unicode form: type it as in the file"
            ));
        }
        let wide = self.headings.iter().find(|heading| narrow(heading) == narrow(name));
        if let Some(heading) = wide {
            return unreadable(format!(
                "the heading `{heading}` is `{name}` in characters of another width: type it as in the file"
            ));
        }
        let other_case = self.headings.iter().find(|heading| heading.to_lowercase() == name.to_lowercase());
        match other_case {
            Some(heading) => unreadable(format!("there is no column `{name}`, but `{heading}`")),
            None => check::unknown(name, "column"),
        }
    }

    /// Gives the faults, or says what the header looks like if it is not divided into fields.
    fn explain(&self, faults: Faults) -> Result<()> {
        let Err(error) = faults.or(()) else { return Ok(()) };
        if self.headings.len() > 1 || !error.is_unknown_name() {
            return Err(error);
        }
        let other = DELIMITERS.into_iter().find(|byte| *byte != self.dialect.delimiter && self.record.contains(byte));
        let record = String::from_utf8_lossy(self.record);
        let line = excerpt(&record);
        match other {
            Some(b'\t') => Err(unreadable(format!("`{line}` looks separated by tabs, which `delimiter` would set"))),
            Some(other) => {
                let other = char::from(other);
                Err(unreadable(format!("`{line}` looks separated by `{other}`, which `delimiter` would set")))
            }
            None => Err(undivided(&line).map_or(error, unreadable)),
        }
    }
}

/// What stands in a header of one field where delimiters are expected.
fn undivided(line: &str) -> Option<String> {
    if let Some((mark, name)) = crate::text::foreign(line) {
        return Some(format!("`{line}` is one field: `{mark}` is {name}, which separates nothing"));
    }
    let hint = "fields are separated by a comma, semicolon, tab or bar";
    line.contains(char::is_whitespace).then(|| format!("`{line}` is one field: {hint}"))
}

/// A name with its full-width characters in their usual width.
fn narrow(name: &str) -> String {
    let usual = |character: char| match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        _ => character,
    };
    name.chars().map(usual).collect()
}

/// A name without blanks and invisible characters.
fn visible(name: &str) -> String {
    name.chars().filter(|character| !is_invisible(*character)).collect()
}

/// A name with its invisible characters made visible.
fn shown(name: &str) -> String {
    let hidden = |character: &char| *character != ' ' && is_invisible(*character);
    let escaped = |character: char| {
        if hidden(&character) { character.escape_unicode().to_string() } else { character.to_string() }
    };
    name.chars().map(escaped).collect()
}

/// Could the two be one text, in which a letter with a mark is one character here and two there?
fn alike(one: &str, other: &str) -> bool {
    let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}');
    let letters = |text: &str| {
        let mut letters: Vec<(char, bool)> = Vec::new();
        for character in text.chars() {
            match letters.last_mut() {
                Some(letter) if is_mark(character) => letter.1 = true,
                _ => letters.push((character, false)),
            }
        }
        letters
    };
    let (one, other) = (letters(one), letters(other));
    // A marked letter may stand for a different one without a mark, which is then no plain letter.
    let fits = |(a, b): (&(char, bool), &(char, bool))| {
        a == b || (a.1 != b.1 && a.0 != b.0 && !(if a.1 { b.0 } else { a.0 }).is_ascii())
    };
    one.len() == other.len() && one != other && one.iter().zip(&other).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_one_field_is_explained() {
        assert_eq!(
            undivided("q1 q2 q3").unwrap(),
            "`q1 q2 q3` is one field: fields are separated by a comma, semicolon, tab or bar"
        );
        assert!(undivided("q1،q2").unwrap().contains("`،` is an Arabic comma"));
        assert!(undivided("q1").is_none());
    }

    #[test]
    fn full_width_headings_are_seen() {
        let read = |name: &str| Csv::new().columns([name]).read("ｑ１,x\n1,2\n".as_bytes());
        assert_eq!(
            read("q1").unwrap_err().to_string(),
            "the header cannot be read: the heading `ｑ１` is `q1` in characters of another width: type it as in the file"
        );
        assert!(read("ｑ１").is_ok());
    }

    #[test]
    fn other_unicode_forms_are_seen() {
        assert!(alike("Qualite\u{301}", "Qualité") && alike("Qualité", "Qualite\u{301}"));
        assert!(alike("か\u{3099}", "が"));
        assert!(!alike("Qualite", "Qualité") && !alike("Qualité", "Qualité") && !alike("a\u{301}b", "éc"));
    }
}
