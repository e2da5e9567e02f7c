//! The command `lock`: writes the locks of workflows, and reports what changed.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use flow_runtime::error::Error;
use flow_runtime::graph::Meta;
use flow_runtime::graph::lock::{Changes, Lock, classify, describe, file};
use serde_json::{Value, json};
use similar::TextDiff;

use super::Outcome;
use super::arguments::LockArguments;
use super::failure::Failure;
use super::host::Host;
use super::workflows::Workflows;

/// The lock of one workflow, on disk and as it would be written now.
struct Entry {
    meta: &'static Meta,
    path: PathBuf,
    old: Old,
    new: String,
}

/// State of the lock on disk.
enum Old {
    Missing,
    /// Not a valid lock: its text, and the reason.
    Broken(String, String),
    Lock(String, Box<Lock>),
}

pub(super) fn lock(workflows: &Workflows, arguments: &LockArguments, host: &Host) -> Result<Outcome, Failure> {
    let metas = chosen(workflows, &arguments.workflows)?;
    let root = arguments.dir.clone().or_else(|| host.environment()("CARGO_MANIFEST_DIR").map(PathBuf::from));
    let root = root.unwrap_or_else(|| PathBuf::from("."));
    let entries: Vec<_> = metas.into_iter().map(|meta| Entry::read(meta, &root)).collect::<Result<_, _>>()?;
    let stale = entries.iter().filter(|entry| entry.is_stale()).collect::<Vec<_>>();
    if !arguments.check {
        write(&stale).map_err(Failure::from)?;
    }
    let status = u8::from(arguments.check && !stale.is_empty());
    let outcome = if arguments.json {
        let all: Value = entries.iter().map(|entry| entry.to_json(arguments.check)).collect();
        Outcome::json(format!("{all:#}"))
    } else {
        Outcome::text(entries.iter().map(|entry| entry.text(arguments.check)).collect::<Vec<_>>().join("\n"))
    };
    Ok(Outcome { status, ..outcome })
}

/// The named workflows, or all that have a lock.
fn chosen(workflows: &Workflows, names: &[String]) -> Result<Vec<&'static Meta>, Failure> {
    let is_locked = |meta: &&'static Meta| meta.graph.is_some_and(|graph| graph.locked);
    let metas: Vec<_> = if names.is_empty() {
        workflows.metas().into_iter().filter(is_locked).collect()
    } else {
        names.iter().map(|name| Ok(workflows.find(Some(name))?.meta())).collect::<Result<_, Failure>>()?
    };
    if let Some(free) = metas.iter().find(|meta| !is_locked(meta)) {
        return Err(Failure::refused(format!(
            "workflow `{0}` has no lock: annotate it with `#[workflow(lock)]`",
            free.name
        )));
    }
    if metas.is_empty() {
        return Err(Failure::refused("no workflow of this program has a lock: annotate one with `#[workflow(lock)]`"));
    }
    for (at, meta) in metas.iter().enumerate() {
        if let Some(twin) = metas[..at].iter().find(|other| other.id == meta.id && other.name != meta.name) {
            let message = format!(
                "workflows `{}` and `{}` have the same id `{}`, and would share one lock",
                twin.name, meta.name, meta.id
            );
            return Err(Failure::refused(message));
        }
    }
    Ok(metas)
}

impl Old {
    fn of(text: String) -> Self {
        match Lock::read(&text) {
            Ok(lock) => Self::Lock(text, Box::new(lock)),
            Err(error) => Self::Broken(text, error.to_string()),
        }
    }
}

impl Entry {
    fn read(meta: &'static Meta, root: &Path) -> Result<Self, Failure> {
        let path = root.join(file(meta));
        let old = match fs::read_to_string(&path) {
            Ok(text) => Old::of(normal(&text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Old::Missing,
            // Not UTF-8, so not a lock we wrote.
            Err(error) if error.kind() == ErrorKind::InvalidData => Old::Broken(String::new(), error.to_string()),
            Err(error) => return Err(Failure::from(at(&path, &error))),
        };
        Ok(Self { meta, path, old, new: describe(meta).to_text() })
    }

    fn is_stale(&self) -> bool {
        !matches!(&self.old, Old::Lock(text, _) if *text == self.new)
    }

    fn changes(&self) -> Option<Changes> {
        match &self.old {
            Old::Lock(_, lock) => Some(classify(lock, self.meta)),
            _ => None,
        }
    }

    /// Human-readable report, without a trailing newline.
    fn text(&self, check: bool) -> String {
        let path = self.path.display();
        let written = if check { "would be written" } else { "written" };
        let head = match &self.old {
            _ if !self.is_stale() => return format!("{path}: up to date"),
            Old::Missing => return format!("{path}: {}", if check { "missing" } else { "written, new" }),
            Old::Broken(_, why) => format!("{path}: {written}, replacing an invalid lock: {why}"),
            Old::Lock(..) => format!("{path}: {written}, {}", self.verdict()),
        };
        let changes = self.changes().map(|changes| changes.to_string()).unwrap_or_default();
        let diff = if check { self.diff() } else { String::new() };
        format!("{head}\n{changes}{diff}").trim_end().to_owned()
    }

    fn verdict(&self) -> &'static str {
        match self.changes() {
            Some(changes) if changes.is_breaking() => "with breaking changes",
            Some(changes) if changes.is_empty() => "with no visible changes",
            _ => "with compatible changes",
        }
    }

    /// Unified diff from the text on disk to the text that would be written.
    fn diff(&self) -> String {
        let (Old::Lock(old, _) | Old::Broken(old, _)) = &self.old else { return String::new() };
        let name = file(self.meta);
        TextDiff::from_lines(old, &self.new)
            .unified_diff()
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string()
    }

    /// `{"workflow", "file", "state", "changes", "diff"}`; `state` is `current`, `missing`, `invalid` or `stale`.
    fn to_json(&self, check: bool) -> Value {
        let state = match &self.old {
            _ if !self.is_stale() => "current",
            Old::Missing => "missing",
            Old::Broken(..) => "invalid",
            Old::Lock(..) => "stale",
        };
        json!({
            "workflow": self.meta.name,
            "file": self.path.display().to_string(),
            "state": state,
            "written": !check && self.is_stale(),
            "changes": self.changes().map(|changes| changes.to_json()),
            "diff": (check && self.is_stale()).then(|| self.diff()),
        })
    }
}

/// Removes a byte order mark and CRLF line ends added by an editor or a checkout.
fn normal(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// Replaces each file atomically: a partial lock would break the next build.
fn write(entries: &[&Entry]) -> Result<(), Error> {
    let drafts: Vec<_> = entries.iter().map(|entry| draft(entry)).collect::<Result<_, _>>()?;
    for (entry, draft) in entries.iter().zip(drafts) {
        fs::rename(&draft, &entry.path).map_err(|error| at(&entry.path, &error))?;
    }
    Ok(())
}

/// Writes the text to a temporary file next to its destination.
fn draft(entry: &Entry) -> Result<PathBuf, Error> {
    let draft = entry.path.with_extension(format!("json.{}.tmp", std::process::id()));
    let folder = entry.path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&draft, &entry.new));
    written.map(|()| draft).map_err(|error| at(&entry.path, &error))
}

fn at(path: &Path, error: &io::Error) -> Error {
    Error::terminal(format!("{}: {error}", path.display()))
}
