//! Several numbers side by side: one for each problem that is solved at the same time.
//!
//! A kernel written once over `Lane<L>` solves one problem with `L = 1` and eight with `L = 8`; the compiler
//! turns the latter into vector instructions. Every lane goes through the same operations in the same order
//! whatever `L` is, so a result does not depend on its neighbours.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// `L` numbers that do not know of each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lane<const L: usize>(pub(crate) [f64; L]);

/// One truth value for each lane.
pub(crate) type Mask<const L: usize> = [bool; L];

impl<const L: usize> Lane<L> {
    pub(crate) const ZERO: Self = Self([0.0; L]);
    pub(crate) const ONE: Self = Self([1.0; L]);

    #[inline(always)]
    fn zip(self, other: Self, operation: impl Fn(f64, f64) -> f64) -> Self {
        // Indices, not iterators: the compiler makes vector instructions of these and not of an array's `zip`.
        let mut result = self;
        for lane in 0..L {
            result.0[lane] = operation(self.0[lane], other.0[lane]);
        }
        result
    }

    #[inline(always)]
    pub(crate) fn map(self, operation: impl Fn(f64) -> f64) -> Self {
        let mut result = self;
        for lane in 0..L {
            result.0[lane] = operation(self.0[lane]);
        }
        result
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        self.map(f64::abs)
    }

    #[inline(always)]
    pub(crate) fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }

    /// This number where the mask is set, the other one elsewhere.
    #[inline(always)]
    pub(crate) fn where_else(self, mask: Mask<L>, other: Self) -> Self {
        let mut result = other;
        for lane in 0..L {
            result.0[lane] = if mask[lane] { self.0[lane] } else { other.0[lane] };
        }
        result
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident),*) => {$(
        impl<const L: usize> $trait for Lane<L> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                self.zip(other, $trait::$method)
            }
        }
    )*};
}
operators!(Add add, Sub sub, Mul mul, Div div);

impl<const L: usize> Neg for Lane<L> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        self.map(f64::neg)
    }
}

impl<const L: usize> AddAssign for Lane<L> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const L: usize> SubAssign for Lane<L> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}
