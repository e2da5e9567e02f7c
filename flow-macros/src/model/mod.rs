//! What an attribute says, once it is read: names, types and places, no generated code.

mod checked;
mod flow;
mod origin;
mod step;

pub(crate) use checked::Checked;
pub(crate) use flow::{
    Block, Count, Edge, Ending, Flow, Join, Kept, Leave, Lock, LockFile, Loop, Map, NamedCount, Node, Op, Passed,
    Workflow,
};
pub(crate) use origin::{Loss, Origin, Seg, Source, Trace};
pub(crate) use step::{
    Backoff, Cache, Effect, Fix, Gate, OnTimeout, Prompt, PromptFile, PromptSource, Reads, Step, StepOptions,
};

use syn::ext::IdentExt;
use syn::{Ident, Type};

/// Who does a step's work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Code,
    Model,
    Human,
    Signal,
    /// The run itself waits; only this project writes such steps.
    Timer,
    /// The engine undoes what has finished; only this project writes such steps.
    Undo,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Model => "model",
            Self::Human => "human",
            Self::Signal => "signal",
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
            Self::Timer => "a timer",
            Self::Undo => "an undo step",
        }
    }
}

/// A function under an attribute.
pub(crate) struct Function {
    /// Attributes that stay on the function: documentation, `cfg`, lints.
    pub(crate) attrs: Vec<syn::Attribute>,
    pub(crate) vis: syn::Visibility,
    pub(crate) sig: syn::Signature,
    /// The braces and what is in them, unread; `None` where the function ends with a semicolon.
    pub(crate) body: Option<proc_macro2::TokenStream>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: Output,
}

/// An argument of a function.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    /// The type as written.
    pub(crate) ty: Type,
    /// The type behind the reference, or the type itself.
    pub(crate) inner: Type,
    pub(crate) by_ref: bool,
    pub(crate) state: bool,
}

/// What a function returns.
pub(crate) struct Output {
    /// The type as written: `Result<T>`, `flow::Result<T>`, `Result<T, E>`.
    pub(crate) ty: Type,
    /// `T`.
    pub(crate) ok: Type,
    /// `E`, where it is written.
    pub(crate) err: Option<Type>,
    /// The type is written `flow::Result<…>`, so its error is ours.
    pub(crate) ours: bool,
    /// The type is another name of a result, as in `R<T>`.
    pub(crate) alias: bool,
    /// The type is no result, which was told.
    pub(crate) missing: bool,
}

/// The name that others see: in records, prompts and URLs there is no `r#`.
pub(crate) fn plain(name: &Ident) -> String {
    name.unraw().to_string()
}

/// The last name of a path, as others see it.
pub(crate) fn last_name(path: &syn::Path) -> String {
    path.segments.last().map_or(String::new(), |last| plain(&last.ident))
}

impl Argument {
    /// The name that others see.
    pub(crate) fn plain(&self) -> String {
        plain(&self.name)
    }
}

impl Function {
    pub(crate) fn name(&self) -> &Ident {
        &self.sig.ident
    }

    /// The name that others see.
    pub(crate) fn plain(&self) -> String {
        plain(&self.sig.ident)
    }

    /// The arguments with a contract.
    pub(crate) fn data(&self) -> impl Iterator<Item = (usize, &Argument)> {
        self.arguments.iter().enumerate().filter(|(_, argument)| !argument.state)
    }

    pub(crate) fn argument(&self, name: &Ident) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.plain() == plain(name))
    }

    /// The documentation as it reads.
    pub(crate) fn doc(&self) -> String {
        let lines = self.attrs.iter().filter(|attr| attr.path().is_ident("doc")).filter_map(|attr| {
            match &attr.meta.require_name_value().ok()?.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
                _ => None,
            }
        });
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    pub(crate) fn is_generic(&self) -> bool {
        self.sig.generics.type_params().next().is_some()
    }
}
