//! The form in which a cube is written and read.

use std::collections::BTreeSet;

use crate::aggregate::cube::layout::Layout;
use crate::aggregate::cube::spec::CubeSpec;
use crate::aggregate::cube::sums::{CellSums, Incomplete};
use crate::aggregate::cube::{Cube, Key};
use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::CentredSums;
use crate::numeric::pairwise::PairwiseSums;
use crate::survey::{Counts, Period};

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    spec: CubeSpec,
    periods: Vec<Period>,
    labels: Vec<Vec<String>>,
    unplaced: usize,
    cells: Vec<Cell>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    period: usize,
    place: String,
    labels: Vec<usize>,
    rows: usize,
    complete_rows: usize,
    left_out: usize,
    weight: f64,
    squares: f64,
    means: Vec<f64>,
    /// What the rounding took off the means.
    remainders: Vec<f64>,
    /// The lower triangle of the centred cross-products, row by row.
    products: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    incomplete: Option<Others>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    counts: Vec<Counts>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Others {
    pairs: PairwiseSums,
    nodes: Vec<[f64; 2]>,
}

impl From<Cube> for Raw {
    fn from(cube: Cube) -> Self {
        let cells = cube.cells.into_iter().map(|(key, sums)| {
            let size = sums.complete.means.len();
            let triangle = (0..size).flat_map(|i| (0..=i).map(move |j| (i, j)));
            Cell {
                period: key.period,
                place: cube.layout.spec.places.entities()[key.place].clone(),
                labels: key.labels,
                rows: sums.rows,
                complete_rows: sums.complete_rows,
                left_out: sums.left_out,
                weight: sums.complete.weight,
                squares: sums.squares,
                products: triangle.map(|at| sums.complete.products[at]).collect(),
                means: sums.complete.means,
                remainders: sums.complete.remainders,
                incomplete: sums.incomplete.map(|others| Others { pairs: others.pairs, nodes: others.nodes }),
                counts: sums.counts,
            }
        });
        let cells = cells.collect();
        Self { spec: cube.layout.spec, periods: cube.periods, labels: cube.labels, unplaced: cube.unplaced, cells }
    }
}

impl TryFrom<Raw> for Cube {
    type Error = Error;

    fn try_from(raw: Raw) -> Result<Self> {
        let mut cube = raw.spec.start()?;
        let mut faults = Faults::default();
        if raw.spec.period.is_none() {
            faults
                .check(check::length(raw.periods.len(), 0, || "the list of periods of a cube without periods".into()));
        }
        let distinct = Period::in_order(&raw.periods)?.len();
        faults.check(check::length(distinct, raw.periods.len(), || "the list of distinct periods".into()));
        faults.check(check::length(raw.labels.len(), cube.labels.len(), || "the list of lists of labels".into()));
        for labels in raw.labels.iter().filter(|labels| !labels.is_empty()) {
            faults.check(check::names(labels, "label"));
        }
        faults.or(())?;
        (cube.periods, cube.labels, cube.unplaced) = (raw.periods, raw.labels, raw.unplaced);
        let mut seen = BTreeSet::new();
        for cell in raw.cells {
            let name = format!("the cell of `{}`", cell.place);
            let key = key(&cube, &cell).map_err(|fault| fault.within(name.clone()))?;
            if !seen.insert(key.clone()) {
                return Err(Error::from(ErrorKind::Duplicate { what: "cell of", name: cell.place }));
            }
            let sums = sums(&cube.layout, cell).map_err(|fault| fault.within(name))?;
            cube.cells.insert(key, sums);
        }
        Ok(cube)
    }
}

/// Where a cell lies.
fn key(cube: &Cube, cell: &Cell) -> Result<Key> {
    let place = cube.layout.spec.places.entity_at(&cell.place)?;
    let periods = cube.periods.len().max(usize::from(cube.layout.spec.period.is_none()));
    number(cell.period, periods, "period")?;
    check::length(cell.labels.len(), cube.labels.len(), || "the list of labels".into())?;
    for (label, known) in cell.labels.iter().zip(&cube.labels) {
        number(*label, known.len(), "label")?;
    }
    Ok(Key { period: cell.period, place, labels: cell.labels.clone() })
}

fn number(at: usize, count: usize, what: &str) -> Result<()> {
    check::domain(at as f64, at < count, || format!("the number of the {what}"), &format!("a number below {count}"))
        .map(drop)
}

/// The sums of a cell, if answers can give them.
fn sums(layout: &Layout, cell: Cell) -> Result<CellSums> {
    let size = layout.indicators.len();
    for (list, what) in [(&cell.means, "means"), (&cell.remainders, "remainders")] {
        check::length(list.len(), size, || format!("the list of {what}"))?;
        list.iter().try_for_each(|value| check::finite(*value, || format!("one of the {what}")).map(drop))?;
    }
    check::length(cell.products.len(), size * (size + 1) / 2, || "the triangle of cross-products".into())?;
    let mut complete = CentredSums::new(size);
    complete.weight = check::non_negative(cell.weight, || "the weight".into())?;
    (complete.means, complete.remainders) = (cell.means, cell.remainders);
    let triangle = (0..size).flat_map(|i| (0..=i).map(move |j| (i, j)));
    for ((i, j), product) in triangle.zip(cell.products) {
        complete.products[(i, j)] = product;
        complete.products[(j, i)] = product;
    }
    possible(layout, &complete, cell.complete_rows)?;
    let rows = cell.rows.checked_sub(cell.complete_rows);
    let others = rows.is_some_and(|others| (others > 0) == cell.incomplete.is_some());
    let none = (complete.weight > 0.0) == (cell.complete_rows > 0);
    check::domain(cell.rows as f64, others && none, || "the number of rows".into(), "what the sums are of")?;
    // Σw² lies between (Σw)²/rows and (Σw)², up to rounding.
    let square = complete.weight * complete.weight;
    let least = square / (cell.complete_rows as f64).max(1.0);
    let inside = (least * (1.0 - 1e-9)..=square * (1.0 + 1e-9)).contains(&cell.squares);
    check::domain(
        cell.squares,
        inside && square.is_finite(),
        || "the sum of squared weights".into(),
        "what weights can give",
    )?;
    let expected = if layout.spec.counts { size } else { 0 };
    check::length(cell.counts.len(), expected, || "the list of counts".into())?;
    for (counts, scale) in cell.counts.iter().zip(&layout.scales) {
        if counts.scale() != *scale {
            let (one, other) = (scale.to_string(), counts.scale().to_string());
            return Err(ErrorKind::Conflict { place: "the scale of the counts".into(), one, other }.into());
        }
    }
    let incomplete = cell.incomplete.map(|others| {
        check::length(others.pairs.len(), size, || "the sums of incomplete rows".into())?;
        check::length(others.nodes.len(), layout.nodes.len(), || "the list of weights by node".into())?;
        for value in others.nodes.iter().flatten() {
            check::non_negative(*value, || "a weight by node".into())?;
        }
        Ok::<_, Error>(Box::new(Incomplete { pairs: others.pairs, nodes: others.nodes }))
    });
    Ok(CellSums {
        complete,
        squares: cell.squares,
        incomplete: incomplete.transpose()?,
        rows: cell.rows,
        complete_rows: cell.complete_rows,
        left_out: cell.left_out,
        counts: cell.counts,
    })
}

/// Checks that means lie on their scales, and that cross-products are those of some answers.
fn possible(layout: &Layout, sums: &CentredSums, rows: usize) -> Result<()> {
    let mut faults = Faults::default();
    for (at, (indicator, scale)) in layout.indicators.iter().zip(&layout.scales).enumerate() {
        let mean = sums.means[at];
        let slack = 1e-9 * scale.range();
        let inside = rows == 0 || (scale.lower() - slack..=scale.upper() + slack).contains(&mean);
        let small = sums.remainders[at].abs() <= slack;
        let place = || format!("the mean of `{}`", indicator.name());
        faults.check(check::domain(mean, inside && small, place, "a number on its scale"));
        for other in 0..=at {
            let product = sums.products[(at, other)];
            let most = sums.products[(at, at)].max(0.0).sqrt() * sums.products[(other, other)].max(0.0).sqrt();
            let inside = match rows {
                0 | 1 => product == 0.0,
                _ if at == other => product >= 0.0,
                _ => product.abs() <= most * (1.0 + 1e-9),
            };
            let place = || {
                let other = layout.indicators[other].name();
                format!("the cross-product of `{}` and `{other}`", indicator.name())
            };
            faults.check(check::domain(product, inside, place, "what answers can give"));
        }
    }
    faults.or(())
}
