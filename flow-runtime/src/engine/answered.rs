//! A model's answer, and why it may be rejected.

use serde_json::Value;

use super::converse::Asked;
use super::gates::rejected;
use crate::contract::Violation;
use crate::error::{Error, ErrorKind};
use crate::gate::Rejection;
use crate::prompt::{Content, Part, Prompt, Role};

/// A model's answer.
pub(super) struct Answered {
    pub(super) text: String,
    pub(super) value: Result<Value, Unusable>,
    /// The reply, as it goes back to the model.
    pub(super) content: Content,
    /// The tools that it calls.
    pub(super) calls: Vec<Asked>,
}

/// Why an answer contains no value.
pub(super) enum Unusable {
    /// The text is not JSON.
    NotJson(String),
    /// The model wrote nothing.
    Silent,
    /// The model called this tool, although it could not.
    Called(String, &'static str),
}

/// Why a tool cannot be called.
const NOT_OFFERED: &str = "no tools were offered";
const LAST_TURN: &str = "this was the last turn, which has to give the answer";

/// Why an answer is rejected.
pub(super) enum Problem {
    /// It contains no value.
    Unusable { text: String, why: Unusable },
    /// The JSON violates the contract.
    Broken { text: String, violations: Vec<Violation> },
    /// A gate rejected the output.
    Rejected { text: String, rejection: Rejection },
}

impl Answered {
    /// A reply that calls tools.
    pub(super) fn calls(reply: &Content, calls: Vec<Asked>) -> Self {
        Self { text: String::new(), value: Ok(Value::Null), content: reply.clone(), calls }
    }
}

/// The tool calls in a reply.
pub(super) fn calls_of(reply: &Content, raise: impl Fn(&str, &Value) -> Value) -> Vec<Asked> {
    let call = |part: &Part| match part {
        Part::ToolCall { id, name, arguments } => {
            Some(Asked { id: id.clone(), name: name.clone(), arguments: raise(name, arguments) })
        }
        _ => None,
    };
    reply.tool_calls().filter_map(call).collect()
}

pub(super) fn too_late(name: String, turn: Option<u32>) -> Unusable {
    Unusable::Called(name, if turn.is_some() { LAST_TURN } else { NOT_OFFERED })
}

impl Unusable {
    /// The reason in events.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::NotJson(reason) => reason.clone(),
            Self::Silent => "the answer is empty".to_owned(),
            Self::Called(tool, why) => format!("the model called the tool `{tool}`, but {why}"),
        }
    }

    /// The reason in prompts.
    fn told(&self) -> String {
        match self {
            Self::NotJson(reason) => format!("the answer is not valid JSON: {reason}"),
            Self::Silent | Self::Called(..) => self.reason(),
        }
    }

    fn violation(&self) -> Violation {
        match self {
            Self::NotJson(reason) => Violation::new(&[], "JSON", reason),
            Self::Silent => Violation::new(&[], "an answer", "nothing"),
            Self::Called(tool, why) => {
                let found = format!("a call of the tool `{tool}`; {why}");
                Violation::new(&[], "an answer", &found)
            }
        }
    }
}

impl Problem {
    fn reasons(&self) -> Vec<String> {
        match self {
            Self::Unusable { why, .. } => vec![why.told()],
            Self::Broken { violations, .. } => violations.iter().map(ToString::to_string).collect(),
            Self::Rejected { rejection, .. } => rejection.reasons.clone(),
        }
    }

    /// The text of the answer.
    pub(super) fn text(&self) -> &str {
        let (Self::Unusable { text, .. } | Self::Broken { text, .. } | Self::Rejected { text, .. }) = self;
        text
    }

    /// Appends the answer and the reasons to the prompt.
    pub(super) fn ask_again(&self, prompt: &Prompt, answer: Content) -> Prompt {
        let reasons: String = self.reasons().iter().map(|reason| format!("\n- {reason}")).collect();
        let again = format!(
            "This answer was rejected:{reasons}\n\nReturn the complete answer again with these problems fixed."
        );
        match self.text().trim() {
            "" => prompt.clone().and(again),
            _ => prompt.clone().with(Role::Assistant, answer).with(Role::User, again),
        }
    }

    pub(super) fn into_error(self) -> Error {
        let broken = "the model's answer breaks the contract";
        match self {
            Self::Unusable { text, why } => {
                let violations = vec![why.violation()];
                Error::new(ErrorKind::ContractViolated { violations, answer: text }, broken)
            }
            Self::Broken { text, violations } => {
                Error::new(ErrorKind::ContractViolated { violations, answer: text }, broken)
            }
            Self::Rejected { rejection, .. } => rejected(rejection),
        }
    }
}
