//! Cells as tables and as text with commas.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::aggregate::cube::Cube;
use crate::aggregate::cube::figures::NodeFigures;
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
        let mut values: HashMap<(bool, String), Vec<Option<f64>>> = HashMap::new();
        for (key, figures) in self.grid()?.filter(|(key, _)| key.labels().all(|label| label.is_none())) {
            let place = (key.level() == Level::Region, key.place().to_owned());
            let column = key.period().and_then(|period| periods.binary_search(period).ok()).unwrap_or(0);
            let row = values.entry(place).or_insert_with(|| vec![None; periods.len().max(1)]);
            row[column] = figures[at].map(|figures| figures.value);
        }
        let rows = self.rows_of_places().into_iter().filter_map(|(depth, region, place)| {
            let row = values.get(&(region, place.clone()))?;
            Some((depth, place, row))
        });
        let rows: Vec<(usize, String, &Vec<Option<f64>>)> = rows.collect();
        let table = Table::new(format!("Index of {node}"))
            .column(Column::tree("", rows.iter().map(|(depth, place, _)| (*depth, place.as_str()))));
        let headings = periods.iter().map(Period::to_string).chain(periods.is_empty().then(|| "index".into()));
        Ok(headings.enumerate().fold(table, |table, (at, heading)| {
            let values: Vec<Option<f64>> = rows.iter().map(|(.., row)| row[at]).collect();
            table.column(Column::number(heading, values).decimals(1))
        }))
    }

    /// Every place with its depth, and whether it is a region: each group with its entities before the groups in it, the
    /// regions last.
    fn rows_of_places(&self) -> Vec<(usize, bool, String)> {
        let structure = &self.layout.spec.places;
        let mut rows = Vec::new();
        for (group, name) in structure.groups().enumerate() {
            let depth = structure.tree.depth(group);
            rows.push((depth, false, name.to_owned()));
            let own = &structure.places[structure.groups[group].places.clone()];
            rows.extend(own.iter().map(|place| (depth + 1, false, structure.entities()[place.entity].clone())));
        }
        rows.extend(self.layout.spec.regions.iter().map(|region| (0, true, region.name().to_owned())));
        rows
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
            let place = written(&key);
            for (node, figures) in self.layout.nodes.iter().zip(figures) {
                let Some(NodeFigures { value, std_error, n }) = figures else { continue };
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
            let value =
                |figures: &Option<NodeFigures>| figures.map_or_else(String::new, |figures| figures.value.to_string());
            let values: String = figures.iter().map(|figures| ",".to_owned() + &value(figures)).collect();
            writeln!(out, "{}{values}", written(&key))?;
        }
        Ok(())
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

/// A cell's period, place, level and labels.
fn written(key: &CellKey) -> String {
    let level = match key.level() {
        Level::Group(depth) => format!("group {depth}"),
        Level::Entity => "entity".into(),
        Level::Region => "region".into(),
    };
    let period = key.period().map_or_else(String::new, ToString::to_string);
    let labels = key.labels().map(|label| ",".to_owned() + &quoted(label.unwrap_or("all")));
    format!("{},{},{level}{}", quoted(&period), quoted(key.place()), labels.collect::<String>())
}

/// A field, in quotes where it must be.
fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.into() }
}
