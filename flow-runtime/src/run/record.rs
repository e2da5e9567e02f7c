//! The records of a run. Events are for observers; records are the source of truth.

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Stamp, by_hash};
use crate::contract::{Direction, schema};
use crate::error::Recorded;
use crate::media::Data;
use crate::money::Money;
use crate::place::{Place, RunId};
use crate::prompt::{Content, Prompt};
use crate::provider::{Spent, Usage};

/// One fact about a run, in the order in which facts became true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "record", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// A run started.
    RunStarted {
        /// The run.
        run: RunId,
        /// The name of the workflow, or of the step that runs alone.
        workflow: String,
        /// The workflow's arguments by name; `null` for a step that runs alone, whose own record has them.
        input: Value,
        /// The promises of the workflow in the build that started the run, as the text of a contract lock.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        promise: Option<String>,
        /// The answers of its models are made up; no model is asked.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        offline: bool,
        /// When it happened.
        at: Stamp,
    },
    /// The bytes of an attachment, recorded once for a run. Inputs, outputs and prompts of steps refer to them by their hash: the
    /// `data` of an attachment is then `sha256:…`.
    #[serde(deserialize_with = "verified")]
    Media {
        /// The run.
        run: RunId,
        /// The hash: `sha256:` and 64 hexadecimal digits.
        hash: String,
        /// The bytes.
        data: Data,
        /// When it happened.
        at: Stamp,
    },
    /// A sub-workflow started.
    WorkflowStarted {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The workflow's name.
        workflow: String,
        /// When it happened.
        at: Stamp,
    },
    /// A sub-workflow failed by itself: it took too long.
    WorkflowFailed {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The error's kind.
        kind: String,
        /// The error's text.
        error: String,
        /// The error in a form that can be recreated.
        failure: Box<Recorded>,
        /// When it happened.
        at: Stamp,
    },
    /// A step started.
    StepStarted {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The step's name.
        step: String,
        /// `code`, `model`, `human`, `signal`, `timer` or `undo`.
        kind: String,
        /// The arguments by name.
        input: Value,
        /// When it happened.
        at: Stamp,
    },
    /// An attempt of a step ended.
    Attempt(Box<Attempt>),
    /// A gate judged an output.
    Judged {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The gate's name.
        gate: String,
        /// Whether the output was accepted.
        accepted: bool,
        /// The reasons of a rejection.
        reasons: Vec<String>,
    },
    /// A step waits for a person, an outside system or a point in time.
    Waiting(Box<Wait>),
    /// The answer that a step waited for arrived. The first answer counts.
    Answered {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The answer, under the step's contract.
        answer: Value,
        /// Who answered, if known.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<String>,
        /// When it happened.
        at: Stamp,
    },
    /// An answer was not accepted, because a gate rejected it or the step could not read it. The step keeps waiting.
    AnswerRejected {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The answer.
        answer: Value,
        /// Who answered, if known.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        by: Option<String>,
        /// Why it was not accepted.
        reasons: Vec<String>,
        /// When it happened.
        at: Stamp,
    },
    /// A branch of a race succeeded first. The other branches were dropped, and their waits withdrawn.
    BranchChosen {
        /// The run.
        run: RunId,
        /// The place of the race.
        place: Place,
        /// Which branch, from 0.
        branch: u32,
        /// When it happened.
        at: Stamp,
    },
    /// A step ended with an output.
    StepFinished {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The output.
        output: Value,
        /// The output was reused from another run; nothing was executed or paid.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        cached: bool,
        /// What its model calls spent.
        #[serde(skip_serializing_if = "Spent::is_nothing", default)]
        spent: Spent,
        /// When it happened.
        at: Stamp,
    },
    /// A step failed permanently.
    StepFailed {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The error's kind.
        kind: String,
        /// The error's text.
        error: String,
        /// The error in a form that can be recreated.
        failure: Box<Recorded>,
        /// What its model calls spent.
        #[serde(skip_serializing_if = "Spent::is_nothing", default)]
        spent: Spent,
        /// When it happened.
        at: Stamp,
    },
    /// A finished step was undone: its `compensate` step finished.
    StepUndone {
        /// The run.
        run: RunId,
        /// The place of the finished step.
        place: Place,
        /// The place of the step that undid it.
        by: Place,
        /// The place of the workflow that failed or called `flow::undo`.
        within: Place,
        /// When it happened.
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
        /// The place of the step that should have undone it.
        by: Place,
        /// The place of the workflow that failed or called `flow::undo`.
        within: Place,
        /// The kind of the error that undoing it failed with.
        kind: String,
        /// The error's text.
        error: String,
        /// The error in a form that can be recreated.
        failure: Box<Recorded>,
        /// When it happened.
        at: Stamp,
    },
    /// A step was dropped before its end, because another part of the run failed or timed out. It starts again only if the run is
    /// resumed.
    StepCancelled {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// When it happened.
        at: Stamp,
    },
    /// A run ended with an output.
    RunFinished {
        /// The run.
        run: RunId,
        /// The output; `null` for a step that ran alone, whose own record has it.
        output: Value,
        /// What its model calls spent.
        #[serde(skip_serializing_if = "Spent::is_nothing", default)]
        spent: Spent,
        /// When it happened.
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
        /// The error in a form that can be recreated.
        failure: Box<Recorded>,
        /// The places of the finished steps that were undone because of this failure.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        undone: Vec<Place>,
        /// What its model calls spent.
        #[serde(skip_serializing_if = "Spent::is_nothing", default)]
        spent: Spent,
        /// When it happened.
        at: Stamp,
    },
    /// A run is being cancelled: only the steps that undo its finished steps continue.
    RunCancelling {
        /// The run.
        run: RunId,
        /// When it happened.
        at: Stamp,
    },
    /// A run was cancelled: no more steps start.
    RunCancelled {
        /// The run.
        run: RunId,
        /// When it happened.
        at: Stamp,
    },
    /// A later version of the workflow took the run over: it recorded everything from here on.
    RunTakenOver {
        /// The run.
        run: RunId,
        /// The version that continues the run.
        version: u32,
        /// The promises of the workflow in that version's build, as the text of a contract lock.
        promise: String,
        /// When it happened.
        at: Stamp,
    },
    /// A failed run continues: the step that ended it is tried again.
    RunResumed {
        /// The run.
        run: RunId,
        /// When it happened.
        at: Stamp,
    },
}

/// Deserialises a field that is present, even as `null`, as `Some`.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// Deserialises the bytes of an attachment, to which later records refer by their hash.
fn verified<'de, D: Deserializer<'de>>(value: D) -> Result<(RunId, String, Data, Stamp), D::Error> {
    #[derive(Deserialize)]
    struct Media {
        run: RunId,
        hash: String,
        data: Data,
        at: Stamp,
    }
    let Media { run, hash, data, at } = Media::deserialize(value)?;
    if data.is_missing() {
        return Err(D::Error::custom(format!("the bytes of {hash} are missing")));
    }
    if data.hash() != hash {
        return Err(D::Error::custom(format!("the record of {hash} is damaged: its bytes are {}", data.hash())));
    }
    data.hold();
    Ok((run, hash, data, at))
}

/// Returns the JSON Schema (2020-12) of one [`Record`], as in a line of a trace. The same as `docs/record.schema.json`.
///
/// ```
/// let schema = flow_runtime::run::record_schema();
/// assert_eq!(schema["title"], "Record");
/// ```
pub fn record_schema() -> Value {
    schema::<Record>(Direction::Write)
}

impl Record {
    /// Returns the run that the record belongs to.
    pub fn run(&self) -> &RunId {
        match self {
            Self::Attempt(attempt) => &attempt.run,
            Self::Waiting(wait) => &wait.run,
            Self::RunStarted { run, .. }
            | Self::Media { run, .. }
            | Self::WorkflowStarted { run, .. }
            | Self::WorkflowFailed { run, .. }
            | Self::StepStarted { run, .. }
            | Self::Judged { run, .. }
            | Self::Answered { run, .. }
            | Self::AnswerRejected { run, .. }
            | Self::BranchChosen { run, .. }
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
    /// Its place in the run.
    pub place: Place,
    /// The step's name.
    pub step: String,
    /// The step's id, if it differs from the name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// What it waits for.
    #[serde(rename = "for")]
    pub waits_for: WaitsFor,
    /// The key of a signal: the step's only argument, or an object of all arguments.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub key: Value,
    /// What the person reads.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "by_hash")]
    #[schemars(with = "Option<Prompt>")]
    pub prompt: Option<Prompt>,
    /// When the wait ends without an answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Stamp>,
    /// The answers so far, if all were rejected.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rejected: Option<RejectedAnswers>,
    /// When the wait started.
    pub at: Stamp,
}

/// Rejected answers to a wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejectedAnswers {
    /// Their number.
    pub times: u32,
    /// Why the last one was rejected, one reason per entry.
    pub reasons: Vec<String>,
}

/// What ends a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaitsFor {
    /// A person decides, or fills in a form.
    Person,
    /// An outside system answers.
    Signal,
    /// A point in time.
    Time,
    /// The time of its next attempt.
    Retry,
    /// A person finds out whether an irreversible effect happened.
    Outcome,
}

impl WaitsFor {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Person, Self::Signal, Self::Time, Self::Retry, Self::Outcome];

    /// Returns the name used in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Signal => "signal",
            Self::Time => "time",
            Self::Retry => "retry",
            Self::Outcome => "outcome",
        }
    }

    /// Returns whether an answer can end the wait. Other waits end when their time comes.
    pub fn takes_answer(self) -> bool {
        !matches!(self, Self::Time | Self::Retry)
    }

    /// Completes a sentence that ends in "waits".
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Person => "for a person's answer",
            Self::Signal => "for an outside system's answer",
            Self::Time => "for a point in time, not for an answer",
            Self::Retry => "for its next attempt, not for an answer",
            Self::Outcome => "for a report on whether its effect happened",
        }
    }
}

/// One attempt of a step, with everything sent, received and paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// The run.
    pub run: RunId,
    /// Its place in the run.
    pub place: Place,
    /// Which attempt of the step, from 1.
    pub attempt: u32,
    /// The model that was asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub model: Option<String>,
    /// The turn of a conversation with tools, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub turn: Option<u32>,
    /// What the model read. A later turn answers the calls of the turn before it, and has none.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "by_hash")]
    #[schemars(with = "Option<Prompt>")]
    pub prompt: Option<Prompt>,
    /// The schema sent to the endpoint.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub schema: Option<Value>,
    /// The model's reply, unchanged: a text, or a list of parts if it calls tools.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reply: Option<Content>,
    /// The tokens used; omitted if nothing is known.
    #[serde(skip_serializing_if = "Usage::is_unknown", default)]
    pub usage: Usage,
    /// The cost of the model's tokens, in billionths of a dollar; `None` if unknown, or if no model was asked.
    #[serde(rename = "cost_nano_usd", skip_serializing_if = "Option::is_none", default)]
    pub cost: Option<Money>,
    /// The kind of the failure, if the attempt failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error_kind: Option<String>,
    /// The text of the failure, if the attempt failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// The failure in a form that can be recreated.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<Box<Recorded>>,
    /// The output of a body that is still to be judged.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "present")]
    pub output: Option<Value>,
    /// When it started.
    pub started: Stamp,
    /// When it ended.
    pub ended: Stamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::in_records;

    #[test]
    fn a_damaged_attachment_is_refused() {
        let data = Data::from(&b"GIF89a"[..]);
        let hash = data.hash().to_owned();
        let whole = Record::Media { run: RunId::named("a"), hash: hash.clone(), data, at: Stamp(1) };
        let mut json = serde_json::to_value(&whole).unwrap();
        assert_eq!(serde_json::from_value::<Record>(json.clone()).unwrap(), whole);
        json["data"] = "R0lGODdh".into();
        let damaged = serde_json::from_value::<Record>(json.clone()).unwrap_err().to_string();
        assert!(damaged.starts_with(&format!("the record of {hash} is damaged: its bytes are sha256:")), "{damaged}");
        json["hash"] = format!("sha256:{}", "2".repeat(64)).into();
        json["data"] = json["hash"].clone();
        let missing = in_records(|| serde_json::from_value::<Record>(json)).unwrap_err().to_string();
        assert!(missing.ends_with("are missing"), "{missing}");
    }

    #[test]
    fn waits_have_the_names_of_their_records() {
        for wait in WaitsFor::ALL {
            assert_eq!(serde_json::to_value(wait).unwrap(), wait.name());
        }
    }
}
