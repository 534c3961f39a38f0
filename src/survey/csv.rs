//! Answers from CSV files.

mod rows;

use std::io::Read;

use crate::error::Result;
use crate::numeric::moments::Block;
use crate::survey::group::Builder;
use crate::survey::indicator::{self, Indicator, Questionnaire};
use crate::survey::missing::Intake;
use crate::survey::{Missing, Moments, Responses, Scale};
use rows::Rows;

/// How answers are read from a CSV file: a header with the names, then a row for each respondent.
///
/// The text is UTF-8, with or without a byte order mark. Fields may be quoted; the space around them does not count.
/// Numbers have a decimal point. Empty lines are skipped.
///
/// Row 1 in a message is the first row under the header; the line is that of the file.
///
/// # Errors
///
/// What is wrong with the cells is reported all at once (beyond ten faults, only their number): rows with more or fewer
/// fields than the header, cells that are not numbers, and answers outside their scale. Before that: an input that is
/// empty or ends with its header, a heading that is there twice, and columns asked for that are not there.
///
/// # Examples
///
/// ```
/// use satindex::survey::{Csv, Missing, Scale};
///
/// let file = "\
/// CUSA1,CUSA2,weight,region
/// 7,8,1.5,north
/// 9,-99,0.5,south
/// 4,6,1,north
/// ";
/// let csv = Csv::new().missing_codes(["-99"]).weight("weight").group("region").scale(Scale::ONE_TO_TEN);
/// let responses = csv.read(file.as_bytes())?;
/// assert_eq!(responses.get(1, 1), None);
/// assert_eq!(responses.group("region")?.levels(), ["north", "south"]);
/// let moments = csv.moments(file.as_bytes(), Missing::Listwise)?;
/// assert_eq!((moments.rows(), moments.n()), (2, 2.5));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Csv {
    delimiter: u8,
    missing_codes: Vec<String>,
    weight: Option<String>,
    groups: Vec<String>,
    columns: Option<Vec<String>>,
    asked: Asked,
}

/// What is known of the questions.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Nothing,
    Scale(Scale),
    Questionnaire(Questionnaire),
}

impl Default for Csv {
    fn default() -> Self {
        Self::new()
    }
}

impl Csv {
    /// Commas between the fields, missing answers empty or `NA`, and answers in all columns.
    pub fn new() -> Self {
        Self {
            delimiter: b',',
            missing_codes: vec![String::new(), "NA".into()],
            weight: None,
            groups: Vec::new(),
            columns: None,
            asked: Asked::Nothing,
        }
    }

    /// What stands between two fields: `b';'`, `b'\t'`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// What stands for a missing answer, in place of nothing and `NA`. A code that is a number stands for that number
    /// however it is written.
    #[must_use]
    pub fn missing_codes<S: Into<String>>(mut self, codes: impl IntoIterator<Item = S>) -> Self {
        self.missing_codes = codes.into_iter().map(Into::into).collect();
        self
    }

    /// The column with the case weights.
    #[must_use]
    pub fn weight(mut self, column: impl Into<String>) -> Self {
        self.weight = Some(column.into());
        self
    }

    /// One more column with the labels of groups.
    #[must_use]
    pub fn group(mut self, column: impl Into<String>) -> Self {
        self.groups.push(column.into());
        self
    }

    /// The columns with answers, in this order; others may hold anything. Without this call and a questionnaire, all
    /// columns hold answers but those of weights and groups.
    #[must_use]
    pub fn columns<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.columns = Some(columns.into_iter().map(Into::into).collect());
        self
    }

    /// The scale of all answers; takes the place of a questionnaire.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.asked = Asked::Scale(scale);
        self
    }

    /// The questionnaire whose indicators are read, or which has at least those of [`Csv::columns`]; takes the place of
    /// a scale.
    #[must_use]
    pub fn questionnaire(mut self, questionnaire: Questionnaire) -> Self {
        self.asked = Asked::Questionnaire(questionnaire);
        self
    }

    /// Reads the answers of all respondents.
    ///
    /// # Errors
    ///
    /// See [`Csv`]; furthermore a group named twice and weights without a positive sum.
    pub fn read(&self, input: impl Read) -> Result<Responses> {
        let mut rows = Rows::new(self, input)?;
        let mut columns = vec![Vec::new(); rows.layout.answers.len()];
        let mut weights = Vec::new();
        let mut groups: Vec<Builder> = self.groups.iter().map(|name| Builder::new(name.clone())).collect();
        while rows.next()? {
            columns.iter_mut().zip(&rows.answers).for_each(|(column, answer)| column.push(*answer));
            if self.weight.is_some() {
                weights.push(rows.weight);
            }
            for (group, place) in groups.iter_mut().zip(&rows.layout.groups) {
                group.push(rows.label(*place)?);
            }
        }
        rows.faults.or(())?;
        let responses = Responses::from_columns(rows.layout.indicators, columns)?;
        let responses = responses.with_groups(groups.into_iter().map(Builder::finish))?;
        if self.weight.is_some() { responses.with_weights(weights) } else { Ok(responses) }
    }

    /// Reads the answers into moments, in memory that does not grow with the number of respondents.
    ///
    /// # Errors
    ///
    /// See [`Csv`] and [`Responses::moments`].
    pub fn moments(&self, input: impl Read, missing: Missing) -> Result<Moments> {
        let mut rows = Rows::new(self, input)?;
        let indicators = rows.layout.indicators.clone();
        let mut intake = Intake::new(&indicators, missing);
        let mut block = Block::new(indicators.len());
        let mut first = 1;
        while rows.next()? {
            block.push(&rows.answers, rows.weight);
            if block.is_full() {
                intake.take(&mut block, first, true);
                block.clear();
                first = rows.number + 1;
            }
        }
        rows.faults.or(())?;
        intake.take(&mut block, first, true);
        intake.finish()
    }

    /// The indicators that are to be read from a file with these headings.
    fn indicators(&self, headings: &[String]) -> Result<Vec<Indicator>> {
        let names = match (&self.columns, &self.asked) {
            (Some(columns), _) => columns.clone(),
            (None, Asked::Questionnaire(questionnaire)) => return Ok(questionnaire.indicators().to_vec()),
            (None, _) => {
                let others = [self.weight.as_slice(), &self.groups].concat();
                headings.iter().filter(|heading| !others.contains(heading)).cloned().collect()
            }
        };
        let indicators = indicator::named(names)?;
        Ok(match &self.asked {
            Asked::Nothing => indicators,
            Asked::Scale(scale) => indicators.into_iter().map(|indicator| indicator.with_scale(*scale)).collect(),
            Asked::Questionnaire(questionnaire) => questionnaire.find(indicators.iter().map(Indicator::name))?,
        })
    }
}
