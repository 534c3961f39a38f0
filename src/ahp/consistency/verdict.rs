//! Thresholds of the literature.

use std::borrow::Cow;
use std::fmt;

use crate::ahp::consistency::Consistency;
use crate::ahp::random_index::RandomIndex;
use crate::error::Result;
use crate::numeric::check;

/// An index beside a threshold of the literature.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Verdict {
    index: Cow<'static, str>,
    value: f64,
    threshold: f64,
    source: Cow<'static, str>,
}

checked_when_read!(Verdict);

impl Verdict {
    /// Which index: "CR".into(), "GCI", ….
    pub fn index(&self) -> &str {
        &self.index
    }

    /// Its value.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The threshold.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// The source of the threshold.
    pub fn source(&self) -> &str {
        &self.source
    }

    fn check(&self) -> Result<()> {
        check::finite(self.value, || "the value".into())?;
        check::finite(self.threshold, || "the threshold".into()).map(|_| ())
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

/// CR, and the GCI that goes with it for n = 3, 4 and more (Aguarón & Moreno-Jiménez 2003).
const GEOMETRIC: [(f64, [f64; 3]); 4] = [
    (0.01, [0.0314, 0.0352, 0.037]),
    (0.05, [0.1573, 0.1763, 0.185]),
    (0.10, [0.3147, 0.3526, 0.370]),
    (0.15, [0.4720, 0.5289, 0.555]),
];

pub(super) fn geometric_threshold(n: usize, cr: f64) -> Option<f64> {
    let row = GEOMETRIC.iter().find(|(known, _)| *known == cr);
    row.map(|(_, thresholds)| thresholds[n.clamp(3, 5) - 3])
}

pub(super) fn all(consistency: &Consistency, table: RandomIndex) -> Vec<Verdict> {
    let n = consistency.n();
    let cr = consistency.cr(table);
    let mut verdicts = vec![Verdict { index: "CR".into(), value: cr, threshold: 0.1, source: "Saaty 1980".into() }];
    if n < 5 {
        let threshold = if n < 4 { 0.05 } else { 0.08 };
        verdicts.push(Verdict { index: "CR".into(), value: cr, threshold, source: "Saaty 1994".into() });
    }
    let (gci, koczkodaj) = (consistency.gci(), consistency.koczkodaj());
    verdicts.extend(geometric_threshold(n, 0.1).map(|threshold| Verdict {
        index: "GCI".into(),
        value: gci,
        threshold,
        source: "Aguarón & Moreno-Jiménez 2003, for CR = 0.1".into(),
    }));
    verdicts.push(Verdict {
        index: "Koczkodaj".into(),
        value: koczkodaj,
        threshold: 1.0 / 3.0,
        source: "Koczkodaj 1993".into(),
    });
    verdicts.extend(consistency.hcr().map(|value| Verdict {
        index: "HCR".into(),
        value,
        threshold: 0.1,
        source: "Stein & Mizzi 2007".into(),
    }));
    verdicts
}
