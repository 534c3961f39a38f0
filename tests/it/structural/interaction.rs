//! Products of constructs, against seminr and cSEM and against themselves.

use approx::assert_relative_eq;
use satindex::inference::Bootstrap;
use satindex::structural::{
    Construct, Fit, FornellLarcker, Interaction, Mode, Model, Pls, Population, RhoA, ScoresWithout,
};
use satindex::survey::{Missing, Responses};
use serde_json::Value;

use super::agreement::{Agreement, cells, mode, numbers, strings, tight};
use super::assessment::{seminr_measurement, seminr_scores, transposed};
use super::peers;
use crate::reference;

/// The name of a product as seminr has it, `A*B`, as it is here.
fn own(name: &str) -> String {
    name.replace("_intxn", ".score").replace('*', ".")
}

/// What a score of seminr's is of ours: the standard deviation that it gives a product.
fn unit(fit: &Fit, construct: &str, to: &str) -> f64 {
    let Some((first, second)) = construct.split_once('*') else { return 1.0 };
    fit.path(&own(construct), to).unwrap() / fit.product_effect(first, second, to).unwrap()
}

fn seminr(file: &str, interaction: Interaction, first_stage: f64, tolerance: f64) {
    let golden = reference::json(&format!("pls/{file}"));
    let (specification, results) = (&golden["model"], &golden["results"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut builder = Model::builder();
    let mut pls = tight().interaction(interaction);
    for construct in specification["constructs"].as_array().unwrap() {
        let name = text(&construct["name"]);
        if !name.contains('*') {
            builder = builder.composite(&name, strings(&construct["indicators"]));
            pls = pls.mode(&name, mode(construct["mode"].as_str().unwrap()));
        }
    }
    let mut last = String::new();
    for path in specification["paths"].as_array().unwrap() {
        let (from, to) = (text(&path["from"]), text(&path["to"]));
        builder = match from.split_once('*') {
            None => builder.path(&from, &to),
            Some((first, second)) => {
                last.clone_from(&to);
                builder.product(first, second, to)
            }
        };
    }
    let data = peers::data(&golden);
    // seminr ends the first stage early, whatever its settings.
    let stage = pls.clone().tolerance(first_stage);
    let (_, model, answers) = stage.first_order(&builder.build().unwrap(), &data).unwrap();
    let fit = pls.fit(&model, &answers).unwrap();

    let mut agreement = Agreement::new(&fit, file, tolerance);
    for (row, column, value) in cells(&results["outer_weights"]) {
        if value != 0.0 {
            assert!(model.construct(&own(column)).unwrap().indicators().contains(&own(row)));
            agreement.weight(&own(row), value);
        }
    }
    for (row, column, value) in cells(&results["loadings"]) {
        if value != 0.0 {
            let found = fit.cross_loading(&own(row), &own(column)).unwrap() * unit(&fit, column, &last);
            agreement.figure(&format!("loading {row}"), found, value);
        }
    }
    for (from, to, value) in cells(&results["path_coefficients"]) {
        let expected = value * unit(&fit, from, &last);
        agreement.path(&own(from), &own(to), expected);
    }
    agreement.each(&results["construct_score_correlations"], |agreement, one, other, value| {
        // What is orthogonal is 0 but for rounding, in both.
        let value = if value.abs() < 1e-15 { 0.0 } else { value };
        agreement.correlation(&own(one), &own(other), value);
    });
    agreement.entries(&results["r_squared"], Agreement::r_squared);
    agreement.entries(&results["adj_r_squared"], Agreement::adjusted_r_squared);
    let scores = fit.scores(&answers).unwrap();
    let first = &results["construct_scores_first5"];
    for (row, line) in first["values"].as_array().unwrap().iter().enumerate() {
        for (construct, value) in strings(&first["cols"]).zip(line.as_array().unwrap()) {
            let column = model.position(&own(construct)).unwrap();
            let found = scores.get(row, column).unwrap() * unit(&fit, construct, &last);
            agreement.figure(&format!("score of row {} on {construct}", row + 1), found, value.as_f64().unwrap());
        }
    }
    assessed(&fit, file, &golden, tolerance);
    let (blocks, indicators) = (model.constructs().len(), model.indicators().count());
    let explained = numbers(&results["r_squared"]).len();
    agreement.finish(2 * indicators + 2 * blocks * blocks + 2 * explained + 5 * blocks);
}

/// The standard deviation that seminr gives the score of a product.
fn unit_of(fit: &Fit, product: &str) -> f64 {
    let (first, second) = product.split_once('.').unwrap();
    let (_, to) = fit.model().named_paths().find(|path| path.0 == product).unwrap();
    fit.path(product, to).unwrap() / fit.product_effect(first, second, to).unwrap()
}

/// seminr's ρ_C and AVE of a product have loadings that are covariances with a score of that standard deviation in the
/// place of correlations, and ρ_A is 1.
fn seminr_product(agreement: &mut Agreement<'_>, fit: &Fit, name: &str, results: &Value) {
    let unit = unit_of(fit, name);
    let indicators = fit.model().construct(name).unwrap().indicators();
    let loadings: Vec<f64> = indicators.iter().map(|indicator| fit.loading(indicator).unwrap() * unit).collect();
    let squares: f64 = loadings.iter().map(|loading| loading * loading).sum();
    let (sum, count) = (loadings.iter().sum::<f64>().powi(2), loadings.len() as f64);
    let single = count == 1.0;
    agreement.figure(name, unit, results["construct_scores_sd_n_minus_1"][name].as_f64().unwrap());
    let alpha = fit.assess().reliability(RhoA::CommonFactors).alpha(name).unwrap().unwrap_or(1.0);
    for (key, found) in [
        ("alpha", alpha),
        ("rhoA", 1.0),
        ("rhoC", if single { 1.0 } else { sum / (sum + count - squares) }),
        ("AVE", if single { 1.0 } else { squares / count }),
    ] {
        agreement.figure(&format!("{key} of {name}"), found, results[key][name].as_f64().unwrap());
    }
}

/// What is orthogonal is 0 but for rounding.
fn settle(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(settle),
        Value::Object(entries) => entries.values_mut().for_each(settle),
        Value::Number(number) if number.as_f64().is_some_and(|number| number.abs() < 1e-14) => {
            *value = Value::from(0.0);
        }
        _ => {}
    }
}

/// The assessment of a model with products, and its effects.
fn assessed(fit: &Fit, file: &str, golden: &Value, tolerance: f64) {
    let mut results: Value = serde_json::from_str(&own(&golden["results"].to_string())).unwrap();
    settle(&mut results);
    let results = &results;
    let mut agreement = Agreement::new(fit, file, tolerance);
    seminr_measurement(&mut agreement, fit, results);
    for name in fit.model().constructs().iter().map(Construct::name).filter(|name| name.contains('.')) {
        seminr_product(&mut agreement, fit, name, results);
    }
    seminr_scores(&mut agreement, fit, results);
    let larcker = fit.assess().fornell_larcker(FornellLarcker::Root);
    // The root of AVE is on the diagonal.
    let of_product = |cell: &(&str, &str, f64)| cell.0 == cell.1 && cell.0.contains('.');
    for (row, column, value) in cells(&results["fornell_larcker"]).into_iter().filter(|cell| !of_product(cell)) {
        agreement.optional("Fornell-Larcker", larcker.get(row, column).unwrap(), value);
    }
    agreement.each(&results["cross_loadings"], Agreement::cross_loading);
    transposed(
        &mut agreement,
        "f²",
        &fit.assess().f_squared(ScoresWithout::Held).unwrap(),
        &results["f2_fixed_scores"],
    );
    for (key, total) in [("total_effects", true), ("indirect_effects", false)] {
        agreement.each(&results[key], |agreement, from, to, value| {
            let unit = if from.contains('.') && value != 0.0 { unit_of(fit, from) } else { 1.0 };
            let check = if total { Agreement::total_effect } else { Agreement::indirect_effect };
            check(agreement, from, to, value * unit);
        });
    }
    let compared = agreement.compared();
    assert!(compared > 200, "{file}: {compared} figures");
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn seminr_by_product_indicators_and_orthogonal() {
    for model in ["", "_loyalty"] {
        // Rounding, most of it in scores near 0.
        let file = |name: &str| format!("seminr_mobi_interaction{model}_{name}.json");
        seminr(&file("product_indicator"), Interaction::ProductIndicators, 1e-7, 1e-10);
        seminr(&file("orthogonal"), Interaction::Orthogonal, 1e-7, 1e-10);
    }
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn seminr_in_two_stages() {
    seminr("seminr_mobi_interaction_two_stage.json", Interaction::TwoStage, 2e-8, 1e-10);
    seminr("seminr_mobi_interaction_loyalty_two_stage.json", Interaction::TwoStage, 2e-8, 1e-10);
}

/// The weights are those of the model without products; paths, R², VIF and f² follow from moments of the scores, which for
/// common factors are corrected for attenuation.
#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn csem_in_its_sequence() {
    csem("csem_mobi_moderation_composite.json", "Image", &[]);
    csem("csem_mobi_quadratic_composite.json", "Satisfaction", &[]);
    // Code 3 of cSEM's `verify`: the correlations of the constructs are not positive semidefinite.
    csem("csem_mobi_moderation_plsc.json", "Image", &["3"]);
}

fn csem(file: &str, moderator: &str, codes: &[&str]) {
    let golden = reference::json(&format!("pls/{file}"));
    let data = peers::data(&golden);
    let product = format!("{moderator}:Satisfaction");
    let syntax = golden["model"]["syntax"].as_str().unwrap().replace(&product.replace(':', "."), &product);
    let model: Model = syntax.parse().unwrap();
    let pls = model.constructs().iter().fold(tight(), |pls, construct| pls.mode(construct.name(), Mode::A));
    let pls = if syntax.contains("=~") { pls.consistent() } else { pls };
    let main: Model = syntax.replace(&format!("+ {product}"), "").parse().unwrap();
    let first = pls.fit(&main, &data).unwrap();

    let results = &golden["results"];
    // Rounding, most of it in scores near 0.
    let mut agreement = Agreement::new(&first, "the weights of cSEM", 1e-11);
    agreement.own(&results["outer_weights"], Agreement::weight);
    agreement.own(&results["loadings"], Agreement::loading);
    agreement.each(&results["construct_correlations_vcv"], Agreement::correlation);
    agreement.each(&results["composite_correlations_proxy_vcv"], Agreement::score_correlation);
    agreement.scores(&data, |_| 1.0, &results["construct_scores_first5"]);
    for (construct, value) in numbers(&results["reliabilities_Q2"]) {
        let found = first.assess().reliability(RhoA::CommonFactors).rho_a(construct).unwrap();
        agreement.optional(&format!("reliability of {construct}"), found, value);
    }
    agreement.finish(2 * 21 + 50 + 25 + 5);
    for code in ["1", "2", "3", "4", "5"] {
        if let Some(found) = golden["verify"][code].as_bool() {
            assert_eq!(found, codes.contains(&code), "{code}");
        }
    }
    assert_eq!(first.verify().is_admissible(), codes.is_empty());

    let fit = pls.interaction(Interaction::SequentialMoments).fit(&model, &data).unwrap();
    // Rounding, of correlations near 1 under PLSc.
    let mut agreement = Agreement::new(&fit, "the paths of cSEM", 2e-11);
    for (to, from, value) in cells(&results["path_coefficients"]) {
        let found = match from.split_once('.') {
            Some((first, second)) => fit.product_effect(first, second, to),
            None => fit.path(from, to),
        };
        agreement.figure(&format!("path {from} -> {to}"), found.unwrap_or(0.0), value);
    }
    agreement.entries(&results["r_squared"], Agreement::r_squared);
    agreement.entries(&results["adj_r_squared"], |agreement, name, value| {
        // With n - k in place of n - k - 1, unlike cSEM's own linear models.
        let left = |without: f64| 250.0 - cause_count(&model, name) - without;
        let adjusted = fit.adjusted_r_squared(name).unwrap().unwrap();
        agreement.figure(name, 1.0 - (1.0 - adjusted) * left(1.0) / left(0.0), value);
    });
    let vif = fit.assess().inner_vif();
    for (to, causes) in results["vif_structural"].as_object().unwrap() {
        for (from, value) in numbers(causes) {
            agreement.optional(&format!("VIF of {from} for {to}"), vif.get(to, from).unwrap(), value);
        }
    }
    let mut expected = 5 * 6 + 4 + 4 + 8;
    if !golden["f2"].is_null() {
        let f_squared = fit.assess().f_squared(ScoresWithout::Held).unwrap();
        for (to, from, value) in cells(&golden["f2"]).into_iter().filter(|cell| cell.2 != 0.0) {
            agreement.optional(&format!("f² of {from} on {to}"), f_squared.get(to, from).unwrap(), value);
        }
        expected += 8;
    }
    agreement.finish(expected);
}

/// How many terms an equation has.
fn cause_count(model: &Model, to: &str) -> f64 {
    let products = model.products().iter().filter(|product| model.constructs()[product.2].name() == to);
    (model.named_paths().filter(|path| path.1 == to).count() + products.count()) as f64
}

/// Answers of 300 respondents in which the effect of `A` on `C` grows with `B`.
fn moderated() -> Responses {
    let model: Model = "A =~ a1 + a2; B =~ b1 + b2; C =~ c1 + c2; C ~ A + B".parse().unwrap();
    let population = Population::builder(model)
        .loadings("A", [0.9, 0.8])
        .loadings("B", [0.9, 0.85])
        .loadings("C", [0.9, 0.8])
        .path("A", "C", 0.4)
        .path("B", "C", 0.3)
        .correlation("A", "B", 0.3)
        .build()
        .unwrap();
    let plain = population.simulate(300, 3).unwrap();
    let rows = (0..300).map(|row| {
        let answer = |column| plain[(row, column)];
        let moderated = 0.4 * (answer(0) + answer(1)) * (answer(2) + answer(3)) / 4.0;
        [0, 1, 2, 3, 4, 5].map(|column| Some(answer(column) + if column > 3 { moderated } else { 0.0 }))
    });
    Responses::from_rows(["a1", "a2", "b1", "b2", "c1", "c2"], rows).unwrap()
}

const MODEL: &str = "A =~ a1 + a2; B =~ b1 + b2; C =~ c1 + c2; C ~ ";
const ALL: [Interaction; 5] = [
    Interaction::ProductIndicators,
    Interaction::Orthogonal,
    Interaction::TwoStage,
    Interaction::Sequential,
    Interaction::SequentialMoments,
];

#[test]
fn an_effect_that_is_there_is_found_and_one_that_is_not_is_not() {
    let data = moderated();
    let model: Model = format!("{MODEL} A * B + A:A").parse().unwrap();
    for interaction in ALL {
        let fit = Pls::new().interaction(interaction).fit(&model, &data).unwrap();
        let effect = fit.product_effect("A", "B", "C").unwrap();
        assert!(effect > 0.1, "{interaction:?}: {effect}");
        let bend = fit.product_effect("A", "A", "C").unwrap();
        assert!(bend.abs() < effect / 2.0, "{interaction:?}: {bend}");
        assert_eq!(effect, fit.product_effect("B", "A", "C").unwrap());
    }
}

#[test]
fn orthogonal_products_leave_the_main_effects_as_they_are() {
    let data = moderated();
    let pls = tight().interaction(Interaction::Orthogonal);
    let (pls, model, answers) = pls.first_order(&format!("{MODEL} A * B").parse().unwrap(), &data).unwrap();
    let moments = answers.moments(Missing::Reject).unwrap().correlation().unwrap();
    let names: Vec<&str> = answers.names().collect();
    assert_eq!(names[6..], ["a1.b1", "a1.b2", "a2.b1", "a2.b2"]);
    for (factor, product) in (0..4).flat_map(|factor| (6..10).map(move |product| (factor, product))) {
        assert!(moments[(factor, product)].abs() < 1e-12, "{}, {}", names[factor], names[product]);
    }
    let fit = pls.fit(&model, &answers).unwrap();
    assert!(fit.construct_correlation("A", "A.B").unwrap().abs() < 1e-12);
    assert!(fit.construct_correlation("B", "A.B").unwrap().abs() < 1e-12);
}

#[test]
fn a_square_has_each_product_once() {
    let model: Model = format!("{MODEL} A + B + A:A").parse().unwrap();
    let pls = Pls::new().interaction(Interaction::ProductIndicators);
    let (_, model, _) = pls.first_order(&model, &moderated()).unwrap();
    assert_eq!(model.construct("A.A").unwrap().indicators(), ["a1.a1", "a1.a2", "a2.a2"]);
    assert!(model.products().is_empty());
}

#[test]
fn the_order_and_the_units_of_the_factors_do_not_matter() {
    let data = moderated();
    let rows = (0..data.rows())
        .map(|row| [0, 1, 2, 3, 4, 5].map(|column| data.get(row, column).map(|answer| answer * 2.0 + column as f64)));
    let moved = Responses::from_rows(data.names(), rows).unwrap();
    for interaction in ALL {
        let pls = tight().interaction(interaction);
        let effect = |terms: &str, data| {
            let model: Model = format!("{MODEL} {terms}").parse().unwrap();
            pls.fit(&model, data).unwrap().product_effect("A", "B", "C").unwrap()
        };
        let expected = effect("A * B", &data);
        assert_eq!(effect("A + B + B:A", &data), expected);
        assert_relative_eq!(effect("A * B", &moved), expected, epsilon = 0.0, max_relative = 1e-10);
    }
}

#[test]
fn case_weights_are_as_many_rows_and_gaps_stay_gaps() {
    let data = moderated();
    let model: Model = format!("{MODEL} A * B").parse().unwrap();
    let counts: Vec<usize> = (0..300).map(|row| row % 3).collect();
    let repeated: Vec<usize> = (0..300).flat_map(|row| vec![row; counts[row]]).collect();
    let weighted = data.clone().with_weights(counts.iter().map(|count| *count as f64)).unwrap();
    let mut rows: Vec<_> = (0..300).map(|row| [0, 1, 2, 3, 4, 5].map(|column| data.get(row, column))).collect();
    rows[4][0] = None;
    rows[9][5] = None;
    let gapped = Responses::from_rows(data.names(), &rows).unwrap();
    let complete: Vec<usize> = (0..300).filter(|row| ![4, 9].contains(row)).collect();
    for (interaction, consistent) in ALL.into_iter().flat_map(|interaction| [(interaction, false), (interaction, true)])
    {
        let pls = tight().interaction(interaction);
        let pls = if consistent { pls.consistent() } else { pls };
        let effect = |data: &Responses| pls.fit(&model, data).unwrap().product_effect("A", "B", "C").unwrap();
        let expected = effect(&data.subset(&repeated).unwrap());
        assert_relative_eq!(effect(&weighted), expected, epsilon = 0.0, max_relative = 1e-10);
        let expected = effect(&data.subset(&complete).unwrap());
        assert_relative_eq!(effect(&gapped), expected, epsilon = 0.0, max_relative = 1e-10);
        for policy in [Missing::Mean, Missing::Pairwise, Missing::em()] {
            let filled = pls.clone().missing(policy).fit(&model, &gapped).unwrap();
            let found = filled.product_effect("A", "B", "C").unwrap();
            assert!((found - expected).abs() < 0.02, "{interaction:?} {policy:?}: {found} {expected}");
        }
    }
}

#[test]
fn products_are_resampled_with_their_respondents() {
    let pls = Pls::new();
    let (pls, model, answers) = pls.first_order(&format!("{MODEL} A * B").parse().unwrap(), &moderated()).unwrap();
    let fit = pls.fit(&model, &answers).unwrap();
    let bootstrap = Bootstrap::new(100).seed(5).run(&fit, &answers).unwrap();
    let path = bootstrap.path("A.B", "C").unwrap();
    assert!(path.std_error() > 0.01 && path.std_error() < 0.2);
}

#[test]
fn what_takes_answers_says_so() {
    let data = moderated();
    let model: Model = format!("{MODEL} A * B").parse().unwrap();
    let message = |error: satindex::Error| error.to_string();
    let covariances = "product `A:B` takes the answers themselves; covariances do not tell it";
    let moments = data.moments(Missing::Reject).unwrap();
    assert_eq!(message(Pls::new().fit(&model, &moments).unwrap_err()), covariances);
    assert_eq!(message(Pls::new().solver(&model).unwrap_err()), covariances);
    let population = Population::builder(model.clone()).build().unwrap_err().to_string();
    assert!(population.contains("product `A:B` is not normal, as populations here are"), "{population}");
    let taken: Model = "A =~ a1 + a2; B =~ b1 + b2; A.B =~ c1; C =~ c2; C ~ A * B + A.B".parse().unwrap();
    assert_eq!(
        message(Pls::new().fit(&taken, &data).unwrap_err()),
        "construct `A.B` has the name that the product `A:B` gets: rename it"
    );
}
