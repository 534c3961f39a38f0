//! The specification: which indicators measure which construct, and which construct acts on which.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::fmt;

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::structural::syntax;

/// How a construct relates to its indicators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ConstructKind {
    /// The construct is the common cause of its indicators: a common factor, `=~`.
    Reflective,
    /// The construct is made of its indicators: a weighted sum, `<~`.
    Composite,
}

impl ConstructKind {
    /// The operator of the syntax.
    pub(crate) fn operator(self) -> &'static str {
        match self {
            Self::Reflective => "=~",
            Self::Composite => "<~",
        }
    }
}

/// A construct with the indicators that measure it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Construct {
    name: String,
    kind: ConstructKind,
    indicators: Vec<String>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    dimensions: Vec<String>,
}

impl Construct {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reflective or composite.
    pub fn kind(&self) -> ConstructKind {
        self.kind
    }

    /// The names of the indicators, in the order given; empty only for a construct of higher order.
    pub fn indicators(&self) -> &[String] {
        &self.indicators
    }

    /// The names of the constructs that measure or make up a construct of higher order, in the order given; empty for all
    /// others.
    pub fn dimensions(&self) -> &[String] {
        &self.dimensions
    }

    /// What stands on the right of the construct's statement.
    fn parts(&self) -> &[String] {
        if self.dimensions.is_empty() { &self.indicators } else { &self.dimensions }
    }
}

/// A structural model: constructs, each measured by indicators of its own, and the paths between them.
///
/// The paths are directed and form no cycle. Every construct has at least one indicator and at least one path;
/// no indicator belongs to two constructs. A model may fall into several parts that no path connects.
///
/// A construct whose indicators are all constructs is of higher order, and they are its dimensions, which have no paths of
/// their own. Products of constructs may act beside their factors. How such a model is estimated is for
/// [`Pls::higher_order`](crate::structural::Pls::higher_order) and
/// [`Pls::interaction`](crate::structural::Pls::interaction) to say.
///
/// Constructs and indicators keep the order in which they are first given. The order of the paths says nothing: they
/// are kept sorted by the construct that they lead to, then by the one that they come from. A path may be given before
/// its constructs.
///
/// # Syntax
///
/// A model parses from, and prints as, the part of lavaan's syntax that it needs:
///
/// | statement | meaning |
/// |---|---|
/// | `Loyalty =~ CUSL1 + CUSL2` | the reflective construct `Loyalty` is measured by `CUSL1` and `CUSL2` |
/// | `Loyalty <~ CUSL1 + CUSL2` | the composite `Loyalty` is made of `CUSL1` and `CUSL2` |
/// | `Loyalty ~ Image + Satisfaction` | `Image` and `Satisfaction` act on `Loyalty` |
/// | `Overall =~ Quality + Value` | the constructs `Quality` and `Value` measure `Overall`, which is of higher order |
/// | `Overall <~ Quality + Value` | the constructs `Quality` and `Value` make up `Overall`, which is of higher order |
/// | `Value + Loyalty ~ Image` | `Image` acts on `Value` and on `Loyalty` |
/// | `Loyalty ~ Image + Value + Image:Value` | so does the product of `Image` and `Value`: one moderates the other |
/// | `Loyalty ~ Image * Value` | the same in short |
/// | `Loyalty ~ Value + Value:Value` | so does the square of `Value` |
///
/// A statement ends with its line or at `;`. It goes on over the end of a line next to a `+` or an operator. `#` and
/// `!` begin a comment. Two statements with the same construct and operator add up, as in lavaan. A name is made of
/// letters and digits of any script, `_` and `.`, and is not a number. What else lavaan knows (`~~`, `:=`, `1*x`, …)
/// is an error that says where it stands; nothing is skipped. `Image * Value` is as in R's formulas; in lavaan it would be
/// a label.
///
/// # Examples
///
/// ```
/// use satindex::structural::Model;
///
/// let model: Model = "
///     Loyalty ~ Satisfaction              # a path may come first
///     Satisfaction =~ CUSA1 + CUSA2 + CUSA3
///     Loyalty      <~ CUSL1 + CUSL2
/// "
/// .parse()?;
///
/// let built = Model::builder()
///     .reflective("Satisfaction", ["CUSA1", "CUSA2", "CUSA3"])
///     .composite("Loyalty", ["CUSL1", "CUSL2"])
///     .path("Satisfaction", "Loyalty")
///     .build()?;
///
/// assert_eq!(model, built);
/// assert_eq!(model.to_string().parse::<Model>()?, model);
/// # Ok::<(), satindex::Error>(())
/// ```
///
/// # References
///
/// Rosseel, Y. (2012). lavaan: an R package for structural equation modeling. *Journal of Statistical Software*, 48(2),
/// 1–36. <https://doi.org/10.18637/jss.v048.i02> (the syntax)
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Model {
    constructs: Vec<Construct>,
    /// From and to; sorted by to, then from.
    paths: Vec<(usize, usize)>,
    /// The two factors, the first one first, and to; sorted by to, then by the factors.
    products: Vec<(usize, usize, usize)>,
    /// Every construct after all that act on it.
    order: Vec<usize>,
}

impl Model {
    /// A model without content, to be filled by [`ModelBuilder`]'s methods.
    pub fn builder() -> ModelBuilder {
        ModelBuilder::default()
    }

    /// The model of a template: reflective constructs that stand so that every path leads forward, and are otherwise
    /// as [`ModelBuilder::build`] would have them.
    pub(crate) fn forward<'a, I: Iterator<Item = &'a str>>(
        constructs: impl Iterator<Item = (&'a str, I)>,
        mut paths: Vec<(usize, usize)>,
    ) -> Self {
        let constructs: Vec<Construct> = constructs
            .map(|(name, indicators)| Construct {
                name: name.into(),
                kind: ConstructKind::Reflective,
                indicators: indicators.map(Into::into).collect(),
                dimensions: Vec::new(),
            })
            .collect();
        paths.sort_unstable_by_key(|&(from, to)| (to, from));
        let order = (0..constructs.len()).collect();
        Self { constructs, paths, products: Vec::new(), order }
    }

    /// The constructs, in the order given.
    pub fn constructs(&self) -> &[Construct] {
        &self.constructs
    }

    /// A construct by its name.
    ///
    /// # Errors
    ///
    /// When there is no such construct.
    pub fn construct(&self, name: &str) -> Result<&Construct> {
        self.position(name).map(|at| &self.constructs[at])
    }

    /// Where a construct stands in [`constructs`](Self::constructs).
    ///
    /// # Errors
    ///
    /// When there is no such construct.
    pub fn position(&self, name: &str) -> Result<usize> {
        let found = self.constructs.iter().position(|construct| construct.name == name);
        found.ok_or_else(|| check::unknown(name, "construct"))
    }

    /// The names of all indicators, construct by construct.
    pub fn indicators(&self) -> impl Iterator<Item = &str> {
        self.constructs.iter().flat_map(|construct| &construct.indicators).map(String::as_str)
    }

    /// The paths as positions (from, to) in [`constructs`](Self::constructs), sorted by to, then from.
    pub fn paths(&self) -> &[(usize, usize)] {
        &self.paths
    }

    /// The paths as names (from, to), in the order of [`paths`](Self::paths).
    pub fn named_paths(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.paths.iter().map(|&(from, to)| (self.constructs[from].name(), self.constructs[to].name()))
    }

    /// The products of constructs that act on a construct, as positions (factor, factor, to) in
    /// [`constructs`](Self::constructs), sorted by to, then by the factors; a square has the same factor twice.
    ///
    /// They stand beside the [`paths`](Self::paths), which their factors always have to the same construct. What it takes
    /// to estimate them is an [`Interaction`](crate::structural::Interaction).
    pub fn products(&self) -> &[(usize, usize, usize)] {
        &self.products
    }

    /// The model without its products.
    pub(crate) fn main_effects(&self) -> Self {
        Self { products: Vec::new(), ..self.clone() }
    }

    /// Has it neither products nor constructs of higher order?
    pub fn is_first_order(&self) -> bool {
        self.products.is_empty() && self.higher().next().is_none()
    }

    /// The constructs of higher order.
    pub(crate) fn higher(&self) -> impl Iterator<Item = &Construct> {
        self.constructs.iter().filter(|construct| !construct.dimensions.is_empty())
    }

    /// Nothing, if the model has neither products nor constructs of higher order, for which there is this reason.
    pub(crate) fn need_first_order(&self, product: &str, higher: &str) -> Result<()> {
        let mut faults = Faults::default();
        for &(first, second, _) in &self.products {
            let name = format!("{}:{}", self.constructs[first].name, self.constructs[second].name);
            faults.push(misstated("product", &name, product));
        }
        for construct in self.higher() {
            faults.push(misstated("construct", &construct.name, higher));
        }
        faults.or(())
    }

    /// The positions of the constructs that act directly on the construct at `position`, ascending.
    pub fn predecessors(&self, position: usize) -> impl Iterator<Item = usize> {
        self.paths.iter().filter(move |path| path.1 == position).map(|path| path.0)
    }

    /// The positions of the constructs that the construct at `position` acts directly on, ascending.
    pub fn successors(&self, position: usize) -> impl Iterator<Item = usize> {
        self.paths.iter().filter(move |path| path.0 == position).map(|path| path.1)
    }

    /// The positions of the constructs so that every path leads forward; where the paths leave a choice, the
    /// construct given first comes first.
    pub fn order(&self) -> &[usize] {
        &self.order
    }
}

impl fmt::Display for Model {
    /// The model in its syntax: one line for each construct, then one for each construct that others act on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for construct in &self.constructs {
            writeln!(f, "{} {} {}", construct.name, construct.kind.operator(), construct.parts().join(" + "))?;
        }
        for paths in self.paths.chunk_by(|a, b| a.1 == b.1) {
            let name = |at: usize| self.constructs[at].name();
            let mut from: Vec<String> = paths.iter().map(|path| name(path.0).to_owned()).collect();
            let products = self.products.iter().filter(|product| product.2 == paths[0].1);
            from.extend(products.map(|product| format!("{}:{}", name(product.0), name(product.1))));
            writeln!(f, "{} ~ {}", self.constructs[paths[0].1].name, from.join(" + "))?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Model {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        syntax::parse(text)?.build()
    }
}

impl TryFrom<String> for Model {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Model> for String {
    fn from(model: Model) -> Self {
        model.to_string()
    }
}

/// A [`Model`] in the making: constructs and paths in any order, checked together by [`build`](Self::build).
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ModelBuilder {
    constructs: Vec<Construct>,
    paths: Vec<(String, String)>,
    /// Factor, factor, to.
    products: Vec<[String; 3]>,
}

impl ModelBuilder {
    /// Adds a reflective construct: `name =~ indicators`.
    pub fn reflective<S: Into<String>>(self, name: impl Into<String>, indicators: impl IntoIterator<Item = S>) -> Self {
        self.construct(ConstructKind::Reflective, name, indicators)
    }

    /// Adds a composite: `name <~ indicators`.
    pub fn composite<S: Into<String>>(self, name: impl Into<String>, indicators: impl IntoIterator<Item = S>) -> Self {
        self.construct(ConstructKind::Composite, name, indicators)
    }

    /// Adds a construct of a given kind. If all its indicators are constructs, it is of higher order.
    pub fn construct<S: Into<String>>(
        mut self,
        kind: ConstructKind,
        name: impl Into<String>,
        indicators: impl IntoIterator<Item = S>,
    ) -> Self {
        let indicators = indicators.into_iter().map(Into::into).collect();
        self.constructs.push(Construct { name: name.into(), kind, indicators, dimensions: Vec::new() });
        self
    }

    /// Adds a path: `to ~ from`.
    pub fn path(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.paths.push((from.into(), to.into()));
        self
    }

    /// Adds a path from each of several constructs: `to ~ from + from + …`.
    pub fn paths<S: Into<String>>(mut self, from: impl IntoIterator<Item = S>, to: impl Into<String>) -> Self {
        let to = to.into();
        self.paths.extend(from.into_iter().map(|from| (from.into(), to.clone())));
        self
    }

    /// Adds a path from the product of two constructs, or from the square of one: `to ~ first:second`. Both must have paths
    /// of their own to the same construct.
    pub fn product(mut self, first: impl Into<String>, second: impl Into<String>, to: impl Into<String>) -> Self {
        self.products.push([first.into(), second.into(), to.into()]);
        self
    }

    /// The model.
    ///
    /// # Errors
    ///
    /// All faults at once: a name that is empty or that the syntax could not print back; a construct given twice,
    /// without indicators, without paths, or in a path but never measured; an indicator given twice, in two
    /// constructs, or named as a construct; a path given twice, or from a construct to itself; paths that form a cycle;
    /// a product given twice, or without a path from each of its factors; a construct of higher order with one of higher
    /// order again, one given twice, or one that has paths of its own.
    pub fn build(mut self) -> Result<Model> {
        if self.constructs.is_empty() && self.paths.is_empty() {
            return Err(ErrorKind::Empty { place: "the model".into() }.into());
        }
        self.find_dimensions();
        let mut faults = Faults::default();
        let positions = self.check_constructs(&mut faults);
        self.check_dimensions(&mut faults);
        self.check_indicators(&positions, &mut faults);
        let paths = self.check_paths(&positions, &mut faults);
        let order = faults.check(topological_order(&self.constructs, &paths)).unwrap_or_default();
        let products = self.check_products(&positions, &paths, &mut faults);
        faults.or(Model { constructs: self.constructs, paths, products, order })
    }

    /// Tells the dimensions from the indicators.
    fn find_dimensions(&mut self) {
        let names: HashSet<String> = self.constructs.iter().map(|construct| construct.name.clone()).collect();
        for construct in &mut self.constructs {
            if construct.indicators.iter().all(|name| names.contains(name)) {
                construct.dimensions = std::mem::take(&mut construct.indicators);
            }
        }
    }

    fn check_dimensions(&self, faults: &mut Faults) {
        let mut owners: HashMap<&str, &str> = HashMap::new();
        let higher = || self.constructs.iter().filter(|construct| !construct.dimensions.is_empty());
        for construct in higher() {
            for name in construct.dimensions.iter().map(String::as_str) {
                if higher().any(|other| other.name == name) {
                    let problem = format!("is of higher order and cannot be a dimension of `{}`", construct.name);
                    faults.push(misstated("construct", name, problem));
                }
                if let Some(first) = owners.insert(name, &construct.name) {
                    let problem = format!("is a dimension of `{first}` and again of `{}`", construct.name);
                    faults.push(misstated("construct", name, problem));
                }
                if self.paths.iter().any(|(from, to)| from == name || to == name) {
                    let problem = format!("is a dimension of `{}` and cannot have paths of its own", construct.name);
                    faults.push(misstated("construct", name, problem));
                }
            }
        }
    }

    /// Where each construct stands.
    fn check_constructs(&self, faults: &mut Faults) -> HashMap<&str, usize> {
        let mut positions = HashMap::new();
        for (position, construct) in self.constructs.iter().enumerate() {
            let name = construct.name.as_str();
            faults.check(check_name("construct", name, || "the name of a construct".into()));
            if construct.parts().is_empty() {
                faults.push(misstated("construct", name, "has no indicators"));
            }
            if positions.contains_key(name) {
                faults.push(ErrorKind::Duplicate { what: "construct", name: name.into() });
            } else {
                positions.insert(name, position);
            }
        }
        positions
    }

    fn check_indicators(&self, positions: &HashMap<&str, usize>, faults: &mut Faults) {
        let mut owners: HashMap<&str, usize> = HashMap::new();
        for (position, construct) in self.constructs.iter().enumerate() {
            let owner = &construct.name;
            for name in construct.indicators.iter().map(String::as_str) {
                let place = || format!("the name of an indicator of construct `{owner}`");
                faults.check(check_name("indicator", name, place));
                if positions.contains_key(name) {
                    faults.push(misstated("indicator", name, format!("of construct `{owner}` is itself a construct")));
                }
                match owners.insert(name, position) {
                    Some(first) if first == position => {
                        faults.push(misstated("indicator", name, format!("is given twice for construct `{owner}`")));
                    }
                    Some(first) => {
                        let first = &self.constructs[first].name;
                        faults.push(misstated("indicator", name, format!("belongs to both `{first}` and `{owner}`")));
                    }
                    None => {}
                }
            }
        }
    }

    /// The paths between known constructs, as positions, in their canonical order.
    fn check_paths(&self, positions: &HashMap<&str, usize>, faults: &mut Faults) -> Vec<(usize, usize)> {
        let mut paths = Vec::with_capacity(self.paths.len());
        let mut seen = HashSet::new();
        let mut named = HashSet::new();
        for (from, to) in &self.paths {
            for name in [from, to] {
                if named.insert(name.as_str()) && !positions.contains_key(name.as_str()) {
                    faults.push(misstated("construct", name, "is in a path but is never measured"));
                }
            }
            if from == to {
                faults.push(misstated("construct", from, "has a path to itself"));
            } else if !seen.insert((from, to)) {
                faults.push(ErrorKind::Duplicate { what: "path", name: format!("{from} -> {to}") });
            } else if let (Some(from), Some(to)) = (positions.get(from.as_str()), positions.get(to.as_str())) {
                paths.push((*from, *to));
            }
        }
        let dimensions: HashSet<&String> = self.constructs.iter().flat_map(|construct| &construct.dimensions).collect();
        let idle =
            |construct: &&Construct| !named.contains(construct.name.as_str()) && !dimensions.contains(&construct.name);
        for construct in self.constructs.iter().filter(idle) {
            faults.push(misstated("construct", &construct.name, "has no path to or from another"));
        }
        paths.sort_unstable_by_key(|&(from, to)| (to, from));
        paths
    }

    /// The products that act where their factors do, as positions, in their canonical order.
    fn check_products(
        &self,
        positions: &HashMap<&str, usize>,
        paths: &[(usize, usize)],
        faults: &mut Faults,
    ) -> Vec<(usize, usize, usize)> {
        let mut products = Vec::with_capacity(self.products.len());
        for [first, second, to] in &self.products {
            let name = format!("{first}:{second}");
            let place = |name: &String| positions.get(name.as_str()).copied();
            let acts = |from: &String| place(from).zip(place(to)).is_some_and(|path| paths.contains(&path));
            let absent: Vec<&String> = [first, second].into_iter().filter(|factor| !acts(factor)).collect();
            if let Some(factor) = absent.first() {
                let problem = format!("acts on `{to}`, but `{factor}` has no path of its own to it");
                faults.push(misstated("product", &name, problem));
            } else if let (Some(one), Some(other), Some(to)) = (place(first), place(second), place(to)) {
                let product = (one.min(other), one.max(other), to);
                if products.contains(&product) {
                    let name = format!("{name} -> {}", self.constructs[to].name);
                    faults.push(ErrorKind::Duplicate { what: "product", name });
                } else {
                    products.push(product);
                }
            }
        }
        products.sort_unstable_by_key(|&(first, second, to)| (to, first, second));
        products
    }
}

pub(crate) fn misstated(what: &'static str, name: &str, problem: impl Into<String>) -> ErrorKind {
    ErrorKind::Specification { what, name: name.into(), problem: problem.into() }
}

/// Nothing, if the name is one that the syntax reads back.
fn check_name(what: &'static str, name: &str, place: impl FnOnce() -> String) -> Result<()> {
    if name.trim().is_empty() {
        return Err(ErrorKind::Empty { place: place() }.into());
    }
    if syntax::is_name(name) {
        return Ok(());
    }
    Err(misstated(what, name, "must have a name of letters, digits, `_` and `.` that is not a number").into())
}

/// Every construct after all that act on it, or the cycle that makes this impossible.
fn topological_order(constructs: &[Construct], paths: &[(usize, usize)]) -> Result<Vec<usize>> {
    let mut successors = vec![Vec::new(); constructs.len()];
    let mut waiting_for = vec![0_usize; constructs.len()];
    for &(from, to) in paths {
        successors[from].push(to);
        waiting_for[to] += 1;
    }
    let mut ready: BinaryHeap<_> = (0..constructs.len()).filter(|&at| waiting_for[at] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(constructs.len());
    while let Some(Reverse(at)) = ready.pop() {
        order.push(at);
        for &next in &successors[at] {
            waiting_for[next] -= 1;
            if waiting_for[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    match (0..constructs.len()).find(|&at| waiting_for[at] > 0) {
        None => Ok(order),
        Some(start) => {
            let cycle = cycle(start, paths, &waiting_for);
            Err(ErrorKind::Cycle { constructs: cycle.iter().map(|&at| constructs[at].name.clone()).collect() }.into())
        }
    }
}

/// A cycle among the constructs that still wait, its first construct repeated at the end.
///
/// Each of them waits for another, so going backwards must come to one that was passed before.
fn cycle(start: usize, paths: &[(usize, usize)], waiting_for: &[usize]) -> Vec<usize> {
    let mut cause = vec![None; waiting_for.len()];
    for &(from, to) in paths.iter().rev().filter(|path| waiting_for[path.0] > 0) {
        cause[to] = Some(from);
    }
    let mut passed = vec![false; waiting_for.len()];
    let mut walk = Vec::new();
    let mut next = Some(start);
    while let Some(at) = next.filter(|&at| !passed[at]) {
        passed[at] = true;
        walk.push(at);
        next = cause[at];
    }
    let first = walk.iter().position(|&at| Some(at) == next).unwrap_or(0);
    let mut cycle: Vec<usize> = walk.drain(first..).rev().collect();
    let least = cycle.iter().enumerate().min_by_key(|(_, at)| **at).map_or(0, |(place, _)| place);
    cycle.rotate_left(least);
    cycle.extend(cycle.first().copied());
    cycle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_at_once() {
        let error = Model::builder()
            .reflective("A", ["a1", "a2", "a1"])
            .composite("B", ["a2", "A"])
            .reflective("C", Vec::<String>::new())
            .composite("D", ["d 1"])
            .reflective("A", ["a3"])
            .reflective(" ", [""])
            .paths(["A", "B", "B", "E"], "C")
            .path("C", "C")
            .path("E", "A")
            .build()
            .unwrap_err();
        let faults: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "construct `C` has no indicators",
                "duplicate construct `A`",
                "the name of a construct is empty",
                "indicator `a1` is given twice for construct `A`",
                "indicator `a2` belongs to both `A` and `B`",
                "indicator `A` of construct `B` is itself a construct",
                "indicator `d 1` must have a name of letters, digits, `_` and `.` that is not a number",
                "the name of an indicator of construct ` ` is empty",
                "duplicate path `B -> C`",
                "construct `E` is in a path but is never measured",
                "construct `C` has a path to itself",
                "construct `D` has no path to or from another",
                "construct ` ` has no path to or from another",
            ]
        );
        assert!(error.is_invalid_model());
    }

    #[test]
    fn nothing_is_no_model() {
        assert_eq!(Model::builder().build().unwrap_err().to_string(), "the model is empty");
        assert_eq!(
            Model::builder().reflective("A", ["a1"]).build().unwrap_err().to_string(),
            "construct `A` has no path to or from another"
        );
    }

    #[test]
    fn a_cycle_is_named_in_the_order_of_its_paths() {
        let build = |paths: &[(&str, &str)]| {
            let builder = ["A", "B", "C", "D", "E"]
                .iter()
                .fold(Model::builder(), |builder, name| builder.reflective(*name, [name.to_lowercase()]));
            paths.iter().fold(builder, |builder, (from, to)| builder.path(*from, *to)).build()
        };
        // D hangs on the cycle and E leads to it; neither is part of it.
        let error = build(&[("C", "A"), ("E", "B"), ("B", "C"), ("C", "D"), ("A", "B")]).unwrap_err();
        assert_eq!(error.to_string(), "the paths form a cycle: A -> B -> C -> A");
        let error = build(&[("A", "B"), ("A", "C"), ("D", "E"), ("E", "D")]).unwrap_err();
        assert_eq!(error.to_string(), "the paths form a cycle: D -> E -> D");
    }

    #[test]
    fn the_order_follows_the_paths_and_then_the_declaration() {
        let model: Model = "A =~ a; B =~ b; C =~ c; D =~ d; A ~ C + D; C ~ D; D ~ B".parse().unwrap();
        assert_eq!(model.order(), [1, 3, 2, 0]);
        assert_eq!(model.paths(), [(2, 0), (3, 0), (3, 2), (1, 3)]);
        assert_eq!(model.predecessors(0).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(model.successors(3).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(model.named_paths().next(), Some(("C", "A")));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_model_is_serialised_as_its_syntax_and_nothing_invalid_is_read_back() {
        let model: Model = "A =~ a; B <~ b; B ~ A".parse().unwrap();
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(text, r#""A =~ a\nB <~ b\nB ~ A\n""#);
        assert_eq!(serde_json::from_str::<Model>(&text).unwrap(), model);
        let error = serde_json::from_str::<Model>(&text.replace("B ~ A", "A ~ A")).unwrap_err();
        assert!(error.to_string().starts_with("construct `A` has a path to itself"));
    }
}
