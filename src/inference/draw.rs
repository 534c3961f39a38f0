//! Which respondents a replicate is made of.

use rand::distr::{Distribution, Uniform};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_distr::Binomial;

use crate::error::{ErrorKind, Faults, Result};
use crate::inference::resample::TILE;
use crate::numeric::random::{self, hypergeometric};
use crate::survey::Responses;

/// How replicates are drawn.
#[derive(Debug, Clone)]
pub(super) enum Draw {
    /// With replacement within each stratum, as many as it has; one stratum of all respondents if there are none.
    /// Replicate k has the stream `first` + k.
    Strata { strata: Vec<Urn>, seed: u64, first: u64 },
    /// As the caller says: for each replicate the row of each respondent.
    Given(Vec<Vec<usize>>),
    /// One replicate: rows, each with how many respondents of it there are.
    Once(Vec<(usize, u64)>),
    /// The respondents who bear one of the labels after the labels were shuffled.
    Shuffled { labels: Labels, label: usize, seed: u64 },
}

/// Respondents in rows that stand for one or several of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Urn {
    /// The row of each respondent.
    Each(Vec<u32>),
    /// Rows, how many respondents each stands for, and how many these are in all.
    Counted { rows: Vec<u32>, frequencies: Vec<u64>, total: u64 },
}

/// Up to so many respondents a row they are drawn one by one, which is no slower than a binomial number for each row. It
/// gives the replicates of the same respondents in a row each.
const FEW: u64 = 8;

impl Urn {
    /// `rows` in order; `frequencies` of all rows there are, if not all are 1.
    pub(super) fn new(rows: Vec<u32>, frequencies: Option<&[u64]>) -> Self {
        let Some(all) = frequencies else { return Self::Each(rows) };
        let frequencies: Vec<u64> = rows.iter().map(|row| all[*row as usize]).collect();
        let total = frequencies.iter().sum();
        if total > (FEW * rows.len() as u64).min(u64::from(u32::MAX)) {
            return Self::Counted { rows, frequencies, total };
        }
        Self::Each(rows.iter().zip(&frequencies).flat_map(|(row, count)| (0..*count).map(|_| *row)).collect())
    }

    /// Of respondents drawn before.
    fn drawn(each: impl FnOnce(&mut dyn FnMut(usize, u64))) -> Self {
        let (mut rows, mut frequencies) = (Vec::new(), Vec::new());
        each(&mut |row, count| {
            rows.push(u32::try_from(row).unwrap_or(u32::MAX));
            frequencies.push(count);
        });
        if frequencies.iter().all(|count| *count == 1) {
            return Self::Each(rows);
        }
        let total = frequencies.iter().sum();
        Self::Counted { rows, frequencies, total }
    }

    /// How many respondents there are.
    pub(super) fn respondents(&self) -> u64 {
        match self {
            Self::Each(rows) => rows.len() as u64,
            Self::Counted { total, .. } => *total,
        }
    }

    /// Draws as many respondents as there are, with replacement: rows, and how often each was drawn.
    fn draw(&self, numbers: &mut ChaCha8Rng, mut take: impl FnMut(usize, u64)) {
        match self {
            Self::Each(rows) => {
                // An urn is never empty.
                let Ok(places) = Uniform::new(0, u32::try_from(rows.len()).unwrap_or(u32::MAX)) else { return };
                for _ in 0..rows.len() {
                    take(rows[places.sample(numbers) as usize] as usize, 1);
                }
            }
            Self::Counted { rows, frequencies, total } => {
                let (mut mass, mut left) = (*total, *total);
                for (row, frequency) in rows.iter().zip(frequencies) {
                    // Given the rows before, the number of this one is binomial; the last takes all that are left.
                    let share = *frequency as f64 / mass as f64;
                    mass -= frequency;
                    let drawn = match Binomial::new(left, share.min(1.0)) {
                        Ok(binomial) if mass > 0 => binomial.sample(numbers).min(left),
                        _ => left,
                    };
                    left -= drawn;
                    if drawn > 0 {
                        take(*row as usize, drawn);
                    }
                    if left == 0 {
                        return;
                    }
                }
            }
        }
    }
}

/// The labels of respondents, to be shuffled.
#[derive(Debug, Clone)]
pub(super) enum Labels {
    /// The row of each respondent, and the label.
    Each { rows: Vec<u32>, labels: Vec<usize> },
    /// How many respondents each row stands for, and how many bear each label.
    Counted { frequencies: Vec<u64>, sizes: Vec<u64> },
}

impl Labels {
    /// The label of each row, and the frequency of each if not all are 1.
    pub(super) fn new(labels: &[usize], levels: usize, frequencies: Option<&[u64]>) -> Self {
        let rows = (0..u32::try_from(labels.len()).unwrap_or(u32::MAX)).collect();
        match Urn::new(rows, frequencies) {
            Urn::Each(rows) => {
                let labels = rows.iter().map(|row| labels[*row as usize]).collect();
                Self::Each { rows, labels }
            }
            Urn::Counted { frequencies, .. } => {
                let mut sizes = vec![0; levels];
                labels.iter().zip(&frequencies).for_each(|(label, frequency)| sizes[*label] += frequency);
                Self::Counted { frequencies, sizes }
            }
        }
    }

    /// Shuffles the labels: rows, and how many of their respondents bear this label now.
    fn shuffle(&self, label: usize, numbers: &mut ChaCha8Rng, mut take: impl FnMut(usize, u64)) {
        match self {
            Self::Each { rows, labels } => {
                let mut shuffled = labels.clone();
                shuffled.shuffle(numbers);
                let bearers = rows.iter().zip(shuffled).filter(|(_, here)| *here == label);
                bearers.for_each(|(row, _)| take(*row as usize, 1));
            }
            Self::Counted { frequencies, sizes } => {
                let mut left = sizes.clone();
                for (row, frequency) in frequencies.iter().enumerate() {
                    let (mut here, mut others) = (*frequency, left.iter().sum::<u64>());
                    for (number, size) in left.iter_mut().enumerate() {
                        others -= *size;
                        let drawn = hypergeometric(others, *size, here, numbers);
                        *size -= drawn;
                        here -= drawn;
                        if number == label && drawn > 0 {
                            take(row, drawn);
                        }
                    }
                }
            }
        }
    }
}

/// Which cluster each row in use belongs to, numbering only the clusters in use.
pub(super) struct Clusters {
    pub(super) codes: Vec<usize>,
    pub(super) count: usize,
}

impl Draw {
    /// Resamples of one replicate, within its strata.
    pub(super) fn within(&self, replicate: usize, resamples: usize, seed: u64) -> Self {
        let strata = match self {
            Self::Strata { strata, seed, first } => {
                let mut numbers = random::stream(*seed, first + replicate as u64);
                strata.iter().map(|urn| Urn::drawn(|take| urn.draw(&mut numbers, take))).collect()
            }
            Self::Given(_) | Self::Once(_) | Self::Shuffled { .. } => {
                vec![Urn::drawn(|take| self.each(replicate, take))]
            }
        };
        // Streams of another key, numbered through all replicates.
        Self::Strata { strata, seed: !seed, first: (replicate * resamples) as u64 }
    }

    /// Adds the respondents of a replicate to one of a tile's columns of counts.
    pub(super) fn count(&self, replicate: usize, column: usize, counts: &mut [f64]) {
        self.each(replicate, |row, count| counts[row * TILE + column] += count as f64);
    }

    /// The answers of a replicate. `rows` are those of the responses that the numbers drawn stand for; `counted` is whether
    /// these stand for several respondents each.
    pub(super) fn answers(
        &self,
        replicate: usize,
        responses: &Responses,
        rows: &[usize],
        counted: bool,
    ) -> Result<Responses> {
        if !counted {
            let mut drawn = Vec::with_capacity(rows.len());
            self.each(replicate, |at, _| drawn.push(rows[at]));
            return responses.subset(&drawn);
        }
        let mut counts = vec![0.0; rows.len()];
        self.each(replicate, |at, count| counts[at] += count as f64);
        let drawn = || (0..rows.len()).filter(|at| counts[*at] > 0.0);
        let answers = responses.subset(&drawn().map(|at| rows[at]).collect::<Vec<_>>())?;
        answers.with_weights(drawn().map(|at| counts[at]))
    }

    /// Goes through the rows of a replicate, each with how many respondents of it there are; a row may come again.
    pub(super) fn each(&self, replicate: usize, mut take: impl FnMut(usize, u64)) {
        match self {
            Self::Given(replicates) => replicates[replicate].iter().for_each(|row| take(*row, 1)),
            Self::Once(rows) => rows.iter().for_each(|(row, count)| take(*row, *count)),
            Self::Shuffled { labels, label, seed } => {
                labels.shuffle(*label, &mut random::stream(*seed, replicate as u64), take);
            }
            Self::Strata { strata, seed, first } => {
                let mut numbers = random::stream(*seed, first + replicate as u64);
                for urn in strata {
                    urn.draw(&mut numbers, &mut take);
                }
            }
        }
    }
}

/// The respondents of each level of a grouping column, refusing a level with a single one, who would never vary.
pub(super) fn strata(codes: &[usize], levels: &[String], frequencies: Option<&[u64]>, group: &str) -> Result<Vec<Urn>> {
    let mut strata = vec![Vec::new(); levels.len()];
    for (row, code) in codes.iter().enumerate() {
        strata[*code].push(u32::try_from(row).unwrap_or(u32::MAX));
    }
    let mut faults = Faults::default();
    let mut urns = Vec::new();
    for (stratum, level) in strata.into_iter().zip(levels).filter(|(stratum, _)| !stratum.is_empty()) {
        let urn = Urn::new(stratum, frequencies);
        if urn.respondents() == 1 {
            let place = format!("stratum `{level}` of `{group}`");
            let reason = "has one respondent: it cannot be resampled".into();
            faults.note(|| ErrorKind::Degenerate { place, reason });
        }
        urns.push(urn);
    }
    faults.or(urns)
}

/// The caller's replicates, in terms of the rows in use: `places[row]` is where a row stands among them.
pub(super) fn given(replicates: &[Vec<usize>], places: &[Option<usize>]) -> Result<Vec<Vec<usize>>> {
    let mut faults = Faults::default();
    let mut rows = Vec::with_capacity(replicates.len());
    for (number, replicate) in replicates.iter().enumerate() {
        if replicate.is_empty() {
            faults.note(|| ErrorKind::Empty { place: format!("replicate {}", number + 1) });
        }
        if let Some(index) = replicate.iter().find(|index| **index >= places.len()) {
            faults.note(|| ErrorKind::Domain {
                place: format!("a row of replicate {} is", number + 1),
                value: *index as f64,
                expected: format!("a row from 0 to {}", places.len() - 1),
            });
            continue;
        }
        // A respondent who was left out of the fit for a missing answer is left out of the replicate too.
        rows.push(replicate.iter().filter_map(|index| places[*index]).collect());
    }
    faults.or(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(draw: &Draw, replicate: usize, rows: usize) -> Vec<u64> {
        let mut counts = vec![0; rows];
        draw.each(replicate, |row, count| counts[row] += count);
        counts
    }

    fn one_stratum(urn: Urn) -> Draw {
        Draw::Strata { strata: vec![urn], seed: 3, first: 0 }
    }

    #[test]
    fn few_respondents_a_row_are_drawn_as_from_rows_of_their_own() {
        let frequencies = [3, 1, 8, 4];
        let counted = one_stratum(Urn::new(vec![0, 1, 2, 3], Some(&frequencies)));
        let owners: Vec<usize> = (0..4).flat_map(|row| vec![row; usize::try_from(frequencies[row]).unwrap()]).collect();
        let each = one_stratum(Urn::new((0..16).collect(), None));
        for replicate in 0..50 {
            let mut expected = vec![0; 4];
            drawn(&each, replicate, 16).iter().zip(&owners).for_each(|(count, row)| expected[*row] += count);
            assert_eq!(drawn(&counted, replicate, 4), expected);
        }
    }

    /// The counts of a row are binomial: mean f, variance f(1 − f/n); those of two rows have the covariance −fg/n.
    #[test]
    fn many_respondents_a_row_are_drawn_as_often_as_from_rows_of_their_own() {
        let frequencies = [30, 10, 0, 60];
        let urn = Urn::new(vec![0, 1, 2, 3], Some(&frequencies));
        assert!(matches!(urn, Urn::Counted { total: 100, .. }));
        let (draw, times) = (one_stratum(urn), 20_000);
        let replicates: Vec<Vec<u64>> = (0..times).map(|replicate| drawn(&draw, replicate, 4)).collect();
        assert!(replicates.iter().all(|counts| counts.iter().sum::<u64>() == 100));
        assert_moments(&replicates, |row, column| {
            let (f, g) = (frequencies[row] as f64, frequencies[column] as f64);
            (f, if row == column { f * (1.0 - f / 100.0) } else { -f * g / 100.0 })
        });
    }

    /// Labels dealt out without replacement: with m of n bearing a label, the mean is fm/n, the variance
    /// fm(n − m)(n − f)/n²(n − 1), the covariance −fg·m(n − m)/n²(n − 1).
    #[test]
    fn many_labels_are_shuffled_as_often_as_in_rows_of_their_own() {
        let (frequencies, labels) = ([30, 10, 0, 60], [0, 1, 1, 2]);
        let labels = Labels::new(&labels, 3, Some(&frequencies));
        assert!(matches!(labels, Labels::Counted { .. }));
        let of = |label: usize| Draw::Shuffled { labels: labels.clone(), label, seed: 5 };
        let draws = [of(0), of(1), of(2)];
        let times = 20_000;
        let mut replicates = Vec::new();
        for replicate in 0..times {
            let counts: Vec<Vec<u64>> = draws.iter().map(|draw| drawn(draw, replicate, 4)).collect();
            // Every respondent bears one label.
            for row in 0..4 {
                assert_eq!(counts.iter().map(|counts| counts[row]).sum::<u64>(), frequencies[row]);
            }
            replicates.push(counts[1].clone());
        }
        let (n, m) = (100.0, 10.0);
        assert_moments(&replicates, |row, column| {
            let (f, g) = (frequencies[row] as f64, frequencies[column] as f64);
            let common = m * (n - m) / (n * n * (n - 1.0));
            (f * m / n, if row == column { f * (n - f) * common } else { -f * g * common })
        });
    }

    /// Means to within five standard errors, covariances to within 6 % of the product of the deviations: with 20,000
    /// replicates their standard error is at most about 1 % of it.
    fn assert_moments(replicates: &[Vec<u64>], expected: impl Fn(usize, usize) -> (f64, f64)) {
        let times = replicates.len() as f64;
        let mean = |row: usize| replicates.iter().map(|counts| counts[row] as f64).sum::<f64>() / times;
        for row in 0..4 {
            let (target, variance) = expected(row, row);
            assert!((mean(row) - target).abs() <= 5.0 * (variance / times).sqrt() + 1e-12, "{row}: {}", mean(row));
            for column in 0..4 {
                let centred = |counts: &Vec<u64>, at: usize| counts[at] as f64 - expected(at, at).0;
                let products = replicates.iter().map(|counts| centred(counts, row) * centred(counts, column));
                let (found, covariance) = (products.sum::<f64>() / times, expected(row, column).1);
                let scale = (variance * expected(column, column).1).sqrt();
                assert!((found - covariance).abs() <= 0.06 * scale + 1e-12, "{row}, {column}: {found} {covariance}");
            }
        }
    }
}
