//! How far every number of a fit is known: bootstrap, jackknife, permutation, the test of exact fit.

mod assessment;
mod draw;
mod engine;
mod exact_fit;
mod interval;
mod jackknife;
mod layout;
mod permutation;
mod products;
mod quantity;
mod refit;
mod result;
mod run;
mod staged;

use std::ops::ControlFlow;

pub use exact_fit::{Distance, ExactFit, ExactFitTest};
pub use interval::{Distribution, IntervalType};
pub use jackknife::Jackknife;
pub use permutation::{Difference, Permutation, Permuted};
pub use quantity::Quantity;
pub use result::Bootstrapped;

use crate::error::Result;
use crate::index::Confidence;
use crate::structural::pls::Fit;
use crate::structural::pls::solve::Failure;
use crate::survey::Responses;

/// What is done when a replicate's construct comes out turned round: the sign of a construct is arbitrary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Signs {
    /// Nothing: seminr, plspm and cSEM by default.
    #[default]
    AsEstimated,
    /// Every weight, loading, effect and correlation gets the sign that it has in the sample.
    Individual,
    /// A construct is turned round as a whole when that brings its loadings closer to those in the sample
    /// (|Σ(λ − λ*)| > |Σ(λ + λ*)|; Tenenhaus et al. 2005, sec. 2.4).
    Construct,
}

/// Why a replicate gave nothing, in the numbers of a stage (0 if there is one) and of its model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// An indicator does not vary.
    Constant(usize, usize),
    /// What a product is made orthogonal to is linearly dependent.
    Orthogonal(usize, usize),
    Failure(usize, Failure),
    /// Some quantity, such as an index whose weights cancel, is not finite.
    NotFinite,
    /// The answers of the resample could not be used at all.
    Answers,
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
/// many. Case weights stay with their respondents. Respondents with a missing answer are resampled with the others when
/// the fit's policy for missing answers uses them, and the policy is applied anew in each replicate, as in seminr;
/// otherwise they take no part.
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
pub struct Bootstrap {
    resamples: usize,
    seed: u64,
    confidence: Confidence,
    interval: IntervalType,
    signs: Signs,
    strata: Option<String>,
    clusters: Option<String>,
    given: Option<Vec<Vec<usize>>>,
    inner: Option<usize>,
    acceleration: bool,
    assessment: bool,
}

impl Bootstrap {
    /// This many resamples; seed 0, 95 % percentile intervals, signs as estimated, with the jackknife that BCa
    /// intervals need.
    pub fn new(resamples: usize) -> Self {
        Self {
            resamples,
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
        }
    }

    /// The resamples as the caller has drawn them: for each the rows (from 0) of the responses, in any number.
    pub fn with_resamples(resamples: Vec<Vec<usize>>) -> Self {
        Self { given: Some(resamples), ..Self::new(0) }
    }

    /// The seed of the random numbers.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The confidence level of the intervals that are printed and serialised.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// The type of the intervals that are printed and serialised.
    #[must_use]
    pub fn interval(self, interval: IntervalType) -> Self {
        Self { interval, ..self }
    }

    /// What is done about the signs of replicates.
    #[must_use]
    pub fn signs(self, signs: Signs) -> Self {
        Self { signs, ..self }
    }

    /// Resample within the levels of a grouping column, so that each keeps its number of respondents.
    #[must_use]
    pub fn stratify(self, group: impl Into<String>) -> Self {
        Self { strata: Some(group.into()), ..self }
    }

    /// Resample the levels of a grouping column whole: respondents of one shop, interviewer or village together.
    #[must_use]
    pub fn cluster(self, group: impl Into<String>) -> Self {
        Self { clusters: Some(group.into()), ..self }
    }

    /// Estimate each replicate's own standard errors from this many resamples of it, for studentised intervals.
    /// The work grows by that factor.
    #[must_use]
    pub fn studentised(self, inner: usize) -> Self {
        Self { inner: Some(inner), ..self }
    }

    /// Leave out the jackknife, one solve for each respondent, and with it BCa and Student t intervals.
    #[must_use]
    pub fn without_jackknife(self) -> Self {
        Self { acceleration: false, ..self }
    }

    /// Leave out reliability and validity (α, ρ_A, ρ_C, AVE, HTMT): about a tenth of the time of a run.
    #[must_use]
    pub fn without_assessment(self) -> Self {
        Self { assessment: false, ..self }
    }

    /// How many resamples there are.
    pub(crate) fn replicates(&self) -> usize {
        self.given.as_ref().map_or(self.resamples, Vec::len)
    }

    pub(crate) fn seed_in_use(&self) -> u64 {
        self.seed
    }

    /// Without what the intervals of an index do not need.
    pub(crate) fn of_index_alone(self) -> Self {
        let acceleration = matches!(self.interval, IntervalType::Bca | IntervalType::StudentT);
        Self { acceleration, assessment: false, ..self }
    }

    /// Resamples the respondents that a model was fitted to.
    ///
    /// # Errors
    ///
    /// Fewer than two resamples; an index out of range; an unknown grouping column; a stratum or a data set of one
    /// respondent or cluster; responses other than those of the fit; fewer than two replicates with a result.
    pub fn run(&self, fit: &Fit, responses: &Responses) -> Result<Bootstrapped> {
        self.run_with(fit, responses, |_, _| ControlFlow::Continue(()))
    }

    /// As [`Bootstrap::run`], telling `progress` now and then how many replicates of how many are done. It is called
    /// from whichever thread did the work, and ends the run by answering `Break`.
    ///
    /// # Errors
    ///
    /// As for [`Bootstrap::run`]; [`crate::ErrorKind::Cancelled`] when `progress` ended the run.
    pub fn run_with(
        &self,
        fit: &Fit,
        responses: &Responses,
        progress: impl Fn(usize, usize) -> ControlFlow<()> + Sync,
    ) -> Result<Bootstrapped> {
        run::bootstrap(self, fit, responses, &progress)
    }
}
