//! Plain descriptions of lists of numbers, none of them empty.

/// The arithmetic mean.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Σ(x − x̄)²/(n − `ddof`): the variance of a sample with 1, of a population with 0.
pub(crate) fn variance(values: &[f64], ddof: f64) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - ddof)
}

/// The quantile of type 7 (Hyndman & Fan 1996, doi:10.1080/00031305.1996.10473566): linear between the order statistics
/// around (n − 1)p. Leaves the values in another order.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a level from 0 to 1 gives a position")]
pub(crate) fn quantile(values: &mut [f64], level: f64) -> f64 {
    let position = (values.len() - 1) as f64 * level;
    let below = position.floor() as usize;
    let (_, lower, rest) = values.select_nth_unstable_by(below, f64::total_cmp);
    let lower = *lower;
    let next = rest.iter().copied().fold(f64::INFINITY, f64::min);
    let share = position - position.floor();
    if share > 0.0 && next.is_finite() { lower + share * (next - lower) } else { lower }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn variances_by_hand() {
        // Deviations −3, −1, 1, 3: 20 in all.
        let values = [2.0, 4.0, 6.0, 8.0];
        assert_eq!((mean(&values), variance(&values, 0.0), variance(&values, 1.0)), (5.0, 5.0, 20.0 / 3.0));
    }

    #[test]
    fn quantiles_by_hand() {
        // In order 1, 3, 7, 10; at the positions 0, 0.3, 0.75, 1.5, 2.7 and 3.
        for (level, expected) in [(0.0, 1.0), (0.1, 1.6), (0.25, 2.5), (0.5, 5.0), (0.9, 9.1), (1.0, 10.0)] {
            assert_relative_eq!(
                quantile(&mut [7.0, 1.0, 3.0, 10.0], level),
                expected,
                max_relative = 1e-15,
                epsilon = 0.0
            );
        }
        assert_eq!(quantile(&mut [4.0], 0.3), 4.0);
    }
}
