//! Expressions: traces which arguments their values come from.

use flow_base::near::did_you_mean;

use super::analysis::How;
use super::names::{LOOP, TESTS};
use super::place::{Place, Step};
use super::scope::{Local, union};
use super::syntax::tree::{Applied, Binary, Const, Expr, If, Kind, Unary};
use super::walk::Walker;

impl<'a> Walker<'a> {
    /// Evaluates an expression and records how its value is used. Callers may then treat the value as present: the recorded use is
    /// checked for that.
    pub(super) fn read(&mut self, expr: &'a Expr<'a>, how: &How) -> Vec<Place> {
        let places = self.eval(expr);
        self.record(&places, how, &expr.range());
        places
    }

    /// Returns the places that the value of an expression may come from. Records intermediate reads, but not a use of the value.
    pub(super) fn eval(&mut self, expr: &'a Expr<'a>) -> Vec<Place> {
        match &expr.kind {
            Kind::Const(_) => Vec::new(),
            Kind::Var(name) => match self.variable(name, expr.range()) {
                Some(Local::Value(places)) => places,
                _ => Vec::new(),
            },
            Kind::Attribute(of, name) => self.attribute(of, name, expr),
            Kind::Item(parts) => self.item(&parts[0], &parts[1]),
            Kind::Slice(of, bounds) => self.slice(of, &**bounds),
            Kind::Unary(operator, of) => self.unary(*operator, of),
            Kind::Binary(operator, sides) => self.binary(*operator, sides),
            Kind::Chain(operands) => self.read_each(operands, &How::Test),
            Kind::If(it) => self.if_expr(it, expr),
            Kind::Filter(it) => self.filter(it, expr.range()),
            Kind::Test(it) => self.test(it, expr),
            Kind::Call(it) => self.call(it, expr.range()),
            Kind::List(items) => self.read_each(items, &How::Print),
            Kind::Map(pairs) => self.read_each(pairs.as_flattened(), &How::Print),
        }
    }

    /// Reads the parts of a value that is newly built and so comes from no argument.
    pub(super) fn read_each(&mut self, parts: impl IntoIterator<Item = &'a Expr<'a>>, how: &How) -> Vec<Place> {
        parts.into_iter().for_each(|part| drop(self.read(part, how)));
        Vec::new()
    }

    fn attribute(&mut self, of: &'a Expr<'a>, name: &'a str, whole: &'a Expr<'a>) -> Vec<Place> {
        if of.name().is_some_and(|name| matches!(self.scopes.get(name), Some(Local::Loop))) {
            if !LOOP.contains(&name) {
                let hint = did_you_mean(name, LOOP.iter().copied());
                self.error(whole.range(), format!("`loop` has no field `{name}`{hint}"));
            }
            return Vec::new();
        }
        further(self.eval(of), &Step::Field(name.to_owned()))
    }

    fn item(&mut self, of: &'a Expr<'a>, key: &'a Expr<'a>) -> Vec<Place> {
        let places = self.eval(of);
        match &key.kind {
            Kind::Const(Const::Text(name)) => return further(places, &Step::Field(name.clone())),
            Kind::Const(Const::Number(Some(index))) => return further(places, &Step::Index(*index)),
            _ => {}
        }
        let keys = self.read(key, &How::Print);
        let text = self.source.slice(key.range());
        let step = |place: &Place| {
            let lookup = || Step::Lookup(text.to_owned(), self.bindings);
            keys.iter().find_map(|key| place.loop_over_keys(key)).map_or_else(lookup, Step::Value)
        };
        places.into_iter().filter_map(|place| place.clone().then(step(&place))).collect()
    }

    fn slice(&mut self, of: &'a Expr<'a>, bounds: &'a [Option<Expr<'a>>]) -> Vec<Place> {
        self.read_each(bounds.iter().flatten(), &How::Input("-".to_owned()));
        there(self.read(of, &How::Input("[:]".to_owned())))
    }

    fn unary(&mut self, operator: Unary, of: &'a Expr<'a>) -> Vec<Place> {
        let how = match operator {
            Unary::Not => How::Test,
            Unary::Neg => How::Input("-".to_owned()),
        };
        self.read(of, &how);
        Vec::new()
    }

    fn binary(&mut self, operator: Binary, sides: &'a [Expr<'a>; 2]) -> Vec<Place> {
        let [left, right] = sides;
        match operator {
            Binary::And | Binary::Or => self.short_circuit(operator == Binary::And, left, right),
            Binary::In => {
                self.read(left, &How::Test);
                self.read_each([right], &How::Input("in".to_owned()))
            }
            Binary::Eq | Binary::Ne | Binary::Order => self.read_each(sides, &How::Test),
            Binary::Math(operator) => self.operands(operator, sides),
        }
    }

    /// Reads both operands. A constant that is not a number is always an error, so the other operand is then not checked.
    fn operands(&mut self, operator: &str, sides: &'a [Expr<'a>; 2]) -> Vec<Place> {
        let wrong = |side: &&Expr<'_>| matches!(&side.kind, Kind::Const(it) if !matches!(it, Const::Number(_)));
        let how = match sides.iter().find(wrong).filter(|_| operator != "~") {
            Some(side) => {
                self.error(side.range(), format!("`{operator}` requires numbers; join strings with `~`"));
                How::Test
            }
            None => How::Input(operator.to_owned()),
        };
        self.read_each(sides, &how)
    }

    /// `a and b`, `a or b`: either side may be the value.
    fn short_circuit(&mut self, and: bool, left: &'a Expr<'a>, right: &'a Expr<'a>) -> Vec<Place> {
        let places = self.read(left, &How::Test);
        let right = self.where_known(left, and, |walker| {
            let places = walker.eval(right);
            walker.as_known_here(places)
        });
        // The left side of `or` is the value only if it is truthy, and therefore present.
        union(if and { places } else { there(places) }, right)
    }

    fn if_expr(&mut self, it: &'a If<'a>, whole: &'a Expr<'a>) -> Vec<Place> {
        self.read(&it.test, &How::Test);
        let mut branch = |expr, truth| {
            self.where_known(&it.test, truth, |walker| {
                let places = walker.eval(expr);
                walker.as_known_here(places)
            })
        };
        let yes = branch(&it.yes, true);
        match &it.no {
            Some(no) => union(yes, branch(no, false)),
            None => {
                let message = "this `if` has no value when the condition is false; add an `else`, such as `else \"\"`";
                self.error(whole.range(), message);
                yes
            }
        }
    }

    fn test(&mut self, it: &'a Applied<'a>, whole: &'a Expr<'a>) -> Vec<Place> {
        self.test_takes(it.name, &it.args, it.at..whole.range().end);
        self.read_each(&it.of, &How::Test);
        self.arguments_read(&it.args, &How::Test);
        if !TESTS.contains(&it.name) {
            let hint = did_you_mean(it.name, TESTS.iter().copied());
            self.error(it.at..it.at + it.name.len(), format!("unknown test `is {}`{hint}", it.name));
        }
        Vec::new()
    }

    /// Stores the facts known here in the places, for later uses in other scopes.
    pub(super) fn as_known_here(&self, places: Vec<Place>) -> Vec<Place> {
        let known = |place: &Place| self.facts.iter().map(|fact| fact.shared(place)).max().unwrap_or(0);
        places.into_iter().map(|place| Place { present: place.present.max(known(&place)), ..place }).collect()
    }
}

/// Extends each place by one step.
pub(super) fn further(places: Vec<Place>, step: &Step) -> Vec<Place> {
    places.into_iter().filter_map(|place| place.then(step.clone())).collect()
}

/// Marks all places as present.
pub(super) fn there(places: Vec<Place>) -> Vec<Place> {
    places.into_iter().map(Place::there).collect()
}
