//! What is zero, constant, dependent or equal up to rounding: the one place that decides it.
//!
//! # Derivation
//!
//! A number carries a relative error of at most u = 2⁻⁵³. A sum of n products is computed with an error of at most
//! γₙ Σ|terms|, γₙ = nu/(1 − nu), in whatever order the terms are added (Higham 2002, *Accuracy and Stability of Numerical
//! Algorithms*, sec. 3.1, <https://doi.org/10.1137/1.9780898718027>). So a sum says something only where it is larger than a
//! share of the sizes that went into it; below that it is rounding, and another order of the terms gives another number and
//! another sign.
//!
//! [`ROUNDING`] is that share: γₙ for n = 9,000. Sums over respondents are made in blocks of 256 rows, so that no term
//! goes through more than 256 + N/256 additions, which is less than 9,000 up to two million respondents. Information
//! as small as that does not exist: answers have fewer than twelve digits.
//!
//! What a size is, follows from the question:
//!
//! | question | number | size |
//! |---|---|---|
//! | is a sum zero, and which sign has it? | Σt | Σ\|t\| |
//! | is a covariance zero? | sᵢⱼ | √(sᵢᵢsⱼⱼ), at most what its terms add up to (Cauchy–Schwarz) |
//! | is a column constant? | its standard deviation | its largest \|x\|, or \|x̄\| |
//! | is a variance from sums of squares zero? | Σx² − (Σx)²/n | Σx² |
//! | does a variable depend on others? | the variance that they leave it | its variance |
//! | are two numbers equal? | a − b | the larger of \|a\| and \|b\| |
//!
//! A number that is not finite is neither zero nor equal to anything.

use crate::numeric::number::Number;

/// The share of the sizes that went in below which a result is rounding.
pub(crate) const ROUNDING: f64 = 1e-12;

/// A variable of whose variance others leave no more than this share depends on them linearly: its squared multiple
/// correlation with them is above 1 − 10⁻¹².
pub(crate) const PIVOT: f64 = ROUNDING;

/// How far a figure of an iteration may lie from where it converges to: iterations end when nothing changes by more than
/// 10⁻¹⁰. So the loading of a single indicator may exceed 1 by this.
pub(crate) const CONVERGED: f64 = 1e-9;

/// Is a result zero, given the sizes that went into it?
pub(crate) fn is_zero(value: f64, size: f64) -> bool {
    value.abs() <= ROUNDING * size && size < f64::INFINITY
}

/// The results, with 0 where they are zero up to rounding.
#[inline(always)]
pub(crate) fn settled<N: Number>(value: N, size: N) -> N {
    let rounding = (size * size.splat(ROUNDING)).greater(value.abs());
    value.zero().where_else(rounding, value)
}

/// Σt, term by term.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sum<N> {
    pub(crate) value: N,
    /// Σ|t|.
    pub(crate) size: N,
}

impl<N: Number> Sum<N> {
    #[inline(always)]
    pub(crate) fn new(zero: N) -> Self {
        Self { value: zero, size: zero }
    }

    #[inline(always)]
    pub(crate) fn add(&mut self, term: N) {
        self.value += term;
        self.size += term.abs();
    }

    /// The sum, which is 0 where it is zero up to rounding.
    #[inline(always)]
    pub(crate) fn settled(self) -> N {
        settled(self.value, self.size)
    }
}

/// Σt, which is 0 where it is zero up to rounding.
pub(crate) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = Sum::new(0.0);
    terms.into_iter().for_each(|term| sum.add(term));
    sum.settled()
}

/// Are two numbers the same?
pub(crate) fn equal(a: f64, b: f64) -> bool {
    a == b || is_zero(a - b, a.abs().max(b.abs()))
}

/// Do numbers of this size that scatter by this standard deviation, or over this range, all stand for the same one?
pub(crate) fn is_constant(scatter: f64, size: f64) -> bool {
    is_zero(scatter, size)
}

/// Have other variables left nothing of a variable's variance? Also true where what is left is negative or NaN.
pub(crate) fn is_dependent(left: f64, variance: f64) -> bool {
    let enough = left > PIVOT * variance;
    !(enough && left.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// γₙ.
    fn gamma(n: f64) -> f64 {
        let unit = f64::EPSILON / 2.0;
        n * unit / (1.0 - n * unit)
    }

    #[test]
    fn the_share_covers_the_sums_that_are_made() {
        assert!(gamma(9_000.0) <= ROUNDING && ROUNDING < gamma(9_010.0));
        let additions = |respondents: f64| 256.0 + respondents / 256.0;
        assert!(additions(2e6) < 9_000.0);
    }

    #[test]
    fn sums_that_cancel_are_zero_in_any_order() {
        let terms = [0.1, 0.2, -0.3, 0.7, -0.7];
        for shift in 0..terms.len() {
            let shifted = (0..terms.len()).map(|at| terms[(at + shift) % terms.len()]);
            assert_eq!(sum(shifted), 0.0);
        }
        // What is left here is a number, not rounding: eight digits of it are right.
        assert_eq!(sum([1.0, 1e-8, -1.0]), (1.0 + 1e-8) - 1.0);
        assert_eq!(sum([1e-300, 1e-300]), 2e-300);
        assert_eq!(sum([]), 0.0);
    }

    #[test]
    fn a_size_belongs_to_each_question() {
        assert!(equal(0.1 + 0.2, 0.3) && equal(0.0, -0.0) && !equal(1.0, 1.0 + 1e-11) && !equal(1e-300, 2e-300));
        assert!(is_constant(5.6e-17, 0.3) && is_constant(0.0, 0.0) && !is_constant(1e-11, 1.0));
        assert!(is_dependent(1e-13, 1.0) && is_dependent(-1.0, 1.0) && is_dependent(0.0, 0.0));
        assert!(!is_dependent(1e-11, 1.0) && !is_dependent(1e-311, 1e-300));
        assert_eq!((settled(-5e-17, 1.0), settled(-5e-11, 1.0)), (0.0, -5e-11));
    }

    #[test]
    fn what_is_not_finite_is_not_zero() {
        for value in [f64::NAN, f64::INFINITY] {
            assert!(!is_zero(value, 1.0) && !equal(value, 1.0) && !is_constant(value, 1.0) && is_dependent(value, 1.0));
            assert!(settled(value, 1.0).is_nan() == value.is_nan());
        }
        assert!(!is_zero(1.0, f64::NAN) && !is_zero(f64::INFINITY, f64::INFINITY) && is_dependent(1.0, f64::NAN));
        assert_eq!([1e-13, -1e-13, 1.0, 0.0].map(|value| settled(value, 1.0)), [0.0, 0.0, 1.0, 0.0]);
    }
}
