//! The floors of `flow-runtime`.

use std::collections::BTreeSet;

use crate::circles::files;
use crate::modules::{Id, Modules, ROOT};
use crate::names::{Use, uses};

/// The rooms of `flow-runtime`, from the ground up: each imports only from rooms on lower floors, so that there is no circle.
const FLOORS: &[&[&str]] = &[
    // Leaves, which know nothing of the project.
    &["duration", "money", "place", "retry", "ring", "secret", "text", "time_limit", "tls", "violation"],
    &["clock", "error"],
    &["contract"],
    &["media"],
    // What is said to a model and to people, and what is said of an output.
    &["gate", "prompt", "review"],
    &["provider"],
    // What is written down of a run, which knows neither a graph nor an engine, and who calls tools of servers.
    &["mcp", "run"],
    &["ending", "event", "graph"],
    &["bill", "journal"],
    // What an annotated function returns.
    &["call"],
    &["engine"],
    &["private"],
];

#[test]
fn rooms_import_from_lower_floors_only() {
    let modules = Modules::of(&files("flow-runtime"));
    let rooms: BTreeSet<_> = modules.all[ROOT].scope.modules.keys().map(String::as_str).collect();
    assert_eq!(rooms, FLOORS.concat().into_iter().collect(), "every room is on a floor");
    let uses = uses(&modules);
    let wrong: BTreeSet<_> = uses.iter().flat_map(|used| upward(&modules, used)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is wrong with a name that is used in a room but comes from the same or a higher floor, or is named by way of it.
fn upward(modules: &Modules, used: &Use) -> Vec<String> {
    let floor = |room: &str| FLOORS.iter().position(|rooms| rooms.contains(&room));
    let room = |module: &Id| modules.all[*module].path.first().map(String::as_str);
    // The root has no floor.
    let Some(own) = room(&used.file) else { return Vec::new() };
    let others = used.through.union(&used.defined).filter_map(room);
    let higher = others.filter(|other| *other != own && floor(other) >= floor(own));
    let file = modules.shown(used.file);
    higher.map(|other| format!("{file}: `{own}` imports `{}` from `{other}`", used.name)).collect()
}
