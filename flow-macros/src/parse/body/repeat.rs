//! Loops and maps, with their bounds.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprMethodCall, RangeLimits, Token};

use super::arms::{Handled, Tail};
use super::count::NoCount;
use super::expr::strip;
use super::reader::{Reader, placeholder};
use super::{dropped, ending, hidden, ways};
use crate::model::{Block, Bounding, Count, Leave, Loop, Map, MapForm, Origin, Seg, What};
use crate::parse::options::number;
use crate::text;

/// `#[bound(N)]` or `#[bound(N, break)]`.
struct Bound {
    most: Count,
    leaves: bool,
    span: Span,
}

/// A bound as written.
struct Written {
    most: Expr,
    leaves: bool,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let most = input.parse()?;
        let leaves = input.peek(Token![,]);
        if leaves {
            input.parse::<Token![,]>()?;
            input.parse::<Token![break]>()?;
        }
        Ok(Self { most, leaves })
    }
}

/// Whether an invalid bound contains `break`.
fn written_with_break(attr: &Attribute) -> bool {
    attr.to_token_stream().to_string().contains("break")
}

impl Reader {
    pub(super) fn repetition(&mut self, expr: &mut Expr) -> Origin {
        self.apart(|reader| reader.repeat(expr))
    }

    fn repeat(&mut self, expr: &mut Expr) -> Origin {
        let bound = self.take_bound(attrs(expr));
        let awaits = hidden::awaits(expr);
        if !awaits {
            if let Some(bound) = bound {
                self.found(What::Bound(Bounding::WithoutSteps), bound.token());
            }
            return self.breaking(|reader| reader.turns(expr, None));
        }
        self.find_bound(expr, bound.as_ref());
        let index = self.add_loop(expr, bound);
        let value = self.breaking(|reader| reader.turns(expr, Some(index)));
        let mark = syn::LitInt::new(&index.to_string(), Span::call_site());
        attrs(expr).push(syn::parse_quote!(#[__flow_loop(#mark)]));
        value
    }

    /// Reads the condition and the body, each as an arm of the block.
    fn turns(&mut self, expr: &mut Expr, index: Option<usize>) -> Origin {
        let items = match expr {
            // The items are evaluated once, before the first iteration.
            Expr::ForLoop(repeat) => self.expr(&mut repeat.expr),
            _ => Origin::Nothing,
        };
        self.read(&items);
        self.scope.enter();
        let label = label(expr).cloned();
        match index {
            Some(index) => {
                let kind = ways::Kind::Loop { ends: self.flow.loops[index].ends };
                self.structured_as(Block::Loop(index), kind, label.as_ref(), |reader| {
                    reader.one_turn(expr, index, items)
                });
            }
            None => {
                let drawn = Block::Branch { on: head(expr) };
                self.structured_as(drawn, ways::Kind::Repeated, label.as_ref(), |reader| reader.repeated(expr, items));
            }
        }
        self.scope.leave();
        // The value of a `loop` comes from its `break`s.
        Origin::Nothing
    }

    fn one_turn(&mut self, expr: &mut Expr, index: usize, items: Origin) {
        self.arm("condition");
        let handled = self.condition(expr);
        self.handling(handled, |reader| reader.body(expr, index, items));
    }

    fn body(&mut self, expr: &mut Expr, index: usize, items: Origin) {
        self.arm("body");
        if never_turns(expr) {
            self.go();
        }
        if let Loop { bound: Some(most), checked: true, leaves: false, .. } = self.flow.loops[index] {
            let most = match most {
                Count::Literal(most) => most.to_string(),
                Count::Named(constant) => text::of(&self.flow.counts[constant].path),
            };
            self.may_fail(format!("past {most} rounds"), ["no", "yes"]);
        }
        self.turn(expr, items);
        if turns_at_least_once(expr) && !self.turns_again() {
            self.never_ends(index);
        }
    }

    /// A loop without steps is a branch: only the ways out of it are drawn, not its iterations.
    fn repeated(&mut self, expr: &mut Expr, items: Origin) {
        self.arm("body");
        self.condition(expr);
        self.turn(expr, items);
        let ends = ends(expr, None) && (self.turns_again() || !turns_at_least_once(expr));
        self.leave(Leave::Continue(0));
        if ends {
            self.arm("done");
        }
    }

    /// Reads the condition of a `while` and returns the errors that its body handles.
    fn condition(&mut self, expr: &mut Expr) -> Option<Handled> {
        let Expr::While(repeat) = expr else { return None };
        let looked_at = self.read.len();
        let condition = self.expr(&mut repeat.cond);
        self.read(&condition);
        self.is_result(&self.read[looked_at..]).then(|| self.asked(&repeat.cond, true)).flatten()
    }

    fn turn(&mut self, expr: &mut Expr, items: Origin) {
        match expr {
            Expr::While(syn::ExprWhile { body, .. }) | Expr::Loop(syn::ExprLoop { body, .. }) => {
                dropped::end_in_nothing(body);
                self.block(body);
            }
            Expr::ForLoop(repeat) => {
                self.bind(&repeat.pat, items.part(Seg::Item));
                dropped::end_in_nothing(&mut repeat.body);
                self.block(&mut repeat.body);
            }
            _ => {}
        }
    }

    fn add_loop(&mut self, expr: &Expr, bound: Option<Bound>) -> usize {
        let id = match expr {
            Expr::While(_) => "while",
            Expr::ForLoop(_) => "for",
            _ => "loop",
        };
        let (head, counted, ends) = (head(expr), counted(expr), ends(expr, bound.as_ref()));
        let ordinal = self.ordinal(id);
        let leaves = bound.as_ref().is_some_and(|bound| bound.leaves);
        let most = bound.map(|bound| bound.most);
        let (bound, checked) = (most.or(counted.map(Count::Literal)), most.is_some());
        self.flow.loops.push(Loop { id, ordinal, head, bound, leaves, ends, checked });
        self.flow.loops.len() - 1
    }

    /// Records how the bound of a loop around steps relates to its iterations.
    fn find_bound(&mut self, expr: &Expr, bound: Option<&Bound>) {
        let turns = counted(expr);
        match bound {
            Some(bound @ Bound { most: Count::Literal(most), leaves: false, .. }) => {
                self.found(What::Bound(Bounding::Most { most: *most, turns }), bound.token());
            }
            Some(Bound { most: Count::Named(index), leaves: false, .. }) => self.flow.counts[*index].turns = turns,
            _ => {}
        }
        if bound.is_some() || turns.is_some() {
            return;
        }
        match expr {
            Expr::ForLoop(repeat) => self.found(What::Bound(Bounding::UnboundedFor), repeat.for_token),
            Expr::While(repeat) => self.found(What::Bound(Bounding::UnboundedLoop), repeat.while_token),
            Expr::Loop(repeat) => self.found(What::Bound(Bounding::UnboundedLoop), repeat.loop_token),
            _ => {}
        }
    }

    fn take_bound(&mut self, attrs: &mut Vec<Attribute>) -> Option<Bound> {
        let at = attrs.iter().position(|attr| attr.path().is_ident("bound"));
        let attr = at.map(|at| attrs.remove(at));
        self.attributes(attrs);
        let attr = attr?;
        let written = attr.parse_args::<Written>().map_err(|_| NoCount::Other);
        let found = written.and_then(|written| {
            let span = written.most.span();
            self.count(&written.most).map(|most| Bound { most, leaves: written.leaves, span })
        });
        // The stand-in keeps the loop from also being found unbounded.
        let leaves = written_with_break(&attr);
        let stand_in = Bound { most: Count::Literal(u32::MAX), leaves, span: Span::call_site() };
        Some(found.unwrap_or_else(|wrong| {
            match wrong {
                NoCount::Inside(name) => {
                    let at = name.to_token_stream();
                    self.found(What::Bound(Bounding::Inside(name)), at);
                }
                NoCount::Zero | NoCount::Other => self.found(What::Bound(Bounding::Invalid), &attr.meta),
            }
            stand_in
        }))
    }

    /// Replaces `map(items, async |item| …)` and its options with a placeholder.
    pub(super) fn map(
        &mut self,
        place: &mut Expr,
        call: syn::ExprCall,
        options: Vec<ExprMethodCall>,
        tried: bool,
    ) -> Origin {
        let mut arguments = call.args.iter().cloned();
        let (Some(mut items), Some(Expr::Closure(mut closure)), None) =
            (arguments.next(), arguments.next(), arguments.next())
        else {
            return self.replaced(place, What::Map(MapForm::Arguments), &call.func);
        };
        if closure.asyncness.is_none() || closure.inputs.len() != 1 {
            return self.replaced(place, What::Map(MapForm::Closure), closure);
        }
        let over = text::of(&items);
        let from = self.expr(&mut items);
        self.read(&from);
        let index = self.add_map(&call.func, items, over, options);
        let passed = tried && !self.flow.maps[index].settle;
        let each = self.functions(Block::Map(index), passed, |reader| {
            reader.beside("map", false, |reader| reader.each(&mut closure, from))
        });
        self.flow.maps[index].closure = Some(closure);
        let name = placeholder("map", index, self.flow.maps[index].span);
        *place = syn::parse_quote!(#name);
        each.around(Seg::Item)
    }

    fn add_map(&mut self, function: &Expr, items: Expr, over: String, options: Vec<ExprMethodCall>) -> usize {
        let (ordinal, span) = (self.ordinal("map"), function.span());
        let mut map = Map { ordinal, items, over, closure: None, concurrency: None, bound: None, settle: false, span };
        let first = self.findings.len();
        self.map_options(&mut map, options);
        let are_valid = self.findings.len() == first;
        if map.bound.is_none() && are_valid {
            self.found(What::Bound(Bounding::UnboundedMap), function);
        }
        self.flow.maps.push(map);
        self.flow.maps.len() - 1
    }

    fn each(&mut self, closure: &mut syn::ExprClosure, items: Origin) -> Origin {
        self.arm("each");
        let around = self.scope.enter_map();
        if let Some(pat) = closure.inputs.first() {
            self.bind(pat, items.part(Seg::Item));
        }
        let each = self.returning(|reader| match &mut *closure.body {
            Expr::Block(body) if body.label.is_none() => reader.result(&mut body.block, MapForm::ClosureWithoutValue),
            body => reader.end(body, Tail::Result),
        });
        self.scope.leave_map(around);
        each
    }

    fn map_options(&mut self, map: &mut Map, options: Vec<ExprMethodCall>) {
        for option in options {
            let name = option.method.to_string();
            let count = option.args.first().filter(|_| option.args.len() == 1).map(|count| self.count(count));
            match (name.as_str(), count) {
                ("settle", None) if option.args.is_empty() => map.settle = true,
                ("concurrency", Some(Ok(most))) => map.concurrency = Some(most),
                ("bound", Some(Ok(most))) => map.bound = Some(most),
                ("concurrency", Some(Err(NoCount::Zero))) => {
                    self.found(What::Map(MapForm::NoConcurrency), &option.args);
                }
                ("bound", Some(Err(NoCount::Zero))) => self.found(What::Map(MapForm::NoItems), &option.args),
                ("concurrency" | "bound", Some(Err(NoCount::Inside(constant)))) => {
                    let at = constant.to_token_stream();
                    self.found(What::Map(MapForm::Inside(constant)), at);
                }
                ("concurrency" | "bound", _) => self.found(What::Map(MapForm::NotANumber(name)), &option.args),
                _ => self.found(What::Map(MapForm::UnknownOption(name)), &option.method),
            }
        }
    }
}

impl Bound {
    /// A token with the span of the number.
    fn token(&self) -> Ident {
        Ident::new("bound", self.span)
    }
}

fn attrs(expr: &mut Expr) -> &mut Vec<Attribute> {
    match expr {
        Expr::While(repeat) => &mut repeat.attrs,
        Expr::Loop(repeat) => &mut repeat.attrs,
        Expr::ForLoop(repeat) => &mut repeat.attrs,
        _ => unreachable!("only loops are repetitions"),
    }
}

fn label(expr: &Expr) -> Option<&syn::Label> {
    match expr {
        Expr::While(repeat) => repeat.label.as_ref(),
        Expr::Loop(repeat) => repeat.label.as_ref(),
        Expr::ForLoop(repeat) => repeat.label.as_ref(),
        _ => None,
    }
}

/// The head of a loop as written.
fn head(expr: &Expr) -> String {
    match expr {
        Expr::While(repeat) => format!("while {}", text::of(&repeat.cond)),
        Expr::ForLoop(repeat) => format!("for {} in {}", text::of(&repeat.pat), text::of(&repeat.expr)),
        _ => "loop".to_owned(),
    }
}

/// Whether the loop can end without a `break`.
fn ends(expr: &Expr, bound: Option<&Bound>) -> bool {
    let leaves = bound.is_some_and(|bound| bound.leaves);
    match expr {
        Expr::While(repeat) => leaves || ending::word(&repeat.cond) != Some(true),
        Expr::ForLoop(_) => true,
        _ => leaves,
    }
}

/// `loop`, `while true`, or `for` over a range or array that is not empty.
fn turns_at_least_once(expr: &Expr) -> bool {
    match expr {
        Expr::Loop(_) => true,
        Expr::While(repeat) => ending::word(&repeat.cond) == Some(true),
        _ => counted(expr).is_some_and(|turns| turns > 0),
    }
}

/// `while false`, or `for` over an empty range or array.
fn never_turns(expr: &Expr) -> bool {
    match expr {
        Expr::While(repeat) => ending::word(&repeat.cond) == Some(false),
        _ => counted(expr) == Some(0),
    }
}

/// The number of iterations of `for _ in 0..3` or `for language in ["de", "fr"]`.
fn counted(expr: &Expr) -> Option<u32> {
    let Expr::ForLoop(repeat) = expr else { return None };
    let range = match strip(&repeat.expr) {
        Expr::Range(range) => range,
        Expr::Array(array) => return u32::try_from(array.elems.len()).ok(),
        _ => return None,
    };
    let (start, end) = (range.start.as_deref()?, range.end.as_deref()?);
    let (start, end) = (number::<u32>(start)?.ok()?, number::<u32>(end)?.ok()?);
    match range.limits {
        RangeLimits::HalfOpen(_) => Some(end.saturating_sub(start)),
        RangeLimits::Closed(_) => end.checked_add(1).map(|end| end.saturating_sub(start)),
    }
}
