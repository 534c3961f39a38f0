//! The fit as it is stored: what it was made from, and its figures.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Effect, Fit};
use crate::error::{ErrorKind, Faults, Result};
use crate::numeric::rounding::CONVERGED;
use crate::structural::model::Model;
use crate::structural::pls::Pls;
use crate::structural::pls::params::Mode;
use crate::structural::pls::stage::{Formula, Staged, Term};
use crate::survey::Moments;

/// Names with values, written as a map in their own order.
pub(crate) struct Entries<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}

struct Pairs<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Pairs<T> {
    type Value = Entries<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from names to values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some(entry) = map.next_entry()? {
            found.push(entry);
        }
        Ok(Entries(found))
    }
}

/// Values that are the same within a slack.
trait Near {
    fn near(&self, other: &Self, slack: f64) -> bool;
}

impl Near for f64 {
    fn near(&self, other: &Self, slack: f64) -> bool {
        (self - other).abs() <= slack * self.abs().max(other.abs()).max(1.0)
    }
}

impl Near for Mode {
    fn near(&self, other: &Self, _: f64) -> bool {
        self == other
    }
}

impl Near for Effect {
    fn near(&self, other: &Self, slack: f64) -> bool {
        let same = (&self.from, &self.to, &self.through) == (&other.from, &other.to, &other.through);
        same && self.estimate.near(&other.estimate, slack)
    }
}

impl<T: Near> Near for Vec<T> {
    fn near(&self, other: &Self, slack: f64) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, other)| one.near(other, slack))
    }
}

/// In any order.
impl<T: Near> Near for Entries<T> {
    fn near(&self, other: &Self, slack: f64) -> bool {
        let known: BTreeMap<&String, &T> = self.0.iter().map(|(name, value)| (name, value)).collect();
        let found = |(name, value): &(String, T)| known.get(name).is_some_and(|known| known.near(value, slack));
        self.0.len() == other.0.len() && other.0.iter().all(found)
    }
}

impl Near for Pls {
    fn near(&self, other: &Self, slack: f64) -> bool {
        let plain = |pls: &Self| Self { reliabilities: Vec::new(), shared_errors: Vec::new(), ..pls.clone() };
        let shares = |pls: &Self| {
            let shared = pls.shared_errors.iter().map(|(one, other, share)| (format!("{one} {other}"), *share));
            Entries(pls.reliabilities.iter().cloned().chain(shared).collect())
        };
        plain(self) == plain(other) && shares(self).near(&shares(other), slack)
    }
}

/// A fit as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saved {
    converged: bool,
    iterations: usize,
    last_change: f64,
    n: f64,
    rows: usize,
    rows_dropped: usize,
    answers_filled: usize,
    answers_passed_over: usize,
    pub(crate) model: Model,
    modes: Entries<Mode>,
    outer_weights: Entries<Entries<f64>>,
    unstandardised_weights: Entries<Entries<f64>>,
    loadings: Entries<Entries<f64>>,
    path_coefficients: Vec<Effect>,
    r_squared: Entries<f64>,
    adjusted_r_squared: Entries<f64>,
    construct_correlations: Entries<Entries<f64>>,
    indirect_effects: Vec<Effect>,
    total_effects: Vec<Effect>,
    /// Leaves out the constructs that have none.
    index: Entries<f64>,
    /// Why they have none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    index_unavailable: BTreeMap<String, String>,
    pub(crate) estimator: Pls,
    pub(crate) moments: Moments,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stages: Option<SavedStages>,
}

/// What stands behind the last of several stages, as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedStages {
    /// The options and the model that were asked for.
    pub(crate) estimator: Pls,
    pub(crate) model: Model,
    /// Of the answers that were asked for.
    pub(crate) answers: Moments,
    /// Of the indicators of each stage before the last.
    pub(crate) moments: Vec<Moments>,
    /// Of each product that is a residual of a regression.
    pub(crate) residuals: Vec<Residual>,
}

/// The numbers of a product that is a residual: what is taken from it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Residual {
    pub(crate) mean: f64,
    pub(crate) explained: Vec<Explained>,
}

/// An indicator less its mean, times a weight.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Explained {
    pub(crate) mean: f64,
    pub(crate) weight: f64,
}

impl Residual {
    fn of(formula: &Formula) -> Option<Self> {
        let Formula::Residual { mean, explained, .. } = formula else { return None };
        let term = |term: &Term| Explained { mean: term.mean, weight: term.weight };
        Some(Self { mean: *mean, explained: explained.iter().map(term).collect() })
    }
}

impl From<&Staged> for SavedStages {
    fn from(staged: &Staged) -> Self {
        Self {
            estimator: staged.pls.clone(),
            model: staged.model.clone(),
            answers: staged.asked.clone(),
            moments: staged.moments[..staged.moments.len() - 1].to_vec(),
            residuals: staged.formulas.iter().flatten().filter_map(Residual::of).collect(),
        }
    }
}

impl Fit {
    fn constructs<T>(&self, value: impl Fn(usize) -> T) -> Entries<T> {
        let constructs = self.model.constructs().iter().enumerate();
        Entries(constructs.map(|(at, construct)| (construct.name().to_owned(), value(at))).collect())
    }

    fn blocks(&self, value: impl Fn(usize) -> f64) -> Entries<Entries<f64>> {
        self.constructs(|construct| {
            let names = self.model.indicators().enumerate().filter(|(at, _)| self.owners[*at] == construct);
            Entries(names.map(|(at, name)| (name.to_owned(), value(at))).collect())
        })
    }

    fn explained(&self, value: impl Fn(usize) -> Option<f64>) -> Entries<f64> {
        let all = self.constructs(value).0.into_iter();
        Entries(all.filter_map(|(name, value)| value.map(|value| (name, value))).collect())
    }
}

impl From<&Fit> for Saved {
    fn from(fit: &Fit) -> Self {
        let (mut index, mut index_unavailable) = (Vec::new(), BTreeMap::new());
        for (name, result) in fit.indices() {
            match result {
                Ok(value) => index.push((name.to_owned(), value.value())),
                Err(reason) => drop(index_unavailable.insert(name.to_owned(), reason.to_string())),
            }
        }
        Self {
            converged: true,
            iterations: fit.iterations,
            last_change: fit.change,
            n: fit.n(),
            rows: fit.moments.rows(),
            rows_dropped: fit.moments.rows_dropped(),
            answers_filled: fit.moments.answers_filled(),
            answers_passed_over: fit.moments.answers_passed_over(),
            model: fit.model.clone(),
            modes: fit.constructs(|at| fit.modes[at]),
            outer_weights: fit.blocks(|at| fit.weights[at] * fit.deviations[at]),
            unstandardised_weights: fit.blocks(|at| fit.weights[at]),
            loadings: fit.blocks(|at| fit.cross_loadings[(at, fit.owners[at])]),
            path_coefficients: fit.direct_effects(),
            r_squared: fit.explained(|at| fit.r_squared[at]),
            adjusted_r_squared: fit.explained(|at| fit.adjusted(at)),
            construct_correlations: fit.constructs(|row| fit.constructs(|column| fit.correlations[(row, column)])),
            indirect_effects: fit.indirect_effects(),
            total_effects: fit.total_effects(),
            index: Entries(index),
            index_unavailable,
            estimator: fit.pls.clone(),
            moments: fit.moments.clone(),
            stages: fit.staged().map(SavedStages::from),
        }
    }
}

impl Saved {
    /// Checks the figures against those of the fit that was made anew of the stored moments.
    pub(crate) fn check(&self, refit: &Self) -> Result<()> {
        // An iteration may end one step sooner or later where numbers were read with an error of rounding.
        let slack = refit.estimator.tolerance_in_use().clamp(CONVERGED, 1e-6);
        let counts = |saved: &Self| [saved.rows, saved.rows_dropped, saved.answers_filled, saved.answers_passed_over];
        let names = ["rows", "rows_dropped", "answers_filled", "answers_passed_over"];
        let counts = counts(self).into_iter().zip(counts(refit)).map(|(one, other)| one == other);
        let fields = [
            ("converged", self.converged == refit.converged),
            ("iterations", self.iterations.abs_diff(refit.iterations) <= 1),
            ("last_change", self.last_change.near(&refit.last_change, slack)),
            ("n", self.n.near(&refit.n, slack)),
            ("model", self.model == refit.model),
            ("modes", self.modes.near(&refit.modes, slack)),
            ("outer_weights", self.outer_weights.near(&refit.outer_weights, slack)),
            ("unstandardised_weights", self.unstandardised_weights.near(&refit.unstandardised_weights, slack)),
            ("loadings", self.loadings.near(&refit.loadings, slack)),
            ("path_coefficients", self.path_coefficients.near(&refit.path_coefficients, slack)),
            ("r_squared", self.r_squared.near(&refit.r_squared, slack)),
            ("adjusted_r_squared", self.adjusted_r_squared.near(&refit.adjusted_r_squared, slack)),
            ("construct_correlations", self.construct_correlations.near(&refit.construct_correlations, slack)),
            ("indirect_effects", self.indirect_effects.near(&refit.indirect_effects, slack)),
            ("total_effects", self.total_effects.near(&refit.total_effects, slack)),
            ("index", self.index.near(&refit.index, slack)),
            ("index_unavailable", self.index_unavailable.keys().eq(refit.index_unavailable.keys())),
            ("estimator", self.estimator.near(&refit.estimator, slack)),
        ];
        let mut faults = Faults::default();
        for (name, _) in fields.into_iter().chain(names.into_iter().zip(counts)).filter(|(_, same)| !same) {
            let reason = "is not what the stored moments give: the file was changed, or comes from elsewhere".into();
            faults.push(ErrorKind::Mismatch { place: format!("`{name}`"), reason });
        }
        faults.or(())
    }
}

impl Serialize for Fit {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Saved::from(self).serialize(serializer)
    }
}
