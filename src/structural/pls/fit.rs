//! What the estimator gives: the fitted model and the questions that it answers.

pub(crate) mod doors;
mod effect;
mod parts;
#[cfg(feature = "serde")]
pub(crate) mod record;
mod tables;

pub use effect::Effect;

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Result};
use crate::numeric::{check, rounding};
use crate::structural::model::Model;
use crate::structural::model::effects;
use crate::structural::pls::algorithm::workspace::Workspace;
use crate::structural::pls::params::Mode;
use crate::structural::pls::stage::Staged;
use crate::structural::pls::{Pls, Problem};
use crate::survey::Moments;

/// A fitted structural model.
///
/// Scores have mean 0 and variance 1 (divisor n − 1), so path coefficients are standardised ones. Where the fit is a
/// [consistent](Pls::consistent) one, loadings, correlations, paths, R² and effects are those of the constructs, corrected
/// for attenuation; weights, scores and indices are the same as without. `Display` prints the
/// tables of a report.
///
/// # Saving
///
/// With the feature `serde` the fit is written as one object with its figures, the options (`estimator`) and the `moments`
/// of its indicators; for a model in several stages also what was asked for and the moments of each stage (`stages`). No
/// answers are in it. On reading, the model is estimated anew from the stored moments. A figure that differs from the one
/// that they give by more than 10⁻⁹ (or the tolerance of the iteration up to 10⁻⁶), of the larger of 1 and its size, is an
/// error that names the field. A fit that was read scores, assesses and bootstraps as the one that was written.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// assert!(fit.path("Quality", "Satisfaction")? > 0.0);
/// assert!(fit.r_squared("Satisfaction")?.unwrap() > 0.3);
/// assert!((50.0..90.0).contains(&fit.index("Satisfaction")?.value()));
/// println!("{fit}");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "path coefficient")]
#[doc(alias = "outer weight")]
#[doc(alias = "loading")]
#[doc(alias = "R-squared")]
pub struct Fit {
    model: Model,
    pls: Pls,
    /// What stands behind the fit, if it is the last of several stages.
    staged: Option<Box<Staged>>,
    modes: Vec<Mode>,
    moments: Moments,
    deviations: Vec<f64>,
    /// Weights of the indicators in their own units.
    weights: Vec<f64>,
    /// The number of the construct of each indicator.
    owners: Vec<usize>,
    /// Indicators × constructs.
    cross_loadings: DMatrix<f64>,
    correlations: DMatrix<f64>,
    /// The squared correlation of each construct with its score: 1 where nothing was corrected for attenuation.
    reliabilities: Vec<f64>,
    /// Coefficients: row acted on, column cause.
    paths: DMatrix<f64>,
    r_squared: Vec<Option<f64>>,
    iterations: usize,
    change: f64,
}

/// Path coefficients, 0 where they are rounding: bᵢ = rᵢ − Σrᵢⱼbⱼ over the other predecessors j.
fn settled_paths(model: &Model, paths: &DMatrix<f64>, correlations: &DMatrix<f64>) -> DMatrix<f64> {
    let mut settled = paths.clone();
    for &(from, to) in model.paths() {
        let others = model.predecessors(to).filter(|other| *other != from);
        let carried: f64 = others.map(|other| (correlations[(from, other)] * paths[(to, other)]).abs()).sum();
        settled[(to, from)] = rounding::settled(paths[(to, from)], correlations[(from, to)].abs() + carried);
    }
    settled
}

impl Fit {
    pub(super) fn new(
        model: Model,
        pls: Pls,
        modes: Vec<Mode>,
        moments: Moments,
        problem: &Problem,
        work: &Workspace<f64>,
    ) -> Self {
        let constructs = model.constructs().len();
        let size = work.weights.len();
        let cross_loadings =
            DMatrix::from_fn(size, constructs, |row, column| work.cross[column * size + row] / problem.units[row]);
        let correlations =
            DMatrix::from_fn(constructs, constructs, |row, column| work.covariance[row * constructs + column]);
        let mut paths = DMatrix::zeros(constructs, constructs);
        for (&(from, to), coefficient) in model.paths().iter().zip(&work.paths) {
            paths[(to, from)] = *coefficient;
        }
        let paths = settled_paths(&model, &paths, &correlations);
        let explained = |at| model.predecessors(at).next().map(|_| work.r_squared[at]);
        let r_squared = (0..constructs).map(explained).collect();
        let own_units = |at: usize| work.weights[at] * problem.units[at] / problem.deviations[at];
        let owners = model.constructs().iter().enumerate();
        Self {
            weights: (0..size).map(own_units).collect(),
            owners: owners.flat_map(|(at, construct)| vec![at; construct.indicators().len()]).collect(),
            deviations: problem.deviations.clone(),
            iterations: work.iterations,
            change: work.change,
            model,
            pls,
            staged: None,
            modes,
            moments,
            cross_loadings,
            correlations,
            reliabilities: work.reliabilities.clone(),
            paths,
            r_squared,
        }
    }

    /// The model that was fitted: of plain constructs and paths, the last stage where there are several.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The options under which it was fitted.
    pub fn estimator(&self) -> &Pls {
        &self.pls
    }

    /// Were the estimates corrected for attenuation ([`Pls::consistent`], [`Pls::reliability`])?
    pub fn is_consistent(&self) -> bool {
        self.pls.consistent || !self.pls.reliabilities.is_empty()
    }

    /// Means and covariances of the indicators, in the order of the model.
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// The number of answers: the sum of the case weights.
    pub fn n(&self) -> f64 {
        self.moments.n()
    }

    /// How many iterations it took; 0 when no weights had to be found by iteration.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// The largest change of a standardised outer weight in the last iteration.
    pub fn last_change(&self) -> f64 {
        self.change
    }

    fn indicator(&self, name: &str) -> Result<usize> {
        self.model.indicators().position(|known| known == name).ok_or_else(|| check::unknown(name, "indicator"))
    }

    /// The mode by which a construct was estimated.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn mode(&self, construct: &str) -> Result<Mode> {
        self.model.position(construct).map(|at| self.modes[at])
    }

    /// The outer weight of a standardised indicator.
    ///
    /// # Errors
    ///
    /// An unknown indicator.
    pub fn weight(&self, indicator: &str) -> Result<f64> {
        self.indicator(indicator).map(|at| self.weights[at] * self.deviations[at])
    }

    /// The outer weight of an indicator in its own units: the standardised weight over the standard deviation.
    ///
    /// # Errors
    ///
    /// An unknown indicator.
    pub fn unstandardised_weight(&self, indicator: &str) -> Result<f64> {
        self.indicator(indicator).map(|at| self.weights[at])
    }

    /// The loading of an indicator: its correlation with its construct's score, or in a consistent fit with the construct.
    ///
    /// # Errors
    ///
    /// An unknown indicator.
    pub fn loading(&self, indicator: &str) -> Result<f64> {
        self.indicator(indicator).map(|at| self.cross_loadings[(at, self.owners[at])])
    }

    /// The loading of an indicator without its own measurement error, λ/√r: where its [reliability](Pls::reliability) r is
    /// known, the correlation of what it measures with its construct. For the score of a dimension that is the dimension
    /// itself; cSEM prints this for constructs of second order.
    ///
    /// # Errors
    ///
    /// An unknown indicator.
    pub fn disattenuated_loading(&self, indicator: &str) -> Result<f64> {
        Ok(self.loading(indicator)? / self.estimator().reliability_of(indicator).unwrap_or(1.0).sqrt())
    }

    /// The correlation of an indicator with the score of any construct, or in a consistent fit with the construct.
    ///
    /// # Errors
    ///
    /// An unknown indicator or construct.
    pub fn cross_loading(&self, indicator: &str, construct: &str) -> Result<f64> {
        Ok(self.cross_loadings[(self.indicator(indicator)?, self.model.position(construct)?)])
    }

    /// The path coefficient of the direct effect of one construct on another.
    ///
    /// # Errors
    ///
    /// An unknown construct; no such path in the model.
    pub fn path(&self, from: &str, to: &str) -> Result<f64> {
        let pair = (self.model.position(from)?, self.model.position(to)?);
        if !self.model.paths().contains(&pair) {
            return Err(check::unknown(&format!("{from} -> {to}"), "path"));
        }
        Ok(self.paths[(pair.1, pair.0)])
    }

    /// The share of a construct's variance that its predecessors explain; `None` without predecessors.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn r_squared(&self, construct: &str) -> Result<Option<f64>> {
        self.model.position(construct).map(|at| self.r_squared[at])
    }

    /// Adjusted R² = 1 − (1 − R²)(n − 1)/(n − k − 1) with k predecessors; `None` without predecessors, or when no
    /// more than k + 1 answers leave nothing to adjust by. In models with products cSEM 0.6.1 has n − k in place of
    /// n − k − 1.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn adjusted_r_squared(&self, construct: &str) -> Result<Option<f64>> {
        self.model.position(construct).map(|at| self.adjusted(at))
    }

    fn adjusted(&self, at: usize) -> Option<f64> {
        let left = self.n() - self.model.predecessors(at).count() as f64 - 1.0;
        let r_squared = self.r_squared[at].filter(|_| left > 0.0)?;
        Some(1.0 - (1.0 - r_squared) * (self.n() - 1.0) / left)
    }

    /// The correlation of two constructs' scores, or in a consistent fit of the constructs.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn construct_correlation(&self, first: &str, second: &str) -> Result<f64> {
        Ok(self.correlations[(self.model.position(first)?, self.model.position(second)?)])
    }

    /// The correlation of two constructs' scores; in a consistent fit, rᵢⱼ√(ρᵢρⱼ) of the constructs' correlation rᵢⱼ and
    /// their reliabilities ρ_A.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn score_correlation(&self, first: &str, second: &str) -> Result<f64> {
        let (first, second) = (self.model.position(first)?, self.model.position(second)?);
        let correlation = self.correlations[(first, second)];
        let attenuation = (self.reliabilities[first] * self.reliabilities[second]).sqrt();
        Ok(if first == second { correlation } else { correlation * attenuation })
    }

    /// The total effect of one construct on another: direct and indirect. 0 when no route leads there.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn total_effect(&self, from: &str, to: &str) -> Result<f64> {
        let (from, to) = (self.model.position(from)?, self.model.position(to)?);
        Ok(effects::total_effects(&self.model, &self.paths)[(to, from)])
    }

    /// The indirect effect of one construct on another: over all routes of two paths or more.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn indirect_effect(&self, from: &str, to: &str) -> Result<f64> {
        let (from, to) = (self.model.position(from)?, self.model.position(to)?);
        let total = effects::total_effects(&self.model, &self.paths)[(to, from)];
        Ok(effects::indirect(total, self.paths[(to, from)]))
    }

    fn effect(&self, (from, to): (usize, usize), estimate: f64) -> Effect {
        let name = |at: usize| self.model.constructs()[at].name().to_owned();
        Effect { from: name(from), to: name(to), through: Vec::new(), estimate }
    }

    /// Every direct effect: the path coefficients.
    pub fn direct_effects(&self) -> Vec<Effect> {
        self.model.paths().iter().map(|&(from, to)| self.effect((from, to), self.paths[(to, from)])).collect()
    }

    /// The total effect of every construct on every construct that a route leads to.
    pub fn total_effects(&self) -> Vec<Effect> {
        let total = effects::total_effects(&self.model, &self.paths);
        let pairs = effects::joined_pairs(&self.model).into_iter();
        pairs.map(|(from, to)| self.effect((from, to), total[(to, from)])).collect()
    }

    /// The indirect effect of every construct on every construct that a route of two paths or more leads to.
    pub fn indirect_effects(&self) -> Vec<Effect> {
        let total = effects::total_effects(&self.model, &self.paths);
        let pairs = effects::indirect_pairs(&self.model).into_iter();
        let indirect = |from, to| effects::indirect(total[(to, from)], self.paths[(to, from)]);
        pairs.map(|(from, to)| self.effect((from, to), indirect(from, to))).collect()
    }

    /// Every indirect effect route by route: the product of the path coefficients along it.
    ///
    /// # Errors
    ///
    /// When the model has more than 10,000 routes.
    pub fn specific_indirect_effects(&self) -> Result<Vec<Effect>> {
        let name = |at: &usize| self.model.constructs()[*at].name().to_owned();
        let specific = |route: Vec<usize>| {
            let estimate = route.windows(2).map(|step| self.paths[(step[1], step[0])]).product();
            let ends = (route[0], route[route.len() - 1]);
            Effect { through: route[1..route.len() - 1].iter().map(name).collect(), ..self.effect(ends, estimate) }
        };
        Ok(effects::indirect_routes(&self.model)?.into_iter().map(specific).collect())
    }

    // ---- for the rooms that ask further ----

    pub(crate) fn own_weights(&self) -> &[f64] {
        &self.weights
    }

    pub(crate) fn deviations(&self) -> &[f64] {
        &self.deviations
    }

    /// The means of the indicators, or an error that says what they were needed for.
    pub(crate) fn means(&self, purpose: &str) -> Result<&[f64]> {
        self.moments.means().ok_or_else(|| {
            let place = format!("{purpose} needs the indicators' means");
            ErrorKind::Unsupported { place, reason: "the data are covariances without means".into() }.into()
        })
    }
}
