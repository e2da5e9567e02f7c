//! What a program writes to standard error.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flow_runtime::mcp::ServerFailure;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::ChildStderr;
use tokio::task::JoinHandle;

/// Maximum length of a line that is kept, in bytes.
const LINE: u64 = 1024;

/// How many lines are kept. Node ends with a stack trace and its version, after the reason.
const LINES: usize = 12;

/// How long the last lines of a program that ended may take to arrive.
const LAST_LINES: Duration = Duration::from_millis(500);

/// The last lines that a program wrote.
pub(crate) struct Stderr {
    lines: Arc<Mutex<VecDeque<String>>>,
    reading: tokio::sync::Mutex<JoinHandle<()>>,
}

/// The lines as the cause of a failure.
#[derive(Debug)]
struct Written(String);

impl Stderr {
    pub(crate) fn read(stderr: ChildStderr) -> Self {
        let lines = Arc::<Mutex<VecDeque<String>>>::default();
        let kept = lines.clone();
        let reading = tokio::spawn(async move {
            let mut reader = BufReader::new(stderr);
            let mut line = Vec::new();
            while (&mut reader).take(LINE).read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                line.clear();
                if text.is_empty() {
                    continue;
                }
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() == LINES {
                    kept.pop_front();
                }
                kept.push_back(text);
            }
        });
        Self { lines, reading: tokio::sync::Mutex::new(reading) }
    }

    /// Adds the last lines of a program that did not start to the message: whoever starts it has to see them.
    pub(crate) async fn within(&self, failure: ServerFailure) -> ServerFailure {
        match self.last().await {
            Some(written) => ServerFailure::new(failure.kind, format!("{}; {written}", failure.message)),
            None => failure,
        }
    }

    /// Adds the last lines as a cause, which is not part of what a model is told.
    pub(crate) async fn beneath(&self, failure: ServerFailure) -> ServerFailure {
        match self.last().await {
            Some(written) => failure.with_source(written),
            None => failure,
        }
    }

    /// Returns the last lines. If the program has ended, waits until they are read.
    async fn last(&self) -> Option<Written> {
        let mut reading = self.reading.lock().await;
        if !reading.is_finished() {
            let _ = tokio::time::timeout(LAST_LINES, &mut *reading).await;
        }
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let text = lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n    ");
        (!text.is_empty()).then_some(Written(text))
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its standard error ends with\n    {}", self.0)
    }
}

impl Error for Written {}
