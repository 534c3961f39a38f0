//! Cells as tables and as text with commas.

use std::io::{self, Write};

use crate::aggregate::cube::Cube;
use crate::aggregate::cube::cell::Figures;
use crate::aggregate::cube::grid::{CellKey, Level};
use crate::error::Result;
use crate::index::Index;
use crate::numeric::check;
use crate::survey::Period;
use crate::table::{Column, Table};

impl Cube {
    /// The index of a node by place and period, over all labels of the groupings: each group from the whole down, each
    /// entity and each region is a row.
    ///
    /// # Errors
    ///
    /// An unknown node.
    pub fn cross_table(&self, node: &str) -> Result<Table> {
        let at = self.layout.node(node)?;
        let periods = self.periods();
        let mut rows: Vec<(usize, String)> = Vec::new();
        let mut values: Vec<Vec<Option<f64>>> = Vec::new();
        for (key, figures) in self.grid()?.filter(|(key, _)| key.labels().all(|label| label.is_none())) {
            let row = rows.iter().position(|(_, place)| place == key.place()).unwrap_or_else(|| {
                rows.push((self.depth(&key), key.place().into()));
                values.push(vec![None; periods.len().max(1)]);
                rows.len() - 1
            });
            let column = key.period().and_then(|period| periods.binary_search(period).ok()).unwrap_or(0);
            values[row][column] = figures[at].map(|(value, ..)| value);
        }
        let table = Table::new(format!("Index of {node}"))
            .column(Column::tree("", rows.iter().map(|(depth, place)| (*depth, place.as_str()))));
        let headings = periods.iter().map(Period::to_string).chain(periods.is_empty().then(|| "index".into()));
        Ok(headings.enumerate().fold(table, |table, (at, heading)| {
            table.column(Column::number(heading, values.iter().map(|row| row[at]).collect::<Vec<_>>()).decimals(1))
        }))
    }

    /// How far a place is indented in a table.
    fn depth(&self, key: &CellKey) -> usize {
        let structure = &self.layout.spec.places;
        match key.level() {
            Level::Group(depth) => depth,
            Level::Region => 0,
            Level::Entity => {
                let groups = structure.groups_of(key.place()).unwrap_or_default();
                1 + groups.iter().filter_map(|group| structure.depth(group).ok()).min().unwrap_or(0)
            }
        }
    }

    /// Writes all cells as text with commas: one line for each node in each cell. Where all labels of a grouping are taken
    /// together it says `all`.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn write_long(&self, mut out: impl Write) -> io::Result<()> {
        let groupings = self.layout.spec.groupings.iter().map(|name| quoted(name) + ",").collect::<String>();
        writeln!(out, "period,place,level,{groupings}node,index,std_error,n")?;
        for (key, figures) in self.grid().map_err(io::Error::other)? {
            let place = self.written(&key);
            for (node, figures) in self.layout.nodes.iter().zip(figures) {
                let Some((value, std_error, n)) = figures else { continue };
                let std_error = std_error.map_or_else(String::new, |error| error.to_string());
                writeln!(out, "{place},{},{value},{std_error},{n}", quoted(&node.name))?;
            }
        }
        Ok(())
    }

    /// Writes the indices of all cells as text with commas: one line for each cell, one column for each node.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn write_wide(&self, mut out: impl Write) -> io::Result<()> {
        let groupings =
            self.layout.spec.groupings.iter().map(|name| ",".to_owned() + &quoted(name)).collect::<String>();
        let nodes = self.nodes().map(|name| ",".to_owned() + &quoted(name)).collect::<String>();
        writeln!(out, "period,place,level{groupings}{nodes}")?;
        for (key, figures) in self.grid().map_err(io::Error::other)? {
            let value = |figures: &Option<Figures>| figures.map_or_else(String::new, |(value, ..)| value.to_string());
            let values: String = figures.iter().map(|figures| ",".to_owned() + &value(figures)).collect();
            writeln!(out, "{}{values}", self.written(&key))?;
        }
        Ok(())
    }

    /// A cell's period, place, level and labels.
    fn written(&self, key: &CellKey) -> String {
        let level = match key.level() {
            Level::Group(depth) => format!("group {depth}"),
            Level::Entity => "entity".into(),
            Level::Region => "region".into(),
        };
        let period = key.period().map_or_else(String::new, ToString::to_string);
        let labels = key.labels().map(|label| ",".to_owned() + &quoted(label.unwrap_or("all")));
        format!("{},{},{level}{}", quoted(&period), quoted(key.place()), labels.collect::<String>())
    }

    /// The index of a node in a place, period by period, over all labels of the groupings.
    ///
    /// # Errors
    ///
    /// An unknown node or place; a cube without periods, or a place in which the node has no index in any of them.
    pub fn series(&self, node: &str, place: &str) -> Result<super::CubeSeries> {
        self.layout.node(node)?;
        self.layout.place(place)?;
        let mut points: Vec<(Period, Index)> = Vec::new();
        for period in self.periods() {
            let cell = self.select().period(period.clone()).place(place).cell();
            if let Ok(index) = cell.as_ref().map_err(Clone::clone).and_then(|cell| cell.index(node).cloned()) {
                points.push((period, index));
            }
        }
        check::positive(points.len() as f64, || {
            format!("the number of periods in which `{node}` has an index in `{place}`")
        })?;
        Ok(super::CubeSeries::new(node.into(), place.into(), points))
    }
}

/// A field, in quotes where it must be.
fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.into() }
}
