//! The options read back.

use super::{HigherOrder, Interaction, Metric, Mode, Pls, Scheme};
use crate::survey::Missing;

impl Pls {
    /// The inner weighting scheme.
    pub fn scheme_in_use(&self) -> Scheme {
        self.scheme
    }

    /// Standardised or raw indicators.
    pub fn metric_in_use(&self) -> Metric {
        self.metric
    }

    /// The constructs whose mode is not left to their kind, each with its mode; of one given twice the last one counts.
    pub fn modes_in_use(&self) -> impl Iterator<Item = (&str, Mode)> {
        self.modes.iter().map(|(construct, mode)| (construct.as_str(), *mode))
    }

    /// The constructs with start weights, each with its weights.
    pub fn start_weights_in_use(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.start.iter().map(|(construct, weights)| (construct.as_str(), weights.as_slice()))
    }

    /// The tolerance of a fit.
    pub fn tolerance_in_use(&self) -> f64 {
        self.stop().tolerance
    }

    /// The limit of iterations.
    pub fn max_iterations_in_use(&self) -> usize {
        self.max_iterations
    }

    /// What is done about missing answers.
    pub fn missing_in_use(&self) -> Missing {
        self.missing
    }

    /// Are few respondents allowed?
    pub fn allows_few_respondents(&self) -> bool {
        self.allow_few_respondents
    }

    /// Are the estimates of reflective constructs corrected for attenuation?
    pub fn is_consistent(&self) -> bool {
        self.consistent
    }

    /// How products of constructs are estimated.
    pub fn interaction_in_use(&self) -> Interaction {
        self.interaction
    }

    /// How constructs of higher order are estimated.
    pub fn higher_order_in_use(&self) -> HigherOrder {
        self.higher_order
    }

    /// The indicators of known reliability, each with its reliability.
    pub fn reliabilities_in_use(&self) -> impl Iterator<Item = (&str, f64)> {
        self.reliabilities.iter().map(|(indicator, reliability)| (indicator.as_str(), *reliability))
    }
}
