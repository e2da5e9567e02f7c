//! Words that must not appear in some files.

use std::path::{Path, PathBuf};

use crate::{read, sources};

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
        rule: "reqwest is used only under `provider`, for MCP servers and for exporting spans",
        rooms: &["flow-runtime/src", "flow-cli/src", "flow-mcp/src", "src"],
        words: &["reqwest"],
        but: &[
            "flow-runtime/src/provider/",
            "flow-cli/src/otel/client.rs",
            "flow-mcp/src/failure.rs",
            "flow-mcp/src/http.rs",
        ],
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
        rule: "rmcp is used only in `flow-mcp`",
        rooms: &["flow-runtime/src", "flow-macros/src", "flow-cli/src", "flow-service/src", "src"],
        words: &["rmcp"],
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
