//! A bootstrap as it is stored: everything that it holds, the values of all replicates with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{ErrorKind, Faults, Result};
use crate::inference::batch::Batch;
use crate::inference::{Bootstrap, Bootstrapped, Quantity};
use crate::numeric::check;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    settings: Bootstrap,
    n: f64,
    degrees_of_freedom: f64,
    quantities: Vec<Values>,
    undefined: Vec<Undefined>,
    failures: Vec<Count>,
    mixed_index_weights: usize,
    reversed: Vec<Count>,
    inadmissible: Vec<Count>,
    inadmissible_replicates: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Values {
    quantity: Quantity,
    estimate: f64,
    acceleration: Option<f64>,
    /// In each replicate that has an estimate; `None` where the quantity is undefined.
    draws: Vec<Option<f64>>,
    /// Of each draw.
    std_errors: Option<Vec<Option<f64>>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Undefined {
    quantity: Quantity,
    reason: String,
}

/// In how many replicates something was so.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    what: String,
    replicates: usize,
}

fn listed(counts: &BTreeMap<String, usize>) -> Vec<Count> {
    counts.iter().map(|(what, count)| Count { what: what.clone(), replicates: *count }).collect()
}

fn counted(counts: Vec<Count>) -> BTreeMap<String, usize> {
    counts.into_iter().map(|count| (count.what, count.replicates)).collect()
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

impl Serialize for Bootstrapped {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let values = |at: usize| Values {
            quantity: self.quantities[at].clone(),
            estimate: self.original[at],
            acceleration: self.accelerations.as_ref().map(|all| all[at]),
            draws: self.replicates_of(at).map(finite).collect(),
            std_errors: Some(self.errors_of(at).map(finite).collect()).filter(|errors: &Vec<_>| !errors.is_empty()),
        };
        let undefined =
            |(quantity, reason): &(Quantity, String)| Undefined { quantity: quantity.clone(), reason: reason.clone() };
        let saved = Saved {
            settings: self.settings.clone(),
            n: self.n,
            degrees_of_freedom: self.degrees,
            quantities: (0..self.quantities.len()).map(values).collect(),
            undefined: self.undefined.iter().map(undefined).collect(),
            failures: listed(&self.failures),
            mixed_index_weights: self.mixed,
            reversed: listed(&self.reversed),
            inadmissible: listed(&self.inadmissible),
            inadmissible_replicates: self.inadmissible_replicates,
        };
        saved.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bootstrapped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let saved = Saved::deserialize(deserializer)?;
        saved.check().map_err(de::Error::custom)?;
        Ok(saved.into())
    }
}

impl Saved {
    /// How many replicates have an estimate; `None` if more failed than there are.
    fn used(&self) -> Option<usize> {
        let failed = self.failures.iter().try_fold(0_usize, |sum, count| sum.checked_add(count.replicates))?;
        self.settings.replicates_in_use().checked_sub(failed)
    }

    fn check(&self) -> Result<()> {
        self.settings.check()?;
        let mut faults = Faults::default();
        faults.check(check::positive(self.n, || "n".into()));
        faults.check(check::positive(self.degrees_of_freedom, || "the number of degrees of freedom".into()));
        let used = self.used().unwrap_or(0);
        let lists = [&self.failures, &self.reversed, &self.inadmissible];
        for list in lists {
            let names: Vec<&str> = list.iter().map(|count| count.what.as_str()).collect();
            faults.check(if names.is_empty() { Ok(()) } else { check::names(&names, "count") });
        }
        let counts = lists.into_iter().flatten().map(|count| count.replicates);
        let all = self.settings.replicates_in_use();
        let singles = [self.mixed_index_weights, self.inadmissible_replicates];
        if used < 2 || counts.chain(singles).any(|count| count > all) {
            let reason = format!("do not go with {all} replicates, of which two at least must have an estimate");
            faults.push(ErrorKind::Mismatch { place: "the counts".into(), reason });
        }
        let mut known = std::collections::HashSet::new();
        let first = self.quantities.first();
        let jackknifed = first.is_some_and(|values| values.acceleration.is_some());
        let studentised = first.is_some_and(|values| values.std_errors.is_some());
        for quantity in
            self.quantities.iter().map(|values| &values.quantity).chain(self.undefined.iter().map(|one| &one.quantity))
        {
            if !known.insert(quantity) {
                faults.note(|| ErrorKind::Duplicate { what: "quantity", name: quantity.to_string() });
            }
        }
        for values in &self.quantities {
            let ways = (values.acceleration.is_some(), values.std_errors.is_some());
            if let Err(fault) = values.check(used, ways == (jackknifed, studentised)) {
                faults.note(|| fault.within(values.quantity.to_string()));
            }
        }
        faults.or(())
    }
}

impl Values {
    /// Checks the values of a quantity; `alike` is whether it has what the others have.
    fn check(&self, used: usize, alike: bool) -> Result<()> {
        check::finite(self.estimate, || "the estimate".into())?;
        check::length(self.draws.len(), used, || "the list of draws".into())?;
        let there = self.draws.iter().flatten().count();
        check::domain(there as f64, there >= 2, || "the number of draws".into(), "at least 2")?;
        for error in self.std_errors.iter().flatten().flatten() {
            check::non_negative(*error, || "a standard error".into())?;
        }
        if let Some(errors) = &self.std_errors {
            check::length(errors.len(), used, || "the list of standard errors".into())?;
        }
        if let Some(acceleration) = self.acceleration {
            check::finite(acceleration, || "the acceleration".into())?;
        }
        let reason = "all quantities have an acceleration or none, and standard errors or none".into();
        if alike { Ok(()) } else { Err(ErrorKind::Mismatch { place: "the quantity".into(), reason }.into()) }
    }
}

impl From<Saved> for Bootstrapped {
    fn from(saved: Saved) -> Self {
        let used = saved.used().unwrap_or(0);
        let number = |value: &Option<f64>| value.unwrap_or(f64::NAN);
        let mut batch = Batch::new(0, 0, used);
        batch.values = saved.quantities.iter().flat_map(|values| values.draws.iter().map(number)).collect();
        batch.errors =
            saved.quantities.iter().flat_map(|values| values.std_errors.iter().flatten().map(number)).collect();
        Self {
            places: (0..saved.quantities.len()).collect(),
            original: saved.quantities.iter().map(|values| values.estimate).collect(),
            accelerations: saved.quantities.iter().map(|values| values.acceleration).collect(),
            quantities: saved.quantities.into_iter().map(|values| values.quantity).collect(),
            undefined: saved.undefined.into_iter().map(|one| (one.quantity, one.reason)).collect(),
            batches: vec![batch],
            degrees: saved.degrees_of_freedom,
            failures: counted(saved.failures),
            mixed: saved.mixed_index_weights,
            reversed: counted(saved.reversed),
            inadmissible: counted(saved.inadmissible),
            inadmissible_replicates: saved.inadmissible_replicates,
            n: saved.n,
            settings: saved.settings,
        }
    }
}
