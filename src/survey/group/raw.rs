//! The serialised form of [`Group`], checked when read.

use serde::{Deserialize, Serialize};

use super::Group;
use crate::error::{Error, Result};
use crate::numeric::check;

/// The label of each respondent; null where there is none.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGroup {
    name: String,
    /// In their order, if it is not that in which they occur.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<String>>,
    labels: Vec<Option<String>>,
}

impl From<Group> for RawGroup {
    fn from(group: Group) -> Self {
        let mut next = 0..;
        let mut seen = vec![false; group.levels().len()];
        let first = |code: &&usize| !std::mem::replace(&mut seen[**code], true);
        let as_they_occur = group.codes().iter().flatten().filter(first).all(|code| next.next() == Some(*code));
        Self {
            levels: (!as_they_occur).then(|| group.levels().to_vec()),
            labels: group.labels().map(|label| label.map(Into::into)).collect(),
            name: group.name().into(),
        }
    }
}

impl TryFrom<RawGroup> for Group {
    type Error = Error;

    fn try_from(raw: RawGroup) -> Result<Self> {
        let group = Self::new(raw.name, raw.labels.iter().map(|label| label.as_deref().unwrap_or_default()))?;
        let Some(levels) = raw.levels else { return Ok(group) };
        check::matching(&levels, &group.levels().iter().map(String::as_str).collect::<Vec<_>>(), "place", "level")?;
        check::names(&levels, "level")?;
        Ok(group.in_order_of(&levels))
    }
}
