//! Every loop around steps has a bound, which covers its iterations; with a `max_…` option, so does everything else that repeats
//! steps.

use super::count::declared_inside;
use crate::model::{Bounding, Workflow};

pub(super) fn message(found: &Bounding, workflow: &Workflow) -> Option<String> {
    Some(match found {
        Bounding::Elsewhere => {
            "`#[bound]` only applies to a `while`, `loop` or `for` around steps: for a `map`, use `.bound(N)`".into()
        }
        Bounding::Invalid => "invalid bound: expected `#[bound(N)]` or `#[bound(N, break)]`, where N is a whole number of at least 1, or a `u32` constant from outside the body".into(),
        Bounding::Inside(constant) => declared_inside(constant),
        Bounding::WithoutSteps => {
            "`#[bound]` limits a loop that calls steps, but this loop calls none: remove it".into()
        }
        Bounding::Most { most, turns } => {
            let turns = turns.filter(|turns| turns > most)?;
            format!("the loop runs {turns} times, over its bound of {most}")
        }
        Bounding::UnboundedLoop => "a loop around steps needs a bound: add `#[bound(N)]` before it, where N is the maximum number of iterations; beyond it the run fails, or with `#[bound(N, break)]` the loop ends".into(),
        Bounding::UnboundedFor if workflow.is_limited() => "the workflow has a `max_…` option, so this loop around steps needs a bound: add `#[bound(N)]` before it, where N is the maximum number of items".into(),
        Bounding::UnboundedMap if workflow.is_limited() => "the workflow has a `max_…` option, so this `map` needs a bound: add `.bound(N)`, where N is the maximum number of items".into(),
        Bounding::UnboundedFor | Bounding::UnboundedMap => return None,
    })
}
