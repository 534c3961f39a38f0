//! The grades in which opinions are given.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;

/// An ordered scale of named grades, with or without a score for each.
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::Grades;
///
/// let grades = Grades::scored([("excellent", 95.0), ("good", 80.0), ("fair", 60.0), ("fail", 35.0)])?;
/// assert_eq!(grades.names()[1], "good");
/// assert_eq!(grades.scores(), Some([95.0, 80.0, 60.0, 35.0].as_slice()));
/// assert_eq!(Grades::new(["good", "bad"])?.scores(), None);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Grades {
    names: Vec<String>,
    scores: Option<Vec<f64>>,
}

#[cfg(feature = "serde")]
mod reading {
    use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
    use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

    use super::Grades;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Raw {
        names: Vec<String>,
        scores: Option<Vec<f64>>,
    }

    struct Form;

    impl<'de> Visitor<'de> for Form {
        type Value = Grades;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("grades: an object with `names`, and `scores` if they have any, or the list of their names")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<Grades, A::Error> {
            let names = Vec::<String>::deserialize(SeqAccessDeserializer::new(names))?;
            Grades::new(names).map_err(A::Error::custom)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Grades, A::Error> {
            let Raw { names, scores } = Raw::deserialize(MapAccessDeserializer::new(map))?;
            let grades = Grades::new(names).map_err(A::Error::custom)?;
            scores.map_or(Ok(grades.clone()), |scores| grades.with_scores(scores)).map_err(A::Error::custom)
        }
    }

    impl<'de> Deserialize<'de> for Grades {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Form)
        }
    }
}

impl Grades {
    /// Grades without scores, from one end of the scale to the other.
    ///
    /// # Errors
    ///
    /// Fewer than two grades; a name that is blank or given twice.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        check::names(&names, "grade")?;
        check::domain(names.len() as f64, names.len() > 1, || "the number of grades".into(), "at least 2")?;
        Ok(Self { names, scores: None })
    }

    /// Grades, each with its score.
    ///
    /// # Errors
    ///
    /// As for [`Grades::new`] and [`Grades::with_scores`].
    pub fn scored<S: Into<String>>(grades: impl IntoIterator<Item = (S, f64)>) -> Result<Self> {
        let (names, scores): (Vec<String>, Vec<f64>) =
            grades.into_iter().map(|(name, score)| (name.into(), score)).unzip();
        Self::new(names)?.with_scores(scores)
    }

    /// The same grades with these scores, in the order of the grades.
    ///
    /// # Errors
    ///
    /// When there is not one finite score for each grade.
    pub fn with_scores(self, scores: impl IntoIterator<Item = f64>) -> Result<Self> {
        let scores: Vec<f64> = scores.into_iter().collect();
        check::length(scores.len(), self.len(), || "the list of scores".into())?;
        let mut faults = Faults::default();
        for (name, score) in self.names.iter().zip(&scores) {
            faults.check(check::finite(*score, || format!("the score of `{name}`")));
        }
        faults.or(Self { scores: Some(scores), ..self })
    }

    /// The names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The scores, where there are any.
    pub fn scores(&self) -> Option<&[f64]> {
        self.scores.as_deref()
    }

    /// How many there are; never fewer than two.
    #[allow(clippy::len_without_is_empty, reason = "a scale is never empty")]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The scores, or an error that names the grades which have none.
    pub(crate) fn require_scores(&self) -> Result<&[f64]> {
        let mut faults = Faults::default();
        if self.scores.is_none() {
            for name in &self.names {
                faults.push(ErrorKind::Missing { what: "score", name: name.clone() });
            }
        }
        faults.or(self.scores.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_grade() {
        let fault = |grades: Result<Grades>| grades.unwrap_err().to_string();
        assert_eq!(fault(Grades::new(["a"])), "the number of grades is 1; expected at least 2");
        assert_eq!(fault(Grades::new::<&str>([])), "the list of grades is empty");
        assert_eq!(fault(Grades::new(["a", "b", "a"])), "duplicate grade `a`");
        assert_eq!(
            fault(Grades::scored([("a", f64::NAN), ("b", f64::INFINITY)])),
            "the score of `a` is NaN; expected a finite number; the score of `b` is inf; expected a finite number"
        );
        let grades = Grades::new(["a", "b"]).unwrap();
        assert_eq!(fault(grades.clone().with_scores([1.0])), "the list of scores has length 1; expected 2");
        assert_eq!(grades.require_scores().unwrap_err().to_string(), "no score for `a`; no score for `b`");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let grades = Grades::scored([("a", 1.0), ("b", 2.0)]).unwrap();
        let text = serde_json::to_string(&grades).unwrap();
        assert_eq!(serde_json::from_str::<Grades>(&text).unwrap(), grades);
        assert!(serde_json::from_str::<Grades>(&text.replace("1.0,2.0", "1.0")).is_err());
        assert!(serde_json::from_str::<Grades>(r#"{"names":["a","b"],"score":[1,2]}"#).is_err());
        assert_eq!(serde_json::from_str::<Grades>(r#"["a","b"]"#).unwrap(), Grades::new(["a", "b"]).unwrap());
        let message = |text: &str| serde_json::from_str::<Grades>(text).unwrap_err().to_string();
        assert!(message(r#"["a","a"]"#).starts_with("duplicate grade `a`"));
        assert!(message("7").contains("expected grades: an object with `names`"));
    }
}
