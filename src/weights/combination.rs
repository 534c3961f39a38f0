//! One set of weights from several: experts' with the data's, or several experts'.

use crate::error::{ErrorKind, Faults, Result};
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
