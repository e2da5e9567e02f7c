//! Between steps, a workflow computes the same whenever the run is resumed.

use crate::model::{Impure, Impurity};

pub(super) fn message(found: &Impure) -> String {
    match found {
        Impure::Call(path, impurity) => format!("`{path}` cannot be called in a workflow: {}", why(*impurity)),
        Impure::Print(name) => format!(
            "`{name}!` cannot be used in a workflow: the output appears again when the run is resumed; watch the run's events, or print in a code step"
        ),
        Impure::Select(name) => format!(
            "`{name}!` cannot be used in a workflow: the branch that wins is not recorded; use `race_ok!`, which records it, or `.timeout(…)` on a step call"
        ),
    }
}

fn why(impurity: Impurity) -> &'static str {
    match impurity {
        Impurity::Clock => {
            "the time differs when the run is resumed; use `flow::now().await?`, whose output is recorded"
        }
        Impurity::Random => {
            "random values differ when the run is resumed; generate them in a code step, whose output is recorded, or use `flow::uuid().await?`"
        }
        Impurity::Id => "the id differs when the run is resumed; use `flow::uuid().await?`, whose output is recorded",
        Impurity::Sleep => {
            "a resumed run would wait again from the start; use `flow::sleep(\"1h\").await?`, which waits once"
        }
        Impurity::Environment => {
            "the environment may differ when the run is resumed; read it before the run and pass it as an argument, or read it in a code step"
        }
        Impurity::Task => {
            "work outside the workflow is not recorded; use `try_join!`, `race_ok!` or `map` to run steps concurrently, and a code step for the rest"
        }
        Impurity::Io => "its I/O is not recorded, and is repeated when the run is resumed; move it to a code step",
    }
}
