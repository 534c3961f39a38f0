//! Resampling of models that are estimated in stages: products, and constructs of higher order.

use approx::assert_relative_eq;
use satindex::Confidence;
use satindex::inference::{Bootstrap, ExactFitTest, IntervalType, Jackknife, Permutation, Quantity, Signs};
use satindex::structural::{
    Construct, Fit, HigherOrder, Htmt, Interaction, Metric, Mode, Model, Pls, Population, RhoA, template,
};
use satindex::survey::{Missing, Responses};

use super::bootstrap::{assert_refits, refits, rows, survey, value, with_gaps};

const INTERACTIONS: [Interaction; 5] = [
    Interaction::ProductIndicators,
    Interaction::Orthogonal,
    Interaction::TwoStage,
    Interaction::Sequential,
    Interaction::SequentialMoments,
];
const ORDERS: [HigherOrder; 4] = [
    HigherOrder::RepeatedIndicators,
    HigherOrder::EmbeddedTwoStage,
    HigherOrder::SaturatedTwoStage,
    HigherOrder::DisjointTwoStage,
];

/// The mobile-phone model with a moderated and a bending effect.
fn moderated() -> Model {
    format!("{}Loyalty ~ Image:Satisfaction + Image:Image", template::ecsi_mobile().model()).parse().unwrap()
}

/// The mobile-phone model with a whole of its three perceptions, with or without a product.
fn higher(operator: &str, product: &str) -> Model {
    let measures = |construct: &Construct| format!("{} =~ {}", construct.name(), construct.indicators().join(" + "));
    let plain = template::ecsi_mobile().model();
    let measured = plain.constructs().iter().map(measures).collect::<Vec<_>>().join("; ");
    format!(
        "{measured}; Overall {operator} Expectation + Quality + Value
         Overall ~ Image; Satisfaction ~ Overall + Image; Complaints ~ Satisfaction
         Loyalty ~ Image + Satisfaction + Complaints {product}"
    )
    .parse()
    .unwrap()
}

/// Tolerance low enough for replicates to be compared with fits.
fn tight() -> Pls {
    Pls::new().tolerance(1e-13).max_iterations(2000)
}

/// A quantity of a fit; `None` for a figure that is undefined.
fn figure(fit: &Fit, quantity: &Quantity) -> Option<f64> {
    match quantity {
        Quantity::Alpha { construct } => fit.assess().reliability(RhoA::CommonFactors).alpha(construct).unwrap(),
        Quantity::RhoA { construct } => fit.assess().reliability(RhoA::CommonFactors).rho_a(construct).unwrap(),
        Quantity::Htmt { first, second } => fit.assess().htmt(Htmt::Signed).get(first, second).unwrap(),
        _ => Some(value(fit, quantity)),
    }
}

/// Every replicate is a fit of its rows, and fails where that does.
fn assert_replicates(pls: &Pls, model: &Model, responses: &Responses, resamples: &[Vec<usize>]) {
    let fit = pls.fit(model, responses).unwrap();
    let boot = Bootstrap::with_draws(resamples.to_vec()).without_jackknife().run(&fit, responses).unwrap();
    // Each row that is given is one of its respondents.
    let drawn = |rows: &Vec<usize>| responses.subset(rows).unwrap().with_weights(vec![1.0; rows.len()]).unwrap();
    let fits: Vec<Fit> = resamples.iter().filter_map(|rows| pls.fit(model, &drawn(rows)).ok()).collect();
    assert!(2 * fits.len() > resamples.len());
    assert_eq!(boot.failures().values().sum::<usize>(), resamples.len() - fits.len(), "{:?}", boot.failures());
    let mut compared = 0;
    // An index whose weights go against each other is refused in a fit; a replicate keeps it and counts it.
    let refused = |quantity: &&Quantity| matches!(quantity, Quantity::Index { construct } if fits.iter().any(|fit| fit.index(construct).is_err()));
    assert_eq!(boot.mixed_index_weights() > 0, boot.quantities().iter().any(|quantity| refused(&quantity)));
    for quantity in boot.quantities().iter().filter(|quantity| !refused(quantity)) {
        let expected: Vec<f64> = fits.iter().filter_map(|fit| figure(fit, quantity)).collect();
        let Ok(distribution) = boot.get(quantity) else {
            assert!(expected.len() < 2, "{quantity:?}");
            continue;
        };
        assert_eq!(distribution.draws().len(), expected.len(), "{quantity:?}");
        for (draw, expected) in distribution.draws().iter().zip(&expected) {
            // Every stage stops when weights move by 1e-13; the covariances are summed in another order.
            assert_relative_eq!(*draw, *expected, epsilon = 1e-10, max_relative = 1e-10);
            compared += 1;
        }
        if let Some(estimate) = figure(&fit, quantity) {
            assert_relative_eq!(distribution.estimate(), estimate, epsilon = 1e-11, max_relative = 1e-10);
        }
    }
    assert!(compared > 20 * fits.len());
}

#[test]
fn a_replicate_with_products_is_a_fit_of_its_rows() {
    let responses = survey(120, 1);
    let weighted = responses.clone().with_weights((0..120).map(|row| f64::from(1 + row % 3))).unwrap();
    let resamples = rows(120, 9);
    for interaction in INTERACTIONS {
        let pls = tight().interaction(interaction);
        assert_replicates(&pls, &moderated(), &responses, &resamples);
        let pls = pls.metric(Metric::Raw).mode("Image", Mode::B).mode("Value", Mode::Unit);
        assert_replicates(&pls, &moderated(), &weighted, &resamples);
    }
}

#[test]
fn a_replicate_of_higher_order_is_a_fit_of_its_rows() {
    let responses = survey(120, 1);
    let weighted = responses.clone().with_weights((0..120).map(|row| f64::from(1 + row % 3))).unwrap();
    let resamples = rows(120, 9);
    for order in ORDERS {
        for operator in ["=~", "<~"] {
            let pls = tight().higher_order(order).mode("Overall", Mode::A);
            assert_replicates(&pls, &higher(operator, ""), &responses, &resamples);
            let pls = pls.metric(Metric::Raw).mode("Quality", Mode::B).mode("Image", Mode::Unit);
            assert_replicates(&pls, &higher(operator, ""), &weighted, &resamples);
        }
    }
}

#[test]
fn a_replicate_of_products_of_higher_order_is_a_fit_of_its_rows() {
    let responses = survey(150, 2);
    let resamples = rows(150, 4);
    let model = higher("=~", "+ Overall + Overall:Satisfaction");
    for order in ORDERS {
        for interaction in INTERACTIONS {
            let pls = tight().higher_order(order).interaction(interaction);
            assert_replicates(&pls, &model, &responses, &resamples);
        }
    }
}

#[test]
fn a_consistent_replicate_is_a_consistent_fit() {
    let responses = survey(400, 15);
    let resamples = rows(400, 5);
    for interaction in INTERACTIONS {
        let pls = tight().consistent().interaction(interaction);
        assert_replicates(&pls, &moderated(), &responses, &resamples);
    }
    for order in ORDERS {
        let pls = tight().consistent().higher_order(order);
        for operator in ["=~", "<~"] {
            assert_replicates(&pls, &higher(operator, ""), &responses, &resamples);
        }
    }
    // Reliabilities go from the first stage through the second to the third.
    let model = higher("=~", "+ Overall + Overall:Satisfaction");
    for order in [HigherOrder::SaturatedTwoStage, HigherOrder::DisjointTwoStage] {
        for interaction in [Interaction::TwoStage, Interaction::Sequential, Interaction::SequentialMoments] {
            let pls = tight().consistent().higher_order(order).interaction(interaction);
            assert_replicates(&pls, &model, &responses, &resamples);
        }
    }
}

#[test]
fn missing_answers_are_filled_anew_in_every_stage() {
    let responses = with_gaps(&survey(200, 3));
    let resamples = rows(200, 4);
    for policy in [Missing::Listwise, Missing::Mean, Missing::Pairwise] {
        let pls = tight().missing(policy);
        assert_replicates(&pls, &moderated(), &responses, &resamples);
        assert_replicates(&pls, &higher("=~", ""), &responses, &resamples);
    }
}

#[cfg(feature = "parallel")]
#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let responses = survey(80, 5);
    let model = higher("=~", "+ Overall + Overall:Satisfaction");
    let fit = Pls::new().fit(&model, &responses).unwrap();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let boot = pool.install(|| Bootstrap::new(600).seed(9).run(&fit, &responses).unwrap());
        let bits = |quantity| boot.get(quantity).unwrap().draws().iter().map(|draw| draw.to_bits()).collect::<Vec<_>>();
        boot.quantities().iter().map(bits).collect::<Vec<_>>()
    };
    let one = run(1);
    assert!(one.len() > 100 && one[0].len() == 600);
    // Not assert_eq!: a failure would print a hundred thousand numbers.
    assert!(one == run(2));
    assert!(one == run(7));
}

#[test]
fn groups_and_single_respondents_go_through_all_stages() {
    let responses = survey(60, 6);
    let model = moderated();
    let pls = tight();
    let fit = pls.fit(&model, &responses).unwrap();
    let jackknife = Jackknife::run(&fit, &responses).unwrap();
    let without: Vec<Vec<usize>> = (0..60).map(|out| (0..60).filter(|row| *row != out).collect()).collect();
    let fits = refits(&pls, &model, &responses, &without);
    for quantity in jackknife.quantities() {
        for (left_out, fit) in jackknife.values(quantity).unwrap().iter().zip(&fits) {
            assert_relative_eq!(*left_out, value(fit, quantity), epsilon = 1e-11, max_relative = 1e-10);
        }
    }
    let labels: Vec<&str> = (0..60).map(|row| if row < 28 { "north" } else { "south" }).collect();
    let grouped = responses.clone().with_group("region", &labels).unwrap();
    let permuted = Permutation::new(19).seed(1).run(&fit, &grouped, "region").unwrap();
    let north = pls.fit(&model, &responses.subset(&(0..28).collect::<Vec<_>>()).unwrap()).unwrap();
    for quantity in permuted.quantities() {
        let found = permuted.estimate(quantity, "north").unwrap();
        assert_relative_eq!(found, value(&north, quantity), epsilon = 1e-11, max_relative = 1e-10);
    }
    // Clusters of one are respondents.
    let alone: Vec<String> = (0..60).map(|row| row.to_string()).collect();
    let each = responses.clone().with_group("shop", &alone).unwrap();
    let plain = Bootstrap::new(20).seed(3).run(&fit, &responses).unwrap();
    let clustered = Bootstrap::new(20).seed(3).cluster("shop").studentised(10).run(&fit, &each).unwrap();
    for quantity in plain.quantities() {
        for (one, other) in plain.get(quantity).unwrap().draws().iter().zip(clustered.get(quantity).unwrap().draws()) {
            assert_relative_eq!(one, other, epsilon = 1e-11, max_relative = 1e-10);
        }
    }
}

/// The jackknife works on moments alone, so this shows that corrected products are in them.
#[test]
fn corrected_products_are_had_from_moments() {
    let responses = survey(150, 7);
    let model: Model = format!("{}Loyalty ~ Image:Satisfaction", template::ecsi_mobile().model()).parse().unwrap();
    for interaction in [Interaction::Sequential, Interaction::SequentialMoments] {
        let pls = tight().consistent().interaction(interaction);
        let jackknife = Jackknife::run(&pls.fit(&model, &responses).unwrap(), &responses).unwrap();
        assert_eq!(jackknife.failed(), 0);
        for out in [0, 17, 149] {
            let rows: Vec<usize> = (0..150).filter(|row| *row != out).collect();
            let fit = pls.fit(&model, &responses.subset(&rows).unwrap()).unwrap();
            for quantity in jackknife.quantities() {
                // An undefined figure of reliability leaves no place.
                let values = jackknife.values(quantity).unwrap();
                if let Some(expected) = figure(&fit, quantity).filter(|_| values.len() == 150) {
                    assert_relative_eq!(values[out], expected, epsilon = 1e-10, max_relative = 1e-10);
                }
            }
        }
    }
}

/// A fit in which the factor of a product is turned round by its start, as replicates are not.
#[test]
fn a_construct_that_is_turned_round_turns_its_product() {
    let responses = survey(200, 8);
    let pls = |sign: f64| tight().mode("Image", Mode::Unit).start_weights("Image", vec![sign; 5]);
    let model: Model = format!("{}Loyalty ~ Image:Satisfaction", template::ecsi_mobile().model()).parse().unwrap();
    let resamples = rows(200, 6);
    let run = |sign: f64| {
        let fit = pls(sign).fit(&model, &responses).unwrap();
        let boot = Bootstrap::with_draws(resamples.clone()).signs(Signs::Construct).run(&fit, &responses).unwrap();
        (fit.product_effect("Image", "Satisfaction", "Loyalty").unwrap(), boot)
    };
    let ((effect, one), (turned, other)) = (run(1.0), run(-1.0));
    assert_relative_eq!(turned, -effect, epsilon = 0.0, max_relative = 1e-9);
    let draws = |boot: &satindex::inference::Bootstrapped| {
        boot.product_effect("Satisfaction", "Image", "Loyalty").unwrap().draws().to_vec()
    };
    for (one, other) in draws(&one).iter().zip(draws(&other)) {
        assert_relative_eq!(*one, -other, epsilon = 0.0, max_relative = 1e-9);
    }
}

#[test]
fn the_effect_of_a_product_has_its_distribution() {
    let responses = survey(250, 4);
    let fit = Pls::new().fit(&moderated(), &responses).unwrap();
    let boot = Bootstrap::new(200).seed(1).run(&fit, &responses).unwrap();
    let effect = boot.product_effect("Satisfaction", "Image", "Loyalty").unwrap();
    assert_eq!(effect.draws().len(), 200);
    assert!((0.01..0.3).contains(&effect.std_error()), "{}", effect.std_error());
    assert!(boot.index("Loyalty").unwrap().std_error().is_some());
    let text = boot.to_string();
    assert!(text.contains("product effects") && text.contains("Image:Satisfaction -> Loyalty"), "{text}");
    let unknown = boot.product_effect("Image", "Value", "Loyalty").unwrap_err().to_string();
    assert_eq!(unknown, "unknown quantity `effect of Image:Value on Loyalty`");
}

#[test]
fn a_failure_says_in_which_stage() {
    let responses = survey(60, 11);
    let rows_of = |rows: &[usize]| rows.to_vec();
    // In resamples of one respondent nothing varies.
    let mut resamples = rows(60, 3);
    resamples.push(rows_of(&[5; 60]));
    let fit = tight().fit(&higher("=~", "+ Overall + Overall:Satisfaction"), &responses).unwrap();
    let boot = Bootstrap::with_draws(resamples).run(&fit, &responses).unwrap();
    let reasons: Vec<(&str, usize)> = boot.failures().iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
    assert_eq!(reasons, [("indicator `IMAG1` was constant in stage 1 of 3", 1)]);
    // A limit that the sample keeps and resamples do not: of the first stage, if that takes longer.
    let gaps = with_gaps(&responses);
    let fit = Pls::new().missing(Missing::Mean).fit(&moderated(), &gaps).unwrap();
    assert_eq!(
        Jackknife::run(&fit, &gaps).unwrap_err().to_string(),
        "the jackknife: takes complete answers; fit with listwise deletion"
    );
    let other = survey(61, 12);
    let fit = Pls::new().fit(&moderated(), &responses).unwrap();
    let error = Bootstrap::new(10).run(&fit, &other).unwrap_err();
    assert!(
        error.is_mismatch()
            && error.to_string().starts_with("the responses: are not those that the fit was made from: ")
    );
    let lacks = responses.select(["IMAG1", "IMAG2"]).unwrap();
    let message = Bootstrap::new(10).run(&fit, &lacks).unwrap_err().to_string();
    assert!(message.starts_with("unknown indicator `IMAG3`; unknown indicator `IMAG4`"), "{message}");
}

/// The columns behind the last stage can still be resampled as they are.
#[test]
fn columns_as_formed_in_the_sample_have_fits_of_their_own() {
    let responses = survey(120, 1);
    let (pls, model, answers) = tight().first_order(&moderated(), &responses).unwrap();
    let fit: Fit = pls.fit(&model, &answers).unwrap();
    let resamples = rows(120, 3);
    let boot = Bootstrap::with_draws(resamples.clone()).run(&fit, &answers).unwrap();
    assert_refits(&boot, &refits(&pls, &model, &answers, &resamples));
    assert!(boot.quantities().iter().all(|quantity| !matches!(quantity, Quantity::ProductEffect { .. })));
}

/// Scores and blindfolding of a fit in stages, from the responses that it was made from or from its own columns.
#[test]
fn what_works_on_the_last_stage_finds_its_columns() {
    let responses = with_gaps(&survey(200, 4));
    for model in [moderated(), higher("=~", ""), higher("<~", "+ Overall + Overall:Satisfaction")] {
        for policy in [Missing::Listwise, Missing::Mean] {
            let pls = Pls::new().missing(policy);
            let fit = pls.fit(&model, &responses).unwrap();
            let (_, _, answers) = pls.first_order(&model, &responses).unwrap();
            let (found, expected) = (fit.scores(&responses).unwrap(), fit.scores(&answers).unwrap());
            for (row, column) in (0..200).flat_map(|row| (0..fit.model().constructs().len()).map(move |at| (row, at))) {
                assert_eq!(found.get(row, column), expected.get(row, column));
            }
        }
        let fit = Pls::new().fit(&model, &responses).unwrap();
        let (_, _, answers) = Pls::new().first_order(&model, &responses).unwrap();
        assert_eq!(fit.assess().blindfolding(&responses, 7).unwrap(), fit.assess().blindfolding(&answers, 7).unwrap());
        // Whoever else answers is scored by the same weights and means.
        let others = responses.subset(&[7, 3, 3]).unwrap();
        let (all, some) = (fit.scores(&responses).unwrap(), fit.scores(&others).unwrap());
        for (row, column) in (0..3).flat_map(|row| (0..fit.model().constructs().len()).map(move |at| (row, at))) {
            assert_eq!(some.get(row, column), all.get([7, 3, 3][row], column));
        }
    }
}

#[test]
fn exact_fit_is_of_the_last_stage() {
    let responses = survey(200, 4);
    let pls = Pls::new().higher_order(HigherOrder::DisjointTwoStage).mode("Overall", Mode::A);
    let fit = pls.fit(&higher("<~", ""), &responses).unwrap();
    let (last, model, answers) = pls.first_order(&higher("<~", ""), &responses).unwrap();
    let plain = last.fit(&model, &answers).unwrap();
    let test = ExactFitTest::new(19).seed(1);
    assert_eq!(test.run(&fit, &responses).unwrap(), test.run(&plain, &answers).unwrap());
    let fit = Pls::new().fit(&moderated(), &responses).unwrap();
    assert_eq!(
        test.run(&fit, &responses).unwrap_err().to_string(),
        "the test of exact fit: is not for models with products of constructs"
    );
}

#[test]
fn products_of_very_many_indicators_are_formed_anew() {
    let block = |name: char, count: usize| (0..count).map(move |at| format!("{name}{at}")).collect::<Vec<_>>();
    let terms = |blocks: &str| {
        format!("A =~ {}; B =~ {}; C =~ c0; {blocks}", block('a', 21).join("+"), block('b', 20).join("+"))
    };
    let plain: Model = terms("C ~ A + B").parse().unwrap();
    let population = Population::builder(plain.clone())
        .loadings("A", [0.7; 21])
        .loadings("B", [0.7; 20])
        .loadings("C", [1.0])
        .path("A", "C", 0.4)
        .path("B", "C", 0.3)
        .build()
        .unwrap();
    let responses = Responses::from_matrix(plain.indicators(), population.simulate(150, 3).unwrap()).unwrap();
    let model: Model = terms("C ~ A * B").parse().unwrap();
    assert_replicates(&tight(), &model, &responses, &rows(150, 3));
    let fit = tight().fit(&model, &responses).unwrap();
    assert_eq!(
        Jackknife::run(&fit, &responses).unwrap_err().to_string(),
        "the jackknife: takes products of at most 400 pairs of indicators"
    );
    let boot = Bootstrap::new(10).run(&fit, &responses).unwrap();
    let bca = boot.path("A", "C").unwrap().interval(Confidence::P95, IntervalType::Bca).unwrap_err().to_string();
    assert_eq!(bca, "a BCa interval: needs leave-one-out values");
}

#[test]
fn an_answer_may_be_called_a_score() {
    let responses = survey(100, 9);
    let names = ["IMAG1", "IMAG2", "CUSA1", "CUSA2", "CUSL1", "CUSL3"];
    let answers = responses.select(names).unwrap();
    let rows_of = (0..100).map(|row| [0, 1, 2, 3, 4, 5].map(|column| answers.get(row, column)));
    let renamed = Responses::from_rows(["A.score", "a2", "b1", "b2", "c1", "c2"], rows_of).unwrap();
    let model: Model = "A =~ A.score + a2; B =~ b1 + b2; C =~ c1 + c2; C ~ A * B".parse().unwrap();
    for interaction in [Interaction::ProductIndicators, Interaction::Orthogonal, Interaction::TwoStage] {
        assert_replicates(&tight().interaction(interaction), &model, &renamed, &rows(100, 4));
    }
}
