//! The satisfaction at which intention turns.

mod partition;
mod result;

use statrs::distribution::{Continuous, Normal};

use crate::error::{ErrorKind, Result};
use crate::index::{Confidence, Interval};
use crate::monitoring::loyalty::Pairs;
use crate::monitoring::loyalty::cells::{Cells, Resampler};
use crate::numeric::{check, describe, parallel, random};
use crate::survey::Proportion;
use partition::Partition;

pub use result::{Cut, Thresholds};

/// What the best cuts make greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Criterion {
    /// The variance of the intention between the segments, Σ nₛ(pₛ − p)²; with one cut this is Pearson's χ² of the
    /// four-fold table.
    #[default]
    Variance,
    /// The likelihood of the segments' shares, Σ nₛ(pₛ ln pₛ + (1 − pₛ) ln(1 − pₛ)).
    Likelihood,
    /// Youden's index of one cut: the share of those who say yes at or above it, less that of those who say no.
    Youden,
}

/// The search for the cuts in satisfaction that separate best those who say yes from those who say no.
///
/// All divisions into runs of neighbouring values are considered, with at least a least share of the respondents in each
/// segment; the best one is exact.
///
/// # How far to trust a cut
///
/// The best of many cuts looks good by chance alone. The test is therefore one of the *search*: the criterion of the best
/// cuts among as many permutations of the intentions as asked for, p = (1 + how many are as good)/(1 + how many there
/// are); and for one cut by [`Criterion::Variance`] the approximation of Miller & Siegmund,
/// P ≈ φ(b)(b − 1/b) ln((1 − ε)²/ε²) + 4φ(b)/b, with b = √χ² and ε the least share.
///
/// The interval of a cut is that of the bootstrap's percentiles. A cut is no smooth function of the data: the interval
/// shows how far the cut moves from sample to sample, and its level is nominal (Banerjee & `McKeague` 2007). Where the
/// share does jump at one satisfaction, 96 % of the 95 % intervals held it in simulated surveys of 400 respondents; where
/// it rises smoothly there is no true cut to be held.
///
/// # References
///
/// - Miller, R., Siegmund, D. (1982). Maximally selected chi square statistics. *Biometrics*, 38, 1011–1016.
///   <https://doi.org/10.2307/2529881>
/// - Lausen, B., Schumacher, M. (1992). Maximally selected rank statistics. *Biometrics*, 48, 73–85.
///   <https://doi.org/10.2307/2532740>
/// - Fisher, W. D. (1958). On grouping for maximum homogeneity. *Journal of the American Statistical Association*, 53,
///   789–798. <https://doi.org/10.1080/01621459.1958.10501479>
/// - Youden, W. J. (1950). Index for rating diagnostic tests. *Cancer*, 3, 32–35.
/// - Banerjee, M., McKeague, I. W. (2007). Confidence sets for split points in decision trees. *Annals of Statistics*, 35,
///   543–574. <https://doi.org/10.1214/009053606000001415>
/// - Phipson, B., Smyth, G. K. (2010). Permutation p-values should never be zero. *Statistical Applications in Genetics
///   and Molecular Biology*, 9(1), 39. <https://doi.org/10.2202/1544-6115.1585>
///
/// # Examples
///
/// ```
/// use satindex::monitoring::loyalty::{Pairs, ThresholdSearch};
///
/// // Of 100 respondents with a satisfaction of 1 to 100, those above 60 stay but for one in five.
/// let satisfaction: Vec<f64> = (1..=100).map(f64::from).collect();
/// let stays: Vec<bool> = (1..=100).map(|s| (s > 60) != (s % 5 == 3)).collect();
/// let thresholds = ThresholdSearch::new().seed(1).fit(&Pairs::new(satisfaction, stays)?)?;
/// assert_eq!(thresholds.cuts()[0].value(), 60.5);
/// assert!(thresholds.p_value().is_some_and(|p| p <= 0.001));
/// assert_eq!(thresholds.segments()[1].share(), 0.8);
/// println!("{thresholds}");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, remote = "Self"))]
#[must_use]
pub struct ThresholdSearch {
    cuts: usize,
    criterion: Criterion,
    least_share: f64,
    step: Option<f64>,
    replicates: usize,
    test_replicates: usize,
    confidence: Confidence,
    seed: u64,
}

checked_when_read!(ThresholdSearch);

impl Default for ThresholdSearch {
    fn default() -> Self {
        Self {
            cuts: 1,
            criterion: Criterion::Variance,
            least_share: 0.1,
            step: None,
            replicates: 1_000,
            test_replicates: 999,
            confidence: Confidence::P95,
            seed: 0,
        }
    }
}

impl ThresholdSearch {
    /// One cut by the variance between the segments, each with a tenth of the respondents or more; 1,000 bootstrap
    /// samples, 999 permutations.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many cuts are looked for.
    pub fn cuts(self, cuts: usize) -> Self {
        Self { cuts, ..self }
    }

    /// What the best cuts make greatest.
    pub fn criterion(self, criterion: Criterion) -> Self {
        Self { criterion, ..self }
    }

    /// The least share of the respondents in a segment.
    pub fn least_share(self, share: f64) -> Self {
        Self { least_share: share, ..self }
    }

    /// Cuts at multiples of this many points of 0–100 only. Otherwise they are half-way between the neighbouring values
    /// that they part; and where satisfaction has thousands of distinct values, the time grows with their square.
    pub fn step(self, points: f64) -> Self {
        Self { step: Some(points), ..self }
    }

    /// How many bootstrap samples the intervals come from; none without any.
    pub fn replicates(self, replicates: usize) -> Self {
        Self { replicates, ..self }
    }

    /// How many permutations the test goes by; no test without any.
    pub fn test_replicates(self, replicates: usize) -> Self {
        Self { test_replicates: replicates, ..self }
    }

    /// The confidence level of the intervals.
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// The seed of samples and permutations.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    fn check(&self) -> Result<()> {
        let cuts = self.cuts as f64;
        let (most, expected) = match self.criterion {
            Criterion::Youden => (1.0, "1 for Youden's index"),
            _ => (f64::INFINITY, "1 or more"),
        };
        check::domain(cuts, (1.0..=most).contains(&cuts), || "the number of cuts".into(), expected)?;
        let inside = self.least_share > 0.0 && self.least_share * (cuts + 1.0) <= 1.0;
        let expected = format!("above 0, and at most 1/{}", self.cuts.saturating_add(1));
        check::domain(self.least_share, inside, || "the least share of a segment".into(), &expected)?;
        check::replicates(self.replicates, self.cuts.saturating_add(3), "replicates")?;
        check::replicates(self.test_replicates, 4, "replicates of the test")?;
        let step = self.step.unwrap_or(1.0);
        let inside = (1e-6..=100.0).contains(&step);
        check::domain(step, inside, || "the step between cuts".into(), "from 0.000001 to 100 points").map(|_| ())
    }

    /// The best cuts of these pairs.
    ///
    /// # Errors
    ///
    /// No cut or, for Youden's index, more than one; a least share that so many segments cannot all have; everybody of
    /// one intention; too few distinct values for so many segments of the least share.
    pub fn fit(&self, pairs: &Pairs) -> Result<Thresholds> {
        self.check()?;
        let sample = pairs.resampler();
        let cells = self.candidates(sample.cells());
        let degenerate = |reason: String| ErrorKind::Degenerate { place: "the threshold".into(), reason }.into();
        let whole = cells.whole().ok_or_else(|| degenerate("there is no respondent".into()))?;
        if whole.share() <= 0.0 || whole.share() >= 1.0 {
            return Err(degenerate("everybody has the same intention".into()));
        }
        let best = self.best(&cells).ok_or_else(|| {
            let (distinct, segments) = (cells.len(), self.cuts.saturating_add(1));
            let least = 100.0 * self.least_share;
            degenerate(format!(
                "{distinct} distinct values of satisfaction do not part into {segments} segments with {least} % of the \
                 respondents or more in each"
            ))
        })?;

        let moved = self.moved(&sample);
        let cut = |(at, value): (usize, f64)| Cut { value, interval: self.interval(&moved, at) };
        Ok(Thresholds {
            cuts: self.positions(&cells, &best).into_iter().enumerate().map(cut).collect(),
            segments: segments(&cells, &best.starts),
            criterion: self.criterion,
            value: best.value,
            p_value: (self.test_replicates > 0).then(|| self.permuted(&sample, best.value)),
            approximate_p_value: self.miller_siegmund(&whole, best.value),
            failed: self.replicates - moved.len(),
            dropped: pairs.dropped(),
        })
    }

    /// The cuts of each bootstrap sample that can be divided.
    fn moved(&self, sample: &Resampler) -> Vec<Vec<f64>> {
        let cuts = parallel::map(self.replicates, |replicate| {
            let cells = self.candidates(sample.bootstrap(&mut random::stream(self.seed, replicate as u64)));
            self.best(&cells).map(|best| self.positions(&cells, &best))
        });
        cuts.into_iter().flatten().collect()
    }

    /// The p-value of the search: how often chance does as well as this.
    fn permuted(&self, sample: &Resampler, value: f64) -> f64 {
        // Sums of weights in another order may differ by rounding.
        let least = value - 1e-12 * value.abs();
        let as_good = parallel::map(self.test_replicates, |permutation| {
            // The streams after those of the bootstrap, whatever its number.
            let number = (1 << 63) | permutation as u64;
            let cells = self.candidates(sample.permutation(&mut random::stream(self.seed, number)));
            self.best(&cells).is_some_and(|found| found.value >= least)
        });
        let reached = as_good.into_iter().filter(|good| *good).count();
        (1 + reached) as f64 / (1 + self.test_replicates) as f64
    }

    fn best(&self, cells: &Cells) -> Option<Partition> {
        partition::best(cells, self.criterion, self.cuts, self.least_share)
    }

    /// The cells between which a cut may lie.
    fn candidates(&self, cells: Cells) -> Cells {
        match self.step {
            // What is below a multiple by rounding only is at it.
            Some(step) => cells.joined(|value| (value / step + 1e-9).floor() * step),
            None => cells,
        }
    }

    /// Where the cuts are.
    fn positions(&self, cells: &Cells, partition: &Partition) -> Vec<f64> {
        let position = |start: &usize| match self.step {
            Some(_) => cells.values[*start],
            None => f64::midpoint(cells.values[*start - 1], cells.values[*start]),
        };
        partition.starts.iter().map(position).collect()
    }

    fn interval(&self, draws: &[Vec<f64>], cut: usize) -> Option<Interval> {
        let mut values: Vec<f64> = draws.iter().map(|cuts| cuts[cut]).collect();
        let tail = self.confidence.tail();
        (values.len() > 1).then(|| {
            let bounds = [tail, 1.0 - tail].map(|level| describe::quantile(&mut values, level));
            Interval::in_order(bounds[0], bounds[1], self.confidence)
        })
    }

    /// The approximate probability that the best of all cuts is as good by chance.
    fn miller_siegmund(&self, whole: &Proportion, value: f64) -> Option<f64> {
        let asked = self.cuts == 1 && self.criterion == Criterion::Variance;
        asked.then(|| maximally_selected((whole.effective_n() * value).sqrt(), self.least_share))
    }
}

/// P(max |Z| ≥ b) over the cuts with a share of ε or more on either side.
fn maximally_selected(b: f64, least_share: f64) -> f64 {
    // Below 1 the tail of the approximation does not hold, and the probability is as good as 1.
    if b <= 1.0 {
        return 1.0;
    }
    let density = Normal::standard().pdf(b);
    let range = 2.0 * ((1.0 - least_share) / least_share).ln();
    (density * (b - 1.0 / b) * range + 4.0 * density / b).min(1.0)
}

/// The respondents between the cuts.
fn segments(cells: &Cells, starts: &[usize]) -> Vec<Proportion> {
    let bounds: Vec<usize> = [0].into_iter().chain(starts.iter().copied()).chain([cells.len()]).collect();
    bounds.windows(2).filter_map(|pair| cells.proportion(pair[0]..pair[1])).collect()
}
