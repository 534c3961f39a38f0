//! Numbers of replicates that no memory holds, and options that do not go together.

use satindex::Error;
use satindex::inference::{Bootstrap, ExactFitTest, IntervalType, Permutation};
use satindex::structural::{Model, Pls};
use satindex::survey::{Missing, Responses};

fn model() -> Model {
    "A =~ a; B =~ b1 + b2; B ~ A".parse().unwrap()
}

fn answers(gap: Option<f64>) -> Responses {
    let row = |row: u32| {
        let answer = |factor: u32| Some(f64::from(row * row * factor % 11));
        [answer(1), answer(3), if row == 4 { gap } else { answer(7) }]
    };
    let labels: Vec<String> = (0..30).map(|row| (row % 2).to_string()).collect();
    Responses::from_rows(["a", "b1", "b2"], (0..30).map(row)).unwrap().with_group("half", &labels).unwrap()
}

#[test]
fn sizes_are_checked_before_memory_is_taken() {
    let answers = answers(Some(1.0));
    let fit = Pls::new().fit(&model(), &answers).unwrap();
    let refused = |error: Error, most: usize| {
        assert!(error.is_invalid_value());
        let message = error.to_string();
        assert!(message.starts_with("the number of replicates "), "{message}");
        let expected = message.split("expected at most ").nth(1).unwrap().split(',').next().unwrap();
        assert!(expected.parse::<usize>().unwrap() <= most, "{message}");
    };
    let quantities = Bootstrap::new(2).run(&fit, &answers).unwrap().quantities().len();
    for replicates in [usize::MAX, usize::MAX / 2 + 1, 1 << 60, 1 << 40, u32::MAX as usize, (1 << 28) / quantities + 1]
    {
        refused(Bootstrap::new(replicates).run(&fit, &answers).unwrap_err(), 1 << 28);
        refused(Permutation::new(replicates).run(&fit, &answers, "half").unwrap_err(), 1 << 28);
    }
    for replicates in [usize::MAX, 1 << 60, 1 << 28] {
        refused(ExactFitTest::new(replicates).run(&fit, &answers).unwrap_err(), 1 << 28);
        let error = Bootstrap::new(10).studentised(replicates.saturating_add(1)).run(&fit, &answers).unwrap_err();
        refused(error, 1 << 28);
    }
    // What a replicate of the filled answers keeps is no less.
    let gapped = self::answers(None);
    let fit = Pls::new().missing(Missing::Mean).fit(&model(), &gapped).unwrap();
    refused(Bootstrap::new(1 << 40).run(&fit, &gapped).unwrap_err(), 1 << 28);
    refused(Permutation::new(1 << 40).run(&fit, &gapped, "half").unwrap_err(), 1 << 28);
}

#[test]
fn options_that_contradict_each_other_are_refused_before_the_run() {
    let complete = answers(Some(1.0));
    let fit = Pls::new().fit(&model(), &complete).unwrap();
    let message = |bootstrap: Bootstrap| {
        let error = bootstrap.run(&fit, &complete).unwrap_err();
        assert!(error.is_unsupported());
        error.to_string()
    };
    assert_eq!(
        message(Bootstrap::new(9).interval(IntervalType::Bca).without_jackknife()),
        "a BCa interval: needs the jackknife: do not leave it out (`without_jackknife`)"
    );
    assert_eq!(
        message(Bootstrap::new(9).interval(IntervalType::Studentised)),
        "a studentised interval: needs each replicate's own standard error: ask for it (`studentised`)"
    );
    assert_eq!(
        message(Bootstrap::with_draws(vec![vec![0; 30]; 3]).stratify("half")),
        "replicates that are given: were not drawn by strata or clusters: leave these out"
    );
    let gapped = answers(None);
    let fit = Pls::new().missing(Missing::Mean).fit(&model(), &gapped).unwrap();
    let error = Bootstrap::new(9).interval(IntervalType::Bca).run(&fit, &gapped).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a BCa interval needs the jackknife, which: takes complete answers; fit with listwise deletion, or ask for another \
         type of interval"
    );
    // The degrees of freedom of Student's distribution need no jackknife.
    let boot = Bootstrap::new(99).interval(IntervalType::StudentT).run(&fit, &gapped).unwrap();
    let path = boot.path("A", "B").unwrap();
    assert!(path.interval(satindex::Confidence::P95, IntervalType::StudentT).is_ok());
}
