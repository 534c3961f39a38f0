//! Partitions: from a number to its degree in every grade of a scale.

use crate::error::Result;
use crate::fuzzy::MembershipFunction;
use crate::numeric::check;

/// The meaning of a number in each grade of a scale: one membership function for each grade, or bounds between them.
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::Partition;
///
/// let on_time = Partition::linear([0.95, 0.8, 0.5])?; // good, fair, bad
/// assert_eq!(on_time.degrees(0.65)?, [0.0, 0.5, 0.5]);
/// assert_eq!(on_time.degrees(0.99)?, [1.0, 0.0, 0.0]);
/// let answers = Partition::at_least([9.0, 7.0])?; // good from 9 on, fair from 7 on, bad below
/// assert_eq!(answers.degrees(7.0)?, [0.0, 1.0, 0.0]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Parts", into = "Parts"))]
pub struct Partition(Parts);

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
enum Parts {
    Functions(Vec<MembershipFunction>),
    AtLeast(Vec<f64>),
    AtMost(Vec<f64>),
}

impl TryFrom<Parts> for Partition {
    type Error = crate::error::Error;

    fn try_from(parts: Parts) -> Result<Self> {
        match &parts {
            Parts::Functions(functions) => enough(functions.len(), 2, "the number of membership functions")?,
            Parts::AtLeast(bounds) => monotone(bounds, 1, "bound", true)?,
            Parts::AtMost(bounds) => monotone(bounds, 1, "bound", false)?,
        }
        Ok(Self(parts))
    }
}

impl From<Partition> for Parts {
    fn from(partition: Partition) -> Self {
        partition.0
    }
}

impl Partition {
    /// These functions, in the order of the grades. Whether they sum to 1 is the caller's affair.
    ///
    /// # Errors
    ///
    /// Fewer than two functions.
    pub fn new(functions: impl IntoIterator<Item = MembershipFunction>) -> Result<Self> {
        Parts::Functions(functions.into_iter().collect()).try_into()
    }

    /// Grades that do not overlap, from the best down: a number belongs to the first grade whose bound it reaches, and to
    /// the last grade, which has no bound, if it reaches none.
    ///
    /// # Errors
    ///
    /// No bound; bounds that are not finite, or that do not fall all the way.
    pub fn at_least(bounds: impl IntoIterator<Item = f64>) -> Result<Self> {
        Parts::AtLeast(bounds.into_iter().collect()).try_into()
    }

    /// Grades that do not overlap, from the lowest up: a number belongs to the first grade whose bound it does not
    /// exceed, and to the last grade, which has no bound, if it exceeds all.
    ///
    /// # Errors
    ///
    /// No bound; bounds that are not finite, or that do not rise all the way.
    pub fn at_most(bounds: impl IntoIterator<Item = f64>) -> Result<Self> {
        Parts::AtMost(bounds.into_iter().collect()).try_into()
    }

    /// A full partition, its degrees summing to 1 everywhere: grade j is fully reached at knot j and fades along a line
    /// to the knots beside it; beyond the first and the last knot the outer grades hold fully.
    ///
    /// # Errors
    ///
    /// Fewer than two knots; knots that are not finite, or that neither rise nor fall all the way.
    pub fn linear(knots: impl IntoIterator<Item = f64>) -> Result<Self> {
        use MembershipFunction as F;
        Self::from_knots(knots, F::falling_line, F::triangular, F::rising_line)
    }

    /// As [`Partition::linear`] with the smooth Z, Π and S functions, which sum to 1 as well.
    ///
    /// # Errors
    ///
    /// As for [`Partition::linear`].
    pub fn smooth(knots: impl IntoIterator<Item = f64>) -> Result<Self> {
        use MembershipFunction as F;
        Self::from_knots(knots, F::z, |a, b, c| F::pi(a, b, b, c), F::s)
    }

    fn from_knots(
        knots: impl IntoIterator<Item = f64>,
        lowest: fn(f64, f64) -> Result<MembershipFunction>,
        between: fn(f64, f64, f64) -> Result<MembershipFunction>,
        highest: fn(f64, f64) -> Result<MembershipFunction>,
    ) -> Result<Self> {
        let mut knots: Vec<f64> = knots.into_iter().collect();
        let falling = knots.windows(2).next().is_some_and(|pair| pair[1] < pair[0]);
        monotone(&knots, 2, "knot", falling)?;
        if falling {
            knots.reverse();
        }
        let count = knots.len();
        let mut functions = vec![lowest(knots[0], knots[1])?];
        for three in knots.windows(3) {
            functions.push(between(three[0], three[1], three[2])?);
        }
        functions.push(highest(knots[count - 2], knots[count - 1])?);
        if falling {
            functions.reverse();
        }
        Self::new(functions)
    }

    /// How many grades there are.
    #[allow(clippy::len_without_is_empty, reason = "a partition is never empty")]
    pub fn len(&self) -> usize {
        match &self.0 {
            Parts::Functions(functions) => functions.len(),
            Parts::AtLeast(bounds) | Parts::AtMost(bounds) => bounds.len() + 1,
        }
    }

    /// The degree of a number in each grade.
    ///
    /// # Errors
    ///
    /// When the number is not finite.
    pub fn degrees(&self, x: f64) -> Result<Vec<f64>> {
        (0..self.len()).map(|grade| self.degree(x, grade)).collect()
    }

    /// The degree of a number in the grade of this place.
    pub(crate) fn degree(&self, x: f64, grade: usize) -> Result<f64> {
        check::finite(x, || "the argument of a partition".into())?;
        let place = match &self.0 {
            Parts::Functions(functions) => return functions.get(grade).map_or(Ok(0.0), |function| function.degree(x)),
            Parts::AtLeast(bounds) => bounds.iter().take_while(|bound| x < **bound).count(),
            Parts::AtMost(bounds) => bounds.iter().take_while(|bound| x > **bound).count(),
        };
        Ok(if place == grade { 1.0 } else { 0.0 })
    }
}

/// Checks that there are enough numbers, all finite, each beyond the one before it.
fn monotone(numbers: &[f64], least: usize, what: &str, falling: bool) -> Result<()> {
    enough(numbers.len(), least, &format!("the number of {what}s"))?;
    for (value, number) in numbers.iter().zip(1..) {
        check::finite(*value, || format!("{what} {number}"))?;
    }
    let expected = format!("{} than the {what} before it", if falling { "less" } else { "more" });
    for (pair, number) in numbers.windows(2).zip(2..) {
        let onward = if falling { pair[1] < pair[0] } else { pair[1] > pair[0] };
        check::domain(pair[1], onward, || format!("{what} {number}"), &expected)?;
    }
    Ok(())
}

fn enough(count: usize, least: usize, place: &str) -> Result<()> {
    check::domain(count as f64, count >= least, || place.into(), &format!("at least {least}")).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn errors_name_the_knot() {
        let fault = |knots: &[f64]| Partition::linear(knots.iter().copied()).unwrap_err().to_string();
        assert_eq!(fault(&[1.0]), "the number of knots is 1; expected at least 2");
        assert_eq!(fault(&[1.0, 2.0, 2.0]), "knot 3 is 2; expected more than the knot before it");
        assert_eq!(fault(&[3.0, 2.0, 2.5]), "knot 3 is 2.5; expected less than the knot before it");
        assert_eq!(fault(&[1.0, f64::INFINITY]), "knot 2 is inf; expected a finite number");
    }

    #[test]
    fn bounds_belong_to_the_earlier_grade() {
        let best_first = Partition::at_least([9.0, 7.0]).unwrap();
        let lowest_first = Partition::at_most([4.0, 6.0]).unwrap();
        let grade =
            |partition: &Partition, x: f64| partition.degrees(x).unwrap().iter().position(|degree| *degree == 1.0);
        let grades = |partition: &Partition, xs: [f64; 5]| xs.map(|x| grade(partition, x).unwrap());
        assert_eq!(grades(&best_first, [10.0, 9.0, 8.9, 7.0, 1.0]), [0, 0, 1, 1, 2]);
        assert_eq!(grades(&lowest_first, [1.0, 4.0, 4.1, 6.0, 10.0]), [0, 0, 1, 1, 2]);
        let fault = |partition: Result<Partition>| partition.unwrap_err().to_string();
        assert_eq!(fault(Partition::at_least([7.0, 9.0])), "bound 2 is 9; expected less than the bound before it");
        assert_eq!(fault(Partition::at_most([7.0, 7.0])), "bound 2 is 7; expected more than the bound before it");
        assert_eq!(fault(Partition::at_most([])), "the number of bounds is 0; expected at least 1");
    }

    #[test]
    fn falling_knots_mirror_rising_ones() {
        let rising = Partition::smooth([1.0, 2.0, 4.0]).unwrap();
        let falling = Partition::smooth([4.0, 2.0, 1.0]).unwrap();
        let mut degrees = rising.degrees(2.5).unwrap();
        degrees.reverse();
        assert_eq!(falling.degrees(2.5).unwrap(), degrees);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let partition = Partition::linear([1.0, 2.0, 4.0]).unwrap();
        let text = serde_json::to_string(&partition).unwrap();
        assert_eq!(serde_json::from_str::<Partition>(&text).unwrap(), partition);
        assert!(serde_json::from_str::<Partition>(&text.replace("\"b\":2.0", "\"b\":5.0")).is_err());
        assert!(serde_json::from_str::<Partition>(r#"{"functions":[]}"#).is_err());
        assert_eq!(
            serde_json::from_str::<Partition>(r#"{"at_least":[9,7]}"#).unwrap(),
            Partition::at_least([9.0, 7.0]).unwrap()
        );
    }

    proptest! {
        #[test]
        fn knots_make_a_full_partition(
            mut knots in prop::collection::vec(-1e3..1e3_f64, 2..8),
            x in -2e3..2e3_f64,
            smooth: bool,
            falling: bool,
        ) {
            knots.sort_by(f64::total_cmp);
            knots.dedup();
            prop_assume!(knots.len() > 1);
            if falling {
                knots.reverse();
            }
            let make = |knots: &[f64]| {
                if smooth { Partition::smooth(knots.to_vec()) } else { Partition::linear(knots.to_vec()) }.unwrap()
            };
            let partition = make(&knots);
            // Two functions overlap at most; each is off by a few roundings.
            prop_assert!((partition.degrees(x)?.iter().sum::<f64>() - 1.0).abs() <= 4.0 * f64::EPSILON);
            for (grade, knot) in knots.iter().enumerate() {
                prop_assert_eq!(partition.degrees(*knot)?[grade], 1.0);
            }
        }
    }
}
