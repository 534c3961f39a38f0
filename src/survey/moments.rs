//! What the estimation of a model needs of the answers.

mod merge;
mod published;
mod push;
#[cfg(feature = "serde")]
mod raw;

use std::fmt;

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::CentredSums;
use crate::survey::Scale;
use crate::survey::indicator::{self, Indicator};
use crate::survey::questionnaire::{self, Questionnaire};
use crate::table::{Column, Table};

/// Weighted count, means and centred cross-products of named indicators.
///
/// They come from [`Responses`](crate::survey::Responses) or a CSV file in one pass, row by row ([`Moments::push`], many at
/// once by [`Moments::extend`]), or from a published covariance matrix. Those of shards, days or remote workers [`merge`](Moments::merge) into those
/// of the whole.
///
/// # Formula
///
/// With case weights w: n = Σw, x̄ = Σwx/n, C = Σw(x − x̄)(x − x̄)'. The covariance matrix is C/(n − 1): a weight counts
/// respondents, so that one respondent of weight 3 is as good as three of weight 1. Weights of another kind (that sum
/// to 1, or to a population) are to be rescaled to sum to the number of respondents first.
///
/// # Numerical notes
///
/// Deviations are taken from means of blocks of answers and never from 0: answers that vary by 1 about 10⁹ lose no
/// digits. Answers below about 10⁻¹⁴⁰ in variation, whose squares are too small for an `f64`, count as constant.
///
/// # References
///
/// Chan, T. F., Golub, G. H., `LeVeque`, R. J. (1983), Algorithms for computing the sample variance, *The American
/// Statistician* 37, 242–247, doi:10.1080/00031305.1983.10483115.
///
/// # Examples
///
/// ```
/// use satindex::survey::Moments;
///
/// let mut one = Moments::new(["speed", "skill"])?;
/// one.push(&[7.0, 8.0], 1.0)?;
/// one.push(&[9.0, 9.0], 1.0)?;
/// let mut other = Moments::new(["speed", "skill"])?;
/// other.push(&[5.0, 4.0], 1.0)?;
/// one.merge(&other)?;
/// assert_eq!(one.means(), Some([7.0, 7.0].as_slice()));
/// assert_eq!(one.standard_deviations()?[0], 2.0);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("covariance matrix", "cross-products", "sufficient statistics"))]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::RawMoments", into = "raw::RawMoments")
)]
pub struct Moments {
    pub(super) indicators: Vec<Indicator>,
    pub(super) rows: usize,
    pub(super) rows_dropped: usize,
    pub(super) answers_filled: usize,
    pub(super) answers_passed_over: usize,
    pub(super) sums: CentredSums,
    pub(super) means_known: bool,
}

impl Moments {
    /// The moments of no row yet.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Self> {
        let indicators = indicator::named(names)?;
        let sums = CentredSums::new(indicators.len());
        Self::from_answers(indicators, sums, [0; 4])
    }

    /// The moments of answers, with the numbers of rows used, rows dropped, answers filled and answers passed over.
    pub(crate) fn from_answers(indicators: Vec<Indicator>, sums: CentredSums, counts: [usize; 4]) -> Result<Self> {
        let [rows, rows_dropped, answers_filled, answers_passed_over] = counts;
        let means_known = true;
        Self { indicators, rows, rows_dropped, answers_filled, answers_passed_over, sums, means_known }.checked()
    }

    /// The moments, if all sums are finite.
    pub(super) fn checked(mut self) -> Result<Self> {
        check::finite(self.sums.weight, || "the sum of the case weights".into())?;
        let mut faults = Faults::default();
        for (at, indicator) in self.indicators.iter().enumerate() {
            let name = indicator.name();
            faults.check(check::finite(self.sums.products[(at, at)], || format!("the sum of squares of `{name}`")));
            faults.check(check::finite(self.sums.means[at] + self.sums.remainders[at], || mean_of(name)));
        }
        faults.or(())?;
        for at in 0..self.indicators.len() {
            if self.sums.products[(at, at)] < SMALLEST {
                self.sums.products.row_mut(at).fill(0.0);
                self.sums.products.column_mut(at).fill(0.0);
            }
        }
        Ok(self)
    }

    /// The moments with the same scale for all indicators.
    ///
    /// # Errors
    ///
    /// An indicator that has another scale already; a mean or a variance that answers on the scale cannot have.
    pub fn with_scale(mut self, scale: Scale) -> Result<Self> {
        indicator::on_one_scale(&mut self.indicators, scale)?;
        self.on_scale()
    }

    /// The moments with the wording and the scales of a questionnaire, which may ask for more than they hold.
    ///
    /// # Errors
    ///
    /// An indicator that is not in the questionnaire, or that has another scale already; a mean or a variance that answers
    /// on its scale cannot have.
    pub fn with_questionnaire(mut self, questionnaire: &Questionnaire) -> Result<Self> {
        questionnaire::as_asked(&mut self.indicators, questionnaire)?;
        self.on_scale()
    }

    /// The moments, if every mean is within the scale of its indicator, and every variance possible on it: n answers from
    /// a to b have at most n/(n − 1) · (b − a)²/4 (Popoviciu 1935), hence (b − a)²/2.
    pub(super) fn on_scale(self) -> Result<Self> {
        let mut faults = Faults::default();
        let deviations = self.standard_deviations().unwrap_or_default();
        for (at, indicator) in self.indicators.iter().enumerate() {
            let Some(scale) = indicator.scale() else { continue };
            if let Some(mean) = self.means().map(|means| means[at]) {
                let expected = format!("a number from {} to {}", scale.lower(), scale.upper());
                // The mean of answers that are all at an anchor may be beyond it by its rounding.
                let slack = 4.0 * f64::EPSILON * (scale.lower().abs() + scale.upper().abs());
                let inside = mean >= scale.lower() - slack && mean <= scale.upper() + slack;
                faults.check(check::domain(mean, inside, || mean_of(indicator.name()), &expected));
            }
            if let Some(deviation) = deviations.get(at) {
                let place = || format!("the standard deviation of `{}`", indicator.name());
                let largest = scale.range() * std::f64::consts::FRAC_1_SQRT_2;
                let expected = format!("at most {largest:.4} on the scale {scale}");
                faults.check(check::domain(*deviation, *deviation <= largest * (1.0 + 1e-9), place, &expected));
            }
        }
        faults.or(self)
    }

    /// The indicators in order.
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// The names of the indicators in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.indicators.iter().map(Indicator::name)
    }

    /// How many respondents stand behind the moments: rows used, whatever their weights.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many respondents were left out because of missing answers.
    pub fn rows_dropped(&self) -> usize {
        self.rows_dropped
    }

    /// How many missing answers were made up for, by the mean ([`Missing::Mean`](crate::survey::Missing::Mean)) or by
    /// what the others let expect ([`Missing::Em`](crate::survey::Missing::Em)).
    pub fn answers_filled(&self) -> usize {
        self.answers_filled
    }

    /// How many answers are missing of respondents whose other answers were used nevertheless
    /// ([`Missing::Pairwise`](crate::survey::Missing::Pairwise)).
    pub fn answers_passed_over(&self) -> usize {
        self.answers_passed_over
    }

    /// n, the sum of the case weights.
    pub fn n(&self) -> f64 {
        self.sums.weight
    }

    /// The means, in the order of the indicators; `None` where they are unknown or there is no respondent yet.
    pub fn means(&self) -> Option<&[f64]> {
        (self.means_known && self.rows > 0).then_some(&self.sums.means)
    }

    /// C, the centred cross-products.
    pub(crate) fn cross_products(&self) -> &DMatrix<f64> {
        &self.sums.products
    }

    /// n − 1.
    pub(super) fn degrees(&self) -> Result<f64> {
        let (n, rows) = (self.sums.weight, self.rows);
        if rows > 1 && n <= 1.0 + 1e-9 {
            let place = format!("the sum of the case weights of {rows} respondents is");
            let expected =
                format!("more than 1, as a weight of k is k respondents (multiply weights that sum to 1 by {rows})");
            // The sum of rounded weights is 1 up to their rounding.
            return Err(ErrorKind::Domain { place, value: (n * 1e9).round() / 1e9, expected }.into());
        }
        check::domain(n, n > 1.0, || "the number of respondents".into(), "a number above 1").map(|n| n - 1.0)
    }

    /// The covariance matrix, C/(n − 1).
    ///
    /// # Errors
    ///
    /// When n is not above 1.
    pub fn covariance(&self) -> Result<DMatrix<f64>> {
        Ok(&self.sums.products / self.degrees()?)
    }

    /// The standard deviations, the square roots of the diagonal of C/(n − 1), in the order of the indicators.
    ///
    /// # Errors
    ///
    /// When n is not above 1.
    pub fn standard_deviations(&self) -> Result<Vec<f64>> {
        let degrees = self.degrees()?;
        Ok(self.sums.products.diagonal().iter().map(|square| (square / degrees).sqrt()).collect())
    }

    /// The correlation matrix, cᵢⱼ/√(cᵢᵢcⱼⱼ).
    ///
    /// # Errors
    ///
    /// Fewer than two respondents, or an indicator to which all answers are the same.
    pub fn correlation(&self) -> Result<DMatrix<f64>> {
        if self.rows < 2 {
            let place = "the number of respondents is".into();
            return Err(ErrorKind::Domain { place, value: self.rows as f64, expected: "2 or more".into() }.into());
        }
        let squares = self.sums.products.diagonal();
        let mut faults = Faults::default();
        for (indicator, _) in self.indicators.iter().zip(&squares).filter(|(_, square)| **square == 0.0) {
            let place = format!("indicator `{}`", indicator.name());
            faults.push(ErrorKind::Degenerate { place, reason: "all answers are the same".into() });
        }
        faults.or(())?;
        let lengths = squares.map(f64::sqrt);
        Ok(DMatrix::from_fn(lengths.len(), lengths.len(), |i, j| {
            // One division after the other does not overflow; in this order it is symmetric to the last bit.
            let correlation = self.sums.products[(i, j)] / lengths[i.min(j)] / lengths[i.max(j)];
            if i == j { 1.0 } else { correlation.clamp(-1.0, 1.0) }
        }))
    }

    /// The moments of these indicators, in this order.
    ///
    /// # Errors
    ///
    /// No name, one that is unknown or one given twice.
    pub fn select<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        let places = indicator::positions(&self.indicators, names)?;
        Ok(Self {
            indicators: places.iter().map(|place| self.indicators[*place].clone()).collect(),
            sums: self.sums.select(&places),
            rows: self.rows,
            rows_dropped: self.rows_dropped,
            answers_filled: self.answers_filled,
            answers_passed_over: self.answers_passed_over,
            means_known: self.means_known,
        })
    }

    /// The moments of other indicators of the same respondents, from their means and covariances.
    pub(crate) fn transformed(
        &self,
        indicators: Vec<Indicator>,
        means: &[f64],
        covariance: &DMatrix<f64>,
    ) -> Result<Self> {
        let mut sums = CentredSums::new(indicators.len());
        sums.weight = self.sums.weight;
        means.iter().enumerate().for_each(|(at, mean)| sums.set_mean(at, *mean, 0.0));
        sums.products = covariance * self.degrees()?;
        // Rounding can be another on the other side of the diagonal.
        sums.products.fill_upper_triangle_with_lower_triangle();
        let counts = [self.rows, self.rows_dropped, self.answers_filled, self.answers_passed_over];
        Self::from_answers(indicators, sums, counts)
    }

    /// The moments of answers of which this many had been filled before.
    pub(crate) fn with_answers_filled(self, answers_filled: usize) -> Self {
        Self { answers_filled: self.answers_filled + answers_filled, ..self }
    }

    /// The means and standard deviations as a table.
    pub fn table(&self) -> Table {
        let unknown = vec![None; self.indicators.len()];
        let known = |values: &[f64]| values.iter().copied().map(Some).collect();
        let means = self.means().map_or_else(|| unknown.clone(), known);
        let deviations = self.standard_deviations().map_or(unknown, |deviations| known(&deviations));
        let table = Table::new("Answers")
            .column(Column::text("indicator", self.names()))
            .column(Column::number("mean", means).significant(5).precision(deviations.iter().copied()))
            .column(Column::number("standard deviation", deviations).significant(5))
            .note(format!("{} respondents, n = {}", self.rows, self.n()));
        match (self.rows_dropped, self.answers_filled, self.answers_passed_over) {
            (0, 0, 0) => table,
            (dropped, filled, 0) => table.note(format!("{dropped} respondents left out, {filled} answers filled")),
            (dropped, filled, passed) => table.note(format!(
                "{dropped} respondents left out, {filled} answers filled, {passed} missing answers passed over"
            )),
        }
    }
}

/// A sum of squares below this is made of squares that have lost their digits on the way to 0.
const SMALLEST: f64 = 1e-280;

pub(super) fn mean_of(name: &str) -> String {
    format!("the mean of `{name}`")
}

impl fmt::Display for Moments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
