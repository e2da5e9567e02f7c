//! Every step is in the graph: no code hides one.

use crate::model::{Hiding, Wrapper};

pub(super) fn message(found: &Hiding) -> String {
    match found {
        Hiding::Cfg => {
            "`#[cfg]` inside a workflow hides steps from its graph: put it on a step or on the workflow".into()
        }
        Hiding::AsyncBlock => directly("an `async` block"),
        Hiding::Closure => directly("a closure"),
        Hiding::Guard => {
            "a step in a `match` guard has no fixed place in the graph: await it before the `match`".into()
        }
        Hiding::Macro(name) => {
            format!("`{name}!` hides its steps from the workflow's graph: await them before it and pass the values in")
        }
        Hiding::Wrapper(path, wrapper) => {
            format!("`{path}` hides its step from the workflow's graph: {}", instead_of(*wrapper))
        }
    }
}

fn directly(what: &str) -> String {
    format!(
        "{what} hides its steps from the workflow's graph: await them directly in the body, in a branch of `try_join!` or in the closure of `map`"
    )
}

fn instead_of(wrapper: Wrapper) -> &'static str {
    match wrapper {
        Wrapper::Box => "await the step directly, which needs no box",
        Wrapper::Timeout => "await the step directly, and set the limit on the call with `.timeout(\"30s\")`",
        Wrapper::Spawn => "await the step directly; to run several concurrently, use `try_join!` or `map`",
    }
}
