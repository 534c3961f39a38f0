//! Whether a model predicts answers that it has not seen: the Stone–Geisser Q².

use std::fmt;
use std::ops::Range;

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Result};
use crate::structural::assess::Assessment;
use crate::structural::assess::figures::Figures;
use crate::structural::assess::regression::effect_size;
use crate::structural::model::Model;
use crate::structural::pls::{Fit, Pls};
use crate::survey::{Missing, Responses};
use crate::table::Table;

/// Cross-validated redundancy and communality by blindfolding.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let blindfolding = fit.assess().blindfolding(&responses, 7)?;
/// assert!(blindfolding.redundancy("Satisfaction")?.unwrap() > 0.0);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "Stone-Geisser")]
#[doc(alias = "Q2")]
#[doc(alias = "predictive relevance")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Saved"))]
pub struct Blindfolding {
    q_squared: Figures,
    effect_sizes: Figures,
}

/// Both as they are stored.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    q_squared: Figures,
    effect_sizes: Figures,
}

#[cfg(feature = "serde")]
impl TryFrom<Saved> for Blindfolding {
    type Error = crate::Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let q_squared = saved.q_squared.with_columns(&COLUMNS)?;
        Ok(Self { q_squared, effect_sizes: saved.effect_sizes })
    }
}

/// The columns of [`Blindfolding::q_squared`].
const COLUMNS: [&str; 2] = ["redundancy", "communality"];

impl Blindfolding {
    /// Q² of each construct: columns `redundancy` (predicted from the predecessors; none without) and `communality`
    /// (predicted from the construct's other indicators; none for a single one). Above 0 the model predicts better than
    /// the mean does.
    pub fn q_squared(&self) -> &Figures {
        &self.q_squared
    }

    /// The cross-validated redundancy of a construct; `None` without predecessors.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn redundancy(&self, construct: &str) -> Result<Option<f64>> {
        self.q_squared.get(construct, COLUMNS[0])
    }

    /// The cross-validated communality of a construct; `None` for a single indicator.
    ///
    /// # Errors
    ///
    /// An unknown construct.
    pub fn communality(&self, construct: &str) -> Result<Option<f64>> {
        self.q_squared.get(construct, COLUMNS[1])
    }

    /// q² of each path (rows: acted on; columns: causes): (Q² − Q²₋)/(1 − Q²) with the cross-validated redundancy Q²₋ of the
    /// model without the path, 0 for a single predecessor.
    pub fn effect_sizes(&self) -> &Figures {
        &self.effect_sizes
    }

    /// Both as tables.
    pub fn tables(&self) -> [Table; 2] {
        [self.q_squared.table(), self.effect_sizes.table()]
    }
}

impl fmt::Display for Blindfolding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.tables();
        write!(f, "{first}\n{second}")
    }
}

/// Sums of squares of the omitted answers of one construct.
#[derive(Debug, Clone, Copy, Default)]
struct Squares {
    /// About the means.
    observed: f64,
    /// About the predictions from the predecessors.
    redundancy: f64,
    /// About the predictions from the construct itself.
    communality: f64,
}

impl Squares {
    /// 1 − ΣSSE/ΣSSO.
    fn share(self, errors: f64) -> Option<f64> {
        Some(1.0 - errors / self.observed).filter(|share| share.is_finite())
    }
}

/// Answers from which models are estimated again and again.
struct Rounds<'a> {
    answers: &'a Responses,
    /// The standard deviations of all answers, in whose units errors are measured.
    deviations: &'a [f64],
    distance: usize,
}

impl Rounds<'_> {
    /// The sums of squares of a construct of a model over all rounds. Its indicators stand in `block` of the answers.
    fn squares(&self, pls: &Pls, model: &Model, construct: usize, block: &Range<usize>) -> Result<Squares> {
        let mut squares = Squares::default();
        for omitted in 0..self.distance {
            let (means, filled) = self.filled(block, omitted)?;
            let fit = pls.fit(model, &filled.moments(Missing::Reject)?)?;
            self.add(&fit, construct, block, omitted, (&means, &filled), &mut squares)?;
        }
        Ok(squares)
    }

    /// Is an answer left out? Down one indicator and on with the next, the places go round the respondents.
    fn hidden(&self, block: &Range<usize>, omitted: usize, row: usize, column: usize) -> bool {
        ((column - block.start) * self.answers.rows() + row) % self.distance == omitted
    }

    fn weight(&self, row: usize) -> f64 {
        self.answers.weights().map_or(1.0, |weights| weights[row])
    }

    fn answer(&self, row: usize, column: usize) -> f64 {
        self.answers.answers_to(column)[row]
    }

    /// The means of what is not left out of a block, and the answers with them in the place of what is.
    fn filled(&self, block: &Range<usize>, omitted: usize) -> Result<(Vec<f64>, Responses)> {
        let rows = self.answers.rows();
        let mean = |column: usize| {
            let seen = || (0..rows).filter(|row| !self.hidden(block, omitted, *row, column));
            let sum: f64 = seen().map(|row| self.weight(row) * self.answer(row, column)).sum();
            sum / seen().map(|row| self.weight(row)).sum::<f64>()
        };
        let means: Vec<f64> = block.clone().map(mean).collect();
        let filled = DMatrix::from_fn(rows, self.answers.indicators().len(), |row, column| {
            let hide = block.contains(&column) && self.hidden(block, omitted, row, column);
            if hide { means[column - block.start] } else { self.answer(row, column) }
        });
        Ok((means, self.answers.with_answers(filled)?))
    }

    /// Adds the squares of one round.
    fn add(
        &self,
        fit: &Fit,
        construct: usize,
        block: &Range<usize>,
        omitted: usize,
        (means, filled): (&[f64], &Responses),
        squares: &mut Squares,
    ) -> Result<()> {
        let scores = fit.scores(filled)?;
        let score = |row: usize, at: usize| scores.get(row, at).unwrap_or(f64::NAN);
        let paths: Vec<(usize, f64)> =
            fit.model().predecessors(construct).map(|from| (from, fit.path_matrix()[(construct, from)])).collect();
        let predicted = |row: usize| -> f64 { paths.iter().map(|(from, path)| path * score(row, *from)).sum() };
        let first = fit.shape().blocks[construct].start;
        for (place, column) in block.clone().enumerate() {
            let slope = fit.loading_matrix()[(first + place, construct)] * fit.deviations()[first + place];
            for row in (0..self.answers.rows()).filter(|row| self.hidden(block, omitted, *row, column)) {
                let deviation = self.answer(row, column) - means[place];
                let square =
                    |prediction: f64| self.weight(row) * ((deviation - prediction) / self.deviations[column]).powi(2);
                squares.observed += square(0.0);
                squares.redundancy += square(slope * predicted(row));
                squares.communality += square(slope * score(row, construct));
            }
        }
        Ok(())
    }
}

impl Assessment<'_> {
    /// Predicts answers that are left out of the estimation in turn: every `distance`-th answer to the indicators of one
    /// construct, first to the one indicator, then on to the next.
    ///
    /// # Formula
    ///
    /// The answers left out take the mean x̄ of the others; the model is estimated anew; the prediction of an answer left out
    /// is x̄ + sλŷ with the new loading λ, standard deviation s of the indicator and the score ŷ: as the predecessors' scores
    /// predict it (redundancy) or as the construct's indicators make it (communality). Q² = 1 − ΣE/ΣO with the squared
    /// errors E of these predictions and O of the mean, in units of the indicator's standard deviation.
    ///
    /// # Numerical notes
    ///
    /// A consistent fit is judged by its scores, uncorrected: constructs cannot be observed. Respondents with a missing answer
    /// take no part; a row of frequency k is k respondents, one after the other. Everything is estimated (constructs + paths) × `distance` times. Of a model with products or constructs
    /// of higher order it is the last stage, with the products and scores in it as they were formed.
    ///
    /// # Errors
    ///
    /// A distance that is below 2, not below the number of respondents, or divides it (all answers of a respondent would be
    /// left out at once); responses other than those of the fit; a round in which the model cannot be estimated.
    ///
    /// # References
    ///
    /// Stone, M. (1974). Cross-validatory choice and assessment of statistical predictions. *Journal of the Royal
    /// Statistical Society B*, 36, 111–147. <https://doi.org/10.1111/j.2517-6161.1974.tb00994.x>
    ///
    /// Geisser, S. (1974). A predictive approach to the random effect model. *Biometrika*, 61, 101–107.
    /// <https://doi.org/10.1093/biomet/61.1.101>
    ///
    /// Tenenhaus, M., Esposito Vinzi, V., Chatelin, Y.-M., Lauro, C. (2005). PLS path modeling. *Computational Statistics &
    /// Data Analysis*, 48, 159–205, sec. 5.4. <https://doi.org/10.1016/j.csda.2004.03.005>
    pub fn blindfolding(&self, responses: &Responses, distance: usize) -> Result<Blindfolding> {
        let answers = self.fit.complete_answers(responses, "blindfolding")?.one_row_each()?;
        let inside = distance >= 2 && distance < answers.rows() && answers.rows() % distance != 0;
        if !inside {
            let expected =
                format!("2 or more, fewer than the {} respondents, and no divisor of their number", answers.rows());
            let place = "the omission distance is".into();
            return Err(ErrorKind::Domain { place, value: distance as f64, expected }.into());
        }
        let (shape, pls) = (self.fit.shape(), self.fit.estimator().uncorrected());
        let rounds = Rounds { answers: &answers, deviations: self.fit.deviations(), distance };
        let squares: Vec<Squares> = shape
            .blocks
            .iter()
            .enumerate()
            .map(|(at, block)| rounds.squares(&pls, self.fit.model(), at, block))
            .collect::<Result<_>>()?;
        let redundancy = |at: usize| squares[at].share(squares[at].redundancy);
        let without = |&(from, to): &(usize, usize)| -> Result<Option<f64>> {
            let Some(with) = redundancy(to) else { return Ok(None) };
            let without = if shape.predecessors[to].len() == 1 {
                Some(0.0)
            } else {
                let reduced = self.without(from, to)?;
                let pls = pls.restricted_to(&reduced);
                let at = reduced.position(self.fit.name(to))?;
                let squares = rounds.squares(&pls, &reduced, at, &shape.blocks[to])?;
                squares.share(squares.redundancy)
            };
            Ok(without.and_then(|without| effect_size(with - without, with)))
        };
        let sizes = self.fit.model().paths().iter().map(without).collect::<Result<Vec<_>>>()?;
        let rows = ("construct", self.fit.construct_names());
        let q_squared = Figures::new("Predictive relevance Q²", rows, ("figure", COLUMNS), |at, column| match column {
            0 if shape.predecessors[at].is_empty() => None,
            0 => redundancy(at),
            _ if shape.blocks[at].len() == 1 => None,
            _ => squares[at].share(squares[at].communality),
        })
        .note(&format!("blindfolding with omission distance {distance}"));
        let effect_sizes = self.path_figures("Predictive effect size q²", |to, from| {
            sizes[self.fit.model().paths().iter().position(|path| *path == (from, to))?]
        });
        Ok(Blindfolding { q_squared, effect_sizes })
    }
}
