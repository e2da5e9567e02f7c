//! Unreachable steps.

use crate::errors::Errors;
use crate::model::Workflow;
use crate::page;

/// Reports the first call of each unreachable part, if the workflow is `strict` or locked.
pub(crate) fn reach(workflow: &Workflow, errors: &mut Errors) {
    for calls in workflow.flow.unreachable.iter().filter(|_| workflow.is_spare()) {
        let path = &workflow.flow.nodes[calls.start].path;
        let name = path.segments.last().map_or(String::new(), |last| last.ident.to_string());
        errors.at(
            page::DEAD_PART,
            path,
            format!(
                "step `{name}` is unreachable in workflow `{}`: control always leaves before it, or the condition around it is never true; remove the call, or fix the code before it",
                workflow.function.name()
            ),
        );
    }
}
