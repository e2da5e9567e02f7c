//! The program's environment: arguments, variables, streams. Tests provide their own.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::escape::Escape;
use super::outcome::Printed;

/// Default configuration file, in the current directory.
const CONFIG: &str = "flow.toml";

/// How to start a program in a test: its arguments, without the program name. For [`App::try_run`](super::App::try_run).
///
/// ```
/// use flow::app::Invocation;
///
/// let piped = Invocation::from(["run", "--input", "-"]).stdin(r#"{"name": "Ada"}"#);
/// let served = Invocation::from(["run"]).variable("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Invocation {
    pub(super) arguments: Vec<OsString>,
    stdin: Vec<u8>,
    environment: HashMap<String, String>,
    answers: bool,
}

impl Invocation {
    /// Sets standard input; the default is empty.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Sets standard input to lines typed on a terminal, by a person who answers waiting steps.
    #[must_use]
    pub fn typed(self, lines: impl Into<Vec<u8>>) -> Self {
        Self { answers: true, ..self.stdin(lines) }
    }

    /// Sets an environment variable. No others are visible to the program.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }
}

impl<T: Into<OsString>> From<Vec<T>> for Invocation {
    fn from(arguments: Vec<T>) -> Self {
        Self { arguments: arguments.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

impl<T: Into<OsString>, const N: usize> From<[T; N]> for Invocation {
    fn from(arguments: [T; N]) -> Self {
        Vec::from(arguments).into()
    }
}

/// How a program ended, and what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ran {
    /// The exit status: 0 finished, 1 the run failed, 2 wrong usage or invalid input, 3 the run waits, 4 the journal failed.
    pub status: u8,
    /// Results.
    pub stdout: String,
    /// Everything else: progress, notices, errors.
    pub stderr: String,
}

/// Looks up environment variables.
pub(super) type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Everything commands read from and write to outside the program.
pub(super) struct Host {
    environment: Environment,
    /// Default configuration file.
    pub(super) config: Option<PathBuf>,
    /// Whether standard error is a terminal that can show live progress.
    pub(super) is_watched: bool,
    /// Whether standard output is a terminal, where results would interfere with live progress.
    pub(super) shows_output: bool,
    /// Whether questions can be asked and answered interactively.
    pub(super) answers: bool,
    /// Whether to listen for signals.
    pub(super) hears_signals: bool,
    pub(super) stdin: Box<dyn Read + Send>,
    pub(super) stdout: Stream,
    pub(super) stderr: Stream,
}

impl Host {
    /// The environment of the current process.
    pub(super) fn process() -> Self {
        Self {
            environment: Arc::new(|name| std::env::var(name).ok()),
            config: Some(CONFIG.into()),
            is_watched: io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
            shows_output: io::stdout().is_terminal(),
            answers: io::stdin().is_terminal() && io::stderr().is_terminal(),
            hears_signals: true,
            stdin: Box::new(io::stdin()),
            stdout: Stream::new(io::stdout()),
            stderr: Stream::new(io::stderr()),
        }
    }

    /// A host for tests, and the buffers for its standard output and error.
    pub(super) fn captured(invocation: Invocation) -> (Self, [Buffer; 2]) {
        let buffers = [Buffer::default(), Buffer::default()];
        let [stdout, stderr] = buffers.clone().map(Stream::new);
        let environment = invocation.environment;
        let host = Self {
            environment: Arc::new(move |name| environment.get(name).cloned()),
            config: None,
            is_watched: false,
            shows_output: false,
            answers: invocation.answers,
            hears_signals: false,
            stdin: Box::new(io::Cursor::new(invocation.stdin)),
            stdout,
            stderr,
        };
        (host, buffers)
    }

    pub(super) fn environment(&self) -> Environment {
        self.environment.clone()
    }

    /// Name of the current user, if known.
    pub(super) fn user(&self) -> Option<String> {
        (self.environment)("USER").filter(|name| !name.is_empty())
    }

    /// Takes standard input, to be read on another thread; later reads through the host see an empty input.
    pub(super) fn take_stdin(&mut self) -> Box<dyn Read + Send> {
        std::mem::replace(&mut self.stdin, Box::new(io::empty()))
    }
}

/// Line-oriented output, shared with the observers of a run.
#[derive(Clone)]
pub(super) struct Stream(Arc<Mutex<dyn Write + Send>>);

impl Stream {
    fn new(writer: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(writer)))
    }

    /// Prints the output of a command.
    pub(super) fn print(&self, printed: &Printed) -> io::Result<()> {
        match printed {
            Printed::Text(text) => self.line(text, Escape::Text),
            Printed::Json(json) => self.json(json),
        }
    }

    /// Prints a line of JSON.
    pub(super) fn json(&self, json: &str) -> io::Result<()> {
        self.line(json, Escape::Json)
    }

    /// Prints a line of text, ignoring write errors.
    pub(super) fn notice(&self, text: &str) {
        let _ = self.line(text, Escape::Text);
    }

    /// Writes the line in one call, so that concurrent runs do not interleave.
    fn line(&self, text: &str, escape: Escape) -> io::Result<()> {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writer.write_all(format!("{}\n", escape.apply(text)).as_bytes())?;
        writer.flush()
    }
}

/// Captures output in tests.
#[derive(Clone, Default)]
pub(super) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
