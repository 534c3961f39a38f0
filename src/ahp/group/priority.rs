//! Each respondent's weights, and the group's from them.

use std::fmt;

use crate::ahp::group::{GroupJudgements, place};
use crate::ahp::{Method, Priorities};
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::parallel;
use crate::table::{Column, Table};
use crate::weights::{Origin, Weights};

/// The weights of each respondent of a group.
///
/// # Examples
///
/// ```
/// use satindex::ahp::{GroupJudgements, Judgements, Method};
///
/// let judged = |upper: [f64; 3]| Judgements::from_upper(["speed", "skill", "attitude"], &upper);
/// let group = GroupJudgements::new([
///     ("Ann", judged([2.0, 5.0, 3.0])?),
///     ("Bob", judged([3.0, 5.0, 2.0])?),
///     ("Cid", judged([0.2, 1.0, 4.0])?),
/// ])?;
/// let priorities = group.priorities(Method::Eigenvector)?;
/// assert!(priorities.consensus().indicator() < 0.75);
/// assert!(priorities.concordance()? < 0.5);
/// let clusters = priorities.clusters(0.9)?;
/// assert_eq!(clusters[0].respondents(), ["Ann", "Bob"]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct GroupPriorities {
    respondents: Weights,
    method: Method,
    individual: Vec<Priorities>,
}

checked_when_read!(GroupPriorities);

impl GroupJudgements {
    /// Each respondent's weights by a method; on all cores with the feature `parallel`, and with the same bits on one.
    ///
    /// # Errors
    ///
    /// As for [`Judgements::priorities`](crate::ahp::Judgements::priorities), naming the respondent.
    pub fn priorities(&self, method: Method) -> Result<GroupPriorities> {
        let results = parallel::map(self.judgements.len(), |at| self.judgements[at].priorities(method));
        let mut individual = Vec::with_capacity(results.len());
        let mut faults = Faults::default();
        for (result, name) in results.into_iter().zip(self.respondents.names()) {
            match result {
                Ok(priorities) => individual.push(priorities),
                Err(fault) => faults.note(|| ErrorKind::Within { place: place(name), fault }),
            }
        }
        faults.or(GroupPriorities { respondents: self.respondents.clone(), method, individual })
    }
}

impl GroupPriorities {
    /// The respondents and how much each counts.
    pub fn respondents(&self) -> &Weights {
        &self.respondents
    }

    /// Each respondent's priorities, in the order of the respondents.
    pub fn individual(&self) -> &[Priorities] {
        &self.individual
    }

    /// The geometric aggregation of individual priorities (AIP): wᵢ ∝ Πₖ wᵢₖ^λₖ, summing to 1.
    ///
    /// With [`Method::GeometricMean`] these are the weights of the aggregated judgements
    /// ([`GroupJudgements::aggregated`]) when all pairs are judged.
    ///
    /// # Errors
    ///
    /// When each weight is 0 for some respondent, which takes judgements far outside any scale.
    ///
    /// # References
    ///
    /// Forman & Peniwati (1998), doi:10.1016/S0377-2217(97)00244-0.
    #[doc(alias = "AIP")]
    pub fn geometric(&self) -> Result<Weights> {
        Ok(self.noting(Weights::minimum_relative_entropy(&self.parts())?, "geometric"))
    }

    /// The arithmetic aggregation of individual priorities (AIP): wᵢ = Σₖ λₖ wᵢₖ.
    ///
    /// # Errors
    ///
    /// As for [`Weights::additive`]; the priorities of a group give none.
    #[doc(alias = "AIP")]
    pub fn arithmetic(&self) -> Result<Weights> {
        Ok(self.noting(Weights::additive(&self.parts())?, "arithmetic"))
    }

    fn parts(&self) -> Vec<(&Weights, f64)> {
        self.individual.iter().map(Priorities::weights).zip(self.respondents.values().iter().copied()).collect()
    }

    fn noting(&self, weights: Weights, mean: &str) -> Weights {
        weights.with_origin(Origin::Judgements(format!("{mean} aggregation of {} priorities", self.method)))
    }

    /// The things compared.
    pub fn labels(&self) -> &[String] {
        self.individual[0].weights().names()
    }

    /// The weights of all respondents, one row for each.
    pub fn table(&self) -> Table {
        let table = Table::new("Weights of the respondents")
            .column(Column::text("", self.respondents.names()))
            .column(Column::number("counts", self.respondents.values().iter().copied()));
        self.labels().iter().enumerate().fold(table, |table, (at, label)| {
            let weights = self.individual.iter().map(|priorities| priorities.weights().values()[at]);
            table.column(Column::number(label, weights).decimals(4))
        })
    }

    fn check(&self) -> Result<()> {
        let count = self.respondents.len();
        check::length(self.individual.len(), count, || "the list of priorities".into())?;
        for (name, priorities) in self.respondents.names().iter().zip(&self.individual) {
            if priorities.weights().names() != self.labels() {
                let reason = "judged other things than the first respondent, or in another order".into();
                return Err(ErrorKind::Mismatch { place: place(name), reason }.into());
            }
        }
        Ok(())
    }
}

impl fmt::Display for GroupPriorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
