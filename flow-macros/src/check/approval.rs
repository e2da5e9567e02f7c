//! Rules for steps that a person approves.

use crate::errors::Errors;
use crate::model::Step;
use crate::page;

pub(super) fn approval(step: &Step, errors: &mut Errors) {
    if step.options.approve.is_none() {
        return;
    }
    let name = step.function.name();
    if step.function.is_generic() {
        errors.at(
            page::APPROVAL,
            name,
            format!("step `{name}` needs an approval, so it cannot have type parameters: write one step per type"),
        );
    }
    if let Some(cache) = &step.options.cache {
        errors.at(
            page::APPROVAL,
            &cache.name,
            format!("step `{name}` cannot reuse results of other runs, since a person approves each call: remove `cache` or `approve`"),
        );
    }
}
