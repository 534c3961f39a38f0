//! The correlations that a model implies, in one stage and in two.

use nalgebra::DMatrix;

use crate::error::Result;
use crate::structural::assess::figures::Figures;
use crate::structural::assess::fit::{
    FitMeasures, Observed, ResidualVariance, Structure, free_in_block, implied_constructs, implied_indicators,
};
use crate::structural::assess::shape::{Estimates, Shape};
use crate::structural::pls::Fit;

impl Fit {
    /// The correlations Σ̂ of the indicators that the estimated model implies; for the formula see [`Fit::model_fit`].
    pub fn implied_correlations(&self, residual: ResidualVariance) -> Figures {
        let structure = Structure::Estimated(residual);
        let implied = self.with_estimates(|estimates| implied_indicators(estimates, structure));
        let rows = ("indicator", self.model().indicators());
        let columns = ("indicator", self.model().indicators());
        Figures::new("Implied correlations", rows, columns, |row, column| Some(implied[(row, column)])).triangular()
    }

    /// The overall fit of a model of higher order to its indicators, from the fits of both of its stages: this one and the
    /// [`first`](crate::structural::Pls::first_stage).
    ///
    /// # Formula
    ///
    /// Indicators of constructs with scores in the second stage have the loadings of the first; the correlation of their
    /// constructs is that which the second implies with its loadings less the scores' own error
    /// ([`Fit::disattenuated_loading`]), and within a composite that of the first. This is what cSEM's distances are of in its
    /// `2stage` approach. Free parameters are those of both measurement models and of the structural model of the second.
    ///
    /// # Errors
    ///
    /// A construct of the first stage that is neither here nor measures anything here.
    pub fn model_fit_of_stages(&self, first: &Fit, residual: ResidualVariance) -> Result<FitMeasures> {
        let (shape, own) = (first.shape(), first.own_loadings());
        let places: Vec<Place> = first.construct_names().map(|name| self.place(name)).collect::<Result<_>>()?;
        let mut loadings = Vec::with_capacity(own.len());
        for ((indicator, owner), loading) in first.model().indicators().zip(&shape.owners).zip(own) {
            let direct = places[*owner].score.is_none();
            loadings.push(if direct { self.loading(indicator)? } else { loading });
        }
        let structure = Structure::Estimated(residual);
        let implied = self.with_estimates(|estimates| implied_constructs(estimates, structure));
        let second = self.shape();
        let constructs = DMatrix::from_fn(places.len(), places.len(), |row, column| {
            let (one, other) = (&places[row], &places[column]);
            match (one.score, other.score) {
                _ if row == column => 1.0,
                (Some(one), Some(other)) if second.in_composite(one, other) => first.correlations()[(row, column)],
                _ => one.loading * implied[(one.construct, other.construct)] * other.loading,
            }
        });
        let indicators = first.indicator_correlations();
        let implied = implied_indicators(
            &Estimates {
                shape: &shape,
                indicators: &indicators,
                weights: &first.standardised_weights(),
                loadings: &loadings,
                constructs: &constructs,
                paths: first.path_matrix(),
            },
            Structure::Saturated,
        );
        // Of the second stage: paths, correlations of exogenous constructs, and the blocks of scores other than a
        // construct's own.
        let pairs = |count: usize| (count * count.saturating_sub(1) / 2) as i64;
        let free = |shape: &Shape, at: usize| free_in_block(shape.kinds[at], shape.blocks[at].len());
        let higher = (0..second.blocks.len()).filter(|at| first.model().position(self.name(*at)).is_err());
        let measurement: i64 = (0..shape.blocks.len()).map(|at| free(&shape, at)).sum();
        let measurement = measurement + higher.map(|at| free(&second, at)).sum::<i64>();
        let df = pairs(shape.owners.len()) - measurement - pairs(second.exogenous()) - second.paths() as i64;
        Ok(FitMeasures::of(&implied, &Observed::new(&indicators), df, self.n()))
    }

    /// Where a construct of the first stage is in this one.
    fn place(&self, name: &str) -> Result<Place> {
        let score = format!("{name}.score");
        match self.model().indicators().position(|known| known == score) {
            Some(at) => {
                let loading = self.disattenuated_loading(&score)?;
                Ok(Place { construct: self.shape().owners[at], loading, score: Some(at) })
            }
            None => Ok(Place { construct: self.model().position(name)?, loading: 1.0, score: None }),
        }
    }
}

struct Place {
    construct: usize,
    /// How the construct of the first stage correlates with that of the second.
    loading: f64,
    /// The indicator that its score is.
    score: Option<usize>,
}
