//! Branches: `if`, `match`, and the blocks of a parallel `join!`.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

use super::value::strip;
use super::{Reader, forbidden, placeholder, text};
use crate::model::{Block, Join, Origin};

impl Reader<'_> {
    pub(super) fn branch(&mut self, branch: &mut syn::ExprIf) -> Origin {
        self.attributes(&mut branch.attrs);
        let on = format!("if {}", text::of(&branch.cond));
        self.scope.enter();
        self.expr(&mut branch.cond);
        let value = self.structured(Block::Branch { on }, |reader| {
            reader.arm("then");
            let then = reader.block(&mut branch.then_branch);
            reader.scope.leave();
            reader.arm("else");
            match &mut branch.else_branch {
                Some((_, other)) => then.or(reader.expr(other)),
                None => Origin::Nothing,
            }
        });
        value
    }

    pub(super) fn choice(&mut self, choice: &mut syn::ExprMatch) -> Origin {
        self.attributes(&mut choice.attrs);
        let on = format!("match {}", text::of(&choice.expr));
        let value = self.expr(&mut choice.expr);
        self.structured(Block::Branch { on }, |reader| {
            let mut all = Origin::Nothing;
            for arm in &mut choice.arms {
                reader.attributes(&mut arm.attrs);
                reader.arm(text::of(&arm.pat));
                reader.scope.enter();
                reader.arm_pattern(&mut arm.pat, &value);
                all = all.or(reader.expr(&mut arm.body));
                reader.scope.leave();
            }
            all
        })
    }

    /// A pattern with its guard. A guard may run for several arms, so a step in it would have no one place.
    fn arm_pattern(&mut self, pat: &mut syn::Pat, value: &Origin) {
        let syn::Pat::Guard(guarded) = pat else { return self.bind(pat, value.clone()) };
        self.bind(&guarded.pat, value.clone());
        if forbidden::awaits(&guarded.guard) {
            self.errors.at(
                &guarded.guard,
                "a step in the guard of a `match` has no place of its own in the graph: await it before the `match`",
            );
        } else {
            self.expr(&mut guarded.guard);
        }
    }

    /// A macro in the body: `join!` and `try_join!` run steps at once; any other may not await, since nobody sees into it.
    pub(super) fn macro_call(&mut self, expr: &mut Expr) -> Origin {
        let Expr::Macro(call) = expr else { return Origin::Lost };
        self.attributes(&mut call.attrs);
        let name = call.mac.path.segments.last().map_or(String::new(), |last| last.ident.to_string());
        match name.as_str() {
            "join" | "try_join" => {
                let mac = call.mac.clone();
                let (value, index) = match self.join(&mac, name == "try_join") {
                    Some(joined) => joined,
                    None => return Origin::Lost,
                };
                *expr = syn::parse_quote!(#index);
                value
            }
            _ => {
                forbidden::macro_call(&call.mac, self.errors);
                Origin::Lost
            }
        }
    }

    fn join(&mut self, mac: &syn::Macro, fallible: bool) -> Option<(Origin, syn::Ident)> {
        let parsed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone());
        let branches = self.errors.take(parsed)?;
        let index = self.flow.joins.len();
        self.flow.joins.push(Join { fallible, branches: Vec::new() });
        let mut read = Vec::new();
        let values = self.structured(Block::Parallel, |reader| {
            let mut values = Vec::new();
            for mut branch in branches {
                reader.arm("");
                values.push(reader.parallel(&mut branch));
                read.push(branch);
            }
            values
        });
        self.flow.joins[index].branches = read;
        Some((Origin::Tuple(values), placeholder("join", index)))
    }

    /// One branch: a call of a step, or an `async` block of several.
    fn parallel(&mut self, branch: &mut Expr) -> Origin {
        match branch {
            Expr::Async(block) => {
                let value = self.block(&mut block.block);
                match value {
                    // The block ends in a result; its value is what `?` will take out.
                    Origin::Lost | Origin::Nothing => Origin::Lost,
                    known => known,
                }
            }
            _ if matches!(strip(branch), Expr::Call(_) | Expr::MethodCall(_)) => self.call(branch),
            other => {
                self.errors.at(
                    other,
                    "a branch of `join!` is the call of a step, without `.await`, or an `async { … }` block of several steps",
                );
                Origin::Lost
            }
        }
    }
}
