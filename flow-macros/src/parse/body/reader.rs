//! The state of the walk over a body.

use std::collections::HashMap;

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Expr, parse_quote};

use super::scope::Scope;
use super::ways::Ways;
use crate::model::{Finding, Flow, Function, Origin, Trace, What};

/// The name of a placeholder, which `expand` replaces. That of a call has its span, so that errors in the code around it are
/// reported there.
pub(super) fn placeholder(kind: &str, index: usize, span: Span) -> syn::Ident {
    syn::Ident::new(&format!("__flow_{kind}_{index}"), span)
}

/// What is known at the current position.
pub(super) struct Reader {
    pub(super) findings: Vec<Finding>,
    pub(super) scope: Scope,
    pub(super) flow: Flow,
    /// The innermost enclosing `join!`, `try_join!`, `race_ok!` or `map`, whose branches or items run concurrently.
    pub(super) beside: Option<&'static str>,
    /// An enclosing form is a `race_ok!`.
    pub(super) races: bool,
    /// How often each id has been used so far.
    pub(super) ordinals: HashMap<String, u32>,
    /// The values in the current expression.
    pub(super) parts: Vec<Origin>,
    /// The values of `return`s.
    pub(super) returned: Origin,
    /// The values of `break`s, with their labels.
    pub(super) broken: Vec<(Option<String>, Origin)>,
    /// Values the body reads without passing them on: conditions, and arguments of plain code.
    pub(super) read: Vec<Trace>,
    pub(super) ways: Ways,
    /// Variables whose value is refused.
    pub(super) refused: Vec<String>,
    /// Variables that hold a function, with its name.
    pub(super) functions: HashMap<String, String>,
    /// The names of the constants declared in the body.
    pub(super) constants: Vec<String>,
    /// The names of the functions declared in the body, and of those that it awaits.
    pub(super) inside: Vec<String>,
    pub(super) awaited_inside: Vec<String>,
    /// The value of each `join!`, by index.
    pub(super) joined: HashMap<usize, Origin>,
}

impl Reader {
    pub(super) fn new(function: &Function) -> Self {
        let flow = Flow {
            body: parse_quote!({}),
            nodes: Vec::new(),
            loops: Vec::new(),
            maps: Vec::new(),
            joins: Vec::new(),
            counts: Vec::new(),
            structure: Vec::new(),
            output: Vec::new(),
            unread: Vec::new(),
            unreachable: Vec::new(),
            dropped: Vec::new(),
            kept: Vec::new(),
            settled: Vec::new(),
            used: Vec::new(),
        };
        let (beside, races, ordinals, parts, broken, read, ways) = Default::default();
        let (refused, functions, constants, joined) = Default::default();
        let (inside, awaited_inside, findings) = Default::default();
        let (scope, returned) = (Scope::of(function), Origin::Nothing);
        Self {
            findings,
            scope,
            flow,
            beside,
            races,
            ordinals,
            parts,
            returned,
            broken,
            read,
            ways,
            refused,
            functions,
            constants,
            inside,
            awaited_inside,
            joined,
        }
    }

    /// Records what a rule may refuse.
    pub(super) fn found(&mut self, what: What, at: impl ToTokens) {
        self.findings.push(Finding { what, at: at.into_token_stream(), replaced: false });
    }

    /// Records what a rule refuses, and replaces it with a placeholder.
    pub(super) fn replaced(&mut self, expr: &mut Expr, what: What, at: impl ToTokens) -> Origin {
        *expr = self.stand_in(what, at);
        Origin::Nothing
    }

    /// The placeholder of something that a rule refuses.
    pub(super) fn stand_in(&mut self, what: What, at: impl ToTokens) -> Expr {
        let name = placeholder("finding", self.findings.len(), Span::call_site());
        self.findings.push(Finding { what, at: at.into_token_stream(), replaced: true });
        parse_quote!(#name)
    }

    /// Reads code that `return` leaves; the returned values are part of its value.
    pub(super) fn returning(&mut self, read: impl FnOnce(&mut Self) -> Origin) -> Origin {
        let around = std::mem::replace(&mut self.returned, Origin::Nothing);
        let value = read(self);
        value.or(std::mem::replace(&mut self.returned, around))
    }

    /// Reads code that `break` leaves. Labelled `break`s are kept for outer blocks too.
    pub(super) fn breaking(&mut self, read: impl FnOnce(&mut Self) -> Origin) -> Origin {
        let around = std::mem::take(&mut self.broken);
        let value = read(self);
        let broken = std::mem::replace(&mut self.broken, around);
        let value = value.or(Origin::either(broken.iter().map(|(_, value)| value.clone())));
        self.broken.extend(broken.into_iter().filter(|(label, _)| label.is_some()));
        value
    }

    /// Reads code that runs concurrently with the other branches or items of a form.
    pub(super) fn beside<T>(&mut self, form: &'static str, is_race: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        let around = (self.beside.replace(form), self.races);
        self.races |= is_race;
        let value = read(self);
        (self.beside, self.races) = around;
        value
    }

    /// Marks a value as used.
    pub(super) fn read(&mut self, value: &Origin) {
        self.read.extend(value.clone().traces());
    }

    pub(super) fn ordinal(&mut self, id: &str) -> u32 {
        let count = self.ordinals.entry(id.to_owned()).or_default();
        *count += 1;
        *count
    }
}
