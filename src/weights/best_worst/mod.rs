//! The best–worst method: weights from 2n − 3 judgements.

mod linear;
mod nonlinear;

pub use linear::LinearBestWorst;
pub use nonlinear::NonlinearBestWorst;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;

/// How far the best criterion is preferred over each (`a_Bj`) and each over the worst (`a_jW`), on a ratio scale from 1
/// (equally important), usually to 9.
///
/// # References
///
/// Rezaei (2015), doi:10.1016/j.omega.2014.11.009.
///
/// # Examples
///
/// The choice of a car, Rezaei (2015):
///
/// ```
/// use satindex::weights::BestWorst;
///
/// let judgements = BestWorst::new(
///     ["quality", "price", "comfort", "safety", "style"],
///     ("price", &[2.0, 1.0, 4.0, 2.0, 8.0]),
///     ("style", &[4.0, 8.0, 2.0, 4.0, 1.0]),
/// )?;
/// let result = judgements.linear()?;
/// assert_eq!(result.xi(), 0.0);
/// assert_eq!(format!("{:.4}", result.weights().get("price")?), "0.4211");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
#[doc(alias = "BWM")]
pub struct BestWorst {
    names: Vec<String>,
    best: String,
    best_to_others: Vec<f64>,
    worst: String,
    others_to_worst: Vec<f64>,
}

checked_when_read!(BestWorst);

/// Where the best and the worst stand among the names.
#[derive(Clone, Copy)]
struct Places {
    best: usize,
    worst: usize,
}

/// Below this a_BW − ξ* ≈ √(2 a_BW) keeps its digits; every scale in use ends at 9 or a little above.
const GREATEST: f64 = 1e6;

/// A criterion that is neither best nor worst.
#[derive(Debug, Clone, Copy)]
struct Other {
    at: usize,
    from_best: f64,
    to_worst: f64,
}

impl Other {
    /// The preference of the best over the worst that goes by way of this criterion.
    fn product(self) -> f64 {
        self.from_best * self.to_worst
    }
}

impl BestWorst {
    /// Judgements with the best and the worst by name: `best` with its preferences over each, `worst` with the
    /// preferences of each over it, both in the order of the names.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; a best or worst that is none of them, or the same criterion as both where not
    /// all count the same; not one preference for each name; a preference below 1 or above that of the best over the
    /// worst; one of a criterion over itself other than 1; two values for that of the best over the worst.
    pub fn new<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        (best, best_to_others): (&str, &[f64]),
        (worst, others_to_worst): (&str, &[f64]),
    ) -> Result<Self> {
        let judgements = Self {
            names: names.into_iter().map(Into::into).collect(),
            best: best.into(),
            best_to_others: best_to_others.to_vec(),
            worst: worst.into(),
            others_to_worst: others_to_worst.to_vec(),
        };
        judgements.check()?;
        Ok(judgements)
    }

    fn check(&self) -> Result<()> {
        let count = self.names.len();
        check::names(&self.names, "name")?;
        check::length(self.best_to_others.len(), count, || "the list of preferences of the best".into())?;
        check::length(self.others_to_worst.len(), count, || "the list of preferences over the worst".into())?;
        check::position(&self.names, &self.best, "criterion")?;
        check::position(&self.names, &self.worst, "criterion")?;
        let mut all = self.best_to_others.iter().chain(&self.others_to_worst);
        if self.best == self.worst && all.any(|preference| *preference != 1.0) {
            let problem = "is given as the best and as the worst; the worst is another one, unless all count the same";
            let (what, name) = ("criterion", self.best.clone());
            return Err(ErrorKind::Specification { what, name, problem: problem.into() }.into());
        }
        check_preferences(&self.names, self.places(), &self.best_to_others, &self.others_to_worst)
    }

    fn places(&self) -> Places {
        let place = |wanted: &String| self.names.iter().position(|name| name == wanted).unwrap_or_default();
        Places { best: place(&self.best), worst: place(&self.worst) }
    }

    /// The names of the criteria.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The best criterion.
    pub fn best(&self) -> &str {
        &self.best
    }

    /// The preferences of the best over each criterion, in the order of the names.
    pub fn best_to_others(&self) -> &[f64] {
        &self.best_to_others
    }

    /// The worst criterion.
    pub fn worst(&self) -> &str {
        &self.worst
    }

    /// The preferences of each criterion over the worst, in the order of the names.
    pub fn others_to_worst(&self) -> &[f64] {
        &self.others_to_worst
    }

    /// The preference `a_BW` of the best over the worst.
    pub fn best_to_worst(&self) -> f64 {
        self.best_to_others[self.places().worst]
    }

    /// The consistency ratio of the judgements themselves: `max |a_Bj a_jW − a_BW| / (a_BW² − a_BW)`, from 0 (fully
    /// consistent) to 1; 0 when `a_BW = 1`.
    ///
    /// # References
    ///
    /// Liang, Brunelli & Rezaei (2020), doi:10.1016/j.omega.2019.102175.
    pub fn input_consistency_ratio(&self) -> f64 {
        let direct = self.best_to_worst();
        let farthest = self.others().map(|other| (other.product() - direct).abs()).fold(0.0, f64::max);
        if farthest == 0.0 { 0.0 } else { farthest / (direct * (direct - 1.0)) }
    }

    fn others(&self) -> impl Iterator<Item = Other> + Clone {
        let judgements = self.best_to_others.iter().zip(&self.others_to_worst).enumerate();
        let others = judgements.map(|(at, (&from_best, &to_worst))| Other { at, from_best, to_worst });
        let Places { best, worst } = self.places();
        others.filter(move |other| other.at != best && other.at != worst)
    }
}

fn check_preferences(names: &[String], places: Places, from_best: &[f64], to_worst: &[f64]) -> Result<()> {
    let Places { best, worst } = places;
    let direct = from_best[worst];
    let place = |winner: usize, loser: usize| format!("the preference of `{}` over `{}`", names[winner], names[loser]);
    check::domain(direct, (1.0..=GREATEST).contains(&direct), || place(best, worst), "a number from 1 to 1e6")?;
    let mut faults = Faults::default();
    let mut check = |value: f64, winner: usize, loser: usize| {
        let is_direct = winner == best && loser == worst;
        let (inside, expected) = match (winner == loser, is_direct) {
            (true, _) => (value == 1.0, "1".to_owned()),
            (_, true) => (value == direct, format!("{direct}, as in the preferences of the best")),
            _ => ((1.0..=direct).contains(&value), format!("a number from 1 to {direct}, the best over the worst")),
        };
        faults.check(check::domain(value, inside, || place(winner, loser), &expected));
    };
    for at in 0..names.len() {
        check(from_best[at], best, at);
        check(to_worst[at], at, worst);
    }
    faults.or(())
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn nothing_invalid_is_read_back() {
        let judgements = BestWorst::new(["a", "b"], ("b", &[3.5, 1.0]), ("a", &[1.0, 3.5])).unwrap();
        let text = serde_json::to_string(&judgements).unwrap();
        assert_eq!(serde_json::from_str::<BestWorst>(&text).unwrap(), judgements);
        for (valid, invalid) in [
            ("[3.5,1.0]", "[3.0,1.0]"),
            (r#""best":"b""#, r#""best":"c""#),
            ("3.5", "0.5"),
            (r#""worst":"#, r#""wurst":"#),
        ] {
            assert!(text.contains(valid));
            assert!(serde_json::from_str::<BestWorst>(&text.replace(valid, invalid)).is_err());
        }
    }
}
