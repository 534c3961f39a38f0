//! One set of weights from several: experts' with the data's, or several experts'.

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::linalg::{self, dot};
use crate::numeric::{check, rounding};
use crate::weights::{Origin, Weights};

impl Weights {
    /// The weighted mean of sets of weights: wᵢ = Σₖ λₖ wᵢₖ, the shares λₖ scaled to sum to 1.
    ///
    /// The names and their order are those of the first set; the other sets may list them in another order.
    ///
    /// # Errors
    ///
    /// No set; sets with other names; a share negative or not finite; shares that sum to 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Weights;
    ///
    /// let experts = Weights::new(["speed", "skill"], [0.6, 0.4])?;
    /// let data = Weights::new(["skill", "speed"], [0.8, 0.2])?;
    /// let both = Weights::additive(&[(&experts, 0.5), (&data, 0.5)])?;
    /// assert_eq!(both.get("speed")?, 0.4);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn additive(parts: &[(&Self, f64)]) -> Result<Self> {
        let (sets, shares) = aligned_shares(parts)?;
        let mean = |i: usize| sets.columns.iter().zip(&shares).map(|(column, share)| share * column[i]).sum();
        let values = (0..sets.names.len()).map(mean).collect();
        sets.weights(values, "additive")
    }

    /// The normalised product of sets of weights: wᵢ ∝ Πₖ wᵢₖ.
    ///
    /// Names as for [`Weights::additive`]. Agreement is reinforced: two equal sets give their squares, not themselves;
    /// [`Weights::minimum_relative_entropy`] gives them back.
    ///
    /// # Errors
    ///
    /// No set; sets with other names; every name with the weight 0 in one of the sets.
    pub fn multiplicative(parts: &[&Self]) -> Result<Self> {
        let sets = aligned(parts)?;
        let values = sets.products(&vec![1.0; parts.len()])?;
        sets.weights(values, "multiplicative")
    }

    /// The weights nearest to all sets in relative entropy: w minimises Σₖ λₖ Σᵢ wᵢ ln(wᵢ/wᵢₖ), which gives the
    /// normalised weighted geometric mean, wᵢ ∝ Πₖ wᵢₖ^λₖ with the shares λₖ scaled to sum to 1.
    ///
    /// Names as for [`Weights::additive`]. A set with share 0 does not count.
    ///
    /// # Errors
    ///
    /// As for [`Weights::additive`], and when every name has the weight 0 in one of the sets.
    pub fn minimum_relative_entropy(parts: &[(&Self, f64)]) -> Result<Self> {
        let (sets, shares) = aligned_shares(parts)?;
        let values = sets.products(&shares)?;
        sets.weights(values, "minimum relative entropy")
    }
}

impl Weights {
    /// The combination of sets of weights by game theory: the mean of the sets by the coefficients that bring it nearest to
    /// all of them.
    ///
    /// # Formula
    ///
    /// Σₗ aₗ (wₖ · wₗ) = wₖ · wₖ for every set k; the coefficients are then divided by their sum, and w = Σₖ aₖwₖ.
    ///
    /// Names as for [`Weights::additive`].
    ///
    /// # Errors
    ///
    /// No set; sets with other names; sets that depend on each other linearly, two equal ones among them; a set whose
    /// coefficient is negative, because the others stand for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Weights;
    ///
    /// let experts = Weights::new(["speed", "skill"], [0.75, 0.25])?;
    /// let data = Weights::new(["speed", "skill"], [0.25, 0.75])?;
    /// let both = Weights::game_theory(&[&experts, &data])?;
    /// assert_eq!(format!("{:.12}", both.get("speed")?), "0.500000000000");
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn game_theory(parts: &[&Self]) -> Result<Self> {
        let sets = aligned(parts)?;
        let count = sets.columns.len();
        let gram = DMatrix::from_fn(count, count, |k, l| dot(&sets.columns[k], &sets.columns[l]));
        let dependent = |at: usize| {
            let reason = format!("set {} is a combination of those before it", at + 1);
            ErrorKind::Degenerate { place: "the sets of weights".into(), reason }
        };
        let factor = linalg::cholesky(&gram).map_err(dependent)?;
        let diagonal: Vec<f64> = (0..count).map(|k| gram[(k, k)]).collect();
        let raw = linalg::cholesky_solve(&factor, &diagonal);
        let size = raw.iter().fold(0.0, |size: f64, a| size.max(a.abs()));
        let mut faults = Faults::default();
        let mut coefficients = Vec::with_capacity(count);
        for (a, number) in raw.into_iter().zip(1..) {
            let a = rounding::settled(a, size);
            let place = || format!("the coefficient of set {number}");
            coefficients.extend(faults.check(check::non_negative(a, place)));
        }
        faults.or(())?;
        let total: f64 = coefficients.iter().sum();
        let mean = |i: usize| sets.columns.iter().zip(&coefficients).map(|(column, a)| a / total * column[i]).sum();
        let values = (0..sets.names.len()).map(mean).collect();
        sets.weights(values, "game theory")
    }
}

/// Sets of weights with their values in the order of the first set's names.
struct Aligned {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

fn aligned(parts: &[&Weights]) -> Result<Aligned> {
    let Some(first) = parts.first() else {
        return Err(ErrorKind::Empty { place: "the list of weights to combine".into() }.into());
    };
    let names: Vec<&str> = first.names.iter().map(String::as_str).collect();
    let mut faults = Faults::default();
    let mut columns = Vec::with_capacity(parts.len());
    for (number, part) in parts.iter().enumerate() {
        if part.names == first.names {
            columns.push(part.values.clone());
            continue;
        }
        let part = part.in_order_of(&names, "weight").map_err(|fault| fault.within(format!("set {}", number + 1)));
        columns.extend(faults.check(part).map(|part| part.values));
    }
    faults.or(Aligned { names: first.names.clone(), columns })
}

/// The sets, aligned, and their shares, scaled to sum to 1.
fn aligned_shares(parts: &[(&Weights, f64)]) -> Result<(Aligned, Vec<f64>)> {
    let (sets, shares): (Vec<&Weights>, Vec<f64>) = parts.iter().copied().unzip();
    let aligned = aligned(&sets)?;
    let shares = Weights::normalised((1..=shares.len()).map(|number| format!("set {number}")), shares)?;
    Ok((aligned, shares.values))
}

impl Aligned {
    /// Πₖ wᵢₖ^λₖ for every i, relative to the largest; taken in logs, so that many small factors do not underflow.
    fn products(&self, exponents: &[f64]) -> Result<Vec<f64>> {
        let mut logs = vec![0.0; self.names.len()];
        for (column, exponent) in self.columns.iter().zip(exponents).filter(|(_, exponent)| **exponent > 0.0) {
            for (log, value) in logs.iter_mut().zip(column) {
                *log += exponent * value.ln();
            }
        }
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if largest == f64::NEG_INFINITY {
            let reason = "every name has the weight 0 in one of the sets".into();
            return Err(ErrorKind::Degenerate { place: "the combined weights".into(), reason }.into());
        }
        Ok(logs.into_iter().map(|log| (log - largest).exp()).collect())
    }

    fn weights(self, values: Vec<f64>, method: &str) -> Result<Weights> {
        Ok(Weights::normalised(self.names, values)?.with_origin(Origin::Combined(method.into())))
    }
}
