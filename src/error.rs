//! What can go wrong, said so that the reader can put it right.

mod faults;
mod kind;

use std::fmt;

pub(crate) use faults::Faults;
pub use kind::ErrorKind;

/// The result of every fallible call in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, with the name and the place of the thing at fault.
///
/// The type is one pointer wide. [`Error::kind`] gives the particulars, the predicates
/// ([`Error::is_unknown_name`], …) the broad classes that a program acts on.
///
/// # Examples
///
/// ```
/// use satindex::Weights;
///
/// let error = Weights::new(["speed", "skill"], [0.7, 0.7]).unwrap_err();
/// assert_eq!(error.to_string(), "the weights sum to 1.4; expected 1 (`normalised` divides them by their sum)");
/// assert!(error.is_invalid_value());
/// ```
#[derive(Clone, PartialEq)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// The particulars.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Every single fault: the parts of [`ErrorKind::Several`], or the error itself.
    pub fn faults(&self) -> &[Error] {
        match self.kind() {
            ErrorKind::Several(faults) => faults,
            _ => std::slice::from_ref(self),
        }
    }

    fn any(&self, test: fn(&ErrorKind) -> bool) -> bool {
        self.faults().iter().any(|fault| match fault.kind() {
            ErrorKind::Within { fault, .. } => fault.any(test),
            kind => test(kind),
        })
    }

    /// The same error, saying in which part of a larger input it lies.
    pub(crate) fn within(self, place: impl Into<String>) -> Self {
        ErrorKind::Within { place: place.into(), fault: self }.into()
    }

    /// Does a name stand for nothing that is there?
    pub fn is_unknown_name(&self) -> bool {
        self.any(|kind| {
            matches!(kind, ErrorKind::Unknown { .. } | ErrorKind::Misspelt { .. } | ErrorKind::NotListed { .. })
        })
    }

    /// Does something that is there lack what it must have?
    pub fn is_missing(&self) -> bool {
        self.any(|kind| matches!(kind, ErrorKind::Missing { .. } | ErrorKind::Unjudged { .. }))
    }

    /// Is a value outside what it may be: not finite, out of its range, of the wrong length, given twice?
    pub fn is_invalid_value(&self) -> bool {
        self.any(|kind| {
            matches!(
                kind,
                ErrorKind::NotFinite { .. }
                    | ErrorKind::Domain { .. }
                    | ErrorKind::Length { .. }
                    | ErrorKind::Duplicate { .. }
                    | ErrorKind::Empty { .. }
                    | ErrorKind::NotARatio { .. }
                    | ErrorKind::Contradiction { .. }
                    | ErrorKind::NotANumber { .. }
                    | ErrorKind::NotAnAnswer { .. }
                    | ErrorKind::Ragged { .. }
            )
        })
    }

    /// Is a model misstated: in its syntax, or in what it says?
    pub fn is_invalid_model(&self) -> bool {
        self.any(|kind| {
            matches!(kind, ErrorKind::Syntax { .. } | ErrorKind::Specification { .. } | ErrorKind::Cycle { .. })
        })
    }

    /// Is an answer missing where every one must be there?
    pub fn is_missing_answer(&self) -> bool {
        self.any(|kind| matches!(kind, ErrorKind::MissingAnswer { .. }))
    }

    /// Could an input not be read at all: a failing reader, bytes that are not text, text of the wrong form?
    pub fn is_unreadable(&self) -> bool {
        self.any(|kind| matches!(kind, ErrorKind::Unreadable { .. }))
    }

    /// Did the caller end the run?
    pub fn is_cancelled(&self) -> bool {
        self.any(|kind| matches!(kind, ErrorKind::Cancelled { .. }))
    }

    /// Did an iteration end before its result was good enough?
    pub fn is_not_converged(&self) -> bool {
        self.any(|kind| matches!(kind, ErrorKind::NotConverged { .. }))
    }

    /// Do two inputs not belong together: a fit and the answers of other people, counts on two scales?
    pub fn is_mismatch(&self) -> bool {
        self.any(|kind| matches!(kind, ErrorKind::Mismatch { .. } | ErrorKind::Conflict { .. }))
    }

    /// Was something asked for that the method does not serve, or not with the input that it was given?
    pub fn is_unsupported(&self) -> bool {
        self.any(|kind| matches!(kind, ErrorKind::Unsupported { .. }))
    }

    /// Do the data leave the result undetermined: a singular matrix, a constant indicator?
    pub fn is_degenerate(&self) -> bool {
        self.any(|kind| {
            matches!(
                kind,
                ErrorKind::Singular { .. }
                    | ErrorKind::Degenerate { .. }
                    | ErrorKind::Disconnected { .. }
                    | ErrorKind::TooFewRespondents { .. }
                    | ErrorKind::Identical { .. }
                    | ErrorKind::Replicates { .. }
                    | ErrorKind::Separated { .. }
            )
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Prints the sentence, because that is what a `main` that returns a `Result` prints; [`Error::kind`] has the particulars.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pointer() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn debug_prints_the_sentence() {
        let error = Error::from(ErrorKind::NotFinite { place: "the weight of `a`".into(), value: f64::NAN });
        assert_eq!(
            format!("{:?}", error.within("group `g`")),
            "group `g`: the weight of `a` is NaN; expected a finite number"
        );
    }

    #[test]
    fn zero_has_no_sign() {
        let error = Error::from(ErrorKind::Domain { place: "x is".into(), value: -0.0, expected: "1".into() });
        assert_eq!(error.to_string(), "x is 0; expected 1");
    }

    #[test]
    fn long_lists_of_names_are_cut() {
        let names = (0..50_000).map(|at| at.to_string()).collect();
        let error = Error::from(ErrorKind::Cycle { constructs: names });
        assert!(error.to_string().ends_with("8 -> 9 -> 49990 more"), "{error}");
    }
}
