//! What is estimated anew in each replicate, and where it is kept.

use std::ops::Range;

use crate::inference::assessment::Assessment;
use crate::inference::marks::Marks;
use crate::inference::quantity::Quantity;
use crate::inference::sample::Sample;
use crate::numeric::lane::{Lane, Mask};
use crate::structural::effects;
use crate::structural::index::IndexWeights;
use crate::structural::plan::Plan;
use crate::structural::pls::solve::Workspace;
use crate::structural::pls::{Fit, Interaction};
use crate::survey::{Indicator, Scale};

/// The quantities of a model in the order in which they are kept.
pub(super) struct Layout {
    pub(super) quantities: Vec<Quantity>,
    owners: Vec<usize>,
    products: Vec<Product>,
    /// Have moments of products another divisor than variances?
    mixed: bool,
    explained: Vec<usize>,
    total: Vec<(usize, usize)>,
    indirect: Vec<(usize, usize)>,
    /// Each route as the numbers of its paths.
    routes: Vec<Vec<usize>>,
    correlations: Vec<(usize, usize)>,
    /// The constructs with an index.
    indices: Vec<usize>,
    assessment: Option<Assessment>,
    /// Constructs in causal order, each with its predecessors and the paths from them.
    order: Vec<(usize, Vec<(usize, usize)>)>,
    /// What is counted of replicates besides.
    pub(super) marks: Marks,
    /// How each indicator was centred and scaled.
    pub(super) centres: Vec<f64>,
    pub(super) scales: Vec<f64>,
    /// The scale of each indicator in the sample.
    pub(super) answered_on: Vec<Option<Scale>>,
}

/// The product of two constructs that acts on a third, as numbers of the last stage.
struct Product {
    construct: usize,
    path: usize,
    /// Its factors, if it is corrected for attenuation.
    corrected: Option<[usize; 2]>,
}

/// What `L` resamples are like, in the units in which the answers were centred and scaled.
pub(super) struct Resample<const L: usize> {
    /// The sum of the case weights.
    pub(super) n: Lane<L>,
    /// The indicators' means.
    pub(super) means: Vec<Lane<L>>,
    /// Their standard deviations in the matrix that was solved on: 1 in the standardised metric.
    pub(super) units: Vec<Lane<L>>,
    /// What the weights have still to be divided by to hold for the answers: 1 in the raw metric.
    pub(super) divisors: Vec<Lane<L>>,
    pub(super) ends: Vec<Ends<L>>,
}

/// The ends of an indicator's scale, in the units of the answers; all 0 where there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends<const L: usize> {
    pub(super) worst: Lane<L>,
    /// From the worst to the best: negative where low answers are good.
    pub(super) range: Lane<L>,
    /// The same of the answers that it is made of, each for itself: more where their weights go against each other.
    pub(super) extent: Lane<L>,
}

impl<const L: usize> Ends<L> {
    pub(super) const NONE: Self = Self { worst: Lane::ZERO, range: Lane::ZERO, extent: Lane::ZERO };

    /// Of answers that were centred and scaled.
    pub(super) fn of(scale: Option<Scale>, centre: f64, unit: f64) -> Self {
        let Some(scale) = scale else { return Self::NONE };
        let (worst, best) = (scale.from_hundred(0.0), scale.from_hundred(100.0));
        let range = Lane([(best - worst) / unit; L]);
        Self { worst: Lane([(worst - centre) / unit; L]), range, extent: range.abs() }
    }
}

impl<const L: usize> Resample<L> {
    /// 100 Σ wᵢ(x̄ᵢ − worstᵢ) / Σ wᵢ rangeᵢ with unstandardised weights over some indicators; and where the terms below have
    /// both signs.
    #[inline(always)]
    fn index(&self, indicators: &Range<usize>, weights: &[Lane<L>]) -> (Lane<L>, Mask<L>) {
        let mut above = Lane::ZERO;
        let mut whole = Lane::ZERO;
        let mut sizes = Lane::ZERO;
        for at in indicators.clone() {
            let (weight, ends) = (weights[at] / self.divisors[at], self.ends[at]);
            above += weight * (self.means[at] - ends.worst);
            whole += weight * ends.range;
            sizes += weight.abs() * ends.extent;
        }
        let slack = sizes.map(|size| size * (1.0 - 1e-12));
        (above * Lane([100.0; L]) / whole, slack.greater(whole.abs()))
    }
}

impl Layout {
    pub(super) fn new(sample: &Sample<'_>, assess: bool) -> Self {
        let (fit, plan) = (sample.fit, &sample.plan);
        let (centres, scales) = sample.units();
        let model = fit.model();
        let path = |from: usize, to: usize| plan.paths.iter().position(|path| *path == (from, to));
        let constructs = plan.blocks.len();
        let before =
            |to: usize| model.predecessors(to).filter_map(|from| path(from, to).map(|at| (from, at))).collect();
        // A model with too many routes has no effects route by route, in a fit or here.
        let routes = effects::indirect_routes(model).unwrap_or_default();
        let steps = |route: &Vec<usize>| route.windows(2).filter_map(|step| path(step[0], step[1])).collect();
        let owners = plan.blocks.iter().enumerate();
        let (products, effects): (Vec<Product>, Vec<Quantity>) = product_effects(fit, plan).into_iter().unzip();
        let mut layout = Self {
            quantities: Vec::new(),
            products,
            mixed: fit.estimator().interaction_in_use() == Interaction::SequentialMoments,
            owners: owners.flat_map(|(at, block)| vec![at; block.indicators.len()]).collect(),
            explained: (0..constructs).filter(|at| plan.blocks[*at].predecessors > 0).collect(),
            total: effects::joined_pairs(model),
            indirect: effects::indirect_pairs(model),
            correlations: (0..constructs).flat_map(|second| (0..second).map(move |first| (first, second))).collect(),
            indices: (0..constructs).filter(|at| fit.linear_index(*at, IndexWeights::Unstandardised).is_ok()).collect(),
            order: model.order().iter().map(|&to| (to, before(to))).collect(),
            routes: routes.iter().map(steps).collect(),
            assessment: assess.then(|| Assessment::new(fit, plan)),
            marks: Marks::new(plan),
            answered_on: fit.moments().indicators().iter().map(Indicator::scale).collect(),
            centres,
            scales,
        };
        layout.quantities = layout.names(fit, &routes, effects);
        layout
    }

    fn names(&self, fit: &Fit, routes: &[Vec<usize>], products: Vec<Quantity>) -> Vec<Quantity> {
        let model = fit.model();
        let name = |at: usize| model.constructs()[at].name().to_owned();
        let indicators =
            || model.indicators().zip(&self.owners).map(|(indicator, owner)| (name(*owner), indicator.to_owned()));
        let weights = indicators().map(|(construct, indicator)| Quantity::Weight { construct, indicator });
        let loadings = indicators().map(|(construct, indicator)| Quantity::Loading { construct, indicator });
        let paths = model.paths().iter().map(|&(from, to)| Quantity::Path { from: name(from), to: name(to) });
        let explained = self.explained.iter().map(|&at| Quantity::RSquared { construct: name(at) });
        let total = self.total.iter().map(|&(from, to)| Quantity::TotalEffect { from: name(from), to: name(to) });
        let indirect =
            self.indirect.iter().map(|&(from, to)| Quantity::IndirectEffect { from: name(from), to: name(to) });
        let specific =
            routes.iter().map(|route| Quantity::SpecificEffect { route: route.iter().map(|at| name(*at)).collect() });
        let pairs = self.correlations.iter();
        let correlations =
            pairs.map(|&(first, second)| Quantity::Correlation { first: name(first), second: name(second) });
        let indices = self.indices.iter().map(|at| Quantity::Index { construct: name(*at) });
        let all = weights.chain(loadings).chain(paths).chain(products).chain(explained).chain(total).chain(indirect);
        let assessed = self.assessment.iter().flat_map(|assessment| assessment.names(fit));
        all.chain(specific).chain(correlations).chain(indices).chain(assessed).collect()
    }

    /// Writes the quantities of `L` solved replicates, in order. `flips` holds −1 for a construct that is turned round.
    /// Gives the replicates in which some index has weights of both signs.
    #[inline(always)]
    pub(super) fn read<const L: usize>(
        &self,
        plan: &Plan,
        (matrix, work): (&[Lane<L>], &Workspace<L>),
        resample: &Resample<L>,
        flips: &[Lane<L>],
        effects: &mut [Lane<L>],
        values: &mut [Lane<L>],
    ) -> Mask<L> {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        let mut places = values.iter_mut();
        let mut put = |value| {
            if let Some(place) = places.next() {
                *place = value;
            }
        };
        let turned = |from: usize, to: usize, value: Lane<L>| value * flips[from] * flips[to];
        for (indicator, &owner) in self.owners.iter().enumerate() {
            put(work.weights[indicator] * resample.units[indicator] * flips[owner]);
        }
        for (indicator, &owner) in self.owners.iter().enumerate() {
            put(work.cross[owner * size + indicator] / resample.units[indicator] * flips[owner]);
        }
        for (path, &(from, to)) in work.paths.iter().zip(&plan.paths) {
            put(turned(from, to, *path));
        }
        for product in &self.products {
            let (from, to) = plan.paths[product.path];
            let (mut sum, mut weight) = (Lane::ZERO, Lane::ZERO);
            for at in plan.blocks[product.construct].indicators.clone() {
                let loading = (work.cross[product.construct * size + at] / resample.units[at]).abs();
                sum += resample.units[at] * resample.divisors[at] * Lane([self.scales[at]; L]) * loading;
                weight += loading;
            }
            if let Some([first, second]) = product.corrected {
                let known = &work.reliabilities;
                let square = known[product.construct] / (known[first] * known[second]);
                sum = sum * if self.mixed { square * resample.n / (resample.n - Lane::ONE) } else { square }.sqrt();
            }
            put(turned(from, to, work.paths[product.path] * weight / sum));
        }
        for at in &self.explained {
            put(work.r_squared[*at]);
        }
        self.total_effects(work, effects, constructs);
        for &(from, to) in &self.total {
            put(turned(from, to, effects[to * constructs + from]));
        }
        for &(from, to) in &self.indirect {
            let direct = plan.paths.iter().position(|path| *path == (from, to)).map_or(Lane::ZERO, |at| work.paths[at]);
            put(turned(from, to, effects[to * constructs + from] - direct));
        }
        for route in &self.routes {
            let ends = (plan.paths[route[0]].0, plan.paths[route[route.len() - 1]].1);
            let mut product = Lane::ONE;
            for path in route {
                product = product * work.paths[*path];
            }
            put(turned(ends.0, ends.1, product));
        }
        for &(first, second) in &self.correlations {
            put(turned(first, second, work.covariance[first * constructs + second]));
        }
        let mut mixed = [false; L];
        for construct in &self.indices {
            let (index, both) = resample.index(&plan.blocks[*construct].indicators, &work.weights);
            put(index);
            for lane in 0..L {
                mixed[lane] |= both[lane];
            }
        }
        if let Some(assessment) = &self.assessment {
            assessment.read(plan, matrix, work, resample, put);
        }
        mixed
    }

    /// The ends of an indicator's scale, in the units in which it was centred and scaled.
    pub(super) fn ends<const L: usize>(&self, at: usize, scale: Option<Scale>) -> Ends<L> {
        Ends::of(scale, self.centres[at], self.scales[at])
    }

    /// Total effects of every construct (column) on every construct (row), along the order of causes.
    #[inline(always)]
    fn total_effects<const L: usize>(&self, work: &Workspace<L>, effects: &mut [Lane<L>], constructs: usize) {
        effects.fill(Lane::ZERO);
        for (to, before) in &self.order {
            for &(through, path) in before {
                for from in 0..constructs {
                    let onward = effects[through * constructs + from];
                    effects[to * constructs + from] += work.paths[path] * onward;
                }
                effects[to * constructs + through] += work.paths[path];
            }
        }
    }
}

/// The effects of products in a fit that is the last of several stages.
fn product_effects(fit: &Fit, plan: &Plan) -> Vec<(Product, Quantity)> {
    let Some(staged) = fit.staged() else { return Vec::new() };
    let known = |at: usize| staged.model.constructs()[at].name().to_owned();
    let effect = |&(first, second, to): &(usize, usize, usize)| {
        let position = |name: &str| fit.model().position(name).ok();
        let construct = staged.product(first, second)?;
        let (first, second, to) = (known(first), known(second), known(to));
        let ends = (construct, position(&to)?);
        let path = plan.paths.iter().position(|path| *path == ends)?;
        let factors = || Some([position(&first)?, position(&second)?]);
        let corrected = if fit.corrects_product(construct) { factors() } else { None };
        Some((Product { construct, path, corrected }, Quantity::ProductEffect { first, second, to }))
    };
    staged.model.products().iter().filter_map(effect).collect()
}
