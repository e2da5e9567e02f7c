//! Answers whose kind is known only at run time.

use serde_json::Value;

#[cfg(doc)]
use super::answers::Answering;
use super::asked::{Asked, waiting};
#[cfg(doc)]
use crate::engine::Attending;
use crate::engine::any::AnyWorkflow;
use crate::error::{Error, ErrorKind, Result};
use crate::place::Place;
use crate::run::{Record, RunState, Stamp};

/// An answer to a waiting step.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Said {
    /// See [`Answering::accept`].
    Accept,
    /// See [`Answering::edit`].
    Edit(Value),
    /// See [`Answering::reject`].
    Reject(String),
    /// See [`Answering::with`].
    Whole(Value),
    /// See [`Answering::happened`].
    Happened(Value),
    /// See [`Answering::did_not_happen`].
    DidNotHappen,
}

/// A recorded answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TakenIn {
    /// Gates that will judge the answer in the process that executes the run. If they reject it, the step waits again, with the
    /// reasons.
    pub judged_later: Vec<&'static str>,
}

impl Asked {
    /// Returns the answer in its recorded form.
    pub(super) fn answered(&self, said: Said) -> Result<Value> {
        match said {
            Said::Accept => self.accepted(),
            Said::Edit(value) => self.edited(value),
            Said::Reject(reason) => self.rejected(reason),
            Said::Whole(answer) => self.checked(answer),
            Said::Happened(output) => self.happened(output),
            Said::DidNotHappen => self.did_not_happen(),
        }
    }
}

impl AnyWorkflow {
    /// Makes the record of an answer to the step that waits at `place` in a run of this workflow. It has no other effect: append
    /// the record to the log of the run, or hand it to [`Attending::answer`].
    ///
    /// The run judges the answer by the gates of the step when it receives it.
    ///
    /// # Errors
    ///
    /// Fails if nothing waits there in this state, or if the answer breaks the contract of the step.
    pub fn answered(
        &self,
        state: &RunState,
        place: &Place,
        said: Said,
        by: Option<String>,
        at: Stamp,
    ) -> Result<Record> {
        let run = state.waits().next().map(|wait| wait.run.clone());
        let asked = run.zip(waiting(state, place.as_str())).and_then(|(run, (place, wait, input))| {
            let meta = self.meta().step_at(&place)?;
            Some((run, Asked { place, wait, input, _media: state.media().to_vec(), meta }))
        });
        let (run, asked) = asked.ok_or_else(|| {
            let text = format!(
                "no step is waiting at `{place}` in this run of `{}`, or it was already answered",
                self.meta().name
            );
            Error::new(ErrorKind::Setup, text)
        })?;
        let answer = asked.answered(said)?;
        Ok(Record::Answered { run, place: asked.place, answer, by, at })
    }
}
