//! From a path to the files that define what it names. Re-exports are followed.

use std::collections::BTreeSet;

use crate::modules::{Id, Modules, ROOT, Scope};

/// What a name stands for. Items and macros have the module of their file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Found {
    Module(Id),
    Item(Id),
    Macro(Id),
    /// Imported from another crate.
    Outside,
}

/// Where a path leads. There is more than one end if a name is both a module and a function, or depends on a feature.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) ends: BTreeSet<Found>,
    /// The modules on the way.
    pub(crate) through: BTreeSet<Id>,
    /// The name of the item: `Kind` in `crate::error::Kind::Internal`.
    pub(crate) name: String,
}

/// The names being looked up, so that an import which leads to itself ends.
type Open = Vec<(Id, String)>;

impl Target {
    pub(crate) fn items(&self) -> impl Iterator<Item = Id> {
        self.ends.iter().filter_map(|end| if let Found::Item(id) = end { Some(*id) } else { None })
    }

    pub(crate) fn macros(&self) -> impl Iterator<Item = Id> {
        self.ends.iter().filter_map(|end| if let Found::Macro(id) = end { Some(*id) } else { None })
    }

    pub(crate) fn modules(&self) -> impl Iterator<Item = Id> {
        self.ends.iter().filter_map(|end| if let Found::Module(id) = end { Some(*id) } else { None })
    }
}

impl Modules {
    /// Follows a path that is written in a module, within blocks that introduce names of their own.
    pub(crate) fn resolve(&self, module: Id, blocks: &[Scope], path: &[String]) -> Target {
        let first = &path[0];
        let local = blocks.iter().rev().map(|block| self.names(module, block, first, &mut Open::new()));
        match local.into_iter().find(|found| !found.is_empty()) {
            Some(found) => self.walk(found, path, 1, &mut Open::new()),
            None => self.follow(module, path, &mut Open::new()),
        }
    }

    fn follow(&self, module: Id, path: &[String], open: &mut Open) -> Target {
        let (start, read) = match path[0].as_str() {
            "crate" => (Found::Module(ROOT), 1),
            "self" => self.above(module, path, 1),
            "super" => self.above(module, path, 0),
            name => return self.walk(self.find(module, name, open), path, 1, open),
        };
        self.walk([start].into(), path, read, open)
    }

    /// The module that `super::super` names.
    fn above(&self, mut module: Id, path: &[String], mut read: usize) -> (Found, usize) {
        while path.get(read).is_some_and(|name| name == "super") {
            module = self.all[module].parent.expect("the root has nothing above it");
            read += 1;
        }
        (Found::Module(module), read)
    }

    /// Continues from what the first names of the path stand for. What follows an item belongs to the item.
    fn walk(&self, start: BTreeSet<Found>, path: &[String], read: usize, open: &mut Open) -> Target {
        let mut target = Target { ends: start, through: BTreeSet::new(), name: path[read - 1].clone() };
        for name in &path[read..] {
            let modules: Vec<_> = target.modules().collect();
            if modules.is_empty() {
                break;
            }
            target.ends = modules.iter().flat_map(|module| self.member(*module, name, open)).collect();
            target.through.extend(modules);
            target.name.clone_from(name);
        }
        let modules: Vec<_> = target.modules().collect();
        target.through.extend(modules);
        target
    }

    /// What a module's name stands for. An unknown one is taken to be defined there by a macro.
    fn member(&self, module: Id, name: &str, open: &mut Open) -> BTreeSet<Found> {
        let found = self.find(module, name, open);
        if found.is_empty() { [Found::Item(self.all[module].file)].into() } else { found }
    }

    fn find(&self, module: Id, name: &str, open: &mut Open) -> BTreeSet<Found> {
        let key = (module, name.to_owned());
        if open.contains(&key) {
            return self.own(module, &self.all[module].scope, name);
        }
        open.push(key);
        let found = self.names(module, &self.all[module].scope, name, open);
        open.pop();
        found
    }

    /// A name as a scope knows it: defined, imported, or else from a glob.
    fn names(&self, module: Id, scope: &Scope, name: &str, open: &mut Open) -> BTreeSet<Found> {
        let mut found = self.own(module, scope, name);
        for import in scope.imports.iter().filter(|import| import.name.as_deref() == Some(name)) {
            let ends = self.follow(module, &import.path, open).ends;
            found.extend(if ends.is_empty() { [Found::Outside].into() } else { ends });
        }
        if found.is_empty() {
            for import in scope.imports.iter().filter(|import| import.name.is_none()) {
                let target = self.follow(module, &import.path, open);
                found.extend(target.modules().flat_map(|id| self.find(id, name, open)));
            }
        }
        found
    }

    fn own(&self, module: Id, scope: &Scope, name: &str) -> BTreeSet<Found> {
        let item = scope.defined.contains(name).then(|| Found::Item(self.all[module].file));
        let modules = scope.modules.get(name).into_iter().flatten().map(|id| Found::Module(*id));
        let macros = scope.macros.get(name).map(|id| Found::Macro(*id));
        item.into_iter().chain(modules).chain(macros).collect()
    }

    /// A macro that is in scope without an import, because a module above defines it.
    pub(crate) fn macro_above(&self, module: Id, name: &str) -> Option<Id> {
        let mut above = std::iter::successors(Some(module), |id| self.all[*id].parent);
        above.find_map(|id| self.all[id].scope.macros.get(name).copied())
    }
}
