//! Input sources of `run --each`.

use std::fs::File;
use std::io::{self, Read};

use tokio::sync::mpsc::Receiver;

use super::lines::{Line, Lines, feed};
use super::results::Results;
use crate::app::failure::Failure;
use crate::app::host::Host;

/// A file, which can be read twice, or a stream, which cannot.
pub(super) enum Source {
    File(String),
    Stream(Box<dyn Read + Send>),
}

impl Source {
    /// Opens the source named by `--input`.
    pub(super) fn open(input: &str, host: &mut Host) -> Result<Self, Failure> {
        let refused =
            |error: &dyn std::fmt::Display| Failure::refused(format!("`--input {input}` cannot be used: {error}"));
        let Some(path) = input.strip_prefix('@') else {
            return match input {
                "-" => Ok(Self::Stream(host.take_stdin())),
                _ => Err(Failure::refused(
                    "`--each` reads lines from a file or from standard input: pass `--input @FILE` or `--input -`",
                )),
            };
        };
        let file = File::open(path).map_err(|error| refused(&error))?;
        let kind = file.metadata().map_err(|error| refused(&error))?;
        match kind.is_dir() {
            true => Err(refused(&"it is a directory")),
            false if kind.is_file() => Ok(Self::File(path.to_owned())),
            false => Ok(Self::Stream(Box::new(file))),
        }
    }

    /// Checks that existing results belong to these lines, and counts the lines; `None` for a stream.
    pub(super) fn survey(&self, results: &Results, shared: &str, limit: u64) -> Result<Option<u64>, Failure> {
        let Self::File(path) = self else { return Ok(None) };
        let refused = |error: io::Error| Failure::refused(format!("`--input @{path}` cannot be used: {error}"));
        let (mut all, mut last) = (0, 0);
        for line in Lines::new(File::open(path).map_err(refused)?, limit) {
            let line = line.map_err(refused)?;
            results.is_done(&line, line.fingerprint(shared))?;
            (all, last) = (all + 1, line.number);
        }
        nothing_beyond(results, last)?;
        Ok(Some(all))
    }

    pub(super) fn lines(self, limit: u64) -> Result<Receiver<io::Result<Line>>, Failure> {
        Ok(match self {
            Self::Stream(stream) => feed(stream, limit),
            Self::File(path) => {
                let refused = |error| Failure::refused(format!("`--input @{path}` cannot be used: {error}"));
                feed(File::open(&path).map_err(refused)?, limit)
            }
        })
    }
}

/// Rejects results of lines beyond the end of the input, which belong to another input.
pub(super) fn nothing_beyond(results: &Results, last: u64) -> Result<(), Failure> {
    match results.last() {
        Some(line) if line > last => Err(Failure::refused(format!(
            "{} has a result for line {line}, but the input ends at line {last}; write to another file, or pass the input it was written for",
            results.name()
        ))),
        _ => Ok(()),
    }
}
