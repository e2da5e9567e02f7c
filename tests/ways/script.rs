//! Externally scripted decisions of a run, so that tests can enumerate all runs.

use std::sync::{Arc, Mutex};

use flow::prelude::*;

/// The message of a failure with which a workflow leaves on purpose.
pub(crate) const LEFT: &str = "left on purpose";

/// The same for an item of a map or a branch of a join.
pub(crate) const INSIDE: &str = "left inside";

/// The decisions of a run in order; missing ones are `false`.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<(Vec<bool>, usize)>>);

impl Script {
    pub(crate) fn new(decisions: Vec<bool>) -> Self {
        Self(Arc::new(Mutex::new((decisions, 0))))
    }

    pub(crate) fn flag(&self) -> bool {
        let (decisions, next) = &mut *self.0.lock().unwrap();
        if decisions.len() == *next {
            decisions.push(false);
        }
        *next += 1;
        decisions[*next - 1]
    }

    /// The decisions made so far.
    pub(crate) fn made(&self) -> Vec<bool> {
        let (decisions, next) = &*self.0.lock().unwrap();
        decisions[..*next].to_vec()
    }

    /// The next script after one that made these decisions, in the order of enumeration; `None` after the last.
    pub(crate) fn after(mut made: Vec<bool>) -> Option<Vec<bool>> {
        while made.pop()? {}
        made.push(true);
        Some(made)
    }
}

/// Never fails.
#[step]
pub(crate) async fn work() -> Result<u32> {
    Ok(1)
}

/// Fails by a decision.
#[step]
pub(crate) async fn may(#[state] script: &Script) -> Result<u32> {
    if script.flag() { flow::bail!("it failed") } else { Ok(1) }
}

/// Answers by a decision.
#[step]
pub(crate) async fn ask(#[state] script: &Script) -> Result<bool> {
    Ok(script.flag())
}

#[workflow]
pub(crate) async fn inner(#[state] script: &Script) -> Result<u32> {
    if script.flag() {
        return Ok(1);
    }
    work().await
}
