//! Grades in words, each with its score.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::Scale;
use crate::survey::words::{folded, suggestion};

/// The words that answer a question, each with its score: "very satisfied" 100, "satisfied" 75, …; 优秀 95, 良好 80.
///
/// Words of the same score are spellings of one grade, of which the first is its name. Upper and lower case, full and
/// half width, and blanks do not matter. A number is read as a score, unless it is the name of a grade.
///
/// # Serialised form
///
/// `{"good": 100, "fair": 50, "poor": 0}`
///
/// # Examples
///
/// ```
/// use satindex::survey::GradedScale;
///
/// let grades = GradedScale::new([("优秀", 95.0), ("优", 95.0), ("良好", 80.0), ("一般", 60.0), ("不合格", 35.0)])?;
/// assert_eq!(grades.score("优")?, 95.0);
/// assert_eq!(grades.grades().map(|(name, _)| name).collect::<Vec<_>>(), ["优秀", "良好", "一般", "不合格"]);
/// let error = grades.score("不合").unwrap_err().to_string();
/// assert_eq!(error, "the answer `不合` cannot be read: it is no grade; the nearest is `不合格`");
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("ordinal", "Likert", "graded words", "verbal scale"))]
#[derive(Debug, Clone, PartialEq)]
pub struct GradedScale {
    /// From the highest score to the lowest.
    words: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq)]
struct Word {
    name: String,
    folded: String,
    score: f64,
}

impl GradedScale {
    /// Grades with their scores, in any order.
    ///
    /// # Errors
    ///
    /// Fewer than two grades; a blank word or one given twice; a score that is not finite.
    pub fn new<S: Into<String>>(grades: impl IntoIterator<Item = (S, f64)>) -> Result<Self> {
        let word = |(name, score): (S, f64)| {
            let name = name.into();
            Word { folded: folded(&name), name, score: score + 0.0 }
        };
        let mut words: Vec<Word> = grades.into_iter().map(word).collect();
        let mut faults = Faults::default();
        faults.check(check::names(&words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>(), "grade"));
        for word in &words {
            faults.check(check::finite(word.score, || format!("the score of grade `{}`", word.name)));
        }
        faults.or(())?;
        words.sort_by(|one, other| other.score.total_cmp(&one.score));
        let scale = Self { words };
        let count = scale.grades().count();
        check::domain(count as f64, count >= 2, || "the number of grades".into(), "2 or more")?;
        Ok(scale)
    }

    /// The grades from the highest score to the lowest, each with its first spelling.
    pub fn grades(&self) -> impl Iterator<Item = (&str, f64)> {
        let mut before = f64::NAN;
        self.words.iter().filter_map(move |word| {
            let first = word.score != before;
            before = word.score;
            first.then_some((word.name.as_str(), word.score))
        })
    }

    /// All spellings with their scores.
    pub fn spellings(&self) -> impl ExactSizeIterator<Item = (&str, f64)> {
        self.words.iter().map(|word| (word.name.as_str(), word.score))
    }

    /// The score of a word.
    ///
    /// # Errors
    ///
    /// A word that is no grade: the nearest one is named.
    pub fn score(&self, word: &str) -> Result<f64> {
        self.find(word).ok_or_else(|| {
            ErrorKind::Unreadable { place: format!("the answer `{word}`"), reason: self.no_grade(word) }.into()
        })
    }

    pub(super) fn find(&self, word: &str) -> Option<f64> {
        let exact = self.words.iter().find(|known| known.name == word);
        let word = exact.or_else(|| {
            let folded = folded(word);
            self.words.iter().find(|known| known.folded == folded)
        });
        word.map(|word| word.score)
    }

    /// Why a word is no answer.
    pub(super) fn no_grade(&self, word: &str) -> String {
        format!("it is no grade; {}", suggestion(word, self.grades().map(|(name, _)| name)))
    }

    /// Checks that all scores lie on the scale of the indicator.
    pub(super) fn on_scale(&self, indicator: &str, scale: Scale) -> Result<()> {
        let mut faults = Faults::default();
        for word in &self.words {
            let place = || format!("the score of grade `{}` of `{indicator}`", word.name);
            let expected = format!("a number from {} to {}", scale.lower(), scale.upper());
            faults.check(check::domain(word.score, scale.contains(word.score), place, &expected));
        }
        faults.or(())
    }
}

#[cfg(feature = "serde")]
mod form {
    use std::fmt;

    use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
    use serde::ser::{Serialize, Serializer};

    use super::GradedScale;

    impl Serialize for GradedScale {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.spellings())
        }
    }

    struct Words;

    impl<'de> Visitor<'de> for Words {
        type Value = GradedScale;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("grades with their scores, such as {\"good\": 100, \"poor\": 0}")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<GradedScale, A::Error> {
            let mut grades: Vec<(String, f64)> = Vec::new();
            while let Some(grade) = map.next_entry()? {
                grades.push(grade);
            }
            GradedScale::new(grades).map_err(A::Error::custom)
        }
    }

    impl<'de> Deserialize<'de> for GradedScale {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(Words)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grades() -> GradedScale {
        GradedScale::new([("poor", 0.0), ("Good", 100.0), ("fair", 50.0), ("very good", 100.0)]).unwrap()
    }

    #[test]
    fn words_are_found_in_any_spelling() {
        for word in ["Good", "good", " GOOD ", "Ｇｏｏｄ", "very  good"] {
            assert_eq!(grades().score(word).unwrap(), 100.0, "{word}");
        }
        assert_eq!(grades().grades().collect::<Vec<_>>(), [("Good", 100.0), ("fair", 50.0), ("poor", 0.0)]);
        let error = grades().score("faire").unwrap_err().to_string();
        assert_eq!(error, "the answer `faire` cannot be read: it is no grade; the nearest is `fair`");
    }

    #[test]
    fn grades_that_are_none() {
        let message = |grades: &[(&str, f64)]| GradedScale::new(grades.iter().copied()).unwrap_err().to_string();
        assert_eq!(message(&[("a", 1.0), ("A ", 2.0)]), "duplicate grade `a`");
        assert_eq!(message(&[("a", 1.0), (" ", 2.0)]), "name 2 in the list of grades is empty");
        assert_eq!(message(&[("a", 1.0), ("b", 1.0)]), "the number of grades is 1; expected 2 or more");
        assert_eq!(message(&[("a", 1.0), ("b", f64::NAN)]), "the score of grade `b` is NaN; expected a finite number");
        assert_eq!(message(&[]), "the list of grades is empty");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn written_and_read() {
        let text = serde_json::to_string(&grades()).unwrap();
        assert_eq!(text, r#"{"Good":100.0,"very good":100.0,"fair":50.0,"poor":0.0}"#);
        assert_eq!(serde_json::from_str::<GradedScale>(&text).unwrap(), grades());
        for bad in [r#"{"a":1}"#, r#"{"a":1,"a":2}"#, r#"{"a":1,"b":null}"#, r#"["a","b"]"#, "1"] {
            assert!(serde_json::from_str::<GradedScale>(bad).is_err(), "{bad}");
        }
    }
}
