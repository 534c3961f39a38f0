//! Is the model any good? The figures by which measurement, structure and fit are judged.
//!
//! Every figure is a function of plain numbers — correlations, weights, loadings, paths — so that it can be had for a
//! resample as well; the methods of [`Assessment`] put the names to them.

mod blindfolding;
pub(crate) mod distance;
pub(crate) mod estimates;
pub(crate) mod figures;
pub(crate) mod fit;
mod fit_of_stages;
pub(crate) mod implied;
pub(crate) mod mediation;
pub(crate) mod paths;
pub(crate) mod regression;
pub(crate) mod reliability;
pub(crate) mod validity;

pub use blindfolding::Blindfolding;
pub use figures::Figures;
pub use fit::{FitMeasures, Gfi, Logarithm, ModelFit};
pub use implied::ResidualVariance;
pub use mediation::{Mediation, MediationKind};
pub use paths::ScoresWithout;
pub use reliability::{Reliability, RhoA, ScoreVariance, ScoreWeights};
pub use validity::{FornellLarcker, Htmt};

use crate::structural::pls::Fit;

/// The questions that reviewers ask of a fit, from [`Fit::assess`]: is the measurement reliable and valid, what does each
/// path add, does the model fit?
///
/// | question | method |
/// |---|---|
/// | How reliable are the scores? | [`reliability`](Self::reliability), [`congeneric_reliability`](Self::congeneric_reliability), [`unidimensionality`](Self::unidimensionality) |
/// | Are the constructs distinct? | [`htmt`](Self::htmt), [`fornell_larcker`](Self::fornell_larcker), [`cross_loadings`](Self::cross_loadings) |
/// | Are causes collinear? | [`inner_vif`](Self::inner_vif), [`outer_vif`](Self::outer_vif), [`full_collinearity_vif`](Self::full_collinearity_vif) |
/// | What does each path add? | [`f_squared`](Self::f_squared), [`mediation`](Self::mediation), [`information_criteria`](Self::information_criteria) |
/// | Does the whole model fit? | [`model_fit`](Self::model_fit), [`goodness_of_fit`](Self::goodness_of_fit) |
/// | Does it predict? | [`blindfolding`](Self::blindfolding) |
///
/// Where packages differ, the convention is an argument. [`Fit::verify`] says what is wrong with a fit, and [`Fit::report`]
/// prints all of it by the defaults.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Htmt, Pls, RhoA, template};
///
/// let survey = template::acsi();
/// let responses = survey.population().build()?.likert(&survey.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&survey.model(), &responses)?;
/// let alpha = fit.assess().reliability(RhoA::default()).alpha("Satisfaction")?;
/// assert!(alpha.is_some_and(|alpha| alpha > 0.7));
/// let ratio = fit.assess().htmt(Htmt::Geometric).get("Quality", "Satisfaction")?;
/// assert!(ratio.is_some_and(|ratio| ratio < 1.0));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
#[doc(alias = "quality criteria")]
#[doc(alias = "measurement quality")]
pub struct Assessment<'a> {
    pub(crate) fit: &'a Fit,
}

impl Fit {
    /// The figures by which a fit is judged: reliability, validity, collinearity, effect sizes, overall fit.
    #[doc(alias = "HTMT")]
    #[doc(alias = "AVE")]
    #[doc(alias = "SRMR")]
    #[doc(alias = "VIF")]
    pub fn assess(&self) -> Assessment<'_> {
        Assessment { fit: self }
    }
}
