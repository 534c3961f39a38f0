//! The specification: which indicators measure which construct, and which construct acts on which.

mod builder;
pub(crate) mod effects;
pub(crate) mod name;
mod order;
mod shape;
pub(crate) mod sign;

use std::fmt;
use std::ops::Range;

pub use builder::ModelBuilder;
pub(crate) use shape::Shape;

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::structural::model::name::written;

/// How a construct relates to its indicators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[doc(alias = "reflective")]
#[doc(alias = "formative")]
#[doc(alias = "composite")]
#[doc(alias = "common factor")]
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
#[doc(alias = "latent variable")]
#[doc(alias = "factor")]
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
/// letters and digits of any script, `_` and `.`, and is not a number; any other name stands in quotes, `"Q1 speed"` or
/// `'Q1 "speed"'`. What else lavaan knows (`~~`, `:=`, `1*x`, …) is an error that says where it stands; nothing is skipped. `Image * Value` is as in R's formulas; in lavaan it would be
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
#[doc(alias = "SEM")]
#[doc(alias = "structural equation model")]
#[doc(alias = "lavaan")]
pub struct Model {
    constructs: Vec<Construct>,
    /// From and to; sorted by to, then from.
    paths: Vec<(usize, usize)>,
    /// The two factors, the first one first, and to; sorted by to, then by the factors.
    products: Vec<(usize, usize, usize)>,
    shape: Shape,
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
        let shape = Shape::new(&constructs, &paths, order);
        Self { constructs, paths, products: Vec::new(), shape }
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

    /// Where an indicator stands in [`indicators`](Self::indicators).
    pub(crate) fn indicator(&self, name: &str) -> Result<usize> {
        self.indicators().position(|known| known == name).ok_or_else(|| check::unknown(name, "indicator"))
    }

    /// Is a construct a dimension of one of higher order?
    pub(crate) fn is_dimension(&self, name: &str) -> bool {
        self.higher().any(|higher| higher.dimensions().iter().any(|dimension| dimension == name))
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

    /// The different pairs of factors of products, in their order.
    pub(crate) fn factors(&self) -> Vec<(usize, usize)> {
        let mut pairs: Vec<_> = self.products.iter().map(|&(first, second, _)| (first, second)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
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

    /// Checks that the model has neither products nor constructs of higher order; the reasons are for messages.
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
        &self.shape.order
    }

    /// The model without its names.
    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Where the indicators of a construct stand among all.
    pub(crate) fn block(&self, construct: usize) -> Range<usize> {
        self.shape.blocks[construct].clone()
    }
}

impl fmt::Display for Model {
    /// The model in its syntax: one line for each construct, then one for each construct that others act on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |names: &[String]| names.iter().map(|name| written(name)).collect::<Vec<_>>().join(" + ");
        for construct in &self.constructs {
            writeln!(f, "{} {} {}", written(&construct.name), construct.kind.operator(), joined(construct.parts()))?;
        }
        for paths in self.paths.chunk_by(|a, b| a.1 == b.1) {
            let name = |at: usize| written(self.constructs[at].name());
            let mut from: Vec<String> = paths.iter().map(|path| name(path.0).into_owned()).collect();
            let products = self.products.iter().filter(|product| product.2 == paths[0].1);
            from.extend(products.map(|product| format!("{}:{}", name(product.0), name(product.1))));
            writeln!(f, "{} ~ {}", name(paths[0].1), from.join(" + "))?;
        }
        Ok(())
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

pub(crate) fn misstated(what: &'static str, name: &str, problem: impl Into<String>) -> ErrorKind {
    ErrorKind::Specification { what, name: name.into(), problem: problem.into() }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

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
