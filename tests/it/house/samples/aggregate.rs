//! Entities, groups, periods, and whether the satisfied stay.

use std::ops::ControlFlow;

use satindex::Confidence;
use satindex::Weights;
use satindex::aggregate::cube::{
    Answered, CaseWeights, CubeSpec, DriverSearch, Level, NodeDecomposition, Pooling, Region,
};
use satindex::aggregate::{
    Aggregation, Among, Chain, Comparison, Decomposition, GroupWeight, Link, Programme, RankMethod, Ranking, Structure,
};
use satindex::inference::Bootstrap;
use satindex::monitoring::loyalty::{
    Bands, Criterion, Isotonic, LogisticCurve, Pairs, ThresholdSearch, TopBoxes, TrendScores,
};
use satindex::survey::{Hierarchy, Indicator, Questionnaire, Responses, Scale, ThousandPoints};

use super::structural::{answers, model};
use super::{Sample, add};

pub(super) fn add_to(samples: &mut Vec<Sample>) {
    programme(samples);
    cube(samples);
    loyalty(samples);
}

fn structure() -> Structure {
    let builder =
        Structure::builder("nation").group("banks", "nation", 2.0).group("shops", "nation", GroupWeight::Members);
    builder
        .entity("A", "banks", 3.0)
        .entity("B", "banks", 1.0)
        .entity("C", "shops", 1.0)
        .entity("D", "shops", 2.0)
        .build()
        .unwrap()
}

fn programme(samples: &mut Vec<Sample>) {
    let programme = Programme::new(model(), "Satisfaction", structure()).unwrap().bootstrap(Bootstrap::new(3).seed(1));
    let interviews = |seed: u64| ["A", "B", "C"].into_iter().zip(seed..).map(|(name, seed)| (name, answers(seed)));
    let mut checkpoint = None;
    let run = programme.advance(programme.start().unwrap(), interviews(1), |progress| {
        checkpoint = Some(progress.checkpoint().clone());
        ControlFlow::Continue(())
    });
    let first = programme.finish(run.unwrap()).unwrap();
    let later = programme.run(interviews(11)).unwrap();
    add!(samples; checkpoint.unwrap(), first.reports()[0].estimate().unwrap().clone(), first.reports()[0].clone());

    let (one, other) = (first.aggregated(), later.aggregated());
    let changes = Comparison::new().changes(one, other).unwrap();
    let change = changes.get("banks").unwrap();
    add!(samples; *change.difference(), change.clone(), changes.clone());
    let benchmark = Comparison::new().benchmark(one, "A", Among::Members("banks")).unwrap();
    add!(samples; benchmark.best().clone(), benchmark, Comparison::new().pairs(one, Among::Members("banks")).unwrap());
    let deviations = Comparison::new().deviations(one, Among::Members("banks")).unwrap();
    add!(samples; deviations.get("A").unwrap().clone(), deviations, Comparison::new());
    let ranked = Ranking::new().rank(one, Among::Members("banks")).unwrap();
    add!(samples; ranked.get("A").unwrap().clone(), ranked, Ranking::new(), RankMethod::Sidak);
    let decomposition = Decomposition::between(one, other, "nation").unwrap();
    add!(samples; decomposition.total(), decomposition);
    let chain = Chain::new(Link::Ratio);
    let series = chain.clone().series("nation", [("2025", one), ("2026", other)]).unwrap();
    add!(samples; series.points()[1].clone(), series, chain, Link::Difference, Aggregation::new());
    add!(samples; one.clone(), structure(), GroupWeight::Given(2.0), programme, first);
}

fn cube(samples: &mut Vec<Sample>) {
    let tree = Hierarchy::builder("service", Weights::new(["speed", "skill"], [0.25, 0.75]).unwrap()).build().unwrap();
    let question = |name: &str| Indicator::new(name).unwrap().with_scale(Scale::ONE_TO_FIVE);
    let questionnaire = Questionnaire::new([question("speed"), question("skill")]).unwrap();
    let region = Region::new("coast", ["A", "shops"]).unwrap();
    let spec = CubeSpec::new(tree, questionnaire, structure()).place("shop").period("quarter").by("channel");
    let spec = spec.region(region.clone()).answered(Answered::Any).counts(true);
    let rows = [[1.0, 4.0], [3.0, 2.0], [2.0, 5.0], [4.0, 4.0], [5.0, 1.0]].map(|row| row.map(Some));
    let rows = rows.into_iter().chain([[Some(5.0), None]]);
    let answers = Responses::from_rows(["speed", "skill"], rows).unwrap();
    let answers = answers.with_group("shop", ["A", "A", "C", "A", "C", "A"]).unwrap();
    let answers = answers.with_group("quarter", ["2026Q1", "2026Q1", "2026Q1", "2026Q1", "2026Q2", "2026Q2"]).unwrap();
    let answers = answers.with_group("channel", ["own", "own", "third party", "own", "own", "own"]).unwrap();
    let cube = spec.collect(&answers).unwrap();
    let cell = cube.select().cell().unwrap();
    let (mut keys, mut figures) = (Vec::new(), Vec::new());
    cube.cells(|key, _, of_node| {
        keys.push(key.clone());
        figures.push(*of_node);
    })
    .unwrap();
    add!(samples; figures[0]);
    add!(samples; Answered::Any, CaseWeights::Sampling, Pooling::Places, Level::Group(2), Level::Entity, region, spec);
    add!(samples; cell.nodes()[1].clone(), cell.clone(), keys.remove(0), cube.series("speed", "A").unwrap(), cube.clone());
    let parts = NodeDecomposition::between(&cube.select().place("A").cell().unwrap(), &cell, "service").unwrap();
    let search = DriverSearch::new("speed", ["skill"]).minimum(1);
    let drivers = search.fit(&cube, ["nation"]).unwrap();
    let first = drivers.cells()[0].clone();
    add!(samples; parts, search, drivers, first.drivers()[0].clone(), first);
}

fn loyalty(samples: &mut Vec<Sample>) {
    let satisfaction: Vec<f64> = (0..60).map(|person| f64::from(person) * 100.0 / 59.0).collect();
    let stays: Vec<bool> = (0..60).map(|person| (person * 7) % 11 < person / 5).collect();
    let pairs = Pairs::new(satisfaction, stays).unwrap();
    let bands = Bands::in_points(ThousandPoints::Rescaled, ["low", "middle", "high"], [400.0, 700.0]).unwrap();
    let shares = bands.shares(&pairs);
    add!(samples; shares.bands()[0].clone(), shares.differences(Confidence::P95).remove(0), shares.trend(&TrendScores::Numbers).unwrap());
    add!(samples; shares, bands, TopBoxes::new(Scale::ONE_TO_TEN, 3).unwrap(), TrendScores::Given(vec![1.0, 2.5]));
    let search = ThresholdSearch::new().step(1.0).seed(1).replicates(3);
    let thresholds = search.fit(&pairs).unwrap();
    add!(samples; thresholds.cuts()[0], thresholds, search, Criterion::Youden);
    let isotonic = Isotonic::new().seed(1).replicates(3).points([20.0, 80.0]);
    let curve = isotonic.fit(&pairs).unwrap();
    add!(samples; curve.points()[0], curve.levels()[0], curve, isotonic);
    add!(samples; LogisticCurve::fit(&pairs).unwrap(), pairs);
}
