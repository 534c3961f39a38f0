//! Effects in points of the index.

use crate::error::Result;
use crate::structural::index::IndexWeights;
use crate::structural::pls::{Effect, Fit};
use crate::table::{Column, Table};

impl Fit {
    /// An effect in points: by how many points the [index](Fit::index) of the construct acted on is higher where that of
    /// the cause is one point higher.
    ///
    /// # Formula
    ///
    /// b = β·uⱼ/uᵢ for an effect β of construct i on construct j in standard deviations, where uᵢ = 100 / Σ w(max − min) is
    /// the standard deviation of the index of i in points: its score has variance 1. In a
    /// [consistent](crate::structural::Pls::consistent) fit β is between the constructs, and uᵢ is multiplied by √ρᵢ, since
    /// the part ρᵢ of the variance of the score is that of the construct.
    ///
    /// # Errors
    ///
    /// A construct without an index, as for [`Fit::index`]: no scale, weights of both signs, a product.
    ///
    /// # References
    ///
    /// Fornell, C., Johnson, M. D., Anderson, E. W., Cha, J., Bryant, B. E. (1996). The American Customer Satisfaction
    /// Index: nature, purpose, and findings. *Journal of Marketing*, 60(4), 7–18.
    /// <https://doi.org/10.1177/002224299606000403>
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::structural::{Model, Pls};
    /// use satindex::survey::{Responses, Scale};
    ///
    /// let model: Model = "Quality =~ q; Loyalty =~ l; Loyalty ~ Quality".parse()?;
    /// let answers = [[1.0, 2.0], [2.0, 4.0], [3.0, 3.0], [4.0, 5.0]].map(|row| row.map(Some));
    /// let answers = Responses::from_rows(["q", "l"], &answers)?.with_scale(Scale::ONE_TO_FIVE)?;
    /// let fit = Pls::new().fit(&model, &answers)?;
    /// // The slope of the regression of `l` on `q`: both are single questions on the same scale.
    /// assert!((fit.index_effect(&fit.direct_effects()[0])? - 0.8).abs() < 1e-12);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[doc(alias = "unstandardised effect")]
    #[doc(alias = "impact")]
    pub fn index_effect(&self, effect: &Effect) -> Result<f64> {
        Ok(effect.estimate() * self.index_deviation(effect.to())? / self.index_deviation(effect.from())?)
    }

    /// Direct, indirect and total effects in points of the indices, of every pair of constructs that have one.
    pub fn index_effect_table(&self) -> Table {
        let points = |effects: Vec<Effect>| -> Vec<(Effect, f64)> {
            effects
                .into_iter()
                .filter_map(|effect| self.index_effect(&effect).ok().map(|points| (effect, points)))
                .collect()
        };
        let (direct, indirect) = (points(self.direct_effects()), points(self.indirect_effects()));
        let total = points(self.total_effects());
        let of = |effects: &[(Effect, f64)], pair: &Effect| {
            let found = effects.iter().find(|(effect, _)| (effect.from(), effect.to()) == (pair.from(), pair.to()));
            found.map(|(_, points)| *points)
        };
        Table::new("Effects in points of the index")
            .column(Column::text("from", total.iter().map(|(pair, _)| pair.from())))
            .column(Column::text("to", total.iter().map(|(pair, _)| pair.to())))
            .column(Column::number("direct", total.iter().map(|(pair, _)| of(&direct, pair))).decimals(4))
            .column(Column::number("indirect", total.iter().map(|(pair, _)| of(&indirect, pair))).decimals(4))
            .column(Column::number("total", total.iter().map(|(_, points)| *points)).decimals(4))
            .note("points of the index acted on for one point of the cause")
    }

    /// The standard deviation of a construct in points of its index; negative where the index falls as the score rises.
    fn index_deviation(&self, construct: &str) -> Result<f64> {
        let at = self.model().position(construct)?;
        let index = self.linear_index(at, IndexWeights::Unstandardised)?;
        // The slopes of the index are the weights of the score, all times the same number.
        let weights = &self.own_weights()[index.first..][..index.slopes.len()];
        let product = |left: &[f64], right: &[f64]| -> f64 { left.iter().zip(right).map(|(l, r)| l * r).sum() };
        Ok(product(&index.slopes, weights) / product(weights, weights) * self.score_reliabilities()[at].sqrt())
    }
}
