//! What is inadmissible in a fit, or asks for a look, and where.

use std::fmt;

use crate::numeric::linalg;
use crate::numeric::rounding::{self, CONVERGED};
use crate::structural::assess::implied::{ResidualVariance, Structure, implied_indicators};
use crate::structural::model::ConstructKind;
use crate::structural::pls::Fit;
use crate::structural::pls::algorithm::consistent::rho_a_of_block;
use crate::structural::pls::params::Direction;
use crate::table::{Column, Table};

/// One thing that is wrong with a fit, or may be.
///
/// `Display` says what and where; [`Finding::advice`] what to do.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "finding", rename_all = "snake_case", deny_unknown_fields)
)]
#[non_exhaustive]
#[doc(alias = "Heywood case")]
pub enum Finding {
    /// A standardised loading beyond ±1, and so a negative error variance 1 − λ².
    LoadingBeyondOne {
        /// The construct.
        construct: String,
        /// The indicator.
        indicator: String,
        /// λ.
        loading: f64,
    },
    /// The predecessors explain more than all of a construct: its residual variance is negative.
    NegativeResidualVariance {
        /// The construct.
        construct: String,
        /// R².
        r_squared: f64,
    },
    /// The predecessors explain all of a construct: its R² is 1.
    NothingUnexplained {
        /// The construct.
        construct: String,
    },
    /// Two constructs correlate beyond ±1.
    CorrelationBeyondOne {
        /// One construct.
        first: String,
        /// The other.
        second: String,
        /// Their correlation.
        correlation: f64,
    },
    /// The correlations of the constructs are not positive definite.
    ConstructCorrelations {
        /// The first construct that the constructs before it leave no variance of its own.
        construct: String,
    },
    /// The correlations that the model implies between the indicators are not positive definite.
    ImpliedCorrelations {
        /// The first indicator that the indicators before it leave no variance of its own.
        indicator: String,
    },
    /// The score of a reflective construct has a reliability ρ_A above 1, or none.
    Reliability {
        /// The construct.
        construct: String,
        /// ρ_A.
        rho_a: Option<f64>,
        /// Were the estimates corrected by it?
        corrected: bool,
    },
    /// A construct is reversed: no more of its loadings are positive than negative.
    Reversed {
        /// The construct.
        construct: String,
    },
    /// An indicator's loading has another sign than most of its construct's.
    OppositeLoading {
        /// The construct.
        construct: String,
        /// The indicator.
        indicator: String,
        /// λ.
        loading: f64,
        /// Is its scale declared to point the other way than others of the construct?
        #[cfg_attr(feature = "serde", serde(default))]
        reversed: bool,
    },
    /// An indicator's weight and loading have different signs.
    WeightAgainstLoading {
        /// The construct.
        construct: String,
        /// The indicator.
        indicator: String,
        /// The standardised weight.
        weight: f64,
        /// λ.
        loading: f64,
    },
    /// An indicator loads higher on another construct than on its own.
    LoadsHigherElsewhere {
        /// Its construct.
        construct: String,
        /// The indicator.
        indicator: String,
        /// Its loading there.
        loading: f64,
        /// The other construct.
        other: String,
        /// Its loading there.
        other_loading: f64,
    },
}

impl Finding {
    /// Does it make the estimates inadmissible: no population could have them?
    pub fn is_inadmissible(&self) -> bool {
        match self {
            Self::LoadingBeyondOne { .. }
            | Self::NegativeResidualVariance { .. }
            | Self::CorrelationBeyondOne { .. }
            | Self::ConstructCorrelations { .. }
            | Self::ImpliedCorrelations { .. } => true,
            Self::Reliability { corrected, .. } => *corrected,
            Self::NothingUnexplained { .. }
            | Self::Reversed { .. }
            | Self::OppositeLoading { .. }
            | Self::WeightAgainstLoading { .. }
            | Self::LoadsHigherElsewhere { .. } => false,
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::LoadingBeyondOne { .. } => {
                "take out the indicator, or model the construct as a composite (`<~`): one common factor does not fit"
            }
            Self::NegativeResidualVariance { .. } => {
                "look for predecessors that are hardly distinct (VIF, HTMT); join them or leave a path out"
            }
            Self::NothingUnexplained { .. } => {
                "was it computed from them? then it is no result of theirs: leave it out"
            }
            Self::CorrelationBeyondOne { .. } | Self::ConstructCorrelations { .. } => {
                "the constructs are hardly distinct (HTMT) or too unreliable: join them, add indicators, or model them \
                 as composites (`<~`)"
            }
            Self::ImpliedCorrelations { .. } => "see to the loadings and correlations beyond 1 first",
            Self::Reliability { .. } => {
                "the indicators do not behave as those of one common factor: look at their correlations, take out the \
                 odd one, or model the construct as a composite (`<~`)"
            }
            Self::Reversed { .. } => {
                "negate its start weights, or give its indicators the direction in which low answers are good"
            }
            Self::OppositeLoading { reversed: true, .. } => {
                "is it worded the way that its scale says? if so, take it out"
            }
            Self::OppositeLoading { .. } => {
                "is it worded the other way round? declare that low answers are good on its scale, or take it out"
            }
            Self::WeightAgainstLoading { .. } => {
                "collinear indicators (outer VIF): take one out, or use mode A or unit weights"
            }
            Self::LoadsHigherElsewhere { .. } => "take it out, or move it to the other construct",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoadingBeyondOne { construct, indicator, loading } => write!(
                f,
                "the loading of `{indicator}` on `{construct}` is {loading:.3}: its error variance is {:.3}",
                1.0 - loading * loading
            ),
            Self::NegativeResidualVariance { construct, r_squared } => {
                write!(f, "R² of `{construct}` is {r_squared:.3}: its residual variance is {:.3}", 1.0 - r_squared)
            }
            Self::NothingUnexplained { construct } => {
                write!(
                    f,
                    "R² of `{construct}` is 1: nothing of it is left for f² and criteria of likelihood to measure"
                )
            }
            Self::CorrelationBeyondOne { first, second, correlation } => {
                write!(f, "the correlation of `{first}` and `{second}` is {correlation:.3}")
            }
            Self::ConstructCorrelations { construct } => {
                write!(f, "the correlations of the constructs up to `{construct}` are not positive definite")
            }
            Self::ImpliedCorrelations { indicator } => {
                write!(f, "the implied correlations of the indicators up to `{indicator}` are not positive definite")
            }
            Self::Reliability { construct, rho_a: Some(rho), .. } => {
                write!(f, "the reliability ρ_A of `{construct}` is {rho:.3}, above 1")
            }
            Self::Reliability { construct, rho_a: None, .. } => {
                write!(f, "the reliability ρ_A of `{construct}` is undefined")
            }
            Self::Reversed { construct } => {
                write!(f, "`{construct}` is reversed: no more of its loadings are positive than negative")
            }
            Self::OppositeLoading { construct, indicator, loading, reversed } => {
                let once = if *reversed { " once its scale points their way" } else { "" };
                write!(
                    f,
                    "the loading of `{indicator}` on `{construct}` is {loading:.3}, of another sign than most{once}"
                )
            }
            Self::WeightAgainstLoading { construct, indicator, weight, loading } => write!(
                f,
                "`{indicator}` has weight {weight:.3} in `{construct}` and loading {loading:.3}, of different signs"
            ),
            Self::LoadsHigherElsewhere { construct, indicator, loading, other, other_loading } => write!(
                f,
                "`{indicator}` loads {loading:.3} on its construct `{construct}` and {other_loading:.3} on `{other}`"
            ),
        }
    }
}

/// What [`Fit::verify`] found: first what makes the estimates inadmissible, then what asks for a look.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let verification = fit.verify();
/// assert!(verification.is_admissible());
/// for finding in verification.findings() {
///     println!("{finding}: {}", finding.advice());
/// }
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[doc(alias = "inadmissible solution")]
pub struct Verification(Vec<Finding>);

impl Verification {
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.0
    }

    /// What was found.
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }

    /// Could a population have these estimates?
    pub fn is_admissible(&self) -> bool {
        !self.0.iter().any(Finding::is_inadmissible)
    }

    /// The findings as a table.
    pub fn table(&self) -> Table {
        let kind = |finding: &Finding| if finding.is_inadmissible() { "inadmissible" } else { "look" };
        let table = Table::new("Verification")
            .column(Column::text("", self.0.iter().map(kind)))
            .column(Column::text("finding", &self.0))
            .column(Column::text("what to do", self.0.iter().map(Finding::advice)));
        if self.0.is_empty() { table.note("nothing found") } else { table }
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

impl Fit {
    /// Checks the estimates for what no population can have, and for what asks for a look.
    ///
    /// Inadmissible are: a loading beyond ±1 (a negative error variance); R² above 1 (a negative residual variance);
    /// construct correlations beyond ±1 or not positive definite; implied indicator correlations that are not positive
    /// definite; and in a consistent fit ρ_A above 1. These are the checks of cSEM's `verify`. To be looked at are: ρ_A of
    /// a reflective construct above 1 or undefined; R² of 1; constructs that are reversed and indicators against the
    /// sign of their construct, once all scales point the way that they are declared to; weights of another sign than the
    /// loading; and indicators that load higher on another construct.
    ///
    /// A fit that did not converge does not exist: [`Pls::fit`](crate::structural::Pls::fit) is an error then.
    pub fn verify(&self) -> Verification {
        let mut findings = Vec::new();
        self.verify_measurement(&mut findings);
        self.verify_constructs(&mut findings);
        self.verify_signs(&mut findings);
        self.verify_cross_loadings(&mut findings);
        // Stable: within each sort the order of the model.
        findings.sort_by_key(|finding| !finding.is_inadmissible());
        Verification(findings)
    }

    fn indicator_names(&self) -> Vec<&str> {
        self.model().indicators().collect()
    }

    fn verify_measurement(&self, findings: &mut Vec<Finding>) {
        let (shape, loadings, names) = (self.shape(), self.own_loadings(), self.indicator_names());
        let (matrix, weights) = (self.metric_matrix(), self.metric_weights());
        for (at, block) in shape.blocks.iter().enumerate() {
            let construct = || self.name(at).to_owned();
            for indicator in block.clone().filter(|indicator| loadings[*indicator].abs() > 1.0 + CONVERGED) {
                let (name, loading) = (names[indicator].to_owned(), loadings[indicator]);
                findings.push(Finding::LoadingBeyondOne { construct: construct(), indicator: name, loading });
            }
            if shape.kinds[at] == ConstructKind::Reflective {
                let rho_a = rho_a_of_block(&matrix, block, &weights, Direction::of(self.modes()[at]));
                if rho_a.is_none_or(|rho| rho > 1.0 + CONVERGED) {
                    let corrected = self.estimator().is_consistent();
                    findings.push(Finding::Reliability { construct: construct(), rho_a, corrected });
                }
            }
        }
    }

    fn verify_constructs(&self, findings: &mut Vec<Finding>) {
        for (at, r_squared) in self.r_squareds().iter().enumerate() {
            let Some(r_squared) = *r_squared else { continue };
            let construct = self.name(at).to_owned();
            if r_squared > 1.0 + CONVERGED {
                findings.push(Finding::NegativeResidualVariance { construct, r_squared });
            } else if rounding::is_zero(1.0 - r_squared, 1.0) {
                findings.push(Finding::NothingUnexplained { construct });
            }
        }
        let correlations = self.correlations();
        for second in 0..correlations.ncols() {
            for first in (0..second).filter(|first| correlations[(*first, second)].abs() > 1.0 + CONVERGED) {
                let [first_name, second_name] = [first, second].map(|at| self.name(at).to_owned());
                let correlation = correlations[(first, second)];
                findings.push(Finding::CorrelationBeyondOne { first: first_name, second: second_name, correlation });
            }
        }
        if let Err(at) = linalg::cholesky(correlations) {
            findings.push(Finding::ConstructCorrelations { construct: self.name(at).to_owned() });
        }
        let estimated = Structure::Estimated(ResidualVariance::default());
        let implied = self.with_estimates(|estimates| implied_indicators(estimates, estimated));
        if let Err(at) = linalg::cholesky(&implied) {
            findings.push(Finding::ImpliedCorrelations { indicator: self.indicator_names()[at].to_owned() });
        }
    }

    fn verify_signs(&self, findings: &mut Vec<Finding>) {
        let (loadings, weights, signs) = (self.own_loadings(), self.standardised_weights(), self.signs());
        for (at, block) in self.shape().blocks.iter().enumerate() {
            // Once those of the construct's scales that point the other way are turned.
            let aligned = |indicator: usize| loadings[indicator] * signs[indicator];
            let positive = block.clone().filter(|indicator| aligned(*indicator) > 0.0).count();
            let turned = positive <= block.clone().filter(|indicator| aligned(*indicator) < 0.0).count();
            let construct = || self.name(at).to_owned();
            if turned {
                findings.push(Finding::Reversed { construct: construct() });
            }
            for (indicator, name) in block.clone().zip(self.model().constructs()[at].indicators().iter().cloned()) {
                let (loading, weight, reversed) = (loadings[indicator], weights[indicator], signs[indicator] < 0.0);
                if (aligned(indicator) < 0.0) != turned && loading != 0.0 {
                    findings.push(Finding::OppositeLoading {
                        construct: construct(),
                        indicator: name,
                        loading,
                        reversed,
                    });
                } else if weight * loading < 0.0 {
                    findings.push(Finding::WeightAgainstLoading {
                        construct: construct(),
                        indicator: name,
                        weight,
                        loading,
                    });
                }
            }
        }
    }

    fn verify_cross_loadings(&self, findings: &mut Vec<Finding>) {
        let (loadings, shape, names) = (self.loading_matrix(), self.shape(), self.indicator_names());
        for (indicator, own) in shape.owners.iter().enumerate() {
            let row = loadings.row(indicator);
            let higher = |other: &usize| row[*other].abs() > row[*own].abs() + CONVERGED;
            let others = (0..row.len()).filter(|other| other != own).filter(higher);
            if let Some(other) = others.max_by(|a, b| row[*a].abs().total_cmp(&row[*b].abs())) {
                findings.push(Finding::LoadsHigherElsewhere {
                    construct: self.name(*own).to_owned(),
                    indicator: names[indicator].to_owned(),
                    loading: row[*own],
                    other: self.name(other).to_owned(),
                    other_loading: row[other],
                });
            }
        }
    }
}
