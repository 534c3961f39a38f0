//! Random hierarchies and memberships.

use proptest::prelude::*;
use satindex::Weights;
use satindex::fuzzy::{Grades, Membership};
use satindex::survey::Hierarchy;

use super::grades;

/// A hierarchy with a membership row for each leaf.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) hierarchy: Hierarchy,
    pub(crate) rows: Vec<Vec<f64>>,
}

impl Case {
    pub(crate) fn grades(&self) -> Grades {
        grades(self.rows[0].len())
    }

    pub(crate) fn leaves(&self) -> Vec<String> {
        self.hierarchy.leaves().map(|leaf| leaf.name().to_owned()).collect()
    }

    pub(crate) fn membership(&self) -> Membership {
        Membership::new(&self.grades(), self.leaves().into_iter().zip(&self.rows)).unwrap()
    }

    pub(crate) fn with_rows(&self, rows: Vec<Vec<f64>>) -> Self {
        Self { hierarchy: self.hierarchy.clone(), rows }
    }
}

/// Trees of 2 to 13 nodes of any shape: node i hangs under one of the nodes before it.
pub(crate) fn hierarchy() -> impl Strategy<Value = Hierarchy> {
    let node = || (any::<prop::sample::Index>(), 0.01..1.0_f64);
    prop::collection::vec(node(), 1..13).prop_map(|nodes| {
        let mut children: Vec<Vec<(String, f64)>> = vec![vec![]; nodes.len() + 1];
        for (at, (parent, weight)) in nodes.iter().enumerate() {
            children[parent.index(at + 1)].push((format!("n{}", at + 1), *weight));
        }
        let weights = |children: &[(String, f64)]| {
            let (names, values): (Vec<String>, Vec<f64>) = children.iter().cloned().unzip();
            Weights::normalised(names, values).unwrap()
        };
        let mut builder = Hierarchy::builder("n0", weights(&children[0]));
        for (at, children) in children.iter().enumerate().skip(1).filter(|(_, children)| !children.is_empty()) {
            builder = builder.divide(format!("n{at}"), weights(children));
        }
        builder.build().unwrap()
    })
}

/// Degrees with many zeros, ones and ties among them, none of the rows empty.
pub(crate) fn row(grades: usize) -> impl Strategy<Value = Vec<f64>> {
    let degree = prop_oneof![Just(0.0), Just(1.0), Just(0.5), (1..10_u8).prop_map(|d| f64::from(d) / 10.0), 0.0..1.0];
    prop::collection::vec(degree, grades).prop_filter("all zeros", |row| row.iter().any(|degree| *degree > 0.0))
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    (hierarchy(), 2..6_usize).prop_flat_map(|(hierarchy, grades)| {
        let leaves = hierarchy.leaves().count();
        prop::collection::vec(row(grades), leaves).prop_map(move |rows| Case { hierarchy: hierarchy.clone(), rows })
    })
}

/// As [`case`], with rows that sum to 1.
pub(crate) fn stochastic_case() -> impl Strategy<Value = Case> {
    case().prop_map(|case| {
        let rows = case.membership().normalised().rows().map(|(_, row)| row.to_vec()).collect();
        case.with_rows(rows)
    })
}
