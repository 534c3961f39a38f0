//! The serialised forms of [`Responses`](super::Responses) and [`Moments`](super::Moments), checked when read.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::CentredSums;
use crate::survey::NoAnswer;
use crate::survey::fact_column::FactColumn;
use crate::survey::indicator::{self, Indicator};

/// Answers indicator by indicator, a missing one as null.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Responses {
    indicators: Vec<Indicator>,
    answers: Vec<Vec<Answer>>,
    #[serde(default)]
    weights: Option<Vec<f64>>,
    #[serde(default)]
    groups: Vec<super::Group>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    facts: Vec<FactColumn>,
}

/// A number, null where the question was not answered, or the reason why there is no answer.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
enum Answer {
    Number(f64),
    Reason(NoAnswer),
    NotAnswered(()),
}

impl Answer {
    fn of(answer: f64) -> Self {
        match NoAnswer::of(answer) {
            None => Self::Number(answer),
            Some(NoAnswer::NotAnswered) => Self::NotAnswered(()),
            Some(reason) => Self::Reason(reason),
        }
    }

    fn number(self) -> f64 {
        match self {
            Self::Number(number) => number,
            Self::Reason(reason) => reason.number(),
            Self::NotAnswered(()) => f64::NAN,
        }
    }
}

/// The label of each respondent; null where there is none.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    name: String,
    /// In their order, if it is not that in which they occur.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<String>>,
    labels: Vec<Option<String>>,
}

impl From<super::Group> for Group {
    fn from(group: super::Group) -> Self {
        let mut next = 0..;
        let mut seen = vec![false; group.levels().len()];
        let first = |code: &&usize| !std::mem::replace(&mut seen[**code], true);
        let as_they_occur = group.codes().iter().flatten().filter(first).all(|code| next.next() == Some(*code));
        Self {
            levels: (!as_they_occur).then(|| group.levels().to_vec()),
            labels: group.labels().map(|label| label.map(Into::into)).collect(),
            name: group.name().into(),
        }
    }
}

impl TryFrom<Group> for super::Group {
    type Error = Error;

    fn try_from(raw: Group) -> Result<Self> {
        let group = Self::new(raw.name, raw.labels.iter().map(|label| label.as_deref().unwrap_or_default()))?;
        let Some(levels) = raw.levels else { return Ok(group) };
        check::matching(&levels, &group.levels().iter().map(String::as_str).collect::<Vec<_>>(), "place", "level")?;
        check::names(&levels, "level")?;
        Ok(group.in_order_of(&levels))
    }
}

impl From<super::Responses> for Responses {
    fn from(responses: super::Responses) -> Self {
        let column = |at| responses.answers_to(at).iter().map(|answer| Answer::of(*answer)).collect();
        Self {
            answers: (0..responses.indicators().len()).map(column).collect(),
            weights: responses.weights().map(Into::into),
            groups: responses.groups().to_vec(),
            facts: responses.facts().to_vec(),
            indicators: responses.indicators().to_vec(),
        }
    }
}

impl TryFrom<Responses> for super::Responses {
    type Error = Error;

    fn try_from(raw: Responses) -> Result<Self> {
        let indicators = indicator::distinct(raw.indicators)?;
        check::length(raw.answers.len(), indicators.len(), || "the list of columns of answers".into())?;
        let rows = raw.answers.first().map_or(0, Vec::len);
        let mut faults = Faults::default();
        for (indicator, column) in indicators.iter().zip(&raw.answers) {
            let name = indicator.name();
            faults.check(check::length(column.len(), rows, || format!("the list of answers to `{name}`")));
            for (at, answer) in column.iter().enumerate() {
                if let Answer::Number(value) = *answer
                    && !value.is_finite()
                {
                    faults.note(|| super::responses::not_finite(at, indicator, value));
                }
            }
        }
        faults.or(())?;
        let column = |answers: Vec<Answer>| answers.into_iter().map(Answer::number).collect();
        let columns = raw.answers.into_iter().map(column).collect();
        let mut responses = Self::from_columns(indicators, columns)?.on_scale()?;
        responses = responses.with_groups(raw.groups)?.with_facts(raw.facts)?;
        match raw.weights {
            Some(weights) => responses.with_weights(weights),
            None => Ok(responses),
        }
    }
}

/// The sums as they are; of the symmetric cross-products the lower triangle, row by row.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moments {
    indicators: Vec<Indicator>,
    rows: usize,
    #[serde(default)]
    rows_dropped: usize,
    #[serde(default)]
    answers_filled: usize,
    #[serde(default)]
    answers_passed_over: usize,
    n: f64,
    means: Option<Vec<f64>>,
    /// What rounding took off the means.
    #[serde(default)]
    remainders: Option<Vec<f64>>,
    cross_products: Vec<f64>,
}

impl From<super::Moments> for Moments {
    fn from(moments: super::Moments) -> Self {
        let products = &moments.sums.products;
        let triangle = (0..products.nrows()).flat_map(|i| (0..=i).map(move |j| (i, j)));
        Self {
            cross_products: triangle.map(|place| products[place]).collect(),
            rows: moments.rows,
            rows_dropped: moments.rows_dropped,
            answers_filled: moments.answers_filled,
            answers_passed_over: moments.answers_passed_over,
            n: moments.n(),
            means: moments.means_known.then_some(moments.sums.means),
            remainders: moments.means_known.then_some(moments.sums.remainders),
            indicators: moments.indicators,
        }
    }
}

impl TryFrom<Moments> for super::Moments {
    type Error = Error;

    fn try_from(raw: Moments) -> Result<Self> {
        let indicators = indicator::distinct(raw.indicators)?;
        let size = indicators.len();
        let means_known = raw.means.is_some();
        let means = raw.means.unwrap_or_else(|| vec![0.0; size]);
        let remainders = raw.remainders.unwrap_or_else(|| vec![0.0; size]);
        check::length(means.len(), size, || "the list of means".into())?;
        check::length(remainders.len(), size, || "the list of remainders".into())?;
        check::length(raw.cross_products.len(), size * (size + 1) / 2, || "the list of cross-products".into())?;
        check::non_negative(raw.n, || "n".into())?;
        let expected = if raw.rows == 0 { "0, as no row was used" } else { "above 0, as rows were used" };
        check::domain(raw.n, (raw.n > 0.0) == (raw.rows > 0), || "n".into(), expected)?;

        let mut sums = CentredSums::new(size);
        sums.weight = raw.n;
        (0..size).for_each(|at| sums.set_mean(at, means[at], remainders[at]));
        let triangle = (0..size).flat_map(|i| (0..=i).map(move |j| (i, j)));
        for ((i, j), product) in triangle.zip(raw.cross_products) {
            sums.products[(i, j)] = product;
            sums.products[(j, i)] = product;
        }
        check_products(&indicators, &sums, raw.rows)?;
        let counts = [raw.rows, raw.rows_dropped, raw.answers_filled, raw.answers_passed_over];
        Self { means_known, ..Self::from_answers(indicators, sums, counts)? }.on_scale()
    }
}

/// Nothing, if the cross-products of this many rows can be what they are.
fn check_products(indicators: &[Indicator], sums: &CentredSums, rows: usize) -> Result<()> {
    let size = indicators.len();
    let mut faults = Faults::default();
    for (i, j) in (0..size).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        let product = sums.products[(i, j)];
        let most = sums.products[(i, i)].max(0.0).sqrt() * sums.products[(j, j)].max(0.0).sqrt();
        let possible = match rows {
            0 | 1 => product == 0.0,
            _ if i == j => product >= 0.0,
            _ => product.abs() <= most * (1.0 + 2.0 * super::published::ROUNDING),
        };
        let place = || format!("the cross-product of `{}` and `{}`", indicators[i].name(), indicators[j].name());
        faults.check(check::domain(product, possible, place, "what answers can give"));
    }
    faults.or(())
}
