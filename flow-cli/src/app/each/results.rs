//! The results file: results of earlier starts, and new ones.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use flow_runtime::error::Error;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::lines::{Fingerprint, Line};
use crate::app::failure::Failure;
use crate::app::host::Stream;

/// Start of every line; identifies a truncated line as ours.
const START: &[u8] = b"{\"line\":";

/// The fields of a result that are read back.
#[derive(Deserialize)]
struct Head<'a> {
    line: u64,
    #[serde(borrow)]
    workflow: Cow<'a, str>,
    #[serde(borrow)]
    input: Cow<'a, str>,
    error: Option<IgnoredAny>,
    #[serde(default)]
    offline: bool,
}

/// What the results of a file must have in common.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) workflow: &'a str,
    /// Whether answers are made up.
    pub(super) offline: bool,
}

/// Destination of results, with those of earlier starts.
pub(super) struct Results {
    sink: Sink,
    /// Input lines already done, with the fingerprints of their inputs.
    done: HashMap<u64, Fingerprint>,
    /// Whether the file must be rewritten, to drop failures that run again or a truncated line.
    is_stale: bool,
    keep_failed: bool,
}

enum Sink {
    Stream(Stream),
    File {
        file: File,
        path: PathBuf,
        /// The replaced file. Its lock keeps out processes that opened it before it was replaced.
        _replaced: Option<File>,
    },
}

impl Results {
    /// Writes results to a stream, without resumption.
    pub(super) fn stream(stream: Stream) -> Self {
        Self { sink: Sink::Stream(stream), done: HashMap::new(), is_stale: false, keep_failed: false }
    }

    /// Opens or creates a results file. Existing content is not changed before [`begin`](Self::begin).
    pub(super) fn open(path: &Path, of: Of<'_>, keep_failed: bool) -> Result<Self, Failure> {
        let refused = |error: &dyn std::fmt::Display| {
            Failure::refused(format!("`--output {}` cannot be written: {error}", path.display()))
        };
        let is_special = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        let file = File::options().read(!is_special).append(true).create(true).open(path);
        let file = file.map_err(|error| refused(&error))?;
        let (mut done, mut is_stale) = (HashMap::new(), false);
        if !is_special {
            lock(&file).map_err(|error| refused(&error))?;
            is_stale = read(&file, of, keep_failed, &mut done).map_err(|wrong| {
                Failure::refused(format!("`--output {}` cannot be continued: {wrong}", path.display()))
            })?;
        }
        let path = if is_special { path.to_owned() } else { path.canonicalize().map_err(|error| refused(&error))? };
        let sink = Sink::File { file, path, _replaced: None };
        Ok(Self { sink, done, is_stale, keep_failed })
    }

    /// Number of lines already done.
    pub(super) fn kept(&self) -> u64 {
        self.done.len() as u64
    }

    /// Highest line number already done.
    pub(super) fn last(&self) -> Option<u64> {
        self.done.keys().max().copied()
    }

    /// Whether a line is already done.
    ///
    /// # Errors
    ///
    /// Fails if it was done with a different input.
    pub(super) fn is_done(&self, line: &Line, given: Fingerprint) -> Result<bool, Failure> {
        match self.done.get(&line.number) {
            None => Ok(false),
            Some(earlier) if *earlier == given => Ok(true),
            Some(_) => Err(Failure::refused(format!(
                "{} has a result for line {} with a different input: the line, or a value of `--set` or `--file`, has changed since; write to another file, or remove that result to run the line again",
                self.name(),
                line.number
            ))),
        }
    }

    /// Drops results that will run again from the file.
    pub(super) fn begin(&mut self) -> Result<(), Failure> {
        if !self.is_stale {
            return Ok(());
        }
        let name = self.name();
        let Sink::File { file, path, _replaced } = &mut self.sink else { return Ok(()) };
        let new = replace(file, path, self.keep_failed)
            .map_err(|error| Failure::refused(format!("{name} cannot be rewritten: {error}")))?;
        *_replaced = Some(std::mem::replace(file, new));
        self.is_stale = false;
        Ok(())
    }

    /// Writes a complete line immediately, so that no result is lost if the process dies.
    pub(super) fn add(&mut self, result: &Value) -> Result<(), Failure> {
        let written = match &mut self.sink {
            Sink::Stream(stream) => stream.json(&result.to_string()),
            Sink::File { file, .. } => file.write_all(format!("{result}\n").as_bytes()),
        };
        written.map_err(|error| Error::terminal(format!("{} cannot be written: {error}", self.name())).into())
    }

    /// Name for messages.
    pub(super) fn name(&self) -> String {
        match &self.sink {
            Sink::Stream(_) => "standard output".to_owned(),
            Sink::File { path, .. } => format!("`--output {}`", path.display()),
        }
    }
}

/// Allows only one writing process. File systems without locks are not checked.
fn lock(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(io::Error::other("another process is writing to it")),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Reads the results already done, and returns whether the file must be rewritten.
fn read(file: &File, of: Of<'_>, keep_failed: bool, done: &mut HashMap<u64, Fingerprint>) -> Result<bool, String> {
    let mut is_stale = false;
    let mut failed = HashMap::new();
    for_each(file, |number, bytes| {
        let Some(whole) = bytes.strip_suffix(b"\n") else {
            is_stale = true;
            let is_ours = bytes.starts_with(START) || START.starts_with(bytes);
            return if is_ours { Ok(()) } else { Err(strange(number)) };
        };
        let head: Head<'_> = serde_json::from_slice(whole).map_err(|_| strange(number))?;
        if head.workflow != of.workflow {
            return Err(format!(
                "its line {number} is a result of workflow `{}`, not of `{}`; write to another file",
                head.workflow, of.workflow
            ));
        }
        let given = Fingerprint::parse(&head.input).ok_or_else(|| strange(number))?;
        let is_tried_again = head.error.is_some() && !keep_failed;
        if head.offline != of.offline && !is_tried_again {
            let (then, now) = if head.offline { ("made up", "are not") } else { ("not made up", "are") };
            return Err(format!(
                "the answers in its line {number} are {then}, those of this command {now}; write to another file"
            ));
        }
        is_stale |= is_tried_again;
        let place = if is_tried_again { &mut failed } else { &mut *done };
        if place.insert(head.line, given).is_some() {
            return Err(format!(
                "it has two results for line {} of the input, the second in its line {number}; remove one of them",
                head.line
            ));
        }
        Ok(())
    })?;
    Ok(is_stale)
}

fn strange(number: usize) -> String {
    format!("its line {number} is not a result of `run --each`; write to another file, or remove that line")
}

/// Calls `call` with the number (from 1) and the bytes of each line, including the line end.
fn for_each(file: &File, mut call: impl FnMut(usize, &[u8]) -> Result<(), String>) -> Result<(), String> {
    let mut source = BufReader::new(file);
    source.rewind().map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        if source.read_until(b'\n', &mut bytes).map_err(|error| error.to_string())? == 0 {
            break;
        }
        call(number, &bytes)?;
    }
    Ok(())
}

/// Copies the kept results to a new file and renames it over the old one, so that no result is lost at any point.
fn replace(old: &File, path: &Path, keep_failed: bool) -> io::Result<File> {
    let part = path.with_added_extension("part");
    let new = File::options().write(true).create(true).truncate(true).open(&part)?;
    lock(&new)?;
    new.set_permissions(old.metadata()?.permissions())?;
    let mut writer = BufWriter::new(&new);
    let copied = for_each(old, |_, bytes| {
        let is_kept = bytes.ends_with(b"\n")
            && serde_json::from_slice::<Head<'_>>(bytes).is_ok_and(|head| keep_failed || head.error.is_none());
        if is_kept { writer.write_all(bytes).map_err(|error| error.to_string()) } else { Ok(()) }
    });
    copied.map_err(io::Error::other)?;
    writer.flush()?;
    drop(writer);
    new.sync_data()?;
    fs::rename(&part, path)?;
    Ok(new)
}
