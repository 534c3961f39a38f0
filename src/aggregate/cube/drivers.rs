//! Which drivers count where and when: a regression in each cell, and the change from one period to the next.

use std::fmt;

use nalgebra::DMatrix;

use crate::aggregate::comparison::Difference;
use crate::aggregate::cube::Cube;
use crate::aggregate::cube::sums::Settled;
use crate::error::{Error, ErrorKind, Faults, Result};
use crate::index::Confidence;
use crate::numeric::{check, linalg};
use crate::survey::Period;
use crate::table::{Column, Table};

/// How the weights of drivers are found: the regression of one node on others, in each place and period.
///
/// # Formula
///
/// Least squares of the respondents' index of the target on those of the drivers, from the covariances of the cell. A
/// coefficient says how many points the target rises with one point of the driver, the others held. With n respondents,
/// k drivers and residual variance s², its standard error is that of ordinary least squares, the root of the diagonal of
/// s²(X′X)⁻¹. The change of a coefficient from one period to the next has the root of the sum of both squares, as the
/// respondents of two periods are different people. Only those who answered everything count.
///
/// # Examples
///
/// ```no_run
/// # fn run(cube: &satindex::aggregate::cube::Cube) -> Result<(), satindex::Error> {
/// use satindex::aggregate::cube::DriverSearch;
///
/// let drivers = DriverSearch::new("overall", ["speed", "skill"]).fit(cube, ["north", "south"])?;
/// println!("{drivers}");
/// # Ok(())
/// # }
/// ```
#[doc(alias("key driver analysis", "derived importance"))]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
#[must_use = "a specification does nothing until `fit`"]
pub struct DriverSearch {
    target: String,
    drivers: Vec<String>,
    minimum: usize,
    confidence: Confidence,
}

/// One driver in one cell.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Driver {
    name: String,
    coefficient: Difference,
    change: Option<Difference>,
}

impl Driver {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The coefficient with its standard error, interval and p value.
    pub fn coefficient(&self) -> &Difference {
        &self.coefficient
    }

    /// Its change from the period before in which the place has a regression.
    pub fn change(&self) -> Option<&Difference> {
        self.change.as_ref()
    }
}

/// The drivers of one place in one period.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct CellDrivers {
    place: String,
    period: Option<Period>,
    n: f64,
    r_squared: f64,
    drivers: Vec<Driver>,
}

impl CellDrivers {
    /// The place.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The period; `None` in a cube without periods.
    pub fn period(&self) -> Option<&Period> {
        self.period.as_ref()
    }

    /// How many respondents, or the sum of their weights.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// The share of the target's variance that the drivers explain.
    pub fn r_squared(&self) -> f64 {
        self.r_squared
    }

    /// The drivers, in the order of the specification.
    pub fn drivers(&self) -> &[Driver] {
        &self.drivers
    }
}

/// The drivers of each place and period: the result of a [`DriverSearch`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Drivers {
    target: String,
    cells: Vec<CellDrivers>,
    /// Place, period, and why there is no regression.
    without: Vec<(String, Option<Period>, String)>,
}

impl DriverSearch {
    /// The regression of a node on others, in cells of 30 respondents or more, with 95 % intervals.
    pub fn new<S: Into<String>>(target: impl Into<String>, drivers: impl IntoIterator<Item = S>) -> Self {
        Self {
            target: target.into(),
            drivers: drivers.into_iter().map(Into::into).collect(),
            minimum: 30,
            confidence: Confidence::P95,
        }
    }

    /// The least number of respondents in a cell.
    pub fn minimum(self, respondents: usize) -> Self {
        Self { minimum: respondents, ..self }
    }

    /// The confidence level of the intervals.
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    fn check(&self) -> Result<()> {
        check::names(&self.drivers, "driver")?;
        if self.drivers.contains(&self.target) {
            return Err(ErrorKind::Duplicate { what: "target among the drivers", name: self.target.clone() }.into());
        }
        Ok(())
    }

    /// The drivers in each of some places, in every period. A cell that is too small, or in which the regression is not
    /// determined, is listed with the reason.
    ///
    /// # Errors
    ///
    /// No driver, one given twice, or the target among them; an unknown node or place.
    pub fn fit<S: AsRef<str>>(&self, cube: &Cube, places: impl IntoIterator<Item = S>) -> Result<Drivers> {
        self.check()?;
        let mut faults = Faults::default();
        let nodes = std::iter::once(&self.target).chain(&self.drivers);
        let nodes: Vec<usize> = nodes.filter_map(|name| faults.check(cube.layout.node(name))).collect();
        let places: Vec<String> = places.into_iter().map(|place| place.as_ref().to_owned()).collect();
        for place in &places {
            faults.check(cube.layout.place(place));
        }
        faults.or(())?;
        let mut found = Drivers { target: self.target.clone(), cells: Vec::new(), without: Vec::new() };
        let periods: Vec<Option<Period>> = cube.periods().into_iter().map(Some).collect();
        let periods = if periods.is_empty() { vec![None] } else { periods };
        for place in &places {
            let mut before: Option<Regression> = None;
            for period in &periods {
                match self.regression(cube, &nodes, place, period.clone()) {
                    Ok(regression) => {
                        let cell = self.cell(place, period.clone(), &regression, before.as_ref())?;
                        found.cells.push(cell);
                        before = Some(regression);
                    }
                    Err(reason) => found.without.push((place.clone(), period.clone(), reason.to_string())),
                }
            }
        }
        Ok(found)
    }

    fn regression(&self, cube: &Cube, nodes: &[usize], place: &str, period: Option<Period>) -> Result<Regression> {
        let selection = period.into_iter().fold(cube.select().place(place), super::Selection::period);
        let mut sums = selection.sums()?.into_owned();
        // Only those who answered everything.
        sums.incomplete = None;
        let settled = sums.settle(&cube.layout);
        let n = settled.effective_n(nodes[0]);
        let least = self.minimum.max(self.drivers.len() + 2) as f64;
        check::domain(
            n,
            n >= least,
            || format!("the number of respondents of {}", selection.title()),
            &format!("at least {least}"),
        )?;
        Regression::new(&settled, nodes, n).map_err(|fault| fault.within(selection.title()))
    }

    fn cell(
        &self,
        place: &str,
        period: Option<Period>,
        now: &Regression,
        before: Option<&Regression>,
    ) -> Result<CellDrivers> {
        let mut drivers = Vec::with_capacity(self.drivers.len());
        for (at, name) in self.drivers.iter().enumerate() {
            let (value, std_error) = now.coefficients[at];
            let change = before.map(|before| {
                let (earlier, error) = before.coefficients[at];
                Difference::new(value - earlier, Some(std_error.hypot(error)), self.confidence)
            });
            drivers.push(Driver {
                name: name.clone(),
                coefficient: Difference::new(value, Some(std_error), self.confidence)?,
                change: change.transpose()?,
            });
        }
        Ok(CellDrivers { place: place.into(), period, n: now.n, r_squared: now.r_squared, drivers })
    }
}

checked_when_read!(DriverSearch);

/// A regression in one cell.
struct Regression {
    n: f64,
    r_squared: f64,
    /// With their standard errors.
    coefficients: Vec<(f64, f64)>,
}

impl Regression {
    /// Of the first node on the others.
    fn new(settled: &Settled<'_>, nodes: &[usize], n: f64) -> Result<Self> {
        let unknown = || Error::from(ErrorKind::Empty { place: "the list of complete answers".into() });
        let covariance = |one: usize, other: usize| settled.covariance(nodes[one], nodes[other]).ok_or_else(unknown);
        let size = nodes.len() - 1;
        let mut matrix = DMatrix::zeros(size, size);
        let mut right = vec![0.0; size];
        for row in 0..size {
            right[row] = covariance(row + 1, 0)?;
            for column in 0..size {
                matrix[(row, column)] = covariance(row + 1, column + 1)?;
            }
        }
        let degenerate =
            |reason: &str| Error::from(ErrorKind::Degenerate { place: "the drivers".into(), reason: reason.into() });
        let dependent = "one is constant, or a combination of others";
        let inverse = linalg::symmetric_inverse(&matrix).ok_or_else(|| degenerate(dependent))?;
        let total = covariance(0, 0)?;
        if total <= 0.0 {
            return Err(degenerate("the target is constant"));
        }
        let slopes: Vec<f64> =
            (0..size).map(|row| (0..size).map(|column| inverse[(row, column)] * right[column]).sum()).collect();
        let explained: f64 = linalg::dot(&slopes, &right);
        let degrees = n - size as f64 - 1.0;
        let residual = (total - explained).max(0.0) / degrees;
        // Covariances are those of means: n of them make that of the respondents, whatever n is.
        let coefficients = (0..size).map(|at| (slopes[at], (residual * inverse[(at, at)]).sqrt()));
        Ok(Self { n, r_squared: (explained / total).clamp(0.0, 1.0), coefficients: coefficients.collect() })
    }
}

impl Drivers {
    /// The node whose drivers they are.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The cells, place by place in order of time.
    pub fn cells(&self) -> &[CellDrivers] {
        &self.cells
    }

    /// One cell.
    ///
    /// # Errors
    ///
    /// A place and period without a regression: it says why, where it was asked for.
    pub fn get(&self, place: &str, period: Option<&Period>) -> Result<&CellDrivers> {
        let found = self.cells.iter().find(|cell| cell.place == place && cell.period.as_ref() == period);
        let reason = || {
            let asked = self.without.iter().find(|(known, at, _)| known == place && at.as_ref() == period);
            let reason = asked.map_or("it was not asked for", |(.., reason)| reason).to_owned();
            Error::from(ErrorKind::Degenerate {
                place: format!("the drivers of `{}` in `{place}`", self.target),
                reason,
            })
        };
        found.ok_or_else(reason)
    }

    /// The cells without a regression: place, period and the reason.
    pub fn without(&self) -> impl ExactSizeIterator<Item = (&str, Option<&Period>, &str)> {
        self.without.iter().map(|(place, period, reason)| (place.as_str(), period.as_ref(), reason.as_str()))
    }

    /// Each driver of each cell, with its change from the period before.
    pub fn table(&self) -> Table {
        let rows: Vec<(&CellDrivers, &Driver)> =
            self.cells.iter().flat_map(|cell| cell.drivers.iter().map(move |driver| (cell, driver))).collect();
        let period = |cell: &CellDrivers| cell.period.as_ref().map_or_else(String::new, Period::to_string);
        let change = |part: fn(&Difference) -> Option<f64>| {
            rows.iter().map(move |(_, driver)| driver.change.as_ref().and_then(part)).collect::<Vec<_>>()
        };
        let table = Table::new(format!("Drivers of {}", self.target))
            .column(Column::text("place", rows.iter().map(|(cell, _)| &cell.place)))
            .column(Column::text("period", rows.iter().map(|(cell, _)| period(cell))))
            .column(Column::text("driver", rows.iter().map(|(_, driver)| &driver.name)))
            .column(
                Column::number("coefficient", rows.iter().map(|(_, driver)| driver.coefficient.value())).decimals(3),
            )
            .column(
                Column::number("std. error", rows.iter().map(|(_, driver)| driver.coefficient.std_error())).decimals(3),
            )
            .column(Column::number("change", change(|change| Some(change.value()))).decimals(3))
            .column(Column::p_value("p of the change", change(Difference::p_value)));
        self.without.iter().fold(table, |table, (_, _, reason)| table.note(reason.clone()))
    }
}

impl fmt::Display for Drivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
