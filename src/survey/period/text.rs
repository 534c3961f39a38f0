//! How a period is written: the forms that are read.

use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

use super::{Period, PeriodKind};
use crate::survey::words::half_width;

impl FromStr for Period {
    type Err = Error;

    /// One of the forms that [`Period`] lists.
    fn from_str(text: &str) -> Result<Self> {
        let unreadable = || {
            let reason = "expected a period such as 2026, 2026H1, 2026Q3, 2026-07, 2026-W05, 2026年3季度 or wave 3";
            ErrorKind::Unreadable { place: format!("the period `{text}`"), reason: reason.into() }
        };
        wave(text.trim()).or_else(|| calendar(&plain(text))).ok_or_else(unreadable)?
    }
}

impl TryFrom<String> for Period {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

/// The text with full-width digits, letters and signs in their usual form.
fn plain(text: &str) -> String {
    text.trim().chars().map(half_width).collect()
}

/// `wave 3`, `wave 3 (name)`, `第3轮`. The name is kept as it is written.
fn wave(text: &str) -> Option<Result<Period>> {
    let (head, name) = match text.split_once(['(', '（']) {
        Some((head, rest)) => (plain(head), Some(rest.strip_suffix([')', '）'])?.trim())),
        None => (plain(text), None),
    };
    let number = match head.strip_prefix('第') {
        Some(rest) => rest.strip_suffix(['轮', '波'])?,
        None => head.get(..4).filter(|word| word.eq_ignore_ascii_case("wave")).map(|_| &head[4..])?,
    };
    let number = count(number.trim())?;
    if name.is_some_and(str::is_empty) {
        return None;
    }
    Some(Period::wave(number).map(|wave| Period { name: name.unwrap_or_default().into(), ..wave }))
}

/// A year with the part of it that is meant: `2026Q3`, `Q3 2026`, `2026-07`, `2026年3季度`.
fn calendar(text: &str) -> Option<Result<Period>> {
    let lower = text.to_ascii_lowercase();
    let (year, part) = if lower.starts_with(['q', 'h']) {
        let (part, year) = lower.split_once([' ', '-', '/', '.'])?;
        (year.trim(), part)
    } else {
        lower.split_at_checked(4)?
    };
    // Four digits, not a sign and three.
    let year: u16 = year.bytes().all(|byte| byte.is_ascii_digit()).then(|| year.parse().ok())??;
    let (kind, number) = part_of_year(part.trim())?;
    Some(Period::in_calendar(kind, year, number))
}

/// The part of a year that stands behind it, or before it.
fn part_of_year(part: &str) -> Option<(PeriodKind, u32)> {
    if part.is_empty() || part == "年" {
        return Some((PeriodKind::Year, 1));
    }
    if let Some(part) = part.strip_prefix('年') {
        return chinese(part.trim());
    }
    if part.len() == 2
        && let Some(month) = count(part)
    {
        return Some((PeriodKind::Month, month));
    }
    let bare = part.trim_start_matches(['-', '/', '.', ' ']);
    let kind = [('q', PeriodKind::Quarter), ('h', PeriodKind::Half), ('w', PeriodKind::Week)];
    for (letter, kind) in kind {
        if let Some(number) = bare.strip_prefix(letter) {
            return Some((kind, count(number.trim())?));
        }
    }
    // Digits right behind the year are a month only if there are two of them.
    let month = (bare.len() < part.len() && bare.len() <= 2).then(|| count(bare))??;
    Some((PeriodKind::Month, month))
}

/// `上半年`, `3季度`, `第三季度`, `7月`, `第5周`.
fn chinese(part: &str) -> Option<(PeriodKind, u32)> {
    match part {
        "上半年" => return Some((PeriodKind::Half, 1)),
        "下半年" => return Some((PeriodKind::Half, 2)),
        _ => {}
    }
    let part = part.strip_prefix('第').unwrap_or(part);
    let units = [("季度", PeriodKind::Quarter), ("季", PeriodKind::Quarter), ("月", PeriodKind::Month)];
    let mut units = units.into_iter().chain([("周", PeriodKind::Week)]);
    units.find_map(|(unit, kind)| Some((kind, count(part.strip_suffix(unit)?.trim())?)))
}

/// A whole number in digits, or one from 一 to 十二.
fn count(text: &str) -> Option<u32> {
    const CHINESE: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    if let Some((number, _)) = (1..).zip(CHINESE).find(|(_, known)| *known == text) {
        return Some(number);
    }
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_form_is_read() {
        for (expected, forms) in [
            (Period::year(2026), vec!["2026", "2026年", " 2026 ", "２０２６"]),
            (Period::half(2026, 1), vec!["2026H1", "2026h1", "2026-H1", "H1 2026", "2026年上半年"]),
            (
                Period::quarter(2026, 3),
                vec![
                    "2026Q3",
                    "2026q3",
                    "2026 Q3",
                    "2026-Q3",
                    "2026/Q3",
                    "Q3 2026",
                    "q3/2026",
                    "2026年3季度",
                    "2026年第3季度",
                    "2026年第三季度",
                    "2026年三季度",
                    "2026 年 3 季度",
                    "２０２６Ｑ３",
                ],
            ),
            (
                Period::month(2026, 7),
                vec!["2026-07", "2026-7", "2026/07", "2026.7", "202607", "2026年7月", "2026年07月", "2026年七月"],
            ),
            (Period::week(2026, 5), vec!["2026-W05", "2026W05", "2026w5", "2026年第5周", "2026年5周"]),
            (Period::wave(3), vec!["wave 3", "Wave3", "WAVE 3", "第3轮", "第三波"]),
        ] {
            for form in forms {
                assert_eq!(form.parse::<Period>(), expected, "{form}");
            }
        }
    }

    #[test]
    fn other_text_is_refused_and_shown() {
        for text in [
            "",
            "26Q3",
            "2026Q",
            "2026Q3x",
            "Q3",
            "2026-",
            "2026-7-1",
            "2026-007",
            "20267",
            "2026071",
            "-026",
            "+026",
            "2026年第",
            "2026年3",
            "wave",
            "wave x",
            "wave 3 ()",
            "wave 3 (a",
            "第3",
            "三",
            "20é6",
            "wavé 1",
            "year",
        ] {
            let message = text.parse::<Period>().unwrap_err().to_string();
            assert!(message.starts_with(&format!("the period `{text}` cannot be read: ")), "{message}");
        }
        let message = "2026Q5".parse::<Period>().unwrap_err().to_string();
        assert_eq!(message, "the quarter of 2026 is 5; expected a number from 1 to 4");
        assert!("2026-13".parse::<Period>().is_err() && "0000".parse::<Period>().is_err());
        assert!("wave 99999999999".parse::<Period>().is_err());
    }

    fn any() -> impl Strategy<Value = Period> {
        let waves = Period::waves(["before (a)", "b", "中（Ａ）"]).unwrap();
        prop_oneof![
            (1u16..=9999).prop_map(|year| Period::year(year).unwrap()),
            (1u16..=9999, 1u32..=2).prop_map(|(year, number)| Period::half(year, number).unwrap()),
            (1u16..=9999, 1u32..=4).prop_map(|(year, number)| Period::quarter(year, number).unwrap()),
            (1u16..=9999, 1u32..=12).prop_map(|(year, number)| Period::month(year, number).unwrap()),
            (1u16..=9999, 1u32..=52).prop_map(|(year, number)| Period::week(year, number).unwrap()),
            (1u32..=9999).prop_map(|number| Period::wave(number).unwrap()),
            prop::sample::select(waves),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(period in any()) {
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period.clone()));
            prop_assert!(period.next().is_none_or(|next| next.previous() == Some(period.clone()) && period < next));
        }

        #[test]
        fn no_text_is_too_much(text in "\\PC*") {
            let _ = text.parse::<Period>();
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn serialised_as_text() {
        let quarter = Period::quarter(2026, 3).unwrap();
        assert_eq!(serde_json::to_string(&quarter).unwrap(), "\"2026Q3\"");
        assert_eq!(serde_json::from_str::<Period>("\"2026年3季度\"").unwrap(), quarter);
        assert!(serde_json::from_str::<Period>("\"2026Q9\"").is_err());
        assert!(serde_json::from_str::<Period>("2026").is_err());
    }
}
