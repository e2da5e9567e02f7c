//! Writes the records of runs to a JSON Lines file.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use flow_runtime::event::Observer;
use flow_runtime::run::Record;

use super::failure::Failure;

/// Unbuffered, so that no record is lost if the process dies.
#[derive(Clone)]
pub(super) struct Trace(Arc<Mutex<State>>);

struct State {
    file: File,
    /// First write error; the run continues without the trace.
    failed: Option<io::Error>,
}

impl Trace {
    /// Creates or truncates the file. A new file is readable only by its owner: it contains documents, prompts and replies.
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        let mut options = File::options();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let opened = options.write(true).create(true).truncate(true).open(path);
        let file = opened
            .map_err(|error| Failure::refused(format!("`--trace {}` cannot be written: {error}", path.display())))?;
        Ok(Self(Arc::new(Mutex::new(State { file, failed: None }))))
    }

    /// Takes the error that cut the trace short.
    pub(super) fn failure(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failed.take()
    }
}

impl State {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}

impl Observer for Trace {
    fn wants_records(&self) -> bool {
        true
    }

    fn record(&self, record: &Record) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failed.is_none() {
            state.failed = state.write(record).err();
        }
    }
}
