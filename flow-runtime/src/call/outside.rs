//! Gates that judge an answer outside of the waiting run: they receive the recorded arguments of the step.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Judgements;
use crate::call::Cx;
use crate::contract::{Violation, encode};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::MetaPtr;
use crate::media::by_hash;
use crate::provider::BoxFuture;

/// Reads an answer as the step's output and lets the gates judge it.
pub type JudgeAt = for<'x> fn(Given<'x>) -> BoxFuture<'x, Result<Judgements>>;

/// An answer, and what the gates of its step need.
#[derive(Debug)]
pub struct Given<'x> {
    answer: Value,
    input: &'x Value,
    cx: &'x Cx<'x>,
    said: Judgements,
}

/// The output, the step's arguments by name, the context of its gates, and their verdicts.
pub type Read<'x, T> = (T, &'x Value, &'x Cx<'x>, Judgements);

impl<'x> Given<'x> {
    /// An answer to a step with this input; its code step gates run if `asks_code`.
    pub(crate) fn new(step: MetaPtr, answer: Value, input: &'x Value, cx: &'x Cx<'x>, asks_code: bool) -> Self {
        Self { answer, input, cx, said: Judgements::outside(step, asks_code) }
    }

    /// Returns the parts, with the answer decoded as the step's output.
    ///
    /// # Errors
    ///
    /// Returns what breaks the contract, or the error of the type's own code.
    pub fn read<T>(self, decode: fn(Value) -> Result<T, Vec<Violation>>) -> Result<Read<'x, T>> {
        let Self { answer, input, cx, said } = self;
        match decode(answer.clone()) {
            Ok(output) => Ok((output, input, cx, said)),
            Err(violations) => Err(broken_answer(said.step(), violations, answer)),
        }
    }
}

/// The error of an answer that breaks the step's contract.
pub(crate) fn broken_answer(step: MetaPtr, violations: Vec<Violation>, answer: Value) -> Error {
    let step = step.get();
    let answer = by_hash(step.output.shape, answer).to_string();
    let text = format!("the answer breaks the contract of step `{}`", step.name);
    Error::new(ErrorKind::ContractViolated { violations, answer }, text)
}

/// Reads an argument of a step back from its record. Inherent if its type can be deserialized; [`NoRecall`] is the fallback.
#[derive(Debug)]
pub struct Recall<'x, T>(PhantomData<fn(&'x ()) -> T>);

impl<'x, T: Deserialize<'x> + Serialize> Recall<'x, T> {
    /// Returns the argument; `None` if it does not match its record, so that only the run itself has it.
    pub fn of(input: &'x Value, name: &str) -> Option<T> {
        let recorded = input.get(name).or_else(|| input.get(name.strip_prefix("r#")?))?;
        let value = T::deserialize(recorded).ok()?;
        (encode(&value).ok()? == *recorded).then_some(value)
    }
}

/// The fallback of [`Recall`] for a type that cannot be deserialized.
pub trait NoRecall<T>: Sized {
    /// Only the run has it.
    fn of(_: &Value, _: &str) -> Option<T> {
        None
    }
}

impl<T> NoRecall<T> for Recall<'_, T> {}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Contact {
        Name(String),
        Nothing,
    }

    #[test]
    fn an_argument_is_what_was_recorded_or_unknown() {
        let input = json!({ "text": "long", "none": null, "list": [1, 2], "more": { "a": 1 } });
        assert_eq!(Recall::<String>::of(&input, "text").as_deref(), Some("long"));
        assert_eq!(Recall::<Option<&str>>::of(&input, "text"), Some(Some("long")));
        assert_eq!(Recall::<Cow<'_, str>>::of(&input, "text").as_deref(), Some("long"));
        assert_eq!(Recall::<Vec<u8>>::of(&input, "list"), Some(vec![1, 2]));
        assert_eq!(Recall::<Contact>::of(&input, "none"), Some(Contact::Nothing));
        assert_eq!(Recall::<u8>::of(&input, "text"), None);
        assert_eq!(Recall::<u8>::of(&input, "nothing of this name"), None);
        assert_eq!(Recall::<String>::of(&input, "r#text").as_deref(), Some("long"), "the name as Rust writes it");
    }

    #[test]
    fn what_is_written_differently_is_unknown() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Lossy {
            #[serde(default, skip_serializing)]
            a: u8,
        }
        assert_eq!(Recall::<Lossy>::of(&json!({ "more": { "a": 1 } }), "more"), None);
    }

    #[test]
    fn a_type_that_cannot_be_read_is_unknown() {
        #[derive(Debug, PartialEq, Serialize)]
        struct Written(u8);
        assert_eq!(Recall::<Written>::of(&json!({ "a": 1 }), "a"), None);
    }
}
