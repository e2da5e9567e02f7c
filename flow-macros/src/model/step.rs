//! Steps and their options.

use syn::{Expr, Ident, LitStr, Path};

use super::{Function, Kind};
use crate::template::Use;

pub(crate) struct Step {
    pub(crate) function: Function,
    pub(crate) kind: Kind,
    pub(crate) options: StepOptions,
}

#[derive(Default)]
pub(crate) struct StepOptions {
    pub(crate) id: Option<LitStr>,
    pub(crate) models: Vec<Expr>,
    /// The tool of an MCP server that does the work.
    pub(crate) mcp: Option<ServerTool>,
    pub(crate) prompt: Prompt,
    pub(crate) tools: Vec<Tool>,
    /// The limits on tools, as written.
    pub(crate) tool_limits: ToolLimits,
    pub(crate) gates: Vec<Gate>,
    pub(crate) repair: Option<u32>,
    pub(crate) fix: Option<Fix>,
    pub(crate) retry: Option<Backoff>,
    pub(crate) timeout: Option<u64>,
    pub(crate) on_timeout: OnTimeout,
    /// How long an early signal is kept, in milliseconds.
    pub(crate) keep: Option<u64>,
    pub(crate) fallback: Option<Path>,
    pub(crate) concurrency: Option<u32>,
    pub(crate) cache: Option<Cache>,
    pub(crate) effect: Option<Effect>,
    /// The option's name, if present.
    pub(crate) unreviewed: Option<Ident>,
    pub(crate) approve: Option<Path>,
    pub(crate) compensate: Option<Path>,
}

/// `mcp = "server/tool"`.
pub(crate) struct ServerTool {
    pub(crate) server: String,
    pub(crate) tool: String,
}

/// `cache`, `cache("24h")` or `cache(version = 2)`.
pub(crate) struct Cache {
    /// The word `cache`.
    pub(crate) name: Ident,
    /// The lifetime of a cached output in milliseconds; unlimited if `None`.
    pub(crate) good_for: Option<u64>,
    pub(crate) version: u32,
}

/// The effect of a step outside its run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    Idempotent,
    Irreversible,
}

/// What the model or the person reads.
#[derive(Default)]
pub(crate) struct Prompt {
    pub(crate) system: Option<PromptSource>,
    pub(crate) prompt: Option<PromptSource>,
}

#[derive(Clone)]
pub(crate) enum PromptSource {
    /// A template and its file, if any.
    Template { text: LitStr, file: Option<PromptFile> },
    /// A function that takes the arguments of the step.
    Function(Path),
    /// A constant with a template.
    Constant(Path),
    /// The text could not be read, which has been reported.
    Unread,
}

/// `gate = PATH` or `gate = PATH(arguments)`.
pub(crate) struct Gate {
    pub(crate) path: Path,
    pub(crate) arguments: Vec<Ident>,
}

/// `STEP`, `STEP(argument = path)` or `STEP.id("…")` in `tools = […]`.
pub(crate) struct Tool {
    pub(crate) path: Path,
    pub(crate) id: Option<LitStr>,
    pub(crate) bound: Vec<Bound>,
}

/// An argument of a tool that the step passes: `argument = own.field`.
pub(crate) struct Bound {
    pub(crate) argument: Ident,
    pub(crate) path: Vec<Ident>,
}

/// `max_turns`, `max_tool_calls` and `on_tool_error`.
#[derive(Default)]
pub(crate) struct ToolLimits {
    /// Whether `tools` is set, even if it cannot be read.
    pub(crate) have_tools: bool,
    /// The option's name, for errors, and the number.
    pub(crate) max_turns: Option<(Ident, u32)>,
    pub(crate) max_tool_calls: Option<(Ident, u32)>,
    /// `on_tool_error`, and whether it is `fail`.
    pub(crate) on_error: Option<(Ident, bool)>,
}

/// `fix = STEP` or `fix(STEP, N)`.
pub(crate) struct Fix {
    pub(crate) path: Path,
    pub(crate) times: u32,
}

/// `retry = N` or `retry(max_attempts = N, …)`; delays in milliseconds.
#[derive(Default)]
pub(crate) struct Backoff {
    /// The word `retry`.
    pub(crate) name: Option<Ident>,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) initial_delay: Option<u64>,
    pub(crate) factor: Option<f64>,
    pub(crate) max_delay: Option<u64>,
    pub(crate) jitter: Option<bool>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum OnTimeout {
    #[default]
    Fail,
    Accept,
    Reject,
}

impl Step {
    /// The name of the step's template in messages.
    pub(crate) fn text_name(&self) -> &'static str {
        if self.kind == Kind::Human { "text" } else { "prompt" }
    }

    /// Whether the step is nothing but its body, so that unobserved runs can call it directly.
    pub(crate) fn is_plain(&self) -> bool {
        let StepOptions {
            gates,
            fix,
            retry,
            timeout,
            fallback,
            concurrency,
            compensate,
            approve,
            // These only matter in observed or recorded runs, or belong to other kinds of step.
            id: _,
            models: _,
            mcp: _,
            prompt: _,
            tools: _,
            tool_limits: _,
            repair: _,
            on_timeout: _,
            keep: _,
            cache: _,
            effect: _,
            unreviewed: _,
        } = &self.options;
        self.kind == Kind::Code
            && gates.is_empty()
            && fix.is_none()
            && retry.is_none()
            && timeout.is_none()
            && fallback.is_none()
            && concurrency.is_none()
            && compensate.is_none()
            && approve.is_none()
    }

    /// Whether the step may be attempted more than once.
    pub(crate) fn retries(&self) -> bool {
        self.options.retry.as_ref().is_some_and(|retry| retry.max_attempts != Some(1))
    }

    /// Whether the arguments are needed again after they were passed to the body.
    pub(crate) fn repeats(&self) -> bool {
        let options = &self.options;
        let gated = options.gates.iter().any(|gate| !gate.arguments.is_empty());
        self.kind == Kind::Code && (self.retries() || gated || options.fallback.is_some())
    }
}

/// The variables used by the templates of a step, for the checks that need types.
#[derive(Default)]
pub(crate) struct Reads {
    pub(crate) system: Vec<Use>,
    pub(crate) prompt: Vec<Use>,
    /// The positions of arguments that only a constant template may use, each with the message to report if it does not.
    pub(crate) open: Vec<(usize, String)>,
}

/// A template file.
#[derive(Clone)]
pub(crate) struct PromptFile {
    /// As the step names it, relative to the crate's manifest.
    pub(crate) name: String,
    pub(crate) path: String,
}

impl PromptSource {
    /// Names the file that line and column refer to, for messages; empty for text in the source.
    pub(crate) fn place(&self) -> String {
        match self {
            Self::Template { file: Some(file), .. } => format!(" in `{}`", file.name),
            _ => String::new(),
        }
    }
}
