//! The effect of one construct on another.

/// The effect of one construct on another, along all routes or along one.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let effects = fit.total_effects();
/// let effect = effects.iter().find(|effect| (effect.from(), effect.to()) == ("Quality", "Satisfaction")).unwrap();
/// assert_eq!(effect.estimate(), fit.total_effect("Quality", "Satisfaction")?);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[doc(alias = "direct effect")]
#[doc(alias = "indirect effect")]
#[doc(alias = "total effect")]
pub struct Effect {
    pub(super) from: String,
    pub(super) to: String,
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub(super) through: Vec<String>,
    pub(super) estimate: f64,
}

impl Effect {
    /// The cause.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The construct acted on.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// The constructs on the way, for a specific indirect effect; empty otherwise.
    pub fn through(&self) -> &[String] {
        &self.through
    }

    /// The size of the effect: standard deviations of the construct acted on for one of the cause.
    pub fn estimate(&self) -> f64 {
        self.estimate
    }
}
