//! Replicates of a consistent bootstrap that no population could have.

use std::collections::BTreeMap;

use satindex::inference::Bootstrap;
use satindex::structural::{Finding, Fit, Pls, template};

use super::bootstrap::{refits, rows, survey};

/// What `verify` finds in the fits of the same rows, in the words of the bootstrap. The implied correlations follow from
/// the others.
fn findings(fit: &Fit) -> Vec<String> {
    let text = |finding: &Finding| match finding {
        Finding::LoadingBeyondOne { construct, indicator, .. } => {
            Some(format!("the loading of `{indicator}` on `{construct}` is beyond 1"))
        }
        Finding::NegativeResidualVariance { construct, .. } => Some(format!("R² of `{construct}` is above 1")),
        Finding::CorrelationBeyondOne { first, second, .. } => {
            Some(format!("the correlation of `{first}` and `{second}` is beyond 1"))
        }
        Finding::ConstructCorrelations { .. } => {
            Some("the correlations of the constructs are not positive definite".to_owned())
        }
        Finding::Reliability { construct, .. } => Some(format!("the reliability ρ_A of `{construct}` is above 1")),
        _ => None,
    };
    fit.verify().findings().iter().filter_map(text).collect()
}

#[test]
fn inadmissible_replicates_are_counted_by_finding_and_can_be_left_out() {
    let responses = survey(60, 15);
    let resamples = rows(60, 40);
    let pls = Pls::new().consistent().tolerance(1e-13).max_iterations(5000);
    let model = template::ecsi_mobile().model();
    let fit = pls.fit(&model, &responses).unwrap();
    let sound: Vec<Vec<usize>> =
        resamples.into_iter().filter(|rows| pls.fit(&model, &responses.subset(rows).unwrap()).is_ok()).collect();
    let fits = refits(&pls, &model, &responses, &sound);
    let mut expected = BTreeMap::new();
    for finding in fits.iter().flat_map(findings) {
        *expected.entry(finding).or_insert(0) += 1;
    }
    let inadmissible: Vec<bool> = fits.iter().map(|fit| !findings(fit).is_empty()).collect();
    let count = inadmissible.iter().filter(|bad| **bad).count();
    assert!(expected.len() > 3 && count > 3 && count + 3 < fits.len(), "{expected:?}");
    let kept = Bootstrap::with_draws(sound.clone()).run(&fit, &responses).unwrap();
    let left_out = Bootstrap::with_draws(sound).without_inadmissible().run(&fit, &responses).unwrap();
    for boot in [&kept, &left_out] {
        assert_eq!(boot.inadmissible(), &expected);
        assert_eq!(boot.inadmissible_replicates(), count);
        assert!(boot.to_string().contains(&format!("; {count} had inadmissible estimates (")));
    }
    assert!(kept.failures().is_empty());
    assert_eq!(left_out.failures()["the estimates were inadmissible"], count);
    let draws = kept.path("Image", "Loyalty").unwrap().draws().to_vec();
    let admissible: Vec<f64> =
        draws.into_iter().zip(inadmissible).filter(|(_, bad)| !bad).map(|(draw, _)| draw).collect();
    assert_eq!(left_out.path("Image", "Loyalty").unwrap().draws(), admissible);
}

#[test]
fn what_is_not_corrected_is_admissible() {
    let responses = survey(60, 15);
    let fit = Pls::new().fit(&template::ecsi_mobile().model(), &responses).unwrap();
    let boot = Bootstrap::new(50).without_inadmissible().run(&fit, &responses).unwrap();
    assert!(boot.inadmissible().is_empty() && boot.inadmissible_replicates() == 0);
}
