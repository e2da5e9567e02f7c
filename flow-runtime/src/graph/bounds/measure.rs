//! What a limit can be set on.

use super::cost::Bounds;
use crate::graph::Graph;

/// A bound for which a workflow can set a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// `max_steps`
    Steps,
    /// `max_model_calls`
    ModelCalls,
    /// `max_output_tokens`
    OutputTokens,
}

impl Measure {
    /// All measures, in the order in which they are shown.
    pub(in crate::graph) const ALL: [Self; 3] = [Self::Steps, Self::ModelCalls, Self::OutputTokens];

    /// The option of `#[workflow]` that limits it; also its field in [`Bounds`].
    pub(in crate::graph) const fn option(self) -> &'static str {
        match self {
            Self::Steps => "max_steps",
            Self::ModelCalls => "max_model_calls",
            Self::OutputTokens => "max_output_tokens",
        }
    }

    pub(in crate::graph) const fn unit(self, count: u64) -> &'static str {
        match (self, count) {
            (Self::Steps, 1) => "step",
            (Self::Steps, _) => "steps",
            (Self::ModelCalls, 1) => "model call",
            (Self::ModelCalls, _) => "model calls",
            (Self::OutputTokens, 1) => "output token",
            (Self::OutputTokens, _) => "output tokens",
        }
    }

    pub(in crate::graph) const fn of(self, bounds: Bounds) -> Option<u64> {
        match self {
            Self::Steps => bounds.max_steps,
            Self::ModelCalls => bounds.max_model_calls,
            Self::OutputTokens => bounds.max_output_tokens,
        }
    }

    /// The limit set on the workflow.
    pub(in crate::graph) const fn limit(self, graph: &Graph) -> Option<u64> {
        match self {
            Self::Steps => graph.limits.steps,
            Self::ModelCalls => graph.limits.model_calls,
            Self::OutputTokens => graph.limits.output_tokens,
        }
    }
}
