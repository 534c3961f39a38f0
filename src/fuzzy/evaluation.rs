//! The evaluation of an object: a membership vector at every node.

use std::fmt;

use crate::error::Result;
use crate::fuzzy::plan::Rules;
use crate::fuzzy::{GradeVector, Grades, Importance, Membership, Operator, Plan};
use crate::numeric::check;
use crate::survey::Hierarchy;
use crate::table::{Column, Table};

/// Fuzzy comprehensive evaluation: membership at the leaves, carried up a hierarchy to its goal.
///
/// # Formula
///
/// At each inner node b = a ∘ R: the vectors of the children are the rows of R, their weights (or what
/// [`FuzzyEvaluation::importance`] puts in their place) are a, and ∘ is the [`Operator`]. Nothing is rounded on the
/// way.
///
/// # Examples
///
/// ```
/// use satindex::fuzzy::{FuzzyEvaluation, Grades, Membership, Operator};
/// use satindex::{Weights, survey::Hierarchy};
///
/// let grades = Grades::scored([("good", 100.0), ("fair", 50.0), ("bad", 0.0)])?;
/// let service = Hierarchy::builder("service", Weights::new(["speed", "attitude"], [0.75, 0.25])?)
///     .divide("speed", Weights::equal(["response", "arrival"])?)
///     .build()?;
/// let membership = Membership::from_counts(&grades, [
///     ("response", [4, 0, 0]),
///     ("arrival", [2, 2, 0]),
///     ("attitude", [0, 2, 2]),
/// ])?;
/// let evaluation = FuzzyEvaluation::new(grades, Operator::WeightedAverage).evaluate(&service, &membership)?;
/// assert_eq!(evaluation.node("speed")?.values(), [0.75, 0.25, 0.0]);
/// assert_eq!(evaluation.goal().values(), [0.5625, 0.3125, 0.125]);
/// assert_eq!(evaluation.goal().score()?, 71.875);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias = "FCE")]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct FuzzyEvaluation {
    grades: Grades,
    operator: Operator,
    #[cfg_attr(feature = "serde", serde(default))]
    importance: Vec<(String, Importance)>,
    #[cfg_attr(feature = "serde", serde(default))]
    normalising: bool,
}

impl FuzzyEvaluation {
    /// An evaluation in these grades by this operator.
    pub fn new(grades: Grades, operator: Operator) -> Self {
        Self { grades, operator, importance: Vec::new(), normalising: false }
    }

    /// Degrees of importance for the children of a node, in the place of their weights.
    #[must_use]
    pub fn importance(mut self, node: impl Into<String>, importance: Importance) -> Self {
        self.importance.push((node.into(), importance));
        self
    }

    /// Divides the vector of every inner node by its sum before it is carried further up.
    #[must_use]
    pub fn normalising_levels(mut self) -> Self {
        self.normalising = true;
        self
    }

    /// The grades.
    pub fn grades(&self) -> &Grades {
        &self.grades
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The degrees of importance that take the place of weights, by node.
    pub fn importance_in_use(&self) -> &[(String, Importance)] {
        &self.importance
    }

    /// Is the vector of every inner node divided by its sum?
    pub fn is_normalising_levels(&self) -> bool {
        self.normalising
    }

    /// This evaluation made ready for a hierarchy and many objects.
    ///
    /// # Errors
    ///
    /// Importance for an unknown node, for other names than those of its children, or that the operator does not take.
    pub fn plan(&self, hierarchy: &Hierarchy) -> Result<Plan> {
        let Self { grades, operator, importance, normalising } = self;
        Plan::new(&Rules { grades, operator: *operator, importance, normalising: *normalising }, hierarchy)
    }

    /// The evaluation of one object at every node.
    ///
    /// # Errors
    ///
    /// As for [`FuzzyEvaluation::plan`]; other grades than those of the membership; a leaf without membership, a
    /// factor that is no leaf; a level to be normalised that is 0 in every grade.
    pub fn evaluate(&self, hierarchy: &Hierarchy, membership: &Membership) -> Result<Evaluation> {
        let plan = self.plan(hierarchy)?;
        let names: Vec<&str> = self.grades.names().iter().map(String::as_str).collect();
        let columns = check::matching(membership.grades().names(), &names, "membership", "grade")?;
        let leaves: Vec<&str> = plan.leaves().collect();
        let rows = check::matching(membership.factors(), &leaves, "membership", "leaf")?;
        let row = |at: usize| columns.iter().map(move |column| membership.row_at(at)[*column]);
        let object: Vec<f64> = rows.into_iter().flat_map(row).collect();
        let mut degrees = vec![0.0; plan.nodes().len() * self.grades.len()];
        plan.climb_into(&object, &mut degrees.clone(), &mut degrees).or_else(|fault| plan.explain(&object, fault))?;
        let vectors = degrees.chunks_exact(self.grades.len());
        let nodes = hierarchy.nodes().zip(plan.importance()).zip(vectors).map(|((node, weight), vector)| {
            let (name, membership) = (node.name().to_owned(), vector.to_vec());
            EvaluatedNode { name, depth: node.depth(), weight: *weight, membership }
        });
        Ok(Evaluation { grades: self.grades.clone(), operator: self.operator, nodes: nodes.collect() })
    }
}

/// The result of a [`FuzzyEvaluation`]: the membership of every node in every grade.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawEvaluation"))]
pub struct Evaluation {
    grades: Grades,
    operator: Operator,
    /// In preorder, the goal first.
    nodes: Vec<EvaluatedNode>,
}

#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
struct EvaluatedNode {
    name: String,
    depth: usize,
    /// Its weight, or its importance in the place of one, for its parent; 1 for the goal.
    weight: f64,
    membership: Vec<f64>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEvaluation {
    grades: Grades,
    operator: Operator,
    nodes: Vec<EvaluatedNode>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawEvaluation> for Evaluation {
    type Error = crate::error::Error;

    fn try_from(raw: RawEvaluation) -> Result<Self> {
        let names: Vec<&str> = raw.nodes.iter().map(|node| node.name.as_str()).collect();
        check::names(&names, "node")?;
        let mut faults = crate::error::Faults::default();
        let mut level = 0;
        for node in &raw.nodes {
            let place = || format!("the depth of `{}`", node.name);
            faults.check(check::domain(node.depth as f64, node.depth <= level, place, "one more than its parent's"));
            level = node.depth.saturating_add(1);
            faults.check(check::unit(node.weight, || format!("the weight of `{}`", node.name)));
            faults.check(GradeVector::new(&node.name, &raw.grades, &node.membership));
        }
        faults.or(())?;
        Ok(Self { grades: raw.grades, operator: raw.operator, nodes: raw.nodes })
    }
}

impl Evaluation {
    /// The membership of the goal.
    pub fn goal(&self) -> GradeVector<'_> {
        self.vector(&self.nodes[0])
    }

    /// The membership of a node.
    ///
    /// # Errors
    ///
    /// When there is no such node.
    pub fn node(&self, name: &str) -> Result<GradeVector<'_>> {
        let node = self.nodes.iter().find(|node| node.name == name);
        node.map(|node| self.vector(node)).ok_or_else(|| check::unknown(name, "node"))
    }

    /// The membership of every node in preorder: the goal first, each node before its children.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = GradeVector<'_>> {
        self.nodes.iter().map(|node| self.vector(node))
    }

    fn vector<'a>(&'a self, node: &'a EvaluatedNode) -> GradeVector<'a> {
        GradeVector::trusted(&node.name, &self.grades, &node.membership)
    }

    /// The grades.
    pub fn grades(&self) -> &Grades {
        &self.grades
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Every node with its weight (or importance), its membership, its score where the grades have scores, and its
    /// grade of maximum membership.
    pub fn table(&self) -> Table {
        let mut table = Table::new(format!("Fuzzy comprehensive evaluation ({})", self.operator))
            .column(Column::tree("node", self.nodes.iter().map(|node| (node.depth, node.name.as_str()))))
            .column(Column::number("weight", self.nodes.iter().map(|node| node.weight)).decimals(4));
        for (grade, name) in self.grades.names().iter().enumerate() {
            let degrees = self.nodes.iter().map(|node| node.membership[grade]);
            table = table.column(Column::number(name, degrees).decimals(4));
        }
        if self.grades.scores().is_some() {
            table = table.column(Column::number("score", self.nodes().map(|vector| vector.score().ok())));
        }
        let best =
            |vector: GradeVector<'_>| vector.maximum().map_or_else(|_| String::new(), |best| best.grades().join(", "));
        table.column(Column::text("grade", self.nodes().map(best)))
    }
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
