//! VIKOR: the compromise between the benefit of all criteria and the regret of one.

use std::fmt;

use crate::error::Result;
use crate::numeric::{check, rounding};
use crate::table::Table;
use crate::weights::decision_matrix::extremes;
use crate::weights::ranking::{check_figures, ranks, size, table, value_of};
use crate::weights::{DecisionMatrix, Weights};

/// The compromise ranking, by [`DecisionMatrix::vikor`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Vikor {
    alternatives: Vec<String>,
    majority: f64,
    group: Vec<f64>,
    regret: Vec<f64>,
    compromise: Vec<f64>,
}

checked_when_read!(Vikor);

impl DecisionMatrix {
    /// VIKOR, the compromise ranking; `majority` is the weight v of the majority of criteria, ½ by custom.
    ///
    /// # Formula
    ///
    /// With tᵢⱼ from 0, the best value of a column, to 1, the worst: Sᵢ = Σⱼ wⱼtᵢⱼ, Rᵢ = maxⱼ wⱼtᵢⱼ and
    /// Qᵢ = v (Sᵢ − S*)/(S⁻ − S*) + (1 − v)(Rᵢ − R*)/(R⁻ − R*), * the least and ⁻ the greatest over the alternatives; a
    /// term whose greatest and least are equal is 0. Less is better in all three.
    ///
    /// # Errors
    ///
    /// Weights of other names; a constant column; v outside 0 to 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Weights;
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let shops = DecisionMatrix::new(["quality", "waiting"], [[82.0, 3.2], [78.0, 2.1], [70.0, 4.0]])?
    ///     .with_alternatives(["north", "south", "west"])?
    ///     .with_costs(["waiting"])?;
    /// let vikor = shops.vikor(&Weights::new(["quality", "waiting"], [0.6, 0.4])?, 0.5)?;
    /// assert_eq!(vikor.get("south")?, 0.0);
    /// assert_eq!(vikor.compromise_set(), ["south", "north"]); // north is less than 1/2 behind
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Opricovic & Tzeng (2004), doi:10.1016/S0377-2217(03)00020-1.
    #[doc(alias = "VIKOR")]
    pub fn vikor(&self, weights: &Weights, majority: f64) -> Result<Vikor> {
        check::unit(majority, || "the weight of the majority".into())?;
        let weights = self.weigh(weights)?;
        let columns = self.scaled_columns()?;
        let count = self.alternatives().len();
        let (mut group, mut regret) = (vec![0.0; count], vec![0.0_f64; count]);
        for (column, weight) in columns.iter().zip(weights) {
            for (at, value) in column.iter().enumerate() {
                group[at] += weight * (1.0 - value);
                regret[at] = regret[at].max(weight * (1.0 - value));
            }
        }
        let (overall, single) = (relative(&group), relative(&regret));
        let compromise = overall.zip(single).map(|(s, r)| majority * s + (1.0 - majority) * r).collect();
        Ok(Vikor { alternatives: self.alternatives().to_vec(), majority, group, regret, compromise })
    }
}

/// From 0 for the least to 1 for the greatest; 0 for all where they are equal up to rounding.
fn relative(values: &[f64]) -> impl Iterator<Item = f64> {
    let (least, greatest) = extremes(values);
    let range = rounding::settled(greatest - least, size(values));
    values.iter().map(move |value| if range > 0.0 { (value - least) / range } else { 0.0 })
}

impl Vikor {
    /// The alternatives.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }

    /// The weight v of the majority of criteria.
    pub fn majority(&self) -> f64 {
        self.majority
    }

    /// The shortfall Sᵢ over all criteria.
    pub fn group(&self) -> &[f64] {
        &self.group
    }

    /// The regret Rᵢ, the greatest shortfall under one criterion.
    pub fn regret(&self) -> &[f64] {
        &self.regret
    }

    /// The compromise Qᵢ, from 0 to 1; less is better.
    pub fn compromise(&self) -> &[f64] {
        &self.compromise
    }

    /// The compromise Q of an alternative.
    ///
    /// # Errors
    ///
    /// An unknown alternative.
    pub fn get(&self, alternative: &str) -> Result<f64> {
        value_of(&self.alternatives, &self.compromise, alternative)
    }

    /// The rank of each alternative by Q, 1 the best; equal ones share the best rank.
    pub fn ranks(&self) -> Vec<usize> {
        ranks(&opposite(&self.compromise))
    }

    /// Is the best by Q ahead of the second by at least 1/(n − 1), n the number of alternatives?
    pub fn has_acceptable_advantage(&self) -> bool {
        let order = self.order();
        self.compromise[order[1]] - self.compromise[order[0]] >= self.advantage() - rounding::ROUNDING
    }

    /// Is the best by Q also the best by S or by R?
    pub fn is_stable(&self) -> bool {
        let best = self.order()[0];
        [&self.group, &self.regret].iter().any(|values| ranks(&opposite(values))[best] == 1)
    }

    /// The alternatives that are the compromise, the best first: the best alone where it has an acceptable advantage and is
    /// stable; with the second where it is not stable; else all that are less than the advantage behind it.
    pub fn compromise_set(&self) -> Vec<&str> {
        let order = self.order();
        let count = match (self.has_acceptable_advantage(), self.is_stable()) {
            (true, true) => 1,
            (true, false) => 2,
            (false, _) => {
                let limit = self.compromise[order[0]] + self.advantage() - rounding::ROUNDING;
                order.iter().take_while(|at| self.compromise[**at] < limit).count()
            }
        };
        order[..count].iter().map(|at| self.alternatives[*at].as_str()).collect()
    }

    fn advantage(&self) -> f64 {
        1.0 / (self.alternatives.len() - 1) as f64
    }

    /// The places of the alternatives from the best to the worst, equal ones in their order.
    fn order(&self) -> Vec<usize> {
        let ranks = self.ranks();
        let mut order: Vec<usize> = (0..ranks.len()).collect();
        order.sort_by_key(|at| ranks[*at]);
        order
    }

    /// S, R, Q and rank of each alternative, and the compromise below.
    pub fn table(&self) -> Table {
        let figures = [("S", self.group.as_slice()), ("R", &self.regret), ("Q", &self.compromise)];
        table("VIKOR", &self.alternatives, &figures, &self.ranks())
            .note(format!("compromise: {}", self.compromise_set().join(", ")))
    }

    fn check(&self) -> Result<()> {
        check_figures(&self.alternatives, &[&self.group, &self.regret, &self.compromise])?;
        let place = || "the number of alternatives".into();
        check::domain(self.alternatives.len() as f64, self.alternatives.len() > 1, place, "at least 2")?;
        check::unit(self.majority, || "the weight of the majority".into()).map(|_| ())
    }
}

fn opposite(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| -value).collect()
}

impl fmt::Display for Vikor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
