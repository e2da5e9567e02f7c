//! Where a run stands, as its records say. Live execution and resume both go through [`RunState::apply`].

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use super::digest::shorten;
use super::{Attempt, Place, Record, Stamp, Wait};
use crate::error::Recorded;
use crate::provider::Spent;

/// Where a run stands.
#[derive(Debug, Default)]
pub struct RunState {
    /// How it began; `None` before its first record.
    pub began: Option<Began>,
    /// How it ended.
    pub end: Option<End>,
    /// What its model calls have taken.
    pub spent: Spent,
    steps: HashMap<Place, StepState>,
    workflows: HashMap<Place, Stamp>,
    /// Sub-workflows that have failed by themselves.
    late: HashMap<Place, Recorded>,
    /// What the model calls at each place have taken, whatever became of their steps since.
    paid: HashMap<Place, Spent>,
    /// Steps that have finished, to number them.
    finished: u64,
}

/// How a run began.
#[derive(Clone, Debug, PartialEq)]
pub struct Began {
    /// The workflow's name.
    pub workflow: String,
    /// Its arguments by name.
    pub input: Value,
    /// What the workflow promised in the build that began the run, as the text of a contract lock.
    pub promise: Option<String>,
    /// The answers of its models are made up.
    pub offline: bool,
    /// When.
    pub at: Stamp,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// With an output.
    Finished(Value),
    /// With an error, and the places of the steps that were undone after it.
    Failed(Box<Recorded>, Vec<Place>),
    /// By somebody's wish.
    Cancelled,
}

/// Where a step stands.
#[derive(Debug, Default)]
pub struct StepState {
    /// The arguments by name and when it began; `None` before that. Of a step that has ended long texts are left out.
    pub began: Option<(Value, Stamp)>,
    /// Attempts that have ended, the first to end first.
    pub attempts: VecDeque<Attempt>,
    /// What it waits for, or has waited for.
    pub wait: Option<Wait>,
    /// The first answer to what it waits for.
    pub answer: Option<Value>,
    /// How many waits were answered.
    pub answers: u32,
    /// How it ended.
    pub end: Option<StepEnd>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq)]
pub enum StepEnd {
    /// With an output; which step of the run it was to finish, from 0; what it has taken.
    Finished(Value, u64, Spent),
    /// With an error, after what it has taken.
    Failed(Box<Recorded>, Spent),
}

impl StepState {
    /// Of a step whose body had come to its end, but whose output was refused: that it has begun. What cannot be taken back is not
    /// begun once more without a word.
    fn begun_and_done(&self) -> Option<Self> {
        let last = self.attempts.back()?;
        let is_done = last.model.is_none() && last.failure.is_none();
        let begun = || Self { began: self.began.clone(), ..Self::default() };
        (is_done && self.began.is_some()).then(begun)
    }

    /// What is left of a step that has ended: what it gave, and what it takes to see that it was asked the same.
    fn ends(&mut self, end: StepEnd) {
        self.end = Some(end);
        if let Some((input, _)) = &mut self.began {
            shorten(input);
        }
        for attempt in &mut self.attempts {
            (attempt.prompt, attempt.schema, attempt.reply, attempt.output) = Default::default();
        }
    }
}

impl RunState {
    /// Where a run stands after these records.
    pub fn of(records: impl IntoIterator<Item = Record>) -> Self {
        let mut state = Self::default();
        records.into_iter().for_each(|record| state.apply(record));
        state
    }

    /// Takes in the next record of the run.
    pub fn apply(&mut self, record: Record) {
        match record {
            Record::RunStarted { workflow, input, promise, offline, at, .. } => {
                self.began = Some(Began { workflow, input, promise, offline, at });
            }
            Record::WorkflowStarted { place, at, .. } => {
                self.workflows.entry(place).or_insert(at);
            }
            Record::WorkflowFailed { place, failure, .. } => _ = self.late.insert(place, *failure),
            Record::StepStarted { place, input, at, .. } => {
                let step = self.step(place);
                // One that begins again has found out that it had not happened.
                *step = StepState { began: Some((input, at)), answers: step.answers, ..StepState::default() };
            }
            Record::Attempt(attempt) => {
                if attempt.model.is_some() {
                    let call = Spent::call(attempt.usage, attempt.cost);
                    self.spent = self.spent.plus(call);
                    let paid = self.paid.entry(attempt.place.clone()).or_default();
                    *paid = paid.plus(call);
                }
                self.step(attempt.place.clone()).attempts.push_back(*attempt);
            }
            Record::Judged { .. } => {}
            Record::Waiting(wait) => {
                // One that waits again has had an answer that could not be read.
                let step = self.step(wait.place.clone());
                (step.wait, step.answer) = (Some(*wait), None);
            }
            Record::Answered { place, answer, .. } => self.answered(&place, answer),
            Record::StepFinished { place, output, spent, .. } => {
                let order = self.finished;
                self.finished += 1;
                self.step(place).ends(StepEnd::Finished(output, order, spent));
            }
            Record::StepFailed { place, failure, spent, .. } => {
                self.step(place).ends(StepEnd::Failed(failure, spent));
            }
            // The first end is the end: what was decided beside it came too late.
            Record::RunFinished { output, .. } => _ = self.end.get_or_insert(End::Finished(output)),
            Record::RunFailed { failure, undone, .. } => _ = self.end.get_or_insert(End::Failed(failure, undone)),
            Record::RunCancelled { .. } => _ = self.end.get_or_insert(End::Cancelled),
            Record::RunResumed { .. } => self.go_on(),
        }
    }

    /// Whether nothing of the run has been recorded.
    pub fn is_new(&self) -> bool {
        self.began.is_none()
    }

    /// Where the step at a place stands.
    pub fn at(&self, place: &Place) -> Option<&StepState> {
        self.steps.get(place)
    }

    /// The same, to be used up: what a step has taken over is not kept twice.
    pub fn take(&mut self, place: &Place) -> Option<StepState> {
        self.steps.remove(place)
    }

    /// The places of all steps that have begun.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.steps.keys()
    }

    /// What the model calls at and within a place have taken.
    pub fn paid(&self, place: &Place) -> Spent {
        let within = self.paid.iter().filter(|(at, _)| at.is_within(place));
        within.fold(Spent::default(), |sum, (_, paid)| sum.plus(*paid))
    }

    /// The answers that steps have not taken yet, each with how many its step has had by then.
    pub(crate) fn into_answers(self) -> impl Iterator<Item = (Place, Value, u32)> {
        let open = self.steps.into_iter().filter(|(_, step)| step.end.is_none());
        open.filter_map(|(place, step)| step.answer.map(|answer| (place, answer, step.answers)))
    }

    /// What the step at a place has waited for is there.
    pub(crate) fn answered(&mut self, place: &Place, answer: Value) {
        let step = self.step(place.clone());
        if step.answer.is_none() {
            (step.answer, step.answers) = (Some(answer), step.answers + 1);
        }
    }

    /// How the sub-workflow at a place has failed by itself.
    pub fn workflow_failed(&self, place: &Place) -> Option<&Recorded> {
        self.late.get(place)
    }

    /// When the sub-workflow at a place began.
    pub fn workflow_began(&self, place: &Place) -> Option<Stamp> {
        self.workflows.get(place).copied()
    }

    /// What is waited for now.
    pub fn waits(&self) -> impl Iterator<Item = &Wait> {
        let open = self.steps.values().filter(|step| step.end.is_none() && step.answer.is_none());
        open.filter_map(|step| step.wait.as_ref())
    }

    pub(super) fn began_and_steps(&mut self) -> (Option<&mut Began>, &mut HashMap<Place, StepState>) {
        (self.began.as_mut(), &mut self.steps)
    }

    fn step(&mut self, place: Place) -> &mut StepState {
        self.steps.entry(place).or_default()
    }

    /// The step that ended the run begins anew, with all that serves it and all that it serves; so does what could not be undone.
    /// Failures that the workflow has seen and gone on from stay.
    fn go_on(&mut self) {
        let Some(End::Failed(failure, _)) = self.end.take_if(|end| matches!(end, End::Failed(..))) else { return };
        let failed = |step: &StepState| matches!(step.end, Some(StepEnd::Failed(..)));
        let mut anew: Vec<Place> = Vec::new();
        if let Some(at) = failure.at.map(|at| at.place) {
            self.late.retain(|place, _| !at.is_within(place));
            self.workflows.retain(|place, _| !place.is_within(&at));
            anew.extend(
                self.steps
                    .iter()
                    .filter(|(place, step)| at.is_within(place) && failed(step))
                    .map(|(place, _)| place.clone()),
            );
        }
        let serves = |place: &Place| self.steps.keys().any(|step| step != place && place.is_within(step));
        anew.extend(
            self.steps.iter().filter(|(place, step)| failed(step) && serves(place)).map(|(place, _)| place.clone()),
        );
        let done = anew.iter().filter_map(|place| Some((place.clone(), self.steps.get(place)?.begun_and_done()?)));
        let done: Vec<_> = done.collect();
        self.steps.retain(|place, _| !anew.iter().any(|gone| place.is_within(gone)));
        self.steps.extend(done);
    }
}
