//! An index as it stands in a table of all cells.

use crate::error::Result;
use crate::index::{Confidence, Index};

/// The figures of one node in one cell of a table of all cells.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct NodeFigures {
    pub(super) value: f64,
    pub(super) std_error: Option<f64>,
    pub(super) n: f64,
}

impl NodeFigures {
    /// The index.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its standard error, where there is more than one respondent.
    pub fn std_error(&self) -> Option<f64> {
        self.std_error
    }

    /// The sum of the weights of the respondents.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// The same with a 95 % interval.
    ///
    /// # Errors
    ///
    /// Figures that no answers give.
    pub fn index(&self) -> Result<Index> {
        let index = Index::new(self.value, self.n, "weighted mean down the hierarchy")?;
        match self.std_error {
            None => Ok(index),
            Some(std_error) => index.with_std_error(std_error)?.with_normal_interval(Confidence::P95),
        }
    }
}

impl From<&Index> for NodeFigures {
    fn from(index: &Index) -> Self {
        Self { value: index.value(), std_error: index.std_error(), n: index.n() }
    }
}
