//! Answers of any kind, for whoever learns only while it runs which kind it is.

use serde_json::Value;

use super::Answering;
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

impl Answering<'_> {
    /// Gives an answer of any kind.
    ///
    /// # Errors
    ///
    /// Those of the answer's kind.
    pub async fn say(self, said: Said) -> Result<()> {
        match said {
            Said::Accept => self.accept().await,
            Said::Edit(value) => self.edit(value).await,
            Said::Reject(reason) => self.reject(reason).await,
            Said::Whole(answer) => self.with(answer).await,
            Said::Happened(output) => self.happened(output).await,
            Said::DidNotHappen => self.did_not_happen().await,
        }
    }
}
