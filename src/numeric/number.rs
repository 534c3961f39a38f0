//! What the kernels calculate in: a number, or several side by side in a vector register.
//!
//! A kernel is written once over [`Number`]. With `f64` it solves one problem; with [`Register`] it solves as many as the
//! machine's registers have lanes. Every lane goes through the same operations in the same order whatever the instruction
//! set is, and nothing is fused, so a result does not depend on its neighbours.
//!
//! The instructions of a [`Register`] are made where the kernel is inlined into a function that is compiled for them:
//! hence `inline(always)` on all that a kernel calls, and [`Number::apart`] for a piece that is to be compiled once.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Div, Mul, Neg, Not, Sub, SubAssign};

use pulp::{Simd, WithSimd, bytemuck};

/// Real numbers, one in each lane, that do not know of each other.
///
/// A register can be made only where its instructions are known to exist, and so from another one: [`Number::splat`].
pub(crate) trait Number:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
{
    /// How many lanes there are.
    const LANES: usize;

    /// One truth value for each lane.
    type Mask: Mask;

    /// The same value in every lane.
    fn splat(self, value: f64) -> Self;

    /// The first values of a slice, one in each lane.
    fn load(self, values: &[f64]) -> Self;

    /// The value of each lane.
    fn lanes(&self) -> &[f64];

    /// The square root.
    fn sqrt(self) -> Self;

    /// The absolute value.
    fn abs(self) -> Self;

    /// A function of each lane, for what no instruction calculates.
    fn map(self, function: fn(f64) -> f64) -> Self;

    /// Where this number is greater; false for NaN.
    fn greater(self, other: Self) -> Self::Mask;

    /// This number where the mask is set, the other one elsewhere.
    fn where_else(self, mask: Self::Mask, other: Self) -> Self;

    /// Runs a piece of a kernel that is compiled once for each instruction set, not once for each caller.
    fn apart(self, piece: impl Piece);

    /// 0 in every lane.
    #[inline(always)]
    fn zero(self) -> Self {
        self.splat(0.0)
    }

    /// 1 in every lane.
    #[inline(always)]
    fn one(self) -> Self {
        self.splat(1.0)
    }

    /// This number where the mask is set, NaN elsewhere: a figure where it is defined.
    #[inline(always)]
    fn only_where(self, mask: Self::Mask) -> Self {
        self.where_else(mask, self.splat(f64::NAN))
    }

    /// The greater of two numbers; the other one where this one is NaN.
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.where_else(self.greater(other), other)
    }

    /// The sign of each number; the sign of 0 is 0.
    #[inline(always)]
    fn signum(self) -> Self {
        let (zero, one) = (self.zero(), self.one());
        let negative = (-one).where_else(zero.greater(self), zero);
        one.where_else(self.greater(zero), negative)
    }
}

/// Truth values, one in each lane.
pub(crate) trait Mask: Copy + Debug + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self> {
    /// Is the value of any lane true?
    fn any(self) -> bool;

    /// The value of one lane.
    fn lane(self, at: usize) -> bool;

    /// Writes the values, one for each lane.
    #[inline(always)]
    fn write(self, truths: &mut [bool]) {
        let any = self.any();
        for (at, truth) in truths.iter_mut().enumerate() {
            *truth = any && self.lane(at);
        }
    }

    /// Is the value of every lane true?
    #[inline(always)]
    fn all(self) -> bool {
        !(!self).any()
    }
}

/// A piece of a kernel.
pub(crate) trait Piece {
    /// Does it. To be marked `inline(always)`.
    fn run(self);
}

impl Number for f64 {
    const LANES: usize = 1;
    type Mask = bool;

    #[inline(always)]
    fn splat(self, value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn load(self, values: &[f64]) -> Self {
        values[0]
    }

    #[inline(always)]
    fn lanes(&self) -> &[f64] {
        std::slice::from_ref(self)
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }

    #[inline(always)]
    fn map(self, function: fn(f64) -> f64) -> Self {
        function(self)
    }

    #[inline(always)]
    fn greater(self, other: Self) -> bool {
        self > other
    }

    #[inline(always)]
    fn where_else(self, mask: bool, other: Self) -> Self {
        if mask { self } else { other }
    }

    #[inline(never)]
    fn apart(self, piece: impl Piece) {
        piece.run();
    }
}

impl Mask for bool {
    #[inline(always)]
    fn any(self) -> bool {
        self
    }

    #[inline(always)]
    fn lane(self, _: usize) -> bool {
        self
    }
}

/// A vector register of an instruction set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Register<S: Simd> {
    simd: S,
    values: S::f64s,
}

impl<S: Simd> Register<S> {
    /// 0 in every lane.
    #[inline(always)]
    pub(crate) fn zeros(simd: S) -> Self {
        Self { simd, values: simd.splat_f64s(0.0) }
    }
}

impl<S: Simd> Number for Register<S> {
    const LANES: usize = S::F64_LANES;
    type Mask = Flags<S>;

    #[inline(always)]
    fn splat(self, value: f64) -> Self {
        Self { simd: self.simd, values: self.simd.splat_f64s(value) }
    }

    #[inline(always)]
    fn load(self, values: &[f64]) -> Self {
        Self { simd: self.simd, values: S::as_simd_f64s(values).0[0] }
    }

    #[inline(always)]
    fn lanes(&self) -> &[f64] {
        bytemuck::cast_slice(std::slice::from_ref(&self.values))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self { simd: self.simd, values: self.simd.sqrt_f64s(self.values) }
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self { simd: self.simd, values: self.simd.abs_f64s(self.values) }
    }

    #[inline(always)]
    fn map(mut self, function: fn(f64) -> f64) -> Self {
        for value in bytemuck::cast_slice_mut::<_, f64>(std::slice::from_mut(&mut self.values)) {
            *value = function(*value);
        }
        self
    }

    #[inline(always)]
    fn greater(self, other: Self) -> Flags<S> {
        Flags { simd: self.simd, flags: self.simd.less_than_f64s(other.values, self.values) }
    }

    #[inline(always)]
    fn where_else(self, mask: Flags<S>, other: Self) -> Self {
        Self { simd: self.simd, values: self.simd.select_f64s(mask.flags, self.values, other.values) }
    }

    #[inline(always)]
    fn apart(self, piece: impl Piece) {
        self.simd.vectorize(Apart(piece));
    }
}

/// A piece that is compiled for an instruction set.
struct Apart<P>(P);

impl<P: Piece> WithSimd for Apart<P> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.0.run();
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $instruction:ident),*) => {$(
        impl<S: Simd> $trait for Register<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self { simd: self.simd, values: self.simd.$instruction(self.values, other.values) }
            }
        }
    )*};
}
operators!(Add add add_f64s, Sub sub sub_f64s, Mul mul mul_f64s, Div div div_f64s);

impl<S: Simd> Neg for Register<S> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self { simd: self.simd, values: self.simd.neg_f64s(self.values) }
    }
}

impl<S: Simd> AddAssign for Register<S> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<S: Simd> SubAssign for Register<S> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

/// The truth values that go with a register.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flags<S: Simd> {
    simd: S,
    flags: S::m64s,
}

impl<S: Simd> BitAnd for Flags<S> {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self { simd: self.simd, flags: self.simd.and_m64s(self.flags, other.flags) }
    }
}

impl<S: Simd> BitOr for Flags<S> {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self { simd: self.simd, flags: self.simd.or_m64s(self.flags, other.flags) }
    }
}

impl<S: Simd> Not for Flags<S> {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        Self { simd: self.simd, flags: self.simd.not_m64s(self.flags) }
    }
}

impl<S: Simd> Mask for Flags<S> {
    #[inline(always)]
    fn any(self) -> bool {
        let flags = std::slice::from_ref(&self.flags);
        // As wide as the register, or one bit for each lane.
        if const { size_of::<S::m64s>() == size_of::<S::f64s>() } {
            bytemuck::cast_slice::<_, u64>(flags).iter().fold(0, |all, flag| all | flag) != 0
        } else {
            bytemuck::cast_slice::<_, u8>(flags).iter().any(|flags| *flags != 0)
        }
    }

    #[inline(always)]
    fn lane(self, at: usize) -> bool {
        let zero = self.simd.splat_f64s(0.0);
        let values = self.simd.select_f64s(self.flags, self.simd.splat_f64s(1.0), zero);
        bytemuck::cast_slice::<_, f64>(std::slice::from_ref(&values))[at] > 0.0
    }
}

/// Σ aᵢbᵢ, added to `sum`.
#[inline(always)]
pub(crate) fn dot<N: Number>(mut sum: N, a: &[N], b: &[N]) -> N {
    for (a, b) in a.iter().zip(b) {
        sum += *a * *b;
    }
    sum
}

/// y += a x.
#[inline(always)]
pub(crate) fn add_scaled<N: Number>(y: &mut [N], a: N, x: &[N]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * *x;
    }
}

/// Replaces the lower triangle of a positive definite matrix (columns of `size`, 1 or more) by its Cholesky factor, with
/// the reciprocals of the pivots on the diagonal; gives the lanes that are positive definite to working precision.
#[inline(always)]
pub(crate) fn factor<N: Number>(matrix: &mut [N], size: usize, pivot: f64) -> N::Mask {
    let pivot = matrix[0].splat(pivot);
    let one = pivot.one();
    let mut sound = one.greater(one.zero());
    for column in 0..size {
        let whole = matrix[column * size + column];
        let mut left = whole;
        for k in 0..column {
            let entry = matrix[k * size + column];
            left -= entry * entry;
        }
        sound = sound & left.greater(pivot * whole);
        let scale = one / left.sqrt();
        matrix[column * size + column] = scale;
        for row in column + 1..size {
            let mut entry = matrix[column * size + row];
            for k in 0..column {
                entry -= matrix[k * size + row] * matrix[k * size + column];
            }
            matrix[column * size + row] = entry * scale;
        }
    }
    sound
}

/// Solves A x = b in place, given what [`factor`] made of A.
#[inline(always)]
pub(crate) fn solve<N: Number>(factor: &[N], size: usize, x: &mut [N]) {
    for row in 0..size {
        let mut value = x[row];
        for k in 0..row {
            value -= factor[k * size + row] * x[k];
        }
        x[row] = value * factor[row * size + row];
    }
    for row in (0..size).rev() {
        let mut value = x[row];
        for k in row + 1..size {
            value -= factor[row * size + k] * x[k];
        }
        x[row] = value * factor[row * size + row];
    }
}

/// Replaces the lower triangle of a symmetric matrix (columns of `size`, 1 or more) by L and D of LDL′ = A, with the
/// reciprocals of D on the diagonal and L below it; gives the lanes in which no pivot is rounding. The matrix need not be
/// positive definite.
#[inline(always)]
pub(crate) fn factor_indefinite<N: Number>(matrix: &mut [N], size: usize, pivot: f64) -> N::Mask {
    let pivot = matrix[0].splat(pivot);
    let one = pivot.one();
    let mut sound = one.greater(one.zero());
    for column in 0..size {
        let whole = matrix[column * size + column];
        let mut left = whole;
        for k in 0..column {
            let entry = matrix[k * size + column];
            left -= entry * entry / matrix[k * size + k];
        }
        sound = sound & left.abs().greater(pivot * whole);
        // Until its row is done, an entry below the diagonal holds L times D.
        for row in column + 1..size {
            let mut entry = matrix[column * size + row];
            for k in 0..column {
                entry -= matrix[k * size + row] * matrix[k * size + column] / matrix[k * size + k];
            }
            matrix[column * size + row] = entry;
        }
        matrix[column * size + column] = left;
    }
    for column in 0..size {
        let scale = one / matrix[column * size + column];
        matrix[column * size + column] = scale;
        for row in column + 1..size {
            matrix[column * size + row] = matrix[column * size + row] * scale;
        }
    }
    sound
}

/// Solves A x = b in place, given what [`factor_indefinite`] made of A.
#[inline(always)]
pub(crate) fn solve_indefinite<N: Number>(factor: &[N], size: usize, x: &mut [N]) {
    for row in 0..size {
        for k in 0..row {
            let known = factor[k * size + row] * x[k];
            x[row] -= known;
        }
    }
    for row in (0..size).rev() {
        x[row] = x[row] * factor[row * size + row];
        for k in row + 1..size {
            let known = factor[row * size + k] * x[k];
            x[row] -= known;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_system_has_its_solution() {
        let mut matrix = [4.0, 2.0, 2.0, 3.0];
        assert!(factor(&mut matrix, 2, 1e-12));
        let mut x = [8.0, 7.0];
        solve(&matrix, 2, &mut x);
        assert_relative_eq!(x[0], 1.25, epsilon = 0.0, max_relative = 1e-15);
        assert_relative_eq!(x[1], 1.5, epsilon = 0.0, max_relative = 1e-15);
        assert!(!factor(&mut [1.0; 4], 2, 1e-12));
    }

    #[test]
    fn an_indefinite_system_has_its_solution() {
        // [[1, 2, 0], [2, 1, 1], [0, 1, -1]] with the solution (1, 2, 3); its second leading minor is -3. And a singular one.
        let mut matrix = [1.0, 2.0, 0.0, 2.0, 1.0, 1.0, 0.0, 1.0, -1.0];
        assert!(factor_indefinite(&mut matrix, 3, 1e-12));
        let mut x = [5.0, 7.0, -1.0];
        solve_indefinite(&matrix, 3, &mut x);
        for (found, expected) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert_relative_eq!(*found, expected, epsilon = 0.0, max_relative = 1e-15);
        }
        assert!(!factor_indefinite(&mut [1.0; 9], 3, 1e-12));
    }

    #[test]
    fn nan_is_neither_greater_nor_sound() {
        assert!(!Number::greater(f64::NAN, 0.0));
        assert_eq!((Number::signum(0.0), Number::signum(-2.0), Number::signum(f64::NAN)), (0.0, -1.0, 0.0));
        assert_eq!(Number::max(f64::NAN, 1.0), 1.0);
        assert!(!factor(&mut [f64::NAN], 1, 1e-12));
    }

    /// The registers of the machine do what `f64` does, lane by lane and to the bit.
    #[test]
    fn every_lane_is_a_number() {
        struct Compare;

        impl WithSimd for Compare {
            type Output = ();

            fn with_simd<S: Simd>(self, simd: S) {
                let special = [0.0, -0.0, 1.5, -2.25, f64::NAN, f64::INFINITY, 1e-300, 3.0];
                let zero = Register::zeros(simd);
                let lanes = Register::<S>::LANES;
                for turn in 0..special.len() {
                    let (mut first, mut second) = (special.repeat(2), special.repeat(2));
                    first.rotate_left(turn);
                    second.reverse();
                    let (a, b) = (zero.load(&first), zero.load(&second));
                    let mask = a.greater(b);
                    for lane in 0..lanes {
                        let (x, y) = (first[lane], second[lane]);
                        let pairs = [
                            (a + b, x + y),
                            (a - b, x - y),
                            (a * b, x * y),
                            (a / b, x / y),
                            (-a, -x),
                            (a.abs(), x.abs()),
                            (a.sqrt(), x.sqrt()),
                            (a.map(f64::ln), x.ln()),
                            (a.only_where(mask), if x > y { x } else { f64::NAN }),
                            (Number::signum(a), Number::signum(x)),
                            (Number::max(a, b), Number::max(x, y)),
                            (a.where_else(mask, b), Number::where_else(x, x > y, y)),
                        ];
                        for (found, expected) in pairs {
                            let found = found.lanes()[lane];
                            assert!(found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan());
                        }
                        assert_eq!(mask.lane(lane), x > y);
                    }
                    let truths: Vec<bool> = (0..lanes).map(|lane| first[lane] > second[lane]).collect();
                    assert_eq!(mask.any(), truths.contains(&true));
                    assert_eq!(mask.all(), !truths.contains(&false));
                }
            }
        }

        pulp::Arch::new().dispatch(Compare);
        Compare.with_simd(pulp::Scalar);
    }
}
