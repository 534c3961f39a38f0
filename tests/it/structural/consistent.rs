//! Consistent PLS and the figures of a fit where they are known exactly: in populations.

use approx::assert_relative_eq;
use nalgebra::DMatrix;
use proptest::prelude::*;
use satindex::structural::{
    ConstructKind, Finding, Fit, Gfi, Htmt, Logarithm, Metric, Mode, Model, Pls, Population, ResidualVariance, RhoA,
    Scheme, ScoresWithout,
};
use satindex::survey::Moments;

use super::agreement::tight;
use super::population::three_factors;
use super::strategies;

const SCHEMES: [Scheme; 3] = [Scheme::Centroid, Scheme::Factorial, Scheme::Path];

fn moments(population: &Population) -> Moments {
    Moments::from_covariance(population.model().indicators(), population.sigma(), 500.0).unwrap()
}

/// Loadings, correlations, paths and R² are the population's.
fn recovers(fit: &Fit, population: &Population) {
    let model = population.model();
    let close = |found: f64, expected: f64| assert_relative_eq!(found, expected, epsilon = 1e-10, max_relative = 1e-10);
    for (at, construct) in model.constructs().iter().enumerate() {
        for (indicator, loading) in construct.indicators().iter().zip(population.loadings(construct.name()).unwrap()) {
            close(fit.loading(indicator).unwrap(), *loading);
            for (other, second) in model.constructs().iter().enumerate().filter(|(other, _)| *other != at) {
                let expected = loading * population.construct_correlations()[(at, other)];
                close(fit.cross_loading(indicator, second.name()).unwrap(), expected);
            }
        }
        let (found, expected) = (fit.r_squared(construct.name()), population.r_squared(construct.name()));
        match (found.unwrap(), expected.unwrap()) {
            (Some(found), Some(expected)) => close(found, expected),
            (found, expected) => assert_eq!(found, expected),
        }
    }
    for (from, to) in model.named_paths() {
        close(fit.path(from, to).unwrap(), population.path(from, to).unwrap());
        let [first, second] = [from, to].map(|name| model.position(name).unwrap());
        let expected = population.construct_correlations()[(first, second)];
        close(fit.construct_correlation(from, to).unwrap(), expected);
    }
}

#[test]
fn three_common_factors_under_every_scheme() {
    let population = three_factors();
    for scheme in SCHEMES {
        let fit = tight().scheme(scheme).consistent().fit(population.model(), &moments(&population)).unwrap();
        recovers(&fit, &population);
        // From the same source: ρ_A to its seven digits, and what mode A makes of the paths without the correction.
        let reliability = fit.assess().reliability(RhoA::CommonFactors);
        for (construct, expected) in [("eta1", 0.8766356), ("eta2", 0.8305511), ("eta3", 0.8557915)] {
            assert!((reliability.rho_a(construct).unwrap().unwrap() - expected).abs() < 0.5e-7);
        }
        let scores = tight().scheme(scheme).fit(population.model(), &moments(&population)).unwrap();
        for (from, to, expected) in [("eta1", "eta2", 0.511969), ("eta1", "eta3", 0.370911), ("eta2", "eta3", 0.30752)]
        {
            assert!((scores.path(from, to).unwrap() - expected).abs() < 0.5e-5);
        }
        assert!(fit.verify().findings().is_empty());
    }
}

#[test]
fn heterotrait_monotrait_ratios_of_three_common_factors() {
    let population = three_factors();
    let fit = tight().fit(population.model(), &moments(&population)).unwrap();
    // HTMT2 gives the correlations of the factors; HTMT does with equal loadings only (figures of cSEM's tests).
    for (first, second, htmt2, htmt) in
        [("eta1", "eta2", 0.6, 0.6027638), ("eta1", "eta3", 0.61, 0.6120846), ("eta2", "eta3", 0.59, 0.5937917)]
    {
        let found = fit.assess().htmt(Htmt::Geometric).get(first, second).unwrap().unwrap();
        assert_relative_eq!(found, htmt2, epsilon = 0.0, max_relative = 1e-14);
        assert!((fit.assess().htmt(Htmt::Signed).get(first, second).unwrap().unwrap() - htmt).abs() < 0.5e-7);
    }
}

#[test]
fn unit_weights_are_corrected_by_alpha() {
    // Equal loadings, which unit weights are right for: everything is recovered, and ρ_A is α.
    let model: Model = "A =~ a1 + a2 + a3; B =~ b1 + b2; B ~ A".parse().unwrap();
    let population =
        Population::builder(model).loadings("A", [0.8; 3]).loadings("B", [0.7; 2]).path("A", "B", 0.5).build().unwrap();
    let pls = tight().mode("A", Mode::Unit).mode("B", Mode::Unit).consistent();
    let fit = pls.fit(population.model(), &moments(&population)).unwrap();
    recovers(&fit, &population);
    let reliability = fit.assess().reliability(RhoA::CommonFactors);
    for construct in ["A", "B"] {
        let alpha = reliability.alpha(construct).unwrap().unwrap();
        assert_relative_eq!(reliability.rho_a(construct).unwrap().unwrap(), alpha, max_relative = 1e-14);
    }
}

#[test]
fn what_cannot_be_corrected_is_an_error_that_names_the_construct() {
    // The indicators of A correlate negatively and B with both of them positively: no common factor does that.
    let model: Model = "A =~ a1 + a2; B =~ b1 + b2; B ~ A".parse().unwrap();
    let correlations = DMatrix::from_row_slice(
        4,
        4,
        &[1.0, -0.3, 0.4, 0.4, -0.3, 1.0, 0.4, 0.4, 0.4, 0.4, 1.0, 0.5, 0.4, 0.4, 0.5, 1.0],
    );
    let moments = Moments::from_covariance(model.indicators(), &correlations, 100.0).unwrap();
    let error = Pls::new().consistent().fit(&model, &moments).unwrap_err();
    assert_eq!(
        error.to_string(),
        "construct `A`: ρ_A is undefined, so nothing can be corrected for attenuation: its indicators do not correlate \
         as those of one common factor"
    );
    assert!(error.is_degenerate());
    // The same estimator in its other form.
    let mut solver = Pls::new().consistent().solver(&model).unwrap();
    assert_eq!(solver.solve(&correlations).unwrap_err(), error);
    // Without the correction it is a finding, and no reason to doubt the composites.
    let fit = Pls::new().fit(&model, &moments).unwrap();
    assert_eq!(fit.assess().reliability(RhoA::CommonFactors).rho_a("A").unwrap(), None);
    let verification = fit.verify();
    assert!(verification.is_admissible());
    let expected = Finding::Reliability { construct: "A".into(), rho_a: None, corrected: false };
    assert_eq!(verification.findings(), [expected]);
}

/// Reflective constructs with a single indicator are taken for that indicator.
fn measured(population: &Population) -> bool {
    let constructs = population.model().constructs().iter();
    constructs.into_iter().all(|known| known.kind() == ConstructKind::Composite || known.indicators().len() > 1)
}

fn figures_hold(fit: &Fit, population: &Population) -> Result<(), TestCaseError> {
    let reliability = fit.assess().reliability(RhoA::CommonFactors);
    let (htmt2, inner, outer) =
        (fit.assess().htmt(Htmt::Geometric), fit.assess().inner_vif(), fit.assess().outer_vif());
    let (full, f_squared) =
        (fit.assess().full_collinearity_vif(), fit.assess().f_squared(ScoresWithout::Held).unwrap());
    let correlations = population.construct_correlations();
    for (at, construct) in population.model().constructs().iter().enumerate() {
        let ave = reliability.average_variance_extracted(construct.name()).unwrap().unwrap();
        // 1 for a single indicator, to rounding.
        prop_assert!((0.0..=1.0 + 1e-14).contains(&ave));
        prop_assert!(full.get(construct.name(), "VIF").unwrap().unwrap() >= 1.0);
        for indicator in construct.indicators() {
            prop_assert!(outer.get(indicator, "VIF").unwrap().unwrap() >= 1.0);
        }
        if construct.kind() == ConstructKind::Composite {
            continue;
        }
        // α is a lower bound of the reliability of the sum score of one common factor (Novick & Lewis 1967).
        let alpha = reliability.alpha(construct.name()).unwrap().unwrap();
        prop_assert!(alpha <= reliability.rho_c(construct.name()).unwrap().unwrap() + 1e-12);
        for (other, second) in population.model().constructs().iter().enumerate() {
            if other != at && second.kind() == ConstructKind::Reflective && correlations[(at, other)] > 0.0 {
                let found = htmt2.get(construct.name(), second.name()).unwrap().unwrap();
                prop_assert!((found - correlations[(at, other)]).abs() < 1e-12);
            }
        }
    }
    for (from, to) in population.model().named_paths() {
        prop_assert!(inner.get(to, from).unwrap().unwrap() >= 1.0);
        prop_assert!(f_squared.get(to, from).unwrap().unwrap() >= 0.0);
    }
    Ok(())
}

/// A model that is true fits exactly, whatever is taken for the residual variance.
fn fits_exactly(fit: &Fit) -> Result<(), TestCaseError> {
    for residual in [ResidualVariance::Observed, ResidualVariance::Implied] {
        let both = fit.assess().model_fit(residual);
        for measures in [both.saturated(), both.estimated()] {
            prop_assert!(measures.srmr() < 1e-9);
            prop_assert!(measures.d_uls() < 1e-18);
            prop_assert!(measures.d_g(Logarithm::Natural).unwrap() < 1e-15);
            prop_assert!(measures.d_ml().unwrap() < 1e-12);
            prop_assert!(measures.cfi().unwrap() > 1.0 - 1e-12);
            for form in [
                Gfi::MaximumLikelihood,
                Gfi::MaximumLikelihoodTrace,
                Gfi::GeneralisedLeastSquares,
                Gfi::UnweightedLeastSquares,
            ] {
                prop_assert!(measures.gfi(form).unwrap() > 1.0 - 1e-12);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn populations_are_recovered_under_every_scheme_mode_and_metric(
        population in strategies::population().prop_filter("measured", measured),
        scheme in 0_usize..3,
        regression: bool,
        deviations in proptest::collection::vec(0.5..5.0, 24),
    ) {
        let model = population.model();
        let mut pls = tight().scheme(SCHEMES[scheme]).consistent();
        for construct in model.constructs().iter().filter(|known| known.kind() == ConstructKind::Reflective) {
            pls = pls.mode(construct.name(), if regression { Mode::B } else { Mode::A });
        }
        let size = model.indicators().count();
        let moments = moments(&population).with_standard_deviations(deviations[..size].iter().copied()).unwrap();
        for metric in [Metric::Standardised, Metric::Raw] {
            let fit = pls.clone().metric(metric).fit(model, &moments).unwrap();
            recovers(&fit, &population);
            prop_assert!(fit.verify().is_admissible());
            figures_hold(&fit, &population)?;
            fits_exactly(&fit)?;
        }
    }

    /// Of reflective constructs by mode A, the corrected correlation rᵢⱼ = wᵢ′Sᵢⱼwⱼ/√(ρᵢρⱼ) is the one for which
    /// rᵢⱼλᵢλⱼ′ comes closest to Sᵢⱼ, because λ ∝ w: no structural model fits better than the saturated one. (Loadings of
    /// composites are not proportional to their weights, and a structural model may come closer by chance.)
    #[test]
    fn the_saturated_model_fits_best(
        population in strategies::population().prop_filter("measured", measured),
        n in 60_usize..200,
        seed: u64,
    ) {
        let model: Model = population.model().to_string().replace("<~", "=~").parse().unwrap();
        let data = population.simulate(n, seed).unwrap();
        let covariance = data.transpose() * &data;
        let moments = Moments::from_covariance(model.indicators(), &covariance, n as f64).unwrap();
        // A resample of so few may be one that nothing can be estimated from.
        let Ok(fit) = Pls::new().consistent().fit(&model, &moments) else { return Ok(()) };
        for residual in [ResidualVariance::Observed, ResidualVariance::Implied] {
            let both = fit.assess().model_fit(residual);
            let (saturated, estimated) = (both.saturated().d_uls(), both.estimated().d_uls());
            // Where both are exact (three single indicators, say), the squares of roundings of correlations are left.
            prop_assert!(saturated <= estimated * (1.0 + 1e-12) + 1e-28, "{:e} {:e}", saturated, estimated);
        }
    }
}
