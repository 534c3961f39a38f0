//! Which rows a replicate is made of.

use rand::RngExt;
use rand::distr::{Distribution, Uniform};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::error::{ErrorKind, Faults, Result};
use crate::inference::products::TILE;
use crate::numeric::random;

/// How replicates are drawn.
#[derive(Debug, Clone)]
pub(super) enum Draw {
    /// With replacement within each stratum, as many as it has; one stratum with all rows if there are none.
    Strata { strata: Vec<Vec<u32>>, seed: u64 },
    /// As the caller says: the rows of each replicate.
    Given(Vec<Vec<usize>>),
    /// The rows that bear one of the labels after the labels were shuffled.
    Shuffled { labels: Vec<usize>, label: usize, seed: u64 },
}

impl Draw {
    /// Resamples of one replicate, within its strata.
    pub(super) fn within(&self, replicate: usize, resamples: usize, seed: u64) -> Self {
        let mut rows = Vec::new();
        self.each(replicate, |row| rows.push(row));
        let sizes = match self {
            Self::Given(_) | Self::Shuffled { .. } => vec![rows.len()],
            Self::Strata { strata, .. } => strata.iter().map(Vec::len).collect(),
        };
        // Streams of another key, numbered through all replicates.
        let first = (replicate * resamples) as u64;
        Self::Given(
            (0..resamples)
                .map(|inner| {
                    let mut numbers = random::stream(!seed, first + inner as u64);
                    let mut start = 0;
                    let mut drawn = Vec::with_capacity(rows.len());
                    for size in &sizes {
                        let one = |_| rows[start + below(*size, &mut numbers)];
                        drawn.extend((0..*size).map(one));
                        start += size;
                    }
                    drawn
                })
                .collect(),
        )
    }

    /// Adds the rows of a replicate to one of a tile's columns of counts.
    pub(super) fn count(&self, replicate: usize, column: usize, counts: &mut [f64]) {
        self.each(replicate, |row| counts[row * TILE + column] += 1.0);
    }

    /// Goes through the rows of a replicate.
    pub(super) fn each(&self, replicate: usize, mut take: impl FnMut(usize)) {
        match self {
            Self::Given(replicates) => replicates[replicate].iter().for_each(|row| take(*row)),
            Self::Shuffled { labels, label, seed } => {
                let mut shuffled = labels.clone();
                shuffled.shuffle(&mut random::stream(*seed, replicate as u64));
                (0..shuffled.len()).filter(|row| shuffled[*row] == *label).for_each(take);
            }
            Self::Strata { strata, seed } => {
                let mut numbers = random::stream(*seed, replicate as u64);
                for stratum in strata {
                    // A stratum is never empty.
                    let Ok(places) = Uniform::new(0, u32::try_from(stratum.len()).unwrap_or(u32::MAX)) else {
                        continue;
                    };
                    for _ in 0..stratum.len() {
                        take(stratum[places.sample(&mut numbers) as usize] as usize);
                    }
                }
            }
        }
    }
}

/// One of 0, 1, …, size − 1, all as likely, by numbers of one width on every machine.
fn below(size: usize, numbers: &mut ChaCha8Rng) -> usize {
    numbers.random_range(0..u32::try_from(size).unwrap_or(u32::MAX)) as usize
}

/// The rows of each level of a grouping column, refusing a level with a single row: it would never vary.
pub(super) fn strata(codes: &[usize], levels: &[String], group: &str) -> Result<Vec<Vec<u32>>> {
    let mut strata = vec![Vec::new(); levels.len()];
    for (row, code) in codes.iter().enumerate() {
        strata[*code].push(u32::try_from(row).unwrap_or(u32::MAX));
    }
    let mut faults = Faults::default();
    for (stratum, level) in strata.iter().zip(levels) {
        if stratum.len() == 1 {
            let place = format!("stratum `{level}` of `{group}`");
            faults.push(ErrorKind::Degenerate { place, reason: "has one respondent: it cannot be resampled".into() });
        }
    }
    strata.retain(|stratum| !stratum.is_empty());
    faults.or(strata)
}

/// The caller's replicates, in terms of the rows in use: `places[row]` is where a respondent stands among them.
pub(super) fn given(replicates: &[Vec<usize>], places: &[Option<usize>]) -> Result<Draw> {
    let mut faults = Faults::default();
    let mut rows = Vec::with_capacity(replicates.len());
    for (number, replicate) in replicates.iter().enumerate() {
        if replicate.is_empty() {
            faults.push(ErrorKind::Empty { place: format!("resample {}", number + 1) });
        }
        if let Some(index) = replicate.iter().find(|index| **index >= places.len()) {
            faults.push(ErrorKind::Domain {
                place: format!("an index of resample {} is", number + 1),
                value: *index as f64,
                expected: format!("a row from 0 to {}", places.len() - 1),
            });
            continue;
        }
        // A respondent who was left out of the fit for a missing answer is left out of the resample too.
        rows.push(replicate.iter().filter_map(|index| places[*index]).collect());
    }
    faults.or(Draw::Given(rows))
}
