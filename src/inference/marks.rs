//! What is counted of replicates besides their quantities: constructs that point the other way, inadmissible estimates.

use std::iter;

use crate::numeric::number::{Number, factor};
use crate::numeric::rounding::{CONVERGED, PIVOT};
use crate::structural::model::Model;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::workspace::Workspace;
use crate::structural::pls::stage::Stage;

/// One thing that a replicate either has or not, in the numbers of the last stage unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The score of a construct correlates negatively with the one that the sample's weights give.
    Reversed(usize),
    /// The same of a construct of an earlier stage: stage and construct.
    ReversedBefore(usize, usize),
    /// A loading is beyond ±1: construct and indicator.
    Loading(usize, usize),
    /// R² is above 1.
    Explained(usize),
    /// The correlation of two constructs is beyond ±1.
    Correlation(usize, usize),
    /// The correlations of the constructs are not positive definite.
    Correlations,
    /// ρ_A, by which a construct is corrected, is above 1.
    Reliability(usize),
}

/// The marks of a model, in the order in which they are kept.
pub(super) struct Marks(Vec<Mark>);

/// The direction of each construct: −1 where its score correlates negatively with the score that the weights of the sample
/// give to the same respondents. `weights` starts with these, standardised, and is empty while the sample itself is solved.
#[inline(always)]
pub(super) fn directions_of<N: Number>(
    plan: &Plan,
    work: &Workspace<N>,
    units: &[N],
    weights: &[f64],
    directions: &mut [N],
) {
    let (size, zero, one) = (plan.size(), work.zero, work.one);
    for (construct, block) in plan.blocks.iter().enumerate() {
        let mut common = zero;
        for (indicator, weight) in
            block.indicators.clone().zip(weights.get(block.indicators.clone()).unwrap_or_default())
        {
            common += zero.splat(*weight) * (work.cross[construct * size + indicator] / units[indicator]);
        }
        directions[construct] = (-one).where_else(zero.greater(common), one);
    }
}

impl Marks {
    /// `stages` are those of a model that has several.
    pub(super) fn new(plan: &Plan, stages: &[Stage]) -> Self {
        let constructs = || 0..plan.blocks.len();
        let mut marks: Vec<Mark> = constructs().map(Mark::Reversed).collect();
        let before = stages.iter().skip(1).enumerate();
        marks.extend(before.flat_map(|(at, next)| iter::repeat(at).zip(next.scores())).map(Mark::before));
        // What is not corrected for attenuation are correlations of data, which are always admissible.
        if plan.consistent {
            let block = |at: usize| plan.blocks[at].indicators.clone();
            marks.extend(constructs().flat_map(|at| block(at).map(move |indicator| Mark::Loading(at, indicator))));
            marks.extend(constructs().filter(|at| plan.blocks[*at].predecessors > 0).map(Mark::Explained));
            marks.extend(constructs().flat_map(|other| (0..other).map(move |one| Mark::Correlation(one, other))));
            marks.push(Mark::Correlations);
            marks.extend(constructs().filter(|at| plan.blocks[*at].correction.is_some()).map(Mark::Reliability));
        }
        Self(marks)
    }

    pub(super) fn all(&self) -> &[Mark] {
        &self.0
    }

    /// How many numbers [`Mark::holds`] needs room for.
    pub(super) fn room(plan: &Plan) -> usize {
        if plan.consistent { plan.blocks.len().pow(2) } else { 0 }
    }
}

impl Mark {
    fn before((stage, construct): (usize, usize)) -> Self {
        Self::ReversedBefore(stage, construct)
    }

    /// In which of the solved replicates it holds. `directions` holds −1 for a construct that points the other way, in the
    /// last stage and in each of those before.
    #[inline(always)]
    pub(super) fn holds<N: Number>(
        self,
        plan: &Plan,
        (work, units): (&Workspace<N>, &[N]),
        (directions, before): (&[N], &[Vec<N>]),
        room: &mut [N],
    ) -> N::Mask {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        let most = work.zero.splat(1.0 + CONVERGED);
        match self {
            Self::Reversed(at) => work.zero.greater(directions[at]),
            Self::ReversedBefore(stage, at) => work.zero.greater(before[stage][at]),
            Self::Loading(at, indicator) => (work.cross[at * size + indicator] / units[indicator]).abs().greater(most),
            Self::Explained(at) => work.r_squared[at].greater(most),
            Self::Correlation(one, other) => work.covariance[other * constructs + one].abs().greater(most),
            Self::Correlations => {
                room.copy_from_slice(&work.covariance);
                !factor(room, constructs, PIVOT)
            }
            Self::Reliability(at) => work.reliabilities[at].greater(most),
        }
    }

    /// Does it make the estimates inadmissible: no population could have them?
    pub(super) fn is_inadmissible(self) -> bool {
        !matches!(self, Self::Reversed(_) | Self::ReversedBefore(..))
    }

    /// What it says, in the names of the models of all stages.
    pub(super) fn text(self, models: &[Model]) -> String {
        let model = &models[models.len() - 1];
        let construct = |at: usize| model.constructs()[at].name();
        match self {
            Self::Reversed(at) => construct(at).to_owned(),
            Self::ReversedBefore(stage, at) => {
                format!("{} in stage {}", models[stage].constructs()[at].name(), stage + 1)
            }
            Self::Loading(at, indicator) => {
                let indicator = model.indicators().nth(indicator).unwrap_or_default();
                format!("the loading of `{indicator}` on `{}` is beyond 1", construct(at))
            }
            Self::Explained(at) => format!("R² of `{}` is above 1", construct(at)),
            Self::Correlation(one, other) => {
                format!("the correlation of `{}` and `{}` is beyond 1", construct(one), construct(other))
            }
            Self::Correlations => "the correlations of the constructs are not positive definite".into(),
            Self::Reliability(at) => format!("the reliability ρ_A of `{}` is above 1", construct(at)),
        }
    }
}
