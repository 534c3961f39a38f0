//! The bootstrap: its options.

use crate::error::{ErrorKind, Faults, Result};
use crate::index::Confidence;
use crate::inference::interval::IntervalType;
use crate::numeric::check;
use crate::numeric::number::Number;

/// What is done about the sign of a construct, which is arbitrary, when its score in a replicate points the other way than
/// in the sample: when it correlates negatively with the score that the weights of the sample give to the same respondents.
/// [`Bootstrapped::reversed`](crate::inference::Bootstrapped::reversed) counts such replicates in each case.
///
/// Tenenhaus et al. (2005, sec. 2.4) compare sums of loadings, |Σ(λ − λ*)| with |Σ(λ + λ*)|, which say nothing about a
/// construct with items of both directions.
///
/// # Examples
///
/// ```
/// use satindex::inference::{Bootstrap, Signs};
///
/// let bootstrap = Bootstrap::new(500).signs(Signs::Construct);
/// assert_eq!(bootstrap.signs_in_use(), Signs::Construct);
/// assert_eq!(Bootstrap::new(500).signs_in_use(), Signs::AsEstimated);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[doc(alias = "sign change")]
#[doc(alias = "sign indeterminacy")]
pub enum Signs {
    /// Nothing: seminr, plspm and cSEM by default.
    #[default]
    AsEstimated,
    /// Every weight, loading, effect and correlation gets the sign that it has in the sample.
    Individual,
    /// A construct that points the other way gets the opposite sign as a whole, in all that it takes part in.
    Construct,
}

impl Signs {
    /// What each construct is multiplied by: its direction, if constructs are to have that of the sample.
    #[inline(always)]
    pub(super) fn flips<N: Number>(self, directions: &[N], flips: &mut [N]) {
        if self == Self::Construct {
            flips.copy_from_slice(directions);
        }
    }

    /// A value with the sign that it has in the sample, if each is to have it.
    #[inline(always)]
    pub(super) fn turn<N: Number>(self, signed: bool, value: N, original: Option<&f64>) -> N {
        match original {
            Some(original) if self == Self::Individual && signed => value.abs() * value.splat(original.signum()),
            _ => value,
        }
    }
}

/// The estimator of standard errors and intervals by resampling respondents.
///
/// Each replicate is estimated in full, under the options of the fit. What it costs: for B replicates of n respondents
/// and p indicators one product of the B × n counts with the n × (p + 1)(p + 2)/2 products of each respondent's answers,
/// and B solves on p × p matrices; the answers themselves are touched once.
///
/// Where a model has products or constructs of higher order, each replicate goes through all stages: its own first stage,
/// scores, products and last stage. The responses are those with the indicators that were asked for. Products of
/// constructs take the products of the pairs of their indicators as further columns of the product above; whatever a stage
/// makes of columns is linear in these. With more than 400 pairs, and where missing answers are filled in anew, each
/// replicate is estimated from its answers, which takes much longer and leaves no jackknife.
///
/// # Numerical notes
///
/// Replicate k draws from a stream of its own under the seed, so the same seed gives the same bits on one thread and on
/// many. Respondents with a missing answer are resampled with the others when the fit's policy for missing answers uses
/// them, and the policy is applied anew in each replicate, as in seminr; otherwise they take no part.
///
/// Case weights are frequencies here: a row of frequency k stands for k respondents, who are drawn one by one. What rows
/// say k times and a frequency of k says once comes to the same: the same replicates, to rounding, as long as there are no
/// more than 8 respondents a row on average; beyond that, replicates of the same distribution, with numbers drawn from the
/// multinomial distribution at a cost that depends on the rows alone. Weights that are not whole numbers are refused.
///
/// # References
///
/// Efron, B., Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*. Chapman & Hall.
///
/// # Examples
///
/// ```
/// use satindex::Confidence;
/// use satindex::inference::{Bootstrap, IntervalType};
/// use satindex::structural::{Pls, template};
///
/// let survey = template::acsi();
/// let responses = survey.population().build()?.likert(&survey.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&survey.model(), &responses)?;
/// let boot = Bootstrap::new(500).seed(7).run(&fit, &responses)?;
///
/// let path = boot.path("Satisfaction", "Loyalty")?;
/// let interval = path.interval(Confidence::P95, IntervalType::Bca)?;
/// assert!(interval.contains(path.estimate()));
/// assert!(boot.index("Satisfaction")?.std_error().is_some());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[must_use]
#[doc(alias = "bootstrapping")]
#[doc(alias = "resampling")]
#[doc(alias = "standard error")]
#[doc(alias = "cluster bootstrap")]
pub struct Bootstrap {
    replicates: usize,
    pub(super) seed: u64,
    pub(super) confidence: Confidence,
    pub(super) interval: IntervalType,
    pub(super) signs: Signs,
    pub(super) strata: Option<String>,
    pub(super) clusters: Option<String>,
    pub(super) given: Option<Vec<Vec<usize>>>,
    pub(super) inner: Option<usize>,
    pub(super) acceleration: bool,
    pub(super) assessment: bool,
    pub(super) inadmissible: bool,
}

impl Bootstrap {
    /// A bootstrap of so many replicates; seed 0, 95 % percentile intervals, signs as estimated, with the jackknife that
    /// BCa intervals need.
    pub fn new(replicates: usize) -> Self {
        Self {
            replicates,
            seed: 0,
            confidence: Confidence::P95,
            interval: IntervalType::Percentile,
            signs: Signs::AsEstimated,
            strata: None,
            clusters: None,
            given: None,
            inner: None,
            acceleration: true,
            assessment: true,
            inadmissible: true,
        }
    }

    /// The replicates as the caller has drawn them: for each the rows (from 0) of the responses, in any number. Each stands
    /// for one respondent; where the responses have frequencies, a row comes as often as respondents of it were drawn.
    pub fn with_draws(draws: Vec<Vec<usize>>) -> Self {
        Self { replicates: draws.len(), given: Some(draws), ..Self::new(0) }
    }

    /// The seed of the random numbers.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The confidence level of the intervals that are printed and serialised.
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// The type of the intervals that are printed and serialised.
    pub fn interval(self, interval: IntervalType) -> Self {
        Self { interval, ..self }
    }

    /// What is done about the signs of replicates.
    pub fn signs(self, signs: Signs) -> Self {
        Self { signs, ..self }
    }

    /// Resample within the levels of a grouping column, so that each keeps its number of respondents.
    pub fn stratify(self, group: impl Into<String>) -> Self {
        Self { strata: Some(group.into()), ..self }
    }

    /// Resample the levels of a grouping column whole: respondents of one shop, interviewer or village together.
    pub fn cluster(self, group: impl Into<String>) -> Self {
        Self { clusters: Some(group.into()), ..self }
    }

    /// Estimate each replicate's own standard errors from so many replicates of it, for studentised intervals. The work
    /// grows by that factor.
    pub fn studentised(self, replicates: usize) -> Self {
        Self { inner: Some(replicates), ..self }
    }

    /// Leave out the jackknife, one solve for each respondent, and with it BCa intervals.
    pub fn without_jackknife(self) -> Self {
        Self { acceleration: false, ..self }
    }

    /// Leave out reliability and validity (α, ρ_A, ρ_C, AVE, HTMT): about a tenth of the time of a run.
    pub fn without_assessment(self) -> Self {
        Self { assessment: false, ..self }
    }

    /// Leave out replicates with inadmissible estimates, as cSEM does by default. [`Bootstrapped::inadmissible`](crate::inference::Bootstrapped::inadmissible) counts them
    /// in either case.
    pub fn without_inadmissible(self) -> Self {
        Self { inadmissible: false, ..self }
    }

    /// How many replicates there are.
    pub fn replicates_in_use(&self) -> usize {
        self.replicates
    }

    /// The seed of the random numbers.
    pub fn seed_in_use(&self) -> u64 {
        self.seed
    }

    /// The replicates as the caller has drawn them, if that is so.
    pub fn draws_in_use(&self) -> Option<&[Vec<usize>]> {
        self.given.as_deref()
    }

    /// The confidence level of the intervals that are printed.
    pub fn confidence_in_use(&self) -> Confidence {
        self.confidence
    }

    /// Their type.
    pub fn interval_in_use(&self) -> IntervalType {
        self.interval
    }

    /// What is done about signs.
    pub fn signs_in_use(&self) -> Signs {
        self.signs
    }

    /// The grouping column whose levels are strata.
    pub fn strata_in_use(&self) -> Option<&str> {
        self.strata.as_deref()
    }

    /// The grouping column whose levels are resampled whole.
    pub fn clusters_in_use(&self) -> Option<&str> {
        self.clusters.as_deref()
    }

    /// How many replicates of each replicate there are, for its own standard errors.
    pub fn studentised_in_use(&self) -> Option<usize> {
        self.inner
    }

    /// Is there a jackknife?
    pub fn has_jackknife(&self) -> bool {
        self.acceleration
    }

    /// Are reliability and validity among the quantities?
    pub fn has_assessment(&self) -> bool {
        self.assessment
    }

    /// Are replicates with inadmissible estimates kept?
    pub fn keeps_inadmissible(&self) -> bool {
        self.inadmissible
    }

    /// Without what the intervals of an index do not need.
    pub(crate) fn of_index_alone(self) -> Self {
        let acceleration = self.acceleration && self.interval == IntervalType::Bca;
        Self { acceleration, assessment: false, ..self }
    }

    /// Checks that the options make sense, and together.
    pub(super) fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        let mut number = |count: usize, what: &str| {
            faults.check(check::domain(count as f64, count >= 2, || format!("the number of {what}"), "at least 2"));
            faults.check(check::replicates(count, 1, what));
        };
        number(self.replicates, "replicates");
        if let Some(inner) = self.inner {
            number(inner, "replicates of each replicate");
        }
        let mut unsupported = |place: &str, reason: &str| {
            faults.push(ErrorKind::Unsupported { place: place.into(), reason: reason.into() });
        };
        if self.given.is_some() && (self.strata.is_some() || self.clusters.is_some()) {
            unsupported("replicates that are given", "were not drawn by strata or clusters: leave these out");
        }
        if self.interval == IntervalType::Bca && !self.acceleration {
            unsupported("a BCa interval", "needs the jackknife: do not leave it out (`without_jackknife`)");
        }
        if self.interval == IntervalType::Studentised && self.inner.is_none() {
            unsupported(
                "a studentised interval",
                "needs each replicate's own standard error: ask for it (`studentised`)",
            );
        }
        faults.or(())
    }
}
