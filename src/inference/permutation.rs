//! Do groups differ? Their labels shuffled, again and again.

use std::fmt;
use std::ops::Range;

use crate::error::{ErrorKind, Faults, Result};
use crate::inference::batch::{Batch, batch};
use crate::inference::bootstrap::Signs;
use crate::inference::draw::{Draw, Labels};
use crate::inference::engine::Engine;
use crate::inference::layout::Layout;
use crate::inference::quantity::Quantity;
use crate::inference::refit::Refit;
use crate::inference::resample::{TILE, TILES};
use crate::inference::sample::Sample;
use crate::numeric::{check, parallel};
use crate::structural::pls::Fit;
use crate::survey::Responses;
use crate::table::{Column, Table};

/// The permutation test of differences between groups: every number of a fit, estimated in each group, against its
/// differences when respondents are given to groups of the same sizes by chance.
///
/// # Formula
///
/// p = (1 + #{|d*| ≥ |d|}) / (1 + B), with the difference d in the sample and d* in the B replicates that gave one.
///
/// # Numerical notes
///
/// The groups are made of the rows that the fit used. Where its policy fills missing answers in, the policy is applied
/// anew in each group of each replicate, which takes much longer. Case weights are frequencies, as in
/// [`Bootstrap`](crate::inference::Bootstrap): the respondents of a row are dealt out one by one.
///
/// # References
///
/// Chin, W. W., Dibbern, J. (2010). An introduction to a permutation based procedure for multi-group PLS analysis. In
/// *Handbook of Partial Least Squares*, 171–193. Phipson, B., Smyth, G. K. (2010). Permutation p-values should never be
/// zero. *Statistical Applications in Genetics and Molecular Biology*, 9(1), 39.
///
/// # Examples
///
/// ```
/// use satindex::inference::{Permutation, Quantity};
/// use satindex::structural::{Pls, template};
///
/// let survey = template::acsi();
/// let answers = survey.population().build()?.likert(&survey.likert(), 200, 1)?;
/// let region: Vec<&str> = (0..200).map(|row| if row % 2 == 0 { "north" } else { "south" }).collect();
/// let answers = answers.with_group("region", &region)?;
/// let fit = Pls::new().fit(&survey.model(), &answers)?;
///
/// let permuted = Permutation::new(199).seed(1).run(&fit, &answers, "region")?;
/// let path = Quantity::Path { from: "Satisfaction".into(), to: "Loyalty".into() };
/// assert!(permuted.difference(&path, "north", "south")?.p_value() > 0.005);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[must_use]
#[doc(alias = "MGA")]
#[doc(alias = "multi-group")]
#[doc(alias = "permutation test")]
#[doc(alias = "multigroup analysis")]
pub struct Permutation {
    replicates: usize,
    seed: u64,
}

impl Permutation {
    /// A test by so many permutations, seed 0.
    pub fn new(replicates: usize) -> Self {
        Self { replicates, seed: 0 }
    }

    /// The seed of the random numbers.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How many permutations there are.
    pub fn replicates_in_use(self) -> usize {
        self.replicates
    }

    /// The seed of the random numbers.
    pub fn seed_in_use(self) -> u64 {
        self.seed
    }

    fn check(self) -> Result<()> {
        let count = self.replicates;
        check::domain(count as f64, count >= 1, || "the number of replicates".into(), "at least 1")?;
        check::replicates(count, 1, "replicates")
    }

    /// Shuffles the labels of a grouping column among the respondents that a model was fitted to.
    ///
    /// # Errors
    ///
    /// No replicates, or more than can be kept; an unknown grouping column, one in which a row in use has no label, or one
    /// with a single level in use; a group with too few respondents for the model, unless
    /// [`Pls::allow_few_respondents`](crate::structural::Pls::allow_few_respondents), or in which it has no estimate; case
    /// weights that are not whole; responses other than those of the fit.
    pub fn run(&self, fit: &Fit, responses: &Responses, group: &str) -> Result<Permuted> {
        self.check()?;
        let sample = Sample::new(fit, responses)?;
        let (labels, levels) = sample.codes(group)?;
        let present: Vec<usize> = (0..levels.len()).filter(|level| labels.contains(level)).collect();
        if present.len() < 2 {
            let place = format!("group `{group}`");
            return Err(ErrorKind::Degenerate { place, reason: "has one level; two are needed".into() }.into());
        }
        enough(&sample, &labels, levels, &present)?;
        let layout = Layout::new(&sample, true);
        check::replicates(self.replicates, layout.quantities.len() * present.len(), "replicates")?;
        let parts = Parts { sample: &sample, labels: &labels, levels, present: &present };
        let groups = if sample.refit {
            let refit = Refit::new(&sample, &layout, None, Signs::AsEstimated)?;
            self.groups(&parts, |draw, range| refit.batch(draw, false, range))?
        } else {
            let products = sample.products(None);
            let engine = Engine::new(&sample, &products, &layout);
            self.groups(&parts, |draw, range| batch(&engine, draw, None, false, range))?
        };
        Ok(Permuted { quantities: layout.quantities, groups })
    }

    /// Estimates each group, and those of its size made by chance.
    fn groups(&self, parts: &Parts<'_>, work: impl Fn(&Draw, Range<usize>) -> Batch + Sync) -> Result<Vec<GroupDraws>> {
        let Parts { sample, labels, levels, present } = parts;
        let shuffled = Labels::new(labels, levels.len(), sample.frequencies.as_deref());
        let mut groups = Vec::with_capacity(present.len());
        for &level in *present {
            let members = (0..labels.len()).filter(|row| labels[*row] == level);
            let own = work(&Draw::Once(members.map(|row| (row, sample.respondents([row]))).collect()), 0..1);
            if let Some(cause) = own.causes[0] {
                let place = format!("group `{}`", levels[level]);
                let reason = format!("has no estimate, because {}", cause.text(&sample.models));
                return Err(ErrorKind::Degenerate { place, reason }.into());
            }
            let draw = Draw::Shuffled { labels: shuffled.clone(), label: level, seed: self.seed };
            let size = TILES * TILE;
            let batches = parallel::map(self.replicates.div_ceil(size), |task| {
                work(&draw, task * size..self.replicates.min((task + 1) * size))
            });
            groups.push(GroupDraws { level: levels[level].clone(), estimates: own.values, batches });
        }
        Ok(groups)
    }
}

/// The parts that a grouping column makes of a sample.
struct Parts<'a> {
    sample: &'a Sample<'a>,
    /// The level of each row in use.
    labels: &'a [usize],
    levels: &'a [String],
    /// The levels in use.
    present: &'a [usize],
}

/// Checks that each group has enough respondents for the model, as a fit of that group would.
fn enough(sample: &Sample<'_>, labels: &[usize], levels: &[String], present: &[usize]) -> Result<()> {
    let mut faults = Faults::default();
    for &level in present {
        let members = (0..labels.len()).filter(|row| labels[*row] == level);
        if let Err(fault) = sample.enough(sample.respondents(members)) {
            faults.note(|| fault.within(format!("group `{}`", levels[level])));
        }
    }
    faults.or(())
}

/// A group: its estimates, and those of groups of its size made by chance.
#[derive(Debug, Clone)]
struct GroupDraws {
    level: String,
    estimates: Vec<f64>,
    batches: Vec<Batch>,
}

impl GroupDraws {
    /// The values of a quantity in all replicates, `None` where there was no estimate.
    fn values(&self, at: usize) -> impl Iterator<Item = Option<f64>> {
        self.batches.iter().flat_map(move |batch| {
            let count = batch.causes.len();
            let values = batch.values[at * count..(at + 1) * count].iter().zip(&batch.causes);
            values.map(|(value, cause)| Some(*value).filter(|value| cause.is_none() && value.is_finite()))
        })
    }
}

/// Every number of a fit in each group, and in groups of the same sizes made by chance.
///
/// # Examples
///
/// ```
/// use satindex::inference::{Permutation, Quantity};
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let regions = (0..250).map(|row| if row % 2 == 0 { "north" } else { "south" });
/// let responses = responses.with_group("region", regions)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let permuted = Permutation::new(49).seed(1).run(&fit, &responses, "region")?;
/// let index = Quantity::Index { construct: "Satisfaction".into() };
/// let [north, south] = ["north", "south"].map(|region| permuted.estimate(&index, region).unwrap());
/// assert!((north - south).abs() < 10.0);
/// assert_eq!(permuted.levels().collect::<Vec<_>>(), ["north", "south"]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Permuted {
    quantities: Vec<Quantity>,
    groups: Vec<GroupDraws>,
}

impl PartialEq for Permuted {
    fn eq(&self, other: &Self) -> bool {
        let value = |group: &GroupDraws, at: usize| Some(group.estimates[at]).filter(|value| value.is_finite());
        let same = |(one, other): (&GroupDraws, &GroupDraws)| {
            let quantities = 0..self.quantities.len();
            let values = |at| value(one, at) == value(other, at) && one.values(at).eq(other.values(at));
            one.level == other.level && quantities.into_iter().all(values)
        };
        self.quantities == other.quantities
            && self.groups.len() == other.groups.len()
            && self.groups.iter().zip(&other.groups).all(same)
    }
}

impl Permuted {
    /// The quantities, in order. One without a value in a group has no [estimate](Permuted::estimate) there, and that says why.
    pub fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    /// The levels of the grouping column, in order.
    pub fn levels(&self) -> impl ExactSizeIterator<Item = &str> {
        self.groups.iter().map(|group| group.level.as_str())
    }

    fn group(&self, level: &str) -> Result<&GroupDraws> {
        self.groups.iter().find(|group| group.level == level).ok_or_else(|| check::unknown(level, "level"))
    }

    fn position(&self, quantity: &Quantity) -> Result<usize> {
        let found = self.quantities.iter().position(|known| known == quantity);
        found.ok_or_else(|| check::unknown(&quantity.to_string(), "quantity"))
    }

    /// A quantity as estimated in one group.
    ///
    /// # Errors
    ///
    /// An unknown quantity or level; a quantity that has no value in this group.
    pub fn estimate(&self, quantity: &Quantity, level: &str) -> Result<f64> {
        let value = self.group(level)?.estimates[self.position(quantity)?];
        if value.is_finite() {
            return Ok(value);
        }
        let reason = quantity.facts().undefined.unwrap_or("a result was beyond all bounds").to_owned();
        let place = format!("{quantity} has no value in group `{level}`");
        Err(ErrorKind::Degenerate { place, reason }.into())
    }

    /// The difference of a quantity between two groups, first less second.
    ///
    /// # Errors
    ///
    /// An unknown quantity or level; a quantity that has no value in one of the groups; no replicate with an estimate in
    /// both.
    pub fn difference(&self, quantity: &Quantity, first: &str, second: &str) -> Result<Difference> {
        let at = self.position(quantity)?;
        let estimate = self.estimate(quantity, first)? - self.estimate(quantity, second)?;
        let pairs = self.group(first)?.values(at).zip(self.group(second)?.values(at));
        let draws: Vec<f64> = pairs.filter_map(|(one, other)| Some(one? - other?)).collect();
        if draws.is_empty() {
            let place = format!("the difference between `{first}` and `{second}`");
            let reason = "no replicate gave an estimate in both groups".into();
            return Err(ErrorKind::Degenerate { place, reason }.into());
        }
        Ok(Difference { estimate, draws })
    }

    /// The estimates of two groups with their differences; what has no value is empty.
    ///
    /// # Errors
    ///
    /// An unknown level.
    pub fn table(&self, first: &str, second: &str) -> Result<Table> {
        let estimates = |level: &str| -> Result<Vec<Option<f64>>> {
            let group = self.group(level)?;
            Ok(group.estimates.iter().map(|value| Some(*value).filter(|value| value.is_finite())).collect())
        };
        let differences: Vec<Option<Difference>> =
            self.quantities.iter().map(|quantity| self.difference(quantity, first, second).ok()).collect();
        let of = |number: fn(&Difference) -> f64| differences.iter().map(move |one| one.as_ref().map(number));
        Ok(Table::new(format!("Differences between `{first}` and `{second}`"))
            .column(Column::text("", &self.quantities))
            .column(Column::number(first, estimates(first)?).decimals(4))
            .column(Column::number(second, estimates(second)?).decimals(4))
            .column(Column::number("difference", of(Difference::estimate)).decimals(4))
            .column(Column::p_value("p", of(Difference::p_value))))
    }
}

/// A table for each pair of groups.
impl fmt::Display for Permuted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, one) in self.groups.iter().enumerate() {
            for other in &self.groups[at + 1..] {
                self.table(&one.level, &other.level).map_err(|_| fmt::Error)?.fmt(f)?;
            }
        }
        Ok(())
    }
}

/// A difference between groups, and what it is among groups made by chance.
///
/// # Examples
///
/// ```
/// use satindex::inference::{Permutation, Quantity};
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let regions = (0..250).map(|row| if row % 2 == 0 { "north" } else { "south" });
/// let responses = responses.with_group("region", regions)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let permuted = Permutation::new(49).seed(1).run(&fit, &responses, "region")?;
/// let index = Quantity::Index { construct: "Satisfaction".into() };
/// let difference = permuted.difference(&index, "north", "south")?;
/// assert!((0.0..=1.0).contains(&difference.p_value()));
/// assert_eq!(difference.draws().len(), 49);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
#[doc(alias = "group difference")]
pub struct Difference {
    estimate: f64,
    draws: Vec<f64>,
}

impl Difference {
    /// Checks what was read.
    #[cfg_attr(not(feature = "serde"), allow(dead_code, reason = "nothing is read"))]
    fn check(&self) -> Result<()> {
        check::finite(self.estimate, || "the difference".into())?;
        check::domain(self.draws.len() as f64, !self.draws.is_empty(), || "the number of draws".into(), "at least 1")?;
        self.draws.iter().try_for_each(|draw| check::finite(*draw, || "a draw".into()).map(drop))
    }

    /// The difference in the sample.
    pub fn estimate(&self) -> f64 {
        self.estimate
    }

    /// The differences in the replicates that gave one.
    pub fn draws(&self) -> &[f64] {
        &self.draws
    }

    /// The two-sided probability of a difference this large between groups made by chance.
    pub fn p_value(&self) -> f64 {
        // Groups that happen to be the same again differ by rounding.
        let bound = self.estimate.abs() * (1.0 - 1e-10);
        let beyond = self.draws.iter().filter(|draw| draw.abs() >= bound).count();
        (1 + beyond) as f64 / (1 + self.draws.len()) as f64
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4} (p = {:.4} of {} replicates)", self.estimate, self.p_value(), self.draws.len())
    }
}

checked_when_read!(Difference);

#[cfg(feature = "serde")]
mod saved {
    //! Groups as they are stored: with the values of all replicates.

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::{Batch, GroupDraws, Permuted, Quantity};
    use crate::error::Result;
    use crate::numeric::check;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Saved {
        quantities: Vec<Quantity>,
        groups: Vec<Group>,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Group {
        level: String,
        /// Of each quantity.
        estimates: Vec<Option<f64>>,
        /// Of each quantity in each replicate.
        draws: Vec<Vec<Option<f64>>>,
    }

    impl Serialize for Permuted {
        fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
            let group = |group: &GroupDraws| Group {
                level: group.level.clone(),
                estimates: group.estimates.iter().map(|value| Some(*value).filter(|value| value.is_finite())).collect(),
                draws: (0..self.quantities.len()).map(|at| group.values(at).collect()).collect(),
            };
            let groups = self.groups.iter().map(group).collect();
            Saved { quantities: self.quantities.clone(), groups }.serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for Permuted {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
            let saved = Saved::deserialize(deserializer)?;
            saved.check().map_err(de::Error::custom)?;
            let number = |value: &Option<f64>| value.unwrap_or(f64::NAN);
            let group = |group: Group| {
                let mut batch = Batch::new(0, 0, group.draws.first().map_or(0, Vec::len));
                batch.values = group.draws.iter().flatten().map(number).collect();
                let estimates = group.estimates.iter().map(number).collect();
                GroupDraws { level: group.level, estimates, batches: vec![batch] }
            };
            Ok(Self { quantities: saved.quantities, groups: saved.groups.into_iter().map(group).collect() })
        }
    }

    impl Saved {
        fn check(&self) -> Result<()> {
            let levels: Vec<&str> = self.groups.iter().map(|group| group.level.as_str()).collect();
            check::names(&levels, "level")?;
            let names: Vec<String> = self.quantities.iter().map(ToString::to_string).collect();
            check::names(&names, "quantity")?;
            let replicates = self.groups.first().and_then(|group| group.draws.first()).map_or(0, Vec::len);
            check::domain(replicates as f64, replicates > 0, || "the number of replicates".into(), "at least 1")?;
            for group in &self.groups {
                check::length(group.estimates.len(), names.len(), || "the list of estimates".into())?;
                check::length(group.draws.len(), names.len(), || "the list of draws".into())?;
                for draws in &group.draws {
                    check::length(draws.len(), replicates, || "the draws of a quantity".into())?;
                }
            }
            Ok(())
        }
    }
}
