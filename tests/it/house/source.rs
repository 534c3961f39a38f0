//! The source files of the crate, as the tests of the house read them.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of `src`.
pub(super) struct File {
    /// `["structural", "pls", "fit"]`; of a `mod.rs` the folder, of `lib.rs` nothing.
    pub(super) module: Vec<String>,
    /// The text without comments and unit tests.
    pub(super) code: String,
}

/// Where the repository stands.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of `src`, in the order of their paths.
pub(super) fn files() -> Vec<File> {
    let source = root().join("src");
    let mut paths = Vec::new();
    walk(&source, &mut paths);
    paths.sort();
    paths.iter().map(|path| File { module: module(path.strip_prefix(&source).unwrap()), code: code(path) }).collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn module(path: &Path) -> Vec<String> {
    let names = path.with_extension("");
    let mut names: Vec<String> = names.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib")) {
        names.pop();
    }
    names
}

fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap().to_owned() + "\n").collect()
}

/// A `use` of one name, or of a module.
pub(super) struct Use {
    pub(super) public: bool,
    pub(super) path: Vec<String>,
}

/// The `use` lines of a file, one entry for each name.
pub(super) fn uses(code: &str) -> Vec<Use> {
    let mut found = Vec::new();
    for statement in code.split(';') {
        // What precedes the statement ends with a brace, an attribute or a line of its own.
        let Some(start) = statement.rfind("use ").filter(|start| is_statement(&statement[..*start])) else { continue };
        let public =
            statement[..start].trim_end().rsplit('\n').next().is_some_and(|line| line.trim().starts_with("pub"));
        let mut paths = Vec::new();
        flatten("", &statement[start + 4..], &mut paths);
        found.extend(paths.into_iter().map(|path| Use { public, path }));
    }
    found
}

fn is_statement(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    line.is_empty() || line == "pub" || line.starts_with("pub(") && line.ends_with(')')
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn flatten(prefix: &str, tree: &str, paths: &mut Vec<Vec<String>>) {
    let Some(open) = tree.find('{') else {
        let name = tree.split(" as ").next().unwrap_or_default();
        let path = format!("{prefix}{name}");
        paths.push(path.split("::").map(|part| part.trim().to_owned()).collect());
        return;
    };
    let prefix = format!("{prefix}{}", tree[..open].trim());
    let inner = &tree[open + 1..tree.rfind('}').unwrap()];
    let (mut depth, mut start) = (0, 0);
    for (at, character) in inner.char_indices().chain([(inner.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inner[start..at].trim().is_empty() {
                    flatten(&prefix, inner[start..at].trim(), paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

#[test]
fn use_lines_are_read_name_by_name() {
    let code = "use std::fmt;\npub use a::{B, c::{D, E as F}};\nfn f() { let used = 1; }\n#[cfg(x)]\npub(crate) use self::g;\n";
    let found: Vec<(bool, String)> = uses(code).into_iter().map(|it| (it.public, it.path.join("::"))).collect();
    let expected = [(false, "std::fmt"), (true, "a::B"), (true, "a::c::D"), (true, "a::c::E"), (true, "self::g")];
    assert_eq!(found, expected.map(|(public, path)| (public, path.to_owned())));
}
