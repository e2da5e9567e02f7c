//! Kinds of failure.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::text::Cited;
use crate::violation::Violation;

/// The kind of failure that ended a step or a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// A retry may help, but all attempts are used up.
    Retryable,
    /// A retry would not help.
    Terminal,
    /// A gate rejected the output, and repairs are used up.
    Rejected {
        /// The reasons.
        reasons: Vec<String>,
        /// The last rejected output, as JSON.
        answer: String,
    },
    /// The model's answer violates the contract, and repairs are used up.
    ContractViolated {
        /// The violations: where, what was expected and what was found.
        violations: Vec<Violation>,
        /// The model's answer, unchanged.
        answer: String,
    },
    /// An attempt, a wait or a run took too long.
    TimedOut {
        /// The limit.
        after: Duration,
    },
    /// A step with an irreversible effect was interrupted; a person has to find out whether the effect happened.
    UnknownOutcome,
    /// The run was cancelled.
    Cancelled,
    /// A resumed run passes a recorded step a different input than before.
    Diverged,
    /// The journal cannot store or return records.
    Journal,
    /// A loop or map would have exceeded its bound.
    BoundExceeded {
        /// The bound.
        bound: u64,
    },
    /// A model call could cost more than is left under `max_cost`, or an unknown amount; it was not made.
    Budget {
        /// The cap.
        cap: Money,
        /// The most the call could cost, if known.
        worst_case: Option<Money>,
    },
    /// A model's answer could have more tokens than are left under the workflow's `max_output_tokens`, or an unknown number; the
    /// call was not made.
    TokenBudget {
        /// The cap, in tokens.
        cap: u64,
        /// The most tokens the answer could have, if known.
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
    /// The provider kept reporting too many requests.
    RateLimited {
        /// The last delay the provider asked for.
        retry_after: Option<Duration>,
    },
    /// The provider rejected or failed the request in another way.
    Provider {
        /// The HTTP status, if there was one.
        status: Option<u16>,
        /// Whether a retry may help.
        retryable: bool,
    },
    /// The runtime lacks something that the workflow needs: a provider, a state, a person's answer.
    Setup,
}

impl ErrorKind {
    /// Whether it is a failure of a step's work, which a fallback or a model can do something about, rather than one of the run.
    pub(crate) fn is_of_step(&self) -> bool {
        !matches!(self, Self::Setup | Self::UnknownOutcome | Self::Cancelled | Self::Diverged | Self::Journal)
    }

    /// Returns whether a retry of the step may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Retryable | Self::TimedOut { .. } | Self::RateLimited { .. } | Self::Provider { retryable: true, .. }
        )
    }

    /// Returns a short name for logs and records.
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

    /// The lines below the message: reasons, violations, and the start of the answer.
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

/// Maximum length of the answer shown in an error, in characters. The record has the full answer.
const SHOWN: usize = 200;

fn write_answer(f: &mut fmt::Formatter<'_>, answer: &str) -> fmt::Result {
    let shown: String = answer.chars().take(SHOWN).collect();
    let more = if shown.len() < answer.len() { "…" } else { "" };
    write!(f, "\n  the answer was: {}{more}", Cited(&shown))
}
