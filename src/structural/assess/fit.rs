//! The overall fit of a model: its distances from the data turned into measures.

#[cfg(feature = "serde")]
mod saved;

use std::fmt;

use nalgebra::DMatrix;
use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF};

use crate::numeric::parallel;
use crate::structural::assess::Assessment;
use crate::structural::assess::distance::{Distances, Inverse, Observed, Relation};
use crate::structural::assess::estimates::Estimates;
use crate::structural::assess::implied::{ResidualVariance, Structure, implied_indicators};
use crate::structural::model::ConstructKind;
use crate::structural::model::Shape;
use crate::structural::pls::Fit;
use crate::table::{Column, Table};

/// Degrees of freedom: the correlations of p indicators, less one for each free correlation or path between constructs,
/// each loading of a common factor, and for each composite all correlations and all weights but one.
pub(crate) fn degrees_of_freedom(shape: &Shape, structure: Structure) -> i64 {
    let pairs = |count: usize| (count * count.saturating_sub(1) / 2) as i64;
    let structural = match structure {
        Structure::Saturated => pairs(shape.blocks.len()),
        Structure::Estimated(_) => pairs(shape.exogenous()) + shape.paths() as i64,
    };
    let measurement = shape.blocks.iter().zip(&shape.kinds).map(|(block, kind)| free_in_block(*kind, block.len()));
    pairs(shape.owners.len()) - structural - measurement.sum::<i64>()
}

/// The free parameters of a block of indicators.
pub(crate) fn free_in_block(kind: ConstructKind, size: usize) -> i64 {
    let size = size as i64;
    match kind {
        ConstructKind::Reflective => size,
        ConstructKind::Composite => size * (size - 1) / 2 + size - 1,
    }
}

/// The root mean square of the outer residuals' correlations Θ = S − SWΛ′ − ΛW′S + ΛPΛ′, over pairs of different
/// indicators that are not of the same composite; `None` when there is no such pair.
pub(crate) fn rms_theta(estimates: &Estimates<'_>) -> Option<f64> {
    let Estimates { shape, indicators, weights, loadings, constructs, .. } = *estimates;
    let (size, count) = (weights.len(), shape.blocks.len());
    let with_scores = DMatrix::from_fn(size, count, |row, construct| {
        shape.blocks[construct].clone().map(|at| indicators[(row, at)] * weights[at]).sum::<f64>()
    });
    let (mut squares, mut pairs) = (0.0, 0.0);
    for row in 0..size {
        for column in (0..row).filter(|column| !shape.in_composite(row, *column)) {
            let (mine, theirs) = (shape.owners[row], shape.owners[column]);
            let theta = indicators[(row, column)]
                - with_scores[(row, theirs)] * loadings[column]
                - with_scores[(column, mine)] * loadings[row]
                + loadings[row] * constructs[(mine, theirs)] * loadings[column];
            squares += theta * theta;
            pairs += 1.0;
        }
    }
    (pairs > 0.0).then(|| f64::sqrt(squares / pairs))
}

// ---- the same, by name ----

/// The base of the logarithms in the geodesic distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Logarithm {
    /// 10, as in cSEM and ADANCO.
    #[default]
    Ten,
    /// e, as in the definition (Swain 1975; Dijkstra & Henseler 2015).
    Natural,
}

/// Which discrepancy a goodness-of-fit index (GFI) is made of, for the observed correlations S and the implied Σ̂.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Gfi {
    /// 1 − ‖Σ̂⁻¹S − I‖²/‖Σ̂⁻¹S‖² with Frobenius norms: cSEM's default.
    #[default]
    MaximumLikelihood,
    /// 1 − tr(Σ̂⁻¹S − I)²/tr(Σ̂⁻¹S)²: the definition of Jöreskog and Sörbom, which cSEM's Frobenius norms replace.
    MaximumLikelihoodTrace,
    /// 1 − ‖I − Σ̂S⁻¹‖²/p with the Frobenius norm (cSEM).
    GeneralisedLeastSquares,
    /// 1 − ‖S − Σ̂‖²/‖S‖² (Mulaik et al. 1989).
    UnweightedLeastSquares,
}

/// The overall fit of a model: distances of the implied correlations from those observed, and indices made of them.
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "SRMR")]
#[doc(alias = "RMSEA")]
#[doc(alias = "CFI")]
#[doc(alias = "NFI")]
#[doc(alias = "d_ULS")]
#[doc(alias = "d_G")]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "saved::Saved", into = "saved::Saved")
)]
pub struct FitMeasures {
    srmr: f64,
    d_uls: f64,
    d_g: Option<f64>,
    d_ml: Option<f64>,
    null: Option<f64>,
    gfi: [Option<f64>; 4],
    degrees_of_freedom: i64,
    null_degrees_of_freedom: i64,
    n: f64,
}

fn frobenius(matrix: &DMatrix<f64>) -> f64 {
    matrix.norm_squared()
}

/// The trace of a product of a matrix with itself.
fn trace_of_square(matrix: &DMatrix<f64>) -> f64 {
    matrix.dot(&matrix.transpose())
}

fn goodness_of_fit(
    observed: &Observed<'_>,
    implied: &DMatrix<f64>,
    relation: Option<&Relation<'_>>,
    inverse: Option<&Inverse>,
) -> [Option<f64>; 4] {
    let s = observed.indicators;
    let less_identity = |mut product: DMatrix<f64>| {
        (0..s.nrows()).for_each(|at| product[(at, at)] -= 1.0);
        product
    };
    let likelihood = inverse.map(|inverse| {
        let product = &inverse.matrix * s;
        let (norm, trace) = (frobenius(&product), trace_of_square(&product));
        let residual = less_identity(product);
        [1.0 - frobenius(&residual) / norm, 1.0 - trace_of_square(&residual) / trace]
    });
    let generalised = relation.map(|relation| 1.0 - frobenius(&less_identity(relation.product())) / s.nrows() as f64);
    let unweighted = 1.0 - frobenius(&(s - implied)) / frobenius(s);
    [likelihood.map(|[norm, _]| norm), likelihood.map(|[_, trace]| trace), generalised, Some(unweighted)]
        .map(|index| index.and_then(finite))
}

impl FitMeasures {
    pub(crate) fn new(estimates: &Estimates<'_>, observed: &Observed<'_>, structure: Structure, n: f64) -> Self {
        let implied = implied_indicators(estimates, structure);
        Self::of(&implied, observed, degrees_of_freedom(estimates.shape, structure), n)
    }

    /// The fit of these implied correlations.
    pub(crate) fn of(implied: &DMatrix<f64>, observed: &Observed<'_>, degrees_of_freedom: i64, n: f64) -> Self {
        let (relation, inverse) = (observed.relation(implied), Inverse::new(implied));
        let (relation, inverse) = (relation.as_ref(), inverse.as_ref());
        let Distances { srmr, d_uls, d_g, d_ml } = Distances::of(observed, implied, relation, inverse);
        let size = implied.nrows() as i64;
        Self {
            srmr,
            d_uls,
            d_g,
            d_ml,
            null: observed.log_determinant.map(|log_determinant| -log_determinant),
            gfi: goodness_of_fit(observed, implied, relation, inverse),
            degrees_of_freedom,
            null_degrees_of_freedom: size * (size - 1) / 2,
            n,
        }
    }

    /// The standardised root mean square residual, √(Σ_{i≥j}(sᵢⱼ − σ̂ᵢⱼ)²/(p(p + 1)/2)): the diagonal counts, as in cSEM.
    pub fn srmr(&self) -> f64 {
        self.srmr
    }

    /// The squared Euclidean distance, d_ULS = ½‖S − Σ̂‖² (cSEM's dL).
    pub fn d_uls(&self) -> f64 {
        self.d_uls
    }

    /// The geodesic distance, d_G = ½Σ(log φᵢ)² over the eigenvalues φ of S⁻¹Σ̂. `None` when S is singular or Σ̂ not positive
    /// definite.
    pub fn d_g(&self, logarithm: Logarithm) -> Option<f64> {
        let unit = match logarithm {
            Logarithm::Ten => std::f64::consts::LN_10,
            Logarithm::Natural => 1.0,
        };
        self.d_g.map(|distance| distance / (unit * unit))
    }

    /// The discrepancy of maximum likelihood, d_ML = tr(SΣ̂⁻¹) − ln det(SΣ̂⁻¹) − p. `None` as for [`d_g`](Self::d_g).
    pub fn d_ml(&self) -> Option<f64> {
        self.d_ml
    }

    /// Degrees of freedom, p(p − 1)/2 less the free parameters: each loading of a `=~` construct (that of a single indicator
    /// too, as in cSEM), all correlations and all weights but one of a `<~` construct, the paths, and the correlations of
    /// exogenous constructs; in the saturated model the correlations of all constructs. Negative when the model has more
    /// parameters than there are correlations.
    pub fn degrees_of_freedom(&self) -> i64 {
        self.degrees_of_freedom
    }

    fn df(&self) -> Option<f64> {
        (self.degrees_of_freedom > 0).then_some(self.degrees_of_freedom as f64)
    }

    /// What χ² is compared with: none when there are fewer correlations than parameters.
    fn expected(&self) -> Option<f64> {
        (self.degrees_of_freedom >= 0).then_some(self.degrees_of_freedom as f64)
    }

    /// χ² = (n − 1)·d_ML. It is no χ² variate for estimates by PLS.
    pub fn chi_squared(&self) -> Option<f64> {
        self.d_ml.map(|distance| (self.n - 1.0) * distance)
    }

    /// χ² over its degrees of freedom; `None` without any.
    pub fn chi_squared_ratio(&self) -> Option<f64> {
        Some(self.chi_squared()? / self.df()?)
    }

    /// χ² of the null model of uncorrelated indicators.
    fn null_chi_squared(&self) -> Option<f64> {
        self.null.map(|distance| (self.n - 1.0) * distance)
    }

    fn null_df(&self) -> f64 {
        self.null_degrees_of_freedom as f64
    }

    /// The normed fit index, (χ²₀ − χ²)/χ²₀ with the null model's χ²₀ (Bentler & Bonett 1980).
    pub fn nfi(&self) -> Option<f64> {
        let (null, model) = (self.null_chi_squared()?, self.chi_squared()?);
        finite((null - model) / null)
    }

    /// The non-normed or Tucker–Lewis index, (χ²₀/df₀ − χ²/df)/(χ²₀/df₀ − 1), at most 1.
    pub fn nnfi(&self) -> Option<f64> {
        let null = self.null_chi_squared()? / self.null_df();
        finite((null - self.chi_squared_ratio()?) / (null - 1.0)).map(|index| index.min(1.0))
    }

    /// The comparative fit index, 1 − max(χ² − df, 0)/max(χ²₀ − df₀, χ² − df, 0) (Bentler 1990); 1 where both are 0. `None` with fewer
    /// correlations than parameters.
    pub fn cfi(&self) -> Option<f64> {
        let excess = (self.chi_squared()? - self.expected()?).max(0.0);
        let null = (self.null_chi_squared()? - self.null_df()).max(excess);
        if null > 0.0 { finite(1.0 - excess / null) } else { Some(1.0) }
    }

    /// The incremental fit index, (χ²₀ − χ²)/(χ²₀ − df) (Bollen 1989). `None` with fewer correlations than parameters.
    pub fn ifi(&self) -> Option<f64> {
        let (null, model) = (self.null_chi_squared()?, self.chi_squared()?);
        finite((null - model) / (null - self.expected()?))
    }

    /// The goodness-of-fit index. `None` as for [`d_g`](Self::d_g), except by unweighted least squares.
    pub fn gfi(&self, form: Gfi) -> Option<f64> {
        let at = match form {
            Gfi::MaximumLikelihood => 0,
            Gfi::MaximumLikelihoodTrace => 1,
            Gfi::GeneralisedLeastSquares => 2,
            Gfi::UnweightedLeastSquares => 3,
        };
        self.gfi[at]
    }

    /// The root mean square error of approximation, √max(d_ML/df − 1/(n − 1), 0). `None` without degrees of freedom.
    pub fn rmsea(&self) -> Option<f64> {
        let df = self.df()?;
        Some((self.d_ml? / df - 1.0 / (self.n - 1.0)).max(0.0).sqrt())
    }

    /// Hoelter's critical n, at which χ² would just be significant at the 5 % level: χ²₀.₉₅(df)/d_ML + 1 (Bollen & Liang
    /// 1988). `None` without degrees of freedom or for a perfect fit.
    pub fn critical_n(&self) -> Option<f64> {
        finite(chi_squared_quantile(0.95, self.df()?)? / self.d_ml? + 1.0)
    }
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn chi_squared_quantile(level: f64, df: f64) -> Option<f64> {
    let distribution = ChiSquared::new(df).ok()?;
    let mut quantile = distribution.inverse_cdf(level);
    // The library's root is good to some eight digits; a step of Newton's doubles them.
    quantile -= (distribution.cdf(quantile) - level) / distribution.pdf(quantile);
    finite(quantile)
}

/// What a measure is called in print and in a record, and the measure.
type Measure = (&'static str, &'static str, fn(&FitMeasures) -> Option<f64>);

/// The measures in the order in which they are reported, those with a choice by their default.
const MEASURES: [Measure; 14] = [
    ("SRMR", "srmr", |fit| Some(fit.srmr)),
    ("d_ULS", "d_uls", |fit| Some(fit.d_uls)),
    ("d_G (log 10)", "d_g", |fit| fit.d_g(Logarithm::Ten)),
    ("d_ML", "d_ml", |fit| fit.d_ml),
    ("chi-squared", "chi_squared", FitMeasures::chi_squared),
    ("degrees of freedom", "degrees_of_freedom", |fit| Some(fit.degrees_of_freedom as f64)),
    ("chi-squared/df", "chi_squared_ratio", FitMeasures::chi_squared_ratio),
    ("NFI", "nfi", FitMeasures::nfi),
    ("NNFI", "nnfi", FitMeasures::nnfi),
    ("CFI", "cfi", FitMeasures::cfi),
    ("IFI", "ifi", FitMeasures::ifi),
    ("GFI", "gfi", |fit| fit.gfi(Gfi::default())),
    ("RMSEA", "rmsea", FitMeasures::rmsea),
    ("critical n", "critical_n", FitMeasures::critical_n),
];

/// The fit of the saturated and of the estimated model, with RMS_theta of the outer model.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, ResidualVariance, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let overall = fit.assess().model_fit(ResidualVariance::default());
/// assert!(overall.estimated().srmr() < 0.1);
/// assert!(overall.saturated().srmr() <= overall.estimated().srmr());
/// println!("{overall}");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "goodness of fit")]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "saved::SavedModelFit", into = "saved::SavedModelFit")
)]
pub struct ModelFit {
    saturated: FitMeasures,
    estimated: FitMeasures,
    rms_theta: Option<f64>,
}

impl ModelFit {
    /// With freely correlated constructs: whether the measurement fits.
    pub fn saturated(&self) -> &FitMeasures {
        &self.saturated
    }

    /// With the paths of the model: whether the whole model fits.
    pub fn estimated(&self) -> &FitMeasures {
        &self.estimated
    }

    /// The root mean square of the outer residuals' correlations, those within a composite left out (Lohmöller 1989; as in
    /// cSEM). `None` when no pair is left.
    pub fn rms_theta(&self) -> Option<f64> {
        self.rms_theta
    }

    /// All of it as a table.
    pub fn table(&self) -> Table {
        let column = |heading, fit: &FitMeasures| {
            Column::number(heading, MEASURES.iter().map(|(_, _, measure)| measure(fit))).decimals(4)
        };
        let table = Table::new("Model fit")
            .column(Column::text("measure", MEASURES.iter().map(|(name, ..)| name)))
            .column(column("saturated", &self.saturated))
            .column(column("estimated", &self.estimated));
        match self.rms_theta {
            Some(theta) => table.note(format!("RMS_theta {theta:.4}")),
            None => table,
        }
    }
}

impl fmt::Display for ModelFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

impl Assessment<'_> {
    /// The overall fit of the model to the correlations of its indicators.
    ///
    /// # Formula
    ///
    /// The model implies correlations Σ̂ of the indicators: λᵢλⱼr̂ between indicators of constructs with implied correlation
    /// r̂, ones on the diagonal, and those observed between indicators of one composite. They are compared with the
    /// correlations S observed.
    ///
    /// # References
    ///
    /// Henseler, J., Dijkstra, T. K., Sarstedt, M., et al. (2014). Common beliefs and reality about PLS. *Organizational
    /// Research Methods*, 17(2), 182–209. <https://doi.org/10.1177/1094428114526928>
    ///
    /// Dijkstra, T. K., Henseler, J. (2015). Consistent and asymptotically normal PLS estimators for linear structural
    /// equations. *Computational Statistics & Data Analysis*, 81, 10–23. <https://doi.org/10.1016/j.csda.2014.07.008>
    #[doc(alias = "SRMR")]
    #[doc(alias = "NFI")]
    #[doc(alias = "RMSEA")]
    pub fn model_fit(&self, residual: ResidualVariance) -> ModelFit {
        self.fit.with_estimates(|estimates| {
            let observed = Observed::new(estimates.indicators);
            let measures = |structure| FitMeasures::new(estimates, &observed, structure, self.fit.n());
            let (saturated, estimated) =
                parallel::both(|| measures(Structure::Saturated), || measures(Structure::Estimated(residual)));
            ModelFit { saturated, estimated, rms_theta: rms_theta(estimates) }
        })
    }
}

impl Fit {
    /// Does something with the numbers of the fit.
    pub(crate) fn with_estimates<T>(&self, ask: impl FnOnce(&Estimates<'_>) -> T) -> T {
        ask(&Estimates {
            shape: self.shape(),
            indicators: &self.indicator_correlations(),
            weights: &self.standardised_weights(),
            loadings: &self.own_loadings(),
            constructs: self.correlations(),
            paths: self.path_matrix(),
        })
    }
}
