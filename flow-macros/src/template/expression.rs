//! Expressions: where their values come from.

use std::ops::Range;

use minijinja::machinery::ast::{BinOp, BinOpKind, Expr, GetItem, IfExpr, Slice, Spanned, Test, UnaryOp, UnaryOpKind};
use minijinja::value::ValueKind;

use super::How;
use super::error::did_you_mean;
use super::names::{LOOP, TESTS};
use super::place::{Place, Step};
use super::scope::{Local, union};
use super::walk::Walker;

impl<'a> Walker<'a> {
    /// Reads an expression for a purpose. What it gives is then known to be there: if not, that has been written down.
    pub(super) fn read(&mut self, expr: &'a Expr<'a>, how: &How) -> Vec<Place> {
        let places = self.eval(expr);
        self.record(&places, how, &range(expr));
        places
    }

    /// Where the value of an expression comes from; what it reads on the way is written down, the value itself is not.
    pub(super) fn eval(&mut self, expr: &'a Expr<'a>) -> Vec<Place> {
        match expr {
            Expr::Const(_) => Vec::new(),
            Expr::Var(it) => match self.variable(it.id, range(expr)) {
                Some(Local::Value(places)) => places,
                _ => Vec::new(),
            },
            Expr::GetAttr(it) => self.attribute(&it.expr, it.name, expr),
            Expr::GetItem(it) => self.item(it),
            Expr::Slice(it) => self.slice(it),
            Expr::UnaryOp(it) => self.unary(it),
            Expr::BinOp(it) => self.binary(it),
            Expr::Compare(it) => {
                self.read(&it.expr, &How::Test);
                it.ops.iter().for_each(|op| drop(self.read(&op.expr, &How::Test)));
                Vec::new()
            }
            Expr::IfExpr(it) => self.if_expr(it, expr),
            Expr::Filter(it) => self.filter(it, range(expr)),
            Expr::Test(it) => self.test(it),
            Expr::Call(it) => self.call(it, it.span()),
            Expr::List(it) => self.read_all(&it.items),
            Expr::Tuple(it) => self.read_all(&it.items),
            Expr::Map(it) => {
                self.read_all(&it.keys);
                self.read_all(&it.values)
            }
        }
    }

    /// The parts of a value that the template builds, which will be printed if it is.
    fn read_all(&mut self, items: &'a [Expr<'a>]) -> Vec<Place> {
        items.iter().for_each(|item| drop(self.read(item, &How::Print)));
        Vec::new()
    }

    fn attribute(&mut self, of: &'a Expr<'a>, name: &'a str, whole: &'a Expr<'a>) -> Vec<Place> {
        if let Expr::Var(var) = of
            && matches!(self.scopes.get(var.id), Some(Local::Loop))
        {
            if !LOOP.contains(&name) {
                let hint = did_you_mean(name, LOOP.iter().copied());
                self.error(range(whole), format!("`loop` has no field `{name}`{hint}"));
            }
            return Vec::new();
        }
        further(self.eval(of), &Step::Field(name.to_owned()))
    }

    fn item(&mut self, it: &'a GetItem<'a>) -> Vec<Place> {
        let places = self.eval(&it.expr);
        if let Expr::Const(key) = &it.subscript_expr {
            if let Some(name) = key.value.as_str() {
                return further(places, &Step::Field(name.to_owned()));
            }
            if let Ok(index) = usize::try_from(key.value.clone()) {
                return further(places, &Step::Index(index));
            }
        }
        let keys = self.read(&it.subscript_expr, &How::Print);
        let text = self.source.slice(range(&it.subscript_expr));
        let step = |place: &Place| {
            let lookup = || Step::Lookup(text.to_owned(), self.bindings);
            keys.iter().find_map(|key| place.loop_over_keys(key)).map_or_else(lookup, Step::Value)
        };
        places.into_iter().filter_map(|place| place.clone().then(step(&place))).collect()
    }

    fn slice(&mut self, it: &'a Slice<'a>) -> Vec<Place> {
        for bound in [&it.start, &it.stop, &it.step].into_iter().flatten() {
            self.read(bound, &How::Input("-".to_owned()));
        }
        there(self.read(&it.expr, &How::Input("[:]".to_owned())))
    }

    fn unary(&mut self, it: &'a UnaryOp<'a>) -> Vec<Place> {
        let how = match it.op {
            UnaryOpKind::Not => How::Test,
            UnaryOpKind::Neg => How::Input("-".to_owned()),
        };
        self.read(&it.expr, &how);
        Vec::new()
    }

    fn binary(&mut self, it: &'a BinOp<'a>) -> Vec<Place> {
        let operator = match it.op {
            BinOpKind::ScAnd | BinOpKind::ScOr => return self.short_circuit(it),
            BinOpKind::In => {
                self.read(&it.left, &How::Test);
                self.read(&it.right, &How::Input("in".to_owned()));
                return Vec::new();
            }
            BinOpKind::Add => "+",
            BinOpKind::Sub => "-",
            BinOpKind::Mul => "*",
            BinOpKind::Div => "/",
            BinOpKind::FloorDiv => "//",
            BinOpKind::Rem => "%",
            BinOpKind::Pow => "**",
            BinOpKind::Concat => "~",
            _ => return self.compare(it),
        };
        self.operands(operator, [&it.left, &it.right]);
        Vec::new()
    }

    fn compare(&mut self, it: &'a BinOp<'a>) -> Vec<Place> {
        self.read(&it.left, &How::Test);
        self.read(&it.right, &How::Test);
        Vec::new()
    }

    /// A constant that is no number is wrong whatever the other side is, which is then not judged on top.
    fn operands(&mut self, operator: &str, sides: [&'a Expr<'a>; 2]) {
        let wrong = |side: &&&Expr<'_>| matches!(side, Expr::Const(it) if it.value.kind() != ValueKind::Number);
        let how = match sides.iter().find(wrong).filter(|_| operator != "~") {
            Some(side) => {
                self.error(range(side), format!("`{operator}` is for numbers; texts are joined with `~`"));
                How::Test
            }
            None => How::Input(operator.to_owned()),
        };
        sides.into_iter().for_each(|side| drop(self.read(side, &how)));
    }

    /// `a and b`, `a or b`: either side may be the value.
    fn short_circuit(&mut self, it: &'a BinOp<'a>) -> Vec<Place> {
        let and = matches!(it.op, BinOpKind::ScAnd);
        let left = self.read(&it.left, &How::Test);
        let right = self.where_known(&it.left, and, |walker| {
            let places = walker.eval(&it.right);
            walker.as_known_here(places)
        });
        // The left side of `or` is the value only if it is true, and so there.
        union(if and { left } else { there(left) }, right)
    }

    fn if_expr(&mut self, it: &'a IfExpr<'a>, whole: &'a Expr<'a>) -> Vec<Place> {
        self.read(&it.test_expr, &How::Test);
        let mut branch = |expr, truth| {
            self.where_known(&it.test_expr, truth, |walker| {
                let places = walker.eval(expr);
                walker.as_known_here(places)
            })
        };
        let yes = branch(&it.true_expr, true);
        match &it.false_expr {
            Some(no) => union(yes, branch(no, false)),
            None => {
                self.error(
                    range(whole),
                    "this `if` gives nothing when it is false; add an `else`, such as `else \"\"`",
                );
                yes
            }
        }
    }

    fn test(&mut self, it: &'a Spanned<Test<'a>>) -> Vec<Place> {
        let start = it.span().start_offset as usize;
        self.test_takes(it.name, &it.args, start..it.span().end_offset as usize);
        self.read(&it.expr, &How::Test);
        self.arguments_read(&it.args, &How::Test);
        if !TESTS.contains(&it.name) {
            let hint = did_you_mean(it.name, TESTS.iter().copied());
            let start = it.span().start_offset as usize;
            self.error(start..start + it.name.len(), format!("there is no test `is {}`{hint}", it.name));
        }
        Vec::new()
    }

    /// Keeps what is known here with the places, for where they are used later.
    pub(super) fn as_known_here(&self, places: Vec<Place>) -> Vec<Place> {
        let known = |place: &Place| self.facts.iter().map(|fact| fact.shared(place)).max().unwrap_or(0);
        places.into_iter().map(|place| Place { present: place.present.max(known(&place)), ..place }).collect()
    }
}

/// One step further from each place.
pub(super) fn further(places: Vec<Place>, step: &Step) -> Vec<Place> {
    places.into_iter().filter_map(|place| place.then(step.clone())).collect()
}

/// The same places, known to be there.
pub(super) fn there(places: Vec<Place>) -> Vec<Place> {
    places.into_iter().map(Place::there).collect()
}

/// The bytes of a whole expression. The parser's own span of `a.b.c` begins at the last dot.
pub(super) fn range<'e>(expr: &'e Expr<'e>) -> Range<usize> {
    let end = expr.span().end_offset as usize;
    let mut first = expr;
    let mut start = expr.span().start_offset as usize;
    loop {
        first = match first {
            Expr::GetAttr(it) => &it.expr,
            Expr::GetItem(it) => &it.expr,
            Expr::Slice(it) => &it.expr,
            Expr::Call(it) => &it.expr,
            Expr::Test(it) => &it.expr,
            Expr::Filter(it) if it.expr.is_some() => it.expr.as_ref().unwrap_or(first),
            _ => return start..end.max(start),
        };
        start = start.min(first.span().start_offset as usize);
    }
}
