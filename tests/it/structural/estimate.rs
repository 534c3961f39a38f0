//! The example `estimate`: what it writes, and what it says of mistakes.

use std::path::PathBuf;

use satindex::structural::{Fit, Model, Pls, template};
use satindex::survey::Responses;
use serde_json::Value;

#[path = "../../../examples/estimate/main.rs"]
#[allow(dead_code, reason = "the example's own `main`")]
mod example;

/// A data file and a model file, removed at the end.
struct Files {
    folder: PathBuf,
    answers: Responses,
    model: Model,
}

impl Files {
    /// Answers to the ACSI questions with a region and a weight, in a file of the dialect.
    fn new(name: &str, delimiter: &str, change: impl Fn(String) -> String) -> Self {
        let acsi = template::acsi();
        let answers = acsi.population().build().unwrap().likert(&acsi.likert(), 120, 5).unwrap();
        let folder = std::env::temp_dir().join(format!("satindex-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut text = answers.names().chain(["region", "count"]).collect::<Vec<_>>().join(delimiter) + "\n";
        for row in 0..answers.rows() {
            let cells = (0..answers.names().len()).map(|column| change(answers.get(row, column).unwrap().to_string()));
            let region = if row % 2 == 0 { "north" } else { "south" };
            let cells: Vec<String> = cells.chain([region.into(), "1".into()]).collect();
            text += &(cells.join(delimiter) + "\n");
        }
        std::fs::write(folder.join("data.csv"), text).unwrap();
        std::fs::write(folder.join("model.txt"), acsi.model().to_string()).unwrap();
        let questions = serde_json::to_string(&acsi.questionnaire()).unwrap();
        std::fs::write(folder.join("questions.json"), questions).unwrap();
        let answers = answers.with_questionnaire(&acsi.questionnaire()).unwrap();
        Self { folder, answers, model: acsi.model() }
    }

    fn run(&self, options: &[&str]) -> Result<String, String> {
        let path = |name: &str| self.folder.join(name).display().to_string();
        let options = options.iter().map(|option| option.replace("QUESTIONS", &path("questions.json")));
        let arguments: Vec<String> = [path("data.csv"), path("model.txt")].into_iter().chain(options).collect();
        let mut output = Vec::new();
        example::run(&arguments, &mut output).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(output).unwrap())
    }

    fn fit(&self) -> Fit {
        Pls::new().fit(&self.model, &self.answers).unwrap()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn brief_output_is_the_fit_and_the_rest_is_added() {
    let files = Files::new("brief", ",", |cell| cell);
    let fit = files.fit();
    let brief = files.run(&["--questionnaire", "QUESTIONS", "--brief"]).unwrap();
    assert_eq!(brief, fit.to_string());
    let written = serde_json::to_value(&fit).unwrap();
    let brief: Value =
        serde_json::from_str(&files.run(&["--questionnaire", "QUESTIONS", "--brief", "--json"]).unwrap()).unwrap();
    assert_eq!(brief, written);

    let all = files.run(&["--questionnaire", "QUESTIONS", "--json", "--group", "region", "--bootstrap", "5"]).unwrap();
    let all: Value = serde_json::from_str(&all).unwrap();
    let all = all.as_object().unwrap();
    let written = written.as_object().unwrap();
    assert!(written.iter().all(|(name, value)| all[name] == *value));
    let added: Vec<&String> = all.keys().filter(|name| !written.contains_key(*name)).collect();
    let expected = ["bootstrap", "unstandardised_effects", "assessment", "verification", "questionnaire", "groups"];
    assert_eq!(added, expected);
    assert_eq!(all["groups"].as_object().unwrap().keys().collect::<Vec<_>>(), ["north", "south"]);
}

#[test]
fn other_dialects_and_weights_give_the_same() {
    let plain = Files::new("plain", ",", |cell| cell).run(&["--scale", "1,10"]);
    let comma = Files::new("comma", ";", |cell| format!("{cell},0"));
    // Complaints are 0 or 1, which no scale from 1 to 10 allows.
    assert!(plain.unwrap_err().contains("COM1"));
    let options =
        ["--questionnaire", "QUESTIONS", "--delimiter", ";", "--decimal-comma", "--weights", "count", "--brief"];
    assert_eq!(comma.run(&options).unwrap(), comma.fit().to_string());
}

#[test]
fn text_has_the_assessment_the_wordings_and_the_groups() {
    let files = Files::new("text", "\t", |cell| if cell == "10" { "-9".into() } else { cell });
    let options = ["--questionnaire", "QUESTIONS", "--missing-code", "-9", "--missing", "mean", "--group", "region"];
    let text = files.run(&[&options[..], &["--consistent"]].concat()).unwrap();
    for part in
        ["overall satisfaction", "Verification", "Effects in points", "Groups", "north (n = ", "Fornell-Larcker"]
    {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn mistakes_are_named() {
    let files = Files::new("mistakes", ",", |cell| cell);
    let said = |options: &[&str]| files.run(options).unwrap_err();
    assert!(said(&["--scheme", "paths"]).contains("expected one of `centroid`, `factorial`, `path`"));
    assert!(said(&["--colour"]).starts_with("unknown option --colour\n\nusage: estimate"));
    assert!(said(&["--seed"]).starts_with("--seed needs a value"));
    assert!(said(&["--permutations", "9"]).contains("--group"));
    assert!(said(&["--scale", "1,10", "--questionnaire", "QUESTIONS"]).contains("give one"));
    assert!(said(&["--group", "regoin"]).contains("regoin"));
    let carried_in = example::run(&["--bootstrap".into(), "9".into()], &mut Vec::new()).unwrap_err();
    assert!(carried_in.to_string().contains("name a data file"));
}
