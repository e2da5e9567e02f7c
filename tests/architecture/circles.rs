//! Files form no circles: if a file needs another, that one does not need the first, directly or through others.
//!
//! A file needs the files that define the names it uses. A re-export alone needs nothing, so a module may offer
//! what its children define.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use crate::modules::{Files, Modules};
use crate::names::uses;
use crate::{read, sources};

const CRATES: &[&str] = &["flow-base", "flow-macros", "flow-runtime", "flow-cli", "flow-mcp", "flow-service"];

/// Modules of recursive data, whose files may form circles among themselves: the crate, the module, and what is recursive.
const RECURSIVE: &[(&str, &str, &str)] =
    &[("flow-runtime", "contract/shape", "a shape may be a definition, whose body is a shape")];

#[test]
fn files_form_no_circles() {
    let found: Vec<_> = CRATES.iter().flat_map(|name| found(name)).collect();
    let wrong: Vec<_> =
        found.iter().filter(|circle| !RECURSIVE.iter().any(|module| circle.is_within(module))).collect();
    let told: String = wrong.iter().map(|circle| format!("{}: {}\n", circle.package, circle.told)).collect();
    assert!(wrong.is_empty(), "{} circles of files, with the names that are needed:\n{told}", wrong.len());
}

#[test]
fn recursive_modules_are_recursive() {
    for module @ (package, path, _) in RECURSIVE {
        assert!(found(package).iter().any(|circle| circle.is_within(module)), "{package}: {path} has no circle");
    }
}

#[test]
fn an_exception_holds_within_its_module() {
    let circle = |files: &[&str]| {
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        Circle { package: "flow-x".to_owned(), files, told: String::new() }
    };
    let module = ("flow-x", "a/data", "a list of itself");
    assert!(circle(&["a/data", "a/data/list"]).is_within(&module));
    assert!(circle(&["a/data/item", "a/data/list"]).is_within(&module));
    assert!(!circle(&["a", "a/data/list"]).is_within(&module));
    assert!(!circle(&["a/data", "a/data_list"]).is_within(&module));
    assert!(!circle(&["a/data", "a/data/list"]).is_within(&("flow-y", "a/data", "")));
}

struct Circle {
    package: String,
    files: Vec<String>,
    /// `a → b (names) → a (names)`
    told: String,
}

impl Circle {
    fn is_within(&self, (package, module, _): &(&str, &str, &str)) -> bool {
        let is_below =
            |file: &String| file.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.package == *package && self.files.iter().all(is_below)
    }
}

fn found(package: &str) -> Vec<Circle> {
    let needs = needs(&Modules::of(&files(package)));
    let told = |files: Vec<String>| Circle { package: package.to_owned(), told: told(&files, &needs), files };
    circles(&needs).into_iter().map(told).collect()
}

/// The source files of a package.
pub(crate) fn files(package: &str) -> Files {
    let folder = Path::new(package).join("src");
    let below = |file: &Path| file.strip_prefix(&folder).unwrap().to_str().expect("names are UTF-8").replace('\\', "/");
    sources(&folder).iter().map(|file| (below(file), read(file))).collect()
}

/// The files that each file needs, with the names it needs them for.
pub(crate) type Needs = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

pub(crate) fn needs(modules: &Modules) -> Needs {
    let mut needs = Needs::new();
    for used in uses(modules).iter().filter(|used| !used.is_reexport) {
        for defined in used.defined.iter().filter(|defined| **defined != used.file) {
            let names = needs.entry(modules.shown(used.file)).or_default().entry(modules.shown(*defined)).or_default();
            names.insert(used.name.clone());
        }
    }
    needs
}

/// The shortest circle through every need, each once, shorter ones first. There is none exactly if there is no circle.
pub(crate) fn circles(needs: &Needs) -> Vec<Vec<String>> {
    let each = needs.iter().flat_map(|(from, needed)| needed.keys().map(move |to| (from, to)));
    let found: BTreeSet<_> = each.filter_map(|(from, to)| circle(needs, from, to)).collect();
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(Vec::len);
    found
}

/// The shortest circle through a need, from its first file by name.
fn circle(needs: &Needs, from: &str, to: &str) -> Option<Vec<String>> {
    let mut before = BTreeMap::from([(to, None)]);
    let mut next = VecDeque::from([to]);
    while let Some(file) = next.pop_front().filter(|file| *file != from) {
        for other in needs.get(file).into_iter().flat_map(BTreeMap::keys) {
            before.entry(other).or_insert_with(|| {
                next.push_back(other);
                Some(file)
            });
        }
    }
    before.contains_key(from).then(|| {
        let back = std::iter::successors(Some(from), |file| before[file]);
        let mut files: Vec<_> = back.map(str::to_owned).collect();
        files.reverse();
        let first = (0..files.len()).min_by_key(|at| &files[*at]).expect("a circle has files");
        files.rotate_left(first);
        files
    })
}

pub(crate) fn told(files: &[String], needs: &Needs) -> String {
    let mut told = files[0].clone();
    for (from, to) in files.iter().zip(files.iter().cycle().skip(1)) {
        let names: Vec<_> = needs[from][to].iter().map(String::as_str).collect();
        told += &format!(" → {to} ({})", names.join(", "));
    }
    told
}
