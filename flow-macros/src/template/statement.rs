//! Walks the tags of a template.

use super::analysis::How;
use super::place::{Place, Step};
use super::scope::{Local, union};
use super::syntax::tree::{Branch, Expr, For, Kind, Stmt, Target};
use super::walk::Walker;

impl<'a> Walker<'a> {
    pub(super) fn statements(&mut self, statements: &'a [Stmt<'a>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    pub(super) fn statement(&mut self, statement: &'a Stmt<'a>) {
        match statement {
            Stmt::Break | Stmt::Continue => {}
            Stmt::Print(expr) => self.emit(expr),
            Stmt::For(it) => self.for_loop(it),
            Stmt::If(it) => self.branch(it),
            Stmt::With(assignments, body) => {
                self.scopes.push();
                assignments.iter().for_each(|(target, value)| self.assign(target, value));
                self.statements(body);
                self.scopes.pop();
            }
            Stmt::Set(target, value) => self.assign(target, value),
            Stmt::SetBlock(target, filter, body) => {
                self.capture(filter.as_ref(), body);
                self.bind(target, Vec::new());
            }
            Stmt::FilterBlock(filter, body) => self.capture(Some(filter), body),
            Stmt::Macro(it) => self.define_macro(it),
            Stmt::CallBlock(it) => self.call_block(it),
            Stmt::Do(call) => drop(self.eval(call)),
            Stmt::Refused(tag, at, body) => self.refuse(tag, *at, body),
        }
    }

    fn refuse(&mut self, tag: &str, start: usize, body: &'a [Stmt<'a>]) {
        let reason = if tag == "autoescape" { "nothing in a prompt is escaped" } else { "a prompt is a single text" };
        self.error(start..start + tag.len(), format!("`{{% {tag} %}}` is not supported in a prompt: {reason}"));
        self.unread = true;
        self.statements(body);
    }

    fn emit(&mut self, expr: &'a Expr<'a>) {
        if !self.role(expr) {
            self.read(expr, &How::Print);
        }
    }

    /// Binds a value to a name. The value is read here, so that an invalid path is reported at the assignment.
    fn assign(&mut self, target: &'a Target<'a>, value: &'a Expr<'a>) {
        let places = self.read(value, &How::Test);
        let places = self.as_known_here(places);
        self.bind(target, places);
    }

    /// Walks a tag that captures the text of its body.
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

    fn branch(&mut self, it: &'a Branch<'a>) {
        self.read(&it.test, &How::Test);
        let before = self.scopes.top();
        self.where_known(&it.test, true, |walker| walker.statements(&it.body));
        let after = self.scopes.replace_top(before);
        self.where_known(&it.test, false, |walker| walker.statements(&it.otherwise));
        self.scopes.join_top(after);
    }

    fn for_loop(&mut self, it: &'a For<'a>) {
        if it.recursive {
            let message = "a `recursive` loop cannot be checked; write a nested loop for each level";
            self.error(it.of.range(), message);
        }
        let elements = self.elements(&it.of);
        self.scopes.push();
        self.scopes.set("loop", Local::Loop);
        self.bind(&it.target, elements);
        match &it.filter {
            None => self.statements(&it.body),
            Some(filter) => {
                self.read(filter, &How::Test);
                self.where_known(filter, true, |walker| walker.statements(&it.body));
            }
        }
        self.scopes.pop();
        self.scopes.push();
        self.statements(&it.otherwise);
        self.scopes.pop();
    }

    /// The elements that a `for` iterates over.
    fn elements(&mut self, of: &'a Expr<'a>) -> Vec<Place> {
        if let Kind::List(items) = &of.kind {
            return items.iter().map(|item| self.read(item, &How::Test)).fold(Vec::new(), union);
        }
        self.bindings += 1;
        let id = self.bindings;
        let places = self.read(of, &How::Iterate);
        places.into_iter().filter_map(|place| place.there().then(Step::Item(id))).collect()
    }
}
