//! The big reference folder, for the tests that are ignored unless it is there.

use std::path::PathBuf;

/// A file of the folder that `SATINDEX_REFERENCE` names.
pub(crate) fn path(file: &str) -> PathBuf {
    let folder = std::env::var_os("SATINDEX_REFERENCE").expect("SATINDEX_REFERENCE names the reference folder");
    PathBuf::from(folder).join(file)
}

/// A JSON file of that folder.
pub(crate) fn json(file: &str) -> serde_json::Value {
    let path = path(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
