//! Tags.

use minijinja::machinery::ast::{Expr, ForLoop, IfCond, Stmt};

use super::How;
use super::expression::range;
use super::place::{Place, Step};
use super::scope::{Local, union};
use super::walk::Walker;

impl<'a> Walker<'a> {
    pub(super) fn statements(&mut self, statements: &'a [Stmt<'a>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    pub(super) fn statement(&mut self, statement: &'a Stmt<'a>) {
        match statement {
            Stmt::Template(it) => self.statements(&it.children),
            Stmt::EmitRaw(_) | Stmt::Continue(_) | Stmt::Break(_) => {}
            Stmt::EmitExpr(it) => self.emit(&it.expr),
            Stmt::ForLoop(it) => self.for_loop(it),
            Stmt::IfCond(it) => self.if_cond(it),
            Stmt::WithBlock(it) => {
                self.scopes.push();
                it.assignments.iter().for_each(|(target, value)| self.assign(target, value));
                self.statements(&it.body);
                self.scopes.pop();
            }
            Stmt::Set(it) => self.assign(&it.target, &it.expr),
            Stmt::SetBlock(it) => {
                self.capture(it.filter.as_ref(), &it.body);
                self.bind(&it.target, Vec::new());
            }
            Stmt::FilterBlock(it) => self.capture(Some(&it.filter), &it.body),
            Stmt::Macro(it) => self.define_macro(it),
            Stmt::CallBlock(it) => self.call_block(it),
            Stmt::Do(it) => drop(self.call(&it.call, it.call.span())),
            Stmt::AutoEscape(it) => self.refuse(it.span(), "autoescape", "nothing in a prompt is escaped"),
            Stmt::Block(it) => self.refuse(it.span(), "block", "a prompt is one text"),
            Stmt::Extends(it) => self.refuse(it.span(), "extends", "a prompt is one text"),
            Stmt::Import(it) => self.refuse(it.span(), "import", "a prompt is one text"),
            Stmt::FromImport(it) => self.refuse(it.span(), "from", "a prompt is one text"),
            Stmt::Include(it) => self.refuse(it.span(), "include", "a prompt is one text"),
        }
    }

    fn refuse(&mut self, span: minijinja::machinery::Span, tag: &str, reason: &str) {
        let start = span.start_offset as usize;
        self.error(start..start + tag.len(), format!("there is no `{{% {tag} %}}` in a prompt: {reason}"));
    }

    fn emit(&mut self, expr: &'a Expr<'a>) {
        if !self.role(expr) {
            self.read(expr, &How::Print);
        }
    }

    /// A name for a value. The value is looked at, so that a wrong path is found where it is written.
    fn assign(&mut self, target: &'a Expr<'a>, value: &'a Expr<'a>) {
        let places = self.read(value, &How::Test);
        let places = self.as_known_here(places);
        self.bind(target, places);
    }

    /// A tag that keeps the text of its body.
    fn capture(&mut self, filter: Option<&'a Expr<'a>>, body: &'a [Stmt<'a>]) {
        let outer = std::mem::replace(&mut self.captured, true);
        self.scopes.push();
        self.statements(body);
        self.scopes.pop();
        self.captured = outer;
        if let Some(filter) = filter {
            self.eval(filter);
        }
    }

    fn if_cond(&mut self, it: &'a IfCond<'a>) {
        self.read(&it.expr, &How::Test);
        let before = self.scopes.top();
        self.where_known(&it.expr, true, |walker| walker.statements(&it.true_body));
        let after = self.scopes.replace_top(before);
        self.where_known(&it.expr, false, |walker| walker.statements(&it.false_body));
        self.scopes.join_top(after);
    }

    fn for_loop(&mut self, it: &'a ForLoop<'a>) {
        if it.recursive {
            self.error(range(&it.iter), "a `recursive` loop cannot be checked; write the levels as loops of their own");
        }
        let elements = self.elements(&it.iter);
        self.scopes.push();
        self.scopes.set("loop", Local::Loop);
        self.bind(&it.target, elements);
        match &it.filter_expr {
            None => self.statements(&it.body),
            Some(filter) => {
                self.read(filter, &How::Test);
                self.where_known(filter, true, |walker| walker.statements(&it.body));
            }
        }
        self.scopes.pop();
        self.scopes.push();
        self.statements(&it.else_body);
        self.scopes.pop();
    }

    /// What a `for` gives one after the other.
    fn elements(&mut self, iter: &'a Expr<'a>) -> Vec<Place> {
        let written = match iter {
            Expr::List(list) => Some(&list.items),
            Expr::Tuple(tuple) => Some(&tuple.items),
            _ => None,
        };
        if let Some(items) = written {
            return items.iter().map(|item| self.read(item, &How::Test)).fold(Vec::new(), union);
        }
        self.bindings += 1;
        let id = self.bindings;
        let places = self.read(iter, &How::Iterate);
        places.into_iter().filter_map(|place| place.there().then(Step::Item(id))).collect()
    }
}
