//! One grammar for all public names: the table in DESIGN.md, as far as a reader of signatures can hold it.

use super::source;

/// Names that stand until their room gives them up: none is to be added.
const KNOWN: &[&str] = &[
    "structural::likert::shifted",
    "structural::pls::solver::solve",
    "structural::population::construct_correlations",
    "structural::population::sigma",
    "structural::simulate::exact",
    "structural::simulate::simulate",
    "survey::moments::correlation",
    "survey::moments::covariance",
    "survey::moments::published::from_covariance",
    "survey::responses::from_matrix",
];

/// Acts that change a value and may fail: verbs, where an option would be a bare setter.
const VERBS: &[&str] = &["merge", "rate", "stochastic"];

/// A public function.
struct Function {
    module: String,
    name: String,
    /// From the name to the body.
    signature: String,
}

impl Function {
    /// The path by which it is known here.
    fn path(&self) -> String {
        format!("{}::{}", self.module, self.name)
    }

    /// Does it take its object and give it back changed?
    fn is_setter(&self) -> bool {
        let own = self.arguments().trim_start();
        (own.starts_with("self") || own.starts_with("mut self")) && self.result().contains("Self")
    }

    fn arguments(&self) -> &str {
        let start = self.signature.find('(').map_or(0, |at| at + 1);
        &self.signature[start..]
    }

    fn result(&self) -> &str {
        self.signature.rsplit("->").next().filter(|_| self.signature.contains("->")).unwrap_or_default()
    }
}

fn functions() -> Vec<Function> {
    let mut found = Vec::new();
    for file in source::files() {
        for start in ["pub fn ", "pub const fn "] {
            for text in file.code.split(start).skip(1) {
                let signature = text.split(['{', ';']).next().unwrap().to_owned();
                let name = signature.split(['(', '<']).next().unwrap().to_owned();
                found.push(Function { module: file.module.join("::"), name, signature });
            }
        }
    }
    found
}

/// Fails with all functions against a rule but the known ones.
fn hold(rule: &str, against: impl Fn(&Function) -> bool) {
    let found = functions();
    // A reader that finds nothing would hold every rule.
    assert!(found.len() > 500, "{}", found.len());
    let found: Vec<String> = found.iter().filter(|function| against(function)).map(Function::path).collect();
    let found: Vec<&String> = found.iter().filter(|path| !KNOWN.contains(&path.as_str())).collect();
    assert!(found.is_empty(), "{rule}: {found:#?}");
}

#[test]
fn conventions_are_arguments_and_no_twins() {
    hold("give the convention to the one method, by an enum with a default", |function| function.name.ends_with("_by"));
}

/// The word to use, and whether a name has another in its place.
type Word = (&'static str, fn(&str) -> bool);

#[test]
fn one_word_for_one_thing() {
    let words: [Word; 6] = [
        ("`p_value`", |name| name == "p" || name.ends_with("_p") || name.contains("pvalue")),
        ("`std_error`", |name| name.contains("standard_error") || name == "se" || name.ends_with("_se")),
        ("`confidence`", |name| name.contains("confidence_level") || name == "conf"),
        ("the name alone, without `get_`", |name| name.starts_with("get_")),
        ("British spelling: -ise, -isation", |name| {
            ["normalize", "standardize", "initialize", "rescale_to", "neighbor"].iter().any(|word| name.contains(word))
        }),
        ("`allow_…` or `without_…`", |name| name.starts_with("disable_") || name.starts_with("enable_")),
    ];
    for (word, against) in words {
        hold(word, |function| against(&function.name));
    }
}

#[test]
fn counts_of_a_resampling_are_replicates_and_seeds_are_u64() {
    let counts = ["resamples", "permutations", "replications", "draws", "simulations", "iterations_of_bootstrap"];
    hold("`replicates` for the count; `draws` are the values", |function| {
        function.is_setter() && counts.contains(&function.name.as_str())
    });
    hold("`seed(u64)`", |function| {
        function.name == "seed" && function.is_setter() && !function.signature.contains("u64")
    });
}

#[test]
fn options_never_fail() {
    hold("an option is a bare setter; the act checks it", |function| {
        let named = function.name.starts_with("with_") || VERBS.contains(&function.name.as_str());
        function.is_setter() && function.result().contains("Result<") && !named
    });
}

#[test]
fn values_are_given_by_with() {
    hold("`with_…` gives a value; a switch is named after what it does", |function| {
        let empty = function.arguments().trim_start_matches("mut ").starts_with("self)");
        function.name.starts_with("with_") && function.is_setter() && empty
    });
}

#[test]
fn an_estimate_is_never_made_by_new() {
    let data = ["&Fit", "&Responses", "&Moments", "&Aggregated", "&Pairs", "Into<Data"];
    hold("specification, then the act: `fit`, `run` or a verb", |function| {
        function.name == "new" && data.iter().any(|data| function.signature.contains(data))
    });
}

#[test]
fn numbers_come_in_and_out_without_nalgebra() {
    hold("rows in, rows out", |function| {
        ["DMatrix", "DVector", "nalgebra"].iter().any(|word| function.signature.contains(word))
    });
}
