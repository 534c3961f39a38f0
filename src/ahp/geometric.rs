//! Row geometric means, on which the logs are taken once per row instead of once per judgement.

use crate::numeric::lane::Lane;

/// Factors between 1 and 2 that may be multiplied before the product is split again: 2⁵¹² is far from overflow.
const FACTORS: usize = 512;

/// The mantissa's bits of an f64.
const MANTISSA: u64 = (1 << 52) - 1;

/// 2⁵²: the last bits of a number added to it are a whole number.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// A positive normal number as m·2ᵉ with 1 ≤ m < 2: (m, e).
#[inline(always)]
#[allow(clippy::inline_always, reason = "inlined into code compiled for the processor at hand")]
fn split<const L: usize>(x: Lane<L>) -> (Lane<L>, Lane<L>) {
    let mantissa = x.map(|x| f64::from_bits(x.to_bits() & MANTISSA | 1.0_f64.to_bits()));
    // The exponent goes where 2⁵² keeps a whole number: vector instructions have no conversion for it.
    let biased = x.map(|x| f64::from_bits(x.to_bits() >> 52 | WHOLE.to_bits()));
    (mantissa, biased.map(|biased| biased - (WHOLE + 1023.0)))
}

/// log₂ of the row geometric means of `L` matrices of judgements side by side, given their upper triangles.
///
/// Products of up to 399 ratios need not be numbers, so mantissas are multiplied and exponents added. A ratio counts
/// for its row, and its inverse for its column. `means` and `products` have one place for each row.
#[inline(always)]
#[allow(clippy::inline_always, reason = "inlined into code compiled for the processor at hand")]
pub(super) fn log_means<const L: usize>(uppers: &[&[f64]; L], means: &mut [Lane<L>], products: &mut [Lane<L>]) {
    let n = means.len();
    means.fill(Lane::ZERO);
    products.fill(Lane::ONE);
    let mut at = 0;
    for i in 0..n {
        let (mut row, mut exponents) = (Lane::ONE, means[i]);
        for j in i + 1..n {
            let mut ratio = Lane::ONE;
            for lane in 0..L {
                ratio.0[lane] = uppers[lane][at];
            }
            at += 1;
            let (mantissa, exponent) = split(ratio);
            row = row * mantissa;
            exponents += exponent;
            products[j] = products[j] * mantissa;
            means[j] -= exponent;
            if (j - i) % FACTORS == 0 {
                let (mantissa, exponent) = split(row);
                row = mantissa;
                exponents += exponent;
            }
        }
        if i % FACTORS == FACTORS - 1 {
            for (product, mean) in products[i + 1..].iter_mut().zip(&mut means[i + 1..]) {
                let (mantissa, exponent) = split(*product);
                *product = mantissa;
                *mean -= exponent;
            }
        }
        let size = n as f64;
        means[i] = ((row / products[i]).map(f64::log2) + exponents).map(|sum| sum / size);
    }
}

/// Row geometric means of the matrix with an upper triangle.
pub(super) fn means(upper: &[f64], n: usize) -> Vec<f64> {
    let (mut means, mut products) = (vec![Lane::<1>::ZERO; n], vec![Lane::ONE; n]);
    log_means(&[upper], &mut means, &mut products);
    means.iter().map(|mean| mean.0[0].exp2()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn numbers_are_split_exactly() {
        for x in [1.0, 1.5, 2.0, 9.0, 1.0 / 9.0, 0.75, 1e-100, 1e100, f64::MIN_POSITIVE, f64::MAX] {
            let (Lane([mantissa]), Lane([exponent])) = split(Lane([x]));
            assert!((1.0..2.0).contains(&mantissa));
            assert_eq!(mantissa * exponent.exp2(), x);
        }
    }

    /// Rows whose products leave the range of f64, beside the mean of the logs.
    #[test]
    fn long_rows_of_large_ratios_have_means() {
        for n in [1, 2, 5, 600, 1200] {
            let ratio = |at: usize| [1e90, 3.0, 1e-99, 1.9, 1e99][at % 5];
            let upper: Vec<f64> = (0..n * (n - 1) / 2).map(ratio).collect();
            let mut logs = vec![0.0; n];
            let mut at = 0;
            for i in 0..n {
                for j in i + 1..n {
                    logs[i] += upper[at].log2();
                    logs[j] -= upper[at].log2();
                    at += 1;
                }
            }
            for (mean, log) in means(&upper, n).iter().zip(logs) {
                // Thousands of logs of a few hundred each were added up.
                assert_relative_eq!(mean.log2(), log / n as f64, epsilon = 1e-10, max_relative = 1e-10);
            }
        }
    }
}
