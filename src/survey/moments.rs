//! What the estimation of a model needs of the answers.

use std::fmt;

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::{CentredSums, with_buffer};
use crate::survey::Scale;
use crate::survey::indicator::{self, Indicator, Questionnaire};
use crate::table::{Column, Table};

/// Weighted count, means and centred cross-products of named indicators.
///
/// They come from [`Responses`](crate::survey::Responses) or a CSV file in one pass, row by row ([`Moments::push`]),
/// or from a published covariance matrix. Those of shards, days or remote workers [`merge`](Moments::merge) into those
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
/// let both = one.merge(&other)?;
/// assert_eq!(both.means(), Some([7.0, 7.0].as_slice()));
/// assert_eq!(both.standard_deviations()?[0], 2.0);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "super::raw::Moments", into = "super::raw::Moments")
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
    pub(super) fn from_answers(indicators: Vec<Indicator>, sums: CentredSums, counts: [usize; 4]) -> Result<Self> {
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

    /// Takes in one more respondent, who has answered everything, with his case weight. A weight of 0 changes nothing.
    ///
    /// # Errors
    ///
    /// A row of the wrong length, an answer or weight that is not finite, a negative weight, sums beyond the largest
    /// `f64`, or means that are unknown. The moments are then as they were.
    pub fn push(&mut self, row: &[f64], weight: f64) -> Result<()> {
        self.can_take(row.len(), weight)?;
        let scale = self.sums.scale_of(weight);
        let mut faults = Faults::default();
        for (at, (value, indicator)) in row.iter().zip(&self.indicators).enumerate() {
            faults.check(self.finite_answer(*value, indicator));
            if value.is_finite() && weight > 0.0 {
                let square = self.sums.square_with(at, *value, scale);
                faults.check(check::finite(square, || format!("the sum of squares of `{}`", indicator.name())));
            }
        }
        faults.or(())?;
        if weight > 0.0 {
            self.sums.push(row, weight);
            self.rows += 1;
        }
        Ok(())
    }

    /// Takes in one more respondent, who may have left questions out: he is then not used but counted, as under
    /// [`Missing::Listwise`](crate::survey::Missing::Listwise). A weight of 0 changes nothing.
    ///
    /// # Errors
    ///
    /// As for [`Moments::push`].
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::Moments;
    ///
    /// let mut moments = Moments::new(["speed", "skill"])?;
    /// moments.push_answers(&[Some(7.0), Some(8.0)], 1.0)?;
    /// moments.push_answers(&[Some(9.0), None], 1.0)?;
    /// assert_eq!((moments.rows(), moments.rows_dropped()), (1, 1));
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn push_answers(&mut self, answers: &[Option<f64>], weight: f64) -> Result<()> {
        if answers.iter().all(Option::is_some) {
            return with_buffer(answers.len(), |row| {
                row.iter_mut().zip(answers.iter().flatten()).for_each(|(value, answer)| *value = *answer);
                self.push(row, weight)
            });
        }
        self.can_take(answers.len(), weight)?;
        let mut faults = Faults::default();
        for (value, indicator) in answers.iter().zip(&self.indicators).filter_map(|(answer, by)| Some(((*answer)?, by)))
        {
            faults.check(self.finite_answer(value, indicator));
        }
        faults.or(())?;
        self.rows_dropped += usize::from(weight > 0.0);
        Ok(())
    }

    /// Nothing, if a further row of this length and weight can be taken in.
    fn can_take(&self, length: usize, weight: f64) -> Result<()> {
        check::length(length, self.indicators.len(), || self.next_row())?;
        check::weight(weight, || format!("the case weight of {}", self.next_row()))?;
        check::finite(self.sums.weight + weight, || "the sum of the case weights".into())?;
        self.need_means()
    }

    fn next_row(&self) -> String {
        format!("row {}", self.rows + self.rows_dropped + 1)
    }

    fn finite_answer(&self, value: f64, indicator: &Indicator) -> Result<f64> {
        check::finite(value, || format!("the answer of {} to `{}`", self.next_row(), indicator.name()))
    }

    /// The moments of these respondents and others together.
    ///
    /// What was done about missing answers is done: it was made up from what the other answers of the same part say.
    ///
    /// # Errors
    ///
    /// Indicators or scales that differ, means that are unknown, or sums beyond the largest `f64`.
    pub fn merge(mut self, other: &Self) -> Result<Self> {
        check::length(other.indicators.len(), self.indicators.len(), || "the list of indicators to be merged".into())?;
        let other = other.select(self.names())?;
        let mut faults = Faults::default();
        for (mine, theirs) in self.indicators.iter_mut().zip(&other.indicators) {
            faults.check(mine.adopt(theirs));
        }
        faults.or(())?;
        if self.rows == 0 {
            self.means_known = other.means_known;
        } else if other.rows > 0 {
            self.need_means()?;
            other.need_means()?;
        }
        self.sums.merge(&other.sums);
        self.rows += other.rows;
        self.rows_dropped += other.rows_dropped;
        self.answers_filled += other.answers_filled;
        self.answers_passed_over += other.answers_passed_over;
        self.checked()
    }

    fn need_means(&self) -> Result<()> {
        if self.means_known {
            return Ok(());
        }
        let (place, reason) = ("the moments".into(), "the means are unknown".into());
        Err(ErrorKind::Unsupported { place, reason }.into())
    }

    /// The moments with the same scale for all indicators.
    ///
    /// # Errors
    ///
    /// A mean outside the scale.
    pub fn with_scale(mut self, scale: Scale) -> Result<Self> {
        self.indicators = self.indicators.into_iter().map(|indicator| indicator.with_scale(scale)).collect();
        self.on_scale()
    }

    /// The moments with the wording and the scales of a questionnaire, which may ask for more than they hold.
    ///
    /// # Errors
    ///
    /// An indicator that is not in the questionnaire, or a mean outside its scale.
    pub fn with_questionnaire(mut self, questionnaire: &Questionnaire) -> Result<Self> {
        self.indicators = questionnaire.find(self.names())?;
        self.on_scale()
    }

    /// The moments, if no mean is outside the scale of its indicator.
    pub(super) fn on_scale(self) -> Result<Self> {
        let mut faults = Faults::default();
        for (indicator, mean) in self.indicators.iter().zip(self.means().unwrap_or_default()) {
            if let Some(scale) = indicator.scale() {
                let expected = format!("a number from {} to {}", scale.lower(), scale.upper());
                // The mean of answers that are all at an anchor may be beyond it by its rounding.
                let slack = 4.0 * f64::EPSILON * (scale.lower().abs() + scale.upper().abs());
                let inside = *mean >= scale.lower() - slack && *mean <= scale.upper() + slack;
                faults.check(check::domain(*mean, inside, || mean_of(indicator.name()), &expected));
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
        let n = self.sums.weight;
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
