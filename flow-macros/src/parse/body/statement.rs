//! Blocks, statements and their attributes.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, Stmt, parse_quote};

use super::arms::Tail;
use super::expr::strip;
use super::reader::Reader;
use super::{dropped, impure};
use crate::model::{self, Bounding, Hiding, Origin, What};
use crate::text;

impl Reader {
    pub(super) fn block(&mut self, block: &mut Block) -> Origin {
        self.part(block, Tail::No)
    }

    /// Reads a block whose value has the role `tail` in the function.
    pub(super) fn part(&mut self, block: &mut Block, tail: Tail) -> Origin {
        self.statements(block, At { tail, function: false })
    }

    /// Reads the body of a function. If a semicolon drops its result, rustc reports that.
    pub(super) fn function(&mut self, block: &mut Block) -> Origin {
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
                    let value = strip(expr);
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
                if let (syn::Pat::Ident(name), Expr::Call(call)) = (&local.pat, strip(&init.expr))
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
                    self.structured(model::Block::Branch { on }, |reader| {
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
    pub(super) fn attributes(&mut self, attrs: &mut Vec<Attribute>) {
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
