//! What was asked.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::{GradedScale, Scale};

/// A question whose answer is a score: a name, how it was worded, the scale of its answer or its grades in words, and where
/// in a service it belongs.
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
#[doc(alias("item", "manifest variable", "question"))]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Indicator {
    pub(super) name: String,
    pub(super) wording: Option<String>,
    pub(super) scale: Option<Scale>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub(super) grades: Option<Box<GradedScale>>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub(super) responsible: Option<String>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub(super) touch_point: Option<String>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub(super) step: Option<String>,
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
        Ok(Self::named(name))
    }

    fn named(name: String) -> Self {
        Self { name, wording: None, scale: None, grades: None, responsible: None, touch_point: None, step: None }
    }

    /// An indicator of a template.
    pub(super) fn of_known((name, wording, scale): (&str, &str, Scale)) -> Self {
        Self::named(name.into()).with_wording(wording).with_scale(scale)
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

    /// The indicator with grades in words. Their scores are on a scale from 0 to 100, unless the indicator has another.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::{Csv, GradedScale, Indicator, Questionnaire};
    ///
    /// let grades = GradedScale::new([("good", 100.0), ("fair", 50.0), ("poor", 0.0)])?;
    /// let questionnaire = Questionnaire::new([Indicator::new("q1")?.with_grades(grades)])?;
    /// let csv = Csv::new().questionnaire(questionnaire);
    /// assert_eq!(csv.read("q1\nfair\nGood\n".as_bytes())?.get(0, 0), Some(50.0));
    /// assert_eq!(
    ///     csv.read("q1\nfair\nfiar\n".as_bytes()).unwrap_err().to_string(),
    ///     "row 2 (line 3), column `q1`: `fiar` cannot be an answer: it is no grade; the nearest is `fair`"
    /// );
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[must_use]
    pub fn with_grades(self, grades: GradedScale) -> Self {
        let scale = self.scale.or(Some(Scale::ZERO_TO_HUNDRED));
        Self { grades: Some(Box::new(grades)), scale, ..self }
    }

    /// The indicator with the unit that is responsible for it.
    #[must_use]
    pub fn with_responsible(self, unit: impl Into<String>) -> Self {
        Self { responsible: Some(unit.into()), ..self }
    }

    /// The indicator with the touch point at which customers meet it.
    #[must_use]
    pub fn with_touch_point(self, touch_point: impl Into<String>) -> Self {
        Self { touch_point: Some(touch_point.into()), ..self }
    }

    /// The indicator with the step of the process in which it arises.
    #[must_use]
    pub fn with_step(self, step: impl Into<String>) -> Self {
        Self { step: Some(step.into()), ..self }
    }

    /// Checks that the scores of all grades lie on the scale.
    pub(super) fn check(&self) -> Result<()> {
        match (&self.grades, self.scale) {
            (Some(grades), Some(scale)) => grades.on_scale(&self.name, scale),
            _ => Ok(()),
        }
    }

    /// Takes over what another part of the same survey knows of the indicator.
    pub(super) fn adopt(&mut self, other: &Self) -> Result<()> {
        if let (Some(one), Some(other)) = (self.scale, other.scale)
            && one != other
        {
            let place = format!("the scale of `{}`", self.name);
            return Err(ErrorKind::Conflict { place, one: one.to_string(), other: other.to_string() }.into());
        }
        if let (Some(one), Some(other)) = (&self.grades, &other.grades)
            && one != other
        {
            let place = format!("the list of grades of `{}`", self.name);
            let words = |grades: &GradedScale| {
                grades.grades().map(|(name, score)| format!("{name} {score}")).collect::<Vec<_>>().join(", ")
            };
            return Err(ErrorKind::Conflict { place, one: words(one), other: words(other) }.into());
        }
        self.scale = self.scale.or(other.scale);
        let adopt = |mine: &mut Option<String>, theirs: &Option<String>| {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        };
        adopt(&mut self.wording, &other.wording);
        adopt(&mut self.responsible, &other.responsible);
        adopt(&mut self.touch_point, &other.touch_point);
        adopt(&mut self.step, &other.step);
        self.grades = self.grades.take().or_else(|| other.grades.clone());
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

    /// The grades in words, where the question is answered by them.
    pub fn grades(&self) -> Option<&GradedScale> {
        self.grades.as_deref()
    }

    /// The unit that is responsible, where it is known.
    pub fn responsible(&self) -> Option<&str> {
        self.responsible.as_deref()
    }

    /// The touch point, where it is known.
    pub fn touch_point(&self) -> Option<&str> {
        self.touch_point.as_deref()
    }

    /// The step of the process, where it is known.
    pub fn step(&self) -> Option<&str> {
        self.step.as_deref()
    }
}

/// Indicators from their names, which are there, not blank and each given once.
pub(crate) fn named<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Vec<Indicator>> {
    let names: Vec<String> = names.into_iter().map(Into::into).collect();
    check::names(&names, "indicator")?;
    Ok(names.into_iter().map(Indicator::named).collect())
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
        let scaled = Indicator::named(indicator.name.clone()).with_scale(scale);
        faults.check(indicator.adopt(&scaled));
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

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "serde")]
    use crate::survey::Fact;
    use crate::survey::Questionnaire;

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
        let grades = GradedScale::new([("good", 5.0), ("poor", 1.0)]).unwrap();
        let graded = Indicator::new("c").unwrap().with_scale(Scale::ONE_TO_FIVE).with_grades(grades);
        let graded = graded.with_responsible("workshop").with_touch_point("desk").with_step("hand-over");
        let questionnaire = Questionnaire::new([indicator, Indicator::new("b").unwrap(), graded]).unwrap();
        let facts = [Fact::choice("d", ["x", "y"]).unwrap().allow_other(), Fact::key("e").unwrap().with_wording("?")];
        let several = Fact::choices("f", ["x", "y"]).unwrap().with_separator('、');
        let columns = several.clone().with_columns(["fx", "fy"]).unwrap();
        assert!(questionnaire.clone().with_facts([columns.clone(), several]).is_err());
        let questionnaire = questionnaire.with_facts(facts).unwrap().with_facts([columns]).unwrap();
        let text = serde_json::to_string(&questionnaire).unwrap();
        assert_eq!(serde_json::from_str::<Questionnaire>(&text).unwrap(), questionnaire);
        assert!(serde_json::from_str::<Questionnaire>(&text.replace("\"b\"", "\"Qualité\"")).is_err());
        assert!(serde_json::from_str::<Questionnaire>(&text.replace("\"b\"", "\"\"")).is_err());
        assert!(serde_json::from_str::<Questionnaire>(&text.replace("touch_point", "touchpoint")).is_err());
        assert!(serde_json::from_str::<Questionnaire>(&text.replace("\"good\":5.0", "\"good\":6.0")).is_err());
        let flat =
            r#"[{"name": "a", "lower": 1, "upper": 5, "direction": "lower_is_better"}, {"name": "b", "kind": "key"}]"#;
        let questionnaire: Questionnaire = serde_json::from_str(flat).unwrap();
        assert_eq!(questionnaire.get("a").unwrap().scale(), Some(Scale::ONE_TO_FIVE.reversed()));
        assert_eq!(questionnaire.facts()[0].name(), "b");
        for (wrong, reason) in [
            (r#"[{"name":"a","lower":1}]"#, "a scale needs both `lower` and `upper`"),
            (r#"[{"name":"a","direction":"lower_is_better"}]"#, "a scale needs both"),
            (r#"[{"name":"a","lower":1,"upper":5,"scale":{"lower":1,"upper":5}}]"#, "the scale is given twice"),
            (r#"[{"name":"a","options":["x"]}]"#, "`options` does not belong to the kind `indicator`"),
            (r#"[{"name":"a"},{"name":"b","kind":"choice","pattern":"%d"}]"#, "`pattern` does not belong"),
            (r#"[{"name":"a"},{"name":"b","kind":"dote"}]"#, "unknown kind of question `dote`"),
            (r#"[{"name":"a"},{"name":"a","kind":"key"}]"#, "duplicate question `a`"),
        ] {
            let message = serde_json::from_str::<Questionnaire>(wrong).unwrap_err().to_string();
            assert!(message.contains(reason), "{message}");
        }
    }
}
