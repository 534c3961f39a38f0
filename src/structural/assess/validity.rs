//! Whether the indicators of each construct measure that construct and no other.

use std::ops::Range;

use nalgebra::DMatrix;

use crate::numeric::number::Number;
use crate::numeric::rounding::Sum;
use crate::numeric::square::Square;
use crate::structural::assess::Assessment;
use crate::structural::assess::figures::Figures;
use crate::structural::assess::regression;

// ---- the formulas, on plain numbers; where a figure is undefined they give NaN ----

/// How the correlations of the indicators enter a heterotrait-monotrait ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[doc(alias = "heterotrait-monotrait")]
#[doc(alias = "discriminant validity")]
#[doc(alias = "HTMT2")]
pub enum Htmt {
    /// Arithmetic means of the correlations as they are; the ratio loses its sign at the end (cSEM).
    #[default]
    Signed,
    /// Arithmetic means of absolute correlations (seminr, SmartPLS).
    Absolute,
    /// Geometric means: HTMT2 (Roemer et al. 2021). Each indicator counts in the direction of its loading, and two constructs
    /// may be negatively related. Undefined where correlations of different signs are left.
    Geometric,
}

impl Htmt {
    /// What a correlation adds to the sum behind a mean.
    #[inline(always)]
    fn term<N: Number>(self, correlation: N) -> N {
        match self {
            Self::Signed => correlation,
            Self::Absolute => correlation.abs(),
            // NaN below 0, and the mean with it; 0 gives a mean of 0.
            Self::Geometric => correlation.map(f64::ln),
        }
    }

    #[inline(always)]
    fn mean<N: Number>(self, sum: Sum<N>, count: usize) -> N {
        let mean = sum.settled() / sum.size.splat(count as f64);
        if self == Self::Geometric { mean.map(f64::exp) } else { mean }
    }

    /// The mean correlation of different indicators of one construct; 1 for a single indicator.
    #[inline(always)]
    fn within<N: Number>(self, correlations: Square<'_, N>, block: &Range<usize>) -> N {
        if block.len() == 1 {
            return correlations.zero().one();
        }
        let mut sum = Sum::new(correlations.zero());
        for row in block.clone() {
            for column in block.start..row {
                sum.add(self.term(correlations.at(row, column)));
            }
        }
        self.mean(sum, block.len() * (block.len() - 1) / 2)
    }

    /// The mean correlation between the indicators of two constructs.
    #[inline(always)]
    fn between<N: Number>(self, correlations: Square<'_, N>, first: &Range<usize>, second: &Range<usize>) -> N {
        let sign = self.sign(correlations, first, second);
        let mut sum = Sum::new(correlations.zero());
        for row in first.clone() {
            for column in second.clone() {
                sum.add(self.term(sign * correlations.at(row, column)));
            }
        }
        self.mean(sum, first.len() * second.len())
    }

    /// −1 where a geometric mean is that of negatively related constructs: none of their correlations is positive.
    #[inline(always)]
    fn sign<N: Number>(self, correlations: Square<'_, N>, first: &Range<usize>, second: &Range<usize>) -> N {
        let (zero, one) = (correlations.zero(), correlations.zero().one());
        if self != Self::Geometric {
            return one;
        }
        let mut greatest = zero;
        for row in first.clone() {
            for column in second.clone() {
                greatest = correlations.at(row, column).max(greatest);
            }
        }
        one.where_else(greatest.greater(zero), -one)
    }
}

/// The mean correlation between the indicators of two constructs over the geometric mean of those within each, which are
/// to be positive.
#[inline(always)]
pub(crate) fn htmt<N: Number>(
    correlations: Square<'_, N>,
    first: &Range<usize>,
    second: &Range<usize>,
    kind: Htmt,
) -> N {
    // The root of a negative mean is NaN: with two of them there is no ratio either.
    let within = kind.within(correlations, first).sqrt() * kind.within(correlations, second).sqrt();
    (kind.between(correlations, first, second) / within).abs()
}

// ---- the same, by name ----

/// How the Fornell–Larcker matrix is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum FornellLarcker {
    /// AVE on the diagonal, squared correlations off it (Fornell & Larcker 1981; cSEM).
    #[default]
    Squared,
    /// √AVE on the diagonal, correlations off it (seminr, SmartPLS).
    Root,
}

impl Assessment<'_> {
    /// The correlation of every indicator with every construct.
    pub fn cross_loadings(&self) -> Figures {
        let loadings = self.fit.loading_matrix();
        let columns = ("construct", self.fit.construct_names());
        Figures::new("Cross-loadings", ("indicator", self.fit.model().indicators()), columns, |row, column| {
            Some(loadings[(row, column)])
        })
    }

    /// For each indicator its `loading` λ, its `communality` λ², and its `redundancy` λ²R² where its construct has
    /// predecessors: the share of its variance that they explain (the outer model of plspm).
    pub fn communality(&self) -> Figures {
        let (shape, loadings) = (self.fit.shape(), self.fit.own_loadings());
        let cell = |at: usize, column: usize| {
            let square = loadings[at] * loadings[at];
            match column {
                0 => Some(loadings[at]),
                1 => Some(square),
                _ => self.fit.r_squareds()[shape.owners[at]].map(|r_squared| square * r_squared),
            }
        };
        let columns = ("figure", ["loading", "communality", "redundancy"]);
        Figures::new("Communality", ("indicator", self.fit.model().indicators()), columns, cell)
    }

    /// The Fornell–Larcker criterion.
    ///
    /// A construct is held to differ from another when its AVE exceeds their squared correlation. In a consistent fit AVE and
    /// correlations are those of the constructs (cSEM); seminr takes the correlations of the scores even then.
    ///
    /// # References
    ///
    /// Fornell, C., Larcker, D. F. (1981). Evaluating structural equation models with unobservable variables and
    /// measurement error. *Journal of Marketing Research*, 18(1), 39–50. <https://doi.org/10.1177/002224378101800104>
    #[doc(alias = "AVE")]
    pub fn fornell_larcker(&self, form: FornellLarcker) -> Figures {
        let (shape, loadings, correlations) = (self.fit.shape(), self.fit.own_loadings(), self.fit.correlations());
        let cell = |row: usize, column: usize| {
            let correlation = correlations[(row, column)];
            let ave = || super::reliability::average_variance_extracted(&loadings[shape.blocks[row].clone()]);
            Some(match (form, row == column) {
                (FornellLarcker::Squared, true) => ave(),
                (FornellLarcker::Squared, false) => correlation * correlation,
                (FornellLarcker::Root, true) => ave().sqrt(),
                (FornellLarcker::Root, false) => correlation,
            })
        };
        let title = match form {
            FornellLarcker::Squared => "Fornell-Larcker criterion (AVE; squared correlations)",
            FornellLarcker::Root => "Fornell-Larcker criterion (root of AVE; correlations)",
        };
        self.construct_matrix(title, cell)
    }

    /// The heterotrait-monotrait ratio of correlations, HTMT, or HTMT2 by [`Htmt::Geometric`].
    ///
    /// # Formula
    ///
    /// HTMT = r̄ᵢⱼ/√(r̄ᵢ r̄ⱼ), with the mean correlation r̄ᵢⱼ between the indicators of two constructs and r̄ᵢ, r̄ⱼ among those
    /// of each; r̄ᵢ = 1 for a single indicator. `None` where r̄ᵢ or r̄ⱼ is not positive. It does not depend on the weights,
    /// and estimates the correlation of two common factors with equal loadings, with geometric means whatever their
    /// loadings; for composites it means nothing. Indicators whose scales are declared to point different ways count as if
    /// they pointed the same way. HTMT2 does not depend on how indicators are worded, and has no value where the signs of
    /// the correlations are not those that one direction for each indicator gives.
    ///
    /// # References
    ///
    /// Henseler, J., Ringle, C. M., Sarstedt, M. (2015). A new criterion for assessing discriminant validity in
    /// variance-based structural equation modeling. *Journal of the Academy of Marketing Science*, 43, 115–135.
    /// <https://doi.org/10.1007/s11747-014-0403-8>
    ///
    /// Roemer, E., Schuberth, F., Henseler, J. (2021). HTMT2 – an improved criterion for assessing discriminant validity
    /// in structural equation modeling. *Industrial Management & Data Systems*, 121(12), 2637–2650.
    /// <https://doi.org/10.1108/IMDS-02-2021-0082>
    #[doc(alias = "HTMT2")]
    #[doc(alias = "discriminant validity")]
    pub fn htmt(&self, kind: Htmt) -> Figures {
        let (shape, correlations) = (self.fit.shape(), self.correlations_for(kind));
        let cell = |row: usize, column: usize| {
            let ratio = || htmt(Square::of(&correlations), &shape.blocks[row], &shape.blocks[column], kind);
            if row == column { Some(1.0) } else { Some(ratio()).filter(|ratio| ratio.is_finite()) }
        };
        let title = match kind {
            Htmt::Signed => "Heterotrait-monotrait ratio (HTMT)",
            Htmt::Absolute => "Heterotrait-monotrait ratio (HTMT, absolute correlations)",
            Htmt::Geometric => "Heterotrait-monotrait ratio (HTMT2)",
        };
        self.construct_matrix(title, cell)
    }

    /// The correlations of the indicators in the directions in which a heterotrait-monotrait ratio takes them.
    fn correlations_for(&self, kind: Htmt) -> DMatrix<f64> {
        let correlations = self.fit.indicator_correlations();
        if kind != Htmt::Geometric {
            return self.fit.aligned(correlations);
        }
        let signs: Vec<f64> = self.fit.own_loadings().iter().map(|loading| loading.signum()).collect();
        DMatrix::from_fn(signs.len(), signs.len(), |row, column| {
            correlations[(row, column)] * signs[row] * signs[column]
        })
    }

    /// The variance inflation factor of each indicator among those of its construct: 1 for a single indicator.
    ///
    /// Column `VIF`; `None` where the indicators of the construct are linearly dependent.
    pub fn outer_vif(&self) -> Figures {
        let (shape, correlations) = (self.fit.shape(), self.fit.indicator_correlations());
        let block = |block: &Range<usize>| {
            let view = correlations.view((block.start, block.start), (block.len(), block.len())).into_owned();
            let found = regression::inflation(&view).map(|factors| factors.into_iter().map(Some).collect());
            found.unwrap_or_else(|| vec![None; block.len()])
        };
        let factors: Vec<Option<f64>> = shape.blocks.iter().flat_map(block).collect();
        let rows = ("indicator", self.fit.model().indicators());
        Figures::new("Collinearity of the indicators", rows, ("figure", ["VIF"]), |at, _| factors[at])
    }

    /// A symmetric matrix of figures on pairs of constructs.
    pub(super) fn construct_matrix(&self, title: &str, cell: impl Fn(usize, usize) -> Option<f64>) -> Figures {
        let rows = ("construct", self.fit.construct_names());
        Figures::new(title, rows, ("construct", self.fit.construct_names()), cell).triangular()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// Two constructs of two indicators: the correlations within each, and the four between them.
    fn ratio(within: [f64; 2], between: [f64; 4], kind: Htmt) -> f64 {
        let ([first, second], [a, b, c, d]) = (within, between);
        let rows = [1.0, first, a, b, first, 1.0, c, d, a, c, 1.0, second, b, d, second, 1.0];
        htmt(Square::new(&rows, 4), &(0..2), &(2..4), kind)
    }

    #[test]
    fn ratios_by_hand() {
        let between = [0.2, 0.4, 0.2, 0.4];
        let expected = |mean: f64| mean / (0.5f64 * 0.8).sqrt();
        for (kind, mean) in [(Htmt::Signed, 0.3), (Htmt::Absolute, 0.3), (Htmt::Geometric, 0.08f64.sqrt())] {
            for sign in [1.0, -1.0] {
                let found = ratio([0.5, 0.8], between.map(|entry| sign * entry), kind);
                assert_relative_eq!(found, expected(mean), epsilon = 0.0, max_relative = 1e-14);
            }
        }
        let mixed = [0.2, -0.4, 0.2, 0.4];
        assert_relative_eq!(ratio([0.5, 0.8], mixed, Htmt::Signed), expected(0.1), epsilon = 0.0, max_relative = 1e-14);
        assert_relative_eq!(
            ratio([0.5, 0.8], mixed, Htmt::Absolute),
            expected(0.3),
            epsilon = 0.0,
            max_relative = 1e-14
        );
        assert!(ratio([0.5, 0.8], mixed, Htmt::Geometric).is_nan());
    }

    #[test]
    fn there_is_no_ratio_to_means_that_are_not_positive() {
        for within in [[-0.5, 0.8], [0.5, -0.8], [-0.5, -0.8], [0.0, 0.8]] {
            assert!(!ratio(within, [0.3; 4], Htmt::Signed).is_finite(), "{within:?}");
            assert!(!ratio(within, [0.3; 4], Htmt::Geometric).is_finite(), "{within:?}");
        }
    }
}
