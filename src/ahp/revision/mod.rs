//! Judgements brought to a wanted consistency by changing them as little as possible.

mod cells;
mod search;

use std::fmt;

use crate::ahp::judgement::Judgements;
use crate::ahp::priority::Method;
use crate::ahp::random_index::RandomIndex;
use crate::error::Result;
use crate::numeric::check;
use crate::serial;
use crate::table::{Column, Table};

use search::Search;

/// The measure of a change that is to be as little as possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LeastChange {
    /// Σ (ln a′ᵢⱼ − ln aᵢⱼ)² is least. As a rule every judgement moves a little.
    #[default]
    Logs,
    /// The number of judgements that change is least, and among these sets the change in logs.
    Cells,
}

named!(LeastChange, "least change", { Logs => "logs", Cells => "cells" });

/// A judgement that a [`Revision`] changed.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Change {
    row: String,
    column: String,
    given: f64,
    revised: f64,
}

checked_when_read!(Change);

impl Change {
    /// The first of the pair.
    pub fn row(&self) -> &str {
        &self.row
    }

    /// The second of the pair.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The ratio as it was judged.
    pub fn given(&self) -> f64 {
        self.given
    }

    /// The ratio in its place.
    pub fn revised(&self) -> f64 {
        self.revised
    }

    fn check(&self) -> Result<()> {
        check::positive(self.given, || format!("`{}` against `{}` as given", self.row, self.column))?;
        check::positive(self.revised, || format!("`{}` against `{}` as revised", self.row, self.column)).map(|_| ())
    }
}

/// Revised judgements, with everything that was changed: see [`Judgements::revised`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Revision {
    judgements: Judgements,
    changes: Vec<Change>,
    target: f64,
    before: f64,
    after: f64,
    fewest: bool,
}

checked_when_read!(Revision);

impl Revision {
    /// The revised judgements.
    pub fn judgements(&self) -> &Judgements {
        &self.judgements
    }

    /// The changed judgements, in the order of the triangle; none if the judgements were consistent enough.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The consistency ratio that was wanted.
    pub fn target(&self) -> f64 {
        self.target
    }

    /// The consistency ratio as judged.
    pub fn cr_before(&self) -> f64 {
        self.before
    }

    /// The consistency ratio as revised.
    pub fn cr_after(&self) -> f64 {
        self.after
    }

    /// √Σ (ln a′ᵢⱼ − ln aᵢⱼ)², how far the judgements were moved.
    pub fn distance(&self) -> f64 {
        self.changes.iter().map(|change| (change.revised / change.given).ln().powi(2)).sum::<f64>().sqrt()
    }

    /// Is it proven, by trying all, that no smaller number of judgements would do?
    pub fn is_fewest(&self) -> bool {
        self.fewest
    }

    /// The changes as a table.
    pub fn table(&self) -> Table {
        let changes = || self.changes.iter();
        Table::new("Revision")
            .column(Column::text("row", changes().map(|change| &change.row)))
            .column(Column::text("column", changes().map(|change| &change.column)))
            .column(Column::number("given", changes().map(|change| change.given)).significant(4))
            .column(Column::number("revised", changes().map(|change| change.revised)).significant(4))
            .note(format!("CR {:.4} before, {:.4} after, {} wanted", self.before, self.after, self.target))
    }

    fn check(&self) -> Result<()> {
        serial::not_negative("a consistency ratio", &[self.target, self.before, self.after])
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

/// How far below the target a revision aims, so that rounding does not leave it above.
const MARGIN: f64 = 1e-9;

impl Judgements {
    /// The judgements changed as little as possible until CR ≤ `target`.
    ///
    /// ln λ is convex in the logarithms of the judgements, so the least change in logs is a convex problem with one
    /// solution. The fewest judgements are found by going through all sets of one, of two, and so on, as long as there are
    /// not more than 200,000 of a size; a bound by least squares rules most of them out, and the others are completed, up to
    /// 6,000, or fewer where n is large. Beyond, the judgements that the geometric mean fits least are freed, as many as are
    /// needed, and those that turn out not to be needed (as far as that many completions tell) are left as they were;
    /// [`Revision::is_fewest`] is false then.
    ///
    /// ```
    /// use satindex::ahp::{Judgements, LeastChange, RandomIndex};
    ///
    /// let judgements = Judgements::from_upper(["a", "b", "c", "d"], &[2.0, 4.0, 8.0, 9.0, 4.0, 2.0])?;
    /// let revision = judgements.revised(0.05, RandomIndex::Saaty, LeastChange::Cells)?;
    /// assert_eq!(revision.changes().len(), 1);
    /// assert_eq!((revision.changes()[0].row(), revision.changes()[0].column()), ("b", "c"));
    /// assert!(revision.cr_after() <= 0.05 && revision.is_fewest());
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A target that is negative or not finite; pairs that were not judged; a revised ratio outside
    /// [`RATIOS`](crate::ahp::RATIOS).
    ///
    /// # References
    ///
    /// Bozóki, S., Fülöp, J. & Poesz, A. (2015), Central European Journal of Operations Research 23, 849–866,
    /// doi:10.1007/s10100-014-0346-7.
    pub fn revised(&self, target: f64, table: RandomIndex, least: LeastChange) -> Result<Revision> {
        check::non_negative(target, || "the wanted consistency ratio".into())?;
        self.require_complete()?;
        let random = table.value(self.len());
        let cr = |judgements: &Self| -> Result<f64> {
            let ci = judgements.priorities(Method::Eigenvector)?.ci();
            Ok(if random > 0.0 { ci / random } else { 0.0 })
        };
        let before = cr(self)?;
        if before <= target {
            let judgements = self.clone();
            return Ok(Revision { judgements, changes: Vec::new(), target, before, after: before, fewest: true });
        }
        let ci = target * random * (1.0 - MARGIN);
        let (upper, fewest) = match least {
            LeastChange::Logs => (Search::all(self)?.least_change(ci), false),
            LeastChange::Cells => cells::fewest(self, ci)?,
        };
        let judgements = self.with_upper(&upper)?;
        let change = |((row, column, given), revised): ((&str, &str, Option<f64>), f64)| {
            let (row, column) = (row.to_owned(), column.to_owned());
            given.filter(|given| *given != revised).map(|given| Change { row, column, given, revised })
        };
        let changes: Vec<Change> = self.pairs().zip(upper).filter_map(change).collect();
        let fewest = fewest || changes.len() < 2;
        Ok(Revision { after: cr(&judgements)?, judgements, changes, target, before, fewest })
    }
}
