//! Models with constructs of higher order as stages.

use crate::error::{Faults, Result};
use crate::structural::model::{Construct, ConstructKind, Model, misstated};
use crate::structural::pls::stage::{Column, Stage};
use crate::structural::pls::{HigherOrder, Pls};
use crate::structural::stages::assembly::{Assembly, Part};
use crate::structural::stages::names;

impl Pls {
    /// The stage that gives dimensions their scores, where there is one, and the stage in which constructs of higher order
    /// have indicators, which may still have products.
    pub(super) fn stages_of_dimensions(&self, model: &Model) -> Result<(Option<Stage>, Stage)> {
        let approach = self.higher_order_in_use();
        if model.higher().next().is_none() {
            let columns = (0..model.indicators().count()).map(Column::Indicator).collect();
            return Ok((None, Stage { pls: self.clone(), model: model.clone(), columns }));
        }
        if approach == HigherOrder::RepeatedIndicators {
            return Ok((None, repeated(model, model)?.stage(self, model)?));
        }
        check_paths(model)?;
        let first = match approach {
            HigherOrder::EmbeddedTwoStage => repeated(model, &model.main_effects())?,
            HigherOrder::SaturatedTwoStage => saturated(model)?,
            _ => spread(model)?,
        };
        let first = first.stage(self, model)?;
        let all = approach != HigherOrder::DisjointTwoStage;
        let second = second(model, &first.model, all)?.stage(self, model)?;
        Ok((Some(first), second))
    }
}

/// Checks that scores of dimensions would have something to be weighted by.
fn check_paths(model: &Model) -> Result<()> {
    let mut faults = Faults::default();
    for construct in model.higher() {
        if !model.named_paths().any(|(from, to)| from == construct.name() || to == construct.name()) {
            let problem = "has paths to and from its dimensions alone, by which `HigherOrder::RepeatedIndicators` estimates \
                           it; in two stages its dimensions have no weights without a path to or from another construct";
            faults.push(misstated("construct", construct.name(), problem));
        }
    }
    faults.or(())
}

/// The indicators of a construct, which stand in `model`.
fn own(model: &Model, construct: &Construct) -> Result<Vec<Part>> {
    let part = |name: &String| Ok(Part::asked(name, model.indicator(name)?));
    construct.indicators().iter().map(part).collect()
}

/// The model with every indicator of a dimension once more, as one of the construct of higher order. The answers are those
/// to the indicators that were `asked` for.
fn repeated(asked: &Model, model: &Model) -> Result<Assembly> {
    let mut assembly = Assembly::default();
    for construct in model.constructs() {
        let whole = construct.name();
        let mut parts = own(asked, construct)?;
        for dimension in construct.dimensions() {
            for name in model.construct(dimension)?.indicators() {
                let made_of = format!("the indicator `{name}` of `{dimension}` as one of `{whole}`");
                let column = Column::Indicator(asked.indicator(name)?);
                parts.push(Part::made(names::repeated(whole, name), column, made_of));
            }
            match construct.kind() {
                ConstructKind::Reflective => assembly.path(whole, dimension),
                ConstructKind::Composite => assembly.path(dimension, whole),
            }
        }
        assembly.construct(construct.kind(), whole, parts);
    }
    assembly.paths_of(model);
    Ok(assembly)
}

/// The constructs that are not of higher order.
fn plain(model: &Model) -> impl Iterator<Item = &Construct> {
    model.constructs().iter().filter(|construct| construct.dimensions().is_empty())
}

fn with_plain(model: &Model) -> Result<Assembly> {
    let mut assembly = Assembly::default();
    for construct in plain(model) {
        assembly.construct(construct.kind(), construct.name(), own(model, construct)?);
    }
    Ok(assembly)
}

/// The model without the constructs of higher order in which every construct acts on all that come after it.
fn saturated(model: &Model) -> Result<Assembly> {
    let names: Vec<&str> = plain(model).map(Construct::name).collect();
    let mut assembly = with_plain(model)?;
    for (at, to) in names.iter().enumerate() {
        for from in &names[..at] {
            assembly.path(from, to);
        }
    }
    Ok(assembly)
}

/// The model without the constructs of higher order, whose dimensions have their paths.
fn spread(model: &Model) -> Result<Assembly> {
    let mut assembly = with_plain(model)?;
    let stand_ins = |at: usize| -> Vec<&str> {
        match &model.constructs()[at] {
            plain if plain.dimensions().is_empty() => vec![plain.name()],
            higher => higher.dimensions().iter().map(String::as_str).collect(),
        }
    };
    for &(from, to) in model.paths() {
        for to in stand_ins(to) {
            for from in stand_ins(from) {
                assembly.path(from, to);
            }
        }
    }
    Ok(assembly)
}

/// The model in which the scores of dimensions measure the constructs of higher order and, if `all` are at their scores,
/// every other construct is measured by its own.
fn second(model: &Model, first: &Model, all: bool) -> Result<Assembly> {
    let score = |name: &str| -> Result<Part> {
        Ok(Part::made(names::score(name), Column::Score(first.position(name)?), format!("the score of `{name}`")))
    };
    let mut assembly = Assembly::default();
    for construct in model.constructs().iter().filter(|construct| !model.is_dimension(construct.name())) {
        let parts = match construct.dimensions() {
            [] if all => vec![score(construct.name())?],
            [] => own(first, construct)?,
            dimensions => dimensions.iter().map(|name| score(name)).collect::<Result<_>>()?,
        };
        assembly.construct(construct.kind(), construct.name(), parts);
    }
    assembly.paths_of(model);
    Ok(assembly)
}
