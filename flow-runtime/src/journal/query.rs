//! Queries for runs.

use crate::place::RunId;
use crate::run::{Status, Summary};

/// A query for runs. The default matches all of them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Query {
    /// Only this run.
    pub run: Option<RunId>,
    /// Only runs of this workflow.
    pub workflow: Option<String>,
    /// Only runs with one of these statuses; any status if empty.
    pub status: Vec<Status>,
    /// At most this many runs.
    pub limit: Option<usize>,
}

impl Query {
    /// Matches all runs.
    pub fn all() -> Self {
        Self::default()
    }

    /// Matches only this run.
    #[must_use]
    pub fn run(mut self, run: RunId) -> Self {
        self.run = Some(run);
        self
    }

    /// Matches only runs with these statuses.
    #[must_use]
    pub fn status(mut self, status: impl IntoIterator<Item = Status>) -> Self {
        self.status = status.into_iter().collect();
        self
    }

    /// Matches only runs of one workflow.
    #[must_use]
    pub fn workflow(mut self, name: impl Into<String>) -> Self {
        self.workflow = Some(name.into());
        self
    }

    /// Returns at most this many runs.
    #[must_use]
    pub fn limit(mut self, most: usize) -> Self {
        self.limit = Some(most);
        self
    }

    /// Returns whether a run matches. The journal applies the limit.
    pub fn wants(&self, summary: &Summary) -> bool {
        self.run.as_ref().is_none_or(|run| *run == summary.run)
            && self.workflow.as_ref().is_none_or(|name| *name == summary.workflow)
            && (self.status.is_empty() || self.status.contains(&summary.status))
    }
}
