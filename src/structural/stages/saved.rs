//! A stored fit read again: made anew of its moments, through all stages.

use serde::{Deserialize, Deserializer, de};

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::rounding::{self, CONVERGED};
use crate::structural::model::Model;
use crate::structural::pls::Fit;
use crate::structural::pls::fit::record::{Residual, Saved, SavedStages};
use crate::structural::pls::stage::{Column, Formula, Staged, Term};
use crate::structural::stages::columns::Before;
use crate::structural::stages::run::Run;
use crate::survey::Moments;

impl<'de> Deserialize<'de> for Fit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let saved = Saved::deserialize(deserializer)?;
        refit(&saved).map_err(|fault| de::Error::custom(fault.within("a stored fit")))
    }
}

fn refit(saved: &Saved) -> Result<Fit> {
    let fit = if let Some(stages) = &saved.stages {
        through(stages, &saved.moments)?.fit()?
    } else {
        check_names(&saved.model, &saved.moments)?;
        saved.estimator.fit_moments(&saved.model, || Ok(saved.moments.clone()))?
    };
    saved.check(&Saved::from(&fit))?;
    Ok(fit)
}

/// The stages once more, from the moments of each.
fn through(saved: &SavedStages, last: &Moments) -> Result<Staged> {
    let (pls, model) = (&saved.estimator, &saved.model);
    let stages = pls.stages(model)?;
    if model.is_first_order() {
        return Err(mismatch("`stages`", "are of a model with products or constructs of higher order; this has none"));
    }
    check::length(saved.moments.len() + 1, stages.len(), || "the list of moments with those of the last stage".into())?;
    check_names(model, &saved.answers)?;
    check_means(&saved.answers)?;
    let (mut run, mut before) = Run::start(model, saved.answers.clone(), pls.missing_in_use());
    let mut residuals = saved.residuals.iter();
    for (at, stage) in stages.iter().enumerate() {
        let moments = saved.moments.get(at).unwrap_or(last);
        check_names(&stage.model, moments)?;
        check_means(moments)?;
        let formulas = stage.columns.iter().map(|column| before.restored(column, &mut residuals));
        let formulas = formulas.collect::<Result<Vec<_>>>()?;
        check_moments(&formulas, &before.moments, moments)?;
        before = run.take(&before, stage, stages.get(at + 1), formulas, moments.clone())?;
    }
    match residuals.next() {
        Some(_) => Err(mismatch("`residuals`", "are more than there are products of that kind")),
        None => Ok(run.keep(pls, model, stages)),
    }
}

fn mismatch(place: &str, reason: &str) -> crate::Error {
    ErrorKind::Mismatch { place: place.into(), reason: reason.into() }.into()
}

/// Checks that moments are of the indicators of a model, in their order.
fn check_names(model: &Model, moments: &Moments) -> Result<()> {
    let same = moments.names().eq(model.indicators());
    if same {
        Ok(())
    } else {
        Err(mismatch("`moments`", "are of other indicators than the model has, or in another order"))
    }
}

fn check_means(moments: &Moments) -> Result<()> {
    moments.means().map(|_| ()).ok_or_else(|| mismatch("`moments`", "lack the means that scores and products take"))
}

impl Before<'_> {
    /// A column with its numbers, of which those of a residual were stored.
    fn restored<'a>(&self, column: &Column, residuals: &mut impl Iterator<Item = &'a Residual>) -> Result<Formula> {
        match (self.formula(column)?, column) {
            (Formula::Product(one, other), Column::Residual(_, explaining)) => {
                let stored = residuals.next();
                let stored = stored.ok_or_else(|| mismatch("`residuals`", "are fewer than there are products"))?;
                check::finite(stored.mean, || "the mean of a product".into())?;
                check::length(stored.explained.len(), explaining.len(), || "the terms of a residual".into())?;
                for term in &stored.explained {
                    check::finite(term.mean, || "a mean in a residual".into())?;
                    check::finite(term.weight, || "a weight in a residual".into())?;
                }
                let terms = explaining.iter().zip(&stored.explained);
                let explained = terms.map(|(from, term)| Term { from: *from, mean: term.mean, weight: term.weight });
                Ok(Formula::Residual { factors: [one, other], mean: stored.mean, explained: explained.collect() })
            }
            (formula, _) => Ok(formula),
        }
    }
}

/// A column that is a sum of indicators of the stage before, as their places and weights; `None` for a product.
fn linear(formula: &Formula) -> Option<Vec<(usize, f64)>> {
    match formula {
        Formula::Indicator(from) => Some(vec![(*from, 1.0)]),
        Formula::Score(terms) => Some(terms.iter().map(|term| (term.from, term.weight)).collect()),
        Formula::Product(..) | Formula::Residual { .. } => None,
    }
}

/// Checks the moments of a stage against those of the one before, as far as its columns are sums: within 10⁻⁹ of the
/// terms that are added.
fn check_moments(formulas: &[Formula], before: &Moments, own: &Moments) -> Result<()> {
    let (known, found) = (&before.covariance()?, own.covariance()?);
    let mut faults = Faults::default();
    let mut expect = |same: bool, place: &dyn Fn() -> String| {
        if !same {
            faults.note(|| ErrorKind::Mismatch {
                place: place(),
                reason: "is not what the moments of the stage before give".into(),
            });
        }
    };
    expect(rounding::equal(own.n(), before.n()), &|| "n".into());
    let (means, own_means) = (before.means().unwrap_or_default(), own.means().unwrap_or_default());
    let names: Vec<&str> = own.names().collect();
    let columns: Vec<_> = formulas.iter().map(linear).enumerate().collect();
    let sums = || columns.iter().filter_map(|(at, form)| form.as_ref().map(|form| (*at, form)));
    for (row, one) in sums() {
        // A score is about the means.
        let mean = if let Formula::Indicator(from) = formulas[row] { means[from] } else { 0.0 };
        let size: f64 =
            one.iter().map(|(at, weight)| weight.abs() * (means[*at].abs() + known[(*at, *at)].sqrt())).sum();
        expect((own_means[row] - mean).abs() <= CONVERGED * size, &|| format!("the mean of `{}`", names[row]));
        for (column, other) in sums().filter(|(column, _)| *column <= row) {
            let terms =
                one.iter().flat_map(|(i, left)| other.iter().map(move |(j, right)| left * right * known[(*i, *j)]));
            let (sum, size) = terms.fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()));
            let size = size.max((found[(row, row)] * found[(column, column)]).sqrt());
            let same = (found[(row, column)] - sum).abs() <= CONVERGED * size;
            expect(same, &|| format!("the covariance of `{}` and `{}`", names[row], names[column]));
        }
    }
    faults.or(())
}
