//! Many objects in order.

use std::fmt;

use crate::error::{Faults, Result};
use crate::fuzzy::reading::TIE;
use crate::fuzzy::{Evaluation, GradeVector};
use crate::numeric::check;
use crate::table::{Column, Table};

/// Objects from the best to the worst.
///
/// Objects whose values differ by less than a relative 10⁻¹² of the best among them share a rank, and the next rank is
/// left out for each of them but one (1, 2, 2, 4).
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::Ranking;
///
/// let shops = Ranking::highest_first(["north", "east", "south"], [71.0, 80.5, 71.0])?;
/// assert_eq!(shops.iter().collect::<Vec<_>>(), [(1, "east", 80.5), (2, "north", 71.0), (2, "south", 71.0)]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Ranking(Vec<Ranked>);

checked_when_read!(Ranking);

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
struct Ranked {
    rank: usize,
    name: String,
    value: f64,
}

impl Ranking {
    /// Ranks the objects by a value of which more is better, such as a score.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; not one finite value for each.
    pub fn highest_first<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        values: impl IntoIterator<Item = f64>,
    ) -> Result<Self> {
        Self::new(names, values, |a, b| b.total_cmp(a))
    }

    /// Ranks the objects by a value of which less is better, such as a mean position among grades from best to worst.
    ///
    /// # Errors
    ///
    /// As for [`Ranking::highest_first`].
    pub fn lowest_first<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        values: impl IntoIterator<Item = f64>,
    ) -> Result<Self> {
        Self::new(names, values, f64::total_cmp)
    }

    /// Ranks evaluated objects by the score of their goals, the highest first.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; grades without scores.
    pub fn by_score<'a, S: Into<String>>(evaluations: impl IntoIterator<Item = (S, &'a Evaluation)>) -> Result<Self> {
        Self::by(evaluations, GradeVector::score).and_then(|(names, scores)| Self::highest_first(names, scores))
    }

    /// Ranks evaluated objects by the mean position of their goals, the lowest first: for grades without scores that
    /// run from best to worst.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; an object that belongs to no grade.
    pub fn by_position<'a, S: Into<String>>(
        evaluations: impl IntoIterator<Item = (S, &'a Evaluation)>,
    ) -> Result<Self> {
        let position = |vector: GradeVector<'_>| vector.mean_position(1.0);
        Self::by(evaluations, position).and_then(|(names, positions)| Self::lowest_first(names, positions))
    }

    fn by<'a, S: Into<String>>(
        evaluations: impl IntoIterator<Item = (S, &'a Evaluation)>,
        read: impl Fn(GradeVector<'a>) -> Result<f64>,
    ) -> Result<(Vec<String>, Vec<f64>)> {
        let mut faults = Faults::default();
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for (name, evaluation) in evaluations {
            let name = name.into();
            let value = read(evaluation.goal()).map_err(|fault| fault.within(format!("object `{name}`")));
            values.extend(faults.check(value));
            names.push(name);
        }
        faults.or((names, values))
    }

    fn new<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        values: impl IntoIterator<Item = f64>,
        order: fn(&f64, &f64) -> std::cmp::Ordering,
    ) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let values: Vec<f64> = values.into_iter().collect();
        check::names(&names, "object")?;
        check::length(values.len(), names.len(), || "the list of values".into())?;
        let mut faults = Faults::default();
        for (name, value) in names.iter().zip(&values) {
            faults.check(check::finite(*value, || format!("the value of `{name}`")));
        }
        faults.or(())?;
        let mut objects: Vec<Ranked> =
            names.into_iter().zip(values).map(|(name, value)| Ranked { rank: 1, name, value }).collect();
        objects.sort_by(|a, b| order(&a.value, &b.value));
        let mut first = 0;
        for at in 0..objects.len() {
            let (best, value) = (objects[first].value, objects[at].value);
            if (best - value).abs() > TIE * best.abs().max(value.abs()) {
                first = at;
            }
            objects[at].rank = first + 1;
        }
        Ok(Self(objects))
    }

    /// Rank, name and value of each object, from the best to the worst; equal ones in the order in which they came.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (usize, &str, f64)> {
        self.0.iter().map(|object| (object.rank, object.name.as_str(), object.value))
    }

    /// The rank of an object.
    ///
    /// # Errors
    ///
    /// When there is no such object.
    pub fn rank(&self, name: &str) -> Result<usize> {
        let object = self.0.iter().find(|object| object.name == name);
        object.map(|object| object.rank).ok_or_else(|| check::unknown(name, "object"))
    }

    /// The ranking as a table.
    pub fn table(&self) -> Table {
        Table::new("Ranking")
            .column(Column::count("rank", self.0.iter().map(|object| object.rank)))
            .column(Column::text("object", self.0.iter().map(|object| &object.name)))
            .column(Column::number("value", self.0.iter().map(|object| object.value)))
    }

    fn check(&self) -> Result<()> {
        check::names(&self.0.iter().map(|object| &object.name).collect::<Vec<_>>(), "object")?;
        for (at, object) in self.0.iter().enumerate() {
            check::finite(object.value, || format!("the value of `{}`", object.name))?;
            let shared = at.checked_sub(1).map_or(1, |before| self.0[before].rank);
            let inside = object.rank == at + 1 || object.rank == shared;
            let place = || format!("the rank of `{}`", object.name);
            check::domain(object.rank as f64, inside, place, &format!("{} or that of the one before", at + 1))?;
        }
        Ok(())
    }
}

impl fmt::Display for Ranking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_equal_but_for_rounding_share_a_rank() {
        let ranking = Ranking::lowest_first(["a", "b", "c", "d"], [0.1 + 0.2, 0.3, -1.0, 0.4]).unwrap();
        let ranks: Vec<usize> = ranking.iter().map(|(rank, ..)| rank).collect();
        assert_eq!(ranks, [1, 2, 2, 4]);
        assert_eq!(ranking.rank("a").unwrap(), 2);
        assert_eq!(ranking.rank("x").unwrap_err().to_string(), "unknown object `x`");
    }

    #[test]
    fn errors_name_the_object() {
        let error = Ranking::highest_first(["a", "b"], [1.0, f64::NAN]).unwrap_err();
        assert_eq!(error.to_string(), "the value of `b` is NaN; expected a finite number");
        assert!(Ranking::highest_first(["a", "a"], [1.0, 2.0]).is_err());
        assert!(Ranking::highest_first(["a"], [1.0, 2.0]).is_err());
    }
}
