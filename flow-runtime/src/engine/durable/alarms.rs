//! When runs that have left memory come back by themselves.

use std::collections::{BTreeSet, HashMap};

use crate::run::{RunId, Stamp};

/// A moment for each run that has one: the first is found as fast as that of a run.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    moments: BTreeSet<(Stamp, RunId)>,
    runs: HashMap<RunId, Stamp>,
}

impl Alarms {
    /// Sets the moment of a run, in the place of the one it had.
    pub(super) fn set(&mut self, run: &RunId, moment: Stamp) {
        self.clear(run);
        self.moments.insert((moment, run.clone()));
        self.runs.insert(run.clone(), moment);
    }

    /// The run has no moment any more.
    pub(super) fn clear(&mut self, run: &RunId) {
        if let Some(moment) = self.runs.remove(run) {
            self.moments.remove(&(moment, run.clone()));
        }
    }

    /// The first moment of all.
    pub(super) fn next(&self) -> Option<Stamp> {
        self.moments.first().map(|(moment, _)| *moment)
    }

    /// Takes out the run whose moment is the first.
    pub(super) fn pop(&mut self) -> Option<RunId> {
        let (_, run) = self.moments.pop_first()?;
        self.runs.remove(&run);
        Some(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_has_one_moment() {
        let (mut alarms, [a, b]) = (Alarms::default(), ["a", "b"].map(RunId::named));
        alarms.set(&a, Stamp(5));
        alarms.set(&b, Stamp(3));
        alarms.set(&a, Stamp(1));
        assert_eq!((alarms.next(), alarms.pop()), (Some(Stamp(1)), Some(a.clone())));
        alarms.set(&a, Stamp(9));
        alarms.clear(&b);
        assert_eq!((alarms.pop(), alarms.pop(), alarms.next()), (Some(a), None, None));
    }
}
