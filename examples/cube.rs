//! The index of every node of a tree in every place, period and channel, from a file of answers.
//!
//! Without arguments: eight simulated quarters, three channels, four regions of three cities of four shops.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::process::ExitCode;

use satindex::Weights;
use satindex::aggregate::cube::{Answered, Cube, CubeSpec, Level, NodeDecomposition};
use satindex::aggregate::{Structure, StructureBuilder};
use satindex::survey::{Csv, Hierarchy, Indicator, Questionnaire, Responses, Scale};
use serde::Deserialize;
use serde_json::{Value, json};

mod common;

const USAGE: &str = r#"usage: cube DATA.csv SPEC.json [--json]
       cube

Prints the index of the goal by place and period; with --json the index of every node in every place, period and
channel. Without arguments it simulates a survey.

SPEC: {"questionnaire": [{"name": "q1", "lower": 1, "upper": 10, "direction": "higher_is_better"},
                         {"name": "q3", "grades": {"good": 100, "fair": 50, "poor": 0}}, …],
       "tree": {"name": …, "weights": […], "children": […]},
       "places": ["region", "city", "shop"],      columns, widest first
       "period": "quarter", "channel": "channel" or null, "weights": "weight" or null,
       "missing": "listwise" or "available"}"#;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    questionnaire: Questionnaire,
    tree: Hierarchy,
    places: Vec<String>,
    period: String,
    channel: Option<String>,
    weights: Option<String>,
    #[serde(default)]
    missing: Missing,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Missing {
    #[default]
    Listwise,
    Available,
}

fn main() -> ExitCode {
    common::main(USAGE, |arguments, output| {
        let json = arguments.iter().any(|argument| argument == "--json");
        let files: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
        if let Some(unknown) = arguments.iter().find(|argument| argument.starts_with("--") && *argument != "--json") {
            return Err(format!("unknown option `{unknown}`\n{USAGE}").into());
        }
        let (spec, responses) = match files[..] {
            [] => simulated()?,
            [data, spec] => read(data, spec)?,
            _ => return Err(USAGE.into()),
        };
        let places = Places::new(&spec, &responses)?;
        let responses = responses.with_group(PLACE, &places.labels)?;
        let cube = spec.cube(places.structure).collect(&responses)?;
        if json { write_json(&spec, &cube, output) } else { report(&spec, &cube, output) }
    })
}

fn read(data: &str, spec: &str) -> common::Outcome<(Spec, Responses)> {
    let text = fs::read_to_string(spec).map_err(|error| format!("{spec}: {error}"))?;
    let text = text.trim_start_matches('\u{feff}');
    let spec: Spec = serde_json::from_str(text).map_err(|error| format!("{spec}: {error}"))?;
    let leaves = spec.tree.leaves().map(|leaf| leaf.name().to_owned()).collect::<Vec<_>>();
    if let Some(leaf) = leaves.iter().find(|leaf| spec.questionnaire.get(leaf).is_err()) {
        return Err(format!("the leaf `{leaf}` of the tree has no question in the questionnaire").into());
    }
    let mut csv = Csv::new().questionnaire(spec.questionnaire.clone()).columns(leaves);
    for column in spec.places.iter().chain([&spec.period]).chain(&spec.channel) {
        csv = csv.group(column);
    }
    if let Some(column) = &spec.weights {
        csv = csv.weight(column);
    }
    let file = fs::File::open(data).map_err(|error| format!("{data}: {error}"))?;
    let responses = csv.read(file).map_err(|error| format!("{data}: {error}"))?;
    Ok((spec, responses))
}

impl Spec {
    fn cube(&self, places: Structure) -> CubeSpec {
        let answered = match self.missing {
            Missing::Listwise => Answered::All,
            Missing::Available => Answered::Any,
        };
        let cube = CubeSpec::new(self.tree.clone(), self.questionnaire.clone(), places).place(PLACE);
        let cube = cube.period(&self.period).answered(answered);
        self.channel.iter().fold(cube, CubeSpec::by)
    }

    /// The name of a level.
    fn level(&self, level: Level) -> &str {
        let column = match level {
            Level::Group(0) | Level::Region => None,
            Level::Group(depth) => self.places.get(depth - 1),
            Level::Entity => self.places.last(),
        };
        column.map_or("all", String::as_str)
    }
}

/// The heading under which the finest places stand.
const PLACE: &str = "place (finest)";

/// A place is known by its column and label, since a city may be called as its region.
fn named(column: &str, label: &str) -> String {
    format!("{column}: {label}")
}

/// The structure of the places that occur, and the finest place of each row.
struct Places {
    structure: Structure,
    labels: Vec<String>,
}

impl Places {
    fn new(spec: &Spec, responses: &Responses) -> common::Outcome<Self> {
        let groups = spec.places.iter().map(|column| responses.group(column)).collect::<Result<Vec<_>, _>>()?;
        let mut builder = Structure::builder("all");
        let mut parents: HashMap<String, String> = HashMap::new();
        let mut labels = Vec::with_capacity(responses.rows());
        for row in 0..responses.rows() {
            let codes: Option<Vec<usize>> = groups.iter().map(|group| group.codes()[row]).collect();
            // A row without a place on some level is in no cell.
            let Some(codes) = codes else {
                labels.push(String::new());
                continue;
            };
            let mut parent = "all".to_owned();
            for (depth, (group, code)) in groups.iter().zip(codes).enumerate() {
                let place = named(group.name(), &group.levels()[code]);
                match parents.get(&place) {
                    Some(known) if *known == parent => {}
                    Some(known) => {
                        return Err(format!("row {}: `{place}` lies in `{known}` and in `{parent}`", row + 1).into());
                    }
                    None => {
                        builder = add(builder, &place, &parent, depth + 1 == groups.len());
                        parents.insert(place.clone(), parent);
                    }
                }
                parent = place;
            }
            labels.push(parent);
        }
        if groups.is_empty() {
            builder = builder.entity(named("", "everywhere"), "all", 1.0);
            labels = vec![named("", "everywhere"); responses.rows()];
        }
        Ok(Self { structure: builder.build()?, labels })
    }
}

fn add(builder: StructureBuilder, place: &str, parent: &str, finest: bool) -> StructureBuilder {
    if finest { builder.entity(place, parent, 1.0) } else { builder.group(place, parent, 1.0) }
}

fn write_json(spec: &Spec, cube: &Cube, output: &mut dyn Write) -> common::Outcome {
    let mut cells: Vec<Value> = Vec::new();
    cube.cells(|key, node, index| {
        if spec.places.is_empty() && key.level() == Level::Entity {
            return;
        }
        let level = spec.level(key.level());
        let place = if level == "all" { "all" } else { &key.place()[named(level, "").len()..] };
        let channel = key.labels().next().flatten().unwrap_or("all");
        cells.push(json!({
            "period": key.period().map(ToString::to_string),
            "place": place,
            "level": level,
            "channel": channel,
            "node": node,
            "index": index.value(),
            "std_error": index.std_error(),
            "n": index.n(),
        }));
    })?;
    serde_json::to_writer(&mut *output, &json!({ "cells": cells }))?;
    writeln!(output)?;
    Ok(())
}

fn report(spec: &Spec, cube: &Cube, output: &mut dyn Write) -> common::Outcome {
    let goal = spec.tree.goal().name();
    writeln!(output, "{}", cube.cross_table(goal)?)?;
    writeln!(output, "{}", cube.series(goal, "all")?)?;
    if let [first, .., last] = &cube.periods()[..] {
        let cell = |period: &satindex::survey::Period| cube.select().period(period.clone()).cell();
        writeln!(output, "{}", NodeDecomposition::between(&cell(first)?, &cell(last)?, goal)?)?;
    }
    let (left_out, unplaced) = (cube.rows_left_out(), cube.rows_unplaced());
    writeln!(
        output,
        "{} respondents; {left_out} left out for missing answers, {unplaced} without a place",
        cube.rows()
    )?;
    Ok(())
}

/// Eight quarters in which the south learns to be quick.
fn simulated() -> common::Outcome<(Spec, Responses)> {
    const LEAVES: [&str; 4] = ["speed", "waiting", "skill", "price"];
    let tree = Hierarchy::builder("satisfaction", Weights::new(["service", "price"], [0.7, 0.3])?)
        .divide("service", Weights::new(["speed", "waiting", "skill"], [0.4, 0.2, 0.4])?)
        .build()?;
    let question = |name: &str, scale: Scale| Ok::<_, satindex::Error>(Indicator::new(name)?.with_scale(scale));
    let ten = |name: &str| question(name, Scale::ONE_TO_TEN);
    let waiting = question("waiting", Scale::ONE_TO_TEN.reversed())?;
    let questionnaire = Questionnaire::new([ten("speed")?, waiting, ten("skill")?, ten("price")?])?;
    let regions = ["north", "east", "south", "west"];
    let channels = ["own survey", "third party", "lost customers"];

    let mut state = 20_261_128_u64;
    let mut next = move || {
        state = state * 48_271 % 2_147_483_647;
        state as f64 / 2_147_483_647.0
    };
    let (mut rows, mut columns) = (Vec::new(), vec![Vec::new(); 5]);
    for quarter in 0..8_u32 {
        for shop in 0..48_usize {
            for person in 0..20_usize {
                let channel = person % channels.len();
                let learnt = if shop / 12 == 2 { f64::from(quarter) * 0.25 } else { 0.0 };
                let mood = 5.0 + 3.0 * next() - if channel == 2 { 2.0 } else { 0.0 };
                let mut answer = |level: f64| Some((level + 3.0 * next() - 1.5).round().clamp(1.0, 10.0));
                rows.push([answer(mood + learnt), answer(10.0 - mood), answer(mood), answer(mood - 1.0)]);
                let labels = [
                    regions[shop / 12].to_owned(),
                    format!("{} city {}", regions[shop / 12], shop / 4 % 3 + 1),
                    format!("shop {}", shop + 1),
                    format!("{}Q{}", 2025 + quarter / 4, quarter % 4 + 1),
                    channels[channel].to_owned(),
                ];
                columns.iter_mut().zip(labels).for_each(|(column, label)| column.push(label));
            }
        }
    }
    let mut responses = Responses::from_rows(LEAVES, rows)?.with_questionnaire(&questionnaire)?;
    for (name, labels) in ["region", "city", "shop", "quarter", "channel"].into_iter().zip(columns) {
        responses = responses.with_group(name, labels)?;
    }
    let spec = Spec {
        questionnaire,
        tree,
        places: ["region", "city", "shop"].map(str::to_owned).to_vec(),
        period: "quarter".into(),
        channel: Some("channel".into()),
        weights: None,
        missing: Missing::Listwise,
    };
    Ok((spec, responses))
}
