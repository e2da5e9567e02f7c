//! Branches: `if`, `match`, and the branches of `join!` and `race_ok!`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Token};

use super::arms::{Handled, Tail};
use super::expr::strip;
use super::reader::{Reader, placeholder};
use super::{dropped, ending, hidden, mention};
use crate::model::{Block, Dropped, Ending, Hiding, Join, JoinForm, Leave, MapForm, NotAStep, Origin, Seg, What};
use crate::parse::options::bare;
use crate::text;

impl Reader {
    /// An `if`, whose value has the role `tail` in the function.
    pub(super) fn branch(&mut self, branch: &mut syn::ExprIf, tail: Tail) -> Origin {
        self.attributes(&mut branch.attrs);
        let on = format!("if {}", text::of(&branch.cond));
        self.scope.enter();
        let looked_at = self.read.len();
        let condition = self.apart(|reader| reader.expr(&mut branch.cond));
        self.read(&condition);
        let is_result = self.is_result(&self.read[looked_at..]);
        let asked = [true, false].map(|holds| {
            let asked = is_result.then(|| self.asked(&branch.cond, holds)).flatten();
            asked.or_else(|| self.worded(&branch.cond, holds))
        });
        let [then, otherwise] = asked;
        let is_asked = then.is_some() || otherwise.is_some();
        let before = if is_asked { None } else { self.absorbed_in(&branch.cond) };
        self.handling(before, |reader| {
            reader.structured(Block::Branch { on }, |reader| {
                let then = reader.handling(then, |reader| reader.then(branch, tail));
                reader.scope.leave();
                reader.else_part(branch, otherwise, then, tail)
            })
        })
    }

    fn else_part(&mut self, branch: &mut syn::ExprIf, handled: Option<Handled>, then: Origin, tail: Tail) -> Origin {
        let handled = handled.map(|handled| Handled {
            at: branch.else_branch.as_ref().map_or_else(TokenStream::new, |(token, _)| token.to_token_stream()),
            ..handled
        });
        self.handling(handled, |reader| {
            reader.arm("else");
            match &mut branch.else_branch {
                Some((_, other)) => then.or(reader.end(other, tail)),
                None => Origin::Nothing,
            }
        })
    }

    fn then(&mut self, branch: &mut syn::ExprIf, tail: Tail) -> Origin {
        self.arm("then");
        if ending::word(&branch.cond) == Some(false) {
            self.go();
        }
        if branch.else_branch.is_none() {
            dropped::end_in_nothing(&mut branch.then_branch);
        }
        self.part(&mut branch.then_branch, tail)
    }

    /// Reads the final expression of an arm.
    pub(super) fn end(&mut self, value: &mut Expr, tail: Tail) -> Origin {
        self.ways.tail = tail;
        self.expr(value)
    }

    /// A `match`, whose value has the role `tail` in the function.
    pub(super) fn choice(&mut self, choice: &mut syn::ExprMatch, tail: Tail) -> Origin {
        self.attributes(&mut choice.attrs);
        let on = format!("match {}", text::of(&choice.expr));
        let value = self.apart(|reader| reader.expr(&mut choice.expr));
        self.read(&value);
        self.drops_matched(choice);
        let handled = self.handled(choice, &value);
        let is_asked = handled.iter().any(Option::is_some);
        let before = if is_asked { None } else { self.absorbed_in(&choice.expr) };
        self.handling(before, |reader| {
            reader.structured(Block::Branch { on }, |reader| {
                let mut all = Origin::Nothing;
                for (arm, handled) in choice.arms.iter_mut().zip(handled) {
                    reader.attributes(&mut arm.attrs);
                    all = all.or(reader.handling(handled, |reader| reader.choice_arm(arm, &value, tail)));
                }
                all
            })
        })
    }

    fn choice_arm(&mut self, arm: &mut syn::Arm, value: &Origin, tail: Tail) -> Origin {
        self.arm(text::of(&arm.pat));
        self.scope.enter();
        self.arm_pattern(&mut arm.pat, value);
        let given = self.end(&mut arm.body, tail);
        self.scope.leave();
        given
    }

    /// A pattern with its guard. A guard may run several times in one `match`, so a step in it would have no fixed place.
    fn arm_pattern(&mut self, pat: &mut syn::Pat, value: &Origin) {
        let syn::Pat::Guard(guarded) = pat else { return self.bind(pat, value.clone()) };
        self.bind(&guarded.pat, value.clone());
        if hidden::awaits(&guarded.guard) {
            self.found(What::Hidden(Hiding::Guard), &guarded.guard);
        } else {
            let condition = self.expr(&mut guarded.guard);
            self.read(&condition);
        }
    }

    /// A macro in the body. `join!`, `try_join!` and `race_ok!` run steps concurrently; other macros are opaque, so they must not await.
    pub(super) fn macro_call(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Macro(call) = expr else { return Origin::Nothing };
        let tried = std::mem::take(&mut self.ways.tried);
        self.attributes(&mut call.attrs);
        let name = call.mac.path.segments.last().map_or(String::new(), |last| last.ident.to_string());
        if let Some(form) = JoinForm::of(&call.mac.path) {
            return self.join(expr, form, tried);
        }
        match hidden::macro_call(&call.mac) {
            Some(what) => {
                let path = call.mac.path.clone();
                self.replaced(expr, what, path)
            }
            None if name == "vec" => self.list(expr),
            None => {
                let value = self.mentioned_in(&call.mac.tokens).by(expr);
                let Expr::Macro(call) = expr else { return value };
                self.add_to(mention::changed_by_macro(&call.mac), &value);
                if ending::gives_away(&call.mac) {
                    self.leave(Leave::End(Ending::Error));
                } else if ending::may_return(&call.mac) {
                    self.may_return(text::of(call));
                }
                value
            }
        }
    }

    /// `vec![a, b]`, whose parts are read as expressions.
    fn list(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Macro(call) = expr else { return Origin::Nothing };
        let listed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.mac.tokens.clone());
        let items = listed.unwrap_or_default().into_iter().map(bare).map(|mut item| self.expr(&mut item));
        let items = Origin::either(items.collect::<Vec<_>>());
        match items {
            // `vec![a; 3]`
            Origin::Nothing => self.mentioned_in(&call.mac.tokens).by(expr),
            items => items.around(Seg::Item),
        }
    }

    fn join(&mut self, expr: &mut Expr, form: JoinForm, tried: bool) -> Origin {
        let Expr::Macro(call) = expr else { return Origin::Nothing };
        let span = call.mac.path.span();
        if dropped::unmark(&mut call.attrs) {
            self.found(What::Dropped(Dropped::Join(form)), &call.mac);
        }
        let parsed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.mac.tokens.clone());
        let mut branches: Vec<_> = match parsed {
            Ok(branches) => branches.into_iter().map(bare).collect(),
            // rustc reports the syntax error.
            Err(_) => return Origin::Nothing,
        };
        let index = self.flow.joins.len();
        let is_race = form == JoinForm::Race;
        if is_race && branches.len() < 2 {
            let path = call.mac.path.clone();
            return self.replaced(expr, What::LoneRace, path);
        }
        let ordinal = if is_race { self.ordinal("race") } else { 1 };
        self.flow.joins.push(Join { form, ordinal, branches: Vec::new(), span });
        let block = if is_race { Block::Race(index) } else { Block::Parallel };
        let values: Vec<_> = self.functions(block, form == JoinForm::TryJoin && tried, |reader| {
            let one = |(at, branch): (usize, &mut Expr)| {
                reader.arm(if is_race { branch_place(ordinal, at) } else { String::new() });
                reader.beside(form.written(), is_race, |reader| reader.parallel(branch, form))
            };
            branches.iter_mut().enumerate().map(one).collect()
        });
        self.flow.joins[index].branches = branches;
        let name = placeholder("join", index, span);
        *expr = syn::parse_quote!(#name);
        let value = match form {
            JoinForm::Race => Origin::either(values),
            _ => Origin::made(values.into_iter().enumerate().map(|(index, value)| (Seg::Index(index), value))),
        };
        self.joined.insert(index, value.clone());
        value
    }

    /// One branch: a step call or an `async` block of several steps.
    fn parallel(&mut self, branch: &mut Expr, form: JoinForm) -> Origin {
        match branch {
            // The block evaluates to a `Result`; its value is what `?` will extract.
            Expr::Async(block) => {
                self.returning(|reader| reader.result(&mut block.block, MapForm::BranchWithoutValue(form)))
            }
            _ if matches!(strip(branch), Expr::Call(_) | Expr::MethodCall(_)) => {
                let end = branch.to_token_stream().into_iter().last().map_or_else(|| branch.span(), |last| last.span());
                self.call(branch, end, true)
            }
            other => {
                let branch = other.clone();
                self.replaced(other, What::NotAStep(NotAStep::Branch(form)), branch)
            }
        }
    }
}

/// The place of a branch of a race, as runs record it: `race[0]`, or `race.2[0]` in the second race.
fn branch_place(ordinal: u32, at: usize) -> String {
    if ordinal == 1 { format!("race[{at}]") } else { format!("race.{ordinal}[{at}]") }
}
