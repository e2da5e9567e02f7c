//! The rules in ARCHITECTURE.md, checked against the source.

use std::fs;
use std::path::{Path, PathBuf};

/// Words that must not appear in some files.
struct Absent {
    rule: &'static str,
    rooms: &'static [&'static str],
    words: &'static [&'static str],
    /// Paths where the words are allowed.
    but: &'static [&'static str],
}

const ABSENT: &[Absent] = &[
    Absent {
        rule: "reqwest is used only under `provider` and for exporting spans",
        rooms: &["flow-runtime/src", "flow-cli/src", "src"],
        words: &["reqwest"],
        but: &["flow-runtime/src/provider/", "flow-cli/src/otel/client.rs"],
    },
    Absent {
        rule: "SQL is used only under `journal/sqlite`",
        rooms: &["flow-runtime/src", "flow-service/src", "flow-cli/src", "src"],
        words: &["rusqlite", "SELECT ", "INSERT ", "PRAGMA "],
        but: &["flow-runtime/src/journal/sqlite/"],
    },
    Absent {
        rule: "axum is used only in `flow-service`",
        rooms: &["flow-runtime/src", "flow-macros/src", "flow-cli/src", "src"],
        words: &["axum"],
        but: &[],
    },
    Absent {
        rule: "generated code contains no `unsafe`",
        rooms: &["flow-macros/src/expand", "flow-macros/src/contract"],
        words: &["unsafe"],
        but: &[],
    },
    Absent {
        rule: "the macros read only prompts and locks, and locks are parsed without I/O",
        rooms: &["flow-macros/src", "flow-base/src"],
        words: &["fs::read_to_string(", "fs::write(", "fs::File"],
        but: &["flow-macros/src/lock.rs", "flow-macros/src/parse/prompt.rs"],
    },
    Absent {
        rule: "`model` and `check` contain no generated code",
        rooms: &["flow-macros/src/model", "flow-macros/src/check"],
        words: &["quote!", "quote::", "parse_quote", "quote_spanned"],
        but: &[],
    },
    Absent {
        rule: "`expand` reports no errors",
        rooms: &["flow-macros/src/expand", "flow-macros/src/contract/expand"],
        words: &["syn::Error", "Errors", "compile_error"],
        but: &[],
    },
    Absent {
        rule: "only `check` creates a `Checked`, which `expand` takes",
        rooms: &["flow-macros/src"],
        words: &["Checked::new("],
        but: &["flow-macros/src/check/"],
    },
    Absent {
        rule: "`parse` depends on neither `check` nor `expand`",
        rooms: &["flow-macros/src/parse"],
        words: &["check::", "expand::"],
        but: &[],
    },
    Absent {
        rule: "the reader of bodies knows no rule and reports nothing",
        rooms: &["flow-macros/src/parse/body"],
        words: &["crate::page", "syn::Error"],
        but: &[],
    },
    Absent {
        rule: "`check` depends on neither `parse` nor `expand`",
        rooms: &["flow-macros/src/check"],
        words: &["parse::", "expand::"],
        but: &[],
    },
    Absent {
        rule: "`expand` depends on neither `parse` nor `check`",
        rooms: &["flow-macros/src/expand"],
        words: &["crate::parse", "crate::check"],
        but: &[],
    },
    Absent {
        rule: "places, contracts, graphs and records read the clock only for run ids",
        rooms: &[
            "flow-runtime/src/place",
            "flow-runtime/src/contract",
            "flow-runtime/src/graph",
            "flow-runtime/src/run",
        ],
        words: &["SystemTime::", "Instant"],
        but: &["flow-runtime/src/place/id.rs"],
    },
    Absent {
        rule: "`contract`, `graph` and `run` do no I/O",
        rooms: &["flow-runtime/src/contract", "flow-runtime/src/graph", "flow-runtime/src/run"],
        words: &["std::fs", "std::env", "std::process", "File::", "TcpStream", "stdin", "stdout", "println!", "tokio"],
        but: &[],
    },
    Absent {
        rule: "events cannot be deserialised, so nothing can be rebuilt from them",
        rooms: &["flow-runtime/src/event.rs"],
        words: &["Deserialize"],
        but: &[],
    },
];

#[test]
fn what_is_deliberately_absent_is_absent() {
    let found: Vec<String> = ABSENT.iter().flat_map(Absent::found).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn exceptions_are_needed() {
    for absent in ABSENT {
        for but in absent.but {
            let sources = sources(Path::new(but));
            assert!(!sources.is_empty(), "{but} is gone");
            assert!(sources.iter().any(|source| absent.lines(source).next().is_some()), "{but}: {}", absent.rule);
        }
    }
}

/// The rooms of `flow-runtime`, from the ground up: each imports only from rooms on lower floors, so that there is no circle.
const FLOORS: &[&[&str]] = &[
    // Leaves, which know nothing of the project.
    &["duration", "money", "place", "retry", "ring", "secret", "text", "time_limit", "tls", "violation"],
    &["clock", "error"],
    &["contract"],
    // What is said to a model and to people, and what is said of an output.
    &["gate", "prompt", "review"],
    &["provider"],
    // What is written down of a run. It knows neither a graph nor an engine.
    &["run"],
    &["ending", "event", "graph"],
    &["bill", "journal"],
    // What an annotated function returns.
    &["call"],
    &["engine"],
    &["private"],
];

#[test]
fn rooms_import_from_lower_floors_only() {
    let floor = |room: &str| FLOORS.iter().position(|rooms| rooms.contains(&room));
    let mut wrong = Vec::new();
    for file in sources(Path::new("flow-runtime/src")) {
        let inner = file.strip_prefix("flow-runtime/src").unwrap();
        let room = inner.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if room == "lib" {
            continue;
        }
        let Some(own) = floor(room) else {
            wrong.push(format!("`{room}` is on no floor"));
            continue;
        };
        for other in imports(&read(&file)) {
            let is_lower = other == room || floor(&other).is_some_and(|other| other < own);
            if !is_lower {
                wrong.push(format!("{}: `{room}` imports from `{other}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The rooms that the code of a file names, tests and links of the documentation apart.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_apart = false;
    for line in text.lines().map(str::trim) {
        if line == "#[cfg(test)]" || line == "#[cfg(doc)]" {
            is_apart = true;
            continue;
        }
        let skipped = std::mem::take(&mut is_apart);
        if skipped && line.starts_with("mod tests {") {
            break;
        }
        if skipped || line.starts_with("//") {
            continue;
        }
        for (at, _) in line.match_indices("crate::") {
            let room = &line[at + "crate::".len()..];
            let end = room.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(room.len());
            // A name of the crate itself, as in `$crate::Name` of a macro, is not a room.
            if !room[..end].is_empty() && room[..end].chars().all(|letter| !letter.is_uppercase()) {
                found.push(room[..end].to_owned());
            }
        }
    }
    found
}

#[test]
fn imports_are_read() {
    let text = "use crate::run::{Place};\n// crate::no\n#[cfg(doc)]\nuse crate::doc::X;\nfn f(x: crate::error::Error) {}\n\
                #[cfg(test)]\nmod tests {\nuse crate::test::Y;\n}";
    assert_eq!(imports(text), ["run", "error"]);
}

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

impl Absent {
    fn found(&self) -> Vec<String> {
        let files = self.rooms.iter().flat_map(|room| sources(Path::new(room)));
        let files: Vec<_> = files.filter(|file| !self.but.iter().any(|but| file.starts_with(but))).collect();
        assert!(!files.is_empty(), "{:?} are gone", self.rooms);
        let told = |file: &PathBuf| self.lines(file).map(|line| format!("{}: {line}", self.rule)).collect::<Vec<_>>();
        files.iter().flat_map(told).collect()
    }

    /// Code lines that contain one of the words.
    fn lines(&self, file: &Path) -> impl Iterator<Item = String> {
        let text = read(file);
        let code = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.starts_with("//"));
        let named = code.filter(|(_, line)| self.words.iter().any(|word| line.contains(word)));
        let told: Vec<_> = named.map(|(at, line)| format!("{}:{}: {line}", file.display(), at + 1)).collect();
        told.into_iter()
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
