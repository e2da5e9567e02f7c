//! Local variables, and what each may hold.

use std::collections::{HashMap, HashSet};

use crate::model::{Function, Origin, Source, Trace};

/// The variables in scope, and all that was ever bound to each.
pub(super) struct Scope {
    levels: Vec<HashMap<String, usize>>,
    /// First values and later assignments; a loop may read what its end assigns, so this is only complete at the end.
    bindings: Vec<Vec<Origin>>,
    /// The bindings that are `mut`.
    mutable: HashSet<usize>,
    /// The levels outside the innermost closure of a `map`, whose items all see the same variables there.
    shared: usize,
}

impl Scope {
    pub(super) fn of(function: &Function) -> Self {
        let levels = vec![HashMap::new()];
        let mut scope = Self { levels, bindings: Vec::new(), mutable: HashSet::new(), shared: 0 };
        for (position, argument) in function.arguments.iter().enumerate() {
            let origin = if argument.state {
                Origin::Nothing
            } else {
                Origin::Traced(vec![Trace { source: Source::Input(position), path: Vec::new() }])
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
            level.insert(name.to_owned(), index);
        }
    }

    /// The variable of this name was declared `mut`.
    pub(super) fn declare_mutable(&mut self, name: &str) {
        self.mutable.extend(self.find(name));
    }

    pub(super) fn is_mutable(&self, name: &str) -> bool {
        self.find(name).is_some_and(|index| self.mutable.contains(&index))
    }

    /// Enters the closure of a `map`; gives what [`Scope::leave_map`] takes back.
    pub(super) fn enter_map(&mut self) -> usize {
        let before = std::mem::replace(&mut self.shared, self.levels.len());
        self.enter();
        before
    }

    pub(super) fn leave_map(&mut self, before: usize) {
        self.leave();
        self.shared = before;
    }

    /// Whether all items of the map around see the same variable of this name.
    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.level(name).is_some_and(|level| level < self.shared)
    }

    pub(super) fn assign(&mut self, name: &str, value: Origin) {
        if let Some(index) = self.find(name) {
            self.bindings[index].push(value);
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The value of a variable, by reference to it; a name that is no variable holds nothing.
    pub(super) fn value(&self, name: &str) -> Origin {
        match self.find(name) {
            Some(index) => Origin::Traced(vec![Trace { source: Source::Binding(index), path: Vec::new() }]),
            None => Origin::Nothing,
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.levels[self.level(name)?].get(name).copied()
    }

    fn level(&self, name: &str) -> Option<usize> {
        self.levels.iter().rposition(|level| level.contains_key(name))
    }

    /// Follows variables to the steps and inputs their values came from. One unknown origin makes the whole unknown.
    pub(super) fn resolve(&self, origin: &Origin) -> Origin {
        self.follow(origin, &mut Vec::new())
    }

    fn follow(&self, origin: &Origin, seen: &mut Vec<Trace>) -> Origin {
        match origin {
            Origin::Nothing => Origin::Nothing,
            Origin::Lost => Origin::Lost,
            Origin::Tuple(parts) => Origin::Tuple(parts.iter().map(|part| self.follow(part, seen)).collect()),
            Origin::Traced(traces) => {
                let all = traces.iter().map(|trace| self.follow_one(trace, seen));
                all.fold(Origin::Nothing, Origin::or)
            }
        }
    }

    fn follow_one(&self, trace: &Trace, seen: &mut Vec<Trace>) -> Origin {
        let Source::Binding(index) = trace.source else { return Origin::Traced(vec![trace.clone()]) };
        if seen.contains(trace) {
            return Origin::Nothing;
        }
        seen.push(trace.clone());
        let values = self.bindings[index].clone().into_iter();
        let parts = values.map(|value| trace.path.iter().cloned().fold(value, Origin::part));
        let all = parts.map(|part| self.follow(&part, seen));
        let all: Vec<_> = all.collect();
        seen.pop();
        all.into_iter().fold(Origin::Nothing, Origin::or)
    }
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
