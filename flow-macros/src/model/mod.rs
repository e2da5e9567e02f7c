//! The parsed form of an attribute and its function: names, types and spans, no generated code.

mod checked;
mod finding;
mod flow;
mod join;
mod origin;
mod parsed;
mod refusals;
mod step;

pub(crate) use checked::{Checked, CheckedWorkflow};
pub(crate) use finding::{
    Bounding, ByName, CallOption, Dropped, Finding, Hiding, Impure, Impurity, MapForm, NotAStep, Parameter, What,
    Wrapper,
};
pub(crate) use flow::{
    Block, Count, Edge, Ending, Flow, Join, Kept, Leave, Lock, LockFile, Loop, Map, NamedCount, Node, Op, Passed,
    Workflow,
};
pub(crate) use join::JoinForm;
pub(crate) use origin::{Loss, Origin, Seg, Source, Trace};
pub(crate) use parsed::Parsed;
pub(crate) use refusals::Refusals;
pub(crate) use step::{
    Backoff, Bound, Cache, Effect, Fix, Gate, OnTimeout, Prompt, PromptFile, PromptSource, Reads, ServerTool, Step,
    StepOptions, Tool,
};

use syn::ext::IdentExt;
use syn::{Ident, Type};

/// Who does the work of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Code,
    Model,
    Human,
    Signal,
    /// A tool of an MCP server.
    Mcp,
    /// The run itself waits. Not available to users.
    Timer,
    /// The engine undoes finished steps. Not available to users.
    Undo,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Model => "model",
            Self::Human => "human",
            Self::Signal => "signal",
            Self::Mcp => "mcp",
            Self::Timer => "timer",
            Self::Undo => "undo",
        }
    }

    pub(crate) fn article(self) -> &'static str {
        match self {
            Self::Code => "a code step",
            Self::Model => "a model step",
            Self::Human => "a human step",
            Self::Signal => "a signal step",
            Self::Mcp => "an MCP step",
            Self::Timer => "a timer",
            Self::Undo => "an undo step",
        }
    }
}

/// An annotated function.
pub(crate) struct Function {
    /// Attributes that stay on the function: documentation, `cfg`, lints.
    pub(crate) attrs: Vec<syn::Attribute>,
    pub(crate) vis: syn::Visibility,
    pub(crate) sig: syn::Signature,
    /// The body with its braces, unparsed; `None` if the function ends with a semicolon.
    pub(crate) body: Option<proc_macro2::TokenStream>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: Output,
}

pub(crate) struct Argument {
    pub(crate) name: Ident,
    /// The type as written.
    pub(crate) ty: Type,
    /// The type without the reference.
    pub(crate) inner: Type,
    pub(crate) by_ref: bool,
    pub(crate) state: bool,
    /// The doc comment.
    pub(crate) doc: String,
    /// The name that an MCP server knows it by, `#[serde(rename = "…")]`.
    pub(crate) rename: Option<syn::LitStr>,
}

/// The return type.
pub(crate) struct Output {
    /// The type as written: `Result<T>`, `flow::Result<T>`, `Result<T, E>`.
    pub(crate) ty: Type,
    /// `T`.
    pub(crate) ok: Type,
    /// `E`, if written.
    pub(crate) err: Option<Type>,
    /// The type is written `flow::Result<…>`, so its error is `flow::Error`.
    pub(crate) ours: bool,
    /// The type is an alias of `Result`, as in `R<T>`.
    pub(crate) alias: bool,
    /// The type is not a `Result`.
    pub(crate) missing: bool,
}

/// The name without `r#`, as used in records, prompts and URLs.
pub(crate) fn plain(name: &Ident) -> String {
    name.unraw().to_string()
}

/// The last segment of a path, without `r#`.
pub(crate) fn last_name(path: &syn::Path) -> String {
    path.segments.last().map_or(String::new(), |last| plain(&last.ident))
}

/// The text of the doc comments among attributes, without the indentation that all lines share.
pub(crate) fn doc(attrs: &[syn::Attribute]) -> String {
    let texts = attrs.iter().filter(|attr| attr.path().is_ident("doc")).filter_map(|attr| {
        match &attr.meta.require_name_value().ok()?.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        }
    });
    let text = texts.collect::<Vec<_>>().join("\n");
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines = text.lines().map(|line| line.get(shared..).unwrap_or_default().trim_end());
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

impl Argument {
    /// The name without `r#`.
    pub(crate) fn plain(&self) -> String {
        plain(&self.name)
    }
}

impl Function {
    pub(crate) fn name(&self) -> &Ident {
        &self.sig.ident
    }

    /// The name without `r#`.
    pub(crate) fn plain(&self) -> String {
        plain(&self.sig.ident)
    }

    /// The arguments that are not states, with their positions.
    pub(crate) fn data(&self) -> impl Iterator<Item = (usize, &Argument)> {
        self.arguments.iter().enumerate().filter(|(_, argument)| !argument.state)
    }

    pub(crate) fn argument(&self, name: &Ident) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.plain() == plain(name))
    }

    /// The text of the doc comment.
    pub(crate) fn doc(&self) -> String {
        doc(&self.attrs)
    }

    pub(crate) fn is_generic(&self) -> bool {
        self.sig.generics.type_params().next().is_some()
    }
}
