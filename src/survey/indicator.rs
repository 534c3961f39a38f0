//! What was asked.

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::Scale;

/// One question: a name, how it was worded and the scale of its answer.
///
/// # Examples
///
/// ```
/// use satindex::survey::{Indicator, Scale};
///
/// let indicator = Indicator::new("满意度")?.with_wording("How satisfied are you?").with_scale(Scale::ONE_TO_TEN);
/// assert_eq!(indicator.name(), "满意度");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawIndicator"))]
pub struct Indicator {
    name: String,
    wording: Option<String>,
    scale: Option<Scale>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIndicator {
    name: String,
    #[serde(default)]
    wording: Option<String>,
    #[serde(default)]
    scale: Option<Scale>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawIndicator> for Indicator {
    type Error = Error;

    fn try_from(raw: RawIndicator) -> Result<Self> {
        Ok(Self { wording: raw.wording, scale: raw.scale, ..Self::new(raw.name)? })
    }
}

impl Indicator {
    /// An indicator of which only the name is known.
    ///
    /// # Errors
    ///
    /// A blank name.
    pub fn new(name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        if name.trim().is_empty() {
            return Err(ErrorKind::Empty { place: "the name of an indicator".into() }.into());
        }
        Ok(Self { name, wording: None, scale: None })
    }

    /// The indicator with the wording of its question.
    #[must_use]
    pub fn with_wording(self, wording: impl Into<String>) -> Self {
        Self { wording: Some(wording.into()), ..self }
    }

    /// The indicator with the scale of its answer.
    #[must_use]
    pub fn with_scale(self, scale: Scale) -> Self {
        Self { scale: Some(scale), ..self }
    }

    /// Takes over what another part of the same survey knows of the indicator.
    pub(super) fn adopt(&mut self, other: &Self) -> Result<()> {
        if let (Some(one), Some(other)) = (self.scale, other.scale)
            && one != other
        {
            let place = format!("the scale of `{}`", self.name);
            return Err(ErrorKind::Conflict { place, one: one.to_string(), other: other.to_string() }.into());
        }
        self.scale = self.scale.or(other.scale);
        self.wording = self.wording.take().or_else(|| other.wording.clone());
        Ok(())
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The wording of the question, where it is known.
    pub fn wording(&self) -> Option<&str> {
        self.wording.as_deref()
    }

    /// The scale of the answer, where it is known.
    pub fn scale(&self) -> Option<Scale> {
        self.scale
    }
}

/// Indicators from their names, which are there, not blank and each given once.
pub(crate) fn named<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Vec<Indicator>> {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    check::names(&names, "indicator")?;
    Ok(names.into_iter().map(|name| Indicator { name, wording: None, scale: None }).collect())
}

/// The indicators, if they are there and no two have the same name.
pub(crate) fn distinct(indicators: Vec<Indicator>) -> Result<Vec<Indicator>> {
    let names: Vec<&str> = indicators.iter().map(Indicator::name).collect();
    check::names(&names, "indicator")?;
    Ok(indicators)
}

/// Gives all indicators one scale, if none has another.
pub(super) fn on_one_scale(indicators: &mut [Indicator], scale: Scale) -> Result<()> {
    let mut faults = Faults::default();
    for indicator in indicators {
        let scaled = Indicator { name: indicator.name.clone(), wording: None, scale: Some(scale) };
        faults.check(indicator.adopt(&scaled));
    }
    faults.or(())
}

/// Gives the indicators the wording and the scales of a questionnaire, which must have them all.
pub(super) fn as_asked(indicators: &mut [Indicator], questionnaire: &Questionnaire) -> Result<()> {
    let asked = questionnaire.find(indicators.iter().map(Indicator::name))?;
    let mut faults = Faults::default();
    for (indicator, mut asked) in indicators.iter_mut().zip(asked) {
        // The questionnaire's wording goes before one that was known.
        if faults.check(asked.adopt(indicator)).is_some() {
            *indicator = asked;
        }
    }
    faults.or(())
}

/// Where each of some names stands among the indicators; every name that is unknown or given twice is a fault.
pub(crate) fn positions<S: AsRef<str>>(
    indicators: &[Indicator],
    names: impl IntoIterator<Item = S>,
) -> Result<Vec<usize>> {
    let names: Vec<S> = names.into_iter().collect();
    check::names(&names, "indicator")?;
    let known: Vec<&str> = indicators.iter().map(Indicator::name).collect();
    check::positions(&known, &names, "indicator")
}

/// What a survey asks: indicators with different names.
///
/// # Examples
///
/// ```
/// use satindex::survey::{Indicator, Questionnaire, Scale};
///
/// let questionnaire = Questionnaire::new([
///     Indicator::new("CUSA1")?.with_scale(Scale::ONE_TO_TEN),
///     Indicator::new("CUSCO")?.with_scale(Scale::ONE_TO_FIVE.reversed()),
/// ])?;
/// assert_eq!(questionnaire.get("CUSA1")?.scale(), Some(Scale::ONE_TO_TEN));
/// assert_eq!(questionnaire.get("CUSA9").unwrap_err().to_string(), "unknown indicator `CUSA9`");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Vec<Indicator>", into = "Vec<Indicator>")
)]
pub struct Questionnaire(Vec<Indicator>);

impl Questionnaire {
    /// A questionnaire of these indicators, in this order.
    ///
    /// # Errors
    ///
    /// No indicator, or a name given twice.
    pub fn new(indicators: impl IntoIterator<Item = Indicator>) -> Result<Self> {
        distinct(indicators.into_iter().collect()).map(Self)
    }

    /// The questionnaire of a template: name, wording and scale, with names that are there and different.
    pub(crate) fn of_known<'a>(questions: impl Iterator<Item = (&'a str, &'a str, Scale)>) -> Self {
        let indicator = |(name, wording, scale): (&str, &str, Scale)| Indicator {
            name: name.into(),
            wording: Some(wording.into()),
            scale: Some(scale),
        };
        Self(questions.map(indicator).collect())
    }

    /// The indicators of these names, in their order.
    pub(crate) fn find<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> Result<Vec<Indicator>> {
        Ok(positions(&self.0, names)?.into_iter().map(|place| self.0[place].clone()).collect())
    }

    /// The indicators in order.
    pub fn indicators(&self) -> &[Indicator] {
        &self.0
    }

    /// The names in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(Indicator::name)
    }

    /// The indicator of this name.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn get(&self, name: &str) -> Result<&Indicator> {
        self.0.iter().find(|indicator| indicator.name == name).ok_or_else(|| check::unknown(name, "indicator"))
    }
}

impl TryFrom<Vec<Indicator>> for Questionnaire {
    type Error = Error;

    fn try_from(indicators: Vec<Indicator>) -> Result<Self> {
        Self::new(indicators)
    }
}

impl From<Questionnaire> for Vec<Indicator> {
    fn from(questionnaire: Questionnaire) -> Self {
        questionnaire.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_there_and_unique() {
        assert_eq!(Indicator::new(" ").unwrap_err().to_string(), "the name of an indicator is empty");
        let twice = [Indicator::new("a").unwrap(), Indicator::new("b").unwrap(), Indicator::new("a").unwrap()];
        assert_eq!(Questionnaire::new(twice).unwrap_err().to_string(), "duplicate indicator `a`");
        assert_eq!(Questionnaire::new([]).unwrap_err().to_string(), "the list of indicators is empty");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let indicator = Indicator::new("Qualité").unwrap().with_wording("?").with_scale(Scale::ONE_TO_SEVEN);
        let questionnaire = Questionnaire::new([indicator, Indicator::new("b").unwrap()]).unwrap();
        let text = serde_json::to_string(&questionnaire).unwrap();
        assert_eq!(serde_json::from_str::<Questionnaire>(&text).unwrap(), questionnaire);
        assert!(serde_json::from_str::<Questionnaire>(&text.replace("\"b\"", "\"Qualité\"")).is_err());
        assert!(serde_json::from_str::<Questionnaire>(&text.replace("\"b\"", "\"\"")).is_err());
    }
}
