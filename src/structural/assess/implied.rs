//! The correlations that a model implies, in one stage and in two.

use nalgebra::DMatrix;

use crate::error::Result;
use crate::structural::assess::Assessment;
use crate::structural::assess::distance::Observed;
use crate::structural::assess::estimates::Estimates;
use crate::structural::assess::figures::Figures;
use crate::structural::assess::fit::{FitMeasures, free_in_block};
use crate::structural::effects::{carried, implied_correlations};
use crate::structural::model::Shape;
use crate::structural::pls::Fit;
use crate::structural::stages::names;

/// What a construct's unexplained variance is in the correlations that the estimated model implies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ResidualVariance {
    /// 1 − R² of the observed construct correlations. The variances that this implies are not quite 1 and are set to 1
    /// afterwards, as in cSEM and ADANCO.
    #[default]
    Observed,
    /// What makes every implied variance 1.
    Implied,
}

/// Which structural model implies the correlations of the constructs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub(crate) enum Structure {
    /// All constructs correlate freely: only the measurement is judged.
    Saturated,
    /// That of the paths.
    Estimated(ResidualVariance),
}

/// The correlations of the constructs that a structure implies.
pub(crate) fn implied_constructs(estimates: &Estimates<'_>, structure: Structure) -> DMatrix<f64> {
    let Structure::Estimated(residual) = structure else { return estimates.constructs.clone() };
    let Estimates { shape, constructs, paths, .. } = *estimates;
    let mut implied = implied_correlations(shape, paths, constructs.clone(), |implied, to| match residual {
        ResidualVariance::Observed => {
            carried(shape, paths, implied, (to, to)) + 1.0 - carried(shape, paths, constructs, (to, to))
        }
        ResidualVariance::Implied => 1.0,
    });
    implied.fill_diagonal(1.0);
    implied
}

/// The correlations of the indicators, Σ̂: λᵢλⱼ times the correlation of their constructs, ones on the diagonal, and as
/// observed between the indicators of a composite.
pub(crate) fn implied_indicators(estimates: &Estimates<'_>, structure: Structure) -> DMatrix<f64> {
    let constructs = implied_constructs(estimates, structure);
    let Estimates { shape, indicators, loadings, .. } = *estimates;
    DMatrix::from_fn(loadings.len(), loadings.len(), |row, column| {
        if row == column {
            1.0
        } else if shape.in_composite(row, column) {
            indicators[(row, column)]
        } else {
            loadings[row] * constructs[(shape.owners[row], shape.owners[column])] * loadings[column]
        }
    })
}

impl Assessment<'_> {
    /// The correlations Σ̂ of the indicators that the estimated model implies; for the formula see [`Assessment::model_fit`].
    pub fn implied_correlations(&self, residual: ResidualVariance) -> Figures {
        let structure = Structure::Estimated(residual);
        let implied = self.fit.with_estimates(|estimates| implied_indicators(estimates, structure));
        let rows = ("indicator", self.fit.model().indicators());
        let columns = ("indicator", self.fit.model().indicators());
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
        let score = names::score(name);
        if let Some(at) = self.fit.model().indicators().position(|known| known == score) {
            let loading = self.fit.disattenuated_loading(&score)?;
            return Ok(Some(Place { construct: self.fit.shape().owners[at], loading, score: Some(at) }));
        }
        let construct = self.fit.model().position(name)?;
        let here = self.fit.model().constructs()[construct].indicators();
        let same = first.model().construct(name)?.indicators() == here;
        Ok(same.then_some(Place { construct, loading: 1.0, score: None }))
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
