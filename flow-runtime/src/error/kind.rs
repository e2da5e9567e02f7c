//! Kinds of failure.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::Violation;
use crate::money::Money;
use crate::text::Cited;

/// What kind of failure ended a step or a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// Trying again may help; all attempts are used up.
    Retryable,
    /// Trying again would not help.
    Terminal,
    /// A gate rejected the output, and repairs are used up.
    Rejected {
        /// Why, one reason a line.
        reasons: Vec<String>,
        /// The output that was rejected last, as JSON.
        answer: String,
    },
    /// The model's answer breaks the contract, and repairs are used up.
    ContractViolated {
        /// Where, what was expected and what was found.
        violations: Vec<Violation>,
        /// The answer as the model gave it.
        answer: String,
    },
    /// An attempt, a wait or a run took too long.
    TimedOut {
        /// The limit.
        after: Duration,
    },
    /// A step with an irreversible effect was ended in its middle: whether it has acted, a person finds out.
    UnknownOutcome,
    /// The run was cancelled.
    Cancelled,
    /// A resumed run asks a recorded step with another input than it had.
    Diverged,
    /// The journal cannot keep or give records.
    Journal,
    /// A loop or a map would have gone past its bound.
    BoundExceeded {
        /// The bound.
        bound: u64,
    },
    /// A model call may cost more than is left under `max_cost`, or nobody knows how much; it was not made.
    Budget {
        /// The cap.
        cap: Money,
        /// The most that the call may cost, where that is known.
        worst_case: Option<Money>,
    },
    /// The answer of a model may have more tokens than are left under `max_output_tokens` of a workflow, or any number; the
    /// call was not made.
    TokenBudget {
        /// The cap, in tokens.
        cap: u64,
        /// The most tokens that the answer may have, where that is known.
        worst_case: Option<u64>,
    },
    /// A step panicked.
    Panicked,
    /// The model refused to answer.
    Refused,
    /// The answer was withheld by the provider's content filter.
    Filtered,
    /// The answer was cut at the token limit.
    Length,
    /// The prompt is longer than the model's context.
    ContextLength,
    /// The provider kept saying that there were too many requests.
    RateLimited {
        /// The wait the provider asked for last.
        retry_after: Option<Duration>,
    },
    /// The provider refused or failed the request in another way.
    Provider {
        /// The HTTP status, where there was one.
        status: Option<u16>,
        /// Whether trying again may help.
        retryable: bool,
    },
    /// The runtime lacks what the workflow needs: a provider, a state, a person's answer.
    Setup,
}

impl ErrorKind {
    /// Whether the same step may succeed when it is tried again.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Retryable | Self::TimedOut { .. } | Self::RateLimited { .. } | Self::Provider { retryable: true, .. }
        )
    }

    /// A short name for logs and records.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Retryable => "retryable",
            Self::Terminal => "terminal",
            Self::Rejected { .. } => "rejected",
            Self::ContractViolated { .. } => "contract_violated",
            Self::TimedOut { .. } => "timed_out",
            Self::UnknownOutcome => "unknown_outcome",
            Self::Cancelled => "cancelled",
            Self::Diverged => "diverged",
            Self::Journal => "journal",
            Self::BoundExceeded { .. } => "bound_exceeded",
            Self::Budget { .. } => "budget",
            Self::TokenBudget { .. } => "token_budget",
            Self::Panicked => "panicked",
            Self::Refused => "refused",
            Self::Filtered => "filtered",
            Self::Length => "length",
            Self::ContextLength => "context_length",
            Self::RateLimited { .. } => "rate_limited",
            Self::Provider { .. } => "provider",
            Self::Setup => "setup",
        }
    }

    /// The lines under the message: reasons, places in the answer, and the start of the answer itself.
    pub(super) fn details(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected { reasons, answer } => {
                reasons.iter().try_for_each(|reason| write!(f, "\n  {}", Cited(reason)))?;
                write_answer(f, answer)
            }
            Self::ContractViolated { violations, answer } => {
                let told = violations.iter().map(ToString::to_string);
                told.into_iter().try_for_each(|told| write!(f, "\n  {}", Cited(&told)))?;
                write_answer(f, answer)
            }
            _ => Ok(()),
        }
    }
}

/// The longest part of an answer shown in an error, in characters. The whole answer is in the record.
const SHOWN: usize = 200;

fn write_answer(f: &mut fmt::Formatter<'_>, answer: &str) -> fmt::Result {
    let shown: String = answer.chars().take(SHOWN).collect();
    let more = if shown.len() < answer.len() { "…" } else { "" };
    write!(f, "\n  the answer was: {}{more}", Cited(&shown))
}
