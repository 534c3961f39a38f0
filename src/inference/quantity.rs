//! The numbers that a bootstrap is of.

use std::fmt;

/// A number that a fit has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Quantity {
    /// The standardised outer weight of an indicator.
    Weight {
        /// The construct.
        construct: String,
        /// The indicator.
        indicator: String,
    },
    /// The loading of an indicator.
    Loading {
        /// The construct.
        construct: String,
        /// The indicator.
        indicator: String,
    },
    /// A path coefficient.
    Path {
        /// The cause.
        from: String,
        /// The construct acted on.
        to: String,
    },
    /// The effect of the product of two constructs in units of their standard deviations
    /// ([`Fit::product_effect`](crate::structural::Fit::product_effect)).
    ProductEffect {
        /// One factor.
        first: String,
        /// The other.
        second: String,
        /// The construct acted on.
        to: String,
    },
    /// The explained variance of a construct.
    RSquared {
        /// The construct.
        construct: String,
    },
    /// The effect of one construct on another over all routes.
    TotalEffect {
        /// The cause.
        from: String,
        /// The construct acted on.
        to: String,
    },
    /// The effect of one construct on another over all routes of two paths or more.
    IndirectEffect {
        /// The cause.
        from: String,
        /// The construct acted on.
        to: String,
    },
    /// The effect of one construct on another over one route of two paths or more.
    SpecificEffect {
        /// The constructs along the route, the cause first and the construct acted on last.
        route: Vec<String>,
    },
    /// The correlation of two constructs' scores.
    Correlation {
        /// One construct.
        first: String,
        /// The other.
        second: String,
    },
    /// The 0–100 index of a construct, by unstandardised weights.
    Index {
        /// The construct.
        construct: String,
    },
    /// Cronbach's α of a construct's standardised indicators.
    Alpha {
        /// The construct.
        construct: String,
    },
    /// Dijkstra and Henseler's ρ_A of a `=~` construct.
    RhoA {
        /// The construct.
        construct: String,
    },
    /// The composite reliability ρ_C of a construct.
    RhoC {
        /// The construct.
        construct: String,
    },
    /// The average variance extracted of a construct.
    AverageVarianceExtracted {
        /// The construct.
        construct: String,
    },
    /// The heterotrait-monotrait ratio of two constructs.
    Htmt {
        /// One construct.
        first: String,
        /// The other.
        second: String,
    },
}

impl Quantity {
    /// What it is called among the results of a fit.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Weight { .. } => "outer_weights",
            Self::Loading { .. } => "loadings",
            Self::Path { .. } => "path_coefficients",
            Self::ProductEffect { .. } => "product_effects",
            Self::RSquared { .. } => "r_squared",
            Self::TotalEffect { .. } => "total_effects",
            Self::IndirectEffect { .. } => "indirect_effects",
            Self::SpecificEffect { .. } => "specific_indirect_effects",
            Self::Correlation { .. } => "construct_correlations",
            Self::Index { .. } => "index",
            Self::Alpha { .. } => "alpha",
            Self::RhoA { .. } => "rho_a",
            Self::RhoC { .. } => "rho_c",
            Self::AverageVarianceExtracted { .. } => "average_variance_extracted",
            Self::Htmt { .. } => "htmt",
        }
    }

    /// The names in it: "Satisfaction -> Loyalty".
    pub fn label(&self) -> String {
        match self {
            Self::Weight { construct, indicator } | Self::Loading { construct, indicator } => {
                format!("{construct}: {indicator}")
            }
            Self::Path { from, to } | Self::TotalEffect { from, to } | Self::IndirectEffect { from, to } => {
                format!("{from} -> {to}")
            }
            Self::ProductEffect { first, second, to } => format!("{first}:{second} -> {to}"),
            Self::SpecificEffect { route } => route.join(" -> "),
            Self::Correlation { first, second } | Self::Htmt { first, second } => format!("{first}, {second}"),
            Self::RSquared { construct }
            | Self::Index { construct }
            | Self::Alpha { construct }
            | Self::RhoA { construct }
            | Self::RhoC { construct }
            | Self::AverageVarianceExtracted { construct } => construct.clone(),
        }
    }

    /// Does the sign depend on which way round the constructs are?
    pub(super) fn has_sign(&self) -> bool {
        matches!(
            self,
            Self::Weight { .. }
                | Self::Loading { .. }
                | Self::Path { .. }
                | Self::ProductEffect { .. }
                | Self::TotalEffect { .. }
                | Self::IndirectEffect { .. }
                | Self::SpecificEffect { .. }
                | Self::Correlation { .. }
        )
    }

    /// Can it be undefined in a replicate that has an estimate?
    pub(super) fn can_lack(&self) -> bool {
        matches!(self, Self::Alpha { .. } | Self::RhoA { .. } | Self::Htmt { .. })
    }
}

/// The kind and the names: "path Satisfaction -> Loyalty".
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind().replace('_', " "), self.label())
    }
}
