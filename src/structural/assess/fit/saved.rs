//! The overall fit as it is stored.

use std::collections::BTreeMap;

use super::{FitMeasures, MEASURES, ModelFit};
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::check;
use crate::numeric::rounding::CONVERGED;

/// The distances, and the measures that follow from them, for readers who want no more.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    n: f64,
    srmr: f64,
    d_uls: f64,
    /// With natural logarithms.
    d_g: Option<f64>,
    d_ml: Option<f64>,
    /// d_ML of the null model.
    null: Option<f64>,
    /// In the order of [`Gfi`](super::Gfi).
    gfi: [Option<f64>; 4],
    degrees_of_freedom: i64,
    null_degrees_of_freedom: i64,
    /// As they are reported, those with a choice by their default.
    measures: BTreeMap<String, Option<f64>>,
}

impl From<FitMeasures> for Saved {
    fn from(fit: FitMeasures) -> Self {
        Self {
            measures: measures(&fit),
            n: fit.n,
            srmr: fit.srmr,
            d_uls: fit.d_uls,
            d_g: fit.d_g,
            d_ml: fit.d_ml,
            null: fit.null,
            gfi: fit.gfi,
            degrees_of_freedom: fit.degrees_of_freedom,
            null_degrees_of_freedom: fit.null_degrees_of_freedom,
        }
    }
}

fn measures(fit: &FitMeasures) -> BTreeMap<String, Option<f64>> {
    MEASURES.iter().map(|(_, key, measure)| ((*key).to_owned(), measure(fit).and_then(super::finite))).collect()
}

impl TryFrom<Saved> for FitMeasures {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        check::domain(saved.n, saved.n > 1.0, || "the number of respondents".into(), "a number above 1")?;
        let distances = [Some(saved.srmr), Some(saved.d_uls), saved.d_g, saved.d_ml, saved.null];
        for (name, distance) in ["srmr", "d_uls", "d_g", "d_ml", "null"].iter().zip(distances) {
            check::non_negative(distance.unwrap_or_default(), || format!("`{name}`"))?;
        }
        for index in saved.gfi.into_iter().flatten() {
            check::finite(index, || "an index in `gfi`".into())?;
        }
        let fit = Self {
            srmr: saved.srmr,
            d_uls: saved.d_uls,
            d_g: saved.d_g,
            d_ml: saved.d_ml,
            null: saved.null,
            gfi: saved.gfi,
            degrees_of_freedom: saved.degrees_of_freedom,
            null_degrees_of_freedom: saved.null_degrees_of_freedom,
            n: saved.n,
        };
        compare(&measures(&fit), &saved.measures)?;
        Ok(fit)
    }
}

/// Checks that the measures which were read follow from the distances.
fn compare<'a>(expected: &'a BTreeMap<String, Option<f64>>, read: &'a BTreeMap<String, Option<f64>>) -> Result<()> {
    let names = |measures: &'a BTreeMap<String, Option<f64>>| measures.keys().map(String::as_str).collect::<Vec<_>>();
    check::matching(&names(read), &names(expected), "value", "measure")?;
    let wrong = expected.iter().find(|(name, value)| !is_same(**value, read[*name]));
    wrong.map_or(Ok(()), |(name, _)| {
        let reason = "it does not follow from the distances that stand beside it".into();
        Err(ErrorKind::Unsupported { place: format!("the measure `{name}`"), reason }.into())
    })
}

/// Are two values the same, up to what another machine's logarithm and quantile leave?
fn is_same(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= CONVERGED * one.abs().max(1.0),
        (one, other) => one == other,
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedModelFit {
    saturated: FitMeasures,
    estimated: FitMeasures,
    rms_theta: Option<f64>,
}

impl From<ModelFit> for SavedModelFit {
    fn from(ModelFit { saturated, estimated, rms_theta }: ModelFit) -> Self {
        Self { saturated, estimated, rms_theta }
    }
}

impl TryFrom<SavedModelFit> for ModelFit {
    type Error = Error;

    fn try_from(SavedModelFit { saturated, estimated, rms_theta }: SavedModelFit) -> Result<Self> {
        check::non_negative(rms_theta.unwrap_or_default(), || "`rms_theta`".into())?;
        if saturated.n != estimated.n || saturated.null_degrees_of_freedom != estimated.null_degrees_of_freedom {
            let (place, reason) =
                ("the fit of the saturated and of the estimated model".into(), "they are of other data".into());
            return Err(ErrorKind::Unsupported { place, reason }.into());
        }
        Ok(Self { saturated, estimated, rms_theta })
    }
}
