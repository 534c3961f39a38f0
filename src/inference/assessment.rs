//! Reliability and validity of each replicate: the formulas of `assess`, for several replicates side by side.

use crate::inference::layout::Resample;
use crate::inference::quantity::Quantity;
use crate::numeric::lane::{Lane, dot};
use crate::numeric::linalg::PIVOT;
use crate::structural::consistent::{Direction, squared_factor};
use crate::structural::model::ConstructKind;
use crate::structural::plan::Plan;
use crate::structural::pls::Fit;
use crate::structural::pls::solve::Workspace;

/// The constructs and pairs whose figures are not fixed by definition.
pub(super) struct Assessment {
    /// Constructs of several indicators.
    several: Vec<usize>,
    /// Those of them that stand for a common factor, with what their loadings are proportional to.
    factors: Vec<(usize, Direction)>,
    pairs: Vec<(usize, usize)>,
    /// −1 for indicators whose scales point the other way than others of their construct.
    signs: Vec<f64>,
}

impl Assessment {
    pub(super) fn new(fit: &Fit, plan: &Plan) -> Self {
        let constructs = fit.model().constructs();
        let several: Vec<usize> = (0..constructs.len()).filter(|at| plan.blocks[*at].indicators.len() > 1).collect();
        let reflective = several.iter().filter(|at| constructs[**at].kind() == ConstructKind::Reflective);
        let factors = reflective.map(|at| (*at, Direction::of(fit.modes()[*at]))).collect();
        let pairs = (0..constructs.len()).flat_map(|second| (0..second).map(move |first| (first, second))).collect();
        Self { several, factors, pairs, signs: fit.signs() }
    }

    pub(super) fn names(&self, fit: &Fit) -> Vec<Quantity> {
        let name = |at: usize| fit.model().constructs()[at].name().to_owned();
        let of_several = |quantity: fn(String) -> Quantity| self.several.iter().map(move |at| quantity(name(*at)));
        let factors = self.factors.iter().map(|(at, _)| Quantity::RhoA { construct: name(*at) });
        let pairs =
            self.pairs.iter().map(|(first, second)| Quantity::Htmt { first: name(*first), second: name(*second) });
        of_several(|construct| Quantity::Alpha { construct })
            .chain(factors)
            .chain(of_several(|construct| Quantity::RhoC { construct }))
            .chain(of_several(|construct| Quantity::AverageVarianceExtracted { construct }))
            .chain(pairs)
            .collect()
    }

    /// Writes the figures in the order of their names; NaN where one is undefined.
    #[inline(always)]
    pub(super) fn read<const L: usize>(
        &self,
        plan: &Plan,
        matrix: &[Lane<L>],
        work: &Workspace<L>,
        resample: &Resample<L>,
        mut put: impl FnMut(Lane<L>),
    ) {
        let size = plan.size();
        let sign = |at: usize| Lane([self.signs[at]; L]);
        let correlation = |row: usize, column: usize| {
            matrix[column * size + row] * sign(row) * sign(column) / (resample.units[row] * resample.units[column])
        };
        let block = |at: usize| plan.blocks[at].indicators.clone();
        for &at in &self.several {
            let count = block(at).len() as f64;
            let mut between = Lane::ZERO;
            for row in block(at) {
                for column in block(at).start..row {
                    between += correlation(row, column);
                }
            }
            let whole = between + between + Lane([count; L]);
            put((Lane::ONE - Lane([count; L]) / whole) * Lane([count / (count - 1.0); L]));
        }
        for &(at, direction) in &self.factors {
            if plan.blocks[at].correction.is_some() {
                put(work.reliabilities[at]);
                continue;
            }
            let range = block(at);
            let weights = &work.weights[range.clone()];
            let own = match direction {
                Direction::Weights => weights,
                Direction::Products => &work.cross[at * size + range.start..at * size + range.end],
            };
            let entry = |row: usize, column: usize| matrix[(range.start + column) * size + range.start + row];
            let product = dot(weights, own);
            let rho = squared_factor(entry, own) * product * product;
            // As in a fit there is none where the indicators do not correlate as those of one common factor.
            put(rho.where_else(rho.greater(Lane([PIVOT; L])), Lane([f64::NAN; L])));
        }
        let loading = |at: usize, indicator: usize| {
            work.cross[at * size + indicator] * sign(indicator) / resample.units[indicator]
        };
        for &at in &self.several {
            let (mut sum, mut unexplained) = (Lane::ZERO, Lane::ZERO);
            for indicator in block(at) {
                let loading = loading(at, indicator);
                sum += loading;
                unexplained += Lane::ONE - loading * loading;
            }
            put(sum * sum / (sum * sum + unexplained));
        }
        for &at in &self.several {
            let mut squares = Lane::ZERO;
            for indicator in block(at) {
                squares += loading(at, indicator) * loading(at, indicator);
            }
            put(squares / Lane([block(at).len() as f64; L]));
        }
        let within = |at: usize| {
            let (range, mut sum) = (block(at), Lane::ZERO);
            if range.len() == 1 {
                return Lane::ONE;
            }
            for row in range.clone() {
                for column in range.start..row {
                    sum += correlation(row, column);
                }
            }
            sum / Lane([(range.len() * (range.len() - 1) / 2) as f64; L])
        };
        for &(first, second) in &self.pairs {
            let mut sum = Lane::ZERO;
            for row in block(first) {
                for column in block(second) {
                    sum += correlation(row, column);
                }
            }
            let mean = sum / Lane([(block(first).len() * block(second).len()) as f64; L]);
            // The root of a negative mean is NaN, as the ratio is to be: with two of them there is none either.
            put((mean / (within(first).sqrt() * within(second).sqrt())).abs());
        }
    }
}
