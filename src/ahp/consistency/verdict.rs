//! Thresholds of the literature.

use std::fmt;

use crate::ahp::consistency::Consistency;
use crate::ahp::random_index::RandomIndex;

/// What a threshold of the literature says about an index.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Verdict {
    index: &'static str,
    value: f64,
    threshold: f64,
    source: &'static str,
}

impl Verdict {
    /// Which index: "CR", "GCI", ….
    pub fn index(&self) -> &'static str {
        self.index
    }

    /// Its value.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Where the literature draws the line.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Who drew it.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Does the value lie below the threshold?
    pub fn is_met(&self) -> bool {
        self.value < self.threshold
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, value, threshold, source } = self;
        let relation = if self.is_met() { "<" } else { "≥" };
        write!(f, "{index} = {value:.4} {relation} {threshold:.4} ({source})")
    }
}

pub(super) fn all(consistency: &Consistency, table: RandomIndex) -> Vec<Verdict> {
    let n = consistency.n();
    let (strict, geometric) = match n {
        ..=3 => (0.05, 0.3147),
        4 => (0.08, 0.3526),
        _ => (0.1, 0.370),
    };
    let cr = consistency.cr(table);
    let mut verdicts = vec![Verdict { index: "CR", value: cr, threshold: 0.1, source: "Saaty 1980" }];
    if n < 5 {
        verdicts.push(Verdict { index: "CR", value: cr, threshold: strict, source: "Saaty 1994" });
    }
    verdicts.extend([
        Verdict {
            index: "GCI",
            value: consistency.gci(),
            threshold: geometric,
            source: "Aguarón & Moreno-Jiménez 2003, for CR = 0.1",
        },
        Verdict { index: "Koczkodaj", value: consistency.koczkodaj(), threshold: 1.0 / 3.0, source: "Koczkodaj 1993" },
    ]);
    if let Some(value) = consistency.hcr() {
        verdicts.push(Verdict { index: "HCR", value, threshold: 0.1, source: "Stein & Mizzi 2007" });
    }
    verdicts
}
