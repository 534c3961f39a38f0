//! Moments from what others have published: a covariance or correlation matrix, means, standard deviations.

use nalgebra::DMatrix;

use crate::error::{Faults, Result};
use crate::numeric::check;
use crate::survey::{Indicator, Moments};

/// How far beyond what is possible a matrix that was computed elsewhere may be: rounding, not digits left out in print.
pub(super) const ROUNDING: f64 = 1e-9;

impl Moments {
    /// The moments that stand behind a covariance matrix of `n` respondents, their means unknown; for a correlation
    /// matrix, [`Moments::with_standard_deviations`] says on what scale the answers were.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; a matrix of another size, with an entry that is not finite, a variance that
    /// is not positive, a covariance that differs from its mirror image or is larger than the variances allow;
    /// an `n` that is not above 1.
    pub fn from_covariance<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        covariance: &DMatrix<f64>,
        n: f64,
    ) -> Result<Self> {
        let mut moments = Self::new(names)?;
        check_covariance(&moments.indicators, covariance)?;
        check::domain(n, n > 1.0, || "the number of respondents".into(), "a number above 1")?;
        moments.sums.products = (covariance + covariance.transpose()) * (0.5 * (n - 1.0));
        moments.sums.weight = n;
        moments.rows = whole(n);
        moments.means_known = false;
        moments.checked()
    }

    /// The moments with these means, in the order of the indicators.
    ///
    /// # Errors
    ///
    /// A list of another length; a mean that is not finite or outside the scale of its indicator.
    pub fn with_means(mut self, means: impl IntoIterator<Item = f64>) -> Result<Self> {
        self.sums.means = means.into_iter().collect();
        check::length(self.sums.means.len(), self.indicators.len(), || "the list of means".into())?;
        self.sums.remainders.fill(0.0);
        self.means_known = true;
        self.checked()?.on_scale()
    }

    /// The moments with the same correlations and these standard deviations, in the order of the indicators.
    ///
    /// # Errors
    ///
    /// A list of another length, a standard deviation that is not positive, or an indicator without variation.
    pub fn with_standard_deviations(mut self, deviations: impl IntoIterator<Item = f64>) -> Result<Self> {
        let deviations: Vec<f64> = deviations.into_iter().collect();
        check::length(deviations.len(), self.indicators.len(), || "the list of standard deviations".into())?;
        let mut faults = Faults::default();
        for (deviation, indicator) in deviations.iter().zip(&self.indicators) {
            faults.check(check::positive(*deviation, || format!("the standard deviation of `{}`", indicator.name())));
        }
        faults.or(())?;
        let degrees = self.degrees()?;
        let correlation = self.correlation()?;
        self.sums.products = DMatrix::from_fn(deviations.len(), deviations.len(), |i, j| {
            correlation[(i, j)] * (deviations[i] * deviations[j]) * degrees
        });
        self.checked()
    }
}

/// A count of respondents that is given as a number, as an integer.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is positive, and the cast saturates")]
fn whole(n: f64) -> usize {
    (n.round() as usize).max(1)
}

/// Checks that the matrix can be one of covariances between the indicators.
fn check_covariance(indicators: &[Indicator], matrix: &DMatrix<f64>) -> Result<()> {
    check::length(matrix.nrows(), indicators.len(), || "a column of the covariance matrix".into())?;
    check::length(matrix.ncols(), indicators.len(), || "a row of the covariance matrix".into())?;
    let name = |at: usize| indicators[at].name();
    let mut faults = Faults::default();
    for at in 0..indicators.len() {
        faults.check(check::positive(matrix[(at, at)], || format!("the variance of `{}`", name(at))));
    }
    faults.or(())?;
    let mut faults = Faults::default();
    for (i, j) in (0..indicators.len()).flat_map(|i| (0..i).map(move |j| (i, j))) {
        let place = |what| move || format!("the {what} of `{}` and `{}`", name(i), name(j));
        let (below, above) = (matrix[(i, j)], matrix[(j, i)]);
        if !(below.is_finite() && above.is_finite()) {
            faults.check(check::finite(below, place("covariance")).and(check::finite(above, place("covariance"))));
            continue;
        }
        let scale = matrix[(i, i)].sqrt() * matrix[(j, j)].sqrt();
        let same = (below - above).abs() <= ROUNDING * scale;
        faults.check(check::domain(below, same, place("covariance"), &format!("{above}, its mirror image")));
        let correlation = below / scale;
        let possible = correlation.abs() <= 1.0 + ROUNDING;
        faults.check(check::domain(correlation, possible, place("correlation"), "a number from -1 to 1"));
    }
    faults.or(())
}
