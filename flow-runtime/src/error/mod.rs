//! The error of a run: what failed, where, and whether a retry may help.

use std::borrow::Cow;
use std::error::Error as StdError;

use crate::place::RunId;

mod at;
mod embed;
mod erase;
mod json;
mod kind;
mod own;
mod recorded;
mod show;

pub use at::At;
pub use embed::BoxedError;
pub use erase::retryable;
pub use kind::ErrorKind;
pub use own::OwnError;
pub use recorded::{Beside, Recorded};

/// A boxed error of any type.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The result of a step or a workflow.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error of a step or a run.
///
/// It tells the [kind](Error::kind) of failure, the place in the run ([`at`](Error::at)), a [message](Error::message) and the
/// [source](Error::source). `?` converts any standard error into it; [`downcast_ref`](Error::downcast_ref) finds the original
/// again.
///
/// ```
/// use flow_runtime::error::{Error, ErrorKind};
///
/// fn port(text: &str) -> Result<u16, Error> {
///     Ok(text.parse()?)
/// }
///
/// let error = port("http").unwrap_err();
/// assert_eq!(error.kind(), &ErrorKind::Terminal);
/// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
/// ```
///
/// Like `anyhow::Error`, it does not implement `std::error::Error`, because then it could not convert from every other error. `?`
/// converts it into `Box<dyn std::error::Error>` and, with the features `anyhow` and `eyre`, into their errors; inside these it
/// is a [`BoxedError`].
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<BoxError>,
    at: Option<At>,
    /// Whether a retry may help, if set explicitly; otherwise the kind decides.
    retryable: Option<bool>,
    /// The fallback that failed after the step itself, by name.
    fallback: Option<(Cow<'static, str>, Error)>,
    /// The finished steps that could not be undone, by name, with the reason.
    not_undone: Vec<(Cow<'static, str>, Error)>,
    /// The errors of the branches of a race, in the order written.
    branches: Vec<Error>,
}

impl Error {
    /// Creates an error of a kind, with a message for people.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let (source, at, retryable, fallback, not_undone, branches) = Default::default();
        Self(Box::new(Inner { kind, message: message.into(), source, at, retryable, fallback, not_undone, branches }))
    }

    /// Creates a terminal error, which is not retried.
    pub fn terminal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Terminal, message)
    }

    /// Returns the kind of failure.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Returns whether a retry of the step may succeed.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable.unwrap_or_else(|| self.0.kind.is_retryable())
    }

    /// Sets whether a retry may help, if the endpoint said so.
    pub(crate) fn with_retry(mut self, said: Option<bool>) -> Self {
        self.0.retryable = said.or(self.0.retryable);
        self
    }

    /// Returns where the error happened, or `None` if it has not passed through a run yet.
    pub fn at(&self) -> Option<&At> {
        self.0.at.as_ref()
    }

    /// Returns the message, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the underlying error.
    pub fn source(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.source.as_deref()
    }

    /// Returns the error of the step's fallback, which failed after the step itself had failed with this error.
    pub fn fallback(&self) -> Option<&Error> {
        self.0.fallback.as_ref().map(|(_, error)| error)
    }

    /// Returns the finished steps that the failed workflow could not undo: each step's name, and the error of undoing it. They
    /// are still on the undo list of the workflow's caller.
    pub fn not_undone(&self) -> impl Iterator<Item = (&str, &Error)> {
        self.0.not_undone.iter().map(|(step, error)| (step.as_ref(), error))
    }

    /// Returns the error of each branch of a race in which no branch succeeded, in the order written.
    pub fn branches(&self) -> impl Iterator<Item = &Error> {
        self.0.branches.iter()
    }

    /// Returns the first error of type `E` in the chain of sources; the step's own chain comes before its fallback's, and the
    /// branches of a race come in the order written.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        let mut next: Option<&(dyn StdError + 'static)> = self.0.source.as_deref().map(|e| e as _);
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref::<E>() {
                return Some(found);
            }
            next = error.source();
        }
        self.fallback().into_iter().chain(self.branches()).find_map(Self::downcast_ref)
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds the error of the fallback `step`.
    pub(crate) fn with_fallback(mut self, step: &'static str, error: Error) -> Self {
        self.0.fallback = Some((step.into(), error));
        self
    }

    /// Adds the errors of the branches of a race.
    pub(crate) fn with_branches(mut self, branches: Vec<Error>) -> Self {
        self.0.branches = branches;
        self
    }

    /// Sets which finished steps of a run could not be undone, and why. Replaces earlier entries of the same run, because each of
    /// those was tried again.
    pub(crate) fn with_not_undone<S: Into<Cow<'static, str>>>(mut self, run: &RunId, steps: Vec<(S, Error)>) -> Self {
        if !self.0.not_undone.is_empty() {
            let run = run.to_string();
            self.0.not_undone.retain(|(_, error)| error.at().is_some_and(|at| at.run != run));
        }
        self.0.not_undone.extend(steps.into_iter().map(|(step, error)| (step.into(), error)));
        self
    }

    /// Sets where the error happened, unless an inner step has set it already.
    pub(crate) fn or_at(mut self, at: impl FnOnce() -> At) -> Self {
        self.0.at.get_or_insert_with(at);
        self
    }
}

/// An error type that knows whether a retry may help. Without this trait, a step's error is terminal.
///
/// It applies when a step returns the type itself, as in `Result<T, MyError>`. Converting to another error type with `?` loses
/// it; use [`retryable`] there.
///
/// An [`Error`] that another type wraps with `#[from]` or `.context(…)` keeps its kind and whether a retry may help, as long as it
/// is among the sources of the outer error; `#[error(transparent)]` hides it. A type that implements this trait decides itself.
pub trait Retryable {
    /// Returns whether a retry of the step may succeed.
    fn is_retryable(&self) -> bool;
}

/// Returns from the function with a terminal error; takes arguments like `format!`.
#[macro_export]
macro_rules! bail {
    ($($message:tt)*) => {
        return ::core::result::Result::Err(
            $crate::error::Error::terminal(::std::format!($($message)*)).into()
        )
    };
}
