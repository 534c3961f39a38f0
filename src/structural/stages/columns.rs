//! The indicators of a stage from those of the stage before: respondent by respondent, or as moments.

use crate::error::{ErrorKind, Result};
use crate::numeric::{linalg, rounding};
use crate::structural::model::Model;
use crate::structural::pls::Fit;
use crate::structural::pls::stage::{Column, Factor, Formula, Stage, Term};
use crate::structural::stages::expanded::Expanded;
use crate::survey::{Direction, Indicator, Missing, Moments, Responses, Scale};

/// The indicators of a stage.
pub(super) enum Table {
    /// In the answers of respondents.
    Answers(Responses),
    /// In moments, where the policy for missing answers gives these and no answers.
    Moments(Expanded),
}

impl Table {
    /// The table of columns that are made of those of this one.
    pub(super) fn next(&self, indicators: Vec<Indicator>, formulas: &[Formula]) -> Result<Self> {
        match self {
            Self::Answers(answers) => {
                let table: Vec<&[f64]> = (0..answers.indicators().len()).map(|at| answers.answers_to(at)).collect();
                let columns = formulas.iter().map(|formula| formula.values(answers.rows(), &table)).collect();
                answers.with_table(indicators, columns).map(Self::Answers)
            }
            Self::Moments(expanded) => Ok(Self::Moments(expanded.next(indicators, formulas))),
        }
    }

    pub(super) fn moments(&self, policy: Missing) -> Result<Moments> {
        match self {
            Self::Answers(answers) => answers.moments(policy),
            Self::Moments(expanded) => expanded.moments(),
        }
    }
}

/// The stage before, as far as it has been estimated; before the first one, the answers.
pub(super) struct Before<'a> {
    pub(super) model: &'a Model,
    pub(super) columns: &'a [Column],
    pub(super) moments: Moments,
    /// None where only the moments of its indicators are needed.
    pub(super) fit: Option<Fit>,
    /// What the score of each construct is multiplied by, if not by 1.
    pub(super) turned: Vec<f64>,
    pub(super) policy: Missing,
}

impl Before<'_> {
    /// The table of a stage from that of this one, and the numbers of its columns.
    pub(super) fn table_of(&self, table: &Table, stage: &Stage) -> Result<(Table, Vec<Formula>)> {
        let mut formulas: Vec<Formula> = Vec::with_capacity(stage.columns.len());
        while formulas.len() < stage.columns.len() {
            let rest = &stage.columns[formulas.len()..];
            match &rest[0] {
                Column::Residual(_, explaining) => {
                    let same = |column: &&Column| matches!(column, Column::Residual(_, others) if others == explaining);
                    let block: Vec<&Column> = rest.iter().take_while(same).collect();
                    let indicators = stage.model.indicators().skip(formulas.len()).take(block.len());
                    formulas.extend(self.residuals(table, &block, indicators, explaining)?);
                }
                column => formulas.push(self.formula(column)?),
            }
        }
        let named = stage.model.indicators().zip(&stage.columns).map(|(name, column)| self.indicator(name, column));
        let next = table.next(named.collect::<Result<_>>()?, &formulas)?;
        Ok((next, formulas))
    }

    /// An indicator of the next stage: with its wording and scale if it is one of this stage.
    fn indicator(&self, name: &str, column: &Column) -> Result<Indicator> {
        let known = |from: usize| &self.moments.indicators()[from];
        let scale: Option<Scale> = match column {
            Column::Indicator(from) if known(*from).name() == name => return Ok(known(*from).clone()),
            Column::Indicator(from) => known(*from).scale(),
            Column::Score(construct) => match self.at_its_score(*construct) {
                Some(from) => known(from).scale(),
                None => self.score_scale(*construct),
            },
            _ => None,
        };
        let indicator = Indicator::new(name)?;
        Ok(match scale {
            Some(scale) => indicator.with_scale(scale),
            None => indicator,
        })
    }

    /// A column with its numbers; of what remains of a product, the product.
    pub(super) fn formula(&self, column: &Column) -> Result<Formula> {
        Ok(match column {
            Column::Indicator(from) => Formula::Indicator(*from),
            Column::Score(construct) => match self.at_its_score(*construct) {
                Some(from) => Formula::Indicator(from),
                None => Formula::Score(self.terms(*construct)),
            },
            Column::ScoreProduct(one, other) => {
                Formula::Product(Factor::Score(self.terms(*one)), Factor::Score(self.terms(*other)))
            }
            Column::IndicatorProduct(one, other) | Column::Residual((one, other), _) => {
                Formula::Product(self.standardised(*one)?, self.standardised(*other)?)
            }
        })
    }

    /// The indicator of a construct whose only one is its score of a stage still before: its score here is the same.
    fn at_its_score(&self, construct: usize) -> Option<usize> {
        let block = self.model.block(construct);
        (block.len() == 1 && matches!(self.columns.get(block.start), Some(Column::Score(_)))).then_some(block.start)
    }

    /// The reliability of the score of a construct.
    pub(super) fn reliability(&self, construct: usize) -> Option<f64> {
        self.fit.as_ref().map(|fit| fit.score_reliabilities()[construct])
    }

    /// What the score of a construct is multiplied by, −1 or 1.
    fn sign(&self, construct: usize) -> f64 {
        self.turned.get(construct).copied().unwrap_or(1.0)
    }

    fn score_scale(&self, construct: usize) -> Option<Scale> {
        let scale = self.fit.as_ref()?.score_scale(construct)?;
        if self.sign(construct) > 0.0 {
            return Some(scale);
        }
        let opposite = Scale::new(-scale.upper(), -scale.lower()).ok()?;
        Some(if scale.direction() == Direction::HigherIsBetter { opposite.reversed() } else { opposite })
    }

    fn means(&self) -> &[f64] {
        self.moments.means().unwrap_or_default()
    }

    /// The score of a construct.
    fn terms(&self, construct: usize) -> Vec<Term> {
        let weights = self.fit.as_ref().map(Fit::own_weights).unwrap_or_default();
        let sign = self.sign(construct);
        let term = |from: usize| Term { from, mean: self.means()[from], weight: sign * weights[from] };
        self.model.block(construct).map(term).collect()
    }

    fn standardised(&self, from: usize) -> Result<Factor> {
        Ok(Factor::Standardised {
            from,
            mean: self.means()[from],
            deviation: self.moments.standard_deviations()?[from],
        })
    }

    /// The products of a block less the parts that the factors' indicators explain: residuals of least squares.
    fn residuals<'a>(
        &self,
        table: &Table,
        block: &[&Column],
        names: impl Iterator<Item = &'a str>,
        explaining: &[usize],
    ) -> Result<Vec<Formula>> {
        let before = self.moments.indicators();
        let products = block.iter().map(|column| self.formula(column)).collect::<Result<Vec<_>>>()?;
        let mut indicators = before.to_vec();
        for name in names {
            indicators.push(Indicator::new(name)?);
        }
        let all: Vec<Formula> = (0..before.len()).map(Formula::Indicator).chain(products.iter().cloned()).collect();
        // Of the respondents that the model is estimated from: those left out may lie elsewhere.
        let moments = table.next(indicators, &all)?.moments(self.policy)?;
        let sums = moments.cross_products();
        let known = sums.select_rows(explaining).select_columns(explaining);
        let factor = linalg::cholesky(&known).map_err(|row| {
            let place = "the covariance matrix of the indicators that a product is made orthogonal to".into();
            let name = before[explaining[row]].name();
            ErrorKind::Singular {
                place,
                reason: format!("indicator `{name}` is a linear combination of the ones before it"),
            }
        })?;
        let means = moments.means().unwrap_or_default();
        let residual = |(at, product): (usize, Formula)| {
            let at = before.len() + at;
            let across: Vec<f64> = explaining.iter().map(|row| sums[(*row, at)]).collect();
            let slopes = linalg::cholesky_solve(&factor, &across);
            let left = sums[(at, at)] - linalg::dot(&across, &slopes);
            if rounding::is_dependent(left, sums[(at, at)]) {
                let name = moments.indicators()[at].name().to_owned();
                let reason = "the indicators of its factors explain all of it, so that nothing is left to be orthogonal to \
                              them; take another `Interaction`";
                return Err(ErrorKind::Degenerate { place: format!("product `{name}`"), reason: reason.into() }.into());
            }
            let term = |(from, weight): (&usize, f64)| Term { from: *from, mean: means[*from], weight };
            Ok(match product {
                Formula::Product(one, other) => Formula::Residual {
                    factors: [one, other],
                    mean: means[at],
                    explained: explaining.iter().zip(slopes).map(term).collect(),
                },
                other => other,
            })
        };
        products.into_iter().enumerate().map(residual).collect()
    }
}
