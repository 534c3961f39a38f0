//! A fit that was written and read again answers as the one that was written.

use satindex::inference::{Bootstrap, Signs};
use satindex::structural::{
    Fit, HigherOrder, Htmt, Interaction, Likert, Metric, Mode, Model, Pls, Population, ResidualVariance, RhoA,
};
use satindex::survey::{Missing, Responses, Scale};
use serde_json::{Value, json};

const PLAIN: &str = "A =~ a1 + a2 + a3; B =~ b1 + b2; C =~ c1 + c2; B ~ A; C ~ A + B";
const PRODUCT: &str = "A =~ a1 + a2 + a3; B =~ b1 + b2; C =~ c1 + c2; B ~ A; C ~ A * B";
const HIGHER: &str = "A =~ a1 + a2 + a3; B =~ b1 + b2; C =~ c1 + c2; H =~ A + B; C ~ H";
/// A product of a construct of higher order: three stages.
const BOTH: &str = "A =~ a1 + a2 + a3; B =~ b1 + b2; C =~ c1 + c2; D =~ d1 + d2; H =~ A + B; D ~ H; C ~ H * D";

/// Answers on a scale from 1 to 10 to the indicators of all these models.
fn answers(rows: usize, seed: u64) -> Responses {
    let model: Model =
        "A =~ a1 + a2 + a3; B =~ b1 + b2; D =~ d1 + d2; C =~ c1 + c2; B ~ A; D ~ A; C ~ A + B + D".parse().unwrap();
    let population = Population::builder(model)
        .loadings("A", [0.9, 0.8, 0.7])
        .loadings("B", [0.9, 0.8])
        .loadings("C", [0.8, 0.8])
        .loadings("D", [0.7, 0.9])
        .path("A", "B", 0.6)
        .path("A", "D", 0.4)
        .path("A", "C", 0.3)
        .path("B", "C", 0.3)
        .path("D", "C", 0.2)
        .build()
        .unwrap();
    population.likert(&Likert::new(Scale::ONE_TO_TEN, 6.0, 2.0).unwrap(), rows, seed).unwrap()
}

/// The same with every thirteenth cell empty.
fn gaps(answers: &Responses) -> Responses {
    let names: Vec<String> = answers.names().map(str::to_owned).collect();
    let cell =
        |row: usize, at: usize| (!(row * names.len() + at).is_multiple_of(13)).then(|| answers.get(row, at).unwrap());
    let rows = (0..answers.rows()).map(|row| (0..names.len()).map(|at| cell(row, at)).collect::<Vec<_>>());
    let scale = answers.indicators()[0].scale().unwrap();
    Responses::from_rows(names.clone(), rows).unwrap().with_scale(scale).unwrap()
}

fn read(fit: &Fit) -> Fit {
    serde_json::from_str(&serde_json::to_string(fit).unwrap()).unwrap()
}

/// Whatever can be asked of a fit has the same answer, bit for bit, from the one that was read.
fn assert_answers_alike(fit: &Fit, responses: &Responses) {
    let again = read(fit);
    assert_eq!(again, *fit);
    assert_eq!(again.to_string(), fit.to_string());
    let others = answers(25, 99);
    for responses in [responses, &others] {
        // As text: a score that is missing equals itself there.
        let scores = [&again, fit].map(|fit| format!("{:?}", fit.scores(responses).unwrap()));
        assert_eq!(scores[0], scores[1]);
    }
    assert_eq!(again.verify(), fit.verify());
    assert_eq!(again.report(), fit.report());
    let (one, other) = (again.assess(), fit.assess());
    assert_eq!(one.htmt(Htmt::Signed), other.htmt(Htmt::Signed));
    assert_eq!(one.reliability(RhoA::default()), other.reliability(RhoA::default()));
    assert_eq!(one.model_fit(ResidualVariance::Observed), other.model_fit(ResidualVariance::Observed));
}

fn assert_bootstraps_alike(fit: &Fit, responses: &Responses) {
    let bootstrap = Bootstrap::new(12).seed(5).signs(Signs::Construct);
    assert_eq!(bootstrap.run(&read(fit), responses).unwrap(), bootstrap.run(fit, responses).unwrap());
}

fn fit(pls: &Pls, model: &str, responses: &Responses) -> Fit {
    pls.fit(&model.parse().unwrap(), responses).unwrap()
}

#[test]
fn of_plain_constructs() {
    let answers = answers(150, 1);
    for pls in [
        Pls::new(),
        Pls::new().metric(Metric::Raw).mode("A", Mode::B),
        Pls::new().consistent(),
        Pls::new().reliability("c1", 0.8).start_weights("A", [1.0, 0.0, 2.0]),
        Pls::new().tolerance(1e-3),
    ] {
        let fit = fit(&pls, PLAIN, &answers);
        assert_answers_alike(&fit, &answers);
        assert_bootstraps_alike(&fit, &answers);
    }
}

#[test]
fn of_products() {
    let answers = answers(150, 2);
    for interaction in [
        Interaction::ProductIndicators,
        Interaction::Orthogonal,
        Interaction::TwoStage,
        Interaction::Sequential,
        Interaction::SequentialMoments,
    ] {
        let fit = fit(&Pls::new().interaction(interaction), PRODUCT, &answers);
        assert_answers_alike(&fit, &answers);
        assert_bootstraps_alike(&fit, &answers);
    }
    assert_answers_alike(
        &fit(&Pls::new().consistent().interaction(Interaction::Sequential), PRODUCT, &answers),
        &answers,
    );
}

#[test]
fn of_higher_order() {
    let answers = answers(150, 3);
    for higher in [
        HigherOrder::RepeatedIndicators,
        HigherOrder::EmbeddedTwoStage,
        HigherOrder::SaturatedTwoStage,
        HigherOrder::DisjointTwoStage,
    ] {
        for pls in [Pls::new(), Pls::new().metric(Metric::Raw)] {
            let fit = fit(&pls.higher_order(higher), HIGHER, &answers);
            assert_answers_alike(&fit, &answers);
            assert_bootstraps_alike(&fit, &answers);
        }
    }
    let consistent = Pls::new().consistent().higher_order(HigherOrder::DisjointTwoStage);
    assert_answers_alike(&fit(&consistent, HIGHER, &answers), &answers);
    assert_answers_alike(&fit(&Pls::new(), BOTH, &answers), &answers);
}

#[test]
fn under_each_policy_for_missing_answers() {
    let answers = gaps(&answers(200, 4));
    for missing in [Missing::Listwise, Missing::Mean, Missing::Pairwise, Missing::em()] {
        for model in [PLAIN, PRODUCT, HIGHER, BOTH] {
            let fit = fit(&Pls::new().missing(missing), model, &answers);
            assert_answers_alike(&fit, &answers);
        }
    }
    assert_bootstraps_alike(&fit(&Pls::new().missing(Missing::Mean), HIGHER, &answers), &answers);
}

#[test]
fn of_moments_without_means() {
    let fitted = answers(150, 5).moments(Missing::Reject).unwrap();
    let names: Vec<String> = fitted.names().map(str::to_owned).collect();
    let covariance = fitted.covariance().unwrap();
    let published = satindex::survey::Moments::from_covariance(names, &covariance, 150.0).unwrap();
    let fit = Pls::new().fit(&PLAIN.parse().unwrap(), &published).unwrap();
    assert_eq!(read(&fit), fit);
}

/// Every number below a place, changed one at a time by a share.
fn changed(value: &Value, place: &str, share: f64, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            found.push((place.to_owned(), number + share * number.abs().max(1.0)));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| changed(field, &format!("{place}/{name}"), share, found));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(at, value)| changed(value, &format!("{place}/{at}"), share, found));
        }
        _ => {}
    }
}

/// A number below one of these keys of a stored fit is refused if it is changed, and the message names the key.
fn assert_figures_are_checked(fit: &Fit) {
    let stored = serde_json::to_value(fit).unwrap();
    for (field, value) in stored.as_object().unwrap() {
        if ["estimator", "moments", "stages", "iterations", "last_change"].contains(&field.as_str()) {
            continue;
        }
        let mut places = Vec::new();
        changed(value, &format!("/{field}"), 1e-6, &mut places);
        for (place, number) in places {
            let mut copy = stored.clone();
            let target = copy.pointer_mut(&place).unwrap();
            *target = if target.is_u64() { json!(target.as_u64().unwrap() + 1) } else { json!(number) };
            let refused = serde_json::from_value::<Fit>(copy).expect_err(&place).to_string();
            assert!(refused.contains(&format!("`{field}`")), "{place}: {refused}");
        }
    }
}

#[test]
fn a_changed_figure_is_refused_by_its_name() {
    let answers = answers(150, 6);
    assert_figures_are_checked(&fit(&Pls::new(), PLAIN, &answers));
    assert_figures_are_checked(&fit(&Pls::new(), PRODUCT, &answers));
}

#[test]
fn changed_moments_are_refused() {
    let answers = answers(150, 7);
    for (pls, model) in [
        (Pls::new(), PLAIN),
        (Pls::new(), BOTH),
        (Pls::new().higher_order(HigherOrder::EmbeddedTwoStage), HIGHER),
        (Pls::new().interaction(Interaction::Orthogonal), PRODUCT),
    ] {
        let stored = serde_json::to_value(fit(&pls, model, &answers)).unwrap();
        let mut places = Vec::new();
        changed(&stored["moments"]["cross_products"], "/moments/cross_products", 1e-3, &mut places);
        for (at, _) in stored["stages"]["moments"].as_array().into_iter().flatten().enumerate() {
            let place = format!("/stages/moments/{at}/cross_products");
            changed(stored.pointer(&place).unwrap(), &place, 1e-3, &mut places);
        }
        for (place, number) in places {
            let mut copy = stored.clone();
            *copy.pointer_mut(&place).unwrap() = json!(number);
            assert!(serde_json::from_value::<Fit>(copy).is_err(), "{model}: {place}");
        }
    }
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let answers = answers(150, 8);
    let plain = serde_json::to_value(fit(&Pls::new(), PLAIN, &answers)).unwrap();
    let staged = serde_json::to_value(fit(&Pls::new(), HIGHER, &answers)).unwrap();
    let orthogonal = Pls::new().interaction(Interaction::Orthogonal);
    let residuals = serde_json::to_value(fit(&orthogonal, PRODUCT, &answers)).unwrap();
    let refused = |stored: &Value, change: &dyn Fn(&mut Value)| {
        let mut copy = stored.clone();
        change(&mut copy);
        serde_json::from_value::<Fit>(copy).unwrap_err().to_string()
    };
    let cases = [
        (refused(&plain, &|fit| fit["stages"] = staged["stages"].clone()), "model"),
        (refused(&staged, &|fit| fit["stages"]["moments"] = json!([])), "list of moments"),
        (refused(&staged, &|fit| fit["stages"]["answers"]["n"] = json!(149)), "n: is not"),
        (refused(&staged, &|fit| fit["stages"]["answers"]["means"] = json!(null)), "means"),
        (refused(&residuals, &|fit| drop(fit["stages"]["residuals"].as_array_mut().unwrap().pop())), "residuals"),
        (refused(&residuals, &|fit| fit["stages"]["residuals"][0]["explained"] = json!([])), "terms of a residual"),
        (refused(&plain, &|fit| fit["model"] = json!(HIGHER)), "higher order"),
        (refused(&plain, &|fit| fit["moments"]["indicators"][0]["name"] = json!("x")), "moments"),
        (refused(&plain, &|fit| drop(fit.as_object_mut().unwrap().remove("estimator"))), "estimator"),
        (refused(&plain, &|fit| drop(fit["loadings"].as_object_mut().unwrap().remove("A"))), "loadings"),
    ];
    for (message, expected) in cases {
        assert!(message.contains(expected), "{expected}: {message}");
    }
}
