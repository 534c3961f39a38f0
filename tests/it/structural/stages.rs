//! What a column is stands in its type: names are for readers, and messages speak of what was written.

use approx::assert_relative_eq;
use satindex::structural::{HigherOrder, Interaction, Model, Pls, template};
use satindex::survey::{Responses, Scale};

const ORDERS: [HigherOrder; 4] = [
    HigherOrder::RepeatedIndicators,
    HigherOrder::EmbeddedTwoStage,
    HigherOrder::SaturatedTwoStage,
    HigherOrder::DisjointTwoStage,
];

fn survey() -> Responses {
    let survey = template::ecsi_mobile();
    survey.population().build().unwrap().likert(&survey.likert(), 120, 5).unwrap()
}

/// Some answers of a survey under other names.
fn renamed(columns: &[(&str, &str)]) -> Responses {
    let survey = survey();
    let rows = (0..survey.rows()).map(|row| {
        let answer = |(_, from): &(&str, &str)| survey.column(from).unwrap().nth(row).unwrap();
        columns.iter().map(answer).collect::<Vec<_>>()
    });
    Responses::from_rows(columns.iter().map(|(name, _)| *name), rows).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap()
}

fn message(pls: &Pls, model: &str, data: &Responses) -> String {
    pls.fit(&model.parse().unwrap(), data).unwrap_err().to_string()
}

#[test]
fn a_column_given_twice_is_found_whatever_it_is_called() {
    for copy in ["x.q1", "Whole.q1", "q1.score", "q1.q1"] {
        let data = renamed(&[("q1", "IMAG1"), ("q2", "IMAG2"), (copy, "IMAG1"), ("y", "CUSA1"), ("z", "CUSA2")]);
        let identical = format!("indicators `q1` and `{copy}` are identical");
        let model = format!("A =~ q1 + q2; B =~ {copy} + y; B ~ A");
        assert!(message(&Pls::new(), &model, &data).contains(&identical), "{}", message(&Pls::new(), &model, &data));
        // Nor is it mistaken for one that a construct of higher order repeats.
        let model = format!("A =~ q1 + q2; B =~ {copy} + y; C =~ z; W =~ A + B; C ~ W");
        for order in ORDERS {
            let pls = Pls::new().higher_order(order);
            let found = pls.fit(&model.parse().unwrap(), &data).unwrap_err().to_string();
            let taken = copy == "W.q1";
            assert!(taken || found.contains(&identical), "{order:?}: {found}");
        }
    }
}

#[test]
fn names_that_stages_give_may_be_taken_and_the_message_says_by_what() {
    let columns =
        [("a1", "IMAG1"), ("a2", "IMAG2"), ("b1", "CUSA1"), ("b2", "CUSA2"), ("c1", "CUSL1"), ("c2", "CUSL3")];
    let data = renamed(&columns);
    let taken = |name: &'static str| {
        let mut columns = columns;
        columns[5].0 = name;
        renamed(&columns)
    };
    let product = |c2: &str| format!("A =~ a1 + a2; B =~ b1 + b2; C =~ c1 + {c2}; C ~ A * B");
    let whole = |c2: &str| format!("A =~ a1 + a2; B =~ b1 + b2; C =~ c1 + {c2}; W =~ A + B; C ~ W");
    for interaction in [Interaction::TwoStage, Interaction::ProductIndicators, Interaction::Orthogonal] {
        let pls = Pls::new().interaction(interaction);
        let both = "A =~ a1; A.B =~ a2; B =~ b1 + b2; C =~ c1; C ~ A * B + A.B";
        assert_eq!(message(&pls, both, &data), "construct `A.B` has the name that the product `A:B` gets: rename it");
        let text = message(&pls, &product("A.B"), &taken("A.B"));
        assert_eq!(text, "indicator `A.B` has the name that the product `A:B` gets: rename it");
    }
    let pls = Pls::new().interaction(Interaction::ProductIndicators);
    assert_eq!(
        message(&pls, &product("a1.b2"), &taken("a1.b2")),
        "indicator `a1.b2` has the name that the product of `a1` and `b2` gets: rename it"
    );
    let pls = Pls::new().interaction(Interaction::TwoStage);
    assert_eq!(
        message(&pls, &product("A.B.score"), &taken("A.B.score")),
        "indicator `A.B.score` has the name that the score of the product `A:B` gets: rename it"
    );
    let pls = Pls::new().higher_order(HigherOrder::RepeatedIndicators);
    assert_eq!(
        message(&pls, &whole("W.a2"), &taken("W.a2")),
        "indicator `W.a2` has the name that the indicator `a2` of `A` as one of `W` gets: rename it"
    );
    let pls = Pls::new().higher_order(HigherOrder::DisjointTwoStage);
    assert_eq!(
        message(&pls, &whole("B.score"), &taken("B.score")),
        "indicator `B.score` has the name that the score of `B` gets: rename it"
    );
    // Where nothing gets the name, it may be had.
    for (pls, model, name) in [
        (Pls::new().higher_order(HigherOrder::SaturatedTwoStage), whole("W.a2"), "W.a2"),
        (Pls::new().interaction(Interaction::Sequential), product("a1.b2"), "a1.b2"),
        (Pls::new().interaction(Interaction::Sequential), product("A.score"), "A.score"),
    ] {
        let plain = model.replace(name, "c2").parse::<Model>().unwrap();
        let fit = pls.fit(&model.parse().unwrap(), &taken(name)).unwrap();
        let expected = pls.fit(&plain, &data).unwrap();
        for (one, other) in fit.direct_effects().iter().zip(expected.direct_effects()) {
            assert_eq!(one.estimate(), other.estimate());
        }
    }
}

/// A total index from domains alone.
#[test]
fn a_whole_may_have_no_path_but_those_of_its_dimensions() {
    let data = survey();
    let measures = |name: &str| {
        let model = template::ecsi_mobile().model();
        format!("{name} =~ {}", model.construct(name).unwrap().indicators().join(" + "))
    };
    let domains = ["Quality", "Value", "Satisfaction"];
    let measured = domains.map(measures).join("; ");
    for operator in ["<~", "=~"] {
        let model: Model = format!("{measured}; Overall {operator} Quality + Value + Satisfaction").parse().unwrap();
        assert_eq!(model.to_string().parse::<Model>().unwrap(), model);
        let pls = Pls::new().higher_order(HigherOrder::RepeatedIndicators);
        let fit = pls.fit(&model, &data).unwrap();
        assert_eq!(fit.model().construct("Overall").unwrap().indicators().len(), 12);
        if operator == "<~" {
            // The indicators of all dimensions make up the whole, and so do the dimensions if they are of mode A alone.
            let fit = pls.mode("Overall", satindex::structural::Mode::A).fit(&model, &data).unwrap();
            let explained = fit.r_squared("Overall").unwrap().unwrap();
            assert!((0.98..=1.0 + 1e-12).contains(&explained), "{explained}");
            let index = fit.index("Overall").unwrap().value();
            let all: Vec<f64> = domains.iter().map(|name| fit.index(name).unwrap().value()).collect();
            assert!(all.iter().any(|one| *one < index) && all.iter().any(|one| *one > index), "{index} of {all:?}");
        }
        for order in &ORDERS[1..] {
            let error = Pls::new().higher_order(*order).fit(&model, &data).unwrap_err().to_string();
            assert!(
                error.contains("construct `Overall`") && error.contains("HigherOrder::RepeatedIndicators"),
                "{error}"
            );
        }
    }
    // A plain construct without a path is still a slip.
    let error = format!("{measured}; Overall <~ Quality + Value").parse::<Model>().unwrap_err().to_string();
    assert_eq!(error, "construct `Satisfaction` has no path to or from another");
}

/// One or two new people are scored by the weights and means of the fit, in all its stages.
#[test]
fn a_new_respondent_is_scored_in_stages() {
    let data = survey();
    let model: Model = format!("{}Loyalty ~ Image:Satisfaction", template::ecsi_mobile().model()).parse().unwrap();
    let fit = Pls::new().fit(&model, &data).unwrap();
    let plain = Pls::new().fit(&template::ecsi_mobile().model(), &data).unwrap();
    let other = template::ecsi_mobile().population().build().unwrap();
    let people = other.likert(&template::ecsi_mobile().likert(), 2, 99).unwrap();
    let (found, first) = (fit.scores(&people).unwrap(), plain.scores(&people).unwrap());
    let place = |name: &str| template::ecsi_mobile().model().position(name).unwrap();
    let product = fit.model().position("Image.Satisfaction").unwrap();
    // Of the sample's products, the mean and the deviation.
    let sample = plain.scores(&data).unwrap();
    let products: Vec<f64> = (0..data.rows())
        .map(|row| sample.get(row, place("Image")).unwrap() * sample.get(row, place("Satisfaction")).unwrap())
        .collect();
    let mean = products.iter().sum::<f64>() / 120.0;
    let deviation = (products.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 119.0).sqrt();
    for row in 0..2 {
        let own = first.get(row, place("Image")).unwrap() * first.get(row, place("Satisfaction")).unwrap();
        let score = found.get(row, product).unwrap();
        assert_relative_eq!(score, (own - mean) / deviation, epsilon = 0.0, max_relative = 1e-11);
    }
}
