//! The share of those who stay, band by band of satisfaction.

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::index::{Confidence, Interval};
use crate::monitoring::loyalty::Pairs;
use crate::monitoring::loyalty::curve;
use crate::monitoring::loyalty::trend::Trend;
use crate::numeric::check;
use crate::survey::{Proportion, ProportionInterval, ThousandPoints};
use crate::table::{Column, Table};

/// Named bands of satisfaction, one above the other.
///
/// The first band has everything below the first cut, the next what is at the first cut or above and below the second,
/// and so on. A satisfaction that is below a cut by rounding only (10⁻⁹) is at it.
///
/// # Examples
///
/// Bands of an index that is published out of 1000 points: up to 793, 794 to 853, 854 and above.
///
/// ```
/// use satindex::Confidence;
/// use satindex::monitoring::loyalty::{Bands, Pairs, TrendScores};
/// use satindex::survey::{ProportionInterval, ThousandPoints};
///
/// let bands = Bands::in_points(ThousandPoints::Rescaled, ["displeased", "content", "delighted"], [794.0, 854.0])?;
/// let satisfaction = [60.0, 79.3, 79.4, 82.0, 85.3, 85.4, 91.0, 97.0];
/// let again = [false, true, false, true, true, true, true, true];
/// let shares = bands.shares(&Pairs::new(satisfaction, again)?);
/// let content = shares.band("content")?.proportion().unwrap();
/// assert_eq!((content.n(), content.share()), (3.0, 2.0 / 3.0));
/// let interval = content.interval(ProportionInterval::Wilson, Confidence::P95);
/// assert_eq!(format!("{interval:.3}"), "[0.208, 0.939]");
/// assert!(shares.trend(&TrendScores::Numbers)?.p_value() > 0.05); // eight respondents
/// println!("{shares}");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Raw"))]
pub struct Bands {
    names: Vec<String>,
    cuts: Vec<f64>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    names: Vec<String>,
    cuts: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for Bands {
    type Error = crate::error::Error;

    fn try_from(raw: Raw) -> Result<Self> {
        Self::new(raw.names, raw.cuts)
    }
}

/// How far below a cut rounding may carry a satisfaction that is at it.
const ROUNDING: f64 = 1e-9;

impl Bands {
    /// Bands with these names, the lowest first, and the cuts between them, from 0 to 100 in ascending order.
    ///
    /// # Errors
    ///
    /// A name that is blank or given twice, another number of cuts than one less than of names, a cut that is not above
    /// 0 and at most 100, or one that is not above the cut before it.
    pub fn new<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        cuts: impl IntoIterator<Item = f64>,
    ) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let cuts: Vec<f64> = cuts.into_iter().collect();
        check::names(&names, "band")?;
        check::length(cuts.len(), names.len() - 1, || "the list of cuts".into())?;
        let mut faults = Faults::default();
        for (at, cut) in cuts.iter().enumerate() {
            let place = || format!("cut {}", at + 1);
            let before = if at == 0 { 0.0 } else { cuts[at - 1] };
            let expected = format!("a number above {before} and at most 100");
            faults.check(check::domain(*cut, *cut > before && *cut <= 100.0, place, &expected));
        }
        faults.or(Self { names, cuts })
    }

    /// Bands with cuts in points out of 1000.
    ///
    /// # Errors
    ///
    /// As for [`Bands::new`]; the cuts in a message are those on 0–100.
    pub fn in_points<S: Into<String>>(
        convention: ThousandPoints,
        names: impl IntoIterator<Item = S>,
        cuts: impl IntoIterator<Item = f64>,
    ) -> Result<Self> {
        Self::new(names, cuts.into_iter().map(|points| convention.to_hundred(points)))
    }

    /// The names, the lowest band first.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The cuts between the bands, on 0–100.
    pub fn cuts(&self) -> &[f64] {
        &self.cuts
    }

    /// The number of the band of a satisfaction, 0 for the lowest.
    pub fn position(&self, satisfaction: f64) -> usize {
        self.cuts.iter().take_while(|cut| satisfaction >= **cut - ROUNDING).count()
    }

    /// The share of those who say yes in each band.
    pub fn shares(&self, pairs: &Pairs) -> BandShares {
        let cells = pairs.cells();
        let mut start = 0;
        let mut bands = Vec::with_capacity(self.names.len());
        for (at, name) in self.names.iter().enumerate() {
            let end = start + cells.values[start..].iter().take_while(|value| self.position(**value) == at).count();
            bands.push(BandShare {
                name: name.clone(),
                lower: if at == 0 { 0.0 } else { self.cuts[at - 1] },
                upper: self.cuts.get(at).copied().unwrap_or(100.0),
                proportion: cells.proportion(start..end),
            });
            start = end;
        }
        BandShares { bands, dropped: pairs.dropped() }
    }
}

/// One band and the share of those who say yes in it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct BandShare {
    name: String,
    lower: f64,
    upper: f64,
    proportion: Option<Proportion>,
}

impl BandShare {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the band begins, on 0–100.
    pub fn lower(&self) -> f64 {
        self.lower
    }

    /// Where the next band begins, or 100.
    pub fn upper(&self) -> f64 {
        self.upper
    }

    /// The share of those who say yes; `None` where nobody is in the band.
    pub fn proportion(&self) -> Option<Proportion> {
        self.proportion
    }
}

/// By how much the share in a band is greater than in the one below.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct BandDifference {
    lower: String,
    upper: String,
    difference: f64,
    interval: Interval,
}

impl BandDifference {
    /// The name of the lower band.
    pub fn lower(&self) -> &str {
        &self.lower
    }

    /// The name of the upper band.
    pub fn upper(&self) -> &str {
        &self.upper
    }

    /// The share in the upper band less that in the lower.
    pub fn difference(&self) -> f64 {
        self.difference
    }

    /// Newcombe's interval on the difference ([`Proportion::difference`]).
    pub fn interval(&self) -> Interval {
        self.interval
    }
}

/// What a trend over bands is measured against.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum TrendScores {
    /// The numbers of the bands, from 0.
    #[default]
    Numbers,
    /// A score for each band, the lowest band's first: the middles of the bands, or the mean satisfaction in them.
    Given(Vec<f64>),
}

impl TrendScores {
    fn of(&self, bands: &[BandShare]) -> Result<Vec<f64>> {
        let Self::Given(scores) = self else { return Ok((0..bands.len()).map(|at| at as f64).collect()) };
        check::length(scores.len(), bands.len(), || "the list of scores".into())?;
        let mut faults = Faults::default();
        for (score, band) in scores.iter().zip(bands) {
            faults.check(check::finite(*score, || format!("the score of band `{}`", band.name)));
        }
        faults.or(scores.clone())
    }
}

/// The share of those who say yes in each of several [`Bands`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct BandShares {
    bands: Vec<BandShare>,
    dropped: usize,
}

impl BandShares {
    /// The bands, the lowest first.
    pub fn bands(&self) -> &[BandShare] {
        &self.bands
    }

    /// The band of this name.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn band(&self, name: &str) -> Result<&BandShare> {
        self.bands.iter().find(|band| band.name == name).ok_or_else(|| check::unknown(name, "band"))
    }

    /// How many rows were left out because satisfaction or intention is missing.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// The bands in which somebody is.
    fn filled(&self) -> impl Iterator<Item = (usize, &BandShare, Proportion)> {
        self.bands.iter().enumerate().filter_map(|(at, band)| Some((at, band, band.proportion?)))
    }

    /// For each two neighbours among the bands in which somebody is, by how much the share in the upper one is greater.
    pub fn differences(&self, confidence: Confidence) -> Vec<BandDifference> {
        let filled: Vec<_> = self.filled().collect();
        let difference = |pair: &[(usize, &BandShare, Proportion)]| BandDifference {
            lower: pair[0].1.name.clone(),
            upper: pair[1].1.name.clone(),
            difference: pair[1].2.share() - pair[0].2.share(),
            interval: pair[1].2.difference(&pair[0].2, confidence),
        };
        filled.windows(2).map(difference).collect()
    }

    /// The test whether the share rises or falls with the scores of the bands.
    ///
    /// # Errors
    ///
    /// Another number of scores than of bands, a score that is not finite, scores of bands with respondents that are all
    /// the same, or everybody of one intention.
    #[doc(alias = "Cochran-Armitage")]
    pub fn trend(&self, scores: &TrendScores) -> Result<Trend> {
        let scores = scores.of(&self.bands)?;
        let groups: Vec<(f64, Proportion)> = self.filled().map(|(at, _, share)| (scores[at], share)).collect();
        let reason = "all respondents are in bands of the same score";
        Trend::new(&groups)?
            .ok_or_else(|| ErrorKind::Degenerate { place: "the trend".into(), reason: reason.into() }.into())
    }

    /// The bands with their shares and Wilson intervals of 95 %.
    pub fn table(&self) -> Table {
        let number =
            |value: fn(&Proportion) -> f64| self.bands.iter().map(move |band| band.proportion.as_ref().map(value));
        let interval = |band: &BandShare| {
            let interval = |share: Proportion| share.interval(ProportionInterval::Wilson, Confidence::P95);
            band.proportion.map_or_else(String::new, |share| format!("{:.3}", interval(share)))
        };
        let table = Table::new("Intention by satisfaction")
            .column(Column::text("band", self.bands.iter().map(BandShare::name)))
            .column(Column::number("from", self.bands.iter().map(BandShare::lower)).decimals(1))
            .column(curve::numbers("n", number(Proportion::n)))
            .column(Column::number("share", number(Proportion::share)))
            .column(Column::text("95 % interval", self.bands.iter().map(interval)));
        let table = match self.trend(&TrendScores::Numbers) {
            Ok(trend) => table.note(trend.to_string()),
            Err(_) => table,
        };
        if self.dropped == 0 { table } else { table.note(format!("{} rows left out", self.dropped)) }
    }
}

impl fmt::Display for BandShares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
