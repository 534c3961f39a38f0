//! Some cells of a cube, taken together.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::aggregation::Aggregation;
use crate::aggregate::cube::cell::CubeCell;
use crate::aggregate::cube::figures::NodeFigures;
use crate::aggregate::cube::layout::{Layout, Place};
use crate::aggregate::cube::spec::Pooling;
use crate::aggregate::cube::sums::{CellSums, Settled};
use crate::aggregate::cube::{Cube, Key};
use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::numeric::check;
use crate::survey::{Counts, Moments, Period};

/// Some cells of a [`Cube`]: those of the periods, the place and the labels that are asked for, or all.
///
/// Several periods, or several labels of one grouping, are taken together, and so is all that is not asked for.
#[derive(Debug, Clone)]
#[must_use = "a selection does nothing until it is read"]
pub struct Selection<'a> {
    cube: &'a Cube,
    place: Option<String>,
    periods: Vec<Period>,
    labels: Vec<(String, String)>,
}

impl Cube {
    /// Begins a selection with all cells.
    pub fn select(&self) -> Selection<'_> {
        Selection { cube: self, place: None, periods: Vec::new(), labels: Vec::new() }
    }
}

impl<'a> Selection<'a> {
    /// An entity, a group or a region.
    pub fn place(self, name: impl Into<String>) -> Self {
        Self { place: Some(name.into()), ..self }
    }

    /// A period; another call takes one more.
    pub fn period(mut self, period: Period) -> Self {
        self.periods.push(period);
        self
    }

    /// A label of a further grouping, such as one of the channels; another call takes one more.
    pub fn label(mut self, grouping: impl Into<String>, label: impl Into<String>) -> Self {
        self.labels.push((grouping.into(), label.into()));
        self
    }

    /// The index of every node, with the covariances between them.
    ///
    /// # Errors
    ///
    /// An unknown place, period, grouping or label; a selection without a respondent.
    pub fn cell(&self) -> Result<CubeCell> {
        let (layout, place) = (&self.cube.layout, self.at()?);
        if layout.spec.pooling == Pooling::Respondents || matches!(place, Place::Entity(_)) {
            let sums = self.sums()?;
            return CubeCell::of(self.title(), layout, &sums.settle(layout));
        }
        self.cells()?;
        // The weights of places in a region are those in the whole, so that all places are needed.
        let sums = Self { place: None, ..self.clone() }.by_entity()?;
        let settled: BTreeMap<usize, Settled<'_>> = sums.iter().map(|(at, sums)| (*at, sums.settle(layout))).collect();
        weighted(self.title(), layout, &settled, place)
    }

    /// The index of a node in each entity of the structure, carried up to its groups with their weights: for
    /// [`Comparison`](crate::aggregate::Comparison), [`Ranking`](crate::aggregate::Ranking),
    /// [`Chain`](crate::aggregate::Chain) and [`Decomposition`](crate::aggregate::Decomposition).
    ///
    /// # Errors
    ///
    /// As for [`Selection::cell`]; an unknown node; no entity in which the node has an index.
    pub fn aggregated(&self, node: &str, aggregation: Aggregation) -> Result<Aggregated> {
        let layout = &self.cube.layout;
        let node = layout.node(node)?;
        let sums = self.by_entity()?;
        let settled: BTreeMap<usize, Settled<'_>> = sums.iter().map(|(at, sums)| (*at, sums.settle(layout))).collect();
        aggregation.aggregate(&layout.spec.places, indices(layout, &settled, node)?)
    }

    /// The counts of the answers to an indicator, from which come top boxes and net shares.
    ///
    /// # Errors
    ///
    /// As for [`Selection::cell`]; an unknown indicator; a cube that does not keep counts.
    pub fn counts(&self, indicator: &str) -> Result<Counts> {
        let at = check::position(&self.cube.indicators().collect::<Vec<_>>(), indicator, "indicator")?;
        let sums = self.sums()?;
        let unsupported = || {
            let reason = "the cube does not keep them; ask for it with `CubeSpec::counts`".into();
            ErrorKind::Unsupported { place: "the counts of answers".into(), reason }
        };
        sums.counts.get(at).cloned().ok_or_else(|| unsupported().into())
    }

    /// The moments of the indicators over the respondents who answered all of them: a structural model is fitted to them.
    ///
    /// # Errors
    ///
    /// As for [`Selection::cell`].
    pub fn moments(&self) -> Result<Moments> {
        let sums = self.sums()?;
        let rows = sums.complete_rows;
        let others = sums.rows - rows + sums.left_out;
        Moments::from_answers(self.cube.layout.indicators.clone(), sums.complete.clone(), [rows, others, 0, 0])
    }

    /// The place that is asked for, or the whole.
    fn at(&self) -> Result<Place> {
        self.place.as_ref().map_or(Ok(Place::Group(0)), |name| self.cube.layout.place(name))
    }

    /// The cells that are asked for.
    fn cells(&self) -> Result<Vec<(&'a Key, &'a CellSums)>> {
        let cube = self.cube;
        let entities = cube.layout.entities(self.at()?);
        let mut periods = Vec::new();
        for period in &self.periods {
            let at = cube.periods.iter().position(|known| known == period);
            periods.push(at.ok_or_else(|| check::unknown(&period.to_string(), "period"))?);
        }
        let mut labels: Vec<Vec<usize>> = vec![Vec::new(); cube.labels.len()];
        for (grouping, label) in &self.labels {
            let at = cube.grouping(grouping)?;
            let label = check::position(&cube.labels[at], label, "label");
            labels[at].push(label.map_err(|fault| fault.within(format!("grouping `{grouping}`")))?);
        }
        let among = |asked: &[usize], at: usize| asked.is_empty() || asked.contains(&at);
        let asked = |(key, _): &(&Key, &CellSums)| {
            among(&periods, key.period)
                && entities.binary_search(&key.place).is_ok()
                && labels.iter().zip(&key.labels).all(|(asked, at)| among(asked, *at))
        };
        let cells: Vec<_> = cube.cells.iter().filter(asked).collect();
        if cells.iter().all(|(_, sums)| sums.rows == 0) {
            let left_out: usize = cells.iter().map(|(_, sums)| sums.left_out).sum();
            let reason =
                if left_out > 0 { format!("; {left_out} respondents left something out") } else { String::new() };
            return Err(ErrorKind::Empty { place: format!("the cell of {}{reason}", self.title()) }.into());
        }
        Ok(cells)
    }

    /// The sums of all respondents who are asked for.
    pub(super) fn sums(&self) -> Result<Cow<'a, CellSums>> {
        merged(self.cells()?.into_iter().map(|(_, sums)| sums))?
            .ok_or_else(|| ErrorKind::Empty { place: format!("the cell of {}", self.title()) }.into())
    }

    /// The same by entity.
    fn by_entity(&self) -> Result<BTreeMap<usize, Cow<'a, CellSums>>> {
        let mut entities: BTreeMap<usize, Vec<&'a CellSums>> = BTreeMap::new();
        for (key, sums) in self.cells()? {
            entities.entry(key.place).or_default().push(sums);
        }
        let mut merged_by_entity = BTreeMap::new();
        for (entity, sums) in entities {
            if let Some(sums) = merged(sums.into_iter())?.filter(|sums| sums.rows > 0) {
                merged_by_entity.insert(entity, sums);
            }
        }
        Ok(merged_by_entity)
    }

    /// The selection in words.
    pub(super) fn title(&self) -> String {
        let periods: Vec<String> = self.periods.iter().map(ToString::to_string).collect();
        let mut parts = vec![self.place.clone().unwrap_or_else(|| self.cube.layout.spec.places.whole().into())];
        if !periods.is_empty() {
            parts.push(periods.join(" and "));
        }
        parts.extend(self.labels.iter().map(|(grouping, label)| format!("{grouping} {label}")));
        parts.join(", ")
    }
}

/// Several sums as one; none of none.
pub(super) fn merged<'a>(sums: impl Iterator<Item = &'a CellSums>) -> Result<Option<Cow<'a, CellSums>>> {
    let mut all: Option<Cow<'a, CellSums>> = None;
    for sums in sums {
        match &mut all {
            None => all = Some(Cow::Borrowed(sums)),
            Some(all) => all.to_mut().merge(sums)?,
        }
    }
    Ok(all)
}

/// The index of a node in each entity that has one.
pub(super) fn indices<'a>(
    layout: &'a Layout,
    settled: &BTreeMap<usize, Settled<'_>>,
    node: usize,
) -> Result<Vec<(&'a str, Index)>> {
    let found = settled.iter().filter_map(|(entity, cell)| Some((entity, cell.figures(node)?)));
    found.map(|(entity, figures)| Ok((layout.place_name(Place::Entity(*entity)), figures.index()?))).collect()
}

/// The cell of a place whose entities are averaged with their weights: I = Σ cₑ Iₑ, and the covariance of two nodes is
/// Σ cₑ dₑ covₑ over the entities, which are independent of each other.
pub(super) fn weighted(
    title: String,
    layout: &Layout,
    settled: &BTreeMap<usize, Settled<'_>>,
    place: Place,
) -> Result<CubeCell> {
    let mut figures = Vec::with_capacity(layout.nodes.len());
    let mut shares = Vec::with_capacity(layout.nodes.len());
    for node in 0..layout.nodes.len() {
        let shares_of_node = shares_of(layout, settled, place, node)?;
        figures.push(average(settled, &shares_of_node, node));
        shares.push(shares_of_node);
    }
    CubeCell::new(title, layout, &figures, |one, other| {
        covariance(settled, (&shares[one], &shares[other]), (one, other))
    })
}

/// The weights of the entities in the index of a node, which sum to 1; none where the place has no index.
fn shares_of(
    layout: &Layout,
    settled: &BTreeMap<usize, Settled<'_>>,
    place: Place,
    node: usize,
) -> Result<BTreeMap<usize, f64>> {
    let inside = layout.entities(place);
    let present = indices(layout, settled, node)?;
    let structure = &layout.spec.places;
    let mut found = BTreeMap::new();
    if present.iter().all(|(name, _)| structure.entity_at(name).is_ok_and(|at| inside.binary_search(&at).is_err())) {
        return Ok(found);
    }
    let aggregated = Aggregation::new().aggregate(structure, present)?;
    let group = if let Place::Group(_) = place { layout.place_name(place) } else { structure.whole() };
    let Ok(weights) = aggregated.entity_weights(group) else { return Ok(found) };
    for (name, weight) in weights.iter() {
        let at = structure.entity_at(name)?;
        if inside.binary_search(&at).is_ok() {
            found.insert(at, weight);
        }
    }
    let sum: f64 = found.values().sum();
    for weight in found.values_mut() {
        *weight /= sum;
    }
    Ok(found)
}

/// Value, standard error and n of a weighted mean over entities, and its effective n.
fn average(
    settled: &BTreeMap<usize, Settled<'_>>,
    shares: &BTreeMap<usize, f64>,
    node: usize,
) -> (Option<NodeFigures>, f64) {
    let cells = || shares.iter().filter_map(|(at, share)| Some((settled.get(at)?, *share)));
    if shares.is_empty() {
        return (None, 0.0);
    }
    let value = cells().filter_map(|(cell, share)| Some(share * cell.value(node)?)).sum::<f64>().clamp(0.0, 100.0);
    let n = cells().map(|(cell, _)| cell.n(node)).sum();
    let effective_n = cells().map(|(cell, _)| cell.effective_n(node)).sum();
    let std_error = covariance(settled, (shares, shares), (node, node)).map(f64::sqrt);
    (Some(NodeFigures { value, std_error, n }), effective_n)
}

fn covariance(
    settled: &BTreeMap<usize, Settled<'_>>,
    (left, right): (&BTreeMap<usize, f64>, &BTreeMap<usize, f64>),
    (one, other): (usize, usize),
) -> Option<f64> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    let common = left.iter().filter_map(|(at, share)| Some((settled.get(at)?, share * right.get(at)?)));
    common.map(|(cell, product)| Some(product * cell.covariance(one, other)?)).sum()
}
