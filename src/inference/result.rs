//! What a bootstrap gives: for every quantity its values in the replicates.

#[cfg(feature = "serde")]
mod record;
#[cfg(feature = "serde")]
mod saved;

use std::collections::BTreeMap;
use std::fmt;

use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::inference::batch::Batch;
use crate::inference::bootstrap::Bootstrap;
use crate::inference::interval::Distribution;
use crate::inference::marks::Mark;
use crate::inference::quantity::Quantity;
use crate::numeric::check;
use crate::structural::model::Model;
use crate::table::{Column, Table};

/// What a run hands over.
pub(super) struct Outcome {
    pub(super) quantities: Vec<Quantity>,
    pub(super) unavailable: Vec<(Quantity, String)>,
    pub(super) original: Vec<f64>,
    pub(super) marks: Vec<Mark>,
    pub(super) batches: Vec<Batch>,
    /// Of each quantity.
    pub(super) accelerations: Option<Vec<f64>>,
    pub(super) degrees: f64,
}

/// The numbers of a fit with their values in the replicates.
///
/// `Display` prints estimate, mean, bias, standard error, t, p and interval of every quantity. With the feature `serde` it is
/// written and read with its settings, failures and the values of all replicates; [`Bootstrapped::summary`] is written as
/// the tables.
///
/// # Examples
///
/// ```
/// use satindex::inference::Bootstrap;
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let boot = Bootstrap::new(200).seed(7).run(&fit, &responses)?;
/// let path = boot.path("Quality", "Satisfaction")?;
/// assert!((path.estimate() - fit.path("Quality", "Satisfaction")?).abs() < 1e-12);
/// assert!(path.std_error() > 0.0 && path.p_value().unwrap() < 0.05);
/// assert_eq!(boot.replicates(), 200);
/// println!("{boot}");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone)]
#[doc(alias = "bootstrapping")]
#[doc(alias = "standard error")]
#[doc(alias = "significance")]
#[doc(alias = "p-value")]
pub struct Bootstrapped {
    quantities: Vec<Quantity>,
    /// Where the values of each quantity are in the batches.
    places: Vec<usize>,
    original: Vec<f64>,
    /// Quantities without a value or without replicates, and why.
    undefined: Vec<(Quantity, String)>,
    /// The replicates as they came; a distribution is put together when it is asked for.
    batches: Vec<Batch>,
    /// Of each quantity.
    accelerations: Option<Vec<f64>>,
    /// Of Student's distribution.
    degrees: f64,
    failures: BTreeMap<String, usize>,
    mixed: usize,
    reversed: BTreeMap<String, usize>,
    /// By finding.
    inadmissible: BTreeMap<String, usize>,
    inadmissible_replicates: usize,
    n: f64,
    settings: Bootstrap,
}

impl Bootstrapped {
    pub(super) fn new(models: &[Model], outcome: Outcome, n: f64, options: &Bootstrap) -> Result<Self> {
        let Outcome { quantities, unavailable, original, marks, batches, accelerations, degrees } = outcome;
        let replicates = options.replicates_in_use();
        let mut failures = BTreeMap::new();
        for cause in batches.iter().flat_map(|batch| &batch.causes).flatten() {
            *failures.entry(cause.text(models)).or_insert(0) += 1;
        }
        let failed: usize = failures.values().sum();
        if replicates - failed < 2 {
            return Err(ErrorKind::Replicates { failed, of: replicates, reasons: reasons(&failures) }.into());
        }
        let mixed = batches.iter().flat_map(|batch| &batch.mixed).filter(|mixed| **mixed).count();
        let (mut reversed, mut inadmissible) = (BTreeMap::new(), BTreeMap::new());
        for (at, mark) in marks.iter().enumerate() {
            let count: usize = batches.iter().map(|batch| batch.marks[at]).sum();
            let counts = if mark.is_inadmissible() { &mut inadmissible } else { &mut reversed };
            if count > 0 {
                counts.insert(mark.text(models), count);
            }
        }
        let reason = |at: usize| {
            let few = || count_finite(&batches, at) < 2;
            let unknown = || quantities[at].facts().undefined.unwrap_or("a result was beyond all bounds");
            if !original[at].is_finite() {
                return Some(unknown().to_owned());
            }
            few().then(|| format!("it has a value in fewer than two replicates: {}", unknown()))
        };
        let reasons: Vec<Option<String>> = (0..quantities.len()).map(reason).collect();
        let places: Vec<usize> = (0..quantities.len()).filter(|at| reasons[*at].is_none()).collect();
        let kept = |all: &[f64]| places.iter().map(|at| all[*at]).collect::<Vec<f64>>();
        let undefined =
            quantities.iter().zip(&reasons).filter_map(|(quantity, reason)| Some((quantity.clone(), reason.clone()?)));
        Ok(Self {
            undefined: undefined.chain(unavailable).collect(),
            quantities: places.iter().map(|at| quantities[*at].clone()).collect(),
            original: kept(&original),
            accelerations: accelerations.as_deref().map(kept),
            places,
            degrees,
            failures,
            mixed,
            reversed,
            inadmissible,
            inadmissible_replicates: batches.iter().map(|batch| batch.inadmissible).sum(),
            n,
            settings: options.clone(),
            batches,
        })
    }

    /// The options under which the replicates were made.
    pub fn settings(&self) -> &Bootstrap {
        &self.settings
    }

    fn collect(&self, at: usize, values: fn(&Batch) -> &[f64]) -> Vec<f64> {
        let mut collected = Vec::with_capacity(self.replicates());
        for batch in &self.batches {
            let count = batch.causes.len();
            // Own standard errors are taken for the values that are there.
            let place = self.places[at] * count..(self.places[at] + 1) * count;
            let all = values(batch)[place.clone()].iter().zip(&batch.values[place]).zip(&batch.causes);
            let there = all.filter(|((_, value), cause)| cause.is_none() && value.is_finite());
            collected.extend(there.map(|((value, _), _)| *value));
        }
        collected
    }

    /// The values of a quantity in the replicates that have an estimate; NaN where it is undefined.
    fn replicates_of(&self, at: usize) -> impl Iterator<Item = f64> {
        self.kept(at, |batch| &batch.values)
    }

    /// Their own standard errors, if there are any.
    fn errors_of(&self, at: usize) -> impl Iterator<Item = f64> {
        self.kept(at, |batch| &batch.errors)
    }

    fn kept(&self, at: usize, numbers: fn(&Batch) -> &[f64]) -> impl Iterator<Item = f64> {
        let place = self.places[at];
        self.batches.iter().flat_map(move |batch| {
            let count = batch.causes.len();
            let numbers = numbers(batch).get(place * count..(place + 1) * count).unwrap_or_default();
            numbers.iter().zip(&batch.causes).filter(|(_, cause)| cause.is_none()).map(|(number, _)| *number)
        })
    }

    fn distribution(&self, at: usize) -> Result<Distribution> {
        let mut distribution = Distribution::new(self.original[at], self.collect(at, |batch| &batch.values))?;
        distribution = distribution.resampled(self.degrees, self.accelerations.as_ref().map(|all| all[at]));
        if self.batches.iter().all(|batch| !batch.errors.is_empty()) {
            distribution = distribution.with_own_errors(self.collect(at, |batch| &batch.errors));
        }
        Ok(distribution)
    }

    /// The quantities with a value in the sample and in replicates, in order.
    pub fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    /// The quantities that have no value, or none in replicates, and why: constructs without an index, undefined figures of
    /// reliability and validity.
    pub fn undefined(&self) -> impl ExactSizeIterator<Item = (&Quantity, &str)> {
        self.undefined.iter().map(|(quantity, reason)| (quantity, reason.as_str()))
    }

    /// How many replicates were asked for.
    pub fn replicates(&self) -> usize {
        self.settings.replicates_in_use()
    }

    /// How many replicates gave no estimate, by reason. They are in no distribution.
    pub fn failures(&self) -> &BTreeMap<String, usize> {
        &self.failures
    }

    /// In how many replicates some index had weights of both signs. They are in the distributions.
    pub fn mixed_index_weights(&self) -> usize {
        self.mixed
    }

    /// In how many replicates the score of a construct pointed the other way than in the sample (see [`Signs`](crate::inference::Signs)), by
    /// construct; those in which it never did are not listed. A construct whose score an earlier stage gave to the next one
    /// is listed with its stage, as in `Quality in stage 1`. Under [`Signs::AsEstimated`](crate::inference::Signs::AsEstimated) many of them make the standard
    /// error of all that the construct takes part in large.
    pub fn reversed(&self) -> &BTreeMap<String, usize> {
        &self.reversed
    }

    /// In how many replicates estimates that were corrected for attenuation were such as no population could have, by
    /// finding, as [`Fit::verify`](crate::structural::Fit::verify) has them. They are in the distributions unless they were to
    /// be [left out](Bootstrap::without_inadmissible).
    ///
    /// One finding of `verify` is not looked for: implied correlations of the indicators that are not positive definite.
    /// Replicates do not calculate what the paths imply.
    pub fn inadmissible(&self) -> &BTreeMap<String, usize> {
        &self.inadmissible
    }

    /// In how many replicates there was at least one such finding.
    pub fn inadmissible_replicates(&self) -> usize {
        self.inadmissible_replicates
    }

    /// Any quantity with its values in the replicates. A figure of reliability or validity can be undefined in a
    /// replicate that has an estimate; such a replicate is not among its values.
    ///
    /// # Errors
    ///
    /// A quantity that the fit does not have, or that has no value.
    pub fn get(&self, quantity: &Quantity) -> Result<Distribution> {
        self.find(|| quantity.to_string(), |known| known == quantity)
    }

    fn find(&self, label: impl FnOnce() -> String, test: impl Fn(&Quantity) -> bool) -> Result<Distribution> {
        if let Some(found) = self.quantities.iter().position(&test) {
            return self.distribution(found);
        }
        match self.undefined.iter().find(|(quantity, _)| test(quantity)) {
            Some((quantity, reason)) => {
                let reason = format!("has no value: {reason}");
                Err(ErrorKind::Degenerate { place: quantity.to_string(), reason }.into())
            }
            None => Err(check::unknown(&label(), "quantity")),
        }
    }

    /// The outer weight of an indicator.
    ///
    /// # Errors
    ///
    /// An unknown indicator.
    pub fn weight(&self, name: &str) -> Result<Distribution> {
        let test = |quantity: &Quantity| matches!(quantity, Quantity::Weight { indicator, .. } if indicator == name);
        self.find(|| format!("weight of {name}"), test)
    }

    /// The loading of an indicator.
    ///
    /// # Errors
    ///
    /// An unknown indicator.
    pub fn loading(&self, name: &str) -> Result<Distribution> {
        let test = |quantity: &Quantity| matches!(quantity, Quantity::Loading { indicator, .. } if indicator == name);
        self.find(|| format!("loading of {name}"), test)
    }

    /// A path coefficient.
    ///
    /// # Errors
    ///
    /// No such path in the model.
    pub fn path(&self, from: &str, to: &str) -> Result<Distribution> {
        self.get(&Quantity::Path { from: from.into(), to: to.into() })
    }

    /// The effect of the product of two constructs in units of their standard deviations, as
    /// [`Fit::product_effect`](crate::structural::Fit::product_effect) has it.
    ///
    /// # Errors
    ///
    /// No such product in the model.
    pub fn product_effect(&self, one: &str, other: &str, acted_on: &str) -> Result<Distribution> {
        let test = |quantity: &Quantity| match quantity {
            Quantity::ProductEffect { first, second, to } => {
                to == acted_on && ((first == one && second == other) || (first == other && second == one))
            }
            _ => false,
        };
        self.find(|| format!("effect of {one}:{other} on {acted_on}"), test)
    }

    /// The explained variance of a construct.
    ///
    /// # Errors
    ///
    /// A construct that is unknown or has no predecessors.
    pub fn r_squared(&self, construct: &str) -> Result<Distribution> {
        self.get(&Quantity::RSquared { construct: construct.into() })
    }

    /// A total effect.
    ///
    /// # Errors
    ///
    /// No route between the constructs.
    pub fn total_effect(&self, from: &str, to: &str) -> Result<Distribution> {
        self.get(&Quantity::TotalEffect { from: from.into(), to: to.into() })
    }

    /// An indirect effect.
    ///
    /// # Errors
    ///
    /// No route of two paths or more between the constructs.
    pub fn indirect_effect(&self, from: &str, to: &str) -> Result<Distribution> {
        self.get(&Quantity::IndirectEffect { from: from.into(), to: to.into() })
    }

    /// The indirect effect along one route, named by its constructs from the cause to the construct acted on.
    ///
    /// # Errors
    ///
    /// No such route.
    pub fn specific_effect<S: AsRef<str>>(&self, route: &[S]) -> Result<Distribution> {
        let route = route.iter().map(|name| name.as_ref().to_owned()).collect();
        self.get(&Quantity::SpecificEffect { route })
    }

    /// The heterotrait-monotrait ratio of two constructs.
    ///
    /// # Errors
    ///
    /// An unknown construct; a run [without assessment](crate::inference::Bootstrap::without_assessment).
    pub fn htmt(&self, one: &str, other: &str) -> Result<Distribution> {
        let test = |quantity: &Quantity| match quantity {
            Quantity::Htmt { first, second } => (first == one && second == other) || (first == other && second == one),
            _ => false,
        };
        self.find(|| format!("HTMT of {one} and {other}"), test)
    }

    /// The correlation of two constructs.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn construct_correlation(&self, one: &str, other: &str) -> Result<Distribution> {
        let test = |quantity: &Quantity| match quantity {
            Quantity::Correlation { first, second } => {
                (first == one && second == other) || (first == other && second == one)
            }
            _ => false,
        };
        self.find(|| format!("correlation of {one} with {other}"), test)
    }

    /// The 0–100 index of a construct with its standard error, and the interval of the type and level that the
    /// bootstrap was asked for. [`Bootstrapped::get`] gives its distribution.
    ///
    /// # Errors
    ///
    /// A construct that is unknown or has no index in the fit.
    pub fn index(&self, construct: &str) -> Result<Index> {
        let distribution = self.get(&Quantity::Index { construct: construct.into() })?;
        let interval = distribution.interval(self.settings.confidence, self.settings.interval)?;
        let index = Index::new(distribution.estimate(), self.n, "structural model, unstandardised weights")?;
        Ok(index.with_std_error(distribution.std_error())?.with_interval(interval))
    }

    /// The quantities of each kind with their distributions, kinds in the order of the fit's report.
    fn kinds(&self) -> Vec<(&'static str, Vec<(&Quantity, Distribution)>)> {
        let mut kinds: Vec<(&'static str, Vec<(&Quantity, Distribution)>)> = Vec::new();
        for (at, quantity) in self.quantities.iter().enumerate() {
            let Ok(distribution) = self.distribution(at) else { continue };
            let pair = (quantity, distribution);
            match kinds.last_mut() {
                Some((kind, pairs)) if *kind == pair.0.kind() => pairs.push(pair),
                _ => kinds.push((pair.0.kind(), vec![pair])),
            }
        }
        kinds
    }

    /// One table for each kind of quantity, with intervals of the type and level that the bootstrap was asked for.
    /// An interval that cannot be had leaves its cells empty.
    pub fn tables(&self) -> Vec<Table> {
        let table = |(kind, pairs): (&str, Vec<(&Quantity, Distribution)>)| {
            let numbers = |value: &dyn Fn(&Distribution) -> Option<f64>| -> Vec<Option<f64>> {
                pairs.iter().map(|(_, distribution)| value(distribution)).collect()
            };
            let bound = |upper: bool| {
                numbers(&|distribution| {
                    let interval = distribution.interval(self.settings.confidence, self.settings.interval).ok()?;
                    Some(if upper { interval.upper() } else { interval.lower() })
                })
            };
            let percent = 100.0 * self.settings.confidence.level();
            Table::new(format!("{} ({:?} intervals, {percent} %)", kind.replace('_', " "), self.settings.interval))
                .column(Column::text("", pairs.iter().map(|(quantity, _)| quantity.label())))
                .column(Column::number("estimate", numbers(&|d| Some(d.estimate()))).decimals(4))
                .column(Column::number("mean", numbers(&|d| Some(d.mean()))).decimals(4))
                .column(Column::number("bias", numbers(&|d| Some(d.bias()))).decimals(4))
                .column(Column::number("std. error", numbers(&|d| Some(d.std_error()))).decimals(4))
                .column(Column::number("t", numbers(&Distribution::t)).decimals(2))
                .column(Column::p_value("p", numbers(&Distribution::p_value)))
                .column(Column::number("lower", bound(false)).decimals(4))
                .column(Column::number("upper", bound(true)).decimals(4))
        };
        self.kinds().into_iter().map(table).chain(self.undefined_table()).collect()
    }

    fn undefined_table(&self) -> Option<Table> {
        let table = Table::new("without a value")
            .column(Column::text("", self.undefined.iter().map(|(quantity, _)| quantity)))
            .column(Column::text("reason", self.undefined.iter().map(|(_, reason)| reason)));
        (!self.undefined.is_empty()).then_some(table)
    }

    /// What `Display` prints, to be written by `serde`: lists by kind of quantity with estimate, mean, bias, standard error,
    /// t, p and interval; then the settings, and what was counted.
    pub fn summary(&self) -> Summary<'_> {
        Summary(self)
    }
}

/// A bootstrap without the values of its replicates: see [`Bootstrapped::summary`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary<'a>(&'a Bootstrapped);

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How many replicates have a value of the quantity in this place.
fn count_finite(batches: &[Batch], place: usize) -> usize {
    let finite = |batch: &Batch| {
        let count = batch.causes.len();
        let values = batch.values[place * count..(place + 1) * count].iter().zip(&batch.causes);
        values.filter(|(value, cause)| cause.is_none() && value.is_finite()).count()
    };
    batches.iter().map(finite).sum()
}

impl PartialEq for Bootstrapped {
    fn eq(&self, other: &Self) -> bool {
        // An undefined value equals an undefined one, which NaN does not.
        let same = |(one, other): (f64, f64)| one == other || (one.is_nan() && other.is_nan());
        let values = |at: usize| self.replicates_of(at).zip(other.replicates_of(at)).all(same);
        let errors = |at: usize| self.errors_of(at).zip(other.errors_of(at)).all(same);
        self.settings == other.settings
            && self.quantities == other.quantities
            && self.original == other.original
            && self.undefined == other.undefined
            && self.accelerations == other.accelerations
            && (self.degrees, self.n) == (other.degrees, other.n)
            && self.failures == other.failures
            && self.reversed == other.reversed
            && self.inadmissible == other.inadmissible
            && (self.inadmissible_replicates, self.mixed) == (other.inadmissible_replicates, other.mixed)
            && (0..self.quantities.len()).all(|at| values(at) && errors(at))
    }
}

fn reasons(failures: &BTreeMap<String, usize>) -> String {
    failures.iter().map(|(reason, count)| format!("{count} because {reason}")).collect::<Vec<_>>().join(", ")
}

fn counts(counted: &BTreeMap<String, usize>) -> String {
    counted.iter().map(|(what, count)| format!("{what} in {count}")).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Bootstrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed: usize = self.failures.values().sum();
        write!(f, "Bootstrap: {} replicates, {failed} without an estimate", self.replicates())?;
        if failed > 0 {
            write!(f, " ({})", reasons(&self.failures))?;
        }
        if self.mixed > 0 {
            write!(f, "; in {} an index had weights of both signs", self.mixed)?;
        }
        if !self.reversed.is_empty() {
            write!(f, "; against their direction in the sample were {}", counts(&self.reversed))?;
        }
        if self.inadmissible_replicates > 0 {
            write!(
                f,
                "; {} had inadmissible estimates ({})",
                self.inadmissible_replicates,
                counts(&self.inadmissible)
            )?;
        }
        writeln!(f, "\n")?;
        for table in self.tables() {
            writeln!(f, "{table}")?;
        }
        Ok(())
    }
}
