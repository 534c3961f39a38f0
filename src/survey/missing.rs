//! What becomes of answers that are missing.

use std::mem;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::em::{Failure, GappedRows, Unit};
use crate::numeric::moments::{Block, CentredSums};
use crate::numeric::pairwise::PairwiseSums;
use crate::survey::{Indicator, Moments};

/// What becomes of answers that are missing.
///
/// A respondent who answered none of the indicators is never used (under [`Missing::Reject`] it is an error), and
/// neither is one whose case weight is 0. [`Moments`] tell what was done: [`rows_dropped`](Moments::rows_dropped),
/// [`answers_filled`](Moments::answers_filled), [`answers_passed_over`](Moments::answers_passed_over). Where no answer
/// is missing, all policies come to the same.
///
/// # Examples
///
/// The size of the apple crop of 18 trees and the percentage of wormy fruits on 12 of them:
///
/// ```
/// use satindex::survey::{Missing, Responses};
///
/// let size = [8, 6, 11, 22, 14, 17, 18, 24, 19, 23, 26, 40, 4, 4, 5, 6, 8, 10];
/// let wormy = [59, 58, 56, 53, 50, 45, 43, 42, 39, 38, 30, 27];
/// let trees = (0..18).map(|tree| [Some(f64::from(size[tree])), wormy.get(tree).copied().map(f64::from)]);
/// let moments = Responses::from_rows(["size", "wormy"], trees)?.moments(Missing::em())?;
/// assert_eq!(moments.answers_filled(), 6);
/// // On the trees that were counted it is 45; they bear more fruit than the others.
/// assert!((moments.means().unwrap()[1] - 49.3333).abs() < 1e-4);
/// # Ok::<(), satindex::Error>(())
/// ```
///
/// # References
///
/// Little, R. J. A., Rubin, D. B. (2002). *Statistical Analysis with Missing Data*, 2nd ed., sections 3.4 (pairwise),
/// 11.2 (EM) and table 7.1 (the apples). <https://doi.org/10.1002/9781119013563>
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
#[doc(alias("listwise deletion", "pairwise deletion", "imputation"))]
#[non_exhaustive]
pub enum Missing {
    /// A missing answer is an error.
    Reject,
    /// A respondent with a missing answer is not used.
    #[default]
    Listwise,
    /// A missing answer is taken to be the mean of the answers to the same indicator. This understates variances.
    Mean,
    /// Each number from all the answers that bear on it: means and variances from the answers to one indicator (divisor
    /// their weight less 1), the correlation of two indicators from the respondents who answered both, as R's
    /// `cor(use = "pairwise.complete.obs")` has it. n counts every respondent in use.
    ///
    /// The correlations may then be such as no data have: the matrix need not be positive definite.
    Pairwise,
    /// Maximum likelihood means and covariances of normal answers that are missing at random, by the EM algorithm
    /// (Dempster, Laird & Rubin 1977). A missing answer counts with what the others let expect, and with the variance
    /// that this leaves. [`Missing::em`] has good settings.
    ///
    /// The covariances are n/(n − 1) times those of maximum likelihood, so that they are the usual ones where nothing is
    /// missing; correlations do not depend on that.
    Em {
        /// It ends when no mean and no covariance changes by more than this, in units of the indicators' standard
        /// deviations.
        tolerance: f64,
        /// After this many iterations without reaching the tolerance there is an error.
        max_iterations: usize,
    },
}

impl Missing {
    /// [`Missing::Em`] to a tolerance of 10⁻⁹ in at most 2,000 iterations.
    pub fn em() -> Self {
        Self::Em { tolerance: 1e-9, max_iterations: 2_000 }
    }
}

/// The way of blocks of answers into [`Moments`], on which a policy for missing answers is kept.
#[derive(Debug)]
pub(crate) struct Intake<'a> {
    indicators: &'a [Indicator],
    policy: Missing,
    complete: CentredSums,
    /// The rows with missing answers, summed pair by pair.
    incomplete: Option<PairwiseSums>,
    /// The same rows as they are, where the policy needs them.
    gapped: GappedRows,
    answered: Vec<bool>,
    rows: usize,
    dropped: usize,
    /// Missing answers of rows in use.
    missing: usize,
    rejected: Faults,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(indicators: &'a [Indicator], policy: Missing) -> Self {
        let variables = indicators.len();
        Self {
            indicators,
            policy,
            complete: CentredSums::new(variables),
            incomplete: None,
            gapped: GappedRows::default(),
            answered: vec![false; variables],
            rows: 0,
            dropped: 0,
            missing: 0,
            rejected: Faults::default(),
        }
    }

    /// Takes in a block, whose first row is the respondent of this number, and leaves it in disorder. Nothing is
    /// missing in it, and nobody without weight, unless it `may_miss`.
    pub(crate) fn take(&mut self, block: &mut Block, first: usize, may_miss: bool) {
        let mut others = Vec::new();
        let mut answers = Vec::new();
        if may_miss {
            let complete = block.complete();
            others.extend((0..block.rows()).filter(|row| !complete[*row]).map(|row| (row, block.weight(row))));
            others.retain(|(_, weight)| *weight > 0.0);
            for (row, _) in &others {
                answers.extend(block.row(*row));
            }
            block.retain(&complete);
        }
        // First the complete rows: their means are good origins for the others.
        self.rows += block.rows();
        self.complete.push_block(block);
        for ((row, weight), answers) in others.into_iter().zip(answers.chunks_exact(self.indicators.len())) {
            self.take_incomplete(answers, weight, first + row);
        }
    }

    fn take_incomplete(&mut self, row: &[f64], weight: f64, number: usize) {
        let missing = row.iter().filter(|answer| answer.is_nan()).count();
        self.answered.iter_mut().zip(row).for_each(|(answered, answer)| *answered |= !answer.is_nan());
        match self.policy {
            Missing::Reject => {
                for (_, indicator) in row.iter().zip(self.indicators).filter(|(answer, _)| answer.is_nan()) {
                    let indicator = indicator.name().to_owned();
                    self.rejected.note(|| ErrorKind::MissingAnswer { row: number, indicator });
                }
            }
            Missing::Mean | Missing::Pairwise | Missing::Em { .. } if missing < row.len() => {
                let sums = self.incomplete.get_or_insert_with(|| PairwiseSums::new(row.len()));
                sums.push(row, weight, &self.complete);
                if matches!(self.policy, Missing::Em { .. }) {
                    self.gapped.push(row, weight);
                }
                self.rows += 1;
                self.missing += missing;
            }
            _ => self.dropped += 1,
        }
    }

    /// Takes in what another intake has taken in of later rows.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.complete.merge(&other.complete);
        self.incomplete = match (self.incomplete, other.incomplete) {
            (Some(mut one), Some(other)) => {
                one.merge(&other);
                Some(one)
            }
            (one, other) => one.or(other),
        };
        self.gapped.merge(&other.gapped);
        self.answered.iter_mut().zip(&other.answered).for_each(|(mine, theirs)| *mine |= theirs);
        self.rows += other.rows;
        self.dropped += other.dropped;
        self.missing += other.missing;
        self.rejected.append(other.rejected);
        self
    }

    /// The moments of all that was taken in.
    pub(crate) fn finish(mut self) -> Result<Moments> {
        mem::take(&mut self.rejected).or(())?;
        if self.rows + self.dropped == 0 {
            check::positive(0.0, || "the sum of the case weights".into())?;
        }
        if self.complete.weight == 0.0 {
            let mut faults = Faults::default();
            for (indicator, _) in self.indicators.iter().zip(&self.answered).filter(|(_, answered)| !**answered) {
                faults.push(nothing(format!("indicator `{}`", indicator.name()), "every answer is missing".into()));
            }
            faults.or(())?;
        }
        if self.rows == 0 {
            return Err(nothing("the answers".into(), format!("none of the {} rows is complete", self.dropped)).into());
        }
        let counts = match self.policy {
            Missing::Pairwise => [self.rows, self.dropped, 0, self.missing],
            _ => [self.rows, self.dropped, self.missing, 0],
        };
        let indicators = self.indicators.to_vec();
        Moments::from_answers(indicators, self.sums()?, counts)
    }

    fn sums(self) -> Result<CentredSums> {
        if let Missing::Em { tolerance, .. } = self.policy {
            check::positive(tolerance, || "the tolerance of the EM algorithm".into())?;
        }
        let Some(incomplete) = self.incomplete else { return Ok(self.complete) };
        let all = incomplete.with_complete(&self.complete);
        let name = |at: usize| self.indicators[at].name();
        match self.policy {
            Missing::Pairwise => {
                let mut faults = Faults::default();
                let sums = all.paired(|i, j| {
                    let reason = "they are not correlated in the respondents who answered both: one does not vary";
                    faults.note(|| apart(name(i), name(j), all.meet(i, j), reason));
                });
                faults.or(sums)
            }
            Missing::Em { tolerance, max_iterations } => {
                let units = units(self.indicators, &all)?;
                self.gapped.completed(&self.complete, &units, tolerance, max_iterations).map_err(|failure| {
                    match failure {
                        Failure::Dependent(at) => ErrorKind::Singular {
                            place: "the covariance matrix in the EM algorithm".into(),
                            reason: format!(
                                "indicator `{}` is a linear combination of the ones before it, or too few \
                                 respondents answered it together with them",
                                name(at)
                            ),
                        },
                        Failure::NotConverged(change) => {
                            let what = "the EM algorithm for missing answers".into();
                            ErrorKind::NotConverged { what, iterations: max_iterations, change }
                        }
                    }
                    .into()
                })
            }
            _ => Ok(all.filled_with_means()),
        }
    }
}

/// What the EM algorithm takes the indicators in: standard deviations from their means, of the answers that there are.
fn units(indicators: &[Indicator], answers: &PairwiseSums) -> Result<Vec<Unit>> {
    let mut faults = Faults::default();
    for (j, second) in indicators.iter().enumerate() {
        let variance = answers.variance(j);
        faults.check(check::finite(variance, || format!("the variance of `{}`", second.name())));
        if variance == 0.0 {
            faults.push(nothing(format!("indicator `{}`", second.name()), "all answers are the same".into()));
        }
        for first in (0..j).filter(|i| !answers.meet(*i, j)).map(|i| &indicators[i]) {
            faults.note(|| apart(first.name(), second.name(), false, ""));
        }
    }
    let unit = |at: usize| {
        let (origin, centre) = answers.mean(at);
        Unit { origin, centre, scale: answers.variance(at).sqrt() }
    };
    faults.or((0..indicators.len()).map(unit).collect())
}

/// The fault of two indicators whose answers do not tell how they go together.
fn apart(first: &str, second: &str, meet: bool, otherwise: &str) -> ErrorKind {
    let reason = if meet { otherwise } else { "no respondent answered both" };
    nothing(format!("indicators `{first}` and `{second}`"), reason.into())
}

fn nothing(place: String, reason: String) -> ErrorKind {
    ErrorKind::Degenerate { place, reason }
}
