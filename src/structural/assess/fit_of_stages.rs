//! The overall fit of a model of higher order, from both of its stages.

use nalgebra::DMatrix;

use crate::error::Result;
use crate::structural::assess::Assessment;
use crate::structural::assess::distance::Observed;
use crate::structural::assess::fit::{FitMeasures, free_in_block};
use crate::structural::assess::implied::{ResidualVariance, Structure, implied_constructs};
use crate::structural::model::Shape;
use crate::structural::pls::Fit;
use crate::structural::stages::names;

impl Assessment<'_> {
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
        let (shape, second) = (first.shape(), self.fit.shape());
        let places = first.construct_names().map(|name| self.place(first, name)).collect::<Result<Vec<_>>>()?;
        let (own, names) = (first.own_loadings(), first.model().indicators().collect::<Vec<_>>());
        let mut measured = Vec::new();
        for (at, owner) in shape.owners.iter().enumerate() {
            if let Some(place) = places[*owner] {
                let loading = if place.score.is_some() { own[at] } else { self.fit.loading(names[at])? };
                measured.push((at, *owner, loading, place));
            }
        }
        let among = |matrix: &DMatrix<f64>| {
            DMatrix::from_fn(measured.len(), measured.len(), |row, column| {
                matrix[(measured[row].0, measured[column].0)]
            })
        };
        let observed = among(&first.indicator_correlations());
        let structure = Structure::Estimated(residual);
        let constructs = self.fit.with_estimates(|estimates| implied_constructs(estimates, structure));
        let implied = DMatrix::from_fn(measured.len(), measured.len(), |row, column| {
            let ((one, mine, loading, place), (other, theirs, partner_loading, partner)) =
                (measured[row], measured[column]);
            if row == column {
                return 1.0;
            } else if shape.in_composite(one, other) {
                return observed[(row, column)];
            }
            let correlation = match (place.score, partner.score) {
                _ if mine == theirs => 1.0,
                (Some(one), Some(other)) if second.in_composite(one, other) => first.correlations()[(mine, theirs)],
                _ => place.loading * constructs[(place.construct, partner.construct)] * partner.loading,
            };
            loading * correlation * partner_loading
        });
        let free = |shape: &Shape, at: usize| free_in_block(shape.kinds[at], shape.blocks[at].len());
        let lower = (0..places.len()).filter(|at| places[*at].is_some()).map(|at| free(shape, at));
        // A score alone measures nothing.
        let is_higher = |at: &usize| first.model().position(self.fit.name(*at)).map_or(true, |at| places[at].is_none());
        let higher = (0..second.blocks.len()).filter(is_higher).map(|at| free(second, at));
        let pairs = |count: usize| (count * count.saturating_sub(1) / 2) as i64;
        let parameters = lower.chain(higher).sum::<i64>() + pairs(second.exogenous()) + second.paths() as i64;
        let degrees_of_freedom = pairs(measured.len()) - parameters;
        Ok(FitMeasures::of(&implied, &Observed::new(&observed), degrees_of_freedom, self.fit.n()))
    }

    /// Where a construct of the first stage is in this one; `None` for one of higher order, whose indicators there repeat
    /// those of others.
    fn place(&self, first: &Fit, name: &str) -> Result<Option<Place>> {
        let mut indicators = self.fit.model().indicators().enumerate();
        if let Some((at, indicator)) = indicators.find(|(at, indicator)| self.is_score(*at, indicator, name)) {
            let loading = self.fit.disattenuated_loading(indicator)?;
            return Ok(Some(Place { construct: self.fit.shape().owners[at], loading, score: Some(at) }));
        }
        let construct = self.fit.model().position(name)?;
        let here = self.fit.model().constructs()[construct].indicators();
        let same = first.model().construct(name)?.indicators() == here;
        Ok(same.then_some(Place { construct, loading: 1.0, score: None }))
    }

    /// Is an indicator the score of a construct of an earlier stage? A fit of columns that
    /// [`Pls::first_order`](crate::structural::Pls::first_order) made has nothing but their names.
    fn is_score(&self, at: usize, indicator: &str, construct: &str) -> bool {
        match self.fit.staged() {
            Some(staged) => staged.score(at) == Some(construct),
            None => indicator == names::score(construct),
        }
    }
}

/// Where a construct of the first stage is in the second.
#[derive(Clone, Copy)]
struct Place {
    construct: usize,
    /// How the construct of the first stage correlates with that of the second.
    loading: f64,
    /// The indicator that its score is.
    score: Option<usize>,
}
