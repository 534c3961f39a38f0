use nalgebra::DMatrix;
use proptest::prelude::*;
use satindex::structural::{Model, Population, PopulationBuilder};

use super::strategies;

/// Figures of cSEM's tests and data (see each entry's source).
pub(crate) fn golden(name: &str) -> serde_json::Value {
    let all: serde_json::Value = serde_json::from_str(include_str!("../golden/populations.json")).unwrap();
    all[name].clone()
}

#[track_caller]
fn assert_sigma(population: &Population, golden: &serde_json::Value) {
    let names: Vec<String> = serde_json::from_value(golden["names"].clone()).unwrap();
    assert!(population.model().indicators().eq(names.iter()));
    let rows: Vec<Vec<f64>> = serde_json::from_value(golden["sigma"].clone()).unwrap();
    let expected = DMatrix::from_fn(names.len(), names.len(), |row, column| rows[row][column]);
    // The figures have 15 digits: half a unit of the last is 5e-16, and our own rounding adds a few ulp.
    assert!((population.sigma() - expected).amax() < 1.5e-15);
}

fn three_constructs(operator: &str) -> PopulationBuilder {
    let model = "eta1 OP y11 + y12 + y13; eta2 OP y21 + y22 + y23; eta3 OP y31 + y32 + y33
        eta2 ~ eta1; eta3 ~ eta1 + eta2";
    Population::builder(model.replace("OP", operator).parse::<Model>().unwrap())
        .path("eta1", "eta2", 0.6)
        .path("eta1", "eta3", 0.4)
        .path("eta2", "eta3", 0.35)
}

pub(crate) fn three_factors() -> Population {
    three_constructs("=~")
        .loadings("eta1", [0.8, 0.9, 0.8])
        .loadings("eta2", [0.7, 0.7, 0.9])
        .loadings("eta3", [0.9, 0.8, 0.7])
        .build()
        .unwrap()
}

#[test]
fn three_common_factors() {
    let population = three_factors();
    assert_sigma(&population, &golden("three_common_factors"));
    // By hand: 0.4² + 0.35² + 2 · 0.4 · 0.35 · 0.6.
    let explained = population.r_squared("eta3").unwrap().unwrap();
    approx::assert_relative_eq!(explained, 0.4505, epsilon = 0.0, max_relative = 1e-15);
    assert_eq!(population.r_squared("eta1"), Ok(None));
}

#[test]
fn three_composites() {
    let population = three_constructs("<~")
        .weights("eta1", [1.0, 5.0, 5.0], [0.5, 0.5, 0.5])
        .weights("eta2", [4.0, 3.0, 10.0], [0.2, 0.3, 0.4])
        .weights("eta3", [2.0, 1.0, 1.0], [0.25, 0.4, 0.16])
        .build()
        .unwrap();
    let golden = golden("three_composites");
    assert_sigma(&population, &golden);
    for construct in ["eta1", "eta2", "eta3"] {
        let expected: Vec<f64> = serde_json::from_value(golden["weights"][construct].clone()).unwrap();
        let weights = population.weights(construct).unwrap();
        approx::assert_relative_eq!(weights, &expected[..], epsilon = 0.0, max_relative = 1e-14);
    }
}

/// Summers' model is not recursive: eta1 = 0.25 eta2 - 0.3 xi1 + 0.5 xi2 + zeta1, eta2 = 0.5 eta1 + 0.5 xi3 + 0.25 xi4 +
/// zeta2. Its reduced form gives the correlations of the constructs, and these the recursive model in which the xi and
/// eta1 explain eta2.
#[test]
#[allow(clippy::disallowed_methods, reason = "small, well-conditioned matrices of known figures")]
fn summers_composites() {
    let b = DMatrix::from_row_slice(2, 2, &[0.0, 0.25, 0.5, 0.0]);
    let gamma = DMatrix::from_row_slice(2, 4, &[-0.3, 0.5, 0.0, 0.0, 0.0, 0.0, 0.5, 0.25]);
    let phi = DMatrix::from_fn(4, 4, |row, column| if row == column { 1.0 } else { 0.5 });
    let with_xi = (DMatrix::identity(2, 2) - b).try_inverse().unwrap() * gamma * &phi;
    let mut correlations = DMatrix::identity(6, 6);
    correlations.view_mut((0, 0), (4, 4)).copy_from(&phi);
    correlations.view_mut((4, 0), (2, 4)).copy_from(&with_xi);
    correlations.view_mut((0, 4), (4, 2)).copy_from(&with_xi.transpose());
    // The disturbances are correlated so that this is the correlation of eta1 and eta2.
    correlations[(4, 5)] = 0.3_f64.sqrt();
    correlations[(5, 4)] = 0.3_f64.sqrt();
    let regression = |size: usize| {
        let explaining = correlations.view((0, 0), (size, size)).into_owned();
        explaining.try_inverse().unwrap() * correlations.view((0, size), (size, 1))
    };

    let names = ["xi1", "xi2", "xi3", "xi4", "eta1", "eta2"];
    let model: Model = "xi1 <~ x1 + x2 + x3; xi2 <~ x4 + x5 + x6; xi3 <~ x7 + x8 + x9; xi4 <~ x10 + x11 + x12
        eta1 <~ y1 + y2 + y3; eta2 <~ y4 + y5 + y6
        eta1 ~ xi1 + xi2 + xi3 + xi4; eta2 ~ xi1 + xi2 + xi3 + xi4 + eta1"
        .parse()
        .unwrap();
    let mut builder = Population::builder(model);
    for (at, name) in names.iter().enumerate() {
        let weights = [[1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [1.0, 4.0, 9.0]][at % 3];
        builder = builder.weights(*name, weights, [0.49; 3]);
        for other in &names[..at.min(4)] {
            if at < 4 {
                builder = builder.correlation(*other, *name, 0.5);
            }
        }
    }
    for to in [4, 5] {
        for (from, coefficient) in names.iter().zip(regression(to).iter()) {
            builder = builder.path(*from, names[to], *coefficient);
        }
    }
    assert_sigma(&builder.build().unwrap(), &golden("summers_composites"));
}

/// The sample covariance matrix (divisor n - 1) and the largest mean.
fn moments(data: &DMatrix<f64>) -> (DMatrix<f64>, f64) {
    let means = data.row_mean();
    let centred = DMatrix::from_fn(data.nrows(), data.ncols(), |row, column| data[(row, column)] - means[column]);
    (centred.transpose() * &centred / (data.nrows() as f64 - 1.0), means.amax())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn exact_data_have_the_covariance_sigma(population in strategies::population(), more in 1_usize..100, seed: u64) {
        let n = population.sigma().nrows() + more;
        let (covariance, mean) = moments(&population.exact(n, seed).unwrap());
        // Sums of up to 124 products of size 1: a few hundred roundings of 1e-16, which mostly cancel.
        prop_assert!((covariance - population.sigma()).amax() < 2e-14);
        prop_assert!(mean < 1e-14);
    }

    #[test]
    fn parameters_are_read_back_from_sigma(population in strategies::population()) {
        // A composite's variance is 1, and its correlations with its indicators are its loadings.
        let mut row = 0;
        for construct in population.model().constructs() {
            let size = construct.indicators().len();
            if let Ok(weights) = population.weights(construct.name()) {
                let weights = nalgebra::DVector::from_column_slice(weights);
                let loadings = population.sigma().view((row, row), (size, size)) * &weights;
                prop_assert!((loadings.dot(&weights) - 1.0).abs() < 1e-14);
                let expected = population.loadings(construct.name()).unwrap();
                prop_assert!(loadings.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-14));
            }
            row += size;
        }
        // The path coefficients solve the normal equations of each construct.
        let model = population.model();
        let correlations = population.construct_correlations();
        for to in 0..model.constructs().len() {
            for from in model.predecessors(to) {
                let implied: f64 = model.predecessors(to).map(|other| {
                    let [other_name, to_name] = [other, to].map(|at| model.constructs()[at].name());
                    population.path(other_name, to_name).unwrap() * correlations[(other, from)]
                }).sum();
                prop_assert!((implied - correlations[(from, to)]).abs() < 1e-14);
            }
        }
    }
}

#[test]
fn random_data_approach_sigma_and_depend_on_the_seed_only() {
    let population = three_factors();
    let n = 100_000;
    let data = population.simulate(n, 7).unwrap();
    let (covariance, mean) = moments(&data);
    // The standard error of a mean is n^-1/2, that of a covariance at most (2/n)^1/2; five of them.
    let error = 5.0 / f64::from(u32::try_from(n).unwrap()).sqrt();
    assert!(mean < error);
    assert!((covariance - population.sigma()).amax() < error * 2.0_f64.sqrt());

    let fewer = population.simulate(10, 7).unwrap();
    assert_eq!(fewer, data.rows(0, 10));
    assert_ne!(fewer, population.simulate(10, 8).unwrap());
}

#[test]
fn impossible_sizes_are_errors() {
    let model: Model = "A =~ a1 + a2; B =~ b; B ~ A".parse().unwrap();
    let builder = Population::builder(model).loadings("A", [0.8, 0.8]).loadings("B", [1.0]).path("A", "B", 0.5);
    let population = builder.build().unwrap();
    let message = |result: satindex::Result<DMatrix<f64>>| result.unwrap_err().to_string();
    assert_eq!(message(population.simulate(0, 1)), "the number of respondents is 0; expected at least 1");
    assert_eq!(message(population.exact(3, 1)), "the number of respondents is 3; expected more than the 3 indicators");
    assert!(population.exact(4, 1).is_ok());
    for n in [usize::MAX, usize::MAX / 4] {
        assert!(message(population.simulate(n, 1)).ends_with("expected as many as fit in memory"));
    }
}

#[track_caller]
fn faults(builder: PopulationBuilder, expected: &[&str]) {
    let error = builder.build().unwrap_err();
    let faults: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
    assert_eq!(faults, expected);
}

#[test]
fn parameters_that_are_missing_or_out_of_range_are_named_at_once() {
    let model: Model = "A =~ a1 + a2; B <~ b1 + b2; C =~ c; D =~ d; E <~ e; C ~ A + B; D ~ A; E ~ A".parse().unwrap();
    faults(
        Population::builder(model)
            .loadings("A", [1.5, f64::NAN])
            .weights("B", [1.0], [0.1, 0.2])
            .loadings("X", [1.0])
            .weights("C", [1.0], [])
            .loadings("E", [1.0])
            .path("A", "C", f64::INFINITY)
            .path("C", "A", 0.5)
            .path("A", "X", 0.5)
            .path("A", "D", 0.5)
            .correlation("A", "B", -1.1)
            .correlation("A", "C", 0.1)
            .correlation("B", "B", 1.0),
        &[
            "unknown construct `X`",
            "the loading of `a1` is 1.5; expected a number from -1 to 1",
            "the loading of `a2` is NaN; expected a finite number",
            "the list of weights of construct `B` has length 1; expected 2",
            "the list of indicator correlations of construct `B` has length 2; expected 1",
            "construct `C` is reflective and takes loadings, not weights",
            "construct `D` has no loadings",
            "construct `E` is a composite and takes weights, not loadings",
            "the coefficient of path `A -> C` is inf; expected a finite number",
            "unknown path `C -> A`",
            "unknown construct `X`",
            "path `B -> C` has no coefficient",
            "path `A -> E` has no coefficient",
            "the correlation of `A` and `B` is -1.1; expected a number from -1 to 1",
            "construct `C` has its correlations from the paths to it; none can be given",
            "construct `B` is given a correlation with itself",
        ],
    );
}

#[test]
fn inadmissible_parameters_name_their_construct_or_indicator() {
    let admissible = || {
        let model: Model = "A =~ a1 + a2; B <~ b1 + b2; C =~ c1 + c2; D =~ d; C ~ A + B; D ~ C".parse().unwrap();
        Population::builder(model)
            .loadings("A", [0.8, 0.8])
            .weights("B", [1.0, 1.0], [0.5])
            .loadings("C", [0.8, 0.8])
            .loadings("D", [1.0])
            .path("A", "C", 0.5)
            .path("B", "C", 0.5)
            .path("C", "D", 0.5)
    };
    assert!(admissible().build().is_ok());
    faults(
        admissible().path("A", "C", 0.9),
        // 0.9² + 0.5²
        &["the explained variance of construct `C` is 1.06; expected a number below 1"],
    );
    faults(
        admissible().path("A", "C", 1e200),
        &["the explained variance of construct `C` is inf; expected a finite number"],
    );
    faults(
        admissible().correlation("A", "B", 1.0),
        &["construct `B` has correlations with the exogenous constructs before it that are not positive definite"],
    );
    faults(
        admissible().weights("B", [1.0, 1.0], [-1.0]),
        &["indicator `b2` has correlations with the indicators before it that are not positive definite"],
    );
    faults(
        admissible().weights("B", [0.0, 0.0], [0.5]),
        &["the largest weight of construct `B` is 0; expected a positive number"],
    );
    faults(admissible().loadings("C", [1.0, -1.0]), &["indicator `c2` depends on the indicators before it"]);
    // Weights count to within a common factor only, however large or small.
    for size in [1e-300, 1e300] {
        let population = admissible().weights("B", [size, size], [0.5]).build().unwrap();
        let expected = admissible().build().unwrap();
        approx::assert_relative_eq!(
            population.weights("B").unwrap(),
            expected.weights("B").unwrap(),
            epsilon = 0.0,
            max_relative = 1e-15
        );
    }
}
