//! The doors by which answers come to a fit: those that it was made from, and those of other people.

use std::collections::HashSet;

use super::Fit;
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::rounding::{self, CONVERGED};
use crate::survey::{Indicator, Missing, Moments, Responses, Scale, outside_scale};

impl Fit {
    /// The answers to the indicators of the fitted model. What earlier stages make of the answers that were asked for is
    /// made of them again.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack; where there are earlier stages, answers other than those of the fit.
    pub(crate) fn answers(&self, responses: &Responses) -> Result<Responses> {
        let names: Vec<&str> = self.model.indicators().collect();
        let known: HashSet<&str> = responses.names().collect();
        let Some((pls, model)) = self.specification().filter(|_| names.iter().any(|name| !known.contains(name))) else {
            return responses.select(&names);
        };
        let asked = responses.select(model.indicators())?;
        let formed = pls.first_order(model, &asked).and_then(|(_, _, answers)| answers.select(&names));
        let difference = match formed {
            Ok(answers) => match self.difference(&answers.moments(self.pls.missing)?) {
                None => return Ok(answers),
                Some(difference) => difference,
            },
            // Too few of them, as a rule, for the stages.
            Err(_) => format!("there are {} of them, and {} in the fit", asked.rows(), self.moments.rows()),
        };
        let reason = format!(
            "are not those of the fit, in which its products and scores were formed: {difference}; to score other people, add \
             them to the respondents of the fit with a case weight of 0"
        );
        Err(ErrorKind::Mismatch { place: "the responses".into(), reason }.into())
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
        self.compare(&answers.moments(Missing::Reject)?)?;
        Ok(answers)
    }

    /// Checks that responses are those that the fit was made from: the same number of them with the same means and
    /// covariances, on the same scales.
    ///
    /// # Errors
    ///
    /// An indicator that the responses lack; what differs from the fit.
    pub(crate) fn check_same(&self, responses: &Responses) -> Result<()> {
        let answers = self.answers(responses)?;
        self.check_scales(&answers)?;
        self.compare(&answers.moments(self.pls.missing)?)
    }

    /// Checks answers against the scales of the fit. They stand in the order of the model.
    ///
    /// # Errors
    ///
    /// A scale other than that of the fit; an answer outside its scale: the first to each indicator.
    pub(crate) fn check_scales(&self, answers: &Responses) -> Result<()> {
        let mut faults = Faults::default();
        for (column, known) in self.moments.indicators().iter().enumerate() {
            faults.check(check_scale(known, answers, column));
        }
        faults.or(())
    }

    /// Checks that these are the moments of the answers that the fit was made from.
    fn compare(&self, found: &Moments) -> Result<()> {
        let Some(difference) = self.difference(found) else { return Ok(()) };
        let reason = format!("are not those that the fit was made from: {difference}");
        Err(ErrorKind::Mismatch { place: "the responses".into(), reason }.into())
    }

    /// In what these moments differ from those of the fit, in whatever order they were summed.
    fn difference(&self, found: &Moments) -> Option<String> {
        if !rounding::equal(found.n(), self.n()) {
            return Some(format!("there are {} of them, and {} in the fit", found.n(), self.n()));
        }
        let name = |at: usize| self.moments.indicators()[at].name();
        let (mine, theirs) = (self.moments.cross_products(), found.cross_products());
        let means = self.moments.means().zip(found.means());
        for at in 0..self.owners.len() {
            if let Some((fitted, given)) = means.map(|(fitted, given)| (fitted[at], given[at]))
                && (fitted - given).abs() > CONVERGED * (self.deviations[at] + fitted.abs())
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
