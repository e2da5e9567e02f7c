//! A workflow awaits only steps, workflows and `map`s, where they are called.

use crate::model::NotAStep;

pub(super) fn message(found: &NotAStep) -> String {
    match found {
        NotAStep::Inside(name) => format!(
            "`{name}` is declared inside the workflow's body, where the graph cannot name it: move it out of the body, and annotate it with `#[workflow]` if it awaits steps, or with `#[step]` if it does the work itself"
        ),
        NotAStep::Variable(name) => {
            format!("`{name}` is a local variable here, not a step: rename the variable, or call it without `.await`")
        }
        NotAStep::Apart(name) => format!(
            "`{name}` is awaited apart from its call: await the step where it is called, as in `step(…).await`; to run several concurrently, use `try_join!`"
        ),
        NotAStep::Method(name) => {
            format!("method `.{name}(…)` is not a step, so a workflow cannot await it: call it in a code step")
        }
        NotAStep::Join(name) => format!("`{name}!` already awaits its branches: remove `.await`"),
        NotAStep::Branch(form) => format!(
            "a branch of `{}` must be a step call without `.await`, or an `async {{ … }}` block of several steps",
            form.written()
        ),
        NotAStep::Other => {
            "a workflow can only await calls of steps, workflows and `map`, as in `step(…).await`".into()
        }
    }
}
