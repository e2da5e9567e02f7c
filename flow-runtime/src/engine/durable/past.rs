//! What a resumed step takes over from its records.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::contract::{Direction, sorted};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::place::RunId;
use crate::run::{Attempt, Began, Stamp, StepState, Wait, WaitsFor, is_same_text, shorten};

/// The recorded past of a step; empty for a new one.
#[derive(Debug, Default)]
pub(in crate::engine) struct Past {
    /// When it started.
    pub(in crate::engine) began: Option<Stamp>,
    /// Recorded attempts that were not replayed yet.
    pub(in crate::engine) attempts: VecDeque<Attempt>,
    pub(in crate::engine) wait: Option<Wait>,
    /// The answer to the wait.
    pub(in crate::engine) answer: Option<Value>,
    /// The wait it had when it was cancelled. It has to wait again.
    pub(in crate::engine) withdrawn: Option<Wait>,
    /// Its cancellation is recorded.
    pub(in crate::engine) is_cancelled: bool,
    /// This version has to record the wait again.
    pub(in crate::engine) waits_anew: bool,
}

impl From<StepState> for Past {
    fn from(step: StepState) -> Self {
        let began = step.began.map(|(_, at)| at);
        let is_withdrawn = step.is_cancelled && step.answer.is_none();
        let (wait, withdrawn) = if is_withdrawn { (None, step.wait) } else { (step.wait, None) };
        let StepState { attempts, answer, is_cancelled, waits_anew, .. } = step;
        Self { began, attempts, wait, answer, withdrawn, is_cancelled, waits_anew }
    }
}

impl Past {
    /// Takes the wait before the next attempt, if one had started, with whether its record is still valid.
    pub(in crate::engine) fn take_retry(&mut self) -> Option<(Wait, bool)> {
        let is_recorded = !self.waits_anew;
        let retries = |wait: &mut Wait| wait.waits_for == WaitsFor::Retry;
        let begun = self.wait.take_if(retries).map(|wait| (wait, is_recorded));
        begun.or_else(|| self.withdrawn.take_if(retries).map(|wait| (wait, false)))
    }
}

/// How a recorded input is compared with the current one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) enum Guard {
    /// They must be equal.
    #[default]
    Same,
    /// Objects may have new members, which the recording build did not know.
    Grown,
}

impl Guard {
    fn holds(self, recorded: &Value, now: &Value) -> bool {
        match (self, recorded, now) {
            (Self::Grown, Value::Object(recorded), Value::Object(now)) => self.members(recorded, now),
            (Self::Same, Value::Object(recorded), Value::Object(now)) => {
                recorded.len() == now.len() && self.members(recorded, now)
            }
            (_, Value::Array(recorded), Value::Array(now)) => {
                recorded.len() == now.len() && recorded.iter().zip(now).all(|(recorded, now)| self.holds(recorded, now))
            }
            (_, Value::String(recorded), Value::String(now)) => is_same_text(recorded, now),
            _ => recorded == now,
        }
    }

    fn members(self, recorded: &Map<String, Value>, now: &Map<String, Value>) -> bool {
        recorded.iter().all(|(name, value)| now.get(name).is_some_and(|now| self.holds(value, now)))
    }

    /// Fails if a recorded step now gets a different input.
    pub(in crate::engine) fn check(self, step: &'static Meta, recorded: &Value, now: &Value) -> Result<()> {
        if self.holds(recorded, now) {
            return Ok(());
        }
        // Sets are serialised in a different order each time. Long texts become digests on both sides, so that they
        // sort alike.
        let mut now = now.clone();
        shorten(&mut now);
        let (recorded, now) = without_order(step, recorded, &now);
        if self.holds(&recorded, &now) { Ok(()) } else { Err(diverged(step.name, &recorded, &now)) }
    }
}

#[cold]
fn diverged(step: &str, recorded: &Value, now: &Value) -> Error {
    let text = format!(
        "step `{step}` was recorded with a different input: {}; the code between the steps has changed, or is not deterministic. Finish the run with the build that started it, or start a new one",
        difference(recorded, now)
    );
    Error::new(ErrorKind::Diverged, text)
}

/// Sorts the sets in both inputs of a step or workflow.
fn without_order(meta: &'static Meta, recorded: &Value, now: &Value) -> (Value, Value) {
    let schema = meta.input_schema(Direction::Write);
    (sorted(&schema, recorded), sorted(&schema, now))
}

/// Returns whether a run was started with a different input.
fn has_other_input(began: &Began, meta: &'static Meta, input: &Value) -> bool {
    let differs = || {
        let (recorded, now) = without_order(meta, &began.input, input);
        recorded != now
    };
    began.input != *input && differs()
}

/// Returns why an id cannot belong to a run of this workflow with this input, if the run in the log began as `began`.
pub(super) fn another_run(id: &RunId, began: &Began, meta: &'static Meta, input: &Value) -> Option<Error> {
    let workflow = meta.name;
    let text = if began.workflow != workflow {
        format!("run `{id}` belongs to workflow `{}`, not to `{workflow}`; use another id", began.workflow)
    } else if has_other_input(began, meta, input) {
        let difference = difference(&began.input, input);
        format!(
            "run `{id}` of workflow `{workflow}` was started with a different input ({difference}); use another id for a new input"
        )
    } else {
        return None;
    };
    Some(Error::new(ErrorKind::Setup, text))
}

/// Describes the first difference between two values.
pub(super) fn difference(recorded: &Value, now: &Value) -> String {
    let mut pointer = String::new();
    let (recorded, now) = first_difference(&mut pointer, Some(recorded), Some(now));
    let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), short);
    let place = if pointer.is_empty() { String::new() } else { format!("at `{pointer}`: ") };
    format!("{place}recorded {}, now {}", shown(recorded), shown(now))
}

fn first_difference<'v>(
    pointer: &mut String,
    recorded: Option<&'v Value>,
    now: Option<&'v Value>,
) -> (Option<&'v Value>, Option<&'v Value>) {
    match (recorded, now) {
        (Some(Value::Object(one)), Some(Value::Object(two))) => {
            let names = one.keys().chain(two.keys().filter(|name| !one.contains_key(*name)));
            let mut differing = names.filter(|name| differ(one.get(*name), two.get(*name)));
            let Some(name) = differing.next() else { return (recorded, now) };
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            first_difference(pointer, one.get(name), two.get(name))
        }
        (Some(Value::Array(one)), Some(Value::Array(two))) => {
            let differing = (0..one.len().max(two.len())).find(|at| differ(one.get(*at), two.get(*at)));
            let Some(at) = differing else { return (recorded, now) };
            pointer.push_str(&format!("/{at}"));
            first_difference(pointer, one.get(at), two.get(at))
        }
        both => both,
    }
}

fn differ(recorded: Option<&Value>, now: Option<&Value>) -> bool {
    match (recorded, now) {
        (Some(recorded), Some(now)) => !Guard::Same.holds(recorded, now),
        (recorded, now) => recorded.is_some() || now.is_some(),
    }
}

/// Formats a value for a message, truncated if it is long.
fn short(value: &Value) -> String {
    const SHOWN: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_named_by_its_pointer() {
        let recorded = json!({ "a": [1, { "b/c": 2 }], "d": null });
        assert_eq!(
            difference(&recorded, &json!({ "a": [1, { "b/c": 3 }], "d": null })),
            "at `/a/1/b~1c`: recorded 2, now 3"
        );
        assert_eq!(difference(&recorded, &json!({ "a": [1, { "b/c": 2 }] })), "at `/d`: recorded null, now nothing");
        assert_eq!(difference(&json!(1), &json!(2)), "recorded 1, now 2");
    }

    #[test]
    fn an_input_of_an_older_build_may_have_grown() {
        let recorded = json!({ "a": [{ "b": 2 }] });
        let grown = json!({ "a": [{ "b": 2, "c": null }], "d": 1 });
        assert!(Guard::Same.holds(&recorded, &recorded.clone()));
        assert!(!Guard::Same.holds(&recorded, &grown));
        assert!(Guard::Grown.holds(&recorded, &grown));
        assert!(!Guard::Grown.holds(&grown, &recorded));
    }
}
