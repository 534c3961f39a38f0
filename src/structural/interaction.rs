//! Products of constructs: one that moderates the effect of another, and effects that bend.

use crate::error::{ErrorKind, Result};
use crate::numeric::linalg;
use crate::structural::model::{ConstructKind, Model};
use crate::structural::pls::{Fit, Pls, columns};
use crate::survey::{Moments, Responses, Scale};

/// How the product of two constructs gets indicators of its own.
///
/// # References
///
/// Henseler, J., Chin, W. W. (2010). A comparison of approaches for the analysis of interaction effects between latent
/// variables using partial least squares path modeling. *Structural Equation Modeling*, 17(1), 82–109.
/// <https://doi.org/10.1080/10705510903439003>
///
/// Dijkstra, T. K., Schermelleh-Engel, K. (2014). Consistent partial least squares for nonlinear structural equation
/// models. *Psychometrika*, 79(4), 585–604. <https://doi.org/10.1007/s11336-013-9370-0>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Interaction {
    /// The products of every standardised indicator of the one with every one of the other (Chin, Marcolin & Newsted 2003).
    ProductIndicators,
    /// These products less what the indicators of both constructs explain of them: their residuals in a regression on all
    /// of those (Little, Bovaird & Widaman 2006).
    Orthogonal,
    /// The product of the scores in the model without products. All other constructs keep their indicators, and their
    /// weights are estimated anew.
    #[default]
    TwoStage,
    /// The product of the scores in the model without products, with every other construct at its score there: weights are
    /// those of the model without products, as in cSEM. Under [`Pls::consistent`] all moments of scores that the estimates
    /// take are corrected for attenuation (Dijkstra & Schermelleh-Engel 2014): consistent PLS for nonlinear models.
    Sequential,
    /// The same with the moments that cSEM forms, whose divisors do not belong together: means of products (divisor n) of
    /// scores with variance 1 by divisor n − 1, beside 1 for the variances of single constructs and for the mean that is
    /// taken from a square. Correlations of constructs are then (n − 1)/n times as large.
    SequentialMoments,
}

impl Interaction {
    /// Does another model give it scores?
    pub(super) fn has_stages(self) -> bool {
        matches!(self, Self::TwoStage | Self::Sequential | Self::SequentialMoments)
    }
}

impl Pls {
    /// The model in which each product is a construct of its own, the answers with the columns that it takes, and the
    /// options under which it is estimated.
    pub(crate) fn with_products(&self, model: &Model, answers: Responses) -> Result<(Self, Model, Responses)> {
        if model.products().is_empty() {
            return Ok((self.clone(), model.clone(), answers));
        }
        let main = model.main_effects();
        let answers = answers.select(main.indicators())?;
        let interaction = self.interaction_in_use();
        let (first, answers) = match interaction {
            Interaction::ProductIndicators => self.indicator_products(model, &main, answers, false)?,
            Interaction::Orthogonal => self.indicator_products(model, &main, answers, true)?,
            Interaction::TwoStage | Interaction::Sequential | Interaction::SequentialMoments => {
                let fit = self.restricted_to(&main).fit(&main, &answers)?;
                let alone = interaction != Interaction::TwoStage;
                let (first, answers) = score_products(model, &fit, answers, alone)?;
                if alone {
                    let pls = self.adapted(model, &first).with_errors_of_products(model, &fit, &answers)?;
                    return Ok((pls, first, answers));
                }
                (first, answers)
            }
        };
        Ok((self.adapted(model, &first), first, answers))
    }

    fn indicator_products(
        &self,
        model: &Model,
        main: &Model,
        answers: Responses,
        orthogonal: bool,
    ) -> Result<(Model, Responses)> {
        let moments = answers.moments_of(&columns(main, &answers)?, self.policy_in_use())?;
        // Whatever keeps the indicators from being standardised.
        self.problem(&moments)?;
        let mut products = Vec::new();
        for (first, second) in pairs(model) {
            let mut block = product_indicators(model, (first, second), &answers, &moments)?;
            if orthogonal {
                let mut factors = model.constructs()[first].indicators().to_vec();
                if first != second {
                    factors.extend_from_slice(model.constructs()[second].indicators());
                }
                block = self.residuals(&answers, &factors, block)?;
            }
            products.push((name(model, first, second), ConstructKind::Reflective, block));
        }
        build(model, products, answers, None)
    }

    /// What the factors do not explain of the columns.
    fn residuals(
        &self,
        answers: &Responses,
        factors: &[String],
        block: Vec<(String, Vec<f64>)>,
    ) -> Result<Vec<(String, Vec<f64>)>> {
        let known = factors.len();
        let names: Vec<String> = block.iter().map(|(name, _)| name.clone()).collect();
        let all = answers.clone().with_columns(without_scales(block).collect())?;
        // Of the respondents that the model is estimated from: what they left out may lie elsewhere.
        let moments = all.moments(self.policy_in_use())?;
        let order = || factors.iter().chain(&names);
        let (moments, all) = (moments.select(order())?, all.select(order())?);
        let products = moments.cross_products();
        let factor = linalg::cholesky(&products.view((0, 0), (known, known)).into_owned()).map_err(|row| {
            let place = "the covariance matrix of the indicators that a product is made orthogonal to".into();
            let reason = format!("indicator `{}` is a linear combination of the ones before it", factors[row]);
            ErrorKind::Singular { place, reason }
        })?;
        let means = moments.means().unwrap_or_default();
        let residual = |(at, name): (usize, String)| {
            let across: Vec<f64> = (0..known).map(|row| products[(row, known + at)]).collect();
            let slopes = linalg::cholesky_solve(&factor, &across);
            let mut column: Vec<f64> =
                all.answers_to(known + at).iter().map(|value| value - means[known + at]).collect();
            for (place, slope) in slopes.iter().enumerate() {
                for (value, answer) in column.iter_mut().zip(all.answers_to(place)) {
                    *value -= slope * (answer - means[place]);
                }
            }
            (name, column)
        };
        Ok(names.into_iter().enumerate().map(residual).collect())
    }
}

/// The model with products of the scores of a fit without them as constructs, each perhaps beside the scores alone.
fn score_products(model: &Model, fit: &Fit, answers: Responses, alone: bool) -> Result<(Model, Responses)> {
    let scores = fit.scores(&answers)?;
    let score = |construct: usize| -> Vec<f64> {
        (0..scores.rows()).map(|row| scores.get(row, construct).unwrap_or(f64::NAN)).collect()
    };
    let product = |(first, second): (usize, usize)| {
        let column = score(first).iter().zip(score(second)).map(|(a, b)| a * b).collect();
        let name = name(model, first, second);
        (name.clone(), ConstructKind::Composite, vec![(format!("{name}.score"), column)])
    };
    let products = pairs(model).into_iter().map(product).collect();
    let beside = |construct: usize| (score(construct), fit.score_scale(construct));
    build(model, products, answers, alone.then_some(&beside))
}

/// Columns that are on no scale.
fn without_scales(columns: Vec<(String, Vec<f64>)>) -> impl Iterator<Item = (String, Vec<f64>, Option<Scale>)> {
    columns.into_iter().map(|(name, column)| (name, column, None))
}

/// The different pairs of factors, in their order.
pub(super) fn pairs(model: &Model) -> Vec<(usize, usize)> {
    let mut pairs: Vec<_> = model.products().iter().map(|&(first, second, _)| (first, second)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

pub(super) fn name(model: &Model, first: usize, second: usize) -> String {
    format!("{}.{}", model.constructs()[first].name(), model.constructs()[second].name())
}

/// The products of the standardised indicators of two constructs, each pair once.
fn product_indicators(
    model: &Model,
    (first, second): (usize, usize),
    answers: &Responses,
    moments: &Moments,
) -> Result<Vec<(String, Vec<f64>)>> {
    let (means, deviations) = (moments.means().unwrap_or_default(), moments.standard_deviations()?);
    let standardised = |construct: usize| {
        let before: usize = model.constructs()[..construct].iter().map(|construct| construct.indicators().len()).sum();
        let indicators = model.constructs()[construct].indicators();
        indicators.iter().enumerate().map(move |(at, name)| (name, before + at)).collect::<Vec<_>>()
    };
    let values =
        |at: usize| answers.answers_to(at).iter().map(|x| (x - means[at]) / deviations[at]).collect::<Vec<_>>();
    let mut products = Vec::new();
    for (row, (one, left)) in standardised(first).into_iter().enumerate() {
        let left = values(left);
        // Of a square, the upper half.
        let skipped = if first == second { row } else { 0 };
        for (other, right) in standardised(second).into_iter().skip(skipped) {
            let column = left.iter().zip(values(right)).map(|(a, b)| a * b).collect();
            products.push((format!("{one}.{other}"), column));
        }
    }
    Ok(products)
}

/// The model with products as constructs, and the answers with their columns; with scores, each construct at its own.
#[allow(clippy::type_complexity, reason = "a list of constructs with their columns")]
fn build(
    model: &Model,
    products: Vec<(String, ConstructKind, Vec<(String, Vec<f64>)>)>,
    answers: Responses,
    score: Option<&dyn Fn(usize) -> (Vec<f64>, Option<Scale>)>,
) -> Result<(Model, Responses)> {
    let mut builder = Model::builder();
    let mut columns = Vec::new();
    for (at, construct) in model.constructs().iter().enumerate() {
        builder = match score {
            None => builder.construct(construct.kind(), construct.name(), construct.indicators()),
            Some(score) => {
                let indicator = format!("{}.score", construct.name());
                // Unless an earlier stage did this.
                if construct.indicators() != [indicator.as_str()] {
                    let (column, scale) = score(at);
                    columns.push((indicator.clone(), column, scale));
                }
                builder.construct(construct.kind(), construct.name(), [indicator])
            }
        };
    }
    for (name, kind, block) in products {
        builder = builder.construct(kind, name, block.iter().map(|(name, _)| name.clone()));
        columns.extend(without_scales(block));
    }
    builder = model.named_paths().fold(builder, |builder, (from, to)| builder.path(from, to));
    for &(first, second, to) in model.products() {
        builder = builder.path(name(model, first, second), model.constructs()[to].name());
    }
    Ok((builder.build()?, answers.with_columns(columns)?))
}

impl Fit {
    /// The effect of the product of two constructs in units of their standard deviations: how much the effect of the one on
    /// `to` grows when the other is one standard deviation higher; for a square, half of the growth of its own effect.
    ///
    /// # Formula
    ///
    /// b = β/s. β is the path coefficient of the product as a construct, which is that of a standardised product; s is the
    /// standard deviation of the product, Σ sᵢ|λᵢ| / Σ |λᵢ| over its indicators with standard deviations sᵢ and loadings
    /// λᵢ: with one indicator, its own. This is the coefficient that seminr prints. Where the product of scores was
    /// corrected for attenuation, s is that of the product of the constructs, s√(ρ/(ρ₁ρ₂)) with the reliabilities of the
    /// product and of the scores in it: the coefficient that cSEM prints under [`Interaction::SequentialMoments`].
    ///
    /// # Errors
    ///
    /// An unknown construct; no path from this product.
    pub fn product_effect(&self, first: &str, second: &str, to: &str) -> Result<f64> {
        let names = [format!("{first}.{second}"), format!("{second}.{first}")];
        let name = if self.model().position(&names[0]).is_err() && self.model().position(&names[1]).is_ok() {
            &names[1]
        } else {
            &names[0]
        };
        let coefficient = self.path(name, to)?;
        let (mut sum, mut weight) = (0.0, 0.0);
        for indicator in self.model().construct(name)?.indicators() {
            let loading = self.loading(indicator)?.abs();
            let at = self.model().indicators().position(|known| known == indicator).unwrap_or_default();
            sum += self.deviations()[at] * loading;
            weight += loading;
        }
        Ok(coefficient * weight / (sum * self.corrected_unit(name, [first, second])?))
    }

    /// What the standard deviation of a product of constructs is of that of their scores.
    fn corrected_unit(&self, product: &str, factors: [&str; 2]) -> Result<f64> {
        if self.estimator().reliability_of(&format!("{product}.score")).is_none() {
            return Ok(1.0);
        }
        let reliability = |name: &str| self.model().position(name).map(|at| self.score_reliabilities()[at]);
        let square = reliability(product)? / (reliability(factors[0])? * reliability(factors[1])?);
        // Means of products have the divisor n there, variances 1.
        let mixed = self.estimator().interaction_in_use() == Interaction::SequentialMoments;
        Ok((if mixed { square * self.n() / (self.n() - 1.0) } else { square }).sqrt())
    }
}
