//! The way of answers into a cube: sorted by cell, then summed block by block.

use std::collections::HashMap;
use std::ops::Range;

use crate::aggregate::cube::layout::Layout;
use crate::aggregate::cube::sums::CellSums;
use crate::aggregate::cube::{Cube, Key};
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::moments::{BLOCK, Block};
use crate::numeric::{check, parallel};
use crate::survey::{Group, Period, Responses, outside_scale};

/// Where a value stands in a list, at whose end it is put if it is not there.
pub(super) fn position_or_new<T: PartialEq + Clone>(known: &mut Vec<T>, value: &T) -> usize {
    known.iter().position(|known| known == value).unwrap_or_else(|| {
        known.push(value.clone());
        known.len() - 1
    })
}

impl Cube {
    /// Takes in answers. The columns that the specification names are groups of the responses.
    ///
    /// A respondent whose place, period or label is blank is in no cell, but counted ([`Cube::rows_unplaced`]); one whose
    /// weight is 0 counts nowhere.
    ///
    /// # Errors
    ///
    /// An indicator or a column that the responses lack; an indicator on another scale than that of the questionnaire; an
    /// answer outside its scale; a place that is no entity of the structure; a period that cannot be read, or not be ordered
    /// together with the others. Each names the first row. The cube is then as it was.
    pub fn add(&mut self, responses: &Responses) -> Result<()> {
        let columns = columns(&self.layout, responses)?;
        let groups = self.groups(responses)?;
        let places = places(&self.layout, groups[0])?;
        let has_periods = self.layout.spec.period.is_some();
        let periods = if has_periods { periods(groups[1])? } else { Vec::new() };
        self.comparable(&periods)?;
        let sorted = Sorted::new(&groups, responses)?;
        let sums = sum(&self.layout, responses, &columns, &sorted)?;

        let mut numbers = vec![places];
        if has_periods {
            numbers.push(periods.iter().map(|period| position_or_new(&mut self.periods, period)).collect());
        }
        for (known, group) in self.labels.iter_mut().zip(&groups[numbers.len()..]) {
            numbers.push(group.levels().iter().map(|label| position_or_new(known, label)).collect());
        }
        for ((codes, _), sums) in sorted.cells.iter().zip(sums) {
            let mut at = numbers.iter().zip(codes).map(|(numbers, code)| numbers[*code]);
            let place = at.next().unwrap_or_default();
            let period = if has_periods { at.next().unwrap_or_default() } else { 0 };
            self.take(Key { period, place, labels: at.collect() }, sums)?;
        }
        self.unplaced += sorted.unplaced;
        Ok(())
    }

    /// The divisions of the respondents: by place, by period if there are periods, and by the further groupings.
    fn groups<'a>(&self, responses: &'a Responses) -> Result<Vec<&'a Group>> {
        let spec = &self.layout.spec;
        let columns = std::iter::once(&spec.place).chain(&spec.period).chain(&spec.groupings);
        let mut faults = Faults::default();
        let groups: Vec<&Group> = columns.filter_map(|column| faults.check(responses.group(column))).collect();
        faults.or(groups)
    }
}

/// The entity of each label.
fn places(layout: &Layout, group: &Group) -> Result<Vec<usize>> {
    let mut faults = Faults::default();
    let mut places = Vec::with_capacity(group.levels().len());
    for (level, label) in group.levels().iter().enumerate() {
        match layout.spec.places.entity_at(label) {
            Ok(at) => places.push(at),
            Err(_) => faults.note(|| check::unknown(label, "place").within(first_row(group, level))),
        }
    }
    faults.or(places)
}

/// The period of each label.
fn periods(group: &Group) -> Result<Vec<Period>> {
    let mut faults = Faults::default();
    let mut periods = Vec::with_capacity(group.levels().len());
    for (level, label) in group.levels().iter().enumerate() {
        match label.parse::<Period>() {
            Ok(period) => periods.push(period),
            Err(fault) => faults.note(|| fault.within(first_row(group, level))),
        }
    }
    faults.or(periods)
}

/// Where a level first occurs.
fn first_row(group: &Group, level: usize) -> String {
    let row = group.codes().iter().position(|code| *code == Some(level)).map_or(0, |row| row + 1);
    format!("row {row}, column `{}`", group.name())
}

/// The columns of the indicators, whose answers are all on the scales of the cube.
fn columns(layout: &Layout, responses: &Responses) -> Result<Vec<usize>> {
    let mut faults = Faults::default();
    let names: HashMap<&str, usize> = responses.names().zip(0..).collect();
    let mut columns = Vec::with_capacity(layout.indicators.len());
    for (indicator, scale) in layout.indicators.iter().zip(&layout.scales) {
        let name = indicator.name();
        let Some(column) = names.get(name).copied() else {
            faults.note(|| check::unknown(name, "indicator"));
            continue;
        };
        columns.push(column);
        match responses.indicators()[column].scale() {
            // Answers that carry a scale were checked against it.
            Some(own) if own == *scale => {}
            Some(own) => {
                let (one, other) = (scale.to_string(), own.to_string());
                faults.note(|| ErrorKind::Conflict { place: format!("the scale of `{name}`"), one, other });
            }
            None => {
                let answers = responses.answers_to(column);
                let outside = |(_, answer): &(usize, &f64)| !answer.is_nan() && !scale.contains(**answer);
                if let Some((row, answer)) = answers.iter().enumerate().find(outside) {
                    let count = answers.iter().enumerate().filter(outside).count();
                    faults.note(|| outside_scale(row, name, *scale, *answer, count));
                }
            }
        }
    }
    faults.or(columns)
}

/// The rows of the responses, cell by cell.
struct Sorted {
    rows: Vec<u32>,
    /// The code of each cell in each dimension, and its rows.
    cells: Vec<Cell>,
    unplaced: usize,
}

/// Up to this many cells, rows are sorted by counting.
const COUNTED: usize = 1 << 22;

impl Sorted {
    /// # Errors
    ///
    /// More rows, or more cells that there might be, than can be numbered.
    fn new(groups: &[&Group], responses: &Responses) -> Result<Self> {
        let sizes: Vec<usize> = groups.iter().map(|group| group.levels().len()).collect();
        let grid = sizes.iter().try_fold(1, |grid: usize, size| grid.checked_mul(*size));
        let (Some(grid), Ok(_)) = (grid, u32::try_from(responses.rows())) else {
            let reason = "more rows, or more combinations of their labels, than can be numbered; add them in parts";
            return Err(ErrorKind::Unsupported { place: "the answers".into(), reason: reason.into() }.into());
        };
        let counts = |row: usize| responses.weights().is_none_or(|weights| weights[row] > 0.0);
        let cell = |row: usize| {
            let pairs = groups.iter().zip(&sizes);
            pairs.clone().try_fold(0, |at, (group, size)| Some(at * size + group.codes()[row]?))
        };
        let mut unplaced = 0;
        let mut placed: Vec<(usize, u32)> = Vec::with_capacity(responses.rows());
        for (row, number) in (0..responses.rows()).zip(0..).filter(|(row, _)| counts(*row)) {
            match cell(row) {
                Some(cell) => placed.push((cell, number)),
                None => unplaced += 1,
            }
        }
        let (rows, cells) = if grid <= COUNTED { counted(&placed, grid) } else { sorted(placed) };
        let cells = cells.into_iter().map(|(cell, range)| (codes(cell, &sizes), range)).collect();
        Ok(Self { rows, cells, unplaced })
    }
}

/// The rows in the order of their cells, and where each cell's lie.
type ByCell = (Vec<u32>, Vec<(usize, Range<usize>)>);

fn counted(placed: &[(usize, u32)], grid: usize) -> ByCell {
    let mut ends = vec![0_usize; grid + 1];
    for (cell, _) in placed {
        ends[cell + 1] += 1;
    }
    (0..grid).for_each(|cell| ends[cell + 1] += ends[cell]);
    let filled = (0..grid).filter(|cell| ends[*cell] < ends[cell + 1]);
    let cells = filled.map(|cell| (cell, ends[cell]..ends[cell + 1])).collect();
    let mut rows = vec![0; placed.len()];
    for (cell, row) in placed {
        rows[ends[*cell]] = *row;
        ends[*cell] += 1;
    }
    (rows, cells)
}

fn sorted(mut placed: Vec<(usize, u32)>) -> ByCell {
    placed.sort_unstable();
    let mut cells: Vec<(usize, Range<usize>)> = Vec::new();
    for (at, (cell, _)) in placed.iter().enumerate() {
        match cells.last_mut() {
            Some((last, range)) if last == cell => range.end = at + 1,
            _ => cells.push((*cell, at..at + 1)),
        }
    }
    (placed.into_iter().map(|(_, row)| row).collect(), cells)
}

/// The code of a cell in each dimension.
fn codes(mut cell: usize, sizes: &[usize]) -> Vec<usize> {
    let mut codes: Vec<usize> = Vec::with_capacity(sizes.len());
    for size in sizes.iter().rev() {
        codes.push(cell % size);
        cell /= size;
    }
    codes.reverse();
    codes
}

/// Parts in which the rows are put in the order of their cells; each goes once over the answers.
const PARTS: usize = 4;

/// With fewer rows than this, one part does.
const FEW: usize = 1 << 16;

/// The sums of each cell.
fn sum(layout: &Layout, responses: &Responses, columns: &[usize], sorted: &Sorted) -> Result<Vec<CellSums>> {
    let parts = if sorted.rows.len() < FEW { 1 } else { PARTS };
    // Cells by parts of about as many rows.
    let ends: Vec<usize> = (0..=parts)
        .map(|part| sorted.cells.partition_point(|(_, rows)| rows.start < part * sorted.rows.len() / parts))
        .collect();
    let part = |part: usize| {
        let cells =
            if part + 1 == parts { &sorted.cells[ends[part]..] } else { &sorted.cells[ends[part]..ends[part + 1]] };
        sum_part(layout, responses, columns, &sorted.rows, cells)
    };
    let sums = parallel::map(parts, part).into_iter().collect::<Result<Vec<_>>>()?;
    Ok(sums.into_iter().flatten().collect())
}

/// A cell: its code in each dimension, and where its rows stand.
type Cell = (Vec<usize>, Range<usize>);

/// The sums of neighbouring cells.
fn sum_part(
    layout: &Layout,
    responses: &Responses,
    columns: &[usize],
    rows: &[u32],
    cells: &[Cell],
) -> Result<Vec<CellSums>> {
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return Ok(Vec::new()) };
    let rows = &rows[first.1.start..last.1.end];
    let answers = in_order(responses, columns, rows);
    let mut block = Block::new(columns.len());
    let mut sums = Vec::with_capacity(cells.len());
    for (_, range) in cells {
        let range = range.start - first.1.start..range.end - first.1.start;
        sums.push(sum_cell(
            layout,
            responses,
            &rows[range.clone()],
            &answers[range.start * columns.len()..],
            &mut block,
        )?);
    }
    Ok(sums)
}

/// Columns that are read side by side: their answers to one row fill a line of the cache.
const SIDE_BY_SIDE: usize = 8;

/// The answers of some rows, row by row. Rows far apart in the responses would be fetched answer by answer; so the
/// responses are read from first to last, a few columns at a time, and each row is put where it belongs.
fn in_order(responses: &Responses, columns: &[usize], rows: &[u32]) -> Vec<f64> {
    const NOWHERE: u32 = u32::MAX;
    let mut places = vec![NOWHERE; responses.rows()];
    rows.iter().zip(0..).for_each(|(row, place)| places[*row as usize] = place);
    let width = columns.len();
    let mut answers = vec![0.0; rows.len() * width];
    for start in (0..width).step_by(SIDE_BY_SIDE) {
        let end = width.min(start + SIDE_BY_SIDE);
        let read: Vec<&[f64]> = columns[start..end].iter().map(|column| responses.answers_to(*column)).collect();
        for (row, place) in places.iter().enumerate().filter(|(_, place)| **place != NOWHERE) {
            let to = &mut answers[*place as usize * width + start..*place as usize * width + end];
            to.iter_mut().zip(&read).for_each(|(to, from)| *to = from[row]);
        }
    }
    answers
}

/// The sums of one cell, whose answers stand at the beginning.
fn sum_cell(
    layout: &Layout,
    responses: &Responses,
    rows: &[u32],
    answers: &[f64],
    block: &mut Block,
) -> Result<CellSums> {
    let mut sums = CellSums::new(layout);
    for (rows, answers) in rows.chunks(BLOCK).zip(answers.chunks(BLOCK * layout.indicators.len())) {
        block.fill_rows(answers, responses.weights(), rows);
        sums.push_block(layout, block, responses.missing() > 0)?;
    }
    Ok(sums)
}
