//! Moments of parts put together.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::CentredSums;
use crate::survey::{Indicator, Moments};

impl Moments {
    /// Takes in the moments of other respondents, whose indicators may stand in another order. If that fails, the
    /// moments are as they were.
    ///
    /// Missing answers that a part has filled stay as they are: each part filled them from its own answers.
    ///
    /// # Errors
    ///
    /// Indicators or scales that differ, a mean outside a scale that only the other part knows, means that are unknown,
    /// or sums beyond the largest `f64`.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        check::length(other.indicators.len(), self.indicators.len(), || "the list of indicators to be merged".into())?;
        if !self.names().eq(other.names()) {
            return self.merge(&other.select(self.names())?);
        }
        let together = if self.indicators == other.indicators { None } else { Some(self.together(other)?) };
        if self.rows > 0 && other.rows > 0 {
            self.need_means()?;
            other.need_means()?;
        }
        self.can_add(&other.sums)?;
        if self.rows == 0 {
            self.means_known = other.means_known;
        }
        self.sums.merge(&other.sums);
        self.rows += other.rows;
        self.rows_dropped += other.rows_dropped;
        self.answers_filled += other.answers_filled;
        self.answers_passed_over += other.answers_passed_over;
        if let Some(indicators) = together {
            self.indicators = indicators;
        }
        Ok(())
    }

    /// The moments of all the respondents behind several.
    ///
    /// # Errors
    ///
    /// No part, and as for [`Moments::merge`].
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::Moments;
    ///
    /// let mut days = [Moments::new(["speed"])?, Moments::new(["speed"])?];
    /// days[0].extend([[7.0], [9.0]])?;
    /// days[1].extend([[2.0]])?;
    /// assert_eq!(Moments::sum(&days)?.means(), Some([6.0].as_slice()));
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Result<Self> {
        let mut parts = parts.into_iter();
        let first = parts.next().ok_or_else(|| ErrorKind::Empty { place: "the list of moments".into() })?;
        parts.try_fold(first.clone(), |mut sum, part| sum.merge(part).map(|()| sum))
    }

    /// What both parts know of the indicators, if the answers of both agree with it.
    fn together(&self, other: &Self) -> Result<Vec<Indicator>> {
        let mut indicators = self.indicators.clone();
        let mut faults = Faults::default();
        for (mine, theirs) in indicators.iter_mut().zip(&other.indicators) {
            faults.check(mine.adopt(theirs));
        }
        faults.or(())?;
        for part in [self, other] {
            Self { indicators: indicators.clone(), ..part.clone() }.on_scale()?;
        }
        Ok(indicators)
    }

    /// Checks that the sums stay finite when others are added.
    fn can_add(&self, other: &CentredSums) -> Result<()> {
        check::finite(self.sums.weight + other.weight, || "the sum of the case weights".into())?;
        if self.sums.weight == 0.0 || other.weight == 0.0 {
            return Ok(());
        }
        let scale = self.sums.scale_of(other.weight);
        let mut faults = Faults::default();
        for (at, indicator) in self.indicators.iter().enumerate() {
            let mean = other.means[at] + other.remainders[at];
            let square = self.sums.square_with(at, mean, scale) + other.products[(at, at)];
            faults.check(check::finite(square, || format!("the sum of squares of `{}`", indicator.name())));
        }
        faults.or(())
    }

    pub(super) fn need_means(&self) -> Result<()> {
        if self.means_known {
            return Ok(());
        }
        let (place, reason) = ("the moments".into(), "the means are unknown".into());
        Err(ErrorKind::Unsupported { place, reason }.into())
    }
}
