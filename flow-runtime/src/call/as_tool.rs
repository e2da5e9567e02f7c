//! Whether a step can be called with arguments from JSON.

use super::ToolCall;

/// How a step is called as a tool, or as an approver.
#[derive(Clone, Copy, Debug)]
pub enum AsTool {
    /// By this function.
    By(ToolCall),
    /// Not at all, for this reason.
    Never(&'static str),
    /// Not at all, which is reported elsewhere.
    Reported,
}
