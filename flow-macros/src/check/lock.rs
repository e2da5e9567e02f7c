//! The file of a contract lock.

use crate::errors::Errors;
use crate::model::Workflow;
use crate::page;

/// Reports a lock that cannot be read.
pub(super) fn lock(workflow: &Workflow, errors: &mut Errors) {
    if let Some(lock) = &workflow.lock
        && let Err(message) = &lock.file
    {
        errors.push(page::LOCK, syn::Error::new(lock.span, message));
    }
}
