//! Answers of any kind, for whoever learns only while it runs which kind it is.

use serde_json::Value;

use super::answers::{Answering, Asked};
use crate::error::Result;

/// What is said to a step that waits.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Said {
    /// As [`Answering::accept`].
    Accept,
    /// As [`Answering::edit`].
    Edit(Value),
    /// As [`Answering::reject`].
    Reject(String),
    /// As [`Answering::with`].
    Whole(Value),
    /// As [`Answering::happened`].
    Happened(Value),
    /// As [`Answering::did_not_happen`].
    DidNotHappen,
}

/// An answer that is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TakenIn {
    /// The gates that judge it when another process executes the run. If they reject it, the step waits again with the reasons.
    pub judged_later: Vec<&'static str>,
}

impl Answering<'_> {
    /// Gives an answer of any kind.
    ///
    /// # Errors
    ///
    /// Those of the answer's kind.
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
