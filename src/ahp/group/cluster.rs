//! Respondents who think alike.

use crate::ahp::group::GroupPriorities;
use crate::ahp::group::consensus::{Consensus, SAATY, entropy, floor};
use crate::ahp::judgement::cell;
use crate::error::{ErrorKind, Result};
use crate::numeric::{check, parallel};
use crate::weights::{Origin, Weights};

/// Respondents of whom every two agree.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Cluster {
    respondents: Vec<String>,
    weights: Weights,
    consensus: Consensus,
}

checked_when_read!(Cluster);

/// The distances among this many respondents take 100 MB.
const MOST: usize = 5000;

impl GroupPriorities {
    /// Clusters of like-minded respondents, the largest first: in each, every two respondents have a consensus S* (on
    /// Saaty's scale) of at least `least`, and no two clusters could be one.
    ///
    /// Complete linkage by the Hβ of pairs: those two clusters become one whose farthest members are nearest.
    ///
    /// # Errors
    ///
    /// A limit that is not from 0 to 1; more than 5000 respondents.
    ///
    /// # References
    ///
    /// Murtagh (1983), doi:10.1093/comjnl/26.4.354, for linkage by chains of nearest neighbours.
    pub fn clusters(&self, least: f64) -> Result<Vec<Cluster>> {
        check::unit(least, || "the least consensus of a cluster".into())?;
        let count = self.individual().len();
        if count > MOST {
            let (place, expected) = ("the number of respondents is".into(), format!("at most {MOST} for clusters"));
            return Err(ErrorKind::Domain { place, value: count as f64, expected }.into());
        }
        let floor = floor(self.labels().len(), SAATY);
        let farthest = -(floor + least * (1.0 - floor)).ln();
        let mut clusters = Linkage::new(&self.all_weights()).clusters(farthest);
        clusters.sort_by_key(|members| std::cmp::Reverse(members.len()));
        clusters.iter().map(|members| self.cluster(members)).collect()
    }

    fn cluster(&self, members: &[usize]) -> Result<Cluster> {
        let weights: Vec<&Weights> = members.iter().map(|at| self.individual()[*at].weights()).collect();
        let parts: Vec<(&Weights, f64)> = weights.iter().map(|weights| (*weights, 1.0)).collect();
        let values: Vec<&[f64]> = weights.iter().map(|weights| weights.values()).collect();
        let origin = Origin::Judgements("geometric mean of a cluster".into());
        Ok(Cluster {
            respondents: members.iter().map(|at| self.respondents().names()[*at].clone()).collect(),
            weights: Weights::minimum_relative_entropy(&parts)?.with_origin(origin),
            consensus: Consensus::of(&values, SAATY),
        })
    }
}

impl Cluster {
    /// The names of the members, in the order of the group.
    pub fn respondents(&self) -> &[String] {
        &self.respondents
    }

    /// The geometric mean of the members' weights, all counting the same, summing to 1.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// How far the members agree.
    pub fn consensus(&self) -> Consensus {
        self.consensus
    }

    fn check(&self) -> Result<()> {
        check::names(&self.respondents, "respondent")
    }
}

/// Clusters that grow.
struct Linkage {
    /// The members; empty once they have gone into another cluster.
    members: Vec<Vec<usize>>,
    /// The distance of every pair of clusters, that of their farthest members, as a triangle above a diagonal.
    distances: Vec<f64>,
    /// Clusters that may still grow.
    open: Vec<bool>,
}

impl Linkage {
    fn new(weights: &[&[f64]]) -> Self {
        let count = weights.len();
        let entropies: Vec<f64> = weights.iter().map(|weights| entropy(weights.iter().copied())).collect();
        // Hβ by its definition: with one logarithm for each thing it takes less than half the time of `divergence`, and the
        // digits that the latter keeps of tiny distances do not decide who is like-minded.
        let beta = |one: usize, other: usize| {
            let means = weights[one].iter().zip(weights[other]).map(|(p, q)| f64::midpoint(*p, *q));
            (entropy(means) - f64::midpoint(entropies[one], entropies[other])).max(0.0)
        };
        let row = |one: usize| -> Vec<f64> { (one + 1..count).map(|other| beta(one, other)).collect() };
        let distances = parallel::map(count, row).concat();
        Self { members: (0..count).map(|at| vec![at]).collect(), distances, open: vec![true; count] }
    }

    /// The clusters when none nearer than `farthest` are left, each sorted, by their first member.
    ///
    /// A chain runs from a cluster to its nearest, to the nearest of that, and so on; two that are each other's nearest
    /// become one. That never brings the result nearer to a third, so the chain before them stays valid, and a cluster whose
    /// nearest is too far away is finished.
    fn clusters(mut self, farthest: f64) -> Vec<Vec<usize>> {
        let mut chain: Vec<usize> = Vec::new();
        while let Some(top) = chain.pop().or_else(|| self.open.iter().position(|open| *open)) {
            let before = chain.last().copied();
            match self.nearest(top, before) {
                Some((distance, nearest)) if distance <= farthest => {
                    if before == Some(nearest) {
                        chain.pop();
                        self.join(nearest, top);
                    } else {
                        chain.extend([top, nearest]);
                    }
                }
                _ => self.open[top] = false,
            }
        }
        let mut clusters: Vec<Vec<usize>> = self.members.into_iter().filter(|members| !members.is_empty()).collect();
        for members in &mut clusters {
            members.sort_unstable();
        }
        clusters.sort();
        clusters
    }

    /// The nearest open cluster; of several, `first` if it is one of them.
    fn nearest(&self, top: usize, first: Option<usize>) -> Option<(f64, usize)> {
        let candidates = first.into_iter().chain(0..self.open.len()).filter(|at| self.open[*at] && *at != top);
        candidates.map(|at| (self.distances[self.place(top, at)], at)).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn join(&mut self, into: usize, gone: usize) {
        self.open[gone] = false;
        let members = std::mem::take(&mut self.members[gone]);
        self.members[into].extend(members);
        for other in (0..self.open.len()).filter(|other| *other != into && *other != gone) {
            let (near, far) = (self.place(into, other), self.place(gone, other));
            self.distances[near] = self.distances[near].max(self.distances[far]);
        }
    }

    fn place(&self, one: usize, other: usize) -> usize {
        cell(self.open.len(), one.min(other), one.max(other))
    }
}
