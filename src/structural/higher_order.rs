//! Constructs of higher order, which other constructs measure or make up.

use crate::error::Result;
use crate::structural::index::Scores;
use crate::structural::model::{Construct, ConstructKind, Model, ModelBuilder};
use crate::structural::pls::{Fit, Pls};
use crate::survey::Responses;

/// How a construct of higher order gets indicators.
///
/// Where these are scores and the estimates are [consistent](Pls::consistent), a score has the reliability that it had in
/// the first stage. A score alone stands for its construct corrected by it; a common factor of scores has ρ_A of the scores
/// as they are, and [`Fit::disattenuated_loading`](crate::structural::Fit::disattenuated_loading) for each dimension, both as
/// in cSEM; a composite of scores is corrected by what their errors make of its variance (Van Riel et al. 2017), see
/// [`Pls::reliability`].
///
/// # References
///
/// Sarstedt, M., Hair, J. F., Cheah, J.-H., Becker, J.-M., Ringle, C. M. (2019). How to specify, estimate, and validate
/// higher-order constructs in PLS-SEM. *Australasian Marketing Journal*, 27(3), 197–211.
/// <https://doi.org/10.1016/j.ausmj.2019.05.003>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum HigherOrder {
    /// All indicators of its dimensions once more (Wold 1982). It acts on its dimensions if it is reflective, and they on it
    /// if it is a composite; they then explain nearly all of it, and leave little to its other predecessors.
    RepeatedIndicators,
    /// The scores of its dimensions in the model with repeated indicators, with every other construct at its score there:
    /// the `mixed` approach of cSEM.
    EmbeddedTwoStage,
    /// The scores of its dimensions in a model in which every construct acts on all that come after it, with every other
    /// construct at its score there: the `2stage` of cSEM.
    SaturatedTwoStage,
    /// The scores of its dimensions in the model in which they have its paths; every other construct keeps its indicators.
    /// This is the `two_stage` of seminr.
    #[default]
    DisjointTwoStage,
}

impl Pls {
    /// The model in which constructs of higher order have indicators, the answers with the columns that it takes, and the
    /// options under which it is estimated.
    pub(crate) fn with_dimensions(&self, model: &Model, answers: Responses) -> Result<(Self, Model, Responses)> {
        if model.higher().next().is_none() {
            return Ok((self.clone(), model.clone(), answers));
        }
        if self.higher_order_in_use() == HigherOrder::RepeatedIndicators {
            let (single, answers) = repeated(model, answers)?;
            return Ok((self.adapted(model, &single), single, answers));
        }
        let (fit, repeated) = self.stage_of_dimensions(model, &answers)?;
        let scores = fit.scores(&repeated)?;
        let all = self.higher_order_in_use() != HigherOrder::DisjointTwoStage;
        let (single, answers) = second_stage(model, answers, (&fit, &scores), all)?;
        let mut pls = self.adapted(model, &single);
        for (construct, reliability) in fit.construct_names().zip(fit.score_reliabilities()) {
            let score = format!("{construct}.score");
            if *reliability != 1.0 && single.indicators().any(|name| name == score) {
                pls = pls.reliability(score, *reliability);
            }
        }
        Ok((pls, single, answers))
    }

    /// The fit of the stage that gives dimensions their scores, and the answers that it was made from.
    pub(super) fn stage_of_dimensions(&self, model: &Model, answers: &Responses) -> Result<(Fit, Responses)> {
        let (first, answers) = match self.higher_order_in_use() {
            HigherOrder::EmbeddedTwoStage | HigherOrder::RepeatedIndicators => {
                repeated(&model.main_effects(), answers.clone())?
            }
            HigherOrder::SaturatedTwoStage => (saturated(model)?, answers.clone()),
            HigherOrder::DisjointTwoStage => (spread(model)?, answers.clone()),
        };
        Ok((self.adapted(model, &first).fit(&first, &answers)?, answers))
    }
}

/// The model with every indicator of a dimension once more, as one of the construct of higher order.
fn repeated(model: &Model, answers: Responses) -> Result<(Model, Responses)> {
    let mut builder = Model::builder();
    let mut columns = Vec::new();
    for construct in model.constructs() {
        let mut indicators = construct.indicators().to_vec();
        for dimension in construct.dimensions() {
            for name in model.construct(dimension)?.indicators() {
                let copy = format!("{}.{name}", construct.name());
                let at = answers.position(name)?;
                columns.push((copy.clone(), answers.answers_to(at).to_vec(), answers.indicators()[at].scale()));
                indicators.push(copy);
            }
            builder = match construct.kind() {
                ConstructKind::Reflective => builder.path(construct.name(), dimension),
                ConstructKind::Composite => builder.path(dimension, construct.name()),
            };
        }
        builder = builder.construct(construct.kind(), construct.name(), indicators);
    }
    Ok((with_paths(builder, model).build()?, answers.with_columns(columns)?))
}

/// The constructs that are not of higher order.
fn plain(model: &Model) -> impl Iterator<Item = &Construct> {
    model.constructs().iter().filter(|construct| construct.dimensions().is_empty())
}

fn with_plain(model: &Model) -> ModelBuilder {
    plain(model).fold(Model::builder(), |builder, construct| {
        builder.construct(construct.kind(), construct.name(), construct.indicators())
    })
}

/// The model without the constructs of higher order in which every construct acts on all that come after it.
fn saturated(model: &Model) -> Result<Model> {
    let names: Vec<&str> = plain(model).map(Construct::name).collect();
    let builder = with_plain(model);
    names.iter().enumerate().fold(builder, |builder, (at, name)| builder.paths(names[..at].to_vec(), *name)).build()
}

/// The model without the constructs of higher order, whose dimensions have their paths.
fn spread(model: &Model) -> Result<Model> {
    let mut builder = with_plain(model);
    let ends = |at: usize| -> Vec<&str> {
        match &model.constructs()[at] {
            plain if plain.dimensions().is_empty() => vec![plain.name()],
            higher => higher.dimensions().iter().map(String::as_str).collect(),
        }
    };
    for &(from, to) in model.paths() {
        for to in ends(to) {
            builder = builder.paths(ends(from), to);
        }
    }
    builder.build()
}

/// The model in which the scores of dimensions measure the constructs of higher order, and perhaps every other construct is
/// measured by its own.
fn second_stage(
    model: &Model,
    answers: Responses,
    (first, scores): (&Fit, &Scores),
    all: bool,
) -> Result<(Model, Responses)> {
    let mut builder = Model::builder();
    let mut columns = Vec::new();
    let mut score = |name: &String| {
        let place = scores.constructs().iter().position(|known| known == name);
        let value = |row| place.and_then(|place| scores.get(row, place)).unwrap_or(f64::NAN);
        let indicator = format!("{name}.score");
        let scale = place.and_then(|place| first.score_scale(place));
        columns.push((indicator.clone(), (0..scores.rows()).map(value).collect(), scale));
        indicator
    };
    let is_dimension = |construct: &&Construct| {
        model.higher().any(|higher| higher.dimensions().iter().any(|name| name == construct.name()))
    };
    for construct in model.constructs().iter().filter(|construct| !is_dimension(construct)) {
        let name = construct.name().to_owned();
        let indicators = match construct.dimensions() {
            [] if all => vec![score(&name)],
            [] => construct.indicators().to_vec(),
            dimensions => dimensions.iter().map(&mut score).collect(),
        };
        builder = builder.construct(construct.kind(), name, indicators);
    }
    Ok((with_paths(builder, model).build()?, answers.with_columns(columns)?))
}

/// The paths and products of a model.
fn with_paths(builder: ModelBuilder, model: &Model) -> ModelBuilder {
    let builder = model.named_paths().fold(builder, |builder, (from, to)| builder.path(from, to));
    let name = |at: usize| model.constructs()[at].name();
    model
        .products()
        .iter()
        .fold(builder, |builder, &(first, second, to)| builder.product(name(first), name(second), name(to)))
}
