//! One column of a table, and how its numbers are written.

/// One column of a [`Table`](crate::Table): a heading over cells of one type.
///
/// # Examples
///
/// Each number has the decimals that its own size asks for, or its precision where that is known:
///
/// ```
/// use satindex::Column;
///
/// let means = Column::number("mean", [43210.0, 2.134, -1.8e-17]).significant(3);
/// assert_eq!(means.cells(), ["43210", "2.13", "-1.80e-17"]);
/// // The third is the mean of answers with the standard deviation 1: no more than rounding.
/// assert_eq!(means.precision([9100.0, 2.1, 1.0]).cells(), ["43210", "2.13", "0.00"]);
/// assert_eq!(Column::p_value("p", [0.0004, 0.04]).cells(), ["< 0.001", "0.040"]);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Column {
    heading: String,
    cells: Cells,
}

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
enum Cells {
    Text(Vec<String>),
    Number(Vec<Option<f64>>, Digits),
}

/// How many digits of a number are shown.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
enum Digits {
    Decimals(usize),
    /// So many significant digits of each number.
    Significant(usize),
    /// So many significant digits of each number or of its precision, whichever is larger.
    Precise(usize, Vec<Option<f64>>),
    PValue,
}

/// The deepest level that is still indented further: a page has no room for more.
const INDENTED: usize = 32;

/// The most digits that are printed: an f64 has no more to say.
const MOST_DIGITS: usize = 17;

/// The most decimals: those digits of the smallest number that is written without an exponent.
const MOST_DECIMALS: usize = 22;

/// Numbers below 10 to this power are written with an exponent, as are those that are not below 10 to the other.
const SMALL: i64 = -5;
const LARGE: i64 = 15;

impl Column {
    /// A column of text, aligned to the left.
    pub fn text<S: ToString>(heading: impl Into<String>, cells: impl IntoIterator<Item = S>) -> Self {
        let cells = cells.into_iter().map(|cell| cell.to_string()).collect();
        Self { heading: heading.into(), cells: Cells::Text(cells) }
    }

    /// A column of names in a tree, each indented by its depth below the root.
    pub fn tree<S: Into<String>>(heading: impl Into<String>, cells: impl IntoIterator<Item = (usize, S)>) -> Self {
        let indented = |(depth, name): (usize, S)| "  ".repeat(depth.min(INDENTED)) + &name.into();
        Self::text(heading, cells.into_iter().map(indented))
    }

    /// A column of numbers, aligned to the right; `None` leaves its cell empty. Three decimals unless told otherwise.
    pub fn number<N: Into<Option<f64>>>(heading: impl Into<String>, cells: impl IntoIterator<Item = N>) -> Self {
        let cells = cells.into_iter().map(Into::into).collect();
        Self { heading: heading.into(), cells: Cells::Number(cells, Digits::Decimals(3)) }
    }

    /// A column of whole numbers.
    pub fn count(heading: impl Into<String>, cells: impl IntoIterator<Item = usize>) -> Self {
        Self::number(heading, cells.into_iter().map(|count| count as f64)).decimals(0)
    }

    /// A column of p values: three decimals, and `< 0.001` below that.
    pub fn p_value<N: Into<Option<f64>>>(heading: impl Into<String>, cells: impl IntoIterator<Item = N>) -> Self {
        Self::number(heading, cells).digits(Digits::PValue)
    }

    /// Numbers with this many decimals.
    #[must_use]
    pub fn decimals(self, decimals: usize) -> Self {
        self.digits(Digits::Decimals(decimals))
    }

    /// Numbers with this many significant digits: each has the decimals that its own size asks for.
    #[must_use]
    pub fn significant(self, digits: usize) -> Self {
        self.digits(Digits::Significant(digits))
    }

    /// Numbers known to such a precision (a standard deviation or error for each of them): the significant digits are
    /// those of the number or of its precision, whichever is larger. A number that is no more than rounding is then 0.
    #[must_use]
    pub fn precision<N: Into<Option<f64>>>(self, precision: impl IntoIterator<Item = N>) -> Self {
        let precision = precision.into_iter().map(Into::into).collect();
        let significant = match self.cells {
            Cells::Number(_, Digits::Significant(digits) | Digits::Precise(digits, _)) => digits,
            _ => 4,
        };
        self.digits(Digits::Precise(significant, precision))
    }

    fn digits(mut self, digits: Digits) -> Self {
        if let Cells::Number(_, shown) = &mut self.cells {
            *shown = digits;
        }
        self
    }

    /// The heading.
    pub fn heading(&self) -> &str {
        &self.heading
    }

    pub(super) fn len(&self) -> usize {
        match &self.cells {
            Cells::Text(cells) => cells.len(),
            Cells::Number(cells, _) => cells.len(),
        }
    }

    /// Does it hold numbers?
    pub fn is_number(&self) -> bool {
        matches!(self.cells, Cells::Number(..))
    }

    /// The cells as they are printed.
    pub fn cells(&self) -> Vec<String> {
        match &self.cells {
            Cells::Text(cells) => cells.clone(),
            Cells::Number(cells, digits) => {
                let text = |(at, cell): (usize, &Option<f64>)| cell.map_or_else(String::new, |x| digits.write(at, x));
                cells.iter().enumerate().map(text).collect()
            }
        }
    }
}

impl Digits {
    /// The number in this row of its column.
    fn write(&self, row: usize, value: f64) -> String {
        match self {
            Self::Decimals(decimals) => fixed(value, *decimals),
            Self::Significant(digits) => significant(value, value, *digits),
            Self::Precise(digits, precision) => {
                let precision = precision.get(row).copied().flatten().filter(|size| size.is_finite()).unwrap_or(0.0);
                significant(value, value.abs().max(precision.abs()), *digits)
            }
            Self::PValue if value < 0.001 => "< 0.001".into(),
            Self::PValue => fixed(value, 3),
        }
    }
}

/// A number with the decimals that this many significant digits of a size, at least its own, take.
fn significant(value: f64, size: f64, digits: usize) -> String {
    let digits = digits.clamp(1, MOST_DIGITS);
    if !value.is_finite() {
        return fixed(value, 0);
    }
    let exponent = exponent(size, digits);
    if (SMALL..LARGE).contains(&exponent) {
        return fixed(value, usize::try_from(digits as i64 - 1 - exponent).unwrap_or(0));
    }
    let kept = digits as i64 - (exponent - self::exponent(value, digits));
    usize::try_from(kept - 1).map_or_else(|_| "0".into(), |decimals| format!("{value:.decimals$e}"))
}

/// The power of ten of a number after rounding: 9.996 to three digits is 1.00e1.
fn exponent(size: f64, digits: usize) -> i64 {
    let scientific = format!("{size:.*e}", digits - 1);
    scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

fn fixed(value: f64, decimals: usize) -> String {
    // Beyond these an f64 of a table's usual size has nothing to say.
    let text = format!("{value:.*}", decimals.min(MOST_DECIMALS));
    // A rounded -0.0004 is no more negative than 0 is.
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn significant(values: &[f64], digits: usize) -> Vec<String> {
        Column::number("", values.iter().copied()).significant(digits).cells()
    }

    #[test]
    fn significant_digits_follow_each_number() {
        assert_eq!(significant(&[123.456, 1.0], 4), ["123.5", "1.000"]);
        assert_eq!(significant(&[0.001_234_5, 45_000.0, 2.13], 3), ["0.00123", "45000", "2.13"]);
        assert_eq!(significant(&[9.996], 3), ["10.0"]);
        assert_eq!(significant(&[12_345.0], 2), ["12345"]);
        assert_eq!(significant(&[0.0, -0.0], 3), ["0.00", "0.00"]);
        assert_eq!(significant(&[1e-17, -2.5e300, 1e15, 1e-5], 2), ["1.0e-17", "-2.5e300", "1.0e15", "0.000010"]);
        assert_eq!(significant(&[5.0], 0), ["5"]);
    }

    #[test]
    fn decimals_follow_the_precision() {
        let column = |values: &[f64], precision: &[f64]| {
            Column::number("", values.iter().copied()).significant(4).precision(precision.iter().copied()).cells()
        };
        assert_eq!(column(&[-1.9e-17, 1e-17], &[1.0, 0.2]), ["0.000", "0.0000"]);
        assert_eq!(column(&[5.0, 43_210.0], &[2.0, 9000.0]), ["5.000", "43210"]);
        // Without a precision, or one that is none, the number's own size decides.
        assert_eq!(column(&[5.0, 0.5, 1e-9], &[f64::NAN, 0.0]), ["5.000", "0.5000", "1.000e-9"]);
        // Unmeasurably small beside its precision, however large or small that is.
        assert_eq!(column(&[1.0, 1e-30], &[1e20, 1e-10]), ["0", "0"]);
        assert_eq!(column(&[3.14e-7, 3.14e17], &[8e-7, 2.0e18]), ["3.140e-7", "3.14e17"]);
    }

    #[test]
    fn odd_numbers_have_odd_cells() {
        let cells = [Some(f64::NAN), Some(f64::INFINITY), None, Some(-0.0004)];
        assert_eq!(Column::number("", cells).cells(), ["NaN", "inf", "", "0.000"]);
        assert_eq!(significant(&[f64::NAN, f64::NEG_INFINITY], 3), ["NaN", "-inf"]);
        assert_eq!(Column::number("", [0.5]).decimals(usize::MAX).cells()[0].len(), 24);
    }

    #[test]
    fn p_values_are_never_0() {
        let p = [Some(0.0), Some(0.000_999), Some(0.001), Some(0.9999), None, Some(f64::NAN)];
        assert_eq!(Column::p_value("p", p).cells(), ["< 0.001", "< 0.001", "0.001", "1.000", "", "NaN"]);
    }
}
