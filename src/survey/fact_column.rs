//! The answers to questions whose answers are no scores, respondent by respondent.

use crate::error::{ErrorKind, Result};
use crate::numeric::check;
#[cfg(feature = "dates")]
use crate::survey::Date;
use crate::survey::fact::Choices;
#[cfg(any(feature = "csv", feature = "serde"))]
use crate::survey::fact::Fact;
#[cfg(feature = "csv")]
use crate::survey::fact::FactKind;

/// The answers to one such question. A single choice is a [`Group`](crate::survey::Group).
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FactColumn {
    Choices(Choices),
    Keys(String, Vec<String>),
    #[cfg(feature = "dates")]
    Dates(String, Vec<Option<Date>>),
}

/// One answer.
#[cfg(feature = "csv")]
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FactValue {
    Chosen(Option<u64>),
    Key(String),
    #[cfg(feature = "dates")]
    Date(Option<Date>),
}

#[cfg(feature = "csv")]
impl FactColumn {
    /// The empty column of a question; a single choice has none.
    pub(super) fn new(fact: &Fact) -> Option<Self> {
        let name = fact.name().to_owned();
        match fact.kind() {
            FactKind::Choice { .. } => None,
            FactKind::Choices { options, .. } => {
                Some(Self::Choices(Choices { name, options: options.clone(), chosen: Vec::new() }))
            }
            FactKind::Key => Some(Self::Keys(name, Vec::new())),
            #[cfg(feature = "dates")]
            FactKind::Date { .. } => Some(Self::Dates(name, Vec::new())),
        }
    }

    /// Adds an answer of the column's kind.
    pub(super) fn push(&mut self, value: &FactValue) {
        match (self, value) {
            (Self::Choices(choices), FactValue::Chosen(chosen)) => choices.chosen.push(*chosen),
            (Self::Keys(_, keys), FactValue::Key(key)) => keys.push(key.clone()),
            #[cfg(feature = "dates")]
            (Self::Dates(_, dates), FactValue::Date(date)) => dates.push(*date),
            _ => {}
        }
    }

    /// Adds the answers of the respondents that follow.
    pub(super) fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Choices(choices), Self::Choices(more)) => choices.chosen.extend(more.chosen),
            (Self::Keys(_, keys), Self::Keys(_, more)) => keys.extend(more),
            #[cfg(feature = "dates")]
            (Self::Dates(_, dates), Self::Dates(_, more)) => dates.extend(more),
            _ => {}
        }
    }
}

impl FactColumn {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Choices(choices) => choices.name(),
            Self::Keys(name, _) => name,
            #[cfg(feature = "dates")]
            Self::Dates(name, _) => name,
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Choices(choices) => choices.chosen.len(),
            Self::Keys(_, keys) => keys.len(),
            #[cfg(feature = "dates")]
            Self::Dates(_, dates) => dates.len(),
        }
    }

    /// The answers of these respondents.
    pub(super) fn subset(&self, rows: &[usize]) -> Self {
        match self {
            Self::Choices(choices) => Self::Choices(choices.subset(rows)),
            Self::Keys(name, keys) => Self::Keys(name.clone(), rows.iter().map(|row| keys[*row].clone()).collect()),
            #[cfg(feature = "dates")]
            Self::Dates(name, dates) => Self::Dates(name.clone(), rows.iter().map(|row| dates[*row]).collect()),
        }
    }
}

/// Checks that columns have this many rows and names of their own.
pub(super) fn check(columns: &[FactColumn], rows: usize) -> Result<()> {
    for (at, column) in columns.iter().enumerate() {
        let name = column.name();
        check::length(column.len(), rows, || format!("the list of answers to `{name}`"))?;
        if name.trim().is_empty() {
            return Err(ErrorKind::Empty { place: "the name of a question".into() }.into());
        }
        if columns[..at].iter().any(|other| other.name() == name) {
            return Err(ErrorKind::Duplicate { what: "question", name: name.into() }.into());
        }
    }
    Ok(())
}

#[cfg(feature = "serde")]
mod form {
    use serde::{Deserialize, Serialize};

    use super::{Choices, Fact, FactColumn};
    use crate::error::{Error, ErrorKind, Result};

    /// The answers to a question, by what was chosen and not by bits.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct RawChoices {
        name: String,
        options: Vec<String>,
        chosen: Vec<Option<Vec<String>>>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case", deny_unknown_fields)]
    enum Raw {
        Choices(RawChoices),
        Keys {
            name: String,
            keys: Vec<String>,
        },
        #[cfg(feature = "dates")]
        Dates {
            name: String,
            dates: Vec<Option<crate::survey::Date>>,
        },
    }

    impl From<&Choices> for RawChoices {
        fn from(choices: &Choices) -> Self {
            let texts = |names: Vec<&str>| names.into_iter().map(String::from).collect();
            Self {
                name: choices.name.clone(),
                options: choices.options.clone(),
                chosen: (0..choices.chosen.len()).map(|row| choices.chosen(row).map(texts)).collect(),
            }
        }
    }

    impl TryFrom<RawChoices> for Choices {
        type Error = Error;

        fn try_from(raw: RawChoices) -> Result<Self> {
            // The checks of a question are those of its answers.
            Fact::choices(raw.name.clone(), raw.options.clone())?;
            let bit = |name: &String| match raw.options.iter().position(|option| option == name) {
                Some(at) => Ok(1_u64 << at),
                None => Err(ErrorKind::Unknown { what: "option", name: name.clone() }),
            };
            let bits = |names: &Vec<String>| names.iter().try_fold(0, |bits, name| Ok::<_, Error>(bits | bit(name)?));
            let chosen = raw.chosen.iter().map(|names| names.as_ref().map(bits).transpose()).collect::<Result<_>>()?;
            Ok(Self { name: raw.name, options: raw.options, chosen })
        }
    }

    impl Serialize for Choices {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
            RawChoices::from(self).serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Choices {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
            RawChoices::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
        }
    }

    impl Serialize for FactColumn {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
            let raw = match self {
                Self::Choices(choices) => Raw::Choices(choices.into()),
                Self::Keys(name, keys) => Raw::Keys { name: name.clone(), keys: keys.clone() },
                #[cfg(feature = "dates")]
                Self::Dates(name, dates) => Raw::Dates { name: name.clone(), dates: dates.clone() },
            };
            raw.serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for FactColumn {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
            Ok(match Raw::deserialize(deserializer)? {
                Raw::Choices(raw) => Self::Choices(raw.try_into().map_err(serde::de::Error::custom)?),
                Raw::Keys { name, keys } => Self::Keys(name, keys),
                #[cfg(feature = "dates")]
                Raw::Dates { name, dates } => Self::Dates(name, dates),
            })
        }
    }
}
