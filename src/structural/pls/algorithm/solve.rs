//! The PLS algorithm on a covariance matrix, in memory that the caller keeps.
//!
//! Everything that the estimates depend on is in the indicators' covariance matrix S (Lohmöller 1989, ch. 2):
//! the scores never have to be formed. With weights w_j that give each construct unit variance, the covariances
//! of block i with construct j are S_ij w_j and those of two constructs w_i′S_ij w_j.

use crate::numeric::lane::{Lane, Mask, add_scaled, dot, factor};
use crate::numeric::rounding::{PIVOT, ROUNDING, settled_lanes};
use crate::structural::pls::algorithm::consistent;
use crate::structural::pls::algorithm::inner::inner_weights;
use crate::structural::pls::algorithm::outer::{multiply, multiply_linked, outer_weights};
use crate::structural::pls::algorithm::plan::{Plan, Rule};
use crate::structural::pls::algorithm::workspace::{Failure, Stop, Workspace};

impl<const L: usize> Workspace<L> {
    /// Estimates the model from the indicators' covariance matrices (p × p by columns, in the order of the plan);
    /// `deviations` holds the indicators' standard deviations, in whose units the change of a weight is judged.
    /// What a lane holds after a failure means nothing.
    #[inline(always)]
    pub(crate) fn solve(&mut self, plan: &Plan, stop: Stop, matrix: &[Lane<L>], deviations: &[Lane<L>]) {
        self.start(plan, matrix, deviations);
        if plan.iterates() {
            self.iterate(plan, stop, matrix, deviations);
        }
        self.conclude(plan, matrix, deviations);
    }

    #[inline(always)]
    fn start(&mut self, plan: &Plan, matrix: &[Lane<L>], deviations: &[Lane<L>]) {
        self.failure = [None; L];
        self.iterations = [0; L];
        self.change = Lane::ZERO;
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
            *candidate = Lane([*start; L]);
        }
        for construct in 0..plan.blocks.len() {
            self.covariance[construct * (plan.blocks.len() + 1)] = Lane::ONE;
        }
        self.weights.fill(Lane::ZERO);
        self.accept(plan, matrix, deviations, [true; L]);
    }

    #[inline(always)]
    fn iterate(&mut self, plan: &Plan, stop: Stop, matrix: &[Lane<L>], deviations: &[Lane<L>]) {
        let tolerance = Lane([stop.tolerance; L]);
        let mut active = self.failure.map(|failure| failure.is_none());
        for _ in 0..stop.max_iterations {
            if active == [false; L] {
                return;
            }
            self.correlate(plan);
            self.propose(plan, deviations);
            let change = self.accept(plan, matrix, deviations, active);
            let moving = change.greater(tolerance);
            for lane in 0..L {
                if active[lane] {
                    self.iterations[lane] += 1;
                    self.change.0[lane] = change.0[lane];
                    active[lane] = moving[lane] && self.failure[lane].is_none();
                }
            }
        }
        self.fail(active.map(|active| !active), Failure::NotConverged);
    }

    /// The correlations of linked constructs.
    #[inline(always)]
    fn correlate(&mut self, plan: &Plan) {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        for &(first, second) in &plan.pairs {
            let range = plan.blocks[first].indicators.clone();
            let cross = &self.cross[second * size + range.start..second * size + range.end];
            let covariance = dot(&self.weights[range], cross) * self.scales[second];
            let covariance = settled_lanes(covariance, self.sizes[first] * self.sizes[second]);
            self.covariance[first * constructs + second] = covariance;
            self.covariance[second * constructs + first] = covariance;
        }
    }

    /// New weights, up to their scale, for every block that is estimated.
    #[inline(always)]
    fn propose(&mut self, plan: &Plan, deviations: &[Lane<L>]) {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        for (number, block) in plan.blocks.iter().enumerate().filter(|(_, block)| block.rule != Rule::Fixed) {
            let covariance = (self.covariance.as_slice(), constructs);
            let inner = &mut self.inner[..block.neighbours.len()];
            let sound = inner_weights(plan.scheme, (block, number), covariance, &mut self.regression, inner);
            self.fail(sound, Failure::DependentPredecessors(number));

            let range = block.indicators.clone();
            let candidate = &mut self.candidate[range.clone()];
            candidate.fill(Lane::ZERO);
            let mut proxy = Lane::ZERO;
            for (&neighbour, &weight) in block.neighbours.iter().zip(&self.inner) {
                let cross = &self.cross[neighbour * size + range.start..neighbour * size + range.end];
                add_scaled(candidate, weight * self.scales[neighbour], cross);
                proxy += weight.abs() * self.sizes[neighbour];
            }
            // An indicator that is uncorrelated with the proxy gets no weight, and a block of such indicators has none.
            for (covariance, deviation) in candidate.iter_mut().zip(&deviations[range]) {
                *covariance = settled_lanes(*covariance, proxy * *deviation);
            }
            outer_weights(block, &self.factors, candidate);
        }
    }

    /// Scales the candidate weights to unit variance and puts them in the place of the old ones where `active`;
    /// the largest change of a standardised weight.
    #[inline(always)]
    fn accept(&mut self, plan: &Plan, matrix: &[Lane<L>], deviations: &[Lane<L>], active: Mask<L>) -> Lane<L> {
        multiply_linked(plan, matrix, &self.candidate, &mut self.cross);
        let mut change = Lane::ZERO;
        for (number, block) in plan.blocks.iter().enumerate() {
            let range = block.indicators.clone();
            let cross = &self.cross[number * plan.size() + range.start..number * plan.size() + range.end];
            let variance = dot(&self.candidate[range.clone()], cross);
            let scale = Lane::ONE / variance.sqrt();
            self.scales[number] = scale;
            let mut size = Lane::ZERO;
            for indicator in range {
                let old = self.weights[indicator];
                let new = (self.candidate[indicator] * scale).where_else(active, old);
                change = change.max((new - old).abs() * deviations[indicator]);
                size += new.abs() * deviations[indicator];
                self.weights[indicator] = new;
            }
            self.sizes[number] = size;
            self.fail(variance.greater(Lane::ZERO), Failure::NoVariance(number));
            // The variance is 1 now, and its terms add up to no more than this.
            self.fail(Lane::ONE.greater(size * size * Lane([ROUNDING; L])), Failure::NoVariance(number));
        }
        change
    }

    /// Weights that are rounding become 0.
    #[inline(always)]
    fn settle_weights(&mut self, plan: &Plan, deviations: &[Lane<L>]) {
        for (block, size) in plan.blocks.iter().zip(&self.sizes) {
            for indicator in block.indicators.clone() {
                self.weights[indicator] = settled_lanes(self.weights[indicator], *size / deviations[indicator]);
            }
        }
    }

    /// What follows from the weights.
    #[inline(always)]
    fn conclude(&mut self, plan: &Plan, matrix: &[Lane<L>], deviations: &[Lane<L>]) {
        let (size, constructs) = (plan.size(), plan.blocks.len());
        // The products at hand are those of the unscaled candidates, and a lane that was done earlier than its
        // neighbours has been through more of them.
        self.settle_weights(plan, deviations);
        multiply(plan, matrix, &self.weights, &mut self.cross);
        for (cross, size) in self.cross.chunks_exact_mut(size).zip(&self.sizes) {
            for (cross, deviation) in cross.iter_mut().zip(deviations) {
                *cross = settled_lanes(*cross, *size * *deviation);
            }
        }
        for second in 0..constructs {
            for (first, block) in plan.blocks[..second].iter().enumerate() {
                let range = block.indicators.clone();
                let cross = &self.cross[second * size + range.start..second * size + range.end];
                let covariance = dot(&self.weights[range], cross);
                let covariance = settled_lanes(covariance, self.sizes[first] * self.sizes[second]);
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
            let mut explained = Lane::ZERO;
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
