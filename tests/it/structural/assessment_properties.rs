//! What holds of the assessment of any fit.

use approx::assert_relative_eq;
use nalgebra::DMatrix;
use proptest::collection::vec;
use proptest::prelude::*;
use satindex::structural::{
    Effect, Figures, Fit, FornellLarcker, Gfi, HigherOrder, Htmt, Interaction, Logarithm, MediationKind, Model, Pls,
    ResidualVariance, RhoA, ScoreVariance, ScoreWeights, ScoresWithout, template,
};
use satindex::survey::{Moments, Responses};

use super::{mobile, strategies};

/// Every figure in the tables of an assessment, in one order; what has no value is passed over.
fn everything(fit: &Fit) -> Vec<f64> {
    let mut all = Vec::new();
    let mut add = |figures: &Figures| {
        for row in figures.rows() {
            all.extend(figures.columns().iter().filter_map(|column| figures.get(row, column).unwrap()));
        }
    };
    for convention in [RhoA::CommonFactors, RhoA::NotModeB] {
        add(fit.assess().reliability(convention).figures());
    }
    for htmt in [Htmt::Signed, Htmt::Absolute, Htmt::Geometric] {
        add(&fit.assess().htmt(htmt));
    }
    for form in [FornellLarcker::Squared, FornellLarcker::Root] {
        add(&fit.assess().fornell_larcker(form));
    }
    add(&fit.assess().unidimensionality().unwrap());
    add(&fit.assess().communality());
    add(&fit.assess().cross_loadings());
    add(&fit.assess().outer_vif());
    add(&fit.assess().inner_vif());
    add(&fit.assess().full_collinearity_vif());
    add(&fit.assess().f_squared(ScoresWithout::Held).unwrap());
    add(&fit.assess().redundancy());
    add(&fit.assess().information_criteria());
    for construct in fit.model().constructs() {
        for weights in [ScoreWeights::Unit, ScoreWeights::Estimated] {
            all.extend(fit.assess().tau_equivalent_reliability(construct.name(), weights).unwrap());
            for variance in [ScoreVariance::Observed, ScoreVariance::Implied] {
                all.extend(fit.assess().congeneric_reliability(construct.name(), weights, variance).unwrap());
            }
        }
    }
    all.extend(fit.assess().goodness_of_fit());
    for residual in [ResidualVariance::Observed, ResidualVariance::Implied] {
        let both = fit.assess().model_fit(residual);
        all.extend(both.rms_theta());
        for fit in [both.saturated(), both.estimated()] {
            all.extend([fit.srmr(), fit.d_uls(), fit.degrees_of_freedom() as f64]);
            let indices = [fit.d_ml(), fit.chi_squared(), fit.chi_squared_ratio(), fit.nfi(), fit.nnfi(), fit.cfi()];
            all.extend(indices.into_iter().flatten());
            all.extend([fit.ifi(), fit.rmsea(), fit.critical_n(), fit.d_g(Logarithm::Natural)].into_iter().flatten());
            let forms = [Gfi::MaximumLikelihood, Gfi::MaximumLikelihoodTrace, Gfi::GeneralisedLeastSquares];
            all.extend(forms.into_iter().chain([Gfi::UnweightedLeastSquares]).filter_map(|form| fit.gfi(form)));
        }
    }
    for mediation in fit.assess().mediation().unwrap() {
        all.extend([mediation.indirect(), mediation.total()]);
        all.extend(mediation.variance_accounted_for());
    }
    all
}

fn consistent_or_not(consistent: bool) -> Pls {
    let pls = Pls::new().allow_few_respondents();
    if consistent { pls.consistent() } else { pls }
}

/// Answers from small integers to the ends of what an `f64` holds.
fn answer() -> impl Strategy<Value = f64> {
    prop_oneof![
        80 => (1_i32..=10).prop_map(f64::from),
        20 => -1.0..1.0,
        1 => prop::sample::select(vec![0.0, 1e300, -1e300, 1e-300, 1e150, 1e-150, 1e16, f64::MAX, f64::MIN_POSITIVE]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_data_give_an_error_or_finite_figures(
        model in strategies::model(),
        rows in 0_usize..40,
        answers in vec(answer(), 24 * 40),
        consistent: bool,
    ) {
        let columns = model.indicators().count();
        let answers = DMatrix::from_fn(rows, columns, |row, column| answers[row * 24 + column]);
        let Ok(responses) = Responses::from_matrix(model.indicators(), answers) else { return Ok(()) };
        let Ok(fit) = consistent_or_not(consistent).fit(&model, &responses) else { return Ok(()) };
        prop_assert!(everything(&fit).iter().all(|figure| figure.is_finite()));
        prop_assert!(!fit.report().to_string().contains("NaN"));
        if let Ok(figures) = fit.assess().f_squared(ScoresWithout::Reestimated) {
            let held = fit.assess().f_squared(ScoresWithout::Held).unwrap();
            prop_assert_eq!(figures.rows(), held.rows());
        }
        let _ = fit.assess().blindfolding(&responses, 3);
    }

    /// Products and constructs of higher order by every approach, corrected or not.
    #[test]
    fn any_data_in_stages_give_an_error_or_finite_figures(
        rows in 0_usize..30,
        answers in vec(answer(), 8 * 30),
        reflective: bool,
        products in 0_usize..4,
        interaction in prop::sample::select(vec![
            Interaction::ProductIndicators,
            Interaction::Orthogonal,
            Interaction::TwoStage,
            Interaction::Sequential,
            Interaction::SequentialMoments,
        ]),
        higher in prop::sample::select(vec![
            HigherOrder::RepeatedIndicators,
            HigherOrder::EmbeddedTwoStage,
            HigherOrder::SaturatedTwoStage,
            HigherOrder::DisjointTwoStage,
        ]),
        consistent: bool,
    ) {
        let (operator, terms) = (
            if reflective { "=~" } else { "<~" },
            ["", " + C:W", " + C:C + C:W", " + C:C + W:W + C:W"][products],
        );
        let text = format!(
            "A =~ a1 + a2; B =~ b1 + b2; C =~ c1 + c2; D =~ d1 + d2; W {operator} A + B; C ~ W; D ~ C + W{terms}"
        );
        let model: Model = text.parse().unwrap();
        let answers = DMatrix::from_fn(rows, 8, |row, column| answers[row * 8 + column]);
        let Ok(responses) = Responses::from_matrix(model.indicators(), answers) else { return Ok(()) };
        let pls = consistent_or_not(consistent).interaction(interaction).higher_order(higher);
        let Ok(fit) = pls.fit(&model, &responses) else { return Ok(()) };
        prop_assert!(everything(&fit).iter().all(|figure| figure.is_finite()));
        prop_assert!(!fit.report().to_string().contains("NaN"));
        if let Some(first) = pls.first_stage(&model, &responses).unwrap() {
            prop_assert!(everything(&first).iter().all(|figure| figure.is_finite()));
            if let Ok(both) = fit.assess().model_fit_of_stages(&first, ResidualVariance::Observed) {
                prop_assert!(both.srmr().is_finite());
            }
        }
    }

    /// What holds of the figures of any sample, whatever the model.
    #[test]
    fn figures_keep_to_their_bounds(
        population in strategies::population(),
        n in 30_usize..90,
        seed: u64,
        consistent: bool,
    ) {
        let names = population.model().indicators();
        let data = Responses::from_matrix(names, population.simulate(n, seed).unwrap()).unwrap();
        let Ok(fit) = consistent_or_not(consistent).fit(population.model(), &data) else { return Ok(()) };
        let (reliability, admissible) = (fit.assess().reliability(RhoA::CommonFactors), fit.verify().is_admissible());
        let dimensions = fit.assess().unidimensionality().unwrap();
        for construct in fit.model().constructs() {
            let name = construct.name();
            let size = construct.indicators().len() as f64;
            let loadings: Vec<f64> = construct.indicators().iter().map(|item| fit.loading(item).unwrap()).collect();
            let ave = reliability.average_variance_extracted(name).unwrap().unwrap();
            prop_assert!(ave >= 0.0 && (!admissible || ave <= 1.0 + 1e-9));
            if size == 1.0 {
                continue;
            }
            // θ = k/(k − 1)(1 − 1/λ₁) is the largest α that any weights give (Lord 1958; Armor 1974).
            let first = dimensions.get(name, "first eigenvalue").unwrap().unwrap();
            let theta = size / (size - 1.0) * (1.0 - 1.0 / first);
            // From negative correlations α is of any size below 0.
            if let Some(alpha) = reliability.alpha(name).unwrap().filter(|alpha| *alpha > -1.0) {
                prop_assert!(alpha <= theta + 1e-12, "{} {}", alpha, theta);
            }
            // The α that the loadings imply is a lower bound of ρ_C (Novick & Lewis 1967).
            let (sum, squares) = (loadings.iter().sum::<f64>().powi(2), loadings.iter().map(|l| l * l).sum::<f64>());
            let variance = sum + size - squares;
            if admissible && variance > 1e-3 {
                let implied = size / (size - 1.0) * (sum - squares) / variance;
                prop_assert!(implied <= reliability.rho_c(name).unwrap().unwrap() + 1e-12);
            }
        }
        for (figures, least) in [
            (fit.assess().outer_vif(), 1.0),
            (fit.assess().inner_vif(), 1.0),
            (fit.assess().full_collinearity_vif(), 1.0),
            (fit.assess().htmt(Htmt::Signed), 0.0),
            (fit.assess().htmt(Htmt::Geometric), 0.0),
            (fit.assess().htmt(Htmt::Absolute), 0.0),
        ] {
            for row in figures.rows() {
                let mut cells = figures.columns().iter().filter_map(|column| figures.get(row, column).unwrap());
                prop_assert!(cells.all(|figure| figure >= least));
            }
        }
        if admissible {
            let figures = fit.assess().f_squared(ScoresWithout::Held).unwrap();
            for row in figures.rows() {
                let mut cells = figures.columns().iter().filter_map(|column| figures.get(row, column).unwrap());
                // A predecessor that adds nothing adds rounding.
                prop_assert!(cells.all(|figure| figure >= -1e-12));
            }
        }
    }

    #[test]
    fn the_order_of_a_pair_does_not_matter(population in strategies::population(), seed: u64) {
        let data = Responses::from_matrix(population.model().indicators(), population.simulate(60, seed).unwrap()).unwrap();
        let Ok(fit) = Pls::new().fit(population.model(), &data) else { return Ok(()) };
        for figures in [fit.assess().htmt(Htmt::Signed), fit.assess().htmt(Htmt::Absolute), fit.assess().htmt(Htmt::Geometric), fit.assess().fornell_larcker(FornellLarcker::Squared)] {
            for row in figures.rows() {
                for column in figures.columns() {
                    let (one, other) = (figures.get(row, column).unwrap(), figures.get(column, row).unwrap());
                    match (one, other) {
                        (Some(one), Some(other)) => assert_relative_eq!(one, other, max_relative = 1e-12),
                        (one, other) => prop_assert_eq!(one, other),
                    }
                }
            }
        }
    }

    /// A respondent of case weight k is k respondents.
    #[test]
    fn a_case_weight_is_so_many_respondents(
        population in strategies::population(),
        weights in vec(1_usize..4, 50),
        seed: u64,
        consistent: bool,
    ) {
        let names: Vec<String> = population.model().indicators().map(str::to_owned).collect();
        let data = population.simulate(50, seed).unwrap();
        let weighted = Responses::from_matrix(&names, data.clone()).unwrap();
        let weighted = weighted.with_weights(weights.iter().map(|weight| *weight as f64)).unwrap();
        let rows: Vec<usize> = (0..50).flat_map(|row| vec![row; weights[row]]).collect();
        let repeated = Responses::from_matrix(&names, data.select_rows(&rows)).unwrap();
        let pls = consistent_or_not(consistent).tolerance(1e-13).max_iterations(3000);
        let (Ok(one), Ok(other)) =
            (pls.fit(population.model(), &weighted), pls.fit(population.model(), &repeated)) else { return Ok(()) };
        let (one, other) = (everything(&one), everything(&other));
        prop_assert_eq!(one.len(), other.len());
        for (one, other) in one.iter().zip(&other) {
            // Sums of 50 terms and of 100 in another order; corrected correlations multiply that.
            assert_relative_eq!(*one, *other, epsilon = 1e-7, max_relative = 1e-6);
        }
    }

    /// Units are no part of the standardised figures; only the raw α knows them.
    #[test]
    fn units_do_not_matter(population in strategies::population(), factors in vec(0.1..10.0, 24), consistent: bool) {
        let size = population.sigma().nrows();
        let moments = Moments::from_covariance(population.model().indicators(), population.sigma(), 200.0).unwrap();
        let scaled = moments.clone().with_standard_deviations(factors[..size].iter().copied()).unwrap();
        let pls = consistent_or_not(consistent);
        let (one, other) = (pls.fit(population.model(), &moments).unwrap(), pls.fit(population.model(), &scaled).unwrap());
        for (one, other) in [
            (one.assess().htmt(Htmt::Signed), other.assess().htmt(Htmt::Signed)),
            (one.assess().fornell_larcker(FornellLarcker::Squared), other.assess().fornell_larcker(FornellLarcker::Squared)),
            (one.assess().information_criteria(), other.assess().information_criteria()),
        ] {
            for (row, column) in one.rows().iter().flat_map(|row| one.columns().iter().map(move |column| (row, column))) {
                match (one.get(row, column).unwrap(), other.get(row, column).unwrap()) {
                    (Some(one), Some(other)) => assert_relative_eq!(one, other, epsilon = 1e-8, max_relative = 1e-8),
                    (one, other) => prop_assert_eq!(one, other),
                }
            }
        }
        assert_relative_eq!(
            one.assess().model_fit(ResidualVariance::Observed).estimated().d_uls(), other.assess().model_fit(ResidualVariance::Observed).estimated().d_uls(), epsilon = 1e-12, max_relative = 1e-8
        );
    }

    /// The parts of an effect make up the whole.
    #[test]
    fn routes_add_up(population in strategies::population()) {
        let moments = Moments::from_covariance(population.model().indicators(), population.sigma(), 200.0).unwrap();
        let fit = Pls::new().fit(population.model(), &moments).unwrap();
        for mediation in fit.assess().mediation().unwrap() {
            let routes: f64 = mediation.specific().iter().map(Effect::estimate).sum();
            assert_relative_eq!(routes, mediation.indirect(), epsilon = 1e-14, max_relative = 1e-12);
            let total = fit.total_effect(mediation.from(), mediation.to()).unwrap();
            assert_relative_eq!(mediation.total(), total, epsilon = 1e-14, max_relative = 1e-12);
            prop_assert!(!mediation.specific().is_empty());
        }
    }
}

#[test]
fn the_type_of_a_mediation_follows_from_signs_and_significance() {
    let fit = Pls::new().fit(&template::ecsi_mobile().model(), &mobile::moments().unwrap()).unwrap();
    let all = fit.assess().mediation().unwrap();
    let of = |from: &str, to: &str| all.iter().find(|known| known.from() == from && known.to() == to).unwrap();
    let both = of("Image", "Loyalty");
    assert_eq!(both.kind(true, true), MediationKind::Complementary);
    assert_eq!(both.kind(false, true), MediationKind::IndirectOnly);
    assert_eq!(both.kind(true, false), MediationKind::DirectOnly);
    assert_eq!(both.kind(false, false), MediationKind::NoEffect);
    // No path: nothing direct, whatever is said of its significance.
    let indirect = of("Image", "Complaints");
    assert_eq!((indirect.direct(), indirect.kind(true, true)), (None, MediationKind::IndirectOnly));
    assert_eq!(indirect.variance_accounted_for(), Some(1.0));
    // Corrected for attenuation, expectation acts on value directly against what quality carries.
    let fit = Pls::new().consistent().fit(&template::ecsi_mobile().model(), &mobile::moments().unwrap()).unwrap();
    let competitive = fit.assess().mediation().unwrap();
    let competitive = competitive.iter().find(|known| known.from() == "Expectation" && known.to() == "Value").unwrap();
    assert!(competitive.direct().unwrap() < 0.0 && competitive.indirect() > 0.0);
    assert_eq!(competitive.kind(true, true), MediationKind::Competitive);
}

#[test]
fn a_report_has_the_order_of_a_paper() {
    let fit = Pls::new().fit(&template::ecsi_mobile().model(), &mobile::moments().unwrap()).unwrap();
    let report = fit.report();
    let titles: Vec<&str> = report.tables().iter().map(satindex::Table::title).collect();
    assert_eq!(
        titles,
        [
            "Measurement model",
            "Reliability and convergent validity",
            "Unidimensionality",
            "Heterotrait-monotrait ratio (HTMT)",
            "Heterotrait-monotrait ratio (HTMT2)",
            "Fornell-Larcker criterion (AVE; squared correlations)",
            "Cross-loadings",
            "Collinearity of the indicators",
            "Construct correlations",
            "Structural model",
            "Collinearity of the predecessors (VIF)",
            "Full collinearity",
            "Explained variance",
            "Effect size f²",
            "Communality and redundancy",
            "Information criteria",
            "Effects",
            "Mediation",
            "Model fit",
            "Verification",
            "Index (0-100, unstandardised weights)",
        ]
    );
    let text = report.to_string();
    assert!(
        text.starts_with("PLS path model: 7 constructs, 24 indicators, n = 250, Path scheme, Standardised metric, ")
    );
    assert!(text.contains("\nSRMR                   0.0751     0.1328\n"));
    assert!(text.contains(
        "\nrule of thumb: below 0.85, or 0.9 for constructs that are close in theory (Henseler et al. 2015)\n"
    ));
    assert!(report.markdown().contains("\n**Model fit**\n\n| measure | saturated | estimated |\n|:---|---:|---:|\n"));
    let consistent = Pls::new().consistent().fit(fit.model(), fit.moments()).unwrap().report().to_string();
    assert!(consistent.starts_with("Consistent PLS path model: "));
}

/// A model in which nothing is left to be judged.
#[test]
fn single_indicators_have_few_figures() {
    let model: Model = "A =~ a; B <~ b; B ~ A".parse().unwrap();
    let correlations = DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 0.5, 1.0]);
    let moments = Moments::from_covariance(["a", "b"], &correlations, 50.0).unwrap();
    let fit = Pls::new().consistent().fit(&model, &moments).unwrap();
    let reliability = fit.assess().reliability(RhoA::CommonFactors);
    assert_eq!(reliability.alpha("A").unwrap(), None);
    assert_eq!(reliability.raw_alpha("A").unwrap(), None);
    for figure in [reliability.rho_a("A"), reliability.rho_c("A"), reliability.average_variance_extracted("A")] {
        assert_eq!(figure.unwrap(), Some(1.0));
    }
    assert_eq!(fit.assess().goodness_of_fit(), None);
    assert_eq!(fit.assess().htmt(Htmt::Signed).get("A", "B").unwrap(), Some(0.5));
    assert_eq!(fit.assess().f_squared(ScoresWithout::Held).unwrap().get("B", "A").unwrap(), Some(0.25 / 0.75));
    assert_eq!(fit.assess().inner_vif().get("B", "A").unwrap(), Some(1.0));
    assert!(fit.assess().mediation().unwrap().is_empty());
    let measures = fit.assess().model_fit(ResidualVariance::Observed);
    // One correlation, one path, and the loading of `a` counted as cSEM does.
    assert_eq!(measures.estimated().degrees_of_freedom(), -1);
    assert_eq!(measures.estimated().rmsea(), None);
    assert_eq!(measures.estimated().srmr(), 0.0);
    assert_eq!(measures.estimated().cfi(), None);
    assert_eq!(measures.estimated().nfi(), Some(1.0));
    assert!(fit.verify().findings().is_empty());
    assert_eq!(reliability.alpha("C").unwrap_err().to_string(), "unknown construct `C`");
    assert_eq!(
        fit.assess().outer_vif().get("a", "vif").unwrap_err().to_string(),
        "unknown figure `vif`; the nearest is `VIF`"
    );
}
