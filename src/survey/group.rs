//! A named division of the respondents.

#[cfg(feature = "serde")]
mod raw;

use std::collections::HashMap;

use crate::error::{ErrorKind, Result};

/// A division of the respondents into parts: region, channel, brand, period.
///
/// The levels stand in the order in which they first occur. A respondent whose label is blank belongs to none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::RawGroup", into = "raw::RawGroup")
)]
pub struct Group {
    name: String,
    levels: Vec<String>,
    codes: Vec<Option<usize>>,
}

impl Group {
    /// A group from the label of each respondent.
    pub(crate) fn new<S: AsRef<str>>(name: String, labels: impl IntoIterator<Item = S>) -> Result<Self> {
        if name.trim().is_empty() {
            return Err(ErrorKind::Empty { place: "the name of a group".into() }.into());
        }
        let mut group = Builder::new(name);
        labels.into_iter().for_each(|label| group.push(label.as_ref()));
        Ok(group.finish())
    }

    /// The name: "region".
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The labels that occur: "north", "south".
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// For each respondent, the position of the label among the levels; `None` where the label is blank.
    pub fn codes(&self) -> &[Option<usize>] {
        &self.codes
    }

    /// The label of each respondent who has one.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.codes.iter().map(|code| code.map(|code| self.levels[code].as_str()))
    }

    /// How many respondents belong to no level, as their label is blank.
    pub fn unlabelled(&self) -> usize {
        self.codes.iter().filter(|code| code.is_none()).count()
    }

    /// The group with its levels in the order of a list, those that are not in it behind.
    #[cfg(any(feature = "csv", feature = "serde"))]
    pub(super) fn in_order_of(mut self, list: &[String]) -> Self {
        let place = |level: &String| list.iter().position(|known| known == level).unwrap_or(list.len());
        let mut order: Vec<usize> = (0..self.levels.len()).collect();
        order.sort_by_key(|level| place(&self.levels[*level]));
        let mut new = vec![0; order.len()];
        order.iter().enumerate().for_each(|(to, from)| new[*from] = to);
        self.levels = order.iter().map(|from| self.levels[*from].clone()).collect();
        self.codes.iter_mut().flatten().for_each(|code| *code = new[*code]);
        self
    }

    /// The group of these respondents; a level that no longer occurs is gone.
    pub(crate) fn subset(&self, rows: &[usize]) -> Self {
        let mut group = Builder::new(self.name.clone());
        for row in rows {
            group.push(self.codes[*row].map_or("", |code| &self.levels[code]));
        }
        group.finish()
    }
}

/// A group that is being read label by label.
#[derive(Debug)]
pub(crate) struct Builder {
    group: Group,
    known: HashMap<String, usize>,
}

impl Builder {
    pub(crate) fn new(name: String) -> Self {
        Self { group: Group { name, levels: Vec::new(), codes: Vec::new() }, known: HashMap::new() }
    }

    pub(crate) fn push(&mut self, label: &str) {
        if label.trim().is_empty() {
            self.group.codes.push(None);
            return;
        }
        let code = self.known.get(label).copied().unwrap_or_else(|| {
            self.known.insert(label.to_owned(), self.group.levels.len());
            self.group.levels.push(label.to_owned());
            self.group.levels.len() - 1
        });
        self.group.codes.push(Some(code));
    }

    pub(crate) fn finish(self) -> Group {
        self.group
    }
}
