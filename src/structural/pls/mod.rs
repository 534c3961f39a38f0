//! Partial least squares path modelling: the estimator.

pub(crate) mod algorithm;
pub(crate) mod fit;
mod in_use;
pub(crate) mod params;
pub(crate) mod prepare;
mod solver;
pub(crate) mod stage;

pub use fit::{Effect, Fit};
pub use params::{HigherOrder, Interaction, Metric, Mode, Scheme};
pub use solver::{Solution, Solver};

use std::collections::HashSet;

use crate::error::{Faults, Result};
use crate::numeric::check;
use crate::structural::model::Model;
use crate::structural::pls::algorithm::problem::Problem;
use crate::structural::pls::algorithm::workspace::{Stop, Workspace};
use crate::survey::{Indicator, Missing, Moments, Responses};

/// What a model is estimated from.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
#[doc(alias = "raw data")]
#[doc(alias = "covariance matrix")]
pub enum Data<'a> {
    /// The answers themselves.
    Responses(&'a Responses),
    /// Means and covariances: of a stream of answers, of merged shards, or as published.
    Moments(&'a Moments),
}

impl<'a> From<&'a Responses> for Data<'a> {
    fn from(responses: &'a Responses) -> Self {
        Self::Responses(responses)
    }
}

impl<'a> From<&'a Moments> for Data<'a> {
    fn from(moments: &'a Moments) -> Self {
        Self::Moments(moments)
    }
}

/// The estimator of a structural model by partial least squares (PLS path modelling).
///
/// # Formula
///
/// Let S be the covariance matrix of the indicators (their correlation matrix in the standardised metric) and w_j the
/// outer weights of construct j, scaled so that its score has unit variance, w_j′S_jj w_j = 1. Each iteration takes
///
/// 1. the correlations of linked constructs, v_ij = w_i′S_ij w_j;
/// 2. inner weights e_ij from them: the [`Scheme`];
/// 3. the covariances of block i with its inner proxy, c_i = Σ_j e_ij S_ij w_j;
/// 4. new outer weights w_i ∝ c_i ([`Mode::A`]) or w_i ∝ S_ii⁻¹ c_i ([`Mode::B`]), all blocks at once;
///
/// until no standardised weight changes by more than the tolerance. Path coefficients are then the least-squares
/// regressions of each construct's score on those of its predecessors.
///
/// # Numerical notes
///
/// Variances have the divisor n − 1; weights, loadings, paths and R² do not depend on that. All weights start from 1.
/// No sign is changed, as in seminr, cSEM and semPLS; but
/// where the scales of a construct's indicators are declared to point different ways, those on which low answers are good
/// start from −1. `=~` constructs are estimated by mode A and `<~` constructs by
/// mode B unless [`Pls::mode`] says otherwise. The correction for attenuation that makes PLS consistent for common
/// factors is off unless [`Pls::consistent`] turns it on.
///
/// # References
///
/// Wold, H. (1982). Soft modeling: the basic design and some extensions. In *Systems under Indirect Observation II*.
/// Lohmöller, J.-B. (1989). *Latent Variable Path Modeling with Partial Least Squares*, ch. 2.
/// Tenenhaus, M., Esposito Vinzi, V., Chatelin, Y.-M., Lauro, C. (2005). PLS path modeling. *Computational Statistics &
/// Data Analysis*, 48, 159–205. <https://doi.org/10.1016/j.csda.2004.03.005>
///
/// # Examples
///
/// ```
/// use nalgebra::DMatrix;
/// use satindex::structural::{Model, Pls};
/// use satindex::survey::Moments;
///
/// let model: Model = "
///     Satisfaction =~ sat1 + sat2
///     Loyalty      =~ loy1
///     Loyalty ~ Satisfaction
/// ".parse()?;
/// let correlations = DMatrix::from_row_slice(3, 3, &[1.0, 0.6, 0.5, 0.6, 1.0, 0.4, 0.5, 0.4, 1.0]);
/// let moments = Moments::from_covariance(["sat1", "sat2", "loy1"], &correlations, 200.0)?;
/// let fit = Pls::new().fit(&model, &moments)?;
///
/// // With two correlation weights, w ∝ (0.5, 0.4), everything can be had by hand.
/// let score_deviation = (0.5f64 * 0.5 + 0.4 * 0.4 + 2.0 * 0.5 * 0.4 * 0.6).sqrt();
/// assert!((fit.weight("sat1")? - 0.5 / score_deviation).abs() < 1e-12);
/// assert!((fit.path("Satisfaction", "Loyalty")? - (0.25 + 0.16) / score_deviation).abs() < 1e-12);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default, deny_unknown_fields))]
#[doc(alias = "PLS-SEM")]
#[doc(alias = "PLSPM")]
#[must_use]
pub struct Pls {
    scheme: Scheme,
    metric: Metric,
    modes: Vec<(String, Mode)>,
    start: Vec<(String, Vec<f64>)>,
    /// `None`: 10⁻¹⁰ for a fit, 10⁻⁷ for each replicate of a bootstrap.
    tolerance: Option<f64>,
    max_iterations: usize,
    missing: Missing,
    allow_few_respondents: bool,
    consistent: bool,
    interaction: Interaction,
    higher_order: HigherOrder,
    /// Of indicators.
    reliabilities: Vec<(String, f64)>,
    /// Covariances of the measurement errors of two indicators, as shares of their standard deviations.
    shared_errors: Vec<(String, String, f64)>,
    /// Indicators that a stage repeats for constructs of higher order, each with the one that it repeats.
    repeated: Vec<(String, String)>,
}

impl Default for Pls {
    fn default() -> Self {
        Self::new()
    }
}

impl Pls {
    /// Path scheme, standardised metric, tolerance 10⁻¹⁰, at most 300 iterations, missing answers listwise.
    pub fn new() -> Self {
        Self {
            scheme: Scheme::Path,
            metric: Metric::Standardised,
            modes: Vec::new(),
            start: Vec::new(),
            tolerance: None,
            max_iterations: 300,
            missing: Missing::default(),
            allow_few_respondents: false,
            consistent: false,
            interaction: Interaction::default(),
            higher_order: HigherOrder::default(),
            reliabilities: Vec::new(),
            shared_errors: Vec::new(),
            repeated: Vec::new(),
        }
    }

    /// The inner weighting scheme.
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Standardised or raw indicators.
    pub fn metric(mut self, metric: Metric) -> Self {
        self.metric = metric;
        self
    }

    /// The mode of one construct, in place of the one that its kind implies.
    pub fn mode(mut self, construct: impl Into<String>, mode: Mode) -> Self {
        self.modes.push((construct.into(), mode));
        self
    }

    /// The weights that a construct's iteration starts from, one for each of its indicators, to within a common factor.
    pub fn start_weights(mut self, construct: impl Into<String>, weights: impl Into<Vec<f64>>) -> Self {
        self.start.push((construct.into(), weights.into()));
        self
    }

    /// The iteration ends when no standardised outer weight changes by more than this: 10⁻¹⁰ unless told
    /// otherwise, and 10⁻⁷ in the replicates of a bootstrap.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// After this many iterations without reaching the tolerance there is an error.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = iterations;
        self
    }

    /// What is done about missing answers.
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// Estimate even from no more respondents than there are indicators. By default that is an error: the correlation
    /// matrix is then singular, and what is estimated from it says more about the sample than about the population.
    pub fn allow_few_respondents(mut self) -> Self {
        self.allow_few_respondents = true;
        self
    }

    /// Correct the estimates of `=~` constructs for attenuation: consistent partial least squares (PLSc).
    ///
    /// # Formula
    ///
    /// Let w be the weights of a construct and d what its loadings are proportional to: w (mode A, unit weights) or
    /// S_jj w (mode B). Then c² = Σ_{i≠k} d_i S_ik d_k / Σ_{i≠k} (d_i d_k)², the loadings are λ = c d, and the
    /// reliability of the score is ρ_A = c²(w′d)². The correlations of the constructs are those of the scores over
    /// √(ρ_A ρ_A′); paths, R² and effects follow from them. ρ_A is 1 for `<~` constructs and single indicators, which are
    /// not corrected.
    ///
    /// With unit weights ρ_A is Cronbach's α and all loadings of the construct are equal.
    ///
    /// # Numerical notes
    ///
    /// As in cSEM only `=~` constructs are corrected; seminr corrects, as soon as one construct is reflective, every
    /// construct that is not of mode B. What is corrected need not be admissible: loadings and correlations can exceed 1,
    /// see [`Fit::verify`].
    ///
    /// # References
    ///
    /// Dijkstra, T. K., Henseler, J. (2015). Consistent partial least squares path modeling. *MIS Quarterly*, 39(2),
    /// 297–316. <https://doi.org/10.25300/MISQ/2015/39.2.02>
    ///
    /// Dijkstra, T. K. (2010). Latent variables and indices: Herman Wold's basic design and partial least squares. In
    /// *Handbook of Partial Least Squares*, 23–46. <https://doi.org/10.1007/978-3-540-32827-8_2> (mode B)
    ///
    /// # Examples
    ///
    /// The estimates from a population are its parameters:
    ///
    /// ```
    /// use satindex::structural::{Model, Pls, Population};
    /// use satindex::survey::Moments;
    ///
    /// let model: Model = "A =~ a1 + a2; B =~ b1 + b2 + b3; B ~ A".parse()?;
    /// let population = Population::builder(model.clone())
    ///     .loadings("A", [0.8, 0.7])
    ///     .loadings("B", [0.9, 0.8, 0.6])
    ///     .path("A", "B", 0.5)
    ///     .build()?;
    /// let moments = Moments::from_covariance(model.indicators(), population.sigma(), 500.0)?;
    /// let fit = Pls::new().tolerance(1e-12).consistent().fit(&model, &moments)?;
    /// assert!((fit.path("A", "B")? - 0.5).abs() < 1e-10);
    /// assert!((fit.loading("b3")? - 0.6).abs() < 1e-10);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[doc(alias = "PLSc")]
    #[doc(alias = "disattenuation")]
    pub fn consistent(mut self) -> Self {
        self.consistent = true;
        self
    }

    /// How the products of constructs are estimated that a model has.
    #[doc(alias = "moderation")]
    #[doc(alias = "quadratic effect")]
    pub fn interaction(mut self, interaction: Interaction) -> Self {
        self.interaction = interaction;
        self
    }

    /// How the constructs of higher order are estimated that a model has.
    #[doc(alias = "second order")]
    #[doc(alias = "hierarchical component model")]
    pub fn higher_order(mut self, higher_order: HigherOrder) -> Self {
        self.higher_order = higher_order;
        self
    }

    /// Estimates a model of plain constructs and paths from the moments of its indicators.
    pub(crate) fn fit_moments(&self, model: &Model, moments: impl FnOnce() -> Result<Moments>) -> Result<Fit> {
        let (mut plan, modes) = self.plan(model)?;
        let moments = moments()?;
        self.orient(&mut plan, model, moments.indicators().iter().map(Indicator::scale));
        let problem = self.problem(&moments)?;
        let mut work = Workspace::new(&plan, 0.0);
        work.solve(&plan, self.stop(), &problem.matrix, &problem.units);
        match work.failure[0] {
            None => Ok(Fit::new(model.clone(), self.clone(), modes, moments, &problem, &work)),
            Some(failure) => Err(failure.explain(model, &plan, &problem, &work)),
        }
    }

    /// These options with the knowledge that one indicator repeats another for a construct of higher order.
    pub(crate) fn repeating(mut self, copy: &str, original: &str) -> Self {
        self.repeated.push((copy.to_owned(), original.to_owned()));
        self
    }

    /// Does one indicator repeat the other, or both a third?
    pub(crate) fn repeats(&self, first: &str, second: &str) -> bool {
        let original =
            |name: &str| self.repeated.iter().find(|(copy, _)| copy == name).map(|(_, original)| original.as_str());
        original(first).unwrap_or(first) == original(second).unwrap_or(second)
    }

    /// These options without the correction for attenuation.
    pub(crate) fn uncorrected(&self) -> Self {
        Self { consistent: false, reliabilities: Vec::new(), shared_errors: Vec::new(), ..self.clone() }
    }

    /// These options for a model that lacks some of the constructs that they name.
    pub(crate) fn restricted_to(&self, model: &Model) -> Self {
        let mut restricted = self.clone();
        restricted.modes.retain(|(name, _)| model.position(name).is_ok());
        restricted.start.retain(|(name, _)| model.position(name).is_ok());
        let known: HashSet<&str> = model.indicators().collect();
        restricted.reliabilities.retain(|(name, _)| known.contains(name.as_str()));
        restricted
            .shared_errors
            .retain(|(one, other, _)| [one, other].iter().all(|name| known.contains(name.as_str())));
        restricted.repeated.retain(|(one, other)| [one, other].iter().all(|name| known.contains(name.as_str())));
        restricted
    }

    /// These options for the model that another one has been turned into.
    pub(crate) fn adapted(&self, from: &Model, to: &Model) -> Self {
        let mut adapted = self.restricted_to(to);
        let parts = |model: &Model, name: &str| model.construct(name).map(|construct| construct.indicators().to_vec());
        // Weights were given for the indicators that the construct then had.
        adapted.start.retain(|(name, _)| parts(from, name) == parts(to, name));
        adapted
    }

    /// Checks that every construct and indicator that the options name is in one of these models.
    pub(crate) fn check_names(&self, models: [&Model; 2]) -> Result<()> {
        let mut faults = Faults::default();
        let names = self.modes.iter().map(|(name, _)| name).chain(self.start.iter().map(|(name, _)| name));
        for name in names {
            if models[1].position(name).is_err() {
                faults.check(models[0].position(name));
            }
        }
        for (name, _) in &self.reliabilities {
            if !models.iter().any(|model| model.indicators().any(|known| known == name)) {
                faults.push(check::unknown(name, "indicator"));
            }
        }
        faults.or(())
    }

    pub(crate) fn stop(&self) -> Stop {
        Stop { tolerance: self.tolerance.unwrap_or(1e-10), max_iterations: self.max_iterations }
    }

    /// When the iteration of a replicate ends: unless told otherwise with an error a million times smaller than what
    /// the replicates are to measure.
    pub(crate) fn stop_of_replicates(&self) -> Stop {
        Stop { tolerance: self.tolerance.unwrap_or(1e-7), max_iterations: self.max_iterations }
    }
}

/// Where the model's indicators stand among the answers.
pub(crate) fn columns(model: &Model, responses: &Responses) -> Result<Vec<usize>> {
    let mut faults = Faults::default();
    let columns = model.indicators().filter_map(|name| faults.check(responses.position(name))).collect();
    faults.or(columns)
}
