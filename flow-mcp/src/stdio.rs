//! Servers that are programs.

use std::io;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flow_runtime::mcp::{ServerFailure, ServerFailureKind};
use process_wrap::tokio::{CommandWrap, KillOnDrop};
use rmcp::transport::TokioChildProcess;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::ChildStderr;
use tokio::task::JoinHandle;

use crate::connection::Connection;
use crate::setting::{Environment, Setting};

/// The variables that a program gets without being named. It gets no others, since most keys are none of its business.
const INHERITED: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TERM",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    // Windows.
    "APPDATA",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "PATHEXT",
    "PROGRAMFILES",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERNAME",
    "USERPROFILE",
];

/// Maximum length of a line of standard error that is kept, in bytes.
const LINE: u64 = 4096;

/// How long the last line of a program that ended may take to arrive.
const LAST_LINE: Duration = Duration::from_millis(500);

/// A program and its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    program: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) variables: Vec<(String, Setting)>,
}

/// The last line that a program wrote to standard error.
pub(crate) struct Stderr {
    last: Arc<Mutex<Option<String>>>,
    reading: tokio::sync::Mutex<JoinHandle<()>>,
}

impl Command {
    pub(crate) fn new(program: String) -> Self {
        Self { program, arguments: Vec::new(), variables: Vec::new() }
    }

    pub(crate) async fn connect(&self, environment: &Environment) -> Result<Connection, ServerFailure> {
        let builder = TokioChildProcess::builder(self.prepared(environment)?).stderr(Stdio::piped());
        let (child, stderr) = builder.spawn().map_err(|error| self.not_started(error))?;
        Connection::open(child, stderr.map(Stderr::read)).await
    }

    /// The program in a process group of its own, so that it is ended together with what it has started.
    fn prepared(&self, environment: &Environment) -> Result<CommandWrap, ServerFailure> {
        let mut command = tokio::process::Command::new(&self.program);
        let inherited = INHERITED.iter().filter_map(|name| Some((*name, std::env::var_os(name)?)));
        command.args(&self.arguments).env_clear().envs(inherited);
        for (name, value) in &self.variables {
            let value = value.value(environment).map_err(|variable| {
                let text = format!("its variable `{name}` needs {variable}, which is not set");
                ServerFailure::new(ServerFailureKind::Misconfigured, text)
            })?;
            command.env(name, value);
        }
        let mut wrapped = CommandWrap::from(command);
        wrapped.wrap(KillOnDrop);
        #[cfg(unix)]
        wrapped.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(process_wrap::tokio::JobObject);
        Ok(wrapped)
    }

    fn not_started(&self, error: io::Error) -> ServerFailure {
        let kind = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => ServerFailureKind::Misconfigured,
            _ => ServerFailureKind::Unreachable,
        };
        ServerFailure::new(kind, format!("`{}` cannot be started: {error}", self.program)).with_source(error)
    }
}

impl Stderr {
    fn read(stderr: ChildStderr) -> Self {
        let last = Arc::<Mutex<Option<String>>>::default();
        let kept = last.clone();
        let reading = tokio::spawn(async move {
            let mut lines = BufReader::new(stderr);
            let mut line = Vec::new();
            while (&mut lines).take(LINE).read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line).trim().to_owned();
                if !text.is_empty() {
                    *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
                }
                line.clear();
            }
        });
        Self { last, reading: tokio::sync::Mutex::new(reading) }
    }

    /// Returns the last line. If the program has ended, waits until it was read.
    pub(crate) async fn last(&self) -> Option<String> {
        let mut reading = self.reading.lock().await;
        if !reading.is_finished() {
            let _ = tokio::time::timeout(LAST_LINE, &mut *reading).await;
        }
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
