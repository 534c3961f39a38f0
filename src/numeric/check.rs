//! The gates: where a number enters, NaN and infinity stop.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::nearest::nearest;

/// The value, if it is finite.
pub(crate) fn finite(value: f64, place: impl FnOnce() -> String) -> Result<f64> {
    if value.is_finite() { Ok(value) } else { Err(ErrorKind::NotFinite { place: place(), value }.into()) }
}

/// The value, if it is finite and positive.
pub(crate) fn positive(value: f64, place: impl FnOnce() -> String) -> Result<f64> {
    domain(value, value > 0.0, place, "a positive number")
}

/// The value, if it is finite and not negative.
pub(crate) fn non_negative(value: f64, place: impl FnOnce() -> String) -> Result<f64> {
    domain(value, value >= 0.0, place, "a number that is not negative")
}

/// The value, if it lies in [0, 1].
pub(crate) fn unit(value: f64, place: impl FnOnce() -> String) -> Result<f64> {
    domain(value, (0.0..=1.0).contains(&value), place, "a number from 0 to 1")
}

/// The value, if it is finite and `inside`; `place` is a noun phrase ("the weight of `speed`").
pub(crate) fn domain(value: f64, inside: bool, place: impl FnOnce() -> String, expected: &str) -> Result<f64> {
    if inside && value.is_finite() { Ok(value) } else { Err(outside(value, place(), expected)) }
}

/// The error for a number that is not finite, or not what is expected. Apart from [`domain`], which is compiled for each of
/// its callers.
#[cold]
fn outside(value: f64, place: String, expected: &str) -> Error {
    if !value.is_finite() {
        return ErrorKind::NotFinite { place, value }.into();
    }
    ErrorKind::Domain { place: format!("{place} is"), value, expected: expected.into() }.into()
}

/// The value, if it can be a weight: 0, or of a size whose square neither vanishes nor overflows, nor do sums of squares.
pub(crate) fn weight(value: f64, place: impl FnOnce() -> String) -> Result<f64> {
    if value < 0.0 {
        return non_negative(value, place);
    }
    domain(value, value == 0.0 || (1e-100..=1e100).contains(&value), place, "0, or a number from 1e-100 to 1e100")
}

/// How many numbers a resampling may keep: 2 GiB of them.
const KEPT: usize = 1 << 28;

/// Checks, before anything is allocated, that so many replicates of `width` numbers each can be kept in memory.
pub(crate) fn replicates(count: usize, width: usize, what: &str) -> Result<()> {
    let most = KEPT / width.max(1);
    let place = || format!("the number of {what}");
    domain(count as f64, count <= most, place, &format!("at most {most}, so that all can be kept in memory")).map(drop)
}

/// Nothing, if a list has the length that it must have.
pub(crate) fn length(found: usize, expected: usize, place: impl FnOnce() -> String) -> Result<()> {
    if found == expected { Ok(()) } else { Err(ErrorKind::Length { place: place(), found, expected }.into()) }
}

/// Nothing, if the names are there, none is blank and none comes twice.
pub(crate) fn names<S: AsRef<str>>(names: &[S], what: &'static str) -> Result<()> {
    if names.is_empty() {
        return Err(ErrorKind::Empty { place: format!("the list of {what}s") }.into());
    }
    let mut seen = HashSet::with_capacity(names.len());
    let mut faults = Faults::default();
    for (name, number) in names.iter().map(AsRef::as_ref).zip(1..) {
        if name.trim().is_empty() {
            faults.push(ErrorKind::Empty { place: format!("name {number} in the list of {what}s") });
        } else if !seen.insert(name) {
            faults.push(ErrorKind::Duplicate { what, name: name.into() });
        }
    }
    faults.or(())
}

/// Where a name stands in a list.
pub(crate) fn position<S: AsRef<str>>(names: &[S], name: &str, what: &'static str) -> Result<usize> {
    let found = names.iter().position(|known| known.as_ref() == name);
    found.ok_or_else(|| unknown_among(name, what, names.iter().map(AsRef::as_ref)))
}

/// Where each of several names stands in a list; every unknown one is a fault.
pub(crate) fn positions<S: AsRef<str>, T: AsRef<str>>(
    known: &[S],
    names: &[T],
    what: &'static str,
) -> Result<Vec<usize>> {
    let places: HashMap<&str, usize> = known.iter().enumerate().map(|(at, name)| (name.as_ref(), at)).collect();
    let mut faults = Faults::default();
    let mut found = Vec::with_capacity(names.len());
    for name in names.iter().map(AsRef::as_ref) {
        match places.get(name) {
            Some(place) => found.push(*place),
            // Only the faults that are listed are worth a search.
            None if faults.is_short() => faults.push(unknown_among(name, what, known.iter().map(AsRef::as_ref))),
            None => faults.push(unknown(name, what)),
        }
    }
    faults.or(found)
}

/// For each of the `wanted` names, where it stands among the `given`; the two must be the same names in any order.
///
/// `lacking` is what a wanted name goes without ("weight"), `stray` what a name that is not wanted fails to be ("child").
pub(crate) fn matching<S: AsRef<str>>(
    given: &[S],
    wanted: &[&str],
    lacking: &'static str,
    stray: &'static str,
) -> Result<Vec<usize>> {
    let known: HashMap<&str, usize> = given.iter().map(AsRef::as_ref).zip(0..).collect();
    let expected: HashSet<&str> = wanted.iter().copied().collect();
    let mut faults = Faults::default();
    let mut places = Vec::with_capacity(wanted.len());
    for name in wanted {
        match known.get(name) {
            Some(at) => places.push(*at),
            None => faults.push(ErrorKind::Missing { what: lacking, name: (*name).into() }),
        }
    }
    for name in given.iter().map(AsRef::as_ref).filter(|name| !expected.contains(name)) {
        let fault =
            if faults.is_short() { unknown_among(name, stray, wanted.iter().copied()) } else { unknown(name, stray) };
        faults.push(fault);
    }
    faults.or(places)
}

/// The error for a name that stands for nothing.
pub(crate) fn unknown(name: &str, what: &'static str) -> Error {
    ErrorKind::Unknown { what, name: name.into() }.into()
}

/// The same with the known name that was probably meant, if there is one.
fn unknown_among<'a>(name: &str, what: &'static str, known: impl Iterator<Item = &'a str> + Clone) -> Error {
    match nearest(name, known) {
        Some(nearest) => ErrorKind::Misspelt { what, name: name.into(), nearest: nearest.into() }.into(),
        None => unknown(name, what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_and_infinity_stop_at_every_gate() {
        let place = || "x".to_owned();
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for gate in [finite(value, place), positive(value, place), non_negative(value, place), unit(value, place)] {
                assert_eq!(gate.unwrap_err().to_string(), format!("x is {value}; expected a finite number"));
            }
        }
        assert_eq!(weight(-1.0, place).unwrap_err().to_string(), "x is -1; expected a number that is not negative");
        for value in [f64::NAN, 1e160, 1e-170] {
            assert!(weight(value, place).is_err(), "{value}");
        }
        assert_eq!(positive(0.0, place).unwrap_err().to_string(), "x is 0; expected a positive number");
        assert_eq!(unit(1.5, place).unwrap_err().to_string(), "x is 1.5; expected a number from 0 to 1");
    }

    #[test]
    fn names_are_there_and_unique() {
        assert_eq!(names::<&str>(&[], "item").unwrap_err().to_string(), "the list of items is empty");
        assert_eq!(names(&["a", "b", "a"], "item").unwrap_err().to_string(), "duplicate item `a`");
        assert_eq!(matching(&["a", "b"], &["b", "a"], "weight", "child").unwrap(), [1, 0]);
        let error = matching(&["a", "b"], &["b", "c"], "weight", "child").unwrap_err();
        assert_eq!(error.to_string(), "no weight for `c`; unknown child `a`");
        let error = position(&["speed", "skill"], "Skil", "label").unwrap_err();
        assert_eq!(error.to_string(), "unknown label `Skil`");
        let error = position(&["speed", "skills"], "Skill", "label").unwrap_err();
        assert_eq!(error.to_string(), "unknown label `Skill`; the nearest is `skills`");
        assert!(error.is_unknown_name());
        assert_eq!(names(&["a", " "], "item").unwrap_err().to_string(), "name 2 in the list of items is empty");
    }
}
