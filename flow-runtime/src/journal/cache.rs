//! Answers that steps with `cache` reuse across runs.

use std::fmt;

use serde_json::Value;

use crate::error::Result;
use crate::provider::BoxFuture;
use crate::run::Stamp;

/// Keeps the answers of steps with `cache`, by key.
pub trait Cache: fmt::Debug + Send + Sync + 'static {
    /// Returns the answer for a key, if it has not expired.
    fn cached<'a>(&'a self, key: &'a str, now: Stamp) -> BoxFuture<'a, Result<Option<Value>>>;

    /// Keeps an answer for a key, until a moment or permanently. A later answer replaces an earlier one.
    fn cache<'a>(&'a self, key: &'a str, answer: &'a Value, until: Option<Stamp>) -> BoxFuture<'a, Result<()>>;
}
