//! The limits of a workflow.

use crate::money::Money;

/// Limits set on a workflow. The build rejects a workflow that may exceed them, or whose worst case is unknown; cost is counted
/// at run time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Maximum number of steps per run.
    pub steps: Option<u64>,
    /// Maximum number of model calls per run.
    pub model_calls: Option<u64>,
    /// Maximum number of output tokens of all models per run; also enforced at run time.
    pub output_tokens: Option<u64>,
    /// Maximum cost of the model calls per execution; enforced at run time.
    pub cost: Option<Money>,
}
