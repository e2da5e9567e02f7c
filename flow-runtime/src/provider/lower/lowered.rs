//! An adapted schema, with the conversion of its answers.

use serde_json::{Value, json};

use super::casing;
use super::translate::Translator;
use super::tree::Tree;

/// The property that wraps an answer that is not an object.
pub(super) const VALUE: &str = "value";

/// A schema in the form an endpoint supports, with the conversion of its answers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lowered {
    /// The schema to send.
    pub schema: Value,
    /// Constraints that the schema no longer enforces. Answers are still checked against the full contract.
    pub dropped: Vec<Dropped>,
    pub(super) wrapped: bool,
    pub(super) mends_case: bool,
    pub(super) contract: Tree,
    pub(super) wire: Tree,
}

/// A constraint without a keyword at the endpoint. It is in the description instead.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Dropped {
    /// Its location: a JSON pointer into the adapted schema.
    pub pointer: String,
    /// The keyword.
    pub keyword: String,
    /// Its value.
    pub value: Value,
}

impl Lowered {
    /// Converts an endpoint's answer into the form of the contract.
    ///
    /// The value may be invalid: anything that does not fit is left unchanged, so that validation against the contract reports
    /// it.
    #[must_use]
    pub fn raise(&self, answer: Value) -> Value {
        let mut answer = if self.wrapped { unwrap(answer) } else { answer };
        if self.mends_case {
            casing::mend(&self.wire, &self.wire.root, &mut answer);
        }
        self.translator().raise(answer)
    }

    /// Like [`raise`](Self::raise), for an answer that has not arrived entirely; `None` before its own value begins.
    pub(crate) fn raise_partial(&self, answer: Value) -> Option<Value> {
        let is_opened = self.wrapped && answer.as_object().is_some_and(serde_json::Map::is_empty);
        (!is_opened).then(|| self.raise(answer))
    }

    /// Converts a value of the contract into the form in which the endpoint would write it: the inverse of [`Lowered::raise`].
    #[must_use]
    pub fn encode(&self, value: Value) -> Value {
        let value = self.translator().encode(value);
        if self.wrapped { json!({ VALUE: value }) } else { value }
    }

    fn translator(&self) -> Translator<'_> {
        Translator::new(&self.contract, &self.wire)
    }
}

/// The answer inside `{"value": …}`. Models that were only asked for JSON may omit the wrapper.
fn unwrap(answer: Value) -> Value {
    match answer {
        Value::Object(mut map) if map.len() == 1 && map.contains_key(VALUE) => map.remove(VALUE).unwrap_or_default(),
        answer => answer,
    }
}
