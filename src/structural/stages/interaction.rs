//! Products of constructs as stages: one that moderates the effect of another, and effects that bend.

use crate::error::Result;
use crate::numeric::number::Number;
use crate::structural::model::{ConstructKind, Model};
use crate::structural::pls::stage::{Column, Stage};
use crate::structural::pls::{Fit, Interaction, Pls};
use crate::structural::stages::assembly::{Assembly, Part};
use crate::structural::stages::names;

impl Pls {
    /// The stage of a model with products, each a construct of its own, in terms of the stage without them.
    pub(super) fn stage_of_products(&self, model: &Model) -> Result<Stage> {
        let interaction = self.interaction_in_use();
        let name = |at: usize| model.constructs()[at].name();
        let mut assembly = Assembly::default();
        for (at, construct) in model.constructs().iter().enumerate() {
            let parts = if interaction.is_sequential() {
                vec![Part::made(names::score(name(at)), Column::Score(at), format!("the score of `{}`", name(at)))]
            } else {
                model.block(at).zip(construct.indicators()).map(|(from, name)| Part::asked(name, from)).collect()
            };
            assembly.construct(construct.kind(), name(at), parts);
        }
        for (first, second) in model.factors() {
            let (product, made_of) = (names::product(name(first), name(second)), written(model, (first, second)));
            if interaction.has_stages() {
                let column = Column::ScoreProduct(first, second);
                let score = Part::made(names::score(&product), column, format!("the score of the {made_of}"));
                assembly.made(ConstructKind::Composite, &product, format!("the {made_of}"), vec![score]);
            } else {
                let orthogonal = interaction == Interaction::Orthogonal;
                let parts = product_indicators(model, (first, second), orthogonal);
                assembly.made(ConstructKind::Reflective, &product, format!("the {made_of}"), parts);
            }
        }
        assembly.paths_of(&model.main_effects());
        for &(first, second, to) in model.products() {
            assembly.path(&names::product(name(first), name(second)), name(to));
        }
        assembly.stage(self, model)
    }
}

/// A product as it is written.
pub(super) fn written(model: &Model, (first, second): (usize, usize)) -> String {
    format!("product `{}:{}`", model.constructs()[first].name(), model.constructs()[second].name())
}

/// The products of the indicators of two constructs, each pair once.
fn product_indicators(model: &Model, (first, second): (usize, usize), orthogonal: bool) -> Vec<Part> {
    let indicators: Vec<&str> = model.indicators().collect();
    let mut factors: Vec<usize> = model.block(first).collect();
    if first != second {
        factors.extend(model.block(second));
    }
    let mut parts = Vec::new();
    for left in model.block(first) {
        // Of a square, the upper half.
        for right in model.block(second).filter(|right| first != second || *right >= left) {
            let column = if orthogonal {
                Column::Residual((left, right), factors.clone())
            } else {
                Column::IndicatorProduct(left, right)
            };
            let (one, other) = (indicators[left], indicators[right]);
            parts.push(Part::made(names::product(one, other), column, format!("the product of `{one}` and `{other}`")));
        }
    }
    parts
}

/// βΣ|λᵢ|/(cΣsᵢ|λᵢ|) for the path coefficient β of a product, the standard deviations sᵢ and loadings λᵢ of its indicators,
/// and the `unit` c of the product of the constructs in that of their scores.
#[inline(always)]
pub(crate) fn product_effect<N: Number>(path: N, deviations: &[N], loadings: &[N], unit: N) -> N {
    let (mut sum, mut weight) = (path.zero(), path.zero());
    for (deviation, loading) in deviations.iter().zip(loadings) {
        sum += *deviation * loading.abs();
        weight += loading.abs();
    }
    path * weight / (sum * unit)
}

/// √(ρ/(ρ₁ρ₂)) with the reliabilities of a product of scores and of the scores in it; with the number of respondents n where
/// means of products have the divisor n, and variances 1.
#[inline(always)]
pub(crate) fn unit_of_constructs<N: Number>(product: N, [first, second]: [N; 2], n: Option<N>) -> N {
    let square = product / (first * second);
    match n {
        Some(n) => square * n / (n - n.one()),
        None => square,
    }
    .sqrt()
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
        let names = [names::product(first, second), names::product(second, first)];
        let name = if self.model().position(&names[0]).is_err() && self.model().position(&names[1]).is_ok() {
            &names[1]
        } else {
            &names[0]
        };
        let coefficient = self.path(name, to)?;
        let product = self.model().position(name)?;
        let block = self.model().block(product);
        let (deviations, loadings) = (&self.deviations()[block.clone()], &self.own_loadings()[block]);
        Ok(product_effect(coefficient, deviations, loadings, self.corrected_unit(product, [first, second])?))
    }

    /// Was a product of scores corrected for attenuation?
    pub(crate) fn corrects_product(&self, product: usize) -> bool {
        self.estimator().reliability_of(&names::score(self.name(product))).is_some()
    }

    /// What the standard deviation of a product of constructs is of that of their scores.
    fn corrected_unit(&self, product: usize, factors: [&str; 2]) -> Result<f64> {
        if !self.corrects_product(product) {
            return Ok(1.0);
        }
        let reliability = |at: usize| self.score_reliabilities()[at];
        let [first, second] = factors.map(|name| self.model().position(name));
        let mixed = self.estimator().interaction_in_use() == Interaction::SequentialMoments;
        Ok(unit_of_constructs(reliability(product), [first?, second?].map(reliability), mixed.then_some(self.n())))
    }
}
