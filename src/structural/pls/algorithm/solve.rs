//! The PLS algorithm on a covariance matrix, in memory that the caller keeps.
//!
//! Everything that the estimates depend on is in the indicators' covariance matrix S (Lohmöller 1989, ch. 2):
//! the scores never have to be formed. With weights w_j that give each construct unit variance, the covariances
//! of block i with construct j are S_ij w_j and those of two constructs w_i′S_ij w_j.

use crate::numeric::number::{Mask, Number, Piece, add_scaled, dot, factor};
use crate::numeric::rounding::{PIVOT, ROUNDING, settled};
use crate::structural::pls::algorithm::consistent;
use crate::structural::pls::algorithm::inner::inner_weights;
use crate::structural::pls::algorithm::outer::{multiply, multiply_linked, outer_weights};
use crate::structural::pls::algorithm::plan::{Plan, Rule};
use crate::structural::pls::algorithm::workspace::{Failure, Stop, Workspace};

/// The whole algorithm: a piece that several kernels have in them and that is compiled once for each of their numbers.
struct Solve<'a, N: Number> {
    work: &'a mut Workspace<N>,
    plan: &'a Plan,
    stop: Stop,
    matrix: &'a [N],
    deviations: &'a [N],
}

impl<N: Number> Piece for Solve<'_, N> {
    #[inline(always)]
    fn run(self) {
        let Self { work, plan, stop, matrix, deviations } = self;
        work.start(plan, matrix, deviations);
        if plan.iterates() {
            work.iterate(plan, stop, matrix, deviations);
        }
        work.conclude(plan, matrix, deviations);
    }
}

impl<N: Number> Workspace<N> {
    /// Estimates the model from the indicators' covariance matrices (p × p by columns, in the order of the plan);
    /// `deviations` holds the indicators' standard deviations, in whose units the change of a weight is judged.
    /// What a lane holds after a failure means nothing.
    #[inline(always)]
    pub(crate) fn solve(&mut self, plan: &Plan, stop: Stop, matrix: &[N], deviations: &[N]) {
        self.zero.apart(Solve { work: self, plan, stop, matrix, deviations });
    }

    #[inline(always)]
    fn start(&mut self, plan: &Plan, matrix: &[N], deviations: &[N]) {
        self.failure.fill(None);
        self.iterations = 0;
        self.change = self.zero;
        self.sound = self.one.greater(self.zero);
        for (number, block) in plan.blocks.iter().enumerate() {
            if let Rule::Regression(at) = block.rule {
                let (range, size) = (block.indicators.clone(), plan.size());
                let factors = &mut self.factors[at..at + range.len() * range.len()];
                for (column, copy) in range.clone().zip(factors.chunks_exact_mut(range.len())) {
                    copy.copy_from_slice(&matrix[column * size + range.start..column * size + range.end]);
                }
                let sound = factor(factors, range.len(), PIVOT);
                self.fail(sound, Failure::DependentIndicators(number));
            }
        }
        for (candidate, start) in self.candidate.iter_mut().zip(&plan.start) {
            *candidate = self.zero.splat(*start);
        }
        for construct in 0..plan.blocks.len() {
            self.covariance[construct * (plan.blocks.len() + 1)] = self.one;
        }
        self.weights.fill(self.zero);
        self.accept(plan, matrix, deviations, self.one.greater(self.zero));
    }

    #[inline(always)]
    fn iterate(&mut self, plan: &Plan, stop: Stop, matrix: &[N], deviations: &[N]) {
        let tolerance = self.zero.splat(stop.tolerance);
        let mut active = self.sound;
        for _ in 0..stop.max_iterations {
            if !active.any() {
                return;
            }
            self.correlate(plan);
            self.propose(plan, deviations);
            let change = self.accept(plan, matrix, deviations, active);
            self.iterations += 1;
            self.change = change.where_else(active, self.change);
            active = active & change.greater(tolerance) & self.sound;
        }
        self.fail(!active, Failure::NotConverged);
    }

    /// The correlations of linked constructs.
    #[inline(always)]
    fn correlate(&mut self, plan: &Plan) {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        for &(first, second) in &plan.pairs {
            let range = plan.blocks[first].indicators.clone();
            let cross = &self.cross[second * size + range.start..second * size + range.end];
            let covariance = dot(self.zero, &self.weights[range], cross) * self.scales[second];
            let covariance = settled(covariance, self.sizes[first] * self.sizes[second]);
            self.covariance[first * constructs + second] = covariance;
            self.covariance[second * constructs + first] = covariance;
        }
    }

    /// New weights, up to their scale, for every block that is estimated.
    #[inline(always)]
    fn propose(&mut self, plan: &Plan, deviations: &[N]) {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        for (number, block) in plan.blocks.iter().enumerate().filter(|(_, block)| block.rule != Rule::Fixed) {
            let covariance = (self.covariance.as_slice(), constructs);
            let inner = &mut self.inner[..block.neighbours.len()];
            let sound = inner_weights(plan.scheme, (block, number), covariance, &mut self.regression, inner);
            self.fail(sound, Failure::DependentPredecessors(number));

            let range = block.indicators.clone();
            let candidate = &mut self.candidate[range.clone()];
            candidate.fill(self.zero);
            let mut proxy = self.zero;
            for (&neighbour, &weight) in block.neighbours.iter().zip(&self.inner) {
                let cross = &self.cross[neighbour * size + range.start..neighbour * size + range.end];
                add_scaled(candidate, weight * self.scales[neighbour], cross);
                proxy += weight.abs() * self.sizes[neighbour];
            }
            // An indicator that is uncorrelated with the proxy gets no weight, and a block of such indicators has none.
            for (covariance, deviation) in candidate.iter_mut().zip(&deviations[range]) {
                *covariance = settled(*covariance, proxy * *deviation);
            }
            outer_weights(block, &self.factors, candidate);
        }
    }

    /// Scales the candidate weights to unit variance and puts them in the place of the old ones where `active`;
    /// the largest change of a standardised weight.
    #[inline(always)]
    fn accept(&mut self, plan: &Plan, matrix: &[N], deviations: &[N], active: N::Mask) -> N {
        multiply_linked(plan, matrix, &self.candidate, self.zero, &mut self.cross);
        let mut change = self.zero;
        for (number, block) in plan.blocks.iter().enumerate() {
            let range = block.indicators.clone();
            let cross = &self.cross[number * plan.size() + range.start..number * plan.size() + range.end];
            let variance = dot(self.zero, &self.candidate[range.clone()], cross);
            let scale = self.one / variance.sqrt();
            self.scales[number] = scale;
            let mut size = self.zero;
            for indicator in range {
                let old = self.weights[indicator];
                let new = (self.candidate[indicator] * scale).where_else(active, old);
                change = change.max((new - old).abs() * deviations[indicator]);
                size += new.abs() * deviations[indicator];
                self.weights[indicator] = new;
            }
            self.sizes[number] = size;
            self.fail(variance.greater(self.zero), Failure::NoVariance(number));
            // The variance is 1 now, and its terms add up to no more than this.
            self.fail(self.one.greater(size * size * self.zero.splat(ROUNDING)), Failure::NoVariance(number));
        }
        change
    }

    /// Weights that are rounding become 0.
    #[inline(always)]
    fn settle_weights(&mut self, plan: &Plan, deviations: &[N]) {
        for (block, size) in plan.blocks.iter().zip(&self.sizes) {
            for indicator in block.indicators.clone() {
                self.weights[indicator] = settled(self.weights[indicator], *size / deviations[indicator]);
            }
        }
    }

    /// What follows from the weights.
    #[inline(always)]
    fn conclude(&mut self, plan: &Plan, matrix: &[N], deviations: &[N]) {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        // The products at hand are those of the unscaled candidates, and a lane that was done earlier than its
        // neighbours has been through more of them.
        self.settle_weights(plan, deviations);
        multiply(plan, matrix, &self.weights, self.zero, &mut self.cross);
        for (cross, size) in self.cross.chunks_exact_mut(size).zip(&self.sizes) {
            for (cross, deviation) in cross.iter_mut().zip(deviations) {
                *cross = settled(*cross, *size * *deviation);
            }
        }
        for second in 0..constructs {
            for (first, block) in plan.blocks[..second].iter().enumerate() {
                let range = block.indicators.clone();
                let cross = &self.cross[second * size + range.start..second * size + range.end];
                let covariance = dot(self.zero, &self.weights[range], cross);
                let covariance = settled(covariance, self.sizes[first] * self.sizes[second]);
                self.covariance[first * constructs + second] = covariance;
                self.covariance[second * constructs + first] = covariance;
            }
        }
        if plan.consistent {
            consistent::correct(plan, matrix, deviations, self);
        }
        for (number, block) in plan.blocks.iter().enumerate().filter(|(_, block)| block.predecessors > 0) {
            let sound = if plan.consistent {
                self.regression.run_indefinite(block, number, &self.covariance, constructs)
            } else {
                self.regression.run(block, number, &self.covariance, constructs)
            };
            self.fail(sound, Failure::DependentPredecessors(number));
            let mut explained = self.zero;
            let coefficients = self.regression.coefficients.iter();
            for ((&path, &predecessor), &coefficient) in block.incoming.iter().zip(&block.neighbours).zip(coefficients)
            {
                self.paths[path] = coefficient;
                explained += coefficient * self.covariance[number * constructs + predecessor];
            }
            self.r_squared[number] = explained;
        }
    }
}
