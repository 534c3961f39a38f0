//! Fuzzy judgements to weights.

use std::fmt;

use crate::ahp::fuzzy::constrained::Bounds;
use crate::ahp::fuzzy::{Defuzzification, FuzzyJudgements, FuzzyNumber};
use crate::error::Result;
use crate::numeric::check;
use crate::serial;
use crate::table::{Column, Table};
use crate::weights::{Origin, Weights};

/// How fuzzy judgements ãᵢⱼ become fuzzy weights w̃ᵢ.
///
/// All give the weights themselves when the judgements are plain and consistent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum FuzzyMethod {
    /// w̃ᵢ = r̃ᵢ / Σₖ r̃ₖ with r̃ᵢ = (∏ⱼ ãᵢⱼ)^(1/n), every operation on fuzzy numbers by itself
    /// (Buckley 1985, doi:10.1016/0165-0114(85)90090-9).
    #[doc(alias = "Buckley")]
    #[default]
    GeometricMean,
    /// w̃ᵢ = Σⱼ ãᵢⱼ / Σₖ Σⱼ ãₖⱼ, the synthetic extents (Chang 1996, doi:10.1016/0377-2217(95)00300-2). Chang's plain
    /// weights are their [`FuzzyPriorities::possibility`]; they can be 0 for things that count (Wang, Luo & Hua 2008).
    #[doc(alias = "Chang")]
    Extent,
    /// The extents with the same row in numerator and denominator: from aᵢ / (aᵢ + Σₖ≠ᵢ dₖ) to dᵢ / (dᵢ + Σₖ≠ᵢ aₖ), (a, …, d)
    /// the row sums (Wang, Luo & Hua 2008, doi:10.1016/j.ejor.2007.01.050).
    NormalisedExtent,
    /// The exact range of the geometric-mean weights over all reciprocal matrices between the bounds: each judgement has
    /// the same value wherever it occurs (Krejčí, Pavlačka & Talašová 2017, doi:10.1007/s10700-016-9241-0). For at most
    /// 16 labels.
    Constrained,
}

named!(FuzzyMethod, "fuzzy method", {
    GeometricMean => "geometric_mean" as "fuzzy geometric mean",
    Extent => "extent" as "fuzzy extent",
    NormalisedExtent => "normalised_extent" as "normalised fuzzy extent",
    Constrained => "constrained" as "constrained fuzzy geometric mean",
});

/// Fuzzy weights.
///
/// The flanks of products and quotients of fuzzy numbers are slightly curved; they are taken as straight, as in the
/// papers of all four methods.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct FuzzyPriorities {
    labels: Vec<String>,
    method: FuzzyMethod,
    numbers: Vec<FuzzyNumber>,
}

checked_when_read!(FuzzyPriorities);

impl FuzzyJudgements {
    /// The fuzzy weights by a method.
    ///
    /// # Errors
    ///
    /// More than 16 labels with [`FuzzyMethod::Constrained`].
    pub fn priorities(&self, method: FuzzyMethod) -> Result<FuzzyPriorities> {
        let (n, matrix) = (self.labels.len(), self.matrix());
        let numbers = match method {
            FuzzyMethod::GeometricMean => quotients(&rows(&matrix, n, f64::ln, |mean| (mean / n as f64).exp())),
            FuzzyMethod::Extent => quotients(&rows(&matrix, n, |ratio| ratio, |sum| sum)),
            FuzzyMethod::NormalisedExtent => normalised(&rows(&matrix, n, |ratio| ratio, |sum| sum)),
            FuzzyMethod::Constrained => {
                let support = Bounds::new(n, matrix.iter().map(|[a, _, _, d]| (*a, *d)))?.weights();
                let core = Bounds::new(n, matrix.iter().map(|[_, b, c, _]| (*b, *c)))?.weights();
                support.iter().zip(core).map(|((a, d), (b, c))| FuzzyNumber::ordered([*a, b, c, *d])).collect()
            }
        };
        Ok(FuzzyPriorities { labels: self.labels.clone(), method, numbers })
    }
}

/// Corner by corner, each row's total of `each` as `all` makes it.
fn rows(matrix: &[[f64; 4]], n: usize, each: impl Fn(f64) -> f64, all: impl Fn(f64) -> f64) -> Vec<[f64; 4]> {
    let total = |row: &[[f64; 4]], corner: usize| all(row.iter().map(|number| each(number[corner])).sum());
    matrix.chunks_exact(n).map(|row| std::array::from_fn(|corner| total(row, corner))).collect()
}

/// x̃ᵢ / Σ x̃ₖ by the rules for fuzzy numbers: each corner over the opposite corner of the sum.
fn quotients(rows: &[[f64; 4]]) -> Vec<FuzzyNumber> {
    let total = |corner: usize| rows.iter().map(|row| row[corner]).sum::<f64>();
    let totals = [total(3), total(2), total(1), total(0)];
    rows.iter().map(|row| FuzzyNumber::ordered(std::array::from_fn(|corner| row[corner] / totals[corner]))).collect()
}

/// x̃ᵢ / (x̃ᵢ + Σₖ≠ᵢ x̃ₖ) with one x̃ᵢ: each corner with the opposite corners of the others.
fn normalised(rows: &[[f64; 4]]) -> Vec<FuzzyNumber> {
    let share = |i: usize, corner: usize| {
        let others = rows.iter().enumerate().filter(|(k, _)| *k != i);
        rows[i][corner] / (rows[i][corner] + others.map(|(_, row)| row[3 - corner]).sum::<f64>())
    };
    (0..rows.len()).map(|i| FuzzyNumber::ordered(std::array::from_fn(|corner| share(i, corner)))).collect()
}

impl FuzzyPriorities {
    /// The things compared.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The method of the weights.
    pub fn method(&self) -> FuzzyMethod {
        self.method
    }

    /// The fuzzy weights, in the order of the labels.
    pub fn numbers(&self) -> &[FuzzyNumber] {
        &self.numbers
    }

    /// The fuzzy weight of a label.
    ///
    /// # Errors
    ///
    /// An unknown label.
    pub fn get(&self, label: &str) -> Result<FuzzyNumber> {
        check::position(&self.labels, label, "label").map(|at| self.numbers[at])
    }

    /// Plain weights: each fuzzy weight defuzzified, then all scaled to sum to 1.
    ///
    /// # Errors
    ///
    /// An optimism outside 0 to 1.
    pub fn weights(&self, method: Defuzzification) -> Result<Weights> {
        let values = self.numbers.iter().map(|number| number.defuzzified(method)).collect::<Result<Vec<_>>>()?;
        let origin = Origin::Judgements(format!("{}, {method}", self.method));
        Ok(Weights::normalised(self.labels.iter().cloned(), values)?.with_origin(origin))
    }

    /// Plain weights in proportion to the degree d′ᵢ = minⱼ≠ᵢ V(w̃ᵢ ≥ w̃ⱼ) to which each may be the greatest.
    ///
    /// # Numerical notes
    ///
    /// A fuzzy weight that lies wholly below another one has the degree 0 and so the weight 0, although it was judged to
    /// count: [`PossibilityWeights::zeros`] names them. [`FuzzyPriorities::weights`] has no such gap.
    ///
    /// # Errors
    ///
    /// As for [`Weights::normalised`]; the degrees themselves always have a positive sum.
    ///
    /// # References
    ///
    /// Chang (1996), doi:10.1016/0377-2217(95)00300-2, theorem 1 and definition 3.
    pub fn possibility(&self) -> Result<PossibilityWeights> {
        let degree = |i: usize| {
            let others = self.numbers.iter().enumerate().filter(|(j, _)| *j != i);
            others.map(|(_, other)| self.numbers[i].possibility_at_least(*other)).fold(1.0, f64::min)
        };
        let degrees: Vec<f64> = (0..self.numbers.len()).map(degree).collect();
        let origin = Origin::Judgements(format!("{}, possibility degree", self.method));
        let weights = Weights::normalised(self.labels.iter().cloned(), degrees.iter().copied())?.with_origin(origin);
        Ok(PossibilityWeights { weights, degrees })
    }

    /// The fuzzy weights as a table.
    pub fn table(&self) -> Table {
        let title = format!("Fuzzy weights ({})", self.method);
        let headings = ["least", "core from", "core to", "greatest"].into_iter().enumerate();
        headings.fold(Table::new(title).column(Column::text("", &self.labels)), |table, (corner, heading)| {
            let cells = self.numbers.iter().map(|number| number.corners()[corner]);
            table.column(Column::number(heading, cells).decimals(4))
        })
    }

    fn check(&self) -> Result<()> {
        check::names(&self.labels, "label")?;
        check::length(self.numbers.len(), self.labels.len(), || "the list of fuzzy weights".into())?;
        serial::not_negative("a corner", &self.numbers.iter().map(|number| number.corners()[0]).collect::<Vec<_>>())
    }
}

impl fmt::Display for FuzzyPriorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

/// Weights by the degree to which each fuzzy weight may be the greatest.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct PossibilityWeights {
    weights: Weights,
    degrees: Vec<f64>,
}

checked_when_read!(PossibilityWeights);

impl PossibilityWeights {
    /// The weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The degrees d′ᵢ before they are scaled, the greatest 1.
    pub fn degrees(&self) -> &[f64] {
        &self.degrees
    }

    /// The labels with the weight 0: the method has dropped them, the judgements have not.
    pub fn zeros(&self) -> impl Iterator<Item = &str> {
        self.weights.iter().filter(|(_, weight)| *weight == 0.0).map(|(label, _)| label)
    }

    /// The weights, with a note of those that the method has dropped.
    pub fn table(&self) -> Table {
        let table = self.weights.table().column(Column::number("degree", self.degrees.iter().copied()).decimals(4));
        let zeros: Vec<&str> = self.zeros().collect();
        if zeros.is_empty() {
            return table;
        }
        table.note(format!("weight 0 by the possibility degree, though judged to count: {}", zeros.join(", ")))
    }

    fn check(&self) -> Result<()> {
        check::length(self.degrees.len(), self.weights.len(), || "the list of degrees".into())?;
        serial::not_negative("a degree", &self.degrees)
    }
}

impl fmt::Display for PossibilityWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
