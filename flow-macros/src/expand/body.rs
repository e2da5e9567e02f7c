//! The body of a workflow, reassembled: each placeholder becomes its call.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprBlock, Ident, Stmt, Type, parse_quote};

use super::ended;
use super::glue::Watch;
use super::names::{concurrency, count, model_name, node_id};
use super::placeholder::{FINDING, placeholder, refused};
use super::tokens::{at, option, spanned, underline};
use crate::model::{CheckedWorkflow, Flow, Join, JoinForm, Loop, Node, Passed, Refusals};

/// The complete body.
pub(crate) fn block(workflow: &CheckedWorkflow) -> TokenStream {
    let mut body = workflow.flow.body.clone();
    let (flow, refusals) = (&workflow.flow, &workflow.found);
    let mut places = Places { flow, refusals, glue: Watch::of(workflow), error: workflow.function.output.err.as_ref() };
    places.visit_block_mut(&mut body);
    places.glue.visit_block_mut(&mut body);
    let statements = &body.stmts;
    quote! {
        {
            #[allow(unused_imports)]
            use __flow::body::*;
            #(#statements)*
        }
    }
}

/// Replaces placeholders with calls, loops, maps and joins.
struct Places<'a> {
    flow: &'a Flow,
    refusals: &'a Refusals,
    /// Checks plain code before it is wrapped in generated code, which is not checked any more.
    glue: Watch<'a>,
    /// The error type of the enclosing function, if one other than `flow::Error` is written.
    error: Option<&'a Type>,
}

impl VisitMut for Places<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some((kind, index)) = placeholder(expr) {
            *expr = match kind {
                "node" => self.node(index),
                "join" => self.join(index),
                "map" => self.map(index),
                _ => refused(self.refusals, index),
            };
            return;
        }
        if let (Some(error), Expr::Try(tried)) = (self.error, &mut *expr)
            && placeholder(&tried.expr).is_some_and(|(kind, _)| kind != FINDING)
        {
            self.visit_expr_mut(&mut tried.expr);
            let given = &tried.expr;
            *tried.expr = parse(quote!(__flow::Tried::<_, #error>::of(#given).into_written()));
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
        if let Some(index) = loop_mark(expr) {
            self.glue.visit_expr_mut(expr);
            *expr = self.turns(expr, &self.flow.loops[index]);
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Places<'_> {
    fn visited(&mut self, expr: &Expr) -> Expr {
        let mut expr = expr.clone();
        self.visit_expr_mut(&mut expr);
        self.glue.visit_expr_mut(&mut expr);
        expr
    }

    /// Visits a separate function, whose error is `flow::Error`.
    fn apart<T>(&mut self, visit: impl FnOnce(&mut Self) -> T) -> T {
        let around = self.error.take();
        let value = visit(self);
        self.error = around;
        value
    }

    /// The call of a step. Arguments that come from steps are converted by their contracts; all others are passed as
    /// written, so that rustc infers their types from the parameters.
    ///
    /// The function is named only once, so that an unknown name is reported once. The call is a single expression,
    /// which keeps its temporaries alive while it runs, like a plain call.
    fn node(&mut self, index: usize) -> Expr {
        let Some(node) = self.flow.nodes.get(index) else { return parse_quote!(()) };
        let arguments = node.arguments.iter().enumerate().map(|(position, argument)| {
            let value = self.visited(&argument.value);
            if is_fed(argument) { self.fed(position, &value) } else { quote!(#value) }
        });
        let arguments: Vec<_> = arguments.collect();
        let call = await_call(index, node, &arguments);
        let path = &node.path;
        let mut arm = Group::new(Delimiter::Brace, quote!(__step => #call,));
        arm.set_span(at(node.end));
        // Spans the call from its first token to its last, so that rustc underlines all of it.
        let given = node.arguments.len();
        parse(quote_spanned!(at(path.span()) => match __flow::Stated::<_, _, #given>::of(#path).called() #arm))
    }

    /// Converts a value to the type of its parameter. The call keeps either the value itself alive, or the converted
    /// value and the JSON it may borrow from.
    fn fed(&self, position: usize, value: &Expr) -> TokenStream {
        let place = at(value.span());
        let feed = quote_spanned!(place => __step.__feed::<#position, _, _>);
        let mut given = Group::new(Delimiter::Parenthesis, quote!(#value));
        given.set_span(place);
        let held = self.tried(quote_spanned!(place => #feed #given.hold()));
        let read = self.tried(quote_spanned!(place => #held.read()));
        quote_spanned!(place => #read.give())
    }

    /// `?` in generated code.
    fn tried(&self, given: TokenStream) -> TokenStream {
        match self.error {
            Some(error) => quote!(__flow::Tried::<_, #error>::of(#given).into_written()?),
            None => quote_spanned!(at(given.span()) => #given?),
        }
    }

    /// A loop that counts its iterations, gives each its own place, and enforces the bound.
    fn turns(&self, expr: &Expr, found: &Loop) -> Expr {
        let id = node_id(found.id, found.ordinal);
        let enter = quote! {
            let __turned = __cx.nth(#id, __turn);
            let __cx = &__turned;
        };
        let count = quote!(__turn += 1;);
        let check = |cx: TokenStream| self.check(found, &cx);
        let turned = match expr {
            Expr::While(repeat) => {
                let (attrs, label, cond, body) = (&repeat.attrs, &repeat.label, &repeat.cond, &repeat.body.stmts);
                // The condition belongs to the iteration, but exceeding the bound is an error of the loop.
                let check = check(quote!(__around));
                quote! {
                    #(#attrs)* #label loop {
                        let __around = __cx;
                        #enter
                        if #cond { #check #count #(#body)* } else { break }
                    }
                }
            }
            Expr::Loop(repeat) => {
                let (attrs, label, body) = (&repeat.attrs, &repeat.label, &repeat.body.stmts);
                let check = check(quote!(__cx));
                quote!(#(#attrs)* #label loop { #check #enter #count #(#body)* })
            }
            Expr::ForLoop(repeat) => {
                let check = check(quote!(__cx));
                return for_loop(repeat, found.ordinal, &quote!(#check #enter #count));
            }
            other => return other.clone(),
        };
        parse(quote!({ let mut __turn: ::core::primitive::u32 = 0; #turned }))
    }

    fn check(&self, found: &Loop, cx: &TokenStream) -> Option<TokenStream> {
        let bound = found.bound.filter(|_| found.checked).map(count)?;
        if found.leaves {
            return Some(quote!(if __turn >= #bound { break; }));
        }
        let (head, id) = (&found.head, node_id(found.id, found.ordinal));
        let failed = quote! {
            ::core::result::Result::Err::<(), ::flow::Error>(__flow::past_bound(#cx, #id, #head, #bound))
        };
        let failed = self.tried(failed);
        Some(quote!(if __turn >= #bound { #failed; }))
    }

    fn join(&mut self, index: usize) -> Expr {
        let Some(Join { form, ordinal, branches, span }) = self.flow.joins.get(index) else { return parse_quote!(()) };
        let written = branches.iter().map(|branch| (at(branch.span()), matches!(branch, Expr::Async(_))));
        let branches: Vec<Expr> = branches.iter().map(|branch| self.branch(branch)).collect();
        if *form == JoinForm::Race {
            return race(&node_id("race", *ordinal), written.zip(&branches), *span);
        }
        let join = format_ident!("{}", form.name());
        // Polled in the order written, so that every run takes the same path.
        parse(quote_spanned! { at(*span) =>
            __flow::tokio::#join!(biased; #(__flow::branch(__cx, #branches)),*)
        })
    }

    fn branch(&mut self, branch: &Expr) -> Expr {
        match self.apart(|places| places.visited(branch)) {
            Expr::Async(mut block) => {
                ended::in_a_result(&mut block.block.stmts);
                Expr::Async(block)
            }
            call => parse_quote!(async { #call }),
        }
    }

    fn map(&mut self, index: usize) -> Expr {
        let Some((map, closure)) = self.flow.maps.get(index).and_then(|map| Some((map, map.closure.as_ref()?))) else {
            return parse_quote!(());
        };
        let items = self.visited(&map.items);
        let mut body = unbraced(self.apart(|places| places.visited(&closure.body)));
        ended::in_a_result(&mut body);
        let pattern = closure.inputs.first();
        let (bound, at_once, id) = (option(map.bound.map(count)), concurrency(map), node_id("map", map.ordinal));
        let run = format_ident!("{}", if map.settle { "map_settled" } else { "map_all" });
        let held = held_items(&items, "map", map.ordinal);
        let order = ordered(&items, &held);
        let work = quote_spanned! { at(closure.span()) =>
            || async {
                let (__index, __item) = __queue.take();
                let #pattern = __item;
                let __turn = __cx.nth(#id, __index);
                let __cx = &__turn;
                (__index, __flow::branch(__cx, async { #(#body)* }).await)
            }
        };
        let queue = self.tried(quote!(__flow::Queue::new(#held, #bound, __cx, #id)));
        parse(quote_spanned! { at(map.span) =>
            {
                let #held = #items;
                #order
                let __queue = #queue;
                let __work = #work;
                __flow::#run(&__queue, #at_once, __work).await
            }
        })
    }
}

/// A race, whose branches have places of their own. Of each it takes where it is written, and whether it is a block.
fn race<'b>(id: &TokenStream, branches: impl Iterator<Item = ((Span, bool), &'b Expr)>, span: Span) -> Expr {
    let contenders = branches.enumerate().map(|(index, ((place, is_block), branch))| {
        let number = index as u32;
        let contender = quote_spanned! { place =>
            (async {
                let __branch = __cx.nth(#id, #number);
                let __cx = &__branch;
                #branch.await
            })
        };
        match index {
            0 => quote_spanned!(place => ::of #contender),
            _ if is_block => quote_spanned!(place => .and_block #contender),
            _ => quote_spanned!(place => .and #contender),
        }
    });
    parse(quote_spanned! { at(span) =>
        {
            let __race = __cx.inside(#id);
            __flow::race(&__race, __flow::Contenders #(#contenders)*).await
        }
    })
}

/// Whether the argument may be a value of a step or an input and is converted by its contract. An argument that may also be a
/// literal already has its type.
fn is_fed(argument: &Passed) -> bool {
    !argument.origin.traced().is_empty() && !may_be_a_text(&argument.value)
}

/// Whether a branch of the expression may be a string literal.
fn may_be_a_text(value: &Expr) -> bool {
    let last = |block: &syn::Block| matches!(block.stmts.last(), Some(Stmt::Expr(value, None)) if may_be_a_text(value));
    match value {
        Expr::Lit(literal) => matches!(literal.lit, syn::Lit::Str(_)),
        Expr::Paren(inner) => may_be_a_text(&inner.expr),
        Expr::Group(inner) => may_be_a_text(&inner.expr),
        Expr::Block(inner) => last(&inner.block),
        Expr::If(branch) => {
            last(&branch.then_branch) || branch.else_branch.as_ref().is_some_and(|(_, other)| may_be_a_text(other))
        }
        Expr::Match(choice) => choice.arms.iter().any(|arm| may_be_a_text(&arm.body)),
        _ => false,
    }
}

/// The call with its options, at its place in the run.
fn await_call(index: usize, node: &Node, arguments: &[TokenStream]) -> TokenStream {
    let options = node.options.iter().map(|(name, value)| match model_name(index, name) {
        Some(model) => quote!(.#name(#model)),
        None => quote!(.#name(#value)),
    });
    let (name, ordinal) = (option(node.name.as_ref()), node.ordinal);
    // The span of the await, for rustc's suggestions after the call.
    let awaited = quote_spanned!(at(node.end) => .await);
    quote_spanned! { at(node.path.span()) =>
        __flow::Awaited(__step(#(#arguments),*) #(#options)*).at(__cx, #name, #ordinal) #awaited
    }
}

/// The variable that holds the items. It has the user's span, like the check that mentions it; unique names keep it
/// from shadowing another one.
fn held_items(items: &Expr, id: &str, ordinal: u32) -> Ident {
    format_ident!("__items_of_{id}_{ordinal}", span = items.span())
}

/// Rejects repetition of steps over a collection whose order differs between processes.
fn ordered(items: &Expr, held: &Ident) -> TokenStream {
    let ways = ways();
    let order = quote!(#(__flow::OrderProbe::<_, #ways>::of(&#held).order())|*);
    let order = spanned(order, items.span());
    let check = underline(quote!(__flow::require_order), order, items);
    quote!(#check;)
}

/// The operands to probe in adapters that take two iterators: both, down to the second such adapter, and on the left
/// down to the third, since `a.chain(b).chain(c).chain(d)` nests on the left.
fn ways() -> Vec<TokenStream> {
    let here = quote!(__flow::Here);
    let left = |way: &TokenStream| quote!(__flow::Left<#way>);
    let right = |way: &TokenStream| quote!(__flow::Right<#way>);
    let (l, r) = (left(&here), right(&here));
    let (ll, lr) = (left(&l), left(&r));
    let deeper = [right(&l), right(&r), left(&ll), left(&lr)];
    [here, l, r, ll, lr].into_iter().chain(deeper).collect()
}

fn loop_mark(expr: &mut Expr) -> Option<usize> {
    let attrs: &mut Vec<Attribute> = match expr {
        Expr::While(repeat) => &mut repeat.attrs,
        Expr::Loop(repeat) => &mut repeat.attrs,
        Expr::ForLoop(repeat) => &mut repeat.attrs,
        _ => return None,
    };
    let at = attrs.iter().position(|attr| attr.path().is_ident("__flow_loop"))?;
    let mark: syn::LitInt = attrs.remove(at).parse_args().ok()?;
    mark.base10_parse().ok()
}

fn for_loop(repeat: &syn::ExprForLoop, ordinal: u32, start: &TokenStream) -> Expr {
    let (attrs, label, pat, items) = (&repeat.attrs, &repeat.label, &repeat.pat, &repeat.expr);
    let body = &repeat.body.stmts;
    let held = held_items(items, "for", ordinal);
    let order = ordered(items, &held);
    parse(quote! {
        {
            let mut __turn: ::core::primitive::u32 = 0;
            match #items {
                #held => {
                    #order
                    #(#attrs)* #label for #pat in #held { #start #(#body)* }
                }
            }
        }
    })
}

/// The statements of a block, to be placed between other braces: rustc would call the user's braces unnecessary.
fn unbraced(body: Expr) -> Vec<Stmt> {
    match body {
        Expr::Block(ExprBlock { attrs, label: None, block }) if attrs.is_empty() => block.stmts,
        other => vec![Stmt::Expr(other, None)],
    }
}

/// Wraps generated code as an expression.
fn parse(tokens: TokenStream) -> Expr {
    Expr::Verbatim(tokens)
}
