//! The fit as the tables of a report.

use std::fmt;

use super::{Effect, Fit};
use crate::structural::model::Construct;
use crate::structural::model::effects;
use crate::table::{Column, Table};

impl Fit {
    /// Weights, loadings and what the indicators are like.
    pub fn measurement_table(&self) -> Table {
        let constructs = self.owners.iter().map(|at| self.model.constructs()[*at].name());
        let sizes = 0..self.weights.len();
        let means = self.moments.means();
        Table::new("Measurement model")
            .column(Column::text("construct", constructs))
            .column(Column::text("indicator", self.model.indicators()))
            .column(Column::text("mode", self.owners.iter().map(|at| format!("{:?}", self.modes[*at]))))
            .column(
                Column::number("weight", sizes.clone().map(|at| self.weights[at] * self.deviations[at])).decimals(4),
            )
            .column(
                Column::number("loading", sizes.clone().map(|at| self.cross_loadings[(at, self.owners[at])]))
                    .decimals(4),
            )
            .column(
                Column::number("raw weight", self.weights.iter().copied())
                    .significant(4)
                    .precision(self.deviations.iter().map(|deviation| 1.0 / deviation)),
            )
            .column(
                Column::number("mean", sizes.map(|at| means.map(|means| means[at])))
                    .significant(4)
                    .precision(self.deviations.iter().copied()),
            )
            .column(Column::number("std. dev.", self.deviations.iter().copied()).significant(4))
    }

    /// The paths with their coefficients.
    pub fn path_table(&self) -> Table {
        let names = |at: fn(&(usize, usize)) -> usize| {
            self.model.paths().iter().map(move |path| self.model.constructs()[at(path)].name())
        };
        Table::new("Structural model")
            .column(Column::text("to", names(|path| path.1)))
            .column(Column::text("from", names(|path| path.0)))
            .column(Column::number("estimate", self.direct_effects().iter().map(Effect::estimate)).decimals(4))
    }

    /// R² of every construct that has predecessors.
    pub fn r_squared_table(&self) -> Table {
        let explained: Vec<usize> = (0..self.r_squared.len()).filter(|at| self.r_squared[*at].is_some()).collect();
        Table::new("Explained variance")
            .column(Column::text("construct", explained.iter().map(|at| self.model.constructs()[*at].name())))
            .column(Column::number("R²", explained.iter().map(|at| self.r_squared[*at])).decimals(4))
            .column(Column::number("adjusted R²", explained.iter().map(|at| self.adjusted(*at))).decimals(4))
    }

    /// The correlations of the constructs' scores, lower triangle.
    pub fn correlation_table(&self) -> Table {
        let names: Vec<&str> = self.model.constructs().iter().map(Construct::name).collect();
        let table = Table::new("Construct correlations").column(Column::text("", &names));
        names.iter().enumerate().fold(table, |table, (column, name)| {
            let cell = |row| (row >= column).then(|| self.correlations[(row, column)]);
            table.column(Column::number(*name, (0..names.len()).map(cell)))
        })
    }

    /// Direct, indirect and total effects of every pair that a route joins.
    pub fn effect_table(&self) -> Table {
        let total = effects::total_effects(&self.model, &self.paths);
        let pairs = effects::joined_pairs(&self.model);
        let indirect = effects::indirect_pairs(&self.model);
        let name = |at: usize| self.model.constructs()[at].name();
        let direct =
            |&(from, to): &(usize, usize)| self.model.paths().contains(&(from, to)).then(|| self.paths[(to, from)]);
        let along = |pair: &(usize, usize)| {
            let place = (pair.1, pair.0);
            indirect.contains(pair).then(|| effects::indirect(total[place], self.paths[place]))
        };
        Table::new("Effects")
            .column(Column::text("from", pairs.iter().map(|pair| name(pair.0))))
            .column(Column::text("to", pairs.iter().map(|pair| name(pair.1))))
            .column(Column::number("direct", pairs.iter().map(direct)).decimals(4))
            .column(Column::number("indirect", pairs.iter().map(along)).decimals(4))
            .column(Column::number("total", pairs.iter().map(|pair| total[(pair.1, pair.0)])).decimals(4))
    }
}

impl Fit {
    /// What was fitted, and how.
    pub(crate) fn heading(&self) -> String {
        format!(
            "{} path model: {} constructs, {} indicators, n = {}{}, {:?} scheme, {:?} metric, {} iterations",
            if self.is_consistent() { "Consistent PLS" } else { "PLS" },
            self.model.constructs().len(),
            self.weights.len(),
            self.n(),
            self.made_up_for(),
            self.pls.scheme,
            self.pls.metric,
            self.iterations
        )
    }

    /// What was done about missing answers, in brackets; empty where none was missing.
    fn made_up_for(&self) -> String {
        let counts = [
            (self.moments.rows_dropped(), "respondents with missing answers left out"),
            (self.moments.answers_filled(), "missing answers filled in"),
            (self.moments.answers_passed_over(), "missing answers passed over"),
        ];
        let said: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
    }
}

impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.heading())?;
        for table in [
            self.measurement_table(),
            self.path_table(),
            self.r_squared_table(),
            self.effect_table(),
            self.correlation_table(),
            self.index_table(),
        ] {
            writeln!(f, "{table}")?;
        }
        Ok(())
    }
}
