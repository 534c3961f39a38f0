//! `evaluate SPEC.json [--json]`: a fuzzy comprehensive evaluation from one file.
//!
//! ```text
//! cargo run --example evaluate -- examples/data/field_service.json
//! ```
//!
//! The file is one object:
//!
//! ```text
//! {
//!   "grades":    {"names": ["excellent", "good", ...], "scores": [95, 80, ...]},   from one end of the scale to the
//!                                                              other; "scores" may be left out
//!   "operator":  "weighted_average",   or "min_max", "product_max", "min_bounded_sum", "product_bounded_sum",
//!                                      "balanced"; may be left out
//!   "method":    "eigenvector",        weights from judgements, or "row-sum", "geometric-mean",
//!                                      "normalised-column-mean", ...; may be left out
//!   "normalise": false,                divide each level by its sum; may be left out
//!   "hierarchy": NODE
//! }
//! ```
//!
//! A node with children says how much each of them counts, in their order, by one of `weights`, which sum to 1, and
//! `judgements`: the upper triangle of the matrix of pairwise comparisons, row by row, as numbers or fractions, `null`
//! where two were not compared.
//!
//! ```text
//! {"name": "response speed", "judgements": ["1/2", 3, 4], "children": [NODE, NODE, NODE]}
//! ```
//!
//! A node without children says what was answered, in the order of the grades, by one of `counts` (how many raters gave
//! each grade), `shares` (which sum to 1) and `membership` (degrees from 0 to 1 of any sum).
//!
//! ```text
//! {"name": "spare parts", "counts": [2, 3, 0, 0]}
//! ```
//!
//! Printed is a table of every node, or the same as one JSON object. What is wrong with the file is said all at once.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

use std::collections::HashMap;
use std::fmt::Display;
use std::process::ExitCode;

use satindex::ahp::{Judgements, Method, RandomIndex};
use satindex::fuzzy::{Evaluation, FuzzyEvaluation, Grades, Membership, Operator};
use satindex::survey::{Hierarchy, HierarchyBuilder};
use satindex::{Column, Result, Table, Weights};
use serde::Deserialize;
use serde_json::{Value, json};

const USAGE: &str = "usage: evaluate SPEC.json [--json]\n\n\
    Evaluates a hierarchy of criteria from its weights or judgements and the grades that its indicators were given.\n\
    For the form of the file see examples/evaluate.rs, for one that is complete examples/data/field_service.json.";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with grades and a hierarchy")]
struct Spec {
    grades: Grades,
    #[serde(default = "weighted_average")]
    operator: Operator,
    method: Option<String>,
    #[serde(default)]
    normalise: bool,
    hierarchy: Node,
}

fn weighted_average() -> Operator {
    Operator::WeightedAverage
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a node, with a name")]
struct Node {
    name: String,
    weights: Option<Vec<f64>>,
    judgements: Option<Vec<Value>>,
    #[serde(default)]
    children: Vec<Node>,
    counts: Option<Vec<f64>>,
    shares: Option<Vec<f64>>,
    membership: Option<Vec<f64>>,
}

/// What comes of a file: the evaluation, and how consistent the judgements of each node's children are.
pub(crate) struct Report {
    evaluation: Evaluation,
    consistency: HashMap<String, f64>,
}

/// What is read from the nodes, and everything that is wrong with them.
struct Reader<'a> {
    grades: &'a Grades,
    method: Method,
    divisions: Vec<(String, Weights)>,
    consistency: HashMap<String, f64>,
    rows: Vec<(String, Vec<f64>)>,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self, node: &Node) {
        if node.children.is_empty() {
            self.read_leaf(node);
        } else {
            self.read_inner(node);
        }
        for child in &node.children {
            self.read(child);
        }
    }

    fn fault(&mut self, node: &Node, what: impl Display) {
        self.faults.push(format!("node `{}`: {what}", node.name));
    }

    fn read_inner(&mut self, node: &Node) {
        if node.counts.is_some() || node.shares.is_some() || node.membership.is_some() {
            self.fault(node, "it has children; only nodes without children are graded");
        }
        let names = node.children.iter().map(|child| child.name.as_str());
        let weights = match (&node.weights, &node.judgements) {
            (Some(weights), None) => Weights::new(names, weights.iter().copied()),
            (None, Some(upper)) => self.judge(node, upper),
            _ => return self.fault(node, "it has children; give either `weights` or `judgements` of them"),
        };
        match weights {
            Ok(weights) => self.divisions.push((node.name.clone(), weights)),
            Err(fault) => self.fault(node, fault),
        }
    }

    fn judge(&mut self, node: &Node, upper: &[Value]) -> Result<Weights> {
        let upper: Vec<String> = upper.iter().map(ratio).collect();
        let judgements = Judgements::from_text(node.children.iter().map(|child| child.name.as_str()), &upper)?;
        let priorities = judgements.priorities(self.method)?;
        self.consistency.insert(node.name.clone(), priorities.consistency()?.cr(RandomIndex::Saaty));
        Ok(priorities.weights().clone())
    }

    fn read_leaf(&mut self, node: &Node) {
        if node.weights.is_some() || node.judgements.is_some() {
            self.fault(node, "it has no children; leave out `weights` and `judgements`");
        }
        let row = |values: &[f64]| [(node.name.clone(), values.to_vec())];
        let membership = match (&node.counts, &node.shares, &node.membership) {
            (Some(counts), None, None) => Membership::from_counts(self.grades, row(counts)),
            (None, Some(shares), None) => Membership::new(self.grades, row(shares)).and_then(Membership::stochastic),
            (None, None, Some(degrees)) => Membership::new(self.grades, row(degrees)),
            _ => return self.fault(node, "it has no children; give one of `counts`, `shares` and `membership`"),
        };
        match membership {
            Ok(membership) => self.rows.push((node.name.clone(), membership.degrees().to_vec())),
            // These errors name the node.
            Err(fault) => self.faults.push(fault.to_string()),
        }
    }
}

/// A judgement as text, empty where there is none.
fn ratio(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Evaluates a file's text; the errors are lines to be shown.
pub(crate) fn evaluate(spec: &str) -> Result<Report, Vec<String>> {
    fn one(fault: impl Display) -> Vec<String> {
        vec![fault.to_string()]
    }
    let spec: Spec = serde_json::from_str(spec).map_err(one)?;
    let method = spec.method.as_deref().map_or(Ok(Method::default()), str::parse).map_err(one)?;
    let mut reader = Reader {
        grades: &spec.grades,
        method,
        divisions: vec![],
        consistency: HashMap::new(),
        rows: vec![],
        faults: vec![],
    };
    reader.read(&spec.hierarchy);
    if spec.hierarchy.children.is_empty() {
        reader.fault(&spec.hierarchy, "the goal has no children");
    }
    let Reader { divisions, consistency, rows, faults, .. } = reader;
    let mut divisions = divisions.into_iter();
    let (Some((goal, weights)), true) = (divisions.next(), faults.is_empty()) else { return Err(faults) };
    let divide = |tree: HierarchyBuilder, (node, weights): (String, Weights)| tree.divide(node, weights);
    let hierarchy = divisions.fold(Hierarchy::builder(goal, weights), divide).build().map_err(one)?;
    let membership = Membership::new(&spec.grades, rows).map_err(one)?;
    let mut evaluation = FuzzyEvaluation::new(spec.grades, spec.operator);
    if spec.normalise {
        evaluation = evaluation.normalising_levels();
    }
    let evaluation = evaluation.evaluate(&hierarchy, &membership).map_err(one)?;
    Ok(Report { evaluation, consistency })
}

impl Report {
    /// Every node with its weight, membership, score and grade, and the consistency ratio of its children's judgements.
    pub(crate) fn table(&self) -> Table {
        let ratios = self.evaluation.nodes().map(|vector| self.consistency.get(vector.name()).copied());
        let table = self.evaluation.table();
        if self.consistency.is_empty() { table } else { table.column(Column::number("CR", ratios)) }
    }

    /// The same as one object.
    pub(crate) fn json(&self) -> serde_json::Result<Value> {
        let mut report = serde_json::to_value(&self.evaluation)?;
        let nodes = report["nodes"].as_array_mut().into_iter().flatten();
        for (node, vector) in nodes.zip(self.evaluation.nodes()) {
            node["score"] = json!(vector.score().ok());
            node["grade"] = json!(vector.maximum().ok().map(|maximum| maximum.grades().to_vec()));
            node["cr"] = json!(self.consistency.get(vector.name()));
        }
        Ok(report)
    }
}

fn run(arguments: &[String]) -> Result<String, Vec<String>> {
    let (options, paths): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|text| text.starts_with("--"));
    if let Some(option) = options.iter().find(|option| **option != "--json") {
        return Err(vec![format!("unknown option `{option}`"), USAGE.into()]);
    }
    let [path] = paths[..] else { return Err(vec![USAGE.into()]) };
    let spec = std::fs::read_to_string(path).map_err(|fault| vec![format!("cannot read {path}: {fault}")])?;
    let report =
        evaluate(&spec).map_err(|faults| faults.iter().map(|fault| format!("{path}: {fault}")).collect::<Vec<_>>())?;
    if options.is_empty() {
        return Ok(report.table().to_string());
    }
    report.json().map(|json| format!("{json:#}\n")).map_err(|fault| vec![fault.to_string()])
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match run(&arguments) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            ExitCode::FAILURE
        }
    }
}
