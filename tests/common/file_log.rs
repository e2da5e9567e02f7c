//! The log of one run in a plain file, one line of JSON per append. The owner of such a log attends to its run.

#![allow(dead_code, reason = "not every test that includes this uses all of it")]

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use flow::journal::{AppendError, RunLog};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Clock, Record, RunId, RunState, Stamp, from_line, to_line};
use flow::{Attended, Error, ErrorKind, Start, serde_json, tokio};

#[derive(Clone, Debug)]
pub(crate) struct FileLog {
    path: PathBuf,
    run: RunId,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// Records that were appended but are not in the file yet.
    pending: Vec<Record>,
    failure: Option<String>,
}

impl FileLog {
    /// Opens a file and truncates an incomplete line left by a process that died.
    pub(crate) fn open(path: &Path, run: &RunId) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let text = std::fs::read(path)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64)?;
        file.sync_all()?;
        let open = Open { file, pending: Vec::new(), failure: None };
        Ok(Self { path: path.to_owned(), run: run.clone(), open: Arc::new(Mutex::new(open)) })
    }

    /// The appends in the file.
    pub(crate) fn batches(path: &Path, run: &RunId) -> Vec<Vec<Record>> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        whole.map(|line| from_line(run, line).unwrap()).collect()
    }

    fn flush(&self) -> Result<(), AppendError> {
        let mut open = self.open.lock().unwrap();
        if open.failure.is_none() && !open.pending.is_empty() {
            let line = to_line(&open.pending)? + "\n";
            open.pending.clear();
            let written = open.file.write_all(line.as_bytes()).and_then(|()| open.file.sync_data());
            open.failure = written.err().map(|error| format!("{}: {error}", self.path.display()));
        }
        match &open.failure {
            Some(failure) => Err(AppendError::Broken(Error::new(ErrorKind::Journal, failure.as_str()))),
            None => Ok(()),
        }
    }
}

impl RunLog for FileLog {
    fn append(&self, records: &[Record]) -> BoxFuture<'static, Result<(), AppendError>> {
        self.open.lock().unwrap().pending.extend_from_slice(records);
        // An append whose future is never polled is written together with the next one.
        let log = self.clone();
        Box::pin(async move { log.flush() })
    }

    fn state(&self) -> BoxFuture<'static, Result<RunState>> {
        let written = self.flush();
        let records = Self::batches(&self.path, &self.run);
        Box::pin(async move {
            written?;
            Ok(RunState::of(records.into_iter().flatten()))
        })
    }
}

/// Attends to a run until it ends. `answer` is polled for an answer to the current state of the run, and
/// `given` is called once the run has received it.
pub(crate) async fn attend(
    runtime: &Runtime,
    start: Start,
    path: &Path,
    clock: fn() -> Stamp,
    answer: impl Fn(&RunState) -> Option<Record>,
    mut given: impl FnMut(),
) -> Attended {
    let log: Arc<dyn RunLog> = match FileLog::open(path, &start.run) {
        Ok(log) => Arc::new(log),
        Err(error) => return Attended::Stopped(error.into()),
    };
    loop {
        let mut attending = runtime.attend(start.clone(), log.clone(), Clock::new(clock));
        let mut looks = tokio::time::interval(LOOKS);
        let until = loop {
            tokio::select! {
                biased;
                attended = &mut attending => match attended {
                    Attended::Waits(until) => break until,
                    ended => return ended,
                },
                _ = looks.tick() => {}
            }
            let Ok(state) = log.state().await else { continue };
            // A step that waits in memory receives its answer there.
            if let Some(kept) = answer(&state).and_then(|answered| attending.answer(answered)) {
                match kept.await {
                    Ok(()) => given(),
                    Err(failure) => return Attended::Stopped(failure.into()),
                }
            }
        };
        match log.state().await {
            Ok(state) => {
                let Some(answered) = answer(&state) else {
                    let left = until.expect("a person would be answered").since(clock());
                    tokio::time::sleep(left).await;
                    continue;
                };
                if let Err(failure) = log.append(&[answered]).await {
                    return Attended::Stopped(failure.into());
                }
                given();
            }
            Err(error) => return Attended::Stopped(error),
        }
    }
}

/// How often `answer` is polled.
const LOOKS: std::time::Duration = std::time::Duration::from_millis(20);

/// The start of a run.
pub(crate) fn start(run: &RunId, workflow: &str, input: serde_json::Value) -> Start {
    Start { run: run.clone(), workflow: workflow.to_owned(), input }
}
