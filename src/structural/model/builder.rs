//! A model as it is put together, and what it must not be.

use std::collections::{HashMap, HashSet};

use crate::error::{ErrorKind, Faults, Result};
use crate::structural::model::name::is_name;
use crate::structural::model::order::topological_order;
use crate::structural::model::{Construct, ConstructKind, Model, Shape, misstated};

/// A [`Model`] in the making: constructs and paths in any order, checked together by [`build`](Self::build).
///
/// # Examples
///
/// ```
/// use satindex::structural::Model;
///
/// let model = Model::builder()
///     .reflective("Quality", ["q1", "q2"])
///     .composite("Price", ["p1", "p2"])
///     .reflective("Satisfaction", ["s1", "s2"])
///     .paths(["Quality", "Price"], "Satisfaction")
///     .build()?;
/// assert_eq!(model, "Quality =~ q1 + q2; Price <~ p1 + p2; Satisfaction =~ s1 + s2; Satisfaction ~ Quality + Price".parse()?);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
#[doc(alias = "measurement model")]
#[doc(alias = "structural equations")]
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
        faults.or(())?;
        let shape = Shape::new(&self.constructs, &paths, order);
        Ok(Model { constructs: self.constructs, paths, products, shape })
    }

    /// Tells the dimensions from the indicators.
    fn find_dimensions(&mut self) {
        let names: HashSet<String> = self.constructs.iter().map(|construct| construct.name.clone()).collect();
        for construct in &mut self.constructs {
            let all = construct.indicators.iter().all(|name| names.contains(name));
            if all && !construct.indicators.contains(&construct.name) {
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
                if name == owner {
                    faults.push(misstated(
                        "construct",
                        name,
                        "is measured by itself; give one of the two another name",
                    ));
                } else if positions.contains_key(name) {
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
        // A construct of higher order and its dimensions have paths between them.
        let idle = |construct: &&Construct| {
            let whole = !construct.dimensions.is_empty();
            !whole && !named.contains(construct.name.as_str()) && !dimensions.contains(&construct.name)
        };
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
            // What is in a path and not measured is a fault of its own.
            let in_path = |name: &String| self.paths.iter().any(|(from, to)| from == name || to == name);
            let unknown = |factor: &&&String| place(factor).is_none();
            let absent: Vec<&String> = [first, second].into_iter().filter(|factor| !acts(factor)).collect();
            if let Some(factor) = absent.iter().find(unknown) {
                if !in_path(factor) {
                    faults.push(misstated("construct", factor, "is in a product but is never measured"));
                }
            } else if let Some(factor) = absent.first() {
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

/// Checks that the syntax can print the name so that it reads it back.
fn check_name(what: &'static str, name: &str, place: impl FnOnce() -> String) -> Result<()> {
    if name.trim().is_empty() {
        return Err(ErrorKind::Empty { place: place() }.into());
    }
    if is_name(name) {
        return Ok(());
    }
    Err(misstated(what, name, "must have a name on one line, with quotation marks of one kind at most").into())
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
            .composite("D", ["d\t\"1'"])
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
                "indicator `d\t\"1'` must have a name on one line, with quotation marks of one kind at most",
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
}
