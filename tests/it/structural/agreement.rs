//! Comparing a fit with the figures of other software.

use nalgebra::DMatrix;
use satindex::structural::{Fit, Mode, Model, Pls, Scheme};
use satindex::survey::Responses;
use serde_json::Value;

/// The estimator, run as far as an `f64` goes: the last change of a weight is a few of its last digits.
pub(crate) fn tight() -> Pls {
    Pls::new().tolerance(1e-14).max_iterations(1000)
}

/// A scheme as the peers name it.
pub(crate) fn scheme(name: &str) -> Scheme {
    match name {
        "centroid" => Scheme::Centroid,
        "factorial" | "path_factorial" => Scheme::Factorial,
        "path" | "path_weighting" => Scheme::Path,
        other => panic!("unknown scheme {other}"),
    }
}

/// A mode as the peers name it.
pub(crate) fn mode(name: &str) -> Mode {
    match name {
        "A" | "modeA" => Mode::A,
        "B" | "modeB" => Mode::B,
        "unit" => Mode::Unit,
        other => panic!("unknown mode {other}"),
    }
}

/// A fit beside the figures of one source.
pub(crate) struct Agreement<'a> {
    pub(crate) fit: &'a Fit,
    source: &'a str,
    tolerance: f64,
    compared: usize,
}

impl<'a> Agreement<'a> {
    /// `tolerance` is relative; a figure of 0 must be met to within it.
    pub(crate) fn new(fit: &'a Fit, source: &'a str, tolerance: f64) -> Self {
        Self { fit, source, tolerance, compared: 0 }
    }

    pub(crate) fn figure(&mut self, place: &str, found: f64, expected: f64) {
        let size = if expected == 0.0 { 1.0 } else { expected.abs() };
        let close = (found - expected).abs() <= self.tolerance * size;
        assert!(close, "{}: {place} is {found:e}; expected {expected:e}", self.source);
        self.compared += 1;
    }

    /// A figure that must be defined.
    pub(crate) fn optional(&mut self, place: &str, found: Option<f64>, expected: f64) {
        let found = found.unwrap_or_else(|| panic!("{}: {place} is undefined; expected {expected:e}", self.source));
        self.figure(place, found, expected);
    }

    pub(crate) fn weight(&mut self, indicator: &str, expected: f64) {
        self.figure(&format!("weight {indicator}"), self.fit.weight(indicator).unwrap(), expected);
    }

    pub(crate) fn loading(&mut self, indicator: &str, expected: f64) {
        self.figure(&format!("loading {indicator}"), self.fit.loading(indicator).unwrap(), expected);
    }

    pub(crate) fn cross_loading(&mut self, indicator: &str, construct: &str, expected: f64) {
        let found = self.fit.cross_loading(indicator, construct).unwrap();
        self.figure(&format!("loading {indicator} on {construct}"), found, expected);
    }

    /// A path; where the model has none the figure must be 0.
    pub(crate) fn path(&mut self, from: &str, to: &str, expected: f64) {
        let found = self.fit.path(from, to).unwrap_or(0.0);
        self.figure(&format!("path {from} -> {to}"), found, expected);
    }

    pub(crate) fn indirect_effect(&mut self, from: &str, to: &str, expected: f64) {
        let found = self.fit.indirect_effect(from, to).unwrap();
        self.figure(&format!("indirect effect {from} -> {to}"), found, expected);
    }

    pub(crate) fn total_effect(&mut self, from: &str, to: &str, expected: f64) {
        let found = self.fit.total_effect(from, to).unwrap();
        self.figure(&format!("total effect {from} -> {to}"), found, expected);
    }

    pub(crate) fn correlation(&mut self, first: &str, second: &str, expected: f64) {
        let found = self.fit.construct_correlation(first, second).unwrap();
        self.figure(&format!("correlation {first}, {second}"), found, expected);
    }

    pub(crate) fn score_correlation(&mut self, first: &str, second: &str, expected: f64) {
        let found = self.fit.score_correlation(first, second).unwrap();
        self.figure(&format!("score correlation {first}, {second}"), found, expected);
    }

    /// R²; some packages give 0 for a construct without predecessors.
    pub(crate) fn r_squared(&mut self, construct: &str, expected: f64) {
        let found = self.fit.r_squared(construct).unwrap().unwrap_or(0.0);
        self.figure(&format!("R² {construct}"), found, expected);
    }

    pub(crate) fn adjusted_r_squared(&mut self, construct: &str, expected: f64) {
        let found = self.fit.adjusted_r_squared(construct).unwrap().unwrap();
        self.figure(&format!("adjusted R² {construct}"), found, expected);
    }

    /// The scores of the first respondents, in the package's units: `scale` times ours.
    pub(crate) fn scores(&mut self, responses: &Responses, scale: impl Fn(&str) -> f64, expected: &Value) {
        let scores = self.fit.scores(responses).unwrap();
        for (row, line) in expected["values"].as_array().unwrap().iter().enumerate() {
            for (construct, value) in strings(&expected["cols"]).zip(line.as_array().unwrap()) {
                let column = self.fit.model().position(construct).unwrap();
                let found = scores.get(row, column).unwrap() * scale(construct);
                self.figure(&format!("score of row {} on {construct}", row + 1), found, value.as_f64().unwrap());
            }
        }
    }

    /// Every figure of a matrix with named rows and columns; empty cells are passed over.
    pub(crate) fn each(&mut self, matrix: &Value, mut check: impl FnMut(&mut Self, &str, &str, f64)) {
        for (row, column, value) in cells(matrix) {
            check(self, row, column, value);
        }
    }

    /// A matrix of indicators by constructs, either way round, of which only the figures with an indicator's own construct
    /// are not 0.
    pub(crate) fn own(&mut self, matrix: &Value, mut check: impl FnMut(&mut Self, &str, f64)) {
        for (row, column, value) in cells(matrix) {
            let transposed = self.fit.model().construct(row).is_ok();
            let (indicator, construct) = if transposed { (column, row) } else { (row, column) };
            let construct = self.fit.model().construct(construct).unwrap();
            if construct.indicators().iter().any(|known| known == indicator) {
                check(self, indicator, value);
            } else {
                assert_eq!(value, 0.0, "{indicator} is no indicator of `{}`", construct.name());
            }
        }
    }

    /// Every figure of an object.
    pub(crate) fn entries(&mut self, object: &Value, mut check: impl FnMut(&mut Self, &str, f64)) {
        for (name, value) in numbers(object) {
            check(self, name, value);
        }
    }

    /// How many figures were compared.
    pub(crate) fn compared(&self) -> usize {
        self.compared
    }

    /// So many figures were compared, no fewer.
    pub(crate) fn finish(self, expected: usize) {
        assert_eq!(self.compared, expected, "figures compared with {}", self.source);
    }
}

pub(crate) fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().unwrap().iter().map(|name| name.as_str().unwrap())
}

/// The figures of a matrix of peers: row, column, value.
pub(crate) fn cells(matrix: &Value) -> Vec<(&str, &str, f64)> {
    let rows = strings(&matrix["rows"]).zip(matrix["values"].as_array().unwrap());
    let cells = rows.flat_map(|(row, values)| {
        strings(&matrix["cols"]).zip(values.as_array().unwrap()).map(move |(column, value)| (row, column, value))
    });
    cells.filter_map(|(row, column, value)| Some((row, column, value.as_f64()?))).collect()
}

/// The figures of an object; null is passed over.
pub(crate) fn numbers(object: &Value) -> Vec<(&str, f64)> {
    let entries = object.as_object().unwrap().iter();
    entries.filter_map(|(name, value)| Some((name.as_str(), value.as_f64()?))).collect()
}

/// A model of composites from its parts.
pub(crate) fn composites<'a>(
    blocks: impl IntoIterator<Item = (&'a str, Vec<&'a str>)>,
    paths: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Model {
    let builder = blocks.into_iter().fold(Model::builder(), |builder, (name, block)| builder.composite(name, block));
    paths.into_iter().fold(builder, |builder, (from, to)| builder.path(from, to)).build().unwrap()
}

/// A symmetric matrix from the rows of its lower triangle without the diagonal of ones.
pub(crate) fn correlations(lower: &Value) -> DMatrix<f64> {
    let lower = lower.as_array().unwrap();
    let entry = |row: usize, column: usize| lower[row][column].as_f64().unwrap();
    DMatrix::from_fn(lower.len(), lower.len(), |row, column| match row.cmp(&column) {
        std::cmp::Ordering::Less => entry(column, row),
        std::cmp::Ordering::Equal => 1.0,
        std::cmp::Ordering::Greater => entry(row, column),
    })
}
