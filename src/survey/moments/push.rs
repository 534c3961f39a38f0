//! Respondents taken in one at a time, or many at once.

use crate::error::{Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::{BLOCK, Block, CentredSums, with_buffer};
use crate::survey::answer::{case_weight, not_finite, outside_scale};
use crate::survey::{Indicator, Moments};

impl Moments {
    /// Takes in one more respondent, who has answered everything, with a case weight. A weight of 0 changes nothing.
    /// [`Moments::extend`] takes many in a fraction of the time.
    ///
    /// # Errors
    ///
    /// A row of the wrong length, an answer that is not finite or outside its scale, a weight that is negative or not
    /// finite, sums beyond the largest `f64`, or means that are unknown. The moments are then as they were.
    pub fn push(&mut self, row: &[f64], weight: f64) -> Result<()> {
        self.can_take(row.len(), weight)?;
        let scale = self.sums.scale_of(weight);
        let mut faults = Faults::default();
        for (at, (value, indicator)) in row.iter().zip(&self.indicators).enumerate() {
            if faults.check(answer(self.seen(), *value, indicator)).is_some() && weight > 0.0 {
                let square = self.sums.square_with(at, *value, scale);
                faults.check(check::finite(square, || format!("the sum of squares of `{}`", indicator.name())));
            }
        }
        faults.or(())?;
        if weight > 0.0 {
            self.sums.push(row, weight);
            self.rows += 1;
        }
        Ok(())
    }

    /// Takes in one more respondent, who may have left questions out: the row is then not used but counted, as under
    /// [`Missing::Listwise`](crate::survey::Missing::Listwise). A weight of 0 changes nothing.
    ///
    /// # Errors
    ///
    /// As for [`Moments::push`].
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::Moments;
    ///
    /// let mut moments = Moments::new(["speed", "skill"])?;
    /// moments.push_answers(&[Some(7.0), Some(8.0)], 1.0)?;
    /// moments.push_answers(&[Some(9.0), None], 1.0)?;
    /// assert_eq!((moments.rows(), moments.rows_dropped()), (1, 1));
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn push_answers(&mut self, answers: &[Option<f64>], weight: f64) -> Result<()> {
        if answers.iter().all(Option::is_some) {
            return with_buffer(answers.len(), |row| {
                row.iter_mut().zip(answers.iter().flatten()).for_each(|(value, answer)| *value = *answer);
                self.push(row, weight)
            });
        }
        self.can_take(answers.len(), weight)?;
        let mut faults = Faults::default();
        for (value, indicator) in answers.iter().zip(&self.indicators).filter_map(|(answer, by)| Some(((*answer)?, by)))
        {
            faults.check(answer(self.seen(), value, indicator));
        }
        faults.or(())?;
        self.rows_dropped += usize::from(weight > 0.0);
        Ok(())
    }

    /// Takes in many respondents, who have answered everything, at the speed of
    /// [`Responses::moments`](crate::survey::Responses::moments): each row holds the answers in the order of the
    /// indicators.
    ///
    /// # Errors
    ///
    /// As for [`Moments::push`]; the faults of up to 256 rows are reported at once. The moments are then as they were.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::Moments;
    ///
    /// let mut moments = Moments::new(["speed", "skill"])?;
    /// moments.extend([[7.0, 8.0], [9.0, 9.0], [5.0, 4.0]])?;
    /// assert_eq!(moments.means(), Some([7.0, 7.0].as_slice()));
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn extend<R: AsRef<[f64]>>(&mut self, rows: impl IntoIterator<Item = R>) -> Result<()> {
        let mut bulk = Bulk::new(self)?;
        for row in rows {
            let row = row.as_ref();
            check::length(row.len(), self.indicators.len(), || format!("row {}", bulk.next + bulk.block.rows() + 1))?;
            bulk.block.push(row, 1.0);
            if bulk.block.rows() == BLOCK {
                bulk.take(false)?;
            }
        }
        bulk.take(false)?;
        let part = bulk.finish()?;
        self.merge(&part)
    }

    /// Takes in many respondents, whose answers come indicator by indicator, with their case weights if they have any:
    /// the way from the columns of a data engine.
    ///
    /// # Errors
    ///
    /// Another number of columns than of indicators, columns of different lengths, and as for [`Moments::extend`].
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::survey::Moments;
    ///
    /// let mut moments = Moments::new(["speed", "skill"])?;
    /// moments.extend_columns(&[&[7.0, 9.0], &[8.0, 9.0]], Some(&[1.0, 3.0]))?;
    /// assert_eq!(moments.means(), Some([8.5, 8.75].as_slice()));
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn extend_columns(&mut self, columns: &[&[f64]], weights: Option<&[f64]>) -> Result<()> {
        check::length(columns.len(), self.indicators.len(), || "the list of columns of answers".into())?;
        let rows = columns.first().map_or(0, |column| column.len());
        let mut faults = Faults::default();
        for (column, indicator) in columns.iter().zip(&self.indicators) {
            let place = || format!("the list of answers to `{}`", indicator.name());
            faults.check(check::length(column.len(), rows, place));
        }
        let given = weights.map_or(rows, <[f64]>::len);
        faults.check(check::length(given, rows, || "the list of case weights".into()));
        faults.or(())?;
        let mut bulk = Bulk::new(self)?;
        for start in (0..rows).step_by(BLOCK) {
            let range = start..rows.min(start + BLOCK);
            let weights = weights.map(|weights| &weights[range.clone()]);
            bulk.block.fill(columns.iter().map(|column| &column[range.clone()]), weights);
            bulk.take(weights.is_some())?;
        }
        let part = bulk.finish()?;
        self.merge(&part)
    }

    /// Checks that a further row of this length and weight can be taken in.
    fn can_take(&self, length: usize, weight: f64) -> Result<()> {
        check::length(length, self.indicators.len(), || format!("row {}", self.seen() + 1))?;
        case_weight(weight, self.seen() + 1)?;
        check::finite(self.sums.weight + weight, || "the sum of the case weights".into())?;
        self.need_means()
    }

    /// How many rows came so far.
    fn seen(&self) -> usize {
        self.rows + self.rows_dropped
    }
}

/// Checks that a row, counted from 0, may answer so to an indicator.
fn answer(row: usize, value: f64, indicator: &Indicator) -> Result<f64> {
    match indicator.scale() {
        _ if !value.is_finite() => Err(not_finite(row, indicator, value).into()),
        Some(scale) if !scale.contains(value) => Err(outside_scale(row, indicator.name(), scale, value, 1).into()),
        _ => Ok(value),
    }
}

/// Do all values lie between the bounds? By eight at a time, without a branch, so that it costs next to nothing.
fn inside(values: &[f64], lower: f64, upper: f64) -> bool {
    let (eights, rest) = values.as_chunks::<8>();
    let mut outside = [false; 8];
    for eight in eights {
        for (outside, value) in outside.iter_mut().zip(eight) {
            // NaN is outside.
            *outside |= !(lower..=upper).contains(value);
        }
    }
    !outside.contains(&true) && rest.iter().all(|value| *value >= lower && *value <= upper)
}

/// Rows on their way in, block by block.
struct Bulk {
    part: Moments,
    block: Block,
    /// The row, from 0, that the block begins with.
    next: usize,
}

impl Bulk {
    fn new(moments: &Moments) -> Result<Self> {
        moments.need_means()?;
        let indicators = moments.indicators.clone();
        let (next, block, sums) = (moments.seen(), Block::new(indicators.len()), CentredSums::new(indicators.len()));
        Ok(Self { part: Moments::from_answers(indicators, sums, [0; 4])?, block, next })
    }

    /// Takes in the rows of the block, if they are what answers can be, and empties it. Without `weighted` all weights
    /// are 1.
    fn take(&mut self, weighted: bool) -> Result<()> {
        let mut faults = Faults::default();
        for (column, indicator) in self.block.columns().zip(&self.part.indicators) {
            let (lower, upper) = indicator.scale().map_or((f64::MIN, f64::MAX), |scale| (scale.lower(), scale.upper()));
            // The place of a fault is looked for only if there is one.
            if inside(column, lower, upper) {
                continue;
            }
            column.iter().enumerate().for_each(|(row, value)| {
                faults.check(answer(self.next + row, *value, indicator));
            });
        }
        let rows = self.block.rows();
        if weighted {
            for row in 0..rows {
                faults.check(case_weight(self.block.weight(row), self.next + row + 1));
            }
        }
        faults.or(())?;
        if weighted {
            let keep: [bool; BLOCK] = std::array::from_fn(|row| row < rows && self.block.weight(row) > 0.0);
            self.block.retain(&keep);
        }
        self.part.rows += self.block.rows();
        self.part.sums.push_block(&mut self.block);
        self.block.clear();
        self.next += rows;
        Ok(())
    }

    fn finish(self) -> Result<Moments> {
        self.part.checked()
    }
}
