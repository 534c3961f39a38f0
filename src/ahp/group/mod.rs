//! The judgements of several respondents.
//!
//! | question | answer |
//! |---|---|
//! | What do all say together, judgement by judgement (AIJ)? | [`GroupJudgements::aggregated`] |
//! | What do all say together, weight by weight (AIP)? | [`GroupPriorities::geometric`], [`GroupPriorities::arithmetic`] |
//! | On which pairs are they far apart? | [`GroupJudgements::dispersions`] |
//! | Do they agree? | [`GroupPriorities::consensus`], [`GroupPriorities::concordance`] (Kendall) |
//! | Who stands apart? | [`GroupPriorities::deviations`], [`GroupPriorities::outliers`] |
//! | Who thinks alike? | [`GroupPriorities::clusters`] |
//! | How do their judgements become fuzzy ones? | [`GroupJudgements::fuzzy`] |

mod cluster;
mod consensus;
mod deviation;
mod dispersion;
mod priority;

use std::fmt;

pub use cluster::Cluster;
pub use consensus::Consensus;
pub use deviation::Deviation;
pub use dispersion::Dispersion;
pub use priority::GroupPriorities;

use crate::ahp::fuzzy::{FuzzyJudgements, FuzzyNumber};
use crate::ahp::judgement::{Judgements, RATIOS, index_pairs};
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::Responses;
use crate::table::Table;
use crate::weights::Weights;

/// The judgements of several respondents on the same things, with how much each respondent counts.
///
/// # Examples
///
/// ```
/// use satindex::ahp::{GroupJudgements, Judgements, Method};
///
/// let ann = Judgements::from_upper(["speed", "skill"], &[2.0])?;
/// let bob = Judgements::from_upper(["speed", "skill"], &[8.0])?;
/// let group = GroupJudgements::new([("Ann", ann), ("Bob", bob)])?;
/// assert_eq!(format!("{:.12}", group.aggregated().get("speed", "skill")?.unwrap()), "4.000000000000");
///
/// let priorities = group.priorities(Method::Eigenvector)?;
/// assert_eq!(format!("{:.3}", priorities.geometric()?.get("speed")?), "0.800");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawGroupJudgements"))]
pub struct GroupJudgements {
    respondents: Weights,
    /// All with the labels of the first, in its order.
    judgements: Vec<Judgements>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroupJudgements {
    respondents: Weights,
    judgements: Vec<Judgements>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawGroupJudgements> for GroupJudgements {
    type Error = crate::error::Error;

    fn try_from(raw: RawGroupJudgements) -> Result<Self> {
        check::length(raw.judgements.len(), raw.respondents.len(), || "the list of judgements".into())?;
        let names = raw.respondents.names().iter().cloned();
        Self::new(names.zip(raw.judgements))?.with_weights(&raw.respondents)
    }
}

impl GroupJudgements {
    /// Each respondent with judgements; all respondents count the same.
    ///
    /// The order of the labels is that of the first respondent; the others' judgements are brought into it.
    ///
    /// # Errors
    ///
    /// No respondent; names blank or given twice; a respondent who judged other things than the first.
    pub fn new<S: Into<String>>(judgements: impl IntoIterator<Item = (S, Judgements)>) -> Result<Self> {
        let (names, mut judgements): (Vec<String>, Vec<Judgements>) =
            judgements.into_iter().map(|(name, judgements)| (name.into(), judgements)).unzip();
        check::names(&names, "respondent")?;
        let mut faults = Faults::default();
        if let Some((first, others)) = judgements.split_first_mut() {
            for (judgements, name) in others.iter_mut().zip(&names[1..]) {
                match in_order_of(first, judgements) {
                    Ok(ordered) => *judgements = ordered,
                    Err(fault) => faults.note(|| ErrorKind::Within { place: place(name), fault }),
                }
            }
        }
        faults.or(Self { respondents: Weights::equal(names)?, judgements })
    }

    /// The judgements of the respondents of a survey, in which each indicator is the comparison of one pair: the answers are
    /// ratios, in the order of the upper triangle; a missing answer is a pair that was not judged. The respondents are called
    /// 1, 2, …, and count by their case weights.
    ///
    /// # Errors
    ///
    /// Labels missing, blank or given twice; another number of indicators than n(n − 1)/2; a ratio outside [`RATIOS`], naming
    /// the respondent.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::ahp::{Batch, GroupJudgements, Method};
    /// use satindex::survey::Responses;
    ///
    /// let answers = [[Some(2.0), Some(5.0), Some(3.0)], [Some(1.0), None, Some(4.0)]];
    /// let responses = Responses::from_rows(["speed:skill", "speed:attitude", "skill:attitude"], answers)?;
    /// let group = GroupJudgements::from_responses(["speed", "skill", "attitude"], &responses)?;
    /// let batch = Batch::new(Method::GeometricMean).run(group.judgements())?;
    /// assert_eq!(batch.len(), 2);
    /// assert_eq!(group.judgements()[1].unknown().collect::<Vec<_>>(), [("speed", "attitude")]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn from_responses<S: Into<String>>(labels: impl IntoIterator<Item = S>, responses: &Responses) -> Result<Self> {
        let blank = Judgements::new(labels)?;
        let pairs = responses.indicators().len();
        check::length(pairs, blank.raw_upper().len(), || "the list of indicators, one for each pair,".into())?;
        let names: Vec<String> = (1..=responses.rows()).map(|row| row.to_string()).collect();
        let mut faults = Faults::default();
        let mut judgements = Vec::with_capacity(names.len());
        for (row, name) in names.iter().enumerate() {
            let upper: Vec<Option<f64>> = (0..pairs).map(|column| responses.get(row, column)).collect();
            match blank.with_upper(&upper) {
                Ok(one) => judgements.push(one),
                Err(fault) => faults.note(|| ErrorKind::Within { place: place(name), fault }),
            }
        }
        faults.or(())?;
        let respondents = match responses.weights() {
            Some(weights) => Weights::normalised(names, weights.iter().copied())?,
            None => Weights::equal(names)?,
        };
        Ok(Self { respondents, judgements })
    }

    /// The same judgements with these weights of the respondents, matched by name.
    ///
    /// # Errors
    ///
    /// A respondent without a weight; a weight for somebody else.
    pub fn with_weights(mut self, weights: &Weights) -> Result<Self> {
        let names: Vec<&str> = self.respondents.names().iter().map(String::as_str).collect();
        self.respondents = weights.in_order_of(&names, "respondent")?;
        Ok(self)
    }

    /// The respondents and how much each counts.
    pub fn respondents(&self) -> &Weights {
        &self.respondents
    }

    /// The judgements, in the order of the respondents.
    pub fn judgements(&self) -> &[Judgements] {
        &self.judgements
    }

    /// The things compared.
    pub fn labels(&self) -> &[String] {
        self.judgements[0].labels()
    }

    /// The aggregation of individual judgements (AIJ): aᵢⱼ = Πₖ aᵢⱼₖ^λₖ, the weighted geometric mean, which alone keeps
    /// reciprocity.
    ///
    /// Where some respondents did not judge a pair, the weights λ of those who did are scaled to sum to 1; a pair that no
    /// respondent with a positive weight judged remains unjudged.
    ///
    /// # References
    ///
    /// Aczél & Saaty (1983), doi:10.1016/0022-2496(83)90028-7; Forman & Peniwati (1998),
    /// doi:10.1016/S0377-2217(97)00244-0.
    #[doc(alias = "AIJ")]
    pub fn aggregated(&self) -> Judgements {
        let upper = self.cells().map(|(_, cell)| cell.mean().unwrap_or_default()).collect();
        self.judgements[0].replaced(upper)
    }

    /// The group as triangular fuzzy judgements: the least, the weighted geometric mean and the greatest judgement of each
    /// pair.
    ///
    /// # Errors
    ///
    /// A pair that no respondent with a positive weight judged.
    pub fn fuzzy(&self) -> Result<FuzzyJudgements> {
        let aggregated = self.aggregated();
        aggregated.require_complete()?;
        let numbers = self.cells().zip(aggregated.raw_upper()).map(|((_, cell), mean)| {
            let (least, greatest) = cell.extremes();
            FuzzyNumber::triangular(least, *mean, greatest)
        });
        FuzzyJudgements::from_upper(self.labels().iter().cloned(), &numbers.collect::<Result<Vec<_>>>()?)
    }

    /// The judgements of the respondents with a positive weight on each pair.
    fn cells(&self) -> impl Iterator<Item = ((usize, usize), Cell)> {
        index_pairs(self.labels().len()).enumerate().map(|(at, pair)| {
            let said = self
                .judgements
                .iter()
                .zip(self.respondents.values())
                .map(|(judgements, weight)| Said { ratio: judgements.raw_upper()[at], weight: *weight });
            (pair, Cell(said.filter(|said| said.ratio > 0.0 && said.weight > 0.0).collect()))
        })
    }
}

fn place(respondent: &str) -> String {
    format!("respondent `{respondent}`")
}

/// One respondent's judgement of a pair.
struct Said {
    ratio: f64,
    weight: f64,
}

/// All judgements of a pair.
struct Cell(Vec<Said>);

impl Cell {
    fn weight(&self) -> f64 {
        self.0.iter().map(|said| said.weight).sum()
    }

    /// The mean of the logs.
    fn log_mean(&self) -> f64 {
        self.0.iter().map(|said| said.weight * said.ratio.ln()).sum::<f64>() / self.weight()
    }

    /// The geometric mean; none without a judgement.
    fn mean(&self) -> Option<f64> {
        let (least, greatest) = self.extremes();
        // Rounding must not carry the mean past the judgements.
        (!self.0.is_empty()).then(|| self.log_mean().exp().clamp(least, greatest))
    }

    fn extremes(&self) -> (f64, f64) {
        let ratios = self.0.iter().map(|said| said.ratio);
        ratios
            .fold((*RATIOS.end(), *RATIOS.start()), |(least, greatest), ratio| (least.min(ratio), greatest.max(ratio)))
    }
}

/// Judgements of the same things in the order of `first`, sharing its list of labels.
fn in_order_of(first: &Judgements, judgements: &Judgements) -> Result<Judgements> {
    if first.same_labels(judgements) {
        return Ok(first.replaced(judgements.raw_upper().to_vec()));
    }
    let labels: Vec<&str> = first.labels().iter().map(String::as_str).collect();
    let order = check::matching(judgements.labels(), &labels, "judgement", "label")?;
    let upper: Vec<Option<f64>> =
        index_pairs(order.len()).map(|(row, column)| judgements.at(order[row], order[column])).collect();
    first.with_upper(&upper)
}

impl fmt::Display for GroupJudgements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

impl GroupJudgements {
    /// The mean judgement on each pair, and how far apart the members are.
    pub fn table(&self) -> Table {
        dispersion::table(&self.dispersions())
    }
}
