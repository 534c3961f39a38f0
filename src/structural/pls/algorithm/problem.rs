//! The numbers that a solve takes, from a covariance matrix.

use nalgebra::DMatrix;

use crate::error::{Error, ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::rounding::{CONVERGED, ROUNDING};
use crate::structural::pls::params::Metric;

/// Two indicators correlated more closely than this are one indicator entered twice.
const IDENTICAL: f64 = 1.0 - ROUNDING;

/// What a solve takes.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// Covariances or correlations, p × p by columns.
    pub(crate) matrix: Vec<f64>,
    /// The indicators' standard deviations in the units of that matrix.
    pub(crate) units: Vec<f64>,
    /// The indicators' standard deviations in their own units.
    pub(crate) deviations: Vec<f64>,
    /// Their reciprocals.
    inverses: Vec<f64>,
}

impl Problem {
    pub(crate) fn new(indicators: usize) -> Self {
        Self {
            matrix: vec![1.0; indicators * indicators],
            units: vec![1.0; indicators],
            deviations: vec![1.0; indicators],
            inverses: vec![1.0; indicators],
        }
    }

    /// Takes in a covariance matrix of the right size, of which the lower triangle is read. Allocates nothing unless there
    /// is a fault. Two indicators may be the same if one `repeats` the other.
    pub(crate) fn load<S: AsRef<str>>(
        &mut self,
        covariance: &DMatrix<f64>,
        metric: Metric,
        names: impl FnOnce() -> Vec<S>,
        repeats: impl Fn(&str, &str) -> bool,
    ) -> Result<()> {
        let size = self.deviations.len();
        let mut sound = true;
        for (at, (deviation, inverse)) in self.deviations.iter_mut().zip(&mut self.inverses).enumerate() {
            *deviation = covariance[(at, at)].sqrt();
            *inverse = 1.0 / *deviation;
            // False for NaN, and the square root of a negative number is one.
            sound &= *deviation > 0.0 && *deviation < f64::INFINITY;
        }
        for column in 0..size {
            for row in column + 1..size {
                let correlation = covariance[(row, column)] * self.inverses[row] * self.inverses[column];
                sound &= correlation.abs() <= IDENTICAL;
                self.matrix[column * size + row] = correlation;
                self.matrix[row * size + column] = correlation;
            }
        }
        if !sound {
            self.faults(covariance, &names(), repeats)?;
        }
        if metric == Metric::Raw {
            self.scale();
        }
        Ok(())
    }

    /// From correlations to covariances, in units of the largest standard deviation: powers of data near the largest or
    /// the smallest `f64` would leave its range.
    fn scale(&mut self) {
        let size = self.deviations.len();
        let largest = self.deviations.iter().copied().fold(0.0, f64::max);
        for (unit, deviation) in self.units.iter_mut().zip(&self.deviations) {
            *unit = deviation / largest;
        }
        for column in 0..size {
            for row in 0..size {
                let entry = &mut self.matrix[column * size + row];
                let correlation = if row == column { 1.0 } else { *entry };
                *entry = correlation * self.units[row] * self.units[column];
            }
        }
    }

    #[cold]
    fn faults<S: AsRef<str>>(
        &self,
        covariance: &DMatrix<f64>,
        names: &[S],
        repeats: impl Fn(&str, &str) -> bool,
    ) -> Result<()> {
        let size = self.deviations.len();
        let name = |at: usize| names[at].as_ref();
        let mut faults = Faults::default();
        for at in 0..size {
            if let Err(fault) = check::positive(covariance[(at, at)], || format!("the variance of `{}`", name(at))) {
                faults.note(|| fault);
            }
        }
        faults.or(())?;
        let mut faults = Faults::default();
        for row in 0..size {
            for column in 0..row {
                let repeats = || repeats(name(column), name(row));
                if let Some(fault) = pair(self.matrix[column * size + row], name(column), name(row), repeats) {
                    faults.note(|| fault);
                }
            }
        }
        faults.or(())
    }
}

/// What is wrong with the correlation of two indicators.
fn pair(correlation: f64, first: &str, second: &str, repeats: impl Fn() -> bool) -> Option<Error> {
    let place = || format!("the correlation of `{first}` and `{second}`");
    let possible = correlation.abs() <= 1.0 + CONVERGED;
    if let Err(fault) = check::domain(correlation, possible, place, "a number from -1 to 1") {
        return Some(fault);
    }
    let identical = ErrorKind::Identical { first: first.to_owned(), second: second.to_owned() };
    (correlation.abs() > IDENTICAL && !repeats()).then(|| identical.into())
}
