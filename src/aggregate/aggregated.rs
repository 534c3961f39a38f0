//! The indices of a structure's groups and entities in one period.

use std::fmt;

use crate::aggregate::aggregation::Aggregation;
use crate::aggregate::structure::{Node, Place, Structure};
use crate::aggregate::tally::Tally;
use crate::error::{ErrorKind, Faults, Result};
use crate::index::{Confidence, Index, Interval};
use crate::numeric::describe;
use crate::table::{Column, Table};
use crate::weights::Weights;

/// The indices of all groups and entities of a [`Structure`]: the result of an [`Aggregation`].
///
/// Its serialised form holds the structure and the entities' indices, and reads back to the same result, so that a
/// period can be compared with one that was stored.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::Raw", into = "raw::Raw")
)]
pub struct Aggregated {
    structure: Structure,
    aggregation: Aggregation,
    tally: Tally,
    groups: Vec<GroupIndex>,
    /// By place: the share in its group, 0 where there is no index.
    shares: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq)]
struct GroupIndex {
    index: Option<Index>,
    /// In the group that it lies in; 0 where there is no index.
    share: f64,
    coverage: f64,
}

impl Aggregation {
    /// The indices of all groups from those of the entities, by name and in any order.
    ///
    /// # Errors
    ///
    /// Names that are no entities of the structure, or come twice; no index at all; a minimum coverage that is not from 0
    /// to 1.
    pub fn aggregate<S: AsRef<str>>(
        self,
        structure: &Structure,
        indices: impl IntoIterator<Item = (S, Index)>,
    ) -> Result<Aggregated> {
        let none: [f64; 0] = [];
        self.collect(structure, indices.into_iter().map(|(name, index)| (name, index, none)), 0)
    }

    /// The same with the bootstrap replicates of each entity's index (those that gave one; at least one), which give
    /// each group `resamples` replicates of its index: the b-th is the weighted mean of the members' b-th. An entity
    /// with fewer starts again at its first; any two entities' replicates are independent, so how they are paired does
    /// not matter.
    ///
    /// # Errors
    ///
    /// As for [`Aggregation::aggregate`]; an entity without replicates; a replicate that is not finite; more resamples than
    /// fit in memory.
    pub fn bootstrap<S: AsRef<str>, R: AsRef<[f64]>>(
        self,
        structure: &Structure,
        resamples: usize,
        indices: impl IntoIterator<Item = (S, Index, R)>,
    ) -> Result<Aggregated> {
        self.collect(structure, indices, resamples)
    }

    fn collect<S: AsRef<str>, R: AsRef<[f64]>>(
        self,
        structure: &Structure,
        indices: impl IntoIterator<Item = (S, Index, R)>,
        resamples: usize,
    ) -> Result<Aggregated> {
        self.check()?;
        let mut tally = Tally::new(structure, resamples)?;
        let mut faults = Faults::default();
        for (name, index, replicates) in indices {
            let name = name.as_ref();
            let added =
                structure.entity_at(name).and_then(|entity| tally.check(structure, entity, replicates.as_ref()));
            match added {
                Ok(entity) => tally.add(structure, entity, index, replicates.as_ref()),
                Err(fault) => faults.note(|| fault),
            }
        }
        faults.or(())?;
        Aggregated::new(structure.clone(), self, tally)
    }
}

impl Aggregated {
    pub(super) fn new(structure: Structure, aggregation: Aggregation, tally: Tally) -> Result<Self> {
        if tally.indices.iter().all(Option::is_none) {
            let place = format!("the list of indices of `{}`", structure.whole());
            return Err(ErrorKind::Empty { place }.into());
        }
        let absent = GroupIndex { index: None, share: 0.0, coverage: 0.0 };
        let (groups, shares) = (vec![absent; structure.groups.len()], vec![0.0; structure.places.len()]);
        let mut result = Self { structure, aggregation, tally, groups, shares };
        result.groups[0].share = 1.0;
        let mut coefficients = vec![0.0; result.structure.entities.len()];
        for group in (0..result.groups.len()).rev() {
            result.combine(group, &mut coefficients)?;
        }
        Ok(result)
    }

    /// One group from its members, all of which are done.
    fn combine(&mut self, group: usize, coefficients: &mut [f64]) -> Result<()> {
        let (mut all, mut present, mut covered) = (0.0, 0.0, 0.0);
        for (member, weight) in self.structure.members(group) {
            all += weight;
            if self.index_of(member).is_some() {
                present += weight;
                covered += weight * self.coverage_of(member);
            }
        }
        self.groups[group].coverage = covered / all;
        if present <= 0.0 || covered / all < self.aggregation.minimum_coverage_in_use() {
            return Ok(());
        }
        for child in self.structure.children(group) {
            if self.groups[child].index.is_some() {
                self.groups[child].share = self.structure.groups[child].weight / present;
            }
        }
        for place in self.structure.groups[group].places.clone() {
            let Place { entity, weight, .. } = self.structure.places[place];
            self.shares[place] = if self.tally.indices[entity].is_some() { weight / present } else { 0.0 };
        }
        self.groups[group].index = Some(self.index_from_members(group, coefficients)?);
        Ok(())
    }

    /// `coefficients` is all 0, by entity, and is left so.
    fn index_from_members(&self, group: usize, coefficients: &mut [f64]) -> Result<Index> {
        let (mut value, mut lowest, mut highest, mut count) = (0.0, f64::INFINITY, f64::NEG_INFINITY, 0);
        for (member, share) in self.present(group) {
            let Some(index) = self.index_of(member) else { continue };
            value += share * index.value();
            lowest = index.value().min(lowest);
            highest = index.value().max(highest);
            count += 1;
        }
        // Rounding must not carry a mean past its parts.
        let value = value.clamp(lowest, highest);
        self.add_coefficients(Node::Group(group), 1.0, coefficients);
        let (mut n, mut variance) = (0.0, Some(0.0));
        for place in &self.structure.places[self.structure.places_below(group)] {
            let coefficient = std::mem::take(&mut coefficients[place.entity]);
            let Some(index) = self.tally.indices[place.entity].as_ref().filter(|_| coefficient > 0.0) else { continue };
            n += index.n();
            let square = index.std_error().map(|error| (coefficient * error).powi(2));
            variance = variance.zip(square).map(|(sum, square)| sum + square);
        }
        let index = Index::new(value, n, format!("weighted mean of {count} members"))?;
        match variance {
            None => Ok(index),
            Some(variance) => {
                index.with_std_error(variance.sqrt())?.with_normal_interval(self.aggregation.confidence_in_use())
            }
        }
    }

    /// The members of a group that have an index, with their shares.
    pub(super) fn present(&self, group: usize) -> impl Iterator<Item = (Node, f64)> {
        let places = self.structure.groups[group].places.clone();
        let entity = |place: usize| (Node::Entity(self.structure.places[place].entity), self.shares[place]);
        self.structure
            .children(group)
            .map(|child| (Node::Group(child), self.groups[child].share))
            .chain(places.map(entity))
            .filter(|(member, _)| self.index_of(*member).is_some())
    }

    pub(super) fn index_of(&self, node: Node) -> Option<&Index> {
        match node {
            Node::Group(at) => self.groups[at].index.as_ref(),
            Node::Entity(at) => self.tally.indices[at].as_ref(),
        }
    }

    fn coverage_of(&self, node: Node) -> f64 {
        match node {
            Node::Group(at) => self.groups[at].coverage,
            Node::Entity(at) => f64::from(self.tally.indices[at].is_some()),
        }
    }

    /// The structure that was filled.
    pub fn structure(&self) -> &Structure {
        &self.structure
    }

    /// The confidence level of the intervals.
    pub fn confidence(&self) -> Confidence {
        self.aggregation.confidence_in_use()
    }

    /// The index of the whole.
    ///
    /// # Errors
    ///
    /// When too little of it was measured.
    pub fn total(&self) -> Result<&Index> {
        self.index(self.structure.whole())
    }

    /// The index of a group or an entity.
    ///
    /// # Errors
    ///
    /// An unknown name; one without an index.
    pub fn index(&self, name: &str) -> Result<&Index> {
        let index = self.index_of(self.structure.node(name)?);
        index.ok_or_else(|| ErrorKind::Missing { what: "index", name: name.into() }.into())
    }

    /// The members of a group that have an index, with it and with their shares, which sum to 1.
    ///
    /// # Errors
    ///
    /// An unknown group.
    pub fn members(&self, group: &str) -> Result<Vec<(&str, &Index, f64)>> {
        let group = self.structure.group_at(group)?;
        let member = |(node, share)| Some((self.structure.name(node), self.index_of(node)?, share));
        Ok(self.present(group).filter_map(member).collect())
    }

    /// The share of a group's weight, from 0 to 1, that was measured, through all levels below it.
    ///
    /// # Errors
    ///
    /// An unknown group.
    pub fn coverage(&self, group: &str) -> Result<f64> {
        Ok(self.groups[self.structure.group_at(group)?].coverage)
    }

    /// The entities without an index.
    pub fn absent(&self) -> impl Iterator<Item = &str> {
        let names = self.structure.entities.iter();
        names.zip(&self.tally.indices).filter(|(_, index)| index.is_none()).map(|(name, _)| name.as_str())
    }

    /// The weight of each entity in the index of a group: flattened, the structure gives the same index.
    ///
    /// # Errors
    ///
    /// An unknown group; one without an index.
    pub fn entity_weights(&self, group: &str) -> Result<Weights> {
        let at = self.structure.group_at(group)?;
        self.index(group)?;
        let mut coefficients = vec![0.0; self.tally.indices.len()];
        self.add_coefficients(Node::Group(at), 1.0, &mut coefficients);
        let present = || self.tally.indices.iter().enumerate().filter(|(_, index)| index.is_some()).map(|(at, _)| at);
        let present = || present().filter(|entity| coefficients[*entity] > 0.0);
        let names = present().map(|entity| self.structure.entities[entity].as_str());
        Weights::normalised(names, present().map(|entity| coefficients[entity]))
    }

    /// Adds to each entity its coefficient in the index of a node, Iᴺ = Σ cₑ Iₑ, times a factor.
    pub(super) fn add_coefficients(&self, node: Node, factor: f64, sums: &mut [f64]) {
        match node {
            Node::Entity(at) => sums[at] += factor,
            Node::Group(group) => {
                for place in self.structure.groups[group].places.clone() {
                    sums[self.structure.places[place].entity] += factor * self.shares[place];
                }
                for child in self.structure.children(group).filter(|child| self.groups[*child].index.is_some()) {
                    self.add_coefficients(Node::Group(child), factor * self.groups[child].share, sums);
                }
            }
        }
    }

    /// Replicates of a group's index, when the entities came with theirs: see [`Aggregation::bootstrap`].
    ///
    /// # Errors
    ///
    /// An unknown group; one without an index or without replicates.
    pub fn replicates(&self, group: &str) -> Result<Vec<f64>> {
        let at = self.structure.group_at(group)?;
        self.index(group)?;
        if self.tally.resamples == 0 {
            return Err(ErrorKind::Missing { what: "bootstrap replicates", name: group.into() }.into());
        }
        let mut replicates = vec![0.0; self.tally.resamples];
        self.add_replicates(at, 1.0, &mut replicates);
        Ok(replicates)
    }

    /// Adds a group's replicates, times a factor.
    fn add_replicates(&self, group: usize, factor: f64, replicates: &mut [f64]) {
        let present: f64 = self
            .structure
            .members(group)
            .filter(|(member, _)| self.index_of(*member).is_some())
            .map(|(_, weight)| weight)
            .sum();
        let sums = &self.tally.sums[group * replicates.len()..][..replicates.len()];
        replicates.iter_mut().zip(sums).for_each(|(replicate, sum)| *replicate += factor * sum / present);
        for child in self.structure.children(group).filter(|child| self.groups[*child].index.is_some()) {
            self.add_replicates(child, factor * self.groups[child].share, replicates);
        }
    }

    /// The percentile interval of a group's index from its replicates, at the confidence level of the aggregation.
    ///
    /// # Errors
    ///
    /// As for [`Aggregated::replicates`].
    pub fn percentile_interval(&self, group: &str) -> Result<Interval> {
        let mut replicates = self.replicates(group)?;
        let tail = self.confidence().tail();
        let lower = describe::quantile(&mut replicates, tail);
        Interval::new(lower, describe::quantile(&mut replicates, 1.0 - tail), self.confidence())
    }

    /// The groups as a tree, with their weights, indices, standard errors, intervals and coverage.
    pub fn table(&self) -> Table {
        let (tree, groups) = (&self.structure.tree, || self.groups.iter());
        let bound = |bound: fn(&Interval) -> f64| {
            groups().map(move |group| group.index.as_ref()?.interval().as_ref().map(bound))
        };
        let percent = 100.0 * self.confidence().level();
        let table = Table::new(format!("{} ({percent} % intervals)", self.structure.whole()))
            .column(Column::tree("", tree.names().enumerate().map(|(at, name)| (tree.depth(at), name))))
            .column(Column::number("weight", groups().map(|group| group.share)).decimals(3))
            .column(Column::number("index", groups().map(|group| group.index.as_ref().map(Index::value))).decimals(2))
            .column(Column::number("std. error", groups().map(|group| group.index.as_ref()?.std_error())).decimals(2))
            .column(Column::number("lower", bound(Interval::lower)).decimals(2))
            .column(Column::number("upper", bound(Interval::upper)).decimals(2))
            .column(Column::number("n", groups().map(|group| group.index.as_ref().map(Index::n))).decimals(0))
            .column(Column::number("coverage", groups().map(|group| group.coverage)).decimals(3));
        match self.absent().count() {
            0 => table,
            absent => table.note(format!("{absent} of {} entities have no index", self.tally.indices.len())),
        }
    }
}

impl fmt::Display for Aggregated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

#[cfg(feature = "serde")]
mod raw {
    use super::{Aggregated, Aggregation, ErrorKind, Faults, Index, Result, Structure, Tally};
    use crate::error::Error;
    use crate::numeric::check;

    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Raw {
        structure: Structure,
        aggregation: Aggregation,
        entities: Vec<Member>,
        /// For readers; made anew from the entities.
        #[serde(default)]
        groups: Vec<Member>,
        #[serde(default, skip_serializing_if = "no_resamples")]
        resamples: usize,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        sums_of_replicates: Vec<f64>,
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    fn no_resamples(resamples: &usize) -> bool {
        *resamples == 0
    }

    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Member {
        name: String,
        index: Option<Index>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        coverage: Option<f64>,
    }

    impl From<Aggregated> for Raw {
        fn from(result: Aggregated) -> Self {
            let groups = result.structure.groups().zip(&result.groups);
            let groups = groups
                .map(|(name, group)| Member {
                    name: name.into(),
                    index: group.index.clone(),
                    coverage: Some(group.coverage),
                })
                .collect();
            let names = result.structure.entities().iter().cloned();
            let entities =
                names.zip(result.tally.indices).map(|(name, index)| Member { name, index, coverage: None }).collect();
            Self {
                entities,
                groups,
                resamples: result.tally.resamples,
                sums_of_replicates: result.tally.sums,
                structure: result.structure,
                aggregation: result.aggregation,
            }
        }
    }

    impl TryFrom<Raw> for Aggregated {
        type Error = Error;

        fn try_from(raw: Raw) -> Result<Self> {
            let mut tally = Tally::new(&raw.structure, 0)?;
            let mut faults = Faults::default();
            for Member { name, index, .. } in raw.entities {
                match raw.structure.entity_at(&name) {
                    Ok(at) if tally.indices[at].is_some() => {
                        faults.note(|| ErrorKind::Duplicate { what: "index of", name });
                    }
                    Ok(at) => tally.indices[at] = index,
                    Err(fault) => faults.note(|| fault),
                }
            }
            faults.or(())?;
            let sums = raw.structure.groups.len().saturating_mul(raw.resamples);
            check::length(raw.sums_of_replicates.len(), sums, || "the list of sums of replicates".into())?;
            let tally = Tally { resamples: raw.resamples, sums: raw.sums_of_replicates, ..tally };
            tally.verify()?;
            Self::new(raw.structure, raw.aggregation, tally)
        }
    }
}
