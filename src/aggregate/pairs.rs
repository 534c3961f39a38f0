//! Every one against every other: which differences are more than chance.

use std::fmt;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::among::Among;
use crate::aggregate::comparison::{Comparison, Difference};
use crate::aggregate::linear::LinearForm;
use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::numeric::check;
use crate::table::{Column, Table};

/// The differences between all pairs of groups or entities in one period: one family of comparisons.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct Pairs {
    /// From the highest index to the lowest.
    names: Vec<String>,
    /// Of the first with each one after it, of the second with each one after it, and so on.
    differences: Vec<Difference>,
}

checked_when_read!(Pairs);

impl Comparison {
    /// The differences between all pairs in one period.
    ///
    /// Both indices of a pair are linear functions of those of the entities, Σ aₑ Iₑ and Σ bₑ Iₑ, so the standard error of
    /// their difference is √(Σ (aₑ − bₑ)² SEₑ²): what two groups share, such as a company that is active in both
    /// industries, is allowed for. The correlation between periods plays no part here.
    ///
    /// # Errors
    ///
    /// An unknown group; nothing with an index among them; so many that their pairs do not fit in memory.
    pub fn pairs(self, period: &Aggregated, among: Among<'_>) -> Result<Pairs> {
        self.check()?;
        let mut nodes = among.nodes(period)?;
        let value = |node| period.index_of(node).map_or(0.0, Index::value);
        nodes.sort_by(|one, other| value(*other).total_cmp(&value(*one)));
        // A difference takes as much memory as about 12 numbers.
        check::replicates(nodes.len(), 12 * nodes.len() / 2, "members to be compared with each other")?;
        let forms = LinearForm::each(period, &nodes)?;
        let mut differences = Vec::with_capacity(nodes.len() * (nodes.len() - 1) / 2);
        for (at, (one, first)) in nodes.iter().zip(&forms).enumerate() {
            for (other, second) in nodes.iter().zip(&forms).skip(at + 1) {
                let std_error = first.std_error_of_difference(second);
                differences.push(Difference::new(value(*one) - value(*other), std_error, self.confidence)?);
            }
        }
        self.adjust(differences.iter_mut())?;
        let names = nodes.iter().map(|node| period.structure().name(*node).to_owned()).collect();
        Ok(Pairs { names, differences })
    }
}

impl Pairs {
    fn check(&self) -> Result<()> {
        check::names(&self.names, "member")?;
        let pairs = self.names.len().saturating_mul(self.names.len() - 1) / 2;
        check::length(self.differences.len(), pairs, || "the list of differences".into())
    }

    /// The names of those that were compared, from the highest index to the lowest.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Every pair once with its difference, the higher of the two first: the highest with each one below it, then the
    /// second highest, and so on.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Difference)> {
        let pairs = (0..self.names.len()).flat_map(|first| (first + 1..self.names.len()).map(move |at| (first, at)));
        let names = pairs.map(|(first, second)| (self.names[first].as_str(), self.names[second].as_str()));
        names.zip(&self.differences).map(|((first, second), difference)| (first, second, difference))
    }

    /// The first minus the second.
    ///
    /// # Errors
    ///
    /// A name that was not compared; the same one twice.
    pub fn get(&self, first: &str, second: &str) -> Result<Difference> {
        let place = |name| check::position(&self.names, name, "member");
        let (one, other) = (place(first)?, place(second)?);
        if one == other {
            return Err(ErrorKind::Duplicate { what: "member of the pair", name: first.into() }.into());
        }
        let (above, below) = (one.min(other), one.max(other));
        let before = above * (2 * self.names.len() - above - 1) / 2;
        let difference = &self.differences[before + below - above - 1];
        if one < other { Ok(*difference) } else { difference.reversed() }
    }

    /// The pairs, the surest difference first and among equally sure ones the largest.
    pub fn table(&self) -> Table {
        let mut pairs: Vec<(&str, &str, &Difference)> = self.iter().collect();
        let key = |difference: &Difference| difference.adjusted_p_value().unwrap_or(f64::INFINITY);
        pairs.sort_by(|(.., one), (.., other)| {
            key(one).total_cmp(&key(other)).then(other.value().total_cmp(&one.value()))
        });
        let table = Table::new("Differences between pairs")
            .column(Column::text("higher", pairs.iter().map(|(first, ..)| first)))
            .column(Column::text("lower", pairs.iter().map(|(_, second, _)| second)));
        Difference::columns(table, "difference", &pairs.iter().map(|(.., difference)| *difference).collect::<Vec<_>>())
    }
}

impl fmt::Display for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
