//! Command-line grammar of `runs` and `review`.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use flow_runtime::duration;
use flow_runtime::run::{RunId, Status};

use super::shared::{InputArguments, SettingArguments, TellingArguments, id};

#[derive(Debug, Subcommand)]
pub(in crate::app) enum RunsCommand {
    /// List runs, the most recently started first.
    List {
        /// Only runs with this status.
        #[arg(long, value_parser = PossibleValuesParser::new(Status::ALL.map(Status::name)))]
        status: Option<String>,
        /// Only runs of this workflow.
        #[arg(long, value_name = "NAME")]
        workflow: Option<String>,
        /// Maximum number of runs to list.
        #[arg(long, value_name = "RUNS", default_value_t = 100)]
        limit: usize,
        /// Print one JSON array.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        look: LookArguments,
    },
    /// Show a run: its steps with attempts, tokens, cost and times, what it waits for, and what ended it.
    Show {
        /// Id of the run.
        run: String,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        look: LookArguments,
    },
    /// Continue a run, even a failed one, or all unfinished runs; exits with status 3 if a run waits.
    Resume(ResumeArguments),
    /// Cancel a run permanently.
    Cancel {
        /// Id of the run.
        run: String,
        /// First undo its finished steps that have `compensate`, in reverse order of completion.
        #[arg(long)]
        undo: bool,
        #[command(flatten)]
        look: LookArguments,
    },
    /// Start a new run of the same workflow, with the recorded input or an edited one.
    Rerun(RerunArguments),
    /// Delete runs that ended long ago.
    Prune {
        /// Delete only runs that ended at least this long ago, such as `30d` or `12h`.
        #[arg(long, value_name = "TIME", value_parser = time)]
        older_than: Duration,
        #[command(flatten)]
        look: LookArguments,
    },
}

#[derive(Debug, Subcommand)]
pub(in crate::app) enum ReviewCommand {
    /// List everything that waits for an answer, with the text to review.
    List {
        /// Print one JSON array.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        look: LookArguments,
    },
    /// Accept the value as it is.
    Accept(AtArguments),
    /// Accept the value with corrections.
    Edit {
        #[command(flatten)]
        at: AtArguments,
        #[command(flatten)]
        value: ValueArguments,
    },
    /// Reject the value.
    Reject {
        #[command(flatten)]
        at: AtArguments,
        /// Reason for the rejection.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Answer a form, or a signal on behalf of an outside system.
    Answer {
        #[command(flatten)]
        at: AtArguments,
        #[command(flatten)]
        value: ValueArguments,
    },
    /// Send a signal to every step that waits for its key; if none does, it is kept for the first step that will.
    Signal(SignalArguments),
    /// Report that an interrupted irreversible effect happened.
    Happened {
        #[command(flatten)]
        at: AtArguments,
        /// The output that the step would have returned.
        #[arg(long, value_name = "JSON|@FILE|-", default_value = "null")]
        value: String,
    },
    /// Report that an interrupted irreversible effect did not happen, so that it may be started again.
    DidNotHappen(AtArguments),
}

/// Where the journal is.
#[derive(Debug, Default, Args)]
pub(in crate::app) struct LookArguments {
    /// Journal file; default: FLOW_JOURNAL or the configuration.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) journal: Option<PathBuf>,
    /// Configuration file; default: `flow.toml` in the current directory.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) config: Option<PathBuf>,
}

impl LookArguments {
    /// These options as general settings.
    pub(in crate::app) fn setting(&self) -> SettingArguments {
        SettingArguments { journal: self.journal.clone(), config: self.config.clone(), ..SettingArguments::default() }
    }
}

/// Which wait is answered, and by whom.
#[derive(Debug, Args)]
pub(in crate::app) struct AtArguments {
    /// Id of the run.
    pub(in crate::app) run: String,
    /// Place of the waiting step; optional if only one step waits.
    pub(in crate::app) place: Option<String>,
    /// Who answers; default: the current user's name.
    #[arg(long, value_name = "NAME")]
    pub(in crate::app) by: Option<String>,
    #[command(flatten)]
    pub(in crate::app) look: LookArguments,
}

#[derive(Debug, Args)]
pub(in crate::app) struct SignalArguments {
    /// Id of the signal step; the id is the name unless the step sets another.
    pub(in crate::app) step: String,
    /// The step's only argument, or an object with all of them: JSON, `@FILE`, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-", default_value = "null")]
    pub(in crate::app) key: String,
    #[command(flatten)]
    pub(in crate::app) value: ValueArguments,
    /// Id of the event in the outside system; sending the same id again changes nothing.
    #[arg(long, value_name = "ID")]
    pub(in crate::app) id: Option<String>,
    /// Who sends it; default: the current user's name.
    #[arg(long, value_name = "NAME")]
    pub(in crate::app) by: Option<String>,
    #[command(flatten)]
    pub(in crate::app) look: LookArguments,
}

#[derive(Debug, Args)]
pub(in crate::app) struct ValueArguments {
    /// The value: JSON, `@FILE`, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub(in crate::app) value: String,
}

#[derive(Debug, Args)]
pub(in crate::app) struct ResumeArguments {
    /// Id of the run; default: all unfinished runs.
    pub(in crate::app) run: Option<String>,
    #[command(flatten)]
    pub(in crate::app) setting: SettingArguments,
    #[command(flatten)]
    pub(in crate::app) telling: TellingArguments,
}

#[derive(Debug, Args)]
pub(in crate::app) struct RerunArguments {
    /// Id of the recorded run.
    pub(in crate::app) run: String,
    /// Place or name of the step to start from: steps that finished before it started are copied, not run again; default: all
    /// steps run.
    #[arg(long, value_name = "PLACE")]
    pub(in crate::app) from: Option<String>,
    /// Id of the new run; default: a fresh id.
    #[arg(long, value_name = "ID", value_parser = id)]
    pub(in crate::app) id: Option<RunId>,
    /// The new input; without `--input`, `--set` and `--file` change the recorded one.
    #[command(flatten)]
    pub(in crate::app) input: InputArguments,
    #[command(flatten)]
    pub(in crate::app) setting: SettingArguments,
    #[command(flatten)]
    pub(in crate::app) telling: TellingArguments,
}

fn time(text: &str) -> Result<Duration, String> {
    duration::parse(text).ok_or_else(|| "expected a whole number and a unit, such as `30d`, `12h` or `5m`".to_owned())
}
