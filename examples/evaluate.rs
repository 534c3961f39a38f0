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
//!   "method":    "eigenvector",        weights from judgements, or "row_sum", "geometric_mean",
//!                                      "normalised_column_mean", ...; may be left out
//!   "normalise": false,                divide each level by its sum; may be left out
//!   "divide_weights": false,           divide weights by their sum where it is not 1, as after rounding; may be left out
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

use std::collections::HashMap;
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use satindex::ahp::{Judgements, Method, RandomIndex};
use satindex::fuzzy::{Evaluation, FuzzyEvaluation, Grades, Membership, Operator};
use satindex::survey::Hierarchy;
use satindex::survey::hierarchy::HierarchyBuilder;
use satindex::{Column, Result, Table, Weights};
use serde::Deserialize;
use serde_json::{Value, json};

mod common;

const USAGE: &str = "\
usage: evaluate SPEC.json [--json]

Evaluates a hierarchy of criteria from its weights or judgements and the grades that its indicators were given.
For the form of the file see examples/evaluate.rs, for one that is complete examples/data/field_service.json.

  --json  one JSON object";

/// How many faults are listed; the others are counted.
const LISTED: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with grades and a hierarchy")]
struct Spec {
    grades: Grades,
    #[serde(default = "weighted_average")]
    operator: Operator,
    method: Option<String>,
    #[serde(default)]
    normalise: bool,
    #[serde(default)]
    divide_weights: bool,
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
    /// The sums that weights were divided by, where they are not 1.
    divided: Vec<(String, f64)>,
}

/// What is read from the nodes, and everything that is wrong with them.
struct Reader<'a> {
    grades: &'a Grades,
    method: Method,
    divide_weights: bool,
    divisions: Vec<(String, Weights)>,
    consistency: HashMap<String, f64>,
    divided: Vec<(String, f64)>,
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
        let weights = match (&node.weights, &node.judgements) {
            (Some(weights), None) => self.weigh(node, weights),
            (None, Some(upper)) => self.judge(node, upper),
            _ => return self.fault(node, "it has children; give either `weights` or `judgements` of them"),
        };
        match weights {
            Ok(weights) => self.divisions.push((node.name.clone(), weights)),
            Err(fault) => {
                let hint = if can_be_divided(node) { "; `\"divide_weights\": true` divides them by it" } else { "" };
                self.fault(node, format!("{fault}{hint}"));
            }
        }
    }

    fn weigh(&mut self, node: &Node, weights: &[f64]) -> Result<Weights> {
        let names = || node.children.iter().map(|child| child.name.as_str());
        let given = Weights::new(names(), weights.iter().copied());
        if given.is_ok() || !self.divide_weights {
            return given;
        }
        let divided = Weights::normalised(names(), weights.iter().copied())?;
        self.divided.push((node.name.clone(), weights.iter().sum()));
        Ok(divided)
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

/// Are the weights right but for their sum?
fn can_be_divided(node: &Node) -> bool {
    let names = || node.children.iter().map(|child| child.name.as_str());
    let divided = |weights: &Vec<f64>| Weights::normalised(names(), weights.iter().copied()).is_ok();
    node.weights.as_ref().is_some_and(divided)
}

/// A judgement as text, empty where there is none.
fn ratio(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The first faults and the number of the others.
fn listed(mut faults: Vec<String>) -> Vec<String> {
    let more = faults.len().saturating_sub(LISTED);
    faults.truncate(LISTED);
    faults.extend((more > 0).then(|| format!("and {more} more")));
    faults
}

/// Evaluates a file's text; the errors are lines to be shown.
pub(crate) fn evaluate(spec: &str) -> Result<Report, Vec<String>> {
    fn one(fault: impl Display) -> Vec<String> {
        vec![fault.to_string()]
    }
    // A byte order mark is no part of the text.
    let spec: Spec = serde_json::from_str(spec.trim_start_matches('\u{feff}')).map_err(one)?;
    let method = spec.method.as_deref().map_or(Ok(Method::default()), str::parse).map_err(one)?;
    let mut reader = Reader {
        grades: &spec.grades,
        method,
        divide_weights: spec.divide_weights,
        divisions: vec![],
        consistency: HashMap::new(),
        divided: vec![],
        rows: vec![],
        faults: vec![],
    };
    reader.read(&spec.hierarchy);
    if spec.hierarchy.children.is_empty() {
        reader.fault(&spec.hierarchy, "the goal has no children");
    }
    let Reader { divisions, consistency, divided, rows, faults, .. } = reader;
    let mut divisions = divisions.into_iter();
    let (Some((goal, weights)), true) = (divisions.next(), faults.is_empty()) else { return Err(listed(faults)) };
    let divide = |tree: HierarchyBuilder, (node, weights): (String, Weights)| tree.divide(node, weights);
    let hierarchy = divisions.fold(Hierarchy::builder(goal, weights), divide).build().map_err(one)?;
    let membership = Membership::new(&spec.grades, rows).map_err(one)?;
    let mut evaluation = FuzzyEvaluation::new(spec.grades, spec.operator);
    if spec.normalise {
        evaluation = evaluation.normalising_levels();
    }
    let evaluation = evaluation.evaluate(&hierarchy, &membership).map_err(one)?;
    Ok(Report { evaluation, consistency, divided })
}

impl Report {
    /// Every node with its weight, membership, score and grade, and the consistency ratio of its children's judgements.
    pub(crate) fn table(&self) -> Table {
        let ratios = self.evaluation.nodes().map(|vector| self.consistency.get(vector.name()).copied());
        let note = |(node, sum): &(String, f64)| {
            format!("the weights of the children of `{node}` were divided by their sum, {sum}")
        };
        let table = self.divided.iter().map(note).fold(self.evaluation.table(), Table::note);
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
        if !self.divided.is_empty() {
            report["weights_divided_by"] = json!(self.divided.iter().cloned().collect::<HashMap<_, _>>());
        }
        Ok(report)
    }
}

fn run(arguments: &[String], output: &mut dyn Write) -> common::Outcome {
    let (options, paths): (Vec<&String>, Vec<&String>) = arguments.iter().partition(|text| text.starts_with("--"));
    if let Some(option) = options.iter().find(|option| **option != "--json") {
        return Err(format!("unknown option {option}\n{USAGE}").into());
    }
    let [path] = paths[..] else { return Err(USAGE.into()) };
    let spec = std::fs::read_to_string(path).map_err(|fault| format!("{path}: {fault}"))?;
    let in_file = |faults: Vec<String>| faults.iter().map(|fault| format!("{path}: {fault}")).collect::<Vec<_>>();
    let report = evaluate(&spec).map_err(|faults| in_file(faults).join("\n"))?;
    if options.is_empty() {
        write!(output, "{}", report.table())?;
    } else {
        writeln!(output, "{:#}", report.json()?)?;
    }
    Ok(())
}

fn main() -> ExitCode {
    common::main(USAGE, run)
}
