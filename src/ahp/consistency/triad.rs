//! What triads i, j, k say: r = aᵢₖ/(aᵢⱼaⱼₖ) is 1 where they agree.

use crate::ahp::judgement::Judgements;

/// Ratios as near to 1 as this are level: the rounding of a geometric mean, not a preference.
const LEVEL: f64 = 1e-12;

/// 1 for a preference, −1 for the reverse, 0 for neither.
pub(super) fn preference(ratio: f64) -> i32 {
    if (ratio - 1.0).abs() <= LEVEL {
        0
    } else if ratio > 1.0 {
        1
    } else {
        -1
    }
}

/// The indices of all triads of known pairs.
#[derive(Debug, Default)]
pub(super) struct Triads {
    pub(super) koczkodaj: f64,
    pub(super) worst: Option<[usize; 3]>,
    pub(super) pelaez_lamata: f64,
    pub(super) circular: usize,
    pub(super) intransitive: usize,
    strict: bool,
}

impl Triads {
    pub(super) fn of(judgements: &Judgements) -> Self {
        let n = judgements.len();
        let matrix = judgements.matrix();
        let preferences: Vec<i32> = matrix.iter().map(|ratio| preference(*ratio)).collect();
        let mut found =
            Self { strict: judgements.upper().all(|r| r.is_some_and(|r| preference(r) != 0)), ..Self::default() };
        let mut count = 0_usize;
        for i in 0..n {
            for j in (i + 1..n).filter(|j| matrix[i * n + j] > 0.0) {
                for k in j + 1..n {
                    let (ij, jk, ik) = (i * n + j, j * n + k, i * n + k);
                    if matrix[jk] > 0.0 && matrix[ik] > 0.0 {
                        count += 1;
                        found.compare([i, j, k], matrix[ik] / (matrix[ij] * matrix[jk]));
                        found.order(preferences[ij], preferences[jk], -preferences[ik]);
                    }
                }
            }
        }
        found.pelaez_lamata /= count.max(1) as f64;
        found
    }

    fn compare(&mut self, triad: [usize; 3], r: f64) {
        let distance = 1.0 - r.min(1.0 / r);
        // A product of two ratios is rounded: what differs less is consistent.
        if distance > self.koczkodaj && distance > 4.0 * f64::EPSILON {
            self.koczkodaj = distance;
            self.worst = Some(triad);
        }
        self.pelaez_lamata += (r - 1.0) * (1.0 - 1.0 / r);
    }

    /// Counts a triad by its three preferences going round.
    fn order(&mut self, first: i32, second: i32, third: i32) {
        let round = [first, second, third];
        let (forth, back) = (round.iter().filter(|p| **p > 0).count(), round.iter().filter(|p| **p < 0).count());
        self.circular += usize::from(forth == 3 || back == 3);
        self.intransitive += usize::from((forth > 0) != (back > 0));
    }

    /// 1 − circular triads / their greatest possible number, where every pair was judged one way or the other.
    pub(super) fn zeta(&self, n: usize) -> Option<f64> {
        let most = if n % 2 == 1 { n * (n * n - 1) / 24 } else { n * (n * n).saturating_sub(4) / 24 };
        (self.strict && most > 0).then(|| 1.0 - self.circular as f64 / most as f64)
    }
}
