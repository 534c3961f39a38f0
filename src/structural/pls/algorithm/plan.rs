//! The specification compiled to index ranges: names are looked up once, here.

use std::ops::Range;

use crate::structural::model::{ConstructKind, Model};
use crate::structural::pls::params::{Direction, Mode, Scheme};

/// What the solver needs to know of a model. Indicators stand in the order of the constructs.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) blocks: Vec<Block>,
    /// Pairs of constructs whose covariance every iteration needs, each pair once.
    pub(crate) pairs: Vec<(usize, usize)>,
    pub(crate) scheme: Scheme,
    /// The weights that the first iteration starts from, one for each indicator.
    pub(crate) start: Vec<f64>,
    /// The paths as pairs of constructs, in the order of the model.
    pub(crate) paths: Vec<(usize, usize)>,
    /// The total size of the blocks estimated by regression (mode B).
    pub(crate) factors: usize,
    /// Is any construct to be corrected for attenuation?
    pub(crate) consistent: bool,
    /// Known covariances of measurement errors, which are taken out of the estimates.
    pub(crate) errors: Vec<KnownError>,
}

/// The covariance of the measurement errors of two indicators, or the variance of that of one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownError {
    pub(crate) indicators: [usize; 2],
    /// Their constructs.
    pub(crate) blocks: [usize; 2],
    /// As a share of the indicators' standard deviations.
    pub(crate) share: f64,
}

/// One construct with its indicators and its place among the others.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) indicators: Range<usize>,
    pub(crate) rule: Rule,
    /// The constructs that act on this one or that it acts on; the former first.
    pub(crate) neighbours: Vec<usize>,
    /// The indicators whose covariances with this construct an iteration needs: its own and those of the constructs that it
    /// is linked with.
    pub(crate) linked: Vec<Range<usize>>,
    /// How many of the neighbours are predecessors.
    pub(crate) predecessors: usize,
    /// The paths into this construct, in the order of its predecessors.
    pub(crate) incoming: Vec<usize>,
    /// What its loadings are proportional to, if it is to be corrected for attenuation.
    pub(crate) correction: Option<Direction>,
    /// Is the error in its score known from that in its indicators?
    pub(crate) known: bool,
}

/// How a block's weights change in an iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Not at all: unit weights, or a single indicator.
    Fixed,
    /// By covariances with the inner proxy (mode A).
    Covariance,
    /// By regression of the inner proxy on the indicators (mode B); the number is where the block's factor is kept.
    Regression(usize),
}

impl Plan {
    /// `modes` holds one mode for each construct.
    pub(crate) fn new(model: &Model, modes: &[Mode], scheme: Scheme, start: Vec<f64>) -> Self {
        let paths = model.paths().to_vec();
        let (blocks, pairs) = (Vec::new(), Vec::new());
        let mut plan = Self { blocks, pairs, scheme, start, paths, factors: 0, consistent: false, errors: Vec::new() };
        let mut from = 0;
        for (number, (construct, mode)) in model.constructs().iter().zip(modes).enumerate() {
            let indicators = from..from + construct.indicators().len();
            from = indicators.end;
            plan.add_block(number, indicators, *mode);
        }
        plan.add_pairs();
        plan.add_links();
        plan
    }

    fn add_block(&mut self, number: usize, indicators: Range<usize>, mode: Mode) {
        let size = indicators.len();
        let rule = match mode {
            _ if size == 1 => Rule::Fixed,
            Mode::Unit => Rule::Fixed,
            Mode::A => Rule::Covariance,
            Mode::B => Rule::Regression(self.factors),
        };
        if matches!(rule, Rule::Regression(_)) {
            self.factors += size * size;
        }
        let incoming: Vec<usize> = (0..self.paths.len()).filter(|path| self.paths[*path].1 == number).collect();
        let before = incoming.iter().map(|path| self.paths[*path].0);
        let after = self.paths.iter().filter(|path| path.0 == number).map(|path| path.1);
        let neighbours = before.chain(after).collect();
        let predecessors = incoming.len();
        let (correction, known) = (None, false);
        let linked = Vec::new();
        self.blocks.push(Block { indicators, rule, neighbours, linked, predecessors, incoming, correction, known });
    }

    /// The same plan with the correction for attenuation of reflective constructs; a single indicator needs none.
    pub(crate) fn corrected(mut self, model: &Model, modes: &[Mode]) -> Self {
        for ((block, construct), mode) in self.blocks.iter_mut().zip(model.constructs()).zip(modes) {
            let needed = construct.kind() == ConstructKind::Reflective && block.indicators.len() > 1;
            block.correction = needed.then(|| Direction::of(*mode));
            self.consistent |= needed;
        }
        self
    }

    /// The same plan with measurement error that is known: a pair of indicators and its share. What is corrected by ρ_A
    /// already holds the error of its indicators.
    pub(crate) fn with_error(mut self, indicators: [usize; 2], share: f64) -> Self {
        let owner = |at: usize| self.blocks.iter().position(|block| block.indicators.contains(&at)).unwrap_or_default();
        let blocks = indicators.map(owner);
        if blocks.iter().all(|block| self.blocks[*block].correction.is_none()) {
            for block in blocks {
                self.blocks[block].known = true;
            }
            self.consistent = true;
            self.errors.push(KnownError { indicators, blocks, share });
        }
        self
    }

    /// Linked constructs; under the path scheme also the predecessors of one construct, which are regressors together.
    fn add_pairs(&mut self) {
        let needed = |first: usize, second: usize| {
            let linked = self.blocks[first].neighbours.contains(&second);
            let meet = |block: &Block| {
                let before = &block.neighbours[..block.predecessors];
                before.contains(&first) && before.contains(&second)
            };
            linked || (self.scheme == Scheme::Path && self.blocks.iter().any(meet))
        };
        let all = (0..self.blocks.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
        self.pairs = all.filter(|&(first, second)| needed(first, second)).collect();
    }

    /// The rows that an iteration needs of each construct. Where that is most of them it takes all, which is one run.
    fn add_links(&mut self) {
        let links = |at: usize| {
            let met = |&&(first, second): &&(usize, usize)| first == at || second == at;
            let others = self.pairs.iter().filter(met).map(|&(first, second)| first + second - at);
            let mut all: Vec<usize> = others.chain(self.blocks[at].neighbours.iter().copied()).chain([at]).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let linked: Vec<Vec<usize>> = (0..self.blocks.len()).map(links).collect();
        let needed: usize = linked.iter().flatten().map(|at| self.blocks[*at].indicators.len()).sum();
        let most = 2 * needed >= self.size() * self.blocks.len();
        for (at, linked) in linked.into_iter().enumerate() {
            let rows = linked.iter().map(|other| self.blocks[*other].indicators.clone());
            let all = std::iter::once(0..self.size());
            self.blocks[at].linked = if most { all.collect() } else { rows.collect() };
        }
    }

    /// The number of indicators.
    pub(crate) fn size(&self) -> usize {
        self.start.len()
    }

    /// Do any weights have to be found by iteration?
    pub(crate) fn iterates(&self) -> bool {
        self.blocks.iter().any(|block| block.rule != Rule::Fixed)
    }
}
