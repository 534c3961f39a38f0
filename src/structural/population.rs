//! A model with all its parameters, and the correlations of its indicators that follow from them.

use nalgebra::{DMatrix, DVector};

use crate::error::{Faults, Result};
use crate::numeric::{check, linalg};
use crate::structural::model::effects;
use crate::structural::model::{Construct, ConstructKind, Model, misstated};

/// A fully specified model: a [`Model`] with its loadings or weights, path coefficients and exogenous correlations.
///
/// All constructs and indicators have mean 0 and variance 1. The parameters imply the correlation matrix Σ of the
/// indicators, from which data can be drawn: [`simulate`](Self::simulate), [`exact`](Self::exact).
///
/// # Formula
///
/// With λⱼ the loadings of construct j, wⱼ its weights, rⱼₖ the correlation of constructs j and k:
///
/// - within a reflective construct (common factor): Σⱼⱼ = λⱼλⱼ′ with ones on the diagonal;
/// - within a composite: Σⱼⱼ as given, wⱼ scaled so that wⱼ′Σⱼⱼwⱼ = 1, and λⱼ = Σⱼⱼwⱼ;
/// - between constructs j ≠ k: Σⱼₖ = rⱼₖ λⱼλₖ′.
///
/// A construct that others act on is their sum by the path coefficients, ηⱼ = Σᵢ βⱼᵢηᵢ + ζⱼ, where ζⱼ is uncorrelated with
/// all constructs before it; so rⱼₖ = Σᵢ βⱼᵢrᵢₖ, the explained variance is R²ⱼ = Σᵢ βⱼᵢrᵢⱼ, and the variance of ζⱼ is
/// 1 − R²ⱼ, which must be positive.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Model, Population};
///
/// let model: Model = "Satisfaction =~ s1 + s2; Loyalty <~ l1 + l2; Loyalty ~ Satisfaction".parse()?;
/// let population = Population::builder(model)
///     .loadings("Satisfaction", [0.9, 0.8])
///     .weights("Loyalty", [3.0, 1.0], [0.5])
///     .path("Satisfaction", "Loyalty", 0.6)
///     .build()?;
///
/// assert!((population.sigma()[(0, 1)] - 0.72).abs() < 1e-15);
/// assert_eq!(population.r_squared("Loyalty")?, Some(0.36));
/// let answers = population.simulate(250, 42)?; // 250 respondents by the 4 indicators s1, s2, l1, l2
/// assert_eq!(answers.shape(), (250, 4));
/// # Ok::<(), satindex::Error>(())
/// ```
///
/// # References
///
/// - Dijkstra, T. K. (2017). A perfect match between a model and a mode. In *Partial Least Squares Path Modeling*,
///   55–80. <https://doi.org/10.1007/978-3-319-64069-3_4> (composites)
/// - Dijkstra, T. K., & Henseler, J. (2015). Consistent partial least squares path modeling. *MIS Quarterly*, 39(2),
///   297–316. <https://doi.org/10.25300/MISQ/2015/39.2.02> (common factors)
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "Monte Carlo")]
#[doc(alias = "synthetic data")]
#[doc(alias = "data generation")]
pub struct Population {
    model: Model,
    blocks: Vec<Block>,
    /// In the order of the model's paths.
    coefficients: Vec<f64>,
    correlations: DMatrix<f64>,
    sigma: DMatrix<f64>,
    /// The lower Cholesky factor of sigma.
    factor: DMatrix<f64>,
}

/// One construct and its indicators.
#[derive(Debug, Clone, PartialEq)]
struct Block {
    loadings: DVector<f64>,
    /// None for a common factor.
    weights: Option<DVector<f64>>,
    correlations: DMatrix<f64>,
}

impl Population {
    /// The population of a model, to be given its parameters by [`PopulationBuilder`]'s methods.
    pub fn builder(model: Model) -> PopulationBuilder {
        PopulationBuilder { model, measurements: Vec::new(), paths: Vec::new(), correlations: Vec::new() }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The correlations of the indicators, Σ (p × p), in the order of [`Model::indicators`]; positive definite.
    pub fn sigma(&self) -> &DMatrix<f64> {
        &self.sigma
    }

    /// The correlations of the constructs, in the order of [`Model::constructs`].
    pub fn construct_correlations(&self) -> &DMatrix<f64> {
        &self.correlations
    }

    /// The loadings of a construct's indicators: their correlations with the construct.
    ///
    /// # Errors
    ///
    /// When there is no such construct.
    pub fn loadings(&self, construct: &str) -> Result<&[f64]> {
        self.model.position(construct).map(|at| self.blocks[at].loadings.as_slice())
    }

    /// The weights that make a composite of variance 1 of its indicators.
    ///
    /// # Errors
    ///
    /// When there is no such construct, or it is reflective.
    pub fn weights(&self, construct: &str) -> Result<&[f64]> {
        let weights = self.blocks[self.model.position(construct)?].weights.as_ref();
        let none = || misstated("construct", construct, "is reflective and has no weights").into();
        weights.map(DVector::as_slice).ok_or_else(none)
    }

    /// A path coefficient.
    ///
    /// # Errors
    ///
    /// When there is no such path.
    pub fn path(&self, from: &str, to: &str) -> Result<f64> {
        path_position(&self.model, from, to).map(|at| self.coefficients[at])
    }

    /// The share of a construct's variance that the constructs acting on it explain; `None` where none acts.
    ///
    /// # Errors
    ///
    /// When there is no such construct.
    pub fn r_squared(&self, construct: &str) -> Result<Option<f64>> {
        let to = self.model.position(construct)?;
        let paths = self.model.paths().iter().zip(&self.coefficients).filter(|(path, _)| path.1 == to);
        let shares = paths.map(|((from, _), coefficient)| coefficient * self.correlations[(*from, to)]);
        Ok(shares.reduce(|sum, share| sum + share))
    }

    /// The lower Cholesky factor of [`sigma`](Self::sigma).
    pub(crate) fn factor(&self) -> &DMatrix<f64> {
        &self.factor
    }
}

fn path_position(model: &Model, from: &str, to: &str) -> Result<usize> {
    let path = (model.position(from)?, model.position(to)?);
    let found = model.paths().iter().position(|known| *known == path);
    found.ok_or_else(|| check::unknown(&format!("{from} -> {to}"), "path"))
}

/// The parameters of a [`Population`], in any order; what is given again replaces what was given before.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Model, Population};
///
/// let model: Model = "A =~ a1 + a2; B <~ b1 + b2; C =~ c1; C ~ A + B".parse()?;
/// let population = Population::builder(model)
///     .loadings("A", [0.9, 0.8])
///     .weights("B", [2.0, 1.0], [0.4])
///     .loadings("C", [1.0])
///     .path("A", "C", 0.4)
///     .path("B", "C", 0.3)
///     .correlation("A", "B", 0.5)
///     .build()?;
/// assert!((population.r_squared("C")?.unwrap() - (0.16 + 0.09 + 2.0 * 0.4 * 0.3 * 0.5)).abs() < 1e-15);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct PopulationBuilder {
    model: Model,
    measurements: Vec<(String, Measurement)>,
    paths: Vec<(String, String, f64)>,
    correlations: Vec<(String, String, f64)>,
}

#[derive(Debug, Clone)]
enum Measurement {
    Loadings(Vec<f64>),
    /// Weights, and the correlations above the diagonal.
    Weights(Vec<f64>, Vec<f64>),
}

impl PopulationBuilder {
    /// The loadings of a reflective construct, from −1 to 1, in the order of its indicators.
    pub fn loadings(mut self, construct: impl Into<String>, loadings: impl IntoIterator<Item = f64>) -> Self {
        self.measurements.push((construct.into(), Measurement::Loadings(loadings.into_iter().collect())));
        self
    }

    /// The weights of a composite, to within a common factor, and the correlations of its k indicators: the k(k − 1)/2
    /// that stand above the diagonal, row by row.
    pub fn weights(
        mut self,
        construct: impl Into<String>,
        weights: impl IntoIterator<Item = f64>,
        correlations: impl IntoIterator<Item = f64>,
    ) -> Self {
        let measurement = Measurement::Weights(weights.into_iter().collect(), correlations.into_iter().collect());
        self.measurements.push((construct.into(), measurement));
        self
    }

    /// The coefficient of a path.
    pub fn path(mut self, from: impl Into<String>, to: impl Into<String>, coefficient: f64) -> Self {
        self.paths.push((from.into(), to.into(), coefficient));
        self
    }

    /// The correlation of two constructs that no construct acts on; 0 where none is given.
    pub fn correlation(mut self, a: impl Into<String>, b: impl Into<String>, correlation: f64) -> Self {
        self.correlations.push((a.into(), b.into(), correlation));
        self
    }

    /// The population.
    ///
    /// # Errors
    ///
    /// All faults at once: a name that the model lacks; loadings, weights or a coefficient missing, of the wrong number,
    /// or outside their range. Then what is inadmissible, by name: indicators or exogenous constructs whose
    /// correlations are not positive definite, a construct whose explained variance is not below 1.
    pub fn build(self) -> Result<Population> {
        let mut faults = Faults::default();
        let blocks = self.blocks(&mut faults);
        let coefficients = self.coefficients(&mut faults);
        let exogenous = self.exogenous_correlations(&mut faults);
        faults.check(self.model.need_first_order(
            "is not normal, as populations here are",
            "is of higher order, which populations here do not have",
        ));
        faults.or(())?;
        let correlations = construct_correlations(&self.model, &coefficients, exogenous)?;
        let sigma = implied(&blocks, &correlations);
        let factor = linalg::cholesky(&sigma).map_err(|row| {
            let name = self.model.indicators().nth(row).unwrap_or_default();
            misstated("indicator", name, "depends on the indicators before it")
        })?;
        Ok(Population { model: self.model, blocks, coefficients, correlations, sigma, factor })
    }

    /// A block for each construct that is measured without fault.
    fn blocks(&self, faults: &mut Faults) -> Vec<Block> {
        let constructs = self.model.constructs();
        let mut measurements = vec![None; constructs.len()];
        for (name, measurement) in &self.measurements {
            if let Some(at) = faults.check(self.model.position(name)) {
                measurements[at] = Some(measurement);
            }
        }
        let blocks = constructs.iter().zip(measurements).map(|(construct, measurement)| block(construct, measurement));
        blocks.filter_map(|block| faults.check(block)).collect()
    }

    /// A coefficient for each path of the model.
    fn coefficients(&self, faults: &mut Faults) -> Vec<f64> {
        let mut coefficients = vec![None; self.model.paths().len()];
        for (from, to, coefficient) in &self.paths {
            let place = || format!("the coefficient of path `{from} -> {to}`");
            if let Some(at) = faults.check(path_position(&self.model, from, to)) {
                coefficients[at] = Some(faults.check(check::finite(*coefficient, place)).unwrap_or_default());
            }
        }
        for ((from, to), _) in self.model.named_paths().zip(&coefficients).filter(|(_, given)| given.is_none()) {
            faults.push(misstated("path", &format!("{from} -> {to}"), "has no coefficient"));
        }
        coefficients.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// The correlation matrix of the constructs as if no path were there.
    fn exogenous_correlations(&self, faults: &mut Faults) -> DMatrix<f64> {
        let size = self.model.constructs().len();
        let mut correlations = DMatrix::identity(size, size);
        for (a, b, correlation) in &self.correlations {
            let place = || format!("the correlation of `{a}` and `{b}`");
            let correlation = faults.check(within_one(*correlation, place));
            let positions = [a, b].map(|name| faults.check(self.exogenous(name)));
            match (positions, correlation) {
                ([Some(a), Some(b)], _) if a == b => {
                    let name = self.model.constructs()[a].name();
                    faults.push(misstated("construct", name, "is given a correlation with itself"));
                }
                ([Some(a), Some(b)], Some(correlation)) => {
                    correlations[(a, b)] = correlation;
                    correlations[(b, a)] = correlation;
                }
                _ => {}
            }
        }
        correlations
    }

    fn exogenous(&self, name: &str) -> Result<usize> {
        let at = self.model.position(name)?;
        if self.model.predecessors(at).next().is_none() {
            return Ok(at);
        }
        Err(misstated("construct", name, "has its correlations from the paths to it; none can be given").into())
    }
}

fn within_one(value: f64, place: impl FnOnce() -> String) -> Result<f64> {
    check::domain(value, value.abs() <= 1.0, place, "a number from -1 to 1")
}

fn block(construct: &Construct, measurement: Option<&Measurement>) -> Result<Block> {
    let problem = match (construct.kind(), measurement) {
        (ConstructKind::Reflective, Some(Measurement::Loadings(loadings))) => return factor_block(construct, loadings),
        (ConstructKind::Composite, Some(Measurement::Weights(weights, correlations))) => {
            return composite_block(construct, weights, correlations);
        }
        (ConstructKind::Reflective, None) => "has no loadings",
        (ConstructKind::Reflective, Some(_)) => "is reflective and takes loadings, not weights",
        (ConstructKind::Composite, None) => "has no weights",
        (ConstructKind::Composite, Some(_)) => "is a composite and takes weights, not loadings",
    };
    Err(misstated("construct", construct.name(), problem).into())
}

fn factor_block(construct: &Construct, loadings: &[f64]) -> Result<Block> {
    check::length(loadings.len(), construct.indicators().len(), || {
        format!("the list of loadings of construct `{}`", construct.name())
    })?;
    let mut faults = Faults::default();
    for (indicator, loading) in construct.indicators().iter().zip(loadings) {
        faults.check(within_one(*loading, || format!("the loading of `{indicator}`")));
    }
    let loadings = DVector::from_column_slice(loadings);
    let mut correlations = &loadings * loadings.transpose();
    correlations.fill_diagonal(1.0);
    faults.or(Block { loadings, weights: None, correlations })
}

fn composite_block(construct: &Construct, weights: &[f64], upper: &[f64]) -> Result<Block> {
    let (name, indicators) = (construct.name(), construct.indicators());
    let size = indicators.len();
    let mut faults = Faults::default();
    faults.check(check::length(weights.len(), size, || format!("the list of weights of construct `{name}`")));
    faults.check(check::length(upper.len(), size * (size - 1) / 2, || {
        format!("the list of indicator correlations of construct `{name}`")
    }));
    faults.or(())?;

    let mut faults = Faults::default();
    for (indicator, weight) in indicators.iter().zip(weights) {
        faults.check(check::finite(*weight, || format!("the weight of `{indicator}`")));
    }
    let mut correlations = DMatrix::identity(size, size);
    let pairs = (0..size).flat_map(|row| (row + 1..size).map(move |column| (row, column)));
    for ((row, column), value) in pairs.zip(upper) {
        let place = || format!("the correlation of `{}` and `{}`", indicators[row], indicators[column]);
        faults.check(within_one(*value, place));
        correlations[(row, column)] = *value;
        correlations[(column, row)] = *value;
    }
    faults.or(())?;

    linalg::cholesky(&correlations).map_err(|row| {
        let problem = "has correlations with the indicators before it that are not positive definite";
        misstated("indicator", &indicators[row], problem)
    })?;
    let mut weights = DVector::from_column_slice(weights);
    let largest = check::positive(weights.amax(), || format!("the largest weight of construct `{name}`"))?;
    // Taken to 1 first, so that no square overflows or vanishes.
    weights /= largest;
    let loadings = &correlations * &weights;
    let deviation = weights.dot(&loadings).sqrt();
    Ok(Block { loadings: loadings / deviation, weights: Some(weights / deviation), correlations })
}

/// The correlations of all constructs: those of the exogenous constructs, carried along the paths.
fn construct_correlations(model: &Model, coefficients: &[f64], exogenous: DMatrix<f64>) -> Result<DMatrix<f64>> {
    linalg::cholesky(&exogenous).map_err(|row| {
        let problem = "has correlations with the exogenous constructs before it that are not positive definite";
        misstated("construct", model.constructs()[row].name(), problem)
    })?;
    let mut paths = DMatrix::zeros(exogenous.nrows(), exogenous.nrows());
    for (&(from, to), coefficient) in model.paths().iter().zip(coefficients) {
        paths[(to, from)] = *coefficient;
    }
    let shape = model.shape();
    let correlations = effects::implied_correlations(shape, &paths, exogenous, |_, _| 1.0);
    for &to in model.order() {
        let r_squared = effects::carried(shape, &paths, &correlations, (to, to));
        let name = model.constructs()[to].name();
        let place = || format!("the explained variance of construct `{name}`");
        check::domain(r_squared, r_squared < 1.0, place, "a number below 1")?;
    }
    Ok(correlations)
}

fn implied(blocks: &[Block], correlations: &DMatrix<f64>) -> DMatrix<f64> {
    let size = blocks.iter().map(|block| block.loadings.len()).sum();
    let mut sigma = DMatrix::zeros(size, size);
    let mut row = 0;
    for (j, rows) in blocks.iter().enumerate() {
        let mut column = 0;
        for (k, columns) in blocks.iter().enumerate() {
            let block = if j == k {
                rows.correlations.clone()
            } else {
                &rows.loadings * columns.loadings.transpose() * correlations[(j, k)]
            };
            sigma.view_mut((row, column), block.shape()).copy_from(&block);
            column += columns.loadings.len();
        }
        row += rows.loadings.len();
    }
    sigma
}
