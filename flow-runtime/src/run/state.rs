//! The state of a run, derived from its records. Live execution and resumption both go through [`RunState::apply`].

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::part::{Part, Undoing};
use super::step_state::{StepEnd, StepState};
use super::{Record, Stamp, Wait, WaitsFor};
use crate::error::{ErrorKind, Recorded};
use crate::media::Data;
use crate::place::{Place, TURN};
use crate::provider::Spent;

/// The state of a run.
#[derive(Debug, Default)]
pub struct RunState {
    /// How it started; `None` before its first record.
    pub began: Option<Began>,
    /// How it ended.
    pub end: Option<End>,
    /// What its model calls spent.
    pub spent: Spent,
    /// The attachments to which its records refer, so that they stay in memory.
    media: Vec<Data>,
    /// Set while the run is being cancelled and undone: the number of this end in the run.
    cancelling: Option<u64>,
    part: Part,
    /// Number of steps and workflows that have ended; numbers the next end.
    ended: u64,
    /// What was recorded since a later version took the run over.
    later: Option<Box<Later>>,
}

/// What a later version recorded of a run.
#[derive(Debug)]
pub(super) struct Later {
    pub(super) version: u32,
    promise: String,
    /// What earlier versions had recorded.
    before: Part,
    pub(super) state: RunState,
}

/// How a run started.
#[derive(Clone, Debug, PartialEq)]
pub struct Began {
    /// The workflow's name.
    pub workflow: String,
    /// Its arguments by name.
    pub input: Value,
    /// The promises of the workflow in the build that started the run, as the text of a contract lock.
    pub promise: Option<String>,
    /// Whether the answers of its models are made up.
    pub offline: bool,
    /// When it happened.
    pub at: Stamp,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// With an output.
    Finished(Value),
    /// With an error, and the places of the steps that were undone after it.
    Failed(Box<Recorded>, Vec<Place>),
    /// The run was cancelled.
    Cancelled,
}

impl End {
    /// Describes the end, as a predicate of "the run".
    pub(crate) fn text(&self) -> &'static str {
        match self {
            Self::Finished(_) => "has finished",
            Self::Failed(..) => "has failed",
            Self::Cancelled => "was cancelled",
        }
    }
}

impl RunState {
    /// Returns the state after these records.
    pub fn of(records: impl IntoIterator<Item = Record>) -> Self {
        let mut state = Self::default();
        records.into_iter().for_each(|record| state.apply(record));
        state
    }

    /// Applies the next record of the run.
    pub fn apply(&mut self, record: Record) {
        if let Some(later) = &mut self.later {
            later.state.apply(record.clone());
        }
        match record {
            Record::RunStarted { workflow, input, promise, offline, at, .. } => {
                self.began = Some(Began { workflow, input, promise, offline, at });
            }
            Record::Media { data, .. } => {
                data.hold();
                self.media.push(data);
            }
            Record::WorkflowStarted { place, at, .. } => {
                self.part.workflows.entry(place).or_insert(at);
            }
            Record::WorkflowFailed { place, failure, .. } => {
                let order = self.next_end();
                self.part.late.insert(place, (*failure, order));
            }
            Record::StepStarted { place, input, at, .. } => {
                let step = self.step(place);
                // A step that starts again after a wait has found out that its effect did not happen.
                *step = StepState { began: Some((input, at)), answers: step.answers, ..StepState::default() };
            }
            Record::Attempt(attempt) => {
                if attempt.model.is_some() {
                    let call = Spent::call(attempt.usage, attempt.cost);
                    self.spent = self.spent.plus(call);
                    let paid = self.part.paid.entry(attempt.place.clone()).or_default();
                    *paid = paid.plus(call);
                }
                let step = self.step(attempt.place.clone());
                step.wait.take_if(|wait| wait.waits_for == WaitsFor::Retry);
                step.attempts.push_back(*attempt);
            }
            Record::Judged { .. } | Record::AnswerRejected { .. } => {}
            Record::Waiting(wait) => {
                // A step that waits again has received an answer it could not use.
                let step = self.step(wait.place.clone());
                (step.wait, step.answer, step.is_cancelled) = (Some(*wait), None, false);
            }
            Record::Answered { place, answer, .. } => self.answered(&place, answer),
            Record::BranchChosen { place, branch, .. } => self.part.choose(place, branch),
            Record::StepFinished { place, output, spent, .. } => {
                let order = self.next_end();
                self.step(place).ends(StepEnd::Finished(output, order, spent));
            }
            Record::StepFailed { place, failure, spent, .. } => {
                let order = self.next_end();
                self.step(place).ends(StepEnd::Failed(failure, order, spent));
            }
            Record::StepUndone { place, by, within, .. } => self.undoes(by, place, within, None),
            Record::StepNotUndone { place, step, by, within, failure, .. } => {
                self.undoes(by, place, within, Some((step, failure)));
            }
            Record::StepCancelled { place, .. } => self.step(place).is_cancelled = true,
            // The first end counts: anything decided at the same time came too late.
            Record::RunFinished { output, .. } => _ = self.end.get_or_insert(End::Finished(output)),
            Record::RunFailed { failure, undone, .. } => _ = self.end.get_or_insert(End::Failed(failure, undone)),
            Record::RunCancelling { .. } if self.end.is_none() => self.withdraw(),
            Record::RunCancelling { .. } => {}
            Record::RunCancelled { .. } => _ = self.end.get_or_insert(End::Cancelled),
            Record::RunResumed { .. } => self.go_on(),
            Record::RunTakenOver { version, promise, .. } => self.is_taken_over(version, promise),
        }
    }

    /// Takes the run over; the version that continues it records the waits again.
    fn is_taken_over(&mut self, version: u32, promise: String) {
        // If yet another version takes the run over, the nested state has already applied this record.
        if self.later.is_none() {
            let state = Self { ended: self.ended, ..Self::default() };
            self.later = Some(Box::new(Later { version, promise, before: self.part.clone(), state }));
        }
        for step in self.part.steps.values_mut().filter(|step| step.end.is_none()) {
            step.wait = None;
        }
    }

    /// Returns the attachments to which its records refer.
    pub(crate) fn media(&self) -> &[Data] {
        &self.media
    }

    /// Returns the number of the end since which the run is being cancelled and undone, if it is.
    pub(crate) fn cancelling(&self) -> Option<u64> {
        self.cancelling
    }

    /// Starts cancelling the run, and withdraws its waits.
    fn withdraw(&mut self) {
        let end = self.next_end();
        self.cancelling.get_or_insert(end);
        for step in self.part.steps.values_mut().filter(|step| step.end.is_none()) {
            step.wait = None;
        }
    }

    /// Returns whether nothing of the run has been recorded.
    pub fn is_new(&self) -> bool {
        self.began.is_none()
    }

    /// Returns the state of the step at a place.
    pub fn at(&self, place: &Place) -> Option<&StepState> {
        self.part.steps.get(place)
    }

    /// Removes and returns the state of the step at a place, so that it is not stored twice.
    pub fn take(&mut self, place: &Place) -> Option<StepState> {
        self.part.steps.remove(place)
    }

    /// Returns the places of all steps that have started.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.part.steps.keys()
    }

    /// Returns what the model calls at and within a place spent.
    pub fn paid(&self, place: &Place) -> Spent {
        let within = self.part.paid.iter().filter(|(at, _)| at.is_within(place));
        within.fold(Spent::default(), |sum, (_, paid)| sum.plus(*paid))
    }

    /// Returns the answers that steps have not consumed yet, each with the number of answers its step has received.
    pub(crate) fn into_answers(self) -> impl Iterator<Item = (Place, Value, u32)> {
        let open = self.part.steps.into_iter().filter(|(_, step)| step.end.is_none());
        open.filter_map(|(place, step)| step.answer.map(|answer| (place, answer, step.answers)))
    }

    /// Stores the answer to the wait at a place; the first answer counts.
    pub(crate) fn answered(&mut self, place: &Place, answer: Value) {
        let step = self.step(place.clone());
        if step.answer.is_none() {
            (step.answer, step.answers) = (Some(answer), step.answers + 1);
        }
    }

    /// Returns how the sub-workflow at a place failed by itself, and the number of this end in the run.
    pub fn workflow_failed(&self, place: &Place) -> Option<(&Recorded, u64)> {
        self.part.late.get(place).map(|(failure, order)| (failure, *order))
    }

    /// Returns the branch of the race at a place that succeeded first.
    pub(crate) fn chosen(&self, race: &Place) -> Option<u32> {
        self.part.chosen.get(race).copied()
    }

    /// Returns the number of steps and workflows that have ended.
    pub(crate) fn ends(&self) -> u64 {
        self.ended
    }

    /// Returns whether a step that ended remains to be replayed.
    pub(crate) fn has_ended_steps(&self) -> bool {
        self.part.steps.values().any(|step| step.end.is_some())
    }

    /// Returns the steps that have started, but neither ended nor been cancelled.
    pub(crate) fn left_open(&self) -> impl Iterator<Item = &Place> {
        let is_open = |step: &StepState| step.began.is_some() && step.end.is_none() && !step.is_cancelled;
        self.part.steps.iter().filter(move |(_, step)| is_open(step)).map(|(place, _)| place)
    }

    /// Returns whether the outcome of the undo step at this place is recorded.
    pub(crate) fn was_undoing(&self, by: &Place) -> bool {
        self.part.undoing.contains_key(by)
    }

    /// Returns the places of the finished steps that were undone, the earliest first.
    pub fn undone(&self) -> Vec<&Place> {
        self.last_undoings()
            .into_iter()
            .filter(|undoing| undoing.failure.is_none())
            .map(|undoing| &undoing.of)
            .collect()
    }

    /// Returns the finished steps that could not be undone: place, name, and the last error.
    pub fn not_undone(&self) -> Vec<(&Place, &str, &Recorded)> {
        let all = self.last_undoings().into_iter();
        all.filter_map(|undoing| {
            let (step, failure) = undoing.failure.as_ref()?;
            Some((&undoing.of, step.as_str(), &**failure))
        })
        .collect()
    }

    /// Returns the last recorded outcome for each finished step that was to be undone, in order.
    fn last_undoings(&self) -> Vec<&Undoing> {
        let mut last: HashMap<&Place, &Undoing> = HashMap::new();
        for undoing in self.part.undoing.values() {
            let known = last.entry(&undoing.of).or_insert(undoing);
            if known.order < undoing.order {
                *known = undoing;
            }
        }
        let mut all: Vec<_> = last.into_values().collect();
        all.sort_unstable_by_key(|undoing| undoing.order);
        all
    }

    fn undoes(&mut self, by: Place, of: Place, within: Place, failure: Option<(String, Box<Recorded>)>) {
        let order = self.next_end();
        self.part.undoing.insert(by, Undoing { of, within, failure, order });
    }

    fn next_end(&mut self) -> u64 {
        let order = self.ended;
        self.ended += 1;
        order
    }

    /// Returns when the sub-workflow at a place started.
    pub fn workflow_began(&self, place: &Place) -> Option<Stamp> {
        self.part.workflows.get(place).copied()
    }

    /// Returns the current waits.
    pub fn waits(&self) -> impl Iterator<Item = &Wait> {
        let is_open = |step: &&StepState| step.end.is_none() && step.answer.is_none() && !step.is_cancelled;
        let open = self.part.steps.values().filter(is_open);
        open.filter_map(|step| step.wait.as_ref())
    }

    /// Returns the steps that started to wait and have not ended, at their current (migrated) places.
    pub(crate) fn open(&self) -> impl Iterator<Item = (&Place, &Wait)> {
        let open = self.part.steps.iter().filter(|(_, step)| step.end.is_none() && !step.is_cancelled);
        open.filter_map(|(place, step)| Some((place, step.wait.as_ref()?)))
    }

    /// Returns the version that continues the run and its promises, if it is not the version that started the run.
    pub(crate) fn taken_over(&self) -> Option<(u32, &str)> {
        let later = self.later.as_ref()?;
        later.state.taken_over().or(Some((later.version, &later.promise)))
    }

    /// Takes out the parts recorded by each version.
    pub(super) fn take_parts(&mut self) -> (Part, Option<Box<Later>>) {
        match self.later.take() {
            Some(mut later) => (std::mem::take(&mut later.before), Some(later)),
            None => (std::mem::take(&mut self.part), None),
        }
    }

    /// Puts back the merged part.
    pub(super) fn put_part(&mut self, part: Part) {
        self.part = part;
    }

    fn step(&mut self, place: Place) -> &mut StepState {
        self.part.steps.entry(place).or_default()
    }

    /// Returns the places of the undo steps that stay as they are. Failed undos of workflows that contain `at` are
    /// dropped: those workflows may end differently this time.
    fn undone_before(&mut self, at: Option<&Place>) -> HashSet<Place> {
        self.part
            .undoing
            .retain(|_, undoing| undoing.failure.is_none() || !at.is_some_and(|at| at.is_within(&undoing.within)));
        self.part.undoing.keys().cloned().collect()
    }

    /// Reopens a failed run: the step that ended it starts again, with the steps that serve it and that it serves, and
    /// so do the undos that failed because of it. Failures that the workflow handled stay.
    fn go_on(&mut self) {
        let Some(End::Failed(failure, _)) = self.end.take_if(|end| matches!(end, End::Failed(..))) else { return };
        let failed = |step: &StepState| matches!(step.end, Some(StepEnd::Failed(..)));
        let mut anew: Vec<Place> = Vec::new();
        let handled = self.undone_before(failure.at.as_ref().map(|at| &at.place));
        for at in failure.places() {
            self.part.reopen(at);
            self.part.reopened.push(at.clone());
            anew.extend(
                self.part
                    .steps
                    .iter()
                    .filter(|(place, step)| at.is_within(place) && failed(step))
                    .map(|(place, _)| place.clone()),
            );
        }
        let serves = |place: &Place| {
            !handled.contains(place) && self.part.steps.keys().any(|step| step != place && place.is_within(step))
        };
        anew.extend(
            self.part
                .steps
                .iter()
                .filter(|(place, step)| failed(step) && serves(place))
                .map(|(place, _)| place.clone()),
        );
        // What starts anew has no past, so its races are open, and its workflows have not failed.
        self.part.forget_within(&anew);
        let (talks, anew): (Vec<Place>, Vec<Place>) =
            anew.into_iter().partition(|place| self.part.steps.get(place).is_some_and(StepState::is_conversation));
        let done = anew.iter().filter_map(|place| Some((place.clone(), self.part.steps.get(place)?.begun_and_done()?)));
        let done: Vec<_> = done.collect();
        self.part.steps.retain(|place, _| !anew.iter().any(|gone| place.is_within(gone)));
        self.part.steps.extend(done);
        talks.iter().for_each(|place| self.talk_on(place));
    }

    /// Reopens a failed conversation: turns that were answered and tools that have ended stay. A rejected answer is given again,
    /// and judged again.
    fn talk_on(&mut self, place: &Place) {
        let Some(step) = self.part.steps.get(place) else { return };
        let Some(StepEnd::Failed(failure, ..)) = &step.end else { return };
        let is_own = failure.at.as_ref().is_some_and(|at| at.place == *place);
        let is_judged = is_own && matches!(failure.kind, ErrorKind::Rejected { .. });
        // Each answer is judged once by each gate, the last one at the last index; with a `fix`, there is only one answer.
        let is_only = step.answers_given() <= 1;
        let goes_on = step.goes_on(is_own);
        // `resolve/judge` judged the first answer, `resolve[1]/judge` the second; `resolve/turn[1]/…` is a tool.
        let index = |served: &Place| -> Option<u32> {
            let rest = served.as_str().strip_prefix(place.as_str())?;
            match rest.strip_prefix('/') {
                Some(node) => (!node.starts_with(&format!("{TURN}["))).then_some(0),
                None => rest.strip_prefix('[')?.split_once(']')?.0.parse().ok(),
            }
        };
        let last = self.part.steps.keys().filter_map(index).max();
        if is_judged {
            self.part.steps.retain(|served, _| !index(served).is_some_and(|index| is_only || Some(index) == last));
        }
        self.part.steps.insert(place.clone(), goes_on);
    }
}
