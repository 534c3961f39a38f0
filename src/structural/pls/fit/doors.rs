//! The doors by which answers come to a fit: those that it was made from, and those of other people.

use std::collections::HashSet;

use super::Fit;
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::rounding::{self, CONVERGED};
use crate::structural::pls::stage::Staged;
use crate::survey::{Indicator, Missing, Moments, Responses, Scale, outside_scale};

impl Fit {
    /// The answers to some indicators of the fitted model; under [`Missing::Mean`] with its means in the place of those
    /// missing.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack.
    pub(crate) fn answers_to<S: AsRef<str>>(&self, responses: &Responses, names: &[S]) -> Result<Responses> {
        let answers = responses.select(names)?;
        match self.moments.means().filter(|_| self.pls.missing == Missing::Mean && answers.missing() > 0) {
            None => Ok(answers),
            Some(means) => {
                let at = names.iter().map(|name| self.model.indicator(name.as_ref()));
                answers.filled_with(&at.map(|at| Ok(means[at?])).collect::<Result<Vec<_>>>()?)
            }
        }
    }

    /// What stands behind the last of several stages, unless its columns are among the responses as they are.
    fn stages_before(&self, responses: &Responses) -> Option<&Staged> {
        let known: HashSet<&str> = responses.names().collect();
        self.staged().filter(|_| self.model.indicators().any(|name| !known.contains(name)))
    }

    /// Each respondent's answers to the indicators of the fitted model, of which those that stages make are made by the
    /// weights and means of the fit.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack; an answer outside its scale in the fit.
    pub(crate) fn answers(&self, responses: &Responses) -> Result<Responses> {
        let Some(staged) = self.stages_before(responses) else {
            return self.answers_to(responses, &self.model.indicators().collect::<Vec<_>>());
        };
        let asked = responses.select(staged.model.indicators())?;
        check_scales(&staged.asked, &asked)?;
        asked.with_table(self.moments.indicators().to_vec(), staged.columns_of(&asked))
    }

    /// The complete answers that a fit was made from, indicator by indicator in the order of the model.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack; answers other than those of the fit, or a fit from incomplete ones.
    pub(crate) fn complete_answers(&self, responses: &Responses, purpose: &str) -> Result<Responses> {
        let fills = !matches!(self.pls.missing, Missing::Reject | Missing::Listwise);
        let answers = self.answers(responses)?;
        if fills && (self.moments.answers_filled() + answers.missing()) > 0 {
            let reason = "takes complete answers, and the fit makes up for missing ones; fit with `Missing::Listwise`";
            return Err(ErrorKind::Unsupported { place: purpose.into(), reason: reason.into() }.into());
        }
        let columns = self.owners.len();
        let complete = |row: &usize| (0..columns).all(|column| answers.get(*row, column).is_some());
        let weight = |row: usize| answers.weights().map_or(1.0, |weights| weights[row]);
        let rows: Vec<usize> = (0..answers.rows()).filter(complete).filter(|row| weight(*row) > 0.0).collect();
        let answers = answers.subset(&rows)?;
        compare(&self.moments, &answers.moments(Missing::Reject)?)?;
        Ok(answers)
    }

    /// Checks that responses are those that the fit was made from: the same number of them with the same means and
    /// covariances, on the same scales.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack; what differs from the fit.
    pub(crate) fn check_same(&self, responses: &Responses) -> Result<()> {
        let fitted = self.stages_before(responses).map_or(&self.moments, |staged| &staged.asked);
        let answers = responses.select(fitted.names())?;
        check_scales(fitted, &answers)?;
        compare(fitted, &answers.moments(self.pls.missing)?)
    }

    /// Checks answers against the scales of the fit. They stand in the order of the model.
    ///
    /// # Errors
    ///
    /// A scale other than that of the fit; an answer outside its scale: the first to each indicator.
    pub(crate) fn check_scales(&self, answers: &Responses) -> Result<()> {
        check_scales(&self.moments, answers)
    }
}

/// Checks answers against the scales of those behind the moments of a fit, in the same order.
fn check_scales(fitted: &Moments, answers: &Responses) -> Result<()> {
    let mut faults = Faults::default();
    for (column, known) in fitted.indicators().iter().enumerate() {
        faults.check(check_scale(known, answers, column));
    }
    faults.or(())
}

/// Checks that moments are those of the answers that a fit was made from.
fn compare(fitted: &Moments, found: &Moments) -> Result<()> {
    let Some(difference) = difference(fitted, found) else { return Ok(()) };
    let reason = format!("are not those that the fit was made from: {difference}");
    Err(ErrorKind::Mismatch { place: "the responses".into(), reason }.into())
}

/// In what moments differ from those of a fit, in whatever order they were summed.
fn difference(fitted: &Moments, found: &Moments) -> Option<String> {
    if !rounding::equal(found.n(), fitted.n()) {
        return Some(format!("there are {} of them, and {} in the fit", found.n(), fitted.n()));
    }
    let name = |at: usize| fitted.indicators()[at].name();
    let (mine, theirs) = (fitted.cross_products(), found.cross_products());
    let means = fitted.means().zip(found.means());
    for at in 0..mine.nrows() {
        let deviation = (mine[(at, at)] / (fitted.n() - 1.0)).sqrt();
        if let Some((fitted, given)) = means.map(|(fitted, given)| (fitted[at], given[at]))
            && (fitted - given).abs() > CONVERGED * (deviation + fitted.abs())
        {
            return Some(format!("the mean of `{}` is {given}, and {fitted} in the fit", name(at)));
        }
        let size = |other: usize| (mine[(at, at)] * mine[(other, other)]).sqrt();
        let same = |other: usize| (mine[(at, other)] - theirs[(at, other)]).abs() <= CONVERGED * size(other);
        if let Some(other) = (0..=at).find(|other| !same(*other)) {
            let what = if other == at { "variance" } else { "correlation" };
            let of = if other == at { String::new() } else { format!("`{}` and ", name(other)) };
            return Some(format!("the {what} of {of}`{}` is another than in the fit", name(at)));
        }
    }
    None
}

/// Checks the answers in a column against what is known of their indicator.
pub(crate) fn check_scale(known: &Indicator, answers: &Responses, column: usize) -> Result<()> {
    let Some(scale) = known.scale() else { return Ok(()) };
    if let Some(other) = answers.indicators()[column].scale().filter(|other| !same_scale(scale, *other)) {
        let place = format!("the scale of `{}`", known.name());
        return Err(ErrorKind::Conflict { place, one: scale.to_string(), other: other.to_string() }.into());
    }
    // A score at an anchor may be beyond it by its rounding.
    let slack = rounding::ROUNDING * (scale.lower().abs() + scale.upper().abs());
    let inside = |answer: f64| answer >= scale.lower() - slack && answer <= scale.upper() + slack;
    let outside =
        || answers.answers_to(column).iter().enumerate().filter(|(_, answer)| !(answer.is_nan() || inside(**answer)));
    match outside().next() {
        None => Ok(()),
        Some((row, answer)) => Err(outside_scale(row, known.name(), scale, *answer, outside().count()).into()),
    }
}

/// Are two scales the same, up to the rounding of the anchors of scores?
fn same_scale(one: Scale, other: Scale) -> bool {
    let range = one.range();
    let close = |a: f64, b: f64| (a - b).abs() <= CONVERGED * range;
    one.direction() == other.direction() && close(one.lower(), other.lower()) && close(one.upper(), other.upper())
}
