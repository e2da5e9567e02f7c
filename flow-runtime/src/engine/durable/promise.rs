//! Decides whether a run that another build started can continue in this one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::engine::models::asks_others;
use crate::engine::mutex::lock;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::graph::lock::{Change, Changes, Class, Lock, classify, describe};
use crate::place::{Place, RunId};
use crate::run::{Began, Migrate, Record, RunState, Stamp};

/// The build that started a run.
pub(super) enum Build {
    /// Its promises are the same.
    Same,
    /// Its promises differ, but this build keeps them.
    Other,
    /// It was another version, and `migrate` adapts its records. `is_new` means that this version has not continued the
    /// run before.
    Earlier { first: u32, version: u32, migrate: Migrate, is_new: bool },
}

/// A workflow, by the address of its description, and its promises in another build.
type Since = (usize, Arc<str>);

/// The promises of this program's workflows, keyed by the address of their metadata. They are the same for every runtime, and slow
/// to compute for large workflows.
static NOW: Mutex<Option<HashMap<usize, Arc<str>>>> = Mutex::new(None);

/// The current promises of workflows, and the changes since other builds.
#[derive(Default)]
pub(in crate::engine) struct Promises {
    changes: Mutex<HashMap<Since, Arc<Changes>>>,
    /// Whether the runtime makes up the answers of models.
    offline: bool,
}

impl Promises {
    pub(in crate::engine) fn new(offline: bool) -> Self {
        Self { offline, ..Self::default() }
    }

    /// Returns whether answers are made up in runs of a workflow.
    pub(super) fn makes_up(&self, meta: &'static Meta) -> bool {
        self.offline && asks_others(meta)
    }

    /// Returns the error for a run that would mix made-up answers with real ones, whether it is continued or its output
    /// returned.
    pub(super) fn mixes(&self, run: &RunId, began: &Began, meta: &'static Meta) -> Option<Error> {
        let text = match (began.offline, self.makes_up(meta)) {
            (true, false) => format!(
                "run `{run}` was started offline, with made-up answers: pass --offline (`Builder::offline`) to continue it, or start another run"
            ),
            (false, true) => format!(
                "run `{run}` was started with real models and would continue with made-up answers: leave out --offline (`Builder::offline`), or start another run"
            ),
            _ => return None,
        };
        Some(Error::new(ErrorKind::Setup, text))
    }

    /// Returns the first record of a run.
    pub(super) fn begins(&self, run: &RunId, meta: &'static Meta, input: Value, at: Stamp) -> Record {
        let (run, workflow) = (run.clone(), meta.name.to_owned());
        let (promise, offline) = (Some(self.of(meta).to_string()), self.makes_up(meta));
        Record::RunStarted { run, workflow, input, promise, offline, at }
    }

    /// Returns the current promises of a workflow.
    pub(super) fn of(&self, meta: &'static Meta) -> Arc<str> {
        let mut now = lock(&NOW);
        now.get_or_insert_default().entry(key(meta)).or_insert_with(|| describe(meta).to_text().into()).clone()
    }

    /// Compares the builds that executed a run with this one; `None` for a run that has not started.
    ///
    /// # Errors
    ///
    /// Fails if something the run has recorded no longer exists, or would be misread. Nothing of the run is executed
    /// then.
    pub(super) fn check(&self, run: &RunId, state: &RunState, meta: &'static Meta) -> Result<Option<Build>> {
        let Some(began) = &state.began else { return Ok(None) };
        let (now, taken_over) = (self.of(meta), state.taken_over());
        let Some(first) = began.promise.as_deref().filter(|first| taken_over.is_some() || **first != *now) else {
            return Ok(Some(Build::Same));
        };
        let unread = |text| refused(run, meta, &[text]);
        let changes = self.since(first, meta).map_err(unread)?;
        let (first, version) = changes.versions;
        let last = taken_over.map_or(Ok(changes), |(_, last)| self.since(last, meta)).map_err(unread)?;
        let migrate = meta.graph.and_then(|graph| graph.migrate);
        if first != version || last.versions.0 != version {
            let Some(migrate) = migrate else { return Err(refused(run, meta, &[stays(first, taken_over, version)])) };
            if last.versions.0 != version {
                return Ok(Some(Build::Earlier { first, version, migrate, is_new: true }));
            }
            self.meets_none(run, &last, state, meta)?;
            return Ok(Some(Build::Earlier { first, version, migrate, is_new: false }));
        }
        self.meets_none(run, &last, state, meta).map(|()| Some(Build::Other))
    }

    /// Fails if a change breaks something the run has recorded.
    fn meets_none(&self, run: &RunId, changes: &Changes, state: &RunState, meta: &'static Meta) -> Result<()> {
        let broken: Vec<_> = changes.runs.iter().filter(|change| meets(change, state)).map(told).collect();
        if broken.is_empty() { Ok(()) } else { Err(refused(run, meta, &broken)) }
    }

    fn since(&self, then: &str, meta: &'static Meta) -> Result<Arc<Changes>, String> {
        let known = (key(meta), Arc::from(then));
        if let Some(changes) = lock(&self.changes).get(&known) {
            return Ok(changes.clone());
        }
        let old = Lock::read(then).map_err(|error| format!("its recorded promises cannot be read: {error}"))?;
        let changes = Arc::new(classify(&old, meta));
        lock(&self.changes).insert(known, changes.clone());
        Ok(changes)
    }
}

fn key(meta: &'static Meta) -> usize {
    std::ptr::from_ref(meta) as usize
}

/// Returns why a run of other versions cannot continue in this one.
fn stays(first: u32, taken_over: Option<(u32, &str)>, now: u32) -> String {
    match taken_over {
        Some((later, _)) if later != now => format!("version {later} took it over, and this is version {now}"),
        _ => {
            format!("it was started by version {first}, and this is version {now}, which has no `migrate = FUNCTION`")
        }
    }
}

/// Returns whether a change breaks this run. Steps that the run has not reached may change freely.
fn meets(change: &Change, state: &RunState) -> bool {
    change.class == Class::Breaking
        && (change.place == "input" || state.places().any(|place| any_turn(place) == change.place))
}

/// Returns the place as it is written in a contract lock: `map[17]/summarize` is `map[]/summarize`.
fn any_turn(place: &Place) -> String {
    let mut text = String::with_capacity(place.as_str().len());
    let mut inside = false;
    for letter in place.as_str().chars() {
        inside = (inside || letter == '[') && letter != ']';
        if !inside || letter == '[' {
            text.push(letter);
        }
    }
    text
}

fn told(change: &Change) -> String {
    format!("`{}`: {}", change.place, change.text)
}

#[cold]
pub(super) fn refused(run: &RunId, meta: &Meta, why: &[String]) -> Error {
    let text = format!(
        "run `{run}` was started by another build of workflow `{}` and cannot continue in this one: {}. Finish it with the build that started it, or start a new one",
        meta.name,
        why.join("; ")
    );
    Error::new(ErrorKind::Diverged, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Record;

    #[test]
    fn places_lose_their_turns() {
        let place = |text: &str| {
            let json =
                format!(r#"{{"record":"judged","run":"r","place":"{text}","gate":"","accepted":true,"reasons":[]}}"#);
            match serde_json::from_str(&json).unwrap() {
                Record::Judged { place, .. } => place,
                _ => unreachable!(),
            }
        };
        assert_eq!(any_turn(&place("map[17]/loop.2[0]/x.3")), "map[]/loop.2[]/x.3");
        assert_eq!(any_turn(&place("x")), "x");
    }
}
