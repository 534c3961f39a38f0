//! How much the result owes to chance: the judgements repeated with noise.

use std::fmt;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::ahp::alternatives::Mode;
use crate::ahp::decision::Decision;
use crate::ahp::judgement::{Judgements, RATIOS};
use crate::ahp::priority::Method;
use crate::error::{Faults, Result};
use crate::index::{Confidence, Interval};
use crate::numeric::random::stream;
use crate::numeric::{check, describe, parallel, rounding};
use crate::serial;
use crate::table::{Column, Table};
use crate::weights::Weights;

/// Repeats judgements with every known ratio times exp(σz), z a standard normal number of its own.
///
/// σ is the standard deviation of a judgement's logarithm: 0.2 means that a judge who says 3 would say 2.5 to 3.7 two
/// times in three. What judgements show of it themselves is √[GCI](crate::ahp::Consistency::gci).
///
/// # Examples
///
/// ```
/// use satindex::Confidence;
/// use satindex::ahp::{Judgements, Method, Noise};
///
/// let judgements = Judgements::from_upper(["speed", "skill", "attitude"], &[2.0, 5.0, 3.0])?;
/// let spread = Noise::new(0.2).replicates(200).seed(7).run(&judgements, Method::Eigenvector)?;
/// let interval = spread.interval("speed", Confidence::P95)?;
/// assert!(interval.lower() > 0.45 && interval.upper() < 0.7);
/// assert!(spread.ahead("speed", "attitude")? > 0.99);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
#[must_use = "a specification does nothing until `run`"]
#[doc(alias = "Monte Carlo")]
pub struct Noise {
    deviation: f64,
    replicates: usize,
    seed: u64,
}

checked_when_read!(Noise);

/// Replicates times names that are kept: 400 MB.
const KEPT: usize = 50_000_000;

impl Noise {
    /// Noise with a standard deviation σ of the logarithms; 1,000 replicates and seed 0 unless told otherwise.
    pub fn new(deviation: f64) -> Self {
        Self { deviation, replicates: 1_000, seed: 0 }
    }

    /// How often the judgements are repeated.
    pub fn replicates(self, replicates: usize) -> Self {
        Self { replicates, ..self }
    }

    /// The seed of the random numbers. The same seed gives the same bits on any number of threads.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The standard deviation of the logarithms.
    pub fn deviation(&self) -> f64 {
        self.deviation
    }

    /// The number of replicates in use.
    pub fn replicates_in_use(&self) -> usize {
        self.replicates
    }

    /// The seed in use.
    pub fn seed_in_use(&self) -> u64 {
        self.seed
    }

    fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        faults.check(check::non_negative(self.deviation, || "the deviation of the judgements".into()));
        let (count, place) = (self.replicates as f64, || "the number of replicates".into());
        faults.check(check::domain(count, self.replicates > 0, place, "at least 1"));
        faults.or(())
    }

    /// The weights of the repeated judgements by a method.
    ///
    /// # Errors
    ///
    /// A deviation that is negative or not finite; no replicate, or more than can be kept (replicates times names at most
    /// 50,000,000); as for [`Judgements::priorities`].
    pub fn run(self, judgements: &Judgements, method: Method) -> Result<Spread> {
        self.check()?;
        let point = judgements.priorities(method)?.weights().clone();
        self.repeat(point, |random| {
            let repeated = self.disturb(judgements, random);
            Ok(repeated.priorities(method)?.weights().values().to_vec())
        })
    }

    /// The shares of the alternatives when the judgements at every node are repeated.
    ///
    /// # Errors
    ///
    /// As for [`Noise::run`], [`Decision::alternatives`] and
    /// [`Alternatives::synthesise`](crate::ahp::Alternatives::synthesise).
    pub fn run_decision(self, decision: &Decision, method: Method, mode: Mode) -> Result<Spread> {
        self.check()?;
        let shares = |decision: &Decision| -> Result<Weights> {
            Ok(decision.alternatives(method)?.synthesise(mode)?.weights().clone())
        };
        self.repeat(shares(decision)?, |random| {
            let repeated = decision.map(|judgements| self.disturb(judgements, random));
            Ok(shares(&repeated)?.values().to_vec())
        })
    }

    fn disturb(self, judgements: &Judgements, random: &mut impl Rng) -> Judgements {
        let disturbed = judgements.raw_upper().iter().map(|ratio| {
            let z: f64 = StandardNormal.sample(random);
            let disturbed = ratio * (self.deviation * z).exp();
            // 0 stands for an unknown ratio.
            if *ratio > 0.0 { disturbed.clamp(*RATIOS.start(), *RATIOS.end()) } else { 0.0 }
        });
        judgements.replaced(disturbed.collect())
    }

    fn repeat(
        self,
        point: Weights,
        replicate: impl Fn(&mut rand_chacha::ChaCha8Rng) -> Result<Vec<f64>> + Sync + Send,
    ) -> Result<Spread> {
        let most = KEPT / point.len();
        let place = || "the number of replicates".into();
        check::domain(self.replicates as f64, self.replicates <= most, place, &format!("at most {most}"))?;
        let draws = parallel::map(self.replicates, |number| replicate(&mut stream(self.seed, number as u64)));
        let mut values = Vec::with_capacity(self.replicates * point.len());
        for draw in draws {
            values.extend(draw?);
        }
        Ok(Spread { point, values })
    }
}

/// Weights or shares under repetition.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Spread {
    point: Weights,
    /// One replicate after the other.
    values: Vec<f64>,
}

checked_when_read!(Spread);

impl Spread {
    /// The weights of the judgements as they are.
    pub fn point(&self) -> &Weights {
        &self.point
    }

    /// How many replicates there are.
    pub fn replicates(&self) -> usize {
        self.values.len() / self.point.len()
    }

    /// Every replicate, in the order of the names.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.point.len())
    }

    /// The standard deviation of each name's weight over the replicates; 0 for one replicate.
    pub fn standard_deviations(&self) -> Vec<f64> {
        let deviation =
            |at: usize| if self.replicates() > 1 { describe::variance(&self.of(at), 1.0).sqrt() } else { 0.0 };
        (0..self.point.len()).map(deviation).collect()
    }

    /// The interval that holds the middle share of a name's replicates, between quantiles of type 7.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn interval(&self, name: &str, confidence: Confidence) -> Result<Interval> {
        let mut values = self.of(self.position(name)?);
        let lower = describe::quantile(&mut values, confidence.tail());
        let upper = describe::quantile(&mut values, 1.0 - confidence.tail());
        Interval::new(lower, upper, confidence)
    }

    /// In which share of the replicates the first name is ahead of the second by more than rounding.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn ahead(&self, first: &str, second: &str) -> Result<f64> {
        let (first, second) = (self.position(first)?, self.position(second)?);
        let ahead = self.values().filter(|values| is_ahead(values[first], values[second])).count();
        Ok(ahead as f64 / self.replicates() as f64)
    }

    /// In which share of the replicates a name has each rank, the best first. Names that are level up to rounding
    /// share their ranks.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn ranks(&self, name: &str) -> Result<Vec<f64>> {
        let at = self.position(name)?;
        let mut shares = vec![0.0; self.point.len()];
        for values in self.values() {
            let ahead = values.iter().filter(|value| is_ahead(**value, values[at])).count();
            let level = values.iter().filter(|value| rounding::equal(**value, values[at])).count();
            for share in &mut shares[ahead..ahead + level] {
                *share += 1.0 / (level * self.replicates()) as f64;
            }
        }
        Ok(shares)
    }

    /// Each name with its weight, its standard deviation, its interval at 95 % and how often it is first.
    pub fn table(&self) -> Table {
        let names = self.point.names();
        let intervals: Vec<Option<Interval>> =
            names.iter().map(|name| self.interval(name, Confidence::P95).ok()).collect();
        let bound = |bound: fn(&Interval) -> f64| intervals.iter().map(move |interval| interval.as_ref().map(bound));
        let first = names.iter().map(|name| self.ranks(name).map_or(0.0, |ranks| ranks[0]));
        Table::new(format!("Under {} repetitions", self.replicates()))
            .column(Column::text("", names))
            .column(Column::number("weight", self.point.values().iter().copied()).decimals(4))
            .column(Column::number("sd", self.standard_deviations()).decimals(4))
            .column(Column::number("2.5 %", bound(Interval::lower)).decimals(4))
            .column(Column::number("97.5 %", bound(Interval::upper)).decimals(4))
            .column(Column::number("first", first).decimals(3))
    }

    fn position(&self, name: &str) -> Result<usize> {
        check::position(self.point.names(), name, "name")
    }

    fn of(&self, at: usize) -> Vec<f64> {
        self.values().map(|values| values[at]).collect()
    }

    fn check(&self) -> Result<()> {
        let count = self.replicates();
        check::length(self.values.len(), count.max(1) * self.point.len(), || "the list of replicates".into())?;
        serial::not_negative("a weight", &self.values)
    }
}

/// Is a value greater than another by more than rounding?
fn is_ahead(value: f64, other: f64) -> bool {
    value > other && !rounding::equal(value, other)
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
