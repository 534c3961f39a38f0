//! More weights from data: coefficient of variation, independence, principal components, removal effects, impact losses.

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::{check, linalg, rounding};
use crate::weights::decision_matrix::extremes;
use crate::weights::{DecisionMatrix, Direction, Weights};

impl DecisionMatrix {
    /// Weights in proportion to the coefficients of variation |s/x̄| (divisor n − 1, which cancels).
    ///
    /// # Errors
    ///
    /// A column whose mean is 0; every column constant.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let data = DecisionMatrix::new(["a", "b"], [[1.0, 10.0], [3.0, 20.0], [2.0, 15.0]])?;
    /// // 1/2 and 5/15.
    /// assert!((data.coefficient_of_variation()?.get("a")? - 0.6).abs() < 1e-15);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[doc(alias = "CV weights")]
    pub fn coefficient_of_variation(&self) -> Result<Weights> {
        let mut faults = Faults::default();
        let mut values = Vec::with_capacity(self.criteria().len());
        for (at, name) in self.criteria().iter().enumerate() {
            let column = self.column(at);
            let (least, greatest) = extremes(&column);
            let largest = greatest.abs().max(least.abs()).max(f64::MIN_POSITIVE);
            let mean = column.iter().map(|value| value / largest).sum::<f64>() / column.len() as f64;
            if rounding::is_zero(mean, 1.0) {
                let reason = "has the mean 0, relative to which nothing varies".into();
                faults.push(ErrorKind::Degenerate { place: format!("column `{name}`"), reason });
            }
            let deviations = self.centred(at).unwrap_or_default();
            // Without deviations, 0: the sum of nothing is −0.
            let spread = deviations.iter().map(|d| d * d).sum::<f64>().sqrt().abs();
            values.push(spread * (greatest / largest - least / largest) / mean.abs());
        }
        faults.or(())?;
        self.weights(values, "coefficient of variation")
    }

    /// Independence weights: in proportion to 1/R, R the multiple correlation of a criterion with all others.
    ///
    /// # Errors
    ///
    /// A constant column; fewer than two columns; a column that is not correlated with the others at all; no more rows than
    /// columns.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let rows = [[1.0, 1.0, 5.0], [2.0, 2.1, 1.0], [3.0, 2.9, 4.0], [4.0, 4.2, 2.0], [5.0, 4.9, 3.0]];
    /// let weights = DecisionMatrix::new(["a", "nearly a", "b"], rows)?.independence()?;
    /// assert!(weights.get("b")? > weights.get("a")?);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn independence(&self) -> Result<Weights> {
        let count = self.criteria().len();
        let (rows, place) = (self.alternatives().len(), || "the number of rows".into());
        check::domain(rows as f64, rows > count, place, &format!("more than {count}, the number of columns"))?;
        let correlations = self.correlation_matrix()?;
        let mut values = Vec::with_capacity(count);
        for (at, name) in self.criteria().iter().enumerate() {
            let others: Vec<usize> = (0..count).filter(|other| *other != at).collect();
            let gram = DMatrix::from_fn(others.len(), others.len(), |k, l| correlations[(others[k], others[l])]);
            let own: Vec<f64> = others.iter().map(|other| correlations[(at, *other)]).collect();
            let factor = linalg::cholesky(&gram).map_err(|row| {
                let reason = format!("`{}` depends on the columns before it", self.criteria()[others[row]]);
                ErrorKind::Singular { place: "the correlation matrix".into(), reason }
            })?;
            let coefficients = linalg::cholesky_solve(&factor, &own);
            let squared = rounding::settled(linalg::dot(&coefficients, &own), 1.0);
            if squared <= 0.0 {
                let reason = "is not correlated with the others: its weight would be infinite".into();
                return Err(ErrorKind::Degenerate { place: format!("column `{name}`"), reason }.into());
            }
            values.push(1.0 / squared.min(1.0).sqrt());
        }
        self.weights(values, "independence")
    }

    /// Weights from the principal components of the correlation matrix whose eigenvalue is above 1.
    ///
    /// # Formula
    ///
    /// Each component is oriented so that its coefficients have a positive sum. The coefficient of a criterion is the mean of
    /// its coefficients in the components by the eigenvalues; the weights are in proportion to the absolute values.
    ///
    /// # Numerical notes
    ///
    /// Only the absolute value counts: a criterion that runs against the others gets as much weight as one that runs with
    /// them.
    ///
    /// # Errors
    ///
    /// A constant column; no eigenvalue above 1, because no two columns are correlated.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let rows = [[1.0, 1.1, 5.0], [2.0, 2.0, 1.0], [3.0, 3.1, 4.0], [4.0, 3.8, 2.0], [5.0, 5.1, 3.0]];
    /// let weights = DecisionMatrix::new(["a", "nearly a", "b"], rows)?.principal_components()?;
    /// assert!(weights.get("a")? > weights.get("b")?);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    #[doc(alias = "PCA")]
    pub fn principal_components(&self) -> Result<Weights> {
        let (eigenvalues, vectors) = linalg::symmetric_eigen(self.correlation_matrix()?, "the correlation matrix")?;
        let kept = eigenvalues.iter().take_while(|value| **value > 1.0 + rounding::ROUNDING).count();
        if kept == 0 && self.criteria().len() > 1 {
            let reason = "no component has an eigenvalue above 1: no two columns are correlated".into();
            return Err(ErrorKind::Degenerate { place: "the decision matrix".into(), reason }.into());
        }
        let kept = kept.max(1);
        let total: f64 = eigenvalues.iter().take(kept).sum();
        let mut composite = vec![0.0; self.criteria().len()];
        for (value, vector) in eigenvalues.iter().zip(vectors.column_iter()).take(kept) {
            let sign = if vector.sum() < 0.0 { -1.0 } else { 1.0 };
            composite.iter_mut().zip(vector.iter()).for_each(|(sum, entry)| *sum += sign * value / total * entry);
        }
        self.weights(composite.iter().map(|value| value.abs()).collect(), "principal components")
    }

    /// MEREC weights: a criterion counts by how much the performance of the alternatives changes when it is left out.
    ///
    /// # Formula
    ///
    /// nᵢⱼ = minᵢ xᵢⱼ / xᵢⱼ for benefits and xᵢⱼ / maxᵢ xᵢⱼ for costs; Sᵢ = ln(1 + Σⱼ |ln nᵢⱼ| / m), Sᵢⱼ′ the same without
    /// criterion j (still divided by m); wⱼ ∝ Σᵢ |Sᵢⱼ′ − Sᵢ|.
    ///
    /// # Errors
    ///
    /// A value that is not positive; every column constant.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let data = DecisionMatrix::new(["a", "b"], [[1.0, 7.0], [2.0, 7.0]])?;
    /// assert_eq!(data.merec()?.values(), [1.0, 0.0]);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keshavarz-Ghorabaee et al. (2021), doi:10.3390/sym13040525.
    #[doc(alias = "MEREC")]
    pub fn merec(&self) -> Result<Weights> {
        self.require_positive()?;
        let count = self.criteria().len();
        let logs: Vec<Vec<f64>> = (0..count).map(|at| self.log_shortfalls(at)).collect();
        let mut effects = vec![0.0; count];
        for row in 0..self.alternatives().len() {
            let total: f64 = logs.iter().map(|column| column[row]).sum();
            let performance = |sum: f64| (sum / count as f64).ln_1p();
            for (effect, column) in effects.iter_mut().zip(&logs) {
                *effect += (performance((total - column[row]).max(0.0)) - performance(total)).abs();
            }
        }
        let size: f64 = effects.iter().sum();
        self.weights(effects.into_iter().map(|effect| rounding::settled(effect, size)).collect(), "MEREC")
    }

    /// |ln nᵢⱼ| of a column: how far each value lies from the least (a benefit) or the greatest (a cost), in logs.
    fn log_shortfalls(&self, at: usize) -> Vec<f64> {
        let column = self.column(at);
        let (least, greatest) = extremes(&column);
        let anchor = if self.directions()[at] == Direction::Cost { greatest } else { least };
        column.iter().map(|value| rounding::settled((value / anchor).ln(), 1.0).abs()).collect()
    }

    /// CILOS weights: a criterion counts the more, the less is lost under the others where it is at its best.
    ///
    /// # Formula
    ///
    /// Costs enter as minᵢ xᵢⱼ / xᵢⱼ, and every column is divided by its sum. With kⱼ the row where column j is greatest (the
    /// first of equal ones), pᵢⱼ = (x(kⱼ, j) − x(kᵢ, j)) / x(kⱼ, j) is the relative loss under j where i is at its best. The
    /// weights solve Σⱼ≠ᵢ pᵢⱼqⱼ = qᵢ Σₖ pₖᵢ.
    ///
    /// # Errors
    ///
    /// A value that is not positive; criteria that lose nothing where the others are at their best, which leaves the weights
    /// open; a single criterion.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::weights::DecisionMatrix;
    ///
    /// let data = DecisionMatrix::new(["a", "b"], [[1.0, 4.0], [2.0, 1.0]])?;
    /// // Where b is at its best a loses 1/2, where a is, b loses 3/4.
    /// assert!((data.cilos()?.get("a")? - 0.6).abs() < 1e-15);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Zavadskas & Podvezko (2016), doi:10.1142/S0219622016500036.
    #[doc(alias = "CILOS")]
    #[doc(alias = "IDOCRIW")]
    pub fn cilos(&self) -> Result<Weights> {
        self.require_positive()?;
        let count = self.criteria().len();
        let columns: Vec<Vec<f64>> = (0..count).map(|at| self.benefits(at)).collect();
        let best = |column: &Vec<f64>| {
            let (_, greatest) = extremes(column);
            column.iter().position(|value| rounding::equal(*value, greatest)).unwrap_or_default()
        };
        let best: Vec<usize> = columns.iter().map(best).collect();
        let loss = |i: usize, j: usize| 1.0 - columns[j][best[i]] / columns[j][best[j]];
        let mut system = DMatrix::from_fn(count + 1, count, |i, j| if i < count { loss(i, j) } else { 1.0 });
        for j in 0..count {
            system[(j, j)] = -(0..count).map(|i| loss(i, j)).sum::<f64>();
        }
        // The rows of losses sum to 0: the last gives way to the sum of the weights.
        let square = system.remove_row(count - 1);
        let mut right = DMatrix::zeros(count, 1);
        right[(count - 1, 0)] = 1.0;
        let solution = linalg::solve(square, &right, "the losses of the criteria")?;
        let values = solution.iter().map(|value| rounding::settled(*value, 1.0)).collect();
        self.weights(values, "CILOS")
    }

    /// A column in which more is better: costs as the least over the value.
    fn benefits(&self, at: usize) -> Vec<f64> {
        let column = self.column(at);
        let (least, _) = extremes(&column);
        if self.directions()[at] == Direction::Cost {
            column.iter().map(|value| least / value).collect()
        } else {
            column
        }
    }

    /// Checks that every value is positive.
    fn require_positive(&self) -> Result<()> {
        let mut faults = Faults::default();
        for (row, values) in self.rows() {
            for (name, value) in self.criteria().iter().zip(values) {
                if let Err(fault) = check::positive(*value, || format!("row `{row}` of column `{name}`")) {
                    faults.note(|| fault);
                }
            }
        }
        faults.or(())
    }

    /// The correlations of the columns as they are, whatever their direction.
    fn correlation_matrix(&self) -> Result<DMatrix<f64>> {
        let mut faults = Faults::default();
        let mut units = Vec::with_capacity(self.criteria().len());
        for (at, name) in self.criteria().iter().enumerate() {
            let Some(mut centred) = self.centred(at) else {
                faults.push(ErrorKind::Degenerate { place: format!("column `{name}`"), reason: "is constant".into() });
                continue;
            };
            let length = linalg::dot(&centred, &centred).sqrt();
            let sign = if self.directions()[at] == Direction::Cost { -1.0 } else { 1.0 };
            for deviation in &mut centred {
                *deviation *= sign / length;
            }
            units.push(centred);
        }
        faults.or(())?;
        let count = units.len();
        let correlation = |j: usize, k: usize| if j == k { 1.0 } else { linalg::dot(&units[j], &units[k]) };
        Ok(DMatrix::from_fn(count, count, correlation))
    }
}
