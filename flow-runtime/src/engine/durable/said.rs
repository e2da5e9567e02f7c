//! Answers of any kind, for whoever learns only while it runs which kind it is.

use serde_json::Value;

use super::answers::{Answering, Asked};
use crate::error::Result;

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

impl Answering<'_> {
    /// Gives an answer of any kind.
    ///
    /// # Errors
    ///
    /// Like the method for that kind of answer.
    pub async fn say(self, said: Said) -> Result<TakenIn> {
        match said {
            Said::Accept => self.give(Asked::accepted).await,
            Said::Edit(value) => self.give(|asked| asked.edited(value)).await,
            Said::Reject(reason) => self.give(|asked| asked.rejected(reason)).await,
            Said::Whole(answer) => self.give(|asked| asked.checked(answer)).await,
            Said::Happened(output) => self.give(|asked| asked.happened(output)).await,
            Said::DidNotHappen => self.give(Asked::did_not_happen).await,
        }
    }
}
