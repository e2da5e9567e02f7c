//! The state of one step of a run, and how the step ended.

use std::collections::VecDeque;

use serde_json::Value;

use super::digest::shorten;
use super::{Attempt, Stamp, Wait, WaitsFor};
use crate::error::Recorded;
use crate::provider::Spent;

/// The state of a step.
#[derive(Clone, Debug, Default)]
pub struct StepState {
    /// The arguments by name and when it started; `None` before that. Long texts of finished steps are left out.
    pub began: Option<(Value, Stamp)>,
    /// Attempts that have ended, the earliest first.
    pub attempts: VecDeque<Attempt>,
    /// The wait, current or past.
    pub wait: Option<Wait>,
    /// The first answer to the wait.
    pub answer: Option<Value>,
    /// How many waits were answered.
    pub answers: u32,
    /// It was dropped before its end, and its wait, if any, was withdrawn.
    pub is_cancelled: bool,
    /// The wait was recorded by an earlier version, and this version has to record it again.
    pub(crate) waits_anew: bool,
    /// How it ended.
    pub end: Option<StepEnd>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq)]
pub enum StepEnd {
    /// With an output, the number of this end in the run (from 0), and what it spent.
    Finished(Value, u64, Spent),
    /// With an error, the number of this end in the run, and what it spent.
    Failed(Box<Recorded>, u64, Spent),
}

impl StepState {
    /// Merges what an earlier version recorded of the same step.
    pub(super) fn goes_on_from(&mut self, earlier: Self) {
        if self.began.is_some() && earlier.began.is_some() {
            // The step was started again, so only the number of answers carries over.
            self.answers += earlier.answers;
            return;
        }
        let Self { began, attempts, mut wait, answer, answers, is_cancelled, waits_anew, end } = earlier;
        if !self.attempts.is_empty() {
            wait.take_if(|wait| wait.waits_for == WaitsFor::Retry);
        }
        if self.wait.is_none() {
            (self.wait, self.waits_anew) = (wait, waits_anew);
            self.is_cancelled |= is_cancelled;
            self.answer = answer.or(self.answer.take());
        }
        self.answers += answers;
        self.began = began.or(self.began.take());
        self.end = self.end.take().or(end);
        attempts.into_iter().rev().for_each(|attempt| self.attempts.push_front(attempt));
    }

    /// If the body had completed but its output was rejected, returns a state in which the step has only started: an
    /// irreversible effect must not start again without asking.
    pub(super) fn begun_and_done(&self) -> Option<Self> {
        let last = self.attempts.back()?;
        let is_done = last.model.is_none() && last.failure.is_none();
        let begun = || Self { began: self.began.clone(), ..Self::default() };
        (is_done && self.began.is_some()).then(begun)
    }

    /// Whether a model with tools was asked.
    pub(super) fn is_conversation(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.turn.is_some())
    }

    /// A failed conversation that goes on: without the failures and, if it was rejected, the answer at its end.
    pub(super) fn goes_on(&self, is_rejected: bool) -> Self {
        let mut attempts = self.attempts.clone();
        while attempts.pop_back_if(|last| last.failure.is_some()).is_some() {}
        if is_rejected {
            attempts.pop_back_if(|last| !calls_tools(last));
        }
        Self { began: self.began.clone(), attempts, ..Self::default() }
    }

    /// The number of answers, rather than calls of tools.
    pub(super) fn answers_given(&self) -> usize {
        self.attempts.iter().filter(|attempt| attempt.failure.is_none() && !calls_tools(attempt)).count()
    }

    /// Ends the step, and keeps only what replay needs: the output, and the input to compare with.
    pub(super) fn ends(&mut self, end: StepEnd) {
        self.end = Some(end);
        if let Some((input, _)) = &mut self.began {
            shorten(input);
        }
        // A failed conversation goes on where it was if its run is resumed.
        if self.is_conversation() && matches!(self.end, Some(StepEnd::Failed(..))) {
            return;
        }
        for attempt in &mut self.attempts {
            (attempt.prompt, attempt.schema, attempt.reply, attempt.output) = Default::default();
        }
    }
}

fn calls_tools(attempt: &Attempt) -> bool {
    attempt.reply.as_ref().is_some_and(|reply| reply.tool_calls().next().is_some())
}
