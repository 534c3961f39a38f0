//! From a population's exact covariances, however they come in, the population's parameters.

use nalgebra::DMatrix;
use proptest::prelude::*;
use satindex::structural::{Fit, Mode, Model, Pls, Population, Scheme};
use satindex::survey::{Moments, Responses};

use super::agreement::tight;
use super::population::golden;
use super::strategies;

const SCHEMES: [Scheme; 3] = [Scheme::Centroid, Scheme::Factorial, Scheme::Path];

fn fit_sigma(pls: &Pls, model: &Model, sigma: &DMatrix<f64>) -> Fit {
    pls.fit(model, &Moments::from_covariance(model.indicators(), sigma, 500.0).unwrap()).unwrap()
}

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found:e} is not {expected:e}");
}

/// The weights and the paths of a fit are those of the population.
#[track_caller]
fn recovered(fit: &Fit, population: &Population, tolerance: f64) {
    for construct in population.model().constructs() {
        let weights = population.weights(construct.name()).unwrap();
        let loadings = population.loadings(construct.name()).unwrap();
        for (indicator, (weight, loading)) in construct.indicators().iter().zip(weights.iter().zip(loadings)) {
            close(fit.weight(indicator).unwrap(), *weight, tolerance);
            close(fit.loading(indicator).unwrap(), *loading, tolerance);
        }
        let explained = fit.r_squared(construct.name()).unwrap();
        close(explained.unwrap_or(0.0), population.r_squared(construct.name()).unwrap().unwrap_or(0.0), tolerance);
    }
    for (from, to) in population.model().named_paths() {
        close(fit.path(from, to).unwrap(), population.path(from, to).unwrap(), tolerance);
    }
}

fn sigma(golden: &serde_json::Value) -> DMatrix<f64> {
    let rows: Vec<Vec<f64>> = serde_json::from_value(golden["sigma"].clone()).unwrap();
    DMatrix::from_fn(rows.len(), rows.len(), |row, column| rows[row][column])
}

/// cSEM's test population of three composites, from its published covariance matrix of 15 digits.
#[test]
fn three_composites() {
    let golden = golden("three_composites");
    let model: Model = "eta1 <~ y11 + y12 + y13; eta2 <~ y21 + y22 + y23; eta3 <~ y31 + y32 + y33
        eta2 ~ eta1; eta3 ~ eta1 + eta2"
        .parse()
        .unwrap();
    for scheme in SCHEMES {
        let fit = fit_sigma(&tight().scheme(scheme), &model, &sigma(&golden));
        for construct in model.constructs() {
            let weights: Vec<f64> = serde_json::from_value(golden["weights"][construct.name()].clone()).unwrap();
            for (indicator, weight) in construct.indicators().iter().zip(weights) {
                close(fit.weight(indicator).unwrap(), weight, 1e-13);
            }
        }
        for (from, to, coefficient) in [("eta1", "eta2", 0.6), ("eta1", "eta3", 0.4), ("eta2", "eta3", 0.35)] {
            close(fit.path(from, to).unwrap(), coefficient, 1e-13);
        }
    }
    // By mode A, seven printed digits of the same source.
    let pls = model.constructs().iter().fold(tight(), |pls, construct| pls.mode(construct.name(), Mode::A));
    let fit = fit_sigma(&pls, &model, &sigma(&golden));
    for (effect, printed) in fit.direct_effects().iter().zip([0.5806583, 0.3929754, 0.3499303]) {
        close(effect.estimate(), printed, 0.5001e-7);
    }
    let printed = [0.3333333, 0.4444444, 0.4444444, 0.366508, 0.3761529, 0.5979867, 0.5780634, 0.3621076, 0.4275488];
    for (indicator, printed) in model.indicators().zip(printed) {
        close(fit.weight(indicator).unwrap(), printed, 0.5001e-7);
    }
}

/// Summers' model is not recursive: eta1 = 0.25 eta2 - 0.3 xi1 + 0.5 xi2 + zeta1, eta2 = 0.5 eta1 + 0.5 xi3 + 0.25 xi4 +
/// zeta2. Its weights and its reduced form, in which only the xi explain, are what mode B recovers.
#[test]
fn summers_composites() {
    let golden = golden("summers_composites");
    let model: Model = "xi1 <~ x1 + x2 + x3; xi2 <~ x4 + x5 + x6; xi3 <~ x7 + x8 + x9; xi4 <~ x10 + x11 + x12
        eta1 <~ y1 + y2 + y3; eta2 <~ y4 + y5 + y6
        eta1 ~ xi1 + xi2 + xi3 + xi4; eta2 ~ xi1 + xi2 + xi3 + xi4"
        .parse()
        .unwrap();
    for scheme in SCHEMES {
        let fit = fit_sigma(&tight().scheme(scheme), &model, &sigma(&golden));
        let shapes = [[1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [1.0, 4.0, 9.0]];
        for (construct, shape) in model.constructs().iter().zip(shapes.iter().cycle()) {
            let first = fit.weight(&construct.indicators()[0]).unwrap();
            assert!(first > 0.0);
            for (indicator, share) in construct.indicators().iter().zip(shape) {
                close(fit.weight(indicator).unwrap() / first, *share, 1e-11);
            }
        }
        // (I - B)^-1 = [[1, 0.25], [0.5, 1]] / 0.875, times the coefficients of the xi.
        for (from, to, expected) in [
            ("xi1", "eta1", -0.3 / 0.875),
            ("xi2", "eta1", 0.5 / 0.875),
            ("xi3", "eta1", 0.25 * 0.5 / 0.875),
            ("xi4", "eta1", 0.25 * 0.25 / 0.875),
            ("xi1", "eta2", -0.5 * 0.3 / 0.875),
            ("xi2", "eta2", 0.5 * 0.5 / 0.875),
            ("xi3", "eta2", 0.5 / 0.875),
            ("xi4", "eta2", 0.25 / 0.875),
        ] {
            close(fit.path(from, to).unwrap(), expected, 1e-12);
        }
        close(fit.construct_correlation("xi1", "xi4").unwrap(), 0.5, 1e-12);
        close(fit.construct_correlation("eta1", "eta2").unwrap(), 0.3_f64.sqrt(), 1e-12);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn composites_by_mode_b_from_sigma_and_from_exact_data(
        population in strategies::composite_population(), more in 1_usize..40, seed: u64, scheme in 0_usize..3,
    ) {
        let pls = tight().scheme(SCHEMES[scheme]);
        let model = population.model();
        recovered(&fit_sigma(&pls, model, population.sigma()), &population, 1e-12);
        let data = population.exact(population.sigma().nrows() + more, seed).unwrap();
        let responses = Responses::from_matrix(model.indicators(), data).unwrap();
        // The data have the covariances to about 1e-14, and inverses of blocks multiply that.
        recovered(&pls.fit(model, &responses).unwrap(), &population, 1e-10);
    }
}
