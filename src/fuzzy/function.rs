//! Membership functions: from a number to the degree to which it belongs to a grade.

use crate::error::{ErrorKind, Result};
use crate::numeric::check;

/// A function from numbers to degrees of membership in \[0, 1\].
///
/// # Formula
///
/// With the ramp ρ(x; a, b), which is 0 up to a, 1 from b on and (x − a)/(b − a) between, and the spline
/// σ(ρ) = 2ρ² up to ρ = ½ and 1 − 2(1 − ρ)² beyond:
///
/// | function | degree of x |
/// |---|---|
/// | rising line (half-linear) | ρ(x; a, b) |
/// | falling line (half-linear) | 1 − ρ(x; a, b) |
/// | triangular | min(ρ(x; a, b), 1 − ρ(x; b, c)) |
/// | trapezoidal | min(ρ(x; a, b), 1 − ρ(x; c, d)) |
/// | S | σ(ρ(x; a, b)) |
/// | Z | σ(1 − ρ(x; a, b)) = 1 − σ(ρ(x; a, b)) |
/// | Π | min(σ(ρ(x; a, b)), σ(1 − ρ(x; c, d))) |
/// | Gaussian | exp(−(x − c)² / 2s²) |
/// | sigmoid | 1 / (1 + exp(−k(x − c))) |
///
/// Where a = b, the ramp is a step, and the step belongs to the top: a triangle with a = b is 1 at a.
///
/// # References
///
/// Zadeh, L. A. (1975), The concept of a linguistic variable and its application to approximate reasoning I,
/// *Information Sciences* 8, 199–249 (S and Π functions), doi:10.1016/0020-0255(75)90036-5.
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::MembershipFunction;
///
/// let about_50 = MembershipFunction::triangular(40.0, 50.0, 70.0)?;
/// assert_eq!(about_50.degree(45.0)?, 0.5);
/// assert_eq!(about_50.degree(60.0)?, 0.5);
/// assert!(MembershipFunction::triangular(50.0, 40.0, 70.0).is_err());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Shape", into = "Shape"))]
pub struct MembershipFunction(Shape);

#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
enum Shape {
    RisingLine { a: f64, b: f64 },
    FallingLine { a: f64, b: f64 },
    Triangular { a: f64, b: f64, c: f64 },
    Trapezoidal { a: f64, b: f64, c: f64, d: f64 },
    S { a: f64, b: f64 },
    Z { a: f64, b: f64 },
    Pi { a: f64, b: f64, c: f64, d: f64 },
    Gaussian { centre: f64, spread: f64 },
    Sigmoid { centre: f64, slope: f64 },
}

impl TryFrom<Shape> for MembershipFunction {
    type Error = crate::error::Error;

    fn try_from(shape: Shape) -> Result<Self> {
        match shape {
            Shape::RisingLine { a, b } | Shape::FallingLine { a, b } | Shape::S { a, b } | Shape::Z { a, b } => {
                ascending(&[a, b], a < b)?;
            }
            Shape::Triangular { a, b, c } => ascending(&[a, b, c], a < c)?,
            Shape::Trapezoidal { a, b, c, d } | Shape::Pi { a, b, c, d } => ascending(&[a, b, c, d], a < d)?,
            Shape::Gaussian { centre, spread } => {
                check::finite(centre, || "the centre of a membership function".into())?;
                check::positive(spread, || "the spread of a membership function".into())?;
            }
            Shape::Sigmoid { centre, slope } => {
                check::finite(centre, || "the centre of a membership function".into())?;
                let place = || "the slope of a membership function".into();
                check::domain(slope, slope != 0.0, place, "a number other than 0")?;
            }
        }
        Ok(Self(shape))
    }
}

impl From<MembershipFunction> for Shape {
    fn from(function: MembershipFunction) -> Self {
        function.0
    }
}

/// Checks that the corners of a function are finite and in order, and that it has a `width`.
fn ascending(corners: &[f64], width: bool) -> Result<()> {
    for (corner, letter) in corners.iter().zip('a'..) {
        check::finite(*corner, || format!("corner {letter} of a membership function"))?;
    }
    for ((pair, first), second) in corners.windows(2).zip('a'..).zip('b'..) {
        let place = || format!("corner {second} of a membership function");
        check::domain(pair[1], pair[0] <= pair[1], place, &format!("at least corner {first}, {}", pair[0]))?;
    }
    if width {
        return Ok(());
    }
    let reason = "all its corners are the same".into();
    Err(ErrorKind::Degenerate { place: "a membership function".into(), reason }.into())
}

/// 0 up to `a`, 1 from `b` on, a line between.
fn ramp(x: f64, a: f64, b: f64) -> f64 {
    if x >= b {
        1.0
    } else if x <= a {
        0.0
    } else if (b - a).is_finite() {
        (x - a) / (b - a)
    } else {
        (x / 2.0 - a / 2.0) / (b / 2.0 - a / 2.0)
    }
}

/// The way down: 1 up to `a`, 0 beyond `b`.
fn fall(x: f64, a: f64, b: f64) -> f64 {
    if x <= a { 1.0 } else { 1.0 - ramp(x, a, b) }
}

/// The spline through (0, 0), (½, ½) and (1, 1), level at both ends.
fn spline(t: f64) -> f64 {
    if t <= 0.5 { 2.0 * t * t } else { 1.0 - 2.0 * (1.0 - t) * (1.0 - t) }
}

impl MembershipFunction {
    /// 0 up to `a`, 1 from `b` on, a line between: "the more, the more so".
    ///
    /// # Errors
    ///
    /// Unless a < b, both finite.
    pub fn rising_line(a: f64, b: f64) -> Result<Self> {
        Shape::RisingLine { a, b }.try_into()
    }

    /// 1 up to `a`, 0 from `b` on, a line between: "the less, the more so".
    ///
    /// # Errors
    ///
    /// Unless a < b, both finite.
    pub fn falling_line(a: f64, b: f64) -> Result<Self> {
        Shape::FallingLine { a, b }.try_into()
    }

    /// Up from `a` to 1 at `b`, down to `c`.
    ///
    /// # Errors
    ///
    /// Unless a ≤ b ≤ c and a < c, all finite.
    pub fn triangular(a: f64, b: f64, c: f64) -> Result<Self> {
        Shape::Triangular { a, b, c }.try_into()
    }

    /// Up from `a` to 1 at `b`, level to `c`, down to `d`.
    ///
    /// # Errors
    ///
    /// Unless a ≤ b ≤ c ≤ d and a < d, all finite.
    pub fn trapezoidal(a: f64, b: f64, c: f64, d: f64) -> Result<Self> {
        Shape::Trapezoidal { a, b, c, d }.try_into()
    }

    /// A smooth way up from 0 at `a` to 1 at `b`.
    ///
    /// # Errors
    ///
    /// Unless a < b, both finite.
    pub fn s(a: f64, b: f64) -> Result<Self> {
        Shape::S { a, b }.try_into()
    }

    /// A smooth way down from 1 at `a` to 0 at `b`.
    ///
    /// # Errors
    ///
    /// Unless a < b, both finite.
    pub fn z(a: f64, b: f64) -> Result<Self> {
        Shape::Z { a, b }.try_into()
    }

    /// A smooth way up from `a` to 1 at `b`, level to `c`, a smooth way down to `d`.
    ///
    /// # Errors
    ///
    /// Unless a ≤ b ≤ c ≤ d and a < d, all finite.
    pub fn pi(a: f64, b: f64, c: f64, d: f64) -> Result<Self> {
        Shape::Pi { a, b, c, d }.try_into()
    }

    /// A bell: 1 at the centre, e^(−½) one spread away.
    ///
    /// # Errors
    ///
    /// Unless both are finite and the spread is positive.
    pub fn gaussian(centre: f64, spread: f64) -> Result<Self> {
        Shape::Gaussian { centre, spread }.try_into()
    }

    /// ½ at the centre, towards 1 on the right of it if the slope is positive and on the left if it is negative.
    ///
    /// # Errors
    ///
    /// Unless both are finite and the slope is not 0.
    pub fn sigmoid(centre: f64, slope: f64) -> Result<Self> {
        Shape::Sigmoid { centre, slope }.try_into()
    }

    /// The degree of a number.
    ///
    /// # Errors
    ///
    /// When the number is not finite.
    pub fn degree(&self, x: f64) -> Result<f64> {
        check::finite(x, || "the argument of a membership function".into())?;
        Ok(match self.0 {
            Shape::RisingLine { a, b } => ramp(x, a, b),
            Shape::FallingLine { a, b } => fall(x, a, b),
            Shape::Triangular { a, b, c } => ramp(x, a, b).min(fall(x, b, c)),
            Shape::Trapezoidal { a, b, c, d } => ramp(x, a, b).min(fall(x, c, d)),
            Shape::S { a, b } => spline(ramp(x, a, b)),
            Shape::Z { a, b } => spline(fall(x, a, b)),
            Shape::Pi { a, b, c, d } => spline(ramp(x, a, b)).min(spline(fall(x, c, d))),
            // Half the distance is finite wherever the corners are.
            Shape::Gaussian { centre, spread } => {
                let half = (x / 2.0 - centre / 2.0) / spread;
                (-2.0 * half * half).exp()
            }
            Shape::Sigmoid { centre, slope } => 1.0 / (1.0 + (-2.0 * (slope * (x / 2.0 - centre / 2.0))).exp()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    type F = MembershipFunction;

    fn at(function: Result<F>, x: f64) -> f64 {
        function.unwrap().degree(x).unwrap()
    }

    #[test]
    fn corners_middles_and_tails() {
        for (x, rising, triangle, trapezium) in [
            (0.0, 0.0, 0.0, 0.0),
            (1.0, 0.5, 0.5, 0.5),
            (2.0, 1.0, 1.0, 1.0),
            (3.0, 1.0, 0.75, 1.0),
            (6.0, 1.0, 0.0, 0.5),
        ] {
            assert_eq!(at(F::rising_line(0.0, 2.0), x), rising);
            assert_eq!(at(F::falling_line(0.0, 2.0), x), 1.0 - rising);
            assert_eq!(at(F::triangular(0.0, 2.0, 6.0), x), triangle);
            assert_eq!(at(F::trapezoidal(0.0, 2.0, 5.0, 7.0), x), trapezium);
        }
        // The quarter points of the spline are 1/8 and 7/8.
        for (x, smooth) in [(-1.0, 0.0), (1.0, 0.125), (2.0, 0.5), (3.0, 0.875), (5.0, 1.0)] {
            assert_eq!(at(F::s(0.0, 4.0), x), smooth);
            assert_eq!(at(F::z(0.0, 4.0), x), 1.0 - smooth);
            assert_eq!(at(F::pi(0.0, 4.0, 6.0, 7.0), x), smooth);
        }
        assert_eq!(at(F::pi(0.0, 1.0, 2.0, 6.0), 3.0), 0.875);
    }

    #[test]
    fn a_step_belongs_to_the_top() {
        assert_eq!(at(F::triangular(1.0, 1.0, 2.0), 1.0), 1.0);
        assert_eq!(at(F::triangular(1.0, 1.0, 2.0), 0.999), 0.0);
        assert_eq!(at(F::trapezoidal(0.0, 1.0, 2.0, 2.0), 2.0), 1.0);
        assert_eq!(at(F::trapezoidal(0.0, 1.0, 2.0, 2.0), 2.001), 0.0);
    }

    #[test]
    fn bells_and_sigmoids() {
        assert_eq!(at(F::gaussian(5.0, 2.0), 5.0), 1.0);
        // exp(-1/2) and exp(-2) from tables, exact to the last digit of an f64.
        assert_relative_eq!(at(F::gaussian(5.0, 2.0), 7.0), 0.606_530_659_712_633_4, max_relative = 1e-15);
        assert_relative_eq!(at(F::gaussian(5.0, 2.0), 1.0), 0.135_335_283_236_612_7, max_relative = 1e-15);
        assert_eq!(at(F::sigmoid(5.0, 2.0), 5.0), 0.5);
        // The logistic function at 1.
        assert_relative_eq!(at(F::sigmoid(5.0, 2.0), 5.5), 0.731_058_578_630_004_9, max_relative = 1e-15);
        assert_relative_eq!(at(F::sigmoid(5.0, -2.0), 4.5), 0.731_058_578_630_004_9, max_relative = 1e-15);
    }

    #[test]
    fn errors_name_the_corner() {
        let fault = |function: Result<F>| function.unwrap_err().to_string();
        assert_eq!(
            fault(F::triangular(3.0, 2.0, 4.0)),
            "corner b of a membership function is 2; expected at least corner a, 3"
        );
        assert_eq!(fault(F::s(2.0, 2.0)), "a membership function: all its corners are the same");
        assert_eq!(
            fault(F::trapezoidal(0.0, 1.0, f64::NAN, 2.0)),
            "corner c of a membership function is NaN; expected a finite number"
        );
        assert_eq!(
            fault(F::gaussian(0.0, 0.0)),
            "the spread of a membership function is 0; expected a positive number"
        );
        assert_eq!(
            fault(F::sigmoid(0.0, 0.0)),
            "the slope of a membership function is 0; expected a number other than 0"
        );
        assert!(F::s(0.0, 1.0).unwrap().degree(f64::NAN).is_err());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let function = F::triangular(1.0, 2.0, 4.0).unwrap();
        let text = r#"{"triangular":{"a":1.0,"b":2.0,"c":4.0}}"#;
        assert_eq!(serde_json::to_string(&function).unwrap(), text);
        assert_eq!(serde_json::from_str::<F>(text).unwrap(), function);
        assert!(serde_json::from_str::<F>(&text.replace("2.0", "5.0")).is_err());
    }

    /// Everyday numbers, the ends of the range, and the smallest numbers there are.
    fn any_number() -> impl Strategy<Value = f64> {
        prop_oneof![-10.0..10.0, Just(-1e308), Just(1e308), Just(1e-308), (0..9_u64).prop_map(f64::from_bits)]
    }

    fn any_function() -> impl Strategy<Value = F> {
        (0..9, any_number(), any_number(), any_number(), any_number()).prop_filter_map(
            "corners out of order",
            |(shape, p, q, r, s)| {
                let mut corners = [p, q, r, s];
                corners.sort_by(f64::total_cmp);
                let [a, b, c, d] = corners;
                match shape {
                    0 => F::rising_line(a, d),
                    1 => F::falling_line(a, d),
                    2 => F::triangular(a, b, d),
                    3 => F::trapezoidal(a, b, c, d),
                    4 => F::s(a, d),
                    5 => F::z(a, d),
                    6 => F::pi(a, b, c, d),
                    7 => F::gaussian(p, q.abs()),
                    _ => F::sigmoid(p, q),
                }
                .ok()
            },
        )
    }

    proptest! {
        #[test]
        fn degrees_lie_between_0_and_1(function in any_function(), x in any_number()) {
            let degree = function.degree(x).unwrap();
            prop_assert!((0.0..=1.0).contains(&degree), "{degree}");
        }
    }
}
