//! What was answered.

mod facts;
#[cfg(feature = "serde")]
mod raw;

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::moments::{BLOCK, Block};
use crate::numeric::{check, parallel};
use crate::survey::answer::{case_weight, not_finite, outside_scale};
use crate::survey::fact_column::FactColumn;
use crate::survey::indicator::{self, Indicator};
use crate::survey::missing::{Intake, Missing};
use crate::survey::questionnaire::{self, Questionnaire};
use crate::survey::{Group, Moments, NoAnswer, Scale};

/// The answers of n respondents to p indicators.
///
/// A missing answer is `None`; NaN and infinity are no answers. Each respondent may have a case weight k, which
/// counts as k respondents, and belong to any number of named groups. Row 1 in a message is the first respondent.
///
/// # Examples
///
/// ```
/// use satindex::survey::{Missing, Responses, Scale};
///
/// let responses = Responses::from_rows(["CUSA1", "CUSA2"], [
///     [Some(7.0), Some(8.0)],
///     [Some(9.0), None],
///     [Some(4.0), Some(6.0)],
/// ])?
/// .with_scale(Scale::ONE_TO_TEN)?
/// .with_group("region", ["north", "south", "north"])?;
/// assert_eq!(responses.get(1, 1), None);
/// assert_eq!(responses.missing(), 1);
/// assert_eq!(responses.split("region")?[1].0, "south");
/// assert_eq!(responses.moments(Missing::Listwise)?.rows(), 2);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::RawResponses", into = "raw::RawResponses")
)]
pub struct Responses {
    indicators: Vec<Indicator>,
    /// One row for each respondent; a missing answer is NaN, which nothing outside this room sees.
    answers: DMatrix<f64>,
    missing: usize,
    weights: Option<Vec<f64>>,
    groups: Vec<Group>,
    /// What was asked beside scores.
    facts: Vec<FactColumn>,
}

/// Rows that one thread takes in before the next piece: the pieces do not depend on the number of threads, so the sums
/// do not either.
pub(super) const PIECE: usize = 64 * BLOCK;

impl Responses {
    /// Answers given respondent by respondent.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; no respondent; a row of the wrong length; an answer that is not finite.
    pub fn from_rows<S: Into<String>, R: AsRef<[Option<f64>]>>(
        names: impl IntoIterator<Item = S>,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<Self> {
        let indicators = indicator::named(names)?;
        let mut columns = vec![Vec::new(); indicators.len()];
        let mut faults = Faults::default();
        for (at, row) in rows.into_iter().enumerate() {
            let row = row.as_ref();
            if row.len() != indicators.len() {
                let (found, expected) = (row.len(), indicators.len());
                faults.note(|| ErrorKind::Length { place: format!("row {}", at + 1), found, expected });
                continue;
            }
            for ((answer, indicator), column) in row.iter().zip(&indicators).zip(&mut columns) {
                if let Some(value) = answer.filter(|value| !value.is_finite()) {
                    faults.note(|| not_finite(at, indicator, value));
                }
                column.push(answer.unwrap_or(f64::NAN));
            }
        }
        faults.or(())?;
        Self::from_columns(indicators, columns)
    }

    /// Complete answers: a row for each respondent, a column for each indicator.
    ///
    /// # Errors
    ///
    /// As for [`Responses::from_rows`].
    pub fn from_matrix<S: Into<String>>(names: impl IntoIterator<Item = S>, answers: DMatrix<f64>) -> Result<Self> {
        let indicators = indicator::named(names)?;
        check::length(answers.ncols(), indicators.len(), || "a row of the matrix of answers".into())?;
        let mut faults = Faults::default();
        for (column, indicator) in answers.column_iter().zip(&indicators) {
            for (at, value) in column.iter().enumerate().filter(|(_, value)| !value.is_finite()) {
                faults.note(|| not_finite(at, indicator, *value));
            }
        }
        faults.or(())?;
        Self::new(indicators, answers)
    }

    /// Answers indicator by indicator, missing ones as NaN, none infinite.
    pub(super) fn from_columns(indicators: Vec<Indicator>, columns: Vec<Vec<f64>>) -> Result<Self> {
        let rows = columns.first().map_or(0, Vec::len);
        let (count, mut answers) = (columns.len(), Vec::with_capacity(rows * columns.len()));
        // Each column is given back before the next one is copied.
        for column in columns {
            answers.extend(column);
        }
        Self::new(indicators, DMatrix::from_vec(rows, count, answers))
    }

    /// The same respondents with other answers to the same indicators.
    pub(crate) fn with_answers(&self, answers: DMatrix<f64>) -> Result<Self> {
        let changed = Self::new(self.indicators.clone(), answers)?;
        Ok(self.beside(changed))
    }

    /// The responses with further columns, made from the answers: missing ones as NaN.
    pub(crate) fn with_columns(&self, further: Vec<(Indicator, Vec<f64>)>) -> Result<Self> {
        let (mut indicators, mut columns) = (self.indicators.clone(), Vec::with_capacity(further.len()));
        columns.extend((0..indicators.len()).map(|at| self.answers_to(at).to_vec()));
        for (indicator, column) in further {
            indicators.push(indicator);
            columns.push(column);
        }
        self.with_table(indicator::distinct(indicators)?, columns)
    }

    /// The same respondents with other columns, in place of the answers: missing ones as NaN. The names are different.
    pub(crate) fn with_table(&self, indicators: Vec<Indicator>, columns: Vec<Vec<f64>>) -> Result<Self> {
        let mut faults = Faults::default();
        for (indicator, column) in indicators.iter().zip(&columns) {
            for (at, value) in column.iter().enumerate().filter(|(_, value)| value.is_infinite()) {
                faults.note(|| not_finite(at, indicator, *value));
            }
        }
        let other = faults.or(Self::from_columns(indicators, columns)?)?;
        Ok(self.beside(other))
    }

    /// The answers with a value for each indicator in the place of those missing, of the respondents who gave any.
    pub(crate) fn filled_with(&self, values: &[f64]) -> Result<Self> {
        let any: Vec<bool> = self.answers.row_iter().map(|row| row.iter().any(|answer| !answer.is_nan())).collect();
        let mut answers = self.answers.clone();
        for (mut column, value) in answers.column_iter_mut().zip(values) {
            for (answer, _) in column.iter_mut().zip(&any).filter(|(answer, any)| answer.is_nan() && **any) {
                *answer = *value;
            }
        }
        self.with_answers(answers)
    }

    /// Other answers of the same respondents, with all else that is known of them.
    fn beside(&self, answers: Self) -> Self {
        let (weights, groups, facts) = (self.weights.clone(), self.groups.clone(), self.facts.clone());
        Self { weights, groups, facts, ..answers }
    }

    fn new(indicators: Vec<Indicator>, answers: DMatrix<f64>) -> Result<Self> {
        if answers.is_empty() {
            return Err(ErrorKind::Empty { place: "the table of answers".into() }.into());
        }
        let missing = answers.iter().filter(|answer| answer.is_nan()).count();
        Ok(Self { indicators, answers, missing, weights: None, groups: Vec::new(), facts: Vec::new() })
    }

    /// The responses with a case weight for each respondent: how many respondents the row stands for.
    ///
    /// # Errors
    ///
    /// A list of another length than that of the respondents; a weight that is neither 0 nor from 10⁻¹⁰⁰ to 10¹⁰⁰; no
    /// positive weight.
    pub fn with_weights(mut self, weights: impl IntoIterator<Item = f64>) -> Result<Self> {
        let weights: Vec<f64> = weights.into_iter().collect();
        check::length(weights.len(), self.rows(), || "the list of case weights".into())?;
        let mut faults = Faults::default();
        for (at, weight) in weights.iter().enumerate() {
            if let Err(fault) = case_weight(*weight, at + 1) {
                faults.note(|| fault);
            }
        }
        let weights = faults.or(weights)?;
        check::positive(weights.iter().sum(), || "the sum of the case weights".into())?;
        self.weights = Some(weights);
        Ok(self)
    }

    /// The responses with a division of the respondents into groups, from the label of each; a blank one stands for no
    /// group.
    ///
    /// # Errors
    ///
    /// A blank name or one that another division has; a list of another length than that of the respondents.
    pub fn with_group<S: AsRef<str>>(
        self,
        name: impl Into<String>,
        labels: impl IntoIterator<Item = S>,
    ) -> Result<Self> {
        let group = Group::new(name.into(), labels)?;
        self.with_groups([group])
    }

    pub(crate) fn with_groups(mut self, groups: impl IntoIterator<Item = Group>) -> Result<Self> {
        for group in groups {
            let place = || format!("the list of labels of group `{}`", group.name());
            check::length(group.codes().len(), self.rows(), place)?;
            if self.groups.iter().any(|known| known.name() == group.name()) {
                return Err(ErrorKind::Duplicate { what: "group", name: group.name().into() }.into());
            }
            self.groups.push(group);
        }
        Ok(self)
    }

    #[cfg(feature = "serde")]
    pub(super) fn facts(&self) -> &[FactColumn] {
        &self.facts
    }

    /// The responses with the same scale for all indicators.
    ///
    /// # Errors
    ///
    /// An indicator that has another scale already; an answer outside the scale: the first of each indicator is named.
    pub fn with_scale(mut self, scale: Scale) -> Result<Self> {
        indicator::on_one_scale(&mut self.indicators, scale)?;
        self.on_scale()
    }

    /// The responses with the wording and the scales of a questionnaire, which may ask for more than they hold.
    ///
    /// # Errors
    ///
    /// An indicator that is not in the questionnaire, or that has another scale already; an answer outside its scale: the
    /// first of each indicator is named.
    pub fn with_questionnaire(mut self, questionnaire: &Questionnaire) -> Result<Self> {
        questionnaire::as_asked(&mut self.indicators, questionnaire)?;
        self.on_scale()
    }

    /// The responses, if no answer is outside the scale of its indicator.
    pub(super) fn on_scale(self) -> Result<Self> {
        let mut faults = Faults::default();
        for (indicator, column) in self.indicators.iter().zip(self.answers.column_iter()) {
            let Some(scale) = indicator.scale() else { continue };
            let outside = || column.iter().enumerate().filter(|(_, x)| !x.is_nan() && !scale.contains(**x));
            if let Some((row, value)) = outside().next() {
                faults.push(outside_scale(row, indicator.name(), scale, *value, outside().count()));
            }
        }
        faults.or(self)
    }

    /// The number of respondents.
    pub fn rows(&self) -> usize {
        self.answers.nrows()
    }

    /// The indicators in order.
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// The names of the indicators in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.indicators.iter().map(Indicator::name)
    }

    /// The answer in a row and a column, both from 0; `None` where it is missing or there is no such place.
    pub fn get(&self, row: usize, column: usize) -> Option<f64> {
        self.answers.get((row, column)).copied().filter(|answer| !answer.is_nan())
    }

    /// Why there is no answer in a row and a column, both from 0; `None` where there is one, or no such place.
    pub fn no_answer(&self, row: usize, column: usize) -> Option<NoAnswer> {
        self.answers.get((row, column)).copied().and_then(NoAnswer::of)
    }

    /// How many respondents have no answer to an indicator for this reason.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn count(&self, indicator: &str, reason: NoAnswer) -> Result<usize> {
        let answers = self.answers_to(self.position(indicator)?);
        Ok(answers.iter().filter(|answer| NoAnswer::of(**answer) == Some(reason)).count())
    }

    /// The answers to an indicator, respondent by respondent.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn column(&self, name: &str) -> Result<impl ExactSizeIterator<Item = Option<f64>>> {
        let place = self.position(name)?;
        Ok(self.answers_to(place).iter().map(|answer| (!answer.is_nan()).then_some(*answer)))
    }

    /// How many answers are missing.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// The case weights; `None` where all respondents count once.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// The divisions of the respondents into groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The division of this name.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn group(&self, name: &str) -> Result<&Group> {
        self.groups.iter().find(|group| group.name() == name).ok_or_else(|| check::unknown(name, "group"))
    }

    /// Where an indicator stands.
    pub(crate) fn position(&self, name: &str) -> Result<usize> {
        let place = self.indicators.iter().position(|indicator| indicator.name() == name);
        place.ok_or_else(|| check::unknown(name, "indicator"))
    }

    /// The answers to the indicator in this column; NaN marks a missing one.
    pub(crate) fn answers_to(&self, column: usize) -> &[f64] {
        let rows = self.rows();
        &self.answers.as_slice()[column * rows..(column + 1) * rows]
    }

    /// The answers to these indicators, in this order.
    ///
    /// # Errors
    ///
    /// No name, one that is unknown or one given twice.
    pub fn select<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        let places = indicator::positions(&self.indicators, names)?;
        let indicators = places.iter().map(|place| self.indicators[*place].clone()).collect();
        let selected = Self::new(indicators, self.answers.select_columns(&places))?;
        Ok(self.beside(selected))
    }

    /// The answers of the respondents in these rows, from 0, in this order; a row may come more than once.
    ///
    /// # Errors
    ///
    /// No row, one that is not there, or only rows without weight.
    pub fn subset(&self, rows: &[usize]) -> Result<Self> {
        if let Some(row) = rows.iter().find(|row| **row >= self.rows()) {
            return Err(ErrorKind::Unknown { what: "row", name: row.saturating_add(1).to_string() }.into());
        }
        let subset = Self::new(self.indicators.clone(), self.answers.select_rows(rows))?;
        let subset = subset.with_groups(self.groups.iter().map(|group| group.subset(rows)))?;
        let subset = subset.with_facts(self.facts.iter().map(|column| column.subset(rows)).collect())?;
        match &self.weights {
            Some(weights) => subset.with_weights(rows.iter().map(|row| weights[*row])),
            None => Ok(subset),
        }
    }

    /// Each respondent on a row of their own, where the case weights are whole numbers: frequencies. With others, and
    /// without any, the same.
    ///
    /// # Errors
    ///
    /// More respondents than can be kept.
    pub(crate) fn one_row_each(&self) -> Result<Self> {
        const MOST: f64 = 16_777_216.0;
        let Some(weights) = self.weights().filter(|weights| weights.iter().all(|weight| weight.fract() == 0.0)) else {
            return Ok(self.clone());
        };
        let n: f64 = weights.iter().sum();
        if n > MOST {
            let expected = format!("at most {MOST}, so that each can have a row");
            return Err(ErrorKind::Domain { place: "the number of respondents is".into(), value: n, expected }.into());
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, not negative, at most MOST")]
        let rows = weights.iter().enumerate().flat_map(|(row, weight)| std::iter::repeat_n(row, *weight as usize));
        let repeated = Self { weights: None, ..self.clone() };
        repeated.subset(&rows.collect::<Vec<_>>())
    }

    /// The answers of the respondents who have a label in a group.
    ///
    /// # Errors
    ///
    /// An unknown name, or no such respondent with a positive case weight.
    pub fn labelled(&self, group: &str) -> Result<Self> {
        let codes = self.group(group)?.codes().iter().enumerate();
        let rows: Vec<usize> = codes.filter(|(_, code)| code.is_some()).map(|(row, _)| row).collect();
        self.subset(&rows)
    }

    /// The parts that a division makes, each with its label, in the order of the levels. Respondents without a label are
    /// in none of them: [`Group::unlabelled`] says how many.
    ///
    /// # Errors
    ///
    /// An unknown name, or a part in which no respondent has a positive case weight.
    pub fn split(&self, group: &str) -> Result<Vec<(String, Self)>> {
        let group = self.group(group)?;
        let mut rows = vec![Vec::new(); group.levels().len()];
        for (row, code) in group.codes().iter().enumerate() {
            if let Some(code) = code {
                rows[*code].push(row);
            }
        }
        let part = |(label, rows): (&String, Vec<usize>)| {
            let part = self.subset(&rows).map_err(|error| error.within(format!("group `{label}`")))?;
            Ok((label.clone(), part))
        };
        group.levels().iter().zip(rows).map(part).collect()
    }

    /// Weighted count, means and cross-products of all indicators, in one pass.
    ///
    /// # Errors
    ///
    /// A missing answer where they are rejected, nothing left to work with, or sums beyond the largest `f64`.
    pub fn moments(&self, missing: Missing) -> Result<Moments> {
        let all: Vec<usize> = (0..self.indicators.len()).collect();
        self.moments_of(&all, missing)
    }

    /// The moments of the indicators in these columns, in this order.
    pub(crate) fn moments_of(&self, columns: &[usize], missing: Missing) -> Result<Moments> {
        let indicators: Vec<Indicator> = columns.iter().map(|column| self.indicators[*column].clone()).collect();
        let piece = |piece: usize| {
            let mut intake = Intake::new(&indicators, missing);
            let mut block = Block::new(columns.len());
            let end = self.rows().min((piece + 1) * PIECE);
            for start in (piece * PIECE..end).step_by(BLOCK) {
                let rows = start..end.min(start + BLOCK);
                let weights = self.weights.as_deref().map(|weights| &weights[rows.clone()]);
                block.fill(columns.iter().map(|column| &self.answers_to(*column)[rows.clone()]), weights);
                intake.take(&mut block, start + 1, self.missing > 0 || self.weights.is_some());
            }
            intake
        };
        let pieces = parallel::map(self.rows().div_ceil(PIECE), piece);
        pieces.into_iter().reduce(Intake::merge).unwrap_or_else(|| Intake::new(&indicators, missing)).finish()
    }
}

impl PartialEq for Responses {
    fn eq(&self, other: &Self) -> bool {
        // Missing equals missing, which NaN does not.
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && NoAnswer::of(*a) == NoAnswer::of(*b));
        self.indicators == other.indicators
            && self.rows() == other.rows()
            && self.answers.iter().zip(&other.answers).all(same)
            && self.weights == other.weights
            && self.groups == other.groups
            && self.facts == other.facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn bad_answers_are_named() {
        let rows = |answers: [[Option<f64>; 2]; 2]| message(Responses::from_rows(["CUSA1", "CUSA2"], answers));
        assert_eq!(
            rows([[Some(1.0), Some(2.0)], [Some(f64::NAN), Some(f64::NEG_INFINITY)]]),
            "the answer of row 2 to `CUSA1` is NaN; expected a finite number; \
             the answer of row 2 to `CUSA2` is -inf; expected a finite number"
        );
        let ragged = [vec![Some(1.0), Some(2.0)], vec![Some(1.0)]];
        assert_eq!(message(Responses::from_rows(["a", "b"], ragged)), "row 2 has length 1; expected 2");
        assert_eq!(message(Responses::from_rows(["a", "b"], [[None; 2]; 0])), "the table of answers is empty");
        assert_eq!(message(Responses::from_rows(["a", "b", "a"], [[None; 3]])), "duplicate indicator `a`");
        assert_eq!(message(Responses::from_rows([""; 0], [[None; 0]])), "the list of indicators is empty");
        assert_eq!(
            message(Responses::from_matrix(["a", "b"], DMatrix::zeros(4, 3))),
            "a row of the matrix of answers has length 3; expected 2"
        );
        assert_eq!(message(Responses::from_matrix(["a"], DMatrix::zeros(0, 1))), "the table of answers is empty");
        let mut answers = DMatrix::zeros(20, 2);
        answers[(16, 1)] = f64::NAN;
        assert_eq!(
            message(Responses::from_matrix(["CUSA1", "CUSA2"], answers)),
            "the answer of row 17 to `CUSA2` is NaN; expected a finite number"
        );
    }

    #[cfg(feature = "parallel")]
    #[test]
    fn the_same_bits_on_any_number_of_threads() {
        let rows = 5 * PIECE + 17;
        let answer = |row: usize, column: usize| {
            (!(row * 31 + column * 17).is_multiple_of(29)).then(|| (row as f64).sin() + column as f64)
        };
        let rows = (0..rows).map(|row| [answer(row, 0), answer(row, 1), answer(row, 2)]);
        let responses = Responses::from_rows(["a", "b", "c"], rows).unwrap();
        let on = |threads, missing| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| responses.moments(missing).unwrap())
        };
        for missing in [Missing::Listwise, Missing::Mean] {
            assert_eq!(on(1, missing), on(4, missing));
        }
    }
}
