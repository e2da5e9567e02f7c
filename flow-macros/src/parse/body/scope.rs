//! Local variables, and what each may hold.

use std::collections::HashMap;

use crate::model::{Function, Origin, Source, Trace};

/// The variables in scope, and all that was ever bound to each.
pub(super) struct Scope {
    levels: Vec<HashMap<String, usize>>,
    /// First values and later assignments; a loop may read what its end assigns, so this is only complete at the end.
    bindings: Vec<Vec<Origin>>,
}

impl Scope {
    pub(super) fn of(function: &Function) -> Self {
        let mut scope = Self { levels: vec![HashMap::new()], bindings: Vec::new() };
        for (position, argument) in function.arguments.iter().enumerate() {
            let origin = if argument.state {
                Origin::Nothing
            } else {
                Origin::Traced(vec![Trace { source: Source::Input(position), path: Vec::new() }])
            };
            scope.bind(&argument.name.to_string(), origin);
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
        self.levels.iter().rev().find_map(|level| level.get(name).copied())
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
