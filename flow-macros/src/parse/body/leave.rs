//! Code that is never come to: what stands behind `return` and its kin, and what a condition that never holds guards.

use syn::visit::{self, Visit};
use syn::{Expr, Lit, Stmt};

use super::value::strip;

/// Macros that give control away.
const LEAVES: &[&str] = &["bail", "panic", "todo", "unimplemented", "unreachable"];

/// Whether nothing behind a statement runs.
pub(super) fn leaves(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(expr, _) => is_left(expr),
        Stmt::Local(local) => local.init.as_ref().is_some_and(|init| is_left(&init.expr)),
        Stmt::Macro(call) => gives_away(&call.mac),
        Stmt::Item(_) => false,
    }
}

fn is_left(expr: &Expr) -> bool {
    let block = |block: &syn::Block| block.stmts.iter().any(leaves);
    match strip(expr) {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Block(inner) => inner.label.is_none() && block(&inner.block),
        Expr::If(branch) => {
            let other = branch.else_branch.as_ref();
            block(&branch.then_branch) && other.is_some_and(|(_, other)| is_left(other))
        }
        Expr::Match(choice) => !choice.arms.is_empty() && choice.arms.iter().all(|arm| is_left(&arm.body)),
        Expr::Loop(repeat) => !has_break(&repeat.body) && !repeat.attrs.iter().any(breaks),
        Expr::Macro(call) => gives_away(&call.mac),
        _ => false,
    }
}

/// `#[bound(3, break)]`
fn breaks(attr: &syn::Attribute) -> bool {
    attr.path().is_ident("bound")
        && attr.meta.require_list().is_ok_and(|list| list.tokens.to_string().ends_with("break"))
}

fn gives_away(call: &syn::Macro) -> bool {
    call.path.segments.last().is_some_and(|last| LEAVES.iter().any(|name| last.ident == name))
}

/// Whether a condition is the word `false`.
pub(super) fn is_never(condition: &Expr) -> bool {
    matches!(strip(condition), Expr::Lit(syn::ExprLit { lit: Lit::Bool(word), .. }) if !word.value)
}

/// Whether a loop may be left: a `break` of its own, or any with a label.
fn has_break(body: &syn::Block) -> bool {
    struct Find {
        found: bool,
        depth: usize,
    }
    impl Find {
        fn inner(&mut self, read: impl FnOnce(&mut Self)) {
            self.depth += 1;
            read(self);
            self.depth -= 1;
        }
    }
    impl<'ast> Visit<'ast> for Find {
        fn visit_expr_break(&mut self, leave: &'ast syn::ExprBreak) {
            self.found |= self.depth == 0 || leave.label.is_some();
            visit::visit_expr_break(self, leave);
        }

        fn visit_expr_loop(&mut self, repeat: &'ast syn::ExprLoop) {
            self.inner(|find| visit::visit_expr_loop(find, repeat));
        }

        fn visit_expr_while(&mut self, repeat: &'ast syn::ExprWhile) {
            self.inner(|find| visit::visit_expr_while(find, repeat));
        }

        fn visit_expr_for_loop(&mut self, repeat: &'ast syn::ExprForLoop) {
            self.inner(|find| visit::visit_expr_for_loop(find, repeat));
        }
    }
    let mut find = Find { found: false, depth: 0 };
    find.visit_block(body);
    find.found
}

#[cfg(test)]
mod tests {
    fn leaves(stmt: &str) -> bool {
        super::leaves(&syn::parse_str(stmt).expect("a statement"))
    }

    #[test]
    fn what_gives_control_away_is_known() {
        for stmt in [
            "return Ok(1);",
            "flow::bail!(\"no\");",
            "if a { break; } else { continue; }",
            "match a { 0 => return 1, _ => { b(); panic!() } }",
            "loop { b(); }",
            "loop { while a { break; } }",
            "let a = return 3;",
        ] {
            assert!(leaves(stmt), "{stmt}");
        }
        for stmt in [
            "if a { return 1; }",
            "match a { 0 => return 1, _ => {} }",
            "loop { if a { break; } }",
            "'all: loop { for a in b { break 'all; } }",
            "while a { return 1; }",
            "let a = 3;",
            "'a: { break 'a; }",
        ] {
            assert!(!leaves(stmt), "{stmt}");
        }
    }
}
