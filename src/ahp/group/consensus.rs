//! How far a group agrees.

use std::fmt;

use crate::ahp::group::GroupPriorities;
use crate::error::{ErrorKind, Result};
use crate::numeric::check;
use crate::serial;
use crate::table::{Column, Table};

/// The consensus of a group by Shannon's entropy: how much of the diversity of weights lies between the respondents.
///
/// # Formula
///
/// With the weights pₖ of the respondents k = 1, …, N on n things and H(p) = −Σ pᵢ ln pᵢ: Hα is the mean of H(pₖ), Hγ = H of
/// the mean of pₖ, Hβ = Hγ − Hα. The indicator is
/// S* = (e^−Hβ − c) / (1 − c), c = e^Hα,min / n,
/// where Hα,min is the entropy of the most uneven weights that a scale up to M allows: M/(n + M − 1) for one thing and
/// 1/(n + M − 1) for each other. All respondents count the same, whatever their weights.
///
/// # References
///
/// Goepel (2013), Proc. ISAHP; Goepel (2018), doi:10.13033/ijahp.v10i3.590.
#[doc(alias = "Goepel")]
#[doc(alias = "AHP-OS")]
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Consensus {
    things: usize,
    alpha: f64,
    gamma: f64,
    beta: f64,
    floor: f64,
}

checked_when_read!(Consensus);

/// The upper end of Saaty's scale.
pub(super) const SAATY: f64 = 9.0;

/// Weights closer than this share of the greater one are tied: as equal judgements give them, up to rounding.
const TIE: f64 = 1e-9;

impl GroupPriorities {
    /// The consensus on Saaty's scale, M = 9.
    pub fn consensus(&self) -> Consensus {
        Consensus::of(&self.all_weights(), SAATY)
    }

    /// The consensus on a scale up to `greatest`.
    ///
    /// # Errors
    ///
    /// When it is not greater than 1.
    pub fn consensus_on(&self, greatest: f64) -> Result<Consensus> {
        let place = || "the greatest ratio of the scale".into();
        check::domain(greatest, greatest > 1.0, place, "a number greater than 1")?;
        Ok(Consensus::of(&self.all_weights(), greatest))
    }

    /// Kendall's coefficient of concordance W of the respondents' rankings, corrected for ties: 1 when all rank alike, 0 when
    /// the mean ranks are all the same.
    ///
    /// # Formula
    ///
    /// W = 12 Σᵢ (Rᵢ − R̄)² / (N² (n³ − n) − N Σₖ Tₖ), Rᵢ the sum of the N ranks of thing i, Tₖ = Σ (t³ − t) over the ties of
    /// respondent k. Without ties, N (n − 1) W is about χ² with n − 1 degrees of freedom if the rankings are random. All
    /// respondents count the same.
    ///
    /// # Errors
    ///
    /// When every respondent gives all things the same weight, or there is only one thing.
    ///
    /// # References
    ///
    /// Kendall & Babington Smith (1939), doi:10.1214/aoms/1177732186.
    #[doc(alias = "Kendall")]
    #[doc(alias = "W")]
    pub fn concordance(&self) -> Result<f64> {
        let n = self.labels().len();
        let mut mean_ranks = vec![0.0; n];
        let (mut ties, count) = (0.0, self.individual().len() as f64);
        for weights in self.all_weights() {
            let ranking = Ranking::of(weights);
            ties += ranking.ties / count;
            mean_ranks.iter_mut().zip(ranking.ranks).for_each(|(mean, rank)| *mean += rank / count);
        }
        let size = n as f64;
        let greatest = size * (size * size - 1.0) - ties;
        // A sum of whole numbers: anything below 1 is the rounding of 0.
        if greatest < 1.0 {
            let reason = "no respondent ranks one thing above another".into();
            return Err(ErrorKind::Degenerate { place: "the concordance of the group".into(), reason }.into());
        }
        let middle = f64::midpoint(size, 1.0);
        Ok(12.0 * mean_ranks.iter().map(|rank| (rank - middle).powi(2)).sum::<f64>() / greatest)
    }

    pub(super) fn all_weights(&self) -> Vec<&[f64]> {
        self.individual().iter().map(|priorities| priorities.weights().values()).collect()
    }
}

/// Mean ranks, and Σ (t³ − t) over the ties.
struct Ranking {
    ranks: Vec<f64>,
    ties: f64,
}

impl Ranking {
    fn of(weights: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]));
        let mut ranking = Self { ranks: vec![0.0; weights.len()], ties: 0.0 };
        let mut above = 0;
        for tied in order.chunk_by(|&a, &b| weights[a] - weights[b] <= TIE * weights[a]) {
            let size = tied.len() as f64;
            for at in tied {
                ranking.ranks[*at] = above as f64 + f64::midpoint(size, 1.0);
            }
            ranking.ties += size * (size * size - 1.0);
            above += tied.len();
        }
        ranking
    }
}

/// H(p) = −Σ p ln p.
pub(super) fn entropy(weights: impl Iterator<Item = f64>) -> f64 {
    weights.filter(|weight| *weight > 0.0).map(|weight| -weight * weight.ln()).sum()
}

/// Hβ of two respondents, ½ Σ (p ln(p/m) + q ln(q/m)) with m = (p + q)/2.
///
/// With p = m (1 + t), q = m (1 − t) a term is m/2 (ln(1 − t²) + 2 t artanh t), which keeps its digits when p and q are close.
pub(super) fn divergence(p: &[f64], q: &[f64]) -> f64 {
    let terms = p.iter().zip(q).filter(|(p, q)| p != q).map(|(p, q)| {
        let (mean, t) = (f64::midpoint(*p, *q), (p - q) / (p + q));
        let relative =
            if t.abs() == 1.0 { 2.0 * std::f64::consts::LN_2 } else { (-t * t).ln_1p() + 2.0 * t * t.atanh() };
        0.5 * mean * relative
    });
    terms.sum()
}

/// c = e^Hα,min / n, the similarity of a group that could not disagree more on a scale.
pub(super) fn floor(n: usize, greatest: f64) -> f64 {
    let n = n as f64;
    let share = 1.0 / (n + greatest - 1.0);
    // e^−(g ln g) with g = M·share for one thing and share for n − 1.
    let log = -(greatest * share * (greatest * share).ln() + (n - 1.0) * share * share.ln());
    log.exp() / n
}

impl Consensus {
    pub(super) fn of(weights: &[&[f64]], greatest: f64) -> Self {
        let (count, n) = (weights.len() as f64, weights[0].len());
        let mean = |at: usize| weights.iter().map(|weights| weights[at]).sum::<f64>() / count;
        let alpha = weights.iter().map(|weights| entropy(weights.iter().copied())).sum::<f64>() / count;
        let gamma = entropy((0..n).map(mean));
        let beta = (gamma - alpha).max(0.0);
        Self { things: n, alpha, gamma, beta, floor: floor(n, greatest) }
    }

    /// S*: 1 when all respondents give the same weights, 0 when they differ as much as the scale allows, each with another
    /// favourite.
    pub fn indicator(&self) -> f64 {
        // With one thing there is nothing to disagree on.
        if self.floor >= 1.0 { 1.0 } else { (self.similarity() - self.floor) / (1.0 - self.floor) }
    }

    /// Hα, the entropy within the respondents.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// Hβ, the entropy between the respondents, never negative.
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// Hγ, the entropy of the group.
    pub fn gamma(&self) -> f64 {
        self.gamma
    }

    /// The similarity e^−Hβ: 1 when all agree, 1/n when each thing has all the weight of as many respondents.
    pub fn similarity(&self) -> f64 {
        (-self.beta).exp()
    }

    /// The relative homogeneity (e^−Hβ − 1/n) / (1 − 1/n): from 0 to 1, whatever the scale; 1 for a single thing.
    pub fn relative_homogeneity(&self) -> f64 {
        let least = 1.0 / self.things as f64;
        if self.things == 1 { 1.0 } else { (self.similarity() - least) / (1.0 - least) }
    }

    /// The word for S* in Goepel's AHP-OS: very low to 50 %, low to 62.5 %, moderate to 75 %, high to 87.5 %, very high above.
    pub fn verdict(&self) -> &'static str {
        match self.indicator() {
            low if low <= 0.5 => "very low",
            low if low <= 0.625 => "low",
            middling if middling <= 0.75 => "moderate",
            high if high <= 0.875 => "high",
            _ => "very high",
        }
    }

    /// The consensus with what it comes from.
    pub fn table(&self) -> Table {
        let figures = [
            ("S*", self.indicator()),
            ("H alpha", self.alpha),
            ("H beta", self.beta),
            ("H gamma", self.gamma),
            ("relative homogeneity", self.relative_homogeneity()),
        ];
        Table::new("Consensus")
            .column(Column::text("", figures.map(|(name, _)| name)))
            .column(Column::number("value", figures.map(|(_, value)| value)).decimals(4))
            .note(format!("consensus {} (bands of Goepel's AHP-OS)", self.verdict()))
    }

    fn check(&self) -> Result<()> {
        check::domain(self.things as f64, self.things > 0, || "the number of things".into(), "at least 1")?;
        serial::not_negative("an entropy", &[self.alpha, self.beta, self.gamma, self.floor])
    }
}

impl fmt::Display for Consensus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
