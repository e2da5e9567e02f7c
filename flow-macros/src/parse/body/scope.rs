//! Local variables and the values they may hold.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use syn::Expr;

use crate::model::{Function, Loss, Origin, Seg, Source, Trace};

/// The variables in scope, and every value ever bound to each.
pub(super) struct Scope {
    levels: Vec<HashMap<String, usize>>,
    /// Initial values and later assignments. Only complete after the body was read, since a loop may read what its end assigns.
    bindings: Vec<Vec<Origin>>,
    /// The `mut` bindings.
    mutable: HashSet<usize>,
    /// The bindings that were borrowed mutably, so that the borrower may change them.
    lent: HashSet<usize>,
    /// The bindings that hold the `Result` of a step.
    results: HashSet<usize>,
    /// The number of levels outside the innermost `map` closure. Variables in them are shared by all items.
    shared: usize,
}

impl Scope {
    pub(super) fn of(function: &Function) -> Self {
        let levels = vec![HashMap::new()];
        let (bindings, mutable, lent, results) = Default::default();
        let mut scope = Self { levels, bindings, mutable, lent, results, shared: 0 };
        for (position, argument) in function.arguments.iter().enumerate() {
            let origin = if argument.state {
                Origin::Nothing
            } else {
                Origin::Traced(Trace { source: Source::Input(position), path: Vec::new() })
            };
            scope.bind(&argument.name.to_string(), origin);
        }
        for name in mutable_arguments(function) {
            scope.declare_mutable(&name);
        }
        scope
    }

    pub(super) fn enter(&mut self) {
        self.levels.push(HashMap::new());
    }

    pub(super) fn leave(&mut self) {
        self.levels.pop();
    }

    pub(super) fn bind(&mut self, name: &str, value: Origin) {
        let index = self.bindings.len();
        self.bindings.push(vec![value]);
        if let Some(level) = self.levels.last_mut() {
            level.insert(plain(name).to_owned(), index);
        }
    }

    /// Marks a variable as `mut`.
    pub(super) fn declare_mutable(&mut self, name: &str) {
        self.mutable.extend(self.find(name));
    }

    pub(super) fn is_mutable(&self, name: &str) -> bool {
        self.find(name).is_some_and(|index| self.mutable.contains(&index))
    }

    /// Marks a variable as holding the `Result` of a step.
    pub(super) fn declare_result(&mut self, name: &str) {
        self.results.extend(self.find(name));
    }

    pub(super) fn is_result(&self, name: &str) -> bool {
        self.find(name).is_some_and(|index| self.results.contains(&index))
    }

    /// Enters the closure of a `map`. Returns the value to pass to [`Scope::leave_map`].
    pub(super) fn enter_map(&mut self) -> usize {
        let before = std::mem::replace(&mut self.shared, self.levels.len());
        self.enter();
        before
    }

    pub(super) fn leave_map(&mut self, before: usize) {
        self.leave();
        self.shared = before;
    }

    /// Whether the variable is shared by all items of the enclosing `map`.
    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.level(name).is_some_and(|level| level < self.shared)
    }

    pub(super) fn assign(&mut self, name: &str, value: Origin) {
        if let Some(index) = self.find(name) {
            self.bindings[index].push(value);
        }
    }

    /// Marks a variable as mutably borrowed.
    pub(super) fn lend(&mut self, name: &str) {
        self.lent.extend(self.find(name));
    }

    /// Adds a value to a variable, and to the variables that it may borrow mutably.
    pub(super) fn add(&mut self, name: &str, value: &Origin) {
        let mut changed: Vec<usize> = self.find(name).into_iter().collect();
        let mut next = 0;
        while let Some(index) = changed.get(next).copied() {
            next += 1;
            // The borrowed part is unknown.
            let value = if next == 1 { value.clone() } else { Origin::lost([value.clone()]) };
            self.bindings[index].push(value);
            for lender in self.lenders(index) {
                if !changed.contains(&lender) {
                    changed.push(lender);
                }
            }
        }
    }

    /// Whether the value of a variable, or one that it borrows, may be changed.
    pub(super) fn may_change(&self, name: &str) -> bool {
        self.find(name).is_some_and(|index| self.mutable.contains(&index) || !self.lenders(index).is_empty())
    }

    /// The mutably borrowed variables that a binding may refer to.
    fn lenders(&self, index: usize) -> Vec<usize> {
        let values = self.bindings[index].iter().flat_map(|value| value.clone().traces());
        let variables = values.filter_map(|trace| match trace.source {
            Source::Binding(lender) => Some(lender),
            _ => None,
        });
        variables.filter(|lender| self.lent.contains(lender)).collect()
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The value of a variable, as a reference to its binding; `Nothing` for other names.
    pub(super) fn value(&self, name: &str) -> Origin {
        match self.find(name) {
            Some(index) => Origin::Traced(Trace { source: Source::Binding(index), path: Vec::new() }),
            None => Origin::Nothing,
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.levels[self.level(name)?].get(plain(name)).copied()
    }

    fn level(&self, name: &str) -> Option<usize> {
        self.levels.iter().rposition(|level| level.contains_key(plain(name)))
    }

    /// Resolves variables to the steps and inputs that their values come from.
    pub(super) fn resolve(&self, origin: &Origin) -> Origin {
        let mut way = Way::default();
        let found = self.follow(origin, &mut way);
        if way.is_endless { self.made(origin.clone(), None) } else { found }
    }

    /// The steps and inputs that contribute to some values.
    pub(super) fn made_of(&self, traces: Vec<Trace>) -> Vec<Source> {
        let (mut all, mut found) = (traces, Vec::new());
        let mut next = 0;
        while let Some(trace) = all.get(next).cloned() {
            next += 1;
            let Source::Binding(index) = trace.source else {
                if !found.contains(&trace.source) {
                    found.push(trace.source);
                }
                continue;
            };
            for more in self.parts(index, &trace.path).flat_map(Origin::traces) {
                let more = shortened(more);
                if !all.contains(&more) {
                    all.push(more);
                }
            }
        }
        found
    }

    fn follow(&self, origin: &Origin, way: &mut Way) -> Origin {
        match origin {
            Origin::Nothing => Origin::Nothing,
            Origin::Lost(loss) => self.made(origin.clone(), loss.code.clone()),
            Origin::Traced(trace) => self.follow_one(trace, way),
            Origin::Made(parts) => Origin::made(parts.iter().map(|(seg, part)| (seg.clone(), self.follow(part, way)))),
            Origin::Either(all) => Origin::either(all.iter().map(|one| self.follow(one, way))),
        }
    }

    fn follow_one(&self, trace: &Trace, way: &mut Way) -> Origin {
        let Source::Binding(index) = trace.source else { return Origin::Traced(trace.clone()) };
        way.is_endless |= trace.path.len() > LONGEST || way.seen.len() > DEEPEST;
        if way.seen.contains(trace) || way.is_endless {
            return Origin::Nothing;
        }
        way.seen.push(trace.clone());
        let parts: Vec<_> = self.parts(index, &trace.path).collect();
        let found = Origin::either(parts.iter().map(|part| self.follow(part, way)));
        way.seen.pop();
        found
    }

    /// The part at a path in each value of a variable.
    fn parts<'s>(&'s self, index: usize, path: &'s [Seg]) -> impl Iterator<Item = Origin> + 's {
        self.bindings[index].iter().map(|value| path.iter().cloned().fold(value.clone(), Origin::part))
    }

    /// The loss of a value in code, resolved to steps and inputs.
    fn made(&self, value: Origin, code: Option<Rc<Expr>>) -> Origin {
        let sources = self.made_of(value.traces()).into_iter();
        let made_of: Vec<_> = sources.map(|source| Trace { source, path: Vec::new() }).collect();
        if made_of.is_empty() { Origin::Nothing } else { Origin::Lost(Loss { code, made_of }) }
    }
}

/// Removes `r#`, since a format string captures `r#type` as `type`.
fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// The variables on the path of a resolution.
#[derive(Default)]
struct Way {
    seen: Vec<Trace>,
    /// The path grows with each iteration of a loop.
    is_endless: bool,
}

/// A variable that a loop sets to a part of itself has ever longer paths; longer ones are replaced by the entire value.
const LONGEST: usize = 16;
/// The maximum number of variables on the path of a resolution.
const DEEPEST: usize = 256;

fn shortened(trace: Trace) -> Trace {
    if trace.path.len() > LONGEST { Trace { path: Vec::new(), ..trace } } else { trace }
}

fn mutable_arguments(function: &Function) -> impl Iterator<Item = String> {
    function.sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(ident) if ident.mutability.is_some() => Some(ident.ident.to_string()),
            _ => None,
        },
        syn::FnArg::Receiver(_) => None,
    })
}
