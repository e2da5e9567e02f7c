//! Gates: verdicts about outputs, and rejections.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contract::{Contract, Member, Shape, StructShape};

/// A gate's decision about an output: accepted, or rejected with reasons.
#[must_use = "an unused verdict accepts everything"]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Verdict {
    /// Why the output is rejected, one reason per entry; empty if it is accepted.
    reasons: Vec<String>,
}

impl Contract for Verdict {
    const SHAPE: &'static Shape =
        &Shape::Struct(StructShape { members: &[Member::plain("reasons", <Vec<String>>::SHAPE)], deny_unknown: false });
}

impl Contract for Rejection {
    const SHAPE: &'static Shape = &Shape::Struct(StructShape {
        members: &[Member::plain("reasons", <Vec<String>>::SHAPE), Member::plain("rejected", Value::SHAPE)],
        deny_unknown: false,
    });
}

impl Verdict {
    /// Accepts the output.
    pub fn accept() -> Self {
        Self { reasons: Vec::new() }
    }

    /// Rejects the output, with a reason.
    pub fn reject(reason: impl Into<String>) -> Self {
        Self { reasons: vec![reason.into()] }
    }

    /// Accepts the output if `condition` holds, and otherwise rejects it with the reason.
    ///
    /// ```
    /// # use flow_runtime::gate::Verdict;
    /// let years = 70;
    /// let verdict = Verdict::ensure(years < 60, "more years than a working life")
    ///     .and(Verdict::ensure(years > 0, "no experience"));
    /// assert_eq!(verdict.reasons(), ["more years than a working life"]);
    /// ```
    pub fn ensure(condition: bool, reason: impl Into<String>) -> Self {
        if condition { Self::accept() } else { Self::reject(reason) }
    }

    /// Combines two verdicts: both must accept, and the reasons of both are kept.
    pub fn and(mut self, other: Self) -> Self {
        self.reasons.extend(other.reasons);
        self
    }

    /// Returns whether the output is accepted.
    pub fn is_accepted(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Returns the reasons of a rejection, in the order found; empty if accepted.
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

/// A rejected output, as passed to a `fix` step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Rejection {
    /// Why it was rejected.
    pub reasons: Vec<String>,
    /// The rejected output, as JSON. It refers to attachments by their hash: `"data": "sha256:…"`.
    pub rejected: Value,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reasons.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::testing::assert_contract;

    #[test]
    fn shapes_agree_with_schemas() {
        assert_contract::<Verdict>();
        assert_contract::<Rejection>();
    }
}
