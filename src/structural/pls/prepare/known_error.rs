//! Indicators whose reliability is known.

use crate::error::{Faults, Result};
use crate::numeric::check;
use crate::structural::model::Model;
use crate::structural::pls::Pls;
use crate::structural::pls::algorithm::plan::Plan;

impl Pls {
    /// The reliability of an indicator, where it is known: the share of its variance that is not measurement error. From
    /// earlier studies, from a test repeated, or, for the score that stands for a construct, from an earlier stage.
    ///
    /// # Formula
    ///
    /// Let Θ hold the variances (1 − rᵢ)sᵢ² of the errors. The score of a construct with weights w and unit variance has
    /// the reliability ρ = 1 − w′Θw; its covariances with scores and indicators are those observed less the error in them,
    /// over √ρ. With a single indicator ρ is that indicator's: a correlation r becomes r/√(ρᵢρⱼ) (Spearman 1904), and its
    /// loading √ρ. For a composite of scores this is the correction of Van Riel et al. (2017). The weights are estimated
    /// as without.
    ///
    /// Under [`Pls::consistent`] a reflective construct of several indicators is corrected by its ρ_A instead, in which the
    /// error of its indicators is already; see [`Fit::disattenuated_loading`](crate::structural::Fit::disattenuated_loading). cSEM's `.reliabilities` are those of
    /// constructs.
    ///
    /// A reliability that is not positive, and an unknown indicator, are errors of [`Pls::fit`].
    ///
    /// # References
    ///
    /// Spearman, C. (1904). The proof and measurement of association between two things. *American Journal of Psychology*,
    /// 15(1), 72–101. <https://doi.org/10.2307/1412159>
    ///
    /// Van Riel, A. C. R., Henseler, J., Kemény, I., Sasovova, Z. (2017). Estimating hierarchical constructs using
    /// consistent partial least squares. *Industrial Management & Data Systems*, 117(3), 459–477.
    /// <https://doi.org/10.1108/IMDS-07-2016-0286>
    ///
    /// # Examples
    ///
    /// ```
    /// use nalgebra::DMatrix;
    /// use satindex::structural::{Model, Pls};
    /// use satindex::survey::Moments;
    ///
    /// let model: Model = "A =~ a; B =~ b; B ~ A".parse()?;
    /// let correlations = DMatrix::from_row_slice(2, 2, &[1.0, 0.36, 0.36, 1.0]);
    /// let moments = Moments::from_covariance(["a", "b"], &correlations, 100.0)?;
    /// let fit = Pls::new().reliability("a", 0.81).reliability("b", 0.64).fit(&model, &moments)?;
    /// assert!((fit.path("A", "B")? - 0.36 / (0.9 * 0.8)).abs() < 1e-15);
    /// assert!((fit.loading("a")? - 0.9).abs() < 1e-15);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn reliability(mut self, indicator: impl Into<String>, reliability: f64) -> Self {
        let indicator = indicator.into();
        self.reliabilities.retain(|(known, _)| *known != indicator);
        self.reliabilities.push((indicator, reliability));
        self
    }

    /// The covariance of the measurement errors of two indicators, as a share of their standard deviations.
    pub(crate) fn shared_error(mut self, first: &str, second: &str, share: f64) -> Self {
        self.shared_errors.push((first.to_owned(), second.to_owned(), share));
        self
    }

    /// The reliability that an indicator was given; 1 unless it was.
    pub(crate) fn reliability_of(&self, indicator: &str) -> Option<f64> {
        self.reliabilities.iter().find(|(name, _)| name == indicator).map(|(_, reliability)| *reliability)
    }

    pub(super) fn with_known_errors(&self, mut plan: Plan, model: &Model) -> Result<Plan> {
        if self.reliabilities.is_empty() && self.shared_errors.is_empty() {
            return Ok(plan);
        }
        let names: Vec<&str> = model.indicators().collect();
        let mut faults = Faults::default();
        for (name, reliability) in &self.reliabilities {
            let at = faults.check(check::position(&names, name, "indicator"));
            let sound = faults.check(check::positive(*reliability, || format!("the reliability of `{name}`")));
            if let (Some(at), Some(reliability)) = (at, sound) {
                plan = plan.with_error([at, at], 1.0 - reliability);
            }
        }
        for (first, second, share) in &self.shared_errors {
            let places = [first, second].map(|name| faults.check(check::position(&names, name, "indicator")));
            let place = || format!("the error that `{first}` and `{second}` share");
            if let ([Some(first), Some(second)], Some(share)) = (places, faults.check(check::finite(*share, place))) {
                plan = plan.with_error([first, second], share);
            }
        }
        faults.or(plan)
    }
}
