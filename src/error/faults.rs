//! Faults met while going through an input, reported together.

use crate::error::{Error, ErrorKind, Result};

/// Faults met while going through an input, to be reported all at once.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    listed: Vec<Error>,
    more: usize,
}

/// How many faults of a data set are listed; the others are counted. A file may have millions.
const LISTED: usize = 10;

/// How many faults of a specification are listed: it is put right by hand, from the whole list.
const MOST: usize = 20;

impl Faults {
    /// Notes a fault, or each of several.
    pub(crate) fn push(&mut self, fault: impl Into<Error>) {
        let fault = fault.into();
        match *fault.0 {
            ErrorKind::Several(faults) => faults.into_iter().for_each(|fault| self.push(fault)),
            ErrorKind::More { count } => self.more += count,
            _ if self.listed.len() < MOST => self.listed.push(fault),
            _ => self.more += 1,
        }
    }

    /// Notes one of perhaps very many faults: from the eleventh on its text is not even made.
    pub(crate) fn note<E: Into<Error>>(&mut self, fault: impl FnOnce() -> E) {
        if self.listed.len() < LISTED { self.push(fault()) } else { self.more += 1 }
    }

    /// Will another fault be listed, and not only counted?
    pub(crate) fn is_short(&self) -> bool {
        self.listed.len() < MOST
    }

    /// Notes the faults that were noted elsewhere.
    pub(crate) fn append(&mut self, other: Self) {
        self.more += other.more;
        other.listed.into_iter().for_each(|fault| self.push(fault));
    }

    /// Notes the fault of a failed check and goes on.
    pub(crate) fn check<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|fault| self.push(fault)).ok()
    }

    /// The value, if nothing was at fault.
    pub(crate) fn or<T>(mut self, value: T) -> Result<T> {
        if self.more > 0 {
            self.listed.push(ErrorKind::More { count: self.more }.into());
        }
        match self.listed.len() {
            0 => Ok(value),
            1 => Err(self.listed.remove(0)),
            _ => Err(ErrorKind::Several(self.listed).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(name: &str) -> ErrorKind {
        ErrorKind::Unknown { what: "construct", name: name.into() }
    }

    #[test]
    fn one_fault_stands_alone_and_several_are_listed() {
        let mut faults = Faults::default();
        faults.push(unknown("A"));
        assert_eq!(faults.or(()).unwrap_err().to_string(), "unknown construct `A`");
        let mut faults = Faults::default();
        faults.push(unknown("A"));
        faults.push(unknown("B"));
        let error = faults.or(()).unwrap_err();
        assert_eq!(error.to_string(), "unknown construct `A`; unknown construct `B`");
        assert_eq!(error.faults().len(), 2);
        assert!(error.is_unknown_name());
        assert_eq!(Faults::default().or(7), Ok(7));
    }

    #[test]
    fn faults_of_a_part_count_one_by_one() {
        let mut part = Faults::default();
        part.push(unknown("A"));
        part.push(unknown("B"));
        let mut whole = Faults::default();
        whole.push(ErrorKind::Empty { place: "it".into() });
        whole.check(part.or(()));
        let error = whole.or(()).unwrap_err();
        assert_eq!(error.faults().len(), 3);
        assert!(error.is_unknown_name());
    }

    /// A file of a million rows may have a fault in each: neither the list nor the sentence grows with it.
    #[test]
    fn a_few_are_listed_and_the_others_counted() {
        let mut faults = Faults::default();
        (0..1_000).for_each(|row| faults.note(|| unknown(&row.to_string())));
        assert_eq!(faults.or(()).unwrap_err().faults().len(), 11);
        let mut faults = Faults::default();
        (0..1_000).for_each(|row| faults.push(unknown(&row.to_string())));
        (0..1_000).for_each(|row| faults.note(|| unknown(&row.to_string())));
        let mut part = Faults::default();
        (0..20).for_each(|row| part.push(unknown(&row.to_string())));
        faults.push(part.or(()).unwrap_err());
        let error = faults.or(()).unwrap_err();
        assert_eq!(error.faults().len(), 21);
        assert!(error.to_string().ends_with("unknown construct `19`; 2000 more"), "{error}");
    }
}
