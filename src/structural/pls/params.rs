//! The choices that the estimator has.

/// How a construct's outer weights are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[doc(alias = "mode A")]
#[doc(alias = "mode B")]
#[doc(alias = "sum score")]
pub enum Mode {
    /// Correlation weights: each indicator's covariance with the inner proxy.
    A,
    /// Regression weights: the coefficients of the inner proxy's regression on the indicators.
    B,
    /// The same weight for every (standardised, or in the raw metric raw) indicator: a sum score.
    #[cfg_attr(feature = "serde", serde(rename = "unit"))]
    Unit,
}

/// How much each neighbour counts in a construct's inner proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[doc(alias = "inner weighting scheme")]
#[doc(alias = "path weighting")]
pub enum Scheme {
    /// The sign of the correlation (Wold 1982).
    Centroid,
    /// The correlation (Lohmöller 1989).
    Factorial,
    /// The regression coefficient of a predecessor, the correlation with a successor (Lohmöller 1989).
    #[default]
    Path,
}

/// The units in which indicators enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[doc(alias = "standardized")]
pub enum Metric {
    /// Each indicator has unit variance: the correlation matrix.
    #[default]
    Standardised,
    /// Each indicator keeps its units: the covariance matrix. For indicators on one common scale.
    Raw,
}

/// What the loadings of a construct are proportional to, given how its weights came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// w ∝ λ: weights of mode A are covariances with the inner proxy; unit weights say that all loadings are equal, as
    /// Cronbach's α does.
    Weights,
    /// Sw ∝ λ: weights of mode B are S⁻¹ times such covariances.
    Products,
}

impl Direction {
    pub(crate) fn of(mode: Mode) -> Self {
        match mode {
            Mode::A | Mode::Unit => Self::Weights,
            Mode::B => Self::Products,
        }
    }
}

/// How the product of two constructs gets indicators of its own.
///
/// # References
///
/// Henseler, J., Chin, W. W. (2010). A comparison of approaches for the analysis of interaction effects between latent
/// variables using partial least squares path modeling. *Structural Equation Modeling*, 17(1), 82–109.
/// <https://doi.org/10.1080/10705510903439003>
///
/// Dijkstra, T. K., Schermelleh-Engel, K. (2014). Consistent partial least squares for nonlinear structural equation
/// models. *Psychometrika*, 79(4), 585–604. <https://doi.org/10.1007/s11336-013-9370-0>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[doc(alias = "moderation")]
#[doc(alias = "two-stage approach")]
pub enum Interaction {
    /// The products of every standardised indicator of the one with every one of the other (Chin, Marcolin & Newsted 2003).
    ProductIndicators,
    /// These products less what the indicators of both constructs explain of them: their residuals in a regression on all
    /// of those (Little, Bovaird & Widaman 2006).
    Orthogonal,
    /// The product of the scores in the model without products. All other constructs keep their indicators, and their
    /// weights are estimated anew.
    #[default]
    TwoStage,
    /// The product of the scores in the model without products, with every other construct at its score there: weights are
    /// those of the model without products, as in cSEM. Under [`Pls::consistent`](crate::structural::Pls::consistent) all moments of scores that the estimates
    /// take are corrected for attenuation (Dijkstra & Schermelleh-Engel 2014): consistent PLS for nonlinear models.
    Sequential,
    /// The same with the moments that cSEM forms, whose divisors do not belong together: means of products (divisor n) of
    /// scores with variance 1 by divisor n − 1, beside 1 for the variances of single constructs and for the mean that is
    /// taken from a square. Correlations of constructs are then (n − 1)/n times as large.
    SequentialMoments,
}

impl Interaction {
    /// Does another model give it scores?
    pub(crate) fn has_stages(self) -> bool {
        matches!(self, Self::TwoStage | Self::Sequential | Self::SequentialMoments)
    }

    /// Is every other construct at its score too?
    pub(crate) fn is_sequential(self) -> bool {
        matches!(self, Self::Sequential | Self::SequentialMoments)
    }
}

/// How a construct of higher order gets indicators.
///
/// Where these are scores and the estimates are [consistent](crate::structural::Pls::consistent), a score has the reliability that it had in
/// the first stage. A score alone stands for its construct corrected by it; a common factor of scores has ρ_A of the scores
/// as they are, and [`Fit::disattenuated_loading`](crate::structural::Fit::disattenuated_loading) for each dimension, both as
/// in cSEM; a composite of scores is corrected by what their errors make of its variance (Van Riel et al. 2017), see
/// [`Pls::reliability`](crate::structural::Pls::reliability).
///
/// # References
///
/// Sarstedt, M., Hair, J. F., Cheah, J.-H., Becker, J.-M., Ringle, C. M. (2019). How to specify, estimate, and validate
/// higher-order constructs in PLS-SEM. *Australasian Marketing Journal*, 27(3), 197–211.
/// <https://doi.org/10.1016/j.ausmj.2019.05.003>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
#[doc(alias = "second order")]
#[doc(alias = "hierarchical component model")]
pub enum HigherOrder {
    /// All indicators of its dimensions once more (Wold 1982). It acts on its dimensions if it is reflective, and they on it
    /// if it is a composite; they then explain nearly all of it, and leave little to its other predecessors.
    RepeatedIndicators,
    /// The scores of its dimensions in the model with repeated indicators, with every other construct at its score there:
    /// the `mixed` approach of cSEM.
    EmbeddedTwoStage,
    /// The scores of its dimensions in a model in which every construct acts on all that come after it, with every other
    /// construct at its score there: the `2stage` of cSEM.
    SaturatedTwoStage,
    /// The scores of its dimensions in the model in which they have its paths; every other construct keeps its indicators.
    /// This is the `two_stage` of seminr.
    #[default]
    DisjointTwoStage,
}
