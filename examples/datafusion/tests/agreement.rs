//! Fits from the moments that the engine sums up are those of one machine that reads every row.

use std::collections::BTreeMap;
use std::path::Path;

use datafusion::physical_plan::displayable;
use datafusion::prelude::{DataFrame, ParquetReadOptions, SessionConfig, SessionContext};
use satindex::structural::template::{self, Template};
use satindex::structural::{Data, Fit, Pls};
use satindex::survey::{Missing, Moments, Responses};
use satindex_datafusion::{AnswerMoments, greatest_difference, moments_by_entity, plan, write_partitions};

/// The tolerance of the estimator is far below that of the tests, so that the sums alone can make a difference.
fn fit<'a>(template: &Template, data: impl Into<Data<'a>>) -> Fit {
    Pls::new().tolerance(1e-13).fit(&template.model(), data).unwrap()
}

fn survey(template: &Template, respondents: usize, seed: u64) -> Responses {
    template.population().build().unwrap().likert(&template.likert(), respondents, seed).unwrap()
}

/// The same answers without those at the places (row, column) that `missing` tells.
fn without(responses: &Responses, missing: impl Fn(usize, usize) -> bool) -> Responses {
    let columns = responses.indicators().len();
    let answer = |row, column| responses.get(row, column).filter(|_| !missing(row, column));
    let rows = (0..responses.rows()).map(|row| (0..columns).map(|column| answer(row, column)).collect::<Vec<_>>());
    Responses::from_rows(responses.names(), rows).unwrap()
}

async fn read(folder: &Path) -> DataFrame {
    // Batches of 64 rows: every accumulator is updated more than once.
    let config = SessionConfig::new().with_target_partitions(3).with_batch_size(64);
    let context = SessionContext::new_with_config(config);
    context.read_parquet(folder.to_str().unwrap(), ParquetReadOptions::default()).await.unwrap()
}

async fn moments(entities: &[(String, Responses)], function: AnswerMoments) -> BTreeMap<String, Moments> {
    let folder = tempfile::tempdir().unwrap();
    write_partitions(folder.path(), entities, 5).unwrap();
    moments_by_entity(read(folder.path()).await, function).await.unwrap()
}

fn named(parts: impl IntoIterator<Item = Responses>) -> Vec<(String, Responses)> {
    parts.into_iter().enumerate().map(|(at, part)| (format!("entity {at}"), part)).collect()
}

#[tokio::test]
async fn fits_agree_with_one_machine() {
    for template in [template::acsi(), template::ecsi()] {
        let entities = named((0..7).map(|seed| survey(&template, 250, seed)));
        let all = moments(&entities, AnswerMoments::new(template.model().indicators())).await;
        assert_eq!(all.len(), 7);
        for (name, responses) in &entities {
            let merged = all[name].clone().with_questionnaire(&template.questionnaire()).unwrap();
            assert_eq!((merged.rows(), merged.rows_dropped(), merged.n()), (250, 0, 250.0));
            let difference = greatest_difference(&fit(&template, &merged), &fit(&template, responses), "Satisfaction");
            assert!(difference.unwrap() < 1e-12, "{name}");
        }
    }
}

#[tokio::test]
async fn respondents_with_missing_answers_are_left_out_and_counted() {
    let template = template::acsi();
    let entities = named((0..3).map(|seed| without(&survey(&template, 200, seed), |row, column| row % 40 == column)));
    let all = moments(&entities, AnswerMoments::new(template.model().indicators())).await;
    for (name, responses) in &entities {
        let direct = responses.moments(Missing::Listwise).unwrap();
        // 14 of every 40, one for each indicator.
        assert_eq!(direct.rows_dropped(), 70);
        let merged = &all[name];
        assert_eq!((merged.rows(), merged.rows_dropped()), (direct.rows(), direct.rows_dropped()));
        let scaled = |moments: &Moments| moments.clone().with_questionnaire(&template.questionnaire()).unwrap();
        let (one, other) = (fit(&template, &scaled(merged)), fit(&template, &scaled(&direct)));
        assert!(greatest_difference(&one, &other, "Satisfaction").unwrap() < 1e-12);
    }
}

#[tokio::test]
async fn case_weights_are_a_column() {
    let template = template::acsi();
    let weighted = |seed: u64| {
        let weights = (0..120).map(|row| f64::from(row % 4) * 0.75);
        survey(&template, 120, seed).with_weights(weights).unwrap()
    };
    let entities = named((0..3).map(weighted));
    let all = moments(&entities, AnswerMoments::new(template.model().indicators()).weighted_by("weight")).await;
    for (name, responses) in &entities {
        let merged = all[name].clone().with_questionnaire(&template.questionnaire()).unwrap();
        // The weights 0, 0.75, 1.5 and 2.25, each 30 times; who has none is nobody.
        assert_eq!((merged.rows(), merged.n()), (90, 135.0));
        let difference = greatest_difference(&fit(&template, &merged), &fit(&template, responses), "Satisfaction");
        assert!(difference.unwrap() < 1e-12);
    }
}

#[tokio::test]
async fn an_entity_without_a_complete_answer_is_told() {
    let template = template::acsi();
    let complete = survey(&template, 60, 1);
    let entities = named([without(&complete, |_, column| column == 2), complete]);
    let all = moments(&entities, AnswerMoments::new(template.model().indicators())).await;
    let nobody = &all["entity 0"];
    assert_eq!((nobody.rows(), nobody.rows_dropped(), nobody.means()), (0, 60, None));
    assert!(Pls::new().fit(&template.model(), nobody).is_err());
    assert_eq!(all["entity 1"].rows(), 60);
}

#[tokio::test]
async fn no_rows_give_no_entity() {
    let template = template::acsi();
    let entities = named([survey(&template, 10, 1)]);
    let folder = tempfile::tempdir().unwrap();
    write_partitions(folder.path(), &entities, 2).unwrap();
    let none = read(folder.path()).await.limit(0, Some(0)).unwrap();
    let function = AnswerMoments::new(template.model().indicators());
    assert!(moments_by_entity(none, function).await.unwrap().is_empty());
}

#[tokio::test]
async fn partial_moments_are_merged() {
    let template = template::acsi();
    let folder = tempfile::tempdir().unwrap();
    write_partitions(folder.path(), &named([survey(&template, 30, 1)]), 3).unwrap();
    let query = plan(read(folder.path()).await, AnswerMoments::new(template.model().indicators())).unwrap();
    let plan = query.create_physical_plan().await.unwrap();
    let plan = displayable(plan.as_ref()).indent(false).to_string();
    assert!(
        plan.contains("AggregateExec: mode=Partial") && plan.contains("AggregateExec: mode=FinalPartitioned"),
        "{plan}"
    );
    assert!(plan.contains("file_groups={3 groups"), "{plan}");
}

#[tokio::test]
async fn a_bad_column_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write_partitions(folder.path(), &named([survey(&template::acsi(), 10, 1)]), 1).unwrap();
    let unknown = moments_by_entity(read(folder.path()).await, AnswerMoments::new(["SAT1", "nothing"])).await;
    assert!(unknown.unwrap_err().to_string().contains("nothing"));
    let narrow = Responses::from_rows(["a", "b"], [[Some(1.0), Some(2.0)]]).unwrap().with_weights([1.0]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    write_partitions(folder.path(), &named([narrow]), 1).unwrap();
    let twice = moments_by_entity(read(folder.path()).await, AnswerMoments::new(["a", "a"])).await;
    assert!(twice.unwrap_err().to_string().contains("duplicate indicator `a`"));
}
