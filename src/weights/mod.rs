//! Weights: how much each of several named things counts.
//!
//! | question | answer |
//! |---|---|
//! | How do my own weights come in, also those that were rounded in print? | [`Weights::new`], [`Weights::normalised`] |
//! | What if all count the same? | [`Weights::equal`] |
//! | What if there are only ratings, or an order of importance? | [`Weights::rated`], [`Weights::ranked`], [`Weights::from_ranks`], [`Weights::from_precedence`] |
//! | What do comparisons with the best and the worst give? | [`BestWorst`] |
//! | What do the data say by themselves? | [`DecisionMatrix`]: [`Entropy`], [`Critic`], standard deviation, coefficient of variation, independence, principal components, MEREC, CILOS |
//! | How do experts' weights and those of the data become one? | [`Weights::additive`], [`Weights::multiplicative`], [`Weights::minimum_relative_entropy`], [`Weights::game_theory`] |
//! | Which alternative is best under these weights? | [`ranking`]: TOPSIS, VIKOR, PROMETHEE, grey relation, rank-sum ratio |
//! | Where did weights come from? | [`Origin`] |

mod best_worst;
mod combination;
mod critic;
mod decision_matrix;
mod entropy;
mod objective;
mod rank;
pub mod ranking;

pub use best_worst::{BestWorst, LinearBestWorst, NonlinearBestWorst};
pub use critic::Critic;
pub use decision_matrix::{DecisionMatrix, Direction};
pub use entropy::Entropy;
pub use rank::RankMethod;

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::table::{Column, Table};

/// Where weights came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Origin {
    /// Given by the caller.
    #[default]
    Given,
    /// The same for all.
    Equal,
    /// From experts' judgements, by the method named.
    Judgements(String),
    /// From data, by the method named.
    Data(String),
    /// Estimated by a structural model, by the method named.
    Model(String),
    /// From other weights, by the method named.
    Combined(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given => f.write_str("given"),
            Self::Equal => f.write_str("equal"),
            Self::Judgements(method) => write!(f, "judgements, {method}"),
            Self::Data(method) => write!(f, "data, {method}"),
            Self::Model(method) => write!(f, "model, {method}"),
            Self::Combined(method) => write!(f, "combined, {method}"),
        }
    }
}

/// Named weights: none negative, summing to 1.
///
/// # Examples
///
/// ```
/// use satindex::Weights;
///
/// let weights = Weights::normalised(["speed", "skill", "attitude"], [3.0, 2.0, 1.0])?;
/// assert_eq!(weights.get("speed")?, 0.5);
/// assert!(Weights::new(["speed", "skill"], [0.7, 0.7]).is_err());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Weights {
    names: Vec<String>,
    values: Vec<f64>,
    #[cfg_attr(feature = "serde", serde(default))]
    origin: Origin,
}

checked_when_read!(Weights);

/// How far from 1 the sum of given weights may be: room for the rounding of a sum, not for weights
/// written with too few digits (those are for [`Weights::normalised`]).
const SUM_TOLERANCE: f64 = 1e-9;

impl Weights {
    /// Weights that sum to 1 as they are.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; a weight negative or not finite; a sum other than 1 (to 10⁻⁹). Weights that
    /// were rounded in print are for [`Weights::normalised`].
    pub fn new<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        values: impl IntoIterator<Item = f64>,
    ) -> Result<Self> {
        let weights = Self::unchecked(names, values);
        weights.check()?;
        Ok(weights)
    }

    /// Checks that these are weights and sum to 1.
    fn check(&self) -> Result<()> {
        self.check_values()?;
        let sum: f64 = self.values.iter().sum();
        if (sum - 1.0).abs() <= SUM_TOLERANCE {
            return Ok(());
        }
        let expected = "1 (`normalised` divides them by their sum)".into();
        Err(ErrorKind::Domain { place: "the weights sum to".into(), value: sum, expected }.into())
    }

    /// Weights in proportion to the values: wᵢ = vᵢ / Σvₖ.
    ///
    /// # Errors
    ///
    /// As for [`Weights::new`], with a positive sum in place of a sum of 1.
    pub fn normalised<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        values: impl IntoIterator<Item = f64>,
    ) -> Result<Self> {
        let mut weights = Self::unchecked(names, values);
        weights.check_values()?;
        let mut sum: f64 = weights.values.iter().sum();
        if sum <= 0.0 {
            let place = "the weights sum to".into();
            return Err(ErrorKind::Domain { place, value: 0.0, expected: "a positive sum".into() }.into());
        }
        if sum.is_infinite() {
            weights.values.iter_mut().for_each(|value| *value /= f64::MAX);
            sum = weights.values.iter().sum();
        }
        weights.values.iter_mut().for_each(|value| *value /= sum);
        Ok(weights)
    }

    /// The same weight for every name.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice.
    pub fn equal<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let values = vec![1.0; names.len()];
        Ok(Self::normalised(names, values)?.with_origin(Origin::Equal))
    }

    /// Weights from values known to be weights but for the tolerances that went into them: divided by their sum only
    /// where it is further from 1 than [`Weights::new`] allows.
    pub(crate) fn settled(names: Vec<String>, mut values: Vec<f64>, origin: Origin) -> Self {
        let sum: f64 = values.iter().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            for value in &mut values {
                *value /= sum;
            }
        }
        Self { names, values, origin }
    }

    fn unchecked<S: Into<String>>(names: impl IntoIterator<Item = S>, values: impl IntoIterator<Item = f64>) -> Self {
        let names = names.into_iter().map(Into::into).collect();
        Self { names, values: values.into_iter().collect(), origin: Origin::Given }
    }

    fn check_values(&self) -> Result<()> {
        check::names(&self.names, "weight")?;
        check::length(self.values.len(), self.names.len(), || "the list of weights".into())?;
        let mut faults = Faults::default();
        for (name, value) in self.iter() {
            faults.check(check::non_negative(value, || format!("the weight of `{name}`")));
        }
        faults.or(())
    }

    /// The same weights, noting where they came from.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The weight of a name.
    ///
    /// # Errors
    ///
    /// When there is no such name.
    pub fn get(&self, name: &str) -> Result<f64> {
        check::position(&self.names, name, "weight").map(|at| self.values[at])
    }

    /// The same weights in the order of `names`, which must be the names of the weights; `what` they name ("child").
    pub(crate) fn in_order_of(&self, names: &[&str], what: &'static str) -> Result<Self> {
        let places = check::matching(&self.names, names, "weight", what)?;
        let values = places.into_iter().map(|at| self.values[at]).collect();
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Ok(Self { names, values, origin: self.origin.clone() })
    }

    /// The names, in the order in which they were given.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The weights, in the order of the names.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Each name with its weight.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, f64)> + DoubleEndedIterator {
        self.names.iter().map(String::as_str).zip(self.values.iter().copied())
    }

    /// How many there are; never 0.
    #[allow(clippy::len_without_is_empty, reason = "weights are never empty")]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Where the weights came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The weights as a table.
    pub fn table(&self) -> Table {
        Table::new(format!("Weights ({})", self.origin))
            .column(Column::text("", &self.names))
            .column(Column::number("weight", self.values.iter().copied()).decimals(4))
    }
}

impl fmt::Display for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_every_culprit() {
        let error = Weights::new(["a", "b"], [f64::NAN, -1.0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the weight of `a` is NaN; expected a finite number; \
             the weight of `b` is -1; expected a number that is not negative"
        );
        assert_eq!(
            Weights::normalised(["a"], [0.0]).unwrap_err().to_string(),
            "the weights sum to 0; expected a positive sum"
        );
        assert_eq!(
            Weights::new(["a"], [0.5, 0.5]).unwrap_err().to_string(),
            "the list of weights has length 2; expected 1"
        );
        assert_eq!(Weights::equal(["a", "a"]).unwrap_err().to_string(), "duplicate weight `a`");
    }

    #[test]
    fn huge_and_tiny_values_are_normalised() {
        for scale in [1e-308, 1.0, 1e308] {
            let weights = Weights::normalised(["a", "b"], [scale, scale]).unwrap();
            assert_eq!(weights.values(), [0.5, 0.5]);
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let weights = Weights::equal(["a", "b"]).unwrap();
        let text = serde_json::to_string(&weights).unwrap();
        assert_eq!(serde_json::from_str::<Weights>(&text).unwrap(), weights);
        assert!(serde_json::from_str::<Weights>(&text.replace("0.5,0.5", "0.5,0.6")).is_err());
        let error = serde_json::from_str::<Weights>(&text.replace("origin", "orgin")).unwrap_err();
        assert!(error.to_string().starts_with("unknown field `orgin`, expected"));
    }
}
