//! The form in which a question of any kind is written.

use crate::error::{Error, ErrorKind, Result};
use crate::numeric::check;
use crate::survey::fact::FactKind;
use crate::survey::{Direction, Fact, GradedScale, Indicator, Scale};

/// Everything that a question may say.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawQuestion {
    name: String,
    kind: Option<String>,
    wording: Option<String>,
    // Of an indicator: the scale as one, or its parts.
    scale: Option<Scale>,
    lower: Option<f64>,
    upper: Option<f64>,
    direction: Option<Direction>,
    grades: Option<GradedScale>,
    responsible: Option<String>,
    touch_point: Option<String>,
    step: Option<String>,
    // Of a fact.
    options: Option<Vec<String>>,
    other: Option<bool>,
    separator: Option<char>,
    columns: Option<Vec<String>>,
    pattern: Option<String>,
}

impl RawQuestion {
    /// Is the answer no score?
    pub(super) fn is_fact(&self) -> bool {
        self.kind.as_deref().is_some_and(|kind| kind != "indicator")
    }

    /// Checks that no field belongs to another kind of question.
    fn fits(&self) -> Result<()> {
        let kind = self.kind.as_deref().unwrap_or("indicator");
        let several = kind == "choices";
        let fact = self.is_fact();
        let fields = [
            ("scale", self.scale.is_some(), !fact),
            ("lower", self.lower.is_some(), !fact),
            ("upper", self.upper.is_some(), !fact),
            ("direction", self.direction.is_some(), !fact),
            ("grades", self.grades.is_some(), !fact),
            ("responsible", self.responsible.is_some(), !fact),
            ("touch_point", self.touch_point.is_some(), !fact),
            ("step", self.step.is_some(), !fact),
            ("options", self.options.is_some(), several || kind == "choice"),
            ("other", self.other.is_some(), kind == "choice"),
            ("separator", self.separator.is_some(), several),
            ("columns", self.columns.is_some(), several),
            ("pattern", self.pattern.is_some(), kind == "date"),
        ];
        match fields.into_iter().find(|(_, given, fits)| *given && !fits) {
            Some((field, ..)) => Err(self.unsupported(format!("`{field}` does not belong to the kind `{kind}`"))),
            None => Ok(()),
        }
    }

    fn unsupported(&self, reason: String) -> Error {
        ErrorKind::Unsupported { place: format!("question `{}`", self.name), reason }.into()
    }

    fn scale(&self) -> Result<Option<Scale>> {
        let parts = (self.lower, self.upper);
        match (self.scale, parts) {
            (Some(scale), (None, None)) if self.direction.is_none() => Ok(Some(scale)),
            (Some(_), _) => Err(self.unsupported("the scale is given twice".into())),
            (None, (Some(lower), Some(upper))) => {
                let scale = Scale::new(lower, upper)?;
                Ok(Some(if self.direction == Some(Direction::LowerIsBetter) { scale.reversed() } else { scale }))
            }
            (None, (None, None)) if self.direction.is_none() => Ok(None),
            (None, _) => Err(self.unsupported("a scale needs both `lower` and `upper`".into())),
        }
    }
}

impl TryFrom<RawQuestion> for Indicator {
    type Error = Error;

    fn try_from(raw: RawQuestion) -> Result<Self> {
        raw.fits()?;
        if raw.is_fact() {
            return Err(raw.unsupported("it is no indicator, as its answer is no score".into()));
        }
        let scale = raw.scale()?;
        let mut indicator = Self::new(raw.name)?;
        indicator.wording = raw.wording;
        indicator.responsible = raw.responsible;
        indicator.touch_point = raw.touch_point;
        indicator.step = raw.step;
        indicator.scale = scale;
        let indicator = raw.grades.into_iter().fold(indicator, Self::with_grades);
        indicator.check()?;
        Ok(indicator)
    }
}

impl TryFrom<RawQuestion> for Fact {
    type Error = Error;

    fn try_from(raw: RawQuestion) -> Result<Self> {
        raw.fits()?;
        let options = raw.options.unwrap_or_default();
        let kind = match raw.kind.as_deref().unwrap_or("indicator") {
            "choice" => FactKind::Choice { options, other: raw.other.unwrap_or_default() },
            "choices" => FactKind::Choices {
                options,
                separator: raw.separator.unwrap_or(';'),
                columns: raw.columns.unwrap_or_default(),
            },
            "key" => FactKind::Key,
            #[cfg(feature = "dates")]
            "date" => FactKind::Date { pattern: raw.pattern },
            other => return Err(check::unknown(other, "kind of question")),
        };
        Self::read(raw.name, raw.wording, kind)
    }
}

impl<'de> serde::Deserialize<'de> for Indicator {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        <RawQuestion as serde::Deserialize>::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

impl<'de> serde::Deserialize<'de> for Fact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        <RawQuestion as serde::Deserialize>::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}
