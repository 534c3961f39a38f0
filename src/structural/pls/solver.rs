//! One model estimated from many covariance matrices.

use nalgebra::DMatrix;

use crate::error::Result;
use crate::numeric::check;
use crate::structural::model::Model;
use crate::structural::pls::Pls;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::algorithm::problem::Problem;
use crate::structural::pls::algorithm::workspace::Workspace;

/// The estimator of one model for programs that refit it thousands of times: from covariance matrices alone, in memory
/// that is kept from one to the next. For everything else there is [`Pls::fit`], which gives the same numbers.
///
/// # Examples
///
/// ```
/// use nalgebra::DMatrix;
/// use satindex::structural::{Model, Pls};
///
/// let model: Model = "A =~ a1 + a2; B =~ b; B ~ A".parse()?;
/// let mut solver = Pls::new().solver(&model)?;
/// for r in [0.3, 0.4, 0.5] {
///     let correlations = DMatrix::from_row_slice(3, 3, &[1.0, 0.5, r, 0.5, 1.0, r, r, r, 1.0]);
///     let solution = solver.solve(&correlations)?;
///     // Two equal weights; a variance of the sum of 1 + 1 + 2 * 0.5.
///     let path = solution.paths().next().unwrap();
///     assert!((path - 2.0 * r / 3.0_f64.sqrt()).abs() < 1e-12);
/// }
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Solver {
    pls: Pls,
    model: Model,
    plan: Plan,
    problem: Problem,
    work: Workspace<f64>,
}

/// What a [`Solver`] found last.
#[derive(Debug, Clone, Copy)]
pub struct Solution<'a> {
    solver: &'a Solver,
}

impl Pls {
    /// The estimator of one model, to be run on many covariance matrices.
    ///
    /// # Errors
    ///
    /// An option out of its range or for an unknown construct.
    pub fn solver(&self, model: &Model) -> Result<Solver> {
        let (plan, _) = self.plan(model)?;
        let (problem, work) = (Problem::new(plan.size()), Workspace::new(&plan, 0.0));
        Ok(Solver { pls: self.clone(), model: model.clone(), plan, problem, work })
    }
}

impl Solver {
    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Estimates the model from the covariances (or correlations) of its indicators.
    ///
    /// # Shapes
    ///
    /// p × p, in the order of [`Model::indicators`]. The lower triangle is read.
    ///
    /// # Numerical notes
    ///
    /// Nothing is allocated unless there is an error.
    ///
    /// # Errors
    ///
    /// A matrix of another size; a variance that is not positive; a correlation outside −1 to 1, or so close to either that
    /// one indicator repeats another; what [`Pls::fit`] reports of the estimation itself.
    pub fn solve(&mut self, covariance: &DMatrix<f64>) -> Result<Solution<'_>> {
        check::length(covariance.nrows(), self.plan.size(), || "a column of the covariance matrix".into())?;
        check::length(covariance.ncols(), self.plan.size(), || "a row of the covariance matrix".into())?;
        let repeats = |one: &str, other: &str| self.pls.repeats(one, other);
        self.problem.load(covariance, self.pls.metric, || self.model.indicators().collect(), repeats)?;
        self.work.solve(&self.plan, self.pls.stop(), &self.problem.matrix, &self.problem.units);
        match self.work.failure[0] {
            None => Ok(Solution { solver: self }),
            Some(failure) => Err(failure.explain(&self.model, &self.plan, &self.problem, &self.work)),
        }
    }
}

impl<'a> Solution<'a> {
    /// The outer weights of the standardised indicators, in the order of [`Model::indicators`].
    pub fn weights(&self) -> impl ExactSizeIterator<Item = f64> + use<'a> {
        self.solver.work.weights.iter().zip(&self.solver.problem.units).map(|(weight, unit)| weight * unit)
    }

    /// The loadings, in the order of [`Model::indicators`].
    pub fn loadings(&self) -> impl Iterator<Item = f64> + use<'a> {
        let (solver, size) = (self.solver, self.solver.plan.size());
        solver.plan.blocks.iter().enumerate().flat_map(move |(construct, block)| {
            let loading = move |at: usize| solver.work.cross[construct * size + at] / solver.problem.units[at];
            block.indicators.clone().map(loading)
        })
    }

    /// The path coefficients, in the order of [`Model::paths`].
    pub fn paths(&self) -> impl ExactSizeIterator<Item = f64> + use<'a> {
        self.solver.work.paths.iter().copied()
    }

    /// R² of each construct, in the order of [`Model::constructs`]; `None` without predecessors.
    pub fn r_squared(&self) -> impl ExactSizeIterator<Item = Option<f64>> + use<'a> {
        let blocks = self.solver.plan.blocks.iter().zip(&self.solver.work.r_squared);
        blocks.map(|(block, explained)| (block.predecessors > 0).then_some(*explained))
    }

    /// How many iterations it took; 0 when no weights had to be found by iteration.
    pub fn iterations(&self) -> usize {
        self.solver.work.iterations
    }
}
