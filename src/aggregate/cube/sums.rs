//! The sums of one cell: all that its indices, their errors and their covariances need.

use std::borrow::Cow;

use crate::aggregate::cube::figures::NodeFigures;
use crate::aggregate::cube::layout::Layout;
use crate::aggregate::cube::spec::{Answered, CaseWeights};
use crate::error::Result;
use crate::numeric::moments::{Block, CentredSums};
use crate::numeric::pairwise::PairwiseSums;
use crate::survey::{Counts, Scale};

/// What is kept of the respondents of a cell. Two of them make one, exactly up to rounding.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CellSums {
    /// Of those who answered everything.
    pub(super) complete: CentredSums,
    /// Σw² of those.
    pub(super) squares: f64,
    /// Of the others, where an answer counts by itself.
    pub(super) incomplete: Option<Box<Incomplete>>,
    /// How many rows count, and how many of them answered everything.
    pub(super) rows: usize,
    pub(super) complete_rows: usize,
    /// How many more there were, left out for missing answers.
    pub(super) left_out: usize,
    /// By indicator, where they are kept.
    pub(super) counts: Vec<Counts>,
}

/// Respondents who left something out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Incomplete {
    pub(super) pairs: PairwiseSums,
    /// By node, Σw and Σw² of those who answered something below it.
    pub(super) nodes: Vec<[f64; 2]>,
}

impl CellSums {
    pub(super) fn new(layout: &Layout) -> Self {
        let counts = layout.scales.iter().filter(|_| layout.spec.counts);
        let sampled = layout.spec.weights == CaseWeights::Sampling;
        Self {
            complete: CentredSums::new(layout.indicators.len()),
            squares: 0.0,
            incomplete: None,
            rows: 0,
            complete_rows: 0,
            left_out: 0,
            counts: counts.map(|scale| if sampled { Counts::sampled(*scale) } else { Counts::new(*scale) }).collect(),
        }
    }

    /// Takes in a row; a missing answer is NaN. Answers and weight have been checked.
    pub(super) fn push(&mut self, layout: &Layout, row: &[f64], weight: f64) -> Result<()> {
        self.count(row.iter().copied(), weight)?;
        if row.iter().any(|answer| answer.is_nan()) {
            self.push_incomplete(layout, row, weight);
        } else {
            self.complete.push(row, weight);
            self.squares += weight * weight;
            self.rows += 1;
            self.complete_rows += 1;
        }
        Ok(())
    }

    /// Takes in a block, which is left in disorder.
    pub(super) fn push_block(&mut self, layout: &Layout, block: &mut Block, may_miss: bool) -> Result<()> {
        if !self.counts.is_empty() {
            for row in (0..block.rows()).filter(|row| block.weight(*row) > 0.0) {
                self.count(block.row(row), block.weight(row))?;
            }
        }
        let mut others: Vec<(Vec<f64>, f64)> = Vec::new();
        if may_miss {
            let complete = block.complete();
            let rows = (0..block.rows()).filter(|row| !complete[*row] && block.weight(*row) > 0.0);
            others.extend(rows.map(|row| (block.row(row).collect(), block.weight(row))));
            block.retain(&complete);
        }
        self.rows += block.rows();
        self.complete_rows += block.rows();
        self.squares += (0..block.rows()).map(|row| block.weight(row) * block.weight(row)).sum::<f64>();
        // First the complete rows: their means are good origins for the others.
        self.complete.push_block(block);
        for (row, weight) in &others {
            self.push_incomplete(layout, row, *weight);
        }
        Ok(())
    }

    fn count(&mut self, row: impl Iterator<Item = f64>, weight: f64) -> Result<()> {
        let answers = row.map(|answer| (!answer.is_nan()).then_some(answer));
        self.counts.iter_mut().zip(answers).try_for_each(|(counts, answer)| counts.push(answer, weight))
    }

    fn push_incomplete(&mut self, layout: &Layout, row: &[f64], weight: f64) {
        if layout.spec.answered == Answered::All || row.iter().all(|answer| answer.is_nan()) {
            self.left_out += 1;
            return;
        }
        self.rows += 1;
        let incomplete = self.incomplete.get_or_insert_with(|| {
            Box::new(Incomplete { pairs: PairwiseSums::new(row.len()), nodes: vec![[0.0; 2]; layout.nodes.len()] })
        });
        incomplete.pairs.push(row, weight, &self.complete);
        for (sums, node) in incomplete.nodes.iter_mut().zip(&layout.nodes) {
            if node.terms.iter().any(|(column, _)| !row[*column].is_nan()) {
                sums[0] += weight;
                sums[1] += weight * weight;
            }
        }
    }

    /// Takes in the respondents of another cell.
    pub(super) fn merge(&mut self, other: &Self) -> Result<()> {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine.merge(theirs)?;
        }
        self.complete.merge(&other.complete);
        self.squares += other.squares;
        self.rows += other.rows;
        self.complete_rows += other.complete_rows;
        self.left_out += other.left_out;
        match (&mut self.incomplete, &other.incomplete) {
            (Some(mine), Some(theirs)) => {
                mine.pairs.merge(&theirs.pairs);
                for (sums, more) in mine.nodes.iter_mut().zip(&theirs.nodes) {
                    (0..2).for_each(|at| sums[at] += more[at]);
                }
            }
            (mine @ None, Some(theirs)) => *mine = Some(theirs.clone()),
            (_, None) => {}
        }
        Ok(())
    }

    /// The sums about the means of all answers.
    pub(super) fn settle<'a>(&'a self, layout: &'a Layout) -> Settled<'a> {
        let (weight, squares) = (self.complete.weight, self.squares);
        let (answered, sums, nodes) = match &self.incomplete {
            None => (vec![weight; layout.indicators.len()], Cow::Borrowed(&self.complete), None),
            Some(incomplete) => {
                let pairs = incomplete.pairs.clone().with_complete(&self.complete);
                let answered = (0..layout.indicators.len()).map(|at| pairs.weight(at)).collect();
                (answered, Cow::Owned(pairs.filled_with_means()), Some(&incomplete.nodes[..]))
            }
        };
        let pull = |(scale, answered): (&Scale, &f64)| scale.direction().sign() * 100.0 / scale.range() / answered;
        let pulls = layout.scales.iter().zip(&answered).map(pull).collect();
        Settled { layout, sums, answered, nodes, weight, squares, pulls }
    }
}

/// The sums of a cell about the means, from which its indices are read.
pub(super) struct Settled<'a> {
    layout: &'a Layout,
    sums: Cow<'a, CentredSums>,
    /// By indicator, Σw of those who answered it.
    answered: Vec<f64>,
    /// By node, Σw and Σw² of those who answered something below it, but not everything.
    nodes: Option<&'a [[f64; 2]]>,
    weight: f64,
    squares: f64,
    /// By indicator, how much its index moves with the sum of its answers.
    pulls: Vec<f64>,
}

impl Settled<'_> {
    /// Σw and Σw² of the respondents of a node.
    fn weights(&self, node: usize) -> [f64; 2] {
        let [weight, squares] = self.nodes.map_or([0.0; 2], |nodes| nodes[node]);
        [self.weight + weight, self.squares + squares]
    }

    /// Did anybody answer an indicator?
    pub(super) fn is_answered(&self, column: usize) -> bool {
        self.answered[column] > 0.0
    }

    /// The sum of the weights of the respondents of a node.
    pub(super) fn n(&self, node: usize) -> f64 {
        self.weights(node)[0]
    }

    /// The number of respondents that the standard error of a node goes by.
    pub(super) fn effective_n(&self, node: usize) -> f64 {
        let [weight, squares] = self.weights(node);
        match self.layout.spec.weights {
            CaseWeights::Frequencies => weight,
            CaseWeights::Sampling => weight * (weight / squares),
        }
    }

    /// The index of a node; `None` where an indicator below it has no answer.
    pub(super) fn value(&self, node: usize) -> Option<f64> {
        let terms = &self.layout.nodes[node].terms;
        let mut value = 0.0;
        for (column, share) in terms {
            if self.answered[*column] <= 0.0 {
                return None;
            }
            let mean = self.sums.means[*column] + self.sums.remainders[*column];
            value += share * self.layout.scales[*column].to_hundred(mean);
        }
        // Rounding must not carry a mean past the ends of the scale.
        Some(value.clamp(0.0, 100.0))
    }

    /// Its figures, if it has an index.
    pub(super) fn figures(&self, node: usize) -> Option<NodeFigures> {
        let value = self.value(node)?;
        Some(NodeFigures { value, std_error: self.std_error(node), n: self.n(node) })
    }

    /// Σw/(n − 1), by which the mean square of the deviations of a node becomes the variance of its mean; `None` where
    /// one respondent is all.
    fn factor(&self, node: usize) -> Option<f64> {
        let degrees = self.effective_n(node) - 1.0;
        (degrees > 0.0).then(|| self.n(node) / degrees)
    }

    /// The covariance of the indices of two nodes.
    pub(super) fn covariance(&self, one: usize, other: usize) -> Option<f64> {
        self.value(one).and(self.value(other))?;
        let factor = (self.factor(one)? * self.factor(other)?).sqrt();
        let pull = |(column, share): &(usize, f64)| share * self.pulls[*column];
        let terms = &self.layout.nodes[other].terms;
        let row = |left: &(usize, f64)| -> f64 {
            terms.iter().map(|right| pull(right) * self.sums.products[(right.0, left.0)]).sum()
        };
        let sum: f64 = self.layout.nodes[one].terms.iter().map(|left| pull(left) * row(left)).sum();
        Some(factor * sum)
    }

    /// The standard error of a node's index.
    pub(super) fn std_error(&self, node: usize) -> Option<f64> {
        self.covariance(node, node).map(|variance| variance.max(0.0).sqrt())
    }
}
