//! The index of every indicator, in every place, period and channel: one object from one pass over the answers.
//!
//! A [`CubeSpec`] says what is to be held, a [`Cube`] holds it. The cube streams (an answer sheet at a time), merges (of
//! parts that were gathered on several machines) and serialises; its memory grows with the cells that are not empty.
//!
//! | question | method | result |
//! |---|---|---|
//! | What is the index of each node in one place, period, channel? | [`Cube::select`] … [`cell`](Selection::cell) | [`CubeCell`] |
//! | How do places compare, who ranks where? | [`Cube::select`] … [`aggregated`](Selection::aggregated) | [`Aggregated`](super::Aggregated) |
//! | How did a node run over the periods? | [`Cube::series`] | [`CubeSeries`] |
//! | Why did it change: scores or weights, and of which indicators? | [`NodeDecomposition::between`] | [`NodeDecomposition`] |
//! | Which drivers count where and when, and did that change? | [`DriverSearch::fit`] | [`Drivers`] |
//! | All of it as a table or a file? | [`Cube::cross_table`], [`Cube::cells`], [`Cube::write_long`], [`Cube::write_wide`] | |
//! | Top boxes, a structural model in a cell? | [`Selection::counts`], [`Selection::moments`] | `Counts`, `Moments` |

mod cell;
mod decomposition;
mod drivers;
mod figures;
mod grid;
mod intake;
mod layout;
#[cfg(feature = "serde")]
mod raw;
mod region;
mod select;
mod series;
mod spec;
mod sums;
mod text;

use std::collections::BTreeMap;

use crate::error::{ErrorKind, Result};
use crate::numeric::check;
use crate::survey::{Hierarchy, Period, Responses, outside_scale};

use intake::position_or_new;
use layout::Layout;
use sums::CellSums;

pub use cell::{CubeCell, NodeEstimate};
pub use decomposition::NodeDecomposition;
pub use drivers::{CellDrivers, Driver, DriverSearch, Drivers};
pub use figures::NodeFigures;
pub use grid::{CellKey, Level};
pub use region::Region;
pub use select::Selection;
pub use series::CubeSeries;
pub use spec::{Answered, CaseWeights, CubeSpec, Pooling};

/// The indices of all nodes of one or more hierarchies in every place × period × channel.
///
/// # Formula
///
/// In a cell, the index of an indicator is the position of its mean answer on its scale, and the index of a node is the
/// weighted mean of those of the indicators below it, I = Σ gⱼ Iⱼ. With Wⱼ the sum of the weights of those who answered
/// indicator j, x̄ⱼ their mean, bⱼ = ±100/range of its scale, and Cᵢⱼ = Σ w (xᵢ − x̄ᵢ)(xⱼ − x̄ⱼ) over those who answered both,
/// the covariance of the indices of two nodes with coefficients g and h is
///
/// f · Σᵢ Σⱼ gᵢ bᵢ hⱼ bⱼ Cᵢⱼ / (Wᵢ Wⱼ), f = W/(n − 1),
///
/// where W is the sum of the weights of the respondents of the node, and n is W, or Kish's effective number under sampling
/// weights; for two nodes f is the geometric mean of both. Where everybody answered everything this is the variance of
/// the mean of the respondents' own indices: that of a simple random sample, with the weights of the tree taken as known.
/// Cells of different respondents are independent.
///
/// # Examples
///
/// ```
/// use satindex::Weights;
/// use satindex::aggregate::Structure;
/// use satindex::aggregate::cube::CubeSpec;
/// use satindex::survey::{Hierarchy, Indicator, Questionnaire, Responses, Scale};
///
/// let tree = Hierarchy::builder("service", Weights::new(["speed", "skill"], [0.75, 0.25])?).build()?;
/// let question = |name: &str| Ok::<_, satindex::Error>(Indicator::new(name)?.with_scale(Scale::ONE_TO_FIVE));
/// let questionnaire = Questionnaire::new([question("speed")?, question("skill")?])?;
/// let places = Structure::builder("all").entity("north", "all", 1.0).entity("south", "all", 1.0).build()?;
/// let answers = [[5.0, 4.0], [4.0, 4.0], [2.0, 3.0], [3.0, 5.0]].map(|row| row.map(Some));
/// let responses = Responses::from_rows(["speed", "skill"], answers)?
///     .with_group("shop", ["north", "north", "south", "north"])?
///     .with_group("quarter", ["2026Q1", "2026Q1", "2026Q1", "2026Q2"])?;
///
/// let cube = CubeSpec::new(tree, questionnaire, places).place("shop").period("quarter").collect(&responses)?;
/// let first = cube.select().period("2026Q1".parse()?).place("north").cell()?;
/// assert_eq!(first.index("speed")?.value(), 87.5);
/// assert_eq!(first.index("service")?.value(), 0.75 * 87.5 + 0.25 * 75.0);
/// assert_eq!(cube.select().cell()?.index("skill")?.n(), 4.0);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("OLAP", "data cube", "cross-tabulation"))]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "raw::Raw", into = "raw::Raw")
)]
pub struct Cube {
    layout: Layout,
    /// In the order in which they came; without a column of periods there is none.
    periods: Vec<Period>,
    /// By grouping, the labels in the order in which they came.
    labels: Vec<Vec<String>>,
    cells: BTreeMap<Key, CellSums>,
    unplaced: usize,
}

/// Where a cell lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// 0 where there are no periods.
    period: usize,
    /// The entity.
    place: usize,
    /// By grouping.
    labels: Vec<usize>,
}

impl CubeSpec {
    /// A cube without answers.
    ///
    /// # Errors
    ///
    /// All that is wrong with the specification: an indicator that the questionnaire lacks, or one without a scale; a node
    /// in two trees; a column that is named twice; a region with an unknown member, or with the name of another place.
    pub fn start(&self) -> Result<Cube> {
        let layout = Layout::new(self.clone())?;
        let labels = vec![Vec::new(); self.groupings.len()];
        Ok(Cube { layout, periods: Vec::new(), labels, cells: BTreeMap::new(), unplaced: 0 })
    }

    /// A cube of these answers.
    ///
    /// # Errors
    ///
    /// As for [`CubeSpec::start`] and [`Cube::add`].
    pub fn collect(&self, responses: &Responses) -> Result<Cube> {
        let mut cube = self.start()?;
        cube.add(responses)?;
        Ok(cube)
    }
}

impl Cube {
    /// Takes in one respondent: the place, the period (where the cube has periods), a label for each further grouping, an
    /// answer or none for each of [`Cube::indicators`], and the weight.
    ///
    /// # Errors
    ///
    /// A place that is no entity; a period where there are none, or none where there are; a blank label, or another number
    /// of them than of groupings; another number of answers than of indicators; an answer outside its scale; a weight that
    /// is not positive. The cube is then as it was.
    pub fn push(
        &mut self,
        place: &str,
        period: Option<&Period>,
        labels: &[&str],
        answers: &[Option<f64>],
        weight: f64,
    ) -> Result<()> {
        check::length(labels.len(), self.labels.len(), || "the list of labels".into())?;
        check::length(answers.len(), self.layout.indicators.len(), || "the list of answers".into())?;
        check::positive(check::weight(weight, || "the weight".into())?, || "the weight".into())?;
        if period.is_some() != self.layout.spec.period.is_some() {
            let reason =
                if period.is_some() { "the cube has no periods" } else { "the cube has periods; none is given" };
            return Err(ErrorKind::Mismatch { place: "the period".into(), reason: reason.into() }.into());
        }
        if let Some(period) = period {
            self.comparable(std::slice::from_ref(period))?;
        }
        for (label, column) in labels.iter().zip(&self.layout.spec.groupings) {
            if label.trim().is_empty() {
                return Err(ErrorKind::Empty { place: format!("the label of `{column}`") }.into());
            }
        }
        for ((answer, indicator), scale) in answers.iter().zip(&self.layout.indicators).zip(&self.layout.scales) {
            if let Some(answer) = answer.filter(|answer| !scale.contains(*answer)) {
                return Err(outside_scale(self.rows(), indicator.name(), *scale, answer, 1).into());
            }
        }
        let place = self.layout.spec.places.entity_at(place)?;
        let period = period.map_or(0, |period| position_or_new(&mut self.periods, period));
        let known = self.labels.iter_mut().zip(labels);
        let labels = known.map(|(known, label)| position_or_new(known, &(*label).to_owned())).collect();
        let row: Vec<f64> = answers.iter().map(|answer| answer.unwrap_or(f64::NAN)).collect();
        let cell = self.cells.entry(Key { period, place, labels }).or_insert_with(|| CellSums::new(&self.layout));
        cell.push(&self.layout, &row, weight)
    }

    /// Checks that all periods together are of one kind, and no wave has two names.
    fn comparable(&self, periods: &[Period]) -> Result<()> {
        Period::in_order(self.periods.iter().chain(periods)).map(drop)
    }

    /// Takes in what another cube of the same specification holds.
    ///
    /// # Errors
    ///
    /// A cube of another specification; periods that cannot be ordered together. The cube is then as it was.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if self.layout != other.layout {
            let reason = "it has another specification (trees, questionnaire, places, columns, regions or options)";
            return Err(ErrorKind::Mismatch { place: "the other cube".into(), reason: reason.into() }.into());
        }
        self.comparable(&other.periods)?;
        for (key, sums) in &other.cells {
            let period = other.periods.get(key.period).map_or(0, |period| position_or_new(&mut self.periods, period));
            let labels = key.labels.iter().enumerate();
            let labels = labels.map(|(at, label)| position_or_new(&mut self.labels[at], &other.labels[at][*label]));
            let key = Key { period, place: key.place, labels: labels.collect() };
            self.take(key, sums.clone())?;
        }
        self.unplaced += other.unplaced;
        Ok(())
    }

    fn take(&mut self, key: Key, sums: CellSums) -> Result<()> {
        if let Some(cell) = self.cells.get_mut(&key) {
            return cell.merge(&sums);
        }
        self.cells.insert(key, sums);
        Ok(())
    }

    /// The specification.
    pub fn spec(&self) -> &CubeSpec {
        &self.layout.spec
    }

    /// The names of the indicators that are summed: the leaves of all trees, each once.
    pub fn indicators(&self) -> impl ExactSizeIterator<Item = &str> {
        self.layout.indicators.iter().map(crate::survey::Indicator::name)
    }

    /// The names of all nodes, tree by tree, each before those below it.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.layout.nodes.iter().map(|node| node.name.as_str())
    }

    /// The periods in order of time.
    pub fn periods(&self) -> Vec<Period> {
        let mut periods = self.periods.clone();
        periods.sort_unstable();
        periods
    }

    /// The labels of a further grouping, in the order in which they came.
    ///
    /// # Errors
    ///
    /// An unknown grouping.
    pub fn labels(&self, grouping: &str) -> Result<&[String]> {
        Ok(&self.labels[self.grouping(grouping)?])
    }

    fn grouping(&self, name: &str) -> Result<usize> {
        check::position(&self.layout.spec.groupings, name, "grouping")
    }

    /// How many respondents count in some cell.
    pub fn rows(&self) -> usize {
        self.cells.values().map(|cell| cell.rows).sum()
    }

    /// How many respondents are left out because of missing answers.
    pub fn rows_left_out(&self) -> usize {
        self.cells.values().map(|cell| cell.left_out).sum()
    }

    /// How many respondents are in no cell because their place, period or a label is blank.
    pub fn rows_unplaced(&self) -> usize {
        self.unplaced
    }

    /// The leaves of the trees that somebody answered in each of some periods, for [`Hierarchy::restrict`].
    ///
    /// # Errors
    ///
    /// A period that the cube does not have.
    pub fn leaves_in_all(&self, periods: &[Period]) -> Result<Vec<&str>> {
        let mut answered = vec![true; self.layout.indicators.len()];
        for period in periods {
            let sums = self.select().period(period.clone()).sums()?;
            let settled = sums.settle(&self.layout);
            answered.iter_mut().enumerate().for_each(|(at, answered)| *answered &= settled.is_answered(at));
        }
        Ok(self.indicators().zip(answered).filter(|(_, answered)| *answered).map(|(name, _)| name).collect())
    }

    /// The trees.
    pub fn trees(&self) -> &[Hierarchy] {
        &self.layout.spec.trees
    }
}
