//! Imports go one way: between rooms, and between the modules inside them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::source::{self, File};

/// The rooms in order: each may use those of the lines above, and none of its own line.
const LEVELS: &[&[&str]] = &[
    &["error"],
    &["numeric", "table", "text", "tree"],
    &["serial"],
    &["adjustment", "index", "weights"],
    &["survey"],
    &["ahp", "fuzzy", "structural"],
    &["inference"],
    &["aggregate"],
    &["diagnosis", "monitoring"],
    &["report"],
];

/// The layers inside `structural`, in order.
const STRUCTURAL: &[&str] = &["model", "pls", "stages", "assess"];

type Path = Vec<String>;

/// Which module uses which.
struct Imports(BTreeMap<Path, BTreeSet<Path>>);

impl Imports {
    fn read() -> Self {
        let files = source::files();
        let crate_of_names = Names::new(&files);
        let used = |file: &File| {
            let names = crate_of_names.used_by(file);
            names
                .into_iter()
                .filter_map(|name| crate_of_names.home(&name, 0))
                .filter(|home| *home != file.module)
                .collect()
        };
        let files = files.iter().filter(|file| !file.module.is_empty());
        Self(files.map(|file| (file.module.clone(), used(file))).collect())
    }

    /// The arrows between the parts of a module, each of which is a file or a folder with all that is in it.
    fn between_parts_of(&self, parent: &[String]) -> BTreeSet<(&str, &str)> {
        let part = |module: &'_ Path| -> Option<&str> {
            let inside = module.len() > parent.len() && module.starts_with(parent);
            // The reference lives as long as the map does.
            inside.then(|| self.name(&module[..=parent.len()]))
        };
        let arrows = self.0.iter().flat_map(|(user, used)| used.iter().map(move |used| (user, used)));
        let arrows = arrows.filter_map(|(user, used)| Some((part(user)?, part(used)?)));
        arrows.filter(|(user, used)| user != used).collect()
    }

    fn name(&self, module: &[String]) -> &str {
        let known = self.0.keys().find(|known| known.starts_with(module)).unwrap();
        &known[module.len() - 1]
    }

    /// Every module that has parts.
    fn parents(&self) -> BTreeSet<&[String]> {
        self.0.keys().map(|module| &module[..module.len() - 1]).collect()
    }
}

/// What stands where in the crate.
struct Names<'a> {
    modules: BTreeSet<&'a [String]>,
    /// Of each module, the names that it takes over from elsewhere.
    exported: HashMap<&'a [String], HashMap<String, Path>>,
}

impl<'a> Names<'a> {
    fn new(files: &'a [File]) -> Self {
        let mut names = Self { modules: files.iter().map(|file| &file.module[..]).collect(), exported: HashMap::new() };
        for file in files {
            let exported = source::uses(&file.code).into_iter().filter(|entry| entry.public);
            let exported = exported.filter_map(|entry| names.absolute(&file.module, &entry.path));
            let exported = exported.map(|path| (path.last().unwrap().clone(), path)).collect();
            names.exported.insert(&file.module, exported);
        }
        names
    }

    /// A path from the root of the crate; `None` for other crates.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let above = &module[..module.len() - 1];
                let supers = rest.first().is_some_and(|next| next == "super");
                if supers { self.absolute(above, rest) } else { Some([above, rest].concat()) }
            }
            _ => {
                let child = [module, std::slice::from_ref(first)].concat();
                self.modules.contains(&child[..]).then(|| [&child[..], rest].concat())
            }
        }
    }

    /// What a file uses by `use` lines that are its own, and by paths in its code.
    fn used_by(&self, file: &File) -> Vec<Path> {
        let imported = source::uses(&file.code).into_iter().filter(|entry| !entry.public).map(|entry| entry.path);
        let inline = file.code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        let inline = inline.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
        let inline = inline.map(|word| word.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect());
        imported.chain(inline).filter_map(|path: Path| self.absolute(&file.module, &path)).collect()
    }

    /// The module that a name is defined in.
    fn home(&self, path: &[String], depth: usize) -> Option<Path> {
        let length = (0..=path.len()).rev().find(|length| self.modules.contains(&path[..*length]))?;
        let (module, rest) = path.split_at(length);
        let elsewhere = rest.first().and_then(|name| self.exported.get(module)?.get(name));
        match elsewhere {
            Some(target) if depth < 8 => self.home(&[&target[..], &rest[1..]].concat(), depth + 1),
            _ if module.is_empty() => None,
            _ => Some(module.to_vec()),
        }
    }
}

/// The groups of modules that use each other in a circle.
fn circles<'a>(arrows: &BTreeSet<(&'a str, &'a str)>) -> BTreeSet<BTreeSet<&'a str>> {
    let reached_from = |start: &'a str| {
        let (mut reached, mut next) = (BTreeSet::new(), vec![start]);
        while let Some(module) = next.pop() {
            let used = arrows.iter().filter(|(user, _)| *user == module).map(|(_, used)| *used);
            next.extend(used.filter(|used| reached.insert(*used)));
        }
        reached
    };
    let modules: BTreeSet<&str> = arrows.iter().map(|(user, _)| *user).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        modules.iter().map(|module| (*module, reached_from(module))).collect();
    let circle = |module: &&'a str| -> BTreeSet<&'a str> {
        let back = |other: &&'a str| reached.get(other).is_some_and(|reached| reached.contains(module));
        reached[module].iter().copied().filter(back).collect()
    };
    modules.iter().map(circle).filter(|circle| !circle.is_empty()).collect()
}

#[test]
fn circles_are_found() {
    let arrows = BTreeSet::from([("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("e", "a")]);
    assert_eq!(circles(&arrows), BTreeSet::from([BTreeSet::from(["b", "c"])]));
}

#[test]
fn no_room_uses_one_above_it() {
    let imports = Imports::read();
    let level = |room: &str| {
        let level = LEVELS.iter().position(|level| level.contains(&room));
        level.unwrap_or_else(|| panic!("the room `{room}` has no place in LEVELS (and in DESIGN.md)"))
    };
    let arrows = imports.between_parts_of(&[]);
    // The leaves are used by everybody: if they are not, the reader above has gone blind.
    assert!(arrows.contains(&("survey", "error")) && arrows.contains(&("aggregate", "inference")), "{arrows:?}");
    let up: Vec<String> = arrows
        .iter()
        .filter(|(user, used)| level(used) >= level(user))
        .map(|(user, used)| format!("`{user}` uses `{used}`"))
        .collect();
    assert!(up.is_empty(), "arrows up between rooms: {up:?}");
}

#[test]
fn no_circles_inside_rooms() {
    let imports = Imports::read();
    let mut found = Vec::new();
    for parent in imports.parents() {
        for circle in circles(&imports.between_parts_of(parent)) {
            let arrows = imports.between_parts_of(parent).into_iter();
            let arrows = arrows.filter(|(user, used)| circle.contains(user) && circle.contains(used));
            let arrows: Vec<String> = arrows.map(|(user, used)| format!("{user} uses {used}")).collect();
            found.push(format!("in `{}`: {}", parent.join("::"), arrows.join(", ")));
        }
    }
    assert!(found.is_empty(), "modules that use each other in a circle:\n{}", found.join("\n"));
}

#[test]
fn the_layers_of_structural_go_one_way() {
    let imports = Imports::read();
    let layer = |part: &str| STRUCTURAL.iter().position(|layer| *layer == part);
    let up = |(user, used): &(&str, &str)| layer(user).is_some_and(|user| layer(used).is_some_and(|used| used > user));
    let arrows = imports.between_parts_of(&["structural".to_owned()]);
    assert!(arrows.contains(&("assess", "pls")), "{arrows:?}");
    let found: Vec<_> = arrows.into_iter().filter(up).collect();
    assert!(found.is_empty(), "arrows up inside `structural`: {found:?}");
}
