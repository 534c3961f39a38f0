//! From a fitted model to the 0–100 index of a construct, for the group and for each respondent.

#[cfg(feature = "serde")]
mod saved;

use nalgebra::DMatrix;

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::index::Index;
use crate::numeric::rounding::{self, CONVERGED};
use crate::structural::assess::Assessment;
use crate::structural::linear_index::LinearIndex;
use crate::structural::pls::Fit;
use crate::structural::pls::fit::doors::check_scale;
use crate::survey::{Responses, Scale};
use crate::table::{Column, Table};

/// The weights by which a construct's indicators enter its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[doc(alias = "importance weights")]
pub enum IndexWeights {
    /// The unstandardised outer weights w̃ᵢ/sᵢ: those of the ACSI (Fornell et al. 1996), of cSEM and of SmartPLS.
    #[default]
    Unstandardised,
    /// The standardised outer weights w̃ᵢ applied to the answers as they are: the shortcut of plspm's `rescale`.
    Standardised,
    /// The same weight for every indicator.
    Equal,
}

impl IndexWeights {
    fn name(self) -> &'static str {
        match self {
            Self::Unstandardised => "unstandardised weights",
            Self::Standardised => "standardised weights",
            Self::Equal => "equal weights",
        }
    }
}

/// An indicator in the index of its construct.
struct Part<'a> {
    name: &'a str,
    scale: Scale,
    /// Its weight once answers count from the bad end of the scale.
    weight: f64,
}

impl Part<'_> {
    /// What the index takes of the way from the worst to the best answer.
    fn share(&self) -> f64 {
        self.weight * self.scale.range()
    }

    /// The weight of the answer as it was given.
    fn slope(&self) -> f64 {
        self.weight * self.scale.direction().sign()
    }
}

/// Scores of respondents on the constructs.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let scores = fit.scores(&responses)?;
/// assert_eq!(scores.constructs()[0], "Expectation");
/// assert_eq!(scores.rows(), 250);
/// assert!(scores.get(0, 0).unwrap().abs() < 5.0); // standard deviations from the mean
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "saved::Saved", into = "saved::Saved")
)]
#[doc(alias = "latent variable scores")]
#[doc(alias = "construct scores")]
#[doc(alias = "composite scores")]
pub struct Scores {
    constructs: Vec<String>,
    /// Respondents × constructs; NaN where an answer is missing.
    values: DMatrix<f64>,
}

/// Two sets of scores are the same where they have the same numbers and lack the same ones.
impl PartialEq for Scores {
    fn eq(&self, other: &Self) -> bool {
        let same = |(one, other): (&f64, &f64)| one == other || one.is_nan() && other.is_nan();
        self.constructs == other.constructs
            && self.values.shape() == other.values.shape()
            && self.values.iter().zip(&other.values).all(same)
    }
}

impl Scores {
    /// The names of the constructs, in the order of the columns.
    pub fn constructs(&self) -> &[String] {
        &self.constructs
    }

    /// The number of respondents.
    pub fn rows(&self) -> usize {
        self.values.nrows()
    }

    /// The score of a respondent (from 0) on a construct (from 0); `None` when an answer to one of the construct's
    /// indicators is missing, or when there is no such place.
    pub fn get(&self, row: usize, construct: usize) -> Option<f64> {
        self.values.get((row, construct)).copied().filter(|score| !score.is_nan())
    }
}

impl Fit {
    /// The index of a construct by the weights of the ACSI, [`IndexWeights::Unstandardised`].
    ///
    /// # Formula
    ///
    /// I = 100 · Σ wᵢ(x̄ᵢ − minᵢ) / Σ wᵢ(maxᵢ − minᵢ), over the construct's indicators with mean x̄ᵢ on a scale from
    /// minᵢ to maxᵢ. An indicator on which low answers are good is recoded: its weight changes sign, and
    /// maxᵢ − x̄ᵢ takes the place of x̄ᵢ − minᵢ.
    ///
    /// The standard error is √(a′Sa/n), where I = c + a′x̄ and S is the covariance matrix of the answers: that of a simple
    /// random sample, with the weights taken as known. [`Bootstrapped::index`](crate::inference::Bootstrapped::index) estimates the
    /// weights anew, and gives an interval.
    ///
    /// A construct that is measured by scores of an earlier stage (one of higher order, or one beside products of scores)
    /// has the index of the answers behind them: a score is a weighted sum too, so the weights multiply.
    ///
    /// # Errors
    ///
    /// An unknown construct; an indicator without a scale; data without means; weights of both signs, which make
    /// the index meaningless (the error names the indicators that go against the others).
    ///
    /// # References
    ///
    /// Fornell, C., Johnson, M. D., Anderson, E. W., Cha, J., Bryant, B. E. (1996). The American Customer Satisfaction
    /// Index: nature, purpose, and findings. *Journal of Marketing*, 60(4), 7–18, appendix.
    /// <https://doi.org/10.1177/002224299606000403>
    pub fn index(&self, construct: &str) -> Result<Index> {
        self.assess().index(construct, IndexWeights::Unstandardised)
    }

    /// The index of each respondent, in the order of the rows; `None` where an answer is missing, unless
    /// [`Missing::Mean`](crate::survey::Missing::Mean) puts in the mean of the fit.
    ///
    /// # Errors
    ///
    /// As for [`Fit::index`]; an indicator that the responses lack; an answer outside the scale of the fit, or answers on
    /// another scale.
    pub fn index_scores(
        &self,
        construct: &str,
        weights: IndexWeights,
        responses: &Responses,
    ) -> Result<Vec<Option<f64>>> {
        let at = self.model().position(construct)?;
        let linear = self.linear_index(at, weights)?;
        let names = self.model().constructs()[at].indicators();
        let known = names.iter().all(|name| responses.position(name).is_ok());
        let block = if known { self.answers_to(responses, names)? } else { self.answers(responses)?.select(names)? };
        let columns = linear.slopes.len();
        let mut faults = Faults::default();
        for (column, indicator) in self.moments().indicators()[linear.first..][..columns].iter().enumerate() {
            faults.check(check_scale(indicator, &block, column));
        }
        faults.or(())?;
        let score = |row| {
            let answers: Option<Vec<f64>> = (0..columns).map(|column| block.get(row, column)).collect();
            answers.map(|answers| linear.at(answers))
        };
        Ok((0..block.rows()).map(score).collect())
    }

    /// The scores of respondents on every construct: Σ wᵢ(xᵢ − x̄ᵢ) with the fit's weights and means, so that the
    /// respondents fitted have mean 0 and variance 1 (divisor n − 1), and others are measured against them.
    ///
    /// A model with products or constructs of higher order takes the answers that were asked for, of any respondents: the
    /// columns of its stages are made of them by the weights and means of the fit. It also takes the answers of
    /// [`Pls::first_order`](crate::structural::Pls::first_order) with the columns in them. Under
    /// [`Missing::Mean`](crate::survey::Missing::Mean) a missing answer is the mean of the fit.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack; an answer outside the scale of the fit, or answers on another scale; a fit from
    /// covariances without means.
    pub fn scores(&self, responses: &Responses) -> Result<Scores> {
        let answers = self.answers(responses)?;
        self.check_scales(&answers)?;
        let means = self.means("a score")?;
        let constructs = self.model().constructs();
        let mut values = DMatrix::zeros(answers.rows(), constructs.len());
        let mut indicator = 0;
        for (column, construct) in constructs.iter().enumerate() {
            for _ in construct.indicators() {
                for row in 0..answers.rows() {
                    let answer = answers.get(row, indicator).unwrap_or(f64::NAN);
                    values[(row, column)] += self.own_weights()[indicator] * (answer - means[indicator]);
                }
                indicator += 1;
            }
        }
        Ok(Scores { constructs: constructs.iter().map(|construct| construct.name().to_owned()).collect(), values })
    }

    /// The scale of a construct's score, with the anchors that it takes where its indicators take theirs; so the index of
    /// what the score measures is that of the answers behind it. `None` where the construct has no index.
    pub(crate) fn score_scale(&self, construct: usize) -> Option<Scale> {
        let linear = self.linear_index(construct, IndexWeights::Unstandardised).ok()?;
        let indicators = &self.moments().indicators()[linear.first..];
        let means = &self.means("a score").ok()?[linear.first..];
        let (mut worst, mut best) = (0.0, 0.0);
        for (at, weight) in self.own_weights()[linear.first..].iter().take(linear.slopes.len()).enumerate() {
            let scale = indicators[at].scale()?;
            worst += weight * (scale.from_hundred(0.0) - means[at]);
            best += weight * (scale.from_hundred(100.0) - means[at]);
        }
        let scale = Scale::new(worst.min(best), worst.max(best)).ok()?;
        Some(if best < worst { scale.reversed() } else { scale })
    }

    /// The index of a construct as a function of the answers to its indicators.
    ///
    /// # Errors
    ///
    /// Those of [`Fit::index`] except for missing means.
    pub(crate) fn linear_index(&self, construct: usize, weights: IndexWeights) -> Result<LinearIndex> {
        let parts = self.index_parts(construct, weights)?;
        let range = rounding::sum(parts.iter().map(Part::share));
        // Which way round a construct is means nothing, and a common sign cancels: what counts is a weight against the
        // others.
        let sign = if range < 0.0 { -1.0 } else { 1.0 };
        let against = parts.iter().filter(|part| part.weight * sign < 0.0);
        let negative: Vec<String> = against.map(|part| part.name.to_owned()).collect();
        if !negative.is_empty() {
            let construct = self.name(construct).to_owned();
            return Err(ErrorKind::NegativeWeights { construct, indicators: negative }.into());
        }
        let weighted = parts.iter().map(|part| (part.slope(), part.scale));
        Ok(LinearIndex::new(self.first_indicator(construct), weighted, range))
    }

    /// The indicators of a construct with their weights in an index; a weight that is too small to have a sign is 0.
    fn index_parts(&self, construct: usize, weights: IndexWeights) -> Result<Vec<Part<'_>>> {
        let mut faults = Faults::default();
        let mut parts = Vec::new();
        let size = self.model().constructs()[construct].indicators().len();
        for (indicator, at) in
            self.moments().indicators().iter().zip(0..).skip(self.first_indicator(construct)).take(size)
        {
            let Some(scale) = indicator.scale() else {
                faults.push(ErrorKind::NoScale { indicator: indicator.name().to_owned() });
                continue;
            };
            let own = self.own_weights()[at] * scale.direction().sign();
            let weight = match weights {
                IndexWeights::Unstandardised => own,
                IndexWeights::Standardised => own * self.deviations()[at],
                IndexWeights::Equal => 1.0,
            };
            parts.push(Part { name: indicator.name(), scale, weight });
        }
        let total: f64 = parts.iter().map(|part| part.share().abs()).sum();
        parts.iter_mut().filter(|part| part.share().abs() <= CONVERGED * total).for_each(|part| part.weight = 0.0);
        faults.or(parts)
    }

    fn first_indicator(&self, construct: usize) -> usize {
        self.model().constructs()[..construct].iter().map(|construct| construct.indicators().len()).sum()
    }

    /// Every construct with its index, or with the reason why it has none.
    pub fn indices(&self) -> Vec<(&str, Result<Index, Error>)> {
        self.model().constructs().iter().map(|construct| (construct.name(), self.index(construct.name()))).collect()
    }

    /// The 0–100 index of every construct; a note says why a construct has none.
    pub fn index_table(&self) -> Table {
        let indices = self.indices();
        let value = |(_, index): &(&str, Result<Index, Error>)| index.as_ref().ok().map(Index::value);
        let table = Table::new("Index (0-100, unstandardised weights)")
            .column(Column::text("construct", indices.iter().map(|(name, _)| name)))
            .column(Column::number("index", indices.iter().map(value)).decimals(4));
        let faults = indices.iter().filter_map(|(_, index)| index.as_ref().err()).flat_map(Error::faults);
        let reasons: Vec<String> = faults.map(ToString::to_string).collect();
        // One missing scale is news; twenty-four are one piece of news.
        match reasons.as_slice() {
            [] => table,
            [one] => table.note(one),
            [first, rest @ ..] => table.note(format!("{first} (and {} more)", rest.len())),
        }
    }
}

impl Assessment<'_> {
    /// The index of a construct by any of the conventions in use; for the formula see [`Fit::index`].
    ///
    /// # Numerical notes
    ///
    /// Normalising the unstandardised weights to a sum of 1, wᵢ = (w̃ᵢ/sᵢ)/Σ(w̃ₖ/sₖ), changes nothing: the sum cancels.
    ///
    /// # Errors
    ///
    /// As for [`Fit::index`]; equal weights are never negative.
    pub fn index(&self, construct: &str, weights: IndexWeights) -> Result<Index> {
        let at = self.fit.model().position(construct)?;
        let linear = self.fit.linear_index(at, weights)?;
        let means = &self.fit.means("an index")?[linear.first..];
        let value = linear.at(means.iter().copied());
        let index = Index::new(value, self.fit.n(), format!("structural model, {}", weights.name()))?;
        index.with_std_error((linear.variance(&self.fit.moments().covariance()?) / self.fit.n()).sqrt())
    }
}
