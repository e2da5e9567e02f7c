//! Locates and opens the journal of a program.

use std::path::PathBuf;

use flow_runtime::engine::{Builder, Runtime};
use flow_runtime::error::{Error, ErrorKind};
use flow_runtime::journal::Sqlite;
use flow_runtime::run::{RunId, RunState};

use super::arguments::LookArguments;
use super::config::Config;
use super::failure::Failure;
use super::host::Host;
use super::setting::Setting;
use super::shown::quoted;
use super::workflows::Workflows;

const NONE: &str =
    "no journal is configured: pass `--journal FILE`, set FLOW_JOURNAL, or write `journal = \"FILE\"` in flow.toml";

/// A journal file.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// Whether it was named on the command line, so that suggested commands must name it too.
    is_named: bool,
    /// The words that every command of the program starts with.
    words: Vec<String>,
}

impl File {
    /// The configured file, or else the program's default.
    pub(super) fn of(config: &Config, setting: &Setting) -> Result<Option<Self>, Failure> {
        let own = || Some((setting.journal.clone()?, false));
        let named = config.journal()?.or_else(own);
        Ok(named.map(|(path, is_named)| Self { path, is_named, words: setting.words.clone() }))
    }

    pub(super) fn required(config: &Config, setting: &Setting) -> Result<Self, Failure> {
        Self::of(config, setting)?.ok_or_else(|| Failure::refused(NONE))
    }

    /// Opens the journal to execute its runs.
    pub(super) fn execute(&self) -> Result<Sqlite, Failure> {
        Sqlite::open(&self.path).map_err(|error| match error.kind() {
            ErrorKind::Journal => Failure::Unkept(error),
            _ => refused(error),
        })
    }

    /// A complete, shell-quoted command that operates on this file.
    pub(super) fn command(&self, words: &[&str]) -> String {
        let own = self.words.iter().map(String::as_str);
        let mut words: Vec<_> = own.chain(words.iter().copied()).map(quoted).collect();
        if self.is_named {
            words.push(format!("--journal {}", quoted(&self.path.to_string_lossy())));
        }
        words.join(" ")
    }
}

/// Access to the runs of a journal without executing them; works while another process executes them.
pub(super) struct Visit {
    pub(super) runtime: Runtime,
    pub(super) file: File,
    sqlite: Sqlite,
}

impl Visit {
    pub(super) fn begin(
        workflows: &Workflows,
        look: &LookArguments,
        setting: &Setting,
        host: &Host,
    ) -> Result<Self, Failure> {
        let config = Config::load(&look.setting(), &workflows.metas(), host)?;
        Self::of(File::required(&config, setting)?, workflows)
    }

    /// Needs neither the providers nor the states of the program.
    pub(super) fn of(file: File, workflows: &Workflows) -> Result<Self, Failure> {
        let sqlite = Sqlite::visit(&file.path).map_err(refused)?;
        let builder = Builder::default().journal(sqlite.clone());
        let builder = workflows.all().iter().fold(builder, |builder, workflow| builder.any_workflow(*workflow));
        Ok(Self { runtime: builder.build()?, file, sqlite })
    }

    /// Whether another process executes the runs, and will pick up changes.
    pub(super) fn is_executed(&self) -> Result<bool, Failure> {
        self.sqlite.is_executed().map_err(refused)
    }

    /// The recorded state of a run.
    pub(super) async fn state_of(&self, run: &RunId) -> Result<RunState, Failure> {
        let state = RunState::of(self.runtime.records(run).await?);
        if state.is_new() {
            return Err(self.no_such_run(run));
        }
        Ok(state)
    }

    pub(super) fn no_such_run(&self, run: &RunId) -> Failure {
        Failure::refused(format!(
            "the journal {} has no run `{run}`; `{}` lists its runs",
            self.file.path.display(),
            self.file.command(&["runs", "list"])
        ))
    }

    /// Says how the answered run continues; `run` is empty if several were answered.
    pub(super) fn goes_on(&self, run: &[&str]) -> Result<String, Failure> {
        if self.is_executed()? {
            return Ok("the process that executes the journal continues if it has the workflow".to_owned());
        }
        let command = self.file.command(&[&["runs", "resume"], run].concat());
        Ok(format!("no process executes the journal now; continue with  {command}"))
    }
}

/// Classifies an error of a request that changed nothing.
pub(super) fn refused(error: Error) -> Failure {
    match error.kind() {
        ErrorKind::Setup | ErrorKind::Diverged => Failure::refused(error.message()),
        ErrorKind::ContractViolated { violations, .. } => {
            Failure::Refused { message: error.message().to_owned(), violations: violations.clone() }
        }
        ErrorKind::Rejected { reasons, .. } => Failure::rejected(error.message(), reasons),
        _ => error.into(),
    }
}
