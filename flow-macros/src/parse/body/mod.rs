//! Reads the body of a workflow: the awaited calls, the control structure around them, the origin of each argument, and
//! what a rule may refuse.
//!
//! A single walk follows the order of execution and replaces each await with a placeholder, which `expand` replaces with code.

mod absorbed;
mod arms;
mod attached;
mod awaited;
mod by_name;
mod change;
mod control;
mod count;
mod dropped;
mod ending;
mod handled;
mod hidden;
mod impure;
mod inside;
mod kept;
mod mention;
mod method;
mod pattern;
mod repeat;
mod scope;

#[cfg(test)]
mod tests;
mod value;
mod ways;

use std::collections::HashMap;

use proc_macro2::Span;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, Stmt, parse_quote};

use crate::bare::Bare;
use crate::model::{Bounding, Finding, Flow, Function, Hiding, Origin, Source, Trace, What};
use crate::text;
use arms::Tail;
use scope::Scope;
use ways::Ways;

/// Reads a body.
pub(crate) fn read(function: &Function, mut body: Block) -> (Flow, Vec<Finding>) {
    Bare.visit_block_mut(&mut body);
    let mut reader = Reader::new(function);
    reader.constants = count::constants(&body);
    reader.inside = inside::functions(&body);
    let output = reader.returning(|reader| reader.function(&mut body));
    reader.leave_out_the_end();
    reader.finish(body, output)
}

/// The name of a placeholder, which `expand` replaces. It has the span of the call, so that errors in the code around it are
/// reported there.
pub(crate) fn placeholder(kind: &str, index: usize, span: Span) -> syn::Ident {
    syn::Ident::new(&format!("__flow_{kind}_{index}"), span)
}

struct Reader {
    findings: Vec<Finding>,
    scope: Scope,
    flow: Flow,
    /// The innermost enclosing `join!`, `try_join!` or `map`, whose branches or items run concurrently.
    beside: Option<&'static str>,
    /// How often each id has been used so far.
    ordinals: HashMap<String, u32>,
    /// The values in the current expression.
    parts: Vec<Origin>,
    /// The values of `return`s.
    returned: Origin,
    /// The values of `break`s, with their labels.
    broken: Vec<(Option<String>, Origin)>,
    /// Values the body reads without passing them on: conditions, and arguments of plain code.
    read: Vec<Trace>,
    ways: Ways,
    /// Variables whose value was rejected.
    refused: Vec<String>,
    /// Variables that hold a function, with its name.
    functions: HashMap<String, String>,
    /// The names of the constants declared in the body.
    constants: Vec<String>,
    /// The names of the functions declared in the body, and of those that it awaits.
    inside: Vec<String>,
    awaited_inside: Vec<String>,
    /// The value of each `join!`, by index.
    joined: HashMap<usize, Origin>,
}

impl Reader {
    fn new(function: &Function) -> Self {
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
        let (beside, ordinals, parts, broken, read, ways) = Default::default();
        let (refused, functions, constants, joined) = Default::default();
        let (inside, awaited_inside, findings) = Default::default();
        let (scope, returned) = (Scope::of(function), Origin::Nothing);
        Self {
            findings,
            scope,
            flow,
            beside,
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

    fn finish(mut self, mut body: Block, output: Origin) -> (Flow, Vec<Finding>) {
        inside::emptied(&mut body, &self.awaited_inside);
        let mut read = self.scope.made_of(std::mem::take(&mut self.read));
        for argument in self.flow.nodes.iter_mut().flat_map(|node| &mut node.arguments) {
            argument.origin = self.scope.resolve(&argument.origin);
            read.extend(argument.origin.sources());
        }
        let output = self.scope.made_of(output.traces());
        read.extend_from_slice(&output);
        let (unreachable, dropped) = (&self.flow.unreachable, &self.flow.dropped);
        let is_dead = |index: &usize| !read.contains(&Source::Node(*index));
        let is_told = |index: &usize| dropped.contains(index) || unreachable.iter().any(|calls| calls.contains(index));
        let unread = (0..self.flow.nodes.len()).filter(|index| is_dead(index) && !is_told(index)).collect();
        let kept = kept::kept(&self.flow, &std::mem::take(&mut self.ways.arms).read());
        (Flow { body, output, unread, kept, ..self.flow }, self.findings)
    }

    /// Records what a rule may refuse.
    fn found(&mut self, what: What, at: impl ToTokens) {
        self.findings.push(Finding { what, at: at.into_token_stream(), replaced: false });
    }

    /// Records what a rule refuses, and replaces it with a placeholder.
    fn replaced(&mut self, expr: &mut Expr, what: What, at: impl ToTokens) -> Origin {
        *expr = self.stand_in(what, at);
        Origin::Nothing
    }

    /// The placeholder of something that a rule refuses.
    fn stand_in(&mut self, what: What, at: impl ToTokens) -> Expr {
        let name = placeholder("finding", self.findings.len(), Span::call_site());
        self.findings.push(Finding { what, at: at.into_token_stream(), replaced: true });
        parse_quote!(#name)
    }

    /// Reads code that `return` leaves; the returned values are part of its value.
    fn returning(&mut self, read: impl FnOnce(&mut Self) -> Origin) -> Origin {
        let around = std::mem::replace(&mut self.returned, Origin::Nothing);
        let value = read(self);
        value.or(std::mem::replace(&mut self.returned, around))
    }

    /// Reads code that `break` leaves. Labelled `break`s are kept for outer blocks too.
    fn breaking(&mut self, read: impl FnOnce(&mut Self) -> Origin) -> Origin {
        let around = std::mem::take(&mut self.broken);
        let value = read(self);
        let broken = std::mem::replace(&mut self.broken, around);
        let value = value.or(Origin::either(broken.iter().map(|(_, value)| value.clone())));
        self.broken.extend(broken.into_iter().filter(|(label, _)| label.is_some()));
        value
    }

    /// Reads code that runs concurrently with the other branches or items of a form.
    fn beside<T>(&mut self, form: &'static str, read: impl FnOnce(&mut Self) -> T) -> T {
        let around = self.beside.replace(form);
        let value = read(self);
        self.beside = around;
        value
    }

    /// Marks a value as used.
    fn read(&mut self, value: &Origin) {
        self.read.extend(value.clone().traces());
    }

    fn ordinal(&mut self, id: &str) -> u32 {
        let count = self.ordinals.entry(id.to_owned()).or_default();
        *count += 1;
        *count
    }

    fn block(&mut self, block: &mut Block) -> Origin {
        self.part(block, Tail::No)
    }

    /// Reads a block whose value has the role `tail` in the function.
    fn part(&mut self, block: &mut Block, tail: Tail) -> Origin {
        self.statements(block, At { tail, function: false })
    }

    /// Reads the body of a function. If a semicolon drops its result, rustc reports that.
    fn function(&mut self, block: &mut Block) -> Origin {
        self.statements(block, At { tail: Tail::Result, function: true })
    }

    fn statements(&mut self, block: &mut Block, at: At) -> Origin {
        self.scope.enter();
        let mut value = Origin::Nothing;
        let last = block.stmts.len().saturating_sub(1);
        for (index, stmt) in block.stmts.iter_mut().enumerate() {
            let is_value = index == last && matches!(stmt, Stmt::Expr(_, None));
            let part_of = if is_value { self.ways.part_of } else { Tail::No };
            value = self.making(part_of, |reader| reader.stmt(stmt, index == last, at));
        }
        if at.tail == Tail::InOk && !matches!(block.stmts.last(), Some(Stmt::Expr(_, None))) {
            self.ends_well();
        }
        self.scope.leave();
        value
    }

    fn stmt(&mut self, stmt: &mut Stmt, is_last: bool, at: At) -> Origin {
        dropped::macro_as_expression(stmt);
        if !is_last {
            dropped::end_statement(stmt);
        }
        match stmt {
            Stmt::Local(local) => {
                self.attributes(&mut local.attrs);
                self.local(local);
                Origin::Nothing
            }
            Stmt::Expr(expr, None) => {
                if !is_last {
                    dropped::nothing(expr);
                }
                self.ways.tail = if is_last { at.tail } else { Tail::No };
                self.expr(expr)
            }
            Stmt::Expr(expr, Some(semicolon)) => {
                let (drops, semicolon) = (!(is_last && at.function) && dropped::mark(expr), *semicolon);
                let value = self.expr(expr);
                // Dropping the value of a call does not use it, but other code uses its operands.
                if matches!(value, Origin::Lost(_)) {
                    self.read(&value);
                }
                if drops {
                    // Keeps rustc from reporting the dropped `Result` as well.
                    let value = value::strip(expr);
                    *stmt = parse_quote!(let _ = #value #semicolon);
                }
                Origin::Nothing
            }
            // Items cannot await on behalf of this function.
            Stmt::Item(_) | Stmt::Macro(_) => Origin::Nothing,
        }
    }

    fn local(&mut self, local: &mut syn::Local) {
        let value = match &mut local.init {
            Some(init) => {
                if let (syn::Pat::Ident(name), Expr::Call(call)) = (&local.pat, value::strip(&init.expr))
                    && impure::call(call).is_some()
                {
                    self.refused.push(name.ident.to_string());
                }
                if let syn::Pat::Ident(name) = &local.pat {
                    self.holds_function(&name.ident, &init.expr);
                }
                let value = self.expr(&mut init.expr);
                let handled = self.otherwise(local, &value);
                if let Some((_, other)) = local.init.as_mut().and_then(|init| init.diverge.as_mut()) {
                    self.read(&value);
                    let on = format!("let {}", text::of(&local.pat));
                    self.structured(crate::model::Block::Branch { on }, |reader| {
                        reader.arm("matches");
                        reader.handling(handled, |reader| {
                            reader.arm("else");
                            reader.expr(other);
                        });
                    });
                }
                value
            }
            None => Origin::Nothing,
        };
        self.bind(&local.pat, value);
        if let Some(init) = &local.init {
            self.bind_results(&local.pat, &init.expr);
        }
    }

    /// Records `#[cfg]`s, which are not evaluated before an attribute macro sees the body, and removes misplaced `#[bound]`s.
    fn attributes(&mut self, attrs: &mut Vec<Attribute>) {
        for attr in attrs.iter() {
            if attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr") {
                self.found(What::Hidden(Hiding::Cfg), attr);
            }
        }
        for attr in attrs.extract_if(.., |attr| attr.path().is_ident("bound")) {
            self.found(What::Bound(Bounding::Elsewhere), attr);
        }
    }
}

/// The position of a list of statements.
#[derive(Clone, Copy)]
struct At {
    /// The role of the last statement in the function.
    tail: Tail,
    function: bool,
}

/// Expressions without special handling are walked by syn's traversal.
impl VisitMut for Reader {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let value = self.expr(expr);
        self.parts.push(value);
    }

    fn visit_attributes_mut(&mut self, attrs: &mut Vec<Attribute>) {
        self.attributes(attrs);
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        let value = self.block(block);
        self.parts.push(value);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_pat_mut(&mut self, pat: &mut syn::Pat) {
        visit_mut::visit_pat_mut(self, pat);
    }
}
