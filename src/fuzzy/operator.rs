//! Operators: how importance and membership are composed.

use std::fmt;

use crate::error::Result;
use crate::fuzzy::{Importance, Membership};
use crate::numeric::check;

/// How the membership vectors rᵢ of several factors and their importance aᵢ become one vector b = a ∘ R.
///
/// # Formula
///
/// | operator | symbol | bⱼ |
/// |---|---|---|
/// | `MinMax` | M(∧, ∨) | maxᵢ min(aᵢ, rᵢⱼ) |
/// | `ProductMax` | M(·, ∨) | maxᵢ aᵢrᵢⱼ |
/// | `MinBoundedSum` | M(∧, ⊕) | min(1, Σᵢ min(aᵢ, rᵢⱼ)) |
/// | `ProductBoundedSum` | M(·, ⊕) | min(1, Σᵢ aᵢrᵢⱼ) |
/// | `WeightedAverage` | M(·, +) | Σᵢ aᵢrᵢⱼ, with Σᵢ aᵢ = 1 |
/// | `Balanced` | M(∧, +) on shares | Σᵢ min(aᵢ, rᵢⱼ / Σₖ rₖⱼ), a column of zeros giving 0 |
///
/// M(·, ⊕) of weights that sum to 1 is the weighted average: the bound is never reached. With degrees that sum to
/// more, the average is not defined and only the bounded sum remains; so `WeightedAverage` takes weights only and the
/// other operators take any [`Importance`].
///
/// # Properties
///
/// Element by element, for degrees aᵢ and rᵢⱼ in \[0, 1\]:
///
/// - M(·, ∨) ≤ M(∧, ∨) ≤ M(∧, ⊕), for a product of two numbers in \[0, 1\] is at most their minimum, and the largest
///   of some non-negative numbers at most their sum;
/// - M(·, ∨) ≤ M(·, ⊕) ≤ M(∧, ⊕) likewise; with M(·, +) in place of M(·, ⊕) where Σᵢ aᵢ ≤ 1, and not beyond: a = (1, 1)
///   and r = (1, 1) have M(·, +) = 2 over M(∧, ⊕) = 1.
///
/// All of these operators grow with the importance. All but `Balanced` also grow with the memberships, and so keep the
/// inequalities at every node of a hierarchy, provided that no level is normalised. `Balanced` does not grow:
/// a = (½, ½) and a column r = (0.4, 0.4) give b = 1, and raising r to (0.8, 0.4) gives ½ + ⅓.
/// For the same reason it turns a node's only child with weight 1 into ones and zeros.
///
/// Levels flatten: under M(·, +) and M(·, ∨) the goal depends on each leaf through the product of the weights above
/// it, under M(∧, ∨) through their minimum.
///
/// # References
///
/// Wang, P. Z. (1983), *Theory of Fuzzy Sets and its Applications*, Shanghai Science and Technology Press;
/// Chen, S. et al. (2005), *Fuzzy Set Theory and its Applications*, Science Press, chapter 5.
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::{Grades, Importance, Membership, Operator};
///
/// let grades = Grades::new(["good", "fair", "bad"])?;
/// let membership = Membership::new(&grades, [("speed", [0.5, 0.5, 0.0]), ("skill", [0.25, 0.25, 0.5])])?;
/// let importance = Importance::new(["speed", "skill"], [1.0, 0.5])?;
/// assert_eq!(Operator::MinMax.compose(&importance, &membership)?, [0.5, 0.5, 0.5]);
/// assert_eq!(Operator::ProductMax.compose(&importance, &membership)?, [0.5, 0.5, 0.25]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Operator {
    /// M(∧, ∨): the principal factor decides.
    MinMax,
    /// M(·, ∨): the principal factor decides, the others bring it out.
    ProductMax,
    /// M(∧, ⊕): all factors count, each up to its importance.
    MinBoundedSum,
    /// M(·, ⊕): all factors count; what passes 1 is cut.
    ProductBoundedSum,
    /// M(·, +): all factors count in proportion to weights that sum to 1.
    WeightedAverage,
    /// Column by column, each factor's share up to its importance.
    Balanced,
}

/// How far from 1 the degrees of a weighted average may sum: as for [`crate::Weights`].
const SUM_TOLERANCE: f64 = 1e-9;

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 6] = [
        Self::MinMax,
        Self::ProductMax,
        Self::MinBoundedSum,
        Self::ProductBoundedSum,
        Self::WeightedAverage,
        Self::Balanced,
    ];

    /// The evaluation of one level: b = a ∘ R, one degree for each grade.
    ///
    /// # Errors
    ///
    /// A factor with importance and without membership, or the reverse; degrees that this operator does not take.
    pub fn compose(self, importance: &Importance, membership: &Membership) -> Result<Vec<f64>> {
        self.accept(importance)?;
        let factors: Vec<&str> = importance.names().iter().map(String::as_str).collect();
        let places = check::matching(membership.factors(), &factors, "membership", "factor")?;
        let rows = importance.degrees().iter().zip(&places).map(|(degree, at)| (*degree, membership.row_at(*at)));
        let mut result = vec![0.0; membership.grades().len()];
        self.fold(rows, &mut result);
        Ok(result)
    }

    /// Nothing, if this operator takes these degrees.
    pub(crate) fn accept(self, importance: &Importance) -> Result<()> {
        let sum: f64 = importance.degrees().iter().sum();
        let fits = self != Self::WeightedAverage || (sum - 1.0).abs() <= SUM_TOLERANCE;
        let place = || "the sum of importance under the weighted average".into();
        check::domain(sum, fits, place, "1").map(|_| ())
    }

    /// The importance of a descendant for its ancestor, from the two degrees on the way, where levels flatten.
    pub(crate) fn through(self) -> Option<fn(f64, f64) -> f64> {
        match self {
            Self::MinMax => Some(f64::min),
            Self::ProductMax | Self::WeightedAverage => Some(|above, below| above * below),
            Self::MinBoundedSum | Self::ProductBoundedSum | Self::Balanced => None,
        }
    }

    /// Composes the rows, each with its importance, into `result`.
    pub(crate) fn fold<'a>(self, rows: impl Iterator<Item = (f64, &'a [f64])> + Clone, result: &mut [f64]) {
        match self {
            Self::MinMax => accumulate(rows, result, |b, a, r| b.max(a.min(r))),
            Self::ProductMax => accumulate(rows, result, |b, a, r| b.max(a * r)),
            Self::MinBoundedSum => accumulate(rows, result, |b, a, r| b + a.min(r)),
            Self::ProductBoundedSum | Self::WeightedAverage => accumulate(rows, result, |b, a, r| b + a * r),
            Self::Balanced => balance(&rows, result),
        }
        // A bound for the bounded sums. For the others no more than the rounding of a sum of shares.
        for b in result {
            *b = b.min(1.0);
        }
    }
}

fn accumulate<'a>(
    rows: impl Iterator<Item = (f64, &'a [f64])>,
    result: &mut [f64],
    step: impl Fn(f64, f64, f64) -> f64,
) {
    result.fill(0.0);
    for (a, row) in rows {
        for (b, r) in result.iter_mut().zip(row) {
            *b = step(*b, a, *r);
        }
    }
}

fn balance<'a>(rows: &(impl Iterator<Item = (f64, &'a [f64])> + Clone), result: &mut [f64]) {
    for (grade, b) in result.iter_mut().enumerate() {
        let total: f64 = rows.clone().map(|(_, row)| row[grade]).sum();
        let share = |(a, row): (f64, &[f64])| if total > 0.0 { a.min(row[grade] / total) } else { 0.0 };
        *b = rows.clone().map(share).sum();
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MinMax => "M(∧, ∨)",
            Self::ProductMax => "M(·, ∨)",
            Self::MinBoundedSum => "M(∧, ⊕)",
            Self::ProductBoundedSum => "M(·, ⊕)",
            Self::WeightedAverage => "weighted average",
            Self::Balanced => "balanced",
        })
    }
}
