//! The particulars of an error, and the sentence that each prints.

use crate::error::Error;

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
    /// A name that stands for nothing, but is nearly one that does.
    #[error("unknown {what} `{name}`; the nearest is `{nearest}`")]
    Misspelt {
        /// What was looked for: "construct", "indicator", ….
        what: &'static str,
        /// The name as given.
        name: String,
        /// The name that was probably meant.
        nearest: String,
    },
    /// A name that is none of a list: of methods, operators, tables.
    #[error("unknown {what} `{name}`; expected one of {known}")]
    NotListed {
        /// What was looked for: "method", "operator", ….
        what: &'static str,
        /// The name as given.
        name: String,
        /// The names that there are.
        known: String,
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
    /// Inputs that are each valid and do not belong together: a fit and the answers of other people.
    #[error("{place}: {reason}")]
    Mismatch {
        /// Which input.
        place: String,
        /// In what it differs from what it is used with.
        reason: String,
    },
    /// A request that a method does not serve, or not with the input that it was given.
    #[error("{place}: {reason}")]
    Unsupported {
        /// The method or the request.
        place: String,
        /// Why it cannot be served, and what to do instead.
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
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
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
    #[error("row {row} (line {line}), column `{column}`: `{text}` is not a number{hint}")]
    NotANumber {
        /// The respondent, 1 for the first row under the header.
        row: usize,
        /// The line of the file, 1 for the first.
        line: u64,
        /// The heading of the column.
        column: String,
        /// What the cell holds.
        text: String,
        /// How it could be read, if that is known.
        hint: &'static str,
    },
    /// A cell of a file that is no answer to its question: no grade, no choice, no date.
    #[error("row {row} (line {line}), column `{column}`: `{text}` cannot be an answer: {reason}")]
    NotAnAnswer {
        /// The respondent, 1 for the first row under the header.
        row: usize,
        /// The line of the file, 1 for the first.
        line: u64,
        /// The heading of the column.
        column: String,
        /// What the cell holds.
        text: String,
        /// Why it is no answer, with the nearest that would be one.
        reason: String,
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
    #[error("{place} is `{text}`; expected a number, a fraction such as 1/3, or nothing where the pair was not judged")]
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
    #[error("no judgement connects {}", listed(.components.iter().map(|part| name_list(part)), " with "))]
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
    #[error("the paths form a cycle: {}", listed(.constructs.iter().cloned(), " -> "))]
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
        listed(.indicators.iter().map(|name| format!("`{name}`")), ", ")
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

/// A number as a reader would write it: 1e300, not 301 digits; 0, not -0.
fn number(value: f64) -> String {
    let plain = value == 0.0 || (1e-6..1e15).contains(&value.abs());
    if plain { (value + 0.0).to_string() } else { format!("{value:e}") }
}

fn contradiction(row: &str, column: &str, given: f64, reversed: bool, other: f64) -> String {
    let (first, second) = if reversed { (column, row) } else { (row, column) };
    let (given, other) = (number(given), number(other));
    format!("`{row}` against `{column}` is {given}, but `{first}` against `{second}` is {other}")
}

fn pair_list(pairs: &[(String, String)]) -> String {
    listed(pairs.iter().map(|(row, column)| format!("`{row}` against `{column}`")), ", ")
}

fn name_list(names: &[String]) -> String {
    format!("{{{}}}", listed(names.iter().map(|name| format!("`{name}`")), ", "))
}

/// The first of several things, and how many more there are: a large input may have thousands.
fn listed(things: impl ExactSizeIterator<Item = String>, between: &str) -> String {
    const SHOWN: usize = 10;
    let more = things.len().checked_sub(SHOWN).filter(|more| *more > 0).map(|more| format!("{more} more"));
    things.take(SHOWN).chain(more).collect::<Vec<_>>().join(between)
}
