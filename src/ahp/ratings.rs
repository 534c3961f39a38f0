//! Ratings mode: alternatives are not compared with each other but rated on a scale of grades under each criterion.

use crate::ahp::alternatives::Synthesis;
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::serial;
use crate::survey::{Hierarchy, Node};
use crate::weights::Weights;

/// A hierarchy with grades under every criterion, for alternatives that are rated one by one.
///
/// Sₐ = Σₖ gₖ vₖ(rₖₐ) / max vₖ with gₖ the global weight of a criterion and vₖ(r) the weight of the grade r that the
/// alternative got: 1 for an alternative that is best everywhere. More alternatives never change a score.
///
/// # References
///
/// Saaty, T. L. (1986), Socio-Economic Planning Sciences 20, 327–331 ("absolute measurement").
///
/// # Examples
///
/// ```
/// use satindex::ahp::Ratings;
/// use satindex::{Weights, survey::Hierarchy};
///
/// let criteria = Hierarchy::builder("employee", Weights::new(["skill", "punctuality"], [0.75, 0.25])?).build()?;
/// let grades = Weights::normalised(["high", "middle", "low"], [4.0, 2.0, 1.0])?;
/// let ratings = Ratings::new(criteria, [("skill", grades.clone()), ("punctuality", grades)])?
///     .rate("Ann", [("skill", "high"), ("punctuality", "low")])?
///     .rate("Bob", [("punctuality", "high"), ("skill", "middle")])?;
/// assert_eq!(ratings.synthesise()?.scores(), [0.8125, 0.625]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias = "absolute measurement")]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Ratings {
    hierarchy: Hierarchy,
    /// For each leaf of the hierarchy, in its order.
    grades: Vec<Weights>,
    alternatives: Vec<String>,
    scores: Vec<f64>,
}

checked_when_read!(Ratings);

impl Ratings {
    /// For each criterion that is not divided, the weights of its grades, from judgements of the grades, say.
    ///
    /// # Errors
    ///
    /// A criterion without grades, given twice, divided or unknown.
    pub fn new<S: Into<String>>(hierarchy: Hierarchy, grades: impl IntoIterator<Item = (S, Weights)>) -> Result<Self> {
        let (names, given): (Vec<String>, Vec<Weights>) =
            grades.into_iter().map(|(criterion, grades)| (criterion.into(), grades)).unzip();
        let leaves: Vec<&str> = hierarchy.leaves().map(Node::name).collect();
        check::names(&names, "criterion")?;
        let order = check::matching(&names, &leaves, "grades", "criterion")?;
        let grades = order.iter().map(|at| given[*at].clone()).collect();
        Ok(Self { grades, alternatives: Vec::new(), scores: Vec::new(), hierarchy })
    }

    /// The ratings with one more alternative and its grade under each criterion, in any order.
    ///
    /// # Errors
    ///
    /// A name that is blank or was rated before; a criterion left out, given twice or unknown; an unknown grade.
    pub fn rate<C: Into<String>, G: AsRef<str>>(
        mut self,
        alternative: impl Into<String>,
        grades: impl IntoIterator<Item = (C, G)>,
    ) -> Result<Self> {
        let alternative = alternative.into();
        let within = |fault: crate::error::Error| fault.within(format!("alternative `{alternative}`"));
        let (names, given): (Vec<String>, Vec<G>) =
            grades.into_iter().map(|(criterion, grade)| (criterion.into(), grade)).unzip();
        let leaves: Vec<&str> = self.hierarchy.leaves().map(Node::name).collect();
        check::names(&names, "criterion").map_err(within)?;
        let order = check::matching(&names, &leaves, "grade", "criterion").map_err(within)?;
        let mut score = 0.0;
        let mut faults = Faults::default();
        for ((at, leaf), grades) in order.iter().zip(self.hierarchy.leaves()).zip(&self.grades) {
            let grade = given[*at].as_ref();
            let position = check::position(grades.names(), grade, "grade");
            let place = |fault: crate::error::Error| within(fault.within(format!("criterion `{}`", leaf.name())));
            if let Some(position) = faults.check(position.map_err(place)) {
                let best = grades.values().iter().copied().fold(0.0, f64::max);
                score += leaf.global_weight() * (grades.values()[position] / best);
            }
        }
        faults.or(())?;
        self.alternatives.push(alternative);
        check::names(&self.alternatives, "alternative")?;
        self.scores.push(score);
        Ok(self)
    }

    /// The scores of the alternatives rated so far, from 0 to 1.
    ///
    /// # Errors
    ///
    /// When there is none, or all have the score 0.
    pub fn synthesise(&self) -> Result<Synthesis> {
        if self.alternatives.is_empty() {
            return Err(ErrorKind::Empty { place: "the list of alternatives".into() }.into());
        }
        Synthesis::new(&self.alternatives, self.scores.clone(), "ratings")
    }

    fn check(&self) -> Result<()> {
        let leaves = self.hierarchy.leaves().count();
        check::length(self.grades.len(), leaves, || "the list of grades".into())?;
        check::length(self.scores.len(), self.alternatives.len(), || "the list of scores".into())?;
        if !self.alternatives.is_empty() {
            check::names(&self.alternatives, "alternative")?;
        }
        serial::not_negative("a score", &self.scores)
    }
}
