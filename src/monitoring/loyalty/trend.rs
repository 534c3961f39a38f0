//! The test for a trend in shares.

use std::fmt;

use statrs::distribution::{ContinuousCDF, Normal};

use crate::error::{ErrorKind, Result};
use crate::survey::Proportion;

/// The Cochran–Armitage test whether shares rise or fall with the scores of their groups.
///
/// # Formula
///
/// With groups of nᵢ respondents, of whom yᵢ say yes, scores tᵢ, n = Σnᵢ and p = Σyᵢ/n:
/// z = Σtᵢ(yᵢ − nᵢp) / √(p(1 − p)(Σnᵢtᵢ² − (Σnᵢtᵢ)²/n)), which is standard normal where the share is the same in all
/// groups. Under sampling weights the effective numbers of the groups stand for nᵢ.
///
/// # References
///
/// - Cochran, W. G. (1954). Some methods for strengthening the common χ² tests. *Biometrics*, 10, 417–451.
///   <https://doi.org/10.2307/3001616>
/// - Armitage, P. (1955). Tests for linear trends in proportions and frequencies. *Biometrics*, 11, 375–386.
///   <https://doi.org/10.2307/3001775>
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Trend {
    z: f64,
    p_value: f64,
}

impl Trend {
    /// The test of groups with their scores; `None` where the scores do not differ.
    pub(super) fn new(groups: &[(f64, Proportion)]) -> Result<Option<Self>> {
        let n: f64 = groups.iter().map(|(_, share)| share.effective_n()).sum();
        let p = groups.iter().map(|(_, share)| share.effective_n() * share.share()).sum::<f64>() / n;
        if p <= 0.0 || p >= 1.0 {
            let reason = "everybody has the same intention".into();
            return Err(ErrorKind::Degenerate { place: "the trend".into(), reason }.into());
        }
        // Scores from 0 to 1: neither their unit nor their origin matters, and no square overflows.
        let lowest = groups.iter().map(|(score, _)| *score).fold(f64::INFINITY, f64::min);
        let highest = groups.iter().map(|(score, _)| *score).fold(f64::NEG_INFINITY, f64::max);
        let range = highest / 2.0 - lowest / 2.0;
        if range <= 0.0 {
            return Ok(None);
        }
        let score = |score: f64| (score / 2.0 - lowest / 2.0) / range;
        let mean = groups.iter().map(|(at, share)| share.effective_n() * score(*at)).sum::<f64>() / n;
        let (mut sum, mut spread) = (0.0, 0.0);
        for (at, share) in groups {
            let distance = score(*at) - mean;
            sum += share.effective_n() * distance * (share.share() - p);
            spread += share.effective_n() * distance * distance;
        }
        let z = sum / (p * (1.0 - p) * spread).sqrt();
        Ok(Some(Self { z, p_value: 2.0 * Normal::standard().sf(z.abs()) }))
    }

    /// The statistic: positive where the share rises.
    pub fn z(&self) -> f64 {
        self.z
    }

    /// The two-sided p-value.
    pub fn p_value(&self) -> f64 {
        self.p_value
    }
}

impl fmt::Display for Trend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trend (Cochran–Armitage): z = {:.2}, {}", self.z, shown(self.p_value))
    }
}

/// A p-value to four decimals; none is shown as 0.
pub(super) fn shown(p_value: f64) -> String {
    if p_value < 0.0001 { "p < 0.0001".into() } else { format!("p = {p_value:.4}") }
}
