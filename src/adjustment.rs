//! Many tests at once: p values that allow for it.

use crate::error::{Faults, Result};
use crate::numeric::check;

/// How p values are adjusted for the number of tests in a family, to be compared with the level that is meant.
///
/// With the p values in ascending order, p₍₁₎ ≤ … ≤ p₍ₘ₎, each adjusted value is cut off at 1.
///
/// # References
///
/// Holm, S. (1979). A simple sequentially rejective multiple test procedure. *Scandinavian Journal of Statistics*, 6,
/// 65–70. Hochberg, Y. (1988), *Biometrika*, 75, 800–802, <https://doi.org/10.1093/biomet/75.4.800>. Benjamini, Y.,
/// Hochberg, Y. (1995), *Journal of the Royal Statistical Society B*, 57, 289–300,
/// <https://doi.org/10.1111/j.2517-6161.1995.tb02031.x>. Benjamini, Y., Yekutieli, D. (2001), *Annals of Statistics*,
/// 29, 1165–1188, <https://doi.org/10.1214/aos/1013699998>.
///
/// # Examples
///
/// ```
/// use satindex::Adjustment;
///
/// assert_eq!(Adjustment::Holm.adjust(&[0.25, 0.0625])?, [0.25, 0.125]);
/// assert!(Adjustment::Holm.adjust(&[1.5]).is_err());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Adjustment {
    /// Each test for itself.
    None,
    /// m·p: no false claim among the m, whatever their dependence, with probability 1 − α.
    Bonferroni,
    /// max over j ≤ i of (m − j + 1)·p₍ⱼ₎: the same guarantee, and never less powerful.
    #[default]
    Holm,
    /// min over j ≥ i of (m − j + 1)·p₍ⱼ₎: the same guarantee for independent or positively dependent tests.
    Hochberg,
    /// min over j ≥ i of m·p₍ⱼ₎/j: the expected share of false claims among the claims, under independence or positive
    /// dependence.
    BenjaminiHochberg,
    /// That times Σ 1/k for k = 1, …, m: the same share under any dependence.
    BenjaminiYekutieli,
}

impl Adjustment {
    /// The adjusted values, in the order of the p values given.
    ///
    /// # Errors
    ///
    /// A p value that is not from 0 to 1.
    pub fn adjust(self, p: &[f64]) -> Result<Vec<f64>> {
        let mut faults = Faults::default();
        for (at, value) in p.iter().enumerate() {
            if !(0.0..=1.0).contains(value) {
                faults.check(check::unit(*value, || format!("p value {}", at + 1)));
            }
        }
        faults.or(())?;
        let m = p.len() as f64;
        let harmonic: f64 = (1..=p.len()).map(|k| 1.0 / k as f64).sum();
        // What the p value of a rank, from 1, is multiplied with.
        let factor = |rank: f64| match self {
            Self::None => 1.0,
            Self::Bonferroni => m,
            Self::Holm | Self::Hochberg => m - rank + 1.0,
            Self::BenjaminiHochberg => m / rank,
            Self::BenjaminiYekutieli => m / rank * harmonic,
        };
        let mut order: Vec<usize> = (0..p.len()).collect();
        order.sort_by(|one, other| p[*one].total_cmp(&p[*other]));
        let mut adjusted = vec![0.0; p.len()];
        let raw = |rank: usize| (p[order[rank]] * factor(rank as f64 + 1.0)).min(1.0);
        if self == Self::Holm {
            let mut largest: f64 = 0.0;
            for rank in 0..p.len() {
                largest = largest.max(raw(rank));
                adjusted[order[rank]] = largest;
            }
        } else {
            let mut smallest: f64 = 1.0;
            for rank in (0..p.len()).rev() {
                smallest = smallest.min(raw(rank));
                adjusted[order[rank]] = smallest;
            }
        }
        Ok(adjusted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    /// By hand, for p = 0.01, 0.02, 0.03, 0.04 and 0.05 out of order.
    #[test]
    fn by_hand() {
        let p = [0.05, 0.01, 0.03, 0.02, 0.04];
        let harmonic = 1.0 + 1.0 / 2.0 + 1.0 / 3.0 + 1.0 / 4.0 + 1.0 / 5.0;
        for (adjustment, expected) in [
            (Adjustment::None, p),
            (Adjustment::Bonferroni, [0.25, 0.05, 0.15, 0.1, 0.2]),
            (Adjustment::Holm, [0.09, 0.05, 0.09, 0.08, 0.09]),
            (Adjustment::Hochberg, [0.05; 5]),
            (Adjustment::BenjaminiHochberg, [0.05; 5]),
            (Adjustment::BenjaminiYekutieli, [0.05 * harmonic; 5]),
        ] {
            let adjusted = adjustment.adjust(&p).unwrap();
            assert_relative_eq!(adjusted[..], expected[..], max_relative = 1e-15, epsilon = 0.0);
        }
        assert_eq!(Adjustment::Holm.adjust(&[]).unwrap(), [0.0; 0]);
    }

    proptest! {
        #[test]
        fn never_smaller_in_order_and_by_strictness(p in prop::collection::vec(0.0..=1.0_f64, 1..30)) {
            let of = |adjustment: Adjustment| adjustment.adjust(&p).unwrap();
            let chain = [Adjustment::None, Adjustment::BenjaminiHochberg, Adjustment::Hochberg, Adjustment::Holm, Adjustment::Bonferroni];
            for pair in chain.windows(2) {
                for (weak, strict) in of(pair[0]).iter().zip(of(pair[1])) {
                    prop_assert!(*weak <= strict * (1.0 + 1e-15));
                }
            }
            for adjustment in chain.into_iter().chain([Adjustment::BenjaminiYekutieli]) {
                let adjusted = of(adjustment);
                for (one, other) in (0..p.len()).flat_map(|i| (0..p.len()).map(move |j| (i, j))) {
                    prop_assert!(p[one] > p[other] || adjusted[one] <= adjusted[other]);
                }
            }
        }
    }
}
