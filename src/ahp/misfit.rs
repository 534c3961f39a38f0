//! The judgements that fit the others least.

use crate::ahp::completion::{self, Completion};
use crate::ahp::judgement::{Judgements, index_pairs};
use crate::ahp::priority::Method;
use crate::ahp::random_index::RandomIndex;
use crate::error::Result;
use crate::serial;

/// A judgement beside the value that agrees with the others: see [`Judgements::misfits`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Misfit {
    row: String,
    column: String,
    given: f64,
    fitted: f64,
    error: f64,
    suggested: f64,
    ci: f64,
    n: usize,
    unknown: usize,
}

checked_when_read!(Misfit);

impl Misfit {
    /// The first of the pair.
    pub fn row(&self) -> &str {
        &self.row
    }

    /// The second of the pair.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// How many times the first was judged to count as much as the second.
    pub fn given(&self) -> f64 {
        self.given
    }

    /// wᵢ/wⱼ, the ratio of the weights that all judgements give together, this one among them.
    pub fn fitted(&self) -> f64 {
        self.fitted
    }

    /// ε = max(aᵢⱼwⱼ/wᵢ, wᵢ/(aᵢⱼwⱼ)), how many times the judgement is off the weights (Saaty 1980): at least 1.
    pub fn error(&self) -> f64 {
        self.error
    }

    /// The value that agrees with the rest: of all values for this pair the one at which λ is least. It depends on the
    /// other judgements only.
    pub fn suggested(&self) -> f64 {
        self.suggested
    }

    /// The consistency index with the suggested value in place of the given one.
    pub fn ci(&self) -> f64 {
        self.ci
    }

    /// The consistency ratio with the suggested value in place of the given one: never above that of the judgements.
    pub fn cr(&self, table: RandomIndex) -> f64 {
        let random = table.value_with_gaps(self.n, self.unknown);
        if random > 0.0 { self.ci / random } else { 0.0 }
    }

    fn check(&self) -> Result<()> {
        let figures = [self.given, self.fitted, self.error, self.suggested, self.ci];
        serial::not_negative("a figure", &figures)
    }
}

/// An error this close to 1 is rounding.
const EXACT: f64 = 1.0 + 1e-12;

impl Judgements {
    /// The judgements that fit the others least, the worst first, at most `count`, with what would agree with the rest.
    ///
    /// They are ranked by [`Misfit::error`]; ties keep their order in the triangle. Judgements that fit exactly are not
    /// among them, nor those that alone connect what they compare, of which the rest says nothing.
    ///
    /// ```
    /// use satindex::ahp::{Judgements, RandomIndex};
    ///
    /// // b:c should be 2 by the others.
    /// let judgements = Judgements::from_upper(["a", "b", "c", "d"], &[2.0, 4.0, 8.0, 9.0, 4.0, 2.0])?;
    /// let worst = &judgements.misfits(1)?[0];
    /// assert_eq!((worst.row(), worst.column(), worst.given()), ("b", "c", 9.0));
    /// assert!((worst.suggested() - 2.0).abs() < 1e-9);
    /// assert!(worst.cr(RandomIndex::Saaty) < 1e-9);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Judgements::priorities`] with [`Method::MinimalEigenvalue`].
    pub fn misfits(&self, count: usize) -> Result<Vec<Misfit>> {
        let n = self.len();
        let priorities = self.priorities(Method::MinimalEigenvalue)?;
        let w = priorities.weights().values();
        let known = index_pairs(n).zip(self.upper()).filter_map(|((i, j), ratio)| Some((i, j, ratio?)));
        let error = |(i, j, given): (usize, usize, f64)| {
            let error = given * (w[j] / w[i]);
            (error.max(1.0 / error), i, j, given)
        };
        let mut errors: Vec<(f64, usize, usize, f64)> = known.map(error).filter(|(error, ..)| *error > EXACT).collect();
        errors.sort_by(|a, b| b.0.total_cmp(&a.0));
        let unknown = self.unknown().count();
        let mut misfits = Vec::new();
        for (error, i, j, given) in errors {
            if misfits.len() == count {
                break;
            }
            let (row, column) = (self.labels()[i].clone(), self.labels()[j].clone());
            let rest = match completion::complete(&self.without(&row, &column)?) {
                Err(error) if error.is_degenerate() => continue,
                rest => rest?,
            };
            let Completion { z, excess, .. } = rest;
            let ci = if n < 3 { 0.0 } else { excess / (n * (n - 1)) as f64 };
            let (fitted, suggested) = (w[i] / w[j], z[i] / z[j]);
            misfits.push(Misfit { row, column, given, fitted, error, suggested, ci, n, unknown });
        }
        Ok(misfits)
    }
}
