//! What was answered: what is taken, kept, divided and refused.

use nalgebra::DMatrix;
use proptest::prelude::*;
use satindex::survey::{Indicator, Missing, Questionnaire, Responses, Scale};

use super::message;

fn responses() -> Responses {
    let rows = [[Some(7.0), Some(8.0)], [Some(9.0), None], [Some(4.0), Some(6.0)], [None, Some(1.0)]];
    Responses::from_rows(["CUSA1", "CUSA2"], rows).unwrap()
}

fn column(responses: &Responses, name: &str) -> Vec<Option<f64>> {
    responses.column(name).unwrap().collect()
}

#[test]
fn a_row_of_nan_is_named() {
    let mut rows = vec![[Some(5.0); 3]; 20];
    rows[16] = [Some(f64::NAN); 3];
    assert_eq!(
        message(Responses::from_rows(["CUSA1", "CUSA2", "CUSA3"], rows)),
        "the answer of row 17 to `CUSA1` is NaN; expected a finite number; \
         the answer of row 17 to `CUSA2` is NaN; expected a finite number; \
         the answer of row 17 to `CUSA3` is NaN; expected a finite number"
    );
    let error = Responses::from_matrix(["a"], DMatrix::from_element(1000, 1, f64::INFINITY)).unwrap_err();
    assert_eq!(error.faults().len(), 11);
    let last = "the answer of row 10 to `a` is inf; expected a finite number; 990 more";
    assert!(error.to_string().ends_with(last), "{error}");
}

#[test]
fn what_is_missing_stays_missing() {
    let responses = responses();
    assert_eq!((responses.rows(), responses.missing()), (4, 2));
    assert_eq!(responses.get(0, 0), Some(7.0));
    assert_eq!(responses.get(1, 1), None);
    assert_eq!((responses.get(4, 0), responses.get(0, 2)), (None, None));
    assert_eq!(column(&responses, "CUSA2"), [Some(8.0), None, Some(6.0), Some(1.0)]);
    assert_eq!(message(responses.column("CUSA9").map(Iterator::count)), "unknown indicator `CUSA9`");
    assert_eq!(responses, responses.clone());
}

#[test]
fn bad_case_weights_are_named() {
    let with = |weights: &[f64]| message(responses().with_weights(weights.iter().copied()));
    assert_eq!(with(&[1.0]), "the list of case weights has length 1; expected 4");
    assert_eq!(
        with(&[1.0, -0.5, f64::NAN, 1.0]),
        "the case weight of row 2 is -0.5; expected a number that is not negative; \
         the case weight of row 3 is NaN; expected a finite number"
    );
    assert_eq!(with(&[0.0; 4]), "the sum of the case weights is 0; expected a positive number");
    let huge = with(&[1.0, 1.0, 1.0, f64::MAX]);
    assert!(huge.starts_with("the case weight of row 4 is 1.7976931348623157e308; expected 0, or a number"), "{huge}");
}

#[test]
fn groups_divide_the_respondents() {
    let responses = responses().with_weights([1.0, 2.0, 3.0, 4.0]).unwrap();
    let responses = responses.with_group("region", ["south", "north", "south", ""]).unwrap();
    let responses = responses.with_group("brand", ["A", "A", "B", "C"]).unwrap();
    let region = responses.group("region").unwrap();
    // A blank label is no level, but counted.
    assert_eq!(region.levels(), ["south", "north"]);
    assert_eq!(region.codes(), [Some(0), Some(1), Some(0), None]);
    assert_eq!(region.unlabelled(), 1);
    assert_eq!(responses.labelled("region").unwrap().rows(), 3);
    let parts = responses.split("region").unwrap();
    assert_eq!(parts.iter().map(|(label, _)| label.as_str()).collect::<Vec<_>>(), ["south", "north"]);
    let south = &parts[0].1;
    assert_eq!(column(south, "CUSA1"), [Some(7.0), Some(4.0)]);
    assert_eq!(south.weights(), Some([1.0, 3.0].as_slice()));
    assert_eq!(south.missing(), 0);
    // Only the levels that are left.
    assert_eq!(south.group("brand").unwrap().levels(), ["A", "B"]);
    assert_eq!(south.group("brand").unwrap().labels().collect::<Vec<_>>(), [Some("A"), Some("B")]);

    assert_eq!(message(responses.split("period")), "unknown group `period`");
    assert_eq!(message(responses.clone().with_group("brand", ["A"; 4])), "duplicate group `brand`");
    assert_eq!(message(responses.clone().with_group(" ", ["A"; 4])), "the name of a group is empty");
    let short = responses.with_group("period", ["A"; 3]);
    assert_eq!(message(short), "the list of labels of group `period` has length 3; expected 4");
}

#[test]
fn answers_lie_on_their_scales() {
    let rows = [[Some(7.0), Some(0.0)], [Some(11.0), None], [Some(4.0), Some(12.0)]];
    let responses = Responses::from_rows(["CUSA1", "CUSA2"], rows).unwrap();
    assert_eq!(
        message(responses.clone().with_scale(Scale::ONE_TO_TEN)),
        "the answer of row 2 to `CUSA1` is 11; expected a number from 1 to 10; \
         the answer of row 1 to `CUSA2` is 0; expected a number from 1 to 10 (2 such answers)"
    );
    let scaled = responses.clone().with_scale(Scale::ZERO_TO_HUNDRED).unwrap();
    assert_eq!(scaled.indicators()[1].scale(), Some(Scale::ZERO_TO_HUNDRED));

    let indicator = |name| Indicator::new(name).unwrap();
    let questionnaire = Questionnaire::new([
        indicator("CUSA2").with_scale(Scale::ZERO_TO_HUNDRED).with_wording("Would you come back?"),
        indicator("other").with_scale(Scale::ONE_TO_FIVE),
        indicator("CUSA1"),
    ])
    .unwrap();
    let asked = responses.clone().with_questionnaire(&questionnaire).unwrap();
    assert_eq!(asked.indicators()[0].scale(), None);
    assert_eq!(asked.indicators()[1].wording(), Some("Would you come back?"));
    let incomplete = Questionnaire::new([indicator("CUSA1")]).unwrap();
    assert_eq!(message(responses.with_questionnaire(&incomplete)), "unknown indicator `CUSA2`");
}

#[test]
fn indicators_and_rows_are_chosen() {
    let responses = responses().with_group("region", ["a", "b", "c", "d"]).unwrap();
    let selected = responses.select(["CUSA2"]).unwrap();
    assert_eq!(selected.names().collect::<Vec<_>>(), ["CUSA2"]);
    assert_eq!((selected.missing(), selected.groups().len()), (1, 1));
    assert_eq!(message(responses.select(["x", "CUSA1", "y"])), "unknown indicator `x`; unknown indicator `y`");
    assert_eq!(message(responses.select(["CUSA1", "CUSA1"])), "duplicate indicator `CUSA1`");
    assert_eq!(message(responses.select([""; 0])), "the list of indicators is empty");

    let twice = responses.subset(&[2, 2, 0]).unwrap();
    assert_eq!(column(&twice, "CUSA1"), [Some(4.0), Some(4.0), Some(7.0)]);
    assert_eq!(twice.group("region").unwrap().levels(), ["c", "a"]);
    assert_eq!(message(responses.subset(&[0, 4])), "unknown row `5`");
    assert_eq!(message(responses.subset(&[usize::MAX])), format!("unknown row `{}`", usize::MAX));
    assert_eq!(message(responses.subset(&[])), "the table of answers is empty");
    let weighted = responses.with_weights([1.0, 0.0, 1.0, 1.0]).unwrap();
    assert_eq!(message(weighted.subset(&[1])), "the sum of the case weights is 0; expected a positive number");
}

#[test]
fn missing_answers_can_be_refused() {
    let error = responses().moments(Missing::Reject).unwrap_err();
    let expected = "the answer of row 2 to `CUSA2` is missing; the answer of row 4 to `CUSA1` is missing";
    assert_eq!(error.to_string(), expected);
    assert!(error.is_missing_answer());
    // Beyond the first piece of work of a thread.
    let mut rows = vec![[Some(1.0), Some(2.0)]; 40_000];
    rows[30_000][1] = None;
    let responses = Responses::from_rows(["a", "b"], rows).unwrap();
    assert_eq!(message(responses.moments(Missing::Reject)), "the answer of row 30001 to `b` is missing");
}

#[test]
fn nothing_left_to_work_with() {
    let of =
        |rows: &[[Option<f64>; 2]], missing| message(Responses::from_rows(["a", "b"], rows).unwrap().moments(missing));
    let never_both = [[Some(1.0), None], [None, Some(2.0)]];
    assert_eq!(of(&never_both, Missing::Listwise), "the answers: none of the 2 rows is complete");
    let one_empty = [[Some(1.0), None], [Some(2.0), None]];
    for missing in [Missing::Listwise, Missing::Mean] {
        assert_eq!(of(&one_empty, missing), "indicator `b`: every answer is missing");
        let all = "indicator `a`: every answer is missing; indicator `b`: every answer is missing";
        assert_eq!(of(&[[None; 2]; 3], missing), all);
    }
}

#[test]
fn a_respondent_without_answer_is_never_used() {
    let rows = [[Some(1.0), Some(2.0)], [None, None], [Some(3.0), None], [Some(5.0), Some(4.0)]];
    let responses = Responses::from_rows(["a", "b"], rows).unwrap();
    let counts = |missing| {
        let moments = responses.moments(missing).unwrap();
        (moments.rows(), moments.rows_dropped(), moments.answers_filled(), moments.n())
    };
    assert_eq!(counts(Missing::Listwise), (2, 2, 0, 2.0));
    assert_eq!(counts(Missing::Mean), (3, 1, 1, 3.0));
}

#[cfg(feature = "serde")]
#[test]
fn nothing_invalid_is_read_back() {
    let responses = responses().with_weights([1.0, 0.1, 3.0, 4.0]).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
    let responses = responses.with_group("region", ["south", "north", "south", ""]).unwrap();
    let text = serde_json::to_string(&responses).unwrap();
    let back = |text: &str| serde_json::from_str::<Responses>(text);
    assert_eq!(back(&text).unwrap(), responses);
    for (from, to) in [
        ("CUSA2", "CUSA1"),
        ("[7.0,9.0,4.0,null]", "[7.0,9.0,4.0]"),
        ("[7.0,9.0,4.0,null]", "[7.0,9.0,4.0,11.0]"),
        ("[1.0,0.1,3.0,4.0]", "[1.0,-0.1,3.0,4.0]"),
        ("[1.0,0.1,3.0,4.0]", "[1.0]"),
        ("\"north\",", ""),
        ("[[7.0,9.0,4.0,null],[8.0,null,6.0,1.0]]", "[[],[]]"),
        ("[[7.0,9.0,4.0,null],[8.0,null,6.0,1.0]]", "[]"),
    ] {
        assert!(text.contains(from) && back(&text.replace(from, to)).is_err(), "{from} -> {to}");
    }
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        5 => (1..=10).prop_map(f64::from),
        1 => any::<f64>(),
        1 => proptest::sample::select(vec![0.0, 1e300, -1e300, 1e-300, f64::MAX, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY]),
    ]
}

fn any_table() -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let answer = || prop_oneof![5 => any_number().prop_map(Some), 1 => Just(None)];
    (1..5_usize)
        .prop_flat_map(move |columns| proptest::collection::vec(proptest::collection::vec(answer(), columns), 0..12))
}

proptest! {
    /// Whatever the numbers are: an error, or moments that are finite throughout and come back from their serialised form.
    #[test]
    fn any_numbers_give_an_error_or_finite_moments(
        rows in any_table(),
        weights in proptest::collection::vec(any_number(), 12),
        weighted: bool,
    ) {
        let columns = rows.first().map_or(1, Vec::len);
        let Ok(responses) = Responses::from_rows((0..columns).map(|at| format!("x{at}")), &rows) else { return Ok(()) };
        let weighted = responses.clone().with_weights(weights.into_iter().take(if weighted { rows.len() } else { 0 }));
        let responses = weighted.unwrap_or(responses);
        for missing in [Missing::Reject, Missing::Listwise, Missing::Mean] {
            let Ok(moments) = responses.moments(missing) else { continue };
            prop_assert!(moments.n().is_finite() && moments.n() > 0.0);
            prop_assert!(moments.means().unwrap().iter().all(|mean| mean.is_finite()));
            if let Ok(correlation) = moments.correlation() {
                prop_assert!(correlation.iter().all(|entry| entry.abs() <= 1.0));
            }
            if let Ok(covariance) = moments.covariance() {
                prop_assert!(covariance.iter().all(|entry| entry.is_finite()));
                prop_assert!(moments.standard_deviations().unwrap().iter().all(|deviation| deviation.is_finite()));
            }
            #[cfg(feature = "serde")]
            {
                let text = serde_json::to_string(&moments).unwrap();
                let back: satindex::survey::Moments = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(back, moments);
            }
        }
    }
}
