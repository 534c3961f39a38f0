//! The bootstrap test of exact fit.

use std::fmt;

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Result};
use crate::inference::draw::{Draw, Urn};
use crate::inference::sample::frequencies;
use crate::numeric::{check, linalg, parallel, rounding};
use crate::structural::assess::distance::{Distances, Observed};
use crate::structural::assess::implied::{ResidualVariance, Structure, implied_indicators};
use crate::structural::pls::Fit;
use crate::survey::{Missing, Responses};
use crate::table::{Column, Table};

/// A distance of the implied correlations from those observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[doc(alias = "d_ULS")]
#[doc(alias = "d_G")]
pub enum Distance {
    /// The standardised root mean square residual.
    Srmr,
    /// The squared Euclidean distance.
    DUls,
    /// The geodesic distance, with logarithms to base 10.
    DG,
    /// The discrepancy of maximum likelihood.
    DMl,
}

impl Distance {
    const ALL: [Self; 4] = [Self::Srmr, Self::DUls, Self::DG, Self::DMl];

    fn name(self) -> &'static str {
        match self {
            Self::Srmr => "SRMR",
            Self::DUls => "d_ULS",
            Self::DG => "d_G (log 10)",
            Self::DMl => "d_ML",
        }
    }

    fn of(self, distances: &Distances) -> Option<f64> {
        match self {
            Self::Srmr => Some(distances.srmr),
            Self::DUls => Some(distances.d_uls),
            Self::DG => distances.d_g.map(|distance| distance / std::f64::consts::LN_10.powi(2)),
            Self::DMl => distances.d_ml,
        }
    }
}

/// The bootstrap test of the hypothesis that the model fits the population exactly (Beran & Srivastava 1985).
///
/// The answers are turned into ones that the model fits exactly, Y = ZS^(−1/2)Σ̂^(1/2) for standardised answers Z with
/// correlations S and the implied correlations Σ̂; resamples of them show how far a model that is true comes to be from its
/// data. It is rejected when the distance observed is among the largest.
///
/// # Numerical notes
///
/// Replicate k draws from a stream of its own under the seed, so the same seed gives the same bits on one thread and on
/// many. Case weights are frequencies, as in [`Bootstrap`](crate::inference::Bootstrap). Each replicate is estimated under the options of the fit. Inadmissible ones are left out, as in cSEM, unless
/// [`ExactFitTest::keep_inadmissible`] is set; those that cannot be estimated at all always are.
///
/// Of a model with constructs of higher order the last stage is tested, with the scores in it as they were formed. Products
/// of constructs cannot be tested: what is made to fit exactly is no longer the product of its factors.
///
/// # References
///
/// Beran, R., Srivastava, M. S. (1985). Bootstrap tests and confidence regions for functions of a covariance matrix. *The
/// Annals of Statistics*, 13(1), 95–115. <https://doi.org/10.1214/aos/1176346579>
///
/// Dijkstra, T. K., Henseler, J. (2015). Consistent and asymptotically normal PLS estimators for linear structural
/// equations. *Computational Statistics & Data Analysis*, 81, 10–23. <https://doi.org/10.1016/j.csda.2014.07.008>
///
/// # Examples
///
/// ```
/// use satindex::inference::{Distance, ExactFitTest};
/// use satindex::structural::{Pls, template};
///
/// let survey = template::acsi();
/// let responses = survey.population().build()?.likert(&survey.likert(), 250, 1)?;
/// let fit = Pls::new().consistent().fit(&survey.model(), &responses)?;
/// let test = ExactFitTest::new(99).seed(7).run(&fit, &responses)?;
/// assert!(test.p_value(Distance::Srmr) > 0.01);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[must_use]
#[doc(alias = "testOMF")]
#[doc(alias = "SRMR")]
#[doc(alias = "bootstrap-based test of fit")]
#[doc(alias = "Bollen-Stine")]
pub struct ExactFitTest {
    replicates: usize,
    seed: u64,
    structure: Structure,
    keep_inadmissible: bool,
}

impl ExactFitTest {
    /// A test by so many replicates, seed 0, of the estimated model by [`ResidualVariance::Observed`].
    pub fn new(replicates: usize) -> Self {
        let structure = Structure::Estimated(ResidualVariance::default());
        Self { replicates, seed: 0, structure, keep_inadmissible: false }
    }

    /// The seed of the random numbers.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Test the saturated model: whether the measurement fits.
    pub fn saturated(mut self) -> Self {
        self.structure = Structure::Saturated;
        self
    }

    /// Test the estimated model by this convention.
    pub fn residual_variance(mut self, residual: ResidualVariance) -> Self {
        self.structure = Structure::Estimated(residual);
        self
    }

    /// Keep replicates whose estimates are inadmissible, and test a fit that is.
    pub fn keep_inadmissible(mut self) -> Self {
        self.keep_inadmissible = true;
        self
    }

    /// How many replicates there are.
    pub fn replicates_in_use(&self) -> usize {
        self.replicates
    }

    /// The seed of the random numbers.
    pub fn seed_in_use(&self) -> u64 {
        self.seed
    }

    /// The convention by which the estimated model is tested; `None` if the saturated one is.
    pub fn residual_variance_in_use(&self) -> Option<ResidualVariance> {
        match self.structure {
            Structure::Estimated(residual) => Some(residual),
            Structure::Saturated => None,
        }
    }

    /// Are inadmissible replicates kept?
    pub fn keeps_inadmissible(&self) -> bool {
        self.keep_inadmissible
    }

    fn check(&self) -> Result<()> {
        let count = self.replicates;
        check::domain(count as f64, count >= 1, || "the number of replicates".into(), "at least 1")?;
        // Four distances of each, and what becomes of it.
        check::replicates(count, 8, "replicates")
    }

    /// Tests a fit on the answers that it was made from. Respondents with a missing answer take no part.
    ///
    /// # Errors
    ///
    /// No replicates, or more than can be kept; case weights that are not whole; a model with products; an indicator that the responses lack, or responses other than those of the
    /// fit; an inadmissible fit;
    /// correlations, observed or implied, that are not positive definite; fewer than three replicates left.
    pub fn run(&self, fit: &Fit, responses: &Responses) -> Result<ExactFit> {
        self.check()?;
        if fit.specification().is_some_and(|(_, model)| !model.products().is_empty()) {
            let reason = "is not for models with products of constructs".into();
            return Err(ErrorKind::Unsupported { place: "the test of exact fit".into(), reason }.into());
        }
        let verification = fit.verify();
        let inadmissible = verification.findings().iter().find(|finding| finding.is_inadmissible());
        if let Some(finding) = inadmissible.filter(|_| !self.keep_inadmissible) {
            return Err(degenerate("the fit", format!("is inadmissible: {finding}")));
        }
        let observed = self.distances(fit);
        let statistics = Distance::ALL.map(|distance| distance.of(&observed));
        let [Some(srmr), Some(d_uls), Some(d_g), Some(d_ml)] = statistics else {
            return Err(degenerate("the implied correlations", "are not positive definite".into()));
        };
        let answers = self.transformed(fit, responses)?;
        frequencies(responses, &(0..responses.rows()).collect::<Vec<_>>())?;
        let rows: Vec<usize> = (0..answers.rows()).collect();
        let frequencies = frequencies(&answers, &rows)?;
        let urn = Urn::new((0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect(), frequencies.as_deref());
        let draw = Draw::Strata { strata: vec![urn], seed: self.seed, first: 0 };
        let drawn = |replicate| draw.answers(replicate, &answers, &rows, frequencies.is_some());
        let replicates = parallel::map(self.replicates, |replicate| self.distances_in(fit, &drawn(replicate).ok()?));
        let found: Vec<Distances> = replicates.into_iter().flatten().collect();
        if found.len() < 3 {
            let reason = format!("only {} of {} could be used", found.len(), self.replicates);
            return Err(degenerate("the replicates of the test", reason));
        }
        let sorted = |distance: Distance| {
            let mut values: Vec<f64> = found.iter().filter_map(|replicate| distance.of(replicate)).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        Ok(ExactFit {
            statistics: [srmr, d_uls, d_g, d_ml],
            distributions: Distance::ALL.map(sorted),
            replicates: self.replicates,
        })
    }

    fn distances(&self, fit: &Fit) -> Distances {
        fit.with_estimates(|estimates| {
            Distances::new(&Observed::new(estimates.indicators), &implied_indicators(estimates, self.structure))
        })
    }

    /// The answers as the model would have them.
    fn transformed(&self, fit: &Fit, responses: &Responses) -> Result<Responses> {
        let names: Vec<&str> = fit.model().indicators().collect();
        let answers = fit.complete_answers(responses, "the test of exact fit")?;
        let implied = fit.with_estimates(|estimates| implied_indicators(estimates, self.structure));
        let transform = power(&fit.indicator_correlations(), -0.5, "the observed correlations")?
            * power(&implied, 0.5, "the implied correlations")?;
        let (means, deviations) = (fit.means("the test of exact fit")?, fit.deviations());
        let mut transformed = DMatrix::from_fn(answers.rows(), names.len(), |row, column| {
            let answer = answers.get(row, column).unwrap_or(means[column]);
            (answer - means[column]) / deviations[column]
        });
        transformed *= transform;
        // The raw metric must find the units that it found before.
        for (mut column, deviation) in transformed.column_iter_mut().zip(deviations) {
            column *= *deviation;
        }
        let transformed = Responses::from_matrix(names, transformed)?;
        match answers.weights() {
            Some(weights) => transformed.with_weights(weights.iter().copied()),
            None => Ok(transformed),
        }
    }

    /// The distances in one replicate; `None` when it cannot be used.
    fn distances_in(&self, fit: &Fit, answers: &Responses) -> Option<Distances> {
        let moments = answers.moments(Missing::Reject).ok()?;
        let fit = fit.estimator().fit(fit.model(), &moments).ok()?;
        if !self.keep_inadmissible && !fit.verify().is_admissible() {
            return None;
        }
        let distances = self.distances(&fit);
        Distance::ALL.iter().all(|distance| distance.of(&distances).is_some()).then_some(distances)
    }
}

fn degenerate(place: &str, reason: String) -> crate::error::Error {
    ErrorKind::Degenerate { place: place.into(), reason }.into()
}

/// A power of a positive definite matrix.
fn power(matrix: &DMatrix<f64>, exponent: f64, place: &str) -> Result<DMatrix<f64>> {
    let (values, vectors) = linalg::symmetric_eigen(matrix.clone(), place)?;
    if values.iter().any(|value| rounding::is_dependent(*value, 1.0)) {
        return Err(degenerate(place, "are not positive definite".into()));
    }
    let powers = DMatrix::from_diagonal(&values.map(|value| value.powf(exponent)));
    Ok(&vectors * powers * vectors.transpose())
}

/// The outcome of a test of exact fit.
///
/// # Examples
///
/// ```
/// use satindex::inference::{Distance, ExactFitTest};
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let test = ExactFitTest::new(99).seed(7).run(&fit, &responses)?;
/// assert!(test.statistic(Distance::Srmr) > 0.0);
/// assert!(test.critical_value(Distance::Srmr, 0.05)? >= test.critical_value(Distance::Srmr, 0.5)?);
/// println!("{}", test.table());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "HI95")]
#[doc(alias = "overall fit")]
pub struct ExactFit {
    /// In the order of [`Distance::ALL`], as are the distributions.
    statistics: [f64; 4],
    /// Sorted.
    distributions: [Vec<f64>; 4],
    replicates: usize,
}

impl ExactFit {
    /// The distance of the model from the data.
    pub fn statistic(&self, distance: Distance) -> f64 {
        self.statistics[distance as usize]
    }

    /// The distances in the replicates that were used, ascending.
    pub fn distribution(&self, distance: Distance) -> &[f64] {
        &self.distributions[distance as usize]
    }

    /// The share of replicates at least as far from their data as the model is, itself included: (1 + #{T* ≥ T})/(1 + B).
    pub fn p_value(&self, distance: Distance) -> f64 {
        let (statistic, values) = (self.statistic(distance), self.distribution(distance));
        let below = values.partition_point(|value| *value < statistic);
        (1.0 + (values.len() - below) as f64) / (1.0 + values.len() as f64)
    }

    /// The distance above which the model is rejected at a level of significance: the quantile 1 − α of the replicates, by
    /// linear interpolation (R's type 7), as in cSEM.
    ///
    /// # Errors
    ///
    /// A level that is not between 0 and 1.
    pub fn critical_value(&self, distance: Distance, significance: f64) -> Result<f64> {
        let inside = significance > 0.0 && significance < 1.0;
        check::domain(significance, inside, || "the level of significance".into(), "a number between 0 and 1")?;
        let values = self.distribution(distance);
        let place = (1.0 - significance) * (values.len() - 1) as f64;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies within the list")]
        let below = (place.floor() as usize).min(values.len() - 2);
        Ok(values[below] + (place - below as f64) * (values[below + 1] - values[below]))
    }

    /// How many replicates were drawn.
    pub fn replicates(&self) -> usize {
        self.replicates
    }

    /// How many of them were used.
    pub fn used(&self) -> usize {
        self.distributions[0].len()
    }

    /// The statistics with their p-values and critical values at 5 %.
    pub fn table(&self) -> Table {
        let all = Distance::ALL;
        let critical = |distance: &Distance| self.critical_value(*distance, 0.05).ok();
        Table::new("Test of exact fit")
            .column(Column::text("distance", all.iter().map(|distance| distance.name())))
            .column(Column::number("statistic", all.iter().map(|distance| self.statistic(*distance))).decimals(4))
            .column(Column::number("critical at 5 %", all.iter().map(critical)).decimals(4))
            .column(Column::p_value("p", all.iter().map(|distance| self.p_value(*distance))))
            .note(format!("{} of {} replicates used", self.used(), self.replicates))
    }
}

impl fmt::Display for ExactFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

#[cfg(feature = "serde")]
mod saved {
    //! The outcome as it is stored: by distance the statistic, its p value and the distances of the replicates.

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::{Distance, ExactFit};
    use crate::error::{ErrorKind, Result};
    use crate::numeric::check;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Saved {
        replicates: usize,
        used: usize,
        srmr: Record,
        d_uls: Record,
        d_g: Record,
        d_ml: Record,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Record {
        statistic: f64,
        p_value: f64,
        distribution: Vec<f64>,
    }

    impl Serialize for ExactFit {
        fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
            let record = |distance: Distance| Record {
                statistic: self.statistic(distance),
                p_value: self.p_value(distance),
                distribution: self.distribution(distance).to_vec(),
            };
            let [srmr, d_uls, d_g, d_ml] = Distance::ALL.map(record);
            Saved { replicates: self.replicates, used: self.used(), srmr, d_uls, d_g, d_ml }.serialize(serializer)
        }
    }

    impl<'de> Deserialize<'de> for ExactFit {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
            Saved::deserialize(deserializer)?.checked().map_err(de::Error::custom)
        }
    }

    impl Saved {
        fn checked(self) -> Result<ExactFit> {
            let Self { replicates, used, srmr, d_uls, d_g, d_ml } = self;
            check::domain(
                used as f64,
                (3..=replicates).contains(&used),
                || "the number used".into(),
                "3 to all of them",
            )?;
            let records = [srmr, d_uls, d_g, d_ml];
            for Record { statistic, distribution, .. } in &records {
                check::length(distribution.len(), used, || "the distances of the replicates".into())?;
                for distance in distribution.iter().chain([statistic]) {
                    check::finite(*distance, || "a distance".into())?;
                }
                if !distribution.is_sorted() {
                    let (place, reason) = ("the distances of the replicates".into(), "are not in order".into());
                    return Err(ErrorKind::Mismatch { place, reason }.into());
                }
            }
            let p_values = records.each_ref().map(|record| record.p_value);
            let statistics = records.each_ref().map(|record| record.statistic);
            let fit = ExactFit { statistics, distributions: records.map(|record| record.distribution), replicates };
            if Distance::ALL.map(|distance| fit.p_value(distance)) != p_values {
                let (place, reason) = ("the p values".into(), "are not those of the distances".into());
                return Err(ErrorKind::Mismatch { place, reason }.into());
            }
            Ok(fit)
        }
    }
}
