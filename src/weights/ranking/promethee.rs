//! PROMETHEE II: preference pair by pair.

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::{check, rounding};
use crate::table::Table;
use crate::weights::ranking::{check_figures, ranks, table, value_of};
use crate::weights::{DecisionMatrix, Direction, Weights};

/// How a difference d in favour of one alternative becomes a preference from 0 to 1; below 0 there is none.
///
/// # References
///
/// Brans & Vincke (1985), doi:10.1287/mnsc.31.6.647, table 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
#[non_exhaustive]
pub enum Preference {
    /// 1 for any difference.
    #[default]
    Usual,
    /// 1 from a difference above `indifference` on.
    Threshold {
        /// The greatest difference that does not count.
        indifference: f64,
    },
    /// Rising along a line from `indifference` (0) to `preference` (1).
    Linear {
        /// The greatest difference that does not count.
        indifference: f64,
        /// The least difference that counts fully.
        preference: f64,
    },
    /// 0 up to `indifference`, ½ up to `preference`, 1 beyond.
    Level {
        /// The greatest difference that does not count.
        indifference: f64,
        /// The greatest difference that counts half.
        preference: f64,
    },
    /// 1 − exp(−d²/2s²).
    Gaussian {
        /// The difference s of the point of inflexion.
        spread: f64,
    },
}

impl Preference {
    fn check(self, criterion: &str) -> Result<()> {
        let place = |what: &str| format!("the {what} of `{criterion}`");
        match self {
            Self::Usual => {}
            Self::Threshold { indifference } => {
                check::non_negative(indifference, || place("indifference"))?;
            }
            Self::Linear { indifference, preference } | Self::Level { indifference, preference } => {
                check::non_negative(indifference, || place("indifference"))?;
                let expected = format!("more than the indifference, {indifference}");
                check::domain(preference, preference > indifference, || place("preference"), &expected)?;
            }
            Self::Gaussian { spread } => {
                check::positive(spread, || place("spread"))?;
            }
        }
        Ok(())
    }

    /// The preference for a difference above 0.
    fn degree(self, d: f64) -> f64 {
        match self {
            Self::Usual => 1.0,
            Self::Threshold { indifference } => f64::from(d > indifference),
            Self::Linear { indifference, preference } => {
                ((d - indifference) / (preference - indifference)).clamp(0.0, 1.0)
            }
            Self::Level { indifference, preference } => 0.5 * (f64::from(d > indifference) + f64::from(d > preference)),
            Self::Gaussian { spread } => -(-0.5 * (d / spread).powi(2)).exp_m1(),
        }
    }
}

/// PROMETHEE II with a preference function for each criterion.
///
/// # Formula
///
/// π(a, b) = Σⱼ wⱼPⱼ(dⱼ(a, b)) with d the difference in favour of a; the leaving flow of a is the mean of π(a, b) over the
/// other alternatives, its entering flow that of π(b, a), and the net flow their difference.
///
/// # Examples
///
/// ```
/// use satindex::Weights;
/// use satindex::weights::DecisionMatrix;
/// use satindex::weights::ranking::{Preference, Promethee};
///
/// let shops = DecisionMatrix::new(["quality", "waiting"], [[82.0, 3.2], [78.0, 2.1], [70.0, 4.0]])?
///     .with_alternatives(["north", "south", "west"])?
///     .with_costs(["waiting"])?;
/// let weights = Weights::new(["quality", "waiting"], [0.6, 0.4])?;
/// let flows = Promethee::new()
///     .preference("quality", Preference::Linear { indifference: 2.0, preference: 10.0 })
///     .rank(&shops, &weights)?;
/// assert_eq!(flows.ranks(), [2, 1, 3]);
/// # Ok::<(), satindex::Error>(())
/// ```
///
/// # References
///
/// Brans & Vincke (1985), doi:10.1287/mnsc.31.6.647.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[must_use = "a specification does nothing until `rank`"]
#[doc(alias = "PROMETHEE")]
pub struct Promethee {
    preferences: Vec<(String, Preference)>,
}

impl Promethee {
    /// [`Preference::Usual`] for every criterion.
    pub fn new() -> Self {
        Self::default()
    }

    /// The preference function of a criterion; differences are in its units.
    pub fn preference(mut self, criterion: impl Into<String>, preference: Preference) -> Self {
        self.preferences.push((criterion.into(), preference));
        self
    }

    /// The preference functions in use, apart from the usual one.
    pub fn preferences_in_use(&self) -> &[(String, Preference)] {
        &self.preferences
    }

    /// The flows of the alternatives.
    ///
    /// # Errors
    ///
    /// Weights of other names; a preference function for an unknown criterion, or given twice; a threshold that is
    /// negative or not finite, or a preference that is not above its indifference.
    pub fn rank(&self, data: &DecisionMatrix, weights: &Weights) -> Result<OutrankingFlows> {
        let preferences = self.check(data)?;
        let weights = data.weigh(weights)?;
        let count = data.alternatives().len();
        let (mut leaving, mut entering) = (vec![0.0; count], vec![0.0; count]);
        let share = 1.0 / (count - 1) as f64;
        for (at, (preference, weight)) in preferences.iter().zip(weights).enumerate() {
            let column = data.column(at);
            let sign = if data.directions()[at] == Direction::Cost { -1.0 } else { 1.0 };
            for a in 0..count {
                for b in (0..count).filter(|b| *b != a) {
                    let difference = sign * (column[a] - column[b]);
                    if difference > 0.0 && !rounding::equal(column[a], column[b]) {
                        let degree = share * weight * preference.degree(difference);
                        leaving[a] += degree;
                        entering[b] += degree;
                    }
                }
            }
        }
        Ok(OutrankingFlows { alternatives: data.alternatives().to_vec(), leaving, entering })
    }

    /// The preference function of each criterion.
    fn check(&self, data: &DecisionMatrix) -> Result<Vec<Preference>> {
        let mut preferences = vec![None; data.criteria().len()];
        let mut faults = Faults::default();
        for (criterion, preference) in &self.preferences {
            faults.check(preference.check(criterion));
            let Some(at) = faults.check(check::position(data.criteria(), criterion, "criterion")) else { continue };
            if preferences[at].replace(*preference).is_some() {
                faults.push(ErrorKind::Duplicate { what: "preference function of", name: criterion.clone() });
            }
        }
        faults.or(preferences.into_iter().map(Option::unwrap_or_default).collect())
    }
}

/// The flows of [`Promethee`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct OutrankingFlows {
    alternatives: Vec<String>,
    leaving: Vec<f64>,
    entering: Vec<f64>,
}

checked_when_read!(OutrankingFlows);

impl OutrankingFlows {
    /// The alternatives.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// How far each alternative is preferred to the others on average, from 0 to 1.
    pub fn leaving(&self) -> &[f64] {
        &self.leaving
    }

    /// How far the others are preferred to each alternative on average, from 0 to 1.
    pub fn entering(&self) -> &[f64] {
        &self.entering
    }

    /// The net flow of each alternative, from −1 to 1; the net flows sum to 0.
    pub fn net(&self) -> Vec<f64> {
        self.leaving.iter().zip(&self.entering).map(|(leaving, entering)| leaving - entering).collect()
    }

    /// The net flow of an alternative.
    ///
    /// # Errors
    ///
    /// An unknown alternative.
    pub fn get(&self, alternative: &str) -> Result<f64> {
        value_of(&self.alternatives, &self.net(), alternative)
    }

    /// The rank of each alternative by its net flow, 1 the best; equal ones share the best rank.
    pub fn ranks(&self) -> Vec<usize> {
        ranks(&self.net())
    }

    /// The flows and the rank of each alternative.
    pub fn table(&self) -> Table {
        let net = self.net();
        let figures = [("leaving", self.leaving.as_slice()), ("entering", &self.entering), ("net", &net)];
        table("PROMETHEE II", &self.alternatives, &figures, &self.ranks())
    }

    fn check(&self) -> Result<()> {
        check_figures(&self.alternatives, &[&self.leaving, &self.entering])
    }
}

impl fmt::Display for OutrankingFlows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
