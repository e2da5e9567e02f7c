//! The steps of a run, derived from its records.

use std::collections::HashMap;

use flow_runtime::provider::Spent;
use flow_runtime::run::{Place, Record, Stamp, Wait, WaitsFor};
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Running,
    Waiting,
    Finished,
    Failed,
    /// Finished, then undone.
    Undone,
    /// Dropped before it finished, because its branch or its run ended.
    Cancelled,
}

#[derive(Debug, Serialize)]
pub(super) struct Step {
    pub(super) place: Place,
    pub(super) step: String,
    pub(super) kind: String,
    pub(super) state: State,
    pub(super) attempts: u32,
    /// Turns of its conversation, if it has tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) turns: Option<u32>,
    pub(super) spent: Spent,
    pub(super) began: Stamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<Stamp>,
    /// The open wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) wait: Option<Wait>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answered_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    /// Why undoing it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_undone: Option<String>,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Undone => "undone",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The steps in order of their first start. Steps that were open when the run ended count as cancelled.
pub(super) fn of(records: &[Record]) -> Vec<Step> {
    let mut steps = told(records);
    let mut ended = None;
    for record in records {
        match record {
            Record::RunFinished { at, .. } | Record::RunFailed { at, .. } | Record::RunCancelled { at, .. } => {
                ended = ended.or(Some(*at));
            }
            Record::RunResumed { .. } => ended = None,
            _ => {}
        }
    }
    if let Some(ended) = ended {
        let open = steps.iter_mut().filter(|step| matches!(step.state, State::Running | State::Waiting));
        open.for_each(|step| step.end(State::Cancelled, ended));
    }
    steps
}

fn told(records: &[Record]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut by_place: HashMap<Place, usize> = HashMap::new();
    for record in records {
        if let Record::StepStarted { place, step, kind, at, .. } = record {
            let begun = Step::begun(place, step, kind, *at);
            match by_place.get(place) {
                // A restarted step keeps the cost of its earlier attempts.
                Some(at) => steps[*at] = Step { spent: steps[*at].spent, ..begun },
                None => {
                    by_place.insert(place.clone(), steps.len());
                    steps.push(begun);
                }
            }
        } else if let Record::BranchChosen { place, branch, at, .. } = record {
            let winner = format!("{place}[{branch}]/");
            let lost = steps.iter_mut().filter(|step| {
                step.ended.is_none() && step.place.is_within(place) && !step.place.as_str().starts_with(&winner)
            });
            lost.for_each(|step| step.end(State::Cancelled, *at));
        } else if let Some(step) = place_of(record).and_then(|place| by_place.get(place)) {
            steps[*step].apply(record);
        }
    }
    steps
}

fn place_of(record: &Record) -> Option<&Place> {
    match record {
        Record::Attempt(attempt) => Some(&attempt.place),
        Record::Waiting(wait) => Some(&wait.place),
        Record::Answered { place, .. }
        | Record::StepFinished { place, .. }
        | Record::StepFailed { place, .. }
        | Record::StepUndone { place, .. }
        | Record::StepNotUndone { place, .. }
        | Record::StepCancelled { place, .. } => Some(place),
        _ => None,
    }
}

impl Step {
    fn begun(place: &Place, step: &str, kind: &str, began: Stamp) -> Self {
        let (place, step, kind) = (place.clone(), step.to_owned(), kind.to_owned());
        let (attempts, turns, spent, ended, wait, answered_by, error, not_undone) = Default::default();
        let state = State::Running;
        Self { place, step, kind, state, attempts, turns, spent, began, ended, wait, answered_by, error, not_undone }
    }

    fn apply(&mut self, record: &Record) {
        match record {
            Record::Attempt(attempt) => {
                self.attempts += 1;
                self.turns = self.turns.max(attempt.turn);
                self.goes_on();
                if self.wait.take_if(|wait| wait.waits_for == WaitsFor::Retry).is_some() {
                    self.state = State::Running;
                }
                if attempt.model.is_some() {
                    self.spent = self.spent.plus(Spent::call(attempt.usage, attempt.cost));
                }
            }
            Record::Waiting(wait) => {
                self.goes_on();
                (self.state, self.wait) = (State::Waiting, Some((**wait).clone()));
            }
            // The first answer counts.
            Record::Answered { by, .. } if self.state == State::Waiting => {
                (self.state, self.wait, self.answered_by) = (State::Running, None, by.clone());
            }
            Record::StepFinished { at, .. } => self.end(State::Finished, *at),
            Record::StepCancelled { at, .. } => self.end(State::Cancelled, *at),
            Record::StepFailed { at, error, .. } => {
                self.end(State::Failed, *at);
                self.error = Some(error.clone());
            }
            Record::StepUndone { .. } => (self.state, self.not_undone) = (State::Undone, None),
            Record::StepNotUndone { error, .. } => self.not_undone = Some(error.clone()),
            _ => {}
        }
    }

    /// A cancelled step continues after its run was resumed.
    fn goes_on(&mut self) {
        if self.state == State::Cancelled {
            (self.state, self.ended) = (State::Running, None);
        }
    }

    fn end(&mut self, state: State, at: Stamp) {
        (self.state, self.ended, self.wait) = (state, Some(at), None);
    }
}
