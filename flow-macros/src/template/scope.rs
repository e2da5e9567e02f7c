//! Names declared in the template.

use std::collections::{HashMap, HashSet};

use super::place::Place;
use super::syntax::tree::Macro;

/// What a declared name refers to.
#[derive(Clone, Debug)]
pub(super) enum Local {
    /// A value, with the places it may come from; empty if the template created it.
    Value(Vec<Place>),
    /// `loop` inside a `for`.
    Loop,
    /// A macro, by its number.
    Macro(usize),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'a> {
    names: HashMap<&'a str, Local>,
    /// Names that only one branch of an `if` sets.
    sometimes: HashSet<&'a str>,
}

/// A stack of scopes, innermost last; never empty.
#[derive(Clone, Debug)]
pub(super) struct Scopes<'a>(Vec<Scope<'a>>);

/// A macro, with the names in scope at its definition.
pub(super) struct MacroDef<'a> {
    pub(super) declared: &'a Macro<'a>,
    pub(super) scopes: Scopes<'a>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new() -> Self {
        Self(vec![Scope::default()])
    }

    pub(super) fn push(&mut self) {
        self.0.push(Scope::default());
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(super) fn get(&self, name: &str) -> Option<&Local> {
        self.0.iter().rev().find_map(|scope| scope.names.get(name))
    }

    pub(super) fn set(&mut self, name: &'a str, local: Local) {
        if let Some(scope) = self.0.last_mut() {
            scope.names.insert(name, local);
        }
    }

    pub(super) fn is_sometimes_set(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope.sometimes.contains(name))
    }

    /// A copy of the innermost scope, to restore later.
    pub(super) fn top(&self) -> Scope<'a> {
        self.0.last().cloned().unwrap_or_default()
    }

    pub(super) fn replace_top(&mut self, scope: Scope<'a>) -> Scope<'a> {
        self.0.last_mut().map(|top| std::mem::replace(top, scope)).unwrap_or_default()
    }

    /// Merges the branches of an `if`: a name set in both may have either value.
    pub(super) fn join_top(&mut self, other: Scope<'a>) {
        let Some(top) = self.0.last_mut() else { return };
        let mut mine = std::mem::take(top);
        top.sometimes.extend(mine.sometimes);
        top.sometimes.extend(&other.sometimes);
        for (name, theirs) in other.names {
            match mine.names.remove(name) {
                Some(ours) => {
                    top.names.insert(name, either(ours, theirs));
                }
                None => {
                    top.sometimes.insert(name);
                }
            }
        }
        top.sometimes.extend(mine.names.keys());
    }
}

fn either(one: Local, other: Local) -> Local {
    match (one, other) {
        (Local::Value(one), Local::Value(other)) => Local::Value(union(one, other)),
        (one, _) => one,
    }
}

/// The union of both lists, without duplicates.
pub(super) fn union(mut one: Vec<Place>, other: Vec<Place>) -> Vec<Place> {
    for place in other {
        if !one.contains(&place) {
            one.push(place);
        }
    }
    one
}
