//! Pairs as a table of distinct satisfaction values, and further samples of them.

use std::ops::Range;

use rand::{Rng, RngExt};
use rand_distr::{Binomial, Distribution};

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
    /// Distinct satisfactions and the numbers of those who say no and yes; and twice the cell of each respondent, plus
    /// one who says yes, where they are few enough to be drawn one by one.
    Frequencies(Vec<(f64, [u64; 2])>, Option<Vec<u32>>),
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
        let owners = owners(&cells);
        Self::Frequencies(cells, owners)
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
            Self::Frequencies(cells, _) => counted(cells.iter().copied()),
            Self::Weights(rows, unit) => weighted(rows.iter().copied(), *unit),
        }
    }

    /// As many respondents again, drawn with replacement.
    pub(super) fn bootstrap(&self, generator: &mut impl Rng) -> Cells {
        match self {
            Self::Frequencies(cells, owners) => {
                let drawn = match owners {
                    Some(owners) => one_by_one(owners, 2 * cells.len(), generator),
                    None => multinomial(cells, generator),
                };
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
            Self::Frequencies(cells, _) => {
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

/// Respondents for each number to be drawn, up to which drawing them one by one is faster than a binomial draw.
const FEW: u64 = 8;

/// Whose number each respondent adds to, where there are few for each number.
fn owners(cells: &[(f64, [u64; 2])]) -> Option<Vec<u32>> {
    let total: u64 = cells.iter().flat_map(|(_, counts)| counts).sum();
    let most = (FEW * 2 * cells.len() as u64).min(u64::from(u32::MAX));
    let numbers = (0_u32..).zip(cells.iter().flat_map(|(_, counts)| counts));
    (total <= most).then(|| numbers.flat_map(|(number, count)| (0..*count).map(move |_| number)).collect())
}

/// How often each number comes up in as many draws as there are respondents.
fn one_by_one(owners: &[u32], numbers: usize, generator: &mut impl Rng) -> Vec<u64> {
    let mut drawn = vec![0; numbers];
    for _ in owners {
        drawn[owners[generator.random_range(0..owners.len())] as usize] += 1;
    }
    drawn
}

/// The same by one binomial draw after the other.
fn multinomial(cells: &[(f64, [u64; 2])], generator: &mut impl Rng) -> Vec<u64> {
    let counts = || cells.iter().flat_map(|(_, counts)| *counts);
    let mut mass: u64 = counts().sum();
    let mut left = mass;
    let draw = |count: u64| {
        let share = count as f64 / mass as f64;
        mass -= count;
        // The last of the mass takes all that is left; where there is none left, nothing is drawn.
        let drawn = match Binomial::new(left, share.min(1.0)) {
            Ok(binomial) if mass > 0 => binomial.sample(generator).min(left),
            _ => left * u64::from(count > 0),
        };
        left -= drawn;
        drawn
    };
    counts().map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::stream;

    /// Both ways of drawing give np respondents on average with variance np(1 − p), and n in all.
    #[test]
    fn one_by_one_and_by_binomials_the_draws_are_alike() {
        let cells = [(10.0, [3, 0]), (20.0, [5, 2]), (30.0, [0, 6])];
        let owners = owners(&cells).unwrap();
        let times = 4_000;
        for number in 0..6 {
            let count = cells[number / 2].1[number % 2] as f64;
            let (mean, variance) = (count, count * (1.0 - count / 16.0));
            let draws = |which: usize| -> Vec<f64> {
                let draw = |replicate| {
                    let mut generator = stream(9, replicate);
                    let drawn = [one_by_one(&owners, 6, &mut generator), multinomial(&cells, &mut generator)];
                    assert_eq!(drawn[which].iter().sum::<u64>(), 16);
                    drawn[which][number] as f64
                };
                (0..times).map(draw).collect()
            };
            for draws in [draws(0), draws(1)] {
                let found = draws.iter().sum::<f64>() / times as f64;
                let spread = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / times as f64;
                // Five standard errors of a mean; of a variance, some more than √(2/n) of it.
                assert!((found - mean).abs() <= 5.0 * (variance / times as f64).sqrt(), "{number}: {found} {mean}");
                assert!(
                    (spread - variance).abs() <= 8.0 * variance * (2.0 / times as f64).sqrt(),
                    "{number}: {spread}"
                );
            }
        }
    }

    #[test]
    fn very_many_are_not_drawn_one_by_one() {
        assert_eq!(owners(&[(10.0, [u64::from(u32::MAX), 1])]), None);
    }
}
