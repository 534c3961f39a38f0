//! Pairs as a table of distinct satisfaction values, and further samples of them.

use std::ops::Range;

use rand::{Rng, RngExt};
use rand_distr::{Binomial, Distribution};

use crate::error::Result;
use crate::numeric::check;
use crate::numeric::random::hypergeometric;
use crate::survey::Proportion;

/// For each distinct satisfaction, in ascending order, how much the respondents there count and how much of it says yes.
///
/// The table does not depend on the order of the rows, nor on whether a row stands there k times or once with a
/// frequency of k; so nothing that is made of it does.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cells {
    pub(super) values: Vec<f64>,
    pub(super) weights: Vec<f64>,
    pub(super) yes: Vec<f64>,
    /// For sampling weights, which are relative to the largest, the sums of their squares over those who say no and yes.
    pub(super) squares: Option<Vec<[f64; 2]>>,
    /// The largest sampling weight, or 1.
    pub(super) unit: f64,
}

impl Default for Cells {
    fn default() -> Self {
        Self { values: Vec::new(), weights: Vec::new(), yes: Vec::new(), squares: None, unit: 1.0 }
    }
}

impl Cells {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The respondents of these cells; `None` where there are none.
    pub(super) fn proportion(&self, cells: Range<usize>) -> Option<Proportion> {
        let weight: f64 = self.weights[cells.clone()].iter().sum();
        let yes: f64 = self.yes[cells.clone()].iter().sum();
        let effective_n = match &self.squares {
            // One respondent is the least that there can be; squares of weights beyond all measure vanish.
            Some(squares) => match squares[cells].iter().map(|[no, yes]| no + yes).sum::<f64>() {
                squares if squares > 0.0 => (weight * (weight / squares)).max(1.0),
                _ => 1.0,
            },
            None => weight,
        };
        (weight > 0.0).then(|| Proportion::of_weights(yes / weight, self.unit * weight, effective_n))
    }

    /// All respondents.
    pub(super) fn whole(&self) -> Option<Proportion> {
        self.proportion(0..self.len())
    }

    /// Takes in respondents, none below those that are in.
    fn push(&mut self, value: f64, yes: bool, weight: f64, square: f64) {
        if self.values.last() != Some(&value) {
            self.values.push(value);
            self.weights.push(0.0);
            self.yes.push(0.0);
            if let Some(squares) = &mut self.squares {
                squares.push([0.0; 2]);
            }
        }
        let last = self.values.len() - 1;
        self.weights[last] += weight;
        self.yes[last] += if yes { weight } else { 0.0 };
        if let Some(squares) = &mut self.squares {
            squares[last][usize::from(yes)] += square;
        }
    }

    /// The cells with those joined that have the same key, under that key; keys must not fall.
    pub(super) fn joined(&self, key: impl Fn(f64) -> f64) -> Self {
        let mut joined =
            Self { squares: self.squares.as_ref().map(|_| Vec::new()), unit: self.unit, ..Self::default() };
        for at in 0..self.len() {
            let [no, yes] = self.squares.as_ref().map_or([0.0; 2], |squares| squares[at]);
            joined.push(key(self.values[at]), false, self.weights[at] - self.yes[at], no);
            joined.push(key(self.values[at]), true, self.yes[at], yes);
        }
        joined
    }
}

/// Respondents in ascending order, from whom samples are drawn.
#[derive(Debug)]
pub(super) enum Resampler {
    /// Distinct satisfactions and the numbers of those who say no and yes.
    Frequencies(Vec<(f64, [u64; 2])>),
    /// Satisfaction, intention and sampling weight of each, and the largest weight, of which the weights are shares.
    Weights(Vec<(f64, bool, f64)>, f64),
}

impl Resampler {
    pub(super) fn of_frequencies(rows: impl Iterator<Item = (f64, bool, u32)>) -> Self {
        let mut rows: Vec<(f64, bool, u32)> = rows.collect();
        rows.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let mut cells: Vec<(f64, [u64; 2])> = Vec::new();
        for (value, yes, frequency) in rows {
            if cells.last().is_none_or(|last| last.0 != value) {
                cells.push((value, [0; 2]));
            }
            if let Some((_, counts)) = cells.last_mut() {
                counts[usize::from(yes)] += u64::from(frequency);
            }
        }
        Self::Frequencies(cells)
    }

    pub(super) fn of_weights(rows: impl Iterator<Item = (f64, bool, f64)>) -> Self {
        let mut rows: Vec<(f64, bool, f64)> = rows.collect();
        rows.sort_unstable_by(|one, other| {
            one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)).then(one.2.total_cmp(&other.2))
        });
        // Relative to the largest, so that no square overflows and not all of them vanish.
        let unit = rows.iter().map(|row| row.2).fold(0.0, f64::max);
        for row in &mut rows {
            row.2 /= unit;
        }
        rows.retain(|row| row.2 > 0.0);
        Self::Weights(rows, unit)
    }

    /// The sample itself.
    pub(super) fn cells(&self) -> Cells {
        match self {
            Self::Frequencies(cells) => counted(cells.iter().copied()),
            Self::Weights(rows, unit) => weighted(rows.iter().copied(), *unit),
        }
    }

    /// As many respondents again, drawn with replacement.
    pub(super) fn bootstrap(&self, generator: &mut impl Rng) -> Cells {
        match self {
            Self::Frequencies(cells) => {
                let counts: Vec<u64> = cells.iter().flat_map(|(_, counts)| *counts).collect();
                let drawn = multinomial(&counts, generator);
                counted(cells.iter().zip(drawn.chunks_exact(2)).map(|((value, _), pair)| (*value, [pair[0], pair[1]])))
            }
            Self::Weights(rows, unit) => {
                let mut times = vec![0_u32; rows.len()];
                (0..rows.len()).for_each(|_| times[generator.random_range(0..rows.len())] += 1);
                weighted(rows.iter().zip(times).flat_map(|(row, times)| (0..times).map(|_| *row)), *unit)
            }
        }
    }

    /// The same respondents, the intentions dealt out to them anew.
    pub(super) fn permutation(&self, generator: &mut impl Rng) -> Cells {
        match self {
            Self::Frequencies(cells) => {
                let mut left = cells.iter().fold([0; 2], |sum, (_, counts)| [sum[0] + counts[0], sum[1] + counts[1]]);
                counted(cells.iter().map(|(value, counts)| {
                    let here = counts[0] + counts[1];
                    let yes = hypergeometric(left[0], left[1], here, generator);
                    left = [left[0] - (here - yes), left[1] - yes];
                    (*value, [here - yes, yes])
                }))
            }
            Self::Weights(rows, unit) => {
                let mut left = rows.iter().filter(|row| row.1).count();
                let count = rows.len();
                weighted(
                    rows.iter().enumerate().map(|(at, (value, _, weight))| {
                        let yes = generator.random_range(0..count - at) < left;
                        left -= usize::from(yes);
                        (*value, yes, *weight)
                    }),
                    *unit,
                )
            }
        }
    }
}

/// A number of samples that can be kept.
pub(super) fn resamples(count: usize, what: &str) -> Result<()> {
    let inside = count <= 10_000_000;
    check::domain(count as f64, inside, || format!("the number of {what}"), "at most 10 million").map(|_| ())
}

fn counted(cells: impl Iterator<Item = (f64, [u64; 2])>) -> Cells {
    let mut table = Cells::default();
    for (value, [no, yes]) in cells.filter(|(_, [no, yes])| no + yes > 0) {
        table.push(value, false, no as f64, 0.0);
        table.push(value, true, yes as f64, 0.0);
    }
    table
}

fn weighted(rows: impl Iterator<Item = (f64, bool, f64)>, unit: f64) -> Cells {
    let mut table = Cells { squares: Some(Vec::new()), unit, ..Cells::default() };
    rows.for_each(|(value, yes, weight)| table.push(value, yes, weight, weight * weight));
    table
}

/// Numbers with the same sum, drawn with probabilities in proportion to those given: one binomial draw after the other.
fn multinomial(counts: &[u64], generator: &mut impl Rng) -> Vec<u64> {
    let mut mass: u64 = counts.iter().sum();
    let mut left = mass;
    let draw = |count: &u64| {
        let share = *count as f64 / mass as f64;
        mass -= count;
        // The last of the mass takes all that is left; where there is none left, nothing is drawn.
        let drawn = match Binomial::new(left, share.min(1.0)) {
            Ok(binomial) if mass > 0 => binomial.sample(generator).min(left),
            _ => left * u64::from(*count > 0),
        };
        left -= drawn;
        drawn
    };
    counts.iter().map(draw).collect()
}
