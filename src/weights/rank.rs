//! Weights from an order of importance alone.

use std::fmt;

use crate::error::{Faults, Result};
use crate::numeric::check;
use crate::weights::{Origin, Weights};

/// How the weight falls with the rank r = 1, …, n.
///
/// # References
///
/// Stillwell, Seaver & Edwards (1981), doi:10.1016/0030-5073(81)90015-5 (sum, reciprocal, exponent);
/// Barron & Barrett (1996), doi:10.1287/mnsc.42.11.1515 (centroid).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[doc(alias = "ROC")]
pub enum RankMethod {
    /// Rank-order centroid: wᵣ = (1/n) Σₖ₌ᵣⁿ 1/k, the mean of all weights that keep the order.
    #[default]
    Centroid,
    /// Rank sum: wᵣ = 2 (n + 1 − r) / (n (n + 1)).
    Sum,
    /// Rank reciprocal: wᵣ = (1/r) / Σₖ 1/k.
    Reciprocal,
    /// Rank exponent: wᵣ = (n + 1 − r)ᶻ / Σₖ kᶻ with z ≥ 0; z = 0 gives equal weights, z = 1 the rank sum.
    Exponent(f64),
}

impl RankMethod {
    /// The weights of the ranks 1 to n, up to a factor.
    fn profile(self, n: usize) -> Vec<f64> {
        let from_last = |rank: usize| (n + 1 - rank) as f64;
        let ranks = 1..=n;
        match self {
            Self::Centroid => {
                // Summed from the smallest term, so that the last ranks keep their digits.
                let mut sum = 0.0;
                let mut profile: Vec<f64> = ranks
                    .rev()
                    .map(|rank| {
                        sum += 1.0 / rank as f64;
                        sum
                    })
                    .collect();
                profile.reverse();
                profile
            }
            Self::Sum => ranks.map(from_last).collect(),
            Self::Reciprocal => ranks.map(|rank| 1.0 / rank as f64).collect(),
            // As a share of the largest, so that no power overflows.
            Self::Exponent(z) => ranks.map(|rank| (from_last(rank) / n as f64).powf(z)).collect(),
        }
    }
}

impl fmt::Display for RankMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Centroid => f.pad("rank-order centroid"),
            Self::Sum => f.pad("rank sum"),
            Self::Reciprocal => f.pad("rank reciprocal"),
            Self::Exponent(z) => write!(f, "rank exponent {z}"),
        }
    }
}

impl Weights {
    /// Weights of names given in order of importance, the most important first.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; an exponent negative or not finite.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::{Weights, weights::RankMethod};
    ///
    /// let weights = Weights::ranked(["speed", "skill"], RankMethod::Centroid)?;
    /// assert_eq!(weights.values(), [0.75, 0.25]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn ranked<S: Into<String>>(names: impl IntoIterator<Item = S>, method: RankMethod) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let ranks: Vec<f64> = (0..names.len()).map(|rank| rank as f64).collect();
        Self::from_ranks(names, &ranks, method)
    }

    /// Weights of names given with their ranks; the lowest rank is the most important.
    ///
    /// Only the order of the ranks counts. Names of equal rank share the mean of the weights of the places that they
    /// take up together.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; not one rank for each; a rank that is not finite; an exponent negative or
    /// not finite.
    pub fn from_ranks<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        ranks: &[f64],
        method: RankMethod,
    ) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        check::names(&names, "weight")?;
        check::length(ranks.len(), names.len(), || "the list of ranks".into())?;
        let mut faults = Faults::default();
        for (name, rank) in names.iter().zip(ranks) {
            faults.check(check::finite(*rank, || format!("the rank of `{name}`")));
        }
        if let RankMethod::Exponent(z) = method {
            faults.check(check::non_negative(z, || "the rank exponent".into()));
        }
        faults.or(())?;
        let values = spread(ranks, &method.profile(ranks.len()));
        Ok(Self::normalised(names, values)?.with_origin(Origin::Judgements(method.to_string())))
    }

    /// Weights from a precedence chart: each name against each other, 1 where it is more important, ½ where both are
    /// equally important, 0 where it is less.
    ///
    /// wᵢ = Σⱼ cᵢⱼ / (n²/2), with ½ on the diagonal.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; a chart that is not n × n; an entry other than 0, ½ and 1, or that does not add
    /// up to 1 with its opposite.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Weights;
    ///
    /// let weights = Weights::from_precedence(["speed", "skill"], &[[0.5, 1.0], [0.0, 0.5]])?;
    /// assert_eq!(weights.values(), [0.75, 0.25]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[doc(alias = "precedence chart")]
    pub fn from_precedence<S: Into<String>, R: AsRef<[f64]>>(
        names: impl IntoIterator<Item = S>,
        rows: &[R],
    ) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        check::names(&names, "weight")?;
        check::length(rows.len(), names.len(), || "the list of rows".into())?;
        for (row, name) in rows.iter().zip(&names) {
            check::length(row.as_ref().len(), names.len(), || format!("the row of `{name}`"))?;
        }
        let mut faults = Faults::default();
        for (i, row) in rows.iter().enumerate() {
            for (j, entry) in row.as_ref().iter().enumerate() {
                let place = || format!("`{}` against `{}`", names[i], names[j]);
                let known = [0.0, 0.5, 1.0].contains(entry);
                faults.check(check::domain(*entry, known, place, "0, 0.5 or 1"));
                let opposite = 1.0 - rows[j].as_ref()[i];
                if known && i <= j {
                    let expected = format!("{opposite}, what its opposite leaves of 1");
                    faults.check(check::domain(*entry, *entry == opposite || opposite.is_nan(), place, &expected));
                }
            }
        }
        faults.or(())?;
        let sums = rows.iter().map(|row| row.as_ref().iter().sum::<f64>());
        Ok(Self::normalised(names, sums)?.with_origin(Origin::Judgements("precedence chart".into())))
    }

    /// Weights in proportion to ratings given to each name directly: points out of 100, a share of 100 points, ….
    ///
    /// # Errors
    ///
    /// As for [`Weights::normalised`].
    pub fn rated<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        ratings: impl IntoIterator<Item = f64>,
    ) -> Result<Self> {
        Ok(Self::normalised(names, ratings)?.with_origin(Origin::Judgements("direct rating".into())))
    }
}

/// The profile's values at the places of the ranks, the mean over each group of equal ranks.
fn spread(ranks: &[f64], profile: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    order.sort_by(|&a, &b| ranks[a].total_cmp(&ranks[b]));
    let mut values = vec![0.0; ranks.len()];
    let mut place = 0;
    for tied in order.chunk_by(|&a, &b| ranks[a] == ranks[b]) {
        let places = &profile[place..place + tied.len()];
        let mean = places.iter().sum::<f64>() / tied.len() as f64;
        for &at in tied {
            values[at] = mean;
        }
        place += tied.len();
    }
    values
}
