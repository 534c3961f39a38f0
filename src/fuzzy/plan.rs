//! A hierarchy compiled for evaluation, and the evaluation of many objects with it.

use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::fuzzy::membership::normalise;
use crate::fuzzy::{FuzzyEvaluation, GradeVector, Grades, Importance, Operator};
use crate::numeric::check;
use crate::survey::{Hierarchy, Node};

/// A [`FuzzyEvaluation`] made ready for one hierarchy: names looked up, weights in place.
///
/// For many objects (shops, dealers, customers) over the same hierarchy, in parallel with the feature `parallel`. What an
/// object gets does not depend on the others, nor on the number of threads.
///
/// # Shapes
///
/// Memberships: objects × leaves × grades, the leaves in the order of [`Plan::leaves`]. Results at the goal: objects ×
/// grades; at every node: objects × nodes × grades, the nodes in preorder, as in [`Plan::nodes`]. All in one slice,
/// the last index running fastest.
///
/// # Numerical notes
///
/// Under operators whose levels flatten (see [`Operator`]), [`Plan::evaluate_into`] goes from the leaves straight to
/// the goal; it may differ from the goal of [`Plan::evaluate_nodes_into`] by the rounding of a product.
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::{FuzzyEvaluation, Grades, Operator};
/// use satindex::{Weights, survey::Hierarchy};
///
/// let service = Hierarchy::builder("service", Weights::new(["speed", "skill"], [0.5, 0.5])?).build()?;
/// let plan = FuzzyEvaluation::new(Grades::new(["good", "bad"])?, Operator::WeightedAverage).plan(&service)?;
/// let memberships = [
///     1.0, 0.0, 0.5, 0.5, // the first shop: speed, skill
///     0.0, 1.0, 0.5, 0.5, // the second
/// ];
/// assert_eq!(plan.evaluate(&memberships)?, [0.75, 0.25, 0.25, 0.75]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Plan {
    grades: Grades,
    operator: Operator,
    normalising: bool,
    nodes: Vec<String>,
    /// The importance of each node for its parent.
    importance: Vec<f64>,
    /// Where the leaves stand among the nodes.
    leaves: Vec<usize>,
    /// The inner nodes, children before parents, each with its range of `children`.
    inner: Vec<(usize, Range<usize>)>,
    children: Vec<usize>,
    /// The importance of each leaf for the goal, where levels flatten.
    flat: Option<Vec<f64>>,
}

/// Why an object has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A degree outside [0, 1], at this place among the memberships of the object.
    Degree(usize),
    /// A leaf, by its number, that belongs to no grade.
    Leaf(usize),
    /// A node to be normalised that belongs to no grade.
    Node(usize),
}

impl Plan {
    pub(crate) fn new(evaluation: &FuzzyEvaluation, hierarchy: &Hierarchy) -> Result<Self> {
        let mut plan = Self {
            grades: evaluation.grades().clone(),
            operator: evaluation.operator(),
            normalising: evaluation.is_normalising(),
            nodes: hierarchy.nodes().map(|node| node.name().to_owned()).collect(),
            importance: hierarchy.nodes().map(Node::weight).collect(),
            leaves: hierarchy.leaves().map(Node::position).collect(),
            inner: Vec::new(),
            children: Vec::new(),
            flat: None,
        };
        let replaced: Vec<&str> = evaluation.importances().iter().map(|(node, _)| node.as_str()).collect();
        if !replaced.is_empty() {
            check::names(&replaced, "node with importance")?;
        }
        for (node, importance) in evaluation.importances() {
            plan.replace(hierarchy.node(node)?, importance)?;
        }
        for node in hierarchy.nodes().rev().filter(|node| !node.is_leaf()) {
            let start = plan.children.len();
            plan.children.extend(node.children().map(Node::position));
            plan.inner.push((node.position(), start..plan.children.len()));
        }
        plan.flat = plan.flatten(hierarchy);
        Ok(plan)
    }

    /// Puts degrees in the place of the weights of a node's children.
    fn replace(&mut self, node: Node<'_>, importance: &Importance) -> Result<()> {
        let (names, places): (Vec<&str>, Vec<usize>) =
            node.children().map(|child| (child.name(), child.position())).unzip();
        let within = |fault: Error| fault.within(format!("node `{}`", node.name()));
        self.operator.accept(importance).map_err(within)?;
        let given = check::matching(importance.names(), &names, "importance", "child").map_err(within)?;
        for (place, at) in places.into_iter().zip(given) {
            self.importance[place] = importance.degrees()[at];
        }
        Ok(())
    }

    fn flatten(&self, hierarchy: &Hierarchy) -> Option<Vec<f64>> {
        let through = self.operator.through().filter(|_| !self.normalising)?;
        let mut down = self.importance.clone();
        // In preorder a parent comes before its children; the goal counts fully.
        for node in hierarchy.nodes() {
            if let Some(parent) = node.parent() {
                down[node.position()] = through(down[parent.position()], down[node.position()]);
            }
        }
        Some(self.leaves.iter().map(|leaf| down[*leaf]).collect())
    }

    /// The grades.
    pub fn grades(&self) -> &Grades {
        &self.grades
    }

    /// The leaves, in the order in which their memberships are expected.
    pub fn leaves(&self) -> impl ExactSizeIterator<Item = &str> {
        self.leaves.iter().map(|at| self.nodes[*at].as_str())
    }

    /// All nodes, in the order in which their results are written: preorder, the goal first.
    pub fn nodes(&self) -> &[String] {
        &self.nodes
    }

    /// The importance of each node for its parent, 1 for the goal.
    pub(crate) fn importance(&self) -> &[f64] {
        &self.importance
    }

    /// The evaluation of every object at the goal: objects × grades.
    ///
    /// # Errors
    ///
    /// As for [`Plan::evaluate_into`].
    pub fn evaluate(&self, memberships: &[f64]) -> Result<Vec<f64>> {
        let mut results = vec![0.0; self.objects(memberships) * self.grades.len()];
        self.evaluate_into(memberships, &mut results)?;
        Ok(results)
    }

    /// The evaluation of every object at the goal, written into `results`. Allocates nothing for an object.
    ///
    /// # Errors
    ///
    /// Slices whose lengths do not fit; a membership outside \[0, 1\]; a leaf with membership 0 in every grade; a level to
    /// be normalised that is 0 in every grade. The first object at fault is named, counted from 1. The results are then
    /// not to be used.
    pub fn evaluate_into(&self, memberships: &[f64], results: &mut [f64]) -> Result<()> {
        let width = self.grades.len();
        self.check_lengths(memberships, results, width)?;
        if let Some(flat) = &self.flat {
            return self.each(
                memberships,
                results,
                width,
                || (),
                |(), object, result| {
                    self.operator.fold(flat.iter().copied().zip(object.chunks_exact(width)), result);
                    Ok(())
                },
            );
        }
        let scratch = || vec![0.0; self.nodes.len() * width];
        self.each(memberships, results, width, scratch, |scratch, object, result| {
            self.climb(object, scratch)?;
            result.copy_from_slice(&scratch[..width]);
            Ok(())
        })
    }

    /// The evaluation of every object at every node, written into `results`: objects × nodes × grades. Allocates
    /// nothing for an object.
    ///
    /// # Errors
    ///
    /// As for [`Plan::evaluate_into`].
    pub fn evaluate_nodes_into(&self, memberships: &[f64], results: &mut [f64]) -> Result<()> {
        let width = self.nodes.len() * self.grades.len();
        self.check_lengths(memberships, results, width)?;
        self.each(memberships, results, width, || (), |(), object, nodes| self.climb(object, nodes))
    }

    /// The weighted score of each of many vectors over the grades, such as the results at the goal, written into
    /// `scores`.
    ///
    /// # Errors
    ///
    /// Grades without scores; slices whose lengths do not fit; a vector that is not a membership vector.
    pub fn scores_into(&self, results: &[f64], scores: &mut [f64]) -> Result<()> {
        self.grades.require_scores()?;
        check::length(results.len(), scores.len() * self.grades.len(), || "the list of results".into())?;
        for (object, (vector, score)) in results.chunks_exact(self.grades.len()).zip(scores).enumerate() {
            let read = GradeVector::new(&self.nodes[0], &self.grades, vector);
            *score = read.and_then(GradeVector::score).map_err(|fault| fault.within(nth(object)))?;
        }
        Ok(())
    }

    /// How many numbers the memberships of one object are.
    fn stride(&self) -> usize {
        self.leaves.len() * self.grades.len()
    }

    fn objects(&self, memberships: &[f64]) -> usize {
        memberships.len() / self.stride()
    }

    fn check_lengths(&self, memberships: &[f64], results: &[f64], width: usize) -> Result<()> {
        let objects = self.objects(memberships);
        check::length(memberships.len(), objects * self.stride(), || "the list of memberships".into())?;
        check::length(results.len(), objects * width, || "the list of results".into())
    }

    /// From the leaves to the goal, node by node, into nodes × grades.
    pub(crate) fn climb(&self, object: &[f64], nodes: &mut [f64]) -> Result<(), Fault> {
        let width = self.grades.len();
        for (leaf, row) in self.leaves.iter().zip(object.chunks_exact(width)) {
            nodes[leaf * width..][..width].copy_from_slice(row);
        }
        for (at, children) in &self.inner {
            // In preorder the children stand behind their parent.
            let (before, below) = nodes.split_at_mut((at + 1) * width);
            let row = |child: &usize| &below[(child - at - 1) * width..][..width];
            let rows = self.children[children.clone()].iter().map(|child| (self.importance[*child], row(child)));
            let result = &mut before[at * width..];
            self.operator.fold(rows, result);
            if self.normalising && !normalise(result) {
                return Err(Fault::Node(*at));
            }
        }
        Ok(())
    }

    /// Runs `evaluate` on every object, with a scratch space of its thread, and names the first object at fault.
    fn each<S>(
        &self,
        memberships: &[f64],
        results: &mut [f64],
        width: usize,
        scratch: impl Fn() -> S + Sync,
        evaluate: impl Fn(&mut S, &[f64], &mut [f64]) -> Result<(), Fault> + Sync,
    ) -> Result<()> {
        // Enough objects that handing them out costs nothing beside evaluating them.
        const OBJECTS: usize = 1024;
        let stride = self.stride();
        let block = |(number, (memberships, results)): (usize, (&[f64], &mut [f64]))| {
            let mut scratch = scratch();
            let objects = memberships.chunks_exact(stride).zip(results.chunks_exact_mut(width)).enumerate();
            let mut faults = objects.filter_map(|(at, (object, result))| {
                let fault = self.inspect(object).and_then(|()| evaluate(&mut scratch, object, result)).err()?;
                self.explain(object, fault).err().map(|error| (number * OBJECTS + at, error))
            });
            faults.next()
        };
        #[cfg(feature = "parallel")]
        let first = {
            use rayon::prelude::*;
            let blocks = memberships.par_chunks(OBJECTS * stride).zip(results.par_chunks_mut(OBJECTS * width));
            blocks.enumerate().filter_map(block).min_by_key(|(object, _)| *object)
        };
        #[cfg(not(feature = "parallel"))]
        let first = {
            let blocks = memberships.chunks(OBJECTS * stride).zip(results.chunks_mut(OBJECTS * width));
            blocks.enumerate().find_map(block)
        };
        first.map_or(Ok(()), |(object, error)| Err(error.within(nth(object))))
    }

    /// Nothing, if all degrees lie in [0, 1] and every leaf belongs to some grade.
    fn inspect(&self, object: &[f64]) -> Result<(), Fault> {
        let inside = |degree: &f64| (0.0..=1.0).contains(degree);
        let mut rows = object.chunks_exact(self.grades.len());
        // Without a way out of the loop, the compiler compares several degrees at a time.
        let valid = object.iter().fold(true, |valid, degree| valid & inside(degree));
        if valid && rows.clone().all(|row| row.iter().any(|degree| *degree > 0.0)) {
            return Ok(());
        }
        object.iter().position(|degree| !inside(degree)).map_or(Ok(()), |at| Err(Fault::Degree(at)))?;
        rows.position(|row| row.iter().all(|degree| *degree == 0.0)).map_or(Ok(()), |leaf| Err(Fault::Leaf(leaf)))
    }

    /// The error behind a fault of an object.
    pub(crate) fn explain(&self, object: &[f64], fault: Fault) -> Result<()> {
        let width = self.grades.len();
        let leaf = |at: usize| &self.nodes[self.leaves[at]];
        let empty = |place| Err(ErrorKind::Degenerate { place, reason: "all grades have degree 0".into() }.into());
        match fault {
            Fault::Degree(at) => {
                let grade = &self.grades.names()[at % width];
                let place = || format!("the membership of `{}` in `{grade}`", leaf(at / width));
                check::unit(object[at], place).map(|_| ())
            }
            Fault::Leaf(at) => empty(format!("the row of `{}`", leaf(at))),
            Fault::Node(at) => empty(format!("node `{}`", self.nodes[at])),
        }
    }
}

fn nth(object: usize) -> String {
    format!("object {}", object + 1)
}
