use proptest::prelude::*;
use proptest::sample::select;
use satindex::structural::{Construct, Model};

use super::strategies;

/// The model's statements, each construct declared in as many statements as it has indicators.
fn statements(model: &Model) -> Vec<String> {
    let declare = |construct: &Construct, indicator: &str| {
        let operator = match construct.kind() {
            satindex::structural::ConstructKind::Reflective => "=~",
            satindex::structural::ConstructKind::Composite => "<~",
        };
        format!("{}{operator}{indicator}", construct.name())
    };
    let declarations = model
        .constructs()
        .iter()
        .flat_map(|construct| construct.indicators().iter().map(move |indicator| declare(construct, indicator)));
    declarations.chain(model.named_paths().map(|(from, to)| format!("{to} ~ {from}"))).collect()
}

proptest! {
    #[test]
    fn a_model_prints_as_it_parses(model in strategies::model()) {
        let text = model.to_string();
        prop_assert_eq!(text.parse::<Model>().unwrap(), model);
    }

    #[test]
    fn statements_come_in_any_order(
        (model, order) in strategies::model().prop_flat_map(|model| {
            let order = (0..statements(&model).len()).collect::<Vec<_>>();
            (Just(model), Just(order).prop_shuffle())
        }),
        end in select(vec![";", "\n", "\r\n", " # a comment\n", " ! another ; ~~ \r\n\r\n"]),
    ) {
        let statements = statements(&model);
        let text: String = order.iter().map(|at| statements[*at].clone() + end).collect();
        let parsed: Model = text.parse().unwrap();
        let content = |model: &Model| {
            let mut paths: Vec<_> = model.named_paths().map(|(from, to)| (from.to_owned(), to.to_owned())).collect();
            let mut constructs: Vec<_> = model
                .constructs()
                .iter()
                .map(|construct| {
                    let mut indicators = construct.indicators().to_vec();
                    indicators.sort();
                    (construct.name().to_owned(), construct.kind() as u8, indicators)
                })
                .collect();
            paths.sort();
            constructs.sort();
            (constructs, paths)
        };
        prop_assert_eq!(content(&parsed), content(&model));
    }

    #[test]
    fn every_path_leads_forward_in_the_order(model in strategies::model()) {
        let mut place = vec![0; model.order().len()];
        for (at, construct) in model.order().iter().enumerate() {
            place[*construct] = at;
        }
        prop_assert!(model.paths().iter().all(|(from, to)| place[*from] < place[*to]));
    }

    #[test]
    fn a_path_back_closes_a_cycle_that_is_named(model in strategies::model(), which in any::<proptest::sample::Index>()) {
        let (from, to) = model.paths()[which.index(model.paths().len())];
        let [from, to] = [from, to].map(|at| model.constructs()[at].name());
        let error = format!("{model}\n{from} ~ {to}").parse::<Model>().unwrap_err().to_string();
        let cycle = error.strip_prefix("the paths form a cycle: ").unwrap();
        let names: Vec<&str> = cycle.split(" -> ").collect();
        prop_assert_eq!(names.first(), names.last());
        for step in names.windows(2) {
            let known = model.named_paths().any(|path| path == (step[0], step[1]));
            prop_assert!(known || (step[0], step[1]) == (to, from), "{} -> {}", step[0], step[1]);
        }
    }

    #[test]
    fn any_text_is_a_model_or_an_error(text in "\\PC*") {
        let _ = text.parse::<Model>();
    }

    #[test]
    fn any_row_of_symbols_is_a_model_or_an_error_and_a_model_survives_printing(
        symbols in proptest::collection::vec(
            select(vec!["A", "B", "x1", "x2", " ", "=~", "<~", "~", "+", ";", "\n", "\r\n", "1", "~~", ":=", "*", ":", "#", "é"]),
            0..40,
        ),
    ) {
        if let Ok(model) = symbols.concat().parse::<Model>() {
            prop_assert_eq!(model.to_string().parse::<Model>().unwrap(), model);
        }
    }

    #[test]
    fn any_name_is_refused_or_survives_printing(name in "\\PC{1,6}", indicator in "\\PC{1,6}") {
        let built = Model::builder().reflective(name, ["a"]).composite("B_", [indicator]).build();
        if let Ok(model) = built {
            prop_assert_eq!(model.to_string().parse::<Model>().unwrap(), model);
        }
    }
}

#[test]
fn a_long_chain_and_a_long_cycle_are_no_trouble() {
    let size = 20_000;
    let line = |at: usize| format!("C{at} =~ x{at}; C{} ~ C{at}\n", (at + 1) % size);
    let text = (0..size).map(line).collect::<Vec<_>>().concat();
    let error = text.parse::<Model>().unwrap_err().to_string();
    assert!(error.starts_with("the paths form a cycle: C0 -> C1 -> C2 -> "));
    assert!(error.ends_with(" -> C8 -> C9 -> 19991 more"), "{error}");
    let chain = text.replace("C0 ~ C19999", "");
    assert_eq!(chain.parse::<Model>().unwrap().order().len(), size);
}
