//! Places under a name of their own.

use crate::error::{ErrorKind, Result};
use crate::numeric::check;

/// A set of places under a name: "the coast", "the cities of another survey". Regions may overlap.
///
/// Its members are entities or groups of a [`Structure`](crate::aggregate::Structure); a group stands for all entities in
/// it. A respondent counts once, however many members lead to the same entity.
///
/// # Examples
///
/// ```
/// use satindex::aggregate::cube::Region;
///
/// let coast = Region::new("coast", ["Harbour", "Beach"])?;
/// assert_eq!(coast.members(), ["Harbour", "Beach"]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct Region {
    name: String,
    members: Vec<String>,
}

impl Region {
    /// A region with these members.
    ///
    /// # Errors
    ///
    /// A blank name; no member, a blank one, or one given twice.
    pub fn new<S: Into<String>>(name: impl Into<String>, members: impl IntoIterator<Item = S>) -> Result<Self> {
        let region = Self { name: name.into(), members: members.into_iter().map(Into::into).collect() };
        region.check()?;
        Ok(region)
    }

    fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(ErrorKind::Empty { place: "the name of a region".into() }.into());
        }
        check::names(&self.members, "place").map_err(|fault| fault.within(format!("region `{}`", self.name)))
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the members.
    pub fn members(&self) -> &[String] {
        &self.members
    }
}

checked_when_read!(Region);
