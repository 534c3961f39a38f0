//! Calendar dates.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

use crate::error::{Error, ErrorKind, Result};
use crate::survey::period::{Period, PeriodKind};

/// A day of the calendar, without clock or zone.
///
/// Written and read as in ISO 8601 (`2026-07-31`); [`Date::parse`] takes another pattern.
///
/// # Examples
///
/// ```
/// use satindex::survey::Date;
/// use satindex::survey::period::PeriodKind;
///
/// let day: Date = "2026-07-31".parse()?;
/// assert_eq!(day.period(PeriodKind::Quarter)?.to_string(), "2026Q3");
/// assert_eq!(Date::parse("%d.%m.%Y", "31.07.2026")?, day);
/// assert!("2026-02-29".parse::<Date>().is_err());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct Date(civil::Date);

impl Date {
    /// A date by the pattern in which it is written: `%Y` year, `%m` month, `%d` day, other characters as they are.
    ///
    /// # Errors
    ///
    /// A text that does not follow the pattern, or is no day of the calendar from the year 1 on.
    pub fn parse(pattern: &str, text: &str) -> Result<Self> {
        let reason = || format!("it is no date written as `{pattern}`");
        civil::Date::strptime(pattern, text.trim())
            .ok()
            .and_then(Self::since_1)
            .ok_or_else(|| unreadable(text, reason()))
    }

    fn since_1(date: civil::Date) -> Option<Self> {
        (date.year() >= 1).then_some(Self(date))
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.0.year().unsigned_abs()
    }

    /// The month, from 1.
    pub fn month(self) -> u32 {
        u32::from(self.0.month().unsigned_abs())
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u32 {
        u32::from(self.0.day().unsigned_abs())
    }

    /// The period of this kind that the day lies in.
    ///
    /// # Errors
    ///
    /// Waves, which the calendar does not know; a week of the year 0, in which 1 January of the year 1 may not lie.
    pub fn period(self, kind: PeriodKind) -> Result<Period> {
        let (year, month) = (self.year(), self.month());
        match kind {
            PeriodKind::Year => Period::year(year),
            PeriodKind::Half => Period::half(year, month.div_ceil(6)),
            PeriodKind::Quarter => Period::quarter(year, month.div_ceil(3)),
            PeriodKind::Month => Period::month(year, month),
            PeriodKind::Week => {
                let week = self.0.iso_week_date();
                Period::week(week.year().unsigned_abs(), u32::from(week.week().unsigned_abs()))
            }
            PeriodKind::Wave => {
                let reason = "a date lies in no wave: give waves by name or number".into();
                Err(ErrorKind::Unsupported { place: format!("the date {self}"), reason }.into())
            }
        }
    }
}

fn unreadable(text: &str, reason: String) -> Error {
    ErrorKind::Unreadable { place: format!("the date `{text}`"), reason }.into()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}-{:02}", self.year(), self.month(), self.day()))
    }
}

impl FromStr for Date {
    type Err = Error;

    /// A date as in ISO 8601.
    fn from_str(text: &str) -> Result<Self> {
        let digits = |at: usize, byte: u8| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        let iso = text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| digits(at, byte));
        let date = if iso { text.parse().ok() } else { None };
        let reason = || "expected a day of the calendar such as 2026-07-31".into();
        date.and_then(Self::since_1).ok_or_else(|| unreadable(text, reason()))
    }
}

impl TryFrom<String> for Date {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days about the turn of the year in ISO weeks: Python's `isocalendar`.
    #[test]
    fn days_lie_in_their_periods() {
        for (text, week) in [
            ("2026-12-31", "2026-W53"),
            ("2027-01-03", "2026-W53"),
            ("2027-01-04", "2027-W01"),
            ("2024-12-30", "2025-W01"),
            ("2023-01-01", "2022-W52"),
            ("2024-02-29", "2024-W09"),
        ] {
            assert_eq!(text.parse::<Date>().unwrap().period(PeriodKind::Week).unwrap().to_string(), week);
        }
        let day: Date = "2026-07-01".parse().unwrap();
        let periods = [PeriodKind::Year, PeriodKind::Half, PeriodKind::Quarter, PeriodKind::Month];
        let written = periods.map(|kind| day.period(kind).unwrap().to_string());
        assert_eq!(written, ["2026", "2026H2", "2026Q3", "2026-07"]);
        assert!(day.period(PeriodKind::Wave).is_err());
    }

    #[test]
    fn what_is_no_date() {
        for text in ["2026-02-30", "2025-02-29", "2026-13-01", "2026-7-1", "20260701", "", "0000-01-01", "-026-01-01"] {
            let message = text.parse::<Date>().unwrap_err().to_string();
            assert_eq!(
                message,
                format!("the date `{text}` cannot be read: expected a day of the calendar such as 2026-07-31")
            );
        }
        assert_eq!(Date::parse("%Y年%m月%d日", "2026年07月31日").unwrap().to_string(), "2026-07-31");
        assert!(Date::parse("%d/%m/%Y", "31/02/2026").is_err() && Date::parse("%Q", "x").is_err());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn serialised_as_text() {
        let day: Date = "2026-07-31".parse().unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-07-31\"");
        assert_eq!(serde_json::from_str::<Date>("\"2026-07-31\"").unwrap(), day);
        assert!(serde_json::from_str::<Date>("\"2026-02-31\"").is_err());
    }
}
