//! How far two fits agree.

use satindex::structural::Fit;

/// The greatest difference between the weights, the path coefficients and the indices of two fits of one model, the
/// indices as shares of 100.
///
/// # Errors
///
/// An index that one of them does not have.
pub fn greatest_difference(one: &Fit, other: &Fit, index: &str) -> satindex::Result<f64> {
    let points = one.index(index)?.value() - other.index(index)?.value();
    let mut greatest = points.abs() / 100.0;
    for indicator in one.model().indicators() {
        greatest = greatest.max((one.weight(indicator)? - other.weight(indicator)?).abs());
    }
    for (mine, theirs) in one.direct_effects().iter().zip(other.direct_effects()) {
        greatest = greatest.max((mine.estimate() - theirs.estimate()).abs());
    }
    Ok(greatest)
}
