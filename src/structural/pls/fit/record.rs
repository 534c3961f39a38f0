//! The fit as one serialisable object.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Fit;

/// Pairs that serialise as a map in their own order.
struct Entries<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
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

impl Serialize for Fit {
    /// `index` leaves out the constructs that have none; `index_unavailable` says why.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Fit", 20)?;
        object.serialize_field("converged", &true)?;
        object.serialize_field("iterations", &self.iterations)?;
        object.serialize_field("last_change", &self.change)?;
        object.serialize_field("n", &self.n())?;
        object.serialize_field("rows", &self.moments.rows())?;
        object.serialize_field("rows_dropped", &self.moments.rows_dropped())?;
        object.serialize_field("answers_filled", &self.moments.answers_filled())?;
        object.serialize_field("answers_passed_over", &self.moments.answers_passed_over())?;
        object.serialize_field("model", &self.model)?;
        object.serialize_field("modes", &self.constructs(|at| self.modes[at]))?;
        object.serialize_field("outer_weights", &self.blocks(|at| self.weights[at] * self.deviations[at]))?;
        object.serialize_field("unstandardised_weights", &self.blocks(|at| self.weights[at]))?;
        object.serialize_field("loadings", &self.blocks(|at| self.cross_loadings[(at, self.owners[at])]))?;
        object.serialize_field("path_coefficients", &self.direct_effects())?;
        object.serialize_field("r_squared", &self.explained(|at| self.r_squared[at]))?;
        object.serialize_field("adjusted_r_squared", &self.explained(|at| self.adjusted(at)))?;
        let correlations = self.constructs(|row| self.constructs(|column| self.correlations[(row, column)]));
        object.serialize_field("construct_correlations", &correlations)?;
        object.serialize_field("indirect_effects", &self.indirect_effects())?;
        object.serialize_field("total_effects", &self.total_effects())?;
        let (mut index, mut unavailable) = (Vec::new(), BTreeMap::new());
        for (name, result) in self.indices() {
            match result {
                Ok(value) => index.push((name.to_owned(), value.value())),
                Err(reason) => {
                    unavailable.insert(name, reason.to_string());
                }
            }
        }
        object.serialize_field("index", &Entries(index))?;
        if !unavailable.is_empty() {
            object.serialize_field("index_unavailable", &unavailable)?;
        }
        object.end()
    }
}
