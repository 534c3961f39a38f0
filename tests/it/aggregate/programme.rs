//! The batch run.

use std::ops::ControlFlow;

use approx::assert_relative_eq;
use satindex::aggregate::results::Progress;
use satindex::aggregate::{Aggregation, Interviews, Programme, Structure, Wave};
use satindex::inference::Bootstrap;
use satindex::structural::{Model, Pls, template};
use satindex::survey::{Missing, Responses};
use satindex::{Error, Result};

const NAMES: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

fn structure() -> Structure {
    let builder = Structure::builder("nation").group("s", "nation", 0.6).group("t", "nation", 0.4);
    let add = |builder: satindex::aggregate::StructureBuilder, (at, name): (usize, &&str)| {
        builder.entity(*name, if at % 2 == 0 { "s" } else { "t" }, (at + 1) as f64)
    };
    NAMES.iter().enumerate().fold(builder, add).entity("a", "t", 2.5).build().unwrap()
}

fn programme() -> Programme {
    let programme = Programme::new(template::acsi().model(), "Satisfaction", structure()).unwrap();
    programme.bootstrap(Bootstrap::new(60).seed(11)).batch(2)
}

fn answers(at: usize) -> Responses {
    simulated(at, 120)
}

fn simulated(at: usize, respondents: usize) -> Responses {
    let survey = template::acsi();
    let likert = survey.likert().shifted(at as f64).unwrap();
    survey.population().build().unwrap().likert(&likert, respondents, at as u64).unwrap()
}

fn interviews() -> impl Iterator<Item = (&'static str, Responses)> {
    NAMES.into_iter().enumerate().map(|(at, name)| (name, answers(at)))
}

fn go_on(_: Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn every_entity_as_if_it_were_alone() {
    let wave = programme().run(interviews()).unwrap();
    assert_eq!((wave.reports().len(), wave.failures().count()), (NAMES.len(), 0));
    let mut alone = Vec::new();
    for (at, report) in wave.reports().iter().enumerate() {
        let fit = Pls::new().fit(&template::acsi().model(), &answers(at)).unwrap();
        let estimate = report.estimate().unwrap();
        // Of the same solution, with sums in another order.
        let index = fit.index("Satisfaction").unwrap();
        assert_relative_eq!(estimate.index().value(), index.value(), max_relative = 1e-14, epsilon = 0.0);
        assert_eq!(estimate.findings(), fit.verify().findings());
        assert_eq!((estimate.respondents(), estimate.respondents_dropped()), (120, 0));
        // Known weights leave out what little their estimation adds; 60 replicates have the standard error to a tenth.
        let known = fit.index("Satisfaction").unwrap().std_error().unwrap();
        assert_relative_eq!(estimate.index().std_error().unwrap(), known, max_relative = 0.4, epsilon = 0.0);
        alone.push((report.name(), estimate.index().clone()));
    }
    let combined = Aggregation::new().aggregate(&structure(), alone).unwrap();
    for group in ["nation", "s", "t"] {
        assert_eq!(wave.aggregated().index(group).unwrap(), combined.index(group).unwrap());
        let spread = wave.aggregated().replicates(group).unwrap();
        assert_eq!(spread.len(), 60);
        let mean = spread.iter().sum::<f64>() / 60.0;
        let variance = spread.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 59.0;
        // An entity in two groups counts once with the sum of its weights, in both ways of reckoning; of 60 replicates.
        let error = combined.index(group).unwrap().std_error().unwrap();
        assert_relative_eq!(variance.sqrt(), error, max_relative = 0.4, epsilon = 0.0);
        assert!(wave.aggregated().percentile_interval(group).unwrap().contains(mean));
    }
}

/// Nine times the interviews make every interval a third as wide.
#[test]
fn intervals_shrink_with_the_root_of_n() {
    let wave = |respondents: usize| {
        let interviews = NAMES.into_iter().enumerate().map(|(at, name)| (name, simulated(at, respondents)));
        programme().bootstrap(Bootstrap::new(400).seed(3)).run(interviews).unwrap()
    };
    let (few, many) = (wave(100), wave(900));
    for name in NAMES.into_iter().chain(["nation", "s", "t"]) {
        let width = |wave: &Wave| {
            let interval = wave.aggregated().index(name).unwrap().interval().unwrap();
            interval.upper() - interval.lower()
        };
        // 400 replicates know a percentile interval to about 6 %, 100 respondents their deviation to about 7 %.
        assert_relative_eq!(width(&few) / width(&many), 3.0, max_relative = 0.3, epsilon = 0.0);
    }
}

/// The order has no influence on an entity, nor on the groups' indices and standard errors.
#[test]
fn the_order_of_entities_and_the_size_of_batches_do_not_matter() {
    let wave = programme().run(interviews()).unwrap();
    let mut backwards: Vec<_> = interviews().collect();
    backwards.reverse();
    let other = programme().batch(3).run(backwards).unwrap();
    for name in NAMES.into_iter().chain(["nation", "s", "t"]) {
        assert_eq!(wave.aggregated().index(name).unwrap(), other.aggregated().index(name).unwrap());
    }
    for (one, other) in
        wave.aggregated().replicates("nation").unwrap().iter().zip(other.aggregated().replicates("nation").unwrap())
    {
        // The same sums in another order.
        assert_relative_eq!(*one, other, max_relative = 1e-14, epsilon = 0.0);
    }
    assert_eq!(wave, programme().batch(100).run(interviews()).unwrap());
}

#[cfg(feature = "serde")]
#[test]
fn a_run_that_was_interrupted_gives_the_same_bits() {
    use satindex::aggregate::Checkpoint;

    let whole = programme().run(interviews()).unwrap();
    for stop in [1, 4, 6] {
        let mut stored = String::new();
        // Killed: all that is left is what the last call of the progress function stored.
        let result = programme().advance(programme().start().unwrap(), interviews(), |progress| {
            stored = serde_json::to_string(progress.checkpoint()).unwrap();
            if progress.done() >= stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let left = result.unwrap();
        assert!(left.reports().len() >= stop && left.reports().len() < NAMES.len() || stop == 6);
        let read: Checkpoint = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, left);
        let resumed = programme().finish(programme().advance(read, interviews(), go_on).unwrap()).unwrap();
        assert_eq!(resumed, whole);
        let text = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::to_string(&resumed).unwrap(), text);
        assert_eq!(serde_json::from_str::<Wave>(&text).unwrap(), whole);
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_checkpoint_belongs_to_its_programme() {
    use satindex::aggregate::Checkpoint;

    let done = programme().advance(programme().start().unwrap(), interviews().take(2), go_on).unwrap();
    let other = programme().bootstrap(Bootstrap::new(60).seed(12));
    let reason = "the checkpoint: it is of another programme (the model, the construct, the estimator, the bootstrap or the \
                  structure differs)";
    assert_eq!(other.finish(done.clone()).unwrap_err().to_string(), reason);
    assert!(programme().estimator(Pls::new().missing(Missing::Mean)).finish(done.clone()).is_err());
    assert!(programme().batch(5).finish(done.clone()).is_ok());
    // Changed by hand.
    let change = |change: fn(&mut serde_json::Value)| {
        let mut value = serde_json::to_value(&done).unwrap();
        change(&mut value["tally"]);
        let changed: Checkpoint = serde_json::from_value(value).unwrap();
        assert_eq!(programme().finish(changed).unwrap_err().to_string(), reason);
    };
    change(|tally| drop(tally["sums"].as_array_mut().unwrap().pop()));
    change(|tally| drop(tally["indices"].as_array_mut().unwrap().pop()));
    change(|tally| tally["resamples"] = 61.into());
}

#[test]
fn parts_done_elsewhere_are_put_together() {
    let part = |range: std::ops::Range<usize>| {
        let some = interviews().skip(range.start).take(range.len());
        programme().advance(programme().start().unwrap(), some, go_on).unwrap()
    };
    let whole = programme().run(interviews()).unwrap();
    let merged = programme().finish(part(0..3).merge(part(3..7)).unwrap()).unwrap();
    assert_eq!(merged.reports(), whole.reports());
    for group in ["nation", "s", "t"] {
        assert_eq!(merged.aggregated().index(group).unwrap(), whole.aggregated().index(group).unwrap());
    }
    let error = part(0..3).merge(part(2..4)).unwrap_err();
    assert_eq!(error.to_string(), "duplicate interviews of `c`");
}

/// The rest goes on, and every failure is told by name and reason.
#[test]
fn what_fails_is_named() {
    let constant = || answers(3).subset(&[0; 120]).unwrap();
    let unreadable: Result<Responses> = Responses::from_rows(["x"], [[Some(f64::NAN)]]);
    let reason = unreadable.clone().unwrap_err().to_string();
    let moments = answers(4).moments(Missing::Listwise).unwrap();
    let stream: Vec<Interviews> = vec![
        ("a", answers(0)).into(),
        ("a", answers(1)).into(),
        ("nobody", answers(2)).into(),
        ("b", constant()).into(),
        ("c", unreadable).into(),
        ("d", moments).into(),
        ("e", answers(5)).into(),
    ];
    let wave = programme().run(stream).unwrap();
    let failures: Vec<(&str, &str)> = wave.failures().collect();
    assert_eq!(failures[0], ("a", "duplicate interviews of `a`"));
    assert_eq!(failures[1], ("nobody", "unknown entity `nobody`"));
    assert_eq!(failures[2].0, "b");
    assert!(failures[2].1.starts_with("indicator `EXP1`: all answers are the same; "), "{}", failures[2].1);
    assert_eq!(failures[3], ("c", reason.as_str()));
    assert_eq!(
        failures[4],
        ("d", "the bootstrap: moments cannot be resampled; give the answers, or leave the bootstrap out")
    );
    assert_eq!(failures.len(), 5);
    assert_eq!(wave.aggregated().absent().collect::<Vec<_>>(), ["b", "c", "d", "f", "g"]);
    assert!(wave.to_string().contains("unknown entity `nobody`"));
    // The failures can be put right and tried again.
    let run = programme().advance(programme().start().unwrap(), vec![("a", constant())], go_on).unwrap();
    let again = programme().advance(run.without_failures(), interviews(), go_on).unwrap();
    assert_eq!(programme().finish(again).unwrap(), programme().run(interviews()).unwrap());
}

#[test]
fn when_nothing_can_be_estimated_the_reasons_are_told() {
    let nobody: Vec<(&str, Responses)> = vec![];
    let error = programme().run(nobody).unwrap_err();
    assert_eq!(error.to_string(), "the list of indices of `nation` is empty");
    let error: Error = programme().run([("x", answers(1)), ("y", answers(1))]).unwrap_err();
    assert_eq!(error.to_string(), "`x`: unknown entity `x`; `y`: unknown entity `y`");
    assert_eq!(
        Programme::new(template::acsi().model(), "Joy", structure()).unwrap_err().to_string(),
        "unknown construct `Joy`"
    );
}

#[test]
fn another_model_in_one_group() {
    let lean: Model =
        "Satisfaction =~ SAT1 + SAT2 + SAT3; Loyalty =~ LOY1 + LOY2; Loyalty ~ Satisfaction".parse().unwrap();
    let programme = programme().without_bootstrap();
    let mixed = programme.clone().model_in("s", lean.clone()).run(interviews()).unwrap();
    let [acsi, lean] = [template::acsi().model(), lean];
    for (at, name) in NAMES.into_iter().enumerate() {
        let fit = Pls::new().fit(if at % 2 == 0 { &lean } else { &acsi }, &answers(at)).unwrap();
        assert_eq!(mixed.aggregated().index(name).unwrap().value(), fit.index("Satisfaction").unwrap().value());
    }
    let other: Model = "Joy =~ SAT1 + SAT2; Loyalty =~ LOY1; Loyalty ~ Joy".parse().unwrap();
    let hostile = programme.model_in("x", lean.clone()).model_in("s", other).batch(0);
    assert_eq!(
        hostile.run(interviews()).unwrap_err().to_string(),
        "unknown group `x`; the model of group `s`: unknown construct `Satisfaction`; the size of a batch is 0; expected \
         at least 1"
    );
}

/// What an engine gathers elsewhere: the same indices, with the standard errors of known weights.
#[test]
fn moments_give_the_same_indices() {
    let lean = programme().without_bootstrap();
    let whole = lean.run(interviews()).unwrap();
    let moments = interviews().map(|(name, answers)| (name, answers.moments(Missing::Listwise)));
    let other = lean.run(moments).unwrap();
    for name in NAMES.into_iter().chain(["nation", "s", "t"]) {
        let (one, other) = (whole.aggregated().index(name).unwrap(), other.aggregated().index(name).unwrap());
        assert_relative_eq!(one.value(), other.value(), max_relative = 1e-12, epsilon = 0.0);
        assert_relative_eq!(one.std_error().unwrap(), other.std_error().unwrap(), max_relative = 1e-12, epsilon = 0.0);
        assert!(one.interval().is_some());
    }
    assert!(whole.aggregated().replicates("nation").is_err());
}
