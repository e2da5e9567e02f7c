//! Filters: how they use their input, and which part of it they return.

use std::ops::Range;

use flow_base::near::did_you_mean;

use super::analysis::How;
use super::expression::{further, there};
use super::names::{FILTERS, ONE_ELEMENT, SAME_ELEMENTS, TESTS};
use super::place::{Place, Step};
use super::scope::union;
use super::syntax::tree::{Applied, Arg, Expr};
use super::walk::Walker;

impl<'a> Walker<'a> {
    pub(super) fn filter(&mut self, it: &'a Applied<'a>, range: Range<usize>) -> Vec<Place> {
        let input = it.of.as_ref().map(|of| self.eval(of)).unwrap_or_default();
        let taken = it.of.as_ref().map_or(range.clone(), Expr::range);
        self.filter_takes(it.name, &it.args, it.at..range.end);
        match it.name {
            "default" | "d" => return self.default(it, input, &taken),
            "attr" => {
                self.record(&input, &How::Input("attr".to_owned()), &taken);
                self.arguments_read(&it.args, &How::Print);
                return text(&it.args, "name").map(|name| fields(there(input), name)).unwrap_or_default();
            }
            name if !FILTERS.contains(&name) => {
                self.unknown_filter(it);
                return Vec::new();
            }
            _ => {}
        }
        self.record(&input, &How::Input(it.name.to_owned()), &taken);
        let others = if matches!(it.name, "chain" | "zip") { How::Iterate } else { How::Print };
        self.arguments_read(&it.args, &others);
        self.named_inside(it);
        self.of_elements(it, &input, &taken);
        self.result(it, there(input))
    }

    /// `a|default(b)`: `a` if present, otherwise `b`.
    fn default(&mut self, it: &'a Applied<'a>, input: Vec<Place>, taken: &Range<usize>) -> Vec<Place> {
        self.record(&input, &How::Test, taken);
        let mut other = Vec::new();
        for argument in &it.args {
            match argument {
                Arg::Value(expr) => other = union(other, self.eval(expr)),
                argument => drop(self.read(argument.value(), &How::Test)),
            }
        }
        union(there(input), other)
    }

    /// Records reads of each element, as in `map(attribute="name")`.
    fn of_elements(&mut self, it: &'a Applied<'a>, input: &[Place], taken: &Range<usize>) {
        self.bindings += 1;
        let elements = further(there(input.to_vec()), &Step::Item(self.bindings));
        let how = match it.name {
            "map" => How::Print,
            // Joining lists or objects would print them in debug notation, so `join` checks its elements separately.
            "join" => How::Input("join[]".to_owned()),
            "sum" => How::Input("+".to_owned()),
            _ => How::Test,
        };
        let positional = matches!(it.name, "selectattr" | "rejectattr" | "groupby" | "sum");
        let path = keyword(&it.args, "attribute").or(if positional { first(&it.args) } else { None });
        match path.and_then(Expr::text) {
            Some(path) => self.record(&fields(elements, path), &how, taken),
            None if matches!(it.name, "join" | "sum") => self.record(&elements, &how, taken),
            None => {}
        }
    }

    /// Checks filters and tests that are passed by name, as in `map("upper")` or `select("odd")`.
    fn named_inside(&mut self, it: &'a Applied<'a>) {
        let (position, what, known) = match it.name {
            "map" => (0, "filter", FILTERS),
            "select" | "reject" => (0, "test", TESTS),
            "selectattr" | "rejectattr" => (1, "test", TESTS),
            _ => return,
        };
        let Some(Arg::Value(expr)) = it.args.get(position) else { return };
        // Tests may also be operators, as in `select(">", 3)`.
        let is_word = |name: &&str| name.starts_with(char::is_alphabetic);
        if let Some(name) = expr.text().filter(is_word).filter(|name| !known.contains(name)) {
            let hint = did_you_mean(name, known.iter().copied());
            self.error(expr.range(), format!("unknown {what} `{name}`{hint}"));
        }
    }

    fn result(&mut self, it: &'a Applied<'a>, input: Vec<Place>) -> Vec<Place> {
        self.bindings += 1;
        match it.name {
            "items" | "dictsort" => further(input, &Step::Pairs),
            name if SAME_ELEMENTS.contains(&name) => input,
            name if ONE_ELEMENT.contains(&name) => further(input, &Step::Lookup(name.to_owned(), self.bindings)),
            _ => Vec::new(),
        }
    }

    fn unknown_filter(&mut self, it: &'a Applied<'a>) {
        self.arguments_read(&it.args, &How::Test);
        let hint = did_you_mean(it.name, FILTERS.iter().copied());
        self.error(it.at..it.at + it.name.len(), format!("unknown filter `{}`{hint}", it.name));
    }

    pub(super) fn arguments_read(&mut self, arguments: &'a [Arg<'a>], how: &How) {
        for argument in arguments {
            self.read(argument.value(), how);
        }
    }
}

fn fields(places: Vec<Place>, path: &str) -> Vec<Place> {
    path.split('.').fold(places, |places, name| further(places, &Step::Field(name.to_owned())))
}

fn keyword<'a>(arguments: &'a [Arg<'a>], name: &str) -> Option<&'a Expr<'a>> {
    arguments.iter().find_map(|argument| match argument {
        Arg::Named(keyword, expr) if *keyword == name => Some(expr),
        _ => None,
    })
}

fn first<'a>(arguments: &'a [Arg<'a>]) -> Option<&'a Expr<'a>> {
    arguments.first().and_then(|argument| match argument {
        Arg::Value(expr) => Some(expr),
        _ => None,
    })
}

fn text<'a>(arguments: &'a [Arg<'a>], name: &str) -> Option<&'a str> {
    first(arguments).or(keyword(arguments, name)).and_then(Expr::text)
}
