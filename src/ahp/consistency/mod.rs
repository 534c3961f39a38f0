//! How far judgements contradict each other.

mod index;
mod triad;
mod verdict;

use std::fmt;

use crate::ahp::judgement::{Judgements, index_pairs};
use crate::ahp::priority::{Method, Priorities};
use crate::ahp::random_index::{RandomIndex, interpolated};
use crate::error::Result;
use crate::numeric::check;
use crate::serial;
use crate::table::{Column, Table};

use triad::Triads;
pub use verdict::Verdict;

/// How consistent judgements are, by every index in use.
///
/// Every index is 0 for consistent judgements, aᵢⱼaⱼₖ = aᵢₖ for every triad, and grows with the contradictions. Fewer than
/// three things cannot be inconsistent: all is 0 then. With gaps the triads are those of known pairs.
///
/// # Examples
///
/// ```
/// use satindex::ahp::{Judgements, RandomIndex};
///
/// let judgements = Judgements::from_upper(["speed", "skill", "attitude"], &[2.0, 5.0, 3.0])?;
/// let consistency = judgements.consistency()?;
/// assert!((consistency.lambda_max() - 3.00369).abs() < 1e-5);
/// assert!((consistency.cr(RandomIndex::Saaty) - 0.00355).abs() < 1e-5);
/// // a₁₂a₂₃ = 6 where a₁₃ = 5.
/// assert!((consistency.koczkodaj() - 1.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Consistency {
    n: usize,
    unknown: usize,
    lambda_max: f64,
    ci: f64,
    gci: f64,
    koczkodaj: f64,
    worst_triad: Option<[String; 3]>,
    pelaez_lamata: f64,
    circular_triads: usize,
    intransitive_triads: usize,
    zeta: Option<f64>,
    hci: Option<f64>,
    salo_hamalainen: Option<f64>,
    golden_wang: Option<f64>,
    relative_error: f64,
}

checked_when_read!(Consistency);

/// The harmonic random index (Stein & Mizzi 2007, table 2): (n, HRI), linear in between.
const HARMONIC_RANDOM_INDEX: [(usize, f64); 11] = [
    (3, 0.550),
    (4, 0.859),
    (5, 1.061),
    (6, 1.205),
    (7, 1.310),
    (8, 1.381),
    (9, 1.437),
    (10, 1.484),
    (15, 1.599),
    (20, 1.650),
    (25, 1.675),
];

impl Consistency {
    fn of(judgements: &Judgements, lambda_max: f64, ci: f64) -> Result<Self> {
        let n = judgements.len();
        let logs = judgements.priorities(Method::GeometricMean)?;
        let residuals = index::Residuals::of(judgements, logs.weights().values());
        let triads = Triads::of(judgements);
        let matrix = judgements.is_complete().then(|| judgements.matrix());
        let full = |index: fn(&[f64], usize) -> f64| matrix.as_deref().map(|matrix| index(matrix, n));
        Ok(Self {
            n,
            unknown: judgements.unknown().count(),
            lambda_max,
            ci,
            gci: residuals.geometric_consistency_index(n),
            koczkodaj: triads.koczkodaj,
            worst_triad: triads.worst.map(|triad| triad.map(|at| judgements.labels()[at].clone())),
            pelaez_lamata: triads.pelaez_lamata,
            circular_triads: triads.circular,
            intransitive_triads: triads.intransitive,
            zeta: triads.zeta(n),
            hci: full(index::harmonic),
            salo_hamalainen: full(index::salo_hamalainen),
            golden_wang: matrix.as_deref().map(|matrix| index::golden_wang(matrix, logs.weights().values())),
            relative_error: residuals.relative_error(),
        })
    }

    /// How many things were compared.
    pub fn n(&self) -> usize {
        self.n
    }

    /// How many pairs were not judged.
    pub fn unknown(&self) -> usize {
        self.unknown
    }

    /// λ, the principal eigenvalue: see [`Priorities::lambda_max`].
    pub fn lambda_max(&self) -> f64 {
        self.lambda_max
    }

    /// The consistency index CI = (λ − n)/(n − 1) (Saaty 1977), never negative.
    #[doc(alias = "consistency index")]
    #[doc(alias = "CI")]
    pub fn ci(&self) -> f64 {
        self.ci
    }

    /// The consistency ratio CR = CI/RI by a table of random indices; with gaps by
    /// [`RandomIndex::value_with_gaps`], which is made for [`Method::MinimalEigenvalue`] and strict for Harker's λ.
    #[doc(alias = "consistency ratio")]
    #[doc(alias = "CR")]
    pub fn cr(&self, table: RandomIndex) -> f64 {
        let random = table.value_with_gaps(self.n, self.unknown);
        // Judgements without a circle have nothing to be compared with, and no inconsistency but rounding.
        if random > 0.0 { self.ci / random } else { 0.0 }
    }

    /// The geometric consistency index GCI = 2/((n − 1)(n − 2)) Σᵢ<ⱼ ln²(aᵢⱼwⱼ/wᵢ), w the geometric mean
    /// (Crawford & Williams 1985; Aguarón & Moreno-Jiménez 2003, doi:10.1016/S0377-2217(02)00255-2).
    ///
    /// With gaps the divisor is what the known pairs exceed n − 1 by; 0 where there is no excess.
    #[doc(alias = "GCI")]
    pub fn gci(&self) -> f64 {
        self.gci
    }

    /// The GCI that goes with a CR of 0.01, 0.05, 0.1 or 0.15 for this many things; `None` for another CR.
    ///
    /// The table of Aguarón & Moreno-Jiménez (2003).
    pub fn gci_threshold(&self, cr: f64) -> Option<f64> {
        verdict::geometric_threshold(self.n, cr)
    }

    /// max over triads of 1 − min(r, 1/r), r = aᵢₖ/(aᵢⱼaⱼₖ), from 0 to 1 (Koczkodaj 1993,
    /// doi:10.1016/0895-7177(93)90059-8).
    pub fn koczkodaj(&self) -> f64 {
        self.koczkodaj
    }

    /// The triad that [`Consistency::koczkodaj`] is about; `None` for consistent judgements.
    pub fn worst_triad(&self) -> Option<&[String; 3]> {
        self.worst_triad.as_ref()
    }

    /// CI*, the mean over triads of r + 1/r − 2, r = aᵢₖ/(aᵢⱼaⱼₖ), which is the mean determinant of the triads (Peláez &
    /// Lamata 2003, doi:10.1016/S0898-1221(03)90240-9).
    pub fn pelaez_lamata(&self) -> f64 {
        self.pelaez_lamata
    }

    /// How many triads go in a circle: i over j, j over k and k over i.
    pub fn circular_triads(&self) -> usize {
        self.circular_triads
    }

    /// How many triads are intransitive, ties counted: i at least level with j, j with k and k with i, and not all level.
    pub fn intransitive_triads(&self) -> usize {
        self.intransitive_triads
    }

    /// Kendall's coefficient of consistence ζ = 1 − circular triads / the most there can be: 1 without circles, 0 with the
    /// most (Kendall & Babington Smith 1940, doi:10.1093/biomet/31.3-4.324). `None` with ties or gaps, or for n < 3.
    #[doc(alias = "Kendall")]
    pub fn zeta(&self) -> Option<f64> {
        self.zeta
    }

    /// The harmonic consistency index HCI = (HM − n)(n + 1)/(n(n − 1)), HM the harmonic mean of the column sums
    /// (Stein & Mizzi 2007, doi:10.1016/j.ejor.2005.10.057). `None` with gaps.
    pub fn hci(&self) -> Option<f64> {
        self.hci
    }

    /// The harmonic consistency ratio HCI/HRI, by the table of Stein & Mizzi, linear between its entries. `None` with
    /// gaps, and for n > 25, where the table ends.
    pub fn hcr(&self) -> Option<f64> {
        if self.n < 3 {
            return self.hci;
        }
        Some(self.hci? / interpolated(&HARMONIC_RANDOM_INDEX, self.n)?)
    }

    /// CM = 2/(n(n − 1)) Σᵢ<ⱼ (r̄ − r̲)/((1 + r̄)(1 + r̲)) with r̄ and r̲ the greatest and the least of aᵢₖaₖⱼ over k: how wide the
    /// range is in which the judgements put each ratio, from 0 to 1 (Salo & Hämäläinen 1997, Journal of Multi-Criteria
    /// Decision Analysis 6, 309–319). `None` with gaps.
    pub fn salo_hamalainen(&self) -> Option<f64> {
        self.salo_hamalainen
    }

    /// G = (1/n) Σᵢⱼ |aᵢⱼ/sⱼ − gᵢ| with sⱼ the column sums and g the geometric mean weights (Golden & Wang 1989, in *The
    /// Analytic Hierarchy Process: Applications and Studies*). `None` with gaps.
    pub fn golden_wang(&self) -> Option<f64> {
        self.golden_wang
    }

    /// RE = Σ ln²(aᵢⱼwⱼ/wᵢ) / Σ ln² aᵢⱼ, w the geometric mean: the share of the judgements that weights cannot express
    /// (Barzilai 1998, Journal of Multi-Criteria Decision Analysis 7, 123–132).
    pub fn relative_error(&self) -> f64 {
        self.relative_error
    }

    /// The indices beside the thresholds of the literature. The thresholds are conventions, and no more than an annotation.
    pub fn verdicts(&self, table: RandomIndex) -> Vec<Verdict> {
        verdict::all(self, table)
    }

    /// Every index as a table.
    pub fn table(&self, random: RandomIndex) -> Table {
        let rows = [
            ("λ", Some(self.lambda_max)),
            ("CI", Some(self.ci)),
            ("CR", Some(self.cr(random))),
            ("GCI", Some(self.gci)),
            ("Koczkodaj", Some(self.koczkodaj)),
            ("Peláez–Lamata CI*", Some(self.pelaez_lamata)),
            ("HCI", self.hci),
            ("HCR", self.hcr()),
            ("Salo–Hämäläinen CM", self.salo_hamalainen),
            ("Golden–Wang G", self.golden_wang),
            ("relative error", Some(self.relative_error)),
            ("circular triads", Some(self.circular_triads as f64)),
            ("intransitive triads", Some(self.intransitive_triads as f64)),
        ];
        let (names, values): (Vec<&str>, Vec<Option<f64>>) = rows.into_iter().unzip();
        let table = Table::new(format!("Consistency (random index: {random})"))
            .column(Column::text("", names))
            .column(Column::number("value", values).decimals(4));
        self.verdicts(random).iter().fold(table, |table, verdict| table.note(verdict.to_string()))
    }

    fn check(&self) -> Result<()> {
        check::domain(self.n as f64, self.n > 0, || "the number of things".into(), "at least 1")?;
        let figures = [self.lambda_max, self.ci, self.gci, self.koczkodaj, self.pelaez_lamata, self.relative_error];
        serial::not_negative("a consistency index", &figures)?;
        let more = [self.zeta, self.hci, self.salo_hamalainen, self.golden_wang].map(Option::unwrap_or_default);
        serial::not_negative("a consistency index", &more)
    }
}

impl fmt::Display for Consistency {
    /// The table with [`RandomIndex::Saaty`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(RandomIndex::default()).fmt(f)
    }
}

impl Judgements {
    /// How consistent the judgements are, λ by [`Method::Eigenvector`].
    ///
    /// # Errors
    ///
    /// As for [`Judgements::priorities`] with the eigenvector.
    pub fn consistency(&self) -> Result<Consistency> {
        self.priorities(Method::Eigenvector)?.consistency()
    }
}

impl Priorities {
    /// How consistent the judgements behind the weights are.
    ///
    /// # Errors
    ///
    /// As for [`Judgements::priorities`] with the geometric mean, on which some indices rest.
    pub fn consistency(&self) -> Result<Consistency> {
        Consistency::of(self.judgements(), self.lambda_max(), self.ci())
    }

    /// The number of judgements that the weights reverse (Golany & Kress 1993, European Journal of Operational Research 69,
    /// 210–220): 1 for a pair whose weights stand the other way, ½ where only one of judgement and weights is level.
    pub fn violations(&self) -> f64 {
        let w = self.weights().values();
        let count = index_pairs(w.len()).zip(self.judgements().upper()).filter_map(|((i, j), ratio)| {
            let (judged, found) = (triad::preference(ratio?), triad::preference(w[i] / w[j]));
            Some(0.5 * f64::from((judged - found).abs()))
        });
        count.sum()
    }
}
