//! How many were asked, how many answered, and whether stated rates and shares agree with that.

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::survey::Proportion;
use crate::table::{Column, Table};

/// How many questionnaires were sent, came back, were valid and were used, in one stratum.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "RawStratum", into = "RawStratum")
)]
pub struct Stratum {
    name: String,
    sent: u64,
    returned: u64,
    valid: u64,
    used: u64,
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStratum {
    name: String,
    sent: u64,
    returned: u64,
    valid: u64,
    used: u64,
}

#[cfg(feature = "serde")]
impl TryFrom<RawStratum> for Stratum {
    type Error = crate::Error;

    fn try_from(raw: RawStratum) -> Result<Self> {
        Self::new(raw.name, [raw.sent, raw.returned, raw.valid, raw.used])
    }
}

#[cfg(feature = "serde")]
impl From<Stratum> for RawStratum {
    fn from(Stratum { name, sent, returned, valid, used }: Stratum) -> Self {
        Self { name, sent, returned, valid, used }
    }
}

/// The largest count: as a number with decimals it is still exact.
const LARGEST: u64 = 1 << 48;

impl Stratum {
    /// The counts of a stratum: sent, returned, valid, used.
    ///
    /// # Errors
    ///
    /// A blank name; nothing sent; a count that is larger than the one before it.
    pub fn new(name: impl Into<String>, [sent, returned, valid, used]: [u64; 4]) -> Result<Self> {
        let name = name.into();
        let mut faults = Faults::default();
        faults.check(check::names(&[name.as_str()], "stratum"));
        let inside = (1..=LARGEST).contains(&sent);
        let place = || format!("the number sent in `{name}`");
        faults.check(check::domain(sent as f64, inside, place, "a number from 1 to 2^48"));
        for (what, count, most, before) in [
            ("returned", returned, sent, "sent"),
            ("valid", valid, returned, "returned"),
            ("used", used, valid, "valid"),
        ] {
            let place = || format!("the number {what} in `{name}`");
            faults.check(check::domain(count as f64, count <= most, place, &format!("at most the {most} {before}")));
        }
        faults.or(())?;
        Ok(Self { name, sent, returned, valid, used })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many were sent, or people asked.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// How many came back.
    pub fn returned(&self) -> u64 {
        self.returned
    }

    /// How many of those were valid.
    pub fn valid(&self) -> u64 {
        self.valid
    }

    /// How many of those were used in the analysis.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// A rate, with the counts behind it; `None` where it would be divided by 0.
    pub fn rate(&self, rate: Rate) -> Option<Proportion> {
        let (part, whole) = match rate {
            Rate::Return => (self.returned, self.sent),
            Rate::Valid => (self.valid, self.returned),
            Rate::Effective => (self.valid, self.sent),
            Rate::Use => (self.used, self.valid),
        };
        Proportion::new(part, whole).ok()
    }

    /// Checks a rate as it is stated elsewhere ("82.3 %", "0.823") against the counts, to its last decimal.
    ///
    /// # Errors
    ///
    /// A text that is no rate; a rate that the counts do not give: both are in the message.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::accounting::{Rate, Stratum};
    ///
    /// let north = Stratum::new("north", [500, 412, 400, 400])?;
    /// north.agrees_with(Rate::Return, "82.4 %")?;
    /// let error = north.agrees_with(Rate::Effective, "82 %").unwrap_err().to_string();
    /// assert_eq!(error, "the effective rate of `north` is 82 % in one part and 400 of 500 = 80.000 % in the other");
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn agrees_with(&self, rate: Rate, stated: &str) -> Result<()> {
        let place = format!("the {rate} rate of `{}`", self.name);
        let given = Stated::parse(stated, &place)?;
        let Some(found) = self.rate(rate) else {
            let reason = "the counts give none: it would be divided by 0".into();
            return Err(ErrorKind::Degenerate { place, reason }.into());
        };
        if (found.share() - given.share).abs() <= given.rounding {
            return Ok(());
        }
        let other = format!("{} of {} = {:.3} %", found.share() * found.n(), found.n(), 100.0 * found.share());
        Err(ErrorKind::Conflict { place, one: stated.trim().into(), other }.into())
    }
}

/// A rate of an [`Accounting`].
#[doc(alias("response rate", "AAPOR"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Rate {
    /// Returned out of sent.
    Return,
    /// Valid out of returned.
    Valid,
    /// Valid out of sent.
    Effective,
    /// Used out of valid.
    Use,
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Return => "return",
            Self::Valid => "valid",
            Self::Effective => "effective",
            Self::Use => "use",
        })
    }
}

/// How many questionnaires were sent, came back, were valid and were used, by stratum.
///
/// # Formula
///
/// Return rate: returned/sent. Valid rate: valid/returned. Effective rate: valid/sent. Use rate: used/valid.
///
/// # Examples
///
/// ```
/// use satindex::survey::accounting::{Accounting, Rate, Stratum};
///
/// let accounting = Accounting::new([
///     Stratum::new("north", [500, 412, 400, 396])?,
///     Stratum::new("south", [300, 188, 180, 180])?,
/// ])?;
/// assert_eq!(accounting.total().rate(Rate::Return).unwrap().share(), 0.75);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "Vec<Stratum>", into = "Vec<Stratum>")
)]
pub struct Accounting(Vec<Stratum>);

impl TryFrom<Vec<Stratum>> for Accounting {
    type Error = crate::Error;

    fn try_from(strata: Vec<Stratum>) -> Result<Self> {
        Self::new(strata)
    }
}

impl From<Accounting> for Vec<Stratum> {
    fn from(accounting: Accounting) -> Self {
        accounting.0
    }
}

impl Accounting {
    /// An accounting of these strata.
    ///
    /// # Errors
    ///
    /// No stratum, or a name given twice; sums beyond 2⁴⁸.
    pub fn new(strata: impl IntoIterator<Item = Stratum>) -> Result<Self> {
        let strata: Vec<Stratum> = strata.into_iter().collect();
        check::names(&strata.iter().map(Stratum::name).collect::<Vec<_>>(), "stratum")?;
        let sent: f64 = strata.iter().map(|stratum| stratum.sent as f64).sum();
        check::domain(sent, sent <= LARGEST as f64, || "the sum of the numbers sent".into(), "at most 2^48")?;
        Ok(Self(strata))
    }

    /// The strata in order.
    pub fn strata(&self) -> &[Stratum] {
        &self.0
    }

    /// The stratum of this name.
    ///
    /// # Errors
    ///
    /// An unknown name.
    pub fn get(&self, name: &str) -> Result<&Stratum> {
        self.0.iter().find(|stratum| stratum.name == name).ok_or_else(|| check::unknown(name, "stratum"))
    }

    /// All strata together.
    pub fn total(&self) -> Stratum {
        let sum = |count: fn(&Stratum) -> u64| self.0.iter().map(count).sum();
        Stratum {
            name: "total".into(),
            sent: sum(Stratum::sent),
            returned: sum(Stratum::returned),
            valid: sum(Stratum::valid),
            used: sum(Stratum::used),
        }
    }

    /// Counts and rates by stratum, the total last.
    pub fn table(&self) -> Table {
        let rows: Vec<Stratum> = self.0.iter().cloned().chain([self.total()]).collect();
        let count = |heading: &str, count: fn(&Stratum) -> u64| {
            Column::number(heading, rows.iter().map(|stratum| count(stratum) as f64)).decimals(0)
        };
        let rate = |heading: &str, rate: Rate| {
            Column::number(heading, rows.iter().map(|stratum| stratum.rate(rate).map(|rate| rate.share())))
        };
        Table::new("Questionnaires")
            .column(Column::text("stratum", rows.iter().map(Stratum::name)))
            .column(count("sent", Stratum::sent))
            .column(count("returned", Stratum::returned))
            .column(count("valid", Stratum::valid))
            .column(count("used", Stratum::used))
            .column(rate("return rate", Rate::Return))
            .column(rate("valid rate", Rate::Valid))
            .column(rate("effective rate", Rate::Effective))
    }
}

impl fmt::Display for Accounting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

/// The shares of the answers to a single-choice question, as they are stated elsewhere.
///
/// # Examples
///
/// ```
/// use satindex::survey::accounting::StatedShares;
///
/// let shares = StatedShares::new([("price", "42.5 %"), ("quality", "33.3 %"), ("service", "24.2 %")])?;
/// shares.sum_to_one()?;
/// let error = StatedShares::new([("price", "42 %"), ("quality", "33 %")])?.sum_to_one().unwrap_err();
/// assert_eq!(error.to_string(), "the sum of the shares of 2 choices is 0.75; expected 1 up to 0.01 of rounding (an option `other` would be declared)");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "RawShares", into = "RawShares")
)]
pub struct StatedShares {
    shares: Vec<(String, String)>,
    sum: f64,
    rounding: f64,
    other: bool,
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawShares {
    shares: Vec<(String, String)>,
    #[serde(default)]
    other: bool,
}

#[cfg(feature = "serde")]
impl TryFrom<RawShares> for StatedShares {
    type Error = crate::Error;

    fn try_from(raw: RawShares) -> Result<Self> {
        Ok(Self { other: raw.other, ..Self::new(raw.shares)? })
    }
}

#[cfg(feature = "serde")]
impl From<StatedShares> for RawShares {
    fn from(shares: StatedShares) -> Self {
        Self { shares: shares.shares, other: shares.other }
    }
}

impl StatedShares {
    /// The shares as they are written: `42.5 %` or `0.425`.
    ///
    /// # Errors
    ///
    /// No choice, a blank one or one given twice; a text that is no share.
    pub fn new<S: Into<String>, T: Into<String>>(shares: impl IntoIterator<Item = (S, T)>) -> Result<Self> {
        let shares: Vec<(String, String)> =
            shares.into_iter().map(|(choice, share)| (choice.into(), share.into())).collect();
        let mut faults = Faults::default();
        faults.check(check::names(&shares.iter().map(|(choice, _)| choice.as_str()).collect::<Vec<_>>(), "choice"));
        let (mut sum, mut rounding) = (0.0, 0.0);
        for (choice, share) in &shares {
            if let Some(stated) = faults.check(Stated::parse(share, &format!("the share of `{choice}`"))) {
                sum += stated.share;
                rounding += stated.rounding;
            }
        }
        faults.or(Self { shares, sum, rounding, other: false })
    }

    /// Declares that there were other answers, whose share is not stated.
    #[must_use]
    pub fn allow_other(self) -> Self {
        Self { other: true, ..self }
    }

    /// The sum of the shares.
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// Checks that the shares sum to 1 up to their rounding, or to less where there were other answers.
    ///
    /// # Errors
    ///
    /// When they do not: the message has the sum and what it is to be.
    pub fn sum_to_one(&self) -> Result<()> {
        let rounding = self.rounding + 1e-12;
        let inside = self.sum <= 1.0 + rounding && (self.other || self.sum >= 1.0 - rounding);
        if inside {
            return Ok(());
        }
        let place = format!("the sum of the shares of {} choices is", self.shares.len());
        let most = if self.other { "at most 1" } else { "1" };
        let hint = if self.sum < 1.0 { " (an option `other` would be declared)" } else { "" };
        let expected = format!("{most} up to {} of rounding{hint}", (self.rounding * 1e9).round() / 1e9);
        Err(ErrorKind::Domain { place, value: (self.sum * 1e9).round() / 1e9, expected }.into())
    }
}

/// A share as it was written, and how far rounding to its decimals may have carried it.
struct Stated {
    share: f64,
    rounding: f64,
}

impl Stated {
    fn parse(text: &str, place: &str) -> Result<Self> {
        let (number, unit) = match text.trim().strip_suffix(['%', '％']) {
            Some(number) => (number.trim(), 0.01),
            None => (text.trim(), 1.0),
        };
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let value = if plain && decimals <= 15 { number.parse::<f64>().ok() } else { None };
        let share = value.map(|value| value * unit).filter(|share| (0.0..=1.0).contains(share));
        let share = share.ok_or_else(|| {
            let reason = format!("`{text}` is no share such as 82.3 % or 0.823");
            ErrorKind::Unreadable { place: place.into(), reason }
        })?;
        let half = 0.5 * unit * 0.1_f64.powi(i32::try_from(decimals).unwrap_or(15));
        Ok(Self { share, rounding: half * (1.0 + 1e-9) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_go_down() {
        let message = |counts| Stratum::new("a", counts).unwrap_err().to_string();
        assert_eq!(message([10, 11, 5, 5]), "the number returned in `a` is 11; expected at most the 10 sent");
        assert_eq!(
            message([10, 5, 6, 7]),
            "the number valid in `a` is 6; expected at most the 5 returned; the number used in `a` is 7; expected at \
             most the 6 valid"
        );
        assert!(message([0, 0, 0, 0]).starts_with("the number sent in `a` is 0"));
        let one = || Stratum::new("a", [10, 5, 5, 5]).unwrap();
        assert_eq!(Accounting::new([one(), one()]).unwrap_err().to_string(), "duplicate stratum `a`");
        assert!(Accounting::new([]).is_err());
        let huge = |name| Stratum::new(name, [LARGEST, 0, 0, 0]).unwrap();
        assert!(Accounting::new([huge("a"), huge("b")]).is_err());
    }

    /// 412 of 500 are 82.4 %: rounded to it, not beside it.
    #[test]
    fn stated_rates_are_held_to_their_last_decimal() {
        let stratum = Stratum::new("a", [500, 412, 0, 0]).unwrap();
        for stated in ["82.4 %", "82%", "0.824", "0.82", "82.40%", "82.4％"] {
            assert_eq!(stratum.agrees_with(Rate::Return, stated), Ok(()), "{stated}");
        }
        for stated in ["82.5 %", "83%", "0.8241", "0.83", "0 %"] {
            assert!(stratum.agrees_with(Rate::Return, stated).unwrap_err().is_mismatch(), "{stated}");
        }
        for text in ["", "%", "82.4", "-1 %", "1e-1", "82,4 %", "NaN", "101 %", "."] {
            assert!(stratum.agrees_with(Rate::Return, text).unwrap_err().is_unreadable(), "{text}");
        }
        assert!(stratum.agrees_with(Rate::Use, "0 %").unwrap_err().is_degenerate());
        let empty = Stratum::new("a", [500, 0, 0, 0]).unwrap();
        assert_eq!((empty.rate(Rate::Valid), empty.rate(Rate::Return).map(|rate| rate.share())), (None, Some(0.0)));
    }

    #[test]
    fn shares_sum_to_one() {
        let sums = |shares: &[&str]| {
            StatedShares::new(shares.iter().enumerate().map(|(at, share)| (at.to_string(), *share))).unwrap()
        };
        assert!(sums(&["33 %", "33 %", "33 %"]).sum_to_one().is_ok());
        assert!(sums(&["33.3 %", "33.3 %", "33.3 %"]).sum_to_one().is_ok());
        assert!(sums(&["33.3 %", "33.3 %", "33.2 %"]).sum_to_one().is_err());
        assert!(sums(&["0.5", "0.3"]).sum_to_one().is_err());
        assert!(sums(&["0.5", "0.3"]).allow_other().sum_to_one().is_ok());
        let error = sums(&["0.75", "0.50"]).allow_other().sum_to_one().unwrap_err().to_string();
        assert_eq!(error, "the sum of the shares of 2 choices is 1.25; expected at most 1 up to 0.01 of rounding");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let accounting = Accounting::new([Stratum::new("a", [10, 8, 7, 7]).unwrap()]).unwrap();
        let text = serde_json::to_string(&accounting).unwrap();
        assert_eq!(serde_json::from_str::<Accounting>(&text).unwrap(), accounting);
        assert!(serde_json::from_str::<Accounting>(&text.replace("\"valid\":7", "\"valid\":9")).is_err());
    }
}
