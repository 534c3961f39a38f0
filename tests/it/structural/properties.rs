//! What holds of every fit.

use nalgebra::DMatrix;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use satindex::structural::{Effect, Fit, IndexWeights, Metric, Mode, Model, Pls, Scheme};
use satindex::survey::{Missing, Moments, Responses, Scale};

use super::strategies;

/// A survey of a random population, with an estimator for it: any scheme and metric, any mode for each construct.
#[derive(Debug, Clone)]
struct Study {
    model: Model,
    data: DMatrix<f64>,
    pls: Pls,
}

impl Study {
    fn responses(&self) -> Responses {
        Responses::from_matrix(self.model.indicators(), self.data.clone()).unwrap()
    }

    fn converges(&self, responses: &Responses) -> bool {
        !self.pls.fit(&self.model, responses).is_err_and(|error| error.is_not_converged())
    }

    fn fit(&self) -> Fit {
        self.pls.fit(&self.model, &self.responses()).unwrap()
    }
}

fn estimator(model: &Model) -> impl Strategy<Value = Pls> + use<> {
    let names: Vec<String> = model.constructs().iter().map(|construct| construct.name().to_owned()).collect();
    let modes = vec(select(vec![Mode::A, Mode::B, Mode::Unit]), names.len());
    let scheme = select(vec![Scheme::Centroid, Scheme::Factorial, Scheme::Path]);
    let metric = select(vec![Metric::Standardised, Metric::Raw]);
    (modes, scheme, metric).prop_map(move |(modes, scheme, metric)| {
        let pls = Pls::new().scheme(scheme).metric(metric).tolerance(1e-13).max_iterations(5000);
        names.iter().zip(modes).fold(pls, |pls, (name, mode)| pls.mode(name, mode))
    })
}

/// With mixed modes Wold's algorithm need not converge: some data make it swing between two solutions (one study in some
/// thousands). What is said of a fit here is said of the others.
fn study() -> impl Strategy<Value = Study> {
    let studies = (strategies::population(), 60_usize..120, any::<u64>()).prop_flat_map(|(population, n, seed)| {
        let model = population.model().clone();
        let data = population.simulate(n, seed).unwrap();
        (Just(model.clone()), Just(data), estimator(&model)).prop_map(|(model, data, pls)| Study { model, data, pls })
    });
    studies.prop_filter("swings", |study| study.converges(&study.responses()))
}

/// Every number of a fit that does not depend on an order, under its name.
fn figures(fit: &Fit) -> Vec<(String, f64)> {
    let model = fit.model();
    let mut figures = Vec::new();
    for name in model.indicators() {
        figures.push((format!("weight {name}"), fit.weight(name).unwrap()));
        for construct in model.constructs() {
            let construct = construct.name();
            figures.push((format!("loading {name} {construct}"), fit.cross_loading(name, construct).unwrap()));
        }
    }
    for construct in model.constructs() {
        let name = construct.name();
        figures.extend(fit.r_squared(name).unwrap().map(|value| (format!("R² {name}"), value)));
        figures.extend(fit.adjusted_r_squared(name).unwrap().map(|value| (format!("adjusted R² {name}"), value)));
        for other in model.constructs() {
            let correlation = fit.construct_correlation(name, other.name()).unwrap();
            figures.push((format!("correlation {name} {}", other.name()), correlation));
        }
    }
    let mut effects = |kind: &str, effects: Vec<Effect>| {
        for effect in effects {
            let route = [&[effect.from().to_owned()], effect.through(), &[effect.to().to_owned()]].concat();
            figures.push((format!("{kind} {}", route.join(" ")), effect.estimate()));
        }
    };
    effects("path", fit.direct_effects());
    effects("indirect", fit.indirect_effects());
    effects("total", fit.total_effects());
    effects("specific", fit.specific_indirect_effects().unwrap());
    figures.sort_by(|a, b| a.0.cmp(&b.0));
    figures
}

#[track_caller]
fn same(found: &Fit, expected: &Fit, tolerance: f64) {
    let (found, expected) = (figures(found), figures(expected));
    assert_eq!(found.len(), expected.len());
    for ((name, found), (expected_name, expected)) in found.into_iter().zip(expected) {
        assert_eq!(name, expected_name);
        assert!((found - expected).abs() <= tolerance, "{name} is {found:e}; expected {expected:e}");
    }
}

/// The fixed point is reached to 1e-13 times what a slow convergence multiplies it by.
const REACHED: f64 = 1e-11;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn order_does_not_matter(
        (study, constructs, seeds) in study().prop_flat_map(|study| {
            let constructs = Just((0..study.model.constructs().len()).collect::<Vec<_>>()).prop_shuffle();
            let size = study.model.constructs().len();
            (Just(study), constructs, vec(0_usize..4, size))
        })
    ) {
        let mut builder = Model::builder();
        for at in constructs {
            let construct = &study.model.constructs()[at];
            let mut indicators = construct.indicators().to_vec();
            let turn = seeds[at] % indicators.len();
            indicators.rotate_left(turn);
            builder = builder.construct(construct.kind(), construct.name(), indicators);
        }
        let mut paths: Vec<_> = study.model.named_paths().collect();
        paths.reverse();
        let model = paths.into_iter().fold(builder, |builder, (from, to)| builder.path(from, to)).build().unwrap();
        same(&study.pls.fit(&model, &study.responses()).unwrap(), &study.fit(), REACHED);
    }

    #[test]
    fn units_do_not_matter_in_the_standardised_metric(
        study in study(), factor in select(vec![1e-3, 0.25, 4.0, 1e6]), shift in -1e3..1e3, which: prop::sample::Index,
    ) {
        let mut study = Study { pls: study.pls.metric(Metric::Standardised), ..study };
        let expected = study.fit();
        let at = which.index(study.data.ncols());
        // A power of two changes no digit.
        study.data.column_mut(at).scale_mut(0.125);
        prop_assert_eq!(figures(&study.fit()), figures(&expected));
        study.data.column_mut(at).apply(|value| *value = shift + factor * *value);
        let found = study.fit();
        // The shift leaves the answers' last digits off: up to 1e3 / 1e-3 times the last digit of 1.
        same(&found, &expected, if factor < 1.0 { 1e-8 } else { REACHED });
        let name = study.model.indicators().nth(at).unwrap();
        let unstandardised = |fit: &Fit| fit.unstandardised_weight(name).unwrap();
        let difference = unstandardised(&found) * 0.125 * factor - unstandardised(&expected);
        prop_assert!(difference.abs() < 1e-8);
    }

    /// An indicator turned round, and its start weight with it, has its weight and its loadings turned round. No other
    /// figure changes by a digit.
    #[test]
    fn a_turned_indicator_turns_its_weight(study in study(), which: prop::sample::Index) {
        let expected = study.fit();
        let at = which.index(study.data.ncols());
        let name = study.model.indicators().nth(at).unwrap().to_owned();
        let owner = study.model.constructs().iter().find(|construct| construct.indicators().contains(&name)).unwrap();
        let start: Vec<f64> = owner.indicators().iter().map(|known| if *known == name { -1.0 } else { 1.0 }).collect();
        let mut turned = Study { pls: study.pls.clone().start_weights(owner.name(), start), ..study.clone() };
        turned.data.column_mut(at).neg_mut();
        let turn = |(figure, value): (String, f64)| {
            let turned = figure == format!("weight {name}") || figure.starts_with(&format!("loading {name} "));
            (figure, if turned { -value } else { value })
        };
        let found: Vec<_> = figures(&turned.fit()).into_iter().map(turn).collect();
        prop_assert_eq!(found, figures(&expected));
    }

    #[test]
    fn a_total_effect_is_the_sum_of_its_routes(study in study()) {
        let fit = study.fit();
        let specific = fit.specific_indirect_effects().unwrap();
        for from in fit.model().constructs() {
            for to in fit.model().constructs() {
                let (from, to) = (from.name(), to.name());
                let routes = specific.iter().filter(|effect| (effect.from(), effect.to()) == (from, to));
                let indirect: f64 = routes.map(Effect::estimate).sum();
                let direct = fit.path(from, to).unwrap_or(0.0);
                prop_assert!((fit.indirect_effect(from, to).unwrap() - indirect).abs() < 1e-13);
                prop_assert!((fit.total_effect(from, to).unwrap() - direct - indirect).abs() < 1e-13);
            }
        }
    }

    /// What the covariances give is what the respondents' scores give.
    #[test]
    fn scores_have_the_correlations_of_the_fit(study in study()) {
        let (fit, responses) = (study.fit(), study.responses());
        let scores = fit.scores(&responses).unwrap();
        let (n, constructs) = (scores.rows(), scores.constructs().len());
        let all = DMatrix::from_fn(n, constructs, |row, column| scores.get(row, column).unwrap());
        let degrees = n as f64 - 1.0;
        prop_assert!(all.row_mean().amax() < 1e-13);
        let products = all.transpose() * &all / degrees;
        for (row, first) in scores.constructs().iter().enumerate() {
            for (column, second) in scores.constructs().iter().enumerate() {
                let expected = fit.construct_correlation(first, second).unwrap();
                prop_assert!((products[(row, column)] - expected).abs() < 1e-12);
            }
        }
        for (at, name) in study.model.indicators().enumerate() {
            let answers = study.data.column(at);
            let mean = answers.mean();
            let deviation = (answers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / degrees).sqrt();
            for (column, construct) in scores.constructs().iter().enumerate() {
                let covariance = all.column(column).dot(&answers) / degrees;
                let expected = fit.cross_loading(name, construct).unwrap();
                prop_assert!((covariance / deviation - expected).abs() < 1e-12);
            }
        }
        // The regressions: R² is what the fitted values vary by, and residuals are uncorrelated with the predecessors.
        for (to, construct) in study.model.constructs().iter().enumerate() {
            let mut residual = all.column(to).into_owned();
            for from in study.model.predecessors(to) {
                let name = study.model.constructs()[from].name();
                residual -= all.column(from) * fit.path(name, construct.name()).unwrap();
            }
            for from in study.model.predecessors(to) {
                prop_assert!((residual.dot(&all.column(from)) / degrees).abs() < 1e-12);
            }
            let explained = fit.r_squared(construct.name()).unwrap();
            prop_assert_eq!(explained.is_some(), study.model.predecessors(to).count() > 0);
            let left = residual.norm_squared() / degrees;
            prop_assert!((1.0 - left - explained.unwrap_or(0.0)).abs() < 1e-12);
        }
    }

    /// The respondents' indices have the index as their mean, and lie on 0 to 100 with it.
    #[test]
    fn the_index_is_the_mean_of_the_respondents(study in study()) {
        let answers = study.data.map(|value| (5.5 + 1.5 * value).clamp(1.0, 10.0));
        let responses = Responses::from_matrix(study.model.indicators(), answers).unwrap();
        let responses = responses.with_scale(Scale::ONE_TO_TEN).unwrap();
        prop_assume!(study.converges(&responses));
        let fit = study.pls.fit(&study.model, &responses).unwrap();
        for construct in study.model.constructs() {
            for weights in [IndexWeights::Unstandardised, IndexWeights::Standardised, IndexWeights::Equal] {
                let Ok(index) = fit.assess().index(construct.name(), weights) else {
                    let negative = construct.indicators().iter().any(|name| fit.weight(name).unwrap() < 0.0);
                    prop_assert!(negative);
                    continue;
                };
                let scores = fit.index_scores(construct.name(), weights, &responses).unwrap();
                let scores: Vec<f64> = scores.into_iter().map(Option::unwrap).collect();
                prop_assert!(scores.iter().all(|score| (-1e-11..=100.0 + 1e-11).contains(score)));
                let mean = scores.iter().sum::<f64>() / scores.len() as f64;
                prop_assert!((mean - index.value()).abs() < 1e-11);
            }
        }
    }
}

// ---- theorems ----

/// Two blocks of a correlation matrix.
fn two_blocks() -> impl Strategy<Value = (Model, DMatrix<f64>)> {
    (1_usize..5, 1_usize..5, any::<u64>(), strategies::population()).prop_map(|(first, second, seed, population)| {
        // Any population's data, whatever they were meant for, recombined: all blocks are well correlated.
        let n = 80;
        let data = population.simulate(n, seed).unwrap();
        let size = first + second;
        let mixed = DMatrix::from_fn(n, size, |row, column| {
            let common = data[(row, 0)] + 0.5 * data[(row, 1)];
            common + ((row * size + column) as f64 * 12.9898).sin() * 43.758 % 1.0 * 3.0
        });
        let names = |prefix: &str, count| (0..count).map(|at| format!("{prefix}{at}")).collect::<Vec<_>>();
        let model =
            Model::builder().composite("X", names("x", first)).composite("Y", names("y", second)).path("X", "Y");
        let model = model.build().unwrap();
        let responses = Responses::from_matrix(model.indicators(), mixed).unwrap();
        (model, responses.moments(Missing::Reject).unwrap().correlation().unwrap())
    })
}

fn fit_blocks(model: &Model, correlation: &DMatrix<f64>, mode: Mode, scheme: Scheme) -> Fit {
    let moments = Moments::from_covariance(model.indicators(), correlation, 80.0).unwrap();
    let pls = Pls::new().scheme(scheme).tolerance(1e-13).max_iterations(100_000);
    pls.mode("X", mode).mode("Y", mode).fit(model, &moments).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// With two blocks, mode B finds the canonical correlation and mode A the first pair of singular vectors of the
    /// correlations between the blocks, whatever the scheme (Wold 1982; Tenenhaus et al. 2005, sec. 3.4).
    #[test]
    #[allow(clippy::disallowed_methods, reason = "small matrices of data without NaN")]
    fn two_blocks_are_canonical_correlation_and_interbattery_analysis(
        (model, correlation) in two_blocks(), scheme in select(vec![Scheme::Centroid, Scheme::Factorial, Scheme::Path]),
    ) {
        let first = model.constructs()[0].indicators().len();
        let second = correlation.nrows() - first;
        let block = |row, column, rows, columns| correlation.view((row, column), (rows, columns)).into_owned();
        let (xx, yy) = (block(0, 0, first, first), block(first, first, second, second));
        let xy = block(0, first, first, second);

        let whitened = xx.clone().cholesky().unwrap().l().solve_lower_triangular(&xy).unwrap();
        let whitened = yy.clone().cholesky().unwrap().l().solve_lower_triangular(&whitened.transpose()).unwrap();
        let canonical = whitened.singular_values();
        // Two that are nearly equal take very many iterations to tell apart.
        prop_assume!(canonical.len() == 1 || canonical[1] < 0.95 * canonical[0]);
        let path = fit_blocks(&model, &correlation, Mode::B, scheme).path("X", "Y").unwrap();
        prop_assert!((path.abs() - canonical[0]).abs() < 1e-10, "{} {}", path, canonical[0]);

        let decomposition = xy.clone().svd(true, true);
        let values = &decomposition.singular_values;
        prop_assume!(values.len() == 1 || values[1] < 0.95 * values[0]);
        let (u, v) = (decomposition.u.unwrap().column(0).into_owned(), decomposition.v_t.unwrap().row(0).transpose());
        let (width, height) = ((u.dot(&(&xx * &u))).sqrt(), (v.dot(&(&yy * &v))).sqrt());
        let fit = fit_blocks(&model, &correlation, Mode::A, scheme);
        prop_assert!((fit.path("X", "Y").unwrap().abs() - values[0] / width / height).abs() < 1e-10);
        for (name, expected) in model.constructs()[0].indicators().iter().zip(u.iter()) {
            prop_assert!((fit.weight(name).unwrap().abs() - expected.abs() / width).abs() < 1e-9);
        }
    }
}

// ---- any input ----

/// Answers of every kind: few levels, so that indicators tie or are constant; wide ranges; missing ones.
fn answers(columns: usize) -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let level = (1_i32..4).prop_map(f64::from);
    let wide = prop_oneof![
        -10.0..10.0,
        Just(0.0),
        Just(1e150),
        Just(-1e-150),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        any::<f64>().prop_filter("an answer is finite", |value| value.is_finite()),
    ];
    let answer = prop_oneof![4 => level.prop_map(Some), 2 => (-10.0..10.0).prop_map(Some)];
    let tame = vec(vec(answer, columns), 1..40);
    let wild = vec(vec(prop_oneof![8 => wide.prop_map(Some), 1 => Just(None)], columns), 1..40);
    prop_oneof![3 => tame, 1 => wild]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_answers_give_a_finite_fit_or_an_error(
        (model, rows, pls) in strategies::model().prop_flat_map(|model| {
            let (answers, pls) = (answers(model.indicators().count()), estimator(&model));
            (Just(model), answers, pls)
        }),
        few: bool,
        missing in select(vec![Missing::Reject, Missing::Listwise, Missing::Mean]),
    ) {
        let pls = pls.missing(missing).tolerance(1e-7).max_iterations(300);
        let pls = if few { pls.allow_few_respondents() } else { pls };
        let responses = Responses::from_rows(model.indicators(), rows).unwrap();
        match pls.fit(&model, &responses) {
            Ok(fit) => {
                for (name, value) in figures(&fit) {
                    prop_assert!(value.is_finite(), "{} is {}", name, value);
                }
                prop_assert!(fit.last_change() <= 1e-7);
                prop_assert!(!fit.to_string().contains("NaN"));
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    /// A matrix need not be one of data.
    #[test]
    fn any_matrix_gives_a_finite_solution_or_an_error(
        (model, entries, pls) in strategies::model().prop_flat_map(|model| {
            let size = model.indicators().count();
            let entry = prop_oneof![6 => -1.0..1.0, 1 => any::<f64>(), 1 => Just(f64::NAN), 1 => Just(1e300)];
            let entries = prop_oneof![3 => vec(-1.0..1.0, size * size), 1 => vec(entry, size * size)];
            let pls = estimator(&model);
            (Just(model), entries, pls)
        }),
        diagonal in select(vec![1.0, 2.0, 1e300, 1e-300]),
    ) {
        let size = model.indicators().count();
        let mut matrix = DMatrix::from_vec(size, size, entries);
        matrix.fill_diagonal(diagonal);
        let mut solver = pls.max_iterations(300).solver(&model).unwrap();
        if let Ok(solution) = solver.solve(&matrix) {
            let numbers = solution.weights().chain(solution.loadings()).chain(solution.paths());
            for number in numbers.chain(solution.r_squared().flatten()) {
                prop_assert!(number.is_finite());
            }
        }
    }
}
