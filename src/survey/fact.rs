//! What is asked beside scores: choices, keys, dates.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::words::{folded, suggestion};

/// A question whose answer is no score: one or several choices of a list, a key, a date.
///
/// # Serialised form
///
/// `{"name": "reasons", "kind": "choices", "options": ["price", "speed"], "separator": ";"}`; `kind` is `choice`,
/// `choices`, `key` or `date`.
///
/// # Examples
///
/// ```
/// use satindex::survey::{Csv, Fact, Indicator, Questionnaire};
///
/// let questionnaire = Questionnaire::new([Indicator::new("q1")?])?.with_facts([
///     Fact::choice("channel", ["shop", "web"])?,
///     Fact::choices("reasons", ["price", "speed", "staff"])?,
///     Fact::key("id")?,
/// ])?;
/// let file = "id,q1,channel,reasons\na7,8,web,price;staff\nb2,5,shop,\n";
/// let responses = Csv::new().questionnaire(questionnaire).read(file.as_bytes())?;
/// assert_eq!(responses.group("channel")?.levels(), ["shop", "web"]);
/// assert_eq!(responses.choices("reasons")?.chosen(0), Some(vec!["price", "staff"]));
/// assert_eq!(responses.key("id")?, ["a7", "b2"]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("nominal", "categorical", "multiple response", "background variable"))]
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fact {
    name: String,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    wording: Option<String>,
    #[cfg_attr(feature = "serde", serde(flatten))]
    kind: FactKind,
}

/// How a [`Fact`] is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case", tag = "kind"))]
#[non_exhaustive]
pub enum FactKind {
    /// One of a list, which becomes a [`Group`](crate::survey::Group) of the respondents.
    Choice {
        /// What can be chosen; with an empty list, anything.
        options: Vec<String>,
        /// Whether an answer outside the list counts as "other".
        other: bool,
    },
    /// Several of a list.
    Choices {
        /// What can be chosen: 64 things at most.
        options: Vec<String>,
        /// What stands between two choices in one column.
        separator: char,
        /// One column of 0 and 1 for each option in place of that, if there are any.
        columns: Vec<String>,
    },
    /// A text that names a respondent, a place or a case.
    Key,
    /// A day of the calendar.
    #[cfg(feature = "dates")]
    Date {
        /// How it is written (`%d.%m.%Y`), if not as in ISO 8601.
        pattern: Option<String>,
    },
}

/// What an answer outside the list of a choice counts as, where that is allowed.
#[cfg(feature = "csv")]
pub(super) const OTHER: &str = "other";

/// The most options of several choices.
const MOST: usize = 64;

impl Fact {
    fn new(name: impl Into<String>, kind: FactKind) -> Result<Self> {
        Self { name: name.into(), wording: None, kind }.checked()
    }

    /// One choice of a list; with an empty list, of anything.
    ///
    /// # Errors
    ///
    /// A blank name; an option that is blank or given twice.
    pub fn choice<S: Into<String>>(name: impl Into<String>, options: impl IntoIterator<Item = S>) -> Result<Self> {
        let options = options.into_iter().map(Into::into).collect();
        Self::new(name, FactKind::Choice { options, other: false })
    }

    /// Several choices of a list, in one column with semicolons between them.
    ///
    /// # Errors
    ///
    /// As for [`Fact::choice`]; no option, or more than 64.
    pub fn choices<S: Into<String>>(name: impl Into<String>, options: impl IntoIterator<Item = S>) -> Result<Self> {
        let options = options.into_iter().map(Into::into).collect();
        Self::new(name, FactKind::Choices { options, separator: ';', columns: Vec::new() })
    }

    /// A text that names something.
    ///
    /// # Errors
    ///
    /// A blank name.
    pub fn key(name: impl Into<String>) -> Result<Self> {
        Self::new(name, FactKind::Key)
    }

    /// A day of the calendar, written as in ISO 8601.
    ///
    /// # Errors
    ///
    /// A blank name.
    #[cfg(feature = "dates")]
    pub fn date(name: impl Into<String>) -> Result<Self> {
        Self::new(name, FactKind::Date { pattern: None })
    }

    /// The question with its wording.
    #[must_use]
    pub fn with_wording(self, wording: impl Into<String>) -> Self {
        Self { wording: Some(wording.into()), ..self }
    }

    /// The same question, whose answers outside the list of a choice count as "other".
    #[must_use]
    pub fn allow_other(mut self) -> Self {
        if let FactKind::Choice { other, .. } = &mut self.kind {
            *other = true;
        }
        self
    }

    /// The same question, with this character between several choices.
    #[must_use]
    pub fn with_separator(mut self, between: char) -> Self {
        if let FactKind::Choices { separator, .. } = &mut self.kind {
            *separator = between;
        }
        self
    }

    /// The same question, whose several choices stand in one column of 0 and 1 each, in the order of the options.
    ///
    /// # Errors
    ///
    /// Another number of columns than of options, a blank column or one given twice; a question of another kind.
    pub fn with_columns<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        let FactKind::Choices { columns, .. } = &mut self.kind else {
            let place = format!("question `{}`", self.name);
            return Err(
                ErrorKind::Unsupported { place, reason: "only several choices have several columns".into() }.into()
            );
        };
        *columns = names.into_iter().map(Into::into).collect();
        self.checked()
    }

    /// The same question, whose date is written by this pattern: see [`Date::parse`](crate::survey::Date::parse).
    #[cfg(feature = "dates")]
    #[must_use]
    pub fn with_pattern(mut self, written: impl Into<String>) -> Self {
        if let FactKind::Date { pattern } = &mut self.kind {
            *pattern = Some(written.into());
        }
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The wording of the question, where it is known.
    pub fn wording(&self) -> Option<&str> {
        self.wording.as_deref()
    }

    /// How it is answered.
    pub fn kind(&self) -> &FactKind {
        &self.kind
    }

    /// The columns of a file in which the answers stand.
    #[cfg(feature = "csv")]
    pub(super) fn columns(&self) -> &[String] {
        match &self.kind {
            FactKind::Choices { columns, .. } if !columns.is_empty() => columns,
            _ => std::slice::from_ref(&self.name),
        }
    }

    /// A question as it was written.
    #[cfg(feature = "serde")]
    pub(super) fn read(name: String, wording: Option<String>, kind: FactKind) -> Result<Self> {
        Self { name, wording, kind }.checked()
    }

    fn checked(self) -> Result<Self> {
        if self.name.trim().is_empty() {
            return Err(ErrorKind::Empty { place: "the name of a question".into() }.into());
        }
        let mut faults = Faults::default();
        match &self.kind {
            FactKind::Choice { options, .. } if options.is_empty() => {}
            FactKind::Choice { options, .. } => {
                faults.check(check::names(&names(options), "option"));
            }
            FactKind::Choices { options, columns, .. } => {
                faults.check(check::names(&names(options), "option"));
                let count = options.len() as f64;
                let place = || format!("the number of options of `{}`", self.name);
                faults.check(check::domain(count, options.len() <= MOST, place, "64 or fewer"));
                if !columns.is_empty() {
                    faults.check(check::names(columns, "column"));
                    let place = || format!("the list of columns of `{}`", self.name);
                    faults.check(check::length(columns.len(), options.len(), place));
                }
            }
            _ => {}
        }
        faults.or(self)
    }
}

/// Options as they are compared.
fn names(options: &[String]) -> Vec<String> {
    options.iter().map(|option| folded(option)).collect()
}

/// Where a text stands among the options.
pub(super) fn option(options: &[String], text: &str) -> Option<usize> {
    let exact = options.iter().position(|option| option == text);
    exact.or_else(|| {
        let word = folded(text);
        options.iter().position(|option| folded(option) == word)
    })
}

/// Why a text is no choice.
pub(super) fn no_option(options: &[String], text: &str) -> String {
    let word = if text.is_empty() { "a blank" } else { "it" };
    format!("{word} is not in the list; {}", suggestion(text, options.iter().map(String::as_str)))
}

/// What each respondent chose of several things.
///
/// See [`Fact`] for an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    pub(super) name: String,
    pub(super) options: Vec<String>,
    /// A bit for each option; `None` where the question was not answered.
    pub(super) chosen: Vec<Option<u64>>,
}

impl Choices {
    /// The name of the question.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What could be chosen.
    pub fn options(&self) -> &[String] {
        &self.options
    }

    /// What the respondent in this row, from 0, chose; `None` if the question was not answered, or there is no such row.
    pub fn chosen(&self, row: usize) -> Option<Vec<&str>> {
        let chosen = self.chosen.get(row).copied().flatten()?;
        let options = self.options.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
        Some(options.map(|(_, option)| option.as_str()).collect())
    }

    /// How many respondents answered.
    pub fn answered(&self) -> usize {
        self.chosen.iter().flatten().count()
    }

    /// How many respondents chose each option. They may sum to more than [`Choices::answered`].
    pub fn counts(&self) -> impl ExactSizeIterator<Item = (&str, usize)> {
        self.options.iter().enumerate().map(|(at, option)| {
            (option.as_str(), self.chosen.iter().flatten().filter(|chosen| **chosen >> at & 1 == 1).count())
        })
    }

    pub(super) fn subset(&self, rows: &[usize]) -> Self {
        Self { chosen: rows.iter().map(|row| self.chosen[*row]).collect(), ..self.clone() }
    }
}
