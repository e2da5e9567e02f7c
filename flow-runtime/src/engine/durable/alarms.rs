//! Wake-up times of runs that have left memory.

use std::collections::{BTreeSet, HashMap};

use crate::place::RunId;
use crate::run::Stamp;

/// At most one wake-up time per run, with logarithmic lookup of the earliest and constant lookup by run.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    moments: BTreeSet<(Stamp, RunId)>,
    runs: HashMap<RunId, Stamp>,
}

impl Alarms {
    /// Sets a run's wake-up time, replacing the previous one.
    pub(super) fn set(&mut self, run: &RunId, moment: Stamp) {
        self.clear(run);
        self.moments.insert((moment, run.clone()));
        self.runs.insert(run.clone(), moment);
    }

    pub(super) fn clear(&mut self, run: &RunId) {
        if let Some(moment) = self.runs.remove(run) {
            self.moments.remove(&(moment, run.clone()));
        }
    }

    /// Returns the earliest wake-up time.
    pub(super) fn next(&self) -> Option<Stamp> {
        self.moments.first().map(|(moment, _)| *moment)
    }

    /// Removes and returns the run with the earliest wake-up time.
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
