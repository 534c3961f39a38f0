//! The index of a construct as a function of the answers to its indicators.

use nalgebra::DMatrix;

use crate::numeric::number::Number;
use crate::numeric::rounding::ROUNDING;
use crate::survey::Scale;

/// The anchors of an indicator's scale; all 0 where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ends<N> {
    pub(crate) worst: N,
    /// From the worst to the best: negative where low answers are good.
    pub(crate) range: N,
    /// The same of the answers that it is made of, each for itself: more where their weights go against each other.
    pub(crate) extent: N,
}

impl Ends<f64> {
    pub(crate) const NONE: Self = Self { worst: 0.0, range: 0.0, extent: 0.0 };

    /// The same in every lane.
    #[inline(always)]
    pub(crate) fn splat<N: Number>(self, zero: N) -> Ends<N> {
        Ends { worst: zero.splat(self.worst), range: zero.splat(self.range), extent: zero.splat(self.extent) }
    }

    /// Of answers that were centred and scaled.
    pub(crate) fn of(scale: Option<Scale>, centre: f64, unit: f64) -> Self {
        let Some(scale) = scale else { return Self::NONE };
        let (worst, best) = (scale.from_hundred(0.0), scale.from_hundred(100.0));
        let range = (best - worst) / unit;
        Self { worst: (worst - centre) / unit, range, extent: range.abs() }
    }
}

/// The sums of which an index 100 Σ wᵢ(xᵢ − worstᵢ) / Σ wᵢ rangeᵢ is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IndexSums<N> {
    above: N,
    whole: N,
    sizes: N,
}

impl<N: Number> IndexSums<N> {
    #[inline(always)]
    pub(crate) fn new(zero: N) -> Self {
        Self { above: zero, whole: zero, sizes: zero }
    }

    /// Adds an answer, or a mean, with its unstandardised weight.
    #[inline(always)]
    pub(crate) fn add(&mut self, weight: N, answer: N, ends: Ends<N>) {
        self.above += weight * (answer - ends.worst);
        self.whole += weight * ends.range;
        self.sizes += weight.abs() * ends.extent;
    }

    /// The index.
    #[inline(always)]
    pub(crate) fn index(self) -> N {
        self.above * self.above.splat(100.0) / self.whole
    }

    /// Where the weights have both signs, once all scales point the same way.
    #[inline(always)]
    pub(crate) fn is_mixed(self) -> N::Mask {
        (self.sizes * self.sizes.splat(1.0 - ROUNDING)).greater(self.whole.abs())
    }
}

/// The index of a construct: the weights and scales of its indicators.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LinearIndex {
    /// The first of its indicators.
    pub(crate) first: usize,
    parts: Vec<(f64, Ends<f64>)>,
    /// By how many points the index is higher where an answer is higher by 1.
    pub(crate) slopes: Vec<f64>,
}

impl LinearIndex {
    /// `parts` holds the weight of each answer as it was given, and its scale; the weights times the ranges have the sum
    /// `whole`.
    pub(crate) fn new(first: usize, parts: impl IntoIterator<Item = (f64, Scale)>, whole: f64) -> Self {
        let ends = |(weight, scale)| (weight, Ends::of(Some(scale), 0.0, 1.0));
        let parts: Vec<_> = parts.into_iter().map(ends).collect();
        let slopes = parts.iter().map(|(weight, _)| 100.0 / whole * weight).collect();
        Self { first, parts, slopes }
    }

    /// The value at the answers (or means) of the construct's indicators.
    pub(crate) fn at(&self, answers: impl IntoIterator<Item = f64>) -> f64 {
        let mut sums = IndexSums::new(0.0);
        self.parts.iter().zip(answers).for_each(|((weight, ends), answer)| sums.add(*weight, answer, *ends));
        sums.index()
    }

    /// Its variance among the respondents. Covariances of answers with gaps can give a negative one: then 0.
    pub(crate) fn variance(&self, covariance: &DMatrix<f64>) -> f64 {
        let row = |(slope, at): (&f64, usize)| slope * self.at_covariances(covariance, at);
        self.slopes.iter().zip(self.first..).map(row).sum::<f64>().max(0.0)
    }

    fn at_covariances(&self, covariance: &DMatrix<f64>, row: usize) -> f64 {
        self.slopes.iter().zip(self.first..).map(|(slope, at)| slope * covariance[(row, at)]).sum()
    }
}
