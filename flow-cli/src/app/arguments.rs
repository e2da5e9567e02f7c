//! Command-line grammar.

mod kept;
mod mcp;
mod shared;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use flow_runtime::run::RunId;

pub(super) use kept::{
    AtArguments, LookArguments, RerunArguments, ResumeArguments, ReviewCommand, RunsCommand, SignalArguments,
};
pub(super) use mcp::{ImportArguments, McpCommand};
pub(super) use shared::{Assignment, InputArguments, SettingArguments, TellingArguments};

#[derive(Debug, Parser)]
#[command(about = "Run and inspect the workflows of this program", arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a workflow and print its result as JSON.
    Run(RunArguments),
    /// List the workflows.
    List {
        /// Print one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Print the step graph of a workflow.
    Graph {
        /// Name of the workflow; optional if the program has only one.
        workflow: Option<String>,
        /// Output format.
        #[arg(long, value_enum, default_value_t = Format::Mermaid)]
        format: Format,
        /// Print the worst case of a run, term by term, instead of the graph.
        #[arg(long, conflicts_with = "format")]
        bounds: bool,
        /// Print the bounds as JSON.
        #[arg(long, requires = "bounds")]
        json: bool,
    },
    /// Print the JSON Schemas of the input and output of a workflow or of one of its steps.
    Schema {
        /// Name of the workflow; optional if the program has only one.
        workflow: Option<String>,
        /// Name of one of its steps.
        step: Option<String>,
        /// Print what each kind of provider would receive for each model step: the lowered schema, the constraints that are only
        /// described in words, and whether the provider rejects it.
        #[arg(long)]
        portability: bool,
        /// Print the schema of the lines that `run --trace` writes instead.
        #[arg(long, conflicts_with_all = ["workflow", "step", "portability"])]
        records: bool,
    },
    /// Write the lock files of workflows with the option `lock`, and print what changed.
    Lock(LockArguments),
    /// List, show, resume, cancel, rerun and prune the runs of a journal.
    #[command(subcommand)]
    Runs(RunsCommand),
    /// List and answer what runs wait for: decisions, forms, outside systems.
    #[command(subcommand)]
    Review(ReviewCommand),
    /// Print steps that call the tools of an MCP server (needs the feature `mcp`).
    #[command(subcommand)]
    Mcp(McpCommand),
    /// Serve the workflows over HTTP on this machine until interrupted (needs the feature `service`).
    Serve(ServeArguments),
    /// Print a shell completion script for commands, options and workflow names.
    Completions {
        /// Shell to complete in.
        shell: Shell,
    },
}

impl Command {
    /// Whether failures are printed to standard output as JSON.
    pub(super) fn tells_failures_as_json(&self) -> bool {
        match self {
            // With `--each`, standard output carries the results unless `--output` takes them.
            Self::Run(run) => run.telling.json && run.each.each == run.each.output.is_some(),
            Self::Runs(RunsCommand::Resume(arguments)) => arguments.telling.json,
            Self::Runs(RunsCommand::Rerun(arguments)) => arguments.telling.json,
            _ => false,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct LockArguments {
    /// Names of the workflows; default: all that have a lock.
    pub(super) workflows: Vec<String>,
    /// Write nothing; print what would change, and exit with 1 if anything would.
    #[arg(long)]
    pub(super) check: bool,
    /// Package that contains `contracts`; default: the package that cargo runs, or else the current directory.
    #[arg(long, value_name = "DIRECTORY")]
    pub(super) dir: Option<PathBuf>,
    /// Print one JSON array.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Loopback address to listen on; with port 0 the system picks a port, which is printed on standard error.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(super) addr: String,
    #[command(flatten)]
    pub(super) setting: SettingArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// A mermaid flowchart.
    Mermaid,
    /// Everything known about the workflow.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Name of the workflow; optional if the program has only one.
    pub(super) workflow: Option<String>,
    #[command(flatten)]
    pub(super) input: InputArguments,
    #[command(flatten)]
    pub(super) each: EachArguments,
    #[command(flatten)]
    pub(super) setting: SettingArguments,
    /// Id of the run; repeating an id continues the same run; default: a fresh id.
    #[arg(long, value_name = "ID", value_parser = shared::id, conflicts_with = "each")]
    pub(super) id: Option<RunId>,
    /// Exit with status 3 when the run waits for a person, an outside system or a point in time, and leave it to the journal.
    #[arg(long, conflicts_with = "each")]
    pub(super) detach: bool,
    #[command(flatten)]
    pub(super) telling: TellingArguments,
}

#[derive(Debug, Default, Args)]
pub(super) struct EachArguments {
    /// Start one run per line of `--input`, a JSON Lines file or standard input; a failed line does not stop the others.
    #[arg(long, requires = "input")]
    pub(super) each: bool,
    /// Write results to a file instead of standard output, and skip lines already done in it.
    #[arg(long, value_name = "FILE", requires = "each")]
    pub(super) output: Option<PathBuf>,
    /// Maximum number of concurrent runs; default: FLOW_CONCURRENCY or the configuration, or else 16.
    #[arg(long, value_name = "RUNS", requires = "each")]
    pub(super) concurrency: Option<NonZeroUsize>,
    /// Skip lines that failed according to `--output`; by default they run again.
    #[arg(long, requires = "output")]
    pub(super) keep_failed: bool,
}
