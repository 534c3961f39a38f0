//! Operators: how importance and membership are composed.

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

named!(Operator, "operator", {
    MinMax => "min_max" as "M(∧, ∨)",
    ProductMax => "product_max" as "M(·, ∨)",
    MinBoundedSum => "min_bounded_sum" as "M(∧, ⊕)",
    ProductBoundedSum => "product_bounded_sum" as "M(·, ⊕)",
    WeightedAverage => "weighted_average",
    Balanced => "balanced",
});

/// How far from 1 the degrees of a weighted average may sum: as for [`crate::Weights`].
const SUM_TOLERANCE: f64 = 1e-9;

impl Operator {
    /// The evaluation of one level: b = a ∘ R, one degree for each grade.
    ///
    /// # Errors
    ///
    /// A factor with importance and without membership, or the reverse; degrees that this operator does not take.
    pub fn compose(self, importance: &Importance, membership: &Membership) -> Result<Vec<f64>> {
        self.accept(importance)?;
        let factors: Vec<&str> = importance.names().iter().map(String::as_str).collect();
        let places = check::matching(membership.factors(), &factors, "membership", "factor")?;
        let rows: Vec<f64> = places.into_iter().flat_map(|at| membership.row_at(at)).copied().collect();
        let mut result = vec![0.0; membership.grades().len()];
        self.fold(importance.degrees(), &rows, &mut result);
        Ok(result)
    }

    /// Checks that this operator takes these degrees.
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

    /// Composes rows, which lie one behind the other, into `result`, which is as long as a row.
    pub(crate) fn fold(self, importance: &[f64], rows: &[f64], result: &mut [f64]) {
        // A width known when compiling keeps the sums in registers, which makes the usual scales several times faster.
        match result.len() {
            2 => self.fold_fixed::<2>(importance, rows, result),
            3 => self.fold_fixed::<3>(importance, rows, result),
            4 => self.fold_fixed::<4>(importance, rows, result),
            5 => self.fold_fixed::<5>(importance, rows, result),
            6 => self.fold_fixed::<6>(importance, rows, result),
            7 => self.fold_fixed::<7>(importance, rows, result),
            width => self.fold_rows(importance.iter().copied().zip(rows.chunks_exact(width)), result),
        }
    }

    fn fold_fixed<const N: usize>(self, importance: &[f64], rows: &[f64], result: &mut [f64]) {
        let mut sums = [0.0; N];
        let rows = rows.as_chunks::<N>().0.iter().map(<[f64; N]>::as_slice);
        self.fold_rows(importance.iter().copied().zip(rows), &mut sums);
        result.copy_from_slice(&sums);
    }

    #[inline]
    fn fold_rows<'a>(self, rows: impl Iterator<Item = (f64, &'a [f64])> + Clone, sums: &mut [f64]) {
        sums.fill(0.0);
        match self {
            Self::MinMax => accumulate(rows, sums, |b, a, r| larger(b, smaller(a, r))),
            Self::ProductMax => accumulate(rows, sums, |b, a, r| larger(b, a * r)),
            Self::MinBoundedSum => accumulate(rows, sums, |b, a, r| b + smaller(a, r)),
            Self::ProductBoundedSum | Self::WeightedAverage => accumulate(rows, sums, |b, a, r| b + a * r),
            Self::Balanced => balance(&rows, sums),
        }
        // A bound for the bounded sums. For the others no more than the rounding of a sum of shares.
        for b in sums {
            *b = smaller(*b, 1.0);
        }
    }
}

/// The minimum of two numbers; one instruction, where that of the standard library minds NaN.
fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The maximum of two numbers.
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline]
fn accumulate<'a>(rows: impl Iterator<Item = (f64, &'a [f64])>, sums: &mut [f64], step: impl Fn(f64, f64, f64) -> f64) {
    for (a, row) in rows {
        for (b, r) in sums.iter_mut().zip(row) {
            *b = step(*b, a, *r);
        }
    }
}

#[inline]
fn balance<'a>(rows: &(impl Iterator<Item = (f64, &'a [f64])> + Clone), sums: &mut [f64]) {
    /// How many columns are worked on at a time, so that their totals need no memory of their own.
    const COLUMNS: usize = 8;
    for (block, sums) in sums.chunks_mut(COLUMNS).enumerate() {
        let rows = rows.clone().map(|(a, row)| (a, &row[block * COLUMNS..]));
        let mut totals = [0.0; COLUMNS];
        accumulate(rows.clone(), &mut totals, |total, _, r| total + r);
        // The shares of a column of zeros are zeros.
        let totals = totals.map(|total| if total > 0.0 { total } else { 1.0 });
        for (a, row) in rows {
            for ((b, r), total) in sums.iter_mut().zip(row).zip(totals) {
                *b += smaller(r / total, a);
            }
        }
    }
}
