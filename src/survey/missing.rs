//! What becomes of answers that are missing.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::{Block, CentredSums};
use crate::numeric::pairwise::PairwiseSums;
use crate::survey::{Indicator, Moments};

/// What becomes of answers that are missing.
///
/// A respondent who answered none of the indicators is never used (under [`Missing::Reject`] it is an error), and
/// neither is one whose case weight is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Missing {
    /// A missing answer is an error.
    Reject,
    /// A respondent with a missing answer is not used.
    #[default]
    Listwise,
    /// A missing answer is taken to be the mean of the answers to the same indicator. This understates variances.
    Mean,
}

/// The way of blocks of answers into [`Moments`], on which a policy for missing answers is kept.
#[derive(Debug)]
pub(crate) struct Intake<'a> {
    indicators: &'a [Indicator],
    policy: Missing,
    complete: CentredSums,
    incomplete: Option<PairwiseSums>,
    answered: Vec<bool>,
    rows: usize,
    dropped: usize,
    filled: usize,
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
            answered: vec![false; variables],
            rows: 0,
            dropped: 0,
            filled: 0,
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
            Missing::Mean if missing < row.len() => {
                let sums = self.incomplete.get_or_insert_with(|| PairwiseSums::new(row.len()));
                sums.push(row, weight, &self.complete);
                self.rows += 1;
                self.filled += missing;
            }
            Missing::Mean | Missing::Listwise => self.dropped += 1,
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
        self.answered.iter_mut().zip(&other.answered).for_each(|(mine, theirs)| *mine |= theirs);
        self.rows += other.rows;
        self.dropped += other.dropped;
        self.filled += other.filled;
        self.rejected.append(other.rejected);
        self
    }

    /// The moments of all that was taken in.
    pub(crate) fn finish(self) -> Result<Moments> {
        self.rejected.or(())?;
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
        let sums = match self.incomplete {
            Some(incomplete) => incomplete.filled_with_means(&self.complete),
            None => self.complete,
        };
        Moments::from_answers(self.indicators.to_vec(), sums, [self.rows, self.dropped, self.filled])
    }
}

fn nothing(place: String, reason: String) -> ErrorKind {
    ErrorKind::Degenerate { place, reason }
}
