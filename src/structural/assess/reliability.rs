//! How reliably the indicators of each construct measure it, and whether they measure one thing.

use std::fmt;
use std::ops::Range;

use nalgebra::DMatrix;

use crate::error::Result;
use crate::numeric::linalg;
use crate::numeric::number::{Number, dot};
use crate::numeric::rounding::{Sum, settled};
use crate::numeric::square::Square;
use crate::structural::assess::Assessment;
use crate::structural::assess::figures::Figures;
use crate::structural::model::ConstructKind;
use crate::structural::pls::Mode;
use crate::structural::pls::algorithm::consistent::rho_a_of_block;
use crate::structural::pls::params::Direction;
use crate::table::Table;

// ---- the formulas, on plain numbers; where a figure is undefined they give NaN ----

/// α = k/(k − 1)·(1 − Σdiagonal/Σall) of a block of a covariance or correlation matrix. Undefined for a single indicator, and
/// where the sum of the indicators has no variance.
#[inline(always)]
pub(crate) fn alpha<N: Number>(matrix: Square<'_, N>, block: &Range<usize>) -> N {
    let (mut diagonal, mut below) = (matrix.zero(), Sum::new(matrix.zero()));
    for row in block.clone() {
        diagonal += matrix.at(row, row);
        for column in block.start..row {
            below.add(matrix.at(row, column));
        }
    }
    let whole = settled(below.value + below.value + diagonal, below.size + below.size + diagonal);
    let k = block.len() as f64;
    let alpha = (diagonal.one() - diagonal / whole) * diagonal.splat(k / (k - 1.0));
    alpha.only_where(whole.greater(diagonal.zero()))
}

/// The mean squared loading.
#[inline(always)]
pub(crate) fn average_variance_extracted<N: Number>(loadings: &[N]) -> N {
    let zero = loadings[0].zero();
    dot(zero, loadings, loadings) / zero.splat(loadings.len() as f64)
}

/// (Σλ)²/((Σλ)² + Σ(1 − λ²)).
#[inline(always)]
pub(crate) fn composite_reliability<N: Number>(loadings: &[N]) -> N {
    let (zero, one) = (loadings[0].zero(), loadings[0].one());
    let (mut sum, mut unexplained) = (zero, zero);
    for loading in loadings {
        sum += *loading;
        unexplained += one - *loading * *loading;
    }
    sum * sum / (sum * sum + unexplained)
}

/// A figure, if it is defined.
fn defined(figure: f64) -> Option<f64> {
    Some(figure).filter(|figure| figure.is_finite())
}

/// w′Sw of a block.
fn variance(matrix: &DMatrix<f64>, block: &Range<usize>, weight: impl Fn(usize) -> f64) -> f64 {
    let row = |row| -> f64 { block.clone().map(|column| matrix[(row, column)] * weight(column)).sum() };
    block.clone().map(|at| weight(at) * row(at)).sum()
}

/// The correlations of a block's indicators as one common factor implies them: λλ′ with ones on the diagonal.
fn one_factor(loadings: &[f64], row: usize, column: usize) -> f64 {
    if row == column { 1.0 } else { loadings[row] * loadings[column] }
}

/// (w′λ)²/w′Σw for weights w of the standardised indicators and their correlations Σ, observed or implied.
pub(crate) fn congeneric(
    correlations: &DMatrix<f64>,
    block: &Range<usize>,
    loadings: &[f64],
    weight: impl Fn(usize) -> f64,
    variances: ScoreVariance,
) -> Option<f64> {
    let explained: f64 = block.clone().map(|at| weight(at) * loadings[at]).sum();
    let total = match variances {
        ScoreVariance::Observed => variance(correlations, block, &weight),
        ScoreVariance::Implied => {
            let row = |row| -> f64 { block.clone().map(|at| one_factor(loadings, row, at) * weight(at)).sum() };
            block.clone().map(|at| weight(at) * row(at)).sum()
        }
    };
    defined(explained * explained / total)
}

/// r̄(Σw)²/w′Sw with the mean correlation r̄; with unit weights, the standardised α.
pub(crate) fn tau_equivalent(
    correlations: &DMatrix<f64>,
    block: &Range<usize>,
    weight: impl Fn(usize) -> f64,
) -> Option<f64> {
    let view = correlations.view((block.start, block.start), (block.len(), block.len()));
    let pairs = (block.len() * (block.len() - 1)) as f64;
    let mean = (view.sum() - view.diagonal().sum()) / pairs;
    let sum: f64 = block.clone().map(&weight).sum();
    defined(mean * sum * sum / variance(correlations, block, weight))
}

/// The eigenvalues of a block's correlations, descending, and the Dillon–Goldstein ρ of its first principal component.
pub(crate) fn dimensions(correlations: &DMatrix<f64>, block: &Range<usize>) -> Result<(Vec<f64>, Option<f64>)> {
    let view = correlations.view((block.start, block.start), (block.len(), block.len())).into_owned();
    let (values, vectors) = linalg::symmetric_eigen(view, "a block of indicator correlations")?;
    let scale = values[0].max(0.0).sqrt();
    let loadings: Vec<f64> = vectors.column(0).iter().map(|entry| entry * scale).collect();
    let rho = defined(composite_reliability(&loadings));
    Ok((values.iter().copied().collect(), rho))
}

// ---- the same, by name ----

/// Of which constructs ρ_A is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum RhoA {
    /// Of `=~` constructs; a `<~` construct is its score and has 1, as in cSEM (which has 1 for all constructs where it
    /// corrects nothing).
    #[default]
    CommonFactors,
    /// Of every construct that is not of mode B, which has 1, as in seminr.
    NotModeB,
}

/// By which weights a score is formed whose reliability is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ScoreWeights {
    /// A sum of standardised indicators.
    Unit,
    /// The weights of the fit.
    Estimated,
}

/// Which variance a score is taken to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ScoreVariance {
    /// That of the observed correlations of its indicators.
    Observed,
    /// That of the correlations which the loadings imply.
    Implied,
}

/// The reliability of each construct.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, RhoA, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let reliability = fit.assess().reliability(RhoA::default());
/// assert!(reliability.alpha("Satisfaction")?.unwrap() > 0.7);
/// assert!(reliability.rho_c("Satisfaction")?.unwrap() > 0.7);
/// assert!(reliability.average_variance_extracted("Satisfaction")?.unwrap() > 0.5);
/// println!("{reliability}");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "Cronbach")]
#[doc(alias = "AVE")]
#[doc(alias = "composite reliability")]
#[doc(alias = "Dijkstra-Henseler")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Figures"))]
pub struct Reliability(Figures);

#[cfg(feature = "serde")]
impl TryFrom<Figures> for Reliability {
    type Error = crate::Error;

    fn try_from(figures: Figures) -> Result<Self> {
        figures.with_columns(&COLUMNS).map(Self)
    }
}

/// The columns of [`Reliability`].
const COLUMNS: [&str; 5] = ["alpha", "raw alpha", "rho_A", "rho_C", "AVE"];

impl Reliability {
    /// Cronbach's α of the standardised indicators, k r̄/(1 + (k − 1) r̄) with their mean correlation r̄: the
    /// tau-equivalent reliability ρ_T. `None` for a single indicator (cSEM; seminr and plspm print 1) or when the
    /// correlations sum to nothing.
    ///
    /// plspm prints 0 for a negative α and for constructs of mode B.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn alpha(&self, construct: &str) -> Result<Option<f64>> {
        self.0.get(construct, COLUMNS[0])
    }

    /// Cronbach's α of the indicators in their own units: k/(k − 1)·(1 − Σvariances/variance of the sum).
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn raw_alpha(&self, construct: &str) -> Result<Option<f64>> {
        self.0.get(construct, COLUMNS[1])
    }

    /// Dijkstra and Henseler's ρ_A, the reliability of the score that the estimated weights make; for the formula see
    /// [`Pls::consistent`](crate::structural::Pls::consistent). `None` when it is undefined.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn rho_a(&self, construct: &str) -> Result<Option<f64>> {
        self.0.get(construct, COLUMNS[2])
    }

    /// Jöreskog's ρ_C, the composite reliability of the sum score: (Σλ)²/((Σλ)² + Σ(1 − λ²)) with the loadings λ of the
    /// fit (seminr, cSEM, SmartPLS). plspm's Dillon–Goldstein ρ has the loadings on the first principal component in
    /// their place: [`Assessment::unidimensionality`](crate::structural::Assessment::unidimensionality).
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn rho_c(&self, construct: &str) -> Result<Option<f64>> {
        self.0.get(construct, COLUMNS[3])
    }

    /// The average variance extracted, Σλ²/k (Fornell & Larcker 1981): the mean communality of the construct.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn average_variance_extracted(&self, construct: &str) -> Result<Option<f64>> {
        self.0.get(construct, COLUMNS[4])
    }

    /// All of it as figures: constructs by `alpha`, `raw alpha`, `rho_A`, `rho_C` and `AVE`.
    pub fn figures(&self) -> &Figures {
        &self.0
    }

    /// All of it as a table.
    pub fn table(&self) -> Table {
        self.0.table()
    }
}

impl fmt::Display for Reliability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Assessment<'_> {
    /// Cronbach's α, ρ_A, ρ_C and the average variance extracted of each construct.
    ///
    /// In a [consistent](crate::structural::Pls::consistent) fit ρ_C and AVE have the corrected loadings. Indicators whose
    /// scales are declared to point different ways count as if they pointed the same way.
    ///
    /// # References
    ///
    /// Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. *Psychometrika*, 16, 297–334.
    /// <https://doi.org/10.1007/BF02310555>
    ///
    /// Fornell, C., Larcker, D. F. (1981). Evaluating structural equation models with unobservable variables and
    /// measurement error. *Journal of Marketing Research*, 18(1), 39–50. <https://doi.org/10.1177/002224378101800104>
    ///
    /// Dijkstra, T. K., Henseler, J. (2015). Consistent partial least squares path modeling. *MIS Quarterly*, 39(2),
    /// 297–316. <https://doi.org/10.25300/MISQ/2015/39.2.02>
    #[doc(alias = "AVE")]
    #[doc(alias = "Cronbach")]
    pub fn reliability(&self, convention: RhoA) -> Reliability {
        let (shape, loadings) = (self.fit.shape(), self.fit.aligned_loadings());
        let correlations = self.fit.aligned(self.fit.indicator_correlations());
        let products = self.fit.aligned(self.fit.cross_products().clone());
        let (matrix, weights) = (self.fit.metric_matrix(), self.fit.metric_weights());
        let cell = |construct: usize, column: usize| {
            let block = &shape.blocks[construct];
            let is_score = match convention {
                RhoA::CommonFactors => shape.kinds[construct] == ConstructKind::Composite,
                RhoA::NotModeB => self.fit.modes()[construct] == Mode::B,
            };
            match column {
                0 => defined(alpha(Square::of(&correlations), block)),
                1 => defined(alpha(Square::of(&products), block)),
                2 if is_score => Some(1.0),
                2 => rho_a_of_block(&matrix, block, &weights, Direction::of(self.fit.modes()[construct])),
                3 => defined(composite_reliability(&loadings[block.clone()])),
                _ => Some(average_variance_extracted(&loadings[block.clone()])),
            }
        };
        let rows = ("construct", self.fit.construct_names());
        Reliability(Figures::new("Reliability and convergent validity", rows, ("figure", COLUMNS), cell))
    }

    /// The congeneric reliability of a construct's score, (w′λ)²/w′Σw: the general form of which ρ_C is the case of unit
    /// weights and implied variance, and ρ_A of estimated weights.
    ///
    /// cSEM's `calculateRhoC` has all four combinations (`.weighted`, `.model_implied`). A composite under its own weights
    /// and observed variance has 1.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn congeneric_reliability(
        &self,
        construct: &str,
        weights: ScoreWeights,
        variance: ScoreVariance,
    ) -> Result<Option<f64>> {
        let at = self.fit.model().position(construct)?;
        let (shape, loadings) = (self.fit.shape(), self.fit.aligned_loadings());
        let (weight, correlations) = (self.score_weights(weights), self.fit.aligned(self.fit.indicator_correlations()));
        Ok(congeneric(&correlations, &shape.blocks[at], &loadings, |at| weight[at], variance))
    }

    /// The tau-equivalent reliability ρ_T of a construct's score, r̄(Σw)²/w′Sw with the mean correlation r̄ of its
    /// indicators: with unit weights the standardised α, with estimated weights cSEM's weighted ρ_T. `None` for a single
    /// indicator.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn tau_equivalent_reliability(&self, construct: &str, weights: ScoreWeights) -> Result<Option<f64>> {
        let at = self.fit.model().position(construct)?;
        let (weight, correlations) = (self.score_weights(weights), self.fit.aligned(self.fit.indicator_correlations()));
        Ok(tau_equivalent(&correlations, &self.fit.shape().blocks[at], |at| weight[at]))
    }

    fn score_weights(&self, weights: ScoreWeights) -> Vec<f64> {
        match weights {
            ScoreWeights::Unit => vec![1.0; self.fit.own_weights().len()],
            ScoreWeights::Estimated => self
                .fit
                .standardised_weights()
                .iter()
                .zip(self.fit.signs())
                .map(|(weight, sign)| weight * sign)
                .collect(),
        }
    }

    /// Whether the indicators of each construct have one dimension: the first two eigenvalues of their correlations, the
    /// first one's share, and the Dillon–Goldstein ρ of the first principal component (plspm's `unidim`).
    ///
    /// Columns `first eigenvalue`, `second eigenvalue`, `share of first`, `Dillon-Goldstein rho`. A single
    /// indicator has no second eigenvalue; plspm prints 0, as it does for ρ of a construct of mode B.
    ///
    /// # Errors
    ///
    /// When an eigenvalue decomposition does not converge, which no correlation matrix is known to bring about.
    pub fn unidimensionality(&self) -> Result<Figures> {
        let (shape, correlations) = (self.fit.shape(), self.fit.aligned(self.fit.indicator_correlations()));
        let found = shape.blocks.iter().map(|block| dimensions(&correlations, block)).collect::<Result<Vec<_>>>()?;
        let columns = ["first eigenvalue", "second eigenvalue", "share of first", "Dillon-Goldstein rho"];
        let cell = |construct: usize, column: usize| {
            let (values, rho) = &found[construct];
            match column {
                0 => Some(values[0]),
                1 => values.get(1).copied(),
                2 => Some(values[0] / values.len() as f64),
                _ => *rho,
            }
        };
        let rows = ("construct", self.fit.construct_names());
        Ok(Figures::new("Unidimensionality", rows, ("figure", columns), cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn alpha_is_undefined_where_the_sum_has_no_variance() {
        let of = |matrix: &[f64], size: usize| alpha(Square::new(matrix, size), &(0..size));
        assert_relative_eq!(of(&[1.0, 0.5, 0.5, 1.0], 2), 2.0 / 3.0, epsilon = 0.0, max_relative = 1e-15);
        assert_relative_eq!(of(&[4.0, 1.0, 1.0, 1.0], 2), 4.0 / 7.0, epsilon = 0.0, max_relative = 1e-15);
        assert!(of(&[1.0], 1).is_nan());
        // Of three indicators that sum to a constant, up to rounding.
        let third = -0.5 + 1e-16;
        assert!(of(&[1.0, third, third, third, 1.0, third, third, third, 1.0], 3).is_nan());
        assert!(of(&[1.0, -1.5, -1.5, 1.0], 2).is_nan());
    }

    #[test]
    fn rho_c_and_ave_by_hand() {
        assert_relative_eq!(composite_reliability(&[0.8, 0.6]), 1.96 / 2.96, epsilon = 0.0, max_relative = 1e-15);
        assert_relative_eq!(average_variance_extracted(&[0.8, -0.6]), 0.5, epsilon = 0.0, max_relative = 1e-15);
        assert!(composite_reliability(&[f64::NAN, 0.6]).is_nan());
    }
}
