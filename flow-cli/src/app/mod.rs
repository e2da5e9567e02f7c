//! Command-line programs for workflows, see [`App`].

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
mod mcp;
mod outcome;
mod progress;
mod providers;
mod run;
mod serve;
mod setting;
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

use arguments::{Arguments, Command, Format, McpCommand};
use failure::Failure;
use host::Host;
pub use host::{Invocation, Ran};
#[doc(hidden)]
pub use macros::{Adding, NotAdded, block_on};
use outcome::{Outcome, WAITS};
use providers::MadeUp;
use setting::Setting;
use workflows::Workflows;

/// Default limit for one input: 16 MiB.
const MAX_INPUT_BYTES: u64 = 16 * 1024 * 1024;

/// A command-line program that runs and inspects workflows.
///
/// [`flow::main!`](crate::main) generates a complete `main`. Use this type directly if your workflows need states or providers,
/// or to test a program.
///
/// # Commands
///
/// `W` is the name of a workflow. It can be omitted if the program has only one.
///
/// | command | what it does |
/// |---|---|
/// | `run W` | runs a workflow and prints its result as JSON |
/// | `list` | lists the workflows with their arguments and the first line of their documentation; `--json` for programs |
/// | `graph W` | prints the step graph as a mermaid flowchart; `--format json` prints everything known about it |
/// | `graph W --bounds` | prints the worst case of a run term by term: steps, model calls, output tokens, steps at once; `--json` for programs |
/// | `schema W [STEP]` | prints the JSON Schemas of a workflow's or step's input and output; fails if a contract and its schema disagree |
/// | `schema W [STEP] --portability` | prints what each kind of provider would receive as the answer schema of model steps |
/// | `schema --records` | prints the JSON Schema of the lines that `run --trace` writes |
/// | `run W --each` | runs a workflow for each line of a file, see below |
/// | `lock [W…]` | writes `contracts/W.json` for workflows with the option `lock`, and prints what changed for whom; in the package that cargo runs, else in the current directory, or in `--dir` |
/// | `lock --check` | writes nothing; prints the difference and its impact, and exits with 1 if there is one; `--json` for programs |
/// | `runs list` | lists the runs of a journal; `--status`, `--workflow`, `--limit`, `--json` |
/// | `runs show ID` | shows one run: steps with state, attempts, tokens, cost and times, what it waits for, what ended it; `--json` |
/// | `runs resume [ID]` | continues a run, even a failed one, until it ends or waits; without an id, all unfinished runs |
/// | `runs cancel ID` | cancels a run permanently; with `--undo`, first undoes its finished steps |
/// | `runs rerun ID` | starts a new run with the recorded input, or one changed by `--input`, `--set` and `--file`; `--from PLACE` reuses what had ended before that step started |
/// | `runs prune --older-than 30d` | deletes runs that ended before then |
/// | `review list` | lists what waits for people and outside systems; `--json` |
/// | `review accept RUN [PLACE]` | accepts a review; likewise `edit … --value JSON`, `reject … --reason TEXT`, and `answer … --value JSON` for a form or signal |
/// | `review signal STEP --key JSON --value JSON` | sends a signal by its key; `--id ID` makes repeats harmless |
/// | `review happened RUN [PLACE]` | reports that an interrupted irreversible effect happened; `did-not-happen` that it did not |
/// | `mcp import SERVER [TOOL…]` | prints steps with contracts for the tools that an MCP server publishes, as Rust code; needs the feature `mcp`, see `flow::manual::tools` |
/// | `completions SHELL` | prints a completion script for bash, zsh, fish, elvish or powershell, with commands, options and workflow names |
/// | `serve` | serves all workflows over HTTP on `--addr 127.0.0.1:8080` until interrupted; needs the feature `service`, see `flow::service::Service` |
///
/// # Input
///
/// | option | provides |
/// |---|---|
/// | `--input JSON` | an object with the arguments by name; `@FILE` reads a file, `-` standard input |
/// | `--file NAME=PATH` | the text of a file as a string: `--file resume.text=cv.txt` sets the field `text` of the argument `resume` |
/// | `--set NAME=VALUE` | a value, which is a string unless it is JSON: `--set limit=3`, `--set job.title=Baker`, `--set zip='"01067"'` |
///
/// They can be combined: `--file` overrides `--input`, and `--set` overrides both. Input that the workflow does not accept is
/// rejected with a JSON Pointer for each mistake, and nothing starts. The same applies to sources longer than [16
/// MiB](App::max_input_bytes) and to text that is not UTF-8.
///
/// # Batch runs
///
/// `run W --each --input @FILE` (or `-`) starts one run per line of a JSON Lines file; empty lines are skipped. `--file` and
/// `--set` provide values shared by all lines; a line that repeats one of them fails.
///
/// | option | what it does |
/// |---|---|
/// | `--output FILE` | writes results to a file instead of standard output, and skips lines already done in it |
/// | `--concurrency RUNS` | maximum number of concurrent runs, default 16 |
/// | `--keep-failed` | skips lines that failed according to `--output`; otherwise they run again |
///
/// Each result is one complete line, written when its run ends, so results are in order of completion. It has `line` (from 1),
/// `workflow`, `input` (a hash of the run's input), `output` or `error` as below and, if a run was started, `run` and `spent`, as
/// in the last record of a run. A line that is too long, not JSON, or not accepted by the workflow fails without stopping the
/// others.
///
/// After a signal, a crash or an exhausted cap, the same command continues: a truncated result is dropped and its line runs
/// again. A different input, workflow or set of shared arguments is rejected, but you may append lines to the input and correct
/// lines that failed. Caps on money apply per start. Memory use is limited to the running lines and a few bytes for each line
/// done before.
///
/// With `--json` and `--output`, standard output is one line, `{"done", "failed", "kept", "spent"}`. The exit status is 0 if all
/// lines are done, 1 if some are not, 2 if nothing was started, 4 if the journal failed.
///
/// # Durable runs
///
/// With a journal, runs survive the process, see `flow::manual::runs`. `--id ID` names the run of `run`;
/// repeating the id continues the same run. A run that waits for a person, an outside system or a point in time says so, with the
/// command that answers it, and `run` stays until the run ends. With `--detach` it exits with status 3 instead, as `runs resume`
/// and `runs rerun` do, and the run continues when it is resumed. `--json` then prints `{"status": "waiting", "run", "waits"}`.
/// With `--each`, a waiting line is left to the journal, and the exit status is 3 if no line failed.
///
/// On a terminal (standard input and standard error), `run` asks for answers itself, with or without a journal: `accept`, `edit
/// JSON` or `reject REASON` for a review, JSON or `@FILE` for a form or signal. With neither journal nor terminal, the
/// wait is held in memory until it times out, and a line says how it could be answered.
///
/// An interruption lets running steps finish, up to 10 seconds, and leaves the run to the journal; a second one does not wait.
/// One process at a time executes the runs of a file. `review` and `runs` work alongside it: it picks up answers, resumed runs
/// and new runs.
///
/// # Configuration
///
/// Precedence: command line, environment, `flow.toml`, code. Providers added in code stay, but limits from the file apply to them
/// too. The file is in the current directory, or named by `--config FILE`.
///
/// | command line | environment | `flow.toml` |
/// |---|---|---|
/// | `--concurrency 8` | `FLOW_CONCURRENCY` | `concurrency = 8` |
/// | `--max-cost 20` | `FLOW_MAX_COST` | `max_cost = "$20"` |
/// | `--journal flow.db` | `FLOW_JOURNAL` | `journal = "flow.db"` |
/// | | `FLOW_MODEL_FAST` | `models.fast = "anthropic/claude-haiku-4-5"` |
/// | | `OPENAI_BASE_URL` and the like, see below | `providers.openai.base_url = "http://127.0.0.1:8080/v1"` |
/// | | | `providers.openai.requests_per_minute = 500`, `tokens_per_minute`, `concurrency` |
/// | | | `prices."acme/large" = { input = "1.25", output = "10", cached = "0.125", cache_write = "1.5" }`, in dollars per million tokens |
/// | | | `mcp.files = { command = ["npx", "…"] }` or `mcp.tracker = { url = "https://…" }`, see below |
///
/// Unknown keys are rejected, with line and column. So are secrets: API keys belong in the environment. Before any request, a
/// line shows where the file sends requests to.
///
/// # MCP servers
///
/// Steps with `mcp = "files/…"` call tools of the server `[mcp.files]`, or of one that the program adds.
///
/// ```toml
/// [mcp.files]
/// command = ["npx", "-y", "@modelcontextprotocol/server-filesystem", "/srv/docs"]
/// env = { LOG_LEVEL = "warn", API_TOKEN = { env = "FILES_TOKEN" } }
/// start_timeout = "2m"
///
/// [mcp.tracker]
/// url = "https://tracker.example.org/mcp"
/// headers = { Authorization = { env = "TRACKER_TOKEN", prefix = "Bearer " } }
/// ```
///
/// `{ env = "NAME" }` is the value of an environment variable. A program gets the usual few variables (`PATH`, `HOME`, the language)
/// and those of `env`, no others. `start_timeout` limits how long a server may take to start, by default one minute.
///
/// # Models
///
/// A provider that the program adds with [`runtime`](App::runtime) takes precedence. Otherwise the environment configures it:
///
/// | models | variables |
/// |---|---|
/// | `openai/…` | `OPENAI_API_KEY`; `OPENAI_BASE_URL` for another server, which may not need a key |
/// | `anthropic/…` | `ANTHROPIC_API_KEY`; `ANTHROPIC_BASE_URL` likewise |
/// | `gemini/…` | `GEMINI_API_KEY` or `GOOGLE_API_KEY`; `GEMINI_BASE_URL` likewise |
/// | `azure/…` | `AZURE_OPENAI_ENDPOINT`; `AZURE_OPENAI_API_KEY` or `AZURE_OPENAI_AD_TOKEN`; `OPENAI_API_VERSION` |
/// | `bedrock/…` | `AWS_REGION`; `AWS_BEARER_TOKEN_BEDROCK`, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; with the feature `bedrock` |
/// | `vertex/…` | `GOOGLE_CLOUD_PROJECT`, `GOOGLE_CLOUD_LOCATION`, `GOOGLE_OAUTH_ACCESS_TOKEN` |
/// | `ollama/…` | `OLLAMA_BASE_URL` or `OLLAMA_HOST`; defaults to port 11434 of this machine |
/// | `name/…` | `FLOW_NAME_BASE_URL` for any OpenAI-compatible server, `FLOW_NAME_API_KEY` if it needs a key |
///
/// `FLOW_MODEL_FAST=anthropic/claude-haiku-4-5` replaces the model that the program [names](flow_runtime::provider::Model::name) `fast`.
///
/// If neither the program nor the environment provides a provider, the command fails before the first step and names the missing
/// variable. With `--offline`, or with [`offline_without_key`](Self::offline_without_key) if there is no key at all,
/// [`Offline`](flow_runtime::provider::Offline) makes answers up, and a line says so. The run's first record, `runs list`, `runs show`,
/// `review list` and each result of `--each` (`"offline": true`) say so too. Such a run only ever continues offline, and a run
/// started with real models never does.
///
/// # Output
///
/// Results go to standard output. Everything else goes to standard error: one line per finished step and the bill of the models
/// (neither with `--quiet`), notices and errors. On a terminal, running steps are shown live, and `--each` shows a progress bar;
/// `NO_COLOR` is respected. `run --json` always prints one line, the result or `{"error": {"kind", "message", "workflow", "run",
/// "step", "place", "attempt"}}`. `run --trace FILE` writes every [`Record`](flow_runtime::run::Record) of the run as a line of JSON:
/// prompts, schemas, raw replies, tokens, cost, attempts, verdicts.
///
/// Control and bidirectional characters in documents, model output and errors are escaped as `\u{1b}`, or as `\u001b` in JSON, so
/// that they cannot manipulate the terminal.
///
/// The exit status is 0 if everything is done, 1 if the run failed, 2 for wrong usage or invalid input, 3 if the run waits and
/// was left to the journal, 4 if the journal cannot be used: it cannot be opened or read, its disk is full, or its file was
/// removed. A supervisor can restart `serve` on 4 without losing acknowledged records.
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
#[must_use = "an `App` does nothing until it is run, for example with `main`"]
pub struct App {
    workflows: Workflows,
    setting: Setting,
    defaults: Vec<OsString>,
}

impl App {
    /// Creates a program without workflows.
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

    /// Adds a workflow, given by its function.
    pub fn workflow<A, T, F>(mut self, workflow: F) -> Self
    where
        F: WorkflowFn<A, T>,
        T: Send + 'static,
    {
        self.workflows.add(AnyWorkflow::of(workflow));
        self
    }

    /// Provides the value for `#[state]` arguments of this type.
    pub fn state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.setting.builder = self.setting.builder.state(state);
        self
    }

    /// Configures the runtime before it is built, for example with your own providers, states and observers. Only `run` and
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

    /// Sets the arguments to use when the program is started without any; the default prints the help.
    pub fn default_arguments<I: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.defaults = arguments.into_iter().map(Into::into).collect();
        self
    }

    /// Limits the bytes read from a file or standard input; the default is 16 MiB.
    pub fn max_input_bytes(mut self, bytes: u64) -> Self {
        self.setting.max_input_bytes = bytes;
        self
    }

    /// Sets the journal file to use if neither the command line, the environment nor the configuration names one.
    pub fn journal(mut self, path: impl Into<PathBuf>) -> Self {
        self.setting.journal = Some(path.into());
        self
    }

    /// Makes answers up, as `--offline` does, if no model of the workflows has a provider. For demonstrations that run before the
    /// user has a key; without this, a missing key is an error before the first step.
    pub fn offline_without_key(mut self) -> Self {
        self.setting.made_up = MadeUp::WithoutKey;
        self
    }

    /// Runs the program with the arguments of the process. Needs a tokio runtime with I/O and time:
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

    /// Runs the program with these arguments, for programs with their own command line. Pass the arguments after the program's
    /// own name, as in `["run", "screen", "--offline"]`. Environment, streams and signals are those of the process.
    ///
    /// If they are the last arguments of the process, messages show commands with the words typed before them: `office flow runs
    /// resume cv-17`.
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

    /// Runs the program in a test and returns what it wrote. It does not read the environment or standard input of the process,
    /// only files that the arguments name.
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
            host.stderr
                .notice(&format!("no arguments given, running: {}", self.defaults.join(OsStr::new(" ")).display()));
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
            Command::Mcp(McpCommand::Import(arguments)) => {
                mcp::import(arguments, workflows, self.setting, host).await?
            }
            Command::Completions { shell } => {
                let command = self::command(self.setting.program());
                Outcome::text(completions::script(shell, command, &workflows.metas()))
            }
            Command::Serve(arguments) => {
                serve::serve(workflows, &arguments, self.setting, host).await?;
                Outcome::status(0)
            }
        })
    }
}

/// `words` are what the user types before the arguments; usage lines show them.
fn command(words: &str) -> clap::Command {
    Arguments::command().bin_name(words).display_name(words)
}

fn parse(arguments: Vec<OsString>, words: &str) -> Result<Command, clap::Error> {
    let matches = command(words).no_binary_name(true).try_get_matches_from(arguments)?;
    Arguments::from_arg_matches(&matches).map(|arguments| arguments.command)
}

/// File name of the executable, for usage lines.
fn program() -> String {
    let path = std::env::args_os().next().map(PathBuf::from);
    let name = path.and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| "flow".to_owned())
}

/// The process arguments that precede `arguments`; empty if the process arguments do not end with them.
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
