//! The names that stages give to constructs and indicators. They are for readers: what a column is stands in its
//! [`Column`](crate::structural::pls::stage::Column).

/// The indicator that is the score of a construct: `Quality.score`.
pub(crate) fn score(construct: &str) -> String {
    format!("{construct}.score")
}

/// The construct that is the product of two, or the indicator that is the product of two: `Image.Value`.
pub(crate) fn product(first: &str, second: &str) -> String {
    format!("{first}.{second}")
}

/// The indicator of a dimension once more, as one of the construct of higher order: `Overall.PERQ1`.
pub(crate) fn repeated(construct: &str, indicator: &str) -> String {
    format!("{construct}.{indicator}")
}
