//! The rules in ARCHITECTURE.md, checked against the source.

mod absent;
mod cfg;
mod circles;
mod floors;
mod modules;
mod names;
mod reading;
mod resolve;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn macros_depend_on_the_run_time_in_tests_alone() {
    let manifest = read(Path::new("flow-macros/Cargo.toml"));
    let (normal, dev) = manifest.split_once("[dev-dependencies]").expect("the macros have tests");
    assert!(!normal.contains("flow-runtime") && dev.contains("flow-runtime"));
}

/// Cargo runs only the tests, examples and benches that a package lists.
#[test]
fn every_target_is_listed() {
    for folder in ["tests", "examples", "benches"] {
        let manifest = read(&Path::new(folder).join("Cargo.toml"));
        let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        for name in entries.filter_map(|name| name.into_string().ok()) {
            let file = Path::new(folder).join(&name).join("main.rs");
            let target = if name.ends_with(".rs") { name } else { format!("{name}/main.rs") };
            let is_target = target.ends_with(".rs") && (root().join(&file).is_file() || !target.contains('/'));
            assert!(!is_target || manifest.contains(&format!("path = \"{target}\"")), "{folder}/Cargo.toml: {target}");
        }
    }
}

/// The Rust files at or below a path, relative to the workspace.
fn sources(path: &Path) -> Vec<PathBuf> {
    let whole = root().join(path);
    if whole.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(&whole).unwrap_or_else(|error| panic!("{}: {error}", whole.display()));
    let names = entries.filter_map(|entry| Some(path.join(entry.ok()?.file_name())));
    let wanted = names.filter(|name| root().join(name).is_dir() || name.extension().is_some_and(|end| end == "rs"));
    wanted.flat_map(|name| sources(&name)).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The examples are compiled with the tests, so a strict workflow among them has no unchecked edge.
#[test]
fn every_workflow_of_the_examples_is_strict() {
    let examples = sources(&root().join("examples"));
    let lines = examples.iter().flat_map(|path| read(path).lines().map(str::to_owned).collect::<Vec<_>>());
    let heads: Vec<_> = lines.filter(|line| line.trim_start().starts_with("#[workflow")).collect();
    assert!(heads.len() >= 10, "{heads:#?}");
    let lax: Vec<_> = heads.iter().filter(|head| !head.contains("strict")).collect();
    assert!(lax.is_empty(), "{lax:#?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the workspace")
}
