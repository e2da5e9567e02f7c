//! What is written down of a run. An event is for watching, a record is for truth.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Place, RunId};
use crate::contract::{Direction, schema};
use crate::error::Recorded;
use crate::money::Money;
use crate::prompt::Prompt;
use crate::provider::{Spent, Usage};

/// Milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Stamp(pub u64);

impl Stamp {
    /// Now, by the machine's clock.
    pub fn now() -> Self {
        Self(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64))
    }

    /// The moment after a time, to the millisecond.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time.as_millis().try_into().unwrap_or(u64::MAX)))
    }

    /// The time from an earlier moment to this; nothing where that is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// One fact about a run, in the order in which facts became true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "record", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// A run began.
    RunStarted {
        /// The run.
        run: RunId,
        /// The name of the workflow, or of the step that runs alone.
        workflow: String,
        /// The workflow's arguments by name; `null` where a step runs alone, whose own record has them.
        input: Value,
        /// What the workflow promised in the build that began the run, as the text of a contract lock.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        promise: Option<String>,
        /// The answers of its models are made up: no model is asked.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        offline: bool,
        /// When.
        at: Stamp,
    },
    /// A workflow that another one calls began.
    WorkflowStarted {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The workflow's name.
        workflow: String,
        /// When.
        at: Stamp,
    },
    /// A workflow that another one calls has failed by itself: it took too long.
    WorkflowFailed {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The error's kind.
        kind: String,
        /// The error's text.
        error: String,
        /// The error, to be made again.
        failure: Box<Recorded>,
        /// When.
        at: Stamp,
    },
    /// A step began.
    StepStarted {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The step's name.
        step: String,
        /// `code`, `model`, `human`, `signal`, `timer` or `undo`.
        kind: String,
        /// The arguments by name.
        input: Value,
        /// When.
        at: Stamp,
    },
    /// An attempt of a step ended.
    Attempt(Box<Attempt>),
    /// A gate judged an output.
    Judged {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The gate's name.
        gate: String,
        /// Whether the output passed.
        accepted: bool,
        /// Why not.
        reasons: Vec<String>,
    },
    /// A step waits for a person, an outside system or a moment.
    Waiting(Box<Wait>),
    /// What a step has waited for is there. The first answer counts.
    Answered {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// What was said, under the step's contract.
        answer: Value,
        /// Who has said it, where that is known.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<String>,
        /// When.
        at: Stamp,
    },
    /// An answer was not taken, since a gate has rejected it or the step could not read it: the step waits on.
    AnswerRejected {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// What was said.
        answer: Value,
        /// Who has said it, where that is known.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<String>,
        /// Why it was not taken.
        reasons: Vec<String>,
        /// When.
        at: Stamp,
    },
    /// A step ended with an output.
    StepFinished {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The output.
        output: Value,
        /// It is an answer that another run was given; nothing was done or paid for it.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        cached: bool,
        /// What its model calls have taken.
        #[serde(skip_serializing_if = "Spent::is_nothing", default)]
        spent: Spent,
        /// When.
        at: Stamp,
    },
    /// A step failed for good.
    StepFailed {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The error's kind.
        kind: String,
        /// The error's text.
        error: String,
        /// The error, to be made again.
        failure: Box<Recorded>,
        /// What its model calls have taken.
        #[serde(skip_serializing_if = "Spent::is_nothing", default)]
        spent: Spent,
        /// When.
        at: Stamp,
    },
    /// A finished step was undone: the step that its `compensate` names has finished.
    StepUndone {
        /// The run.
        run: RunId,
        /// The place of the finished step.
        place: Place,
        /// The place of the step that undid it.
        by: Place,
        /// The place of the workflow that failed, or of the `flow::undo` that was called.
        within: Place,
        /// When.
        at: Stamp,
    },
    /// A finished step could not be undone, and stays on the undo list.
    StepNotUndone {
        /// The run.
        run: RunId,
        /// The place of the finished step.
        place: Place,
        /// The name of the finished step.
        step: String,
        /// The place of the step that was to undo it.
        by: Place,
        /// The place of the workflow that failed, or of the `flow::undo` that was called.
        within: Place,
        /// The kind of the error with which undoing it failed.
        kind: String,
        /// The error's text.
        error: String,
        /// The error, to be made again.
        failure: Box<Recorded>,
        /// When.
        at: Stamp,
    },
    /// A step was dropped before its end: another part of the run has failed, or was too late. It begins again only where the run
    /// is resumed.
    StepCancelled {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// When.
        at: Stamp,
    },
    /// A run ended with an output.
    RunFinished {
        /// The run.
        run: RunId,
        /// The output; `null` where a step ran alone, whose own record has it.
        output: Value,
        /// What its model calls have taken.
        #[serde(skip_serializing_if = "Spent::is_nothing", default)]
        spent: Spent,
        /// When.
        at: Stamp,
    },
    /// A run failed.
    RunFailed {
        /// The run.
        run: RunId,
        /// The error's kind.
        kind: String,
        /// The error's text.
        error: String,
        /// The error, to be made again.
        failure: Box<Recorded>,
        /// The places of the finished steps that were undone on account of this failure.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        undone: Vec<Place>,
        /// What its model calls have taken.
        #[serde(skip_serializing_if = "Spent::is_nothing", default)]
        spent: Spent,
        /// When.
        at: Stamp,
    },
    /// A run is being cancelled: nothing goes on in it but what undoes its finished steps.
    RunCancelling {
        /// The run.
        run: RunId,
        /// When.
        at: Stamp,
    },
    /// A run was cancelled: no step of it starts any more.
    RunCancelled {
        /// The run.
        run: RunId,
        /// When.
        at: Stamp,
    },
    /// A later version of the workflow has taken the run over: what follows was recorded by it.
    RunTakenOver {
        /// The run.
        run: RunId,
        /// The version that goes on with it.
        version: u32,
        /// What the workflow promises in its build, as the text of a contract lock.
        promise: String,
        /// When.
        at: Stamp,
    },
    /// A run that had failed goes on: the step that ended it is tried again.
    RunResumed {
        /// The run.
        run: RunId,
        /// When.
        at: Stamp,
    },
}

/// A value that is there, `null` included.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// The JSON Schema (2020-12) of one [`Record`], as a line of a trace holds it. `docs/record.schema.json` is the same.
///
/// ```
/// let schema = flow_runtime::run::record_schema();
/// assert_eq!(schema["title"], "Record");
/// ```
pub fn record_schema() -> Value {
    schema::<Record>(Direction::Write)
}

impl Record {
    /// The run that this is a fact of.
    pub fn run(&self) -> &RunId {
        match self {
            Self::Attempt(attempt) => &attempt.run,
            Self::Waiting(wait) => &wait.run,
            Self::RunStarted { run, .. }
            | Self::WorkflowStarted { run, .. }
            | Self::WorkflowFailed { run, .. }
            | Self::StepStarted { run, .. }
            | Self::Judged { run, .. }
            | Self::Answered { run, .. }
            | Self::AnswerRejected { run, .. }
            | Self::StepFinished { run, .. }
            | Self::StepFailed { run, .. }
            | Self::StepUndone { run, .. }
            | Self::StepNotUndone { run, .. }
            | Self::StepCancelled { run, .. }
            | Self::RunFinished { run, .. }
            | Self::RunFailed { run, .. }
            | Self::RunCancelling { run, .. }
            | Self::RunCancelled { run, .. }
            | Self::RunTakenOver { run, .. }
            | Self::RunResumed { run, .. } => run,
        }
    }
}

/// What a step waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Wait {
    /// The run.
    pub run: RunId,
    /// Where.
    pub place: Place,
    /// The step's name.
    pub step: String,
    /// The step's id, where it is not the name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// What is waited for.
    #[serde(rename = "for")]
    pub waits_for: WaitsFor,
    /// By what a signal finds the step: its only argument, or all of them by name.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub key: Value,
    /// What a person reads.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub prompt: Option<Prompt>,
    /// When the wait ends without an answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Stamp>,
    /// The answers so far, where all were rejected.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rejected: Option<RejectedAnswers>,
    /// Since when.
    pub at: Stamp,
}

/// Answers to a wait that its step did not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejectedAnswers {
    /// How many.
    pub times: u32,
    /// Why the last one was rejected, one reason each.
    pub reasons: Vec<String>,
}

/// Who or what ends a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaitsFor {
    /// A person decides, or fills in a form.
    Person,
    /// An outside system answers.
    Signal,
    /// Nobody: the time comes.
    Time,
    /// A person finds out whether an irreversible effect has happened.
    Outcome,
}

impl WaitsFor {
    /// For what, after `waits`.
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Person => "for a person's answer",
            Self::Signal => "for an outside system's answer",
            Self::Time => "for its time to come, which nobody answers",
            Self::Outcome => "to be told whether its effect has happened",
        }
    }
}

/// One attempt of a step, with all that was said and paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// The run.
    pub run: RunId,
    /// Where.
    pub place: Place,
    /// Which attempt of the step, from 1.
    pub attempt: u32,
    /// The model that was asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub model: Option<String>,
    /// What the model read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub prompt: Option<Prompt>,
    /// The schema the endpoint was given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub schema: Option<Value>,
    /// What the model said, as it came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reply: Option<String>,
    /// The tokens used; nothing is written where nothing is known of them.
    #[serde(skip_serializing_if = "Usage::is_unknown", default)]
    pub usage: Usage,
    /// What the model's tokens cost, in billionths of a dollar; `None` where that is not known, or no model was asked.
    #[serde(rename = "cost_nano_usd", skip_serializing_if = "Option::is_none", default)]
    pub cost: Option<Money>,
    /// The kind of the failure, where the attempt failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error_kind: Option<String>,
    /// The text of the failure, where the attempt failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// The failure, to be made again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<Box<Recorded>>,
    /// What a body has given that is still to be judged.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    pub output: Option<Value>,
    /// When it started.
    pub started: Stamp,
    /// When it ended.
    pub ended: Stamp,
}
