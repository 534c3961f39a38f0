//! A hierarchy compiled for evaluation, and the evaluation of many objects with it.

use std::collections::VecDeque;
use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::fuzzy::membership::normalise;
use crate::fuzzy::{GradeVector, Grades, Importance, Operator};
use crate::numeric::check;
use crate::survey::{Hierarchy, Node};

/// A [`FuzzyEvaluation`](crate::fuzzy::FuzzyEvaluation) made ready for one hierarchy: names looked up, weights in place.
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
    /// Where each node stands when they are gone through level by level, in which order siblings are neighbours.
    slots: Vec<usize>,
    /// The importance of each node, by its slot.
    slot_importance: Vec<f64>,
    /// The inner nodes, children before parents.
    inner: Vec<Inner>,
    /// The leaves, by number and slot, that have a sibling which is none.
    mixed: Vec<(usize, usize)>,
    /// The importance of each leaf for the goal, where levels flatten.
    flat: Option<Vec<f64>>,
}

/// The settings of an evaluation.
pub(crate) struct Rules<'a> {
    pub(crate) grades: &'a Grades,
    pub(crate) operator: Operator,
    /// Degrees in the place of the weights of a node's children.
    pub(crate) importance: &'a [(String, Importance)],
    pub(crate) normalising: bool,
}

/// An inner node and the slots of its children.
#[derive(Debug, Clone)]
struct Inner {
    node: usize,
    children: Range<usize>,
    /// The number of the first child among the leaves, if all of the children are leaves: then they are neighbours among
    /// the memberships of an object, and need not be moved.
    leaves: Option<usize>,
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
    pub(crate) fn new(rules: &Rules<'_>, hierarchy: &Hierarchy) -> Result<Self> {
        let mut plan = Self {
            grades: rules.grades.clone(),
            operator: rules.operator,
            normalising: rules.normalising,
            nodes: hierarchy.nodes().map(|node| node.name().to_owned()).collect(),
            importance: hierarchy.nodes().map(Node::weight).collect(),
            leaves: hierarchy.leaves().map(Node::position).collect(),
            slots: vec![0; hierarchy.nodes().len()],
            slot_importance: Vec::new(),
            inner: Vec::new(),
            mixed: Vec::new(),
            flat: None,
        };
        let replaced: Vec<&str> = rules.importance.iter().map(|(node, _)| node.as_str()).collect();
        if !replaced.is_empty() {
            check::names(&replaced, "node with importance")?;
        }
        for (node, importance) in rules.importance {
            plan.replace(hierarchy.node(node)?, importance)?;
        }
        plan.stand_in_levels(hierarchy);
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

    /// Gives the nodes their slots: the goal, its children, all of theirs, and so on.
    fn stand_in_levels(&mut self, hierarchy: &Hierarchy) {
        let mut leaf_numbers = vec![None; self.nodes.len()];
        for (number, leaf) in self.leaves.iter().enumerate() {
            leaf_numbers[*leaf] = Some(number);
        }
        let mut level = VecDeque::from([hierarchy.goal()]);
        let mut filled = 1;
        while let Some(node) = level.pop_front() {
            self.slot_importance.push(self.importance[node.position()]);
            if node.is_leaf() {
                continue;
            }
            let (start, first) = (filled, level.len());
            for child in node.children() {
                self.slots[child.position()] = filled;
                filled += 1;
                level.push_back(child);
            }
            let numbers = || level.range(first..).map(|child| leaf_numbers[child.position()]);
            let all = numbers().all(|number| number.is_some());
            let leaves = numbers().next().flatten().filter(|_| all);
            if leaves.is_none() {
                self.mixed.extend(numbers().zip(start..).filter_map(|(number, slot)| Some((number?, slot))));
            }
            self.inner.push(Inner { node: node.position(), children: start..filled, leaves });
        }
        self.inner.reverse();
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

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
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
        self.each(memberships, results, width, |object, slots, result| {
            if let Some(flat) = &self.flat {
                self.operator.fold(flat, object, result);
            } else {
                self.climb(object, slots)?;
                result.copy_from_slice(&slots[..width]);
            }
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
        self.each(memberships, results, width, |object, slots, result| self.climb_into(object, slots, result))
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

    /// The vectors of the inner nodes from the leaves to the goal, each in its slot.
    fn climb(&self, object: &[f64], slots: &mut [f64]) -> Result<(), Fault> {
        let width = self.grades.len();
        for (leaf, slot) in &self.mixed {
            slots[slot * width..][..width].copy_from_slice(&object[leaf * width..][..width]);
        }
        for Inner { node, children, leaves } in &self.inner {
            // A level stands before the next.
            let (before, after) = slots.split_at_mut(children.start * width);
            let rows = leaves.map_or(&*after, |leaf| &object[leaf * width..]);
            let result = &mut before[self.slots[*node] * width..][..width];
            self.operator.fold(&self.slot_importance[children.clone()], &rows[..children.len() * width], result);
            if self.normalising && !normalise(result) {
                return Err(Fault::Node(*node));
            }
        }
        Ok(())
    }

    /// The vectors of all nodes in preorder, by way of their slots.
    pub(crate) fn climb_into(&self, object: &[f64], slots: &mut [f64], nodes: &mut [f64]) -> Result<(), Fault> {
        let width = self.grades.len();
        self.climb(object, slots)?;
        for (leaf, row) in self.leaves.iter().zip(object.chunks_exact(width)) {
            nodes[leaf * width..][..width].copy_from_slice(row);
        }
        for Inner { node, .. } in &self.inner {
            nodes[node * width..][..width].copy_from_slice(&slots[self.slots[*node] * width..][..width]);
        }
        Ok(())
    }

    /// Runs `evaluate` on every object, its slots and its part of the results, and names the first object at fault.
    fn each(
        &self,
        memberships: &[f64],
        results: &mut [f64],
        width: usize,
        evaluate: impl Fn(&[f64], &mut [f64], &mut [f64]) -> Result<(), Fault> + Sync,
    ) -> Result<()> {
        // Enough objects that handing them out, and slots for them, costs nothing beside evaluating them.
        const OBJECTS: usize = 1024;
        let stride = self.stride();
        let block = |(number, (memberships, results)): (usize, (&[f64], &mut [f64]))| {
            let mut slots = vec![0.0; self.slots.len() * self.grades.len()];
            let objects = memberships.chunks_exact(stride).zip(results.chunks_exact_mut(width)).enumerate();
            let mut faults = objects.filter_map(|(at, (object, result))| {
                let fault = self.inspect(object).and_then(|()| evaluate(object, &mut slots, result)).err()?;
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

    /// Checks that all degrees lie in [0, 1] and that every leaf belongs to some grade.
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
