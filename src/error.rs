//! What can go wrong, said so that the reader can put it right.

use std::fmt;

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
/// assert_eq!(error.to_string(), "the weights sum to 1.4; expected 1");
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
        self.any(|kind| matches!(kind, ErrorKind::Unknown { .. }))
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
                    | ErrorKind::Ragged { .. }
                    | ErrorKind::Conflict { .. }
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

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Error").field(&self.0).finish()
    }
}

impl std::error::Error for Error {}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

/// The particulars of an [`Error`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    // ---- any room ----
    /// A name that stands for nothing.
    #[error("unknown {what} `{name}`")]
    Unknown {
        /// What was looked for: "construct", "indicator", ….
        what: &'static str,
        /// The name as given.
        name: String,
    },
    /// A thing that lacks what it must have.
    #[error("no {what} for `{name}`")]
    Missing {
        /// What it lacks: "weight", "membership", ….
        what: &'static str,
        /// The name of the thing.
        name: String,
    },
    /// A name given more than once where it must be unique.
    #[error("duplicate {what} `{name}`")]
    Duplicate {
        /// What was named: "construct", "indicator", ….
        what: &'static str,
        /// The name as given.
        name: String,
    },
    /// Nothing where something must be.
    #[error("{place} is empty")]
    Empty {
        /// Where.
        place: String,
    },
    /// A number that is NaN or infinite.
    #[error("{place} is {value}; expected a finite number")]
    NotFinite {
        /// Where.
        place: String,
        /// The number.
        value: f64,
    },
    /// A number outside its domain.
    #[error("{place} {}; expected {expected}", number(*value))]
    Domain {
        /// Where, with its verb: "the weight of `speed` is", "the weights sum to".
        place: String,
        /// The number.
        value: f64,
        /// What it may be.
        expected: String,
    },
    /// A list or matrix of the wrong length.
    #[error("{place} has length {found}; expected {expected}")]
    Length {
        /// Where.
        place: String,
        /// The length it has.
        found: usize,
        /// The length it must have.
        expected: usize,
    },
    /// A matrix that must have an inverse and has none to working precision.
    #[error("{place} is singular: {reason}")]
    Singular {
        /// Which matrix.
        place: String,
        /// What the singularity means there.
        reason: String,
    },
    /// Data that cannot determine what was asked.
    #[error("{place}: {reason}")]
    Degenerate {
        /// Where.
        place: String,
        /// What is wrong with the data.
        reason: String,
    },
    /// An iteration that ended before its result was good enough.
    #[error("{what} did not converge in {iterations} iterations (last change {change:.1e})")]
    NotConverged {
        /// Which iteration.
        what: String,
        /// How many steps it took.
        iterations: usize,
        /// The last change, in the units of its tolerance.
        change: f64,
    },
    /// A fault in one part of a larger input.
    #[error("{place}: {fault}")]
    Within {
        /// Which part.
        place: String,
        /// What is wrong there.
        fault: Error,
    },
    /// A run that its caller ended.
    #[error("cancelled after {done} of {of} replicates")]
    Cancelled {
        /// How many replicates were done.
        done: usize,
        /// How many there were to do.
        of: usize,
    },
    /// More than one fault in the same input.
    #[error("{}", list(.0))]
    Several(Vec<Error>),
    /// The faults of the same input that are too many to be listed.
    #[error("{count} more")]
    More {
        /// How many.
        count: usize,
    },
    /// An input that cannot be read, or not as what it should be.
    #[error("{place} cannot be read: {reason}")]
    Unreadable {
        /// Which input, or which part of it.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    // ---- survey ----
    /// An answer that is missing where every one must be there.
    #[error("the answer of row {row} to `{indicator}` is missing")]
    MissingAnswer {
        /// The respondent, 1 for the first.
        row: usize,
        /// The indicator.
        indicator: String,
    },
    /// Two parts that do not fit together.
    #[error("{place} is {one} in one part and {other} in the other")]
    Conflict {
        /// In what they differ.
        place: String,
        /// What it is in one part.
        one: String,
        /// What it is in the other.
        other: String,
    },
    /// A cell of a file that is text where a number must be.
    #[error("row {row} (line {line}), column `{column}`: `{text}` is not a number")]
    NotANumber {
        /// The respondent, 1 for the first row under the header.
        row: usize,
        /// The line of the file, 1 for the first.
        line: u64,
        /// The heading of the column.
        column: String,
        /// What the cell holds.
        text: String,
    },
    /// A row of a file with more or fewer fields than the header.
    #[error("row {row} (line {line}) has {found} fields; expected {expected}")]
    Ragged {
        /// The respondent, 1 for the first row under the header.
        row: usize,
        /// The line of the file, 1 for the first.
        line: u64,
        /// How many fields the row has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    // ---- ahp ----
    /// A judgement that is neither a number nor a fraction.
    #[error("{place} is `{text}`; expected a number or a fraction such as 1/3")]
    NotARatio {
        /// Which pair.
        place: String,
        /// The text as given.
        text: String,
    },
    /// Two judgements of one pair that exclude each other.
    #[error("{}", contradiction(row, column, *given, *reversed, *other))]
    Contradiction {
        /// The first of the pair.
        row: String,
        /// The second of the pair.
        column: String,
        /// How many times the first counts as much as the second.
        given: f64,
        /// Whether the other judgement has the pair in the other order.
        reversed: bool,
        /// The other judgement.
        other: f64,
    },
    /// Pairs without a judgement where a method needs every one.
    #[error("not judged: {}; a method for judgements with gaps is needed", pair_list(.pairs))]
    Unjudged {
        /// The pairs.
        pairs: Vec<(String, String)>,
    },
    /// Judgements that leave groups of things without any comparison between them.
    #[error("no judgement connects {}", components.iter().map(|part| name_list(part)).collect::<Vec<_>>().join(" with "))]
    Disconnected {
        /// The groups: connected inside, not to each other.
        components: Vec<Vec<String>>,
    },
    // ---- fuzzy ----
    // ---- structural ----
    /// A text that does not follow the model syntax.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A construct, an indicator or a path that a model cannot have.
    #[error("{what} `{name}` {problem}")]
    Specification {
        /// What is at fault: "construct", "indicator", "path".
        what: &'static str,
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Paths that lead from a construct back to itself.
    #[error("the paths form a cycle: {}", .constructs.join(" -> "))]
    Cycle {
        /// The constructs along the paths; the last is the first again.
        constructs: Vec<String>,
    },
    /// No more respondents than indicators.
    #[error(
        "{respondents} respondents for {indicators} indicators; expected more respondents than indicators \
         (`allow_few_respondents` estimates all the same)"
    )]
    TooFewRespondents {
        /// How many respondents there are.
        respondents: usize,
        /// How many indicators the model has.
        indicators: usize,
    },
    /// A bootstrap that left too few replicates to say anything.
    #[error("{failed} of {of} replicates gave no estimate: {reasons}")]
    Replicates {
        /// How many gave none.
        failed: usize,
        /// How many there were.
        of: usize,
        /// How many for which reason.
        reasons: String,
    },
    /// An index asked for where the ends of the scale are unknown.
    #[error("indicator `{indicator}` has no scale; an index needs its lower and upper end")]
    NoScale {
        /// The indicator.
        indicator: String,
    },
    /// An index asked for where a weight is negative.
    #[error(
        "construct `{construct}` has no meaningful index: the weight of {} is negative",
        .indicators.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )]
    NegativeWeights {
        /// The construct.
        construct: String,
        /// The indicators with negative weights.
        indicators: Vec<String>,
    },
    /// Two indicators that say the same.
    #[error("indicators `{first}` and `{second}` are identical up to their units: their correlation is ±1")]
    Identical {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    // ---- monitoring ----
    /// Intentions that a satisfaction separates, so that a logistic curve would be steeper without end.
    #[error(
        "satisfaction separates the intentions: all who say {below} are at {from} or below, all who say {above} at {to} or \
         above; a logistic curve has no finite slope"
    )]
    Separated {
        /// What those below say: "yes" or "no".
        below: &'static str,
        /// What those above say.
        above: &'static str,
        /// The greatest satisfaction of those below.
        from: f64,
        /// The least satisfaction of those above.
        to: f64,
    },
}

/// A number as a reader would write it: 1e300, not 301 digits.
fn number(value: f64) -> String {
    let plain = value == 0.0 || (1e-6..1e15).contains(&value.abs());
    if plain { value.to_string() } else { format!("{value:e}") }
}

fn contradiction(row: &str, column: &str, given: f64, reversed: bool, other: f64) -> String {
    let (first, second) = if reversed { (column, row) } else { (row, column) };
    let (given, other) = (number(given), number(other));
    format!("`{row}` against `{column}` is {given}, but `{first}` against `{second}` is {other}")
}

fn pair_list(pairs: &[(String, String)]) -> String {
    // A large matrix may lack thousands.
    const SHOWN: usize = 10;
    let shown = pairs.iter().take(SHOWN).map(|(row, column)| format!("`{row}` against `{column}`"));
    let more = (pairs.len() > SHOWN).then(|| format!("{} more", pairs.len() - SHOWN));
    shown.chain(more).collect::<Vec<_>>().join(", ")
}

fn name_list(names: &[String]) -> String {
    format!("{{{}}}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
}

fn list(faults: &[Error]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Faults met while going through an input, to be reported all at once.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    listed: Vec<Error>,
    more: usize,
}

/// How many faults of a data set are listed; the others are counted. A file may have millions.
const LISTED: usize = 10;

impl Faults {
    /// Notes a fault, or each of several.
    pub(crate) fn push(&mut self, fault: impl Into<Error>) {
        let fault = fault.into();
        match *fault.0 {
            ErrorKind::Several(faults) => faults.into_iter().for_each(|fault| self.push(fault)),
            ErrorKind::More { count } => self.more += count,
            _ => self.listed.push(fault),
        }
    }

    /// Notes one of perhaps very many faults: from the eleventh on they are only counted.
    pub(crate) fn note<E: Into<Error>>(&mut self, fault: impl FnOnce() -> E) {
        if self.listed.len() < LISTED { self.push(fault()) } else { self.more += 1 }
    }

    /// Notes the faults that were noted elsewhere.
    pub(crate) fn append(&mut self, other: Self) {
        self.more += other.more;
        for fault in other.listed {
            if self.listed.len() < LISTED { self.listed.push(fault) } else { self.more += 1 }
        }
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
    fn one_pointer() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
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
}
