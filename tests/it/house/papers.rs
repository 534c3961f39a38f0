//! What README, DESIGN and CONTRIBUTING say of the house is so.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::source::{self, root};

/// With this variable set, the map of rooms in DESIGN.md is written anew.
const WRITE: &str = "SATINDEX_WRITE_MAP";

/// The lines between which the map stands.
const FIRST: &str = "```text\nsrc/\n";
const LAST: &str = "```\n";

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Files and folders in a folder, by name.
fn entries(folder: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

/// The rooms and their files, each with the first sentence of its documentation. A file with a folder of the same name
/// is one entry.
fn map() -> String {
    let mut map = String::new();
    let source = root().join("src");
    for name in entries(&source).into_iter().filter(|name| name != "lib.rs") {
        let path = source.join(&name);
        if path.is_dir() && !path.join("mod.rs").exists() {
            continue;
        }
        line(&mut map, 1, &path);
        if path.is_dir() {
            let inside = entries(&path).into_iter().filter(|name| name != "mod.rs").map(|name| path.join(name));
            let inside = inside.filter(|part| part.extension().is_some() || part.join("mod.rs").exists());
            inside.for_each(|part| line(&mut map, 2, &part));
        } else if path.with_extension("").is_dir() {
            let inside = entries(&path.with_extension("")).into_iter().map(|name| path.with_extension("").join(name));
            inside.for_each(|part| line(&mut map, 2, &part));
        }
    }
    map
}

fn line(map: &mut String, depth: usize, path: &Path) {
    let text = fs::read_to_string(if path.is_dir() { path.join("mod.rs") } else { path.to_owned() }).unwrap();
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ").replace("[`", "`").replace("`]", "`");
    let sentence = paragraph.split_inclusive(". ").next().unwrap().trim().trim_end_matches('.');
    assert!(!sentence.is_empty(), "{} does not say what it is", path.display());
    let name = path.file_name().unwrap().to_str().unwrap().to_owned() + if path.is_dir() { "/" } else { "" };
    writeln!(map, "{:indent$}{name:<width$}  {sentence}", "", indent = 2 * depth, width = 24 - 2 * depth).unwrap();
}

#[test]
fn the_map_in_design_is_that_of_the_house() {
    let design = read("DESIGN.md");
    let start = design.find(FIRST).expect("the map starts with a block of text and `src/`") + FIRST.len();
    let end = start + design[start..].find(LAST).unwrap();
    let map = map();
    if std::env::var_os(WRITE).is_some() {
        fs::write(root().join("DESIGN.md"), design[..start].to_owned() + &map + &design[end..]).unwrap();
    } else {
        assert!(design[start..end] == map, "the map of rooms is out of date: run the test with {WRITE}=1 to write it");
    }
}

/// How many variants an enum has.
fn variants(module: &str, name: &str) -> usize {
    let files = source::files();
    let file = files.iter().find(|file| file.module.join("::") == module).unwrap();
    let start = file.code.find(&format!("pub enum {name} {{")).unwrap();
    let body = file.code[start..].split("\n}").next().unwrap();
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase())).count()
}

#[test]
fn the_counts_in_the_readme_are_true() {
    let readme = read("README.md");
    for (count, what) in [
        (variants("ahp::scale", "Scale"), "scales"),
        (variants("ahp::priority", "Method"), "methods"),
        (variants("fuzzy::operator", "Operator"), "operators"),
        (variants("inference::interval", "IntervalType"), "types of interval"),
    ] {
        let said = format!("{count} {what}");
        assert!(readme.contains(&said), "README.md does not say `{said}`");
    }
}

#[test]
fn every_example_and_benchmark_is_in_the_readme_and_exists() {
    let readme = read("README.md");
    for (folder, option, others) in
        [("examples", "--example", ["common", "data", "datafusion"]), ("benches", "--bench", ["common", "peers", ""])]
    {
        let names = entries(&root().join(folder)).into_iter().filter(|name| !others.contains(&name.as_str()));
        let names: BTreeSet<String> = names.map(|name| name.trim_end_matches(".rs").to_owned()).collect();
        let words: Vec<&str> = readme.split(|c: char| c.is_whitespace() || "`,;:.()".contains(c)).collect();
        let called = words.windows(2).filter(|pair| pair[0] == option).map(|pair| pair[1].to_owned());
        let unknown: Vec<String> = called.filter(|name| !names.contains(name)).collect();
        assert!(unknown.is_empty(), "README.md calls what is not there: {option} {unknown:?}");
        let silent: Vec<&String> = names.iter().filter(|name| !words.contains(&name.as_str())).collect();
        assert!(silent.is_empty(), "README.md does not speak of {folder}: {silent:?}");
    }
}

#[test]
fn features_and_the_rust_version_are_those_of_the_manifest() {
    let manifest = read("Cargo.toml");
    let features = manifest.split("[features]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let features = features.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let rust = manifest.split("rust-version = \"").nth(1).unwrap().split('"').next().unwrap();
    for paper in ["README.md", "src/lib.rs"] {
        let text = read(paper);
        let missing: Vec<&str> =
            features.clone().filter(|name| *name != "default" && !text.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "{paper} does not speak of the features {missing:?}");
    }
    assert!(read("README.md").contains(&format!("Rust version is {rust}")));
}

#[test]
fn tables_are_whole_and_links_lead_somewhere() {
    for paper in ["README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = read(paper);
        let mut cells = None;
        for line in text.lines() {
            let count = line.replace("\\|", "").matches('|').count();
            if !line.starts_with('|') {
                cells = None;
                continue;
            }
            assert_eq!(*cells.get_or_insert(count), count, "{paper}: a row with other cells than its table: {line}");
        }
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(3).filter(|at| !at[0].starts_with('|') && at[1].starts_with('|')) {
            assert!(pair[2].starts_with("|-"), "{paper}: a table without a head: {}", pair[1]);
        }
        for target in text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
            let here = target.is_empty() || target.contains("://") || root().join(target).exists();
            assert!(here, "{paper}: the link to {target} leads nowhere");
        }
    }
}
