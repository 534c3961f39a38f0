//! The weights of many respondents at once.
//!
//! Eight matrices go side by side through the same operations, one to a vector lane, in workspace that is used again and
//! again.

use std::fmt;

use pulp::{Arch, Simd, WithSimd};

use crate::ahp::excess::misfit;
use crate::ahp::geometric;
use crate::ahp::judgement::{Judgements, cells};
use crate::ahp::perron::{self, Momentum};
use crate::ahp::priority::{Method, origin};
use crate::ahp::random_index::RandomIndex;
use crate::error::{ErrorKind, Result};
use crate::numeric::lane::{Lane, Mask};
use crate::numeric::{check, parallel};
use crate::serial;
use crate::table::{Column, Table};
use crate::weights::Weights;

/// The weights of many respondents who judged the same things: the same numbers, bit for bit, as
/// [`Judgements::priorities`] gives one by one, several times faster.
///
/// # Numerical notes
///
/// [`Method::Eigenvector`] and [`Method::GeometricMean`] of judgements without gaps are worked out with the vector
/// instructions of the processor, whatever the build; other methods, and judgements with gaps, one by one. Everything
/// runs on all cores with the feature `parallel`.
///
/// # Examples
///
/// ```
/// use satindex::ahp::{Batch, Judgements, Method, RandomIndex};
///
/// let first = Judgements::from_upper(["speed", "skill", "attitude"], &[2.0, 5.0, 3.0])?;
/// let second = first.with_upper(&[1.0, 4.0, 3.0])?;
/// let batch = Batch::new(Method::Eigenvector).run(&[first.clone(), second])?;
/// assert_eq!(batch.weights(0)?, *first.priorities(Method::Eigenvector)?.weights());
/// assert!(batch.cr(RandomIndex::Saaty)[1] < 0.01);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[must_use = "a specification does nothing until `run`"]
pub struct Batch {
    method: Method,
    consistency: bool,
}

impl Batch {
    /// Weights by a method, and the consistency of each respondent.
    pub fn new(method: Method) -> Self {
        Self { method, consistency: true }
    }

    /// Leaves the consistency out. It needs the eigenvector, which is most of the work where the weights come from another
    /// method.
    pub fn without_consistency(self) -> Self {
        Self { consistency: false, ..self }
    }

    /// The method in use.
    pub fn method_in_use(&self) -> Method {
        self.method
    }

    /// Is the consistency worked out as well?
    pub fn is_with_consistency(&self) -> bool {
        self.consistency
    }

    /// The weights of all respondents.
    ///
    /// # Errors
    ///
    /// No judgements; judgements of other things than the first respondent's, or in another order; as for
    /// [`Judgements::priorities`], naming the respondent. Respondents are counted from 1.
    pub fn run(self, judgements: &[Judgements]) -> Result<BatchPriorities> {
        let first = judgements.first().ok_or_else(|| ErrorKind::Empty { place: "the list of judgements".into() })?;
        let n = first.len();
        let blocks = parallel::map(judgements.len().div_ceil(BLOCK), |block| {
            let start = block * BLOCK;
            let part = &judgements[start..judgements.len().min(start + BLOCK)];
            self.block(first, part, start)
        });
        let mut weights = Vec::with_capacity(n * judgements.len());
        let mut ci = Vec::with_capacity(judgements.len());
        let mut unknown = Vec::new();
        for block in blocks {
            let block = block?;
            weights.extend_from_slice(&block.weights);
            ci.extend_from_slice(&block.ci);
            unknown.extend_from_slice(&block.unknown);
        }
        let labels = first.labels().to_vec();
        Ok(BatchPriorities { labels, method: self.method, weights, ci, unknown })
    }

    /// Respondents that one thread takes on.
    fn block(self, first: &Judgements, part: &[Judgements], start: usize) -> Result<Block> {
        let n = first.len();
        let place = |at: usize| format!("respondent {}", start + at + 1);
        for (at, judgements) in part.iter().enumerate() {
            if !first.same_labels(judgements) {
                let reason = "the labels are not those of respondent 1, in their order".into();
                return Err(ErrorKind::Mismatch { place: place(at), reason }.into());
            }
        }
        let mut block = Block { weights: vec![0.0; n * part.len()], ci: Vec::new(), unknown: Vec::new() };
        if self.consistency {
            block.ci.resize(part.len(), 0.0);
        }
        let side_by_side = matches!(self.method, Method::Eigenvector | Method::GeometricMean);
        let mut done = vec![false; part.len()];
        if side_by_side {
            let (work, level) = (Workspace::new(n), &vec![1.0; cells(n)]);
            Arch::new().dispatch(Job { batch: self, part, level, block: &mut block, done: &mut done, work });
        }
        for (at, judgements) in part.iter().enumerate().filter(|(at, _)| !done[*at]) {
            let priorities = judgements.priorities(self.method).map_err(|fault| fault.within(place(at)))?;
            block.weights[at * n..(at + 1) * n].copy_from_slice(priorities.weights().values());
            if let Some(ci) = block.ci.get_mut(at) {
                *ci = priorities.ci();
            }
            block.unknown.push((start + at, judgements.unknown().count()));
        }
        block.unknown.retain(|(_, unknown)| *unknown > 0);
        Ok(block)
    }
}

/// Matrices side by side.
const LANES: usize = 8;

/// Respondents that a thread takes on at a time.
const BLOCK: usize = 32 * LANES;

/// The results of a block of respondents.
struct Block {
    weights: Vec<f64>,
    /// Empty where it is not wanted.
    ci: Vec<f64>,
    /// Respondents with gaps, and how many.
    unknown: Vec<(usize, usize)>,
}

/// The part of a block that is worked out side by side; `done` tells for whom.
struct Job<'a> {
    batch: Batch,
    part: &'a [Judgements],
    /// An upper triangle of ones.
    level: &'a [f64],
    block: &'a mut Block,
    done: &'a mut [bool],
    work: Workspace<LANES>,
}

impl WithSimd for Job<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) {
        let n = self.work.x.len();
        let eigenvector = self.batch.method == Method::Eigenvector;
        for (group, judgements) in self.part.chunks(LANES).enumerate() {
            // Judgements with gaps wait for their turn alone; they and a last group's empty lanes are taken as all level.
            let complete = |lane: usize| judgements.get(lane).filter(|judgements| judgements.is_complete());
            let uppers: [Option<&[f64]>; LANES] = std::array::from_fn(|lane| complete(lane).map(Judgements::raw_upper));
            let known = uppers.map(|upper| upper.is_some());
            let uppers = uppers.map(|upper| upper.unwrap_or(self.level));
            let mut sound = [true; LANES];
            let mut excess = Lane::ZERO;
            if eigenvector || self.batch.consistency {
                self.work.load(&uppers);
                sound = self.work.eigenvector();
                excess = self.work.excess();
            }
            if !eigenvector {
                self.work.geometric_mean(&uppers);
            }
            self.work.normalise();
            for lane in 0..judgements.len() {
                let at = group * LANES + lane;
                self.done[at] = sound[lane] && known[lane];
                for (weight, x) in self.block.weights[at * n..(at + 1) * n].iter_mut().zip(&self.work.x) {
                    *weight = x.0[lane];
                }
                if let Some(ci) = self.block.ci.get_mut(at) {
                    *ci = if n < 3 { 0.0 } else { excess.0[lane] / (n * (n - 1)) as f64 };
                }
            }
        }
    }
}

/// Room for `L` matrices and their vectors.
struct Workspace<const L: usize> {
    matrix: Vec<Lane<L>>,
    x: Vec<Lane<L>>,
    work: Vec<Lane<L>>,
}

#[allow(clippy::inline_always, reason = "inlined into code compiled for the processor at hand")]
impl<const L: usize> Workspace<L> {
    fn new(n: usize) -> Self {
        Self { matrix: vec![Lane::ONE; n * n], x: vec![Lane::ZERO; n], work: vec![Lane::ZERO; 2 * n] }
    }

    #[inline(always)]
    fn load(&mut self, uppers: &[&[f64]; L]) {
        let n = self.x.len();
        let mut at = 0;
        for i in 0..n {
            for j in i + 1..n {
                let mut ratio = Lane::ONE;
                for lane in 0..L {
                    ratio.0[lane] = uppers[lane][at];
                }
                at += 1;
                self.matrix[i * n + j] = ratio;
                self.matrix[j * n + i] = Lane::ONE / ratio;
            }
        }
    }

    /// The eigenvector from the reciprocal column sums, as in `priority::eigenvector`.
    #[inline(always)]
    fn eigenvector(&mut self) -> Mask<L> {
        let n = self.x.len();
        self.x.fill(Lane::ZERO);
        for row in self.matrix.chunks_exact(n) {
            for (sum, ratio) in self.x.iter_mut().zip(row) {
                *sum += *ratio;
            }
        }
        for x in &mut self.x {
            *x = Lane::ONE / *x;
        }
        self.normalise();
        perron::power(&self.matrix, Momentum::Reciprocal, &mut self.x, &mut self.work)
    }

    /// n times how far λ lies above n, as `excess::excess`.
    #[inline(always)]
    fn excess(&mut self) -> Lane<L> {
        let n = self.x.len();
        let inverse = &mut self.work[..n];
        for (inverse, x) in inverse.iter_mut().zip(&self.x) {
            *inverse = Lane::ONE / *x;
        }
        let mut sum = Lane::ZERO;
        for i in 0..n {
            for j in i + 1..n {
                let (ratio, reverse) = (self.matrix[i * n + j], self.matrix[j * n + i]);
                for lane in 0..L {
                    let w = [self.x[i].0[lane], self.x[j].0[lane]];
                    let inverse = [inverse[i].0[lane], inverse[j].0[lane]];
                    sum.0[lane] += misfit(ratio.0[lane], reverse.0[lane], w, inverse);
                }
            }
        }
        sum.max(Lane::ZERO)
    }

    #[inline(always)]
    fn geometric_mean(&mut self, uppers: &[&[f64]; L]) {
        let n = self.x.len();
        geometric::log_means(uppers, &mut self.x, &mut self.work[..n]);
        for x in &mut self.x {
            *x = x.map(f64::exp2);
        }
    }

    #[inline(always)]
    fn normalise(&mut self) {
        let mut sum = Lane::ZERO;
        for x in &self.x {
            sum += *x;
        }
        for x in &mut self.x {
            *x = *x / sum;
        }
    }
}

/// The weights of many respondents.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct BatchPriorities {
    labels: Vec<String>,
    method: Method,
    /// One respondent after the other.
    weights: Vec<f64>,
    ci: Vec<f64>,
    unknown: Vec<(usize, usize)>,
}

checked_when_read!(BatchPriorities);

impl BatchPriorities {
    /// The things compared.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The method of the weights.
    pub fn method(&self) -> Method {
        self.method
    }

    /// How many respondents there are; never 0.
    #[allow(clippy::len_without_is_empty, reason = "there is always a respondent")]
    pub fn len(&self) -> usize {
        self.weights.len() / self.labels.len()
    }

    /// The weights of each respondent, in the order of the labels.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.weights.chunks_exact(self.labels.len())
    }

    /// The weights of one respondent, counted from 0.
    ///
    /// # Errors
    ///
    /// When there are not so many.
    pub fn weights(&self, respondent: usize) -> Result<Weights> {
        let values =
            self.values().nth(respondent).ok_or_else(|| check::unknown(&respondent.to_string(), "respondent"))?;
        let unknown = self.unknown.iter().find(|(at, _)| *at == respondent).map_or(0, |(_, unknown)| *unknown);
        Ok(Weights::settled(self.labels.clone(), values.to_vec(), origin(self.method, unknown)))
    }

    /// CI of each respondent, as [`Priorities::ci`](crate::ahp::Priorities::ci); nothing
    /// [without consistency](Batch::without_consistency).
    pub fn ci(&self) -> &[f64] {
        &self.ci
    }

    /// CR of each respondent, as [`Consistency::cr`](crate::ahp::Consistency::cr); nothing
    /// [without consistency](Batch::without_consistency).
    pub fn cr(&self, table: RandomIndex) -> Vec<f64> {
        let n = self.labels.len();
        let ratio = |ci: f64, random: f64| if random > 0.0 { ci / random } else { 0.0 };
        let random = table.value(n);
        let mut ratios: Vec<f64> = self.ci.iter().map(|ci| ratio(*ci, random)).collect();
        for (respondent, unknown) in &self.unknown {
            if let Some(cr) = ratios.get_mut(*respondent) {
                *cr = ratio(self.ci[*respondent], table.value_with_gaps(n, *unknown));
            }
        }
        ratios
    }

    /// The weights as a table, one row for each respondent.
    pub fn table(&self) -> Table {
        let numbers = Column::count("respondent", 1..=self.len());
        let table = Table::new(format!("Weights of {} respondents ({})", self.len(), self.method)).column(numbers);
        let table = self.labels.iter().enumerate().fold(table, |table, (at, label)| {
            table.column(Column::number(label, self.values().map(|weights| weights[at])).decimals(4))
        });
        if self.ci.is_empty() { table } else { table.column(Column::number("CI", self.ci.iter().copied()).decimals(4)) }
    }

    fn check(&self) -> Result<()> {
        check::names(&self.labels, "label")?;
        let count = self.len();
        check::length(self.weights.len(), count.max(1) * self.labels.len(), || "the list of weights".into())?;
        if !self.ci.is_empty() {
            check::length(self.ci.len(), count, || "the list of consistency indices".into())?;
        }
        serial::not_negative("a weight", &self.weights)?;
        serial::not_negative("a consistency index", &self.ci)?;
        for (respondent, _) in &self.unknown {
            let place = || "a respondent with gaps".into();
            check::domain(*respondent as f64, *respondent < count, place, &format!("a number below {count}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for BatchPriorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
