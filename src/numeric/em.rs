//! Maximum likelihood means and covariances of normal variables from rows with missing answers.

use nalgebra::DMatrix;

use crate::numeric::linalg;
use crate::numeric::moments::CentredSums;

/// Rows in which answers are missing (NaN), with their weights. Each has at least one answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct GappedRows {
    /// Row by row.
    answers: Vec<f64>,
    weights: Vec<f64>,
}

/// The units in which a variable enters: z = ((x − origin) − centre)/scale.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unit {
    pub(crate) origin: f64,
    pub(crate) centre: f64,
    pub(crate) scale: f64,
}

/// Why there are no estimates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Failure {
    /// This variable depends linearly on those before it.
    Dependent(usize),
    /// The last change was this large.
    NotConverged(f64),
}

/// Rows with the same answers missing.
struct Pattern {
    answered: Vec<usize>,
    missing: Vec<usize>,
    rows: Vec<usize>,
}

/// Means and covariances in the units z, divisor n.
struct Estimate {
    means: Vec<f64>,
    covariance: DMatrix<f64>,
}

impl GappedRows {
    pub(crate) fn push(&mut self, row: &[f64], weight: f64) {
        self.answers.extend_from_slice(row);
        self.weights.push(weight);
    }

    /// Takes in other rows behind these.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.answers.extend_from_slice(&other.answers);
        self.weights.extend_from_slice(&other.weights);
    }

    /// The sums about the means of these rows and complete ones, in which what is missing counts with its expectation
    /// given the rest: n times the maximum likelihood covariances.
    ///
    /// It starts from means of 0 and the identity in the units given, and ends when no mean or covariance in those
    /// units changes by more than the tolerance.
    pub(crate) fn completed(
        mut self,
        complete: &CentredSums,
        units: &[Unit],
        tolerance: f64,
        max_iterations: usize,
    ) -> Result<CentredSums, Failure> {
        let size = units.len();
        for row in self.answers.chunks_exact_mut(size) {
            row.iter_mut().zip(units).for_each(|(x, unit)| *x = ((*x - unit.origin) - unit.centre) / unit.scale);
        }
        let complete = in_units(complete, units);
        let total = complete.weight + self.weights.iter().sum::<f64>();
        let patterns = self.patterns(size);
        let mut estimate = Estimate { means: vec![0.0; size], covariance: DMatrix::identity(size, size) };
        let mut change = f64::INFINITY;
        for _ in 0..max_iterations {
            let next = self.step(&patterns, &complete, total, &estimate)?;
            change = estimate.distance(&next);
            estimate = next;
            if change <= tolerance {
                return Ok(estimate.sums(units, total));
            }
        }
        Err(Failure::NotConverged(change))
    }

    fn patterns(&self, size: usize) -> Vec<Pattern> {
        let gaps = |row: &usize| -> Vec<bool> {
            self.answers[row * size..(row + 1) * size].iter().map(|answer| answer.is_nan()).collect()
        };
        let mut rows: Vec<(Vec<bool>, usize)> = (0..self.weights.len()).map(|row| (gaps(&row), row)).collect();
        rows.sort_unstable();
        let pattern = |rows: &[(Vec<bool>, usize)]| {
            let gaps = &rows[0].0;
            let places = |missing: bool| (0..size).filter(|at| gaps[*at] == missing).collect();
            Pattern { answered: places(false), missing: places(true), rows: rows.iter().map(|row| row.1).collect() }
        };
        rows.chunk_by(|a, b| a.0 == b.0).map(pattern).collect()
    }

    /// One expectation and one maximisation: the sums of the rows about the present means, with what is missing in the
    /// place that the present estimate expects, and its variance there.
    fn step(
        &self,
        patterns: &[Pattern],
        complete: &CentredSums,
        total: f64,
        now: &Estimate,
    ) -> Result<Estimate, Failure> {
        let size = now.means.len();
        let distance: Vec<f64> = complete.means.iter().zip(&now.means).map(|(mean, now)| mean - now).collect();
        let mut first: Vec<f64> = distance.iter().map(|distance| complete.weight * distance).collect();
        let mut second = complete.products.clone();
        add_square(&mut second, &distance, complete.weight);
        let mut deviations = vec![0.0; size];
        for pattern in patterns {
            let (coefficients, residual) = pattern.regression(&now.covariance)?;
            let mut weight = 0.0;
            for row in &pattern.rows {
                let answers = &self.answers[row * size..(row + 1) * size];
                pattern.expect(answers, &now.means, &coefficients, &mut deviations);
                first.iter_mut().zip(&deviations).for_each(|(sum, z)| *sum += self.weights[*row] * z);
                add_square(&mut second, &deviations, self.weights[*row]);
                weight += self.weights[*row];
            }
            for (j, to) in pattern.missing.iter().enumerate() {
                for (i, from) in pattern.missing.iter().enumerate() {
                    second[(*from, *to)] += weight * residual[(i, j)];
                }
            }
        }
        for sum in &mut first {
            *sum /= total;
        }
        second /= total;
        add_square(&mut second, &first, -1.0);
        let means = now.means.iter().zip(&first).map(|(mean, step)| mean + step).collect();
        // Rounding must not make the halves differ.
        let covariance = (&second + second.transpose()) * 0.5;
        Ok(Estimate { means, covariance })
    }
}

impl Pattern {
    /// The coefficients of the missing variables on the answered ones (answered × missing), and the covariances that the
    /// regression leaves.
    fn regression(&self, covariance: &DMatrix<f64>) -> Result<(DMatrix<f64>, DMatrix<f64>), Failure> {
        let part = |rows: &[usize], columns: &[usize]| covariance.select_rows(rows).select_columns(columns);
        let factor = linalg::cholesky(&part(&self.answered, &self.answered))
            .map_err(|row| Failure::Dependent(self.answered[row]))?;
        let across = part(&self.answered, &self.missing);
        let mut coefficients = across.clone();
        for mut column in coefficients.column_iter_mut() {
            let solution = linalg::cholesky_solve(&factor, column.as_slice());
            column.copy_from_slice(&solution);
        }
        let residual = part(&self.missing, &self.missing) - across.transpose() * &coefficients;
        Ok((coefficients, residual))
    }

    /// A row's deviations from the means, the missing ones as expected.
    fn expect(&self, answers: &[f64], means: &[f64], coefficients: &DMatrix<f64>, deviations: &mut [f64]) {
        for at in &self.answered {
            deviations[*at] = answers[*at] - means[*at];
        }
        for (at, coefficients) in self.missing.iter().zip(coefficients.column_iter()) {
            deviations[*at] = self
                .answered
                .iter()
                .zip(&coefficients)
                .map(|(from, coefficient)| coefficient * deviations[*from])
                .sum();
        }
    }
}

impl Estimate {
    /// The largest difference of a mean or a covariance; NaN if there is one.
    fn distance(&self, other: &Self) -> f64 {
        let means = self.means.iter().zip(&other.means);
        let pairs = means.chain(self.covariance.iter().zip(&other.covariance));
        pairs
            .map(|(one, other)| (one - other).abs())
            .fold(0.0, |most: f64, x| if most >= x || most.is_nan() { most } else { x })
    }

    fn sums(&self, units: &[Unit], total: f64) -> CentredSums {
        let mut sums = CentredSums::new(units.len());
        sums.weight = total;
        for (at, unit) in units.iter().enumerate() {
            sums.set_mean(at, unit.origin, unit.centre + self.means[at] * unit.scale);
        }
        sums.products = DMatrix::from_fn(units.len(), units.len(), |i, j| {
            self.covariance[(i, j)] * total * (units[i].scale * units[j].scale)
        });
        sums
    }
}

/// The sums of complete rows in the units z.
fn in_units(complete: &CentredSums, units: &[Unit]) -> CentredSums {
    let mut sums = complete.clone();
    if complete.weight > 0.0 {
        for (at, unit) in units.iter().enumerate() {
            let distance = (complete.means[at] - unit.origin) + complete.remainders[at];
            sums.set_mean(at, (distance - unit.centre) / unit.scale, 0.0);
        }
    }
    sums.products =
        DMatrix::from_fn(units.len(), units.len(), |i, j| complete.products[(i, j)] / units[i].scale / units[j].scale);
    sums
}

/// Adds weight·zz'.
fn add_square(sums: &mut DMatrix<f64>, z: &[f64], weight: f64) {
    for (mut column, right) in sums.column_iter_mut().zip(z) {
        // The same product on both sides of the diagonal.
        column.iter_mut().zip(z).for_each(|(sum, left)| *sum += weight * (left * right));
    }
}
