//! What a person decides.

use serde::{Deserialize, Serialize};

/// A person's decision about a value of type `T`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "decision", content = "value", rename_all = "snake_case")]
pub enum Review<T> {
    /// The value is right as it is.
    Accept(T),
    /// The value is right as the person has changed it.
    Edit(T),
    /// The value is not to be used.
    Reject {
        /// Why.
        reason: String,
    },
}
