//! All cells at all levels: each place, group and region, in each period, in each channel and in all together.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::aggregate::cube::figures::NodeFigures;
use crate::aggregate::cube::layout::{Layout, Place};
use crate::aggregate::cube::select::{indices, merged, weighted};
use crate::aggregate::cube::spec::Pooling;
use crate::aggregate::cube::sums::{CellSums, Settled};
use crate::aggregate::cube::{Cube, Key};
use crate::error::Result;
use crate::numeric::parallel;
use crate::survey::Period;

/// What kind of place a cell is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Level {
    /// A group, so many levels below the whole.
    Group(usize),
    /// An entity.
    Entity,
    /// A region.
    Region,
}

/// Which cell of a [`Cube`], at any level.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct CellKey {
    period: Option<Period>,
    level: Level,
    place: String,
    labels: Vec<Option<String>>,
}

impl CellKey {
    /// The period; `None` in a cube without periods.
    pub fn period(&self) -> Option<&Period> {
        self.period.as_ref()
    }

    /// What kind of place it is.
    pub fn level(&self) -> Level {
        self.level
    }

    /// The place.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// By further grouping its label; `None` where all are taken together.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.labels.iter().map(Option::as_deref)
    }
}

/// A cell with the figures of its nodes: value, standard error and n.
pub(super) type Row = (CellKey, Vec<Option<NodeFigures>>);

/// By grouping, a label or all.
type Labels = Vec<Option<usize>>;

/// The sums of the entities that have respondents.
type Entities<'a> = BTreeMap<usize, Cow<'a, CellSums>>;

impl Cube {
    /// Every cell that somebody is in, with the figures of every node: periods in order of time, then the labels of the
    /// groupings with "all" last, then groups from the whole down, entities and regions.
    ///
    /// # Errors
    ///
    /// Counts that cannot be added up.
    pub(super) fn grid(&self) -> Result<impl Iterator<Item = Row>> {
        let mut order: Vec<usize> = (0..self.periods.len().max(1)).collect();
        order.sort_by(|one, other| self.periods.get(*one).cmp(&self.periods.get(*other)));
        let mut rows = Vec::new();
        for period in order {
            rows.extend(self.slice(period)?);
        }
        Ok(rows.into_iter())
    }

    /// Calls a function with every cell that somebody is in and with every node that has an index there: periods in order of
    /// time, then the labels of the groupings with all together last, then groups from the whole down, entities and
    /// regions.
    ///
    /// # Errors
    ///
    /// Sums that were read from elsewhere and cannot be added up.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # fn run(cube: &satindex::aggregate::cube::Cube) -> Result<(), satindex::Error> {
    /// cube.cells(|cell, node, index| println!("{} {node}: {:.1}", cell.place(), index.value()))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn cells(&self, mut each: impl FnMut(&CellKey, &str, &NodeFigures)) -> Result<()> {
        for (key, figures) in self.grid()? {
            for (node, figures) in self.layout.nodes.iter().zip(figures) {
                if let Some(figures) = figures {
                    each(&key, &node.name, &figures);
                }
            }
        }
        Ok(())
    }

    /// All cells of one period.
    fn slice(&self, period: usize) -> Result<Vec<Row>> {
        let mut by_labels: Vec<(Labels, Entities<'_>)> = self.combinations(period)?.into_iter().collect();
        // In the order of their texts, which does not depend on that of the rows; all together come last.
        let text = |(at, known): (&Option<usize>, &Vec<String>)| (at.is_none(), at.map(|at| known[at].clone()));
        by_labels.sort_by_cached_key(|(labels, _)| labels.iter().zip(&self.labels).map(text).collect::<Vec<_>>());
        let rows = parallel::map(by_labels.len(), |at| {
            let (labels, entities) = &by_labels[at];
            self.places(period, labels, entities)
        });
        Ok(rows.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// The entities in each combination of labels, with all labels of a grouping together besides.
    fn combinations(&self, period: usize) -> Result<BTreeMap<Labels, Entities<'_>>> {
        let mut all: BTreeMap<Labels, Entities<'_>> = BTreeMap::new();
        let first = Key { period, place: 0, labels: Vec::new() };
        let next = Key { period: period + 1, place: 0, labels: Vec::new() };
        for (key, sums) in self.cells.range(first..next).filter(|(_, sums)| sums.rows > 0) {
            let labels = key.labels.iter().copied().map(Some).collect();
            all.entry(labels).or_default().insert(key.place, Cow::Borrowed(sums));
        }
        for grouping in 0..self.labels.len() {
            let mut together: BTreeMap<Labels, Entities<'_>> = BTreeMap::new();
            for (labels, entities) in &all {
                let mut labels = labels.clone();
                labels[grouping] = None;
                let into = together.entry(labels).or_default();
                for (entity, sums) in entities {
                    match into.get_mut(entity) {
                        Some(own) => own.to_mut().merge(sums)?,
                        None => drop(into.insert(*entity, sums.clone())),
                    }
                }
            }
            all.extend(together);
        }
        Ok(all)
    }

    /// The cells of all places of one period and one combination of labels.
    fn places(&self, period: usize, labels: &Labels, entities: &Entities<'_>) -> Result<Vec<Row>> {
        let layout = &self.layout;
        let structure = &layout.spec.places;
        let key = |level: Level, place: Place| CellKey {
            period: self.periods.get(period).cloned(),
            level,
            place: layout.place_name(place).into(),
            labels: labels.iter().zip(&self.labels).map(|(at, known)| at.map(|at| known[at].clone())).collect(),
        };
        let mut rows = Vec::new();
        for (group, figures) in groups(layout, entities)? {
            rows.push((key(Level::Group(structure.tree.depth(group)), Place::Group(group)), figures));
        }
        for (entity, sums) in entities {
            rows.push((key(Level::Entity, Place::Entity(*entity)), figures(layout, sums)));
        }
        for region in 0..layout.regions.len() {
            let inside = layout.regions[region].iter().filter_map(|entity| entities.get(entity));
            let Some(sums) = merged(inside.map(|sums| &**sums))? else { continue };
            let figures = match layout.spec.pooling {
                Pooling::Respondents => figures(layout, &sums),
                Pooling::Places => figures_of_places(layout, entities, Place::Region(region))?,
            };
            rows.push((key(Level::Region, Place::Region(region)), figures));
        }
        Ok(rows)
    }
}

/// The figures of the nodes in some sums.
fn figures(layout: &Layout, sums: &CellSums) -> Vec<Option<NodeFigures>> {
    let settled = sums.settle(layout);
    (0..layout.nodes.len()).map(|at| settled.figures(at)).collect()
}

/// The figures of each group that somebody is in, the whole first.
fn groups(layout: &Layout, entities: &Entities<'_>) -> Result<Vec<(usize, Vec<Option<NodeFigures>>)>> {
    match layout.spec.pooling {
        Pooling::Places => averaged_groups(layout, entities),
        Pooling::Respondents => pooled_groups(layout, entities),
    }
}

/// Groups whose respondents are taken together: each from its own entities and the groups in it.
fn pooled_groups(layout: &Layout, entities: &Entities<'_>) -> Result<Vec<(usize, Vec<Option<NodeFigures>>)>> {
    let structure = &layout.spec.places;
    // An entity in several groups counts once in what holds them all, so that group is not the sum of its parts.
    let shared = structure.places.len() > structure.entities().len();
    let mut sums: Vec<Option<CellSums>> = vec![None; structure.tree.len()];
    for group in (0..structure.tree.len()).rev() {
        let (own, parts) = if shared {
            (structure.entities_below(group), Vec::new())
        } else {
            let own = structure.places[structure.groups[group].places.clone()].iter().map(|place| place.entity);
            (own.collect(), structure.children(group).collect())
        };
        let own = own.iter().filter_map(|entity| entities.get(entity)).map(|sums| &**sums);
        let parts = parts.iter().filter_map(|part: &usize| sums[*part].as_ref());
        let all = merged(parts.chain(own))?.map(Cow::into_owned);
        sums[group] = all;
    }
    let found = sums.iter().enumerate().filter_map(|(group, sums)| Some((group, sums.as_ref()?)));
    Ok(found.map(|(group, sums)| (group, figures(layout, sums))).collect())
}

/// Groups whose places are averaged with their weights.
fn averaged_groups(layout: &Layout, entities: &Entities<'_>) -> Result<Vec<(usize, Vec<Option<NodeFigures>>)>> {
    let structure = &layout.spec.places;
    let settled: BTreeMap<usize, Settled<'_>> = entities.iter().map(|(at, sums)| (*at, sums.settle(layout))).collect();
    let mut groups = vec![vec![None; layout.nodes.len()]; structure.tree.len()];
    for node in 0..layout.nodes.len() {
        let present = indices(layout, &settled, node)?;
        if present.is_empty() {
            continue;
        }
        let aggregated = crate::aggregate::Aggregation::new().aggregate(structure, present)?;
        for (group, name) in structure.groups().enumerate() {
            groups[group][node] = aggregated.index(name).ok().map(NodeFigures::from);
        }
    }
    Ok(groups.into_iter().enumerate().filter(|(_, figures)| figures.iter().any(Option::is_some)).collect())
}

fn figures_of_places(layout: &Layout, entities: &Entities<'_>, place: Place) -> Result<Vec<Option<NodeFigures>>> {
    let settled: BTreeMap<usize, Settled<'_>> = entities.iter().map(|(at, sums)| (*at, sums.settle(layout))).collect();
    let cell = weighted(String::new(), layout, &settled, place)?;
    Ok(cell.nodes.iter().map(|node| node.index.as_ref().map(NodeFigures::from)).collect())
}
