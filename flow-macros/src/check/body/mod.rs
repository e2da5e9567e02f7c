//! Rules for the body of a workflow, one per file: each decides on the findings of its kind.

mod bound;
mod call_option;
mod count;
mod dropped;
mod hidden;
mod impure;
mod map_form;
mod not_a_step;
mod not_awaited;

use crate::errors::Errors;
use crate::model::{Finding, Refusals, What, Workflow};
use crate::page::{self, Page};

/// Reports what the body must not contain, in the order of the source.
pub(super) fn body(workflow: &Workflow, findings: &[Finding], errors: &mut Errors) -> Refusals {
    let mut refusals = Refusals::default();
    for (index, Finding { what, at, replaced }) in findings.iter().enumerate() {
        let Some((page, message)) = refusal(what, workflow) else { continue };
        let error = syn::Error::new_spanned(at, message);
        if *replaced {
            refusals.in_place.insert(index, errors.expression(page, &error));
        } else {
            errors.push(page, error);
        }
        refusals.any = true;
        let calls = workflow.flow.nodes.iter().enumerate().filter(|(_, node)| node.findings.contains(&index));
        refusals.calls.extend(calls.map(|(call, _)| call));
    }
    refusals
}

/// The message about a finding with the page of its rule, if it is refused.
fn refusal(what: &What, workflow: &Workflow) -> Option<(Page, String)> {
    let (page, message) = match what {
        What::Bound(found) => (page::BOUND, bound::message(found, workflow)?),
        What::CallOption(found) => (page::CALL_OPTION, call_option::message(found)),
        What::Dropped(found) => (page::DROPPED_RESULT, dropped::message(found)),
        What::Hidden(found) => (page::HIDDEN_STEP, hidden::message(found)),
        What::Impure(found) => (page::IMPURE, impure::message(found)),
        What::Map(found) => (page::MAP_FORM, map_form::message(found)),
        What::NotAStep(found) => (page::NOT_A_STEP, not_a_step::message(found)),
        What::LoneRace => (
            page::RACE,
            "`race_ok!` needs at least two branches: add another one, or await a single step directly".into(),
        ),
        What::UnawaitedMap => (page::NOT_AWAITED, not_awaited::message()),
        // Of the signature, which is checked before the body is read.
        What::Parameter(_) => return None,
    };
    Some((page, message))
}
