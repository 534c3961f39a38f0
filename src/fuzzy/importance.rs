//! Importance: degrees that need not sum to 1.

use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::check;
use crate::weights::Weights;

/// How important each of several named factors is: degrees in \[0, 1\], not all 0, of any sum.
///
/// [`Weights`] share one whole among the factors. An importance judges each factor by itself, so that all may matter
/// fully; the operators that take minima or maxima ask for this, since small weights that only sum to 1 because there
/// are many factors would cap every membership.
///
/// # Examples
///
/// ```
/// use satindex::{Weights, fuzzy::Importance};
///
/// let importance = Importance::relative_to_largest(&Weights::new(["speed", "skill"], [0.8, 0.2])?);
/// assert_eq!(importance.degrees(), [1.0, 0.25]);
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "RawImportance"))]
pub struct Importance {
    names: Vec<String>,
    degrees: Vec<f64>,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawImportance {
    names: Vec<String>,
    degrees: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<RawImportance> for Importance {
    type Error = crate::error::Error;

    fn try_from(raw: RawImportance) -> Result<Self> {
        Self::new(raw.names, raw.degrees)
    }
}

impl Importance {
    /// A degree for each factor.
    ///
    /// # Errors
    ///
    /// Names missing, blank or given twice; a degree outside \[0, 1\]; no degree above 0.
    pub fn new<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
        degrees: impl IntoIterator<Item = f64>,
    ) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let degrees: Vec<f64> = degrees.into_iter().collect();
        check::names(&names, "factor")?;
        check::length(degrees.len(), names.len(), || "the list of importance degrees".into())?;
        let mut faults = Faults::default();
        for (name, degree) in names.iter().zip(&degrees) {
            faults.check(check::unit(*degree, || format!("the importance of `{name}`")));
        }
        if degrees.iter().all(|degree| *degree == 0.0) {
            let place = "the largest importance is".into();
            faults.push(ErrorKind::Domain { place, value: 0.0, expected: "a positive number".into() });
        }
        faults.or(Self { names, degrees })
    }

    /// Weights divided by the largest of them, which becomes 1.
    pub fn relative_to_largest(weights: &Weights) -> Self {
        let largest = weights.values().iter().copied().fold(0.0, f64::max);
        let degrees = weights.values().iter().map(|weight| weight / largest).collect();
        Self { names: weights.names().to_vec(), degrees }
    }

    /// The names of the factors.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The degrees, in the order of the names.
    pub fn degrees(&self) -> &[f64] {
        &self.degrees
    }
}

impl From<&Weights> for Importance {
    fn from(weights: &Weights) -> Self {
        // A weight may pass 1 by the tolerance of a sum.
        let degrees = weights.values().iter().map(|weight| weight.min(1.0)).collect();
        Self { names: weights.names().to_vec(), degrees }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_factor() {
        let fault = |degrees: [f64; 2]| Importance::new(["a", "b"], degrees).unwrap_err().to_string();
        assert_eq!(fault([1.5, 0.0]), "the importance of `a` is 1.5; expected a number from 0 to 1");
        assert_eq!(fault([1.0, f64::NAN]), "the importance of `b` is NaN; expected a finite number");
        assert_eq!(fault([0.0, 0.0]), "the largest importance is 0; expected a positive number");
        assert!(Importance::new(["a"], [0.5, 0.5]).is_err());
    }
}
