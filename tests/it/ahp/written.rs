//! Whatever is computed can be written and read again, and what makes no sense is not read.

use std::fmt::Debug;

use satindex::Weights;
use satindex::ahp::{
    Alternatives, Batch, Decision, FuzzyJudgements, FuzzyNumber, GroupJudgements, Judgements, LeastChange, Method,
    Mode, Noise, RandomIndex, Ratings, Reciprocity, Scale, fuzzy::FuzzyMethod, random_index::Simulation,
};
use satindex::survey::Hierarchy;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Writes a value, reads it again, and offers it with one field too many; gives the text.
fn again<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value);
    if let Some(rest) = text.strip_prefix('{') {
        let more = format!("{{\"stray\": 1, {rest}");
        let error = serde_json::from_str::<T>(&more).unwrap_err().to_string();
        assert!(error.starts_with("unknown field `stray`") || error.starts_with("unknown variant `stray`"), "{error}");
    }
    text
}

/// Is a text refused once a part of it is replaced?
fn refused<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, part: &str, by: &str) {
    let text = again(value);
    assert!(text.contains(part), "{text}");
    assert!(serde_json::from_str::<T>(&text.replacen(part, by, 1)).is_err(), "{text}");
}

fn judgements() -> Judgements {
    Judgements::from_upper(["a", "b", "c", "d"], &[2.0, 5.0, 3.0, 9.0, 0.5, 3.0]).unwrap()
}

#[test]
fn judgements_and_what_comes_of_them() {
    let judgements = judgements();
    refused(&judgements, "\"labels\"", "\"label\"");
    let gaps = judgements.without("a", "b").unwrap();
    for priorities in [&judgements, &gaps].map(|j| j.priorities(Method::MinimalEigenvalue).unwrap()) {
        refused(&priorities, "\"b\"", "\"x\"");
        refused(&priorities, "\"z\":[", "\"z\":[-");
        let read: satindex::ahp::Priorities = serde_json::from_str(&again(&priorities)).unwrap();
        assert_eq!(read.completed().unwrap(), priorities.completed().unwrap());
        let consistency = priorities.consistency().unwrap();
        refused(&consistency, "\"ci\":", "\"ci\":-");
        for verdict in consistency.verdicts(RandomIndex::Saaty) {
            again(&verdict);
        }
    }
    for misfit in judgements.misfits(3).unwrap() {
        refused(&misfit, "\"error\":", "\"error\":-");
    }
    let revision = judgements.revised(0.05, RandomIndex::Saaty, LeastChange::Cells).unwrap();
    refused(&revision, "\"given\":", "\"given\":-");
    let batch = Batch::new(Method::Eigenvector).run(&[judgements.clone(), gaps]).unwrap();
    refused(&batch, "\"ci\":[", "\"ci\":[0.1,");
    refused(&batch, "\"weights\":[", "\"weights\":[0.1,");
    again(&Batch::new(Method::RowSum).without_consistency());
    let noise = Noise::new(0.2).replicates(4);
    refused(&noise, "\"deviation\":", "\"deviation\":-");
    refused(&noise.run(&judgements, Method::GeometricMean).unwrap(), "\"values\":[", "\"values\":[0.1,");
    refused(&Simulation::run(4, 10, 1).unwrap(), "\"samples\":10", "\"samples\":0");
}

#[test]
fn groups_and_fuzzy_judgements() {
    let other = Judgements::from_upper(["a", "b", "c", "d"], &[1.0, 4.0, 3.0, 2.0, 0.5, 1.0]).unwrap();
    let group = GroupJudgements::new([("Ann", judgements()), ("Bob", other)]).unwrap();
    refused(&group, "\"Ann\"", "\"Bob\"");
    for dispersion in group.dispersions() {
        again(&dispersion);
    }
    let priorities = group.priorities(Method::GeometricMean).unwrap();
    refused(&priorities, "\"individual\":[", "\"individual\":[],\"individual\":[");
    again(&priorities.consensus());
    for deviation in priorities.deviations().unwrap() {
        refused(&deviation, "\"distance\":", "\"distance\":-");
    }
    for cluster in priorities.clusters(0.5).unwrap() {
        refused(&cluster, "\"respondents\":[", "\"respondents\":[\"\",");
    }
    let about = FuzzyNumber::triangular(1.0, 2.0, 3.0).unwrap();
    let fuzzy = FuzzyJudgements::from_upper(["a", "b"], &[about]).unwrap();
    again(&fuzzy);
    for method in FuzzyMethod::ALL {
        let weights = fuzzy.priorities(method).unwrap();
        refused(&weights, "\"numbers\":[", "\"numbers\":[[0,0,0,0],");
        again(&weights.possibility().unwrap());
    }
}

#[test]
fn decisions_alternatives_and_ratings() {
    let pair = |ratio: f64| Judgements::from_upper(["north", "south"], &[ratio]).unwrap();
    let decision = Decision::new("home", Judgements::from_upper(["rent", "quiet"], &[2.0]).unwrap())
        .compare("rent", pair(3.0))
        .compare("quiet", pair(0.25));
    again(&decision);
    again(&decision.consistency(Method::Eigenvector).unwrap());
    let alternatives = decision.alternatives(Method::Eigenvector).unwrap();
    again(&alternatives);
    for mode in Mode::ALL {
        refused(&alternatives.synthesise(mode).unwrap(), "\"scores\":[", "\"scores\":[0.5,");
        let sensitivity = alternatives.sensitivity("rent", mode).unwrap();
        refused(&sensitivity, "\"none\":[", "\"none\":[0.5,");
        sensitivity.flips().iter().for_each(|flip| drop(again(flip)));
        alternatives.reversals(mode).iter().for_each(|reversal| drop(again(reversal)));
    }
    // The logarithm of a weight of 0.
    let criteria = Hierarchy::builder("g", Weights::equal(["c", "d"]).unwrap()).build().unwrap();
    let local = |a: f64| Weights::normalised(["A", "B"], [a, 1.0]).unwrap();
    let zero = Alternatives::new(criteria.clone(), [("c", local(0.0)), ("d", local(1.0))]).unwrap();
    let sensitivity = zero.sensitivity("c", Mode::Product).unwrap();
    assert!(again(&sensitivity).contains("null"));
    let ratings = Ratings::new(criteria, [("c", local(1.0)), ("d", local(2.0))]).unwrap();
    again(&ratings);
    refused(&ratings.rate("Ann", [("c", "A"), ("d", "B")]).unwrap(), "\"scores\":[", "\"scores\":[0.5,");
}

/// One spelling is written, any is read, and an unknown name is answered by the list of those that there are.
#[test]
fn names_have_one_spelling() {
    fn names<T: Serialize + DeserializeOwned + PartialEq + Debug + Copy + std::str::FromStr + ToString>(all: &[T]) {
        for one in all {
            let name = serde_json::to_value(one).unwrap().as_str().unwrap().to_owned();
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit()),
                "{name}"
            );
            for spelling in [name.clone(), name.replace('_', "-"), name.replace('_', " ").to_uppercase()] {
                assert_eq!(spelling.parse::<T>().ok().as_ref(), Some(one), "{spelling}");
            }
            again(one);
        }
    }
    names(&Method::ALL);
    names(&Mode::ALL);
    names(&Scale::ALL);
    names(&LeastChange::ALL);
    names(&FuzzyMethod::ALL);
    names(&satindex::fuzzy::Operator::ALL);
    for table in [RandomIndex::Saaty1980, RandomIndex::AlonsoLamata, RandomIndex::Simulated { samples: 9, seed: 2 }] {
        again(&table);
    }
    assert_eq!("saaty-1980".parse::<RandomIndex>().unwrap(), RandomIndex::Saaty1980);
    assert_eq!(RandomIndex::DoneganDodd.to_string().parse::<RandomIndex>().unwrap(), RandomIndex::DoneganDodd);
    let message = |error: satindex::Error| error.to_string();
    assert_eq!(
        message("best".parse::<Mode>().unwrap_err()),
        "unknown mode `best`; expected one of `distributive`, `ideal`, `product`"
    );
    assert!(message("golden".parse::<RandomIndex>().unwrap_err()).contains("`tummala_ling`, `exact`"));
    again(&Reciprocity::Within(0.045));
}

#[test]
fn sizes_are_checked_before_anything_is_allocated() {
    let labels: Vec<String> = (0..100_000).map(|at| at.to_string()).collect();
    assert!(Judgements::new(labels.clone()).unwrap_err().to_string().ends_with("expected at most 2000"));
    let text = serde_json::json!({ "labels": labels, "upper": [] }).to_string();
    assert!(serde_json::from_str::<Judgements>(&text).is_err());
    let sensitivity = |points| {
        let criteria = Hierarchy::builder("g", Weights::equal(["c", "d"]).unwrap()).build().unwrap();
        let local = Weights::equal(["A", "B"]).unwrap();
        let alternatives = Alternatives::new(criteria, [("c", local.clone()), ("d", local)]).unwrap();
        alternatives.sensitivity("c", Mode::Ideal).unwrap().curve(points).is_ok()
    };
    assert_eq!([1, 2, 10_000, usize::MAX].map(sensitivity), [false, true, true, false]);
}
