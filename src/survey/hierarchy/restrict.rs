//! A hierarchy cut to some of its leaves.

use std::collections::HashSet;

use super::{Hierarchy, HierarchyBuilder, Node};
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::weights::{Origin, Weights};

impl Hierarchy {
    /// The tree cut to some of its leaves, for periods or places in which the others were not asked.
    ///
    /// # Formula
    ///
    /// With Rⱼ the global weights of the leaves that stay, each has the weight Rⱼ/ΣRᵢ. So an inner node counts in
    /// proportion to what is left below it; one without a leaf goes. Cut to all its leaves, a tree is the same to the last
    /// bit.
    ///
    /// # Errors
    ///
    /// No leaf; a name that is unknown, or that of an inner node; leaves that have no weight, beside each other or in all.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::{Weights, survey::Hierarchy};
    ///
    /// let service = Hierarchy::builder("service", Weights::new(["speed", "attitude"], [0.6, 0.4])?)
    ///     .divide("speed", Weights::equal(["response", "arrival"])?)
    ///     .build()?;
    /// let cut = service.restrict(["response", "attitude"])?;
    /// assert_eq!(cut.leaf_weights().names(), ["response", "attitude"]);
    /// assert!((cut.node("response")?.global_weight() - 0.3 / 0.7).abs() < 1e-15);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn restrict<S: AsRef<str>>(&self, leaves: impl IntoIterator<Item = S>) -> Result<Self> {
        let kept = self.shares_kept(&self.find_leaves(leaves)?);
        let mut faults = Faults::default();
        let mut builder = HierarchyBuilder { goal: self.goal().name().into(), divisions: Vec::new() };
        for node in self.nodes().filter(|node| kept[node.position()].is_some()) {
            let weights = restricted(node, &kept).map_err(|fault| fault.within(format!("node `{}`", node.name())));
            if let Some(Some(weights)) = faults.check(weights) {
                builder = builder.divide(node.name(), weights);
            }
        }
        faults.or(builder)?.build()
    }

    fn find_leaves<S: AsRef<str>>(&self, leaves: impl IntoIterator<Item = S>) -> Result<HashSet<usize>> {
        let mut faults = Faults::default();
        let mut found = HashSet::new();
        for name in leaves {
            match self.node(name.as_ref()) {
                Ok(node) if node.is_leaf() => drop(found.insert(node.position())),
                _ => faults.note(|| check::unknown(name.as_ref(), "leaf")),
            }
        }
        faults.or(())?;
        if found.is_empty() {
            return Err(ErrorKind::Empty { place: "the list of leaves".into() }.into());
        }
        Ok(found)
    }

    /// By node, the share of its weight that lies in leaves that stay, exactly 1 where all do; `None` where none does.
    fn shares_kept(&self, leaves: &HashSet<usize>) -> Vec<Option<f64>> {
        let mut kept: Vec<Option<f64>> = vec![None; self.nodes().len()];
        for node in self.nodes().rev() {
            kept[node.position()] = if node.is_leaf() {
                leaves.contains(&node.position()).then_some(1.0)
            } else if node.children().all(|child| kept[child.position()] == Some(1.0)) {
                Some(1.0)
            } else {
                let shares = node.children().filter_map(|child| Some(child.weight() * kept[child.position()]?));
                shares.fold(None, |sum: Option<f64>, share| Some(sum.unwrap_or(0.0) + share))
            };
        }
        kept
    }
}

/// The weights of the children that stay; a leaf has none.
fn restricted(node: Node<'_>, kept: &[Option<f64>]) -> Result<Option<Weights>> {
    let Some(weights) = node.weights() else { return Ok(None) };
    if node.children().all(|child| kept[child.position()] == Some(1.0)) {
        return Ok(Some(weights.clone()));
    }
    let children = node.children().filter_map(|child| Some((child.name(), child.weight() * kept[child.position()]?)));
    let (names, values): (Vec<&str>, Vec<f64>) = children.unzip();
    let origin = Origin::Combined(format!("restricted to some leaves; {}", weights.origin()));
    Ok(Some(Weights::normalised(names, values)?.with_origin(origin)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Hierarchy {
        let weights = |names: [&str; 2], values: [f64; 2]| Weights::new(names, values).unwrap();
        Hierarchy::builder("a", weights(["b", "c"], [0.25, 0.75]))
            .divide("b", weights(["d", "e"], [0.5, 0.5]))
            .divide("c", weights(["f", "g"], [0.0, 1.0]))
            .build()
            .unwrap()
    }

    #[test]
    fn all_leaves_are_the_identity() {
        assert_eq!(tree().restrict(["g", "f", "e", "d"]).unwrap(), tree());
    }

    /// Global weights 1/8 of d and 3/4 of g.
    #[test]
    fn weights_are_shares_of_what_is_left() {
        let cut = tree().restrict(["d", "g"]).unwrap();
        assert_eq!(cut.nodes().map(Node::name).collect::<Vec<_>>(), ["a", "b", "d", "c", "g"]);
        approx::assert_relative_eq!(
            cut.leaf_weights().values(),
            &[1.0 / 7.0, 6.0 / 7.0][..],
            max_relative = 1e-15,
            epsilon = 0.0
        );
    }

    #[test]
    fn errors_name_node_and_leaf() {
        let fault = |leaves: &[&str]| tree().restrict(leaves).unwrap_err().to_string();
        assert_eq!(fault(&[]), "the list of leaves is empty");
        assert_eq!(fault(&["b", "x"]), "unknown leaf `b`; unknown leaf `x`");
        assert!(fault(&["f"]).contains("node `a`: the weights sum to 0; expected a positive sum"));
    }
}
