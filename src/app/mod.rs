//! The program of one or several workflows. [`App`] tells what it can do.

mod arguments;
mod ask;
mod completions;
mod config;
mod costs;
mod each;
mod escape;
mod failure;
mod host;
mod input;
mod interrupt;
mod journal;
mod kept;
mod lock;
mod macros;
mod outcome;
mod progress;
mod providers;
mod run;
mod serve;
mod show;
mod shown;
mod trace;
mod waits;
mod watching;
mod workflows;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use flow_runtime::call::WorkflowFn;
use flow_runtime::engine::{AnyWorkflow, Builder};
use flow_runtime::error::Result;

use arguments::{Arguments, Command, Format};
use failure::Failure;
use host::Host;
pub use host::{Invocation, Ran};
#[doc(hidden)]
pub use macros::{Adding, NotAdded, block_on};
use outcome::{Outcome, WAITS};
use providers::MadeUp;
use run::Setting;
use workflows::Workflows;

type Configure = Box<dyn FnOnce(Builder) -> Result<Builder> + Send>;

/// The most bytes of one input, unless the program says otherwise: 16 MiB.
const MAX_INPUT_BYTES: u64 = 16 * 1024 * 1024;

/// A program that runs and shows workflows.
///
/// [`flow::main!`](crate::main) writes the whole `main` of one; the type itself is for programs that give their
/// workflows states or providers, and for tests of a program.
///
/// # Commands
///
/// `W` is the name of a workflow. Where the program has only one, `W` may be left out.
///
/// | command | what it does |
/// |---|---|
/// | `run W` | runs a workflow and prints its result as JSON |
/// | `list` | the workflows, with their arguments and first line of documentation; `--json` for programs |
/// | `graph W` | the step graph as a mermaid flowchart; `--format json` for all that is known of it |
/// | `graph W --bounds` | the worst case of a run, term by term: steps, model calls, output tokens, steps at once; `--json` for programs |
/// | `schema W [STEP]` | the JSON Schema of what the workflow, or one of its steps, takes and returns; fails when a contract is not what its schema says |
/// | `schema W [STEP] --portability` | what each kind of provider would be sent of the answers of model steps |
/// | `schema --records` | the JSON Schema of the lines that `run --trace` writes |
/// | `run W --each` | runs a workflow for each line of a file, see below |
/// | `lock [W…]` | writes `contracts/W.json` for the workflows with the option `lock`, and says what has changed for whom; in the package that cargo runs, else in the current directory, or in `--dir` |
/// | `lock --check` | writes nothing: shows the difference and what it means, and exits with 1 if there is one; `--json` for programs |
/// | `runs list` | the runs that a journal keeps; `--status`, `--workflow`, `--limit`, `--json` |
/// | `runs show ID` | one run: its steps with state, attempts, tokens, cost and times, what it waits for, what ended it; `--json` |
/// | `runs resume [ID]` | goes on with a run until it ends or waits, one that has failed included; without an id with all that have not ended |
/// | `runs cancel ID` | ends a run for good; with `--undo` its finished steps are undone first |
/// | `runs rerun ID` | begins a new run of the recorded input, or of one that `--input`, `--set` and `--file` change; `--from PLACE` takes over what had ended before that step began |
/// | `runs prune --older-than 30d` | forgets runs that ended before |
/// | `review list` | what waits for people and outside systems; `--json` |
/// | `review accept RUN [PLACE]` | answers a review; `edit … --value JSON` and `reject … --reason TEXT` as well, and `answer … --value JSON` a form or a signal |
/// | `review happened RUN [PLACE]` | says that an irreversible effect that was cut off has happened, `did-not-happen` that it has not |
/// | `completions SHELL` | a script for bash, zsh, fish, elvish or powershell that completes commands, options and names of workflows |
/// | `serve` | all workflows over HTTP, on `--addr 127.0.0.1:8080`, until interrupted; needs the feature `service`, whose `flow::service::Service` tells of the routes |
///
/// # The input of a run
///
/// | option | what it gives |
/// |---|---|
/// | `--input JSON` | the arguments by name as an object; `@FILE` reads a file, `-` standard input |
/// | `--file NAME=PATH` | the text of a file as a string: `--file resume.text=cv.txt` puts it at the field `text` of the argument `resume` |
/// | `--set NAME=VALUE` | a value, which is a string unless it is JSON: `--set limit=3`, `--set job.title=Baker`, `--set zip='"01067"'` |
///
/// They go together; `--file` stands over `--input`, and `--set` over both. An input that is not what the workflow takes
/// is refused with the JSON Pointer of each mistake, and nothing is started. The same goes for a source that is longer than
/// [16 MiB](App::max_input_bytes), and for text that is not UTF-8.
///
/// # Many runs
///
/// `run W --each --input @FILE` (or `-`) takes the arguments of a run from each line, in JSON Lines; empty lines are skipped.
/// `--file` and `--set` give what is the same for all lines; a line that says the same again has failed.
///
/// | option | what it does |
/// |---|---|
/// | `--output FILE` | results go to a file in the place of standard output, and what is done in it is not run again |
/// | `--concurrency RUNS` | the most runs under way at once; 16 unless said |
/// | `--keep-failed` | lines that have failed according to `--output` stay as they are; otherwise they are run again |
///
/// Each result is one line, written whole when its run has ended, so in the order of ending: `line` (from 1), `workflow`,
/// `input` (a hash of what the run was given), `output` or `error` as below, and where a run was started, `run` and `spent`, as
/// in the last record of a run. A line that is too long, no JSON or not what the workflow takes has failed, and stops no other.
///
/// The same command goes on where it was stopped, by a signal, a crash or a cap: a result that was cut off is dropped and
/// its line run again, and an input, shared arguments or a workflow that are not those of the results are refused. Lines may be
/// added to the input, and lines that have failed may be mended in it. The caps of money hold for one start. No more is
/// held in memory than the lines under way and some bytes for each line that was done before.
///
/// With `--json` and `--output`, standard output has one line, `{"done", "failed", "kept", "spent"}`. The exit status is 0 when all lines
/// are done, 1 when some are not, 2 when nothing was started, 4 when the journal has failed.
///
/// # Runs that last
///
/// With a journal, a file, runs outlive the process: [`manual::runs`](crate::manual::runs) tells of them. `--id ID` names the run of
/// `run`, and the same id again is the same run. A run that waits for a person, an outside system or a moment says so, with the
/// command that answers it, and `run` stays until it ends; with `--detach` it exits with status 3, as `runs resume` and
/// `runs rerun` do, and the run goes on when it is resumed. `--json` prints `{"status": "waiting", "run", "waits"}` then. With
/// `--each` a line whose run waits is left to the journal, and the exit status is 3 where no line has failed.
///
/// On a terminal, where both standard input and standard error are one, `run` asks there for what the run waits for, with or without a
/// journal: `accept`, `edit JSON` or `reject REASON` for a review, JSON or `@FILE` for a form or a signal. Without either a run goes
/// on until it comes to a step that waits, and fails there.
///
/// An interruption lets the steps under way end, up to 10 seconds, and leaves the run to the journal; a second one does not wait.
/// One process at a time executes the runs of a file. Beside it `review` and `runs` work all the same: it takes up what is
/// answered, resumed and begun anew.
///
/// # Configuration
///
/// The command line goes before the environment, that before `flow.toml`, and that before what the program says in code.
/// Providers that the program gives stay; limits of the file hold for them too. The file is that of the current directory, or the one
/// that `--config FILE` names.
///
/// | command line | environment | `flow.toml` |
/// |---|---|---|
/// | `--concurrency 8` | `FLOW_CONCURRENCY` | `concurrency = 8` |
/// | `--max-cost 20` | `FLOW_MAX_COST` | `max_cost = "$20"` |
/// | `--journal flow.db` | `FLOW_JOURNAL` | `journal = "flow.db"` |
/// | | `FLOW_MODEL_FAST` | `models.fast = "anthropic/claude-haiku-4-5"` |
/// | | `OPENAI_BASE_URL` and the like, see below | `providers.openai.base_url = "http://127.0.0.1:8080/v1"` |
/// | | | `providers.openai.requests_per_minute = 500`, `tokens_per_minute`, `concurrency` |
/// | | | `prices."acme/large" = { input = "1.25", output = "10", cached = "0.125", cache_write = "1.5" }`, in dollars for a million tokens |
///
/// A key that is none is refused by line and column, and so is a secret: keys are given by the environment. Before anything is
/// asked, a line says where the file sends requests to.
///
/// # Models
///
/// A provider that the program itself gives by [`runtime`](App::runtime) comes first. Else the environment names it:
///
/// | models | variables |
/// |---|---|
/// | `openai/…` | `OPENAI_API_KEY`; `OPENAI_BASE_URL` for another server than OpenAI's, which may do without a key |
/// | `anthropic/…` | `ANTHROPIC_API_KEY`; `ANTHROPIC_BASE_URL` likewise |
/// | `gemini/…` | `GEMINI_API_KEY` or `GOOGLE_API_KEY`; `GEMINI_BASE_URL` likewise |
/// | `ollama/…` | `OLLAMA_BASE_URL` or `OLLAMA_HOST`; this machine at port 11434 without them |
/// | `name/…` | `FLOW_NAME_BASE_URL` for any OpenAI-compatible server, `FLOW_NAME_API_KEY` if it wants a key |
///
/// `FLOW_MODEL_FAST=anthropic/claude-haiku-4-5` puts that model in the place of the one that the program
/// [names](crate::Model::name) `fast`.
///
/// Where neither the program nor the environment gives a provider, the command fails before the first step and names the variable
/// that is missing. With `--offline`, and with [`offline_without_key`](Self::offline_without_key) where there is no key at all,
/// answers are made up by [`Offline`](crate::provider::Offline), and a line says so. So do the run's first record, `runs list` and
/// `show`, `review list`, and each result of `--each` by `"offline": true`. Such a run goes on offline alone, and a run that was begun
/// with real models never does.
///
/// # Output
///
/// Results go to standard output, all else to standard error: one line for each finished step and the bill of the models
/// that were asked (neither with `--quiet`), notices, errors. On a terminal the steps under way are shown live, and `--each` has a bar;
/// `NO_COLOR` is heard. `run --json` prints one line in any case, the result or
/// `{"error": {"kind", "message", "workflow", "run", "step", "place", "attempt"}}`. `run --trace FILE` writes every
/// [`Record`](crate::run::Record) of the run as a line of JSON: prompts, schemas, raw replies, tokens, cost, attempts, verdicts.
///
/// Control and bidirectional characters of documents, models and errors are shown escaped, as `\u{1b}`, or as `\u001b` in JSON, so
/// that no text can write on the terminal what it did not say.
///
/// The exit status is 0 when all is done, 1 when the run has failed, 2 for wrong usage and bad input, 3 when it waits and was left to
/// the journal, 4 when the journal cannot be used: it does not open or read, its disk is full, or its file was taken away. A
/// supervisor that starts `serve` again on 4 loses nothing that was kept.
///
/// # Example
///
/// ```
/// use flow::prelude::*;
///
/// #[step]
/// async fn greeting(name: &str) -> Result<String> {
///     Ok(format!("Good morning, {name}!"))
/// }
///
/// /// Greets somebody.
/// #[workflow]
/// async fn greet(name: String) -> Result<String> {
///     greeting(&name).await
/// }
///
/// # #[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
/// # async fn main() {
/// let ran = flow::App::new().workflow(greet).try_run(["run", "greet", "--set", "name=Ada", "--quiet"]).await;
/// assert_eq!((ran.status, ran.stdout.as_str()), (0, "\"Good morning, Ada!\"\n"));
///
/// let ran = flow::App::new().workflow(greet).try_run(["run", "greet", "--input", r#"{"name": 3}"#]).await;
/// assert_eq!(ran.status, 2);
/// assert!(ran.stderr.contains("at `/name`: expected string, found number 3"));
/// # }
/// ```
#[must_use = "a program does nothing until `main`"]
pub struct App {
    workflows: Workflows,
    setting: Setting,
    defaults: Vec<OsString>,
}

impl App {
    /// A program without workflows.
    pub fn new() -> Self {
        let setting = Setting {
            words: vec![program()],
            builder: Builder::default(),
            configure: Vec::new(),
            max_input_bytes: MAX_INPUT_BYTES,
            journal: None,
            made_up: MadeUp::Never,
        };
        Self { workflows: Workflows::default(), setting, defaults: Vec::new() }
    }

    /// Adds a workflow, by the name of its function.
    pub fn workflow<A, T, F>(mut self, workflow: F) -> Self
    where
        F: WorkflowFn<A, T>,
        T: Send + 'static,
    {
        self.workflows.add(AnyWorkflow::of(workflow));
        self
    }

    /// Gives workflows and steps a value for their `#[state]` arguments of this type.
    pub fn state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.setting.builder = self.setting.builder.state(state);
        self
    }

    /// Changes the runtime before it is built: providers, states and observers of the program's own. Only `run` and
    /// `serve` call this.
    ///
    /// ```no_run
    /// # use flow::prelude::*;
    /// # #[step] async fn one() -> Result<u8> { Ok(1) }
    /// # #[workflow] async fn count() -> Result<u8> { one().await }
    /// # #[cfg(feature = "providers")]
    /// # fn app() -> flow::App {
    /// use flow::provider::OpenAi;
    ///
    /// flow::App::new()
    ///     .workflow(count)
    ///     .runtime(|builder| Ok(builder.provider(OpenAi::from_env()?.name("hosted"))))
    /// # }
    /// ```
    pub fn runtime(mut self, configure: impl FnOnce(Builder) -> Result<Builder> + Send + 'static) -> Self {
        self.setting.configure.push(Box::new(configure));
        self
    }

    /// The arguments of a program that is started without any, in place of its help.
    pub fn default_arguments<I: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.defaults = arguments.into_iter().map(Into::into).collect();
        self
    }

    /// The most bytes that are read of one file or of standard input; 16 MiB unless said.
    pub fn max_input_bytes(mut self, bytes: u64) -> Self {
        self.setting.max_input_bytes = bytes;
        self
    }

    /// The file that keeps runs where neither the command line, the environment nor the configuration names one.
    pub fn journal(mut self, path: impl Into<PathBuf>) -> Self {
        self.setting.journal = Some(path.into());
        self
    }

    /// Makes answers up, as `--offline` does, where no model of the workflows has a provider: for a demonstration that runs
    /// before its user has a key. Without this, a missing key is an error before the first step.
    pub fn offline_without_key(mut self) -> Self {
        self.setting.made_up = MadeUp::WithoutKey;
        self
    }

    /// Does what the process's arguments ask for. It needs a tokio runtime with I/O and time:
    ///
    /// ```no_run
    /// # use flow::prelude::*;
    /// # #[step] async fn one() -> Result<u8> { Ok(1) }
    /// # #[workflow] async fn count() -> Result<u8> { one().await }
    /// #[flow::tokio::main(crate = "flow::tokio")]
    /// async fn main() -> std::process::ExitCode {
    ///     flow::App::new().workflow(count).main().await
    /// }
    /// ```
    pub async fn main(self) -> ExitCode {
        let arguments = std::env::args_os().skip(1).collect();
        escape::escape_panics();
        ExitCode::from(self.answer(arguments, &mut Host::process()).await)
    }

    /// Does what these arguments ask for, in a program that has a command line of its own. They are those after the program's own
    /// name, as in `["run", "screen", "--offline"]`. Environment, streams and signals are the process's.
    ///
    /// Where they are the last arguments of the process, messages name the commands as they are typed, with what stands before:
    /// `office flow runs resume cv-17`.
    ///
    /// ```
    /// # use flow::prelude::*;
    /// # #[step] async fn one() -> Result<u8> { Ok(1) }
    /// # #[workflow] async fn count() -> Result<u8> { one().await }
    /// use std::process::ExitCode;
    ///
    /// async fn office(arguments: &[&str]) -> ExitCode {
    ///     match arguments {
    ///         ["flow", rest @ ..] => flow::App::new().workflow(count).run_from(rest).await,
    ///         _ => ExitCode::FAILURE,
    ///     }
    /// }
    /// # #[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
    /// # async fn main() { assert_eq!(office(&["flow", "run", "--quiet"]).await, ExitCode::SUCCESS); }
    /// ```
    pub async fn run_from<I: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = I>) -> ExitCode {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        escape::escape_panics();
        self.setting.words.extend(before(&arguments, std::env::args_os().skip(1).collect()));
        ExitCode::from(self.answer(arguments, &mut Host::process()).await)
    }

    /// Does what the given arguments ask for, and returns what was written: a program in a test. Neither the environment
    /// nor standard input of the process are read, only the files that the arguments name.
    pub async fn try_run(self, invocation: impl Into<Invocation>) -> Ran {
        let mut invocation = invocation.into();
        let arguments = std::mem::take(&mut invocation.arguments);
        let (mut host, [stdout, stderr]) = Host::captured(invocation);
        let status = self.answer(arguments, &mut host).await;
        Ran { status, stdout: stdout.text(), stderr: stderr.text() }
    }

    async fn answer(self, mut arguments: Vec<OsString>, host: &mut Host) -> u8 {
        if arguments.is_empty() && !self.defaults.is_empty() {
            arguments.clone_from(&self.defaults);
            host.stderr.notice(&format!("no arguments, so: {}", self.defaults.join(OsStr::new(" ")).display()));
        }
        match parse(arguments, &self.setting.words.join(" ")) {
            Ok(command) => self.obey(command, host).await,
            Err(error) => {
                let stream = if error.use_stderr() { &host.stderr } else { &host.stdout };
                stream.notice(error.render().to_string().trim_end());
                u8::try_from(error.exit_code()).unwrap_or(2)
            }
        }
    }

    async fn obey(self, command: Command, host: &mut Host) -> u8 {
        let json = command.tells_failures_as_json();
        let outcome = self.outcome(command, host).await.and_then(|Outcome { printed, status }| {
            let written = printed.map_or(Ok(()), |printed| host.stdout.print(&printed));
            written.map(|()| status).map_err(|error| Failure::from(flow_runtime::error::Error::from(error)))
        });
        let failure = match outcome {
            Ok(status) => return status,
            Err(failure) => failure,
        };
        if json {
            let _ = host.stdout.json(&failure.to_json().to_string());
        } else {
            host.stderr.notice(&format!("error: {failure}"));
        }
        failure.status()
    }

    async fn outcome(self, command: Command, host: &mut Host) -> Result<Outcome, Failure> {
        let workflows = &self.workflows;
        workflows.refuse_twins()?;
        Ok(match command {
            Command::Run(arguments) => {
                let workflow = workflows.find(arguments.workflow.as_deref())?;
                let all = workflows.metas();
                if arguments.each.each {
                    return each::each(workflow, &all, &arguments, self.setting, host).await;
                }
                let came = run::run(workflow, workflows, &arguments, self.setting, host).await?;
                Outcome::of(came, arguments.telling.json)
            }
            Command::Runs(command) => kept::runs(command, workflows, self.setting, host).await?,
            Command::Review(command) => kept::review(command, workflows, &self.setting, host).await?,
            Command::List { json: false } => Outcome::text(show::list(&workflows.metas())),
            Command::List { json: true } => Outcome::json(show::list_json(&workflows.metas())),
            Command::Graph { workflow, format, bounds, json } => {
                let meta = workflows.find(workflow.as_deref())?.meta();
                let text = if bounds { show::bounds(meta, json) } else { show::graph(meta, format) };
                if json || matches!(format, Format::Json) { Outcome::json(text) } else { Outcome::text(text) }
            }
            Command::Schema { records: true, .. } => Outcome::json(format!("{:#}", flow_runtime::run::record_schema())),
            Command::Schema { workflow, step, portability, records: false } => {
                let part = workflows.part(workflow.as_deref(), step.as_deref())?;
                let schema = if portability { part.to_portability() } else { part.to_schema()? };
                Outcome::json(format!("{schema:#}"))
            }
            Command::Lock(arguments) => lock::lock(workflows, &arguments, host)?,
            Command::Completions { shell } => {
                let command = self::command(&self.setting.words[0]);
                Outcome::text(completions::script(shell, command, &workflows.metas()))
            }
            Command::Serve(arguments) => {
                serve::serve(workflows, &arguments, self.setting, host).await?;
                Outcome::status(0)
            }
        })
    }
}

/// The command line of this program, as it is typed.
fn command(words: &str) -> clap::Command {
    Arguments::command().bin_name(words).display_name(words)
}

fn parse(arguments: Vec<OsString>, words: &str) -> Result<Command, clap::Error> {
    let matches = command(words).no_binary_name(true).try_get_matches_from(arguments)?;
    Arguments::from_arg_matches(&matches).map(|arguments| arguments.command)
}

/// The program's name, for its usage lines.
fn program() -> String {
    let path = std::env::args_os().next().map(PathBuf::from);
    let name = path.and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "flow".to_owned())
}

/// What was typed before these arguments; nothing where they were made up.
fn before(arguments: &[OsString], mut typed: Vec<OsString>) -> Vec<String> {
    let own = if typed.ends_with(arguments) { typed.len() - arguments.len() } else { 0 };
    typed.truncate(own);
    typed.iter().map(|word| word.to_string_lossy().into_owned()).collect()
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let workflows: Vec<_> = self.workflows.metas().iter().map(|meta| meta.name).collect();
        f.debug_struct("App").field("workflows", &workflows).finish_non_exhaustive()
    }
}
