//! How far λ lies above n, summed without cancellation.

use crate::ahp::judgement::index_pairs;

/// Σ (ε − 1)²/ε with ε = aᵢⱼwⱼ/wᵢ over the judged pairs: n times how far (1/n) Σᵢ (Aw)ᵢ/wᵢ lies above n.
///
/// Since aⱼᵢ = 1/aᵢⱼ the ratios sum to n² + Σ (ε + 1/ε − 2). Summed like this nothing cancels, and consistency is never
/// better than perfect by rounding.
pub(super) fn excess(upper: &[f64], w: &[f64]) -> f64 {
    let inverse: Vec<f64> = w.iter().map(|w| 1.0 / w).collect();
    let known = index_pairs(w.len()).zip(upper).filter(|(_, ratio)| **ratio > 0.0);
    let terms = known.map(|((i, j), ratio)| misfit(*ratio, 1.0 / ratio, [w[i], w[j]], [inverse[i], inverse[j]]));
    terms.sum::<f64>().max(0.0)
}

/// (ε − 1)(1 − 1/ε) for one pair, from both ratios, both weights and their inverses.
#[inline(always)]
#[allow(clippy::inline_always, reason = "inlined into code compiled for the processor at hand")]
pub(super) fn misfit(ratio: f64, reverse: f64, w: [f64; 2], inverse: [f64; 2]) -> f64 {
    (ratio * (w[1] * inverse[0]) - 1.0) * (1.0 - reverse * (w[0] * inverse[1]))
}
