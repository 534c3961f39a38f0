//! Periods: what a survey is repeated in.

mod text;

use std::fmt;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;

/// A year, a part of one, or a wave of a survey.
///
/// Periods of one kind are ordered in time. [`Period::in_order`] sorts them, and refuses kinds that are mixed: a quarter
/// is neither before nor after the year that it lies in.
///
/// # Text and serialised form
///
/// Written `2026`, `2026H1`, `2026Q3`, `2026-07`, `2026-W05` (ISO 8601 week), `wave 3` and `wave 3 (after the move)`.
/// Read as well: `Q3 2026`, `2026-Q3`, `2026/07`, `202607`, `2026W05`, `2026年`, `2026年上半年`, `2026年3季度`,
/// `2026年第三季度`, `2026年7月`, `2026年第5周`, `第3轮`; digits and letters may be full-width.
///
/// # Examples
///
/// ```
/// use satindex::survey::Period;
///
/// let quarter: Period = "2026年3季度".parse()?;
/// assert_eq!(quarter, Period::quarter(2026, 3)?);
/// assert_eq!(quarter.next().unwrap().to_string(), "2026Q4");
/// let periods = ["2026Q4", "2026Q1", "2026Q3"].map(|text| text.parse::<Period>().unwrap());
/// assert_eq!(Period::gaps(&periods)?, [Period::quarter(2026, 2)?]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct Period {
    kind: PeriodKind,
    /// The year; 0 for a wave.
    year: u16,
    /// The place within the year, or of the wave among the waves, from 1.
    number: u32,
    /// The name of a wave; empty for the others.
    name: String,
}

/// How long a [`Period`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum PeriodKind {
    /// A calendar year.
    Year,
    /// January to June, or July to December.
    Half,
    /// Three months.
    Quarter,
    /// A calendar month.
    Month,
    /// A week from Monday, numbered as in ISO 8601: week 1 holds the year's first Thursday.
    Week,
    /// A round of a survey, numbered, perhaps with a name, of no fixed length.
    Wave,
}

impl PeriodKind {
    /// How many periods of this kind a year has; a wave belongs to no year.
    fn in_year(self, year: u16) -> u32 {
        match self {
            Self::Year => 1,
            Self::Half => 2,
            Self::Quarter => 4,
            Self::Month => 12,
            Self::Week => weeks(year),
            Self::Wave => LAST_WAVE,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Half => "half-year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
            Self::Wave => "wave",
        }
    }
}

impl fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The ISO weeks of a year: 53 where it begins on a Thursday or ends on one, otherwise 52.
fn weeks(year: u16) -> u32 {
    // The weekday of 31 December, 0 for Sunday.
    let last = |year: u32| (year + year / 4 - year / 100 + year / 400) % 7;
    let year = u32::from(year);
    if last(year) == 4 || last(year - 1) == 3 { 53 } else { 52 }
}

/// The last year that is written with four digits.
const LAST_YEAR: u16 = 9999;

/// No survey has more waves; a slip of the pen does not make millions of gaps.
const LAST_WAVE: u32 = 9999;

impl Period {
    fn in_calendar(kind: PeriodKind, year: u16, number: u32) -> Result<Self> {
        let inside = (1..=LAST_YEAR).contains(&year);
        check::domain(f64::from(year), inside, || "the year".into(), "a year from 1 to 9999")?;
        let last = kind.in_year(year);
        let place = || format!("the {kind} of {year}");
        check::domain(f64::from(number), (1..=last).contains(&number), place, &format!("a number from 1 to {last}"))?;
        Ok(Self { kind, year, number, name: String::new() })
    }

    /// A calendar year, from 1 to 9999.
    ///
    /// # Errors
    ///
    /// A year outside that range, as for all other kinds.
    pub fn year(year: u16) -> Result<Self> {
        Self::in_calendar(PeriodKind::Year, year, 1)
    }

    /// The first or the second half of a year.
    ///
    /// # Errors
    ///
    /// A number that is neither 1 nor 2.
    pub fn half(year: u16, number: u32) -> Result<Self> {
        Self::in_calendar(PeriodKind::Half, year, number)
    }

    /// A quarter of a year, from 1 to 4.
    ///
    /// # Errors
    ///
    /// Another number.
    pub fn quarter(year: u16, number: u32) -> Result<Self> {
        Self::in_calendar(PeriodKind::Quarter, year, number)
    }

    /// A month of a year, from 1 to 12.
    ///
    /// # Errors
    ///
    /// Another number.
    pub fn month(year: u16, number: u32) -> Result<Self> {
        Self::in_calendar(PeriodKind::Month, year, number)
    }

    /// An ISO week, from 1 to 52 or 53. The year is that of the week: 1 January may lie in a week of the year before.
    ///
    /// # Errors
    ///
    /// A week that the year does not have.
    pub fn week(year: u16, number: u32) -> Result<Self> {
        Self::in_calendar(PeriodKind::Week, year, number)
    }

    /// A wave of a survey by its number, from 1 to 9999.
    ///
    /// # Errors
    ///
    /// Another number.
    pub fn wave(number: u32) -> Result<Self> {
        let inside = (1..=LAST_WAVE).contains(&number);
        check::domain(f64::from(number), inside, || "the number of the wave".into(), "a number from 1 to 9999")?;
        Ok(Self { kind: PeriodKind::Wave, year: 0, number, name: String::new() })
    }

    /// Waves by their names, in the order in which they were carried out.
    ///
    /// # Errors
    ///
    /// No name, more than 9999 of them, a blank one, or one given twice.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::Period;
    ///
    /// let waves = Period::waves(["before", "during", "after"])?;
    /// assert!(waves[0] < waves[2]);
    /// assert_eq!(waves[2].to_string(), "wave 3 (after)");
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn waves<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Result<Vec<Self>> {
        let names: Vec<String> = names.into_iter().map(|name| name.as_ref().trim().to_owned()).collect();
        check::names(&names, "wave")?;
        u32::try_from(names.len()).map_or(Self::wave(u32::MAX), Self::wave)?;
        Ok((1..).zip(names).map(|(number, name)| Self { kind: PeriodKind::Wave, year: 0, number, name }).collect())
    }

    /// How long it is.
    pub fn kind(&self) -> PeriodKind {
        self.kind
    }

    /// The year that it lies in; a wave lies in none.
    pub fn calendar_year(&self) -> Option<u16> {
        (self.kind != PeriodKind::Wave).then_some(self.year)
    }

    /// Its number within the year, or of the wave among the waves, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The name of a wave that has one.
    pub fn name(&self) -> Option<&str> {
        (!self.name.is_empty()).then_some(self.name.as_str())
    }

    /// The period of the same kind right after it. `None` for the last one before the year 10000, and for a wave: which
    /// one follows is not known before it is carried out.
    pub fn next(&self) -> Option<Self> {
        if self.kind == PeriodKind::Wave {
            return None;
        }
        let (year, number) =
            if self.number < self.kind.in_year(self.year) { (self.year, self.number + 1) } else { (self.year + 1, 1) };
        Self::in_calendar(self.kind, year, number).ok()
    }

    /// The period of the same kind right before it; `None` for the first one of the year 1, and for a wave.
    pub fn previous(&self) -> Option<Self> {
        if self.kind == PeriodKind::Wave {
            return None;
        }
        if self.number > 1 {
            return Some(Self { number: self.number - 1, ..self.clone() });
        }
        let year = self.year.checked_sub(1).filter(|year| *year > 0)?;
        Some(Self { year, number: self.kind.in_year(year), ..self.clone() })
    }

    /// The periods in order of time, each once.
    ///
    /// # Errors
    ///
    /// Periods of two kinds, or one wave under two names: each is named.
    pub fn in_order<'a>(periods: impl IntoIterator<Item = &'a Self>) -> Result<Vec<Self>> {
        let mut periods: Vec<Self> = periods.into_iter().cloned().collect();
        periods.sort_unstable();
        periods.dedup();
        let mut faults = Faults::default();
        for pair in periods.windows(2) {
            let [one, other] = [&pair[0], &pair[1]].map(ToString::to_string);
            if pair[0].kind != pair[1].kind {
                let reason = format!("a {} and a {} have no order in time", pair[0].kind, pair[1].kind);
                faults.note(|| ErrorKind::Degenerate { place: format!("the periods `{one}` and `{other}`"), reason });
            } else if pair[0].number == pair[1].number && pair[0].year == pair[1].year {
                let place = format!("the name of wave {}", pair[0].number);
                faults.note(|| ErrorKind::Conflict { place, one, other });
            }
        }
        faults.or(periods)
    }

    /// The periods that are missing between the first and the last of these, in order of time. Between waves nothing is
    /// known to be missing but numbers.
    ///
    /// # Errors
    ///
    /// As for [`Period::in_order`].
    pub fn gaps(periods: &[Self]) -> Result<Vec<Self>> {
        let periods = Self::in_order(periods)?;
        let mut gaps = Vec::new();
        for pair in periods.windows(2) {
            if pair[0].kind == PeriodKind::Wave {
                gaps.extend((pair[0].number + 1..pair[1].number).filter_map(|number| Self::wave(number).ok()));
            } else {
                let after = std::iter::successors(pair[0].next(), Self::next);
                gaps.extend(after.take_while(|period| *period < pair[1]));
            }
        }
        Ok(gaps)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, number) = (self.year, self.number);
        let text = match self.kind {
            PeriodKind::Year => format!("{year:04}"),
            PeriodKind::Half => format!("{year:04}H{number}"),
            PeriodKind::Quarter => format!("{year:04}Q{number}"),
            PeriodKind::Month => format!("{year:04}-{number:02}"),
            PeriodKind::Week => format!("{year:04}-W{number:02}"),
            PeriodKind::Wave if self.name.is_empty() => format!("wave {number}"),
            PeriodKind::Wave => format!("wave {number} ({})", self.name),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The years with 53 weeks from 1990 to 2030, from ISO 8601's definition by a calendar (Python's `isocalendar`).
    #[test]
    fn long_years() {
        let long: Vec<u16> = (1990..=2030).filter(|year| weeks(*year) == 53).collect();
        assert_eq!(long, [1992, 1998, 2004, 2009, 2015, 2020, 2026]);
    }

    #[test]
    fn next_and_previous_cross_the_year() {
        for (last, first) in [
            (Period::year(2025), Period::year(2026)),
            (Period::half(2025, 2), Period::half(2026, 1)),
            (Period::quarter(2025, 4), Period::quarter(2026, 1)),
            (Period::month(2025, 12), Period::month(2026, 1)),
            (Period::week(2025, 52), Period::week(2026, 1)),
            (Period::week(2026, 53), Period::week(2027, 1)),
        ] {
            let (last, first) = (last.unwrap(), first.unwrap());
            assert_eq!((last.next().as_ref(), first.previous().as_ref()), (Some(&first), Some(&last)));
            assert!(last < first);
        }
        assert_eq!(Period::year(9999).unwrap().next(), None);
        assert_eq!(Period::month(1, 1).unwrap().previous(), None);
        assert_eq!(Period::wave(1).unwrap().next(), None);
    }

    #[test]
    fn kinds_do_not_mix() {
        let error = Period::gaps(&[Period::year(2026).unwrap(), Period::quarter(2026, 1).unwrap()]).unwrap_err();
        assert_eq!(error.to_string(), "the periods `2026` and `2026Q1`: a year and a quarter have no order in time");
        let waves = Period::waves(["before", "after"]).unwrap();
        let error = Period::in_order([&waves[1], &Period::wave(2).unwrap()]).unwrap_err();
        assert_eq!(error.to_string(), "the name of wave 2 is wave 2 in one part and wave 2 (after) in the other");
    }

    #[test]
    fn a_gap_across_a_year() {
        let months = [Period::month(2026, 2).unwrap(), Period::month(2025, 11).unwrap()];
        assert_eq!(Period::gaps(&months).unwrap(), [Period::month(2025, 12).unwrap(), Period::month(2026, 1).unwrap()]);
        assert_eq!(Period::gaps(&[]).unwrap(), []);
        let waves = [Period::wave(1).unwrap(), Period::wave(3).unwrap()];
        assert_eq!(Period::gaps(&waves).unwrap(), [Period::wave(2).unwrap()]);
    }

    #[test]
    fn periods_that_do_not_exist() {
        let message = |period: Result<Period>| period.unwrap_err().to_string();
        assert_eq!(message(Period::quarter(2026, 5)), "the quarter of 2026 is 5; expected a number from 1 to 4");
        assert_eq!(message(Period::week(2025, 53)), "the week of 2025 is 53; expected a number from 1 to 52");
        assert_eq!(message(Period::year(0)), "the year is 0; expected a year from 1 to 9999");
        assert_eq!(message(Period::wave(0)), "the number of the wave is 0; expected a number from 1 to 9999");
        assert_eq!(Period::waves(["a", "a "]).unwrap_err().to_string(), "duplicate wave `a`");
    }
}
