//! Membership from answers that are grades already.

use crate::error::{ErrorKind, Faults, Result};
use crate::fuzzy::{Grades, Membership};
use crate::survey::{GradedScale, Responses};

impl Membership {
    /// From what a group answered in graded words: degrees are the shares of the respondents who gave each grade. The
    /// grades and their scores are those of the indicators.
    ///
    /// # Formula
    ///
    /// rᵢⱼ = Σ wₛ over the respondents who gave indicator i the grade j, divided by Σ wₛ over all who answered it.
    ///
    /// # Errors
    ///
    /// No indicator, one that is unknown or given twice, without grades, or with others than the first; a score that is
    /// none of a grade; an indicator that nobody of positive weight answered.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::fuzzy::Membership;
    /// use satindex::survey::{GradedScale, Indicator, Questionnaire, Responses};
    ///
    /// let grades = GradedScale::new([("good", 95.0), ("fair", 60.0), ("poor", 35.0)])?;
    /// let asked = Questionnaire::new([Indicator::new("speed")?.with_grades(grades)])?;
    /// let rows = [[Some(95.0)], [Some(60.0)], [Some(95.0)], [None], [Some(35.0)]];
    /// let responses = Responses::from_rows(["speed"], rows)?.with_questionnaire(&asked)?;
    /// assert_eq!(Membership::from_graded(&responses, ["speed"])?.row("speed")?, [0.5, 0.25, 0.25]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn from_graded<S: AsRef<str>>(responses: &Responses, indicators: impl IntoIterator<Item = S>) -> Result<Self> {
        let mut faults = Faults::default();
        let mut common: Option<&GradedScale> = None;
        let mut rows = Vec::new();
        for name in indicators {
            let name = name.as_ref();
            let Some(at) = faults.check(responses.position(name)) else { continue };
            let Some(grades) = responses.indicators()[at].grades() else {
                faults.push(ErrorKind::Missing { what: "grades", name: name.into() });
                continue;
            };
            if grades != *common.get_or_insert(grades) {
                let reason = "its grades are not those of the indicator before it".into();
                faults.push(ErrorKind::Mismatch { place: format!("indicator `{name}`"), reason });
                continue;
            }
            let counts = faults.check(counts(responses, at, grades));
            rows.push((name.to_owned(), counts.unwrap_or_default()));
        }
        faults.or(())?;
        let scale = common.ok_or_else(|| ErrorKind::Empty { place: "the list of indicators".into() })?;
        Self::from_counts(&Grades::scored(scale.grades())?, rows)
    }
}

/// The weight of those who gave each grade.
fn counts(responses: &Responses, column: usize, grades: &GradedScale) -> Result<Vec<f64>> {
    let scores: Vec<f64> = grades.grades().map(|(_, score)| score).collect();
    let mut counts = vec![0.0; scores.len()];
    let mut faults = Faults::default();
    for (row, answer) in responses.answers_to(column).iter().enumerate().filter(|(_, answer)| !answer.is_nan()) {
        match scores.iter().position(|score| score == answer) {
            Some(grade) => counts[grade] += responses.weights().map_or(1.0, |weights| weights[row]),
            None => faults.note(|| {
                let name = responses.indicators()[column].name();
                let place = format!("the answer of row {} to `{name}` is", row + 1);
                ErrorKind::Domain { place, value: *answer, expected: "the score of a grade".into() }
            }),
        }
    }
    faults.or(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::{Indicator, Questionnaire};

    fn responses(rows: &[[Option<f64>; 2]]) -> Responses {
        let grades = || GradedScale::new([("good", 100.0), ("fine", 100.0), ("poor", 0.0)]).unwrap();
        let other = GradedScale::new([("yes", 100.0), ("no", 0.0)]).unwrap();
        let asked = |name: &str| Indicator::new(name).unwrap();
        let asked = [asked("a").with_grades(grades()), asked("b").with_grades(other)];
        let asked = Questionnaire::new(asked).unwrap();
        Responses::from_rows(["a", "b"], rows).unwrap().with_questionnaire(&asked).unwrap()
    }

    #[test]
    fn weights_count_as_respondents() {
        let answers = responses(&[[Some(100.0), Some(0.0)], [Some(0.0), Some(0.0)], [None, Some(100.0)]]);
        let weighted = answers.with_weights([3.0, 1.0, 2.0]).unwrap();
        let membership = Membership::from_graded(&weighted, ["a"]).unwrap();
        assert_eq!(membership.row("a").unwrap(), [0.75, 0.25]);
        assert_eq!(membership.grades().names(), ["good", "poor"]);
        assert_eq!(membership.grades().scores(), Some([100.0, 0.0].as_slice()));
    }

    #[test]
    fn faults_are_named() {
        let message = |rows: &[[Option<f64>; 2]], names: &[&str]| {
            Membership::from_graded(&responses(rows), names).unwrap_err().to_string()
        };
        let rows = [[Some(50.0), None], [Some(100.0), None]];
        let between = "the answer of row 1 to `a` is 50; expected the score of a grade";
        assert_eq!(message(&rows, &["a"]), between);
        assert!(message(&rows, &["a", "b"]).contains("its grades are not those of the indicator before it"));
        assert_eq!(message(&rows, &["x"]), "unknown indicator `x`");
        assert!(message(&rows, &["b"]).contains("no rater gave a grade"));
        assert_eq!(message(&rows, &[]), "the list of indicators is empty");
    }
}
