//! What a survey asks.

use std::collections::HashSet;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::indicator::{distinct, positions};
use crate::survey::{Fact, Indicator, Scale};

/// What a survey asks: indicators, and facts beside them, all with different names.
///
/// # Serialised form
///
/// The list of questions; one with a `kind` is a [`Fact`], any other an [`Indicator`].
///
/// ```json
/// [{"name": "q1", "lower": 1, "upper": 10, "wording": "How satisfied are you?"},
///  {"name": "q2", "scale": {"lower": 1, "upper": 5, "direction": "lower_is_better"}},
///  {"name": "q3", "grades": {"good": 100, "fair": 50, "poor": 0}, "responsible": "workshop"},
///  {"name": "visited", "kind": "date"}]
/// ```
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
pub struct Questionnaire {
    indicators: Vec<Indicator>,
    facts: Vec<Fact>,
}

impl Questionnaire {
    /// A questionnaire of these indicators, in this order.
    ///
    /// # Errors
    ///
    /// No indicator, or a name given twice; a grade whose score is outside the scale.
    pub fn new(indicators: impl IntoIterator<Item = Indicator>) -> Result<Self> {
        let indicators = distinct(indicators.into_iter().collect())?;
        let mut faults = Faults::default();
        for indicator in &indicators {
            faults.check(indicator.check());
        }
        faults.or(Self { indicators, facts: Vec::new() })
    }

    /// The questionnaire with questions whose answers are no scores.
    ///
    /// # Errors
    ///
    /// A name that another question has.
    pub fn with_facts(mut self, facts: impl IntoIterator<Item = Fact>) -> Result<Self> {
        self.facts.extend(facts);
        let mut seen: HashSet<&str> = self.names().collect();
        let mut faults = Faults::default();
        for name in self.facts.iter().map(Fact::name) {
            if !seen.insert(name) {
                faults.push(ErrorKind::Duplicate { what: "question", name: name.into() });
            }
        }
        drop(seen);
        faults.or(self)
    }

    /// The questionnaire of a template: name, wording and scale, with names that are there and different.
    pub(crate) fn of_known<'a>(questions: impl Iterator<Item = (&'a str, &'a str, Scale)>) -> Self {
        Self { indicators: questions.map(Indicator::of_known).collect(), facts: Vec::new() }
    }

    /// The indicators of these names, in their order.
    pub(crate) fn find<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> Result<Vec<Indicator>> {
        Ok(positions(&self.indicators, names)?.into_iter().map(|place| self.indicators[place].clone()).collect())
    }

    /// The indicators in order.
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// The questions whose answers are no scores.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The names of the indicators in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.indicators.iter().map(Indicator::name)
    }

    /// The indicator of this name.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn get(&self, name: &str) -> Result<&Indicator> {
        self.indicators
            .iter()
            .find(|indicator| indicator.name() == name)
            .ok_or_else(|| check::unknown(name, "indicator"))
    }
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

#[cfg(feature = "serde")]
mod form {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::{Serialize, SerializeSeq, Serializer};

    use super::{Fact, Indicator, Questionnaire};
    use crate::survey::raw_question::RawQuestion;

    impl Serialize for Questionnaire {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut list = serializer.serialize_seq(Some(self.indicators.len() + self.facts.len()))?;
            self.indicators.iter().try_for_each(|indicator| list.serialize_element(indicator))?;
            self.facts.iter().try_for_each(|fact| list.serialize_element(fact))?;
            list.end()
        }
    }

    impl<'de> Deserialize<'de> for Questionnaire {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let (mut indicators, mut facts) = (Vec::new(), Vec::new());
            for question in Vec::<RawQuestion>::deserialize(deserializer)? {
                if question.is_fact() {
                    facts.push(Fact::try_from(question).map_err(D::Error::custom)?);
                } else {
                    indicators.push(Indicator::try_from(question).map_err(D::Error::custom)?);
                }
            }
            let questionnaire = Self::new(indicators).and_then(|asked| asked.with_facts(facts));
            questionnaire.map_err(D::Error::custom)
        }
    }
}
