//! Grouping columns: groups with too few respondents, rows without a label, rows that the fit used.

use approx::assert_relative_eq;
use satindex::inference::{Bootstrap, Permutation, Quantity};
use satindex::structural::{Model, Pls, template};
use satindex::survey::{Csv, Missing, Responses};

use super::bootstrap::{survey, with_gaps};
use super::cases::SMALL_GROUP;

#[test]
fn a_group_with_too_few_respondents_is_refused_as_by_the_fit() {
    let model: Model =
        "Quality =~ q1 + q2 + q3; Value =~ v1 + v2 + v3; Satisfaction =~ s1 + s2 + s3; Satisfaction ~ Quality + Value"
            .parse()
            .unwrap();
    let answers = Csv::new().columns(model.indicators()).group("region").read(SMALL_GROUP.as_bytes()).unwrap();
    let north = &answers.split("region").unwrap()[0];
    assert_eq!(north.0, "north");
    let expected = Pls::new().fit(&model, &north.1).unwrap_err().to_string();
    assert!(expected.starts_with("5 respondents for 9 indicators"));
    let run = |pls: &Pls| Permutation::new(99).run(&pls.fit(&model, &answers).unwrap(), &answers, "region");
    let error = run(&Pls::new()).unwrap_err();
    assert_eq!(error.to_string(), format!("group `north`: {expected}"));
    assert!(error.is_degenerate());
    let allowed = run(&Pls::new().allow_few_respondents()).unwrap();
    let path = Quantity::Path { from: "Quality".into(), to: "Satisfaction".into() };
    assert!(allowed.difference(&path, "north", "south").is_ok());
}

/// A replicate that the caller gives is refused as a fit of its rows would be.
#[test]
fn a_given_replicate_with_too_few_respondents_is_refused() {
    let answers = survey(100, 3);
    let fit = Pls::new().fit(&template::ecsi_mobile().model(), &answers).unwrap();
    let draws = vec![(0..100).collect(), (0..24).collect::<Vec<usize>>()];
    let error = Bootstrap::with_draws(draws).run(&fit, &answers).unwrap_err().to_string();
    assert!(error.starts_with("replicate 2: 24 respondents for 24 indicators; "), "{error}");
}

#[test]
fn a_blank_label_is_no_group() {
    let labels: Vec<&str> = (0..100)
        .map(|row| ["north", "south", ""][usize::from(row == 41) * 2 + row % 2 * usize::from(row != 41)])
        .collect();
    let answers = survey(100, 3).with_group("region", &labels).unwrap();
    let fit = Pls::new().fit(&template::ecsi_mobile().model(), &answers).unwrap();
    let expected = "group `region`: 1 of the rows in use have no label, the first is row 42; label them, or fit and \
                    compare without them (`Responses::labelled`)";
    let permuted = Permutation::new(9).run(&fit, &answers, "region").unwrap_err();
    let stratified = Bootstrap::new(9).stratify("region").run(&fit, &answers).unwrap_err();
    let clustered = Bootstrap::new(9).cluster("region").run(&fit, &answers).unwrap_err();
    for error in [permuted, stratified, clustered] {
        assert_eq!(error.to_string(), expected);
    }
    // Respondents that the fit does not use need no label.
    let rows = (0..100).map(|row| {
        (0..24).map(|column| answers.get(row, column).filter(|_| row != 41 || column > 0)).collect::<Vec<_>>()
    });
    let names: Vec<String> = answers.names().map(str::to_owned).collect();
    let gapped = Responses::from_rows(names, rows).unwrap().with_group("region", &labels).unwrap();
    let fit = Pls::new().fit(&template::ecsi_mobile().model(), &gapped).unwrap();
    assert!(Permutation::new(9).run(&fit, &gapped, "region").is_ok());
}

/// Where the main analysis fills missing answers in, groups are compared on the same respondents.
#[test]
fn groups_are_compared_on_the_rows_of_the_fit() {
    let labels: Vec<&str> = (0..120).map(|row| if row % 2 == 0 { "a" } else { "b" }).collect();
    let answers = with_gaps(&survey(120, 3)).with_group("shop", &labels).unwrap();
    let pls = Pls::new().missing(Missing::Mean).tolerance(1e-13);
    let fit = pls.fit(&template::ecsi_mobile().model(), &answers).unwrap();
    assert_eq!(fit.n(), 120.0);
    let permuted = Permutation::new(19).seed(4).run(&fit, &answers, "shop").unwrap();
    let path = Quantity::Path { from: "Image".into(), to: "Loyalty".into() };
    for (level, part) in answers.split("shop").unwrap() {
        let own = pls.fit(fit.model(), &part).unwrap();
        assert_eq!(own.n(), 60.0);
        let expected = own.path("Image", "Loyalty").unwrap();
        assert_relative_eq!(permuted.estimate(&path, &level).unwrap(), expected, epsilon = 1e-11);
    }
    assert_eq!(permuted.difference(&path, "a", "b").unwrap().draws().len(), 19);
}
