//! The command line of what is done to runs that a journal keeps.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use flow_runtime::duration;
use flow_runtime::run::{RunId, Status};

use super::{InputArguments, SettingArguments};

/// Runs that a journal keeps.
#[derive(Debug, Subcommand)]
pub(in crate::app) enum RunsCommand {
    /// List runs, the latest to begin first.
    List {
        /// Runs in this state alone.
        #[arg(long, value_parser = PossibleValuesParser::new(Status::ALL.map(Status::name)))]
        status: Option<String>,
        /// Runs of this workflow alone.
        #[arg(long, value_name = "NAME")]
        workflow: Option<String>,
        /// No more than this many.
        #[arg(long, value_name = "RUNS", default_value_t = 100)]
        limit: usize,
        /// One JSON array, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        look: LookArguments,
    },
    /// Show a run: its steps with attempts, tokens, cost and times, what it waits for, what ended it.
    Show {
        /// The run's id.
        run: String,
        /// One JSON object, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        look: LookArguments,
    },
    /// Go on with a run, one that has failed included, or with all that have not ended; exit status 3 where something waits.
    Resume(ResumeArguments),
    /// End a run for good.
    Cancel {
        /// The run's id.
        run: String,
        /// Undo its finished steps that have `compensate`, in reverse order of completion.
        #[arg(long)]
        undo: bool,
        #[command(flatten)]
        look: LookArguments,
    },
    /// Begin a new run of the same workflow, with the recorded input or an edited one.
    Rerun(RerunArguments),
    /// Forget runs that ended long ago.
    Prune {
        /// How long ago: `30d`, `12h`.
        #[arg(long, value_name = "TIME", value_parser = time)]
        older_than: Duration,
        #[command(flatten)]
        look: LookArguments,
    },
}

/// What waits for people and outside systems.
#[derive(Debug, Subcommand)]
pub(in crate::app) enum ReviewCommand {
    /// List what waits, with what a person reads.
    List {
        /// One JSON array, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        look: LookArguments,
    },
    /// The value is right as it is.
    Accept(AtArguments),
    /// The value is right as it is here.
    Edit {
        #[command(flatten)]
        at: AtArguments,
        #[command(flatten)]
        value: ValueArguments,
    },
    /// The value is not to be used.
    Reject {
        #[command(flatten)]
        at: AtArguments,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// The whole answer: what a form asks for, or what an outside system says.
    Answer {
        #[command(flatten)]
        at: AtArguments,
        #[command(flatten)]
        value: ValueArguments,
    },
    /// Send a signal of an outside system to every step that waits for its key; kept for the first that comes to wait where none does.
    Signal(SignalArguments),
    /// An irreversible effect that was cut off has happened.
    Happened {
        #[command(flatten)]
        at: AtArguments,
        /// What the step would have given; nothing unless said.
        #[arg(long, value_name = "JSON|@FILE|-", default_value = "null")]
        value: String,
    },
    /// An irreversible effect that was cut off has not happened, and may be begun again.
    DidNotHappen(AtArguments),
}

/// Where to look.
#[derive(Debug, Default, Args)]
pub(in crate::app) struct LookArguments {
    /// The file that keeps the runs; FLOW_JOURNAL or the configuration name it otherwise.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) journal: Option<PathBuf>,
    /// The configuration, in the place of `flow.toml` in the current directory.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) config: Option<PathBuf>,
}

impl LookArguments {
    /// The same as what stands over the configuration.
    pub(in crate::app) fn setting(&self) -> SettingArguments {
        SettingArguments { journal: self.journal.clone(), config: self.config.clone(), ..SettingArguments::default() }
    }
}

/// What is answered, and who answers.
#[derive(Debug, Args)]
pub(in crate::app) struct AtArguments {
    /// The run's id.
    pub(in crate::app) run: String,
    /// The place of the step that waits; may be left out where only one does.
    pub(in crate::app) place: Option<String>,
    /// Who answers; the user's name unless said.
    #[arg(long, value_name = "NAME")]
    pub(in crate::app) by: Option<String>,
    #[command(flatten)]
    pub(in crate::app) look: LookArguments,
}

/// What a signal says, and to whom.
#[derive(Debug, Args)]
pub(in crate::app) struct SignalArguments {
    /// The signal step, by its id: its name, unless it has another.
    pub(in crate::app) step: String,
    /// The step's only argument, or an object of all of them: JSON, `@` and a file of it, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-", default_value = "null")]
    pub(in crate::app) key: String,
    #[command(flatten)]
    pub(in crate::app) value: ValueArguments,
    /// The id of the event at the outside system: a repeat changes nothing.
    #[arg(long, value_name = "ID")]
    pub(in crate::app) id: Option<String>,
    /// Who sends it; the user's name unless said.
    #[arg(long, value_name = "NAME")]
    pub(in crate::app) by: Option<String>,
    #[command(flatten)]
    pub(in crate::app) look: LookArguments,
}

#[derive(Debug, Args)]
pub(in crate::app) struct ValueArguments {
    /// The value: JSON, `@` and a file of it, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub(in crate::app) value: String,
}

#[derive(Debug, Args)]
pub(in crate::app) struct ResumeArguments {
    /// The run's id; all runs that have not ended unless said.
    pub(in crate::app) run: Option<String>,
    #[command(flatten)]
    pub(in crate::app) setting: SettingArguments,
    #[command(flatten)]
    pub(in crate::app) telling: TellingArguments,
}

#[derive(Debug, Args)]
pub(in crate::app) struct RerunArguments {
    /// The id of the run that there is.
    pub(in crate::app) run: String,
    /// The place, or the name, of the step to begin from: what had ended before it is copied and not run again. All steps are run
    /// unless said.
    #[arg(long, value_name = "PLACE")]
    pub(in crate::app) from: Option<String>,
    /// The id of the new run; a fresh one unless said.
    #[arg(long, value_name = "ID", value_parser = id)]
    pub(in crate::app) id: Option<RunId>,
    /// The new input; `--set` and `--file` without it change the recorded one.
    #[command(flatten)]
    pub(in crate::app) input: InputArguments,
    #[command(flatten)]
    pub(in crate::app) setting: SettingArguments,
    #[command(flatten)]
    pub(in crate::app) telling: TellingArguments,
}

/// What is told of a run.
#[derive(Clone, Debug, Default, Args)]
pub(in crate::app) struct TellingArguments {
    /// Write down the run, as one line of JSON a fact: prompts, schemas, replies, tokens, attempts, verdicts.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) trace: Option<PathBuf>,
    /// One line of JSON, for programs: the result, or `{"error": …}`.
    #[arg(long)]
    pub(in crate::app) json: bool,
    /// Nothing of how the run gets on, and no bill.
    #[arg(long, short)]
    pub(in crate::app) quiet: bool,
}

/// An id that a new run may have.
pub(super) fn id(text: &str) -> Result<RunId, String> {
    text.parse().map_err(|error: flow_runtime::error::Error| error.message().to_owned())
}

fn time(text: &str) -> Result<Duration, String> {
    duration::parse(text).ok_or_else(|| "no time; write a whole number and a unit, as in `30d`, `12h`, `5m`".to_owned())
}
