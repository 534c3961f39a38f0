//! Fuzzy judgements: how many times one thing counts as much as another, as far as the expert would say.

mod constrained;
mod number;
mod priority;

use std::fmt;

pub use number::{Defuzzification, FuzzyNumber};
pub use priority::{FuzzyMethod, FuzzyPriorities, PossibilityWeights};

use crate::ahp::judgement::{Judgements, RATIOS, cells, index_pairs};
use crate::error::{Faults, Result};
use crate::numeric::check;
use crate::table::{Column, Table};

/// Pairwise judgements as positive fuzzy numbers.
///
/// Only the triangle above the diagonal is kept: ãⱼᵢ = 1/ãᵢⱼ and ãᵢᵢ = 1. Every pair is judged, and every support lies
/// in [`RATIOS`].
///
/// # Examples
///
/// ```
/// use satindex::ahp::{fuzzy::Defuzzification, fuzzy::FuzzyMethod, FuzzyJudgements, FuzzyNumber};
///
/// let about = |l, m, u| FuzzyNumber::triangular(l, m, u);
/// let upper = [about(1.0, 2.0, 3.0)?, about(3.0, 4.0, 5.0)?, about(1.0, 2.0, 3.0)?];
/// let judgements = FuzzyJudgements::from_upper(["speed", "skill", "attitude"], &upper)?;
/// let priorities = judgements.priorities(FuzzyMethod::GeometricMean)?;
/// let [least, likeliest, _, greatest] = priorities.get("speed")?.corners();
/// assert!(least < likeliest && likeliest < greatest);
/// assert_eq!(format!("{likeliest:.3}"), "0.571"); // 4/7
/// let weights = priorities.weights(Defuzzification::Centroid)?;
/// assert!(weights.get("speed")? > weights.get("skill")?);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawFuzzyJudgements"))]
pub struct FuzzyJudgements {
    labels: Vec<String>,
    upper: Vec<FuzzyNumber>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFuzzyJudgements {
    labels: Vec<String>,
    upper: Vec<FuzzyNumber>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawFuzzyJudgements> for FuzzyJudgements {
    type Error = crate::error::Error;

    fn try_from(raw: RawFuzzyJudgements) -> Result<Self> {
        Self::from_upper(raw.labels, &raw.upper)
    }
}

impl FuzzyJudgements {
    /// The triangle above the diagonal, row by row: ã₁₂, ã₁₃, …, ã₂₃, ….
    ///
    /// # Errors
    ///
    /// Labels missing, blank or given twice; a triangle of another length than n(n − 1)/2; a support outside
    /// [`RATIOS`].
    pub fn from_upper<S: Into<String>>(labels: impl IntoIterator<Item = S>, upper: &[FuzzyNumber]) -> Result<Self> {
        let labels: Vec<String> = labels.into_iter().map(Into::into).collect();
        check::names(&labels, "label")?;
        check::length(upper.len(), cells(labels.len()), || "the upper triangle".into())?;
        let mut faults = Faults::default();
        for ((row, column), number) in index_pairs(labels.len()).zip(upper) {
            let [least, .., greatest] = number.corners();
            for (end, value) in [("least", least), ("greatest", greatest)] {
                let place = || format!("the {end} value of `{}` against `{}`", labels[row], labels[column]);
                faults.check(check::domain(value, RATIOS.contains(&value), place, "a ratio from 1e-100 to 1e100"));
            }
        }
        faults.or(Self { labels, upper: upper.to_vec() })
    }

    /// The things compared.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// How many times `row` counts as much as `column`.
    ///
    /// # Errors
    ///
    /// An unknown label.
    pub fn get(&self, row: &str, column: &str) -> Result<FuzzyNumber> {
        let (i, j) = (check::position(&self.labels, row, "label")?, check::position(&self.labels, column, "label")?);
        Ok(FuzzyNumber::ordered(self.matrix()[i * self.labels.len() + j]))
    }

    /// The plain judgements in the middle of the cores, √(b c): their consistency tells how far to trust the fuzzy ones.
    ///
    /// # Errors
    ///
    /// As for [`Judgements::from_upper`]; valid fuzzy judgements give none.
    pub fn modal(&self) -> Result<Judgements> {
        let middle = |number: &FuzzyNumber| {
            let [_, b, c, _] = number.corners();
            if b == c { b } else { (b * c).sqrt() }
        };
        let upper: Vec<f64> = self.upper.iter().map(middle).collect();
        Judgements::from_upper(self.labels.iter().cloned(), &upper)
    }

    /// The judgements as a table.
    pub fn table(&self) -> Table {
        let (n, matrix) = (self.labels.len(), self.matrix());
        let names = Table::new("Fuzzy judgements").column(Column::text("", &self.labels));
        (0..n).fold(names, |table, column| {
            let cells = (0..n).map(|row| format!("{:.2}", FuzzyNumber::ordered(matrix[row * n + column])));
            table.column(Column::text(&self.labels[column], cells))
        })
    }

    /// The corners of the full matrix, row by row.
    fn matrix(&self) -> Vec<[f64; 4]> {
        let n = self.labels.len();
        let mut matrix = vec![[1.0; 4]; n * n];
        for ((row, column), number) in index_pairs(n).zip(&self.upper) {
            matrix[row * n + column] = number.corners();
            matrix[column * n + row] = number.reciprocal().corners();
        }
        matrix
    }
}

impl fmt::Display for FuzzyJudgements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
