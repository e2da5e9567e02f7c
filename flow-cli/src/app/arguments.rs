//! The command line.

mod kept;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use flow_runtime::money::Money;
use flow_runtime::run::RunId;

pub(super) use kept::{
    AtArguments, LookArguments, RerunArguments, ResumeArguments, ReviewCommand, RunsCommand, SignalArguments,
    TellingArguments,
};

/// What was asked for.
#[derive(Debug, Parser)]
#[command(about = "Runs and shows the workflows of this program.", arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a workflow and print what it returns.
    Run(RunArguments),
    /// List the workflows.
    List {
        /// One JSON array, for programs.
        #[arg(long)]
        json: bool,
    },
    /// Print the graph of a workflow.
    Graph {
        /// The workflow; may be left out where there is only one.
        workflow: Option<String>,
        /// How the graph is written.
        #[arg(long, value_enum, default_value_t = Format::Mermaid)]
        format: Format,
        /// The worst case of a run, as sums of what the steps may take, instead of the graph.
        #[arg(long, conflicts_with = "format")]
        bounds: bool,
        /// The bounds as JSON, for programs.
        #[arg(long, requires = "bounds")]
        json: bool,
    },
    /// Print the JSON Schema of what a workflow, or one of its steps, takes and returns.
    Schema {
        /// The workflow; may be left out where there is only one.
        workflow: Option<String>,
        /// One of its steps.
        step: Option<String>,
        /// What each kind of provider would be sent of it, for each model step: the lowered schema, what only its words still
        /// say, and whether the provider refuses it.
        #[arg(long)]
        portability: bool,
        /// The schema of the lines that `run --trace` writes, instead.
        #[arg(long, conflicts_with_all = ["workflow", "step", "portability"])]
        records: bool,
    },
    /// Write down what the workflows with the option `lock` promise, and say what has changed.
    Lock(LockArguments),
    /// List, show, resume, cancel, rerun and forget the runs that a journal keeps.
    #[command(subcommand)]
    Runs(RunsCommand),
    /// List and answer what runs wait for: a person's decision, a form, an outside system.
    #[command(subcommand)]
    Review(ReviewCommand),
    /// Serve the workflows over HTTP on this machine, until interrupted (needs the feature `service`).
    Serve(ServeArguments),
    /// Print a script that completes commands, options and names of workflows in a shell.
    Completions {
        /// Whose script.
        shell: Shell,
    },
}

impl Command {
    /// Whether a program reads standard output, and finds there why the command came to nothing.
    pub(super) fn tells_failures_as_json(&self) -> bool {
        match self {
            // Standard output belongs to the results of `--each`, unless they have a file.
            Self::Run(run) => run.telling.json && run.each.each == run.each.output.is_some(),
            Self::Runs(RunsCommand::Resume(arguments)) => arguments.telling.json,
            Self::Runs(RunsCommand::Rerun(arguments)) => arguments.telling.json,
            _ => false,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct LockArguments {
    /// The workflows; all that have a lock unless said.
    pub(super) workflows: Vec<String>,
    /// Write nothing: show what would be written otherwise, and exit with 1 if anything would.
    #[arg(long)]
    pub(super) check: bool,
    /// The package whose `contracts` is meant: the one that cargo runs, or the current directory, unless said.
    #[arg(long, value_name = "DIRECTORY")]
    pub(super) dir: Option<PathBuf>,
    /// A JSON array, for programs.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Where to listen: a loopback address; port 0 lets the system choose, and a line on standard error says which.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(super) addr: String,
    #[command(flatten)]
    pub(super) setting: SettingArguments,
}

/// What stands over the environment, the configuration and the program.
#[derive(Debug, Default, Args)]
pub(super) struct SettingArguments {
    /// Ask no model: make every answer up from the words of its prompt.
    #[arg(long)]
    pub(super) offline: bool,
    /// The configuration, in the place of `flow.toml` in the current directory.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The most that all model calls of this process may cost together.
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    pub(super) max_cost: Option<Money>,
    /// The file that keeps runs, so that they outlive the process and wait for people; FLOW_JOURNAL or the configuration name it
    /// otherwise.
    #[arg(long, value_name = "FILE")]
    pub(super) journal: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// A mermaid flowchart.
    Mermaid,
    /// Everything that is known of the workflow.
    Json,
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The workflow; may be left out where there is only one.
    pub(super) workflow: Option<String>,
    #[command(flatten)]
    pub(super) input: InputArguments,
    #[command(flatten)]
    pub(super) each: EachArguments,
    #[command(flatten)]
    pub(super) setting: SettingArguments,
    /// The run's id: the same id again is the same run. A fresh one unless said.
    #[arg(long, value_name = "ID", value_parser = kept::id, conflicts_with = "each")]
    pub(super) id: Option<RunId>,
    /// Do not stay while the run waits for a person, an outside system or a moment: exit with status 3, and leave it to the journal.
    #[arg(long, conflicts_with = "each")]
    pub(super) detach: bool,
    #[command(flatten)]
    pub(super) telling: TellingArguments,
}

/// Runs for many inputs.
#[derive(Debug, Default, Args)]
pub(super) struct EachArguments {
    /// One run for each line of `--input`, which is a file or standard input in JSON Lines; a line that fails stops no other.
    #[arg(long, requires = "input")]
    pub(super) each: bool,
    /// Where a line of JSON for each run goes, in the place of standard output. Lines that are done in it are not run again.
    #[arg(long, value_name = "FILE", requires = "each")]
    pub(super) output: Option<PathBuf>,
    /// The most runs under way at once; 16 unless the environment or the configuration says otherwise.
    #[arg(long, value_name = "RUNS", requires = "each")]
    pub(super) concurrency: Option<NonZeroUsize>,
    /// Lines that have failed according to `--output` stay as they are; otherwise they are run again.
    #[arg(long, requires = "output")]
    pub(super) keep_failed: bool,
}

/// Where the arguments of a workflow come from. The later in this list stands over the earlier.
#[derive(Debug, Default, Args)]
pub(super) struct InputArguments {
    /// The arguments by name as a JSON object: the text itself, `@` and a file, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub(super) input: Option<String>,
    /// The text of a file as a string, put at an argument or a field of one: `resume.text=cv.txt`.
    #[arg(long = "file", value_name = "NAME=PATH", value_parser = assignment)]
    pub(super) files: Vec<Assignment>,
    /// A value, put at an argument or a field of one: JSON where it is JSON that the contract takes there, otherwise a string.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = assignment)]
    pub(super) values: Vec<Assignment>,
}

/// `resume.text=cv.txt`
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    /// The argument, then the fields down to the one that is meant; never empty.
    pub(super) path: Vec<String>,
    pub(super) value: String,
}

fn assignment(text: &str) -> Result<Assignment, String> {
    let (name, value) = text.split_once('=').ok_or("there is no `=` in it")?;
    let path: Vec<_> = name.split('.').map(str::to_owned).collect();
    if path.iter().any(String::is_empty) {
        return Err(format!("`{name}` names no argument; write `argument` or `argument.field`"));
    }
    Ok(Assignment { path, value: value.to_owned() })
}

fn dollars(text: &str) -> Result<Money, String> {
    Money::parse(text).ok_or_else(|| "no amount of dollars; write it as in `$0.50` or `20`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_ends_at_its_first_equals_sign() {
        let assignment = assignment("job.title=a=b").unwrap();
        assert_eq!((assignment.path.join("/"), assignment.value), ("job/title".to_owned(), "a=b".to_owned()));
    }

    #[test]
    fn an_assignment_names_something() {
        for text in ["text", "=x", "a..b=x", ".=x"] {
            assert!(assignment(text).is_err(), "{text}");
        }
    }
}
